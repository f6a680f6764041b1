//! A time zone: a name of the IANA database with the rules that are used for it, which may be newer than the built-in
//! ones. Evaluates rules; knows no file, and does not know which rules are the newest.

use std::fmt;
use std::hash::{Hash, Hasher};

use chrono::{
    Datelike, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use jiff::tz::{AmbiguousOffset, Offset as JiffOffset, TimeZone as Rules};
use jiff::{Timestamp, civil};

/// A zone of the IANA database. Its name alone identifies it: within a run, one name has one set of rules.
#[derive(Clone, Copy)]
pub struct Zone {
    name: Tz,
    /// The rules that replace the built-in ones.
    rules: Option<&'static Rules>,
}

impl Zone {
    /// UTC, which needs no rules.
    pub const UTC: Self = Self::compiled_in(Tz::UTC);

    /// The zone with the built-in rules.
    pub const fn compiled_in(name: Tz) -> Self {
        Self { name, rules: None }
    }

    /// The zone with other rules.
    pub const fn with_rules(name: Tz, rules: &'static Rules) -> Self {
        Self { name, rules: Some(rules) }
    }

    /// The name in the IANA database, such as `Europe/Kyiv`.
    pub fn name(self) -> &'static str {
        self.name.name()
    }

    /// The zone of the same name among the built-in ones.
    pub const fn id(self) -> Tz {
        self.name
    }

    fn offset(self, east: FixedOffset) -> ZoneOffset {
        ZoneOffset { zone: self, east }
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How far a zone is from UTC at a certain time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ZoneOffset {
    zone: Zone,
    east: FixedOffset,
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.east
    }
}

impl fmt::Debug for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.east, f)
    }
}

impl fmt::Display for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.east, f)
    }
}

impl TimeZone for Zone {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.zone
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        let by_rules = self.rules.and_then(|rules| {
            let at = Timestamp::from_second(utc.and_utc().timestamp()).ok()?;
            Some(fixed(rules.to_offset(at)))
        });
        self.offset(by_rules.unwrap_or_else(|| self.name.offset_from_utc_datetime(utc).fix()))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        let by_rules = self.rules.and_then(|rules| {
            Some(match rules.to_ambiguous_timestamp(civil_time(*local)?).offset() {
                AmbiguousOffset::Unambiguous { offset } => MappedLocalTime::Single(fixed(offset)),
                AmbiguousOffset::Fold { before, after } => MappedLocalTime::Ambiguous(fixed(before), fixed(after)),
                AmbiguousOffset::Gap { .. } => MappedLocalTime::None,
            })
        });
        let mapped = by_rules.unwrap_or_else(|| self.name.offset_from_local_datetime(local).map(|it| it.fix()));
        mapped.map(|east| self.offset(east))
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }
}

fn fixed(offset: JiffOffset) -> FixedOffset {
    // Both are little more than a day from UTC at most.
    FixedOffset::east_opt(offset.seconds().clamp(-86_399, 86_399)).unwrap_or(Utc.fix())
}

/// Nothing if the year is further away than the rules reach.
fn civil_time(local: NaiveDateTime) -> Option<civil::DateTime> {
    let [month, day, hour, minute, second] =
        [local.month(), local.day(), local.hour(), local.minute(), local.second()].map(|part| part as i8);
    civil::DateTime::new(i16::try_from(local.year()).ok()?, month, day, hour, minute, second, 0).ok()
}
