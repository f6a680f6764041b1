//! What people and the organizers read about changes is true when they read it: who is alone, who left and came back,
//! and why a meeting is off.

use serde_json::json;

use crate::support::booked::{Booked, report_room};
use crate::support::chat::Chat;
use crate::support::world::{NOW, roster};

/// A booked and introduced round of four, with a space of the organizers.
fn four() -> Chat {
    let booked = Booked::new("", &roster(&[2, 2]), &[]);
    with_space(&booked, "");
    booked.world.json(&["pair", "--week", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    let chat = Chat::at(booked, NOW);
    assert_eq!(chat.run(&["notify"]).status, 0);
    chat
}

fn with_space(booked: &Booked, more: &str) {
    booked.configure(&format!("{}{more}", report_room()));
}

fn at(chat: &Chat, now: &str) {
    chat.booked.webex.clock(now);
    chat.set_now(now);
}

#[test]
fn the_space_hears_of_nobody_alone_as_long_as_a_change_of_mind_costs_nothing() {
    let chat = four();
    let [a, _] = chat.two();
    let alone =
        |chat: &Chat| chat.booked.webex.texts_in_space().iter().filter(|text| text.contains("has no partner")).count();
    assert_eq!(chat.says(&a, "skip").status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!(alone(&chat), 0, "{:?}", chat.booked.webex.texts_in_space());
    at(&chat, "2026-12-01T09:11:00Z");
    assert_eq!(chat.run(&["schedule"]).status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!(alone(&chat), 1, "{:?}", chat.booked.webex.texts_in_space());
}

#[test]
fn the_report_waits_until_those_who_are_asked_late_had_a_working_day() {
    let chat = four();
    let kinds = |now: &str| {
        at(&chat, now);
        let run = chat.run(&["notify", "--format", "json"]);
        assert_eq!(run.status, 0, "{}", run.all());
        let told: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let kinds = told["messages"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned());
        let mut kinds: Vec<String> = kinds.collect();
        kinds.dedup();
        kinds
    };
    // Wednesday's meetings are asked about on Friday.
    at(&chat, "2026-12-04T09:00:00Z");
    let preview = chat.run(&["notify", "--dry-run", "--kind", "follow-up"]);
    assert!(preview.stdout.contains("follow-up") && !preview.stdout.contains("asked "), "{}", preview.all());
    assert_eq!(kinds("2026-12-04T09:00:00Z"), ["asked"]);
    assert_eq!(kinds("2026-12-04T12:00:00Z"), [""; 0]);
    assert_eq!(kinds("2026-12-07T09:00:00Z"), ["report"]);
}

#[test]
fn whoever_undoes_a_skip_after_the_day_changed_is_not_introduced_again() {
    let chat = four();
    let [a, _] = chat.two();
    with_space(&chat.booked, "[meeting]\nweekday = \"thursday\"\n");
    assert_eq!(chat.run(&["schedule"]).status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!(chat.headings(&a).last().unwrap(), "Your meeting has a new time");
    for text in ["skip 2026-12-03", "unskip 2026-12-03"] {
        assert_eq!(chat.says(&a, text).status, 0);
    }
    assert_eq!(chat.headings(&a).last().unwrap(), "Back in");
    assert_eq!(chat.run(&["schedule"]).status, 0);
    let run = chat.run(&["notify"]);
    assert!(run.status == 0 && !run.stdout.contains("intro"), "{}", run.all());
}

#[test]
fn whoever_left_and_is_back_is_introduced_and_the_space_hears_what_is_so() {
    let chat = four();
    let [a, b] = chat.two();
    let all = roster(&[2, 2]);
    let without: String = all.lines().filter(|line| !line.starts_with(&b)).map(|line| format!("{line}\n")).collect();
    chat.booked.world.write("staff.csv", without);
    assert_eq!(chat.run(&["schedule", "--allow-many-changes"]).status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    let names: Vec<String> = all.lines().filter(|line| line.starts_with(&b)).map(str::to_owned).collect();
    let name = names[0].split(',').nth(1).unwrap();
    let off = chat.told(&a).last().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(off.starts_with("Your meeting is off") && off.contains(name) && !off.contains(&b), "{off}");
    chat.booked.world.write("staff.csv", all.clone());
    assert_eq!(chat.run(&["schedule"]).status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    let last = |email: &str| chat.headings(email).pop().unwrap();
    assert!(last(&b).starts_with("Meet Person "), "{}", last(&b));
    assert!(last(&a).ends_with(" after all"), "{}", last(&a));
}

#[test]
fn why_somebody_is_alone_is_the_rule_where_a_rule_parts_them() {
    let chat = four();
    let [a, b] = chat.two();
    with_space(&chat.booked, &format!("[pairing]\nnever_pair = {}\n", json!([[a, b]])));
    assert_eq!(chat.run(&["schedule", "--allow-many-changes"]).status, 0);
    let status = chat.run(&["status"]).stdout;
    assert!(status.contains("a rule keeps them apart") && !status.contains("cannot come"), "{status}");
}

#[test]
fn after_the_state_was_lost_nobody_is_asked_again_whether_they_met() {
    let chat = four();
    at(&chat, "2026-12-02T13:50:00Z");
    let run = chat.run(&["notify"]);
    assert!(run.stdout.contains("follow-up"), "{}", run.all());
    for name in ["roulette-state.json", "roulette-state.json.previous"] {
        std::fs::remove_file(chat.booked.world.path(name)).unwrap();
    }
    assert_eq!(chat.run(&["schedule", "--adopt"]).status, 0);
    let run = chat.run(&["notify"]);
    assert!(run.status == 0 && !run.stdout.contains("follow-up"), "{}", run.all());
}

#[test]
fn the_space_hears_once_how_a_month_went_with_the_page_about_it() {
    let chat = four();
    let kinds = |now: &str| {
        at(&chat, now);
        let run = chat.run(&["notify", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let list = json["messages"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned());
        (run.status, list.collect::<Vec<_>>())
    };
    assert_eq!(kinds("2026-12-07T09:00:00Z"), (0, vec!["report".to_owned()]));
    assert_eq!(kinds("2026-12-31T09:00:00Z"), (0, vec![]));
    // A Saturday; then the connection breaks when Webex has the page, and the next run looks before it sends.
    assert_eq!(kinds("2027-01-02T09:00:00Z"), (0, vec![]));
    chat.booked.webex.faults(&["drop-after:POST:/messages:2"]);
    assert_eq!(kinds("2027-01-04T09:00:00Z"), (0, vec!["month".to_owned(), "month-page".to_owned()]));
    chat.booked.webex.faults(&[]);
    assert_eq!(kinds("2027-01-04T10:00:00Z"), (0, vec![]));
    assert_eq!(kinds("2027-01-11T09:00:00Z"), (0, vec![]));
    let heard = chat.booked.webex.texts_in_space();
    insta::assert_snapshot!(heard[heard.len() - 2..].join("\n———\n"), @"
    How December 2026 went
    0 of 2 meetings took place, as far as is known; nothing is known about 2.
    4 of 4 people who took part met somebody, counting those meetings as having taken place.
    People now reach 100% of their colleagues in other departments within two steps; before the first round it was 0%.
    ———
    The report about December 2026, as a page to read, print and pass on.
    ");
    let model = chat.booked.webex.model();
    let last = model["messages"].as_array().unwrap().last().unwrap();
    let path = format!("/v1/messages/{}", last["id"].as_str().unwrap());
    let message = chat.booked.webex.get("sandbox-bot", &path).ok();
    assert!(message["files"][0].as_str().unwrap().ends_with("/report-2026-12.html"), "{message}");
    let page = last["content"].as_str().unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<title>Coffee Roulette"), "{page}");
    assert!(page.contains("2026-12-02") && page.trim_end().ends_with("</html>"), "{page}");
    assert!(last["card"].is_null(), "a message has a card or a file");
}
