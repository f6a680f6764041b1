//! What the state keeps of the conversation, a line of JSON each, people counted from 1.
//! Knows the forms and both ways through them; knows no file.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::person_number::{PersonNumber, ids, numbers};
use crate::domain::state::last_said::{LastSaid, Question, Topic};
use crate::domain::state::outbox::{Address, Arrived, HandledEvent, Kind, Notified, OutgoingMessage, Timed};
use crate::domain::state::preferences::Choice;
use crate::domain::state::reports::{Counts, Report, SeenCounts};
use crate::domain::state::{Draft, Happened, Joined, Left, News};

/// What somebody chose.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChoiceJson {
    person: PersonNumber,
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    stopped: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<NaiveDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    not_with: Vec<PersonNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unreachable: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    silent: bool,
}

impl From<&Choice> for ChoiceJson {
    fn from(choice: &Choice) -> Self {
        let Choice { person, paused_until, stopped, skipped, not_with, unreachable, last_sign, silent } = choice;
        Self {
            person: (*person).into(),
            paused_until: *paused_until,
            stopped: *stopped,
            skipped: skipped.clone(),
            not_with: numbers(not_with),
            unreachable: *unreachable,
            last_sign: *last_sign,
            silent: *silent,
        }
    }
}

impl From<ChoiceJson> for Choice {
    fn from(json: ChoiceJson) -> Self {
        let ChoiceJson { person, paused_until, stopped, skipped, not_with, unreachable, last_sign, silent } = json;
        let (person, not_with) = (person.into(), ids(not_with));
        Self { person, paused_until, stopped, skipped, not_with, unreachable, last_sign, silent }
    }
}

/// Who was told something.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotifiedJson {
    kind: String,
    about: Box<str>,
    on: NaiveDate,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    people: Vec<PersonNumber>,
}

impl From<&Notified> for NotifiedJson {
    fn from(told: &Notified) -> Self {
        Self {
            kind: told.kind.name().to_owned(),
            about: told.about.clone(),
            on: told.on,
            people: numbers(&told.people),
        }
    }
}

impl TryFrom<NotifiedJson> for Notified {
    type Error = String;

    fn try_from(json: NotifiedJson) -> Result<Self, String> {
        Ok(Self { kind: kind_of(&json.kind)?, about: json.about, on: json.on, people: ids(json.people) })
    }
}

fn kind_of(name: &str) -> Result<Kind, String> {
    let kind = Kind::ALL.iter().find(|(_, one)| *one == name).map(|(kind, _)| *kind);
    kind.ok_or_else(|| format!("nothing is told as “{name}”"))
}

/// What a message is about that is sent at a time of its own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TimedJson {
    kind: String,
    about: Box<str>,
    until: DateTime<Utc>,
}

/// A message.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutgoingJson {
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    space: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<Box<str>>,
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timed: Option<TimedJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<Box<str>>,
    begun: bool,
    markdown: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asks: Option<QuestionJson>,
}

impl From<&OutgoingMessage> for OutgoingJson {
    fn from(message: &OutgoingMessage) -> Self {
        let OutgoingMessage { key, to, at, not_before, timed, parent, begun, markdown, text, card, asks } =
            message.clone();
        let timed = timed.map(|Timed { kind, about, until }| TimedJson { kind: kind.name().to_owned(), about, until });
        let (person, space, thread) = match to {
            Address::Person(person) => (Some(person), None, None),
            Address::Space(space) => (None, Some(space), None),
            Address::Thread(space) => (None, None, Some(space)),
        };
        let asks = asks.as_ref().map(Into::into);
        Self { key, person, space, thread, at, not_before, timed, parent, begun, markdown, text, card, asks }
    }
}

impl TryFrom<OutgoingJson> for OutgoingMessage {
    type Error = String;

    fn try_from(json: OutgoingJson) -> Result<Self, String> {
        let OutgoingJson {
            key,
            person,
            space,
            thread,
            at,
            not_before,
            timed,
            parent,
            begun,
            markdown,
            text,
            card,
            asks,
        } = json;
        let timed = timed
            .map(|TimedJson { kind, about, until }| Ok::<_, String>(Timed { kind: kind_of(&kind)?, about, until }));
        let to = match (person, space, thread) {
            (Some(person), None, None) => Address::Person(person),
            (None, Some(space), None) => Address::Space(space),
            (None, None, Some(space)) => Address::Thread(space),
            _ => return Err(format!("the message {key} is not to one person or space")),
        };
        let (timed, asks) = (timed.transpose()?, asks.map(Into::into));
        Ok(Self { key, to, at, not_before, timed, parent, begun, markdown, text, card, asks })
    }
}

/// An event that was worked through.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandledJson {
    id: Box<str>,
    at: DateTime<Utc>,
}

impl From<&HandledEvent> for HandledJson {
    fn from(handled: &HandledEvent) -> Self {
        Self { id: handled.id.clone(), at: handled.at }
    }
}

impl From<HandledJson> for HandledEvent {
    fn from(HandledJson { id, at }: HandledJson) -> Self {
        Self { id, at }
    }
}

/// A message that arrived.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArrivedJson {
    id: Box<str>,
    at: DateTime<Utc>,
}

impl From<&Arrived> for ArrivedJson {
    fn from(Arrived { id, at }: &Arrived) -> Self {
        Self { id: id.clone(), at: *at }
    }
}

impl From<ArrivedJson> for Arrived {
    fn from(ArrivedJson { id, at }: ArrivedJson) -> Self {
        Self { id, at }
    }
}

/// What the organizers were told of a round that is over.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportJson {
    about: Box<str>,
    meetings: usize,
    met: usize,
    could_not: usize,
    #[serde(default, skip_serializing_if = "is_zero")]
    differ: usize,
    #[serde(default, skip_serializing_if = "is_zero")]
    never_booked: usize,
    /// Where it is another number than that above.
    #[serde(skip_serializing_if = "Option::is_none")]
    said_met: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    said_could_not: Option<usize>,
    #[serde(default, skip_serializing_if = "is_zero")]
    seen_both: usize,
    #[serde(default, skip_serializing_if = "is_zero")]
    seen_one: usize,
    #[serde(default, skip_serializing_if = "is_zero")]
    seen_nobody: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<NaiveDate>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_zero(it: &usize) -> bool {
    *it == 0
}

impl From<&Report> for ReportJson {
    fn from(report: &Report) -> Self {
        let Report { about, counts, message, changed } = report.clone();
        let Counts { meetings, met, could_not, differ, said_met, said_could_not, seen, never_booked } = counts;
        Self {
            about,
            meetings,
            met,
            could_not,
            differ,
            never_booked,
            said_met: Some(said_met).filter(|said| *said != met),
            said_could_not: Some(said_could_not).filter(|said| *said != could_not),
            seen_both: seen.both,
            seen_one: seen.one,
            seen_nobody: seen.nobody,
            message,
            changed,
        }
    }
}

impl From<ReportJson> for Report {
    fn from(json: ReportJson) -> Self {
        let ReportJson { about, meetings, met, could_not, differ, said_met, said_could_not, never_booked, .. } = json;
        let (message, changed) = (json.message, json.changed);
        let seen = SeenCounts { both: json.seen_both, one: json.seen_one, nobody: json.seen_nobody };
        let (said_met, said_could_not) = (said_met.unwrap_or(met), said_could_not.unwrap_or(could_not));
        let counts = Counts { meetings, met, could_not, differ, said_met, said_could_not, seen, never_booked };
        Self { about, counts, message, changed }
    }
}

/// An announcement.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftJson {
    key: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
}

impl From<&Draft> for DraftJson {
    fn from(draft: &Draft) -> Self {
        let Draft { key, text, image } = draft.clone();
        Self { key, text, image }
    }
}

impl From<DraftJson> for Draft {
    fn from(DraftJson { key, text, image }: DraftJson) -> Self {
        Self { key, text, image }
    }
}

/// Somebody who came to the roster after the first draw.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinedJson {
    person: PersonNumber,
    on: NaiveDate,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    greeted: bool,
}

/// What was said to somebody last, and what they were asked: in one object, as it was before it had two parts.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LastSaidJson {
    person: PersonNumber,
    at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<TopicJson>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    typed: Box<str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    patterns: Vec<Box<str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    choices: Vec<Box<str>>,
}

impl From<&LastSaid> for LastSaidJson {
    fn from(LastSaid { person, at, closed, question }: &LastSaid) -> Self {
        let QuestionJson { about, typed, patterns, choices } = question.into();
        Self { person: (*person).into(), at: *at, closed: *closed, about, typed, patterns, choices }
    }
}

impl From<LastSaidJson> for LastSaid {
    fn from(LastSaidJson { person, at, closed, about, typed, patterns, choices }: LastSaidJson) -> Self {
        Self { person: person.into(), at, closed, question: QuestionJson { about, typed, patterns, choices }.into() }
    }
}

/// What a message asks.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<TopicJson>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    typed: Box<str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    patterns: Vec<Box<str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    choices: Vec<Box<str>>,
}

impl From<&Question> for QuestionJson {
    fn from(Question { about, typed, patterns, choices }: &Question) -> Self {
        let (typed, patterns, choices) = (typed.clone(), patterns.clone(), choices.clone());
        Self { about: about.as_ref().map(Into::into), typed, patterns, choices }
    }
}

impl From<QuestionJson> for Question {
    fn from(QuestionJson { about, typed, patterns, choices }: QuestionJson) -> Self {
        Self { about: about.map(Into::into), typed, patterns, choices }
    }
}

/// What a question is about.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "asks")]
enum TopicJson {
    Proposal { meeting: Box<str>, number: u32 },
    Suggested { meeting: Box<str> },
    Outcome { meeting: Box<str> },
    GoOn,
    NewTime { meeting: Box<str>, date: NaiveDate, time: NaiveTime },
}

impl From<&Topic> for TopicJson {
    fn from(topic: &Topic) -> Self {
        match topic {
            Topic::Proposal(meeting, number) => Self::Proposal { meeting: meeting.clone(), number: *number },
            Topic::Suggested(meeting) => Self::Suggested { meeting: meeting.clone() },
            Topic::Outcome(meeting) => Self::Outcome { meeting: meeting.clone() },
            Topic::GoOn => Self::GoOn,
            Topic::NewTime(meeting, date, time) => Self::NewTime { meeting: meeting.clone(), date: *date, time: *time },
        }
    }
}

impl From<TopicJson> for Topic {
    fn from(topic: TopicJson) -> Self {
        match topic {
            TopicJson::Proposal { meeting, number } => Self::Proposal(meeting, number),
            TopicJson::Suggested { meeting } => Self::Suggested(meeting),
            TopicJson::Outcome { meeting } => Self::Outcome(meeting),
            TopicJson::GoOn => Self::GoOn,
            TopicJson::NewTime { meeting, date, time } => Self::NewTime(meeting, date, time),
        }
    }
}

/// Somebody who is on the roster no more.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeftJson {
    person: PersonNumber,
    name: Box<str>,
}

impl From<&Left> for LeftJson {
    fn from(Left { person, name }: &Left) -> Self {
        Self { person: (*person).into(), name: name.clone() }
    }
}

impl From<LeftJson> for Left {
    fn from(LeftJson { person, name }: LeftJson) -> Self {
        Self { person: person.into(), name }
    }
}

/// Something of a person that the organizers hear of.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewsJson {
    on: NaiveDate,
    person: PersonNumber,
    #[serde(with = "HappenedJson")]
    what: Happened,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", remote = "Happened")]
enum HappenedJson {
    Joined,
    Left,
    Stopped,
    Paused(NaiveDate),
    Silent,
    NewAddress,
}

impl From<&News> for NewsJson {
    fn from(&News { on, person, what }: &News) -> Self {
        Self { on, person: person.into(), what }
    }
}

impl From<NewsJson> for News {
    fn from(NewsJson { on, person, what }: NewsJson) -> Self {
        Self { on, person: person.into(), what }
    }
}

impl From<&Joined> for JoinedJson {
    fn from(&Joined { person, on, greeted }: &Joined) -> Self {
        Self { person: person.into(), on, greeted }
    }
}

impl From<JoinedJson> for Joined {
    fn from(JoinedJson { person, on, greeted }: JoinedJson) -> Self {
        Self { person: person.into(), on, greeted }
    }
}
