//! What people ask: how things stand for them, why, and which round is their next. Answers with messages and values;
//! changes nothing.

use chrono::{NaiveDate, TimeDelta};

use super::Setting;
use super::time_phrase::{Span, TimePhrase};
use super::view::ConversationView;
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::calendar::{round_of_week, rounds_from, week_of};
use crate::domain::message::{BotMessage, Break, Participation};
use crate::domain::roster::RosterIndex;
use crate::domain::rules::Rule;
use crate::domain::state::PersonId;
use crate::domain::state::bookings::{Booking, Seen, Stage};
use crate::domain::state::outbox::Kind;
use crate::domain::state::preferences::NO_END;

/// How long after a meeting a word counts as an answer to “did you meet?”.
const ANSWERED_FOR: TimeDelta = TimeDelta::days(8);
/// Words about time can refer to this many rounds ahead.
const LOOKED_AT: usize = 3 * ROUNDS;
/// How many rounds are offered if it is unclear which one is meant.
const OFFERED: usize = 4;
/// How many rounds are searched for somebody's next one.
pub(super) const ROUNDS: usize = 8;

impl<'a> ConversationView<'a> {
    /// The help, with the meetings that can still be changed.
    pub(super) fn help(&self, person: PersonId) -> BotMessage {
        let meetings = self.coming_as_read(person);
        let organizes = self.setting.organizes(self.state.email(person));
        BotMessage::Help { meetings, organizes, attendance: self.setting.meeting.attendance }
    }

    /// How somebody takes part today.
    pub(super) fn participation(&self, person: PersonId) -> Participation {
        let choice = self.state.choice_of(person);
        let today = self.today(person);
        match choice.paused_until.filter(|until| *until >= today).max(self.on_roster(person)) {
            _ if choice.stopped => Participation::Stopped,
            Some(until) if until != NO_END => Participation::Paused(until),
            _ => Participation::Takes,
        }
    }

    /// How things stand for somebody.
    pub(super) fn status(&self, person: PersonId) -> BotMessage {
        let choice = self.state.choice_of(person);
        let today = self.today(person);
        let part = self.participation(person);
        let skipped = choice.skipped.iter().map(|day| self.day_of(*day)).filter(|day| *day >= today).collect();
        let not_with = choice.not_with.iter().map(|other| self.name(*other)).collect();
        BotMessage::Status {
            part,
            skipped,
            meetings: self.coming_as_read(person),
            met: self.met(person).len(),
            not_with,
        }
    }

    /// How many people somebody can still meet, and whom they meet next. People who are away in the next round will
    /// come back: the first of several rounds ahead in which there is anybody to meet counts.
    pub(super) fn why(&self, person: PersonId) -> BotMessage {
        let met = self.met(person);
        let ahead = rounds_from(self.setting.meeting, self.today(person));
        let ahead = ahead.filter(|date| is_ahead(self.setting.meeting, *date, self.setting.now)).take(ROUNDS);
        let unmet = { ahead }.map(|date| self.unmet(person, &met, date)).find(|unmet| *unmet > 0).unwrap_or(0);
        BotMessage::Why { meetings: self.coming_as_read(person), unmet, met: met.len() }
    }

    /// How many people who take part on that day somebody could meet then and has not met.
    fn unmet(&self, person: PersonId, met: &[PersonId], date: NaiveDate) -> usize {
        let Some(at) = self.positions[person.index()] else { return 0 };
        let known: Vec<RosterIndex> = met.iter().filter_map(|id| self.positions[id.index()]).collect();
        let day = self.setting.day(date);
        let rules = self.setting.rules;
        let own = self.state.choice_of(person).not_with;
        let own: Vec<RosterIndex> = own.iter().filter_map(|id| self.positions[id.index()]).collect();
        // Other people's wishes must not show.
        let is_theirs = |other: RosterIndex| {
            let against = rules.against_ever(&day, at, other);
            against.iter().all(|rule| *rule == Rule::Wish) && !own.contains(&other)
        };
        let may = |other: RosterIndex| rules.admits(&day, at, other) || other != at && is_theirs(other);
        rules.participants(date).into_iter().filter(|other| may(*other) && !known.contains(other)).count()
    }

    /// The current day of the round in the week of a given day.
    pub(super) fn day_of(&self, date: NaiveDate) -> NaiveDate {
        round_of_week(self.setting.meeting, date).unwrap_or(date)
    }

    /// The last day of somebody's pause in the roster.
    pub(super) fn on_roster(&self, person: PersonId) -> Option<NaiveDate> {
        let at = self.positions[person.index()]?;
        self.setting.rules.paused_on_roster(at, self.today(person))
    }

    /// Whom somebody has met, in rounds whose meetings have begun.
    pub(super) fn met(&self, person: PersonId) -> Vec<PersonId> {
        let rounds = self.state.rounds.iter();
        let theirs = rounds.flat_map(|round| round.groups().map(|(start, group)| (round.date, start, group)));
        let begun = theirs.filter(|(date, start, group)| group.has(person) && !self.is_ahead(*date, *start, *group));
        let mut met: Vec<PersonId> =
            begun.flat_map(|(.., group)| group.people().to_vec()).filter(|other| *other != person).collect();
        met.sort_unstable();
        met.dedup();
        met
    }

    /// The next round of somebody, whether or not they skip it.
    pub(super) fn next_round(&self, person: PersonId, skipped: bool) -> Option<NaiveDate> {
        if let Some(booking) = self.coming(person).first().filter(|_| !skipped) {
            return Some(booking.round);
        }
        let choice = self.state.choice_of(person);
        let is_skipped = |date: &NaiveDate| choice.skipped.iter().any(|day| week_of(*day) == week_of(*date));
        let today = self.today(person);
        let rounds = rounds_from(self.setting.meeting, today).filter(|date| self.is_open(person, *date));
        rounds.take(ROUNDS).find(|date| is_skipped(date) == skipped)
    }

    /// The rounds that somebody means by what they said about time; otherwise the question to ask them. If `skipped`,
    /// only rounds that they already skip.
    pub(super) fn rounds_meant(
        &self,
        person: PersonId,
        phrase: &TimePhrase,
        skipped: bool,
    ) -> Result<Vec<NaiveDate>, Box<BotMessage>> {
        let ahead = self.rounds_ahead(person, skipped);
        let nothing = || Box::new(BotMessage::NothingToSkip { back: skipped });
        let which = || {
            let dates = ahead.iter().map(|(_, day)| *day).take(OFFERED).collect();
            Box::new(BotMessage::WhichRound { dates, back: skipped })
        };
        if matches!(phrase, TimePhrase::Nothing | TimePhrase::Next) {
            let date = self.next_round(person, skipped).ok_or_else(nothing)?;
            // Right after a meeting, it is unclear whether this one or the next is meant. What was read late meant the
            // round that was the next one then.
            let is_unclear = !skipped && (self.has_met_this_week(person) || self.is_another_new(person))
                || self.when_they_spoke().next_round(person, skipped) != Some(date);
            return if is_unclear { Err(which()) } else { Ok(vec![date]) };
        }
        let is_in = |span: &Span, of: &dyn Fn(&(NaiveDate, NaiveDate)) -> NaiveDate| {
            ahead.iter().any(|both| span.has(of(both)))
        };
        let read = |span: &Span| {
            let by_round: Vec<NaiveDate> =
                ahead.iter().filter(|(round, _)| span.has(*round)).map(|(round, _)| *round).collect();
            let by_day: Vec<NaiveDate> =
                ahead.iter().filter(|(_, day)| span.has(*day)).map(|(round, _)| *round).collect();
            [by_round, by_day]
        };
        // A number of weeks begins with the first round that is still ahead.
        let today = self.spoke_on(person);
        let mut readings = phrase.readings(today);
        if let (TimePhrase::Long(_), Some((_, first))) = (phrase, ahead.first()) {
            let later = |span: &Span| Some(Span { from: *first, to: span.to.checked_add_signed(*first - today)? });
            readings = readings.iter().filter(|span| span.has(*first)).filter_map(later).collect();
        }
        // Of a round on those days, the meeting may be on another day by now.
        if readings.iter().any(|span| is_in(span, &|(round, _)| *round) && !is_in(span, &|(_, day)| *day)) {
            return Err(which());
        }
        // What people see is the day of their meeting, which may have moved to another week than its round's.
        let mut possible: Vec<Vec<NaiveDate>> =
            readings.iter().flat_map(read).filter(|rounds| !rounds.is_empty()).collect();
        possible.sort_unstable();
        possible.dedup();
        let most = if skipped { 1 } else { ROUNDS };
        // What lasts beyond the rounds that are searched is a pause.
        let last = ahead.last().map(|(round, _)| *round).filter(|_| !skipped);
        match &mut possible[..] {
            [rounds] if rounds.len() <= most && rounds.last() != last.as_ref() => Ok(std::mem::take(rounds)),
            _ if ahead.is_empty() => Err(nothing()),
            _ => Err(which()),
        }
    }

    /// What somebody is offered who says that they cannot come on those days: to leave out the round on those days, or
    /// to pause if there are several.
    pub(super) fn offer(&self, person: PersonId, phrase: &TimePhrase) -> BotMessage {
        let ahead = self.rounds_ahead(person, false);
        if ahead.is_empty() {
            return BotMessage::NothingToSkip { back: false };
        }
        let today = self.spoke_on(person);
        let (mut dates, mut breaks) = (Vec::new(), Vec::new());
        for span in phrase.readings(today) {
            let meant: Vec<NaiveDate> =
                ahead.iter().filter(|(round, day)| span.has(*round) || span.has(*day)).map(|(_, day)| *day).collect();
            match meant[..] {
                [] => {}
                [date] => dates.push(date),
                _ => breaks.push(Break { from: Some(span.from).filter(|from| *from > today), until: span.to }),
            }
        }
        dates.sort_unstable();
        dates.dedup();
        breaks.dedup();
        if dates.is_empty() && breaks.is_empty() {
            dates = ahead.iter().map(|(_, day)| *day).take(OFFERED).collect();
            // If there are several, it is unclear which.
            return BotMessage::WhichRound { dates, back: false };
        }
        BotMessage::Absence { dates, breaks }
    }

    /// Whether somebody has just read of a meeting after their next one, of which they knew before and were not reminded
    /// since: “this one” may be either.
    pub(super) fn is_another_new(&self, person: PersonId) -> bool {
        let today = self.setting.meeting.date_at(self.setting.said);
        let told = |kind, booking: &Booking| self.state.was_told(kind, &booking.tag, Some(person)) == Some(today);
        let is_new = |booking: &Booking| told(Kind::Intro, booking);
        let coming = self.coming(person);
        let is_old = |next: &Booking| !is_new(next) && !told(Kind::Reminder, next);
        coming.first().is_some_and(is_old) && coming[1..].iter().any(is_new)
    }

    /// Whether somebody has already had a meeting this week.
    fn has_met_this_week(&self, person: PersonId) -> bool {
        let (now, week) = (self.setting.now, week_of(self.today(person)));
        let begun =
            |booking: &&Booking| booking.people.has(person) && booking.at_webex().is_some() && booking.start <= now;
        let day = |booking: &Booking| booking.start.with_timezone(&self.zone(person)).date_naive();
        self.state.bookings.iter().filter(begun).any(|booking| week_of(day(booking)) == week)
    }

    /// The upcoming rounds of somebody, each with the day on which they meet; if `skipped`, only those that they skip.
    fn rounds_ahead(&self, person: PersonId, skipped: bool) -> Vec<(NaiveDate, NaiveDate)> {
        let choice = self.state.choice_of(person);
        let is_skipped = |date: &NaiveDate| choice.skipped.iter().any(|day| week_of(*day) == week_of(*date));
        let coming = self.coming(person);
        let booked = coming.iter().map(|booking| (booking.round, booking.start.with_timezone(&self.zone(person))));
        let mut rounds: Vec<(NaiveDate, NaiveDate)> =
            booked.map(|(round, start)| (round, start.date_naive())).collect();
        let known: Vec<i32> = rounds.iter().map(|(round, _)| week_of(*round)).collect();
        let others = rounds_from(self.setting.meeting, self.today(person)).filter(|date| self.is_open(person, *date));
        let others = others.take(LOOKED_AT).filter(|date| !known.contains(&week_of(*date)));
        rounds.extend(others.map(|date| (date, date)));
        rounds.retain(|(round, _)| !skipped || is_skipped(round));
        rounds.sort_unstable_by_key(|(_, day)| *day);
        rounds
    }

    /// The meeting that somebody means by what they said about time; otherwise the question to ask them.
    pub(super) fn meeting_meant(&self, person: PersonId, phrase: &TimePhrase) -> Result<Booking, Box<BotMessage>> {
        let coming = self.coming(person);
        let day = |booking: &Booking| booking.start.with_timezone(&self.zone(person)).date_naive();
        let readings = phrase.readings(self.spoke_on(person));
        let mut meant = coming.iter().filter(|booking| readings.iter().any(|span| span.has(day(booking))));
        match (meant.next(), meant.next()) {
            (Some(booking), None) => Ok(booking.clone()),
            // If there is only one meeting, the day may be the one to which it is to move.
            _ if coming.is_empty() => Err(BotMessage::NothingToMove.into()),
            _ => Err(Box::new(BotMessage::WhichMeeting(self.coming_as_read(person)))),
        }
    }

    /// Whether somebody's round on that day is not over, even if they have already met.
    pub(super) fn is_open(&self, person: PersonId, date: NaiveDate) -> bool {
        let rounds = self.state.rounds.iter().filter(|round| week_of(round.date) == week_of(date));
        let mut theirs = rounds.flat_map(|round| round.groups().map(|(start, group)| (round.date, start, group)));
        match theirs.find(|(.., group)| group.has(person)) {
            Some((date, start, group)) => self.is_ahead(date, start, group),
            None => is_ahead(self.setting.meeting, date, self.setting.now),
        }
    }

    /// What somebody is asked after a meeting: depending on what was seen, whether they met, or what happened. Whoever
    /// waited in vain is thanked.
    pub(super) fn question(&self, booking: &Booking, person: PersonId) -> BotMessage {
        let meeting = self.meeting(booking, person);
        match booking.seen {
            Some(Seen::One(one)) if one == person => BotMessage::WaitedAlone(meeting),
            Some(Seen::One(one)) => BotMessage::WhatHappened { meeting, waited: self.name(one) },
            _ => BotMessage::DidYouMeet(meeting),
        }
    }

    /// The meetings for which somebody was recently asked whether they took place.
    fn asked(&self, person: PersonId) -> impl Iterator<Item = &'a Booking> + use<'a> {
        let Self { setting: Setting { now, said, .. }, state, .. } = *self;
        let asked = move |booking: &&Booking| {
            booking.end() > now - ANSWERED_FOR
                && booking.end() <= said
                && booking.people.has(person)
                && state.was_told(Kind::Asked, &booking.tag, Some(person)).is_some()
        };
        state.bookings.iter().filter(asked)
    }

    /// The last of them.
    pub(super) fn asked_of(&self, person: PersonId) -> Option<&'a Booking> {
        self.asked(person).max_by_key(|booking| booking.start)
    }

    /// The last of them of which they did not say what became of it.
    pub(super) fn unanswered(&self, person: PersonId) -> Option<&'a Booking> {
        // Whoever waited was not asked anything, and where both were seen nobody is asked.
        let is_seen =
            |booking: &&Booking| matches!(booking.seen, Some(Seen::Both)) || booking.seen == Some(Seen::One(person));
        let is_answered = |booking: &&Booking| booking.accounts.has(person) || booking.is_answered_by_somebody();
        self.asked(person)
            .filter(|booking| !is_seen(booking) && !is_answered(booking))
            .max_by_key(|booking| booking.start)
    }

    /// The last meeting of somebody that had begun when they said something, whether they were asked about it or not:
    /// the one they mean who say in words of their own what became of it.
    pub(super) fn last_begun(&self, person: PersonId) -> Option<Booking> {
        let (since, said) = (self.setting.now - ANSWERED_FOR, self.setting.said);
        let has_begun = |booking: &&Booking| {
            booking.end() > since
                && !booking.is_ahead(said)
                && booking.people.has(person)
                && matches!(booking.stage, Stage::Booked(_) | Stage::Moving(..))
                && self.is_planned(booking)
        };
        self.state.bookings.iter().filter(has_begun).max_by_key(|booking| booking.start).cloned()
    }
}
