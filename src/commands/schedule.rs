//! `schedule`: makes what is booked at Webex what is planned, shown first, each meeting exactly once.

use std::io::Write;

use anyhow::Result;
use serde_json::Value;

use crate::app::apply_schedule::{ScheduleOptions, apply, calls_of, desired};
use crate::app::context::{Context, stdout};
use crate::app::exit_status::Refused;
use crate::app::session::{Access, Inputs, Session};
use crate::cli;
use crate::domain::pairing::replan::Replan;
use crate::domain::scheduling::{Desired, Observed, SchedulePlan};
use crate::domain::state::State;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::people::People;
use crate::show::schedule::{self, Shown};
use crate::webex::calls::Call;
use crate::webex::client::Client;
use crate::webex::meetings;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Schedule) -> Result<()> {
    let mut session = Session::open(ctx, Access::unless(args.dry_run, "schedule"))?;
    let replan = session.bring_in_line(ctx, args.allow_many_cancellations).map_err(Refused)?;
    let Session { inputs, mut stored } = session;
    let mut client = None;
    let schedule = {
        let state = &stored.state;
        let (people, booked) = (People::new(state, &inputs.roster), Bookings::new(state));
        let options =
            ScheduleOptions { through: args.through, rebook: args.rebook, retry: args.retry, as_drawn: false };
        let desired = desired(ctx, options, &inputs, state, (&people, &booked, &replan));
        let observed = look_up(ctx, args, &inputs, &desired, &mut client)?;
        desired.schedule(observed.as_ref())
    };
    let calls = calls_of(&schedule, &stored.state, inputs.config.meeting.timezone);
    show(&inputs, args, &schedule, &calls, (&stored.state, &replan))?;
    if !args.allow_many_cancellations {
        schedule.check().map_err(Refused)?;
    }
    if args.dry_run {
        ctx.say("dry run: nothing is done");
        return Ok(());
    }
    if replan.changes() {
        stored.save()?;
    }
    apply(ctx, &schedule, calls, client, &inputs, &mut stored)
}

/// Looks up what is at Webex, if anything may be. A dry run can do without a login.
fn look_up<'a>(
    ctx: &'a Context<'_>,
    args: &cli::Schedule,
    inputs: &'a Inputs,
    desired: &Desired<'_>,
    client: &mut Option<Client<'a>>,
) -> Result<Option<Observed>> {
    if desired.lookups().is_empty() {
        return Ok(Some(Observed::default()));
    }
    if args.dry_run && !ctx.is_logged_in(&inputs.config) {
        ctx.say("warning: nobody is logged in, so that what is at Webex already is not looked up");
        return Ok(None);
    }
    let client = client.insert(ctx.webex(&inputs.config)?);
    let observed = meetings::look_up(client, desired, inputs.config.webex.parallel)?;
    ctx.detail("looked up what is at Webex");
    Ok(Some(observed))
}

fn show(
    inputs: &Inputs,
    args: &cli::Schedule,
    schedule: &SchedulePlan,
    calls: &[Call],
    (state, replan): (&State, &Replan),
) -> Result<()> {
    let calls: Vec<(String, Option<Value>)> = calls.iter().map(|call| (call.line(), call.body.clone())).collect();
    let people = People::new(state, &inputs.roster);
    let shown = Shown { schedule, calls: &calls, people: &people, replan, timezone: inputs.config.meeting.timezone };
    let (mut out, width) = stdout();
    schedule::write(&shown, args.format, width, &mut out)?;
    out.flush()?;
    Ok(())
}
