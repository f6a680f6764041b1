//! Changes to a roster's CSV that leave everything else as a person wrote it: separator, quotation marks, line ends,
//! encoding, order of columns and rows, blank lines and lines above the headings. Written completely, and only if
//! nobody else has changed the file in the meantime. Knows the form of the file; does not know why anything is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use csv::StringRecord;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};
use hashbrown::HashMap;

use super::activity::Test;
use super::aliases::key;
use super::encoding::utf16;
use super::header::{Header, separator, title};
use super::mapping::Options;
use super::no_value::is_no_value;
use super::reading::{self, sheet_of};
use super::warnings::Warnings;
use crate::domain::roster::Roster;
use crate::domain::roster_pull::{Field, Row, Standing, is_left};
use crate::domain::state::forgetting::KnownBy;
use crate::domain::text::{is_invisible, normalized, squeezed};
use crate::store::address::{self, address};
use crate::store::faults::Faults;
use crate::store::files::{durable, regular};
use crate::store::zones;

/// How the file's text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
}

/// A record of cells, each with its place in the text.
struct Record {
    cells: Vec<Range<usize>>,
    /// Where its last cell ends, and where the next record begins.
    end: usize,
    next: usize,
}

/// A roster's CSV, and what is to be changed in it.
pub struct Sheet<'a> {
    path: PathBuf,
    options: Options<'a>,
    /// The file on the disk; none if there is no file yet.
    bytes: Option<Vec<u8>>,
    encoding: Encoding,
    /// Whether it begins with a byte order mark.
    has_mark: bool,
    text: Vec<u8>,
    separator: u8,
    line_end: &'static str,
    header: Record,
    headings: Header,
    records: Vec<Record>,
    /// What each of those records says.
    rows: Vec<Row>,
    places: HashMap<Box<str>, usize>,
    roster: Roster,
    changed: BTreeMap<(usize, usize), String>,
    /// Columns that are added after the others.
    new_columns: Vec<Field>,
    appended: Vec<BTreeMap<usize, String>>,
    removed: BTreeSet<usize>,
}

/// Why a roster was not written.
#[derive(Debug)]
pub enum NotSaved {
    /// Somebody changed it in the meantime.
    Changed,
    /// The result would not be a valid roster, which is an error of this program.
    Unsound(Faults),
    /// It could not be written, for this reason.
    Failed(anyhow::Error),
}

impl<'a> Sheet<'a> {
    /// Reads the roster's file; if there is none, starts a new one.
    ///
    /// # Errors
    /// All faults of the file; it is a workbook.
    pub fn open(path: &Path, options: Options<'a>) -> Result<Self, Faults> {
        let (file, sheet) = sheet_of(path);
        let workbook = |what: &str| {
            let hint = "save it as “CSV UTF-8”, and name that file as `roster` under [programme] in the config";
            Faults::whole(path, format!("is {what}, which roulette reads but never writes"), Some(hint))
        };
        if sheet.is_some() {
            return Err(workbook("a sheet of a workbook"));
        }
        let bytes = match regular::read(&file) {
            Ok(bytes) if bytes.starts_with(b"PK\x03\x04") => return Err(workbook("a workbook")),
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound && !file.is_symlink() => None,
            Err(error) => {
                let hint = Some("`roster` in the config names the file");
                return Err(Faults::whole(path, format!("cannot be read: {error}"), hint));
            }
        };
        let new = b"email,name,department\n";
        let content = bytes.as_deref().unwrap_or(new);
        let attempt = reading::parse(path, None, content, options);
        let roster = Arc::unwrap_or_clone(attempt.into_result()?.roster);
        Self::parse(path, content, options, roster).map(|sheet| Self { bytes, ..sheet })
    }

    fn parse(path: &Path, bytes: &[u8], options: Options<'a>, roster: Roster) -> Result<Self, Faults> {
        let (encoding, has_mark, text) = decoded(bytes);
        let plain: Vec<u8> = String::from_utf8_lossy(&text).replace("\r\n", "\n").replace('\r', "\n").into_bytes();
        let (skipped, titles) = title(&plain, options).unwrap_or_default();
        let separator = separator(&plain[skipped..]);
        let start = after_lines(&text, titles);
        let is_blank = |record: &Record| record.cells.iter().all(|cell| text[cell.clone()].trim_ascii().is_empty());
        let mut records = records(&text, start, separator.byte).into_iter().filter(|record| !is_blank(record));
        if separator.is_told {
            records.next();
        }
        let Some(header) = records.next() else {
            return Err(Faults::whole(path, "has no line that names its columns".to_owned(), None));
        };
        let (mut faults, mut warnings) = (Faults::new(path), Warnings::default());
        let cells: Vec<String> = header.cells.iter().map(|cell| unquoted(&text[cell.clone()])).collect();
        let headings = Header::read(cells.iter().map(String::as_bytes), 1, options, &mut faults, &mut warnings);
        let mut sheet = Self {
            path: path.to_owned(),
            options,
            bytes: None,
            encoding,
            has_mark,
            line_end: line_end(&text[header.end..header.next]),
            separator: separator.byte,
            header,
            headings,
            records: records.collect(),
            text,
            rows: Vec::new(),
            places: HashMap::new(),
            roster,
            changed: BTreeMap::new(),
            new_columns: Vec::new(),
            appended: Vec::new(),
            removed: BTreeSet::new(),
        };
        faults.unless(())?;
        sheet.read_rows();
        Ok(sheet)
    }

    fn read_rows(&mut self) {
        let active: HashMap<&str, ()> = self.roster.employees.iter().map(|one| (&*one.email, ())).collect();
        let email = self.column(Field::Email);
        let mut rows = Vec::new();
        for place in 0..self.records.len() {
            let cells: StringRecord = self.cells(&self.records[place]).collect();
            let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).unwrap_or_default().trim();
            let written = cell(email);
            let instead = if cells.len() == self.headings.roles.len() && (written.is_empty() || is_no_value(written)) {
                email.map_or("", |email| self.headings.instead_of(email, &cells))
            } else {
                written
            };
            let email = address(instead).unwrap_or_default();
            let joined =
                (cells.len() == self.headings.roles.len()).then(|| self.headings.joined_name(&cells)).flatten();
            let name = joined.unwrap_or_else(|| cell(self.column(Field::Name)).to_owned());
            let standing = match active.contains_key(&*email) {
                true => Standing::Active,
                false if is_left(cell(self.column(Field::Status))) => Standing::LeftSpace,
                false => Standing::Inactive,
            };
            let is_blank = |field: &Field| {
                let cell = cell(self.column(*field));
                cell.is_empty() || is_no_value(cell)
            };
            let blank = Field::FILLED.into_iter().filter(is_blank).collect();
            rows.push(Row { email, name: squeezed(&normalized(&name)).into_owned(), standing, blank });
        }
        let mut places = HashMap::new();
        for (place, row) in rows.iter().enumerate().filter(|(_, row)| !row.email.is_empty()) {
            // Somebody who takes part comes before a row with the same address that does not.
            if row.standing == Standing::Active || !places.contains_key(&row.email) {
                places.insert(row.email.clone(), place);
            }
        }
        for (former, at) in &self.roster.former {
            if let Some(&place) = places.get(&self.roster.employee(*at).email) {
                places.entry(former.clone()).or_insert(place);
            }
        }
        (self.rows, self.places) = (rows, places);
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row of whoever has that address, or used to have it.
    pub fn place_of(&self, email: &str) -> Option<usize> {
        self.places.get(email).copied()
    }

    /// Whether there is no file yet.
    pub fn is_new(&self) -> bool {
        self.bytes.is_none()
    }

    /// Whether a new address would look the same as another one that is here.
    pub fn looks_like_another(&self, email: &str) -> bool {
        let own = looks(email);
        let like = |row: &&Row| !(row.email.is_ascii() && email.is_ascii()) && looks(&row.email) == own;
        self.rows.iter().any(|row| like(&row))
    }

    fn cells<'r>(&'r self, record: &'r Record) -> impl Iterator<Item = String> + 'r {
        record.cells.iter().map(|cell| unquoted(&self.text[cell.clone()]))
    }

    /// The column of a field, if the file has it.
    fn column(&self, field: Field) -> Option<usize> {
        if field != Field::Status {
            let known = self.headings.known.iter().find(|(name, _)| *name == field.name());
            return known.and_then(|(_, places)| places.first().copied());
        }
        let mapped = self.options.columns.of("status").unwrap_or_default();
        let is_status = |place: usize| {
            let heading = &self.headings.headings[place];
            mapped.contains(heading) || ["status", "статус", "стан"].contains(&&*key(heading))
        };
        let by_word = self.headings.activity.iter().filter(|(_, test)| *test == Test::Status);
        by_word.map(|(place, _)| *place).find(|place| is_status(*place))
    }

    /// The same; the column is added if there is none.
    fn column_or_new(&mut self, field: Field) -> usize {
        if let Some(place) = self.column(field) {
            return place;
        }
        let at = self.new_columns.iter().position(|other| *other == field).unwrap_or_else(|| {
            self.new_columns.push(field);
            self.new_columns.len() - 1
        });
        self.header.cells.len() + at
    }

    /// Whether the file has a column for the field.
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some() || field == Field::Name
    }

    /// Writes a value into a row.
    pub fn set(&mut self, row: usize, field: Field, value: &str) {
        let column = self.column_or_new(field);
        self.changed.insert((row, column), value.to_owned());
    }

    /// Writes into a row that its person used to have that address, in addition to what is there.
    pub fn add_former(&mut self, row: usize, former: &str) {
        let before = self.column(Field::Formerly).map(|column| {
            let record = &self.records[row];
            record.cells.get(column).map(|cell| unquoted(&self.text[cell.clone()])).unwrap_or_default()
        });
        let before = before.filter(|text| !text.trim().is_empty() && !is_no_value(text.trim()));
        let all = before.map_or_else(|| former.to_owned(), |before| format!("{}; {former}", before.trim()));
        self.set(row, Field::Formerly, &all);
    }

    /// Marks a row as removed: it is not written again.
    pub fn remove(&mut self, row: usize) {
        self.removed.insert(row);
    }

    /// The text of a row's cells, as they are read.
    pub fn cells_of(&self, row: usize) -> Vec<String> {
        self.cells(&self.records[row]).collect()
    }

    /// Adds a row after the others.
    pub fn append(&mut self, values: &[(Field, String)]) {
        let mut row = BTreeMap::new();
        for (field, value) in values {
            let parts = self.headings.name_parts.as_ref().filter(|parts| parts.full.is_none());
            match (field, parts.map(|parts| parts.parts.clone())) {
                (Field::Name, Some(parts)) => {
                    let (first, last) = value.rsplit_once(' ').unwrap_or((value, ""));
                    let parted = if parts.len() == 1 { vec![value.as_str()] } else { vec![first, last] };
                    row.extend(parts.iter().copied().zip(parted.into_iter().map(str::to_owned)));
                }
                _ => drop(row.insert(self.column_or_new(*field), value.clone())),
            }
        }
        self.appended.push(row);
    }

    /// The new text of the file.
    fn written(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len() + 64 * (self.appended.len() + self.changed.len()));
        let mut at = 0;
        let sign = char::from(self.separator).to_string();
        let width = self.header.cells.len();
        let records = std::iter::once((None, &self.header))
            .chain(self.records.iter().enumerate().map(|(row, it)| (Some(row), it)));
        for (row, record) in records {
            if row.is_some_and(|row| self.removed.contains(&row)) {
                let start = record.cells.first().map_or(at, |cell| cell.start);
                out.extend_from_slice(&self.text[at..start]);
                at = record.next;
                continue;
            }
            for (column, cell) in record.cells.iter().enumerate() {
                if let Some(value) = row.and_then(|row| self.changed.get(&(row, column))) {
                    out.extend_from_slice(&self.text[at..cell.start]);
                    let is_quoted = self.text[cell.clone()].starts_with(b"\"");
                    out.extend_from_slice(self.quoted(value, is_quoted).as_bytes());
                    at = cell.end;
                }
            }
            out.extend_from_slice(&self.text[at..record.end]);
            at = record.end;
            for (number, field) in self.new_columns.iter().enumerate() {
                let value =
                    row.map_or(Some(field.name()), |row| Some(self.changed.get(&(row, width + number))?.as_str()));
                out.extend_from_slice(sign.as_bytes());
                out.extend_from_slice(self.quoted(value.unwrap_or_default(), self.quotes(0)).as_bytes());
            }
            out.extend_from_slice(&self.text[at..record.next]);
            at = record.next;
        }
        if !self.appended.is_empty() && !out.is_empty() && !out.ends_with(b"\n") && !out.ends_with(b"\r") {
            out.extend_from_slice(self.line_end.as_bytes());
        }
        for row in &self.appended {
            let cell = |column| {
                let value = row.get(&column).map_or("", String::as_str);
                self.quoted(value, self.quotes(column))
            };
            let cells: Vec<String> = (0..width + self.new_columns.len()).map(cell).collect();
            out.extend_from_slice(cells.join(&sign).as_bytes());
            out.extend_from_slice(self.line_end.as_bytes());
        }
        out.extend_from_slice(&self.text[at..]);
        out
    }

    /// Whether the cells of a column are in quotation marks, as its heading is.
    fn quotes(&self, column: usize) -> bool {
        let heading = self.header.cells.get(column).or(self.header.cells.first());
        heading.is_some_and(|cell| self.text[cell.clone()].starts_with(b"\""))
    }

    fn quoted(&self, value: &str, always: bool) -> String {
        let needs =
            value.contains([char::from(self.separator), '"', '\r', '\n', ',', ';', '\t']) || value.trim() != value;
        if always || needs { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
    }

    fn encoded(&self, text: &[u8]) -> Vec<u8> {
        let mark: &[u8] = if self.has_mark { "\u{feff}".as_bytes() } else { b"" };
        let text = [mark, text].concat();
        let order = match self.encoding {
            Encoding::Utf8 => return text,
            Encoding::Utf16Little => u16::to_le_bytes,
            Encoding::Utf16Big => u16::to_be_bytes,
        };
        String::from_utf8_lossy(&text).encode_utf16().flat_map(order).collect()
    }

    /// Writes the file, which keeps its mode and owner; the previous version stays beside it as `NAME.previous`.
    ///
    /// # Errors
    /// The file is as it was.
    pub fn save(self) -> Result<(), NotSaved> {
        let new = self.encoded(&self.written());
        let attempt = reading::parse(&self.path, None, &new[..], self.options);
        attempt.into_result().map_err(NotSaved::Unsound)?;
        durable::sweep(&self.path);
        let mut prepared = durable::prepare(&self.path, |out| out.write_all(&new)).map_err(NotSaved::Failed)?;
        if self.bytes.is_some() {
            prepared.keep_mode().map_err(NotSaved::Failed)?;
        }
        // Whoever has it open can save it at any moment, so it is checked last of all.
        let now = match fs::read(&self.path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(NotSaved::Failed(error.into())),
        };
        if now != self.bytes {
            return Err(NotSaved::Changed);
        }
        prepared.replace().map_err(NotSaved::Failed)
    }
}

/// A text from Webex in a form that a cell of the roster may hold: on one line, without invisible characters, and never
/// something that a spreadsheet would take for a formula; "" if it is no value.
pub fn cell(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect();
    let plain = normalized(&plain);
    let plain = plain.trim_start_matches(|c: char| c.is_whitespace() || "=+-@＝＋－＠'".contains(c));
    let plain = squeezed(plain);
    if is_no_value(&plain) { String::new() } else { plain.into_owned() }
}

/// An address from Webex in the form that the roster uses; none if it is not an address.
pub fn email(text: &str) -> Option<Box<str>> {
    address(text.trim()).ok()
}

/// The same result for addresses that look the same on a screen.
pub fn looks(email: &str) -> String {
    address::looks(email)
}

/// Whether a zone can be read.
pub fn is_zone(text: &str) -> bool {
    zones::named(text).is_some()
}

/// The text without its byte order mark, as UTF-8.
fn decoded(bytes: &[u8]) -> (Encoding, bool, Vec<u8>) {
    match utf16(bytes) {
        Some(order) => {
            let (encoding, mark) = if order == UTF_16LE {
                (Encoding::Utf16Little, [0xff, 0xfe])
            } else {
                (Encoding::Utf16Big, [0xfe, 0xff])
            };
            debug_assert!(order == UTF_16LE || order == UTF_16BE);
            let text = order.decode_with_bom_removal(bytes).0.into_owned().into_bytes();
            (encoding, bytes.starts_with(&mark), text)
        }
        None => match bytes.strip_prefix("\u{feff}".as_bytes()) {
            Some(text) => (Encoding::Utf8, true, text.to_owned()),
            None => (Encoding::Utf8, false, bytes.to_owned()),
        },
    }
}

fn line_end(text: &[u8]) -> &'static str {
    match text {
        [b'\r', b'\n', ..] => "\r\n",
        [b'\r', ..] => "\r",
        _ => "\n",
    }
}

/// The position in the text after this many lines.
fn after_lines(text: &[u8], lines: usize) -> usize {
    let mut at = 0;
    for _ in 0..lines {
        let Some(end) = text[at..].iter().position(|byte| matches!(byte, b'\r' | b'\n')) else { return text.len() };
        at += end + line_end(&text[at + end..]).len();
    }
    at
}

/// The records from there on, as the CSV reader sees them: quotation marks count only at the beginning of a cell.
fn records(text: &[u8], mut at: usize, separator: u8) -> Vec<Record> {
    let mut records = Vec::new();
    while at < text.len() {
        let (mut cells, mut start) = (Vec::new(), at);
        loop {
            if text.get(at) == Some(&b'"') {
                at += 1;
                while at < text.len() && (text[at] != b'"' || text.get(at + 1) == Some(&b'"')) {
                    at += if text[at] == b'"' { 2 } else { 1 };
                }
                at += 1;
            }
            while at < text.len() && text[at] != separator && !matches!(text[at], b'\r' | b'\n') {
                at += 1;
            }
            at = at.min(text.len());
            cells.push(start..at);
            if text.get(at) != Some(&separator) {
                break;
            }
            at += 1;
            start = at;
        }
        let end = at;
        at += if at < text.len() { line_end(&text[at..]).len() } else { 0 };
        records.push(Record { cells, end, next: at });
    }
    records
}

/// The content of a cell.
fn unquoted(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let Some(inside) = text.strip_prefix('"') else { return text.into_owned() };
    let mut plain = String::with_capacity(inside.len());
    let mut signs = inside.chars().peekable();
    let mut is_open = true;
    while let Some(sign) = signs.next() {
        match sign {
            '"' if is_open && signs.peek() == Some(&'"') => plain.extend(signs.next()),
            '"' if is_open => is_open = false,
            sign => plain.push(sign),
        }
    }
    plain
}

/// The version of a roster before its last change here, if it is there and names somebody.
///
/// # Errors
/// The file cannot be read.
pub fn previous_naming(roster: &Path, known_by: &KnownBy) -> Result<Option<PathBuf>> {
    let target = durable::target(roster).unwrap_or_else(|_| roster.to_owned());
    let previous = durable::beside(&target, ".previous");
    let bytes = match fs::read(&previous) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", previous.display())),
    };
    let text = utf16(&bytes).unwrap_or(UTF_8).decode(&bytes).0;
    Ok(known_by.is_in(&text).then_some(previous))
}

/// Removes that version if it names somebody.
///
/// # Errors
/// The file cannot be read or removed.
pub fn forget_previous(roster: &Path, known_by: &KnownBy) -> Result<()> {
    let Some(previous) = previous_naming(roster, known_by)? else { return Ok(()) };
    fs::remove_file(&previous).with_context(|| format!("cannot remove {}", previous.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::domain::roster_pull::LEFT;
    use crate::store::roster::mapping::Mapping;

    fn across() -> [String; 1] {
        ["department".to_owned()]
    }

    fn edited(text: &[u8], edit: impl FnOnce(&mut Sheet<'_>)) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("staff.csv");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let (columns, across) = (Mapping::default(), across());
        let options = Options { columns: &columns, across: &across, former_domains: &[] };
        let mut sheet = Sheet::open(&path, options).unwrap();
        edit(&mut sheet);
        sheet.save().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read(durable::beside(&path, ".previous")).unwrap(), text);
        fs::read(&path).unwrap()
    }

    fn newcomer() -> Vec<(Field, String)> {
        [(Field::Email, "n@x.org"), (Field::Name, "Lee, Nan \"N\""), (Field::Department, "Sales")]
            .map(|(field, value)| (field, value.to_owned()))
            .to_vec()
    }

    /// A roster, and the same after somebody left and somebody joined; the lines that stay are identical to the byte.
    const EDITS: &[(&str, &str)] = &[
        (
            "email,name,department\na@x.org,Ann,IT\nb@x.org,Bo,HR\n",
            "email,name,department,status\na@x.org,Ann,IT,left the space\nb@x.org,Bo,HR,\n\
             n@x.org,\"Lee, Nan \"\"N\"\"\",Sales,\n",
        ),
        (
            "Staff of today;;\r\n\r\nName;E-mail;Department\r\n\"Lee; Ann\";A@X.org; IT \r\n\r\n;;\r\nBo;b@x.org;HR",
            "Staff of today;;\r\n\r\nName;E-mail;Department;status\r\n\"Lee; Ann\";A@X.org; IT ;left the space\r\n\r\n;;\r\n\
             Bo;b@x.org;HR;\r\n\"Lee, Nan \"\"N\"\"\";n@x.org;Sales;\r\n",
        ),
        (
            "sep=,\n\"email\",\"Status\",\"name\",\"department\",\"note\"\n\"a@x.org\",\"Active\",\"Ann\",\"IT\",\"two\nlines\"\n\n\n",
            "sep=,\n\"email\",\"Status\",\"name\",\"department\",\"note\"\n\"a@x.org\",\"left the space\",\"Ann\",\"IT\",\"two\nlines\"\n\
             \"n@x.org\",\"\",\"Lee, Nan \"\"N\"\"\",\"Sales\",\"\"\n\n\n",
        ),
        (
            "email\tFirst name\tLast name\tdept\ta\ra@x.org\tAnn\tLee\tIT\t\"\r",
            "email\tFirst name\tLast name\tdept\ta\tstatus\ra@x.org\tAnn\tLee\tIT\t\"\tleft the space\r\
             n@x.org\t\"Lee, Nan\"\t\"\"\"N\"\"\"\tSales\t\t\r",
        ),
    ];

    #[test]
    fn what_a_person_wrote_stays_to_the_byte() {
        for (before, after) in EDITS {
            // A quotation mark that is never closed is a fault of the roster.
            let before = before.replace("\t\"\r", "\tx\r");
            let after = after.replace("\t\"\t", "\tx\t");
            let change = |sheet: &mut Sheet<'_>| {
                sheet.set(sheet.place_of("a@x.org").unwrap(), Field::Status, LEFT);
                sheet.append(&newcomer());
            };
            let plain = edited(before.as_bytes(), change);
            assert_eq!(String::from_utf8(plain).unwrap(), after);
            let marked = edited(format!("\u{feff}{before}").as_bytes(), change);
            assert_eq!(String::from_utf8(marked).unwrap(), format!("\u{feff}{after}"));
            for order in [u16::to_le_bytes, u16::to_be_bytes] {
                let utf16 = |text: &str| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
                assert!(edited(&utf16(&format!("\u{feff}{before}")), change) == utf16(&format!("\u{feff}{after}")));
            }
        }
    }

    #[test]
    fn nothing_to_change_changes_nothing() {
        for (text, _) in EDITS {
            let text = text.replace("\t\"\r", "\tx\r");
            assert_eq!(edited(text.as_bytes(), |_| ()), text.as_bytes());
        }
    }

    #[test]
    fn a_row_is_known_by_its_address_and_how_it_stands() {
        let text = "email,name,department,status,formerly\na@x.org,Ann,IT,,old@x.org\nb@x.org,Bo,,left the space,\n\
            c@x.org,Cy,,on leave,\n";
        edited(text.as_bytes(), |sheet| {
            let standing: Vec<Standing> = sheet.rows().iter().map(|row| row.standing).collect();
            assert_eq!(standing, [Standing::Active, Standing::LeftSpace, Standing::Inactive]);
            assert_eq!(["old@x.org", "b@x.org", "n@x.org"].map(|one| sheet.place_of(one)), [Some(0), Some(1), None]);
            assert!(sheet.rows()[1].blank.contains(&Field::Department));
        });
        let after = edited(text.as_bytes(), |sheet| {
            sheet.set(0, Field::Email, "new@x.org");
            sheet.add_former(0, "a@x.org");
        });
        assert!(String::from_utf8(after).unwrap().contains("new@x.org,Ann,IT,,\"old@x.org; a@x.org\"\n"));
    }

    #[test]
    fn what_somebody_else_saved_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("staff.csv");
        let (columns, across) = (Mapping::default(), across());
        let options = Options { columns: &columns, across: &across, former_domains: &[] };
        let mut sheet = Sheet::open(&path, options).unwrap();
        assert!(sheet.is_new());
        sheet.append(&newcomer());
        fs::write(&path, "email,name,department\nz@x.org,Zed,IT\n").unwrap();
        assert!(matches!(sheet.save(), Err(NotSaved::Changed)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "email,name,department\nz@x.org,Zed,IT\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_workbook_is_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("staff.xlsx");
        fs::write(&path, b"PK\x03\x04...").unwrap();
        let (columns, across) = (Mapping::default(), across());
        let options = Options { columns: &columns, across: &across, former_domains: &[] };
        for path in [path.clone(), folder.path().join("staff.xlsx#People")] {
            let faults = Sheet::open(&path, options).err().unwrap();
            assert!(faults.to_string().contains("save it as “CSV UTF-8”"), "{faults}");
        }
    }

    #[test]
    fn a_cell_is_no_formula_and_holds_one_line() {
        for (text, kept) in [
            ("Ann Lee", "Ann Lee"),
            ("=HYPERLINK(1)", "HYPERLINK(1)"),
            (" + @Ann\n\tLee ", "Ann Lee"),
            ("O'Neil", "O'Neil"),
            ("A\u{202e}n\u{200b}n", "Ann"),
            ("#N/A", ""),
            ("\u{0}", ""),
        ] {
            assert_eq!(cell(text), kept, "{text:?}");
        }
    }

    #[test]
    fn the_version_before_is_removed_if_it_names_somebody_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (roster, previous) = (folder.path().join("staff.csv"), folder.path().join("staff.csv.previous"));
        let utf16: Vec<u8> = "email,name\nann@x.org,Ann Lee\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for text in [b"email,name\nann@x.org,Ann Lee\n".to_vec(), utf16] {
            fs::write(&previous, text).unwrap();
            forget_previous(&roster, &KnownBy::new(["bo@x.org", "Bo Ek"])).unwrap();
            assert!(previous.exists());
            let ann = KnownBy::new(["ann@x.org", "Ann Lee"]);
            assert_eq!(previous_naming(&roster, &ann).unwrap(), Some(previous.clone()));
            forget_previous(&roster, &ann).unwrap();
            assert!(!previous.exists());
            assert_eq!(previous_naming(&roster, &ann).unwrap(), None);
        }
    }
}
