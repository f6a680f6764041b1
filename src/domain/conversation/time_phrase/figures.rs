//! Days and times in figures: 2027-01-10, 10.01.2027, 5.12, 12/03/2026, 15:20, 3 pm. Knows no words.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike};

use crate::domain::language::Language;

/// Anything else read as a year is a typo, or mischief.
pub(super) const YEARS: RangeInclusive<i32> = 2000..=2199;

/// The days that a date in figures can mean, except days that are over: 2027-01-10, 10.01.2027, 5.12, 12/03/2026; or an
/// instant, whose day counts. A date with slashes begins with the day or, elsewhere, with the month.
pub fn dates(text: &str, language: Language, today: NaiveDate) -> Vec<NaiveDate> {
    let text = text.trim();
    let text = text.get(..10).filter(|_| matches!(text.as_bytes().get(10), Some(b't' | b'T' | b' '))).unwrap_or(text);
    let Some(mark) = text.chars().find(|c| ['.', '/', '-'].contains(c)) else { return Vec::new() };
    let text = text.trim_end_matches('.');
    let is_figure = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit());
    let parts: Vec<&str> = text.split(mark).collect();
    if !parts.iter().all(|part| is_figure(part)) {
        return Vec::new();
    }
    let figures: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let of = |year: Option<u32>, month: u32, day: u32| {
        let date = match year {
            Some(year) => NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?,
            None => next_such(month, day, today)?,
        };
        Some(date).filter(|date| YEARS.contains(&date.year()) && *date >= today)
    };
    let year = |at: usize| match parts[at].len() {
        4 => Some(figures[at]),
        2 => Some(2000 + figures[at]),
        _ => None,
    };
    match figures[..] {
        [full, month, day] if parts[0].len() == 4 => of(Some(full), month, day).into_iter().collect(),
        // A year alone has four digits.
        _ if parts[..parts.len() - 1].iter().any(|part| part.len() > 2) => Vec::new(),
        [a, b, _] if year(2).is_some() => in_order(language, mark, of(year(2), b, a), of(year(2), a, b)),
        [a, b] if parts[1].len() <= 2 && mark != '-' => in_order(language, mark, of(None, b, a), of(None, a, b)),
        _ => Vec::new(),
    }
}

/// The readings with the day first and with the month first, in the order that the language and the separator suggest.
fn in_order(
    language: Language,
    mark: char,
    day_first: Option<NaiveDate>,
    month_first: Option<NaiveDate>,
) -> Vec<NaiveDate> {
    match (day_first, month_first) {
        (day_first, _) if mark != '/' => day_first.into_iter().collect(),
        (Some(date), _) if language == Language::Ukrainian => vec![date],
        (a, b) => {
            let mut both: Vec<NaiveDate> = a.into_iter().chain(b).collect();
            both.dedup();
            both
        }
    }
}

/// The next occurrence of that day and month.
pub(super) fn next_such(month: u32, day: u32, today: NaiveDate) -> Option<NaiveDate> {
    (today.year()..=today.year() + 4)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|it| *it >= today)
}

/// A time of day as people and programs write it: 15:20, 15.20, 15h20, 15h, 3 pm, 3:20 P.M., 15:20:00, or that of an
/// instant.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let lower: String = text.to_lowercase().split_whitespace().collect();
    if matches!(&*lower, "midnight" | "опівночі") {
        return NaiveTime::from_hms_opt(0, 0, 0);
    }
    let lower = lower.split_once('t').map_or(&*lower, |(_, time)| time);
    if matches!(lower, "noon" | "midday" | "полудень" | "опівдні") {
        return NaiveTime::from_hms_opt(12, 0, 0);
    }
    let half = [("a.m.", 0), ("p.m.", 12), ("a.m", 0), ("p.m", 12), ("am", 0), ("pm", 12)];
    let half = half.iter().find_map(|(sign, after)| lower.strip_suffix(sign).map(|clock| (clock, *after)));
    let clock = half.map_or(lower, |(clock, _)| clock);
    let clock = clock.trim_end_matches('z').split(['+', '-']).next().unwrap_or_default();
    let clock = clock.split_once(',').map_or(clock, |(clock, _)| clock);
    let hours = ["год", "h", "г"].into_iter().find_map(|sign| clock.split_once(sign));
    let hours = hours.map(|(hour, minute)| format!("{hour}:{}", if minute.is_empty() { "00" } else { minute }));
    let clock = hours.as_deref().unwrap_or(clock);
    let parts: Vec<&str> = clock.split([':', '.']).collect();
    // 09.12.26 is a day.
    if !clock.contains(':') && parts.len() > 2 {
        return None;
    }
    let figures = parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit()));
    let minutes = parts.get(1).is_none_or(|part| part.len() == 2);
    if !figures || !minutes || parts.len() > 4 || (parts.len() == 1 && half.is_none()) {
        return None;
    }
    let part = |at: usize| parts.get(at).map_or(Some(0), |part| part.parse::<u32>().ok());
    let hour = match (half, part(0)?) {
        (Some((_, after)), hour @ 1..=12) => hour % 12 + after,
        (_, hour) => hour,
    };
    NaiveTime::from_hms_opt(hour, part(1)?, 0)
}

/// A time of day that somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypedTime {
    /// The time, before noon if that is open.
    pub time: NaiveTime,
    /// Whether it can also be the same time after noon: “at 3”, “3:30”, but not “03:30”, “10:00” or “3 am”.
    pub or_after_noon: bool,
}

impl TypedTime {
    /// The time that is meant by somebody who works at some times of that day. If they work at neither, it is before
    /// noon from 7:00 on.
    pub fn meant(self, works: impl Fn(NaiveTime) -> bool) -> NaiveTime {
        let later = self.time + TimeDelta::hours(12);
        let is_later = match (works(self.time), works(later)) {
            (false, false) => self.time.hour() < 7,
            (before_noon, _) => !before_noon,
        };
        if self.or_after_noon && is_later { later } else { self.time }
    }
}

/// Whether words begin with what only follows an hour: “pm”, “o'clock”, “вечора”.
pub fn follows_an_hour(words: &[&str]) -> bool {
    words.first().is_some_and(is_clock) || half_of_day(words).is_some()
}

/// Removes the time of day from words, if there is one; returns the rest as well.
pub fn without_time<'a>(words: &[&'a str]) -> (Option<TypedTime>, Vec<&'a str>) {
    let at = |word: &str| ["at", "@", "о", "об"].contains(&word);
    if let Some((time, rest)) = instant_apart(words) {
        return (Some(TypedTime { time, or_after_noon: false }), rest);
    }
    for (place, word) in words.iter().enumerate() {
        let before = place.checked_sub(1).filter(|place| at(words[*place]));
        let clock = place + 1 + usize::from(words.get(place + 1).is_some_and(is_clock));
        let half = half_of_day(&words[clock..]).filter(|half| !half.may_be_days || before.is_some());
        // 10.12 is a day unless something says that it is a time.
        let is_day = word.contains('.') && before.is_none() && half.is_none() && is_day_and_month(word);
        let full = time_of_day(word).filter(|_| !is_day && !word.contains('-'));
        let is_hour = before.is_some() || half.is_some() || clock > place + 1;
        let figures = if before.is_some() { word.trim_end_matches("-й").trim_end_matches("-ій") } else { word };
        let hour = || figures.parse().ok().filter(|_| is_hour).and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
        let Some(time) = full.or_else(hour) else { continue };
        let until = clock + half.as_ref().map_or(0, |half| half.words);
        let mut rest = [&words[..before.unwrap_or(place)], &words[until..]].concat();
        let part = rest.iter().position(|word| part_of_day(word).is_some()).filter(|_| half.is_none());
        let after = half.map(|half| half.after).or_else(|| part.and_then(|place| part_of_day(rest[place])));
        part.map(|place| rest.remove(place));
        let after = after.filter(|_| (1..=12).contains(&time.hour()));
        let typed = match after {
            Some(after) => {
                let time = time.with_hour(time.hour() % 12 + after).unwrap_or(time);
                TypedTime { time, or_after_noon: false }
            }
            None => {
                // “10:00” is the morning where a day has 24 hours; “3:30” may be anything.
                let is_bare = figures.bytes().all(|byte| byte.is_ascii_digit());
                let is_one_figure = figures.bytes().take_while(u8::is_ascii_digit).count() == 1;
                let is_open = is_bare || (is_one_figure && !figures.ends_with(['m', '.']));
                let or_after_noon = is_open && !figures.starts_with('0') && (1..12).contains(&time.hour());
                TypedTime { time, or_after_noon }
            }
        };
        return (Some(typed), rest);
    }
    (None, words.to_vec())
}

/// Takes apart a day and a time in one word, as programs write them: 2026-12-03T10:30.
fn instant_apart<'a>(words: &[&'a str]) -> Option<(NaiveTime, Vec<&'a str>)> {
    words.iter().enumerate().filter(|(_, word)| !has_offset(word)).find_map(|(place, word)| {
        let (day, time) = day_and_time(word)?;
        Some((time_of_day(time)?, [&words[..place], &[day], &words[place + 1..]].concat()))
    })
}

/// Whether a word is a day and a time with an offset, such as 2026-12-03T10:30Z: that is another time for everybody.
pub(super) fn has_offset(word: &str) -> bool {
    day_and_time(word).is_some_and(|(_, time)| time.ends_with(['z', 'Z']) || time.contains(['+', '-']))
}

fn day_and_time(word: &str) -> Option<(&str, &str)> {
    word.split_once(['t', 'T']).filter(|(day, _)| day.parse::<NaiveDate>().is_ok())
}

fn is_clock(word: &&str) -> bool {
    ["o'clock", "o’clock", "oclock", "годині", "год"].contains(word)
}

/// Words that say which half of the day is meant.
struct HalfOfDay {
    words: usize,
    /// The hours that they add.
    after: u32,
    /// Whether they can also mean a number of days.
    may_be_days: bool,
}

/// The half of the day that words begin with.
fn half_of_day(words: &[&str]) -> Option<HalfOfDay> {
    let (count, after) = match words {
        ["am" | "a.m" | "a.m." | "ранку" | "midnight" | "ночі", ..] => (1, 0),
        ["pm" | "p.m" | "p.m." | "вечора" | "дня" | "noon" | "midday", ..] => (1, 12),
        ["in", "the", "morning", ..] => (3, 0),
        ["in", "the", "afternoon" | "evening", ..] => (3, 12),
        _ => return None,
    };
    Some(HalfOfDay { words: count, after, may_be_days: words.first() == Some(&"дня") })
}

/// The hours that a word adds to a time that stands elsewhere: “Friday afternoon at 3”.
fn part_of_day(word: &str) -> Option<u32> {
    match word {
        "morning" | "вранці" | "зранку" | "уранці" => Some(0),
        "afternoon" | "evening" | "вдень" | "удень" | "ввечері" | "увечері" => Some(12),
        _ => None,
    }
}

fn is_day_and_month(word: &str) -> bool {
    let parts: Vec<u32> = word.split('.').filter_map(|part| part.parse().ok()).collect();
    matches!(parts[..], [day, month] if NaiveDate::from_ymd_opt(2028, month, day).is_some())
}
