//! Sends outgoing messages, each exactly once: what may already have been sent is looked up where it would be before it
//! is sent again. Knows the calls and what their failures mean; knows no state and prints nothing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::brake::Brake;
use super::calls::{self, File, Who};
use super::client::{Client, no_answer};
use super::error::{Error, Kind, Outcome};
use super::wire::{Message, Person};
use crate::domain::message::render::key_of;
use crate::domain::state::outbox::{Address, OutgoingMessage};
use crate::parallel::map_concurrently;

/// The longest Markdown that Webex accepts, in bytes.
const LONGEST: usize = 7_439;
/// The maximum number of attempts for a message in a run.
const TRIES: u32 = 3;
/// The backoff after the first attempt that is in doubt; it grows by the same amount after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(300);
/// Webex's clock and ours differ by at most this: a message there that is older than the one here is a different
/// message.
const MOST_APART: TimeDelta = TimeDelta::days(1);

/// How the sending of an outgoing message ended.
#[derive(Debug)]
pub enum SendResult {
    /// It was sent.
    Yes(Sent),
    /// Webex refuses the message itself.
    Refused(Error),
    /// Webex does not know the recipient.
    Nobody(Error),
    /// It was not sent yet; whether it may have been sent after all.
    Later(Error, bool),
    /// The run stopped before it was tried.
    Untried,
}

/// A message that is at Webex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its id, if Webex gives one.
    pub id: Option<Box<str>>,
    /// When it arrived, by Webex's clock, if Webex says so.
    pub at: Option<DateTime<Utc>>,
}

impl Sent {
    fn of(message: &Message) -> Self {
        let id = Some(message.id.as_str()).filter(|id| !id.is_empty());
        Self { id: id.map(Into::into), at: message.created.map(|at| at.to_utc()) }
    }
}

/// What is known about earlier messages and addresses.
pub struct Known<'a> {
    /// Somebody's former addresses, under which Webex may still know them.
    pub former: &'a (dyn Fn(&str) -> Vec<Box<str>> + Sync),
    /// Whether a message with this id is a different one, which arrived.
    pub has_arrived: &'a (dyn Fn(&str) -> bool + Sync),
    /// The file that goes with a message, if any does.
    pub file: &'a (dyn Fn(&OutgoingMessage) -> Option<File> + Sync),
}

/// Sends the messages, `parallel` at once; returns how each ended, in order. No more are started once the brake is on.
pub fn send_all(
    client: &Client<'_>,
    outgoing: &[OutgoingMessage],
    parallel: usize,
    brake: &Brake,
    known: &Known<'_>,
) -> Vec<SendResult> {
    let bot = outgoing
        .iter()
        .any(|it| matches!(it.to, Address::Space(_) | Address::Thread(_)))
        .then(|| client.ask(&calls::me(Who::Bot)));
    let bot = &bot;
    map_concurrently(outgoing, parallel, |outgoing| {
        if brake.is_on() {
            return SendResult::Untried;
        }
        let sent = match (&outgoing.to, bot) {
            (Address::Person(_), _) | (_, None) => send_to_any(client, outgoing, known),
            (Address::Space(_) | Address::Thread(_), Some(Ok(bot))) => send(client, &signed(outgoing, bot), known),
            (Address::Space(_) | Address::Thread(_), Some(Err(error))) => {
                SendResult::Later(error.clone(), outgoing.begun)
            }
        };
        match &sent {
            SendResult::Later(error, _) if error.affects_all_calls() => brake.stop(),
            SendResult::Refused(error) => drop(brake.refused(whom(outgoing), error)),
            SendResult::Nobody(_) => brake.unknown(whom(outgoing)),
            _ => {}
        }
        sent
    })
}

/// In a space, a bot can look up only messages that mention it: what it writes there is signed with its name.
fn signed(outgoing: &OutgoingMessage, bot: &Person) -> OutgoingMessage {
    let markdown = format!("{}\n\n<@personId:{}>", outgoing.markdown, bot.id);
    let fits = !bot.id.is_empty() && markdown.len() <= LONGEST;
    OutgoingMessage { markdown: if fits { markdown } else { outgoing.markdown.clone() }, ..outgoing.clone() }
}

fn whom(outgoing: &OutgoingMessage) -> &str {
    match &outgoing.to {
        Address::Person(to) | Address::Space(to) | Address::Thread(to) => to,
    }
}

/// Sends it to the current address, or otherwise to one under which Webex still knows that person.
fn send_to_any(client: &Client<'_>, outgoing: &OutgoingMessage, known: &Known<'_>) -> SendResult {
    let Address::Person(email) = &outgoing.to else { return send(client, outgoing, known) };
    let to = |email| OutgoingMessage { to: Address::Person(email), ..outgoing.clone() };
    // An earlier run may have sent it before the address changed.
    for email in outgoing.begun.then(|| (known.former)(email)).into_iter().flatten() {
        match find(client, &to(email), known) {
            Ok(Some(sent)) => return SendResult::Yes(sent),
            Ok(None) => {}
            Err(error) if error.kind == Kind::Refused => {}
            Err(error) => return SendResult::Later(error, true),
        }
    }
    let sent = send(client, outgoing, known);
    if !matches!(sent, SendResult::Nobody(_)) {
        return sent;
    }
    let others = (known.former)(email).into_iter().map(|email| send(client, &to(email), known));
    others.into_iter().find(|other| !matches!(other, SendResult::Nobody(_))).unwrap_or(sent)
}

fn send(client: &Client<'_>, outgoing: &OutgoingMessage, known: &Known<'_>) -> SendResult {
    let ended = "an earlier run ended while it was sending this";
    let mut doubt = outgoing.begun.then(|| Error::new(Kind::InDoubt, "POST /messages", ended));
    let mut tries = 0;
    // Each way out says how it ended: “sent” is reported after a success, and after nothing else.
    loop {
        if let Some(error) = doubt.take() {
            if tries == TRIES {
                return SendResult::Later(error, true);
            }
            match find(client, outgoing, known) {
                Ok(Some(sent)) => return SendResult::Yes(sent),
                Ok(None) => {}
                // It will not be looked up later either: better twice than never.
                Err(error) if error.kind == Kind::Refused && tries == 0 => {
                    let whom = match &outgoing.to {
                        Address::Person(email) => email,
                        Address::Space(_) => "the organizers' space, where it may be twice now,",
                        Address::Thread(_) => "a thread, where it may be twice now,",
                    };
                    let text = format!(
                        "what an earlier run may have sent to {whom} cannot be looked up, so it is sent: {error}"
                    );
                    client.warn_once(&format!("unseen {whom}"), &text);
                }
                Err(error) => return SendResult::Later(error, true),
            }
        }
        tries += 1;
        let call = calls::send(outgoing, (known.file)(outgoing));
        let error = match client.ask::<Message>(&call) {
            Ok(message) if !message.id.is_empty() => return SendResult::Yes(Sent::of(&message)),
            Ok(_) => no_answer(&call, "Webex's answer is not a message"),
            Err(error) => error,
        };
        match error.kind.outcome() {
            // The message that it answers may have been deleted: it is sent all the same.
            Outcome::Gone | Outcome::Refused if outgoing.parent.is_some() => {
                return send(client, &OutgoingMessage { parent: None, begun: false, ..outgoing.clone() }, known);
            }
            Outcome::Gone | Outcome::Refused => return refused(client, outgoing, error),
            // After a time-out, Webex may still be working on it.
            Outcome::InDoubt if error.kind == Kind::InDoubt && client.wait(FIRST_PAUSE * tries) => doubt = Some(error),
            Outcome::InDoubt => return SendResult::Later(error, true),
            Outcome::NotDone => return SendResult::Later(error, false),
        }
    }
}

/// Whether Webex refuses the message, or the address.
fn refused(client: &Client<'_>, outgoing: &OutgoingMessage, error: Error) -> SendResult {
    match &outgoing.to {
        Address::Person(_) if error.status == Some(404) || is_without_room(&error) => SendResult::Nobody(error),
        Address::Person(email) if !is_about_the_message(&error) && is_nobody(client, email) => {
            SendResult::Nobody(error)
        }
        Address::Person(_) | Address::Space(_) | Address::Thread(_) => SendResult::Refused(error),
    }
}

/// What Webex says if two people cannot have a space of their own, whatever the status.
fn is_without_room(error: &Error) -> bool {
    error.says(&["one on one conversation", "one-on-one conversation", "1:1 conversation"])
}

/// Whether Webex refuses the content of the message.
fn is_about_the_message(error: &Error) -> bool {
    error.says(&["card", "attachment", "markdown", "text", "message", "content", "too long", "json", "body", "field"])
}

/// Whether nobody has that address, as far as Webex can tell: it lists only people of the bot's own organization, so
/// that must be the organization of the organizer and of the address too.
fn is_nobody(client: &Client<'_>, email: &str) -> bool {
    let domain = |email: &str| email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let me = |who| client.ask::<Person>(&calls::me(who)).ok();
    let is_listed = || client.page::<Person>(&calls::people(email)).map_or(true, |people| !people.is_empty());
    if is_listed() {
        return false;
    }
    let (Some(bot), Some(organizer)) = (me(Who::Bot), me(Who::Organizer)) else { return false };
    let same_domain = organizer.emails.iter().any(|own| domain(own) == domain(email));
    !bot.org_id.is_empty() && bot.org_id == organizer.org_id && same_domain
}

/// Whether the message is already in its space: identified by its card's key, or otherwise by its words, unless it is
/// known to be a different one.
fn find(client: &Client<'_>, outgoing: &OutgoingMessage, known: &Known<'_>) -> Result<Option<Sent>, Error> {
    let call = match &outgoing.to {
        Address::Person(email) => calls::direct(email),
        Address::Space(room) | Address::Thread(room) => calls::mentions(room),
    };
    // The newest messages are enough: at the earliest, the previous run sent it.
    let messages = match client.page::<Message>(&call) {
        Ok(messages) => messages,
        // They have never written to each other, or the space does not exist.
        Err(error) if error.kind == Kind::Gone => return Ok(None),
        Err(error) if error.kind == Kind::Refused && is_without_room(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let since = outgoing.at - MOST_APART;
    // If Webex does not say when it was sent, it may have been just now.
    let is_recent = |message: &Message| message.created.is_none_or(|created| created >= since);
    let is_theirs = |message: &Message| {
        let author = message.person_email.to_lowercase();
        matches!(&outgoing.to, Address::Person(email) if **email == *author)
    };
    let may_be = |message: &Message| is_recent(message) && !is_theirs(message) && !(known.has_arrived)(&message.id);
    let same_words = |message: &Message| message.markdown == outgoing.markdown || message.text == outgoing.text;
    let same = |message: &&Message| match &outgoing.card {
        // If Webex does not show a card, only the words beside it remain.
        Some(_) if !message.attachments.iter().any(|it| it.content.is_object()) => {
            may_be(message) && same_words(message)
        }
        Some(card) => {
            // A card of the organizer's own has no key, and may have been sent before.
            let mark = outgoing.mark();
            let ours = |content: &Value| {
                mark.is_some_and(|mark| key_of(content) == Some(mark)) || (may_be(message) && content == card)
            };
            message.attachments.iter().any(|it| ours(&it.content))
        }
        None => may_be(message) && same_words(message),
    };
    Ok(messages.iter().find(same).map(Sent::of))
}
