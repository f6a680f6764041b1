//! The report about a span of rounds: for a terminal and for Markdown as tables under headings, for programs as JSON
//! and CSV, and as a page. Presents figures; computes none.

mod data;
mod sections;

use std::io::{self, Write};

use super::Format;
use super::html::report::page;
use super::table::{csv_table, markdown_table, plain_table, write_json};
use super::text::{harmless, markdown};
use crate::domain::report::Report;

pub use data::document;
pub use sections::{Section, Table, Topic, headline, sections};
pub(super) use sections::{department_name, number, partners_words, ratio, shows_confirmed};

/// A report, and what is needed to show it.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The programme's name, for the title.
    pub programme: &'a str,
    /// The figures, computed by the domain.
    pub report: &'a Report,
}

/// Writes it in the requested format.
///
/// # Errors
/// The errors of `out`.
pub fn write(shown: Shown<'_>, format: Format, width: Option<u16>, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let Shown { programme, report } = shown;
    let title = format!("{programme}: {} to {}", report.from, report.to);
    match format {
        Format::Json => write_json(&document(report), out),
        Format::Csv => out.write_all(csv_table(&data::CSV, &data::lines(report)).as_bytes()),
        Format::Table => {
            writeln!(out, "{}\n", harmless(&title))?;
            headline(report).iter().try_for_each(|key| writeln!(out, "{}", key.sentence))?;
            for section in sections(report) {
                writeln!(out, "\n{}", section.title.to_uppercase())?;
                section.says.iter().try_for_each(|line| writeln!(out, "{line}"))?;
                for Table { header, rows } in &section.tables {
                    out.write_all(b"\n")?;
                    out.write_all(plain_table(header, rows, width).as_bytes())?;
                }
            }
            Ok(())
        }
        Format::Markdown => {
            writeln!(out, "# {}\n", markdown(&title))?;
            headline(report).iter().try_for_each(|key| writeln!(out, "- {}", markdown(&key.sentence)))?;
            for section in sections(report) {
                writeln!(out, "\n## {}", section.title)?;
                section.says.iter().try_for_each(|line| writeln!(out, "\n{}", markdown(line)))?;
                for Table { header, rows } in &section.tables {
                    out.write_all(b"\n")?;
                    out.write_all(markdown_table(header, rows).as_bytes())?;
                }
            }
            Ok(())
        }
    }
}

/// Writes it as a page of its own, which loads nothing.
///
/// # Errors
/// The errors of `out`.
pub fn write_page(shown: Shown<'_>, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    out.write_all(page(shown).as_bytes())
}
