//! What a request about a meeting must contain: its fields, and times that a meeting can have. Knows the time of the
//! call; knows no meeting.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Timelike, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::sandbox::errors::Refusal;
use crate::sandbox::http::Pairs;
use crate::sandbox::shape::Kind::{Email, Flag, Foreign, Free, List, Number, Object, Text, Word};
use crate::sandbox::shape::{Field, may, must};
use crate::sandbox::zoneinfo::Zoneinfo;

const INVITEE: Kind =
    Object(&[must("email", Email), may("displayName", Text(128)), may("coHost", Flag), may("panelist", Flag)]);
const TRACKING_CODE: Kind = Object(&[must("name", Text(120)), must("value", Text(120))]);
type Kind = crate::sandbox::shape::Kind;

/// The fields that booking and changing have in common.
const COMMON: [Field; 30] = [
    may("agenda", Text(1300)).or_null(),
    may("password", Text(64)),
    may("timezone", Text(64)),
    may("recurrence", Foreign).or_null(),
    may("enabledAutoRecordMeeting", Flag),
    may("allowAnyUserToBeCoHost", Flag),
    may("enabledJoinBeforeHost", Flag),
    may("enableConnectAudioBeforeHost", Flag),
    may("joinBeforeHostMinutes", Number),
    may("excludePassword", Flag),
    may("publicMeeting", Flag),
    may("reminderTime", Number),
    may("unlockedMeetingJoinSecurity", Word(&["allowJoin", "allowJoinWithLobby", "blockFromJoin"])),
    may("sessionTypeId", Number),
    may("enabledWebcastView", Flag),
    may("panelistPassword", Foreign),
    may("enableAutomaticLock", Flag),
    may("automaticLockMinutes", Number),
    may("allowFirstUserToBeCoHost", Flag),
    may("allowAuthenticatedDevices", Flag),
    may("sendEmail", Flag),
    may("hostEmail", Email),
    may("meetingOptions", Free),
    may("attendeePrivileges", Free),
    may("integrationTags", List(&Text(64), 3)).or_null(),
    may("enabledBreakoutSessions", Flag),
    may("trackingCodes", List(&TRACKING_CODE, 10)).or_null(),
    may("enabledAudioWatermark", Flag),
    may("enabledVisualWatermark", Flag),
    may("audioConnectionOptions", Free),
];

/// Webex has these, but the sandbox does not.
const FOREIGN: [Field; 5] = [
    may("visualWatermarkOpacity", Foreign),
    may("requireAttendeeLogin", Foreign),
    may("restrictToInvitees", Foreign),
    may("enabledLiveStream", Foreign),
    may("liveStream", Foreign),
];

/// The body of `POST /meetings`.
pub(super) const CREATE: &[Field] = &joined::<47>(&[
    &[must("title", Text(128)), must("start", Text(64)), must("end", Text(64))],
    &COMMON,
    &FOREIGN,
    &[
        may("adhoc", Foreign),
        may("roomId", Foreign),
        may("templateId", Foreign),
        may("scheduledType", Word(&["meeting"])),
        may("invitees", List(&INVITEE, 1000)),
        may("siteUrl", Word(&[super::answer::SITE])),
        may("registration", Foreign),
        may("simultaneousInterpretation", Foreign),
        may("breakoutSessions", Foreign),
    ],
]);

/// The body of `PATCH /meetings/{id}`.
pub(super) const UPDATE: &[Field] =
    &joined::<38>(&[&[may("title", Text(128)), may("start", Text(64)), may("end", Text(64))], &COMMON, &FOREIGN]);

/// The parts as one list of `N` fields.
const fn joined<const N: usize>(parts: &[&[Field]]) -> [Field; N] {
    let mut fields = [may("", Foreign); N];
    let (mut part, mut index, mut count) = (0, 0, 0);
    while part < parts.len() {
        if index < parts[part].len() {
            fields[count] = parts[part][index];
            (index, count) = (index + 1, count + 1);
        } else {
            (part, index) = (part + 1, 0);
        }
    }
    assert!(count == N, "as many fields as are named");
    fields
}

/// The options that are kept as they were sent.
pub(super) fn settings(body: &Map<String, Value>) -> Map<String, Value> {
    let own = ["agenda", "password", "timezone", "recurrence", "sendEmail", "hostEmail", "integrationTags"];
    let kept = |name: &str| COMMON.iter().any(|field| field.is(name)) && !own.contains(&name);
    body.iter().filter(|(name, _)| kept(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

pub(super) fn tags(body: &Map<String, Value>) -> Vec<String> {
    let tags = body.get("integrationTags").and_then(Value::as_array).into_iter().flatten();
    tags.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// How long before the start others may join.
pub(super) fn join_before_host(settings: &Map<String, Value>) -> Result<(), Refusal> {
    let minutes = settings.get("joinBeforeHostMinutes").and_then(Value::as_u64);
    if minutes.is_none_or(|minutes| [0, 5, 10, 15].contains(&minutes)) {
        Ok(())
    } else {
        Err(Refusal::bad("“joinBeforeHostMinutes” must be 0, 5, 10 or 15"))
    }
}

pub(super) fn zone(name: Option<&str>) -> Result<Option<Tz>, Refusal> {
    let zone = name.map(str::parse).transpose();
    zone.map_err(|_| Refusal::bad("“timezone” must be a zone of the IANA database, such as Europe/Kyiv"))
}

/// Whether the times have the offsets that their zone has at that time, according to the zone files.
pub(super) fn offsets(body: &Map<String, Value>, zone: Tz, zoneinfo: &Zoneinfo) -> Result<(), Refusal> {
    let times = ["start", "end"].iter().filter_map(|name| body.get(*name)?.as_str());
    // A Z does not name a zone, and without a zone there is nothing to compare.
    for text in times.filter(|text| body.contains_key("timezone") && !text.ends_with('Z')) {
        let Ok(moment) = DateTime::parse_from_rfc3339(text) else { continue };
        let offset = moment.offset().local_minus_utc();
        if offset != zoneinfo.offset(zone, moment.to_utc()) {
            let (zone, offset) = (zone.name(), moment.format("%:z"));
            return Err(Refusal::bad(format!("timezone {zone} and timezone offset {offset} do not match")));
        }
    }
    Ok(())
}

/// A time in ISO 8601. Without an offset it is a local time in `zone`; without a time it is midnight.
pub(super) fn moment(name: &str, text: &str, zone: Tz, zoneinfo: &Zoneinfo) -> Result<DateTime<Utc>, Refusal> {
    let wrong = || Refusal::bad(format!("“{name}” must be a time such as 2026-12-02T15:10:00+02:00"));
    for format in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"] {
        if let Ok(moment) = DateTime::parse_from_str(&text.replace('Z', "+00:00"), format) {
            return Ok(moment.to_utc());
        }
    }
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"];
    let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let midnight = || text.parse::<NaiveDate>().ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    let local = local.or_else(midnight).ok_or_else(wrong)?;
    Ok(zoneinfo.moment(zone, local))
}

/// Both times to the minute, if a meeting can have these times.
pub(super) fn span(
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Refusal> {
    let minute = |moment: DateTime<Utc>| moment.with_second(0).and_then(|it| it.with_nanosecond(0)).unwrap_or(moment);
    let (mut start, end, this_minute) = (minute(start), minute(end), minute(now));
    if start == this_minute && now > this_minute {
        start += Duration::minutes(1);
    }
    if start < now {
        return Err(Refusal::bad("“start” must not be in the past"));
    }
    if end <= start {
        return Err(Refusal::bad("“end” must be after “start”"));
    }
    let long = end - start;
    if long < Duration::minutes(10) || long > Duration::minutes(23 * 60 + 59) {
        return Err(Refusal::bad("a meeting takes from 10 minutes to 23 hours 59 minutes"));
    }
    Ok((start, end))
}

/// The span of time that a list covers: seven days, unless both ends are given.
pub(super) fn window(
    pairs: &Pairs,
    now: DateTime<Utc>,
    zoneinfo: &Zoneinfo,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Refusal> {
    let read = |name| pairs.get(name).map(|text| moment(name, text, Tz::UTC, zoneinfo)).transpose();
    let week = Duration::days(7);
    let (from, to) = match (read("from")?, read("to")?) {
        (Some(from), Some(to)) => (from, to),
        (Some(from), None) => (from, from + week),
        (None, Some(to)) => (to - week, to),
        (None, None) => (now, now + week),
    };
    if from > to { Err(Refusal::bad("“from” must not be after “to”")) } else { Ok((from, to)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_read_as_iso_8601_has_them() {
        let kyiv = chrono_tz::Europe::Kyiv;
        for text in [
            "2026-12-02T13:10:00Z",
            "2026-12-02T15:10:00+02:00",
            "2026-12-02T15:10:00+0200",
            "2026-12-02T15:10+02:00",
            "2026-12-02T15:10:00.000+02:00",
            "2026-12-02T15:10:00",
            "2026-12-02T15:10",
        ] {
            assert_eq!(moment("start", text, kyiv, &Zoneinfo::default()), Ok(at("2026-12-02T13:10:00Z")), "{text}");
        }
        assert_eq!(moment("from", "2026-12-02", Tz::UTC, &Zoneinfo::default()), Ok(at("2026-12-02T00:00:00Z")));
        for text in ["", "soon", "2026-12-02T15:10:00 02:00", "2026-13-02T15:10:00Z", "1764688200"] {
            assert!(moment("start", text, kyiv, &Zoneinfo::default()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_meeting_begins_at_a_whole_minute_that_is_not_over() {
        let now = at("2026-12-01T10:32:16Z");
        let (start, end) = span(at("2026-12-01T10:32:41Z"), at("2026-12-01T11:02:41Z"), now).unwrap();
        assert_eq!((start, end), (at("2026-12-01T10:33:00Z"), at("2026-12-01T11:02:00Z")));
        let (start, _) = span(at("2026-12-01T11:32:41Z"), at("2026-12-01T12:02:00Z"), now).unwrap();
        assert_eq!(start, at("2026-12-01T11:32:00Z"));
        assert!(span(at("2026-12-01T10:31:59Z"), at("2026-12-01T11:02:00Z"), now).is_err());
        let now = at("2026-12-01T10:32:00Z");
        assert_eq!(span(now, at("2026-12-01T11:00:00Z"), now).unwrap().0, now);
    }
}
