//! Whoever gives no sign for a long time is asked whether to go on, and is put on a break if they do not answer.

use serde_json::{Value, json};

use crate::socket::UNREACHED;
use crate::support::booked::{Booked, report_room};
use crate::support::chat::Chat;
use crate::support::world::{NOW, Run, roster};

const SILENT: &str = "p0@example.com";

/// Twelve people, heard by the timer alone, who are asked after two rounds without a sign.
fn office() -> Chat {
    let booked = Booked::new(&(report_room() + UNREACHED), &roster(&[6, 6]), &[]);
    let config = booked.world.read("config.toml");
    booked.world.write("config.toml", config.replace("[webex]", "silent_rounds = 2\n[webex]"));
    Chat::at(booked, NOW)
}

fn run_at(chat: &Chat, now: &str, command: &[&str]) -> Run {
    chat.booked.webex.clock(now);
    now.clone_into(&mut chat.now.borrow_mut());
    let run = chat.run(command);
    assert_eq!(run.status, 0, "{now}: {}", run.all());
    run
}

/// All but some say something on the day after each round; the timer runs twice a day.
fn weeks(chat: &Chat, days: &[&str], silent: &[usize]) {
    for day in days {
        run_at(chat, &format!("{day}T09:00:00Z"), &["-q", "run"]);
        for person in (0..12).filter(|person| !silent.contains(person)) {
            chat.booked.webex.say(&format!("p{person}@example.com"), "status");
        }
        run_at(chat, &format!("{day}T14:00:00Z"), &["-q", "run"]);
    }
}

fn asked(chat: &Chat, email: &str) -> usize {
    chat.headings(email).iter().filter(|heading| *heading == "Do you want to go on?").count()
}

fn rounds(chat: &Chat, from: &str) -> Vec<Value> {
    let state: Value = serde_json::from_str(&chat.booked.world.read("roulette-state.json")).unwrap();
    let all = state["rounds"].as_array().unwrap().clone();
    all.into_iter().filter(|round| round["date"].as_str().unwrap() >= from).collect()
}

#[test]
fn who_gives_no_sign_for_some_rounds_is_asked_then_rests_and_is_back_with_a_word() {
    let chat = office();
    weeks(&chat, &["2026-12-01", "2026-12-03"], &[0]);
    assert_eq!(asked(&chat, SILENT), 0, "after one round");
    weeks(&chat, &["2026-12-10", "2026-12-11", "2026-12-17"], &[0]);
    assert_eq!(asked(&chat, SILENT), 1, "{:?}", chat.headings(SILENT));
    let others = (1..12).map(|person| asked(&chat, &format!("p{person}@example.com"))).sum::<usize>();
    assert_eq!(others, 0);
    let told = chat.told(SILENT);
    let question = told.iter().find(|it| it["text"].to_string().contains("Do you want to go on?")).unwrap();
    let text = question["text"].as_str().unwrap();
    assert!(["“start”", "“pause 4 weeks”", "“stop”"].iter().all(|typed| text.contains(typed)), "{text}");

    // The next draw leaves them out.
    weeks(&chat, &["2026-12-28"], &[0]);
    let january = rounds(&chat, "2027-01-01");
    assert!(!january.is_empty());
    let left_out = january.iter().filter(|round| round["left_out"].to_string().contains("\"silent\"")).count();
    assert_eq!(left_out, january.len(), "{january:#?}");
    assert_eq!(chat.headings(SILENT).last().unwrap(), "You are on a break");
    let status = run_at(&chat, "2026-12-28T14:10:00Z", &["why", SILENT]);
    assert!(status.stdout.contains("is on a break after giving no sign for a long time"), "{}", status.stdout);
    weeks(&chat, &["2026-12-29"], &[0]);
    let model = chat.booked.webex.model();
    let news = "Person 0 has been silent for a long time, and is on a break until they write to me.";
    assert!(model["messages"].to_string().contains(news), "the organizers hear of it");

    weeks(&chat, &["2026-12-30"], &[]);
    let january = rounds(&chat, "2027-01-01");
    assert!(january.iter().all(|round| !round["left_out"].to_string().contains("\"silent\"")), "{january:#?}");
    assert!(chat.headings(SILENT).iter().any(|heading| heading == "Welcome back"), "{:?}", chat.headings(SILENT));
}

#[test]
fn where_many_are_silent_at_once_the_organizer_is_asked_instead() {
    for (answer, times) in [("yes", 1), ("no", 0)] {
        let chat = office();
        weeks(&chat, &["2026-12-01", "2026-12-03", "2026-12-10", "2026-12-11"], &[0, 1, 2, 3]);
        let space = |heading: &str| {
            let model = chat.booked.webex.model();
            model["messages"].as_array().unwrap().iter().filter(|it| it["text"].to_string().contains(heading)).count()
        };
        assert_eq!((asked(&chat, SILENT), space("Shall I ask the people I have not heard from?")), (0, 1), "{answer}");
        let run = run_at(&chat, "2026-12-11T14:10:00Z", &["notify"]);
        assert!(run.stderr.contains("4 of 12 people have given no sign for a long time"), "{}", run.all());
        run_at(&chat, "2026-12-11T14:15:00Z", &["notify", "--ask-silent", answer]);
        run_at(&chat, "2026-12-11T14:20:00Z", &["notify", "--ask-silent", answer]);
        assert_eq!(asked(&chat, SILENT), times, "{answer}");
        assert!(!run_at(&chat, "2026-12-11T14:30:00Z", &["notify"]).stderr.contains("have given no sign"));
    }
}

#[test]
fn rounds_in_which_nobody_could_be_heard_do_not_count_and_without_the_key_nobody_is_asked() {
    let chat = office();
    let config = chat.booked.world.read("config.toml");
    // By these commands alone nothing is heard.
    for day in ["2026-12-01", "2026-12-03", "2026-12-10", "2026-12-17"] {
        run_at(&chat, &format!("{day}T09:00:00Z"), &["-q", "pair", "--month"]);
        run_at(&chat, &format!("{day}T09:00:00Z"), &["-q", "schedule"]);
        run_at(&chat, &format!("{day}T14:00:00Z"), &["-q", "notify"]);
    }
    assert_eq!(asked(&chat, SILENT), 0);
    let chat = office();
    chat.booked.world.write("config.toml", config.replace("silent_rounds = 2", "silent_rounds = 0"));
    let config = chat.booked.world.read("config.toml");
    let root = &chat.booked.webex.root;
    let config: Vec<String> = config
        .lines()
        .map(|line| match line.starts_with("base_url") {
            true => format!("base_url = \"{root}/v1\""),
            false => line.to_owned(),
        })
        .collect();
    chat.booked.world.write("config.toml", config.join("\n"));
    weeks(&chat, &["2026-12-01", "2026-12-03", "2026-12-10", "2026-12-17"], &[0]);
    assert_eq!(asked(&chat, SILENT), 0);
    assert!(!chat.booked.world.read("roulette-state.json").contains("last_sign"));
}

#[test]
fn who_is_seen_in_a_meeting_gives_a_sign_by_it() {
    let chat = office();
    let config = chat.booked.world.read("config.toml");
    chat.booked.world.write("config.toml", config.replace("[webhook]", "[meeting]\nattendance = true\n[webhook]"));
    chat.booked.log_in_with("meeting:participants_read");
    for day in ["2026-12-02", "2026-12-09"] {
        run_at(&chat, &format!("{day}T09:00:00Z"), &["-q", "run"]);
        let theirs = |meeting: &&Value| {
            meeting["start"].as_str().unwrap().starts_with(day) && meeting["invitees"].to_string().contains(SILENT)
        };
        let meeting = chat.booked.standing().iter().find(theirs).unwrap().clone();
        for invited in meeting["invitees"].as_array().unwrap() {
            let came = [&meeting["id"], &invited["email"], &meeting["start"], &meeting["end"]];
            let joins = json!({ "meeting": came[0], "email": came[1], "joined": came[2], "left": came[3] });
            assert_eq!(chat.booked.webex.post("", "/sandbox/join", &joins).status, 204);
        }
        weeks(&chat, &[day], &[0]);
    }
    weeks(&chat, &["2026-12-10", "2026-12-11"], &[0]);
    assert_eq!(asked(&chat, SILENT), 0, "{:?}", chat.headings(SILENT));
    assert!(!chat.headings(SILENT).iter().any(|heading| heading.starts_with("Did you meet")), "they were seen");
}
