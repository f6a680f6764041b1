//! What to expect after the drawn rounds: until when nobody has to meet the same person again. Draws nothing.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::matching::problem::Problem;
use crate::domain::calendar::rounds_from;
use crate::domain::roster::RosterIndex;
use crate::domain::settings::Meeting;
use crate::domain::state::State;

/// Above this number of people, or of kinds of people, nothing is promised, for lack of time.
const PEOPLE: usize = 20_000;
const KINDS: usize = 400;

/// How many more rounds without a repeat are certain if the same people take part.
///
/// Source: G. Dirac, "Some theorems on abstract graphs" (1952): if everybody may still meet half of all people, a
/// matching leaves out at most one. A round takes at most two partners from each. Cost: linear in the people, and the
/// square of the number of kinds of people (same values, same hours).
pub fn guaranteed(problem: &Problem<'_>) -> usize {
    let Problem { rules, day, people, .. } = *problem;
    let n = people.len();
    if n > PEOPLE {
        return 0;
    }
    let kind = |person: RosterIndex| {
        let values: Vec<u32> = rules.columns().iter().map(|column| column[person.index()]).collect();
        (values, rules.schedule(person))
    };
    let mut kinds: HashMap<(Vec<u32>, u16), (RosterIndex, usize)> = HashMap::new();
    for &person in people {
        kinds.entry(kind(person)).or_insert((person, 0)).1 += 1;
    }
    if kinds.len() > KINDS {
        return 0;
    }
    type Kind<'k> = (&'k (Vec<u32>, u16), &'k (RosterIndex, usize));
    let admitted = |(a, _): Kind<'_>, (b, (_, count)): Kind<'_>| {
        let apart = rules.values_collide(&a.0, &b.0) || !day.shared(a.1, b.1);
        if apart { 0 } else { count - usize::from(a == b) }
    };
    let partners: HashMap<&(Vec<u32>, u16), usize> =
        kinds.iter().map(|one| (one.0, kinds.iter().map(|other| admitted(one, other)).sum())).collect();
    let left = |person: &RosterIndex| {
        let gone = rules.apart(*person).count() + problem.met.of(*person).count();
        partners.get(&kind(*person)).map_or(0, |partners| partners.saturating_sub(gone))
    };
    let fewest = people.iter().map(left).min().unwrap_or(0);
    let (needed, taken) = if problem.odd_joins() { (n / 2 + 4, 2) } else { (n / 2 + n % 2, 1) };
    if n == 0 || fewest < needed { 0 } else { (fewest - needed) / taken + 1 }
}

/// Says until when nobody meets the same person again, if `rounds` more rounds are certain.
pub fn sentences(state: &State, meeting: &Meeting, rounds: usize) -> Vec<String> {
    let meeting = meeting.counted_from(state.first_round());
    let first = state.rounds.last().filter(|_| rounds > 0).and_then(|last| first_repeat(&meeting, last.date, rounds));
    first
        .map(|date| format!("no repeat before the round of {date}, if the same people take part"))
        .into_iter()
        .collect()
}

/// The round after `rounds` more rounds without a repeat.
pub fn first_repeat(meeting: &Meeting, last: NaiveDate, rounds: usize) -> Option<NaiveDate> {
    let monday = last.week(chrono::Weekday::Mon).first_day();
    rounds_from(meeting, monday + Days::new(7)).nth(rounds)
}
