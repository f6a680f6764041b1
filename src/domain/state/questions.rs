//! The questions that the bot asked people because it was unclear what they wanted: open until they answer, or want
//! something else.

use chrono::{DateTime, TimeDelta, Utc};

use super::{PersonId, State};

/// After this time, nobody remembers what was asked.
const KNOWN: TimeDelta = TimeDelta::days(1);

/// A question to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The person who was asked.
    pub person: PersonId,
    /// When they were asked.
    pub at: DateTime<Utc>,
    /// What they had typed: if they type it again, they are asked again. "" if they tapped.
    pub typed: Box<str>,
    /// The commands of which an answer is a part, each with `{}` in its place, such as `skip {}`; the first that makes
    /// sense counts.
    pub patterns: Vec<Box<str>>,
    /// The choices, each as it can be typed.
    pub choices: Vec<Box<str>>,
}

/// The pattern of a question about programmes.
pub const OF_PROGRAMMES: &str = "programme";

impl Question {
    /// Whether it asks which of several programmes is meant: that question does not belong to this programme alone.
    pub fn is_of_programmes(&self) -> bool {
        self.patterns.iter().any(|pattern| **pattern == *OF_PROGRAMMES)
    }
}

impl State {
    /// What somebody with that address was asked last, if it is still open.
    pub fn question(&self, email: &str, now: DateTime<Utc>) -> Option<&Question> {
        // A clock may be set back a little.
        let is_open = |question: &&Question| (now - question.at).abs() < KNOWN;
        self.questions.iter().filter(is_open).find(|question| self.email(question.person) == email)
    }

    /// Stores what somebody is asked, replacing any earlier question; nothing is asked if there is none.
    pub fn ask_back(&mut self, person: PersonId, question: Option<Question>, now: DateTime<Utc>) {
        self.questions.retain(|known| known.person != person && now - known.at < KNOWN);
        self.questions.extend(question);
    }
}
