//! Which person of the state is which employee on the roster: numbers for positions, and positions for numbers. Only
//! the address connects the two: [`super::addresses`] handles new addresses beforehand.

use hashbrown::HashMap;

use super::{PersonId, State};
use crate::domain::roster::{Roster, RosterIndex};

/// The state's numbers and the roster's positions, connected once for everybody who asks.
#[derive(Clone, Debug)]
pub struct PersonIndex {
    /// By position: the number in the state, including those who get one only now.
    pub ids: Vec<PersonId>,
    /// The addresses to be added to the state, in the order of their numbers, after the existing ones.
    pub newcomers: Vec<Box<str>>,
    /// By number: the position, for people who are still on the roster.
    pub positions: Vec<Option<RosterIndex>>,
}

impl PersonIndex {
    /// Cost: linear in the people.
    pub fn new(roster: &Roster, state: &State) -> Self {
        let mut newcomers = Vec::new();
        let mut ids = Vec::with_capacity(roster.employees.len());
        let mut positions = vec![None; state.people.len()];
        // People get their numbers in the order of the roster, so usually the next number is the next employee's.
        let mut next = PersonId::new(0);
        let mut known: Option<HashMap<&str, PersonId>> = None;
        for (position, employee) in roster.places() {
            let email = &*employee.email;
            let mut id = Some(next).filter(|id| state.people.get(id.index()).is_some_and(|other| **other == *email));
            if id.is_none() {
                let all = || state.emails().map(|(id, email)| (email, id)).collect();
                id = known.get_or_insert_with(all).get(email).copied();
            }
            next = id.map_or(next, |id| PersonId::new(id.index() + 1));
            let id = id.unwrap_or_else(|| {
                newcomers.push(employee.email.clone());
                positions.push(None);
                PersonId::new(positions.len() - 1)
            });
            positions[id.index()] = Some(position);
            ids.push(id);
        }
        Self { ids, newcomers, positions }
    }

    /// The position on the roster of a person of the state, if they are still there.
    pub fn position(&self, id: PersonId) -> Option<RosterIndex> {
        self.positions.get(id.index()).copied().flatten()
    }
}
