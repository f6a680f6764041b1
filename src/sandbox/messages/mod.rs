//! `/messages`: who wrote what where. Rooms, cards and their answers have files of their own. Knows what each person
//! sees: in a group space, a bot sees only what is meant for it.

mod actions;
mod cards;
mod rooms;
mod words;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub(super) use actions::{Action, act, create as create_action, one as action};
pub(super) use rooms::{Room, list as rooms, memberships, one as room, organizers};

use super::errors::Refusal;
use super::http::{Answer, Call, page};
use super::model::Model;
use super::oauth::Caller;
use super::people::BOT;
use super::shape::Kind::{self, Bytes, Email, Free, List, Object, Text, Word};
use super::shape::{self, Field, may, must};
use super::{devices, ids, webhooks};

/// A message. Deleted ones are removed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    /// The room's id.
    pub(super) room: String,
    /// The author's address.
    pub(super) author: String,
    pub(super) text: String,
    pub(super) markdown: Option<String>,
    files: Vec<String>,
    /// What is in the file that was sent along, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<String>,
    /// The card's content.
    pub(super) card: Option<Value>,
    /// The addresses of the people whom it mentions.
    pub(super) mentions: Vec<String>,
    pub(super) parent: Option<String>,
    pub(super) created: DateTime<Utc>,
}

/// The longest text that Webex accepts, in bytes.
const TEXT: Kind = Bytes(7439);
const CARD: &str = "application/vnd.microsoft.card.adaptive";
const ATTACHMENT: Kind = Object(&[must("contentType", Word(&[CARD])), must("content", Free)]);
const CREATE: &[Field] = &[
    may("roomId", Text(500)),
    may("parentId", Text(500)),
    may("toPersonId", Text(500)),
    may("toPersonEmail", Email),
    may("text", TEXT),
    may("markdown", TEXT),
    may("files", List(&Text(2000), 1)),
    may("attachments", List(&ATTACHMENT, 1)),
];

fn may_read(caller: &Caller) -> Result<(), Refusal> {
    if caller.is_bot() { Ok(()) } else { caller.needs(&["spark:messages_read", "spark:all"]) }
}

fn may_write(caller: &Caller) -> Result<(), Refusal> {
    if caller.is_bot() { Ok(()) } else { caller.needs(&["spark:messages_write", "spark:all"]) }
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

impl Message {
    /// Whether a member of its room sees it.
    pub(super) fn is_seen_by(&self, email: &str, room: &Room) -> bool {
        let meant =
            email != BOT || !room.is_group() || self.author == email || self.mentions.iter().any(|it| it == email);
        room.has(email) && meant
    }

    pub(super) fn json(&self, room: &Room, model: &Model) -> Value {
        let mut json = json!({
            "id": self.id,
            "roomId": self.room,
            "roomType": room.kind(),
            "text": self.text,
            "personId": model.id_of(&self.author),
            "personEmail": self.author,
            "created": time(self.created),
        });
        if let Some(markdown) = &self.markdown {
            json["markdown"] = json!(markdown);
        }
        if let Some(parent) = &self.parent {
            json["parentId"] = json!(parent);
        }
        if !self.files.is_empty() {
            json["files"] = json!(self.files);
        }
        if let Some(card) = &self.card {
            json["attachments"] = json!([{ "contentType": CARD, "content": card }]);
        }
        if !self.mentions.is_empty() {
            json["mentionedPeople"] = self.mentions.iter().map(|email| model.id_of(email)).collect();
        }
        json
    }
}

/// A time in the form that Webex uses for messages.
pub(super) fn time(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `POST /messages`
pub(super) fn create(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let caller = call.caller()?.clone();
    may_write(&caller)?;
    let body = shape::read(CREATE, &call.body)?;
    let card = body.get("attachments").and_then(|list| list.get(0)).map(|card| card["content"].clone());
    let faults = card.as_ref().map(cards::faults).unwrap_or_default();
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    let said = ["text", "markdown"].iter().any(|name| text(&body, name).is_some_and(|it| !it.trim().is_empty()));
    if !said && (card.is_some() || !body.contains_key("files")) {
        return Err(Refusal::bad("“text” or “markdown” is needed, also as what is read in place of a card"));
    }
    if card.is_some() && call.file.is_some() {
        return Err(Refusal::bad("a message has a card or a file, and not both"));
    }
    let room = destination(model, &caller.email, &body, call.now)?;
    if let Some(parent) = text(&body, "parentId")
        && !model.messages.iter().any(|it| it.id == parent && it.room == room)
    {
        return Err(Refusal::not_found("The message of “parentId”"));
    }
    let markdown = text(&body, "markdown").map(str::to_owned);
    let mentions = markdown.as_deref().map(|it| words::mentions(model, it)).unwrap_or_default();
    let plain = text(&body, "text").map(str::to_owned);
    let files = body.get("files").and_then(Value::as_array).into_iter().flatten();
    let message = Message {
        id: String::new(),
        room,
        author: caller.email,
        text: plain.or_else(|| markdown.as_deref().map(|it| words::plain(model, it))).unwrap_or_default(),
        markdown,
        files: files.filter_map(Value::as_str).map(str::to_owned).collect(),
        content: call.file.as_ref().map(|(_, text)| text.clone()),
        card,
        mentions,
        parent: text(&body, "parentId").map(str::to_owned),
        created: call.now,
    };
    Ok(Answer::json(&post(model, message)))
}

/// Puts a message into its room, and notifies the webhooks.
fn post(model: &mut Model, mut message: Message) -> Value {
    message.id = ids::spark("MESSAGE", &model.next().to_string());
    let room = model.room(&message.room).cloned().unwrap_or_default();
    let json = message.json(&room, model);
    webhooks::message_created(model, &message, &room);
    devices::message_created(model, &message, &room);
    model.messages.push(message);
    json
}

/// The id of the room that a message is for; a room for two people is created if they have none.
fn destination(
    model: &mut Model,
    from: &str,
    body: &Map<String, Value>,
    now: DateTime<Utc>,
) -> Result<String, Refusal> {
    let given = ["roomId", "toPersonId", "toPersonEmail"].map(|name| text(body, name));
    let to = match given {
        [Some(id), None, None] => {
            let room = model.room(id).filter(|room| room.has(from));
            return room.map(|room| room.id.clone()).ok_or_else(|| Refusal::not_found("The room"));
        }
        [None, Some(id), None] => model.person_by_id(id),
        [None, None, Some(email)] => model.person(email),
        _ => return Err(Refusal::bad("exactly one of “roomId”, “toPersonId” and “toPersonEmail” is needed")),
    };
    let to = to.ok_or_else(|| Refusal::not_found("The person"))?.email.clone();
    if to == from {
        return Err(Refusal::bad("nobody can write to themself"));
    }
    Ok(model.direct_room(from, &to, now))
}

/// The message that the path names, with its room, if the caller sees it.
fn find<'a>(model: &'a Model, id: &str, who: &str) -> Result<(&'a Message, &'a Room), Refusal> {
    let message = model.messages.iter().find(|message| message.id == id);
    let both = message.and_then(|message| Some((message, model.room(&message.room)?)));
    both.filter(|(message, room)| message.is_seen_by(who, room)).ok_or_else(|| Refusal::not_found("The message"))
}

/// `GET /messages/{id}`
pub(super) fn one(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&[])?;
    let caller = call.caller()?;
    may_read(caller)?;
    let (message, room) = find(model, &call.id, &caller.email)?;
    Ok(Answer::json(&message.json(room, model)))
}

/// `GET /messages/direct`: newest first.
pub(super) fn direct(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["parentId", "personId", "personEmail"])?;
    let caller = call.caller()?;
    may_read(caller)?;
    let other = match (pairs.get("personId"), pairs.get("personEmail")) {
        (Some(id), None) => model.person_by_id(id),
        (None, Some(email)) => model.person(email),
        _ => return Err(Refusal::bad("exactly one of “personId” and “personEmail” is needed")),
    };
    let other = other.ok_or_else(|| Refusal::not_found("The person"))?;
    // Webex has no room before the first message.
    let id = rooms::direct_id(&caller.email, &other.email);
    let room = model.room(&id).ok_or_else(|| Refusal::not_found("The room"))?;
    let parent = pairs.get("parentId");
    let found = model.messages.iter().rev().filter(|it| it.room == id);
    let found = found.filter(|it| parent.is_none_or(|parent| it.parent.as_deref() == Some(parent)));
    let items: Vec<Value> = found.map(|message| message.json(room, model)).collect();
    Ok(Answer::json(&json!({ "items": items })))
}

/// `GET /messages`: newest first.
pub(super) fn list(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["roomId", "parentId", "mentionedPeople", "before", "beforeMessage", "max", "cursor"])?;
    let caller = call.caller()?;
    may_read(caller)?;
    let me = caller.email.as_str();
    let mentioned = pairs.get("mentionedPeople");
    let max = pairs.max(50, if mentioned.is_some() { 100 } else { 1000 })?;
    let room = model.room(pairs.must("roomId")?).filter(|room| room.has(me));
    let room = room.ok_or_else(|| Refusal::not_found("The room"))?;
    if mentioned.is_some_and(|id| id != "me" && id != model.id_of(me)) {
        return Err(Refusal::bad("“mentionedPeople” must be “me”"));
    }
    if caller.is_bot() && room.is_group() && mentioned.is_none() {
        return Err(Refusal::forbidden("In a group space a bot lists only what mentions it: mentionedPeople=me."));
    }
    let before = pairs.get("before").map(str::parse::<DateTime<Utc>>).transpose();
    let before = before.map_err(|_| Refusal::bad("“before” must be a time such as 2026-12-01T09:00:00Z"))?;
    let until = match pairs.get("beforeMessage") {
        None => model.messages.len(),
        Some(id) => {
            model.messages.iter().position(|it| it.id == id).ok_or_else(|| Refusal::not_found("The message"))?
        }
    };
    let parent = pairs.get("parentId");
    let found = model.messages[..until]
        .iter()
        .rev()
        .filter(|it| it.room == room.id && it.is_seen_by(me, room))
        .filter(|it| mentioned.is_none() || it.mentions.iter().any(|email| email == me))
        .filter(|it| before.is_none_or(|before| it.created < before))
        .filter(|it| parent.is_none_or(|parent| it.parent.as_deref() == Some(parent)));
    page(call, &pairs, max, found.map(|message| message.json(room, model)).collect())
}

/// `DELETE /messages/{id}`
pub(super) fn delete(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&[])?;
    let caller = call.caller()?;
    may_write(caller)?;
    let (message, _) = find(model, &call.id, &caller.email)?;
    if message.author != caller.email {
        return Err(Refusal::forbidden("Only the author can delete a message."));
    }
    model.messages.retain(|message| message.id != call.id);
    Ok(Answer::nothing())
}

/// Somebody types in a room, in a thread, or to the bot alone. In a group space, `@Roulette` at the beginning mentions
/// the bot.
pub(super) fn say(
    model: &mut Model,
    email: &str,
    said: &str,
    [room, parent]: [Option<&str>; 2],
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let author = model.person(email).filter(|person| !person.is_bot());
    let author = author.ok_or_else(|| Refusal::not_found("The person"))?.email.clone();
    let room = match room {
        None => model.direct_room(&author, BOT, now),
        Some(id) => {
            let room = model.room(id).filter(|room| room.has(&author));
            room.ok_or_else(|| Refusal::not_found("The room"))?.id.clone()
        }
    };
    let bot = model.name(BOT);
    let mentioned =
        said.strip_prefix('@').filter(|it| it.get(..bot.len()).is_some_and(|it| it.eq_ignore_ascii_case(&bot)));
    Ok(post(
        model,
        Message {
            id: String::new(),
            room,
            author,
            text: mentioned.unwrap_or(said).to_owned(),
            markdown: None,
            files: Vec::new(),
            content: None,
            card: None,
            mentions: mentioned.map(|_| BOT.to_owned()).into_iter().collect(),
            parent: parent.map(str::to_owned),
            created: now,
        },
    ))
}
