//! The offsets of time zones as the system's files have them (RFC 9636), which may be newer than what is compiled in.
//! Knows the files' binary form; where there is no file, or it does not reach so far, what is compiled in counts.

use std::fs;

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

const FOLDER: &str = "/usr/share/zoneinfo";

/// The offset of a zone at a moment, in seconds east of UTC.
pub(super) fn offset(zone: Tz, at: DateTime<Utc>) -> i32 {
    let file = fs::read(format!("{FOLDER}/{}", zone.name())).ok();
    let own = || zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    file.and_then(|file| read(&file, at.timestamp())).unwrap_or_else(own)
}

/// What a file says of a moment; nothing after its last change.
fn read(file: &[u8], at: i64) -> Option<i32> {
    let first = Header::read(file)?;
    let rest = file.get(HEADER + first.length(4)..)?;
    let header = Header::read(rest)?;
    let data = rest.get(HEADER..)?;
    let times = data.get(..header.times * 8)?;
    let kinds = data.get(header.times * 8..header.times * 9)?;
    let types = data.get(header.times * 9..header.times * 9 + header.types * 6)?;
    let changes: Vec<i64> =
        times.chunks_exact(8).filter_map(|it| Some(i64::from_be_bytes(it.try_into().ok()?))).collect();
    let next = changes.partition_point(|change| *change <= at);
    if next == changes.len() {
        return None;
    }
    let kind = usize::from(*kinds.get(next.checked_sub(1)?)?);
    Some(i32::from_be_bytes(types.get(kind * 6..kind * 6 + 4)?.try_into().ok()?))
}

const HEADER: usize = 44;

/// How much there is of what.
struct Header {
    counts: [usize; 6],
    times: usize,
    types: usize,
}

impl Header {
    fn read(file: &[u8]) -> Option<Self> {
        let counts = file.get(..HEADER).filter(|head| head.starts_with(b"TZif"))?.get(20..)?;
        let count =
            |at: usize| u32::from_be_bytes([counts[at], counts[at + 1], counts[at + 2], counts[at + 3]]) as usize;
        let counts = [0, 4, 8, 12, 16, 20].map(count);
        Some(Self { counts, times: counts[3], types: counts[4] })
    }

    /// Of the data after it, whose times have this number of bytes.
    fn length(&self, time: usize) -> usize {
        let [utc, standard, leaps, times, types, letters] = self.counts;
        times * (time + 1) + types * 6 + letters + leaps * (time + 4) + standard + utc
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_its_offset_in_winter_and_in_summer() {
        for (at, hours) in [("2026-12-02T13:10:00Z", 2), ("2026-07-01T13:10:00Z", 3), ("2126-12-02T13:10:00Z", 2)] {
            assert_eq!(offset(Tz::Europe__Kyiv, at.parse().unwrap()), hours * 3600, "{at}");
        }
        assert_eq!(offset(Tz::UTC, "2026-12-02T13:10:00Z".parse().unwrap()), 0);
    }

    #[test]
    fn what_is_no_such_file_says_nothing() {
        assert_eq!([read(b"", 0), read(b"TZif2", 0), read(&[b'T'; 100], 0)], [None; 3]);
    }
}
