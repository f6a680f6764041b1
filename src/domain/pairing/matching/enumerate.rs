//! For up to [`MOST`] people: all best rounds are counted, and one of them is drawn, each with the same probability.
//!
//! Dynamic programming over subsets: the lowest person of a subset rests or meets one of the others. Cost: 2ⁿ·n/2 steps
//! and 2ⁿ entries, times the number of pairs if that is limited.

use rand::{Rng, RngExt};

use super::problem::{Cost, Matching, Problem};

/// The most people for whom every round is counted.
pub const MOST: usize = 13;

/// The best rounds of a subset: their cost, and how many there are.
#[derive(Clone, Copy)]
struct Best {
    cost: Cost,
    ways: u64,
}

impl Best {
    const NONE: Self = Self {
        cost: Cost { forbidden: i32::MAX / 4, left_out: 0, turns: 0, repeats: 0, changed: 0, recency: 0 },
        ways: 0,
    };

    fn or(self, other: Self) -> Self {
        match other.cost.cmp(&self.cost) {
            _ if other.ways == 0 => self,
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Equal => Self { ways: self.ways + other.ways, ..self },
            std::cmp::Ordering::Greater => self,
        }
    }

    fn with(self, cost: Cost) -> Self {
        Self { cost: self.cost + cost, ways: if cost.forbidden > 0 { 0 } else { self.ways } }
    }
}

struct Subsets<'q> {
    problem: &'q Problem<'q>,
    pair: Vec<Cost>,
    /// By number of pairs, if that is limited, then by subset.
    best: Vec<Best>,
    layers: usize,
}

/// A best round, and how many best rounds there are.
pub fn solve(problem: &Problem<'_>, rng: &mut impl Rng) -> (Matching, u64) {
    let n = problem.people.len();
    let all = (1_usize << n) - 1;
    let table = Subsets::new(problem);
    let mut whole = table.whole(all, problem.limit, Cost::default());
    let mut chosen = Vec::new();
    if problem.odd_joins() {
        let rest = |trio: [usize; 3]| all & !(1 << trio[0] | 1 << trio[1] | 1 << trio[2]);
        let trios: Vec<_> =
            triples(n).map(|trio| (trio, table.whole(rest(trio), problem.limit - 1, table.trio(trio)))).collect();
        let with = trios.iter().fold(Best::NONE, |best, (_, other)| best.or(*other));
        if with.ways > 0 && with.cost < whole.cost {
            whole = with;
            chosen = trios.into_iter().filter(|(_, best)| best.ways > 0 && best.cost == with.cost).collect();
        }
    }
    let mut round = Matching::default();
    let mut left = all;
    if let Some(trio) = pick(rng, &chosen, |(_, best)| best.ways).map(|(trio, _)| *trio) {
        round.trio = Some(trio.map(|i| problem.people[i]));
        left &= !trio.iter().map(|i| 1 << i).sum::<usize>();
    }
    let limit = problem.limit - round.trio.iter().len();
    table.walk(left, limit, rng, &mut round);
    (round, whole.ways)
}

fn triples(n: usize) -> impl Iterator<Item = [usize; 3]> {
    (0..n).flat_map(move |a| (a + 1..n).flat_map(move |b| (b + 1..n).map(move |c| [a, b, c])))
}

fn pick<'a, T>(rng: &mut impl Rng, options: &'a [T], ways: impl Fn(&T) -> u64) -> Option<&'a T> {
    let total: u64 = options.iter().map(&ways).sum();
    let mut at = if total == 0 { return None } else { rng.random_range(0..total) };
    options.iter().find(|option| {
        let ways = ways(option);
        let here = at < ways;
        at = at.wrapping_sub(ways);
        here
    })
}

impl<'q> Subsets<'q> {
    fn new(problem: &'q Problem<'q>) -> Self {
        let people = problem.people;
        let n = people.len();
        let pair = people.iter().flat_map(|&a| people.iter().map(move |&b| (a, b)));
        let pair = pair.map(|(a, b)| if a == b { Cost::default() } else { problem.pair(a, b) }).collect();
        let limited = problem.limit < n / 2;
        // A limit of one layer means no limit, so a limit of none takes two.
        let layers = if limited { problem.limit.max(1) + 1 } else { 1 };
        let mut table = Self { problem, pair, best: vec![Best::NONE; layers << n], layers };
        for subset in 0..1_usize << n {
            for layer in 0..layers {
                let best = table.options(subset, layer).fold(Best::NONE, |best, (_, option)| best.or(option));
                let nothing = Best { cost: Cost::default(), ways: u64::from(layer == 0) };
                let at = table.at(subset, layer);
                table.best[at] = if subset == 0 { nothing } else { best };
            }
        }
        table
    }

    fn at(&self, subset: usize, layer: usize) -> usize {
        subset * self.layers + layer
    }

    /// What the lowest person of the subset can do, and the cost of the whole that results.
    fn options(&self, subset: usize, layer: usize) -> impl Iterator<Item = (Option<usize>, Best)> + '_ {
        let n = self.problem.people.len();
        let i = (subset.trailing_zeros() as usize).min(n.saturating_sub(1));
        let others = subset & !(1 << i);
        let fewer = if self.layers == 1 { Some(0) } else { layer.checked_sub(1) };
        let rest = (subset != 0)
            .then(|| (None, self.best[self.at(others, layer)].with(self.problem.rest(self.problem.people[i]))));
        let partners = (i + 1..n).filter(move |j| subset != 0 && others >> j & 1 == 1);
        let meet = partners.filter_map(move |j| {
            let best = self.best[self.at(others & !(1 << j), fewer?)];
            Some((Some(j), best.with(self.pair[i * n + j])))
        });
        rest.into_iter().chain(meet)
    }

    /// The best rounds of a subset with at most `limit` pairs, next to a trio with that cost.
    fn whole(&self, subset: usize, limit: usize, trio: Cost) -> Best {
        self.best[self.at(subset, self.layer(subset, limit))].with(trio)
    }

    fn layer(&self, subset: usize, limit: usize) -> usize {
        let most = limit.min(self.layers - 1);
        (0..=most).rev().find(|layer| self.best[self.at(subset, *layer)].ways > 0).unwrap_or(0)
    }

    fn trio(&self, trio: [usize; 3]) -> Cost {
        self.problem.trio(trio.map(|i| self.problem.people[i]))
    }

    fn walk(&self, mut subset: usize, limit: usize, rng: &mut impl Rng, round: &mut Matching) {
        let people = self.problem.people;
        let mut layer = self.layer(subset, limit);
        while subset != 0 {
            let best = self.best[self.at(subset, layer)].cost;
            let options: Vec<_> =
                self.options(subset, layer).filter(|(_, option)| option.ways > 0 && option.cost == best).collect();
            let Some((partner, _)) = pick(rng, &options, |(_, option)| option.ways) else { return };
            let i = subset.trailing_zeros() as usize;
            subset &= !(1 << i);
            match partner {
                None => round.left_out.push(people[i]),
                Some(j) => {
                    subset &= !(1 << j);
                    layer = layer.saturating_sub(1);
                    round.pairs.push([people[i], people[*j]]);
                }
            }
        }
    }
}
