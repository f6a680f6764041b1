//! Handles what people typed and tapped and what waits in the inbox, and finishes what events left undone. Knows the
//! order of these steps; `conversation` knows what an event means.

use anyhow::Result;

use crate::app::context::Context;
use crate::app::exit_status::{Partly, is_unsafe, left_for_later, not_known};
use crate::app::inbox_worker::{WorkSummary, Worker, work_through};
use crate::app::look_back::look_back;
use crate::app::{handle_event, leftovers};
use crate::domain::text::counted;
use crate::store::config::Config;
use crate::store::inbox::Inbox;

/// Looks for what was typed since the last look, and handles it together with what waits in the inbox: so a programme
/// works without a listener. Returns whether anything was found.
///
/// # Errors
/// Something is left, or it could not look.
pub(crate) fn look_and_handle(ctx: &Context<'_>, config: &Config, inbox: &Inbox) -> Result<bool> {
    // Without a bot nobody could write to it.
    let is_asked = config.webex.bot_token.read().is_ok();
    let looked = if is_asked { look_back(ctx, config, inbox) } else { Ok(0) };
    let found = looked.as_ref().is_ok_and(|found| *found > 0);
    let handled = handle(ctx, config, inbox);
    looked.map_err(left_for_later).and(handled).map(|()| found)
}

/// Handles what waits in the inbox.
///
/// # Errors
/// Something is left.
pub(crate) fn handle(ctx: &Context<'_>, config: &Config, inbox: &Inbox) -> Result<()> {
    let waiting = inbox.list()?.len();
    let mut worker = Worker {
        handle: &mut |events| handle_event::handle(ctx, config, events),
        say: &|line| ctx.say(line),
        time: &|| ctx.time(),
        go_on: &|| true,
    };
    let pass = work_through(inbox, &ctx.holder("handle-action"), ctx.wait(), &mut worker)?;
    let handled = waiting.saturating_sub(pass.left);
    let left = if pass.blocked { Ok(()) } else { leftovers::see_to(ctx, config) };
    ctx.set_summary(format_args!("handled {handled}"));
    report(ctx, pass)?;
    left
}

/// Reports what is left, and why.
fn report(ctx: &Context<'_>, pass: WorkSummary) -> Result<()> {
    let WorkSummary { left, why, .. } = pass;
    let Some(why) = why.filter(|_| left > 0) else { return Ok(()) };
    if not_known(&why).is_some() || is_unsafe(&why) {
        return Err(why);
    }
    let events = counted(left, "event is", "events are");
    let config = ctx.with_config();
    let hint = format!("handle what is left with: roulette{config} handle-action");
    let what = format!("{events} left for later: {why:#}");
    let about = left_for_later(why).downcast_ref::<Partly>().and_then(|partly| partly.about);
    Err(Partly { what, hint, organizers_know: false, about }.into())
}
