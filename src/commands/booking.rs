//! Carries the steps of a schedule out, and tells what came of them.
//! The state on disk has what is begun before its call, and what came of it after it: a run may end at any moment.

use anyhow::Result;
use chrono::{SecondsFormat, TimeDelta};

use super::{Desk, Office, Partly, progress};
use crate::domain::schedule::{Action, Notice, Outcome, Schedule, Step};
use crate::domain::state::State;
use crate::domain::view::People;
use crate::show::schedule::meeting;
use crate::show::text::harmless;
use crate::store::state_file::Locked;
use crate::webex::calls::Call;
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::meetings::{self, Went};

/// So many calls are begun between two saves of the state: a large company's is not written for each meeting.
const BATCH: usize = 64;

/// How the steps went.
#[derive(Debug, Default)]
pub(super) struct Tally {
    booked: usize,
    moved: usize,
    cancelled: usize,
    /// What was not done, and why.
    failed: Vec<(Step, Error)>,
    /// What was not tried any more.
    skipped: usize,
}

/// Makes the calls, batch by batch.
pub(super) fn carry_out(
    desk: &Desk<'_>,
    client: &Client<'_>,
    steps: &[(&Step, Call)],
    parallel: usize,
    locked: &Locked,
    state: &mut State,
) -> Result<Tally> {
    let bar = progress::calls(steps.len(), desk.global.quiet);
    let mut tally = Tally::default();
    for batch in steps.chunks(BATCH) {
        if tally.skipped > 0 {
            tally.skipped += batch.len();
            continue;
        }
        batch.iter().for_each(|(step, _)| step.begin(state, desk.now));
        locked.save(state)?;
        meetings::carry_out(client, batch, parallel, |went| {
            let (step, _) = batch[went.step];
            step.finish(state, &went.outcome);
            state.ask(went.more_asked, desk.now);
            tally.count(step, went);
            bar.inc(1);
        });
    }
    locked.save(state)?;
    bar.finish_and_clear();
    Ok(tally)
}

impl Tally {
    fn count(&mut self, step: &Step, went: Went) {
        let gone = matches!(step.action, Action::Cancel(_) | Action::CancelDouble(_)) && went.outcome == Outcome::Gone;
        match went.error.filter(|_| !gone) {
            Some(error) => self.failed.push((step.clone(), error)),
            None if matches!(went.outcome, Outcome::Done(_) | Outcome::Gone) => match step.action {
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
pub(super) fn report(
    desk: &Desk<'_>,
    office: &Office,
    schedule: &Schedule,
    mut tally: Tally,
    state: &State,
) -> Result<()> {
    let people = People::new(state, &office.roster);
    if !schedule.steps.is_empty() {
        desk.say(tally.words());
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
        desk.say(harmless(&format!("{what}: {meeting}: {error}")));
    }
    let login = tally.failed.iter().position(|(_, error)| error.kind == Kind::Login);
    if let Some(at) = login {
        return Err(tally.failed.swap_remove(at).1.into());
    }
    let refused = schedule.notices.iter().filter(|notice| matches!(notice, Notice::Refused(..))).count();
    let later = schedule.later.map_or(0, |(count, _)| count);
    let left = tally.failed.len() + tally.skipped + refused + later;
    if left == 0 {
        return Ok(());
    }
    let wait = tally.failed.iter().find_map(|(_, error)| match error.kind {
        Kind::Busy(wait) => TimeDelta::from_std(wait).ok(),
        _ => None,
    });
    let again = wait.map(|wait| desk.now + wait).or(schedule.later.map(|(_, again)| again));
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
