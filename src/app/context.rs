//! What every command works with: the time, the options, and where it says something.
//! Knows no state.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::exit_status::Partly;
use crate::cli::Global;
use crate::secrets;
use crate::store::config;
use crate::store::files::lock::Holder;
use crate::webex::clock::ClockCheck;
use crate::webex::throttle::Patience;

/// What every command works with.
pub(crate) struct Context<'a> {
    pub(crate) global: &'a Global,
    pub(crate) now: DateTime<Utc>,
    pub(crate) begun: Instant,
    /// How long this run may wait for Webex still.
    pub(crate) patience: Arc<Patience>,
    /// What Webex says of the clock of this machine.
    pub(crate) clock_check: Arc<ClockCheck>,
    /// How a run ends that was else done.
    end: Arc<OnceLock<Partly>>,
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
        let now = global.now.unwrap_or_else(Utc::now);
        let clock_check = clock_check(global);
        Self { global, now, begun: Instant::now(), patience: Arc::default(), clock_check, end: Arc::default() }
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

    /// The same context at the time it is by now.
    pub(crate) fn afresh(&self) -> Self {
        let (now, end) = (self.time(), Arc::clone(&self.end));
        let clock_check = clock_check(self.global);
        Self { global: self.global, now, begun: Instant::now(), patience: Arc::default(), clock_check, end }
    }

    /// Has the run end as one that is partly done, for a reason that stops nothing on its way.
    pub(crate) fn end_with(&self, partly: Partly) {
        let _ = self.end.set(partly);
    }

    /// The end of a run that did what it could.
    ///
    /// # Errors
    /// Why it is only partly done.
    pub(crate) fn end(&self) -> Result<()> {
        self.end.get().map_or(Ok(()), |partly| Err(partly.clone().into()))
    }

    pub(crate) fn holder(&self, command: &str) -> Holder {
        Holder::this_process(command, Utc::now().fixed_offset())
    }

    pub(crate) fn wait(&self) -> Duration {
        Duration::from_secs(self.global.wait)
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
            let _ = writeln!(io::stderr(), "{}", secrets::strike_ours(&text.to_string()));
        }
    }
}

/// With `--now` nothing is compared.
fn clock_check(global: &Global) -> Arc<ClockCheck> {
    Arc::new(if global.now.is_some() { ClockCheck::default() } else { ClockCheck::of(Utc::now) })
}

/// Standard output, and how wide a table on it may be.
pub(crate) fn stdout() -> (io::BufWriter<io::StdoutLock<'static>>, Option<u16>) {
    let out = io::stdout();
    let width = out.is_terminal().then(terminal_size::terminal_size).flatten().map(|(width, _)| width.0);
    (io::BufWriter::with_capacity(1 << 16, out.lock()), width)
}
