//! The bot's webhooks at the small Webex: created, repaired, and received.

use std::net::TcpListener;
use std::ops::Deref;

use serde_json::{Value, json};

use super::listening::Listening;
use super::{BOT, INBOX, Receiving, SECRET};
use crate::support::until;

const OLENA: &str = "olena.marchenko@example.com";

/// A town with a receiver that Webex reaches.
struct Reached {
    receiving: Receiving,
    /// Where the receiver will listen.
    address: String,
}

impl Reached {
    fn new() -> Self {
        // An address of its own: on the usual one, another test may be given the port meanwhile, and keep it.
        let address = TcpListener::bind("127.0.0.77:0").unwrap().local_addr().unwrap().to_string();
        Self { receiving: Receiving::at(&format!("http://{address}/hook")), address }
    }

    fn listen(&self) -> Listening {
        Listening::start(&self.receiving, &self.address)
    }

    /// Starts a receiver, and ends it when it has said what it did with both webhooks: that.
    fn start_once(&self) -> Vec<String> {
        let mut listening = self.listen();
        listening.until_said("“roulette cards” ");
        assert_eq!(listening.end("TERM"), Some(0));
        listening.said().lines().filter(|line| line.starts_with("webhook “")).map(str::to_owned).collect()
    }

    fn webhooks(&self) -> Vec<Value> {
        self.webex.get(BOT, "/v1/webhooks").ok()["items"].as_array().unwrap().clone()
    }

    fn make(&self, name: &str, target: &str, resource: &str) -> Value {
        let body = json!({ "name": name, "targetUrl": target, "resource": resource, "event": "created" });
        self.webex.post(BOT, "/v1/webhooks", &body).ok()
    }

    fn say(&self, text: &str) -> String {
        self.webex.say(OLENA, text)["id"].as_str().unwrap().to_owned()
    }

    /// The calls that change webhooks.
    fn changes(&self) -> Vec<String> {
        let lines = self.webex.lines();
        lines.into_iter().filter(|line| line.contains("/webhooks") && !line.starts_with("GET")).collect()
    }
}

impl Deref for Reached {
    type Target = Receiving;

    fn deref(&self) -> &Receiving {
        &self.receiving
    }
}

#[test]
fn what_people_say_arrives_signed_and_is_handled() {
    let receiving = Reached::new();
    let listening = receiving.listen();
    listening.until_said("webhook “roulette messages” was created\nwebhook “roulette cards” was created\n");
    let id = receiving.say("Hello, bot");
    listening.until_said(&format!("messages created {id}: done\n"));
    let said = listening.said();
    assert!(!said.contains("Hello") && !said.contains(SECRET) && !said.contains(BOT), "{said}");

    let card = json!({ "type": "AdaptiveCard", "version": "1.2", "body": [] });
    let attachments = json!([{ "contentType": "application/vnd.microsoft.card.adaptive", "content": card }]);
    let message = json!({ "toPersonEmail": OLENA, "text": "A card", "attachments": attachments });
    let sent = receiving.webex.post(BOT, "/v1/messages", &message).ok();
    let pressed = receiving.webex.press(OLENA, &sent["id"], &json!({ "key": "k1" }));
    listening.until_said(&format!("attachmentActions created {}: done\n", pressed["id"].as_str().unwrap()));
}

#[test]
fn a_second_start_changes_nothing() {
    let receiving = Reached::new();
    assert_eq!(
        receiving.start_once(),
        ["webhook “roulette messages” was created", "webhook “roulette cards” was created"]
    );
    let (made, changes) = (receiving.webhooks(), receiving.changes());
    assert_eq!((made.len(), changes.len()), (2, 2));
    let as_it_should_be =
        ["roulette messages", "roulette cards"].map(|it| format!("webhook “{it}” is as it should be"));
    assert_eq!(receiving.start_once(), as_it_should_be);
    assert_eq!((receiving.webhooks(), receiving.changes()), (made, changes));
}

#[test]
fn one_that_webex_turned_off_is_turned_on_again() {
    let receiving = Reached::new();
    receiving.start_once();
    receiving.say("unheard");
    until("Webex gives it up", || receiving.webhooks().iter().any(|it| it["status"] == "inactive"));
    let listening = receiving.listen();
    listening.until_said("webhook “roulette messages” was repaired: Webex had turned it off\n");
    let id = receiving.say("heard");
    listening.until_said(&format!("messages created {id}: done\n"));
}

#[test]
fn ours_are_put_right_in_place_and_those_of_others_are_left_alone() {
    let receiving = Reached::new();
    let here = format!("http://{}/hook", receiving.address);
    let others = [
        receiving.make("my own", "http://127.0.0.1:9/mine", "messages"),
        receiving.make("roulette messages", "http://127.0.0.1:9/mine", "rooms"),
        receiving.make("roulette", &here, "messages"),
    ];
    let old = receiving.make("roulette messages", "http://127.0.0.1:9/old", "messages");
    let _double = receiving.make("roulette cards", "http://127.0.0.1:9/old", "attachmentActions");
    let cards = receiving.make("roulette cards", &here, "attachmentActions");
    assert_eq!(
        receiving.start_once(),
        [
            "webhook “roulette messages” was repaired: it delivered elsewhere; its secret is not shown, and may \
                have been a different one",
            "webhook “roulette cards” was repaired: its secret is not shown, and may have been a different one",
            "webhook “roulette cards” was there twice: one was removed",
        ]
    );
    let now = receiving.webhooks();
    assert_eq!(now[..3], others);
    let ids: Vec<_> = now[3..].iter().map(|it| (&it["id"], &it["targetUrl"], &it["secret"])).collect();
    assert_eq!(ids, [(&old["id"], &json!(here), &json!(SECRET)), (&cards["id"], &json!(here), &json!(SECRET))]);
    receiving.write("hook.txt", "another");
    assert!(receiving.start_once().iter().all(|line| line.ends_with(" was repaired: its secret was a different one")));
}

#[test]
fn a_secret_that_webex_repeats_is_told_to_nobody() {
    let receiving = Reached::new();
    receiving.webex.faults(&["echo=400:POST:/webhooks"]);
    let listening = receiving.listen();
    listening.until_said("the webhooks cannot be checked: POST /webhooks: The request is not valid: ");
    let said = listening.said();
    assert!(!said.contains(SECRET) && !said.contains(BOT) && said.contains("authorization: Bearer …"), "{said}");
}

#[test]
fn while_webex_is_away_it_listens_and_tries_again() {
    let receiving = Reached::new();
    receiving.webex.faults(&["503::/webhooks:1-5"]);
    let listening = receiving.listen();
    listening.until_said("the webhooks cannot be checked: GET /webhooks: ");
    listening.until_said("webhook “roulette cards” was created\n");
}

#[test]
fn without_a_bot_or_an_address_it_says_what_is_missing_and_listens() {
    let receiving = Reached::new();
    receiving.write("bot.txt", "wrong");
    let listening = receiving.listen();
    listening.until_said("roulette auth --status\n");
    assert!(listening.said().contains("the webhooks cannot be checked: GET /webhooks: "), "{}", listening.said());
    drop(listening);
    std::fs::remove_file(receiving.path("bot.txt")).unwrap();
    receiving.listen().until_said("the webhooks cannot be checked: webex.bot_token: the file ");
    let world = Receiving::new();
    let mut listening = Listening::start(&world, "127.0.0.1:0");
    listening.until_said("webhook.public_url is not set: Webex is not asked to deliver here\n");
    assert_eq!(listening.end("TERM"), Some(0));
    assert!(!world.path(INBOX).exists());
}

#[test]
fn whatever_member_of_a_webhook_is_odd_there_are_two_in_the_end() {
    let members = ["id", "name", "targetUrl", "resource", "event", "secret", "status"];
    let listed = members.map(|member| format!("items.0.{member}"));
    let places = listed.iter().map(|member| (member.as_str(), "GET")).chain([("items.0", "GET"), ("items", "GET")]);
    for (member, method) in places.chain(members.map(|member| (member, "POST"))) {
        for how in ["missing", "null", "number", "list", "object", "extra"] {
            let here = Reached::new();
            if method == "GET" {
                assert_eq!(here.start_once().len(), 2);
            }
            here.webex.faults(&[&format!("odd={member}/{how}:{method}:/webhooks")]);
            let mut listening = here.listen();
            until("the webhooks are looked at", || {
                ["“roulette cards” ", "cannot be checked"].iter().any(|words| listening.said().contains(words))
            });
            assert_eq!(listening.end("TERM"), Some(0), "{member} {how}");
            here.webex.faults(&[]);
            here.start_once();
            let mut kept: Vec<String> = here.webhooks().iter().map(|hook| hook["resource"].to_string()).collect();
            kept.sort();
            assert_eq!(kept, ["\"attachmentActions\"", "\"messages\""], "{member} {how}");
            assert!(here.webhooks().iter().all(|hook| hook["status"] == "active"), "{member} {how}");
        }
    }
}
