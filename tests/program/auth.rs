//! The organizer's login: the real program, the small Webex, and a browser played by the test.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::support::small_webex::{ORGANIZER, Reply, SmallWebex, read};
use crate::support::world::{NOW, Run, World};

const CLIENT_SECRET: &str = "sandbox-secret";
const BOT_TOKEN: &str = "sandbox-bot";
/// More than half of the access token's life after [`NOW`].
const LATER: &str = "2026-12-09T09:00:00Z";
const TOKENS: &str = "roulette-tokens.json";

/// A folder whose config names a small Webex.
struct Office {
    webex: SmallWebex,
    world: World,
    port: u16,
}

/// `roulette auth`, which waits for somebody to log in.
struct Waiting {
    child: Child,
    stdout: BufReader<ChildStdout>,
    first: String,
}

impl Office {
    fn new() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (webex, world) = (SmallWebex::start(&[]), World::of_departments("", &[1, 1]));
        let office = Self { webex, world, port };
        office.config("");
        office
    }

    fn without_bot() -> Self {
        let office = Self::new();
        office.config("bot_token = { env = \"NEVER_SET\" }");
        office
    }

    /// These keys first; the usual ones follow.
    fn config(&self, keys: &str) {
        let usual = [
            ("base_url", format!("{}/v1", self.webex.root)),
            ("client_id", "roulette-sandbox".to_owned()),
            ("redirect_uri", format!("http://localhost:{}/back", self.port)),
        ];
        let usual = usual.iter().filter(|(key, _)| !keys.contains(key));
        let usual: String = usual.map(|(key, value)| format!("{key} = \"{value}\"\n")).collect();
        self.world.write("config.toml", format!("[webex]\n{keys}\n{usual}"));
    }

    fn command(&self, now: &str, args: &[&str]) -> Command {
        let mut command = self.world.command(now, args);
        command.env("ROULETTE_CLIENT_SECRET", CLIENT_SECRET).env("ROULETTE_BOT_TOKEN", BOT_TOKEN);
        command
    }

    fn run_at(&self, now: &str, args: &[&str]) -> Run {
        self.world.finish(&mut self.command(now, args))
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_at(NOW, args)
    }

    fn begin(&self, args: &[&str]) -> Waiting {
        let mut command = self.command(NOW, args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        Waiting { child, stdout, first: first.trim_end().to_owned() }
    }

    /// What the browser sends when the organizer decides, and where Webex sends it then.
    fn decide(&self, address: &str, decision: &str) -> String {
        let url: url::Url = address.parse().unwrap();
        let mut form: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(self.webex.get("", &address[self.webex.root.len()..]).status, 200, "there is a page");
        form.extend([("person", ORGANIZER), ("decision", decision)].map(|(key, value)| (key.into(), value.into())));
        let reply = read(self.webex.request("POST", "/v1/authorize").form(&form));
        reply.header("location").unwrap().to_owned()
    }

    fn log_in(&self) -> Run {
        let waiting = self.begin(&["auth", "--no-browser"]);
        let back = self.decide(&waiting.first, "allow");
        assert_eq!(visit(&back).status, 200);
        let run = waiting.end(&self.world);
        assert_eq!(run.status, 0, "{}", run.stderr);
        run
    }

    fn refreshes(&self) -> usize {
        self.webex.lines().iter().filter(|line| line.starts_with("POST /v1/access_token")).count()
    }

    /// Forgets the calls so far, and lets those that come meet these faults.
    fn faults(&self, specs: &[&str]) {
        assert!(self.webex.call("", "DELETE", "/sandbox/calls", &Value::Null).status < 300);
        self.webex.faults(specs);
    }

    fn tokens(&self) -> Value {
        serde_json::from_str(&self.world.read(TOKENS)).unwrap()
    }
}

impl Waiting {
    fn end(mut self, world: &World) -> Run {
        let mut stdout = self.first;
        self.stdout.read_to_string(&mut stdout).unwrap();
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let stderr = world.shortened(&stderr);
        Run { stdout, stderr, status: self.child.wait().unwrap().code().unwrap_or(-1) }
    }
}

/// The browser goes there.
fn visit(address: &str) -> Reply {
    read(reqwest::blocking::Client::builder().no_proxy().build().unwrap().get(address))
}

fn text(reply: &Reply) -> &str {
    reply.body.as_str().unwrap()
}

#[test]
fn before_a_login_nobody_is_logged_in_and_there_is_nothing_to_forget() {
    let office = Office::without_bot();
    insta::assert_snapshot!(office.run(&["auth", "--logout"]).all(), @"
    --- stderr
    nobody is logged in: there is no roulette-tokens.json
    --- status 0
    ");
    insta::assert_snapshot!(office.run(&["auth", "--status"]).all(), @"
    what         how it is
    ────────────────────────────────────────────────────────────────────────────────────
    login        nobody
    bot          not set: webex.bot_token: the environment variable NEVER_SET is not set
    webhooks     unknown without a bot
    time zones   2025b (compiled in)
    --- stderr
    error: nobody is logged in
    hint: log in with: roulette auth
    --- status 4
    ");
    assert_eq!(office.run(&["auth", "--status", "--format", "json"]).status, 4);
}

#[test]
fn the_organizer_logs_in_sees_it_and_logs_out() {
    let office = Office::without_bot();
    let waiting = office.begin(&["auth", "--no-browser"]);
    let back = office.decide(&waiting.first, "allow");
    assert!(back.starts_with(&format!("http://localhost:{}/back?code=", office.port)), "{back}");
    let page = visit(&back);
    assert_eq!(page.status, 200);
    assert!(text(&page).contains("You can close this page."), "{}", text(&page));
    let run = waiting.end(&office.world);
    assert_eq!(run.stdout.lines().count(), 1, "the address alone");
    insta::assert_snapshot!(run.stderr, @"
    open the address in a browser on this machine, and log in there
    logged in as Nadia Organizer <organizer@example.com>
    the login is valid until 2027-03-01, and is extended whenever roulette uses it
    hint: see what would be booked with: roulette schedule --dry-run
    ");
    assert!(std::net::TcpStream::connect(("127.0.0.1", office.port)).is_err(), "it listens no more");
    assert_eq!(office.world.path(TOKENS).metadata().unwrap().permissions().mode() & 0o777, 0o600);

    insta::assert_snapshot!(office.run(&["auth", "--status"]).all(), @"
    what            how it is
    ──────────────────────────────────────────────────────────────────────────────────────────
    login           Nadia Organizer <organizer@example.com>
    works           yes
    access token    until 2026-12-15 10:59 +02:00
    refresh token   until 2027-03-01 10:59 +02:00
    scopes          spark:kms spark:people_read meeting:schedules_read meeting:schedules_write
    bot             not set: webex.bot_token: the environment variable NEVER_SET is not set
    webhooks        unknown without a bot
    time zones      2025b (compiled in)
    --- stderr
    --- status 0
    ");
    insta::assert_snapshot!(office.run(&["auth", "--status", "--format", "json"]).all(), @r#"
    {
      "bot": null,
      "login": {
        "access_expires": "2026-12-15T08:59:59Z",
        "email": "organizer@example.com",
        "missing_scopes": [],
        "name": "Nadia Organizer",
        "refresh_expires": "2027-03-01T08:59:59Z",
        "scopes": [
          "spark:kms",
          "spark:people_read",
          "meeting:schedules_read",
          "meeting:schedules_write"
        ],
        "why": null,
        "works": true
      },
      "time_zones": {
        "from": "compiled in",
        "others": null,
        "release": "2025b"
      },
      "webhooks": null
    }
    --- stderr
    --- status 0
    "#);
    insta::assert_snapshot!(office.run(&["auth", "--logout"]).all(), @"
    --- stderr
    logged out: roulette-tokens.json is removed
    --- status 0
    ");
    assert_eq!(office.run(&["auth", "--status"]).status, 4);
}

#[test]
fn whoever_brings_no_state_or_a_wrong_one_does_not_end_the_login() {
    let office = Office::new();
    let waiting = office.begin(&["auth", "--no-browser"]);
    let door = format!("http://localhost:{}", office.port);
    for query in ["", "?code=a&state=b", "?error=access_denied&state=b", "?error=access_denied", "?code=a"] {
        let page = visit(&format!("{door}/back{query}"));
        assert_eq!(page.status, 400, "{query}");
    }
    assert_eq!(visit(&format!("{door}/favicon.ico")).status, 404);
    let client = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let back = office.decide(&waiting.first, "allow");
    assert_eq!(read(client.get(&back).header("host", "evil.example")).status, 421);
    assert_eq!(read(client.post(&back)).status, 405);
    assert_eq!(visit(&back).status, 200);
    let run = waiting.end(&office.world);
    assert_eq!(run.status, 0);
    let warnings: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert_eq!(warnings.len(), 5, "{}", run.stderr);
    assert!(warnings[1].ends_with("/back, but its state is wrong: still waiting"), "{}", warnings[1]);
}

#[test]
fn a_login_that_fails_says_why_and_keeps_nothing() {
    let office = Office::new();
    let told = |decision: &str| {
        let waiting = office.begin(&["auth", "--no-browser"]);
        let page = visit(&office.decide(&waiting.first, decision));
        let run = waiting.end(&office.world);
        assert!(!office.world.path(TOKENS).exists());
        let sentence = text(&page).split("<p>").nth(1).and_then(|it| it.split("</p>").next()).unwrap().to_owned();
        let stderr = run.stderr.lines().skip(1).collect::<Vec<_>>().join("\n");
        format!("{} {sentence}\n{stderr}\n--- status {}", page.status, run.status)
    };
    insta::assert_snapshot!(told("deny"), @"
    200 Webex says: access_denied
    error: the login was denied: access_denied
    hint: try again with: roulette auth, or without a browser here: roulette auth --device
    --- status 1
    ");
    office.faults(&["400:POST:/access_token"]);
    insta::assert_snapshot!(told("allow"), @"
    502 the browser came back, but Webex gives no tokens in return: POST /access_token: This fault was requested. (400) (tracking id SANDBOX_00000005)
    hint: compare client_id, client secret and redirect_uri with https://developer.webex.com/my-apps
    error: the browser came back, but Webex gives no tokens in return: POST /access_token: This fault was requested. (400) (tracking id SANDBOX_00000005)
    hint: compare client_id, client secret and redirect_uri with https://developer.webex.com/my-apps
    --- status 1
    ");
    office.faults(&["403:GET:/people/me"]);
    insta::assert_snapshot!(told("allow"), @"
    502 Webex gives tokens, but does not say whose: GET /people/me: This fault was requested. (403) (tracking id SANDBOX_00000009)
    error: Webex gives tokens, but does not say whose: GET /people/me: This fault was requested. (403) (tracking id SANDBOX_00000009)
    --- status 1
    ");
    office.faults(&[]);
    insta::assert_snapshot!(office.run(&["auth", "--no-browser", "--timeout", "1"]).stderr, @"
    open the address in a browser on this machine, and log in there
    error: nobody logged in within 1 s
    hint: try again with: roulette auth, or without a browser here: roulette auth --device
    ");
}

#[test]
fn what_is_missing_for_a_login_is_named_before_it_begins() {
    let office = Office::new();
    let told = |keys: &str| {
        office.config(keys);
        let run = office.run(&["auth", "--no-browser"]);
        assert_eq!(run.stdout, "");
        format!("{} {}", run.status, run.stderr).replace(&office.port.to_string(), "PORT")
    };
    insta::assert_snapshot!(told("client_id = \"\""), @"
    2 error: config.toml: webex.client_id: is not set
    hint: your integration's client id and client secret are at https://developer.webex.com/my-apps
    ");
    insta::assert_snapshot!(told("client_secret = { env = \"NEVER_SET\" }"), @"
    2 error: config.toml: webex.client_secret: the environment variable NEVER_SET is not set
    hint: your integration's client id and client secret are at https://developer.webex.com/my-apps
    ");
    insta::assert_snapshot!(told("redirect_uri = \"https://roulette.example.com/back\""), @"
    2 error: config.toml: webex.redirect_uri: https://roulette.example.com/back is not an http address with a port of this machine
    hint: log in on another device with: roulette auth --device
    ");
    let taken = TcpListener::bind(("127.0.0.1", office.port)).unwrap();
    insta::assert_snapshot!(told(""), @"
    1 error: port PORT of this machine is in use by another program
    hint: end the program that uses it, or change webex.redirect_uri in the config and in the integration; or log in on another device with: roulette auth --device
    ");
    drop(taken);
    assert_eq!(office.webex.lines(), [""; 0]);
}

#[test]
fn a_file_that_is_not_ours_is_left_alone_and_a_damaged_one_gives_way() {
    let office = Office::new();
    for (tokens, said) in [
        ("my diary", "does not hold tokens of roulette"),
        ("{\"format\": \"roulette-tokens\", \"version\": 2}", "are of version 2"),
    ] {
        office.world.write(TOKENS, tokens);
        let run = office.run(&["auth", "--no-browser"]);
        assert!(run.status == 1 && run.stderr.contains(said), "{}", run.stderr);
        assert_eq!(office.world.read(TOKENS), tokens);
    }
    assert_eq!(office.run(&["auth", "--logout"]).status, 1);
    office.world.write(TOKENS, "{\"format\": \"roulette-tokens\", ");
    assert_eq!(office.run(&["auth", "--status"]).status, 4);
    let run = office.log_in();
    assert!(run.stderr.starts_with("warning: the tokens roulette-tokens.json are damaged at line 1"), "{}", run.stderr);
    assert_eq!(office.run(&["auth", "--status"]).status, 0);
}

#[test]
fn nobody_logs_in_by_a_clock_that_is_wrong() {
    let office = Office::new();
    office.webex.faults(&["date=365"]);
    for args in [&["auth", "--device"][..], &["auth", "--no-browser"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roulette"));
        command.current_dir(office.world.dir.path()).env_clear().env("ROULETTE_CLIENT_SECRET", CLIENT_SECRET);
        let run = office.world.finish(command.args(args));
        assert_eq!(run.status, 5, "{}", run.all());
        assert!(run.stderr.contains("hint: correct the clock of this machine"), "{}", run.all());
        assert!(!office.world.path(TOKENS).exists());
    }
}

#[test]
fn the_organizer_logs_in_on_another_device() {
    let office = Office::new();
    let decided = |decision: &str| {
        let mut waiting = office.begin(&["auth", "--device"]);
        assert_eq!(waiting.first, format!("address: {}/verify", office.webex.root));
        let mut line = String::new();
        waiting.stdout.read_line(&mut line).unwrap();
        let code = line.trim_end().strip_prefix("code: ").unwrap();
        let form = [("userCode", code), ("person", ORGANIZER), ("decision", decision)];
        assert_eq!(office.webex.form("/verify", &form).status, 200);
        waiting.end(&office.world)
    };
    let denied = decided("deny");
    assert!(denied.status == 1 && denied.stderr.contains("the login was denied"), "{}", denied.stderr);
    let run = decided("allow");
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(office.run(&["auth", "--status"]).status, 0);
    office.config("client_id = \"another\"");
    let refused = office.run(&["auth", "--device"]);
    assert!(refused.status == 1 && refused.stderr.contains("\nhint: compare client_id"), "{}", refused.stderr);
    office.config("");
    office.faults(&["says=400/invalid_grant:POST:/device/token"]);
    let expired = office.run(&["auth", "--device"]);
    assert!(
        expired.status == 1 && expired.stderr.contains("error: the code is no longer valid\nhint: "),
        "{}",
        expired.stderr
    );
    office.faults(&[]);
    let slow = office.run(&["auth", "--device", "--timeout", "3"]);
    assert!(slow.stderr.contains("error: nobody typed the code within 3 s"), "{}", slow.stderr);
}

#[test]
fn tokens_are_refreshed_ahead_of_their_end_and_only_then() {
    let office = Office::new();
    office.log_in();
    let before = office.tokens();
    office.faults(&[]);
    assert_eq!(office.run(&["auth", "--status"]).status, 0);
    assert_eq!((office.refreshes(), office.tokens()), (0, before.clone()));

    office.webex.clock(LATER);
    let run = office.run_at(LATER, &["auth", "--status", "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let status: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(status["login"]["access_expires"], "2026-12-23T08:59:59Z");
    assert_eq!(office.refreshes(), 1);
    assert_ne!(office.tokens()["access_token"], before["access_token"]);
    assert_eq!(office.world.path(TOKENS).metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn while_a_token_is_good_a_webex_that_does_not_refresh_it_stops_nobody() {
    let office = Office::new();
    office.log_in();
    office.faults(&["500:POST:/access_token"]);
    office.webex.clock(LATER);
    let run = office.run_at(LATER, &["auth", "--status"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stderr, @"warning: the login is valid only until 2026-12-15T08:59:59Z: the login cannot be renewed: POST /access_token: This fault was requested. (500) (tracking id SANDBOX_00000006)");

    office.webex.clock("2026-12-16T09:00:00Z");
    let run = office.run_at("2026-12-16T09:00:00Z", &["auth", "--status"]);
    assert_eq!(run.status, 1, "to log in again would not help: {}", run.stderr);
}

#[test]
fn two_commands_at_once_refresh_once() {
    let office = Office::new();
    office.log_in();
    office.faults(&["latency=300:POST:/access_token"]);
    office.webex.clock(LATER);
    let start = || office.command(LATER, &["auth", "--status"]).stdout(Stdio::null()).spawn().unwrap();
    let children: Vec<Child> = (0..4).map(|_| start()).collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(office.refreshes(), 1);
    assert_eq!(office.run_at(LATER, &["auth", "--status"]).status, 0);
    assert_eq!(office.refreshes(), 1);
}

#[test]
fn a_token_that_webex_refuses_is_refreshed_once() {
    let office = Office::new();
    office.log_in();
    office.faults(&["401:GET:/people/me:1"]);
    assert_eq!(office.run(&["auth", "--status"]).status, 0);
    assert_eq!(office.refreshes(), 1);
    office.faults(&["401:GET:/people/me:1-2"]);
    let run = office.run(&["auth", "--status"]);
    assert_eq!((run.status, office.refreshes()), (4, 1), "{}", run.stderr);
    assert!(run.stderr.ends_with("hint: log in with: roulette auth\n"), "{}", run.stderr);
}

#[test]
fn a_login_that_is_not_renewed_any_more_must_be_made_anew() {
    let office = Office::without_bot();
    office.log_in();
    office.faults(&["400:POST:/access_token"]);
    office.webex.clock(LATER);
    let before = office.tokens();
    let run = office.run_at(LATER, &["--config", "config.toml", "auth", "--status"]);
    insta::assert_snapshot!(run.all(), @"
    what            how it is
    ──────────────────────────────────────────────────────────────────────────────────────────
    login           Nadia Organizer <organizer@example.com>
    works           no
    access token    until 2026-12-15 10:59 +02:00
    refresh token   until 2027-03-01 10:59 +02:00
    scopes          spark:kms spark:people_read meeting:schedules_read meeting:schedules_write
    bot             not set: webex.bot_token: the environment variable NEVER_SET is not set
    webhooks        unknown without a bot
    time zones      2025b (compiled in)
    --- stderr
    error: GET /people/me: Webex does not renew the login of organizer@example.com: POST /access_token: This fault was requested. (400) (tracking id SANDBOX_00000005)
    hint: log in with: roulette --config config.toml auth
    --- status 4
    ");
    assert_eq!(office.tokens(), before);
    office.faults(&[]);
    let run = office.run_at("2027-03-15T09:00:00Z", &["auth", "--status"]);
    assert!(run.status == 4 && run.stderr.contains("was not used for a long time"), "{}", run.stderr);
    assert_eq!(office.refreshes(), 0);
}

#[test]
fn the_status_tells_how_bot_and_webhooks_do() {
    let office = Office::new();
    office.log_in();
    let said = |keys: &str| {
        office.config(keys);
        let run = office.run(&["auth", "--status", "--format", "csv"]);
        let is_refused = run.stderr.contains("Webex refuses webex.bot_token");
        assert_eq!(run.status, if is_refused { 4 } else { 0 }, "{}", run.stderr);
        let lines = run.stdout.lines().filter(|line| ["bot,", "webhooks,"].iter().any(|it| line.starts_with(it)));
        lines.map(|line| line.split(" (tracking id").next().unwrap()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(said(""), "bot,Roulette <roulette@webex.bot>\nwebhooks,none");
    for (name, resource) in [("roulette messages", "messages"), ("another program's", "attachmentActions")] {
        let target = "http://127.0.0.1:9/hook";
        let hook = json!({ "name": name, "targetUrl": target, "resource": resource, "event": "created" });
        office.webex.post(BOT_TOKEN, "/v1/webhooks", &hook).ok();
    }
    assert_eq!(said(""), "bot,Roulette <roulette@webex.bot>\nwebhooks,messages active");
    insta::assert_snapshot!(said("bot_token = { env = \"NEVER_SET\" }"), @"
    bot,not set: webex.bot_token: the environment variable NEVER_SET is not set
    webhooks,unknown without a bot
    ");
    insta::assert_snapshot!(said("bot_token = { env = \"ROULETTE_CLIENT_SECRET\" }"), @"
    bot,does not work: Webex refuses webex.bot_token: GET /people/me: The request needs a valid access token: this one is not known. (401)
    webhooks,unknown without a bot
    ");
    let access = office.tokens()["access_token"].as_str().unwrap().to_owned();
    office.world.write("person.txt", access);
    insta::assert_snapshot!(said("bot_token = { file = \"person.txt\" }"), @r#"
    bot,"does not work: webex.bot_token belongs to Nadia Organizer, who is not a bot"
    webhooks,unknown without a bot
    "#);
    office.config("host = \"participant\"");
    let run = office.run(&["auth", "--status"]);
    assert!(run.stdout.contains("missing scopes"), "{}", run.stdout);
    assert!(run.stderr.starts_with("warning: the login lacks scopes that roulette needs"), "{}", run.stderr);
}

#[test]
fn no_secret_is_ever_told() {
    let office = Office::new();
    let waiting = office.begin(&["-v", "auth", "--no-browser"]);
    let back = office.decide(&waiting.first, "allow");
    let page = visit(&back);
    let mut told = text(&page).to_owned() + &waiting.end(&office.world).all();
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let first = office.tokens();
    office.webex.clock(LATER);
    told += &office.run_at(LATER, &["-v", "auth", "--status"]).all();
    let second = office.tokens();
    office.faults(&["400:POST:/access_token", "401:GET:/people/me"]);
    told += &office.run_at(LATER, &["-v", "auth", "--status"]).all();
    told += &office.run(&["-v", "auth", "--device", "--timeout", "1"]).all();
    assert!(told.contains("POST /access_token → 200 in ") && told.contains("GET /people/me → 401 in "), "{told}");
    let tokens = [&first, &second].map(|it| it["access_token"].as_str().unwrap());
    let refresh = first["refresh_token"].as_str().unwrap();
    for secret in [&[CLIENT_SECRET, BOT_TOKEN, &code, refresh][..], &tokens].concat() {
        assert!(secret.len() > 5 && !told.contains(secret), "{secret} is in\n{told}");
    }
}

/// How a member of an answer may be odd.
const ODD: [&str; 7] = ["missing", "null", "number", "flag", "list", "object", "extra"];

#[test]
fn whatever_member_of_who_one_is_or_of_a_new_token_is_odd_the_login_is_kept() {
    let office = Office::new();
    office.log_in();
    let tokens = office.world.read(TOKENS);
    let members = ["id", "emails", "displayName", "type", "orgId"].map(|it| ("GET:/people/me", it));
    let renewed = ["access_token", "expires_in", "refresh_token", "refresh_token_expires_in", "token_type", "scope"];
    for (call, member) in members.into_iter().chain(renewed.map(|it| ("POST:/access_token", it))) {
        for how in ODD {
            office.faults(&[&format!("odd={member}/{how}:{call}")]);
            let run = office.run_at(LATER, &["auth", "--status"]);
            assert!([0, 1, 3].contains(&run.status), "{member} {how}: {}", run.all());
            office.faults(&[]);
            let run = office.run_at(LATER, &["auth", "--status"]);
            assert_eq!(run.status, 0, "{member} {how}: {}", run.all());
            assert!(office.tokens()["email"] == ORGANIZER, "{member} {how}: {}", office.tokens());
            office.world.write(TOKENS, &tokens);
        }
    }
}

#[test]
fn whatever_member_of_a_device_code_is_odd_it_is_told_or_done_without() {
    let office = Office::new();
    let needed = ["device_code", "user_code", "verification_uri"];
    for member in needed.into_iter().chain(["verification_uri_complete", "expires_in", "interval"]) {
        for how in ODD {
            // The first poll is refused for good, so that nobody waits.
            let refused = "says=400/invalid_grant:POST:/device/token".to_owned();
            office.faults(&[&format!("odd={member}/{how}:POST:/device/authorize"), &refused]);
            let run = office.run(&["auth", "--device", "--timeout", "3"]);
            assert!([1, 3].contains(&run.status), "{member} {how}: {}", run.all());
            let is_asked = run.stdout.contains("/verify");
            assert!(how == "extra" || is_asked != needed.contains(&member), "{member} {how}: {}", run.all());
            assert!(!office.world.path(TOKENS).exists());
        }
    }
}
