//! Dates that people and exports write: `2026-12-10`, `10.12.2026`, `2026-12-10T00:00:00Z`, and ranges of them. Reads a
//! value that can be read in only one way, or says in a sentence why it cannot; knows no file.

use chrono::{Days, NaiveDate};

use super::cells::quoted;

/// Parses a date, optionally followed by the time of midnight.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    read(text).ok()
}

/// Why `text` is not a date.
pub(super) fn date_fault(text: &str) -> String {
    let shown = quoted(text);
    match read(text).err() {
        Some(Fault::Two(one, other)) => {
            format!("{shown} may be {} or {}: write {one} or {other}", one.format("%-d %B"), other.format("%-d %B"))
        }
        Some(Fault::Time) => format!("{shown} has a time of day, which a date does not need: write it as 2026-12-10"),
        _ => format!("{shown} is not a date such as 2026-12-10"),
    }
}

/// The longest range of days off, in days.
const LONGEST_RANGE: u64 = 366;

/// Parses a date or a range of dates, such as `2026-12-21..2027-01-03`: returns all its days.
///
/// # Errors
/// Says why it is not a date or a range.
pub(super) fn dates(text: &str) -> Result<Vec<NaiveDate>, String> {
    let Some((first, last)) = ends(text) else {
        return date(text).map(|date| vec![date]).ok_or_else(|| date_fault(text));
    };
    let end = |text: &str| date(text).ok_or_else(|| date_fault(text));
    let (first, last) = (end(first)?, end(last)?);
    if last < first {
        return Err(format!("{} ends before it begins", quoted(text)));
    }
    if first.checked_add_days(Days::new(LONGEST_RANGE)).is_some_and(|longest| last >= longest) {
        return Err(format!("{} is longer than a year", quoted(text)));
    }
    Ok(first.iter_days().take_while(|day| *day <= last).collect())
}

/// The two ends of a range, whatever is between them.
fn ends(text: &str) -> Option<(&str, &str)> {
    let between = ["..=", "...", "..", "…", "–", "—", " - ", " to ", " until ", " bis ", " до ", " по "];
    let split = between.iter().find_map(|sign| text.split_once(sign));
    // As in ISO 8601, if the dates themselves contain no slash.
    let split = split.or_else(|| text.split_once('/').filter(|(first, last)| first.len() >= 8 && !last.contains('/')));
    split.map(|(first, last)| (first.trim(), last.trim()))
}

enum Fault {
    /// Two possible readings.
    Two(NaiveDate, NaiveDate),
    /// A time that is not midnight.
    Time,
    None,
}

fn read(text: &str) -> Result<NaiveDate, Fault> {
    let text = text.trim();
    let (day, time) = match text.split_once(['T', 't']).filter(|(day, _)| day.ends_with(|c: char| c.is_ascii_digit())) {
        Some((day, time)) => (day, time),
        // The time begins at the space before the first colon.
        None => match text.find(':').and_then(|colon| text[..colon].rfind(' ')) {
            Some(blank) => text.split_at(blank),
            None => (text, ""),
        },
    };
    let date = day_of(day.trim().trim_end_matches(','))?;
    if is_midnight(time.trim()) { Ok(date) } else { Err(Fault::Time) }
}

/// Whether a written time, if there is one, is that of the beginning of a day, in whatever zone.
fn is_midnight(time: &str) -> bool {
    let lower = time.to_lowercase();
    let (clock, zone) =
        lower.split_at(lower.find(|c: char| !(c.is_ascii_digit() || ":.,".contains(c))).unwrap_or(lower.len()));
    let zone = zone.trim();
    let (half, zone) = match zone.strip_prefix("am") {
        Some(zone) => (true, zone.trim()),
        None => (false, zone),
    };
    let mut parts = clock.split([':', '.', ',']);
    let hour = parts.next().unwrap_or_default();
    let midnight = match hour {
        "" => time.is_empty(),
        "12" => half,
        hour => hour.len() <= 2 && hour.bytes().all(|digit| digit == b'0'),
    };
    let offset =
        |zone: &str| zone.len() >= 3 && zone.starts_with(['+', '-', '−']) && !zone.contains(char::is_alphabetic);
    midnight
        && parts.all(|part| !part.is_empty() && part.bytes().all(|digit| digit == b'0'))
        && (matches!(zone, "" | "z" | "utc" | "gmt") || offset(zone))
}

fn day_of(text: &str) -> Result<NaiveDate, Fault> {
    let parts: Vec<&str> = text.split(['-', '.', '/', ' ']).filter(|part| !part.is_empty()).collect();
    let separators = text.chars().filter(|c| ['-', '.', '/', ' '].contains(c)).collect::<String>();
    let [a, b, c] = parts[..] else { return Err(Fault::None) };
    let number = |text: &str, most: usize| -> Option<u32> {
        let fits = (1..=most).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
        text.parse().ok().filter(|_| fits)
    };
    let date = |year: Option<u32>, month: Option<u32>, day: Option<u32>| {
        NaiveDate::from_ymd_opt(year?.try_into().ok()?, month?, day?)
    };
    let [short_a, short_b] = [a, b].map(|text| number(text, 2));
    if a.len() == 4 {
        // Year first: as computers write it, with two digits each.
        let whole = b.len() == 2 && c.len() == 2 && matches!(&*separators, "--" | "//" | "..");
        return date(number(a, 4), short_b, number(c, 2)).filter(|_| whole).ok_or(Fault::None);
    }
    let year = number(c, 4).filter(|_| c.len() == 4);
    match separators.as_str() {
        ".." => date(year, short_b, short_a).ok_or(Fault::None),
        "//" | "--" if short_a.is_some() && short_b.is_some() => {
            match (date(year, short_b, short_a), date(year, short_a, short_b)) {
                (Some(one), Some(other)) if one != other => Err(Fault::Two(one, other)),
                (one, other) => one.or(other).ok_or(Fault::None),
            }
        }
        "--" | "  " | ".  " | ". " => {
            let of = |day: &str, name: &str| date(year, month(name), number(day, 2));
            of(a, b).or_else(|| of(b.trim_end_matches(','), a)).ok_or(Fault::None)
        }
        _ => Err(Fault::None),
    }
}

/// The month of an English name, or its first three letters.
fn month(name: &str) -> Option<u32> {
    let months = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_lowercase();
    let at = months.iter().position(|month| name.len() >= 3 && month.starts_with(&name))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written, and which date it is. One line per case.
    const CASES: &[(&str, &str)] = &[
        ("2027-01-05", "2027-01-05"),
        (" 2027-01-05 ", "2027-01-05"),
        ("2027-01-05 00:00:00", "2027-01-05"),
        ("2027-01-05T00:00:00Z", "2027-01-05"),
        ("2027-01-05T00:00:00.000Z", "2027-01-05"),
        ("2027-01-05T00:00:00+02:00", "2027-01-05"),
        ("2027-01-05T00:00", "2027-01-05"),
        ("2027-01-05 00:00:00.0000000", "2027-01-05"),
        ("2027-01-05 00:00:00 UTC", "2027-01-05"),
        ("2027-01-05 00:00:00 +0000", "2027-01-05"),
        ("2027/01/05", "2027-01-05"),
        ("05.01.2027", "2027-01-05"),
        ("5.1.2027", "2027-01-05"),
        ("05.01.2027 00:00", "2027-01-05"),
        ("05.01.2027 0:00:00", "2027-01-05"),
        ("12/25/2026", "2026-12-25"),
        ("12/25/2026 12:00:00 AM", "2026-12-25"),
        ("25/12/2026", "2026-12-25"),
        ("25/12/2026 00:00", "2026-12-25"),
        ("25-12-2026", "2026-12-25"),
        ("01/01/2027", "2027-01-01"),
        ("1/1/2027 12:00 AM", "2027-01-01"),
        ("25-Dec-2026", "2026-12-25"),
        ("25 December 2026", "2026-12-25"),
        ("Dec 25, 2026", "2026-12-25"),
        ("Dec 25, 2026, 12:00:00 AM", "2026-12-25"),
    ];

    #[test]
    fn a_date_is_read_as_people_and_exports_write_it() {
        for (written, meant) in CASES {
            assert_eq!(date(written).map(|date| date.to_string()).as_deref(), Some(*meant), "{written}");
        }
    }

    #[test]
    fn what_has_no_single_reading_is_no_date() {
        for bad in [
            "",
            "soon",
            "2026-2-030",
            "2026-2-3",
            "2026- 2-03",
            "2026-02-30",
            "+2026-1-01",
            "2026-12",
            "31.02.2026",
            "10.12.26",
            "12/10/26",
            "2026-12-10 -",
            "2026-12-10 0",
            "20261210",
            "1 Nonth 2026",
            "12 2026 Dec",
        ] {
            assert_eq!(date(bad), None, "{bad}");
            assert_eq!(date_fault(bad), format!("{} is not a date such as 2026-12-10", quoted(bad)));
        }
        assert_eq!(
            date_fault("01/10/2027"),
            "“01/10/2027” may be 1 October or 10 January: write 2027-10-01 or 2027-01-10"
        );
        for time in ["2027-01-01 15:10", "2027-01-01T22:00:00Z", "1/1/2027 12:00 PM", "01.01.2027 00:01"] {
            assert!(date_fault(time).contains("has a time of day"), "{time}");
        }
    }

    #[test]
    fn a_range_is_all_its_days() {
        let days = |text: &str| dates(text).map(|days| (days[0].to_string(), days.len()));
        for text in [
            "2026-12-21..2027-01-03",
            "2026-12-21 .. 2027-01-03",
            "2026-12-21 - 2027-01-03",
            "2026-12-21 – 2027-01-03",
            "2026-12-21/2027-01-03",
            "2026-12-21 to 2027-01-03",
            "21.12.2026–03.01.2027",
            "21.12.2026 bis 3.1.2027",
            "2026-12-21 00:00:00..2027-01-03 00:00:00",
        ] {
            assert_eq!(days(text), Ok(("2026-12-21".to_owned(), 14)), "{text}");
        }
        assert_eq!(days("2026-12-21..2026-12-21"), Ok(("2026-12-21".to_owned(), 1)));
        assert_eq!(days("12/25/2026"), Ok(("2026-12-25".to_owned(), 1)));
        let why = |text: &str| dates(text).unwrap_err();
        assert_eq!(why("2027-01-03..2026-12-21"), "“2027-01-03..2026-12-21” ends before it begins");
        assert_eq!(why("2026-01-01..2027-12-31"), "“2026-01-01..2027-12-31” is longer than a year");
        assert_eq!(why("2026-12-21..soon"), "“soon” is not a date such as 2026-12-10");
    }
}
