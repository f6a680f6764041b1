//! How each figure of a report is computed. Formulas: evenness is (Σk)² / (N·Σk²), Jain's index, with k the partners of
//! each of N people; the expected number of meetings of two departments is proportional to the product of the places
//! that their people had in meetings.

use chrono::{Days, NaiveDate, TimeDelta};
use hashbrown::{HashMap, HashSet};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::network::{Departments, Network};
use super::{
    Coverage, DepartmentCell, DepartmentFigures, DepartmentTable, LeftOutPerson, NetworkFigures, NetworkPoint,
    Newcomers, NoRounds, OutcomeCounts, PartnerCount, Person, ReasonFigures, Report, RoundFigures, Setting, Why,
};
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::calendar::{Day, week_of};
use crate::domain::pairing::round_view::pairings;
use crate::domain::roster::RosterIndex;
use crate::domain::rules::Rules;
use crate::domain::state::bookings::{Booking, Outcome, Stage};
use crate::domain::state::people::People;
use crate::domain::state::reports::about_week;
use crate::domain::state::{Group, LeftOut, PersonId, Round};
use crate::parallel;

/// How long newcomers are followed.
const SETTLING: Days = Days::new(90);
/// How many times the people of each round are put together at random, for their mean; fewer times for more people than
/// the second, for whom one draw differs less from another and costs more.
const SHUFFLES: usize = 20;
const SHUFFLED: usize = 500;
/// On the days of how many rounds it is checked whether two people share working hours: on one of them somebody may
/// have a holiday.
const DAYS: usize = 5;

/// A round that is over, with the outcome of each of its meetings.
struct Past<'a> {
    round: &'a Round,
    /// Meetings that were held, and those about which nobody knows.
    meetings: Vec<(Group, bool)>,
    /// Who is to meet later, at a time to which their meeting was moved.
    to_come: HashSet<PersonId>,
    not_held: usize,
    moved: usize,
    /// For how many meetings it is known whether they were moved.
    booked: usize,
    /// What the organizers were told about it, if no more is known.
    told: Option<(usize, usize)>,
}

impl<'a> Past<'a> {
    fn new(setting: Setting<'_>, round: &'a Round, bookings: &HashMap<Group, &Booking>) -> Self {
        let known = &round.outcomes;
        let mut past = Self {
            round,
            meetings: Vec::with_capacity(round.pair_count()),
            to_come: HashSet::new(),
            not_held: known.not_held,
            moved: known.moved,
            booked: known.booked,
            told: None,
        };
        let mut stands = vec![false; known.held.len()];
        let is_told = setting.state.reports.iter().any(|report| *report.about == *about_week(round.date));
        let was_to_be_booked = setting.state.books_from.is_some_and(|from| from <= round.date);
        // Nothing was ever known about it at Webex, and no run has looked since.
        let is_never_booked = was_to_be_booked && known.is_empty() && !is_told;
        for (planned, group) in round.groups() {
            let Some(booking) = bookings.get(&group) else {
                match known.held.binary_search(&group) {
                    Ok(at) => {
                        past.meetings.push((group, true));
                        stands[at] = true;
                    }
                    Err(_) if planned > setting.now || known.deleted.binary_search(&group).is_ok() => {}
                    Err(_) if is_never_booked => {}
                    Err(_) => past.meetings.push((group, false)),
                }
                continue;
            };
            match booking.outcome() {
                Some(Outcome::Held) => past.meetings.push((group, true)),
                Some(Outcome::NotHeld) => past.not_held += 1,
                Some(Outcome::Deleted) => {}
                _ if booking.is_ahead(setting.now) || booking.end() > setting.now => {
                    past.to_come.extend(group.people());
                    continue;
                }
                Some(Outcome::Unknown) => past.meetings.push((group, false)),
                // Webex did not book it.
                None if matches!(booking.stage, Stage::Refused { .. }) => continue,
                None => {
                    past.meetings.push((group, false));
                    continue;
                }
            }
            past.booked += 1;
            past.moved += usize::from(booking.is_moved());
        }
        // People who met although they are no longer in the round have met.
        let others = known.held.iter().zip(stands).filter(|(group, stands)| !stands && !bookings.contains_key(*group));
        past.meetings.extend(others.map(|(group, _)| (*group, true)));
        if !bookings.is_empty() {
            let standing: HashSet<Group> = round.groups().map(|(_, group)| group).collect();
            for booking in bookings.values().filter(|booking| !standing.contains(&booking.people)) {
                match booking.outcome() {
                    Some(Outcome::Held) => past.meetings.push((booking.people, true)),
                    Some(Outcome::NotHeld) => past.not_held += 1,
                    _ => continue,
                }
                past.booked += 1;
                past.moved += usize::from(booking.is_moved());
            }
        }
        past.meetings.sort_unstable();
        if bookings.is_empty() && known.is_empty() {
            let about = about_week(round.date);
            let report = setting.state.reports.iter().find(|report| *report.about == *about);
            past.told = report.map(|report| (report.counts.met, report.counts.could_not));
        }
        past
    }

    /// How many were held, not held and unknown.
    fn outcomes(&self) -> [usize; 3] {
        let held = self.meetings.iter().filter(|(_, held)| *held).count();
        let (held, not_held) =
            self.told.map_or((held, self.not_held), |(met, could_not)| (met.min(self.meetings.len()), could_not));
        [held, not_held, self.meetings.len() - held]
    }

    /// Who took part in it: met, or left without a partner. Who is to meet later takes part then.
    fn took_part(&self) -> impl Iterator<Item = PersonId> + '_ {
        let met = self.meetings.iter().flat_map(|(group, _)| group.people());
        let standing =
            self.round.slots.iter().flat_map(|slot| slot.pairs.as_flattened().iter().chain(slot.trios.as_flattened()));
        let turns = self.round.left_out.iter().filter(|left_out| left_out.reason.is_a_turn());
        let all = met.chain(standing).chain(turns.flat_map(|left_out| &left_out.people)).copied();
        all.filter(|id| !self.to_come.contains(id))
    }

    /// The pairs of people in its meetings.
    fn pairs(&self) -> impl Iterator<Item = ((PersonId, PersonId), bool)> + '_ {
        self.meetings.iter().flat_map(|(group, held)| pairings(group.people()).map(|pair| (pair, *held)))
    }
}

fn counted([held, not_held, unknown]: [usize; 3]) -> OutcomeCounts {
    OutcomeCounts { held: Some(held), not_held: Some(not_held), unknown: Some(unknown) }
}

fn median(mut numbers: Vec<usize>) -> Option<f64> {
    numbers.sort_unstable();
    let (middle, last) = (numbers.len() / 2, *numbers.get(numbers.len() / 2)?);
    let first = if numbers.len().is_multiple_of(2) { numbers[middle - 1] } else { last };
    Some((first + last) as f64 / 2.0)
}

impl Report {
    /// The report about the rounds from one day to another that are over: without the first day, from the first round
    /// on; without the last, until today. Cost: linear in the meetings of all rounds, and for the network in the number
    /// of rounds times the square of the people, 64 of them at a time.
    ///
    /// # Errors
    /// There is no such round.
    pub fn new(setting: Setting<'_>, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Self, NoRounds> {
        let Setting { state, roster, meeting, now, .. } = setting;
        let mut by_week: HashMap<i32, HashMap<Group, &Booking>> = HashMap::new();
        for booking in &state.bookings {
            by_week.entry(week_of(booking.round)).or_default().entry(booking.people).or_insert(booking);
        }
        let is_over = |round: &&Round| {
            let length = TimeDelta::minutes(i64::from(meeting.minutes));
            !is_ahead(meeting, round.date, now) && round.slots.iter().all(|slot| slot.start + length <= now)
        };
        let over: Vec<&Round> = state.rounds.iter().filter(|round| is_over(round) && !round.is_off()).collect();
        let known = over.first().zip(over.last()).map(|(first, last)| (first.date, last.date));
        let (first, _) = known.ok_or(NoRounds { known })?;
        let from = from.unwrap_or(first);
        let today = meeting.date_at(now);
        let to = to.map_or(today, |to| to.min(today));
        let no_bookings = HashMap::new();
        let all: Vec<Past<'_>> = { over.iter() }
            .map(|round| Past::new(setting, round, by_week.get(&week_of(round.date)).unwrap_or(&no_bookings)))
            .collect();
        let until = &all[..all.partition_point(|past| past.round.date <= to)];
        let before = until.partition_point(|past| past.round.date < from);
        let span = &until[before..];
        if span.is_empty() {
            return Err(NoRounds { known });
        }
        let people = People::new(state, roster);
        let counts = Counts { setting, people: &people, all: &all, until, before, days: (from, to) };
        let took_part = counts.took_part(span);
        let met: HashSet<PersonId> = span.iter().flat_map(Past::pairs).flat_map(|((a, b), _)| [a, b]).collect();
        let outcomes = span.iter().map(Past::outcomes).fold([0; 3], |[a, b, c], [d, e, f]| [a + d, b + e, c + f]);
        let here: Vec<RosterIndex> = took_part.iter().filter_map(|id| people.position(*id)).collect();
        let departments = Departments::new(&here, roster.column("department"));
        let place = Places::new(&people, &here, state.people.len());
        // People count from their first round on, so that a round's point is the same in a report about any days.
        let ever: Vec<RosterIndex> = counts.took_part(until).iter().filter_map(|id| people.position(*id)).collect();
        let ever_place = Places::new(&people, &ever, state.people.len());
        let (coverage, network) = parallel::both(
            ever.len() * ever.len(),
            || counts.coverage(&ever, &ever_place),
            || counts.network(&Departments::new(&ever, roster.column("department")), &ever_place),
        );
        let (partners, [evenness, partners_each], repeats) = counts.partners(&took_part);
        let mut met_nobody: Vec<Person> = { took_part.iter() }
            .filter(|id| !met.contains(*id) && people.position(**id).is_some())
            .map(|id| person(&people, *id))
            .collect();
        met_nobody.sort_by(|a, b| (&a.name, &a.email).cmp(&(&b.name, &b.email)));
        let (left_out, reasons) = counts.left_out();
        let most = left_out.iter().map(|one| one.times).max().unwrap_or(0);
        let fewest = left_out.last().filter(|_| left_out.len() == took_part.len()).map_or(0, |one| one.times);
        Ok(Self {
            from,
            to,
            anonymous: false,
            rounds: span.iter().map(round_figures).collect(),
            round_count: span.len(),
            participants: took_part.len(),
            meetings: Some(outcomes.iter().sum()),
            outcomes: counted(outcomes),
            moved: Some(span.iter().map(|past| past.moved).sum()),
            moved_of: Some(span.iter().map(|past| past.booked).sum()),
            reach: (!took_part.is_empty()).then(|| met.len() as f64 / took_part.len() as f64),
            met_nobody,
            evenness,
            partners_each,
            partners,
            coverage,
            departments: counts.departments(&departments, &place),
            network,
            left_out,
            reasons,
            sat_out: Some((fewest, most)),
            repeats: Some(repeats),
            proven_best: span.iter().filter(|past| past.round.drawn_quality().1).count(),
            newcomers: counts.newcomers(),
        })
    }
}

fn person(people: &People<'_>, id: PersonId) -> Person {
    let view = people.view(id);
    Person { email: view.email.to_owned(), name: view.name.to_owned(), department: view.department.to_owned() }
}

fn round_figures(past: &Past<'_>) -> RoundFigures {
    let [held, not_held, unknown] = past.outcomes();
    let mut took_part: Vec<PersonId> = past.took_part().collect();
    took_part.sort_unstable();
    took_part.dedup();
    let of =
        |is_so: fn(&LeftOut) -> bool| past.round.left_out.iter().filter(|it| is_so(it)).map(|it| it.people.len()).sum();
    RoundFigures {
        date: past.round.date,
        participants: Some(took_part.len()),
        met: past.meetings.iter().map(|(group, _)| group.people().len()).sum(),
        left_out: Some(of(|it| Why::of(&it.reason).is_a_turn())),
        away: Some(of(|it| !it.reason.is_a_turn())),
        meetings: held + not_held + unknown,
        outcomes: counted([held, not_held, unknown]),
    }
}

/// The index of each person in the network, by number.
struct Places(Vec<Option<u32>>);

impl Places {
    fn new(people: &People<'_>, here: &[RosterIndex], known: usize) -> Self {
        let place: HashMap<RosterIndex, u32> = here.iter().copied().zip(0..).collect();
        Self(PersonId::first(known).map(|id| people.position(id).and_then(|at| place.get(&at).copied())).collect())
    }

    fn pair(&self, (a, b): (PersonId, PersonId)) -> Option<[u32; 2]> {
        Some([self.0[a.index()]?, self.0[b.index()]?])
    }
}

/// What the figures are computed from: all rounds that are over, those up to the last day, and how many of them are
/// before the first day.
struct Counts<'a> {
    setting: Setting<'a>,
    people: &'a People<'a>,
    all: &'a [Past<'a>],
    until: &'a [Past<'a>],
    before: usize,
    days: (NaiveDate, NaiveDate),
}

impl Counts<'_> {
    fn span(&self) -> &[Past<'_>] {
        &self.until[self.before..]
    }

    /// Who took part in those rounds, by number.
    fn took_part(&self, rounds: &[Past<'_>]) -> Vec<PersonId> {
        let mut there = vec![false; self.setting.state.people.len()];
        rounds.iter().flat_map(Past::took_part).for_each(|id| there[id.index()] = true);
        PersonId::first(there.len()).filter(|id| there[id.index()]).collect()
    }

    /// How many people have how many partners in the span, how even that is, the average, and how many pairs of people
    /// had met before.
    fn partners(&self, took_part: &[PersonId]) -> (Vec<PartnerCount>, [Option<f64>; 2], usize) {
        let rounds = self.until.iter().enumerate();
        let mut pairs: Vec<(PersonId, PersonId, bool)> =
            rounds.flat_map(|(at, past)| past.pairs().map(move |((a, b), _)| (a, b, at >= self.before))).collect();
        // What was before the span comes first.
        pairs.sort_unstable();
        let mut partners: HashMap<PersonId, usize> = took_part.iter().map(|id| (*id, 0)).collect();
        let mut repeats = 0;
        for met in pairs.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let in_span = met.iter().filter(|(.., in_span)| *in_span).count();
            repeats += if in_span < met.len() { in_span } else { in_span.saturating_sub(1) };
            if in_span > 0 {
                for id in [met[0].0, met[0].1] {
                    *partners.entry(id).or_default() += 1;
                }
            }
        }
        let mut counts: Vec<usize> = partners.into_values().collect();
        counts.sort_unstable();
        let (sum, squares): (usize, usize) = (counts.iter().sum(), counts.iter().map(|count| count * count).sum());
        let evenness = (squares > 0).then(|| (sum * sum) as f64 / (counts.len() * squares) as f64);
        let distribution = counts.chunk_by(|one, other| one == other);
        let distribution =
            distribution.map(|same| PartnerCount { from: same[0], to: same[0], people: same.len() }).collect();
        let each = (!counts.is_empty()).then(|| sum as f64 / counts.len() as f64);
        (distribution, [evenness, each], repeats)
    }

    /// How many pairs of people on the roster may meet, and how many of them have met since the first round. People
    /// with the same values and hours are counted together.
    fn coverage(&self, here: &[RosterIndex], place: &Places) -> Option<Coverage> {
        let Setting { rules, meeting, .. } = self.setting;
        let days = self.until.iter().rev().take(DAYS).map(|past| past.round.date);
        let days: Vec<Day> =
            days.map(|date| Day::new(meeting, date, chrono::DateTime::UNIX_EPOCH, rules.schedules())).collect();
        let may_meet = MayMeet { rules, days: &days };
        let admissible = may_meet.count(here);
        let mut pairs: Vec<([u32; 2], bool)> = self
            .until
            .iter()
            .flat_map(Past::pairs)
            .filter_map(|(pair, held)| Some((place.pair(pair)?, held)))
            .collect();
        pairs.iter_mut().for_each(|(pair, _)| pair.sort_unstable());
        // A meeting that was held comes before one about which nobody knows.
        pairs.sort_unstable_by_key(|(pair, held)| (*pair, !*held));
        pairs.dedup_by_key(|(pair, _)| *pair);
        pairs.retain(|([a, b], _)| may_meet.may(here[*a as usize], here[*b as usize]));
        let confirmed = pairs.iter().filter(|(_, held)| *held).count();
        (admissible > 0).then_some(Coverage { met: pairs.len(), confirmed: Some(confirmed), admissible })
    }

    fn network(&self, departments: &Departments, place: &Places) -> NetworkFigures {
        let course = |pairs: &dyn Fn(&Past<'_>) -> Vec<[u32; 2]>| {
            let mut network = Network::new(departments);
            let mut shares = Vec::new();
            for (at, past) in self.until.iter().enumerate() {
                network.join(past.took_part().filter_map(|id| place.0[id.index()]));
                let share = network.meet(&pairs(past)).unwrap_or(0.0);
                shares.extend((at >= self.before).then_some(share));
            }
            (shares, network.e_i(), network.sample(), network.people())
        };
        let mut apart = Network::new(departments);
        apart.join(0..departments.of.len() as u32);
        let (before, e_i_before) = (apart.meet(&[]), apart.e_i());
        let here = |past: &Past<'_>, counts: fn(bool) -> bool| {
            past.pairs().filter(|(_, held)| counts(*held)).filter_map(|(pair, _)| place.pair(pair)).collect::<Vec<_>>()
        };
        let shuffled = |past: &Past<'_>, draw: u64| {
            let mut people: Vec<PersonId> =
                past.meetings.iter().flat_map(|(group, _)| group.people()).copied().collect();
            people.shuffle(&mut ChaCha8Rng::seed_from_u64(past.round.seed.wrapping_add(draw)));
            let mut rest = &people[..];
            let mut pairs = Vec::new();
            for (group, _) in &past.meetings {
                let (some, others) = rest.split_at(group.people().len());
                pairs.extend(pairings(some).filter_map(|pair| place.pair(pair)));
                rest = others;
            }
            pairs
        };
        let work = departments.of.len() * departments.of.len();
        let is_all_known = self.until.iter().all(|past| past.meetings.iter().all(|(_, held)| *held));
        let is_none_known = self.until.iter().all(|past| past.meetings.iter().all(|(_, held)| !*held));
        let ((shares, e_i, sample, people), others) = parallel::both(
            work,
            || course(&|past| here(past, |_| true)),
            || {
                // By chance, a single draw is some points above or below what can be expected.
                let draws = (SHUFFLES * SHUFFLED / departments.of.len().max(1)).clamp(1, SHUFFLES);
                let mut sums: Vec<f64> = Vec::new();
                for draw in 0..draws {
                    let shares = course(&|past| shuffled(past, draw as u64)).0;
                    sums.resize(shares.len(), 0.0);
                    sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
                }
                let shuffled: Vec<f64> = sums.into_iter().map(|sum| sum / draws as f64).collect();
                let confirmed = (!is_all_known && !is_none_known).then(|| course(&|past| here(past, |held| held)).0);
                (shuffled, confirmed)
            },
        );
        let (shuffled, confirmed) = others;
        let confirmed = confirmed.unwrap_or_else(|| match is_all_known {
            true => shares.clone(),
            false => vec![before.unwrap_or(0.0); shares.len()],
        });
        let points = self.span().iter().zip(shares.into_iter().zip(shuffled).zip(confirmed));
        let point = |(past, ((share, shuffled), confirmed)): (&Past<'_>, _)| NetworkPoint {
            date: past.round.date,
            share,
            shuffled,
            confirmed: Some(confirmed),
        };
        let points = if before.is_some() { points.map(point).collect() } else { Vec::new() };
        NetworkFigures { people: Some(people), sample, before, points, e_i_before, e_i }
    }

    /// How often people of which departments met in the span.
    fn departments(&self, departments: &Departments, place: &Places) -> DepartmentTable {
        let column = self.setting.roster.column("department");
        let named = |name: &String| self.setting.roster.column(name).is_some_and(|it| it.name == "department");
        let within = !self.setting.pairing.across.iter().any(named);
        let mut order: Vec<usize> = (0..departments.sizes.len()).collect();
        let name = |at: &usize| column.map_or("", |column| &column.values[departments.values[*at] as usize]);
        order.sort_by_key(|at| (std::cmp::Reverse(departments.sizes[*at]), name(at)));
        let mut rank = vec![0; order.len()];
        (0..).zip(&order).for_each(|(rank_of, at)| rank[*at] = rank_of);
        let of = |person: u32| departments.of[person as usize].map(|department| rank[department as usize]);
        // Somebody in several departments may meet nobody from any of them.
        let may_meet = |a: usize, b: usize| within || !departments.are_one(order[a], order[b]);
        let mut seats = vec![0; order.len()];
        let mut observed: HashMap<(usize, usize), (usize, Vec<u32>)> = HashMap::new();
        for ((a, b), _) in self.span().iter().flat_map(Past::pairs) {
            let Some([a, b]) = place.pair((a, b)) else { continue };
            let (Some(of_a), Some(of_b)) = (of(a), of(b)) else { continue };
            if !may_meet(of_a, of_b) {
                continue;
            }
            seats[of_a] += 1;
            seats[of_b] += 1;
            let cell = observed.entry((of_a.min(of_b), of_a.max(of_b))).or_default();
            cell.0 += 1;
            cell.1.extend([a, b]);
        }
        let figures: Vec<DepartmentFigures> = { order.iter() }
            .map(|at| DepartmentFigures {
                name: Some(name(at).to_owned()),
                people: departments.sizes[*at],
                seats: seats[rank[*at]],
            })
            .collect();
        let count = figures.len();
        let pairs = (0..count)
            .flat_map(|a| (a..count).map(move |b| (a, b)))
            .filter(|(a, b)| may_meet(*a, *b))
            .collect::<Vec<_>>();
        let cells = pairs.into_iter().map(|(a, b)| {
            let (times, mut people) = observed.remove(&(a, b)).unwrap_or_default();
            people.sort_unstable();
            people.dedup();
            let pairs = pair_count(figures[a].people, (a != b).then(|| figures[b].people));
            DepartmentCell { a, b, observed: Some(times), expected: None, people: people.len(), pairs }
        });
        let mut table = DepartmentTable { cells: cells.collect(), departments: figures, by_size: false };
        table.expect();
        table
    }

    /// Who took part but had nobody to meet, and why people were in no meeting.
    fn left_out(&self) -> (Vec<LeftOutPerson>, Vec<ReasonFigures>) {
        let mut times: HashMap<(PersonId, Why), usize> = HashMap::new();
        let left_out = self.span().iter().flat_map(|past| &past.round.left_out);
        for (why, people) in left_out.map(|left_out| (Why::of(&left_out.reason), &left_out.people)) {
            people.iter().for_each(|id| *times.entry((*id, why)).or_default() += 1);
        }
        let mut reasons: HashMap<Why, ReasonFigures> = HashMap::new();
        let mut by_person: HashMap<PersonId, Vec<(Why, usize)>> = HashMap::new();
        for ((id, why), count) in times {
            let of_reason = reasons.entry(why).or_insert(ReasonFigures { why, people: 0, times: 0 });
            of_reason.people += 1;
            of_reason.times += count;
            if why.is_a_turn() {
                by_person.entry(id).or_default().push((why, count));
            }
        }
        let mut reasons: Vec<ReasonFigures> = reasons.into_values().collect();
        reasons.sort_by_key(|it| it.why);
        let one = |(id, mut reasons): (PersonId, Vec<(Why, usize)>)| {
            reasons.sort_unstable();
            let times = reasons.iter().map(|(_, count)| count).sum();
            // For somebody who is forgotten, it stays that a person was left out.
            let is_forgotten = self.setting.state.is_forgotten(id);
            let nobody = || Person { email: String::new(), name: "(forgotten)".to_owned(), department: String::new() };
            let person = if is_forgotten { nobody() } else { person(self.people, id) };
            LeftOutPerson { person, times, reasons }
        };
        let mut people: Vec<LeftOutPerson> = by_person.into_iter().map(one).collect();
        people.sort_by(|a, b| {
            (b.times, &a.person.name, &a.person.email).cmp(&(a.times, &b.person.name, &b.person.email))
        });
        (people, reasons)
    }

    fn newcomers(&self) -> Option<Newcomers> {
        let Setting { state, meeting, now, roster, .. } = self.setting;
        let (first, last) = self.days;
        let (joined, column) = (state.joined.as_ref()?, roster.column("department"));
        let today = meeting.date_at(now);
        let new: HashMap<PersonId, NaiveDate> =
            { joined.iter() }.filter(|one| one.on >= first && one.on <= last).map(|one| (one.person, one.on)).collect();
        if new.is_empty() {
            return None;
        }
        let mut meetings: HashMap<PersonId, Vec<(NaiveDate, PersonId)>> = HashMap::new();
        // They are followed beyond the last day.
        for past in self.all {
            for ((a, b), _) in past.pairs() {
                for (one, other) in [(a, b), (b, a)] {
                    if new.get(&one).is_some_and(|on| past.round.date >= *on) {
                        meetings.entry(one).or_default().push((past.round.date, other));
                    }
                }
            }
        }
        let days = |(id, on): (&PersonId, &NaiveDate)| {
            Some((meetings.get(id)?.first()?.0 - *on).num_days().unsigned_abs() as usize)
        };
        let days: Vec<usize> = new.iter().filter_map(days).collect();
        let department = |id: PersonId| {
            let cell = column?.cells[self.people.position(id)?.index()];
            (cell != 0).then_some(cell)
        };
        let departments = |(id, on): (&PersonId, &NaiveDate)| {
            let end = on.checked_add_days(SETTLING)?;
            let met = meetings.get(id).into_iter().flatten().filter(|(date, _)| *date < end);
            let met: HashSet<u32> = met.filter_map(|(_, other)| department(*other)).collect();
            (end <= today).then_some(met.len())
        };
        let settled: Vec<usize> = new.iter().filter_map(departments).collect();
        Some(Newcomers {
            joined: new.len(),
            met: Some(days.len()),
            days_to_first: median(days),
            settled: Some(settled.len()),
            departments: median(settled),
        })
    }
}

/// How many pairs there are between two groups of people, or within one.
fn pair_count(a: usize, b: Option<usize>) -> f64 {
    let a = a as f64;
    b.map_or(a * (a - 1.0) / 2.0, |b| a * b as f64)
}

impl DepartmentTable {
    /// Fills in the expected numbers, given how often the departments' people met.
    fn expect(&mut self) {
        let seats = |at: usize| self.departments[at].seats as f64;
        let weight = |cell: &DepartmentCell| {
            let both = seats(cell.a) * seats(cell.b);
            if cell.a == cell.b { both / 2.0 } else { both }
        };
        let weights: Vec<f64> = self.cells.iter().map(weight).collect();
        self.share_out(&weights);
    }

    /// Distributes the meetings by these weights.
    pub(super) fn share_out(&mut self, weights: &[f64]) {
        let all: f64 = weights.iter().sum();
        let times: usize = self.cells.iter().filter_map(|cell| cell.observed).sum();
        for (cell, weight) in self.cells.iter_mut().zip(weights) {
            cell.expected = (all > 0.0).then(|| times as f64 * weight / all);
        }
    }
}

/// Who may meet whom in principle: in common working hours, and whatever came before.
struct MayMeet<'a> {
    rules: &'a Rules,
    days: &'a [Day],
}

impl MayMeet<'_> {
    /// A wish counts for nothing: nobody is to learn of it from a number.
    fn may(&self, a: RosterIndex, b: RosterIndex) -> bool {
        let [one, other] = [a, b].map(|at| self.rules.profile(at));
        let is_admitted = self.days.iter().any(|day| self.rules.admits_kind(day, one, other));
        is_admitted && !self.rules.apart_by_rule(a).any(|apart| apart == b)
    }

    /// How many pairs of these people may meet.
    fn count(&self, people: &[RosterIndex]) -> usize {
        let mut kinds: HashMap<(Vec<u32>, u16), Vec<RosterIndex>> = HashMap::new();
        for at in people {
            let values = self.rules.columns().iter().map(|column| column[at.index()]).collect();
            kinds.entry((values, self.rules.schedule(*at))).or_default().push(*at);
        }
        let kinds: Vec<Vec<RosterIndex>> = kinds.into_values().collect();
        let kind = |a: RosterIndex, b: RosterIndex| {
            let (a, b) = (self.rules.profile(a), self.rules.profile(b));
            self.days.iter().any(|day| self.rules.admits_kind(day, a, b))
        };
        let with = |at: usize| {
            let one = &kinds[at];
            let within =
                one.get(1).filter(|other| kind(one[0], **other)).map_or(0, |_| one.len() * (one.len() - 1) / 2);
            let others =
                kinds[at + 1..].iter().filter(|other| kind(one[0], other[0])).map(|other| one.len() * other.len());
            within + others.sum::<usize>()
        };
        let all: usize = parallel::map(kinds.len() * kinds.len(), (0..kinds.len()).collect(), with).into_iter().sum();
        let here: HashSet<RosterIndex> = people.iter().copied().collect();
        // Those who are kept apart by name were counted.
        let apart = people.iter().flat_map(|a| self.rules.apart_by_rule(*a).map(move |b| (*a, b)));
        let mut apart: Vec<(RosterIndex, RosterIndex)> = apart.filter(|(a, b)| a < b && here.contains(b)).collect();
        apart.sort_unstable();
        apart.dedup();
        all - apart.into_iter().filter(|(a, b)| kind(*a, *b)).count()
    }
}
