//! Draws rounds one after another: each is the best there is, and together they are the best of many tries. In teams of
//! up to [`season::MOST`] people, each round keeps the season possible.

use chrono::{DateTime, NaiveDate, Utc};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::matching::problem::{Cost, Matching, Problem};
use super::matching::{self, Drawn};
use super::sit_outs::SitOuts;
use super::{left_out, repeat_forecast, season};
use crate::domain::calendar::{Day, week_of};
use crate::domain::meeting_history::{MeetingGroup, MeetingHistory};
use crate::domain::roster::RosterIndex;
use crate::domain::rules::Rules;
use crate::domain::settings::{Meeting, OddOneOut, Pairing};
use crate::domain::state::Reason;

/// The most restarts of the draw of a month, if repeats cannot be avoided.
const RESTARTS: u64 = 100;
/// The same times the number of people: the more people there are, the fewer restarts.
const RESTARTS_BY_PEOPLE: u64 = 1_600;
/// Above this number of people there is no restart.
const RESTART_PEOPLE: usize = 64;

/// What rounds are drawn from.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The rules, by position on the roster.
    pub rules: &'a Rules,
    /// What the organizer decides about pairs.
    pub pairing: &'a Pairing,
    /// What the organizer decides about meetings.
    pub meeting: &'a Meeting,
    /// No meeting starts before this.
    pub now: DateTime<Utc>,
}

/// What changes from round to round.
#[derive(Clone, Debug)]
pub struct DrawState {
    /// Whom everybody has met so far.
    pub met: MeetingHistory,
    /// How often everybody was left out.
    pub turns: SitOuts,
    /// Rounds known to be possible without a repeat.
    pub season: Vec<Matching>,
    /// How many rounds without a repeat are certain after the last one.
    pub promised: usize,
}

/// A round that was drawn, by positions on the roster.
#[derive(Clone, Debug)]
pub struct DrawnRound {
    /// The day of the round, with its slots.
    pub day: Day,
    /// Who takes part, in roster order.
    pub people: Vec<RosterIndex>,
    /// Who meets whom, and how good that is.
    pub drawn: Drawn,
    /// Who is left out, and why.
    pub left_out: Vec<(RosterIndex, Reason)>,
}

/// Draws the rounds of these dates, ascending. `draw_state` is updated with them; `tell` is called after each round.
pub fn rounds(
    setting: Setting<'_>,
    dates: &[NaiveDate],
    seed: u64,
    draw_state: &mut DrawState,
    tell: &mut dyn FnMut(usize),
) -> Vec<DrawnRound> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let before = draw_state.clone_if_small();
    let first = attempt(setting, dates, &mut rng, draw_state, true, tell);
    let improvable = |cost: Cost| cost.repeats > 0 || cost.left_out > 0 && setting.pairing.avoid_repeats_weeks > 0;
    let Some(before) = before.filter(|_| improvable(total(&first))) else { return first };
    let alone = |date: &NaiveDate| {
        let mut draw_state = before.clone();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        total(&attempt(setting, &[*date], &mut rng, &mut draw_state, false, &mut |_| {}))
    };
    let bound: Cost = dates.iter().map(alone).sum();
    let mut best = (first, draw_state.clone());
    let people = before.turns.counts().len() as u64;
    for stream in 1..=(RESTARTS_BY_PEOPLE / people.max(1)).min(RESTARTS) {
        let found = total(&best.0);
        if (found.left_out, found.repeats) <= (bound.left_out, bound.repeats) {
            break;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        let mut draw_state = before.clone();
        let rounds = attempt(setting, dates, &mut rng, &mut draw_state, false, &mut |_| {});
        if total(&rounds) < total(&best.0) && new_rounds(&rounds) >= new_rounds(&best.0) {
            best = (rounds, draw_state);
        }
    }
    *draw_state = best.1;
    best.0
}

/// How many rounds there are before the first repeat; those that were promised stay possible.
fn new_rounds(rounds: &[DrawnRound]) -> usize {
    rounds.iter().take_while(|round| round.drawn.cost.repeats == 0).count()
}

fn total(rounds: &[DrawnRound]) -> Cost {
    rounds.iter().map(|round| round.drawn.cost).sum()
}

impl DrawState {
    fn clone_if_small(&self) -> Option<Self> {
        (self.turns.counts().len() <= RESTART_PEOPLE).then(|| self.clone())
    }
}

fn attempt(
    setting: Setting<'_>,
    dates: &[NaiveDate],
    rng: &mut ChaCha8Rng,
    draw_state: &mut DrawState,
    in_season: bool,
    tell: &mut dyn FnMut(usize),
) -> Vec<DrawnRound> {
    let mut rounds = Vec::with_capacity(dates.len());
    for &date in dates {
        let people = setting.rules.participants(date);
        let day = Day::new(setting.meeting, date, setting.now, setting.rules.schedules());
        draw_state.turns.admit(people.iter().copied());
        let limit = setting.pairing.max_pairs_per_round;
        let problem = Problem {
            rules: setting.rules,
            met: &draw_state.met,
            day: &day,
            people: &people,
            turns: draw_state.turns.counts(),
            trio: setting.pairing.odd_one_out == OddOneOut::Trio,
            limit: if limit == 0 { usize::MAX } else { limit },
            cost_table: None,
            drawn: None,
        };
        let drawn = if in_season {
            season::draw_round(&problem, &mut draw_state.season, rng)
        } else {
            draw_state.season.clear();
            matching::solve(&problem, rng)
        };
        let left_out = left_out::of(&problem, &drawn.matching);
        draw_state.promised = draw_state.season.len();
        if people.len() > season::MOST && rounds.len() + 1 == dates.len() {
            draw_state.promised = repeat_forecast::guaranteed(&problem).saturating_sub(1);
        }
        draw_state.met.add(week_of(date), drawn.matching.meetings().map(MeetingGroup::all));
        for &person in &drawn.matching.left_out {
            draw_state.turns.leave_out(person);
        }
        rounds.push(DrawnRound { day, people, drawn, left_out });
        tell(rounds.len());
    }
    rounds
}

/// Seeds are below this number: they have at most twelve digits, to be read aloud and to survive any JSON reader.
pub(super) const SEEDS: u64 = 1_000_000_000_000;

/// A new seed.
pub fn seed(rng: &mut impl Rng) -> u64 {
    rng.random_range(0..SEEDS)
}
