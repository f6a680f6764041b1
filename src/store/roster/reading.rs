//! Reading a roster: what it holds, what is odd, and what is wrong, whatever kind of file it is. Knows the kinds of
//! files; `rows` reads the rows.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::StringRecord;

use super::encoding::{self, Text};
use super::header::{TITLES, names_columns};
use super::mapping::Options;
use super::rows::Rows;
use super::warnings::Warnings;
use super::{csv as text, workbook};
use crate::domain::roster::Roster;
use crate::store::faults::Faults;
use crate::store::files::regular;

/// A roster, and how it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The employees, and the columns that can keep people apart.
    pub roster: Arc<Roster>,
    /// For each employee, the line of the file.
    pub lines: Vec<u32>,
    /// Each column that is read, in the order of the file.
    pub columns: Vec<Column>,
    /// Everything about it that is odd but not wrong.
    pub warnings: Warnings,
}

/// A column of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name by which it is known here.
    pub name: String,
    /// The headers that hold it, as written in the file.
    pub headings: Vec<String>,
    /// How many rows have a value in it.
    pub filled: u32,
}

/// What was read from a file that may be wrong.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What is right about it.
    pub reading: Reading,
    /// Everything that is wrong; none if the reading can be used.
    pub faults: Faults,
}

impl Attempt {
    /// The reading, if nothing is wrong.
    ///
    /// # Errors
    /// All faults of the file.
    pub fn into_result(self) -> Result<Reading, Faults> {
        self.faults.unless(self.reading)
    }
}

/// Reads the roster. Takes O(rows) time and little memory besides the result.
///
/// # Errors
/// All faults of the file.
pub fn read(path: &Path, options: Options<'_>) -> Result<Reading, Faults> {
    attempt(path, options).into_result()
}

/// Reads as much of the roster as can be read.
pub fn attempt(path: &Path, options: Options<'_>) -> Attempt {
    let (file, sheet) = sheet_of(path);
    match regular::open(&file) {
        Ok(file) => parse(path, sheet.as_deref(), file, options),
        Err(error) => {
            let hint = Some("`roster` in the config names the file");
            let faults = Faults::whole(path, format!("cannot be read: {error}"), hint);
            Attempt { reading: Reading::default(), faults }
        }
    }
}

/// Parses a roster that is already in memory or open.
pub(super) fn parse(path: &Path, sheet: Option<&str>, file: impl Read, options: Options<'_>) -> Attempt {
    let mut faults = Faults::new(path);
    let mut rows = Rows::new(options);
    let read = encoding::open(file, text::BUFFER).map_err(|error| format!("cannot be read: {error}"));
    let read = read.and_then(|text| match text {
        Text::Plain(text) => text::read(text, &mut rows, &mut faults),
        Text::Converted(text) => text::read(text, &mut rows, &mut faults),
        Text::Workbook(bytes) => workbook::read(bytes, sheet).map(|sheet| add_all(&sheet, &mut rows, &mut faults)),
        Text::Refused(why) => Err(why),
    });
    if let Err(why) = read {
        return Attempt { reading: Reading::default(), faults: Faults::whole(path, why, None) };
    }
    if !rows.is_begun() && faults.faults.is_empty() {
        let message = "is empty: its first line must name the columns email, name and department";
        faults = Faults::whole(path, message.to_owned(), None);
    }
    let reading = rows.finish(&mut faults);
    Attempt { reading, faults }
}

fn add_all(sheet: &workbook::Sheet, rows: &mut Rows<'_>, faults: &mut Faults) {
    let titles =
        sheet.iter().take(TITLES).position(|(_, cells)| names_columns(cells.iter(), rows.options())).unwrap_or(0);
    rows.skip_titles(sheet[..titles].last().map_or(0, |(line, _)| *line));
    for (line, cells) in &sheet[titles..] {
        if rows.is_begun() {
            rows.add(&StringRecord::from(cells.as_slice()), false, *line, faults);
        } else {
            rows.begin(cells.iter().map(String::as_bytes), *line, faults);
        }
    }
}

/// The file, and the sheet that is named as in `roster.xlsx#Sheet`.
pub(super) fn sheet_of(path: &Path) -> (PathBuf, Option<String>) {
    let text = path.to_string_lossy();
    let at =
        ["xlsx#", "xlsm#"].iter().find_map(|end| text.to_ascii_lowercase().rfind(end).map(|at| at + end.len() - 1));
    match at {
        Some(at) if !path.exists() => (text[..at].into(), Some(text[at + 1..].to_owned())),
        _ => (path.to_owned(), None),
    }
}
