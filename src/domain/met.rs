//! Who has met whom, and in which week, as fast to ask as a draw needs it.
//! Knows people as positions in the roster; knows no rule.

/// A person's position in the roster.
pub type Person = u32;

/// For each person, whom they met and when, latest last. Rows lie in one allocation with room to grow.
#[derive(Clone, Debug, Default)]
pub struct Met {
    rows: Vec<Row>,
    whom: Vec<Person>,
    week: Vec<i32>,
}

/// Where a person's meetings lie: how many there are, and for how many there is room.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    first: usize,
    len: u32,
    room: u32,
}

impl Row {
    fn range(self) -> std::ops::Range<usize> {
        self.first..self.first + self.len as usize
    }
}

impl Met {
    /// The meetings of `rounds`: for each a week and groups of two or three, in ascending order of weeks.
    /// Leaves room for `more` further meetings a person. `rounds` is walked twice.
    pub fn new<'a, R, G>(people: usize, more: usize, rounds: R) -> Self
    where
        R: Iterator<Item = (i32, G)> + Clone,
        G: Iterator<Item = Together> + 'a,
    {
        let mut met = Self { rows: vec![Row::default(); people], ..Self::default() };
        for (_, groups) in rounds.clone() {
            for group in groups {
                group.each(|a, _| met.rows[a as usize].room += 1);
            }
        }
        let mut end = 0;
        for row in &mut met.rows {
            row.room += more as u32;
            row.first = end;
            end += row.room as usize;
        }
        met.whom = vec![0; end];
        met.week = vec![0; end];
        for (week, groups) in rounds {
            for group in groups {
                met.put(week, group);
            }
        }
        met
    }

    /// Adds one meeting, the latest of its people.
    pub fn add(&mut self, week: i32, group: Together) {
        let mut full = false;
        group.each(|a, _| {
            let row = self.rows[a as usize];
            full |= row.room < row.len + 2 - u32::from(group.0[2].is_none());
        });
        if full {
            self.widen();
        }
        self.put(week, group);
    }

    /// Adds a meeting for which there is room.
    fn put(&mut self, week: i32, group: Together) {
        group.each(|a, b| {
            let row = &mut self.rows[a as usize];
            let at = row.range().end;
            row.len += 1;
            self.whom[at] = b;
            self.week[at] = week;
        });
    }

    fn widen(&mut self) {
        let before = std::mem::take(self);
        for row in before.rows {
            let room = row.len * 3 / 2 + 8;
            self.rows.push(Row { first: self.whom.len(), len: row.len, room });
            let end = self.whom.len() + room as usize;
            self.whom.extend_from_slice(&before.whom[row.range()]);
            self.week.extend_from_slice(&before.week[row.range()]);
            self.whom.resize(end, 0);
            self.week.resize(end, 0);
        }
    }

    /// How many meetings `a` had.
    pub fn count(&self, a: Person) -> usize {
        self.rows[a as usize].len as usize
    }

    /// How many weeks before or after `week` the two met, the nearest if they met often.
    /// Cost: the number of people whom `a` has met.
    #[inline]
    pub fn weeks_from(&self, week: i32, a: Person, b: Person) -> Option<u32> {
        let range = self.rows[a as usize].range();
        let row = &self.whom[range.clone()];
        // Mostly the answer is no, and that is found many at a time.
        if !row.contains(&b) {
            return None;
        }
        let met = row.iter().zip(&self.week[range]).filter(|(whom, _)| **whom == b);
        met.map(|(_, met)| (week - met).unsigned_abs()).min()
    }

    /// Whom `a` met and in which week, in the order of time.
    pub fn of(&self, a: Person) -> impl Iterator<Item = (Person, i32)> + '_ {
        let range = self.rows[a as usize].range();
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
