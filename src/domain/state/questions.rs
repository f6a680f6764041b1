//! What the bot asked people back, since it was not clear what they want: until they answer, or want something else.

use chrono::{DateTime, TimeDelta, Utc};

use super::{PersonId, State};

/// After so long nobody remembers what was asked.
const KNOWN: TimeDelta = TimeDelta::days(1);

/// A question to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who was asked.
    pub person: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// What they had typed: typed again, it is asked again. "" where they tapped.
    pub typed: Box<str>,
    /// What an answer is a part of, each with `{}` in its place, such as `skip {}`; the first that makes sense counts.
    pub patterns: Vec<Box<str>>,
    /// What can be chosen, each as it can be typed.
    pub choices: Vec<Box<str>>,
}

/// Stands as the pattern of a question about programmes.
pub const OF_PROGRAMMES: &str = "programme";

impl Question {
    /// Whether it is which of several programmes is meant: that is no question of this programme alone.
    pub fn is_of_programmes(&self) -> bool {
        self.patterns.iter().any(|pattern| **pattern == *OF_PROGRAMMES)
    }
}

impl State {
    /// What somebody of that address was asked last, as far as it is open.
    pub fn question(&self, email: &str, now: DateTime<Utc>) -> Option<&Question> {
        // A clock may be set back a little.
        let is_open = |question: &&Question| (now - question.at).abs() < KNOWN;
        self.questions.iter().filter(is_open).find(|question| self.email(question.person) == email)
    }

    /// Keeps what somebody is asked instead of anything before; nothing is asked where there is none.
    pub fn ask_back(&mut self, person: PersonId, question: Option<Question>, now: DateTime<Utc>) {
        self.questions.retain(|known| known.person != person && now - known.at < KNOWN);
        self.questions.extend(question);
    }
}
