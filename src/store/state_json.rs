//! The state as JSON that people can read: one form, in one order, long lists wrapped, people counted from 1.
//! Knows the form and both ways through it; knows no file, and not whether a state makes sense.
//! Neither way holds more than the text or the state once: a million people's year is half a gigabyte of text.

use std::fmt;
use std::io::{self, Read, Write};

use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Tz;
use memchr::{memchr2, memmem};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::booking_json::{AskedJson, BookingJson};
use super::groups_json::{self, FromNumbers};
use super::talk_json::{ChoiceJson, DraftJson, HandledJson, ParcelJson, ToldJson};
use crate::domain::state::{LeftOut, PersonId, Reason, Round, Slot, State};

/// What `"format"` says.
const FORMAT: &str = "roulette-state";
/// The version that is written, and the only one that is read.
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
    /// So much is read at a time.
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
    asked: Vec<AskedJson>,
    #[serde(default)]
    choices: Vec<ChoiceJson>,
    #[serde(default)]
    told: Vec<ToldJson>,
    #[serde(default)]
    outbox: Vec<ParcelJson>,
    #[serde(default)]
    handled: Vec<HandledJson>,
    #[serde(default)]
    drafts: Vec<DraftJson>,
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
            asked: self.asked.into_iter().map(Into::into).collect(),
            choices: self.choices.into_iter().map(Into::into).collect(),
            told: sound(self.told)?,
            outbox: sound(self.outbox)?,
            handled: self.handled.into_iter().map(Into::into).collect(),
            drafts: self.drafts.into_iter().map(Into::into).collect(),
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
        Ok(Round {
            date: self.date,
            seed: self.seed,
            timezone: self.timezone,
            slots: self.meetings.into_iter().map(slot).collect::<Result<_, _>>()?,
            left_out: self.left_out.into_iter().map(|it| it.0).collect(),
            best_possible_pairs: self.best_possible_pairs,
            optimal: self.optimal,
        })
    }
}

/// Items of which each may contradict itself.
fn sound<J, T: TryFrom<J, Error = String>>(items: Vec<J>) -> Result<Vec<T>, ParseError> {
    let items = items.into_iter().map(T::try_from).collect::<Result<_, _>>();
    items.map_err(|why| ParseError::Broken(serde_json::Error::custom(why)))
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
    people: Vec<u32>,
}

impl TryFrom<LeftOutFields> for LeftOutJson {
    type Error = String;

    fn try_from(it: LeftOutFields) -> Result<Self, String> {
        let reason = match (it.reason.as_str(), it.why, it.until) {
            ("odd number", why, None) => Reason::OddNumber(why.unwrap_or_default()),
            ("no partner", why, None) => Reason::NoPartner(why.unwrap_or_default()),
            ("limit", None, None) => Reason::Limit,
            ("unreachable", None, None) => Reason::Unreachable,
            ("cancelled", why, None) => Reason::Cancelled(why.unwrap_or_default()),
            ("paused", None, Some(until)) => Reason::Paused(until),
            ("paused", None, None) => return Err("“paused” needs “until”".to_owned()),
            ("odd number" | "no partner" | "limit" | "paused" | "cancelled" | "unreachable", ..) => {
                return Err(format!("“{}” has a “why” or “until” that does not belong to it", it.reason));
            }
            _ => return Err(format!("unknown reason “{}”", it.reason)),
        };
        let mut people = it.people;
        people.iter_mut().for_each(|id| *id = id.wrapping_sub(1));
        Ok(Self(LeftOut { reason, people }))
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

/// Writes a state in small pieces: `out` should be buffered.
///
/// # Errors
/// Those of `out`.
pub fn write(state: &State, out: &mut impl Write) -> io::Result<()> {
    write_beginning(&Beginning::of(state), out)?;
    write_rest(state, state.rounds.len(), out)
}

/// What comes first in a state's text.
pub struct Beginning<'a> {
    /// The number of employees at the last draw.
    pub roster_size: usize,
    /// The people, in two parts.
    pub people: [&'a [Box<str>]; 2],
    /// The first rounds.
    pub rounds: Vec<&'a Round>,
}

impl<'a> Beginning<'a> {
    /// A whole state's, all its rounds.
    fn of(state: &'a State) -> Self {
        let State { people, rounds, roster_size, .. } = state;
        Self { roster_size: *roster_size, people: [people, &[]], rounds: rounds.iter().collect() }
    }
}

/// Writes how a state begins: [`write_rest`] then writes what follows.
///
/// # Errors
/// Those of `out`.
pub fn write_beginning(beginning: &Beginning<'_>, out: &mut impl Write) -> io::Result<()> {
    let Beginning { roster_size, people, rounds } = beginning;
    let mut emails = (1..).zip(people.iter().flat_map(|part| part.iter()).map(|it| &**it));
    writeln!(out, "{{\n  \"format\": \"{FORMAT}\",\n  \"version\": {VERSION},")?;
    write!(out, "  \"roster_size\": {roster_size},\n  \"people\": {{")?;
    separated(out, &mut emails, ",", |out, (number, email): (u32, &str)| {
        out.write_all(b"\n    \"")?;
        out.write_all(itoa::Buffer::new().format(number).as_bytes())?;
        out.write_all(b"\": ")?;
        string(out, email)
    })?;
    out.write_all(if people.iter().all(|part| part.is_empty()) { b"},\n" } else { b"\n  },\n" })?;
    out.write_all(b"  \"rounds\": [")?;
    separated(out, &mut rounds.iter(), ",", |out, round| write_round(out, round))
}

/// Writes what follows a [`Beginning`] that had so many rounds.
///
/// # Errors
/// Those of `out`.
pub fn write_rest(state: &State, begun: usize, out: &mut impl Write) -> io::Result<()> {
    for (round, at) in state.rounds[begun..].iter().zip(begun..) {
        out.write_all(if at == 0 { b"" } else { b"," })?;
        write_round(out, round)?;
    }
    out.write_all(if state.rounds.is_empty() { b"]" } else { b"\n  ]" })?;
    if !state.season.is_empty() {
        out.write_all(b",\n  \"season\": [")?;
        separated(out, &mut state.season.iter(), ",", |out, groups| {
            out.write_all(b"\n    ")?;
            list(out, 4, 12, groups, |text, group| numbers(text, group.people()))
        })?;
        out.write_all(b"\n  ]")?;
    }
    lines(out, "bookings", state.bookings.iter().map(BookingJson::from))?;
    lines(out, "asked", state.asked.iter().copied().map(AskedJson::from))?;
    lines(out, "choices", state.choices.iter().map(ChoiceJson::from))?;
    lines(out, "told", state.told.iter().map(ToldJson::from))?;
    lines(out, "outbox", state.outbox.iter().map(ParcelJson::from))?;
    lines(out, "handled", state.handled.iter().map(HandledJson::from))?;
    lines(out, "drafts", state.drafts.iter().map(DraftJson::from))?;
    out.write_all(b"\n}\n")
}

/// A field that is a list with an item a line; none where there is no item.
fn lines(out: &mut impl Write, name: &str, items: impl ExactSizeIterator<Item = impl Serialize>) -> io::Result<()> {
    if items.len() == 0 {
        return Ok(());
    }
    write!(out, ",\n  \"{name}\": [")?;
    separated(out, &mut { items }, ",", |out, item| {
        out.write_all(b"\n    ")?;
        Ok(serde_json::to_writer(out, &item)?)
    })?;
    out.write_all(b"\n  ]")
}

fn write_round(out: &mut impl Write, round: &Round) -> io::Result<()> {
    let Round { date, seed, timezone, slots, left_out, best_possible_pairs, optimal } = round;
    write!(out, "\n    {{\n      \"date\": \"{date}\",\n      \"seed\": {seed},\n")?;
    write!(out, "      \"timezone\": \"{timezone}\",\n      \"best_possible_pairs\": {best_possible_pairs},\n")?;
    write!(out, "      \"optimal\": {optimal},\n      \"meetings\": [")?;
    separated(out, &mut slots.iter(), ",", |out, slot| {
        write!(out, "\n        {{\n          \"start\": \"{}\",\n          \"pairs\": ", slot.start.to_rfc3339())?;
        list(out, 10, 12, &slot.pairs, |text, pair| numbers(text, pair))?;
        if !slot.trios.is_empty() {
            out.write_all(b",\n          \"trios\": ")?;
            list(out, 10, 12, &slot.trios, |text, trio| numbers(text, trio))?;
        }
        out.write_all(b"\n        }")
    })?;
    out.write_all(if slots.is_empty() { b"]" } else { b"\n      ]" })?;
    out.write_all(b",\n      \"left_out\": [")?;
    separated(out, &mut left_out.iter(), ",", |out, LeftOut { reason, people }| {
        out.write_all(b"\n        { \"reason\": ")?;
        match reason {
            Reason::OddNumber(why) => worded(out, "odd number", why)?,
            Reason::NoPartner(why) => worded(out, "no partner", why)?,
            Reason::Cancelled(why) => worded(out, "cancelled", why)?,
            Reason::Limit => out.write_all(b"\"limit\"")?,
            Reason::Unreachable => out.write_all(b"\"unreachable\"")?,
            Reason::Paused(until) => write!(out, "\"paused\", \"until\": \"{until}\"")?,
        }
        out.write_all(b", \"people\": ")?;
        list(out, 8, 24, people, number)?;
        out.write_all(b" }")
    })?;
    out.write_all(if left_out.is_empty() { b"]\n    }" } else { b"\n      ]\n    }" })
}

fn worded(out: &mut impl Write, reason: &str, why: &str) -> io::Result<()> {
    string(out, reason)?;
    if why.is_empty() {
        return Ok(());
    }
    out.write_all(b", \"why\": ")?;
    string(out, why)
}

/// So much text is gathered before it is written: more than `out` would copy first.
const GATHERED: usize = 1 << 16;

/// A list on one line where `a_line` items suffice; else wrapped, and indented two deeper than `indent`.
/// Many lines are put together before they are written: there are millions.
fn list<T>(
    out: &mut impl Write,
    indent: usize,
    a_line: usize,
    items: &[T],
    item: impl Fn(&mut Vec<u8>, &T),
) -> io::Result<()> {
    let wraps = items.len() > a_line;
    let margin = if wraps { format!("\n{:indent$}", "") } else { String::new() };
    let mut text = vec![b'['];
    for (at, line) in items.chunks(a_line).enumerate() {
        if text.len() > GATHERED {
            out.write_all(&text)?;
            text.clear();
        }
        if wraps {
            text.extend_from_slice(if at == 0 { b"" } else { b"," });
            text.extend_from_slice(margin.as_bytes());
            text.extend_from_slice(b"  ");
        }
        for (at, it) in line.iter().enumerate() {
            text.extend_from_slice(if at == 0 { b"" } else { b", " });
            item(&mut text, it);
        }
    }
    text.extend_from_slice(margin.as_bytes());
    text.push(b']');
    out.write_all(&text)
}

fn separated<W: Write, T>(
    out: &mut W,
    items: &mut impl Iterator<Item = T>,
    separator: &str,
    item: impl Fn(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    if let Some(first) = items.next() {
        item(out, first)?;
    }
    items.try_for_each(|it| {
        out.write_all(separator.as_bytes())?;
        item(out, it)
    })
}

fn numbers(text: &mut Vec<u8>, people: &[PersonId]) {
    text.push(b'[');
    for (at, id) in people.iter().enumerate() {
        text.extend_from_slice(if at == 0 { b"" } else { b"," });
        number(text, id);
    }
    text.push(b']');
}

fn number(text: &mut Vec<u8>, id: &PersonId) {
    text.extend_from_slice(itoa::Buffer::new().format(id.wrapping_add(1)).as_bytes());
}

fn string(out: &mut impl Write, text: &str) -> io::Result<()> {
    Ok(serde_json::to_writer(out, text)?)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::booking::{Asked, AtWebex, Booking, Proposal, Stage};
    use crate::domain::state::Group;

    fn text(state: &State) -> String {
        let mut text = Vec::new();
        write(state, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    fn round(date: &str, pairs: Vec<[PersonId; 2]>) -> Round {
        let start = format!("{date}T15:10:00+02:00").parse().unwrap();
        Round {
            date: date.parse().unwrap(),
            seed: 42,
            timezone: chrono_tz::Europe::Kyiv,
            best_possible_pairs: pairs.len(),
            optimal: true,
            slots: vec![Slot { start, pairs, trios: vec![] }],
            left_out: vec![],
        }
    }

    #[test]
    fn an_empty_state_is_short() {
        insta::assert_snapshot!(text(&State::default()), @r#"
        {
          "format": "roulette-state",
          "version": 1,
          "roster_size": 0,
          "people": {},
          "rounds": []
        }
        "#);
        assert_eq!(parse(text(&State::default()).as_bytes()).unwrap(), State::default());
    }

    #[test]
    fn a_state_is_written_for_people_to_read() {
        let mut first = round("2026-12-02", (0..13).map(|it| [2 * it, 2 * it + 1]).collect());
        first.slots[0].trios.push([26, 27, 28]);
        let someone = |reason, people: &[PersonId]| LeftOut { reason, people: people.to_vec() };
        first.left_out = vec![
            someone(Reason::Paused("2026-12-31".parse().unwrap()), &[29]),
            someone(Reason::NoPartner("the rule “across department”".into()), &[30, 31]),
            someone(Reason::OddNumber(String::new()), &[32]),
            someone(Reason::Limit, &(33..59).collect::<Vec<_>>()),
        ];
        let state = State {
            people: (1..=59).map(|it| format!("p{it}@example.com").into()).collect(),
            rounds: vec![first],
            season: vec![vec![Group::Pair([0, 2]), Group::Trio([3, 4, 5])], vec![Group::Pair([0, 3])]],
            roster_size: 60,
            ..State::default()
        };
        let text = text(&state);
        let (people, rest) = text.split_once("  \"rounds\"").unwrap();
        assert!(people.ends_with("    \"58\": \"p58@example.com\",\n    \"59\": \"p59@example.com\"\n  },\n"));
        insta::assert_snapshot!(format!("  \"rounds\"{rest}"), @r#"
          "rounds": [
            {
              "date": "2026-12-02",
              "seed": 42,
              "timezone": "Europe/Kyiv",
              "best_possible_pairs": 13,
              "optimal": true,
              "meetings": [
                {
                  "start": "2026-12-02T15:10:00+02:00",
                  "pairs": [
                    [1,2], [3,4], [5,6], [7,8], [9,10], [11,12], [13,14], [15,16], [17,18], [19,20], [21,22], [23,24],
                    [25,26]
                  ],
                  "trios": [[27,28,29]]
                }
              ],
              "left_out": [
                { "reason": "paused", "until": "2026-12-31", "people": [30] },
                { "reason": "no partner", "why": "the rule “across department”", "people": [31, 32] },
                { "reason": "odd number", "people": [33] },
                { "reason": "limit", "people": [
                  34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
                  58, 59
                ] }
              ]
            }
          ],
          "season": [
            [[1,3], [4,5,6]],
            [[1,4]]
          ]
        }
        "#);
        assert_eq!(parse(text.as_bytes()).unwrap(), state);
    }

    #[test]
    fn a_year_of_a_thousand_people_fits_in_half_a_megabyte() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 2).unwrap();
        let rounds = (0..52).map(|week| {
            let pairs = (0..500).map(|it| [it, 500 + (it + week) % 500]).collect();
            round(&(day + chrono::TimeDelta::weeks(i64::from(week))).to_string(), pairs)
        });
        let people = (0..1000).map(|it| format!("firstname.lastname{it}@example.com").into()).collect();
        let state = State { people, rounds: rounds.collect(), roster_size: 1000, ..State::default() };
        assert_eq!(state.contradictions(), [""; 0]);
        let size = text(&state).len();
        assert!(size < 450_000, "{size} bytes");
    }

    #[test]
    fn blanks_and_the_order_of_fields_do_not_matter() {
        let text = r#"{"rounds":[{"seed":1,"date":"2026-12-02","meetings":[{"pairs":[ [1 ,2]
            ],"trios":[],"start":"2026-12-02T15:10:00+02:00"}],"left_out":[],"optimal":true,"timezone":"Europe/Kyiv",
            "best_possible_pairs":1}],"people":{"1":"a","2":"b"},"roster_size":2,"version":1,"format":"roulette-state"}"#;
        let expected = State {
            people: vec!["a".into(), "b".into()],
            rounds: vec![Round { seed: 1, ..round("2026-12-02", vec![[0, 1]]) }],
            roster_size: 2,
            ..State::default()
        };
        assert_eq!(parse(text.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn what_is_read_apart_is_what_is_read_whole() {
        let rounds = vec![round("2026-12-02", vec![[0, 1]]), round("2026-12-09", vec![[0, 2], [1, 3]])];
        let mut bookings = bookings_of(&rounds);
        bookings[0].stage = Stage::Refused { why: "\"pairs\": [[1,2]]}".to_owned(), asked: "\"pairs".to_owned() };
        let state = State {
            people: vec!["a".into(), "\"pairs\":".into(), "c".into(), "pairs".into()],
            rounds,
            season: vec![vec![Group::Pair([0, 3])]],
            roster_size: 4,
            bookings,
            asked: vec![Asked { at: DateTime::UNIX_EPOCH, count: 3 }],
            ..State::default()
        };
        let text = text(&state);
        assert_eq!(read(text.as_bytes()), Some(state));
        for other in ["1", "[[1,2]", "[[01,2]]", "[[1,2]],", "[[1,2]] 1", "[[1,2]], \"pairs\": [[1,2]]", "\"[[1,2]]\""]
        {
            assert_eq!(read(text.replace("[[1,2]]", other).as_bytes()), None, "{other}");
        }
        let number_for_list = text.replacen("\"pairs\": [[1,2]]", "\"p\\u0061irs\": 0", 1);
        assert_eq!(read(number_for_list.as_bytes()), None);
    }

    fn groups_of(order: Vec<PersonId>, sizes: &[usize]) -> (Vec<Group>, Vec<PersonId>) {
        let (mut groups, mut rest) = (vec![], order);
        for &size in sizes {
            if rest.len() < size {
                break;
            }
            let mut people: Vec<_> = rest.drain(..size).collect();
            people.sort_unstable();
            groups.push(match people[..] {
                [a, b, c] => Group::Trio([a, b, c]),
                [a, b, ..] => Group::Pair([a, b]),
                _ => unreachable!("sizes are 2 and 3"),
            });
        }
        (groups, rest)
    }

    fn reason() -> impl Strategy<Value = Reason> {
        prop_oneof![
            any::<String>().prop_map(Reason::OddNumber),
            any::<String>().prop_map(Reason::NoPartner),
            any::<String>().prop_map(Reason::Cancelled),
            Just(Reason::Limit),
            Just(Reason::Unreachable),
            (0..4000).prop_map(|day| Reason::Paused(NaiveDate::from_num_days_from_ce_opt(739_000 + day).unwrap())),
        ]
    }

    prop_compose! {
        fn any_round(people: u32)(
            order in Just((0..people).collect::<Vec<_>>()).prop_shuffle(),
            sizes in vec(prop_oneof![4 => Just(2_usize), 1 => Just(3)], 0..30),
            cuts in vec(1..20_usize, 0..4),
            offset in -12 * 60..14 * 60,
            reasons in vec(reason(), 0..4),
            (seed, optimal, best_possible_pairs) in any::<(u64, bool, usize)>(),
            timezone in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) -> Round {
            let (mut groups, mut rest) = groups_of(order, &sizes);
            let offset = FixedOffset::east_opt(offset * 60).unwrap();
            let mut slots = vec![];
            for (hour, cut) in (0..).zip(cuts) {
                let some: Vec<_> = groups.drain(..cut.min(groups.len())).collect();
                if some.is_empty() {
                    break;
                }
                let start = DateTime::from_timestamp(hour * 3600, 0).unwrap().with_timezone(&offset);
                let pairs = some.iter().filter_map(|it| if let Group::Pair(it) = it { Some(*it) } else { None });
                let trios = some.iter().filter_map(|it| if let Group::Trio(it) = it { Some(*it) } else { None });
                slots.push(Slot { start, pairs: pairs.collect(), trios: trios.collect() });
            }
            rest.sort_unstable();
            let share = rest.len().div_ceil(reasons.len().max(1)).max(1);
            let left_out = reasons.into_iter().zip(rest.chunks(share));
            let left_out = left_out.map(|(reason, people)| LeftOut { reason, people: people.to_vec() }).collect();
            Round { date: NaiveDate::default(), seed, timezone, slots, left_out, best_possible_pairs, optimal }
        }
    }

    /// A booking in each stage for the groups of the rounds, in turn.
    fn bookings_of(rounds: &[Round]) -> Vec<Booking> {
        let groups = rounds.iter().flat_map(|round| round.groups().map(|(start, people)| (round.date, start, people)));
        let booking = |(number, (round, start, people)): (usize, (NaiveDate, DateTime<FixedOffset>, Group))| {
            let at = AtWebex { id: format!("{number:032x}").into(), link: "https://example.com/\"j\"".into() };
            let stage = match number % 6 {
                0 => Stage::Begun,
                1 => Stage::Booked(at),
                2 => Stage::Moving(at, start, 25),
                3 => Stage::Cancelling(at),
                4 => Stage::Refused { why: "no\nlicence".to_owned(), asked: "0f".to_owned() },
                _ => Stage::Deleted,
            };
            let host = (number % 4 == 0).then(|| people.people()[0]);
            let tag = format!("roulette:{round}:{number}").into();
            Booking {
                tag,
                round,
                people,
                start,
                minutes: 30,
                agreed: (number % 3 == 0).then_some(start),
                proposal: proposal_of(number, start, people),
                proposals: number as u32 % 3,
                result: None,
                host,
                wait: (number % 5 == 0).then(|| start.to_utc()),
                stage,
            }
        };
        groups.enumerate().map(booking).collect()
    }

    fn proposal_of(number: usize, start: DateTime<FixedOffset>, people: Group) -> Option<Proposal> {
        let [by, agreed @ ..] = people.people() else { return None };
        let expires = DateTime::UNIX_EPOCH;
        number.is_multiple_of(2).then(|| Proposal { number: 1, by: *by, start, agreed: agreed.to_vec(), expires })
    }

    fn any_state() -> impl Strategy<Value = State> {
        (0..80_u32).prop_flat_map(|people| {
            let groups =
                (Just((0..people).collect::<Vec<_>>()).prop_shuffle(), vec(prop_oneof![Just(2_usize), Just(3)], 0..30));
            let groups = groups.prop_map(|(order, sizes)| groups_of(order, &sizes).0);
            (vec(any_round(people), 0..4), vec(groups, 0..3), vec(any::<String>(), people as usize), any::<usize>())
                .prop_map(|(mut rounds, season, names, roster_size)| {
                    for (week, round) in (0..).zip(&mut rounds) {
                        let days = chrono::TimeDelta::days(20_000 + 7 * week);
                        round.date = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + days;
                        round.slots.iter_mut().for_each(|slot| slot.start += days);
                    }
                    let people = (1..)
                        .zip(names)
                        .map(|(it, name)| format!("p{it}-{}@example.com", name.to_lowercase()).into_boxed_str());
                    let bookings = bookings_of(&rounds);
                    let asked = vec![Asked { at: DateTime::UNIX_EPOCH, count: roster_size as u32 }];
                    State { people: people.collect(), rounds, season, roster_size, bookings, asked, ..State::default() }
                })
        })
    }

    proptest! {
        #[test]
        fn any_sound_state_is_the_same_once_written_and_read(state in any_state()) {
            prop_assert_eq!(state.contradictions(), Vec::<String>::new());
            let written = text(&state);
            let read = parse(written.as_bytes());
            prop_assert!(read.is_ok(), "{:?}\n{}", read, written);
            let read = read.unwrap();
            prop_assert_eq!(text(&read), written);
            prop_assert_eq!(read, state);
        }
    }
}
