//! Where everybody on today's roster stands: whom they met, and how often they were left out.
//! Joins the roster with the state; draws nothing and changes neither.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::calendar::week_of;
use super::met::{Met, Person, Together};
use super::roster::Roster;
use super::state::{Group, PersonId, Reason, Round, State};

/// The state, by position in the roster.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Whom everybody met.
    pub met: Met,
    /// How often everybody was left out.
    pub turns: Turns,
    /// By position: the number in the state, also of those who come to it only now.
    pub ids: Vec<PersonId>,
    /// The addresses that come to the state, in the order of their numbers, after those it has.
    pub newcomers: Vec<Box<str>>,
    /// By number: the position, of people who are still on the roster.
    positions: Vec<Option<Person>>,
}

impl Standing {
    /// What is left of the state's rounds that `counts` for these people, with room for `more` rounds.
    /// Cost: linear in the people and meetings.
    pub fn new(roster: &Roster, state: &State, more: usize, counts: impl Fn(&Round) -> bool) -> Self {
        let known: HashMap<&str, PersonId> = state.people.iter().zip(0..).map(|(email, id)| (&**email, id)).collect();
        let mut newcomers = Vec::new();
        let mut ids = Vec::with_capacity(roster.employees.len());
        let mut positions = vec![None; state.people.len()];
        for (employee, position) in roster.employees.iter().zip(0..) {
            let id = known.get(&*employee.email).copied().unwrap_or_else(|| {
                newcomers.push(employee.email.clone());
                positions.push(None);
                positions.len() as PersonId - 1
            });
            positions[id as usize] = Some(position);
            ids.push(id);
        }
        let rounds: Vec<&Round> = state.rounds.iter().filter(|round| counts(round)).collect();
        let here = |group: &[PersonId]| {
            let person = |i: usize| group.get(i).and_then(|id| positions[*id as usize]);
            Together([person(0), person(1), person(2)])
        };
        let meetings = rounds.iter().map(|round| {
            let pairs = round.slots.iter().flat_map(|slot| &slot.pairs).map(|pair| here(pair));
            let trios = round.slots.iter().flat_map(|slot| &slot.trios).map(|trio| here(trio));
            (week_of(round.date), pairs.chain(trios))
        });
        let met = Met::new(roster.employees.len(), 2 * more, meetings);
        let mut turns = Turns::new(roster.employees.len());
        for round in rounds {
            turns.hold(round, &positions);
        }
        Self { met, turns, ids, newcomers, positions }
    }

    /// The position in the roster of a number of the state, if that person is still there.
    pub fn position(&self, id: PersonId) -> Option<Person> {
        self.positions.get(id as usize).copied().flatten()
    }

    /// A group as positions; none if one of them has left.
    pub fn here(&self, group: Group) -> Option<Vec<Person>> {
        group.people().iter().map(|id| self.position(*id)).collect()
    }
}

/// How often everybody was left out though they wanted to meet, so that turns at it are fair.
///
/// Whoever joins, or comes back, begins with the fewest turns that any of the others has: they owe no turns
/// for rounds without them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns {
    counts: Vec<u32>,
    /// By position: the number of the last round, from 1, in which they wanted to meet.
    last: Vec<u32>,
    round: u32,
}

impl Turns {
    fn new(people: usize) -> Self {
        Self { counts: vec![0; people], last: vec![0; people], round: 0 }
    }

    /// The counts, by position. Read them after [`Turns::admit`].
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Lets these people take part in a next round.
    pub fn admit(&mut self, people: impl Iterator<Item = Person> + Clone) {
        let stays = |person: &Person| self.round > 0 && self.last[*person as usize] == self.round;
        let fewest = people.clone().filter(stays).map(|person| self.counts[person as usize]).min().unwrap_or(0);
        for person in people {
            if self.last[person as usize] != self.round || self.round == 0 {
                let count = &mut self.counts[person as usize];
                *count = fewest.max(*count);
            }
            self.last[person as usize] = self.round + 1;
        }
        self.round += 1;
    }

    /// Counts the turn of a person who is left out of the round to which they were admitted.
    pub fn leave_out(&mut self, person: Person) {
        self.counts[person as usize] += 1;
    }

    fn hold(&mut self, round: &Round, positions: &[Option<Person>]) {
        let turn = |reason: &Reason| !matches!(reason, Reason::Paused(_));
        let left_out = round.left_out.iter().filter(|left_out| turn(&left_out.reason)).flat_map(|l| &l.people);
        let here = |id: &PersonId| positions[*id as usize];
        let mut people: Vec<Person> = Vec::with_capacity(positions.len());
        for slot in &round.slots {
            people.extend(slot.pairs.as_flattened().iter().filter_map(here));
            people.extend(slot.trios.as_flattened().iter().filter_map(here));
        }
        people.extend(left_out.clone().filter_map(here));
        self.admit(people.iter().copied());
        left_out.filter_map(here).for_each(|person| self.leave_out(person));
    }
}

/// How often somebody sat out, and when last.
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

    #[test]
    fn nobody_has_a_turn_before_the_first_round() {
        let mut turns = Turns::new(3);
        turns.admit(0..3);
        assert_eq!(turns.counts(), [0, 0, 0]);
    }

    #[test]
    fn whoever_joins_or_comes_back_owes_no_turns_for_rounds_without_them() {
        let mut turns = Turns::new(4);
        for left_out in [0, 1, 2] {
            turns.admit([0, 1, 2].into_iter());
            turns.leave_out(left_out);
        }
        turns.admit(0..4);
        assert_eq!(turns.counts(), [1, 1, 1, 1]);
        turns.leave_out(0);
        turns.admit([1, 2, 3].into_iter());
        turns.admit(0..4);
        assert_eq!(turns.counts(), [2, 1, 1, 1], "nobody forgets their own turns");
    }
}
