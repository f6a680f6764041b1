//! The exact solver for up to [`super::EXACT`] people: the objective as one number for each pair, the cheapest
//! matching, and the trio. Knows what a problem costs; [`super::blossom`] finds the cheapest matching.

use std::borrow::Cow;
use std::collections::HashMap;

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use super::problem::{MOST_RECENT, Matching, Problem};
use super::{Verdict, blossom};
use crate::domain::roster::RosterIndex;

/// Up to this number of people the exact solver considers how long ago people met, and not only whether they met.
const EXACT_RECENCY: usize = 128;

/// The exact answer, starting from a given round. Cost: one cheapest matching, at worst cubic in the people, and one more
/// for each trio that is tried, up to a limit.
pub(super) fn exactly(problem: &Problem<'_>, start: &Matching, rng: &mut impl Rng) -> (Matching, Verdict) {
    let table = Table::new(problem);
    let odd = problem.odd_joins();
    let mut matching = table.cheapest(problem, &[], !odd, start);
    if odd && matching.left_out.len() > 1 {
        matching = table.cheapest(problem, &[], true, start);
    }
    let most_groups = matching.groups();
    if !odd {
        return (matching, Verdict { most_groups, proven: true });
    }
    // Without one person of a trio, what is left is a matching: hence these lower bounds.
    let left_out = matching.left_out.len() as i32 - 1;
    let pairs_only = problem.cost(&matching).repeats;
    let trios = Trios::of(problem, &matching, rng);
    let repeats = if left_out == 0 { pairs_only + trios.fewest_repeats.min(2) } else { 0 };
    let mut best = (problem.cost(&matching), matching.clone());
    let mut proven = trios.none;
    let mut tries = 0..trios.tries;
    for (trio, any) in trios.joined.iter().map(|trio| (*trio, false)).chain(trios.any.iter().map(|trio| (*trio, true)))
    {
        let over = best.0.repeats - pairs_only;
        let reached = best.0.left_out == left_out && best.0.repeats <= repeats;
        // From here on, the trios themselves have more repeats than allowed, so none can do better.
        let rest_is_worse = any && trios.complete && best.0.left_out == 0 && problem.trio(trio).repeats.min(2) >= over;
        proven = reached || rest_is_worse;
        if proven || tries.next().is_none() {
            break;
        }
        let mut round = table.cheapest(problem, &trio, left_out > 0, &matching);
        round.trio = Some(trio);
        let cost = problem.cost(&round);
        if cost < best.0 {
            best = (cost, round);
            tries = 0..trios.tries;
        }
    }
    proven |= best.0.left_out == left_out && best.0.repeats <= repeats || trios.complete && !tries.is_empty();
    (best.1, Verdict { most_groups, proven })
}

/// The costs of all pairs, in the form that the exact method takes. If the limit leaves people out, as many places to
/// rest follow the people: whoever is matched with one rests.
struct Table {
    size: usize,
    cost: Vec<i32>,
    one_turn: i64,
    /// By person: how much more often than others they were left out; beyond a hundred times it makes no difference.
    turns: Vec<i64>,
}

impl Table {
    fn new(problem: &Problem<'_>) -> Self {
        let people = problem.people;
        let n = people.len();
        let size = n + n.saturating_sub(problem.limit.saturating_mul(2)) * usize::from(n / 2 > problem.limit);
        // The numbers have no room for all wishes at once: for a drawn round, what changes is more important.
        let with_recency = n <= EXACT_RECENCY && problem.drawn.is_none();
        let one_repeat: i64 = match problem.drawn {
            Some(_) => n as i64 / 2 + 1,
            None if with_recency => MOST_RECENT * EXACT_RECENCY as i64 / 2 + 1,
            None => 1,
        };
        let one_turn = (n as i64 / 2 + 1) * 2 * one_repeat;
        let fewest = people.iter().map(|person| problem.turns[person.index()]).min().unwrap_or(0);
        let turns = people.iter().map(|person| i64::from((problem.turns[person.index()] - fewest).min(100)));
        let mut table = Self { size, cost: vec![blossom::NEVER; size * size], one_turn, turns: turns.collect() };
        for i in 0..n {
            for j in 0..i {
                let pair = problem.pair(people[i], people[j]);
                if pair.forbidden == 0 {
                    let recency = if with_recency { pair.recency } else { 0 };
                    table.set(i, j, i64::from(pair.repeats) * one_repeat + i64::from(pair.changed) + recency);
                }
            }
            for rest in n..size {
                table.set(i, rest, one_turn * table.turns[i]);
            }
        }
        table
    }

    fn set(&mut self, i: usize, j: usize, cost: i64) {
        let cost = i32::try_from(2 * cost).unwrap_or(blossom::NEVER - 1);
        self.cost[i * self.size + j] = cost;
        self.cost[j * self.size + i] = cost;
    }

    /// The best pairs of everybody except the `taken`. With `by_turns`, it matters who is left out, and not only how
    /// many.
    fn cheapest(&self, problem: &Problem<'_>, taken: &[RosterIndex], by_turns: bool, start: &Matching) -> Matching {
        let people = problem.people;
        let one_left = self.one_turn * (self.turns.iter().sum::<i64>() + 1);
        let turn = |turns: &i64| if by_turns { self.one_turn * turns } else { 0 };
        let mut free: Vec<i64> = self.turns.iter().map(|turns| 2 * (one_left + turn(turns))).collect();
        free.resize(self.size, 2 * one_left);
        let mut cost = Cow::Borrowed(&self.cost);
        let place: HashMap<RosterIndex, u32> = people.iter().copied().zip(0..).collect();
        for i in taken.iter().filter_map(|person| place.get(person)).map(|i| *i as usize) {
            let cost = cost.to_mut();
            free[i] = 0;
            for j in 0..self.size {
                cost[i * self.size + j] = blossom::NEVER;
                cost[j * self.size + i] = blossom::NEVER;
            }
        }
        let start = start.pairs.iter().filter_map(|[a, b]| Some([*place.get(a)?, *place.get(b)?]));
        let mates = blossom::cheapest(&cost, &free, &start.collect::<Vec<_>>());
        let mut round = Matching::default();
        for (i, &person) in people.iter().enumerate() {
            match mates[i].map(|mate| mate as usize).filter(|mate| *mate < people.len()) {
                Some(j) if i < j => round.pairs.push([person, people[j]]),
                None if !taken.contains(&person) => round.left_out.push(person),
                _ => {}
            }
        }
        round
    }
}

/// Trios to try when the odd one out joins a pair.
struct Trios {
    /// The cheapest trios that join a pair of the matching.
    joined: Vec<[RosterIndex; 3]>,
    /// The cheapest trios of all.
    any: Vec<[RosterIndex; 3]>,
    /// Whether these are all there are.
    complete: bool,
    /// How many trios in a row may fail to help before no more are tried.
    tries: usize,
    /// The fewest repeats of any allowed trio, as far as is known.
    fewest_repeats: i32,
    /// There is no allowed trio at all.
    none: bool,
}

impl Trios {
    /// Above this number of people, only some trios are looked at.
    const ALL: usize = 150;
    /// Above this number of people not all trios are tried.
    const TRIED: usize = 40;

    fn of(problem: &Problem<'_>, matching: &Matching, rng: &mut impl Rng) -> Self {
        let people = problem.people;
        let n = people.len();
        let look = |trio: [RosterIndex; 3]| Some((problem.trio(trio), trio)).filter(|(cost, _)| cost.forbidden == 0);
        let mut joined: Vec<_> = matching
            .left_out
            .iter()
            .flat_map(|odd| matching.pairs.iter().map(|[a, b]| [*odd, *a, *b]).collect::<Vec<_>>())
            .filter_map(look)
            .collect();
        let mut any: Vec<_> = if n <= Self::ALL {
            let admitted = |a, b| problem.pair(a, b).forbidden == 0;
            let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
            let pairs = pairs.filter(|(i, j)| admitted(people[*i], people[*j]));
            let trios = pairs.flat_map(|(i, j)| (0..j).map(move |k| [people[i], people[j], people[k]]));
            trios.filter_map(look).collect()
        } else {
            let three = (0..100 * n).map(|_| [(); 3].map(|()| rng.random_range(0..n)));
            let three = three.filter(|[i, j, k]| i != j && j != k && i != k);
            three.filter_map(|trio| look(trio.map(|i| people[i]))).collect()
        };
        let fewest = joined.iter().chain(&any).map(|(cost, _)| cost.repeats).min().unwrap_or(0);
        for list in [&mut joined, &mut any] {
            list.shuffle(rng);
            list.sort_by_key(|(cost, _)| *cost);
        }
        joined.truncate(if n <= Self::ALL { 30 } else { 3 });
        let complete = n <= Self::TRIED;
        any.truncate(if complete { any.len() } else { joined.len().max(3) });
        let known = n <= Self::ALL;
        Self {
            none: known && joined.is_empty() && any.is_empty(),
            fewest_repeats: if known { fewest } else { 0 },
            joined: joined.into_iter().map(|(_, trio)| trio).collect(),
            any: any.into_iter().map(|(_, trio)| trio).collect(),
            complete,
            tries: if complete { 60 } else { 12 },
        }
    }
}
