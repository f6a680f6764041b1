//! A booking as one line of the state's JSON, people counted from 1.
//! Knows the form and both ways through it; knows no file.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::person_number::{PersonNumber, group, ids, numbers};
use crate::domain::state::bookings::{
    Accounts, AtWebex, Booking, BookingRequests, CalledOff, MeetingResult, MoveReason, OffReason, Proposal, Seen,
    Stage, UntoldMove,
};

/// A booking, in the order in which its fields are written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BookingJson<'a> {
    tag: Box<str>,
    round: NaiveDate,
    people: Vec<PersonNumber>,
    start: DateTime<FixedOffset>,
    minutes: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreed: Option<DateTime<FixedOffset>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<DateTime<FixedOffset>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_from: Option<DateTime<FixedOffset>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    untold: Option<UntoldJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<ProposalJson>,
    #[serde(default, skip_serializing_if = "is_zero")]
    proposals: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<ResultJson>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    say_met: Vec<PersonNumber>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    say_could_not: Vec<PersonNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<SeenJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<PersonNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosted_as: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    invited_as: Vec<(PersonNumber, Box<str>)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    asked_again: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    beside: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<DateTime<Utc>>,
    stage: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<DateTime<FixedOffset>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_minutes: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProposalJson {
    number: u32,
    by: PersonNumber,
    start: DateTime<FixedOffset>,
    agreed: Vec<PersonNumber>,
    expires: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UntoldJson {
    from: DateTime<FixedOffset>,
    minutes: u16,
    #[serde(with = "MoveReasonJson")]
    why: MoveReason,
    people: Vec<PersonNumber>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    organizers: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", remote = "MoveReason")]
enum MoveReasonJson {
    Agreed,
    ByHand,
    DayOff,
    Programme,
    WorkingHours,
    Length,
}

/// A meeting that is off.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalledOffJson {
    tag: Box<str>,
    round: NaiveDate,
    people: Vec<PersonNumber>,
    start: DateTime<FixedOffset>,
    minutes: u16,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    agreed: bool,
    why: OffReasonJson,
}

/// Why it is.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OffReasonJson {
    Gone(Vec<PersonNumber>),
    DayOff,
    Rules,
    WeekOff,
    NoTime,
    DrawnAgain,
    ByHand,
    NeverBooked,
}

impl From<&OffReason> for OffReasonJson {
    fn from(why: &OffReason) -> Self {
        match why {
            OffReason::Gone(people) => Self::Gone(numbers(people)),
            OffReason::DayOff => Self::DayOff,
            OffReason::Rules => Self::Rules,
            OffReason::WeekOff => Self::WeekOff,
            OffReason::NoTime => Self::NoTime,
            OffReason::DrawnAgain => Self::DrawnAgain,
            OffReason::ByHand => Self::ByHand,
            OffReason::NeverBooked => Self::NeverBooked,
        }
    }
}

impl From<OffReasonJson> for OffReason {
    fn from(why: OffReasonJson) -> Self {
        match why {
            OffReasonJson::Gone(people) => Self::Gone(ids(people)),
            OffReasonJson::DayOff => Self::DayOff,
            OffReasonJson::Rules => Self::Rules,
            OffReasonJson::WeekOff => Self::WeekOff,
            OffReasonJson::NoTime => Self::NoTime,
            OffReasonJson::DrawnAgain => Self::DrawnAgain,
            OffReasonJson::ByHand => Self::ByHand,
            OffReasonJson::NeverBooked => Self::NeverBooked,
        }
    }
}

impl From<&CalledOff> for CalledOffJson {
    fn from(CalledOff { tag, round, people, start, minutes, agreed, why }: &CalledOff) -> Self {
        let people = numbers(people.people());
        let (tag, agreed, why) = (tag.clone(), *agreed, why.into());
        Self { tag, round: *round, people, start: *start, minutes: *minutes, agreed, why }
    }
}

impl TryFrom<CalledOffJson> for CalledOff {
    type Error = String;

    fn try_from(
        CalledOffJson { tag, round, people, start, minutes, agreed, why }: CalledOffJson,
    ) -> Result<Self, String> {
        let people = group(people)?;
        Ok(Self { tag, round, people, start, minutes, agreed, why: why.into() })
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ResultJson {
    Met,
    CouldNot,
}

/// Who came.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SeenJson {
    Both,
    One(PersonNumber),
    Nobody,
    Unclear,
}

impl From<Seen> for SeenJson {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Both => Self::Both,
            Seen::One(person) => Self::One(person.into()),
            Seen::Nobody => Self::Nobody,
            Seen::Unclear => Self::Unclear,
        }
    }
}

impl From<SeenJson> for Seen {
    fn from(seen: SeenJson) -> Self {
        match seen {
            SeenJson::Both => Self::Both,
            SeenJson::One(person) => Self::One(person.into()),
            SeenJson::Nobody => Self::Nobody,
            SeenJson::Unclear => Self::Unclear,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_zero(it: &u32) -> bool {
    *it == 0
}

impl From<&Booking> for BookingJson<'static> {
    fn from(booking: &Booking) -> Self {
        let Booking { tag, round, people, start, minutes, agreed, fallback, moved_from, untold, .. } = booking;
        let Booking { proposal, proposals, result, accounts, wait, stage, .. } = booking;
        let mut json = Self {
            tag: tag.clone(),
            round: *round,
            people: numbers(people.people()),
            start: *start,
            minutes: *minutes,
            agreed: *agreed,
            fallback: *fallback,
            untold: untold.as_ref().map(|it| UntoldJson {
                from: it.from,
                minutes: it.minutes,
                why: it.why,
                people: numbers(&it.people),
                organizers: it.organizers,
            }),
            moved_from: *moved_from,
            proposal: proposal.as_ref().map(|it| ProposalJson {
                number: it.number,
                by: it.by.into(),
                start: it.start,
                agreed: numbers(&it.agreed),
                expires: it.expires,
            }),
            proposals: *proposals,
            result: result.map(|it| match it {
                MeetingResult::Met => ResultJson::Met,
                MeetingResult::CouldNot => ResultJson::CouldNot,
            }),
            say_met: numbers(&accounts.met),
            say_could_not: numbers(&accounts.could_not),
            seen: booking.seen.map(Into::into),
            host: booking.host.map(Into::into),
            hosted_as: booking.hosted_as.clone(),
            invited_as: booking.invited_as.iter().map(|(id, email)| ((*id).into(), email.clone())).collect(),
            asked_again: booking.asked_again,
            beside: booking.beside,
            wait: *wait,
            stage: "begun",
            id: None,
            link: None,
            to: None,
            to_minutes: None,
            why: None,
            asked: None,
        };
        if let Some(AtWebex { id, link }) = booking.at_webex() {
            (json.id, json.link) = (Some(id.clone()), Some(link.clone()));
        }
        json.stage = match stage {
            Stage::Begun => "begun",
            Stage::Booked(_) => "booked",
            Stage::Moving(_, to, minutes) => {
                (json.to, json.to_minutes) = (Some(*to), Some(*minutes));
                "moving"
            }
            Stage::Cancelling(_) => "cancelling",
            Stage::Refused { why, asked } => {
                (json.why, json.asked) = (Some(why.clone()), Some(asked.clone()));
                "refused"
            }
            Stage::Deleted => "deleted",
        };
        json
    }
}

impl TryFrom<BookingJson<'_>> for Booking {
    type Error = String;

    fn try_from(json: BookingJson<'_>) -> Result<Self, String> {
        let people = group(json.people).map_err(|why| format!("the booking {}: {why}", json.tag))?;
        let at = json.id.zip(json.link).map(|(id, link)| AtWebex { id, link });
        let to = json.to.zip(json.to_minutes);
        let stage = match (json.stage, at, to, json.why.zip(json.asked)) {
            ("begun", None, None, None) => Stage::Begun,
            ("deleted", None, None, None) => Stage::Deleted,
            ("booked", Some(at), None, None) => Stage::Booked(at),
            ("cancelling", Some(at), None, None) => Stage::Cancelling(at),
            ("moving", Some(at), Some((to, minutes)), None) => Stage::Moving(at, to, minutes),
            ("refused", None, None, Some((why, asked))) => Stage::Refused { why, asked },
            (stage, ..) => return Err(format!("the booking {} is not what a {stage:?} one is", json.tag)),
        };
        Ok(Self {
            tag: json.tag,
            round: json.round,
            people,
            start: json.start,
            minutes: json.minutes,
            agreed: json.agreed,
            fallback: json.fallback,
            untold: json.untold.map(|it| UntoldMove {
                from: it.from,
                minutes: it.minutes,
                why: it.why,
                people: ids(it.people),
                organizers: it.organizers,
            }),
            moved_from: json.moved_from,
            proposal: json.proposal.map(|it| Proposal {
                number: it.number,
                by: it.by.into(),
                start: it.start,
                agreed: ids(it.agreed),
                expires: it.expires,
            }),
            proposals: json.proposals,
            result: json.result.map(|it| match it {
                ResultJson::Met => MeetingResult::Met,
                ResultJson::CouldNot => MeetingResult::CouldNot,
            }),
            accounts: Accounts { met: ids(json.say_met), could_not: ids(json.say_could_not) },
            seen: json.seen.map(Into::into),
            host: json.host.map(Into::into),
            hosted_as: json.hosted_as,
            invited_as: json.invited_as.into_iter().map(|(id, email)| (id.into(), email)).collect(),
            asked_again: json.asked_again,
            beside: json.beside,
            wait: json.wait,
            stage,
        })
    }
}

/// What was asked of Webex.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BookingRequestsJson {
    at: DateTime<Utc>,
    count: u32,
}

impl From<BookingRequests> for BookingRequestsJson {
    fn from(BookingRequests { at, count }: BookingRequests) -> Self {
        Self { at, count }
    }
}

impl From<BookingRequestsJson> for BookingRequests {
    fn from(BookingRequestsJson { at, count }: BookingRequestsJson) -> Self {
        Self { at, count }
    }
}
