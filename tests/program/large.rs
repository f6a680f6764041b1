//! A company so large that two threads share the work.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::support::world::{World, pairs, pairs_within};

const PEOPLE: usize = 52_001;
const DEPARTMENTS: usize = 5;
/// Those of Auckland and those of Lisbon share no working hour.
const ZONES: [&str; 3] = ["Pacific/Auckland", "Europe/Lisbon", "Asia/Dubai"];

/// The department and the zone of a person.
fn kind(person: usize) -> (usize, usize) {
    (person % DEPARTMENTS, [2, 1, 2, 0, 2, 1, 2][person % 7])
}

fn number(email: &str) -> usize {
    email.trim_start_matches('p').split('@').next().and_then(|number| number.parse().ok()).unwrap()
}

/// Draws a month, and checks it against what was drawn before and what is kept.
fn draw(world: &World, now: &str, met: &mut HashSet<(String, String)>) -> Value {
    let month = world.json_at(now, &["pair", "--month", "--seed", "5"]);
    for round in month["rounds"].as_array().unwrap() {
        let groups = pairs(round);
        assert_eq!((groups.len(), round["optimal"].as_bool()), (PEOPLE / 2, Some(true)), "{}", round["id"]);
        let mut seen = HashSet::new();
        assert!(groups.iter().flatten().all(|email| seen.insert(email)), "nobody is there twice");
        assert_eq!(seen.len(), PEOPLE, "one trio takes in the odd one");
        for (a, b) in groups.iter().flat_map(|group| pairs_within(group)) {
            let [(of_a, in_a), (of_b, in_b)] = [&a, &b].map(|email| kind(number(email)));
            assert_ne!(of_a, of_b, "{a} and {b} are of the same department");
            assert_ne!([in_a.min(in_b), in_a.max(in_b)], [0, 1], "{a} and {b} share no working hour");
            assert!(met.insert((a.clone(), b.clone())), "{a} and {b} met before");
        }
    }
    let again = world.json_at(now, &["pair", "--month"]);
    assert!(again["rounds"] == month["rounds"], "what was shown is what is kept");
    month
}

#[test]
fn a_large_company_is_drawn_by_the_rules_and_kept_as_shown() {
    let mut roster = "email,name,department,timezone\n".to_owned();
    for person in 0..PEOPLE {
        let (department, zone) = kind(person);
        writeln!(roster, "p{person}@example.com,P{person},D{department},{}", ZONES[zone]).unwrap();
    }
    let never = "never_pair = [[\"p0@example.com\", \"p4@example.com\"]]";
    let world = World::new(never, &roster);
    let mut met = HashSet::new();
    draw(&world, "2026-12-01T00:00:00Z", &mut met);
    roster = roster.replace("p7@example.com,", "new@example.com,").replace("new@", "p999999@");
    world.write("staff.csv", roster.replace("p999999@example.com,P7,D2,", "p999999@example.com,P7,D4,"));
    assert_eq!(kind(999_999).0, 4);
    let january = draw(&world, "2027-01-01T00:00:00Z", &mut met);
    let other = world.json_at("2027-01-01T00:00:00Z", &["pair", "--month", "2027-02", "--seed", "5", "--dry-run"]);
    assert_eq!(other["rounds"].as_array().unwrap().len(), 4);
    let mixed: HashMap<(usize, usize), usize> =
        pairs(&january["rounds"][0]).iter().fold(HashMap::new(), |mut map, it| {
            let [a, b] = [0, 1].map(|at| kind(number(&it[at])).0);
            *map.entry((a.min(b), a.max(b))).or_default() += 1;
            map
        });
    // Ten pairs of departments, all as large and as likely.
    assert_eq!(mixed.len(), 10);
    let expected = PEOPLE as f64 / 20.0;
    let chi_square: f64 = mixed.values().map(|count| (*count as f64 - expected).powi(2) / expected).sum();
    assert!(chi_square < 40.0, "{chi_square}: {mixed:?}");
}
