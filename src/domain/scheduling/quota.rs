//! Webex's quota: how many meetings may be requested in 24 hours, including those that it refuses. Knows numbers and
//! times; books nothing.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::domain::state::bookings::BookingRequests;

const DAY: TimeDelta = TimeDelta::hours(24);

/// The requests of this programme, and of other programmes of the same organizer.
pub type AllAsked<'a> = [&'a [BookingRequests]; 2];

/// How many more meetings may be requested at `now`.
pub fn left(asked: AllAsked<'_>, per_day: u32, now: DateTime<Utc>) -> usize {
    let used: u32 = asked.iter().copied().flatten().filter(|asked| asked.at > now - DAY).map(|asked| asked.count).sum();
    per_day.saturating_sub(used) as usize
}

/// When the next meeting may be requested, if the day's quota is used up at `now`.
pub fn again(asked: AllAsked<'_>, now: DateTime<Utc>) -> DateTime<Utc> {
    let oldest = asked.iter().copied().flatten().map(|asked| asked.at).filter(|at| *at > now - DAY).min();
    oldest.unwrap_or(now) + DAY
}

/// For each round (by day, with its number of meetings, none of them booked), how many cannot be booked in time if
/// booking begins `ahead` days before each; `left` may be booked today, `per_day` on each later day. The most urgent
/// meetings are booked first.
pub fn late(rounds: &[(NaiveDate, usize)], today: NaiveDate, ahead: u32, left: usize, per_day: u32) -> Vec<usize> {
    let mut rest: Vec<usize> = rounds.iter().map(|(_, meetings)| *meetings).collect();
    let Some(last) = rounds.iter().map(|(date, _)| *date).max() else { return rest };
    let mut room = left;
    for day in today.iter_days().take_while(|day| *day <= last) {
        for ((date, _), rest) in rounds.iter().zip(&mut rest) {
            let open = date.checked_sub_days(Days::new(ahead.into())).is_none_or(|first| first <= day);
            // On the day itself, the meetings may be over before the day is.
            if open && (day < *date || (day == today && *date == today)) {
                let booked = room.min(*rest);
                *rest -= booked;
                room -= booked;
            }
        }
        room = per_day as usize;
    }
    rest
}

/// The smallest number of days ahead with which all can be booked in time, if there is one of up to a year.
pub fn enough(rounds: &[(NaiveDate, usize)], today: NaiveDate, left: usize, per_day: u32) -> Option<u32> {
    (1..=366).find(|ahead| late(rounds, today, *ahead, left, per_day).iter().all(|late| *late == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_s_quota_comes_back_as_it_was_used() {
        let asked = [
            BookingRequests { at: at("2026-12-01T08:00:00Z"), count: 60 },
            BookingRequests { at: at("2026-12-01T20:00:00Z"), count: 30 },
        ];
        let (here, elsewhere) = asked.split_at(1);
        let left = |now| left([here, elsewhere], 100, at(now));
        assert_eq!(left("2026-12-01T21:00:00Z"), 10);
        assert_eq!(again([here, elsewhere], at("2026-12-01T21:00:00Z")), at("2026-12-02T08:00:00Z"));
        assert_eq!(left("2026-12-02T08:00:00Z"), 70);
        assert_eq!(left("2026-12-02T20:00:00Z"), 100);
        assert_eq!(again([&[], &[]], at("2026-12-02T20:00:00Z")), at("2026-12-03T20:00:00Z"));
    }

    #[test]
    fn a_round_too_large_for_its_week_is_late_and_more_days_help() {
        let rounds = [(day("2026-12-09"), 900)];
        let today = day("2026-12-01");
        assert_eq!(late(&rounds, today, 7, 100, 100), [200]);
        assert_eq!(late(&rounds, today, 8, 100, 100), [100], "today's and those of seven days more");
        assert_eq!(enough(&rounds, today, 100, 100), None);
        assert_eq!(enough(&rounds, day("2026-11-20"), 100, 100), Some(9));
        assert_eq!(late(&rounds, today, 7, 3000, 3000), [0]);
    }

    #[test]
    fn rounds_share_the_quota_and_the_first_comes_first() {
        let rounds = [(day("2026-12-02"), 400), (day("2026-12-09"), 400)];
        assert_eq!(late(&rounds, day("2026-12-01"), 30, 100, 100), [300, 0]);
        assert_eq!(late(&[], day("2026-12-01"), 7, 100, 100), [0; 0]);
    }
}
