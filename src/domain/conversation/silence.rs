//! Whoever gives no sign for a long time is asked whether to go on, and is put on a break if they do not say so. A sign
//! is whatever somebody types or taps, and any meeting that they are known to have come to. Only rounds in which they
//! could have been heard count.

use chrono::{Days, NaiveDate};

use super::due::Due;
use super::{AddressedMessage, Conversation, ConversationView, Recipient, Setting};
use crate::domain::message::BotMessage;
use crate::domain::state::outbox::Kind;
use crate::domain::state::preferences::{Choice, OF_ROUND};
use crate::domain::state::reports::about_week;
use crate::domain::state::{Happened, PersonId, State};

/// How long somebody who is asked has to answer before a draw leaves them out.
const TO_ANSWER: Days = Days::new(3);
/// For how many rounds it is remembered that people could be heard.
const REMEMBERED: usize = 60;

/// Records for the rounds of the last days that people could be heard after them. Returns whether anything changed.
pub fn note_heard(state: &mut State, setting: Setting<'_>) -> bool {
    let today = setting.meeting.date_at(setting.now);
    let since = today.checked_sub_days(OF_ROUND).unwrap_or(today);
    let over = state.rounds.iter().map(|round| round.date).filter(|date| since <= *date && *date < today);
    let new: Vec<NaiveDate> = over.filter(|date| !state.heard.contains(date)).collect();
    let is_new = !new.is_empty();
    state.heard.extend(new);
    state.heard.sort_unstable();
    let long_ago = state.heard.len().saturating_sub(REMEMBERED);
    state.heard.drain(..long_ago);
    is_new
}

/// Puts those on a break who were asked whether to go on and did not answer; returns what they are told.
pub fn rest_silent(state: &mut State, setting: Setting<'_>) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    let silent = conversation.view().silent();
    for person in silent {
        let today = conversation.view().today(person);
        let choice = conversation.state.choice_of(person);
        let asked = conversation.state.was_told(Kind::GoOn, &about(&choice), Some(person));
        if asked.and_then(|on| on.checked_add_days(TO_ANSWER)).is_some_and(|until| until <= today) {
            conversation.state.choose(Choice { silent: true, ..choice });
            conversation.state.record_news(today, person, Happened::Silent);
            let programme = setting.programme.to_owned();
            conversation.say(person, BotMessage::Rests(programme.into()));
        }
    }
    conversation.effects.messages
}

/// Has people asked who are too many to be asked without the organizer's word, or leaves them alone.
pub fn ask_silent(state: &mut State, setting: Setting<'_>, do_ask: bool) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    let today = setting.meeting.date_at(setting.now);
    for person in conversation.view().unasked() {
        let choice = conversation.state.choice_of(person);
        if do_ask {
            conversation.state.mark_told(Kind::GoOn, &about(&choice), Some(person), today);
            conversation.say(person, BotMessage::GoOn(setting.programme.into()));
        } else {
            // As if they had given a sign.
            conversation.state.choose(Choice { last_sign: Some(today), ..choice });
        }
    }
    conversation.effects.messages
}

/// How many people gave no sign for a long time and are to be asked, out of how many, if these are too many to ask.
pub fn silent_in_doubt(state: &State, setting: Setting<'_>) -> Option<(usize, usize)> {
    let view = ConversationView { setting, state, positions: &super::view::positions(state, setting), planned: None };
    view.too_many_silent()
}

/// The key under which it is recorded that somebody was asked: once for each time that they fall silent.
fn about(choice: &Choice) -> String {
    choice.last_sign.map_or_else(|| "never".to_owned(), |sign| sign.to_string())
}

impl Conversation<'_> {
    /// Somebody gives a sign; returns whether that ends a break that they were given for giving none.
    pub(super) fn sign(&mut self, person: PersonId) -> bool {
        if self.setting.silent_rounds == 0 {
            return false;
        }
        let today = self.view().today(person);
        self.state.give_sign(person, today)
    }
}

impl ConversationView<'_> {
    /// People who take part but gave no sign for as many rounds as the config says. Cost: linear in those rounds.
    fn silent(&self) -> Vec<PersonId> {
        let wanted = self.setting.silent_rounds;
        if wanted == 0 {
            return Vec::new();
        }
        let rounds_without = self.state.rounds_without_sign();
        let is_silent = |person: &PersonId| rounds_without[person.index()] >= wanted && self.takes_part(*person);
        PersonId::first(self.state.people.len()).filter(is_silent).collect()
    }

    /// Who is to be asked whether to go on, and has not been asked.
    fn unasked(&self) -> Vec<PersonId> {
        let was_asked = |person: &PersonId| {
            let about = about(&self.state.choice_of(*person));
            self.state.was_told(Kind::GoOn, &about, Some(*person)).is_some()
        };
        self.silent().into_iter().filter(|person| !was_asked(person)).collect()
    }

    fn too_many_silent(&self) -> Option<(usize, usize)> {
        let (silent, of) = (self.unasked().len(), self.setting.roster.employees.len());
        (silent > 1 && silent * 10 > of).then_some((silent, of))
    }

    /// Whoever gave no sign for a long time is asked whether to go on; if these are too many, the organizer is asked
    /// instead.
    pub(super) fn of_silent(&self, organizers: bool, all: &mut Vec<Due>) {
        if let Some((silent, of)) = self.too_many_silent() {
            let today = self.setting.meeting.date_at(self.setting.now);
            let about = about_week(today);
            if organizers && self.state.was_told(Kind::GoOn, &about, None).is_none() {
                let addressed =
                    AddressedMessage { to: Recipient::Organizers, message: BotMessage::ManySilent(silent, of) };
                all.push(Due::new(Kind::GoOn, about, addressed, None));
            }
            return;
        }
        for person in self.unasked() {
            let about = about(&self.state.choice_of(person));
            let message = BotMessage::GoOn(self.setting.programme.into());
            let addressed = AddressedMessage { to: Recipient::Person(person), message };
            let waits = self.waits(Kind::GoOn, person, chrono::DateTime::<chrono::Utc>::MAX_UTC);
            all.push(Due { waits, ..Due::new(Kind::GoOn, about, addressed, None) });
        }
    }
}
