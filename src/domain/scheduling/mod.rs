//! The schedule: what is planned compared with what is booked, and the steps from one to the other. Knows the state,
//! the roster and what is at Webex; makes no call. A schedule is a value: shown, then carried out.
//!
//! In reading order: [`Desired`] here (which meetings are wanted, and what must be looked up at Webex first), `diff`
//! (the steps), `apply` (how the state changes before and after each), `invitation` (what people get), [`quota`] (how
//! many meetings Webex allows a day), [`at_once`] (and at one time), [`overview`] (every meeting as it stands, to be
//! looked at), [`adopt`] (what follows from meetings at Webex after the state was lost).

pub mod adopt;
mod apply;
pub mod at_once;
mod diff;
mod invitation;
pub mod overview;
pub mod quota;
#[cfg(test)]
mod replan_tests;
#[cfg(test)]
pub(in crate::domain) mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use hashbrown::HashMap;

pub use apply::StepResult;
pub use diff::{Action, Guest, Notice, SchedulePlan, Step};
pub(in crate::domain) use invitation::tag;
pub use invitation::{Invitation, round_tag};

use super::elsewhere::Elsewhere;
use super::language::Language;
use super::pairing::replan::Replan;
use super::roster::Roster;
use super::settings::Meeting;
use super::starters::Starters;
use super::state::bookings::{AtWebex, Booking, Bookings, Stage};
use super::state::people::People;
use super::state::{Group, State};

/// What the organizer wants scheduled.
#[derive(Clone, Copy)]
pub struct ScheduleRequest<'a> {
    /// The programme's name, for titles.
    pub programme: &'a str,
    /// The programme's language, for titles and agendas.
    pub language: Language,
    /// What other programmes have at Webex.
    pub elsewhere: &'a Elsewhere,
    /// What meetings may start with.
    pub starters: &'a Starters,
    /// The roster as it is today.
    pub roster: &'a Roster,
    /// Rounds up to this day are booked.
    pub through: NaiveDate,
    /// How many meetings may be requested in 24 hours.
    pub per_day: u32,
    /// Whether each meeting is hosted by one of the participants, not by the organizer.
    pub participants_host: bool,
    /// Whether meetings that were deleted at Webex are booked again.
    pub rebook: bool,
    /// Whether what Webex refused is requested again although nothing changed.
    pub retry: bool,
    /// Whether only what people called off themselves is cancelled, and only what they agreed on is moved: today's roster
    /// or config is not to be trusted.
    pub as_drawn: bool,
}

/// A meeting as it was found at Webex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedMeeting {
    /// Its id and link.
    pub at: AtWebex,
    /// When it begins.
    pub start: DateTime<FixedOffset>,
    /// When it ends.
    pub end: DateTime<FixedOffset>,
    /// Its title, which names the programme.
    pub title: Box<str>,
    /// The tags with which it is marked.
    pub tags: Vec<String>,
    /// The host's address under which it was found; none for the organizer.
    pub host: Option<Box<str>>,
}

/// Somebody whom Webex has on the list of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitee {
    /// The id that calls use.
    pub id: Box<str>,
    /// The address, in lower case.
    pub email: Box<str>,
}

/// What was found at Webex.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// The meetings that are there.
    pub meetings: Vec<ObservedMeeting>,
    /// Ids of meetings that are no longer there.
    pub gone: Vec<Box<str>>,
    /// Meetings that are there but not completely readable.
    pub unclear: Vec<UnclearMeeting>,
    /// Who is invited to meetings of people whose address changed, by meeting.
    pub invitees: HashMap<Box<str>, Vec<Invitee>>,
}

/// A meeting at Webex that is not completely readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnclearMeeting {
    /// The id that calls use; may be "".
    pub id: Box<str>,
    /// The tags with which it is marked, as far as they can be read.
    pub tags: Vec<String>,
}

/// A list of meetings to look up: those with this tag that begin within this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The tag of the round, which all of its meetings have.
    pub tag: String,
    /// The beginning of that time.
    pub from: DateTime<Utc>,
    /// The end of that time.
    pub to: DateTime<Utc>,
    /// The host's address; none for the organizer.
    pub host: Option<Box<str>>,
    /// Whether Webex may not know that address, because the host has another one by now.
    pub may_be_nobody: bool,
}

/// A meeting that should have been found, and the hosts under which to ask for it.
pub type Missing = (AtWebex, Vec<Option<Box<str>>>);

/// A meeting that is planned.
#[derive(Clone, Copy, Debug)]
struct DesiredMeeting {
    date: NaiveDate,
    people: Group,
    start: DateTime<FixedOffset>,
}

/// What the schedule is made from: the rounds as they stand, brought in line with today.
#[derive(Clone, Copy)]
pub struct Today<'a> {
    /// The state, with the rounds brought in line.
    pub state: &'a State,
    /// Everybody in it, with their names.
    pub people: &'a People<'a>,
    /// The bookings: their times count, not those of the draw.
    pub booked: &'a Bookings<'a>,
    /// What the organizer decides about meetings.
    pub meeting: &'a Meeting,
    /// The current time: what has begun by then stays as it is.
    pub now: DateTime<Utc>,
    /// Why meetings that stood before are off.
    pub replan: &'a Replan,
}

/// A meeting that the state does not know is looked for up to this long after the time for which it is drawn.
const MOVED: TimeDelta = TimeDelta::days(60);

/// The time in which meetings are looked up, and whether Webex may not know the host's address.
type Span = ([DateTime<Utc>; 2], bool);

/// What is wanted, before anything is looked up.
pub struct Desired<'a> {
    today: Today<'a>,
    request: ScheduleRequest<'a>,
    wanted: Vec<DesiredMeeting>,
}

impl<'a> Desired<'a> {
    /// Finds out which meetings are wanted, as of today.
    pub fn new(today: Today<'a>, request: ScheduleRequest<'a>) -> Self {
        let meetings =
            today.state.rounds.iter().flat_map(|round| {
                round.groups().map(|(start, people)| DesiredMeeting { date: round.date, people, start })
            });
        // Two of a trio have a time that all three agreed on, and that is later than the drawn one.
        let is_behind = |wanted: &DesiredMeeting| {
            let DesiredMeeting { date, people, .. } = *wanted;
            let is_of_trio = |booking: &Booking| people.is_rest_of(booking.people);
            today.booked.of(date, people).is_none()
                && today.state.bookings.iter().any(is_of_trio)
                && today.state.agreed_before(date, people, today.now).is_some()
        };
        let is_due = |wanted: &DesiredMeeting| {
            let DesiredMeeting { date, people, start } = *wanted;
            (today.booked.is_ahead(date, people, start, today.now) || is_behind(wanted))
                && (date <= request.through || today.booked.of(date, people).is_some())
        };
        Self { today, request, wanted: meetings.filter(is_due).collect() }
    }

    /// What the schedule is made from.
    pub fn today(&self) -> Today<'a> {
        self.today
    }

    /// Rounds up to this day are booked.
    pub fn through(&self) -> NaiveDate {
        self.request.through
    }

    /// Bookings of meetings that have not begun.
    fn ahead(&self) -> impl Iterator<Item = &'a Booking> + '_ {
        let now = self.today.now;
        self.today.state.bookings.iter().filter(move |booking| booking.is_ahead(now))
    }

    /// What must be looked up at Webex: every round in which a meeting is wanted or booked. Other people's meetings are
    /// looked up if one may be booked with them as host.
    pub fn lookups(&self) -> Vec<Lookup> {
        let mut spans: BTreeMap<(NaiveDate, Option<&str>), Span> = BTreeMap::new();
        let mut add = |date: NaiveDate, (host, doubtful): (Option<&'a str>, bool), start: DateTime<FixedOffset>| {
            let at = start.to_utc();
            let (span, is_doubtful) = spans.entry((date, host)).or_insert(([at, at], doubtful));
            *span = [span[0].min(at), span[1].max(at)];
            *is_doubtful &= doubtful;
        };
        for booking in self.ahead() {
            for host in self.hosts(booking) {
                let host = (host, booking.hosted_as.is_some());
                add(booking.round, host, booking.start);
                if let Stage::Moving(_, to, _) = &booking.stage {
                    add(booking.round, host, *to);
                }
                if let Some(agreed) = booking.agreed {
                    add(booking.round, host, agreed);
                }
            }
        }
        for wanted in self.wanted.iter().filter(|_| !self.request.participants_host) {
            add(wanted.date, (None, false), wanted.start);
            // It may be at Webex, and may have been moved, if the state has forgotten it.
            if self.today.booked.of(wanted.date, wanted.people).is_none_or(|booking| booking.at_webex().is_none()) {
                add(wanted.date, (None, false), wanted.start + MOVED);
            }
        }
        let day = TimeDelta::days(1);
        let lookup = |((date, host), ([from, to], may_be_nobody)): ((_, Option<&str>), Span)| Lookup {
            tag: round_tag(date),
            from: from - day,
            to: to + day,
            host: host.map(Into::into),
            may_be_nobody,
        };
        spans.into_iter().map(lookup).collect()
    }

    /// The addresses under which its host may be known at Webex, the current one first.
    fn hosts(&self, booking: &'a Booking) -> Vec<Option<&'a str>> {
        let today = booking.host.map(|id| self.today.state.email(id));
        let before = booking.hosted_as.as_deref().map(Some);
        std::iter::once(today).chain(before).collect()
    }

    /// Meetings that should have been found but were not, each with its hosts: to be asked for by id.
    pub fn missing(&self, observed: &Observed) -> Vec<Missing> {
        let found = |at: &AtWebex| {
            observed.meetings.iter().any(|found| found.at.id == at.id)
                || observed.unclear.iter().any(|unclear| unclear.id == at.id)
        };
        let missing = self.ahead().filter_map(|booking| {
            let hosts = self.hosts(booking).into_iter().map(|host| host.map(Into::into)).collect();
            Some((booking.at_webex().filter(|at| !found(at))?.clone(), hosts))
        });
        missing.collect()
    }

    /// Meetings of people whose address changed, each with its host: to ask who is invited to them.
    pub fn to_readdress(&self, observed: &Observed) -> Vec<(AtWebex, Option<Box<str>>)> {
        let of = |booking: &Booking| {
            let known = booking.at_webex().map(|at| &at.id);
            let its = |found: &&ObservedMeeting| match known {
                Some(id) => found.at.id == *id,
                None => found.tags.iter().any(|tag| **tag == *booking.tag),
            };
            observed.meetings.iter().find(its).map(|found| (found.at.clone(), found.host.clone()))
        };
        self.ahead().filter(|booking| !booking.invited_as.is_empty()).filter_map(of).collect()
    }
}
