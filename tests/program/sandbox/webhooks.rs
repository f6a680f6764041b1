//! Webhooks: who is notified of what, signed, and until nobody accepts the notices.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use super::OLENA;
use crate::support::small_webex::{ORGANIZER, SmallWebex};
use crate::support::until;

/// Takes what webhooks tell, one request after the other.
struct Listener(TcpListener);

impl Listener {
    fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.0.local_addr().unwrap())
    }

    /// The next request's signature and body, which is answered with this status.
    fn next(&self, status: &str) -> (Option<String>, Vec<u8>) {
        let mut stream = self.0.accept().unwrap().0;
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut signature, mut length) = (None, 0);
        for line in reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()) {
            match line.split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("x-spark-signature") => {
                    signature = Some(value.to_owned());
                }
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        (signature, body)
    }

    fn told(&self) -> Value {
        serde_json::from_slice(&self.next("200").1).unwrap()
    }
}

fn webhook(listener: &Listener, resource: &str) -> Value {
    json!({ "name": "roulette", "targetUrl": listener.url(), "resource": resource, "event": "created", "secret": "s3cret" })
}

fn create(webex: &SmallWebex, body: &Value) -> Value {
    webex.post("sandbox-bot", "/v1/webhooks", body).ok()
}

fn say(webex: &SmallWebex, text: &str) -> Value {
    webex.say(OLENA, text)
}

#[test]
fn a_webhook_is_made_shown_changed_and_removed() {
    let webex = SmallWebex::start(&[]);
    assert_eq!(webex.get("sandbox-bot", "/v1/webhooks").ok(), json!({ "items": [] }));
    let listener = Listener::new();
    let made = create(&webex, &webhook(&listener, "messages"));
    assert_eq!(
        (&made["status"], &made["secret"], &made["ownedBy"]),
        (&json!("active"), &json!("s3cret"), &json!("creator"))
    );
    assert_eq!(webex.get("sandbox-bot", "/v1/webhooks").ok(), json!({ "items": [made] }));
    let path = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
    assert_eq!(webex.get("sandbox-bot", &path).ok(), made);
    let change = json!({ "name": "new", "targetUrl": "https://example.com/x", "resource": "ignored" });
    let changed = webex.call("sandbox-bot", "PUT", &path, &change).ok();
    assert_eq!((&changed["name"], &changed["resource"]), (&json!("new"), &json!("messages")));
    assert_eq!(webex.call("sandbox-bot", "PUT", &path, &json!({ "name": "new" })).status, 400);
    let inactive = json!({ "name": "new", "targetUrl": "https://example.com/x", "status": "inactive" });
    assert_eq!(webex.call("sandbox-bot", "PUT", &path, &inactive).status, 400);
    let other = webex.login_with(&json!({ "email": ORGANIZER, "scopes": ["spark:all"] }));
    assert_eq!(webex.get(&other, &path).status, 404);
    assert_eq!(webex.call("sandbox-bot", "DELETE", &path, &Value::Null).status, 204);
    assert_eq!(webex.call("sandbox-bot", "DELETE", &path, &Value::Null).status, 404);
    for (name, value) in
        [("targetUrl", "/hook"), ("targetUrl", "ftp://a/b"), ("resource", "cards"), ("event", "made"), ("more", "x")]
    {
        let mut wrong = webhook(&listener, "messages");
        wrong[name] = json!(value);
        assert_eq!(webex.post("sandbox-bot", "/v1/webhooks", &wrong).status, 400, "{wrong}");
    }
    assert!(!serde_json::to_string(&webex.calls()).unwrap().contains("s3cret"));
}

#[test]
fn a_message_is_told_with_ids_only_and_a_signature_over_the_bytes() {
    let webex = SmallWebex::start(&[]);
    let listener = Listener::new();
    let hook = create(&webex, &webhook(&listener, "messages"));
    let said = say(&webex, "Hello, bot");
    let (signature, body) = listener.next("200");
    let mut mac = Hmac::<Sha1>::new_from_slice(b"s3cret").unwrap();
    mac.update(&body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(signature, Some(hex));
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&told["id"], &told["resource"], &told["event"]), (&hook["id"], &json!("messages"), &json!("created")));
    assert_eq!((&told["actorId"], &told["secret"]), (&said["personId"], &Value::Null));
    for name in ["id", "roomId", "roomType", "personId", "personEmail", "created"] {
        assert_eq!(told["data"][name], said[name], "{name}");
    }
    assert!(!String::from_utf8(body).unwrap().contains("Hello"));

    let own =
        webex.post("sandbox-bot", "/v1/messages", &json!({ "toPersonEmail": OLENA, "text": "Hello, Olena" })).ok();
    assert_eq!(listener.told()["data"]["id"], own["id"], "the bot hears itself too");
}

#[test]
fn an_answer_to_a_card_is_told() {
    let webex = SmallWebex::start(&[]);
    let listener = Listener::new();
    create(&webex, &webhook(&listener, "attachmentActions"));
    let card = json!({ "type": "AdaptiveCard", "version": "1.2", "body": [] });
    let attachments = json!([{ "contentType": "application/vnd.microsoft.card.adaptive", "content": card }]);
    let message = json!({ "toPersonEmail": OLENA, "text": "A card", "attachments": attachments });
    let sent = webex.post("sandbox-bot", "/v1/messages", &message).ok();
    let pressed = webex.press(OLENA, &sent["id"], &json!({ "key": "k1" }));
    let told = listener.told();
    assert_eq!(told["data"]["id"], pressed["id"]);
    assert_eq!((&told["data"]["messageId"], &told["data"]["type"]), (&sent["id"], &json!("submit")));
    assert_eq!(told["data"].get("inputs"), None);
}

#[test]
fn a_webhook_that_nobody_answers_is_given_up_until_it_is_turned_on_again() {
    let webex = SmallWebex::start(&[]);
    let listener = Listener::new();
    let hook = create(&webex, &webhook(&listener, "messages"));
    let path = format!("/v1/webhooks/{}", hook["id"].as_str().unwrap());
    let first = say(&webex, "one");
    let attempts: Vec<Value> =
        ["500", "500", "200"].map(|status| serde_json::from_slice(&listener.next(status).1).unwrap()).to_vec();
    assert!(attempts.iter().all(|told| told["data"]["id"] == first["id"]), "again until it is taken");

    say(&webex, "two");
    for _ in 0..4 {
        listener.next("500");
    }
    until("it is switched off", || webex.get("sandbox-bot", &path).ok()["status"] != "active");
    say(&webex, "unheard");
    let on = json!({ "name": "roulette", "targetUrl": listener.url(), "status": "active" });
    assert_eq!(webex.call("sandbox-bot", "PUT", &path, &on).ok()["status"], "active");
    let heard = say(&webex, "heard");
    assert_eq!(listener.told()["data"]["id"], heard["id"]);
}

#[test]
fn a_filter_lets_only_some_through() {
    let webex = SmallWebex::start(&[]);
    let listener = Listener::new();
    let mut direct = webhook(&listener, "messages");
    direct["filter"] = json!("roomType=direct&personEmail=olena.marchenko@example.com");
    create(&webex, &direct);
    webex.post("sandbox-bot", "/v1/messages", &json!({ "toPersonEmail": OLENA, "text": "not told" })).ok();
    let said = say(&webex, "told");
    assert_eq!(listener.told()["data"]["id"], said["id"]);
}
