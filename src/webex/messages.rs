//! Sends parcels, each exactly once: what may have been sent is looked up where it would be before it is sent again.
//! Knows the calls and what their failures mean; knows no state and prints nothing.

use std::thread;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;

use super::calls;
use super::client::Client;
use super::error::{Error, Kind};
use super::meetings::all;
use super::wire::{Message, Page, Person};
use crate::domain::message::render::key_of;
use crate::domain::state::outbox::{Address, OutgoingMessage};

/// The retry budget of a message: it is tried at most this often in a run.
const TRIES: u32 = 3;
/// The backoff after the first try that is in doubt; after each further one, it is longer by as much.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// How the sending of a parcel ended.
#[derive(Debug)]
pub enum SendResult {
    /// It is there.
    Yes,
    /// Webex will not take it.
    Refused(Error),
    /// Webex does not know whom it is for.
    Nobody(Error),
    /// Nobody can tell whether it is there: in a space, a bot cannot look its own messages up.
    Unknown(Error),
    /// Not yet; whether it may have been sent after all.
    Later(Error, bool),
}

/// Sends the parcels, `parallel` at once; how each ended, in their order.
pub fn send_all(client: &Client<'_>, parcels: &[OutgoingMessage], parallel: usize) -> Vec<SendResult> {
    all(parcels, parallel, |parcel| send(client, parcel))
}

fn send(client: &Client<'_>, parcel: &OutgoingMessage) -> SendResult {
    let mut doubt = parcel.begun.then(|| Error {
        kind: Kind::InDoubt,
        call: "POST /messages".to_owned(),
        message: "an earlier run was ended while it sent this".to_owned(),
        tracking_id: None,
    });
    let mut tries = 0;
    // Each way out says how it ended: “sent” is said after a success, and after nothing else.
    loop {
        if let Some(error) = doubt.take() {
            let Address::Person(email) = &parcel.to else { return SendResult::Unknown(error) };
            if tries == TRIES {
                return SendResult::Later(error, true);
            }
            match is_there(client, email, parcel) {
                Ok(true) => return SendResult::Yes,
                Ok(false) => {}
                Err(error) => return SendResult::Later(error, true),
            }
        }
        tries += 1;
        let Err(error) = client.ask::<Message>(&calls::send(parcel)) else { return SendResult::Yes };
        match error.kind {
            Kind::InDoubt => {
                thread::sleep(FIRST_PAUSE * tries);
                doubt = Some(error);
            }
            Kind::TimedOut if matches!(parcel.to, Address::Space(_)) => return SendResult::Unknown(error),
            Kind::TimedOut => return SendResult::Later(error, true),
            Kind::Gone | Kind::Refused => return refused(client, parcel, error),
            Kind::Login | Kind::Bot | Kind::Busy(_) | Kind::NotDone => return SendResult::Later(error, false),
        }
    }
}

/// Whether it is the message that Webex will not take, or the address.
fn refused(client: &Client<'_>, parcel: &OutgoingMessage, error: Error) -> SendResult {
    let is_nobody = |email: &str| client.ask::<Page<Person>>(&calls::people(email)).is_ok_and(|it| it.items.is_empty());
    match &parcel.to {
        Address::Person(email) if is_nobody(email) => SendResult::Nobody(error),
        Address::Person(_) | Address::Space(_) => SendResult::Refused(error),
    }
}

/// Whether the parcel lies in the space of the bot and that person: by its card's key, or else by its words.
fn is_there(client: &Client<'_>, email: &str, parcel: &OutgoingMessage) -> Result<bool, Error> {
    // The newest are enough: it was sent by the run before at the earliest.
    let messages = match client.ask::<Page<Message>>(&calls::direct(email)) {
        Ok(page) => page.items,
        // They never wrote each other.
        Err(error) if error.kind == Kind::Gone => return Ok(false),
        Err(error) => return Err(error),
    };
    let since = parcel.at - TimeDelta::minutes(5);
    let same = |message: &Message| match &parcel.card {
        Some(card) => {
            // A card of the organizer's own has no key, and may have been sent before, months ago.
            let is_recent = message.created >= since;
            let ours = |content: &Value| key_of(content) == Some(&*parcel.key) || (is_recent && content == card);
            message.attachments.iter().any(|it| ours(&it.content))
        }
        None => message.created >= since && (message.markdown == parcel.markdown || message.text == parcel.text),
    };
    Ok(messages.iter().any(same))
}
