//! `roulette` draws pairs of colleagues across departments for short weekly meetings.

pub mod domain;
pub mod store;
