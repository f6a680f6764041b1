//! Very many people, by kind: people with the same values and hours differ only in history and blocks, so a small
//! maximum flow among the kinds gives an upper bound on the possible pairs, and says between which kinds they are.
//!
//! Source: a fractional matching is a flow in the bipartite double cover (L. Lovász and M. Plummer, "Matching Theory",
//! 1986, chapter 6); the flow algorithm is E. Dinitz's (1970). Cost: linear in the people, plus k² edges for k kinds;
//! half of the flow, rounded down, is a bound on the pairs, and the result has at most k fewer.

use std::collections::{HashMap, VecDeque};

use rand::Rng;
use rand::seq::SliceRandom;

use super::problem::{Matching, Problem};
use crate::domain::roster::RosterIndex;

/// Above this number of kinds nothing is computed.
const MOST: usize = 600;

/// A round built from kinds, which ignores history and blocks, and the bound.
pub(super) struct ByKind {
    /// The round. Some of its meetings may be repeats, or kept apart by name.
    pub(super) matching: Matching,
    /// No round has more pairs.
    pub(super) most_pairs: usize,
}

/// Pairs people by kind; none if there are too many kinds.
pub(super) fn pair(problem: &Problem<'_>, rng: &mut impl Rng) -> Option<ByKind> {
    let mut kinds: HashMap<(Vec<u32>, u16), Vec<RosterIndex>> = HashMap::new();
    for &person in problem.people {
        let values: Vec<u32> = problem.rules.columns().iter().map(|column| column[person.index()]).collect();
        let kind = kinds.entry((values, problem.rules.schedule(person))).or_default();
        kind.push(person);
    }
    if kinds.len() > MOST {
        return None;
    }
    let mut keys: Vec<(Vec<u32>, u16)> = kinds.keys().cloned().collect();
    keys.sort_unstable();
    keys.shuffle(rng);
    let mut members: Vec<Vec<RosterIndex>> = keys.iter().filter_map(|key| kinds.remove(key)).collect();
    for kind in &mut members {
        kind.shuffle(rng);
        // Whoever was left out most often is taken first, from the end.
        kind.sort_by_key(|&person| problem.turns[person.index()]);
    }
    let admitted = |a: &(Vec<u32>, u16), b: &(Vec<u32>, u16)| {
        !problem.rules.values_collide(&a.0, &b.0) && problem.day.shared(a.1, b.1)
    };
    let sizes: Vec<usize> = members.iter().map(Vec::len).collect();
    let open: Vec<Vec<bool>> = keys.iter().map(|a| keys.iter().map(|b| admitted(a, b)).collect()).collect();
    let flow = flow(&sizes, &open);
    let most_pairs = flow.iter().flatten().sum::<usize>() / 2;

    let mut pairs = Vec::with_capacity(most_pairs);
    let mut take = |a: usize, b: usize, count: usize, members: &mut Vec<Vec<RosterIndex>>| {
        for _ in 0..count {
            let enough = if a == b { members[a].len() >= 2 } else { !members[a].is_empty() && !members[b].is_empty() };
            if let Some([one, other]) = enough.then(|| [a, b].map(|kind| members[kind].pop())) {
                pairs.extend(one.zip(other).map(|(one, other)| [one, other]));
            }
        }
    };
    for (a, row) in flow.iter().enumerate() {
        take(a, a, row[a] / 2, &mut members);
        for (b, other) in flow.iter().enumerate().take(a) {
            take(a, b, (row[b] + other[a]) / 2, &mut members);
        }
    }
    for (a, row) in open.iter().enumerate() {
        for b in (0..=a).filter(|b| row[*b]) {
            take(a, b, members[a].len().min(members[b].len()), &mut members);
        }
    }
    pairs.shuffle(rng);
    Some(ByKind { matching: Matching { pairs, trio: None, left_out: members.concat() }, most_pairs })
}

/// A largest flow from kinds to kinds, each giving and taking at most its size, along the edges in `open`.
fn flow(sizes: &[usize], open: &[Vec<bool>]) -> Vec<Vec<usize>> {
    let k = sizes.len();
    let mut flow = vec![vec![0; k]; k];
    let (mut give, mut take) = (sizes.to_vec(), sizes.to_vec());
    loop {
        // Levels: givers have even ones, takers odd ones.
        let (mut giver, mut taker) = (vec![usize::MAX; k], vec![usize::MAX; k]);
        let mut queue: VecDeque<(bool, usize)> = (0..k).filter(|a| give[*a] > 0).map(|a| (true, a)).collect();
        queue.iter().for_each(|(_, a)| giver[*a] = 0);
        while let Some((gives, at)) = queue.pop_front() {
            for other in 0..k {
                if gives && open[at][other] && taker[other] == usize::MAX {
                    taker[other] = giver[at] + 1;
                    queue.push_back((false, other));
                } else if !gives && flow[other][at] > 0 && giver[other] == usize::MAX {
                    giver[other] = taker[at] + 1;
                    queue.push_back((true, other));
                }
            }
        }
        if !(0..k).any(|b| take[b] > 0 && taker[b] != usize::MAX) {
            return flow;
        }
        let mut levels = Levels { open, giver, taker, flow: &mut flow, take: &mut take, next: vec![0; 2 * k] };
        for (a, left) in give.iter_mut().enumerate() {
            while *left > 0 {
                let sent = levels.send(a, *left);
                if sent == 0 {
                    break;
                }
                *left -= sent;
            }
        }
    }
}

struct Levels<'a> {
    open: &'a [Vec<bool>],
    giver: Vec<usize>,
    taker: Vec<usize>,
    flow: &'a mut [Vec<usize>],
    take: &'a mut [usize],
    /// By giver, then by taker: the first edge not yet known to be blocked.
    next: Vec<usize>,
}

impl Levels<'_> {
    /// Sends up to `most` from a giver; returns how much arrived.
    fn send(&mut self, a: usize, most: usize) -> usize {
        let k = self.giver.len();
        while self.next[a] < k {
            let b = self.next[a];
            if self.open[a][b] && self.taker[b] == self.giver[a] + 1 {
                let sent = self.pass(b, most);
                if sent > 0 {
                    self.flow[a][b] += sent;
                    return sent;
                }
            }
            self.next[a] += 1;
        }
        0
    }

    /// Takes up to `most`, or passes it on to a giver, who takes back what it gave here.
    fn pass(&mut self, b: usize, most: usize) -> usize {
        let k = self.giver.len();
        if self.take[b] > 0 {
            let taken = most.min(self.take[b]);
            self.take[b] -= taken;
            return taken;
        }
        while self.next[k + b] < k {
            let a = self.next[k + b];
            if self.flow[a][b] > 0 && self.giver[a] == self.taker[b].saturating_add(1) {
                let sent = self.send(a, most.min(self.flow[a][b]));
                if sent > 0 {
                    self.flow[a][b] -= sent;
                    return sent;
                }
            }
            self.next[k + b] += 1;
        }
        0
    }
}
