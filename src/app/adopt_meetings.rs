//! Looks for meetings of the programme at Webex that the state does not know, as after it was lost. Makes the calls;
//! the domain decides what follows.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};

use super::context::Context;
use super::session::Inputs;
use crate::domain::pairing::plan::Refusal;
use crate::domain::scheduling::ObservedMeeting;
use crate::domain::scheduling::adopt::{self, TaggedMeeting};
use crate::domain::state::State;
use crate::domain::text::counted;
use crate::store::config::Host;
use crate::webex::client::Client;
use crate::webex::meetings;

/// Webex deletes meetings this long after their end.
const LISTED: TimeDelta = TimeDelta::days(180);
/// No meeting is booked further ahead than this.
const AHEAD: TimeDelta = TimeDelta::days(400);
/// If each meeting is hosted by one of its participants, looking at this many people is enough to see whether there are
/// any.
const ASKED: usize = 40;

/// Meetings of the programme that the state does not know.
#[derive(Clone, Debug)]
pub(crate) struct UnknownMeetings {
    /// Why nothing may be booked beside them.
    pub(crate) refusal: Refusal,
    /// Their rounds, ascending.
    pub(crate) rounds: Vec<NaiveDate>,
}

/// Checks whether the programme has meetings ahead that the state does not know although it never booked any: then
/// nothing may be booked over them.
///
/// # Errors
/// Webex cannot be asked.
pub(crate) fn look(
    ctx: &Context<'_>,
    inputs: &Inputs,
    state: &State,
    client: &Client<'_>,
) -> Result<Option<UnknownMeetings>> {
    let found = find(inputs, client, (ctx.now, ctx.now + AHEAD), ASKED)?;
    ctx.detail("looked for meetings that the state does not know");
    // If participants host the meetings, the schedule does not find again by itself what the state should know.
    let nothing = State::default();
    let state = if inputs.config.webex.host == Host::Participant { &nothing } else { state };
    let unknown = adopt::unknown(state, &inputs.roster, &inputs.config.programme.name, &found);
    let file = &inputs.config.programme.state;
    let previous = format!("{}.previous", file.display());
    let back = if Path::new(&previous).is_file() {
        format!("go back to the version before the last save with: cp -p {previous} {}", file.display())
    } else {
        "put the state back from a backup".to_owned()
    };
    let hint = format!("{back}; if it is lost, see what can be taken over");
    Ok(refused(ctx, inputs, &unknown, ("", &hint)))
}

/// Meetings that have no place in the state, and why nobody is booked beside them; none if there are none.
pub(crate) fn refuse_strays(
    ctx: &Context<'_>,
    inputs: &Inputs,
    strays: &[&ObservedMeeting],
) -> Option<UnknownMeetings> {
    let hint =
        "put the newest state back; if there is none, cancel these meetings at Webex, or see what can be taken over";
    refused(ctx, inputs, strays, (", as after an older state was put back", hint))
}

/// Why nobody is booked beside these meetings; none if there are none.
fn refused(
    ctx: &Context<'_>,
    inputs: &Inputs,
    meetings: &[&ObservedMeeting],
    (as_after, hint): (&str, &str),
) -> Option<UnknownMeetings> {
    let first = meetings.iter().map(|meeting| meeting.start).min()?;
    let first = first.with_timezone(&inputs.config.meeting.timezone).to_rfc3339_opts(SecondsFormat::Secs, false);
    let why = format!(
        "Webex has {} of this programme ahead that the state {} does not know{as_after}, the first at {first}: people \
            would be booked twice",
        counted(meetings.len(), "meeting", "meetings"),
        inputs.config.programme.state.display()
    );
    let hint = format!("{hint} with: roulette{} schedule --adopt --dry-run", ctx.with_config());
    let rounds = adopt::rounds_of(meetings.iter().copied());
    Some(UnknownMeetings { refusal: Refusal { why, hint }, rounds })
}

/// All meetings of the programme that Webex still lists, with those invited.
///
/// # Errors
/// Webex cannot be asked.
pub(crate) fn find_all(ctx: &Context<'_>, inputs: &Inputs, client: &Client<'_>) -> Result<Vec<TaggedMeeting>> {
    let mut found = find(inputs, client, (ctx.now - LISTED, ctx.now + AHEAD), usize::MAX)?;
    meetings::add_invitees(client, &mut found, inputs.config.webex.parallel)?;
    Ok(found)
}

fn find(
    inputs: &Inputs,
    client: &Client<'_>,
    within: (DateTime<Utc>, DateTime<Utc>),
    most: usize,
) -> Result<Vec<TaggedMeeting>> {
    let people = inputs.roster.employees.iter().map(|one| Some(one.email.clone()));
    let hosts = match inputs.config.webex.host {
        Host::Organizer => vec![None],
        Host::Participant => people.take(most).collect(),
    };
    Ok(meetings::tagged(client, within, &hosts, inputs.config.webex.parallel)?)
}
