//! The state: who met whom, and what is drawn, as the programme remembers it.
//! Knows the types and what they mean; knows no file and no JSON.
//!
//! In reading order: [`rounds`] (who meets), [`bookings`] (their meetings at Webex), [`preferences`] (how people take
//! part), [`questions`] (what they are asked back), [`outbox`] (what is told), [`reports`] (what of a round that is
//! over), [`addresses`], [`person_index`] and [`people`] (numbers, addresses and names), [`forgetting`], [`validate`].

pub mod addresses;
pub mod bookings;
pub mod forgetting;
pub mod outbox;
pub mod people;
pub mod person_index;
pub mod preferences;
pub mod questions;
pub mod reports;
pub mod rounds;
pub mod told;
pub mod validate;

pub use rounds::{Changes, Group, LeftOut, Outcomes, PersonId, Reason, Released, Round, Slot};

use chrono::{DateTime, NaiveDate, Utc, Weekday};

use bookings::{Booking, BookingRequests, CalledOff};
use outbox::{Arrived, HandledEvent, OutgoingMessage};
use preferences::Choice;
use questions::Question;
use reports::Report;
use told::Told;

use super::calendar::{in_turn, week_of, weeks_from};
use super::settings::Meeting;

/// Everything that is remembered between two runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The addresses (lower case) of everybody who was ever in a round, by [`PersonId`].
    pub people: Vec<Box<str>>,
    /// The rounds, by date.
    pub rounds: Vec<Round>,
    /// Rounds that are known to be possible after the last one without a repeat, in no particular order:
    /// the proof that the season can be finished. Empty where none is kept.
    pub season: Vec<Vec<Group>>,
    /// How many employees the roster had at the last draw; 0 before the first.
    pub roster_size: usize,
    /// The meetings at Webex that are ahead or not long over, by round and people.
    pub bookings: Vec<Booking>,
    /// Meetings that were booked and are off, of which people were told.
    pub called_off: Vec<CalledOff>,
    /// What was asked of Webex in the last 24 hours, by time: it allows only a number of meetings a day.
    pub asked: Vec<BookingRequests>,
    /// How people take part, as they told the bot, by person.
    pub choices: Vec<Choice>,
    /// What people were asked back who said what is not clear.
    pub questions: Vec<Question>,
    /// Who was told what.
    pub told: Told,
    /// What is to be sent, in the order in which it was written.
    pub outbox: Vec<OutgoingMessage>,
    /// What the organizers were told of rounds that are over.
    pub reports: Vec<Report>,
    /// Messages that arrived a short time ago and have no key, by time.
    pub arrived: Vec<Arrived>,
    /// Events that were worked through, by time.
    pub handled: Vec<HandledEvent>,
    /// Announcements that the organizer looked at, and may send to all.
    pub drafts: Vec<Draft>,
    /// Who came to the roster after the first draw, by day; none where nobody has looked yet, so that those who are
    /// there already are not taken for newcomers.
    pub joined: Option<Vec<Joined>>,
    /// The names of those who are on the roster no more, by person.
    pub left: Vec<Left>,
    /// What the organizers have yet to hear of people, in the order in which it happened.
    pub news: Vec<News>,
    /// The day on which meetings were first to be booked; none where rounds are only drawn.
    pub books_from: Option<NaiveDate>,
    /// Rounds after which people could be heard, ascending: in those, silence says something.
    pub heard: Vec<NaiveDate>,
    /// When it was saved; none in a state of before that was kept.
    pub saved: Option<DateTime<Utc>>,
}

/// Something of a person that the organizers hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// The day on which it happened, in the programme's zone.
    pub on: NaiveDate,
    /// Who.
    pub person: PersonId,
    /// What.
    pub what: Happened,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// They came to the roster.
    Joined,
    /// They left the roster.
    Left,
    /// They told the bot that they do not take part any more.
    Stopped,
    /// They told the bot that they pause for long, up to and including that day.
    Paused(NaiveDate),
    /// They got a break, since they gave no sign for long.
    Silent,
    /// They have a new address.
    NewAddress,
}

/// Somebody who came to the roster after the first draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Who.
    pub person: PersonId,
    /// The day on which they were first seen there, in the programme's zone.
    pub on: NaiveDate,
    /// Whether the bot has greeted them.
    pub greeted: bool,
}

/// Somebody who is on the roster no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Who.
    pub person: PersonId,
    /// Their name, as the roster had it last.
    pub name: Box<str>,
}

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Names it: the same text and picture have the same.
    pub key: String,
    /// The text, in Markdown.
    pub text: String,
    /// The picture's address.
    pub image: Option<String>,
}

impl State {
    /// The days of the rounds after the last one that is drawn, or from now on.
    pub fn undrawn<'a>(
        &self,
        meeting: &'a Meeting,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = NaiveDate> + 'a + use<'a> {
        let today = now.with_timezone(&meeting.timezone).date_naive();
        let last = self.rounds.last().map_or(today, |round| round.date.max(today));
        let monday = last.week(Weekday::Mon).first_day();
        let week = week_of(last);
        let drawn = self.rounds.last().is_some_and(|round| week_of(round.date) == week);
        let later = move |date: &NaiveDate| *date > last && !(drawn && week_of(*date) == week);
        in_turn(&meeting.counted_from(self.first_round()), weeks_from(meeting, monday).filter(later))
    }

    /// The day of the first round that was drawn.
    pub fn first_round(&self) -> Option<NaiveDate> {
        self.rounds.first().map(|round| round.date)
    }

    /// Keeps something that the organizers are to hear of; what it takes back is no news any more.
    pub fn happened(&mut self, on: NaiveDate, person: PersonId, what: Happened) {
        self.nothing_happened(person, what);
        self.news.push(News { on, person, what });
    }

    /// Forgets what the organizers have not heard yet, of the kind that this is: somebody stops or pauses no more.
    pub fn nothing_happened(&mut self, person: PersonId, what: Happened) {
        let is_absence = |what: Happened| matches!(what, Happened::Stopped | Happened::Paused(_) | Happened::Silent);
        // Who has a new address, or is there again, has not left.
        let is_there = matches!(what, Happened::NewAddress | Happened::Joined);
        let is_same = |it: &News| {
            it.what == what || (is_absence(it.what) && is_absence(what)) || (is_there && it.what == Happened::Left)
        };
        self.news.retain(|it| it.person != person || !is_same(it));
    }

    /// Everybody's number and address.
    pub fn emails(&self) -> impl Iterator<Item = (PersonId, &str)> {
        PersonId::first(self.people.len()).zip(self.people.iter().map(|email| &**email))
    }

    /// The address of a number.
    pub fn email(&self, id: PersonId) -> &str {
        &self.people[id.index()]
    }

    /// What to call somebody who is on the roster no more: their name, or their address where that is not known.
    pub fn name_of_who_left(&self, id: PersonId) -> &str {
        if self.is_forgotten(id) {
            return "(forgotten)";
        }
        let at = self.left.binary_search_by_key(&id, |left| left.person);
        at.map_or(self.email(id), |at| &self.left[at].name)
    }

    /// How many places there are in all its rounds: what work on it is measured by.
    pub fn places(&self) -> usize {
        self.people.len() * self.rounds.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_so_any_more_is_no_news() {
        let (mut state, on) = (State::default(), "2026-12-01".parse().unwrap());
        let [one, other] = [0, 1].map(PersonId::new);
        let mut news = |person, what| {
            state.happened(on, person, what);
            state.news.iter().map(|news| (news.person, news.what)).collect::<Vec<_>>()
        };
        assert_eq!(news(one, Happened::Left), [(one, Happened::Left)]);
        assert_eq!(news(other, Happened::Left), [(one, Happened::Left), (other, Happened::Left)]);
        assert_eq!(news(one, Happened::NewAddress), [(other, Happened::Left), (one, Happened::NewAddress)]);
        assert_eq!(news(other, Happened::Joined), [(one, Happened::NewAddress), (other, Happened::Joined)]);
        news(other, Happened::Paused(on));
        let last = (other, Happened::Stopped);
        assert_eq!(news(last.0, last.1), [(one, Happened::NewAddress), (other, Happened::Joined), last]);
    }
}
