//! What a meeting is booked with: who is invited, what they read, and the tags by which it is found again. Knows names
//! and times; does not know how Webex writes them.

use chrono::{DateTime, FixedOffset, NaiveDate};
use sha2::{Digest, Sha256};

use crate::domain::language::Language;
use crate::domain::message::language::{self, Who};
use crate::domain::pairing::fingerprint::short_hex;
use crate::domain::starters::Starter;
use crate::domain::state::Group;
use crate::domain::state::people::People;
use crate::domain::text::{short, undirected};
use crate::domain::zone::Zone;

/// The longest name that Webex accepts, in characters.
const NAME: usize = 128;

/// What a meeting is booked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The title, of at most 128 characters.
    pub title: String,
    /// The agenda, of at most 1,300 characters.
    pub agenda: String,
    /// When it begins.
    pub start: DateTime<FixedOffset>,
    /// When it ends.
    pub end: DateTime<FixedOffset>,
    /// The programme's zone, in which Webex shows the meeting's times.
    pub timezone: Zone,
    /// Addresses and names of those who meet.
    pub invitees: Vec<(Box<str>, String)>,
    /// The tags of the meeting and of the round, each of at most 64 characters.
    pub tags: Vec<String>,
    /// Who hosts the meeting, if not the organizer.
    pub host: Option<Box<str>>,
}

/// The tag of all meetings of a round.
pub fn round_tag(date: NaiveDate) -> String {
    format!("roulette:{date}")
}

/// The tag of one meeting: the same whenever it is booked for the same people in the same round.
pub(in crate::domain) fn tag(programme: &str, date: NaiveDate, people: &Group, names: &People<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(programme.as_bytes());
    for id in people.people() {
        hash.update(b"\n");
        hash.update(names.view(*id).email.as_bytes());
    }
    format!("{}:{}", round_tag(date), short_hex(&hash.finalize()))
}

/// The plain facts of a meeting.
pub(super) struct Facts {
    pub(super) date: NaiveDate,
    pub(super) people: Group,
    pub(super) start: DateTime<FixedOffset>,
    pub(super) end: DateTime<FixedOffset>,
    pub(super) timezone: Zone,
    pub(super) tag: String,
    pub(super) host: Option<Box<str>>,
    pub(super) starter: Starter,
}

/// The invitation to a meeting.
pub(super) fn invitation(programme: &str, language: Language, facts: Facts, names: &People<'_>) -> Invitation {
    let Facts { date, people, start, end, timezone, tag, host, starter } = facts;
    let views: Vec<_> = people.people().iter().map(|id| names.view(*id)).collect();
    let plain: Vec<_> =
        views.iter().map(|it| [it.name, it.department].map(|it| short(&undirected(it), usize::MAX))).collect();
    let who: Vec<Who<'_>> = plain.iter().map(|[name, department]| Who { name, department }).collect();
    let programme = short(&undirected(programme), usize::MAX);
    Invitation {
        title: language::title(language, &programme, &who),
        agenda: language::agenda(language, &programme, &who, &starter),
        start,
        end,
        timezone,
        invitees: views.iter().map(|it| (it.email.into(), name(it.name))).collect(),
        tags: vec![tag, round_tag(date)],
        host,
    }
}

/// A name in a form that Webex accepts.
pub(super) fn name(name: &str) -> String {
    short(&undirected(name), NAME)
}

/// The digest that shows whether the same request would be made again.
pub(super) fn digest(invitation: &Invitation) -> String {
    short_hex(&Sha256::digest(format!("{invitation:?}").as_bytes()))
}
