//! Rounds as JSON, whose keys other programs rely on. A pair is one line, and so is everybody who is left out, so that
//! lines can be searched for and two draws compared.
//!
//! Written by hand, since the text for a large company is almost the same line again and again. What it buys: with
//! serde, which checks every letter again, the lines of 100,000 people take twice as long.

use std::io::{self, Write};

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::Shown;
use crate::domain::pairing::round_view::{PairView, RoundView};
use crate::domain::state::PersonId;
use crate::domain::state::people::PersonView;

/// How much text is collected before it is written.
const CHUNK: usize = 1 << 16;

/// Writes the whole text.
pub(super) fn write(shown: &Shown<'_>, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let mut text = Vec::new();
    text.extend(b"{\n  \"month\": ");
    match shown.month {
        Some(month) => write!(text, "\"{month}\"")?,
        None => text.extend(b"null"),
    }
    write!(text, ",\n  \"seed\": {},\n  \"rounds\": ", shown.seed)?;
    let emails = Emails::of(shown.rounds.first().map_or(&[], |round| round.people));
    list(&mut text, 2, shown.rounds, |text, round| write_round(text, round, &emails, out))?;
    text.extend(b",\n  \"expect\": ");
    list(&mut text, 2, shown.expect, |text, sentence| string(text, sentence))?;
    text.extend(b"\n}\n");
    out.write_all(&text)?;
    out.flush()
}

fn write_round(
    text: &mut Vec<u8>,
    round: &RoundView,
    emails: &Emails,
    out: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    let RoundView { date, seed, best_possible_pairs, optimal, .. } = round;
    write!(
        text,
        "{{\n      \"id\": \"{date}\",\n      \"date\": \"{date}\",\n      \"seed\": {seed},\n      \"pairs\": ["
    )?;
    let mut words = Words::new(*date);
    for (at, pair) in round.pairs.iter().enumerate() {
        let line = text.len();
        write_pair(text, pair, &mut words, emails)?;
        if at == 0 {
            text.remove(line); // the comma
        }
        if text.len() > CHUNK {
            out.write_all(text)?;
            text.clear();
        }
    }
    text.extend(if round.pairs.is_empty() { &b"]"[..] } else { b"\n      ]" });
    text.extend(b",\n      \"left_out\": ");
    list(text, 6, &round.left_out, |text, (person, reason)| {
        text.extend(b"{\"email\": ");
        string(text, person.email)?;
        text.extend(b", \"reason\": ");
        string(text, &reason.to_string())?;
        text.push(b'}');
        Ok(())
    })?;
    write!(text, ",\n      \"best_possible_pairs\": {best_possible_pairs},\n      \"optimal\": {optimal}\n    }}")
}

/// A pair's line, after a comma.
fn write_pair(text: &mut Vec<u8>, pair: &PairView, words: &mut Words, emails: &Emails) -> io::Result<()> {
    let people = pair.id.group.people();
    text.extend_from_slice(words.head.as_bytes());
    for (id, separator) in people.iter().zip(*b"/--") {
        text.push(separator);
        write!(text, "{}", id.number())?;
    }
    text.extend_from_slice(b"\", \"people\": [");
    for (at, id) in people.iter().enumerate() {
        text.extend_from_slice(if at == 0 { b"" } else { b", " });
        text.extend_from_slice(emails.get(*id));
    }
    text.extend_from_slice(words.times(pair).as_bytes());
    match pair.met_before {
        Some((date, is_over)) => {
            let name = if is_over { "last_met" } else { "drawn_for" };
            write!(text, "true, \"{name}\": \"{date}\"}}")
        }
        None => {
            text.extend_from_slice(b"false, \"last_met\": null}");
            Ok(())
        }
    }
}

/// Everybody's address as it is written, by number, one after another: scattered texts take long to fetch.
struct Emails {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Emails {
    fn of(people: &[PersonView<'_>]) -> Self {
        let mut emails = Self { text: Vec::new(), ends: Vec::with_capacity(people.len()) };
        for person in people {
            // A vector takes all that it is given.
            let _ = string(&mut emails.text, person.email);
            emails.ends.push(emails.text.len());
        }
        emails
    }

    fn get(&self, id: PersonId) -> &[u8] {
        let at = id.index();
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }
}

/// The text that many pairs of a round share.
struct Words {
    /// The beginning of a pair's line, up to the date with which its id begins.
    head: String,
    /// The last start and its text: pairs come by start.
    times: Option<(DateTime<FixedOffset>, String)>,
}

impl Words {
    fn new(date: NaiveDate) -> Self {
        Self { head: format!(",\n        {{\"id\": \"{date}"), times: None }
    }

    /// The text between a pair's people and whether it is a repeat.
    fn times(&mut self, pair: &PairView) -> &str {
        let known = self.times.take().filter(|(start, _)| *start == pair.start);
        let (_, text) = self.times.insert(known.unwrap_or_else(|| {
            let [start, end] = [pair.start, pair.end].map(|time| time.to_rfc3339());
            (pair.start, format!("], \"start\": \"{start}\", \"end\": \"{end}\", \"repeat\": "))
        }));
        text
    }
}

/// A list whose brackets are indented this far, with its items on lines of their own.
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
    // Usually there is nothing to escape, which is checked many characters at a time.
    if string.bytes().fold(false, |odd, byte| odd | (byte < b' ') | (byte == b'"') | (byte == b'\\')) {
        return Ok(serde_json::to_writer(text, string)?);
    }
    text.push(b'"');
    text.extend(string.as_bytes());
    text.push(b'"');
    Ok(())
}
