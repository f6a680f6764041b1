//! The draw: who meets whom, round by round, from the rules and the history. All that it knows about bookings at Webex
//! is whether a meeting has begun.
//!
//! In reading order: [`plan`] (which rounds are drawn, and the plan as a value), [`draw`] (one round after another),
//! [`history`] and [`sit_outs`] (what came before), [`season`] (rounds until everybody has met everybody), [`matching`]
//! (one round, solved), `starts` (when its groups meet), [`replan`] (drawn rounds brought in line with today),
//! [`left_out`] and [`repeat_forecast`] (what is said about it), [`round_view`], [`explain`], [`lonely`] and
//! [`simulate`] (for people to see), [`fingerprint`] (what a plan was made from).

pub mod draw;
pub mod explain;
pub mod fingerprint;
pub mod history;
pub mod left_out;
pub mod lonely;
pub mod matching;
pub mod plan;
pub mod repeat_forecast;
pub mod replan;
pub mod round_view;
pub mod season;
pub mod simulate;
pub mod sit_outs;
mod starts;
