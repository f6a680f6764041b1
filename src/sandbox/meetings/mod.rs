//! `/meetings`: what is booked, and for whom. This file has the handlers; the rules, the invitees and the answers have
//! files of their own. Knows the model and the call, which brings the time.

mod answer;
mod invitees;
mod participants;
mod quota;
mod rules;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(super) use answer::web_link;
pub(super) use invitees::{add as invite, list as invitees, remove as uninvite};
pub(super) use participants::{Visit, came, join, list as participants};
pub(super) use quota::take as take_from_quota;

use self::answer::State;
use self::rules::{CREATE, UPDATE};
use super::errors::Refusal;
use super::http::{Answer, Call, Pairs, page};
use super::model::Model;
use super::oauth::Caller;
use super::{ids, shape};

/// A booked meeting. Cancelled ones are kept so that they can be shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Meeting {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) agenda: Option<String>,
    pub(super) password: String,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) timezone: Tz,
    /// The host's address.
    pub(super) host: String,
    pub(super) invitees: Vec<Invitee>,
    pub(super) tags: Vec<String>,
    /// The client that set the tags: nobody else sees them.
    pub(super) client: String,
    /// All other options of the request, as they were sent.
    pub(super) settings: Map<String, Value>,
    /// When it was to begin before the last move.
    pub(super) moved_from: Option<DateTime<Utc>>,
    pub(super) cancelled: Option<DateTime<Utc>>,
}

/// Somebody who is invited to a meeting.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Invitee {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) co_host: bool,
}

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum About {
    Invitation,
    Update,
    Cancellation,
}

/// A mail that Webex sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mail {
    pub(super) to: String,
    pub(super) about: About,
    pub(super) meeting: String,
    pub(super) title: String,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) at: DateTime<Utc>,
}

impl Meeting {
    fn concerns(&self, email: &str) -> bool {
        self.host == email || self.invitees.iter().any(|invitee| invitee.email == email)
    }

    /// Everybody who is told about it, the host first.
    fn everyone(&self) -> Vec<String> {
        let others = self.invitees.iter().map(|invitee| &invitee.email).filter(|email| **email != self.host);
        std::iter::once(&self.host).chain(others).cloned().collect()
    }

    fn mail(&self, to: &str, about: About, at: DateTime<Utc>) -> Mail {
        let (start, end) = (self.start, self.end);
        Mail { to: to.to_owned(), about, meeting: self.id.clone(), title: self.title.clone(), start, end, at }
    }
}

/// Scopes for acting on behalf of others.
const ADMIN_WRITE: &str = "meeting:admin_schedule_write";
const ADMIN_READ: &str = "meeting:admin_schedule_read";

fn may_read(caller: &Caller) -> Result<(), Refusal> {
    caller.is_user("see meetings")?;
    caller.needs(&["meeting:schedules_read", ADMIN_READ])
}

fn may_write(caller: &Caller) -> Result<(), Refusal> {
    caller.is_user("schedule meetings")?;
    caller.needs(&["meeting:schedules_write", ADMIN_WRITE])
}

/// On whose behalf the call is made: `host_email` if it is given, which requires an admin.
fn acting_for(model: &Model, caller: &Caller, host_email: Option<&str>, scope: &str) -> Result<String, Refusal> {
    let Some(email) = host_email else { return Ok(caller.email.clone()) };
    if !caller.has(scope) {
        return Err(Refusal::forbidden(format!("“hostEmail” needs the scope {scope}.")));
    }
    let host = model.person(email).filter(|person| !person.is_bot());
    host.map(|host| host.email.clone()).ok_or_else(|| Refusal::not_found("The user of “hostEmail”"))
}

/// The index of the meeting, if it exists and this person takes part in it.
fn find(model: &Model, id: &str, who: &str) -> Result<usize, Refusal> {
    model
        .meetings
        .iter()
        .position(|meeting| meeting.id == id && meeting.cancelled.is_none() && meeting.concerns(who))
        .ok_or_else(|| Refusal::not_found("The meeting"))
}

/// Like [`find`], if this person hosts it.
fn find_hosted(model: &Model, id: &str, who: &str) -> Result<usize, Refusal> {
    let index = find(model, id, who)?;
    if model.meetings[index].host == who {
        Ok(index)
    } else {
        Err(Refusal::forbidden("Only the host can change a meeting."))
    }
}

/// Whether the host of a meeting that is to be booked has already reached the limit at that time.
pub(super) fn has_as_many_at_once(model: &Model, call: &Call, most: usize) -> bool {
    let body: Map<String, Value> = serde_json::from_slice(&call.body).unwrap_or_default();
    let time = |name| rules::moment(name, text(&body, name).unwrap_or_default(), Tz::UTC, &model.zoneinfo);
    let (Ok(start), Ok(end)) = (time("start"), time("end")) else { return false };
    let host = text(&body, "hostEmail").unwrap_or(super::people::ORGANIZER);
    let at_once = model.meetings.iter().filter(|it| it.cancelled.is_none() && it.host == host);
    call.method == "POST" && at_once.filter(|it| it.start < end && it.end > start).count() >= most
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

fn sends_email(body: &Map<String, Value>) -> bool {
    body.get("sendEmail").and_then(Value::as_bool).unwrap_or(true)
}

/// `POST /meetings`. The quota is checked beforehand: [`take_from_quota`].
pub(super) fn create(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let caller = call.caller()?;
    may_write(caller)?;
    let body = shape::read(CREATE, &call.body)?;
    let host = acting_for(model, caller, text(&body, "hostEmail"), ADMIN_WRITE)?;
    let timezone = rules::zone(text(&body, "timezone"))?.unwrap_or(Tz::UTC);
    rules::offsets(&body, timezone, &model.zoneinfo)?;
    let start = rules::moment("start", text(&body, "start").unwrap_or_default(), timezone, &model.zoneinfo)?;
    let end = rules::moment("end", text(&body, "end").unwrap_or_default(), timezone, &model.zoneinfo)?;
    let (start, end) = rules::span(start, end, call.now)?;
    rules::join_before_host(&body)?;

    let count = model.next().to_string();
    let id = ids::hex("meeting", &count, 32);
    let mut meeting = Meeting {
        number: format!("2{}", ids::number("meeting number", &count, 10)),
        title: text(&body, "title").unwrap_or_default().to_owned(),
        agenda: text(&body, "agenda").map(str::to_owned),
        password: text(&body, "password").map_or_else(|| ids::hex("password", &count, 10), str::to_owned),
        start,
        end,
        timezone,
        host,
        invitees: Vec::new(),
        tags: rules::tags(&body),
        client: caller.client.clone(),
        settings: rules::settings(&body),
        moved_from: None,
        cancelled: None,
        id,
    };
    for invitee in body.get("invitees").and_then(Value::as_array).into_iter().flatten() {
        let invitee = invitees::read(model, &meeting, invitee);
        if meeting.invitees.iter().all(|it| it.email != invitee.email) {
            meeting.invitees.push(invitee);
        }
    }
    if sends_email(&body) {
        let mails: Vec<Mail> =
            meeting.everyone().iter().map(|to| meeting.mail(to, About::Invitation, call.now)).collect();
        model.mails.extend(mails);
    }
    let answer = answer::meeting(model, &meeting, caller, timezone, call.now);
    model.meetings.push(meeting);
    Ok(Answer::json(&answer))
}

/// `GET /meetings/{id}`
pub(super) fn one(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["current", "hostEmail"])?;
    pairs.flag("current")?;
    let caller = call.caller()?;
    may_read(caller)?;
    let who = acting_for(model, caller, pairs.get("hostEmail"), ADMIN_READ)?;
    let zone = rules::zone(call.header("timezone"))?.unwrap_or(Tz::UTC);
    let index = find(model, &call.id, &who)?;
    Ok(Answer::json(&answer::meeting(model, &model.meetings[index], caller, zone, call.now)))
}

const LIST: &[&str] = &[
    "meetingNumber",
    "webLink",
    "max",
    "from",
    "to",
    "meetingType",
    "state",
    "scheduledType",
    "current",
    "hostEmail",
    "siteUrl",
    "integrationTag",
    "cursor",
];

/// `GET /meetings`
pub(super) fn list(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(LIST)?;
    let caller = call.caller()?;
    may_read(caller)?;
    let who = acting_for(model, caller, pairs.get("hostEmail"), ADMIN_READ)?;
    let zone = rules::zone(call.header("timezone"))?.unwrap_or(Tz::UTC);
    let max = pairs.max(10, 100)?;
    let by_place = exclusive(&pairs)?;
    let (from, to) = rules::window(&pairs, call.now, &model.zoneinfo)?;
    let state = pairs.get("state").map(State::parse).transpose()?;
    pairs.flag("current")?;
    let kind = pairs.get("meetingType").unwrap_or("meetingSeries");
    if !["meetingSeries", "scheduledMeeting", "meeting"].contains(&kind) {
        return Err(Refusal::bad("“meetingType” must be meetingSeries, scheduledMeeting or meeting"));
    }
    if pairs.get("scheduledType").is_some_and(|it| it != "meeting") {
        return Err(Refusal::bad("the sandbox lists meetings of the “scheduledType” meeting only"));
    }
    let mut found: Vec<&Meeting> = model
        .meetings
        .iter()
        .filter(|meeting| meeting.cancelled.is_none() && meeting.concerns(&who))
        .filter(|meeting| by_place || (meeting.start < to && meeting.end > from))
        .filter(|meeting| by_place || state.is_none_or(|state| State::of(meeting, call.now) == state))
        .filter(|meeting| pairs.get("meetingNumber").is_none_or(|number| meeting.number == number))
        .filter(|meeting| pairs.get("webLink").is_none_or(|link| web_link(meeting) == link))
        .filter(|meeting| {
            let mine = meeting.client == caller.client;
            pairs.get("integrationTag").is_none_or(|tag| mine && meeting.tags.iter().any(|it| it == tag))
        })
        .collect();
    found.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    // An instance of a meeting is one that has taken place; the sandbox has none.
    found.retain(|_| kind != "meeting");
    let shown = |meeting: &Meeting| {
        let mut shown = answer::meeting(model, meeting, caller, zone, call.now);
        shown["meetingType"] = kind.into();
        shown
    };
    let all = found.into_iter().map(shown).collect();
    page(call, &pairs, max, all)
}

/// Whether one meeting is requested by its number or link.
fn exclusive(pairs: &Pairs) -> Result<bool, Refusal> {
    let given = ["meetingNumber", "webLink"].iter().filter(|name| pairs.get(name).is_some()).count();
    if given > 1 {
        return Err(Refusal::bad("“meetingNumber” and “webLink” exclude each other"));
    }
    Ok(given == 1)
}

/// `PATCH /meetings/{id}`
pub(super) fn update(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&[])?;
    let caller = call.caller()?;
    may_write(caller)?;
    let body = shape::read(UPDATE, &call.body)?;
    let who = acting_for(model, caller, text(&body, "hostEmail"), ADMIN_WRITE)?;
    let index = find_hosted(model, &call.id, &who)?;
    let mut meeting = model.meetings[index].clone();
    if let Some(zone) = rules::zone(text(&body, "timezone"))? {
        meeting.timezone = zone;
    }
    rules::offsets(&body, meeting.timezone, &model.zoneinfo)?;
    if body.contains_key("start") || body.contains_key("end") {
        let read = |name, before| {
            text(&body, name).map_or(Ok(before), |it| rules::moment(name, it, meeting.timezone, &model.zoneinfo))
        };
        let (start, end) = (read("start", meeting.start)?, read("end", meeting.end)?);
        let (start, end) = rules::span(start, end, call.now)?;
        if start != meeting.start {
            meeting.moved_from = Some(meeting.start);
        }
        (meeting.start, meeting.end) = (start, end);
    }
    if let Some(title) = text(&body, "title") {
        title.clone_into(&mut meeting.title);
    }
    if let Some(agenda) = body.get("agenda") {
        meeting.agenda = agenda.as_str().map(str::to_owned);
    }
    if let Some(password) = text(&body, "password") {
        password.clone_into(&mut meeting.password);
    }
    if body.contains_key("integrationTags") {
        meeting.tags = rules::tags(&body);
        meeting.client.clone_from(&caller.client);
    }
    meeting.settings.append(&mut rules::settings(&body));
    rules::join_before_host(&meeting.settings)?;
    if sends_email(&body) {
        let mails: Vec<Mail> = meeting.everyone().iter().map(|to| meeting.mail(to, About::Update, call.now)).collect();
        model.mails.extend(mails);
    }
    let answer = answer::meeting(model, &meeting, caller, meeting.timezone, call.now);
    model.meetings[index] = meeting;
    Ok(Answer::json(&answer))
}

/// `DELETE /meetings/{id}`
pub(super) fn delete(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["hostEmail", "sendEmail"])?;
    let caller = call.caller()?;
    may_write(caller)?;
    let who = acting_for(model, caller, pairs.get("hostEmail"), ADMIN_WRITE)?;
    let sends_email = pairs.flag("sendEmail")?.unwrap_or(true);
    let index = find_hosted(model, &call.id, &who)?;
    let meeting = &mut model.meetings[index];
    meeting.cancelled = Some(call.now);
    if sends_email {
        let mails: Vec<Mail> =
            meeting.everyone().iter().map(|to| meeting.mail(to, About::Cancellation, call.now)).collect();
        model.mails.extend(mails);
    }
    Ok(Answer::nothing())
}
