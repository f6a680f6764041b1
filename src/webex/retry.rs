//! The retry policy: what to do with an answer, or without one. A pure decision, so that every case can be read and
//! tested.
//!
//! Only what is idempotent is retried blindly. Retries wait with exponential backoff and jitter, up to a maximum number
//! of [`ATTEMPTS`]; a rate limit (429) is waited out as long as `Retry-After` asks, by all callers together. Knows what
//! a call does at Webex when it is sent twice; knows no clock and sends nothing.

use std::time::Duration;

use super::error::Kind;

/// What happens at Webex when a call is sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only reads: nothing changes.
    Read,
    /// It has no further effect.
    Idempotent,
    /// It takes effect again: it must be looked up before it is sent again.
    NotIdempotent,
}

/// How an attempt ended, as far as it matters for a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Webex answered, perhaps with the seconds of `Retry-After`.
    Answered(u16, Option<Duration>),
    /// Something between us and Webex refused it with this status.
    Gateway(u16),
    /// The request did not reach Webex.
    NotSent,
    /// The connection broke before the answer came.
    Broke,
    /// No answer came in time.
    TimedOut,
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the answer is good.
    Done,
    /// Send it again after every call has waited this long.
    WaitAll(Duration),
    /// Send it again after this long.
    Wait(Duration),
    /// Get a new token, and send it again.
    Renew,
    /// Give up, for this reason.
    Fail(Kind),
}

/// The state of a call's attempts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt {
    /// The number of the attempt, from 1.
    pub number: u32,
    /// Whether a new token was obtained for it.
    pub renewed: bool,
    /// Whether Webex counts each attempt, including refused ones: it is not asked in vain.
    pub counted: bool,
    /// A number from 0 to 1 that spreads the waits of many callers.
    pub jitter: f64,
}

/// The maximum number of attempts, including the first.
pub const ATTEMPTS: u32 = 5;
/// The longest total wait of a run.
pub const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// The backoff after the first attempt; it doubles after each further one.
const FIRST_BACKOFF: Duration = Duration::from_millis(250);
/// How long a rate limit is waited out if Webex does not say.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(5);
/// Webex says 0 when it means less than a second.
const SHORTEST_RETRY_AFTER: Duration = Duration::from_secs(1);

/// What to do after an attempt.
pub fn next(effect: Effect, outcome: Outcome, attempt: Attempt) -> Next {
    let Attempt { number, renewed, counted, jitter } = attempt;
    let again = |kind| {
        let wait = FIRST_BACKOFF * 2_u32.pow(number.min(8) - 1);
        if number < ATTEMPTS { Next::Wait(wait.mul_f64(0.5 + jitter)) } else { Next::Fail(kind) }
    };
    let doubtful = if effect == Effect::Read { Kind::NotDone } else { Kind::InDoubt };
    match outcome {
        Outcome::Answered(200..=299, _) => Next::Done,
        Outcome::Answered(401, _) if !renewed => Next::Renew,
        Outcome::Answered(401, _) => Next::Fail(Kind::Login),
        Outcome::Answered(429, None) if counted => Next::Fail(Kind::Exhausted),
        Outcome::Answered(429 | 423, after) => match after.unwrap_or(DEFAULT_RETRY_AFTER).max(SHORTEST_RETRY_AFTER) {
            after if after > LONGEST_WAIT => Next::Fail(Kind::Busy(after)),
            _ if counted && number >= ATTEMPTS => Next::Fail(Kind::Exhausted),
            // The other side says how long to wait, so more attempts make sense than for other kinds.
            after if number < 4 * ATTEMPTS => Next::WaitAll(after),
            after => Next::Fail(Kind::Busy(after)),
        },
        // Nobody knows how far it got.
        Outcome::Gateway(408 | 499) if effect != Effect::Read => Next::Fail(Kind::InDoubt),
        Outcome::Gateway(_) => Next::Fail(Kind::NotDone),
        Outcome::Answered(404 | 410, _) => Next::Fail(Kind::Gone),
        Outcome::Answered(300..=499, _) => Next::Fail(Kind::Refused),
        Outcome::NotSent => again(Kind::NotDone),
        Outcome::TimedOut if effect == Effect::NotIdempotent => Next::Fail(Kind::TimedOut),
        Outcome::Answered(..) | Outcome::Broke if effect == Effect::NotIdempotent => Next::Fail(Kind::InDoubt),
        // Repeating does not help with a server's own error, unless the server says that it is short of something.
        Outcome::Answered(502..=504, _) | Outcome::Broke | Outcome::TimedOut => again(doubtful),
        Outcome::Answered(..) if number == 1 => again(doubtful),
        Outcome::Answered(..) => Next::Fail(doubtful),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(number: u32) -> Attempt {
        Attempt { number, renewed: false, counted: false, jitter: 0.5 }
    }

    fn after(seconds: u64) -> Option<Duration> {
        Some(Duration::from_secs(seconds))
    }

    #[test]
    fn a_good_answer_is_taken() {
        for status in [200, 204] {
            assert_eq!(next(Effect::NotIdempotent, Outcome::Answered(status, None), at(1)), Next::Done);
        }
    }

    #[test]
    fn what_may_have_been_done_is_never_sent_again_blindly() {
        for outcome in [500, 502, 503, 504].map(|status| Outcome::Answered(status, None)) {
            assert_eq!(next(Effect::NotIdempotent, outcome, at(1)), Next::Fail(Kind::InDoubt));
        }
        assert_eq!(next(Effect::NotIdempotent, Outcome::Broke, at(1)), Next::Fail(Kind::InDoubt));
        assert_eq!(next(Effect::NotIdempotent, Outcome::TimedOut, at(1)), Next::Fail(Kind::TimedOut));
        assert!(
            matches!(next(Effect::NotIdempotent, Outcome::NotSent, at(1)), Next::Wait(_)),
            "it never reached Webex"
        );
    }

    #[test]
    fn a_read_is_sent_again_with_longer_and_longer_waits_and_then_not() {
        let waits: Vec<Next> = (1..=ATTEMPTS).map(|number| next(Effect::Read, Outcome::TimedOut, at(number))).collect();
        let wait = |millis| Next::Wait(Duration::from_millis(millis));
        assert_eq!(waits, [wait(250), wait(500), wait(1000), wait(2000), Next::Fail(Kind::NotDone)]);
        assert_eq!(next(Effect::Idempotent, Outcome::TimedOut, at(ATTEMPTS)), Next::Fail(Kind::InDoubt));
    }

    #[test]
    fn everybody_waits_as_long_as_webex_asks_but_no_run_waits_for_hours() {
        for status in [429, 423] {
            let answer = |wait| Outcome::Answered(status, wait);
            assert_eq!(next(Effect::NotIdempotent, answer(after(7)), at(1)), Next::WaitAll(Duration::from_secs(7)));
            assert_eq!(next(Effect::NotIdempotent, answer(None), at(1)), Next::WaitAll(DEFAULT_RETRY_AFTER));
            let hour = Duration::from_secs(3600);
            assert_eq!(next(Effect::NotIdempotent, answer(Some(hour)), at(1)), Next::Fail(Kind::Busy(hour)));
            assert_eq!(next(Effect::Read, answer(after(0)), at(1)), Next::WaitAll(Duration::from_secs(1)));
            let second = Duration::from_secs(1);
            assert_eq!(next(Effect::Read, answer(after(1)), at(4 * ATTEMPTS)), Next::Fail(Kind::Busy(second)));
        }
    }

    #[test]
    fn what_is_counted_is_not_asked_for_again_without_an_end_in_sight() {
        let counted = |number| Attempt { counted: true, ..at(number) };
        let answer = |wait| Outcome::Answered(429, wait);
        assert_eq!(next(Effect::NotIdempotent, answer(None), counted(1)), Next::Fail(Kind::Exhausted));
        assert_eq!(next(Effect::NotIdempotent, answer(after(7)), counted(1)), Next::WaitAll(Duration::from_secs(7)));
        assert_eq!(next(Effect::NotIdempotent, answer(after(7)), counted(ATTEMPTS)), Next::Fail(Kind::Exhausted));
    }

    #[test]
    fn what_something_on_the_way_refuses_is_left_for_later() {
        for status in [302, 400, 403, 404, 407, 421, 425] {
            for effect in [Effect::Read, Effect::Idempotent, Effect::NotIdempotent] {
                assert_eq!(next(effect, Outcome::Gateway(status), at(1)), Next::Fail(Kind::NotDone), "{status}");
            }
        }
        for status in [408, 499] {
            assert_eq!(next(Effect::Read, Outcome::Gateway(status), at(1)), Next::Fail(Kind::NotDone));
            assert_eq!(next(Effect::NotIdempotent, Outcome::Gateway(status), at(1)), Next::Fail(Kind::InDoubt));
        }
    }

    #[test]
    fn a_token_is_renewed_once() {
        assert_eq!(next(Effect::NotIdempotent, Outcome::Answered(401, None), at(1)), Next::Renew);
        assert_eq!(
            next(Effect::NotIdempotent, Outcome::Answered(401, None), Attempt { renewed: true, ..at(1) }),
            Next::Fail(Kind::Login)
        );
    }

    #[test]
    fn a_refusal_is_final() {
        for status in [302, 400, 403, 405, 409, 415] {
            assert_eq!(next(Effect::Read, Outcome::Answered(status, None), at(1)), Next::Fail(Kind::Refused));
        }
        for status in [404, 410] {
            assert_eq!(next(Effect::Idempotent, Outcome::Answered(status, None), at(1)), Next::Fail(Kind::Gone));
        }
    }
}
