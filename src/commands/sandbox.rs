//! `sandbox`: a small Webex on this computer, until it is told to end.

use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::path::Path;

use crate::domain::settings::Meeting;
use crate::domain::zone::Zone;
use anyhow::{Context as _, Result, anyhow};
use tokio::signal::unix::{SignalKind, signal};

use crate::app::context::{Context, stdout};
use crate::app::example;
use crate::app::exit_status::Usage;
use crate::app::roster_warnings;
use crate::cli;
use crate::sandbox::{Options, Sandbox};
use crate::store::config::{self, Config};
use crate::store::roster::csv;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Sandbox) -> Result<()> {
    if args.print_config || args.print_roster {
        let text = if args.print_config {
            example::config(args.listen, args.roster.as_deref())
        } else {
            example::ROSTER.to_owned()
        };
        let (mut out, _) = stdout();
        out.write_all(text.as_bytes())?;
        return Ok(out.flush()?);
    }
    if !args.listen.ip().is_loopback() {
        let listen = args.listen;
        return Err(
            Usage(format!("the sandbox is for this computer only: --listen 127.0.0.1:8800, not {listen}")).into()
        );
    }
    let timezone = timezone(ctx)?;
    let roster = match &args.roster {
        Some(path) => roster_warnings::read(ctx, path)?,
        None => csv::parse(Path::new(example::NAME), example::ROSTER.as_bytes())?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Set up before anybody is told that it runs.
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    let sandbox = Sandbox::start(Options {
        listen: args.listen,
        people: example::people(&roster, timezone),
        timezone: timezone.id(),
        zoneinfo: args.zoneinfo.clone(),
        now: ctx.global.now,
        data: args.data.clone(),
        faults: args.fail.clone(),
        pace: args.pace,
    })
    .map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            let port = args.listen.port();
            anyhow!(
                "port {port} is in use\nhint: choose another with --listen 127.0.0.1:{}",
                port.wrapping_add(1).max(1024)
            )
        }
        _ => anyhow!(error).context(format!("cannot listen on {}", args.listen)),
    })?;
    let address = sandbox.address();
    let (mut out, _) = stdout();
    writeln!(out, "listening on http://{address}").and_then(|()| out.flush()).context("cannot say where it listens")?;
    drop(out);
    ctx.say(how_to(address, args.roster.as_deref()));
    runtime.block_on(async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    });
    sandbox.stop().context("cannot save what the sandbox knows")
}

/// The zone for people who have none: the config's, if there is a config.
fn timezone(ctx: &Context<'_>) -> Result<Zone> {
    let given = ctx.config.as_deref();
    match config::find(given).and_then(|path| Config::load(&path)) {
        Ok(config) => Ok(config.meeting.timezone),
        Err(faults) if given.is_some() => Err(faults.into()),
        Err(_) => Ok(Meeting::default().timezone),
    }
}

/// The exact lines to type in an empty folder.
fn how_to(address: SocketAddr, roster: Option<&Path>) -> String {
    let port = if address.port() == 8800 { String::new() } else { format!(" --listen {address}") };
    let file = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    let (given, get_roster) = match roster {
        Some(path) => (format!(" --roster '{}'", file(path).replace('\'', "'\\''")), String::new()),
        None => (String::new(), format!("  roulette sandbox --print-roster > {}\n", example::NAME)),
    };
    format!(
        "See everybody's calendar, mail and chat at http://{address}/\n\
         To point roulette at it, in another terminal, in a folder of its own:\n  \
         roulette sandbox{port}{given} --print-config > config.toml\n\
         {get_roster}  \
         {}\n  \
         roulette auth\n\
         Then: roulette pair --month, schedule and notify; and in a terminal of its own, with the same export, \
         roulette handle-action --listen, so that people who type or tap get an answer.\n\
         Ctrl-C ends it.",
        example::exports()
    )
}
