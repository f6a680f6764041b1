//! What an event means: what somebody typed to the bot or tapped on a card, and what is done about it.
//! Knows nothing of how events come or where they wait.

use anyhow::Result;

use super::Desk;
use crate::store::config::Config;
use crate::webex::wire::Event;

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handled {
    /// It is done, and forgotten.
    Done,
    /// It is to be tried again, after the others that wait; says why.
    #[allow(dead_code, reason = "until an event means something")]
    Later(String),
    /// It can never be done: it is set aside; says why.
    Never(String),
}

/// Handles one event: what everything before and after this is for.
///
/// The same event may come again after it was done, and after a crash half-way: what was done is not done twice.
/// The listener runs for weeks: the time is [`Desk::time`], not `desk.now`.
///
/// # Errors
/// Something is in the way. The event is tried again; where it is a lock, or a token that Webex refuses, the others
/// that wait are not tried before that is over.
pub(super) fn handle(desk: &Desk<'_>, config: &Config, event: &Event) -> Result<Handled> {
    let _ = (desk, config);
    match (event.resource.as_str(), event.event.as_str()) {
        ("messages" | "attachmentActions", "created") => Ok(Handled::Done),
        (resource, event) => Ok(Handled::Never(format!("it tells of {resource} {event}, which nobody asked for"))),
    }
}
