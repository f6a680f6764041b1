//! `man`: a page for each command, generated from its help.

use std::fs;

use anyhow::{Context as _, Result};

use crate::app::context::Context;
use crate::cli::{self, help};

pub(super) fn run(ctx: &Context<'_>, args: &cli::Man) -> Result<()> {
    let folder = args.folder.display();
    fs::create_dir_all(&args.folder).with_context(|| format!("cannot make {folder}"))?;
    clap_mangen::generate_to(help::command(), &args.folder).with_context(|| format!("cannot write to {folder}"))?;
    ctx.say(format_args!("the pages are in {folder}: read them with man -l {folder}/roulette.1"));
    Ok(())
}
