//! Whether our clock can be right: each answer of Webex says what time it is there. A wrong clock would move meetings,
//! and tell people, a year too soon. Knows times; sends nothing.

use crate::domain::text::rfc3339;
use crate::parallel::lock;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

/// Two clocks do not differ by more than this by accident.
const MOST: TimeDelta = TimeDelta::days(1);

/// What is known about our clock in this run.
#[derive(Debug, Default)]
pub struct ClockCheck {
    /// The time here; none if the program pretends that it is another time.
    here: Option<fn() -> DateTime<Utc>>,
    /// Once Webex has answered: what is wrong, if anything.
    found: Mutex<Option<Result<(), String>>>,
}

impl ClockCheck {
    /// Checks the clock of this machine.
    pub fn of(here: fn() -> DateTime<Utc>) -> Self {
        Self { here: Some(here), found: Mutex::default() }
    }

    /// The result so far: nothing before Webex has answered.
    pub fn found(&self) -> Option<Result<(), String>> {
        if self.here.is_none() { Some(Ok(())) } else { self.lock().clone() }
    }

    /// Records what time it is at Webex, if an answer says so; the first one decides.
    pub fn hear(&self, there: Option<DateTime<Utc>>) {
        let Some(here) = self.here else { return };
        self.lock().get_or_insert_with(|| there.map_or(Ok(()), |there| judge(here(), there)));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Result<(), String>>> {
        lock(&self.found)
    }
}

fn judge(here: DateTime<Utc>, there: DateTime<Utc>) -> Result<(), String> {
    if (here - there).abs() <= MOST {
        return Ok(());
    }
    Err(format!("it is {} at Webex, but {} by the clock of this machine", rfc3339(there), rfc3339(here)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> DateTime<Utc> {
        "2026-12-01T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_clock_that_is_more_than_a_day_off_is_wrong_and_the_first_answer_decides() {
        let found = |there: &str| {
            let check = ClockCheck::of(here);
            assert_eq!(check.found(), None);
            check.hear(there.parse().ok());
            check.hear(Some(here()));
            check.found().unwrap()
        };
        for right in ["2026-12-01T09:00:00Z", "2026-11-30T09:00:00Z", "2026-12-02T09:00:00Z", "no Date"] {
            assert_eq!(found(right), Ok(()), "{right}");
        }
        for wrong in ["2026-11-30T08:59:59Z", "2026-12-02T09:00:01Z", "2027-12-01T09:00:00Z"] {
            let why = format!("it is {wrong} at Webex, but 2026-12-01T09:00:00Z by the clock of this machine");
            assert_eq!(found(wrong), Err(why));
        }
        let played = ClockCheck::default();
        played.hear("2036-12-01T09:00:00Z".parse().ok());
        assert_eq!(played.found(), Some(Ok(())), "with --now nothing is compared");
    }
}
