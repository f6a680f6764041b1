//! Augments a matching of very many people along augmenting paths, on a graph that is never written down: a path that
//! alternates between pairs and non-pairs, with a free vertex at each end, gains one pair when it is flipped.
//!
//! Source: J. Edmonds, "Paths, trees, and flowers" (1965), one tree at a time, with blossoms kept in a union-find
//! structure; free vertices are looked for first, which ends most searches after a few steps. Cost: a search that fails
//! asks each outer vertex about all others; those vertices are never asked again.

use std::collections::VecDeque;

const NONE: u32 = u32::MAX;

/// How [`augment`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No larger matching exists.
    Largest,
    /// The allowed number of questions was used up first.
    GaveUp,
}

/// Augments the matching `mate` (by vertex; `u32::MAX` means free) of the graph whose edges `edge` knows, until the
/// matching is the largest, asking at most `questions` times. `most` is an upper bound on its edges.
pub fn augment(mate: &mut [u32], most: usize, questions: &mut u64, edge: impl Fn(u32, u32) -> bool) -> Outcome {
    let n = mate.len();
    let fewest_free = n - 2 * most;
    let mut free: Vec<u32> = (0..n as u32).filter(|v| mate[*v as usize] == NONE).collect();
    let mut forest = Forest {
        mate,
        outer: vec![false; n],
        before: vec![NONE; n],
        group: (0..n as u32).collect(),
        seen: vec![0; n],
        clock: 0,
        unseen: (0..n as u32).collect(),
        place: (0..n as u32).collect(),
        queue: VecDeque::new(),
        reached: Vec::new(),
        questions,
        share: 0,
        edge,
    };
    // Most searches end soon. Those that do not come last, and may then use all the questions that are left.
    let few = *forest.questions / (4 * free.len().max(1) as u64);
    for share in [few, u64::MAX] {
        let mut at = 0;
        while at < free.len() && free.len() > fewest_free {
            let root = free[at];
            // A tree that failed stays out of every later search.
            if forest.outer[root as usize] {
                at += 1;
                continue;
            }
            forest.share = share;
            let found = forest.grow(root, &free);
            forest.reset(found == Some(None));
            match found {
                Some(Some(other)) => free.retain(|v| *v != root && *v != other),
                None if share > few => return Outcome::GaveUp,
                _ => at += 1,
            }
            at = at.min(free.len());
        }
    }
    Outcome::Largest
}

struct Forest<'a, E> {
    mate: &'a mut [u32],
    outer: Vec<bool>,
    /// By inner vertex: the outer one from which it was reached.
    before: Vec<u32>,
    group: Vec<u32>,
    seen: Vec<u32>,
    clock: u32,
    /// Vertices in no tree, and by vertex its place among them.
    unseen: Vec<u32>,
    place: Vec<u32>,
    queue: VecDeque<u32>,
    reached: Vec<u32>,
    questions: &'a mut u64,
    /// How many questions belong to this search.
    share: u64,
    edge: E,
}

impl<E: Fn(u32, u32) -> bool> Forest<'_, E> {
    fn ask(&mut self, u: u32, v: u32) -> Option<bool> {
        self.share = self.share.checked_sub(1)?;
        *self.questions = self.questions.checked_sub(1)?;
        Some((self.edge)(u, v))
    }

    /// Searches from one free vertex. None: out of questions; otherwise the other end of the path, if there is one.
    fn grow(&mut self, root: u32, free: &[u32]) -> Option<Option<u32>> {
        self.hide(root);
        self.reach(root);
        let mut done = 0;
        loop {
            while let Some(u) = self.queue.pop_front() {
                for &other in free {
                    if other != root && !self.outer[other as usize] && self.ask(u, other)? {
                        self.flip(u, other);
                        return Some(Some(other));
                    }
                }
                let mut at = 0;
                while at < self.unseen.len() {
                    let v = self.unseen[at];
                    let mate = self.mate[v as usize];
                    if mate == NONE || mate == u || !self.ask(u, v)? {
                        at += 1;
                        continue;
                    }
                    self.hide(v);
                    self.before[v as usize] = u;
                    self.reached.push(v);
                    at = at.min(self.hide(mate));
                    self.reach(mate);
                    for &other in free {
                        if other != root && !self.outer[other as usize] && self.ask(mate, other)? {
                            self.flip(mate, other);
                            return Some(Some(other));
                        }
                    }
                }
            }
            // Only now close blossoms: each makes its inner vertices outer, which may reach further.
            let outer: Vec<u32> = self.reached.iter().copied().filter(|v| self.outer[*v as usize]).collect();
            if done == outer.len() {
                return Some(None);
            }
            let mut closed = false;
            while done < outer.len() && !closed {
                let u = outer[done];
                for &v in &outer {
                    if self.group_of(u) != self.group_of(v) && self.ask(u, v)? {
                        let base = self.common(u, v);
                        self.shrink(u, v, base);
                        self.shrink(v, u, base);
                        closed = true;
                    }
                }
                done += 1;
            }
            if closed {
                done = 0;
            }
        }
    }

    /// Removes a vertex from `unseen`; returns its place there, which another vertex may have taken.
    fn hide(&mut self, v: u32) -> usize {
        let at = self.place[v as usize] as usize;
        self.unseen.swap_remove(at);
        if let Some(moved) = self.unseen.get(at) {
            self.place[*moved as usize] = at as u32;
        }
        at
    }

    fn reach(&mut self, v: u32) {
        self.outer[v as usize] = true;
        self.reached.push(v);
        self.queue.push_back(v);
    }

    fn group_of(&mut self, v: u32) -> u32 {
        let mut v = v;
        while self.group[v as usize] != v {
            let up = self.group[v as usize];
            self.group[v as usize] = self.group[up as usize];
            v = self.group[v as usize];
        }
        v
    }

    fn common(&mut self, u: u32, v: u32) -> u32 {
        self.clock += 1;
        let (mut a, mut b) = (u, v);
        loop {
            if a != NONE {
                a = self.group_of(a);
                if self.seen[a as usize] == self.clock {
                    return a;
                }
                self.seen[a as usize] = self.clock;
                let mate = self.mate[a as usize];
                a = if mate == NONE { NONE } else { self.before[mate as usize] };
            }
            std::mem::swap(&mut a, &mut b);
        }
    }

    fn shrink(&mut self, mut u: u32, mut v: u32, base: u32) {
        while self.group_of(u) != base {
            self.before[u as usize] = v;
            v = self.mate[u as usize];
            if !self.outer[v as usize] {
                self.outer[v as usize] = true;
                self.queue.push_back(v);
            }
            for w in [u, v] {
                if self.group[w as usize] == w {
                    self.group[w as usize] = base;
                }
            }
            u = self.before[v as usize];
        }
    }

    /// Matches `u` with `other`, and so on back to the root.
    fn flip(&mut self, mut u: u32, mut other: u32) {
        loop {
            let next = self.mate[u as usize];
            self.mate[u as usize] = other;
            self.mate[other as usize] = u;
            if next == NONE {
                return;
            }
            other = next;
            u = self.before[next as usize];
        }
    }

    /// Forgets the tree; the vertices of a tree that failed are not looked at again.
    fn reset(&mut self, keep: bool) {
        self.queue.clear();
        for v in std::mem::take(&mut self.reached) {
            self.group[v as usize] = v;
            if !keep {
                self.outer[v as usize] = false;
                self.place[v as usize] = self.unseen.len() as u32;
                self.unseen.push(v);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use petgraph::algo::maximum_matching;
    use petgraph::graph::UnGraph;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// A random graph and a matching of it that is not the largest, as by vertex.
    fn random(seed: u64) -> (Vec<Vec<bool>>, Vec<u32>) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = rng.random_range(1..=40);
        let density = rng.random_range(0.02..0.3);
        let mut edges = vec![vec![false; n]; n];
        let mut mate = vec![NONE; n];
        for (u, v) in (0..n).flat_map(|u| (0..u).map(move |v| (u, v))) {
            edges[u][v] = rng.random_bool(density);
            edges[v][u] = edges[u][v];
            if edges[u][v] && mate[u] == NONE && mate[v] == NONE && rng.random_bool(0.7) {
                (mate[u], mate[v]) = (v as u32, u as u32);
            }
        }
        (edges, mate)
    }

    fn largest(edges: &[Vec<bool>]) -> usize {
        let n = edges.len() as u32;
        let pairs = (0..n).flat_map(|u| (0..u).map(move |v| (u, v)));
        let pairs = pairs.filter(|(u, v)| edges[*u as usize][*v as usize]);
        maximum_matching(&UnGraph::<(), ()>::from_edges(pairs)).edges().count()
    }

    /// The number of pairs, all of which are edges.
    fn count(edges: &[Vec<bool>], mate: &[u32]) -> usize {
        let matched = (0..mate.len()).filter(|u| mate[*u] != NONE);
        let right = |u: &usize| mate[mate[*u] as usize] as usize == *u && edges[*u][mate[*u] as usize];
        assert!(matched.clone().all(|u| right(&u)));
        matched.count() / 2
    }

    #[test]
    fn the_largest_matching_is_found_or_it_says_that_it_gave_up() {
        let mut gave_up = 0;
        for seed in 0..4_000 {
            let (edges, start) = random(seed);
            let edge = |u: u32, v: u32| edges[u as usize][v as usize];
            let (n, largest) = (start.len(), largest(&edges));
            for (most, questions) in [(n / 2, u64::MAX), (largest, u64::MAX), (n / 2, 20 * (seed % 50))] {
                let (mut mate, mut left) = (start.clone(), questions);
                let outcome = augment(&mut mate, most, &mut left, edge);
                let found = count(&edges, &mate);
                assert!(outcome == Outcome::GaveUp || found == largest, "seed {seed}: {found} of {largest}");
                assert!(outcome == Outcome::Largest || questions < u64::MAX, "seed {seed}");
                assert!(found >= count(&edges, &start), "seed {seed}");
                gave_up += usize::from(outcome == Outcome::GaveUp);
            }
        }
        assert!((200..3_800).contains(&gave_up), "{gave_up}");
    }
}
