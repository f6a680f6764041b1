//! The commands: each opens what it needs, asks the domain, shows, and does.
//! What they share is here: the run's time and files, what is said on stderr, and what a fault's exit status is.

mod announce;
mod auth;
mod booking;
mod conversation;
mod demo;
mod example;
mod handle_action;
mod login;
mod mailroom;
mod notify;
mod pair;
mod person;
mod progress;
mod sandbox;
mod schedule;
mod simulate;
mod status;
mod why;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use crate::cli::{Cli, Command, Global};
use crate::domain::explain;
use crate::domain::identity::Identities;
use crate::domain::parallel;
use crate::domain::period::is_ahead;
use crate::domain::plan::Refusal;
use crate::domain::roster::Roster;
use crate::domain::rules::{Mismatch, Rules};
use crate::domain::state::{Round, State};
use crate::domain::view::People;
use crate::show::text::harmless;
use crate::store::config::{self, Config};
use crate::store::lock::Holder;
use crate::store::{Fault, Faults, roster_csv};
use crate::webex;
use crate::webex::calls::Who;
use crate::webex::error::{Kind, NotKnown};

/// Carries a command out.
///
/// # Errors
/// Whatever went wrong; [`fail`] tells it.
pub fn run(cli: &Cli) -> Result<()> {
    let desk = Desk::new(&cli.global);
    match &cli.command {
        Command::Auth(args) => auth::run(&desk, args),
        Command::Demo => demo::run(&desk),
        Command::Notify(args) => notify::run(&desk, args),
        Command::Pair(args) => pair::run(&desk, args),
        Command::Schedule(args) => schedule::run(&desk, args),
        Command::HandleAction(args) => handle_action::run(&desk, args),
        Command::Status(args) => status::run(&desk, args),
        Command::Why(args) => why::run(&desk, args),
        Command::Simulate(args) => simulate::run(&desk, args),
        Command::Sandbox(args) => sandbox::run(&desk, args),
    }
}

/// Tells what went wrong on stderr, and gives the exit status of its kind.
pub fn fail(global: &Global, error: &anyhow::Error) -> ExitCode {
    let broken_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(broken_pipe) {
        return ExitCode::SUCCESS;
    }
    let told = format!("error: {error:#}");
    for line in told.lines() {
        let _ = writeln!(io::stderr(), "{}", harmless(line));
    }
    if let Some(refused) = error.downcast_ref::<Refused>() {
        let _ = writeln!(io::stderr(), "hint: {}", refused.0.hint);
        return ExitCode::from(5);
    }
    if let Some(who) = not_known(error) {
        let hint = match who {
            Who::Organizer => format!("log in with: roulette{} auth", with_config(global)),
            Who::Bot => "the bot's token belongs where webex.bot_token in the config says; \
                make a new one at https://developer.webex.com/my-apps"
                .to_owned(),
        };
        let _ = writeln!(io::stderr(), "hint: {hint}");
        return ExitCode::from(4);
    }
    if let Some(partly) = error.downcast_ref::<Partly>() {
        let _ = writeln!(io::stderr(), "hint: {}", partly.hint);
        return ExitCode::from(3);
    }
    let wrong = error.is::<Faults>() || error.is::<Usage>();
    ExitCode::from(if wrong { 2 } else { 1 })
}

/// Whom Webex does not know, if that is what went wrong.
fn not_known(error: &anyhow::Error) -> Option<Who> {
    error.chain().find_map(|cause| {
        if let Some(unknown) = cause.downcast_ref::<NotKnown>() {
            return Some(unknown.who);
        }
        match cause.downcast_ref::<webex::error::Error>()?.kind {
            Kind::Login => Some(Who::Organizer),
            Kind::Bot => Some(Who::Bot),
            _ => None,
        }
    })
}

/// For the commands that hints name: the config, if it was named.
fn with_config(global: &Global) -> String {
    global.config.as_ref().map_or(String::new(), |config| format!(" --config {}", config.display()))
}

/// A plan that is refused as unsafe.
#[derive(Debug)]
struct Refused(Refusal);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {}", self.0.why)
    }
}

impl std::error::Error for Refused {}

/// Something is left to do, and it is safe to run again.
#[derive(Debug)]
struct Partly {
    what: String,
    hint: String,
}

impl fmt::Display for Partly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Partly {}

/// Something typed that cannot be meant.
#[derive(Debug)]
struct Usage(String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// What every command works at.
struct Desk<'a> {
    global: &'a Global,
    now: DateTime<Utc>,
    begun: Instant,
}

/// What time it is while a command runs: that of the machine, or with `--now` counted from there. A count stands still
/// while the machine sleeps.
#[derive(Clone, Copy, Debug)]
struct Clock {
    /// What time it was at an instant.
    pinned: Option<(DateTime<Utc>, Instant)>,
}

impl Clock {
    fn time(self) -> DateTime<Utc> {
        self.pinned.map_or_else(Utc::now, |(then, at)| then + TimeDelta::from_std(at.elapsed()).unwrap_or_default())
    }
}

/// The files that a command reads, and the rules that follow from them.
struct Office {
    config_path: PathBuf,
    config: Config,
    roster: Roster,
    rules: Rules,
}

impl<'a> Desk<'a> {
    fn new(global: &'a Global) -> Self {
        Self { global, now: global.now.unwrap_or_else(Utc::now), begun: Instant::now() }
    }

    /// The config's file.
    fn config_path(&self) -> Result<PathBuf> {
        Ok(config::find(self.global.config.as_deref())?)
    }

    fn clock(&self) -> Clock {
        Clock { pinned: self.global.now.map(|_| (self.now, self.begun)) }
    }

    /// The time as this run has it, also when it runs for days.
    fn time(&self) -> DateTime<Utc> {
        self.clock().time()
    }

    /// The same desk at the time it is by now.
    fn afresh(&self) -> Self {
        Self { global: self.global, now: self.time(), begun: Instant::now() }
    }

    /// Reads config and roster, and warns of what does not fit.
    fn open(&self) -> Result<Office> {
        self.open_with(|_| ()).map(|(office, ())| office)
    }

    /// The same, while `read` reads something else that the config names.
    fn open_with<T>(&self, read: impl FnOnce(&Config) -> T) -> Result<(Office, T)> {
        let config_path = self.config_path()?;
        let config = Config::load(&config_path)?;
        let roster = || roster_csv::read(&config.programme.roster);
        let (roster, other) = parallel::both(parallel::UNKNOWN, roster, || read(&config));
        let roster = roster?;
        let (rules, mismatches) = Rules::new(&roster, &config.pairing, &config.meeting);
        let office = Office { config_path, config, roster, rules };
        office.check(&mismatches, self)?;
        self.detail("read config, roster and state");
        Ok((office, other))
    }

    fn holder(&self, command: &str) -> Holder {
        Holder::this_process(command, Utc::now().fixed_offset())
    }

    fn wait(&self) -> Duration {
        Duration::from_secs(self.global.wait)
    }

    /// Warns of people in rounds ahead who have left the roster since, or pause then.
    /// In those that were `drawn` just now, nobody is.
    fn warn_of_absent(&self, office: &Office, state: &State, identities: &Identities, drawn: &[Round]) {
        let is_new = |date| drawn.iter().any(|round| round.date == date);
        let ahead = |date| is_ahead(&office.config.meeting, date, self.now) && !is_new(date);
        for absent in explain::absent(state, identities, &office.rules, ahead) {
            let explain::Absent { email, date, why } = absent;
            self.say(format_args!("warning: {email} is in the round of {date}, but {why}; --replace draws it again"));
        }
    }

    /// With `--verbose`, says what is done by now, and how long it took from the beginning.
    fn detail(&self, done: &str) {
        if self.global.verbose {
            let _ = writeln!(io::stderr(), "{done} after {} ms", self.begun.elapsed().as_millis());
        }
    }

    /// Says something on stderr, unless asked to be quiet.
    fn say(&self, text: impl fmt::Display) {
        if !self.global.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }
}

impl Office {
    /// How long a call that got no answer in time may still be under way.
    fn after_silence(&self) -> TimeDelta {
        TimeDelta::from_std(2 * self.config.webex.timeout).unwrap_or(TimeDelta::minutes(20))
    }

    /// Adds to the rules what people told the bot.
    fn respect(&mut self, state: &State) {
        if !state.choices.is_empty() {
            let people = People::new(state, &self.roster);
            self.rules.respect(&state.choices, |id| people.position(id));
        }
    }

    fn check(&self, mismatches: &[Mismatch], desk: &Desk<'_>) -> Result<()> {
        let mut faults = Vec::new();
        for mismatch in mismatches {
            match mismatch {
                Mismatch::NoColumn(name) => {
                    let columns: Vec<&str> = self.roster.columns.iter().map(|column| &*column.name).collect();
                    let file = self.config.programme.roster.display();
                    let message = format!(
                        "“{name}” is not a column of {file} that can be named here; there are: {}",
                        columns.join(", ")
                    );
                    faults.push(Fault { line: None, column: Some("pairing.across".to_owned()), message });
                }
                Mismatch::NotOnRoster(email) => {
                    desk.say(format_args!("warning: never_pair names {email}, who is not on the roster"));
                }
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Faults { file: self.config_path.clone(), faults, more: 0, hint: None }.into())
    }
}

/// Standard output, and how wide a table on it may be.
fn stdout() -> (io::BufWriter<io::StdoutLock<'static>>, Option<u16>) {
    let out = io::stdout();
    let width = out.is_terminal().then(terminal_size::terminal_size).flatten().map(|(width, _)| width.0);
    (io::BufWriter::with_capacity(1 << 16, out.lock()), width)
}
