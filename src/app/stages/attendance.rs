//! Checks at Webex who came to meetings that are over, before anybody is asked; each meeting is checked until that is
//! known. Knows the order of these steps; the domain draws the conclusion, and nothing else is kept.

use anyhow::Result;
use chrono::{DateTime, FixedOffset, TimeDelta};

use crate::app::context::Context;
use crate::app::exit_status::left_for_later;
use crate::app::login::{self, missing_attendance_scope};
use crate::app::session::{Inputs, Session};
use crate::domain::attendance::{self, Attendee, COMPLETE};
use crate::domain::state::bookings::{Booking, MoveReason, Seen, Stage};
use crate::domain::state::{PersonId, State};
use crate::domain::text::counted;
use crate::parallel::map_concurrently;
use crate::show::text::harmless;
use crate::store::config::Webex;
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::meetings;

/// How many meetings are checked between two saves of the state.
const BATCH: usize = 64;

/// What is known about a meeting once it was checked.
struct Look {
    /// When it begins and ends, if somebody moved it at Webex in the meantime.
    moved: Option<[DateTime<FixedOffset>; 2]>,
    /// Who came, once that is clear.
    seen: Option<Seen>,
}

/// Whether there is anything to check, and the program may check it.
pub(crate) fn is_due(ctx: &Context<'_>, inputs: &Inputs, state: &State) -> bool {
    let webex = &inputs.config.webex;
    let may = || login::read(webex).is_ok_and(|login| missing_attendance_scope(webex, &login).is_none());
    webex.attendance && attendance::due(state, ctx.now).next().is_some() && may()
}

/// What prevents any check, and how to fix it: the login lacks the scope.
pub(crate) fn in_the_way(ctx: &Context<'_>, webex: &Webex) -> Option<(String, String)> {
    let login = login::read(webex).ok()?;
    let scope = missing_attendance_scope(webex, &login)?;
    let why =
        format!("roulette cannot see who came to meetings, so people are asked: the login lacks the scope {scope}");
    Some((why, format!("give the integration the scope {scope}, then log in with: roulette{} auth", ctx.with_config())))
}

/// Checks who came to the meetings that are over. A dry run leaves the files as they were.
///
/// # Errors
/// Webex cannot be asked: to be done later.
pub(crate) fn look(ctx: &Context<'_>, session: &mut Session, dry_run: bool) -> Result<()> {
    let Session { inputs, stored } = session;
    let inputs = &*inputs;
    if !is_due(ctx, inputs, &stored.state) {
        return Ok(());
    }
    let due: Vec<Booking> = attendance::due(&stored.state, ctx.now).cloned().collect();
    let client = ctx.webex(&inputs.config)?;
    let (mut kept, mut refused, mut looked) = (Vec::new(), Vec::new(), 0);
    let mut failed = None;
    for batch in due.chunks(BATCH) {
        let look = |booking: &Booking| look_at(ctx, &client, inputs, &stored.state, booking);
        let looks = map_concurrently(batch, inputs.config.webex.parallel, look);
        for (booking, look) in batch.iter().zip(looks) {
            let look = look.or_else(|error| match error.kind {
                Kind::Gone | Kind::Refused => {
                    refused.push(error);
                    Ok(Look { moved: None, seen: Some(Seen::Unclear) })
                }
                _ => Err(error),
            });
            match look {
                Ok(look) => {
                    looked += 1;
                    kept.extend(look.seen);
                    keep(ctx, &mut stored.state, booking, &look);
                    if inputs.config.programme.silent_rounds > 0 {
                        give_signs(&mut stored.state, booking, look.seen);
                    }
                }
                Err(error) => drop(failed.get_or_insert(error)),
            }
        }
        if !dry_run {
            stored.save()?;
        }
        if failed.is_some() {
            break;
        }
    }
    tell_of_refused(ctx, &refused);
    let count = |seen: fn(&Seen) -> bool| kept.iter().filter(|one| seen(one)).count();
    ctx.set_summary(format_args!(
        "looked at {} of {}: {} with both there, {} with one alone, {} with nobody",
        looked,
        meetings(due.len()),
        count(|seen| *seen == Seen::Both),
        count(|seen| matches!(seen, Seen::One(_))),
        count(|seen| *seen == Seen::Nobody),
    ));
    failed.map_or(Ok(()), |error| Err(left_for_later(error.into())))
}

fn meetings(count: usize) -> String {
    counted(count, "meeting", "meetings")
}

/// Webex does not say who came: people are asked.
fn tell_of_refused(ctx: &Context<'_>, refused: &[Error]) {
    let Some(first) = refused.first() else { return };
    let meetings = meetings(refused.len());
    ctx.say(harmless(&format!("warning: Webex does not say who came to {meetings}, so people are asked: {first}")));
    ctx.say("hint: only the host of a meeting, or an admin, may see who came (see docs/privacy.md)");
}

fn look_at(
    ctx: &Context<'_>,
    client: &Client<'_>,
    inputs: &Inputs,
    state: &State,
    booking: &Booking,
) -> Result<Look, Error> {
    let Some(at) = booking.at_webex() else { return Ok(Look { moved: None, seen: None }) };
    let (host, now) = (booking.host_email(state), ctx.now);
    let conclude = |came: &[Attendee], start: DateTime<FixedOffset>| {
        let came: Vec<_> = came.iter().map(|one| (who(inputs, state, booking, &one.email), one)).collect();
        attendance::conclude(&came, booking.people, start.to_utc(), (now, attendance::is_last(booking, now)))
    };
    let first = booking.moved_from.map_or(booking.start, |from| from.min(booking.start));
    let since = first.to_utc() - TimeDelta::days(1);
    let is_held = |came: &[Attendee]| conclude(came, booking.start) == Some(Seen::Both);
    let came = meetings::attendees(client, (&at.id, host), (since, now), is_held)?;
    let seen = conclude(&came, booking.start);
    if matches!(seen, None | Some(Seen::Both)) {
        return Ok(Look { moved: None, seen });
    }
    // Somebody who is not there may know that it was moved by hand.
    let moved = match meetings::time_of(client, &at.id, host) {
        Ok(time) => Some(time).filter(|time| *time != [booking.start, booking.end()]),
        Err(error) if error.kind == Kind::Gone => None,
        Err(error) => return Err(error),
    };
    let seen = match moved {
        Some([_, end]) if end + COMPLETE > now => None,
        Some([start, _]) => conclude(&came, start),
        None => seen,
    };
    Ok(Look { moved, seen })
}

/// Whose address that is, among those who were to meet; former addresses count too.
fn who(inputs: &Inputs, state: &State, booking: &Booking, email: &str) -> Option<PersonId> {
    let today = inputs.roster.current(email);
    let is_theirs = |id: &&PersonId| {
        let was = |(person, before): &(PersonId, Box<str>)| person == *id && **before == *email;
        let hosts = booking.host == Some(**id) && booking.hosted_as.as_deref() == Some(email);
        [today, email].contains(&state.email(**id)) || booking.invited_as.iter().any(was) || hosts
    };
    booking.people.people().iter().find(is_theirs).copied()
}

/// Records that whoever came gave a sign by coming.
fn give_signs(state: &mut State, booking: &Booking, seen: Option<Seen>) {
    let came: &[PersonId] = match &seen {
        Some(Seen::Both) => booking.people.people(),
        Some(Seen::One(person)) => std::slice::from_ref(person),
        Some(Seen::Nobody | Seen::Unclear) | None => &[],
    };
    for person in came {
        state.give_sign(*person, booking.start.date_naive());
    }
}

/// Records the conclusion, and the current time of the meeting.
fn keep(ctx: &Context<'_>, state: &mut State, booking: &Booking, look: &Look) {
    let mut known = Booking { seen: look.seen, ..booking.clone() };
    if let (Some([start, end]), Some(at)) = (look.moved, booking.at_webex()) {
        let start = start.with_timezone(&booking.start.timezone());
        let minutes = u16::try_from((end - start).num_minutes()).unwrap_or(booking.minutes);
        known = Booking { minutes, agreed: Some(start), stage: Stage::Booked(at.clone()), ..known.moved_to(start) };
        let before = (booking.start, booking.minutes);
        known.untold = state.untold_move(&known, before, MoveReason::ByHand).filter(|_| start > ctx.now);
    }
    if known != *booking {
        state.put_booking(known);
    }
}
