//! Who cannot meet anybody, whatever is drawn: a rule or their hours keep everybody else from them. Knows the rules of
//! one day; knows no history.

use std::collections::HashMap;

use super::left_out::kept_apart;
use crate::domain::calendar::Day;
use crate::domain::meeting_history::MeetingHistory;
use crate::domain::roster::RosterIndex;
use crate::domain::rules::Rules;

/// Above this number of looks at two people, the people who are left are not examined.
const LOOKS: usize = 50_000_000;

/// The participants of that day who cannot meet anybody, each with what keeps how many of the others away. Cost:
/// usually linear, because nearly everybody soon finds somebody; people with the same values and hours are examined
/// once.
pub fn lonely(rules: &Rules, day: &Day) -> Vec<(RosterIndex, String)> {
    let people = rules.participants(day.date());
    let mut told: HashMap<(Vec<u32>, u16), Option<String>> = HashMap::new();
    let mut looks = 0;
    let mut lonely = Vec::new();
    for &person in &people {
        let alone = rules.apart(person).next().is_some();
        let alike = || {
            let values = rules.columns().iter().map(|column| column[person.index()]).collect();
            (values, rules.schedule(person))
        };
        let known = if alone { None } else { told.get(&alike()).cloned() };
        let why = known.unwrap_or_else(|| {
            let why = if looks > LOOKS { None } else { reason(rules, day, &people, person, &mut looks) };
            if !alone {
                told.insert(alike(), why.clone());
            }
            why
        });
        lonely.extend(why.map(|why| (person, why)));
    }
    lonely
}

/// What keeps everybody away, if everybody is kept away.
fn reason(rules: &Rules, day: &Day, people: &[RosterIndex], person: RosterIndex, looks: &mut usize) -> Option<String> {
    let others = || people.iter().copied().filter(|other| *other != person);
    let met = MeetingHistory::default();
    let meets = |other: RosterIndex| {
        *looks += 1;
        rules.admits(day, person, other)
    };
    if others().any(meets) {
        return None;
    }
    if others().next().is_none() {
        return Some("nobody else takes part".to_owned());
    }
    let obstacles = others().filter_map(|other| rules.obstacle(day, &met, person, other));
    Some(kept_apart(obstacles, rules, person))
}
