//! `/webhooks`: who wants to be notified of what, and the notices that follow. Knows what each owner sees; `delivery`
//! sends the notices.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha1::Sha1;
use url::Url;

use super::errors::Refusal;
use super::http::{Answer, Call, page};
use super::ids;
use super::messages::{Action, Message, Room, time};
use super::model::Model;
use super::people::{BOT, org_id, person_id};
use super::shape::Kind::{Foreign, Text, Word};
use super::shape::{self, Field, may, must};
use crate::hex;

/// A webhook: who wants to be notified of what, and where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Webhook {
    id: String,
    /// The address of the owner.
    owner: String,
    name: String,
    target: String,
    resource: String,
    event: String,
    filter: Option<String>,
    secret: Option<String>,
    active: bool,
    created: DateTime<Utc>,
}

/// A notice to be sent.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    pub(super) webhook: String,
    pub(super) target: String,
    pub(super) body: Vec<u8>,
    /// The signature, if there is a secret.
    pub(super) signature: Option<String>,
}

const CREATE: &[Field] = &[
    must("name", Text(200)),
    must("targetUrl", Text(2000)),
    must("resource", Word(&["messages", "attachmentActions", "memberships", "rooms", "meetings"])),
    must("event", Word(&["created", "updated", "deleted"])),
    may("filter", Text(500)),
    may("secret", Text(500)),
    may("ownedBy", Foreign),
];
/// Webex ignores the fields that cannot be changed.
const UPDATE: &[Field] = &[
    must("name", Text(200)),
    must("targetUrl", Text(2000)),
    may("secret", Text(500)),
    may("status", Word(&["active"])),
    may("resource", Text(200)),
    may("event", Text(200)),
    may("filter", Text(500)),
    may("ownedBy", Text(200)),
];

impl Webhook {
    fn json(&self) -> Value {
        let mut json = json!({
            "id": self.id,
            "name": self.name,
            "targetUrl": self.target,
            "resource": self.resource,
            "event": self.event,
            "orgId": org_id(),
            "createdBy": person_id(&self.owner),
            "appId": ids::spark("APPLICATION", "sandbox"),
            "ownedBy": "creator",
            "status": if self.active { "active" } else { "inactive" },
            "created": time(self.created),
        });
        if let Some(filter) = &self.filter {
            json["filter"] = json!(filter);
        }
        json
    }

    fn json_with_secret(&self) -> Value {
        let mut json = self.json();
        if let Some(secret) = &self.secret {
            json["secret"] = json!(secret);
        }
        json
    }

    fn notice(&self, actor_id: &str, data: &Map<String, Value>) -> Notice {
        let mut body = self.json();
        body["actorId"] = json!(actor_id);
        body["data"] = json!(data);
        let body = body.to_string().into_bytes();
        let signature = self.secret.as_ref().map(|secret| sign(secret, &body));
        Notice { webhook: self.id.clone(), target: self.target.clone(), body, signature }
    }

    fn lets_through(&self, data: &Map<String, Value>) -> bool {
        let Some(filter) = &self.filter else { return true };
        filter
            .split('&')
            .filter_map(|part| part.split_once('='))
            .all(|(name, value)| data.get(name).is_some_and(|it| it == value))
    }
}

/// The hexadecimal HMAC-SHA1 of a body.
fn sign(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    hex::encode(&mac.finalize().into_bytes())
}

fn target(body: &Map<String, Value>) -> Result<String, Refusal> {
    let target = body["targetUrl"].as_str().unwrap_or_default();
    let url = Url::parse(target).ok().filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
    url.map(|_| target.to_owned()).ok_or_else(|| Refusal::bad("“targetUrl” must be an address with http or https"))
}

fn field(body: &Map<String, Value>, name: &str) -> Option<String> {
    body.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// `POST /webhooks`
pub(super) fn create(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let caller = call.caller()?.clone();
    let body = shape::read(CREATE, &call.body)?;
    let resource = field(&body, "resource").unwrap_or_default();
    if !caller.is_bot() && ["messages", "attachmentActions"].contains(&resource.as_str()) {
        caller.needs(&["spark:messages_read", "spark:all"])?;
    }
    let webhook = Webhook {
        id: ids::spark("WEBHOOK", &model.next().to_string()),
        owner: caller.email,
        name: field(&body, "name").unwrap_or_default(),
        target: target(&body)?,
        resource,
        event: field(&body, "event").unwrap_or_default(),
        filter: field(&body, "filter"),
        secret: field(&body, "secret"),
        active: true,
        created: call.now,
    };
    let answer = webhook.json_with_secret();
    model.webhooks.push(webhook);
    Ok(Answer::json(&answer))
}

/// `GET /webhooks`
pub(super) fn list(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["max", "cursor"])?;
    let max = pairs.max(100, 100)?;
    let me = &call.caller()?.email;
    page(call, &pairs, max, model.webhooks.iter().filter(|it| it.owner == *me).map(Webhook::json_with_secret).collect())
}

fn find(model: &Model, call: &Call) -> Result<usize, Refusal> {
    let me = &call.caller()?.email;
    let found = model.webhooks.iter().position(|it| it.id == call.id && it.owner == *me);
    found.ok_or_else(|| Refusal::not_found("The webhook"))
}

/// `GET /webhooks/{id}`
pub(super) fn one(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&[])?;
    let index = find(model, call)?;
    Ok(Answer::json(&model.webhooks[index].json_with_secret()))
}

/// `PUT /webhooks/{id}`
pub(super) fn update(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let index = find(model, call)?;
    let body = shape::read(UPDATE, &call.body)?;
    let target = target(&body)?;
    let webhook = &mut model.webhooks[index];
    webhook.target = target;
    webhook.name = field(&body, "name").unwrap_or_default();
    if let Some(secret) = field(&body, "secret") {
        webhook.secret = Some(secret);
    }
    webhook.active |= body.contains_key("status");
    Ok(Answer::json(&webhook.json_with_secret()))
}

/// `DELETE /webhooks/{id}`
pub(super) fn delete(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&[])?;
    let index = find(model, call)?;
    model.webhooks.remove(index);
    Ok(Answer::nothing())
}

/// Turns off a webhook whose address did not accept a notice.
pub(super) fn deactivate(model: &mut Model, id: &str) {
    for webhook in model.webhooks.iter_mut().filter(|it| it.id == id) {
        webhook.active = false;
    }
}

/// Notifies those who see the message.
pub(super) fn message_created(model: &mut Model, message: &Message, room: &Room) {
    let mut data = message.json(room, model);
    if let Value::Object(data) = &mut data {
        // Only ids: whoever may see the words fetches them.
        data.retain(|name, _| !["text", "markdown", "attachments", "parentId"].contains(&name.as_str()));
        tell(model, "messages", &message.author, data, |owner| message.is_seen_by(owner, room));
    }
}

/// Notifies those who see the card; among bots, only the one that sent it.
pub(super) fn action_created(model: &mut Model, action: &Action, message: &Message, room: &Room) {
    let data = json!({
        "id": action.id,
        "type": "submit",
        "messageId": action.message,
        "personId": model.id_of(&action.person),
        "roomId": action.room,
        "created": time(action.created),
    });
    if let Value::Object(data) = &data {
        let sees = |owner: &str| room.has(owner) && (owner != BOT || message.author == BOT);
        tell(model, "attachmentActions", &action.person, data, sees);
    }
}

fn tell(model: &mut Model, resource: &str, actor: &str, data: &Map<String, Value>, sees: impl Fn(&str) -> bool) {
    let told = model.webhooks.iter().filter(|it| it.active && it.resource == resource && it.event == "created");
    let told = told.filter(|it| sees(&it.owner) && it.lets_through(data));
    let actor_id = model.id_of(actor);
    let notices: Vec<Notice> = told.map(|it| it.notice(&actor_id, data)).collect();
    model.notices.extend(notices);
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_body_is_signed_as_others_sign_it() {
        let signature = super::sign("key", b"The quick brown fox jumps over the lazy dog");
        assert_eq!(signature, "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
    }
}
