//! How the state changes when a schedule is carried out: at once, before each call, and after it. Knows the stages of a
//! booking; makes no call.

use chrono::{DateTime, Utc};

use super::diff::{Action, SchedulePlan, Step};
use super::invitation::digest;
use crate::domain::pairing::plan::drop_empty_rounds;
use crate::domain::state::State;
use crate::domain::state::bookings::{AtWebex, Booking, Proposal, Stage};

/// The result of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// It was done; a new meeting has this id and link.
    Done(Option<AtWebex>),
    /// The meeting is no longer there.
    Gone,
    /// Webex will not do it, and says why.
    Refused(String),
    /// Nothing happened at Webex; the call can be made again.
    NotDone,
    /// It may or may not have happened: the next run looks it up.
    InDoubt,
}

impl SchedulePlan {
    /// Records what is known without a call.
    pub fn settle(&self, state: &mut State, now: DateTime<Utc>) {
        drop_empty_rounds(state);
        self.dropped.iter().for_each(|(booking, why)| state.call_off(booking, why.clone()));
        self.settled.iter().for_each(|booking| state.put_booking(booking.clone()));
        state.forget_bookings(now);
    }

    /// Changes the state to what it will be when everything is done: to show what follows from it, never to be saved.
    pub fn pretend(&self, state: &mut State, now: DateTime<Utc>) {
        self.settle(state, now);
        for step in &self.steps {
            step.begin(state, now);
            let at = AtWebex { id: step.booking.tag.clone(), link: "".into() };
            step.finish(state, &StepResult::Done(Some(at)), 1, now);
        }
    }
}

impl Step {
    /// Records that the call is about to be made; from now on, one request to book counts toward the quota.
    pub fn begin(&self, state: &mut State, now: DateTime<Utc>) {
        let booking = self.booking.clone();
        match &self.action {
            Action::Book(_) => {
                state.put_booking(Booking { stage: Stage::Begun, ..booking });
                state.count_requests(1, now);
            }
            Action::Move(at, start, minutes, _) => {
                let stage = Stage::Moving(at.clone(), booking.start, booking.minutes);
                state.put_booking(Booking { start: *start, minutes: *minutes, stage, ..booking });
            }
            Action::Cancel(at, _) => state.put_booking(Booking { stage: Stage::Cancelling(at.clone()), ..booking }),
            // It is not in the state, or already there: the next run finds it again.
            Action::CancelDouble(_) | Action::Invite(..) | Action::Uninvite(..) => {}
        }
    }

    /// Records how the call ended, after how many requests to book: the one that was counted by [`Step::begin`] may not
    /// have been made, and others may have followed it.
    pub fn finish(&self, state: &mut State, outcome: &StepResult, requests: u32, now: DateTime<Utc>) {
        if matches!(self.action, Action::Book(_)) {
            state.count_requests(i64::from(requests) - 1, now);
        }
        let booking = self.booking.clone();
        let standing = |at: &AtWebex| Stage::Booked(at.clone());
        match (&self.action, outcome) {
            (Action::Book(_), StepResult::Done(Some(at))) => {
                state.take_up(&booking, now.date_naive());
                state.put_booking(Booking { stage: standing(at), ..booking });
            }
            (Action::Move(at, start, minutes, why), StepResult::Done(_)) => {
                let untold = state.untold_move(&booking, (*start, *minutes), *why);
                // A new suggestion can be answered before the meeting as it stands now.
                let proposal = booking.proposal.clone().map(|it| {
                    let expires = it.expires.min(Proposal::deadline(booking.start, it.start, now));
                    Proposal { expires, ..it }
                });
                state.put_booking(Booking { stage: standing(at), untold, proposal, fallback: None, ..booking });
            }
            (Action::Book(invitation), StepResult::Refused(why)) => {
                let stage = Stage::Refused { why: why.clone(), asked: digest(invitation) };
                state.put_booking(Booking { stage, ..booking });
            }
            (Action::Move(at, start, minutes, _), StepResult::NotDone | StepResult::Refused(_)) => {
                // What Webex refuses is no longer agreed on.
                let stays = Booking { start: *start, minutes: *minutes, stage: standing(at), ..booking };
                let is_refused = *outcome != StepResult::NotDone;
                state.put_booking(if is_refused { stays.without_agreement() } else { stays });
            }
            (Action::Move(..), StepResult::Gone) => state.put_booking(Booking { stage: Stage::Deleted, ..booking }),
            // The time on which people agreed stands nowhere else.
            (Action::Book(_), StepResult::NotDone) if booking.agreed.is_none() => state.drop_booking(&booking.tag),
            (Action::Cancel(_, why), StepResult::Done(_) | StepResult::Gone) => state.call_off(&booking, why.clone()),
            (Action::Uninvite(_, invitee), StepResult::Done(_) | StepResult::Gone) => {
                if let Some(booking) = state.booking_mut(&booking.tag) {
                    booking.invited_as.retain(|(_, before)| *before != invitee.email);
                }
            }
            // What is begun stays begun: the next run looks it up.
            (Action::Book(_) | Action::Move(..) | Action::Cancel(..) | Action::CancelDouble(_), _)
            | (Action::Invite(..) | Action::Uninvite(..), _) => {}
        }
    }
}
