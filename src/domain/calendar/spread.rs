//! Starts of one round's meetings if one host may have only so many at a time: spread over the free times of the people
//! who meet, on the round's day and then on the nearest working days of its week.
//!
//! As many meetings as possible get a time of their own; of these, as many as possible on the round's day, the others
//! as few days away as possible, and all as near to the configured start as possible. What is booked stays where it is;
//! and of two equally good ways, the one in which more meetings stay where they were planned is taken, so that what has
//! been spread once does not change again. It is a minimum-cost flow (successive shortest paths) from meetings that can
//! be at the same times to a grid of starts, a meeting's length apart. Cost: per path, kinds of meetings times starts.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, Offset, Utc};
use smallvec::SmallVec;

use super::{Day, week_of};
use crate::domain::settings::Meeting;
use crate::domain::working_hours::schedule::Schedule;

/// A meeting that is to get a start.
#[derive(Clone, Debug)]
pub struct Unplaced {
    /// The working schedules of the people who meet.
    pub schedules: SmallVec<[u16; 3]>,
    /// Days of the week on which one of them does not take part, ascending.
    pub away: Vec<NaiveDate>,
    /// The times of their other meetings.
    pub busy: Vec<Taken>,
    /// When it begins if no other meeting is in the way.
    pub best: DateTime<FixedOffset>,
    /// When it was planned to begin so far.
    pub planned: Option<DateTime<FixedOffset>>,
}

/// The start and the end of a meeting.
pub type Taken = (DateTime<Utc>, DateTime<Utc>);

/// More meetings than can ever take place at once.
const NO_LIMIT: usize = usize::MAX / 2;
/// How many other grids are tried.
const SHIFTS: usize = 4;

/// The days of a round's week on which its meetings can take place.
#[derive(Clone)]
pub struct Week {
    /// The round's day first, then the other days by distance; of two equally near, the later one.
    days: Vec<Day>,
    /// The first minute for which it is known how many meetings are running.
    from: i64,
    at_once: usize,
    minutes: i64,
    /// How many meetings are running, by minute.
    running: Vec<usize>,
}

/// A start on the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct GridStart {
    day: usize,
    minute: i64,
    /// How far it is from the configured start, in minutes.
    off: i64,
}

impl Week {
    /// The days of the week of the round of `date`. No meeting starts before `now`.
    pub fn new(meeting: &Meeting, date: NaiveDate, now: DateTime<Utc>, schedules: &[Schedule]) -> Self {
        let mut dates: Vec<NaiveDate> = (1..7)
            .flat_map(|days| [date.checked_add_days(Days::new(days)), date.checked_sub_days(Days::new(days))])
            .flatten()
            .filter(|day| week_of(*day) == week_of(date) && meeting.is_working_day(*day))
            .collect();
        dates.insert(0, date);
        let days: Vec<Day> = dates.iter().map(|date| Day::times(meeting, *date, now, schedules)).collect();
        let first = dates.iter().min().copied().unwrap_or(date);
        let [begin, _] = super::span_of(meeting.timezone, first);
        Self {
            days,
            from: minute(begin) - 1440,
            at_once: if meeting.at_once == 0 { NO_LIMIT } else { meeting.at_once },
            minutes: i64::from(meeting.minutes),
            running: vec![0; 10 * 1440],
        }
    }

    /// The days, the round's first.
    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.days.iter().map(Day::date)
    }

    /// Whether people of these schedules who are away on these days can meet at that time.
    pub fn allows(&self, schedules: &[u16], away: &[NaiveDate], start: DateTime<Utc>) -> bool {
        let at = minute(start);
        let mut days = self.days.iter().filter(|day| !away.contains(&day.date));
        days.any(|day| {
            day.is_on(at) && day.open(schedules).iter().any(|(from, to)| *from <= at && at <= to - self.minutes)
        })
    }

    /// The starts of the meetings, in their order, next to what is already taken; `all` says when every meeting of the
    /// round would begin by itself. A meeting for which no free time is found begins when it would by itself.
    pub fn spread(
        mut self,
        taken: &[Taken],
        all: &[DateTime<Utc>],
        meetings: &[Unplaced],
    ) -> Vec<DateTime<FixedOffset>> {
        all.iter().for_each(|start| self.take(minute(*start), self.minutes, 1));
        let fit_by_themselves = self.running.iter().all(|running| *running <= self.at_once);
        self.running.fill(0);
        for (from, to) in taken {
            self.take(minute(*from), (minute(*to) - minute(*from)).max(0), 1);
        }
        if fit_by_themselves && self.fits_all(meetings) {
            return meetings.iter().map(|meeting| meeting.best).collect();
        }
        let mut best = self.clone().on_grid(0, meetings);
        let mut least = self.cost(&best, meetings);
        // If the day is full, a grid that begins with somebody's working hours may have room for one more.
        if least[0] + least[1] > 0 {
            for shift in self.shifts(meetings) {
                let other = self.clone().on_grid(shift, meetings);
                let cost = self.cost(&other, meetings);
                if cost < least {
                    (best, least) = (other, cost);
                }
            }
        }
        let zone = self.days[0].zone;
        let instant = |start: i64| {
            let at = DateTime::from_timestamp(start * 60, 0)?.with_timezone(&zone);
            Some(at.with_timezone(&at.offset().fix()))
        };
        best.into_iter().zip(meetings).map(|(start, meeting)| start.and_then(instant).unwrap_or(meeting.best)).collect()
    }

    /// The cost of the starts: how many meetings have none, how many are on other days, by how many days, by how many
    /// minutes, and how many are not where they were planned.
    fn cost(&self, starts: &[Option<i64>], meetings: &[Unplaced]) -> [i64; 5] {
        let mut cost = [0; 5];
        for (start, meeting) in starts.iter().zip(meetings) {
            let Some(start) = *start else {
                cost[0] += 1;
                continue;
            };
            let day = self.days.iter().position(|day| day.is_on(start)).unwrap_or(0);
            let stays = meeting.planned.is_some_and(|planned| minute(planned.to_utc()) == start);
            let off = (start - self.days[day].target).abs();
            let more = [0, i64::from(day > 0), day as i64, off, i64::from(!stays)];
            cost.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        cost
    }

    /// By how much later the grid would be if it began with somebody's working hours: the few most common values.
    fn shifts(&self, meetings: &[Unplaced]) -> Vec<i64> {
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for meeting in meetings {
            for (from, _) in self.open(&self.days[0], meeting) {
                *counts.entry((from - self.days[0].target).rem_euclid(self.minutes)).or_default() += 1;
            }
        }
        let mut shifts: Vec<(usize, i64)> = counts.into_iter().map(|(shift, count)| (count, shift)).collect();
        shifts.sort_unstable_by_key(|(count, shift)| (std::cmp::Reverse(*count), *shift));
        shifts.into_iter().map(|(_, shift)| shift).filter(|shift| *shift > 0).take(SHIFTS).collect()
    }

    /// The starts on a grid that is this many minutes later; none for meetings that find no room.
    fn on_grid(mut self, shift: i64, meetings: &[Unplaced]) -> Vec<Option<i64>> {
        let mut starts: Vec<Option<i64>> = vec![None; meetings.len()];
        let grid = self.grid(shift);
        let candidates: Vec<Vec<bool>> = meetings.iter().map(|meeting| self.candidates(&grid, meeting)).collect();
        self.take_what_is_off_the_grid(&grid, &candidates, meetings, &mut starts);
        self.assign(&grid, &candidates, meetings, &mut starts);
        for (at, meeting) in meetings.iter().enumerate() {
            if starts[at].is_none() {
                starts[at] = self.anywhere(meeting);
                starts[at].into_iter().for_each(|start| self.take(start, self.minutes, 1));
            }
        }
        starts
    }

    /// Whether all of them can begin when they would by themselves.
    fn fits_all(&mut self, meetings: &[Unplaced]) -> bool {
        let mut fit = true;
        for meeting in meetings {
            let start = minute(meeting.best.to_utc());
            fit &= self.days[0].is_on(start) && self.has_room(start) && !self.is_busy(meeting, start);
            self.take(start, self.minutes, 1);
        }
        for meeting in meetings.iter().filter(|_| !fit) {
            self.take(minute(meeting.best.to_utc()), self.minutes, -1);
        }
        fit
    }

    /// Which of the minutes from `start` on are known.
    fn span(&self, start: i64, minutes: i64) -> std::ops::Range<usize> {
        let within = |at: i64| (at - self.from).clamp(0, self.running.len() as i64) as usize;
        within(start)..within(start + minutes)
    }

    fn take(&mut self, start: i64, minutes: i64, change: isize) {
        let span = self.span(start, minutes);
        self.running[span].iter_mut().for_each(|running| *running = running.saturating_add_signed(change));
    }

    /// How many more meetings can begin then.
    fn room(&self, start: i64) -> usize {
        let most = self.running[self.span(start, self.minutes)].iter().max().copied().unwrap_or(0);
        self.at_once.saturating_sub(most)
    }

    fn has_room(&self, start: i64) -> bool {
        self.room(start) > 0
    }

    /// Starts a meeting's length apart, so that none overlaps another: on each day, from the configured start.
    fn grid(&self, shift: i64) -> Vec<GridStart> {
        let mut grid = Vec::new();
        for (at, day) in self.days.iter().enumerate() {
            let steps = 1440 / self.minutes + 1;
            let minutes = (-steps..=steps).map(|step| day.target + shift + step * self.minutes);
            grid.extend(minutes.filter(|minute| day.is_on(*minute)).map(|minute| GridStart {
                day: at,
                minute,
                off: (minute - day.target).abs(),
            }));
        }
        grid
    }

    /// At which starts of the grid a meeting can be.
    fn candidates(&self, grid: &[GridStart], meeting: &Unplaced) -> Vec<bool> {
        let open: Vec<Vec<(i64, i64)>> = self.days.iter().map(|day| self.open(day, meeting)).collect();
        let fits = |start: &GridStart| {
            let mut open = open[start.day].iter();
            open.any(|(from, to)| *from <= start.minute && start.minute + self.minutes <= *to)
        };
        grid.iter().map(fits).collect()
    }

    fn open(&self, day: &Day, meeting: &Unplaced) -> Vec<(i64, i64)> {
        if meeting.away.contains(&day.date) {
            return Vec::new();
        }
        let mut open = day.open(&meeting.schedules);
        for (from, to) in &meeting.busy {
            let (from, to) = (minute(*from), minute_after(*to));
            open = open.into_iter().flat_map(|(begin, end)| [(begin, end.min(from)), (begin.max(to), end)]).collect();
            open.retain(|(begin, end)| begin < end);
        }
        open
    }

    /// Whether one of those who meet has another meeting at that time.
    fn is_busy(&self, meeting: &Unplaced, start: i64) -> bool {
        let end = start + self.minutes;
        meeting.busy.iter().any(|(from, to)| minute(*from) < end && start < minute_after(*to))
    }

    /// Meetings with no start of the grid on the round's day have only one there.
    fn take_what_is_off_the_grid(
        &mut self,
        grid: &[GridStart],
        candidates: &[Vec<bool>],
        meetings: &[Unplaced],
        starts: &mut [Option<i64>],
    ) {
        let on_the_day = |candidates: &[bool]| grid.iter().zip(candidates).any(|(start, fits)| *fits && start.day == 0);
        let mut few: Vec<usize> = (0..meetings.len()).filter(|at| !on_the_day(&candidates[*at])).collect();
        few.sort_by_key(|at| meetings[*at].planned != Some(meetings[*at].best));
        for at in few {
            let start = minute(meetings[at].best.to_utc());
            let meeting = &meetings[at];
            let is_there = self.days[0].is_on(start)
                && !meeting.away.contains(&self.days[0].date)
                && !self.is_busy(meeting, start);
            if is_there && self.has_room(start) {
                self.take(start, self.minutes, 1);
                starts[at] = Some(start);
            }
        }
    }

    /// Starts of the grid for all meetings that have none yet, the best for all together.
    fn assign(
        &mut self,
        grid: &[GridStart],
        candidates: &[Vec<bool>],
        meetings: &[Unplaced],
        starts: &mut [Option<i64>],
    ) {
        let count = meetings.len() as i128 + 1;
        // Anything on the day is better than something nearer on another day; one day less is better than any number of
        // hours.
        let a_day = count * 1440;
        let another_day = count * a_day * 16;
        let cost = |start: &GridStart| {
            // The days are in order of their distance.
            let another = i128::from(start.day > 0) * another_day;
            (another + start.day as i128 * a_day + i128::from(start.off)) * count
        };
        let mut kinds: Vec<Kind> = Vec::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut known: hashbrown::HashMap<&[bool], usize> = hashbrown::HashMap::new();
        for at in (0..meetings.len()).filter(|at| starts[*at].is_none()) {
            let kind = *known.entry(&candidates[at]).or_insert_with(|| {
                kinds.push(Kind { meetings: 0, fits: &candidates[at], planned: vec![0; grid.len()] });
                members.push(Vec::new());
                kinds.len() - 1
            });
            kinds[kind].meetings += 1;
            if let Some(planned) = planned_at(grid, &meetings[at]) {
                kinds[kind].planned[planned] += 1;
            }
            members[kind].push(at);
        }
        let room: Vec<usize> = grid.iter().map(|start| self.room(start.minute)).collect();
        let costs: Vec<i128> = grid.iter().map(cost).collect();
        for (mut flow, members) in flows(&kinds, &costs, room).into_iter().zip(members) {
            let mut rest = Vec::new();
            for at in members {
                match planned_at(grid, &meetings[at]).filter(|planned| flow[*planned] > 0) {
                    Some(planned) => {
                        flow[planned] -= 1;
                        starts[at] = Some(grid[planned].minute);
                    }
                    None => rest.push(at),
                }
            }
            let free = flow.iter().zip(grid).flat_map(|(count, start)| std::iter::repeat_n(start.minute, *count));
            rest.into_iter().zip(free).for_each(|(at, start)| starts[at] = Some(start));
        }
        // A meeting that lasts past midnight may overlap the next day's first.
        for start in starts.iter_mut().filter(|start| start.is_some_and(|it| grid.iter().any(|on| on.minute == it))) {
            match start.filter(|it| self.has_room(*it)) {
                Some(it) => self.take(it, self.minutes, 1),
                None => *start = None,
            }
        }
    }

    /// A free time off the grid, on the nearest day, nearest to the configured start.
    fn anywhere(&self, meeting: &Unplaced) -> Option<i64> {
        self.days.iter().find_map(|day| {
            let open = self.open(day, meeting);
            let starts = open.iter().flat_map(|(from, to)| (*from..=to - self.minutes).step_by(5));
            starts.filter(|start| self.has_room(*start)).min_by_key(|start| ((start - day.target).abs(), *start))
        })
    }
}

/// How many of the meetings that would run at that time exceed the limit: those that begin while as many are already
/// running.
pub fn too_many(mut meetings: Vec<Taken>, at_once: usize) -> usize {
    meetings.sort_unstable();
    let mut running: Vec<DateTime<Utc>> = Vec::new();
    let mut over = 0;
    for (from, to) in meetings {
        running.retain(|end| *end > from);
        if running.len() < at_once {
            running.push(to);
        } else {
            over += 1;
        }
    }
    over
}

fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// The first minute that begins at or after that time.
fn minute_after(at: DateTime<Utc>) -> i64 {
    (at.timestamp() + 59).div_euclid(60)
}

fn planned_at(grid: &[GridStart], meeting: &Unplaced) -> Option<usize> {
    let planned = minute(meeting.planned?.to_utc());
    grid.iter().position(|start| start.minute == planned)
}

/// Meetings that can be at the same starts.
struct Kind<'a> {
    meetings: usize,
    /// For each start, whether these meetings can be at it.
    fits: &'a [bool],
    /// By start, how many were planned for it.
    planned: Vec<usize>,
}

/// How many meetings of each kind begin at each start: as many as there is room for, at the lowest total cost. Costs
/// are by start, and are multiples of more than the number of meetings: a meeting that stays costs 1 less.
fn flows(kinds: &[Kind<'_>], costs: &[i128], mut room: Vec<usize>) -> Vec<Vec<usize>> {
    let mut flow: Vec<Vec<usize>> = kinds.iter().map(|_| vec![0; costs.len()]).collect();
    let mut left: Vec<usize> = kinds.iter().map(|kind| kind.meetings).collect();
    // What one more meeting of a kind costs at a start, and how many cost that; what one less saves, and how many do.
    let more = |flow: &[Vec<usize>], kind: usize, start: usize| {
        let (planned, here) = (kinds[kind].planned[start], flow[kind][start]);
        if here < planned { (costs[start] - 1, planned - here) } else { (costs[start], usize::MAX) }
    };
    let less = |flow: &[Vec<usize>], kind: usize, start: usize| {
        let (planned, here) = (kinds[kind].planned[start], flow[kind][start]);
        if here <= planned { (costs[start] - 1, here) } else { (costs[start], here - planned) }
    };
    loop {
        // From every kind of which something is left, to every start, by the cheapest way.
        let mut to_kind: Vec<Option<(i128, Option<usize>)>> =
            left.iter().map(|left| (*left > 0).then_some((0, None))).collect();
        let mut to_start: Vec<Option<(i128, usize)>> = vec![None; costs.len()];
        let mut queue: VecDeque<usize> = (0..kinds.len()).filter(|kind| left[*kind] > 0).collect();
        while let Some(kind) = queue.pop_front() {
            let Some((so_far, _)) = to_kind[kind] else { continue };
            for start in (0..costs.len()).filter(|start| kinds[kind].fits[*start]) {
                let there = so_far + more(&flow, kind, start).0;
                if to_start[start].is_some_and(|(known, _)| known <= there) {
                    continue;
                }
                to_start[start] = Some((there, kind));
                for other in (0..kinds.len()).filter(|other| *other != kind && flow[*other][start] > 0) {
                    let back = there - less(&flow, other, start).0;
                    if to_kind[other].is_none_or(|(known, _)| back < known) {
                        to_kind[other] = Some((back, Some(start)));
                        if !queue.contains(&other) {
                            queue.push_back(other);
                        }
                    }
                }
            }
        }
        let free = (0..costs.len()).filter(|start| room[*start] > 0);
        let nearest = free.filter_map(|start| Some((to_start[start]?.0, start))).min();
        let Some((_, end)) = nearest else { return flow };
        let mut way = Vec::new();
        let (mut start, mut amount) = (end, room[end]);
        let first = loop {
            let Some((_, kind)) = to_start[start] else { return flow };
            amount = amount.min(more(&flow, kind, start).1);
            way.push((kind, start, true));
            let Some((_, Some(before))) = to_kind[kind] else { break kind };
            amount = amount.min(less(&flow, kind, before).1);
            way.push((kind, before, false));
            start = before;
        };
        let amount = amount.min(left[first]);
        for (kind, start, is_more) in way {
            flow[kind][start] = if is_more { flow[kind][start] + amount } else { flow[kind][start] - amount };
        }
        left[first] -= amount;
        room[end] -= amount;
    }
}

#[cfg(test)]
mod tests;
