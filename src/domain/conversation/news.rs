//! Newcomers are greeted, and the organizers hear once a day who joined, left, paused, or has nobody to meet. Decides
//! what is due; sends nothing. Never mentions a wish.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::due::Due;
use super::view::ConversationView;
use super::{AddressedMessage, Conversation, Recipient, Setting};
use crate::domain::calendar::{last_moment, week_of};
use crate::domain::limits;
use crate::domain::local_time::instant;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{BotMessage, NextMeeting, OrganizerNews};
use crate::domain::pairing::replan::PATIENCE;
use crate::domain::state::bookings::OffReason;
use crate::domain::state::outbox::Kind;
use crate::domain::state::reports::about_week;
use crate::domain::state::{Happened, Joined, PersonId, Round, State};
use crate::domain::text::folded;
use crate::domain::working_hours::schedule::Schedule;

/// The subject under which greetings are recorded, and the question whether to send any.
const JOINED: &str = "joined";
/// How long a newcomer is remembered as one: a report about this year and the last says how they settled in.
const NEW: Days = Days::new(800);

/// Greets all newcomers whom the bot has not greeted, or does not, as the organizer answers.
pub fn greet(state: &mut State, setting: Setting<'_>, do_greet: bool) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    conversation.greet(do_greet);
    conversation.effects.messages
}

/// How many newcomers wait for the organizer's decision, out of how many people.
pub fn newcomers_in_doubt(state: &State, setting: Setting<'_>) -> Option<(usize, usize)> {
    let view = ConversationView { setting, state, positions: &super::view::positions(state, setting), planned: None };
    view.in_doubt()
}

impl Conversation<'_> {
    /// Greets all newcomers who wait for it, or marks them as greeted.
    pub(super) fn greet(&mut self, do_greet: bool) {
        let new = self.view().newcomers();
        for person in &new {
            if do_greet {
                let message = self.view().greeting(*person);
                self.say(*person, message);
            }
        }
        mark_greeted(self.state, |person| new.contains(&person));
    }
}

/// Records that these newcomers are greeted.
pub(super) fn mark_greeted(state: &mut State, which: impl Fn(PersonId) -> bool) {
    for joined in state.joined.iter_mut().flatten().filter(|joined| which(joined.person)) {
        joined.greeted = true;
    }
}

/// Records that the organizers heard the news, and who is left alone.
pub(super) fn keep_news(state: &mut State, setting: Setting<'_>, today: NaiveDate) {
    let view = ConversationView { setting, state, positions: &super::view::positions(state, setting), planned: None };
    let alone: Vec<(String, PersonId)> =
        view.alone().into_iter().map(|(round, person, _)| (about_alone(round.date), person)).collect();
    let off: Vec<Box<str>> = view.left_meetings().map(|off| off.tag.clone()).collect();
    state.news.clear();
    state.mark_told(Kind::News, &today.to_string(), None, today);
    alone.iter().for_each(|(about, person)| state.mark_told(Kind::News, about, Some(*person), today));
    off.iter().for_each(|tag| state.mark_told(Kind::News, tag, None, today));
    let since = today.checked_sub_days(NEW).unwrap_or(today);
    state.joined.iter_mut().for_each(|joined| joined.retain(|one: &Joined| !one.greeted || one.on >= since));
}

/// Records that the organizers read in a summary who is left out.
pub(super) fn keep_summary(state: &mut State, about: &str, today: NaiveDate) {
    let round = state.rounds.iter().find(|round| about_week(round.date) == *about);
    let alone: Vec<(String, PersonId)> = round
        .into_iter()
        .flat_map(|round| {
            let left_out = round.left_out.iter().flat_map(|left_out| left_out.people.iter());
            left_out.map(|person| (about_alone(round.date), *person)).collect::<Vec<_>>()
        })
        .collect();
    alone.iter().for_each(|(about, person)| state.mark_told(Kind::News, about, Some(*person), today));
}

fn about_alone(round: NaiveDate) -> String {
    format!("alone {}", about_week(round))
}

impl ConversationView<'_> {
    /// Newcomers who are on the roster, take part, and are not greeted yet.
    pub(super) fn newcomers(&self) -> Vec<PersonId> {
        let new = self.state.joined.iter().flatten().filter(|joined| !joined.greeted).map(|joined| joined.person);
        new.filter(|person| self.takes_part(*person)).collect()
    }

    pub(super) fn takes_part(&self, person: PersonId) -> bool {
        self.listens(person)
            && self.positions[person.index()]
                .is_some_and(|at| self.setting.rules.away(at, self.today(person)).is_none())
    }

    /// How many newcomers are too many to be greeted without asking, out of how many people.
    fn in_doubt(&self) -> Option<(usize, usize)> {
        let (new, of) = (self.newcomers().len(), self.setting.roster.employees.len());
        limits::are_many_new(new, of).then_some((new, of))
    }

    fn greeting(&self, person: PersonId) -> BotMessage {
        let (programme, attendance) = (self.setting.programme.to_owned(), self.setting.meeting.attendance);
        BotMessage::Greeting { programme: programme.into(), next: self.next(person), attendance }
    }

    /// Greetings, or the question whether to send any.
    pub(super) fn of_newcomers(&self, organizers: bool, all: &mut Vec<Due>) {
        let about = JOINED.to_owned();
        if let Some((new, of)) = self.in_doubt() {
            let asked = self.state.was_told(Kind::Greeting, JOINED, None);
            if organizers && asked.is_none() {
                let addressed =
                    AddressedMessage { to: Recipient::Organizers, message: BotMessage::ManyNewcomers(new, of) };
                all.push(Due::new(Kind::Greeting, about, addressed, None));
            }
            return;
        }
        for person in self.newcomers() {
            let addressed = AddressedMessage { to: Recipient::Person(person), message: self.greeting(person) };
            let waits = self.waits(Kind::Greeting, person, DateTime::<Utc>::MAX_UTC);
            all.push(Due { waits, ..Due::new(Kind::Greeting, about.clone(), addressed, None) });
        }
    }

    /// The organizers' daily message, if there is news and they are at work.
    pub(super) fn of_news(&self, all: &mut Vec<Due>) {
        let meeting = self.setting.meeting;
        let off: Arc<[NaiveDate]> = meeting.skip_dates.as_slice().into();
        let schedule = Schedule::new(meeting.timezone, meeting.workdays, &meeting.working_hours, off);
        let today = schedule.today(self.setting.now).to_string();
        if !schedule.works(self.setting.now, 0) || self.state.was_told(Kind::News, &today, None).is_some() {
            return;
        }
        let mut news: Vec<OrganizerNews> =
            self.state.news.iter().map(|news| self.news(news.person, news.what)).collect();
        news.extend(self.may_be_one_person());
        news.extend(self.left_meetings().map(|off| {
            let gone: &[PersonId] = if let OffReason::Gone(gone) = &off.why { gone } else { &[] };
            let left = gone.iter().find(|id| self.has_left(**id));
            let names = off.people.people().iter().map(|id| self.name(*id)).collect();
            OrganizerNews::Cancelled(names, off.round, left.map(|id| self.name(*id)).unwrap_or_default())
        }));
        news.extend(self.alone().into_iter().map(|(round, person, why)| {
            OrganizerNews::Alone(self.name(person), round.date, Sanitized::sentence(&why))
        }));
        if !news.is_empty() {
            let message = BotMessage::News { programme: self.setting.programme.into(), news };
            let addressed = AddressedMessage { to: Recipient::Organizers, message };
            all.push(Due::new(Kind::News, today, addressed, None));
        }
    }

    fn news(&self, person: PersonId, what: Happened) -> OrganizerNews {
        let name = self.name(person);
        match what {
            Happened::Joined => OrganizerNews::Joined(
                name,
                match self.next(person) {
                    NextMeeting::Meeting(meeting) => Some(meeting.start.date_naive()),
                    NextMeeting::Draw(date) => Some(date),
                    NextMeeting::Nothing => None,
                },
            ),
            Happened::Left => OrganizerNews::Left(name),
            Happened::Silent => OrganizerNews::Silent(name),
            Happened::Stopped => OrganizerNews::Stopped(name),
            Happened::Paused(until) => OrganizerNews::Paused(name, until),
            Happened::NewAddress => OrganizerNews::NewAddress(name, Sanitized::sentence(self.state.email(person))),
        }
    }

    /// Whoever left while somebody of the same name joined: it may be one person with a new address.
    fn may_be_one_person(&self) -> Vec<OrganizerNews> {
        let of = |what| self.state.news.iter().filter(move |news| news.what == what).map(|news| news.person);
        let joined: HashSet<String> = of(Happened::Joined).map(|id| folded(&self.name(id))).collect();
        let same = of(Happened::Left).filter(|id| joined.contains(&folded(&self.name(*id))));
        same.map(|id| OrganizerNews::OnePerson(self.name(id), Sanitized::sentence(self.state.email(id)))).collect()
    }

    /// Whether somebody is no longer on the roster, or told the bot that they leave for good.
    fn has_left(&self, person: PersonId) -> bool {
        self.positions[person.index()].is_none() || self.state.choice_of(person).stopped
    }

    /// Meetings ahead that are off because somebody left the roster, which the organizers have not heard yet.
    fn left_meetings(&self) -> impl Iterator<Item = &crate::domain::state::bookings::CalledOff> + '_ {
        self.state.called_off.iter().filter(|off| {
            let left = |id: &PersonId| self.has_left(*id);
            let is_news = self.state.was_told(Kind::News, &off.tag, None).is_none();
            is_news
                && off.start > self.setting.now
                && matches!(&off.why, OffReason::Gone(gone) if gone.iter().any(left))
        })
    }

    /// Who has no partner in a round that is booked and has not begun, and why, if the organizers have not heard yet.
    fn alone(&self) -> Vec<(&Round, PersonId, String)> {
        let meeting = self.setting.meeting;
        let is_booked = |round: &&Round| {
            let begins = instant(meeting.timezone, round.date.and_time(meeting.start)).to_utc();
            let summed = self.state.was_told(Kind::Summary, &about_week(round.date), None).is_some();
            begins > self.setting.now && summed
        };
        let mut alone = Vec::new();
        for round in self.state.rounds.iter().filter(is_booked) {
            // Until the last moment, a partner may be found for them; and they may have a meeting that is not known here.
            if self.setting.now < last_moment(meeting, round.date) || self.state.is_unknown_at_webex(round.date) {
                continue;
            }
            for left_out in round.left_out.iter().filter(|it| it.reason.is_a_turn()) {
                let about = about_alone(round.date);
                let is_news = |id: &&PersonId| self.state.was_told(Kind::News, &about, Some(**id)).is_none();
                // As long as a change of mind costs nothing, they may get their partner back.
                let may_be_undone = |id: &&PersonId| {
                    let mut released = round.changes.released.iter().rev();
                    let last = released.find(|released| released.people.has(**id));
                    last.is_some_and(|released| released.at + PATIENCE > self.setting.now)
                };
                let here = left_out.people.iter().filter(|id| self.positions[id.index()].is_some());
                let here = here.filter(|id| !may_be_undone(id));
                alone.extend(here.filter(is_news).map(|id| (round, *id, left_out.reason.to_string())));
            }
        }
        alone.sort_by_key(|(round, person, _)| (week_of(round.date), *person));
        alone
    }
}
