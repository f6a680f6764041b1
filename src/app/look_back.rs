//! What was typed while nobody listened: read back from the rooms that the bot has with one person each, and put into the
//! inbox, where it is handled like everything else, once. What was tapped cannot be read back.
//! Knows whom to ask and how far back; knows nothing of what is said.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::context::Context;
use super::deliver::Messenger;
use super::session::{Access, Session};
use crate::domain::conversation;
use crate::domain::state::State;
use crate::domain::state::outbox::{HandledEvent, KNOWN};
use crate::store::config::Config;
use crate::store::heard::{self, Way};
use crate::store::inbox::Inbox;
use crate::store::state::file;
use crate::webex::calls::{self, Who};
use crate::webex::client::Client;
use crate::webex::error::Error;
use crate::webex::meetings::all;
use crate::webex::wire::{Message, Person, Room};

/// So far it is looked back where nobody ever looked.
const FIRST: TimeDelta = TimeDelta::days(1);
/// Webex's clock is another than ours: somewhat further back, for what is known is not handled again.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// What happened in so long Webex delivers later.
const DELIVERED_LATER: TimeDelta = TimeDelta::minutes(15);
/// Pages of rooms, and of what was written in one, that are read at most.
const MOST_PAGES: usize = 10;

/// Looks at what was typed since it was last looked, and not heard: how much was found.
///
/// # Errors
/// Webex cannot be asked, or it cannot be kept: to be tried again.
pub(crate) fn look_back(ctx: &Context<'_>, config: &Config, inbox: &Inbox) -> Result<usize> {
    let ctx = &ctx.afresh();
    let looked = heard::last(&config.programme.state, Way::Looked);
    let last = looked.unwrap_or(ctx.now - FIRST).min(ctx.now);
    // Of what is longer ago, nobody can tell whether it was handled.
    let since = (last - OVERLAP).max(ctx.now - KNOWN + OVERLAP);
    let client = ctx.webex(config)?;
    let typed = typed(&client, since, config.webex.parallel)?;
    let known = file::read(&config.programme.state)?;
    let new: Vec<&Message> = typed.iter().filter(|it| !known.is_handled(&format!("messages:{}", it.id))).collect();
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
    heard::keep(&config.programme.state, Way::Looked, ctx.now)?;
    if found > 0 {
        let messages = if found == 1 { "1 message".to_owned() } else { format!("{found} messages") };
        ctx.say(format_args!("{messages} found that nobody heard when they were typed"));
    }
    Ok(found)
}

/// Once what was typed is handled: whoever has an open question gets it again, for what they tapped is lost, and the
/// organizers' space hears how long nobody was heard. Once for each such time, and not where Webex delivers it later.
///
/// # Errors
/// It cannot be kept or sent yet: to be tried again.
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
    let said = conversation::ask_again(&mut stored.state, messenger.setting(ctx), heard);
    messenger.queue(ctx, &mut stored.state, &id(heard), &said);
    stored.state.handled.push(HandledEvent { id: id(heard).into(), at: ctx.now });
    let client = ctx.webex(&inputs.config)?;
    messenger.deliver(ctx, &client, &mut stored).map(drop)
}

fn id(heard: DateTime<Utc>) -> String {
    format!("unheard:{}", heard.timestamp())
}

/// What people wrote to the bot since then, the oldest first.
fn typed(client: &Client<'_>, since: DateTime<Utc>, parallel: usize) -> Result<Vec<Message>, Error> {
    let is_new = |at: Option<DateTime<chrono::FixedOffset>>| at.is_none_or(|at| at >= since);
    let listed = calls::direct_rooms();
    // The newest come first.
    let (rooms, is_whole) = client.list_while(&listed, MOST_PAGES, |rooms: &[Room]| {
        rooms.last().is_some_and(|room| is_new(room.last_activity))
    })?;
    if !is_whole {
        client.warn_once("rooms", "more people wrote than can be looked at: what the others typed is not read");
    }
    let rooms: Vec<Room> = rooms.into_iter().filter(|room| !room.id.is_empty() && is_new(room.last_activity)).collect();
    if rooms.is_empty() {
        return Ok(Vec::new());
    }
    let me: Person = client.ask(&calls::me(Who::Bot))?;
    let read = all(&rooms, parallel, |room| {
        let call = calls::messages_in(&room.id);
        let messages = client.list_while(&call, MOST_PAGES, |messages: &[Message]| {
            messages.last().is_some_and(|message| is_new(message.created))
        });
        messages.map(|(messages, _)| messages)
    });
    let mut typed = Vec::new();
    for messages in read {
        // Of the same moment, the one that is listed last was first.
        typed.extend(messages?.into_iter().rev().filter(|message| {
            let is_own = message.person_id == me.id || me.emails.contains(&message.person_email);
            !is_own && !message.id.is_empty() && message.created.is_some_and(|at| at >= since)
        }));
    }
    typed.sort_by_key(|message| message.created);
    Ok(typed)
}
