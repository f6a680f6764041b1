//! Who has met whom and in which week, stored so that a draw can ask quickly. Knows people by their positions on the
//! roster; knows no rule.

use hashbrown::HashMap;

use crate::domain::roster::RosterIndex;
use crate::parallel;

/// Whom everybody met: a row for each person, a column for each round. Each row is contiguous in memory.
#[derive(Clone, Debug, Default)]
pub struct MeetingHistory {
    people: usize,
    /// The week of each column. There is room for more columns.
    weeks: Vec<i32>,
    width: usize,
    /// Row by row: a position plus one, or [`NOBODY`].
    whom: Vec<u32>,
    sieve: Sieve,
    /// Where somebody meets two people in one round, as in a trio: the second of them, and when.
    further: HashMap<RosterIndex, Vec<(RosterIndex, i32)>>,
}

const NOBODY: u32 = 0;

/// The cell that stands for this person.
#[inline]
fn cell_of(person: RosterIndex) -> u32 {
    person.index() as u32 + 1
}

/// The person for whom a cell stands; the cell is not [`NOBODY`].
#[inline]
fn person_of(cell: u32) -> RosterIndex {
    RosterIndex::new(cell as usize - 1)
}

/// How many rounds are read before they are put into rows: a row's share fills one line of the processor's cache.
const BATCH: usize = 16;

impl MeetingHistory {
    /// The meetings of `rounds`: for each round a week and its groups of two or three, in ascending order of weeks.
    /// Leaves room for `more` further rounds. Cost: linear in the meetings, and in rounds times people.
    ///
    /// Rounds come one by one, but rows lie far apart. So a round is first written to a column of its own, which fits
    /// in the cache, and then a few columns at a time are copied to the rows, from first to last.
    pub fn new<G>(people: usize, more: usize, rounds: impl Iterator<Item = (i32, G)>) -> Self
    where
        G: Iterator<Item = MeetingGroup> + Send,
    {
        let (weeks, mut rounds): (Vec<i32>, Vec<(i32, G)>) =
            rounds.map(|(week, groups)| (week, (week, groups))).unzip();
        let width = weeks.len() + more;
        let whom = vec![NOBODY; people * width];
        let mut met = Self { people, weeks, width, whom, sieve: Sieve::new(people, width), further: HashMap::new() };
        let mut columns: Vec<Column> = (0..rounds.len().min(BATCH)).map(|_| Column::new(people)).collect();
        let mut first = 0;
        while !rounds.is_empty() {
            let later = rounds.split_off(rounds.len().min(BATCH));
            columns.truncate(rounds.len());
            let filled = columns.into_iter().zip(std::mem::replace(&mut rounds, later)).collect();
            columns = parallel::map(people * BATCH, filled, |(column, (week, groups)): (Column, _)| {
                column.filled(week, groups)
            });
            met.append(first, &columns);
            first += columns.len();
        }
        met
    }

    /// Copies these rounds, one column each, into the rows from column `first` on.
    fn append(&mut self, first: usize, rounds: &[Column]) {
        let Self { width, sieve: Sieve { words, bits }, .. } = self;
        let (width, words) = (*width, *words);
        let copy = |rows: &mut [u32], bits: &mut [u64], from: usize| {
            for ((row, bits), person) in rows.chunks_exact_mut(width).zip(bits.chunks_exact_mut(words)).zip(from..) {
                for (cell, round) in row[first..].iter_mut().zip(rounds) {
                    *cell = round.whom[person];
                    if *cell != NOBODY {
                        Sieve::put(bits, person_of(*cell));
                    }
                }
            }
        };
        let half = self.people / 2;
        let (upper, lower) = self.whom.split_at_mut(half * width);
        let (upper_bits, lower_bits) = bits.split_at_mut(half * words);
        let upper = || copy(upper, upper_bits, 0);
        parallel::both(self.people * rounds.len(), upper, || copy(lower, lower_bits, half));
        for (person, list) in rounds.iter().flat_map(|round| &round.further) {
            list.iter().for_each(|(whom, _)| Sieve::put(self.sieve.row_mut(*person), *whom));
            self.further.entry(*person).or_default().extend(list);
        }
    }

    /// Adds the meetings of a round later than all others.
    pub fn add(&mut self, week: i32, groups: impl Iterator<Item = MeetingGroup>) {
        if self.weeks.len() == self.width {
            self.widen();
        }
        self.append(self.weeks.len(), &[Column::new(self.people).filled(week, groups)]);
        self.weeks.push(week);
    }

    fn widen(&mut self) {
        let width = self.width * 3 / 2 + 8;
        let mut whom = vec![NOBODY; self.people * width];
        for (wide, row) in whom.chunks_exact_mut(width).zip(self.whom.chunks_exact(self.width.max(1))) {
            wide[..self.width].copy_from_slice(row);
        }
        (self.whom, self.width) = (whom, width);
        let mut sieve = Sieve::new(self.people, width);
        for person in RosterIndex::first(self.people) {
            self.of(person).for_each(|(whom, _)| Sieve::put(sieve.row_mut(person), whom));
        }
        self.sieve = sieve;
    }

    fn row(&self, a: RosterIndex) -> &[u32] {
        &self.whom[a.index() * self.width..][..self.width]
    }

    /// How many meetings `a` has had.
    pub fn count(&self, a: RosterIndex) -> usize {
        self.of(a).count()
    }

    /// How many weeks before or after `week` the two met; the nearest meeting counts. Cost: the number of rounds.
    #[inline]
    pub fn weeks_from(&self, week: i32, a: RosterIndex, b: RosterIndex) -> Option<u32> {
        if !self.sieve.may_have(a, b) {
            return None;
        }
        self.of(a).filter(|(whom, _)| *whom == b).map(|(_, met)| (week - met).unsigned_abs()).min()
    }

    /// How many weeks before `week` the two last met, if they did. Cost: the number of rounds.
    pub fn weeks_since(&self, week: i32, a: RosterIndex, b: RosterIndex) -> Option<u32> {
        if !self.sieve.may_have(a, b) {
            return None;
        }
        let before = self.of(a).filter(|(whom, met)| *whom == b && *met < week);
        before.map(|(_, met)| (week - met).unsigned_abs()).min()
    }

    /// Undoes the meeting of this group in that week.
    pub fn remove(&mut self, week: i32, group: MeetingGroup) {
        let columns: Vec<usize> = (0..self.weeks.len()).filter(|column| self.weeks[*column] == week).collect();
        group.each(|a, b| {
            for column in &columns {
                let cell = &mut self.whom[a.index() * self.width + column];
                if *cell == cell_of(b) {
                    *cell = NOBODY;
                }
            }
            if let Some(further) = self.further.get_mut(&a) {
                further.retain(|met| *met != (b, week));
            }
        });
    }

    /// For each of these pairs, whether they never met. The answers do not depend on each other, so the slow fetches
    /// from memory overlap.
    pub fn never_met(&self, pairs: &[[RosterIndex; 2]]) -> Vec<bool> {
        let may_have: Vec<bool> = pairs.iter().map(|[a, b]| self.sieve.may_have(*a, *b)).collect();
        let never = |[a, b]: &[RosterIndex; 2]| !self.of(*a).any(|(whom, _)| whom == *b);
        may_have.into_iter().zip(pairs).map(|(may_have, pair)| !may_have || never(pair)).collect()
    }

    /// Whom `a` met, and in which week.
    pub fn of(&self, a: RosterIndex) -> impl Iterator<Item = (RosterIndex, i32)> + '_ {
        let row = self.row(a).iter().zip(&self.weeks).filter(|(whom, _)| **whom != NOBODY);
        row.map(|(whom, week)| (person_of(*whom), *week)).chain(self.further.get(&a).into_iter().flatten().copied())
    }
}

/// One round: whom everybody met.
struct Column {
    week: i32,
    whom: Vec<u32>,
    further: HashMap<RosterIndex, Vec<(RosterIndex, i32)>>,
}

impl Column {
    fn new(people: usize) -> Self {
        Self { week: 0, whom: vec![NOBODY; people], further: HashMap::new() }
    }

    /// The column for another round: memory that was used before is reused.
    fn filled(mut self, week: i32, groups: impl Iterator<Item = MeetingGroup>) -> Self {
        self.week = week;
        self.whom.fill(NOBODY);
        self.further.clear();
        groups.for_each(|group| self.put(group));
        self
    }

    fn put(&mut self, group: MeetingGroup) {
        group.each(|a, b| {
            let cell = &mut self.whom[a.index()];
            if *cell == NOBODY {
                *cell = cell_of(b);
            } else {
                self.further.entry(a).or_default().push((b, self.week));
            }
        });
    }
}

/// A few bits for each person, of which everybody they met sets one. Most pairs of people have not met, and usually one
/// bit shows that: one fetch from distant memory instead of several for a row (B. Bloom, 1970, with one hash).
#[derive(Clone, Debug, Default)]
struct Sieve {
    /// Words for each person, a power of two.
    words: usize,
    bits: Vec<u64>,
}

impl Sieve {
    /// How many bits there are for each round: for a person who has met somebody in each, one answer in ten is a false
    /// alarm.
    const BITS: usize = 8;

    fn new(people: usize, rounds: usize) -> Self {
        let words = (rounds * Self::BITS).div_ceil(64).next_power_of_two();
        Self { words, bits: vec![0; people * words] }
    }

    fn row_mut(&mut self, a: RosterIndex) -> &mut [u64] {
        &mut self.bits[a.index() * self.words..][..self.words]
    }

    /// The word and the bit in it, among `words`.
    fn place(words: usize, b: RosterIndex) -> (usize, u64) {
        let mixed = (b.index() as u32).wrapping_mul(0x9E37_79B1) >> 8;
        ((mixed as usize / 64) & (words - 1), 1 << (mixed % 64))
    }

    fn put(row: &mut [u64], b: RosterIndex) {
        let (word, bit) = Self::place(row.len(), b);
        row[word] |= bit;
    }

    fn may_have(&self, a: RosterIndex, b: RosterIndex) -> bool {
        let (word, bit) = Self::place(self.words, b);
        self.bits[a.index() * self.words + word] & bit != 0
    }
}

/// Two or three people who meet; the third is `None` for a pair. A member who is not on the roster is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeetingGroup(pub [Option<RosterIndex>; 3]);

impl MeetingGroup {
    /// A meeting of all these people.
    pub fn all(people: &[RosterIndex]) -> Self {
        Self([people.first().copied(), people.get(1).copied(), people.get(2).copied()])
    }

    fn each(self, mut f: impl FnMut(RosterIndex, RosterIndex)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::places;

    #[test]
    fn whom_somebody_met_is_found_however_many_rounds_are_added() {
        let people = 40;
        let at = |person: i32| RosterIndex::new(person as usize);
        let round = |week: i32| {
            let pairs = (0..people).map(move |a| [a, (week - a).rem_euclid(people)]).filter(|[a, b]| a < b);
            pairs.map(|pair| MeetingGroup::all(&pair.map(at)))
        };
        let mut met = MeetingHistory::new(people as usize, 1, (0..5).map(|week| (week, round(week))));
        (5..30).for_each(|week| met.add(week, round(week)));
        met.add(30, [MeetingGroup::all(&places([1, 2, 3]))].into_iter());
        for (a, b) in (0..people).flat_map(|a| (0..people).map(move |b| (a, b))) {
            let is_trio = [a, b].iter().all(|it| (1..=3).contains(it));
            let last = if is_trio { 30 } else { (a + b) % people };
            let weeks = (a != b && (is_trio || last < 30)).then(|| (40 - last) as u32);
            assert_eq!(met.weeks_from(40, at(a), at(b)), weeks, "{a} and {b}");
            assert_eq!(met.never_met(&[[at(a), at(b)]]), [weeks.is_none()], "{a} and {b}");
        }
    }
}
