//! `notify`: sends each person what is due, once: shown first, kept as told before it is sent.

mod announce;

use std::io::Write;

use anyhow::Result;
use serde_json::json;

use self::announce::{announce, card};
use crate::app::apply_schedule::{Scope, reconcile};
use crate::app::context::{Context, stdout};
use crate::app::deliver::{Messenger, report, shown, strike_out_late};
use crate::app::session::{Access, Inputs, Session, StoredState};
use crate::cli;
use crate::domain::conversation;
use crate::domain::conversation::due;
use crate::domain::pairing::replan::Replan;
use crate::domain::state::outbox::OutgoingMessage;
use crate::show::Format;
use crate::show::table::write_table;
use crate::show::text::harmless;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Notify) -> Result<()> {
    if let Some(file) = &args.announce {
        return announce(ctx, args, file);
    }
    if let (Some(file), Some(email)) = (&args.card, &args.to) {
        return card(ctx, file, email);
    }
    let Session { inputs, mut stored } = Session::open(ctx, Access::unless(args.dry_run, "notify"))?;
    let messenger = Messenger::open(&inputs)?;
    let setting = messenger.setting(ctx);
    let late = if args.dry_run { None } else { move_agreed(ctx, &inputs, &mut stored).err() };
    strike_out_late(ctx, &mut stored.state);
    let waiting = stored.state.outbox.iter().filter(|message| message.is_due(ctx.now)).count();

    let expired =
        if args.kind.is_none() { conversation::expire(&mut stored.state, setting).messages } else { Vec::new() };
    let greeted = match args.greet {
        Some(answer) => conversation::greet(&mut stored.state, setting, answer == cli::YesNo::Yes),
        None => Vec::new(),
    };
    let state = &stored.state;
    if let Some((new, of)) = conversation::newcomers_in_doubt(state, setting) {
        ctx.say(format_args!("{new} of {of} people are new at once, and are not greeted unasked"));
        ctx.say("hint: roulette notify --greet yes, or --greet no");
    }
    let due = due::due(state, setting, args.kind, !inputs.config.webex.report_room.is_empty());
    let mut outgoing: Vec<(&str, String, OutgoingMessage)> = Vec::new();
    for (number, addressed) in expired.iter().enumerate() {
        let key = format!("expired:{}:{number}", ctx.now.timestamp());
        let message = messenger.outgoing(ctx, state, key, addressed);
        outgoing.extend(message.map(|it| ("expired", shown(state, addressed), it)));
    }
    for (number, addressed) in greeted.iter().enumerate() {
        let key = format!("greeting:{}:{number}", ctx.now.timestamp());
        let message = messenger.outgoing(ctx, state, key, addressed);
        outgoing.extend(message.map(|it| ("greeting", shown(state, addressed), it)));
    }
    for one in &due {
        let message = messenger.outgoing_due(ctx, state, one);
        outgoing.extend(message.map(|it| (one.kind.name(), shown(state, &one.addressed), it)));
    }
    show(args, &outgoing, waiting)?;
    if args.dry_run {
        ctx.say("dry run: nothing is sent");
        return Ok(());
    }
    due.iter().for_each(|one| one.keep(&mut stored.state, setting));
    stored.state.outbox.extend(outgoing.into_iter().map(|(_, _, message)| message));
    stored.state.forget_conversation(ctx.now);
    if args.greet.is_some() {
        stored.save()?;
    }
    if stored.state.outbox.iter().any(|message| message.is_due(ctx.now)) {
        stored.save()?;
        let client = ctx.webex(&inputs.config)?;
        report(ctx, messenger.deliver(ctx, &client, &mut stored)?)?;
    }
    late.map_or(Ok(()), Err)
}

/// Moves meetings whose people agreed on another time, where Webex does not have it yet.
///
/// # Errors
/// It cannot be done now: the messages go out all the same.
fn move_agreed(ctx: &Context<'_>, inputs: &Inputs, stored: &mut StoredState) -> Result<()> {
    if !stored.state.bookings.iter().any(|booking| booking.is_move_pending(ctx.now)) {
        return Ok(());
    }
    let moved = reconcile(ctx, inputs, stored, &Replan::default(), Scope::Agreed);
    moved.inspect_err(|error| {
        ctx.say(harmless(&format!("warning: a meeting is not moved to the time agreed on yet: {error:#}")));
    })
}

fn show(args: &cli::Notify, outgoing: &[(&str, String, OutgoingMessage)], waiting: usize) -> Result<()> {
    let first = |message: &OutgoingMessage| message.text.lines().next().unwrap_or_default().to_owned();
    let rows: Vec<Vec<String>> =
        outgoing.iter().map(|(kind, to, message)| vec![(*kind).to_owned(), to.clone(), first(message)]).collect();
    let json = json!({
        "waiting": waiting,
        "messages": outgoing.iter().map(|(kind, to, message)| json!({
            "kind": kind, "to": to, "text": message.text, "markdown": message.markdown, "card": message.card,
        })).collect::<Vec<_>>(),
    });
    let (mut out, width) = stdout();
    if rows.is_empty() && args.format == Format::Table {
        writeln!(out, "Nothing is due.")?;
    } else {
        write_table(args.format, &["kind", "to", "text"], &rows, &json, width, &mut out)?;
    }
    if waiting > 0 && args.format == Format::Table {
        let messages = if waiting == 1 { "1 message waits".to_owned() } else { format!("{waiting} messages wait") };
        writeln!(out, "{messages} from an earlier run.")?;
    }
    Ok(out.flush()?)
}
