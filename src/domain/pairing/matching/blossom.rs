//! The cheapest matching of a general graph, exactly: Edmonds' primal-dual method with blossoms.
//!
//! Source: J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices" (1965), in the form of Z. Galil,
//! "Efficient algorithms for finding maximum matching in graphs" (1986), searching from all free vertices at once. Two
//! things differ: the cost of staying free is a separate number for each vertex, and the search starts from a given
//! matching. Costs are small numbers here, so the bounds on them change rarely, and edges are looked through again when
//! they do. Cost: n² for each change of bounds, at most n² for each added pair; memory n² numbers. Knows numbers only:
//! no people, no rules.

/// A cost that forbids the edge.
pub const NEVER: i32 = i32::MAX;

const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Unseen,
    Outer,
    Inner,
}

/// The matching of lowest cost: the sum over its edges of `cost`, and over the free vertices of `free`.
///
/// `cost` is a symmetric n × n table of even numbers or [`NEVER`], row by row; `free` has n even numbers, none below 0.
/// `start` is the matching to start from; only its edges of the lowest cost are used. Returns each vertex's mate.
pub fn cheapest(cost: &[i32], free: &[i64], start: &[[u32; 2]]) -> Vec<Option<u32>> {
    let mut search = Search::new(cost, free, start);
    while search.stage() {}
    search.mate[..search.n].iter().map(|&mate| (mate != NONE).then_some(mate)).collect()
}

/// Vertices are 0..n, blossoms n and above; a "node" is either.
struct Search<'a> {
    n: usize,
    cost: &'a [i32],
    free: &'a [i64],
    /// By vertex: its mate; the bound on its side, between 0 and `free`.
    mate: Vec<u32>,
    bound: Vec<i64>,
    /// By vertex: the outermost node that contains it.
    top: Vec<u32>,
    /// By node: how the search reached it, and through which edge (from, to).
    label: Vec<Label>,
    through: Vec<(u32, u32)>,
    base: Vec<u32>,
    /// By node: the blossom directly around it.
    around: Vec<u32>,
    /// By outer vertex: the free vertex at the root of its tree.
    root: Vec<u32>,
    /// By node: the number of the last walk to a root that passed it.
    walked: Vec<u32>,
    walk: u32,
    /// By blossom: its nodes round the circle, the base first; the edge from each to the next; its own bound.
    circle: Vec<Vec<u32>>,
    edges: Vec<Vec<(u32, u32)>>,
    weight: Vec<i64>,
    unused: Vec<u32>,
    queue: Vec<u32>,
    /// Tight edges within one tree: each closes a circle, but only once nothing else is left to do.
    closing: Vec<(u32, u32)>,
}

impl<'a> Search<'a> {
    fn new(cost: &'a [i32], free: &'a [i64], start: &[[u32; 2]]) -> Self {
        let n = free.len();
        let lowest = cost.iter().copied().min().filter(|lowest| *lowest != NEVER).map_or(0, i64::from);
        let least = free.iter().copied().min().unwrap_or(0);
        let first = (lowest / 2).clamp(0, least);
        let nodes = n + n / 2 + 1;
        let mut search = Self {
            n,
            cost,
            free,
            mate: vec![NONE; n],
            bound: vec![first; n],
            top: (0..n as u32).collect(),
            label: vec![Label::Unseen; nodes],
            through: vec![(NONE, NONE); nodes],
            base: (0..nodes as u32).collect(),
            around: vec![NONE; nodes],
            root: vec![NONE; n],
            walked: vec![0; nodes],
            walk: 0,
            circle: vec![Vec::new(); nodes],
            edges: vec![Vec::new(); nodes],
            weight: vec![0; nodes],
            unused: (n as u32..nodes as u32).rev().collect(),
            queue: Vec::new(),
            closing: Vec::new(),
        };
        for &[u, v] in start {
            if search.slack(u, v) == Some(0) && search.mate[u as usize] == NONE && search.mate[v as usize] == NONE {
                search.mate[u as usize] = v;
                search.mate[v as usize] = u;
            }
        }
        search
    }

    /// How much more the edge costs than the bounds of its ends; none if it is forbidden.
    fn slack(&self, u: u32, v: u32) -> Option<i64> {
        let cost = self.cost[u as usize * self.n + v as usize];
        (cost != NEVER).then(|| i64::from(cost) - self.bound[u as usize] - self.bound[v as usize])
    }

    /// Searches until one free vertex is dealt with. False if none is left.
    fn stage(&mut self) -> bool {
        self.label.fill(Label::Unseen);
        self.queue.clear();
        self.closing.clear();
        for v in 0..self.n as u32 {
            if self.mate[v as usize] == NONE && self.bound[v as usize] < self.free[v as usize] {
                let node = self.top[v as usize];
                self.through[node as usize] = (NONE, NONE);
                self.make_outer(node, v);
            }
        }
        if self.queue.is_empty() {
            return false;
        }
        loop {
            while let Some(u) = self.queue.pop() {
                if self.scan(u) {
                    self.dissolve();
                    return true;
                }
            }
            if let Some((u, v)) = self.closing.pop() {
                let (here, there) = (self.top[u as usize], self.top[v as usize]);
                if let Some(ancestor) = self.common(here, there).filter(|_| here != there) {
                    self.shrink(ancestor, u, v);
                }
                continue;
            }
            if let Some(v) = self.shift() {
                self.release(v);
                self.dissolve();
                return true;
            }
        }
    }

    /// Follows the tight edges of an outer vertex. True when that led to a longer matching.
    fn scan(&mut self, u: u32) -> bool {
        let row = u as usize * self.n;
        let root = self.root[u as usize];
        for v in 0..self.n as u32 {
            let cost = self.cost[row + v as usize];
            if cost == NEVER || i64::from(cost) != self.bound[u as usize] + self.bound[v as usize] {
                continue;
            }
            let (here, there) = (self.top[u as usize], self.top[v as usize]);
            if here == there {
                continue;
            }
            match self.label[there as usize] {
                Label::Inner => {}
                Label::Unseen => {
                    let mate = self.mate[self.base[there as usize] as usize];
                    if mate == NONE {
                        self.rebase(there, v);
                        self.mate[v as usize] = u;
                        self.flip(u, v);
                        return true;
                    }
                    self.label[there as usize] = Label::Inner;
                    self.through[there as usize] = (u, v);
                    self.make_outer(self.top[mate as usize], root);
                }
                Label::Outer if self.root[v as usize] != root => {
                    self.flip(u, v);
                    self.flip(v, u);
                    return true;
                }
                Label::Outer => self.closing.push((u, v)),
            }
        }
        false
    }

    fn make_outer(&mut self, node: u32, root: u32) {
        self.label[node as usize] = Label::Outer;
        let from = self.queue.len();
        let mut vertices = std::mem::take(&mut self.queue);
        self.leaves(node, &mut |v| vertices.push(v));
        self.queue = vertices;
        for v in &self.queue[from..] {
            self.root[*v as usize] = root;
        }
    }

    fn leaves(&self, node: u32, each: &mut impl FnMut(u32)) {
        if (node as usize) < self.n {
            each(node);
        } else {
            for &child in &self.circle[node as usize] {
                self.leaves(child, each);
            }
        }
    }

    /// The outer node two steps nearer to the root, if `node` is not the root.
    fn up(&self, node: u32) -> Option<u32> {
        let mate = self.mate[self.base[node as usize] as usize];
        let inner = self.top[*(mate != NONE).then_some(&mate)? as usize];
        Some(self.top[self.through[inner as usize].0 as usize])
    }

    /// The nearest outer node on both ways to the root.
    fn common(&mut self, a: u32, b: u32) -> Option<u32> {
        self.walk += 1;
        let mut ways = [Some(a), Some(b)];
        while ways != [None, None] {
            for way in &mut ways {
                let Some(node) = *way else { continue };
                if self.walked[node as usize] == self.walk {
                    return Some(node);
                }
                self.walked[node as usize] = self.walk;
                *way = self.up(node);
            }
        }
        None
    }

    /// Makes one node out of the odd circle that the edge u–v closes.
    fn shrink(&mut self, ancestor: u32, u: u32, v: u32) {
        let Some(blossom) = self.unused.pop() else { return };
        let (mut circle, mut edges) = (vec![ancestor], Vec::new());
        let mut down = Vec::new();
        let mut node = self.top[u as usize];
        while node != ancestor {
            let mate = self.mate[self.base[node as usize] as usize];
            let inner = self.top[mate as usize];
            let (from, to) = self.through[inner as usize];
            down.push((node, (mate, self.base[node as usize])));
            down.push((inner, (from, to)));
            node = self.top[from as usize];
        }
        for (node, edge) in down.into_iter().rev() {
            edges.push(edge);
            circle.push(node);
        }
        edges.push((u, v));
        let mut node = self.top[v as usize];
        while node != ancestor {
            let mate = self.mate[self.base[node as usize] as usize];
            let inner = self.top[mate as usize];
            let (from, to) = self.through[inner as usize];
            circle.extend([node, inner]);
            edges.extend([(self.base[node as usize], mate), (to, from)]);
            node = self.top[from as usize];
        }
        let was_inner: Vec<u32> =
            circle.iter().copied().filter(|node| self.label[*node as usize] == Label::Inner).collect();
        self.base[blossom as usize] = self.base[ancestor as usize];
        self.through[blossom as usize] = self.through[ancestor as usize];
        self.label[blossom as usize] = Label::Outer;
        self.weight[blossom as usize] = 0;
        for node in was_inner {
            self.make_outer(node, self.root[u as usize]);
        }
        for &node in &circle {
            self.around[node as usize] = blossom;
        }
        self.circle[blossom as usize] = circle;
        self.edges[blossom as usize] = edges;
        self.set_top(blossom, blossom);
    }

    fn set_top(&mut self, node: u32, top: u32) {
        let mut vertices = Vec::new();
        self.leaves(node, &mut |v| vertices.push(v));
        for v in vertices {
            self.top[v as usize] = top;
        }
    }

    /// Moves the bounds as far as possible. Returns a vertex that may now stay free; otherwise new edges are tight and
    /// the queue is full again.
    fn shift(&mut self) -> Option<u32> {
        let outer: Vec<u32> =
            (0..self.n as u32).filter(|v| self.label[self.top[*v as usize] as usize] == Label::Outer).collect();
        let mut step = outer.iter().map(|v| self.free[*v as usize] - self.bound[*v as usize]).min().unwrap_or(0);
        // By outer vertex: after which step one of its edges is tight, unless that takes more than the whole step.
        let mut nearest = vec![i64::MAX; outer.len()];
        for (&u, nearest) in outer.iter().zip(&mut nearest) {
            let row = &self.cost[u as usize * self.n..][..self.n];
            let (bound, top) = (self.bound[u as usize], self.top[u as usize]);
            for (v, &cost) in row.iter().enumerate() {
                let slack = i64::from(cost) - bound - self.bound[v];
                if cost == NEVER || slack > 2 * step {
                    continue;
                }
                let there = self.top[v];
                match self.label[there as usize] {
                    Label::Unseen => *nearest = slack.min(*nearest),
                    Label::Outer if there != top => *nearest = (slack / 2).min(*nearest),
                    _ => {}
                }
                step = step.min(*nearest);
            }
        }
        let blossoms: Vec<u32> = self.tops().filter(|node| *node as usize >= self.n).collect();
        let inner = |node: &&u32| self.label[**node as usize] == Label::Inner;
        step = blossoms.iter().filter(inner).map(|node| self.weight[*node as usize] / 2).fold(step, i64::min);
        for v in 0..self.n {
            match self.label[self.top[v] as usize] {
                Label::Outer => self.bound[v] += step,
                Label::Inner => self.bound[v] -= step,
                Label::Unseen => {}
            }
        }
        for &node in &blossoms {
            match self.label[node as usize] {
                Label::Outer => self.weight[node as usize] += 2 * step,
                Label::Inner => self.weight[node as usize] -= 2 * step,
                Label::Unseen => {}
            }
        }
        if let Some(v) = outer.iter().find(|v| self.bound[**v as usize] == self.free[**v as usize]) {
            return Some(*v);
        }
        let mut expanding: Vec<u32> = blossoms.into_iter().filter(|node| self.is_used_up(*node)).collect();
        if expanding.is_empty() {
            let is_tight = |(u, nearest): (u32, i64)| (nearest == step).then_some(u);
            self.queue.extend(outer.into_iter().zip(nearest).filter_map(is_tight));
            return None;
        }
        // What was inner may now be reached from anywhere.
        while let Some(node) = expanding.pop() {
            let nodes = self.expand(node);
            expanding.extend(nodes.into_iter().filter(|node| self.is_used_up(*node)));
        }
        for v in 0..self.n as u32 {
            if self.label[self.top[v as usize] as usize] == Label::Outer {
                self.queue.push(v);
            }
        }
        None
    }

    /// The outermost nodes, each once.
    fn tops(&self) -> impl Iterator<Item = u32> + '_ {
        self.top.iter().enumerate().filter_map(|(v, top)| (self.base[*top as usize] as usize == v).then_some(*top))
    }

    /// Whether it is an inner blossom whose bound is 0, which cannot get any lower.
    fn is_used_up(&self, node: u32) -> bool {
        node as usize >= self.n && self.label[node as usize] == Label::Inner && self.weight[node as usize] == 0
    }

    /// Takes an inner blossom apart, and returns its nodes; the way through it stays in the search.
    fn expand(&mut self, blossom: u32) -> Vec<u32> {
        let circle = std::mem::take(&mut self.circle[blossom as usize]);
        let edges = std::mem::take(&mut self.edges[blossom as usize]);
        for &child in &circle {
            self.around[child as usize] = NONE;
            self.set_top(child, child);
            self.label[child as usize] = Label::Unseen;
        }
        let root = self.root[self.through[blossom as usize].0 as usize];
        let through = self.through[blossom as usize];
        let entry_node = self.top[through.1 as usize];
        let len = circle.len();
        let mut at = circle.iter().position(|child| *child == entry_node).unwrap_or(0);
        self.label[entry_node as usize] = Label::Inner;
        self.through[entry_node as usize] = through;
        // The even way round the circle to the base: forwards from an odd place, backwards from an even one.
        let forwards = at % 2 == 1;
        while at != 0 {
            let next = |at: usize| if forwards { (at + 1) % len } else { at - 1 };
            let edge = |at: usize| if forwards { edges[at] } else { (edges[at - 1].1, edges[at - 1].0) };
            let outer_at = next(at);
            self.make_outer(circle[outer_at], root);
            let inner_at = next(outer_at);
            self.label[circle[inner_at] as usize] = Label::Inner;
            self.through[circle[inner_at] as usize] = edge(outer_at);
            at = inner_at;
        }
        self.unused.push(blossom);
        circle
    }

    /// Takes apart outermost blossoms without a bound of their own, now that the search is over.
    fn dissolve(&mut self) {
        let mut nodes: Vec<u32> = self.tops().filter(|node| *node as usize >= self.n).collect();
        while let Some(node) = nodes.pop() {
            if self.weight[node as usize] > 0 {
                continue;
            }
            for child in std::mem::take(&mut self.circle[node as usize]) {
                self.around[child as usize] = NONE;
                self.set_top(child, child);
                if child as usize >= self.n {
                    nodes.push(child);
                }
            }
            self.edges[node as usize].clear();
            self.unused.push(node);
        }
    }

    /// Matches u to v, and so on up to the root of u's tree. `v` keeps its own side.
    fn flip(&mut self, mut u: u32, mut v: u32) {
        loop {
            let node = self.top[u as usize];
            let mate = self.mate[self.base[node as usize] as usize];
            self.rebase(node, u);
            self.mate[u as usize] = v;
            if mate == NONE {
                return;
            }
            let inner = self.top[mate as usize];
            let (from, to) = self.through[inner as usize];
            self.rebase(inner, to);
            self.mate[to as usize] = from;
            (u, v) = (from, to);
        }
    }

    /// Leaves outer vertex v free, and matches the root of its tree.
    fn release(&mut self, v: u32) {
        let node = self.top[v as usize];
        let mate = self.mate[self.base[node as usize] as usize];
        self.rebase(node, v);
        self.mate[v as usize] = NONE;
        if mate != NONE {
            let inner = self.top[mate as usize];
            let (from, to) = self.through[inner as usize];
            self.rebase(inner, to);
            self.mate[to as usize] = from;
            self.flip(from, to);
        }
    }

    /// Re-matches a blossom within, so that vertex v is its base.
    fn rebase(&mut self, node: u32, v: u32) {
        if (node as usize) < self.n || self.base[node as usize] == v {
            return;
        }
        let b = node as usize;
        let mut child = v;
        while self.around[child as usize] != node {
            child = self.around[child as usize];
        }
        let at = self.circle[b].iter().position(|other| *other == child).unwrap_or(0);
        self.rebase(self.circle[b][at], v);
        let len = self.circle[b].len();
        let forwards = at % 2 == 1;
        let mut i = at;
        while i != 0 {
            let edge_at = if forwards { (i + 1) % len } else { i - 2 };
            let (x, y) = self.edges[b][edge_at];
            let (j, k) = (edge_at, (edge_at + 1) % len);
            self.rebase(self.circle[b][j], x);
            self.rebase(self.circle[b][k], y);
            self.mate[x as usize] = y;
            self.mate[y as usize] = x;
            i = if forwards { (i + 2) % len } else { i - 2 };
        }
        self.circle[b].rotate_left(at);
        self.edges[b].rotate_left(at);
        self.base[b] = v;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, RngExt, SeedableRng};

    fn price(cost: &[i32], free: &[i64], mates: &[Option<u32>]) -> i64 {
        let n = free.len();
        let each = |(v, mate): (usize, &Option<u32>)| match mate {
            None => 2 * free[v],
            Some(mate) => {
                assert_eq!(mates[*mate as usize], Some(v as u32));
                assert_ne!(cost[v * n + *mate as usize], NEVER);
                i64::from(cost[v * n + *mate as usize])
            }
        };
        mates.iter().enumerate().map(each).sum()
    }

    fn lowest(cost: &[i32], free: &[i64]) -> i64 {
        let n = free.len();
        let mut best = vec![i64::MAX; 1 << n];
        best[0] = 0;
        for set in 1..1_usize << n {
            let i = set.trailing_zeros() as usize;
            let others = set & !(1 << i);
            best[set] = best[others] + 2 * free[i];
            for j in (i + 1..n).filter(|j| others >> j & 1 == 1) {
                if cost[i * n + j] != NEVER {
                    best[set] = best[set].min(best[others & !(1 << j)] + 2 * i64::from(cost[i * n + j]));
                }
            }
        }
        best[(1 << n) - 1]
    }

    fn graph(rng: &mut impl Rng, n: usize, highest: i32, density: f64, vary: i64) -> (Vec<i32>, Vec<i64>) {
        let mut cost = vec![NEVER; n * n];
        for i in 0..n {
            for j in 0..i {
                if rng.random_bool(density) {
                    let c = 2 * rng.random_range(0..=highest);
                    (cost[i * n + j], cost[j * n + i]) = (c, c);
                }
            }
        }
        (cost, (0..n).map(|_| 1000 + 2 * rng.random_range(0..=vary)).collect())
    }

    #[test]
    fn nobody_and_one_alone_stay_free() {
        assert_eq!(cheapest(&[], &[], &[]), []);
        assert_eq!(cheapest(&[NEVER], &[10], &[]), [None]);
    }

    #[test]
    fn no_matching_of_up_to_twelve_is_cheaper() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        for round in 0..6000 {
            let n = rng.random_range(2..=12);
            let (density, highest) = ([0.2, 0.35, 0.6, 1.0][round % 4], [0, 1, 3, 40][round / 4 % 4]);
            let (cost, mut free) = graph(&mut rng, n, highest, density, [0, 3, 60][round % 3]);
            if round % 5 == 0 {
                free.iter_mut().for_each(|f| *f %= 100);
            }
            let start: Vec<[u32; 2]> = (0..n as u32 / 2).map(|i| [2 * i, 2 * i + 1]).collect();
            for start in [&[][..], &start] {
                let mates = cheapest(&cost, &free, start);
                assert_eq!(price(&cost, &free, &mates), lowest(&cost, &free), "round {round}: {cost:?} {free:?}");
            }
        }
    }

    #[test]
    fn no_matching_of_sixteen_with_many_circles_is_cheaper() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(8);
        for round in 0..60 {
            let (cost, free) =
                graph(&mut rng, 16, [1, 2, 30][round % 3], [0.2, 0.4][round % 2], [0, 60][round / 2 % 2]);
            let mates = cheapest(&cost, &free, &[]);
            assert_eq!(price(&cost, &free, &mates), lowest(&cost, &free), "round {round}");
        }
    }

    #[test]
    fn on_larger_graphs_as_many_are_matched_as_another_method_matches() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(9);
        for round in 0..200 {
            let n = rng.random_range(20..=90);
            let density = [1.0, 1.5, 3.0, 8.0][round % 4] / n as f64;
            let (cost, free) = graph(&mut rng, n, [0, 1, 20][round % 3], density, 0);
            let free: Vec<i64> = free.iter().map(|free| free + 100_000).collect();
            let mates = cheapest(&cost, &free, &[]);
            let edges = (0..n * n).filter(|at| cost[*at] != NEVER).map(|at| ((at / n) as u32, (at % n) as u32));
            let graph = petgraph::graph::UnGraph::<(), ()>::from_edges(edges.filter(|(a, b)| a < b));
            let most = petgraph::algo::maximum_matching(&graph).edges().count();
            assert_eq!(mates.iter().flatten().count(), 2 * most, "round {round}");
        }
    }
}
