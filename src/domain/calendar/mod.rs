//! The calendar: on which days rounds are, and when in a day two or three people can meet.
//! Knows zones, working hours and days off; knows no names and no history.

pub mod rounds_ahead;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use super::local_time::{Hours, instant};
use super::settings::Meeting;

/// The number of the week (Monday to Sunday) in which a day lies: successive weeks have successive numbers.
pub fn week_of(date: NaiveDate) -> i32 {
    (date.num_days_from_ce() - 1).div_euclid(7)
}

/// The round of the week in which `date` lies: its weekday, or the nearest working day of that week where
/// that is a day off (of two as near, the later), or none where the whole week is off.
pub fn round_of_week(meeting: &Meeting, date: NaiveDate) -> Option<NaiveDate> {
    let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
    let planned = i64::from(meeting.weekday.num_days_from_monday());
    let works = |day: &i64| {
        let date = monday + TimeDelta::days(*day);
        (*day < 5 || *day == planned) && meeting.skip_dates.binary_search(&date).is_err()
    };
    let nearest = (0..7).filter(works).min_by_key(|day| ((day - planned).abs(), *day < planned));
    nearest.map(|day| monday + TimeDelta::days(day))
}

/// Whether people work on that day: no weekend, and none of the days off.
pub fn is_working_day(meeting: &Meeting, date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && meeting.skip_dates.binary_search(&date).is_err()
}

/// Until when people are matched anew for the round of that day: the start of the working day before it.
pub fn last_moment(meeting: &Meeting, date: NaiveDate) -> DateTime<Utc> {
    let before = date.iter_days().rev().skip(1).take(30).find(|day| is_working_day(meeting, *day));
    let morning = TimeDelta::minutes(i64::from(meeting.working_hours.from));
    instant(meeting.timezone, before.unwrap_or(date).and_time(NaiveTime::MIN) + morning).to_utc()
}

/// The rounds of a month, ascending: one for each of the weeks whose `weekday` lies in the month.
pub fn rounds_of_month(meeting: &Meeting, month: Month) -> Vec<NaiveDate> {
    let days = month.first().iter_days().take_while(|day| Month::of(*day) == month);
    days.filter(|day| day.weekday() == meeting.weekday).filter_map(|day| round_of_week(meeting, day)).collect()
}

/// The rounds from the week of `from` on, one a week, without end but that of the calendar.
pub fn rounds_from(meeting: &Meeting, from: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
    (0..)
        .map_while(move |week| from.checked_add_days(Days::new(7 * week)))
        .filter_map(|day| round_of_week(meeting, day))
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month in which a day lies.
    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MAX)
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self::of(self.first() + Days::new(31))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for Month {
    type Err = String;

    /// Reads `2027-03`.
    fn from_str(text: &str) -> Result<Self, String> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
        let first = first.filter(|first| text.len() == 7 && (2000..2200).contains(&first.year()));
        first.map(Self::of).ok_or_else(|| format!("“{text}” is not a month such as 2027-03"))
    }
}

/// When a person works: their zone and hours.
pub type WorkingHours = (Tz, Hours);

/// A round's day: for each of the schedules, when on that day a meeting can be.
///
/// A meeting starts on the round's date in the programme's zone and lies wholly within one working day of
/// each person. Where a person's own date is not the round's, it must be a Monday to Friday.
#[derive(Clone, Debug)]
pub struct Day {
    date: NaiveDate,
    zone: Tz,
    /// Minutes since the Unix epoch, as all minutes here.
    earliest: i64,
    latest: i64,
    target: i64,
    minutes: i64,
    windows: Vec<Vec<(i64, i64)>>,
    /// Row `a`, bit `b`: schedules `a` and `b` share a slot.
    shared: Vec<u64>,
    words: usize,
}

impl Day {
    /// The day of the round of `date`, for people of these schedules. No meeting starts before `now`.
    ///
    /// Cost: the square of the number of distinct schedules.
    pub fn new(meeting: &Meeting, date: NaiveDate, now: DateTime<Utc>, schedules: &[WorkingHours]) -> Self {
        let minute = |zone: Tz, date: NaiveDate, minute: u16| {
            let midnight = date.and_time(NaiveTime::MIN);
            instant(zone, midnight + TimeDelta::minutes(i64::from(minute))).timestamp().div_euclid(60)
        };
        let windows = schedules.iter().map(|&(zone, hours)| {
            let dates = [date.pred_opt(), Some(date), date.succ_opt()].into_iter().flatten();
            let working = dates.filter(|day| *day == date || !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
            working.map(|day| (minute(zone, day, hours.from), minute(zone, day, hours.to))).collect()
        });
        let mut day = Self {
            date,
            zone: meeting.timezone,
            earliest: minute(meeting.timezone, date, 0).max((now.timestamp() + 59).div_euclid(60)),
            latest: minute(meeting.timezone, date, 24 * 60) - 1,
            target: instant(meeting.timezone, date.and_time(meeting.start)).timestamp().div_euclid(60),
            minutes: i64::from(meeting.minutes),
            windows: windows.collect(),
            shared: Vec::new(),
            words: schedules.len().div_ceil(64),
        };
        day.shared = vec![0; day.words * schedules.len()];
        for a in 0..schedules.len() as u16 {
            for b in 0..=a {
                if day.slot(&[a, b]).is_some() {
                    day.shared[usize::from(a) * day.words + usize::from(b) / 64] |= 1 << (b % 64);
                    day.shared[usize::from(b) * day.words + usize::from(a) / 64] |= 1 << (a % 64);
                }
            }
        }
        day
    }

    /// The day itself.
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// Whether people of these two schedules can meet on that day.
    pub fn shared(&self, a: u16, b: u16) -> bool {
        self.shared[usize::from(a) * self.words + usize::from(b) / 64] >> (b % 64) & 1 == 1
    }

    /// When people of these schedules meet: at the configured start if all of them work then, else at the
    /// nearest time at which they do (of two as near, the earlier). The instant, in the programme's zone.
    pub fn start(&self, schedules: &[u16]) -> Option<DateTime<Tz>> {
        let start = DateTime::from_timestamp(self.slot(schedules)? * 60, 0)?;
        Some(start.with_timezone(&self.zone))
    }

    fn slot(&self, schedules: &[u16]) -> Option<i64> {
        let mut open = vec![(self.earliest, self.latest + self.minutes)];
        for &schedule in schedules {
            let windows = &self.windows[usize::from(schedule)];
            let meets = |&(from, to): &(i64, i64)| windows.iter().map(move |w| (from.max(w.0), to.min(w.1)));
            open = open.iter().flat_map(meets).filter(|(from, to)| to - from >= self.minutes).collect();
        }
        let starts = open.iter().map(|(from, to)| self.target.clamp(*from, to - self.minutes));
        starts.min_by_key(|start| ((start - self.target).abs(), *start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meeting() -> Meeting {
        Meeting {
            weekday: Weekday::Wed,
            start: NaiveTime::from_hms_opt(15, 10, 0).unwrap(),
            minutes: 30,
            timezone: chrono_tz::Europe::Kyiv,
            working_hours: "09:00-17:30".parse().unwrap(),
            skip_dates: vec![],
            book_ahead_days: 7,
        }
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn start(meeting: &Meeting, day: &str, people: &[(&str, &str)]) -> Option<String> {
        let schedules: Vec<WorkingHours> =
            people.iter().map(|(z, h)| (z.parse().unwrap(), h.parse().unwrap())).collect();
        let all: Vec<u16> = (0..people.len() as u16).collect();
        let day = Day::new(meeting, date(day), DateTime::UNIX_EPOCH, &schedules);
        assert!(people.len() != 2 || day.shared(0, 1) == day.start(&all).is_some());
        day.start(&all).map(|at| at.to_rfc3339())
    }

    #[test]
    fn a_month_has_a_round_for_each_of_its_weekdays() {
        let rounds = rounds_of_month(&meeting(), "2026-12".parse().unwrap());
        assert_eq!(rounds, ["2026-12-02", "2026-12-09", "2026-12-16", "2026-12-23", "2026-12-30"].map(date));
    }

    #[test]
    fn a_day_off_moves_its_round_to_the_nearest_working_day_of_the_week() {
        let off = |days: &[&str]| {
            let meeting = Meeting { skip_dates: days.iter().map(|d| date(d)).collect(), ..meeting() };
            round_of_week(&meeting, date("2026-12-23")).map(|day| day.to_string())
        };
        assert_eq!(off(&[]).as_deref(), Some("2026-12-23"));
        assert_eq!(off(&["2026-12-23"]).as_deref(), Some("2026-12-24"), "the later of two as near");
        assert_eq!(off(&["2026-12-23", "2026-12-24"]).as_deref(), Some("2026-12-22"));
        assert_eq!(off(&["2026-12-21", "2026-12-22", "2026-12-23", "2026-12-24"]).as_deref(), Some("2026-12-25"));
        assert_eq!(off(&["2026-12-21", "2026-12-22", "2026-12-23", "2026-12-24", "2026-12-25"]), None);
    }

    #[test]
    fn a_week_that_reaches_into_the_next_month_is_counted_once() {
        let meeting = Meeting { skip_dates: vec![date("2027-03-31")], ..meeting() };
        assert_eq!(rounds_of_month(&meeting, "2027-03".parse().unwrap()).last(), Some(&date("2027-04-01")));
        assert_eq!(rounds_of_month(&meeting, "2027-04".parse().unwrap())[0], date("2027-04-07"));
    }

    #[test]
    fn a_pair_meets_at_the_configured_start_if_both_work_then() {
        let both = [("Europe/Kyiv", "09:00-17:30"), ("Europe/Berlin", "09:00-17:30")];
        assert_eq!(start(&meeting(), "2026-12-02", &both).as_deref(), Some("2026-12-02T15:10:00+02:00"));
    }

    #[test]
    fn else_at_the_nearest_time_at_which_both_work() {
        let late = [("Europe/Kyiv", "09:00-17:30"), ("America/New_York", "09:00-17:30")];
        assert_eq!(start(&meeting(), "2026-12-02", &late).as_deref(), Some("2026-12-02T16:00:00+02:00"));
        let early = [("Europe/Kyiv", "09:00-17:30"), ("Asia/Singapore", "09:00-17:30")];
        assert_eq!(start(&meeting(), "2026-12-02", &early).as_deref(), Some("2026-12-02T11:00:00+02:00"));
    }

    #[test]
    fn no_start_where_no_slot_is_shared() {
        let apart = [("America/Los_Angeles", "09:00-17:30"), ("Europe/Kyiv", "09:00-17:30")];
        assert_eq!(start(&meeting(), "2026-12-02", &apart), None);
        let nearly = [("Europe/Kyiv", "09:00-12:29"), ("Europe/Kyiv", "12:00-17:30")];
        assert_eq!(start(&meeting(), "2026-12-02", &nearly), None, "29 minutes are no slot of 30");
    }

    #[test]
    fn three_people_need_one_slot_together() {
        let three = [("Europe/Kyiv", "09:00-13:00"), ("Europe/Kyiv", "12:00-17:30"), ("Europe/Kyiv", "09:00-17:30")];
        assert_eq!(start(&meeting(), "2026-12-02", &three).as_deref(), Some("2026-12-02T12:30:00+02:00"));
    }

    #[test]
    fn a_neighbour_s_date_counts_on_working_days_only() {
        let far = [("America/Los_Angeles", "09:00-17:30"), ("Asia/Tokyo", "09:00-17:30")];
        assert_eq!(start(&meeting(), "2026-12-02", &far).as_deref(), Some("2026-12-02T03:00:00+02:00"));
        let monday = Meeting { weekday: Weekday::Mon, ..meeting() };
        assert_eq!(start(&monday, "2026-11-30", &far), None, "in Los Angeles it is Sunday");
    }

    #[test]
    fn an_hour_that_is_skipped_moves_on_and_one_that_comes_twice_means_the_first() {
        let sunday = |start: &str| Meeting {
            weekday: Weekday::Sun,
            start: NaiveTime::parse_from_str(start, "%H:%M").unwrap(),
            ..meeting()
        };
        let both = [("Europe/Kyiv", "00:00-24:00"), ("Europe/Kyiv", "00:00-24:00")];
        let night = sunday("03:30");
        assert_eq!(start(&night, "2027-03-28", &both).as_deref(), Some("2027-03-28T04:30:00+03:00"));
        assert_eq!(start(&night, "2027-10-31", &both).as_deref(), Some("2027-10-31T03:30:00+03:00"));
    }

    #[test]
    fn the_start_keeps_its_local_time_across_a_clock_change() {
        let both = [("Europe/Kyiv", "09:00-17:30"), ("Europe/Kyiv", "09:00-17:30")];
        assert_eq!(start(&meeting(), "2027-03-24", &both).as_deref(), Some("2027-03-24T15:10:00+02:00"));
        assert_eq!(start(&meeting(), "2027-03-31", &both).as_deref(), Some("2027-03-31T15:10:00+03:00"));
        let usa = [("Europe/Kyiv", "09:00-17:30"), ("America/New_York", "09:00-17:30")];
        assert_eq!(
            start(&meeting(), "2027-03-24", &usa).as_deref(),
            Some("2027-03-24T15:10:00+02:00"),
            "New York is an hour nearer between the two clock changes"
        );
    }
}
