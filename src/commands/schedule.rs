//! `schedule`: makes what is booked at Webex what is planned, shown first, each meeting exactly once.

use std::io::Write;

use anyhow::Result;
use serde_json::Value;

use crate::app::apply_schedule::{
    ScheduleOptions, StepCounts, calls_of, carry_out, desired, report, tell_of_refused_moves,
};
use crate::app::context::{Context, stdout};
use crate::app::exit_status::Refused;
use crate::app::session::Office;
use crate::cli;
use crate::domain::scheduling::{Desired, Observed, SchedulePlan, Step};
use crate::domain::state::State;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::people::People;
use crate::show::schedule::{self, Shown};
use crate::store::state::file;
use crate::webex::calls::Call;
use crate::webex::client::Client;
use crate::webex::meetings;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Schedule) -> Result<()> {
    let (mut office, opened) = ctx.open_with(|config| {
        let path = &config.programme.state;
        if args.dry_run {
            return file::read(path).map(|state| (None, state));
        }
        let opened = file::open_locked(path, &ctx.holder("schedule"), ctx.wait());
        opened.map(|(locked, state)| (Some(locked), state))
    })?;
    let (locked, mut state) = opened?;
    office.respect(&state);
    let mut client = None;
    let schedule = {
        let (people, booked) = (People::new(&state, &office.roster), Bookings::new(&state));
        let wish = ScheduleOptions { through: args.through, rebook: args.rebook, retry: args.retry, as_drawn: false };
        let desired = desired(ctx, wish, &office, &state, &people, &booked);
        let observed = look_up(ctx, args, &office, &desired, &mut client)?;
        desired.schedule(observed.as_ref())
    };
    let calls = calls_of(&schedule, &state);
    show(&office, args, &schedule, &calls, &state)?;
    if !args.allow_many_cancellations {
        schedule.check().map_err(Refused)?;
    }
    let Some(locked) = locked else {
        ctx.say("dry run: nothing is done");
        return Ok(());
    };
    if schedule.changes() {
        schedule.settle(&mut state, ctx.now);
        if schedule.steps.is_empty() {
            locked.save(&state)?;
        }
    }
    let steps: Vec<(&Step, Call)> = schedule.steps.iter().zip(calls).collect();
    let tally = if steps.is_empty() {
        StepCounts::default()
    } else {
        let client = client.map_or_else(|| ctx.webex(&office.config), Ok)?;
        carry_out(ctx, &client, &steps, &office, &locked, &mut state)?
    };
    tell_of_refused_moves(ctx, &office, &locked, &mut state, &tally)?;
    report(ctx, &office, &schedule, tally, &state)
}

/// Looks up what is at Webex, if anything may be. A dry run can do without a login.
fn look_up<'a>(
    ctx: &'a Context<'_>,
    args: &cli::Schedule,
    office: &'a Office,
    desired: &Desired<'_>,
    client: &mut Option<Client<'a>>,
) -> Result<Option<Observed>> {
    if desired.lookups().is_empty() {
        return Ok(Some(Observed::default()));
    }
    if args.dry_run && !ctx.is_logged_in(&office.config) {
        ctx.say("warning: nobody is logged in, so that what is at Webex already is not looked up");
        return Ok(None);
    }
    let client = client.insert(ctx.webex(&office.config)?);
    let observed = meetings::look_up(client, desired, office.config.webex.parallel)?;
    ctx.detail("looked up what is at Webex");
    Ok(Some(observed))
}

fn show(office: &Office, args: &cli::Schedule, schedule: &SchedulePlan, calls: &[Call], state: &State) -> Result<()> {
    let calls: Vec<(String, Option<Value>)> = calls.iter().map(|call| (call.line(), call.body.clone())).collect();
    let people = People::new(state, &office.roster);
    let shown = Shown { schedule, calls: &calls, people: &people, timezone: office.config.meeting.timezone };
    let (mut out, width) = stdout();
    schedule::write(&shown, args.format, width, &mut out)?;
    out.flush()?;
    Ok(())
}
