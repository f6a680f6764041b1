//! The state as JSON that people can read: one form, in one order, long lists wrapped, people counted from 1.
//! Knows the form and both ways through it; knows no file, and not whether a state makes sense.
//! Neither way holds more than the text or the state once: a million people's year is half a gigabyte of text.

use std::fmt;
use std::io::{self, Write};

use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Tz;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::domain::state::{Group, LeftOut, PersonId, Reason, Round, Slot, State};

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
    match serde_json::from_slice::<StateJson>(text) {
        Ok(it) if it.format == FORMAT && it.version == VERSION => Ok(State {
            people: it.people.0,
            rounds: it.rounds.into_iter().map(Into::into).collect(),
            season: it.season.0,
            roster_size: it.roster_size,
        }),
        result => Err(diagnose(text, result.err())),
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
struct StateJson {
    format: String,
    version: u64,
    roster_size: usize,
    people: PeopleJson,
    rounds: Vec<RoundJson>,
    #[serde(default)]
    season: SeasonJson,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundJson {
    date: NaiveDate,
    seed: u64,
    timezone: Tz,
    best_possible_pairs: usize,
    optimal: bool,
    meetings: Vec<SlotJson>,
    left_out: Vec<LeftOutJson>,
}

impl From<RoundJson> for Round {
    fn from(it: RoundJson) -> Self {
        let slot = |it: SlotJson| Slot { start: it.start, pairs: it.pairs, trios: it.trios };
        Self {
            date: it.date,
            seed: it.seed,
            timezone: it.timezone,
            slots: it.meetings.into_iter().map(slot).collect(),
            left_out: it.left_out.into_iter().map(|it| it.0).collect(),
            best_possible_pairs: it.best_possible_pairs,
            optimal: it.optimal,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotJson {
    start: DateTime<FixedOffset>,
    #[serde(deserialize_with = "groups")]
    pairs: Vec<[PersonId; 2]>,
    #[serde(default, deserialize_with = "groups")]
    trios: Vec<[PersonId; 3]>,
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
            ("paused", None, Some(until)) => Reason::Paused(until),
            ("paused", None, None) => return Err("“paused” needs “until”".to_owned()),
            ("odd number" | "no partner" | "limit" | "paused", ..) => {
                return Err(format!("“{}” goes with neither or only one of “why” and “until”", it.reason));
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

#[derive(Default)]
struct SeasonJson(Vec<Vec<Group>>);

impl<'de> Deserialize<'de> for SeasonJson {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Groups(#[serde(deserialize_with = "groups")] Vec<Group>);
        let rounds = Vec::<Groups>::deserialize(from)?;
        Ok(Self(rounds.into_iter().map(|it| it.0).collect()))
    }
}

/// What a list of people's numbers, counted from 1, can become. 0 becomes a number that nobody has.
trait FromNumbers: Sized {
    const WHAT: &'static str;
    /// `count` numbers: more than three are counted but not there.
    fn from_numbers(numbers: [PersonId; 3], count: usize) -> Option<Self>;
}

impl FromNumbers for [PersonId; 2] {
    const WHAT: &'static str = "two people";
    fn from_numbers([a, b, _]: [PersonId; 3], count: usize) -> Option<Self> {
        (count == 2).then_some([a, b])
    }
}

impl FromNumbers for [PersonId; 3] {
    const WHAT: &'static str = "three people";
    fn from_numbers(numbers: [PersonId; 3], count: usize) -> Option<Self> {
        (count == 3).then_some(numbers)
    }
}

impl FromNumbers for Group {
    const WHAT: &'static str = "two or three people";
    fn from_numbers([a, b, c]: [PersonId; 3], count: usize) -> Option<Self> {
        match count {
            2 => Some(Self::Pair([a, b])),
            3 => Some(Self::Trio([a, b, c])),
            _ => None,
        }
    }
}

struct Numbers<T>(T);

impl<'de, T: FromNumbers> Deserialize<'de> for Numbers<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct List<T>(std::marker::PhantomData<T>);
        impl<'de, T: FromNumbers> Visitor<'de> for List<T> {
            type Value = Numbers<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::WHAT)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Numbers<T>, A::Error> {
                let (mut numbers, mut count) = ([0; 3], 0);
                while let Some(number) = list.next_element::<u32>()? {
                    if let Some(place) = numbers.get_mut(count) {
                        *place = number.wrapping_sub(1);
                    }
                    count += 1;
                }
                T::from_numbers(numbers, count).map(Numbers).ok_or_else(|| A::Error::invalid_length(count, &self))
            }
        }
        from.deserialize_seq(List(std::marker::PhantomData))
    }
}

fn groups<'de, D: Deserializer<'de>, T: FromNumbers>(from: D) -> Result<Vec<T>, D::Error> {
    struct List<T>(std::marker::PhantomData<T>);
    impl<'de, T: FromNumbers> Visitor<'de> for List<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a list of {}", T::WHAT)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut groups = Vec::new();
            while let Some(Numbers(group)) = list.next_element()? {
                groups.push(group);
            }
            Ok(groups)
        }
    }
    from.deserialize_seq(List(std::marker::PhantomData))
}

/// Writes a state in small pieces: `out` should be buffered.
///
/// # Errors
/// Those of `out`.
pub fn write(state: &State, out: &mut impl Write) -> io::Result<()> {
    let mut people = (1..).zip(state.people.iter().map(|it| &**it));
    writeln!(out, "{{\n  \"format\": \"{FORMAT}\",\n  \"version\": {VERSION},")?;
    write!(out, "  \"roster_size\": {},\n  \"people\": {{", state.roster_size)?;
    separated(out, &mut people, ",", |out, (number, email): (u32, &str)| {
        out.write_all(b"\n    \"")?;
        integer(out, number)?;
        out.write_all(b"\": ")?;
        string(out, email)
    })?;
    out.write_all(if state.people.is_empty() { b"},\n" } else { b"\n  },\n" })?;
    out.write_all(b"  \"rounds\": [")?;
    separated(out, &mut state.rounds.iter(), ",", write_round)?;
    out.write_all(if state.rounds.is_empty() { b"]" } else { b"\n  ]" })?;
    if !state.season.is_empty() {
        out.write_all(b",\n  \"season\": [")?;
        separated(out, &mut state.season.iter(), ",", |out, groups| {
            out.write_all(b"\n    ")?;
            list(out, 4, 12, groups, |out, group| numbers(out, group.people()))
        })?;
        out.write_all(b"\n  ]")?;
    }
    out.write_all(b"\n}\n")
}

fn write_round(out: &mut impl Write, round: &Round) -> io::Result<()> {
    let Round { date, seed, timezone, slots, left_out, best_possible_pairs, optimal } = round;
    write!(out, "\n    {{\n      \"date\": \"{date}\",\n      \"seed\": {seed},\n")?;
    write!(out, "      \"timezone\": \"{timezone}\",\n      \"best_possible_pairs\": {best_possible_pairs},\n")?;
    write!(out, "      \"optimal\": {optimal},\n      \"meetings\": [")?;
    separated(out, &mut slots.iter(), ",", |out, slot| {
        write!(out, "\n        {{\n          \"start\": \"{}\",\n          \"pairs\": ", slot.start.to_rfc3339())?;
        list(out, 10, 12, &slot.pairs, |out, pair| numbers(out, pair))?;
        if !slot.trios.is_empty() {
            out.write_all(b",\n          \"trios\": ")?;
            list(out, 10, 12, &slot.trios, |out, trio| numbers(out, trio))?;
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
            Reason::Limit => out.write_all(b"\"limit\"")?,
            Reason::Paused(until) => write!(out, "\"paused\", \"until\": \"{until}\"")?,
        }
        out.write_all(b", \"people\": ")?;
        list(out, 8, 24, people, |out, &id| integer(out, id.wrapping_add(1)))?;
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

/// A list on one line where `a_line` items suffice; else wrapped, and indented two deeper than `indent`.
fn list<W: Write, T>(
    out: &mut W,
    indent: usize,
    a_line: usize,
    items: &[T],
    item: impl Fn(&mut W, &T) -> io::Result<()>,
) -> io::Result<()> {
    if items.len() <= a_line {
        out.write_all(b"[")?;
        separated(out, &mut items.iter(), ", ", &item)?;
        return out.write_all(b"]");
    }
    out.write_all(b"[")?;
    separated(out, &mut items.chunks(a_line), ",", |out, line| {
        write!(out, "\n{:indent$}  ", "")?;
        separated(out, &mut line.iter(), ", ", &item)
    })?;
    write!(out, "\n{:indent$}]", "")
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

fn numbers(out: &mut impl Write, people: &[PersonId]) -> io::Result<()> {
    out.write_all(b"[")?;
    separated(out, &mut people.iter(), ",", |out, id| integer(out, id.wrapping_add(1)))?;
    out.write_all(b"]")
}

fn integer(out: &mut impl Write, number: u32) -> io::Result<()> {
    out.write_all(itoa::Buffer::new().format(number).as_bytes())
}

fn string(out: &mut impl Write, text: &str) -> io::Result<()> {
    Ok(serde_json::to_writer(out, text)?)
}
