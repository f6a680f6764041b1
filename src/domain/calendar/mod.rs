//! The calendar: on which days rounds are, and when in a day two or three people can meet. [`rounds_ahead`] says which
//! rounds a command is about; [`spread`] applies a limit of meetings at one time. Knows zones, working hours and days
//! off; knows no names and no history.

pub mod rounds_ahead;
pub mod spread;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::local_time::instant;
use super::settings::Meeting;
use super::working_hours::schedule::Schedule;
use crate::domain::zone::Zone;

/// The number of the week (Monday to Sunday) in which a day lies: successive weeks have successive numbers.
pub fn week_of(date: NaiveDate) -> i32 {
    (date.num_days_from_ce() - 1).div_euclid(7)
}

/// The round of the week in which `date` lies: on its weekday, or on the nearest working day of that week if that is a
/// day off (of two equally near, the later), or none if the whole week is off.
pub fn round_of_week(meeting: &Meeting, date: NaiveDate) -> Option<NaiveDate> {
    let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
    let planned = i64::from(meeting.weekday.num_days_from_monday());
    let works = |day: &i64| meeting.is_working_day(monday + TimeDelta::days(*day));
    let nearest = (0..7).filter(works).min_by_key(|day| ((day - planned).abs(), *day < planned));
    nearest.map(|day| monday + TimeDelta::days(day))
}

/// Until when people are matched again for the round of that day: the start of the working day before it.
pub fn last_moment(meeting: &Meeting, date: NaiveDate) -> DateTime<Utc> {
    let before = meeting.working_day_before(date);
    let morning = TimeDelta::minutes(i64::from(meeting.working_hours.begin(before.weekday())));
    instant(meeting.timezone, before.and_time(NaiveTime::MIN) + morning).to_utc()
}

/// Among days in successive weeks, those in a week that has a round: every `every_weeks` from the first round on. If no
/// first round is known, it is the first of these days.
pub fn in_turn<I>(meeting: &Meeting, weekly: I) -> impl Iterator<Item = NaiveDate> + use<I>
where
    I: Iterator<Item = NaiveDate>,
{
    let mut counted_from = counted_from(meeting);
    let (first, every) = (meeting.first_round, meeting.every_weeks);
    weekly.filter(move |date| is_turn(first, every, *counted_from.get_or_insert(week_of(*date)), *date))
}

/// Whether the week of that day has a round, if it is known from when the weeks are counted.
pub fn is_in_turn(meeting: &Meeting, date: NaiveDate) -> bool {
    counted_from(meeting).is_none_or(|from| is_turn(meeting.first_round, meeting.every_weeks, from, date))
}

fn counted_from(meeting: &Meeting) -> Option<i32> {
    meeting.first_round.or(meeting.first_drawn).map(week_of)
}

fn is_turn(first: Option<NaiveDate>, every_weeks: u8, counted_from: i32, date: NaiveDate) -> bool {
    let week = week_of(date);
    let has_begun = first.is_none_or(|first| week_of(first) <= week);
    has_begun && (week - counted_from).rem_euclid(i32::from(every_weeks.max(1))) == 0
}

/// One day for each week whose `weekday` lies in the month: the day of a round, if the week has one.
pub fn weeks_of_month(meeting: &Meeting, month: Month) -> impl Iterator<Item = NaiveDate> {
    let days = month.first().iter_days().take_while(move |day| Month::of(*day) == month);
    days.filter(|day| day.weekday() == meeting.weekday).filter_map(|day| round_of_week(meeting, day))
}

/// The rounds of a month, ascending.
pub fn rounds_of_month(meeting: &Meeting, month: Month) -> Vec<NaiveDate> {
    in_turn(meeting, weeks_of_month(meeting, month)).collect()
}

/// The day of the round for each week from that of `from` on, if the week has one.
pub fn weeks_from(meeting: &Meeting, from: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
    (0..)
        .map_while(move |week| from.checked_add_days(Days::new(7 * week)))
        .filter_map(|day| round_of_week(meeting, day))
}

/// The rounds from the week of `from` on, until the end of the calendar.
pub fn rounds_from(meeting: &Meeting, from: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
    in_turn(meeting, weeks_from(meeting, from))
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

    /// The first day of the month.
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

    /// Parses a month such as `2027-03`.
    fn from_str(text: &str) -> Result<Self, String> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
        let first = first.filter(|first| text.len() == 7 && (2000..2200).contains(&first.year()));
        first.map(Self::of).ok_or_else(|| format!("“{text}” is not a month such as 2027-03"))
    }
}

/// A round's day: for each schedule, when a meeting can take place on that day.
///
/// A meeting starts on the round's date in the programme's zone and lies entirely within one span of working time of
/// each person, on one of their working days.
#[derive(Clone, Debug)]
pub struct Day {
    date: NaiveDate,
    zone: Zone,
    /// Minutes since the Unix epoch, like all minutes here.
    earliest: i64,
    latest: i64,
    target: i64,
    minutes: i64,
    windows: Vec<Vec<(i64, i64)>>,
    /// Row `a`, bit `b`: whether schedules `a` and `b` share a slot.
    shared: Vec<u64>,
    words: usize,
}

impl Day {
    /// The day of the round of `date`, for people of these schedules. No meeting starts before `now`.
    ///
    /// Cost: the square of the number of distinct schedules.
    pub fn new(meeting: &Meeting, date: NaiveDate, now: DateTime<Utc>, schedules: &[Schedule]) -> Self {
        let mut day = Self::times(meeting, date, now, schedules);
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

    /// The same if nobody asks who shares a slot.
    fn times(meeting: &Meeting, date: NaiveDate, now: DateTime<Utc>, schedules: &[Schedule]) -> Self {
        let minute = |at: DateTime<Utc>| at.timestamp().div_euclid(60);
        let [begin, end] = span_of(meeting.timezone, date);
        let windows = schedules.iter().map(|schedule| {
            let times = schedule.times(dates_around(date));
            times.map(|(from, to)| (minute(from), minute(to))).collect()
        });
        Self {
            date,
            zone: meeting.timezone,
            earliest: minute(begin).max((now.timestamp() + 59).div_euclid(60)),
            latest: minute(end) - 1,
            target: minute(local_start(meeting, date)),
            minutes: i64::from(meeting.minutes),
            windows: windows.collect(),
            shared: Vec::new(),
            words: schedules.len().div_ceil(64),
        }
    }

    /// The date of the round.
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// Whether people of these two schedules can meet on that day.
    pub fn shared(&self, a: u16, b: u16) -> bool {
        self.shared[usize::from(a) * self.words + usize::from(b) / 64] >> (b % 64) & 1 == 1
    }

    /// When people with these schedules meet: at the configured start if all of them work then, otherwise at the
    /// nearest time at which they do (of two equally near, the earlier). The instant, in the programme's zone.
    pub fn start(&self, schedules: &[u16]) -> Option<DateTime<Zone>> {
        let start = DateTime::from_timestamp(self.slot(schedules)? * 60, 0)?;
        Some(start.with_timezone(&self.zone))
    }

    /// Whether a minute belongs to that day.
    fn is_on(&self, minute: i64) -> bool {
        (self.earliest..=self.latest).contains(&minute)
    }

    /// Spans of that day, each long enough for a meeting, in which all of them work.
    fn open(&self, schedules: &[u16]) -> Vec<(i64, i64)> {
        let mut open = vec![(self.earliest, self.latest + self.minutes)];
        for &schedule in schedules {
            let windows = &self.windows[usize::from(schedule)];
            open = open
                .iter()
                .flat_map(|&(from, to)| windows.iter().map(move |w| (from.max(w.0), to.min(w.1))))
                .filter(|(from, to)| to - from >= self.minutes)
                .collect();
        }
        open
    }

    fn slot(&self, schedules: &[u16]) -> Option<i64> {
        let open = self.open(schedules);
        let starts = open.iter().map(|(from, to)| self.target.clamp(*from, to - self.minutes));
        starts.min_by_key(|start| ((start - self.target).abs(), *start))
    }
}

/// When the meetings of a date are to begin.
pub fn local_start(meeting: &Meeting, date: NaiveDate) -> DateTime<Utc> {
    instant(meeting.timezone, date.and_time(meeting.start)).to_utc()
}

/// Whether somebody works at any time of that date of the programme.
pub fn has_time_on(meeting: &Meeting, date: NaiveDate, schedule: &Schedule) -> bool {
    let [begin, end] = span_of(meeting.timezone, date);
    schedule.times(dates_around(date)).any(|(from, to)| from < end && to > begin)
}

/// When a date begins and ends in a zone.
fn span_of(zone: Zone, date: NaiveDate) -> [DateTime<Utc>; 2] {
    let midnight = date.and_time(NaiveTime::MIN);
    [midnight, midnight + TimeDelta::days(1)].map(|local| instant(zone, local).to_utc())
}

/// The dates that other places may have while one place has that date, and the date before, whose night work may reach
/// into them.
fn dates_around(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (-2..=1).filter_map(move |days| date.checked_add_signed(TimeDelta::days(days)))
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;
    use crate::domain::working_hours::weekdays::Weekdays;

    fn meeting() -> Meeting {
        Meeting {
            weekday: Weekday::Wed,
            start: NaiveTime::from_hms_opt(15, 10, 0).unwrap(),
            minutes: 30,
            timezone: Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv),
            ..Meeting::default()
        }
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn start(meeting: &Meeting, day: &str, people: &[(&str, &str)]) -> Option<String> {
        let off: std::sync::Arc<[NaiveDate]> = meeting.skip_dates.as_slice().into();
        let schedule = |(zone, hours): &(&str, &str)| {
            Schedule::new(
                Zone::compiled_in(zone.parse().unwrap()),
                meeting.workdays,
                &hours.parse().unwrap(),
                off.clone(),
            )
        };
        let schedules: Vec<Schedule> = people.iter().map(schedule).collect();
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
    fn a_round_every_so_many_weeks_is_counted_from_the_first() {
        let rounds = |every_weeks, first_round: Option<&str>, first_drawn: Option<&str>, off: &[&str]| -> Vec<String> {
            let skip_dates = off.iter().map(|day| date(day)).collect();
            let [first_round, first_drawn] = [first_round, first_drawn].map(|day| day.map(date));
            let meeting = Meeting { every_weeks, first_round, first_drawn, skip_dates, ..meeting() };
            rounds_from(&meeting, date("2026-12-01")).take(3).map(|day| day.to_string()).collect()
        };
        let weekly = ["2026-12-02", "2026-12-09", "2026-12-16"];
        assert_eq!(rounds(1, None, None, &[]), weekly);
        assert_eq!(rounds(1, None, Some("2026-12-09"), &[]), weekly, "an earlier round can still be drawn");
        assert_eq!(rounds(1, Some("2026-12-09"), None, &[])[0], "2026-12-09");
        assert_eq!(rounds(2, None, None, &[]), ["2026-12-02", "2026-12-16", "2026-12-30"]);
        assert_eq!(rounds(2, None, Some("2026-11-25"), &[]), ["2026-12-09", "2026-12-23", "2027-01-06"]);
        assert_eq!(rounds(2, Some("2026-11-23"), Some("2026-12-02"), &[])[0], "2026-12-09", "any day of the week");
        assert_eq!(rounds(8, Some("2026-12-16"), None, &[]), ["2026-12-16", "2027-02-10", "2027-04-07"]);
        let moved = rounds(2, None, Some("2026-12-02"), &["2026-12-16"]);
        assert_eq!(moved, ["2026-12-02", "2026-12-17", "2026-12-30"], "a holiday moves one round and no other");
    }

    #[test]
    fn a_month_has_the_rounds_whose_turn_it_is() {
        let meeting = Meeting { every_weeks: 3, first_drawn: Some(date("2026-11-25")), ..meeting() };
        assert_eq!(rounds_of_month(&meeting, "2026-12".parse().unwrap()), [date("2026-12-16")]);
        assert_eq!(rounds_of_month(&meeting, "2027-01".parse().unwrap()), ["2027-01-06", "2027-01-27"].map(date));
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
    fn a_round_falls_on_a_working_day_wherever_the_weekend_is() {
        let round = |weekday, workdays: &str, off: &[&str]| {
            let skip_dates = off.iter().map(|day| date(day)).collect();
            let meeting = Meeting { weekday, workdays: workdays.parse().unwrap(), skip_dates, ..meeting() };
            round_of_week(&meeting, date("2026-12-23")).map(|day| day.to_string())
        };
        let cases = [
            (Weekday::Sun, "Sun-Thu", &[][..], Some("2026-12-27")),
            (Weekday::Thu, "Sun-Thu", &["2026-12-24"], Some("2026-12-23")),
            (Weekday::Fri, "Sun-Thu", &[], Some("2026-12-24")),
            (Weekday::Wed, "Mon-Wed", &["2026-12-23"], Some("2026-12-22")),
            (Weekday::Wed, "Mon, Fri", &[], Some("2026-12-25")),
            (Weekday::Sat, "Mon-Sat", &["2026-12-26"], Some("2026-12-25")),
            (Weekday::Wed, "Wed", &["2026-12-23"], None),
        ];
        for (weekday, workdays, off, expected) in cases {
            assert_eq!(round(weekday, workdays, off).as_deref(), expected, "{weekday}s of {workdays}");
        }
    }

    #[test]
    fn nobody_meets_on_a_day_off_of_theirs_whatever_the_date_of_the_round_is() {
        let far = [("Pacific/Auckland", "09:00-17:30"), ("Pacific/Auckland", "09:00-17:30")];
        assert_eq!(start(&meeting(), "2026-12-02", &far).as_deref(), Some("2026-12-02T22:00:00+02:00"));
        let thursday_off = Meeting { skip_dates: vec![date("2026-12-03")], ..meeting() };
        assert_eq!(start(&thursday_off, "2026-12-02", &far).as_deref(), Some("2026-12-02T06:00:00+02:00"));
        let fridays = Meeting { weekday: Weekday::Fri, ..meeting() };
        assert_eq!(start(&fridays, "2026-12-04", &far).as_deref(), Some("2026-12-04T06:00:00+02:00"));
    }

    #[test]
    fn several_spans_and_nights_are_shared() {
        let slots = [
            (["9-12, 13-17", "9-12, 16-18"], Some("2026-12-02T16:00:00+02:00")),
            (["9-12, 13-17", "12-13"], None),
            (["22:00-06:00", "21:00-23:00"], Some("2026-12-02T22:00:00+02:00")),
            (["22:00-06:00", "00:00-08:00"], Some("2026-12-02T05:30:00+02:00")),
            (["Wed 9-11", "9-17"], Some("2026-12-02T10:30:00+02:00")),
            (["Tue 9-11", "9-17"], None),
        ];
        for (hours, expected) in slots {
            let both = hours.map(|hours| ("Europe/Kyiv", hours));
            assert_eq!(start(&meeting(), "2026-12-02", &both).as_deref(), expected, "{hours:?}");
        }
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
            workdays: Weekdays::ALL,
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
