//! What is sent at a time of its own: introductions, reminders, the question after, kind words, and reports.
//! Decides what is due now, once each; sends nothing.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::view::{ConversationView, positions};
use super::{AddressedMessage, Recipient, Setting};
use crate::domain::calendar::{last_moment, rounds_from, week_of};
use crate::domain::local_time::instant;
use crate::domain::message::{BotMessage, InsteadOf, Meeting, Partner, WhatNext, WhyOff, WithoutPartner};
use crate::domain::roster::RosterIndex;
use crate::domain::scheduling::starter;
use crate::domain::state::bookings::{Booking, CalledOff, MoveReason, OffReason, Result as Became, Stage};
use crate::domain::state::outbox::{Address, Kind, OutgoingMessage, Timed};
use crate::domain::state::{PersonId, Reason, Round, State};
use crate::domain::working_hours::schedule::Schedule;

/// Something that is due: what is said, and what is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Of which kind.
    pub kind: Kind,
    /// Of which round or meeting.
    pub about: String,
    /// What is said to whom.
    pub addressed: AddressedMessage,
    /// From then on it comes too late, if it ever does.
    pub until: Option<DateTime<Utc>>,
}

/// For this long after a meeting, people are asked whether they met.
const ASKED_FOR: TimeDelta = TimeDelta::days(4);

/// What is told of a round is told of its week, whichever day it moves to: that week's Monday.
pub(super) fn about_week(round: NaiveDate) -> String {
    round.week(Weekday::Mon).first_day().to_string()
}

/// What is due now, by kind and person; of all kinds, or of one. `organizers`: they have a space.
pub fn due(state: &State, setting: Setting<'_>, only: Option<Kind>, organizers: bool) -> Vec<Due> {
    let mut all = Vec::new();
    let view = ConversationView { setting, state, positions: &positions(state, setting) };
    for booking in &state.bookings {
        view.of_meeting(booking, &mut all);
        view.of_change(booking, organizers, &mut all);
    }
    for off in &state.called_off {
        view.of_called_off(off, &mut all);
    }
    for round in &state.rounds {
        view.of_round(round, organizers, &mut all);
    }
    all.retain(|due| only.is_none_or(|only| due.kind == only));
    all.sort_by_key(|due| due.kind);
    all
}

/// What is to be told of meetings that were moved, are off, or take place after all: whoever changed that may be told at
/// once, all others in their working hours.
pub fn changes(state: &State, setting: Setting<'_>, organizers: bool) -> Vec<Due> {
    let mut all = due(state, setting, None, organizers);
    all.retain(|due| matches!(due.kind, Kind::Off | Kind::BackOn | Kind::Moved));
    all
}

impl Due {
    /// Keeps that it is told.
    pub fn keep(&self, state: &mut State, setting: Setting<'_>) {
        let person = match self.addressed.to {
            Recipient::Person(person) => Some(person),
            Recipient::Stranger(_) | Recipient::Organizers => None,
        };
        let today = setting.now.with_timezone(&setting.meeting.timezone).date_naive();
        match (self.kind, person) {
            (Kind::BackOn, Some(person)) => state.untell(Kind::Off, &self.about, person),
            (Kind::Moved, _) => self.keep_moved(state, person),
            (kind, _) => state.tell(kind, &self.about, person, today),
        }
        match (&self.addressed.message, person) {
            (BotMessage::Introduction { instead: Some(_), .. }, Some(person)) => {
                let week = state.bookings.iter().find(|it| *it.tag == *self.about).map(|it| week_of(it.round));
                let off = state.called_off.iter().filter(|off| Some(week_of(off.round)) == week);
                let off: Vec<Box<str>> =
                    off.filter(|off| off.people.people().contains(&person)).map(|off| off.tag.clone()).collect();
                off.iter().for_each(|tag| state.tell(Kind::Off, tag, Some(person), today));
            }
            // Whoever hears that there is nobody else need not hear it again.
            (
                BotMessage::PartnerGone { next: WhatNext::Nobody, .. }
                | BotMessage::CalledOff { next: WhatNext::Nobody, .. },
                Some(person),
            ) => {
                let round = state.called_off.iter().find(|off| *off.tag == *self.about).map(|off| off.round);
                if let Some(round) = round {
                    state.tell(Kind::LeftOut, &about_week(round), Some(person), today);
                }
            }
            _ => {}
        }
    }

    fn keep_moved(&self, state: &mut State, person: Option<PersonId>) {
        let Some(booking) = state.booking(&self.about) else { return };
        let Some(untold) = &mut booking.untold else { return };
        let is_other_day = untold.from.date_naive() != booking.start.date_naive();
        match person {
            Some(person) => untold.people.retain(|one| *one != person),
            None => untold.organizers = false,
        }
        if untold.people.is_empty() && !untold.organizers {
            booking.untold = None;
        }
        // The eve is another one now.
        if let Some(person) = person.filter(|_| is_other_day) {
            state.untell(Kind::Reminder, &self.about, person);
        }
    }
}

impl ConversationView<'_> {
    fn of_meeting(&self, booking: &Booking, all: &mut Vec<Due>) {
        let now = self.setting.now;
        if !matches!(booking.stage, Stage::Booked(_) | Stage::Moving(..)) || !self.is_planned(booking) {
            return;
        }
        let today = now.with_timezone(&self.setting.meeting.timezone).date_naive();
        for person in booking.people.people().iter().copied() {
            if self.positions[person.index()].is_none() || self.state.choice_of(person).stopped {
                continue;
            }
            let told = |kind| self.state.was_told(kind, &booking.tag, Some(person));
            let late = || self.asked_until(booking, person);
            let mut push = |kind, message| {
                let addressed = AddressedMessage { to: Recipient::Person(person), message };
                let until = if kind == Kind::Asked { late() } else { booking.start.to_utc() };
                all.push(Due { kind, about: booking.tag.to_string(), addressed, until: Some(until) });
            };
            let meeting = || self.meeting(booking, person);
            let people = booking.people;
            if booking.start > now {
                // Somebody has left the roster: the next schedule calls it off.
                if booking.people.people().iter().any(|id| self.positions[id.index()].is_none()) {
                    continue;
                }
                match told(Kind::Intro) {
                    None if self.is_polite(Kind::Intro, person, booking.start.to_utc()) => {
                        let (starter, instead) = (starter(people, booking.round), self.instead_of(booking, person));
                        push(Kind::Intro, BotMessage::Introduction { meeting: meeting(), starter, instead });
                    }
                    // Whoever heard of it only today needs no reminder.
                    Some(on)
                        if on < today
                            && told(Kind::Reminder).is_none()
                            && !self.is_on_its_way(Kind::Intro, &booking.tag, person)
                            && self.is_eve(person, booking)
                            && self.is_polite(Kind::Reminder, person, booking.start.to_utc()) =>
                    {
                        push(Kind::Reminder, BotMessage::Reminder(meeting()));
                    }
                    _ => {}
                }
            } else if booking.end() <= now
                && now < late()
                && booking.result.is_none()
                && told(Kind::Intro).is_some()
                && told(Kind::Asked).is_none()
                && self.is_polite(Kind::Asked, person, late())
            {
                push(Kind::Asked, BotMessage::DidYouMeet(meeting()));
            }
        }
    }

    /// What became of a meeting since its people were introduced.
    fn of_change(&self, booking: &Booking, organizers: bool, all: &mut Vec<Due>) {
        let is_ahead = booking.start > self.setting.now && self.is_planned(booking);
        if !is_ahead {
            return;
        }
        let until = Some(booking.start.to_utc());
        let mut push = |kind, to, message| {
            let addressed = AddressedMessage { to, message };
            all.push(Due { kind, about: booking.tag.to_string(), addressed, until });
        };
        let people = booking.people.people().iter().copied().filter(|person| self.listens(*person));
        let told = |kind, person| self.state.was_told(kind, &booking.tag, Some(person)).is_some();
        let is_polite = |kind, person| self.is_polite(kind, person, booking.start.to_utc());
        match (&booking.stage, &booking.untold) {
            (Stage::Deleted, _) => {
                let knew = |person: &PersonId| told(Kind::Intro, *person) && !told(Kind::Off, *person);
                for person in people.filter(knew).filter(|person| is_polite(Kind::Off, *person)) {
                    let meeting = self.meeting(booking, person);
                    let message = BotMessage::CalledOff { meeting, why: WhyOff::Deleted, next: WhatNext::Nobody };
                    push(Kind::Off, Recipient::Person(person), message);
                }
            }
            (Stage::Booked(_), untold) => {
                for person in people {
                    if told(Kind::Off, person) {
                        if is_polite(Kind::BackOn, person) {
                            push(
                                Kind::BackOn,
                                Recipient::Person(person),
                                BotMessage::BackOn(self.meeting(booking, person)),
                            );
                        }
                    } else if let Some(untold) = untold.as_ref().filter(|untold| untold.people.contains(&person))
                        && (untold.why == MoveReason::Agreed || is_polite(Kind::Moved, person))
                    {
                        let (meeting, from) = (self.meeting(booking, person), untold.from);
                        let from = from.with_timezone(&self.zone(person));
                        let message = BotMessage::Moved { meeting, from, minutes: untold.minutes, why: untold.why };
                        push(Kind::Moved, Recipient::Person(person), message);
                    }
                }
                if let Some(untold) = untold.as_ref().filter(|untold| untold.organizers && organizers) {
                    let zone = self.setting.meeting.timezone;
                    let message = BotMessage::MovedLine {
                        people: booking.people.people().iter().map(|who| self.name(*who)).collect(),
                        from: untold.from.with_timezone(&zone),
                        to: booking.start.with_timezone(&zone),
                    };
                    push(Kind::Moved, Recipient::Organizers, message);
                }
            }
            _ => {}
        }
    }

    /// A meeting that is off, of which its people have not heard yet.
    fn of_called_off(&self, off: &CalledOff, all: &mut Vec<Due>) {
        let week = week_of(off.round);
        let stands = |booking: &&Booking| week_of(booking.round) == week && booking.at_webex().is_some();
        let mut standing = self.state.bookings.iter().filter(stands);
        if off.start <= self.setting.now || standing.any(|booking| booking.people == off.people) {
            return;
        }
        for person in off.people.people().iter().copied().filter(|person| self.has_yet_to_hear(off, *person)) {
            // The introduction to whomever they meet instead tells both.
            let mut standing = self.state.bookings.iter().filter(stands);
            if standing.any(|booking| booking.people.people().contains(&person) && self.is_planned(booking)) {
                continue;
            }
            let begins = off.start.to_utc();
            if self.is_polite(Kind::Off, person, begins) {
                let addressed =
                    AddressedMessage { to: Recipient::Person(person), message: self.called_off(off, person) };
                all.push(Due { kind: Kind::Off, about: off.tag.to_string(), addressed, until: Some(begins) });
            }
        }
    }

    fn called_off(&self, off: &CalledOff, person: PersonId) -> BotMessage {
        let at = self.positions[person.index()];
        let takes_part = at.is_some_and(|at| self.setting.rules.away(at, off.round).is_none());
        let is_open = self.setting.now < last_moment(self.setting.meeting, off.round);
        let next =
            if takes_part && is_open && off.why != OffReason::WeekOff { WhatNext::Seeking } else { WhatNext::Nobody };
        let others = |id: &PersonId| *id != person;
        let partners = |ids: &[PersonId]| -> Vec<Partner> {
            let partner = |id: PersonId| {
                let view = self.person_view(id);
                let start = off.start.with_timezone(&self.zone(id));
                Partner { name: view.name.to_owned(), department: view.department.to_owned(), start }
            };
            ids.iter().copied().filter(others).map(partner).collect()
        };
        let meeting = |partners| Meeting {
            key: off.tag.to_string(),
            programme: self.setting.programme.to_owned(),
            partners,
            start: off.start.with_timezone(&self.zone(person)),
            minutes: off.minutes,
            link: None,
        };
        match &off.why {
            OffReason::Gone(gone) if gone.iter().any(others) => {
                BotMessage::PartnerGone { meeting: meeting(partners(gone)), next }
            }
            why => {
                let why = self.why_off(why, person);
                BotMessage::CalledOff { meeting: meeting(partners(off.people.people())), why, next }
            }
        }
    }

    fn why_off(&self, why: &OffReason, person: PersonId) -> WhyOff {
        match why {
            OffReason::Gone(gone) if gone[..] == [person] => WhyOff::ReaderGone,
            OffReason::Gone(_) => WhyOff::PartnerGone,
            OffReason::Rules | OffReason::DrawnAgain => WhyOff::Plan,
            OffReason::WeekOff => WhyOff::WeekOff,
            OffReason::NoTime => WhyOff::NoTime,
            OffReason::ByHand => WhyOff::Deleted,
        }
    }

    /// The meeting that is off, of which somebody has not heard yet, where they are introduced to others instead.
    fn instead_of(&self, booking: &Booking, person: PersonId) -> Option<InsteadOf> {
        let week = week_of(booking.round);
        let mut off = self.state.called_off.iter().filter(|off| week_of(off.round) == week);
        let off = off.find(|off| self.has_yet_to_hear(off, person) && off.people != booking.people)?;
        let gone: &[PersonId] = match &off.why {
            OffReason::Gone(gone) if gone.iter().any(|id| *id != person) => gone,
            _ => off.people.people(),
        };
        let names = gone.iter().filter(|id| **id != person).map(|id| self.name(*id)).collect();
        Some(InsteadOf { names, why: self.why_off(&off.why, person) })
    }

    /// Whether somebody was introduced for a meeting that is off, and does not know that it is.
    fn has_yet_to_hear(&self, off: &CalledOff, person: PersonId) -> bool {
        let told = |kind| self.state.was_told(kind, &off.tag, Some(person)).is_some();
        off.people.people().contains(&person) && told(Kind::Intro) && !told(Kind::Off) && self.listens(person)
    }

    /// Whether somebody is on the roster and has not left for good.
    fn listens(&self, person: PersonId) -> bool {
        self.positions[person.index()].is_some() && !self.state.choice_of(person).stopped
    }

    fn of_round(&self, round: &Round, organizers: bool, all: &mut Vec<Due>) {
        let now = self.setting.now;
        let meeting = self.setting.meeting;
        let today = now.with_timezone(&meeting.timezone).date_naive();
        let about = about_week(round.date);
        let Some(first) = round.date.checked_sub_days(Days::new(meeting.book_ahead_days.into())) else { return };
        let begins = instant(meeting.timezone, round.date.and_time(meeting.start)).to_utc();
        if today >= first && begins > now {
            for (person, why) in round.left_out.iter().flat_map(|left_out| {
                let why = without_partner(&left_out.reason);
                left_out.people.iter().filter_map(move |person| Some((*person, why?)))
            }) {
                let is_here = |at: RosterIndex| self.setting.rules.away(at, round.date).is_none();
                if self.state.was_told(Kind::LeftOut, &about, Some(person)).is_none()
                    && self.positions[person.index()].is_some_and(is_here)
                    && self.is_polite(Kind::LeftOut, person, begins)
                {
                    let next = rounds_from(meeting, round.date).find(|date| week_of(*date) > week_of(round.date));
                    let programme = self.setting.programme.to_owned();
                    let message = BotMessage::LeftOut { programme, date: round.date, why, next };
                    let addressed = AddressedMessage { to: Recipient::Person(person), message };
                    let (about, until) = (about.clone(), Some(begins));
                    all.push(Due { kind: Kind::LeftOut, about, addressed, until });
                }
            }
        }
        if !organizers {
            return;
        }
        let of_week = |booking: &&Booking| week_of(booking.round) == week_of(round.date);
        let booked = self.state.bookings.iter().filter(of_week).any(|booking| booking.at_webex().is_some());
        let mut push = |kind, message| {
            let addressed = AddressedMessage { to: Recipient::Organizers, message };
            all.push(Due { kind, about: about.clone(), addressed, until: None });
        };
        if today >= first && begins > now && booked && self.state.was_told(Kind::Summary, &about, None).is_none() {
            push(Kind::Summary, self.summary(round));
        }
        let reported = self.state.was_told(Kind::Report, &about, None).is_some();
        let summed = self.state.was_told(Kind::Summary, &about, None).is_some();
        if today >= meeting.working_day_after(meeting.working_day_after(round.date)) && summed && !reported {
            push(Kind::Report, self.report(round));
        }
    }

    fn summary(&self, round: &Round) -> BotMessage {
        let names = |people: &[PersonId]| people.iter().map(|id| self.name(*id)).collect::<Vec<_>>();
        let left_out = round.left_out.iter().flat_map(|left_out| {
            left_out.people.iter().map(|id| (self.name(*id), left_out.reason.to_string())).collect::<Vec<_>>()
        });
        BotMessage::Summary {
            programme: self.setting.programme.to_owned(),
            date: round.date,
            pairs: round.groups().map(|(_, group)| names(group.people())).collect(),
            left_out: left_out.collect(),
        }
    }

    fn report(&self, round: &Round) -> BotMessage {
        let of_week = |booking: &&Booking| week_of(booking.round) == week_of(round.date);
        let results: Vec<Option<Became>> = self.state.bookings.iter().filter(of_week).map(|it| it.result).collect();
        let count = |result| results.iter().filter(|it| **it == Some(result)).count();
        BotMessage::Report {
            programme: self.setting.programme.to_owned(),
            date: round.date,
            meetings: round.pair_count() + count(Became::CouldNot),
            met: count(Became::Met),
            could_not: count(Became::CouldNot),
        }
    }

    /// Whether it is the working day before the meeting, or the day itself, where somebody is.
    fn is_eve(&self, person: PersonId, booking: &Booking) -> bool {
        let date = booking.start.with_timezone(&self.zone(person)).date_naive();
        self.schedule(person).is_none_or(|schedule| self.today(person) >= schedule.working_day_before(date))
    }

    /// Whether somebody has yet to get what they are told.
    fn is_on_its_way(&self, kind: Kind, about: &str, person: PersonId) -> bool {
        let to = Address::Person(self.state.people[person.index()].clone());
        let same = |timed: &Timed| timed.kind == kind && *timed.about == *about;
        self.state.outbox.iter().any(|outgoing| outgoing.to == to && outgoing.timed.as_ref().is_some_and(same))
    }

    /// Whether somebody may be written to now: they work, or it would be too late once they do.
    fn is_polite(&self, kind: Kind, person: PersonId, before: DateTime<Utc>) -> bool {
        let polite = |schedule: &Schedule| schedule.is_polite(self.setting.now, before, is_urgent(kind));
        self.schedule(person).is_none_or(polite)
    }

    /// Until when somebody is asked whether they met: a working day of theirs is among the days.
    fn asked_until(&self, booking: &Booking, person: PersonId) -> DateTime<Utc> {
        let days = (booking.end() + ASKED_FOR).to_utc();
        let Some(schedule) = self.schedule(person) else { return days };
        let next = schedule.working_day_after(schedule.today(booking.end().to_utc()));
        let evening = instant(schedule.zone, next.and_time(NaiveTime::MIN) + TimeDelta::days(1));
        days.max(evening.to_utc())
    }
}

/// Whether a message is worth a disturbance on a day off, where its reader would hear of it too late otherwise.
fn is_urgent(kind: Kind) -> bool {
    matches!(kind, Kind::Intro | Kind::Reminder | Kind::Off | Kind::BackOn | Kind::Moved)
}

/// Whether a message of that kind that is to be read before `until` waits for its reader's working hours.
pub fn waits(setting: Setting<'_>, email: &str, kind: Kind, until: DateTime<Utc>) -> bool {
    let schedule = schedule(&setting, email);
    schedule.is_some_and(|schedule| !schedule.is_polite(setting.now, until, is_urgent(kind)))
}

fn schedule<'a>(setting: &'a Setting<'_>, email: &str) -> Option<&'a Schedule> {
    let at = setting.roster.employees.iter().position(|one| *one.email == *email)?;
    Some(setting.schedule(RosterIndex::new(at)))
}

/// Takes out of the outbox what was not sent in time, and what is not true any more: of meetings that are off.
pub fn strike_out(state: &mut State, now: DateTime<Utc>) -> usize {
    let stands = |tag: &str| state.bookings.iter().any(|booking| *booking.tag == *tag && booking.at_webex().is_some());
    let is_off = |timed: &Timed| match timed.kind {
        Kind::LeftOut => false,
        Kind::Off => stands(&timed.about),
        _ => !stands(&timed.about),
    };
    let is_void = |timed: &Timed| timed.until <= now || is_off(timed);
    let void = |outgoing: &OutgoingMessage| outgoing.timed.as_ref().is_some_and(is_void);
    let (void, rest): (Vec<OutgoingMessage>, Vec<OutgoingMessage>) = state.outbox.iter().cloned().partition(void);
    state.outbox = rest;
    for outgoing in void.iter().filter(|outgoing| !outgoing.begun) {
        let person = match &outgoing.to {
            Address::Person(email) => state.people.iter().position(|one| one == email),
            Address::Space(_) => None,
        };
        // Should they meet after all, they are told anew.
        if let (Some(timed), Some(person)) = (&outgoing.timed, person) {
            state.untell(timed.kind, &timed.about, PersonId::new(person));
        }
    }
    void.len()
}

/// Keeps that somebody was told on the day on which the message arrived, which may be later than it was written.
pub fn arrived(state: &mut State, outgoing: &OutgoingMessage, email: &str, today: NaiveDate) {
    let Some(timed) = &outgoing.timed else { return };
    let Some(person) = state.people.iter().position(|one| **one == *email) else { return };
    let person = PersonId::new(person);
    if state.was_told(timed.kind, &timed.about, Some(person)).is_some_and(|on| on != today) {
        state.untell(timed.kind, &timed.about, person);
        state.tell(timed.kind, &timed.about, Some(person), today);
    }
}

/// When somebody next works, where they do not work now: nobody is disturbed with what is not urgent.
pub fn works_from(setting: Setting<'_>, email: &str) -> Option<DateTime<Utc>> {
    let schedule = schedule(&setting, email)?;
    if schedule.works(setting.now, 0) { None } else { schedule.next_start(setting.now) }
}

fn without_partner(reason: &Reason) -> Option<WithoutPartner> {
    match reason {
        Reason::OddNumber(_) => Some(WithoutPartner::Odd),
        Reason::NoPartner(_) => Some(WithoutPartner::Rules),
        Reason::Limit => Some(WithoutPartner::Limit),
        Reason::Cancelled(_) => Some(WithoutPartner::PartnerGone),
        Reason::Paused(_) | Reason::Unreachable | Reason::Holiday | Reason::DayOff => None,
    }
}
