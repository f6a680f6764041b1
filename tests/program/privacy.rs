//! What is kept about people: shown to whoever asks, and forgotten so that no file names them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::booked::{Booked, report_room};
use crate::support::chat::{Chat, event};
use crate::support::kill::{End, kill_at};
use crate::support::world::{NOW, roster};

const ANN: &str = "p0@example.com";

/// Eight people with a booked round and a space of the organizers. The first is known to every file there is.
fn office() -> Chat {
    let booked = Booked::new(&report_room(), &roster(&[4, 4]), &[]);
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    let chat = Chat::at(booked, NOW);
    for command in ["schedule", "notify"] {
        assert_eq!(chat.run(&[command]).status, 0);
    }
    for text in ["not with Person 5", "skip 2026-12-16", "status"] {
        assert_eq!(chat.says(ANN, text).status, 0, "{text}");
    }
    assert_eq!(chat.says("p1@example.com", "not with Person 0").status, 0);
    // One is asked about them, and does not answer.
    assert_eq!(chat.says("p6@example.com", "not with Pers").status, 0);
    let world = &chat.booked.world;
    let fault = json!({ "about": format!("Webex does not know \
        {ANN}"), "printed": null, "space": null, "lasts": true, "mended": null });
    let memory = json!({ "format": "roulette-run", "version": 1, "faults": [fault] });
    world.write("roulette-state.json.run", memory.to_string());
    let members = json!({ "format": "roulette-members", "version": 1, "members": { "a": ANN, "b": "p1@example.com" } });
    world.write("roulette-state.json.members", members.to_string());
    fs::copy(world.path("staff.csv"), world.path("staff.csv.previous")).unwrap();
    fs::create_dir_all(world.path("roulette-state.json.inbox/failed")).unwrap();
    let event = |id: &str, email: &str| {
        let data = json!({ "id": id, "personEmail": email });
        json!({ "resource": "messages", "event": "created", "data": data }).to_string()
    };
    for (at, email) in [ANN, "p1@example.com"].into_iter().enumerate() {
        let name = format!("roulette-state.json.inbox/failed/20261130T09000{at}.000000Z-{at}.json");
        world.write(&name, event(&format!("m{at}"), email));
    }
    fs::remove_file(world.path("event.json")).unwrap();
    chat
}

/// The files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.flat_map(|path| if path.is_dir() { self::files(&path) } else { vec![path] }).collect()
}

/// The files that name somebody.
fn naming(chat: &Chat, names: &[&str]) -> Vec<String> {
    let folder = chat.booked.world.dir.path();
    let named = |path: &PathBuf| {
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).to_lowercase();
        names.iter().any(|name| text.contains(&name.to_lowercase()))
    };
    let mut found: Vec<String> = files(folder)
        .iter()
        .filter(|path| named(path))
        .map(|path| path.strip_prefix(folder).unwrap().display().to_string())
        .collect();
    found.sort();
    found
}

fn standing_with(chat: &Chat, email: &str) -> usize {
    chat.booked.meetings().keys().filter(|people| people.iter().any(|one| one == email)).count()
}

#[test]
fn whoever_is_forgotten_is_in_no_file_and_every_command_still_works() {
    let chat = office();
    let known = naming(&chat, &[ANN, "Person 0"]);
    assert_eq!(
        known,
        [
            "roulette-state.json",
            "roulette-state.json.inbox/failed/20261130T090000.000000Z-0.json",
            "roulette-state.json.members",
            "roulette-state.json.previous",
            "roulette-state.json.roster",
            "roulette-state.json.run",
            "staff.csv",
            "staff.csv.previous",
        ]
    );
    let all = || files(chat.booked.world.dir.path()).into_iter().map(|path| (fs::read(&path).unwrap(), path));
    let before: Vec<_> = all().filter(|(_, path)| path.extension().is_none_or(|it| it != "lock")).collect();
    let run = chat.run(&["forget", ANN]);
    assert!(run.status == 2 && run.stderr.contains("hint: remove their row, or add --from-roster"), "{}", run.all());
    let run = chat.run(&["forget", ANN, "--from-roster", "--dry-run"]);
    insta::assert_snapshot!(run.all(), @"
    p0@example.com
      will be cancelled: Person 0 and Person 5 on Wed 2026-12-02 15:10
      their row will be removed from staff.csv
      their name and address will be removed from roulette-state.json
      their name and address will be removed from roulette-state.json.inbox/failed/20261130T090000.000000Z-0.json
      their name and address will be removed from roulette-state.json.members
      their name and address will be removed from roulette-state.json.previous
      their name and address will be removed from roulette-state.json.roster
      their name and address will be removed from roulette-state.json.run
      their name and address will be removed from staff.csv.previous
      stays: that somebody without a name took part in 4 rounds
      stays at Webex: meetings that are over, for 180 days; their chat with the bot; the invitations in people's mailboxes
    --- stderr
    dry run: nothing is done
    --- status 0
    ");
    assert!(before.iter().all(|(text, path)| fs::read(path).unwrap() == *text), "nothing is done before");
    let partner: String = chat
        .booked
        .meetings()
        .keys()
        .find(|people| people.iter().any(|it| it == ANN))
        .unwrap()
        .join(" ")
        .replace(ANN, "");
    let partner = partner.trim();
    let (meetings, told) = (standing_with(&chat, ANN), chat.told(partner).len());
    assert!(meetings > 0 && !chat.told(ANN).is_empty());
    let run = chat.run(&["forget", ANN, "--from-roster", "--delete-messages"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!((standing_with(&chat, ANN), chat.told(ANN).len()), (0, 0));
    assert!(chat.told(partner).len() > told, "they hear that it is off");
    assert_eq!(naming(&chat, &[ANN, "Person 0"]), [""; 0]);
    // What is others' stays.
    let others = naming(&chat, &["p1@example.com"]);
    let kept = ["roulette-state.json", "roulette-state.json.members", "roulette-state.json.roster", "staff.csv"];
    assert!(
        kept.iter().all(|file| others.iter().any(|other| other == file)) && others[1].contains("failed"),
        "{others:?}"
    );
    for command in [
        &["status"][..],
        &["meetings"],
        &["meetings", "--person", "p1@example.com"],
        &["why", "p1@example.com"],
        &["simulate", "--rounds", "3"],
        &["pair", "--month", "2027-01", "--seed", "1"],
        &["schedule"],
        &["notify"],
        &["handle-action"],
        &["run"],
        &["roster", "check"],
        &["export", "--person", "p1@example.com"],
    ] {
        let run = chat.run(command);
        assert_eq!(run.status, 0, "{command:?}: {}", run.all());
        assert!(!run.all().contains("Person 0") && !run.all().contains(ANN), "{command:?}: {}", run.all());
    }
    assert_eq!(naming(&chat, &[ANN, "Person 0"]), [""; 0]);
    let run = chat.run(&["forget", ANN]);
    assert!(run.status == 0 && run.stderr.contains("nothing is kept about p0@example.com"), "{}", run.all());
}

/// The roster without that person.
fn remove_row(chat: &Chat, email: &str) {
    let rows = chat.booked.world.read("staff.csv");
    let rows: Vec<&str> = rows.lines().filter(|row| !row.starts_with(email)).collect();
    chat.booked.world.write("staff.csv", rows.join("\n") + "\n");
}

#[test]
fn whom_another_row_names_is_not_forgotten_by_half() {
    let chat = office();
    let world = &chat.booked.world;
    let row = |(at, row): (usize, &str)| match at {
        0 => format!("{row},manager\n"),
        2 => format!("{row},Person 0\n"),
        _ => format!("{row},\n"),
    };
    world.write("staff.csv", world.read("staff.csv").lines().enumerate().map(row).collect::<String>());
    let state = || ["roulette-state.json", "staff.csv", "roulette-state.json.roster"].map(|name| world.read(name));
    let before = state();
    for args in [&["forget", ANN, "--from-roster", "--dry-run"][..], &["forget", ANN, "--from-roster"]] {
        let run = chat.run(args);
        assert!(run.status == 2 && run.stderr.contains("also names them in the row of p1@"), "{}", run.all());
        assert!(state() == before, "{args:?}");
    }
}

#[test]
fn whose_name_is_a_part_of_anothers_is_forgotten_and_the_other_keeps_theirs() {
    let chat = office();
    let world = &chat.booked.world;
    world.write("staff.csv", world.read("staff.csv").replace("Person 0", "Ann").replace("Person 7", "Lee Ann"));
    assert_eq!(chat.run(&["notify"]).status, 0);
    let run = chat.run(&["forget", ANN, "--from-roster"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(naming(&chat, &[ANN, "\"Ann\"", ",Ann,"]), [""; 0]);
    assert!(
        world.read("staff.csv").contains("Lee Ann") && world.read("roulette-state.json.roster").contains("Lee Ann")
    );
}

#[test]
fn an_address_that_contains_theirs_is_somebody_elses() {
    let others = ["mary-p0@example.com", "p0@example.com.ua", "o'p0@example.com"];
    let roster = roster(&[4, 4]);
    let renamed = ["p1@example.com", "p5@example.com", "p6@example.com"].into_iter().zip(others);
    let roster = renamed.fold(roster, |roster, (before, now)| roster.replace(before, now));
    let booked = Booked::new("", &roster, &[]);
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    let chat = Chat::at(booked, NOW);
    assert_eq!(chat.run(&["run"]).status, 0);
    let world = &chat.booked.world;
    let meetings = chat.booked.standing().len();
    for (at, email) in others.into_iter().enumerate() {
        let data = json!({ "id": format!("m{at}"), "personEmail": email });
        let event = json!({ "resource": "messages", "event": "created", "data": data });
        let name = format!("roulette-state.json.inbox/failed/20261130T09000{at}.000000Z-{at}.json");
        fs::create_dir_all(world.path("roulette-state.json.inbox/failed")).unwrap();
        world.write(&name, event.to_string());
    }
    let export: Value = serde_json::from_str(&world.run(&["export", "--person", ANN]).stdout).unwrap();
    assert_eq!(export["waiting_events"], json!([]));
    let run = chat.run(&["forget", ANN, "--from-roster"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(chat.booked.standing().len(), meetings - 1);
    for (at, email) in others.into_iter().enumerate() {
        let event = world.read(&format!("roulette-state.json.inbox/failed/20261130T09000{at}.000000Z-{at}.json"));
        for text in [&event, &world.read("staff.csv"), &world.read("roulette-state.json")] {
            assert!(text.contains(email), "{email}: {text}");
        }
    }
    assert!(!world.read("staff.csv").lines().any(|row| row.starts_with("p0@example.com,")));
}

#[test]
fn nobody_is_forgotten_before_those_who_were_to_meet_them_are_told() {
    let chat = office();
    let partner = "p5@example.com";
    assert_eq!(chat.says(ANN, "change to thursday 12:00").status, 0);
    let before = chat.told(partner).len();
    chat.booked.webex.faults(&["500:POST:/messages"; 200]);
    let run = chat.run(&["forget", ANN, "--from-roster"]);
    assert!(run.status == 3 && run.stderr.contains("is not forgotten yet"), "{}", run.all());
    chat.booked.webex.faults(&[]);
    let run = chat.run(&["forget", ANN, "--from-roster"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(naming(&chat, &[ANN, "Person 0"]), [""; 0]);
    assert_eq!(chat.run(&["run"]).status, 0);
    let told: Vec<String> =
        chat.told(partner)[before..].iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect();
    let [news, ..] = &told[..] else { panic!("{told:?}") };
    assert!(news.contains("Person 0 cannot come") && told.iter().all(|text| !text.contains('…')), "{told:?}");
}

#[test]
fn whoever_must_be_forgotten_is_though_too_many_others_are_missing() {
    let chat = office();
    let meetings = chat.booked.standing().len();
    for gone in ["p1@", "p2@", "p3@", ANN] {
        remove_row(&chat, gone);
    }
    let run = chat.run(&["forget", ANN]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(naming(&chat, &[ANN, "Person 0"]), [""; 0]);
    assert_eq!((standing_with(&chat, ANN), chat.booked.standing().len()), (0, meetings - 1), "{}", run.all());
}

#[test]
fn whoever_was_to_meet_them_is_told_at_once_also_at_night_and_in_a_trio() {
    for departments in [&[4, 4][..], &[3, 3, 3]] {
        let booked = Booked::new("", &roster(departments), &[]);
        booked.world.json(&["pair", "--month", "--seed", "1"]);
        let chat = Chat::at(booked, NOW);
        assert_eq!(chat.run(&["run"]).status, 0);
        let meetings = chat.booked.standing();
        let invitees = |meeting: &Value| -> Vec<String> {
            let all = meeting["invitees"].as_array().unwrap().iter();
            all.map(|it| it["email"].as_str().unwrap().to_owned()).collect()
        };
        let largest = meetings.iter().map(invitees).max_by_key(Vec::len).unwrap();
        let [gone, others @ ..] = &largest[..] else { panic!("{meetings:?}") };
        let counts: Vec<usize> = others.iter().map(|one| chat.told(one).len()).collect();
        let night = "2026-12-01T23:00:00Z";
        chat.booked.webex.clock(night);
        chat.set_now(night);
        assert_eq!(chat.run(&["forget", gone, "--from-roster"]).status, 0);
        let name = gone.replace("@example.com", "").replace('p', "Person ");
        for (other, before) in others.iter().zip(counts) {
            let [message] = &chat.told(other)[before..] else { panic!("{other}: {:?}", chat.headings(other)) };
            assert!(message["text"].as_str().unwrap().contains(&format!("{name} cannot come")), "{message}");
        }
    }
}

#[test]
fn nobody_is_asked_or_told_about_somebody_without_a_name() {
    let chat = office();
    let at = |now: &str, command: &str| {
        chat.booked.webex.clock(now);
        chat.set_now(now);
        let run = chat.run(&[command]);
        assert_eq!(run.status, 0, "{now} {command}: {}", run.all());
        assert!(!run.all().contains("forgotten-"), "{}", run.all());
    };
    // Their first meeting is over, nobody has been asked about it, and the second is ahead.
    at("2026-12-02T13:20:00Z", "run");
    chat.booked.webex.clock("2026-12-02T13:45:00Z");
    chat.set_now("2026-12-02T13:45:00Z");
    let run = chat.run(&["forget", ANN, "--from-roster"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let before = chat.booked.webex.model()["messages"].as_array().unwrap().len();
    for now in ["2026-12-02T18:00:00Z", "2026-12-03T09:00:00Z", "2026-12-04T09:00:00Z", "2026-12-11T09:00:00Z"] {
        at(now, "run");
    }
    let model = chat.booked.webex.model();
    let after: Vec<String> =
        model["messages"].as_array().unwrap()[before..].iter().map(|message| message["text"].to_string()).collect();
    assert!(after.iter().any(|text| text.contains("Did you meet")), "{after:#?}");
    assert!(after.iter().all(|text| !text.contains("orgotten") && !text.contains('…')), "{after:#?}");
}

#[test]
fn whenever_a_run_is_killed_after_somebody_left_their_name_is_still_found() {
    for at in (1..).step_by(4) {
        let chat = office();
        // What they wrote is asked back, and kept with it.
        assert_eq!(chat.says("p2@example.com", "I am ill, tell Person 0").status, 0);
        remove_row(&chat, ANN);
        let end = kill_at(&chat.booked.command(NOW, &["notify"]), at);
        let run = chat.run(&["forget", ANN]);
        assert_eq!(run.status, 0, "{at}: {}", run.all());
        assert_eq!(naming(&chat, &[ANN, "Person 0"]), [""; 0], "{at}");
        if end != End::Killed {
            assert!(at > 20 && matches!(end, End::Ended(0 | 3)), "{at}: {end:?}");
            return;
        }
    }
}

#[test]
fn who_is_named_by_a_former_address_is_forgotten_whether_or_not_their_row_is_there() {
    for from_roster in [true, false] {
        let chat = office();
        let world = &chat.booked.world;
        let text = world.read("staff.csv");
        let former = |(at, row): (usize, &str)| match at {
            0 => format!("{row},formerly\n"),
            1 => format!("{row},ann@example.com\n"),
            _ => format!("{row},\n"),
        };
        world.write("staff.csv", text.lines().enumerate().map(former).collect::<String>());
        assert_eq!(chat.run(&["notify"]).status, 0);
        if !from_roster {
            remove_row(&chat, ANN);
        }
        let args = ["forget", "ann@example.com", "--from-roster"];
        let run = chat.run(if from_roster { &args } else { &args[..2] });
        assert!(run.status == 0 && run.stderr.contains("p0@example.com is forgotten"), "{}", run.all());
        assert_eq!(naming(&chat, &[ANN, "Person 0", "ann@example.com"]), [""; 0], "{from_roster}");
        assert_eq!(standing_with(&chat, ANN), 0);
    }
}

#[test]
fn the_journal_keeps_no_id_by_which_webex_would_tell_who_was_forgotten() {
    let chat = office();
    let entries = || -> Vec<Value> {
        let text = chat.booked.world.read("roulette-state.json.journal");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let state: Value = serde_json::from_str(&chat.booked.world.read("roulette-state.json")).unwrap();
    let people = state["people"].as_object().unwrap();
    let number: u64 = people.iter().find(|(_, email)| **email == ANN).unwrap().0.parse().unwrap();
    let with_id = |theirs: bool| {
        let is_in = |entry: &Value| {
            entry["people"].to_string().contains(&format!("[{number}]"))
                || entry["people"].to_string().contains(&format!("[{number},"))
                || entry["people"].to_string().contains(&format!(",{number}"))
        };
        entries().iter().filter(|entry| entry["id"].is_string() && is_in(entry) == theirs).count()
    };
    let (theirs, others) = (with_id(true), with_id(false));
    assert!(theirs > 1 && others > 1, "{:#?}", entries());
    assert_eq!(chat.run(&["forget", ANN, "--from-roster"]).status, 0);
    assert_eq!(with_id(true), 0);
    assert!(with_id(false) >= others);
}

#[test]
fn an_event_that_has_only_the_id_of_their_account_is_forgotten_too() {
    let chat = office();
    let file =
        |number: usize| format!("roulette-state.json.inbox/failed/20261201T08000{number}.000000Z-{number:032}.json");
    for (number, email) in [(1, ANN), (2, "p1@example.com")] {
        chat.booked.world.write(&file(number), event("messages", &chat.booked.webex.say(email, "hi")));
    }
    let run = chat.run(&["forget", ANN, "--from-roster"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let there = [1, 2].map(|number| chat.booked.world.path(&file(number)).exists());
    assert_eq!(there, [false, true]);
}

#[test]
fn what_waits_to_be_told_about_whom_webex_does_not_know_names_nobody_once_they_are_forgotten() {
    let chat = office();
    let world = &chat.booked.world;
    world.json(&["pair", "--week", "2027-01-06", "--seed", "3"]);
    chat.set_now("2027-01-04T09:00:00Z");
    chat.booked.webex.clock("2027-01-04T09:00:00Z");
    assert_eq!(chat.run(&["schedule"]).status, 0);
    // Webex no longer knows them, and their partner cannot be told now.
    chat.booked.webex.faults(&["404:POST:/messages:1", "503:POST:/messages"]);
    assert_eq!(chat.run(&["notify"]).status, 3);
    chat.booked.webex.faults(&["503:POST:/messages"]);
    let run = chat.run(&["forget", ANN, "--from-roster"]);
    assert!(run.status == 3 && run.stderr.contains("is not forgotten yet"), "{}", run.all());
    chat.booked.webex.faults(&[]);
    let run = chat.run(&["forget", ANN]);
    assert!(run.stderr.contains("is forgotten"), "{}", run.all());
    assert_eq!(naming(&chat, &[ANN, "Person 0"]), [""; 0]);
}

#[test]
fn messages_that_webex_does_not_let_anybody_see_are_not_called_deleted() {
    let chat = office();
    chat.booked.webex.faults(&["403:GET:/messages"; 3]);
    let run = chat.run(&["forget", ANN, "--from-roster", "--delete-messages"]);
    assert!(run.status != 0 && !run.stderr.contains("is forgotten"), "{}", run.all());
    chat.booked.webex.faults(&[]);
    assert_eq!(chat.run(&["forget", ANN, "--delete-messages"]).status, 0);
    assert_eq!((naming(&chat, &[ANN, "Person 0"]), chat.told(ANN).len()), (vec![], 0));
}

#[test]
fn whatever_call_fails_the_next_run_forgets_them() {
    let calm = office();
    calm.booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
    assert_eq!(calm.run(&["forget", ANN, "--from-roster", "--delete-messages"]).status, 0);
    let calls = calm.booked.webex.lines().len();
    assert!(calls > 6, "{calls}");
    // One call fails, or all from there on.
    let kinds = [("500", 0), ("drop-after", 0), ("drop-after", 40), ("drop-after", 0), ("500", 0), ("500", 40)];
    for (at, (kind, more)) in (1..=calls).zip(kinds.into_iter().cycle()) {
        let chat = office();
        chat.booked.webex.faults(&[&format!("{kind}:::{at}-{}", at + more)]);
        let run = chat.run(&["forget", ANN, "--from-roster", "--delete-messages"]);
        chat.booked.webex.faults(&[]);
        assert!([0, 1, 3].contains(&run.status), "{kind} {at}: {}", run.all());
        let run = chat.run(&["forget", ANN, "--from-roster", "--delete-messages"]);
        assert_eq!(run.status, 0, "{kind} {at}: {}", run.all());
        let text = chat.booked.world.read("roulette-state.json");
        let line = text.lines().find(|line| line.contains(ANN) || line.contains("Person 0"));
        assert_eq!(naming(&chat, &[ANN, "Person 0"]), [""; 0], "{kind} {at} {line:?} {}", run.all());
        assert_eq!((standing_with(&chat, ANN), chat.told(ANN).len()), (0, 0), "{kind} {at}");
    }
}

#[test]
fn all_that_is_kept_of_somebody_is_shown_and_nothing_that_is_anothers() {
    let chat = office();
    let run = chat.run(&["export", "--person", "Person 0"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let kept: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&kept["email"], &kept["roster"]["name"]), (&json!(ANN), &json!("Person 0")));
    assert_eq!(kept["state"]["choices"]["not_with"], json!(["p5@example.com"]));
    assert!(kept["state"]["rounds"].as_array().unwrap().len() > 3);
    assert!(!kept["state"]["told"].as_array().unwrap().is_empty(), "{kept:#}");
    // That p1 does not want to meet them is told to nobody.
    let text = kept.to_string();
    let wishes = text.matches("p1@example.com").count();
    let rounds = kept["state"]["rounds"].to_string() + &kept["state"]["meetings"].to_string();
    assert_eq!(wishes, rounds.matches("p1@example.com").count(), "{kept:#}");
    let run = chat.run(&["export", "--person", "nobody@example.com"]);
    assert_eq!(run.status, 2, "{}", run.all());
}

#[test]
fn what_is_kept_of_meetings_that_move_or_are_off_is_shown() {
    let chat = office();
    assert_eq!(chat.says(ANN, "change to 16:10").status, 0);
    let of = |email: &str| -> Value { serde_json::from_str(&chat.run(&["export", "--person", email]).stdout).unwrap() };
    let suggestions = |kept: &Value| -> Vec<Value> {
        let meetings = kept["state"]["meetings"].as_array().unwrap().iter();
        meetings.map(|meeting| meeting["suggestion"].clone()).filter(|it| !it.is_null()).collect()
    };
    let kept = of(ANN);
    let [mine] = &suggestions(&kept)[..] else { panic!("{kept:#}") };
    assert_eq!((&mine["by"], &mine["they_agree"]), (&json!(ANN), &json!(false)));
    assert!(mine["start"].as_str().unwrap().contains("T16:10:00"), "{mine}");
    let meetings = kept["state"]["meetings"].as_array().unwrap();
    let with = meetings.iter().find(|meeting| !meeting["suggestion"].is_null()).unwrap()["with"][0].as_str().unwrap();
    assert_eq!(suggestions(&of(with)).first(), Some(mine));
    // Whoever pauses is news for the organizers.
    assert_eq!(chat.says(ANN, "pause 6 weeks").status, 0);
    let kept = of(ANN);
    let news = kept["state"]["told_to_organizers_next"].as_array().unwrap();
    assert!(news.iter().any(|news| news["what"].as_str().unwrap().starts_with("paused until")), "{news:?}");
    assert_eq!(suggestions(&kept), [json!(null); 0]);
    assert!(!kept["state"]["called_off"].as_array().unwrap().is_empty(), "{kept:#}");
}

#[test]
fn who_left_long_ago_is_forgotten_by_itself_and_nobody_else_is() {
    let chat = office();
    let world = &chat.booked.world;
    let without = world.read("staff.csv").replace("p0@example.com,Person 0,D0\n", "");
    world.write("staff.csv", without);
    assert_eq!(chat.run(&["schedule"]).status, 0);
    let named = |what: &str| world.read("roulette-state.json").contains(what);
    let at = |now: &str| {
        chat.booked.webex.clock(now);
        chat.set_now(now);
        let run = chat.run(&["pair", "--week", "--trust-clock"]);
        assert_eq!(run.status, 0, "{now}: {}", run.all());
        run.stderr
    };
    at("2028-11-20T09:00:00Z");
    assert!(named(ANN) && named("Person 0"));
    // Somebody who left for good may be missing from this one export only.
    assert_eq!(chat.says("p2@example.com", "stop").status, 0);
    let whole = world.read("staff.csv");
    world.write("staff.csv", whole.replace("p2@example.com,Person 2,D0\n", ""));
    at("2031-02-03T09:00:00Z");
    world.write("staff.csv", &whole);
    assert!(named("p2@example.com") && named("\"stopped\""));
    // A roster counts once it was read twice.
    assert!(!at("2031-02-03T09:30:00Z").contains("forgotten"));
    let said = at("2031-02-03T10:00:00Z");
    assert!(said.contains("1 person who left 24 months ago or longer is forgotten"), "{said}");
    let text = world.read("roulette-state.json");
    let line = text.lines().find(|line| line.contains(ANN) || line.contains("Person 0"));
    assert!(line.is_none() && named("p1@example.com"), "{line:?}");
    let journal = world.read("roulette-state.json.journal");
    assert_eq!(journal.lines().filter(|line| line.contains("\"did\":\"forgotten\"")).count(), 1);
}
