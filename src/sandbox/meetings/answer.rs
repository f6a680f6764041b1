//! A meeting as Webex shows it to somebody.
//! Knows the fields of the answer; decides nothing.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::Meeting;
use crate::sandbox::errors::Refusal;
use crate::sandbox::ids;
use crate::sandbox::model::Model;
use crate::sandbox::oauth::Caller;

/// The site on which all meetings are.
pub(super) const SITE: &str = "sandbox.webex.com";

/// The state of a meeting series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Active,
    InProgress,
    Expired,
    /// A state that only scheduled meetings and instances have.
    Other,
}

impl State {
    pub(super) fn of(meeting: &Meeting, now: DateTime<Utc>) -> Self {
        match now {
            now if now >= meeting.end => Self::Expired,
            now if now >= meeting.start => Self::InProgress,
            _ => Self::Active,
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        match text {
            "active" => Ok(Self::Active),
            "inProgress" => Ok(Self::InProgress),
            "expired" => Ok(Self::Expired),
            "scheduled" | "ready" | "lobby" | "ended" | "missed" => Ok(Self::Other),
            _ => Err(Refusal::bad("“state” is not one that a meeting can be in")),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::InProgress => "inProgress",
            Self::Expired => "expired",
            Self::Other => "ended",
        }
    }
}

pub(in crate::sandbox) fn web_link(meeting: &Meeting) -> String {
    format!("https://{SITE}/sandbox/j.php?MTID=m{}", meeting.id)
}

/// A meeting, with its times in `zone`. Only the client that set the tags sees them, and only the host sees the host's
/// key.
pub(super) fn meeting(model: &Model, meeting: &Meeting, caller: &Caller, zone: Tz, now: DateTime<Utc>) -> Value {
    let time = |moment: DateTime<Utc>| model.zoneinfo.local(zone, moment).to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut answer = json!({
        "id": meeting.id,
        "meetingNumber": meeting.number,
        "title": meeting.title,
        "password": meeting.password,
        "phoneAndVideoSystemPassword": ids::number("phone", &meeting.id, 8),
        "meetingType": "meetingSeries",
        "state": State::of(meeting, now).word(),
        "timezone": zone.name(),
        "start": time(meeting.start),
        "end": time(meeting.end),
        "hostUserId": model.id_of(&meeting.host),
        "hostDisplayName": model.name(&meeting.host),
        "hostEmail": meeting.host,
        "hostKey": if caller.email == meeting.host { ids::number("host key", &meeting.id, 6) } else { String::new() },
        "siteUrl": SITE,
        "webLink": web_link(meeting),
        "sipAddress": format!("{}@{SITE}", meeting.number),
        "dialInIpAddress": "192.0.2.10",
        "scheduledType": "meeting",
        "telephony": { "accessCode": meeting.number, "callInNumbers": [] },
    });
    if let Value::Object(fields) = &mut answer {
        fields.append(&mut defaults());
        fields
            .extend(meeting.settings.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())));
        if let Some(agenda) = &meeting.agenda {
            fields.insert("agenda".to_owned(), json!(agenda));
        }
        if meeting.client == caller.client && !meeting.tags.is_empty() {
            fields.insert("integrationTags".to_owned(), json!(meeting.tags));
        }
    }
    answer
}

fn defaults() -> Map<String, Value> {
    let flags = [
        "enabledAutoRecordMeeting",
        "allowAnyUserToBeCoHost",
        "enabledJoinBeforeHost",
        "enableConnectAudioBeforeHost",
        "excludePassword",
        "publicMeeting",
        "enabledWebcastView",
        "enableAutomaticLock",
        "allowFirstUserToBeCoHost",
        "enabledBreakoutSessions",
        "enabledAudioWatermark",
        "enabledVisualWatermark",
    ];
    let mut fields: Map<String, Value> = flags.iter().map(|name| ((*name).to_owned(), json!(false))).collect();
    fields.insert("allowAuthenticatedDevices".to_owned(), json!(true));
    fields.insert("joinBeforeHostMinutes".to_owned(), json!(0));
    fields.insert("reminderTime".to_owned(), json!(15));
    fields.insert("sessionTypeId".to_owned(), json!(3));
    fields.insert("automaticLockMinutes".to_owned(), json!(0));
    fields.insert("unlockedMeetingJoinSecurity".to_owned(), json!("allowJoinWithLobby"));
    fields
}
