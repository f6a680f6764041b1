//! A schedule as a table, JSON, CSV or Markdown: what is booked, moved and cancelled, with the calls.
//! Knows the domain's schedule; the calls come as texts.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::table::{write_json, write_table};
use super::{Format, replan};
use crate::domain::pairing::replan::Replan;
use crate::domain::scheduling::{Action, Notice, SchedulePlan, Step};
use crate::domain::state::bookings::Booking;
use crate::domain::state::people::People;
use crate::domain::text::{counted, rfc3339};
use crate::domain::zone::Zone;
use crate::show::text::local;

/// A schedule, and what is needed to show it.
pub struct Shown<'a> {
    /// What is to be done.
    pub schedule: &'a SchedulePlan,
    /// For each of its steps: the request's first line, and its body.
    pub calls: &'a [(String, Option<Value>)],
    /// Whether the calls are shown to a person.
    pub with_calls: bool,
    /// The names of the people.
    pub people: &'a People<'a>,
    /// What changes in the rounds ahead.
    pub replan: &'a Replan,
    /// The programme's zone, in which times are shown.
    pub timezone: Zone,
}

/// The results of the steps of a schedule.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    /// How many steps were done, by [`Action::kind`].
    pub done: [usize; Action::KINDS],
    /// How many were not done.
    pub not_done: [usize; Action::KINDS],
    /// How many may have been done: nobody knows yet.
    pub in_doubt: usize,
    /// How many were not tried.
    pub untried: usize,
}

impl Done {
    fn words(&self, kept: usize) -> String {
        let verbs = ["booked", "moved", "cancelled", "invited", "taken off the list"];
        let done = self.done.iter().zip(verbs).map(|(count, verb)| (*count, verb.to_owned()));
        let not_done = self.not_done.iter().zip(verbs).map(|(count, verb)| (*count, format!("not {verb}")));
        let rest = [(self.in_doubt, "in doubt".to_owned()), (self.untried, "not tried".to_owned())];
        let parts = done.chain(not_done).chain(rest).filter(|(count, _)| *count > 0);
        let parts = parts.map(|(count, words)| format!("{count} {words}")).chain([format!("{kept} kept")]);
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// Writes the table in the requested format.
///
/// # Errors
/// The errors of `out`.
pub fn write(shown: &Shown<'_>, format: Format, width: Option<u16>, out: &mut impl Write) -> io::Result<()> {
    if format == Format::Json {
        return write_json(&document(shown), out);
    }
    let schedule = shown.schedule;
    let changes = replan::sentences(shown.replan, shown.people);
    if !changes.is_empty() && format != Format::Csv {
        changes.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out)?;
    }
    if schedule.steps.is_empty() && format != Format::Csv {
        writeln!(out, "Nothing to book, move or cancel: {}.", kept(schedule.kept))?;
    }
    if !schedule.steps.is_empty() || format == Format::Csv {
        let with_calls = shown.with_calls || format == Format::Csv;
        let row = |(step, call)| {
            let mut row = row(shown, step, call);
            if !with_calls {
                row.remove(CALL);
            }
            row
        };
        let rows: Vec<Vec<String>> = schedule.steps.iter().zip(shown.calls).map(row).collect();
        let mut columns = vec!["do", "when", "who", "call", "why"];
        if !with_calls {
            columns.remove(CALL);
        }
        write_table(format, &columns, &rows, &Value::Null, width, out)?;
    }
    Ok(())
}

/// Writes what follows the table, in words: how many steps of each kind there are or, once they are carried out, their
/// results; and what the organizer should know.
///
/// # Errors
/// The errors of `out`.
pub fn write_footer(shown: &Shown<'_>, done: Option<&Done>, format: Format, out: &mut impl Write) -> io::Result<()> {
    if matches!(format, Format::Json | Format::Csv) {
        return Ok(());
    }
    let schedule = shown.schedule;
    if !schedule.steps.is_empty() {
        writeln!(out, "\n{}", done.map_or_else(|| summary(schedule), |done| done.words(schedule.kept)))?;
    }
    for line in later(schedule).into_iter().chain(schedule.notices.iter().map(|notice| words(shown, notice))) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The column of the call in a row.
const CALL: usize = 3;

fn row(shown: &Shown<'_>, step: &Step, (call, _): &(String, Option<Value>)) -> Vec<String> {
    let when = match &step.action {
        Action::Move(_, from, ..) => {
            format!("{} → {}", local(shown.timezone, *from), local(shown.timezone, step.booking.start))
        }
        _ => local(shown.timezone, step.booking.start),
    };
    vec![verb(step).to_owned(), when, who(shown.people, &step.booking), call.clone(), step.why.clone()]
}

fn verb(step: &Step) -> &'static str {
    match step.action {
        Action::Book(_) => "book",
        Action::Move(..) => "move",
        Action::Cancel(..) | Action::CancelDouble(_) => "cancel",
        Action::Invite(..) => "invite",
        Action::Uninvite(..) => "take off the list",
    }
}

fn who(people: &People<'_>, booking: &Booking) -> String {
    replan::names(booking.people, people)
}

fn kept(count: usize) -> String {
    match count {
        0 => "no meeting is due".to_owned(),
        1 => "1 meeting stands as planned".to_owned(),
        count => format!("{count} meetings stand as planned"),
    }
}

/// A meeting in words: who, and when in that zone.
pub fn meeting(booking: &Booking, people: &People<'_>, zone: Zone) -> String {
    format!("{} on {}", who(people, booking), local(zone, booking.start))
}

/// What is to be done, in one line.
pub fn in_words(schedule: &SchedulePlan) -> String {
    if schedule.steps.is_empty() { kept(schedule.kept) } else { summary(schedule) }
}

/// How many steps of each kind there are, in words.
fn summary(schedule: &SchedulePlan) -> String {
    let count = |wanted: &str| schedule.steps.iter().filter(|step| verb(step) == wanted).count();
    let counts = ["book", "move", "cancel", "invite", "take off the list"].map(|verb| (verb, count(verb)));
    let mut parts: Vec<String> =
        counts.iter().filter(|(_, count)| *count > 0).map(|(verb, count)| format!("{count} to {verb}")).collect();
    parts.push(format!("{} to keep", schedule.kept));
    parts.join(", ")
}

/// What the quota leaves for later, in words.
fn later(schedule: &SchedulePlan) -> Option<String> {
    let (count, again) = schedule.later?;
    let again = rfc3339(again);
    let meetings = counted(count, "meeting is", "meetings are");
    Some(format!("{meetings} left for later: Webex allows no more today; run again after {again}"))
}

fn words(shown: &Shown<'_>, notice: &Notice) -> String {
    let meeting = |booking: &Booking| meeting(booking, shown.people, shown.timezone);
    match notice {
        Notice::Adopted(booking) => format!("found at Webex, and counted as booked: {}", meeting(booking)),
        Notice::MovedByHand(booking) => format!("moved at Webex by hand, and left there: {}", meeting(booking)),
        Notice::Deleted(booking) => {
            format!("deleted at Webex by hand, and not booked again without --rebook: {}", meeting(booking))
        }
        Notice::Refused(booking, why) => {
            format!("refused by Webex before, and not asked again without --retry: {}: {why}", meeting(booking))
        }
        Notice::Unclear(booking) => {
            format!(
                "may be a meeting that Webex shows but that cannot be read, to be looked up again: {}",
                meeting(booking)
            )
        }
        Notice::Elsewhere(booking, person) => {
            let who = shown.people.view(*person).name;
            format!(
                "not booked, because {who} is in a meeting of another programme then, and no other time is free: {}",
                meeting(booking)
            )
        }
        Notice::Unanswered(booking, until) => {
            format!("not answered by Webex, and looked up again after {}: {}", rfc3339(*until), meeting(booking))
        }
    }
}

fn document(shown: &Shown<'_>) -> Value {
    let schedule = shown.schedule;
    let people = |booking: &Booking| -> Vec<&str> {
        booking.people.people().iter().map(|id| shown.people.view(*id).email).collect()
    };
    let steps = schedule.steps.iter().zip(shown.calls).map(|(step, (call, body))| {
        let booking = &step.booking;
        let from = match step.action {
            Action::Move(_, from, ..) => Some(from.to_rfc3339()),
            _ => None,
        };
        json!({
            "do": verb(step), "round": booking.round, "people": people(booking), "from": from,
            "start": booking.start.to_rfc3339(), "end": booking.end().to_rfc3339(), "why": step.why,
            "call": call, "body": body,
        })
    });
    let notices = schedule.notices.iter().map(|notice| {
        let (what, booking, why) = match notice {
            Notice::Adopted(booking) => ("adopted", booking, None),
            Notice::MovedByHand(booking) => ("moved by hand", booking, None),
            Notice::Deleted(booking) => ("deleted by hand", booking, None),
            Notice::Refused(booking, why) => ("refused", booking, Some(why)),
            Notice::Unclear(booking) => ("unclear", booking, None),
            Notice::Unanswered(booking, _) => ("not answered", booking, None),
            Notice::Elsewhere(booking, _) => ("elsewhere", booking, None),
        };
        json!({ "what": what, "round": booking.round, "people": people(booking),
            "start": booking.start.to_rfc3339(), "why": why })
    });
    json!({
        "steps": steps.collect::<Vec<_>>(),
        "kept": schedule.kept,
        "notices": notices.collect::<Vec<_>>(),
        "later": schedule.later.map(|(count, again)| json!({ "meetings": count, "run_again": rfc3339(again) })),
    })
}
