//! Every call that is made, in one table: what is sent, by whom, and what happens when it is sent twice. Knows Webex's
//! names for things; sends nothing. Times are written with their offset.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::retry::Effect;
use crate::domain::scheduling::{Action, Guest, Invitation, Lookup, Step};
use crate::domain::state::outbox::{Address, OutgoingMessage};
use crate::domain::text::rfc3339;
use crate::domain::zone::Zone;

/// The account with whose token a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The organizer, who logged in.
    Organizer,
    /// The bot, with the token in the config.
    Bot,
}

/// The HTTP method of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads a resource or a list.
    Get,
    /// Creates a resource.
    Post,
    /// Changes some members of a resource.
    Patch,
    /// Changes a webhook.
    Put,
    /// Deletes a resource.
    Delete,
}

impl Method {
    /// The method's name in the request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// A file that is sent along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The name under which people get it.
    pub name: String,
    /// The media type, such as `text/html`.
    pub media_type: &'static str,
    /// The content of the file.
    pub bytes: Vec<u8>,
}

/// A call to Webex, before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    /// The path below the root, such as `/meetings`.
    pub path: String,
    /// The query, before it is encoded.
    pub query: Vec<(&'static str, String)>,
    /// The body, if it has one.
    pub body: Option<Value>,
    /// A file, with which the body goes as a form.
    pub file: Option<File>,
    /// The account with whose token the call is made.
    pub who: Who,
    /// What happens when it is sent twice.
    pub effect: Effect,
    /// Whether Webex counts each attempt toward a quota, including those that it refuses.
    pub counted: bool,
}

impl Call {
    /// Method and path, as people read them.
    pub fn name(&self) -> String {
        format!("{} {}", self.method.name(), self.path)
    }

    /// The id of what the call changes or deletes; none if it makes something new.
    pub fn id(&self) -> Option<&str> {
        let is_there = matches!(self.method, Method::Patch | Method::Put | Method::Delete);
        self.path.rsplit('/').next().filter(|_| is_there)
    }

    /// The first line of the request, as people read it.
    pub fn line(&self) -> String {
        let query: Vec<String> = self.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", self.name(), query.join("&"))
    }
}

fn get(who: Who, path: impl Into<String>, query: Vec<(&'static str, String)>) -> Call {
    Call {
        method: Method::Get,
        path: path.into(),
        query,
        body: None,
        file: None,
        who,
        effect: Effect::Read,
        counted: false,
    }
}

/// A time in a zone: Webex compares the offset with its own rules for that zone.
fn time(at: DateTime<FixedOffset>, zone: Zone) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// Who the token belongs to: a [`super::wire::Person`].
pub fn me(who: Who) -> Call {
    get(who, "/people/me", vec![])
}

/// The webhooks of the bot: a list of [`super::wire::Webhook`].
pub fn webhooks() -> Call {
    get(Who::Bot, "/webhooks", vec![("max", "100".to_owned())])
}

/// Creates a webhook for the bot: a [`super::wire::Webhook`].
pub fn make_webhook(name: &str, target: &str, resource: &str, secret: &SecretString) -> Call {
    let secret = secret.expose_secret();
    let event = super::webhooks::EVENT;
    let body = json!({ "name": name, "targetUrl": target, "resource": resource, "event": event, "secret": secret });
    call(Method::Post, "/webhooks".to_owned(), Some(body), Effect::NotIdempotent)
}

/// Turns on a webhook of the bot, and sets everything that can be set: a [`super::wire::Webhook`].
pub fn change_webhook(id: &str, name: &str, target: &str, secret: &SecretString) -> Call {
    let secret = secret.expose_secret();
    let body = json!({ "name": name, "targetUrl": target, "secret": secret, "status": "active" });
    call(Method::Put, path("/webhooks", id), Some(body), Effect::Idempotent)
}

/// Removes a webhook of the bot.
pub fn remove_webhook(id: &str) -> Call {
    call(Method::Delete, path("/webhooks", id), None, Effect::Idempotent)
}

/// A call by the bot that changes something.
fn call(method: Method, path: String, body: Option<Value>, effect: Effect) -> Call {
    Call { method, path, query: vec![], body, file: None, who: Who::Bot, effect, counted: false }
}

/// The meetings that have a tag and begin within a time: a list of [`super::wire::Meeting`].
pub fn meetings(lookup: &Lookup) -> Call {
    let mut query = vec![
        ("integrationTag", lookup.tag.clone()),
        ("from", rfc3339(lookup.from)),
        ("to", rfc3339(lookup.to)),
        ("max", "100".to_owned()),
    ];
    query.extend(on_behalf(lookup.host.as_deref()));
    get(Who::Organizer, "/meetings", query)
}

/// All meetings that begin within a time: a list of [`super::wire::Meeting`].
pub fn meetings_between(from: DateTime<Utc>, to: DateTime<Utc>, host: Option<&str>) -> Call {
    let mut query = vec![("from", rfc3339(from)), ("to", rfc3339(to)), ("max", "100".to_owned())];
    query.extend(on_behalf(host));
    get(Who::Organizer, "/meetings", query)
}

/// Who is invited to a meeting: a list of [`super::wire::Invitee`].
pub fn invitees(id: &str, host: Option<&str>) -> Call {
    let mut query = vec![("meetingId", id.to_owned()), ("max", "100".to_owned())];
    query.extend(on_behalf(host));
    get(Who::Organizer, "/meetingInvitees", query)
}

/// Who joined a meeting, the last time that people met there within these times: a list of
/// [`super::wire::Participant`].
pub fn participants(id: &str, [from, to]: [DateTime<Utc>; 2], host: Option<&str>) -> Call {
    let mut query = vec![
        ("meetingId", id.to_owned()),
        ("meetingStartTimeFrom", rfc3339(from)),
        ("meetingStartTimeTo", rfc3339(to)),
        ("max", "100".to_owned()),
    ];
    query.extend(on_behalf(host));
    get(Who::Organizer, "/meetingParticipants", query)
}

/// A meeting: a [`super::wire::Meeting`].
pub fn meeting(id: &str, host: Option<&str>) -> Call {
    get(Who::Organizer, meeting_path(id), on_behalf(host))
}

/// The options requested for a meeting, besides its people and time: it can be booked without them. Neither of the two
/// people is the host, so the meeting opens before the host comes, and nobody waits in a lobby; they are colleagues who
/// want to be among themselves, so nothing is recorded or listed.
pub fn options() -> [(&'static str, Value); 7] {
    [
        ("enabledAutoRecordMeeting", json!(false)),
        ("allowAnyUserToBeCoHost", json!(true)),
        ("enabledJoinBeforeHost", json!(true)),
        ("enableConnectAudioBeforeHost", json!(true)),
        ("joinBeforeHostMinutes", json!(15)),
        ("publicMeeting", json!(false)),
        ("unlockedMeetingJoinSecurity", json!("allowJoin")),
    ]
}

/// Books a meeting and invites its people: a [`super::wire::Meeting`].
pub fn book(meeting: &Invitation) -> Call {
    let invitee = |(email, name): &(Box<str>, String)| json!({ "email": email, "displayName": name });
    let mut body = json!({
        "title": meeting.title,
        "agenda": meeting.agenda,
        "start": time(meeting.start, meeting.timezone),
        "end": time(meeting.end, meeting.timezone),
        "timezone": meeting.timezone.name(),
        "sendEmail": true,
        "invitees": meeting.invitees.iter().map(invitee).collect::<Vec<_>>(),
        "integrationTags": meeting.tags,
    });
    for (name, value) in options() {
        body[name] = value;
    }
    if let Some(host) = &meeting.host {
        body["hostEmail"] = json!(host);
    }
    let (method, path) = (Method::Post, "/meetings".to_owned());
    organizers(method, path, Some(body), Effect::NotIdempotent, true)
}

/// The same call without the options.
pub fn without_options(call: &Call) -> Call {
    let mut plain = call.clone();
    if let Some(Value::Object(body)) = &mut plain.body {
        options().iter().for_each(|(name, _)| drop(body.remove(*name)));
    }
    plain
}

/// The same call with its times in UTC: for use if Webex's rules for the zone differ from ours.
pub fn in_utc(call: &Call) -> Call {
    let mut plain = call.clone();
    if let Some(body) = &mut plain.body {
        for name in ["start", "end"] {
            let at = body[name].as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            if let Some(at) = at {
                body[name] = json!(rfc3339(at.to_utc()));
            }
        }
        body["timezone"] = json!("UTC");
    }
    plain
}

fn organizers(method: Method, path: String, body: Option<Value>, effect: Effect, counted: bool) -> Call {
    Call { method, path, query: vec![], body, file: None, who: Who::Organizer, effect, counted }
}

/// The call for a step, for a meeting hosted by `host` if it is not the organizer; times are in `zone`.
pub fn of_step(step: &Step, host: Option<&str>, zone: Zone) -> Call {
    let booking = &step.booking;
    match &step.action {
        Action::Book(invitation) => book(invitation),
        Action::Move(at, ..) => move_to(&at.id, [booking.start, booking.end()], zone, host),
        Action::Cancel(at, _) | Action::CancelDouble(at) => cancel(&at.id, host),
        Action::Invite(at, guest) => invite(&at.id, guest, host),
        Action::Uninvite(_, invitee) => uninvite(&invitee.id, host),
    }
}

/// Invites somebody to an existing meeting; they are told: a [`super::wire::Invitee`].
pub fn invite(meeting: &str, guest: &Guest, host: Option<&str>) -> Call {
    let mut body = json!({ "meetingId": meeting, "email": guest.email, "displayName": guest.name, "sendEmail": true });
    if let Some(host) = host {
        body["hostEmail"] = json!(host);
    }
    // Nobody may be on the list twice.
    organizers(Method::Post, "/meetingInvitees".to_owned(), Some(body), Effect::NotIdempotent, false)
}

/// Removes an address from the list of a meeting. Nobody is told: the person comes all the same.
pub fn uninvite(invitee: &str, host: Option<&str>) -> Call {
    let mut call = organizers(Method::Delete, path("/meetingInvitees", invitee), None, Effect::Idempotent, false);
    call.query.push(("sendEmail", "false".to_owned()));
    call.query.extend(on_behalf(host));
    call
}

/// Moves a meeting to this start and end; those invited are told, and their calendars follow.
pub fn move_to(id: &str, [start, end]: [DateTime<FixedOffset>; 2], zone: Zone, host: Option<&str>) -> Call {
    let (start, end) = (time(start, zone), time(end, zone));
    let mut body = json!({ "start": start, "end": end, "timezone": zone.name(), "sendEmail": true });
    if let Some(host) = host {
        body["hostEmail"] = json!(host);
    }
    organizers(Method::Patch, meeting_path(id), Some(body), Effect::Idempotent, false)
}

/// Cancels a meeting; those invited are told.
pub fn cancel(id: &str, host: Option<&str>) -> Call {
    let mut call = organizers(Method::Delete, meeting_path(id), None, Effect::Idempotent, false);
    call.query.push(("sendEmail", "true".to_owned()));
    call.query.extend(on_behalf(host));
    call
}

/// Sends a message, with a card or a file or neither: a [`super::wire::Message`].
pub fn send(message: &OutgoingMessage, file: Option<File>) -> Call {
    let mut body = json!({ "markdown": message.markdown, "text": message.text });
    match &message.to {
        Address::Person(email) => body["toPersonEmail"] = json!(email),
        Address::Space(room) | Address::Thread(room) => body["roomId"] = json!(room),
    }
    if let Some(parent) = &message.parent {
        body["parentId"] = json!(parent);
    }
    if let Some(card) = &message.card {
        body["attachments"] = json!([{ "contentType": "application/vnd.microsoft.card.adaptive", "content": card }]);
    }
    Call { file, ..call(Method::Post, "/messages".to_owned(), Some(body), Effect::NotIdempotent) }
}

/// The messages between the bot and somebody, the newest first: a list of [`super::wire::Message`].
pub fn direct(email: &str) -> Call {
    get(Who::Bot, "/messages/direct", vec![("personEmail", email.to_owned())])
}

/// The messages in a space that mention the bot, the newest first: a list of [`super::wire::Message`].
pub fn mentions(room: &str) -> Call {
    let query = vec![("roomId", room.to_owned()), ("mentionedPeople", "me".to_owned()), ("max", "100".to_owned())];
    get(Who::Bot, "/messages", query)
}

/// The spaces in which the bot is, except its chats with one person: a list of [`super::wire::Room`].
pub fn rooms() -> Call {
    get(Who::Bot, "/rooms", vec![("type", "group".to_owned()), ("max", "100".to_owned())])
}

/// A space in which the bot is: a [`super::wire::Room`].
pub fn room(id: &str) -> Call {
    get(Who::Bot, path("/rooms", id), vec![])
}

/// The bot's rooms with one person each, those with the newest messages first: a list of [`super::wire::Room`].
pub fn direct_rooms() -> Call {
    let query = [("type", "direct"), ("sortBy", "lastactivity"), ("max", "100")];
    get(Who::Bot, "/rooms", query.map(|(name, value)| (name, value.to_owned())).to_vec())
}

/// The messages in a room with one person, the newest first: a list of [`super::wire::Message`].
pub fn messages_in(room: &str) -> Call {
    get(Who::Bot, "/messages", vec![("roomId", room.to_owned()), ("max", "50".to_owned())])
}

/// A message: a [`super::wire::Message`].
pub fn message(id: &str) -> Call {
    get(Who::Bot, path("/messages", id), vec![])
}

/// Deletes a message that the bot wrote.
pub fn delete_message(id: &str) -> Call {
    call(Method::Delete, path("/messages", id), None, Effect::Idempotent)
}

/// Any resource of another of Webex's services, at this path.
pub fn elsewhere(path: &str, who: Who) -> Call {
    get(who, path, vec![])
}

/// What somebody tapped and filled in: a [`super::wire::Action`].
pub fn action(id: &str) -> Call {
    get(Who::Bot, path("/attachment/actions", id), vec![])
}

/// A person: a [`super::wire::Person`].
pub fn person(who: Who, id: &str) -> Call {
    get(who, path("/people", id), vec![])
}

/// The members of a space: a list of [`super::wire::Membership`]. The caller must be one of them.
pub fn memberships(who: Who, room: &str) -> Call {
    get(who, "/memberships", vec![("roomId", room.to_owned()), ("max", "100".to_owned())])
}

/// Everybody in the organization, for its admins: a list of [`super::wire::Person`].
pub fn organization() -> Call {
    get(Who::Organizer, "/people", vec![("max", "100".to_owned()), ("excludeStatus", "true".to_owned())])
}

/// Who has that address: a list of [`super::wire::Person`], of one or none.
pub fn people(email: &str) -> Call {
    get(Who::Bot, "/people", vec![("email", email.to_owned())])
}

fn on_behalf(host: Option<&str>) -> Vec<(&'static str, String)> {
    host.map(|host| ("hostEmail", host.to_owned())).into_iter().collect()
}

fn meeting_path(id: &str) -> String {
    path("/meetings", id)
}

/// An id comes from outside: only characters that an id can have become part of a path.
fn path(of: &str, id: &str) -> String {
    let id: String = id.chars().filter(|it| it.is_ascii_alphanumeric() || "_-=".contains(*it)).collect();
    format!("{of}/{id}")
}
