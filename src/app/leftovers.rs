//! What events left undone: agreed times that Webex does not have yet, unanswered suggestions, and answers that could
//! not be sent. Whatever runs next finishes it, without an event of its own.

use anyhow::Result;

use super::apply_schedule::move_agreed;
use super::context::Context;
use super::deliver::{Messenger, report};
use super::handle_event::tell_of_changes;
use super::session::{Access, Session};
use crate::domain::conversation;
use crate::domain::state::State;
use crate::domain::state::bookings::Booking;
use crate::store::config::Config;
use crate::store::state::file;

/// Finishes what was left undone, if anything was.
///
/// # Errors
/// Something is still left; the state cannot be opened.
pub(crate) fn see_to(ctx: &Context<'_>, config: &Config) -> Result<()> {
    let ctx = &ctx.afresh();
    // If nothing is left, nothing is locked and no roster is read.
    if !is_left(ctx, &file::read(&config.programme.state)?) {
        return Ok(());
    }
    let Session { inputs, mut stored } = Session::open(ctx, Access::Event)?;
    if !is_left(ctx, &stored.state) {
        return Ok(());
    }
    let late = move_agreed(ctx, &inputs, &mut stored).err();
    let messenger = Messenger::open(&inputs)?;
    let expired = conversation::expire(&mut stored.state, messenger.setting(ctx)).messages;
    messenger.queue(ctx, &mut stored.state, &format!("expired:{}", ctx.now.timestamp()), &expired);
    tell_of_changes(ctx, &messenger, &inputs, &mut stored.state, None);
    let client = ctx.webex(&inputs.config)?;
    let delivered = messenger.deliver(ctx, &client, &mut stored)?;
    report(ctx, delivered)?;
    late.map_or(Ok(()), Err)
}

/// Whether anything was left undone.
pub(crate) fn is_left(ctx: &Context<'_>, state: &State) -> bool {
    let is_late = |booking: &Booking| booking.proposal.as_ref().is_some_and(|proposal| proposal.expires <= ctx.now);
    let is_owed = |booking: &Booking| booking.is_move_pending(ctx.now) || booking.is_move_void(ctx.now);
    state.bookings.iter().any(|booking| is_owed(booking) || is_late(booking))
        || state.outbox.iter().any(|message| message.timed.is_none() && message.is_due(ctx.now))
}
