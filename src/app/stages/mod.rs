//! The stages of a run, a file each: what a subcommand of its own also does, on an open session. And which of them have
//! something to do.

pub(crate) mod attendance;
pub(crate) mod bookings;
pub(crate) mod draw;
pub(crate) mod due;
pub(crate) mod events;
pub(crate) mod messages;
pub(crate) mod roster;
pub(crate) mod rounds;
