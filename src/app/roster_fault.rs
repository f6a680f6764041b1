//! What is said if the roster's file has a fault and the last good roster is used: on stderr, through the exit status,
//! and to the organizers' space, at once and then once a day.

use std::sync::Mutex;

use anyhow::Result;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::context::Context;
use super::deliver::Messenger;
use super::exit_status::Partly;
use super::session::{Access, Inputs, StoredState};
use crate::domain::conversation::{AddressedMessage, Recipient};
use crate::domain::message::BotMessage;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::state::State;
use crate::domain::state::outbox::{Kind, OutgoingMessage};
use crate::domain::text::rfc3339;
use crate::domain::zone::Zone;
use crate::parallel::lock;
use crate::show::text::harmless;
use crate::store::Faults;

/// How many faults the organizers' space is told in full.
const TOLD: usize = 5;

/// A roster file with a fault, and the roster that is used instead.
#[derive(Debug)]
pub(crate) struct RosterFault {
    pub(crate) faults: Faults,
    /// Since when the last good roster has been as it is.
    pub(crate) since: DateTime<Utc>,
}

impl RosterFault {
    /// Reports it on stderr, once if many events follow each other, and makes the run end as partly done.
    pub(super) fn tell(&self, ctx: &Context<'_>, access: Access) {
        static LAST: Mutex<String> = Mutex::new(String::new());
        let since = rfc3339(self.since);
        let text = format!(
            "warning: {}\nwarning: the last good roster, of {since}, is used instead: nobody leaves \
                because of a fault in a file",
            self.faults
        );
        let mut last = lock(&LAST);
        if !matches!(access, Access::Event) || *last != text {
            text.lines().for_each(|line| ctx.say(harmless(line)));
            *last = text;
        }
        let first = self.faults.faults.first().filter(|_| ctx.is_stage());
        let why = first.map(|fault| format!(": {}", fault.in_file(self.file().as_ref()))).unwrap_or_default();
        let what = format!("{} has a fault, so the last good roster, of {since}, was used{why}", self.file());
        let check = || format!("correct it; see what is wrong with: roulette{} roster check", ctx.with_config());
        let hint = self.faults.hint.clone().unwrap_or_else(check);
        ctx.end_with(Partly { what, hint, organizers_know: true, about: None });
    }

    fn file(&self) -> String {
        self.faults.file.display().to_string()
    }

    /// The subject of the report: a fault that reads differently is another one.
    fn about(&self) -> String {
        let words: String = self.faults.to_string().chars().filter(|it| !it.is_ascii_digit()).collect();
        let digest = Sha256::digest(words.as_bytes());
        format!("roster {:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3])
    }

    fn message(&self, zone: Zone) -> BotMessage {
        let Faults { file, faults, more, hint } = &self.faults;
        // A path says more than the organizers' space needs to know.
        let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.display().to_string());
        let told = faults.iter().take(TOLD).map(|fault| fault.in_file(name.as_ref())).chain(hint.clone());
        BotMessage::RosterFault {
            faults: told.map(|fault| Sanitized::sentence(&fault)).collect(),
            more: more + faults.len().saturating_sub(TOLD),
            since: self.since.with_timezone(&zone).date_naive(),
        }
    }
}

/// Records for the organizers' space that the roster has a fault, unless they heard about this one today.
///
/// # Errors
/// All faults of the organizer's own cards; the state cannot be saved.
pub(crate) fn tell_organizers(ctx: &Context<'_>, inputs: &Inputs, stored: &mut StoredState) -> Result<()> {
    let Some(fault) = inputs.roster_fault.as_ref().filter(|_| stored.locked().is_some()) else { return Ok(()) };
    let today = inputs.config.meeting.date_at(ctx.now);
    let about = fault.about();
    if stored.state.was_told(Kind::RosterFault, &about, None).is_some_and(|on| on >= today) {
        return Ok(());
    }
    let addressed =
        AddressedMessage { to: Recipient::Organizers, message: fault.message(inputs.config.meeting.timezone) };
    // It may be fixed and occur again on the same day.
    let key = format!("{}:{}", Kind::RosterFault.name(), ctx.now.timestamp());
    let Some(message) = Messenger::open(inputs)?.outgoing(ctx, &stored.state, key, &addressed) else { return Ok(()) };
    clear_reported(&mut stored.state);
    stored.state.outbox.push(message);
    stored.state.mark_told(Kind::RosterFault, &about, None, today);
    stored.save()
}

/// The same for a run that sends nothing else: it is sent at once, if the bot is known.
///
/// # Errors
/// As [`tell_organizers`].
pub(crate) fn tell_organizers_at_once(ctx: &Context<'_>, inputs: &Inputs, stored: &mut StoredState) -> Result<()> {
    tell_organizers(ctx, inputs, stored)?;
    let waits = stored.state.outbox.iter().any(|message| is_ours(message) && !message.begun);
    if inputs.roster_fault.is_none() || !waits || stored.locked().is_none() {
        return Ok(());
    }
    let client = ctx.webex(&inputs.config)?;
    let sent = Messenger::open(inputs)?.deliver(ctx, &client, stored)?;
    if let Some(error) = sent.why {
        ctx.say(harmless(&format!("warning: the organizers' space is not told yet: {error}")));
    }
    Ok(())
}

/// Forgets that the organizers' space was told about a fault, now that there is none; returns whether there was one.
pub(super) fn clear_reported(state: &mut State) -> bool {
    let before = (state.told.len(), state.outbox.len());
    state.told.retain(|told| told.kind != Kind::RosterFault);
    drop_unsent(state);
    before != (state.told.len(), state.outbox.len())
}

/// Removes what was not sent and is no longer true, or is told again.
fn drop_unsent(state: &mut State) {
    state.outbox.retain(|message| message.begun || !is_ours(message));
}

fn is_ours(message: &OutgoingMessage) -> bool {
    message.key.starts_with("roster-fault:")
}
