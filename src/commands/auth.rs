//! `auth`: logs the organizer in, shows the state of that login, and ends it.

mod status;

use anyhow::Result;

use crate::app::context::Context;
use crate::app::log_in::{log_in, replaceable};
use crate::cli;
use crate::store::config::{Config, Webex};

pub(super) fn run(ctx: &Context<'_>, args: &cli::Auth) -> Result<()> {
    let config = Config::load(&ctx.config_path()?)?;
    if args.status {
        return status::run(ctx, &config, args.format);
    }
    if args.logout {
        return log_out(ctx, &config.webex);
    }
    log_in(ctx, args, &config)?;
    let next = ctx.with_config();
    ctx.say(format_args!("hint: see what would be booked with: roulette{next} schedule --dry-run"));
    Ok(())
}

fn log_out(ctx: &Context<'_>, config: &Webex) -> Result<()> {
    let locked = ctx.lock_login(config, "auth --logout")?;
    if let Err(error) = locked.read() {
        replaceable(error)?;
    }
    let path = config.tokens.display();
    if locked.remove()? {
        ctx.say(format_args!("logged out: {path} is removed"));
    } else {
        ctx.say(format_args!("nobody is logged in: there is no {path}"));
    }
    Ok(())
}
