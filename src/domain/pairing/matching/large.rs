//! Very many people: from a given round to one that reaches the upper bound on pairs, or comes as close as time allows.
//! Knows bounds and how to combine solvers; the solvers are [`super::class_flow`] and [`super::augmenting_paths`].

use std::cmp::Reverse;
use std::collections::HashMap;

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use super::local_search::LocalSearch;
use super::problem::{Cost, Matching, Problem};
use super::{Bound, Verdict, augmenting_paths, class_flow};
use crate::domain::roster::RosterIndex;

/// How often the augmenting paths may ask whether two people can meet.
const QUESTIONS: u64 = 40_000_000;
/// A random round is augmented if it lacks only a few pairs: at most one for every `FEW` people.
const FEW: usize = 200;
/// The same if nearly everybody can meet: at most this number of people cannot.
const LEFT_OUT: usize = 20;
/// How much more mixing the result of a flow gets than a random round, and the most people that are mixed in all those
/// sweeps together.
const SWEEPS: usize = 7;
const MIXED: usize = 2_000_000;
/// How often a trio is looked for at random, and how often it is then looked for one by one.
const LOOKS_BY_CHANCE: usize = 10_000;
const LOOKS: usize = 2_000_000;

/// Many people: a random round or the result of a flow among kinds of people and, if that falls short of the bound,
/// augmenting paths. The odd one joins last: without one person of a trio, what is left is a matching, so no round with
/// a trio has more groups than the largest matching has pairs, nor fewer repeats. Cost: sweeps that are linear in the
/// people, at most `MIXED` seats in all of them, and at most `QUESTIONS` questions.
pub(super) fn improve(
    problem: &Problem<'_>,
    found: &Matching,
    bound: Bound,
    rng: &mut impl Rng,
) -> (Matching, Verdict) {
    let n = problem.people.len();
    let by_kind = if n / 2 > problem.limit { None } else { class_flow::pair(problem, rng) };
    let most_groups = by_kind.as_ref().map_or(usize::MAX, |it| it.most_pairs).min(bound.most_groups);
    let is_short = |round: &Matching| round.groups() < most_groups || problem.cost(round).repeats > 0;
    let mut round = without_trio(found);
    let mut verdict = Verdict { most_groups, proven: !is_short(&round) };
    // A random round is well mixed; the result of a flow is not. But paths from people who must be left out in any case
    // are long, and lead nowhere.
    let is_near = (most_groups - round.groups()) * FEW <= n && n - 2 * most_groups <= LEFT_OUT;
    if !verdict.proven && (by_kind.is_none() || is_near) {
        (round, verdict) = augment(problem, &round, most_groups, rng);
    }
    if let Some(by_kind) = by_kind.filter(|_| !verdict.proven) {
        let mut seated = LocalSearch::of(problem, &by_kind.matching);
        seated.improve(200 * n, rng);
        (0..SWEEPS.min(MIXED / n)).for_each(|_| seated.mix(rng));
        let other = seated.matching();
        let other = if is_short(&other) {
            augment(problem, &other, most_groups, rng)
        } else {
            (other, Verdict { most_groups, proven: true })
        };
        if problem.cost(&other.0) < problem.cost(&round) {
            (round, verdict) = other;
        }
    }
    if problem.odd_joins() {
        join_odd_one(problem, &mut round, rng);
        let is_new = round.trio.is_none_or(|trio| problem.trio(trio) == Cost::default());
        // No round has more people than the largest matching plus one who joins it.
        verdict.proven &= is_new && (round.trio.is_some() || round.left_out.len() <= bound.left_out);
    }
    if problem.cost(found) < problem.cost(&round) {
        return (found.clone(), Verdict { proven: false, ..verdict });
    }
    (round, verdict)
}

fn without_trio(round: &Matching) -> Matching {
    let mut round = round.clone();
    if let Some([a, b, c]) = round.trio.take() {
        round.pairs.push([a, b]);
        round.left_out.push(c);
    }
    round
}

/// Many people who are already drawn: alternating paths from the given round, so that as much of it as possible stays,
/// and then the odd one. Cost: at most `QUESTIONS` questions, and otherwise linear in the people.
pub(super) fn extend(problem: &Problem<'_>, start: &Matching, bound: Bound, rng: &mut impl Rng) -> (Matching, Verdict) {
    let (mut round, mut verdict) = augment(problem, &without_trio(start), bound.most_groups, rng);
    if problem.odd_joins() {
        join_odd_one(problem, &mut round, rng);
        let is_new = round.trio.is_none_or(|trio| problem.trio(trio).is_new());
        verdict.proven &= is_new && (round.trio.is_some() || round.left_out.len() <= bound.left_out);
    }
    (round, verdict)
}

/// Lets somebody who is left out join a pair whom they may join: at random a pair whom they have not met, if one is
/// found soon.
fn join_odd_one(problem: &Problem<'_>, round: &mut Matching, rng: &mut impl Rng) {
    if round.left_out.is_empty() || round.pairs.is_empty() {
        return;
    }
    let (people, pairs) = (round.left_out.len(), round.pairs.len());
    let by_chance = (0..LOOKS_BY_CHANCE).map(|_| (rng.random_range(0..people), rng.random_range(0..pairs)));
    let cost = |(odd, at): (usize, usize)| {
        let [a, b] = round.pairs[at];
        problem.trio([a, b, round.left_out[odd]])
    };
    let mut chosen = { by_chance }.find(|it| cost(*it) == Cost::default());
    if chosen.is_none() {
        let from = rng.random_range(0..pairs);
        let all = (0..people).flat_map(|odd| (0..pairs).map(move |at| (odd, (from + at) % pairs)));
        let admitted = all.take(LOOKS).filter(|it| cost(*it).forbidden == 0);
        chosen = admitted.min_by_key(|it| cost(*it));
    }
    if let Some((odd, at)) = chosen {
        let [a, b] = round.pairs.swap_remove(at);
        round.trio = Some([a, b, round.left_out.swap_remove(odd)]);
    }
}

/// Many people: pairs who have not met are added first, then any that the rules allow. No round has more than
/// `most_groups` groups; there is no trio.
fn augment(problem: &Problem<'_>, start: &Matching, most_groups: usize, rng: &mut impl Rng) -> (Matching, Verdict) {
    let people = problem.people;
    let place: HashMap<RosterIndex, u32> = people.iter().copied().zip(0..).collect();
    let mut mate = vec![u32::MAX; people.len()];
    let mut join = |a: RosterIndex, b: RosterIndex| {
        let (a, b) = (place[&a], place[&b]);
        (mate[a as usize], mate[b as usize]) = (b, a);
    };
    for &[a, b] in start.pairs.iter().filter(|[a, b]| problem.pair(*a, *b).is_new()) {
        join(a, b);
    }
    let pair = |u: u32, v: u32| problem.pair(people[u as usize], people[v as usize]);
    let mut questions = QUESTIONS;
    // The limit is applied at the end: then turns decide who is left out.
    let most = if most_groups < problem.limit { most_groups } else { people.len() / 2 };
    let new = augmenting_paths::augment(&mut mate, most, &mut questions, |u, v| pair(u, v).is_new());
    let new_pairs = mate.iter().filter(|mate| **mate != u32::MAX).count() / 2;
    let all = augmenting_paths::augment(&mut mate, most, &mut questions, |u, v| pair(u, v).forbidden == 0);
    let mut round = Matching::default();
    for (i, mate) in mate.iter().enumerate() {
        match *mate {
            u32::MAX => round.left_out.push(people[i]),
            j if i < j as usize => round.pairs.push([people[i], people[j as usize]]),
            _ => {}
        }
    }
    round.pairs.shuffle(rng);
    let turns = |[a, b]: [RosterIndex; 2]| (problem.rest(a) + problem.rest(b)).turns;
    round.pairs.sort_by_key(|&[a, b]| (Reverse(turns([a, b])), problem.pair(a, b)));
    let dropped = round.pairs.split_off(round.pairs.len().min(problem.limit));
    round.left_out.extend(dropped.into_iter().flatten());
    let largest = if all == augmenting_paths::Outcome::Largest { round.groups() } else { most_groups };
    let most_groups = largest.min(problem.limit);
    let repeats = problem.cost(&round).repeats as usize;
    let fewest = new == augmenting_paths::Outcome::Largest && repeats == round.pairs.len().saturating_sub(new_pairs);
    let proven = round.groups() == most_groups && (repeats == 0 || fewest);
    (round, Verdict { most_groups, proven })
}
