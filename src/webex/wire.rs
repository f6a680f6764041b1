//! What Webex answers: of each thing only what is used.
//! Field names are Webex's.

use chrono::{DateTime, FixedOffset};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

/// A page of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// Names it in calls.
    pub id: String,
    /// When it begins.
    pub start: DateTime<FixedOffset>,
    /// When it ends.
    pub end: DateTime<FixedOffset>,
    /// Where people join.
    #[serde(default)]
    pub web_link: String,
    /// What we marked it with.
    #[serde(default)]
    pub integration_tags: Vec<String>,
}

/// A person or a bot.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Names them in calls.
    pub id: String,
    /// Their addresses, the first the main one.
    #[serde(default)]
    pub emails: Vec<String>,
    /// Their name.
    #[serde(default)]
    pub display_name: String,
    /// `person`, `bot` or `appuser`.
    #[serde(default, rename = "type")]
    pub kind: String,
}

/// A webhook.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Names it in calls.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Where it delivers to.
    #[serde(default)]
    pub target_url: String,
    /// What it tells of.
    #[serde(default)]
    pub resource: String,
    /// What happens to that, such as `created`.
    #[serde(default)]
    pub event: String,
    /// What its bodies are signed with, where Webex shows it.
    #[serde(default, deserialize_with = "secret")]
    pub secret: Option<SecretString>,
    /// `active` or `inactive`.
    #[serde(default)]
    pub status: String,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Names it in calls.
    pub id: String,
    /// `direct` or `group`.
    #[serde(default)]
    pub room_type: String,
    /// Without markup.
    #[serde(default)]
    pub text: String,
    /// With it.
    #[serde(default)]
    pub markdown: String,
    /// Who wrote it.
    #[serde(default)]
    pub person_email: String,
    /// When.
    pub created: DateTime<FixedOffset>,
    /// Its cards.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// A card of a message.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Attachment {
    /// The card itself.
    #[serde(default)]
    pub content: serde_json::Value,
}

/// What somebody tapped and filled in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// Names it in calls.
    pub id: String,
    /// Who tapped.
    pub person_id: String,
    /// What the card sends back; texts only, as Webex has it.
    #[serde(default)]
    pub inputs: serde_json::Map<String, serde_json::Value>,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    Option::<String>::deserialize(from).map(|secret| secret.map(SecretString::from))
}

/// The body of a webhook: what happened, in ids only. It comes from outside, and what is behind an id is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Of what, such as `messages` or `attachmentActions`.
    pub resource: String,
    /// What happened to it, such as `created`.
    pub event: String,
    /// Who did it.
    #[serde(default)]
    pub actor_id: String,
    /// Which it is.
    pub data: EventData,
}

/// What an [`Event`] is about. What Webex leaves out is "".
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventData {
    /// The message or the answer to a card.
    pub id: String,
    /// Where.
    #[serde(default)]
    pub room_id: String,
    /// `direct` or `group`; not of answers to cards.
    #[serde(default)]
    pub room_type: String,
    /// Whose.
    #[serde(default)]
    pub person_id: String,
    /// Their address; not of answers to cards.
    #[serde(default)]
    pub person_email: String,
    /// The message with the card; of answers to cards only.
    #[serde(default)]
    pub message_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_whatever_else_it_says() {
        let body = r#"{"id":"w","resource":"attachmentActions","event":"created","orgId":null,"actorId":"p",
            "data":{"id":"a","type":"submit","messageId":"m","personId":"p","roomId":"r"}}"#;
        let event: Event = serde_json::from_str(body).unwrap();
        assert_eq!((&*event.resource, &*event.actor_id), ("attachmentActions", "p"));
        assert_eq!((&*event.data.id, &*event.data.message_id, &*event.data.person_email), ("a", "m", ""));
        for bad in ["[]", "{}", &body.replace("\"data\"", "\"date\""), &body.replace("\"a\"", "7")] {
            assert!(serde_json::from_str::<Event>(bad).is_err(), "{bad}");
        }
    }
}
