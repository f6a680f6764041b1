//! What the program decides. Pure: no file, network, clock, environment, or printing.

pub mod roster;
pub mod settings;
pub mod state;
pub mod times;
