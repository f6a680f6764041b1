//! Several programmes on one bot: each answer goes where it belongs, and they share what one organizer is allowed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::socket::{Listening, UNREACHED};
use crate::support::booked::{Booked, report_room};
use crate::support::chat::{data, event, handle_action, told};
use crate::support::until;
use crate::support::world::{NOW, Run, roster, words};

const COFFEE: &str = "coffee.toml";
const MENTORING: &str = "mentoring.toml";

/// Two programmes of one organizer: p0 to p7 drink coffee, and p0 to p3 are in the mentoring of q0 to q3.
struct Two {
    booked: Booked,
    webex: String,
}

impl Two {
    fn new(webex: &str) -> Self {
        let everybody = roster(&[4, 4]) + &mentors();
        let two = Self { booked: Booked::new(UNREACHED, &everybody, &[]), webex: webex.to_owned() };
        two.booked.world.write("coffee.csv", roster(&[4, 4]));
        let mentored: String =
            (0..4).map(|number| format!("p{number}@example.com,Person {number},Mentees\n")).collect();
        two.booked.world.write("mentoring.csv", format!("email,name,department\n{mentored}{}", mentors()));
        two.configure(COFFEE, "Coffee Roulette", "");
        two.configure(MENTORING, "Mentoring", "");
        two
    }

    fn configure(&self, file: &str, name: &str, more: &str) {
        let of = file.trim_end_matches(".toml");
        let (root, webex) = (&self.booked.webex.root, &self.webex);
        self.booked.world.write(
            file,
            format!(
                "[programme]\nname = \"{name}\"\nroster = \"{of}.csv\"\nstate = \"{of}.json\"\n\
                 [webex]\nbase_url = \"{root}/v1\"\nclient_id = \"roulette-sandbox\"\ntimeout_seconds = 5\n\
                 {}{webex}\n{more}\n",
                report_room()
            ),
        );
    }

    fn run_at(&self, now: &str, config: &str, args: &[&str]) -> Run {
        self.booked.run_at(now, &[args, &["--config", config]].concat())
    }

    fn run(&self, config: &str, args: &[&str]) -> Run {
        let run = self.run_at(NOW, config, args);
        assert_eq!(run.status, 0, "{config} {args:?}: {}", run.all());
        run
    }

    /// Both are drawn, booked, and told.
    fn begun(webex: &str) -> Self {
        let two = Self::new(webex);
        for config in [COFFEE, MENTORING] {
            two.run(config, &["pair", "--week", "--seed", "1"]);
            two.run(config, &["schedule"]);
        }
        // Somebody is heard, so that cards have buttons.
        assert_eq!(two.says(COFFEE, "q3@example.com", "help").status, 0);
        for config in [COFFEE, MENTORING] {
            two.run(config, &["notify"]);
        }
        two
    }

    /// Somebody types something, and the event comes to this programme.
    fn says(&self, config: &str, email: &str, text: &str) -> Run {
        self.event(config, "messages", &self.booked.webex.say(email, text))
    }

    /// Somebody taps the button of a message.
    fn taps(&self, config: &str, email: &str, (message, inputs): &(Value, Value)) -> Run {
        self.event(config, "attachmentActions", &self.booked.webex.press(email, message, inputs))
    }

    fn event(&self, config: &str, resource: &str, done: &Value) -> Run {
        let run = self.handle_at(NOW, config, &event(resource, done));
        assert_eq!(run.status, 0, "{config}: {}", run.all());
        run
    }

    /// Hands an event to this programme.
    fn handle_at(&self, now: &str, config: &str, event: &str) -> Run {
        self.run_at(now, config, &words(&handle_action(&self.booked.world, "event.json", event)))
    }

    /// What the bot wrote to somebody, in order.
    fn told(&self, email: &str) -> Vec<Value> {
        told(&self.booked, email)
    }

    fn last(&self, email: &str) -> String {
        self.told(email).last().unwrap()["text"].as_str().unwrap().to_owned()
    }

    /// The button of that action on the last card of that programme, which names it on its first line.
    fn button(&self, email: &str, programme: &str, action: &str) -> (Value, Value) {
        let told = self.told(email);
        let of = |message: &Value| {
            let data = data(&message["card"], action)?;
            message["card"].to_string().contains(programme).then(|| (message["id"].clone(), data))
        };
        told.iter().rev().find_map(of).unwrap_or_else(|| panic!("{email}: no “{action}” of {programme}: {told:#?}"))
    }

    /// For each person: from when to when they are in meetings, in order.
    fn calendars(&self) -> BTreeMap<String, Vec<(String, String)>> {
        let mut calendars: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for meeting in self.booked.standing() {
            let time = |key: &str| meeting[key].as_str().unwrap().to_owned();
            for invitee in meeting["invitees"].as_array().unwrap() {
                let email = invitee["email"].as_str().unwrap().to_owned();
                calendars.entry(email).or_default().push((time("start"), time("end")));
            }
        }
        calendars.values_mut().for_each(|times| times.sort());
        calendars
    }

    fn nobody_is_in_two_meetings(&self, when: &str) {
        for (email, times) in self.calendars() {
            for two in times.windows(2) {
                assert!(two[0].1 <= two[1].0, "{when}: {email} is in two meetings: {two:?}");
            }
        }
    }

    /// What a programme's state says that somebody chose.
    fn choices(&self, config: &str, email: &str) -> String {
        let state: Value = serde_json::from_str(&self.booked.world.read(&config.replace(".toml", ".json"))).unwrap();
        let people = state["people"].as_object().unwrap();
        let id = people.iter().find(|(_, known)| **known == email).map(|(id, _)| id.parse::<u64>().unwrap());
        let choices = state["choices"].as_array().cloned().unwrap_or_default();
        choices.iter().find(|choice| choice["person"].as_u64() == id).map(Value::to_string).unwrap_or_default()
    }

    /// In which of the programmes somebody skips or pauses.
    fn away(&self, email: &str) -> Vec<&'static str> {
        let is_away = |config: &&str| {
            let choice = self.choices(config, email);
            choice.contains("skip") || choice.contains("pause") || choice.contains("stopped\":true")
        };
        [COFFEE, MENTORING].into_iter().filter(is_away).collect()
    }
}

fn mentors() -> String {
    (0..4).map(|number| format!("q{number}@example.com,Mentor {number},Mentors\n")).collect()
}

#[test]
fn an_answer_goes_to_the_programme_of_its_card_and_a_command_to_that_in_which_somebody_takes_part() {
    // Whichever programme an event comes to.
    for to in [COFFEE, MENTORING] {
        let two = Two::begun("");
        two.nobody_is_in_two_meetings("begun");
        two.taps(to, "p0@example.com", &two.button("p0@example.com", "Mentoring", "skip"));
        assert_eq!(two.away("p0@example.com"), [MENTORING], "{to}");
        two.taps(to, "p1@example.com", &two.button("p1@example.com", "Coffee Roulette", "pause"));
        assert_eq!(two.away("p1@example.com"), [COFFEE], "{to}");
        two.says(to, "q0@example.com", "skip");
        assert_eq!(two.away("q0@example.com"), [MENTORING], "{to}");
        two.says(to, "p4@example.com", "skip");
        assert_eq!(two.away("p4@example.com"), [COFFEE], "{to}");
        // A name says which, at either end.
        two.says(to, "p2@example.com", "Mentoring: skip");
        assert_eq!(two.away("p2@example.com"), [MENTORING], "{to}");
        two.says(to, "p2@example.com", "pause 2 weeks coffee roulette");
        assert_eq!(two.away("p2@example.com"), [COFFEE, MENTORING], "{to}");
        // Whoever is in none gets one answer.
        let stranger = "organizer@example.com";
        let before = two.told(stranger).len();
        two.says(to, stranger, "hello");
        assert_eq!(two.told(stranger).len(), before + 1, "{to}");
    }
}

#[test]
fn whoever_is_in_two_programmes_is_asked_which_one_they_mean() {
    for (answer, meant) in [
        ("2", MENTORING),
        ("1", COFFEE),
        ("the second one", MENTORING),
        ("mentoring", MENTORING),
        ("Coffee Roulette!", COFFEE),
        ("coffee", COFFEE),
        ("Mentoring: skip", MENTORING),
    ] {
        let two = Two::begun("");
        two.says(COFFEE, "p3@example.com", "skip");
        assert!(two.away("p3@example.com").is_empty());
        let asked = two.last("p3@example.com");
        let choices = "Coffee Roulette: “Coffee Roulette: skip” · Mentoring: “Mentoring: skip”";
        assert!(asked.starts_with("Which programme do you mean?\n") && asked.contains(choices), "{asked}");
        // The answer may come to the other one.
        two.says(MENTORING, "p3@example.com", answer);
        assert_eq!(two.away("p3@example.com"), [meant], "{answer}: {}", two.last("p3@example.com"));
    }
    let two = Two::begun("");
    two.says(MENTORING, "p3@example.com", "pause 1 week");
    let (message, _) = two.button("p3@example.com", "Which programme", "type");
    let typed = json!({ "action": "type", "key": "Mentoring: pause 1 week" });
    two.taps(MENTORING, "p3@example.com", &(message, typed));
    assert_eq!(two.away("p3@example.com"), [MENTORING]);
    // The same button again asks again.
    two.taps(MENTORING, "p3@example.com", &two.button("p3@example.com", "Which programme", "type"));
    assert_eq!(two.choices(COFFEE, "p3@example.com"), "");
    // “no” leaves all as it is, and what means the same everywhere is answered once.
    two.says(COFFEE, "p2@example.com", "stop");
    two.says(COFFEE, "p2@example.com", "no");
    assert!(two.away("p2@example.com").is_empty());
    let before = two.told("p2@example.com").len();
    two.says(COFFEE, "p2@example.com", "help");
    two.says(MENTORING, "p2@example.com", "thanks!");
    assert_eq!(two.told("p2@example.com").len(), before + 2);
}

#[test]
fn an_answer_that_is_not_clear_is_asked_about_again_and_one_that_is_closes_the_question() {
    for (answer, meant) in [
        ("the mentoring one", &[MENTORING][..]),
        ("mentoring please", &[MENTORING]),
        ("number 2", &[MENTORING]),
        ("#2", &[MENTORING]),
        ("2.", &[MENTORING]),
        ("coffee skip", &[COFFEE]),
        ("not coffee roulette", &[]),
        ("both", &[]),
        ("1 and 2", &[]),
        ("yes", &[]),
        ("ok", &[]),
        ("3", &[]),
        ("blah", &[]),
    ] {
        let two = Two::begun("");
        two.says(COFFEE, "p3@example.com", "skip");
        two.says(COFFEE, "p3@example.com", answer);
        assert_eq!(two.away("p3@example.com"), meant, "{answer}: {}", two.last("p3@example.com"));
        if meant.is_empty() {
            assert!(two.last("p3@example.com").starts_with("Which programme do you mean?"), "{answer}");
            two.says(COFFEE, "p3@example.com", "2");
            assert_eq!(two.away("p3@example.com"), [MENTORING], "{answer}");
        }
        // Nothing is open any more.
        let away = two.away("p3@example.com");
        for text in ["ok", "1", "yes"] {
            two.says(COFFEE, "p3@example.com", text);
            assert_eq!(two.away("p3@example.com"), away, "{answer}, then {text}: {}", two.last("p3@example.com"));
        }
    }
}

#[test]
fn an_event_that_comes_once_more_answers_nothing_that_was_asked_since() {
    let two = Two::begun("");
    let said = two.booked.webex.say("p3@example.com", "Mentoring: status");
    two.event(MENTORING, "messages", &said);
    two.booked.webex.clock("2026-12-01T09:01:00Z");
    let later = |text: &str| {
        let said = event("messages", &two.booked.webex.say("p3@example.com", text));
        let run = two.handle_at("2026-12-01T09:01:00Z", COFFEE, &said);
        assert_eq!(run.status, 0, "{}", run.all());
    };
    later("skip");
    two.event(MENTORING, "messages", &said);
    later("2");
    assert_eq!(two.away("p3@example.com"), [MENTORING], "{}", two.last("p3@example.com"));
}

#[test]
fn programmes_whose_names_begin_alike_are_told_apart() {
    for (names, answer, meant) in [
        (["Coffee", "Coffee Roulette"], "coffee roulette", &[MENTORING][..]),
        (["Coffee", "Coffee Roulette"], "coffee", &[COFFEE]),
        (["Coffee", "Coffee Roulette"], "Coffee Roulette: skip", &[MENTORING]),
        (["Coffee Kyiv", "Coffee Berlin"], "berlin", &[MENTORING]),
        (["Coffee Kyiv", "Coffee Berlin"], "coffee", &[]),
        (["Skip", "Pause"], "pause", &[MENTORING]),
        (["Кава", "Менторство"], "2", &[MENTORING]),
        (["Coffee", "🎓 Mentoring"], "mentoring", &[MENTORING]),
    ] {
        let two = Two::new("");
        two.configure(COFFEE, names[0], "");
        two.configure(MENTORING, names[1], "");
        for config in [COFFEE, MENTORING] {
            two.run(config, &["pair", "--week", "--seed", "1"]);
            two.run(config, &["schedule"]);
        }
        two.says(COFFEE, "p3@example.com", "skip");
        assert!(two.last("p3@example.com").starts_with("Which programme do you mean?"), "{names:?}");
        two.says(COFFEE, "p3@example.com", answer);
        assert_eq!(two.away("p3@example.com"), meant, "{names:?} {answer}: {}", two.last("p3@example.com"));
    }
}

#[test]
fn while_a_programme_cannot_be_read_its_people_wait_and_nobody_else_does() {
    for (file, text) in [(COFFEE, "[programme"), ("coffee.json", "{\"format\":"), ("coffee.json", "")] {
        let two = Two::begun("");
        let before = two.booked.world.read(file);
        let (card, booked) = (two.button("p0@example.com", "Coffee Roulette", "pause"), two.booked.meetings());
        two.booked.world.write(file, text);
        let later = |run: &Run| run.status == 3 && run.stderr.contains("left for later");
        let taps = two.tries("attachmentActions", "p0@example.com", &card);
        assert!(later(&taps), "{file}: {}", taps.all());
        for (who, text) in
            [("p4@example.com", "skip"), ("p1@example.com", "Coffee Roulette: skip"), ("p2@example.com", "skip")]
        {
            let run = two.tries("messages", who, &(json!(text), json!(null)));
            assert!(later(&run), "{file} {who}: {}", run.all());
        }
        // Whom the other does not know, is heard.
        let run = two.tries("messages", "q0@example.com", &(json!("skip"), json!(null)));
        assert_eq!(run.status, 3, "{}", run.all());
        assert_eq!(two.away_in(MENTORING, &["p0", "p1", "p2", "p4"]), [""; 0], "{file}");
        assert!(two.choices(MENTORING, "q0@example.com").contains("skip"), "{file}: {}", run.all());
        // Nothing of whoever is there at Webex moves, for want of knowing where they are.
        let run = two.run_at(NOW, MENTORING, &["run"]);
        assert!(!run.all().contains("moved 1"), "{}", run.all());
        let moved: Vec<_> = two.booked.meetings().into_iter().filter(|(who, at)| booked.get(who) != Some(at)).collect();
        assert_eq!(moved, [], "{file}");
        two.booked.world.write(file, &before);
        assert_eq!(two.run_at(NOW, MENTORING, &["handle-action"]).status, 0);
        assert_eq!(two.away("p0@example.com"), [COFFEE], "{file}");
        assert_eq!((two.away("p4@example.com"), two.away("p1@example.com")), (vec![COFFEE], vec![COFFEE]), "{file}");
        assert!(two.last("p2@example.com").starts_with("Which programme do you mean?"), "{file}");
        two.nobody_is_in_two_meetings(file);
    }
}

#[test]
fn an_event_that_comes_to_two_processes_at_once_is_handled_once() {
    let two = Two::begun("");
    // Each time it is chance which of them is first: without a lock, one of a few is answered twice.
    for number in 0..20 {
        let text = ["help", "skip", "Mentoring: status"][number % 3];
        let said = event("messages", &two.booked.webex.say("p3@example.com", text));
        let before = two.told("p3@example.com").len();
        let args = handle_action(&two.booked.world, "event.json", &said);
        thread::scope(|scope| {
            for config in [COFFEE, MENTORING] {
                scope.spawn(|| two.run(config, &words(&args)));
            }
        });
        assert_eq!(two.told("p3@example.com").len(), before + 1, "{number}: {text}");
    }
}

#[test]
fn while_another_s_meetings_cannot_be_seen_nothing_is_booked() {
    let two = Two::new("");
    for config in [COFFEE, MENTORING] {
        two.run(config, &["pair", "--week", "--seed", "1"]);
    }
    two.run(COFFEE, &["schedule"]);
    let before = two.booked.world.read("coffee.json");
    two.booked.world.write("coffee.json", "{");
    let run = two.run_at(NOW, MENTORING, &["schedule"]);
    assert!(run.status == 3 && run.stderr.contains("nothing is booked or moved: "), "{}", run.all());
    assert_eq!(two.booked.standing().len(), 4);
    two.booked.world.write("coffee.json", &before);
    two.run(MENTORING, &["schedule"]);
    assert_eq!(two.booked.standing().len(), 8);
    two.nobody_is_in_two_meetings("seen again");
}

#[test]
fn whoever_has_another_address_in_the_other_programme_is_one_person_all_the_same() {
    for first in [COFFEE, MENTORING] {
        let two = Two::new("");
        let coffee = two.booked.world.read("coffee.csv");
        let coffee = coffee.replace("email,name,department", "email,name,department,formerly");
        let coffee = coffee.replace("p0@example.com,Person 0,D0", "anna@example.com,Person 0,D0,p0@example.com");
        let coffee: Vec<String> =
            coffee.lines().map(|row| format!("{row}{}", ",".repeat(3 - row.matches(',').count()))).collect();
        two.booked.world.write("coffee.csv", coffee.join("\n"));
        let second = if first == COFFEE { MENTORING } else { COFFEE };
        for config in [first, second] {
            two.run(config, &["pair", "--week", "--seed", "1"]);
            let run = two.run_at(NOW, config, &["schedule"]);
            assert!(run.status == 0 || run.stderr.contains("anna@example.com"), "{}", run.all());
        }
        let calendars = two.calendars();
        let one = ["p0@example.com", "anna@example.com"].iter().flat_map(|email| calendars.get(*email)).flatten();
        let mut times: Vec<&(String, String)> = one.collect();
        times.sort();
        assert_eq!(times.len(), 2, "{first}: {times:?}");
        assert!(times.windows(2).all(|two| two[0].1 <= two[1].0), "{first}: {times:?}");
    }
}

#[test]
fn what_one_programme_asked_is_answered_there() {
    let two = Two::begun("");
    // A new time is suggested in the mentoring, and its card asks.
    let (_, mut send) = two.button("p0@example.com", "Mentoring", "suggest");
    let (message, _) = two.button("p0@example.com", "Mentoring", "suggest");
    send["action"] = json!("send");
    (send["date"], send["time"]) = (json!("2026-12-03"), json!("11:00"));
    let partner = two.calendars_partner("p0@example.com", "Mentor");
    two.taps(COFFEE, "p0@example.com", &(message, send));
    assert!(two.last(&partner).contains("3 December, 11:00"), "{}", two.last(&partner));
    two.says(COFFEE, &partner, "yes");
    assert!(two.calendars()["p0@example.com"].iter().any(|(start, _)| start.starts_with("2026-12-03T09:00")));
    two.nobody_is_in_two_meetings("moved");
    // A time at which somebody meets elsewhere cannot be suggested.
    let (message, mut send) = two.button("p1@example.com", "Mentoring", "suggest");
    send["action"] = json!("send");
    let coffee = two.booked_at(COFFEE, "p1@example.com");
    (send["date"], send["time"]) = (json!(coffee[..10]), json!(coffee[11..16]));
    two.taps(MENTORING, "p1@example.com", &(message, send));
    let said = two.last("p1@example.com");
    assert!(said.contains("another meeting"), "{said}");
}

#[test]
fn a_yes_to_what_one_programme_said_answers_nothing_that_the_other_asked_before() {
    let two = Two::begun("");
    let mentor = two.calendars_partner("p0@example.com", "Mentor");
    let (message, mut send) = two.button(&mentor, "Mentoring", "suggest");
    send["action"] = json!("send");
    (send["date"], send["time"]) = (json!("2026-12-03"), json!("11:00"));
    two.taps(MENTORING, &mentor, &(message, send));
    let last = || two.last("p0@example.com");
    assert!(last().contains("3 December, 11:00"), "{}", last());
    let later = "2026-12-01T09:10:00Z";
    two.booked.webex.clock(later);
    two.booked.world.write("news.md", "Cake on Friday! Will you come?");
    let announced = two.run_at(later, COFFEE, &["notify", "--announce", "news.md"]);
    assert_eq!(announced.status, 0, "{}", announced.all());
    assert!(last().contains("Cake on Friday!"), "{}", last());
    let says = |text: &str| {
        let run = two.handle_at(later, COFFEE, &event("messages", &two.booked.webex.say("p0@example.com", text)));
        assert_eq!(run.status, 0, "{}", run.all());
    };
    let is_moved = || two.calendars()["p0@example.com"].iter().any(|(start, _)| start.starts_with("2026-12-03T09:00"));
    says("yes");
    assert!(!is_moved(), "that was about the cake");
    assert!(last().contains("3 December, 11:00"), "it is asked again: {}", last());
    says("yes");
    assert!(is_moved(), "{}", last());
}

impl Two {
    /// Somebody taps a button, or types something; it comes to the mentoring, and may have to wait.
    fn tries(&self, resource: &str, email: &str, (message, inputs): &(Value, Value)) -> Run {
        let done = match resource {
            "messages" => self.booked.webex.say(email, message.as_str().unwrap()),
            _ => self.booked.webex.press(email, message, inputs),
        };
        self.handle_at(NOW, MENTORING, &event(resource, &done))
    }

    /// Who of these is away in a programme.
    fn away_in(&self, config: &str, names: &[&str]) -> Vec<String> {
        let emails = names.iter().map(|name| format!("{name}@example.com"));
        emails
            .filter(|email| {
                self.choices(config, email).contains("skip") || self.choices(config, email).contains("pause")
            })
            .collect()
    }

    /// Whom somebody meets, of those whose names begin so.
    fn calendars_partner(&self, email: &str, name: &str) -> String {
        let is_one = |meeting: &Value| {
            let invitees = meeting["invitees"].as_array().unwrap();
            let other = invitees.iter().find(|it| it["email"] != email)?["email"].as_str()?.to_owned();
            let is_named = meeting["title"].as_str().is_some_and(|title| title.contains(name));
            (is_named && invitees.iter().any(|it| it["email"] == email)).then_some(other)
        };
        self.booked.standing().iter().find_map(is_one).unwrap()
    }

    /// When somebody's meeting in a programme is, as it is in Kyiv.
    fn booked_at(&self, config: &str, email: &str) -> String {
        let shown = self.run(config, &["meetings", "--person", email, "--format", "json"]);
        let meetings: Value = serde_json::from_str(&shown.stdout).unwrap();
        meetings["meetings"][0]["start"].as_str().unwrap().to_owned()
    }
}

#[test]
fn programmes_of_one_organizer_share_a_quota_and_what_may_be_at_once() {
    let two = Two::new("meetings_per_day = 6");
    for config in [COFFEE, MENTORING] {
        two.run(config, &["pair", "--week", "--seed", "1"]);
    }
    two.run(COFFEE, &["schedule"]);
    let run = two.run_at(NOW, MENTORING, &["schedule"]);
    assert!(run.status == 3 && run.stdout.contains("2 meetings are left for later"), "{}", run.all());
    assert_eq!(two.booked.standing().len(), 6);
    let tomorrow = two.run_at("2026-12-02T09:30:00Z", MENTORING, &["schedule"]);
    assert_eq!((tomorrow.status, two.booked.standing().len()), (0, 8), "{}", tomorrow.all());
    two.nobody_is_in_two_meetings("shared");

    let two = Two::new("at_once = 2");
    for config in [COFFEE, MENTORING] {
        two.run(config, &["pair", "--week", "--seed", "1"]);
        two.run(config, &["schedule"]);
    }
    let times: Vec<(String, String)> = two.booked.standing().iter().map(times).collect();
    assert_eq!(times.len(), 8);
    for (start, _) in &times {
        let running = times.iter().filter(|(from, to)| from <= start && start < to).count();
        assert!(running <= 2, "{start}: {times:?}");
    }
    two.nobody_is_in_two_meetings("at once");
}

fn times(meeting: &Value) -> (String, String) {
    let time = |key: &str| meeting[key].as_str().unwrap().to_owned();
    (time("start"), time("end"))
}

#[test]
fn programmes_that_book_at_the_same_moment_give_nobody_two_meetings_at_one_time() {
    for _ in 0..4 {
        let two = Two::new("");
        for config in [COFFEE, MENTORING] {
            two.run(config, &["pair", "--week", "--seed", "1"]);
        }
        thread::scope(|scope| {
            for config in [COFFEE, MENTORING] {
                scope.spawn(|| two.run(config, &["schedule"]));
            }
        });
        assert_eq!(two.booked.standing().len(), 8);
        two.nobody_is_in_two_meetings("at the same moment");
    }
}

#[test]
fn a_programme_that_shares_nothing_can_do_without_being_known() {
    let two = Two::new("");
    std::fs::create_dir(two.booked.world.path("roulette-tokens.json.programmes")).unwrap();
    two.run(COFFEE, &["pair", "--week", "--seed", "1"]);
    let run = two.run(COFFEE, &["schedule"]);
    assert!(run.stderr.contains("warning: other programmes cannot learn about this one"), "{}", run.all());
    assert_eq!(two.booked.standing().len(), 4);
    two.says(COFFEE, "p4@example.com", "skip");
    assert!(two.choices(COFFEE, "p4@example.com").contains("skip"));
}

#[test]
fn what_cannot_share_a_bot_is_said_all_at_once() {
    let two = Two::new("");
    assert_eq!(two.run_at(NOW, COFFEE, &["status", "--config", MENTORING]).status, 2);
    two.configure("third.toml", "coffee roulette", "[webhook]\npublic_url = \"https://elsewhere.example.com\"");
    let third = two.booked.world.read("third.toml").replace("third.json", "coffee.json");
    let third = third.replace("client_id", "bot_token = { env = \"OTHER_BOT\" }\nclient_id");
    two.booked.world.write("third.toml", third);
    let both = ["handle-action", "--listen", "--config", MENTORING, "--config", "third.toml"];
    insta::assert_snapshot!(two.run_at(NOW, COFFEE, &both).all(), @"
    --- stderr
    error: these programmes cannot share a bot:
      third.toml: [webex] bot_token is not the same bot's as in mentoring.toml
      third.toml: [webhook] public_url is not the same as in mentoring.toml
      coffee.toml: [programme] state is the same as in third.toml
      coffee.toml: [programme] name is the same, so people could not tell it from the one in third.toml
    --- status 2
    ");
}

#[test]
fn one_listener_hears_for_all_and_makes_good_what_was_missed_in_each() {
    let two = Two::begun("");
    let log = Arc::<Mutex<String>>::default();
    let both = ["--config", COFFEE, "--config", MENTORING];
    let start = |now: &str| Listening::of(&two.booked, now, &both, &log).unwrap();
    let listening = start(NOW);
    let say = |email: &str, text: &str| two.booked.webex.say(email, text)["id"].as_str().unwrap().to_owned();
    let done = |id: &str| {
        let done = format!(" {id}: done\n");
        until("it is handled", || log.lock().unwrap().contains(&done));
    };
    done(&say("q1@example.com", "skip"));
    done(&say("p5@example.com", "skip"));
    assert_eq!((two.away("q1@example.com"), two.away("p5@example.com")), (vec![MENTORING], vec![COFFEE]));
    drop(listening);
    // For three days nobody listens.
    let later = "2026-12-04T09:00:00Z";
    two.booked.webex.clock(later);
    let missed = [say("q2@example.com", "pause 1 week"), say("p6@example.com", "pause 1 week")];
    let _listening = start(later);
    missed.iter().for_each(|id| done(id));
    assert_eq!((two.away("q2@example.com"), two.away("p6@example.com")), (vec![MENTORING], vec![COFFEE]));
    for config in [COFFEE, MENTORING] {
        let heard = format!("{}.heard", config.replace(".toml", ".json"));
        assert!(two.booked.world.read(&heard).starts_with("2026-12-04T"), "{config}");
    }
    // What was typed is not read again by either's timer.
    let answered = ["q2@example.com", "p6@example.com"].map(|email| two.told(email).len());
    for config in [COFFEE, MENTORING] {
        let run = two.run_at(later, config, &["handle-action"]);
        assert_eq!(run.status, 0, "{}", run.all());
    }
    assert_eq!(["q2@example.com", "p6@example.com"].map(|email| two.told(email).len()), answered);
}

/// What people type in two months: the day, who, what, and in which programmes they are away then.
const TYPED: [(&str, &str, &str, &[&str]); 11] = [
    ("2026-12-02", "p0@example.com", "mentoring: skip", &[MENTORING]),
    ("2026-12-03", "q1@example.com", "pause 2 weeks", &[MENTORING]),
    ("2026-12-09", "p5@example.com", "skip", &[COFFEE]),
    ("2026-12-14", "p1@example.com", "coffee roulette pause 1 week", &[COFFEE]),
    // Nobody listens from here on for three days.
    ("2026-12-29", "p6@example.com", "pause 1 week", &[COFFEE]),
    ("2026-12-30", "p2@example.com", "mentoring pause 1 week", &[MENTORING]),
    ("2026-12-31", "q3@example.com", "skip 2027-01-06", &[MENTORING]),
    ("2027-01-12", "p3@example.com", "Mentoring: stop", &[MENTORING]),
    // Whoever left one speaks to the other.
    ("2027-01-13", "p3@example.com", "pause 3 weeks", &[COFFEE, MENTORING]),
    ("2027-01-15", "p3@example.com", "Mentoring: start", &[COFFEE]),
    ("2027-01-18", "p3@example.com", "resume", &[]),
];

#[test]
fn two_programmes_with_common_people_live_for_two_months_on_one_bot() {
    let two = Two::new("at_once = 2\nmeetings_per_day = 10");
    let both = ["--config", COFFEE, "--config", MENTORING];
    let log = Arc::<Mutex<String>>::default();
    let mut missed = Vec::new();
    let first: NaiveDate = "2026-11-30".parse().unwrap();
    for day in first.iter_days().take_while(|day| *day < first + Days::new(60)) {
        let day = day.to_string();
        let now = format!("{day}T08:00:00Z");
        two.booked.webex.clock(&now);
        let is_deaf = ("2026-12-29".."2027-01-01").contains(&&*day);
        let mut listening = (!is_deaf).then(|| Listening::of(&two.booked, &now, &both, &log).unwrap());
        for (on, who, text, away) in TYPED.into_iter().filter(|(on, ..)| *on == day) {
            let id = two.booked.webex.say(who, text)["id"].as_str().unwrap().to_owned();
            missed.push((on, id, who, away));
        }
        if listening.is_some() {
            for (on, id, who, away) in missed.drain(..) {
                until("it is handled", || log.lock().unwrap().contains(&format!(" {id}: done\n")));
                assert_eq!(two.away(who), away, "{on} {who}: {}", two.last(who));
            }
        }
        listening.iter_mut().for_each(|listening| assert_eq!(listening.end("TERM"), Some(0)));
        for config in [COFFEE, MENTORING] {
            // Not by the timer: that is tried elsewhere.
            for command in [&["pair", "--month", &day[..7]][..], &["schedule"], &["notify"]] {
                let run = two.run_at(&now, config, command);
                let has_to_wait = command == ["schedule"] && run.status == 3 && run.stdout.contains("left for later");
                assert!(run.status == 0 || has_to_wait, "{day} {config} {command:?}: {}", run.all());
            }
        }
        two.nobody_is_in_two_meetings(&day);
    }
    let meetings: Vec<(String, String)> = two.booked.standing().iter().map(times).collect();
    assert!(meetings.len() > 40, "{}", meetings.len());
    for (start, _) in &meetings {
        let running = meetings.iter().filter(|(from, to)| from <= start && start < to).count();
        let of = || two.booked.standing().into_iter().filter(|meeting| times(meeting).0[..10] == start[..10]);
        assert!(running <= 2, "{start}: {:#?}", of().map(|it| (it["title"].clone(), times(&it))).collect::<Vec<_>>());
    }
    // Nobody is introduced twice for one meeting.
    for person in ["p0", "p3", "p6", "q1"].map(|name| format!("{name}@example.com")) {
        let texts = two.told(&person);
        let mut intros: Vec<&str> =
            texts.iter().filter_map(|message| message["card"]["body"][0]["id"].as_str()).collect();
        intros.sort_unstable();
        assert!(intros.len() > 5, "{person}: {intros:?}");
        let twice: Vec<_> = intros.windows(2).filter(|two| two[0] == two[1]).collect();
        assert!(twice.is_empty(), "{person}: {twice:#?}");
    }
    let log = log.lock().unwrap();
    assert!(!log.contains("set aside") && !log.contains("left for later"), "{log}");
}
