//! What has become of a meeting since its people were introduced: it was moved, is off, takes place after all, or
//! another one takes its place. Decides who has yet to hear about it; sends nothing.

use super::due::Due;
use super::view::ConversationView;
use super::{AddressedMessage, Recipient};
use crate::domain::calendar::week_of;
use crate::domain::message::{BotMessage, InsteadOf, Meeting, Partner, WhatNext, WhyOff};
use crate::domain::state::PersonId;
use crate::domain::state::bookings::{Booking, CalledOff, MoveReason, OffReason, Stage};
use crate::domain::state::outbox::Kind;

impl ConversationView<'_> {
    /// What has become of a meeting since its people were introduced.
    pub(super) fn of_change(&self, booking: &Booking, organizers: bool, all: &mut Vec<Due>) {
        let is_ahead = booking.start > self.setting.now && self.is_planned(booking);
        if !is_ahead {
            return;
        }
        let until = booking.start.to_utc();
        let due =
            |kind, to, message| Due::new(kind, booking.tag.to_string(), AddressedMessage { to, message }, Some(until));
        let people = booking.people.people().iter().copied().filter(|person| self.listens(*person));
        let told = |kind, person| self.state.was_told(kind, &booking.tag, Some(person)).is_some();
        let waits = |kind, person| self.waits(kind, person, until);
        match (&booking.stage, &booking.untold) {
            (Stage::Deleted, _) => {
                let knew = |person: &PersonId| told(Kind::Intro, *person) && !told(Kind::Off, *person);
                for person in people.filter(knew) {
                    let meeting = self.meeting(booking, person);
                    let message = BotMessage::CalledOff { meeting, why: WhyOff::Deleted, next: WhatNext::Nobody };
                    let waits = waits(Kind::Off, person);
                    all.push(Due { waits, ..due(Kind::Off, Recipient::Person(person), message) });
                }
            }
            (Stage::Booked(_), untold) => {
                for person in people {
                    let is_trio = |off: &&CalledOff| {
                        booking.people.is_rest_of(off.people) && week_of(off.round) == week_of(booking.round)
                    };
                    let mut trios = self.state.called_off.iter().filter(is_trio);
                    let mut third_is_gone = || trios.any(|off| self.has_yet_to_hear(off, person));
                    if told(Kind::Off, person) && told(Kind::Intro, person) && third_is_gone() {
                        // They do not meet as planned: they have yet to hear that the third cannot come.
                        let message = self.introduction(booking, person);
                        let waits = waits(Kind::Intro, person);
                        all.push(Due { waits, ..due(Kind::Intro, Recipient::Person(person), message) });
                    } else if told(Kind::Off, person) {
                        let message = BotMessage::BackOn(self.meeting(booking, person));
                        let waits = waits(Kind::BackOn, person);
                        all.push(Due { waits, ..due(Kind::BackOn, Recipient::Person(person), message) });
                    } else if let Some(untold) = untold.as_ref().filter(|untold| untold.people.contains(&person)) {
                        let is_awaited = untold.why == MoveReason::Agreed;
                        let waits = waits(Kind::Moved, person).filter(|_| !is_awaited);
                        let (meeting, from) = (self.meeting(booking, person), untold.from);
                        let from = from.with_timezone(&self.zone(person));
                        let message = BotMessage::Moved { meeting, from, minutes: untold.minutes, why: untold.why };
                        all.push(Due { waits, ..due(Kind::Moved, Recipient::Person(person), message) });
                    }
                }
                if let Some(untold) = untold.as_ref().filter(|untold| untold.organizers && organizers) {
                    let zone = self.setting.meeting.timezone;
                    let message = BotMessage::MovedLine {
                        people: booking.people.people().iter().map(|who| self.name(*who)).collect(),
                        from: untold.from.with_timezone(&zone),
                        to: booking.start.with_timezone(&zone),
                    };
                    all.push(due(Kind::Moved, Recipient::Organizers, message));
                }
            }
            _ => {}
        }
    }

    /// A meeting that is off, which its people have not heard yet.
    pub(super) fn of_called_off(&self, off: &CalledOff, all: &mut Vec<Due>) {
        let week = week_of(off.round);
        let stands = |booking: &&Booking| week_of(booking.round) == week && booking.at_webex().is_some();
        let mut standing = self.state.bookings.iter().filter(stands);
        if off.start <= self.setting.now || standing.any(|booking| booking.people == off.people) {
            return;
        }
        for person in off.people.people().iter().copied().filter(|person| self.has_yet_to_hear(off, *person)) {
            // The introduction to their new partner tells them both things.
            let mut standing = self.state.bookings.iter().filter(stands);
            if standing.any(|booking| booking.people.has(person) && self.is_planned(booking)) {
                continue;
            }
            let message = self.called_off(off, person);
            all.push(self.for_person(Kind::Off, off.tag.to_string(), (person, message), off.start.to_utc()));
        }
    }

    fn called_off(&self, off: &CalledOff, person: PersonId) -> BotMessage {
        let may_be = self.may_be_matched(off.round, person) && off.why != OffReason::WeekOff;
        let next = if may_be { WhatNext::Seeking } else { WhatNext::Nobody };
        let others = |id: &PersonId| *id != person;
        let partners = |ids: &[PersonId]| -> Vec<Partner> {
            let partner = |id: PersonId| {
                let view = self.person_view(id);
                let start = off.start.with_timezone(&self.zone(id));
                Partner { name: view.name.into(), department: view.department.into(), start }
            };
            ids.iter().copied().filter(others).map(partner).collect()
        };
        let meeting = |partners| Meeting {
            key: off.tag.to_string(),
            programme: self.setting.programme.into(),
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
            OffReason::DayOff => WhyOff::DayOff,
            OffReason::Rules | OffReason::DrawnAgain | OffReason::NeverBooked => WhyOff::Plan,
            OffReason::WeekOff => WhyOff::WeekOff,
            OffReason::NoTime => WhyOff::NoTime,
            OffReason::ByHand => WhyOff::Deleted,
        }
    }

    /// The meeting that is off and of which somebody has not heard yet, if they are introduced to others instead.
    pub(super) fn instead_of(&self, booking: &Booking, person: PersonId) -> Option<InsteadOf> {
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

    /// Whether somebody was introduced for a meeting that is off, and does not know that it is off.
    pub(super) fn has_yet_to_hear(&self, off: &CalledOff, person: PersonId) -> bool {
        let told = |kind| self.state.was_told(kind, &off.tag, Some(person)).is_some();
        off.people.has(person) && told(Kind::Intro) && !told(Kind::Off) && self.listens(person)
    }
}
