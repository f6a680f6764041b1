//! Who meets whom among the people without a partner, with as few changes to the drawn pairs as possible.
//!
//! Those who are free are matched among themselves first. If that reaches a bound, nothing that was drawn changes;
//! otherwise the whole round except what is booked is matched again by the solver of the draw, for which a drawn pair
//! is cheaper than any other.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::past::Past;
use super::standing::{Few, Standing};
use crate::domain::calendar::week_of;
use crate::domain::pairing::left_out;
use crate::domain::pairing::matching::problem::{Cost, DrawnPartners, Matching, Problem};
use crate::domain::pairing::matching::{self, Drawn};
use crate::domain::roster::RosterIndex;
use crate::domain::settings::OddOneOut;
use crate::domain::state::{Group, Reason};

/// Who is without a partner, and how many groups may meet besides those that are booked.
#[derive(Clone, Copy)]
pub(super) struct Free<'a> {
    pub(super) people: &'a [RosterIndex],
    pub(super) limit: usize,
}

/// The best round of everybody who is not booked; none if it is the given one.
pub(super) fn solve(standing: &Standing<'_>, free: Free<'_>, past: &mut Past<'_>) -> Option<Drawn> {
    let input = standing.input;
    let day = standing.day.as_ref()?;
    let kept: Vec<Few<RosterIndex>> = standing.kept.iter().map(|group| standing.positions(*group)).collect();
    let mut people: Vec<RosterIndex> = kept.iter().flatten().chain(free.people).copied().collect();
    people.sort_unstable();
    let no_turns = vec![0; if standing.is_as_drawn { input.index.ids.len() } else { 0 }];
    let nobody_met = Default::default();
    let problem = Problem {
        rules: input.rules,
        met: &nobody_met,
        day,
        people: &people,
        turns: &no_turns,
        trio: input.pairing.odd_one_out == OddOneOut::Trio,
        limit: free.limit,
        cost_table: None,
        drawn: None,
    };
    // If everything is as drawn, only more people who meet are a reason to change anything.
    if standing.is_as_drawn && free.people.len() <= matching::fewest_left_out(&problem) {
        return None;
    }
    let (met, sit_outs) = past.read();
    let mut sit_outs = sit_outs.clone();
    sit_outs.admit(input.rules.participants(day.date()).into_iter());
    let groups: Vec<Few<RosterIndex>> = standing.round.drawn_groups().map(|group| standing.positions(group)).collect();
    let drawn = DrawnPartners::new(input.index.ids.len(), groups.iter().map(|group| &group[..]));
    let problem = Problem { met, turns: sit_outs.counts(), drawn: Some(&drawn), ..problem };
    let mut rng = ChaCha8Rng::seed_from_u64(standing.round.seed);
    rng.set_stream(u64::MAX - u64::from(week_of(day.date()).unsigned_abs()));
    let (start, cost) = start(&problem, &kept, free.people, &mut rng);
    let best = matching::bring_in_line(&problem, start, cost, &mut rng);
    if standing.is_as_drawn && best.matching.left_out.len() >= free.people.len() {
        return None;
    }
    Some(best)
}

/// The groups that are kept, and the free people matched among themselves; and the cost of that.
fn start(
    problem: &Problem<'_>,
    kept: &[Few<RosterIndex>],
    free: &[RosterIndex],
    rng: &mut impl Rng,
) -> (Matching, Cost) {
    let mut round = Matching::default();
    for group in kept {
        match group[..] {
            [a, b] => round.pairs.push([a, b]),
            [a, b, c] => round.trio = Some([a, b, c]),
            _ => {}
        }
    }
    let mut free = free.to_vec();
    let mut cost = problem.cost(&round);
    // The rules may by now forbid a drawn group. Since the last change, there may also be fewer groups.
    if cost.forbidden > 0 || round.groups() > problem.limit {
        remove_forbidden_groups(problem, &mut round, &mut free);
        cost = problem.cost(&round);
    }
    free.sort_unstable();
    let among = Problem {
        people: &free,
        trio: problem.odd_joins() && round.trio.is_none(),
        limit: problem.limit.saturating_sub(round.groups()),
        drawn: None,
        cost_table: None,
        ..*problem
    };
    let found = matching::solve(&among, rng).matching;
    cost += problem.cost(&found);
    round.pairs.extend(found.pairs);
    round.trio = round.trio.or(found.trio);
    round.left_out = found.left_out;
    (round, cost)
}

/// Removes from a round what is forbidden, and what exceeds the limit. Two people of a trio stay if they may meet.
fn remove_forbidden_groups(problem: &Problem<'_>, round: &mut Matching, free: &mut Vec<RosterIndex>) {
    let is_forbidden = |pair: &[RosterIndex; 2]| problem.pair(pair[0], pair[1]).forbidden > 0;
    let forbidden: Vec<[RosterIndex; 2]> = round.pairs.extract_if(.., |pair| is_forbidden(pair)).collect();
    free.extend(forbidden.into_iter().flatten());
    if let Some([a, b, c]) = round.trio.take_if(|trio| problem.trio(*trio).forbidden > 0) {
        let two = [([a, b], c), ([a, c], b), ([b, c], a)].into_iter().find(|(pair, _)| !is_forbidden(pair));
        round.pairs.extend(two.map(|(pair, _)| pair));
        free.extend(two.map_or(vec![a, b, c], |(_, third)| vec![third]));
    }
    while round.groups() > problem.limit {
        free.extend(round.pairs.pop().into_iter().flatten());
    }
}

/// Why these people are left out of a round in which those groups meet.
pub(super) fn reasons(
    standing: &Standing<'_>,
    left_out: &[RosterIndex],
    stands: &[Group],
    past: &mut Past<'_>,
) -> Vec<(RosterIndex, Reason)> {
    let input = standing.input;
    let Some(day) = &standing.day else { return Vec::new() };
    let (met, _) = past.read();
    let mut people: Vec<RosterIndex> = stands.iter().flat_map(|group| standing.positions(*group)).collect();
    people.extend(left_out);
    people.sort_unstable();
    people.dedup();
    let limit = input.pairing.max_pairs_per_round;
    let problem = Problem {
        rules: input.rules,
        met,
        day,
        people: &people,
        turns: &[],
        trio: input.pairing.odd_one_out == OddOneOut::Trio,
        limit: if limit == 0 { usize::MAX } else { limit },
        cost_table: None,
        drawn: None,
    };
    let pairs = stands.iter().map(|group| standing.positions(*group));
    let pairs = pairs.filter_map(|people| Some([*people.first()?, *people.get(1)?])).collect();
    left_out::of(&problem, &Matching { pairs, trio: None, left_out: left_out.to_vec() })
}
