//! The answers about every two people, written down once, for rounds in which each is needed often and takes long to
//! find: long histories, long blocklists, exact searches. Cost: n² small numbers, and the length of those lists.

use super::problem::Problem;
use crate::domain::calendar::week_of;
use crate::domain::roster::RosterIndex;

/// Whether two people may meet, and when they last did.
pub struct CostTable {
    /// By position on the roster: the row. Only the people of the problem have one.
    place: Vec<u32>,
    size: usize,
    cells: Vec<u16>,
}

const NEW: u16 = 0;
const NEVER: u16 = u16::MAX;

/// What is known about two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairCost {
    /// They may not meet.
    Forbidden,
    /// They may meet and have not met.
    New,
    /// They may meet again; this number of weeks has passed, at least 1.
    Weeks(u16),
}

impl CostTable {
    /// Writes down the answers for the people of the problem.
    pub fn new(problem: &Problem<'_>) -> Self {
        let Problem { rules, met, day, people, .. } = *problem;
        let size = people.len();
        let mut cost_table = Self { place: vec![u32::MAX; rules.people()], size, cells: vec![NEVER; size * size] };
        for (person, at) in people.iter().zip(0..) {
            cost_table.place[person.index()] = at;
        }
        for (i, &a) in people.iter().enumerate() {
            let row = &mut cost_table.cells[i * size..(i + 1) * size];
            let profile = rules.profile(a);
            for (cell, &b) in row.iter_mut().zip(people) {
                if rules.admits_kind(day, profile, rules.profile(b)) {
                    *cell = NEW;
                }
            }
            let here = |other: RosterIndex| Some(cost_table.place[other.index()] as usize).filter(|at| *at < size);
            for (other, week) in met.of(a) {
                let weeks = (week_of(day.date()) - week).unsigned_abs();
                if let Some(cell) = here(other).map(|at| &mut row[at]).filter(|cell| **cell != NEVER) {
                    let known = weeks.clamp(1, u32::from(NEVER) - 1) as u16;
                    let nearest = if *cell == NEW { known } else { known.min(*cell) };
                    *cell = if weeks <= rules.avoid_weeks() { NEVER } else { nearest };
                }
            }
            for at in rules.apart(a).filter_map(here) {
                row[at] = NEVER;
            }
        }
        cost_table
    }

    /// What is known about these two people.
    #[inline]
    pub fn known(&self, a: RosterIndex, b: RosterIndex) -> PairCost {
        match self.cells[self.place[a.index()] as usize * self.size + self.place[b.index()] as usize] {
            NEW => PairCost::New,
            NEVER => PairCost::Forbidden,
            weeks => PairCost::Weeks(weeks),
        }
    }
}
