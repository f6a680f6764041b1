//! Among equally good rounds, one in which nobody who gave no sign after the last round meets a newcomer: a new person
//! should meet somebody who comes.

use super::problem::{Matching, Problem};
use crate::domain::roster::RosterIndex;

/// Swaps partners if that costs nothing and fewer newcomers meet somebody silent. Cost: such pairs times pairs.
pub(super) fn welcome(problem: &Problem<'_>, round: &mut Matching) {
    let is_hard = |[a, b]: [RosterIndex; 2]| problem.rules.pairs_newcomer_with_silent(problem.day.date(), a, b);
    for at in 0..round.pairs.len() {
        let [a, b] = round.pairs[at];
        if !is_hard([a, b]) {
            continue;
        }
        let swapped = (0..round.pairs.len()).filter(|other| *other != at).find_map(|other| {
            let [c, d] = round.pairs[other];
            let cost = problem.pair(a, b) + problem.pair(c, d);
            let hard = 1 + usize::from(is_hard([c, d]));
            let swaps = [[[a, c], [b, d]], [[a, d], [b, c]]].into_iter();
            let is_better = |swap: &[[RosterIndex; 2]; 2]| {
                let [first, second] = *swap;
                problem.pair(first[0], first[1]) + problem.pair(second[0], second[1]) == cost
                    && usize::from(is_hard(first)) + usize::from(is_hard(second)) < hard
            };
            { swaps }.find(is_better).map(|swap| (other, swap))
        });
        if let Some((other, [first, second])) = swapped {
            (round.pairs[at], round.pairs[other]) = (first, second);
        }
    }
}
