//! Draws rounds one after another: each the best there is, and together the best of many tries; on teams up
//! to [`SEASON`] people so that the season stays possible.
//!
//! A round is drawn from all best ones, and kept if afterwards as many rounds without a repeat are still to be
//! found ([`super::season`]); after some tries in vain, one of the rounds that are known to be possible is
//! taken. Where repeats cannot be avoided, a hundred months are drawn and the best is kept.

use chrono::{DateTime, NaiveDate, Utc};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::calendar::{Day, week_of};
use super::matching::question::{Cost, Matching, Question};
use super::matching::{self, Drawn};
use super::met::{Met, Person, Together};
use super::promise;
use super::reasons;
use super::rules::Rules;
use super::season::{self, Open, Planned};
use super::settings::{Meeting, OddOneOut, Pairing};
use super::standing::Turns;
use super::state::Reason;

/// Up to so many participants the season is planned.
pub const SEASON: usize = 120;

/// How hard the season is searched for: steps for a new plan, and to see whether a round keeps it possible.
const PLAN_STEPS: u64 = 1_000_000;
const KEEP_STEPS: u64 = 60_000;

/// How many draws are tried before a round of the plan is taken.
const KEEP_TRIES: usize = 4;

/// How many months are drawn where repeats cannot be avoided, and for how many people at most.
const RESTARTS: u64 = 100;
const RESTART_PEOPLE: usize = 64;

/// What rounds are drawn from.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Who may meet whom.
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
pub struct Course {
    /// Whom everybody met.
    pub met: Met,
    /// How often everybody was left out.
    pub turns: Turns,
    /// Rounds known to be possible without a repeat.
    pub season: Vec<Matching>,
    /// How many rounds without a repeat are certain after the last one.
    pub promised: usize,
}

/// One round, drawn.
#[derive(Clone, Debug)]
pub struct DrawnRound {
    /// Its day.
    pub day: Day,
    /// Who takes part, in roster order.
    pub people: Vec<Person>,
    /// Who meets whom, and how good that is.
    pub drawn: Drawn,
    /// Who is left out, and why.
    pub left_out: Vec<(Person, Reason)>,
}

/// Draws the rounds of these dates, ascending. `course` moves on with them; `tell` hears of each that is done.
pub fn rounds(
    setting: Setting<'_>,
    dates: &[NaiveDate],
    seed: u64,
    course: &mut Course,
    tell: &mut dyn FnMut(usize),
) -> Vec<DrawnRound> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let before = course.clone_if_small();
    let first = attempt(setting, dates, &mut rng, course, true, tell);
    let Some(before) = before.filter(|_| total(&first).repeats > 0) else { return first };
    let alone = |date: &NaiveDate| {
        let mut course = before.clone();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        total(&attempt(setting, &[*date], &mut rng, &mut course, false, &mut |_| {})).repeats
    };
    let bound: i32 = dates.iter().map(alone).sum();
    let mut best = (first, course.clone());
    for stream in 1..=RESTARTS {
        if total(&best.0).repeats <= bound {
            break;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        let mut course = before.clone();
        let rounds = attempt(setting, dates, &mut rng, &mut course, false, &mut |_| {});
        if total(&rounds) < total(&best.0) {
            best = (rounds, course);
        }
    }
    *course = best.1;
    best.0
}

fn total(rounds: &[DrawnRound]) -> Cost {
    rounds.iter().map(|round| round.drawn.cost).sum()
}

impl Course {
    fn clone_if_small(&self) -> Option<Self> {
        (self.turns.counts().len() <= RESTART_PEOPLE).then(|| self.clone())
    }
}

fn attempt(
    setting: Setting<'_>,
    dates: &[NaiveDate],
    rng: &mut ChaCha8Rng,
    course: &mut Course,
    in_season: bool,
    tell: &mut dyn FnMut(usize),
) -> Vec<DrawnRound> {
    let mut rounds = Vec::with_capacity(dates.len());
    for &date in dates {
        let people = setting.rules.participants(date);
        let day = Day::new(setting.meeting, date, setting.now, setting.rules.schedules());
        course.turns.admit(people.iter().copied());
        let limit = setting.pairing.max_pairs_per_round;
        let question = Question {
            rules: setting.rules,
            met: &course.met,
            day: &day,
            people: &people,
            turns: course.turns.counts(),
            trio: setting.pairing.odd_one_out == OddOneOut::Trio,
            limit: if limit == 0 { usize::MAX } else { limit },
            grid: None,
        };
        let drawn = if in_season {
            within_season(&question, &mut course.season, rng)
        } else {
            course.season.clear();
            matching::draw(&question, rng)
        };
        let left_out = reasons::of(&question, &drawn.matching);
        course.promised = course.season.len();
        if people.len() > SEASON && rounds.len() + 1 == dates.len() {
            course.promised = promise::guaranteed(&question).saturating_sub(1);
        }
        for group in drawn.matching.meetings() {
            course.met.add(week_of(date), Together::all(group));
        }
        for &person in &drawn.matching.left_out {
            course.turns.leave_out(person);
        }
        rounds.push(DrawnRound { day, people, drawn, left_out });
        tell(rounds.len());
    }
    rounds
}

/// Draws a round after which the season has as many rounds left as it can have.
fn within_season(question: &Question<'_>, season: &mut Vec<Matching>, rng: &mut impl Rng) -> Drawn {
    let n = question.people.len();
    let known = std::mem::take(season);
    let drawn = matching::draw(question, rng);
    if !(2..=SEASON).contains(&n) || n / 2 > question.limit || drawn.matching.groups() == 0 {
        return drawn;
    }
    let open = open(question, &drawn.matching);
    let Some(plan) = plan(question, &open, &known, rng) else { return drawn };
    let mut candidate = drawn.clone();
    for _ in 0..KEEP_TRIES {
        if candidate.cost.repeats == 0
            && let Some(rest) = keep(question, &open, &plan, &candidate.matching, rng)
        {
            *season = rest.iter().map(|planned| seated(question, planned)).collect();
            return candidate;
        }
        candidate = matching::draw(question, rng);
    }
    let mut plan: Vec<Matching> = plan.iter().map(|planned| seated(question, planned)).collect();
    plan.shuffle(rng);
    let fairest = (0..plan.len()).min_by_key(|at| question.cost(&plan[*at]));
    let Some(chosen) = fairest.map(|at| plan.swap_remove(at)) else { return drawn };
    *season = plan;
    let cost = question.cost(&chosen);
    Drawn { cost, matching: chosen, optimal: cost.left_out == drawn.cost.left_out, ..drawn }
}

/// Who may still meet somebody new, in rounds like this one.
fn open(question: &Question<'_>, like: &Matching) -> Open {
    let people = question.people;
    let mut open = Open::new(people.len(), like.left_out.len(), like.trio.is_some());
    for (a, i) in people.iter().zip(0..) {
        for (b, j) in people.iter().zip(0..i) {
            open.set(i, j, question.pair(*a, *b) == Cost::default());
        }
    }
    open
}

/// As many rounds as can be found: those known, if they still hold; else as near to the bound as it gets.
/// None if there is not one.
fn plan(question: &Question<'_>, open: &Open, known: &[Matching], rng: &mut impl Rng) -> Option<Vec<Planned>> {
    let known: Vec<Planned> = known.iter().map(|matching| planned(question, matching)).collect();
    if !known.is_empty()
        && let Some(plan) = season::find(open, known.len(), &known, 0, rng)
    {
        return Some(plan);
    }
    let bound = open.bound();
    (1..=bound).rev().find_map(|rounds| season::find(open, rounds, &known, PLAN_STEPS, rng))
}

/// The rest of the season after this round, if all of it can still be found.
fn keep(
    question: &Question<'_>,
    open: &Open,
    plan: &[Planned],
    round: &Matching,
    rng: &mut impl Rng,
) -> Option<Vec<Planned>> {
    let round = planned(question, round);
    let mut left = open.clone();
    for [a, b] in round.pairings() {
        left.set(a, b, false);
    }
    let shares = |planned: &Planned| planned.pairings().filter(|[a, b]| !left.get(*a, *b)).count();
    let mut known = plan.to_vec();
    known.sort_by_cached_key(|planned| std::cmp::Reverse(shares(planned)));
    season::find(&left, plan.len() - 1, &known[1..], KEEP_STEPS, rng)
}

fn planned(question: &Question<'_>, matching: &Matching) -> Planned {
    let place = |person: &Person| question.people.binary_search(person).ok().map(|at| at as u16);
    let pair = |[a, b]: &[Person; 2]| Some([place(a)?, place(b)?]);
    let trio = |[a, b, c]: [Person; 3]| Some([place(&a)?, place(&b)?, place(&c)?]);
    Planned { pairs: matching.pairs.iter().filter_map(pair).collect(), trio: matching.trio.and_then(trio) }
}

fn seated(question: &Question<'_>, planned: &Planned) -> Matching {
    let person = |at: u16| question.people[usize::from(at)];
    let pairs: Vec<[Person; 2]> = planned.pairs.iter().map(|pair| pair.map(person)).collect();
    let trio = planned.trio.map(|trio| trio.map(person));
    let mut left_out = question.people.to_vec();
    left_out.retain(|person| !pairs.as_flattened().contains(person) && !trio.is_some_and(|t| t.contains(person)));
    Matching { pairs, trio, left_out }
}

/// A seed of at most twelve digits, to be read aloud and to survive any JSON reader.
pub fn seed(rng: &mut impl Rng) -> u64 {
    rng.random_range(0..1_000_000_000_000)
}
