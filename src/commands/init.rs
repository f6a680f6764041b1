//! `init`: sets a programme up, or changes how it is set up. Asks the few things that matter, and writes each answer
//! down as soon as it is known to be good.

mod timers;

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::app::ask::Asked;
use crate::app::context::Context;
use crate::app::exit_status::with_config;
use crate::app::health::{self, Bot, Check, Health};
use crate::app::log_in::log_in;
use crate::app::tell_space::to_space;
use crate::cli;
use crate::domain::message::BotMessage;
use crate::show::text::harmless;
use crate::store::Faults;
use crate::store::config::draft::Draft;
use crate::store::config::secret::Place;
use crate::store::config::{self, Config};
use crate::store::files::durable;
use crate::store::roster::mapping::Options;
use crate::store::roster::reading;
use crate::webex::calls;
use crate::webex::wire::Room;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Init) -> Result<()> {
    let path = path(ctx);
    let mut setup = Setup {
        ctx,
        args,
        asked: if args.yes { Asked::Nobody } else { Asked::Somebody },
        draft: Draft::open(&path)?,
        path,
        without_zone: 0,
    };
    setup.given()?;
    setup.programme()?;
    setup.secrets()?;
    setup.login()?;
    setup.space()?;
    timers::run(ctx, args, &setup.path, &setup.draft.config()?)?;
    setup.end();
    Ok(())
}

/// The config that there is, or else that is to be.
fn path(ctx: &Context<'_>) -> PathBuf {
    let found = config::find(ctx.global.config.as_deref());
    found.unwrap_or_else(|_| PathBuf::from("config.toml"))
}

struct Setup<'a> {
    ctx: &'a Context<'a>,
    args: &'a cli::Init,
    asked: Asked,
    draft: Draft,
    path: PathBuf,
    /// How many on the roster name no zone of their own.
    without_zone: usize,
}

fn one<'a>(asks: &'static str, place: [&'static str; 2], given: &'a Option<String>) -> Question<'a> {
    Question { asks, place, given: given.as_deref() }
}

/// A question: what it asks, the key that it sets, and what was given for it as an option.
struct Question<'a> {
    asks: &'static str,
    place: [&'static str; 2],
    given: Option<&'a str>,
}

impl Setup<'_> {
    fn questions(&self) -> [Question<'_>; 8] {
        let args = self.args;
        [
            one("Your colleagues, as a CSV file or a workbook", ["programme", "roster"], &args.roster),
            one("The programme's name, as colleagues read it", ["programme", "name"], &args.name),
            one("The bot's language: en or uk", ["programme", "language"], &args.language),
            one("Your time zone", ["meeting", "timezone"], &args.timezone),
            one("The day of the week on which people meet", ["meeting", "weekday"], &args.weekday),
            one("The time at which they meet", ["meeting", "start"], &args.start),
            one("", ["webex", "base_url"], &args.base_url),
            one("", ["webex", "client_id"], &args.client_id),
        ]
    }

    /// Takes over what was given as options, all of it or nothing.
    fn given(&mut self) -> Result<()> {
        if self.draft.is_new() {
            self.suggest();
        }
        let mut draft = self.draft.clone();
        let mut wrong: Option<Faults> = None;
        for question in self.questions() {
            let Some(Err(faults)) = question.given.map(|given| draft.set(question.place, given)) else { continue };
            match &mut wrong {
                Some(wrong) => wrong.faults.extend(faults.faults),
                None => wrong = Some(faults),
            }
        }
        if let Some(wrong) = wrong {
            return Err(wrong.into());
        }
        self.draft = draft;
        Ok(())
    }

    /// What this machine says of the person before it. What roulette does not know stays as it is.
    fn suggest(&mut self) {
        if let Ok(zone) = iana_time_zone::get_timezone() {
            let _ = self.draft.set(["meeting", "timezone"], &zone);
        }
        let spoken = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| env::var(name).ok().filter(|it| !it.is_empty()));
        if spoken.is_some_and(|spoken| spoken.starts_with("uk")) {
            let _ = self.draft.set(["programme", "language"], "uk");
        }
    }

    /// What the programme is, and for whom.
    fn programme(&mut self) -> Result<()> {
        let path = self.path.display();
        if self.draft.is_new() {
            self.ctx.say(format_args!("This sets up a programme, in {path}. Enter keeps what stands in brackets."));
        } else {
            self.ctx.say(format_args!("This changes {path}. Enter keeps what stands in brackets."));
        }
        let asked: Vec<(&str, [&'static str; 2])> = {
            let open = self.questions().into_iter().filter(|it| it.given.is_none() && !it.asks.is_empty());
            open.map(|question| (question.asks, question.place)).collect()
        };
        if !asked.iter().any(|(_, place)| *place == ["programme", "roster"]) {
            self.read_roster()?;
        }
        for (asks, place) in asked {
            self.ask(asks, place)?;
            if place == ["programme", "roster"] && !self.read_roster()? && self.asked == Asked::Somebody {
                self.ask("Another file, or Enter to go on and mend this one later", place)?;
                self.read_roster()?;
            }
        }
        if self.without_zone > 0 {
            let (count, zone) = (self.without_zone, self.draft.config()?.meeting.timezone);
            self.ctx
                .say(format_args!("  for {count} people the roster names no time zone: theirs is taken to be {zone}"));
        }
        self.save()
    }

    fn ask(&mut self, asks: &str, place: [&str; 2]) -> Result<()> {
        loop {
            let now = self.draft.text(place).unwrap_or_default().to_owned();
            let now = if now.is_empty() { usual(&self.draft.config()?, place) } else { now };
            let answer = self.asked.text(asks, &now)?;
            if answer == now {
                return Ok(());
            }
            match self.draft.set(place, &answer) {
                Ok(()) => return Ok(()),
                Err(faults) => faults.faults.iter().for_each(|fault| {
                    self.ctx.say(harmless(&fault.message));
                }),
            }
        }
    }

    /// Says how the roster is read, in a line; whether it can be.
    fn read_roster(&mut self) -> Result<bool> {
        let config = self.draft.config()?;
        let options = Options {
            columns: &config.programme.columns,
            across: &config.pairing.across,
            former_domains: &config.programme.former_domains,
        };
        let file = config.programme.roster.display();
        let check = format!("roulette{} roster check", with_config(self.ctx.global));
        let reading = match reading::read(&config.programme.roster, options) {
            Ok(reading) => reading,
            Err(faults) => {
                format!("warning: {faults}").lines().for_each(|line| self.ctx.say(harmless(line)));
                return Ok(false);
            }
        };
        let departments = reading.roster.column("department").map_or(0, |column| {
            let mut values: Vec<&str> = reading.roster.places().map(|(at, _)| column.value(at)).collect();
            values.sort_unstable();
            values.dedup();
            values.len()
        });
        let count = reading.roster.employees.len();
        self.ctx.say(format_args!("  {file}: {count} people in {departments} departments ({check} shows more)"));
        self.without_zone = reading.roster.employees.iter().filter(|one| one.timezone.is_none()).count();
        Ok(true)
    }

    /// The bot's token and the integration, each where it can be used by a timer, which has no environment.
    fn secrets(&mut self) -> Result<()> {
        self.ctx.say(
            "\nA bot and an integration are made at https://developer.webex.com/my-apps (docs/webex.md says how).",
        );
        loop {
            let is_new = self.secret("The bot's token", "bot_token", "ROULETTE_BOT_TOKEN", "bot-token.txt")?;
            let config = self.draft.config()?;
            if config.webex.bot_token.read().is_err() {
                break;
            }
            match self.bot(&config)? {
                Ok((name, email)) => self.ctx.say(harmless(&format!("  the bot is {name} <{email}>"))),
                Err(why) => {
                    self.ctx.say(harmless(&format!("warning: {why}")));
                    if is_new && self.asked == Asked::Somebody {
                        continue;
                    }
                }
            }
            break;
        }
        if self.args.client_id.is_none() {
            self.ask("The integration's client id", ["webex", "client_id"])?;
        }
        self.secret("The integration's client secret", "client_secret", "ROULETTE_CLIENT_SECRET", "client-secret.txt")?;
        self.save()
    }

    /// Asks for a secret, or takes it from the environment, and keeps it in a file for its owner alone; whether it is new.
    fn secret(&mut self, asks: &str, key: &'static str, variable: &str, file: &str) -> Result<bool> {
        let config = self.draft.config()?;
        let secret = if key == "bot_token" { &config.webex.bot_token } else { &config.webex.client_secret };
        let usual = if secret.read().is_ok() { "kept" } else { "later" };
        let (text, whence) = match env::var(variable).ok().filter(|text| !text.trim().is_empty()) {
            Some(text) => (text, format!(" (from {variable})")),
            None => match self.asked.secret(asks, usual)? {
                Some(text) => (text, String::new()),
                None => return Ok(false),
            },
        };
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let path = match &secret.place {
            Place::File(path) => path.clone(),
            Place::Env(_) => folder.join(file),
        };
        durable::write(&path, |out| writeln!(out, "{}", text.trim()))?;
        self.ctx.say(format_args!("  kept in {}, for your eyes only{whence}", path.display()));
        if matches!(secret.place, Place::Env(_)) {
            self.draft.set_file(["webex", key], file)?;
        }
        self.save()?;
        Ok(true)
    }

    /// The bot's name and address, or why it does not work.
    fn bot(&self, config: &Config) -> Result<Result<(String, String), String>> {
        let client = self.ctx.webex(config)?;
        Ok(match health::bot(config, &client) {
            Bot::Works { name, email } => Ok((name, email)),
            Bot::NotSet(why) | Bot::Fails(why) => Err(why),
            Bot::Refused(error) => Err(format!("Webex refuses the bot's token: {error}")),
        })
    }

    /// Logs the organizer in, if a person is there to do so.
    fn login(&mut self) -> Result<()> {
        let config = self.draft.config()?;
        let can = !config.webex.client_id.is_empty() && config.webex.client_secret.read().is_ok();
        if !can || self.ctx.is_logged_in(&config) || self.asked == Asked::Nobody {
            return Ok(());
        }
        if self.asked.yes("Log in to Webex now, as the one whose meetings they are?", true)? {
            let device = !self.asked.yes("Is there a browser on this machine?", true)?;
            let args = cli::Auth { device, timeout: 300, ..cli::Auth::default() };
            if let Err(error) = log_in(self.ctx, &args, &config) {
                self.ctx.say(harmless(&format!("warning: {error:#}")));
            }
        }
        Ok(())
    }

    /// Chooses the organizers' space, and sends a first message there.
    fn space(&mut self) -> Result<()> {
        const PLACE: [&str; 2] = ["webex", "report_room"];
        let config = self.draft.config()?;
        let before = config.webex.report_room.clone();
        let is_given = self.args.room.is_some();
        if config.webex.bot_token.read().is_err() || (!is_given && self.asked == Asked::Nobody) {
            if let Some(room) = &self.args.room {
                self.draft.set(PLACE, room)?;
            }
            return self.save();
        }
        let room = match &self.args.room {
            Some(room) => room.clone(),
            None => self.choose(&config)?,
        };
        if room == before {
            return Ok(());
        }
        self.draft.set(PLACE, &room)?;
        self.save()?;
        let config = self.draft.config()?;
        if !room.is_empty() && self.asked.yes("Send a first message there?", true)? {
            let chosen = BotMessage::SpaceChosen { programme: config.programme.name.clone() };
            if to_space(self.ctx, &config, &chosen, "chosen")? {
                self.ctx.say("  a first message is on its way to the organizers' space");
            }
        }
        Ok(())
    }

    /// One of the bot's spaces, by its number.
    fn choose(&self, config: &Config) -> Result<String> {
        let before = &config.webex.report_room;
        let client = self.ctx.webex(config)?;
        let mut rooms = match client.list::<Room>(&calls::rooms()) {
            Ok(rooms) => rooms,
            Err(error) => {
                self.ctx.say(harmless(&format!("warning: the bot's spaces cannot be listed: {error}")));
                return Ok(before.clone());
            }
        };
        rooms.retain(|room| !room.id.is_empty());
        if rooms.is_empty() {
            self.ctx.say("The bot is in no space yet. Add it to a space of the organizers and run this again, for a weekly report.");
            return Ok(before.clone());
        }
        self.ctx.say("Which space is the organizers', and gets the weekly report?");
        for (number, room) in (1..).zip(&rooms) {
            self.ctx.say(harmless(&format!("  {number}  {}", room.title)));
        }
        let usual = match rooms.iter().position(|room| room.id == *before) {
            Some(at) => (at + 1).to_string(),
            None if before.is_empty() => "none".to_owned(),
            None => "as it is".to_owned(),
        };
        loop {
            let answer = self.asked.text("Its number", &usual)?;
            if answer == usual {
                return Ok(before.clone());
            }
            let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            match number.and_then(|at| rooms.get(at)) {
                Some(room) => return Ok(room.id.clone()),
                None if answer == "none" => return Ok(String::new()),
                None => self.ctx.say(format_args!("please answer with a number from 1 to {}, or none", rooms.len())),
            }
        }
    }

    fn save(&mut self) -> Result<()> {
        let is_new = self.draft.is_new();
        if self.draft.save()? {
            let what = if is_new { "written" } else { "changed" };
            self.ctx.say(format_args!("  {} is {what}", self.path.display()));
        }
        Ok(())
    }

    /// What is left to do.
    fn end(&self) {
        let checks = health::examine(self.ctx);
        let left: Vec<&Check> = checks.iter().filter(|check| check.health == Health::Fault).collect();
        let config = with_config(self.ctx.global);
        if left.is_empty() {
            self.ctx.say(format_args!(
                "\nAll is set up. See the first month with: roulette{config} pair --month --dry-run"
            ));
            return;
        }
        self.ctx.say("\nLeft to do:");
        for check in left {
            self.ctx.say(harmless(&format!("  {}: {}", check.name, check.says)));
            if let Some(mend) = &check.mend {
                self.ctx.say(harmless(&format!("    → {mend}")));
            }
        }
        self.ctx.say(format_args!("Then: roulette{config} doctor, and roulette{config} pair --month --dry-run"));
    }
}

/// What holds where the config does not say it.
fn usual(config: &Config, place: [&str; 2]) -> String {
    match place {
        ["programme", "name"] => config.programme.name.clone(),
        ["programme", "roster"] => config.programme.roster.display().to_string(),
        ["programme", "language"] => "en".to_owned(),
        ["meeting", "timezone"] => config.meeting.timezone.to_string(),
        ["meeting", "weekday"] => config.meeting.weekday.to_string(),
        ["meeting", "start"] => config.meeting.start.format("%H:%M").to_string(),
        _ => String::new(),
    }
}
