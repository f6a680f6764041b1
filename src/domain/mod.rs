//! What the program decides. Pure: no file, network, clock, environment, or printing.

pub mod calendar;
pub mod draw;
pub mod matching;
pub mod met;
pub mod roster;
pub mod rules;
pub mod season;
pub mod settings;
pub mod standing;
pub mod state;
pub mod state_check;
pub mod times;
pub mod view;
