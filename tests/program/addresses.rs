//! A person is not their address: whoever gets another one keeps history, wishes and meetings, whatever happens on the
//! way.

use serde_json::json;

use crate::support::booked::Booked;
use crate::support::chat::Chat;
use crate::support::trouble::{LATER, all_troubles, strike};
use crate::support::world::{NOW, pairs, roster, strings};

/// The same people, of whom the first has another address now.
fn renamed(staff: &str) -> String {
    let row = |line: &str| match line.strip_prefix("p0@example.com") {
        Some(rest) => format!("p0@new.example{rest},p0@example.com\n"),
        None if line.starts_with("email") => format!("{line},formerly\n"),
        None => format!("{line},\n"),
    };
    staff.lines().map(row).collect()
}

fn invitees(booked: &Booked) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = booked.meetings().into_keys().collect();
    all.sort();
    all
}

#[test]
fn whoever_has_a_new_address_keeps_the_meeting_and_the_others_hear_nothing() {
    let booked = Booked::drawn(6, "");
    assert_eq!(booked.run(&[]).status, 0);
    let ids = |booked: &Booked| -> Vec<_> { booked.standing().iter().map(|it| it["id"].clone()).collect() };
    let before = ids(&booked);
    booked.world.write("staff.csv", renamed(&roster(&[3, 3])));
    let partner = booked.planned().into_iter().find(|pair| pair.contains(&"p0@example.com".to_owned())).unwrap();
    let run = booked.run(&["--dry-run"]);
    assert!(run.stdout.contains("1 to invite, 1 to take off the list, 3 to keep"), "{}", run.all());
    booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
    let run = booked.run(&[]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(run.stderr.contains("p0@example.com is now p0@new.example: their history, choices and meetings are kept"));
    let calls: Vec<String> = booked.writes().into_iter().map(|(call, _)| call).collect();
    assert!(
        matches!(&calls[..], [post, delete]
        if post == "POST /meetingInvitees" && delete.starts_with("DELETE /meetingInvitees/") && delete.ends_with("?sendEmail=false")),
        "{calls:?}"
    );
    assert_eq!(ids(&booked), before, "the meetings are kept");
    booked.everyone_has_exactly_one_meeting("renamed");
    assert!(
        invitees(&booked).iter().any(|pair| pair.contains(&"p0@new.example".to_owned()) && pair.contains(&partner[1]))
    );
    let files = booked.world.files();
    assert_eq!(booked.run(&[]).status, 0);
    assert_eq!((booked.writes().len(), booked.world.files() == files), (2, true), "a second run changes nothing");
}

#[test]
fn a_new_domain_for_everybody_counts_toward_no_limit_and_forgets_nothing() {
    let booked = Booked::drawn(12, "");
    assert_eq!(booked.run(&[]).status, 0);
    let met = booked.world.json(&["status"]);
    booked.world.write("staff.csv", roster(&[6, 6]).replace("@example.com", "@new.example"));
    let run = booked.run(&[]);
    assert_eq!(run.status, 5, "{}", run.all());
    assert!(run.stderr.contains(r#"hint: if they are the same people, write under [programme] in the config: former_domains = { "example.com" = "new.example" }"#), "{}", run.stderr);
    let config = booked.world.read("config.toml");
    booked.world.write(
        "config.toml",
        config.replace("[webex]", "former_domains = { \"example.com\" = \"new.example\" }\n[webex]"),
    );
    let run = booked.run(&[]);
    assert_eq!(run.status, 0, "{}", run.all());
    booked.everyone_has_exactly_one_meeting("moved");
    assert!(invitees(&booked).concat().iter().all(|email| email.ends_with("@new.example")));
    assert_eq!(booked.world.json(&["status"]), met);
    let month = booked.world.json(&["pair", "--month", "--seed", "3"]);
    let [first, later @ ..] = &month["rounds"].as_array().unwrap()[..] else { panic!("{month}") };
    let met = pairs(first);
    assert!(met.len() == 6 && later.len() == 4, "{month}");
    for round in later {
        assert!(pairs(round).iter().all(|people| !met.contains(people)), "{met:?} {round}");
    }
}

#[test]
fn a_wish_a_rule_and_a_choice_go_on_meaning_the_person() {
    let chat = Chat::new(6, "");
    let world = &chat.booked.world;
    let staff = renamed(&roster(&[3, 3]));
    for (email, text) in [("p3@example.com", "not with Person 0"), ("p0@example.com", "not with p4@example.com")] {
        assert_eq!(chat.says(email, text).status, 0);
    }
    let config = world.read("config.toml");
    let rules = "[pairing]\nnever_pair = [[\"p0@example.com\", \"p5@example.com\"]]\n";
    world.write("config.toml", config.clone() + rules);
    world.write("staff.csv", staff);
    let run = chat.run(&["pair", "--month", "--seed", "1", "--format", "json"]);
    assert_eq!((run.status, run.stderr.contains("not on the roster")), (0, false), "{}", run.all());
    let month: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let meets = |round: &serde_json::Value| pairs(round).concat().contains(&"p0@new.example".to_owned());
    assert!(!month["rounds"].as_array().unwrap().iter().skip(1).any(meets), "{month:#}");
    for other in ["p3@example.com", "p4@example.com", "p5@example.com"] {
        let why = world.json(&["why", "p0@example.com", other]);
        assert_eq!((&why["people"][0], &why["allowed"]), (&json!("p0@new.example"), &json!(false)), "{why:#}");
    }
}

#[test]
fn a_manager_who_has_a_new_address_is_still_the_manager() {
    let staff = "email,name,department,manager,formerly\n\
                 boss@new.example,Boss,A,,boss@example.com\nann@example.com,Ann,B,boss@example.com,\n\
                 bo@example.com,Bo,C,boss@new.example,\n";
    let world = crate::support::world::World::new("across = [\"manager\"]", staff);
    let run = world.run(&["why", "ann@example.com", "boss@example.com", "--format", "json"]);
    assert!(run.stdout.contains("manager and report") && run.stderr.is_empty(), "{}", run.all());
    let run = world.run(&["why", "ann@example.com", "bo@example.com", "--format", "json"]);
    assert!(run.stdout.contains("the same manager"), "{}", run.all());
}

#[test]
fn whoever_writes_is_known_by_either_address_and_answered_where_webex_knows_them() {
    let chat = Chat::new(6, "");
    chat.booked.world.write("staff.csv", renamed(&roster(&[3, 3])));
    // Webex knows the old address only, as the roster was changed first.
    let run = chat.says("p0@example.com", "pause 3 weeks");
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(chat.headings("p0@example.com"), ["Enjoy the break"]);
    let run = chat.run(&["notify"]);
    assert_eq!(run.status, 0, "nobody is unknown: {}", run.all());
    let paused = chat.run(&["why", "p0@new.example"]);
    assert!(paused.stdout.contains("paused until"), "{}", paused.all());
}

#[test]
fn whom_webex_knows_by_the_new_address_is_known_and_told_there() {
    let staff = roster(&[3, 3]);
    let both = format!("{staff}p0@new.example,Person 0,D0\n");
    let booked = Booked::new("", &both, &[]);
    booked.world.write("staff.csv", &staff);
    booked.world.json(&["pair", "--week", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    booked.world.write("staff.csv", renamed(&staff));
    assert_eq!(booked.run(&[]).status, 0);
    let chat = Chat::at(booked, NOW);
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!((chat.told("p0@new.example").len(), chat.told("p0@example.com").len()), (1, 0));
    for email in ["p0@new.example", "p0@example.com"] {
        let run = chat.says(email, "status");
        assert_eq!(run.status, 0, "{}", run.all());
    }
    assert_eq!(chat.told("p0@new.example").len(), 3, "both were answered where they are now");
}

#[test]
fn a_new_address_that_was_taken_for_somebody_new_becomes_the_same_person_again() {
    let booked = Booked::drawn(6, "");
    assert_eq!(booked.run(&[]).status, 0);
    let staff = roster(&[3, 3]).replace("p0@example.com", "p0@new.example");
    booked.world.write("staff.csv", &staff);
    let run = booked.run_at(NOW, &["pair", "--week", "2026-12-09", "--seed", "2"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(
        run.stderr.contains(
            "warning: p0@example.com has vanished from staff.csv, and p0@new.example has appeared \
        with the same name, Person 0\nhint: if that is the same person, write p0@example.com into the column \
        `formerly` in the row of p0@new.example\n"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(booked.run(&["--through", "2026-12-09", "--allow-many-changes"]).status, 0);
    booked.world.write("staff.csv", renamed(&roster(&[3, 3])));
    let run = booked.run(&["--through", "2026-12-09", "--allow-many-changes"]);
    assert_eq!((run.status, run.stderr.contains("has vanished")), (0, false), "{}", run.all());
    booked.everyone_has_exactly_one_meeting("one again");
    let why = booked.world.json(&["why", "p0@new.example"]);
    let state: serde_json::Value = serde_json::from_str(&booked.world.read("roulette-state.json")).unwrap();
    assert_eq!(state["people"]["1"], "p0@new.example", "the number goes on: {why:#}");
    let files = booked.world.files();
    assert_eq!(booked.run(&["--through", "2026-12-09"]).status, 0);
    assert!(booked.world.files() == files, "a second run changes nothing");
}

#[test]
fn a_host_who_has_a_new_address_goes_on_hosting_as_webex_knows_them() {
    let booked = Booked::drawn(2, "host = \"participant\"\nmeetings_per_day = 3000");
    assert_eq!(booked.run(&[]).status, 0);
    let host = booked.standing()[0]["host"].as_str().unwrap().to_owned();
    let staff: String = roster(&[1, 1])
        .lines()
        .map(|line| match line.strip_prefix(&*host) {
            Some(rest) => format!("host@new.example{rest},{host}\n"),
            None if line.starts_with("email") => format!("{line},formerly\n"),
            None => format!("{line},\n"),
        })
        .collect();
    booked.world.write("staff.csv", staff);
    let run = booked.run(&[]);
    assert_eq!(run.status, 0, "{}", run.all());
    let standing = booked.standing();
    assert_eq!((standing.len(), standing[0]["host"].as_str()), (1, Some(&*host)), "{}", run.all());
    let invited: Vec<&str> =
        standing[0]["invitees"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap()).collect();
    assert!(invited.contains(&"host@new.example"), "{invited:?}");
    let writes = booked.writes().len();
    let run = booked.run(&[]);
    assert_eq!((run.status, booked.writes().len()), (0, writes), "{}", run.all());
    // Moving it is still asked for as the host whom Webex knows.
    let config = booked.world.read("config.toml");
    booked.world.write("config.toml", config + "[meeting]\nstart = \"16:00\"\n");
    let run = booked.run(&[]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(booked.standing()[0]["start"].as_str().unwrap().contains("14:00"), "{:?}", booked.standing());
}

/// Three meetings are booked; two of the people have new addresses.
fn ready() -> Booked {
    let booked = Booked::drawn(6, "parallel = 1");
    assert_eq!(booked.run(&[]).status, 0);
    let staff =
        renamed(&roster(&[3, 3])).replace("p4@example.com,Person 4,D1,", "p4@new.example,Person 4,D1,p4@example.com");
    booked.world.write("staff.csv", staff);
    booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
    booked
}

#[test]
fn whatever_happens_at_any_call_everybody_is_invited_once_and_under_the_address_of_today() {
    let calls = {
        let booked = ready();
        assert_eq!(booked.run(&[]).status, 0);
        let writes = booked.writes();
        let count = |verb: &str| writes.iter().filter(|(call, _)| call.starts_with(verb)).count();
        assert_eq!((count("POST /meetingInvitees"), count("DELETE /meetingInvitees"), writes.len()), (2, 2, 4));
        booked.webex.calls().len()
    };
    all_troubles(calls, |call, trouble| {
        let booked = ready();
        let when = format!("{trouble:?} at call {call}");
        strike(&booked, call, trouble, &["schedule"]);
        let run = booked.run_at(LATER, &["schedule"]);
        assert_eq!(run.status, 0, "{when}: {}", run.all());
        booked.everyone_has_exactly_one_meeting(&when);
        assert_eq!(booked.standing().len(), 3, "{when}");
        let meetings = booked.webex.model()["meetings"].as_array().unwrap().len();
        assert_eq!(meetings, 3, "{when}: none was cancelled or booked anew");
        let writes = booked.writes().len();
        assert_eq!(booked.run_at(LATER, &["schedule"]).status, 0, "{when}");
        assert_eq!(booked.writes().len(), writes, "{when}: a run more changes nothing");
    });
}

#[test]
fn the_names_of_those_who_vanished_are_told_though_another_run_came_first() {
    let chat = Chat::new(6, "");
    let world = &chat.booked.world;
    world.write("staff.csv", roster(&[3, 3]).replace("p0@example.com", "p0@new.example"));
    assert_eq!(chat.run(&["notify"]).status, 0);
    let told = |args: &[&str]| chat.run(args).stderr.contains("p0@example.com has vanished from staff.csv");
    assert!(told(&["pair", "--month", "--dry-run"]) && told(&["schedule", "--dry-run"]));
    assert!(told(&["schedule", "--allow-many-changes"]) && told(&["schedule"]), "as long as nobody says more");
    world.write("staff.csv", renamed(&roster(&[3, 3])));
    assert!(!told(&["pair", "--month", "--dry-run"]) && !told(&["schedule", "--dry-run"]));
    assert!(
        strings(&world.json(&["why", "p0@example.com", "p3@example.com"])["people"])
            .contains(&"p0@new.example".to_owned())
    );
}

#[test]
fn whatever_member_of_who_is_invited_is_odd_everyone_keeps_one_meeting() {
    let changed = |how: &str, fault: &str| {
        let booked = Booked::drawn(6, "");
        assert_eq!(booked.run(&[]).status, 0);
        booked.world.write("staff.csv", renamed(&roster(&[3, 3])));
        booked.webex.faults(&[&format!("odd={fault}/{how}")]);
        let run = booked.run(&[]);
        assert!([0, 3].contains(&run.status), "{fault} {how}: {}", run.all());
        booked.webex.faults(&[]);
        let run = booked.run_at(LATER, &["schedule"]);
        assert_eq!(run.status, 0, "{fault} {how}: {}", run.all());
        booked.everyone_has_exactly_one_meeting(&format!("{fault} {how}"));
    };
    for how in ["missing", "null", "number", "list", "object", "extra"] {
        for (member, method) in [("items.0.id", "GET"), ("items.0.email", "GET"), ("id", "POST"), ("email", "POST")] {
            changed(&format!("{how}:{method}:/meetingInvitees"), member);
        }
    }
}
