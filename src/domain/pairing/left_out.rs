//! Why somebody is left out of a round, in words that an organizer can act on. Reads a drawn round; changes nothing.

use std::collections::HashMap;

use super::matching::problem::{Matching, Problem};
use crate::domain::roster::RosterIndex;
use crate::domain::rules::{Obstacle, Rules};
use crate::domain::state::Reason;

/// Above this number of pairs to look at, the text for one person is used for everybody with the same values and hours.
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
            _ => Reason::NoPartner(format!("{why}; all others meet someone else")),
        };
        (person, reason)
    };
    left_out.iter().map(reason).collect()
}

/// How many of the others each rule keeps from `person`, and how many are kept by none.
fn tally(problem: &Problem<'_>, person: RosterIndex) -> (String, usize) {
    let rules = problem.rules;
    let others = problem.people.iter().filter(|other| **other != person);
    let obstacles: Vec<Option<Obstacle>> =
        others.map(|other| rules.obstacle(problem.day, problem.met, person, *other)).collect();
    let partners = obstacles.iter().filter(|obstacle| obstacle.is_none()).count();
    (kept_apart(obstacles.into_iter().flatten(), rules, person), partners)
}

/// The rules that keep others from `person`. Many people read this, and it names somebody: wishes alone get no words,
/// and no count may reveal one.
pub(super) fn kept_apart(obstacles: impl Iterator<Item = Obstacle>, rules: &Rules, person: RosterIndex) -> String {
    let mut counts: HashMap<Obstacle, usize> = HashMap::new();
    obstacles.for_each(|obstacle| *counts.entry(obstacle).or_default() += 1);
    let open = counts.into_iter().filter(|(obstacle, _)| !matches!(obstacle, Obstacle::NeverPair | Obstacle::Wish));
    let mut open: Vec<(usize, String)> = open.map(|(obstacle, count)| (count, rules.words(obstacle, person))).collect();
    open.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut texts: Vec<String> = open.into_iter().map(|(_, text)| text).collect();
    if texts.is_empty() {
        return "kept apart by the rules".to_owned();
    }
    texts.push("or kept apart by other rules".to_owned());
    texts.join(", ")
}
