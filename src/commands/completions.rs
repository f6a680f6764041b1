//! `completions`: shell completions, generated from the command line's own help.

use clap::CommandFactory;

use crate::app::context::stdout;
use crate::cli::{self, Cli};

pub(super) fn run(args: &cli::Completions) {
    let (mut out, _) = stdout();
    clap_complete::generate(args.shell, &mut Cli::command(), "roulette", &mut out);
}
