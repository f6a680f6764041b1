//! Parse, run, exit status.

use std::process::ExitCode;

use clap::Parser;
use roulette::cli::Cli;
use roulette::commands;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => commands::fail(&cli.global, &error),
    }
}
