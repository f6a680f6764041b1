//! What the bot asked people last: a suggestion, what became of a meeting, or what they meant by what they typed. Open
//! until they answer, or until anything else is said to them: an answer refers to what was said last.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use hashbrown::HashSet;

use super::{PersonId, State};

/// After this time, nobody remembers what they were asked about something that they typed. A weekend may lie between.
const KNOWN: TimeDelta = TimeDelta::days(4);

/// What was said to somebody last, and what they were asked with it or before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSaid {
    /// The person who was asked.
    pub person: PersonId,
    /// When it arrived, by Webex's clock.
    pub at: DateTime<Utc>,
    /// When something else was said last, if anything was since: then nothing answers it.
    pub closed: Option<DateTime<Utc>>,
    /// What they were asked.
    pub question: Question,
}

/// What a message asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// What it is about, unless only about what they typed.
    pub about: Option<Topic>,
    /// What they had typed: if they type it again, they are asked again. "" if they tapped.
    pub typed: Box<str>,
    /// The commands of which an answer is a part, each with `{}` in its place, such as `skip {}`; the first that makes
    /// sense counts.
    pub patterns: Vec<Box<str>>,
    /// The choices, each as it can be typed.
    pub choices: Vec<Box<str>>,
}

/// What a question is about. Meetings are named by their tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The proposal with that number, of a new time for that meeting.
    Proposal(Box<str>, u32),
    /// Nothing: they suggested a new time for that meeting, and may take it back.
    Suggested(Box<str>),
    /// What became of that meeting.
    Outcome(Box<str>),
    /// Whether somebody who gave no sign for a long time wants to go on.
    GoOn,
    /// The new time of that meeting, and the day and time that are filled in so far.
    NewTime(Box<str>, NaiveDate, NaiveTime),
}

impl Topic {
    /// The tag of the meeting that it is about.
    pub fn meeting(&self) -> Option<&str> {
        match self {
            Self::Proposal(tag, _) | Self::Suggested(tag) | Self::Outcome(tag) | Self::NewTime(tag, ..) => Some(tag),
            Self::GoOn => None,
        }
    }
}

/// The pattern of a question about programmes.
pub const OF_PROGRAMMES: &str = "programme";

impl Question {
    /// Whether it asks which of several programmes is meant: that question does not belong to this programme alone.
    pub fn is_of_programmes(&self) -> bool {
        self.patterns.iter().any(|pattern| **pattern == *OF_PROGRAMMES)
    }

    /// Whether it is about words that somebody typed, in this programme.
    pub fn is_of_words(&self) -> bool {
        let is_about_words = matches!(self.about, None | Some(Topic::NewTime(..)));
        is_about_words && !self.is_of_programmes() && *self != Self::default()
    }
}

impl LastSaid {
    /// Whether what was said at that time can be an answer to it: both times are by Webex's clock.
    pub fn is_heard_by(&self, said: DateTime<Utc>) -> bool {
        self.closed.is_none() && self.at <= said
    }

    /// When anything was said to them last.
    pub fn when(&self) -> DateTime<Utc> {
        self.closed.unwrap_or(self.at)
    }

    /// Whether anybody may remember it.
    fn is_known(&self, now: DateTime<Utc>) -> bool {
        // A clock may be set back a little.
        (self.question.about.is_some() && self.closed.is_none()) || (now - self.when()).abs() < KNOWN
    }
}

impl State {
    /// What was said last to somebody with that address, as far as anybody remembers it.
    pub fn last_said_to(&self, email: &str, now: DateTime<Utc>) -> Option<&LastSaid> {
        let mut known = self.last_said.iter().filter(|one| one.is_known(now));
        known.find(|one| self.email(one.person) == email)
    }

    /// Records that a message arrived at that time: an answer refers to what was said last, so nothing that was asked
    /// before stays open. Questions are in the order of people.
    pub fn was_said(&mut self, person: PersonId, question: Option<Question>, at: DateTime<Utc>) {
        let closed = Some(at).filter(|_| question.is_none());
        match (self.last_said.binary_search_by_key(&person, |known| known.person), question) {
            (Ok(place), None) => {
                let known = &mut self.last_said[place];
                known.closed = closed;
                if at - known.at > KNOWN {
                    known.question = Question::default();
                }
            }
            (Ok(place), Some(question)) => self.last_said[place] = LastSaid { person, at, closed, question },
            (Err(place), question) => {
                let question = question.unwrap_or_default();
                self.last_said.insert(place, LastSaid { person, at, closed, question });
            }
        }
    }

    /// Takes out what was said to somebody last, as far as anybody remembers it.
    pub fn take_last_said(&mut self, person: PersonId, now: DateTime<Utc>) -> Option<LastSaid> {
        let at = self.last_said.binary_search_by_key(&person, |known| known.person).ok()?;
        Some(self.last_said.remove(at)).filter(|one| one.is_known(now))
    }

    /// Forgets questions that nobody can answer any more.
    pub(super) fn forget_last_said(&mut self, now: DateTime<Utc>) {
        let known: HashSet<&str> = self.bookings.iter().map(|booking| &*booking.tag).collect();
        let is_there = |topic: &Topic| topic.meeting().is_none_or(|tag| known.contains(tag));
        self.last_said.retain(|it| it.is_known(now) && it.question.about.as_ref().is_none_or(is_there));
    }
}
