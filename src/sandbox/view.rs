//! The whole model as the page and tests see it. Knows what is worth showing; tokens and secrets are not.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::meetings::{Meeting, came, web_link};
use super::messages::{Action, Message, Room};
use super::model::Model;
use super::people::{BOT, ORGANIZER, person_id};

/// Everything that can be seen. Lists are in the order in which things were created.
pub(super) fn model(model: &Model, now: DateTime<Utc>, stands: bool) -> Value {
    let rooms = model.rooms.iter();
    json!({
        "now": now,
        "clockStands": stands,
        "organizer": ORGANIZER,
        "bot": BOT,
        "botId": person_id(BOT),
        "people": model.people,
        "meetings": model.meetings.iter().map(|it| meeting(model, it)).collect::<Vec<_>>(),
        "emails": model.mails,
        "rooms": rooms.map(|Room { id, title, members, .. }| json!({ "id": id, "title": title, "members": members }))
            .collect::<Vec<_>>(),
        "messages": model.messages.iter().map(message).collect::<Vec<_>>(),
        "actions": model.actions.iter().map(action).collect::<Vec<_>>(),
    })
}

fn meeting(model: &Model, meeting: &Meeting) -> Value {
    json!({
        "id": meeting.id,
        "title": meeting.title,
        "agenda": meeting.agenda,
        "start": meeting.start,
        "end": meeting.end,
        "timezone": meeting.timezone,
        "host": meeting.host,
        "webLink": web_link(meeting),
        "invitees": meeting.invitees.iter()
            .map(|it| json!({ "email": it.email, "name": it.name, "coHost": it.co_host }))
            .collect::<Vec<_>>(),
        "tags": meeting.tags,
        "movedFrom": meeting.moved_from,
        "cancelled": meeting.cancelled,
        "came": came(model, meeting),
    })
}

fn message(message: &Message) -> Value {
    json!({
        "id": message.id,
        "room": message.room,
        "author": message.author,
        "parent": message.parent,
        "text": message.text,
        "markdown": message.markdown,
        "content": message.content,
        "card": message.card,
        "created": message.created,
    })
}

fn action(action: &Action) -> Value {
    json!({
        "id": action.id,
        "message": action.message,
        "person": action.person,
        "inputs": action.inputs,
        "created": action.created,
    })
}
