//! What the program keeps and reads: config, roster, state, cards, plans, waiting events and login.

mod address;
pub mod cards;
mod cells;
pub mod config;
mod dates;
pub mod faults;
pub mod files;
pub mod heard;
pub mod inbox;
pub mod journal;
pub mod members_file;
pub mod plan_file;
pub mod programmes;
pub mod roster;
pub mod run_file;
pub mod starters;
pub mod state;
pub mod tokens;
pub mod zones;

pub use faults::{Fault, Faults};
