//! Swaps of very many people, examined in advance: distant memory is much slower than the processor, so whole batches
//! of swaps are examined in two threads, and everything that is known about their pairs is fetched together. Only
//! predicts what a swap would do; [`super::LocalSearch`] carries it out. A seed leads to the same round on any machine.
//!
//! What it buys: nothing that can be measured with 100,000 people, an eighth of a draw with a million. Without it, a seed
//! would lead to other rounds where there are so many pairs.

use std::array;
use std::ops::Range;

use rand::{Rng, RngExt};

use super::{LocalSearch, Place};
use crate::domain::pairing::matching::problem::Cost;
use crate::domain::rules::Profile;
use crate::parallel;

/// Batches pay off from this number of pairs on.
const MANY: usize = 25_000;
/// A batch has one swap for this number of people: so few people occur twice in a batch.
const PEOPLE_A_SWAP: usize = 64;
/// How often each costly place is tried.
const TRIES: usize = 30;
/// About how many steps it takes to ask about two people.
const STEPS: usize = 20;

/// What a swap would do, as far as can be told from the current seats of its two pairs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outlook {
    /// The cost would not fall, or would rise, depending on what is asked.
    Refused,
    /// Both pairs would cost nothing afterwards.
    Free,
    /// The swap has to be tried in its turn.
    Unknown,
}

/// By pair, the last batch that changed it.
struct Changed {
    batch: u32,
    pairs: Vec<u32>,
}

impl LocalSearch<'_> {
    pub(super) fn is_large(&self) -> bool {
        self.pairs >= MANY
    }

    /// By pair, whether it costs anything.
    pub(super) fn all_costly(&self) -> Vec<bool> {
        if self.is_large() {
            return self.all_costly_ahead();
        }
        (0..self.pairs).map(|pair| self.cost(Place::Pair(pair)) != Cost::default()).collect()
    }

    fn all_costly_ahead(&self) -> Vec<bool> {
        let halves = vec![0..self.pairs / 2, self.pairs / 2..self.pairs];
        let look = |half: Range<usize>| {
            let mut costly = vec![true; half.len()];
            let pairs: Vec<[Profile; 2]> = half.map(|pair| [self.seats[2 * pair], self.seats[2 * pair + 1]]).collect();
            let open: Vec<usize> = (0..pairs.len()).filter(|at| self.admits(pairs[*at])).collect();
            let people: Vec<_> = open.iter().map(|at| pairs[*at].map(|profile| profile.person)).collect();
            for (at, never_met) in open.iter().zip(self.problem.met.never_met(&people)) {
                costly[*at] = !never_met;
            }
            costly
        };
        parallel::map(STEPS * self.pairs, halves, look).concat()
    }

    /// Swaps people of costly pairs with others at random while that helps many, with at most `effort` swaps; returns
    /// how many.
    pub(super) fn improve_ahead(&mut self, effort: usize, rng: &mut impl Rng) -> usize {
        let n = self.seats.len();
        let mut changed = Changed { batch: 0, pairs: vec![0; self.pairs] };
        let (mut tried, mut before) = (0, usize::MAX / 19);
        for _ in 0..TRIES {
            let mut costly = self.costly_seats();
            costly.truncate(effort - tried);
            if costly.len() * 20 > before * 19 {
                break;
            }
            before = costly.len();
            for seats in costly.chunks(n / PEOPLE_A_SWAP) {
                let swaps: Vec<_> = seats.iter().map(|seat| [*seat, rng.random_range(0..n)]).collect();
                self.swap_all(&swaps, true, &mut changed);
            }
            tried += before;
        }
        tried
    }

    /// The same as [`LocalSearch::mix`], with `steps` swaps.
    pub(super) fn mix_ahead(&mut self, steps: usize, rng: &mut impl Rng) {
        let n = self.seats.len();
        let mut changed = Changed { batch: 0, pairs: vec![0; self.pairs] };
        let batch = n / PEOPLE_A_SWAP;
        for first in (0..steps).step_by(batch) {
            let swaps: Vec<_> = (first..steps.min(first + batch))
                .map(|_| array::from_fn::<usize, 2, _>(|_| rng.random_range(0..n)))
                .collect();
            self.swap_all(&swaps, false, &mut changed);
        }
    }

    /// Does with these swaps, one after another, what [`LocalSearch::turn`] would do. A swap after a change to its
    /// pairs is examined again.
    fn swap_all(&mut self, swaps: &[[usize; 2]], strictly: bool, changed: &mut Changed) {
        changed.batch += 1;
        let (one, other) = swaps.split_at(swaps.len() / 2);
        let look = |swaps| self.outlooks(swaps, strictly);
        let outlooks = parallel::map(parallel::UNKNOWN, vec![one, other], look);
        for (seats, outlook) in swaps.iter().zip(outlooks.concat()) {
            let pairs = seats.map(|seat| seat / 2);
            let is_old = pairs.iter().any(|pair| changed.pairs.get(*pair).is_some_and(|last| *last == changed.batch));
            let swapped = match outlook {
                Outlook::Refused if !is_old => false,
                Outlook::Free if !is_old => {
                    self.ring(*seats);
                    pairs.iter().for_each(|pair| self.costly[*pair] = false);
                    true
                }
                _ => self.turn(*seats, strictly),
            };
            for pair in pairs.into_iter().filter(|pair| swapped && *pair < self.pairs) {
                changed.pairs[pair] = changed.batch;
            }
        }
    }

    /// The outlook of each swap.
    fn outlooks(&self, swaps: &[[usize; 2]], strictly: bool) -> Vec<Outlook> {
        let mut outlooks = Vec::with_capacity(swaps.len());
        let mut open = Vec::new();
        let mut new_pairs = Vec::new();
        for (at, seats) in swaps.iter().enumerate() {
            let (outlook, new) = self.outlook_by_rules(*seats, strictly);
            if outlook == Outlook::Free {
                open.push(at);
                new_pairs.extend(new.map(|pair| pair.map(|profile| profile.person)));
            }
            outlooks.push(outlook);
        }
        let never_met = self.problem.met.never_met(&new_pairs);
        for (at, never_met) in open.into_iter().zip(never_met.chunks_exact(2)) {
            if never_met.contains(&false) {
                // A repeat is better than what a rule forbids.
                outlooks[at] = if strictly { Outlook::Unknown } else { Outlook::Refused };
            }
        }
        outlooks
    }

    /// What a swap would do if nobody had ever met, and the pairs that it would make.
    fn outlook_by_rules(&self, seats: [usize; 2], strictly: bool) -> (Outlook, [[Profile; 2]; 2]) {
        let [a, b] = seats.map(|seat| self.seats[seat]);
        let [Place::Pair(one), Place::Pair(other)] = seats.map(|seat| self.place(seat)) else {
            return (Outlook::Unknown, [[a, b]; 2]);
        };
        let [of_a, of_b] = seats.map(|seat| self.seats[seat ^ 1]);
        let new = [[b, of_a], [a, of_b]];
        let outlook = if one == other || self.costly[other] || !strictly && self.costly[one] {
            Outlook::Unknown
        } else if strictly && !self.costly[one] {
            Outlook::Refused
        } else if new.into_iter().all(|pair| self.admits(pair)) {
            // What costs nothing cannot get cheaper.
            Outlook::Free
        } else {
            // Nothing that the first pair may cost is more than one meeting that a rule forbids.
            Outlook::Refused
        };
        (outlook, new)
    }

    fn admits(&self, [a, b]: [Profile; 2]) -> bool {
        self.problem.rules.admits_both(self.problem.day, a, b)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::domain::pairing::matching::tests::Team;

    #[test]
    fn swaps_looked_at_ahead_do_what_each_in_its_turn_would() {
        for seed in 0..600 {
            let team = Team::random(seed, 60);
            let problem = team.problem();
            let n = problem.people.len();
            if n < 2 {
                continue;
            }
            let rng = || ChaCha8Rng::seed_from_u64(seed);
            let [mut ahead, mut in_turn] = [(); 2].map(|()| LocalSearch::random(&problem, &mut rng()));
            let mut changed = Changed { batch: 0, pairs: vec![0; ahead.pairs] };
            let mut rng = rng();
            for batch in 0..30 {
                let strictly = batch % 2 == 0;
                let swaps: Vec<[usize; 2]> = (0..n).map(|_| array::from_fn(|_| rng.random_range(0..n))).collect();
                ahead.swap_all(&swaps, strictly, &mut changed);
                swaps.into_iter().for_each(|seats| {
                    in_turn.turn(seats, strictly);
                });
                let seats = |it: &LocalSearch<'_>| it.seats.iter().map(|seat| seat.person).collect::<Vec<_>>();
                assert_eq!(seats(&ahead), seats(&in_turn), "seed {seed}, batch {batch}");
                assert_eq!(ahead.costly, in_turn.costly, "seed {seed}, batch {batch}");
                assert_eq!(ahead.costly, ahead.all_costly_ahead(), "seed {seed}, batch {batch}");
            }
        }
    }
}
