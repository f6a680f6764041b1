//! What the program decides. Pure: no file, network, clock, environment, or printing.

pub mod booking;
pub mod calendar;
pub mod draw;
pub mod explain;
pub mod fingerprint;
pub mod in_season;
pub mod matching;
pub mod met;
pub mod period;
pub mod plan;
pub mod promise;
pub mod quota;
pub mod reasons;
pub mod refresh;
pub mod roster;
pub mod rules;
pub mod schedule;
pub mod season;
pub mod settings;
pub mod simulate;
pub mod standing;
pub mod state;
pub mod state_check;
pub mod times;
pub mod view;
pub mod words;
