//! What is said as a message: the same in Markdown, in plain text and, for most messages, on a card. Knows which card
//! belongs to what and what a card sends back; knows no language, and sends nothing.
//!
//! In reading order: this file, `plain` (Markdown and text), `card_values` (which card, and its values), `template`
//! (how a card is filled), `buttons` (a card without the buttons that cannot work), `samples` (one message of each
//! kind).

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

/// The key under which a card sends back the programme that it belongs to.
pub const MARK: &str = "programme";

/// The values that a card can send back as its `action`.
pub mod action {
    /// Opens the card that suggests a new time.
    pub const SUGGEST: &str = "suggest";
    /// Suggests the time that was filled in: with `date` and `time`.
    pub const SEND: &str = "send";
    /// Agrees to a proposal: with `number`.
    pub const YES: &str = "yes";
    /// Declines a proposal: with `number`.
    pub const NO: &str = "no";
    /// Skips the round of this meeting.
    pub const SKIP: &str = "skip";
    /// Pauses for some weeks: with `weeks`.
    pub const PAUSE: &str = "pause";
    /// Says that they met.
    pub const MET: &str = "met";
    /// Says that they have not met yet.
    pub const NOT_YET: &str = "not-yet";
    /// Says that they could not meet.
    pub const COULD_NOT: &str = "could-not";
    /// Does what the key would do if they had typed it.
    pub const TYPE: &str = "type";
    /// Sends an announcement to everybody that its writer has previewed.
    pub const ANNOUNCE: &str = "announce";
    /// Shows the organizer how an announcement looks: with `text` and `image`.
    pub const TEST: &str = "test";
    /// Sends an announcement to everybody: with `text` and `image`.
    pub const TELL_ALL: &str = "tell-all";

    /// All actions.
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

/// The longest `markdown` or `text`, in bytes: Webex accepts 7,439, and a signature must fit in as well.
const LONGEST: usize = 7_300;

/// A message in the form in which it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedMessage {
    /// For people who see no card, in Markdown; short enough that a signature fits in as well.
    pub markdown: String,
    /// For notifications, in plain text; as short.
    pub text: String,
    /// The card, if it has one.
    pub card: Option<Value>,
}

/// How a reader can answer a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answers {
    /// By typing, and with the buttons of the card.
    #[default]
    ByTapping,
    /// By typing only: nobody hears about what is tapped.
    ByTyping,
    /// Not here, but by writing to this address; "" if none is known.
    Elsewhere(String),
}

/// The message in a form in which it can be answered like that. A card shows no button that cannot work.
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
    let mut rendered = told(message, words).by_typing(words);
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
    // If it already says what to type, that is enough.
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
        // A card that nobody can answer is left out.
        None => None,
        Some(hint) => Some(bare.with_line(&hint)),
    });
    RenderedMessage { markdown: plain::markdown(&blocks), text, card }
}

/// The message in a form in which it can be sent. `key` identifies it: its card carries the key, and [`key_of`] finds
/// it there.
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

/// The name of a message's card, and the values with which it is filled; none if it has no card.
pub fn card_of(message: &BotMessage, language: Language, key: &str) -> Option<(&'static str, Values)> {
    let words = language.words();
    let rendered = told(message, words);
    let text = plain::text(&plain::blocks(message, &rendered, words), words);
    let (name, values) = card_values::values_of(message, &rendered, words)?;
    Some((name, values.plain("letter", key).plain("language", language.code()).plain("text", text)))
}

/// The mark of a programme's cards: if several programmes share a bot, each hears what is tapped on its own cards.
pub fn mark_of(programme: &str) -> String {
    hex::encode(&Sha256::digest(programme)[..4])
}

/// The card, whose buttons now also send back the mark.
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

/// The key of the message to which a card belongs: the id of its first element.
pub fn key_of(card: &Value) -> Option<&str> {
    card["body"][0]["id"].as_str()
}

/// The values of a card, as an example: the first sample of a kind contains everything that there can be.
pub fn sample(card: &str) -> Option<Values> {
    let mut samples = samples::samples().into_iter();
    let (_, values) = samples.find_map(|it| card_of(&it, Language::English, "letter-1").filter(|it| it.0 == card))?;
    let has_lines = values.items("lines").is_some_and(|lines| !lines.is_empty());
    Some(if has_lines { values } else { values.list("lines", vec![Values::default().plain("line", "")]) })
}
