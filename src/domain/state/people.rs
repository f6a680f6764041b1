//! Everybody in the state with the names that the roster has for them.
//! Joins numbers, addresses and positions; knows no format.

use hashbrown::HashMap;

use super::person_index::PersonIndex;
use super::{Left, PersonId, State};
use crate::domain::roster::{Roster, RosterIndex};

/// Somebody to show. People who have left the roster have no department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonView<'a> {
    /// The address, in lower case.
    pub email: &'a str,
    /// The name, or the address if the name is not known.
    pub name: &'a str,
    /// The department; "" if it is not known.
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
        let index = PersonIndex::new(roster, state);
        Self { views: people(state, roster, &index), positions: index.positions }
    }

    /// By number: the position on the roster, for people who are on it.
    pub fn positions(&self) -> &[Option<RosterIndex>] {
        &self.positions
    }

    /// The position of a person on the roster, if they are on it.
    pub fn position(&self, id: PersonId) -> Option<RosterIndex> {
        self.positions[id.index()]
    }

    /// The person with a number.
    pub fn view(&self, id: PersonId) -> PersonView<'a> {
        self.views[id.index()]
    }
}

impl State {
    /// Keeps the names of people who are no longer on the roster, as found on `before`, the previous roster, and
    /// forgets the names of those who are back. Returns whether anything changed. Cost: linear in the rosters and in
    /// everybody known.
    pub fn name_who_left(&mut self, roster: &Roster, before: Option<&Roster>) -> bool {
        let positions = PersonIndex::new(roster, self).positions;
        let is_gone = |id: PersonId| positions[id.index()].is_none();
        let inactive = roster.inactive.iter().map(|one| (&*one.email, &one.name));
        let before = before.into_iter().flat_map(|before| &before.employees).map(|one| (&*one.email, &one.name));
        let names: HashMap<&str, &Box<str>> = before.chain(inactive).collect();
        let mut left: Vec<Left> = self.left.iter().filter(|left| is_gone(left.person)).cloned().collect();
        let news = self.emails().filter(|(id, _)| is_gone(*id));
        let news = news.filter_map(|(person, email)| Some(Left { person, name: (*names.get(email)?).clone() }));
        let known = left.len();
        let news: Vec<Left> =
            news.filter(|one| left.binary_search_by_key(&one.person, |left| left.person).is_err()).collect();
        left.extend(news);
        left.sort_by_key(|left| left.person);
        let changed = left.len() > known || known < self.left.len();
        self.left = left;
        changed
    }
}

/// Everybody in the state, by number.
pub fn people<'a>(state: &'a State, roster: &'a Roster, index: &PersonIndex) -> Vec<PersonView<'a>> {
    let departments = roster.column("department");
    let view = |(id, email): (PersonId, &'a str)| match index.position(id) {
        Some(at) => PersonView {
            email,
            name: &roster.employee(at).name,
            department: departments.map_or("", |column| column.value(at)),
        },
        None => PersonView { email, name: state.name_of_who_left(id), department: "" },
    };
    state.emails().map(view).collect()
}
