//! The solver for one round: who meets whom on one day, drawn at random from all equally good rounds.
//!
//! It solves a maximum matching of lowest cost. The constraints are the rules; the objective is [`problem::Cost`].
//! 1. For up to [`enumerate::MOST`] people, all rounds are counted ([`enumerate`]).
//! 2. For more, people are seated at random, and a local search by swaps improves the round ([`local_search`]); if its
//!    cost reaches a lower bound that is easy to see, it is optimal.
//! 3. Otherwise an exact solver decides for up to [`EXACT`] people (`exact`, which uses [`blossom`]); beyond that, a
//!    flow among kinds of people gives an upper bound on the pairs and a round close to it (`class_flow`), and
//!    augmenting paths add the missing pairs ([`augmenting_paths`]).
//! 4. Swaps that cost nothing mix the result, and spare newcomers the people who give no sign (`welcome`).

pub mod augmenting_paths;
pub mod blossom;
mod class_flow;
pub mod cost_table;
pub mod enumerate;
mod exact;
mod large;
pub mod local_search;
pub mod problem;
mod welcome;

use rand::Rng;

use self::cost_table::CostTable;
use self::local_search::{LocalSearch, surplus};
use self::problem::{Cost, Matching, Problem};
use crate::domain::roster::RosterIndex;

/// Up to this number of people the exact solver is used; only if somebody joins as a third may it leave open whether a
/// round with fewer repeats exists.
pub const EXACT: usize = 2_000;

/// Above this average length, the lists of whom people met and from whom they are kept apart are long. A name in the
/// second list counts for more: finding it takes as long as [`BY_NAME`] entries of the first, which lie in a row.
const LONG: usize = 100;
const BY_NAME: usize = 10;

/// A round that is drawn, and what is known about its quality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Who meets whom, and who is left out.
    pub matching: Matching,
    /// The cost of the round, by the objective.
    pub cost: Cost,
    /// No draw can have more pairs than this.
    pub best_possible_pairs: usize,
    /// Whether it is proven that no draw has more pairs, or as many pairs with fewer repeats.
    pub optimal: bool,
}

/// How many people every round must leave out, by counting alone. Cost: linear in the people.
pub fn fewest_left_out(problem: &Problem<'_>) -> usize {
    Bound::fewest_left_out(problem)
}

/// Draws one of the best rounds at random. Cost: up to `EXACT` people at worst cubic in them; beyond that, a bounded
/// number of sweeps, each linear in the people, and a bounded number of questions whether two people can meet.
pub fn solve(problem: &Problem<'_>, rng: &mut impl Rng) -> Drawn {
    let mut drawn = solve_by_chance(problem, rng);
    welcome::welcome(problem, &mut drawn.matching);
    drawn
}

fn solve_by_chance(problem: &Problem<'_>, rng: &mut impl Rng) -> Drawn {
    let n = problem.people.len();
    if n <= enumerate::MOST {
        let (matching, _) = enumerate::solve(problem, rng);
        let cost = problem.cost(&matching);
        let best_possible_pairs = matching.groups();
        let repeats = |problem: &Problem<'_>| Some(problem.cost(&enumerate::solve(problem, rng).0).repeats);
        let optimal = fewest_repeats(problem, cost, repeats);
        return Drawn { matching, cost, best_possible_pairs, optimal };
    }
    let drawn = search(problem, rng);
    let repeats = |problem: &Problem<'_>| Some(search(problem, rng)).filter(|it| it.optimal).map(|it| it.cost.repeats);
    let optimal = drawn.optimal && fewest_repeats(problem, drawn.cost, repeats);
    Drawn { optimal, ..drawn }
}

/// The best round for people who are already drawn ([`Problem::drawn`]), starting from a given round that no rule
/// forbids and that keeps as many of the drawn groups as possible: that very round if none is better. `before` is its
/// cost.
pub fn bring_in_line(problem: &Problem<'_>, start: Matching, before: Cost, rng: &mut impl Rng) -> Drawn {
    // Then it is also a round with the fewest changes.
    let verdict = Bound::of(problem).verdict(before);
    if verdict.proven {
        return Drawn { matching: start, cost: before, best_possible_pairs: verdict.most_groups, optimal: true };
    }
    let n = problem.people.len();
    let drawn = if n <= enumerate::MOST { solve(problem, rng) } else { improve(problem, &start, rng) };
    let rank = |cost: Cost| Cost { recency: 0, ..cost };
    if rank(drawn.cost) < rank(before) {
        return drawn;
    }
    let as_good = (before.left_out, before.repeats) == (drawn.cost.left_out, drawn.cost.repeats);
    Drawn { matching: start, cost: before, optimal: drawn.optimal && as_good, ..drawn }
}

/// A better round than the given one, for more people than can be enumerated.
fn improve(problem: &Problem<'_>, start: &Matching, rng: &mut impl Rng) -> Drawn {
    let n = problem.people.len();
    let bound = Bound::of(problem);
    let (matching, verdict) = if n > EXACT {
        large::extend(problem, start, bound, rng)
    } else {
        let table = CostTable::new(problem);
        let problem = &Problem { cost_table: Some(&table), ..*problem };
        let mut seated = LocalSearch::of(problem, start);
        seated.improve(60 * n, rng);
        exact::exactly(problem, &seated.matching(), rng)
    };
    let cost = problem.cost(&matching);
    let repeats = |problem: &Problem<'_>| Some(search(problem, rng)).filter(|it| it.optimal).map(|it| it.cost.repeats);
    let optimal = verdict.proven && fewest_repeats(problem, cost, repeats);
    Drawn { matching, cost, best_possible_pairs: verdict.most_groups, optimal }
}

/// Whether there could be no fewer repeats even if it did not matter whose turn it is to be left out.
fn fewest_repeats(problem: &Problem<'_>, cost: Cost, repeats: impl FnOnce(&Problem<'_>) -> Option<i32>) -> bool {
    if cost.repeats == 0 || cost.left_out == 0 {
        return true;
    }
    let turns = vec![0; problem.turns.len()];
    repeats(&Problem { turns: &turns, ..*problem }).is_some_and(|fewest| fewest >= cost.repeats)
}

/// Draws a best round for more people than can be enumerated.
fn search(problem: &Problem<'_>, rng: &mut impl Rng) -> Drawn {
    let n = problem.people.len();
    let cost_table = (n <= EXACT && has_long_lists(problem)).then(|| CostTable::new(problem));
    let problem = &Problem { cost_table: cost_table.as_ref(), ..*problem };
    let mut seated = LocalSearch::random(problem, rng);
    seated.improve(if n <= EXACT { 60 * n } else { 20 * n }, rng);
    let bound = Bound::of(problem);
    let verdict = bound.verdict(seated.total());
    if verdict.proven {
        return mixed(seated, verdict, rng);
    }
    let found = seated.matching();
    if n > EXACT {
        let (found, verdict) = large::improve(problem, &found, bound, rng);
        return mixed(LocalSearch::of(problem, &found), verdict, rng);
    }
    let cost_table = problem.cost_table.is_none().then(|| CostTable::new(problem));
    let problem = &Problem { cost_table: problem.cost_table.or(cost_table.as_ref()), ..*problem };
    let (found, verdict) = exact::exactly(problem, &found, rng);
    mixed(LocalSearch::of(problem, &found), verdict, rng)
}

fn mixed(mut seated: LocalSearch<'_>, verdict: Verdict, rng: &mut impl Rng) -> Drawn {
    seated.mix(rng);
    let (matching, cost) = (seated.matching(), seated.total());
    Drawn { matching, cost, best_possible_pairs: verdict.most_groups, optimal: verdict.proven }
}

/// Whether looking up what is known about two people takes long.
fn has_long_lists(problem: &Problem<'_>) -> bool {
    problem
        .people
        .iter()
        .map(|person| problem.met.count(*person) + BY_NAME * problem.rules.apart(*person).count())
        .sum::<usize>()
        > LONG * problem.people.len()
}

#[derive(Clone, Copy)]
struct Verdict {
    most_groups: usize,
    proven: bool,
}

/// The lower bound on the cost, and the upper bound on the pairs, that counting alone gives.
#[derive(Clone, Copy)]
struct Bound {
    left_out: usize,
    turns: i64,
    most_groups: usize,
}

impl Bound {
    /// How many people must be left out in any case, by counting alone.
    fn fewest_left_out(problem: &Problem<'_>) -> usize {
        let n = problem.people.len();
        let seats = 2 * (n / 2).min(problem.limit) + usize::from(problem.odd_joins());
        let surplus = surplus(problem.rules.columns(), problem.people).map_or(0, |(_, surplus)| surplus);
        surplus.max(n - seats)
    }

    fn of(problem: &Problem<'_>) -> Self {
        let n = problem.people.len();
        let most_groups = (n / 2).min(problem.limit);
        let seats = 2 * most_groups + usize::from(problem.odd_joins());
        let members = surplus(problem.rules.columns(), problem.people);
        let (among, left_out) = match members {
            Some((members, surplus)) if surplus >= n - seats => {
                (members.iter().map(|at| problem.people[*at]).collect(), surplus)
            }
            _ => (problem.people.to_vec(), n - seats),
        };
        let mut turns: Vec<u32> = among.iter().map(|person: &RosterIndex| problem.turns[person.index()]).collect();
        if left_out > 0 && left_out < turns.len() {
            turns.select_nth_unstable(left_out - 1);
        }
        let turns = turns[..left_out].iter().map(|turns| i64::from(*turns)).sum();
        Self { left_out, turns, most_groups: most_groups.min((n - left_out) / 2) }
    }

    fn verdict(self, cost: Cost) -> Verdict {
        let reached = cost.forbidden == 0 && cost.repeats == 0;
        let proven = reached && cost.left_out as usize <= self.left_out && cost.turns <= self.turns;
        Verdict { most_groups: self.most_groups, proven }
    }
}

#[cfg(test)]
pub(crate) mod tests;
