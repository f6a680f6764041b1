//! The words for days and times, in English and Ukrainian, one by one. Knows nothing about their order.

use chrono::{NaiveDate, Weekday};

use super::figures::dates;
use crate::domain::language::Language;

/// A word, in whichever language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    This,
    Next,
    Coming,
    After,
    And,
    In,
    End,
    Rest,
    Day,
    Week,
    Month,
    Year,
    Today,
    Tomorrow,
    Overmorrow,
    Number(u32),
    Weekday(Weekday),
    MonthName(u32),
    Written(Vec<NaiveDate>),
    Other,
}

/// Words that say nothing about time.
const FILLERS: [&str; 50] = [
    "the",
    "a",
    "an",
    "on",
    "of",
    "for",
    "at",
    "my",
    "our",
    "your",
    "me",
    "us",
    "meeting",
    "meetings",
    "round",
    "rounds",
    "one",
    "ones",
    "call",
    "calls",
    "chat",
    "it",
    "time",
    "date",
    "just",
    "only",
    "all",
    "whole",
    "entire",
    "during",
    "date's",
    "coffee",
    "на",
    "у",
    "в",
    "о",
    "об",
    "зі",
    "із",
    "з",
    "мою",
    "мене",
    "нашу",
    "лише",
    "тільки",
    "весь",
    "увесь",
    "число",
    "числа",
    "року",
];

/// Whether a word says nothing about time.
pub fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word) || word.starts_with("зустріч") || word.starts_with("раунд")
}

/// Whether the word means a meeting; “second” may be the second meeting or the second of the month.
pub(super) fn names_a_meeting(word: &str) -> bool {
    matches!(word, "meeting" | "meetings" | "round" | "rounds" | "one" | "ones" | "call" | "calls" | "chat")
        || word.starts_with("зустріч")
        || word.starts_with("раунд")
}

/// “2w” as it is meant: the number and the unit.
pub(super) fn glued(word: &str) -> Vec<String> {
    let at = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let (number, rest) = word.split_at(at);
    let unit = match rest {
        "w" => Some("weeks"),
        "d" => Some("days"),
        "mo" | "mos" => Some("months"),
        rest if is_unit(rest) && !rest.starts_with('-') => Some(rest),
        _ => None,
    };
    match unit {
        Some(unit) if at > 0 => vec![number.to_owned(), unit.to_owned()],
        _ if matches!(word, "w") => vec!["weeks".to_owned()],
        _ => vec![word.to_owned()],
    }
}

pub(super) fn is_unit(word: &str) -> bool {
    matches!(unit(word), Some(Word::Day | Word::Week | Word::Month))
}

/// Without the apostrophes that differ from keyboard to keyboard, and without a possessive s.
pub(super) fn plain(word: &str) -> String {
    let word = word.replace(['’', 'ʼ', '‘', '`', '´'], "'");
    word.strip_suffix("'s").or(word.strip_suffix("s'")).unwrap_or(&word).to_owned()
}

pub(super) fn word(text: &str, language: Language, today: NaiveDate) -> Word {
    let same = match text {
        "this" | "current" | "цей" | "цього" | "цьому" | "ця" | "цю" | "цієї" | "ці" => {
            Some(Word::This)
        }
        "next" | "following" => Some(Word::Next),
        "coming" | "upcoming" => Some(Word::Coming),
        "after" | "після" => Some(Word::After),
        "and" | "&" | "+" | "і" | "й" | "та" => Some(Word::And),
        "in" | "within" | "через" | "за" => Some(Word::In),
        "end" | "кінець" | "кінця" | "кінці" => Some(Word::End),
        "rest" | "remainder" | "решту" | "решта" => Some(Word::Rest),
        "today" | "tonight" | "сьогодні" => Some(Word::Today),
        "tomorrow" | "tmrw" | "завтра" => Some(Word::Tomorrow),
        "overmorrow" | "післязавтра" => Some(Word::Overmorrow),
        _ => None,
    };
    let stem = || match text {
        _ if text.starts_with("наступн") => Some(Word::Next),
        _ if text.starts_with("найближч") => Some(Word::Coming),
        _ => None,
    };
    same.or_else(stem)
        .or_else(|| unit(text))
        .or_else(|| number(text).map(Word::Number))
        .or_else(|| weekday(text).map(Word::Weekday))
        .or_else(|| month_name(text).map(Word::MonthName))
        .or_else(|| Some(dates(text, language, today)).filter(|dates| !dates.is_empty()).map(Word::Written))
        .unwrap_or(Word::Other)
}

fn unit(text: &str) -> Option<Word> {
    Some(match text {
        "day" | "days" | "день" | "дні" | "днів" | "дня" => Word::Day,
        "week" | "weeks" | "wk" | "wks" => Word::Week,
        "month" | "months" => Word::Month,
        "year" | "рік" | "року" => Word::Year,
        _ if text.starts_with("тиж") => Word::Week,
        _ if text.starts_with("місяц") => Word::Month,
        _ if strsim::osa_distance(text, "weeks") <= 1 || strsim::osa_distance(text, "week") <= 1 && text.len() >= 4 => {
            Word::Week
        }
        _ => return None,
    })
}

/// Endings that make a number an ordinal.
const ENDINGS: [&str; 13] = ["st", "nd", "rd", "th", "-ого", "-го", "-ше", "-те", "-тє", "-є", "-е", "-му", "го"];

/// Whether it is the number of a day rather than a number of days.
pub(super) fn is_ordinal(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && number(text).is_some()
        && ENDINGS.iter().any(|ending| text.ends_with(ending))
}

pub(super) fn number(text: &str) -> Option<u32> {
    let words = [
        (1, ["one", "один", "одну"]),
        (2, ["two", "два", "дві"]),
        (3, ["three", "три", "трьох"]),
        (4, ["four", "чотири", "чотирьох"]),
        (5, ["five", "п'ять", "п'яти"]),
        (6, ["six", "шість", "шести"]),
        (7, ["seven", "сім", "семи"]),
        (8, ["eight", "вісім", "восьми"]),
        (2, ["couple", "пару", "пара"]),
    ];
    if let Some((number, _)) = words.iter().find(|(_, words)| words.contains(&text)) {
        return Some(*number);
    }
    let digits = ENDINGS.iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text);
    if digits.bytes().all(|it| it.is_ascii_digit()) { digits.parse().ok() } else { None }
}

const WEEKDAYS: [(Weekday, &str, &str, &str); 7] = [
    (Weekday::Mon, "monday", "понеділ", "пн"),
    (Weekday::Tue, "tuesday", "вівтор", "вт"),
    (Weekday::Wed, "wednesday", "серед", "ср"),
    (Weekday::Thu, "thursday", "четвер", "чт"),
    (Weekday::Fri, "friday", "п'ятниц", "пт"),
    (Weekday::Sat, "saturday", "субот", "сб"),
    (Weekday::Sun, "sunday", "неділ", "нд"),
];

/// Whether the word names a day of the week.
pub(super) fn is_weekday(text: &str) -> bool {
    weekday(text).is_some()
}

fn weekday(text: &str) -> Option<Weekday> {
    let is = |(_, name, stem, short): &&(Weekday, &str, &str, &str)| {
        text == *short
            || text.starts_with(stem)
            || (3..).contains(&text.len()) && name.starts_with(text)
            || text == "weds" && *name == "wednesday"
            || text.len() >= 6 && strsim::osa_distance(text, name) <= 1
            || text.len() >= 6 && text.strip_suffix('s') == Some(name)
    };
    WEEKDAYS.iter().find(is).map(|(weekday, ..)| *weekday)
}

const MONTHS: [(&str, &str); 12] = [
    ("january", "січ"),
    ("february", "лют"),
    ("march", "берез"),
    ("april", "квіт"),
    ("may", "трав"),
    ("june", "черв"),
    ("july", "лип"),
    ("august", "серп"),
    ("september", "верес"),
    ("october", "жовт"),
    ("november", "листопад"),
    ("december", "груд"),
];

/// Whether the word names a month.
pub fn is_month(word: &str) -> bool {
    month_name(word).is_some()
}

fn month_name(text: &str) -> Option<u32> {
    let is = |(name, stem): &(&str, &str)| {
        text.starts_with(stem)
            || text.len() >= 3 && name.starts_with(text)
            || text.len() >= 6 && strsim::osa_distance(text, name) <= 1
    };
    MONTHS.iter().position(is).and_then(|at| u32::try_from(at + 1).ok())
}
