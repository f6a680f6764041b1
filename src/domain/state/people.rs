//! Everybody in the state with the names that the roster has for them.
//! Joins numbers, addresses and positions; knows no format.

use super::person_index::PersonIndex;
use super::{PersonId, State};
use crate::domain::roster::{Roster, RosterIndex};

/// Somebody to show. Who has left the roster has no name and no department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonView<'a> {
    /// The address.
    pub email: &'a str,
    /// The name; the address where it is not known.
    pub name: &'a str,
    /// The department, or "".
    pub department: &'a str,
}

/// Names by number, and positions.
pub struct People<'a> {
    views: Vec<PersonView<'a>>,
    positions: Vec<Option<RosterIndex>>,
}

impl<'a> People<'a> {
    /// Joins the state's numbers with the roster's names.
    pub fn new(state: &'a State, roster: &'a Roster) -> Self {
        let identities = PersonIndex::new(roster, state);
        Self { views: people(state, roster, &identities), positions: identities.positions }
    }

    /// By number: the position on the roster, of those who are on it.
    pub fn positions(&self) -> &[Option<RosterIndex>] {
        &self.positions
    }

    /// The position on the roster of a number, if that person is on it.
    pub fn position(&self, id: PersonId) -> Option<RosterIndex> {
        self.positions[id.index()]
    }

    /// The person of a number.
    pub fn view(&self, id: PersonId) -> PersonView<'a> {
        self.views[id.index()]
    }
}

/// Everybody in the state, by number.
pub fn people<'a>(state: &'a State, roster: &'a Roster, identities: &PersonIndex) -> Vec<PersonView<'a>> {
    let departments = roster.column("department");
    let view = |(id, email): (PersonId, &'a str)| match identities.position(id) {
        Some(at) => PersonView {
            email,
            name: &roster.employee(at).name,
            department: departments.map_or("", |column| column.value(at)),
        },
        None => PersonView { email, name: email, department: "" },
    };
    state.emails().map(view).collect()
}
