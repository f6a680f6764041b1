//! `schedule`: makes the bookings at Webex match the plan, or takes over what is booked after the state was lost.

use std::io::Write;

use anyhow::Result;

use crate::app::adopt_meetings;
use crate::app::context::{Context, stdout};
use crate::app::session::{Access, Session};
use crate::app::stages::bookings::book;
use crate::cli;
use crate::domain::journal::of_adoption;
use crate::domain::scheduling::adopt;
use crate::domain::text::counted;
use crate::show::adoption;
use crate::store::config::Config;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Schedule) -> Result<()> {
    let mut session = Session::open_to_decide(ctx, Access::Book("schedule").unless(args.dry_run))?;
    if args.adopt { adopt(ctx, args, session) } else { book(ctx, args, &mut session) }
}

/// Takes over what is at Webex, after the state was lost.
fn adopt(ctx: &Context<'_>, args: &cli::Schedule, mut session: Session) -> Result<()> {
    let Session { inputs, stored } = &mut session;
    let client = ctx.webex(&inputs.config)?;
    let found = adopt_meetings::find_all(ctx, inputs, &client)?;
    let Config { meeting, programme, .. } = &inputs.config;
    let is_lost = stored.state.has_booked_nothing();
    let adoption = if is_lost {
        adopt::adopt(&stored.state, meeting, &programme.name, found, ctx.now)
    } else {
        adopt::adopt_strays(&stored.state, &inputs.roster, (meeting, &programme.name), found, ctx.now)
    };
    if adoption.meetings.is_empty() && adoption.unclear.is_empty() && !is_lost {
        ctx.say("nothing to take over: the state already knows the meetings that were booked");
        return Ok(());
    }
    let shown =
        adoption::Shown { adoption: &adoption, roster: &inputs.roster, timezone: meeting.timezone, now: ctx.now };
    let (mut out, width) = stdout();
    adoption::write(&shown, args.format, width, &mut out)?;
    out.flush()?;
    if !adoption.meetings.is_empty() {
        ctx.say("Webex does not know about pauses, wishes and who left for good: people must tell the bot again");
    }
    if args.dry_run {
        ctx.say("dry run: nothing is done");
        return Ok(());
    }
    if adoption.meetings.is_empty() {
        return Ok(());
    }
    adoption.apply(&mut stored.state, &inputs.roster, &inputs.rules, meeting, ctx.now);
    stored.journal.note(of_adoption(&adoption.meetings, &stored.state, ctx.now));
    stored.save()?;
    let count = adoption.meetings.len();
    let meetings = counted(count, "meeting", "meetings");
    ctx.say(format_args!("took over {meetings}\nhint: draw what is missing with: roulette{} pair", ctx.with_config()));
    Ok(())
}
