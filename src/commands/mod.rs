//! The commands, a file each: open what is needed, ask the domain, show, and do.
//! What several of them do is in [`crate::app`].

mod announce;
mod auth;
mod demo;
mod example;
mod handle_action;
mod notify;
mod pair;
mod sandbox;
mod schedule;
mod simulate;
mod status;
mod why;

use anyhow::Result;

pub use crate::app::exit_status::fail;

use crate::app::context::Context;
use crate::cli::{Cli, Command};

/// Carries a command out.
///
/// # Errors
/// Whatever went wrong; [`fail`] tells it.
pub fn run(cli: &Cli) -> Result<()> {
    let desk = Context::new(&cli.global);
    match &cli.command {
        Command::Auth(args) => auth::run(&desk, args),
        Command::Demo => demo::run(&desk),
        Command::Notify(args) => notify::run(&desk, args),
        Command::Pair(args) => pair::run(&desk, args),
        Command::Schedule(args) => schedule::run(&desk, args),
        Command::HandleAction(args) => handle_action::run(&desk, args),
        Command::Status(args) => status::run(&desk, args),
        Command::Why(args) => why::run(&desk, args),
        Command::Simulate(args) => simulate::run(&desk, args),
        Command::Sandbox(args) => sandbox::run(&desk, args),
    }
}
