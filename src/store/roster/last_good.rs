//! The last good roster, kept beside the state as it was understood: independent of the kind of file it came from, and
//! of what the config says about columns by then. Three lines of JSON: what the copy is, all employees, and who may
//! have got another address. Written completely or not at all, for its owner only; a damaged copy counts as none. Knows
//! the form; does not know when a copy is used.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::roster::{Column, Employee, Inactive, Roster, RosterIndex};
use crate::domain::state::addresses::Suspect;
use crate::domain::zone::Zone;
use crate::hex;
use crate::store::files::durable;
use crate::store::zones;

const FORMAT: &str = "roulette-roster";
const VERSION: u32 = 1;
/// For how long people are told whose address may have changed.
const SUSPECTED: TimeDelta = TimeDelta::days(30);
/// The first line is no longer than this, in bytes.
const LONGEST_HEADER: u64 = 1_000;

/// A roster that was read without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastGood {
    /// All employees, as they were understood then.
    pub roster: Roster,
    /// When it was first read in this form.
    pub since: DateTime<Utc>,
}

/// A roster in the form of the copy.
#[derive(Debug)]
pub struct Written {
    body: Vec<u8>,
    hash: String,
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
    since: DateTime<Utc>,
    hash: String,
}

/// Each cell as it was read, in the order of the fields of an [`Employee`].
type Row<'a> = (&'a str, &'a str, Option<Tz>, Option<String>, Option<String>, Option<NaiveDate>, Option<&'a str>);

#[derive(Serialize)]
struct Body<'a> {
    employees: Vec<Row<'a>>,
    columns: Vec<ColumnJson>,
    inactive: Vec<(&'a str, &'a str)>,
    former: Vec<(&'a str, usize)>,
}

/// The same for reading.
#[derive(Deserialize)]
struct ReadBody {
    employees: Vec<ReadRow>,
    columns: Vec<ColumnJson>,
    inactive: Vec<(Box<str>, Box<str>)>,
    former: Vec<(Box<str>, usize)>,
}

/// The name, the address that vanished, the address that appeared, and the day.
type SuspectJson = (Box<str>, Box<str>, Box<str>, NaiveDate);

type ReadRow = (Box<str>, Box<str>, Option<Tz>, Option<String>, Option<String>, Option<NaiveDate>, Option<String>);

#[derive(Serialize, Deserialize)]
struct ColumnJson {
    name: String,
    heading: String,
    values: Vec<String>,
    cells: Vec<u32>,
    parts: Vec<(u32, Vec<u32>)>,
}

/// The path of the copy beside the state at that path.
fn path(state: &Path) -> PathBuf {
    durable::beside(&durable::target(state).unwrap_or_else(|_| state.to_owned()), ".roster")
}

/// The last good roster of the state at that path; none if there is none, or if it cannot be trusted.
pub fn read(state: &Path) -> Option<LastGood> {
    let mut file = BufReader::new(open(state)?);
    let header = header(&mut file)?;
    let mut body = Vec::new();
    file.read_until(b'\n', &mut body).ok()?;
    (hash(&body) == header.hash).then_some(())?;
    let body: ReadBody = serde_json::from_slice(&body).ok()?;
    Some(LastGood { roster: body.into_roster()?, since: header.since })
}

/// Who may have got another address shortly before `today`, as far as that is recorded.
pub fn suspects(state: &Path, today: NaiveDate) -> Vec<Suspect> {
    let read = || {
        let mut text = Vec::new();
        open(state)?.read_to_end(&mut text).ok()?;
        let last = text.trim_ascii_end().rsplit(|byte| *byte == b'\n').next()?;
        serde_json::from_slice::<Vec<SuspectJson>>(last).ok()
    };
    let recent = |on: NaiveDate| today.signed_duration_since(on) < SUSPECTED;
    let suspects = read().unwrap_or_default().into_iter().filter(|(.., on)| recent(*on));
    suspects.map(|(name, gone, new, on)| Suspect { name, gone, new, on }).collect()
}

/// Forgets that somebody may have another address, if `is_theirs` says so for the name and both addresses. Only for the
/// holder of the state's lock.
///
/// # Errors
/// Names the file and the obstacle.
pub fn forget(state: &Path, is_theirs: impl Fn(&[&str]) -> bool) -> Result<()> {
    let path = path(state);
    let Some(mut file) = open(state) else { return Ok(()) };
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let body = text.trim_ascii_end();
    let last = body.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    // A damaged copy counts as none, and is written anew.
    let Ok(suspects) = serde_json::from_slice::<Vec<SuspectJson>>(&body[last..]) else { return Ok(()) };
    let left: Vec<&SuspectJson> =
        suspects.iter().filter(|(name, gone, new, _)| !is_theirs(&[name, gone, new])).collect();
    if left.len() == suspects.len() {
        return Ok(());
    }
    durable::write(&path, |out| {
        out.write_all(&body[..last])?;
        serde_json::to_writer(&mut *out, &left)?;
        out.write_all(b"\n")
    })
}

/// A pipe in its place would make the program wait.
fn open(state: &Path) -> Option<File> {
    let path = path(state);
    std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
    File::open(path).ok()
}

fn header(file: &mut impl BufRead) -> Option<Header> {
    let mut line = Vec::new();
    file.take(LONGEST_HEADER).read_until(b'\n', &mut line).ok()?;
    let header: Header = serde_json::from_slice(&line).ok()?;
    (header.format == FORMAT && header.version == VERSION).then_some(header)
}

fn hash(body: &[u8]) -> String {
    hex::encode(&Sha256::digest(body))
}

impl Written {
    /// The text of a copy of the roster. Cost: linear in its cells.
    pub fn of(roster: &Roster) -> Self {
        let employees = roster.employees.iter().map(|one| {
            let hours = one.working_hours.as_ref().map(ToString::to_string);
            let days = one.workdays.map(|days| days.to_string());
            let language = one.language.map(crate::domain::language::Language::code);
            (&*one.email, &*one.name, one.timezone.map(Zone::id), hours, days, one.paused_until, language)
        });
        let body = Body {
            employees: employees.collect(),
            columns: roster.columns.iter().map(ColumnJson::of).collect(),
            inactive: roster.inactive.iter().map(|one| (&*one.email, &*one.name)).collect(),
            former: roster.former.iter().map(|(email, at)| (&**email, at.index())).collect(),
        };
        let mut body = serde_json::to_vec(&body).unwrap_or_default();
        body.push(b'\n');
        let hash = hash(&body);
        Self { body, hash }
    }

    /// Whether both are of rosters with the same content.
    #[cfg(test)]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.hash == other.hash
    }

    /// Whether the copy beside the state at that path already contains it.
    pub fn is_kept(&self, state: &Path) -> bool {
        let kept = open(state).and_then(|file| header(&mut BufReader::new(file)));
        kept.is_some_and(|header| header.hash == self.hash)
    }

    /// Keeps it as the last good roster. Only for the holder of the state's lock.
    ///
    /// # Errors
    /// Names the file and the obstacle; the previous copy is as it was.
    pub fn keep(&self, state: &Path, now: DateTime<Utc>, suspects: &[Suspect]) -> Result<()> {
        let path = path(state);
        let suspects: Vec<SuspectJson> =
            suspects.iter().map(|it| (it.name.clone(), it.gone.clone(), it.new.clone(), it.on)).collect();
        let header = Header { format: FORMAT.to_owned(), version: VERSION, since: now, hash: self.hash.clone() };
        durable::sweep(&path);
        durable::write(&path, |out| {
            serde_json::to_writer(&mut *out, &header)?;
            out.write_all(b"\n")?;
            out.write_all(&self.body)?;
            serde_json::to_writer(&mut *out, &suspects)?;
            out.write_all(b"\n")
        })
    }
}

impl ColumnJson {
    fn of(column: &Column) -> Self {
        let Column { name, heading, values, cells, parts } = column;
        let mut parts: Vec<(u32, Vec<u32>)> = parts.iter().map(|(value, parts)| (*value, parts.clone())).collect();
        parts.sort_unstable();
        Self { name: name.clone(), heading: heading.clone(), values: values.clone(), cells: cells.clone(), parts }
    }

    /// The column, if each of its cells has a value.
    fn into_column(self, employees: usize) -> Option<Column> {
        let Self { name, heading, values, cells, parts } = self;
        let all = parts
            .iter()
            .flat_map(|(value, parts)| parts.iter().chain([value]))
            .chain(&cells)
            .all(|value| (*value as usize) < values.len());
        (all && cells.len() == employees).then(|| Column {
            name,
            heading,
            values,
            cells,
            parts: parts.into_iter().collect(),
        })
    }
}

impl ReadBody {
    fn into_roster(self) -> Option<Roster> {
        let employees = self.employees.into_iter().map(employee).collect::<Option<Vec<_>>>()?;
        let count = employees.len();
        let place = |(email, at): (Box<str>, usize)| (at < count).then(|| (email, RosterIndex::new(at)));
        Some(Roster {
            columns: self.columns.into_iter().map(|column| column.into_column(count)).collect::<Option<_>>()?,
            inactive: self.inactive.into_iter().map(|(email, name)| Inactive { email, name }).collect(),
            former: self.former.into_iter().map(place).collect::<Option<_>>()?,
            employees,
        })
    }
}

fn employee((email, name, timezone, hours, days, paused_until, language): ReadRow) -> Option<Employee> {
    Some(Employee {
        working_hours: read_again(hours)?,
        workdays: read_again(days)?,
        language: read_again(language)?,
        email,
        name,
        timezone: timezone.map(zones::zone),
        paused_until,
    })
}

/// The value of a cell that is not blank; none if it cannot be read.
fn read_again<T: FromStr>(text: Option<String>) -> Option<Option<T>> {
    text.map_or(Some(None), |text| text.parse().ok().map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::roster::csv;

    const STAFF: &str = "email,name,department,timezone,working_hours,workdays,paused_until,language,formerly,manager\n\
        ann@example.com,Ann Lee,Sales; IT,Europe/Berlin,\"Mon-Thu 09:00-12:00, 13:00-17:00; Fri 22:00-06:00\",,,uk,\
        ann@old.example ann.roe@example.com,bo@example.com\n\
        bo@example.com,\"Ek, Bo\",IT,,,Sun-Thu,2026-12-10,,,\n\
        cy@example.com,Cy “Z” Ф,R&D,Asia/Tokyo,24/7,,,,,Ann Lee\n";

    fn roster(text: &str) -> Roster {
        csv::parse(Path::new("a.csv"), text.as_bytes()).unwrap()
    }

    fn now() -> DateTime<Utc> {
        "2026-12-01T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_roster_is_read_again_as_it_was_understood() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        let text = STAFF.replace("24/7", "00:00-23:59");
        let roster = roster(&text);
        let written = Written::of(&roster);
        assert!(!written.is_kept(&state) && read(&state).is_none());
        written.keep(&state, now(), &[]).unwrap();
        assert!(Written::of(&roster).is_kept(&state));
        assert_eq!(read(&state), Some(LastGood { roster, since: now() }));
        let example = include_str!("../../../employees.example.csv");
        let example = self::roster(example);
        assert!(!Written::of(&example).is_kept(&state));
        Written::of(&example).keep(&state, now(), &[]).unwrap();
        assert_eq!(read(&state).unwrap().roster, example);
    }

    #[test]
    fn hours_are_read_again_as_they_are_written() {
        for hours in [
            "09:00-17:30",
            "09:00-12:00, 13:00-17:00",
            "22:00-06:00",
            "Mon-Thu 09:00-17:30; Fri 09:00-13:00",
            "09:00-17:30; Fri off",
            "Sat-Tue 10:00-18:00",
            "00:00-24:00",
        ] {
            let read: crate::domain::working_hours::Hours = hours.parse().unwrap();
            assert_eq!(read.to_string().parse(), Ok(read), "{hours}");
        }
    }

    #[test]
    fn a_damaged_copy_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        Written::of(&roster("email,name,department\na@b.c,A,S\n")).keep(&state, now(), &[]).unwrap();
        let good = std::fs::read_to_string(path(&state)).unwrap();
        for damaged in ["", "\n", "{}", &good[..good.len() / 2], &good.replace("a@b.c", "b@b.c")] {
            std::fs::write(path(&state), damaged).unwrap();
            assert_eq!(read(&state), None, "{damaged}");
        }
        std::fs::write(path(&state), good).unwrap();
        assert!(read(&state).is_some());
    }
}
