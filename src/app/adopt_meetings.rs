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
    let Some(first) = unknown.iter().map(|meeting| meeting.start).min() else { return Ok(None) };
    let first = first.with_timezone(&inputs.config.meeting.timezone).to_rfc3339_opts(SecondsFormat::Secs, false);
    let file = &inputs.config.programme.state;
    let previous = format!("{}.previous", file.display());
    let back = if Path::new(&previous).is_file() {
        format!("go back to the version before the last save with: cp -p {previous} {}", file.display())
    } else {
        "put the state back from a backup".to_owned()
    };
    let meetings = counted(unknown.len(), "meeting", "meetings");
    let rounds = adopt::rounds_of(unknown);
    let refusal = Refusal {
        why: format!(
            "Webex has {meetings} of this programme ahead, the first at {first}, but the state {} knows of none: \
                people would be booked twice",
            file.display()
        ),
        hint: format!(
            "{back}; if it is lost, see what can be taken over with: roulette{} schedule --adopt --dry-run",
            ctx.with_config()
        ),
    };
    Ok(Some(UnknownMeetings { refusal, rounds }))
}

/// Meetings that have no place in the state, and why nobody is booked beside them; none if there are none.
pub(crate) fn refuse_strays(
    ctx: &Context<'_>,
    inputs: &Inputs,
    strays: &[&ObservedMeeting],
) -> Option<UnknownMeetings> {
    let first = strays.iter().map(|meeting| meeting.start).min()?;
    let first = first.with_timezone(&inputs.config.meeting.timezone).to_rfc3339_opts(SecondsFormat::Secs, false);
    let meetings = counted(strays.len(), "meeting", "meetings");
    let rounds = adopt::rounds_of(strays.iter().copied());
    let refusal = Refusal {
        why: format!(
            "Webex has {meetings} of this programme ahead that the state {} does not know, the first at {first}, as after an \
                older state was put back: people would be booked twice",
            inputs.config.programme.state.display()
        ),
        hint: format!(
            "put the newest state back; if there is none, cancel these meetings at Webex, or see what can be taken over \
                with: roulette{} schedule --adopt --dry-run",
            ctx.with_config()
        ),
    };
    Some(UnknownMeetings { refusal, rounds })
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
