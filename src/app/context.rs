//! What every command works with: the time, the options, and where output goes. Knows no state.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::exit_status::{Partly, with_config};
use super::logging;
use crate::cli::Global;
use crate::parallel::lock;
use crate::store::config;
use crate::store::files::lock::Holder;
use crate::store::roster::cache::RosterCache;
use crate::webex::clock::ClockCheck;
use crate::webex::throttle::Patience;

/// How long a command that can do without Webex waits for it.
const SHORT: Duration = Duration::from_secs(5);

/// What every command works with.
#[derive(Clone)]
pub(crate) struct Context<'a> {
    pub(crate) global: &'a Global,
    /// The config, if it was named.
    pub(crate) config: Option<PathBuf>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) begun: Instant,
    /// How much longer this run may wait for Webex.
    pub(crate) patience: Arc<Patience>,
    /// What Webex says about the clock of this machine.
    pub(crate) clock_check: Arc<ClockCheck>,
    /// The rosters that were read.
    pub(crate) rosters: Arc<RosterCache>,
    /// How a run ends that was otherwise successful.
    end: Arc<OnceLock<Partly>>,
    /// Where output is kept, if it is not printed at once.
    transcript: Option<Arc<Transcript>>,
}

/// The output of a stage of a longer run, kept until it is known which of it is printed.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    said: Mutex<Vec<String>>,
    shown: Mutex<Vec<u8>>,
    summary: Mutex<Option<String>>,
}

impl Transcript {
    /// What was written to stderr, text by text.
    pub(crate) fn said(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.said))
    }

    /// What was written to stdout.
    pub(crate) fn shown(&self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut *lock(&self.shown))).into_owned()
    }

    /// The result of the stage, in a few words.
    pub(crate) fn summary(&self) -> Option<String> {
        lock(&self.summary).take()
    }
}

/// Standard output, or what replaces it.
enum Out<'a> {
    Printed(Stdout),
    Kept(&'a Mutex<Vec<u8>>),
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Printed(out) => out.write(bytes),
            Self::Kept(kept) => lock(kept).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Printed(out) => out.flush(),
            Self::Kept(_) => Ok(()),
        }
    }
}

/// The time while a command runs: that of the machine, or with `--now` counted from there. The count stands still while
/// the machine sleeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// The given time, and the instant at which it was given.
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
        let (patience, rosters, end, transcript) = (Arc::default(), Arc::default(), Arc::default(), None);
        let config = global.config.first().cloned();
        Self { global, config, now, begun: Instant::now(), patience, clock_check, rosters, end, transcript }
    }

    /// The same context for the programme of another config.
    pub(crate) fn of_programme(&self, config: &Path) -> Self {
        Self { config: Some(config.to_owned()), ..self.afresh() }
    }

    /// The option that commands in hints need: the config, if it was named.
    pub(crate) fn with_config(&self) -> String {
        with_config(self.config.as_ref())
    }

    /// Whether this is a stage of a run: nobody may read its messages, so its error must say the reason by itself.
    pub(crate) fn is_stage(&self) -> bool {
        self.transcript.is_some()
    }

    /// The same for a stage of the run, which has its own end and whose output is kept.
    pub(crate) fn stage(&self) -> (Self, Arc<Transcript>) {
        let transcript = Arc::<Transcript>::default();
        let kept = Some(Arc::clone(&transcript));
        (Self { end: Arc::default(), transcript: kept, ..self.clone() }, transcript)
    }

    /// The same for a command that checks many things, one of which is Webex: it does not wait long for it.
    pub(crate) fn impatient(&self) -> Self {
        Self { patience: Arc::new(Patience::of(SHORT)), ..self.clone() }
    }

    /// The config that was named, or otherwise the one that is found in the usual places.
    pub(crate) fn config_path(&self) -> Result<PathBuf> {
        Ok(config::find(self.config.as_deref())?)
    }

    pub(crate) fn clock(&self) -> Clock {
        Clock { pinned: self.global.now.map(|_| (self.now, self.begun)) }
    }

    /// The current time of this run, even if it runs for days.
    pub(crate) fn time(&self) -> DateTime<Utc> {
        self.clock().time()
    }

    /// The same context at the current time.
    pub(crate) fn afresh(&self) -> Self {
        let (now, begun) = (self.time(), Instant::now());
        Self { now, begun, patience: Arc::default(), clock_check: clock_check(self.global), ..self.clone() }
    }

    /// Makes the run end as partly done, for a reason that does not stop anything on the way.
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

    /// With `--verbose`, says what is done so far, and how long it has taken.
    pub(crate) fn detail(&self, done: &str) {
        logging::detail(&format!("{done} after {} ms", self.begun.elapsed().as_millis()));
    }

    /// Writes something to stderr, unless asked to be quiet.
    pub(crate) fn say(&self, text: impl fmt::Display) {
        if let Some(transcript) = &self.transcript {
            lock(&transcript.said).push(text.to_string());
        } else if !self.global.quiet {
            logging::say(&text.to_string());
        }
    }

    /// Sets the result of a stage, in a few words, for its line.
    pub(crate) fn set_summary(&self, text: impl fmt::Display) {
        if let Some(transcript) = &self.transcript {
            *lock(&transcript.summary) = Some(text.to_string());
        }
    }

    /// Where something is shown: standard output, unless it is kept; and how wide a table may be.
    pub(crate) fn out(&self) -> (impl Write + use<'_>, Option<u16>) {
        if let Some(transcript) = &self.transcript {
            return (Out::Kept(&transcript.shown), None);
        }
        let (out, width) = stdout();
        (Out::Printed(out), width)
    }
}

/// With `--now`, the clock is not checked.
fn clock_check(global: &Global) -> Arc<ClockCheck> {
    Arc::new(if global.now.is_some() { ClockCheck::default() } else { ClockCheck::of(Utc::now) })
}

/// Standard output, and how wide a table on it may be.
pub(crate) fn stdout() -> (Stdout, Option<u16>) {
    let out = io::stdout();
    let width = out.is_terminal().then(terminal_size::terminal_size).flatten().map(|(width, _)| width.0);
    (io::BufWriter::with_capacity(1 << 16, WhileRead(out.lock())), width)
}

/// Standard output as the commands write it.
pub(crate) type Stdout = io::BufWriter<WhileRead<io::StdoutLock<'static>>>;

/// Writes as long as there is a reader. Whoever stops reading what is shown has still asked for it to be done.
pub(crate) struct WhileRead<W>(W);

fn even_if_nobody_reads<T>(written: io::Result<T>, otherwise: T) -> io::Result<T> {
    written.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(otherwise) } else { Err(error) })
}

impl<W: Write> Write for WhileRead<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        even_if_nobody_reads(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        even_if_nobody_reads(self.0.flush(), ())
    }
}
