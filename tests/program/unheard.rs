//! If nobody hears what people tap: no card has a button that cannot work, and what they type is read later.

use serde_json::Value;

use crate::socket::{Does, Listening, Trouble, UNREACHED, heard};
use crate::support::booked::{Booked, report_room};
use crate::support::chat::Chat;
use crate::support::world::{NOW, roster};

fn unheard() -> Chat {
    Chat::new(4, UNREACHED)
}

/// The last card of somebody as text, and what is written for who sees none.
fn last(chat: &Chat, email: &str) -> (String, String) {
    let told = chat.told(email);
    let last = told.last().unwrap_or_else(|| panic!("{email} was told nothing"));
    (last["card"].to_string(), last["text"].as_str().unwrap().to_owned())
}

fn say(chat: &Chat, email: &str, text: &str) {
    chat.booked.webex.say(email, text);
}

#[test]
fn a_card_has_only_what_can_work() {
    let writes = "Replies here are not read. Please write to organizer@example.com.";
    let types = "If the time does not suit you, type “1” or “/change”";
    for (before, says, has_buttons) in
        [(None, writes, false), (Some("handle-action"), types, false), (Some("event"), types, true)]
    {
        let chat = unheard();
        match before {
            Some("event") => assert_eq!(chat.says("p3@example.com", "help").status, 0),
            Some(command) => assert_eq!(chat.run(&[command]).status, 0),
            None => {}
        }
        let run = chat.run(&["notify"]);
        assert_eq!(run.status, 0, "{}", run.all());
        let hints = run.stderr.matches("hint: keep this running: roulette handle-action --listen").count();
        assert_eq!(hints, usize::from(!has_buttons), "{before:?}: {}", run.all());
        let (card, text) = last(&chat, "p0@example.com");
        assert_eq!(card.contains("Action.Submit"), has_buttons, "{before:?}: {card}");
        assert!(card.contains("Action.OpenUrl") && !card.contains("\"actions\":[]"), "{before:?}: {card}");
        assert!(text.contains(says), "{before:?}: {text}");
        if !has_buttons {
            assert!(card.contains(&says[..20]), "{before:?}: {card}");
        }
        // A day later nobody knows whether anybody listens.
        let chat = Chat::at(chat.booked, "2026-12-02T08:59:00Z");
        assert_eq!(chat.run(&["notify", "--dry-run"]).status, 0);
    }
    let chat = unheard();
    let dry = chat.run(&["schedule", "--through", "2026-12-31", "--dry-run"]);
    assert!(!dry.stderr.contains("--listen"), "nothing is to be done: {}", dry.all());
    let booked = Booked::drawn(4, UNREACHED);
    let run = booked.run(&[]);
    assert!(run.stderr.contains("hint: keep this running: roulette handle-action --listen"), "{}", run.all());
}

#[test]
fn what_was_typed_is_read_back_by_a_timer_and_answered_once() {
    for command in ["handle-action", "run"] {
        let chat = unheard();
        assert_eq!(chat.run(&["notify"]).status, 0);
        let before = ["p0@example.com", "p1@example.com"].map(|email| chat.told(email).len());
        say(&chat, "p0@example.com", "status");
        say(&chat, "p1@example.com", "pause 1 week");
        say(&chat, "p0@example.com", "help");
        let run = chat.run(&[command]);
        assert_eq!(run.status, 0, "{command}: {}", run.all());
        assert!(
            run.stderr.contains("3 messages were found that could not be heard before") || command == "run",
            "{}",
            run.all()
        );
        let after = ["p0@example.com", "p1@example.com"].map(|email| chat.told(email).len());
        assert!(after[0] == before[0] + 2 && after[1] > before[1], "{command}: {after:?} {:?}", run.all());
        assert_eq!(chat.headings("p0@example.com").last().unwrap(), "How I can help", "{command}");
        let run = chat.run(&[command]);
        assert_eq!(run.status, 0, "{command}: {}", run.all());
        assert_eq!(["p0@example.com", "p1@example.com"].map(|email| chat.told(email).len()), after, "{command}");
    }
}

#[test]
fn a_look_that_fails_is_told_and_made_later() {
    let chat = unheard();
    say(&chat, "p0@example.com", "status");
    for fault in ["500:GET:/rooms", "503:GET:/messages", "500:GET:/people/me", "gateway=502:GET:/rooms"] {
        chat.booked.webex.faults(&[fault]);
        let run = chat.run(&["handle-action"]);
        assert!(run.status == 3 && run.stderr.contains("hint: "), "{fault}: {}", run.all());
    }
    chat.booked.webex.faults(&[]);
    assert_eq!(chat.run(&["handle-action"]).status, 0);
    assert_eq!(chat.told("p0@example.com").len(), 1);
}

#[test]
fn what_was_typed_while_the_listener_was_down_is_answered_once_when_it_is_back() {
    let chat = Chat::at(Booked::new(UNREACHED, &roster(&[2, 2]), &[]), NOW);
    heard(&chat, Does::Says("p0@example.com", "status"), Trouble::None);
    let before = chat.told("p1@example.com").len();
    for (now, fault) in [("2026-12-01T12:00:00Z", ""), ("2026-12-04T12:00:00Z", "500:GET:/rooms:1")] {
        chat.set_now(now);
        chat.booked.webex.clock(now);
        say(&chat, "p1@example.com", "status");
        if !fault.is_empty() {
            chat.booked.webex.faults(&[fault]);
        }
        heard(&chat, Does::Says("p0@example.com", "help"), Trouble::None);
        let listening = Listening::start(&chat, &std::sync::Arc::default()).unwrap();
        crate::support::until("it is answered", || chat.told("p1@example.com").len() > before);
        drop(listening);
    }
    assert_eq!(chat.told("p1@example.com").len(), before + 2);
    let rooms = chat.booked.webex.calls().iter().filter(|call| is_rooms(call)).count();
    assert!(rooms >= 3, "{rooms}");
}

fn is_rooms(call: &Value) -> bool {
    call["path"].as_str().is_some_and(|path| path.starts_with("/v1/rooms?type=direct&sortBy=lastactivity"))
}

/// Four people who are heard, of whom p0 suggests another time to p2; with a space of the organizers.
fn with_a_suggestion() -> Chat {
    let config = report_room() + UNREACHED;
    let chat = Chat::new(4, &config);
    heard(&chat, Does::Says("p1@example.com", "help"), Trouble::None);
    assert_eq!(chat.run(&["notify"]).status, 0);
    heard(&chat, Does::Taps("suggest", "{}"), Trouble::None);
    heard(&chat, Does::Taps("send", r#"{"date":"2026-12-03","time":"11:00"}"#), Trouble::None);
    chat
}

#[test]
fn who_has_an_open_question_is_asked_again_once_and_the_organizers_hear_how_long_nobody_was_heard() {
    let chat = with_a_suggestion();
    let organizers =
        || chat.booked.webex.texts_in_space().iter().filter(|it| it.contains("I could not hear anybody")).count();
    let again = ["I could not hear you", "Person 0 suggests a new time"];
    for (now, times) in [
        ("2026-12-01T09:10:00Z", 0),
        ("2026-12-01T12:00:00Z", 1),
        ("2026-12-01T12:05:00Z", 1),
        ("2026-12-01T14:00:00Z", 2),
    ] {
        chat.set_now(now);
        chat.booked.webex.clock(now);
        let before = chat.headings("p2@example.com").len();
        heard(&chat, Does::Says("p3@example.com", "status"), Trouble::None);
        let log = std::sync::Arc::default();
        let listening = Listening::start(&chat, &log).unwrap();
        crate::support::until("all are asked", || organizers() >= times);
        drop(listening);
        let told = chat.headings("p2@example.com").split_off(before);
        let is_told = times > 0 && now != "2026-12-01T12:05:00Z";
        assert_eq!(told, if is_told { again.to_vec() } else { vec![] }, "{now}");
        assert_eq!(organizers(), times, "{now}");
        assert_eq!(chat.headings("p1@example.com").iter().filter(|it| **it == again[0]).count(), 0, "{now}");
    }
}

/// A day on which p0 says something that is read back.
struct Day {
    what: &'static str,
    before: fn(&Chat),
    /// When it is said, and when it is looked for.
    said: &'static str,
    looked: &'static str,
}

fn keep(chat: &Chat, way: &str, at: &str) {
    chat.booked.world.write(&format!("roulette-state.json.{way}"), at);
}

#[test]
fn whatever_is_known_of_the_last_look_what_was_typed_is_read_back_once() {
    let days = [
        Day {
            what: "a look in the future",
            before: |chat| keep(chat, "looked", "2026-12-09T09:00:00+00:00"),
            said: "2026-12-01T09:30:00Z",
            looked: "2026-12-01T09:45:00Z",
        },
        Day {
            what: "a damaged note",
            before: |chat| keep(chat, "looked", "soon"),
            said: "2026-12-01T09:30:00Z",
            looked: "2026-12-01T09:45:00Z",
        },
        Day {
            what: "only a listener, four days ago",
            before: |chat| keep(chat, "heard", "2026-12-01T09:00:00+00:00"),
            said: "2026-12-02T09:30:00Z",
            looked: "2026-12-05T09:00:00Z",
        },
        Day {
            what: "a listener that died",
            before: |chat| {
                keep(chat, "heard", "2026-12-01T09:00:00+00:00");
                keep(chat, "looked", "2026-12-01T09:00:00+00:00");
            },
            said: "2026-12-01T09:10:00Z",
            looked: "2026-12-01T09:30:00Z",
        },
        Day {
            what: "a clock half an hour ahead",
            before: |chat| {
                chat.set_now("2026-12-01T09:30:00Z");
                assert_eq!(chat.run(&["handle-action"]).status, 0);
            },
            said: "2026-12-01T09:15:00Z",
            looked: "2026-12-01T09:45:00Z",
        },
    ];
    for Day { what, before, said, looked } in days {
        for command in ["handle-action", "run"] {
            let chat = unheard();
            assert_eq!(chat.run(&["notify"]).status, 0);
            before(&chat);
            chat.booked.webex.clock(said);
            say(&chat, "p0@example.com", "help");
            chat.booked.webex.clock(looked);
            chat.set_now(looked);
            for times in 0..2 {
                let run = chat.run(&[command]);
                assert_eq!(run.status, 0, "{what} {command}: {}", run.all());
                let answers = chat.headings("p0@example.com").iter().filter(|it| *it == "How I can help").count();
                assert_eq!(answers, 1, "{what} {command} {times}: {}", run.all());
            }
        }
    }
}

#[test]
fn a_room_that_webex_does_not_show_silences_nobody_else() {
    let chat = unheard();
    assert_eq!(chat.run(&["notify"]).status, 0);
    for person in 0..4 {
        say(&chat, &format!("p{person}@example.com"), "help");
    }
    chat.booked.webex.faults(&["403:GET:/messages:2"]);
    let run = chat.run(&["handle-action"]);
    assert!(run.status == 0 && run.stderr.contains("what was typed in a room cannot be read"), "{}", run.all());
    let answered = |email: &str| chat.headings(email).iter().any(|it| it == "How I can help");
    let answered = (0..4).filter(|person| answered(&format!("p{person}@example.com"))).count();
    assert_eq!(answered, 3);
}

#[test]
fn a_state_that_was_put_back_is_told_again_what_it_does_not_know() {
    let chat = unheard();
    assert_eq!(chat.run(&["notify"]).status, 0);
    let before = chat.booked.world.read("roulette-state.json");
    chat.set_now("2026-12-01T10:00:00Z");
    chat.booked.webex.clock("2026-12-01T10:00:00Z");
    say(&chat, "p0@example.com", "stop");
    assert_eq!(chat.run(&["handle-action"]).status, 0);
    chat.booked.world.write("roulette-state.json", before);
    chat.set_now("2026-12-01T11:00:00Z");
    chat.booked.webex.clock("2026-12-01T11:00:00Z");
    assert_eq!(chat.run(&["handle-action"]).status, 0);
    assert!(chat.booked.world.read("roulette-state.json").contains("\"stopped\""));
}

#[test]
fn where_only_typing_is_heard_a_form_says_what_to_type() {
    let chat = unheard();
    assert_eq!(chat.run(&["handle-action"]).status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    say(&chat, "p0@example.com", "1");
    assert_eq!(chat.run(&["handle-action"]).status, 0);
    let (card, text) = last(&chat, "p0@example.com");
    assert!(text.contains("change 1 to Thursday 11:00") && !text.contains("fill in the card"), "{text}");
    assert!(!card.contains("Input.Date"), "{card}");
}

#[test]
fn who_is_asked_again_is_asked_when_they_work() {
    let chat = with_a_suggestion();
    // Three in the morning where they are.
    chat.set_now("2026-12-02T01:00:00Z");
    chat.booked.webex.clock("2026-12-02T01:00:00Z");
    let before = chat.headings("p2@example.com").len();
    let listening = Listening::start(&chat, &std::sync::Arc::default()).unwrap();
    let is_told = || chat.booked.webex.model()["messages"].to_string().contains("I could not hear anybody");
    crate::support::until("the organizers are told", is_told);
    drop(listening);
    assert_eq!(chat.headings("p2@example.com").len(), before, "{:?}", chat.headings("p2@example.com"));
    chat.set_now("2026-12-02T08:00:00Z");
    chat.booked.webex.clock("2026-12-02T08:00:00Z");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let told = chat.headings("p2@example.com").split_off(before);
    assert_eq!(told[..2], ["I could not hear you", "Person 0 suggests a new time"], "{told:?}");
}
