//! What the program decides. Pure: no file, network, clock, thread, environment, or printing.
//!
//! In reading order, in which each module knows only those before it: [`text`], [`language`], [`zone`], [`local_time`]
//! and [`limits`] (small things that others need), [`working_hours`], [`settings`], [`roster`], [`managers`] and
//! [`roster_pull`] (what is given), [`calendar`] (when), [`state`] (what is remembered), [`elsewhere`] (what other
//! programmes have), [`meeting_history`] and [`rules`] (who may meet), [`pairing`] (who meets), [`starters`] (how a
//! meeting may begin), [`message`] (what people read), [`scheduling`] (what is booked), [`attendance`] (who came),
//! [`conversation`] (what people do about it), [`report`] (how it all went), [`journal`]
//! (what was done, step by step).

pub mod attendance;
pub mod calendar;
pub mod conversation;
pub mod elsewhere;
pub mod journal;
pub mod language;
pub mod limits;
pub mod local_time;
pub mod managers;
pub mod meeting_history;
pub mod message;
pub mod pairing;
pub mod report;
pub mod roster;
pub mod roster_pull;
pub mod rules;
pub mod scheduling;
pub mod settings;
pub mod starters;
pub mod state;
pub mod text;
pub mod working_hours;
pub mod zone;
