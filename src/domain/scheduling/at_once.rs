//! What Webex may refuse: more meetings of one host at a time than it allows. If the limit is known, starts are
//! [spread](crate::domain::calendar::spread) as far as there is room, and the meetings without a slot are counted.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};

use super::{Action, SchedulePlan, Today};
use crate::domain::calendar::spread::{Taken, too_many};
use crate::domain::state::bookings::{Booking, Stage};

/// Some hosts may have no more meetings in progress at once than this.
const SURE: usize = 2;

/// Rounds ahead, up to a day if one is given, with how many of their meetings exceed the limit, and of how many.
pub fn too_many_ahead(today: Today<'_>, through: Option<NaiveDate>) -> Vec<(NaiveDate, usize, usize)> {
    let Today { state, booked, meeting, now, .. } = today;
    if meeting.at_once == 0 {
        return Vec::new();
    }
    let rounds = state.rounds.iter().filter(|round| through.is_none_or(|through| round.date <= through));
    let counted = rounds.map(|round| {
        let times =
            round.groups().map(|(planned, group)| booked.time(round.date, group, (planned, meeting.minutes), now));
        let ahead: Vec<Taken> = times.filter(|(start, _)| *start > now).map(taken).collect();
        let of = ahead.len();
        (round.date, too_many(ahead, meeting.at_once), of)
    });
    counted.filter(|(_, over, _)| *over > 0).collect()
}

/// How many of the organizer's meetings are to be booked for one time, and when: if these are more than every host may
/// have in progress, as far as is known, and so many were never booked before.
pub fn first_crowd(schedule: &SchedulePlan, bookings: &[Booking]) -> Option<(usize, DateTime<FixedOffset>)> {
    let time = |booking: &Booking| (booking.start, booking.minutes);
    let is_there = |booking: &&Booking| !matches!(booking.stage, Stage::Refused { .. } | Stage::Deleted);
    let known = bookings.iter().filter(is_there).filter(|booking| booking.host.is_none());
    let known: Vec<Taken> = known.map(time).map(taken).collect();
    if too_many(known.clone(), SURE) > 0 {
        return None;
    }
    let books = schedule.steps.iter().filter(|step| matches!(step.action, Action::Book(_)));
    let books: Vec<_> = books.map(|step| &step.booking).filter(|it| it.host.is_none()).map(time).collect();
    let all: Vec<Taken> = known.into_iter().chain(books.iter().copied().map(taken)).collect();
    let running = |at: DateTime<FixedOffset>| all.iter().filter(|(from, to)| *from <= at && at < *to).count();
    let crowds = books.iter().map(|(start, _)| (running(*start), *start));
    let most = crowds.reduce(|most, crowd| if crowd.0 > most.0 { crowd } else { most });
    most.filter(|(count, _)| *count > SURE)
}

fn taken((start, minutes): (DateTime<FixedOffset>, u16)) -> Taken {
    (start.to_utc(), start.to_utc() + TimeDelta::minutes(minutes.into()))
}
