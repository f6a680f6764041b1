//! `roulette` draws pairs of colleagues across departments for short weekly Webex meetings.
//!
//! The map, in reading order:
//! - [`cli`]: what may be typed.
//! - [`commands`]: each opens what it needs, asks the domain, shows, and does.
//! - [`domain`]: what is decided. Pure values and functions: the calendar, the rules, the draw, the plan.
//! - [`show`]: values as tables, JSON, CSV and Markdown.
//! - [`store`]: config, roster and state as files.
//! - [`webex`]: the calls to Webex, and what comes back.
//! - [`serve`]: the small HTTP servers of our own.
//! - [`sandbox`]: a small Webex, to try everything on; it knows nothing of the rest.
//!
//! One row's way through it: CSV text → [`domain::roster::Roster`] → [`domain::rules::Rules`] →
//! [`domain::draw`] → [`domain::plan::Plan`] → printed → saved in the [`domain::state::State`].

pub mod cli;
pub mod commands;
pub mod domain;
pub mod sandbox;
pub mod serve;
pub mod show;
pub mod store;
pub mod webex;
