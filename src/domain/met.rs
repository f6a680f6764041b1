//! Who has met whom, and in which week, as fast to ask as a draw needs it.
//! Knows people as positions in the roster; knows no rule.

use hashbrown::HashMap;

use super::parallel;

/// A person's position in the roster.
pub type Person = u32;

/// Whom everybody met: a row for each person, a column for each round. A row lies together in memory.
#[derive(Clone, Debug, Default)]
pub struct Met {
    people: usize,
    /// By column, the week. There is room for further columns.
    weeks: Vec<i32>,
    width: usize,
    /// Row by row: a position and one, or [`NOBODY`].
    whom: Vec<u32>,
    /// Where somebody meets two in a round, as in a trio: the second, and when.
    further: HashMap<Person, Vec<(Person, i32)>>,
}

const NOBODY: u32 = 0;

/// So many rounds are read before they are put into rows: a row's share is a line of the processor's cache.
const BATCH: usize = 16;

impl Met {
    /// The meetings of `rounds`: for each a week and groups of two or three, in ascending order of weeks.
    /// Leaves room for `more` further rounds. Cost: linear in the meetings, and in rounds times people.
    ///
    /// Rounds come one by one and rows lie far apart. So a round is first written to a column of its own, which
    /// the cache holds, and then some columns at a time to the rows, from first to last.
    pub fn new<G>(people: usize, more: usize, rounds: impl Iterator<Item = (i32, G)>) -> Self
    where
        G: Iterator<Item = Together> + Send,
    {
        let (weeks, mut rounds): (Vec<i32>, Vec<(i32, G)>) =
            rounds.map(|(week, groups)| (week, (week, groups))).unzip();
        let width = weeks.len() + more;
        let mut met = Self { people, weeks, width, whom: vec![NOBODY; people * width], further: HashMap::new() };
        let mut first = 0;
        while !rounds.is_empty() {
            let later = rounds.split_off(rounds.len().min(BATCH));
            let batch = parallel::map(people * BATCH, std::mem::replace(&mut rounds, later), |(week, groups)| {
                Self::of_round(people, week, groups)
            });
            met.append(first, &batch);
            first += batch.len();
        }
        met
    }

    /// One round, in a column of its own.
    fn of_round(people: usize, week: i32, groups: impl Iterator<Item = Together>) -> Self {
        let whom = vec![NOBODY; people];
        let mut round = Self { people, weeks: vec![week], width: 1, whom, further: HashMap::new() };
        groups.for_each(|group| round.put(group));
        round
    }

    /// Takes over these rounds, of a column each, from the column `first` on.
    fn append(&mut self, first: usize, rounds: &[Self]) {
        for (person, list) in rounds.iter().flat_map(|round| &round.further) {
            self.further.entry(*person).or_default().extend(list);
        }
        let width = self.width;
        let copy = |rows: &mut [u32], from: usize| {
            for (row, person) in rows.chunks_exact_mut(width).zip(from..) {
                row[first..].iter_mut().zip(rounds).for_each(|(cell, round)| *cell = round.whom[person]);
            }
        };
        let half = self.people / 2;
        let (upper, lower) = self.whom.split_at_mut(half * width);
        parallel::both(self.people * rounds.len(), || copy(upper, 0), || copy(lower, half));
    }

    /// Adds the latest round.
    pub fn add(&mut self, week: i32, groups: impl Iterator<Item = Together>) {
        if self.weeks.len() == self.width {
            self.widen();
        }
        self.append(self.weeks.len(), &[Self::of_round(self.people, week, groups)]);
        self.weeks.push(week);
    }

    /// Adds a meeting to the one column.
    fn put(&mut self, group: Together) {
        group.each(|a, b| {
            let cell = &mut self.whom[a as usize];
            if *cell == NOBODY {
                *cell = b + 1;
            } else {
                self.further.entry(a).or_default().push((b, self.weeks[0]));
            }
        });
    }

    fn widen(&mut self) {
        let width = self.width * 3 / 2 + 8;
        let mut whom = vec![NOBODY; self.people * width];
        for (wide, row) in whom.chunks_exact_mut(width).zip(self.whom.chunks_exact(self.width.max(1))) {
            wide[..self.width].copy_from_slice(row);
        }
        (self.whom, self.width) = (whom, width);
    }

    fn row(&self, a: Person) -> &[u32] {
        &self.whom[a as usize * self.width..][..self.width]
    }

    /// How many meetings `a` had.
    pub fn count(&self, a: Person) -> usize {
        self.of(a).count()
    }

    /// How many weeks before or after `week` the two met, the nearest if they met often.
    /// Cost: the number of rounds.
    #[inline]
    pub fn weeks_from(&self, week: i32, a: Person, b: Person) -> Option<u32> {
        // Mostly the answer is no, and that is found many at a time.
        if !self.row(a).contains(&(b + 1)) && (self.further.is_empty() || !self.further.contains_key(&a)) {
            return None;
        }
        self.of(a).filter(|(whom, _)| *whom == b).map(|(_, met)| (week - met).unsigned_abs()).min()
    }

    /// Whom `a` met and in which week.
    pub fn of(&self, a: Person) -> impl Iterator<Item = (Person, i32)> + '_ {
        let row = self.row(a).iter().zip(&self.weeks).filter(|(whom, _)| **whom != NOBODY);
        row.map(|(whom, week)| (whom - 1, *week)).chain(self.further.get(&a).into_iter().flatten().copied())
    }
}

/// Two or three people who meet; the third is `None` for a pair. A place whose person is unknown is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Together(pub [Option<Person>; 3]);

impl Together {
    /// A meeting of all these people.
    pub fn all(people: &[Person]) -> Self {
        Self([people.first().copied(), people.get(1).copied(), people.get(2).copied()])
    }

    fn each(self, mut f: impl FnMut(Person, Person)) {
        let Self(people) = self;
        if let [Some(a), Some(b), None] = people {
            f(a, b);
            f(b, a);
            return;
        }
        for (i, a) in people.iter().enumerate() {
            for (j, b) in people.iter().enumerate() {
                if let (Some(a), Some(b), true) = (a, b, i != j) {
                    f(*a, *b);
                }
            }
        }
    }
}
