//! The organizer in chat: the state of this round, who takes no part, how a person is doing, and a pause for somebody
//! else, which must be confirmed and is told to the person concerned. Never shows a wish.

use chrono::{NaiveDate, TimeDelta};

use super::chat_command::organizer::OrganizerCommand;
use super::colleagues::{self, Colleague, Found};
use super::view::ConversationView;
use super::{Conversation, Recipient};
use crate::domain::calendar::week_of;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{
    BotMessage, FoundColleague, Named, Namesake, Overview, Participation, RoundNow, Stuck, Then,
};
use crate::domain::roster::RosterIndex;
use crate::domain::state::bookings::Stage;
use crate::domain::state::preferences::NO_END;
use crate::domain::state::{PersonId, Round};

/// A message that waits longer than this to be sent is stuck.
const STUCK: TimeDelta = TimeDelta::hours(1);

impl Conversation<'_> {
    /// Does what an organizer with that address types, and answers only them.
    pub(super) fn command(&mut self, email: &str, command: &OrganizerCommand) {
        let message = match command {
            OrganizerCommand::Overview => self.view().overview(),
            OrganizerCommand::WhoStopped => self.view().who_stopped(),
            OrganizerCommand::Report => self.view().last_report(),
            OrganizerCommand::Find(name) => match self.meant(name) {
                Ok(person) => self.view().found(person),
                Err(near) => BotMessage::Whom { typed: name.clone().into(), near, then: Then::Find },
            },
            OrganizerCommand::Pause { name, until, is_sure } => match self.meant(name) {
                Ok(person) => self.pause_other(email, person, *until, *is_sure),
                Err(near) => BotMessage::Whom { typed: name.clone().into(), near, then: Then::Pause(*until) },
            },
        };
        self.send_to(Recipient::Stranger(email.into()), message);
    }

    /// The person who is meant; otherwise the candidates.
    fn meant(&mut self, typed: &str) -> Result<PersonId, Vec<Namesake>> {
        let roster = self.setting.roster;
        let colleague = |at: RosterIndex| {
            let one = roster.employee(at);
            Colleague { name: &one.name, department: roster.department(at), email: &one.email }
        };
        let lower = typed.trim().to_lowercase();
        let typed = if lower.contains('@') { roster.current(&lower) } else { typed };
        let namesake = |at: RosterIndex| {
            let Colleague { name, department, email } = colleague(at);
            Namesake { name: name.into(), department: department.into(), email: email.to_owned() }
        };
        let all = RosterIndex::first(roster.employees.len()).map(|at| (at, colleague(at)));
        match colleagues::find(typed, all) {
            Found::One(at) => self.person(&roster.employee(at).email).ok_or_else(Vec::new),
            Found::Several(several) => Err(several.into_iter().map(namesake).collect()),
            Found::Nobody => Err(Vec::new()),
        }
    }

    /// Pauses somebody, once that is confirmed; the same pause again has no effect.
    fn pause_other(&mut self, by: &str, person: PersonId, until: Option<NaiveDate>, is_sure: bool) -> BotMessage {
        let view = self.view();
        let (name, email) = (view.name(person), self.state.email(person).to_owned());
        let today = view.today(person);
        let choice = self.state.choice_of(person);
        if choice.stopped {
            return view.found(person);
        }
        let Some(until) = until.filter(|until| *until >= today) else {
            return BotMessage::PauseOther { name, email, until: None, meetings: 0 };
        };
        if choice.paused_until == Some(until) {
            return BotMessage::PausedOther { name, until, cancelled: 0, is_new: false };
        }
        if !is_sure {
            let ahead = view.ahead(person);
            let meetings =
                ahead.iter().filter(|(date, group)| *date <= until && view.booked(*date, *group).is_some()).count();
            return BotMessage::PauseOther { name, email, until: Some(until), meetings };
        }
        let cancelled = self.keep_pause(person, until);
        self.effects.log.push(format!("{by} has {email} pause until {until}"));
        if email == by {
            return BotMessage::Paused { until, cancelled };
        }
        let roster = self.setting.roster;
        let by = roster.known_as(by).map_or_else(|| by.to_owned(), |at| roster.employee(at).name.to_string());
        self.say(person, BotMessage::PausedBy { by: by.into(), until, cancelled });
        BotMessage::PausedOther { name, until, cancelled, is_new: true }
    }
}

impl ConversationView<'_> {
    fn programme_today(&self) -> NaiveDate {
        self.setting.meeting.date_at(self.setting.now)
    }

    /// The last round of which every meeting has begun.
    fn last_round(&self) -> Option<&Round> {
        let is_over = |round: &&Round| !round.groups().any(|(start, group)| self.is_ahead(round.date, start, group));
        let began = |round: &&Round| round.date <= self.programme_today() && round.groups().next().is_some();
        self.state.rounds.iter().filter(began).filter(is_over).max_by_key(|round| round.date)
    }

    fn last_report(&self) -> BotMessage {
        let report = |round: &Round| BotMessage::Report {
            programme: self.setting.programme.into(),
            date: round.date,
            counts: self.state.counts(round),
            corrects: false,
        };
        self.last_round().map_or(BotMessage::NothingToReport, report)
    }

    fn overview(&self) -> BotMessage {
        let today = self.programme_today();
        let this = self.state.rounds.iter().filter(|round| week_of(round.date) >= week_of(today));
        let round = this.min_by_key(|round| round.date).map(|round| {
            let booked = round.groups().filter(|(_, group)| self.booked(round.date, *group).is_some()).count();
            let turns = round.left_out.iter().filter(|left_out| left_out.reason.is_a_turn());
            let alone = turns.flat_map(|left_out| {
                let here = left_out.people.iter().filter(|id| self.positions[id.index()].is_some());
                here.map(|id| (self.name(*id), left_out.reason.to_string().into())).collect::<Vec<_>>()
            });
            RoundNow { date: round.date, meetings: round.groups().count(), booked, alone: alone.collect() }
        });
        BotMessage::Overview(Box::new(Overview {
            programme: self.setting.programme.into(),
            round,
            answers: self.last_round().map(|round| (round.date, self.state.counts(round))),
            stuck: self.stuck(),
        }))
    }

    /// What does not proceed by itself, or not as it should.
    fn stuck(&self) -> Vec<Stuck> {
        let now = self.setting.now;
        let names = |people: &[PersonId]| people.iter().map(|id| self.name(*id)).collect::<Vec<_>>();
        let ahead = self.state.bookings.iter().filter(|booking| booking.is_ahead(now));
        let refused = ahead.filter_map(|booking| match &booking.stage {
            Stage::Refused { why, .. } => Some(Stuck::NotBooked(names(booking.people.people()), why.clone().into())),
            _ => None,
        });
        let mut stuck: Vec<Stuck> = refused.collect();
        let lost = self.state.choices.iter().filter(|choice| {
            choice.is_unreachable(self.programme_today()) && self.positions[choice.person.index()].is_some()
        });
        stuck.extend(lost.map(|choice| {
            let email = self.state.email(choice.person).to_owned();
            Stuck::Unreachable(Named { name: self.name(choice.person), email: email.into() })
        }));
        let waits = self.state.outbox.iter().filter(|message| message.is_due(now) && now - message.at > STUCK).count();
        stuck.extend((waits > 0).then_some(Stuck::Unsent(waits)));
        stuck
    }

    fn who_stopped(&self) -> BotMessage {
        let (mut stopped, mut paused) = (Vec::new(), Vec::new());
        let mut numbers = vec![None; self.setting.roster.employees.len()];
        for (id, _) in self.state.emails() {
            if let Some(at) = self.positions[id.index()] {
                numbers[at.index()] = Some(id);
            }
        }
        for (at, employee) in self.setting.roster.places() {
            let person: Option<PersonId> = numbers[at.index()];
            let name = Sanitized::from(&*employee.name);
            match person.map(|person| self.participation(person)) {
                Some(Participation::Stopped) => stopped.push(name),
                Some(Participation::Paused(until)) => paused.push((name, until)),
                Some(Participation::Takes) => {}
                None => {
                    let until = self.setting.rules.paused_on_roster(at, self.programme_today());
                    paused.extend(until.filter(|until| *until != NO_END).map(|until| (name, until)));
                }
            }
        }
        BotMessage::WhoStopped { stopped, paused }
    }

    fn found(&self, person: PersonId) -> BotMessage {
        let view = self.person_view(person);
        BotMessage::Found(Box::new(FoundColleague {
            name: view.name.into(),
            department: view.department.into(),
            email: view.email.into(),
            part: self.participation(person),
            meetings: self.coming_as_read(person),
            met: self.met(person).len(),
            is_unreachable: self.state.choice_of(person).is_unreachable(self.today(person)),
        }))
    }
}
