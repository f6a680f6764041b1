//! `/meetingParticipants`: who was in a meeting, and from when to when. Everybody who is in it at the same time belongs
//! to one instance of it: once all have left, whoever joins starts another one. Knows who visited which meeting, as
//! told by `/sandbox/join`.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::SITE;
use super::{Meeting, acting_for, find_hosted, rules, text};
use crate::sandbox::errors::Refusal;
use crate::sandbox::http::{Answer, Call, page};
use crate::sandbox::ids;
use crate::sandbox::model::Model;
use crate::sandbox::shape::Kind::{Email, Text};
use crate::sandbox::shape::{self, Field, may, must};

const READ: &str = "meeting:participants_read";
const ADMIN_READ: &str = "meeting:admin_participants_read";

/// The time of somebody in a meeting, with one device.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::sandbox) struct Visit {
    meeting: String,
    /// The address; unknown for a guest.
    email: Option<String>,
    name: String,
    device: String,
    joined: DateTime<Utc>,
    /// When they left; none while they are there.
    left: Option<DateTime<Utc>>,
}

impl Visit {
    fn is_there(&self, now: DateTime<Utc>) -> bool {
        self.left.is_none_or(|left| left > now)
    }

    /// Whether it belongs to the same person, who has been there all the time.
    fn is_of(&self, other: &Self) -> bool {
        let overlap =
            self.left.is_none_or(|left| other.joined < left) && other.left.is_none_or(|left| self.joined < left);
        self.email.is_some() && self.email == other.email && overlap
    }
}

const JOIN: &[Field] = &[
    must("meeting", Text(200)),
    may("email", Email),
    may("name", Text(128)),
    must("joined", Text(64)),
    may("left", Text(64)),
    may("device", Text(100)),
];

/// `POST /sandbox/join`: somebody was in a meeting; a guest if no address is given.
pub(in crate::sandbox) fn join(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let body = shape::read(JOIN, &call.body)?;
    let time = |name: &str| {
        let at = text(&body, name).map(str::parse::<DateTime<Utc>>);
        at.transpose().map_err(|_| Refusal::bad(format!("“{name}” must be a time such as 2026-12-02T13:10:00Z")))
    };
    let email = text(&body, "email").map(str::to_lowercase);
    let meeting = text(&body, "meeting").unwrap_or_default().to_owned();
    if !model.meetings.iter().any(|it| it.id == meeting && it.cancelled.is_none()) {
        return Err(Refusal::not_found("The meeting"));
    }
    let name = text(&body, "name").map(str::to_owned);
    let name = name.or_else(|| email.as_ref().map(|email| model.name(email))).unwrap_or_else(|| "Guest".to_owned());
    let device = text(&body, "device").unwrap_or("webex_meeting_center_win").to_owned();
    let joined = time("joined")?.unwrap_or(call.now);
    model.visits.push(Visit { meeting, email, name, device, joined, left: time("left")? });
    Ok(Answer::nothing())
}

/// The addresses of people who are or were in a meeting.
pub(in crate::sandbox) fn came<'a>(model: &'a Model, meeting: &Meeting) -> BTreeSet<&'a str> {
    model.visits.iter().filter(|it| it.meeting == meeting.id).filter_map(|it| it.email.as_deref()).collect()
}

/// The visits of a meeting so far, grouped by instance, in chronological order.
fn instances<'a>(model: &'a Model, meeting: &Meeting, now: DateTime<Utc>) -> Vec<Vec<&'a Visit>> {
    let mut visits: Vec<&Visit> =
        model.visits.iter().filter(|it| it.meeting == meeting.id && it.joined <= now).collect();
    visits.sort_by_key(|it| it.joined);
    let mut instances: Vec<Vec<&Visit>> = Vec::new();
    for visit in visits {
        let goes_on = |last: &&mut Vec<&Visit>| last.iter().any(|it| it.is_there(visit.joined));
        match instances.last_mut().filter(goes_on) {
            Some(last) => last.push(visit),
            None => instances.push(vec![visit]),
        }
    }
    instances
}

/// The visits of an instance in the form in which Webex lists them: as long as anybody is there, only those who are.
fn listed(meeting: &Meeting, number: usize, instance: &[&Visit], now: DateTime<Utc>) -> Vec<Value> {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let begun = instance.iter().map(|it| it.joined).min().unwrap_or(now);
    let is_running = instance.iter().any(|it| it.is_there(now));
    let mut people: Vec<Vec<&Visit>> = Vec::new();
    for visit in instance.iter().filter(|it| !is_running || it.is_there(now)) {
        match people.iter_mut().find(|person| person.iter().any(|it| it.is_of(visit))) {
            Some(person) => person.push(visit),
            None => people.push(vec![visit]),
        }
    }
    let shown = |(at, person): (usize, &Vec<&Visit>)| {
        let first = person[0];
        let left = person.iter().map(|it| it.left).max().flatten().filter(|_| !is_running);
        let device = |visit: &&Visit| {
            let left = visit.left.filter(|left| *left <= now);
            let mut device = json!({
                "correlationId": ids::hex("device", &format!("{}{number}{at}{}", meeting.id, visit.device), 32),
                "deviceType": visit.device,
                "audioType": "voip",
                "joinedTime": time(visit.joined),
            });
            if let Some(left) = left {
                device["leftTime"] = time(left).into();
                device["durationSecond"] = (left - visit.joined).num_seconds().into();
            }
            device
        };
        let mut shown = json!({
            "id": format!("{}_I_{number}_{}", meeting.id, ids::hex("participant", &format!("{number}{at}"), 16)),
            "host": first.email.as_deref() == Some(&*meeting.host),
            "coHost": false,
            "email": first.email.as_deref().unwrap_or_default(),
            "displayName": first.name,
            "invitee": meeting.invitees.iter().any(|it| Some(&it.email) == first.email.as_ref()),
            "muted": false,
            "meetingStartTime": time(begun),
            "video": "on",
            "state": if is_running { "joined" } else { "end" },
            "joinedTime": time(person.iter().map(|it| it.joined).min().unwrap_or(begun)),
            "siteUrl": SITE,
            "meetingId": format!("{}_I_{number}", meeting.id),
            "hostEmail": meeting.host,
            "devices": person.iter().map(device).collect::<Vec<_>>(),
        });
        if let Some(left) = left {
            shown["leftTime"] = time(left).into();
        }
        shown
    };
    people.iter().enumerate().map(shown).collect()
}

const LIST: &[&str] = &[
    "max",
    "meetingId",
    "breakoutSessionId",
    "meetingStartTimeFrom",
    "meetingStartTimeTo",
    "hostEmail",
    "joinTimeFrom",
    "joinTimeTo",
    "cursor",
];

/// `GET /meetingParticipants`: for the last instance that began within the given times.
pub(in crate::sandbox) fn list(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(LIST)?;
    let caller = call.caller()?;
    caller.is_user("see who came to a meeting")?;
    caller.needs(&[READ, ADMIN_READ])?;
    let max = pairs.max(10, 100)?;
    let who = acting_for(model, caller, pairs.get("hostEmail"), ADMIN_READ)?;
    let id = pairs.must("meetingId")?;
    let is_admins = pairs.get("hostEmail").is_none() && caller.has(ADMIN_READ);
    let index = if is_admins {
        model
            .meetings
            .iter()
            .position(|it| it.id == id && it.cancelled.is_none())
            .ok_or_else(|| Refusal::not_found("The meeting"))?
    } else {
        find_hosted(model, id, &who)?
    };
    let meeting = &model.meetings[index];
    let time = |name: &str| {
        pairs.get(name).map(|text| rules::moment(name, text, chrono_tz::Tz::UTC, &model.zoneinfo)).transpose()
    };
    let month = Duration::days(30);
    let (from, to) = (time("meetingStartTimeFrom")?, time("meetingStartTimeTo")?);
    let from = from.unwrap_or(to.unwrap_or(call.now) - month);
    let to = to.unwrap_or(call.now.min(from + month) + Duration::seconds(1));
    let instances = instances(model, meeting, call.now);
    let begun = |instance: &&(usize, &Vec<&Visit>)| instance.1[0].joined > from && instance.1[0].joined < to;
    let instances: Vec<(usize, &Vec<&Visit>)> = instances.iter().enumerate().collect();
    let last = instances.iter().rev().find(begun);
    let all = last.map_or_else(Vec::new, |(number, instance)| listed(meeting, *number, instance, call.now));
    page(call, &pairs, max, all)
}
