//! What every command works with: the time, the options, and where it says something.
//! Knows no state.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::exit_status::{Partly, with_config};
use super::logging;
use crate::cli::Global;
use crate::store::config;
use crate::store::files::lock::Holder;
use crate::webex::clock::ClockCheck;
use crate::webex::throttle::Patience;

/// So long a command waits for Webex that can do without.
const SHORT: Duration = Duration::from_secs(5);

/// What every command works with.
pub(crate) struct Context<'a> {
    pub(crate) global: &'a Global,
    /// The config, if it was named.
    pub(crate) config: Option<PathBuf>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) begun: Instant,
    /// How long this run may wait for Webex still.
    pub(crate) patience: Arc<Patience>,
    /// What Webex says of the clock of this machine.
    pub(crate) clock_check: Arc<ClockCheck>,
    /// How a run ends that was else done.
    end: Arc<OnceLock<Partly>>,
    /// Where all is kept that is said and shown, if it is not printed at once.
    transcript: Option<Arc<Transcript>>,
}

/// What a stage of a longer run says and shows, kept until it is known what of it is printed.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    said: Mutex<Vec<String>>,
    shown: Mutex<Vec<u8>>,
    came: Mutex<Option<String>>,
}

impl Transcript {
    /// What was said on stderr, text by text.
    pub(crate) fn said(&self) -> Vec<String> {
        std::mem::take(&mut hold(&self.said))
    }

    /// What was shown on stdout.
    pub(crate) fn shown(&self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut *hold(&self.shown))).into_owned()
    }

    /// What came of the stage, in few words.
    pub(crate) fn came(&self) -> Option<String> {
        hold(&self.came).take()
    }
}

fn hold<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Standard output, or what is kept instead.
enum Out<'a> {
    Printed(io::BufWriter<io::StdoutLock<'static>>),
    Kept(&'a Mutex<Vec<u8>>),
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Printed(out) => out.write(bytes),
            Self::Kept(kept) => hold(kept).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Printed(out) => out.flush(),
            Self::Kept(_) => Ok(()),
        }
    }
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
        let (patience, end, transcript) = (Arc::default(), Arc::default(), None);
        let config = global.config.first().cloned();
        Self { global, config, now, begun: Instant::now(), patience, clock_check, end, transcript }
    }

    /// The same for the programme of another config.
    pub(crate) fn of_programme(&self, config: &Path) -> Self {
        Self { config: Some(config.to_owned()), ..self.afresh() }
    }

    /// For the commands that hints name: the config, if it was named.
    pub(crate) fn with_config(&self) -> String {
        with_config(self.config.as_ref())
    }

    /// Whether this is a stage of a run: what it says may be read by nobody, so that its error says why by itself.
    pub(crate) fn is_stage(&self) -> bool {
        self.transcript.is_some()
    }

    /// The same for a stage of the run, which has an end of its own, and of which all is kept that it says and shows.
    pub(crate) fn stage(&self) -> (Self, Arc<Transcript>) {
        let (patience, clock_check) = (Arc::clone(&self.patience), Arc::clone(&self.clock_check));
        let transcript = Arc::<Transcript>::default();
        let (now, begun, kept) = (self.now, self.begun, Some(Arc::clone(&transcript)));
        (
            Self {
                global: self.global,
                config: self.config.clone(),
                now,
                begun,
                patience,
                clock_check,
                end: Arc::default(),
                transcript: kept,
            },
            transcript,
        )
    }

    /// The same for a command that looks at many things, of which Webex is one: it does not wait long for it.
    pub(crate) fn impatient(&self) -> Self {
        let patience = Arc::new(Patience::of(SHORT));
        let clock_check = Arc::clone(&self.clock_check);
        let (end, transcript) = (Arc::clone(&self.end), self.transcript.clone());
        let config = self.config.clone();
        Self { global: self.global, config, now: self.now, begun: self.begun, patience, clock_check, end, transcript }
    }

    /// The config's file.
    pub(crate) fn config_path(&self) -> Result<PathBuf> {
        Ok(config::find(self.config.as_deref())?)
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
        let (now, end, transcript) = (self.time(), Arc::clone(&self.end), self.transcript.clone());
        let (clock_check, patience) = (clock_check(self.global), Arc::default());
        let config = self.config.clone();
        Self { global: self.global, config, now, begun: Instant::now(), patience, clock_check, end, transcript }
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

    /// For whoever wants to know, says what is done by now, and how long it took from the beginning.
    pub(crate) fn detail(&self, done: &str) {
        logging::detail(&format!("{done} after {} ms", self.begun.elapsed().as_millis()));
    }

    /// Says something on stderr, unless asked to be quiet.
    pub(crate) fn say(&self, text: impl fmt::Display) {
        if let Some(transcript) = &self.transcript {
            hold(&transcript.said).push(text.to_string());
        } else if !self.global.quiet {
            logging::say(&text.to_string());
        }
    }

    /// What came of it, in few words, for the line of a stage.
    pub(crate) fn came_to(&self, text: impl fmt::Display) {
        if let Some(transcript) = &self.transcript {
            *hold(&transcript.came) = Some(text.to_string());
        }
    }

    /// Where something is shown: standard output, unless it is kept; and how wide a table there may be.
    pub(crate) fn out(&self) -> (impl Write + use<'_>, Option<u16>) {
        if let Some(transcript) = &self.transcript {
            return (Out::Kept(&transcript.shown), None);
        }
        let (out, width) = stdout();
        (Out::Printed(out), width)
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
