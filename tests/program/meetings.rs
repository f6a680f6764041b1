//! `meetings`, and everything else that says how a meeting stands: its time, what people say about it, and the report.

use serde_json::{Value, json};

use crate::support::booked::{Booked, report_room};
use crate::support::chat::{Chat, event};
use crate::support::world::{NOW, Run, World, roster};

/// Six who are booked, two of them with a comma in the name; the organizers have a space.
pub(crate) fn six() -> Chat {
    let staff = roster(&[3, 3]).replace("Person 0", "\"Kovalenko, Olena\"").replace("Person 3", "\"=Ek, Bo\"");
    let booked = Booked::new("", &staff, &[]);
    booked.configure(&report_room());
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    Chat::at(booked, NOW)
}

/// The first two who meet in the first round.
pub(crate) fn two(chat: &Chat) -> [String; 2] {
    let found = chat.booked.world.json(&["meetings", "--round", "2026-12-02"]);
    crate::support::world::strings(&found["meetings"][0]["people"]).try_into().unwrap()
}

/// Somebody taps a button of a card at that time.
pub(crate) fn taps(chat: &Chat, now: &str, email: &str, action: &str, inputs: &Value) {
    let (message, mut data) = chat.button(email, action);
    data.as_object_mut().unwrap().extend(inputs.as_object().unwrap().clone());
    chat.booked.webex.clock(now);
    let tapped = chat.booked.webex.press(email, &message, &data);
    let run = chat.booked.handle_at(now, &event("attachmentActions", &tapped));
    assert_eq!(run.status, 0, "{}", run.all());
}

pub(crate) fn notify(chat: &Chat, now: &str) -> Run {
    chat.booked.webex.clock(now);
    let run = chat.booked.run_at(now, &["notify"]);
    assert_eq!(run.status, 0, "{}", run.all());
    run
}

/// What was sent to the organizers' space: the message that it answers, and its text.
fn to_organizers(chat: &Chat) -> Vec<(Value, String)> {
    let calls = chat.booked.webex.calls();
    let sent = calls.iter().filter(|call| call["method"] == "POST" && call["body"]["roomId"].is_string());
    sent.filter(|call| call["status"] == 200)
        .map(|call| (call["body"]["parentId"].clone(), call["body"]["text"].as_str().unwrap().to_owned()))
        .collect()
}

fn states(found: &Value) -> Vec<(&str, &str)> {
    found["meetings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["state"].as_str().unwrap(), it["why"].as_str().unwrap_or_default()))
        .collect()
}

#[test]
fn before_the_first_draw_there_are_no_meetings() {
    let world = World::of_departments("", &[2, 2]);
    insta::assert_snapshot!(world.run(&["meetings"]).all(), @"
    No meetings.
    --- stderr
    --- status 0
    ");
    assert_eq!(world.json(&["meetings"]), json!({ "meetings": [] }));
    insta::assert_snapshot!(world.run(&["meetings", "--round", "2026-12-02"]).all(), @"
    No meetings.
    --- stderr
    no round is drawn for the week of 2026-12-02
    --- status 0
    ");
    insta::assert_snapshot!(world.run(&["meetings", "--from", "2026-12-02", "--to", "2026-12-01"]).all(), @"
    --- stderr
    error: --from 2026-12-02 is after --to 2026-12-01
    --- status 2
    ");
    assert_eq!(world.run(&["meetings", "--person", "nobody"]).status, 2);
}

#[test]
fn a_meeting_is_shown_as_it_stands_from_the_draw_to_what_became_of_it() {
    let chat = six();
    let world = &chat.booked.world;
    insta::assert_snapshot!(world.run(&["meetings", "--to", "2026-12-09"]).stdout, @"
    round        when                   people                                    state
    ──────────────────────────────────────────────────────────────────────────────────────────
    2026-12-02   Wed 2026-12-02 15:10   Kovalenko, Olena (D0) and Person 4 (D1)   booked
    2026-12-02   Wed 2026-12-02 15:10   Person 1 (D0) and =Ek, Bo (D1)            booked
    2026-12-02   Wed 2026-12-02 15:10   Person 2 (D0) and Person 5 (D1)           booked
    2026-12-09   Wed 2026-12-09 15:10   Kovalenko, Olena (D0) and Person 5 (D1)   to be booked
    2026-12-09   Wed 2026-12-09 15:10   Person 1 (D0) and Person 4 (D1)           to be booked
    2026-12-09   Wed 2026-12-09 15:10   Person 2 (D0) and =Ek, Bo (D1)            to be booked
    ");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, b] = two(&chat);
    let of = |now: &str| world.run_at(now, &["meetings", "--person", &a, "--to", "2026-12-05"]).stdout;
    taps(&chat, NOW, &a, "suggest", &json!({}));
    taps(&chat, NOW, &a, "send", &json!({ "date": "2026-12-03", "time": "11:00" }));
    insta::assert_snapshot!(of(NOW), @"
    round        when                   people                                    state
    ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    2026-12-02   Wed 2026-12-02 15:10   Kovalenko, Olena (D0) and Person 4 (D1)   suggested: Kovalenko, Olena suggests Thu 2026-12-03 11:00, until Wed 2026-12-02 14:10
    ");
    taps(&chat, NOW, &b, "yes", &json!({}));
    insta::assert_snapshot!(of(NOW), @"
    round        when                   people                                    state
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
    2026-12-02   Thu 2026-12-03 11:00   Kovalenko, Olena (D0) and Person 4 (D1)   moved from Wed 2026-12-02 15:10
    ");
    let pair = world.json(&["pair", "--month"]);
    let starts: Vec<&str> =
        pair["rounds"][0]["pairs"].as_array().unwrap().iter().map(|pair| pair["start"].as_str().unwrap()).collect();
    assert_eq!(starts, ["2026-12-02T15:10:00+02:00", "2026-12-02T15:10:00+02:00", "2026-12-03T11:00:00+02:00"]);
    let csv = world.run(&["meetings", "--round", "2026-12-02", "--format", "csv"]).stdout;
    assert!(csv.contains(",\"Kovalenko, Olena\",") && csv.contains("\"'=Ek, Bo\""), "{csv}");
    assert!(csv.contains(",moved,,2026-12-02T15:10:00+02:00,https://"), "{csv}");
    assert!(of("2026-12-03T14:00:00Z").trim_end().ends_with("  unknown"), "nobody has said anything");
}

#[test]
fn the_two_accounts_of_a_meeting_are_two_and_each_is_answered_for_their_own() {
    let chat = six();
    assert_eq!(chat.run(&["notify"]).status, 0);
    let thursday = "2026-12-03T09:00:00Z";
    notify(&chat, thursday);
    let [a, b] = two(&chat);
    taps(&chat, thursday, &a, "met", &json!({}));
    taps(&chat, thursday, &b, "could-not", &json!({}));
    assert_eq!(chat.headings(&a).last().unwrap(), "Good to hear");
    assert_eq!(chat.headings(&b).last().unwrap(), "Thank you for telling me");
    assert!(!chat.told(&b).last().unwrap()["text"].as_str().unwrap().contains("drawn together again"));
    let found = chat.booked.world.json_at(thursday, &["meetings", "--person", &a, "--round", "2026-12-02"]);
    let [(state, why)] = states(&found)[..] else { panic!("{found}") };
    assert!(state == "held" && why.contains(" says so, and ") && why.ends_with(" says that they could not"), "{found}");
    // Their last word counts.
    taps(&chat, thursday, &a, "could-not", &json!({}));
    let found = chat.booked.world.json_at(thursday, &["meetings", "--person", &a, "--round", "2026-12-02"]);
    assert_eq!(states(&found), [("not-held", "both said so")]);
    taps(&chat, thursday, &a, "met", &json!({}));
    taps(&chat, thursday, &b, "met", &json!({}));
    let found = chat.booked.world.json_at(thursday, &["meetings", "--person", &a, "--round", "2026-12-02"]);
    assert_eq!(states(&found), [("held", "both said so")]);
}

#[test]
fn the_report_waits_for_the_last_meeting_and_later_answers_correct_it_once_in_its_thread() {
    let chat = six();
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, b] = two(&chat);
    taps(&chat, NOW, &a, "suggest", &json!({}));
    taps(&chat, NOW, &a, "send", &json!({ "date": "2026-12-07", "time": "11:00" }));
    taps(&chat, NOW, &b, "yes", &json!({}));
    notify(&chat, "2026-12-03T09:00:00Z");
    let others: Vec<String> = (0..6).map(|at| format!("p{at}@example.com")).filter(|it| *it != a && *it != b).collect();
    taps(&chat, "2026-12-03T09:00:00Z", &others[0], "met", &json!({}));
    // Friday was its day, but for the meeting on Monday.
    for day in ["2026-12-04", "2026-12-07", "2026-12-08"] {
        let run = notify(&chat, &format!("{day}T09:30:00Z"));
        assert!(!run.stdout.contains("report"), "{day}: {}", run.all());
    }
    let run = notify(&chat, "2026-12-09T09:30:00Z");
    assert!(run.stdout.contains("report   the organizers' space"), "{}", run.all());
    let report = to_organizers(&chat).pop().unwrap();
    assert!(
        report.1.contains("Of 3 meetings, 1 took place and 0 did not; what became of 2 is not known"),
        "{report:?}"
    );
    taps(&chat, "2026-12-09T10:00:00Z", &a, "met", &json!({}));
    taps(&chat, "2026-12-09T11:00:00Z", &b, "could-not", &json!({}));
    assert!(!notify(&chat, "2026-12-09T12:00:00Z").stdout.contains("correction"), "others may answer yet");
    let run = notify(&chat, "2026-12-10T09:00:00Z");
    assert!(run.stdout.contains("correction   the organizers' space"), "{}", run.all());
    taps(&chat, "2026-12-10T10:00:00Z", &a, "could-not", &json!({}));
    for day in ["2026-12-10", "2026-12-11", "2026-12-14"] {
        assert!(!notify(&chat, &format!("{day}T12:00:00Z")).stdout.contains("correction"), "once");
    }
    let sent = to_organizers(&chat);
    let corrections: Vec<_> = sent.iter().filter(|(parent, _)| parent.is_string()).collect();
    let [(_, text)] = corrections[..] else { panic!("{sent:?}") };
    insta::assert_snapshot!(text, @"
    Who met in the round of Wednesday 2 December, after later answers
    Of 3 meetings, 2 took place and 0 did not; what became of 1 is not known.
    Accounts of one of those that took place differ: one person says that it did, and another that it did not.
    ");
}

#[test]
fn what_is_not_booked_is_shown_at_its_new_time_everywhere() {
    let chat = six();
    let world = &chat.booked.world;
    let config = world.read("config.toml");
    world.write("config.toml", format!("{config}\n[meeting]\nweekday = \"thursday\"\nstart = \"11:00\"\n"));
    let found = world.json(&["meetings", "--from", "2026-12-08"]);
    let starts = |found: &Value| -> Vec<String> {
        let mut starts: Vec<String> =
            found.as_array().unwrap().iter().map(|it| it["start"].as_str().unwrap().to_owned()).collect();
        starts.dedup();
        starts
    };
    let days = ["2026-12-10", "2026-12-17", "2026-12-24", "2026-12-31"].map(|day| format!("{day}T11:00:00+02:00"));
    assert_eq!(starts(&found["meetings"]), days);
    assert!(states(&found).iter().all(|(state, _)| *state == "to-book"));
    let drawn = world.json(&["pair", "--month", "--dry-run"]);
    let shown: Vec<String> =
        drawn["rounds"].as_array().unwrap().iter().flat_map(|round| starts(&round["pairs"])).collect();
    assert_eq!(shown[1..], days);
    assert_eq!(shown[0], "2026-12-03T11:00:00+02:00", "what is booked is to move there");
    let first = world.json(&["meetings", "--to", "2026-12-05"]);
    assert_eq!(
        (&first["meetings"][0]["state"], &first["meetings"][0]["moved_from"]),
        (&json!("to-move"), &json!("2026-12-02T15:10:00+02:00"))
    );
}

#[test]
fn why_a_meeting_is_off_is_said_and_a_wish_never_is() {
    let chat = six();
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, b] = two(&chat);
    assert_eq!(chat.says(&a, &format!("not with {b}")).status, 0);
    assert_eq!(chat.says(&a, "skip").status, 0);
    let found = chat.booked.world.json(&["meetings", "--person", &a, "--round", "2026-12-02"]);
    let [(state, why)] = states(&found)[..] else { panic!("{found}") };
    assert!(state == "cancelled" && why.ends_with(" skips this round"), "{found}");
    let all = chat.booked.world.run(&["meetings"]).all();
    assert!(!all.contains("wish") && !all.contains("not with"), "{all}");
    assert_eq!(chat.says(&a, "unskip").status, 0);
    assert_eq!(chat.booked.run(&[]).status, 0);
    let all = chat.booked.world.run(&["meetings"]).all();
    assert!(!all.contains("wish") && !all.contains("not with"), "{all}");
}

#[test]
fn a_comma_in_a_name_makes_no_further_person() {
    let chat = six();
    let told = chat.booked.webex.model()["meetings"].to_string();
    assert!(told.contains("Kovalenko, Olena and ") || told.contains(" and Kovalenko, Olena"), "{told}");
    chat.booked.world.write("roulette-state.json.x", "");
    let shown = chat.booked.run(&["--through", "2026-12-09", "--dry-run"]).stdout;
    let line = shown.lines().find(|line| line.contains("Kovalenko, Olena")).unwrap();
    assert!(line.contains("Kovalenko, Olena and ") || line.contains(" and Kovalenko, Olena"), "{line}");
}

#[test]
fn what_waits_for_working_hours_is_counted_and_said() {
    let chat = six();
    let night = "2026-12-01T04:00:00Z";
    insta::assert_snapshot!(chat.booked.run_at(night, &["notify", "--kind", "intro"]).all(), @"
    Nothing is due now.
    6 messages wait for the recipients' working hours, the first until Tue 2026-12-01 09:00 (Europe/Kyiv).
    --- stderr
    --- status 0
    ");
    let json = chat.booked.world.json_at(night, &["notify", "--kind", "intro", "--dry-run"]);
    assert_eq!((&json["waiting"], &json["waiting_until"]), (&json!(6), &json!("2026-12-01T07:00:00Z")));
    assert_eq!(json["messages"], json!([]));
}

#[test]
fn a_space_that_webex_does_not_know_is_told_of_in_every_run_until_it_is_fixed() {
    let chat = six();
    let config = chat.booked.world.read("config.toml");
    chat.booked.configure("report_room = \"nowhere\"");
    for run in 1..=3 {
        let run_ = chat.run(&["notify"]);
        assert_eq!(run_.status, 3, "{run}: {}", run_.all());
        assert!(run_.stderr.contains("warning: Webex does not know the organizers' space"), "{run}: {}", run_.all());
        assert!(run_.stderr.contains("hint: report_room under [webex]"), "{run}: {}", run_.all());
    }
    assert_eq!(to_organizers(&chat), []);
    chat.booked.world.write("config.toml", config);
    notify(&chat, NOW);
    assert!(to_organizers(&chat).len() == 1, "what waited is sent, once");
    assert!(notify(&chat, NOW).stdout.starts_with("Nothing is due."));
    assert_eq!(to_organizers(&chat).len(), 1);
}

#[test]
fn after_a_run_the_footer_says_what_was_done() {
    let booked = Booked::drawn(6, "parallel = 1");
    booked.webex.faults(&["400:POST:/meetings:2"]);
    let last = |run: &Run| run.stdout.lines().last().unwrap().to_owned();
    let run = booked.run(&["--dry-run"]);
    assert_eq!(last(&run), "3 to book, 0 to keep");
    assert_eq!(last(&booked.run(&[])), "2 booked, 1 not booked, 0 kept");
    let config = booked.world.read("config.toml");
    booked.world.write("config.toml", format!("{config}\n[meeting]\nstart = \"11:00\"\n"));
    let run = booked.run(&["--retry"]);
    assert_eq!(last(&run), "1 booked, 2 moved, 0 kept");
}

#[test]
fn a_week_that_is_off_is_no_next_round_and_a_month_is_due_when_pair_would_draw_it() {
    let chat = six();
    let world = &chat.booked.world;
    let config = world.read("config.toml");
    world.write("config.toml", format!("{config}\n[meeting]\nskip_dates = [\"2026-12-21..2026-12-25\"]\n"));
    let next = |now: &str| crate::support::world::strings(&world.json_at(now, &["status"])["next"]);
    let words = next("2026-12-17T09:00:00Z");
    assert_eq!(words[0], "next round: 2026-12-30, 3 meetings");
    assert!(words[1].starts_with("later: roulette run draws 4 rounds of 2027-01 from 2026-12-25"), "{words:?}");
    let words = next("2026-12-30T14:00:00Z");
    assert_eq!(words, ["due: draw 4 rounds of 2027-01 with: roulette pair --month 2027-01"]);
}
