//! The words and signs of written working hours: days, times, dashes and commas, however people write them. Does not
//! know what they mean together.

use std::fmt;

use super::weekdays::{Weekdays, days_named};

/// A word or a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// The name of one or several days.
    Days(Weekdays),
    /// A time of day.
    Time(Clock),
    /// Between the two ends of a range.
    Dash,
    /// Between two items of a list.
    Comma,
    /// A word that says that nobody works then, such as “off”.
    Off,
}

/// A time of day as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// In minutes; 24:00 at most.
    pub(super) minute: u16,
    pub(super) second: u16,
    /// Whether AM or PM is written; none if neither is.
    pub(super) half: Option<Half>,
}

/// Before or after noon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
}

const DASHES: [char; 9] = ['-', '–', '—', '−', '‐', '‑', '~', '→', '…'];
const COMMAS: [char; 8] = [',', ';', '/', '+', '&', '|', '\n', '،'];
const TO: [&str; 9] = ["to", "till", "til", "until", "through", "thru", "bis", "до", "по"];
const AND: [&str; 7] = ["and", "und", "та", "і", "й", "plus", "also"];
const FILLERS: [&str; 13] = ["from", "von", "between", "з", "із", "с", "at", "um", "h", "uhr", "год", "hrs", "jeweils"];
const OFF: [&str; 8] = ["off", "closed", "free", "frei", "none", "geschlossen", "вихідний", "вільний"];

/// The tokens of a text.
///
/// # Errors
/// The error names the word or time that is not understood.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    let mut tokens = Vec::new();
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        if let Some(dots) = rest.strip_prefix("..") {
            tokens.push(Token::Dash);
            rest = dots.trim_start_matches('.');
        } else if DASHES.contains(&letter) {
            tokens.push(Token::Dash);
            rest = after;
        } else if COMMAS.contains(&letter) {
            tokens.push(Token::Comma);
            rest = after;
        } else if letter.is_ascii_digit() {
            let (clock, after) = time(rest)?;
            tokens.push(Token::Time(clock));
            rest = after;
        } else if letter.is_alphabetic() {
            let len = rest.find(|c: char| !(c.is_alphabetic() || ".'’ʼ`‘".contains(c))).unwrap_or(rest.len());
            let (word, after) = rest.split_at(len);
            // “Mon..Thu” is a range.
            let word = word.split("..").next().unwrap_or(word);
            rest = if word.len() < len { &rest[word.len()..] } else { after };
            tokens.extend(self::word(word)?);
        } else if letter.is_whitespace() || ":().[]".contains(letter) {
            rest = after;
        } else {
            return Err(format!("“{letter}” is not understood"));
        }
    }
    Ok(tokens)
}

fn word(word: &str) -> Result<Option<Token>, String> {
    let bare = word.trim_end_matches('.');
    let at = |minute| Some(Token::Time(Clock { minute, second: 0, half: Some(Half::Pm) }));
    Ok(match bare {
        _ if TO.contains(&bare) => Some(Token::Dash),
        _ if AND.contains(&bare) => Some(Token::Comma),
        _ if FILLERS.contains(&bare) => None,
        _ if OFF.contains(&bare) => Some(Token::Off),
        "noon" | "midday" | "mittag" => at(12 * 60),
        "midnight" | "mitternacht" => Some(Token::Time(Clock { minute: 24 * 60, second: 0, half: None })),
        _ => Some(Token::Days(days_named(word).ok_or_else(|| format!("“{word}” is not understood"))?)),
    })
}

/// A time such as `9`, `09:00`, `9.30`, `9h30`, `0900`, `17:30:00`, `9 am`; and what comes after it.
fn time(text: &str) -> Result<(Clock, &str), String> {
    let (hour, mut rest) = digits(text);
    let mut parts = vec![hour];
    while parts.len() < 3 && hour.len() <= 2 {
        let separated =
            rest.strip_prefix([':', '.', '：']).or_else(|| rest.strip_prefix('h').filter(|_| parts.len() == 1));
        let Some((part, after)) = separated.map(digits).filter(|(part, _)| part.len() == 2) else { break };
        parts.push(part);
        rest = after;
    }
    // Some exports add this after the seconds.
    if let (3, Some((fraction, after))) = (parts.len(), rest.strip_prefix(['.', ',']).map(digits))
        && !fraction.is_empty()
        && fraction.bytes().all(|digit| digit == b'0')
    {
        rest = after;
    }
    if hour.len() == 4 || hour.len() == 3 {
        let (hour, minute) = hour.split_at(hour.len() - 2);
        parts = vec![hour, minute];
    }
    let (half, after) = half(rest);
    let shown = || text[..text.len() - after.len()].trim();
    let number = |at: usize| parts.get(at).map_or(Ok(0), |part| part.parse::<u16>());
    let fault = || format!("“{}” is not a time such as 15:10", shown());
    let [hour, minute, second] = [number(0), number(1), number(2)].map(|part| part.map_err(|_| fault()));
    let (hour, minute, second) = (hour?, minute?, second?);
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return Err(fault()),
        Some(Half::Am) => hour % 12,
        Some(Half::Pm) => hour % 12 + 12,
        None => hour,
    };
    if hour > 24 || minute > 59 || second > 59 || hour == 24 && minute + second > 0 {
        return Err(fault());
    }
    Ok((Clock { minute: hour * 60 + minute, second, half }, after))
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn half(text: &str) -> (Option<Half>, &str) {
    let trimmed = text.trim_start();
    for (words, half) in [(["a.m.", "am", "a.m", "a"], Half::Am), (["p.m.", "pm", "p.m", "p"], Half::Pm)] {
        for word in words {
            if let Some(after) = trimmed.strip_prefix(word)
                && !after.starts_with(char::is_alphabetic)
            {
                return (Some(half), after);
            }
        }
    }
    (None, text)
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "“{days}”"),
            Self::Time(Clock { minute, .. }) => write!(f, "“{:02}:{:02}”", minute / 60, minute % 60),
            Self::Dash => f.write_str("a dash"),
            Self::Comma => f.write_str("a comma"),
            Self::Off => f.write_str("“off”"),
        }
    }
}
