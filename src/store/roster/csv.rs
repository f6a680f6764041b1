//! The roster's CSV, as spreadsheets write it: with any usual separator, order of columns, line ends and encoding.
//! Either the whole roster is right or all its faults are reported, each with its line in the file. Knows the form of
//! the file; `rows` reads the content of a row.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::encoding::likely;
use super::header::{separator, title};
use super::lines::Lines;
use super::mapping::{Mapping, Options};
use super::reading;
use super::rows::Rows;
use crate::domain::roster::Roster;
use crate::store::faults::Faults;

pub(super) const BUFFER: usize = 1 << 16;
/// How many bytes that are not UTF-8 are enough to guess the encoding.
const FOREIGN: usize = 4096;

/// Parses a roster from text; `path` is the name that its faults mention.
///
/// # Errors
/// All faults of the text.
pub fn parse(path: &Path, text: impl Read) -> Result<Roster, Faults> {
    let (columns, across) = (Mapping::default(), ["department".to_owned()]);
    reading::parse(path, None, text, Options { columns: &columns, across: &across, former_domains: &[] })
        .into_result()
        .map(|read| Arc::unwrap_or_clone(read.roster))
}

/// Reads the rows of a CSV.
///
/// # Errors
/// The file cannot be read.
pub(super) fn read(text: impl Read, rows: &mut Rows<'_>, faults: &mut Faults) -> Result<(), String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("cannot be read: {error}");
    let mut text = BufReader::with_capacity(BUFFER, Lines::new(text));
    let start = text.fill_buf().map_err(|error| unreadable(&error))?;
    let (bytes, titles) = title(start, rows.options()).unwrap_or_default();
    let separator = separator(&start[bytes..]);
    text.consume(bytes);
    rows.skip_titles(titles);
    let mut is_told = separator.is_told;
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator.byte).buffer_capacity(BUFFER);
    let mut reader = builder.from_reader(text);

    let mut record = ByteRecord::new();
    let mut foreign = Vec::new();
    while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error))? {
        // The position that the record has is where blank lines before it begin. Every record ends in one newline,
        // so its first line follows from its last; only an open quotation mark lets a record run into the end.
        let open = reader.get_ref().get_ref().ended();
        let newlines = record.as_slice().iter().filter(|byte| **byte == b'\n').count();
        let line = titles + reader.position().line() as usize - newlines - usize::from(!open);
        if open {
            faults.push(line, None, || "a quotation mark is opened here and never closed".to_owned());
        } else if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        } else if std::mem::take(&mut is_told) {
            // It named the separator, and nothing else.
        } else if rows.is_begun() {
            record = match StringRecord::from_byte_record(record) {
                Ok(text) => {
                    rows.add(&text, false, line, faults);
                    text.into_byte_record()
                }
                Err(error) => {
                    let record = error.into_byte_record();
                    note(&mut foreign, record.as_slice());
                    let text = StringRecord::from_byte_record_lossy(record);
                    rows.add(&text, true, line, faults);
                    text.into_byte_record()
                }
            };
        } else {
            if str::from_utf8(record.as_slice()).is_err() {
                note(&mut foreign, record.as_slice());
            }
            rows.begin(record.iter(), line, faults);
        }
    }
    if !foreign.is_empty() {
        faults.hint =
            Some(format!("the file looks like {}; Excel calls UTF-8 “CSV UTF-8 (comma delimited)”", likely(&foreign)));
    }
    Ok(())
}

fn note(foreign: &mut Vec<u8>, cells: &[u8]) {
    if foreign.len() < FOREIGN {
        foreign.extend_from_slice(cells);
        foreign.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::zone::Zone;

    use super::*;
    use crate::domain::language::Language;
    use crate::domain::roster::Employee;
    use crate::store::dates::date;

    fn read_file(path: &Path) -> Result<reading::Reading, Faults> {
        let (columns, across) = (Mapping::default(), ["department".to_owned()]);
        reading::read(path, Options { columns: &columns, across: &across, former_domains: &[] })
    }

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
             Sales,9:00 – 17:00,europe/kyiv, Ann@Example.COM ,  Ann  Lee ,2026-12-10 00:00:00,UK,3\n\
             \" sales\",,,bo@example.com,\"Lee, Bo\",,,\n",
        )
        .unwrap();
        let ann = Employee {
            email: "ann@example.com".into(),
            name: "Ann Lee".into(),
            timezone: Some(Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv)),
            working_hours: "09:00-17:00".parse().ok(),
            workdays: None,
            paused_until: date("2026-12-10"),
            language: Some(Language::Ukrainian),
        };
        let bo = Employee {
            email: "bo@example.com".into(),
            name: "Lee, Bo".into(),
            timezone: None,
            working_hours: None,
            workdays: None,
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
        let expected = "a.csv:7: email: “ann@x.org” is already on line 2";
        assert_eq!(faults(text), expected);
        assert_eq!(faults(text.replace('\n', "\r\n")), expected);
        assert_eq!(faults(text.trim_end()), expected);
    }

    #[test]
    fn all_faults_come_at_once_each_with_its_line() {
        let text = "email,name,department,timezone,working_hours,paused_until,language\n\
                    ,,,,,,\n\
                    ann,,\" \",Europe/Kiyv,17:00-9:00,soon,ua\n\
                    ,Bo,S,UTC+2,9-5,2026-02-30,\n\
                    bo@x.org,\"Bo\nLee\",S,?,,,\n\
                    cy@x.org,Cy,S\n\
                    cy@x.org,Cy,S,,,,,x\n\
                    bo@x.org,ÿBo,S,,,,\n";
        // In the form of Windows-1252.
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
             a.csv:4: working_hours: “9-5”: the hours end before they begin\n\
             a.csv:4: paused_until: “2026-02-30” is not a date such as 2026-12-10\n\
             a.csv:5: timezone: “?” is not a time zone such as Europe/Kyiv\n\
             a.csv:7: has 3 fields where the header has 7\n\
             a.csv:8: has 8 fields where the header has 7: is there a value with a separator that is \
             not in quotation marks?\n\
             a.csv:9: name: “\u{fffd}Bo” is not UTF-8 text: save the file as “CSV UTF-8”\n\
             a.csv:9: email: “bo@x.org” is already on line 5\n\
             hint: the file looks like windows-1252; Excel calls UTF-8 “CSV UTF-8 (comma delimited)”"
        );
    }

    #[test]
    fn a_header_says_what_it_lacks_and_what_it_has_twice() {
        assert_eq!(
            faults("\nEmial,Departmnt,Team,team\n"),
            "a.csv:2: team: is in the header twice, as column 3 and column 4\n\
             a.csv:2: no column `email`; the header has “Emial, Departmnt, Team, team”; do you mean “emial”?\n\
             a.csv:2: no column `name`; the header has “Emial, Departmnt, Team, team”\n\
             a.csv:2: no column `department`; the header has “Emial, Departmnt, Team, team”; do you mean “departmnt”?\n\
             hint: write across = [] under [pairing] to let anybody meet anybody, or say which column holds the department: \
             department = \"Team\" under [programme.columns]"
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
        assert_eq!(faults(b"\xff\xfee\0m\0\n"), "a.csv: is in UTF-16LE, but damaged: save it as “CSV UTF-8”");
        assert_eq!(
            read_file(Path::new("no-such-folder/a.csv")).unwrap_err().to_string(),
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
        let roster = read_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("employees.example.csv")).unwrap().roster;
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
