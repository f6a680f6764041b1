//! The stages of a run, one file for each: most of them are also subcommands of their own. `due` says which of them
//! have something to do.

pub(crate) mod attendance;
pub(crate) mod bookings;
pub(crate) mod draw;
pub(crate) mod due;
pub(crate) mod events;
pub(crate) mod messages;
pub(crate) mod roster;
pub(crate) mod rounds;
