//! Carries the steps of a schedule out, and tells what came of them.
//! The state on disk has what is begun before its call, and what came of it after it: a run may end at any moment.

use anyhow::Result;
use chrono::{Days, NaiveDate, SecondsFormat, TimeDelta};

use super::context::Context;
use super::deliver::Messenger;
use super::exit_status::Partly;
use super::progress;
use super::session::Office;
use crate::domain::conversation;
use crate::domain::scheduling::desired::Today;
use crate::domain::scheduling::{Action, Desired, Notice, SchedulePlan, ScheduleRequest, Step, StepResult};
use crate::domain::state::State;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::people::People;
use crate::show::schedule::meeting;
use crate::show::text::harmless;
use crate::store::config::Host;
use crate::store::state::file::Locked;
use crate::webex::calls::{self, Call};
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::meetings::{self, StepReport};

/// So many calls are begun between two saves of the state: a large company's is not written for each meeting.
const BATCH: usize = 64;

/// What a run is asked for besides what is due.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScheduleOptions {
    /// Up to this day, instead of `book_ahead_days`.
    pub(crate) through: Option<NaiveDate>,
    /// Whether meetings that were deleted at Webex are booked again.
    pub(crate) rebook: bool,
    /// Whether what Webex refused is asked again.
    pub(crate) retry: bool,
    /// Whether only what people chose themselves is changed.
    pub(crate) as_drawn: bool,
}

/// What is wanted today.
pub(crate) fn desired<'a>(
    ctx: &Context<'_>,
    wishes: ScheduleOptions,
    office: &'a Office,
    state: &'a State,
    people: &'a People<'a>,
    booked: &'a Bookings<'a>,
) -> Desired<'a> {
    let Office { config, roster, rules, .. } = office;
    let meeting = &config.meeting;
    let today = Today { state, roster, rules, meeting, now: ctx.now, positions: people.positions(), booked };
    let here = ctx.now.with_timezone(&meeting.timezone).date_naive();
    let ahead = here.checked_add_days(Days::new(meeting.book_ahead_days.into())).unwrap_or(here);
    let wish = ScheduleRequest {
        programme: &config.programme.name,
        language: config.programme.language,
        through: wishes.through.unwrap_or(ahead),
        per_day: config.webex.meetings_per_day,
        participants_host: config.webex.host == Host::Participant,
        rebook: wishes.rebook,
        retry: wishes.retry,
        as_drawn: wishes.as_drawn,
    };
    Desired::new(today, wish)
}

/// The calls of the steps, in their order.
pub(crate) fn calls_of(schedule: &SchedulePlan, state: &State) -> Vec<Call> {
    let host = |step: &Step| step.booking.host.map(|id| state.email(id));
    schedule.steps.iter().map(|step| calls::of_step(step, host(step))).collect()
}

/// Makes what is booked what is planned, after something changed in a conversation. What cannot be done now is done by
/// the next `schedule`.
///
/// # Errors
/// Webex cannot be asked, or the state cannot be saved.
pub(crate) fn reconcile(ctx: &Context<'_>, office: &Office, locked: &Locked, state: &mut State) -> Result<()> {
    let client = ctx.webex(&office.config)?;
    let parallel = office.config.webex.parallel;
    let decide = |state: &State, as_drawn| -> Result<SchedulePlan> {
        let (people, booked) = (People::new(state, &office.roster), Bookings::new(state));
        let desired =
            desired(ctx, ScheduleOptions { as_drawn, ..ScheduleOptions::default() }, office, state, &people, &booked);
        let observed = meetings::look_up(&client, &desired, parallel)?;
        Ok(desired.schedule(Some(&observed)))
    };
    let mut schedule = decide(state, false)?;
    if let Err(refusal) = schedule.check() {
        ctx.say(harmless(&format!("warning: {}; only what people chose themselves is changed", refusal.why)));
        schedule = decide(state, true)?;
    }
    // What was left before is not what somebody waits for now.
    schedule.notices.clear();
    schedule.later = None;
    schedule.settle(state, ctx.now);
    let calls = calls_of(&schedule, state);
    let steps: Vec<(&Step, Call)> = schedule.steps.iter().zip(calls).collect();
    let tally = carry_out(ctx, &client, &steps, office, locked, state)?;
    tell_of_refused_moves(ctx, office, locked, state, &tally)?;
    report(ctx, office, &schedule, tally, state)
}

/// Tells those who agreed on a time that Webex refuses: the old one stands.
pub(crate) fn tell_of_refused_moves(
    ctx: &Context<'_>,
    office: &Office,
    locked: &Locked,
    state: &mut State,
    tally: &StepCounts,
) -> Result<()> {
    let is_refused = |step: &Step, error: &Error| {
        matches!(step.action, Action::Move(..)) && step.booking.agreed.is_some() && error.kind == Kind::Refused
    };
    let refused: Vec<&Step> =
        tally.failed.iter().filter(|(step, error)| is_refused(step, error)).map(|(step, _)| step).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let messenger = Messenger::open(office)?;
    for step in refused {
        let tag = &step.booking.tag;
        let messages = conversation::not_moved(state, messenger.setting(ctx), tag);
        for (number, addressed) in messages.iter().enumerate() {
            let key = format!("not-moved:{tag}:{}:{number}", ctx.now.timestamp());
            state.outbox.extend(messenger.parcel(ctx, state, key, addressed));
        }
    }
    locked.save(state)
}

/// How the steps went.
#[derive(Debug, Default)]
pub(crate) struct StepCounts {
    booked: usize,
    moved: usize,
    cancelled: usize,
    /// What was not done, and why.
    failed: Vec<(Step, Error)>,
    /// What was not tried any more.
    skipped: usize,
}

/// Makes the calls, batch by batch.
pub(crate) fn carry_out(
    ctx: &Context<'_>,
    client: &Client<'_>,
    steps: &[(&Step, Call)],
    office: &Office,
    locked: &Locked,
    state: &mut State,
) -> Result<StepCounts> {
    let bar = progress::calls(steps.len(), ctx.global.quiet);
    let wait = office.after_silence();
    let mut tally = StepCounts::default();
    for batch in steps.chunks(BATCH) {
        if tally.skipped > 0 {
            tally.skipped += batch.len();
            continue;
        }
        batch.iter().for_each(|(step, _)| step.begin(state, ctx.now));
        locked.save(state)?;
        meetings::carry_out(client, batch, office.config.webex.parallel, |went| {
            let (step, _) = batch[went.step];
            step.finish(state, &went.outcome);
            if went.error.as_ref().is_some_and(|error| error.kind == Kind::TimedOut)
                && let Some(booking) = state.booking(&step.booking.tag)
            {
                booking.wait = Some(ctx.now + wait);
            }
            match went.asked.checked_sub(1) {
                Some(more) => state.ask(more, ctx.now),
                None if matches!(step.action, Action::Book(_)) => state.take_back(ctx.now),
                None => {}
            }
            tally.count(step, went);
            bar.inc(1);
        });
    }
    locked.save(state)?;
    bar.finish_and_clear();
    Ok(tally)
}

impl StepCounts {
    fn count(&mut self, step: &Step, went: StepReport) {
        let gone =
            matches!(step.action, Action::Cancel(_) | Action::CancelDouble(_)) && went.outcome == StepResult::Gone;
        match went.error.filter(|_| !gone) {
            Some(error) => self.failed.push((step.clone(), error)),
            None if matches!(went.outcome, StepResult::Done(_) | StepResult::Gone) => match step.action {
                Action::Book(_) => self.booked += 1,
                Action::Move(..) => self.moved += 1,
                Action::Cancel(_) | Action::CancelDouble(_) => self.cancelled += 1,
            },
            None => self.skipped += 1,
        }
    }

    fn words(&self) -> String {
        let counts = [(self.booked, "booked"), (self.moved, "moved"), (self.cancelled, "cancelled")];
        let parts: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what} {count}")).collect();
        if parts.is_empty() { "nothing was done".to_owned() } else { parts.join(", ") }
    }
}

/// Tells what was done and what was not.
///
/// # Errors
/// Something is left to do, or somebody must log in.
pub(crate) fn report(
    ctx: &Context<'_>,
    office: &Office,
    schedule: &SchedulePlan,
    mut tally: StepCounts,
    state: &State,
) -> Result<()> {
    let people = People::new(state, &office.roster);
    if !schedule.steps.is_empty() {
        ctx.say(tally.words());
    }
    tally.failed.sort_by_key(|(step, _)| (step.booking.start, step.booking.tag.clone()));
    for (step, error) in &tally.failed {
        let what = match step.action {
            Action::Book(_) => "not booked",
            Action::Move(..) => "not moved",
            Action::Cancel(_) | Action::CancelDouble(_) => "not cancelled",
        };
        let doubt = matches!(error.kind, Kind::InDoubt | Kind::TimedOut);
        let what = if doubt { "in doubt, to be looked up by the next run" } else { what };
        let meeting = meeting(&step.booking, &people, office.config.meeting.timezone);
        ctx.say(harmless(&format!("{what}: {meeting}: {error}")));
    }
    let login = tally.failed.iter().position(|(_, error)| error.kind == Kind::Login);
    if let Some(at) = login {
        return Err(tally.failed.swap_remove(at).1.into());
    }
    let waits = |notice: &&Notice| matches!(notice, Notice::Refused(..) | Notice::Unanswered(..));
    let refused = schedule.notices.iter().filter(waits).count();
    let later = schedule.later.map_or(0, |(count, _)| count);
    let left = tally.failed.len() + tally.skipped + refused + later;
    if left == 0 {
        return Ok(());
    }
    let wait = tally.failed.iter().find_map(|(_, error)| match error.kind {
        Kind::Busy(wait) => TimeDelta::from_std(wait).ok(),
        _ => None,
    });
    let unanswered = schedule.notices.iter().filter_map(|notice| match notice {
        Notice::Unanswered(_, until) => Some(*until),
        _ => None,
    });
    let silent = tally.failed.iter().any(|(_, error)| error.kind == Kind::TimedOut);
    let silence = silent.then(|| ctx.now + office.after_silence());
    let again =
        wait.map(|wait| ctx.now + wait).or(silence).or(unanswered.max()).or(schedule.later.map(|(_, again)| again));
    let hint = match again {
        Some(at) => format!("run it again after {}", at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        None if tally.failed.iter().all(|(_, error)| error.kind == Kind::Refused) && tally.skipped == 0 => {
            "change what Webex refuses; to ask again for just the same, add --retry".to_owned()
        }
        None => "run it again: what is done is not done twice".to_owned(),
    };
    let steps = if left == 1 { "1 meeting is".to_owned() } else { format!("{left} meetings are") };
    Err(Partly { what: format!("{steps} left to do"), hint }.into())
}
