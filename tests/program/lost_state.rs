//! The state is lost while the programme's meetings are at Webex: nothing is booked over them, and they can be taken
//! over.

use serde_json::{Value, json};

use crate::support::booked::Booked;
use crate::support::chat::Chat;
use crate::support::world::{NOW, roster};

/// Two rounds of six are booked; then the state is lost, with the version before it.
fn lost(config: &str) -> Booked {
    let booked = Booked::new(config, &roster(&[3, 3]), &[]);
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    let run = booked.run(&["--through", "2026-12-09"]);
    assert_eq!(run.status, 0, "{}", run.all());
    lose(&booked);
    booked
}

fn lose(booked: &Booked) {
    for name in ["roulette-state.json", "roulette-state.json.previous"] {
        let _ = std::fs::remove_file(booked.world.path(name));
    }
}

/// In each of three rounds, everybody has one meeting.
fn everybody_meets_once_a_week(booked: &Booked) {
    let meetings = booked.standing();
    for day in ["2026-12-02", "2026-12-09", "2026-12-16"] {
        let of_day = meetings.iter().filter(|it| it["start"].as_str().unwrap().starts_with(day));
        let people = of_day.flat_map(|it| it["invitees"].as_array().unwrap());
        let mut people: Vec<&str> = people.map(|it| it["email"].as_str().unwrap()).collect();
        people.sort_unstable();
        assert_eq!(people, ["p0", "p1", "p2", "p3", "p4", "p5"].map(|it| format!("{it}@example.com")), "{day}");
    }
    assert_eq!(meetings.len(), 9);
}

fn bookings(booked: &Booked) -> usize {
    booked.writes().iter().filter(|(call, _)| call == "POST /meetings").count()
}

/// What people type is answered, but does not book them a second time either.
#[test]
fn after_an_older_state_was_put_back_nobody_who_types_gets_two_meetings() {
    let booked = Booked::new("", &roster(&[4, 4, 4]), &[]);
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    let older = booked.world.read("roulette-state.json");
    let through = ["--through", "2026-12-09"];
    assert_eq!(booked.run(&through).status, 0);
    booked.world.write("roulette-state.json", &older);
    let chat = Chat::at(booked, "2026-12-03T09:00:00Z");
    chat.booked.webex.clock("2026-12-03T09:00:00Z");
    // Their partner joins two others, whose meeting this state does not know.
    assert_eq!(chat.says("p0@example.com", "skip 2026-12-09").status, 0);
    let mut meetings: Vec<(String, String)> = Vec::new();
    for (people, starts) in chat.booked.meetings() {
        meetings
            .extend(people.into_iter().flat_map(|one| starts.iter().map(move |start| (one.clone(), start.clone()))));
    }
    let count = meetings.len();
    meetings.sort();
    meetings.dedup();
    assert_eq!(meetings.len(), count, "{meetings:#?}");
    let run = chat.run(&["schedule", "--through", "2026-12-09"]);
    assert!(run.status == 5 && run.stderr.contains("does not know"), "{}", run.all());
}

/// Whoever seems to be alone in the older state may have a meeting all the same.
#[test]
fn nobody_hears_that_they_are_alone_while_webex_has_meetings_that_an_older_state_does_not_know() {
    let booked = Booked::drawn(8, "");
    let older = booked.world.read("roulette-state.json");
    let chat = Chat::at(booked, NOW);
    assert_eq!(chat.run(&["run"]).status, 0);
    let standing = chat.booked.standing();
    let [one, other] = {
        let mut invitees = standing[0]["invitees"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap());
        [invitees.next().unwrap().to_owned(), invitees.next().unwrap().to_owned()]
    };
    chat.booked.world.write("roulette-state.json", older);
    // A wish takes the pair apart in a state that knows of no booking; nobody may conclude who made it.
    assert_eq!(chat.says(&one, &format!("not with {other}")).status, 0);
    for _ in 0..2 {
        let run = chat.run(&["run"]);
        assert!(
            run.status == 5 && run.stdout.contains("Webex has 4 meetings of this programme ahead"),
            "{}",
            run.all()
        );
        for person in [&one, &other] {
            let headings = chat.headings(person);
            assert!(!headings.iter().any(|it| it.starts_with("No partner")), "{person}: {headings:?}");
        }
    }
    assert_eq!(chat.run(&["schedule", "--adopt"]).status, 0);
    assert_eq!(chat.run(&["run"]).status, 0);
    assert_eq!(chat.booked.standing(), standing);
    let headings = [&one, &other].map(|person| chat.headings(person));
    assert!(!headings.iter().flatten().any(|it| it.starts_with("No partner")), "{headings:?}");
    assert!(!chat.booked.world.read("roulette-state.json").contains("unknown_at_webex"));
}

/// The program may not book people a second time because it has forgotten that it did.
#[test]
fn beside_meetings_that_an_older_state_does_not_know_nobody_is_booked() {
    let booked = Booked::drawn(12, "");
    assert_eq!(booked.run(&[]).status, 0);
    let older = booked.world.read("roulette-state.json");
    booked.world.json(&["pair", "--week", "2026-12-09", "--seed", "1"]);
    let through = ["--through", "2026-12-09"];
    assert_eq!(booked.run(&through).status, 0);
    let (newest, standing) = (booked.world.read("roulette-state.json"), booked.standing());
    booked.world.write("roulette-state.json", &older);
    // The same pairs are found again, and nothing is amiss.
    booked.world.json(&["pair", "--week", "2026-12-09", "--seed", "1"]);
    let again = booked.run(&through);
    assert!(again.status == 0 && !again.stderr.contains("does not know"), "{}", again.all());
    assert_eq!(booked.standing(), standing);
    booked.world.write("roulette-state.json", &older);
    booked.world.json(&["pair", "--week", "2026-12-09", "--seed", "7"]);
    for args in [&["--through", "2026-12-09", "--dry-run"][..], &through] {
        let run = booked.run(args);
        assert_eq!(run.status, 5, "{}", run.all());
        assert!(run.stderr.contains("ahead that the state roulette-state.json does not know"), "{}", run.all());
        assert_eq!(booked.standing(), standing);
    }
    // They can be taken over; or the newest state is found after all.
    assert_eq!(booked.run(&["--adopt"]).status, 0);
    let run = booked.run(&through);
    assert!(run.status == 0 && booked.standing() == standing, "{}", run.all());
    booked.world.write("roulette-state.json", &newest);
    let run = booked.run(&through);
    assert!(run.status == 0 && booked.standing() == standing, "{}", run.all());
}

#[test]
fn nothing_is_booked_over_meetings_that_the_state_does_not_know() {
    for config in ["", "host = \"participant\""] {
        let booked = lost(config);
        let standing = booked.standing();
        assert_eq!((standing.len(), bookings(&booked)), (6, 6), "{config}");
        let run = booked.run(&[]);
        assert_eq!(run.status, 5, "{config}: {}", run.all());
        assert!(run.stderr.contains("Webex has 6 meetings of this programme ahead"), "{}", run.all());
        assert!(run.stderr.contains("roulette schedule --adopt --dry-run"), "{}", run.all());
        // Drawn anew, the state has rounds and still knows no meeting.
        booked.world.json(&["pair", "--month", "--seed", "77"]);
        for args in [&["--dry-run"][..], &[]] {
            let run = booked.run(args);
            assert_eq!(run.status, 5, "{config}: {}", run.all());
        }
        assert_eq!((booked.standing(), bookings(&booked)), (standing.clone(), 6), "{config}");
        // Nor where some of the pairs come out as they were.
        booked.world.json(&["pair", "--month", "--seed", "1", "--replace"]);
        let state = booked.world.read("roulette-state.json");
        booked.world.write("staff.csv", roster(&[3, 3]).replace("Person 1,D0", "Person 1,D2"));
        booked.world.json(&["pair", "--month", "--seed", "77", "--replace"]);
        assert_eq!(booked.run(&[]).status, 5, "{config}");
        // The same draw has the same meetings: they are found again.
        booked.world.write("staff.csv", roster(&[3, 3]));
        booked.world.write("roulette-state.json", state);
        let run = booked.run(&["--through", "2026-12-09"]);
        let status = if config.is_empty() { 0 } else { 5 };
        assert_eq!((run.status, bookings(&booked)), (status, 6), "{config}: {}", run.all());
    }
}

#[test]
fn what_webex_lists_is_taken_over_and_nobody_meets_or_hears_of_it_twice() {
    for config in ["", "host = \"participant\""] {
        let booked = lost(config);
        let (before, people) = (booked.standing(), booked.meetings());
        booked.world.json(&["pair", "--month", "--seed", "77"]);
        let drawn = booked.world.read("roulette-state.json");
        let shown = booked.run(&["--adopt", "--dry-run"]);
        assert_eq!(shown.status, 0, "{}", shown.all());
        assert_eq!(booked.world.read("roulette-state.json"), drawn, "a dry run keeps nothing");
        let run = booked.run(&["--adopt"]);
        assert_eq!((run.status, &run.stdout), (0, &shown.stdout), "{}", run.all());
        assert_eq!(booked.meetings(), people, "they stay as they are");
        let log = booked.world.json(&["log"]);
        let adopted = log["entries"].as_array().unwrap().iter().filter(|entry| entry["did"] == "adopted");
        let mut adopted: Vec<&str> = adopted.map(|entry| entry["id"].as_str().unwrap()).collect();
        let mut there: Vec<&str> = before.iter().map(|it| it["id"].as_str().unwrap()).collect();
        adopted.sort_unstable();
        there.sort_unstable();
        assert_eq!(adopted, there, "{log}");
        assert!(booked.planned().iter().all(|group| people.contains_key(group)), "and are planned");
        let run = booked.run(&["--through", "2026-12-09"]);
        assert!(
            run.status == 0 && run.stdout.starts_with("Nothing to book, move or cancel: 6 meetings"),
            "{}",
            run.all()
        );
        let run = booked.run_at(NOW, &["notify"]);
        assert!(run.stdout.starts_with("Nothing is due"), "{}", run.all());
        booked.world.json(&["pair", "--month", "--seed", "5"]);
        let run = booked.run(&["--through", "2026-12-16"]);
        assert_eq!(run.status, 0, "{}", run.all());
        everybody_meets_once_a_week(&booked);
        let ids = |all: &[Value]| all.iter().map(|it| it["id"].to_string()).collect::<Vec<_>>();
        assert!(ids(&before).iter().all(|id| ids(&booked.standing()).contains(id)), "the same meetings");
        assert!(booked.run(&["--adopt"]).stderr.contains("nothing to take over"));
    }
}

#[test]
fn meetings_that_are_over_count_as_met_and_one_that_was_moved_stays_there() {
    let booked = Booked::new("", &roster(&[3, 3]), &[]);
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    assert_eq!(booked.run(&["--through", "2026-12-09"]).status, 0);
    let round = &booked.world.json(&["status"])["rounds"][0]["id"];
    assert_eq!(*round, "2026-12-02");
    let first = booked.world.json(&["meetings", "--round", "2026-12-02"]);
    let token = booked.webex.login_with(&json!({ "email": "organizer@example.com", "client": "roulette-sandbox",
        "scopes": ["meeting:schedules_read", "meeting:schedules_write"] }));
    let moved =
        booked.standing().into_iter().find(|it| it["start"].as_str().unwrap().starts_with("2026-12-09")).unwrap();
    let id = moved["id"].as_str().unwrap();
    let to = json!({ "start": "2026-12-10T08:00:00Z", "end": "2026-12-10T08:30:00Z", "timezone": "UTC" });
    booked.webex.call(&token, "PATCH", &format!("/v1/meetings/{id}"), &to).ok();
    lose(&booked);

    let now = "2026-12-04T09:00:00Z";
    booked.webex.clock(now);
    let run = booked.run_at(now, &["schedule", "--adopt"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(run.stdout.matches("  met\n").count(), 3, "{}", run.stdout);
    let after = booked.world.json_at(now, &["meetings", "--round", "2026-12-02"]);
    let people = |all: &Value| -> Vec<Value> {
        all["meetings"].as_array().unwrap().iter().map(|meeting| meeting["people"].clone()).collect()
    };
    assert_eq!(people(&after), people(&first));
    let ahead = booked.world.json_at(now, &["meetings", "--from", "2026-12-10"]);
    let [meeting] = &ahead["meetings"].as_array().unwrap()[..] else { panic!("{ahead}") };
    assert_eq!(
        (&meeting["state"], &meeting["start"], &meeting["moved_from"]),
        (&json!("moved"), &json!("2026-12-10T10:00:00+02:00"), &json!("2026-12-09T15:10:00+02:00"))
    );
    let run = booked.run_at(now, &["schedule"]);
    assert!(run.stdout.starts_with("Nothing to book, move or cancel: 3 meetings stand"), "{}", run.all());
    let run = booked.world.run_at(now, &["why", "p0@example.com"]);
    assert!(run.stdout.contains(", met 2026-12-02"), "{}", run.stdout);
}

#[test]
fn another_programme_of_the_same_organizer_is_none_of_its_business() {
    let booked = lost("");
    let config = booked.world.read("config.toml");
    booked.world.write("config.toml", config.replace("[programme]\n", "[programme]\nname = \"Tea\"\n"));
    booked.world.json(&["pair", "--week", "--seed", "2"]);
    let run = booked.run(&["--adopt", "--dry-run"]);
    assert!(run.stdout.starts_with("Nothing to take over"), "{}", run.all());
    let run = booked.run(&[]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(booked.standing().len(), 9);
}

#[test]
fn the_first_booking_of_a_new_programme_costs_no_further_call() {
    let booked = Booked::drawn(4, "");
    let calls = || booked.webex.lines().iter().filter(|line| line.starts_with("GET /v1/meetings")).count();
    assert_eq!(booked.run(&[]).status, 0);
    assert_eq!(calls(), 1, "the round's own");
    assert_eq!(booked.run(&[]).status, 0);
    assert_eq!(calls(), 2);
}
