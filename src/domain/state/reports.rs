//! What the organizers were told about a round that is over, so that later answers can correct it once. Knows numbers
//! and days; sends nothing.

use chrono::{Days, NaiveDate, Weekday};

use super::State;
use super::bookings::{Booking, MeetingResult, OffReason, Seen};
use super::outbox::Kind;
use super::rounds::Round;
use crate::domain::calendar::week_of;

/// How many meetings of a round took place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many meetings there were.
    pub meetings: usize,
    /// How many took place: both were seen there, or somebody says that they met.
    pub met: usize,
    /// For how many of the others people only say that they could not meet.
    pub could_not: usize,
    /// For how many of those that took place somebody else says that they could not meet.
    pub differ: usize,
    /// How many more were drawn but never booked before their time came.
    pub never_booked: usize,
    /// For how many somebody says that they met.
    pub said_met: usize,
    /// For how many people only say that they could not meet, whatever was seen.
    pub said_could_not: usize,
    /// What was seen at Webex.
    pub seen: SeenCounts,
}

/// How many people came to how many meetings, as Webex saw it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenCounts {
    /// The number of meetings to which both came; of three people, at least two.
    pub both: usize,
    /// The number of meetings to which only one came.
    pub one: usize,
    /// The number of meetings to which nobody came.
    pub nobody: usize,
}

impl SeenCounts {
    /// Whether anything was seen of any meeting.
    pub fn any(&self) -> bool {
        self.both + self.one + self.nobody > 0
    }
}

impl Counts {
    /// For how many nobody said anything.
    pub fn unsaid(&self) -> usize {
        self.meetings.saturating_sub(self.said_met + self.said_could_not)
    }

    /// For how many it is not known whether they took place.
    pub fn unknown(&self) -> usize {
        self.meetings.saturating_sub(self.met + self.could_not)
    }
}

/// A report that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The week of the round: its Monday, as in [`super::outbox::Notified`].
    pub about: Box<str>,
    /// The numbers that it contained.
    pub counts: Counts,
    /// The message's id at Webex, once it is known.
    pub message: Option<Box<str>>,
    /// The day of the first answer after the report, in the programme's zone.
    pub changed: Option<NaiveDate>,
}

/// How long a report is remembered after its week.
const REMEMBERED: Days = Days::new(90);

/// Messages about a round are recorded under its week, whichever day the round moves to: that week's Monday.
pub fn about_week(round: NaiveDate) -> String {
    round.week(Weekday::Mon).first_day().to_string()
}

impl State {
    /// How many meetings of a round took place, as far as is known.
    pub fn counts(&self, round: &Round) -> Counts {
        let of_week = |booking: &&Booking| week_of(booking.round) == week_of(round.date);
        let bookings = || self.bookings.iter().filter(of_week);
        let count = |is_so: &dyn Fn(&Booking) -> bool| bookings().filter(|it| is_so(it)).count();
        let could_not = |it: &Booking| it.result == Some(MeetingResult::CouldNot);
        let not_held = count(&|it| could_not(it) && !it.is_held());
        Counts {
            meetings: round.pair_count() + not_held,
            met: count(&Booking::is_held),
            could_not: not_held,
            differ: count(&|it| it.accounts.differ()),
            said_met: count(&|it| it.result == Some(MeetingResult::Met)),
            said_could_not: count(&could_not),
            seen: SeenCounts {
                both: count(&|it| it.seen == Some(Seen::Both)),
                one: count(&|it| matches!(it.seen, Some(Seen::One(_)))),
                nobody: count(&|it| it.seen == Some(Seen::Nobody)),
            },
            never_booked: round.changes.released.iter().filter(|it| it.why == OffReason::NeverBooked).count(),
        }
    }

    /// Keeps what a report says, replacing an earlier one for the same week.
    pub fn put_report(&mut self, about: &str, counts: Counts) {
        match self.reports.iter_mut().find(|report| *report.about == *about) {
            Some(report) => (report.counts, report.changed) = (counts, None),
            None => self.reports.push(Report { about: about.into(), counts, message: None, changed: None }),
        }
    }

    /// Records that somebody said something about a round after its report.
    pub fn change_report(&mut self, round: NaiveDate, today: NaiveDate) {
        let about = about_week(round);
        if let Some(report) = self.reports.iter_mut().find(|report| *report.about == *about) {
            report.changed.get_or_insert(today);
        }
    }

    /// Records the id at Webex of the report about a week.
    pub fn set_report_message(&mut self, about: &str, message: &str) {
        if let Some(report) = self.reports.iter_mut().find(|report| *report.about == *about) {
            report.message.get_or_insert_with(|| message.into());
        }
    }

    /// Whether the organizers have yet to get the report about a round that they were told about.
    pub fn owes_report(&self, round: NaiveDate) -> bool {
        let about = about_week(round);
        self.was_told(Kind::Summary, &about, None).is_some() && self.was_told(Kind::Report, &about, None).is_none()
    }

    /// Forgets reports that answers can no longer change.
    pub fn forget_reports(&mut self, today: NaiveDate) {
        let is_recent = |about: &str| {
            about
                .parse::<NaiveDate>()
                .ok()
                .and_then(|week| week.checked_add_days(REMEMBERED))
                .is_some_and(|end| today < end)
        };
        self.reports.retain(|report| is_recent(&report.about));
    }
}
