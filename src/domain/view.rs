//! Rounds as they are shown: names for numbers, and who has met before.
//! Reads the state and the roster; knows no format.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::choice::NO_END;
use super::met::Person;
use super::roster::{Column, Roster};
use super::state::{PersonId, Reason, Round, State};

/// A round to show.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundView<'a> {
    /// Its day, which names it.
    pub date: NaiveDate,
    /// The seed of its draw.
    pub seed: u64,
    /// The programme's zone, in which times are shown.
    pub timezone: Tz,
    /// Its pairs and trios, by start.
    pub pairs: Vec<PairView<'a>>,
    /// Who is left out, and why, by reason.
    pub left_out: Vec<(PersonView<'a>, &'a Reason)>,
    /// No draw has more pairs.
    pub best_possible_pairs: usize,
    /// Whether it is proven that no draw has more pairs, or as many with fewer repeats.
    pub optimal: bool,
}

/// A pair or a trio to show.
#[derive(Clone, Debug, PartialEq)]
pub struct PairView<'a> {
    /// Names the pair for ever: the round's date and the people's numbers.
    pub id: String,
    /// Two people, or three.
    pub people: Vec<PersonView<'a>>,
    /// When they meet, in the programme's zone.
    pub start: DateTime<FixedOffset>,
    /// When the meeting ends.
    pub end: DateTime<FixedOffset>,
    /// The last round in which two of them met, if they did.
    pub met_before: Option<NaiveDate>,
}

/// Somebody to show. Who has left the roster has no name and no department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonView<'a> {
    /// The address.
    pub email: &'a str,
    /// The name; the address where it is not known.
    pub name: &'a str,
    /// The department, or "".
    pub department: &'a str,
}

/// The rounds of a state that are `shown`, in the order of time. Meetings last so many minutes.
/// Cost: linear in the meetings of the whole state, times the number of rounds shown.
pub fn rounds<'a>(
    state: &'a State,
    roster: &'a Roster,
    minutes: u16,
    shown: impl Fn(&Round) -> bool,
) -> Vec<RoundView<'a>> {
    let people = People::new(state, roster);
    let shown: Vec<&Round> = state.rounds.iter().filter(|round| shown(round)).collect();
    let mut asked = Asked::new(state.people.len(), &shown);
    let mut views = Vec::with_capacity(shown.len());
    let Some(last) = shown.last() else { return views };
    for round in state.rounds.iter().take_while(|round| round.date <= last.date) {
        if shown.get(views.len()).is_some_and(|next| next.date == round.date) {
            views.push(view(round, &people, minutes, &asked));
        }
        for slot in &round.slots {
            slot.pairs.iter().for_each(|[a, b]| asked.meet((*a, *b), round.date));
            slot.trios.iter().flat_map(|trio| pairings(trio)).for_each(|pairing| asked.meet(pairing, round.date));
        }
    }
    views
}

/// When those who meet in the rounds shown met last: for each person, their few partners there.
struct Asked {
    width: usize,
    partner: Vec<PersonId>,
    met: Vec<Option<NaiveDate>>,
}

impl Asked {
    const NOBODY: PersonId = PersonId::MAX;

    fn new(people: usize, shown: &[&Round]) -> Self {
        let trios = shown.iter().filter(|round| round.slots.iter().any(|slot| !slot.trios.is_empty())).count();
        let width = shown.len() + trios;
        let size = width * people;
        let mut asked = Self { width, partner: vec![Self::NOBODY; size], met: vec![None; size] };
        for (_, group) in shown.iter().flat_map(|round| round.groups()) {
            for (a, b) in pairings(group.people()) {
                let row = asked.row(a);
                if let Some(free) = asked.partner[row].iter_mut().find(|one| **one == Self::NOBODY || **one == b) {
                    *free = b;
                }
            }
        }
        asked
    }

    fn row(&self, a: PersonId) -> std::ops::Range<usize> {
        a as usize * self.width..(a as usize + 1) * self.width
    }

    fn place(&self, (a, b): (PersonId, PersonId)) -> Option<usize> {
        let row = self.row(a);
        self.partner[row.clone()].iter().position(|one| *one == b).map(|at| row.start + at)
    }

    fn meet(&mut self, pairing: (PersonId, PersonId), date: NaiveDate) {
        if let Some(at) = self.place(pairing) {
            self.met[at] = Some(date);
        }
    }

    fn last(&self, pairing: (PersonId, PersonId)) -> Option<NaiveDate> {
        self.met[self.place(pairing)?]
    }
}

fn view<'a>(round: &'a Round, people: &People<'a>, minutes: u16, asked: &Asked) -> RoundView<'a> {
    let pairs = round.groups().map(|(start, group)| PairView {
        id: pair_id(round.date, group.people()),
        people: group.people().iter().map(|id| people.view(*id)).collect(),
        start,
        end: start + TimeDelta::minutes(i64::from(minutes)),
        met_before: pairings(group.people()).filter_map(|pairing| asked.last(pairing)).max(),
    });
    let left_out = round
        .left_out
        .iter()
        .flat_map(|left_out| left_out.people.iter().map(|id| (people.view(*id), &left_out.reason)));
    RoundView {
        date: round.date,
        seed: round.seed,
        timezone: round.timezone,
        pairs: pairs.collect(),
        left_out: left_out.collect(),
        best_possible_pairs: round.best_possible_pairs,
        optimal: round.optimal,
    }
}

/// What names a pair for ever: the round's date and the people's numbers, from 1 as in the state's file.
pub fn pair_id(date: NaiveDate, people: &[PersonId]) -> String {
    let mut id = format!("{date}");
    for (person, separator) in people.iter().zip(['/', '-', '-']) {
        let _ = write!(id, "{separator}{}", person + 1);
    }
    id
}

/// All twos of a group, the lower number first.
pub fn pairings(people: &[PersonId]) -> impl Iterator<Item = (PersonId, PersonId)> + '_ {
    people.iter().enumerate().flat_map(|(i, a)| people[i + 1..].iter().map(|b| (*a, *b)))
}

/// Names by number.
pub struct People<'a> {
    state: &'a State,
    roster: &'a Roster,
    departments: Option<&'a Column>,
    positions: Vec<Option<Person>>,
}

impl<'a> People<'a> {
    /// Joins the state's numbers with the roster's names.
    pub fn new(state: &'a State, roster: &'a Roster) -> Self {
        let on: HashMap<&str, Person> = roster.employees.iter().zip(0..).map(|(one, at)| (&*one.email, at)).collect();
        let departments = roster.column("department");
        Self {
            state,
            roster,
            departments,
            positions: state.people.iter().map(|email| on.get(&**email).copied()).collect(),
        }
    }

    /// By number: the position on the roster, of those who are on it.
    pub fn positions(&self) -> &[Option<Person>] {
        &self.positions
    }

    /// The position on the roster of a number, if that person is on it.
    pub fn position(&self, id: PersonId) -> Option<Person> {
        self.positions[id as usize]
    }

    /// The person of a number.
    pub fn view(&self, id: PersonId) -> PersonView<'a> {
        let email: &'a str = &self.state.people[id as usize];
        let Some(at) = self.positions[id as usize].map(|at| at as usize) else {
            return PersonView { name: email, email, department: "" };
        };
        let roster: &'a Roster = self.roster;
        let department = self.departments.map_or("", |column| column.value(at));
        PersonView { email, name: &roster.employees[at].name, department }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OddNumber(why) if why.is_empty() => f.write_str("odd number"),
            Self::OddNumber(why) => write!(f, "odd number: {why}"),
            Self::NoPartner(why) => write!(f, "no admissible partner: {why}"),
            Self::Limit => f.write_str("limit: max_pairs_per_round"),
            Self::Paused(until) if *until == NO_END => f.write_str("does not take part any more"),
            Self::Paused(until) => write!(f, "paused until {until}"),
            Self::Cancelled(why) => write!(f, "meeting cancelled: {why}"),
        }
    }
}
