//! Rounds as they are shown: names for numbers, and who has met before.
//! Reads the state and the roster; knows no format.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::met::Person;
use super::roster::Roster;
use super::state::{PersonId, Reason, Round, State};

/// A round to show.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundView {
    /// Its day, which names it.
    pub date: NaiveDate,
    /// The seed of its draw.
    pub seed: u64,
    /// The programme's zone, in which times are shown.
    pub timezone: Tz,
    /// Its pairs and trios, by start.
    pub pairs: Vec<PairView>,
    /// Who is left out, and why, by reason.
    pub left_out: Vec<(PersonView, Reason)>,
    /// No draw has more pairs.
    pub best_possible_pairs: usize,
    /// Whether it is proven that no draw has more pairs, or as many with fewer repeats.
    pub optimal: bool,
}

/// A pair or a trio to show.
#[derive(Clone, Debug, PartialEq)]
pub struct PairView {
    /// Names the pair for ever: the round's date and the people's numbers.
    pub id: String,
    /// Two people, or three.
    pub people: Vec<PersonView>,
    /// When they meet, in the programme's zone.
    pub start: DateTime<FixedOffset>,
    /// When the meeting ends.
    pub end: DateTime<FixedOffset>,
    /// The last round in which two of them met, if they did.
    pub met_before: Option<NaiveDate>,
}

/// Somebody to show. Who has left the roster has no name and no department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonView {
    /// The address.
    pub email: String,
    /// The name; the address where it is not known.
    pub name: String,
    /// The department, or "".
    pub department: String,
}

/// The rounds of a state that are `shown`, in the order of time. Meetings last so many minutes.
/// Cost: linear in the meetings of the whole state.
pub fn rounds(state: &State, roster: &Roster, minutes: u16, shown: impl Fn(&Round) -> bool) -> Vec<RoundView> {
    let people = People::new(state, roster);
    let mut last: HashMap<(PersonId, PersonId), NaiveDate> = HashMap::new();
    let asked: Vec<bool> = state.rounds.iter().map(&shown).collect();
    let mut wanted: std::collections::HashSet<(PersonId, PersonId)> = std::collections::HashSet::new();
    for (round, _) in state.rounds.iter().zip(&asked).filter(|(_, asked)| **asked) {
        round.groups().for_each(|(_, group)| wanted.extend(pairings(group.people())));
    }
    let mut views = Vec::new();
    for (round, asked) in state.rounds.iter().zip(asked) {
        if asked {
            views.push(view(round, &people, minutes, &last));
        }
        for (_, group) in round.groups() {
            for pairing in pairings(group.people()).filter(|pairing| wanted.contains(pairing)) {
                last.insert(pairing, round.date);
            }
        }
    }
    views
}

fn view(
    round: &Round,
    people: &People<'_>,
    minutes: u16,
    last: &HashMap<(PersonId, PersonId), NaiveDate>,
) -> RoundView {
    let pairs = round.groups().map(|(start, group)| PairView {
        id: pair_id(round.date, group.people()),
        people: group.people().iter().map(|id| people.view(*id)).collect(),
        start,
        end: start + TimeDelta::minutes(i64::from(minutes)),
        met_before: pairings(group.people()).filter_map(|pairing| last.get(&pairing).copied()).max(),
    });
    let left_out = round
        .left_out
        .iter()
        .flat_map(|left_out| left_out.people.iter().map(|id| (people.view(*id), left_out.reason.clone())));
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
    let numbers: Vec<String> = people.iter().map(|id| (id + 1).to_string()).collect();
    format!("{date}/{}", numbers.join("-"))
}

/// All twos of a group, the lower number first.
pub fn pairings(people: &[PersonId]) -> impl Iterator<Item = (PersonId, PersonId)> + '_ {
    people.iter().enumerate().flat_map(|(i, a)| people[i + 1..].iter().map(|b| (*a, *b)))
}

/// Names by number.
pub struct People<'a> {
    state: &'a State,
    roster: &'a Roster,
    positions: Vec<Option<Person>>,
}

impl<'a> People<'a> {
    /// Joins the state's numbers with the roster's names.
    pub fn new(state: &'a State, roster: &'a Roster) -> Self {
        let on: HashMap<&str, Person> = roster.employees.iter().zip(0..).map(|(one, at)| (&*one.email, at)).collect();
        Self { state, roster, positions: state.people.iter().map(|email| on.get(&**email).copied()).collect() }
    }

    /// The person of a number.
    pub fn view(&self, id: PersonId) -> PersonView {
        let email = self.state.people[id as usize].to_string();
        let Some(at) = self.positions[id as usize].map(|at| at as usize) else {
            return PersonView { name: email.clone(), email, department: String::new() };
        };
        let name = self.roster.employees[at].name.to_string();
        PersonView { email, name, department: self.roster.department(at).to_owned() }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OddNumber(why) if why.is_empty() => f.write_str("odd number"),
            Self::OddNumber(why) => write!(f, "odd number: {why}"),
            Self::NoPartner(why) => write!(f, "no admissible partner: {why}"),
            Self::Limit => f.write_str("limit: max_pairs_per_round"),
            Self::Paused(until) => write!(f, "paused until {until}"),
        }
    }
}
