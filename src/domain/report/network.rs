//! The network of colleagues: whom somebody reaches through one other person. Two people are connected if they share a
//! department, where people know each other already, or have met. Knows positions in a list and no names. It grows
//! connection by connection, and the figures after each round cost one pass over it.

use hashbrown::HashMap;
use smallvec::SmallVec;

use crate::domain::roster::{Column, RosterIndex};

/// The most bits that are kept for whom everybody reaches: above this, some people are counted, evenly spaced.
const MOST_BITS: usize = 1 << 28;

/// A set of people.
type Bits = Box<[u64]>;

fn none(people: usize) -> Bits {
    vec![0; people.div_ceil(64)].into()
}

fn put(bits: &mut [u64], person: u32) {
    bits[person as usize / 64] |= 1 << (person % 64);
}

fn add(bits: &mut [u64], others: &[u64]) {
    bits.iter_mut().zip(others).for_each(|(word, other)| *word |= other);
}

/// Who is in which department. Somebody without a department knows nobody through it.
#[derive(Clone, Debug)]
pub(super) struct Departments {
    /// By person: the department, a separate number for each value of the roster's cells.
    pub(super) of: Vec<Option<u32>>,
    /// By department: how many people it has.
    pub(super) sizes: Vec<usize>,
    /// By department: the value of the roster's column.
    pub(super) values: Vec<u32>,
    /// By department: those that share somebody with it, including itself; more than one if a cell names several.
    related: Vec<Vec<u32>>,
    /// By department: everybody in it or in a related one.
    knows: Vec<Bits>,
    known: Vec<usize>,
}

impl Departments {
    /// The departments of these people, from the given column.
    pub(super) fn new(people: &[RosterIndex], column: Option<&Column>) -> Self {
        let (mut numbers, mut values, mut sizes) = (HashMap::new(), Vec::new(), Vec::new());
        let cell = |at: &RosterIndex| column.map(|column| column.cells[at.index()]).filter(|value| *value != 0);
        let of: Vec<Option<u32>> = { people.iter() }
            .map(|at| {
                let value = cell(at)?;
                let number = *numbers.entry(value).or_insert_with(|| {
                    values.push(value);
                    sizes.push(0);
                    values.len() as u32 - 1
                });
                sizes[number as usize] += 1;
                Some(number)
            })
            .collect();
        let parts = |value: &u32| column.map_or_else(Vec::new, |column| column.parts(value).to_vec());
        let mut with: HashMap<u32, Vec<u32>> = HashMap::new();
        for (number, value) in (0..).zip(&values) {
            parts(value).into_iter().for_each(|part| with.entry(part).or_default().push(number));
        }
        let related = |value: &u32| {
            let mut all: Vec<u32> = parts(value).iter().flat_map(|part| &with[part]).copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let related: Vec<Vec<u32>> = values.iter().map(related).collect();
        let mut members: Vec<Bits> = vec![none(people.len()); values.len()];
        for (person, department) in (0..).zip(&of) {
            if let Some(department) = department {
                put(&mut members[*department as usize], person);
            }
        }
        let all = |related: &Vec<u32>| {
            let mut all = none(people.len());
            related.iter().for_each(|other| add(&mut all, &members[*other as usize]));
            all
        };
        let knows: Vec<Bits> = related.iter().map(all).collect();
        let known = related.iter().map(|related| related.iter().map(|other| sizes[*other as usize]).sum()).collect();
        Self { of, sizes, values, related, knows, known }
    }

    /// Whether the two are in one department.
    pub(super) fn are_together(&self, a: u32, b: u32) -> bool {
        match (self.of[a as usize], self.of[b as usize]) {
            (Some(a), Some(b)) => self.related[a as usize].binary_search(&b).is_ok(),
            _ => false,
        }
    }

    /// Whether two departments share somebody, or one is the other.
    pub(super) fn are_one(&self, a: usize, b: usize) -> bool {
        self.related[a].binary_search(&(b as u32)).is_ok()
    }

    /// How many people are in another department than that person.
    fn elsewhere(&self, person: u32) -> usize {
        let department = self.of[person as usize];
        self.of.len() - department.map_or(1, |department| self.known[department as usize])
    }
}

/// Who is there so far.
struct Present {
    people: Bits,
    count: usize,
    /// By department: how many of its people are there.
    sizes: Vec<usize>,
    /// By department: how many people in it or in a related one are there.
    known: Vec<usize>,
}

impl Present {
    fn is_there(&self, person: u32) -> bool {
        self.people[person as usize / 64] & (1 << (person % 64)) != 0
    }

    /// Returns the department of which that person is the first.
    fn add(&mut self, departments: &Departments, person: u32) -> Option<u32> {
        if self.is_there(person) {
            return None;
        }
        put(&mut self.people, person);
        self.count += 1;
        let own = departments.of[person as usize]?;
        self.sizes[own as usize] += 1;
        departments.related[own as usize].iter().for_each(|other| self.known[*other as usize] += 1);
        (self.sizes[own as usize] == 1).then_some(own)
    }

    /// How many people are in another department than that person.
    fn elsewhere(&self, departments: &Departments, person: u32) -> usize {
        let department = departments.of[person as usize];
        self.count - department.map_or(1, |department| self.known[department as usize])
    }

    /// How many pairs of people share a department.
    fn internal_ties(&self) -> usize {
        let departments = self.sizes.iter().zip(&self.known).filter(|(size, _)| **size > 0);
        departments.map(|(size, known)| size * (known - 1)).sum::<usize>() / 2
    }
}

/// The connections from before, and those of a round.
struct Ties<'a> {
    departments: &'a Departments,
    partners: &'a [Vec<u32>],
    fresh: &'a [SmallVec<[u32; 2]>],
}

impl Ties<'_> {
    /// Adds whom somebody reaches because of the round.
    fn extend(&self, person: u32, near: &mut [u64]) {
        let Self { departments, partners, fresh } = self;
        let (old, new) = (&partners[person as usize], &fresh[person as usize]);
        for further in old.iter().flat_map(|partner| &fresh[*partner as usize]) {
            put(near, *further);
        }
        for (at, partner) in new.iter().enumerate() {
            let further = partners[*partner as usize].iter().chain(&fresh[*partner as usize]);
            further.filter(|further| **further != person).for_each(|further| put(near, *further));
            match departments.of[*partner as usize] {
                None => put(near, *partner),
                Some(department) => {
                    // Whoever has met somebody in a department reaches all of it.
                    let mut before = old.iter().chain(&new[..at]);
                    if !before.any(|other| departments.of[*other as usize] == Some(department)) {
                        add(near, &departments.knows[department as usize]);
                    }
                }
            }
        }
    }
}

/// How many people in other departments somebody reaches.
fn within(departments: &Departments, through: &[Bits], present: &Bits, person: u32, near: &[u64]) -> usize {
    let near = near.iter().zip(present.iter());
    match departments.of[person as usize] {
        None => near.map(|(near, present)| (near & present).count_ones() as usize).sum(),
        Some(own) => {
            let (through, knows) = (&through[own as usize], &departments.knows[own as usize]);
            let words = near.zip(through.iter()).zip(knows.iter());
            words
                .map(|(((near, present), through), knows)| ((near | through) & present & !knows).count_ones() as usize)
                .sum()
        }
    }
}

/// The connections so far, and whom everybody reaches through them.
pub(super) struct Network<'a> {
    departments: &'a Departments,
    partners: Vec<Vec<u32>>,
    external: usize,
    present: Present,
    everybody: Bits,
    /// The people whose reach is counted, ascending.
    rows: Vec<u32>,
    words: usize,
    /// Row by row: whom they reach through a meeting of their own.
    near: Vec<u64>,
    /// Row by row: whether they reach everybody, also those who are not there yet, so that there is nothing to add.
    full: Vec<bool>,
    /// By department: whom its people reach through a colleague, or through a colleague's meeting.
    through: Vec<Bits>,
}

impl<'a> Network<'a> {
    /// The network before anybody is there.
    pub(super) fn new(departments: &'a Departments) -> Self {
        let people = departments.of.len();
        let words = people.div_ceil(64);
        let step = (people * people).div_ceil(MOST_BITS).max(1);
        let rows: Vec<u32> = (0..people as u32).step_by(step).collect();
        Self {
            departments,
            partners: vec![Vec::new(); people],
            external: 0,
            everybody: {
                let mut all = none(people);
                (0..people as u32).for_each(|person| put(&mut all, person));
                all
            },
            present: Present {
                people: none(people),
                count: 0,
                sizes: vec![0; departments.sizes.len()],
                known: vec![0; departments.sizes.len()],
            },
            near: vec![0; rows.len() * words],
            full: vec![false; rows.len()],
            through: vec![none(people); departments.sizes.len()],
            rows,
            words,
        }
    }

    /// From now on these people count, too; they may be there already. Before, nobody reaches them, and nobody is to.
    pub(super) fn join(&mut self, people: impl IntoIterator<Item = u32>) {
        for person in people {
            // Whoever knows that person through a department reaches everybody in theirs.
            let Some(own) = self.present.add(self.departments, person) else { continue };
            for department in &self.departments.related[own as usize] {
                add(&mut self.through[*department as usize], &self.departments.knows[own as usize]);
            }
        }
    }

    /// How many people are there.
    pub(super) fn people(&self) -> usize {
        self.present.count
    }

    /// For how many people it is counted whom they reach, if not for all.
    pub(super) fn sample(&self) -> Option<usize> {
        let counted = self.rows.iter().filter(|person| self.present.is_there(**person)).count();
        (counted < self.present.count).then_some(counted)
    }

    /// The people of each pair of a round meet; they may have met before. Whoever met one of them reaches the other,
    /// and so do their departments. It works row by row, so that each row is fetched from memory once.
    ///
    /// Returns the share of colleagues in other departments whom people reach in at most two steps; none if there are
    /// no others.
    pub(super) fn meet(&mut self, pairs: &[[u32; 2]]) -> Option<f64> {
        let mut fresh: Vec<SmallVec<[u32; 2]>> = vec![SmallVec::new(); self.partners.len()];
        for [a, b] in pairs.iter().map(|pair| pair.map(|it| it as usize)) {
            let (of_a, of_b) = (a as u32, b as u32);
            if a == b || self.partners[a].contains(&of_b) || fresh[a].contains(&of_b) {
                continue;
            }
            fresh[a].push(of_b);
            fresh[b].push(of_a);
            self.external += usize::from(!self.departments.are_together(of_a, of_b));
            for (one, other) in [(a, of_b), (b, of_a)] {
                let own = self.departments.of[one].iter();
                for department in own.flat_map(|own| &self.departments.related[*own as usize]) {
                    put(&mut self.through[*department as usize], other);
                }
            }
        }
        let (mut reached, mut of) = (0, 0);
        let rows = self.near.chunks_exact_mut(self.words.max(1)).zip(&self.rows).zip(&mut self.full);
        let present = &self.present;
        for ((near, person), full) in rows {
            // Whoever is not there has not met anybody yet.
            if !present.is_there(*person) {
                continue;
            }
            let others = present.elsewhere(self.departments, *person);
            of += others;
            if !*full {
                let ties = Ties { departments: self.departments, partners: &self.partners, fresh: &fresh };
                ties.extend(*person, near);
                let within = within(self.departments, &self.through, &present.people, *person, near);
                let of_all = || self::within(self.departments, &self.through, &self.everybody, *person, near);
                *full = within == others && of_all() == self.departments.elsewhere(*person);
                reached += within;
            } else {
                reached += others;
            }
        }
        self.partners.iter_mut().zip(fresh).for_each(|(partners, fresh)| partners.extend(fresh));
        (of > 0).then(|| reached as f64 / of as f64)
    }

    /// The connections between departments minus those within, divided by all: −1 if there are none between; none
    /// without any connection.
    pub(super) fn e_i(&self) -> Option<f64> {
        let (external, internal) = (self.external as f64, self.present.internal_ties() as f64);
        (external + internal > 0.0).then(|| (external - internal) / (external + internal))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column(cells: &[u32]) -> Column {
        // Value 5 consists of values 1 and 2, and value 6 of values 2 and 3.
        let parts = [(5, vec![1, 2]), (6, vec![2, 3])].into_iter().collect();
        let values = (0..7).map(|value| format!("D{value}")).collect();
        Column { values, cells: cells.to_vec(), parts, ..Column::default() }
    }

    /// The same by a search from each person, step by step, through a table of connections.
    fn by_search(cells: &[u32], ties: &[[u32; 2]], here: &[u32]) -> (Option<f64>, Option<f64>) {
        let parts = |person: usize| match cells[person] {
            0 => vec![],
            5 => vec![1, 2],
            6 => vec![2, 3],
            value => vec![value],
        };
        let together = |a: usize, b: usize| a != b && parts(a).iter().any(|part| parts(b).contains(part));
        let met = |a: usize, b: usize| ties.iter().any(|tie| [[a, b], [b, a]].contains(&tie.map(|it| it as usize)));
        let people = here.iter().map(|person| *person as usize);
        let knows = |a: usize, b: usize| a != b && (together(a, b) || met(a, b));
        let (mut reached, mut of, mut external, mut internal) = (0, 0, 0, 0);
        for (a, b) in people.clone().flat_map(|a| people.clone().map(move |b| (a, b))).filter(|(a, b)| a != b) {
            if together(a, b) {
                internal += 1;
                continue;
            }
            external += u32::from(met(a, b));
            of += 1;
            reached += u32::from(knows(a, b) || people.clone().any(|c| knows(a, c) && knows(c, b)));
        }
        let share = (of > 0).then(|| f64::from(reached) / f64::from(of));
        let all = external + internal;
        (share, (all > 0).then(|| (f64::from(external) - f64::from(internal)) / f64::from(all)))
    }

    proptest! {
        #[test]
        fn the_network_reaches_whom_a_search_from_everybody_finds(
            cells in proptest::collection::vec(0..7_u32, 1..90),
            ties in proptest::collection::vec([0..90_u32, 0..90_u32], 0..60),
            size in 1..20_usize,
            from_the_first in 0..90_u32,
        ) {
            let people: Vec<RosterIndex> = RosterIndex::first(cells.len()).collect();
            let departments = Departments::new(&people, Some(&column(&cells)));
            let mut network = Network::new(&departments);
            let ties: Vec<[u32; 2]> =
                ties.into_iter().map(|tie| tie.map(|it| it % cells.len() as u32)).filter(|[a, b]| a != b).collect();
            let mut so_far = Vec::new();
            let mut here: Vec<u32> = (0..cells.len() as u32).filter(|person| *person <= from_the_first).collect();
            for round in std::iter::once(&[][..]).chain(ties.chunks(size)) {
                so_far.extend_from_slice(round);
                here.extend(round.as_flattened());
                here.sort_unstable();
                here.dedup();
                network.join(here.iter().copied());
                prop_assert_eq!(network.people(), here.len());
                prop_assert_eq!((network.meet(round), network.e_i()), by_search(&cells, &so_far, &here));
            }
        }
    }

    #[test]
    fn before_anybody_met_nobody_reaches_another_department() {
        let cells: Vec<u32> = (0..20).map(|person| person % 4 + 1).collect();
        let people: Vec<RosterIndex> = RosterIndex::first(cells.len()).collect();
        let departments = Departments::new(&people, Some(&column(&cells)));
        let mut network = Network::new(&departments);
        network.join(0..20);
        assert_eq!((network.meet(&[]), network.e_i()), (Some(0.0), Some(-1.0)));
        // Each of the two reaches the other's five, and each of their nine colleagues the one who met.
        let reached = (5 + 4) + (5 + 4);
        assert_eq!(network.meet(&[[0, 1]]), Some(f64::from(reached) / f64::from(20 * 15)));
    }
}
