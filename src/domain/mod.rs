//! What the program decides. Pure: no file, network, clock, thread, environment, or printing.
//!
//! In reading order: [`settings`], [`roster`], [`managers`] and [`rules`] (what is given), [`working_hours`] and
//! [`calendar`] (when), [`state`] (what is remembered), [`pairing`] (who meets), [`scheduling`] (what is booked),
//! [`conversation`] (what people do about it), [`message`] (what they read); and [`limits`] (what is refused as unsafe).
//! [`text`] says when two texts are the same to people.

pub mod calendar;
pub mod conversation;
pub mod language;
pub mod limits;
pub mod local_time;
pub mod managers;
pub mod meeting_history;
pub mod message;
pub mod pairing;
pub mod roster;
pub mod rules;
pub mod scheduling;
pub mod settings;
pub mod state;
pub mod text;
pub mod working_hours;
