//! The local search: a round as people on seats (pairs, a trio, a bench), seated at random, improved by swaps that
//! lower the objective, and mixed by swaps that do not change it.
//!
//! A swap of two seats, or of three in a ring, is as likely as the one that undoes it, so swaps that do not change the
//! cost lead to every best round within reach with the same probability (Metropolis et al., 1953). Cost: a swap looks
//! at the history of at most eight people.

mod batched;

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use super::problem::{Cost, Matching, Problem};
use crate::domain::roster::RosterIndex;
use crate::domain::rules::Profile;

/// Seats 2i and 2i+1 are pair i; then the three seats of the trio, if there is one; then the bench.
pub struct LocalSearch<'q> {
    problem: &'q Problem<'q>,
    seats: Vec<Profile>,
    pairs: usize,
    trio: bool,
    /// By pair: whether it costs anything.
    costly: Vec<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Pair(usize),
    Trio,
    Bench(usize),
}

impl<'q> LocalSearch<'q> {
    /// Seats everybody at random, but with the right people on the bench: those with a value that more people have than
    /// all others together, those above the limit, and the odd one, each chosen among those least often left out.
    pub fn random(problem: &'q Problem<'q>, rng: &mut impl Rng) -> Self {
        let mut seats = problem.people.to_vec();
        seats.shuffle(rng);
        let mut bench = Vec::new();
        if seats.len() / 2 > problem.limit {
            seats.sort_by_key(|&person| std::cmp::Reverse(problem.turns[person.index()]));
            bench = seats.split_off(2 * problem.limit);
            seats.shuffle(rng);
        }
        if let Some((members, surplus)) = surplus(problem.rules.columns(), &seats) {
            let mut members: Vec<RosterIndex> = members.into_iter().map(|at| seats[at]).collect();
            members.sort_by_key(|&person| problem.turns[person.index()]);
            members.truncate(surplus);
            members.sort_unstable();
            seats.retain(|person| members.binary_search(person).is_err());
            bench.append(&mut members);
        }
        let trio = problem.odd_joins() && seats.len() % 2 == 1 && seats.len() > 1;
        if !trio && seats.len() % 2 == 1 {
            let fewest = (0..seats.len()).min_by_key(|&at| problem.turns[seats[at].index()]);
            bench.extend(fewest.map(|at| seats.swap_remove(at)));
        }
        let pairs = (seats.len() - 3 * usize::from(trio)) / 2;
        seats.append(&mut bench);
        Self::seated(problem, &seats, pairs, trio)
    }

    /// Seats a given round.
    pub fn of(problem: &'q Problem<'q>, round: &Matching) -> Self {
        let mut seats: Vec<RosterIndex> = round.pairs.iter().flatten().copied().collect();
        seats.extend(round.trio.iter().flatten());
        seats.extend(&round.left_out);
        Self::seated(problem, &seats, round.pairs.len(), round.trio.is_some())
    }

    fn seated(problem: &'q Problem<'q>, people: &[RosterIndex], pairs: usize, trio: bool) -> Self {
        let seats = people.iter().map(|person| problem.rules.profile(*person)).collect();
        let mut search = Self { problem, seats, pairs, trio, costly: Vec::new() };
        search.costly = search.all_costly();
        search
    }

    /// What the round costs.
    pub fn total(&self) -> Cost {
        let pairs = (0..self.pairs).filter(|pair| self.costly[*pair]).map(|pair| self.cost(Place::Pair(pair)));
        let others =
            (2 * self.pairs + 2 * usize::from(self.trio)..self.seats.len()).map(|seat| self.cost(self.place(seat)));
        pairs.chain(others).sum()
    }

    /// The round as it is seated. Meetings that a rule forbids are dissolved, and their people are left out.
    pub fn matching(&self) -> Matching {
        let mut round = Matching::default();
        for (seats, costly) in self.seats.chunks_exact(2).zip(&self.costly) {
            let pair = [seats[0].person, seats[1].person];
            if *costly && self.problem.pair_of(seats[0], seats[1]).forbidden > 0 {
                round.left_out.extend(pair);
            } else {
                round.pairs.push(pair);
            }
        }
        if self.trio {
            let trio = self.trio_seats();
            let [a, b, c] = trio;
            let within = [[a, b, c], [b, c, a], [a, c, b]];
            if self.problem.trio(trio).forbidden == 0 {
                round.trio = Some(trio);
            } else if let Some([a, b, c]) = within
                .into_iter()
                .min_by_key(|[a, b, _]| self.problem.pair(*a, *b))
                .filter(|[a, b, _]| self.problem.pair(*a, *b).forbidden == 0)
            {
                round.pairs.push([a, b]);
                round.left_out.push(c);
            } else {
                round.left_out.extend(trio);
            }
        }
        let bench = &self.seats[2 * self.pairs + 3 * usize::from(self.trio)..];
        round.left_out.extend(bench.iter().map(|seat| seat.person));
        round
    }

    fn trio_seats(&self) -> [RosterIndex; 3] {
        [0, 1, 2].map(|i| self.seats[2 * self.pairs + i].person)
    }

    fn place(&self, seat: usize) -> Place {
        if seat < 2 * self.pairs {
            Place::Pair(seat / 2)
        } else if self.trio && seat < 2 * self.pairs + 3 {
            Place::Trio
        } else {
            Place::Bench(seat)
        }
    }

    fn cost(&self, place: Place) -> Cost {
        match place {
            Place::Pair(pair) => self.problem.pair_of(self.seats[2 * pair], self.seats[2 * pair + 1]),
            Place::Trio => self.problem.trio(self.trio_seats()),
            Place::Bench(seat) => self.problem.rest(self.seats[seat].person),
        }
    }

    fn known_cost(&self, place: Place) -> Cost {
        match place {
            Place::Pair(pair) if !self.costly[pair] => Cost::default(),
            _ => self.cost(place),
        }
    }

    /// Rotates the people on these seats, if they sit at different places and the cost of the round does not rise (or,
    /// with `strictly`, if it falls). Returns whether it did.
    fn turn<const N: usize>(&mut self, seats: [usize; N], strictly: bool) -> bool {
        let places = seats.map(|seat| self.place(seat));
        for (i, place) in places.iter().enumerate() {
            if places[..i].contains(place) {
                return false;
            }
        }
        if places.iter().all(|place| matches!(place, Place::Bench(_))) {
            return false;
        }
        let before: Cost = places.iter().map(|place| self.known_cost(*place)).sum();
        if strictly && before == Cost::default() {
            return false;
        }
        let most = if strictly { before.forbidden } else { before.forbidden + 1 };
        self.ring(seats);
        let mut after = Cost::default();
        for place in places {
            after += self.cost(place);
            if after.forbidden > before.forbidden && after.forbidden >= most {
                break;
            }
        }
        if after < before || after == before && !strictly {
            for place in places {
                if let Place::Pair(pair) = place {
                    self.costly[pair] = after != Cost::default() && self.cost(place) != Cost::default();
                }
            }
            return true;
        }
        for _ in 1..N {
            self.ring(seats);
        }
        false
    }

    fn ring<const N: usize>(&mut self, seats: [usize; N]) {
        for i in 1..N {
            self.seats.swap(seats[i - 1], seats[i]);
        }
    }

    /// Swaps people at costly places with others for as long as that helps: first at random, then with everybody, and
    /// in rings of three, within about `effort` looks.
    pub fn improve(&mut self, effort: usize, rng: &mut impl Rng) {
        let n = self.seats.len();
        let mut left = effort;
        if self.is_large() {
            left -= self.improve_ahead(left, rng);
        }
        let mut before = usize::MAX / 19;
        for tries in [30, 30, 60, 120] {
            let costly = self.costly_seats();
            if costly.len() * 20 > before * 19 {
                break;
            }
            before = costly.len();
            for seat in costly {
                for _ in 0..tries {
                    if left == 0 {
                        return;
                    }
                    left -= 1;
                    if self.known_cost(self.place(seat)) == Cost::default() {
                        break;
                    }
                    if self.turn([seat, rng.random_range(0..n)], true) {
                        break;
                    }
                }
            }
        }
        loop {
            let mut helped = false;
            for seat in self.costly_seats() {
                let from = rng.random_range(0..n);
                for other in 0..n {
                    if left == 0 {
                        return;
                    }
                    left -= 1;
                    if self.turn([seat, (from + other) % n], true) {
                        helped = true;
                        break;
                    }
                }
            }
            if !helped {
                break;
            }
        }
        for seat in self.costly_seats() {
            for _ in 0..200.min(left) {
                left -= 1;
                if self.turn([seat, rng.random_range(0..n), rng.random_range(0..n)], true) {
                    break;
                }
            }
        }
    }

    fn costly_seats(&self) -> Vec<usize> {
        let pairs = self.costly.iter().enumerate().filter(|(_, costly)| **costly);
        let pairs = pairs.flat_map(|(pair, _)| [2 * pair, 2 * pair + 1]);
        let trio = self.trio && self.cost(Place::Trio) != Cost::default();
        let trio = 2 * self.pairs..2 * self.pairs + 3 * usize::from(trio);
        pairs.chain(trio).collect()
    }

    /// Makes random swaps that do not raise the cost: afterwards every equally good round is equally likely. Few people
    /// need many swaps each; very many people, seated at random, need few.
    pub fn mix(&mut self, rng: &mut impl Rng) {
        let n = self.seats.len();
        if n < 3 {
            return;
        }
        let steps = (n / 2).max(8_000.min(100 * n));
        if self.is_large() {
            return self.mix_ahead(steps, rng);
        }
        for step in 0..steps {
            let [a, b] = [(); 2].map(|()| rng.random_range(0..n));
            // Only few people need rings of three.
            let third = (n < 200).then(|| rng.random_range(0..n));
            match third.filter(|_| step % 3 == 2) {
                Some(c) => self.turn([a, b, c], false),
                None => self.turn([a, b], false),
            };
        }
    }
}

/// If one value of a column belongs to more people than all others together: their places in `people`, and how many of
/// them must be left out in any case.
pub fn surplus(columns: &[Vec<u32>], people: &[RosterIndex]) -> Option<(Vec<usize>, usize)> {
    let mut worst: Option<(&Vec<u32>, u32, usize)> = None;
    for column in columns {
        // Boyer and Moore's majority vote: one pass, no table.
        let (mut value, mut lead) = (0, 0_usize);
        for &person in people {
            let here = column[person.index()];
            match lead {
                0 => (value, lead) = (here, 1),
                _ if here == value => lead += 1,
                _ => lead -= 1,
            }
        }
        let count = people.iter().filter(|person| column[person.index()] == value).count();
        let more = (2 * count).saturating_sub(people.len());
        if value != 0 && more > worst.map_or(0, |(_, _, most)| most) {
            worst = Some((column, value, more));
        }
    }
    let (column, value, more) = worst?;
    let members = (0..people.len()).filter(|at| column[people[*at].index()] == value).collect();
    Some((members, more))
}
