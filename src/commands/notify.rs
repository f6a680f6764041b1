//! `notify`: sends each person what is due, or what the organizer writes.

mod announce;

use anyhow::Result;

use self::announce::{announce, card};
use crate::app::context::Context;
use crate::app::session::{Access, Session};
use crate::app::stages::messages::tell;
use crate::cli;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Notify) -> Result<()> {
    if let Some(file) = &args.announce {
        return announce(ctx, args, file);
    }
    if let (Some(file), Some(email)) = (&args.card, &args.to) {
        return card(ctx, file, email);
    }
    tell(ctx, args, &mut Session::open(ctx, Access::unless(args.dry_run, "notify"))?)
}
