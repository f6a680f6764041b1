//! Which rounds a command is about: those of a month or of a week, and which of them are still ahead.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Month, in_turn, round_of_week, rounds_from, rounds_of_month, weeks_from, weeks_of_month};
use crate::domain::local_time::instant;
use crate::domain::settings::Meeting;

/// With a round every eight weeks, a month may have none, and holidays may take another: within this number of months,
/// one is found.
const MONTHS: usize = 6;

/// What the organizer asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A month; if none is given, this one, or the next that has a round ahead.
    Month(Option<Month>),
    /// The week of a day; if none is given, this one, or the next once its round is no longer ahead.
    Week(Option<NaiveDate>),
}

/// The rounds of a period that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounds {
    /// The month; for a week, the month of its round.
    pub month: Month,
    /// The days, ascending. If no period was named, only those ahead.
    pub dates: Vec<NaiveDate>,
}

/// Whether a round has not begun.
pub fn is_ahead(meeting: &Meeting, date: NaiveDate, now: DateTime<Utc>) -> bool {
    instant(meeting.timezone, date.and_time(meeting.start)) > now
}

impl Period {
    /// The rounds of the period, as seen at `now`.
    pub fn rounds(self, meeting: &Meeting, now: DateTime<Utc>) -> Rounds {
        let today = meeting.date_at(now);
        let ahead = |date: &NaiveDate| is_ahead(meeting, *date, now);
        let only_ahead = |dates: Vec<NaiveDate>| dates.into_iter().filter(ahead).collect::<Vec<_>>();
        // Before anything is drawn, the first round ahead is the first of all.
        let of_month = |month: Month| {
            let mut weeks = weeks_of_month(meeting, month).peekable();
            let first = weeks.peek().copied();
            rounds_of_month(&meeting.counted_from(weeks.find(ahead).or(first)), month)
        };
        let (month, dates) = match self {
            Self::Month(Some(month)) => (month, of_month(month)),
            Self::Month(None) => {
                let this = Month::of(today);
                let months = std::iter::successors(Some(this), |month| Some(month.next()));
                let rounds = months.take(MONTHS).map(|month| (month, only_ahead(of_month(month))));
                rounds.into_iter().find(|(_, left)| !left.is_empty()).unwrap_or((this.next(), Vec::new()))
            }
            Self::Week(Some(day)) => {
                let date = in_turn(meeting, round_of_week(meeting, day).into_iter()).next();
                (Month::of(date.unwrap_or(day)), date.into_iter().collect())
            }
            Self::Week(None) => {
                let first = weeks_from(meeting, today).take(2).find(ahead);
                let counted = meeting.counted_from(first);
                let date = rounds_from(&counted, today).take(2).find(ahead);
                (Month::of(date.unwrap_or(today)), date.into_iter().collect())
            }
        };
        Rounds { month, dates }
    }
}
