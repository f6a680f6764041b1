//! The roster: everybody in the company's CSV, in the order of the file.
//! Knows who an employee is and which values they have in which column; knows no file format and no rule.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::calendar::local_time::Hours;
use super::message::language::Language;

/// One row of the roster. What a blank cell leaves open is `None`: the config's default holds then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The address, trimmed and in lower case: it is the employee's identity.
    pub email: Box<str>,
    /// The name as written.
    pub name: Box<str>,
    /// Their own time zone.
    pub timezone: Option<Tz>,
    /// Their own working hours, in their own zone.
    pub working_hours: Option<Hours>,
    /// The last day on which they do not take part.
    pub paused_until: Option<NaiveDate>,
    /// What the bot speaks with them.
    pub language: Option<Language>,
}

/// A column whose equal values can keep people apart. Two values are equal when they differ only in case
/// and surrounding or repeated white space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The header, in lower case.
    pub name: String,
    /// The distinct values, each in the spelling seen first. Value 0 is the blank one.
    pub values: Vec<String>,
    /// For each employee, in roster order, an index into `values`.
    pub cells: Vec<u32>,
}

/// All employees. `columns` holds every column of the file but `email`, `name`, `timezone`,
/// `working_hours`, `paused_until` and `language`; `department` is always among them and never blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// The employees, in the order of the file.
    pub employees: Vec<Employee>,
    /// The other columns, in the order of the file.
    pub columns: Vec<Column>,
}

impl Roster {
    /// The column of that name (in any case), if the roster has it.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let name = name.trim().to_lowercase();
        self.columns.iter().find(|column| column.name == name)
    }

    /// The department of the employee at `index`.
    pub fn department(&self, index: usize) -> &str {
        self.column("department").map_or("", |column| column.value(index))
    }
}

impl Column {
    /// The value of the employee at `index`, "" where the cell is blank.
    pub fn value(&self, index: usize) -> &str {
        &self.values[self.cells[index] as usize]
    }
}
