//! Messages that are to be sent, as the state remembers them: written here before they are sent, and removed
//! afterwards. Knows nothing about Webex: an outgoing message is a finished text for an address.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::last_said::{Question, Topic};
use super::{PersonId, State};

/// A message that is finished and not yet known to have arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct OutgoingMessage {
    /// Its key: no two messages ever have the same one.
    pub key: String,
    /// The person or space that gets it.
    pub to: Address,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// It is not sent before this time, if one is given.
    pub not_before: Option<DateTime<Utc>>,
    /// What it is about, if it is sent at a time of its own: it may be too late by then, or no longer true.
    pub timed: Option<Timed>,
    /// The message that it answers, in the same thread.
    pub parent: Option<Box<str>>,
    /// Whether it may already have been sent: then it is looked up before it is sent again.
    pub begun: bool,
    /// The text in Markdown.
    pub markdown: String,
    /// The plain text.
    pub text: String,
    /// The card, if it has one.
    pub card: Option<serde_json::Value>,
    /// What it asks, if anything: that is open once it has arrived.
    pub asks: Option<Question>,
}

impl OutgoingMessage {
    /// The tag of the meeting for which it introduces somebody.
    pub fn introduces(&self) -> Option<&str> {
        self.timed.as_ref().filter(|timed| timed.kind == Kind::Intro).map(|timed| &*timed.about)
    }

    /// The tags of the meetings that it is about, as far as it is about any.
    pub fn meetings(&self) -> impl Iterator<Item = &str> {
        let asks = self.asks.as_ref().and_then(|question| question.about.as_ref());
        self.timed.iter().map(|timed| &*timed.about).chain(asks.and_then(Topic::meeting))
    }

    /// The tag of the meeting for which it suggests or tells a new time.
    pub fn about_time_of(&self) -> Option<&str> {
        match (&self.timed, self.asks.as_ref().and_then(|question| question.about.as_ref())) {
            (Some(timed), _) if timed.kind == Kind::Moved => Some(&timed.about),
            (_, Some(Topic::Proposal(tag, _))) => Some(tag),
            _ => None,
        }
    }

    /// What its card carries so that it can be found: its key and the programme's mark. None if the card has none,
    /// being the organizer's own.
    pub fn mark(&self) -> Option<&str> {
        let id = self.card.as_ref()?["body"][0]["id"].as_str()?;
        let rest = id.strip_prefix(&*self.key)?;
        (rest.is_empty() || rest.starts_with('@')).then_some(id)
    }

    /// Whether it may be sent now.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.not_before.is_none_or(|from| from <= now)
    }
}

/// The person or the space to which a message is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// To one person, by address.
    Person(Box<str>),
    /// To the organizers' space, by id.
    Space(Box<str>),
    /// To a space in which somebody spoke to the bot, by id.
    Thread(Box<str>),
}

/// What is sent at a time of its own, once to each person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Explains the programme to a newcomer.
    Greeting,
    /// A meeting is off.
    Off,
    /// A meeting takes place after all.
    BackOn,
    /// A meeting has moved.
    Moved,
    /// Tells somebody whom they meet, and when.
    Intro,
    /// The meeting is on the next working day.
    Reminder,
    /// The question: did you meet?
    Asked,
    /// Asks whether to go on, after no sign for a long time.
    GoOn,
    /// Tells somebody that they have no partner in a round.
    LeftOut,
    /// Who was paired; for the organizers.
    Summary,
    /// How many met; for the organizers.
    Report,
    /// How a month went; for the organizers.
    Month,
    /// The page about a month; for the organizers.
    MonthPage,
    /// Who joined, left or paused; for the organizers.
    News,
    /// How later answers change the report; for the organizers.
    Correction,
    /// What the organizer announces to everybody.
    Announced,
    /// The roster's file has a fault; for the organizers.
    RosterFault,
    /// Webex refuses so much that a run stopped; for the organizers.
    RefusedAlike,
}

/// What people call the question after a meeting.
pub const FOLLOW_UP: &str = "follow-up";

impl Kind {
    /// All kinds, with the names under which they are stored and requested.
    pub const ALL: [(Self, &'static str); 18] = [
        (Self::Greeting, "greeting"),
        (Self::Off, "off"),
        (Self::BackOn, "back-on"),
        (Self::Moved, "moved"),
        (Self::Intro, "intro"),
        (Self::Reminder, "reminder"),
        (Self::Asked, "asked"),
        (Self::GoOn, "go-on"),
        (Self::LeftOut, "left-out"),
        (Self::Summary, "summary"),
        (Self::Report, "report"),
        (Self::Month, "month"),
        (Self::MonthPage, "month-page"),
        (Self::News, "news"),
        (Self::Correction, "correction"),
        (Self::Announced, "announced"),
        (Self::RosterFault, "roster-fault"),
        (Self::RefusedAlike, "refused-alike"),
    ];

    /// The name, as stored, as programs read it, and as `notify --kind` takes it.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// Whether `notify` sends it when its time comes; the others follow from something that happened.
    pub fn is_sent_by_time(self) -> bool {
        !matches!(self, Self::Announced | Self::RosterFault | Self::RefusedAlike)
    }

    /// The name that people read for a stored name: the question after a meeting is stored under an older one.
    pub fn title(name: &str) -> &str {
        if name == Self::Asked.name() { FOLLOW_UP } else { name }
    }
}

/// Something that is told at a time of its own, as long as it is worth telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// The kind of message.
    pub kind: Kind,
    /// The round or meeting, as in [`Notified`].
    pub about: Box<str>,
    /// From then on it is too late.
    pub until: DateTime<Utc>,
}

/// Who was told something about a round, and when. For what goes to the organizers, nobody is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// The kind of message.
    pub kind: Kind,
    /// The round or meeting: its day or its tag.
    pub about: Box<str>,
    /// The day on which it was told, in the programme's zone.
    pub on: NaiveDate,
    /// The people who were told, ascending.
    pub people: Vec<PersonId>,
}

/// An event from Webex that has been handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandledEvent {
    /// The event's id.
    pub id: Box<str>,
    /// When it was handled.
    pub at: DateTime<Utc>,
}

/// What was told about a round is remembered for 60 days after it was told or the round is over: nothing is told about
/// it later.
const ROUND_REMEMBERED: TimeDelta = TimeDelta::days(60);
/// How long it is remembered who got an announcement: it could be sent again from an old card or from its file.
const ANNOUNCEMENT_REMEMBERED: TimeDelta = TimeDelta::days(2 * 365);

impl Notified {
    /// Whether it must still be remembered, for anything other than a booked meeting.
    fn is_remembered(&self, today: NaiveDate) -> bool {
        if self.kind == Kind::Announced {
            return today - self.on < ANNOUNCEMENT_REMEMBERED;
        }
        // A meeting is named by its tag, a round by its day.
        let is_meeting = self.about.starts_with("roulette:");
        let round = self.about.parse::<NaiveDate>().unwrap_or(self.on);
        !is_meeting && today - round.max(self.on) < ROUND_REMEMBERED
    }
}

/// How long it is remembered which events were handled. Older ones are not handled at all, as nobody can tell whether
/// they were.
pub const KNOWN: TimeDelta = TimeDelta::days(14);
/// A message that arrived and that no key distinguishes from another with the same words: the other one has another id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The message's id at Webex.
    pub id: Box<str>,
    /// When it arrived.
    pub at: DateTime<Utc>,
}

/// How long it is remembered: longer than a message that may have been sent is looked for.
const ARRIVED_KNOWN: TimeDelta = TimeDelta::days(7);
/// How long an event is remembered as handled: somewhat longer, because Webex's clock may differ.
const REMEMBERED: TimeDelta = TimeDelta::days(16);

impl State {
    /// On which day somebody (none: the organizers) was told, if they were.
    pub fn was_told(&self, kind: Kind, about: &str, person: Option<PersonId>) -> Option<NaiveDate> {
        let mut named = self
            .told
            .about(kind, about)
            .filter(|told| person.is_none_or(|person| told.people.binary_search(&person).is_ok()));
        named.next().map(|told| told.on)
    }

    /// Records that somebody is told.
    pub fn mark_told(&mut self, kind: Kind, about: &str, person: Option<PersonId>, on: NaiveDate) {
        let told = self.told.entry(Notified { kind, about: about.into(), on, people: Vec::new() });
        if let Some(person) = person
            && let Err(at) = told.people.binary_search(&person)
        {
            told.people.insert(at, person);
        }
    }

    /// Records that somebody is not told after all.
    pub fn unmark_told(&mut self, kind: Kind, about: &str, person: PersonId) {
        let days: Vec<NaiveDate> = self.told.about(kind, about).map(|told| told.on).collect();
        for on in &days {
            let told = self.told.entry(Notified { kind, about: about.into(), on: *on, people: Vec::new() });
            told.people.retain(|one| *one != person);
        }
        if self.told.about(kind, about).any(|told| told.people.is_empty()) {
            self.told.retain(|told| !(told.people.is_empty() && told.kind == kind && *told.about == *about));
        }
    }

    /// Whether a message with this id is known to have arrived, so that it is not the one that is looked for.
    pub fn has_arrived(&self, id: &str) -> bool {
        self.arrived.iter().any(|arrived| *arrived.id == *id)
    }

    /// Whether an event was handled.
    pub fn is_handled(&self, id: &str) -> bool {
        self.handled_at(id).is_some()
    }

    /// When an event was handled, if it was.
    pub fn handled_at(&self, id: &str) -> Option<DateTime<Utc>> {
        self.handled.iter().find(|handled| *handled.id == *id).map(|handled| handled.at)
    }

    /// Forgets what was told and handled long ago.
    pub fn forget_conversation(&mut self, now: DateTime<Utc>) {
        self.handled.retain(|handled| handled.at > now - REMEMBERED);
        self.arrived.retain(|arrived| arrived.at > now - ARRIVED_KNOWN);
        let today = now.date_naive();
        self.forget_reports(today);
        self.forget_last_said(now);
        let booked = self.bookings.iter().map(|booking| &*booking.tag);
        let known: HashSet<&str> = booked.chain(self.called_off.iter().map(|off| &*off.tag)).collect();
        self.told.retain(|told| known.contains(&*told.about) || told.is_remembered(today));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is still known, at that time, about things that were told on 1 December 2026.
    fn known(now: &str) -> Vec<String> {
        let mut state = State::default();
        let on = "2026-12-01".parse().unwrap();
        let about = [
            (Kind::LeftOut, "2026-12-02"),
            (Kind::LeftOut, "2027-03-03"),
            (Kind::Report, "2026-10-07"),
            (Kind::Announced, "ab12"),
            (Kind::Asked, "roulette:1"),
        ];
        about.iter().for_each(|(kind, about)| state.mark_told(*kind, about, None, on));
        state.forget_conversation(now.parse().unwrap());
        state.told.iter().map(|told| told.about.to_string()).collect()
    }

    #[test]
    fn what_could_be_told_again_is_not_forgotten() {
        assert_eq!(known("2027-01-29T09:00:00Z"), ["2026-12-02", "2027-03-03", "2026-10-07", "ab12"]);
        assert_eq!(known("2027-01-30T09:00:00Z"), ["2026-12-02", "2027-03-03", "ab12"]);
        assert_eq!(known("2027-01-31T09:00:00Z"), ["2027-03-03", "ab12"]);
        assert_eq!(known("2027-05-01T09:00:00Z"), ["2027-03-03", "ab12"]);
        assert_eq!(known("2027-05-02T09:00:00Z"), ["ab12"]);
        assert_eq!(known("2028-11-29T09:00:00Z"), ["ab12"]);
        assert_eq!(known("2028-11-30T09:00:00Z"), [""; 0]);
    }
}
