//! Queries on the state in a conversation: who somebody is, which meetings they have, what a card is about. Returns
//! values and errors; changes nothing and sends nothing.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

use super::Setting;
use crate::domain::calendar::{Day, last_moment, week_of};
use crate::domain::message::sanitized::{Link, Sanitized};
use crate::domain::message::{Meeting, Partner, Rejected};
use crate::domain::roster::RosterIndex;
use crate::domain::state::bookings::{Booking, Stage};
use crate::domain::state::people::PersonView;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Group, PersonId, State};
use crate::domain::working_hours::schedule::Schedule;
use crate::domain::zone::Zone;

/// A view of the state.
#[derive(Clone, Copy)]
pub(super) struct ConversationView<'a> {
    pub(super) setting: Setting<'a>,
    pub(super) state: &'a State,
    /// By number of the state: the place on the roster, for people who are on it.
    pub(super) positions: &'a [Option<RosterIndex>],
    /// Who meets in which week; built if many meetings are looked up.
    pub(super) planned: Option<&'a HashSet<(i32, Group)>>,
}

/// Why an answer has no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    /// What the person is told.
    pub(super) why: Rejected,
    /// What to log, if somebody tried something that they may not do.
    pub(super) log: Option<String>,
}

impl From<Rejected> for Rejection {
    fn from(why: Rejected) -> Self {
        Self { why, log: None }
    }
}

/// By number of the state: the place on the roster, for people who are on it.
pub(super) fn positions(state: &State, setting: Setting<'_>) -> Vec<Option<RosterIndex>> {
    PersonIndex::new(setting.roster, state).positions
}

impl<'a> ConversationView<'a> {
    pub(super) fn person_view(&self, person: PersonId) -> PersonView<'a> {
        let email = self.state.email(person);
        let Some(at) = self.positions[person.index()] else {
            return PersonView { name: self.state.name_of_who_left(person), email, department: "" };
        };
        let roster = self.setting.roster;
        PersonView { email, name: &roster.employee(at).name, department: roster.department(at) }
    }

    pub(super) fn name(&self, person: PersonId) -> Sanitized {
        self.person_view(person).name.into()
    }

    /// Somebody's time zone; the programme's if they have left.
    pub(super) fn zone(&self, person: PersonId) -> Zone {
        self.schedule(person).map_or(self.setting.meeting.timezone, |schedule| schedule.zone)
    }

    /// When somebody works, if they are on the roster.
    pub(super) fn schedule(&self, person: PersonId) -> Option<&Schedule> {
        self.positions[person.index()].map(|at| self.setting.schedule(at))
    }

    /// Today's date where somebody is.
    pub(super) fn today(&self, person: PersonId) -> NaiveDate {
        self.setting.now.with_timezone(&self.zone(person)).date_naive()
    }

    /// The date where somebody is on which they said what is heard: what was read late refers to that day.
    pub(super) fn spoke_on(&self, person: PersonId) -> NaiveDate {
        self.setting.said.with_timezone(&self.zone(person)).date_naive()
    }

    /// The same state, looked at from the time at which somebody spoke.
    pub(super) fn when_they_spoke(&self) -> Self {
        Self { setting: Setting { now: self.setting.said, ..self.setting }, ..*self }
    }

    /// Whether somebody works during all of a meeting.
    pub(super) fn works(&self, person: PersonId, start: DateTime<Utc>, minutes: u16) -> bool {
        self.schedule(person).is_none_or(|schedule| schedule.works(start, minutes))
    }

    /// The meeting as it is presented to `reader`.
    pub(super) fn meeting(&self, booking: &Booking, reader: PersonId) -> Meeting {
        let others = booking.people.people().iter().filter(|id| **id != reader);
        let partner = |id: &PersonId| {
            let view = self.person_view(*id);
            Partner {
                name: view.name.into(),
                department: view.department.into(),
                start: booking.start.with_timezone(&self.zone(*id)),
            }
        };
        Meeting {
            key: booking.tag.to_string(),
            programme: self.setting.programme.into(),
            partners: others.map(partner).collect(),
            start: booking.start.with_timezone(&self.zone(reader)),
            minutes: booking.minutes,
            link: booking.at_webex().and_then(|at| Link::of(&at.link)),
        }
    }

    /// The meeting as it is presented to `reader` when only one of the others matters.
    pub(super) fn meeting_with(&self, booking: &Booking, reader: PersonId, partner: PersonId) -> Meeting {
        let mut meeting = self.meeting(booking, reader);
        let mut others = booking.people.people().iter().filter(|id| **id != reader);
        meeting.partners.retain(|_| others.next() == Some(&partner));
        meeting
    }

    /// Somebody's meetings that stand and have not begun, by time.
    pub(super) fn coming(&self, person: PersonId) -> Vec<Booking> {
        let stands = |booking: &&Booking| {
            matches!(booking.stage, Stage::Booked(_) | Stage::Moving(..))
                && booking.start > self.setting.now
                && booking.people.has(person)
                && self.is_planned(booking)
        };
        let mut coming: Vec<Booking> = self.state.bookings.iter().filter(stands).cloned().collect();
        coming.sort_by_key(|booking| booking.start);
        coming
    }

    pub(super) fn coming_as_read(&self, person: PersonId) -> Vec<Meeting> {
        self.coming(person).iter().map(|booking| self.meeting(booking, person)).collect()
    }

    /// Whether the meeting's people are still together in the round.
    pub(super) fn is_planned(&self, booking: &Booking) -> bool {
        let week = week_of(booking.round);
        if let Some(planned) = self.planned {
            return planned.contains(&(week, booking.people));
        }
        let round = self.state.rounds.iter().find(|round| week_of(round.date) == week);
        round.is_some_and(|round| round.groups().any(|(_, group)| group == booking.people))
    }

    /// The meeting that a card is about, if the person may act on it; otherwise why not.
    pub(super) fn find(&self, key: &str, person: PersonId) -> Result<Booking, Rejection> {
        let Some(booking) = self.state.booking(key).cloned() else {
            // In a round that is not over, the meeting existed and is cancelled.
            let round = key.split(':').nth(1).and_then(|date| date.parse::<NaiveDate>().ok());
            let is_old = round.is_none_or(|round| week_of(round) < week_of(self.today(person)));
            return Err(if is_old { Rejected::Unknown } else { Rejected::Cancelled }.into());
        };
        if !booking.people.has(person) {
            let who = self.state.email(person);
            let log = Some(format!("{who} acted on a meeting that is not theirs: {key}"));
            return Err(Rejection { why: Rejected::NotYours, log });
        }
        match booking.stage {
            Stage::Booked(_) | Stage::Moving(..) if self.is_planned(&booking) => Ok(booking),
            _ => Err(Rejected::Cancelled.into()),
        }
    }

    /// The same, if it has not begun and none of its people has left.
    pub(super) fn find_ahead(&self, key: &str, person: PersonId) -> Result<Booking, Rejection> {
        let booking = self.find(key, person)?;
        if booking.start <= self.setting.now {
            Err(Rejected::Begun.into())
        } else if booking.people.people().iter().any(|id| self.positions[id.index()].is_none()) {
            Err(Rejected::Cancelled.into())
        } else {
            Ok(booking)
        }
    }

    /// The meeting that somebody has instead of one that was called off.
    pub(super) fn instead(&self, key: &str, person: PersonId) -> Option<Booking> {
        let off = self.state.called_off.iter().find(|off| *off.tag == *key)?;
        self.coming(person).into_iter().find(|booking| week_of(booking.round) == week_of(off.round))
    }

    /// Somebody's groups that have not met yet, with their rounds.
    pub(super) fn ahead(&self, person: PersonId) -> Vec<(NaiveDate, Group)> {
        let rounds = self.state.rounds.iter();
        rounds
            .flat_map(|round| round.groups().map(|(start, group)| (round.date, start, group)))
            .filter(|(date, start, group)| group.has(person) && self.is_ahead(*date, *start, *group))
            .map(|(date, _, group)| (date, group))
            .collect()
    }

    /// Whether somebody may still get a partner for that day's round.
    pub(super) fn may_be_matched(&self, date: NaiveDate, person: PersonId) -> bool {
        self.setting.now < last_moment(self.setting.meeting, date)
            && self.positions[person.index()].is_some_and(|at| self.setting.rules.away(at, date).is_none())
    }

    /// Whether the rules let a group meet on the round's day, and none of them is away.
    pub(super) fn may_meet(&self, date: NaiveDate, group: Group) -> bool {
        self.may_meet_on(&self.setting.day(date), group)
    }

    /// The same if they agreed on a time: then it does not matter that the hours of the round's day are over.
    pub(super) fn may_meet_as_agreed(&self, date: NaiveDate, group: Group) -> bool {
        let Setting { meeting, rules, .. } = self.setting;
        self.may_meet_on(&Day::new(meeting, date, DateTime::UNIX_EPOCH, rules.schedules()), group)
    }

    fn may_meet_on(&self, day: &Day, group: Group) -> bool {
        let people: Vec<RosterIndex> = group.people().iter().filter_map(|id| self.positions[id.index()]).collect();
        let (rules, date) = (self.setting.rules, day.date());
        let is_here = |person: &RosterIndex| rules.away(*person, date).is_none();
        let admitted = |at: usize| people[at + 1..].iter().all(|other| rules.admits(day, people[at], *other));
        people.len() == group.people().len() && people.iter().all(is_here) && (0..people.len()).all(admitted)
    }

    /// Whether a group has not met yet: if it has a booking, its time counts.
    pub(super) fn is_ahead(&self, date: NaiveDate, drawn: DateTime<FixedOffset>, group: Group) -> bool {
        let now = self.setting.now;
        self.booked(date, group).map_or(drawn > now, |booking| booking.is_ahead(now))
    }

    /// The meeting of a group, if it is booked.
    pub(super) fn booked(&self, date: NaiveDate, group: Group) -> Option<Booking> {
        self.state
            .bookings
            .iter()
            .find(|booking| booking.people == group && week_of(booking.round) == week_of(date))
            .filter(|booking| booking.at_webex().is_some())
            .cloned()
    }
}
