//! The problem for the solver: these people, these rules as constraints, this history, on this day. Knows the
//! objective, which is what every meeting costs; knows no method of finding the best round.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use super::cost_table::{CostTable, PairCost};
use crate::domain::calendar::{Day, week_of};
use crate::domain::meeting_history::MeetingHistory;
use crate::domain::roster::RosterIndex;
use crate::domain::rules::{Profile, Rules};

/// What a meeting costs in recency one week after the last one.
pub const MOST_RECENT: i64 = 1_000;

/// The objective, to be minimized. The least welcome comes first: costs are compared in the order of their fields,
/// which is the order of the wishes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// Violated constraints: meetings that a rule forbids. There are none in a finished round.
    pub forbidden: i32,
    /// People who are left out.
    pub left_out: i32,
    /// The sum, over those people, of how often they were left out before.
    pub turns: i64,
    /// Two people who have met before; up to three in a trio.
    pub repeats: i32,
    /// When a drawn round is brought in line: pairs of people who were not drawn together; see [`Problem::drawn`].
    pub changed: i32,
    /// For each repeat, the more the more recent it is: [`MOST_RECENT`] divided by the number of weeks.
    pub recency: i64,
}

impl Cost {
    /// Whether it is an allowed meeting of people who have not met.
    pub fn is_new(&self) -> bool {
        self.forbidden == 0 && self.repeats == 0
    }
}

impl Add for Cost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            forbidden: self.forbidden + other.forbidden,
            left_out: self.left_out + other.left_out,
            turns: self.turns + other.turns,
            repeats: self.repeats + other.repeats,
            changed: self.changed + other.changed,
            recency: self.recency + other.recency,
        }
    }
}

impl Sub for Cost {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            forbidden: self.forbidden - other.forbidden,
            left_out: self.left_out - other.left_out,
            turns: self.turns - other.turns,
            repeats: self.repeats - other.repeats,
            changed: self.changed - other.changed,
            recency: self.recency - other.recency,
        }
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), Add::add)
    }
}

/// The problem. People are positions on the roster.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// The rules that no meeting may violate.
    pub rules: &'a Rules,
    /// Who met whom in which week, for judging repeats.
    pub met: &'a MeetingHistory,
    /// The day of the round.
    pub day: &'a Day,
    /// The participants, as positions on the roster.
    pub people: &'a [RosterIndex],
    /// For everybody on the roster, how often they were left out.
    pub turns: &'a [u32],
    /// Whether the odd one out is to make a trio rather than rest.
    pub trio: bool,
    /// The most pairs, a trio counting as one.
    pub limit: usize,
    /// The answers about every two people, if they are written down.
    pub cost_table: Option<&'a CostTable>,
    /// Who was drawn together, if a drawn round is brought in line and as little of it as possible is to change.
    pub drawn: Option<&'a DrawnPartners>,
}

/// By position on the roster: with whom somebody was drawn, in a round that is brought in line.
#[derive(Clone, Debug)]
pub struct DrawnPartners(Vec<[RosterIndex; 2]>);

impl DrawnPartners {
    const NOBODY: RosterIndex = RosterIndex::new(u32::MAX as usize);

    /// These groups of `people` on the roster were drawn.
    pub fn new<'g>(people: usize, groups: impl Iterator<Item = &'g [RosterIndex]>) -> Self {
        let mut partners = vec![[Self::NOBODY; 2]; people];
        for group in groups {
            for (at, person) in group.iter().enumerate() {
                let mut others = group.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| *other);
                partners[person.index()] = [(); 2].map(|()| others.next().unwrap_or(Self::NOBODY));
            }
        }
        Self(partners)
    }

    /// Whether these two were drawn together.
    #[inline]
    pub fn are_together(&self, a: RosterIndex, b: RosterIndex) -> bool {
        self.0[a.index()].contains(&b)
    }
}

impl Problem<'_> {
    /// Whether a trio is possible: the number of participants is odd, and nobody has to be left out because of the
    /// limit.
    pub fn odd_joins(&self) -> bool {
        let n = self.people.len();
        self.trio && n % 2 == 1 && n > 1 && n / 2 <= self.limit
    }

    /// What a meeting of these two costs.
    #[inline]
    pub fn pair(&self, a: RosterIndex, b: RosterIndex) -> Cost {
        if let Some(drawn) = self.drawn {
            return self.brought_in_line(drawn, self.rules.profile(a), self.rules.profile(b));
        }
        match self.cost_table {
            Some(cost_table) => written(cost_table, a, b),
            None => self.looked_up(self.rules.profile(a), self.rules.profile(b)),
        }
    }

    /// The same for two people whose profiles are at hand.
    #[inline]
    pub fn pair_of(&self, a: Profile, b: Profile) -> Cost {
        if let Some(drawn) = self.drawn {
            return self.brought_in_line(drawn, a, b);
        }
        match self.cost_table {
            Some(cost_table) => written(cost_table, a.person, b.person),
            None => self.looked_up(a, b),
        }
    }

    /// What a meeting costs in a round that is already drawn. Two people who were drawn together are judged as the draw
    /// judged them, by what was before; two who are newly put together should not take a partner of a later round from
    /// anybody.
    fn brought_in_line(&self, drawn: &DrawnPartners, a: Profile, b: Profile) -> Cost {
        if !drawn.are_together(a.person, b.person) {
            let cost = match self.cost_table {
                Some(cost_table) => written(cost_table, a.person, b.person),
                None => self.looked_up(a, b),
            };
            return Cost { changed: 1, ..cost };
        }
        if !self.rules.admits_both(self.day, a, b) {
            return Cost { forbidden: 1, ..Cost::default() };
        }
        self.meeting(self.met.weeks_since(week_of(self.day.date()), a.person, b.person))
    }

    #[inline]
    fn looked_up(&self, a: Profile, b: Profile) -> Cost {
        if !self.rules.admits_both(self.day, a, b) {
            return Cost { forbidden: 1, ..Cost::default() };
        }
        self.meeting(self.met.weeks_from(week_of(self.day.date()), a.person, b.person))
    }

    /// What a meeting costs for two people whom no rule keeps apart, `weeks` from another meeting of theirs.
    #[inline]
    fn meeting(&self, weeks: Option<u32>) -> Cost {
        match weeks {
            None => Cost::default(),
            Some(weeks) if weeks <= self.rules.avoid_weeks() => Cost { forbidden: 1, ..Cost::default() },
            Some(weeks) => repeat(weeks.max(1)),
        }
    }

    /// What a meeting of these three costs: their three pairings, provided that all can meet at one time.
    pub fn trio(&self, [a, b, c]: [RosterIndex; 3]) -> Cost {
        let mut cost = self.pair(a, b) + self.pair(a, c) + self.pair(b, c);
        // To make a trio out of a drawn pair changes more than to make one out of people who have nobody.
        cost.changed += i32::from(cost.changed == 2);
        if cost.forbidden == 0 && self.day.start(&[a, b, c].map(|person| self.rules.schedule(person))).is_none() {
            cost.forbidden = 1;
        }
        cost
    }

    /// What it costs to leave this person out.
    #[inline]
    pub fn rest(&self, a: RosterIndex) -> Cost {
        Cost { left_out: 1, turns: i64::from(self.turns[a.index()]), ..Cost::default() }
    }

    /// What a whole round costs.
    pub fn cost(&self, round: &Matching) -> Cost {
        let pairs: Cost = round.pairs.iter().map(|&[a, b]| self.pair(a, b)).sum();
        let trio: Cost = round.trio.iter().map(|&trio| self.trio(trio)).sum();
        pairs + trio + round.left_out.iter().map(|&person| self.rest(person)).sum()
    }
}

/// What a meeting costs according to the table.
#[inline]
fn written(cost_table: &CostTable, a: RosterIndex, b: RosterIndex) -> Cost {
    match cost_table.known(a, b) {
        PairCost::New => Cost::default(),
        PairCost::Forbidden => Cost { forbidden: 1, ..Cost::default() },
        PairCost::Weeks(weeks) => repeat(u32::from(weeks)),
    }
}

/// What it costs to meet again after that number of weeks.
fn repeat(weeks: u32) -> Cost {
    Cost { repeats: 1, recency: MOST_RECENT / i64::from(weeks), ..Cost::default() }
}

/// Who meets whom in one round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// The pairs, without the trio.
    pub pairs: Vec<[RosterIndex; 2]>,
    /// The trio, if the odd one joined a pair.
    pub trio: Option<[RosterIndex; 3]>,
    /// Who is left out.
    pub left_out: Vec<RosterIndex>,
}

impl Matching {
    /// The number of pairs, the trio counting as one.
    pub fn groups(&self) -> usize {
        self.pairs.len() + usize::from(self.trio.is_some())
    }

    /// Everybody who meets, group by group.
    pub fn meetings(&self) -> impl Iterator<Item = &[RosterIndex]> + Clone {
        self.pairs.iter().map(|pair| &pair[..]).chain(self.trio.iter().map(|trio| &trio[..]))
    }

    /// Everybody in ascending order: within pairs, and pairs by their first person.
    pub fn sorted(mut self) -> Self {
        for pair in &mut self.pairs {
            pair.sort_unstable();
        }
        self.pairs.sort_unstable();
        if let Some(trio) = &mut self.trio {
            trio.sort_unstable();
        }
        self.left_out.sort_unstable();
        self
    }
}
