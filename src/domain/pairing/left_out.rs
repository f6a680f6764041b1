//! Why somebody is left out of a round, in words an organizer can act on.
//! Reads a drawn round; changes nothing.

use std::collections::HashMap;

use super::matching::problem::{Matching, Problem};
use crate::domain::roster::RosterIndex;
use crate::domain::rules::Obstacle;
use crate::domain::state::Reason;

/// Above this number of looks at two people, the text of one is used for all of the same values and hours.
const LOOKS: usize = 5_000_000;

/// The reason of each person whom the round leaves out.
pub fn of(problem: &Problem<'_>, round: &Matching) -> Vec<(RosterIndex, Reason)> {
    let n = problem.people.len();
    let left_out = &round.left_out;
    let rules = problem.rules;
    let alike = |person: RosterIndex| {
        let values: Vec<u32> = rules.columns().iter().map(|column| column[person.index()]).collect();
        (values, rules.schedule(person))
    };
    let mut told: HashMap<(Vec<u32>, u16), (String, usize)> = HashMap::new();
    let share = left_out.len() * n > LOOKS;
    let limited = n / 2 > problem.limit && round.groups() == problem.limit;
    let reason = |&person: &RosterIndex| {
        let alone = !share || rules.apart(person).next().is_some();
        let known = if alone { None } else { told.get(&alike(person)).cloned() };
        let (why, partners) = known.unwrap_or_else(|| tally(problem, person));
        if !alone {
            told.insert(alike(person), (why.clone(), partners));
        }
        let reason = match partners {
            _ if n == 1 => Reason::NoPartner("nobody else takes part".to_owned()),
            0 => Reason::NoPartner(why),
            _ if limited => Reason::Limit,
            _ if n % 2 == 1 && left_out.len() == 1 && problem.trio => {
                Reason::OddNumber("no pair that the rules let them join".to_owned())
            }
            _ if n % 2 == 1 && left_out.len() == 1 => Reason::OddNumber(String::new()),
            1 => Reason::NoPartner(format!("{why}; the other one meets someone else")),
            _ => Reason::NoPartner(format!("{why}; the other {partners} meet someone else")),
        };
        (person, reason)
    };
    left_out.iter().map(reason).collect()
}

/// By which rules how many of the others are kept from `person`, and how many are not.
fn tally(problem: &Problem<'_>, person: RosterIndex) -> (String, usize) {
    let rules = problem.rules;
    let mut counts: HashMap<Option<Obstacle>, usize> = HashMap::new();
    let mut partners = 0;
    for &other in problem.people.iter().filter(|other| **other != person) {
        match rules.obstacle(problem.day, problem.met, person, other) {
            // Many read this, and it names somebody: no words may be for wishes alone.
            Some(Obstacle::NeverPair | Obstacle::Wish) => *counts.entry(None).or_default() += 1,
            Some(obstacle) => *counts.entry(Some(obstacle)).or_default() += 1,
            None => partners += 1,
        }
    }
    let words = |obstacle: Option<Obstacle>| {
        obstacle.map_or_else(|| "by other rules".to_owned(), |obstacle| rules.words(obstacle, person))
    };
    let mut texts: Vec<(usize, String)> =
        counts.into_iter().map(|(obstacle, count)| (count, words(obstacle))).collect();
    texts.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let texts: Vec<String> = texts.iter().map(|(count, text)| format!("{count} {text}")).collect();
    (texts.join(", "), partners)
}
