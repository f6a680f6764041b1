//! What the bot asked people last: a suggestion, what became of a meeting, or what they meant by what they typed. Open
//! until they answer, or until anything else is said to them: an answer refers to what was said last.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use hashbrown::HashSet;

use super::{PersonId, State};

/// After this time, nobody remembers what they were asked about something that they typed. A weekend may lie between.
const KNOWN: TimeDelta = TimeDelta::days(4);
/// What is typed so shortly before a question may be its answer: the clock at Webex may differ from ours.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(5);

/// A question to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The person who was asked.
    pub person: PersonId,
    /// When they were asked.
    pub at: DateTime<Utc>,
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
            Self::Proposal(tag, _) | Self::Outcome(tag) | Self::NewTime(tag, ..) => Some(tag),
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

    /// Whether what was said at that time can be an answer to it.
    pub fn is_heard_by(&self, said: DateTime<Utc>) -> bool {
        self.at <= said + CLOCKS_DIFFER
    }

    /// Whether it is still open.
    fn is_open(&self, now: DateTime<Utc>) -> bool {
        // A clock may be set back a little.
        self.about.is_some() || (now - self.at).abs() < KNOWN
    }
}

impl State {
    /// What somebody with that address was asked last, if it is still open.
    pub fn question(&self, email: &str, now: DateTime<Utc>) -> Option<&Question> {
        let mut open = self.questions.iter().filter(|question| question.is_open(now));
        open.find(|question| self.email(question.person) == email)
    }

    /// Stores what somebody is asked, replacing any earlier question; nothing is asked if there is none. Questions are
    /// in the order of people.
    pub fn ask_back(&mut self, person: PersonId, question: Option<Question>) {
        let at = self.questions.binary_search_by_key(&person, |known| known.person);
        match (at, question) {
            (Ok(at), Some(question)) => self.questions[at] = question,
            (Ok(at), None) => drop(self.questions.remove(at)),
            (Err(at), Some(question)) => self.questions.insert(at, question),
            (Err(_), None) => {}
        }
    }

    /// Takes out what somebody was asked last, if it is still open.
    pub fn take_question(&mut self, person: PersonId, now: DateTime<Utc>) -> Option<Question> {
        let at = self.questions.binary_search_by_key(&person, |known| known.person).ok()?;
        Some(self.questions.remove(at)).filter(|question| question.is_open(now))
    }

    /// Forgets questions that nobody can answer any more.
    pub(super) fn forget_questions(&mut self, now: DateTime<Utc>) {
        let known: HashSet<&str> = self.bookings.iter().map(|booking| &*booking.tag).collect();
        let is_there = |topic: &Topic| topic.meeting().is_none_or(|tag| known.contains(tag));
        self.questions.retain(|question| question.is_open(now) && question.about.as_ref().is_none_or(is_there));
    }
}
