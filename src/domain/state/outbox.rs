//! What is to be sent, as the state remembers it: written down before it is sent, struck out after.
//! Knows no Webex: an outgoing message is a finished text for an address.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{PersonId, State};

/// A message that is finished and not yet known to have arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct OutgoingMessage {
    /// Names it: no two messages ever have the same.
    pub key: String,
    /// To whom.
    pub to: Address,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// It waits until then, if it waits.
    pub not_before: Option<DateTime<Utc>>,
    /// What it is about, if it is sent at a time of its own: it may be late, or not true any more.
    pub timed: Option<Timed>,
    /// The message that it answers, in the same thread.
    pub parent: Option<Box<str>>,
    /// Whether it may have been sent: it is looked up before it is sent again.
    pub begun: bool,
    /// In Markdown.
    pub markdown: String,
    /// Without.
    pub text: String,
    /// The card, if it has one.
    pub card: Option<serde_json::Value>,
}

impl OutgoingMessage {
    /// What its card carries to be found by: its key and the programme's mark. None where the card has none, being the
    /// organizer's own.
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

/// To whom something is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// To one person, by address.
    Person(Box<str>),
    /// To the organizers' space, by id.
    Space(Box<str>),
    /// To a space in which somebody spoke to the bot, by id.
    Thread(Box<str>),
}

/// What is sent at a time of its own, once to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What this is, to a newcomer.
    Greeting,
    /// That a meeting is off.
    Off,
    /// That it takes place after all.
    BackOn,
    /// That it has moved.
    Moved,
    /// Whom one meets.
    Intro,
    /// That it is tomorrow.
    Reminder,
    /// Did you meet?
    Asked,
    /// Whether to go on, after no sign for long.
    GoOn,
    /// That one has no partner.
    LeftOut,
    /// Who was paired, to the organizers.
    Summary,
    /// How many met, to the organizers.
    Report,
    /// Who came, left or paused, to the organizers.
    News,
    /// What later answers change about that, to the organizers.
    Correction,
    /// What the organizer announces to all.
    Announced,
    /// That the roster's file is at fault, to the organizers.
    RosterFault,
    /// That Webex refuses so much that a run stopped, to the organizers.
    RefusedAlike,
}

impl Kind {
    /// All, with the names under which they are kept and asked for.
    pub const ALL: [(Self, &'static str); 16] = [
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
        (Self::News, "news"),
        (Self::Correction, "correction"),
        (Self::Announced, "announced"),
        (Self::RosterFault, "roster-fault"),
        (Self::RefusedAlike, "refused-alike"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

/// What is told at a time of its own, as long as it is worth telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// What.
    pub kind: Kind,
    /// Of which round or meeting, as in [`Notified`].
    pub about: Box<str>,
    /// From then on it comes too late.
    pub until: DateTime<Utc>,
}

/// Who was told something of a round, and when. Of what goes to the organizers, nobody is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// What.
    pub kind: Kind,
    /// Of which round or meeting: its day or its tag.
    pub about: Box<str>,
    /// The day on which it was told, in the programme's zone.
    pub on: NaiveDate,
    /// Who, ascending.
    pub people: Vec<PersonId>,
}

/// An event of Webex that was worked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandledEvent {
    /// What identifies it.
    pub id: Box<str>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was told of a round is known for 60 days after it was told or the round is over: nothing is told of it later.
const ROUND_REMEMBERED: TimeDelta = TimeDelta::days(60);
/// How long it is known who got an announcement: it could be sent again from an old card or from its file.
const ANNOUNCEMENT_REMEMBERED: TimeDelta = TimeDelta::days(2 * 365);

impl Notified {
    /// Whether it is to be known still, of what is no meeting that is booked.
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

/// Of what is longer ago than this, nobody can tell whether it was handled: it is not.
pub const KNOWN: TimeDelta = TimeDelta::days(14);
/// A message that arrived and that no key tells from another with the same words: that one has another id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// What names it at Webex.
    pub id: Box<str>,
    /// When.
    pub at: DateTime<Utc>,
}

/// So long it is known: for as long as one that may have been sent is looked for, and longer.
const ARRIVED_KNOWN: TimeDelta = TimeDelta::days(7);
/// So long an event is known as handled: somewhat longer, for Webex's clock may be another.
const REMEMBERED: TimeDelta = TimeDelta::days(16);

impl State {
    /// On which day somebody (nobody: the organizers) was told, if they were.
    pub fn was_told(&self, kind: Kind, about: &str, person: Option<PersonId>) -> Option<NaiveDate> {
        let mut named = self
            .told
            .about(kind, about)
            .filter(|told| person.is_none_or(|person| told.people.binary_search(&person).is_ok()));
        named.next().map(|told| told.on)
    }

    /// Keeps that somebody is told.
    pub fn tell(&mut self, kind: Kind, about: &str, person: Option<PersonId>, on: NaiveDate) {
        let told = self.told.entry(Notified { kind, about: about.into(), on, people: Vec::new() });
        if let Some(person) = person
            && let Err(at) = told.people.binary_search(&person)
        {
            told.people.insert(at, person);
        }
    }

    /// Keeps that somebody is not told after all.
    pub fn untell(&mut self, kind: Kind, about: &str, person: PersonId) {
        let days: Vec<NaiveDate> = self.told.about(kind, about).map(|told| told.on).collect();
        for on in &days {
            let told = self.told.entry(Notified { kind, about: about.into(), on: *on, people: Vec::new() });
            told.people.retain(|one| *one != person);
        }
        if self.told.about(kind, about).any(|told| told.people.is_empty()) {
            self.told.retain(|told| !(told.people.is_empty() && told.kind == kind && *told.about == *about));
        }
    }

    /// Whether a message of this id arrived, so that it is none that is looked for.
    pub fn has_arrived(&self, id: &str) -> bool {
        self.arrived.iter().any(|arrived| *arrived.id == *id)
    }

    /// Whether an event was worked through.
    pub fn is_handled(&self, id: &str) -> bool {
        self.handled_at(id).is_some()
    }

    /// When an event was worked through, if it was.
    pub fn handled_at(&self, id: &str) -> Option<DateTime<Utc>> {
        self.handled.iter().find(|handled| *handled.id == *id).map(|handled| handled.at)
    }

    /// Forgets what was told and handled long ago.
    pub fn forget_conversation(&mut self, now: DateTime<Utc>) {
        self.handled.retain(|handled| handled.at > now - REMEMBERED);
        self.arrived.retain(|arrived| arrived.at > now - ARRIVED_KNOWN);
        let today = now.date_naive();
        self.forget_reports(today);
        let booked = self.bookings.iter().map(|booking| &*booking.tag);
        let known: HashSet<&str> = booked.chain(self.called_off.iter().map(|off| &*off.tag)).collect();
        self.told.retain(|told| known.contains(&*told.about) || told.is_remembered(today));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is still known of things told on 1 December 2026.
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
        about.iter().for_each(|(kind, about)| state.tell(*kind, about, None, on));
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
