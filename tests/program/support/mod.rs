//! What the tests share: a world of files, a small Webex, a programme that is booked there, and its chats.

pub(crate) mod booked;
pub(crate) mod chat;
pub(crate) mod kill;
pub(crate) mod small_webex;
pub(crate) mod trouble;
pub(crate) mod world;

use std::time::{Duration, Instant};

/// Looks again and again; for long enough on a machine that has much else to do.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
