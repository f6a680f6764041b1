//! The roster's CSV, as spreadsheets write it: commas or semicolons, any order of columns, any line ends.
//! Either the whole roster is right or all its faults are told, each with the line of the file it is on.
//! Knows the file's shape and what a single cell may hold; knows no rule about who meets whom.

use std::fs::File;
use std::hash::BuildHasher;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use chrono_tz::Tz;
use csv::{ByteRecord, ReaderBuilder, StringRecord};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::header::{Header, Role, not_utf8, separator};
use super::intern::{Interner, normalized};
use super::lines::Lines;
use crate::domain::local_time::Hours;
use crate::domain::roster::{Employee, Roster};
use crate::store::cells::{address_fault, date, date_fault, quoted, zone, zone_fault};
use crate::store::faults::Faults;

const BUFFER: usize = 1 << 16;

/// Reads the roster. Takes O(rows) time and little memory besides the result.
///
/// # Errors
/// All faults of the file.
pub fn read(path: &Path) -> Result<Roster, Faults> {
    let file = File::open(path).map_err(|error| {
        Faults::whole(path, format!("cannot be read: {error}"), Some("`roster` in the config names the file"))
    })?;
    parse(path, file)
}

/// Reads a roster that is at hand as text; `path` is what its faults name.
///
/// # Errors
/// All faults of the text.
pub fn parse(path: &Path, text: impl Read) -> Result<Roster, Faults> {
    let unreadable = |error: &dyn std::fmt::Display| Faults::whole(path, format!("cannot be read: {error}"), None);
    let mut text = BufReader::with_capacity(BUFFER, Lines::new(text));
    let start = text.fill_buf().map_err(|error| unreadable(&error))?;
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Err(Faults::whole(path, "is in UTF-16: save it as “CSV UTF-8”".to_owned(), None));
    }
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator(start)).buffer_capacity(BUFFER);
    let mut reader = builder.from_reader(text);

    let mut faults = Faults::new(path);
    let mut rows: Option<Rows> = None;
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error))? {
        // The position that the record has is where blank lines before it begin. Every record ends in one newline,
        // so its first line follows from its last; only an open quotation mark lets a record run into the end.
        let open = reader.get_ref().get_ref().ended();
        let newlines = record.as_slice().iter().filter(|byte| **byte == b'\n').count();
        let line = reader.position().line() as usize - newlines - usize::from(!open);
        if open {
            faults.push(line, None, || "a quotation mark is opened here and never closed".to_owned());
        } else if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        } else if let Some(rows) = &mut rows {
            record = match StringRecord::from_byte_record(record) {
                Ok(text) => {
                    rows.add(&text, false, line, &mut faults);
                    text.into_byte_record()
                }
                Err(error) => {
                    let text = StringRecord::from_byte_record_lossy(error.into_byte_record());
                    rows.add(&text, true, line, &mut faults);
                    text.into_byte_record()
                }
            };
        } else {
            rows = Some(Rows::new(Header::read(record.iter(), line, &mut faults)));
        }
    }
    match rows {
        Some(rows) => faults.unless(()).map(|()| rows.into_roster()),
        None if faults.faults.is_empty() => {
            let message = "is empty: its first line must name the columns email, name and department";
            Err(Faults::whole(path, message.to_owned(), None))
        }
        None => Err(faults),
    }
}

/// The roster so far.
struct Rows {
    header: Header,
    employees: Vec<Employee>,
    /// For each employee, the line of the file.
    lines: Vec<u32>,
    /// Indices of employees, by address; each with its hash, so that growing touches no address.
    addresses: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
    zones: HashMap<Box<str>, Tz>,
    hours: HashMap<Box<str>, Hours>,
}

impl Rows {
    fn new(header: Header) -> Self {
        Self {
            header,
            employees: Vec::new(),
            lines: Vec::new(),
            addresses: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            zones: HashMap::new(),
            hours: HashMap::new(),
        }
    }

    /// Reads a row; in a garbled one, whatever was not UTF-8 is a replacement character.
    fn add(&mut self, record: &StringRecord, garbled: bool, line: usize, faults: &mut Faults) {
        let (fields, expected) = (record.len(), self.header.roles.len());
        if fields != expected {
            faults.push(line, None, || {
                let why = if fields > expected { ": is a value with a separator not in quotation marks?" } else { "" };
                format!("has {fields} fields where the header has {expected}{why}")
            });
            return;
        }
        let mut employee = Employee {
            email: Box::default(),
            name: Box::default(),
            timezone: None,
            working_hours: None,
            paused_until: None,
            language: None,
        };
        for (place, cell) in record.iter().enumerate() {
            if garbled && cell.contains(char::REPLACEMENT_CHARACTER) {
                faults.push(line, Some(&self.header.names[place]), || not_utf8(cell));
            } else {
                self.read_cell(place, trimmed(cell), &mut employee, line, faults);
            }
        }
        if !employee.email.is_empty() {
            self.admit(employee, line, faults);
        }
    }

    fn read_cell(&mut self, place: usize, cell: &str, employee: &mut Employee, line: usize, faults: &mut Faults) {
        let Header { names, roles, columns } = &mut self.header;
        let name = names[place].as_str();
        let blank = || "is blank".to_owned();
        match &mut roles[place] {
            Role::Email => match address_fault(cell) {
                None => employee.email = lower_case(cell),
                Some(_) if cell.is_empty() => faults.push(line, Some(name), blank),
                Some(why) => faults.push(line, Some(name), || format!("{} {why}", quoted(cell))),
            },
            Role::Name if cell.is_empty() => faults.push(line, Some(name), blank),
            Role::Name => employee.name = normalized(cell).into(),
            Role::Column { index, required } => {
                if *required && cell.is_empty() {
                    faults.push(line, Some(name), blank);
                }
                columns[*index].push(cell);
            }
            Role::Blank if !cell.is_empty() => {
                let place = place + 1;
                faults.push(line, None, || format!("{} is in column {place}, which has no header", quoted(cell)));
                roles[place - 1] = Role::Ignored;
            }
            Role::Timezone | Role::WorkingHours | Role::PausedUntil | Role::Language if cell.is_empty() => {}
            Role::Timezone => match remembered(&mut self.zones, cell, zone) {
                None => faults.push(line, Some(name), || zone_fault(cell)),
                found => employee.timezone = found,
            },
            Role::WorkingHours => match remembered(&mut self.hours, cell, |cell| cell.parse().ok()) {
                None => faults.push(line, Some(name), || {
                    let why = cell.parse::<Hours>().err().unwrap_or_default();
                    format!("{}: {why}", quoted(cell))
                }),
                found => employee.working_hours = found,
            },
            Role::PausedUntil => match date(cell) {
                None => faults.push(line, Some(name), || date_fault(cell)),
                found => employee.paused_until = found,
            },
            Role::Language => match cell.parse() {
                Ok(language) => employee.language = Some(language),
                Err(why) => faults.push(line, Some(name), || why),
            },
            Role::Blank | Role::Ignored => {}
        }
    }

    fn admit(&mut self, employee: Employee, line: usize, faults: &mut Faults) {
        let Self { employees, lines, addresses, hasher, .. } = self;
        let hash = hasher.hash_one(&employee.email) as u32;
        let same = |&(other, index): &(u32, u32)| other == hash && employees[index as usize].email == employee.email;
        if let Some(&(_, first)) = addresses.find(spread(hash), same) {
            let first = lines[first as usize];
            faults.push(line, Some("email"), || format!("{} is on line {first} already", quoted(&employee.email)));
            return;
        }
        addresses.insert_unique(spread(hash), (hash, employees.len() as u32), |&(hash, _)| spread(hash));
        employees.push(employee);
        lines.push(line as u32);
    }

    fn into_roster(self) -> Roster {
        let columns = self.header.columns.into_iter().map(Interner::into_column).collect();
        Roster { employees: self.employees, columns }
    }
}

/// The cell without white space around it; quick where there is none.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [] => cell,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim(),
    }
}

/// A table takes its bits from both ends of a hash.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

fn lower_case(text: &str) -> Box<str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        text.into()
    } else {
        text.to_lowercase().into()
    }
}

/// What `read` makes of the cell. Few values come often, so each is read once.
fn remembered<T: Copy>(known: &mut HashMap<Box<str>, T>, cell: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    if let Some(value) = known.get(cell) {
        return Some(*value);
    }
    let value = read(cell)?;
    known.insert(cell.into(), value);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn parsed(text: impl AsRef<[u8]>) -> Result<Roster, Faults> {
        parse(Path::new("a.csv"), text.as_ref())
    }

    fn faults(text: impl AsRef<[u8]>) -> String {
        parsed(text).unwrap_err().to_string()
    }

    fn emails(roster: &Roster) -> Vec<&str> {
        roster.employees.iter().map(|employee| &*employee.email).collect()
    }

    #[test]
    fn a_roster_with_only_a_header_has_no_employees() {
        for text in ["email,name,department", "\u{feff}Name;Department;E-mail;email\r\n\r\n;;;\r\n"] {
            let roster = parsed(text).unwrap();
            assert_eq!(roster.employees, []);
            assert_eq!(roster.column("department").unwrap().values, [""]);
        }
    }

    #[test]
    fn a_row_becomes_an_employee_and_the_cells_of_the_columns() {
        let roster = parsed(
            "department, Working Hours ,timezone,EMAIL,name,paused_until,Language,Floor\n\
             Sales,9:00 – 17:00,europe/kyiv, Ann@Example.COM ,  Ann  Lee ,2026-12-10,UK,3\n\
             \" sales\",,,bo@example.com,\"Lee, Bo\",,,\n",
        )
        .unwrap();
        let ann = Employee {
            email: "ann@example.com".into(),
            name: "Ann Lee".into(),
            timezone: Some(Tz::Europe__Kyiv),
            working_hours: Some(Hours { from: 540, to: 1020 }),
            paused_until: date("2026-12-10"),
            language: Some(Language::Ukrainian),
        };
        let bo = Employee {
            email: "bo@example.com".into(),
            name: "Lee, Bo".into(),
            timezone: None,
            working_hours: None,
            paused_until: None,
            language: None,
        };
        assert_eq!(roster.employees, [ann, bo]);
        let columns: Vec<_> = roster.columns.iter().map(|column| (&*column.name, &column.values[..])).collect();
        assert_eq!(columns, [("department", &["".into(), "Sales".into()][..]), ("floor", &["".into(), "3".into()])]);
        assert_eq!(roster.columns[0].cells, [1, 1]);
        assert_eq!(roster.columns[1].cells, [1, 0]);
    }

    #[test]
    fn line_ends_byte_order_mark_and_separator_make_no_difference() {
        let plain = "email,name,department\na@x.org,\"A\nB\",S\n\nb@x.org,B,T\n";
        let roster = parsed(plain).unwrap();
        assert_eq!(emails(&roster), ["a@x.org", "b@x.org"]);
        for text in [plain.replace('\n', "\r\n"), plain.replace('\n', "\r"), plain.replace(',', ";")] {
            assert_eq!(parsed(&text).as_ref(), Ok(&roster));
            assert_eq!(parsed(format!("\u{feff}{}", text.trim_end())), Ok(roster.clone()));
        }
    }

    #[test]
    fn an_address_that_comes_twice_names_the_first_line() {
        let text = "email,name,department\nann@x.org,\"Ann\nLee\",S\n\n\nbo@x.org,Bo,S\nANN@x.org,Ann,S\n";
        let expected = "a.csv:7: email: “ann@x.org” is on line 2 already";
        assert_eq!(faults(text), expected);
        assert_eq!(faults(text.replace('\n', "\r\n")), expected);
        assert_eq!(faults(text.trim_end()), expected);
    }

    #[test]
    fn all_faults_come_at_once_each_with_its_line() {
        let text = "email,name,department,timezone,working_hours,paused_until,language\n\
                    ,,,,,,\n\
                    ann,,\" \",Europe/Kiyv,17:00-9:00,soon,ua\n\
                    ,Bo,S,UTC+2,9-17,2026-02-30,\n\
                    bo@x.org,\"Bo\nLee\",S,?,,,\n\
                    cy@x.org,Cy,S\n\
                    cy@x.org,Cy,S,,,,,x\n\
                    bo@x.org,ÿBo,S,,,,\n";
        // As Windows-1252 has it.
        let (before, after) = text.split_once('ÿ').unwrap();
        assert_eq!(
            faults([before.as_bytes(), b"\xff", after.as_bytes()].concat()),
            "a.csv:3: email: “ann” has no @\n\
             a.csv:3: name: is blank\n\
             a.csv:3: department: is blank\n\
             a.csv:3: timezone: “Europe/Kiyv” is not a time zone: did you mean Europe/Kyiv?\n\
             a.csv:3: working_hours: “17:00-9:00”: the hours end before they begin\n\
             a.csv:3: paused_until: “soon” is not a date such as 2026-12-10\n\
             a.csv:3: language: “ua” is not a language that the bot speaks: write en or uk\n\
             a.csv:4: email: is blank\n\
             a.csv:4: timezone: “UTC+2” is an offset, which is wrong half the year: write a zone such as Europe/Kyiv\n\
             a.csv:4: working_hours: “9-17”: “9” is not a time such as 15:10\n\
             a.csv:4: paused_until: “2026-02-30” is not a date such as 2026-12-10\n\
             a.csv:5: timezone: “?” is not a time zone such as Europe/Kyiv\n\
             a.csv:7: has 3 fields where the header has 7\n\
             a.csv:8: has 8 fields where the header has 7: is a value with a separator not in quotation marks?\n\
             a.csv:9: name: “\u{fffd}Bo” is not UTF-8 text: save the file as “CSV UTF-8”\n\
             a.csv:9: email: “bo@x.org” is on line 5 already"
        );
    }

    #[test]
    fn a_header_says_what_it_lacks_and_what_it_has_twice() {
        assert_eq!(
            faults("\nE-mail,Departement,Team,team\n"),
            "a.csv:2: team: comes twice in the header, as column 3 and column 4\n\
             a.csv:2: no column `email`; the header has “e-mail, departement, team, team”; is it “e-mail”?\n\
             a.csv:2: no column `name`; the header has “e-mail, departement, team, team”\n\
             a.csv:2: no column `department`; the header has “e-mail, departement, team, team”; is it “departement”?"
        );
    }

    #[test]
    fn a_column_without_a_header_must_be_blank() {
        let blank = "email,,name,department,\na@x.org,,A,S,\n";
        assert_eq!(emails(&parsed(blank).unwrap()), ["a@x.org"]);
        let text = format!("{blank}b@x.org,,B,S,x\nc@x.org,,C,S,y\n");
        assert_eq!(faults(text), "a.csv:3: “x” is in column 5, which has no header");
    }

    #[test]
    fn an_open_quotation_mark_is_found_where_it_opens() {
        let text = "email,name,department\na@x.org,A,S\n\nb@x.org,\"B,S\nc@x.org,C,S\n";
        assert_eq!(faults(text), "a.csv:4: a quotation mark is opened here and never closed");
        assert_eq!(faults(text.trim_end()), "a.csv:4: a quotation mark is opened here and never closed");
        assert_eq!(faults("email,\"name,department"), "a.csv:1: a quotation mark is opened here and never closed");
    }

    #[test]
    fn a_file_without_a_roster_says_so() {
        let empty = "a.csv: is empty: its first line must name the columns email, name and department";
        assert_eq!(faults(""), empty);
        assert_eq!(faults("\u{feff}\r\n ,,\r\n"), empty);
        assert_eq!(faults(b"\xff\xfee\0m\0"), "a.csv: is in UTF-16: save it as “CSV UTF-8”");
        assert_eq!(
            read(Path::new("no-such-folder/a.csv")).unwrap_err().to_string(),
            "no-such-folder/a.csv: cannot be read: No such file or directory (os error 2)\n\
             hint: `roster` in the config names the file"
        );
    }

    #[test]
    fn very_many_faults_are_counted() {
        let text = format!("email,name,department\n{}", "ann,Ann,S\n".repeat(1000));
        assert!(faults(text).ends_with("a.csv:21: email: “ann” has no @\na.csv: and 980 more"));
    }

    #[test]
    fn the_example_roster_is_right() {
        let roster = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("employees.example.csv")).unwrap();
        assert_eq!(roster.employees.len(), 40);
        let distinct = |name: &str| roster.column(name).unwrap().values.len() - 1;
        assert_eq!((distinct("department"), distinct("location")), (6, 4));
        let managers = &roster.column("manager").unwrap().values[1..];
        assert!(managers.iter().all(|manager| emails(&roster).contains(&&**manager)));
        let paused: Vec<_> = roster.employees.iter().filter_map(|employee| employee.paused_until).collect();
        assert_eq!(paused, [date("2026-12-10").unwrap()]);
        assert!(roster.employees.iter().any(|employee| &*employee.name == "Delaney, Tom"));
    }
}
