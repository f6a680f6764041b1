use chrono::{NaiveTime, TimeDelta, Weekday};
use proptest::prelude::*;

use super::*;
use crate::domain::working_hours::schedule::Schedule;
use crate::domain::zone::Zone;

const NOW: &str = "2026-12-01T09:00:00Z";

fn meeting(at_once: usize) -> Meeting {
    let zone = Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv);
    let start = NaiveTime::from_hms_opt(15, 10, 0).unwrap();
    Meeting { weekday: Weekday::Wed, start, minutes: 30, timezone: zone, at_once, ..Meeting::default() }
}

fn day() -> NaiveDate {
    "2026-12-09".parse().unwrap()
}

fn at(text: &str) -> DateTime<FixedOffset> {
    format!("{text}:00+02:00").parse().unwrap()
}

/// Meetings of people with these working hours, each with the start that was planned so far.
struct Case {
    meeting: Meeting,
    schedules: Vec<Schedule>,
    meetings: Vec<Unplaced>,
    taken: Vec<Taken>,
}

impl Case {
    fn new(at_once: usize, hours: &[&str]) -> Self {
        let meeting = meeting(at_once);
        let schedule =
            |hours: &&str| Schedule::new(meeting.timezone, meeting.workdays, &hours.parse().unwrap(), [].into());
        let schedules: Vec<Schedule> = hours.iter().map(schedule).collect();
        let of_round = Day::new(&meeting, day(), DateTime::UNIX_EPOCH, &schedules);
        let unplaced = |place: u16| {
            let best = of_round.start(&[place]).unwrap();
            let best = best.with_timezone(&best.offset().fix());
            Unplaced {
                schedules: [place].into_iter().collect(),
                away: Vec::new(),
                busy: Vec::new(),
                best,
                planned: None,
            }
        };
        let meetings = (0..schedules.len() as u16).map(unplaced).collect();
        Self { meeting, schedules, meetings, taken: Vec::new() }
    }

    fn week(&self) -> Week {
        Week::new(&self.meeting, day(), NOW.parse().unwrap(), &self.schedules)
    }

    fn spread(&self) -> Vec<DateTime<FixedOffset>> {
        let all: Vec<DateTime<Utc>> = self.meetings.iter().map(|meeting| meeting.best.to_utc()).collect();
        self.week().spread(&self.taken, &all, &self.meetings)
    }

    fn local(&self) -> Vec<String> {
        self.spread().iter().map(|start| start.format("%d %H:%M").to_string()).collect()
    }

    fn spans(&self, starts: &[DateTime<FixedOffset>]) -> Vec<Taken> {
        let length = TimeDelta::minutes(self.meeting.minutes.into());
        let spans = starts.iter().map(|start| (start.to_utc(), start.to_utc() + length));
        spans.chain(self.taken.iter().copied()).collect()
    }
}

#[test]
fn meetings_within_the_limit_begin_when_they_would_without_one() {
    assert_eq!(Case::new(3, &["09:00-17:30"; 3]).local(), ["09 15:10"; 3]);
    assert_eq!(
        Case::new(1, &["09:00-12:00", "16:15-17:00", "09:00-17:30"]).local(),
        ["09 11:30", "09 16:15", "09 15:10"]
    );
}

#[test]
fn the_others_begin_as_near_to_the_configured_start_as_there_is_room() {
    let mut starts = Case::new(2, &["09:00-17:30"; 5]).local();
    starts.sort_unstable();
    let off_by_30 = starts.iter().filter(|start| ["09 14:40", "09 15:40"].contains(&start.as_str())).count();
    assert_eq!((starts.iter().filter(|start| *start == "09 15:10").count(), off_by_30), (2, 3), "{starts:?}");
}

#[test]
fn whoever_can_only_then_has_the_time() {
    let case = Case::new(1, &["09:00-17:30", "15:00-16:00", "09:00-17:30"]);
    assert_eq!(case.local()[1], "09 15:10");
    let case = Case::new(1, &["15:00-17:00", "15:00-16:00"]);
    assert_eq!(case.local(), ["09 15:40", "09 15:10"]);
}

#[test]
fn a_day_that_is_full_goes_on_with_the_working_days_around_it() {
    let starts = Case::new(1, &["15:00-15:50"; 6]).local();
    let mut days: Vec<&str> = starts.iter().map(|start| &start[..2]).collect();
    days.sort_unstable();
    assert_eq!(days, ["07", "08", "09", "09", "10", "11"], "the sixth finds none, and begins as it would by itself");
    let mut away = Case::new(1, &["15:00-15:50"; 2]);
    away.meetings[0].away = vec![day()];
    away.meetings[1].away = vec!["2026-12-10".parse().unwrap()];
    assert_eq!(away.local(), ["10 15:10", "09 15:10"]);
}

#[test]
fn a_day_has_room_for_as_many_as_its_hours_hold() {
    let starts = Case::new(1, &["15:00-16:00"; 2]).local();
    assert_eq!((starts.contains(&"09 15:00".to_owned()), starts.contains(&"09 15:30".to_owned())), (true, true));
    let days: Vec<String> = Case::new(1, &["09:00-17:30"; 17]).local();
    assert!(days.iter().all(|start| start.starts_with("09 ")), "{days:?}");
}

#[test]
fn what_is_taken_stays_and_is_in_the_way() {
    let mut case = Case::new(1, &["09:00-17:30"; 2]);
    case.taken = vec![(at("2026-12-09T15:00").to_utc(), at("2026-12-09T15:30").to_utc())];
    let mut starts = case.local();
    starts.sort_unstable();
    assert_eq!(starts, ["09 14:10", "09 15:40"]);
}

#[test]
fn whoever_is_in_another_meeting_begins_before_or_after_it() {
    for at_once in [0, 3] {
        let mut case = Case::new(at_once, &["09:00-17:30", "15:00-16:00"]);
        let busy = |from: &str, to: &str| vec![(at(from).to_utc(), at(to).to_utc())];
        case.meetings[0].busy = busy("2026-12-09T15:00", "2026-12-09T15:45");
        // Too little of their working hours is left on that day.
        case.meetings[1].busy = busy("2026-12-09T15:20", "2026-12-09T15:50");
        let starts = case.local();
        assert!(["09 14:15", "09 14:30", "09 15:45"].contains(&&*starts[0]), "{at_once}: {starts:?}");
        assert!(starts[1].starts_with("10 "), "{at_once}: {starts:?}");
        case.meetings[0].busy = busy("2026-12-09T14:40", "2026-12-09T15:10");
        case.meetings[1].busy = busy("2026-12-09T15:40", "2026-12-09T16:10");
        assert_eq!(case.local(), ["09 15:10"; 2], "{at_once}: what ends when they begin is in nobody's way");
    }
}

#[test]
fn what_is_spread_once_stays_and_so_does_the_rest_once_some_of_it_is_booked() {
    for at_once in 1..4 {
        let mut case =
            Case::new(at_once, &[&["09:00-17:30"; 9][..], &["16:15-18:00"; 4], &["09:00-11:00"; 6]].concat());
        let once = case.spread();
        for (meeting, start) in case.meetings.iter_mut().zip(&once) {
            meeting.planned = Some(*start);
        }
        assert_eq!(case.spread(), once);
        let all: Vec<DateTime<Utc>> = case.meetings.iter().map(|meeting| meeting.best.to_utc()).collect();
        for booked in [1, 7, 12] {
            let taken = case.spans(&once[..booked]);
            assert_eq!(case.week().spread(&taken, &all, &case.meetings[booked..]), once[booked..], "{booked} booked");
        }
    }
}

#[test]
fn too_many_are_those_that_begin_while_as_many_run_as_may() {
    let span =
        |from: &str, to: &str| (at(&format!("2026-12-09T{from}")).to_utc(), at(&format!("2026-12-09T{to}")).to_utc());
    let meetings = vec![span("15:10", "15:40"), span("15:40", "16:10"), span("15:10", "15:40"), span("15:30", "16:00")];
    assert_eq!([1, 2, 3].map(|most| too_many(meetings.clone(), most)), [2, 1, 0]);
}

/// The least cost of all ways to begin, by trying each: meetings without a time, on other days, days off, minutes off.
fn least(case: &Case, at: usize, chosen: &mut Vec<(usize, i64)>, cost: [i64; 4], best: &mut Option<[i64; 4]>) {
    if best.is_some_and(|best| best <= cost) {
        return;
    }
    if at == case.meetings.len() {
        *best = Some(cost);
        return;
    }
    let week = case.week();
    let grid = week.grid(0);
    for (place, start) in grid.iter().enumerate() {
        let running = chosen.iter().filter(|(other, _)| *other == place).count();
        let moment = DateTime::from_timestamp(start.minute * 60, 0).unwrap();
        if running < case.meeting.at_once && week.allows(&case.meetings[at].schedules, &[], moment) {
            chosen.push((place, start.minute));
            let day = start.day as i64;
            let more = [cost[0], cost[1] + i64::from(day > 0), cost[2] + day, cost[3] + start.off];
            least(case, at + 1, chosen, more, best);
            chosen.pop();
        }
    }
    least(case, at + 1, chosen, [cost[0] + 1, cost[1], cost[2], cost[3]], best);
}

proptest! {
    #[test]
    fn few_meetings_are_spread_as_well_as_can_be(
        hours in prop::collection::vec((0..4_u16, 1..4_u16), 1..6), at_once in 1..3_usize, planned in 0..3_usize
    ) {
        let clock = |slot: u16| { let minute = 14 * 60 + 10 + slot * 30; format!("{:02}:{:02}", minute / 60, minute % 60) };
        let hours: Vec<String> =
            hours.iter().map(|(from, length)| format!("{}-{}", clock(*from), clock(from + length))).collect();
        let mut case = Case::new(at_once, &hours.iter().map(String::as_str).collect::<Vec<_>>());
        case.meeting.workdays = "wed-thu".parse().unwrap();
        for meeting in case.meetings.iter_mut().take(planned) {
            meeting.planned = Some(at("2026-12-10T15:10"));
        }
        let starts = case.spread();
        let week = case.week();
        let grid = week.grid(0);
        let mut cost = [0; 4];
        for (meeting, start) in case.meetings.iter().zip(&starts) {
            prop_assert!(week.allows(&meeting.schedules, &[], start.to_utc()), "{}", start);
            let on = grid.iter().find(|on| on.minute == minute(start.to_utc())).unwrap();
            cost = [cost[0], cost[1] + i64::from(on.day > 0), cost[2] + on.day as i64, cost[3] + on.off];
        }
        let over = too_many(case.spans(&starts), at_once);
        let mut best = None;
        least(&case, 0, &mut Vec::new(), [0; 4], &mut best);
        let best = best.unwrap();
        prop_assert_eq!(over as i64, best[0], "{:?}", starts);
        if over == 0 {
            prop_assert_eq!(cost, best, "{:?}", starts);
        }
    }
}
