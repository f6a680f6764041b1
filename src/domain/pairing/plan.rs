//! What a draw will change, as a value: decided here, shown, and then carried out exactly. Knows the state before and
//! after; knows no file and no format.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDate, Offset};

use super::draw::{self, DrawState, DrawnRound, Setting};
use super::history::History;
use super::matching::problem::Matching;
use super::starts::{self, Given};
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::calendar::week_of;
use crate::domain::limits;
use crate::domain::roster::RosterIndex;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Changes, Group, LeftOut, Outcomes, PersonId, Reason, Round, Slot, State};
use crate::parallel;

/// What the organizer wants drawn.
#[derive(Clone, Copy, Debug)]
pub struct DrawRequest<'a> {
    /// The dates of the rounds, ascending.
    pub dates: &'a [NaiveDate],
    /// The seed of the draw.
    pub seed: u64,
    /// Which of the rounds ahead that are already drawn are redrawn.
    pub replace: Replace,
}

/// Which of the rounds that are already drawn are redrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// None: rounds that are already drawn stay as they are.
    None,
    /// Rounds of which no meeting is booked.
    Unbooked,
    /// All rounds: what is booked is then cancelled or moved by the schedule.
    All,
    /// Rounds of which no meeting is booked, by none: they are only taken back.
    ByNone,
}

/// What a draw changes in the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Addresses to be added to the state.
    pub newcomers: Vec<Box<str>>,
    /// Rounds to be removed from it.
    pub replaced: Vec<NaiveDate>,
    /// Rounds to be added to it.
    pub rounds: Vec<Round>,
    /// The season from then on.
    pub season: Vec<Vec<Group>>,
    /// How many rounds without a repeat are certain after the last one.
    pub promised: usize,
    /// How many employees the roster has.
    pub roster_size: usize,
}

/// Why a plan is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is unsafe, with the count and the limit.
    pub why: String,
    /// What to do, with the option that overrides the refusal.
    pub hint: String,
}

/// The requested rounds that are to be drawn: those ahead that are not in the state, or are to be replaced.
pub fn due(state: &State, setting: Setting<'_>, request: DrawRequest<'_>) -> Vec<NaiveDate> {
    let drawn = |date: &NaiveDate| state.rounds.iter().find(|round| week_of(round.date) == week_of(*date));
    let ahead = |date: NaiveDate| is_ahead(setting.meeting, date, setting.now);
    let booked = Bookings::new(state);
    let untouched = |round: &Round| booked.is_untouched(setting.meeting, round, setting.now);
    let again = |round: &Round| match request.replace {
        Replace::None => false,
        Replace::Unbooked | Replace::ByNone => !state.is_booked(round.date) && untouched(round),
        Replace::All => untouched(round),
    };
    let is_due = |date: NaiveDate| drawn(&date).map_or(request.replace != Replace::ByNone, again);
    request.dates.iter().copied().filter(|date| ahead(*date) && is_due(*date)).collect()
}

/// Draws the rounds that are due. `tell` hears how many are done.
pub fn plan_rounds(
    state: &State,
    index: &PersonIndex,
    setting: Setting<'_>,
    request: DrawRequest<'_>,
    tell: &mut dyn FnMut(usize),
) -> Plan {
    let dates = due(state, setting, request);
    if dates.is_empty() {
        return Plan::nothing(state);
    }
    let again = |round: &Round| dates.iter().any(|date| week_of(*date) == week_of(round.date));
    let replaced: Vec<&Round> = state.rounds.iter().filter(|round| again(round)).collect();
    let season = season(state, &replaced, index);
    if request.replace == Replace::ByNone {
        let replaced = replaced.iter().map(|round| round.date).collect();
        let season: Vec<_> = season.iter().map(|matching| groups(matching, &index.ids)).collect();
        return Plan { replaced, promised: season.len(), season, ..Plan::nothing(state) };
    }
    let history = History::new(index, state, dates.len(), |round| !again(round));
    let mut draw_state = DrawState { met: history.met, turns: history.turns, season, promised: 0 };
    let drawn = draw::rounds(setting, &dates, request.seed, &mut draw_state, tell);
    let ids = &index.ids;
    let Setting { rules, meeting, now, .. } = setting;
    let given = Given { state, booked: &Bookings::new(state), index, rules, meeting, now };
    Plan {
        newcomers: index.newcomers.clone(),
        replaced: replaced.iter().map(|round| round.date).collect(),
        rounds: parallel::map(ids.len() * dates.len(), drawn, |round| keep(&round, given, ids, request.seed)),
        season: draw_state.season.iter().map(|matching| groups(matching, ids)).collect(),
        promised: draw_state.promised,
        roster_size: ids.len(),
    }
}

impl Plan {
    /// The plan that changes nothing.
    pub fn nothing(state: &State) -> Self {
        let (season, promised) = (state.season.clone(), state.season.len());
        Self { season, promised, roster_size: state.roster_size, ..Self::default() }
    }

    /// Whether it was carried out already, and its rounds stand as it drew them.
    pub fn is_applied(&self, state: &State) -> bool {
        !self.is_empty() && self.rounds.iter().all(|round| state.rounds.contains(round))
    }

    /// Whether nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.rounds.is_empty()
    }

    /// Whether it is safe to draw from this roster: since the last draw it has not lost more than
    /// [`limits::ROSTER_LOSS_PERCENT`] of its employees, as a half-exported file would have.
    ///
    /// # Errors
    /// Says how many are missing, and which option overrides the refusal.
    pub fn check(&self, state: &State) -> Result<(), Refusal> {
        let why = limits::roster_loss(state.roster_size, self.roster_size).filter(|_| !self.is_empty());
        let hint = "check that the roster is complete; if so many really left, add --allow-smaller-roster";
        why.map_or(Ok(()), |why| Err(Refusal { why, hint: hint.to_owned() }))
    }

    /// Carries out the plan on the state for which it was made.
    pub fn apply(&self, state: &mut State) {
        state.people.extend(self.newcomers.iter().cloned());
        state.rounds.retain(|round| !self.replaced.contains(&round.date));
        state.rounds.extend(self.rounds.iter().cloned());
        state.rounds.sort_by_key(|round| round.date);
        state.season.clone_from(&self.season);
        // Whoever is there at the first draw is no newcomer.
        state.joined.get_or_insert_default();
        state.roster_size = self.roster_size;
    }
}

/// Whether a round is kept: one in which nobody could meet is to be drawn later when somebody can, and one of which
/// nothing stands any more may stand again.
fn is_kept(round: &Round) -> bool {
    round.pair_count() > 0 || !round.changes.missing.is_empty()
}

/// The state without the rounds in which nobody meets: they are to be drawn later when somebody can meet.
pub fn without_empty_rounds(state: &State) -> Cow<'_, State> {
    if state.rounds.iter().all(is_kept) {
        return Cow::Borrowed(state);
    }
    let mut state = state.clone();
    drop_empty_rounds(&mut state);
    Cow::Owned(state)
}

/// Removes from the state what [`without_empty_rounds`] leaves out.
pub fn drop_empty_rounds(state: &mut State) {
    state.rounds.retain(is_kept);
}

/// The season as known: the rounds kept for it, and those that are about to be redrawn.
pub(super) fn season(state: &State, replaced: &[&Round], index: &PersonIndex) -> Vec<Matching> {
    let here =
        |group: Group| -> Option<Vec<RosterIndex>> { group.people().iter().map(|id| index.position(*id)).collect() };
    let matching = |groups: &mut dyn Iterator<Item = Group>| {
        let mut round = Matching::default();
        for people in groups.filter_map(here) {
            match people[..] {
                [a, b] => round.pairs.push([a, b]),
                [a, b, c] => round.trio = Some([a, b, c]),
                _ => {}
            }
        }
        round
    };
    let kept = state.season.iter().map(|groups| matching(&mut groups.iter().copied()));
    let drawn = replaced.iter().map(|round| matching(&mut round.groups().map(|(_, group)| group)));
    if state.season.is_empty() { Vec::new() } else { kept.chain(drawn).collect() }
}

pub(super) fn group(people: &[RosterIndex], ids: &[PersonId]) -> Group {
    let id = |person: RosterIndex| ids[person.index()];
    match *people {
        [a, b, c] => {
            let mut trio = [a, b, c].map(id);
            trio.sort_unstable();
            Group::Trio(trio)
        }
        _ => {
            let mut pair = [people[0], people[1]].map(id);
            pair.sort_unstable();
            Group::Pair(pair)
        }
    }
}

fn groups(matching: &Matching, ids: &[PersonId]) -> Vec<Group> {
    let mut groups: Vec<Group> = matching.meetings().map(|people| group(people, ids)).collect();
    groups.sort_unstable();
    groups
}

/// The round as the state keeps it: numbers for positions, by start and in order.
fn keep(round: &DrawnRound, given: Given<'_>, ids: &[PersonId], seed: u64) -> Round {
    // By the schedules of those who meet: the index of the slot.
    let mut known: Vec<([u16; 3], usize)> = Vec::new();
    let mut slots: Vec<Slot> = Vec::new();
    for people in round.drawn.matching.meetings() {
        let mut schedules = [u16::MAX; 3];
        schedules.iter_mut().zip(people).for_each(|(it, person)| *it = given.rules.schedule(*person));
        schedules.sort_unstable();
        let at = known.iter().find(|(others, _)| *others == schedules).map(|(_, at)| *at).or_else(|| {
            let start = round.day.start(&schedules[..people.len()])?;
            let at = slot_at(&mut slots, start.with_timezone(&start.offset().fix()));
            known.push((schedules, at));
            Some(at)
        });
        let Some(at) = at else { continue };
        match group(people, ids) {
            Group::Pair(pair) => slots[at].pairs.push(pair),
            Group::Trio(trio) => slots[at].trios.push(trio),
        }
    }
    slots.sort_by_key(|slot| slot.start);
    for slot in &mut slots {
        slot.pairs.sort_unstable();
        slot.trios.sort_unstable();
    }
    if given.meeting.at_once > 0 || !given.rules.elsewhere().is_empty() {
        let groups = slots.iter().flat_map(Slot::groups).collect();
        slots = starts::slots(starts::spread(given, round.day.date(), groups, &[]));
    }
    let away_on = given.rules.away_on(round.day.date());
    let away = RosterIndex::first(ids.len()).filter_map(|person| Some((person, away_on(person)?)));
    Round {
        date: round.day.date(),
        seed,
        timezone: given.meeting.timezone,
        slots,
        left_out: by_reason(round.left_out.iter().cloned().chain(away), ids),
        best_possible_pairs: round.drawn.best_possible_pairs,
        optimal: round.drawn.optimal,
        changes: Changes::default(),
        outcomes: Outcomes::default(),
    }
}

/// The index of the slot with that start; a new one if there is none.
fn slot_at(slots: &mut Vec<Slot>, start: DateTime<FixedOffset>) -> usize {
    slots.iter().position(|slot| slot.start == start).unwrap_or_else(|| {
        slots.push(Slot { start, pairs: Vec::new(), trios: Vec::new() });
        slots.len() - 1
    })
}

fn by_reason(each: impl Iterator<Item = (RosterIndex, Reason)>, ids: &[PersonId]) -> Vec<LeftOut> {
    let mut reasons: std::collections::BTreeMap<Reason, Vec<PersonId>> = std::collections::BTreeMap::new();
    for (person, reason) in each {
        reasons.entry(reason).or_default().push(ids[person.index()]);
    }
    let sorted = |(reason, mut people): (Reason, Vec<PersonId>)| {
        people.sort_unstable();
        LeftOut { reason, people }
    };
    reasons.into_iter().map(sorted).collect()
}
