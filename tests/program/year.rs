//! Years of rounds, with people who join, leave and pause: no rule is broken, and no draw could pair more people.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use petgraph::graph::UnGraph;
use serde_json::Value;

use crate::support::world::{World, pairs, pairs_within};

/// A colleague as the test knows them, apart from the program.
#[derive(Clone)]
struct Colleague {
    email: String,
    department: usize,
    manager: Option<String>,
    /// Working hours in UTC, in minutes, for zones without clock changes.
    hours: (i32, i32),
    paused_until: Option<NaiveDate>,
}

/// Zones without clock changes: their names and how many minutes they are ahead.
const ZONES: [(&str, i32); 3] = [("Asia/Dubai", 240), ("UTC", 0), ("America/Bogota", -300)];

fn colleague(i: usize, seed: usize) -> Colleague {
    let zone = ZONES[(i * 7 + seed) % 3].1;
    Colleague {
        email: format!("c{i}@example.com"),
        department: (i * i + seed) % 4,
        manager: (!i.is_multiple_of(5)).then(|| format!("c{}@example.com", i / 5 * 5)),
        hours: (540 - zone, 1050 - zone),
        paused_until: None,
    }
}

fn csv(staff: &[Colleague]) -> String {
    let row = |one: &Colleague| {
        let zone = ZONES.iter().find(|(_, ahead)| 540 - ahead == one.hours.0).unwrap().0;
        let paused = one.paused_until.map_or(String::new(), |date| date.to_string());
        let Colleague { email, department, manager, .. } = one;
        format!("{email},Name of {email},D{department},{zone},{},{paused}\n", manager.as_deref().unwrap_or(""))
    };
    let rows: String = staff.iter().map(row).collect();
    format!("email,name,department,timezone,manager,paused_until\n{rows}")
}

fn may_meet(a: &Colleague, b: &Colleague) -> bool {
    let (from, to) = (a.hours.0.max(b.hours.0), a.hours.1.min(b.hours.1));
    let manages = |one: &Colleague, other: &Colleague| other.manager.as_ref() == Some(&one.email);
    a.department != b.department
        && to - from >= 30
        && !(a.manager.is_some() && a.manager == b.manager)
        && !manages(a, b)
        && !manages(b, a)
        && !(a.email == "c1@example.com" && b.email == "c8@example.com")
}

/// The largest number of pairs, by a solver that shares nothing with the program.
fn largest(people: &[&Colleague], forbidden: &HashSet<(String, String)>) -> usize {
    let mut graph = UnGraph::<(), ()>::new_undirected();
    let nodes: Vec<_> = people.iter().map(|_| graph.add_node(())).collect();
    for (i, a) in people.iter().enumerate() {
        for (j, b) in people.iter().enumerate().skip(i + 1) {
            let two = (a.email.clone().min(b.email.clone()), a.email.clone().max(b.email.clone()));
            if may_meet(a, b) && may_meet(b, a) && !forbidden.contains(&two) {
                graph.add_edge(nodes[i], nodes[j], ());
            }
        }
    }
    petgraph::algo::maximum_matching(&graph).edges().count()
}

fn year(count: usize, seed: usize, avoid: i64, odd_one_out: &str) {
    let world = World::new(
        &format!(
            "across = [\"department\", \"manager\"]\nnever_pair = [[\"c1@example.com\", \"c8@example.com\"]]\n\
             avoid_repeats_weeks = {avoid}\nodd_one_out = \"{odd_one_out}\"\n\n[meeting]\ntimezone = \"UTC\"\n"
        ),
        "email,name,department\n",
    );
    let mut staff: Vec<Colleague> = (0..count).map(|i| colleague(i, seed)).collect();
    let mut last: HashMap<(String, String), NaiveDate> = HashMap::new();
    let mut next = count;
    for month in 0..12 {
        let first = NaiveDate::from_ymd_opt(2027, month + 1, 1).unwrap();
        if month % 3 == 1 {
            staff.remove((month as usize * 5 + seed) % staff.len());
        }
        if month % 2 == 1 {
            staff.push(colleague(next, seed));
            next += 1;
        }
        let pausing = (month as usize * 3 + seed) % staff.len();
        staff[pausing].paused_until = Some(first + chrono::Days::new(16));
        world.write("staff.csv", csv(&staff));
        let now = format!("{first}T00:00:00Z");
        let month = world.json_at(&now, &["pair", "--month", "--seed", &seed.to_string()]);
        for round in month["rounds"].as_array().unwrap() {
            check(round, &staff, &mut last, avoid, odd_one_out == "trio");
        }
    }
}

fn check(round: &Value, staff: &[Colleague], last: &mut HashMap<(String, String), NaiveDate>, avoid: i64, trio: bool) {
    let date: NaiveDate = round["date"].as_str().unwrap().parse().unwrap();
    let by_email: HashMap<&str, &Colleague> = staff.iter().map(|one| (&*one.email, one)).collect();
    let present: Vec<&Colleague> =
        staff.iter().filter(|one| one.paused_until.is_none_or(|until| until < date)).collect();
    let forbidden: HashSet<(String, String)> = last
        .iter()
        .filter(|(_, met)| avoid > 0 && (date - **met).num_days() <= 7 * avoid)
        .map(|(two, _)| two.clone())
        .collect();

    let mut seen = HashSet::new();
    for (people, pair) in pairs(round).iter().zip(round["pairs"].as_array().unwrap()) {
        assert!(people.len() == 2 || people.len() == 3 && trio && present.len() % 2 == 1);
        let mut met_before = false;
        for (a, b) in pairs_within(people) {
            let (one, other) = (by_email[&*a], by_email[&*b]);
            assert!(may_meet(one, other) && may_meet(other, one), "{date}: {a} and {b}");
            assert!(!forbidden.contains(&(a.clone(), b.clone())), "{date}: {a} and {b} met too recently");
            met_before |= last.contains_key(&(a.clone(), b.clone()));
        }
        assert_eq!(pair["repeat"], met_before, "{date}: {people:?}");
        let at: chrono::DateTime<chrono::Utc> = pair["start"].as_str().unwrap().parse().unwrap();
        let minute = i32::try_from((at - date.and_time(chrono::NaiveTime::MIN).and_utc()).num_minutes()).unwrap();
        for email in people {
            assert!(seen.insert(email.clone()), "{date}: {email} twice");
            let (from, to) = by_email[&**email].hours;
            assert!(from <= minute && minute + 30 <= to, "{date}: {email} at minute {minute}");
            assert!(present.iter().any(|one| one.email == *email), "{date}: {email} is paused");
        }
    }
    for left_out in round["left_out"].as_array().unwrap() {
        assert!(seen.insert(left_out["email"].as_str().unwrap().to_owned()));
        assert!(!left_out["reason"].as_str().unwrap().is_empty());
    }
    assert_eq!(seen.len(), staff.len(), "{date}: everybody is paired or left out");

    let best = largest(&present, &forbidden);
    let repeats = round["pairs"].as_array().unwrap().iter().any(|pair| pair["repeat"] == true);
    let whose_turn = repeats && pairs(round).iter().flatten().count() < present.len();
    assert!(round["optimal"] == true || whose_turn, "{date}: only fair turns at being left out may cost a repeat");
    assert_eq!(pairs(round).len(), best, "{date}");
    assert_eq!(round["best_possible_pairs"], best, "{date}");
    for people in pairs(round) {
        last.extend(pairs_within(&people).into_iter().map(|two| (two, date)));
    }
}

#[test]
fn a_year_of_rounds_breaks_no_rule_and_pairs_as_many_as_there_can_be() {
    for (count, seed) in [(12, 0), (13, 1), (21, 2), (24, 3), (33, 4)] {
        year(count, seed, 0, "trio");
        year(count, seed, 0, "rest");
    }
}

#[test]
fn within_the_weeks_in_which_repeats_are_forbidden_nobody_meets_twice() {
    for (count, seed) in [(9, 5), (14, 6), (19, 7)] {
        year(count, seed, 3, "trio");
        year(count, seed, 6, "rest");
    }
}
