//! What Webex answers: of each thing, only what is used. Any member may be missing, null or something else: then it is
//! absent, and code that cannot do without it says so. Field names are Webex's.

use chrono::{DateTime, FixedOffset};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::lenient::{items, optional};
use crate::domain::local_time::is_plausible;

/// A meeting, as `/meetings` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meeting {
    /// The id that calls use.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// When it begins.
    #[serde(deserialize_with = "moment")]
    pub start: Option<DateTime<FixedOffset>>,
    /// When it ends.
    #[serde(deserialize_with = "moment")]
    pub end: Option<DateTime<FixedOffset>>,
    /// The link with which people join.
    #[serde(deserialize_with = "optional")]
    pub web_link: String,
    /// The tags that we gave it, if all of them can be read.
    #[serde(deserialize_with = "optional")]
    pub integration_tags: Vec<String>,
    /// What Webex granted of the options that we request, under Webex's names.
    #[serde(flatten)]
    pub options: Map<String, Value>,
}

/// Somebody on the list of a meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Invitee {
    /// The id that calls use.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// Their address, as Webex writes it.
    #[serde(deserialize_with = "optional")]
    pub email: String,
}

/// Somebody who joined a meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Participant {
    /// The address; for a guest it may be anything.
    #[serde(deserialize_with = "optional")]
    pub email: String,
    /// `lobby`, `joined`, `breakoutSession`, or `end` if they have left.
    #[serde(deserialize_with = "optional")]
    pub state: String,
    /// When people met there: if everybody has left and somebody joins again, the meeting starts again.
    #[serde(deserialize_with = "known_moment")]
    pub meeting_start_time: Option<DateTime<FixedOffset>>,
    /// When they joined.
    #[serde(deserialize_with = "known_moment")]
    pub joined_time: Option<DateTime<FixedOffset>>,
    /// When they left.
    #[serde(deserialize_with = "known_moment")]
    pub left_time: Option<DateTime<FixedOffset>>,
    /// The devices with which they joined.
    #[serde(deserialize_with = "items")]
    pub devices: Vec<ParticipantDevice>,
}

/// The device with which somebody joined a meeting, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ParticipantDevice {
    /// When the device joined.
    #[serde(deserialize_with = "known_moment")]
    pub joined_time: Option<DateTime<FixedOffset>>,
    /// When the device left.
    #[serde(deserialize_with = "known_moment")]
    pub left_time: Option<DateTime<FixedOffset>>,
}

/// A person or a bot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Person {
    /// The id that calls use.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// The addresses, the main one first.
    #[serde(deserialize_with = "addresses")]
    pub emails: Vec<String>,
    /// The name as people see it.
    #[serde(deserialize_with = "optional")]
    pub display_name: String,
    /// `person`, `bot` or `appuser`.
    #[serde(rename = "type", deserialize_with = "optional")]
    pub kind: String,
    /// The id of the organization.
    #[serde(deserialize_with = "optional")]
    pub org_id: String,
    /// The person's first name.
    #[serde(deserialize_with = "optional")]
    pub first_name: String,
    /// The person's last name.
    #[serde(deserialize_with = "optional")]
    pub last_name: String,
    /// The department; for admins only.
    #[serde(deserialize_with = "optional")]
    pub department: String,
    /// The manager according to the directory, a name or something else; for admins only.
    #[serde(deserialize_with = "optional")]
    pub manager: String,
    /// The manager's account; for admins only.
    #[serde(deserialize_with = "optional")]
    pub manager_id: String,
    /// The person's time zone, under its IANA name.
    #[serde(deserialize_with = "optional")]
    pub timezone: String,
    /// Where they work and live; for admins only.
    #[serde(deserialize_with = "items")]
    pub addresses: Vec<PostalAddress>,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PostalAddress {
    /// The kind of address, such as `work`.
    #[serde(rename = "type", deserialize_with = "optional")]
    pub kind: String,
    /// The town or city of the address.
    #[serde(deserialize_with = "optional")]
    pub locality: String,
}

/// Somebody who is in a space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Membership {
    /// The id of the account.
    #[serde(deserialize_with = "optional")]
    pub person_id: String,
    /// The account's address.
    #[serde(deserialize_with = "optional")]
    pub person_email: String,
    /// The account's name.
    #[serde(deserialize_with = "optional")]
    pub person_display_name: String,
    /// The id of the account's organization.
    #[serde(deserialize_with = "optional")]
    pub person_org_id: String,
}

/// A space, or a chat of two people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Room {
    /// The id that calls use.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// The space's title, as people named it.
    #[serde(deserialize_with = "optional")]
    pub title: String,
    /// When something was last written there.
    #[serde(deserialize_with = "moment")]
    pub last_activity: Option<DateTime<FixedOffset>>,
}

/// A webhook of the bot.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Webhook {
    /// The id that calls use.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// The name that was given when it was created.
    #[serde(deserialize_with = "optional")]
    pub name: String,
    /// The address to which it delivers.
    #[serde(deserialize_with = "optional")]
    pub target_url: String,
    /// The resource that it reports on, such as `messages`.
    #[serde(deserialize_with = "optional")]
    pub resource: String,
    /// What happens to the resource, such as `created`.
    #[serde(deserialize_with = "optional")]
    pub event: String,
    /// The secret with which its bodies are signed, if Webex shows it.
    #[serde(deserialize_with = "secret")]
    pub secret: Option<SecretString>,
    /// `active` or `inactive`.
    #[serde(deserialize_with = "optional")]
    pub status: String,
}

/// A message in a room.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Message {
    /// The id that calls use.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// The room in which it is.
    #[serde(deserialize_with = "optional")]
    pub room_id: String,
    /// `direct` or `group`.
    #[serde(deserialize_with = "optional")]
    pub room_type: String,
    /// The message with which its thread begins; "" if it is in no thread.
    #[serde(deserialize_with = "optional")]
    pub parent_id: String,
    /// The text without markup.
    #[serde(deserialize_with = "optional")]
    pub text: String,
    /// The text in Markdown.
    #[serde(deserialize_with = "optional")]
    pub markdown: String,
    /// The id of the author.
    #[serde(deserialize_with = "optional")]
    pub person_id: String,
    /// The address of the author.
    #[serde(deserialize_with = "optional")]
    pub person_email: String,
    /// When it was written.
    #[serde(deserialize_with = "moment")]
    pub created: Option<DateTime<FixedOffset>>,
    /// The cards attached to it.
    #[serde(deserialize_with = "items")]
    pub attachments: Vec<Attachment>,
}

/// A card of a message.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// The content of the card, in which its key can be found.
    pub content: Value,
}

/// What somebody tapped and filled in.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Action {
    /// The id that calls use.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// The id of the person who tapped.
    #[serde(deserialize_with = "optional")]
    pub person_id: String,
    /// The message with the card.
    #[serde(deserialize_with = "optional")]
    pub message_id: String,
    /// When they tapped.
    #[serde(deserialize_with = "moment")]
    pub created: Option<DateTime<FixedOffset>>,
    /// What the card sends back, if it can be read; only texts, as in Webex.
    #[serde(deserialize_with = "optional")]
    pub inputs: Option<Map<String, Value>>,
}

/// A time with which it is possible to calculate; any other is absent.
fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    optional::<D, Option<DateTime<FixedOffset>>>(from).map(|at| at.filter(is_plausible))
}

/// The same, if Webex gives the beginning of all time for what it does not know yet.
fn known_moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    moment(from).map(|at| at.filter(|at| at.timestamp() > 0))
}

/// The items of a list of addresses that are addresses.
fn addresses<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let mut addresses: Vec<String> = items(from)?;
    addresses.retain(|address| address.contains('@'));
    Ok(addresses)
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    optional::<D, Option<String>>(from).map(|secret| secret.map(SecretString::from))
}

/// The body of a webhook: what happened, in ids only. It comes from outside, so whatever is behind an id is looked up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The resource, such as `messages` or `attachmentActions`.
    pub resource: String,
    /// What happened to the resource, such as `created`.
    pub event: String,
    /// The id of the person who did it.
    #[serde(default, deserialize_with = "optional")]
    pub actor_id: String,
    /// The id of the account that made the webhook.
    #[serde(default, deserialize_with = "optional")]
    pub created_by: String,
    /// The resource that it is about.
    pub data: EventData,
}

impl Event {
    /// Whether it reports what the webhook's owner, the bot, did itself.
    pub fn is_our_own(&self) -> bool {
        !self.actor_id.is_empty() && self.actor_id == self.created_by
    }
}

/// What an [`Event`] is about. What Webex leaves out is "".
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventData {
    /// The id of the message or of the answer to a card.
    pub id: String,
    /// The id of the room.
    #[serde(default, deserialize_with = "optional")]
    pub room_id: String,
    /// `direct` or `group`; not given for answers to cards.
    #[serde(default, deserialize_with = "optional")]
    pub room_type: String,
    /// The id of the person: this is not trusted.
    #[serde(default, deserialize_with = "optional")]
    pub person_id: String,
    /// Their address; not given for answers to cards.
    #[serde(default, deserialize_with = "optional")]
    pub person_email: String,
    /// The message with the card; only for answers to cards.
    #[serde(default, deserialize_with = "optional")]
    pub message_id: String,
    /// The address that tells the id, if it is not known by this one; only for events that came over the websocket.
    #[serde(default, deserialize_with = "optional")]
    pub url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_another_age_is_none() {
        let start = |text: &str| serde_json::from_value::<Meeting>(serde_json::json!({ "start": text })).unwrap().start;
        assert!(start("2026-12-02T15:10:00+02:00").is_some());
        for odd in
            ["9999-12-31T23:59:00Z", "+262142-12-31T00:00:00Z", "-262142-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]
        {
            assert_eq!(start(odd), None, "{odd}");
        }
    }

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
        let odd = r#"{"resource":"messages","event":"created","actorId":null,"createdBy":7,
            "data":{"id":"a","roomId":null,"roomType":{},"personId":[],"personEmail":null,"messageId":true}}"#;
        let event: Event = serde_json::from_str(odd).unwrap();
        assert_eq!((&*event.actor_id, &*event.data.person_id, event.is_our_own()), ("", "", false));
    }
}
