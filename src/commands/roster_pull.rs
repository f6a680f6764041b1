//! `roster pull`: brings the roster up to date with a space or the directory at Webex.

use anyhow::Result;

use crate::app::context::Context;
use crate::app::stages::roster::pull;
use crate::cli;
use crate::show::text::harmless;
use crate::store::config::Config;

pub(super) fn run(ctx: &Context<'_>, args: &cli::RosterPull) -> Result<()> {
    let config = Config::load(&ctx.config_path()?)?;
    if let Some((who, hint)) = pull(ctx, &config, args)? {
        ctx.say(harmless(&format!("warning: {who}")));
        ctx.say(harmless(&format!("hint: {hint}")));
    }
    Ok(())
}
