//! What the organizer decides about draws and meetings: the values of the config's `[pairing]` and `[meeting]`. Knows
//! no TOML; every single value here has already been checked.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Weekday};

use super::working_hours::weekdays::Weekdays;
use super::working_hours::{Hours, Span};
use crate::domain::zone::Zone;

/// What happens to the odd one out when the number of participants is odd.
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
    /// A repeat within this number of weeks is forbidden; 0: never forbidden, only avoided.
    pub avoid_repeats_weeks: u32,
    /// What happens to the odd one out.
    pub odd_one_out: OddOneOut,
    /// The most pairs of a round; 0: no limit.
    pub max_pairs_per_round: usize,
    /// Addresses (lower case) never paired with each other.
    pub never_pair: Vec<[String; 2]>,
}

/// No office is closed for more days in a row than this.
const LONGEST_ABSENCE: usize = 400;

/// When meetings are: `[meeting]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The day of the week of the rounds.
    pub weekday: Weekday,
    /// The start, in `timezone`.
    pub start: NaiveTime,
    /// How long a meeting is, in minutes: 10 to 1439.
    pub minutes: u16,
    /// The programme's zone, also used for employees who have none of their own.
    pub timezone: Zone,
    /// Working hours of employees who have none of their own, each in their own zone.
    pub working_hours: Hours,
    /// The days of the week on which people without days of their own work, and on which rounds can be.
    pub workdays: Weekdays,
    /// The number of weeks from one round to the next: 1 to 8.
    pub every_weeks: u8,
    /// A day in the week of the first round, from which the weeks are counted; there is no round before it.
    pub first_round: Option<NaiveDate>,
    /// The first round that was drawn: the weeks are counted from there if `first_round` names none.
    pub first_drawn: Option<NaiveDate>,
    /// Days without meetings, ascending.
    pub skip_dates: Vec<NaiveDate>,
    /// Days on which only some people do not work.
    pub holidays: Option<Holidays>,
    /// How many days ahead meetings are booked.
    pub book_ahead_days: u32,
    /// Whether to check at Webex who came.
    pub attendance: bool,
    /// How many meetings of a round may be in progress at once, since all have one host; 0: no limit is known.
    pub at_once: usize,
}

/// Days on which people with a certain value in a column of the roster do not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holidays {
    /// The column, in lower case.
    pub column: String,
    /// The days for each value, ascending; no value occurs twice.
    pub days: Vec<(String, Vec<NaiveDate>)>,
}

impl Default for Meeting {
    /// The values that apply if the organizer says nothing.
    fn default() -> Self {
        Self {
            weekday: Weekday::Wed,
            start: NaiveTime::from_hms_opt(15, 10, 0).unwrap_or_default(),
            minutes: 30,
            timezone: Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv),
            working_hours: Hours::daily(Span { from: 9 * 60, to: 17 * 60 + 30 }),
            workdays: Weekdays::MONDAY_TO_FRIDAY,
            every_weeks: 1,
            first_round: None,
            first_drawn: None,
            skip_dates: Vec::new(),
            holidays: None,
            book_ahead_days: 7,
            attendance: false,
            at_once: 0,
        }
    }
}

impl Meeting {
    /// The same settings with the first round that was drawn, if it is not known yet.
    pub fn counted_from(&self, first_drawn: Option<NaiveDate>) -> Self {
        Self { first_drawn: self.first_drawn.or(first_drawn), ..self.clone() }
    }

    /// The date in the programme's zone at that time.
    pub fn date_at(&self, time: DateTime<impl TimeZone<Offset: Copy>>) -> NaiveDate {
        time.with_timezone(&self.timezone).date_naive()
    }

    /// Whether the programme works on that day: it is one of its workdays, and not skipped.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.workdays.contains(date.weekday()) && self.skip_dates.binary_search(&date).is_err()
    }

    /// The first working day after that one, or the next day if there is none for a long time.
    pub fn working_day_after(&self, date: NaiveDate) -> NaiveDate {
        let mut after = date.iter_days().skip(1).take(LONGEST_ABSENCE);
        after.find(|day| self.is_working_day(*day)).or(date.succ_opt()).unwrap_or(date)
    }

    /// The last working day before that one, or the previous day if there is none for a long time.
    pub fn working_day_before(&self, date: NaiveDate) -> NaiveDate {
        let mut before = date.iter_days().rev().skip(1).take(LONGEST_ABSENCE);
        before.find(|day| self.is_working_day(*day)).or(date.pred_opt()).unwrap_or(date)
    }
}
