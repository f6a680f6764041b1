//! What is said, as a message: the same in Markdown, in plain text and, for most, on a card.
//! Knows which card belongs to what and what a card sends back; knows no language, and sends nothing.
//!
//! In reading order: here, `plain` (Markdown and text), `card_values`
//! (which card, and what it is filled with), `template` (how a card is filled), `buttons` (a card without those that cannot work), `samples` (one of everything).

mod buttons;
mod card_values;
mod plain;
pub mod samples;
mod template;

use serde_json::Value;
use sha2::{Digest, Sha256};

pub use template::{Cards, DATA, ROOT, Scope, Text, Values, WHEN, condition_of, name_of};

use super::BotMessage;
use crate::domain::language::Language;
use crate::domain::message::language::{choices, told};
use crate::hex;

/// Under this a card sends back whose it is.
pub const MARK: &str = "programme";

/// What a card sends back as its `action`.
pub mod action {
    /// Opens the card that suggests a new time.
    pub const SUGGEST: &str = "suggest";
    /// That card, filled in: with `date` and `time`.
    pub const SEND: &str = "send";
    /// Yes to a proposal: with `number`.
    pub const YES: &str = "yes";
    /// No to a proposal: with `number`.
    pub const NO: &str = "no";
    /// Not this meeting.
    pub const SKIP: &str = "skip";
    /// Not for some weeks: with `weeks`.
    pub const PAUSE: &str = "pause";
    /// They met.
    pub const MET: &str = "met";
    /// They did not meet yet.
    pub const NOT_YET: &str = "not-yet";
    /// They could not meet.
    pub const COULD_NOT: &str = "could-not";
    /// As if they had typed the key.
    pub const TYPE: &str = "type";
    /// Sends an announcement that was looked at to all.
    pub const ANNOUNCE: &str = "announce";
    /// Shows the organizer how an announcement looks: with `text` and `image`.
    pub const TEST: &str = "test";
    /// Sends it to all: with `text` and `image`.
    pub const TELL_ALL: &str = "tell-all";

    /// All of them.
    pub const ALL: [&str; 13] =
        [SUGGEST, SEND, YES, NO, SKIP, PAUSE, MET, NOT_YET, COULD_NOT, TYPE, ANNOUNCE, TEST, TELL_ALL];

    /// The inputs that are filled in for an action.
    pub fn inputs(action: &str) -> &'static [&'static str] {
        match action {
            SEND => &["date", "time"],
            PAUSE => &["weeks"],
            TEST | TELL_ALL => &["text", "image"],
            _ => &[],
        }
    }
}

/// The most that is written as `markdown` or as `text`, in bytes: Webex takes 7,439, and a signature must fit in.
const LONGEST: usize = 7_300;

/// A message, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedMessage {
    /// For whoever sees no card; at most 7,439 bytes.
    pub markdown: String,
    /// For notifications; at most 7,439 bytes.
    pub text: String,
    /// The card, if it has one.
    pub card: Option<Value>,
}

/// How whoever reads a message can answer it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answers {
    /// By typing, and with the buttons of its card.
    #[default]
    ByTapping,
    /// By typing alone: nobody hears of what is tapped.
    ByTyping,
    /// Not here, but by a letter to this address; "" where none is known.
    Elsewhere(String),
}

/// What is said, as a message that can be answered so. A card shows no button that cannot work.
pub fn render_for(
    message: &BotMessage,
    language: Language,
    cards: &Cards,
    key: &str,
    answers: &Answers,
) -> RenderedMessage {
    if *answers == Answers::ByTapping {
        return render(message, language, cards, key);
    }
    let words = language.words();
    let mut rendered = told(message, words);
    let values = card_values::values_of(message, &rendered, words);
    let (name, values) = values.map_or((None, Values::default()), |(name, values)| (Some(name), values));
    let of_text = |text: &str| {
        let values = values.clone().plain("letter", key).plain("language", language.code()).plain("text", text);
        buttons::without(&cards.fill(name?, &values)?)
    };
    let had_buttons = of_text("").is_some_and(|bare| bare.had_buttons);
    if let Answers::Elsewhere(email) = answers
        && (had_buttons || rendered.hint.is_some())
    {
        rendered.hint = Some(words.nobody_hears(email));
    }
    // What it says to type already, is enough.
    let says_what = rendered.hint.is_some() || !choices(message, words).is_empty();
    let is_form = matches!(
        message,
        BotMessage::SuggestTime { .. } | BotMessage::WriteAnnouncement { .. } | BotMessage::AnnouncementTest { .. }
    );
    if *answers == Answers::ByTyping && had_buttons && (is_form || !says_what) {
        rendered.hint = Some(words.by_typing(message).to_owned());
    }
    let blocks = plain::blocks(message, &rendered, words);
    let text = plain::text(&blocks, words);
    let hint = rendered.hint.map(|hint| plain::spoken(&hint, words));
    let card = of_text(&text).and_then(|bare| match hint {
        _ if !bare.had_buttons => Some(bare.card),
        // What nobody can answer on a card is said without one.
        None => None,
        Some(hint) => Some(bare.with_line(&hint)),
    });
    RenderedMessage { markdown: plain::markdown(&blocks), text, card }
}

/// What is said, as a message. `key` identifies it: its card carries it, and [`key_of`] finds it there.
pub fn render(message: &BotMessage, language: Language, cards: &Cards, key: &str) -> RenderedMessage {
    let words = language.words();
    let rendered = told(message, words);
    let blocks = plain::blocks(message, &rendered, words);
    let text = plain::text(&blocks, words);
    let card = card_values::values_of(message, &rendered, words).and_then(|(name, values)| {
        let values = values.plain("letter", key).plain("language", language.code()).plain("text", text.clone());
        cards.fill(name, &values)
    });
    RenderedMessage { markdown: plain::markdown(&blocks), text, card }
}

/// The name of a message's card, and all that it is filled with; none where it has no card.
pub fn card_of(message: &BotMessage, language: Language, key: &str) -> Option<(&'static str, Values)> {
    let words = language.words();
    let rendered = told(message, words);
    let text = plain::text(&plain::blocks(message, &rendered, words), words);
    let (name, values) = card_values::values_of(message, &rendered, words)?;
    Some((name, values.plain("letter", key).plain("language", language.code()).plain("text", text)))
}

/// What a programme's cards are marked with, so that of several on one bot each hears what is tapped on its own.
pub fn mark_of(programme: &str) -> String {
    hex::encode(&Sha256::digest(programme)[..4])
}

/// A card whose buttons send back the mark beside the rest.
pub fn with_mark(mut card: Value, mark: &str) -> Value {
    match &mut card {
        Value::Object(fields) => {
            let is_button =
                matches!(fields.get("type").and_then(Value::as_str), Some("Action.Submit" | "Action.Execute"));
            if let (true, Some(Value::Object(data))) = (is_button, fields.get_mut("data")) {
                data.insert(MARK.to_owned(), mark.into());
            }
            for value in fields.values_mut() {
                *value = with_mark(value.take(), mark);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = with_mark(item.take(), mark)),
        _ => {}
    }
    card
}

/// The key of the message that a card belongs to: the id of the first element.
pub fn key_of(card: &Value) -> Option<&str> {
    card["body"][0]["id"].as_str()
}

/// What a card is filled with, as an example: in the first sample of its kind all is there that there can be.
pub fn sample(card: &str) -> Option<Values> {
    let mut samples = samples::samples().into_iter();
    let (_, values) = samples.find_map(|it| card_of(&it, Language::English, "letter-1").filter(|it| it.0 == card))?;
    let has_lines = values.items("lines").is_some_and(|lines| !lines.is_empty());
    Some(if has_lines { values } else { values.list("lines", vec![Values::default().plain("line", "")]) })
}
