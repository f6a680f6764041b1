//! The stages of a run, each a file: what a subcommand of its own does too, on a session that is open.

pub(crate) mod bookings;
pub(crate) mod draw;
pub(crate) mod events;
pub(crate) mod messages;
