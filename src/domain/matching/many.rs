//! Very many people: from a round at hand to one at a bound, or as near to it as time allows.
//! Knows bounds and how to put methods together; the methods are [`kinds`]' and [`augment`]'s.

use std::cmp::Reverse;
use std::collections::HashMap;

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use super::arrangement::Arrangement;
use super::question::{Cost, Matching, Question};
use super::{Bound, Verdict, augment, kinds};
use crate::domain::met::Person;

/// How often the paths may ask whether two people can meet.
const QUESTIONS: u64 = 40_000_000;

/// Many people: what was found by chance or what a flow among kinds of people gives, and if it falls short of
/// the bound, alternating paths.
pub(super) fn improve(
    question: &Question<'_>,
    found: &Matching,
    bound: Bound,
    rng: &mut impl Rng,
) -> (Matching, Verdict) {
    let limited = question.people.len() / 2 > question.limit;
    let by_kind = if limited { None } else { kinds::pair(question, rng) };
    let Some(by_kind) = by_kind else {
        return lengthen(question, found, bound, rng);
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
        return lengthen(question, &round, bound, rng);
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
fn lengthen(question: &Question<'_>, start: &Matching, bound: Bound, rng: &mut impl Rng) -> (Matching, Verdict) {
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
    round.pairs.shuffle(rng);
    let turns = |[a, b]: [Person; 2]| (question.rest(a) + question.rest(b)).turns;
    round.pairs.sort_by_key(|&[a, b]| (Reverse(turns([a, b])), question.pair(a, b)));
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
    let proven = proven && (!question.odd_joins() || round.left_out.len() <= bound.left_out);
    (round, Verdict { most_groups, proven })
}
