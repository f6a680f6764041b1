//! Somebody cannot come: their meetings are off, their partners are told, and who else could meet is paired anew.
//! Changes the rounds of the state; what is booked follows by the schedule.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, TimeDelta};

use super::due::about_week;
use super::{Conversation, without};
use crate::domain::calendar::local_time::instant;
use crate::domain::calendar::{Day, week_of};
use crate::domain::message::{BotMessage, WhatNext};
use crate::domain::roster::RosterIndex;
use crate::domain::scheduling::tag;
use crate::domain::state::bookings::{Booking, Stage};
use crate::domain::state::outbox::Kind;
use crate::domain::state::people::People;
use crate::domain::state::{Group, PersonId, Reason, Round};

/// Nobody is paired anew for a meeting that begins sooner than this: they would hear of it too late.
const IN_TIME: TimeDelta = TimeDelta::hours(3);

impl Conversation<'_> {
    /// Takes somebody out of the rounds ahead of which `which` is true; how many of their meetings that cancels.
    pub(super) fn call_off(&mut self, person: PersonId, which: impl Fn(NaiveDate) -> bool) -> usize {
        let mut theirs = self.ahead(person);
        theirs.retain(|(date, _)| which(*date));
        let why = format!("{} cannot come", self.name(person));
        let choice = self.state.choice_of(person);
        let away = |date| Reason::Paused(choice.away(date).unwrap_or(date));
        theirs.iter().filter(|(date, group)| self.dissolve(*date, *group, person, away(*date), &why)).count()
    }

    /// Webex does not know somebody's address, which is kept: whoever is booked to meet them is told, who else was to
    /// meet them is paired anew. Whether this is news.
    pub(super) fn lose(&mut self, person: PersonId) -> bool {
        let today = self.today(person);
        let mut choice = self.state.choice_of(person);
        if choice.is_unreachable(today) {
            return false;
        }
        choice.unreachable = Some(today);
        self.state.choose(choice);
        let name = self.name(person);
        let why = format!("Webex does not know the address of {name}");
        for (date, group) in self.ahead(person) {
            let Some(booking) = self.booked(date, group) else {
                self.dissolve(date, group, person, Reason::Unreachable, &why);
                continue;
            };
            for other in group.people().iter().filter(|other| **other != person) {
                let mut meeting = self.meeting(&booking, *other);
                meeting.partners.retain(|partner| partner.name == name);
                self.say(*other, BotMessage::PartnerUnreachable(meeting));
            }
        }
        true
    }

    /// Somebody's groups that have not met, with their rounds.
    fn ahead(&self, person: PersonId) -> Vec<(NaiveDate, Group)> {
        let rounds = self.state.rounds.iter();
        rounds
            .flat_map(|round| round.groups().map(|(start, group)| (round.date, start, group)))
            .filter(|(date, start, group)| group.people().contains(&person) && self.is_ahead(*date, *start, *group))
            .map(|(date, _, group)| (date, group))
            .collect()
    }

    /// Whether a group has not met yet: its booking's time counts, where it has one.
    pub(super) fn is_ahead(&self, date: NaiveDate, drawn: DateTime<FixedOffset>, group: Group) -> bool {
        let now = self.setting.now;
        self.booked(date, group).map_or(drawn > now, |booking| booking.is_ahead(now))
    }

    /// The meeting of a group, if it is booked.
    pub(super) fn booked(&self, date: NaiveDate, group: Group) -> Option<Booking> {
        let same = |booking: &&Booking| booking.people == group && week_of(booking.round) == week_of(date);
        self.state.bookings.iter().find(same).filter(|booking| booking.at_webex().is_some()).cloned()
    }

    /// Takes a group apart because one cannot come; whether a meeting was booked for it.
    fn dissolve(&mut self, date: NaiveDate, group: Group, gone: PersonId, away: Reason, why: &str) -> bool {
        let booking = self.booked(date, group);
        let stay: Vec<PersonId> = group.people().iter().copied().filter(|id| *id != gone).collect();
        let Some(at) = self.state.rounds.iter().position(|round| round.date == date) else { return false };
        let start = self.state.rounds[at].groups().find(|(_, one)| *one == group).map(|(start, _)| start);
        self.state.rounds[at].remove(group);
        self.state.rounds[at].leave_out(away, gone);
        let rest = without(group, gone).zip(start);
        let anew = match rest {
            Some((rest, start)) => {
                self.state.rounds[at].add(start, rest);
                self.keep_time(rest, booking.as_ref());
                false
            }
            None => stay.first().is_some_and(|partner| self.pair_anew(at, *partner, why)),
        };
        for partner in stay.iter().copied().filter(|_| booking.is_some()) {
            let Some(booking) = &booking else { continue };
            let mut meeting = self.meeting(booking, partner);
            let mut others = stay.iter().filter(|other| **other != partner);
            let next = match others.next() {
                Some(other) => WhatNext::Rest(self.name(*other)),
                None if anew => WhatNext::Other,
                None => WhatNext::Nobody,
            };
            // Of a trio, the one who is gone is the one to tell of.
            let name = self.name(gone);
            meeting.partners.retain(|partner| partner.name == name);
            if next == WhatNext::Nobody {
                let today = self.setting.now.with_timezone(&self.setting.meeting.timezone).date_naive();
                self.state.tell(Kind::LeftOut, &about_week(date), Some(partner), today);
            }
            self.say(partner, BotMessage::PartnerGone { meeting, next });
        }
        self.effects.meetings_change = true;
        booking.is_some()
    }

    /// Two of a trio meet at the time on which all three agreed.
    fn keep_time(&mut self, rest: Group, booking: Option<&Booking>) {
        let agreed = booking.and_then(|booking| Some((booking, booking.agreed.filter(|at| *at > self.setting.now)?)));
        let Some((booking, agreed)) = agreed else { return };
        let tag = {
            let names = People::new(self.state, self.setting.roster);
            tag(self.setting.programme, booking.round, &rest, &names)
        };
        let host = booking.host.map(|host| if rest.people().contains(&host) { host } else { rest.people()[0] });
        self.state.put_booking(Booking {
            tag: tag.into(),
            people: rest,
            start: agreed,
            agreed: Some(agreed),
            proposal: None,
            host,
            stage: Stage::Begun,
            ..booking.clone()
        });
    }

    /// Pairs somebody with another who is left out of that round, if the rules admit one; else leaves them out.
    /// Of those who are admitted, it is one whom they have not met, and the first of the roster.
    fn pair_anew(&mut self, at: usize, partner: PersonId, why: &str) -> bool {
        let round = &self.state.rounds[at];
        let earliest = self.setting.now + IN_TIME;
        let day = Day::new(self.setting.meeting, round.date, earliest, self.setting.rules.schedules());
        let found = self.positions[partner.index()].and_then(|own| {
            let mut candidates: Vec<(bool, RosterIndex, PersonId)> = round
                .left_out
                .iter()
                .filter(|left_out| !matches!(left_out.reason, Reason::Paused(_) | Reason::Unreachable))
                .flat_map(|left_out| &left_out.people)
                .filter_map(|id| Some((*id, self.positions[id.index()]?)))
                .filter(|(_, other)| self.setting.rules.away(*other, round.date).is_none())
                .filter(|(_, other)| self.setting.rules.admits(&day, own, *other))
                .filter(|(id, _)| !self.is_kept_apart(partner, *id))
                .map(|(id, other)| (self.have_met(partner, id), other, id))
                .collect();
            candidates.sort_unstable();
            let may_repeat = self.setting.rules.avoid_weeks() == 0;
            candidates.into_iter().find(|(met, ..)| may_repeat || !met).map(|(_, other, id)| (own, other, id))
        });
        let paired = found.and_then(|(own, other, id)| {
            let mut schedules = [self.setting.rules.schedule(own), self.setting.rules.schedule(other)];
            schedules.sort_unstable();
            Some((id, day.start(&schedules)?))
        });
        let round = &mut self.state.rounds[at];
        match paired {
            Some((id, start)) => {
                round.take_in(id);
                let start = start.with_timezone(&start.offset().fix());
                round.add(start, Group::Pair([partner.min(id), partner.max(id)]));
                true
            }
            None => {
                round.leave_out(Reason::Cancelled(why.to_owned()), partner);
                false
            }
        }
    }

    /// A wish that came after the rules were made.
    fn is_kept_apart(&self, a: PersonId, b: PersonId) -> bool {
        self.state.choice_of(a).not_with.contains(&b) || self.state.choice_of(b).not_with.contains(&a)
    }

    fn have_met(&self, a: PersonId, b: PersonId) -> bool {
        let both = |round: &Round| round.groups().any(|(_, group)| [a, b].iter().all(|id| group.people().contains(id)));
        self.state.rounds.iter().any(both)
    }

    /// Counts a meeting that is over as held, or not.
    pub(super) fn hold(&mut self, booking: &Booking, held: bool) {
        let week = week_of(booking.round);
        let Some(round) = self.state.rounds.iter_mut().find(|round| week_of(round.date) == week) else { return };
        let there = round.groups().any(|(_, group)| group == booking.people);
        if held == there {
            return;
        }
        let people = booking.people.people();
        if held {
            // Whoever is paired anew in between keeps that partner.
            if round.groups().any(|(_, group)| people.iter().any(|id| group.people().contains(id))) {
                return;
            }
            people.iter().for_each(|id| round.take_in(*id));
            // A round's meetings are on its day, whatever they moved to.
            let start = instant(round.timezone, round.date.and_time(self.setting.meeting.start));
            round.add(start.with_timezone(&start.offset().fix()), booking.people);
        } else {
            round.remove(booking.people);
            let why = Reason::Cancelled("they could not meet".to_owned());
            people.iter().for_each(|id| round.leave_out(why.clone(), *id));
            let (about, today) = (about_week(round.date), self.setting.now.with_timezone(&round.timezone).date_naive());
            // They know.
            people.iter().for_each(|id| self.state.tell(Kind::LeftOut, &about, Some(*id), today));
        }
    }
}
