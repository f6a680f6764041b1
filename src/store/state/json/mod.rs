//! The state as JSON that people can read: one form, in one order, long lists wrapped, people counted from 1.
//! Knows the form and both ways through it; knows no file, and not whether a state makes sense.
//! Neither way holds more than the text or the state once: a million people's year is half a gigabyte of text.
//!
//! Both ways are written by hand. What that buys, against serde both ways: among 100,000 people a whole draw takes 0.54 s
//! instead of 0.70 s (medians). Half of that is the reading; the other half is that most of the text is on the disk
//! by the time the draw is done.

#[cfg(test)]
mod tests;
mod write;

use std::fmt;
use std::io::Read;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use chrono_tz::Tz;
use memchr::{memchr2, memmem};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

pub use self::write::{Beginning, write, write_beginning, write_rest};
use super::booking_json::{BookingJson, BookingRequestsJson, CalledOffJson};
use super::changes_json::ChangesJson;
use super::conversation_json::{
    ArrivedJson, ChoiceJson, DraftJson, HandledJson, JoinedJson, LastSaidJson, LeftJson, NewsJson, NotifiedJson,
    OutgoingJson, ReportJson,
};
use super::groups_json::{self, FromNumbers};
use super::person_number::{PersonNumber, ids};
use crate::domain::state::last_said::LastSaid;
use crate::domain::state::rounds::why_off;
use crate::domain::state::told::Told;
use crate::domain::state::{Changes, Group, Left, LeftOut, Outcomes, PersonId, Reason, Round, Slot, State};
use crate::store::zones;

/// What `"format"` says.
const FORMAT: &str = "roulette-state";
/// The version that is written, and the only one that is read. Nothing had to be migrated so far: a new key is
/// optional, and what an older state lacks has its default.
pub const VERSION: u64 = 1;

/// Why a text is not a state.
#[derive(Debug)]
pub enum ParseError {
    /// It is JSON of another kind.
    Foreign,
    /// It is a state of a later version.
    Newer(u64),
    /// It is broken, or something in it does not belong there; says what and where.
    Broken(serde_json::Error),
}

/// What was said last, in the order of people, in which no earlier program wrote them.
fn in_order_of_people(all: Vec<LastSaidJson>) -> Vec<LastSaid> {
    let mut all: Vec<LastSaid> = all.into_iter().map(Into::into).collect();
    all.sort_by_key(|one| one.person);
    all
}

/// Reads a state. Unknown fields are refused: they would be lost when it is written again.
///
/// # Errors
/// See [`ParseError`].
pub fn parse(text: &[u8]) -> Result<State, ParseError> {
    if let Some(state) = read(text) {
        return Ok(state);
    }
    match serde_json::from_slice::<StateJson<'_>>(text) {
        Ok(it) if it.is_known() => it.into_state(text, |list| groups(list, text)),
        result => Err(diagnose(text, result.err())),
    }
}

/// Reads a sound state in a fraction of the time, and without its whole text in memory; of any other there is none,
/// and [`parse`] says why.
///
/// Nearly all of a large state are its lists of pairs. They are taken out as they come, so that the general reader
/// need not look for their ends, and a number is left in the place of each.
pub fn read(text: impl Read) -> Option<State> {
    let Apart { rest, lists } = Apart::read(text)?;
    let it: StateJson<'_> = serde_json::from_slice(&rest).ok().filter(StateJson::is_known)?;
    let mut lists = lists.into_iter().enumerate();
    let missing = || ParseError::Broken(serde_json::Error::custom("not a list of pairs"));
    let state = it.into_state(&rest, |place| match lists.next() {
        Some((at, list)) if place.get() == at.to_string() => Ok(list),
        _ => Err(missing()),
    });
    state.ok().filter(|_| lists.next().is_none())
}

/// A state's text with a number in place of each list of pairs, and the lists by number.
#[derive(Default)]
struct Apart {
    rest: Vec<u8>,
    lists: Vec<Vec<[PersonId; 2]>>,
}

impl Apart {
    /// What a list of pairs comes after.
    const KEY: &[u8] = b"\"pairs\":";
    /// How many bytes are read at a time.
    const PIECE: u64 = 1 << 20;

    /// Takes a text apart; none if something else is in the place of a list.
    fn read(mut text: impl Read) -> Option<Self> {
        let mut apart = Self::default();
        // What is read, and how much of it is taken apart already.
        let (mut held, mut done) = (Vec::new(), 0);
        let mut more = |held: &mut Vec<u8>, done: &mut usize| {
            held.drain(..std::mem::take(done));
            text.by_ref().take(Self::PIECE).read_to_end(held).ok().map(|read| read > 0)
        };
        loop {
            let Some(at) = memmem::find(&held[done..], Self::KEY) else {
                // The last few letters may begin a key.
                let sure = held.len().saturating_sub(Self::KEY.len() - 1).max(done);
                apart.rest.extend_from_slice(&held[done..sure]);
                done = sure;
                if !more(&mut held, &mut done)? {
                    apart.rest.extend_from_slice(&held);
                    return Some(apart);
                }
                continue;
            };
            let start = done + at + Self::KEY.len();
            apart.rest.extend_from_slice(&held[done..start]);
            done = start;
            // A list of groups has neither quotation marks nor braces, so it reaches to the next of them.
            let mut looked_at = 0;
            let end = loop {
                if let Some(at) = memchr2(b'"', b'}', &held[done + looked_at..]) {
                    break done + looked_at + at;
                }
                looked_at = held.len() - done;
                if !more(&mut held, &mut done)? {
                    return None;
                }
            };
            let list = held[done..end].trim_ascii_end();
            let list = list.strip_suffix(b",").unwrap_or(list);
            apart.rest.extend(apart.lists.len().to_string().bytes());
            apart.lists.push(groups_json::parse(list).ok()?);
            done += list.len();
        }
    }
}

/// Which kind of text it is that could not be read.
fn diagnose(text: &[u8], error: Option<serde_json::Error>) -> ParseError {
    #[derive(Deserialize)]
    struct Header {
        format: Option<serde_json::Value>,
        version: Option<serde_json::Value>,
    }
    let header = match serde_json::from_slice::<Header>(text) {
        Ok(header) => header,
        Err(problem) if problem.is_data() && !text.trim_ascii_start().starts_with(b"{") => return ParseError::Foreign,
        Err(problem) => return ParseError::Broken(problem),
    };
    if header.format.is_none_or(|it| it != FORMAT) {
        return ParseError::Foreign;
    }
    match header.version.and_then(|it| it.as_u64()) {
        Some(version) if version > VERSION => ParseError::Newer(version),
        _ => ParseError::Broken(error.unwrap_or_else(|| serde_json::Error::custom("there is no such version"))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateJson<'a> {
    format: String,
    version: u64,
    roster_size: usize,
    people: PeopleJson,
    #[serde(borrow)]
    rounds: Vec<RoundJson<'a>>,
    #[serde(borrow, default)]
    season: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    bookings: Vec<BookingJson<'a>>,
    #[serde(default)]
    called_off: Vec<CalledOffJson>,
    #[serde(default)]
    asked: Vec<BookingRequestsJson>,
    #[serde(default)]
    choices: Vec<ChoiceJson>,
    #[serde(default)]
    questions: Vec<LastSaidJson>,
    #[serde(default)]
    told: Vec<NotifiedJson>,
    #[serde(default)]
    outbox: Vec<OutgoingJson>,
    #[serde(default)]
    reports: Vec<ReportJson>,
    #[serde(default)]
    arrived: Vec<ArrivedJson>,
    #[serde(default)]
    handled: Vec<HandledJson>,
    #[serde(default)]
    drafts: Vec<DraftJson>,
    #[serde(default)]
    heard: Vec<NaiveDate>,
    #[serde(default)]
    unknown_at_webex: Vec<NaiveDate>,
    books_from: Option<NaiveDate>,
    joined: Option<Vec<JoinedJson>>,
    #[serde(default)]
    left: Vec<LeftJson>,
    #[serde(default)]
    news: Vec<NewsJson>,
    saved: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundJson<'a> {
    date: NaiveDate,
    seed: u64,
    timezone: Tz,
    best_possible_pairs: usize,
    optimal: bool,
    #[serde(borrow)]
    meetings: Vec<SlotJson<'a>>,
    left_out: Vec<LeftOutJson>,
    changes: Option<ChangesJson>,
    #[serde(borrow)]
    outcomes: Option<OutcomesJson<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomesJson<'a> {
    booked: usize,
    #[serde(default)]
    not_held: usize,
    #[serde(default)]
    moved: usize,
    /// All that stand were held but these and the deleted ones.
    #[serde(borrow)]
    all_but: Option<&'a RawValue>,
    /// These were held, too.
    #[serde(borrow)]
    held: Option<&'a RawValue>,
    #[serde(borrow)]
    deleted: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotJson<'a> {
    start: DateTime<FixedOffset>,
    #[serde(borrow)]
    pairs: &'a RawValue,
    #[serde(borrow)]
    trios: Option<&'a RawValue>,
}

impl StateJson<'_> {
    fn is_known(&self) -> bool {
        self.format == FORMAT && self.version == VERSION
    }

    /// Reads the lists, those of pairs with `pairs`, which is asked in the order in which they stand in the rounds.
    fn into_state(
        self,
        text: &[u8],
        mut pairs: impl FnMut(&RawValue) -> Result<Vec<[PersonId; 2]>, ParseError>,
    ) -> Result<State, ParseError> {
        let rounds = self.rounds.into_iter().map(|it| it.into_round(text, &mut pairs)).collect::<Result<_, _>>()?;
        let season = self.season.into_iter().map(|it| groups(it, text)).collect::<Result<_, _>>()?;
        Ok(State {
            people: self.people.0,
            rounds,
            season,
            roster_size: self.roster_size,
            bookings: sound(self.bookings)?,
            called_off: sound(self.called_off)?,
            asked: self.asked.into_iter().map(Into::into).collect(),
            choices: self.choices.into_iter().map(Into::into).collect(),
            last_said: in_order_of_people(self.questions),
            told: Told::from(sound(self.told)?),
            outbox: sound(self.outbox)?,
            reports: self.reports.into_iter().map(Into::into).collect(),
            arrived: self.arrived.into_iter().map(Into::into).collect(),
            handled: self.handled.into_iter().map(Into::into).collect(),
            heard: self.heard,
            unknown_at_webex: self.unknown_at_webex,
            books_from: self.books_from,
            drafts: self.drafts.into_iter().map(Into::into).collect(),
            left: in_order(self.left)?,
            news: self.news.into_iter().map(Into::into).collect(),
            saved: self.saved,
            joined: self.joined.map(|joined| joined.into_iter().map(Into::into).collect()),
        })
    }
}

impl RoundJson<'_> {
    fn into_round(
        self,
        text: &[u8],
        pairs: &mut impl FnMut(&RawValue) -> Result<Vec<[PersonId; 2]>, ParseError>,
    ) -> Result<Round, ParseError> {
        let slot = |it: SlotJson<'_>| {
            let trios = it.trios.map_or(Ok(vec![]), |it| groups(it, text))?;
            Ok(Slot { start: it.start, pairs: pairs(it.pairs)?, trios })
        };
        let mut round = Round {
            date: self.date,
            seed: self.seed,
            timezone: zones::zone(self.timezone),
            slots: self.meetings.into_iter().map(slot).collect::<Result<_, _>>()?,
            left_out: self.left_out.into_iter().map(|it| it.0).collect(),
            best_possible_pairs: self.best_possible_pairs,
            optimal: self.optimal,
            changes: self.changes.map_or(Ok(Changes::default()), TryInto::try_into).map_err(broken)?,
            outcomes: Outcomes::default(),
        };
        if let Some(outcomes) = self.outcomes {
            round.outcomes = outcomes.into_outcomes(&round, text)?;
        }
        Ok(round)
    }
}

impl OutcomesJson<'_> {
    fn into_outcomes(self, round: &Round, text: &[u8]) -> Result<Outcomes, ParseError> {
        let list = |list: Option<&RawValue>| {
            let mut list: Vec<Group> = list.map_or(Ok(vec![]), |it| groups(it, text))?;
            list.sort_unstable();
            Ok::<_, ParseError>(list)
        };
        let Self { booked, not_held, moved, all_but, held, deleted } = self;
        let (mut held, deleted) = (list(held)?, list(deleted)?);
        if all_but.is_some() {
            let unknown = list(all_but)?;
            let is_held = |it: &Group| unknown.binary_search(it).is_err() && deleted.binary_search(it).is_err();
            held.extend(round.standing().into_iter().filter(is_held));
            held.sort_unstable();
            held.dedup();
        }
        Ok(Outcomes { booked, held, not_held, deleted, moved })
    }
}

/// Items of which each may contradict itself.
fn sound<J, T: TryFrom<J, Error = String>>(items: Vec<J>) -> Result<Vec<T>, ParseError> {
    items.into_iter().map(T::try_from).collect::<Result<_, _>>().map_err(broken)
}

/// Those who left, each once and by number.
fn in_order(items: Vec<LeftJson>) -> Result<Vec<Left>, ParseError> {
    let left: Vec<Left> = items.into_iter().map(Into::into).collect();
    match left.is_sorted_by(|a, b| a.person < b.person) {
        true => Ok(left),
        false => Err(broken("left: its people are not in order, each once".to_owned())),
    }
}

fn broken(why: String) -> ParseError {
    ParseError::Broken(serde_json::Error::custom(why))
}

/// Reads a list of groups that stands in `text`.
fn groups<T: FromNumbers>(list: &RawValue, text: &[u8]) -> Result<Vec<T>, ParseError> {
    groups_json::parse(list.get()).map_err(|offset| {
        let before = &text[..list.get().as_ptr().addr() - text.as_ptr().addr() + offset];
        let line = before.iter().filter(|&&it| it == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|&&it| it != b'\n').count() + 1;
        let what = format_args!("expected {} at line {line} column {column}", T::WHAT);
        ParseError::Broken(serde_json::Error::custom(what))
    })
}

#[derive(Deserialize)]
#[serde(try_from = "LeftOutFields")]
struct LeftOutJson(LeftOut);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOutFields {
    reason: String,
    why: Option<String>,
    until: Option<NaiveDate>,
    people: Vec<PersonNumber>,
}

impl TryFrom<LeftOutFields> for LeftOutJson {
    type Error = String;

    fn try_from(it: LeftOutFields) -> Result<Self, String> {
        let reason = match (it.reason.as_str(), it.why, it.until) {
            ("odd number", why, None) => Reason::OddNumber(why.unwrap_or_default()),
            ("no partner", why, None) => Reason::NoPartner(why.unwrap_or_default()),
            ("limit", None, None) => Reason::Limit,
            ("skips", None, None) => Reason::Skips,
            ("silent", None, None) => Reason::Silent,
            ("unreachable", None, None) => Reason::Unreachable,
            ("holiday", None, None) => Reason::Holiday,
            ("day off", None, None) => Reason::DayOff,
            ("cancelled", why, None) => Reason::Cancelled(why_off::without_names(&why.unwrap_or_default())),
            ("paused", None, Some(until)) => Reason::Paused(until),
            ("paused", None, None) => return Err("“paused” needs “until”".to_owned()),
            (
                "odd number" | "no partner" | "limit" | "paused" | "skips" | "silent" | "cancelled" | "unreachable"
                | "holiday" | "day off",
                ..,
            ) => {
                return Err(format!("“{}” has a “why” or “until” that does not belong to it", it.reason));
            }
            _ => return Err(format!("unknown reason “{}”", it.reason)),
        };
        Ok(Self(LeftOut { reason, people: ids(it.people) }))
    }
}

/// Addresses under their numbers: "1", "2" and so on.
struct PeopleJson(Vec<Box<str>>);

impl<'de> Deserialize<'de> for PeopleJson {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct People;
        impl<'de> Visitor<'de> for People {
            type Value = PeopleJson;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("people by number")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PeopleJson, A::Error> {
                let mut people = Vec::new();
                while let Some(number) = map.next_key::<u32>()? {
                    let next = people.len() + 1;
                    if number as usize != next {
                        return Err(A::Error::custom(format_args!("person {number} where person {next} is due")));
                    }
                    people.push(map.next_value()?);
                }
                Ok(PeopleJson(people))
            }
        }
        from.deserialize_map(People)
    }
}
