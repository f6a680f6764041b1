//! What the organizer decides about draws and meetings: the values of the config's `[pairing]` and `[meeting]`.
//! Knows no TOML; every value here is already checked for itself.

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::local_time::Hours;

/// What becomes of the odd one when the number of participants is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddOneOut {
    /// They join the pair that fits best.
    Trio,
    /// They sit out; turns are fair.
    Rest,
}

/// Who may meet whom: `[pairing]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// Roster columns (lower case) whose equal values are never paired.
    pub across: Vec<String>,
    /// A repeat within so many weeks is forbidden; 0: never forbidden, only unwished.
    pub avoid_repeats_weeks: u32,
    /// What becomes of the odd one.
    pub odd_one_out: OddOneOut,
    /// The most pairs of a round; 0: no limit.
    pub max_pairs_per_round: usize,
    /// Addresses (lower case) never paired with each other.
    pub never_pair: Vec<[String; 2]>,
}

/// When meetings are: `[meeting]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The day of the week of the rounds.
    pub weekday: Weekday,
    /// The start, in `timezone`.
    pub start: NaiveTime,
    /// How long a meeting is, in minutes: 10 to 1439.
    pub minutes: u16,
    /// The programme's zone, and that of employees who have none.
    pub timezone: Tz,
    /// Working hours of employees who have none of their own, each in their own zone.
    pub working_hours: Hours,
    /// Days without meetings, ascending.
    pub skip_dates: Vec<NaiveDate>,
    /// How many days ahead meetings are booked.
    pub book_ahead_days: u32,
}
