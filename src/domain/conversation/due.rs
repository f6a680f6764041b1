//! What is sent at a time of its own: introductions, reminders, follow-up questions, kind words, and reports. Decides
//! what is due now, once each; sends nothing.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::news::{keep_news, keep_summary, mark_greeted};
use super::view::{ConversationView, positions};
use super::{AddressedMessage, Recipient, Setting};
use crate::domain::attendance;
use crate::domain::calendar::{last_moment, round_of_week, rounds_from, week_of};
use crate::domain::local_time::instant;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{BotMessage, WhatNext, WithoutPartner};
use crate::domain::roster::RosterIndex;
use crate::domain::starters::Starter;
use crate::domain::state::bookings::{Booking, CalledOff, OffReason, Stage};
use crate::domain::state::last_said::{Question, Topic};
use crate::domain::state::outbox::{Address, Kind, OutgoingMessage, Timed};
use crate::domain::state::reports::{Counts, about_week};
use crate::domain::state::{Group, PersonId, Reason, Round, State};
use crate::domain::working_hours::schedule::Schedule;

/// Something that is due: what is said, and what is recorded about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The kind of message.
    pub kind: Kind,
    /// The round or meeting that it is about.
    pub about: String,
    /// The message and its recipient.
    pub addressed: AddressedMessage,
    /// From then on it is too late, if ever.
    pub until: Option<DateTime<Utc>>,
    /// It waits until its reader is at work, if they are not now.
    pub waits: Option<DateTime<Utc>>,
    /// The message at Webex that it answers, in the same thread.
    pub parent: Option<Box<str>>,
    /// What it says about a round that is over.
    pub counts: Option<Counts>,
}

/// This long after a round, people are told that its meetings were never booked.
const MISSED: Days = Days::new(21);
/// How long after a meeting people are asked whether they met.
const ASKED_FOR: TimeDelta = TimeDelta::days(4);

/// What is due now, by kind and person; of all kinds, or of one. `organizers`: whether they have a space.
pub fn due(state: &State, setting: Setting<'_>, only: Option<Kind>, organizers: bool) -> Vec<Due> {
    let mut due = all(state, setting, only, organizers);
    due.retain(|due| due.waits.is_none());
    due
}

/// Until when each message waits that would be due now if its reader were at work.
pub fn waiting(state: &State, setting: Setting<'_>, only: Option<Kind>) -> Vec<DateTime<Utc>> {
    // What would be too late once its reader is at work is not said at all.
    all(state, setting, only, false)
        .iter()
        .filter_map(|due| due.waits.filter(|waits| due.until.is_none_or(|until| *waits < until)))
        .collect()
}

fn all(state: &State, setting: Setting<'_>, only: Option<Kind>, organizers: bool) -> Vec<Due> {
    let mut all = Vec::new();
    let planned = planned(state);
    let view = ConversationView { setting, state, positions: &positions(state, setting), planned: Some(&planned) };
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
    view.of_newcomers(organizers, &mut all);
    view.of_silent(organizers, &mut all);
    if organizers {
        view.of_news(&mut all);
    }
    all.retain(|due| only.is_none_or(|only| due.kind == only));
    all.sort_by_key(|due| due.kind);
    all
}

/// The month of which the organizers should hear how it went, by its first day: the last one, on a working day, once they
/// have heard how its last round went.
pub fn month(state: &State, setting: Setting<'_>) -> Option<NaiveDate> {
    let today = setting.meeting.date_at(setting.now);
    let month = today.with_day(1)?.checked_sub_months(Months::new(1))?;
    let is_of_it = |round: &&Round| (round.date.year(), round.date.month()) == (month.year(), month.month());
    let rounds = || state.rounds.iter().filter(is_of_it);
    let told = |kind, about: &str| state.was_told(kind, about, None).is_some();
    // A round that was taken apart gets no report.
    let is_reported = |round: &Round| told(Kind::Report, &about_week(round.date));
    let is_owed = |round: &Round| state.owes_report(round.date) || is_missed(round, today) && !is_reported(round);
    let is_due = setting.meeting.is_working_day(today)
        && rounds().any(is_reported)
        && !rounds().any(is_owed)
        && !told(Kind::MonthPage, &about_month(month));
    is_due.then_some(month)
}

/// Whether pairs of a round were never booked, and that is recent enough to be told.
fn is_missed(round: &Round, today: NaiveDate) -> bool {
    let is_recent = round.date.checked_add_days(MISSED).is_some_and(|end| today < end);
    is_recent && round.changes.released.iter().any(|released| released.why == OffReason::NeverBooked)
}

/// Messages about a month are recorded under its year and number.
pub fn about_month(month: NaiveDate) -> String {
    month.format("%Y-%m").to_string()
}

/// Who meets in each week in which a meeting is booked. Cost: linear in the meetings.
fn planned(state: &State) -> HashSet<(i32, Group)> {
    let first = state.bookings.iter().map(|booking| week_of(booking.round)).min();
    let rounds = state.rounds.iter().filter(|round| first.is_some_and(|first| week_of(round.date) >= first));
    let mut weeks = HashSet::new();
    // Of two rounds in a week, the first counts.
    let rounds = rounds.filter(|round| weeks.insert(week_of(round.date)));
    rounds.flat_map(|round| round.groups().map(|(_, group)| (week_of(round.date), group))).collect()
}

/// What is to be told about meetings that were moved, are off, or take place after all or with others: whoever caused it
/// may be told at once, all others during their working hours.
pub fn changes(state: &State, setting: Setting<'_>, organizers: bool) -> Vec<Due> {
    let mut all = due(state, setting, None, organizers);
    all.retain(Due::is_change);
    all
}

/// What those who were to meet somebody are to be told, whatever their working hours: once that somebody is forgotten,
/// nobody knows who it was.
pub fn changes_without(state: &State, setting: Setting<'_>, person: PersonId) -> Vec<Due> {
    let off = state.called_off.iter().filter(|off| off.people.has(person));
    let others: HashSet<PersonId> = off.flat_map(|off| off.people.people()).copied().collect();
    let mut all = all(state, setting, None, false);
    all.retain(|due| {
        let is_told = |to: &Recipient| matches!(to, Recipient::Person(one) if others.contains(one));
        due.is_change() && is_told(&due.addressed.to)
    });
    all.iter_mut().for_each(|due| due.waits = None);
    all
}

impl Due {
    /// Something that is due now, and answers nothing.
    pub fn new(kind: Kind, about: String, addressed: AddressedMessage, until: Option<DateTime<Utc>>) -> Self {
        Self { kind, about, addressed, until, waits: None, parent: None, counts: None }
    }

    /// Whether it is about something that is no longer as its reader knows it.
    fn is_change(&self) -> bool {
        let is_instead = matches!(self.addressed.message, BotMessage::Introduction { instead: Some(_), .. });
        is_instead || matches!(self.kind, Kind::Off | Kind::BackOn | Kind::Moved)
    }

    /// Records that it is told.
    pub fn keep(&self, state: &mut State, setting: Setting<'_>) {
        let person = match self.addressed.to {
            Recipient::Person(person) => Some(person),
            Recipient::Stranger(_) | Recipient::Organizers | Recipient::Thread(_) => None,
        };
        let today = setting.meeting.date_at(setting.now);
        match (self.kind, person) {
            (Kind::BackOn, Some(person)) => {
                state.unmark_told(Kind::Off, &self.about, person);
                // They hear today whom they meet: two people who were three were not introduced for it, and others need
                // no reminder about it today.
                state.unmark_told(Kind::Intro, &self.about, person);
                state.mark_told(Kind::Intro, &self.about, Some(person), today);
            }
            (Kind::Intro, Some(person)) => {
                state.unmark_told(Kind::Off, &self.about, person);
                state.mark_told(Kind::Intro, &self.about, Some(person), today);
            }
            (Kind::Moved, _) => self.keep_moved(state, person),
            (Kind::Greeting, Some(person)) => mark_greeted(state, |one| one == person),
            (Kind::News, _) => keep_news(state, setting, today),
            (kind, _) => state.mark_told(kind, &self.about, person, today),
        }
        if let Some(counts) = self.counts {
            state.put_report(&self.about, counts);
        }
        if self.kind == Kind::Summary {
            keep_summary(state, &self.about, today);
        }
        match (&self.addressed.message, person) {
            (BotMessage::Introduction { instead: Some(_), .. } | BotMessage::BackOn(_), Some(person)) => {
                keep_others_are_off(state, &self.about, person, today);
            }
            // Somebody who hears that there is nobody else need not hear it again.
            (
                BotMessage::PartnerGone { next: WhatNext::Nobody, .. }
                | BotMessage::CalledOff { next: WhatNext::Nobody, .. },
                Some(person),
            ) => {
                let round = state.called_off.iter().find(|off| *off.tag == *self.about).map(|off| off.round);
                if let Some(round) = round {
                    state.mark_told(Kind::LeftOut, &about_week(round), Some(person), today);
                }
            }
            _ => {}
        }
    }

    fn keep_moved(&self, state: &mut State, person: Option<PersonId>) {
        let Some(booking) = state.booking_mut(&self.about) else { return };
        let Some(untold) = &mut booking.untold else { return };
        let is_other_day = untold.from.date_naive() != booking.start.date_naive();
        match person {
            Some(person) => untold.people.retain(|one| *one != person),
            None => untold.organizers = false,
        }
        if untold.people.is_empty() && !untold.organizers {
            booking.untold = None;
        }
        // The day before it is another one now.
        if let Some(person) = person.filter(|_| is_other_day) {
            state.unmark_told(Kind::Reminder, &self.about, person);
        }
    }
}

impl ConversationView<'_> {
    fn of_meeting(&self, booking: &Booking, all: &mut Vec<Due>) {
        let now = self.setting.now;
        if !matches!(booking.stage, Stage::Booked(_) | Stage::Moving(..)) || !self.is_planned(booking) {
            return;
        }
        let today = self.setting.meeting.date_at(now);
        for person in booking.people.people().iter().copied() {
            if self.positions[person.index()].is_none() || self.state.choice_of(person).stopped {
                continue;
            }
            let told = |kind| self.state.was_told(kind, &booking.tag, Some(person));
            let late = || self.asked_until(booking, person);
            let mut push = |kind, message| {
                let until = if kind == Kind::Asked { late() } else { booking.start.to_utc() };
                all.push(self.for_person(kind, booking.tag.to_string(), (person, message), until));
            };
            let meeting = || self.meeting(booking, person);
            if booking.start > now {
                // Somebody has left the roster: the next schedule calls it off.
                if booking.people.people().iter().any(|id| self.positions[id.index()].is_none()) {
                    continue;
                }
                match told(Kind::Intro) {
                    None => push(Kind::Intro, self.introduction(booking, person)),
                    // Whoever heard about it only today needs no reminder.
                    Some(on)
                        if on < today
                            && told(Kind::Reminder).is_none()
                            && !self.is_on_its_way(Kind::Intro, &booking.tag, person)
                            && self.is_eve(person, booking) =>
                    {
                        push(Kind::Reminder, BotMessage::Reminder(meeting()));
                    }
                    Some(_) => {}
                }
            } else if booking.end() <= now
                && now < late()
                && booking.is_open()
                && told(Kind::Intro).is_some()
                && told(Kind::Asked).is_none()
                && !(self.setting.looks && attendance::is_awaited(booking, now))
                // Nobody can be asked about somebody who has no name.
                && !booking.people.people().iter().any(|id| self.state.is_forgotten(*id))
            {
                push(Kind::Asked, self.question(booking, person));
            }
        }
    }

    /// The introduction of somebody to whom they meet.
    pub(super) fn introduction(&self, booking: &Booking, person: PersonId) -> BotMessage {
        let starter = self.starter(booking, person).map(|text| Sanitized::sentence(&text));
        let instead = self.instead_of(booking, person);
        let left_out = self.state.was_told(Kind::LeftOut, &about_week(booking.round), Some(person));
        let after_all = left_out.is_some() && instead.is_none();
        BotMessage::Introduction { meeting: self.meeting(booking, person), starter, instead, after_all }
    }

    /// What somebody gets to talk about first.
    fn starter(&self, booking: &Booking, person: PersonId) -> Starter {
        let Setting { roster, language, starters, .. } = self.setting;
        let own = self.positions[person.index()].and_then(|at| roster.employee(at).language);
        let meeting = (booking.people, booking.round);
        starters.choose(own.unwrap_or(language), meeting, (roster, self.positions))
    }

    /// Whether somebody is on the roster and has not left for good.
    pub(super) fn listens(&self, person: PersonId) -> bool {
        self.positions[person.index()].is_some() && !self.state.choice_of(person).stopped
    }

    fn of_round(&self, round: &Round, organizers: bool, all: &mut Vec<Due>) {
        let now = self.setting.now;
        let meeting = self.setting.meeting;
        let today = meeting.date_at(now);
        let about = about_week(round.date);
        let Some(first) = round.date.checked_sub_days(Days::new(meeting.book_ahead_days.into())) else { return };
        let begins = instant(meeting.timezone, round.date.and_time(meeting.start)).to_utc();
        if today >= first && begins > now && !self.state.is_unknown_at_webex(round.date) {
            let off: Vec<&CalledOff> =
                self.state.called_off.iter().filter(|off| week_of(off.round) == week_of(round.date)).collect();
            for (person, why) in round.left_out.iter().flat_map(|left_out| {
                let why = |person| self.without_partner(round, &left_out.reason, person);
                left_out.people.iter().filter_map(move |person| Some((*person, why(*person)?)))
            }) {
                // Whoever hears that their meeting is off hears the rest along with that.
                if off.iter().any(|off| self.has_yet_to_hear(off, person)) {
                    continue;
                }
                let is_here = |at: RosterIndex| self.setting.rules.away(at, round.date).is_none();
                // Where nothing may be cancelled, they still have their meeting.
                if self.state.was_told(Kind::LeftOut, &about, Some(person)).is_none()
                    && !self.has_meeting(round.date, person)
                    && self.positions[person.index()].is_some_and(is_here)
                {
                    let is_later = |date: &NaiveDate| week_of(*date) > week_of(round.date);
                    let is_in = |at: RosterIndex, date| self.setting.rules.away(at, date).is_none();
                    let next = rounds_from(meeting, round.date)
                        .filter(is_later)
                        .take(super::questions::ROUNDS)
                        .find(|date| self.positions[person.index()].is_some_and(|at| is_in(at, *date)));
                    let programme = self.setting.programme.to_owned();
                    let message = BotMessage::LeftOut { programme: programme.into(), date: round.date, why, next };
                    all.push(self.for_person(Kind::LeftOut, about.clone(), (person, message), begins));
                }
            }
        }
        if !organizers {
            return;
        }
        let of_week = |booking: &&Booking| week_of(booking.round) == week_of(round.date);
        let booked = self.state.bookings.iter().filter(of_week).any(|booking| booking.at_webex().is_some());
        let told = |kind| self.state.was_told(kind, &about, None).is_some();
        let due = |kind, message| {
            Due::new(kind, about.clone(), AddressedMessage { to: Recipient::Organizers, message }, None)
        };
        // On a day off it waits, unless the round itself is on the next working day.
        let rests = !meeting.is_working_day(today) && meeting.working_day_after(today) < round.date;
        if today >= first && begins > now && booked && !rests && !told(Kind::Summary) {
            all.push(due(Kind::Summary, self.summary(round)));
        }
        let counts = self.state.counts(round);
        // For what was told long ago, the record is gone.
        let is_over = (told(Kind::Summary) || is_missed(round, today)) && today >= self.report_on(round);
        if is_over && !told(Kind::Report) && !self.asks_now(round) {
            all.push(Due { counts: Some(counts), ..due(Kind::Report, self.report(round, counts, false)) });
        }
        // Several late answers become one correction: it waits for a working day after the first.
        let report = self.state.reports.iter().find(|report| *report.about == *about);
        let is_ripe = |changed: NaiveDate| today >= meeting.working_day_after(changed);
        if let Some(report) = report.filter(|report| report.changed.is_some_and(is_ripe))
            && !told(Kind::Correction)
            && counts != report.counts
        {
            let correction = due(Kind::Correction, self.report(round, counts, true));
            all.push(Due { parent: report.message.clone(), counts: Some(counts), ..correction });
        }
    }

    /// Whether somebody has a meeting at Webex in that week that has not begun.
    fn has_meeting(&self, date: NaiveDate, person: PersonId) -> bool {
        self.state.bookings.iter().any(|booking| {
            week_of(booking.round) == week_of(date)
                && booking.people.has(person)
                && booking.at_webex().is_some()
                && booking.is_ahead(self.setting.now)
        })
    }

    /// Why somebody is left out, as they are told; nothing while a partner may still be found for them.
    fn without_partner(&self, round: &Round, reason: &Reason, person: PersonId) -> Option<WithoutPartner> {
        let meeting = self.setting.meeting;
        if self.setting.now < last_moment(meeting, round.date) {
            return None;
        }
        match reason {
            Reason::OddNumber(_) => Some(WithoutPartner::Odd),
            Reason::NoPartner(_) => Some(WithoutPartner::Rules),
            Reason::Limit => Some(WithoutPartner::Limit),
            Reason::Cancelled(_) => {
                round_of_week(meeting, round.date)?;
                let released = round.changes.released.iter().rev();
                let theirs = { released }.find(|released| released.people.has(person));
                match theirs.map(|released| &released.why) {
                    // Whoever reads that it was never booked can no longer do anything about it.
                    Some(OffReason::WeekOff | OffReason::NeverBooked) => None,
                    Some(OffReason::Gone(gone)) if gone[..] == [person] => Some(WithoutPartner::Rules),
                    None | Some(OffReason::Gone(_)) => Some(WithoutPartner::PartnerGone),
                    Some(
                        OffReason::DayOff
                        | OffReason::Rules
                        | OffReason::NoTime
                        | OffReason::DrawnAgain
                        | OffReason::ByHand,
                    ) => Some(WithoutPartner::Rules),
                }
            }
            Reason::Paused(_)
            | Reason::Silent
            | Reason::Skips
            | Reason::Unreachable
            | Reason::Holiday
            | Reason::DayOff => None,
        }
    }

    /// The day on which the organizers hear how a round went: its last meeting is over, and people had a working day to
    /// answer.
    fn report_on(&self, round: &Round) -> NaiveDate {
        let meeting = self.setting.meeting;
        let is_of_it = |booking: &&Booking| {
            week_of(booking.round) == week_of(round.date) && booking.at_webex().is_some() && self.is_planned(booking)
        };
        let ends = self.state.bookings.iter().filter(is_of_it).map(|booking| {
            let start = booking.time(booking.start, self.setting.now);
            let end = start + TimeDelta::minutes(booking.minutes.into());
            meeting.date_at(end)
        });
        let last = ends.max().unwrap_or(round.date).max(round.date);
        let after_end = meeting.working_day_after(meeting.working_day_after(last));
        let asked = self.state.bookings.iter().filter(is_of_it).flat_map(|booking| {
            let asked = |id: &PersonId| self.state.was_told(Kind::Asked, &booking.tag, Some(*id));
            booking.people.people().iter().filter_map(asked).collect::<Vec<_>>()
        });
        // Somebody who is asked late also gets a working day.
        asked.max().map_or(after_end, |asked| after_end.max(meeting.working_day_after(asked)))
    }

    /// Whether anybody in that round is currently being asked what became of their meeting.
    fn asks_now(&self, round: &Round) -> bool {
        let of_it = |booking: &&Booking| week_of(booking.round) == week_of(round.date) && self.is_planned(booking);
        let is_asked = |booking: &Booking| {
            let is_over = booking.end() <= self.setting.now && booking.is_open();
            let told = |kind, id: PersonId| self.state.was_told(kind, &booking.tag, Some(id)).is_some();
            let people = booking.people.people().iter().copied();
            let asked = |id: PersonId| {
                self.listens(id)
                    && self.setting.now < self.asked_until(booking, id)
                    && told(Kind::Intro, id)
                    && !told(Kind::Asked, id)
            };
            is_over && booking.at_webex().is_some() && { people }.any(asked)
        };
        self.state.bookings.iter().filter(of_it).any(is_asked)
    }

    /// Something for one person, who may not be at work now.
    pub(super) fn for_person(
        &self,
        kind: Kind,
        about: String,
        (person, message): (PersonId, BotMessage),
        until: DateTime<Utc>,
    ) -> Due {
        let waits = self.waits(kind, person, until);
        let addressed = AddressedMessage { to: Recipient::Person(person), message };
        Due { waits, ..Due::new(kind, about, addressed, Some(until)) }
    }

    fn summary(&self, round: &Round) -> BotMessage {
        let names = |people: &[PersonId]| people.iter().map(|id| self.name(*id)).collect::<Vec<_>>();
        let left_out = round.left_out.iter().flat_map(|left_out| {
            left_out.people.iter().map(|id| (self.name(*id), left_out.reason.to_string().into())).collect::<Vec<_>>()
        });
        let of_week = |it: &&Booking| week_of(it.round) == week_of(round.date) && it.at_webex().is_some();
        let is_booked = |group| self.state.bookings.iter().filter(of_week).any(|it| it.people == group);
        BotMessage::Summary {
            programme: self.setting.programme.into(),
            date: round.date,
            pairs: round.groups().map(|(_, group)| names(group.people())).collect(),
            not_booked: round.groups().filter(|(_, group)| !is_booked(*group)).count(),
            left_out: left_out.collect(),
        }
    }

    fn report(&self, round: &Round, counts: Counts, corrects: bool) -> BotMessage {
        let programme = self.setting.programme.to_owned();
        BotMessage::Report { programme: programme.into(), date: round.date, counts, corrects }
    }

    /// Whether it is the working day before the meeting, or the day itself, where somebody is.
    fn is_eve(&self, person: PersonId, booking: &Booking) -> bool {
        let date = booking.start.with_timezone(&self.zone(person)).date_naive();
        self.schedule(person).is_none_or(|schedule| self.today(person) >= schedule.working_day_before(date))
    }

    /// Whether somebody has yet to get this message.
    fn is_on_its_way(&self, kind: Kind, about: &str, person: PersonId) -> bool {
        let to = Address::Person(self.state.people[person.index()].clone());
        self.state.outbox.iter().any(|outgoing| {
            outgoing.to == to
                && outgoing.timed.as_ref().is_some_and(|timed| timed.kind == kind && *timed.about == *about)
        })
    }

    /// Until when something that should be read before `until` waits for somebody's working hours, if they are not at
    /// work now and it would not be too late then.
    pub(super) fn waits(&self, kind: Kind, person: PersonId, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let now = self.setting.now;
        let schedule = self.schedule(person).filter(|schedule| !may_come(schedule, kind, now, until))?;
        Some(schedule.next_start(now).unwrap_or(until))
    }

    /// Until when somebody is asked whether they met: one of their working days is in between.
    fn asked_until(&self, booking: &Booking, person: PersonId) -> DateTime<Utc> {
        let days = (booking.end() + ASKED_FOR).to_utc();
        let Some(schedule) = self.schedule(person) else { return days };
        let next = schedule.working_day_after(schedule.today(booking.end().to_utc()));
        let evening = instant(schedule.zone, next.and_time(NaiveTime::MIN) + TimeDelta::days(1));
        days.max(evening.to_utc())
    }
}

/// Whether a message of that kind that is of use until `until` may come now. Somebody who is reminded already knows
/// about the meeting: that is no reason to wake anybody.
fn may_come(schedule: &Schedule, kind: Kind, now: DateTime<Utc>, until: DateTime<Utc>) -> bool {
    match kind {
        Kind::Reminder => schedule.works(now, 0),
        _ => schedule.is_polite(now, until, is_urgent(kind)),
    }
}

/// Whether a message is worth disturbing somebody on a day off, if they would otherwise hear about it too late.
fn is_urgent(kind: Kind) -> bool {
    matches!(kind, Kind::Intro | Kind::Off | Kind::BackOn | Kind::Moved)
}

/// Until when a message of that kind that should be read before `until` waits for its reader's working hours, if it
/// does.
pub fn waits(setting: Setting<'_>, email: &str, kind: Kind, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let schedule = schedule(&setting, email)?;
    let waits = !may_come(schedule, kind, setting.now, until);
    waits.then(|| schedule.next_start(setting.now).unwrap_or(until))
}

fn schedule<'a>(setting: &'a Setting<'_>, email: &str) -> Option<&'a Schedule> {
    let at = setting.roster.employees.iter().position(|one| *one.email == *email)?;
    Some(setting.schedule(RosterIndex::new(at)))
}

/// Whoever reads about one meeting in a week knows from it that their others in that week are off.
pub(super) fn keep_others_are_off(state: &mut State, tag: &str, person: PersonId, today: NaiveDate) {
    let week = state.booking(tag).map(|it| week_of(it.round));
    let off = state.called_off.iter().filter(|off| Some(week_of(off.round)) == week && *off.tag != *tag);
    let off: Vec<Box<str>> = off.filter(|off| off.people.has(person)).map(|off| off.tag.clone()).collect();
    off.iter().for_each(|tag| state.mark_told(Kind::Off, tag, Some(person), today));
}

/// Whoever does not get that introduction after all does not know from it that their others in that week are off.
fn forget_others_are_off(state: &mut State, tag: &str, person: PersonId) {
    let on = state.was_told(Kind::Intro, tag, Some(person));
    let week = state
        .bookings
        .iter()
        .map(|it| (&it.tag, it.round))
        .chain(state.called_off.iter().map(|it| (&it.tag, it.round)));
    let week = { week }.find(|(one, _)| ***one == *tag).map(|(_, round)| week_of(round));
    let others = state.called_off.iter().filter(|off| Some(week_of(off.round)) == week && *off.tag != *tag);
    let told = others.filter(|off| on.is_some() && state.was_told(Kind::Off, &off.tag, Some(person)) == on);
    let told: Vec<Box<str>> = told.map(|off| off.tag.clone()).collect();
    told.iter().for_each(|tag| state.unmark_told(Kind::Off, tag, person));
}

/// The week about which a message is the report, by its key.
pub fn report_of(key: &str) -> Option<&str> {
    key.strip_prefix(Kind::Report.name())?.strip_prefix(':')?.strip_suffix(":organizers")
}

/// Removes from the outbox what was not sent in time and what is no longer true because its meeting is off.
pub fn strike_out(state: &mut State, now: DateTime<Utc>) -> usize {
    let stands = |tag: &str| state.bookings.iter().any(|booking| *booking.tag == *tag && booking.at_webex().is_some());
    let is_off = |timed: &Timed| match timed.kind {
        Kind::LeftOut => false,
        Kind::Off => stands(&timed.about),
        _ => !stands(&timed.about),
    };
    // An introduction that names an old time is written anew, unless what follows it says the new one.
    let is_old = |outgoing: &OutgoingMessage| {
        outgoing.introduces().is_some_and(|tag| {
            let until = outgoing.timed.as_ref().map(|timed| timed.until);
            let mut bookings = state.bookings.iter().filter(|booking| *booking.tag == *tag);
            let follows = |it: &OutgoingMessage| it.to == outgoing.to && it.about_time_of() == Some(tag);
            bookings.any(|booking| until != Some(booking.start.to_utc())) && !state.outbox.iter().any(follows)
        })
    };
    let is_void = |timed: &Timed| timed.until <= now || is_off(timed);
    // A suggestion that was answered, taken back or replaced before it was sent is not made.
    let is_made = |tag: &str, number: u32| {
        let mut bookings = state.bookings.iter().filter(|booking| *booking.tag == *tag);
        bookings.any(|booking| booking.proposal.as_ref().is_some_and(|proposal| proposal.number == number))
    };
    let is_answered = |question: &Question| match &question.about {
        Some(Topic::Proposal(tag, number)) => !is_made(tag, *number),
        _ => false,
    };
    let void = |outgoing: &OutgoingMessage| {
        outgoing.timed.as_ref().is_some_and(is_void)
            || !outgoing.begun && (outgoing.asks.as_ref().is_some_and(is_answered) || is_old(outgoing))
    };
    let (void, rest): (Vec<OutgoingMessage>, Vec<OutgoingMessage>) = state.outbox.iter().cloned().partition(void);
    state.outbox = rest;
    for outgoing in void.iter().filter(|outgoing| !outgoing.begun) {
        let person = match &outgoing.to {
            Address::Person(email) => state.people.iter().position(|one| one == email),
            Address::Space(_) | Address::Thread(_) => None,
        };
        // If they meet after all, they are told again.
        if let (Some(timed), Some(person)) = (&outgoing.timed, person) {
            if timed.kind == Kind::Intro {
                forget_others_are_off(state, &timed.about, PersonId::new(person));
            }
            state.unmark_told(timed.kind, &timed.about, PersonId::new(person));
        }
    }
    void.len()
}

/// Records that somebody was told on the day on which the message arrived, which may be later than when it was written.
pub fn arrived(state: &mut State, outgoing: &OutgoingMessage, email: &str, today: NaiveDate) {
    let Some(timed) = &outgoing.timed else { return };
    let Some(person) = state.people.iter().position(|one| **one == *email) else { return };
    let person = PersonId::new(person);
    if state.was_told(timed.kind, &timed.about, Some(person)).is_some_and(|on| on != today) {
        state.unmark_told(timed.kind, &timed.about, person);
        state.mark_told(timed.kind, &timed.about, Some(person), today);
    }
}

/// When somebody is next at work, if they are not now: nobody is disturbed with something that is not urgent.
pub fn works_from(setting: Setting<'_>, email: &str) -> Option<DateTime<Utc>> {
    let schedule = schedule(&setting, email)?;
    if schedule.works(setting.now, 0) { None } else { schedule.next_start(setting.now) }
}

/// When somebody is next at work, if they have a day off and what is of use until `until` can wait.
pub fn rests_until(setting: Setting<'_>, email: &str, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let schedule = schedule(&setting, email)?;
    let is_off = !schedule.works(setting.now, 0) && !schedule.works_on(schedule.today(setting.now));
    let next = schedule.next_start(setting.now).filter(|_| is_off)?;
    (next + TimeDelta::hours(1) <= until).then_some(next)
}
