//! The real program, in an empty environment, on real files: one test binary for all of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends there")]

mod addresses;
mod arrows;
mod attendance;
mod auth;
mod border;
mod broken;
mod calendar;
mod clock;
mod conversation;
mod crash;
mod doctor;
mod host_limit;
mod init;
mod large;
mod last_good;
mod letters;
mod look;
mod lookup;
mod lost_state;
mod meetings;
mod odd_files;
mod office_year;
mod organizer;
mod pair;
mod readme;
mod replay;
mod roster_files;
mod roster_pull;
mod run;
mod sandbox;
mod schedule;
mod season;
mod silent;
mod sizes;
mod small_webex;
mod socket;
mod starters;
mod told_true;
mod two_months;
mod unheard;
mod webhook;
mod world;
mod year;
mod zones;
