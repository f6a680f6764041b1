//! Which new times can be suggested for a meeting, and which proposals are open.
//! Returns values and errors; changes nothing.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, Offset, TimeDelta};

use super::Setting;
use super::view::{ConversationView, Rejection};
use crate::domain::calendar::week_of;
use crate::domain::local_time::instant;
use crate::domain::message::{BotMessage, Rejected, TimeProblem};
use crate::domain::state::bookings::{Booking, Proposal};
use crate::domain::state::{Group, PersonId};
use crate::domain::working_hours::DAY;
use crate::domain::working_hours::schedule::Schedule;

/// A suggested time is at least this many minutes ahead, so that the others can see it in time.
const AHEAD: u16 = 60;
/// And at most this many days after the time that it replaces.
const AFTER: Days = Days::new(14);
/// This many minutes before and after working hours are offered as well.
const BEYOND: u16 = 120;

impl ConversationView<'_> {
    /// The first and the last time of day that are offered: a little beyond the person's working hours.
    pub(super) fn times(&self, person: PersonId, booking: &Booking) -> (NaiveTime, NaiveTime) {
        let start = booking.start.with_timezone(&self.zone(person)).time();
        let (from, to) = self.schedule(person).map_or((0, DAY), Schedule::bounds);
        let time = |minute: u16| NaiveTime::MIN + TimeDelta::minutes(minute.min(DAY - 1).into());
        let last = to.saturating_add(BEYOND).min(DAY).saturating_sub(booking.minutes);
        (time(from.saturating_sub(BEYOND)).min(start), time(last).max(start))
    }

    /// The last day that can be suggested.
    pub(super) fn latest(&self, person: PersonId, booking: &Booking) -> NaiveDate {
        let date = booking.start.with_timezone(&self.zone(person)).date_naive();
        date.checked_add_days(AFTER).unwrap_or(date)
    }

    /// The start that is meant, or why it is not possible.
    pub(super) fn check(
        &self,
        person: PersonId,
        booking: &Booking,
        date: Option<NaiveDate>,
        time: Option<NaiveTime>,
    ) -> Result<DateTime<FixedOffset>, TimeProblem> {
        let (Some(date), Some(time)) = (date, time) else { return Err(TimeProblem::NoTime) };
        let meeting = self.setting.meeting;
        let start = instant(self.zone(person), date.and_time(time));
        let now = self.setting.now;
        let at_home = start.with_timezone(&meeting.timezone);
        if start <= now {
            Err(TimeProblem::Past)
        } else if start < now + TimeDelta::minutes(i64::from(AHEAD)) {
            Err(TimeProblem::TooSoon(AHEAD))
        } else if date > self.latest(person, booking) {
            Err(TimeProblem::TooLate(self.latest(person, booking)))
        } else if start == booking.start {
            Err(TimeProblem::Same)
        } else {
            let start = at_home.with_timezone(&at_home.offset().fix());
            self.hindrance(person, booking, start).map_or(Ok(start), Err)
        }
    }

    /// What prevents that time, apart from the time itself.
    pub(super) fn hindrance(
        &self,
        person: PersonId,
        booking: &Booking,
        start: DateTime<FixedOffset>,
    ) -> Option<TimeProblem> {
        let meeting = self.setting.meeting;
        let date = meeting.date_at(start);
        if meeting.skip_dates.binary_search(&date).is_ok() {
            return Some(TimeProblem::Holiday);
        }
        let who = self.busy(booking, start)?;
        Some(if who == person { TimeProblem::Busy } else { TimeProblem::PartnerBusy(self.name(who)) })
    }

    /// The people of a meeting who have another one at that time: booked, agreed on, or drawn; or in another programme.
    pub(super) fn busy(&self, booking: &Booking, start: DateTime<FixedOffset>) -> Option<PersonId> {
        let length = |minutes: u16| TimeDelta::minutes(minutes.into());
        let end = start + length(booking.minutes);
        let overlaps = |(from, minutes): (DateTime<FixedOffset>, u16)| from < end && start < from + length(minutes);
        let times = |date: NaiveDate, drawn: DateTime<FixedOffset>, group: Group| match self.booked(date, group) {
            Some(other) => [Some((other.start, other.minutes)), other.agreed.map(|agreed| (agreed, other.minutes))],
            None => [Some((drawn, self.setting.meeting.minutes)), None],
        };
        let groups =
            || self.state.rounds.iter().flat_map(|round| round.groups().map(|(at, group)| (round.date, at, group)));
        let is_this =
            |date: NaiveDate, group: Group| group == booking.people && week_of(date) == week_of(booking.round);
        let elsewhere = self.setting.rules.elsewhere();
        let is_busy = |person: &PersonId| {
            elsewhere.is_busy(self.state.email(*person), start.to_utc(), booking.minutes)
                || groups()
                    .filter(|(date, _, group)| group.has(*person) && !is_this(*date, *group))
                    .any(|(date, at, group)| times(date, at, group).into_iter().flatten().any(overlaps))
        };
        booking.people.people().iter().copied().find(is_busy)
    }

    /// The proposal with that number, if it is open and made by somebody else.
    pub(super) fn open(&self, person: PersonId, key: &str, number: u32) -> Result<(Booking, Proposal), Rejection> {
        let booking = self.find_ahead(key, person)?;
        let Setting { now, said, .. } = self.setting;
        let proposal = booking.proposal.clone();
        let open = |it: &Proposal| it.number == number && it.expires > said && it.by != person && it.start > now;
        proposal.filter(open).map(|proposal| (booking, proposal)).ok_or(Rejected::OutOfDate.into())
    }

    /// The proposal to which somebody said yes and that waits for others.
    pub(super) fn agreed_to(&self, person: PersonId) -> Option<(String, u32)> {
        self.coming(person).into_iter().find_map(|booking| {
            let proposal = booking.proposal.as_ref().filter(|it| it.agreed.contains(&person))?;
            Some((booking.tag.to_string(), proposal.number))
        })
    }

    /// The proposal in the next such meeting that waits for somebody's answer.
    pub(super) fn open_proposal(&self, person: PersonId) -> Option<(String, u32)> {
        self.coming(person).into_iter().find_map(|booking| {
            let proposal = booking.proposal.as_ref().filter(|it| it.by != person && !it.agreed.contains(&person))?;
            Some((booking.tag.to_string(), proposal.number))
        })
    }

    /// What somebody was asked and has not answered: a new time, or whether they met.
    pub(super) fn open_question(&self, person: PersonId) -> Option<BotMessage> {
        let open = self.open_proposal(person).and_then(|(key, number)| self.open(person, &key, number).ok());
        if let Some((booking, proposal)) = open {
            return Some(BotMessage::Proposal {
                meeting: self.meeting(&booking, person),
                number: proposal.number,
                by: self.name(proposal.by),
                to: proposal.start.with_timezone(&self.zone(person)),
                outside: !self.works(person, proposal.start.to_utc(), booking.minutes),
            });
        }
        self.unanswered(person).map(|booking| self.question(booking, person))
    }
}
