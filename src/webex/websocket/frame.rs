//! What a frame says, and the event in it in the form of a webhook: in ids only, so everything else is asked of the
//! REST API. Knows JSON and how ids are formed; sends nothing.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::webex::connection::is_trusted;
use crate::webex::lenient::{items, optional};

/// A frame, as far as it concerns us.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Frame {
    /// The id with which it is acknowledged; "" if that is not necessary.
    #[serde(deserialize_with = "optional")]
    pub(super) id: String,
    #[serde(rename = "type", deserialize_with = "optional")]
    what: String,
    #[serde(deserialize_with = "optional")]
    data: Data,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    #[serde(deserialize_with = "optional")]
    event_type: String,
    #[serde(deserialize_with = "optional")]
    activity: Activity,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Activity {
    #[serde(deserialize_with = "optional")]
    id: String,
    #[serde(deserialize_with = "optional")]
    verb: String,
    #[serde(deserialize_with = "optional")]
    actor: Actor,
    #[serde(deserialize_with = "optional")]
    target: Target,
    #[serde(deserialize_with = "optional")]
    parent: Parent,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Actor {
    #[serde(rename = "entryUUID", deserialize_with = "optional")]
    uuid: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Target {
    #[serde(deserialize_with = "optional")]
    id: String,
    #[serde(deserialize_with = "optional")]
    url: String,
    #[serde(deserialize_with = "items")]
    tags: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parent {
    #[serde(deserialize_with = "optional")]
    id: String,
}

/// What a frame means to us.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The answer to a ping.
    Pong,
    /// Webex begins to send.
    Ready,
    /// What somebody wrote or tapped, as the body of a webhook.
    Event(Vec<u8>),
    /// The same, but it does not say which.
    Odd,
    /// Nothing that concerns us.
    Other,
}

impl Frame {
    /// What it means, for the bot of that name on the socket, at the Webex at `root`.
    pub(super) fn kind(&self, root: &Url, own: &str) -> Kind {
        let Data { event_type, activity } = &self.data;
        match (&*self.what, &**event_type) {
            ("pong", _) => Kind::Pong,
            ("", "mercury.buffer_state" | "mercury.registration_status") => Kind::Ready,
            (_, "conversation.activity") => activity.kind(root, own),
            _ => Kind::Other,
        }
    }
}

impl Activity {
    fn kind(&self, root: &Url, own: &str) -> Kind {
        let (resource, id, of) = match &*self.verb {
            "post" | "share" => ("messages", "MESSAGE", "messages"),
            "cardAction" => ("attachmentActions", "ATTACHMENT_ACTION", "attachment/actions"),
            _ => return Kind::Other,
        };
        if !own.is_empty() && self.actor.uuid == own {
            return Kind::Other;
        }
        if !is_uuid(&self.id) {
            return Kind::Odd;
        }
        let mut data = json!({
            "id": rest_id(id, &self.id),
            "personId": rest_id("PEOPLE", &self.actor.uuid),
            "roomId": rest_id("ROOM", &self.target.id),
        });
        if resource == "messages" {
            let is_direct = self.target.tags.iter().any(|tag| tag == "ONE_ON_ONE");
            data["roomType"] = json!(if is_direct { "direct" } else { "group" });
        } else {
            data["messageId"] = json!(rest_id("MESSAGE", &self.parent.id));
        }
        if let Some(url) = self.elsewhere(root, of) {
            data["url"] = json!(url);
        }
        let actor = rest_id("PEOPLE", &self.actor.uuid);
        let body = json!({ "resource": resource, "event": "created", "actorId": actor, "data": data });
        Kind::Event(body.to_string().into_bytes())
    }

    /// The address that tells its id, if it belongs to another cluster than most.
    fn elsewhere(&self, root: &Url, of: &str) -> Option<String> {
        let Target { id, url, .. } = &self.target;
        let before = url.strip_suffix(&format!("conversations/{id}")).filter(|_| is_uuid(id))?;
        let url = Url::parse(&format!("{before}{of}/{}", self.id)).ok()?;
        is_trusted(root, &url).then(|| url.into())
    }
}

fn is_uuid(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
}

/// What the REST API calls it; "" if it has no name here.
fn rest_id(kind: &str, uuid: &str) -> String {
    if is_uuid(uuid) { BASE64_URL_SAFE_NO_PAD.encode(format!("ciscospark://us/{kind}/{uuid}")) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const ROOT: &str = "https://webexapis.com/v1";
    const MESSAGE: &str = "6d9dd2a0-d6e4-11f0-8e7c-2d0a1c1c6ff0";
    const ACTOR: &str = "11111111-2222-3333-4444-555555555555";
    const ROOM: &str = "99999999-2222-3333-4444-555555555555";

    fn activity(verb: &str) -> Value {
        json!({ "id": "f", "data": { "eventType": "conversation.activity", "activity": {
            "id": MESSAGE, "verb": verb, "actor": { "entryUUID": ACTOR, "emailAddress": "a@b.c" },
            "target": { "id": ROOM, "url": format!("https://conv-k.wbx2.com/conversation/api/v1/conversations/{ROOM}"),
                "tags": ["ONE_ON_ONE"] },
            "parent": { "id": ROOM },
        } } })
    }

    fn kind(frame: &Value) -> Kind {
        serde_json::from_value::<Frame>(frame.clone()).unwrap().kind(&Url::parse(ROOT).unwrap(), "own")
    }

    fn body(frame: &Value) -> Value {
        let Kind::Event(body) = kind(frame) else { panic!("{frame}") };
        serde_json::from_slice(&body).unwrap()
    }

    #[test]
    fn an_activity_becomes_the_body_of_a_webhook() {
        let id = |kind: &str, uuid: &str| BASE64_URL_SAFE_NO_PAD.encode(format!("ciscospark://us/{kind}/{uuid}"));
        for verb in ["post", "share"] {
            let data = json!({
                "id": id("MESSAGE", MESSAGE), "personId": id("PEOPLE", ACTOR), "roomId": id("ROOM", ROOM),
                "roomType": "direct", "url": format!("https://conv-k.wbx2.com/conversation/api/v1/messages/{MESSAGE}"),
            });
            let expected =
                json!({ "resource": "messages", "event": "created", "actorId": id("PEOPLE", ACTOR), "data": data });
            assert_eq!(body(&activity(verb)), expected);
        }
        let tapped = body(&activity("cardAction"));
        let data = &tapped["data"];
        assert_eq!(
            (&tapped["resource"], &data["id"]),
            (&json!("attachmentActions"), &json!(id("ATTACHMENT_ACTION", MESSAGE)))
        );
        assert_eq!((&data["messageId"], &data["roomType"]), (&json!(id("MESSAGE", ROOM)), &Value::Null));
        let url = format!("https://conv-k.wbx2.com/conversation/api/v1/attachment/actions/{MESSAGE}");
        assert_eq!(data["url"], json!(url));
    }

    #[test]
    fn what_is_not_for_us_is_passed_over() {
        let mut own = activity("post");
        own["data"]["activity"]["actor"]["entryUUID"] = json!("own");
        let mut odd = activity("post");
        odd["data"]["activity"]["id"] = json!("../messages");
        let other = json!({ "id": "f", "data": { "eventType": "apheleia.subscription_update" } });
        for (frame, expected) in [
            (activity("acknowledge"), Kind::Other),
            (own, Kind::Other),
            (odd, Kind::Odd),
            (other, Kind::Other),
            (json!({ "data": null, "type": 7 }), Kind::Other),
            (json!({ "type": "pong", "id": "p" }), Kind::Pong),
            (json!({ "data": { "eventType": "mercury.buffer_state" } }), Kind::Ready),
            (json!({ "data": { "eventType": "mercury.registration_status" } }), Kind::Ready),
        ] {
            assert_eq!(kind(&frame), expected, "{frame}");
        }
    }

    #[test]
    fn an_address_that_is_none_of_webexs_is_not_kept() {
        for url in ["https://evil.example/conversations/", "http://conv-a.wbx2.com/conversations/", "conversations/"] {
            let mut frame = activity("post");
            frame["data"]["activity"]["target"]["url"] = json!(format!("{url}{ROOM}"));
            assert_eq!(body(&frame)["data"]["url"], Value::Null, "{url}");
        }
    }
}
