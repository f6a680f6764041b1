//! When the groups of a round begin: each at its own best time or, if one host may have only so many meetings at a time
//! or if somebody is in another programme's meeting, as [`spread`](crate::domain::calendar::spread) decides. The only
//! place where that is decided, both for rounds that are drawn and for rounds that are brought in line.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use hashbrown::{HashMap, HashSet};
use smallvec::SmallVec;

use crate::domain::calendar::spread::{Taken, Unplaced, Week};
use crate::domain::calendar::week_of;
use crate::domain::elsewhere::overlaps;
use crate::domain::rules::Rules;
use crate::domain::settings::Meeting;
use crate::domain::state::bookings::{Booking, Bookings};
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Group, Slot, State};

/// A group, and when it begins.
pub(super) type Start = (DateTime<FixedOffset>, Group);

/// What the starts of a round depend on.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) state: &'a State,
    pub(super) booked: &'a Bookings<'a>,
    pub(super) index: &'a PersonIndex,
    pub(super) rules: &'a Rules,
    pub(super) meeting: &'a Meeting,
    pub(super) now: DateTime<Utc>,
}

/// The groups of the round of `date`, given when each would begin by itself, and when it was `planned` to.
pub(super) fn spread(given: Given<'_>, date: NaiveDate, groups: Vec<Start>, planned: &[Start]) -> Vec<Start> {
    let Given { state, booked, index, rules, meeting, now } = given;
    let elsewhere = rules.elsewhere();
    let was_beside = || groups.iter().any(|(_, group)| booked.of(date, *group).is_some_and(|booking| booking.beside));
    if groups.is_empty() || meeting.at_once == 0 && elsewhere.is_empty() && !was_beside() {
        return groups;
    }
    let busy = |group: &Group| -> Vec<Taken> {
        let people = group.people().iter().filter_map(|id| index.position(*id));
        people.flat_map(|person| rules.busy(person)).copied().collect()
    };
    let is_busy = |start: DateTime<FixedOffset>, group: &Group| {
        busy(group).iter().any(|taken| overlaps(*taken, start.to_utc(), meeting.minutes))
    };
    // For people who are also in other programmes' meetings, booked meetings stay where they are; for everybody, if
    // those programmes cannot be read.
    let is_settled = |group: &Group| {
        let booking = booked.of(date, *group);
        booking.is_some_and(|booking| booking.beside || elsewhere.is_partly_unseen || !busy(group).is_empty())
    };
    let stays = |(start, group): &Start| meeting.at_once == 0 && !is_busy(*start, group) && !is_settled(group);
    if groups.iter().all(stays) {
        return groups;
    }
    let week = Week::new(meeting, date, now, rules.schedules());
    let planned: HashMap<Group, DateTime<FixedOffset>> =
        planned.iter().map(|(start, group)| (*group, *start)).collect();
    let mut groups = groups;
    groups.sort_unstable_by_key(|(_, group)| *group);
    let all: Vec<DateTime<Utc>> = groups.iter().map(|(start, _)| start.to_utc()).collect();
    let mut to_place: HashSet<Group> = HashSet::new();
    let mut unplaced = Vec::new();
    for (start, group) in &mut groups {
        let before = planned.get(group).copied();
        let booking = booked.of(date, *group).filter(|booking| booking.may_be_at_webex());
        if stays(&(*start, *group)) {
            continue;
        }
        if *start <= now && !booked.is_ahead(date, *group, before.unwrap_or(*start), now) {
            continue;
        }
        let positions = group.people().iter().filter_map(|id| index.position(*id)).collect::<SmallVec<[_; 3]>>();
        let schedules: SmallVec<[u16; 3]> = positions.iter().map(|person| rules.schedule(*person)).collect();
        let is_away = |day: &NaiveDate| positions.iter().any(|person| rules.away(*person, *day).is_some());
        let away: Vec<NaiveDate> = week.dates().filter(is_away).collect();
        match booking {
            Some(booking) if booking.agreed.is_some() => *start = before.unwrap_or(*start),
            Some(booking) if week.allows(&schedules, &away, booking.start.to_utc()) => {
                *start = booking.start.with_timezone(start.offset());
            }
            _ => {
                to_place.insert(*group);
                unplaced.push(Unplaced { schedules, away, busy: busy(group), best: *start, planned: before });
            }
        }
    }
    let is_here = |group: Group| groups.binary_search_by_key(&group, |(_, group)| *group).is_ok();
    let counts = |booking: &&Booking| {
        let is_of_round = week_of(booking.round) == week_of(date);
        let is_on = !is_of_round || is_here(booking.people) && !to_place.contains(&booking.people);
        booking.may_be_at_webex() && booking.host.is_none() && is_on
    };
    let here = state.bookings.iter().filter(counts).flat_map(Booking::taken);
    let taken: Vec<Taken> = here.chain(elsewhere.hosted().iter().copied()).collect();
    let starts = week.spread(&taken, &all, &unplaced);
    let places = groups.iter_mut().filter(|(_, group)| to_place.contains(group));
    for (((start, _), new), meeting) in places.zip(starts).zip(unplaced) {
        // A meeting for which no free time is found stays where it is planned rather than at a time that is over.
        *start = if new > now { new } else { meeting.planned.unwrap_or(new) };
    }
    groups
}

/// Groups by start, those of each slot in ascending order.
pub(super) fn slots(mut groups: Vec<Start>) -> Vec<Slot> {
    groups.sort_unstable();
    let mut slots: Vec<Slot> = Vec::new();
    for (start, group) in groups {
        if slots.last().is_none_or(|slot| slot.start != start) {
            slots.push(Slot { start, pairs: Vec::new(), trios: Vec::new() });
        }
        let Some(slot) = slots.last_mut() else { continue };
        match group {
            Group::Pair(pair) => slot.pairs.push(pair),
            Group::Trio(trio) => slot.trios.push(trio),
        }
    }
    slots
}
