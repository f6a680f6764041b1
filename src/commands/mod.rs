//! The commands, a file each: open what is needed, ask the domain, show, and do.
//! What several of them do is in `app`.

mod auth;
mod demo;
mod handle_action;
mod meetings;
mod notify;
mod pair;
mod roster_check;
mod sandbox;
mod schedule;
mod simulate;
mod status;
mod why;

use anyhow::Result;

pub use crate::app::exit_status::fail;

use crate::app::context::Context;
use crate::app::exit_status::left_for_later;
use crate::cli::{Cli, Command, Roster};
use crate::store::files::handles;

/// Carries a command out.
///
/// # Errors
/// Whatever went wrong; [`fail`] tells it.
pub fn run(cli: &Cli) -> Result<()> {
    handles::check()?;
    let ctx = Context::new(&cli.global);
    match &cli.command {
        Command::Auth(args) => auth::run(&ctx, args),
        Command::Demo => demo::run(&ctx),
        Command::Notify(args) => notify::run(&ctx, args).and_then(|()| ctx.end()).map_err(left_for_later),
        Command::Pair(args) => pair::run(&ctx, args),
        Command::Schedule(args) => schedule::run(&ctx, args).and_then(|()| ctx.end()).map_err(left_for_later),
        Command::HandleAction(args) => handle_action::run(&ctx, args).and_then(|()| ctx.end()).map_err(left_for_later),
        Command::Meetings(args) => meetings::run(&ctx, args),
        Command::Status(args) => status::run(&ctx, args),
        Command::Why(args) => why::run(&ctx, args),
        Command::Simulate(args) => simulate::run(&ctx, args),
        Command::Roster(Roster::Check(args)) => roster_check::run(&ctx, args),
        Command::Sandbox(args) => sandbox::run(&ctx, args),
    }
}
