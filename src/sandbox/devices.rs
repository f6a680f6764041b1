//! What is beside `/v1`: the catalog that says where a bot registers a device, the devices themselves, and the
//! activities that wait until each device has them. The protocol is undocumented; this is what public clients of it
//! rely on. Knows what each owner sees; `socket` sends the activities.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::errors::Refusal;
use super::http::{Answer, Call};
use super::ids;
use super::messages::{self, Action, Message, Room, time};
use super::model::Model;
use super::people::{BOT, org_id, person_id};

/// Websockets are opened below this path.
pub(super) const SOCKETS: &str = "/mercury/v1/apps/wx2/registrations/";
/// The most devices that somebody can have.
const MOST: usize = 100;
/// How long a device that nobody uses is remembered.
const UNUSED: TimeDelta = TimeDelta::days(7);
/// Stands in for every text, because Webex encrypts them on this way.
const ENCRYPTED: &str = "eyJhbGciOiJkaXIi.encrypted";
/// How long it is tried to deliver something.
const KEPT: TimeDelta = TimeDelta::minutes(15);

/// A device to which activities are sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Device {
    pub(super) id: String,
    /// The address of the owner.
    pub(super) owner: String,
    /// What its owner says about it.
    about: Map<String, Value>,
    /// When it was created or last renewed.
    renewed: DateTime<Utc>,
    /// The activities that it has not acknowledged.
    pub(super) waiting: VecDeque<Waiting>,
}

/// An activity until it is acknowledged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// A number that increases from one activity to the next.
    pub(super) number: u64,
    /// The id of the frame.
    pub(super) id: String,
    at: DateTime<Utc>,
    activity: Value,
}

impl Waiting {
    /// The frame that carries it; `root` is the address of the sandbox.
    pub(super) fn frame(&self, root: &str) -> Value {
        let mut activity = self.activity.clone();
        let id = activity["target"]["id"].as_str().unwrap_or_default().to_owned();
        activity["target"]["url"] = json!(format!("{root}/conversation/api/v1/conversations/{id}"));
        json!({
            "id": self.id,
            "data": { "activity": activity, "eventType": "conversation.activity" },
            "timestamp": self.at.timestamp_millis(),
            "trackingId": format!("SANDBOX_{}", self.number),
            "sequenceNumber": self.number,
            "filterMessage": false,
        })
    }
}

impl Device {
    fn json(&self, call: &Call) -> Value {
        let mut json = self.about.clone();
        let socket = call.root.replacen("http", "ws", 1);
        for (name, value) in [
            ("url", json!(format!("{}/wdm/api/v1/devices/{}", call.root, self.id))),
            ("webSocketUrl", json!(format!("{socket}{SOCKETS}{}/messages", self.id))),
            ("userId", json!(ids::uuid_of(&person_id(&self.owner)))),
            ("modificationTime", json!(time(self.renewed))),
            ("services", json!({})),
        ] {
            json.insert(name.to_owned(), value);
        }
        Value::Object(json)
    }

    fn push(&mut self, number: u64, at: DateTime<Utc>, activity: &Value) {
        let id = ids::uuid("FRAME", &number.to_string());
        self.waiting.push_back(Waiting { number, id, at, activity: activity.clone() });
    }

    /// Forgets what is too old to be delivered.
    pub(super) fn forget_old(&mut self, now: DateTime<Utc>) {
        self.waiting.retain(|waiting| now - waiting.at <= KEPT);
    }

    /// The device has received the frame with that id.
    pub(super) fn acknowledged(&mut self, id: &str) {
        self.waiting.retain(|waiting| waiting.id != id);
    }
}

/// The id of the device that a path of [`SOCKETS`] names.
pub(super) fn of_socket(path: &str) -> &str {
    path.strip_prefix(SOCKETS).and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

pub(super) fn forget(model: &mut Model, id: &str) {
    model.devices.retain(|device| device.id != id);
}

/// `GET /u2c/api/v1/catalog`
pub(super) fn catalog(_: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let root = &call.root;
    Ok(Answer::json(&json!({
        "serviceLinks": {
            "wdm": format!("{root}/wdm/api/v1"),
            "conversation": format!("{root}/conversation/api/v1"),
            "u2c": format!("{root}/u2c/api/v1"),
        },
        "hostCatalog": {},
        "format": "hostmap",
    })))
}

/// `GET /wdm/api/v1/devices`: 404 if there is none.
pub(super) fn list(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let me = &call.caller()?.email;
    model.devices.retain(|device| call.now - device.renewed <= UNUSED);
    let mine: Vec<Value> = model.devices.iter().filter(|it| it.owner == *me).map(|it| it.json(call)).collect();
    if mine.is_empty() { Err(Refusal::not_found("A device")) } else { Ok(Answer::json(&json!({ "devices": mine }))) }
}

/// `POST /wdm/api/v1/devices`
pub(super) fn create(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let me = call.caller()?.email.clone();
    let about = about(call)?;
    if model.devices.iter().filter(|it| it.owner == me).count() >= MOST {
        return Err(Refusal::forbidden("User has excessive device registrations"));
    }
    let id = ids::uuid("DEVICE", &model.next().to_string());
    let device = Device { id, owner: me, about, renewed: call.now, waiting: VecDeque::new() };
    let answer = device.json(call);
    model.devices.push(device);
    Ok(Answer::json(&answer))
}

/// What the owner says about a device, whatever that is.
fn about(call: &Call) -> Result<Map<String, Value>, Refusal> {
    let body: Value = serde_json::from_slice(&call.body).map_err(|error| Refusal::bad(format!("not JSON: {error}")))?;
    let Value::Object(about) = body else { return Err(Refusal::bad("the body must be a JSON object")) };
    match about.get("deviceType") {
        Some(Value::String(_)) => Ok(about),
        _ => Err(Refusal::bad("“deviceType” is missing")),
    }
}

fn find<'a>(model: &'a mut Model, call: &Call) -> Result<&'a mut Device, Refusal> {
    let me = &call.caller()?.email;
    let found = model.devices.iter_mut().find(|it| it.id == call.id && it.owner == *me);
    found.ok_or_else(|| Refusal::not_found("The device"))
}

/// `GET /wdm/api/v1/devices/{id}`
pub(super) fn one(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let device = find(model, call)?;
    Ok(Answer::json(&device.json(call)))
}

/// `PUT /wdm/api/v1/devices/{id}`
pub(super) fn renew(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let said = about(call).unwrap_or_default();
    let device = find(model, call)?;
    device.renewed = call.now;
    device.about.extend(said);
    Ok(Answer::json(&device.json(call)))
}

/// `DELETE /wdm/api/v1/devices/{id}`
pub(super) fn delete(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let id = find(model, call)?.id.clone();
    forget(model, &id);
    Ok(Answer::nothing())
}

/// `GET /conversation/api/v1/messages/{uuid}`: the message under its id in `/v1`.
pub(super) fn message(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    messages::one(model, &Call { id: ids::of_uuid("MESSAGE", &call.id), ..call.clone() })
}

/// `GET /conversation/api/v1/attachment/actions/{uuid}`
pub(super) fn action(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    messages::action(model, &Call { id: ids::of_uuid("ATTACHMENT_ACTION", &call.id), ..call.clone() })
}

/// Sends an activity to those who see the message.
pub(super) fn message_created(model: &mut Model, message: &Message, room: &Room) {
    let mut activity = activity(model, "post", [&message.id, &message.author], message.created, room);
    activity["object"] = json!({ "objectType": "comment", "displayName": ENCRYPTED });
    if let Some(parent) = &message.parent {
        activity["parent"] = json!({ "id": ids::uuid_of(parent), "type": "reply" });
    }
    tell(model, message.created, &activity, |owner| message.is_seen_by(owner, room));
}

/// Sends an activity to those who see the card; among bots, only to the one that sent it.
pub(super) fn action_created(model: &mut Model, action: &Action, message: &Message, room: &Room) {
    let mut activity = activity(model, "cardAction", [&action.id, &action.person], action.created, room);
    activity["object"] = json!({ "objectType": "submit", "inputs": ENCRYPTED });
    activity["parent"] = json!({ "id": ids::uuid_of(&action.message), "type": "card" });
    tell(model, action.created, &activity, |owner| room.has(owner) && (owner != BOT || message.author == BOT));
}

fn activity(model: &Model, verb: &str, [id, actor]: [&str; 2], at: DateTime<Utc>, room: &Room) -> Value {
    let uuid = ids::uuid_of(&model.id_of(actor));
    json!({
        "id": ids::uuid_of(id),
        "objectType": "activity",
        "verb": verb,
        "published": time(at),
        "actor": {
            "objectType": "person",
            "id": uuid,
            "entryUUID": uuid,
            "emailAddress": actor,
            "displayName": model.name(actor),
            "orgId": ids::uuid_of(&org_id()),
            "type": if actor == BOT { "BOT" } else { "PERSON" },
        },
        "target": {
            "objectType": "conversation",
            "id": ids::uuid_of(&room.id),
            "tags": if room.is_group() { json!([]) } else { json!(["ONE_ON_ONE"]) },
        },
    })
}

fn tell(model: &mut Model, at: DateTime<Utc>, activity: &Value, sees: impl Fn(&str) -> bool) {
    if !model.devices.iter().any(|device| sees(&device.owner)) {
        return;
    }
    let number = model.next();
    for device in model.devices.iter_mut().filter(|device| sees(&device.owner)) {
        device.forget_old(at);
        device.push(number, at, activity);
    }
}
