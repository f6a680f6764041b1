//! When the programme last heard of an event, in whatever way, and when it last looked at what was typed: small files
//! beside the state, because a listener must not wait for the state. Knows times; what follows from them is decided
//! elsewhere.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

use super::files::{durable, regular};
use crate::domain::local_time::is_plausible;

/// After this time, nobody can rely on being heard.
pub const LONG: TimeDelta = TimeDelta::days(1);

/// How much clocks may differ.
const SKEW: TimeDelta = TimeDelta::minutes(10);
/// A running listener records this once a minute.
const QUIET: TimeDelta = TimeDelta::minutes(15);

/// The kinds of recorded times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An event arrived, or could have arrived at once.
    Heard,
    /// Somebody looked at what was typed.
    Looked,
    /// By Webex's clock: what was typed until then has been read.
    Read,
    /// The last event before a time in which nobody listened, of which not everything is made good yet.
    Missed,
}

/// Records the time for `now`.
///
/// # Errors
/// The time cannot be saved.
pub fn keep(state: &Path, mark: Mark, now: DateTime<Utc>) -> Result<()> {
    durable::write(&file(state, mark)?, |out| writeln!(out, "{}", now.to_rfc3339()))
}

/// The recorded time, if there is one.
pub fn last(state: &Path, mark: Mark) -> Option<DateTime<Utc>> {
    let text = regular::read_to_string(&file(state, mark).ok()?).ok()?;
    text.trim().parse().ok().filter(is_plausible)
}

/// Forgets the time, because it is over.
pub fn forget(state: &Path, mark: Mark) {
    // If it stays, everything is looked for once more, and found to be known.
    let _ = file(state, mark).map(std::fs::remove_file);
}

/// The recorded time, unless it is in the future: then a clock was wrong.
pub fn last_before(state: &Path, mark: Mark, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    last(state, mark).filter(|at| *at <= now + SKEW)
}

/// Whether events arrived once, but not for so long that perhaps nobody listens any more.
pub fn is_quiet(state: &Path, now: DateTime<Utc>) -> bool {
    last(state, Mark::Heard).is_some_and(|at| (now - at).abs() > QUIET)
}

/// Whether the recorded time is within the last day.
pub fn lately(state: &Path, mark: Mark, now: DateTime<Utc>) -> bool {
    // A clock that was set back is no reason to be silent.
    last(state, mark).is_some_and(|at| (now - at).abs() <= LONG)
}

fn file(state: &Path, mark: Mark) -> Result<PathBuf> {
    let target = durable::target(state).with_context(|| format!("cannot follow {}", state.display()))?;
    let suffix = match mark {
        Mark::Heard => ".heard",
        Mark::Looked => ".looked",
        Mark::Read => ".read",
        Mark::Missed => ".missed",
    };
    Ok(durable::beside(&target, suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_counts_for_a_day_and_what_cannot_be_read_was_never() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        let now: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().unwrap();
        assert!(!lately(&state, Mark::Heard, now));
        keep(&state, Mark::Heard, now).unwrap();
        assert_eq!((last(&state, Mark::Heard), last(&state, Mark::Looked)), (Some(now), None));
        assert!(lately(&state, Mark::Heard, now + LONG) && lately(&state, Mark::Heard, now - LONG));
        assert!(!lately(&state, Mark::Heard, now + LONG + TimeDelta::seconds(1)));
        std::fs::write(folder.path().join("state.json.heard"), "soon").unwrap();
        assert!(!lately(&state, Mark::Heard, now));
    }
}
