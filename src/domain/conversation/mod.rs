//! The conversation: what follows from what people type and tap, and what they are told.
//! Knows the state, the roster and the rules; makes no call and chooses no words.
//!
//! In reading order: [`typed`] (text understood), `answer` (what effects from it), `proposal` (a new time goes back and
//! forth), `away` (somebody cannot come: who is told, and who else could), `announce` (the organizer tells everybody),
//! [`due`] (what is sent at a time of its own), [`outbox`] (what the state remembers of all that).

mod announce;
mod answer;
mod away;
pub mod chat_command;
pub mod due;
mod proposal;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

pub use announce::{announce, show_draft};
pub use answer::UserAction;

use super::calendar::{Day, week_of};
use super::message::{self, BotMessage, Partner, Rejected};
use super::roster::{Roster, RosterIndex};
use super::rules::Rules;
use super::settings::Meeting;
use super::state::bookings::{Booking, Stage};
use super::state::people::{People, PersonView};
use super::state::preferences::Choice;
use super::state::{Group, PersonId, State};

/// What the conversation is judged by.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The programme's name.
    pub programme: &'a str,
    /// Who is there.
    pub roster: &'a Roster,
    /// Who pauses, and who works when.
    pub rules: &'a Rules,
    /// When rounds are.
    pub meeting: &'a Meeting,
    /// The organizer's address in lower case, where somebody is logged in.
    pub organizer: Option<&'a str>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Whom something is said to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Somebody of the state.
    Person(PersonId),
    /// Somebody who is not on the roster, by address.
    Stranger(Box<str>),
    /// The organizers' space.
    Organizers,
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressedMessage {
    /// To whom.
    pub to: Recipient,
    /// What.
    pub message: BotMessage,
}

/// What follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// What is said.
    pub messages: Vec<AddressedMessage>,
    /// Whether meetings must be booked, moved or cancelled.
    pub meetings_change: bool,
    /// Whether the rounds ahead must be brought in line with what people chose.
    pub rounds_change: bool,
    /// What the log should say: who tried what they may not.
    pub log: Vec<String>,
}

/// A talk: the state, and what follows so far.
struct Conversation<'a> {
    setting: Setting<'a>,
    state: &'a mut State,
    positions: Vec<Option<RosterIndex>>,
    effects: Effects,
}

impl<'a> Conversation<'a> {
    fn new(setting: Setting<'a>, state: &'a mut State) -> Self {
        let positions = People::new(state, setting.roster).positions().to_vec();
        Self { setting, state, positions, effects: Effects::default() }
    }

    /// The number of somebody on the roster, who comes to the state if they are new there. The address is in lower case.
    fn person(&mut self, email: &str) -> Option<PersonId> {
        let at = self.setting.roster.employees.iter().position(|one| *one.email == *email)?;
        let person = self.state.person(email);
        if person.index() == self.positions.len() {
            self.positions.push(Some(RosterIndex::new(at)));
        }
        Some(person)
    }

    fn say(&mut self, to: PersonId, message: BotMessage) {
        self.addressed(Recipient::Person(to), message);
    }

    fn addressed(&mut self, to: Recipient, message: BotMessage) {
        self.effects.messages.push(AddressedMessage { to, message });
    }

    fn view(&self, person: PersonId) -> PersonView<'_> {
        let email = self.state.email(person);
        let Some(at) = self.positions[person.index()] else {
            return PersonView { name: email, email, department: "" };
        };
        let roster = self.setting.roster;
        PersonView { email, name: &roster.employee(at).name, department: roster.department(at) }
    }

    fn name(&self, person: PersonId) -> String {
        self.view(person).name.to_owned()
    }

    /// The zone of somebody; the programme's where they have left.
    fn zone(&self, person: PersonId) -> Tz {
        zone(self.setting, &self.positions, person)
    }

    /// Today, where somebody is.
    fn today(&self, person: PersonId) -> NaiveDate {
        self.setting.now.with_timezone(&self.zone(person)).date_naive()
    }

    /// Whether somebody works during all of a meeting, on a day from Monday to Friday.
    fn works(&self, person: PersonId, start: DateTime<Utc>, minutes: u16) -> bool {
        let Some(at) = self.positions[person.index()] else { return true };
        let schedule = self.setting.rules.schedules()[usize::from(self.setting.rules.schedule(at))];
        due::works(schedule, start, minutes)
    }

    /// The meeting as `reader` reads of it.
    fn meeting(&self, booking: &Booking, reader: PersonId) -> message::Meeting {
        let others = booking.people.people().iter().filter(|id| **id != reader);
        let partner = |id: &PersonId| {
            let view = self.view(*id);
            Partner {
                name: view.name.to_owned(),
                department: view.department.to_owned(),
                start: booking.start.with_timezone(&self.zone(*id)),
            }
        };
        message::Meeting {
            key: booking.tag.to_string(),
            programme: self.setting.programme.to_owned(),
            partners: others.map(partner).collect(),
            start: booking.start.with_timezone(&self.zone(reader)),
            minutes: booking.minutes,
            link: booking.at_webex().map(|at| at.link.to_string()).filter(|link| !link.is_empty()),
        }
    }

    /// Somebody's meetings that stand and have not begun, by time.
    fn coming(&self, person: PersonId) -> Vec<Booking> {
        let stands = |booking: &&Booking| {
            matches!(booking.stage, Stage::Booked(_) | Stage::Moving(..))
                && booking.start > self.setting.now
                && booking.people.people().contains(&person)
                && self.is_planned(booking)
        };
        let mut coming: Vec<Booking> = self.state.bookings.iter().filter(stands).cloned().collect();
        coming.sort_by_key(|booking| booking.start);
        coming
    }

    fn coming_as_read(&self, person: PersonId) -> Vec<message::Meeting> {
        self.coming(person).iter().map(|booking| self.meeting(booking, person)).collect()
    }

    /// Whether the round still has the meeting's people together.
    fn is_planned(&self, booking: &Booking) -> bool {
        is_planned(self.state, booking)
    }

    /// The meeting of a card, for one who may act on it; otherwise why not.
    fn find(&mut self, key: &str, person: PersonId) -> Result<Booking, Rejected> {
        let Some(booking) = self.state.bookings.iter().find(|booking| *booking.tag == *key).cloned() else {
            // Of a round that is not over, it was there, and is cancelled.
            let round = key.split(':').nth(1).and_then(|date| date.parse::<NaiveDate>().ok());
            let is_old = round.is_none_or(|round| week_of(round) < week_of(self.today(person)));
            return Err(if is_old { Rejected::Unknown } else { Rejected::Cancelled });
        };
        if !booking.people.people().contains(&person) {
            let who = self.state.email(person);
            self.effects.log.push(format!("{who} acted on a meeting that is not theirs: {key}"));
            return Err(Rejected::NotYours);
        }
        match booking.stage {
            Stage::Booked(_) | Stage::Moving(..) if self.is_planned(&booking) => Ok(booking),
            _ => Err(Rejected::Cancelled),
        }
    }

    /// The same, if it has not begun and nobody of it has left.
    fn find_ahead(&mut self, key: &str, person: PersonId) -> Result<Booking, Rejected> {
        let booking = self.find(key, person)?;
        if booking.start <= self.setting.now {
            Err(Rejected::Begun)
        } else if booking.people.people().iter().any(|id| self.positions[id.index()].is_none()) {
            Err(Rejected::Cancelled)
        } else {
            Ok(booking)
        }
    }

    fn put(&mut self, booking: Booking) {
        self.state.put_booking(booking);
    }
}

/// Whether a round has the people of a booking together.
fn is_planned(state: &State, booking: &Booking) -> bool {
    let week = week_of(booking.round);
    let round = state.rounds.iter().find(|round| week_of(round.date) == week);
    round.is_some_and(|round| round.groups().any(|(_, group)| group == booking.people))
}

fn zone(setting: Setting<'_>, positions: &[Option<RosterIndex>], person: PersonId) -> Tz {
    let at = positions[person.index()];
    let own = at.map(|at| setting.rules.schedules()[usize::from(setting.rules.schedule(at))].0);
    own.unwrap_or(setting.meeting.timezone)
}

/// What follows from what somebody said: it is kept in the state, and told.
pub fn hear(state: &mut State, setting: Setting<'_>, email: &str, heard: &UserAction) -> Effects {
    let email = &*email.to_lowercase();
    let mut conversation = Conversation::new(setting, state);
    let organizes = setting.organizer == Some(email);
    if !(organizes && conversation.organize(email, heard)) {
        match conversation.person(email) {
            Some(person) => {
                find_again(conversation.state, email);
                conversation.answer(person, heard);
            }
            None => {
                let programme = setting.programme.to_owned();
                let message = if organizes { BotMessage::Organizing(programme) } else { BotMessage::NotOnRoster };
                conversation.addressed(Recipient::Stranger(email.into()), message);
            }
        }
    }
    conversation.effects
}

/// Tells that proposals without an answer have expired.
pub fn expire(state: &mut State, setting: Setting<'_>) -> Effects {
    let mut conversation = Conversation::new(setting, state);
    conversation.expire();
    conversation.effects
}

/// What those are told who agreed on a time for that meeting which Webex does not accept.
pub fn not_moved(state: &mut State, setting: Setting<'_>, tag: &str) -> Vec<AddressedMessage> {
    let mut conversation = Conversation::new(setting, state);
    if let Some(booking) = conversation.state.bookings.iter().find(|booking| *booking.tag == *tag).cloned() {
        for person in booking.people.people() {
            let meeting = conversation.meeting(&booking, *person);
            conversation.say(*person, BotMessage::NotMoved(meeting));
        }
    }
    conversation.effects.messages
}

/// Webex does not know an address: what those are told who would meet that person; none where that is no news.
pub fn lose(state: &mut State, setting: Setting<'_>, email: &str) -> Option<Vec<AddressedMessage>> {
    let mut conversation = Conversation::new(setting, state);
    let person = conversation.person(email);
    let news = person.is_none_or(|person| conversation.lose(person));
    news.then_some(conversation.effects.messages)
}

/// Somebody can be reached after all.
pub fn find_again(state: &mut State, email: &str) {
    let lost =
        state.choices.iter().find(|choice| choice.unreachable.is_some() && *state.email(choice.person) == *email);
    if let Some(choice) = lost.cloned() {
        state.choose(Choice { unreachable: None, ..choice });
    }
}

/// The day of a round, to see who can meet then.
fn day(setting: Setting<'_>, date: NaiveDate) -> Day {
    Day::new(setting.meeting, date, setting.now, setting.rules.schedules())
}

/// The group without one of its people, if two are left.
fn without(group: Group, gone: PersonId) -> Option<Group> {
    match group {
        Group::Trio(trio) => {
            let rest: Vec<PersonId> = trio.into_iter().filter(|id| *id != gone).collect();
            <[PersonId; 2]>::try_from(rest).ok().map(Group::Pair)
        }
        Group::Pair(_) => None,
    }
}
