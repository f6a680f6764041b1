//! The commands, one file for each: open what is needed, ask the domain, show, and do.
//! What several of them do is in `app`.

mod auth;
mod completions;
mod demo;
mod doctor;
mod export;
mod forget;
mod handle_action;
mod init;
mod log;
mod man;
mod meetings;
mod notify;
mod pair;
mod report;
mod roster_check;
mod roster_pull;
mod run;
mod sandbox;
mod schedule;
mod simulate;
mod status;
mod why;

use std::env;
use std::io::{self, Write as _};
use std::path::Path;
use std::process;

use anyhow::Result;
use chrono::NaiveDate;
use clap::FromArgMatches;

pub use crate::app::exit_status::fail;

use crate::app::context::Context;
use crate::app::exit_status::{Usage, left_for_later};
use crate::app::logging;
use crate::cli::{Cli, Command, LogFormat, Roster, help};
use crate::store::cards;
use crate::store::config::{self, Config};
use crate::store::files::handles;
use crate::store::zones;

/// Parses the command line; ends the program if it is wrong, or asks for help or the version.
pub fn parse() -> Cli {
    let typed: Vec<String> = env::args_os().map(|it| it.to_string_lossy().into_owned()).collect();
    let mut command = help::command(&cards::names().collect::<Vec<_>>());
    if typed.iter().any(|it| it == "--version" || it == "-V") {
        command = command.version(version(&typed).leak() as &str);
    }
    let cli = command.try_get_matches_from(env::args_os()).and_then(|it| Cli::from_arg_matches(&it));
    cli.unwrap_or_else(|error| {
        let is_json = typed.iter().any(|it| it == "--log-format=json")
            || typed
                .iter()
                .zip(typed.iter().skip(1))
                .any(|(option, value)| option == "--log-format" && value == "json");
        if is_json && error.use_stderr() {
            logging::begin(false, false, LogFormat::Json);
            logging::say(error.render().to_string().trim_end());
            process::exit(error.exit_code());
        }
        let printed = error.print().and_then(|()| io::stdout().flush());
        match printed {
            Err(fault) if !error.use_stderr() && fault.kind() != io::ErrorKind::BrokenPipe => {
                logging::begin(false, false, LogFormat::Text);
                logging::say(&format!("error: cannot write to stdout: {fault}"));
                process::exit(1)
            }
            _ => process::exit(error.exit_code()),
        }
    })
}

/// The version of the program, and that of the time zone rules, which may depend on a config.
fn version(typed: &[String]) -> String {
    let named = typed.iter().zip(typed.iter().skip(1)).find(|(option, _)| *option == "--config").map(|(_, file)| file);
    let named = named.map(String::as_str).or_else(|| typed.iter().find_map(|it| it.strip_prefix("--config=")));
    // Without a config, or with a faulty one, the system's rules are used.
    let _ = config::find(named.map(Path::new)).and_then(|path| Config::load(&path));
    format!("{}\ntime zones {}", env!("CARGO_PKG_VERSION"), zones::release())
}

/// Carries out a command.
///
/// # Errors
/// Whatever went wrong; [`fail`] reports it.
pub fn run(cli: &Cli) -> Result<()> {
    let global = &cli.global;
    logging::begin(global.quiet, global.verbose, global.log_format);
    handles::check()?;
    let ctx = Context::new(&cli.global);
    if cli.global.config.len() > 1 && !matches!(cli.command, Command::HandleAction(_)) {
        return Err(Usage("only handle-action takes more than one --config".to_owned()).into());
    }
    match &cli.command {
        Command::Auth(args) => auth::run(&ctx, args),
        Command::Demo => demo::run(&ctx),
        Command::Init(args) => init::run(&ctx, args),
        Command::Doctor(args) => doctor::run(&ctx, args),
        Command::Notify(args) => notify::run(&ctx, args).and_then(|()| ctx.end()).map_err(left_for_later),
        Command::Pair(args) => pair::run(&ctx, args),
        Command::Schedule(args) => schedule::run(&ctx, args).and_then(|()| ctx.end()).map_err(left_for_later),
        Command::HandleAction(args) => handle_action::run(&ctx, args).and_then(|()| ctx.end()).map_err(left_for_later),
        Command::Run(args) => run::run(&ctx, args),
        Command::Meetings(args) => meetings::run(&ctx, args),
        Command::Log(args) => log::run(&ctx, args),
        Command::Status(args) => status::run(&ctx, args),
        Command::Report(args) => report::run(&ctx, args),
        Command::Why(args) => why::run(&ctx, args),
        Command::Simulate(args) => simulate::run(&ctx, args),
        Command::Roster(Roster::Check(args)) => roster_check::run(&ctx, args),
        Command::Roster(Roster::Pull(args)) => roster_pull::run(&ctx, args).map_err(left_for_later),
        Command::Forget(args) => forget::run(&ctx, args).map_err(left_for_later),
        Command::Export(args) => export::run(&ctx, args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(&ctx, args),
        Command::Sandbox(args) => sandbox::run(&ctx, args),
    }
}

/// Refuses a time that ends before it begins.
fn in_order(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(Usage(format!("--from {from} is after --to {to}")).into()),
        _ => Ok(()),
    }
}
