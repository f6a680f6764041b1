//! What the program keeps and reads: config, roster, state and login.

mod booking_json;
mod card_schema;
pub mod cards;
mod cells;
pub mod config;
pub mod faults;
mod intern;
mod lines;
pub mod roster_csv;
mod roster_header;
pub mod secret;
mod toml_reader;

pub use faults::{Fault, Faults};
pub mod durable;
mod groups_json;
pub mod inbox;
pub mod lock;
pub mod plan_file;
pub mod state_file;
pub mod state_json;
mod talk_json;
pub mod tokens;
