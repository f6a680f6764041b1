//! `schedule`: makes what is booked at Webex what is planned, shown first, each meeting exactly once.

use std::io::Write;

use anyhow::Result;
use serde_json::Value;

use crate::app::apply_schedule::{Tally, Wishes, calls_of, carry_out, report, sketch, tell_of_refused_moves};
use crate::app::context::{Context, stdout};
use crate::app::exit_status::Refused;
use crate::app::session::Office;
use crate::cli;
use crate::domain::scheduling::{Schedule, Seen, Sketch, Step};
use crate::domain::state::State;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::people::People;
use crate::show::schedule::{self, Shown};
use crate::store::state::file;
use crate::webex::calls::Call;
use crate::webex::client::Client;
use crate::webex::meetings;

pub(super) fn run(desk: &Context<'_>, args: &cli::Schedule) -> Result<()> {
    let (mut office, opened) = desk.open_with(|config| {
        let path = &config.programme.state;
        if args.dry_run {
            return file::read(path).map(|state| (None, state));
        }
        let opened = file::open_locked(path, &desk.holder("schedule"), desk.wait());
        opened.map(|(locked, state)| (Some(locked), state))
    })?;
    let (locked, mut state) = opened?;
    office.respect(&state);
    let mut client = None;
    let schedule = {
        let (people, booked) = (People::new(&state, &office.roster), Bookings::new(&state));
        let wish = Wishes { through: args.through, rebook: args.rebook, retry: args.retry, as_drawn: false };
        let sketch = sketch(desk, wish, &office, &state, &people, &booked);
        let seen = look_up(desk, args, &office, &sketch, &mut client)?;
        sketch.schedule(seen.as_ref())
    };
    let calls = calls_of(&schedule, &state);
    show(&office, args, &schedule, &calls, &state)?;
    if !args.allow_many_cancellations {
        schedule.check().map_err(Refused)?;
    }
    let Some(locked) = locked else {
        desk.say("dry run: nothing is done");
        return Ok(());
    };
    if schedule.changes() {
        schedule.settle(&mut state, desk.now);
        if schedule.steps.is_empty() {
            locked.save(&state)?;
        }
    }
    let steps: Vec<(&Step, Call)> = schedule.steps.iter().zip(calls).collect();
    let tally = if steps.is_empty() {
        Tally::default()
    } else {
        let client = client.map_or_else(|| desk.webex(&office.config), Ok)?;
        carry_out(desk, &client, &steps, &office, &locked, &mut state)?
    };
    tell_of_refused_moves(desk, &office, &locked, &mut state, &tally)?;
    report(desk, &office, &schedule, tally, &state)
}

/// Looks up what is at Webex, if anything may be. A dry run can do without a login.
fn look_up<'a>(
    desk: &'a Context<'_>,
    args: &cli::Schedule,
    office: &'a Office,
    sketch: &Sketch<'_>,
    client: &mut Option<Client<'a>>,
) -> Result<Option<Seen>> {
    if sketch.lookups().is_empty() {
        return Ok(Some(Seen::default()));
    }
    if args.dry_run && !desk.is_logged_in(&office.config) {
        desk.say("warning: nobody is logged in, so that what is at Webex already is not looked up");
        return Ok(None);
    }
    let client = client.insert(desk.webex(&office.config)?);
    let seen = meetings::look_up(client, sketch, office.config.webex.parallel)?;
    desk.detail("looked up what is at Webex");
    Ok(Some(seen))
}

fn show(office: &Office, args: &cli::Schedule, schedule: &Schedule, calls: &[Call], state: &State) -> Result<()> {
    let calls: Vec<(String, Option<Value>)> = calls.iter().map(|call| (call.line(), call.body.clone())).collect();
    let people = People::new(state, &office.roster);
    let shown = Shown { schedule, calls: &calls, people: &people, timezone: office.config.meeting.timezone };
    let (mut out, width) = stdout();
    schedule::write(&shown, args.format, width, &mut out)?;
    out.flush()?;
    Ok(())
}
