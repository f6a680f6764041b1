//! What an event means: what somebody typed to the bot or tapped on a card, and what is done about it.
//! Knows nothing of how events come or where they wait.

use anyhow::Result;
use serde_json::{Map, Value};

use super::apply_schedule::converge;
use super::context::Context;
use super::deliver::Mailroom;
use super::exit_status::not_known;
use crate::domain::conversation::{self, Follows, Heard, Setting, chat_command};
use crate::domain::message::render::action;
use crate::domain::state::State;
use crate::domain::state::outbox::Handled as Done;
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::state::file;
use crate::webex::calls::{self, Who};
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::wire::{Action, Event, Message, Person};

/// Of what is longer than an announcement can be, so much is kept to be shown again.
const LONGEST: usize = 4_000;

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Handled {
    /// It is done, and forgotten.
    Done,
    /// It is to be tried again, after the others that wait; says why.
    Later(String),
    /// It can never be done: it is set aside; says why.
    Never(String),
}

/// Handles one event: what everything before and after this is for.
///
/// The same event may come again after it was done, and after a crash half-way: what was done is not done twice.
///
/// # Errors
/// Something is in the way. The event is tried again; where it is a lock, or a token that Webex refuses, the others
/// that wait are not tried before that is over.
pub(crate) fn handle(desk: &Context<'_>, config: &Config, event: &Event) -> Result<Handled> {
    // The listener runs for weeks, and its roster and config change meanwhile.
    let desk = &desk.afresh();
    let client = desk.webex(config)?;
    let heard = match (event.resource.as_str(), event.event.as_str()) {
        ("messages", "created") => message(&client, event),
        ("attachmentActions", "created") => tapped(&client, event),
        (resource, event) => {
            return Ok(Handled::Never(format!("it tells of {resource} {event}, which nobody asked for")));
        }
    };
    let (who, said) = match heard {
        Ok(Some(heard)) => heard,
        Ok(None) => return Ok(Handled::Done),
        // It was deleted before it was read.
        Err(error) if error.kind == Kind::Gone => return Ok(Handled::Done),
        Err(error) if error.kind == Kind::Refused => return Ok(Handled::Never(error.to_string())),
        Err(error) if error.kind == Kind::NotDone => return Ok(Handled::Later(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    let (mut office, opened) = desk
        .open_with(|config| file::open_locked(&config.programme.state, &desk.holder("handle-action"), desk.wait()))?;
    let (locked, mut state) = opened?;
    // Else whoever writes would hear that they do not take part.
    if office.roster.employees.is_empty() {
        return Ok(Handled::Later(format!("the roster {} is empty", office.config.programme.roster.display())));
    }
    office.respect(&state);
    let id = format!("{}:{}", event.resource, event.data.id);
    let mailroom = Mailroom::open(&office)?;
    let mut meetings_change = false;
    if !state.is_handled(&id) {
        let Follows { mails, meetings_change: change, log } = follows(&mut state, mailroom.setting(desk), &who, &said);
        meetings_change = change;
        log.iter().for_each(|line| desk.say(harmless(line)));
        for (number, mail) in mails.iter().enumerate() {
            let parcel = mailroom.parcel(desk, &state, format!("{id}:{number}"), mail);
            state.outbox.extend(parcel);
        }
        state.handled.push(Done { id: id.into(), at: desk.now });
        state.forget_conversation(desk.now);
        locked.save(&state)?;
    }
    // From here on the event is done: what is left is left in the state, for this or any later run.
    if meetings_change && let Err(error) = converge(desk, &office, &locked, &mut state) {
        let hint = if not_known(&error).is_some() { "roulette auth" } else { "roulette schedule" };
        desk.say(harmless(&format!(
            "warning: the meetings are not changed at Webex yet: {error:#}; see to it with: {hint}"
        )));
    }
    mailroom.deliver(desk, &client, &locked, &mut state)?;
    Ok(Handled::Done)
}

fn follows(state: &mut State, setting: Setting<'_>, who: &Person, said: &Said) -> Follows {
    // Of several addresses, the one by which they are known here.
    let known = |email: &&String| {
        let email = email.to_lowercase();
        setting.organizer == Some(&*email) || setting.roster.employees.iter().any(|one| *one.email == *email)
    };
    let email = who.emails.iter().find(known).or(who.emails.first()).map_or("", String::as_str);
    let heard = match said {
        Said::Tapped(inputs) => meant(inputs),
        Said::Typed(text, bot) => {
            let own = email.to_lowercase();
            let writer = setting.roster.employees.iter().find(|one| *one.email == *own);
            let zone = writer.and_then(|one| one.timezone).unwrap_or(setting.meeting.timezone);
            let today = setting.now.with_timezone(&zone).date_naive();
            Heard::Typed(chat_command::understand(text, bot, today))
        }
    };
    let mut follows = conversation::expire(state, setting);
    let Follows { mails, meetings_change, log } = conversation::hear(state, setting, email, &heard);
    follows.mails.extend(mails);
    follows.log.extend(log);
    follows.meetings_change |= meetings_change;
    follows
}

/// What somebody did.
enum Said {
    /// The text, and the bot's name where it stands before it.
    Typed(String, String),
    /// What the card sends back.
    Tapped(Map<String, Value>),
}

/// Who wrote what to the bot; none where a bot wrote.
fn message(client: &Client<'_>, event: &Event) -> Result<Option<(Person, Said)>, Error> {
    let author: Person = client.ask(&calls::person(&event.data.person_id))?;
    if author.kind == "bot" {
        return Ok(None);
    }
    let message: Message = client.ask(&calls::message(&event.data.id))?;
    let bot = if message.room_type == "group" {
        client.ask::<Person>(&calls::me(Who::Bot))?.display_name
    } else {
        String::new()
    };
    Ok(Some((author, Said::Typed(message.text, bot))))
}

/// Who tapped what: asked of Webex, not believed of the event.
fn tapped(client: &Client<'_>, event: &Event) -> Result<Option<(Person, Said)>, Error> {
    let action: Action = client.ask(&calls::action(&event.data.id))?;
    let who: Person = client.ask(&calls::person(&action.person_id))?;
    if who.kind == "bot" {
        return Ok(None);
    }
    Ok(Some((who, Said::Tapped(action.inputs))))
}

/// What the inputs of a card mean. They come from outside: a key into our own state, and what was filled in.
fn meant(inputs: &Map<String, Value>) -> Heard {
    let at_most = |most: usize, name: &str| match inputs.get(name) {
        Some(Value::String(text)) => text.chars().take(most).collect(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let text = |name: &str| at_most(200, name);
    let announcement = || (at_most(LONGEST, "text"), at_most(2_000, "image"));
    let key = text("key");
    let number = || text("number").parse().unwrap_or(0);
    match text("action").as_str() {
        action::SUGGEST => Heard::Suggest(key),
        action::SEND => Heard::Send(key, text("date"), text("time")),
        action::YES => Heard::Yes(key, number()),
        action::NO => Heard::No(key, number()),
        action::SKIP => Heard::Skip(key),
        action::PAUSE => Heard::Pause(text("weeks").parse().unwrap_or(2)),
        action::MET => Heard::Met(key),
        action::NOT_YET => Heard::NotYet(key),
        action::COULD_NOT => Heard::CouldNot(key),
        action::ANNOUNCE => Heard::Announce(key),
        action::TEST => {
            let (text, image) = announcement();
            Heard::Test(text, image)
        }
        action::TELL_ALL => {
            let (text, image) = announcement();
            Heard::TellAll(text, image)
        }
        _ => Heard::Unknown,
    }
}
