//! With `attendance = true`, the program checks at Webex who came before anybody is asked: what was seen and what
//! people say are two things; and of what Webex returns only the conclusion is kept.

use serde_json::{Value, json};

use crate::support::booked::{Booked, report_room};
use crate::support::chat::Chat;
use crate::support::kill::killed_until_done;
use crate::support::world::{NOW, Run, roster, strings};

/// The first round's meetings are from 13:10 to 13:40.
const OVER: &str = "2026-12-02T13:56:00Z";
const SCOPE: &str = "meeting:participants_read";
const ON: &str = "[meeting]\nattendance = true\n";

/// Eight people whose first four meetings are booked, and who are introduced.
fn chat(scopes: &str, config: &str) -> Chat {
    let booked = Booked::new("", &roster(&[4, 4]), &[]);
    booked.configure(&format!("{}{config}\n{ON}", report_room()));
    booked.log_in_with(scopes);
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    let chat = Chat::at(booked, NOW);
    let run = chat.run(&["notify"]);
    assert_eq!(run.status, 0, "{}", run.all());
    chat
}

fn seeing() -> Chat {
    chat(SCOPE, "")
}

/// The meetings of the first round at Webex, each with its people.
fn meetings(chat: &Chat) -> Vec<(String, Vec<String>)> {
    let first = |meeting: &&Value| meeting["start"].as_str().unwrap().starts_with("2026-12-02");
    let standing = chat.booked.standing();
    let read = |meeting: &Value| {
        let people = meeting["invitees"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap().to_owned());
        let mut people: Vec<String> = people.collect();
        people.sort();
        (meeting["id"].as_str().unwrap().to_owned(), people)
    };
    let mut all: Vec<_> = standing.iter().filter(first).map(read).collect();
    all.sort_by_key(|(_, people)| people.clone());
    all
}

/// Somebody was there, from a time of that day to another; a guest without an address.
fn came(chat: &Chat, meeting: &str, email: Option<&str>, from: &str, to: Option<&str>) {
    let time = |time: &str| if time.contains('T') { time.to_owned() } else { format!("2026-12-02T{time}Z") };
    let mut join = json!({ "meeting": meeting, "joined": time(from) });
    if let Some(email) = email {
        join["email"] = json!(email);
    }
    if let Some(to) = to {
        join["left"] = json!(time(to));
    }
    let said = chat.booked.webex.post("", "/sandbox/join", &join);
    assert_eq!(said.status, 204, "{:?}", said.why());
}

fn at(chat: &Chat, now: &str, args: &[&str]) -> Run {
    chat.set_now(now);
    chat.booked.webex.clock(now);
    chat.run(args)
}

fn good(chat: &Chat, now: &str, args: &[&str]) -> Run {
    let run = at(chat, now, args);
    assert_eq!(run.status, 0, "{}", run.all());
    run
}

/// What the bot said to somebody, but for whom they meet and when.
fn heard(chat: &Chat, email: &str) -> Vec<String> {
    let introduces = |it: &String| ["Meet ", "Coming up"].iter().any(|begins| it.starts_with(begins));
    chat.headings(email).into_iter().filter(|it| !introduces(it)).collect()
}

/// How the meeting of these people stands.
fn standing(chat: &Chat, people: &[String]) -> Value {
    let now = chat.now.borrow().clone();
    let found = chat.booked.world.json_at(&now, &["meetings", "--round", "2026-12-02"]);
    let all = found["meetings"].as_array().unwrap();
    all.iter().find(|meeting| strings(&meeting["people"]) == *people).cloned().unwrap_or_else(|| panic!("{found}"))
}

/// How often Webex was asked who came.
fn looks(chat: &Chat) -> usize {
    let calls = chat.booked.webex.calls();
    calls.iter().filter(|call| call["path"].as_str().unwrap().starts_with("/v1/meetingParticipants")).count()
}

const NOTHING: [&str; 0] = [];

#[test]
fn who_met_is_not_asked_who_waited_is_thanked_and_all_others_are_asked() {
    for command in ["notify", "run"] {
        let chat = seeing();
        let [(held, ab), (alone, cd), (nobody, ef), (guest, gh)] = &meetings(&chat)[..] else { panic!() };
        came(&chat, held, Some(&ab[0]), "13:08:00", Some("13:41:00"));
        came(&chat, held, Some(&ab[1]), "13:20:00", Some("13:40:00"));
        came(&chat, alone, Some(&cd[1]), "13:10:00", Some("13:24:00"));
        came(&chat, guest, Some(&gh[0]), "13:10:00", Some("13:40:00"));
        came(&chat, guest, None, "13:11:00", Some("13:40:00"));
        let _ = nobody;

        // Webex does not know it all yet.
        let run = good(&chat, "2026-12-02T13:50:00Z", &[command]);
        assert_eq!((looks(&chat), heard(&chat, &ef[0])), (0, vec![]), "{command}: {}", run.all());

        let run = good(&chat, OVER, &[command]);
        assert!(!run.all().contains("warning"), "{command}: {}", run.all());
        assert_eq!(looks(&chat), 6, "{command}: once each, and what was before where one came");
        for person in ab {
            assert_eq!(heard(&chat, person), NOTHING, "{command}");
        }
        assert_eq!(heard(&chat, &cd[1]), ["Thank you for coming"]);
        let asked = chat.told(&cd[0]).pop().unwrap();
        assert!(asked["text"].as_str().unwrap().starts_with("What became of your meeting with Person"), "{asked}");
        assert!(asked["card"].to_string().contains("could-not"), "{asked}");
        for person in ef.iter().chain(gh) {
            let [question] = &heard(&chat, person)[..] else { panic!("{command}: {:?}", heard(&chat, person)) };
            assert!(question.starts_with("Did you meet Person"), "{command}: {question}");
        }

        // It is known, and nobody is told twice.
        let all = chat.booked.webex.model()["messages"].as_array().unwrap().len();
        for now in [OVER, "2026-12-02T14:30:00Z", "2026-12-02T19:00:00Z"] {
            good(&chat, now, &[command]);
            assert_eq!(looks(&chat), 6, "{command} {now}");
            assert_eq!(chat.booked.webex.model()["messages"].as_array().unwrap().len(), all, "{command} {now}");
        }

        let one = standing(&chat, ab);
        assert_eq!((&one["state"], &one["seen"], &one["said"]), (&json!("held"), &json!("both"), &Value::Null));
        let one = standing(&chat, cd);
        assert_eq!((&one["state"], &one["seen"]), (&json!("unknown"), &json!("one")));
        let one = standing(&chat, ef);
        assert_eq!((&one["state"], &one["seen"]), (&json!("unknown"), &json!("nobody")));
        let one = standing(&chat, gh);
        assert_eq!((&one["state"], &one["seen"]), (&json!("unknown"), &Value::Null));
    }
}

#[test]
fn only_the_conclusion_is_kept() {
    let chat = seeing();
    let [(one, ab), (two, cd), ..] = &meetings(&chat)[..] else { panic!() };
    came(&chat, one, Some(&ab[0]), "13:08:17", Some("13:41:00"));
    came(&chat, one, Some("stranger@elsewhere.example"), "13:08:17", Some("13:41:00"));
    let join = json!({ "meeting": two, "email": cd[0], "joined": "2026-12-02T13:08:17Z", "left": "2026-12-02T13:31:00Z",
        "device": "webex_meeting_center_phone" });
    assert_eq!(chat.booked.webex.post("", "/sandbox/join", &join).status, 204);
    let before = chat.booked.world.files();
    good(&chat, OVER, &["run"]);
    let state: Value = serde_json::from_str(&chat.booked.world.read("roulette-state.json")).unwrap();
    let seen: Vec<&Value> =
        state["bookings"].as_array().unwrap().iter().map(|it| &it["seen"]).filter(|it| !it.is_null()).collect();
    assert_eq!(seen.len(), 4, "{state}");
    assert_eq!(seen[0], "unclear");
    assert!(seen[1]["one"].is_u64(), "{state}");
    assert_eq!(seen[2..], ["nobody", "nobody"]);
    for (name, bytes) in chat.booked.world.files() {
        let text = String::from_utf8_lossy(&bytes);
        for word in ["stranger", "phone", "13:08", "13:31", "joined", "device"] {
            let was = before.iter().any(|(it, old)| *it == name && String::from_utf8_lossy(old).contains(word));
            assert!(was || !text.contains(word), "{name} holds “{word}”");
        }
    }
}

#[test]
fn what_is_seen_and_what_is_said_are_two_things() {
    let chat = seeing();
    let [(one, ab), (two, cd), ..] = &meetings(&chat)[..] else { panic!() };
    for person in ab {
        came(&chat, one, Some(person), "13:10:00", Some("13:40:00"));
    }
    came(&chat, two, Some(&cd[0]), "13:10:00", Some("13:40:00"));
    good(&chat, OVER, &["run"]);
    // They met all the same; whoever waited may say so as well.
    assert_eq!(chat.taps(&cd[1], "met", &json!({})).status, 0);
    let held = standing(&chat, cd);
    assert_eq!((&held["state"], &held["seen"], &held["said"]), (&json!("held"), &json!("one"), &json!("met")));
    assert_eq!(chat.says(&cd[0], "met").status, 0);
    assert_eq!(chat.headings(&cd[0]).last().unwrap(), "Good to hear");
    let table = chat.booked.world.run_at(OVER, &["meetings", "--round", "2026-12-02"]).stdout;
    assert!(table.contains("held: at Webex, both were seen there\n"), "{table}");
    assert!(table.contains("held: at Webex, one was seen there alone; both said so"), "{table}");
    assert!(table.contains("unknown: at Webex, nobody was seen there\n"), "{table}");
    // The report has both, apart.
    for day in ["2026-12-03", "2026-12-04", "2026-12-07"] {
        good(&chat, &format!("{day}T09:30:00Z"), &["run"]);
    }
    let reports: Vec<String> =
        chat.booked.webex.texts_in_space().into_iter().filter(|it| it.starts_with("Who met")).collect();
    let [report] = &reports[..] else { panic!("{reports:?}") };
    insta::assert_snapshot!(report, @"
    Who met in the round of Wednesday 2 December
    Of 4 meetings, 2 took place and 0 did not; what became of 2 is not known.
    Seen at Webex: both came to 1, only one to 1, and nobody to 2. According to what people said: 1 took place, 0 did not.
    ");
    let status = chat.booked.world.json_at("2026-12-07T09:30:00Z", &["status"]);
    assert_eq!(
        status["rounds"][0]["became"],
        json!({ "meetings": 4, "held": 2, "not_held": 0, "seen": { "both": 1, "one": 1, "nobody": 2 },
            "said": { "met": 1, "could_not": 0 } })
    );
}

#[test]
fn what_was_seen_stays_so_whatever_is_said() {
    let chat = seeing();
    let [(one, ab), ..] = &meetings(&chat)[..] else { panic!() };
    for person in ab {
        came(&chat, one, Some(person), "13:10:00", Some("13:40:00"));
    }
    // Somebody is asked while Webex is away, and answers once it was seen after all.
    chat.booked.webex.faults(&["503:GET:/meetingParticipants"]);
    let morning = "2026-12-03T08:00:00Z";
    assert_eq!(at(&chat, morning, &["notify"]).status, 3);
    chat.booked.webex.faults(&[]);
    good(&chat, "2026-12-03T09:00:00Z", &["notify"]);
    assert_eq!(chat.taps(&ab[0], "could-not", &json!({})).status, 0);
    let last = chat.told(&ab[0]).pop().unwrap();
    assert!(last["text"].as_str().unwrap().contains("I keep your answer alongside what I heard before."), "{last}");
    let found = standing(&chat, ab);
    assert_eq!(
        (&found["state"], &found["seen"], &found["said"]),
        (&json!("held"), &json!("both"), &json!("could-not")),
    );
    assert!(found["why"].as_str().unwrap().ends_with(" said that they could not"), "{found}");
}

#[test]
fn joining_late_twice_and_from_two_devices_is_each_right() {
    type Visit<'a> = (usize, &'a str, &'a str, &'a str);
    let table: [(&str, &[Visit<'_>], &str); 8] = [
        ("late", &[(0, "13:10:00", "13:40:00", "a"), (1, "13:34:00", "13:40:00", "a")], "both"),
        ("exactly five minutes", &[(0, "13:10:00", "13:40:00", "a"), (1, "13:35:00", "13:40:00", "a")], "both"),
        ("a second less", &[(0, "13:10:00", "13:40:00", "a"), (1, "13:35:01", "13:40:00", "a")], ""),
        (
            "twice",
            &[(0, "13:10:00", "13:40:00", "a"), (1, "13:12:00", "13:15:00", "a"), (1, "13:20:00", "13:23:00", "a")],
            "both",
        ),
        (
            "from two devices, which count once",
            &[(0, "13:10:00", "13:40:00", "a"), (1, "13:12:00", "13:15:00", "a"), (1, "13:12:00", "13:15:00", "b")],
            "",
        ),
        ("alone from two devices", &[(0, "13:10:00", "13:40:00", "a"), (0, "13:11:00", "13:39:00", "b")], "one"),
        ("one after the other", &[(0, "13:10:00", "13:18:00", "a"), (1, "13:25:00", "13:40:00", "a")], ""),
        (
            "once all had left, both came again",
            &[
                (0, "13:10:00", "13:18:00", "a"),
                (0, "13:20:00", "13:27:00", "a"),
                (1, "13:20:00", "13:27:00", "a"),
                (1, "13:30:00", "13:40:00", "a"),
            ],
            "both",
        ),
    ];
    for part in table.chunks(4) {
        let chat = seeing();
        for ((id, people), (what, visits, _)) in meetings(&chat).iter().zip(part) {
            for (who, from, to, device) in *visits {
                let time = |time: &str| format!("2026-12-02T{time}Z");
                let join = json!({ "meeting": id, "email": people[*who], "joined": time(from), "left": time(to),
                    "device": device });
                assert_eq!(chat.booked.webex.post("", "/sandbox/join", &join).status, 204, "{what}");
            }
        }
        good(&chat, OVER, &["notify"]);
        for ((_, people), (what, _, expected)) in meetings(&chat).iter().zip(part) {
            let found = standing(&chat, people);
            let expected = if expected.is_empty() { Value::Null } else { json!(expected) };
            assert_eq!(found["seen"], expected, "{what}: {found}");
        }
        let unclear = part.iter().filter(|(.., expected)| expected.is_empty()).count();
        let state = chat.booked.world.read("roulette-state.json");
        assert_eq!(state.matches("\"seen\":\"unclear\"").count(), unclear, "it was looked at: {state}");
    }
}

#[test]
fn a_meeting_that_goes_on_is_looked_at_again_and_nobody_is_asked_meanwhile() {
    let chat = seeing();
    let [(one, ab), (two, cd), ..] = &meetings(&chat)[..] else { panic!() };
    for person in ab {
        came(&chat, one, Some(person), "13:30:00", None);
    }
    came(&chat, two, Some(&cd[0]), "13:10:00", Some("13:20:00"));
    came(&chat, two, Some(&cd[1]), "13:12:00", None);
    good(&chat, OVER, &["run"]);
    assert_eq!(standing(&chat, ab)["seen"], "both", "they are in it together");
    assert_eq!((standing(&chat, cd)["seen"].clone(), heard(&chat, &cd[0])), (Value::Null, vec![]));
    good(&chat, "2026-12-02T14:30:00Z", &["run"]);
    assert_eq!((standing(&chat, cd)["seen"].clone(), heard(&chat, &cd[1])), (Value::Null, vec![]));
    // Whoever forgets to leave keeps nobody from being asked: the next morning, since it is evening.
    good(&chat, "2026-12-02T17:45:00Z", &["run"]);
    good(&chat, "2026-12-03T08:00:00Z", &["run"]);
    let question = heard(&chat, &cd[0]);
    assert!(question[0].starts_with("Did you meet"), "{question:?}");
}

#[test]
fn a_meeting_that_moved_is_looked_at_after_its_new_time() {
    let chat = seeing();
    let [(_, ab), (by_hand, cd), ..] = &meetings(&chat)[..] else { panic!() };
    assert_eq!(chat.taps(&ab[0], "suggest", &json!({})).status, 0);
    let time = json!({ "date": "2026-12-03", "time": "11:00" });
    assert_eq!(chat.taps(&ab[0], "send", &time).status, 0);
    assert_eq!(chat.taps(&ab[1], "yes", &json!({})).status, 0);
    good(&chat, "2026-12-02T08:00:00Z", &["run"]);
    // After this day's look, somebody moves the other by hand.
    let token = chat.booked.webex.login("organizer@example.com");
    let later = json!({ "start": "2026-12-03T12:00:00+02:00", "end": "2026-12-03T12:30:00+02:00",
        "timezone": "Europe/Kyiv" });
    chat.booked.webex.call(&token, "PATCH", &format!("/v1/meetings/{by_hand}"), &later).ok();
    good(&chat, OVER, &["run"]);
    assert_eq!(heard(&chat, &ab[0]).iter().filter(|it| it.starts_with("Did")).count(), 0);
    let told = heard(&chat, &cd[0]);
    assert_eq!(told, ["Your meeting has a new time"], "it is not over");
    assert_eq!(standing(&chat, cd)["state"], "moved");
    let moved: Vec<(String, Vec<String>)> = {
        let standing = chat.booked.standing();
        let third = standing.iter().filter(|it| it["start"].as_str().unwrap().starts_with("2026-12-03"));
        third
            .map(|it| {
                let mut people: Vec<String> =
                    it["invitees"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap().into()).collect();
                people.sort();
                (it["id"].as_str().unwrap().to_owned(), people)
            })
            .collect()
    };
    assert_eq!(moved.len(), 2);
    for (id, people) in &moved {
        for person in people {
            came(&chat, id, Some(person), "2026-12-03T09:05:00Z", Some("2026-12-03T10:29:00Z"));
        }
    }
    good(&chat, "2026-12-03T10:46:00Z", &["run"]);
    for people in [ab, cd] {
        assert_eq!(standing(&chat, people)["seen"], "both");
        assert!(heard(&chat, &people[0]).iter().all(|it| !it.starts_with("Did")), "{:?}", heard(&chat, &people[0]));
    }
}

#[test]
fn of_a_meeting_that_was_deleted_people_are_asked_unless_it_was_known() {
    let chat = seeing();
    let [(known, ab), (unknown, cd), ..] = &meetings(&chat)[..] else { panic!() };
    let token = chat.booked.webex.login("organizer@example.com");
    let delete = |id: &str| chat.booked.webex.call(&token, "DELETE", &format!("/v1/meetings/{id}"), &Value::Null).ok();
    delete(known);
    good(&chat, "2026-12-02T08:00:00Z", &["run"]);
    for person in cd {
        came(&chat, unknown, Some(person), "13:10:00", Some("13:40:00"));
    }
    delete(unknown);
    let run = good(&chat, OVER, &["notify"]);
    assert_eq!(run.stderr.matches("warning: Webex does not say who came to 1 meeting").count(), 1, "{}", run.all());
    assert_eq!(heard(&chat, &ab[0]), ["Your meeting is off"]);
    assert!(heard(&chat, &cd[0])[0].starts_with("Did you meet"));
    let looked = looks(&chat);
    good(&chat, OVER, &["notify"]);
    assert_eq!(looks(&chat), looked);
}

#[test]
fn without_the_scope_people_are_asked_and_the_organizer_hears_once_what_to_do() {
    let chat = chat("", "");
    let [(_, ab), ..] = &meetings(&chat)[..] else { panic!() };
    let run = good(&chat, OVER, &["run"]);
    assert!(run.stderr.contains(&format!("the login lacks the scope {SCOPE}")), "{}", run.all());
    assert!(run.stderr.contains("hint: give the integration the scope"), "{}", run.all());
    assert!(heard(&chat, &ab[0])[0].starts_with("Did you meet"), "as if nobody wanted to look");
    assert_eq!(looks(&chat), 0);
    let run = good(&chat, OVER, &["run"]);
    assert!(!run.stderr.contains(SCOPE), "{}", run.all());
    let told = chat.booked.webex.texts_in_space().iter().filter(|it| it.contains(SCOPE)).count();
    assert_eq!(told, 1, "{:?}", chat.booked.webex.texts_in_space());
    let login = chat.booked.world.finish(&mut chat.booked.command(OVER, &["auth", "--status"]));
    assert!(login.stdout.contains(&format!("missing scopes   {SCOPE}")), "{}", login.all());
    chat.booked.log_in_with(SCOPE);
    let run = good(&chat, OVER, &["run"]);
    assert!(run.stderr.contains("fixed: attendance"), "{}", run.all());
}

#[test]
fn while_webex_is_away_nobody_is_asked_for_some_hours_and_then_all_are() {
    for fault in ["503:GET:/meetingParticipants", "drop-before:GET:/meetingParticipants"] {
        let chat = seeing();
        let [(one, ab), (_, cd), ..] = &meetings(&chat)[..] else { panic!() };
        came(&chat, one, Some(&ab[0]), "13:10:00", Some("13:40:00"));
        chat.booked.webex.faults(&[fault]);
        let run = at(&chat, OVER, &["notify"]);
        assert!(run.status == 3 && heard(&chat, &cd[0]).is_empty(), "{fault}: {}", run.all());
        let run = at(&chat, "2026-12-02T15:00:00Z", &["run"]);
        assert!(run.status == 3 && heard(&chat, &cd[0]).is_empty(), "{fault}: {}", run.all());
        let run = at(&chat, "2026-12-03T08:00:00Z", &["run"]);
        assert!(run.status == 3 && heard(&chat, &cd[0])[0].starts_with("Did you meet"), "{fault}: {}", run.all());
        // What is seen after that is kept, and tells nobody anything more.
        chat.booked.webex.faults(&[]);
        good(&chat, "2026-12-03T09:00:00Z", &["run"]);
        assert_eq!(standing(&chat, ab)["seen"], "one");
        assert_eq!(heard(&chat, &ab[0]).len(), 1);
    }
}

#[test]
fn a_refusal_is_told_and_people_are_asked() {
    let chat = seeing();
    let [(_, ab), ..] = &meetings(&chat)[..] else { panic!() };
    chat.booked.webex.faults(&["403:GET:/meetingParticipants"]);
    let run = good(&chat, OVER, &["notify"]);
    assert_eq!(run.stderr.matches("Webex does not say who came to 4 meetings").count(), 1, "{}", run.all());
    assert!(heard(&chat, &ab[0])[0].starts_with("Did you meet"));
}

#[test]
fn an_admin_looks_on_behalf_of_whoever_hosts() {
    let chat = chat(
        "meeting:admin_participants_read meeting:admin_schedule_read meeting:admin_schedule_write",
        "host = \"participant\"",
    );
    let [(one, ab), (two, cd), ..] = &meetings(&chat)[..] else { panic!() };
    for person in ab {
        came(&chat, one, Some(person), "13:10:00", Some("13:40:00"));
    }
    came(&chat, two, Some(&cd[0]), "13:10:00", Some("13:40:00"));
    good(&chat, OVER, &["run"]);
    assert_eq!(standing(&chat, ab)["seen"], "both");
    assert_eq!(standing(&chat, cd)["seen"], "one");
    let calls = chat.booked.webex.calls();
    let mut looks = calls.iter().filter(|it| it["path"].as_str().unwrap().starts_with("/v1/meetingParticipants"));
    assert!(looks.all(|it| it["path"].as_str().unwrap().contains("hostEmail=")));
}

#[test]
fn a_run_that_is_killed_looks_again_and_tells_nobody_twice() {
    let chat = seeing();
    let [(one, ab), (_, cd), ..] = &meetings(&chat)[..] else { panic!() };
    came(&chat, one, Some(&ab[0]), "13:10:00", Some("13:40:00"));
    chat.set_now(OVER);
    chat.booked.webex.clock(OVER);
    let command = chat.booked.command(OVER, &["notify"]);
    assert!(killed_until_done(&command, 3) > 10);
    good(&chat, OVER, &["notify"]);
    assert_eq!(heard(&chat, &ab[0]), ["Thank you for coming"]);
    for person in ab[1..].iter().chain(cd) {
        assert_eq!(heard(&chat, person).len(), 1, "{person}: {:?}", heard(&chat, person));
    }
}

#[test]
fn a_yes_to_what_the_bot_said_later_makes_no_meeting_held() {
    let chat = seeing();
    let [(one, ab), (_, cd), ..] = &meetings(&chat)[..] else { panic!() };
    came(&chat, one, Some(&ab[0]), "13:10:00", Some("13:40:00"));
    good(&chat, OVER, &["run"]);
    assert_eq!(chat.headings(&ab[0]).last().unwrap(), "Thank you for coming");
    assert_eq!(chat.says(&ab[0], "yes").status, 0);
    assert_eq!(standing(&chat, ab)["state"], "unknown", "that was no question");
    // What comes next is about the next meeting.
    for day in ["2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08"] {
        good(&chat, &format!("{day}T09:30:00Z"), &["run"]);
    }
    assert!(chat.headings(&ab[0]).last().unwrap().starts_with("Coming up"), "{:?}", chat.headings(&ab[0]));
    assert_eq!(chat.says(&ab[0], "yes").status, 0);
    assert_eq!(standing(&chat, ab)["state"], "unknown");
    assert_eq!(chat.says(&ab[0], "met").status, 0);
    assert_eq!(standing(&chat, ab)["state"], "held");
    // After that, a no is no answer to what was asked last week; whoever is asked once more can say yes.
    for (says, state) in [("no", "unknown"), ("yes", "held")] {
        assert_eq!(chat.says(&cd[0], says).status, 0);
        assert_eq!(standing(&chat, cd)["state"], state);
    }
}

#[test]
fn who_says_what_became_of_a_meeting_means_the_last_one_that_has_begun() {
    let chat = seeing();
    let [(_, ab), ..] = &meetings(&chat)[..] else { panic!() };
    good(&chat, OVER, &["run"]);
    assert_eq!(chat.says(&ab[0], "met").status, 0);
    assert_eq!(standing(&chat, ab)["state"], "held");
    for day in ["2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08"] {
        good(&chat, &format!("{day}T09:30:00Z"), &["run"]);
    }
    // What was typed before the second began, and is read only afterwards, is about the first.
    chat.set_now("2026-12-09T13:20:00Z");
    assert_eq!(chat.says(&ab[1], "could not").status, 0);
    let first = standing(&chat, ab);
    assert!(first["why"].as_str().unwrap().ends_with(" says that they could not"), "{first}");
    // The second has begun, and nobody was asked about it yet.
    chat.booked.webex.clock("2026-12-09T13:20:00Z");
    assert_eq!(chat.says(&ab[0], "could not").status, 0);
    assert_eq!(standing(&chat, ab)["state"], "held", "the first stays as it was");
    let found =
        chat.booked.world.json_at("2026-12-09T13:50:00Z", &["meetings", "--round", "2026-12-09", "--person", &ab[0]]);
    assert_eq!(found["meetings"][0]["state"], "not-held", "{found}");
}

#[test]
fn people_are_told_that_it_is_looked_and_only_where_it_is() {
    let chat = seeing();
    assert_eq!(chat.says("p0@example.com", "help").status, 0);
    let says = "After each meeting I check at Webex who was there.";
    let help = chat.told("p0@example.com").pop().unwrap();
    assert!(help["text"].as_str().unwrap().contains(says), "{help}");
    let staff = chat.booked.world.read("staff.csv");
    chat.booked.world.write("staff.csv", format!("{staff}p8@example.com,Person 8,D0\n"));
    let person = json!({ "email": "p8@example.com", "profile": { "displayName": "Person 8" } });
    assert_eq!(chat.booked.webex.call("", "PUT", "/sandbox/people", &person).status, 204);
    good(&chat, "2026-12-01T10:00:00Z", &["run"]);
    let greeting = &chat.told("p8@example.com")[0];
    assert!(greeting["text"].as_str().unwrap().contains(says), "{greeting}");
    let config = chat.booked.world.read("config.toml");
    chat.booked.world.write("config.toml", config.replace("attendance = true", "attendance = false"));
    assert_eq!(chat.says("p0@example.com", "help").status, 0);
    let help = chat.told("p0@example.com").pop().unwrap();
    assert!(!help["text"].as_str().unwrap().contains(says), "{help}");
}

#[test]
fn an_idle_run_asks_nothing_and_a_dry_run_shows_what_would_be_asked() {
    let chat = seeing();
    let [(one, ab), ..] = &meetings(&chat)[..] else { panic!() };
    came(&chat, one, Some(&ab[0]), "13:10:00", Some("13:40:00"));
    let before = chat.booked.world.read("roulette-state.json");
    let run = good(&chat, OVER, &["notify", "--dry-run"]);
    assert!(run.stdout.contains("Thank you for coming"), "{}", run.all());
    assert_eq!(chat.booked.world.read("roulette-state.json"), before);
    let run = good(&chat, OVER, &["run", "--dry-run"]);
    assert!(
        run.stdout.contains("looked at 4 of 4 meetings: 0 with both there, 1 with one alone, 3 with nobody"),
        "{}",
        run.all()
    );
    assert_eq!(chat.booked.world.read("roulette-state.json"), before);
    good(&chat, OVER, &["run"]);
    let looked = looks(&chat);
    let run = good(&chat, OVER, &["run"]);
    assert!(run.stdout.contains("nothing to check"), "{}", run.all());
    assert_eq!(looks(&chat), looked);
}
