//! What `run` remembers from one time to the next: which faults it reported, and when it last looked at Webex. In a
//! file beside the state, because the state itself may have a fault. Without it, a fault is reported once more, and
//! nothing else is lost: a damaged file counts as none.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::files::lock::{Holder, Lock, LockError};
use super::files::{durable, regular};

const FORMAT: &str = "roulette-run";
const VERSION: u32 = 1;

/// What `run` remembers from one time to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMemory {
    /// The last day on which the bookings were compared with Webex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked: Option<NaiveDate>,
    /// The last pull of the roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulled: Option<Pulled>,
    /// The day on which the organizers' space may have been told something that is not known to have arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space_doubt: Option<NaiveDate>,
    /// The faults that were reported, in the order in which they occurred.
    #[serde(default)]
    pub faults: Vec<ToldFault>,
}

/// A pull of the roster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    /// The day of the pull.
    pub on: NaiveDate,
    /// Who is in the space but not on the roster, and what to do about it.
    pub waiting: Option<(String, String)>,
}

/// A fault that was reported. Days are in the programme's zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldFault {
    /// What it is about: a stage, or something on which several stages depend.
    pub about: String,
    /// Its words, without what differs each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness: Option<String>,
    /// When it was last reported on stderr.
    pub printed: Option<NaiveDate>,
    /// When the organizers' space was last told about it.
    pub space: Option<NaiveDate>,
    /// Whether the fault still existed in the last run.
    pub lasts: bool,
    /// When it was last reported as fixed.
    #[serde(rename = "mended")]
    pub fixed: Option<NaiveDate>,
    /// Whether the organizers' space has yet to hear that it is fixed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub space_waits: bool,
}

/// The JSON in the file.
#[derive(Serialize, Deserialize)]
struct Wire {
    format: String,
    version: u32,
    #[serde(flatten)]
    memory: RunMemory,
}

/// The file beside the state, or the config, at that path.
///
/// # Errors
/// A link in it leads nowhere.
pub fn path(state: &Path) -> io::Result<PathBuf> {
    beside(state, ".run")
}

fn beside(state: &Path, suffix: &str) -> io::Result<PathBuf> {
    Ok(durable::beside(&durable::target(state)?, suffix))
}

/// Prevents other runs from starting, beside the state at that path.
///
/// # Errors
/// Says which other run is active, or why there is no lock.
pub fn lock(state: &Path, holder: &Holder) -> Result<Lock, LockError> {
    let path = beside(state, ".run.lock").map_err(LockError::Failed)?;
    Lock::acquire(&path, holder, Duration::ZERO)
}

/// When a `run` last began beside the state at that path: each run signs its lock.
pub fn last_began(state: &Path) -> Option<SystemTime> {
    fs::metadata(beside(state, ".run.lock").ok()?).and_then(|lock| lock.modified()).ok()
}

/// What is remembered beside the state at that path.
pub fn read(state: &Path) -> RunMemory {
    let text = path(state).and_then(|path| regular::read(&path)).unwrap_or_default();
    let wire = serde_json::from_slice::<Wire>(&text).ok();
    wire.filter(|wire| wire.format == FORMAT && wire.version == VERSION).map(|wire| wire.memory).unwrap_or_default()
}

/// Remembers it beside the state at that path.
///
/// # Errors
/// Names the file and the obstacle.
pub fn write(state: &Path, memory: &RunMemory) -> Result<()> {
    let path = path(state)?;
    durable::sweep(&path);
    let wire = Wire { format: FORMAT.to_owned(), version: VERSION, memory: memory.clone() };
    durable::write(&path, |out| {
        serde_json::to_writer_pretty(&mut *out, &wire)?;
        out.write_all(b"\n")
    })
}

/// Forgets what is remembered beside the state at that path.
///
/// # Errors
/// Names the file and the obstacle.
pub fn forget(state: &Path) -> Result<()> {
    let path = path(state)?;
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(anyhow::anyhow!("cannot remove {}: {error}", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_read_again_and_what_is_damaged_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        assert_eq!(read(&state), RunMemory::default());
        let day: NaiveDate = "2026-12-01".parse().unwrap();
        let about = "bookings".to_owned();
        let fault = ToldFault { about, printed: Some(day), space: None, lasts: true, ..ToldFault::default() };
        let memory = RunMemory { looked: Some(day), pulled: None, space_doubt: Some(day), faults: vec![fault] };
        write(&state, &memory).unwrap();
        assert_eq!(read(&state), memory);
        for text in ["", "{}", "{\"format\":\"diary\",\"version\":1}", "\0\0"] {
            fs::write(folder.path().join("state.json.run"), text).unwrap();
            assert_eq!(read(&state), RunMemory::default(), "{text}");
        }
        forget(&state).unwrap();
        forget(&state).unwrap();
    }
}
