//! The small Webex itself: it follows the specification, refuses what does not, and makes trouble on request.

mod kept;
mod login;
mod meetings;
mod messages;
mod page;
mod trouble;
mod webhooks;

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::small_webex::{ORGANIZER, SmallWebex, read};
use crate::support::world::World;

const OLENA: &str = "olena.marchenko@example.com";
const TARAS: &str = "taras.hrytsenko@example.com";

fn meeting() -> Value {
    json!({
        "title": "Coffee Roulette",
        "start": "2026-12-02T15:10:00+02:00",
        "end": "2026-12-02T15:40:00+02:00",
        "timezone": "Europe/Kyiv",
        "invitees": [{ "email": OLENA }, { "email": TARAS, "displayName": "Taras" }],
        "integrationTags": ["roulette", "2026-12-02/1"],
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn book(webex: &SmallWebex, token: &str, body: &Value) -> Value {
    webex.post(token, "/v1/meetings", body).ok()
}

#[test]
fn it_says_where_it_listens_and_ends_when_told_to() {
    for signal in ["INT", "TERM"] {
        let mut webex = SmallWebex::start(&[]);
        let root = webex.root.clone();
        let (status, said) = webex.end(signal);
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains(&format!("{root}/")) && said.contains("--print-config > config.toml"), "{said}");
    }
}

#[test]
fn a_port_in_use_is_told_with_a_way_out() {
    let webex = SmallWebex::start(&[]);
    let address = webex.root.strip_prefix("http://").unwrap();
    let port = address.rsplit_once(':').unwrap().1;
    let run = World::of_departments("", &[]).run(&["sandbox", "--listen", address]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains(&format!("port {port} is in use\n")) && run.stderr.contains("hint:"), "{}", run.stderr);
}

#[test]
fn it_listens_on_this_computer_only() {
    let run = World::of_departments("", &[]).run(&["sandbox", "--listen", "0.0.0.0:8800"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr, @"error: the sandbox is for this computer only: --listen 127.0.0.1:8800, not 0.0.0.0:8800");

    let webex = SmallWebex::start(&[]);
    let reply = read(webex.request("GET", "/sandbox/model").header("host", "evil.example.com"));
    assert_eq!(reply.status, 421);
    let reply = read(webex.request("POST", "/sandbox/login").body(format!("{{\"email\":\"{ORGANIZER}\"}}")));
    assert_eq!(reply.status, 415);
}

#[test]
fn the_printed_config_and_roster_are_ones_that_the_program_takes() {
    let world = World::of_departments("", &[]);
    let config = world.run(&["sandbox", "--listen", "127.0.0.1:8801", "--print-config"]);
    assert_eq!((config.status, config.stderr.as_str()), (0, ""));
    assert!(config.stdout.contains("\"http://127.0.0.1:8801/v1\""), "{}", config.stdout);
    world.write("config.toml", &config.stdout);
    let roster = world.run(&["sandbox", "--print-roster"]);
    world.write("employees.example.csv", &roster.stdout);
    let run = world.run(&["pair", "--month", "--dry-run"]);
    assert_eq!(run.status, 0, "{}", run.stderr);

    let config = world.run(&["sandbox", "--roster", "staff.csv", "--print-config"]);
    assert!(config.stdout.contains("\nroster = \"staff.csv\"\n"), "{}", config.stdout);
}

#[test]
fn what_it_says_to_type_is_enough_to_the_letter() {
    let mut webex = SmallWebex::start(&[]);
    let address = webex.root.strip_prefix("http://").unwrap().to_owned();
    let (_, said) = webex.end("INT");
    let program = Path::new(env!("CARGO_BIN_EXE_roulette"));
    let _webex = SmallWebex::run(Command::new(program).args(["sandbox", "--listen", &address]));
    let lines = said.lines().filter_map(|line| line.strip_prefix("  "));
    // Nobody is there to log in.
    let typed: Vec<&str> = lines.filter(|line| *line != "roulette auth").collect();
    assert_eq!(typed.len(), 3, "{said}");
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "set -e\n{}\nroulette status\nroulette pair --month\nroulette schedule --dry-run\nroulette notify --dry-run",
        typed.join("\n")
    );
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let run = Command::new("sh").args(["-c", &script]).env("PATH", path).current_dir(&folder).output().unwrap();
    assert!(run.status.success(), "{script}\n{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn people_are_those_of_the_roster_with_the_organizer_and_the_bot() {
    let world = World::of_departments("", &[2]);
    let roster = world.path("staff.csv").display().to_string();
    let webex = SmallWebex::start(&["--roster", &roster]);
    let model = webex.model();
    let emails: Vec<&str> =
        model["people"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap()).collect();
    assert_eq!(emails, [ORGANIZER, "roulette@webex.bot", "p0@example.com", "p1@example.com"]);

    let bot = webex.get("sandbox-bot", "/v1/people/me").ok();
    assert_eq!((&bot["type"], &bot["emails"]), (&json!("bot"), &json!(["roulette@webex.bot"])));
    let token = webex.login("p0@example.com");
    let me = webex.get(&token, "/v1/people/me").ok();
    assert_eq!(
        (&me["displayName"], &me["type"], &me["department"]),
        (&json!("Person 0"), &json!("person"), &Value::Null)
    );
    let id = me["id"].as_str().unwrap();
    assert_eq!(webex.get("sandbox-bot", &format!("/v1/people/{id}")).ok(), me);
    let found = webex.get("sandbox-bot", "/v1/people?email=P0@example.com").ok();
    assert_eq!(found, json!({ "items": [me] }));
    assert_eq!(webex.get("sandbox-bot", "/v1/people?email=nobody@example.com").ok(), json!({ "items": [] }));
    assert_eq!(webex.get("sandbox-bot", "/v1/people/nobody").status, 404);
    assert_eq!(webex.get("sandbox-bot", "/v1/people").status, 400);
    let narrow = webex.login_with(&json!({ "email": ORGANIZER, "scopes": ["meeting:schedules_read"] }));
    assert_eq!(webex.get(&narrow, "/v1/people?email=p0@example.com").status, 403);
}

#[test]
fn what_is_no_call_of_webex_is_refused() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    assert_eq!(webex.get(&token, "/v1/meeting").status, 404);
    assert_eq!(webex.get(&token, "/v1/meetings/a/b").status, 404);
    let wrong = webex.call(&token, "PUT", "/v1/meetings", &meeting());
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST, GET")));
    for token in ["", "wrong"] {
        let refused = webex.get(token, "/v1/meetings");
        assert_eq!(refused.status, 401, "{:?}", refused.why());
    }
    let post = || webex.request("POST", "/v1/meetings").bearer_auth(&token);
    assert_eq!(read(post().body(meeting().to_string())).status, 415);
    let json = |body: &str| read(post().header("content-type", "application/json").body(body.to_owned()));
    for body in ["", "{", "[]", "null", "{\"title\":\"\\ud800\"}"] {
        assert_eq!(json(body).status, 400, "{body}");
    }
    assert_eq!(json(&"[".repeat(100_000)).status, 400);
    assert_eq!(json(&"x".repeat(2 << 20)).status, 413);
    assert_eq!(webex.get(&token, "/v1/meetings?mx=5").why(), ["“mx” is not a parameter of this call"]);
}
