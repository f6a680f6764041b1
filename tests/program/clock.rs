//! A clock that is wrong for once: nothing is sent, moved or forgotten because of it, and there is a way to go on.

use std::process::Command;

use serde_json::json;

use crate::support::booked::Booked;
use crate::support::chat::{Chat, event, handle_action};
use crate::support::world::{NOW, Run, World, words};

/// The program by the clock of this machine, at whichever time the state was saved.
fn by_the_clock(booked: &Booked, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roulette"));
    command.current_dir(booked.world.dir.path()).env_clear().env("HOME", booked.world.dir.path());
    command.env("ROULETTE_BOT_TOKEN", "sandbox-bot").env("ROULETTE_WEBHOOK_SECRET", "hush");
    command.arg("--trust-clock").args(args);
    booked.world.finish(&mut command)
}

#[test]
fn by_a_clock_that_is_not_webexs_nothing_is_kept_or_sent() {
    let booked = Booked::drawn(4, "");
    assert_eq!(booked.run(&[]).status, 0);
    // Whenever that is, the login is good.
    let tokens = booked.world.read("roulette-tokens.json");
    booked
        .world
        .write("roulette-tokens.json", tokens.replace("2026-12-15", "2099-12-15").replace("2027-03-01", "2099-03-01"));
    booked.world.write("news.md", "Hello");
    booked.world.write("card.json", json!({ "type": "AdaptiveCard", "version": "1.3", "body": [] }).to_string());
    let said = event("messages", &booked.webex.say("p0@example.com", "help"));
    let said = handle_action(&booked.world, "event.json", &said);
    let commands: [&[&str]; 5] = [
        &["schedule"],
        &["notify"],
        &["notify", "--announce", "news.md"],
        &["notify", "--card", "card.json", "--to", "p0@example.com"],
        &words(&said),
    ];
    let state = booked.world.read("roulette-state.json");
    for days in ["365", "-2"] {
        booked.webex.faults(&[&format!("date={days}")]);
        for args in commands {
            let (writes, messages) = (booked.writes().len(), booked.webex.model()["messages"].clone());
            let run = by_the_clock(&booked, args);
            assert_eq!(run.status, 5, "{args:?}: {}", run.all());
            assert!(run.stderr.contains(" at Webex, but 20"), "{}", run.all());
            assert!(run.stderr.contains("hint: correct the clock of this machine"), "{}", run.all());
            assert_eq!(
                (booked.writes().len(), booked.webex.model()["messages"].clone()),
                (writes, messages),
                "{args:?}"
            );
            assert_eq!(booked.world.read("roulette-state.json"), state, "{args:?}");
        }
        let run = by_the_clock(&booked, &["schedule", "--dry-run"]);
        assert!(run.status == 0 && run.stdout.len() > 10, "to look is no harm: {}", run.all());
        let run = booked.run_at(NOW, &["notify", "--dry-run"]);
        assert!(run.status == 0 && !run.stderr.contains("warning"), "with --now nothing is compared: {}", run.all());
    }
    booked.webex.faults(&[]);
    for args in [commands[1], commands[4]] {
        let run = by_the_clock(&booked, args);
        assert_eq!(run.status, 0, "{args:?}: {}", run.all());
    }
}

#[test]
fn a_webex_that_cannot_be_asked_for_the_time_is_come_back_to() {
    let booked = Booked::drawn(4, "");
    booked.webex.faults(&["drop-before"]);
    let before = booked.world.files();
    let run = by_the_clock(&booked, &["notify"]);
    assert!(run.status == 3 && booked.world.files() == before, "{}", run.all());
}

/// What a clock that is wrong for once says.
const WRONG: &str = "2027-12-01T09:00:00Z";

#[test]
fn a_state_of_the_future_is_not_changed_unless_somebody_says_so() {
    let chat = Chat::new(4, "");
    let world = &chat.booked.world;
    assert_eq!(chat.booked.run_at(WRONG, &["pair", "--week"]).status, 0);
    let state = world.read("roulette-state.json");
    assert!(state.contains("\"saved\": \"2027-12-01T09:00:00Z\""), "{state}");
    let changing: [&[&str]; 3] = [&["pair", "--month"], &["schedule"], &["notify"]];
    for args in changing {
        let run = chat.run(args);
        assert_eq!(run.status, 5, "{args:?}: {}", run.all());
        assert!(
            run.stderr.contains("the state was saved at 2027-12-01T09:00:00Z, but now it is only 2026"),
            "{}",
            run.all()
        );
        assert!(run.stderr.contains("--trust-clock"), "{}", run.all());
    }
    let said = chat.says("p0@example.com", "help");
    assert!(said.status == 5 && chat.told("p0@example.com").is_empty(), "{}", said.all());
    for args in [&["status"][..], &["meetings"], &["pair", "--month", "--dry-run"], &["notify", "--dry-run"]] {
        let run = chat.run(args);
        assert!(
            run.status == 0 && run.stderr.contains("warning: the state was saved at 2027"),
            "{args:?}: {}",
            run.all()
        );
    }
    assert_eq!(world.read("roulette-state.json"), state, "nothing is changed");
    assert_eq!(chat.run(&["notify", "--trust-clock"]).status, 0);
    assert_eq!(chat.run(&["handle-action"]).status, 0, "what waited is answered");
    assert_eq!(chat.told("p0@example.com").len(), 2);
}

#[test]
fn gaps_forward_and_a_week_back_are_nothing() {
    let world = World::of_departments("", &[3, 3]);
    for now in ["2026-12-08T09:00:00Z", "2026-12-01T09:00:00Z", "2028-12-01T09:00:00Z", "2028-11-24T09:00:00Z"] {
        let run = world.run_at(now, &["pair", "--week"]);
        assert!(run.status == 0 && !run.stderr.contains("was saved at"), "{now}: {}", run.all());
    }
}
