//! `man`: a page for each command, generated from its help.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::app::context::Context;
use crate::cli::{self, help};
use crate::store::cards;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Man) -> Result<()> {
    let folder = args.folder.display();
    fs::create_dir_all(&args.folder).with_context(|| format!("cannot make {folder}"))?;
    let mut command = help::command(&cards::names().collect::<Vec<_>>()).disable_help_subcommand(true);
    command.build();
    pages(&command, "", &args.folder).with_context(|| format!("cannot write to {folder}"))?;
    ctx.say(format_args!("the pages are in {folder}: read them with man -l {folder}/roulette.1"));
    Ok(())
}

/// Writes the page of a command, and those of its commands; `path` is what one types after `roulette`.
fn pages(command: &Command, path: &str, folder: &Path) -> io::Result<()> {
    let man = Man::new(command.clone()).source(concat!("roulette ", env!("CARGO_PKG_VERSION"))).manual("Roulette");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    notes_and_examples(path).to_writer(&mut page)?;
    File::create(folder.join(man.get_filename()))?.write_all(&page)?;
    for inner in command.get_subcommands() {
        pages(inner, format!("{path} {}", inner.get_name()).trim_start(), folder)?;
    }
    Ok(())
}

/// What a page says after its options: notes, examples and, for the program itself, statuses, files and variables.
fn notes_and_examples(path: &str) -> Roff {
    let mut roff = Roff::new();
    if let Some(help) = help::Help::of(path) {
        if !help.note.is_empty() {
            roff.control("SH", ["NOTES"]);
        }
        for text in help.paragraphs() {
            roff.control("PP", []);
            paragraph(&mut roff, &text);
        }
        roff.control("SH", ["EXAMPLES"]);
        paragraph(&mut roff, help.examples);
    }
    if path.is_empty() {
        for (heading, entries) in help::MANUAL {
            roff.control("SH", [heading]);
            for (name, text) in entries {
                roff.control("TP", []).text([bold(*name)]).text([roman(*text)]);
            }
        }
    } else {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([bold("roulette"), roman("(1), which explains the exit statuses and the files")]);
    }
    roff
}

/// Adds a paragraph. `man` fills one of a single line; the lines of any other stay as they are.
fn paragraph(roff: &mut Roff, text: &str) {
    let is_filled = !text.contains('\n');
    if !is_filled {
        roff.control("nf", []);
    }
    for line in text.lines() {
        roff.text([roman(line)]);
    }
    if !is_filled {
        roff.control("fi", []);
    }
}
