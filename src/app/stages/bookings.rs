//! Makes the bookings at Webex match the plan, shown first, each meeting exactly once. Knows the order of these steps:
//! brought in line, looked up, shown, checked, done.

use std::io::Write;

use anyhow::Result;
use serde_json::Value;

use crate::app::adopt_meetings::{self, UnknownMeetings};
use crate::app::apply_schedule::{ScheduleOptions, apply, calls_of, desired, report};
use crate::app::context::Context;
use crate::app::deliver::tell_if_unheard;
use crate::app::exit_status::{Refused, about_webex};
use crate::app::session::{Inputs, Session};
use crate::app::{host_limit, roster_fault};
use crate::cli;
use crate::domain::pairing::replan::Replan;
use crate::domain::scheduling::{Action, Desired, Observed, SchedulePlan, adopt};
use crate::domain::state::State;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::people::People;
use crate::show::schedule::{self, Shown};
use crate::store::config::Host;
use crate::webex::calls::Call;
use crate::webex::client::Client;
use crate::webex::meetings;

/// Books, moves and cancels what is due. A dry run leaves the session as if that were done.
///
/// # Errors
/// It is refused as unsafe, or something is left to do.
pub(crate) fn book(ctx: &Context<'_>, args: &cli::Schedule, session: &mut Session) -> Result<()> {
    session.stored.may_book()?;
    session.warn_of_suspects(ctx);
    roster_fault::tell_organizers_at_once(ctx, &session.inputs, &mut session.stored)?;
    let replan = session.bring_in_line(ctx, args.allow_many_changes).map_err(Refused)?;
    let Session { inputs, stored } = session;
    let inputs = &*inputs;
    let mut client = None;
    let looked_up = {
        let state = &stored.state;
        let (people, booked) = (People::new(state, &inputs.roster), Bookings::new(state));
        let options =
            ScheduleOptions { through: args.through, rebook: args.rebook, retry: args.retry, as_drawn: false };
        let desired = desired(ctx, options, inputs, state, (&people, &booked, &replan));
        host_limit::warn(ctx, desired.today(), Some(desired.through()));
        let observed = look_up(ctx, args, inputs, &desired, &mut client);
        let is_looked_at = !desired.lookups().is_empty();
        observed.map(|observed| (desired.schedule(observed.as_ref()), observed, is_looked_at))
    };
    let is_away = looked_up
        .as_ref()
        .is_err_and(|error| error.chain().filter_map(|cause| cause.downcast_ref()).find_map(about_webex).is_some());
    if is_away && !args.dry_run && wants_to_book(ctx, inputs, &mut stored.state) {
        stored.save()?;
    }
    let (schedule, observed, is_looked_at) = looked_up?;
    let unknown = look_for_unknown(ctx, inputs, &stored.state, (&schedule, observed.as_ref()), &mut client)?;
    if unknown.meetings().is_some() || observed.is_some() && is_looked_at {
        let rounds = unknown.meetings().map_or_else(Vec::new, |unknown| unknown.rounds.clone());
        stored.changed |= stored.state.unknown_at_webex != rounds;
        stored.state.unknown_at_webex = rounds;
    }
    match unknown {
        Unknown::InTheWay(unknown) => {
            // People who seem to be alone may have one of these meetings: they are told nothing until it is clear.
            if !args.dry_run {
                stored.save_if_changed()?;
            }
            return Err(Refused(unknown.refusal).into());
        }
        Unknown::Elsewhere(UnknownMeetings { refusal, .. }) => {
            ctx.say(format_args!("warning: {}\nhint: {}", refusal.why, refusal.hint));
        }
        Unknown::Nothing => {}
    }
    let calls = calls_of(&schedule, &stored.state, inputs.config.meeting.timezone);
    let checked = if args.allow_many_changes { Ok(()) } else { schedule.check().map_err(Refused) };
    let is_plan = args.dry_run || checked.is_err();
    show((ctx, inputs), args, &schedule, &calls, (&stored.state, &replan, is_plan))?;
    if stored.state.rounds.is_empty() {
        ctx.say(format_args!("hint: no round is drawn yet; draw with: roulette{} pair --month", ctx.with_config()));
    }
    checked?;
    if !calls.is_empty() {
        tell_if_unheard(ctx, &inputs.config);
    }
    ctx.set_summary(schedule::in_words(&schedule));
    host_limit::warn_of_first_crowd(ctx, inputs, &schedule, &stored.state);
    if args.dry_run {
        ctx.say("dry run: nothing is done");
        schedule.pretend(&mut stored.state, ctx.now);
        return Ok(());
    }
    stored.changed |= replan.changes() | wants_to_book(ctx, inputs, &mut stored.state);
    stored.save_if_changed()?;
    inputs.keep_as_last_good(ctx, stored)?;
    let counts = apply(ctx, &schedule, calls, client, inputs, stored)?;
    let people = People::new(&stored.state, &inputs.roster);
    let timezone = inputs.config.meeting.timezone;
    let shown =
        Shown { schedule: &schedule, calls: &[], with_calls: false, people: &people, replan: &replan, timezone };
    let (mut out, _) = ctx.out();
    schedule::write_footer(&shown, Some(&counts.done()), args.format, &mut out)?;
    ctx.set_summary(if schedule.steps.is_empty() { schedule::in_words(&schedule) } else { counts.words() });
    out.flush()?;
    report(ctx, inputs, &schedule, counts, &stored.state)
}

/// Records since when meetings are to be booked: from then on, a round without any has been missed. Returns whether
/// that is news.
fn wants_to_book(ctx: &Context<'_>, inputs: &Inputs, state: &mut State) -> bool {
    let is_news = state.books_from.is_none() && !state.rounds.is_empty();
    if is_news {
        state.books_from = Some(inputs.config.meeting.date_at(ctx.now));
    }
    is_news
}

/// Meetings of the programme at Webex that the state does not know.
enum Unknown {
    /// There are none, as far as is known.
    Nothing,
    /// Nobody would be booked beside them.
    Elsewhere(UnknownMeetings),
    /// Somebody would be booked twice because of them.
    InTheWay(UnknownMeetings),
}

impl Unknown {
    fn meetings(&self) -> Option<&UnknownMeetings> {
        match self {
            Self::Nothing => None,
            Self::Elsewhere(meetings) | Self::InTheWay(meetings) => Some(meetings),
        }
    }
}

/// Looks for meetings of the programme at Webex that the state does not know. Before the very first booking, none may be there at all; if the lookup for the schedule shows none, that is enough.
/// Afterwards, as when an older state was put back, nobody is booked beside them.
fn look_for_unknown<'a>(
    ctx: &'a Context<'_>,
    inputs: &'a Inputs,
    state: &State,
    (schedule, observed): (&SchedulePlan, Option<&Observed>),
    client: &mut Option<Client<'a>>,
) -> Result<Unknown> {
    let config = &inputs.config;
    let books = schedule.steps.iter().any(|step| matches!(step.action, Action::Book(_)));
    let hosts_differ = config.webex.host == Host::Participant;
    let is_worth_it = state.rounds.is_empty() || books && hosts_differ || observed.is_some_and(adopt::sees_any);
    if state.has_booked_nothing() && is_worth_it && ctx.is_logged_in(config) {
        let client = match client {
            Some(client) => client,
            None => client.insert(ctx.webex(config)?),
        };
        if let Some(unknown) = adopt_meetings::look(ctx, inputs, state, client)? {
            return Ok(Unknown::InTheWay(unknown));
        }
    }
    let Some(observed) = observed else { return Ok(Unknown::Nothing) };
    let strays = adopt::strays(state, &inputs.roster, &config.programme.name, &observed.meetings, ctx.now);
    let is_beside = schedule.steps.iter().any(|step| adopt::is_beside(step, &strays));
    let kind = if is_beside { Unknown::InTheWay } else { Unknown::Elsewhere };
    Ok(adopt_meetings::refuse_strays(ctx, inputs, &strays).map_or(Unknown::Nothing, kind))
}

/// Looks up what is at Webex, if there may be anything. A dry run can do without a login.
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
        ctx.say("warning: nobody is logged in, so what is already at Webex is not looked up");
        return Ok(None);
    }
    let client = client.insert(ctx.webex(&inputs.config)?);
    let observed = meetings::look_up(client, desired, inputs.config.webex.parallel)?;
    ctx.detail("looked up what is at Webex");
    Ok(Some(observed))
}

fn show(
    (ctx, inputs): (&Context<'_>, &Inputs),
    args: &cli::Schedule,
    schedule: &SchedulePlan,
    calls: &[Call],
    (state, replan, is_plan): (&State, &Replan, bool),
) -> Result<()> {
    let calls: Vec<(String, Option<Value>)> = calls.iter().map(|call| (call.line(), call.body.clone())).collect();
    let people = People::new(state, &inputs.roster);
    let with_calls = args.calls;
    let shown = Shown {
        schedule,
        calls: &calls,
        with_calls,
        people: &people,
        replan,
        timezone: inputs.config.meeting.timezone,
    };
    let (mut out, width) = ctx.out();
    schedule::write(&shown, args.format, width, &mut out)?;
    if is_plan {
        schedule::write_footer(&shown, None, args.format, &mut out)?;
    }
    out.flush()?;
    Ok(())
}
