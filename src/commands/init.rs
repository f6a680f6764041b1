//! `init`: sets up a programme, or changes its settings. Asks the few questions that matter, and saves each answer as
//! soon as it is known to be good.

mod timers;

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf, absolute};

use anyhow::Result;

use crate::app::ask::Asked;
use crate::app::context::Context;
use crate::app::exit_status::{Partly, not_known};
use crate::app::health::{self, Check, Health};
use crate::app::log_in::log_in;
use crate::app::tell_space::{SpaceTold, to_space};
use crate::cli;
use crate::domain::message::BotMessage;
use crate::domain::text::counted;
use crate::show::text::harmless;
use crate::store::Faults;
use crate::store::config::draft::Draft;
use crate::store::config::secret::{ExposeSecret, Place, Secret, SecretString};
use crate::store::config::{self, Config};
use crate::store::files::durable;
use crate::store::roster::reading;
use crate::webex::calls;
use crate::webex::wire::{Person, Room};

pub(super) fn run(ctx: &Context<'_>, args: &cli::Init) -> Result<()> {
    let path = path(ctx);
    let mut setup = Setup {
        ctx,
        args,
        asked: if args.yes { Asked::Nobody } else { Asked::Somebody },
        draft: Draft::open(&path)?,
        path,
        without_zone: 0,
        has_bot: false,
        undone: Vec::new(),
    };
    setup.given()?;
    setup.programme()?;
    setup.secrets()?;
    setup.login()?;
    setup.space()?;
    let timers = timers::run(ctx, args, &setup.path, &setup.draft.config()?);
    setup.end();
    timers?;
    let Setup { undone, .. } = setup;
    if undone.is_empty() {
        return Ok(());
    }
    let hint = "correct it with: roulette init".to_owned();
    Err(Partly {
        what: format!("some of what you gave does not work: {}", undone.join(", ")),
        hint,
        organizers_know: false,
        about: None,
    }
    .into())
}

/// The config that is named, or otherwise the one in this folder: any other config belongs to another programme.
fn path(ctx: &Context<'_>) -> PathBuf {
    let (here, given) = (PathBuf::from("config.toml"), ctx.config.clone());
    let found = config::find(None).ok().filter(|found| given.is_none() && *found != here);
    if let Some(found) = found {
        let found = found.display();
        ctx.say(format_args!(
            "note: there is also a programme in {found}; to change that one, run: roulette init --config {found}"
        ));
    }
    given.unwrap_or(here)
}

struct Setup<'a> {
    ctx: &'a Context<'a>,
    args: &'a cli::Init,
    asked: Asked,
    draft: Draft,
    path: PathBuf,
    /// How many people on the roster have no zone of their own.
    without_zone: usize,
    /// Whether the bot's token is known to be good.
    has_bot: bool,
    /// What was given but does not work.
    undone: Vec<&'static str>,
}

fn question<'a>(asks: &'static str, place: [&'static str; 2], given: &'a Option<String>) -> Question<'a> {
    Question { asks, place, given: given.as_deref() }
}

/// A question: its text, the key that it sets, and the answer that was given as an option.
struct Question<'a> {
    asks: &'static str,
    place: [&'static str; 2],
    given: Option<&'a str>,
}

impl Setup<'_> {
    fn questions(&self) -> [Question<'_>; 8] {
        let args = self.args;
        [
            question("Your colleagues, as a CSV file or a workbook", ["programme", "roster"], &args.roster),
            question("The programme's name, as colleagues read it", ["programme", "name"], &args.name),
            question("The bot's language: en or uk", ["programme", "language"], &args.language),
            question("Your time zone", ["meeting", "timezone"], &args.timezone),
            question("The day of the week on which people meet", ["meeting", "weekday"], &args.weekday),
            question("The time at which they meet", ["meeting", "start"], &args.start),
            question("", ["webex", "base_url"], &args.base_url),
            question("", ["webex", "client_id"], &args.client_id),
        ]
    }

    /// Applies what was given as options, all of it or nothing.
    fn given(&mut self) -> Result<()> {
        if self.draft.is_new() {
            self.suggest();
        }
        let mut draft = self.draft.clone();
        let mut wrong: Option<Faults> = None;
        for question in self.questions() {
            let given = question.given.map(|given| match question.place {
                ["programme", "roster"] => from_here(&self.path, given),
                _ => given.to_owned(),
            });
            let Some(Err(faults)) = given.map(|given| draft.set(question.place, &given)) else { continue };
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

    /// What this machine says about its user. Whatever roulette does not understand stays as it is.
    fn suggest(&mut self) {
        const ZONE: [&str; 2] = ["meeting", "timezone"];
        let named = env::var("TZ").ok().map(|zone| zone.trim_start_matches(':').to_owned()).filter(|it| !it.is_empty());
        let zones = named.into_iter().chain(iana_time_zone::get_timezone().ok());
        let is_known = zones.into_iter().any(|zone| self.draft.set(ZONE, &zone).is_ok());
        if !is_known && self.args.timezone.is_none() {
            let zone = self.draft.text(ZONE).unwrap_or_default();
            self.ctx.say(format_args!("warning: the time zone of this machine is not known: {zone} is a guess"));
        }
        let spoken = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| env::var(name).ok().filter(|it| !it.is_empty()));
        if spoken.is_some_and(|spoken| spoken.split(['_', '.', '@']).next() == Some("uk")) {
            let _ = self.draft.set(["programme", "language"], "uk");
        }
    }

    /// What the programme is, and for whom.
    fn programme(&mut self) -> Result<()> {
        let path = self.path.display();
        let what = if self.draft.is_new() {
            format!("This sets up a programme, in {path}.")
        } else {
            format!("This changes {path}.")
        };
        let keys = if self.asked == Asked::Nobody { "" } else { " Press Enter to keep what is in brackets." };
        self.ctx.say(format_args!("{what}{keys}"));
        let asked: Vec<(&str, [&'static str; 2])> = {
            let open = self.questions().into_iter().filter(|it| it.given.is_none() && !it.asks.is_empty());
            open.map(|question| (question.asks, question.place)).collect()
        };
        let is_given = !asked.iter().any(|(_, place)| *place == ["programme", "roster"]);
        if is_given && !self.read_roster()? {
            self.undone.push("the roster");
        }
        for (asks, place) in asked {
            self.ask(asks, place)?;
            if place == ["programme", "roster"] && !self.read_roster()? && self.asked == Asked::Somebody {
                self.ask("Another file, or Enter to go on and correct this one later", place)?;
                self.read_roster()?;
            }
        }
        if self.without_zone > 0 {
            let (count, zone) = (self.without_zone, self.draft.config()?.meeting.timezone);
            let people = counted(count, "person", "people");
            self.ctx.say(format_args!("  the roster names no time zone for {people}: {zone} is assumed for them"));
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
            let answer = if place == ["programme", "roster"] { from_here(&self.path, &answer) } else { answer };
            match self.draft.set(place, &answer) {
                Ok(()) => return self.save(),
                Err(faults) => faults.faults.iter().for_each(|fault| self.asked.show(&fault.message)),
            }
        }
    }

    /// Says in a line how the roster is read; returns whether it can be.
    fn read_roster(&mut self) -> Result<bool> {
        let config = self.draft.config()?;
        let file = config.programme.roster.display();
        let check = format!("roulette{} roster check", self.ctx.with_config());
        let reading = match reading::read(&config.programme.roster, config.roster_options()) {
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
        let people = counted(reading.roster.employees.len(), "person", "people");
        let departments = counted(departments, "department", "departments");
        self.ctx.say(format_args!("  {file}: {people} in {departments} ({check} shows more)"));
        self.without_zone = reading.roster.employees.iter().filter(|one| one.timezone.is_none()).count();
        Ok(true)
    }

    /// The bot's token and the integration, each stored where a timer, which does not have the user's environment, can
    /// use it.
    fn secrets(&mut self) -> Result<()> {
        self.asked
            .show("\nCreate a bot and an integration at https://developer.webex.com/my-apps (docs/webex.md says how).");
        self.bot_token()?;
        if self.args.client_id.is_none() {
            self.ask("The integration's client id", ["webex", "client_id"])?;
        }
        let given = in_environment("ROULETTE_CLIENT_SECRET");
        let usual = self.usual_secret(&self.draft.config()?.webex.client_secret);
        let secret = match given {
            Some(secret) => Some(secret),
            None => self.asked.secret("The integration's client secret", usual)?,
        };
        if let Some(secret) = secret {
            self.keep("client_secret", &secret, "client-secret.txt")?;
        }
        self.save()
    }

    /// Only a token that belongs to the bot replaces another one.
    fn bot_token(&mut self) -> Result<()> {
        let mut given = in_environment("ROULETTE_BOT_TOKEN");
        loop {
            let config = self.draft.config()?;
            let secret = &config.webex.bot_token;
            let had = secret.read().ok().filter(|_| matches!(secret.place, Place::File(_)));
            let is_given = given.is_some();
            let token = match given.take() {
                Some(token) => Some(token),
                None => self.asked.secret("The bot's token", self.usual_secret(&config.webex.bot_token))?,
            };
            let Some(token) = token.map(SecretString::from).or_else(|| had.clone()) else { return Ok(()) };
            let is_new = had.as_ref().is_none_or(|had| had.expose_secret() != token.expose_secret());
            let wrong = match self.ctx.impatient().whose(&config.webex, &token) {
                Ok(Person { kind, display_name, emails, .. }) if kind == "bot" => {
                    let email = emails.into_iter().next().unwrap_or_default();
                    self.ctx.say(harmless(&format!("  the bot is {display_name} <{email}>")));
                    self.has_bot = true;
                    return self.keep("bot_token", token.expose_secret(), "bot-token.txt");
                }
                Ok(person) => format!("that token belongs to {}, who is not a bot", person.display_name),
                Err(error) if not_known(&error).is_some() => "Webex does not know that token".to_owned(),
                Err(error) => {
                    // It may be good: it is kept if it replaces none.
                    self.ctx.say(harmless(&format!("warning: the bot's token could not be tried: {error:#}")));
                    if is_new && had.is_none() {
                        self.keep("bot_token", token.expose_secret(), "bot-token.txt")?;
                    }
                    return Ok(());
                }
            };
            let kept = if is_new { ": it was not kept" } else { "" };
            self.ctx.say(harmless(&format!("warning: {wrong}{kept}")));
            if self.asked == Asked::Nobody || !is_new {
                if is_given || self.asked == Asked::Nobody {
                    self.undone.push("the bot's token");
                }
                return Ok(());
            }
        }
    }

    fn usual_secret(&self, secret: &Secret) -> &'static str {
        if secret.read().is_ok() { "kept" } else { "later" }
    }

    /// Saves a secret in a file for its owner alone.
    fn keep(&mut self, key: &'static str, text: &str, file: &str) -> Result<()> {
        let config = self.draft.config()?;
        let secret = if key == "bot_token" { &config.webex.bot_token } else { &config.webex.client_secret };
        let path = match &secret.place {
            Place::File(path) => path.clone(),
            Place::Env(_) => self.path.parent().unwrap_or(Path::new("")).join(file),
        };
        let is_kept = matches!(secret.place, Place::File(_))
            && secret.read().is_ok_and(|kept| kept.expose_secret() == text.trim());
        if !is_kept {
            durable::sweep(&path);
            durable::write(&path, |out| writeln!(out, "{}", text.trim()))?;
            self.ctx.say(format_args!("  kept in {}, which only you can read", path.display()));
        }
        if matches!(secret.place, Place::Env(_)) {
            self.draft.set_file(["webex", key], file)?;
        }
        self.save()
    }

    /// Logs the organizer in, if a person is there to do so.
    fn login(&mut self) -> Result<()> {
        let config = self.draft.config()?;
        let can = !config.webex.client_id.is_empty() && config.webex.client_secret.read().is_ok();
        if !can || self.ctx.is_logged_in(&config) || self.asked == Asked::Nobody {
            return Ok(());
        }
        if self.asked.yes("Log in to Webex now, with the account that hosts the meetings?", true)? {
            let device = !self.asked.yes("Is there a browser on this machine?", true)?;
            let args = cli::Auth { device, timeout: 300, ..cli::Auth::default() };
            if let Err(error) = log_in(self.ctx, &args, &config) {
                format!("warning: {error:#}").lines().for_each(|line| self.ctx.say(harmless(line)));
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
        if !self.has_bot || (!is_given && self.asked == Asked::Nobody) {
            if is_given {
                self.ctx.say("warning: the organizers' space is not set: the bot's token must work first");
                self.undone.push("the organizers' space");
            }
            return Ok(());
        }
        let room = match &self.args.room {
            Some(room) => room.clone(),
            None => self.choose(&config)?,
        };
        let is_there =
            |room: &str| self.ctx.webex(&config)?.ask::<Room>(&calls::room(room)).map_err(anyhow::Error::from);
        if let Err(error) = if is_given && room != before { is_there(&room).map(|_| ()) } else { Ok(()) } {
            self.ctx.say(harmless(&format!("warning: the bot is not in that space, so it was not set: {error:#}")));
            self.undone.push("the organizers' space");
            return Ok(());
        }
        if room == before {
            return Ok(());
        }
        self.draft.set(PLACE, &room)?;
        self.save()?;
        let config = self.draft.config()?;
        if !room.is_empty() && self.asked.yes("Send a first message there?", true)? {
            let chosen = BotMessage::SpaceChosen { programme: config.programme.name.clone().into() };
            if to_space(self.ctx, &config, &chosen, ("chosen", false))? == SpaceTold::Yes {
                self.ctx.say("  a first message was sent to the organizers' space");
            }
        }
        Ok(())
    }

    /// One of the bot's spaces, by its number.
    fn choose(&self, config: &Config) -> Result<String> {
        let before = &config.webex.report_room;
        let ctx = self.ctx.impatient();
        let client = ctx.webex(config)?;
        let mut rooms = match client.list::<Room>(&calls::rooms()) {
            Ok(rooms) => rooms,
            Err(error) => {
                self.ctx.say(harmless(&format!("warning: the bot's spaces cannot be listed: {error}")));
                return Ok(before.clone());
            }
        };
        rooms.retain(|room| !room.id.is_empty());
        if rooms.is_empty() {
            self.ctx.say(
                "The bot is not in any space yet. To get reports, add it to a space for the \
                organizers and run this again.",
            );
            return Ok(before.clone());
        }
        self.asked.show("Which space is for the organizers, and gets the reports?");
        for (number, room) in (1..).zip(&rooms) {
            self.asked.show(&format!("  {number}  {}", titled(room)));
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
                None => self.asked.show(&format!("please answer with a number from 1 to {}, or none", rooms.len())),
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

    /// Says what is left to do.
    fn end(&self) {
        let checks = health::examine(self.ctx);
        let is_set = self.args.cron || self.args.systemd.is_some();
        let is_left = |check: &&Check| {
            check.health == Health::Fault || check.name == "timer" && check.health == Health::Warn && !is_set
        };
        let left: Vec<&Check> = checks.iter().filter(is_left).collect();
        let config = self.ctx.with_config();
        if left.is_empty() {
            let is_drawn = Config::load(&self.path).is_ok_and(|config| config.programme.state.exists());
            let next = if is_drawn {
                format!("See where things stand with: roulette{config} status")
            } else {
                format!("See the first month with: roulette{config} pair --month --dry-run")
            };
            self.ctx.say(format_args!("\nEverything is set up. {next}"));
            return;
        }
        self.ctx.say("\nStill to do:");
        for check in left {
            self.ctx.say(harmless(&format!("  {}: {}", check.name, check.says)));
            check.fix.iter().flat_map(|fix| fix.lines()).for_each(|fix| {
                self.ctx.say(harmless(&format!("    → {fix}")));
            });
        }
        self.ctx.say(format_args!("Then: roulette{config} doctor, and roulette{config} pair --month --dry-run"));
    }
}

/// The value that applies if the config does not give one.
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

/// The name that people gave a space, in one line.
fn titled(room: &Room) -> String {
    const LONGEST: usize = 60;
    match room.title.trim() {
        "" => "(no title)".to_owned(),
        title if title.chars().count() > LONGEST => title.chars().take(LONGEST).chain(['…']).collect(),
        title => title.to_owned(),
    }
}

fn in_environment(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|text| !text.trim().is_empty())
}

/// A file that a person names here, for a config that may be elsewhere.
fn from_here(config: &Path, file: &str) -> String {
    let home = file.strip_prefix("~/").and_then(|below| Some(env::home_dir()?.join(below)));
    let named = home.unwrap_or_else(|| PathBuf::from(file));
    let is_beside = config.parent().unwrap_or(Path::new("")).join(&named).exists();
    let found = if is_beside || !named.exists() { named } else { absolute(&named).unwrap_or(named) };
    found.to_string_lossy().into_owned()
}
