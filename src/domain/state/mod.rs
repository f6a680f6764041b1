//! The state: who met whom, and what is drawn, as the programme remembers it. Knows the types and what they mean; knows
//! no file and no JSON.
//!
//! In reading order: [`rounds`] (who meets), [`bookings`] (their meetings at Webex), [`preferences`] (how people take
//! part), [`outbox`] (what is told), [`last_said`] (what was told last, and asked), [`reports`] (what was told about a
//! round that is over), [`addresses`], [`person_index`] and [`people`] (numbers, addresses and names), [`forgetting`],
//! [`validate`].

pub mod addresses;
pub mod bookings;
pub mod forgetting;
pub mod last_said;
pub mod outbox;
pub mod people;
pub mod person_index;
pub mod preferences;
pub mod reports;
pub mod rounds;
pub mod told;
pub mod validate;

pub use rounds::{Changes, Group, LeftOut, Outcomes, PersonId, Reason, Released, Round, Slot};

use chrono::{DateTime, NaiveDate, Utc, Weekday};

use bookings::{Booking, BookingRequests, CalledOff};
use last_said::LastSaid;
use outbox::{Arrived, HandledEvent, OutgoingMessage};
use preferences::Choice;
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
    /// Rounds that are known to be possible without a repeat after the last one, in no particular order: the proof that
    /// the season can be finished. Empty if none is kept.
    pub season: Vec<Vec<Group>>,
    /// How many employees the roster had at the last draw; 0 before the first.
    pub roster_size: usize,
    /// The meetings at Webex that are ahead or not long over, by round and people.
    pub bookings: Vec<Booking>,
    /// Meetings that were booked and are off, and about which people were told.
    pub called_off: Vec<CalledOff>,
    /// Requests to Webex in the last 24 hours, by time: it allows only a certain number of meetings a day.
    pub asked: Vec<BookingRequests>,
    /// How people take part, as they told the bot, by person.
    pub choices: Vec<Choice>,
    /// What was said to each person last, and what they were asked, in the order of people.
    pub last_said: Vec<LastSaid>,
    /// Who was told what, and when, so that nobody is told it twice.
    pub told: Told,
    /// What is to be sent, in the order in which it was written.
    pub outbox: Vec<OutgoingMessage>,
    /// What the organizers were told about rounds that are over.
    pub reports: Vec<Report>,
    /// Messages without a key that arrived a short time ago, by time.
    pub arrived: Vec<Arrived>,
    /// Events that were handled, by time.
    pub handled: Vec<HandledEvent>,
    /// Announcements that the organizer has looked at and may send to everybody.
    pub drafts: Vec<Draft>,
    /// Who joined the roster after the first draw, by day; none if nobody has looked yet, so that those who are already
    /// there do not count as newcomers.
    pub joined: Option<Vec<Joined>>,
    /// The names of people who are no longer on the roster, by person.
    pub left: Vec<Left>,
    /// What the organizers have yet to hear about people, in the order in which it happened.
    pub news: Vec<News>,
    /// The day on which meetings were first to be booked; none if rounds are only drawn.
    pub books_from: Option<NaiveDate>,
    /// Rounds after which people could be heard, ascending: only for these does silence mean something.
    pub heard: Vec<NaiveDate>,
    /// Rounds of which Webex has meetings that are not in the state, as after an older state was put back; ascending.
    pub unknown_at_webex: Vec<NaiveDate>,
    /// When the state was saved; none in a state from before this was recorded.
    pub saved: Option<DateTime<Utc>>,
}

/// Something about a person that the organizers hear about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// The day on which it happened, in the programme's zone.
    pub on: NaiveDate,
    /// The person to whom it happened.
    pub person: PersonId,
    /// What happened to them.
    pub what: Happened,
}

/// Something that can happen to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// They joined the roster.
    Joined,
    /// They left the roster.
    Left,
    /// They told the bot that they no longer take part.
    Stopped,
    /// They told the bot to pause for a long time, up to and including that day.
    Paused(NaiveDate),
    /// They were put on a break because they gave no sign for a long time.
    Silent,
    /// They have a new address.
    NewAddress,
}

/// Somebody who joined the roster after the first draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The newcomer.
    pub person: PersonId,
    /// The day on which they were first seen there, in the programme's zone.
    pub on: NaiveDate,
    /// Whether the bot has greeted them.
    pub greeted: bool,
}

/// Somebody who is no longer on the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The person who is gone.
    pub person: PersonId,
    /// Their name, as it was last on the roster.
    pub name: Box<str>,
}

/// An announcement that was looked at and can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its key: the same text and picture have the same key.
    pub key: String,
    /// The text, in Markdown.
    pub text: String,
    /// The address of the picture.
    pub image: Option<String>,
}

impl State {
    /// The days of the rounds after the last drawn one, or from now on.
    pub fn undrawn<'a>(
        &self,
        meeting: &'a Meeting,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = NaiveDate> + 'a + use<'a> {
        let today = meeting.date_at(now);
        let last = self.rounds.last().map_or(today, |round| round.date.max(today));
        let monday = last.week(Weekday::Mon).first_day();
        let week = week_of(last);
        let drawn = self.rounds.last().is_some_and(|round| week_of(round.date) == week);
        in_turn(
            &meeting.counted_from(self.first_round()),
            weeks_from(meeting, monday).filter(move |date| *date > last && !(drawn && week_of(*date) == week)),
        )
    }

    /// The day of the first round that was drawn.
    pub fn first_round(&self) -> Option<NaiveDate> {
        self.rounds.first().map(|round| round.date)
    }

    /// Records something that the organizers are to hear; what it undoes is no longer news.
    pub fn record_news(&mut self, on: NaiveDate, person: PersonId, what: Happened) {
        self.withdraw_news(person, what);
        self.news.push(News { on, person, what });
    }

    /// Forgets what the organizers have not heard yet, of the same kind as this: somebody no longer stops or pauses.
    pub fn withdraw_news(&mut self, person: PersonId, what: Happened) {
        let is_absence = |what: Happened| matches!(what, Happened::Stopped | Happened::Paused(_) | Happened::Silent);
        // Whoever has a new address, or is back, has not left.
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

    /// The person with that address, which is in lower case.
    pub fn find(&self, email: &str) -> Option<PersonId> {
        self.emails().find(|(_, known)| *known == email).map(|(person, _)| person)
    }

    /// The address of a person.
    pub fn email(&self, id: PersonId) -> &str {
        &self.people[id.index()]
    }

    /// What to call somebody who is no longer on the roster: their name, or their address if the name is not known.
    pub fn name_of_who_left(&self, id: PersonId) -> &str {
        if self.is_forgotten(id) {
            return "(forgotten)";
        }
        let at = self.left.binary_search_by_key(&id, |left| left.person);
        at.map_or(self.email(id), |at| &self.left[at].name)
    }

    /// Whether Webex has meetings of that week that are not in the state: who seems to be alone may have one of them.
    pub fn is_unknown_at_webex(&self, round: NaiveDate) -> bool {
        self.unknown_at_webex.iter().any(|date| week_of(*date) == week_of(round))
    }

    /// The number of places in all its rounds: the measure of work on it.
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
            state.record_news(on, person, what);
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
