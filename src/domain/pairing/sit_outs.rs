//! Turns at sitting out: how often everybody was left out although they wanted to meet. Reads rounds; draws nothing.

use chrono::NaiveDate;

use crate::domain::roster::RosterIndex;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{PersonId, Reason, Round, State};

/// How often everybody was left out although they wanted to meet, so that turns are fair.
///
/// Whoever joins, or comes back, starts with the fewest turns that any of the others has: they owe no turns for rounds
/// without them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitOuts {
    counts: Vec<u32>,
    /// By position: the number of the last round, from 1, in which they wanted to meet.
    last: Vec<u32>,
    round: u32,
}

impl SitOuts {
    pub(in crate::domain) fn new(people: usize) -> Self {
        Self { counts: vec![0; people], last: vec![0; people], round: 0 }
    }

    /// The counts, by position. Call [`SitOuts::admit`] before reading them.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Lets these people take part in the next round.
    pub fn admit(&mut self, people: impl Iterator<Item = RosterIndex>) {
        let (mut fewest, mut others) = (None, Vec::new());
        for person in people {
            let last = std::mem::replace(&mut self.last[person.index()], self.round + 1);
            if self.round == 0 || last != self.round {
                others.push(person);
            } else if fewest != Some(0) {
                let count = self.counts[person.index()];
                fewest = Some(fewest.map_or(count, |fewest: u32| fewest.min(count)));
            }
        }
        for person in others {
            let count = &mut self.counts[person.index()];
            *count = fewest.unwrap_or(0).max(*count);
        }
        self.round += 1;
    }

    /// Counts the turn of a person who is left out of the round to which they were admitted.
    pub fn leave_out(&mut self, person: RosterIndex) {
        self.counts[person.index()] += 1;
    }

    pub(in crate::domain) fn hold(&mut self, round: &Round, index: &PersonIndex) {
        let here = |id: &PersonId| index.position(*id);
        let pairs = round.slots.iter().flat_map(|slot| slot.pairs.as_flattened());
        let trios = round.slots.iter().flat_map(|slot| slot.trios.as_flattened());
        self.admit(pairs.chain(trios).chain(Self::left_out(round)).filter_map(here));
        Self::left_out(round).filter_map(here).for_each(|person| self.leave_out(person));
    }

    /// The people whose turn it was.
    pub(super) fn left_out(round: &Round) -> impl Iterator<Item = &PersonId> {
        round.left_out.iter().filter(|left_out| left_out.reason.is_a_turn()).flat_map(|left_out| &left_out.people)
    }
}

/// The rounds that somebody sat out, with the reasons.
pub fn sat_out(state: &State, id: PersonId) -> Vec<(NaiveDate, &Reason)> {
    let here = |round: &'_ Round| -> Option<usize> {
        round.left_out.iter().position(|left_out| left_out.people.binary_search(&id).is_ok())
    };
    let each = state.rounds.iter().filter_map(|round| Some((round.date, &round.left_out[here(round)?].reason)));
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::places;

    #[test]
    fn nobody_has_a_turn_before_the_first_round() {
        let mut turns = SitOuts::new(3);
        turns.admit(RosterIndex::first(3));
        assert_eq!(turns.counts(), [0, 0, 0]);
    }

    #[test]
    fn whoever_joins_or_comes_back_owes_no_turns_for_rounds_without_them() {
        let mut turns = SitOuts::new(4);
        for left_out in places([0, 1, 2]) {
            turns.admit(places([0, 1, 2]).into_iter());
            turns.leave_out(left_out);
        }
        turns.admit(RosterIndex::first(4));
        assert_eq!(turns.counts(), [1, 1, 1, 1]);
        turns.leave_out(RosterIndex::new(0));
        turns.admit(places([1, 2, 3]).into_iter());
        turns.admit(RosterIndex::first(4));
        assert_eq!(turns.counts(), [2, 1, 1, 1], "nobody forgets their own turns");
    }
}
