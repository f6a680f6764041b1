//! What people say about days and times, understood: “next week”, “9 December”, “до п’ятниці”, “3:20 PM”. A pure
//! function of words, language and today. Whatever can be read in several ways keeps all its readings, except days that
//! are over; the caller decides which of them are possible. Knows no round and no person.
//!
//! In reading order: [`understand`] here (phrases), `words` (each by itself), `figures` (dates and times of day).

mod figures;
mod words;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

pub use self::figures::{TypedTime, dates, follows_an_hour, time_of_day, without_time};
use self::figures::{YEARS, has_offset, next_such};
use self::words::{Word, glued, is_ordinal, is_unit, is_weekday, names_a_meeting, number, plain, word};
pub use self::words::{is_filler, is_month};
use crate::domain::language::Language;

/// The longest length of time that is understood, in days.
const LONGEST: u64 = 7 * 520;

/// From one day to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Span {
    fn day(day: NaiveDate) -> Self {
        Self { from: day, to: day }
    }

    /// The same days a week later.
    pub fn in_a_week(&self) -> Option<Self> {
        let later = |day: NaiveDate| day.checked_add_days(Days::new(7));
        Some(Self { from: later(self.from)?, to: later(self.to)? })
    }

    /// Whether that day is in the span.
    pub fn has(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

/// What was said about time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimePhrase {
    /// Nothing was said about time.
    Nothing,
    /// The next one, whenever that is.
    Next,
    /// Some days; several readings if it can be read in several ways.
    Days(Vec<Span>),
    /// This many days, from today on.
    Long(u64),
    /// Something that is not understood, or that is over.
    Unclear,
}

impl TimePhrase {
    /// Its readings as days.
    pub fn readings(&self, today: NaiveDate) -> Vec<Span> {
        match self {
            Self::Days(readings) => readings.clone(),
            Self::Long(days) => {
                let last = days.checked_sub(1).and_then(|days| today.checked_add_days(Days::new(days)));
                last.map(|to| Span { from: today, to }).into_iter().collect()
            }
            Self::Nothing | Self::Next | Self::Unclear => Vec::new(),
        }
    }

    /// The only reading as one day, if there is one.
    pub fn one_day(&self) -> Option<NaiveDate> {
        match self {
            Self::Days(readings) => match readings[..] {
                [Span { from, to }] if from == to => Some(from),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The language that is typed, as far as its letters show: text in Cyrillic contains no American date.
pub fn language_of(text: &str, writers: Language) -> Language {
    if text.chars().any(|c| matches!(c, '\u{400}'..='\u{4ff}')) { Language::Ukrainian } else { writers }
}

/// Whether words name a day of the week and nothing else.
pub fn is_weekday_alone(words: &[&str]) -> bool {
    let mut words = words.iter().map(|word| plain(word)).filter(|word| !is_filler(word));
    words.next().is_some_and(|word| is_weekday(&word)) && words.next().is_none()
}

/// Understands what was said about time, given words in lower case and without surrounding marks.
pub fn understand(words: &[&str], language: Language, today: NaiveDate) -> TimePhrase {
    if words.is_empty() {
        return TimePhrase::Nothing;
    }
    if words.iter().any(|word| has_offset(word)) {
        return TimePhrase::Unclear;
    }
    let plain: Vec<String> = words.iter().flat_map(|word| glued(&plain(word))).collect();
    if let Some(span) = range(&plain, language, today) {
        return TimePhrase::Days(vec![span]);
    }
    if let Some(days) = day_of_month(&plain, today) {
        return days;
    }
    let one_unit = |at: usize| plain.get(at + 1).is_some_and(|next| is_unit(next));
    // «2026 року» is a year, and «кінець року» the end of one.
    let is_filler = |at: usize| match &*plain[at] {
        "року" => at > 0 && number(&plain[at - 1]).is_some(),
        "one" => !one_unit(at),
        word => is_filler(word),
    };
    let words: Vec<Word> = plain
        .iter()
        .enumerate()
        .filter(|(at, _)| !is_filler(*at))
        .map(|(_, text)| word(text, language, today))
        .collect();
    let phrase = phrase(&words, today).unwrap_or(TimePhrase::Unclear);
    // “All of them” does not mean the next one.
    let all = plain.iter().any(|word| ["all", "весь", "увесь", "усі", "всі"].contains(&&**word));
    if phrase == TimePhrase::Next && all {
        return TimePhrase::Unclear;
    }
    match phrase {
        TimePhrase::Days(mut readings) => {
            readings.retain(|span| span.to >= today && span.from <= span.to && YEARS.contains(&span.to.year()));
            readings.dedup();
            if readings.is_empty() { TimePhrase::Unclear } else { TimePhrase::Days(readings) }
        }
        TimePhrase::Long(days) if !(1..=LONGEST).contains(&days) => TimePhrase::Unclear,
        phrase => phrase,
    }
}

/// The last days that can be meant by “until”: of a week or a month, the day before it or its end.
pub fn ends(words: &[&str], language: Language, today: NaiveDate) -> Vec<NaiveDate> {
    let TimePhrase::Days(readings) = understand(words, language, today) else { return Vec::new() };
    let both = |span: &Span| {
        let before = span.from.pred_opt().filter(|_| span.from != span.to);
        [before, Some(span.to)]
    };
    let mut ends: Vec<NaiveDate> = readings.iter().flat_map(both).flatten().filter(|day| *day >= today).collect();
    ends.dedup();
    ends
}

/// “The 10th”, «до 10-го»: the next day with that number. “The 2nd meeting” is not a day.
fn day_of_month(words: &[String], today: NaiveDate) -> Option<TimePhrase> {
    if words.iter().any(|word| names_a_meeting(word)) {
        return None;
    }
    let mut said = words.iter().filter(|word| !is_filler(word));
    let day = said.next().filter(|word| is_ordinal(word)).and_then(|word| number(word))?;
    let next = (0..4)
        .filter_map(|months| today.checked_add_months(Months::new(months))?.with_day(1)?.with_day(day))
        .find(|day| *day >= today);
    next.filter(|_| said.next().is_none()).map(|day| TimePhrase::Days(vec![Span::day(day)]))
}

/// Whether both its ends are said.
pub fn is_range(words: &[&str], language: Language, today: NaiveDate) -> bool {
    let plain: Vec<String> = words.iter().map(|word| plain(word)).collect();
    range(&plain, language, today).is_some()
}

/// From one day to another: “from 1 to 12 December”, “28.12 – 3.1”, «з 1 по 12 грудня». What has begun begins today.
fn range(words: &[String], language: Language, today: NaiveDate) -> Option<Span> {
    let mut parts: Vec<&str> = Vec::new();
    for word in words {
        // Without spaces around it, a dash may be part of a date.
        let dash = ["..", "–", "—", "-"].into_iter().find_map(|dash| {
            let (from, to) = word.split_once(dash)?;
            let is_day = |part: &str| number(part).is_some() || !dates(part, language, today).is_empty();
            (word.matches(dash).count() == 1 && is_day(from) && is_day(to)).then_some([from, "–", to])
        });
        match dash {
            Some(three) if dates(word, language, today).is_empty() => parts.extend(three),
            _ => parts.push(word),
        }
    }
    let opened = match parts.first() {
        Some(&("from" | "between" | "since" | "від" | "з" | "із" | "зі" | "між")) => 1,
        _ => 0,
    };
    let parts = &parts[opened..];
    let between = |word: &&str| {
        matches!(*word, "to" | "till" | "til" | "until" | "through" | "thru" | "-" | "–" | "—" | ".." | "до" | "по")
            || opened == 1 && matches!(*word, "and" | "і" | "й" | "та")
    };
    let at = parts.iter().position(between)?;
    let said = |parts: &[&'_ str]| -> Vec<String> {
        parts.iter().filter(|part| !is_filler(part)).map(|part| (*part).to_owned()).collect()
    };
    let (mut from, mut to) = (said(&parts[..at]), said(&parts[at + 1..]));
    // One of the two may take its month from the other.
    let written = |words: &[String]| match words {
        [date] => match dates(date, language, today)[..] {
            [date] => Some(date),
            _ => None,
        },
        _ => None,
    };
    match (&from[..], &to[..]) {
        ([day], _) if number(day).is_some() => match (number(day), written(&to)) {
            (Some(number), Some(last)) => from = vec![last.with_day(number)?.to_string()],
            _ => from.extend(month_of(&to)),
        },
        (_, [day]) if number(day).is_some() => to.extend(month_of(&from)),
        _ => {}
    }
    let day = |words: &[String], today: NaiveDate| match understand(
        &words.iter().map(String::as_str).collect::<Vec<_>>(),
        language,
        today,
    ) {
        TimePhrase::Days(readings) => match readings[..] {
            [Span { from, to }] if from == to => Some(from),
            _ => None,
        },
        _ => None,
    };
    let first = day(&from, today)?;
    // “From Monday to Friday” is within one week, whatever day it is.
    let is_weekday = matches!(&to[..], [day] if is_weekday(day));
    let last = day(&to, if is_weekday { first } else { today })?;
    // If a day is over, the same day next year is not meant.
    let first = if first.year() > last.year() { today } else { first };
    (first <= last).then_some(Span { from: first, to: last })
}

fn month_of(words: &[String]) -> Option<String> {
    words.iter().find(|word| is_month(word)).cloned()
}

fn phrase(words: &[Word], today: NaiveDate) -> Option<TimePhrase> {
    use Word::{
        After, And, Coming, Day, End, In, Month, Next, Number, Overmorrow, Rest, This, Today, Tomorrow, Week, Year,
    };
    let day = |day: NaiveDate| Some(TimePhrase::Days(vec![Span::day(day)]));
    let span = |span: Option<Span>| span.map(|span| TimePhrase::Days(vec![span]));
    let ahead = |days: u64| today.checked_add_days(Days::new(days));
    let months = |count: u32| {
        let to = today.checked_add_months(Months::new(count))?;
        Some(TimePhrase::Long((to - today).num_days().try_into().ok()?))
    };
    match words {
        [] | [This | Next | Coming] | [This, Coming | Next] => Some(TimePhrase::Next),
        [Today] => day(today),
        [Tomorrow] => day(ahead(1)?),
        [Overmorrow] | [Day, After, Tomorrow] => day(ahead(2)?),
        [This, Week] => span(week(today, 0)),
        [Next | Coming | In, Week] | [Week, Next] => span(week(today, 1)),
        [Week, After, Next] | [Week, After, Next, Week] => span(week(today, 2)),
        [This, And, Next, Week] | [This, Week, And, Next] | [This, Week, And, Next, Week] => {
            span(Some(Span { from: week(today, 0)?.from, to: week(today, 1)?.to }))
        }
        [Week] | [Number(1), Week] => Some(TimePhrase::Long(7)),
        [Number(count), Week] | [Next | Coming | This, Number(count), Week] | [Number(count), Next | Coming, Week] => {
            Some(TimePhrase::Long(7 * u64::from(*count)))
        }
        [In, Number(count), Week] => span(week(today, *count)),
        [In, Number(count), Day] => day(ahead(u64::from(*count))?),
        [Number(count), Day] | [Next | Coming, Number(count), Day] => Some(TimePhrase::Long((*count).into())),
        [Month] => months(1),
        [Number(count), Month] | [Next | Coming, Number(count), Month] => months(*count),
        [This, Month] => span(month(today.year(), today.month())),
        [Next | Coming, Month] => {
            let next = today.checked_add_months(Months::new(1))?;
            span(month(next.year(), next.month()))
        }
        [This, Year] => span(year(today)),
        [Rest, unit] | [Rest, This, unit] => span(Some(Span { from: today, to: end_of(unit, today)? })),
        [End, unit] | [End, This, unit] => day(end_of(unit, today)?),
        [End, Next | Coming, Week] => day(week(today, 1)?.to),
        [End, Next | Coming, Month] => {
            let next = today.checked_add_months(Months::new(1))?;
            day(month(next.year(), next.month())?.to)
        }
        [Word::Weekday(weekday)] => Some(TimePhrase::Days(match coming(today, *weekday) {
            // On a Wednesday, nobody knows which Wednesday is meant.
            next if next == today => vec![Span::day(today), Span::day(ahead(7)?)],
            next => vec![Span::day(next)],
        })),
        [Coming, Word::Weekday(weekday)] => day(coming(ahead(1)?, *weekday)),
        [This, Word::Weekday(weekday)]
        | [This, Coming, Word::Weekday(weekday)]
        | [Word::Weekday(weekday), This, Week] => day(of_week(today, 0, *weekday)?),
        [Next, Word::Weekday(weekday)] => {
            let (first, second) = (coming(ahead(1)?, *weekday), of_week(today, 1, *weekday)?);
            let mut readings = vec![Span::day(first), Span::day(second)];
            readings.dedup();
            Some(TimePhrase::Days(readings))
        }
        [Word::Weekday(weekday), Next, Week] | [Next, Week, Word::Weekday(weekday)] => {
            day(of_week(today, 1, *weekday)?)
        }
        [Word::Weekday(weekday), rest @ ..] => {
            let dates = dated(rest, today)?;
            readings(dates.into_iter().filter(|date| date.weekday() == *weekday).map(Span::day).collect())
        }
        [Week, rest @ ..] if dated(rest, today).is_some() => {
            readings(dated(rest, today)?.into_iter().filter_map(|date| week(date, 0)).collect())
        }
        [Word::MonthName(name)] | [In, Word::MonthName(name)] => {
            let year = if *name < today.month() { today.year() + 1 } else { today.year() };
            span(month(year, *name))
        }
        [Next, Word::MonthName(_)] => None,
        [Word::MonthName(name), Number(year)] if *year > 31 => span(month((*year).try_into().ok()?, *name)),
        words => readings(dated(words, today)?.into_iter().map(Span::day).collect()),
    }
}

fn readings(spans: Vec<Span>) -> Option<TimePhrase> {
    (!spans.is_empty()).then_some(TimePhrase::Days(spans))
}

/// The days that a date can mean.
fn dated(words: &[Word], today: NaiveDate) -> Option<Vec<NaiveDate>> {
    match words {
        [Word::Written(dates)] => Some(dates.clone()),
        [Word::Number(day), Word::MonthName(month)] | [Word::MonthName(month), Word::Number(day)] => {
            Some(vec![next_such(*month, *day, today)?])
        }
        [Word::Number(day), Word::MonthName(month), Word::Number(year)]
        | [Word::MonthName(month), Word::Number(day), Word::Number(year)] => {
            Some(vec![NaiveDate::from_ymd_opt((*year).try_into().ok()?, *month, *day)?])
        }
        _ => None,
    }
}

fn monday(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into()))
}

/// The week this many weeks after that of a day.
fn week(day: NaiveDate, after: u32) -> Option<Span> {
    let from = monday(day)?.checked_add_days(Days::new(7 * u64::from(after)))?;
    Some(Span { from, to: from.checked_add_days(Days::new(6))? })
}

fn of_week(today: NaiveDate, after: u32, weekday: Weekday) -> Option<NaiveDate> {
    week(today, after)?.from.checked_add_days(Days::new(weekday.num_days_from_monday().into()))
}

fn month(year: i32, month: u32) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some(Span { from, to: from.checked_add_months(Months::new(1))?.pred_opt()? })
}

fn year(today: NaiveDate) -> Option<Span> {
    Some(Span { from: today, to: NaiveDate::from_ymd_opt(today.year(), 12, 31)? })
}

fn end_of(unit: &Word, today: NaiveDate) -> Option<NaiveDate> {
    match unit {
        Word::Week => week(today, 0).map(|span| span.to),
        Word::Month => month(today.year(), today.month()).map(|span| span.to),
        Word::Year => year(today).map(|span| span.to),
        Word::MonthName(name) => month(today.year() + i32::from(*name < today.month()), *name).map(|span| span.to),
        _ => None,
    }
}

/// The first such weekday from that day on.
fn coming(from: NaiveDate, weekday: Weekday) -> NaiveDate {
    let days = (7 + weekday.num_days_from_monday() - from.weekday().num_days_from_monday()) % 7;
    from.checked_add_days(Days::new(days.into())).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Said on Tuesday 1 December 2026. Several readings are separated by a bar.
    const TABLE: &[(&str, &str)] = &[
        ("", "nothing"),
        ("this one", "next"),
        ("the next meeting", "next"),
        ("найближчу зустріч", "next"),
        ("today", "2026-12-01"),
        ("tomorrow's meeting", "2026-12-02"),
        ("all", "?"),
        ("all meetings", "?"),
        ("всі зустрічі", "?"),
        ("all next week", "2026-12-07..2026-12-13"),
        ("the day after tomorrow", "2026-12-03"),
        ("завтра", "2026-12-02"),
        ("післязавтра", "2026-12-03"),
        ("this week", "2026-11-30..2026-12-06"),
        ("цього тижня", "2026-11-30..2026-12-06"),
        ("next week", "2026-12-07..2026-12-13"),
        ("next week's meeting", "2026-12-07..2026-12-13"),
        ("nxt week", "?"),
        ("наступного тижня", "2026-12-07..2026-12-13"),
        ("зустріч на наступному тижні", "2026-12-07..2026-12-13"),
        ("наступний тиждень", "2026-12-07..2026-12-13"),
        ("the week after next", "2026-12-14..2026-12-20"),
        ("in two weeks", "2026-12-14..2026-12-20"),
        ("через два тижні", "2026-12-14..2026-12-20"),
        ("this and next week", "2026-11-30..2026-12-13"),
        ("the week of 14 December", "2026-12-14..2026-12-20"),
        ("the next two weeks", "14 days"),
        ("for three weeks", "21 days"),
        ("a week", "7 days"),
        ("one week", "7 days"),
        ("a couple of weeks", "14 days"),
        ("на 3 тижні", "21 days"),
        ("наступні два тижні", "14 days"),
        ("10 days", "10 days"),
        ("a month", "31 days"),
        ("2 months", "62 days"),
        ("місяць", "31 days"),
        ("0 weeks", "?"),
        ("this month", "2026-12-01..2026-12-31"),
        ("цього місяця", "2026-12-01..2026-12-31"),
        ("next month", "2027-01-01..2027-01-31"),
        ("december", "2026-12-01..2026-12-31"),
        ("in January", "2027-01-01..2027-01-31"),
        ("січень", "2027-01-01..2027-01-31"),
        ("the end of the month", "2026-12-31"),
        ("кінця місяця", "2026-12-31"),
        ("the rest of the year", "2026-12-01..2026-12-31"),
        ("wednesday", "2026-12-02"),
        ("Wed", "2026-12-02"),
        ("в середу", "2026-12-02"),
        ("п’ятниці", "2026-12-04"),
        ("п'ятниці", "2026-12-04"),
        ("tuesday", "2026-12-01|2026-12-08"),
        ("next tuesday", "2026-12-08"),
        ("the 10th", "2026-12-10"),
        ("on the 1st", "2026-12-01"),
        ("the 31st", "2026-12-31"),
        ("the 35th", "?"),
        ("10-го", "2026-12-10"),
        ("10-го числа", "2026-12-10"),
        ("1-ше", "2026-12-01"),
        ("3-тє", "2026-12-03"),
        ("10", "?"),
        ("the 2nd meeting", "?"),
        ("the 2nd one", "?"),
        ("2w", "14 days"),
        ("2 wks", "14 days"),
        ("3wks", "21 days"),
        ("10d", "10 days"),
        ("2тиж", "14 days"),
        ("2 тиж.", "14 days"),
        ("кінця року", "2026-12-31"),
        ("кінця цього року", "2026-12-31"),
        ("кінця тижня", "2026-12-06"),
        ("кінця наступного тижня", "2026-12-13"),
        ("the end of next month", "2027-01-31"),
        ("the end of december", "2026-12-31"),
        ("7–11.12", "2026-12-07..2026-12-11"),
        ("7-11.12.2026", "2026-12-07..2026-12-11"),
        ("7-11 Dec", "2026-12-07..2026-12-11"),
        ("Dec 7-11", "2026-12-07..2026-12-11"),
        ("7 – 11.12", "2026-12-07..2026-12-11"),
        ("from the 7th to the 11th of December", "2026-12-07..2026-12-11"),
        ("from the 7th to the 11th", "2026-12-07..2026-12-11"),
        ("з 7-го до 11-го", "2026-12-07..2026-12-11"),
        ("from monday to friday", "2026-12-07..2026-12-11"),
        ("з понеділка до п’ятниці", "2026-12-07..2026-12-11"),
        ("31-11.12", "?"),
        ("next wednesday", "2026-12-02|2026-12-09"),
        ("наступної середи", "2026-12-02|2026-12-09"),
        ("wednesday next week", "2026-12-09"),
        ("this wednesday", "2026-12-02"),
        ("this monday", "?"),
        ("9 December", "2026-12-09"),
        ("December 9th", "2026-12-09"),
        ("the 9th of December", "2026-12-09"),
        ("Wednesday 9 December", "2026-12-09"),
        ("Thursday 9 December", "?"),
        ("9 Dec 2026", "2026-12-09"),
        ("Dec 9, 2026", "2026-12-09"),
        ("9 грудня", "2026-12-09"),
        ("9-го грудня 2026 року", "2026-12-09"),
        ("10 January", "2027-01-10"),
        ("до 10 січня", "?"),
        ("10 січня", "2027-01-10"),
        ("29 February", "2028-02-29"),
        ("31 November", "?"),
        ("30 November 2026", "?"),
        ("2026-12-09", "2026-12-09"),
        ("2026-11-30", "?"),
        ("9.12.2026", "2026-12-09"),
        ("09.12.26", "2026-12-09"),
        ("5.12.", "2026-12-05"),
        ("5.12", "2026-12-05"),
        ("01/10/2027", "2027-10-01|2027-01-10"),
        ("12/03/2026", "2026-12-03"),
        ("30/12/2026", "2026-12-30"),
        ("12/12/2026", "2026-12-12"),
        ("monkeys", "?"),
        ("everything but next week", "?"),
        ("12345678901234567890", "?"),
        ("+262142-12-31", "?"),
        ("0027-01-10", "?"),
    ];

    fn understood(text: &str, language: Language) -> String {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().map(|word| word.trim_matches([',', '.'])).collect();
        match understand(&words, language, "2026-12-01".parse().unwrap()) {
            TimePhrase::Nothing => "nothing".to_owned(),
            TimePhrase::Next => "next".to_owned(),
            TimePhrase::Unclear => "?".to_owned(),
            TimePhrase::Long(days) => format!("{days} days"),
            TimePhrase::Days(readings) => {
                let text = |span: &Span| {
                    if span.from == span.to { span.from.to_string() } else { format!("{}..{}", span.from, span.to) }
                };
                readings.iter().map(text).collect::<Vec<_>>().join("|")
            }
        }
    }

    #[test]
    fn what_is_said_of_time_is_understood_or_known_to_be_unclear() {
        let wrong: Vec<String> = TABLE
            .iter()
            .map(|(text, meant)| (text, meant, understood(text, Language::English)))
            .filter(|(_, meant, understood)| **meant != understood)
            .map(|(text, meant, understood)| format!("{text:?} is {meant}, not {understood}"))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn a_date_with_slashes_is_read_as_the_language_has_it_unless_that_day_is_over() {
        for (text, meant) in [("01/10/2027", "2027-10-01"), ("12/03/2026", "2026-12-03"), ("5/12", "2026-12-05")] {
            assert_eq!(understood(text, Language::Ukrainian), meant, "{text}");
        }
    }

    #[test]
    fn a_time_of_day_is_read_in_many_forms() {
        let each = [
            ("15:20", "15:20"),
            ("3:20 PM", "15:20"),
            ("3:20\u{202f}PM", "15:20"),
            ("3:20 p.m.", "15:20"),
            ("3pm", "15:00"),
            ("12 am", "00:00"),
            ("12:30 pm", "12:30"),
            ("15:20:00", "15:20"),
            ("15:20:00.000", "15:20"),
            ("T15:20:00Z", "15:20"),
            ("2026-12-03T15:20:00Z", "15:20"),
            ("2026-12-03T15:20:00+02:00", "15:20"),
            ("15.20", "15:20"),
            ("9:05", "09:05"),
        ];
        for (text, meant) in each {
            let time = time_of_day(text).map(|time| time.format("%H:%M").to_string());
            assert_eq!(time.as_deref(), Some(meant), "{text}");
        }
        for text in ["", "15", "25:00", "13:60", "1:2", "pm", "soon", "15:20 tomorrow", "::", "-1:00", "15:20:00:00:00"]
        {
            assert_eq!(time_of_day(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_taken_out_of_what_is_said_with_it() {
        let each = [
            ("friday 3pm", Some("15:00"), "friday"),
            ("friday at 3 pm", Some("15:00"), "friday"),
            ("3 pm friday", Some("15:00"), "friday"),
            ("friday at 3", Some("03:00 or later"), "friday"),
            ("friday at 3 o'clock", Some("03:00 or later"), "friday"),
            ("friday 11:30", Some("11:30"), "friday"),
            ("friday 9:30", Some("09:30 or later"), "friday"),
            ("friday at 11", Some("11:00 or later"), "friday"),
            ("friday afternoon at 3", Some("15:00"), "friday"),
            ("friday morning at 9", Some("09:00"), "friday"),
            ("12 noon on friday", Some("12:00"), "on friday"),
            ("friday at midnight", Some("00:00"), "friday"),
            ("friday 12 am", Some("00:00"), "friday"),
            ("friday 12 pm", Some("12:00"), "friday"),
            ("friday afternoon", None, "friday afternoon"),
            ("завтра ввечері о 6", Some("18:00"), "завтра"),
            ("завтра о 16-й", Some("16:00"), "завтра"),
            ("friday at 12", Some("12:00"), "friday"),
            ("friday at 03:00", Some("03:00"), "friday"),
            ("friday 3am", Some("03:00"), "friday"),
            ("friday at 3 a.m.", Some("03:00"), "friday"),
            ("friday at 3 in the afternoon", Some("15:00"), "friday"),
            ("at 9 in the morning on friday", Some("09:00"), "on friday"),
            ("завтра о 3", Some("03:00 or later"), "завтра"),
            ("завтра о 3 годині дня", Some("15:00"), "завтра"),
            ("завтра 5 вечора", Some("17:00"), "завтра"),
            ("завтра о 15 дня", Some("15:00"), "завтра"),
            ("3 дня", None, "3 дня"),
            ("tomorrow at 15", Some("15:00"), "tomorrow"),
            ("завтра о 15:30", Some("15:30"), "завтра"),
            ("5.12 10:00", Some("10:00"), "5.12"),
            ("5.12 at 10.00", Some("10:00"), "5.12"),
            ("2026-12-03 11:00", Some("11:00"), "2026-12-03"),
            ("10.12", None, "10.12"),
            ("next week", None, "next week"),
        ];
        for (text, time, rest) in each {
            let (found, left) = without_time(&text.split_whitespace().collect::<Vec<_>>());
            let later = |typed: &TypedTime| if typed.or_after_noon { " or later" } else { "" };
            let found = found.map(|typed| format!("{}{}", typed.time.format("%H:%M"), later(&typed)));
            assert_eq!((found.as_deref(), left.join(" ").as_str()), (time, rest), "{text}");
        }
    }
}
