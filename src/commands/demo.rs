//! `demo`: the whole story on the example company, told as it goes, against a small Webex inside this program.
//! Runs this very program, command by command, as a person would; all files are in a folder that goes away with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use super::{Desk, example, stdout};
use crate::sandbox::{BOT_TOKEN, CLIENT_SECRET, ORGANIZER, Options, Sandbox};
use crate::store::roster_csv;
use crate::webex::client::http;

/// The day before the first round of December 2026, so that it is the same story every time.
const NOW: &str = "2026-12-01T09:00:00Z";
/// Somebody's row, before and after they asked to pause.
const WELL: &str = "Jonas Weber,Engineering,Europe/Berlin,Berlin,olena.marchenko@example.com,,,";
const AWAY: &str = "Jonas Weber,Engineering,Europe/Berlin,Berlin,olena.marchenko@example.com,,2026-12-04,";
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn run(desk: &Desk<'_>) -> Result<()> {
    let now = desk.global.now.map_or_else(|| NOW.parse(), Ok)?;
    let roster = roster_csv::parse(Path::new(example::NAME), example::ROSTER.as_bytes())?;
    let sandbox = Sandbox::start(Options {
        listen: ([127, 0, 0, 1], 0).into(),
        people: example::people(&roster, Tz::Europe__Kyiv),
        timezone: Tz::Europe__Kyiv,
        now: Some(now),
        data: None,
        faults: Vec::new(),
        pace: None,
    })
    .context("cannot start the small Webex")?;
    let folder = tempfile::tempdir().context("cannot make a folder for the demo")?;
    let root = format!("http://{}", sandbox.address());
    let story = Story { folder, now, root };
    story.write(example::NAME, example::ROSTER)?;
    story.write("config.toml", &example::config(sandbox.address(), None))?;
    let told = story.tell(roster.employees.len());
    let stopped = sandbox.stop();
    told?;
    stopped.context("the small Webex ended badly")
}

struct Story {
    folder: TempDir,
    now: DateTime<Utc>,
    /// The small Webex.
    root: String,
}

impl Story {
    fn tell(&self, people: usize) -> Result<()> {
        say(&format!(
            "The example company has {people} people who seldom meet. Roulette gets them into short meetings.\n\
             This plays on {}, against a small Webex inside this program: nothing leaves this computer.",
            self.now.format("%-d %B %Y")
        ))?;

        chapter("The organizer logs in at Webex, once.")?;
        self.log_in()?;

        chapter("Pairs are drawn across departments for a whole month, and shown before anything happens.")?;
        self.command(&["pair", "--month", "--seed", "1", "--dry-run"], 11)?;

        chapter("She likes them: the same seed keeps just these.")?;
        self.command(&["pair", "--month", "--seed", "1"], 0)?;

        chapter("The meetings of the next seven days are booked, and Webex invites everybody.")?;
        self.command(&["schedule"], 5)?;
        self.post()?;

        chapter("A timer runs that every hour. What is booked is booked: nothing is sent twice.")?;
        self.command(&["schedule"], 5)?;

        chapter("Somebody is away this week. What is off is shown, and then cancelled, and both are told.")?;
        ensure!(example::ROSTER.contains(WELL), "the example company has changed");
        self.write(example::NAME, &example::ROSTER.replace(WELL, AWAY))?;
        self.command(&["schedule", "--dry-run"], 5)?;
        self.command(&["schedule"], 0)?;

        say("\nThat was it. What to look at next:\n\
             · roulette sandbox           that small Webex in your browser: everybody's calendar, mail and chat\n\
             · roulette pair --dry-run    the same with your own employees.csv and config.toml\n\
             · README.md                  how to set it up with the real Webex, and timers that do the rest")
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
        let (browser, _) = http(&self.root, PATIENCE)?;
        let reply = browser.post(format!("{}/v1/authorize", self.root)).form(&form).send()?;
        let back = reply.headers().get("location").and_then(|back| back.to_str().ok()).context("no way back")?;
        browser.get(back).send()?.error_for_status()?;
        Ok(())
    }

    /// What lies in the mailboxes of the small Webex.
    fn post(&self) -> Result<()> {
        let (browser, _) = http(&self.root, PATIENCE)?;
        let model: Value = serde_json::from_str(&browser.get(format!("{}/sandbox/model", self.root)).send()?.text()?)?;
        let meetings = model["meetings"].as_array().map_or(0, Vec::len);
        let mails = model["emails"].as_array().map_or(0, Vec::len);
        say(&format!("\n  At Webex there are now {meetings} meetings, and {mails} invitations in the mailboxes."))
    }

    /// Runs a command, and shows so many lines of its answer.
    fn command(&self, args: &[&str], most: usize) -> Result<()> {
        say(&format!("\n$ roulette {}", args.join(" ")))?;
        let output = self.child(args).output().context("cannot run this program")?;
        let (told, asked) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
        ensure!(output.status.success(), "{} failed: {told}", args.join(" "));
        let lines: Vec<&str> = asked.lines().collect();
        let more = if most > 0 { lines.len().saturating_sub(most) } else { 0 };
        show(lines.into_iter().take(most))?;
        if more > 0 {
            say(&format!("  … and {more} lines more"))?;
        }
        show(told.lines().filter(|line| !line.starts_with("hint: ")))
    }

    fn child(&self, args: &[&str]) -> Command {
        let program = env::current_exe().unwrap_or_else(|_| "roulette".into());
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env("ROULETTE_CLIENT_SECRET", CLIENT_SECRET)
            .env("ROULETTE_BOT_TOKEN", BOT_TOKEN)
            .args(["--config", "config.toml", "--now", &self.now.to_rfc3339_opts(SecondsFormat::Secs, true)])
            .args(args)
            .stdin(Stdio::null());
        command
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        fs::write(self.folder.path().join(name), text).with_context(|| format!("cannot write {name}"))
    }
}

/// A heading of the story.
fn chapter(text: &str) -> Result<()> {
    say(&format!("\n── {text}"))
}

/// What a command answered.
fn show<'a>(mut lines: impl Iterator<Item = &'a str>) -> Result<()> {
    lines.try_for_each(|line| say(format!("  {line}").trim_end()))
}

fn say(text: &str) -> Result<()> {
    let (mut out, _) = stdout();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
