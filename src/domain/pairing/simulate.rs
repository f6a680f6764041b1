//! Simulates the rounds ahead for a roster and its rules: the same draws as in reality, month by month, on a copy.
//! Knows no format; keeps nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::draw::{self, DrawState, DrawnRound, Setting};
use super::history::History;
use super::matching::problem::Problem;
use super::season;
use crate::domain::calendar::Month;
use crate::domain::roster::{Roster, RosterIndex};
use crate::domain::settings::OddOneOut;
use crate::domain::state::State;
use crate::domain::state::person_index::PersonIndex;

/// No run is longer than ten years of weekly rounds.
pub const MOST_ROUNDS: usize = 520;

/// Up to this number of participants, the upper bound is computed.
const COUNTED: usize = 4_000;

/// The result of one simulation run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedRun {
    /// The seed, which repeats the run.
    pub seed: u64,
    /// How many rounds were simulated.
    pub rounds: usize,
    /// How many of them came before the first repeat; none if there was no repeat.
    pub before_repeat: Option<usize>,
    /// How many pairs were drawn, a trio counting as one.
    pub pairs: usize,
    /// How many distinct pairs of people met.
    pub met: usize,
    /// How many pairings were repeats.
    pub repeats: i32,
    /// How often somebody was left out, over all rounds.
    pub left_out: usize,
    /// The fewest and the most times that anybody sat out.
    pub sat_out: (usize, usize),
    /// How often people of two departments met, by their names in order.
    pub mix: BTreeMap<(String, String), usize>,
}

/// The most rounds possible before a repeat, by counting; none if it is not computed.
pub fn bound(state: &State, roster: &Roster, setting: Setting<'_>) -> Option<usize> {
    let date = state.undrawn(setting.meeting, setting.now).next()?;
    let mut draw_state = draw_state(state, roster);
    let before = draw_state.met.clone();
    let round = draw::rounds(setting, &[date], 1, &mut draw_state, &mut |_| {}).pop()?;
    if round.people.len() > COUNTED {
        return None;
    }
    let problem = Problem {
        rules: setting.rules,
        met: &before,
        day: &round.day,
        people: &round.people,
        turns: &vec![0; roster.employees.len()],
        trio: setting.pairing.odd_one_out == OddOneOut::Trio,
        limit: usize::MAX,
        cost_table: None,
        drawn: None,
    };
    Some(season::bound(&problem, &round.drawn.matching))
}

/// Simulates that number of rounds, or until there is a repeat.
pub fn play(
    state: &State,
    roster: &Roster,
    setting: Setting<'_>,
    rounds: Option<usize>,
    seed: u64,
    tell: &mut dyn FnMut(usize),
) -> SimulatedRun {
    let mut dates = state.undrawn(setting.meeting, setting.now).take(rounds.unwrap_or(MOST_ROUNDS)).peekable();
    let mut draw_state = draw_state(state, roster);
    let mut tally = Tally::new(seed);
    let mut month_seed = seed;
    while let Some(first) = dates.peek().map(|date| Month::of(*date)) {
        let month: Vec<NaiveDate> = std::iter::from_fn(|| dates.next_if(|date| Month::of(*date) == first)).collect();
        let drawn = draw::rounds(setting, &month, month_seed, &mut draw_state, &mut |_| {});
        month_seed = month_seed.wrapping_add(0x9E37_79B9);
        drawn.iter().for_each(|round| tally.count(round, roster));
        tell(tally.run.rounds);
        let nobody = tally.run.pairs == 0;
        if nobody || rounds.is_none() && tally.run.repeats > 0 {
            break;
        }
    }
    tally.finish()
}

fn draw_state(state: &State, roster: &Roster) -> DrawState {
    let index = PersonIndex::new(roster, state);
    let history = History::new(&index, state, 60, |_| true);
    let season = super::plan::season(state, &[], &index);
    DrawState { met: history.met, turns: history.turns, season, promised: 0 }
}

struct Tally {
    run: SimulatedRun,
    sat_out: BTreeMap<RosterIndex, usize>,
    pairs_met: std::collections::HashSet<(RosterIndex, RosterIndex)>,
}

impl Tally {
    fn new(seed: u64) -> Self {
        let run = SimulatedRun {
            seed,
            rounds: 0,
            before_repeat: None,
            pairs: 0,
            met: 0,
            repeats: 0,
            left_out: 0,
            sat_out: (0, 0),
            mix: BTreeMap::new(),
        };
        Self { run, sat_out: BTreeMap::new(), pairs_met: std::collections::HashSet::new() }
    }

    fn count(&mut self, round: &DrawnRound, roster: &Roster) {
        let run = &mut self.run;
        if round.drawn.cost.repeats > 0 && run.before_repeat.is_none() {
            run.before_repeat = Some(run.rounds);
        }
        run.rounds += 1;
        run.repeats += round.drawn.cost.repeats;
        run.pairs += round.drawn.matching.groups();
        run.left_out += round.drawn.matching.left_out.len();
        for &person in &round.people {
            self.sat_out.entry(person).or_default();
        }
        for &person in &round.drawn.matching.left_out {
            *self.sat_out.entry(person).or_default() += 1;
        }
        for group in round.drawn.matching.meetings() {
            for (a, b) in super::round_view::pairings(group) {
                self.pairs_met.insert((a.min(b), a.max(b)));
                let mut departments = [a, b].map(|person| roster.department(person).to_owned());
                departments.sort();
                let [one, other] = departments;
                *run.mix.entry((one, other)).or_default() += 1;
            }
        }
    }

    fn finish(mut self) -> SimulatedRun {
        let counts = || self.sat_out.values().copied();
        self.run.sat_out = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
        self.run.met = self.pairs_met.len();
        self.run
    }
}
