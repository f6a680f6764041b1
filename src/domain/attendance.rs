//! Who was in a meeting, judged by what Webex says about those who joined: only the conclusion is kept. Decides when to
//! look and what follows; makes no call. How long somebody was there, and with which device, goes no further than this
//! module.

use chrono::{DateTime, TimeDelta, Utc};

use super::state::bookings::{Booking, Seen, Stage};
use super::state::{Group, PersonId, State};

/// Webex's list of those who came is complete this long after the end of a meeting.
pub const COMPLETE: TimeDelta = TimeDelta::minutes(15);
/// How long after the end the list is waited for; then people are asked as if nobody had looked.
pub const PATIENCE: TimeDelta = TimeDelta::hours(4);
/// How long after the end it is worth looking: as long as people are asked.
const LOOKED_FOR: TimeDelta = TimeDelta::days(4);
/// Whoever is in a meeting for less than this was not there.
const THERE: TimeDelta = TimeDelta::minutes(5);
/// A meeting can be joined this long before its start, and somebody who comes may be early for it.
const EARLY: TimeDelta = TimeDelta::hours(1);

/// When something began and ended, as far as Webex says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// When it began, if Webex says so.
    pub from: Option<DateTime<Utc>>,
    /// When it ended; absent while it lasts.
    pub to: Option<DateTime<Utc>>,
}

/// Somebody who joined, as Webex lists them: one person may be there several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attendee {
    /// The address as Webex gives it; for a guest it may be anything.
    pub email: String,
    /// From when to when they were in the meeting.
    pub times: Times,
    /// From when to when they were in it, for each device.
    pub devices: Vec<Times>,
    /// Whether they are waiting to be let in.
    pub waits: bool,
}

impl Attendee {
    /// The spans in which they were there, up to `now` if they still are; none if that is not known.
    fn spans(&self, now: DateTime<Utc>) -> Option<Vec<Span>> {
        let within = |times: &Times| {
            let from = times.from.max(self.times.from)?;
            let to = times.to.or(self.times.to).unwrap_or(now);
            let to = self.times.to.map_or(to, |left| to.min(left));
            (from < to).then_some(Span { from, to })
        };
        let by_device: Vec<Span> = self.devices.iter().filter_map(within).collect();
        if !by_device.is_empty() {
            return Some(by_device);
        }
        let from = self.times.from?;
        Some(vec![Span { from, to: self.times.to.unwrap_or(now) }])
    }

    /// Whether they have not left yet, as far as is known.
    fn is_there(&self) -> bool {
        self.times.to.is_none() && (self.devices.is_empty() || self.devices.iter().any(|device| device.to.is_none()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// The union of the spans: what overlaps counts once.
fn united(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.from < span.to);
    spans.sort_unstable();
    let mut united: Vec<Span> = Vec::new();
    for span in spans {
        match united.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => united.push(span),
        }
    }
    united
}

fn length(spans: &[Span]) -> TimeDelta {
    spans.iter().map(|span| span.to - span.from).sum()
}

/// The spans in which both are there. Cost: the product of the two lengths.
fn shared(some: &[Span], others: &[Span]) -> Vec<Span> {
    let both = |a: &Span, b: &Span| Span { from: a.from.max(b.from), to: a.to.min(b.to) };
    united(some.iter().flat_map(|a| others.iter().map(move |b| both(a, b))).collect())
}

/// What follows for a meeting of these people that was to begin at `start`. Nothing yet if somebody is still there, or
/// if it is not known since when, unless this is the `last` time that Webex is asked: those who left earlier are listed
/// only once all have left.
pub fn conclude(
    attendees: &[(Option<PersonId>, &Attendee)],
    people: Group,
    start: DateTime<Utc>,
    (now, last): (DateTime<Utc>, bool),
) -> Option<Seen> {
    let times = |person: PersonId| {
        let theirs = attendees.iter().filter(|(id, attendee)| *id == Some(person) && !attendee.waits);
        united(theirs.filter_map(|(_, attendee)| attendee.spans(now)).flatten().collect())
    };
    let times: Vec<(PersonId, Vec<Span>)> = people.people().iter().map(|id| (*id, times(*id))).collect();
    let met = |(at, (_, some)): (usize, &(PersonId, Vec<Span>))| {
        times[at + 1..].iter().any(|(_, others)| length(&shared(some, others)) >= THERE)
    };
    if times.iter().enumerate().any(met) {
        return Some(Seen::Both);
    }
    let is_open = |(_, attendee): &(_, &Attendee)| attendee.is_there() || attendee.spans(now).is_none();
    if attendees.iter().any(is_open) {
        return last.then_some(Seen::Unclear);
    }
    // That may be one of those who meet, who has not logged in; so nobody was alone.
    let somebody = attendees.iter().any(|(id, _)| id.is_none_or(|id| !people.has(id)));
    let came: Vec<&(PersonId, Vec<Span>)> = times.iter().filter(|(_, spans)| !spans.is_empty()).collect();
    let near = |spans: &[Span]| spans.iter().all(|span| span.from >= start - EARLY);
    Some(match came[..] {
        _ if somebody => Seen::Unclear,
        [] => Seen::Nobody,
        [(_, spans)] if length(spans) < THERE => Seen::Nobody,
        [(person, spans)] if near(spans) => Seen::One(*person),
        _ => Seen::Unclear,
    })
}

/// When a meeting ends at the latest, as far as is known: while it is being moved, nobody knows whether it has moved.
fn ends(booking: &Booking) -> DateTime<Utc> {
    let moving = match booking.stage {
        Stage::Moving(_, to, minutes) => Some((to + TimeDelta::minutes(minutes.into())).to_utc()),
        _ => None,
    };
    moving.into_iter().fold(booking.end().to_utc(), DateTime::max)
}

/// Whether it is time to look who came to that meeting.
fn is_due(booking: &Booking, now: DateTime<Utc>) -> bool {
    let stands = matches!(booking.stage, Stage::Booked(_) | Stage::Moving(..));
    let ends = ends(booking);
    let is_open = booking.seen.is_none() && booking.result.is_none();
    stands && is_open && !booking.is_ahead(now) && now >= ends + COMPLETE && now < ends + LOOKED_FOR
}

/// The meetings for which it is time to look who came.
pub fn due(state: &State, now: DateTime<Utc>) -> impl Iterator<Item = &Booking> {
    state.bookings.iter().filter(move |booking| is_due(booking, now))
}

/// Whether nobody is asked about that meeting yet, because it may still turn out who came.
pub fn is_awaited(booking: &Booking, now: DateTime<Utc>) -> bool {
    booking.seen.is_none() && booking.result.is_none() && !is_last(booking, now)
}

/// Whether there is no point in waiting any longer.
pub fn is_last(booking: &Booking, now: DateTime<Utc>) -> bool {
    now >= ends(booking) + PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: usize = 0;
    const B: usize = 1;
    const C: usize = 2;
    const GUEST: usize = 9;

    /// A time of the day, in minutes and seconds after 15:10.
    fn at(minutes: i64, seconds: i64) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2026-12-02T15:10:00Z".parse().unwrap();
        start + TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds)
    }

    fn times((from, to): (i64, i64)) -> Times {
        let known = |minute| (minute != NEVER).then(|| at(minute, 0));
        Times { from: known(from), to: known(to) }
    }

    const NEVER: i64 = i64::MIN;

    fn seen(group: Group, came: &[(usize, Attendee)], last: bool) -> Option<Seen> {
        let who = |who: usize| (who != GUEST).then(|| PersonId::new(who));
        let came: Vec<_> = came.iter().map(|(id, attendee)| (who(*id), attendee)).collect();
        conclude(&came, group, at(0, 0), (at(45, 0), last))
    }

    fn pair() -> Group {
        Group::Pair([PersonId::new(A), PersonId::new(B)])
    }

    fn there(who: usize, from: i64, to: i64) -> (usize, Attendee) {
        (who, Attendee { times: times((from, to)), ..Attendee::default() })
    }

    fn by(who: usize, whole: (i64, i64), devices: &[(i64, i64)]) -> (usize, Attendee) {
        let devices = devices.iter().map(|device| times(*device)).collect();
        (who, Attendee { times: times(whole), devices, ..Attendee::default() })
    }

    #[test]
    fn what_follows_of_who_came_to_a_pair() {
        let one = |who| Some(Seen::One(PersonId::new(who)));
        let (both, nobody, unclear) = (Some(Seen::Both), Some(Seen::Nobody), Some(Seen::Unclear));
        type Case = (&'static str, Vec<(usize, Attendee)>, Option<Seen>);
        let table: Vec<Case> = vec![
            ("nobody", vec![], nobody),
            ("both", vec![there(A, 0, 30), there(B, 0, 30)], both),
            ("both, early", vec![there(A, -10, 3), there(B, -9, 3)], both),
            ("five minutes exactly", vec![there(A, 0, 30), there(B, 20, 25)], both),
            ("late", vec![there(A, 0, 30), there(B, 24, 30)], both),
            ("too short to have met", vec![there(A, 0, 30), there(B, 20, 24)], unclear),
            ("each alone, one after the other", vec![there(A, 0, 10), there(B, 11, 30)], unclear),
            ("twice", vec![there(A, 0, 30), there(B, 2, 4), there(B, 10, 13)], both),
            ("two devices do not count twice", vec![there(A, 0, 30), there(B, 2, 5), there(B, 2, 6)], unclear),
            ("two devices of one who is alone", vec![there(A, 0, 30), there(A, 2, 28)], one(A)),
            ("devices one after the other", vec![there(A, 0, 30), by(B, (0, 30), &[(0, 3), (27, 30)])], both),
            ("only by devices", vec![there(A, 0, 30), by(B, (NEVER, NEVER), &[(0, 3), (3, 9)])], both),
            ("devices of another day", vec![there(A, 0, 30), by(B, (0, 30), &[(-9_999, -9_990)])], both),
            ("away between", vec![there(A, 0, 30), by(B, (0, 30), &[(0, 2), (28, 30)])], unclear),
            ("one alone", vec![there(B, 0, 20)], one(B)),
            ("one alone, five minutes exactly", vec![there(B, 0, 5)], one(B)),
            ("one who only looked in", vec![there(B, 0, 4)], nobody),
            ("one at a time of before", vec![there(B, -9_999, -9_980)], unclear),
            ("a guest alone", vec![there(GUEST, 0, 20)], unclear),
            ("two guests", vec![there(GUEST, 0, 20), there(GUEST, 0, 20)], unclear),
            ("one and a guest", vec![there(A, 0, 20), there(GUEST, 1, 20)], unclear),
            ("both and a guest", vec![there(A, 0, 20), there(B, 1, 20), there(GUEST, 1, 20)], both),
            ("one and a colleague", vec![there(A, 0, 20), there(C, 1, 20)], unclear),
            ("both still there", vec![there(A, 0, NEVER), there(B, 20, NEVER)], both),
            ("one still there", vec![there(A, 0, NEVER)], None),
            ("one still there, the other left", vec![there(A, 0, NEVER), there(B, 0, 4)], None),
            ("not known from when", vec![there(A, NEVER, NEVER)], None),
        ];
        for (what, came, expected) in table {
            assert_eq!(seen(pair(), &came, false), expected, "{what}");
            let last = expected.or(unclear);
            assert_eq!(seen(pair(), &came, true), last, "{what}, at last");
        }
    }

    #[test]
    fn who_waits_at_the_door_was_not_there() {
        let waits = |to| (B, Attendee { waits: true, ..there(B, 0, to).1 });
        assert_eq!(seen(pair(), &[there(A, 0, 30), waits(NEVER)], false), None);
        assert_eq!(seen(pair(), &[there(A, 0, 30), waits(NEVER)], true), Some(Seen::Unclear));
    }

    #[test]
    fn of_three_two_are_enough() {
        let trio = Group::Trio([PersonId::new(A), PersonId::new(B), PersonId::new(C)]);
        assert_eq!(seen(trio, &[there(A, 0, 30), there(C, 10, 15)], false), Some(Seen::Both));
        assert_eq!(seen(trio, &[there(A, 0, 9), there(B, 10, 19), there(C, 20, 30)], false), Some(Seen::Unclear));
        assert_eq!(seen(trio, &[there(C, 0, 30)], false), Some(Seen::One(PersonId::new(C))));
    }

    #[test]
    fn a_second_less_than_five_minutes_is_less() {
        let almost = Times { from: Some(at(0, 1)), to: Some(at(5, 0)) };
        let almost = (B, Attendee { times: almost, ..Attendee::default() });
        assert_eq!(seen(pair(), &[there(A, 0, 30), almost.clone()], false), Some(Seen::Unclear));
        assert_eq!(seen(pair(), &[almost], false), Some(Seen::Nobody));
    }
}
