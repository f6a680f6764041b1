//! The stages of a run, each a file: what a subcommand of its own does too, on a session that is open. And which of them
//! have something to do.

pub(crate) mod attendance;
pub(crate) mod bookings;
pub(crate) mod draw;
pub(crate) mod due;
pub(crate) mod events;
pub(crate) mod messages;
pub(crate) mod roster;
pub(crate) mod rounds;
