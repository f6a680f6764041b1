//! Rounds as they are shown: names instead of numbers, and who has met before. Reads the state and the roster; knows no
//! format.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

use crate::domain::state::bookings::Bookings;
use crate::domain::state::people::PersonView;
use crate::domain::state::{Group, PersonId, Reason, Round, State};
use crate::domain::zone::Zone;
use crate::parallel;

/// A round to show.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundView<'a> {
    /// Its day, which names it.
    pub date: NaiveDate,
    /// The seed of its draw.
    pub seed: u64,
    /// The programme's zone, in which times are shown.
    pub timezone: Zone,
    /// Everybody in the state, by number.
    pub people: &'a [PersonView<'a>],
    /// Its pairs and trios, by start.
    pub pairs: Vec<PairView>,
    /// Who is left out, and why, by reason.
    pub left_out: Vec<(PersonView<'a>, &'a Reason)>,
    /// No draw can have more pairs than this.
    pub best_possible_pairs: usize,
    /// Whether it is proven that no draw has more pairs, or as many pairs with fewer repeats.
    pub optimal: bool,
}

/// A pair or a trio to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairView {
    /// The pair's permanent name.
    pub id: PairId,
    /// When they meet, in the programme's zone.
    pub start: DateTime<FixedOffset>,
    /// When the meeting ends.
    pub end: DateTime<FixedOffset>,
    /// The last earlier round in which two of them met or are to meet, if there is one; and whether that is over.
    pub met_before: Option<(NaiveDate, bool)>,
}

/// The permanent name of a pair: the round's date and the people's numbers, from 1 as in the state's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairId {
    /// The date of the round.
    pub date: NaiveDate,
    /// The two or three people.
    pub group: Group,
}

impl<'a> RoundView<'a> {
    /// The people of one of its pairs.
    pub fn members(&self, pair: &PairView) -> impl ExactSizeIterator<Item = PersonView<'a>> {
        let people = self.people;
        let PairId { group, .. } = pair.id;
        (0..group.people().len()).map(move |at| people[group.people()[at].index()])
    }
}

/// The rounds of a state that are `shown`, in chronological order. Meetings last `minutes`; a booked meeting is shown
/// at its own time. Cost: linear in the meetings of the whole state, times the number of rounds shown.
pub fn rounds<'a>(
    state: &'a State,
    people: &'a [PersonView<'a>],
    (minutes, now): (u16, DateTime<Utc>),
    shown: impl Fn(&Round) -> bool,
) -> Vec<RoundView<'a>> {
    let shown: Vec<&Round> = state.rounds.iter().filter(|round| shown(round)).collect();
    let mut asked = LastMeetings::new(state.people.len(), &shown);
    let booked = Bookings::new(state);
    let mut views = Vec::with_capacity(shown.len());
    let Some(last) = shown.last() else { return views };
    let rounds: Vec<&Round> = state.rounds.iter().take_while(|round| round.date <= last.date).collect();
    for (round, places) in parallel::map(state.places(), rounds, |round| (round, asked.places(round))) {
        if shown.get(views.len()).is_some_and(|next| next.date == round.date) {
            views.push(view(round, people, (minutes, now, &booked), &asked));
        }
        let is_over = round.slots.last().is_none_or(|slot| slot.start <= now);
        places.into_iter().for_each(|at| asked.met[at] = Some((round.date, is_over)));
    }
    views
}

/// When the people who meet in the shown rounds last met: for each person, their few partners there.
struct LastMeetings {
    width: usize,
    partner: Vec<PersonId>,
    met: Vec<Option<(NaiveDate, bool)>>,
}

impl LastMeetings {
    fn new(people: usize, shown: &[&Round]) -> Self {
        let trios = shown.iter().filter(|round| round.slots.iter().any(|slot| !slot.trios.is_empty())).count();
        let width = shown.len() + trios;
        let size = width * people;
        let mut asked = Self { width, partner: vec![PersonId::NOBODY; size], met: vec![None; size] };
        for (_, group) in shown.iter().flat_map(|round| round.groups()) {
            for (a, b) in pairings(group.people()) {
                let row = asked.row(a);
                if let Some(free) = asked.partner[row].iter_mut().find(|one| **one == PersonId::NOBODY || **one == b) {
                    *free = b;
                }
            }
        }
        asked
    }

    fn row(&self, a: PersonId) -> std::ops::Range<usize> {
        a.index() * self.width..(a.index() + 1) * self.width
    }

    fn place(&self, (a, b): (PersonId, PersonId)) -> Option<usize> {
        let row = self.row(a);
        let partners = &self.partner[row.clone()];
        // Usually the answer is no, and that is found for all at once.
        if !partners.iter().fold(false, |found, one| found | (*one == b)) {
            return None;
        }
        partners.iter().position(|one| *one == b).map(|at| row.start + at)
    }

    /// The places of the people who meet in that round: few, but in the shown rounds.
    fn places(&self, round: &Round) -> Vec<usize> {
        let pairs = round.slots.iter().flat_map(|slot| &slot.pairs).map(|[a, b]| (*a, *b));
        let trios = round.slots.iter().flat_map(|slot| &slot.trios).flat_map(|trio| pairings(trio));
        pairs.chain(trios).filter_map(|pairing| self.place(pairing)).collect()
    }

    fn last(&self, pairing: (PersonId, PersonId)) -> Option<(NaiveDate, bool)> {
        self.met[self.place(pairing)?]
    }
}

fn view<'a>(
    round: &'a Round,
    people: &'a [PersonView<'a>],
    (minutes, now, booked): (u16, DateTime<Utc>, &Bookings<'_>),
    asked: &LastMeetings,
) -> RoundView<'a> {
    let pairs = round.groups().map(|(planned, group)| {
        let (start, minutes) = booked.time(round.date, group, (planned, minutes), now);
        PairView {
            id: PairId { date: round.date, group },
            start: start.with_timezone(planned.offset()),
            end: start.with_timezone(planned.offset()) + TimeDelta::minutes(i64::from(minutes)),
            met_before: pairings(group.people()).filter_map(|pairing| asked.last(pairing)).max(),
        }
    });
    let mut pairs: Vec<PairView> = pairs.collect();
    pairs.sort_by_key(|pair| pair.start);
    let left_out = round
        .left_out
        .iter()
        .flat_map(|left_out| left_out.people.iter().map(|id| (people[id.index()], &left_out.reason)));
    RoundView {
        date: round.date,
        seed: round.seed,
        timezone: round.timezone,
        people,
        pairs,
        left_out: left_out.collect(),
        best_possible_pairs: round.best_possible_pairs,
        optimal: round.optimal,
    }
}

/// All pairs of people in a group, in its order.
pub fn pairings<P: Copy>(people: &[P]) -> impl Iterator<Item = (P, P)> + '_ {
    people.iter().enumerate().flat_map(|(i, a)| people[i + 1..].iter().map(|b| (*a, *b)))
}

impl fmt::Display for PairId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        self.group
            .people()
            .iter()
            .zip(['/', '-', '-'])
            .try_for_each(|(id, separator)| write!(f, "{separator}{}", id.number()))
    }
}
