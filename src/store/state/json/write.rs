//! The way out: a state as text, long lists wrapped, in pieces that can be written while the rest is drawn.
//! Knows the form; what it reads like back is the way in's.

use std::io::{self, Write};

use serde::Serialize;

use super::{FORMAT, VERSION};
use crate::domain::state::{Group, LeftOut, Outcomes, PersonId, Reason, Round, State};
use crate::domain::text::rfc3339;
use crate::store::state::booking_json::{BookingJson, BookingRequestsJson, CalledOffJson};
use crate::store::state::changes_json::ChangesJson;
use crate::store::state::conversation_json::{
    ArrivedJson, ChoiceJson, DraftJson, HandledJson, JoinedJson, LastSaidJson, LeftJson, NewsJson, NotifiedJson,
    OutgoingJson, ReportJson,
};
use crate::store::state::groups_json::add_number;

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

/// Writes what follows a [`Beginning`] that had the first `begun` rounds.
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
    lines(out, "called_off", state.called_off.iter().map(CalledOffJson::from))?;
    lines(out, "asked", state.asked.iter().copied().map(BookingRequestsJson::from))?;
    lines(out, "choices", state.choices.iter().map(ChoiceJson::from))?;
    lines(out, "questions", state.last_said.iter().map(LastSaidJson::from))?;
    lines(out, "told", state.told.iter().map(NotifiedJson::from))?;
    lines(out, "outbox", state.outbox.iter().map(OutgoingJson::from))?;
    lines(out, "reports", state.reports.iter().map(ReportJson::from))?;
    lines(out, "arrived", state.arrived.iter().map(ArrivedJson::from))?;
    lines(out, "handled", state.handled.iter().map(HandledJson::from))?;
    lines(out, "drafts", state.drafts.iter().map(DraftJson::from))?;
    lines(out, "heard", state.heard.iter())?;
    lines(out, "unknown_at_webex", state.unknown_at_webex.iter())?;
    lines(out, "left", state.left.iter().map(LeftJson::from))?;
    lines(out, "news", state.news.iter().map(NewsJson::from))?;
    if let Some(joined) = &state.joined {
        // That somebody has looked is kept even where nobody was found.
        out.write_all(if joined.is_empty() { b",\n  \"joined\": []" } else { b"" })?;
        lines(out, "joined", joined.iter().map(JoinedJson::from))?;
    }
    if let Some(from) = &state.books_from {
        write!(out, ",\n  \"books_from\": \"{from}\"")?;
    }
    if let Some(saved) = &state.saved {
        write!(out, ",\n  \"saved\": \"{}\"", rfc3339(*saved))?;
    }
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
    let Round { date, seed, timezone, slots, left_out, best_possible_pairs, optimal, changes, outcomes } = round;
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
            Reason::Skips => out.write_all(b"\"skips\"")?,
            Reason::Silent => out.write_all(b"\"silent\"")?,
            Reason::Unreachable => out.write_all(b"\"unreachable\"")?,
            Reason::Holiday => out.write_all(b"\"holiday\"")?,
            Reason::DayOff => out.write_all(b"\"day off\"")?,
            Reason::Paused(until) => write!(out, "\"paused\", \"until\": \"{until}\"")?,
        }
        out.write_all(b", \"people\": ")?;
        list(out, 8, 24, people, number)?;
        out.write_all(b" }")
    })?;
    out.write_all(if left_out.is_empty() { b"]" } else { b"\n      ]" })?;
    if !changes.is_empty() {
        out.write_all(b",\n      \"changes\": ")?;
        serde_json::to_writer(&mut *out, &ChangesJson::from(changes))?;
    }
    if !outcomes.is_empty() {
        write_outcomes(out, round)?;
    }
    out.write_all(b"\n    }")
}

/// Where most of a round's meetings were held, those stand here of which nobody knows, and else those that were: it is the
/// shorter list.
fn write_outcomes(out: &mut impl Write, round: &Round) -> io::Result<()> {
    let Outcomes { booked, held, not_held, deleted, moved } = &round.outcomes;
    let standing = round.standing();
    let is_among = |groups: &[Group], group: &Group| groups.binary_search(group).is_ok();
    let unknown: Vec<Group> =
        standing.iter().copied().filter(|it| !is_among(held, it) && !is_among(deleted, it)).collect();
    let others: Vec<Group> = held.iter().copied().filter(|it| !is_among(&standing, it)).collect();
    let is_shorter = unknown.len() + others.len() < held.len();
    write!(
        out,
        ",\n      \"outcomes\": {{\n        \"booked\": {booked}, \"not_held\": {not_held}, \"moved\": {moved}"
    )?;
    let held = if is_shorter { &others } else { held };
    for (name, groups, is_written) in
        [("all_but", &unknown, is_shorter), ("held", held, !held.is_empty()), ("deleted", deleted, !deleted.is_empty())]
    {
        if is_written {
            write!(out, ",\n        \"{name}\": ")?;
            list(out, 8, 12, groups, |text, group| numbers(text, group.people()))?;
        }
    }
    out.write_all(b"\n      }")
}

fn worded(out: &mut impl Write, reason: &str, why: &str) -> io::Result<()> {
    string(out, reason)?;
    if why.is_empty() {
        return Ok(());
    }
    out.write_all(b", \"why\": ")?;
    string(out, why)
}

/// How much text is gathered before it is written: more than `out` would copy first.
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
            if at > 0 {
                text.extend_from_slice(b", ");
            }
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
        if at > 0 {
            text.push(b',');
        }
        number(text, id);
    }
    text.push(b']');
}

fn number(text: &mut Vec<u8>, id: &PersonId) {
    add_number(text, id.number());
}

fn string(out: &mut impl Write, text: &str) -> io::Result<()> {
    Ok(serde_json::to_writer(out, text)?)
}
