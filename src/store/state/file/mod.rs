//! The state's file: read by anyone, written only by one who holds its lock, refused unless it is whole and sound.
//! Knows the file and its faults; the form of the text is [`super::json`]'s, what is sound the domain's.

use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use chrono::NaiveDate;
use serde_json::error::Category;

use super::json::{self, Beginning, ParseError};
use crate::domain::state::State;
use crate::parallel;
use crate::store::files::durable::{self, Prepared};
use crate::store::files::lock::{Holder, Lock, LockError};
use crate::store::files::regular;

/// The right to save the state: whoever has one holds its lock, and has seen that what it replaces was sound.
#[derive(Debug)]
pub struct Locked {
    /// The file itself, symbolic links followed.
    path: PathBuf,
    _lock: Lock,
}

/// Reads the state at `path` without locking it: for commands that only look. A missing file is an empty state,
/// unless something tells that there was one.
///
/// # Errors
/// Says what is wrong with the file, which is left as it is.
pub fn read(path: &Path) -> Result<State, StateError> {
    refuse_dangling(path).and_then(|()| load(path)).map_err(|fault| StateError::new(path, fault))
}

/// Locks the state at `path`, waiting for another holder as long as `wait`, and reads it.
/// A missing file is an empty state, unless something tells that there was one.
///
/// # Errors
/// Says who holds the lock, or what is wrong with the file, which is left as it is.
pub fn open_locked(path: &Path, holder: &Holder, wait: Duration) -> Result<(Locked, State), StateError> {
    let open = || {
        refuse_dangling(path)?;
        let path = durable::target(path).map_err(Fault::Unreadable)?;
        let lock = lock_beside(&path, holder, wait)?;
        let state = load(&path)?;
        Ok((Locked { path, _lock: lock }, state))
    };
    open().map_err(|fault| StateError::new(path, fault))
}

/// Keeps everybody else from the state at that path, without reading it.
///
/// # Errors
/// Says who holds the lock.
pub fn lock(path: &Path, holder: &Holder, wait: Duration) -> Result<Lock, StateError> {
    let lock = || {
        let path = durable::target(path).map_err(Fault::Unreadable)?;
        lock_beside(&path, holder, wait)
    };
    lock().map_err(|fault| StateError::new(path, fault))
}

fn lock_beside(path: &Path, holder: &Holder, wait: Duration) -> Result<Lock, Fault> {
    Lock::acquire(&durable::beside(path, ".lock"), holder, wait).map_err(|error| match error {
        LockError::InUse(who) => Fault::InUse(who),
        LockError::Failed(error) => Fault::NotLocked(error),
    })
}

/// A new state of which the beginning is written: most of it, where only rounds are added.
#[derive(Debug)]
pub struct Begun {
    new: Prepared,
    roster_size: usize,
    /// How many there are, and how many of them were there when the state was read.
    people: usize,
    sound_people: usize,
    /// The dates of the rounds that are written.
    dates: Vec<NaiveDate>,
}

impl Begun {
    fn begins(&self, state: &State) -> bool {
        let dates = state.rounds.iter().map(|round| round.date).take(self.dates.len());
        (self.roster_size, self.people) == (state.roster_size, state.people.len())
            && dates.eq(self.dates.iter().copied())
    }
}

impl Locked {
    /// Writes how a new state will begin, so that it is on the disk by the time the rest is known.
    ///
    /// # Errors
    /// Says what is in the way; the file is as it was.
    pub fn begin(&self, beginning: &Beginning<'_>) -> Result<Begun> {
        durable::sweep(&self.path);
        let new = durable::prepare(&self.path, |out| json::write_beginning(beginning, out))?;
        let [sound_people, newcomers] = beginning.people.map(<[_]>::len);
        let dates = beginning.rounds.iter().map(|round| round.date).collect();
        let people = sound_people + newcomers;
        Ok(Begun { new, roster_size: beginning.roster_size, sound_people, people, dates })
    }

    /// Makes all ready to save `state`, whole or not at all: [`Prepared::replace`] then does. What was begun is
    /// gone on with if `state` begins like that.
    ///
    /// # Errors
    /// Says what is in the way; the file is as it was. [`Contradiction`] where `state` contradicts itself.
    pub fn prepare(&self, state: &State, begun: Option<Begun>) -> Result<Prepared> {
        let begun = begun.filter(|begun| begun.begins(state));
        // What was begun is of the state that was read, and what was read is sound.
        let sound = begun.as_ref().map_or((0, 0), |begun| (begun.sound_people, begun.dates.len()));
        let write = || match begun {
            Some(Begun { new, dates, .. }) => new.add(|out| json::write_rest(state, dates.len(), out)).map(|()| new),
            None => {
                durable::sweep(&self.path);
                durable::prepare(&self.path, |out| json::write(state, out))
            }
        };
        let (problems, prepared) =
            parallel::both(state.places(), || state.contradictions_after(sound.0, sound.1), write);
        if problems.is_empty() { prepared } else { Err(Contradiction(problems).into()) }
    }

    /// Saves `state`, whole or not at all; the version before stays beside it as `NAME.previous`.
    ///
    /// # Errors
    /// As [`Locked::prepare`].
    pub fn save(&self, state: &State) -> Result<()> {
        self.prepare(state, None)?.replace()
    }
}

fn load(path: &Path) -> Result<State, Fault> {
    let mut file = match regular::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let previous = durable::target(path).map(|path| durable::beside(&path, ".previous"));
            let had_one = previous.is_ok_and(|previous| fs::symlink_metadata(previous).is_ok());
            return if had_one { Err(Fault::Missing) } else { Ok(State::default()) };
        }
        Err(error) => return Err(Fault::Unreadable(error)),
    };
    let state = match json::read(&file) {
        Some(state) => state,
        None => whole(&mut file)?,
    };
    let problems = state.contradictions();
    if problems.is_empty() { Ok(state) } else { Err(Fault::Unsound(problems)) }
}

/// A link to a state is laid to one that is there: where it is not, its disk may not be mounted.
fn refuse_dangling(path: &Path) -> Result<(), Fault> {
    let target = durable::target(path).map_err(Fault::Unreadable)?;
    let is_gone = |path| fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
    if target != path && is_gone(&target) { Err(Fault::Dangling(target)) } else { Ok(()) }
}

/// Reads a state that is damaged, or that only the general reader can read.
fn whole(file: &mut File) -> Result<State, Fault> {
    let mut text = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut text)).map_err(Fault::Unreadable)?;
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    json::parse(&text).map_err(Fault::Unparsable)
}

/// A state that cannot be used: a fault, for which the exit status is 1. Says what, where, and what next.
#[derive(Debug)]
pub struct StateError {
    /// As the user wrote it.
    path: PathBuf,
    fault: Fault,
    /// Whether there is a `NAME.previous`.
    has_previous: bool,
}

/// A new state that contradicts itself and is not saved: a fault of ours, in what was to be done just now. The file is
/// as good as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction(Vec<String>);

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the new state contradicts itself and is not saved:{}", lines(&self.0))
    }
}

impl Error for Contradiction {}

/// What is wrong with a state.
#[derive(Debug)]
enum Fault {
    InUse(String),
    NotLocked(io::Error),
    Unreadable(io::Error),
    /// There is none, but one before it.
    Missing,
    /// A symbolic link that leads here, where nothing is.
    Dangling(PathBuf),
    Empty,
    Unparsable(ParseError),
    Unsound(Vec<String>),
}

impl StateError {
    fn new(path: &Path, fault: Fault) -> Self {
        let has_previous = durable::target(path).is_ok_and(|path| durable::beside(&path, ".previous").is_file());
        Self { path: path.to_owned(), fault, has_previous }
    }

    /// Whether the state is sound for all we know, but another process holds it: waiting helps.
    pub fn is_in_use(&self) -> bool {
        matches!(self.fault, Fault::InUse(_))
    }

    fn hint(&self) -> Option<String> {
        let path = &self.path;
        Some(match &self.fault {
            Fault::InUse(_) => "try again when it is done, or end it if it hangs".to_owned(),
            Fault::NotLocked(_) | Fault::Unreadable(_) => return None,
            Fault::Unparsable(ParseError::Newer(_)) => {
                "run the version of roulette that wrote it, or a later one".to_owned()
            }
            _ if self.has_previous => {
                let path = durable::target(path).unwrap_or_else(|_| path.clone());
                let previous = durable::beside(&path, ".previous");
                let back = format!("cp -p {} {}", quoted(&previous), quoted(&path));
                let otherwise = match self.fault {
                    Fault::Missing => {
                        "; if that version is of no use, move it away, too, and take over what is booked with: roulette \
                        schedule --adopt"
                    }
                    _ => "",
                };
                format!("go back to the version before the last save with: {back}{otherwise}")
            }
            Fault::Dangling(_) => "repair the link, or remove it and start over, as if nobody had met yet".to_owned(),
            Fault::Unparsable(ParseError::Foreign) => {
                "[programme] state in the config names the state's file".to_owned()
            }
            _ => "put it back from a backup, or move it away and start over, as if nobody had met yet".to_owned(),
        })
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            Fault::InUse(who) => write!(f, "the state {path} is in use by {who}"),
            Fault::NotLocked(error) if error.kind() == ErrorKind::NotFound => {
                let folder = durable::folder(&self.path).display();
                write!(f, "cannot lock the state {path}: the folder {folder} does not exist")
            }
            Fault::NotLocked(error) => write!(f, "cannot lock the state {path} with {path}.lock: {error}"),
            Fault::Unreadable(error) => write!(f, "cannot read the state {path}: {error}"),
            Fault::Missing => {
                write!(f, "the state {path} is missing, and the version before it is there")
            }
            Fault::Dangling(target) => {
                write!(f, "the state {path} is a symbolic link to {}, which is missing", target.display())
            }
            Fault::Empty => write!(f, "the state {path} is damaged: it is empty, which not even a new state is"),
            Fault::Unparsable(ParseError::Foreign) => {
                write!(f, "{path} is not a state of roulette: it does not say \"format\": \"roulette-state\"")
            }
            Fault::Unparsable(ParseError::Newer(version)) => {
                let known = json::VERSION;
                write!(f, "the state {path} is of version {version}; this roulette knows version {known}")
            }
            Fault::Unparsable(ParseError::Broken(error)) => match error.classify() {
                Category::Eof => write!(f, "the state {path} is cut short: {error}"),
                Category::Data => write!(f, "the state {path} is damaged: {error}"),
                Category::Syntax | Category::Io => write!(f, "the state {path} is not whole JSON: {error}"),
            },
            Fault::Unsound(problems) => write!(f, "the state {path} contradicts itself:{}", lines(problems)),
        }?;
        self.hint().map_or(Ok(()), |hint| write!(f, "\nhint: {hint}"))
    }
}

impl Error for StateError {}

fn lines(problems: &[String]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}

/// For a shell.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |it: char| it.is_alphanumeric() || "/._-".contains(it);
    if path.chars().all(plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests;
