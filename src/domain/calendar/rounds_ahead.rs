//! Which rounds a command is about: those of a month or of a week, and which of them are still ahead.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::local_time::instant;
use super::{Month, round_of_week, rounds_from, rounds_of_month, week_of};
use crate::domain::settings::Meeting;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::{Round, State};

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

/// The rounds after the last one that is drawn, or from now on.
pub fn undrawn<'a>(state: &State, meeting: &'a Meeting, now: DateTime<Utc>) -> impl Iterator<Item = NaiveDate> + 'a {
    let today = now.with_timezone(&meeting.timezone).date_naive();
    let last = state.rounds.last().map_or(today, |round| round.date.max(today));
    let monday = last.week(chrono::Weekday::Mon).first_day();
    let week = week_of(last);
    let drawn = state.rounds.last().is_some_and(|round| week_of(round.date) == week);
    rounds_from(meeting, monday).filter(move |date| *date > last && !(drawn && week_of(*date) == week))
}

/// Whether none of a drawn round's meetings has begun.
pub fn is_untouched(meeting: &Meeting, round: &Round, booked: &Bookings<'_>, now: DateTime<Utc>) -> bool {
    is_ahead(meeting, round.date, now) && booked.is_untouched(round, now)
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
