//! Entries of the journal, as a table, JSON, CSV or Markdown. Knows the words for what was done; decides nothing.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::Format;
use super::names::together;
use super::table::{write_json, write_table};
use crate::domain::journal::{Did, Entry, Number};
use crate::domain::state::PersonId;
use crate::domain::state::people::{People, PersonView};
use crate::domain::text::rfc3339;
use crate::domain::zone::Zone;
use crate::show::text::local;

const COLUMNS: [&str; 7] = ["when", "by", "what", "round", "people", "more", "id"];

/// Entries, and what is needed to show them.
pub struct Shown<'a> {
    /// The entries, the oldest first.
    pub entries: &'a [Entry],
    /// The people of the state, whose numbers the entries contain.
    pub people: &'a People<'a>,
    /// The programme's zone, in which times are shown.
    pub timezone: Zone,
}

/// Writes them in the requested format.
///
/// # Errors
/// The errors of `out`.
pub fn write(shown: &Shown<'_>, format: Format, width: Option<u16>, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Json => write_json(&document(shown), out),
        Format::Table | Format::Markdown if shown.entries.is_empty() => writeln!(out, "No entries."),
        Format::Table | Format::Csv | Format::Markdown => {
            // Ids are for programs: a terminal has no room for them.
            let columns = if format == Format::Csv { COLUMNS.len() } else { COLUMNS.len() - 1 };
            let rows: Vec<Vec<String>> = shown.entries.iter().flat_map(|entry| rows(shown, entry, columns)).collect();
            write_table(format, &COLUMNS[..columns], &rows, &Value::Null, width, out)
        }
    }
}

/// One row for each group of an entry, or a single row if the entry is about nobody.
fn rows(shown: &Shown<'_>, entry: &Entry, columns: usize) -> Vec<Vec<String>> {
    let row = |people: &[Number]| {
        let names =
            people.iter().map(|number| view(shown, *number).map_or_else(|| nameless(*number), |it| it.name.to_owned()));
        let by = entry.who.and_then(|who| view(shown, who)).map_or(&*entry.by, |who| who.name);
        let mut row = vec![
            moment(shown, entry.at),
            by.to_owned(),
            words(entry.did).to_owned(),
            entry.round.map(|round| round.to_string()).unwrap_or_default(),
            together(names),
            more(shown, entry),
            entry.id.clone().unwrap_or_default(),
        ];
        row.truncate(columns);
        row
    };
    if entry.people.is_empty() { vec![row(&[])] } else { entry.people.iter().map(|group| row(group)).collect() }
}

fn view<'a>(shown: &Shown<'a>, number: Number) -> Option<PersonView<'a>> {
    let person = PersonId::from(number);
    (person.index() < shown.people.positions().len()).then(|| shown.people.view(person))
}

/// What to call somebody whom the state does not know.
fn nameless(number: Number) -> String {
    format!("number {}", PersonId::from(number).number())
}

fn moment(shown: &Shown<'_>, at: DateTime<Utc>) -> String {
    at.with_timezone(&shown.timezone).format("%Y-%m-%d %H:%M:%S").to_string()
}

fn words(did: Did) -> &'static str {
    match did {
        Did::Begun => "state begun",
        Did::Drawn => "drawn",
        Did::Withdrawn => "not to meet after all",
        Did::LeftOut => "left out",
        Did::Booked => "booked",
        Did::Adopted => "taken over",
        Did::Moved => "moved",
        Did::Cancelled => "cancelled",
        Did::Invited => "address invited",
        Did::Uninvited => "address taken off",
        Did::Refused => "refused by Webex",
        Did::Sent => "sent",
        Did::NotSent => "not sent",
        Did::Suggested => "new time suggested",
        Did::Agreed => "new time agreed",
        Did::Declined => "new time declined",
        Did::Paused => "paused",
        Did::Resumed => "takes part again",
        Did::Skipped => "round skipped",
        Did::Unskipped => "round not skipped after all",
        Did::Stopped => "left the programme",
        Did::Met => "said: we met",
        Did::CouldNot => "said: we could not meet",
        Did::Forgotten => "forgotten",
    }
}

/// Further details: the kind of a message, the time of a meeting, the reason.
fn more(shown: &Shown<'_>, entry: &Entry) -> String {
    let start = entry.start.map(|start| local(shown.timezone, start));
    let about = entry.about.as_ref().map(|about| match entry.did {
        Did::Paused => format!("until {about}"),
        _ => about.clone(),
    });
    let parts: Vec<String> = [about, start, entry.why.clone()].into_iter().flatten().collect();
    parts.join(", ")
}

fn document(shown: &Shown<'_>) -> Value {
    json!({ "entries": shown.entries.iter().map(|entry| of_entry(shown, entry)).collect::<Vec<_>>() })
}

/// An entry for other programs: people by address, and only the fields that have a value.
pub fn of_entry(shown: &Shown<'_>, entry: &Entry) -> Value {
    let email = |number: &Number| view(shown, *number).map_or_else(|| nameless(*number), |it| it.email.to_owned());
    let people: Vec<Vec<String>> = entry.people.iter().map(|group| group.iter().map(email).collect()).collect();
    let mut json = Map::new();
    let fields = [
        ("at", Some(json!(rfc3339(entry.at.fixed_offset())))),
        ("by", Some(json!(entry.by))),
        ("who", entry.who.as_ref().map(|who| json!(email(who)))),
        ("did", Some(json!(entry.did))),
        ("round", entry.round.map(|round| json!(round))),
        ("people", Some(json!(people))),
        ("id", entry.id.as_ref().map(|id| json!(id))),
        ("start", entry.start.map(|start| json!(rfc3339(start)))),
        ("about", entry.about.as_ref().map(|about| json!(about))),
        ("why", entry.why.as_ref().map(|why| json!(why))),
    ];
    json.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Value::Object(json)
}
