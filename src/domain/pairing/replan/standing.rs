//! What of a drawn round stands in today's world, before anybody is matched again: what is held or booked, which drawn
//! groups can still meet, and who is without a partner.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, TimeDelta};
use hashbrown::HashMap;
use smallvec::SmallVec;

use super::past::Past;
use super::solve::{self, Free};
use super::{Off, PATIENCE, ReplanInput, ReplannedRound};
use crate::domain::calendar::{Day, is_in_turn, last_moment, local_start, round_of_week, rounds_ahead, week_of};
use crate::domain::pairing::starts::{self, Given, Start};
use crate::domain::roster::RosterIndex;
use crate::domain::state::bookings::{Bookings, OffReason, Stage};
use crate::domain::state::rounds::why_off;
use crate::domain::state::{Changes, Group, LeftOut, PersonId, Reason, Released, Round};

/// What is known about each of the two or three people who meet.
pub(super) type Few<T> = SmallVec<[T; 3]>;

/// A round in today's world.
pub(super) struct Standing<'a> {
    pub(super) input: ReplanInput<'a>,
    booked: &'a Bookings<'a>,
    pub(super) round: &'a Round,
    /// Its day under today's config; none if the whole week is off.
    pub(super) day: Option<Day>,
    /// Whether the week has a round, given how often rounds are now.
    is_in_turn: bool,
    /// Who does not work then, according to the rules.
    days_off: Vec<Option<Reason>>,
    /// The day under which it is stored.
    date: NaiveDate,
    /// The groups that are held or booked and stay, with their starts.
    pub(super) fixed: Vec<(DateTime<FixedOffset>, Group)>,
    /// Groups that can still meet and are not booked: as drawn or, after the last moment, as they stood.
    pub(super) kept: Vec<Group>,
    /// People who take part and have no group.
    free: Vec<PersonId>,
    /// People who are freed from a booked meeting and not matched yet, or no longer.
    waiting: Vec<PersonId>,
    /// Booked meetings that may not stand, and why.
    off: Vec<(Group, Off)>,
    restored: Vec<Group>,
    released: Vec<Released>,
    /// Whether anybody may still be matched again.
    is_open: bool,
    /// Whether everything is as it was when it was drawn.
    pub(super) is_as_drawn: bool,
    /// By number: whether they take part and have a group.
    seated: Vec<bool>,
}

impl<'a> Standing<'a> {
    pub(super) fn of(round: &'a Round, input: ReplanInput<'a>, booked: &'a Bookings<'a>) -> Self {
        let ReplanInput { index, meeting, rules, .. } = input;
        let now = input.now;
        let begun = round.groups().any(|(start, group)| !is_ahead(&input, booked, round.date, (start, group)));
        // A round is not put on a day that is over.
        let date = round_of_week(meeting, round.date);
        let date = date.map(|date| if rounds_ahead::is_ahead(meeting, date, now) { date } else { round.date });
        let is_in_turn = is_in_turn(meeting, round.date);
        let day = date.map(|date| Day::new(meeting, date, DateTime::UNIX_EPOCH, rules.schedules()));
        let mut standing = Self {
            input,
            booked,
            round,
            date: date.filter(|_| !begun).unwrap_or(round.date),
            is_open: is_in_turn && date.is_some_and(|date| now < last_moment(meeting, date)),
            is_in_turn,
            days_off: date.map_or_else(Vec::new, |date| rules.days_off(date)),
            day,
            fixed: Vec::new(),
            kept: Vec::new(),
            free: Vec::new(),
            waiting: Vec::new(),
            off: Vec::new(),
            restored: Vec::new(),
            released: Vec::new(),
            is_as_drawn: true,
            seated: vec![false; index.positions.len()],
        };
        let unbooked = standing.fix();
        standing.restore();
        standing.keep(unbooked);
        standing.see_who_is_free();
        standing
    }

    /// What is held or booked stays, unless it may not stand; then come the other groups.
    fn fix(&mut self) -> Vec<Group> {
        let booked = self.booked;
        let mut unbooked = Vec::new();
        self.released = self.round.changes.released.clone();
        for (start, group) in self.round.groups() {
            if !is_ahead(&self.input, booked, self.round.date, (start, group)) {
                self.seat_fixed(start, group);
                continue;
            }
            let booking = booked.of(self.round.date, group);
            let Some(booking) = booking.filter(|it| !matches!(it.stage, Stage::Refused { .. })) else {
                // Two people of a booked trio have read that they still meet: that is as good as booked.
                match self.stands(group, start, None) {
                    Ok((start, same)) if same == group && self.goes_on(group) => self.seat_fixed(start, group),
                    _ => unbooked.push(group),
                }
                continue;
            };
            let agreed = booking.agreed.map(|agreed| self.input.meeting.date_at(agreed));
            match self.stands(group, start, agreed) {
                Ok((start, new)) => {
                    if new != group {
                        let off = self.gone_of(group);
                        let (at, why) = (self.input.now, off.reason.clone());
                        self.released.push(Released { people: group, at, why });
                        self.off.push((group, off));
                    }
                    self.seat_fixed(start, new);
                }
                Err(why) => {
                    self.released.push(Released { people: group, at: self.input.now, why: why.reason.clone() });
                    self.off.push((group, why));
                }
            }
        }
        unbooked
    }

    /// Whether a group is what is left of a trio that was booked.
    fn goes_on(&self, group: Group) -> bool {
        self.released.iter().any(|released| group.is_rest_of(released.people))
    }

    fn seat_fixed(&mut self, start: DateTime<FixedOffset>, group: Group) {
        self.fixed.push((start, group));
        self.seat(group);
    }

    fn seat(&mut self, group: Group) {
        group.people().iter().for_each(|id| self.seated[id.index()] = true);
    }

    /// Which people of a booked group still meet, and when; or why nobody does. In a trio that loses one, the other two
    /// still meet.
    fn stands(
        &self,
        group: Group,
        known: DateTime<FixedOffset>,
        agreed: Option<NaiveDate>,
    ) -> Result<(DateTime<FixedOffset>, Group), Off> {
        let ReplanInput { rules, now, .. } = self.input;
        let Some(day) = &self.day else { return Err(week_off()) };
        let new = self.remaining(group, agreed).ok_or_else(|| self.gone_of(group))?;
        let positions = self.positions(new);
        for (at, a) in positions.iter().enumerate() {
            if let Some(why) = positions[at + 1..].iter().find_map(|b| rules.forbids(*a, *b)) {
                return Err(Off { reason: OffReason::Rules, why: why.to_string() });
            }
            // A booked meeting stands whatever they wish since, but this would be a new one. Nobody may read why.
            if new != group && positions[at + 1..].iter().any(|b| rules.apart_by_name(*a, *b)) {
                return Err(self.gone_of(group));
            }
        }
        let schedules = self.schedules(&positions);
        match day.start(&schedules).map(|start| start.with_timezone(&start.offset().fix())) {
            // A time that is already over is no longer possible.
            Some(start) if start <= now => Ok((known, new)),
            Some(start) => Ok((start, new)),
            None if agreed.is_some() => Ok((known, new)),
            None => Err(Off { reason: OffReason::NoTime, why: "their working hours do not overlap".to_owned() }),
        }
    }

    /// The people of a group who are on the roster, do not pause, and work on the round's day, if they are two or
    /// three. If they agreed on another day, the round's day does not matter.
    fn remaining(&self, group: Group, agreed: Option<NaiveDate>) -> Option<Group> {
        let is_gone = |id: PersonId| match self.gone(id) {
            Some(Some(Reason::Holiday | Reason::DayOff)) => agreed.is_none(),
            Some(Some(Reason::Paused(until))) => agreed.is_none_or(|day| day <= until),
            gone => gone.is_some(),
        };
        group.only(|id| !is_gone(id))
    }

    /// Why somebody cannot meet: they pause or do not work; none if they have left the roster.
    fn gone(&self, id: PersonId) -> Option<Option<Reason>> {
        match self.input.index.position(id) {
            None => Some(None),
            Some(_) => self.away(id).filter(|why| *why != Reason::Unreachable).map(Some),
        }
    }

    /// Why somebody on the roster does not take part on the round's day, if they do not.
    fn away(&self, id: PersonId) -> Option<Reason> {
        let (person, date) = (self.input.index.position(id)?, self.day.as_ref()?.date());
        self.input.rules.away_among(&self.days_off, person, date)
    }

    /// Why a group cannot meet, in words.
    fn why_gone(&self, group: Group) -> String {
        let words = |id: &PersonId| {
            let gone = self.input.state.name_of_who_left(*id);
            let name = self.input.index.position(*id).map_or(gone, |at| &self.input.roster.employees[at.index()].name);
            Some(match self.gone(*id)? {
                Some(why) => why.of(name),
                None => format!("{name} left the roster"),
            })
        };
        group.people().iter().filter_map(words).collect::<Vec<_>>().join("; ")
    }

    /// That people of a group cannot come, as the reason why its meeting is off.
    fn gone_of(&self, group: Group) -> Off {
        let gone: Vec<PersonId> = group.people().iter().copied().filter(|id| self.gone(*id).is_some()).collect();
        let is_off = |id: &PersonId| matches!(self.gone(*id), Some(Some(Reason::Holiday | Reason::DayOff)));
        let is_day_off = !gone.is_empty() && gone.iter().all(is_off);
        let reason = if is_day_off { OffReason::DayOff } else { OffReason::Gone(gone) };
        Off { reason, why: self.why_gone(group) }
    }

    /// Booked meetings that are off are on again, if everybody is back and none of them has another meeting.
    fn restore(&mut self) {
        let Some(day) = &self.day else { return };
        let mut starts = Vec::new();
        for people in self.released.iter().rev().map(|released| released.people) {
            // The other two of a trio may be a pair by now.
            let pair = self.rest_of(people);
            let is_free = |id: &PersonId| !self.seated[id.index()] || pair.is_some_and(|it| it.has(*id));
            let here = people.people().iter().all(|id| self.takes_part(*id) && is_free(id));
            if here && self.may_meet(people) && pair.is_none_or(|pair| self.can_join(people, pair)) {
                let schedules = self.schedules(&self.positions(people));
                starts.extend(day.start(&schedules).map(|start| (start.with_timezone(&start.offset().fix()), people)));
            }
        }
        let now = self.input.now;
        for (start, people) in starts.into_iter().filter(|(start, _)| *start > now) {
            if let Some(pair) = self.rest_of(people) {
                self.fixed.retain(|(_, group)| *group != pair);
                pair.people().iter().for_each(|id| self.seated[id.index()] = false);
            }
            if people.people().iter().all(|id| !self.seated[id.index()]) {
                self.seat_fixed(start, people);
                self.restored.push(people);
            }
        }
        // Three who meet again are not two again, and do not wait to be.
        let restored = self.restored.clone();
        self.restored.retain(|two| !restored.iter().any(|three| two.is_rest_of(*three)));
        let is_on = |people: Group| self.restored.iter().any(|on| *on == people || people.is_rest_of(*on));
        self.released.retain(|released| !is_on(released.people));
        // Two people of a trio go on without the third.
        let are_two = |group: Group| {
            matches!(group, Group::Trio(_)) && group.people().iter().filter(|id| self.takes_part(**id)).count() == 2
        };
        let wait = |released: &&Released| {
            (!self.is_open || self.input.now < released.at + PATIENCE) && !are_two(released.people)
        };
        let waiting = self.released.iter().filter(wait).flat_map(|released| released.people.people().to_vec());
        let waiting = waiting.chain(self.had_this_round());
        self.waiting = waiting.filter(|id| self.takes_part(*id) && !self.seated[id.index()]).collect();
        self.waiting.sort_unstable();
        self.waiting.dedup();
    }

    /// Whether the third of a trio can come at the time on which the other two agreed meanwhile, if they did.
    fn can_join(&self, trio: Group, pair: Group) -> bool {
        let ReplanInput { rules, meeting, now, .. } = self.input;
        let Some(booking) = self.booked.of(self.round.date, pair) else { return true };
        let Some(at) = booking.agreed.filter(|at| *at > now) else { return true };
        let minutes = booking.minutes;
        let end = at + TimeDelta::minutes(minutes.into());
        let can_come = |person: RosterIndex| {
            rules.away(person, meeting.date_at(at)).is_none()
                && rules.schedule_of(person).works(at.to_utc(), minutes)
                && rules.busy(person).iter().all(|(from, to)| *to <= at || end <= *from)
        };
        let third = trio.people().iter().filter(|id| !pair.has(**id));
        { third }.all(|id| self.input.index.position(*id).is_some_and(can_come))
    }

    /// The two people of a trio who meet without the third.
    fn rest_of(&self, people: Group) -> Option<Group> {
        self.fixed.iter().map(|(_, group)| *group).find(|group| group.is_rest_of(people))
    }

    /// Whether somebody is on the roster and not away on the round's day.
    fn takes_part(&self, id: PersonId) -> bool {
        self.day.is_some() && self.input.index.position(id).is_some() && self.away(id).is_none()
    }

    /// Groups that are not booked stay, if they can still meet.
    fn keep(&mut self, unbooked: Vec<Group>) {
        let candidates: Vec<Group> = if self.is_open { self.round.drawn_groups().collect() } else { unbooked };
        let mut fixed: Vec<Group> = self.fixed.iter().map(|(_, group)| *group).collect();
        fixed.sort_unstable();
        let mut candidates = if self.is_in_turn { candidates } else { Vec::new() };
        // Among equally good rounds the solver chooses by the order: it must not depend on what stands now.
        candidates.sort_unstable();
        for group in candidates.into_iter().filter(|group| fixed.binary_search(group).is_err()) {
            let waits = |id: &PersonId| self.waiting.binary_search(id).is_ok();
            let is_here = |id: PersonId| self.takes_part(id) && !self.seated[id.index()] && !waits(&id);
            let rest = group.only(is_here).filter(|rest| self.may_meet(*rest));
            self.is_as_drawn &= rest == Some(group);
            if let Some(rest) = rest {
                self.seat(rest);
                self.kept.push(rest);
            }
        }
        // There may be fewer pairs in a round than when it was drawn.
        self.is_as_drawn &= self.kept.len() <= self.limit();
        if !self.is_open && self.is_in_turn {
            self.take_back_what_was_undone();
        }
    }

    /// After the last moment nobody is matched again; but a drawn group of which nobody has another partner stands
    /// again, and so do two of a trio if the third is away.
    fn take_back_what_was_undone(&mut self) {
        let Some(day) = &self.day else { return };
        let had_this_round = |id: PersonId| self.had_this_round().any(|one| one == id);
        let is_here = |id: PersonId| self.takes_part(id) && !self.seated[id.index()] && !had_this_round(id);
        let again = |group: &Group| {
            let here = group.only(is_here).filter(|here| self.may_meet(*here))?;
            let start = day.start(&self.schedules(&self.positions(here)))?;
            (start > self.input.now).then_some(here)
        };
        let missing: Vec<Group> = self.round.changes.missing.iter().filter_map(again).collect();
        for group in missing {
            if group.people().iter().all(|id| !self.seated[id.index()]) {
                self.seat(group);
                self.kept.push(group);
                self.restored.push(group);
            }
        }
        self.waiting.retain(|id| !self.seated[id.index()]);
    }

    /// Whoever met early, or could not meet, has had this round.
    fn had_this_round(&self) -> impl Iterator<Item = PersonId> {
        let week = week_of(self.round.date);
        let over = self.input.state.bookings.iter().filter(move |it| it.result.is_some() && week_of(it.round) == week);
        over.flat_map(|booking| booking.people.people().iter().copied())
    }

    fn see_who_is_free(&mut self) {
        let ReplanInput { index, rules, .. } = self.input;
        let Some(day) = &self.day else { return };
        let people = rules.participants(day.date()).into_iter().map(|person| index.ids[person.index()]);
        let waits = |id: &PersonId| self.waiting.binary_search(id).is_ok();
        self.free = people.filter(|id| !self.seated[id.index()] && !waits(id)).collect();
        let mut drawn = self.round.drawn_left_out();
        let mut free = self.free.clone();
        drawn.sort_unstable();
        free.sort_unstable();
        self.is_as_drawn &= drawn == free && self.waiting.is_empty() && self.off.is_empty();
    }

    fn may_meet(&self, group: Group) -> bool {
        let Some(day) = &self.day else { return false };
        let positions = self.positions(group);
        let admitted = |at: usize| positions[at + 1..].iter().all(|b| self.input.rules.admits(day, positions[at], *b));
        (0..positions.len()).all(admitted) && (positions.len() == 2 || day.start(&self.schedules(&positions)).is_some())
    }

    pub(super) fn positions(&self, group: Group) -> Few<RosterIndex> {
        group.people().iter().filter_map(|id| self.input.index.position(*id)).collect()
    }

    fn schedules(&self, positions: &[RosterIndex]) -> Few<u16> {
        let mut schedules: Few<u16> = positions.iter().map(|person| self.input.rules.schedule(*person)).collect();
        schedules.sort_unstable();
        schedules
    }

    /// The round as it stands once everybody is matched who can be; none if nothing changes.
    pub(super) fn settled(mut self, past: &mut Past<'_>) -> Option<ReplannedRound> {
        let mut free: Vec<RosterIndex> = self.free.iter().filter_map(|id| self.input.index.position(*id)).collect();
        let mut quality = None;
        // If a pair is gone, two of those who stay may be repeating a meeting that they could now avoid.
        let nothing_to_match = free.is_empty() && (self.is_as_drawn || self.kept.is_empty());
        if self.is_open && !(nothing_to_match && self.kept.len() <= self.limit()) {
            let solved = solve::solve(&self, Free { people: &free, limit: self.limit() }, past);
            if let Some(solved) = solved {
                quality = Some((solved.best_possible_pairs + self.fixed.len(), solved.optimal));
                self.kept = solved.matching.meetings().map(|people| super::group(people, self.input.index)).collect();
                free = solved.matching.left_out;
            }
        }
        let mut groups = self.fixed.clone();
        groups.extend(self.timed());
        let planned: Vec<Start> = self.round.groups().collect();
        groups = starts::spread(self.given(), self.date, groups, &planned);
        let stands: Vec<Group> = groups.iter().map(|(_, group)| *group).collect();
        let changes = self.changes(&stands, &free);
        let same_groups = same_groups(self.round, &stands);
        let left_out = self.left_out(&free, same_groups, &stands, past);
        let (best_possible_pairs, optimal) = match quality {
            _ if changes.is_empty() => self.round.drawn_quality(),
            _ if same_groups => (self.round.best_possible_pairs, self.round.optimal),
            Some(quality) => quality,
            None => (stands.len().max(self.fixed.len()), self.round.optimal),
        };
        let round = Round {
            date: self.date,
            seed: self.round.seed,
            timezone: self.round.timezone,
            slots: starts::slots(groups),
            left_out,
            best_possible_pairs,
            optimal,
            changes,
            outcomes: self.round.outcomes.clone(),
        };
        if round == *self.round {
            return None;
        }
        let new = if same_groups { Vec::new() } else { new_groups(self.round, &stands) };
        let off = self.off_with_reasons(&stands, same_groups);
        Some(ReplannedRound { was: self.round.date, round, off, new, restored: self.restored })
    }

    fn given(&self) -> Given<'a> {
        let ReplanInput { state, index, rules, meeting, now, .. } = self.input;
        Given { state, booked: self.booked, index, rules, meeting, now }
    }

    fn limit(&self) -> usize {
        match self.input.pairing.max_pairs_per_round {
            0 => usize::MAX,
            most => most.saturating_sub(self.fixed.len()),
        }
    }

    /// The groups that are not booked, each with its start under today's config.
    fn timed(&self) -> Vec<(DateTime<FixedOffset>, Group)> {
        let Some(day) = &self.day else { return Vec::new() };
        let mut known: HashMap<Few<u16>, Option<DateTime<FixedOffset>>> = HashMap::new();
        let mut start = |group: Group| {
            let schedules = self.schedules(&self.positions(group));
            *known.entry(schedules).or_insert_with_key(|schedules| {
                day.start(schedules).map(|start| start.with_timezone(&start.offset().fix()))
            })
        };
        self.kept.iter().filter_map(|group| Some((start(*group)?, *group))).collect()
    }

    /// How the round differs from the drawn one.
    fn changes(&self, stands: &[Group], free: &[RosterIndex]) -> Changes {
        let mut now = stands.to_vec();
        now.sort_unstable();
        let mut drawn: Vec<Group> = self.round.drawn_groups().collect();
        drawn.sort_unstable();
        let missing: Vec<Group> = drawn.iter().filter(|it| now.binary_search(it).is_err()).copied().collect();
        let added: Vec<Group> = now.into_iter().filter(|it| drawn.binary_search(it).is_err()).collect();
        let mut left_out = self.round.drawn_left_out();
        left_out.sort_unstable();
        let mut alone: Vec<PersonId> = free.iter().map(|person| self.input.index.ids[person.index()]).collect();
        alone.sort_unstable();
        if missing.is_empty() && added.is_empty() && self.released.is_empty() && alone == left_out {
            return Changes::default();
        }
        let drawn = Some(self.round.drawn_quality());
        Changes { missing, added, left_out, released: self.released.clone(), drawn }
    }

    /// Who is left out, and why.
    fn left_out(&self, free: &[RosterIndex], same_groups: bool, stands: &[Group], past: &mut Past<'_>) -> Vec<LeftOut> {
        let ReplanInput { index, rules, .. } = self.input;
        let mut each: Vec<(Reason, PersonId)> = Vec::new();
        let Some(day) = &self.day else {
            let off = |group: &Group| group.people().to_vec();
            let people = self.round.groups().map(|(_, group)| group).filter(|group| !stands.contains(group));
            let here = people.flat_map(|group| off(&group)).filter(|id| index.position(*id).is_some());
            each.extend(here.map(|id| (Reason::Cancelled(why_off::WEEK_OFF), id)));
            let before = self.round.left_out.iter().filter(|it| it.reason.is_a_turn());
            let before = before.flat_map(|it| it.people.iter().map(|id| (it.reason.clone(), *id)));
            each.extend(before.filter(|(_, id)| index.position(*id).is_some()));
            each.sort_by_key(|(_, id)| *id);
            each.dedup_by_key(|(_, id)| *id);
            return by_reason(each);
        };
        let known = |id: PersonId| {
            self.round
                .left_out
                .iter()
                .find(|it| it.reason.is_a_turn() && it.people.binary_search(&id).is_ok())
                .map(|it| it.reason.clone())
        };
        let mut unknown = Vec::new();
        for person in free {
            let id = index.ids[person.index()];
            match known(id).filter(|_| same_groups || !self.is_open) {
                Some(reason) => each.push((reason, id)),
                // Whoever joins after the last moment is not left out: they join the next round.
                None if !self.is_open && !self.was_there(id) => {}
                None if !self.is_open && self.had_partner(id) => {
                    each.push((Reason::Cancelled(self.why_alone(id)), id));
                }
                None => unknown.push(*person),
            }
        }
        if !unknown.is_empty() {
            let reasons = solve::reasons(self, &unknown, stands, past);
            each.extend(reasons.into_iter().map(|(person, reason)| (reason, index.ids[person.index()])));
        }
        for id in &self.waiting {
            let kept = known(*id).filter(|reason| matches!(reason, Reason::Cancelled(_)));
            each.push((kept.unwrap_or_else(|| Reason::Cancelled(self.why_alone(*id))), *id));
        }
        let away = RosterIndex::first(index.ids.len())
            .zip(&index.ids)
            .filter_map(|(person, id)| Some((rules.away_among(&self.days_off, person, day.date())?, *id)));
        // Whoever has already met in this round is not left out of it.
        each.extend(away.filter(|(_, id)| !self.seated[id.index()]));
        by_reason(each)
    }

    fn was_there(&self, id: PersonId) -> bool {
        self.round.groups().any(|(_, group)| group.has(id))
            || self.round.left_out.iter().any(|it| it.people.binary_search(&id).is_ok())
    }

    fn had_partner(&self, id: PersonId) -> bool {
        self.round.drawn_groups().chain(self.round.groups().map(|(_, group)| group)).any(|it| it.has(id))
    }

    /// Why somebody has lost their partner.
    fn why_alone(&self, id: PersonId) -> &'static str {
        if !self.is_in_turn {
            return why_off::NO_ROUND;
        }
        let theirs = |released: &&Released| released.people.has(id);
        let last = self.released.iter().rev().find(theirs);
        let known = last.and_then(|released| match &released.why {
            OffReason::Rules => Some(why_off::RULES),
            OffReason::DayOff => Some(why_off::DAY_OFF),
            OffReason::NoTime => Some(why_off::NO_TIME),
            OffReason::ByHand => Some(why_off::BY_HAND),
            OffReason::DrawnAgain => Some(why_off::DRAWN_AGAIN),
            OffReason::NeverBooked => Some(why_off::NEVER_BOOKED),
            OffReason::Gone(gone) if gone[..] == [id] => Some(why_off::SELF_GONE),
            OffReason::Gone(_) | OffReason::WeekOff => None,
        });
        known.unwrap_or(why_off::PARTNER_GONE)
    }

    /// The groups that no longer stand, each with the reason that everybody may read.
    fn off_with_reasons(&self, stands: &[Group], same_groups: bool) -> Vec<(Group, Off)> {
        if same_groups {
            return Vec::new();
        }
        let mut now = stands.to_vec();
        now.sort_unstable();
        let gone = self.round.groups().map(|(_, group)| group).filter(|group| now.binary_search(group).is_err());
        let why = |group: Group| {
            if let Some((_, why)) = self.off.iter().find(|(off, _)| *off == group) {
                return why.clone();
            }
            if !self.is_in_turn {
                return Off { why: "there is no round in that week".to_owned(), ..week_off() };
            }
            if self.day.is_none() {
                return week_off();
            }
            let gone = self.gone_of(group);
            let positions = self.positions(group);
            let mut pairs = (0..positions.len()).flat_map(|at| positions[at + 1..].iter().map(move |b| (at, *b)));
            let rule = pairs.find_map(|(at, b)| self.input.rules.forbids(positions[at], b));
            if let Some(rule) = rule.filter(|_| gone.why.is_empty()) {
                return Off { reason: OffReason::Rules, why: rule.to_string() };
            }
            let drawn_anew = || Off { reason: OffReason::DrawnAgain, why: "drawn again".to_owned() };
            if gone.why.is_empty() { drawn_anew() } else { gone }
        };
        gone.map(|group| (group, why(group))).collect()
    }
}

/// Whether a group's meeting has not begun. If meetings are spread over a week, one that was never booked and was
/// planned for a day before the round's can still take place on the round's day.
fn is_ahead(input: &ReplanInput<'_>, booked: &Bookings<'_>, date: NaiveDate, (start, group): Start) -> bool {
    let ReplanInput { meeting, now, .. } = *input;
    let can_still_be = || meeting.at_once > 0 && booked.of(date, group).is_none() && local_start(meeting, date) > now;
    booked.is_ahead(date, group, start, now) || can_still_be()
}

fn week_off() -> Off {
    Off { reason: OffReason::WeekOff, why: "the whole week is off".to_owned() }
}

fn same_groups(round: &Round, stands: &[Group]) -> bool {
    round.pair_count() == stands.len() && new_groups(round, stands).is_empty()
}

/// The groups that did not stand before.
fn new_groups(round: &Round, stands: &[Group]) -> Vec<Group> {
    let mut before: Vec<Group> = round.groups().map(|(_, group)| group).collect();
    before.sort_unstable();
    stands.iter().filter(|group| before.binary_search(group).is_err()).copied().collect()
}

fn by_reason(mut each: Vec<(Reason, PersonId)>) -> Vec<LeftOut> {
    each.sort();
    let mut left_out: Vec<LeftOut> = Vec::new();
    for (reason, id) in each {
        match left_out.last_mut().filter(|last| last.reason == reason) {
            Some(last) => last.people.push(id),
            None => left_out.push(LeftOut { reason, people: vec![id] }),
        }
    }
    left_out
}
