//! The throttle before every call: while Webex's rate limit asks to wait, all calls wait; afterwards, calls go at a
//! pace that it accepts. Knows times, and nothing about the calls.
//!
//! The pace follows the additive-increase, multiplicative-decrease rule of network congestion control
//! (Chiu and Jain, 1989): a refusal lengthens the time between two calls by half, a good answer shortens it a little.

use crate::parallel::lock;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// The most time between two calls.
const SLOWEST: Duration = Duration::from_secs(2);
/// How much sooner each good answer lets the next call go.
const EASE: Duration = Duration::from_micros(250);

/// How long a run waits for Webex in total: it holds the state meanwhile, and others wait for that.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// How long a run has waited for Webex: at its request, or for an answer that did not come. If many calls wait at the
/// same time, it counts once.
#[derive(Debug)]
pub struct Patience {
    most: Duration,
    waited: Mutex<Waited>,
}

#[derive(Debug, Default)]
struct Waited {
    spent: Duration,
    /// Waiting until then is already counted.
    until: Option<Instant>,
    is_over: bool,
}

impl Default for Patience {
    fn default() -> Self {
        Self::of(PATIENCE)
    }
}

impl Patience {
    /// A patience for this long.
    pub fn of(most: Duration) -> Self {
        Self { most, waited: Mutex::default() }
    }

    /// Whether enough patience is left to wait this long from `now`. If not, it is over.
    pub fn bears(&self, now: Instant, wait: Duration) -> bool {
        self.with(|waited| waited.bears(now, wait, self.most))
    }

    /// Counts the time from `since` to `now`, in which no answer came, against the patience.
    pub fn waited_in_vain(&self, since: Instant, now: Instant) {
        self.with(|waited| {
            waited.spend(since, now);
            waited.is_over |= waited.spent >= self.most;
        });
    }

    /// Whether the patience is used up, so that nothing waits for Webex any more.
    pub fn is_over(&self) -> bool {
        self.with(|waited| waited.is_over)
    }

    fn with<T>(&self, change: impl FnOnce(&mut Waited) -> T) -> T {
        change(&mut lock(&self.waited))
    }
}

impl Waited {
    fn more(&self, from: Instant, to: Instant) -> Duration {
        to.saturating_duration_since(self.until.map_or(from, |until| until.max(from)))
    }

    fn spend(&mut self, from: Instant, to: Instant) {
        self.spent += self.more(from, to);
        self.until = Some(self.until.map_or(to, |until| until.max(to)));
    }

    fn bears(&mut self, now: Instant, wait: Duration, most: Duration) -> bool {
        let bears = !self.is_over && self.spent + self.more(now, now + wait) <= most;
        if bears {
            self.spend(now, now + wait);
        } else {
            self.is_over = true;
        }
        bears
    }
}

/// The throttle that all calls of a run share.
#[derive(Debug)]
pub struct Throttle {
    pace: Mutex<Pace>,
}

#[derive(Debug)]
struct Pace {
    /// No call passes before this time.
    opens: Instant,
    /// The time between two calls; none until Webex first refuses one.
    between: Duration,
    /// The time since the last refusal, or since the first call.
    since: Option<Instant>,
    passed: u32,
}

impl Default for Throttle {
    fn default() -> Self {
        let pace = Pace { opens: Instant::now(), between: Duration::ZERO, since: None, passed: 0 };
        Self { pace: Mutex::new(pace) }
    }
}

impl Throttle {
    /// Waits until the next call may be made.
    pub fn pass(&self) {
        loop {
            let wait = self.with(|pace| pace.pass(Instant::now()));
            match wait {
                None => return,
                Some(wait) => thread::sleep(wait),
            }
        }
    }

    /// Webex refused a call that passed at `sent`, and asks to wait.
    pub fn refused(&self, sent: Instant, wait: Duration) {
        self.with(|pace| pace.refused(sent, Instant::now(), wait));
    }

    /// Webex gave a good answer.
    pub fn answered(&self) {
        self.with(|pace| pace.between = pace.between.saturating_sub(EASE));
    }

    fn with<T>(&self, change: impl FnOnce(&mut Pace) -> T) -> T {
        change(&mut lock(&self.pace))
    }
}

impl Pace {
    /// Passes, or says how long to wait before asking again.
    fn pass(&mut self, now: Instant) -> Option<Duration> {
        let wait = self.opens.saturating_duration_since(now);
        if !wait.is_zero() {
            return Some(wait);
        }
        self.opens = now + self.between;
        self.since.get_or_insert(now);
        self.passed += 1;
        None
    }

    fn refused(&mut self, sent: Instant, now: Instant, wait: Duration) {
        let since = self.since.unwrap_or(sent);
        // Calls that were in progress together are refused together: that counts once.
        if sent >= since {
            let seen = now.saturating_duration_since(since) / self.passed.max(1);
            self.between = self.between.max(seen).mul_f64(1.5).clamp(Duration::from_millis(20), SLOWEST);
            self.since = Some(now + wait);
            self.passed = 0;
        }
        self.opens = self.opens.max(now + wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(now: Instant) -> Pace {
        Pace { opens: now, between: Duration::ZERO, since: None, passed: 0 }
    }

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_run_waits_two_minutes_in_all_and_waits_at_the_same_time_count_once() {
        let (now, patience) = (Instant::now(), Patience::default());
        let second = Duration::from_secs(1);
        for _ in 0..8 {
            assert!(patience.bears(now, 50 * second));
        }
        assert!(patience.bears(now + 50 * second, 50 * second) && !patience.is_over());
        patience.waited_in_vain(now + 90 * second, now + 110 * second);
        assert!(patience.bears(now + 110 * second, 10 * second) && !patience.is_over());
        assert!(!patience.bears(now + 500 * second, second) && patience.is_over());
        assert!(!patience.bears(now + 600 * second, Duration::ZERO), "what is over is over");
        let patience = Patience::default();
        patience.waited_in_vain(now, now + 120 * second);
        assert!(patience.is_over());
    }

    #[test]
    fn nobody_waits_before_webex_asks_to() {
        let now = Instant::now();
        let mut pace = pace(now);
        assert!((0..100).all(|_| pace.pass(now).is_none()));
    }

    #[test]
    fn all_wait_as_long_as_asked_and_then_go_at_a_pace() {
        let now = Instant::now();
        let mut pace = pace(now);
        for call in 0..10 {
            assert_eq!(pace.pass(now + 10 * MS * call), None);
        }
        pace.refused(now + 90 * MS, now + 100 * MS, 1000 * MS);
        assert_eq!(pace.pass(now + 100 * MS), Some(1000 * MS));
        assert_eq!(pace.pass(now + 1100 * MS), None);
        assert_eq!(pace.pass(now + 1100 * MS), Some(20 * MS));
    }

    #[test]
    fn calls_refused_together_slow_the_pace_once() {
        let now = Instant::now();
        let mut pace = pace(now);
        (0..8).for_each(|_| assert_eq!(pace.pass(now), None));
        (0..8).for_each(|_| pace.refused(now, now + 200 * MS, 1000 * MS));
        assert_eq!(pace.between, Duration::from_micros(37_500));
    }
}
