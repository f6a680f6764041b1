//! Brings the rounds ahead in line with roster, wishes and config, and saves what else follows from the roster alone.

use anyhow::Result;

use crate::app::context::Context;
use crate::app::exit_status::Refused;
use crate::app::roster_fault;
use crate::app::session::Session;
use crate::show;

/// Brings the rounds ahead in line. A dry run leaves the session as if that were saved.
///
/// # Errors
/// The roster has lost too many people, or the state cannot be saved.
pub(crate) fn bring_in_line(ctx: &Context<'_>, session: &mut Session) -> Result<()> {
    session.warn_of_suspects(ctx);
    roster_fault::tell_organizers_at_once(ctx, &session.inputs, &mut session.stored)?;
    let replan = session.bring_in_line(ctx, false).map_err(Refused)?;
    let sentences = show::replan::sentences(&replan, &session.people());
    ctx.set_summary(match sentences.len() {
        0 => "in line".to_owned(),
        1 => "1 change".to_owned(),
        changes => format!("{changes} changes"),
    });
    sentences.iter().for_each(|line| ctx.say(line));
    let Session { inputs, stored } = session;
    stored.changed |= replan.changes();
    stored.save_if_changed()?;
    inputs.keep_as_last_good(ctx, stored)
}
