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
//! - [`secrets`]: what is struck out of everything that is printed or kept.
//! - [`sandbox`]: a small Webex, to try everything on; it knows nothing of the rest.
//!
//! One row's way through it: CSV text → [`domain::roster::Roster`] → [`domain::rules::Rules`] →
//! [`domain::pairing::draw`] → [`domain::pairing::plan::Plan`] → printed → saved in the [`domain::state::State`]. A
//! pair's way from there: [`domain::scheduling::SchedulePlan`] → printed → saved as begun → [`webex::calls`] → saved as
//! done; then [`domain::conversation`] decides what is said ([`domain::message::BotMessage`]),
//! [`domain::message::render`] puts it into words and cards, and it waits in the state's outbox until it is sent. What people answer comes back through [`serve::webhook`] and
//! [`store::inbox`] to the conversation.

mod app;
pub mod cli;
pub mod commands;
pub mod domain;
pub mod hex;
pub mod parallel;
pub mod sandbox;
pub mod secrets;
pub mod serve;
pub mod show;
pub mod store;
pub mod webex;
