//! Carries out the steps of a schedule, and reports the results. The state on disk records what is begun before each
//! call, and the result after it: a run may end at any moment.

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::adopt_meetings::{self, UnknownMeetings};
use super::context::Context;
use super::deliver::{BOOKINGS, Messenger, went_well};
use super::exit_status::{Partly, about_webex, come_back};
use super::progress;
use super::session::{Inputs, StoredState};
use crate::domain::conversation;
use crate::domain::journal::{of_look, of_step};
use crate::domain::pairing::replan::Replan;
use crate::domain::scheduling::{
    Action, Desired, Notice, Observed, SchedulePlan, ScheduleRequest, Step, StepResult, Today, adopt, quota,
};
use crate::domain::state::State;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::people::People;
use crate::domain::text::{counted, rfc3339};
use crate::domain::zone::Zone;
use crate::show::schedule::{Done, meeting};
use crate::show::text::harmless;
use crate::store::config::Host;
use crate::webex::calls::{self, Call};
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::meetings::{self, RunAdjustments, StepReport};

/// How many calls are started between two saves of the state: a large company's state is not written for each meeting.
const BATCH: usize = 64;

/// Options of a run besides what is due.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScheduleOptions {
    /// Up to this day, instead of `book_ahead_days`.
    pub(crate) through: Option<NaiveDate>,
    /// Whether meetings that were deleted at Webex are booked again.
    pub(crate) rebook: bool,
    /// Whether what Webex refused is requested again.
    pub(crate) retry: bool,
    /// Whether only what people chose themselves is carried out.
    pub(crate) as_drawn: bool,
}

/// The meetings that should be at Webex, as of today.
pub(crate) fn desired<'a>(
    ctx: &Context<'_>,
    options: ScheduleOptions,
    inputs: &'a Inputs,
    state: &'a State,
    (people, booked, replan): (&'a People<'a>, &'a Bookings<'a>, &'a Replan),
) -> Desired<'a> {
    let config = &inputs.config;
    let meeting = &config.meeting;
    let today = Today { state, people, booked, meeting, now: ctx.now, replan };
    let here = meeting.date_at(ctx.now);
    let ahead = here.checked_add_days(Days::new(meeting.book_ahead_days.into())).unwrap_or(here);
    let request = ScheduleRequest {
        programme: &config.programme.name,
        language: config.programme.language,
        elsewhere: inputs.rules.elsewhere(),
        starters: &inputs.starters,
        roster: &inputs.roster,
        through: options.through.unwrap_or(ahead),
        per_day: config.webex.meetings_per_day,
        participants_host: config.webex.host == Host::Participant,
        rebook: options.rebook,
        retry: options.retry,
        as_drawn: options.as_drawn,
    };
    Desired::new(today, request)
}

/// The calls of the steps, in their order.
pub(crate) fn calls_of(schedule: &SchedulePlan, state: &State, zone: Zone) -> Vec<Call> {
    schedule.steps.iter().map(|step| calls::of_step(step, step.booking.host_email(state), zone)).collect()
}

/// Which part of the schedule is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Everything,
    /// Only moving meetings to the times on which people agreed.
    Agreed,
}

/// Makes the bookings match the plan after something changed in a conversation. What cannot be done now is done by the
/// next `schedule`; agreed times are handled by whatever runs next.
///
/// # Errors
/// Webex cannot be asked, or the state cannot be saved.
pub(crate) fn reconcile(
    ctx: &Context<'_>,
    inputs: &Inputs,
    stored: &mut StoredState,
    replan: &Replan,
    scope: Scope,
) -> Result<()> {
    // Looking for meetings that the state does not know, before the very first booking, is left to `schedule`.
    if stored.state.has_booked_nothing() {
        return Ok(());
    }
    stored.may_book()?;
    let client = ctx.webex(&inputs.config)?;
    let parallel = inputs.config.webex.parallel;
    let decide = |state: &State, as_drawn| -> Result<(SchedulePlan, Observed)> {
        let (people, booked) = (People::new(state, &inputs.roster), Bookings::new(state));
        let options = ScheduleOptions { as_drawn, ..ScheduleOptions::default() };
        let desired = desired(ctx, options, inputs, state, (&people, &booked, replan));
        let observed = meetings::look_up(&client, &desired, parallel)?;
        Ok((desired.schedule(Some(&observed)), observed))
    };
    let (mut schedule, mut observed) = decide(&stored.state, scope == Scope::Agreed)?;
    if scope == Scope::Agreed {
        let is_agreed =
            |step: &Step| matches!(step.action, Action::Move(..)) && step.booking.agreed == Some(step.booking.start);
        schedule.steps.retain(is_agreed);
        schedule.dropped.clear();
    } else if let Err(refusal) = schedule.check() {
        ctx.say(harmless(&format!("warning: {}; only what people chose themselves is carried out", refusal.why)));
        (schedule, observed) = decide(&stored.state, true)?;
        schedule.keep_whoever_has_a_meeting(&stored.state, ctx.now);
    }
    if let Err(refusal) = schedule.check_vanished() {
        let why = harmless(&refusal.why);
        ctx.say(format_args!("warning: {why}; nothing is changed at Webex\nhint: {}", refusal.hint));
        return Ok(());
    }
    let name = &inputs.config.programme.name;
    let strays = adopt::strays(&stored.state, &inputs.roster, name, &observed.meetings, ctx.now);
    if schedule.steps.iter().any(|step| adopt::is_beside(step, &strays))
        && let Some(UnknownMeetings { refusal, rounds }) = adopt_meetings::refuse_strays(ctx, inputs, &strays)
    {
        stored.state.unknown_at_webex = rounds;
        stored.changed = true;
        let why = harmless(&refusal.why);
        ctx.say(format_args!("warning: {why}; nobody is booked beside them\nhint: {}", refusal.hint));
        schedule.steps.retain(|step| !adopt::is_beside(step, &strays));
    }
    // Nobody is waiting for what was left earlier.
    schedule.notices.clear();
    schedule.later = None;
    let calls = calls_of(&schedule, &stored.state, inputs.config.meeting.timezone);
    let counts = apply(ctx, &schedule, calls, Some(client), inputs, stored)?;
    report(ctx, inputs, &schedule, counts, &stored.state)
}

/// Moves meetings whose people agreed on another time that Webex does not have yet.
///
/// # Errors
/// It cannot be done now: whatever else is due is done all the same.
pub(crate) fn move_agreed(ctx: &Context<'_>, inputs: &Inputs, stored: &mut StoredState) -> Result<()> {
    if !stored.state.bookings.iter().any(|booking| booking.is_move_pending(ctx.now)) {
        return Ok(());
    }
    let moved = reconcile(ctx, inputs, stored, &Replan::default(), Scope::Agreed);
    moved.inspect_err(|error| {
        ctx.say(harmless(&format!("warning: a meeting has not been moved to the agreed time yet: {error:#}")));
    })
}

/// Carries out a plan: records what is known without a call, and makes the `calls`. [`report`] reports the results.
///
/// # Errors
/// The state cannot be saved.
pub(crate) fn apply<'s>(
    ctx: &'s Context<'_>,
    schedule: &SchedulePlan,
    calls: Vec<Call>,
    client: Option<Client<'s>>,
    inputs: &'s Inputs,
    stored: &mut StoredState,
) -> Result<StepCounts> {
    if schedule.changes() {
        stored.journal.note(of_look(&schedule.settled, &stored.state.bookings, ctx.now));
        schedule.settle(&mut stored.state, ctx.now);
        stored.save()?;
    }
    let steps: Vec<(&Step, Call)> = schedule.steps.iter().zip(calls).collect();
    let counts = if steps.is_empty() {
        StepCounts::default()
    } else {
        let client = client.map_or_else(|| ctx.webex(&inputs.config), Ok)?;
        carry_out(ctx, &client, &steps, inputs, stored)?
    };
    tell_of_refused_moves(ctx, inputs, stored, &counts)?;
    tell_of_stop(ctx, inputs, stored, &counts)?;
    Ok(counts)
}

/// Tells the organizers' space once that bookings are refused for the same reason, if the bot is known.
fn tell_of_stop(ctx: &Context<'_>, inputs: &Inputs, stored: &mut StoredState, counts: &StepCounts) -> Result<()> {
    let Some((_, error)) = counts.alike.first() else {
        if counts.done.iter().any(|done| *done > 0) && went_well(&mut stored.state, BOOKINGS) {
            stored.save()?;
        }
        return Ok(());
    };
    let messenger = Messenger::open(inputs)?;
    if messenger.stop(ctx, &mut stored.state, BOOKINGS, &error.to_string()).is_none() {
        return Ok(());
    }
    stored.save()?;
    let sent = messenger.deliver(ctx, &ctx.webex(&inputs.config)?, stored)?;
    if let Some(error) = sent.why {
        ctx.say(harmless(&format!("warning: the organizers' space is not told yet: {error}")));
    }
    Ok(())
}

/// Tells those who agreed on a time that Webex refuses it: the old one stands.
fn tell_of_refused_moves(
    ctx: &Context<'_>,
    inputs: &Inputs,
    stored: &mut StoredState,
    counts: &StepCounts,
) -> Result<()> {
    let is_refused = |step: &Step, error: &Error| {
        matches!(step.action, Action::Move(..)) && step.booking.agreed.is_some() && error.kind == Kind::Refused
    };
    let refused: Vec<&(Step, Error)> = counts.failed.iter().filter(|(step, error)| is_refused(step, error)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let messenger = Messenger::open(inputs)?;
    for (step, error) in refused {
        let tag = &step.booking.tag;
        let messages = conversation::not_moved(&mut stored.state, messenger.setting(ctx), tag, &error.message);
        messenger.queue(ctx, &mut stored.state, &format!("not-moved:{tag}:{}", ctx.now.timestamp()), &messages);
    }
    stored.save()
}

/// The results of the steps.
#[derive(Debug, Default)]
pub(crate) struct StepCounts {
    /// How many steps were done, by [`Action::kind`].
    done: [usize; Action::KINDS],
    /// What was not done, and why.
    failed: Vec<(Step, Error)>,
    /// How many were no longer tried.
    skipped: usize,
    /// What Webex refused so often for the same reason that it is nobody's own fault: how many, and the reason.
    alike: Vec<(usize, Error)>,
    /// How many of those there are, by [`Action::kind`].
    alike_of: [usize; Action::KINDS],
}

/// Makes the calls, batch by batch.
fn carry_out(
    ctx: &Context<'_>,
    client: &Client<'_>,
    steps: &[(&Step, Call)],
    inputs: &Inputs,
    stored: &mut StoredState,
) -> Result<StepCounts> {
    let bar = progress::calls(steps.len(), ctx.global.draws_bars());
    let wait = inputs.after_silence();
    let (mut counts, adjustments) = (StepCounts::default(), RunAdjustments::default());
    let phases = steps.chunk_by(|(one, _), (other, _)| one.action.phase() == other.action.phase());
    for batch in phases.flat_map(|phase| phase.chunks(BATCH)) {
        if adjustments.brake.is_on() {
            counts.skipped += batch.len();
            continue;
        }
        // Nobody is taken off a list before they are on it under their current address.
        let batch: Vec<(&Step, Call)> = batch.iter().filter(|(step, _)| !counts.waits(step)).cloned().collect();
        let batch = &*batch;
        batch.iter().for_each(|(step, _)| step.begin(&mut stored.state, ctx.now));
        stored.save()?;
        let StoredState { state, journal, .. } = &mut *stored;
        meetings::carry_out(client, batch, inputs.config.webex.parallel, &adjustments, |went| {
            let (step, _) = batch[went.step];
            step.finish(state, &went.outcome, went.requests, ctx.now);
            journal.note(of_step(step, &went.outcome, ctx.now));
            if went.error.as_ref().is_some_and(|error| error.kind == Kind::TimedOut)
                && let Some(booking) = state.booking_mut(&step.booking.tag)
            {
                booking.wait = Some(ctx.now + wait);
            }
            counts.count(step, went);
            bar.inc(1);
        });
    }
    counts.take_back(&mut stored.state, &adjustments, ctx.now);
    stored.save()?;
    bar.finish_and_clear();
    Ok(counts)
}

impl StepCounts {
    /// Whether a step waits for another step of the same meeting that was not done.
    fn waits(&mut self, step: &Step) -> bool {
        let tag = &step.booking.tag;
        let first = |other: &Step| matches!(other.action, Action::Invite(..)) && other.booking.tag == *tag;
        let waits = matches!(step.action, Action::Uninvite(..)) && self.failed.iter().any(|(other, _)| first(other));
        self.skipped += usize::from(waits);
        waits
    }

    /// What was refused like others is nobody's own fault: it does not count as refused for good, and is reported once.
    fn take_back(&mut self, state: &mut State, adjustments: &RunAdjustments, now: DateTime<Utc>) {
        let is_alike =
            |error: &Error| matches!(error.kind, Kind::Refused | Kind::NotDone) && adjustments.brake.is_alike(error);
        let failed = std::mem::take(&mut self.failed);
        let (alike, failed): (Vec<_>, Vec<_>) = failed.into_iter().partition(|(_, error)| is_alike(error));
        self.failed = failed;
        for (step, error) in alike {
            if error.kind == Kind::Refused {
                // It was counted when it was made.
                step.finish(state, &StepResult::NotDone, 1, now);
            }
            self.alike_of[step.action.kind()] += 1;
            let likeness = error.likeness();
            match self.alike.iter_mut().find(|(_, other)| other.likeness() == likeness) {
                Some((count, _)) => *count += 1,
                None => self.alike.push((1, error)),
            }
        }
    }

    fn count(&mut self, step: &Step, went: StepReport) {
        let gone =
            matches!(step.action, Action::Cancel(..) | Action::CancelDouble(_)) && went.outcome == StepResult::Gone;
        match went.error.filter(|_| !gone) {
            Some(error) => self.failed.push((step.clone(), error)),
            None if matches!(went.outcome, StepResult::Done(_) | StepResult::Gone) => {
                self.done[step.action.kind()] += 1;
            }
            None => self.skipped += 1,
        }
    }

    /// The same in a form that can be shown.
    pub(crate) fn done(&self) -> Done {
        let mut done = Done { done: self.done, untried: self.skipped, ..Done::default() };
        for (step, error) in &self.failed {
            if matches!(error.kind, Kind::InDoubt | Kind::TimedOut) {
                done.in_doubt += 1;
            } else {
                done.not_done[step.action.kind()] += 1;
            }
        }
        for (kind, count) in self.alike_of.iter().enumerate() {
            done.not_done[kind] += count;
        }
        done
    }

    /// Why steps failed.
    fn errors(&self) -> impl Iterator<Item = &Error> {
        self.failed.iter().map(|(_, error)| error).chain(self.alike.iter().map(|(_, error)| error))
    }

    /// How many steps were refused like others.
    fn alike_count(&self) -> usize {
        self.alike.iter().map(|(count, _)| count).sum()
    }

    /// How many meetings are left to do.
    fn left(&self, schedule: &SchedulePlan) -> usize {
        let waits = |notice: &&Notice| {
            matches!(notice, Notice::Refused(..) | Notice::Unanswered(..) | Notice::Unclear(..) | Notice::Elsewhere(..))
        };
        let waiting = schedule.notices.iter().filter(waits).count();
        let later = schedule.later.map_or(0, |(count, _)| count);
        self.failed.len() + self.alike_count() + self.skipped + waiting + later
    }

    /// The same in a few words.
    pub(crate) fn words(&self) -> String {
        let counts = self.done.iter().zip(["booked", "moved", "cancelled", "invited", "took off the list"]);
        let parts: Vec<String> =
            counts.filter(|(count, _)| **count > 0).map(|(count, what)| format!("{what} {count}")).collect();
        if parts.is_empty() { "nothing was done".to_owned() } else { parts.join(", ") }
    }
}

/// Reports what was done and what was not.
///
/// # Errors
/// Something is left to do, or somebody must log in.
pub(crate) fn report(
    ctx: &Context<'_>,
    inputs: &Inputs,
    schedule: &SchedulePlan,
    mut counts: StepCounts,
    state: &State,
) -> Result<()> {
    if !schedule.steps.is_empty() {
        ctx.say(counts.words());
    }
    counts.failed.sort_by_key(|(step, _)| (step.booking.start, step.booking.tag.clone()));
    say_failures(ctx, inputs, &counts, state);
    let login = counts.failed.iter().position(|(_, error)| error.kind == Kind::Login);
    if let Some(at) = login {
        return Err(counts.failed.swap_remove(at).1.into());
    }
    for (count, error) in &counts.alike {
        let meetings = counted(*count, "meeting is", "meetings are");
        ctx.say(harmless(&format!("{meetings} left for later, all for the same reason: {error}")));
    }
    let left = counts.left(schedule);
    if left == 0 {
        return Ok(());
    }
    let steps = counted(left, "meeting is", "meetings are");
    let why = if schedule.later.is_some() {
        ": as many were requested in the last 24 hours as Webex lets one account book (meetings_per_day in [webex])"
            .to_owned()
    } else {
        counts.errors().next().filter(|_| ctx.is_stage()).map(|error| format!(": {error}")).unwrap_or_default()
    };
    let alike = counts.alike_count();
    let organizers_know = alike > 0 && alike == left && !inputs.config.webex.report_room.is_empty();
    let is_all = counts.failed.len() + alike + counts.skipped == left;
    let about = counts.errors().find_map(about_webex).filter(|_| is_all);
    let hint = hint(ctx, run_again_at(ctx, inputs, schedule, &counts, state), &counts);
    Err(Partly { what: format!("{steps} left to do{why}"), hint, organizers_know, about }.into())
}

/// Says which steps failed, and why.
fn say_failures(ctx: &Context<'_>, inputs: &Inputs, counts: &StepCounts, state: &State) {
    let people = People::new(state, &inputs.roster);
    for (step, error) in &counts.failed {
        let what = match step.action {
            _ if matches!(error.kind, Kind::InDoubt | Kind::TimedOut) => "in doubt, to be looked up by the next run",
            Action::Book(_) => "not booked",
            Action::Move(..) => "not moved",
            Action::Cancel(..) | Action::CancelDouble(_) => "not cancelled",
            Action::Invite(..) => "not invited at the new address",
            Action::Uninvite(..) => "the old address not taken off the list",
        };
        let meeting = meeting(&step.booking, &people, inputs.config.meeting.timezone);
        ctx.say(harmless(&format!("{what}: {meeting}: {error}")));
    }
}

/// From when on it is of use to run again, if that is known.
fn run_again_at(
    ctx: &Context<'_>,
    inputs: &Inputs,
    schedule: &SchedulePlan,
    counts: &StepCounts,
    state: &State,
) -> Option<DateTime<Utc>> {
    let wait = counts.failed.iter().find_map(|(_, error)| match error.kind {
        Kind::Busy(wait) => Some(come_back(ctx.now, wait)),
        Kind::Exhausted => Some(quota::again([&state.asked, inputs.rules.elsewhere().asked()], ctx.now)),
        _ => None,
    });
    let is_silent = counts.failed.iter().any(|(_, error)| error.kind == Kind::TimedOut);
    let silence = is_silent.then(|| ctx.now + inputs.after_silence());
    let unanswered = schedule.notices.iter().filter_map(|notice| match notice {
        Notice::Unanswered(_, until) => Some(*until),
        _ => None,
    });
    wait.or(silence).or(unanswered.max()).or(schedule.later.map(|(_, again)| again))
}

/// What to do about what is left.
fn hint(ctx: &Context<'_>, again: Option<DateTime<Utc>>, counts: &StepCounts) -> String {
    let is_refused = counts.failed.iter().all(|(_, error)| error.kind == Kind::Refused);
    match again {
        Some(at) => format!("run it again after {}", rfc3339(at)),
        None if is_refused && counts.alike.is_empty() && counts.skipped == 0 => {
            let config = ctx.with_config();
            format!("change what Webex refuses; to ask again for exactly the same: roulette{config} schedule --retry")
        }
        None => "run it again: nothing is done twice".to_owned(),
    }
}
