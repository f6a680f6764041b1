//! Parses the command line, runs the command, and returns the exit status.

use std::process::ExitCode;

use roulette::commands;

fn main() -> ExitCode {
    let cli = commands::parse();
    match commands::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => commands::fail(&cli.global, &error),
    }
}
