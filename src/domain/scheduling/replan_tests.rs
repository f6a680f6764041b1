//! Rounds that are brought in line while people join, leave, pause, skip, wish, and undo it.

use chrono::Weekday;
use proptest::prelude::*;

use super::tests::{World, all_fine};
use super::*;
use crate::domain::calendar::{Day, last_moment, week_of};
use crate::domain::pairing::plan::Replace;
use crate::domain::pairing::sit_outs::SitOuts;
use crate::domain::roster::RosterIndex;
use crate::domain::rules::Rules;
use crate::domain::state::bookings::OffReason;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::preferences::Choice;
use crate::domain::state::{Changes, Group, LeftOut, PersonId, Reason, Released, Round};

/// Something that people do and that can be undone.
#[derive(Clone, Copy, Debug)]
enum Act {
    Skip(usize, usize),
    Pause(usize),
    Stop(usize),
    Wish(usize, usize),
    RosterPause(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..30_usize, 0..3_usize).prop_map(|(who, round)| Act::Skip(who, round)),
        (0..30_usize).prop_map(Act::Pause),
        (0..30_usize).prop_map(Act::Stop),
        (0..30_usize, 0..30_usize).prop_map(|(who, whom)| Act::Wish(who, whom)),
        (0..30_usize).prop_map(Act::RosterPause),
    ]
}

/// Applies it to the state or the roster.
fn take(world: &mut World, act: Act) {
    let count = world.roster.employees.len();
    let date = |round: usize| world.state.rounds[round % world.state.rounds.len()].date;
    let (who, date) = match act {
        Act::Skip(who, round) => (who, date(round)),
        Act::Pause(who) | Act::Stop(who) | Act::Wish(who, _) | Act::RosterPause(who) => (who, date(0)),
    };
    if let Act::RosterPause(_) = act {
        world.roster.employees[who % count].paused_until = Some("2026-12-20".parse().unwrap());
        return;
    }
    let email = world.roster.employees[who % count].email.clone();
    let person = world.state.person_or_insert(&email);
    let mut choice = world.state.choice_of(person);
    match act {
        Act::Skip(..) => choice.skipped = vec![date],
        Act::Pause(_) => choice.paused_until = Some("2026-12-10".parse().unwrap()),
        Act::Stop(_) => choice.stopped = true,
        Act::Wish(_, whom) => {
            let other = world.state.person_or_insert(&world.roster.employees[whom % count].email.clone());
            choice.not_with = if other == person { vec![] } else { vec![other] };
        }
        Act::RosterPause(_) => {}
    }
    world.state.choose(choice);
}

/// The rounds for which everybody may still be matched again.
fn open(world: &World) -> Vec<&Round> {
    world.state.rounds.iter().filter(|round| world.now < last_moment(&world.meeting, round.date)).collect()
}

/// Checks that nobody meets somebody whom a rule or a wish forbids, and that no two people are left out who could meet.
fn holds(world: &World) -> Result<(), TestCaseError> {
    let rules = world.rules();
    let index = PersonIndex::new(&world.roster, &world.state);
    for round in open(world) {
        let day = Day::new(&world.meeting, round.date, DateTime::UNIX_EPOCH, rules.schedules());
        let at = |id| index.position(id);
        let booked = |people| {
            let of = |booking: &&Booking| booking.people == people && week_of(booking.round) == week_of(round.date);
            world.state.bookings.iter().any(|booking| of(&booking))
        };
        for (_, group) in round.groups().filter(|(_, group)| !booked(*group)) {
            // What people told the bot is checked against what is stored of it, not against the rules that are made
            // from it.
            for id in group.people() {
                let choice = world.state.choice_of(*id);
                let pauses = choice.paused_until.is_some_and(|until| round.date <= until);
                prop_assert!(!choice.stopped && !pauses, "{id:?} is in the round of {}", round.date);
                prop_assert!(!choice.skipped.contains(&round.date), "{id:?} skips {}", round.date);
                let unwished = group.people().iter().find(|other| choice.not_with.contains(other));
                prop_assert!(unwished.is_none(), "{id:?} is not to meet {unwished:?} on {}", round.date);
            }
            let people: Vec<RosterIndex> = group.people().iter().filter_map(|id| at(*id)).collect();
            prop_assert_eq!(people.len(), group.people().len(), "{:?} of {} are not all there", group, round.date);
            for (place, a) in people.iter().enumerate() {
                prop_assert!(rules.away(*a, round.date).is_none(), "{:?} is away on {}", a, round.date);
                let admitted = people[place + 1..].iter().all(|b| rules.admits(&day, *a, *b));
                prop_assert!(admitted, "{:?} of {} may not meet", group, round.date);
            }
        }
        let waits = |reason: &Reason| matches!(reason, Reason::Cancelled(_));
        let free = round.left_out.iter().filter(|it| it.reason.is_a_turn() && !waits(&it.reason));
        let free: Vec<RosterIndex> = free.flat_map(|it| &it.people).filter_map(|id| at(*id)).collect();
        for (place, a) in free.iter().enumerate() {
            let could = free[place + 1..].iter().find(|b| rules.admits(&day, *a, **b));
            prop_assert!(could.is_none(), "{a:?} and {could:?} sit alone on {}", round.date);
        }
    }
    prop_assert_eq!(world.state.contradictions(), Vec::<String>::new());
    Ok(())
}

fn standing(world: &World) -> Vec<Round> {
    world.state.rounds.clone()
}

proptest! {
    #[test]
    fn nobody_sits_alone_who_could_meet_and_nobody_meets_who_may_not(
        people in 4..24_usize, acts in prop::collection::vec(act(), 1..6), book in any::<bool>()
    ) {
        let mut world = World::new(people);
        if book {
            all_fine(&mut world);
        }
        for act in acts {
            take(&mut world, act);
            world.bring_in_line();
            holds(&world)?;
            let once = standing(&world);
            let again = world.bring_in_line();
            prop_assert!(!again.changes(), "{again:?}");
            prop_assert_eq!(standing(&world), once);
            world.now += TimeDelta::minutes(11);
            world.bring_in_line();
            holds(&world)?;
        }
    }

    #[test]
    fn what_people_undo_is_undone(people in 4..24_usize, acts in prop::collection::vec(act(), 1..5), book in any::<bool>()) {
        let mut world = World::new(people);
        if book {
            all_fine(&mut world);
        }
        world.bring_in_line();
        let before = standing(&world);
        let (choices, roster) = (world.state.choices.clone(), world.roster.clone());
        for act in acts {
            take(&mut world, act);
            world.bring_in_line();
        }
        (world.state.choices, world.roster) = (choices, roster);
        world.bring_in_line();
        prop_assert_eq!(standing(&world), before);
    }

    /// Also when people come back after the last moment, from groups that followed one another.
    #[test]
    fn nobody_is_in_a_round_twice_whenever_people_leave_and_come_back(
        people in 4..9_usize,
        steps in prop::collection::vec((act(), any::<bool>(), 0..9_i64, any::<bool>()), 4..24)
    ) {
        let mut world = World::new(people);
        all_fine(&mut world);
        for (act, comes_back, hours, book) in steps {
            match (act, comes_back) {
                (Act::Skip(who, _) | Act::Pause(who) | Act::Stop(who) | Act::Wish(who, _) | Act::RosterPause(who), true) => {
                    world.roster.employees[who % people].paused_until = None;
                    let email = world.roster.employees[who % people].email.clone();
                    let person = world.state.person_or_insert(&email);
                    world.state.choose(Choice { person, ..Choice::default() });
                }
                (act, false) => take(&mut world, act),
            }
            world.now += TimeDelta::hours(hours);
            world.bring_in_line();
            prop_assert_eq!(world.state.contradictions(), Vec::<String>::new());
            if book {
                all_fine(&mut world);
            }
        }
    }
}

/// People left out, their turns, repeats and changes: fewer are better, in that order.
type Rank = [i64; 4];

/// A round of few people, all of whose possible groupings are examined.
struct Enumeration<'a> {
    rules: &'a Rules,
    day: Day,
    people: Vec<RosterIndex>,
    /// By position, how often somebody was left out.
    turns: Vec<u32>,
    /// The pairs who meet in other rounds, and whether that is before this one.
    met: Vec<([RosterIndex; 2], bool)>,
    drawn: Vec<[RosterIndex; 2]>,
    trio: bool,
    limit: usize,
}

fn pairs(people: &[RosterIndex]) -> Vec<[RosterIndex; 2]> {
    let with = |at: usize| people[at + 1..].iter().map(move |b| [people[at].min(*b), people[at].max(*b)]);
    (0..people.len()).flat_map(with).collect()
}

impl<'a> Enumeration<'a> {
    /// The round at that place, in a world in which nothing is booked.
    fn of(world: &World, rules: &'a Rules, at: usize) -> Self {
        let index = PersonIndex::new(&world.roster, &world.state);
        let rounds = &world.state.rounds;
        let places = |group: Group| group.people().iter().filter_map(|id| index.position(*id)).collect::<Vec<_>>();
        let mut met = Vec::new();
        for (other, round) in rounds.iter().enumerate().filter(|(other, _)| *other != at) {
            let stands = round.groups().map(|(_, group)| group);
            let groups: Vec<Group> = if other < at { stands.collect() } else { round.drawn_groups().collect() };
            met.extend(groups.into_iter().flat_map(|group| pairs(&places(group))).map(|pair| (pair, other < at)));
        }
        let people = rules.participants(rounds[at].date);
        let mut sit_outs = SitOuts::new(world.roster.employees.len());
        rounds[..at].iter().for_each(|round| sit_outs.hold(round, &index));
        sit_outs.admit(people.iter().copied());
        let limit = world.pairing.max_pairs_per_round;
        let limit = if limit == 0 { usize::MAX } else { limit };
        Self {
            rules,
            day: Day::new(&world.meeting, rounds[at].date, DateTime::UNIX_EPOCH, rules.schedules()),
            turns: sit_outs.counts().to_vec(),
            met,
            drawn: rounds[at].drawn_groups().flat_map(|group| pairs(&places(group))).collect(),
            trio: people.len() % 2 == 1 && people.len() > 1 && people.len() / 2 <= limit,
            limit,
            people,
        }
    }

    /// What a group adds; none if it is not allowed.
    fn group(&self, people: &[RosterIndex]) -> Option<Rank> {
        let mut rank = [0; 4];
        for pair in pairs(people) {
            let is_drawn = self.drawn.contains(&pair);
            let again = self.met.iter().any(|(other, before)| *other == pair && (*before || !is_drawn));
            if !self.rules.admits(&self.day, pair[0], pair[1]) {
                return None;
            }
            rank[2] += i64::from(again);
            rank[3] += i64::from(!is_drawn);
        }
        // A drawn pair that becomes a trio counts as a bigger change than somebody alone who joins.
        rank[3] += i64::from(people.len() == 3 && rank[3] == 2);
        Some(rank)
    }

    fn left_out(&self, person: RosterIndex) -> Rank {
        [1, i64::from(self.turns[person.index()]), 0, 0]
    }

    /// The best of all ways to form that many groups of these people.
    fn best(&self, people: &[RosterIndex], groups: usize, trio: bool, so_far: Rank, best: &mut Option<Rank>) {
        if best.is_some_and(|best| best < so_far) {
            return;
        }
        let Some((first, rest)) = people.split_first() else {
            *best = Some(so_far);
            return;
        };
        let add = |rank: Rank| std::array::from_fn(|at| so_far[at] + rank[at]);
        for (at, second) in rest.iter().enumerate().filter(|_| groups > 0) {
            let mut others = rest.to_vec();
            others.remove(at);
            if let Some(rank) = self.group(&[*first, *second]) {
                self.best(&others, groups - 1, trio, add(rank), best);
            }
            for third in others.clone()[at..].iter().filter(|_| trio) {
                if let Some(rank) = self.group(&[*first, *second, *third]) {
                    let others: Vec<RosterIndex> = others.iter().copied().filter(|it| it != third).collect();
                    self.best(&others, groups - 1, false, add(rank), best);
                }
            }
        }
        self.best(rest, groups, trio, add(self.left_out(*first)), best);
    }

    /// The rank of a round as it stands.
    fn rank(&self, round: &Round, index: &PersonIndex) -> Rank {
        let mut alone = self.people.clone();
        let mut ranks = Vec::new();
        for (_, group) in round.groups() {
            let people: Vec<RosterIndex> = group.people().iter().filter_map(|id| index.position(*id)).collect();
            alone.retain(|person| !people.contains(person));
            ranks.push(self.group(&people).expect("a group that may meet"));
        }
        ranks.extend(alone.into_iter().map(|person| self.left_out(person)));
        std::array::from_fn(|at| ranks.iter().map(|rank| rank[at]).sum())
    }
}

proptest! {
    #[test]
    fn rounds_of_few_people_are_the_best_of_all_there_are(
        people in 4..14_usize, acts in prop::collection::vec(act(), 1..6), limit in prop_oneof![Just(0_usize), 2..5_usize]
    ) {
        let mut world = World::new(people);
        world.pairing.max_pairs_per_round = limit;
        world.draw(2, Replace::All);
        for act in acts {
            take(&mut world, act);
            let drawn = standing(&world);
            let replan = world.bring_in_line();
            let rules = world.rules();
            let index = PersonIndex::new(&world.roster, &world.state);
            let is_open = |round: &Round| world.now < last_moment(&world.meeting, round.date);
            for (at, round) in standing(&world).iter().enumerate().filter(|(_, round)| is_open(round)) {
                let all = Enumeration::of(&world, &rules, at);
                let mut best = None;
                all.best(&all.people, all.limit, all.trio, [0; 4], &mut best);
                let (found, best) = (all.rank(round, &index), best.expect("a round"));
                if replan.round(drawn[at].date).is_some() && !round.changes.is_empty() {
                    prop_assert_eq!(found, best, "the round of {}", round.date);
                    prop_assert_eq!(round.pair_count(), round.best_possible_pairs, "the round of {}", round.date);
                } else {
                    // As long as the round is as drawn, only more people who meet would be a reason to change it.
                    prop_assert_eq!(found[0], best[0], "the round of {}", round.date);
                }
            }
        }
    }
}

#[test]
fn a_round_that_nothing_happened_to_stands_as_it_was_drawn() {
    for people in 3..40 {
        let mut world = World::new(people);
        let before = standing(&world);
        world.bring_in_line();
        assert_eq!(standing(&world), before, "{people} people");
    }
}

#[test]
fn whoever_joins_is_in_the_next_round_that_is_not_booked() {
    let mut world = World::new(9);
    all_fine(&mut world);
    let mut joiner = world.roster.employees[0].clone();
    (joiner.email, joiner.name) = ("new@example.com".into(), "New One".into());
    world.roster.employees.push(joiner);
    world.roster.columns[0].cells.push(2);
    let replan = world.bring_in_line();
    assert_eq!((replan.joined.len(), replan.newcomers.len()), (1, 1));
    let id = world.state.person_or_insert("new@example.com");
    let first = world.state.rounds.iter().find(|round| round.groups().any(|(_, group)| group.has(id))).unwrap();
    assert_eq!(first.date.to_string(), "2026-12-09", "where somebody sat out of a booked round");
}

#[test]
fn a_booked_pair_that_newly_shares_one_of_several_departments_does_not_meet() {
    let mut world = World::new(8);
    all_fine(&mut world);
    let column = &mut world.roster.columns[0];
    // By now, the first person works for both departments.
    column.values.push("A; B".to_owned());
    column.parts.insert(3, vec![1, 2]);
    column.cells[0] = 3;
    let replan = world.bring_in_line();
    let off: Vec<&str> = replan.rounds.iter().flat_map(|round| &round.off).map(|(_, off)| &*off.why).collect();
    assert!(off.contains(&"the same department (B)"), "{off:?}");
}

#[test]
fn there_are_never_more_pairs_than_may_be() {
    for people in [10, 20, 41] {
        let mut world = World::new(people);
        world.pairing.max_pairs_per_round = 3;
        take(&mut world, Act::Stop(0));
        world.bring_in_line();
        take(&mut world, Act::Stop(1));
        world.bring_in_line();
        assert_eq!(open(&world).iter().map(|round| round.pair_count()).max(), Some(3), "of {people} people");
    }
}

#[test]
fn a_week_without_a_round_keeps_only_what_is_booked() {
    let mut world = World::new(8);
    world.meeting.every_weeks = 2;
    world.meeting.first_drawn = Some("2026-12-02".parse().unwrap());
    // There is to be no round in the second and the fourth week, but the second is booked.
    all_fine_of(&mut world, "2026-12-09");
    world.bring_in_line();
    let pairs: Vec<(String, usize)> =
        world.state.rounds.iter().map(|round| (round.date.to_string(), round.pair_count())).collect();
    let expected = [("2026-12-02", 4), ("2026-12-09", 4), ("2026-12-16", 4), ("2026-12-23", 0), ("2026-12-30", 4)];
    assert_eq!(pairs, expected.map(|(date, count)| (date.to_owned(), count)));
}

#[test]
fn who_skips_is_not_called_paused() {
    let mut world = World::new(8);
    all_fine(&mut world);
    take(&mut world, Act::Skip(0, 1));
    let replan = world.bring_in_line();
    let why: Vec<&str> = replan.rounds.iter().flat_map(|round| &round.off).map(|(_, off)| &*off.why).collect();
    assert_eq!(why, ["Person 0 skips this round"]);
}

/// Books only that round.
fn all_fine_of(world: &mut World, date: &str) {
    let every_weeks = std::mem::replace(&mut world.meeting.every_weeks, 1);
    all_fine(world);
    world.meeting.every_weeks = every_weeks;
    let date: NaiveDate = date.parse().unwrap();
    world.state.bookings.retain(|booking| booking.round == date);
}

/// Five of these went back and forth for ever when the order of what stands decided.
#[test]
fn a_round_that_was_brought_in_line_stays_as_it_is_whatever_stood_before() {
    const PEOPLE: usize = 31;
    const DEPARTMENTS: u32 = 5;
    for seed in 150..210_u32 {
        let mut world = World::new(PEOPLE);
        let column = &mut world.roster.columns[0];
        column.values = ["", "A", "B", "C", "D", "E"].map(str::to_owned).to_vec();
        column.cells = (0..PEOPLE as u32).map(|at| 1 + (at * at + at / 7) % DEPARTMENTS).collect();
        world.draw(seed.into(), Replace::All);
        for leaves in 0..=seed % 3 {
            let at = (seed * 31 + leaves * 17) as usize % world.roster.employees.len();
            world.roster.employees.remove(at);
            world.roster.columns[0].cells.remove(at);
        }
        let moves = (seed * 13) as usize % world.roster.employees.len();
        world.roster.columns[0].cells[moves] = 1 + seed % DEPARTMENTS;
        assert!(!world.bring_in_line().is_empty(), "{seed}");
        let once = standing(&world);
        for _ in 0..2 {
            let again = world.bring_in_line();
            assert!(!again.changes(), "{seed}: {again:?}");
        }
        assert_eq!(standing(&world), once, "{seed}");
    }
}

/// The two who were drawn together each lost a later partner, and come back when nobody is matched any more.
#[test]
fn who_meet_after_all_are_not_left_out_too() {
    let mut world = World::new(4);
    world.state.bookings.clear();
    let round = &mut world.state.rounds[0];
    let drawn: Vec<Group> = round.groups().map(|(_, group)| group).collect();
    let [first, second] = [0, 1].map(|at| drawn[at].people().to_vec());
    let pair = |a: PersonId, b: PersonId| Group::Pair([a.min(b), a.max(b)]);
    let released = |a, b| Released {
        people: pair(a, b),
        at: "2026-11-30T09:00:00Z".parse().unwrap(),
        why: OffReason::Gone([b].into_iter().collect()),
    };
    let mut missing = drawn.clone();
    missing.sort_unstable();
    let mut released = vec![released(first[0], second[0]), released(first[1], second[1])];
    released.sort_by_key(|one| one.people);
    round.changes = Changes { missing, released, drawn: Some((2, true)), ..Changes::default() };
    round.slots.clear();
    let mut people = [first, second].concat();
    people.sort_unstable();
    round.left_out = vec![LeftOut { reason: Reason::Cancelled("the partner cannot come"), people }];
    world.now = last_moment(&world.meeting, round.date) + TimeDelta::minutes(1);
    world.bring_in_line();
    assert_eq!(world.state.contradictions(), [""; 0]);
    assert_eq!(world.state.rounds[0].groups().map(|(_, group)| group).collect::<Vec<_>>(), drawn);
    assert_eq!(world.state.rounds[0].left_out, []);
}

#[test]
fn a_round_of_which_the_new_day_of_the_week_is_over_stays_on_its_day() {
    // It is Tuesday, and the round is on Wednesday.
    let mut world = World::new(8);
    all_fine(&mut world);
    world.meeting.weekday = Weekday::Mon;
    all_fine(&mut world);
    let dates: Vec<String> = world.state.rounds.iter().map(|round| round.date.to_string()).collect();
    assert_eq!(dates, ["2026-12-02", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"]);
    let starts = world.state.bookings.iter().map(|booking| booking.start.to_rfc3339());
    let first: Vec<String> = starts.filter(|start| start.starts_with("2026-12-02")).collect();
    assert_eq!(first, ["2026-12-02T15:10:00+02:00"; 4], "and so do its meetings");
}
