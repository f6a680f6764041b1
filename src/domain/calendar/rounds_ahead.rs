//! Which rounds a command is about: those of a month or of a week, and which of them are still ahead.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{Month, round_of_week, rounds_of_month};
use crate::domain::local_time::instant;
use crate::domain::settings::Meeting;

/// What the organizer asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A month; without a name, this one, or the next once no round of this one is ahead.
    Month(Option<Month>),
    /// The week of a day; without a day, this one, or the next once its round is not ahead.
    Week(Option<NaiveDate>),
}

/// The rounds asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounds {
    /// The month; that of a week is the month of its round.
    pub month: Month,
    /// The days, ascending. Without a name for the period, only those ahead.
    pub dates: Vec<NaiveDate>,
}

/// Whether a round has not begun.
pub fn is_ahead(meeting: &Meeting, date: NaiveDate, now: DateTime<Utc>) -> bool {
    instant(meeting.timezone, date.and_time(meeting.start)) > now
}

impl Period {
    /// Its rounds, as seen at `now`.
    pub fn rounds(self, meeting: &Meeting, now: DateTime<Utc>) -> Rounds {
        let today = now.with_timezone(&meeting.timezone).date_naive();
        let ahead = |date: &NaiveDate| is_ahead(meeting, *date, now);
        let only_ahead = |dates: Vec<NaiveDate>| dates.into_iter().filter(ahead).collect::<Vec<_>>();
        let (month, dates) = match self {
            Self::Month(Some(month)) => (month, rounds_of_month(meeting, month)),
            Self::Month(None) => {
                let this = Month::of(today);
                let left = only_ahead(rounds_of_month(meeting, this));
                if left.is_empty() {
                    (this.next(), only_ahead(rounds_of_month(meeting, this.next())))
                } else {
                    (this, left)
                }
            }
            Self::Week(Some(day)) => {
                let date = round_of_week(meeting, day);
                (Month::of(date.unwrap_or(day)), date.into_iter().collect())
            }
            Self::Week(None) => {
                let weeks = [today, today + Days::new(7)];
                let date = weeks.into_iter().filter_map(|day| round_of_week(meeting, day)).find(ahead);
                (Month::of(date.unwrap_or(today)), date.into_iter().collect())
            }
        };
        Rounds { month, dates }
    }
}
