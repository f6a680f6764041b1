//! `pair`: draws the rounds of a month or a week, or applies a plan that was saved.

use anyhow::Result;

use crate::app::context::Context;
use crate::app::exit_status::Usage;
use crate::app::session::{Access, Session};
use crate::app::stages::draw::draw;
use crate::cli;
use crate::store::plan_file;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Pair) -> Result<()> {
    args.out.as_deref().map_or(Ok(()), plan_file::may_replace).map_err(|error| Usage(error.to_string()))?;
    let only_look = args.dry_run || args.out.is_some();
    let mut session = Session::open_sound(ctx, if only_look { Access::Look } else { Access::Change("pair") })?;
    draw(ctx, args, &mut session)
}
