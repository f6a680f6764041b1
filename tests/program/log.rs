//! The journal, and the lines on stderr as JSON: what was done, by whom, with its ids and without a text.

use std::fs;

use serde_json::{Value, json};

use crate::support::booked::Booked;
use crate::support::chat::Chat;
use crate::support::world::{NOW, Run, roster};

const ANN: &str = "p0@example.com";

fn office() -> Chat {
    Chat::at(Booked::new("", &roster(&[3, 2]), &[]), NOW)
}

/// The entries, oldest first.
fn entries(chat: &Chat, args: &[&str]) -> Vec<Value> {
    let run = chat.run(&[&["log", "--format", "json"], args].concat());
    assert!(run.status == 0 && run.stderr.is_empty(), "{}", run.all());
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    document["entries"].as_array().unwrap().clone()
}

fn did(entries: &[Value]) -> Vec<String> {
    let words = |entry: &Value| {
        let about = entry["about"].as_str().filter(|about| !about.starts_with("seed"));
        [entry["did"].as_str(), about].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    entries.iter().map(words).collect()
}

/// What stderr holds as JSON, line by line.
fn lines(run: &Run) -> Vec<Value> {
    let read = |line: &str| -> Value { serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")) };
    let lines: Vec<Value> = run.stderr.lines().map(read).collect();
    assert!(lines.iter().all(|line| line["message"].as_str().is_some_and(|it| !it.is_empty())), "{lines:?}");
    lines
}

#[test]
fn nothing_done_is_an_empty_journal() {
    let chat = office();
    let run = chat.run(&["log"]);
    assert_eq!(run.all(), "No entries.\n--- stderr\n--- status 0");
    assert_eq!(entries(&chat, &[]), [Value::Null; 0]);
    assert_eq!(chat.run(&["pair", "--month", "--dry-run"]).status, 0);
    assert_eq!(entries(&chat, &[]), [Value::Null; 0]);
}

#[test]
fn the_journal_tells_what_became_of_somebodys_meeting_and_who_had_it_done() {
    let chat = office();
    assert_eq!(chat.run(&["pair", "--week", "--seed", "1"]).status, 0);
    for command in ["schedule", "notify"] {
        assert_eq!(chat.run(&[command]).status, 0);
    }
    let partners = chat.booked.planned().into_iter().find(|people| people.contains(&ANN.to_owned())).unwrap();
    let inputs = json!({ "date": "2026-12-03", "time": "11:00" });
    assert_eq!(chat.taps(ANN, "suggest", &json!({})).status, 0);
    assert_eq!(chat.taps(ANN, "send", &inputs).status, 0);
    for partner in partners.iter().filter(|email| *email != ANN) {
        assert_eq!(chat.taps(partner, "yes", &json!({})).status, 0);
    }
    assert_eq!(chat.says(ANN, "not with Person 4").status, 0);
    assert_eq!(chat.says(ANN, "pause until 2026-12-20").status, 0);
    let of_ann = entries(&chat, &["--person", ANN]);
    assert_eq!(
        did(&of_ann),
        [
            "drawn",
            "booked",
            "sent intro",
            "sent answer",
            "suggested",
            "sent answer",
            "agreed",
            "moved",
            "sent moved",
            "sent answer",
            "paused 2026-12-20",
            "withdrawn",
            "cancelled",
            "sent answer",
        ]
    );
    // Each with its ids at Webex, and nobody else's groups.
    let model = chat.booked.webex.model();
    let ids =
        |kind: &str| -> Vec<Value> { model[kind].as_array().unwrap().iter().map(|it| it["id"].clone()).collect() };
    for entry in &of_ann {
        let of = match entry["did"].as_str().unwrap() {
            "booked" | "moved" | "cancelled" => ids("meetings"),
            "sent" => ids("messages"),
            _ => continue,
        };
        assert!(of.contains(&entry["id"]), "{entry}");
    }
    assert!(of_ann.iter().all(|entry| entry["people"].as_array().unwrap().iter().all(|group| {
        let group = group.as_array().unwrap();
        group.contains(&json!(ANN)) && group.len() <= 3
    })));
    let moved = of_ann.iter().find(|entry| entry["did"] == "moved").unwrap();
    assert_eq!((&moved["start"], &moved["round"]), (&json!("2026-12-03T11:00:00+02:00"), &json!("2026-12-02")));
    let who = |did: &str| of_ann.iter().find(|entry| entry["did"] == did).unwrap()["who"].clone();
    assert_eq!((who("suggested"), who("paused"), who("booked")), (json!(ANN), json!(ANN), Value::Null));
    assert_ne!(who("agreed"), json!(ANN));
    // A wish is nobody's business, nor is what was written.
    let text = chat.booked.world.read("roulette-state.json.journal");
    assert!(!text.contains("example.com") && !text.contains("Person") && !text.contains("not with"), "{text}");
    assert_eq!(did(&entries(&chat, &["--round", "2026-12-09"])), [""; 0]);
    assert_eq!(entries(&chat, &["--since", "2026-12-02"]).len(), 0);
    assert_eq!(entries(&chat, &["--since", "2026-12-01"]), entries(&chat, &[]));
    let run = chat.run(&["log", "--person", "Person 0", "--round", "2026-12-02"]);
    insta::assert_snapshot!(run.all(), @"
    when                  by              what                    round        people                  more
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    2026-12-01 11:00:00   pair            drawn                   2026-12-02   Person 0 and Person 3   seed 1
    2026-12-01 11:00:00   schedule        booked                  2026-12-02   Person 0 and Person 3   Wed 2026-12-02 15:10
    2026-12-01 11:00:00   notify          sent                    2026-12-02   Person 0                intro
    2026-12-01 11:00:00   Person 0        new time suggested      2026-12-02   Person 0 and Person 3   Thu 2026-12-03 11:00
    2026-12-01 11:00:00   Person 3        new time agreed         2026-12-02   Person 0 and Person 3   Thu 2026-12-03 11:00
    2026-12-01 11:00:00   handle-action   moved                   2026-12-02   Person 0 and Person 3   Thu 2026-12-03 11:00
    2026-12-01 11:00:00   handle-action   sent                    2026-12-02   Person 0                moved
    2026-12-01 11:00:00   handle-action   not to meet after all   2026-12-02   Person 0 and Person 3   one of them cannot come
    2026-12-01 11:00:00   handle-action   cancelled               2026-12-02   Person 0 and Person 3   Thu 2026-12-03 11:00
    --- stderr
    --- status 0
    ");
}

#[test]
fn what_webex_refuses_is_in_the_journal_with_its_reason() {
    let chat = office();
    assert_eq!(chat.run(&["pair", "--week", "--seed", "1"]).status, 0);
    chat.booked.webex.faults(&["400:POST:/meetings:1"]);
    assert_eq!(chat.run(&["schedule"]).status, 3);
    let refused: Vec<Value> = entries(&chat, &[]).into_iter().filter(|entry| entry["did"] == "refused").collect();
    assert!(refused.len() == 1 && refused[0]["about"] == "book", "{refused:?}");
    assert!(!refused[0]["why"].as_str().unwrap().is_empty(), "{refused:?}");
}

#[test]
fn a_run_that_was_killed_after_it_booked_leaves_it_to_the_next_to_tell() {
    let chat = office();
    assert_eq!(chat.run(&["pair", "--week", "--seed", "1"]).status, 0);
    let before = chat.booked.world.read("roulette-state.json");
    let journal = chat.booked.world.read("roulette-state.json.journal");
    assert_eq!(chat.run(&["schedule"]).status, 0);
    // As if it had been killed before it could save.
    chat.booked.world.write("roulette-state.json", before);
    chat.booked.world.write("roulette-state.json.journal", journal);
    assert_eq!(chat.run(&["schedule", "--adopt"]).status, 0);
    let booked = entries(&chat, &[]).into_iter().filter(|entry| entry["did"] == "adopted").count();
    assert_eq!(booked, chat.booked.planned().len());
}

#[test]
fn whoever_is_forgotten_has_no_name_in_the_journal() {
    let chat = office();
    assert_eq!(chat.run(&["pair", "--week", "--seed", "1"]).status, 0);
    assert_eq!(chat.run(&["schedule"]).status, 0);
    // People are numbers; but Webex may have named somebody.
    let why = json!({ "at": "2026-11-30T09:00:00Z", "did": "refused", "why": format!("{ANN} has no calendar.") });
    let journal = chat.booked.world.read("roulette-state.json.journal");
    chat.booked.world.write("roulette-state.json.journal", format!("{journal}{why}\n"));
    let exported: Value = serde_json::from_str(&chat.run(&["export", "--person", ANN]).stdout).unwrap();
    assert!(exported["journal"].as_array().unwrap().iter().any(|entry| entry["did"] == "drawn"), "{exported}");
    let run = chat.run(&["forget", ANN, "--from-roster"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let journal = chat.booked.world.read("roulette-state.json.journal");
    assert!(!journal.contains(ANN) && !journal.contains("Person 0") && journal.contains("forgotten"), "{journal}");
    let all = chat.run(&["log"]);
    assert!(all.status == 0 && !all.stdout.contains("Person 0") && !all.stdout.contains(ANN), "{}", all.all());
}

#[test]
fn a_damaged_journal_stops_nothing() {
    let chat = office();
    chat.booked.world.write("roulette-state.json.journal", b"\xff\xfe{}\n[1]\n{\"at\":");
    assert_eq!(chat.run(&["pair", "--week", "--seed", "1"]).status, 0);
    let run = chat.run(&["log"]);
    assert!(run.status == 0 && run.stderr.contains("warning: roulette-state.json.journal: 3 lines are not understood"));
    assert!(run.stdout.contains("drawn"), "{}", run.all());
    fs::remove_file(chat.booked.world.path("roulette-state.json.journal")).unwrap();
    fs::create_dir(chat.booked.world.path("roulette-state.json.journal")).unwrap();
    let run = chat.run(&["schedule"]);
    assert!(run.status == 0 && run.stderr.contains("warning: the journal is not complete"), "{}", run.all());
}

#[test]
fn each_line_on_stderr_is_json_where_that_is_asked_for() {
    let chat = office();
    let with_json = |args: &[&str]| chat.run(&[&["--log-format", "json"], args].concat());
    let run = with_json(&["pair", "--week", "--seed", "1"]);
    assert!(run.status == 0 && lines(&run)[0]["level"] == "INFO", "{}", run.all());
    let before = chat.booked.writes().len();
    let run = with_json(&["schedule"]);
    assert_eq!(run.status, 0, "{}", run.all());
    // Each change at Webex is one line with the ids of what it changed.
    let changes: Vec<Value> = lines(&run).into_iter().filter(|line| line["status"].is_u64()).collect();
    assert_eq!(changes.len(), chat.booked.writes().len() - before);
    let mut ids: Vec<&str> = changes.iter().map(|line| line["id"].as_str().unwrap()).collect();
    let standing = chat.booked.standing();
    let mut there: Vec<&str> = standing.iter().map(|meeting| meeting["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    there.sort_unstable();
    assert_eq!(ids, there);
    assert!(changes.iter().all(|line| line["tracking_id"].is_string() && line["message"] == "POST /meetings"));
    let run = with_json(&["notify"]);
    let texts = chat.told(ANN)[0]["text"].as_str().unwrap().to_owned();
    assert!(!run.stderr.contains(texts.lines().next().unwrap()), "{}", run.stderr);
    assert_eq!(lines(&run).iter().filter(|line| line["message"] == "POST /messages").count(), 5, "{}", run.all());
    // Also what Webex refuses, what nobody answers, and what is deleted.
    for (fault, status, trouble) in
        [("500:DELETE:/meetings:1-9", Some(500), "refused"), ("drop-after:DELETE:/meetings:1-9", None, "no answer")]
    {
        // Cancelling is left to the command.
        chat.booked.webex.faults(&["500:DELETE:/meetings"]);
        assert_eq!(chat.says(ANN, "skip").status, 0);
        chat.booked.webex.faults(&[fault]);
        let told = lines(&with_json(&["schedule"]));
        let is_so = |line: &&Value| line["trouble"] == trouble && line["status"].as_u64() == status;
        let line = told.iter().find(is_so).unwrap_or_else(|| panic!("{fault}: {told:?}"));
        let id = line["id"].as_str().unwrap();
        assert!(there.contains(&id) && line["message"] == format!("DELETE /meetings/{id}"), "{line}");
        chat.booked.webex.faults(&[]);
        assert_eq!(chat.says(ANN, "unskip").status, 0);
    }
    // Errors, warnings and what was typed wrong, too.
    for (args, status) in [
        (&["why", "nobody@example.com"][..], 2),
        (&["pair", "--week", "tomorrow"], 2),
        (&["--config", "nothing.toml", "status"], 2),
        (&["frobnicate"], 2),
    ] {
        let run = with_json(args);
        let lines = lines(&run);
        assert!(run.status == status && lines.iter().any(|line| line["level"] == "ERROR"), "{}", run.all());
    }
    let hinted = lines(&with_json(&["pair", "--week", "--seed", "2"]));
    assert!(
        hinted.iter().any(|line| line["hint"].as_str().is_some_and(|hint| hint.contains("--replace"))),
        "{hinted:?}"
    );
    let run = with_json(&["-v", "status"]);
    assert!(lines(&run).iter().any(|line| line["level"] == "DEBUG"), "{}", run.all());
    assert_eq!(with_json(&["-q", "schedule"]).stderr, "");
    // As people read it, a change is told where details are asked for.
    assert_eq!(chat.run(&["pair", "--month", "--seed", "2"]).status, 0);
    for (args, is_told) in
        [(&["schedule", "--through", "2026-12-09"][..], false), (&["-v", "schedule", "--through", "2026-12-16"], true)]
    {
        let run = chat.run(args);
        assert!(run.status == 0 && run.stderr.contains("booked "), "{}", run.all());
        assert_eq!(run.stderr.contains("status="), is_told, "{}", run.all());
    }
}
