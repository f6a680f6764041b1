//! The file of the journal, beside the state: one JSON object per line, the oldest first. Lines are only added at the
//! end, until the file is too long: then the older half is removed. Only the holder of the state's lock writes to it.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::files::{durable, regular};
use crate::domain::journal::{Did, Entry, Number};
use crate::domain::state::PersonId;
use crate::domain::state::forgetting::KnownBy;

/// A file longer than this, in bytes, loses its older half: a year of four hundred people, or three weeks of ten
/// thousand.
const LONGEST: u64 = 16 << 20;

/// The path of the journal that belongs to this state.
pub fn path(state: &Path) -> PathBuf {
    durable::beside(&durable::target(state).unwrap_or_else(|_| state.to_owned()), ".journal")
}

/// Adds entries at the end.
///
/// # Errors
/// The file cannot be written.
pub fn add(state: &Path, entries: &[Entry]) -> Result<()> {
    let path = path(state);
    let add = || {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
        let mut file = regular::open_own(&path)?;
        end_line(&mut file)?;
        file.write_all(&lines)?;
        if file.stream_position()? > LONGEST {
            shorten(&path)?;
        }
        Ok::<(), anyhow::Error>(())
    };
    add().with_context(|| format!("cannot write {}", path.display()))
}

/// Moves to the end, and begins a new line there: a run that was killed may have left half of one.
fn end_line(file: &mut File) -> io::Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

fn shorten(path: &Path) -> Result<()> {
    let lines = regular::read(path)?;
    let half = lines.len() / 2;
    let from = lines[half..].iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| half + at + 1);
    durable::write(path, |out| out.write_all(&lines[from..]))
}

/// The entries that belong to the current state, and how many lines are not understood.
///
/// # Errors
/// The file cannot be read.
pub fn read(state: &Path) -> Result<(Vec<Entry>, usize)> {
    let path = path(state);
    let lines = match regular::read(&path) {
        Ok(lines) => lines,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let (mut entries, mut odd) = (Vec::new(), 0);
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice::<Entry>(line) {
            Ok(entry) if entry.did == Did::Begun => entries.clear(),
            Ok(entry) => entries.push(entry),
            Err(_) => odd += 1,
        }
    }
    Ok((entries, odd))
}

/// Removes somebody's names and addresses from what Webex said, and the ids of what they are in there, by which Webex
/// would tell who it was. Everywhere else, people are numbers.
///
/// # Errors
/// The file cannot be read or written.
pub fn forget(state: &Path, known_by: &KnownBy, people: &[PersonId]) -> Result<()> {
    let path = path(state);
    let text = match regular::read(&path) {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let numbers: Vec<Number> = people.iter().map(|person| (*person).into()).collect();
    let is_theirs = |entry: &Entry| entry.people.iter().flatten().any(|number| numbers.contains(number));
    let without = |line: &str| -> Option<String> {
        let entry: Option<Entry> = line.contains("\"id\":").then(|| serde_json::from_str(line).ok()).flatten();
        let entry = entry.filter(is_theirs).map(|entry| Entry { id: None, ..entry });
        let line = entry.map_or(Ok(line.to_owned()), |entry| serde_json::to_string(&entry)).ok()?;
        if !known_by.is_in(&line) {
            return Some(line);
        }
        // A line that is not understood but names them is dropped.
        let mut entry: serde_json::Value = serde_json::from_str(&line).ok()?;
        known_by.strike_out_of(&mut entry);
        Some(entry.to_string()).filter(|line| !known_by.is_in(line))
    };
    let lines: Vec<String> = text.lines().filter_map(without).collect();
    durable::write(&path, |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::state::PersonId;

    fn entry(second: i64) -> Entry {
        let at = DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap();
        Entry { why: Some("x".repeat(1_000)), ..Entry::new(at, Did::Booked) }.person(PersonId::new(3))
    }

    #[test]
    fn what_was_added_is_read_also_after_half_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        assert_eq!(read(&state).unwrap(), (vec![], 0));
        add(&state, &[entry(1), entry(2)]).unwrap();
        let mut file = File::options().append(true).open(path(&state)).unwrap();
        file.write_all(b"{\"at\":\"2026").unwrap();
        add(&state, &[entry(3)]).unwrap();
        assert_eq!(read(&state).unwrap(), (vec![entry(1), entry(2), entry(3)], 1));
    }

    #[test]
    fn of_a_state_that_was_begun_anew_nothing_before_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        add(&state, &[entry(1), Entry::new(entry(2).at, Did::Begun), entry(3)]).unwrap();
        assert_eq!(read(&state).unwrap(), (vec![entry(3)], 0));
    }

    #[test]
    fn it_stays_within_its_bound_and_keeps_what_is_newest() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        let many: Vec<Entry> = (0..9_000).map(entry).collect();
        for _ in 0..4 {
            add(&state, &many).unwrap();
            assert!(path(&state).metadata().unwrap().len() <= LONGEST);
        }
        let (entries, odd) = read(&state).unwrap();
        assert!(odd == 0 && entries.len() > 5_000, "{} {odd}", entries.len());
        assert_eq!(entries.last(), many.last());
    }
}
