//! What is done with meetings: look them up, and carry out the steps of a schedule, several at once.
//! Knows the calls and what their failures mean; knows no state and prints nothing.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use chrono::TimeDelta;

use super::calls::{self, Call};
use super::client::Client;
use super::error::{Error, Kind};
use super::wire;
use crate::domain::scheduling::{Action, Desired, Invitation, Lookup, Observed, ObservedMeeting, Step, StepResult};
use crate::domain::state::bookings::AtWebex;

/// The retry budget of a meeting: it is asked for at most this often in a run, each time after it was looked up, for
/// the call is not idempotent.
const TRIES: u32 = 3;

/// Looks up what a sketch asks for, `parallel` lists at once.
///
/// # Errors
/// Those of the first call that fails.
pub fn look_up(client: &Client<'_>, desired: &Desired<'_>, parallel: usize) -> Result<Observed, Error> {
    let mut observed = Observed::default();
    let list = |lookup: &Lookup| client.list::<wire::Meeting>(&calls::meetings(lookup));
    for meetings in all(&desired.lookups(), parallel, list) {
        observed.meetings.extend(meetings?.into_iter().map(found));
    }
    let missing = desired.missing(&observed);
    let ask = |(at, host): &(AtWebex, Option<Box<str>>)| match client
        .ask::<wire::Meeting>(&calls::meeting(&at.id, host.as_deref()))
    {
        Ok(meeting) => Ok(Some(meeting)),
        Err(error) if error.kind == Kind::Gone => Ok(None),
        Err(error) => Err(error),
    };
    for ((at, _), meeting) in missing.iter().zip(all(&missing, parallel, ask)) {
        match meeting? {
            Some(meeting) => observed.meetings.push(found(meeting)),
            None => observed.gone.push(at.id.clone()),
        }
    }
    Ok(observed)
}

/// How a step went.
#[derive(Debug)]
pub struct StepReport {
    /// Which of the steps.
    pub step: usize,
    /// How it ended.
    pub outcome: StepResult,
    /// How many requests to book a meeting reached Webex, or may have.
    pub requests: u32,
    /// What went wrong, if something did.
    pub error: Option<Error>,
}

/// Carries out the steps, `parallel` at once, and tells of each as it ends. Once Webex asks to wait for long, or for a
/// login, no further one is begun.
pub fn carry_out(client: &Client<'_>, steps: &[(&Step, Call)], parallel: usize, mut tell: impl FnMut(StepReport)) {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..parallel.clamp(1, steps.len().max(1)) {
            let send = send.clone();
            let (next, stop) = (&next, &stop);
            scope.spawn(move || {
                while let Some((number, (step, call))) = take(next, steps) {
                    let went = if stop.load(Ordering::Relaxed) {
                        StepReport { step: number, outcome: StepResult::NotDone, requests: 0, error: None }
                    } else {
                        carry(client, number, step, call)
                    };
                    if went.error.as_ref().is_some_and(|error| matches!(error.kind, Kind::Busy(_) | Kind::Login)) {
                        stop.store(true, Ordering::Relaxed);
                    }
                    let _ = send.send(went);
                }
            });
        }
        drop(send);
        receive.into_iter().for_each(&mut tell);
    });
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    Some((number, items.get(number)?))
}

fn carry(client: &Client<'_>, number: usize, step: &Step, call: &Call) -> StepReport {
    let mut requests = 0;
    let result = match &step.action {
        Action::Book(invitation) => book(client, invitation, call, &mut requests).map(Some),
        Action::Move(..) | Action::Cancel(_) | Action::CancelDouble(_) => client.tell(call).map(|()| None),
    };
    let (outcome, error) = match result {
        Ok(at) => (StepResult::Done(at), None),
        Err(error) => {
            let outcome = match error.kind {
                Kind::Gone => StepResult::Gone,
                Kind::Refused => StepResult::Refused(error.message.clone()),
                Kind::Login | Kind::Bot | Kind::Busy(_) | Kind::NotDone => StepResult::NotDone,
                Kind::InDoubt | Kind::TimedOut => StepResult::InDoubt,
            };
            (outcome, Some(error))
        }
    };
    StepReport { step: number, outcome, requests, error }
}

/// Books a meeting. What may have been booked is looked up before it is asked for again; after a time-out it is left
/// to the next run, for Webex may still be at it.
fn book(client: &Client<'_>, invitation: &Invitation, call: &Call, requests: &mut u32) -> Result<AtWebex, Error> {
    loop {
        *requests += 1;
        let error = match client.ask::<wire::Meeting>(call) {
            Ok(meeting) => return Ok(found(meeting).at),
            Err(error) => error,
        };
        if matches!(error.kind, Kind::NotDone | Kind::Login) {
            // It did not come so far as to count.
            *requests -= 1;
        }
        match error.kind {
            // An address that books meetings and is not there is no meeting that is gone.
            Kind::Gone => return Err(Error { kind: Kind::Refused, ..error }),
            Kind::InDoubt => thread::sleep(Duration::from_millis(500) * *requests),
            _ => return Err(error),
        }
        let day = TimeDelta::days(1);
        let lookup = Lookup {
            tag: invitation.tags.first().cloned().unwrap_or_default(),
            from: invitation.start.to_utc() - day,
            to: invitation.end.to_utc() + day,
            host: invitation.host.clone(),
        };
        match client.list::<wire::Meeting>(&calls::meetings(&lookup)) {
            Ok(meetings) => {
                if let Some(meeting) = meetings.into_iter().next() {
                    return Ok(found(meeting).at);
                }
            }
            Err(_) => return Err(error),
        }
        if *requests == TRIES {
            // It was just looked up: it is not there.
            return Err(Error { kind: Kind::NotDone, ..error });
        }
    }
}

fn found(meeting: wire::Meeting) -> ObservedMeeting {
    let wire::Meeting { id, start, end, web_link, integration_tags } = meeting;
    ObservedMeeting { at: AtWebex { id: id.into(), link: web_link.into() }, start, end, tags: integration_tags }
}

/// Does the same with all items, `parallel` at once; the results are in their order.
pub(super) fn all<T: Sync, R: Send>(items: &[T], parallel: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        let worker = || {
            let mut done = Vec::new();
            while let Some((number, item)) = take(&next, items) {
                done.push((number, work(item)));
            }
            done
        };
        let workers: Vec<_> = (0..parallel.min(items.len())).map(|_| scope.spawn(worker)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, Vec<(usize, R)>>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().flat_map(join).collect()
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
