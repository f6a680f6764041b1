//! The best round: who meets whom on one day, drawn by chance from all rounds that are as good.
//!
//! 1. Up to [`small::MOST`] people, all rounds are counted ([`small`]).
//! 2. Else people are seated at random and mended by swaps ([`arrangement`]); where that reaches a bound that
//!    is easily seen, it is the best.
//! 3. Else the exact method decides up to [`EXACT`] people ([`exact`]); beyond, a flow among kinds of people
//!    gives a bound and a round near it, and alternating paths lengthen that ([`augment`]).
//! 4. Swaps that cost nothing mix what was found.

pub mod arrangement;
pub mod augment;
pub mod exact;
pub mod grid;
mod kinds;
pub mod question;
pub mod small;

use std::collections::HashMap;

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use self::arrangement::{Arrangement, surplus};
use self::grid::Grid;
use self::question::{Cost, MOST_RECENT, Matching, Question};
use super::met::Person;

/// Up to so many people every answer is exact.
pub const EXACT: usize = 2_000;

/// Up to so many people the exact method weighs how long ago people met, and not only whether.
const EXACT_RECENCY: usize = 128;

/// After so many trios that did not help, no other is tried.
const TRIOS: usize = 12;

/// Lists of whom people met and from whom they are kept apart are long above this, on average.
const LONG: usize = 100;

/// How often the paths of very large rounds may ask whether two people can meet.
const QUESTIONS: u64 = 40_000_000;

/// A round that is drawn, and what is known of its quality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The round.
    pub matching: Matching,
    /// What it costs.
    pub cost: Cost,
    /// No round has more pairs than this.
    pub best_possible_pairs: usize,
    /// Whether it is proven that no round has more people in it, or as many and fewer repeats.
    pub optimal: bool,
}

/// Draws a best round by chance.
pub fn draw(question: &Question<'_>, rng: &mut impl Rng) -> Drawn {
    let n = question.people.len();
    if n <= small::MOST {
        let (matching, _) = small::draw(question, rng);
        let cost = question.cost(&matching);
        let best_possible_pairs = matching.groups();
        let optimal = fewest_repeats(question, cost, |question| question.cost(&small::draw(question, rng).0).repeats);
        return Drawn { matching, cost, best_possible_pairs, optimal };
    }
    let drawn = search(question, rng);
    let repeats = |question: &Question<'_>| search(question, rng).cost.repeats;
    let optimal = drawn.optimal && fewest_repeats(question, drawn.cost, repeats);
    Drawn { optimal, ..drawn }
}

/// Whether there are no fewer repeats when nobody minds whose turn it is to be left out.
fn fewest_repeats(question: &Question<'_>, cost: Cost, repeats: impl FnOnce(&Question<'_>) -> i32) -> bool {
    if cost.repeats == 0 || cost.left_out == 0 {
        return true;
    }
    let turns = vec![0; question.turns.len()];
    repeats(&Question { turns: &turns, ..*question }) >= cost.repeats
}

/// Draws a best round of more people than can be counted.
fn search(question: &Question<'_>, rng: &mut impl Rng) -> Drawn {
    let n = question.people.len();
    let grid = (n <= EXACT && has_long_lists(question)).then(|| Grid::new(question));
    let question = &Question { grid: grid.as_ref(), ..*question };
    let mut seated = Arrangement::random(question, rng);
    seated.mend(if n <= EXACT { 60 * n } else { 20 * n }, rng);
    let bound = Bound::of(question);
    let verdict = bound.verdict(seated.total());
    if verdict.proven {
        return mixed(seated, verdict, rng);
    }
    let found = seated.matching();
    if n > EXACT {
        let (found, verdict) = among_many(question, &found, bound, rng);
        return mixed(Arrangement::of(question, &found), verdict, rng);
    }
    let grid = question.grid.is_none().then(|| Grid::new(question));
    let question = &Question { grid: question.grid.or(grid.as_ref()), ..*question };
    let (found, verdict) = solve(question, &found, rng);
    mixed(Arrangement::of(question, &found), verdict, rng)
}

fn mixed(mut seated: Arrangement<'_>, verdict: Verdict, rng: &mut impl Rng) -> Drawn {
    seated.mix(rng);
    let (matching, cost) = (seated.matching(), seated.total());
    Drawn { matching, cost, best_possible_pairs: verdict.most_groups, optimal: verdict.proven }
}

/// Whether it takes long to look up what is known of two people.
fn has_long_lists(question: &Question<'_>) -> bool {
    let list = |person: &Person| question.met.count(*person) + question.rules.apart(*person).count();
    question.people.iter().map(list).sum::<usize>() > LONG * question.people.len()
}

#[derive(Clone, Copy)]
struct Verdict {
    most_groups: usize,
    proven: bool,
}

/// What no round can better, by counting alone.
#[derive(Clone, Copy)]
struct Bound {
    left_out: usize,
    turns: i64,
    most_groups: usize,
}

impl Bound {
    fn of(question: &Question<'_>) -> Self {
        let n = question.people.len();
        let most_groups = (n / 2).min(question.limit);
        let seats = 2 * most_groups + usize::from(question.odd_joins());
        let members = surplus(question.rules.columns(), question.people);
        let (among, left_out) = match members {
            Some((members, surplus)) if surplus >= n - seats => {
                (members.iter().map(|at| question.people[*at]).collect(), surplus)
            }
            _ => (question.people.to_vec(), n - seats),
        };
        let mut turns: Vec<u32> = among.iter().map(|person: &Person| question.turns[*person as usize]).collect();
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

/// The exact answer, from a round at hand.
fn solve(question: &Question<'_>, start: &Matching, rng: &mut impl Rng) -> (Matching, Verdict) {
    let table = Table::new(question);
    let odd = question.odd_joins();
    let mut matching = table.cheapest(question, &[], !odd, start);
    if odd && matching.left_out.len() > 1 {
        matching = table.cheapest(question, &[], true, start);
    }
    let most_groups = matching.groups();
    if !odd {
        return (matching, Verdict { most_groups, proven: true });
    }
    // Take away one person of a trio, and what is left is a matching: hence the bounds.
    let left_out = matching.left_out.len() as i32 - 1;
    let pairs_only = question.cost(&matching).repeats;
    let trios = Trios::of(question, &matching, rng);
    let repeats = if left_out == 0 { pairs_only + trios.fewest_repeats.min(2) } else { 0 };
    let mut best = (question.cost(&matching), matching.clone());
    let mut in_vain = 0;
    for trio in trios.candidates {
        if in_vain == TRIOS || best.0.left_out == left_out && best.0.repeats <= repeats {
            break;
        }
        let mut round = table.cheapest(question, &trio, left_out > 0, &matching);
        round.trio = Some(trio);
        let cost = question.cost(&round);
        if cost < best.0 {
            best = (cost, round);
            in_vain = 0;
        } else {
            in_vain += 1;
        }
    }
    let proven = trios.none || best.0.left_out == left_out && best.0.repeats <= repeats;
    (best.1, Verdict { most_groups, proven })
}

/// The costs of all pairs, as the exact method takes them. Where the limit leaves people out, as many places
/// to rest follow the people: whoever is matched with one rests.
struct Table {
    size: usize,
    cost: Vec<i32>,
    one_turn: i64,
    /// By person: how much more often than others they were left out; beyond a hundred times it is all the same.
    turns: Vec<i64>,
}

impl Table {
    fn new(question: &Question<'_>) -> Self {
        let people = question.people;
        let n = people.len();
        let size = n + n.saturating_sub(question.limit.saturating_mul(2)) * usize::from(n / 2 > question.limit);
        let with_recency = n <= EXACT_RECENCY;
        let one_repeat: i64 = if with_recency { MOST_RECENT * EXACT_RECENCY as i64 / 2 + 1 } else { 1 };
        let one_turn = (n as i64 / 2 + 1) * 2 * one_repeat;
        let fewest = people.iter().map(|person| question.turns[*person as usize]).min().unwrap_or(0);
        let turns = people.iter().map(|person| i64::from((question.turns[*person as usize] - fewest).min(100)));
        let mut table = Self { size, cost: vec![exact::NEVER; size * size], one_turn, turns: turns.collect() };
        for i in 0..n {
            for j in 0..i {
                let pair = question.pair(people[i], people[j]);
                if pair.forbidden == 0 {
                    let recency = if with_recency { pair.recency } else { 0 };
                    table.set(i, j, i64::from(pair.repeats) * one_repeat + recency);
                }
            }
            for rest in n..size {
                table.set(i, rest, one_turn * table.turns[i]);
            }
        }
        table
    }

    fn set(&mut self, i: usize, j: usize, cost: i64) {
        let cost = i32::try_from(2 * cost).unwrap_or(exact::NEVER - 1);
        self.cost[i * self.size + j] = cost;
        self.cost[j * self.size + i] = cost;
    }

    /// The best pairs of all but the `taken`. With `by_turns`, it counts who is left out, and not only how many.
    fn cheapest(&self, question: &Question<'_>, taken: &[Person], by_turns: bool, start: &Matching) -> Matching {
        let people = question.people;
        let one_left = self.one_turn * (self.turns.iter().sum::<i64>() + 1);
        let turn = |turns: &i64| if by_turns { self.one_turn * turns } else { 0 };
        let mut free: Vec<i64> = self.turns.iter().map(|turns| 2 * (one_left + turn(turns))).collect();
        free.resize(self.size, 2 * one_left);
        let mut cost = std::borrow::Cow::Borrowed(&self.cost);
        let place: HashMap<Person, u32> = people.iter().copied().zip(0..).collect();
        for i in taken.iter().filter_map(|person| place.get(person)).map(|i| *i as usize) {
            let cost = cost.to_mut();
            free[i] = 0;
            for j in 0..self.size {
                cost[i * self.size + j] = exact::NEVER;
                cost[j * self.size + i] = exact::NEVER;
            }
        }
        let start = start.pairs.iter().filter_map(|[a, b]| Some([*place.get(a)?, *place.get(b)?]));
        let mates = exact::cheapest(&cost, &free, &start.collect::<Vec<_>>());
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

/// Trios to try when the odd one joins a pair.
struct Trios {
    /// The cheapest of those that join a pair of the matching, then the cheapest of all.
    candidates: Vec<[Person; 3]>,
    /// No admissible trio has fewer repeats, so far as is known.
    fewest_repeats: i32,
    /// There is no admissible trio at all.
    none: bool,
}

impl Trios {
    /// Above so many people only some trios are looked at.
    const ALL: usize = 150;

    fn of(question: &Question<'_>, matching: &Matching, rng: &mut impl Rng) -> Self {
        let people = question.people;
        let n = people.len();
        let look = |trio: [Person; 3]| Some((question.trio(trio), trio)).filter(|(cost, _)| cost.forbidden == 0);
        let joins = |odd: &Person| matching.pairs.iter().map(|[a, b]| [*odd, *a, *b]).collect::<Vec<_>>();
        let mut joined: Vec<_> = matching.left_out.iter().flat_map(joins).filter_map(look).collect();
        let mut any: Vec<_> = if n <= Self::ALL {
            let admitted = |a, b| question.pair(a, b).forbidden == 0;
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
            list.truncate(if n <= Self::ALL { 30 } else { 3 });
        }
        let known = n <= Self::ALL;
        Self {
            none: known && joined.is_empty() && any.is_empty(),
            fewest_repeats: if known { fewest } else { 0 },
            candidates: joined.into_iter().chain(any).map(|(_, trio)| trio).collect(),
        }
    }
}

/// Many people: what was found by chance or what a flow among kinds of people gives, and if it falls short of
/// the bound, alternating paths.
fn among_many(question: &Question<'_>, found: &Matching, bound: Bound, rng: &mut impl Rng) -> (Matching, Verdict) {
    let limited = question.people.len() / 2 > question.limit;
    let Some(by_kind) = kinds::pair(question, rng).filter(|_| !limited) else {
        return lengthen(question, found, bound);
    };
    let bound = Bound { most_groups: by_kind.most_pairs.min(bound.most_groups), ..bound };
    let mut seated = Arrangement::of(question, &by_kind.matching);
    seated.mend(200 * question.people.len(), rng);
    let mut round = seated.matching();
    if round.groups() < found.groups() {
        round = found.clone();
    }
    if question.odd_joins() && round.trio.is_none() {
        join_odd_one(question, &mut round, rng);
    }
    let cost = question.cost(&round);
    if round.groups() < bound.most_groups || cost.repeats > 0 {
        return lengthen(question, &round, bound);
    }
    let everybody = !question.odd_joins() || round.trio.is_some();
    (round, Verdict { most_groups: bound.most_groups, proven: everybody })
}

/// Lets somebody who is left out join a pair, if one is soon found that they may join and have not met.
fn join_odd_one(question: &Question<'_>, round: &mut Matching, rng: &mut impl Rng) {
    for _ in 0..10_000 {
        if round.left_out.is_empty() || round.pairs.is_empty() {
            return;
        }
        let odd = rng.random_range(0..round.left_out.len());
        let at = rng.random_range(0..round.pairs.len());
        let [a, b] = round.pairs[at];
        if question.trio([a, b, round.left_out[odd]]) == Cost::default() {
            round.pairs.swap_remove(at);
            round.trio = Some([a, b, round.left_out.swap_remove(odd)]);
            return;
        }
    }
}

/// Many people: pairs who have not met are lengthened first, then any that the rules admit.
fn lengthen(question: &Question<'_>, start: &Matching, bound: Bound) -> (Matching, Verdict) {
    let people = question.people;
    let place: HashMap<Person, u32> = people.iter().copied().zip(0..).collect();
    let mut mate = vec![u32::MAX; people.len()];
    let mut join = |a: Person, b: Person| {
        let (a, b) = (place[&a], place[&b]);
        (mate[a as usize], mate[b as usize]) = (b, a);
    };
    for &[a, b] in start.pairs.iter().filter(|[a, b]| question.pair(*a, *b) == Cost::default()) {
        join(a, b);
    }
    let pair = |u: u32, v: u32| question.pair(people[u as usize], people[v as usize]);
    let mut questions = QUESTIONS;
    let reserved = start.trio.iter().flatten().map(|person| place[person]).collect::<Vec<_>>();
    let open = |u: u32| !reserved.contains(&u);
    let new = augment::lengthen(&mut mate, &mut questions, |u, v| pair(u, v) == Cost::default() && open(u) && open(v));
    let new_pairs = mate.iter().filter(|mate| **mate != u32::MAX).count() / 2;
    let all = augment::lengthen(&mut mate, &mut questions, |u, v| pair(u, v).forbidden == 0 && open(u) && open(v));
    let mut round = Matching { trio: start.trio, ..Matching::default() };
    for (i, mate) in mate.iter().enumerate() {
        match *mate {
            u32::MAX if open(i as u32) => round.left_out.push(people[i]),
            j if j != u32::MAX && i < j as usize => round.pairs.push([people[i], people[j as usize]]),
            _ => {}
        }
    }
    round.pairs.sort_by_key(|&[a, b]| question.pair(a, b));
    let dropped = round.pairs.split_off(round.pairs.len().min(question.limit - round.trio.iter().len()));
    round.left_out.extend(dropped.into_iter().flatten());
    let most_groups = match all {
        augment::Outcome::Largest if reserved.is_empty() => round.groups(),
        _ => bound.most_groups,
    };
    let most_groups = most_groups.min(question.limit);
    let repeats = question.cost(&round).repeats as usize;
    let fewest = new == augment::Outcome::Largest && repeats == round.pairs.len().saturating_sub(new_pairs);
    let proven = round.groups() == most_groups && (repeats == 0 || fewest && reserved.is_empty());
    (round, Verdict { most_groups, proven })
}

#[cfg(test)]
mod tests;
