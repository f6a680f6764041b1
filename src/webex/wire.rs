//! What Webex answers: of each thing only what is used. Any member may be missing, null or something else: it is
//! absent then, and whoever cannot do without it says so. Field names are Webex's.

use chrono::{DateTime, FixedOffset};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::lenient::{items, optional};
use crate::domain::local_time::is_plausible;

/// A meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meeting {
    /// Names it in calls.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// When it begins.
    #[serde(deserialize_with = "moment")]
    pub start: Option<DateTime<FixedOffset>>,
    /// When it ends.
    #[serde(deserialize_with = "moment")]
    pub end: Option<DateTime<FixedOffset>>,
    /// Where people join.
    #[serde(deserialize_with = "optional")]
    pub web_link: String,
    /// What we marked it with, if all of that can be read.
    #[serde(deserialize_with = "optional")]
    pub integration_tags: Vec<String>,
    /// What was granted of the options that we ask for, under Webex's names.
    #[serde(flatten)]
    pub options: Map<String, Value>,
}

/// Somebody on the list of a meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Invitee {
    /// Names them in calls.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// Their address.
    #[serde(deserialize_with = "optional")]
    pub email: String,
}

/// Somebody who joined a meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Participant {
    /// Their address; of a guest it may be anything.
    #[serde(deserialize_with = "optional")]
    pub email: String,
    /// `lobby`, `joined`, `breakoutSession`, or `end` where they have left.
    #[serde(deserialize_with = "optional")]
    pub state: String,
    /// When people met there: a meeting that all have left and that somebody joins again begins anew.
    #[serde(deserialize_with = "known_moment")]
    pub meeting_start_time: Option<DateTime<FixedOffset>>,
    /// When they joined.
    #[serde(deserialize_with = "known_moment")]
    pub joined_time: Option<DateTime<FixedOffset>>,
    /// When they left.
    #[serde(deserialize_with = "known_moment")]
    pub left_time: Option<DateTime<FixedOffset>>,
    /// By what they joined.
    #[serde(deserialize_with = "items")]
    pub devices: Vec<ParticipantDevice>,
}

/// By what somebody joined a meeting, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ParticipantDevice {
    /// When it joined.
    #[serde(deserialize_with = "known_moment")]
    pub joined_time: Option<DateTime<FixedOffset>>,
    /// When it left.
    #[serde(deserialize_with = "known_moment")]
    pub left_time: Option<DateTime<FixedOffset>>,
}

/// A person or a bot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Person {
    /// Names them in calls.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// Their addresses, the first the main one.
    #[serde(deserialize_with = "addresses")]
    pub emails: Vec<String>,
    /// Their name.
    #[serde(deserialize_with = "optional")]
    pub display_name: String,
    /// `person`, `bot` or `appuser`.
    #[serde(rename = "type", deserialize_with = "optional")]
    pub kind: String,
    /// Their organization.
    #[serde(deserialize_with = "optional")]
    pub org_id: String,
    /// Their name in two parts.
    #[serde(deserialize_with = "optional")]
    pub first_name: String,
    /// The other part.
    #[serde(deserialize_with = "optional")]
    pub last_name: String,
    /// Their department; for admins.
    #[serde(deserialize_with = "optional")]
    pub department: String,
    /// Whom the directory has as their manager, a name or something else; for admins.
    #[serde(deserialize_with = "optional")]
    pub manager: String,
    /// The account of that one; for admins.
    #[serde(deserialize_with = "optional")]
    pub manager_id: String,
    /// Their zone.
    #[serde(deserialize_with = "optional")]
    pub timezone: String,
    /// Where they work and live; for admins.
    #[serde(deserialize_with = "items")]
    pub addresses: Vec<PostalAddress>,
}

/// Where somebody is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PostalAddress {
    /// Such as `work`.
    #[serde(rename = "type", deserialize_with = "optional")]
    pub kind: String,
    /// The town.
    #[serde(deserialize_with = "optional")]
    pub locality: String,
}

/// Somebody in a space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Membership {
    /// The account.
    #[serde(deserialize_with = "optional")]
    pub person_id: String,
    /// Its address.
    #[serde(deserialize_with = "optional")]
    pub person_email: String,
    /// Its name.
    #[serde(deserialize_with = "optional")]
    pub person_display_name: String,
    /// Its organization.
    #[serde(deserialize_with = "optional")]
    pub person_org_id: String,
}

/// A space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Room {
    /// Names it in calls.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// What people call it.
    #[serde(deserialize_with = "optional")]
    pub title: String,
    /// When something was last written there.
    #[serde(deserialize_with = "moment")]
    pub last_activity: Option<DateTime<FixedOffset>>,
}

/// A webhook.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Webhook {
    /// Names it in calls.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "optional")]
    pub name: String,
    /// Where it delivers to.
    #[serde(deserialize_with = "optional")]
    pub target_url: String,
    /// What it tells of.
    #[serde(deserialize_with = "optional")]
    pub resource: String,
    /// What happens to that, such as `created`.
    #[serde(deserialize_with = "optional")]
    pub event: String,
    /// What its bodies are signed with, where Webex shows it.
    #[serde(deserialize_with = "secret")]
    pub secret: Option<SecretString>,
    /// `active` or `inactive`.
    #[serde(deserialize_with = "optional")]
    pub status: String,
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Message {
    /// Names it in calls.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// The room in which it is.
    #[serde(deserialize_with = "optional")]
    pub room_id: String,
    /// `direct` or `group`.
    #[serde(deserialize_with = "optional")]
    pub room_type: String,
    /// The message with which its thread begins; "" where it is in none.
    #[serde(deserialize_with = "optional")]
    pub parent_id: String,
    /// Without markup.
    #[serde(deserialize_with = "optional")]
    pub text: String,
    /// With it.
    #[serde(deserialize_with = "optional")]
    pub markdown: String,
    /// Who wrote it.
    #[serde(deserialize_with = "optional")]
    pub person_id: String,
    /// Their address.
    #[serde(deserialize_with = "optional")]
    pub person_email: String,
    /// When.
    #[serde(deserialize_with = "moment")]
    pub created: Option<DateTime<FixedOffset>>,
    /// Its cards.
    #[serde(deserialize_with = "items")]
    pub attachments: Vec<Attachment>,
}

/// A card of a message.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// The card itself.
    pub content: Value,
}

/// What somebody tapped and filled in.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Action {
    /// Names it in calls.
    #[serde(deserialize_with = "optional")]
    pub id: String,
    /// Who tapped.
    #[serde(deserialize_with = "optional")]
    pub person_id: String,
    /// The message with the card.
    #[serde(deserialize_with = "optional")]
    pub message_id: String,
    /// When.
    #[serde(deserialize_with = "moment")]
    pub created: Option<DateTime<FixedOffset>>,
    /// What the card sends back, if that can be read; texts only, as Webex has it.
    #[serde(deserialize_with = "optional")]
    pub inputs: Option<Map<String, Value>>,
}

/// A time with which one can count; any other is absent.
fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    optional::<D, Option<DateTime<FixedOffset>>>(from).map(|at| at.filter(is_plausible))
}

/// The same, where Webex says the beginning of all time of what it does not know yet.
fn known_moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    moment(from).map(|at| at.filter(|at| at.timestamp() > 0))
}

/// Of a list of addresses those that are some.
fn addresses<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let mut addresses: Vec<String> = items(from)?;
    addresses.retain(|address| address.contains('@'));
    Ok(addresses)
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    optional::<D, Option<String>>(from).map(|secret| secret.map(SecretString::from))
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
    #[serde(default, deserialize_with = "optional")]
    pub actor_id: String,
    /// Who made the webhook.
    #[serde(default, deserialize_with = "optional")]
    pub created_by: String,
    /// Which it is.
    pub data: EventData,
}

impl Event {
    /// Whether it tells of what the webhook's owner did, which is the bot.
    pub fn is_our_own(&self) -> bool {
        !self.actor_id.is_empty() && self.actor_id == self.created_by
    }
}

/// What an [`Event`] is about. What Webex leaves out is "".
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventData {
    /// The message or the answer to a card.
    pub id: String,
    /// Where.
    #[serde(default, deserialize_with = "optional")]
    pub room_id: String,
    /// `direct` or `group`; not of answers to cards.
    #[serde(default, deserialize_with = "optional")]
    pub room_type: String,
    /// Whose: that is not believed.
    #[serde(default, deserialize_with = "optional")]
    pub person_id: String,
    /// Their address; not of answers to cards.
    #[serde(default, deserialize_with = "optional")]
    pub person_email: String,
    /// The message with the card; of answers to cards only.
    #[serde(default, deserialize_with = "optional")]
    pub message_id: String,
    /// Where its id is told, if it is not known by this one; of events that came over the websocket only.
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
