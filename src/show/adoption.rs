//! What is taken over from Webex after the state was lost, in each format. Knows the domain's adoption; decides nothing
//! about it.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use super::Format;
use super::names::together;
use super::table::write_table;
use crate::domain::roster::Roster;
use crate::domain::scheduling::adopt::{AdoptedMeeting, Adoption};
use crate::domain::zone::Zone;
use crate::show::text::local;

/// An adoption, and what is needed to show it.
pub struct Shown<'a> {
    /// The meetings that are taken over.
    pub adoption: &'a Adoption,
    /// The names of the people.
    pub roster: &'a Roster,
    /// The programme's zone, in which times are shown.
    pub timezone: Zone,
    /// The current time: meetings that have ended count as held.
    pub now: DateTime<Utc>,
}

/// Writes it in the requested format.
///
/// # Errors
/// The errors of `out`.
pub fn write(shown: &Shown<'_>, format: Format, width: Option<u16>, out: &mut impl Write) -> io::Result<()> {
    let Shown { adoption, timezone, now, .. } = shown;
    let state = |meeting: &AdoptedMeeting| if meeting.found.meeting.end <= *now { "met" } else { "booked" };
    let rows = adoption.meetings.iter().map(|meeting| {
        let when = local(*timezone, meeting.found.meeting.start);
        let names = together(meeting.people.iter().map(|email| name(shown.roster, email)));
        vec![meeting.round.to_string(), when, names, state(meeting).to_owned()]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let json = json!({
        "adopted": adoption.meetings.iter().map(|meeting| json!({
            "round": meeting.round, "people": meeting.people, "state": state(meeting),
            "start": meeting.found.meeting.start.with_timezone(timezone).to_rfc3339_opts(SecondsFormat::Secs, false),
            "end": meeting.found.meeting.end.with_timezone(timezone).to_rfc3339_opts(SecondsFormat::Secs, false),
        })).collect::<Vec<_>>(),
        "unclear": adoption.unclear.iter().map(|meeting| json!({
            "title": meeting.meeting.title,
            "start": meeting.meeting.start.with_timezone(timezone).to_rfc3339_opts(SecondsFormat::Secs, false),
        })).collect::<Vec<_>>(),
        "taken_back": adoption.taken_back,
    });
    let is_text = format.is_text();
    if rows.is_empty() && is_text {
        writeln!(out, "Nothing to take over: Webex lists no meeting of this programme.")?;
    } else {
        write_table(format, &["round", "when", "who", "taken over as"], &rows, &json, width, out)?;
    }
    if !is_text {
        return Ok(());
    }
    for meeting in &adoption.unclear {
        let when = local(*timezone, meeting.meeting.start);
        writeln!(out, "left as it is, because it is unclear who of those invited is to meet: a meeting on {when}")?;
    }
    for date in &adoption.taken_back {
        writeln!(out, "round of {date}: drawn without knowing of these meetings, and taken back")?;
    }
    Ok(())
}

fn name<'a>(roster: &'a Roster, email: &'a str) -> &'a str {
    roster.employees.iter().find(|one| *one.email == *email).map_or(email, |one| &one.name)
}
