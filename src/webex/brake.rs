//! When a run stops asking: if Webex refuses the same thing for several people, it is nobody's own fault, and the next
//! run asks again. Knows errors; does not know what was asked for.

use crate::parallel::lock;
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::Error;

/// From this number on, similar refusals are no coincidence.
const ALIKE: usize = 3;
/// How many addresses may be unknown in a run, however few people are written to.
const UNKNOWN: usize = 3;

/// Stops all threads of a run once several people's requests fail in the same way.
#[derive(Debug, Default)]
pub struct Brake {
    on: AtomicBool,
    /// The people for whom each wording was a refusal.
    alike: Mutex<HashMap<String, HashSet<String>>>,
    /// How many addresses may be unknown.
    limit: usize,
    unknown: Mutex<HashSet<String>>,
}

impl Brake {
    /// Stops once more than the larger of three and 5% of the addresses are unknown.
    pub fn for_addresses(addresses: usize) -> Self {
        Self { limit: UNKNOWN.max(addresses / 20), ..Self::default() }
    }

    /// Whether the run has stopped making requests.
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Makes the run stop asking.
    pub fn stop(&self) {
        self.on.store(true, Ordering::Relaxed);
    }

    /// Somebody's request was refused. Returns whether others were refused in the same way, so that it is nobody's own
    /// fault.
    pub fn refused(&self, whose: &str, error: &Error) -> bool {
        lock(&self.alike).entry(key(error)).or_default().insert(whose.to_owned());
        let is_alike = self.is_alike(error);
        if is_alike {
            self.stop();
        }
        is_alike
    }

    /// Whether enough requests were refused in the same way that it is nobody's own fault.
    pub fn is_alike(&self, error: &Error) -> bool {
        lock(&self.alike).get(&key(error)).is_some_and(|all| all.len() >= ALIKE)
    }

    /// Records that an address is unknown.
    pub fn unknown(&self, address: &str) {
        lock(&self.unknown).insert(address.to_owned());
        if self.too_many_unknown().is_some() {
            self.stop();
        }
    }

    /// How many addresses are unknown, if that is too many to be believed.
    pub fn too_many_unknown(&self) -> Option<usize> {
        Some(lock(&self.unknown).len()).filter(|count| *count > self.limit)
    }
}

fn key(error: &Error) -> String {
    let method = error.call.split(' ').next().unwrap_or_default();
    format!("{method} {}", error.likeness())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webex::error::Kind;

    fn no(message: &str) -> Error {
        Error::new(Kind::Refused, "POST /meetings", message)
    }

    #[test]
    fn three_refusals_alike_of_different_people_stop_the_run() {
        let brake = Brake::default();
        assert!(
            !brake.refused("a", &no("no 1")) && !brake.refused("a", &no("no 2")) && !brake.refused("a", &no("no 3"))
        );
        assert!(!brake.refused("b", &no("no 4")) && !brake.refused("c", &no("another")) && !brake.is_on());
        assert!(brake.refused("c", &no("no 5")) && brake.is_on());
        assert!(brake.is_alike(&no("no 1")) && !brake.is_alike(&no("another")));
    }

    #[test]
    fn more_unknown_addresses_than_three_or_one_in_twenty_are_not_believed() {
        for (addresses, believed) in [(0, 3), (40, 3), (79, 3), (80, 4), (1000, 50)] {
            let brake = Brake::for_addresses(addresses);
            (0..believed).for_each(|person| brake.unknown(&format!("p{person}")));
            brake.unknown("p0");
            assert_eq!((brake.is_on(), brake.too_many_unknown()), (false, None), "{addresses}");
            brake.unknown("one more");
            assert_eq!((brake.is_on(), brake.too_many_unknown()), (true, Some(believed + 1)), "{addresses}");
        }
    }
}
