//! The journal: what was drawn, booked, moved, sent and refused, when, and by whom. People are numbers here, as they
//! are in the state, so that somebody who is forgotten has no name here either. No entry contains the text of a
//! message, or a wish not to meet somebody.

use chrono::{DateTime, FixedOffset, NaiveDate, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::calendar::week_of;
use crate::domain::conversation::{AddressedMessage, Recipient};
use crate::domain::message::{BotMessage, Meeting};
use crate::domain::pairing::replan::{Replan, ReplannedRound};
use crate::domain::scheduling::adopt::AdoptedMeeting;
use crate::domain::scheduling::{Action, Step, StepResult};
use crate::domain::state::bookings::{Booking, OffReason, Stage};
use crate::domain::state::outbox::{Address, OutgoingMessage};
use crate::domain::state::{PersonId, Round, State};
use crate::domain::text::short;

/// What an entry reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Did {
    /// A new state was begun: the numbers in earlier entries belong to other people.
    Begun,
    /// These groups were drawn for a round.
    Drawn,
    /// This group does not meet after all.
    Withdrawn,
    /// These people have no partner in a round.
    LeftOut,
    /// Their meeting is at Webex.
    Booked,
    /// Their meeting was found at Webex and taken over.
    Adopted,
    /// Their meeting has another time at Webex.
    Moved,
    /// Their meeting is not at Webex any more.
    Cancelled,
    /// An address was put on a meeting's list.
    Invited,
    /// An address was taken off a meeting's list.
    Uninvited,
    /// Webex refused a change of their meeting; `about` says which.
    Refused,
    /// A message arrived; `about` is its kind.
    Sent,
    /// A message did not arrive and is not tried again; `about` is its kind.
    NotSent,
    /// Somebody suggested another time for a meeting.
    Suggested,
    /// Somebody agreed to a suggested time.
    Agreed,
    /// Somebody declined a suggested time.
    Declined,
    /// Somebody does not take part until the day that `about` names.
    Paused,
    /// Somebody takes part again.
    Resumed,
    /// Somebody left out a round.
    Skipped,
    /// Somebody takes part in a round that they had left out.
    Unskipped,
    /// Somebody left the programme.
    Stopped,
    /// Somebody said that their meeting took place.
    Met,
    /// Somebody said that it did not.
    CouldNot,
    /// Somebody was forgotten.
    Forgotten,
}

/// An entry of the journal: one thing that was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was done, by the clock of the run.
    pub at: DateTime<Utc>,
    /// The command that did it, such as `schedule`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// The person who had it done; none if the command did it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Number>,
    /// What was done.
    pub did: Did,
    /// The day of the round that it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<NaiveDate>,
    /// The people whom it concerns: each group that meets, or each person alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Vec<Number>>,
    /// The id at Webex of the meeting or the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When the meeting begins, or would begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime<FixedOffset>>,
    /// A detail that depends on the kind of entry: the seed of a draw, the kind of a message, the last day of a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The reason, in words, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A person's number in the state as people read it: it counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(u32);

impl From<PersonId> for Number {
    fn from(person: PersonId) -> Self {
        Self(person.number())
    }
}

impl From<Number> for PersonId {
    fn from(Number(number): Number) -> Self {
        Self::from_number(number)
    }
}

impl Entry {
    /// An entry that says only that this was done.
    pub fn new(at: DateTime<Utc>, did: Did) -> Self {
        let (by, people) = (String::new(), Vec::new());
        let at = at.trunc_subsecs(0);
        Self { at, by, who: None, did, round: None, people, id: None, start: None, about: None, why: None }
    }

    /// The same entry about one person.
    pub fn person(self, person: PersonId) -> Self {
        self.group(&[person])
    }

    /// The same entry about people who meet.
    #[must_use]
    pub fn group(mut self, people: &[PersonId]) -> Self {
        self.people.push(people.iter().copied().map(Number::from).collect());
        self
    }

    fn of_booking(at: DateTime<Utc>, did: Did, booking: &Booking) -> Self {
        let entry = Self { round: Some(booking.round), start: Some(booking.start), ..Self::new(at, did) };
        entry.group(booking.people.people())
    }

    /// Whether the entry is about this person, or this person had it done. Removes what it says about others.
    pub fn narrow_to(&mut self, person: PersonId) -> bool {
        let person = Number::from(person);
        self.people.retain(|group| group.contains(&person));
        !self.people.is_empty() || self.who == Some(person)
    }
}

/// The entries for rounds that were drawn: who meets, and who is left out and why.
pub fn of_draw<'a>(rounds: impl IntoIterator<Item = &'a Round>, at: DateTime<Utc>) -> Vec<Entry> {
    let of_round = |round: &Round| {
        let mut drawn = Entry { about: Some(format!("seed {}", round.seed)), ..Entry::new(at, Did::Drawn) };
        drawn = round.groups().fold(drawn, |entry, (_, group)| entry.group(group.people()));
        let left_out = round.left_out.iter().map(|left_out| {
            let entry = Entry { why: Some(left_out.reason.to_string()), ..Entry::new(at, Did::LeftOut) };
            left_out.people.iter().fold(entry, |entry, person| entry.person(*person))
        });
        let entries = std::iter::once(drawn).chain(left_out).filter(|entry| !entry.people.is_empty());
        entries.map(|entry| Entry { round: Some(round.date), ..entry }).collect::<Vec<_>>()
    };
    rounds.into_iter().flat_map(of_round).collect()
}

/// The entries for rounds that were taken back.
pub fn of_undo(rounds: &[Round], at: DateTime<Utc>) -> Vec<Entry> {
    let of_round = |round: &Round| {
        let entry = Entry { why: Some("the draw was taken back".to_owned()), ..Entry::new(at, Did::Withdrawn) };
        let entry = round.groups().fold(entry, |entry, (_, group)| entry.group(group.people()));
        Some(Entry { round: Some(round.date), ..entry }).filter(|entry| !entry.people.is_empty())
    };
    rounds.iter().filter_map(of_round).collect()
}

/// The entries for what changed in the rounds ahead.
pub fn of_replan(replan: &Replan, at: DateTime<Utc>) -> Vec<Entry> {
    let of_round = |changed: &ReplannedRound| {
        let off = changed.off.iter().map(|(group, off)| {
            Entry { why: Some(words(&off.reason).to_owned()), ..Entry::new(at, Did::Withdrawn) }.group(group.people())
        });
        let drawn = changed.new.iter().fold(Entry::new(at, Did::Drawn), |entry, group| entry.group(group.people()));
        let drawn = Some(drawn).filter(|entry| !entry.people.is_empty());
        off.chain(drawn).map(|entry| Entry { round: Some(changed.round.date), ..entry }).collect::<Vec<_>>()
    };
    replan.rounds.iter().flat_map(of_round).collect()
}

/// Why a group does not meet, in words without names.
fn words(reason: &OffReason) -> &'static str {
    match reason {
        OffReason::Gone(people) if people.len() > 1 => "some of them cannot come",
        OffReason::Gone(_) => "one of them cannot come",
        OffReason::DayOff => "a day off for one of them",
        OffReason::Rules => "the rules keep them apart",
        OffReason::WeekOff => "no round in that week",
        OffReason::NoTime => "their working hours share no time",
        OffReason::DrawnAgain => "the round was drawn again",
        OffReason::ByHand => "deleted at Webex",
        OffReason::NeverBooked => "never booked in time",
    }
}

/// The entries for what was found at Webex, compared with what was known before: meetings that were booked, moved or
/// deleted there.
pub fn of_look(found: &[Booking], before: &[Booking], at: DateTime<Utc>) -> Vec<Entry> {
    let of_booking = |booking: &Booking| {
        let before = before.iter().find(|before| before.tag == booking.tag);
        let stood = before.is_some_and(|before| matches!(before.stage, Stage::Booked(_) | Stage::Moving(..)));
        let is_moved = || before.is_some_and(|before| before.start != booking.start);
        let (did, id) = match &booking.stage {
            Stage::Booked(there) if !stood => (Did::Booked, Some(there.id.to_string())),
            Stage::Booked(there) if is_moved() => (Did::Moved, Some(there.id.to_string())),
            Stage::Deleted => (Did::Cancelled, before.and_then(Booking::at_webex).map(|there| there.id.to_string())),
            _ => return None,
        };
        Some(Entry { id, why: Some("found so at Webex".to_owned()), ..Entry::of_booking(at, did, booking) })
    };
    found.iter().filter_map(of_booking).collect()
}

/// The entries for meetings at Webex that are taken over.
pub fn of_adoption(adopted: &[AdoptedMeeting], state: &State, at: DateTime<Utc>) -> Vec<Entry> {
    let of_meeting = |one: &AdoptedMeeting| {
        let people: Vec<PersonId> = one.people.iter().filter_map(|email| state.find(email)).collect();
        let meeting = &one.found.meeting;
        Entry {
            round: Some(one.round),
            id: Some(meeting.at.id.to_string()),
            start: Some(meeting.start.fixed_offset()),
            ..Entry::new(at, Did::Adopted).group(&people)
        }
    };
    adopted.iter().map(of_meeting).collect()
}

/// The entry for a call that books, moves or cancels; none if it was not made, or if its result is not known.
pub fn of_step(step: &Step, result: &StepResult, at: DateTime<Utc>) -> Option<Entry> {
    let (did, what, there) = match &step.action {
        Action::Book(_) => (Did::Booked, "book", None),
        Action::Move(there, ..) => (Did::Moved, "move", Some(there)),
        Action::Cancel(there, _) | Action::CancelDouble(there) => (Did::Cancelled, "cancel", Some(there)),
        Action::Invite(there, _) => (Did::Invited, "invite", Some(there)),
        Action::Uninvite(there, _) => (Did::Uninvited, "uninvite", Some(there)),
    };
    let start = match &step.action {
        Action::Move(_, start, ..) if !matches!(result, StepResult::Done(_)) => *start,
        _ => step.booking.start,
    };
    let entry = Entry {
        id: there.map(|there| there.id.to_string()),
        start: Some(start),
        ..Entry::of_booking(at, did, &step.booking)
    };
    match result {
        StepResult::Done(booked) => {
            Some(Entry { id: booked.as_ref().map(|there| there.id.to_string()).or(entry.id), ..entry })
        }
        StepResult::Gone if did == Did::Cancelled => Some(entry),
        StepResult::Refused(why) => {
            Some(Entry { did: Did::Refused, about: Some(what.to_owned()), why: Some(unnamed(why)), ..entry })
        }
        _ => None,
    }
}

/// The longest reason of Webex that is kept, in characters.
const REASON: usize = 200;

/// Webex's reason without the addresses that it repeats.
fn unnamed(why: &str) -> String {
    let words = why.split(' ').map(|word| if word.contains('@') { "…" } else { word });
    short(&words.collect::<Vec<_>>().join(" "), REASON)
}

/// The entry for a message: it arrived, with its id at Webex, or will not be sent again, with the reason.
pub fn of_message(
    message: &OutgoingMessage,
    result: Result<Option<Box<str>>, String>,
    state: &State,
    at: DateTime<Utc>,
) -> Entry {
    let person = |email: &str| state.find(email);
    let (first, about) = message.key.split_once(':').unwrap_or((&message.key, ""));
    // The message is about a meeting, or about a week.
    let is_about = |tag: &str| about.strip_prefix(tag).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    let booking = state.bookings.iter().find(|booking| is_about(&booking.tag)).map(|booking| booking.round);
    let day: Option<NaiveDate> = about.split(':').next().and_then(|day| day.parse().ok());
    let of_week = |day: NaiveDate| state.rounds.iter().find(|round| week_of(round.date) == week_of(day));
    let round = booking.or_else(|| day.and_then(of_week).map(|round| round.date));
    let entry = match result {
        Ok(id) => Entry { id: id.map(String::from), ..Entry::new(at, Did::Sent) },
        Err(why) => Entry { why: Some(why), ..Entry::new(at, Did::NotSent) },
    };
    let entry = match &message.to {
        Address::Person(email) => person(email).map_or(entry.clone(), |person| entry.person(person)),
        Address::Space(_) | Address::Thread(_) => entry,
    };
    // The key of an answer to an event begins with the event's kind.
    let kind = if matches!(first, "messages" | "attachmentActions") { "answer" } else { first };
    Entry { about: Some(kind.to_owned()), round, ..entry }
}

/// What somebody had done by what they typed or tapped, judging by the bot's answers. Whatever changed nothing that
/// others may see is left out.
pub fn of_answers(answers: &[AddressedMessage], who: PersonId, state: &State, at: DateTime<Utc>) -> Vec<Entry> {
    let of_answer = |answer: &AddressedMessage| match &answer.to {
        Recipient::Person(person) if *person == who => of_answer(&answer.message, who, state, at),
        Recipient::Person(person) => match answer.message {
            BotMessage::PausedBy { until, .. } => {
                let paused = Entry { about: Some(until.to_string()), ..Entry::new(at, Did::Paused) };
                Some(paused.person(*person))
            }
            _ => None,
        },
        Recipient::Stranger(_) | Recipient::Organizers | Recipient::Thread(_) => None,
    };
    let entries = answers.iter().filter_map(of_answer);
    entries.map(|entry| Entry { who: Some(who.into()), ..entry }).collect()
}

/// The entry for the agreement of somebody, after which everybody in a meeting has agreed.
pub fn of_agreement(tag: &str, who: PersonId, state: &State, at: DateTime<Utc>) -> Option<Entry> {
    let booking = state.booking(tag)?;
    let entry = Entry::of_booking(at, Did::Agreed, booking);
    Some(Entry { start: booking.agreed.or(entry.start), who: Some(who.into()), ..entry })
}

fn of_answer(answer: &BotMessage, person: PersonId, state: &State, at: DateTime<Utc>) -> Option<Entry> {
    let entry = |did| Entry::new(at, did).person(person);
    let of_meeting = |did, meeting: &Meeting| {
        let booking = state.booking(&meeting.key)?;
        Some(Entry::of_booking(at, did, booking))
    };
    match answer {
        BotMessage::Suggested { meeting, to, .. } => {
            let suggested = of_meeting(Did::Suggested, meeting)?;
            Some(Entry { start: Some(to.fixed_offset()), ..suggested })
        }
        BotMessage::Waiting(meeting) => of_meeting(Did::Agreed, meeting),
        BotMessage::DeclineNoted(meeting) => of_meeting(Did::Declined, meeting),
        BotMessage::Skipped { date, .. } => Some(Entry { round: Some(*date), ..entry(Did::Skipped) }),
        BotMessage::Unskipped(date, _) => Some(Entry { round: Some(*date), ..entry(Did::Unskipped) }),
        BotMessage::Paused { until, .. } => Some(Entry { about: Some(until.to_string()), ..entry(Did::Paused) }),
        BotMessage::Resumed(_) | BotMessage::Started(_) => Some(entry(Did::Resumed)),
        BotMessage::Stopped(_) => Some(entry(Did::Stopped)),
        BotMessage::Met => Some(entry(Did::Met)),
        BotMessage::CouldNot { .. } => Some(entry(Did::CouldNot)),
        _ => None,
    }
}
