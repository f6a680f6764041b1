//! Wall-clock times: a time of day as people write it, and the instant of a local time across clock changes. Knows
//! zones; knows no roster and no rule.

use chrono::{DateTime, Datelike, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};

use crate::domain::zone::Zone;

/// Reads a time of day such as `9:00` or `15:10`.
///
/// # Errors
/// Parses a time of day; the error says how to write one.
pub fn clock_time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| format!("“{text}” is not a time such as 15:10"))
}

/// Whether a day or time lies in years in which anything can take place: with years far away, days cannot be counted
/// on, and some cannot even be written in a way that can be read back.
pub fn is_plausible(when: &impl Datelike) -> bool {
    (1970..=9000).contains(&when.year())
}

/// No clock is further from UTC than this, and no clock change is longer.
const MARGIN: TimeDelta = TimeDelta::days(2);

/// The instant of a local time. A time that a clock change skips is moved on by as much as the clocks are; of a time
/// that occurs twice, the first is meant. Near the ends of all time, it is the last one that every zone has.
pub fn instant(zone: Zone, local: NaiveDateTime) -> DateTime<Zone> {
    let local = local.clamp(NaiveDateTime::MIN + MARGIN, NaiveDateTime::MAX - MARGIN);
    let shifted = |minutes| zone.from_local_datetime(&(local - TimeDelta::minutes(minutes))).latest();
    zone.from_local_datetime(&local).earliest().unwrap_or_else(|| {
        // Inside a gap: use the offset that was in force before it. No zone has ever skipped more than a day.
        let before =
            [60, 180, 1500].into_iter().find_map(|minutes| shifted(minutes).map(|at| at + TimeDelta::minutes(minutes)));
        before.unwrap_or_else(|| zone.from_utc_datetime(&local))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_local_time_has_an_instant() {
        let [east, west] = [chrono_tz::Pacific::Kiritimati, chrono_tz::Pacific::Pago_Pago].map(Zone::compiled_in);
        for zone in [east, Zone::UTC, west] {
            for local in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
                let at = instant(zone, local);
                assert!((at.naive_local() - local).abs() <= MARGIN, "{at}");
                assert!((at.to_utc() + TimeDelta::hours(1)).with_timezone(&zone) > at);
            }
        }
    }
}
