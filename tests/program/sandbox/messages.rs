//! Messages, cards and their answers: who writes what to whom, and who can see it.

use serde_json::{Value, json};

use super::{OLENA, TARAS};
use crate::support::small_webex::{ORGANIZER, SmallWebex};

const BOT: &str = "roulette@webex.bot";

fn card() -> Value {
    json!({
        "type": "AdaptiveCard", "version": "1.3",
        "body": [{ "type": "TextBlock", "text": "When?" }, { "type": "Input.Date", "id": "date", "label": "Day" }],
        "actions": [{ "type": "Action.Submit", "title": "Send", "data": { "key": "k1" } }],
    })
}

fn attachment(card: &Value) -> Value {
    json!([{ "contentType": "application/vnd.microsoft.card.adaptive", "content": card }])
}

fn send(webex: &SmallWebex, message: &Value) -> Value {
    webex.post("sandbox-bot", "/v1/messages", message).ok()
}

fn texts(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect()
}

fn organizers(webex: &SmallWebex) -> String {
    let rooms = webex.get("sandbox-bot", "/v1/rooms?type=group").ok();
    assert_eq!(rooms["items"][0]["title"], "Roulette organizers");
    rooms["items"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_bot_writes_to_a_person_who_writes_back() {
    let webex = SmallWebex::start(&[]);
    let direct = format!("/v1/messages/direct?personEmail={OLENA}");
    assert_eq!(webex.get("sandbox-bot", &direct).status, 404, "no room before the first message");
    let sent = send(&webex, &json!({ "toPersonEmail": OLENA.to_uppercase(), "markdown": "Hello **Olena**" }));
    assert_eq!((&sent["text"], &sent["markdown"]), (&json!("Hello Olena"), &json!("Hello **Olena**")));
    assert_eq!((&sent["roomType"], &sent["personEmail"]), (&json!("direct"), &json!(BOT)));
    let id = webex.get("sandbox-bot", &format!("/v1/people?email={OLENA}")).ok()["items"][0]["id"].clone();
    let card = json!({ "toPersonId": id, "text": "A card", "attachments": attachment(&card()) });
    let second = send(&webex, &card);
    assert_eq!(second["roomId"], sent["roomId"]);
    let said = webex.say(OLENA, "pause");
    assert_eq!(said["roomId"], sent["roomId"]);

    let list = webex.get("sandbox-bot", &direct).ok();
    assert_eq!(texts(&list), ["pause", "A card", "Hello Olena"]);
    assert_eq!(list["items"][1], second);
    assert_eq!(list["items"][1]["attachments"], card["attachments"]);
    let by_id = webex.get("sandbox-bot", &format!("/v1/messages/direct?personId={}", id.as_str().unwrap())).ok();
    assert_eq!(by_id, list);
    let one = webex.get("sandbox-bot", &format!("/v1/messages/{}", said["id"].as_str().unwrap())).ok();
    assert_eq!((&one["text"], &one["personEmail"]), (&json!("pause"), &json!(OLENA)));
    let taras = webex.login_with(&json!({ "email": TARAS, "scopes": ["spark:all"] }));
    assert_eq!(webex.get(&taras, &format!("/v1/messages/{}", said["id"].as_str().unwrap())).status, 404);
}

#[test]
fn a_message_that_webex_would_not_take_is_refused() {
    let webex = SmallWebex::start(&[]);
    let long = "ї".repeat(3719) + "xx";
    for (body, status) in [
        (json!({}), 400),
        (json!({ "text": "x" }), 400),
        (json!({ "toPersonEmail": OLENA }), 400),
        (json!({ "toPersonEmail": OLENA, "text": " " }), 400),
        (json!({ "toPersonEmail": OLENA, "roomId": "r", "text": "x" }), 400),
        (json!({ "toPersonEmail": BOT, "text": "x" }), 400),
        (json!({ "toPersonEmail": "nobody@example.com", "text": "x" }), 404),
        (json!({ "toPersonId": "nobody", "text": "x" }), 404),
        (json!({ "roomId": "nowhere", "text": "x" }), 404),
        (json!({ "toPersonEmail": OLENA, "text": long }), 400),
        (json!({ "toPersonEmail": OLENA, "markdown": long }), 400),
        (json!({ "toPersonEmail": OLENA, "html": "<b>x</b>" }), 400),
        (json!({ "toPersonEmail": OLENA, "attachments": attachment(&card()) }), 400),
        (json!({ "toPersonEmail": OLENA, "text": "x", "attachments": [card()] }), 400),
        (json!({ "toPersonEmail": OLENA, "text": "x", "attachments": attachment(&json!({ "type": "Card" })) }), 400),
        (json!({ "toPersonEmail": OLENA, "text": "x", "parentId": "nothing" }), 404),
    ] {
        assert_eq!(webex.post("sandbox-bot", "/v1/messages", &body).status, status, "{body}");
    }
    let two = [attachment(&card())[0].clone(), attachment(&card())[0].clone()];
    let refused =
        webex.post("sandbox-bot", "/v1/messages", &json!({ "toPersonEmail": OLENA, "text": "x", "attachments": two }));
    assert_eq!(refused.why(), ["“attachments” must hold at most 1 items"]);
    let mut new = card();
    new["version"] = json!("1.5");
    let body = json!({ "toPersonEmail": OLENA, "text": "x", "attachments": attachment(&new) });
    assert_eq!(webex.post("sandbox-bot", "/v1/messages", &body).why(), ["card: “version” must be 1.0 to 1.3"]);
    assert_eq!(webex.model()["messages"], json!([]));
    send(&webex, &json!({ "toPersonEmail": OLENA, "text": "ї".repeat(3719) + "x" }));
    let reader = webex.login(OLENA);
    assert_eq!(webex.post(&reader, "/v1/messages", &json!({ "toPersonEmail": BOT, "text": "x" })).status, 403);
}

#[test]
fn in_the_organizers_space_the_bot_sees_only_what_mentions_it() {
    let webex = SmallWebex::start(&[]);
    let room = organizers(&webex);
    let sent = send(&webex, &json!({ "roomId": room, "markdown": "Round done, <@personEmail:organizer@example.com>" }));
    assert_eq!((&sent["roomType"], &sent["text"]), (&json!("group"), &json!("Round done, Nadia Organizer")));
    let say = |text: &str| webex.post("", "/sandbox/say", &json!({ "email": ORGANIZER, "text": text, "room": room }));
    let (private, meant) = (say("between us").ok(), say("@roulette status").ok());
    let bot = webex.get("sandbox-bot", "/v1/people/me").ok()["id"].clone();
    assert_eq!((&meant["text"], &meant["mentionedPeople"]), (&json!("roulette status"), &json!([bot])));
    let get = |id: &Value| webex.get("sandbox-bot", &format!("/v1/messages/{}", id.as_str().unwrap())).status;
    assert_eq!([get(&sent["id"]), get(&private["id"]), get(&meant["id"])], [200, 404, 200]);
    let list = format!("/v1/messages?roomId={room}");
    assert_eq!(webex.get("sandbox-bot", &list).status, 403);
    let mentions = webex.get("sandbox-bot", &format!("{list}&mentionedPeople=me")).ok();
    assert_eq!(texts(&mentions), ["roulette status"]);
    let organizer = webex.login_with(&json!({ "email": ORGANIZER, "scopes": ["spark:messages_read"] }));
    let first = webex.get(&organizer, &format!("{list}&max=2"));
    assert!(first.header("link").is_some());
    assert_eq!(texts(&first.ok()), ["roulette status", "between us"]);
    let say = json!({ "email": OLENA, "text": "let me in", "room": room });
    assert_eq!(webex.post("", "/sandbox/say", &say).status, 404);
    let stranger = webex.login_with(&json!({ "email": OLENA, "scopes": ["spark:all"] }));
    assert_eq!(webex.get(&stranger, &list).status, 404);
}

#[test]
fn members_of_a_room_are_listed_in_pages() {
    let webex = SmallWebex::start(&[]);
    let room = organizers(&webex);
    let path = format!("/v1/memberships?roomId={room}");
    let all = webex.get("sandbox-bot", &path).ok();
    let emails: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|it| &it["personEmail"]).collect();
    assert_eq!(emails, [ORGANIZER, BOT]);
    assert_eq!(all["items"][0]["personDisplayName"], "Nadia Organizer");
    assert!(
        webex.get("sandbox-bot", &format!("{path}&max=1")).header("link").unwrap().ends_with("cursor=1>; rel=\"next\"")
    );
    let one = webex.get("sandbox-bot", &format!("{path}&personEmail={ORGANIZER}")).ok();
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    assert_eq!(webex.get("sandbox-bot", &format!("{path}&personEmail={OLENA}")).ok(), json!({ "items": [] }));
    assert_eq!(webex.get("sandbox-bot", &format!("/v1/memberships?personEmail={OLENA}")).status, 400);
    assert_eq!(webex.get("sandbox-bot", "/v1/memberships?roomId=nowhere").status, 404);
}

#[test]
fn a_person_answers_a_card() {
    let webex = SmallWebex::start(&[]);
    let sent = send(&webex, &json!({ "toPersonEmail": OLENA, "text": "A card", "attachments": attachment(&card()) }));
    let plain = send(&webex, &json!({ "toPersonEmail": OLENA, "text": "No card" }));
    let press = |email: &str, message: &Value| {
        let inputs = json!({ "date": "2026-12-03", "key": "k1", "count": 2, "sure": true });
        webex.post("", "/sandbox/press", &json!({ "email": email, "messageId": message["id"], "inputs": inputs }))
    };
    let pressed = press(OLENA, &sent).ok();
    let path = format!("/v1/attachment/actions/{}", pressed["id"].as_str().unwrap());
    let action = webex.get("sandbox-bot", &path).ok();
    assert_eq!(action["inputs"], json!({ "date": "2026-12-03", "key": "k1", "count": "2", "sure": "true" }));
    assert_eq!((&action["type"], &action["messageId"]), (&json!("submit"), &sent["id"]));
    assert_eq!(press(TARAS, &sent).status, 404);
    assert_eq!(press(BOT, &sent).status, 403);
    assert_eq!(press(OLENA, &plain).status, 400);

    let olena = webex.login_with(&json!({ "email": OLENA, "scopes": ["spark:all"] }));
    let body = json!({ "type": "submit", "messageId": sent["id"], "inputs": {} });
    webex.post(&olena, "/v1/attachment/actions", &body).ok();
    assert_eq!(webex.post("sandbox-bot", "/v1/attachment/actions", &body).status, 403);
    let taras = webex.login_with(&json!({ "email": TARAS, "scopes": ["spark:all"] }));
    assert_eq!(webex.get(&taras, &path).status, 404);
}

#[test]
fn only_the_author_deletes_a_message() {
    let webex = SmallWebex::start(&[]);
    let sent = send(&webex, &json!({ "toPersonEmail": OLENA, "text": "Oops" }));
    let path = format!("/v1/messages/{}", sent["id"].as_str().unwrap());
    let olena = webex.login_with(&json!({ "email": OLENA, "scopes": ["spark:all"] }));
    assert_eq!(webex.call(&olena, "DELETE", &path, &Value::Null).status, 403);
    assert_eq!(webex.call("sandbox-bot", "DELETE", &path, &Value::Null).status, 204);
    assert_eq!(webex.get("sandbox-bot", &path).status, 404);
    let list = webex.get("sandbox-bot", &format!("/v1/messages/direct?personEmail={OLENA}")).ok();
    assert_eq!(list, json!({ "items": [] }));
}
