//! Somebody cannot come: their partners are told. Who meets instead is decided when the rounds are brought in line; the
//! schedule then adjusts what is booked.

use chrono::{NaiveDate, Offset};

use super::Conversation;
use super::due::keep_others_are_off;
use crate::domain::calendar::week_of;
use crate::domain::local_time::instant;
use crate::domain::message::{BotMessage, Meeting, WhatNext};
use crate::domain::scheduling::tag;
use crate::domain::state::bookings::{Booking, Proposal};
use crate::domain::state::outbox::Kind;
use crate::domain::state::people::People;
use crate::domain::state::reports::about_week;
use crate::domain::state::rounds::why_off::COULD_NOT;
use crate::domain::state::{Group, PersonId, Reason};

impl Conversation<'_> {
    /// Tells the people who were to meet somebody that they cannot come to the rounds for which `which` is true;
    /// returns how many of their meetings that cancels. The rounds themselves are brought in line afterwards.
    pub(super) fn call_off(&mut self, person: PersonId, which: impl Fn(NaiveDate) -> bool) -> usize {
        let mut theirs = self.view().ahead(person);
        theirs.retain(|(date, _)| which(*date));
        self.effects.rounds_change = true;
        theirs.iter().filter(|(date, group)| self.tell_of_absence(*date, *group, person)).count()
    }

    /// Webex does not know somebody's address, which is recorded: whoever is booked to meet them is told. Returns
    /// whether this is news.
    pub(super) fn lose(&mut self, person: PersonId) -> bool {
        let today = self.view().today(person);
        let mut choice = self.state.choice_of(person);
        if choice.is_unreachable(today) {
            return false;
        }
        choice.unreachable = Some(today);
        self.state.choose(choice);
        for (date, group) in self.view().ahead(person) {
            let Some(booking) = self.view().booked(date, group) else { continue };
            for other in group.people().iter().filter(|other| **other != person) {
                let meeting = self.view().meeting_with(&booking, *other, person);
                self.say(*other, BotMessage::PartnerUnreachable(meeting));
            }
        }
        true
    }

    /// Tells the others in a group that one of them cannot come; returns whether a meeting was booked for it.
    fn tell_of_absence(&mut self, date: NaiveDate, group: Group, gone: PersonId) -> bool {
        let Some(booking) = self.view().booked(date, group) else { return false };
        let has_agreed = booking.agreed.is_some_and(|agreed| agreed > self.setting.now);
        let rest = group.only(|id| id != gone).filter(|rest| match has_agreed {
            true => self.view().may_meet_as_agreed(date, *rest),
            false => self.view().may_meet(date, *rest),
        });
        let withdrawn = rest.and_then(|rest| self.keep_time(rest, &booking));
        let today = self.setting.meeting.date_at(self.setting.now);
        let rest_tag = rest.map(|rest| self.tag_of(date, rest));
        let stay: Vec<PersonId> = group.people().iter().copied().filter(|id| *id != gone).collect();
        self.state.mark_told(Kind::Off, &booking.tag, Some(gone), today);
        // Whoever cannot come need not hear which of that week's meetings were off before.
        keep_others_are_off(self.state, &booking.tag, gone, today);
        for partner in stay.iter().copied() {
            // Whoever is not at work now hears about it once they are, through what is due by then.
            if self.view().waits(Kind::Off, partner, booking.start.to_utc()).is_some() {
                continue;
            }
            self.state.mark_told(Kind::Off, &booking.tag, Some(partner), today);
            let other = stay.iter().find(|other| rest.is_some() && **other != partner);
            let next = match other {
                Some(other) => WhatNext::Rest(self.view().name(*other)),
                None if self.view().may_be_matched(date, partner) => WhatNext::Seeking,
                None => WhatNext::Nobody,
            };
            // The meeting of the two is news, also if it was off once before.
            if let (WhatNext::Rest(_), Some(tag)) = (&next, &rest_tag) {
                self.state.unmark_told(Kind::Off, tag, partner);
                self.state.unmark_told(Kind::Intro, tag, partner);
            }
            if next == WhatNext::Nobody {
                self.state.mark_told(Kind::LeftOut, &about_week(date), Some(partner), today);
            }
            // In a trio, the person who is gone is the one to mention.
            let meeting = self.view().meeting_with(&booking, partner, gone);
            self.say(partner, BotMessage::PartnerGone { meeting, next });
        }
        if let Some((by, message)) = withdrawn {
            self.say(by, message);
        }
        self.effects.meetings_change = true;
        true
    }

    /// Two people of a trio meet at the time on which all three agreed, or on which the two do: they do not wait for
    /// the third. Returns who is to hear that their suggestion is no longer open, if one of the two made it.
    fn keep_time(&mut self, rest: Group, booking: &Booking) -> Option<(PersonId, BotMessage)> {
        let now = self.setting.now;
        let agrees = |proposal: &Proposal, id: &PersonId| proposal.by == *id || proposal.agreed.contains(id);
        let by_both = booking.proposal.as_ref().filter(|proposal| {
            let is_theirs = rest.has(proposal.by) && proposal.start > now && proposal.expires > now;
            is_theirs && rest.people().iter().all(|id| agrees(proposal, id))
        });
        let agreed = by_both.map(|proposal| proposal.start).or(booking.agreed);
        let open = booking.proposal.as_ref().filter(|_| by_both.is_none());
        let withdrawn = open.and_then(|proposal| self.withdrawn(rest, booking, proposal));
        let Some(agreed) = agreed.filter(|at| *at > now) else { return withdrawn };
        let tag = self.tag_of(booking.round, rest);
        let host = booking.host.map(|host| if rest.has(host) { host } else { rest.people()[0] });
        self.state.put_booking(Booking {
            agreed: Some(agreed),
            proposals: booking.proposals,
            host,
            ..Booking::begun(tag, booking.round, rest, (agreed, booking.minutes))
        });
        withdrawn
    }

    /// The tag of a group's meeting.
    fn tag_of(&self, round: NaiveDate, group: Group) -> String {
        let names = People::new(self.state, self.setting.roster);
        tag(self.setting.programme, round, &group, &names)
    }

    /// A suggestion to three people is no longer open once they are two: whoever made it hears that the old time
    /// stands.
    fn withdrawn(&self, rest: Group, booking: &Booking, proposal: &Proposal) -> Option<(PersonId, BotMessage)> {
        if !rest.has(proposal.by) {
            return None;
        }
        let view = self.view();
        let other = rest.people().iter().find(|id| **id != proposal.by)?;
        let gone = booking.people.people().iter().find(|id| !rest.has(**id))?;
        let to = proposal.start.with_timezone(&view.zone(proposal.by));
        // The two get an invitation of their own, with another link.
        let meeting = Meeting { link: None, ..view.meeting_with(booking, proposal.by, *other) };
        Some((proposal.by, BotMessage::Declined { meeting, by: view.name(*gone), to }))
    }

    /// Counts a meeting that is over as held or not held.
    pub(super) fn hold(&mut self, booking: &Booking, held: bool) {
        let week = week_of(booking.round);
        let Some(round) = self.state.rounds.iter_mut().find(|round| week_of(round.date) == week) else { return };
        let there = round.groups().any(|(_, group)| group == booking.people);
        if held == there {
            return;
        }
        let people = booking.people.people();
        if held {
            // Whoever is newly paired in between keeps that partner.
            if round.groups().any(|(_, group)| people.iter().any(|id| group.has(*id))) {
                return;
            }
            people.iter().for_each(|id| round.take_in(*id));
            // A round's meetings count for its day, whatever time they moved to.
            let start = instant(round.timezone, round.date.and_time(self.setting.meeting.start));
            round.add(start.with_timezone(&start.offset().fix()), booking.people);
        } else {
            round.remove(booking.people);
            let why = Reason::Cancelled(COULD_NOT);
            people.iter().for_each(|id| round.leave_out(why.clone(), *id));
            let (about, today) = (about_week(round.date), self.setting.now.with_timezone(&round.timezone).date_naive());
            // They already know.
            people.iter().for_each(|id| self.state.mark_told(Kind::LeftOut, &about, Some(*id), today));
        }
    }
}
