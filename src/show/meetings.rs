//! Meetings as they stand, as a table, JSON, CSV or Markdown. Knows the words for each standing; decides nothing about
//! it.

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Format;
use super::names::together;
use super::table::{write_json, write_table};
use super::text::cell;
use crate::domain::scheduling::overview::{MeetingStanding, MeetingView};
use crate::domain::state::bookings::{Accounts, MeetingResult, Seen};
use crate::domain::state::people::{People, PersonView};
use crate::domain::zone::Zone;
use crate::show::text::local;

/// Meetings, and what is needed to show them.
pub struct Shown<'a> {
    /// The meetings, ordered by time.
    pub meetings: &'a [MeetingView],
    /// The names of the people.
    pub people: &'a People<'a>,
    /// The programme's zone, in which times are shown.
    pub timezone: Zone,
}

const CSV: [&str; 19] = [
    "round",
    "start",
    "end",
    "timezone",
    "email_1",
    "name_1",
    "department_1",
    "email_2",
    "name_2",
    "department_2",
    "email_3",
    "name_3",
    "department_3",
    "state",
    "why",
    "moved_from",
    "link",
    "seen",
    "said",
];

/// Writes them in the requested format.
///
/// # Errors
/// The errors of `out`.
pub fn write(shown: &Shown<'_>, format: Format, width: Option<u16>, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Json => write_json(&document(shown), out),
        Format::Csv => write_csv(shown, out),
        Format::Table | Format::Markdown if shown.meetings.is_empty() => writeln!(out, "No meetings."),
        Format::Table | Format::Markdown => {
            let rows: Vec<Vec<String>> = shown.meetings.iter().map(|meeting| row(shown, meeting)).collect();
            write_table(format, &["round", "when", "people", "state"], &rows, &Value::Null, width, out)
        }
    }
}

fn row(shown: &Shown<'_>, meeting: &MeetingView) -> Vec<String> {
    let people = members(shown, meeting).map(|person| match person.department {
        "" => person.name.to_owned(),
        department => format!("{} ({department})", person.name),
    });
    vec![meeting.round.to_string(), local(shown.timezone, meeting.start), together(people), words(shown, meeting)]
}

fn members<'a>(shown: &Shown<'a>, meeting: &MeetingView) -> impl Iterator<Item = PersonView<'a>> {
    let people = shown.people;
    let ids = meeting.people.people().to_vec();
    ids.into_iter().map(move |id| people.view(id))
}

/// How a meeting stands, in words.
fn words(shown: &Shown<'_>, meeting: &MeetingView) -> String {
    let state = match &meeting.standing {
        MeetingStanding::ToBook(_) => "to be booked",
        MeetingStanding::Booked => "booked",
        MeetingStanding::Moved => "moved",
        MeetingStanding::ToMove => "to be moved",
        MeetingStanding::ToCancel(_) => "to be cancelled",
        MeetingStanding::Suggested(_) => "suggested",
        MeetingStanding::Cancelled(_) => "cancelled",
        MeetingStanding::Held(_) => "held",
        MeetingStanding::NotHeld(_) => "not held",
        MeetingStanding::Unknown(_) => "unknown",
    };
    let is_ahead = matches!(
        meeting.standing,
        MeetingStanding::ToBook(_) | MeetingStanding::Moved | MeetingStanding::ToMove | MeetingStanding::Suggested(_)
    );
    let from = meeting.moved_from.filter(|_| is_ahead).map(|from| format!(" from {}", local(shown.timezone, from)));
    let from = match (&meeting.standing, from) {
        (MeetingStanding::Suggested(_), Some(from)) => format!(" (moved{from})"),
        (_, from) => from.unwrap_or_default(),
    };
    match what_is_known(shown, meeting) {
        Some(why) => format!("{state}{from}: {why}"),
        None => format!("{state}{from}"),
    }
}

/// Remarks: the reason for the standing, and what else is known.
fn why(shown: &Shown<'_>, meeting: &MeetingView) -> Option<String> {
    match &meeting.standing {
        MeetingStanding::Booked | MeetingStanding::Moved | MeetingStanding::ToMove => None,
        MeetingStanding::ToBook(why) | MeetingStanding::Unknown(why) => why.clone(),
        MeetingStanding::ToCancel(why) | MeetingStanding::Cancelled(why) => Some(why.clone()),
        MeetingStanding::Suggested(proposal) => {
            let by = shown.people.view(proposal.by).name;
            let until = local(shown.timezone, proposal.expires.fixed_offset());
            Some(format!("{by} suggests {}, until {until}", local(shown.timezone, proposal.start)))
        }
        MeetingStanding::Held(said) | MeetingStanding::NotHeld(said) => {
            Some(accounts(shown, said, meeting)).filter(|why| !why.is_empty())
        }
    }
}

/// The standing in words: what was seen, and what people say.
fn what_is_known(shown: &Shown<'_>, meeting: &MeetingView) -> Option<String> {
    let seen = seen(meeting).map(|seen| {
        match seen {
            "both" if meeting.people.people().len() == 2 => "at Webex, both were seen there",
            "both" => "at Webex, they were seen there together",
            "one" => "at Webex, one was seen there alone",
            _ => "at Webex, nobody was seen there",
        }
        .to_owned()
    });
    let known: Vec<String> = seen.into_iter().chain(why(shown, meeting)).collect();
    (!known.is_empty()).then(|| known.join("; "))
}

/// What was seen, for programs: null if it is unclear.
fn seen(meeting: &MeetingView) -> Option<&'static str> {
    match meeting.seen? {
        Seen::Both => Some("both"),
        Seen::One(_) => Some("one"),
        Seen::Nobody => Some("nobody"),
        Seen::Unclear => None,
    }
}

/// What people say, for programs.
fn said(meeting: &MeetingView) -> Option<&'static str> {
    Some(match meeting.said? {
        MeetingResult::Met => "met",
        MeetingResult::CouldNot => "could-not",
    })
}

/// Who says what: two people may say different things.
fn accounts(shown: &Shown<'_>, said: &Accounts, meeting: &MeetingView) -> String {
    let people = meeting.people.people().len();
    let names = |ids: &[_]| together(ids.iter().map(|id| shown.people.view(*id).name));
    if said.differ() {
        let says = |count: usize| if count == 1 { "says" } else { "say" };
        let (met, not) = (&said.met, &said.could_not);
        return format!(
            "{} {} so, and {} {} that they could not",
            names(met),
            says(met.len()),
            names(not),
            says(not.len())
        );
    }
    // What people say is not what was seen.
    if meeting.seen == Some(Seen::Both) && meeting.said == Some(MeetingResult::CouldNot) {
        let names = names(&said.could_not);
        return if names.is_empty() {
            "somebody says that they could not".to_owned()
        } else {
            format!("{names} said that they could not")
        };
    }
    match (said.met.len().max(said.could_not.len()), people) {
        (0, _) => String::new(),
        (all, people) if all == people => if people == 2 { "both said so" } else { "all said so" }.to_owned(),
        (1, _) => "one said so".to_owned(),
        (some, all) => format!("{some} of {all} said so"),
    }
}

fn time(at: DateTime<Utc>, zone: Zone) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn end(meeting: &MeetingView) -> DateTime<Utc> {
    (meeting.start + TimeDelta::minutes(meeting.minutes.into())).to_utc()
}

fn document(shown: &Shown<'_>) -> Value {
    let meetings = shown.meetings.iter().map(|meeting| {
        let mut json = json!({
            "round": meeting.round,
            "people": members(shown, meeting).map(|person| person.email).collect::<Vec<_>>(),
            "start": time(meeting.start.to_utc(), shown.timezone),
            "end": time(end(meeting), shown.timezone),
            "state": meeting.standing.name(),
        });
        let from = meeting.moved_from.map(|from| time(from.to_utc(), shown.timezone));
        let known = [("seen", seen(meeting)), ("said", said(meeting))].map(|(name, it)| (name, it.map(str::to_owned)));
        let rest = [("why", why(shown, meeting)), ("moved_from", from), ("link", meeting.link.clone())];
        for (name, value) in known.into_iter().chain(rest) {
            if let Some(value) = value {
                json[name] = value.into();
            }
        }
        json
    });
    json!({ "meetings": meetings.collect::<Vec<_>>() })
}

fn write_csv(shown: &Shown<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(CSV).map_err(fault)?;
    for meeting in shown.meetings {
        let mut fields = vec![
            meeting.round.to_string(),
            time(meeting.start.to_utc(), shown.timezone),
            time(end(meeting), shown.timezone),
            shown.timezone.to_string(),
        ];
        let mut members = members(shown, meeting);
        for _ in 0..3 {
            let person = members.next().map_or([""; 3], |person| [person.email, person.name, person.department]);
            fields.extend(person.map(str::to_owned));
        }
        fields.push(meeting.standing.name().to_owned());
        let from = meeting.moved_from.map(|from| time(from.to_utc(), shown.timezone));
        fields.extend([why(shown, meeting), from, meeting.link.clone()].map(Option::unwrap_or_default));
        fields.extend([seen(meeting), said(meeting)].map(|it| it.unwrap_or_default().to_owned()));
        out.write_record(fields.iter().map(|field| cell(field)).map(Cow::into_owned)).map_err(fault)?;
    }
    out.flush()
}

/// The writer's own error, so that a closed pipe can be told from other errors.
fn fault(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
