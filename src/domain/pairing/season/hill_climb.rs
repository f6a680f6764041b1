//! The season: future rounds, all found at once, in which nobody meets the same person again.
//!
//! Rounds are the colours of an edge colouring of the graph of people who may still meet; no round may leave out more
//! people than it has to. Source: hill climbing after J. Dinitz and D. Stinson, "A hill-climbing algorithm for the
//! construction of one-factorizations and Room squares" (1987), with two-coloured chains after A. Kempe when it gets
//! stuck. Cost: constant for a step, n for a chain; memory n² for each round. Knows people as numbers from 0; no rules,
//! no dates.

use rand::{Rng, RngExt};

const NONE: u16 = u16::MAX;
const TRIO: u16 = u16::MAX - 1;

/// Who may still meet, and what makes up a round of them.
#[derive(Clone, Debug)]
pub struct Open {
    people: usize,
    edges: Vec<bool>,
    /// How many people every round must leave out.
    pub left_out: usize,
    /// Whether each round has a trio.
    pub trio: bool,
}

/// One round of the season.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Its pairs, by the people's numbers.
    pub pairs: Vec<[u16; 2]>,
    /// Its trio, by the people's numbers, if the season has trios.
    pub trio: Option<[u16; 3]>,
}

impl Planned {
    /// Everybody who meets, two by two.
    pub fn pairings(&self) -> impl Iterator<Item = [u16; 2]> + '_ {
        let trio = self.trio.iter().flat_map(|[a, b, c]| [[*a, *b], [*a, *c], [*b, *c]]);
        self.pairs.iter().copied().chain(trio)
    }
}

impl Open {
    /// People of whom nobody may meet anybody yet.
    pub fn new(people: usize, left_out: usize, trio: bool) -> Self {
        Self { people, edges: vec![false; people * people], left_out, trio }
    }

    /// How many people there are.
    pub fn people(&self) -> usize {
        self.people
    }

    /// Says whether two may meet.
    pub fn set(&mut self, a: u16, b: u16, open: bool) {
        self.edges[usize::from(a) * self.people + usize::from(b)] = open;
        self.edges[usize::from(b) * self.people + usize::from(a)] = open;
    }

    /// Whether two may meet.
    pub fn get(&self, a: u16, b: u16) -> bool {
        self.edges[usize::from(a) * self.people + usize::from(b)]
    }

    /// How many pairings a round uses up.
    fn pairings(&self) -> usize {
        if self.trio { self.people.saturating_sub(3) / 2 + 3 } else { (self.people - self.left_out) / 2 }
    }

    /// The upper bound on the length of a season, by counting: each round uses up its pairings, and one partner of
    /// everybody who is not left out.
    pub fn bound(&self) -> usize {
        if self.pairings() == 0 {
            return 0;
        }
        let partners: Vec<usize> =
            self.edges.chunks(self.people.max(1)).map(|row| row.iter().filter(|open| **open).count()).collect();
        let all: usize = partners.iter().sum::<usize>() / 2;
        let most_in = |rounds: usize| partners.iter().map(|most| (*most).min(rounds)).sum::<usize>();
        let fits = |rounds: usize| most_in(rounds) >= rounds * (self.people - self.left_out);
        (0..=all / self.pairings()).rev().find(|rounds| fits(*rounds)).unwrap_or(0)
    }
}

/// Finds `rounds` rounds if it can within `steps`, starting with those that `known` has.
pub fn find(open: &Open, rounds: usize, known: &[Planned], steps: u64, rng: &mut impl Rng) -> Option<Vec<Planned>> {
    let mut climb = Climb::new(open, rounds);
    for (round, planned) in known.iter().take(rounds).enumerate() {
        climb.adopt(round as u16, planned);
    }
    if open.trio && !climb.place_trios(rng) {
        return None;
    }
    climb.search(steps, rng).then(|| climb.rounds())
}

struct Climb<'a> {
    open: &'a Open,
    n: usize,
    /// By round and person: whom they meet there.
    partner: Vec<u16>,
    trio: Vec<Option<[u16; 3]>>,
    /// By person: whom they may meet and do not meet in any round yet; by both: the index in that list.
    unused: Vec<Vec<u16>>,
    place: Vec<u16>,
    /// By round: who does not meet anybody there; by round and person: the index in that list.
    holes: Vec<Vec<u16>>,
    hole: Vec<u16>,
    /// The rounds with more gaps than necessary, and by round the index in that list.
    short: Vec<u16>,
    short_at: Vec<u16>,
}

impl<'a> Climb<'a> {
    fn new(open: &'a Open, rounds: usize) -> Self {
        let n = open.people;
        let mut climb = Self {
            open,
            n,
            partner: vec![NONE; rounds * n],
            trio: vec![None; rounds],
            unused: vec![Vec::new(); n],
            place: vec![NONE; n * n],
            holes: vec![(0..n as u16).collect(); rounds],
            hole: (0..rounds).flat_map(|_| 0..n as u16).collect(),
            short: Vec::new(),
            short_at: vec![NONE; rounds],
        };
        for a in 0..n as u16 {
            for b in 0..n as u16 {
                if a != b && open.get(a, b) {
                    climb.list(a, b);
                }
            }
        }
        (0..rounds as u16).for_each(|round| climb.count(round));
        climb
    }

    fn list(&mut self, a: u16, b: u16) {
        self.place[usize::from(a) * self.n + usize::from(b)] = self.unused[usize::from(a)].len() as u16;
        self.unused[usize::from(a)].push(b);
    }

    fn unlist(&mut self, a: u16, b: u16) {
        let at = std::mem::replace(&mut self.place[usize::from(a) * self.n + usize::from(b)], NONE);
        let list = &mut self.unused[usize::from(a)];
        list.swap_remove(usize::from(at));
        if let Some(moved) = list.get(usize::from(at)) {
            self.place[usize::from(a) * self.n + usize::from(*moved)] = at;
        }
    }

    fn is_unused(&self, a: u16, b: u16) -> bool {
        self.place[usize::from(a) * self.n + usize::from(b)] != NONE
    }

    fn at(&self, round: u16, a: u16) -> usize {
        usize::from(round) * self.n + usize::from(a)
    }

    fn fill(&mut self, round: u16, a: u16, with: u16) {
        let at = self.at(round, a);
        self.partner[at] = with;
        let place = std::mem::replace(&mut self.hole[at], NONE);
        let holes = &mut self.holes[usize::from(round)];
        holes.swap_remove(usize::from(place));
        if let Some(moved) = holes.get(usize::from(place)).copied() {
            let moved = self.at(round, moved);
            self.hole[moved] = place;
        }
    }

    fn empty(&mut self, round: u16, a: u16) {
        let at = self.at(round, a);
        self.partner[at] = NONE;
        self.hole[at] = self.holes[usize::from(round)].len() as u16;
        self.holes[usize::from(round)].push(a);
    }

    fn count(&mut self, round: u16) {
        let short = self.holes[usize::from(round)].len() > self.open.left_out;
        let at = self.short_at[usize::from(round)];
        if short && at == NONE {
            self.short_at[usize::from(round)] = self.short.len() as u16;
            self.short.push(round);
        } else if !short && at != NONE {
            self.short_at[usize::from(round)] = NONE;
            self.short.swap_remove(usize::from(at));
            if let Some(moved) = self.short.get(usize::from(at)) {
                self.short_at[usize::from(*moved)] = at;
            }
        }
    }

    fn meet(&mut self, round: u16, a: u16, b: u16) {
        self.unlist(a, b);
        self.unlist(b, a);
        self.fill(round, a, b);
        self.fill(round, b, a);
    }

    fn part(&mut self, round: u16, a: u16, b: u16) {
        self.list(a, b);
        self.list(b, a);
        self.empty(round, a);
        self.empty(round, b);
    }

    /// Frees a person of whatever they do in that round, if it is a pair.
    fn free(&mut self, round: u16, a: u16) {
        let with = self.partner[self.at(round, a)];
        if with < TRIO {
            self.part(round, a, with);
        }
    }

    fn adopt(&mut self, round: u16, planned: &Planned) {
        for &[a, b] in &planned.pairs {
            let free = [a, b].iter().all(|person| self.partner[self.at(round, *person)] == NONE);
            if free && self.is_unused(a, b) {
                self.meet(round, a, b);
            }
        }
        if let Some(trio) = planned.trio.filter(|_| self.open.trio) {
            self.set_trio(round, trio);
        }
        self.count(round);
    }

    /// Makes these the trio of a round, if their pairings are unused.
    fn set_trio(&mut self, round: u16, [a, b, c]: [u16; 3]) -> bool {
        let edges = [[a, b], [a, c], [b, c]];
        let fresh = |[a, b]: [u16; 2]| self.is_unused(a, b) || self.partner[self.at(round, a)] == b;
        if !edges.into_iter().all(fresh) {
            return false;
        }
        for person in [a, b, c] {
            self.free(round, person);
        }
        for [a, b] in edges {
            self.unlist(a, b);
            self.unlist(b, a);
        }
        for person in [a, b, c] {
            self.fill(round, person, TRIO);
        }
        self.trio[usize::from(round)] = Some([a, b, c]);
        self.count(round);
        true
    }

    fn drop_trio(&mut self, round: u16) {
        if let Some([a, b, c]) = self.trio[usize::from(round)].take() {
            for [a, b] in [[a, b], [a, c], [b, c]] {
                self.list(a, b);
                self.list(b, a);
            }
            for person in [a, b, c] {
                self.empty(round, person);
            }
            self.count(round);
        }
    }

    /// Gives each round without a trio one, made of people with the most partners to spare.
    fn place_trios(&mut self, rng: &mut impl Rng) -> bool {
        (0..self.trio.len() as u16).all(|round| self.trio[usize::from(round)].is_some() || self.place_trio(round, rng))
    }

    fn place_trio(&mut self, round: u16, rng: &mut impl Rng) -> bool {
        let mut trios: Vec<usize> = vec![0; self.n];
        for person in self.trio.iter().flatten().flatten() {
            trios[usize::from(*person)] += 1;
        }
        let partners =
            |a: &u16| self.open.edges[usize::from(*a) * self.n..][..self.n].iter().filter(|open| **open).count();
        let spare: Vec<usize> = (0..self.n as u16)
            .map(|a| (partners(&a) + 1).saturating_sub(self.trio.len() + trios[usize::from(a)]))
            .collect();
        let mut best: Option<(usize, [u16; 3])> = None;
        for _ in 0..60 * self.n {
            let a = rng.random_range(0..self.n as u16);
            let list = &self.unused[usize::from(a)];
            if list.len() < 2 {
                continue;
            }
            let [b, c] = [(); 2].map(|()| list[rng.random_range(0..list.len())]);
            if b != c && self.is_unused(b, c) {
                let least = [a, b, c].iter().map(|person| spare[usize::from(*person)]).min().unwrap_or(0);
                if best.is_none_or(|(most, _)| least > most) {
                    best = Some((least, [a, b, c]));
                }
            }
        }
        best.is_some_and(|(_, trio)| self.set_trio(round, trio))
    }

    fn search(&mut self, steps: u64, rng: &mut impl Rng) -> bool {
        for step in 1..=steps {
            if self.short.is_empty() {
                return true;
            }
            let round = self.short[rng.random_range(0..self.short.len())];
            let holes = &self.holes[usize::from(round)];
            let a = holes[rng.random_range(0..holes.len())];
            if self.open.trio && step % 2_000 == 0 {
                self.drop_trio(round);
                if !self.place_trio(round, rng) {
                    return false;
                }
                continue;
            }
            let list = &self.unused[usize::from(a)];
            if step % 4 == 0 || list.is_empty() {
                self.chain(round, a, rng);
                continue;
            }
            let b = list[rng.random_range(0..list.len())];
            let with = self.partner[self.at(round, b)];
            if with == TRIO {
                continue;
            }
            if with != NONE {
                self.part(round, b, with);
            }
            self.meet(round, a, b);
            self.count(round);
        }
        self.short.is_empty()
    }

    /// Swaps two rounds along the chain of their pairs that begins at `a`, who is free in the first.
    fn chain(&mut self, round: u16, a: u16, rng: &mut impl Rng) {
        let other = rng.random_range(0..self.holes.len() as u16);
        if other == round {
            return;
        }
        let mut path = vec![a];
        let mut at = a;
        for side in [other, round].into_iter().cycle() {
            let next = self.partner[self.at(side, at)];
            if next == TRIO {
                return;
            }
            if next == NONE {
                break;
            }
            path.push(next);
            at = next;
        }
        let sides = || [other, round].into_iter().cycle();
        for (pair, side) in path.windows(2).zip(sides()) {
            self.part(side, pair[0], pair[1]);
        }
        for (pair, side) in path.windows(2).zip(sides().skip(1)) {
            self.meet(side, pair[0], pair[1]);
        }
        self.count(round);
        self.count(other);
    }

    fn rounds(&self) -> Vec<Planned> {
        let rounds = self.partner.chunks(self.n).zip(&self.trio);
        let planned = |(partners, trio): (&[u16], &Option<[u16; 3]>)| {
            let pairs = (0_u16..).zip(partners).filter(|(a, b)| **b < TRIO && a < *b).map(|(a, b)| [a, *b]);
            Planned { pairs: pairs.collect(), trio: *trio }
        };
        rounds.map(planned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn open(departments: &[usize], left_out: usize, trio: bool) -> Open {
        let of: Vec<usize> = departments.iter().enumerate().flat_map(|(d, size)| vec![d; *size]).collect();
        let mut open = Open::new(of.len(), left_out, trio);
        for a in 0..of.len() {
            for b in 0..a {
                open.set(a as u16, b as u16, of[a] != of[b]);
            }
        }
        open
    }

    fn check(open: &Open, rounds: &[Planned]) {
        let mut left = open.clone();
        for round in rounds {
            let mut seen = vec![false; open.people];
            for [a, b] in round.pairings() {
                assert!(left.get(a, b), "each pairing once");
                left.set(a, b, false);
            }
            for person in round.pairs.iter().flatten().chain(round.trio.iter().flatten()) {
                assert!(!std::mem::replace(&mut seen[usize::from(*person)], true), "nobody twice in a round");
            }
            assert!(seen.iter().filter(|seen| !**seen).count() <= open.left_out);
            assert_eq!(round.trio.is_some(), open.trio);
        }
    }

    /// The longest season found, and its bound.
    fn season(open: &Open) -> (usize, usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let longest = (1..=open.bound()).rev().find(|rounds| {
            let found = find(open, *rounds, &[], 300_000, &mut rng);
            found.inspect(|found| check(open, found)).is_some_and(|found| found.len() == *rounds)
        });
        (longest.unwrap_or(0), open.bound())
    }

    #[test]
    fn nobody_to_meet_is_no_season() {
        assert_eq!(season(&open(&[], 0, false)), (0, 0));
        assert_eq!(season(&open(&[4], 0, false)), (0, 0));
    }

    #[test]
    fn an_even_team_meets_everybody_once_in_one_round_less_than_it_has_people() {
        for n in [2, 4, 6, 8, 10, 14, 20, 30, 50, 100] {
            assert_eq!(season(&open(&vec![1; n], 0, false)), (n - 1, n - 1));
        }
    }

    #[test]
    fn an_odd_team_that_rests_in_turns_has_as_many_rounds_as_people() {
        for n in [3, 5, 7, 13, 25, 49, 99] {
            assert_eq!(season(&open(&vec![1; n], 1, false)), (n, n));
        }
    }

    #[test]
    fn seasons_with_trios_and_departments_are_within_a_twentieth_of_the_bound() {
        let teams: [(&[usize], usize, bool); 12] = [
            (&[1; 9], 0, true),
            (&[1; 21], 0, true),
            (&[1; 51], 0, true),
            (&[6, 4, 3], 0, true),
            (&[4, 4, 4], 0, false),
            (&[9, 8, 7, 6, 5, 5], 0, false),
            (&[12, 9, 7, 6, 4, 2], 0, false),
            (&[10, 4], 6, false),
            (&[7, 3, 3], 1, false),
            (&[20, 12, 10], 0, false),
            (&[20, 10, 9], 1, false),
            (&[30, 25, 20, 15, 9], 0, true),
        ];
        for (departments, left_out, trio) in teams {
            let (longest, bound) = season(&open(departments, left_out, trio));
            assert!(20 * longest >= 19 * bound, "{departments:?}: {longest} of {bound}");
        }
    }
}
