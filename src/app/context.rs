//! What every command works with: the time, the options, and where it says something.
//! Knows no state.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::session::Office;
use crate::cli::Global;
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::pairing::explain;
use crate::domain::rules::Rules;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Round, State};
use crate::parallel;
use crate::store::config::{self, Config};
use crate::store::files::lock::Holder;
use crate::store::roster::csv;

/// What every command works at.
pub(crate) struct Context<'a> {
    pub(crate) global: &'a Global,
    pub(crate) now: DateTime<Utc>,
    pub(crate) begun: Instant,
}

/// What time it is while a command runs: that of the machine, or with `--now` counted from there. A count stands still
/// while the machine sleeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// What time it was at an instant.
    pinned: Option<(DateTime<Utc>, Instant)>,
}

impl Clock {
    pub(crate) fn time(self) -> DateTime<Utc> {
        self.pinned.map_or_else(Utc::now, |(then, at)| then + TimeDelta::from_std(at.elapsed()).unwrap_or_default())
    }
}

impl<'a> Context<'a> {
    pub(crate) fn new(global: &'a Global) -> Self {
        Self { global, now: global.now.unwrap_or_else(Utc::now), begun: Instant::now() }
    }

    /// The config's file.
    pub(crate) fn config_path(&self) -> Result<PathBuf> {
        Ok(config::find(self.global.config.as_deref())?)
    }

    pub(crate) fn clock(&self) -> Clock {
        Clock { pinned: self.global.now.map(|_| (self.now, self.begun)) }
    }

    /// The time as this run has it, also when it runs for days.
    pub(crate) fn time(&self) -> DateTime<Utc> {
        self.clock().time()
    }

    /// The same desk at the time it is by now.
    pub(crate) fn afresh(&self) -> Self {
        Self { global: self.global, now: self.time(), begun: Instant::now() }
    }

    /// Reads config and roster, and warns of what does not fit.
    pub(crate) fn open(&self) -> Result<Office> {
        self.open_with(|_| ()).map(|(office, ())| office)
    }

    /// The same, while `read` reads something else that the config names.
    pub(crate) fn open_with<T>(&self, read: impl FnOnce(&Config) -> T) -> Result<(Office, T)> {
        let config_path = self.config_path()?;
        let config = Config::load(&config_path)?;
        let roster = || csv::read(&config.programme.roster);
        let (roster, other) = parallel::both(parallel::UNKNOWN, roster, || read(&config));
        let roster = roster?;
        let (rules, mismatches) = Rules::new(&roster, &config.pairing, &config.meeting);
        let office = Office { config_path, config, roster, rules };
        office.check(&mismatches, self)?;
        self.detail("read config, roster and state");
        Ok((office, other))
    }

    pub(crate) fn holder(&self, command: &str) -> Holder {
        Holder::this_process(command, Utc::now().fixed_offset())
    }

    pub(crate) fn wait(&self) -> Duration {
        Duration::from_secs(self.global.wait)
    }

    /// Warns of people in rounds ahead who have left the roster since, or pause then.
    /// In those that were `drawn` just now, nobody is.
    pub(crate) fn warn_of_absent(&self, office: &Office, state: &State, identities: &PersonIndex, drawn: &[Round]) {
        let is_new = |date| drawn.iter().any(|round| round.date == date);
        let ahead = |date| is_ahead(&office.config.meeting, date, self.now) && !is_new(date);
        for absent in explain::absent(state, identities, &office.rules, ahead) {
            let explain::Absent { email, date, why } = absent;
            self.say(format_args!("warning: {email} is in the round of {date}, but {why}; --replace draws it again"));
        }
    }

    /// With `--verbose`, says what is done by now, and how long it took from the beginning.
    pub(crate) fn detail(&self, done: &str) {
        if self.global.verbose {
            let _ = writeln!(io::stderr(), "{done} after {} ms", self.begun.elapsed().as_millis());
        }
    }

    /// Says something on stderr, unless asked to be quiet.
    pub(crate) fn say(&self, text: impl fmt::Display) {
        if !self.global.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }
}

/// Standard output, and how wide a table on it may be.
pub(crate) fn stdout() -> (io::BufWriter<io::StdoutLock<'static>>, Option<u16>) {
    let out = io::stdout();
    let width = out.is_terminal().then(terminal_size::terminal_size).flatten().map(|(width, _)| width.0);
    (io::BufWriter::with_capacity(1 << 16, out.lock()), width)
}
