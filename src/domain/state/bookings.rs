//! A meeting at Webex as the state remembers it: begun before the call, settled after it.
//! Knows what may come after what; makes no call and knows no file.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, TimeDelta, Utc};
use hashbrown::HashMap;

use super::{Group, PersonId, Round, State};
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::calendar::week_of;
use crate::domain::settings::Meeting;

/// A meeting that is at Webex, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// What it is marked with at Webex; no two bookings have the same.
    pub tag: Box<str>,
    /// The round for which it was booked, which names the round's own tag.
    pub round: NaiveDate,
    /// Who meets.
    pub people: Group,
    /// When it begins, as far as is known.
    pub start: DateTime<FixedOffset>,
    /// How long it is.
    pub minutes: u16,
    /// When it is to begin instead of at the round's time: agreed by those who meet, or set at Webex by hand.
    pub agreed: Option<DateTime<FixedOffset>>,
    /// A new time that somebody suggests.
    pub proposal: Option<Proposal>,
    /// How many were suggested so far.
    pub proposals: u32,
    /// What became of it, as those who met say.
    pub result: Option<Result>,
    /// Whose meeting it is, if not the organizer's.
    pub host: Option<PersonId>,
    /// Until then it is not asked for again: the call got no answer in time, and Webex may still be at it.
    pub wait: Option<DateTime<Utc>>,
    /// How far it is.
    pub stage: Stage,
}

/// A new time that one of those who meet suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Which of the meeting's proposals, from 1.
    pub number: u32,
    /// Who suggests.
    pub by: PersonId,
    /// When it would begin.
    pub start: DateTime<FixedOffset>,
    /// Who said yes, ascending; all but the proposer must.
    pub agreed: Vec<PersonId>,
    /// From then on the old time stands.
    pub expires: DateTime<Utc>,
}

/// What became of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Result {
    /// They met.
    Met,
    /// They could not.
    CouldNot,
}

/// How far a meeting is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is about to be booked: nobody knows whether it is at Webex.
    Begun,
    /// It stands.
    Booked(AtWebex),
    /// It is about to be moved to this start and length.
    Moving(AtWebex, DateTime<FixedOffset>, u16),
    /// It is about to be cancelled.
    Cancelling(AtWebex),
    /// Webex refused it; the digest tells whether it would be asked the same again.
    Refused {
        /// Webex's reason.
        why: String,
        /// Of what was asked.
        asked: String,
    },
    /// Somebody deleted it at Webex.
    Deleted,
}

/// A meeting's name and door at Webex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtWebex {
    /// Names it in calls.
    pub id: Box<str>,
    /// Where people join.
    pub link: Box<str>,
}

/// How many meetings were asked of Webex at a time: it counts them, those it refuses too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookingRequests {
    /// When.
    pub at: DateTime<Utc>,
    /// How many.
    pub count: u32,
}

impl Booking {
    /// Where it is at Webex, if that is known.
    pub fn at_webex(&self) -> Option<&AtWebex> {
        match &self.stage {
            Stage::Booked(at) | Stage::Moving(at, ..) | Stage::Cancelling(at) => Some(at),
            Stage::Begun | Stage::Refused { .. } | Stage::Deleted => None,
        }
    }

    /// Whether it has not begun: at the time that is known, or at a later one to which it is to move.
    pub fn is_ahead(&self, now: DateTime<Utc>) -> bool {
        self.start > now || self.agreed.is_some_and(|agreed| agreed > now)
    }

    /// When it ends.
    pub fn end(&self) -> DateTime<FixedOffset> {
        self.start + TimeDelta::minutes(i64::from(self.minutes))
    }
}

/// The bookings of a state, by the week of their round and by their people.
pub struct Bookings<'a>(HashMap<(i32, Group), &'a Booking>);

impl<'a> Bookings<'a> {
    /// Those of the state. Cost: linear in their number.
    pub fn new(state: &'a State) -> Self {
        let mut index = HashMap::with_capacity(state.bookings.len());
        for booking in &state.bookings {
            index.entry((week_of(booking.round), booking.people)).or_insert(booking);
        }
        Self(index)
    }

    /// The booking of those people in the week of that round.
    pub fn of(&self, round: NaiveDate, people: Group) -> Option<&'a Booking> {
        self.0.get(&(week_of(round), people)).copied()
    }

    /// Whether a group's meeting has not begun: people may have agreed on another time than the drawn one, before it
    /// or after it.
    pub fn is_ahead(&self, round: NaiveDate, people: Group, drawn: DateTime<FixedOffset>, now: DateTime<Utc>) -> bool {
        let booking = self.of(round, people).filter(|booking| booking.at_webex().is_some());
        booking.map_or(drawn > now, |booking| booking.is_ahead(now))
    }

    /// Whether neither a round nor any of its meetings has begun.
    pub fn is_untouched(&self, meeting: &Meeting, round: &Round, now: DateTime<Utc>) -> bool {
        let mut groups = round.groups();
        is_ahead(meeting, round.date, now)
            && groups.all(|(start, people)| self.is_ahead(round.date, people, start, now))
    }
}

/// This long after its end a meeting is forgotten: the round remembers who met.
const REMEMBERED: Days = Days::new(14);

impl State {
    /// The booking of that tag.
    pub fn booking(&mut self, tag: &str) -> Option<&mut Booking> {
        self.bookings.iter_mut().find(|booking| &*booking.tag == tag)
    }

    /// Whether a meeting of the round of that week is at Webex, or may be.
    pub fn is_booked(&self, round: NaiveDate) -> bool {
        let may_be = |booking: &&Booking| !matches!(booking.stage, Stage::Refused { .. } | Stage::Deleted);
        self.bookings.iter().filter(may_be).any(|booking| week_of(booking.round) == week_of(round))
    }

    /// Puts a booking in its place: the bookings are in the order of their rounds and people.
    pub fn put_booking(&mut self, booking: Booking) {
        self.drop_booking(&booking.tag.clone());
        let key = |it: &Booking| (it.round, it.people.people().to_vec(), it.tag.clone());
        let at = self.bookings.partition_point(|other| key(other) < key(&booking));
        self.bookings.insert(at, booking);
    }

    /// Forgets the booking of that tag.
    pub fn drop_booking(&mut self, tag: &str) {
        self.bookings.retain(|booking| &*booking.tag != tag);
    }

    /// Forgets meetings that are long over, and what was asked of Webex more than a day ago.
    pub fn forget_bookings(&mut self, now: DateTime<Utc>) {
        let over = now - REMEMBERED;
        self.bookings.retain(|booking| booking.end() > over);
        self.asked.retain(|asked| asked.at > now - TimeDelta::hours(24));
    }

    /// Counts requests to book at `now`; a negative number takes back what was counted and not made.
    pub fn count_requests(&mut self, change: i64, now: DateTime<Utc>) {
        if self.asked.last().is_none_or(|last| last.at != now) && change > 0 {
            self.asked.push(BookingRequests { at: now, count: 0 });
        }
        if let Some(asked) = self.asked.iter_mut().rfind(|asked| asked.at == now) {
            asked.count = u32::try_from(i64::from(asked.count) + change).unwrap_or(0);
        }
        self.asked.retain(|asked| asked.count > 0);
    }
}
