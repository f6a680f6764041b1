//! The roster as an Excel workbook: its cells as people see them, row by row with their numbers. Knows Excel's cells
//! and not what they mean.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

/// A sheet: for each row that is not blank, its number in the file, from 1, and its cells.
pub(super) type Sheet = Vec<(usize, Vec<String>)>;

/// Reads the sheet of that name, or the first one.
///
/// # Errors
/// What is wrong with the file, as the end of a sentence.
pub(super) fn read(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Sheet, String> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))
        .map_err(|error| format!("is not a workbook that can be read ({error}): save it as .xlsx or as “CSV UTF-8”"))?;
    let names = workbook.sheet_names();
    let name = match sheet {
        None => names.first().cloned().ok_or("has no sheet")?,
        Some(wanted) => {
            let found = names.iter().find(|name| crate::domain::text::alike(name, wanted));
            found.cloned().ok_or_else(|| format!("has no sheet “{wanted}”; there are: {}", names.join(", ")))?
        }
    };
    let range = workbook
        .worksheet_range(&name)
        .map_err(|error| format!("has a sheet “{name}” that cannot be read: {error}"))?;
    Ok(rows(&range))
}

fn rows(range: &Range<Data>) -> Sheet {
    let (first, left) = range.start().unwrap_or_default();
    let blanks = vec![String::new(); left as usize];
    let rows = range.rows().zip(first as usize + 1..);
    let rows = rows.map(|(cells, line)| (line, [blanks.clone(), cells.iter().map(shown).collect()].concat()));
    rows.filter(|(_, cells): &(usize, Vec<String>)| cells.iter().any(|cell| !cell.trim().is_empty())).collect()
}

/// The cell as people see it.
fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).replace('T', " "),
        Data::Int(number) => number.to_string(),
        // A whole number has no decimal point, and no number has more digits than Excel shows.
        Data::Float(number) => {
            let rounded = format!("{number:.10}");
            rounded.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Data::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(when) => {
            let (year, month, day, hour, minute, second, _) = when.to_ymd_hms_milli();
            let time = if second == 0 {
                format!("{hour:02}:{minute:02}")
            } else {
                format!("{hour:02}:{minute:02}:{second:02}")
            };
            if when.is_duration() || when.as_f64() < 1.0 {
                time
            } else if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {time}")
            }
        }
        Data::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTime, ExcelDateTimeType};

    use super::*;

    #[test]
    fn cells_are_read_as_people_see_them() {
        let date = |days: f64| Data::DateTime(ExcelDateTime::new(days, ExcelDateTimeType::DateTime, false));
        for (cell, text) in [
            (Data::Empty, ""),
            (Data::String("Ann".to_owned()), "Ann"),
            (Data::Int(7), "7"),
            (Data::Float(12345.0), "12345"),
            (Data::Float(0.1 + 0.2), "0.3"),
            (Data::Bool(true), "TRUE"),
            (date(46366.0), "2026-12-10"),
            (date(46366.5), "2026-12-10 12:00"),
            (date(0.375), "09:00"),
            (Data::DateTimeIso("2026-12-10T00:00:00".to_owned()), "2026-12-10"),
            (Data::Error(CellErrorType::NA), "#N/A"),
        ] {
            assert_eq!(shown(&cell), text);
        }
    }

    #[test]
    fn what_is_no_workbook_says_so() {
        assert!(read(b"PK\x03\x04".to_vec(), None).unwrap_err().starts_with("is not a workbook that can be read"));
    }
}
