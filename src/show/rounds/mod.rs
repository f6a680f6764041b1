//! Rounds, drawn or planned, in each format.
//! Knows which parts of a round each format shows; what a part says is in `words`.

mod csv;
mod json;
#[cfg(test)]
mod tests;
mod words;

use std::io::{self, BufWriter, Write};

use super::Format;
use super::table::{markdown_table, plain_table};
use super::text::{harmless, markdown};
use crate::domain::calendar::Month;
use crate::domain::pairing::round_view::RoundView;

/// Rounds to show, and what to say about all of them.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The programme's name.
    pub title: &'a str,
    /// The month whose rounds they are, if they are a month's.
    pub month: Option<Month>,
    /// The seed of the draw.
    pub seed: u64,
    /// The rounds, by date.
    pub rounds: &'a [RoundView<'a>],
    /// Sentences on what to expect, such as “no repeat before the round of 2027-08-11”.
    pub expect: &'a [String],
    /// Whether the rounds are a plan that is not carried out yet.
    pub planned: bool,
}

/// Writes the rounds in the format, tables for a terminal of `width` columns. Cost: linear in the pairs.
pub fn write(shown: &Shown<'_>, format: Format, width: Option<u16>, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    match format {
        Format::Table => write_text(shown, width, out),
        Format::Json => json::write(shown, out),
        Format::Csv => csv::write(shown.rounds, out),
        Format::Markdown => write_markdown(shown, out),
    }
}

fn write_text(shown: &Shown<'_>, width: Option<u16>, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    writeln!(out, "{}", harmless(&words::title(shown)))?;
    if shown.rounds.is_empty() {
        writeln!(out, "\n{}", words::no_rounds(shown))?;
    }
    for round in shown.rounds {
        writeln!(out, "\n{}", words::heading(round))?;
        if !round.pairs.is_empty() {
            write!(out, "\n{}", plain_table(&words::columns(round), &words::rows(round), width))?;
        }
        if !round.left_out.is_empty() {
            let rows: Vec<_> = words::left_out(round).map(Vec::from).collect();
            write!(out, "\n{}", plain_table(&["left out", "people"], &rows, width))?;
        }
    }
    if !shown.expect.is_empty() {
        writeln!(out)?;
    }
    for sentence in shown.expect {
        writeln!(out, "{}", harmless(sentence))?;
    }
    out.flush()
}

fn write_markdown(shown: &Shown<'_>, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    writeln!(out, "## {}", markdown(&words::title(shown)))?;
    if shown.rounds.is_empty() {
        writeln!(out, "\n{}", words::no_rounds(shown))?;
    }
    for round in shown.rounds {
        writeln!(out, "\n### {}", markdown(&words::heading(round)))?;
        if !round.pairs.is_empty() {
            write!(out, "\n{}", markdown_table(&words::columns(round), &words::rows(round)))?;
        }
        if !round.left_out.is_empty() {
            writeln!(out, "\nLeft out:\n")?;
        }
        for [reason, people] in words::left_out(round) {
            writeln!(out, "- {}: {}", markdown(&reason), markdown(&people))?;
        }
    }
    if !shown.expect.is_empty() {
        writeln!(out, "\nWhat to expect:\n")?;
    }
    for sentence in shown.expect {
        writeln!(out, "- {}", markdown(sentence))?;
    }
    out.flush()
}
