//! What the program keeps and reads: config, roster and state.

mod cells;
pub mod faults;
mod intern;
mod lines;
pub mod roster_csv;
mod roster_header;

pub use faults::{Fault, Faults};
