//! The roster: a file of employees, as a CSV or as a workbook of Excel, under the headers that offices have.

mod activity;
mod aliases;
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
