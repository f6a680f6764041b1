//! The best round: who meets whom on one day.

pub mod exact;
pub mod question;
pub mod small;
