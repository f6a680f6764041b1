//! What Webex answers: of each thing only what is used.
//! Field names are Webex's.

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

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
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
