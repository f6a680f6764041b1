//! Chats between people and the bot: what it wrote to them, and what they type and tap.

use std::cell::RefCell;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use super::booked::Booked;
use super::world::{NOW, Run, World};

/// A chat between people and the bot, about meetings that are booked.
pub(crate) struct Chat {
    pub(crate) booked: Booked,
    /// When things happen.
    pub(crate) now: RefCell<String>,
}

impl Chat {
    pub(crate) fn new(people: usize, config: &str) -> Self {
        let booked = Booked::drawn(people, config);
        assert_eq!(booked.run(&[]).status, 0);
        Self::at(booked, NOW)
    }

    pub(crate) fn at(booked: Booked, now: &str) -> Self {
        Self { booked, now: RefCell::new(now.to_owned()) }
    }

    /// From here on it is that time.
    pub(crate) fn set_now(&self, now: &str) {
        self.now.replace(now.to_owned());
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.booked.run_at(&self.now.borrow(), args)
    }

    /// What the bot wrote to somebody, in order: the text and the card, with the message's id.
    pub(crate) fn told(&self, email: &str) -> Vec<Value> {
        told(&self.booked, email)
    }

    /// The first lines of what the bot wrote to somebody.
    pub(crate) fn headings(&self, email: &str) -> Vec<String> {
        let line = |message: &Value| message["text"].as_str().unwrap().lines().next().unwrap().to_owned();
        self.told(email).iter().map(line).collect()
    }

    /// The last message; which meeting was booked first, and so its link, is chance.
    pub(crate) fn last(&self, email: &str) -> String {
        let text = self.told(email).last().unwrap()["text"].as_str().unwrap().to_owned();
        let Some((before, link)) = text.split_once("MTID=m") else { return text };
        format!("{before}MTID=…{}", link.trim_start_matches(|it: char| it.is_ascii_hexdigit()))
    }

    /// Hands an event to the program, signed as by Webex.
    pub(crate) fn handle(&self, event: &str) -> Run {
        self.booked.handle_at(&self.now.borrow(), event)
    }

    pub(crate) fn says(&self, email: &str, text: &str) -> Run {
        self.handle(&event("messages", &self.booked.webex.say(email, text)))
    }

    /// Somebody taps a button of the last card that has it; `inputs` is what they filled in.
    pub(crate) fn taps(&self, email: &str, action: &str, inputs: &Value) -> Run {
        let (message, mut data) = self.button(email, action);
        data.as_object_mut().unwrap().extend(inputs.as_object().unwrap().clone());
        self.press(email, &message, &data)
    }

    pub(crate) fn press(&self, email: &str, message: &Value, inputs: &Value) -> Run {
        self.handle(&event("attachmentActions", &self.booked.webex.press(email, message, inputs)))
    }

    /// The message and the data of a button.
    pub(crate) fn button(&self, email: &str, action: &str) -> (Value, Value) {
        let told = self.told(email);
        let found =
            told.iter().rev().find_map(|message| Some((message["id"].clone(), data(&message["card"], action)?)));
        found.unwrap_or_else(|| panic!("{email} has no card with “{action}”: {told:#?}"))
    }

    /// The two people of the first meeting.
    pub(crate) fn two(&self) -> [String; 2] {
        let pair = self.booked.planned().remove(0);
        pair.try_into().unwrap()
    }
}

/// The event by which Webex tells of something done: one of `messages`, or of `attachmentActions`.
pub(crate) fn event(resource: &str, done: &Value) -> String {
    let data = json!({ "id": done["id"], "personId": done["personId"] });
    json!({ "resource": resource, "event": "created", "actorId": done["personId"], "data": data }).to_string()
}

/// Puts an event into a file: the command line that handles it.
pub(crate) fn handle_action(world: &World, file: &str, event: &str) -> Vec<String> {
    world.write(file, event);
    ["handle-action", file, "--signature", &sign(event.as_bytes())].map(str::to_owned).to_vec()
}

/// What the bot wrote to somebody, in order.
pub(crate) fn told(booked: &Booked, email: &str) -> Vec<Value> {
    let model = booked.webex.model();
    let is_theirs = |room: &&Value| {
        let members = room["members"].as_array().unwrap();
        room["id"] != roulette::sandbox::organizers_space().as_str() && members.iter().any(|member| member == email)
    };
    let room = model["rooms"].as_array().unwrap().iter().find(is_theirs).map(|room| room["id"].clone());
    let by_bot = |message: &&Value| Some(&message["room"]) == room.as_ref() && message["author"] != email;
    model["messages"].as_array().unwrap().iter().filter(by_bot).cloned().collect()
}

/// The data of the submit action of that name, wherever in the card it is.
pub(crate) fn data(card: &Value, action: &str) -> Option<Value> {
    match card {
        Value::Object(fields) if fields.get("type") == Some(&json!("Action.Submit")) => {
            fields.get("data").filter(|data| data["action"] == action).cloned()
        }
        Value::Object(fields) => fields.values().find_map(|value| data(value, action)),
        Value::Array(items) => items.iter().find_map(|value| data(value, action)),
        _ => None,
    }
}

/// The signature of a body, with the secret of these tests' config.
pub(crate) fn sign(body: &[u8]) -> String {
    signature("hush", body)
}

/// The signature that Webex sends with a body.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}
