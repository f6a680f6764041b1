//! What is done with meetings: look them up, and carry out the steps of a schedule, several at once. Knows the calls
//! and what their failures mean; knows no state and prints nothing.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde_json::Value;

use super::brake::Brake;
use super::calls::{self, Call};
use super::client::{Client, no_answer};
use super::error::{Error, Kind, Outcome};
use super::wire;
use crate::domain::attendance::{Attendee, Times};
use crate::domain::scheduling::adopt::{self, TaggedMeeting};
use crate::domain::scheduling::{
    Action, Desired, Guest, Invitation, Invitee, Lookup, Missing, Observed, ObservedMeeting, Step, StepResult,
    UnclearMeeting,
};
use crate::domain::state::bookings::AtWebex;
use crate::parallel::{map_concurrently, take};

/// The maximum number of requests for a meeting in a run, each after the meeting was looked up, because the call is
/// not idempotent.
const TRIES: u32 = 3;

/// How often people may meet in one meeting, each time after everybody had left.
const MOST_BEGUN: usize = 8;

/// Looks up what the desired schedule needs, `parallel` lists at once.
///
/// # Errors
/// The error of the first call that fails.
pub fn look_up(client: &Client<'_>, desired: &Desired<'_>, parallel: usize) -> Result<Observed, Error> {
    let mut observed = Observed::default();
    let nobody = |error: &Error| matches!(error.kind, Kind::Gone | Kind::Refused);
    let list = |lookup: &Lookup| match client.list::<Value>(&calls::meetings(lookup)) {
        // Webex knows the host under the other address.
        Err(error) if lookup.may_be_nobody && nobody(&error) => Ok(Vec::new()),
        listed => listed,
    };
    let lookups = desired.lookups();
    for (lookup, meetings) in lookups.iter().zip(map_concurrently(&lookups, parallel, list)) {
        // For something that is no meeting at all, nobody knows whose it is.
        let read = |item| serde_json::from_value::<wire::Meeting>(item).unwrap_or_default();
        meetings?.into_iter().for_each(|item| see(client, &mut observed, read(item), lookup.host.as_deref()));
    }
    let missing = desired.missing(&observed);
    let ask = |(at, hosts): &Missing| {
        for host in hosts {
            match client.ask::<wire::Meeting>(&calls::meeting(&at.id, host.as_deref())) {
                Ok(meeting) => return Ok(Some((meeting, host.clone()))),
                Err(error) if error.kind == Kind::Gone => {}
                Err(error) if hosts.len() > 1 && error.kind == Kind::Refused => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    };
    for ((at, _), meeting) in missing.iter().zip(map_concurrently(&missing, parallel, ask)) {
        match meeting? {
            Some((meeting, host)) => see(client, &mut observed, meeting, host.as_deref()),
            None => observed.gone.push(at.id.clone()),
        }
    }
    let moved = desired.to_readdress(&observed);
    let ask = |(at, host): &(AtWebex, Option<Box<str>>)| invitees(client, &at.id, host.as_deref());
    for ((at, _), invited) in moved.iter().zip(map_concurrently(&moved, parallel, ask)) {
        match invited {
            Ok(invited) => drop(observed.invitees.insert(at.id.clone(), invited)),
            // It was deleted a moment ago: the next run sees it.
            Err(error) if error.kind == Kind::Gone => {}
            Err(error) => return Err(error),
        }
    }
    Ok(observed)
}

/// The meetings within a time that have one of our tags: the organizer's, or those of each of the `hosts`, `parallel`
/// lists at once. Invitees are not looked up.
///
/// # Errors
/// The error of the first call that fails.
pub fn tagged(
    client: &Client<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    hosts: &[Option<Box<str>>],
    parallel: usize,
) -> Result<Vec<TaggedMeeting>, Error> {
    let list = |host: &Option<Box<str>>| client.list::<Value>(&calls::meetings_between(from, to, host.as_deref()));
    let mut all_found: Vec<TaggedMeeting> = Vec::new();
    for (host, meetings) in hosts.iter().zip(map_concurrently(hosts, parallel, list)) {
        for item in meetings? {
            let meeting = serde_json::from_value::<wire::Meeting>(item).unwrap_or_default();
            let owner = meeting.options.get("hostEmail").and_then(Value::as_str).unwrap_or_default().to_lowercase();
            // Invited people can also see a meeting.
            if host.as_deref().is_some_and(|host| !owner.is_empty() && *host != *owner) {
                continue;
            }
            let known = |meeting: &ObservedMeeting| all_found.iter().any(|other| other.meeting.at.id == meeting.at.id);
            if let Some(meeting) =
                found(meeting, host.as_deref()).filter(|meeting| adopt::is_tagged(meeting) && !known(meeting))
            {
                all_found.push(TaggedMeeting { meeting, host: host.clone(), invitees: Vec::new() });
            }
        }
    }
    Ok(all_found)
}

/// Asks who is invited to each of the meetings, `parallel` at once.
///
/// # Errors
/// The error of the first call that fails.
pub fn add_invitees(client: &Client<'_>, meetings: &mut [TaggedMeeting], parallel: usize) -> Result<(), Error> {
    let ask =
        |one: &TaggedMeeting| client.list::<wire::Invitee>(&calls::invitees(&one.meeting.at.id, one.host.as_deref()));
    let answers = map_concurrently(meetings, parallel, ask);
    for (meeting, invitees) in meetings.iter_mut().zip(answers) {
        let emails = invitees?.into_iter().map(|one| one.email.to_lowercase()).filter(|email| !email.is_empty());
        meeting.invitees = emails.map(Into::into).collect();
    }
    Ok(())
}

/// Who joined a meeting from a time on until now, each time that people met there: the last time first, and earlier
/// ones until what is known is `enough`.
///
/// # Errors
/// The error of the first call that fails.
pub fn attendees(
    client: &Client<'_>,
    (id, host): (&str, Option<&str>),
    (from, now): (DateTime<Utc>, DateTime<Utc>),
    enough: impl Fn(&[Attendee]) -> bool,
) -> Result<Vec<Attendee>, Error> {
    let (mut all, mut to) = (Vec::new(), now);
    for _ in 0..MOST_BEGUN {
        let listed = match client.list::<wire::Participant>(&calls::participants(id, [from, to], host)) {
            // There was no earlier time.
            Err(error) if error.kind == Kind::Gone && to < now => break,
            listed => listed?,
        };
        let begun = listed.iter().filter_map(|one| one.meeting_start_time).min().map(|at| at.to_utc());
        let is_known = begun.is_none_or(|begun| begun >= to);
        if to == now || !is_known {
            all.extend(listed.into_iter().map(attendee));
        }
        match begun.filter(|_| !is_known && !enough(&all)) {
            Some(begun) => to = begun,
            None => break,
        }
    }
    Ok(all)
}

fn attendee(one: wire::Participant) -> Attendee {
    let wire::Participant { email, state, joined_time, left_time, devices, .. } = one;
    let times = |from: Option<DateTime<FixedOffset>>, to: Option<DateTime<FixedOffset>>| Times {
        from: from.map(|at| at.to_utc()),
        to: to.map(|at| at.to_utc()),
    };
    let waits = state == "lobby" && left_time.is_none();
    let left_time = left_time.or_else(|| {
        // For somebody who has left, the last device says when.
        let has_left = state == "end" && devices.iter().all(|device| device.left_time.is_some());
        devices.iter().filter_map(|device| device.left_time).max().filter(|_| has_left)
    });
    let devices = devices.iter().map(|device| times(device.joined_time, device.left_time)).collect();
    Attendee { email: email.trim().to_lowercase(), times: times(joined_time, left_time), devices, waits }
}

/// When a meeting begins and ends, according to Webex.
///
/// # Errors
/// Webex does not say, or does not know it.
pub fn time_of(client: &Client<'_>, id: &str, host: Option<&str>) -> Result<[DateTime<FixedOffset>; 2], Error> {
    let call = calls::meeting(id, host);
    let meeting: wire::Meeting = client.ask(&call)?;
    let times = meeting.start.zip(meeting.end).filter(|(start, end)| start < end);
    times.map(|(start, end)| [start, end]).ok_or_else(|| no_answer(&call, "Webex does not say when the meeting is"))
}

/// Who is invited to a meeting.
fn invitees(client: &Client<'_>, id: &str, host: Option<&str>) -> Result<Vec<Invitee>, Error> {
    let listed = client.list::<Value>(&calls::invitees(id, host))?;
    let listed = listed
        .into_iter()
        .map(|item| serde_json::from_value::<wire::Invitee>(item).unwrap_or_default())
        .filter(|one| !one.id.is_empty());
    Ok(listed.map(|one| Invitee { id: one.id.into(), email: one.email.to_lowercase().into() }).collect())
}

/// Records what was seen of a meeting. One that is not completely readable counts neither as there nor as gone.
fn see(client: &Client<'_>, observed: &mut Observed, meeting: wire::Meeting, host: Option<&str>) {
    let (id, tags) = (meeting.id.clone(), meeting.integration_tags.clone());
    match found(meeting, host) {
        Some(meeting) => observed.meetings.push(meeting),
        None => {
            let text = format!("Webex shows a meeting without an id or times ({id}): it is left as it is");
            client.warn_once(&format!("unclear {id}"), &text);
            observed.unclear.push(UnclearMeeting { id: id.into(), tags });
        }
    }
}

/// The result of a step.
#[derive(Debug)]
pub struct StepReport {
    /// The index of the step.
    pub step: usize,
    /// What became of the step.
    pub outcome: StepResult,
    /// How many requests to book a meeting reached Webex, or may have.
    pub requests: u32,
    /// What went wrong, if something did.
    pub error: Option<Error>,
}

/// What one run learns on its way, and applies for the rest of the run.
#[derive(Debug, Default)]
pub struct RunAdjustments {
    /// Stops the run if Webex refuses the same thing for several people.
    pub brake: Brake,
    /// Whether Webex refuses the options.
    plain: AtomicBool,
    /// Whether Webex's rules for our zone differ from ours.
    utc: AtomicBool,
}

impl RunAdjustments {
    /// A call in the form that Webex accepts, as far as that is known.
    fn apply(&self, call: &Call) -> Call {
        let call = if self.utc.load(Ordering::Relaxed) { calls::in_utc(call) } else { call.clone() };
        if self.plain.load(Ordering::Relaxed) { calls::without_options(&call) } else { call }
    }

    /// Whether there is another way to request the same after this refusal; it is used from then on.
    fn learn(&self, client: &Client<'_>, call: &Call, error: &Error) -> Option<Call> {
        if !matches!(error.status, Some(400 | 403)) {
            return None;
        }
        let other = if names_zone(error) && call.body.as_ref().is_some_and(|body| body["timezone"] != "UTC") {
            self.utc.store(true, Ordering::Relaxed);
            let text = format!("Webex's time zones differ from ours, so it is told times in UTC: {error}");
            client.warn_once("zone", &text);
            calls::in_utc(call)
        } else if names_option(error) {
            self.plain.store(true, Ordering::Relaxed);
            let text =
                format!("Webex refuses an option, so meetings are booked with the settings of the site: {error}");
            client.warn_once("options", &text);
            calls::without_options(call)
        } else {
            return None;
        };
        (other != *call).then_some(other)
    }
}

fn names_zone(error: &Error) -> bool {
    error.says(&["timezone", "time zone"]) && error.says(&["offset", "not match"])
}

fn names_option(error: &Error) -> bool {
    let by_name = calls::options().iter().any(|(name, _)| error.says(&[&name.to_lowercase()]));
    by_name || error.says(&["before host", "before the host", "co-host", "cohost", "lobby", "auto record", "unlocked"])
}

/// Carries out the steps, `parallel` at once, and reports each as it ends. Once Webex asks for a long wait or a login,
/// accepts no more, or refuses several for the same reason, no more are started.
pub fn carry_out(
    client: &Client<'_>,
    steps: &[(&Step, Call)],
    parallel: usize,
    adjustments: &RunAdjustments,
    mut tell: impl FnMut(StepReport),
) {
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..parallel.clamp(1, steps.len().max(1)) {
            let send = send.clone();
            let next = &next;
            scope.spawn(move || {
                while let Some((number, (step, call))) = take(next, steps) {
                    let went = if adjustments.brake.is_on() {
                        StepReport { step: number, outcome: StepResult::NotDone, requests: 0, error: None }
                    } else {
                        carry(client, number, step, call, adjustments)
                    };
                    let _ = send.send(went);
                }
            });
        }
        drop(send);
        receive.into_iter().for_each(&mut tell);
    });
}

fn carry(client: &Client<'_>, number: usize, step: &Step, call: &Call, adjustments: &RunAdjustments) -> StepReport {
    let mut requests = 0;
    let result = match &step.action {
        Action::Book(invitation) => book(client, invitation, call, adjustments, &mut requests).map(Some),
        Action::Move(at, from, ..) => move_it(client, step, (at, *from), call, adjustments).map(|()| None),
        Action::Cancel(at, _) | Action::CancelDouble(at) => cancel(client, at, call).map(|()| None),
        Action::Invite(at, guest) => invite(client, at, guest, call).map(|()| None),
        Action::Uninvite(at, invitee) => uninvite(client, at, invitee, call).map(|()| None),
    };
    let result = result.map_err(|error| weighed(step, error, &adjustments.brake));
    let (outcome, error) = match result {
        Ok(at) => (StepResult::Done(at), None),
        Err(error) => {
            let outcome = match error.kind.outcome() {
                Outcome::Gone => StepResult::Gone,
                Outcome::Refused => StepResult::Refused(error.message.clone()),
                Outcome::NotDone => StepResult::NotDone,
                Outcome::InDoubt => StepResult::InDoubt,
            };
            (outcome, Some(error))
        }
    };
    StepReport { step: number, outcome, requests, error }
}

/// The meaning of an error, considering those of others.
fn weighed(step: &Step, error: Error, brake: &Brake) -> Error {
    if error.affects_all_calls() {
        brake.stop();
    }
    match error.kind {
        // Somebody came early and is waiting: it is moved later.
        Kind::Refused if error.says(&["in progress", "in-progress", "inprogress"]) => error.meaning(Kind::NotYet),
        Kind::Refused | Kind::NotDone if brake.refused(&step.booking.tag, &error) => error.meaning(Kind::NotDone),
        _ => error,
    }
}

/// Books a meeting. What may already have been booked is looked up before it is requested again; after a time-out it is
/// left to the next run, because Webex may still be working on it.
fn book(
    client: &Client<'_>,
    invitation: &Invitation,
    call: &Call,
    adjustments: &RunAdjustments,
    requests: &mut u32,
) -> Result<AtWebex, Error> {
    let mut call = adjustments.apply(call);
    let mut tries = 0;
    loop {
        let error = match client.ask_counting::<wire::Meeting>(&call, requests) {
            Ok(meeting) if is_at(&meeting, invitation.start, invitation.end) => {
                tell_what_was_not_granted(client, &call, &meeting);
                return Ok(AtWebex { id: meeting.id.into(), link: meeting.web_link.into() });
            }
            Ok(_) => no_answer(&call, "Webex's answer is not a meeting at the time that was requested"),
            Err(error) => error,
        };
        tries += 1;
        match error.kind {
            Kind::Refused => match adjustments.learn(client, &call, &error) {
                Some(other) => {
                    call = other;
                    continue;
                }
                // The status with which Webex refuses because of a quota is not known.
                None if error.status == Some(403) => return Err(error.meaning(Kind::Exhausted)),
                None => return Err(error),
            },
            // If the address for booking meetings does not exist, that does not mean that a meeting is gone.
            Kind::Gone => return Err(error.meaning(Kind::Refused)),
            Kind::InDoubt if client.wait(Duration::from_millis(500) * tries) => {}
            _ => return Err(error),
        }
        let day = TimeDelta::days(1);
        let lookup = Lookup {
            tag: invitation.tags.first().cloned().unwrap_or_default(),
            from: invitation.start.to_utc() - day,
            to: invitation.end.to_utc() + day,
            host: invitation.host.clone(),
            may_be_nobody: false,
        };
        let Ok(meetings) = client.list::<wire::Meeting>(&calls::meetings(&lookup)) else { return Err(error) };
        let at_its_time = |meeting: &&wire::Meeting| is_at(meeting, invitation.start, invitation.end);
        match meetings.iter().find(at_its_time) {
            Some(meeting) => {
                tell_what_was_not_granted(client, &call, meeting);
                return Ok(AtWebex { id: meeting.id.as_str().into(), link: meeting.web_link.as_str().into() });
            }
            // It is there, but not as it was asked for: the next run looks at it.
            None if !meetings.is_empty() => return Err(error),
            // It was just looked up: it is not there.
            None if tries >= TRIES => return Err(error.meaning(Kind::NotDone)),
            None => {}
        }
    }
}

/// Moves a meeting. Only a meeting at the new time counts as an answer; otherwise it is looked up.
fn move_it(
    client: &Client<'_>,
    step: &Step,
    (at, from): (&AtWebex, DateTime<FixedOffset>),
    call: &Call,
    adjustments: &RunAdjustments,
) -> Result<(), Error> {
    let (start, end) = (step.booking.start, step.booking.end());
    let call = adjustments.apply(call);
    let ask = |call: &Call| match client.ask::<wire::Meeting>(call) {
        Ok(meeting) if is_at(&meeting, start, end) => Ok(()),
        Ok(_) => Err(no_answer(call, "Webex's answer is not a meeting at the time that was requested")),
        Err(error) => Err(error),
    };
    let mut result = ask(&call);
    if let Err(error) = &result
        && let Some(other) = adjustments.learn(client, &call, error)
    {
        result = ask(&other);
    }
    let Err(error) = result else { return Ok(()) };
    match look_at(client, at, &call, &error) {
        Some(Ok(meeting)) if is_at(&meeting, start, end) => Ok(()),
        Some(Ok(meeting)) if meeting.start == Some(from) => Err(error.meaning(Kind::NotDone)),
        Some(Err(gone)) if gone.kind == Kind::Gone => Err(gone),
        _ => Err(error),
    }
}

/// Cancels a meeting. Only 204 counts as an answer; otherwise it is looked up.
fn cancel(client: &Client<'_>, at: &AtWebex, call: &Call) -> Result<(), Error> {
    let Err(error) = client.tell(call) else { return Ok(()) };
    match look_at(client, at, call, &error) {
        Some(Ok(meeting)) if *meeting.id == *at.id => Err(error.meaning(Kind::NotDone)),
        Some(Err(gone)) if gone.kind == Kind::Gone => Ok(()),
        _ => Err(error),
    }
}

/// Invites somebody. Only the invitee counts as an answer; otherwise it is looked up, and whoever is already invited
/// counts as invited.
fn invite(client: &Client<'_>, at: &AtWebex, guest: &Guest, call: &Call) -> Result<(), Error> {
    let error = match client.ask::<wire::Invitee>(call) {
        Ok(invitee) if !invitee.id.is_empty() && invitee.email.to_lowercase() == *guest.email => return Ok(()),
        Ok(_) => no_answer(call, "Webex's answer is not the invitee who was requested"),
        Err(error) => error,
    };
    if !(error.kind == Kind::InDoubt || error.status == Some(409)) {
        return Err(error);
    }
    match invitees(client, &at.id, host_of(call)) {
        Ok(invited) if invited.iter().any(|one| one.email == guest.email) => Ok(()),
        Ok(_) if error.kind == Kind::InDoubt => Err(error.meaning(Kind::NotDone)),
        _ => Err(error),
    }
}

/// Removes an address from the list of a meeting. Only 204 counts as an answer; otherwise it is looked up.
fn uninvite(client: &Client<'_>, at: &AtWebex, invitee: &Invitee, call: &Call) -> Result<(), Error> {
    let Err(error) = client.tell(call) else { return Ok(()) };
    match error.kind {
        Kind::Gone => Ok(()),
        Kind::InDoubt => match invitees(client, &at.id, host_of(call)) {
            Ok(invited) if invited.iter().all(|one| one.id != invitee.id) => Ok(()),
            Ok(_) => Err(error.meaning(Kind::NotDone)),
            Err(_) => Err(error),
        },
        _ => Err(error),
    }
}

/// On whose behalf a call is made.
fn host_of(call: &Call) -> Option<&str> {
    let in_query = call.query.iter().find(|(name, _)| *name == "hostEmail").map(|(_, host)| host.as_str());
    in_query.or_else(|| call.body.as_ref()?["hostEmail"].as_str())
}

/// The meeting as it is, if it is in doubt whether a call changed it.
fn look_at(client: &Client<'_>, at: &AtWebex, call: &Call, error: &Error) -> Option<Result<wire::Meeting, Error>> {
    (error.kind == Kind::InDoubt).then(|| client.ask(&calls::meeting(&at.id, host_of(call))))
}

/// Whether it is a meeting at that time.
fn is_at(meeting: &wire::Meeting, start: DateTime<FixedOffset>, end: DateTime<FixedOffset>) -> bool {
    !meeting.id.is_empty() && meeting.start == Some(start) && meeting.end == Some(end)
}

/// Webex may grant less than was requested: this is reported once for each option.
fn tell_what_was_not_granted(client: &Client<'_>, call: &Call, meeting: &wire::Meeting) {
    let Some(asked) = &call.body else { return };
    for (name, _) in calls::options() {
        let (Some(asked), Some(granted)) = (asked.get(name), meeting.options.get(name)) else { continue };
        if is_other(asked, granted) {
            let text = format!("Webex grants {name} = {granted} where {asked} was requested{}", consequence(name));
            client.warn_once(&format!("granted {name}"), &text);
        }
    }
    let emails = |list: Option<&Value>| -> Vec<String> {
        let list = list.and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|one| Some(one["email"].as_str()?.to_lowercase())).collect()
    };
    let (asked, granted) = (emails(asked.get("invitees")), emails(meeting.options.get("invitees")));
    if !granted.is_empty() && asked.iter().any(|email| !granted.contains(email)) {
        client
            .warn_once("granted invitees", "Webex does not invite everybody who was to be invited: check the meetings");
    }
}

/// Whether the two differ; a value of another type does not count.
fn is_other(asked: &Value, granted: &Value) -> bool {
    match (asked, granted) {
        (Value::Bool(asked), Value::Bool(granted)) => asked != granted,
        (Value::String(asked), Value::String(granted)) => asked != granted,
        (Value::Number(asked), Value::Number(granted)) => asked.as_f64() != granted.as_f64(),
        _ => false,
    }
}

fn consequence(option: &str) -> &'static str {
    match option {
        "enabledJoinBeforeHost" => ": people wait at a closed door, because nobody hosts these meetings",
        "joinBeforeHostMinutes" => ": the door opens at another time",
        "unlockedMeetingJoinSecurity" => ": whoever is not signed in waits in a lobby for a host who does not come",
        "allowAnyUserToBeCoHost" => ": nobody can let others in or share without the host",
        _ => "",
    }
}

/// The meeting, if everything that is needed of it can be read.
fn found(meeting: wire::Meeting, host: Option<&str>) -> Option<ObservedMeeting> {
    let wire::Meeting { id, start, end, web_link, integration_tags, options, .. } = meeting;
    let (start, end) = (start?, end?);
    let at = AtWebex { id: id.into(), link: web_link.into() };
    let host = host.map(Into::into);
    let title = options.get("title").and_then(Value::as_str).unwrap_or_default().into();
    (!at.id.is_empty()).then_some(ObservedMeeting { at, start, end, title, tags: integration_tags, host })
}
