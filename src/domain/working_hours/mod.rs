//! Working hours as they are written for one person or for everybody: spans of a day, for every day or for named ones.
//! Knows no zone, no date and no roster; [`schedule`] says whose they are.

mod lexer;
pub mod schedule;
pub mod weekdays;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::Weekday;

use self::lexer::{Clock, Token, tokens};
use self::weekdays::{WEEK, Weekdays, take_days};

/// The length of a day, in minutes.
pub const DAY: u16 = 24 * 60;

/// A span of working time, in minutes after the midnight with which its day begins: `from` before `to`. A span that
/// ends after 24:00 runs into the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first minute of the span.
    pub from: u16,
    /// The minute after the last one.
    pub to: u16,
}

/// Working hours as they are written; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hours(Arc<Written>);

#[derive(Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Written {
    /// The spans on days that are not named.
    others: Vec<Span>,
    named: Weekdays,
    /// By day from Monday on, the spans on days that are named.
    days: [Vec<Span>; 7],
}

/// The longest time, in minutes, that anybody works through a night: beyond it, the ends are swapped, or AM and PM are
/// missing.
const LONGEST_NIGHT: u16 = 12 * 60;

impl Hours {
    /// The same span on every day.
    pub fn daily(span: Span) -> Self {
        Self(Arc::new(Written { others: vec![span], ..Written::default() }))
    }

    /// The days that are named with hours of their own, if no hours are given for other days.
    pub fn days(&self) -> Option<Weekdays> {
        let worked = |day: &Weekday| !self.0.days[day.num_days_from_monday() as usize].is_empty();
        let days = self.0.named.iter().filter(worked).fold(Weekdays::default(), |all, day| all.union(day.into()));
        self.0.others.is_empty().then_some(days)
    }

    /// The spans of a day, ascending, without overlap.
    pub fn on(&self, day: Weekday) -> &[Span] {
        if self.0.named.contains(day) { &self.0.days[day.num_days_from_monday() as usize] } else { &self.0.others }
    }

    /// When work begins on a day, in minutes; if there are no hours for it, when it begins on other days.
    pub fn begin(&self, day: Weekday) -> u16 {
        self.on(day).first().or(self.usual().first()).map_or(0, |span| span.from)
    }

    /// The hours that are written first.
    fn usual(&self) -> &[Span] {
        let first = || WEEK.iter().map(|day| self.on(*day)).find(|spans| !spans.is_empty());
        if self.0.others.is_empty() { first().unwrap_or_default() } else { &self.0.others }
    }
}

impl FromStr for Hours {
    type Err = String;

    /// Parses `09:00-17:30`, `9-17`, `9:00 AM - 5:30 PM`, `09:00-12:00, 13:00-17:00`, `22:00-06:00`, also with days
    /// before or after the hours, as in `Mon-Thu 09:00-17:30, Fri 09:00-13:00`.
    fn from_str(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut rest = tokens.as_slice();
        let mut written = Written::default();
        while !rest.is_empty() {
            let (before, after) = take_days(rest);
            let (spans, after) = take_spans(after)?;
            let (days, after) = if before.is_some() { (before, after) } else { take_days(after) };
            if let Some(days) = days {
                written.named = written.named.union(days);
                days.iter().for_each(|day| written.days[day.num_days_from_monday() as usize].extend(&spans));
            } else {
                written.others.extend(spans);
            }
            rest = after.strip_prefix(&[Token::Comma]).unwrap_or(after);
        }
        written.days.iter_mut().chain([&mut written.others]).for_each(join);
        if written.others.is_empty() && written.days.iter().all(Vec::is_empty) {
            return Err(HOW.to_owned());
        }
        Ok(Self(Arc::new(written)))
    }
}

const HOW: &str = "write working hours as 09:00-17:30";

/// The spans at the beginning of the tokens, and the rest of the tokens.
fn take_spans(tokens: &[Token]) -> Result<(Vec<Span>, &[Token]), String> {
    let (mut spans, mut rest) = (Vec::new(), tokens);
    loop {
        match rest {
            [Token::Time(from), Token::Dash, Token::Time(to), after @ ..] => {
                spans.push(span(*from, *to)?);
                rest = after;
            }
            [Token::Comma, Token::Time(_), ..] if !spans.is_empty() => rest = &rest[1..],
            [Token::Off, after @ ..] if spans.is_empty() => return Ok((spans, after)),
            _ if !spans.is_empty() => return Ok((spans, rest)),
            _ => return Err(HOW.to_owned()),
        }
    }
}

fn span(from: Clock, to: Clock) -> Result<Span, String> {
    let [start, end] = completed(from, to);
    let start = start % DAY + u16::from(from.second > 0);
    // 23:59:59 is the end of the day.
    let end = end + u16::from(to.second == 59);
    let night = end < start && end + DAY - start <= LONGEST_NIGHT;
    match end {
        _ if start < end => Ok(Span { from: start, to: end }),
        _ if night => Ok(Span { from: start, to: end + DAY }),
        _ if end < start => Err("the hours end before they begin".to_owned()),
        _ => Err("the hours end when they begin".to_owned()),
    }
}

/// If only one end says AM or PM, the other is read so that the span is shorter: `9-5:30 PM`, `1-5 PM`.
fn completed(from: Clock, to: Clock) -> [u16; 2] {
    let readings = |clock: Clock, other: Clock| -> Vec<u16> {
        let open = clock.half.is_none() && other.half.is_some() && (1..=12).contains(&(clock.minute / 60));
        if open { vec![clock.minute % (DAY / 2), clock.minute % (DAY / 2) + DAY / 2] } else { vec![clock.minute] }
    };
    let ends = readings(to, from);
    let all = readings(from, to).into_iter().flat_map(|start| ends.iter().map(move |end| [start, *end]));
    let length = |[start, end]: &[u16; 2]| (DAY + end - start) % DAY;
    all.filter(|ends| length(ends) > 0).min_by_key(length).unwrap_or([from.minute, to.minute])
}

/// Sorts spans, and merges those that overlap or touch.
fn join(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    spans.dedup_by(|next, before| {
        let joined = next.from <= before.to;
        if joined {
            before.to = before.to.max(next.to);
        }
        joined
    });
}

impl fmt::Display for Hours {
    /// As `09:00-17:30`, or `Mon-Thu 09:00-17:30; Fri 09:00-13:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups: Vec<(Weekdays, &[Span])> = Vec::new();
        for day in self.0.named.iter() {
            match groups.iter_mut().find(|(_, spans)| *spans == self.on(day)) {
                Some((days, _)) => *days = days.union(day.into()),
                None => groups.push((day.into(), self.on(day))),
            }
        }
        let named = groups.iter().map(|(days, spans)| format!("{days} {}", Spans(spans)));
        let others = (!self.0.others.is_empty()).then(|| Spans(&self.0.others).to_string());
        f.write_str(&others.into_iter().chain(named).collect::<Vec<_>>().join("; "))
    }
}

struct Spans<'a>(&'a [Span]);

impl fmt::Display for Spans<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("off");
        }
        let each = self.0.iter().map(|Span { from, to }| {
            let to = if *to > DAY { to - DAY } else { *to };
            format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
        });
        f.write_str(&each.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written, and which hours it means. One line per case.
    const CASES: &[(&str, &str)] = &[
        ("09:00-17:30", "09:00-17:30"),
        ("9:00 – 17:00", "09:00-17:00"),
        ("9-17", "09:00-17:00"),
        ("9 — 17", "09:00-17:00"),
        ("8.30-17.00", "08:30-17:00"),
        ("8h30-17h", "08:30-17:00"),
        ("0830-1700", "08:30-17:00"),
        ("900-1730", "09:00-17:30"),
        ("09:00:00-17:30:00", "09:00-17:30"),
        ("09:00:00.000 - 17:30:00.000", "09:00-17:30"),
        ("00:00:00-23:59:59", "00:00-24:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("9:00 AM - 5:30 PM", "09:00-17:30"),
        ("9am-5pm", "09:00-17:00"),
        ("9 a.m. to 5:30 p.m.", "09:00-17:30"),
        ("9:00:00 AM-5:30:00 PM", "09:00-17:30"),
        ("12 PM - 8 PM", "12:00-20:00"),
        ("12:00 AM - 8:00 AM", "00:00-08:00"),
        ("9 - 5:30 PM", "09:00-17:30"),
        ("1-5 PM", "13:00-17:00"),
        ("10 AM - 6", "10:00-18:00"),
        ("11-7 pm", "11:00-19:00"),
        ("9am - noon, 1pm - 5pm", "09:00-12:00, 13:00-17:00"),
        ("from 9 to 17", "09:00-17:00"),
        ("von 8 bis 16:30 Uhr", "08:00-16:30"),
        ("8:00 Uhr bis 16:30 Uhr", "08:00-16:30"),
        ("з 9 до 18", "09:00-18:00"),
        ("09:00-12:00,13:00-17:00", "09:00-12:00, 13:00-17:00"),
        ("09:00-12:00 / 13:00-17:00", "09:00-12:00, 13:00-17:00"),
        ("9-12 and 13-17", "09:00-12:00, 13:00-17:00"),
        ("9-12 13-17", "09:00-12:00, 13:00-17:00"),
        ("13-17; 9-12", "09:00-12:00, 13:00-17:00"),
        ("9-12,12-17", "09:00-17:00"),
        ("22:00-06:00", "22:00-06:00"),
        ("10 PM - 6 AM", "22:00-06:00"),
        ("20:00-00:00", "20:00-24:00"),
        ("8 pm - 12 am", "20:00-24:00"),
        ("9 pm to midnight", "21:00-24:00"),
        ("22-24, 0-6", "00:00-06:00, 22:00-24:00"),
        ("Mon-Thu 09:00-17:30, Fri 09:00-13:00", "Mon-Thu 09:00-17:30; Fri 09:00-13:00"),
        ("Mon-Thu: 09:00-17:30; Fri: 09:00-13:00", "Mon-Thu 09:00-17:30; Fri 09:00-13:00"),
        ("Mo-Do 9-17:30, Fr 9-13", "Mon-Thu 09:00-17:30; Fri 09:00-13:00"),
        ("пн–чт 9:00–17:30, пт 9:00–13:00", "Mon-Thu 09:00-17:30; Fri 09:00-13:00"),
        ("9-17:30 Mon-Thu, 9-13 Fri", "Mon-Thu 09:00-17:30; Fri 09:00-13:00"),
        ("09:00-17:30 (Mon-Fri)", "Mon-Fri 09:00-17:30"),
        ("09:00-17:30, Fri 09:00-13:00", "09:00-17:30; Fri 09:00-13:00"),
        ("Mon, Wed 9-12, 13-17; Tue 9-12", "Mon, Wed 09:00-12:00, 13:00-17:00; Tue 09:00-12:00"),
        ("Mon 9-12, Mon 13-17", "Mon 09:00-12:00, 13:00-17:00"),
        ("Sun-Thu 8-16", "Mon-Thu, Sun 08:00-16:00"),
        ("9-17, Fri off", "09:00-17:00; Fri off"),
        ("Fri 22:00-06:00", "Fri 22:00-06:00"),
    ];

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (written, meant) in CASES {
            let hours = written.parse::<Hours>().map(|hours| hours.to_string());
            assert_eq!(hours.as_deref(), Ok(*meant), "{written}");
        }
    }

    #[test]
    fn hours_that_are_shown_are_read_as_the_same() {
        for (written, meant) in CASES {
            assert_eq!(written.parse::<Hours>(), meant.parse(), "{written}");
        }
    }

    #[test]
    fn what_are_no_hours_says_why() {
        let cases = [
            ("", HOW),
            ("9", HOW),
            ("9-", HOW),
            ("Mon-Fri", HOW),
            ("off", HOW),
            ("17:30-09:00", "the hours end before they begin"),
            ("17:00-9:00", "the hours end before they begin"),
            ("9-5", "the hours end before they begin"),
            ("9-9", "the hours end when they begin"),
            ("25:00-26:00", "“25:00” is not a time such as 15:10"),
            ("9:60-17:00", "“9:60” is not a time such as 15:10"),
            ("24:30-25:00", "“24:30” is not a time such as 15:10"),
            ("13 AM - 2 PM", "“13 am” is not a time such as 15:10"),
            ("flexible", "“flexible” is not understood"),
            ("9-17 flexible", "“flexible” is not understood"),
            ("9-17 @ home", "“@” is not understood"),
        ];
        for (written, why) in cases {
            assert_eq!(written.parse::<Hours>(), Err(why.to_owned()), "{written}");
        }
    }
}
