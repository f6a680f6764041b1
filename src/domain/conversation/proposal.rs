//! A new time goes back and forth: suggested, checked, agreed to or not, or never answered.
//! The meeting itself moves by the schedule, once all agree.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, Offset, TimeDelta, Utc};

use super::{Conversation, Recipient, chat_command};
use crate::domain::calendar::local_time::{clock_time, instant};
use crate::domain::calendar::week_of;
use crate::domain::message::{BotMessage, Rejected, TimeProblem};
use crate::domain::state::bookings::{Booking, Proposal};
use crate::domain::state::{Group, PersonId};

/// A suggested time is at least so many minutes ahead: the others must see it.
const AHEAD: u16 = 60;
/// And at most so many days after the time that it replaces.
const AFTER: Days = Days::new(14);
/// So many minutes before and after the working hours are offered as well.
const BEYOND: u16 = 120;
/// A day, in minutes.
const DAY: u16 = 24 * 60;

impl Conversation<'_> {
    /// Shows the card on which a new time is chosen, filled in with the time that stands.
    pub(super) fn ask_for_time(&mut self, person: PersonId, booking: &Booking) {
        let start = booking.start.with_timezone(&self.zone(person));
        let (date, time) = (start.date_naive(), start.time());
        self.time_card(person, booking, date, time, None);
    }

    fn time_card(
        &mut self,
        person: PersonId,
        booking: &Booking,
        date: NaiveDate,
        time: NaiveTime,
        problem: Option<TimeProblem>,
    ) {
        let from = self.today(person);
        let to = self.latest(person, booking);
        let meeting = self.meeting(booking, person);
        let times = self.times(person, booking);
        self.say(person, BotMessage::SuggestTime { meeting, from, to, times, date, time, problem });
    }

    /// The first and the last time of day that is offered: somewhat beyond the person's working hours.
    fn times(&self, person: PersonId, booking: &Booking) -> (NaiveTime, NaiveTime) {
        let start = booking.start.with_timezone(&self.zone(person)).time();
        let hours = self.positions[person.index()]
            .map(|at| self.setting.rules.schedules()[usize::from(self.setting.rules.schedule(at))].1);
        let (from, to) = hours.map_or((0, DAY), |hours| (hours.from, hours.to));
        let time = |minute: u16| NaiveTime::MIN + TimeDelta::minutes(minute.min(DAY - 1).into());
        let last = to.saturating_add(BEYOND).min(DAY).saturating_sub(booking.minutes);
        (time(from.saturating_sub(BEYOND)).min(start), time(last).max(start))
    }

    fn latest(&self, person: PersonId, booking: &Booking) -> NaiveDate {
        let date = booking.start.with_timezone(&self.zone(person)).date_naive();
        date.checked_add_days(AFTER).unwrap_or(date)
    }

    /// Somebody suggests a date and a time, as they wrote them: told to the others if it does, back to them if not.
    pub(super) fn suggest(&mut self, person: PersonId, booking: &Booking, date: &str, time: &str) {
        let known = booking.start.with_timezone(&self.zone(person));
        let (day, clock) = (chat_command::date(date.trim()), clock_time(time).ok());
        let start = match self.check(person, booking, day, clock) {
            Ok(start) => start,
            Err(problem) => {
                let (day, clock) = (day.unwrap_or(known.date_naive()), clock.unwrap_or(known.time()));
                return self.time_card(person, booking, day, clock, Some(problem));
            }
        };
        let number = booking.proposals + 1;
        let expires = self.expires(booking, start);
        let proposal = Proposal { number, by: person, start, agreed: Vec::new(), expires };
        let booking = Booking { proposal: Some(proposal), proposals: number, ..booking.clone() };
        self.put(booking.clone());
        let by = self.name(person);
        let works = |conversation: &Self, who: PersonId| conversation.works(who, start.to_utc(), booking.minutes);
        let people = booking.people.people();
        let outside = people.iter().filter(|who| !works(self, **who)).map(|who| self.name(*who)).collect();
        for other in people.iter().filter(|other| **other != person) {
            let message = BotMessage::Proposal {
                meeting: self.meeting(&booking, *other),
                number,
                by: by.clone(),
                to: start.with_timezone(&self.zone(*other)),
                outside: !works(self, *other),
            };
            self.say(*other, message);
        }
        let meeting = self.meeting(&booking, person);
        let to = start.with_timezone(&self.zone(person));
        self.say(person, BotMessage::Suggested { meeting, to, outside });
    }

    /// The start that is meant, or why it does not do.
    fn check(
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

    /// What is in the way of that time, besides the time itself.
    fn hindrance(&self, person: PersonId, booking: &Booking, start: DateTime<FixedOffset>) -> Option<TimeProblem> {
        let meeting = self.setting.meeting;
        let date = start.with_timezone(&meeting.timezone).date_naive();
        if meeting.skip_dates.binary_search(&date).is_ok() {
            return Some(TimeProblem::Holiday);
        }
        let who = self.busy(booking, start)?;
        Some(if who == person { TimeProblem::Busy } else { TimeProblem::PartnerBusy(self.name(who)) })
    }

    /// Who of a meeting has another one of the programme at that time: booked, agreed on, or drawn.
    fn busy(&self, booking: &Booking, start: DateTime<FixedOffset>) -> Option<PersonId> {
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
        let is_busy = |person: &PersonId| {
            groups()
                .filter(|(date, _, group)| group.people().contains(person) && !is_this(*date, *group))
                .any(|(date, at, group)| times(date, at, group).into_iter().flatten().any(overlaps))
        };
        booking.people.people().iter().copied().find(is_busy)
    }

    /// When the old time stands for good: an hour before it or before the new one, or halfway there.
    fn expires(&self, booking: &Booking, start: DateTime<FixedOffset>) -> DateTime<Utc> {
        let now = self.setting.now;
        let first = booking.start.min(start).to_utc();
        let hour_before = first - TimeDelta::hours(1);
        if hour_before > now { hour_before } else { now + (first - now) / 2 }
    }

    /// The proposal of that number, if it is open and somebody else's.
    fn open(&mut self, person: PersonId, key: &str, number: u32) -> Result<(Booking, Proposal), Rejected> {
        let booking = self.find_ahead(key, person)?;
        let now = self.setting.now;
        let proposal = booking.proposal.clone();
        let open = |it: &Proposal| it.number == number && it.expires > now && it.by != person && it.start > now;
        proposal.filter(open).map(|proposal| (booking, proposal)).ok_or(Rejected::OutOfDate)
    }

    /// The proposal that waits for somebody's answer, of their next such meeting.
    pub(super) fn open_proposal(&self, person: PersonId) -> Option<(String, u32)> {
        self.coming(person).into_iter().find_map(|booking| {
            let proposal = booking.proposal.as_ref().filter(|it| it.by != person && !it.agreed.contains(&person))?;
            Some((booking.tag.to_string(), proposal.number))
        })
    }

    /// Yes: once all others agree, the meeting moves.
    pub(super) fn agree(&mut self, person: PersonId, key: &str, number: u32) -> Result<(), Rejected> {
        let (booking, mut proposal) = self.open(person, key, number)?;
        if let Some(problem) = self.hindrance(person, &booking, proposal.start) {
            self.overtaken(person, &booking, &proposal, problem);
            return Ok(());
        }
        if let Err(at) = proposal.agreed.binary_search(&person) {
            proposal.agreed.insert(at, person);
        }
        if proposal.agreed.len() + 1 < booking.people.people().len() {
            self.put(Booking { proposal: Some(proposal), ..booking.clone() });
            let meeting = self.meeting(&booking, person);
            self.say(person, BotMessage::Waiting(meeting));
            return Ok(());
        }
        let moved = Booking { agreed: Some(proposal.start), proposal: None, ..booking.clone() };
        self.put(moved.clone());
        self.effects.meetings_change = true;
        // As it will be: the schedule moves it until it is moved.
        let shown = Booking { start: proposal.start, ..moved };
        for who in booking.people.people() {
            let from = booking.start.with_timezone(&self.zone(*who));
            let meeting = self.meeting(&shown, *who);
            self.say(*who, BotMessage::Moved { meeting, from });
        }
        let zone = self.setting.meeting.timezone;
        let message = BotMessage::MovedLine {
            people: booking.people.people().iter().map(|who| self.name(*who)).collect(),
            from: booking.start.with_timezone(&zone),
            to: proposal.start.with_timezone(&zone),
        };
        self.addressed(Recipient::Organizers, message);
        Ok(())
    }

    /// Something came into the way of a time since it was suggested: whoever said yes may suggest another.
    fn overtaken(&mut self, person: PersonId, booking: &Booking, proposal: &Proposal, problem: TimeProblem) {
        self.put(Booking { proposal: None, ..booking.clone() });
        let to = proposal.start.with_timezone(&self.zone(proposal.by));
        let meeting = self.meeting(booking, proposal.by);
        self.say(proposal.by, BotMessage::Declined { meeting, by: self.name(person), to });
        let start = proposal.start.with_timezone(&self.zone(person));
        self.time_card(person, booking, start.date_naive(), start.time(), Some(problem));
    }

    /// No: the old time stands, and whoever suggested another is told.
    pub(super) fn decline(&mut self, person: PersonId, key: &str, number: u32) -> Result<(), Rejected> {
        let (booking, proposal) = self.open(person, key, number)?;
        self.put(Booking { proposal: None, ..booking.clone() });
        let message = BotMessage::Declined {
            meeting: self.meeting(&booking, proposal.by),
            by: self.name(person),
            to: proposal.start.with_timezone(&self.zone(proposal.by)),
        };
        self.say(proposal.by, message);
        let meeting = self.meeting(&booking, person);
        self.say(person, BotMessage::DeclineNoted(meeting));
        Ok(())
    }

    /// Strikes out proposals that nobody answered in time, and tells all that the old time stands.
    pub(super) fn expire(&mut self) {
        let now = self.setting.now;
        let late = |booking: &&Booking| booking.proposal.as_ref().is_some_and(|proposal| proposal.expires <= now);
        let late: Vec<Booking> = self.state.bookings.iter().filter(late).cloned().collect();
        for booking in late {
            self.put(Booking { proposal: None, ..booking.clone() });
            if booking.start > now && self.is_planned(&booking) {
                for who in booking.people.people() {
                    let meeting = self.meeting(&booking, *who);
                    self.say(*who, BotMessage::Expired(meeting));
                }
            }
        }
    }
}
