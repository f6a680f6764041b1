//! `run`: one timer line does everything, a run with nothing to do does nothing, and a fault is reported once.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::Value;

use crate::support::booked::{Booked, report_room};
use crate::support::chat::{Chat, event};
use crate::support::world::{NOW, Run, roster, strings};

/// Two departments of four, a login, a bot and a space of the organizers; nothing is drawn.
fn office() -> Chat {
    let booked = Booked::new("", &roster(&[4, 4]), &[]);
    booked.configure(&report_room());
    Chat::at(booked, NOW)
}

fn run_at(chat: &Chat, now: &str, args: &[&str]) -> Run {
    chat.booked.webex.clock(now);
    now.clone_into(&mut chat.now.borrow_mut());
    chat.run(&[args, &["run"]].concat())
}

/// As a timer runs it: what it prints is mailed.
fn timer(chat: &Chat, now: &str) -> Run {
    let run = run_at(chat, now, &["-q"]);
    assert_eq!(run.stdout, "", "{now}");
    run
}

fn quiet(chat: &Chat, now: &str) {
    let run = timer(chat, now);
    assert_eq!((run.status, &*run.stderr), (0, ""), "{now}");
}

/// What the organizers' space heard, but for the bot's name at the end.
fn heard(chat: &Chat) -> Vec<String> {
    chat.booked.webex.texts_in_space()
}

/// How many of those begin so.
fn count(heard: &[String], beginning: &str) -> usize {
    heard.iter().filter(|text| text.starts_with(beginning)).count()
}

fn drawn(chat: &Chat) -> Vec<String> {
    let state: Value = serde_json::from_str(&chat.booked.world.read("roulette-state.json")).unwrap();
    state["rounds"].as_array().unwrap().iter().map(|round| round["date"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_month_with_nothing_but_run() {
    let chat = office();
    let first: NaiveDate = "2026-12-01".parse().unwrap();
    let december = ["2026-12-02", "2026-12-09", "2026-12-16", "2026-12-23", "2026-12-30"];
    for day in first.iter_days().take_while(|day| day.year() == 2026) {
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            continue;
        }
        for time in ["07:00", "10:00", "13:00", "16:00"] {
            let now = format!("{day}T{time}:00Z");
            quiet(&chat, &now);
            let (calls, files) = (chat.booked.webex.lines().len(), chat.booked.world.files());
            quiet(&chat, &now);
            assert_eq!(chat.booked.webex.lines().split_off(calls), [""; 0], "{now}: nothing is due any more");
            assert!(chat.booked.world.files() == files, "{now}: every file is as it was");
        }
        let is_soon = day >= "2026-12-25".parse().unwrap();
        assert_eq!(drawn(&chat)[..5], december, "{day}");
        assert_eq!(drawn(&chat).get(5).map(String::as_str), is_soon.then_some("2027-01-06"), "{day}");
    }
    let booked: BTreeSet<String> =
        chat.booked.standing().iter().map(|meeting| meeting["start"].as_str().unwrap()[..10].to_owned()).collect();
    assert_eq!(booked.iter().map(String::as_str).collect::<Vec<_>>(), [&december[..], &["2027-01-06"]].concat());
    assert_eq!(chat.booked.standing().len(), 6 * 4);
    for person in 0..8 {
        let headings = chat.headings(&format!("p{person}@example.com"));
        for beginning in ["Meet ", "Coming up: ", "Did you meet"] {
            // The last meeting is introduced, and not yet reminded of.
            let expected = if beginning == "Meet " { 6 } else { 5 };
            assert_eq!(count(&headings, beginning), expected, "p{person} {beginning}: {headings:#?}");
        }
    }
    let heard = heard(&chat);
    // That of the last round is due in January.
    assert_eq!(count(&heard, "Who met in the round of "), 4, "{heard:#?}");
    assert_eq!(count(&heard, "Something") + count(&heard, "Fixed"), 0, "{heard:#?}");
}

#[test]
fn a_month_whose_last_week_is_off_gets_its_report_and_that_week_is_no_round() {
    let chat = office();
    let world = &chat.booked.world;
    for now in ["2026-12-01T09:00:00Z", "2026-12-10T09:00:00Z"] {
        quiet(&chat, now);
    }
    let config = world.read("config.toml");
    world.write("config.toml", format!("{config}\n[meeting]\nskip_dates = [\"2026-12-28..2027-01-01\"]\n"));
    let mut shown = String::new();
    for day in ["2026-12-14", "2026-12-15", "2026-12-18", "2026-12-22", "2026-12-29", "2027-01-04", "2027-01-05"] {
        let now = format!("{day}T09:00:00Z");
        assert_eq!(timer(&chat, &now).status, 0, "{now}");
        shown = chat.run(&["status"]).stdout;
        assert!(!shown.contains("Left out on 2026-12-30"), "{shown}");
    }
    let off = shown.lines().find(|line| line.starts_with("2026-12-30")).unwrap();
    assert!(off.contains(" off "), "{shown}");
    let heard = heard(&chat);
    assert_eq!(count(&heard, "How December 2026 went"), 1, "{heard:#?}");
    let report: Value = serde_json::from_str(&chat.run(&["report", "--format", "json"]).stdout).unwrap();
    let rounds: Vec<&str> =
        report["by_round"].as_array().unwrap().iter().map(|it| it["date"].as_str().unwrap()).collect();
    assert_eq!(rounds, ["2026-12-02", "2026-12-09", "2026-12-16", "2026-12-23"], "{report}");
}

#[test]
fn what_a_run_remembers_of_another_programme_in_its_folder_is_left_alone() {
    let chat = office();
    let world = &chat.booked.world;
    let config = world.read("config.toml");
    let other = config.replace("[programme]\n", "[programme]\nname = \"Mentoring\"\nstate = \"mentoring.json\"\n");
    world.write("mentoring.toml", other);
    world.write("config.toml", config.replace("[programme]\n", "[programme]\nstarters = \"none.txt\"\n"));
    let fault = timer(&chat, NOW);
    assert!(fault.status == 2 && fault.stderr.contains("none.txt"), "{}", fault.all());
    let memory = world.read("roulette-state.json.run");
    let run = chat.run(&["-q", "run", "--config", "mentoring.toml"]);
    assert!(run.status == 0 && !run.stderr.contains("none.txt"), "{}", run.all());
    assert_eq!(world.read("roulette-state.json.run"), memory);
    assert_eq!(timer(&chat, NOW).stderr, "", "it is told once");
}

#[test]
fn a_config_that_cannot_be_read_is_told_once_and_when_it_is_fixed() {
    let chat = office();
    let world = &chat.booked.world;
    let config = world.read("config.toml");
    world.write("config.toml", format!("{config}\nnonsense\n"));
    let fault = timer(&chat, NOW);
    assert!(fault.status == 2 && fault.stderr.contains("config.toml"), "{}", fault.all());
    assert_eq!(timer(&chat, NOW).stderr, "");
    world.write("config.toml", &config);
    let fixed = timer(&chat, NOW);
    assert!(fixed.status == 0 && fixed.stderr.contains("fixed: config.toml"), "{}", fixed.all());
    assert!(!world.path("config.toml.run").exists());
}

#[test]
fn a_line_a_stage_says_what_came_of_it() {
    let chat = office();
    let said = event("messages", &chat.booked.webex.say("p0@example.com", "help"));
    // Webex is away just when it comes, so that it is kept.
    chat.booked.webex.faults(&["503::"]);
    chat.handle(&said);
    chat.booked.webex.faults(&[]);
    let shown = run_at(&chat, NOW, &[]);
    insta::assert_snapshot!(shown.stdout, @"
    stage      what
    ──────────────────────────────────────────
    tokens     good until 2026-12-15T09:00:00Z
    events     handled 1
    rounds     in line
    draw       5 rounds in 2026-12, 20 pairs
    bookings   booked 4
    messages   sent 9
    ");
    insta::assert_snapshot!(run_at(&chat, NOW, &[]).all(), @"
    stage      what
    ──────────────────────────────────────────
    tokens     good until 2026-12-15T09:00:00Z
    events     none waiting
    rounds     in line
    draw       nothing to draw
    bookings   as planned
    messages   nothing to send
    --- stderr
    --- status 0
    ");
}

#[test]
fn a_dry_run_changes_nothing_and_shows_what_the_run_does() {
    let chat = office();
    let files = chat.booked.world.files();
    let dry = |chat: &Chat| -> Value {
        let run = chat.run(&["run", "--dry-run", "--format", "json"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap()
    };
    let plan = |shown: &Value, stage: &str| -> Value {
        let stages = shown["stages"].as_array().unwrap();
        stages.iter().find(|one| one["stage"] == stage).unwrap()["plan"].clone()
    };
    let shown = dry(&chat);
    assert_eq!(plan(&shown, "draw")["rounds"].as_array().unwrap().len(), 5, "{shown:#}");
    assert_eq!(plan(&shown, "bookings")["steps"].as_array().unwrap().len(), 4, "{shown:#}");
    assert_eq!(plan(&shown, "messages")["messages"].as_array().unwrap().len(), 9, "{shown:#}");
    assert!(chat.booked.world.files() == files, "nothing is written");
    assert!(chat.booked.webex.lines().iter().all(|line| line.starts_with("GET ")), "nothing is done");

    chat.booked.world.json(&["pair", "--month", "--seed", "1"]);
    let files = chat.booked.world.files();
    let shown = dry(&chat);
    assert!(chat.booked.world.files() == files);
    assert_eq!(run_at(&chat, NOW, &[]).status, 0);
    let mut steps: Vec<Vec<String>> =
        plan(&shown, "bookings")["steps"].as_array().unwrap().iter().map(|step| strings(&step["people"])).collect();
    steps.iter_mut().for_each(|people| people.sort());
    steps.sort();
    assert_eq!(steps, chat.booked.meetings().into_keys().collect::<Vec<_>>());
    for message in plan(&shown, "messages")["messages"].as_array().unwrap() {
        let to = message["to"].as_str().unwrap();
        let told = if to.contains('@') { chat.headings(to) } else { heard(&chat) };
        let first = message["text"].as_str().unwrap().lines().next().unwrap();
        assert!(told.iter().any(|text| text.starts_with(first)), "{to}: {first}: {told:?}");
    }
    let shown = dry(&chat);
    assert!(shown["stages"].as_array().unwrap().iter().all(|stage| stage["plan"].is_null()), "{shown:#}");
}

/// What goes wrong, how it is fixed, and what is said about it.
struct Trouble {
    what: &'static str,
    breaks: fn(&Chat),
    repair: fn(&Chat),
    status: i32,
    /// In the first line on stderr.
    says: &'static str,
    about: &'static str,
    /// What the organizers' space hears each day, and how often it hears that it is fixed.
    heard: (&'static str, usize, usize),
    /// Whether people are asked whether they met meanwhile.
    goes_on: bool,
}

fn swap(chat: &Chat, file: &str) {
    let world = &chat.booked.world;
    fs::rename(world.path("aside"), world.path(file)).unwrap();
}

fn put_aside(chat: &Chat, file: &str) -> String {
    let world = &chat.booked.world;
    fs::copy(world.path(file), world.path("aside")).unwrap();
    world.read(file)
}

const TROUBLES: [Trouble; 6] = [
    Trouble {
        what: "a roster at fault",
        breaks: |chat| {
            let text = put_aside(chat, "staff.csv");
            chat.booked.world.write("staff.csv", format!("{text}p9,Person 9,D1\n"));
        },
        repair: |chat| swap(chat, "staff.csv"),
        status: 3,
        says: "error: staff.csv has a fault, so the last good roster",
        about: "roster",
        heard: ("The roster needs fixing", 2, 1),
        goes_on: true,
    },
    Trouble {
        what: "half a roster",
        breaks: |chat| {
            put_aside(chat, "staff.csv");
            chat.booked.world.write("staff.csv", roster(&[4]));
        },
        repair: |chat| swap(chat, "staff.csv"),
        status: 3,
        says: "error: ",
        about: "roster",
        heard: ("The roster needs fixing", 2, 1),
        goes_on: true,
    },
    Trouble {
        what: "a login that has ended",
        breaks: |chat| {
            let text = put_aside(chat, "roulette-tokens.json");
            let ended = text.replace("2026-12-15T09", "2026-12-01T09").replace("2027-03-01T09", "2026-12-01T10");
            chat.booked.world.write("roulette-tokens.json", ended);
        },
        repair: |chat| swap(chat, "roulette-tokens.json"),
        status: 4,
        says: "error: the login of organizer@example.com was not used for a long time",
        about: "login",
        heard: ("Something is in my way", 2, 1),
        goes_on: true,
    },
    Trouble {
        what: "Webex books nothing",
        breaks: |chat| chat.booked.webex.faults(&["503::/meetings"]),
        repair: |chat| chat.booked.webex.faults(&[]),
        status: 3,
        says: "error: GET /meetings: ",
        about: "Webex",
        heard: ("Something is in my way", 2, 1),
        goes_on: true,
    },
    Trouble {
        what: "a damaged state",
        breaks: |chat| {
            put_aside(chat, "roulette-state.json");
            chat.booked.world.write("roulette-state.json", "{");
        },
        repair: |chat| swap(chat, "roulette-state.json"),
        status: 1,
        says: "error: the state roulette-state.json is ",
        about: "state",
        heard: ("Something is in my way", 2, 1),
        goes_on: false,
    },
    Trouble {
        what: "a config at fault",
        breaks: |chat| {
            let text = put_aside(chat, "config.toml");
            chat.booked.world.write("config.toml", format!("{text}\n[meeting]\nminutes = 5\n"));
        },
        repair: |chat| swap(chat, "config.toml"),
        status: 2,
        says: "error: config.toml:",
        about: "config.toml",
        heard: ("Something is in my way", 0, 0),
        goes_on: false,
    },
];

#[test]
fn a_fault_is_told_once_then_daily_then_when_it_is_fixed_and_stops_nothing_else() {
    for trouble in TROUBLES {
        let chat = office();
        let Trouble { what, status, says, .. } = trouble;
        quiet(&chat, NOW);
        let headings = || (0..8).map(|person| chat.headings(&format!("p{person}@example.com")).len()).sum::<usize>();
        quiet(&chat, "2026-12-01T13:00:00Z");
        let before = headings();
        (trouble.breaks)(&chat);
        for (now, is_told) in [
            ("2026-12-02T14:00:00Z", true),
            ("2026-12-02T14:15:00Z", false),
            ("2026-12-02T16:00:00Z", false),
            ("2026-12-03T07:00:00Z", true),
            ("2026-12-03T07:15:00Z", false),
        ] {
            let run = timer(&chat, now);
            assert_eq!(run.status, status, "{what} {now}: {}", run.stderr);
            let first = run.stderr.lines().next().unwrap_or_default();
            assert_eq!(first.starts_with(says) && !first.is_empty(), is_told, "{what} {now}: {}", run.stderr);
            assert!(is_told || run.stderr.is_empty(), "{what} {now}: {}", run.stderr);
            assert_eq!(run.stderr.matches("error: ").count(), usize::from(is_told), "{what} {now}: {}", run.stderr);
        }
        assert_eq!(headings() > before, trouble.goes_on, "{what}");
        (trouble.repair)(&chat);
        let run = timer(&chat, "2026-12-03T08:00:00Z");
        assert_eq!((run.status, &*run.stderr), (0, &*format!("fixed: {}\n", trouble.about)), "{what}");
        quiet(&chat, "2026-12-03T08:15:00Z");
        quiet(&chat, "2026-12-04T08:15:00Z");
        let heard = heard(&chat);
        let (text, times, fixed) = trouble.heard;
        assert_eq!((count(&heard, text), count(&heard, "Fixed")), (times, fixed), "{what}: {heard:#?}");
        let faults = count(&heard, "Something") + count(&heard, "The roster needs") + count(&heard, "I stopped");
        assert_eq!(faults, times, "{what}: {heard:#?}");
    }
}

#[test]
fn a_webex_that_is_away_is_one_fault_whatever_waits_for_it() {
    let chat = office();
    quiet(&chat, NOW);
    chat.booked.webex.faults(&["503"]);
    let run = timer(&chat, "2026-12-02T06:00:00Z");
    assert_eq!((run.status, run.stderr.matches("error: ").count()), (3, 1), "{}", run.stderr);
    assert_eq!(chat.says("p0@example.com", "skip").status, 3, "it waits");
    // First only the event is due, then whoever is to be asked whether they met.
    for (now, stage) in [("2026-12-02T06:15:00Z", "events"), ("2026-12-02T15:00:00Z", "messages")] {
        let run = run_at(&chat, now, &["-v"]);
        assert_eq!(run.status, 3, "{now}: {}", run.stderr);
        let line = run.stdout.lines().find(|line| line.trim_start().starts_with(stage)).unwrap_or_default();
        assert!(line.contains(" left "), "{now}: {}", run.stdout);
        assert!(!run.stderr.contains("error: "), "{now}: {}", run.stderr);
    }
}

#[test]
fn a_meeting_that_was_never_booked_did_not_take_place_and_that_is_said() {
    let chat = office();
    quiet(&chat, NOW);
    // Of the second round's four meetings one is booked.
    chat.booked.webex.faults(&["403:POST:/meetings:2-99"]);
    for now in [
        "2026-12-02T13:00:00Z",
        "2026-12-03T08:00:00Z",
        "2026-12-07T08:00:00Z",
        "2026-12-09T08:30:00Z",
        "2026-12-09T13:00:00Z",
    ] {
        timer(&chat, now);
    }
    chat.booked.webex.faults(&[]);
    for now in ["2026-12-10T08:00:00Z", "2026-12-11T08:00:00Z", "2026-12-11T08:15:00Z"] {
        timer(&chat, now);
    }
    let state: Value = serde_json::from_str(&chat.booked.world.read("roulette-state.json")).unwrap();
    let round = state["rounds"].as_array().unwrap().iter().find(|round| round["date"] == "2026-12-09").unwrap().clone();
    let released = round["changes"]["released"].as_array().unwrap_or_else(|| panic!("{round:#}"));
    assert_eq!(released.len(), 3, "{round:#}");
    let heard = heard(&chat);
    let of = |beginning: &str| {
        let all: Vec<&String> = heard.iter().filter(|text| text.starts_with(beginning)).collect();
        assert_eq!(all.len(), 1, "{heard:#?}");
        // Who meets whom is chance.
        all[0].lines().filter(|line| !line.starts_with("- ")).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(of("The round of Wednesday 9 December"), @"
    The round of Wednesday 9 December: 4 meetings
    3 of them could not be booked yet.
    ");
    insta::assert_snapshot!(of("Who met in the round of Wednesday 9 December"), @"
    Who met in the round of Wednesday 9 December
    Of 1 meeting, 0 took place and 0 did not; what became of 1 is not known.
    3 more meetings were never booked, and nobody was invited.
    ");
    let names = |group: &Value| -> Vec<String> {
        let numbers = group["people"].as_array().unwrap().iter();
        numbers.map(|number| state["people"][number.to_string()].as_str().unwrap().to_owned()).collect()
    };
    let two = names(&released[0]);
    let why = chat.run(&["why", &two[0], &two[1]]);
    assert!(!why.stdout.contains("2026-12-09") || why.stdout.contains("never booked"), "{}", why.all());
    let meetings = chat.run(&["meetings", "--round", "2026-12-09"]);
    assert_eq!(meetings.stdout.matches("never booked").count(), 3, "{}", meetings.all());
    let files = chat.booked.world.files();
    quiet(&chat, "2026-12-11T08:30:00Z");
    assert!(chat.booked.world.files() == files, "once is enough");
    for person in 0..8 {
        let headings = chat.headings(&format!("p{person}@example.com"));
        assert_eq!(
            count(&headings, "Did you meet"),
            1 + usize::from(!released.iter().any(|it| names(it).contains(&format!("p{person}@example.com")))),
            "{headings:#?}"
        );
    }
}

#[test]
fn a_first_round_of_which_nothing_could_be_booked_did_not_take_place_whatever_webex_answered() {
    for fault in ["400:POST:/meetings", "403:POST:/meetings", "429=3600:POST:/meetings", "500:POST:/meetings", "503"] {
        let chat = office();
        chat.booked.webex.faults(&[fault]);
        timer(&chat, NOW);
        timer(&chat, "2026-12-02T13:30:00Z");
        chat.booked.webex.faults(&[]);
        timer(&chat, "2026-12-03T08:00:00Z");
        let meetings = chat.run(&["meetings", "--round", "2026-12-02"]);
        assert_eq!(meetings.stdout.matches("never booked").count(), 4, "{fault}: {}", meetings.all());
        let why = chat.run(&["why", "p0@example.com"]);
        assert!(!why.stdout.contains("met 2026-12-02"), "{fault}: {}", why.stdout);
    }
}

#[test]
fn a_run_draws_what_its_dry_run_showed() {
    let chat = office();
    chat.booked.webex.clock(NOW);
    let shown = chat.run(&["run", "--dry-run", "--format", "json"]);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    let stages = shown["stages"].as_array().unwrap();
    let rounds = &stages.iter().find(|stage| stage["stage"] == "draw").unwrap()["plan"]["rounds"];
    assert_eq!(rounds.as_array().unwrap().len(), 5, "{shown:#}");
    assert_eq!(chat.run(&["run"]).status, 0);
    assert_eq!(chat.booked.world.json(&["pair", "--month", "2026-12"])["rounds"], *rounds);
}

#[test]
fn with_half_a_roster_the_meetings_that_are_drawn_are_booked_as_the_dry_run_says() {
    let chat = office();
    quiet(&chat, NOW);
    let before = chat.booked.standing().len();
    chat.booked.world.write("staff.csv", roster(&[4]));
    let later = "2026-12-02T14:00:00Z";
    chat.booked.webex.clock(later);
    let says = |args: &[&str]| -> Vec<String> {
        let run = chat.booked.run_at(later, args);
        let json: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.all()));
        let of = |name: &str| {
            json["stages"].as_array().unwrap().iter().find(|it| it["stage"] == name).unwrap()["says"].clone()
        };
        ["rounds", "bookings"].map(|name| of(name).to_string()).to_vec()
    };
    let shown = says(&["run", "--dry-run", "--format", "json"]);
    assert_eq!(chat.booked.standing().len(), before);
    let done = says(&["run", "--format", "json"]);
    assert_eq!((shown[0].as_str(), done[0].as_str()), ("\"in line\"", "\"in line\""));
    assert!(shown[1].contains("4 to book") && done[1].contains("booked 4"), "{shown:?} {done:?}");
    assert_eq!(chat.booked.standing().len(), before + 4);
}

#[test]
fn a_second_fault_of_a_day_is_told_once_the_first_is_fixed() {
    let chat = office();
    quiet(&chat, NOW);
    let good = put_aside(&chat, "staff.csv");
    let told = |now: &str, roster: &str, status: i32| {
        chat.booked.world.write("staff.csv", roster);
        let run = timer(&chat, now);
        assert_eq!(run.status, status, "{now}: {}", run.stderr);
        run.stderr
    };
    assert!(
        told("2026-12-02T08:00:00Z", &format!("{good}p9,Person 9,D1\n"), 3).starts_with("error: staff.csv has a fault")
    );
    assert_eq!(told("2026-12-02T08:15:00Z", &good, 0), "fixed: roster\n");
    let second = told("2026-12-02T08:30:00Z", &roster(&[4]), 3);
    assert!(second.contains("4 of the 8 people"), "{second}");
    assert_eq!(told("2026-12-02T08:45:00Z", &roster(&[4]), 3), "");
    assert_eq!(told("2026-12-02T09:00:00Z", &good, 0), "fixed: roster\n");
    let heard = heard(&chat);
    let faults: Vec<&String> = heard.iter().filter(|text| text.starts_with("The roster needs fixing")).collect();
    assert_eq!((faults.len(), count(&heard, "Fixed")), (2, 2), "{heard:#?}");
    assert!(
        faults[1].contains("4 of the 8 people") && faults[1].ends_with("roulette pair --allow-smaller-roster"),
        "{}",
        faults[1]
    );
}

#[test]
fn that_webex_does_not_know_somebody_is_told_and_is_nothing_to_be_fixed() {
    let chat = office();
    // The small Webex has the people of the roster as it was.
    let roster = chat.booked.world.read("staff.csv").replace("p3@example.com", "nobody@example.com");
    chat.booked.world.write("staff.csv", roster);
    let run = timer(&chat, NOW);
    assert!(run.status == 3 && run.stderr.contains("Webex does not know nobody@example.com"), "{}", run.stderr);
    quiet(&chat, "2026-12-01T09:15:00Z");
    assert_eq!(count(&heard(&chat), "Fixed"), 0, "{:#?}", heard(&chat));
}

#[test]
fn what_is_told_names_the_thing_and_not_where_its_file_is() {
    let chat = office();
    quiet(&chat, NOW);
    chat.booked.world.write("roulette-state.json", "{");
    assert_eq!(timer(&chat, NOW).status, 1);
    insta::assert_snapshot!(heard(&chat).last().unwrap(), @"
    Something is in my way
    Whatever does not depend on it goes on. I look again each time I run, remind you once a day, and tell you when it is fixed. What is wrong:
    - state: the state roulette-state.json is cut short: EOF while parsing an object at line 1 column 1
    ");
}

#[test]
fn a_login_that_ends_soon_is_told_once_a_day_and_is_no_fault() {
    let chat = office();
    let text = chat.booked.world.read("roulette-tokens.json").replace("2027-03-01T09", "2026-12-12T09");
    chat.booked.world.write("roulette-tokens.json", text);
    let run = timer(&chat, NOW);
    assert_eq!(run.status, 0);
    insta::assert_snapshot!(run.stderr, @"
    warning: the login of organizer@example.com ends at 2026-12-12T09:00:00Z
    hint: log in again with: roulette auth
    ");
    quiet(&chat, NOW);
    assert_eq!(timer(&chat, "2026-12-02T09:00:00Z").stderr, run.stderr);
}

#[test]
fn one_run_at_a_time() {
    let chat = office();
    let lock = File::create(chat.booked.world.path("roulette-state.json.run.lock")).unwrap();
    lock.lock().unwrap();
    let files = chat.booked.world.files();
    let run = run_at(&chat, NOW, &[]);
    assert_eq!((run.status, &*run.stdout), (0, ""));
    assert_eq!(run.stderr, "nothing to do: another process is already at work\n");
    quiet(&chat, NOW);
    assert!(chat.booked.world.files() == files && chat.booked.webex.lines().is_empty());
    drop(lock);
    assert_eq!(run_at(&chat, NOW, &[]).status, 0);
    assert_eq!(chat.booked.standing().len(), 4);
}

/// Something that counts how often it is fetched, and answers with this status line.
fn pinged(answer: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/ping/secret", listener.local_addr().unwrap());
    let count = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 1024];
            let read = stream.read(&mut request).unwrap();
            assert!(request[..read].starts_with(b"GET /ping/secret HTTP/1.1\r\n"));
            counted.fetch_add(1, Ordering::SeqCst);
            stream
                .write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes())
                .unwrap();
        }
    });
    (address, count)
}

fn with_heartbeat(chat: &Chat, address: &str) {
    let config = chat.booked.world.read("config.toml");
    let config = config.lines().filter(|line| !line.starts_with("heartbeat")).collect::<Vec<_>>().join("\n");
    chat.booked.world.write("config.toml", config.replace("[webex]", &format!("heartbeat = \"{address}\"\n[webex]")));
}

#[test]
fn the_heartbeat_is_fetched_after_a_good_run_only() {
    let chat = office();
    let (address, count) = pinged("200 OK");
    let count = || count.load(Ordering::SeqCst);
    with_heartbeat(&chat, &address);
    assert_eq!(chat.run(&["run", "--dry-run"]).status, 0);
    assert_eq!(count(), 0, "not in a dry run");
    for times in 1..3 {
        quiet(&chat, NOW);
        assert_eq!(count(), times);
    }
    let good = chat.booked.world.read("staff.csv");
    chat.booked.world.write("staff.csv", "email,name,department\nbroken\n");
    assert_eq!(timer(&chat, NOW).status, 3);
    assert_eq!(count(), 2, "not after a fault");
    chat.booked.world.write("staff.csv", good);

    let (address, times) = pinged("503 Service Unavailable");
    with_heartbeat(&chat, &address);
    let run = run_at(&chat, NOW, &[]);
    assert_eq!((run.status, times.load(Ordering::SeqCst)), (0, 1), "{}", run.stderr);
    let warning = "warning: the heartbeat could not be sent: the answer is 503 Service Unavailable\n";
    assert!(run.stderr.ends_with(warning), "{}", run.stderr);

    for wrong in
        ["ftp://example.com/ping", "example.com", "file:///etc/passwd", "https://", "https://me:hush@example.com"]
    {
        with_heartbeat(&chat, wrong);
        let run = chat.booked.run_at("2027-01-20T09:00:00Z", &["status"]);
        assert_eq!(run.status, 2, "{wrong}: {}", run.stderr);
        assert!(run.stderr.contains("programme.heartbeat") && !run.stderr.contains("hush"), "{}", run.stderr);
    }
}
