//! `doctor`: everything on which a programme depends has a line, and every fault comes with what fixes it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::booked::{Booked, report_room};
use crate::support::world::{NOW, roster};

const NAMES: [&str; 17] = [
    "config",
    "roster",
    "cards",
    "state",
    "files",
    "zone rules",
    "login",
    "bot",
    "space",
    "events",
    "clock",
    "listener",
    "quota",
    "host limits",
    "timer",
    "due",
    "stuck",
];

fn office(config: &str) -> Booked {
    let booked = Booked::new("", &roster(&[4, 4]), &[]);
    configure(&booked, config);
    booked
}

/// Where nothing else is said, Webex cannot reach it.
fn configure(booked: &Booked, config: &str) {
    let more = if config.contains("[webhook]") { "" } else { "\n[webhook]\npublic_url = \"\"" };
    booked.configure(&format!("{config}{more}"));
}

/// The exit status, and the checks.
fn examine(booked: &Booked, env: &[(&str, &str)], args: &[&str]) -> (i32, Vec<Value>) {
    let mut command = booked.command(NOW, &[args, &["doctor", "--format", "json"]].concat());
    let run = booked.world.finish(command.envs(env.iter().copied()));
    let json: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.all()));
    let checks = json["checks"].as_array().unwrap().clone();
    for check in &checks {
        let is_ok = check["state"] == "ok";
        assert!(is_ok || check["fix"].as_str().is_some_and(|fix| !fix.is_empty()), "{check}: how is it fixed?");
        assert_eq!(check["mend"], check["fix"], "{check}: as it was called first");
        assert!(["ok", "warn", "fault"].contains(&check["state"].as_str().unwrap()), "{check}");
    }
    (run.status, checks)
}

fn private(booked: &Booked, file: &str) {
    fs::set_permissions(booked.world.path(file), fs::Permissions::from_mode(0o600)).unwrap();
}

fn named<'a>(checks: &'a [Value], name: &str) -> &'a Value {
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name} in {checks:#?}"))
}

#[test]
fn a_programme_in_good_health_has_a_line_for_everything_and_nothing_is_changed() {
    let booked = office(&(report_room() + "[webhook]\npublic_url = \"https://roulette.example.com\""));
    booked.webex.post("sandbox-bot", "/v1/webhooks", &webhook("messages", "messages")).ok();
    booked.webex.post("sandbox-bot", "/v1/webhooks", &webhook("cards", "attachmentActions")).ok();
    let files = booked.world.files();
    let (status, checks) = examine(&booked, &[], &[]);
    let names: Vec<&str> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names, NAMES);
    let not_ok: Vec<&Value> = checks.iter().filter(|check| check["state"] != "ok").collect();
    assert!(status == 0 && not_ok.len() == 2, "{not_ok:#?}");
    assert!(not_ok[0]["name"] == "listener" && not_ok[1]["name"] == "timer", "{not_ok:#?}");
    assert!(booked.world.files() == files);
    assert_eq!(booked.run_at(NOW, &["-q", "run"]).status, 0);
    let (_, checks) = examine(&booked, &[], &[]);
    assert_eq!(named(&checks, "timer")["state"], "ok", "{checks:#?}");
    assert_eq!(booked.handle_at(NOW, "{}").status, 0);
    let (_, checks) = examine(&booked, &[], &[]);
    assert_eq!(named(&checks, "listener")["state"], "ok", "{checks:#?}");
}

fn webhook(name: &str, resource: &str) -> Value {
    serde_json::json!({
        "name": format!("roulette {name}"), "targetUrl": "https://roulette.example.com", "resource": resource,
        "event": "created", "secret": "hush",
    })
}

#[test]
fn each_fault_is_told_with_its_status_and_what_fixes_it() {
    struct Case {
        what: &'static str,
        breaks: fn(&Booked),
        env: &'static [(&'static str, &'static str)],
        name: &'static str,
        state: &'static str,
        mend: &'static str,
        status: i32,
    }
    let case = |what, breaks, env, (name, state, mend, status)| Case { what, breaks, env, name, state, mend, status };
    let nothing: fn(&Booked) = |_| ();
    let cases = [
        case(
            "no config",
            |b| fs::remove_file(b.world.path("config.toml")).unwrap(),
            &[],
            ("config", "fault", "roulette init", 2),
        ),
        case("a wrong key", |b| configure(b, "[programme]"), &[], ("config", "fault", "change what is named", 2)),
        case(
            "no roster",
            |b| fs::remove_file(b.world.path("staff.csv")).unwrap(),
            &[],
            ("roster", "fault", "roster", 2),
        ),
        case(
            "a blocklist that names nobody",
            |b| configure(b, "[pairing]\nnever_pair = [[\"p0@example.com\", \"gone@example.com\"]]"),
            &[],
            ("roster", "warn", "roster check", 0),
        ),
        case("a damaged state", |b| b.world.write("roulette-state.json", "{"), &[], ("state", "fault", "backup", 1)),
        case(
            "no login",
            |b| fs::remove_file(b.world.path("roulette-tokens.json")).unwrap(),
            &[],
            ("login", "fault", "roulette auth", 4),
        ),
        case(
            "a login without scopes",
            |b| {
                let tokens = b.world.read("roulette-tokens.json").replace("\"meeting:schedules_write\",", "");
                b.world.write("roulette-tokens.json", tokens);
            },
            &[],
            ("login", "fault", "scopes", 4),
        ),
        case(
            "tokens that others may read",
            |b| fs::set_permissions(b.world.path("roulette-tokens.json"), fs::Permissions::from_mode(0o644)).unwrap(),
            &[],
            ("files", "fault", "chmod 600", 1),
        ),
        case(
            "a config that everybody may change",
            |b| fs::set_permissions(b.world.path("config.toml"), fs::Permissions::from_mode(0o666)).unwrap(),
            &[],
            ("files", "fault", "chmod o-w", 1),
        ),
        case(
            "a bot's token that Webex refuses",
            nothing,
            &[("ROULETTE_BOT_TOKEN", "another")],
            ("bot", "fault", "bot_token", 4),
        ),
        case("no token for the bot", nothing, &[("ROULETTE_BOT_TOKEN", "")], ("bot", "fault", "roulette init", 4)),
        case(
            "a person's token for the bot",
            |b| {
                let token = b.webex.login("p0@example.com");
                configure(b, "bot_token = { file = \"person.txt\" }");
                b.world.write("person.txt", token);
                private(b, "person.txt");
            },
            &[],
            ("bot", "fault", "roulette init", 4),
        ),
        case("Webex is down", |b| b.webex.faults(&["503::"]), &[], ("login", "fault", "Webex", 1)),
        case(
            "a meeting that Webex refuses",
            |b| {
                assert_eq!(b.run_at(NOW, &["pair", "--month"]).status, 0);
                b.webex.faults(&["400:POST:/meetings:1"]);
                assert_eq!(b.run(&[]).status, 3);
            },
            &[],
            ("stuck", "warn", "schedule --retry", 0),
        ),
        case(
            "a folder that everybody may change",
            |b| fs::set_permissions(b.world.path(""), fs::Permissions::from_mode(0o777)).unwrap(),
            &[],
            ("files", "fault", "chmod o-w", 1),
        ),
        case(
            "a space without the bot",
            |b| configure(b, "report_room = \"Y2lzY29zcGFyazovL3VzL1JPT00vMQ\""),
            &[],
            ("space", "fault", "add", 1),
        ),
        case(
            "no webhooks",
            |b| configure(b, "[webhook]\npublic_url = \"https://roulette.example.com\""),
            &[],
            ("events", "fault", "--listen", 1),
        ),
        case(
            "half a roster",
            |b| {
                assert_eq!(b.run_at(NOW, &["pair", "--month", "2026-12"]).status, 0);
                b.world.write("staff.csv", roster(&[4]));
            },
            &[],
            ("due", "fault", "--allow-smaller-roster", 5),
        ),
        case(
            "too many for the quota",
            |b| {
                configure(b, "meetings_per_day = 1\n[meeting]\nbook_ahead_days = 1");
                assert_eq!(b.run_at(NOW, &["pair", "--month", "2026-12"]).status, 0);
            },
            &[],
            ("quota", "warn", "meetings_per_day", 0),
        ),
    ];
    for Case { what, breaks, env, name, state, mend, status } in cases {
        let booked = office("");
        breaks(&booked);
        let (ended, checks) = examine(&booked, env, &[]);
        let check = named(&checks, name);
        let names: Vec<&str> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
        assert_eq!(names, if name == "config" { &NAMES[..1] } else { &NAMES[..] }, "{what}");
        assert_eq!(check["state"], state, "{what}: {check}");
        assert!(check["mend"].as_str().unwrap_or_default().contains(mend), "{what}: {check}");
        assert!(ended == status, "{what}: {ended}: {checks:#?}");
    }
}

#[test]
fn as_csv_and_markdown_each_check_is_one_row_with_what_fixes_it() {
    let booked = office("");
    fs::remove_file(booked.world.path("roulette-tokens.json")).unwrap();
    booked.world.write("staff.csv", "email,name\na@example.com,Ann\na@example.com,Ann\n");
    let csv = booked.run_at(NOW, &["doctor", "--format", "csv"]).stdout;
    assert_eq!(csv.lines().count(), NAMES.len() + 1, "{csv}");
    assert!(csv.starts_with("state,check,what,fix\n") && csv.contains("fault,login,nobody is logged in,"), "{csv}");
    let markdown = booked.run_at(NOW, &["doctor", "--format", "markdown"]).stdout;
    assert_eq!(markdown.lines().count(), NAMES.len() + 2, "{markdown}");
    assert!(!(csv + &markdown).contains('\u{fffd}'));
}

#[test]
fn a_login_that_works_but_cannot_be_renewed_is_a_fault() {
    let booked = office(&report_room());
    let mut command = booked.command(NOW, &["doctor", "--format", "json"]);
    let run = booked.world.finish(command.env_remove("ROULETTE_CLIENT_SECRET"));
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let login = named(json["checks"].as_array().unwrap(), "login");
    let says = login["says"].as_str().unwrap();
    assert!(run.status == 2 && login["state"] == "fault" && says.contains("ROULETTE_CLIENT_SECRET"), "{login}");
}

#[test]
fn cards_in_the_form_of_before_count_and_doctor_says_how_they_are_written_today() {
    let booked = office("");
    let config = booked.world.read("config.toml").replace("[programme]\n", "[programme]\ncards = \"our-cards\"\n");
    booked.world.write("config.toml", config);
    let folder = booked.world.path("our-cards");
    fs::create_dir(&folder).unwrap();
    let card = include_str!("../../cards/left-out.json");
    fs::write(folder.join("left-out.json"), card).unwrap();
    let cards = |checks: Vec<Value>| checks.into_iter().find(|check| check["name"] == "cards").unwrap();
    assert_eq!(cards(examine(&booked, &[], &[]).1)["state"], "ok");
    let old = card.replace("\"$data\": \"${lines}\"", "\"$each\": \"lines\"");
    assert_ne!(old, card);
    fs::write(folder.join("left-out.json"), old).unwrap();
    let check = cards(examine(&booked, &[], &[]).1);
    assert_eq!(check["state"], "warn");
    assert!(check["says"].as_str().unwrap().ends_with("in the older form: left-out.json"), "{check}");
    assert!(check["mend"].as_str().unwrap().contains("\"$data\": \"${partners}\""), "{check}");
}

#[test]
fn an_example_of_what_a_card_is_filled_with_can_be_printed_without_a_config() {
    let world = crate::support::world::World::of_departments("", &[2, 2]);
    fs::remove_file(world.path("config.toml")).unwrap();
    let run = world.run(&["doctor", "--card-data", "introduction"]);
    let data: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(data["partners"][0]["who"], "Bo Ek");
    assert_eq!(data["label"]["join"], "Join the meeting");
    let run = world.run(&["doctor", "--card-data", "intro"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("[possible values: introduction, "), "{}", run.stderr);
}
