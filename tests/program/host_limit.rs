//! How many meetings one host may have at one time: if that is known, they are spread.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::Value;

use crate::support::booked::Booked;
use crate::support::world::NOW;

const LIMIT: &str = "host-limit=2:POST:/meetings";

type Start = DateTime<FixedOffset>;

/// When each pair meets, by their addresses.
fn starts(list: &Value, people: &str, start: &str) -> BTreeMap<Vec<String>, Start> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |meeting: &Value| {
        let mut people: Vec<String> = meeting[people].as_array().unwrap().iter().map(text).collect();
        people.sort();
        (people, meeting[start].as_str().unwrap().parse::<Start>().unwrap())
    };
    list.as_array().unwrap().iter().map(of).collect()
}

fn drawn(booked: &Booked) -> BTreeMap<Vec<String>, Start> {
    let shown: Value = serde_json::from_str(&booked.world.run(&["pair", "--week", "--format", "json"]).stdout).unwrap();
    starts(&shown["rounds"][0]["pairs"], "people", "start")
}

fn listed(booked: &Booked) -> BTreeMap<Vec<String>, Start> {
    starts(&booked.world.json(&["meetings"])["meetings"], "people", "start")
}

fn at_webex(booked: &Booked) -> BTreeMap<Vec<String>, Start> {
    booked.meetings().into_iter().map(|(people, starts)| (people, starts[0].parse().unwrap())).collect()
}

/// The most that run at one time.
fn most(starts: &BTreeMap<Vec<String>, Start>) -> usize {
    let length = TimeDelta::minutes(30);
    let running = |at: Start| starts.values().filter(|start| **start <= at && at < **start + length).count();
    starts.values().map(|at| running(*at)).max().unwrap_or(0)
}

#[test]
fn twenty_pairs_of_whom_two_may_meet_at_once_are_all_booked_and_none_is_refused() {
    let booked = Booked::drawn(40, "at_once = 2");
    booked.webex.faults(&[LIMIT]);
    let drawn = drawn(&booked);
    assert_eq!((drawn.len(), most(&drawn)), (20, 2));
    let days: BTreeSet<String> = drawn.values().map(|start| start.date_naive().to_string()).collect();
    assert_eq!(days, BTreeSet::from(["2026-12-02".to_owned()]), "there is room on the day");
    let preview = booked.run(&["--dry-run", "--format", "json"]);
    let preview: Value = serde_json::from_str(&preview.stdout).unwrap();
    let shown: BTreeSet<String> = { preview["steps"].as_array().unwrap().iter() }
        .map(|step| step["body"]["start"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(shown.len(), drawn.values().collect::<BTreeSet<_>>().len());
    let run = booked.run(&[]);
    assert_eq!((run.status, run.stderr.as_str()), (0, "booked 20\n"), "{}", run.all());
    assert_eq!((at_webex(&booked), listed(&booked)), (drawn.clone(), drawn.clone()));
    let again = booked.run(&[]);
    assert!(again.status == 0 && again.stdout.contains("20 meetings stand as planned"), "{}", again.all());
    assert_eq!(at_webex(&booked), drawn);
}

#[test]
fn what_is_booked_stays_while_others_come_and_go() {
    let booked = Booked::drawn(20, "at_once = 2\nmeetings_per_day = 4");
    booked.webex.faults(&[LIMIT]);
    let drawn = drawn(&booked);
    assert_eq!(booked.run(&[]).status, 3, "four a day");
    let first = at_webex(&booked);
    assert_eq!((first.len(), listed(&booked)), (4, drawn.clone()));
    // Two join on the day before, and one pair that is not booked loses both.
    let gone = drawn.keys().find(|people| !first.contains_key(*people)).unwrap().clone();
    let roster = booked.world.read("staff.csv");
    let stays = roster.lines().filter(|line| !gone.iter().any(|email| line.starts_with(&**email)));
    let mut lines: Vec<&str> = stays.collect();
    lines.extend(["zoe@example.com,Zoe New,A", "yan@example.com,Yan New,B"]);
    booked.world.write("staff.csv", lines.join("\n") + "\n");
    booked.configure("at_once = 2\nmeetings_per_day = 100");
    assert_eq!(booked.run(&[]).status, 0);
    let after = listed(&booked);
    let newcomers = ["zoe@example.com", "yan@example.com"];
    assert!(!after.keys().flatten().any(|it| newcomers.contains(&&**it)), "it is too late for this round: {after:?}");
    assert!(first.iter().all(|(people, start)| after.get(people) == Some(start)), "{first:?} {after:?}");
    assert!(most(&after) <= 2 && at_webex(&booked).iter().all(|it| after.get(it.0) == Some(it.1)), "{after:?}");
}

#[test]
fn what_has_no_time_of_its_own_is_warned_of_with_what_helps() {
    let config = "at_once = 1\n[meeting]\nworking_hours = \"15:00-16:00\"";
    let booked = Booked::drawn(20, config);
    for args in [&["pair", "--week"][..], &["schedule", "--dry-run"]] {
        let run = booked.run_at(NOW, args);
        assert!(run.stderr.contains("warning: not every meeting has a time of its own"), "{}", run.all());
        assert!(run.stderr.contains("Webex may refuse 2 of 10 on 2026-12-02"), "{}", run.all());
        assert!(run.stderr.contains("host = \"participant\""), "{}", run.all());
    }
    booked.configure(&config.replace("at_once = 1", "at_once = 1\nhost = \"participant\""));
    let run = booked.run_at(NOW, &["schedule", "--dry-run"]);
    assert!(!run.stderr.contains("time of its own"), "{}", run.all());
    assert_eq!(most(&listed(&booked)), 10, "each has a host of its own");
}

#[test]
fn without_a_limit_it_is_said_once_what_may_happen() {
    let booked = Booked::drawn(8, "");
    let said = |run: crate::support::world::Run| run.stderr.matches("Webex may allow a host only one or two").count();
    assert_eq!(said(booked.run(&["--dry-run"])), 1);
    assert_eq!(said(booked.run(&[])), 1);
    booked.world.json(&["pair", "--week", "2026-12-09", "--seed", "1"]);
    assert_eq!(said(booked.run(&["--through", "2026-12-09"])), 0);
    assert_eq!(said(Booked::drawn(4, "").run(&[])), 0, "two at a time");
}
