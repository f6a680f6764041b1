//! `completions` and `man`: what a shell completes, and pages for `man`, both made of the command line's own help.

use std::fs;

use anyhow::{Context as _, Result};
use clap::CommandFactory;

use crate::app::context::{Context, stdout};
use crate::cli::{self, Cli};

pub(super) fn run(args: &cli::Completions) {
    let (mut out, _) = stdout();
    clap_complete::generate(args.shell, &mut Cli::command(), "roulette", &mut out);
}

pub(super) fn man(ctx: &Context<'_>, args: &cli::Man) -> Result<()> {
    let folder = args.folder.display();
    fs::create_dir_all(&args.folder).with_context(|| format!("cannot make {folder}"))?;
    clap_mangen::generate_to(Cli::command(), &args.folder).with_context(|| format!("cannot write to {folder}"))?;
    ctx.say(format_args!("the pages are in {folder}: read them with man -l {folder}/roulette.1"));
    Ok(())
}
