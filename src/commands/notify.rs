//! `notify`: sends each person what is due, or what the organizer writes.

mod announce;

use anyhow::Result;

use self::announce::{announce, card};
use crate::app::context::Context;
use crate::app::session::{Access, Session};
use crate::app::stages::attendance;
use crate::app::stages::messages::tell;
use crate::cli;
use crate::domain::state::outbox::Kind;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Notify) -> Result<()> {
    if let Some(file) = &args.announce {
        return announce(ctx, args, file);
    }
    if let (Some(file), Some(email)) = (&args.card, &args.to) {
        return card(ctx, file, email);
    }
    let mut session = Session::open(ctx, Access::Act("notify").unless(args.dry_run))?;
    let asks = args.kind.is_none_or(|kind| kind == Kind::Asked);
    let looked = if asks { attendance::look(ctx, &mut session, args.dry_run) } else { Ok(()) };
    if let Some((why, hint)) = attendance::in_the_way(ctx, &session.inputs.config.webex).filter(|_| asks) {
        ctx.say(format_args!("warning: {why}\nhint: {hint}"));
    }
    tell(ctx, args, &mut session).and(looked)
}
