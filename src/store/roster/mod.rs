//! The roster: a CSV file of employees.

pub mod csv;
mod header;
mod intern;
mod lines;
