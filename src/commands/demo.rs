//! `demo`: the whole story with the example company, told as it happens, against a small Webex inside this program.
//! Runs this very program, command by command, as a person would; all files are in a folder that is removed afterwards.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha1::Sha1;
use tempfile::TempDir;
use url::Url;

use crate::app::context::{Context, stdout};
use crate::app::example;
use crate::domain::settings::Meeting;
use crate::domain::text::rfc3339;
use crate::hex;
use crate::sandbox::{BOT_TOKEN, CLIENT_SECRET, ORGANIZER, Options, Sandbox};
use crate::store::roster::csv;
use crate::webex::connection::connection;

/// The day before the first round of December 2026, so that the story is the same every time.
const NOW: &str = "2026-12-01T09:00:00Z";
/// Somebody's row, before and after they asked to pause.
const WELL: &str = "Jonas Weber,Engineering,Europe/Berlin,Berlin,olena.marchenko@example.com,,,";
const AWAY: &str = "Jonas Weber,Engineering,Europe/Berlin,Berlin,olena.marchenko@example.com,,2026-12-04,";
/// Two people who meet in the first round.
const ONE: &str = "olena.marchenko@example.com";
const OTHER: &str = "florian.koenig@example.com";
const SPACE: &str = "Roulette organizers";
/// The secret with which events are signed here.
const SECRET: &str = "demo";
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn run(ctx: &Context<'_>) -> Result<()> {
    let now = ctx.global.now.map_or_else(|| NOW.parse(), Ok)?;
    let roster = csv::parse(Path::new(example::NAME), example::ROSTER.as_bytes())?;
    let zone = Meeting::default().timezone;
    let sandbox = Sandbox::start(Options {
        listen: ([127, 0, 0, 1], 0).into(),
        people: example::people(&roster, zone),
        timezone: zone.id(),
        zoneinfo: None,
        now: Some(now),
        data: None,
        faults: Vec::new(),
        pace: None,
    })
    .context("cannot start the small Webex")?;
    let folder = tempfile::tempdir().context("cannot make a folder for the demo")?;
    let root = format!("http://{}", sandbox.address());
    let story = Story { folder, now: Cell::new(now), root };
    story.write(example::NAME, example::ROSTER)?;
    // As if Webex could reach it: the story hands over what Webex would send.
    let reached = "\n[webhook]\npublic_url = \"http://127.0.0.1:56733\"\n";
    story.write("config.toml", &(example::config(sandbox.address(), None) + reached))?;
    let told = story.tell(roster.employees.len());
    let stopped = sandbox.stop();
    told?;
    stopped.context("the small Webex did not end cleanly")
}

struct Story {
    folder: TempDir,
    now: Cell<DateTime<Utc>>,
    /// The root of the small Webex.
    root: String,
}

impl Story {
    fn tell(&self, people: usize) -> Result<()> {
        say(&format!(
            "The example company has {people} people who seldom meet. Roulette gets them into short meetings.\n\
             This plays on {}, against a small Webex inside this program: nothing leaves this computer.",
            self.now.get().format("%-d %B %Y")
        ))?;

        chapter("The organizer logs in to Webex, once.")?;
        self.log_in()?;

        chapter("Pairs are drawn across departments for a whole month, and shown before anything happens.")?;
        self.command(&["pair", "--month", "--seed", "1", "--dry-run"], 11)?;

        chapter("The organizer likes them: the same seed keeps exactly these pairs.")?;
        self.command(&["pair", "--month", "--seed", "1"], 0)?;

        chapter("The meetings of the next seven days are booked, and Webex invites everybody.")?;
        self.command(&["schedule"], 5)?;
        self.post()?;

        chapter("A timer runs this again every quarter of an hour. Nothing is booked or sent twice.")?;
        self.command(&["schedule"], 5)?;

        chapter("A bot tells everybody whom they will meet, during their own working hours.")?;
        self.command(&["notify"], 5)?;
        self.read(ONE, 6)?;

        chapter("The time does not suit her: on the card she suggests Thursday at 11:00, and he says yes.")?;
        self.taps(ONE, "suggest", &json!({}))?;
        self.taps(ONE, "send", &json!({ "date": "2026-12-03", "time": "11:00" }))?;
        self.read(OTHER, 4)?;
        self.taps(OTHER, "yes", &json!({}))?;
        self.read(OTHER, 3)?;
        say("\n  It is still the same meeting at Webex, at a new time: both calendars follow.")?;

        chapter("Somebody is away this week. Their meeting is shown first, then cancelled, and both people are told.")?;
        ensure!(example::ROSTER.contains(WELL), "the example company has changed");
        self.write(example::NAME, &example::ROSTER.replace(WELL, AWAY))?;
        self.command(&["schedule", "--dry-run"], 5)?;
        self.command(&["schedule"], 0)?;

        chapter("Two days later: did you meet?")?;
        self.at("2026-12-03T15:00:00Z")?;
        self.command(&["notify"], 5)?;
        self.read(ONE, 4)?;
        self.taps(ONE, "met", &json!({}))?;
        self.read(ONE, 2)?;

        chapter("Two working days after the last meeting, the organizers read how it went.")?;
        self.at("2026-12-07T09:00:00Z")?;
        self.command(&["notify", "--kind", "report"], 4)?;
        self.read(SPACE, 20)?;

        say("\nThat is the whole story. What to look at next:\n\
             · roulette sandbox           the small Webex in your browser: everybody's calendar, mail and chat\n\
             · roulette pair --dry-run    the same with your own employees.csv and config.toml\n\
             · README.md                  how to set it up with the real Webex and let timers do the rest")
    }

    /// Logs in as a person does: the program prints an address, and a browser goes there and back.
    fn log_in(&self) -> Result<()> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let config = fs::read_to_string(self.folder.path().join("config.toml"))?;
        self.write("config.toml", &config.replace("localhost:5000", &format!("localhost:{port}")))?;
        say("\n$ roulette auth")?;
        let mut child = self.child(&["auth", "--no-browser"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let browsed = self.browse(&mut child);
        if browsed.is_err() {
            // It would wait for a browser that does not come.
            let _ = child.kill();
        }
        let mut told = String::new();
        child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut told)).transpose()?;
        let status = child.wait()?;
        browsed?;
        ensure!(status.success(), "auth failed: {told}");
        show(told.lines().filter(|line| line.starts_with("logged in")))
    }

    fn browse(&self, child: &mut Child) -> Result<()> {
        let mut address = String::new();
        let stdout = child.stdout.take().context("auth has no output")?;
        BufReader::new(stdout).read_line(&mut address)?;
        let address = Url::parse(address.trim()).context("auth printed no address")?;
        let mut form: Vec<(String, String)> = address.query_pairs().into_owned().collect();
        form.extend([("person", ORGANIZER), ("decision", "allow")].map(|(key, value)| (key.into(), value.into())));
        let browser = connection(&self.root, PATIENCE)?;
        let reply = browser.request(Method::POST, browser.url("/v1/authorize")).form(&form).send()?;
        let back = reply.headers().get("location").and_then(|back| back.to_str().ok()).context("no redirect")?;
        browser.request(Method::GET, back.parse()?).send()?.error_for_status()?;
        Ok(())
    }

    /// Somebody taps a button of the last card that has it, and Webex tells the program.
    fn taps(&self, email: &str, action: &str, inputs: &Value) -> Result<()> {
        let found = self.told(email)?.into_iter().rev().find_map(|message| {
            let data = button(&message["card"], action)?;
            Some((message["id"].clone(), data))
        });
        let (message, mut data) = found.with_context(|| format!("{email} has no card with “{action}”"))?;
        for (name, value) in inputs.as_object().into_iter().flatten() {
            data[name] = value.clone();
        }
        let press = json!({ "email": email, "messageId": message, "inputs": data });
        let pressed = self.call("POST", "/sandbox/press", &press)?;
        let about = json!({ "id": pressed["id"], "personId": pressed["personId"] });
        let event = json!({ "resource": "attachmentActions", "event": "created", "data": about }).to_string();
        let mut signed = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes())?;
        signed.update(event.as_bytes());
        let signature = hex::encode(&signed.finalize().into_bytes());
        self.write("event.json", &event)?;
        let output = self.child(&["handle-action", "event.json", "--signature", &signature]).output()?;
        ensure!(output.status.success(), "handle-action failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Shows the last thing that the bot told somebody.
    fn read(&self, email: &str, most: usize) -> Result<()> {
        let told = self.told(email)?;
        let text = told.last().and_then(|message| message["text"].as_str()).context("the bot said nothing")?;
        say(&format!("\n  The bot to {}:", if email == SPACE { "the organizers' space" } else { email }))?;
        show(text.lines().take(most))
    }

    /// What the bot wrote to somebody, or to a space, in order.
    fn told(&self, email: &str) -> Result<Vec<Value>> {
        let model = self.call("GET", "/sandbox/model", &Value::Null)?;
        let list = |name: &str| model[name].as_array().cloned().unwrap_or_default();
        let theirs = |room: &Value| {
            let members = room["members"].as_array();
            let is_member = members.is_some_and(|all| all.iter().any(|one| one == email));
            room["title"] == email || room["title"] != SPACE && is_member
        };
        let rooms: Vec<Value> = list("rooms").into_iter().filter(theirs).map(|room| room["id"].clone()).collect();
        let messages = list("messages").into_iter();
        Ok(messages.filter(|message| rooms.contains(&message["room"]) && message["author"] != email).collect())
    }

    /// Continues the story at another time.
    fn at(&self, now: &str) -> Result<()> {
        self.now.set(now.parse()?);
        self.call("PUT", "/sandbox/clock", &json!({ "now": now })).map(|_| ())
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let browser = connection(&self.root, PATIENCE)?;
        let request = browser.request(method.parse()?, browser.url(path));
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = request.send()?.error_for_status()?.text()?;
        Ok(if answer.is_empty() { Value::Null } else { serde_json::from_str(&answer)? })
    }

    /// The content of the mailboxes of the small Webex.
    fn post(&self) -> Result<()> {
        let model = self.call("GET", "/sandbox/model", &Value::Null)?;
        let meetings = model["meetings"].as_array().map_or(0, Vec::len);
        let messages = model["emails"].as_array().map_or(0, Vec::len);
        say(&format!("\n  There are now {meetings} meetings at Webex, and {messages} invitations in mailboxes."))
    }

    /// Runs a command, and shows up to `most` lines of its answer.
    fn command(&self, args: &[&str], most: usize) -> Result<()> {
        say(&format!("\n$ roulette {}", args.join(" ")))?;
        let output = self.child(args).output().context("cannot run this program")?;
        let (stderr, stdout) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
        ensure!(output.status.success(), "{} failed: {stderr}", args.join(" "));
        let lines: Vec<&str> = stdout.lines().collect();
        let more = if most > 0 { lines.len().saturating_sub(most) } else { 0 };
        show(lines.into_iter().take(most))?;
        if more > 0 {
            say(&format!("  … and {more} more {}", if more == 1 { "line" } else { "lines" }))?;
        }
        show(stderr.lines().filter(|line| !line.starts_with("hint: ")))
    }

    fn child(&self, args: &[&str]) -> Command {
        let program = env::current_exe().unwrap_or_else(|_| "roulette".into());
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env("ROULETTE_CLIENT_SECRET", CLIENT_SECRET)
            .env("ROULETTE_BOT_TOKEN", BOT_TOKEN)
            .env("ROULETTE_WEBHOOK_SECRET", SECRET)
            .args(["--config", "config.toml", "--now", &rfc3339(self.now.get())])
            .args(args)
            .stdin(Stdio::null());
        command
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        fs::write(self.folder.path().join(name), text).with_context(|| format!("cannot write {name}"))
    }
}

/// What a card's button for that action sends back.
fn button(card: &Value, action: &str) -> Option<Value> {
    match card {
        Value::Object(fields) if fields.get("type").is_some_and(|kind| kind == "Action.Submit") => {
            fields.get("data").filter(|data| data["action"] == action).cloned()
        }
        Value::Object(fields) => fields.values().find_map(|value| button(value, action)),
        Value::Array(items) => items.iter().find_map(|value| button(value, action)),
        _ => None,
    }
}

/// A heading of the story.
fn chapter(text: &str) -> Result<()> {
    say(&format!("\n── {text}"))
}

/// Shows what a command printed.
fn show<'a>(mut lines: impl Iterator<Item = &'a str>) -> Result<()> {
    lines.try_for_each(|line| say(format!("  {line}").trim_end()))
}

fn say(text: &str) -> Result<()> {
    let (mut out, _) = stdout();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
