//! What was typed while nobody listened: read back from the bot's one-to-one rooms and put into the inbox, where it is
//! handled once like everything else. What was tapped cannot be recovered. Knows whom to ask and how far back; does not
//! know what is said.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::context::Context;
use super::deliver::Messenger;
use super::programmes;
use super::session::{Access, Session};
use crate::domain::conversation;
use crate::domain::state::State;
use crate::domain::state::outbox::{Address, HandledEvent, KNOWN};
use crate::domain::text::counted;
use crate::parallel::map_concurrently;
use crate::store::config::Config;
use crate::store::heard::{self, Mark};
use crate::store::inbox::Inbox;
use crate::store::state::file;
use crate::webex::calls::{self, Who};
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::wire::{Message, Person, Room};

/// How far it looks back if nobody has ever looked.
const FIRST: TimeDelta = TimeDelta::days(1);
/// Webex's clock differs from ours: it looks back a little further, because what is known is not handled again.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// Webex still delivers what happened within this time.
const DELIVERED_LATER: TimeDelta = TimeDelta::minutes(15);
/// The most pages of rooms, and of messages in a room, that are read.
const MOST_PAGES: usize = 100;

/// Looks for what was typed since the last look and not heard; returns how much was found.
///
/// # Errors
/// Webex cannot be asked, or the result cannot be saved: to be tried again.
pub(crate) fn look_back(ctx: &Context<'_>, config: &Config, inbox: &Inbox) -> Result<usize> {
    let ctx = &ctx.afresh();
    let state = &config.programme.state;
    let last = |way| heard::last_before(state, way, ctx.now);
    let known = file::read(state)?;
    let looked = last(Mark::Looked).map(|looked| last(Mark::Read).map_or(looked, |read| read.min(looked)));
    let from = looked.or_else(|| last(Mark::Heard)).unwrap_or(ctx.now - FIRST);
    // A state that was restored from an older copy does not know what was read since.
    let from = known.saved.map_or(from, |saved| saved.min(from)).min(ctx.now);
    // For what is longer ago, nobody can tell whether it was handled.
    let since = (from - OVERLAP).max(ctx.now - KNOWN + OVERLAP);
    let client = ctx.webex(config)?;
    let Typed { messages: typed, until, is_whole } = typed(&client, since, config.webex.parallel)?;
    // What another programme on this bot has heard counts as heard.
    let others = programmes::on_the_same_bot(ctx, config);
    let others: Vec<State> = others.iter().filter_map(|other| other.state().ok()).collect();
    let is_handled = |id: &str| others.iter().chain([&known]).any(|state| state.is_handled(id));
    let new: Vec<&Message> = typed.iter().filter(|it| !is_handled(&format!("messages:{}", it.id))).collect();
    let mut found = 0;
    for (number, message) in new.iter().enumerate() {
        let data = json!({
            "id": message.id,
            "roomId": message.room_id,
            "roomType": "direct",
            "personId": message.person_id,
        });
        let body = json!({ "resource": "messages", "event": "created", "actorId": message.person_id, "data": data });
        // They wait in the order in which they were written.
        let at = ctx.now + TimeDelta::microseconds(number as i64);
        found += usize::from(inbox.put(body.to_string().as_bytes(), at)?);
    }
    if let Some(until) = until.filter(|_| is_whole) {
        heard::keep(state, Mark::Read, until)?;
    }
    heard::keep(state, Mark::Looked, ctx.now)?;
    if found > 0 {
        let messages = counted(found, "message was", "messages were");
        ctx.say(format_args!("{messages} found that could not be heard before"));
    }
    Ok(found)
}

/// Once what was typed is handled: whoever has an open question gets it again, because their taps are lost, and the
/// organizers' space is told how long nobody was heard. This happens once for each such time, and not if Webex still
/// delivers the events.
///
/// # Errors
/// It cannot be saved or sent yet: to be tried again.
pub(crate) fn ask_again(ctx: &Context<'_>, config: &Config, heard: DateTime<Utc>) -> Result<()> {
    let ctx = &ctx.afresh();
    let is_over = |state: &State| state.bookings.is_empty() || state.is_handled(&id(heard));
    if ctx.now - heard <= DELIVERED_LATER || is_over(&file::read(&config.programme.state)?) {
        return Ok(());
    }
    let Session { inputs, mut stored } = Session::open(ctx, Access::Event)?;
    if is_over(&stored.state) {
        return Ok(());
    }
    let messenger = Messenger::open(&inputs)?;
    let always_heard = !config.webhook.public_url.is_empty();
    let bare = if always_heard { ctx.now } else { heard + heard::LONG };
    let said = conversation::ask_again(&mut stored.state, messenger.setting(ctx), heard, bare);
    messenger.queue(ctx, &mut stored.state, &id(heard), &said);
    // They are asked when they work.
    let setting = messenger.setting(ctx);
    for message in stored.state.outbox.iter_mut().filter(|message| message.key.starts_with(&id(heard))) {
        if let Address::Person(email) = &message.to {
            message.not_before = conversation::due::works_from(setting, email);
        }
    }
    stored.state.handled.push(HandledEvent { id: id(heard).into(), at: ctx.now });
    let client = ctx.webex(&inputs.config)?;
    messenger.deliver(ctx, &client, &mut stored).map(drop)
}

fn id(heard: DateTime<Utc>) -> String {
    format!("unheard:{}", heard.timestamp())
}

/// What was read back.
struct Typed {
    /// The messages, the oldest first.
    messages: Vec<Message>,
    /// When something was last written anywhere, by Webex's clock.
    until: Option<DateTime<Utc>>,
    /// Whether everything could be read.
    is_whole: bool,
}

/// What people wrote to the bot since then.
fn typed(client: &Client<'_>, since: DateTime<Utc>, parallel: usize) -> Result<Typed, Error> {
    let is_new = |at: Option<DateTime<chrono::FixedOffset>>| at.is_none_or(|at| at >= since);
    let listed = calls::direct_rooms();
    // The newest come first.
    let (rooms, mut is_whole) = client.list_while(&listed, MOST_PAGES, |rooms: &[Room]| {
        rooms.last().is_some_and(|room| is_new(room.last_activity))
    })?;
    if !is_whole {
        client
            .warn_once("rooms", "more people wrote than roulette can look through: what the others typed is not read");
    }
    let until = rooms.iter().filter_map(|room| room.last_activity).max().map(|at| at.to_utc());
    let rooms: Vec<Room> = rooms.into_iter().filter(|room| !room.id.is_empty() && is_new(room.last_activity)).collect();
    if rooms.is_empty() {
        return Ok(Typed { messages: Vec::new(), until, is_whole });
    }
    let me: Person = client.ask(&calls::me(Who::Bot))?;
    let read = map_concurrently(&rooms, parallel, |room| {
        let call = calls::messages_in(&room.id);
        client.list_while(&call, MOST_PAGES, |messages: &[Message]| {
            messages.last().is_some_and(|message| is_new(message.created))
        })
    });
    let mut typed = Vec::new();
    for (room, messages) in rooms.iter().zip(read) {
        let messages = match messages {
            Ok((messages, true)) => messages,
            Ok((messages, false)) => {
                client.warn_once(
                    &room.id,
                    "somebody wrote more than roulette can look through: the oldest messages are not read",
                );
                messages
            }
            // One room that Webex does not show does not silence the others.
            Err(error) if matches!(error.kind, Kind::Refused | Kind::Gone) => {
                client.warn_once("room", &format!("what was typed in a room cannot be read and is skipped: {error}"));
                continue;
            }
            Err(error) => return Err(error),
        };
        // Of messages from the same moment, the one that is listed last was first.
        typed.extend(messages.into_iter().rev().filter(|message| {
            let is_own = message.person_id == me.id || me.emails.contains(&message.person_email);
            !is_own && !message.id.is_empty() && message.created.is_some_and(|at| at >= since)
        }));
    }
    typed.sort_by_key(|message| message.created);
    is_whole &= until.is_some();
    Ok(Typed { messages: typed, until, is_whole })
}
