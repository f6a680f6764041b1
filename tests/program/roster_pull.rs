//! `roster pull`: the members of a space become the roster, and what a person wrote in it stays.

use std::os::unix::fs::PermissionsExt;
use std::{fs, slice};

use serde_json::{Value, json};

use crate::support::booked::Booked;
use crate::support::small_webex::ORGANIZER;
use crate::support::world::{NOW, Run, roster};

const BOT: &str = "roulette@webex.bot";
/// What an admin may see; and what shows the organizer who is in a space.
const ADMIN: &str = "spark-admin:people_read";
const MEMBERS: &str = "spark:memberships_read";

/// Eight people in two departments, and a space.
struct Office {
    booked: Booked,
    room: String,
}

fn person(number: usize) -> String {
    format!("p{number}@example.com")
}

impl Office {
    /// With these in the space beside the bot.
    fn new(scopes: &str, members: &[&str]) -> Self {
        let office = Self { booked: Booked::new("", &roster(&[4, 4]), &[]), room: String::new() };
        office.booked.log_in_with(scopes);
        let room = office.space(&[&[BOT], members].concat());
        Self { room, ..office }
    }

    /// With everybody, and these too.
    fn with_all(scopes: &str, others: &[&str]) -> Self {
        let all: Vec<String> = (0..8).map(person).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).chain(others.iter().copied()).collect();
        Self::new(scopes, &all)
    }

    fn space(&self, members: &[&str]) -> String {
        let body = json!({ "title": "Coffee", "members": members });
        let space = self.booked.webex.call("", "PUT", "/sandbox/rooms", &body).ok();
        space["id"].as_str().unwrap().to_owned()
    }

    fn profile(&self, email: &str, profile: &Value) {
        let body = json!({ "email": email, "profile": profile });
        self.booked.webex.call("", "PUT", "/sandbox/people", &body);
    }

    fn pull(&self, args: &[&str]) -> Run {
        let room = ["roster", "pull", "--room", &self.room];
        self.booked.run_at(NOW, &[&room, args].concat())
    }

    fn done(&self, args: &[&str]) -> Run {
        let run = self.pull(args);
        assert_eq!(run.status, 0, "{}", run.all());
        run
    }

    /// What changes, as `email change`.
    fn changes(&self, args: &[&str]) -> Vec<String> {
        let run = self.done(&[args, &["--format", "json"]].concat());
        let json: Value = serde_json::from_str(&run.stdout).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let changes = json["changes"].as_array().unwrap().iter();
        changes.map(|line| format!("{} {}", text(&line["email"]), text(&line["change"]))).collect()
    }

    fn staff(&self) -> String {
        self.booked.world.read("staff.csv")
    }
}

#[test]
fn a_space_of_those_on_the_roster_changes_nothing() {
    let office = Office::with_all("", &[]);
    let (staff, before) = (office.staff(), office.booked.world.files().len());
    let run = office.done(&[]);
    assert_eq!(
        run.stdout,
        "Nothing changes: 8 people are on the roster.\nAlso in the space, and not on the roster: 1 bot.\n"
    );
    assert_eq!((office.staff(), &*run.stderr), (staff, ""));
    // Only under which address each account is known is remembered.
    assert_eq!(office.booked.world.files().len(), before + 1);
}

#[test]
fn joining_is_taking_part_and_leaving_is_not_and_the_file_stays_as_it_was_written() {
    let office = Office::new(
        &format!("spark:people_read {ADMIN}"),
        &[
            "p0@example.com",
            "p1@example.com",
            "new@example.com",
            "plain@example.com",
            "guest@other.example",
            "helper@bots.example",
        ],
    );
    office.profile("new@example.com", &json!({ "displayName": "=Nina \"N\" New", "department": "D9" }));
    office.profile("plain@example.com", &json!({ "displayName": "Pat Plain", "department": null }));
    office.profile("guest@other.example", &json!({ "displayName": "Guy", "orgId": "elsewhere", "department": "D9" }));
    office.profile("helper@bots.example", &json!({ "displayName": "Helper", "type": "bot", "department": "D9" }));
    let before = "\u{feff}Name;E-mail;Note;Department\r\nPerson 0;P0@example.com;\"likes; tea\";D0\r\n\r\n\
        Person 1;p1@example.com;;D1\r\nPerson 2;p2@example.com;;D0\r\n";
    office.booked.world.write("staff.csv", before);
    let path = office.booked.world.path("staff.csv");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o660)).unwrap();

    let refused = office.pull(&[]);
    insta::assert_snapshot!(refused.all().replace(&office.room, "ROOM"), @r#"
    email               name           department   change
    ────────────────────────────────────────────────────────────────────────
    p2@example.com      Person 2                    leaves
    new@example.com     Nina "N" New   D9           joins
    plain@example.com   Pat Plain                   not added: no department
    Also in the space, and not on the roster: 2 bots and 1 person of another organization.
    --- stderr
    error: refused: 1 of the 3 people on the roster are no longer in the space, 33% (limit 30%): nothing is written
    hint: if so many really left the space, run: roulette roster pull --room ROOM --allow-smaller-roster
    --- status 5
    "#);
    let dry = office.done(&["--allow-smaller-roster", "--dry-run"]);
    assert_eq!((office.staff().as_str(), dry.stdout.as_str()), (before, refused.stdout.as_str()));
    let run = office.done(&["--allow-smaller-roster"]);
    assert_eq!(run.stdout, refused.stdout, "what was shown is done");
    assert!(run.stderr.contains("plain@example.com is in the space, but not added to the roster"), "{}", run.stderr);
    assert!(run.stderr.contains("across = [] under [pairing]"), "{}", run.stderr);
    let after = "\u{feff}Name;E-mail;Note;Department;status\r\nPerson 0;P0@example.com;\"likes; tea\";D0;\r\n\r\n\
        Person 1;p1@example.com;;D1;\r\nPerson 2;p2@example.com;;D0;left the space\r\n\
        \"Nina \"\"N\"\" New\";new@example.com;;D9;\r\n";
    assert_eq!(office.staff(), after);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);
    assert_eq!(office.booked.world.read("staff.csv.previous"), before);
    assert_eq!(office.changes(&[]), ["plain@example.com not-added"], "it is done once");
    assert_eq!(office.staff(), after);

    office.space(&[BOT, "p0@example.com", "p1@example.com", "p2@example.com", "new@example.com"]);
    assert_eq!(office.changes(&[]), ["p2@example.com back"]);
    assert_eq!(office.staff(), after.replace("left the space", "active"));
}

#[test]
fn a_status_that_a_person_wrote_stays() {
    let office = Office::with_all("", &[]);
    let staff = "email,name,department,status\np0@example.com,Zero,D0,on leave\np1@example.com,One,D1,left\n\
        p2@example.com,Two,D1,\ngone@example.com,Gone,D1,suspended\n";
    office.booked.world.write("staff.csv", staff);
    assert_eq!(office.changes(&["--dry-run"])[0], "p3@example.com not-added");
    office.done(&[]);
    assert_eq!(office.staff(), staff);
}

#[test]
fn where_nobody_needs_a_department_everybody_is_added() {
    let office = Office::with_all("", &["new@example.com", "odd@example.com"]);
    office.profile("new@example.com", &json!({ "displayName": "Nina New", "timezone": "Europe/Berlin" }));
    office
        .profile("odd@example.com", &json!({ "displayName": null, "firstName": null, "lastName": 7, "timezone": [] }));
    assert_eq!(office.changes(&["--dry-run"]), ["new@example.com not-added", "odd@example.com not-added"]);
    office.booked.configure("[pairing]\nacross = []\n");
    assert_eq!(office.changes(&[]), ["new@example.com joins", "odd@example.com joins"]);
    assert!(
        office.staff().ends_with("new@example.com,Nina New,\nodd@example.com,odd@example.com,\n"),
        "{}",
        office.staff()
    );
}

#[test]
fn the_first_pull_makes_the_roster() {
    let office = Office::new(&format!("spark:people_read {ADMIN}"), &["p0@example.com", "p5@example.com"]);
    fs::remove_file(office.booked.world.path("staff.csv")).unwrap();
    office.profile("p5@example.com", &json!({ "addresses": [{ "type": "work", "locality": "Lviv" }] }));
    office.done(&[]);
    let zone = "Europe/Kyiv";
    let staff = format!(
        "email,name,department,timezone,location\np0@example.com,Person \
            0,D0,{zone},\np5@example.com,Person 5,D1,{zone},Lviv\n"
    );
    assert_eq!(office.staff(), staff);
    assert_eq!(office.booked.run_at(NOW, &["roster", "check"]).status, 0);
}

#[test]
fn where_webex_tells_no_departments_the_first_pull_says_how_to_go_on() {
    let office = Office::new("", &["p0@example.com", "p5@example.com"]);
    fs::remove_file(office.booked.world.path("staff.csv")).unwrap();
    let run = office.done(&[]);
    assert!(!office.booked.world.path("staff.csv").exists());
    assert!(run.stderr.contains("hint: begin the roster with: roulette roster pull --room "), "{}", run.stderr);
    // Just so; only the departments are filled in.
    let list = office.done(&["--dry-run", "--format", "csv"]).stdout;
    let filled = list.replace("Person 0,,", "Person 0,Sales,").replace("Person 5,,", "Person 5,IT,");
    office.booked.world.write("staff.csv", filled);
    assert_eq!(office.booked.run_at(NOW, &["roster", "check"]).status, 0);
    assert_eq!(office.changes(&[]), [""; 0]);
}

#[test]
fn whoever_may_look_asks_and_what_is_needed_is_said() {
    let office = Office::with_all("", &[]);
    let asked = |office: &Office, args: &[&str]| {
        office.booked.webex.call("", "DELETE", "/sandbox/calls", &Value::Null);
        let run = office.pull(args);
        let lines = office.booked.webex.lines();
        let looks = lines.iter().filter(|line| line.contains("/memberships")).cloned().collect::<Vec<_>>();
        (run, looks)
    };
    let (run, looks) = asked(&office, &[]);
    assert_eq!((run.status, looks.len()), (0, 1), "{}", run.all());

    // The organizer is in the space, and the bot is not.
    let all: Vec<String> = (0..8).map(person).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).chain([ORGANIZER]).collect();
    office.space(&all);
    let (run, looks) = asked(&office, &[]);
    assert_eq!((run.status, looks.len()), (4, 2), "{}", run.all());
    for part in ["the bot is not in the space", "add the bot, roulette@webex.bot, to the space", MEMBERS] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
    office.booked.log_in_with(&format!("spark:people_read {MEMBERS}"));
    assert_eq!(office.changes(&[]), ["organizer@example.com not-added"]);

    // Neither is.
    office.space(&all[..8]);
    let (run, _) = asked(&office, &[]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(run.stderr.contains("neither the bot nor the organizer is in a space of this id"), "{}", run.stderr);

    // Nobody is logged in: the bot is enough where it is in the space.
    fs::remove_file(office.booked.world.path("roulette-tokens.json")).unwrap();
    let (run, _) = asked(&office, &[]);
    assert_eq!(run.status, 2, "{}", run.all());
    office.space(&[slice::from_ref(&BOT), &all[..8]].concat());
    assert_eq!(office.changes(&[]), [""; 0]);
    let nowhere = office.booked.run_at(NOW, &["roster", "pull"]);
    assert_eq!(nowhere.status, 2);
    assert!(nowhere.stderr.contains("--room ID"), "{}", nowhere.stderr);
}

#[test]
fn all_pages_are_read_through_a_busy_webex_and_odd_members_stop_nobody() {
    let many: Vec<String> = (0..230).map(|at| format!("m{at}@example.com")).collect();
    let office = Office::with_all(ADMIN, &many.iter().map(String::as_str).collect::<Vec<_>>());
    many.iter().for_each(|email| office.profile(email, &json!({ "displayName": format!("Member {email}") })));
    office.booked.webex.faults(&["429=1:GET:/memberships:2", "null-links:GET:/memberships"]);
    office.booked.configure("[pairing]\nacross = []\n");
    assert_eq!(office.changes(&[]).len(), 230);
    let after = office.staff();
    let odd = [
        "items.3.personEmail/null",
        "items.4.personDisplayName/number",
        "items.5.personOrgId/missing",
        "items.6.personEmail/list",
    ];
    for odd in odd {
        office.booked.webex.faults(&[&format!("odd={odd}:GET:/memberships")]);
        let run = office.done(&[]);
        assert_eq!(
            (office.staff() == after, run.stderr.contains("cannot be read")),
            (true, false),
            "{odd}: {}",
            run.all()
        );
    }
    for odd in ["items.3/null", "items.4/number", "items.5/extra"] {
        office.booked.webex.faults(&[&format!("odd={odd}:GET:/memberships:1")]);
        let run = office.done(&[]);
        assert!(
            run.stderr.contains("1 member of the space cannot be read: this time nobody counts as having left"),
            "{odd}: {}",
            run.all()
        );
        assert!(office.staff() == after, "{odd}");
    }
    office.booked.webex.faults(&["500:GET:/memberships"]);
    let run = office.pull(&[]);
    assert_eq!((run.status, office.staff() == after), (3, true), "{}", run.all());
}

#[test]
fn an_account_that_has_another_address_is_the_same_person() {
    let office = Office::with_all("", &[]);
    office.done(&[]);
    let body = json!({ "email": "p3.married@example.com", "was": "p3@example.com" });
    office.booked.webex.call("", "PUT", "/sandbox/people", &body);
    let said = office.booked.webex.say("p3.married@example.com", "help");
    let found = office.booked.webex.get("sandbox-bot", "/v1/people?email=p3.married@example.com").ok();
    assert_eq!(said["personId"], found["items"][0]["id"], "the account keeps its id");
    assert_eq!(office.changes(&["--dry-run"]), ["p3.married@example.com new-address"]);
    office.done(&[]);
    let staff = office.staff();
    assert!(staff.starts_with("email,name,department,formerly\n"), "{staff}");
    assert!(staff.contains("\np3.married@example.com,Person 3,D0,p3@example.com\n"), "{staff}");
    assert_eq!(office.changes(&[]), [""; 0]);
    // They leave, and come back under a third address.
    office.space(&[
        BOT,
        "p0@example.com",
        "p1@example.com",
        "p2@example.com",
        "p4@example.com",
        "p5@example.com",
        "p6@example.com",
        "p7@example.com",
    ]);
    assert_eq!(office.changes(&[]), ["p3.married@example.com leaves"]);
    let body = json!({ "email": "p3.again@example.com", "was": "p3.married@example.com" });
    office.booked.webex.call("", "PUT", "/sandbox/people", &body);
    office.space(&[
        BOT,
        "p0@example.com",
        "p1@example.com",
        "p2@example.com",
        "p3.again@example.com",
        "p4@example.com",
        "p5@example.com",
        "p6@example.com",
        "p7@example.com",
    ]);
    assert_eq!(office.changes(&[]), ["p3.again@example.com back"]);
    assert!(
        office.staff().contains("p3.again@example.com,Person 3,D0,p3@example.com; p3.married@example.com,active\n")
            || office
                .staff()
                .contains("p3.again@example.com,Person 3,D0,\"p3@example.com; p3.married@example.com\",active\n"),
        "{}",
        office.staff()
    );
}

#[test]
fn the_directory_fills_in_only_what_is_blank() {
    let office = Office::new("", &[]);
    let staff = "email,name,department,timezone,manager\np0@example.com,Zero,Mine,,\np5@example.com,Five,IT,Europe/Paris,\n\
        x@example.com,Ex,IT,,\n";
    office.booked.world.write("staff.csv", staff);
    let id = |email: &str| {
        office.booked.webex.get("sandbox-bot", &format!("/v1/people?email={email}")).ok()["items"][0]["id"].clone()
    };
    let manager = id("p7@example.com");
    office.profile(
        "p0@example.com",
        &json!({ "managerId": manager, "timezone": "Europe/Berlin", "addresses": [null, { "locality": "Bonn" }] }),
    );
    office.profile(
        "p5@example.com",
        &json!({ "manager": "Y2lzY29", "timezone": "Mars/Olympus", "department": "Other", "addresses": null }),
    );
    let run = office.booked.run_at(NOW, &["roster", "pull", "--org"]);
    assert_eq!(run.status, 4, "{}", run.all());
    assert!(
        run.stderr.contains("only an admin's login may see the directory") && run.stderr.contains(ADMIN),
        "{}",
        run.stderr
    );
    office.booked.log_in_with(ADMIN);
    let run = office.booked.run_at(NOW, &["roster", "pull", "--org"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(
        run.stderr.contains("p5@example.com has “Mars/Olympus” as time zone at Webex, which is not one"),
        "{}",
        run.stderr
    );
    assert_eq!(
        office.staff(),
        "email,name,department,timezone,manager,location\np0@example.com,Zero,Mine,Europe/Berlin,p7@example.com,Bonn\n\
         p5@example.com,Five,IT,Europe/Paris,,\nx@example.com,Ex,IT,,,\n"
    );
    let run = office.booked.run_at(NOW, &["roster", "pull", "--org"]);
    assert_eq!(run.stdout, "Nothing changes: 3 people are on the roster.\n");
}

#[test]
fn a_workbook_and_a_roster_at_fault_are_left_alone() {
    let office = Office::with_all("", &[]);
    office.booked.world.write("staff.csv", "email,name,department\nann,Ann,\n");
    let run = office.pull(&[]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.all());
    assert!(run.stderr.contains("staff.csv:2: email: “ann” has no @"), "{}", run.stderr);
    office.booked.world.write("staff.csv", b"PK\x03\x04....");
    let run = office.pull(&[]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.stderr.contains("is a workbook, which roulette reads but never writes\nhint: save it as “CSV UTF-8”"),
        "{}",
        run.stderr
    );
}

#[test]
fn run_pulls_once_a_day_and_tells_once_who_waits() {
    let office = Office::with_all("", &["new@example.com", "plain@example.com"]);
    office.booked.configure(&format!("[roster]\npull = \"room:{}\"\n", office.room));
    office.profile("new@example.com", &json!({ "displayName": "Nina New" }));
    office.profile("plain@example.com", &json!({ "displayName": "Pat Plain" }));
    let run = |now: &str| {
        office.booked.webex.clock(now);
        office.booked.run_at(now, &["-q", "run"])
    };
    let looks = || office.booked.webex.lines().iter().filter(|line| line.contains("/memberships")).count();
    let dry = office.booked.run_at(NOW, &["run", "--dry-run"]);
    assert!(dry.stdout.contains("roster     2 not added"), "{}", dry.all());
    let first = run(NOW);
    assert_eq!(first.status, 0, "{}", first.all());
    assert!(
        first.stderr.contains("new@example.com and 1 person more are in the space, but not added"),
        "{}",
        first.stderr
    );
    let seen = looks();
    for now in ["2026-12-01T09:15:00Z", "2026-12-01T12:00:00Z"] {
        let later = run(now);
        assert_eq!((later.status, &*later.stderr, looks()), (0, "", seen), "{now}");
    }
    // Two leave over night, of whom one has a meeting tomorrow.
    office.space(&[
        BOT,
        "p0@example.com",
        "p1@example.com",
        "p2@example.com",
        "p4@example.com",
        "p5@example.com",
        "p6@example.com",
    ]);
    let next = run("2026-12-02T07:00:00Z");
    assert_eq!((next.status, looks()), (0, seen + 1), "{}", next.all());
    assert!(next.stderr.contains("fixed") || next.stderr.is_empty(), "{}", next.stderr);
    let staff = office.staff();
    assert!(staff.contains("p3@example.com,Person 3,D0,left the space\n"), "{staff}");
    assert!(staff.contains("p7@example.com,Person 7,D1,left the space\n"), "{staff}");
    let meets = |number| office.booked.meetings().keys().any(|people| people.contains(&person(number)));
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(meets), [true, true, true, false, true, true, true, false]);
    // All but one are gone: that is refused, told, and stops nothing else.
    office.space(&[BOT, "p0@example.com"]);
    let refused = run("2026-12-03T07:00:00Z");
    assert_eq!(refused.status, 5, "{}", refused.all());
    assert!(
        refused.stderr.contains("5 of the 6 people on the roster are no longer in the space"),
        "{}",
        refused.stderr
    );
    assert_eq!(office.staff(), staff);
}
