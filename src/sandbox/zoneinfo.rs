//! The offsets of time zones according to zone files (RFC 9636), which may be newer than the built-in rules. Knows the
//! folders in which they are; if there is no usable file, the built-in rules apply.

use std::env;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use jiff::Timestamp;
use jiff::tz::TimeZone as Rules;

/// Where systems keep zone files, unless `TZDIR` says otherwise.
const SYSTEM: &str = "/usr/share/zoneinfo";

/// The folders in which zone files are looked for.
#[derive(Clone, Debug)]
pub(super) struct Zoneinfo {
    /// The folder that is searched first.
    folder: Option<PathBuf>,
    system: PathBuf,
}

impl Default for Zoneinfo {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Zoneinfo {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        let system = env::var_os("TZDIR").filter(|it| !it.is_empty()).map_or_else(|| SYSTEM.into(), PathBuf::from);
        Self { folder, system }
    }

    /// The offset of a zone at a moment, in seconds east of UTC.
    pub(super) fn offset(&self, zone: Tz, at: DateTime<Utc>) -> i32 {
        let rules = self.folder.iter().chain([&self.system]).find_map(|folder| {
            let file = fs::read(folder.join(zone.name())).ok()?;
            Rules::tzif(zone.name(), &file).ok()
        });
        let by_rules = rules.zip(Timestamp::from_second(at.timestamp()).ok());
        let compiled_in = || zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
        by_rules.map_or_else(compiled_in, |(rules, at)| rules.to_offset(at).seconds())
    }

    /// The local time of a zone at a moment.
    pub(super) fn local(&self, zone: Tz, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(self.offset(zone, at));
        at.with_timezone(&offset.unwrap_or_else(|| Utc.fix()))
    }

    /// The moment at which the clocks of a zone show that time.
    pub(super) fn moment(&self, zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
        let mut at = local.and_utc();
        // The first guess may lie on the other side of a clock change.
        for _ in 0..2 {
            at = local.and_utc() - TimeDelta::seconds(self.offset(zone, at).into());
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_its_offset_in_winter_and_in_summer() {
        let zoneinfo = Zoneinfo::default();
        for (at, hours) in [("2026-12-02T13:10:00Z", 2), ("2026-07-01T13:10:00Z", 3), ("2126-12-02T13:10:00Z", 2)] {
            let at: DateTime<Utc> = at.parse().unwrap();
            assert_eq!(zoneinfo.offset(Tz::Europe__Kyiv, at), hours * 3600, "{at}");
            assert_eq!(zoneinfo.moment(Tz::Europe__Kyiv, zoneinfo.local(Tz::Europe__Kyiv, at).naive_local()), at);
        }
        assert_eq!(zoneinfo.offset(Tz::UTC, "2026-12-02T13:10:00Z".parse().unwrap()), 0);
    }

    #[test]
    fn what_is_no_zone_file_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("Europe")).unwrap();
        fs::write(folder.path().join("Europe/Kyiv"), b"TZif2").unwrap();
        let zoneinfo = Zoneinfo::new(Some(folder.path().to_owned()));
        assert_eq!(zoneinfo.offset(Tz::Europe__Kyiv, "2026-12-02T13:10:00Z".parse().unwrap()), 7200);
    }
}
