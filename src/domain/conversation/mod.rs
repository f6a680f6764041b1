//! The conversation: what follows from what people type and tap, and what they are told.
//! Knows the state, the roster and the rules; makes no call and chooses no words.
//!
//! In reading order: [`time_phrase`], `spoken_to`, `absence`, `wish`, `reply` and [`chat_command`] (text understood),
//! `asked_back` (in the light of what was asked before), `colleagues` (whom a name means), `view` (queries on the
//! state, without changing it), `questions` (what people ask), `answer` (what follows from what they do), `new_time`
//! and `proposal` (a new time goes back and forth), `asked_again` (about meetings while nobody could be heard), `away` (somebody cannot come: who is told, and who else could),
//! `comeback` (they can after all), `announce` (the organizer tells everybody), `organizer` (and asks how things
//! stand), `silence` (who gives no sign for a long time), [`due`] (what is sent at a time of its own), `changes` (what has become of meetings since), `news`
//! (newcomers, and what the organizers hear), `addressed` (which of several programmes is meant).

mod absence;
mod addressed;
mod announce;
mod answer;
mod asked_again;
mod asked_back;
mod away;
mod changes;
pub mod chat_command;
pub mod colleagues;
mod comeback;
pub mod due;
mod new_time;
mod news;
mod organizer;
mod proposal;
mod questions;
mod reply;
mod silence;
mod spoken_to;
#[cfg(test)]
mod tests;
pub mod time_phrase;
mod view;
mod wish;

use chrono::{DateTime, NaiveDate, Utc};

pub use addressed::{Addressed, ProgrammeView, Spoken, addressed, ask_which, of_card};
pub use announce::{announce, show_draft};
pub use answer::UserAction;
pub use asked_again::ask_again;
pub use asked_back::{hear_typed, note_arrived, question_of};
pub use comeback::{Return, welcome};
pub use news::{greet, newcomers_in_doubt};
pub use silence::{ask_silent, note_heard, rest_silent, silent_in_doubt};

use self::chat_command::ChatCommand;
use self::view::{ConversationView, positions};
use super::calendar::Day;
use super::language::Language;
use super::message::BotMessage;
use super::roster::{Roster, RosterIndex};
use super::rules::Rules;
use super::settings::Meeting;
use super::starters::Starters;
use super::state::bookings::Booking;
use super::state::last_said::{LastSaid, Question, Topic};
use super::state::preferences::Choice;
use super::state::{Happened, Joined, PersonId, State};
use super::working_hours::schedule::Schedule;

/// What the conversation depends on, besides the state.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The programme's name.
    pub programme: &'a str,
    /// The language for people for whom the roster names none.
    pub language: Language,
    /// Everybody on the roster.
    pub roster: &'a Roster,
    /// Who pauses, and who works when.
    pub rules: &'a Rules,
    /// What people get to talk about first.
    pub starters: &'a Starters,
    /// What the organizer decides about meetings.
    pub meeting: &'a Meeting,
    /// The organizers' addresses in lower case: that of the login, if somebody is logged in, and those in the config.
    pub organizers: &'a [String],
    /// Whether the program checks who came to meetings, and is allowed to.
    pub looks: bool,
    /// After this many rounds without a sign, somebody is asked whether to go on; 0: never.
    pub silent_rounds: u32,
    /// The current time.
    pub now: DateTime<Utc>,
    /// When what is heard was typed or tapped: now, or earlier.
    pub said: DateTime<Utc>,
}

impl Setting<'_> {
    /// Whether the person with that address organizes.
    pub fn organizes(&self, email: &str) -> bool {
        self.organizers.iter().any(|organizer| organizer == email)
    }

    /// When an employee works.
    fn schedule(&self, at: RosterIndex) -> &Schedule {
        self.rules.schedule_of(at)
    }

    /// The day of a round, for finding out who can meet then.
    fn day(&self, date: NaiveDate) -> Day {
        Day::new(self.meeting, date, self.now, self.rules.schedules())
    }
}

/// To whom something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// A person in the state.
    Person(PersonId),
    /// Somebody who is not on the roster, by address.
    Stranger(Box<str>),
    /// The organizers' space.
    Organizers,
    /// A space in which somebody spoke to the bot, by id.
    Thread(Box<str>),
}

/// A message and its recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressedMessage {
    /// The recipient of the message.
    pub to: Recipient,
    /// What is said, before it is put into words.
    pub message: BotMessage,
}

/// What follows from an event: a value, which the caller applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// The messages to send.
    pub messages: Vec<AddressedMessage>,
    /// Whether meetings must be booked, moved or cancelled.
    pub meetings_change: bool,
    /// Whether the rounds ahead must be brought in line with what people chose.
    pub rounds_change: bool,
    /// Who takes part again: what they are told depends on the rounds as they stand with them.
    pub back: Option<(PersonId, Return)>,
    /// The meeting on whose new time everybody has now agreed.
    pub agreed: Option<String>,
    /// What to log: who tried something that they may not do.
    pub log: Vec<String>,
    /// What whoever speaks typed, if they are asked about it.
    pub asked_about: Option<String>,
    /// What they were asked before, if it stays open.
    pub still_asks: Option<Question>,
}

impl Effects {
    /// Adds what follows afterwards.
    pub fn extend(&mut self, later: Self) {
        let Self { messages, meetings_change, rounds_change, back, agreed, log, asked_about, still_asks } = later;
        self.messages.extend(messages);
        self.meetings_change |= meetings_change;
        self.rounds_change |= rounds_change;
        self.back = back.or(self.back);
        self.agreed = agreed.or(self.agreed.take());
        self.log.extend(log);
        self.asked_about = asked_about.or(self.asked_about.take());
        self.still_asks = still_asks.or(self.still_asks.take());
    }
}

/// Changes the state and collects what follows; reads the state through its view.
struct Conversation<'a> {
    setting: Setting<'a>,
    state: &'a mut State,
    positions: Vec<Option<RosterIndex>>,
    /// What was said last to whoever speaks.
    last_said: Option<LastSaid>,
    effects: Effects,
}

impl<'a> Conversation<'a> {
    fn new(setting: Setting<'a>, state: &'a mut State) -> Self {
        let positions = positions(state, setting);
        Self { setting, state, positions, last_said: None, effects: Effects::default() }
    }

    /// What whoever speaks was asked last, if they knew about it when they spoke.
    fn topic(&self) -> Option<&Topic> {
        self.last_said.as_ref().filter(|last| last.is_heard_by(self.setting.said))?.question.about.as_ref()
    }

    /// A view of the state as it is now.
    fn view(&self) -> ConversationView<'_> {
        ConversationView { setting: self.setting, state: self.state, positions: &self.positions, planned: None }
    }

    /// The number of somebody on the roster, who is added to the state if they are new there. The address is in lower
    /// case.
    fn person(&mut self, email: &str) -> Option<PersonId> {
        let at = self.setting.roster.employees.iter().position(|one| *one.email == *email)?;
        let known = self.state.people.len();
        let person = self.state.person_or_insert(email);
        // Whoever is added out of turn has a number that was foreseen for somebody else.
        if self.positions.get(person.index()) != Some(&Some(RosterIndex::new(at))) {
            self.positions = positions(self.state, self.setting);
        }
        if person.index() == known {
            self.joined(person);
        }
        Some(person)
    }

    /// Whoever writes, or is written to, before a draw sees them counts as a newcomer all the same.
    fn joined(&mut self, person: PersonId) {
        let on = self.setting.meeting.date_at(self.setting.now);
        if self.state.rounds.is_empty() {
            return;
        }
        if let Some(joined) = &mut self.state.joined {
            joined.push(Joined { person, on, greeted: false });
            self.state.record_news(on, person, Happened::Joined);
        }
    }

    fn say(&mut self, to: PersonId, message: BotMessage) {
        self.send_to(Recipient::Person(to), message);
    }

    fn send_to(&mut self, to: Recipient, message: BotMessage) {
        self.effects.messages.push(AddressedMessage { to, message });
    }

    fn put(&mut self, booking: Booking) {
        self.state.put_booking(booking);
    }
}

/// Applies what somebody typed or tapped: it is recorded in the state, and answered.
pub fn hear(state: &mut State, setting: Setting<'_>, email: &str, action: &UserAction) -> Effects {
    let email = email.to_lowercase();
    let email = setting.roster.current(&email);
    let mut conversation = Conversation::new(setting, state);
    let organizes = setting.organizes(email);
    if !(organizes && conversation.organize(email, action)) {
        match conversation.person(email) {
            Some(person) => {
                find_again(conversation.state, email);
                conversation.last_said = conversation.state.take_last_said(person, setting.now);
                let is_back = conversation.sign(person);
                conversation.answer(person, action);
                // Whoever stops or pauses with that word does not come back.
                let stays = conversation.state.choice_of(person).away(setting.now.date_naive()).is_none();
                if is_back && stays && conversation.effects.back.is_none() {
                    conversation.effects.back = Some((person, Return::Resume));
                    conversation.effects.rounds_change = true;
                }
            }
            None => {
                let programme = setting.programme.to_owned();
                let message = match action {
                    _ if !organizes => BotMessage::NotOnRoster,
                    UserAction::ChatCommand(ChatCommand::NeverMind | ChatCommand::No) => BotMessage::NothingChanged,
                    UserAction::ChatCommand(ChatCommand::Thanks | ChatCommand::SmallTalk) => BotMessage::Welcome,
                    _ => BotMessage::Organizing(programme.into()),
                };
                conversation.send_to(Recipient::Stranger(email.into()), message);
            }
        }
    }
    let mut effects = conversation.effects;
    // “You are welcome” is nothing that could be answered: what was asked stays open.
    if effects.messages.iter().all(|one| one.message == BotMessage::Welcome) {
        let last = conversation.last_said.filter(|last| last.closed.is_none());
        effects.still_asks = last.map(|last| last.question);
    }
    effects
}

/// Tells people that unanswered proposals have expired, and that agreed times can no longer be had.
pub fn expire(state: &mut State, setting: Setting<'_>) -> Effects {
    let mut conversation = Conversation::new(setting, state);
    conversation.expire();
    conversation.give_up_moves();
    conversation.effects
}

/// What people are told who agreed on a time for that meeting that Webex refuses, with the reason.
pub fn not_moved(state: &mut State, setting: Setting<'_>, tag: &str, why: &str) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    if let Some(booking) = conversation.state.booking(tag).cloned() {
        conversation.tell_not_moved(&booking, Some(why));
    }
    conversation.effects.messages
}

/// What people are told who agreed on a time for that meeting that Webex does not have yet; nothing if it has.
pub fn move_waits(state: &mut State, setting: Setting<'_>, tag: &str) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    let mut pending = conversation.state.bookings.iter().filter(|booking| booking.is_move_pending(setting.now));
    if let Some(booking) = pending.find(|booking| *booking.tag == *tag).cloned()
        && let Some(agreed) = booking.agreed
    {
        for person in booking.people.people() {
            let meeting = conversation.view().meeting(&booking, *person);
            let to = agreed.with_timezone(&conversation.view().zone(*person));
            conversation.say(*person, BotMessage::MoveWaits { meeting, to });
        }
    }
    conversation.effects.messages
}

/// Records that Webex does not know an address; returns what the people are told who would meet that person, or none if
/// this is not new.
pub fn lose(state: &mut State, setting: Setting<'_>, email: &str) -> Option<Vec<AddressedMessage>> {
    let mut conversation = Conversation::new(setting, state);
    let person = conversation.person(email);
    let news = person.is_none_or(|person| conversation.lose(person));
    news.then_some(conversation.effects.messages)
}

/// Records that somebody can be reached after all.
pub fn find_again(state: &mut State, email: &str) {
    let lost =
        state.choices.iter().find(|choice| choice.unreachable.is_some() && *state.email(choice.person) == *email);
    if let Some(choice) = lost.cloned() {
        state.choose(Choice { unreachable: None, ..choice });
    }
}
