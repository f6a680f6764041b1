//! `completions`: shell completions, generated from the command line's own help.

use std::io::Write;

use anyhow::Result;

use crate::app::context::stdout;
use crate::cli::{self, help};
use crate::store::cards;

pub(super) fn run(args: &cli::Completions) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut help::command(&cards::names().collect::<Vec<_>>()),
        "roulette",
        &mut script,
    );
    let (mut out, _) = stdout();
    out.write_all(&script)?;
    Ok(out.flush()?)
}
