//! Two months of a programme, day by day, as timers would run it, while the world goes on: people join, leave, change
//! their address, skip, pause, stop, come back and have wishes, and the organizer changes the config. At the end there
//! is a table of who met whom, for a person to check.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::support::booked::{Booked, report_room};
use crate::support::chat::Chat;
use crate::support::world::{Run, pairs_within, roster, strings};

/// The organizer's file, as it is edited.
struct Staff(Vec<[String; 5]>);

impl Staff {
    fn new() -> Self {
        let rows = roster(&[6, 6, 6, 6]);
        let cells = |row: &str| -> [String; 5] {
            let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
            cells.resize(5, String::new());
            cells.try_into().unwrap()
        };
        Self(rows.lines().skip(1).map(cells).collect())
    }

    fn text(&self) -> String {
        let rows: Vec<String> = self.0.iter().map(|row| row.join(",") + "\n").collect();
        format!("email,name,department,paused_until,formerly\n{}", rows.concat())
    }

    fn find(&mut self, number: usize) -> &mut [String; 5] {
        let name = format!("Person {number}");
        self.0.iter_mut().find(|row| row[1] == name).unwrap()
    }

    fn join(&mut self, number: usize, department: usize) {
        let row = [&format!("p{number}@example.com"), &format!("Person {number}"), &format!("D{department}"), "", ""];
        self.0.push(row.map(str::to_owned));
    }

    fn leave(&mut self, number: usize) {
        let name = format!("Person {number}");
        self.0.retain(|row| row[1] != name);
    }

    fn department(&self, email: &str) -> Option<&str> {
        self.0.iter().find(|row| row[0] == email).map(|row| &*row[2])
    }
}

/// The programme, the file, and what must never be.
struct Play {
    chat: Chat,
    staff: Staff,
    config: String,
    /// Twos who must not meet from now on, unless it is booked.
    apart: HashSet<(String, String)>,
}

fn email(number: usize) -> String {
    format!("p{number}@example.com")
}

impl Play {
    fn new() -> Self {
        let staff = Staff::new();
        // Webex knows whoever comes later, too.
        let later = "p24@example.com,Person 24,D0,,\np25@example.com,Person 25,D1,,\nfour@example.com,Person 4,D0,,\n";
        let booked = Booked::new("", &(staff.text() + later), &[]);
        booked.configure(&report_room());
        let config = booked.world.read("config.toml");
        let play = Self { chat: Chat::at(booked, ""), staff, config, apart: HashSet::new() };
        play.save();
        play
    }

    fn save(&self) {
        self.chat.booked.world.write("staff.csv", self.staff.text());
        self.chat.booked.world.write("config.toml", &self.config);
    }

    fn at(&self, day: NaiveDate, time: &str) {
        let now = format!("{day}T{time}:00Z");
        self.chat.booked.webex.clock(&now);
        *self.chat.now.borrow_mut() = now;
    }

    fn run(&self, args: &[&str]) -> Run {
        let run = self.chat.run(args);
        assert!(matches!(run.status, 0), "{} {args:?}: {}", self.chat.now.borrow(), run.all());
        run
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.run(&[args, &["--format", "json"]].concat()).stdout).unwrap()
    }

    fn says(&self, number: usize, text: &str) -> String {
        let run = self.chat.says(&email(number), text);
        assert_eq!(run.status, 0, "{text}: {}", run.all());
        self.chat.told(&email(number)).last().unwrap()["text"].as_str().unwrap().to_owned()
    }

    /// The meetings as they stand: the round's day, the people, and the state.
    fn meetings(&self) -> Vec<(String, Vec<String>, String)> {
        let all = self.json(&["meetings"]);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        all["meetings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (text(&it["round"]), strings(&it["people"]), text(&it["state"])))
            .collect()
    }

    /// With whom somebody is to meet in the round of that day.
    fn partner(&self, number: usize, round: &str) -> Option<usize> {
        let stands = |state: &str| matches!(state, "to-book" | "booked" | "moved" | "suggested");
        let own = email(number);
        let meetings = self.meetings();
        let theirs =
            meetings.iter().find(|(day, people, state)| day == round && stands(state) && people.contains(&own))?;
        let other = theirs.1.iter().find(|one| **one != own)?;
        other[1..other.find('@')?].parse().ok()
    }

    /// Nobody sits alone in a round ahead who could meet another who does, and nobody meets whom they must not.
    fn check(&self, day: NaiveDate) {
        let status = self.json(&["status"]);
        for round in status["rounds"].as_array().unwrap().iter().filter(|round| round["ahead"] == true) {
            let date: NaiveDate = round["id"].as_str().unwrap().parse().unwrap();
            if date <= day.checked_add_days(Days::new(1)).unwrap() {
                continue;
            }
            let away = ["paused", "no longer takes part", "Webex does not know", "holiday"];
            let left_out = round["left_out"].as_array().unwrap().iter();
            let alone = left_out.filter(|one| !away.iter().any(|why| one["reason"].as_str().unwrap().starts_with(why)));
            let alone: Vec<String> = alone.map(|one| one["email"].as_str().unwrap().to_owned()).collect();
            for (a, b) in pairs_within(&alone) {
                let apart = self.apart.contains(&(a.clone(), b.clone()));
                let same = self.staff.department(&a) == self.staff.department(&b);
                assert!(apart || same, "{day}: {a} and {b} sit alone on {date}");
            }
        }
        for (round, people, state) in self.meetings() {
            if state == "to-book" {
                for two in pairs_within(&people) {
                    assert!(!self.apart.contains(&two), "{day}: {two:?} are to meet on {round}");
                }
            }
        }
    }

    fn keep_apart(&mut self, a: usize, b: usize) {
        self.apart.insert((email(a).min(email(b)), email(a).max(email(b))));
    }
}

#[test]
fn two_months_in_which_the_world_goes_on() {
    let mut play = Play::new();
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    let (first, last) = (day("2026-11-30"), day("2027-01-30"));
    let mut notes: BTreeMap<String, String> = BTreeMap::new();
    for today in first.iter_days().take_while(|today| *today <= last) {
        play.at(today, "07:05");
        match &*today.to_string() {
            "2026-11-30" => drop(play.run(&["pair", "--month", "2026-12", "--seed", "7"])),
            "2026-12-28" => drop(play.run(&["pair", "--month", "2027-01", "--seed", "8"])),
            // Somebody joins; it is not too late for next week.
            "2026-12-03" => {
                play.staff.join(24, 0);
                play.staff.join(25, 1);
            }
            // Two leave: those who would meet them meet somebody else.
            "2026-12-10" => {
                play.staff.leave(1);
                play.staff.leave(23);
            }
            // Somebody's address changes.
            "2026-12-17" => {
                let row = play.staff.find(4);
                (row[0], row[4]) = ("four@example.com".to_owned(), email(4));
            }
            // The organizer moves the programme to Thursdays.
            "2027-01-04" => play.config += "\n[meeting]\nweekday = \"thursday\"\n",
            // And one day becomes a holiday.
            "2027-01-18" => play.config += "skip_dates = [\"2027-01-21\"]\n",
            _ => {}
        }
        play.save();
        // What moves everybody, the organizer confirms.
        match &*today.to_string() {
            "2027-01-04" | "2027-01-18" => play.run(&["schedule", "--allow-many-changes"]),
            _ => play.run(&["schedule"]),
        };
        play.at(today, "07:10");
        play.run(&["notify"]);

        play.at(today, "08:00");
        let note = match &*today.to_string() {
            // A change of mind.
            "2026-12-04" => {
                let other = play.partner(0, "2026-12-09");
                // After this week's meeting it is asked which one is meant, and nothing is done.
                play.says(0, "skip");
                assert_eq!(play.partner(0, "2026-12-09"), other);
                play.says(0, "skip 9 December");
                assert_eq!(play.partner(0, "2026-12-09"), None);
                play.at(today, "08:01");
                let said = play.says(0, "unskip");
                assert_eq!(play.partner(0, "2026-12-09"), other, "{said}");
                said
            }
            // A wish about somebody with whom a round is drawn that is not booked.
            "2026-12-07" => {
                let other = play.partner(2, "2026-12-16").unwrap();
                play.keep_apart(2, other);
                let said = play.says(2, &format!("not with Person {other}"));
                assert_ne!(play.partner(2, "2026-12-16"), Some(other));
                said
            }
            "2026-12-08" => play.says(8, "pause until 2027-01-10"),
            "2026-12-14" => play.says(9, "stop"),
            "2027-01-05" => play.says(9, "start"),
            _ => String::new(),
        };
        if !note.is_empty() {
            notes.insert(today.to_string(), note);
        }
        // Whoever is freed in the morning is matched by a later run.
        play.at(today, "09:00");
        play.run(&["schedule"]);
        play.check(today);
        let again = play.json(&["schedule", "--dry-run"]);
        assert_eq!(again["steps"], json!([]), "{today}: the same command twice changes nothing the second time");
        play.at(today, "09:30");
        play.run(&["notify"]);
    }

    // Nothing was sent twice.
    let model = play.chat.booked.webex.model();
    let mut seen = BTreeSet::new();
    // Of whoever left, everybody reads the name that they know, and no address.
    let leavers = [1, 23].map(|number| (format!("Person {number}"), email(number)));
    let says = |what: &str| {
        let messages = model["messages"].as_array().unwrap().iter();
        messages.filter(|it| it["text"].as_str().unwrap().contains(what)).count()
    };
    for (name, address) in &leavers {
        let left = format!("{name} left the roster");
        assert!(says(&left) == 1 && says(address) == 0, "{left}: {}, {address}: {}", says(&left), says(address));
    }
    for message in model["messages"].as_array().unwrap() {
        let key = (message["room"].to_string(), message["text"].to_string());
        let again = ["Skipped", "Back in"].iter().any(|known| message["text"].as_str().unwrap().starts_with(known));
        assert!(again || seen.insert(key), "twice: {message}");
    }
    // Newcomers are greeted once, and everybody hears that Wednesdays became Thursdays, and of the holiday.
    let heard = |number: usize, heading: &str| {
        play.chat.headings(&email(number)).iter().filter(|said| *said == heading).count()
    };
    assert_eq!([0, 24, 25].map(|number| heard(number, "Welcome to Coffee Roulette")), [0, 1, 1]);
    assert_eq!([0, 2, 24].map(|number| heard(number, "Your meeting has a new time")), [2, 2, 2]);
    // Everybody is in at most one meeting a week, and met nobody of their department.
    let mut table: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut met = HashSet::new();
    for meeting in play.chat.booked.standing() {
        let tags = strings(&meeting["tags"]);
        let round = tags.iter().min_by_key(|tag| tag.len()).unwrap();
        let people: Vec<String> =
            meeting["invitees"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap().to_owned()).collect();
        for one in &people {
            assert!(met.insert((round.clone(), one.clone())), "{one} meets twice in {round}");
        }
        let mut names: Vec<String> = people.iter().map(|one| one[..one.find('@').unwrap()].to_owned()).collect();
        names.sort_by_key(|name| (name.len(), name.clone()));
        table.entry(round.trim_start_matches("roulette:").to_owned()).or_default().push(names.join("–"));
    }
    let rows: Vec<String> = table
        .into_iter()
        .map(|(round, mut pairs)| {
            pairs.sort();
            format!("{round}: {}", pairs.join(" "))
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"));
    let notes: Vec<String> = notes.into_iter().map(|(day, note)| format!("{day}: {note}")).collect();
    insta::assert_snapshot!(notes.join("\n\n"));
}
