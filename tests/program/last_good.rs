//! The last good roster: a fault in the roster's file stops no meeting, no message and no answer.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::booked::{Booked, report_room};
use crate::support::chat::Chat;
use crate::support::world::{NOW, Run, roster};

const COPY: &str = "roulette-state.json.roster";

/// Four people who are booked, with a space of the organizers.
fn chat() -> Chat {
    let booked = Booked::new("", &roster(&[2, 2]), &[]);
    booked.configure(&report_room());
    booked.world.json(&["pair", "--week", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    Chat::at(booked, NOW)
}

/// What the organizers' space heard of the roster.
fn heard(chat: &Chat) -> Vec<String> {
    let mut texts = chat.booked.webex.texts_in_space();
    texts.retain(|text| text.starts_with("The roster needs fixing"));
    texts
}

fn went_on(run: &Run, why: &str) {
    assert_eq!(run.status, 3, "{}", run.all());
    for words in
        [why, "warning: the last good roster, of 2026-12-01T09:00:00Z, is used instead", "staff.csv has a fault"]
    {
        assert!(run.stderr.contains(words), "{words}: {}", run.all());
    }
}

/// What a roster may come to, and what is told of it.
fn faults() -> Vec<(Option<Vec<u8>>, &'static str)> {
    let good = roster(&[2, 2]);
    let text = |text: String| Some(text.into_bytes());
    vec![
        (text(format!("{good}p9,Person 9,D1\n")), "staff.csv:6: email: “p9” has no @"),
        (
            text(format!("{good}p0@example.com,Person 0,D1\n")),
            "staff.csv:6: email: “p0@example.com” is already on line 2",
        ),
        (text(format!("{good}p9@example.com,Person 9\n")), "staff.csv:6: has 2 fields where the header has 3"),
        (text(good.replace("email,name", "mehl,who")), "staff.csv:1: no column `email`"),
        (text(good.replace("department", "floor")), "staff.csv:1: no column `department`"),
        (text(String::new()), "staff.csv: is empty"),
        (Some([b"\xff\xfe".as_slice(), b"e\0m\0a"].concat()), "staff.csv: is in UTF-16LE, but damaged"),
        (Some(good.replace("Person 0", "B\u{fc}ro").chars().map(|c| c as u8).collect()), "is not UTF-8 text"),
        (Some(b"PK\x03\x04 no workbook".to_vec()), "staff.csv"),
        (None, "staff.csv: cannot be read"),
    ]
}

#[test]
fn whatever_is_wrong_with_the_roster_all_but_the_draw_goes_on_with_the_last_good_one() {
    let chat = chat();
    let world = &chat.booked.world;
    let mode = std::fs::metadata(world.path(COPY)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (copy, meetings) = (world.read(COPY), chat.booked.meetings());
    for (bytes, why) in faults() {
        match bytes {
            Some(bytes) => world.write("staff.csv", bytes),
            None => std::fs::remove_file(world.path("staff.csv")).unwrap(),
        }
        went_on(&chat.booked.run(&["--dry-run"]), why);
        went_on(&chat.booked.run(&[]), why);
        went_on(&chat.run(&["notify"]), why);
        for args in [&["pair", "--week", "--dry-run"][..], &["pair", "--month"], &["simulate", "--rounds", "1"]] {
            let run = chat.run(args);
            assert!(run.status == 2 && run.stderr.contains(why), "{args:?}: {}", run.all());
        }
        for args in [&["status"][..], &["why", "p0@example.com"]] {
            let run = chat.run(args);
            assert_eq!((run.status, run.stderr.contains("is used instead")), (0, true), "{args:?}: {}", run.all());
        }
        assert_eq!((world.read(COPY), chat.booked.meetings()), (copy.clone(), meetings.clone()), "{why}");
    }
    assert_eq!(chat.headings("p0@example.com").len(), 1, "one introduction");
}

#[test]
fn an_answer_comes_from_the_last_good_roster_and_the_run_says_so() {
    let chat = chat();
    chat.booked.world.write("staff.csv", "email,name,department\nbroken\n");
    let run = chat.says("p0@example.com", "pause 2 weeks");
    went_on(&run, "staff.csv:2: has 1 fields");
    assert_eq!(chat.headings("p0@example.com"), ["Enjoy the break"]);
    assert_eq!(heard(&chat).len(), 1);
}

#[test]
fn the_organizers_space_hears_of_it_once_and_then_once_a_day_until_it_is_fixed() {
    let chat = chat();
    let (world, good) = (&chat.booked.world, roster(&[2, 2]));
    let bad = format!("{good}p9,Person 9,D1\n");
    world.write("staff.csv", &bad);
    let run = |now: &str, command: &str| chat.booked.run_at(now, &[command]);
    for command in ["schedule", "notify", "schedule", "notify"] {
        assert_eq!(run(NOW, command).status, 3);
        assert_eq!(heard(&chat).len(), 1, "{command}");
    }
    insta::assert_snapshot!(heard(&chat)[0], @"
    The roster needs fixing
    I cannot use it as it is, so I keep using the last good one, from Tuesday 1 December: meetings, messages and answers go on, and nobody counts as having left. New people and changes wait, and so does the next draw. I will remind you once a day. What is wrong:
    - staff.csv:6: email: “p9” has no @
    ");
    for (now, times) in [("2026-12-01T20:00:00Z", 1), ("2026-12-02T06:00:00Z", 2), ("2026-12-02T16:00:00Z", 2)] {
        assert_eq!(run(now, "notify").status, 3);
        assert_eq!(heard(&chat).len(), times, "{now}");
    }
    world.write("staff.csv", &good);
    assert_eq!(run("2026-12-02T17:00:00Z", "schedule").status, 0);
    world.write("staff.csv", &bad);
    assert_eq!(run("2026-12-02T18:00:00Z", "schedule").status, 3);
    assert_eq!(heard(&chat).len(), 3, "another fault is news");
}

#[test]
fn what_the_organizers_space_did_not_hear_for_lack_of_the_bot_it_hears_later() {
    let chat = chat();
    chat.booked.world.write("staff.csv", "email,name,department\nbroken\n");
    let run = chat.booked.world.run(&["schedule"]);
    assert_eq!(run.status, 3, "{}", run.all());
    assert!(heard(&chat).is_empty());
    assert_eq!(chat.run(&["notify", "--kind", "report"]).status, 3);
    assert_eq!(heard(&chat).len(), 1);
}

#[test]
fn a_roster_that_lost_too_many_is_not_kept_as_the_last_good_one() {
    let chat = chat();
    let world = &chat.booked.world;
    let copy = world.read(COPY);
    world.write("staff.csv", roster(&[1, 1]));
    let run = chat.booked.run(&[]);
    assert_eq!(run.status, 5, "{}", run.all());
    // People are written to and answered as before.
    let run = chat.run(&["notify", "--kind", "report"]);
    assert_eq!(run.status, 3, "{}", run.all());
    assert!(run.stderr.contains("are no longer on the roster"), "{}", run.stderr);
    assert_eq!(world.read(COPY), copy);
    // Nobody has left, once it cannot be read at all.
    world.write("staff.csv", "");
    assert_eq!(chat.booked.run(&[]).status, 3);
    assert_eq!(chat.booked.meetings().len(), 2);
    // So many really left.
    world.write("staff.csv", roster(&[1, 1]));
    assert_eq!(chat.booked.run(&["--allow-many-changes"]).status, 0);
    assert_eq!(chat.run(&["notify", "--kind", "report"]).status, 0);
    assert_ne!(world.read(COPY), copy);
    world.write("staff.csv", "");
    assert_eq!(chat.booked.run(&[]).status, 3);
    assert!(chat.booked.meetings().len() <= 1, "those who left do not come back");
}

#[test]
fn a_roster_is_kept_by_runs_that_write_and_by_no_others() {
    let chat = chat();
    let world = &chat.booked.world;
    let more = roster(&[2, 3]);
    let has = || world.read(COPY).contains("p4@example.com");
    world.write("staff.csv", &more);
    for args in
        [&["status"][..], &["schedule", "--dry-run"], &["notify", "--dry-run"], &["pair", "--month", "--dry-run"]]
    {
        assert_eq!(chat.run(args).status, 0);
        assert!(!has(), "{args:?}");
    }
    assert_eq!(chat.run(&["notify", "--kind", "report"]).status, 0);
    assert!(has());
    let inode = || std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(world.path(COPY)).unwrap());
    let before = inode();
    assert_eq!(chat.run(&["notify", "--kind", "report"]).status, 0);
    assert_eq!(inode(), before, "the same roster is not written again");
}

#[test]
fn without_a_last_good_roster_a_fault_is_as_it_was() {
    let chat = chat();
    let world = &chat.booked.world;
    world.write("staff.csv", "");
    for damaged in ["", "{}", "{\"format\":\"roulette-roster\"}\n{}\n"] {
        world.write(COPY, damaged);
        let run = chat.booked.run(&[]);
        assert_eq!((run.status, run.stderr.contains("is used instead")), (2, false), "{}", run.all());
    }
    std::fs::remove_file(world.path(COPY)).unwrap();
    assert_eq!(chat.booked.run(&[]).status, 2);
}

#[test]
fn the_last_good_roster_stands_though_the_config_has_other_columns_by_now() {
    let chat = chat();
    let world = &chat.booked.world;
    let config = world.read("config.toml");
    world.write("config.toml", config.replace("[webex]", "columns = { department = \"Team\" }\n[webex]"));
    went_on(&chat.booked.run(&[]), "no column “Team”");
    world.write("config.toml", config.clone() + "[pairing]\nacross = [\"team\"]\n");
    let run = chat.booked.run(&[]);
    assert_eq!(run.status, 2, "the last good roster has no such column either: {}", run.all());
    let state: Value = serde_json::from_str(&world.read("roulette-state.json")).unwrap();
    assert_eq!(state["bookings"].as_array().unwrap().len(), 2);
}

#[test]
fn while_a_run_is_refused_whoever_types_books_nobody_twice_and_nobody_hears_that_they_are_alone() {
    let chat = Chat::new(20, "");
    let at = |now: &str, command: &str| {
        chat.booked.webex.clock(now);
        chat.set_now(now);
        chat.run(&[command])
    };
    // There is time yet to find others a partner.
    assert_eq!(at("2026-12-03T09:00:00Z", "run").status, 0);
    let ahead = |meeting: &Value| meeting["start"].as_str().unwrap() > "2026-12-03";
    let standing = || chat.booked.standing().into_iter().filter(ahead).collect::<Vec<_>>();
    let people = |meeting: &Value| -> Vec<String> {
        let all = meeting["invitees"].as_array().unwrap().iter();
        all.map(|it| it["email"].as_str().unwrap().to_owned()).collect()
    };
    let groups: Vec<Vec<String>> = standing().iter().map(people).collect();
    assert_eq!(groups.len(), 10);
    // Two of each department lose their partner, so that they could meet each other.
    let split = |(at, two): (usize, &Vec<String>)| (two[at % 2].clone(), two[1 - at % 2].clone());
    let (gone, stay): (Vec<String>, Vec<String>) = groups[..4].iter().enumerate().map(split).unzip();
    let rows = chat.booked.world.read("staff.csv");
    let rows: Vec<&str> = rows.lines().filter(|row| !gone.iter().any(|one| row.starts_with(one.as_str()))).collect();
    chat.booked.world.write("staff.csv", rows.join("\n") + "\n");
    for now in ["2026-12-03T09:30:00Z", "2026-12-03T09:50:00Z"] {
        let run = at(now, "run");
        assert!(run.status == 5 && run.all().contains("of 10 booked meetings would be cancelled"), "{}", run.all());
    }
    assert_eq!(chat.says(&groups[9][0], "skip 2026-12-09").status, 0);
    assert_eq!(standing().iter().map(people).collect::<Vec<_>>(), groups[..9], "only their own is off");
    for one in stay {
        let headings = chat.headings(&one);
        assert!(!headings.iter().any(|heading| heading.contains("No partner")), "{headings:?}");
    }
}
