//! The sandbox behind one lock: the model with its clock, the faults and the log of calls. Knows the order in which a
//! call meets them; waits for nothing and knows no socket.

use crate::parallel::lock;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::api;
use super::calls::Calls;
use super::errors::{Refusal, tracking_id};
use super::faults::{FRAME, Fault, FaultKind, Injected, OddAnswer, injected};
use super::http::{Answer, Call};
use super::model::Model;
use super::webhooks::Notice;
use super::{meetings, odd_answers};

/// The state that all connections share, behind its lock.
#[derive(Debug)]
pub(super) struct Site(Mutex<SiteState>);

/// What is behind the lock.
#[derive(Debug)]
pub(super) struct SiteState {
    pub(super) model: Model,
    pub(super) faults: Vec<Fault>,
    pub(super) calls: Calls,
    /// The time at which the clock stands still, unless it runs.
    pub(super) pinned: Option<DateTime<Utc>>,
    /// Increases with every change of the model.
    pub(super) revision: watch::Sender<u64>,
    /// How many websockets were opened, which is also the number of the last one.
    sockets: u64,
    /// For each device the last connection, to which it belongs.
    owners: BTreeMap<String, u64>,
    pace: Option<Pace>,
    started: Instant,
}

impl Site {
    pub(super) fn new(
        model: Model,
        faults: Vec<Fault>,
        pinned: Option<DateTime<Utc>>,
        pace: Option<NonZeroU32>,
    ) -> Self {
        let pace = pace.map(|limit| Pace::new(limit.get()));
        let (calls, revision) = (Calls::default(), watch::Sender::new(0));
        let (sockets, owners, started) = (0, BTreeMap::new(), Instant::now());
        Self(Mutex::new(SiteState { model, faults, calls, pinned, revision, sockets, owners, pace, started }))
    }

    /// Locks the state. The lock must not be held while waiting for anything.
    pub(super) fn lock(&self) -> MutexGuard<'_, SiteState> {
        lock(&self.0)
    }
}

impl SiteState {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.pinned.unwrap_or_else(Utc::now)
    }

    pub(super) fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// Logs a call; returns its number, and its fate.
    pub(super) fn arrive(&mut self, call: &Call) -> (u64, Injected) {
        let number = self.calls.arrived(call);
        (number, injected(&mut self.faults, &call.method, call.path.strip_prefix("/v1").unwrap_or(&call.path)))
    }

    /// Logs a websocket frame by its kind, such as `/ping`; returns its number, and its fate.
    pub(super) fn frame(&mut self, what: &str) -> (u64, Injected) {
        (self.calls.frame(what), injected(&mut self.faults, FRAME, what))
    }

    /// Answers a call to `/v1`, and lets it take effect.
    pub(super) fn answer(&mut self, call: &mut Call, number: u64) -> Answer {
        (call.now, call.uptime) = (self.now(), self.uptime());
        if let Some(pace) = &mut self.pace
            && !pace.admits(call.uptime)
        {
            return Refusal::new(429, "There were too many requests in a short time.").retry_after(1).answer(number);
        }
        let answer = api::answer(&mut self.model, call);
        self.may_have_changed(call);
        answer.map_or_else(|refusal| refusal.answer(number), |answer| answer.header("trackingid", tracking_id(number)))
    }

    /// Answers a call to `/v1` as a fault requires.
    pub(super) fn kind(&mut self, call: &mut Call, number: u64, kind: &FaultKind) -> Answer {
        let fault = "This fault was requested.";
        let refusal = match kind {
            FaultKind::Status(status, wait) => {
                wait.iter().copied().fold(Refusal::new(*status, fault), Refusal::retry_after)
            }
            FaultKind::Says(status, words) => Refusal::new(*status, words.as_str()),
            FaultKind::Echo(status) => {
                let headers: Vec<String> =
                    call.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                let body = String::from_utf8_lossy(&call.body);
                let request = format!("{} {}?{} {} {body}", call.method, call.path, call.query, headers.join(", "));
                Refusal::new(*status, format!("The request is not valid: {request}"))
            }
            FaultKind::OddAnswer(odd_answer) => return self.odd_answer(call, number, odd_answer),
            _ => return self.answer(call, number),
        };
        self.refuse(call, number, &refusal)
    }

    /// Answers a call to `/v1` in an unexpected way.
    pub(super) fn odd_answer(&mut self, call: &mut Call, number: u64, odd_answer: &OddAnswer) -> Answer {
        let changes = ["PATCH", "DELETE"].contains(&call.method.as_str());
        let refusal = match odd_answer {
            OddAnswer::NoOption(option) if odd_answers::asks_for(call, option) => {
                Some(Refusal::bad(format!("“{option}” is not allowed on this site")))
            }
            OddAnswer::InProgress if changes => Some(Refusal::new(400, "Meeting is in progress")),
            OddAnswer::HostLimit(most) if meetings::has_as_many_at_once(&self.model, call, *most) => {
                Some(Refusal::new(400, "The host has too many meetings at that time"))
            }
            _ => None,
        };
        if let Some(refusal) = refusal {
            return self.refuse(call, number, &refusal);
        }
        odd_answers::grant(call, odd_answer);
        let answer = self.answer(call, number);
        odd_answers::altered(call, odd_answer, answer)
    }

    /// Refuses a call to `/v1` as a fault requires.
    pub(super) fn refuse(&mut self, call: &mut Call, number: u64, refusal: &Refusal) -> Answer {
        (call.now, call.uptime) = (self.now(), self.uptime());
        api::count_failed(&mut self.model, call);
        self.may_have_changed(call);
        refusal.answer(number)
    }

    /// Notes that a call may have changed the model: everything except a GET does.
    pub(super) fn may_have_changed(&mut self, call: &Call) {
        if call.method != "GET" {
            self.change(|_| ());
        }
    }

    /// Changes the model by means other than a call.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Model)) {
        change(&mut self.model);
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// Gives a device to a connection, whoever had it before; returns the connection's number.
    pub(super) fn own(&mut self, device: &str) -> u64 {
        self.sockets += 1;
        self.owners.insert(device.to_owned(), self.sockets);
        let own = self.sockets;
        self.change(|_| ());
        own
    }

    /// Whether the device still belongs to that connection.
    pub(super) fn owns(&self, device: &str, number: u64) -> bool {
        self.owners.get(device) == Some(&number)
    }

    /// The notices that are due by now.
    pub(super) fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.model.notices)
    }

    /// Logs the result of a call.
    pub(super) fn answered(&mut self, number: u64, status: Option<u16>) {
        let status = status.map_or_else(|| json!("dropped"), Value::from);
        self.calls.answered(number, status);
    }
}

/// Limits the calls per second, with a burst of half that number.
#[derive(Debug)]
struct Pace {
    limit: f64,
    left: f64,
    at: Duration,
}

impl Pace {
    fn new(limit: u32) -> Self {
        let limit = f64::from(limit);
        Self { limit, left: Self::burst(limit), at: Duration::ZERO }
    }

    fn burst(limit: f64) -> f64 {
        (limit / 2.0).max(1.0)
    }

    fn admits(&mut self, uptime: Duration) -> bool {
        let gained = uptime.saturating_sub(self.at).as_secs_f64() * self.limit;
        self.left = (self.left + gained).min(Self::burst(self.limit));
        self.at = uptime;
        let admits = self.left >= 1.0;
        self.left -= if admits { 1.0 } else { 0.0 };
        admits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_calls_a_second_are_let_in() {
        let mut pace = Pace::new(10);
        let mut let_in = |millis| (0..20).filter(|_| pace.admits(Duration::from_millis(millis))).count();
        assert_eq!(let_in(0), 5);
        assert_eq!(let_in(100), 1);
        assert_eq!(let_in(150), 0);
        assert_eq!(let_in(200), 1);
        assert_eq!(let_in(60_000), 5);
    }
}
