//! The bot's conversation against a small Webex: what people are sent, and what they type and tap, each thing exactly
//! once.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::booked::{Booked, report_room};
use crate::support::chat::{Chat, event, handle_action};
use crate::support::trouble::{LATER, all_troubles, strike};
use crate::support::world::{NOW, Run, roster, words};

#[test]
fn nothing_booked_is_nothing_to_tell() {
    let booked = Booked::drawn(4, "");
    insta::assert_snapshot!(booked.run_at(NOW, &["notify"]).all(), @"
    Nothing is due.
    --- stderr
    --- status 0
    ");
}

#[test]
fn everybody_is_told_once_whom_they_meet() {
    let chat = Chat::new(4, "");
    // Which of the meetings is booked first, nobody knows.
    let said = chat.run(&["notify", "--dry-run"]).all();
    let said: String = said.lines().map(|line| line.split("MTID=").next().unwrap().to_owned() + "\n").collect();
    insta::assert_snapshot!(said, @"
    kind    to               text
    ──────────────────────────────────────
    intro   p0@example.com   Meet Person 2
    intro   p2@example.com   Meet Person 0
    intro   p1@example.com   Meet Person 3
    intro   p3@example.com   Meet Person 1

    p0@example.com (intro)
        Meet Person 2
        30 minutes to get to know each other, with nothing to prepare.
        You meet Person 2 (D1) on Wednesday 2 December, 15:10–15:40 (Kyiv).
        Join the meeting: https://sandbox.webex.com/sandbox/j.php?
        Something to begin with: How do you end a working day?
        If the time does not suit you, type “1” or “/change” to suggest another; type “skip” to leave this one out, or “pause” to take a break.

    p2@example.com (intro)
        Meet Person 0
        30 minutes to get to know each other, with nothing to prepare.
        You meet Person 0 (D0) on Wednesday 2 December, 15:10–15:40 (Kyiv).
        Join the meeting: https://sandbox.webex.com/sandbox/j.php?
        Something to begin with: How do you end a working day?
        If the time does not suit you, type “1” or “/change” to suggest another; type “skip” to leave this one out, or “pause” to take a break.

    p1@example.com (intro)
        Meet Person 3
        30 minutes to get to know each other, with nothing to prepare.
        You meet Person 3 (D1) on Wednesday 2 December, 15:10–15:40 (Kyiv).
        Join the meeting: https://sandbox.webex.com/sandbox/j.php?
        Something to begin with: What do you miss about the office, and what do you not miss at all?
        If the time does not suit you, type “1” or “/change” to suggest another; type “skip” to leave this one out, or “pause” to take a break.

    p3@example.com (intro)
        Meet Person 1
        30 minutes to get to know each other, with nothing to prepare.
        You meet Person 1 (D0) on Wednesday 2 December, 15:10–15:40 (Kyiv).
        Join the meeting: https://sandbox.webex.com/sandbox/j.php?
        Something to begin with: What do you miss about the office, and what do you not miss at all?
        If the time does not suit you, type “1” or “/change” to suggest another; type “skip” to leave this one out, or “pause” to take a break.
    --- stderr
    dry run: nothing is sent
    --- status 0
    ");
    assert_eq!(chat.told("p0@example.com").len(), 0);
    insta::assert_snapshot!(chat.run(&["notify"]).all(), @"
    kind    to               text
    ──────────────────────────────────────
    intro   p0@example.com   Meet Person 2
    intro   p2@example.com   Meet Person 0
    intro   p1@example.com   Meet Person 3
    intro   p3@example.com   Meet Person 1
    --- stderr
    sent 4 messages
    --- status 0
    ");
    insta::assert_snapshot!(chat.run(&["notify"]).all(), @"
    Nothing is due.
    --- stderr
    --- status 0
    ");
    for person in 0..4 {
        assert_eq!(chat.told(&format!("p{person}@example.com")).len(), 1);
    }
    insta::assert_snapshot!(chat.last("p0@example.com"), @"
    Meet Person 2
    30 minutes to get to know each other, with nothing to prepare.
    You meet Person 2 (D1) on Wednesday 2 December, 15:10–15:40 (Kyiv).
    Join the meeting: https://sandbox.webex.com/sandbox/j.php?MTID=…
    Something to begin with: How do you end a working day?
    If the time does not suit you, type “1” or “/change” to suggest another; type “skip” to leave this one out, or “pause” to take a break.
    ");
}

#[test]
fn whatever_happens_at_any_call_everybody_is_told_exactly_once() {
    let calls = {
        let chat = Chat::new(4, "parallel = 1");
        chat.booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
        assert_eq!(chat.run(&["notify"]).status, 0);
        chat.booked.webex.calls().len()
    };
    assert_eq!(calls, 4);
    all_troubles(calls, |call, trouble| {
        let chat = Chat::new(4, "parallel = 1");
        chat.booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
        strike(&chat.booked, call, trouble, &["notify"]);
        let run = chat.booked.run_at(LATER, &["notify"]);
        assert_eq!(run.status, 0, "{trouble:?} at call {call}: {}", run.all());
        for person in 0..4 {
            let told = chat.headings(&format!("p{person}@example.com"));
            assert_eq!(told.len(), 1, "{trouble:?} at call {call}: {told:?}");
        }
    });
}

#[test]
fn what_could_not_be_sent_in_time_is_sent_in_working_hours_or_not_at_all() {
    let nobody = |chat: &Chat| (0..4).all(|person| chat.told(&format!("p{person}@example.com")).is_empty());
    let unsent = |now: &str| {
        let chat = Chat::new(4, "");
        chat.booked.webex.faults(&["429=4000:POST:/messages"]);
        assert_eq!(chat.booked.run_at(now, &["notify"]).status, 3);
        chat.booked.webex.faults(&[]);
        chat
    };
    let chat = unsent(NOW);
    let night = chat.booked.run_at("2026-12-01T23:00:00Z", &["notify"]);
    assert!(night.status == 0 && nobody(&chat), "{}", night.all());
    assert_eq!(chat.booked.run_at("2026-12-02T08:00:00Z", &["notify"]).status, 0);
    assert_eq!(chat.headings("p0@example.com"), ["Meet Person 2"]);

    let chat = unsent(NOW);
    let late = chat.booked.run_at("2026-12-02T14:00:00Z", &["notify", "--verbose"]);
    assert!(late.stderr.contains("4 no longer sent: they come too late"), "{}", late.all());
    assert!(nobody(&chat));

    let chat = unsent(NOW);
    let [a, b] = chat.two();
    assert_eq!(chat.says(&a, "skip").status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    let told = [chat.headings(&a), chat.headings(&b)].concat();
    assert!(!told.iter().any(|heading| heading.starts_with("Meet ")), "{told:?}");
}

#[test]
fn a_new_time_is_suggested_agreed_to_and_both_calendars_follow() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, b] = chat.two();
    let before = chat.booked.standing();
    assert_eq!(chat.taps(&a, "suggest", &json!({})).status, 0);
    let run = chat.taps(&a, "send", &json!({ "date": "2026-12-03", "time": "11:00" }));
    assert_eq!(run.status, 0, "{}", run.all());
    insta::assert_snapshot!(chat.last(&b), @"
    Person 0 suggests a new time
    Would Thursday 3 December, 11:00–11:30 (Kyiv) suit you instead of Wednesday 2 December, 15:10?
    Please answer with the buttons of this message, or type “yes” or “no”. Until then the old time stands.
    ");
    let run = chat.taps(&b, "yes", &json!({}));
    assert_eq!(run.status, 0, "{}", run.all());
    insta::assert_snapshot!(chat.last(&a), @"
    Your meeting has a new time
    Everybody agreed. It was on Wednesday 2 December, 15:10; your calendar is updated automatically.
    You meet Person 2 (D1) on Thursday 3 December, 11:00–11:30 (Kyiv).
    Join the meeting: https://sandbox.webex.com/sandbox/j.php?MTID=…
    To suggest another time, type “1” or “/change”.
    ");
    let meetings = chat.booked.meetings();
    assert_eq!(meetings[&vec![a.clone(), b.clone()]], ["2026-12-03T09:00:00Z"]);
    let ids = |meetings: &[Value]| meetings.iter().map(|it| it["id"].to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&chat.booked.standing()), ids(&before), "the same meetings");
    assert_eq!(chat.taps(&b, "yes", &json!({})).status, 0);
    insta::assert_snapshot!(chat.last(&b), @"
    That suggestion is out of date
    It was already answered, a newer one replaced it, or its time ran out.
    You meet Person 0 (D0) on Thursday 3 December, 11:00–11:30 (Kyiv).
    Join the meeting: https://sandbox.webex.com/sandbox/j.php?MTID=…
    ");
    assert_eq!(chat.booked.run(&[]).status, 0);
    assert_eq!(chat.booked.meetings(), meetings, "and there it stays");
}

/// A yes to a new time lies in a file, and nobody has worked through it; the command line that does.
fn answered() -> (Chat, [String; 2], Vec<String>) {
    let chat = Chat::new(4, "parallel = 1");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, b] = chat.two();
    assert_eq!(chat.taps(&a, "suggest", &json!({})).status, 0);
    assert_eq!(chat.taps(&a, "send", &json!({ "date": "2026-12-03", "time": "11:00" })).status, 0);
    let (message, data) = chat.button(&b, "yes");
    let tapped = event("attachmentActions", &chat.booked.webex.press(&b, &message, &data));
    chat.booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
    let args = handle_action(&chat.booked.world, "yes.json", &tapped);
    (chat, [a, b], args)
}

#[test]
fn whatever_happens_at_any_call_of_an_answer_it_is_given_once_and_the_meeting_moves_once() {
    let calls = {
        let (chat, _, yes) = answered();
        let run = chat.run(&words(&yes));
        assert_eq!(run.status, 0, "{}", run.all());
        chat.booked.webex.calls().len()
    };
    let ids = |chat: &Chat| chat.booked.standing().iter().map(|it| it["id"].to_string()).collect::<Vec<_>>();
    assert!(calls >= 6, "who, what, a look at the meetings, the move, and two messages: {calls}");
    all_troubles(calls, |call, trouble| {
        let (chat, two, yes) = answered();
        let before = ids(&chat);
        let when = format!("{trouble:?} at call {call}");
        strike(&chat.booked, call, trouble, &words(&yes));
        for again in ["handle-action", "schedule", "notify"] {
            let run = chat.booked.run_at(LATER, &[again]);
            assert_eq!(run.status, 0, "{when}: {again}: {}", run.all());
        }
        assert_eq!(chat.booked.meetings()[&two.to_vec()], ["2026-12-03T09:00:00Z"], "{when}");
        for person in &two {
            let told = chat.headings(person);
            let moved = told.iter().filter(|heading| *heading == "Your meeting has a new time").count();
            assert_eq!(moved, 1, "{when}: {told:?}");
        }
        assert_eq!(ids(&chat), before, "{when}: the same meetings");
    });
}

#[test]
fn a_time_that_webex_refuses_is_taken_back_from_those_who_agreed() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, b] = chat.two();
    assert_eq!(chat.taps(&a, "suggest", &json!({})).status, 0);
    assert_eq!(chat.taps(&a, "send", &json!({ "date": "2026-12-03", "time": "11:00" })).status, 0);
    chat.booked.webex.faults(&["400:PATCH:/meetings"]);
    let before = chat.booked.meetings();
    let run = chat.taps(&b, "yes", &json!({}));
    assert_eq!(run.status, 0, "{}", run.all());
    chat.booked.webex.faults(&[]);
    for (person, before) in [(&a, "Your suggestion is on its way"), (&b, "Person 0 suggests a new time")] {
        let headings = chat.headings(person);
        assert_eq!(headings[headings.len() - 2..], [before, "The old time stands"]);
    }
    insta::assert_snapshot!(chat.last(&a), @"
    The old time stands
    You agreed on another time, but Webex did not accept it. I am sorry for the back and forth.
    Webex says: “This fault was requested. (400)”
    You meet Person 2 (D1) on Wednesday 2 December, 15:10–15:40 (Kyiv).
    Join the meeting: https://sandbox.webex.com/sandbox/j.php?MTID=…
    To suggest another time, type “1” or “/change”.
    ");
    assert_eq!(chat.booked.run(&[]).status, 0);
    assert_eq!(chat.booked.meetings(), before);
}

#[test]
fn what_people_choose_is_done_even_where_the_roster_looks_unsafe() {
    let chat = Chat::new(12, "");
    let [a, _] = chat.two();
    let staff = std::fs::read_to_string(chat.booked.world.path("staff.csv")).unwrap();
    let kept = |line: &&str| !["p6@", "p7@", "p8@", "p9@", "p10@", "p11@"].iter().any(|gone| line.contains(gone));
    let half: Vec<&str> = staff.lines().filter(|line| kept(line) || line.contains(&*a)).collect();
    chat.booked.world.write("staff.csv", half.join("\n"));
    assert_eq!(chat.booked.run(&[]).status, 5, "the roster is half a roster");
    let run = chat.says(&a, "skip");
    assert_eq!(run.status, 3, "{}", run.all());
    assert!(run.stderr.contains("the last good roster"), "{}", run.all());
    assert_eq!(chat.booked.meetings().len(), 5, "one is cancelled, and only one");
}

#[test]
fn an_event_waits_while_the_roster_is_empty() {
    let chat = Chat::new(4, "");
    let staff = chat.booked.world.read("staff.csv");
    // The last good one is gone with it.
    std::fs::remove_file(chat.booked.world.path("roulette-state.json.roster")).unwrap();
    chat.booked.world.write("staff.csv", "email,name,department\n");
    let run = chat.says("p0@example.com", "status");
    assert_eq!(run.status, 3, "{}", run.all());
    assert!(run.stderr.contains("left for later: the roster staff.csv is empty"), "{}", run.stderr);
    assert!(chat.told("p0@example.com").is_empty());
    chat.booked.world.write("staff.csv", staff);
    assert_eq!(chat.run(&["handle-action"]).status, 0);
    assert_eq!(chat.told("p0@example.com").len(), 1);
}

#[test]
fn the_same_event_twice_is_answered_once() {
    let chat = Chat::new(4, "");
    let said = event("messages", &chat.booked.webex.say("p0@example.com", "help"));
    for _ in 0..3 {
        assert_eq!(chat.handle(&said).status, 0);
    }
    assert_eq!(chat.told("p0@example.com").len(), 1);
}

#[test]
fn what_people_type_is_answered() {
    let chat = Chat::new(4, "");
    let mut answers: BTreeMap<&str, String> = BTreeMap::new();
    for text in
        ["help", "status", "pause until 2026-12-24", "resume", "skip", "unskip", "not with Person 3", "7", "why"]
    {
        assert_eq!(chat.says("p0@example.com", text).status, 0, "{text}");
        answers.insert(text, chat.last("p0@example.com"));
    }
    let answers: Vec<String> = answers.iter().map(|(text, answer)| format!("> {text}\n{answer}\n")).collect();
    insta::assert_snapshot!(answers.join("\n"), @"
    > 7
    Nothing to move
    You have no meeting coming up that could be moved. Type “help” to see your upcoming meetings.

    > help
    How I can help
    I introduce colleagues who seldom meet, and look after their meetings.
    Your upcoming meetings:
    1. Person 2: Wednesday 2 December, 15:10–15:40 (Kyiv)
    What you can type:
    “1, 2 …”: suggest a new time for the meeting with that number
    “/change”: suggest a new time for your next meeting
    “yes, no”: answer what I asked last
    “status”: how you take part, and whom you meet
    “why”: how partners are chosen
    “skip”: leave out the next round; also: skip next week, skip 9 December
    “unskip”: take part in it after all
    “pause 2 weeks”: take a break; also: pause until 2027-01-11
    “resume”: come back from a break
    “not with NAME”: never be paired with someone; it stays between us
    “meet NAME again”: take that back
    “stop”: leave for good
    “start”: join again

    > not with Person 3
    Noted, in confidence
    You will not be paired with Person 3. Nobody is told.
    To take this back, type “meet Person 3 again”.

    > pause until 2026-12-24
    Enjoy the break
    You are paused up to and including Thursday 24 December 2026. After that, you take part again.
    1 meeting is cancelled, and whoever you were to meet is told.
    To come back sooner, type “resume”.

    > resume
    Welcome back
    You take part again.
    Your next meeting is with Person 2 (D1) on Wednesday 2 December, 15:10–15:40 (Kyiv).

    > skip
    Skipped
    You sit out the round of Wednesday 2 December.
    Your invitation is withdrawn, and whoever you were to meet is told.
    If you change your mind, type “unskip 2026-12-02”.

    > status
    How you take part
    You take part.
    Your upcoming meetings:
    1. Person 2: Wednesday 2 December, 15:10–15:40 (Kyiv)
    Type a meeting's number to suggest a new time, or “help” for everything else.

    > unskip
    Back in
    You are no longer skipping the round of Wednesday 2 December.
    Your next meeting is with Person 2 (D1) on Wednesday 2 December, 15:10–15:40 (Kyiv).

    > why
    Why you meet whom you meet
    You meet Person 2 next.
    Each round is drawn by lot among those who may meet under the programme's rules, beginning with those who have never met. As many people as possible get a partner; nobody chooses.
    There is 1 colleague you can still meet for the first time.
    ");
}

#[test]
fn whoever_skips_is_not_met_and_the_partner_is_told() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, b] = chat.two();
    let run = chat.taps(&a, "skip", &json!({}));
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(chat.booked.meetings().len(), 1);
    insta::assert_snapshot!(chat.last(&a), @"
    Skipped
    You sit out the round of Wednesday 2 December.
    Your invitation is withdrawn, and whoever you were to meet is told.
    If you change your mind, type “unskip 2026-12-02”.
    ");
    insta::assert_snapshot!(chat.last(&b), @"
    Your meeting is off
    Person 0 cannot come on Wednesday 2 December, 15:10, so that meeting is cancelled.
    It is too late to find somebody else for you this time. You do not have to do anything: you are first in line for the next round.
    ");
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!(chat.told(&b).len(), 2, "they were told already");
}

#[test]
fn strangers_get_a_short_answer_and_bots_none() {
    let chat = Chat::new(4, "");
    let staff = std::fs::read_to_string(chat.booked.world.path("staff.csv")).unwrap();
    let staff: Vec<&str> = staff.lines().filter(|line| !line.contains("p3@")).collect();
    chat.booked.world.write("staff.csv", staff.join("\n"));
    assert_eq!(chat.says("p3@example.com", "hello").status, 0);
    insta::assert_snapshot!(chat.last("p3@example.com"), @"
    We have not met yet
    I look after the meetings of a programme for colleagues, and you are not on its list. If you would like to take part, ask whoever organizes it.
    ");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let own = chat.told("p0@example.com").remove(0);
    let bot = chat.booked.webex.get("sandbox-bot", "/v1/people/me").ok();
    assert_eq!(chat.handle(&event("messages", &json!({ "id": own["id"], "personId": bot["id"] }))).status, 0);
    assert_eq!(chat.told("p0@example.com").len(), 1);
}

const ORGANIZER: &str = "organizer@example.com";

#[test]
fn the_organizer_announces_from_chat_and_looks_at_it_first() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.says(ORGANIZER, "hello").status, 0);
    insta::assert_snapshot!(chat.last(ORGANIZER), @"
    You organize Coffee Roulette
    You are not on its list yourself, so you have no meetings here. What you can type:
    “overview”: see this round, the last answers, who has no partner, and what is stuck
    “who stopped”: see who left and who pauses
    “find NAME”: see how somebody takes part
    “pause NAME until 20 December”: pause somebody; I ask you first, and tell them
    “report”: see how many meetings of the last round took place
    “announce”: write to everybody who takes part
    “greet”: greet the newcomers, if I asked; or: greet nobody
    ");
    assert_eq!(chat.says(ORGANIZER, "/announce").status, 0);
    let nothing = json!({ "text": " ", "image": "" });
    assert_eq!(chat.taps(ORGANIZER, "test", &nothing).status, 0);
    let wrong = json!({ "text": "**Tea** in the garden", "image": "http://example.com/garden.png" });
    assert_eq!(chat.taps(ORGANIZER, "tell-all", &wrong).status, 0);
    let again = chat.told(ORGANIZER).pop().unwrap()["card"].to_string();
    assert!(again.contains("**Tea** in the garden") && again.contains("begin with https://"), "{again}");

    let hidden = json!({ "text": "\u{200b}", "image": "https://example.com/a b.png" });
    assert_eq!(chat.taps(ORGANIZER, "test", &hidden).status, 0);
    let right = json!({ "text": "**Tea** in the garden", "image": "https://example.com/garden.png" });
    assert_eq!(chat.taps(ORGANIZER, "test", &right).status, 0);
    for person in 0..4 {
        assert_eq!(chat.headings(&format!("p{person}@example.com")), [""; 0], "only the organizer sees it");
    }
    assert_eq!(chat.taps(ORGANIZER, "announce", &json!({})).status, 0);
    assert_eq!(chat.taps(ORGANIZER, "announce", &json!({})).status, 0);
    assert_eq!(chat.taps(ORGANIZER, "tell-all", &right).status, 0);
    insta::assert_snapshot!(chat.headings(ORGANIZER).join("\n"), @"
    You organize Coffee Roulette
    Write to everybody
    Write to everybody
    Write to everybody
    Write to everybody
    This is how it will look
    On its way
    Nothing to send
    Nothing to send
    ");
    for person in 0..4 {
        let told = chat.told(&format!("p{person}@example.com"));
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(
            told[0]["markdown"],
            "**Tea** in the garden\n\n[The picture of this announcement](https://example.com/garden.png)"
        );
    }
}

#[test]
fn an_announcement_waits_for_the_working_hours_of_its_reader() {
    let chat = Chat::new(4, "");
    let staff = std::fs::read_to_string(chat.booked.world.path("staff.csv")).unwrap();
    let (header, people) = staff.split_once('\n').unwrap();
    let zone = |line: &str| if line.contains("p0@") { "Asia/Singapore" } else { "" };
    let people: Vec<String> = people.lines().map(|line| format!("{line},{}", zone(line))).collect();
    chat.booked.world.write("staff.csv", format!("{header},timezone\n{}", people.join("\n")));
    chat.booked.world.write("news.md", "Tea at four");
    let announce = ["notify", "--announce", "news.md"];
    let at = |now: &str, args: &[&str]| chat.booked.run_at(now, args).all();
    let evening = "2026-12-01T10:00:00Z"; // in Singapore it is 18:00
    insta::assert_snapshot!(at(evening, &announce), @"
    --- stderr
    4 people to send it to, each in their working hours
    sent 3 messages
    1 message waits for the recipients' working hours: notify sends them then
    --- status 0
    ");
    assert_eq!(chat.headings("p0@example.com"), [""; 0]);
    assert_eq!(chat.headings("p1@example.com"), ["Tea at four"]);
    insta::assert_snapshot!(at(evening, &announce), @"
    --- stderr
    0 people to send it to, each in their working hours
    --- status 0
    ");
    let morning = "2026-12-02T01:00:00Z";
    insta::assert_snapshot!(at(morning, &["notify", "--kind", "asked"]), @"
    Nothing is due.
    1 message is left from an earlier run.
    --- stderr
    sent 1 message
    --- status 0
    ");
    assert_eq!(chat.headings("p0@example.com"), ["Tea at four"]);
    assert_eq!(at(morning, &announce), at(morning, &announce));
    assert_eq!(chat.headings("p0@example.com").len(), 1);
}

#[test]
fn nobody_but_the_organizer_announces() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.says(ORGANIZER, "announce").status, 0);
    let (_, stolen) = chat.button(ORGANIZER, "tell-all");
    assert_eq!(chat.says("p0@example.com", "announce").status, 0);
    let (message, _) = chat.button("p0@example.com", "suggest");
    let mut stolen = stolen;
    stolen.as_object_mut().unwrap().insert("text".to_owned(), json!("Free beer"));
    let run = chat.press("p0@example.com", &message, &stolen);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(run.stderr.contains("p0@example.com tried to announce something"), "{}", run.stderr);
    assert_eq!(chat.headings("p0@example.com"), ["How I can help", "That card is too old"]);
    assert_eq!(chat.headings("p1@example.com"), [""; 0]);
}

#[test]
fn nobody_moves_the_meetings_of_others() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, b] = chat.two();
    let other = (0..4).map(|person| format!("p{person}@example.com")).find(|it| *it != a && *it != b).unwrap();
    let (_, stolen) = chat.button(&a, "suggest");
    let (message, _) = chat.button(&other, "suggest");
    let run = chat.press(&other, &message, &stolen);
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains(&format!("{other} acted on a meeting that is not theirs")), "{}", run.stderr);
    insta::assert_snapshot!(chat.last(&other), @"
    That is not your meeting
    You are not one of the people in that meeting, so nothing changed.
    ");
}

/// A month of four, of whom Webex does not know the first.
fn with_a_ghost() -> Chat {
    let booked = Booked::new("", &roster(&[2, 2]), &[]);
    booked.configure(&report_room());
    let staff = std::fs::read_to_string(booked.world.path("staff.csv")).unwrap();
    booked.world.write("staff.csv", staff.replace("p0@", "ghost@"));
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    Chat::at(booked, NOW)
}

#[test]
fn an_unknown_address_is_told_to_the_organizers_and_the_partner_and_not_drawn_again() {
    let chat = with_a_ghost();
    let run = chat.run(&["notify", "--kind", "intro"]);
    assert_eq!(run.status, 3, "{}", run.all());
    let warnings: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert!(
        warnings.len() == 1 && warnings[0].starts_with("warning: Webex does not know ghost@example.com"),
        "{}",
        run.stderr
    );
    let told: Vec<_> = (1..4).flat_map(|person| chat.headings(&format!("p{person}@example.com"))).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    Meet Person 3
    Meet Person 0
    Please write to Person 0 yourself
    Meet Person 1
    ");
    insta::assert_snapshot!(chat.booked.webex.texts_in_space().join("\n"), @"
    Webex does not know these addresses
    Please check them in the roster. Whoever was to meet these people has been told.
    - Person 0: ghost@example.com
    ");
    insta::assert_snapshot!(chat.booked.run_at(NOW, &["status"]).stdout, @"
    round        when    meetings   repeats   left out   best possible
    ──────────────────────────────────────────────────────────────────
    2026-12-02   ahead   2          0         0          yes
    2026-12-09   ahead   1          0         2          yes
    2026-12-16   ahead   1          1         2          yes
    2026-12-23   ahead   1          1         2          yes
    2026-12-30   ahead   1          1         2          yes

    Left out on 2026-12-09:
      Person 3 — odd number: no pair that the rules let them join
      Person 0 — Webex does not know the address

    Left out on 2026-12-16:
      Person 2 — odd number: no pair that the rules let them join
      Person 0 — Webex does not know the address

    Left out on 2026-12-23:
      Person 3 — odd number: no pair that the rules let them join
      Person 0 — Webex does not know the address

    Left out on 2026-12-30:
      Person 2 — odd number: no pair that the rules let them join
      Person 0 — Webex does not know the address

    next round: 2026-12-02, 2 meetings
    later: roulette run draws 4 rounds of 2027-01 from 2026-12-25 on; to draw them now: roulette pair --month 2027-01
    ");
    insta::assert_snapshot!(chat.booked.run_at(NOW, &["why", "ghost@example.com"]).stdout, @"
    person          Person 0 <ghost@example.com>
    not drawn       2027-01-06: Webex does not know the address
    not drawn       2027-01-13: Webex does not know the address
    not drawn       2027-01-20: Webex does not know the address
    not drawn       2027-01-27: Webex does not know the address
    in the round of 2027-02-03, the next one in which they take part and that is not drawn yet
    can still meet  1 new
                    Person 3 (D1)
    can meet again  1
                    Person 2 (D1), booked for 2026-12-02
    cannot meet     1
                    1 with the same department (D0)
    sat out         0
    sits out        4
                    2026-12-09: Webex does not know the address
                    2026-12-16: Webex does not know the address
                    2026-12-23: Webex does not know the address
                    2026-12-30: Webex does not know the address
    ");
    assert!(!chat.run(&["notify", "--kind", "intro"]).all().contains("ghost"));
}

#[test]
fn what_webex_does_not_take_is_said_and_it_is_nobodys_address() {
    let chat = Chat::new(4, "parallel = 1");
    chat.booked.webex.faults(&["400:POST:/messages:1"]);
    let run = chat.run(&["notify", "--kind", "intro"]);
    insta::assert_snapshot!(run.stderr, @"
    warning: not sent to p0@example.com: POST /messages: This fault was requested. (400) (tracking id SANDBOX_00000004)
    sent 3 messages
    error: 1 message was refused by Webex
    hint: the reasons are given above; they are not sent again
    ");
    assert_eq!(run.status, 3, "{}", run.all());
    let told: usize = (0..4).map(|person| chat.told(&format!("p{person}@example.com")).len()).sum();
    assert_eq!(told, 3);
}

#[test]
fn what_did_not_arrive_is_told_also_when_quiet() {
    let chat = with_a_ghost();
    insta::assert_snapshot!(chat.run(&["--quiet", "notify", "--kind", "intro"]).stderr, @"
    error: Webex does not know ghost@example.com
    hint: check the roster; the people who were to meet them are told
    ");
    chat.booked.webex.faults(&["drop-after:POST:/messages:1"]);
    let lost = chat.run(&["--quiet", "notify", "--kind", "summary"]);
    assert_eq!((lost.status, &*lost.stderr), (0, ""), "it is looked up, and is there");
    chat.booked.webex.faults(&[]);
    let run = chat.run(&["--quiet", "notify"]);
    assert_eq!((run.status, &*run.stderr), (0, ""), "each is told once");
}

#[test]
fn an_announcement_that_was_left_half_way_goes_on() {
    let chat = Chat::new(4, "parallel = 1");
    chat.booked.world.write("news.md", "Tea at four");
    chat.booked.webex.faults(&["429=9000:POST:/messages:2"]);
    let announce = ["notify", "--announce", "news.md"];
    let run = chat.run(&announce);
    assert_eq!(run.status, 3, "{}", run.all());
    chat.booked.webex.faults(&[]);
    let run = chat.run(&announce);
    assert_eq!(run.status, 0, "{}", run.all());
    for person in 0..4 {
        assert_eq!(chat.headings(&format!("p{person}@example.com")), ["Tea at four"]);
    }
}

#[test]
fn a_second_reminder_is_not_taken_for_the_first_when_an_answer_is_lost() {
    let chat = Chat::new(2, "parallel = 1\n[meeting]\nbook_ahead_days = 10\n");
    assert_eq!(chat.booked.world.run(&["pair", "--month"]).status, 0);
    assert_eq!(chat.run(&["schedule"]).status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    let at = |now: &str| {
        chat.set_now(now);
        chat.booked.webex.clock(now);
    };
    let reminded = |email: &str| {
        let told = chat.told(email);
        let texts = told.iter().map(|message| message["text"].as_str().unwrap());
        texts.filter(|text| text.starts_with("Coming up: ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = ["p0@example.com", "p1@example.com"].map(|email| reminded(email).len());
    at("2026-12-08T09:00:00Z");
    assert_eq!(chat.run(&["notify", "--kind", "reminder"]).status, 0);
    assert_eq!(chat.says("p0@example.com", "change to thursday 10 december 11:00").status, 0);
    assert_eq!(chat.says("p1@example.com", "yes").status, 0);
    assert_eq!(chat.run(&["schedule"]).status, 0);
    assert_eq!(chat.run(&["notify"]).status, 0);
    at("2026-12-09T08:00:00Z");
    chat.booked.webex.faults(&["500:POST:/messages:1-2"]);
    let run = chat.run(&["notify", "--kind", "reminder"]);
    assert_eq!((run.status, run.stderr.contains("sent 2")), (0, true), "{}", run.all());
    for (email, before) in ["p0@example.com", "p1@example.com"].into_iter().zip(before) {
        let told = reminded(email);
        assert_eq!(told.len(), before + 2, "{told:#?}");
        assert!(told.last().unwrap().contains("11:00"), "{told:#?}");
    }
}

#[test]
fn a_card_of_ones_own_is_sent_again_months_later_whatever_happens() {
    let chat = Chat::new(4, "");
    chat.booked.world.write("card.json", r#"{"type":"AdaptiveCard","version":"1.2","fallbackText":"Tea","body":[]}"#);
    let card = ["notify", "--card", "card.json", "--to", "p0@example.com"];
    assert_eq!(chat.run(&card).status, 0);
    let troubles = [("2027-01-20T09:00:00Z", "drop-before"), ("2027-02-20T09:00:00Z", "drop-after")];
    for (later, trouble) in troubles {
        let before = chat.told("p0@example.com").len();
        chat.booked.webex.clock(later);
        chat.booked.webex.faults(&[&format!("{trouble}:POST:/messages:1")]);
        let run = chat.booked.run_at(later, &card);
        assert_eq!(run.status, 0, "{trouble}: {}", run.all());
        assert_eq!(chat.told("p0@example.com").len(), before + 1, "{trouble}");
    }
}

#[test]
fn a_pause_is_counted_from_the_day_it_is_for_whoever_types_it() {
    let chat = Chat::new(4, "");
    let staff = std::fs::read_to_string(chat.booked.world.path("staff.csv")).unwrap();
    let zone = |line: &str| if line.contains("p0@") { "Pacific/Honolulu" } else { "" };
    let people: Vec<String> = staff.lines().skip(1).map(|line| format!("{line},{}", zone(line))).collect();
    chat.booked.world.write("staff.csv", format!("email,name,department,timezone\n{}", people.join("\n")));
    for (person, day) in [("p0@example.com", "Monday 14 December 2026"), ("p1@example.com", "Tuesday 15 December 2026")]
    {
        assert_eq!(chat.says(person, "pause 2 weeks").status, 0);
        let told = chat.last(person);
        assert!(told.contains(day), "{person}: {told}");
    }
}

#[test]
fn a_wish_is_told_by_why_alone() {
    let chat = Chat::new(4, "");
    for other in ["Person 2", "Person 3"] {
        assert_eq!(chat.says("p0@example.com", &format!("not with {other}")).status, 0);
    }
    insta::assert_snapshot!(chat.run(&["pair", "--week", "2027-01-06", "--seed", "1"]).stdout, @"
    Coffee Roulette · January 2027 · seed 1

    Wednesday 6 January 2027 · times in Europe/Kyiv · 1 pair · best possible

    time    person     department   person     department
    ─────────────────────────────────────────────────────
    15:10   Person 1   D0           Person 2   D1

    left out                                                                                                           people
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    no admissible partner: with the same department (D0), or kept apart by other rules                                 Person 0 (D0)
    no admissible partner: with the same department (D1), or kept apart by other rules; all others meet someone else   Person 3 (D1)
    ");
    for format in ["json", "csv", "markdown"] {
        let run = chat.run(&["pair", "--week", "2027-01-06", "--format", format]);
        assert!(run.status == 0 && run.stdout.contains("by other rules"), "{}", run.all());
        assert!(!run.all().contains("wish"), "{}", run.all());
    }
    assert!(!chat.booked.world.read("roulette-state.json").contains("wish"));
    let why = chat.run(&["why", "p0@example.com", "p2@example.com"]);
    assert!(why.stdout.contains("forbidden by    a confidential wish\n"), "{}", why.all());
}

#[test]
fn an_agreed_time_that_webex_cannot_set_now_is_set_by_whatever_runs_next_and_told_then() {
    for next in ["handle-action", "notify", "schedule"] {
        let chat = Chat::new(4, "");
        assert_eq!(chat.run(&["notify"]).status, 0);
        let [a, b] = chat.two();
        assert_eq!(chat.taps(&a, "suggest", &json!({})).status, 0);
        assert_eq!(chat.taps(&a, "send", &json!({ "date": "2026-12-03", "time": "11:00" })).status, 0);
        chat.booked.webex.faults(&["503:PATCH:/meetings"; 12]);
        let before = chat.booked.meetings();
        let run = chat.taps(&b, "yes", &json!({}));
        assert_eq!(run.status, 3, "{}", run.all());
        assert_eq!(chat.booked.meetings(), before);
        for person in [&a, &b] {
            assert_eq!(chat.headings(person).last().unwrap(), "You agreed on a new time");
        }
        chat.booked.webex.faults(&[]);
        let dry = chat.booked.run_at("2026-12-01T09:10:00Z", &["notify", "--dry-run", "--format", "json"]);
        let first = "to be moved to the agreed time first: ";
        assert!(
            dry.stderr.starts_with(first) && dry.stderr.contains(" 15:10 → Thu 2026-12-03 11:00\n"),
            "{}",
            dry.all()
        );
        let dry: Value = serde_json::from_str(&dry.stdout).unwrap();
        assert_eq!(dry["moves"][0]["people"], json!([a, b]));
        let run = chat.booked.run_at("2026-12-01T09:10:00Z", &[next]);
        assert_eq!(run.stderr.starts_with(first), next == "notify", "{}", run.all());
        assert_eq!(run.status, 0, "{next}: {}", run.all());
        assert_eq!(chat.booked.meetings()[&vec![a.clone(), b.clone()]], ["2026-12-03T09:00:00Z"], "{next}");
        let (evening, after) = ("2026-12-02T20:00:00Z", "2026-12-03T09:01:00Z");
        for (now, round) in [(evening, "2026-12-02   under way"), (after, "2026-12-02   over")] {
            assert!(chat.booked.run_at(now, &["status"]).stdout.contains(round), "{now}");
        }
        assert_eq!(chat.booked.run_at("2026-12-01T09:11:00Z", &["notify"]).status, 0);
        for person in [&a, &b] {
            let told = chat.headings(person);
            let moved = told.iter().filter(|heading| *heading == "Your meeting has a new time").count();
            assert_eq!(moved, 1, "{next}: {told:?}");
        }
    }
}

#[test]
fn an_answer_that_could_not_be_sent_is_not_called_done_and_goes_out_with_the_next_run() {
    let chat = Chat::new(4, "");
    chat.booked.webex.faults(&["503:POST:/messages"; 12]);
    let run = chat.says("p0@example.com", "status");
    assert_eq!(run.status, 3, "{}", run.all());
    chat.booked.webex.faults(&[]);
    assert_eq!(chat.run(&["handle-action"]).status, 0);
    assert_eq!(chat.headings("p0@example.com"), ["How you take part"]);
}

/// Speaks to the bot in the organizers' space; says where.
fn says_in_space(chat: &Chat, text: &str, parent: Option<&Value>) -> (Run, Value) {
    let mut said = json!({ "email": ORGANIZER, "text": text, "room": roulette::sandbox::organizers_space() });
    if let Some(parent) = parent {
        said["parent"] = parent.clone();
    }
    let said = chat.booked.webex.post("", "/sandbox/say", &said).ok();
    (chat.handle(&event("messages", &said)), said["id"].clone())
}

/// What the bot wrote in the organizers' space: the text, and the message that it answers.
fn told_in_space(chat: &Chat) -> Vec<(String, Value)> {
    let messages = chat.booked.webex.messages_in_space();
    let by_bot = messages.iter().filter(|one| one["author"] != ORGANIZER);
    by_bot.map(|one| (one["text"].as_str().unwrap().to_owned(), one["parent"].clone())).collect()
}

#[test]
fn in_a_space_the_bot_answers_in_the_thread_and_says_what_is_private_in_private() {
    let staff = format!("{}{ORGANIZER},Nadia Organizer,D2\n", roster(&[2, 2]));
    let booked = Booked::new("", &staff, &[]);
    booked.world.json(&["pair", "--week", "--seed", "1"]);
    let chat = Chat::at(booked, NOW);

    let (run, question) = says_in_space(&chat, "@Roulette status", None);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let in_private = "I have answered you in private.".to_owned();
    assert_eq!(told_in_space(&chat), [(in_private.clone(), question.clone())]);
    assert_eq!(chat.headings(ORGANIZER).len(), 1, "{:?}", chat.headings(ORGANIZER));

    // In a thread, the answer is in the same thread.
    let (_, _) = says_in_space(&chat, "@Roulette skip", Some(&question));
    assert_eq!(told_in_space(&chat).last(), Some(&(in_private, question.clone())));
    assert_eq!(chat.headings(ORGANIZER).last().unwrap(), "Skipped");

    // Help is for all, without the meetings of whoever asked.
    let (_, help) = says_in_space(&chat, "@roulette help", None);
    let (text, parent) = told_in_space(&chat).pop().unwrap();
    assert!(text.contains("skip") && !text.contains("announce"), "{text}");
    assert_eq!((parent, chat.headings(ORGANIZER).len()), (help, 2));

    // The same event again says nothing twice.
    let before = told_in_space(&chat).len();
    let organizer = chat.booked.webex.get("sandbox-bot", &format!("/v1/people?email={ORGANIZER}")).ok();
    chat.handle(&event("messages", &json!({ "id": question, "personId": organizer["items"][0]["id"] })));
    assert_eq!(told_in_space(&chat).len(), before);
}

#[test]
fn a_tap_says_which_round_and_which_colleague_is_meant() {
    let staff = "email,name,department\np0@x.org,Ann Lee,A\np1@x.org,Ann Lee,B\np2@x.org,Bo Ek,C\np3@x.org,Di Wu,D\n";
    let chat = Chat::at(Booked::new("", staff, &[]), NOW);
    chat.says("p2@x.org", "skip the one after");
    assert_eq!(chat.headings("p2@x.org").last().unwrap(), "Which round do you mean?");
    let run = chat.taps("p2@x.org", "type", &json!({}));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(chat.headings("p2@x.org").last().unwrap(), "Skipped");

    chat.says("p2@x.org", "not with ann");
    assert_eq!(chat.headings("p2@x.org").last().unwrap(), "Whom do you mean?");
    let text = chat.told("p2@x.org").last().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(text.contains("Ann Lee (A): “not with p0@x.org” · Ann Lee (B): “not with p1@x.org”"), "{text}");
    chat.taps("p2@x.org", "type", &json!({}));
    assert_eq!(chat.headings("p2@x.org").last().unwrap(), "Noted, in confidence");
    let status = |chat: &Chat| {
        chat.says("p2@x.org", "status");
        chat.told("p2@x.org").last().unwrap()["text"].as_str().unwrap().to_owned()
    };
    assert!(status(&chat).contains("Ann Lee"));
    chat.says("p2@x.org", "meet ann again");
    assert!(!status(&chat).contains("Ann Lee"));
}

/// What is typed, in order, to see what comes back: nothing of the first list changes anything.
const ASKED: &[&str] = &[
    "blah blah",
    "pause until 11/12",
    "pause from monday",
    "pause until january",
    "pause lunch",
    "pause?",
    "can't make it tomorrow",
    "I can't come on Wednesday",
    "can't make it",
    "on vacation from 7 December to 20 December",
    "I'm sick",
    "I am ill this week",
    "away next week",
    "I want to skip next week",
    "if I skip next week?",
    "don't skip",
    "resume writing help",
    "resume on 5 January",
    "stop please",
    "unsubscribe me",
    "not with Ann",
    "not with nobody at all",
    "thanks, that was great",
    "thank you so much!",
    "skip until 9 December",
];

const ASKED_IN_UKRAINIAN: &[&str] = &[
    "бла бла",
    "пауза з понеділка",
    "пауза до січня",
    "не зможу завтра",
    "я у відпустці до 20 грудня",
    "відпустка з 7 до 20 грудня",
    "хворію",
    "не пропускати",
    "стоп, будь ласка",
    "відпишіть мене",
    "не хочу зустрічатися з Ann",
    "дякую, було цікаво",
    "довідка",
    "повернути",
];

/// These are done.
const DONE: &[&str] = &[
    "Roulette, skip next week",
    "unskip next week",
    "hey roulette, status",
    "skip until 12 December",
    "pause until the 10th",
    "resume on 5 January",
    "resume",
    "pause 2w",
    "resume",
    "pause 7-11 Dec",
    "don't pair me with Lind, Bo",
    "I do not want to meet ann.lee2",
    "meet Bo Lind again",
];

const DONE_IN_UKRAINIAN: &[&str] = &[
    "бот, статус",
    "пауза до 10-го",
    "продовжити",
    "пауза до кінця року",
    "продовжити",
    "не зводьте мене з Bo Lind",
    "знову з Bo Lind",
    "пропустити 9 грудня",
    "повернути 2026-12-09",
    "стоп",
    "старт",
];

#[test]
fn what_people_say_in_their_own_words_is_asked_about_or_done_and_said() {
    let staff = "email,name,department,language\nann.lee@x.org,Ann Lee,A,en\nann.lee2@x.org,Ann Lee,B,en\n\
                 bo@x.org,Bo Lind,C,en\nen@x.org,Di Wu,D,en\nuk@x.org,Оля Коваль,E,uk\n";
    let chat = Chat::at(Booked::new("", staff, &[]), NOW);
    chat.booked.world.json(&["pair", "--month", "2026-12", "--seed", "1"]);
    let shown = |email: &str, texts: &[&str]| {
        let each = texts.iter().map(|text| {
            let before = chat.told(email).len();
            let run = chat.says(email, text);
            assert_eq!(run.status, 0, "{text}: {}", run.all());
            let told = chat.told(email);
            let answer = |message: &Value| {
                let buttons = message["card"].to_string().matches("\"action\":\"type\"").count();
                let buttons = if buttons > 0 { format!("\n[{buttons} buttons]") } else { String::new() };
                format!("{}{buttons}", message["text"].as_str().unwrap())
            };
            let answers: Vec<String> = told[before..].iter().map(answer).collect();
            format!("> {text}\n{}\n", answers.join("\n"))
        });
        each.collect::<Vec<_>>().join("\n")
    };
    let state = || std::fs::read_to_string(chat.booked.world.path("roulette-state.json")).unwrap();
    let choices = || serde_json::from_str::<Value>(&state()).unwrap()["choices"].clone();
    let before = choices();
    insta::assert_snapshot!("asked", shown("en@x.org", ASKED));
    insta::assert_snapshot!("asked in Ukrainian", shown("uk@x.org", ASKED_IN_UKRAINIAN));
    assert_eq!(choices(), before, "nothing is done before it is clear");
    insta::assert_snapshot!("done", shown("en@x.org", DONE));
    insta::assert_snapshot!("done in Ukrainian", shown("uk@x.org", DONE_IN_UKRAINIAN));

    // A button does what it says.
    chat.says("en@x.org", "away next week");
    chat.taps("en@x.org", "type", &json!({}));
    assert_eq!(chat.headings("en@x.org").last().unwrap(), "Skipped");
    chat.says("en@x.org", "pause until 11/12");
    chat.taps("en@x.org", "type", &json!({}));
    assert_eq!(chat.headings("en@x.org").last().unwrap(), "Enjoy the break");
    chat.says("uk@x.org", "відпустка з 7 до 20 грудня");
    chat.taps("uk@x.org", "type", &json!({}));
    assert_eq!(chat.headings("uk@x.org").last().unwrap(), "Пропускаємо");
}

#[test]
fn the_clock_of_this_machine_need_not_be_that_of_webex() {
    for clock in ["2026-12-01T09:10:00Z", "2026-12-01T08:50:00Z"] {
        let chat = Chat::new(4, "");
        let [a, b] = chat.two();
        chat.set_now(clock);
        assert_eq!(chat.says(&a, "change to 3 December 11:00").status, 0);
        assert_eq!(chat.says(&b, "yes").status, 0);
        assert_eq!(chat.headings(&b).last().unwrap(), "Your meeting has a new time", "{clock}");
    }
}

#[test]
fn a_yes_answers_no_suggestion_that_has_not_arrived() {
    let chat = Chat::new(4, "");
    let [a, b] = chat.two();
    assert_eq!(chat.run(&["notify"]).status, 0);
    chat.booked.webex.faults(&["503:POST:/messages"; 12]);
    chat.says(&a, "change to 3 December 11:00");
    assert_eq!(chat.headings(&b), ["Meet Person 0"], "Webex takes no message");
    chat.booked.webex.faults(&[]);
    assert_eq!(chat.says(&b, "ok").status, 0);
    assert_eq!(chat.headings(&b), ["Meet Person 0", "Person 0 suggests a new time"], "once, and nothing is agreed");
    assert_eq!(chat.says(&b, "yes").status, 0);
    assert_eq!(chat.headings(&b).last().unwrap(), "Your meeting has a new time");
}

#[test]
fn a_suggestion_that_waits_for_a_working_day_is_agreed_to_only_once_it_is_there() {
    let suggested = "Person 0 suggests a new time";
    let suggested_to = |time: &str| {
        let chat = Chat::new(4, "");
        let [a, b] = chat.two();
        let roster = roster(&[2, 2]).replace("department\n", "department,workdays\n");
        let days = |row: &str| if row.starts_with(&b) { format!("{row},wed-fri\n") } else { format!("{row},\n") };
        let (header, rows) = roster.split_once('\n').unwrap();
        chat.booked.world.write("staff.csv", format!("{header}\n{}", rows.lines().map(days).collect::<String>()));
        assert_eq!(chat.says(&a, &format!("change to {time}")).status, 0);
        assert_eq!(chat.headings(&a), ["Meet Person 2", "Your suggestion is on its way"]);
        assert_eq!(chat.headings(&b), [""; 0], "it is Tuesday");
        (chat, b)
    };
    let begun = || suggested_to("3 December 11:00");
    let (chat, b) = begun();
    chat.set_now("2026-12-02T07:30:00Z");
    chat.booked.webex.clock("2026-12-02T07:30:00Z");
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!(chat.headings(&b), ["Meet Person 0", suggested]);
    assert_eq!(chat.says(&b, "ok").status, 0);
    assert_eq!(chat.headings(&b).last().unwrap(), "Your meeting has a new time");
    // Whoever writes on a day off gets what waits, and is answered on it.
    let (chat, b) = begun();
    assert_eq!(chat.says(&b, "ok").status, 0);
    assert_eq!(chat.headings(&b), ["Meet Person 0", suggested], "they had not read it");
    assert_eq!(chat.says(&b, "ok").status, 0);
    assert_eq!(chat.headings(&b).last().unwrap(), "Your meeting has a new time");
    // What is taken back before it is there is not told.
    let (chat, b) = begun();
    let [a, _] = chat.two();
    assert_eq!(chat.says(&a, "never mind").status, 0);
    assert_eq!(chat.headings(&a).last().unwrap(), "The old time stands");
    chat.set_now("2026-12-02T07:30:00Z");
    chat.booked.webex.clock("2026-12-02T07:30:00Z");
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!(chat.headings(&b), ["Meet Person 0"]);
    let (chat, b) = begun();
    assert_eq!(chat.says(&b, "is there anything new?").status, 0);
    assert_eq!(chat.headings(&b), ["Meet Person 0", suggested], "once");
    assert_eq!(chat.says(&b, "yes").status, 0);
    assert_eq!(chat.headings(&b).last().unwrap(), "Your meeting has a new time");
    // Nor is it told when it ran out before.
    let (chat, b) = suggested_to("1 December 15:00");
    let [a, _] = chat.two();
    for (now, read) in [("2026-12-01T12:05:00Z", &[][..]), ("2026-12-02T07:30:00Z", &["Meet Person 0"])] {
        chat.set_now(now);
        chat.booked.webex.clock(now);
        assert_eq!(chat.run(&["notify"]).status, 0);
        assert!(chat.headings(&a).iter().any(|heading| heading == "The old time stands"));
        assert_eq!(chat.headings(&b), read, "{now}");
    }
}

#[test]
fn no_suggestion_comes_before_an_introduction_that_could_not_be_sent() {
    let suggested = "Person 0 suggests a new time";
    let at = |chat: &Chat, now: &str| {
        chat.set_now(now);
        chat.booked.webex.clock(now);
    };
    // By the bot's answer itself, in the evening; and by the timer before.
    for by_timer in [false, true] {
        let chat = Chat::new(4, "");
        let [a, b] = chat.two();
        if by_timer {
            chat.booked.webex.faults(&["503:POST:/messages"; 60]);
            chat.run(&["notify"]);
            chat.booked.webex.faults(&[]);
        }
        at(&chat, "2026-12-01T18:00:00Z");
        if !by_timer {
            chat.booked.webex.faults(&["503:POST:/messages"; 60]);
        }
        chat.says(&a, "change to 4 December 11:00");
        chat.booked.webex.faults(&[]);
        at(&chat, "2026-12-01T18:05:00Z");
        assert_eq!(chat.run(&["notify"]).status, 0);
        assert_eq!(chat.headings(&a), ["Meet Person 2", "Your suggestion is on its way"], "{by_timer}");
        at(&chat, "2026-12-02T07:30:00Z");
        assert_eq!(chat.run(&["notify"]).status, 0);
        assert_eq!(chat.headings(&b)[..2], ["Meet Person 0", suggested], "{by_timer}");
    }
}

/// What is typed one after the other, with the first line of what the bot says to each.
const CONVERSATIONS: &[&[(&str, &str)]] = &[
    &[("skip some day", "Which round do you mean?"), ("9 December", "Skipped")],
    &[
        ("skip some day", "Which round do you mean?"),
        ("the second one", "Skipped"),
        ("cancel", "Which round do you mean?"),
    ],
    &[("skip some day", "Which round do you mean?"), ("cancel", "All right, nothing has changed.")],
    &[
        ("skip some day", "Which round do you mean?"),
        ("blah blah", "Which round do you mean?"),
        ("no", "All right, nothing has changed."),
    ],
    &[
        ("skip some day", "Which round do you mean?"),
        ("status", "How you take part"),
        ("9 December", "I did not understand that"),
    ],
    &[("pause until spring", "Until when?"), ("2 weeks", "Enjoy the break")],
    &[("stop please", "Do you want to leave?"), ("sure", "Do you want to leave?"), ("yes", "Goodbye, and thank you")],
    &[("I'm busy tomorrow", "Shall I leave you out?"), ("yes", "Skipped")],
    &[("I'm busy tomorrow", "Shall I leave you out?"), ("never mind", "All right, nothing has changed.")],
    &[
        ("change", "Which time would suit you?"),
        ("Friday 11:00", "Your suggestion is on its way"),
        ("cancel", "Which round do you mean?"),
    ],
    &[("stop", "Goodbye, and thank you"), ("pause 2 weeks", "How you take part"), ("skip", "How you take part")],
];

#[test]
fn what_the_bot_asks_back_is_answered_in_a_word_and_nothing_is_done_on_a_guess() {
    for turns in CONVERSATIONS {
        let chat = Chat::new(4, "");
        for (text, heading) in *turns {
            assert_eq!(chat.says("p0@example.com", text).status, 0);
            let said = chat.headings("p0@example.com").pop().unwrap();
            assert!(said.starts_with(heading), "{turns:?}: {text}: {said}");
        }
    }
}

#[test]
fn a_yes_is_to_what_the_bot_said_last() {
    // Somebody suggests another time meanwhile.
    let chat = Chat::new(4, "");
    let [a, b] = chat.two();
    assert_eq!(chat.says(&a, "stop please").status, 0);
    assert_eq!(chat.says(&b, "change to 3 December 11:00").status, 0);
    assert_eq!(chat.says(&a, "yes").status, 0);
    assert_eq!(chat.headings(&a).last().unwrap(), "Your meeting has a new time");
    // Or the bot asks whether they met.
    let chat = Chat::new(4, "");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let [a, _] = chat.two();
    chat.now.replace("2026-12-02T13:00:00Z".to_owned());
    chat.booked.webex.clock("2026-12-02T13:00:00Z");
    assert_eq!(chat.says(&a, "stop please").status, 0);
    chat.now.replace("2026-12-02T14:30:00Z".to_owned());
    chat.booked.webex.clock("2026-12-02T14:30:00Z");
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!(chat.says(&a, "yes").status, 0);
    assert_eq!(chat.headings(&a).last().unwrap(), "Good to hear");
    // Or everybody is told something.
    let chat = Chat::new(4, "");
    let [a, _] = chat.two();
    assert_eq!(chat.says(&a, "stop please").status, 0);
    chat.booked.world.write("news.md", "Party! Will you come?");
    assert_eq!(chat.run(&["notify", "--announce", "news.md"]).status, 0);
    assert_eq!(chat.headings(&a).last().unwrap(), "Party! Will you come?");
    assert_eq!(chat.says(&a, "yes").status, 0);
    assert!(!chat.headings(&a).iter().any(|it| it == "Goodbye, and thank you"), "{:?}", chat.headings(&a));
}
