//! Rounds as JSON, whose keys other programs rely on.
//! Written line by line as serde_json's pretty form has it, for a large company's text is all but the same lines
//! again and again: so it takes a fraction of the time.

use std::io::{self, Write};

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::Shown;
use crate::domain::view::{PairView, RoundView};

/// So much text is gathered before it is written.
const GATHERED: usize = 1 << 16;

/// Writes the whole text.
pub(super) fn write(shown: &Shown<'_>, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let mut text = Vec::with_capacity(2 * GATHERED);
    text.extend(b"{\n  \"month\": ");
    match shown.month {
        Some(month) => write!(text, "\"{month}\"")?,
        None => text.extend(b"null"),
    }
    write!(text, ",\n  \"seed\": {},\n  \"rounds\": ", shown.seed)?;
    list(&mut text, 2, shown.rounds, |text, round| write_round(text, round, out))?;
    text.extend(b",\n  \"expect\": ");
    list(&mut text, 2, shown.expect, |text, sentence| string(text, sentence))?;
    text.extend(b"\n}\n");
    out.write_all(&text)?;
    out.flush()
}

fn write_round(text: &mut Vec<u8>, round: &RoundView, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let RoundView { date, seed, best_possible_pairs, optimal, .. } = round;
    write!(
        text,
        "{{\n      \"id\": \"{date}\",\n      \"date\": \"{date}\",\n      \"seed\": {seed},\n      \"pairs\": "
    )?;
    let mut words = Words::new(round.date);
    list(text, 6, &round.pairs, |text, pair| {
        if text.len() > GATHERED {
            out.write_all(text)?;
            text.clear();
        }
        write_pair(text, round, pair, &mut words)
    })?;
    text.extend(b",\n      \"left_out\": ");
    list(text, 6, &round.left_out, |text, (person, reason)| {
        text.extend(b"{\n          \"email\": ");
        string(text, person.email)?;
        text.extend(b",\n          \"reason\": ");
        string(text, &reason.to_string())?;
        text.extend(b"\n        }");
        Ok(())
    })?;
    write!(text, ",\n      \"best_possible_pairs\": {best_possible_pairs},\n      \"optimal\": {optimal}\n    }}")
}

fn write_pair(text: &mut Vec<u8>, round: &RoundView, pair: &PairView, words: &mut Words) -> io::Result<()> {
    text.extend(b"{\n          \"id\": \"");
    text.extend(words.date.as_bytes());
    for (id, separator) in pair.id.group.people().iter().zip(*b"/--") {
        text.push(separator);
        text.extend(itoa::Buffer::new().format(id + 1).as_bytes());
    }
    text.extend(b"\",\n          \"people\": [\n            ");
    for (at, person) in round.members(pair).enumerate() {
        if at > 0 {
            text.extend(b",\n            ");
        }
        string(text, person.email)?;
    }
    text.extend(words.times(pair).as_bytes());
    match pair.met_before {
        Some(date) => write!(text, "true,\n          \"last_met\": \"{date}\"\n        }}"),
        None => {
            text.extend(b"false,\n          \"last_met\": null\n        }");
            Ok(())
        }
    }
}

/// What is the same for many pairs of a round, in words.
struct Words {
    date: String,
    /// The last start and its lines: pairs come by start.
    times: Option<(DateTime<FixedOffset>, String)>,
}

impl Words {
    fn new(date: NaiveDate) -> Self {
        Self { date: date.to_string(), times: None }
    }

    /// From the end of a pair's people to whether it is a repeat.
    fn times(&mut self, pair: &PairView) -> &str {
        let known = self.times.take().filter(|(start, _)| *start == pair.start);
        let (_, text) = self.times.insert(known.unwrap_or_else(|| {
            let [start, end] = [pair.start, pair.end].map(|time| time.to_rfc3339());
            let people = "\n          ],\n          ";
            (
                pair.start,
                format!("{people}\"start\": \"{start}\",\n          \"end\": \"{end}\",\n          \"repeat\": "),
            )
        }));
        text
    }
}

/// A list whose brackets are indented by so much; its items are on lines of their own.
fn list<T>(
    text: &mut Vec<u8>,
    indent: usize,
    items: &[T],
    mut item: impl FnMut(&mut Vec<u8>, &T) -> io::Result<()>,
) -> io::Result<()> {
    let line = format!(",\n{:indent$}", "");
    text.push(b'[');
    for (at, it) in items.iter().enumerate() {
        text.extend(&line.as_bytes()[usize::from(at == 0)..]);
        text.extend(b"  ");
        item(text, it)?;
    }
    if !items.is_empty() {
        text.extend(&line.as_bytes()[1..]);
    }
    text.push(b']');
    Ok(())
}

fn string(text: &mut Vec<u8>, string: &str) -> io::Result<()> {
    // Mostly there is nothing to escape, and that is found many letters at a time.
    if string.bytes().fold(false, |odd, byte| odd | (byte < b' ') | (byte == b'"') | (byte == b'\\')) {
        return Ok(serde_json::to_writer(text, string)?);
    }
    text.push(b'"');
    text.extend(string.as_bytes());
    text.push(b'"');
    Ok(())
}
