//! Somebody takes part again: what follows from that, once the rounds are brought in line. Answers with values; changes
//! only the record of who knows what.

use chrono::{Days, NaiveDate};

use super::view::ConversationView;
use super::{AddressedMessage, Conversation, Setting};
use crate::domain::calendar::{rounds_from, week_of};
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{BotMessage, Comeback, Meeting, NextMeeting};
use crate::domain::scheduling::tag;
use crate::domain::state::bookings::Booking;
use crate::domain::state::outbox::Kind;
use crate::domain::state::people::People;
use crate::domain::state::{Group, PersonId, Round, State};

/// From what somebody came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// To the round on that day, which they were going to skip.
    Unskip(NaiveDate),
    /// From a pause.
    Resume,
    /// After they had left.
    Start,
}

/// What somebody who takes part again is told, based on the rounds as they stand with them.
pub fn welcome(state: &mut State, setting: Setting<'_>, person: PersonId, back: Return) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    let round = match back {
        Return::Unskip(date) => Some(date),
        Return::Resume | Return::Start => None,
    };
    let (comeback, group) = conversation.view().comeback(person, round);
    // About that meeting they hear here, about every other one that takes place after all in a message of its own.
    if let (Comeback::AfterAll(meeting), Some((round, group))) = (&comeback, group) {
        let today = setting.meeting.date_at(setting.now);
        let state = &mut *conversation.state;
        // It may have another tag by now, from another day.
        let off = state.called_off_of(round, group).map(|off| off.tag.clone());
        let tags = [Some(meeting.key.clone().into()), off];
        let was_introduced = |tag: &str| state.was_told(Kind::Intro, tag, Some(person)).is_some();
        let is_known = tags.iter().flatten().any(|tag| was_introduced(tag));
        for tag in tags.iter().flatten() {
            state.unmark_told(Kind::Off, tag, person);
            state.unmark_told(Kind::Intro, tag, person);
        }
        for tag in tags.iter().flatten().filter(|_| is_known) {
            state.mark_told(Kind::Intro, tag, Some(person), today);
        }
    }
    conversation.say(
        person,
        match back {
            Return::Unskip(date) => BotMessage::Unskipped(date, comeback),
            Return::Resume => BotMessage::Resumed(comeback),
            Return::Start => BotMessage::Started(comeback),
        },
    );
    conversation.effects.messages
}

impl ConversationView<'_> {
    /// What follows when somebody takes part again, in one round or in all; and who meets after all, in which round.
    fn comeback(&self, person: PersonId, only: Option<NaiveDate>) -> (Comeback, Option<(NaiveDate, Group)>) {
        let is_meant = |round: &&Round| only.is_none_or(|date| week_of(round.date) == week_of(date));
        let today = self.today(person);
        let rounds: Vec<&Round> = self.state.rounds.iter().filter(is_meant).collect();
        let (mut after_all, mut taken) = (None, None);
        for round in rounds.into_iter().filter(|round| week_of(round.date) >= week_of(today)) {
            let former = self.former(round, person).filter(|former| self.is_sure(round, *former, person));
            let stands = self.group_of(round, person);
            // About a round that is over there is nothing to say, unless its meeting was moved.
            let is_ahead = stands.as_ref().is_some_and(|(meeting, _)| meeting.start > self.setting.now);
            if round.date < today && !is_ahead {
                continue;
            }
            let was_off = |group: Group| {
                let off = self.state.called_off_of(round.date, group);
                off.is_some_and(|off| self.state.was_told(Kind::Off, &off.tag, Some(person)).is_some())
            };
            match (former, stands) {
                (former, Some((meeting, group))) if former == Some(group) || was_off(group) => {
                    after_all.get_or_insert((meeting, (round.date, group)));
                }
                (Some(former), _) if taken.is_none() => {
                    let others = former.people().iter().filter(|id| **id != person);
                    let has_another =
                        |id: &&PersonId| round.groups().any(|(_, group)| group.has(**id) && !group.has(person));
                    let names: Vec<Sanitized> = others.filter(has_another).map(|id| self.name(*id)).collect();
                    let rest = former.only(|id| id != person);
                    let are_two = rest.is_some_and(|rest| round.groups().any(|(_, group)| group == rest));
                    taken = Some((names, are_two)).filter(|(names, _)| !names.is_empty());
                }
                _ => {}
            }
        }
        match (after_all, taken) {
            (Some((meeting, group)), _) => (Comeback::AfterAll(Box::new(meeting)), Some(group)),
            (None, Some((names, true))) => (Comeback::WithoutYou(names, self.next(person)), None),
            (None, Some((names, false))) => (Comeback::Taken(names, self.next(person)), None),
            (None, None) => (Comeback::Next(self.next(person)), None),
        }
    }

    /// Whether a group is more than a plan: it is time to book it, or somebody was introduced for it.
    fn is_sure(&self, round: &Round, group: Group, person: PersonId) -> bool {
        let ahead = Days::new(self.setting.meeting.book_ahead_days.into());
        let is_time = round.date.checked_sub_days(ahead).is_some_and(|first| first <= self.today(person));
        let off = self.state.called_off_of(round.date, group).map(|off| &off.tag);
        let booked = self.booked(round.date, group);
        let mut tags = off.into_iter().chain(booked.as_ref().map(|booking| &booking.tag));
        is_time || tags.any(|tag| self.state.was_told(Kind::Intro, tag, Some(person)).is_some())
    }

    /// Whom somebody was to meet in a round before they were away: in a meeting that was booked, or as drawn.
    fn former(&self, round: &Round, person: PersonId) -> Option<Group> {
        let released = round.changes.released.iter().rev().map(|released| released.people);
        let off = self.state.called_off.iter().rev().filter(|off| week_of(off.round) == week_of(round.date));
        let off = off.map(|off| off.people);
        let drawn = round.drawn_groups().filter(|_| !round.changes.is_empty());
        released.chain(off).chain(drawn).find(|group| group.has(person))
    }

    /// Somebody's group in a round that is ahead, and the meeting as it is presented to them.
    fn group_of(&self, round: &Round, person: PersonId) -> Option<(Meeting, Group)> {
        let mut groups = round.groups();
        let (start, group) = groups.find(|(_, group)| group.has(person))?;
        if !self.is_ahead(round.date, start, group) {
            return None;
        }
        let booking = self.booked(round.date, group).unwrap_or_else(|| {
            let names = People::new(self.state, self.setting.roster);
            let tag = tag(self.setting.programme, round.date, &group, &names);
            let start = self.state.agreed_before(round.date, group, self.setting.now).unwrap_or(start);
            Booking::begun(tag, round.date, group, (start, self.setting.meeting.minutes))
        });
        Some((self.meeting(&booking, person), group))
    }

    /// Somebody's next meeting, booked or to be booked; otherwise the next round for which they can be drawn.
    pub(super) fn next(&self, person: PersonId) -> NextMeeting {
        let meetings = self.state.rounds.iter().filter_map(|round| self.group_of(round, person));
        if let Some((meeting, ..)) = meetings.min_by_key(|(meeting, ..)| meeting.start) {
            return NextMeeting::Meeting(Box::new(meeting));
        }
        let Some(at) = self.positions[person.index()] else { return NextMeeting::Nothing };
        let drawn = |date: &NaiveDate| {
            let mut rounds = self.state.rounds.iter();
            rounds.any(|round| week_of(round.date) == week_of(*date))
        };
        let is_in = |date: &NaiveDate| {
            self.setting.rules.away(at, *date).is_none() && !drawn(date) && self.is_open(person, *date)
        };
        let days = rounds_from(self.setting.meeting, self.today(person)).take(super::questions::ROUNDS);
        { days }.find(is_in).map_or(NextMeeting::Nothing, NextMeeting::Draw)
    }
}
