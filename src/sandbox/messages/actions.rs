//! `/attachment/actions`: what people answer with a card's buttons.
//! Knows messages and their cards; whether the answers make sense is for the bot to find out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{find, may_read, may_write, text, time};
use crate::sandbox::errors::Refusal;
use crate::sandbox::http::{Answer, Call};
use crate::sandbox::model::Model;
use crate::sandbox::people::BOT;
use crate::sandbox::shape::Kind::{Free, Text, Word};
use crate::sandbox::shape::{self, Field, must};
use crate::sandbox::{devices, ids, webhooks};

/// An answer given with a card.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::sandbox) struct Action {
    pub(in crate::sandbox) id: String,
    /// The id of the message with the card.
    pub(in crate::sandbox) message: String,
    /// The id of its room.
    pub(in crate::sandbox) room: String,
    /// The address of the person who answered.
    pub(in crate::sandbox) person: String,
    /// The inputs together with the data of the button: every value is a text.
    pub(in crate::sandbox) inputs: Map<String, Value>,
    pub(in crate::sandbox) created: DateTime<Utc>,
}

const CREATE: &[Field] = &[must("type", Word(&["submit"])), must("messageId", Text(500)), must("inputs", Free)];

impl Action {
    fn json(&self, model: &Model) -> Value {
        json!({
            "id": self.id,
            "type": "submit",
            "messageId": self.message,
            "inputs": self.inputs,
            "personId": model.id_of(&self.person),
            "roomId": self.room,
            "created": time(self.created),
        })
    }
}

/// `GET /attachment/actions/{id}`
pub(in crate::sandbox) fn one(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&[])?;
    let caller = call.caller()?;
    may_read(caller)?;
    let action = model.actions.iter().find(|action| action.id == call.id);
    let action = action
        .filter(|action| model.room(&action.room).is_some_and(|room| room.has(&caller.email)))
        .ok_or_else(|| Refusal::not_found("The attachment action"))?;
    Ok(Answer::json(&action.json(model)))
}

/// `POST /attachment/actions`
pub(in crate::sandbox) fn create(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let caller = call.caller()?.clone();
    may_write(&caller)?;
    let body = shape::read(CREATE, &call.body)?;
    let inputs = body["inputs"].as_object().cloned().unwrap_or_default();
    let action = act(model, &caller.email, text(&body, "messageId").unwrap_or_default(), inputs, call.now)?;
    Ok(Answer::json(&action))
}

/// Somebody presses a button of a card.
pub(in crate::sandbox) fn act(
    model: &mut Model,
    email: &str,
    message: &str,
    inputs: Map<String, Value>,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let email = email.to_lowercase();
    if email == BOT {
        return Err(Refusal::forbidden("A bot cannot press a button."));
    }
    let (message, room) = find(model, message, &email)?;
    let (message, room) = (message.clone(), room.clone());
    if message.card.is_none() {
        return Err(Refusal::bad("this message has no card"));
    }
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let action = Action {
        id: ids::spark("ATTACHMENT_ACTION", &model.next().to_string()),
        message: message.id.clone(),
        room: room.id.clone(),
        person: email,
        inputs: inputs.into_iter().map(|(name, value)| (name, Value::String(text(value)))).collect(),
        created: now,
    };
    let json = action.json(model);
    webhooks::action_created(model, &action, &message, &room);
    devices::action_created(model, &action, &message, &room);
    model.actions.push(action);
    Ok(json)
}
