//! `notify`: sends each person what is due, once: shown first, kept as told before it is sent.

use std::io::Write;

use anyhow::Result;
use serde_json::json;

use super::announce::{announce, card};
use crate::app::context::{Context, stdout};
use crate::app::deliver::{Messenger, report, shown, strike_out_late};
use crate::cli;
use crate::domain::conversation::due::{self, Due};
use crate::domain::conversation::{self, AddressedMessage};
use crate::domain::state::outbox::{OutgoingMessage, Timed};
use crate::show::Format;
use crate::show::table::write_table;
use crate::store::state::file;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Notify) -> Result<()> {
    if let Some(file) = &args.announce {
        return announce(ctx, args, file);
    }
    if let (Some(file), Some(email)) = (&args.card, &args.to) {
        return card(ctx, file, email);
    }
    let (mut office, opened) = ctx.open_with(|config| {
        let path = &config.programme.state;
        if args.dry_run {
            return file::read(path).map(|state| (None, state));
        }
        let opened = file::open_locked(path, &ctx.holder("notify"), ctx.wait());
        opened.map(|(locked, state)| (Some(locked), state))
    })?;
    let (locked, mut state) = opened?;
    office.respect(&state);
    let messenger = Messenger::open(&office)?;
    let setting = messenger.setting(ctx);
    strike_out_late(ctx, &mut state);
    let waiting = state.outbox.iter().filter(|parcel| parcel.is_due(ctx.now)).count();

    let expired = if args.kind.is_none() { conversation::expire(&mut state, setting).messages } else { Vec::new() };
    let due = due::due(&state, setting, args.kind, !office.config.webex.report_room.is_empty());
    let mut parcels: Vec<(&str, String, OutgoingMessage)> = Vec::new();
    for (number, addressed) in expired.iter().enumerate() {
        let key = format!("expired:{}:{number}", ctx.now.timestamp());
        parcels
            .extend(messenger.parcel(ctx, &state, key, addressed).map(|it| ("expired", shown(&state, addressed), it)));
    }
    for one in &due {
        let parcel = messenger.parcel(ctx, &state, key(one), &one.addressed);
        let timed = one.until.map(|until| Timed { kind: one.kind, about: one.about.clone().into(), until });
        parcels
            .extend(parcel.map(|it| (one.kind.name(), shown(&state, &one.addressed), OutgoingMessage { timed, ..it })));
    }
    show(args, &parcels, waiting)?;
    let Some(locked) = locked else {
        ctx.say("dry run: nothing is sent");
        return Ok(());
    };
    due.iter().for_each(|one| one.keep(&mut state, setting));
    state.outbox.extend(parcels.into_iter().map(|(_, _, parcel)| parcel));
    state.forget_conversation(ctx.now);
    if !state.outbox.iter().any(|parcel| parcel.is_due(ctx.now)) {
        return Ok(());
    }
    locked.save(&state)?;
    let client = ctx.webex(&office.config)?;
    let delivery = messenger.deliver(ctx, &client, &locked, &mut state)?;
    report(ctx, delivery)
}

/// Names a message: the same thing is told to the same person once.
fn key(due: &Due) -> String {
    let to = match &due.addressed {
        AddressedMessage { to: conversation::Recipient::Person(person), .. } => person.index().to_string(),
        AddressedMessage { .. } => "organizers".to_owned(),
    };
    format!("{}:{}:{to}", due.kind.name(), due.about)
}

fn show(args: &cli::Notify, parcels: &[(&str, String, OutgoingMessage)], waiting: usize) -> Result<()> {
    let first = |parcel: &OutgoingMessage| parcel.text.lines().next().unwrap_or_default().to_owned();
    let rows: Vec<Vec<String>> =
        parcels.iter().map(|(kind, to, parcel)| vec![(*kind).to_owned(), to.clone(), first(parcel)]).collect();
    let json = json!({
        "waiting": waiting,
        "messages": parcels.iter().map(|(kind, to, parcel)| json!({
            "kind": kind, "to": to, "text": parcel.text, "markdown": parcel.markdown, "card": parcel.card,
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
