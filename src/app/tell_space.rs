//! What the organizers' space is told at once, bypassing the state: the state itself may have the fault.

use anyhow::Result;

use super::context::Context;
use crate::domain::journal::{Did, Entry};
use crate::domain::message::BotMessage;
use crate::domain::message::render::{Cards, render};
use crate::domain::state::outbox::{Address, OutgoingMessage};
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::journal;
use crate::webex::brake::Brake;
use crate::webex::messages::{self, Known, SendResult};

/// The result of a message to the organizers' space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpaceTold {
    /// It has arrived in the space.
    Yes,
    /// It may have arrived: it is looked up before it is sent again.
    InDoubt,
    /// It will never arrive.
    Refused,
    /// It can be sent later.
    NotYet,
}

/// Sends it to the organizers' space at once; what may already be there is looked up first.
///
/// # Errors
/// The message cannot be made.
pub(crate) fn to_space(
    ctx: &Context<'_>,
    config: &Config,
    message: &BotMessage,
    (about, may_be_there): (&str, bool),
) -> Result<SpaceTold> {
    let key = format!("{about}:{}", ctx.now.timestamp());
    let rendered = render(message, config.programme.language, &Cards::load(None)?, &key);
    let outgoing = OutgoingMessage {
        key,
        to: Address::Space(config.webex.report_room.as_str().into()),
        at: ctx.now,
        not_before: None,
        timed: None,
        parent: None,
        begun: may_be_there,
        markdown: rendered.markdown,
        text: rendered.text,
        card: None,
        asks: None,
    };
    let known = Known { former: &|_| Vec::new(), has_arrived: &|_| false, file: &|_| None };
    let client = ctx.webex(config)?;
    let sent = messages::send_all(&client, &[outgoing], 1, &Brake::default(), &known).pop();
    Ok(match sent {
        Some(SendResult::Later(error, begun)) => {
            ctx.say(harmless(&format!("warning: the organizers' space is not told yet: {error}")));
            if begun { SpaceTold::InDoubt } else { SpaceTold::NotYet }
        }
        Some(SendResult::Refused(error) | SendResult::Nobody(error)) => {
            ctx.say(harmless(&format!("warning: the organizers' space cannot be told: {error}")));
            SpaceTold::Refused
        }
        Some(SendResult::Yes(sent)) => {
            let entry = Entry {
                by: if about == "chosen" { "init" } else { "run" }.to_owned(),
                about: Some(about.to_owned()),
                id: sent.id.map(String::from),
                ..Entry::new(ctx.now, Did::Sent)
            };
            // Nothing depends on the journal.
            let kept = journal::add(&config.programme.state, &[entry]);
            let _ = kept.inspect_err(|error| ctx.say(format_args!("warning: the journal is not complete: {error:#}")));
            SpaceTold::Yes
        }
        Some(SendResult::Untried) | None => SpaceTold::NotYet,
    })
}
