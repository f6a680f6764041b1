//! The roster: everybody in the company's CSV, in the order of the file.
//! Knows who an employee is and which values they have in which column; knows no file format and no rule.

use std::fmt;

use chrono::NaiveDate;
use hashbrown::HashMap;

use super::language::Language;
use super::text::folded;
use super::working_hours::Hours;
use super::working_hours::weekdays::Weekdays;
use crate::domain::zone::Zone;

/// An employee's place on the roster: an index into [`Roster::employees`]. It is not a number of the state.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct RosterIndex(u32);

impl RosterIndex {
    /// The employee at this place of [`Roster::employees`].
    pub const fn new(index: usize) -> Self {
        Self(index as u32)
    }

    /// The index into [`Roster::employees`].
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The first `count` employees of the roster.
    pub fn first(count: usize) -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..count).map(Self::new)
    }
}

/// Employees by their indices.
#[cfg(test)]
pub fn places<const N: usize>(indices: [usize; N]) -> [RosterIndex; N] {
    indices.map(RosterIndex::new)
}

impl fmt::Debug for RosterIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// One row of the roster. `None` stands for a blank cell: the config's default applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The address, trimmed and in lower case: it is the employee's identity.
    pub email: Box<str>,
    /// The name as written.
    pub name: Box<str>,
    /// Their own time zone, if the roster gives one.
    pub timezone: Option<Zone>,
    /// Their own working hours, in their own zone.
    pub working_hours: Option<Hours>,
    /// The days of the week on which they work.
    pub workdays: Option<Weekdays>,
    /// The last day on which they do not take part.
    pub paused_until: Option<NaiveDate>,
    /// The language in which the bot writes to them.
    pub language: Option<Language>,
}

/// A column whose equal values can keep people apart. Two values are equal when they differ only in case, accents
/// and surrounding or repeated white space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The header in lower case; for a known column, its known name.
    pub name: String,
    /// The header as written in the file.
    pub heading: String,
    /// The distinct values, each in the spelling seen first. Value 0 is the blank one.
    pub values: Vec<String>,
    /// For each employee, in roster order, an index into `values`.
    pub cells: Vec<u32>,
    /// For each value that consists of several, such as “Sales; Marketing”: the indices of its parts.
    pub parts: HashMap<u32, Vec<u32>>,
}

/// Somebody who is in the file but does not take part: suspended there, gone, or a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inactive {
    /// The address, in the same form as an employee's.
    pub email: Box<str>,
    /// The name as written.
    pub name: Box<str>,
}

/// All employees. `columns` holds every column of the file except `email`, `name`, `timezone`, `working_hours`,
/// `workdays`, `paused_until`, `language` and `formerly`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// The employees, in the order of the file.
    pub employees: Vec<Employee>,
    /// The other columns, in the order of the file.
    pub columns: Vec<Column>,
    /// The people in the file who are not employees.
    pub inactive: Vec<Inactive>,
    /// Former addresses, each with the employee who had it, sorted by address.
    pub former: Vec<(Box<str>, RosterIndex)>,
}

impl Roster {
    /// The column with that name or header, in whatever spelling, if the roster has it.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let named = self.columns.iter().find(|column| column.name == name);
        let like = |one: &str| folded(one).replace(['_', '-'], " ") == folded(name).replace(['_', '-'], " ");
        let by = |of: fn(&Column) -> &str| self.columns.iter().find(|column| like(of(column)));
        named.or_else(|| by(|column| &column.name)).or_else(|| by(|column| &column.heading))
    }

    /// Whose address it used to be, if anybody's.
    pub fn formerly(&self, email: &str) -> Option<RosterIndex> {
        let at = self.former.binary_search_by(|(former, _)| (**former).cmp(email));
        at.ok().map(|at| self.former[at].1)
    }

    /// The former addresses of whoever has this one.
    pub fn former_of(&self, email: &str) -> Vec<Box<str>> {
        self.former
            .iter()
            .filter(|(_, at)| *self.employee(*at).email == *email)
            .map(|(former, _)| former.clone())
            .collect()
    }

    /// Who has that address, or used to have it. It is in lower case.
    pub fn known_as(&self, email: &str) -> Option<RosterIndex> {
        let now = self.employees.iter().position(|one| *one.email == *email).map(RosterIndex::new);
        now.or_else(|| self.formerly(email))
    }

    /// The current address of whoever has that address or used to have it; the address itself if it is nobody's former
    /// one. It is in lower case.
    pub fn current<'a>(&'a self, email: &'a str) -> &'a str {
        self.formerly(email).map_or(email, |at| &self.employee(at).email)
    }

    /// The same without whoever has that address, whether or not they take part. Cost: linear in the roster.
    #[must_use]
    pub fn without(mut self, email: &str) -> Self {
        self.inactive.retain(|one| *one.email != *email);
        if let Some(at) = self.employees.iter().position(|one| *one.email == *email) {
            self.employees.remove(at);
            for column in &mut self.columns {
                column.cells.remove(at);
            }
            self.former.retain(|(_, of)| of.index() != at);
            for (_, of) in self.former.iter_mut().filter(|(_, of)| of.index() > at) {
                *of = RosterIndex::new(of.index() - 1);
            }
        }
        self
    }

    /// Every employee with their place, in roster order.
    pub fn places(&self) -> impl Iterator<Item = (RosterIndex, &Employee)> + Clone {
        RosterIndex::first(self.employees.len()).zip(&self.employees)
    }

    /// The employee at that place.
    pub fn employee(&self, at: RosterIndex) -> &Employee {
        &self.employees[at.index()]
    }

    /// The department of the employee at that place.
    pub fn department(&self, at: RosterIndex) -> &str {
        let column = self.columns.iter().find(|column| column.name == "department");
        column.map_or("", |column| column.value(at))
    }
}

impl Column {
    /// The value of the employee at that place, "" if the cell is blank.
    pub fn value(&self, at: RosterIndex) -> &str {
        &self.values[self.cells[at.index()] as usize]
    }

    /// The values of which a value consists: only itself, unless it is several.
    pub fn parts<'a>(&'a self, value: &'a u32) -> &'a [u32] {
        self.parts.get(value).map_or(std::slice::from_ref(value), Vec::as_slice)
    }
}
