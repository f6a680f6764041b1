//! When one person works: their zone, their hours on each day of the week, and their days off.
//! Knows dates and instants; knows no name and no round.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::weekdays::{WEEK, Weekdays};
use super::{DAY, Hours, Span};
use crate::domain::local_time::instant;
use crate::domain::zone::Zone;

/// When a person works. Cheap to compare, so that everybody with the same hours shares one schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Schedule {
    /// The zone in which they work.
    pub zone: Zone,
    /// Their spans, by day from Monday on.
    week: [Vec<Span>; 7],
    /// Days on which they do not work although the week has hours for them, ascending.
    off: Arc<[NaiveDate]>,
}

/// A message is not held back by working hours if it would then come later than this before its subject.
const LATEST: TimeDelta = TimeDelta::hours(1);
/// For how many days ahead it is worked out when somebody is next at work.
const LONGEST_ABSENCE: usize = 400;

impl Schedule {
    /// Somebody who works these hours on these days of the week, except on the days off (ascending).
    pub fn new(zone: Zone, days: Weekdays, hours: &Hours, off: Arc<[NaiveDate]>) -> Self {
        Self { zone, week: WEEK.map(|day| if days.contains(day) { hours.on(day).to_vec() } else { Vec::new() }), off }
    }

    /// The same if a working day has no hours: then the hours that are written first apply.
    pub fn with_usual_hours(zone: Zone, days: Weekdays, hours: &Hours, off: Arc<[NaiveDate]>) -> Self {
        let mut schedule = Self::new(zone, days, hours, off);
        for (spans, day) in schedule.week.iter_mut().zip(WEEK) {
            if days.contains(day) && spans.is_empty() {
                *spans = hours.usual().to_vec();
            }
        }
        schedule
    }

    /// The days of the week on which they work.
    pub fn days(&self) -> Weekdays {
        let worked = WEEK.iter().zip(&self.week).filter(|(_, spans)| !spans.is_empty());
        worked.fold(Weekdays::default(), |days, (day, _)| days.union((*day).into()))
    }

    /// Whether they work on that date.
    pub fn works_on(&self, date: NaiveDate) -> bool {
        !self.spans(date).is_empty()
    }

    /// Whether that date is a day off, whatever day of the week it is.
    fn is_off(&self, date: NaiveDate) -> bool {
        self.off.binary_search(&date).is_ok()
    }

    /// Whether it is a day off on which they would otherwise work.
    pub fn is_holiday(&self, date: NaiveDate) -> bool {
        self.is_off(date) && !self.week[weekday(date)].is_empty()
    }

    /// The same week without any day off.
    pub fn without_days_off(&self) -> Self {
        Self { off: Arc::default(), ..self.clone() }
    }

    /// Their spans on a date, in local time; none on a day off.
    pub fn spans(&self, date: NaiveDate) -> &[Span] {
        if self.is_off(date) { &[] } else { &self.week[weekday(date)] }
    }

    /// Their working times that begin on these dates, as instants, ascending. Night work ends at midnight if the next
    /// day is off.
    pub fn times(
        &self,
        dates: impl Iterator<Item = NaiveDate>,
    ) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        dates.flat_map(move |date| {
            let tomorrow_off = date.succ_opt().is_some_and(|next| self.is_off(next));
            self.spans(date).iter().map(move |span| {
                let to = if tomorrow_off { span.to.min(DAY) } else { span.to };
                (self.at(date, span.from), self.at(date, to))
            })
        })
    }

    /// Whether this number of minutes from that time lies entirely within one of their spans.
    pub fn works(&self, start: DateTime<Utc>, minutes: u16) -> bool {
        let end = start + TimeDelta::minutes(i64::from(minutes));
        let today = self.today(start);
        let days = [today.pred_opt(), Some(today)].into_iter().flatten();
        self.times(days).any(|(from, to)| from <= start && end <= to)
    }

    /// When they next start work, if that is known.
    pub fn next_start(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = self.today(now).iter_days().take(LONGEST_ABSENCE);
        self.times(days).map(|(from, _)| from).find(|from| *from > now)
    }

    /// The last working day before that date, or the day before if there is none.
    pub fn working_day_before(&self, date: NaiveDate) -> NaiveDate {
        let mut before = date.iter_days().rev().skip(1).take(LONGEST_ABSENCE);
        before.find(|day| self.works_on(*day)).or(date.pred_opt()).unwrap_or(date)
    }

    /// The first working day after that date, or the day after if there is none.
    pub fn working_day_after(&self, date: NaiveDate) -> NaiveDate {
        let mut after = date.iter_days().skip(1).take(LONGEST_ABSENCE);
        after.find(|day| self.works_on(*day)).or(date.succ_opt()).unwrap_or(date)
    }

    /// Whether a message that is of use until `before` may be sent now: they are at work, or it would come too late
    /// once they are. Even then it waits for one of their working days, unless that too would be too late and it is
    /// `urgent`.
    pub fn is_polite(&self, now: DateTime<Utc>, before: DateTime<Utc>, urgent: bool) -> bool {
        let too_late = |at: DateTime<Utc>| at > before - LATEST;
        if self.works(now, 0) || self.week.iter().all(Vec::is_empty) {
            return true;
        }
        if self.next_start(now).is_some_and(|next| !too_late(next)) {
            return false;
        }
        let today = self.today(now);
        self.works_on(today) || urgent && too_late(self.at(self.working_day_after(today), 0))
    }

    /// The date where they are, at that instant.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.zone).date_naive()
    }

    /// The earliest and the latest minute at which they work on any day; the whole day if they work at night.
    pub fn bounds(&self) -> (u16, u16) {
        let spans = || self.week.iter().flatten();
        let from = spans().map(|span| span.from).min().unwrap_or(0);
        let to = spans().map(|span| span.to).max().unwrap_or(DAY);
        if to > DAY { (0, DAY) } else { (from, to) }
    }

    fn at(&self, date: NaiveDate, minute: u16) -> DateTime<Utc> {
        instant(self.zone, date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute))).to_utc()
    }
}

fn weekday(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(days: &str, hours: &str, off: &[&str]) -> Schedule {
        let off = off.iter().map(|day| day.parse().unwrap()).collect();
        Schedule::new(
            Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv),
            days.parse().unwrap(),
            &hours.parse().unwrap(),
            off,
        )
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+02:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
    }

    #[test]
    fn somebody_works_in_their_spans_and_on_their_days() {
        // Wednesday is 2 December 2026.
        let cases = [
            ("Mon-Fri", "09:00-17:30", &[][..], "2026-12-02T17:00", true),
            ("Mon-Fri", "09:00-17:30", &[], "2026-12-02T17:01", false),
            ("Mon-Fri", "09:00-17:30", &[], "2026-12-05T10:00", false),
            ("Sun-Thu", "09:00-17:30", &[], "2026-12-06T10:00", true),
            ("Sun-Thu", "09:00-17:30", &[], "2026-12-04T10:00", false),
            ("Mon-Fri", "9-12, 13-17", &[], "2026-12-02T11:30", true),
            ("Mon-Fri", "9-12, 13-17", &[], "2026-12-02T11:45", false),
            ("Mon-Fri", "9-12, 13-17", &[], "2026-12-02T12:15", false),
            ("Mon-Fri", "Mon-Thu 9-17, Fri 9-13", &[], "2026-12-04T12:30", true),
            ("Mon-Fri", "Mon-Thu 9-17, Fri 9-13", &[], "2026-12-04T13:00", false),
            ("Mon-Fri", "22:00-06:00", &[], "2026-12-02T23:45", true),
            ("Mon-Fri", "22:00-06:00", &[], "2026-12-05T05:00", true),
            ("Mon-Fri", "22:00-06:00", &[], "2026-12-07T05:00", false),
            ("Mon-Fri", "22:00-06:00", &["2026-12-03"], "2026-12-02T23:45", false),
            ("Mon-Fri", "22:00-06:00", &["2026-12-03"], "2026-12-02T23:15", true),
            ("Mon-Fri", "09:00-17:30", &["2026-12-02"], "2026-12-02T10:00", false),
        ];
        for (days, hours, off, time, works) in cases {
            assert_eq!(schedule(days, hours, off).works(at(time), 30), works, "{days} {hours} {off:?} at {time}");
        }
    }

    #[test]
    fn the_working_day_before_is_no_day_off() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let cases = [
            ("Mon-Fri", &[][..], "2026-12-02", "2026-12-01"),
            ("Mon-Fri", &[], "2026-12-07", "2026-12-04"),
            ("Mon-Fri", &["2026-12-04"], "2026-12-07", "2026-12-03"),
            ("Sun-Thu", &[], "2026-12-07", "2026-12-06"),
            ("Wed", &[], "2026-12-09", "2026-12-02"),
        ];
        for (days, off, date, before) in cases {
            let schedule = schedule(days, "9-17", off);
            assert_eq!(schedule.working_day_before(day(date)), day(before), "{days} {off:?}");
            assert!(schedule.working_day_after(day(before)) <= day(date));
        }
    }

    #[test]
    fn nobody_is_disturbed_before_their_next_working_day_unless_it_is_too_late_then() {
        let office = schedule("Mon-Fri", "9-17", &["2026-12-07"]);
        let polite = |now, before, urgent| office.is_polite(at(now), at(before), urgent);
        assert!(polite("2026-12-04T10:00", "2026-12-08T15:10", true), "at work");
        assert!(!polite("2026-12-04T18:00", "2026-12-08T15:10", true));
        assert!(!polite("2026-12-07T10:00", "2026-12-08T15:10", true), "a holiday");
        assert!(!polite("2026-12-07T10:00", "2026-12-08T09:30", true), "it can wait for Tuesday's first hours");
        assert!(polite("2026-12-08T07:00", "2026-12-08T09:30", true));
        assert!(polite("2026-12-07T10:00", "2026-12-07T15:10", true), "they agreed to meet on a holiday");
        assert!(!polite("2026-12-07T10:00", "2026-12-07T15:10", false));
    }
}
