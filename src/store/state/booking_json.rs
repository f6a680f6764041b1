//! A booking as one line of the state's JSON, people counted from 1.
//! Knows the form and both ways through it; knows no file.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::person_number::{PersonNumber, ids, numbers};
use crate::domain::state::Group;
use crate::domain::state::bookings::{AtWebex, Booking, BookingRequests, Proposal, Result, Stage};

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
    proposal: Option<ProposalJson>,
    #[serde(default, skip_serializing_if = "is_zero")]
    proposals: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<ResultJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<PersonNumber>,
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

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ResultJson {
    Met,
    CouldNot,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_zero(it: &u32) -> bool {
    *it == 0
}

impl From<&Booking> for BookingJson<'static> {
    fn from(booking: &Booking) -> Self {
        let Booking { tag, round, people, start, minutes, agreed, proposal, proposals, result, host, wait, stage } =
            booking;
        let mut json = Self {
            tag: tag.clone(),
            round: *round,
            people: numbers(people.people()),
            start: *start,
            minutes: *minutes,
            agreed: *agreed,
            proposal: proposal.as_ref().map(|it| ProposalJson {
                number: it.number,
                by: it.by.into(),
                start: it.start,
                agreed: numbers(&it.agreed),
                expires: it.expires,
            }),
            proposals: *proposals,
            result: result.map(|it| match it {
                Result::Met => ResultJson::Met,
                Result::CouldNot => ResultJson::CouldNot,
            }),
            host: host.map(Into::into),
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

    fn try_from(json: BookingJson<'_>) -> std::result::Result<Self, String> {
        let people = ids(json.people);
        let people = match people[..] {
            [a, b] => Group::Pair([a, b]),
            [a, b, c] => Group::Trio([a, b, c]),
            _ => return Err(format!("the booking {} is not of two or three people", json.tag)),
        };
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
            proposal: json.proposal.map(|it| Proposal {
                number: it.number,
                by: it.by.into(),
                start: it.start,
                agreed: ids(it.agreed),
                expires: it.expires,
            }),
            proposals: json.proposals,
            result: json.result.map(|it| match it {
                ResultJson::Met => Result::Met,
                ResultJson::CouldNot => Result::CouldNot,
            }),
            host: json.host.map(Into::into),
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
