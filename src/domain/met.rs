//! Who has met whom, and in which week, as fast to ask as a draw needs it.
//! Knows people as positions in the roster; knows no rule.

/// A person's position in the roster.
pub type Person = u32;

/// For each person, whom they met and when, latest last. Rows lie in one allocation with room to grow.
#[derive(Clone, Debug, Default)]
pub struct Met {
    first: Vec<usize>,
    len: Vec<u32>,
    whom: Vec<Person>,
    week: Vec<i32>,
}

impl Met {
    /// The meetings of `rounds`: for each a week and groups of two or three, in ascending order of weeks.
    /// Leaves room for `more` further meetings a person. `rounds` is walked twice.
    pub fn new<'a, R, G>(people: usize, more: usize, rounds: R) -> Self
    where
        R: Iterator<Item = (i32, G)> + Clone,
        G: Iterator<Item = Together> + 'a,
    {
        let mut len = vec![0_u32; people];
        for (_, groups) in rounds.clone() {
            for group in groups {
                group.each(|a, _| len[a as usize] += 1);
            }
        }
        let mut met = Self { first: Vec::with_capacity(people + 1), ..Self::default() };
        let mut end = 0;
        for count in &mut len {
            met.first.push(end);
            end += *count as usize + more;
            *count = 0;
        }
        met.first.push(end);
        met.len = len;
        met.whom = vec![0; end];
        met.week = vec![0; end];
        for (week, groups) in rounds {
            for group in groups {
                met.add(week, group);
            }
        }
        met
    }

    /// Adds one meeting, the latest of its people.
    pub fn add(&mut self, week: i32, group: Together) {
        let mut full = false;
        group.each(|a, _| {
            full |= self.first[a as usize] + self.len[a as usize] as usize + 2 > self.first[a as usize + 1];
        });
        if full {
            self.widen();
        }
        group.each(|a, b| {
            let row = a as usize;
            let at = self.first[row] + self.len[row] as usize;
            self.whom[at] = b;
            self.week[at] = week;
            self.len[row] += 1;
        });
    }

    /// Takes the latest meeting of these people back.
    pub fn remove_last(&mut self, group: Together) {
        group.each(|a, _| self.len[a as usize] -= 1);
    }

    fn widen(&mut self) {
        let wider = |row: usize| self.len[row] as usize * 3 / 2 + 8;
        let size = (0..self.len.len()).map(wider).sum();
        let (mut first, mut whom, mut week) = (Vec::with_capacity(self.first.len()), vec![0; size], vec![0; size]);
        let mut end = 0;
        for row in 0..self.len.len() {
            let (from, len) = (self.first[row], self.len[row] as usize);
            whom[end..end + len].copy_from_slice(&self.whom[from..from + len]);
            week[end..end + len].copy_from_slice(&self.week[from..from + len]);
            first.push(end);
            end += wider(row);
        }
        first.push(end);
        (self.first, self.whom, self.week) = (first, whom, week);
    }

    /// The week in which the two last met. Cost: the number of people whom `a` has met.
    #[inline]
    pub fn last(&self, a: Person, b: Person) -> Option<i32> {
        let from = self.first[a as usize];
        let row = &self.whom[from..from + self.len[a as usize] as usize];
        // Mostly the answer is no, and that is found many at a time.
        if !row.contains(&b) {
            return None;
        }
        row.iter().rposition(|&whom| whom == b).map(|at| self.week[from + at])
    }

    /// Whom `a` met and in which week, in the order of time.
    pub fn of(&self, a: Person) -> impl Iterator<Item = (Person, i32)> + '_ {
        let range = self.first[a as usize]..self.first[a as usize] + self.len[a as usize] as usize;
        self.whom[range.clone()].iter().copied().zip(self.week[range].iter().copied())
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
        for (i, a) in people.iter().enumerate() {
            for (j, b) in people.iter().enumerate() {
                if let (Some(a), Some(b), true) = (a, b, i != j) {
                    f(*a, *b);
                }
            }
        }
    }
}
