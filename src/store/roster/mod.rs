//! The roster: a file of employees, as a CSV or an Excel workbook, with the headers that offices use.

mod activity;
mod aliases;
pub mod cache;
pub mod csv;
pub mod edit;
mod encoding;
mod header;
mod intern;
pub mod last_good;
mod lines;
pub mod mapping;
mod no_value;
pub mod reading;
mod rows;
mod several;
pub mod warnings;
mod workbook;
