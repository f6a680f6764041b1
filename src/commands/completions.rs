//! `completions`: shell completions, generated from the command line's own help.

use crate::app::context::stdout;
use crate::cli::{self, help};

pub(super) fn run(args: &cli::Completions) {
    let (mut out, _) = stdout();
    clap_complete::generate(args.shell, &mut help::command(), "roulette", &mut out);
}
