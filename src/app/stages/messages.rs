//! Sends each person what is due, once: shown first, recorded before it is sent. Knows the order of these steps; the
//! conversation decides what is due.

use std::io::Write;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::app::apply_schedule::move_agreed;
use crate::app::context::Context;
use crate::app::deliver::{
    Hearing, Messenger, how_heard, report, shown, strike_out_late, tell_if_unheard, waits_until,
};
use crate::app::monthly;
use crate::app::roster_fault;
use crate::app::session::{Inputs, Session, StoredState};
use crate::cli;
use crate::domain::conversation;
use crate::domain::conversation::due::{self, Due};
use crate::domain::state::State;
use crate::domain::state::outbox::{Kind, OutgoingMessage};
use crate::domain::state::people::People;
use crate::domain::text::{counted, rfc3339};
use crate::domain::zone::Zone;
use crate::show::schedule::meeting;
use crate::show::table::write_table;
use crate::show::text::{harmless, local};

/// Sends what is due. A dry run leaves the session as it was.
///
/// # Errors
/// Something is left or did not arrive.
pub(crate) fn tell(ctx: &Context<'_>, args: &cli::Notify, session: &mut Session) -> Result<()> {
    let Session { inputs, stored } = session;
    let inputs = &*inputs;
    roster_fault::tell_organizers(ctx, inputs, stored)?;
    let messenger = Messenger::open(inputs)?;
    let setting = messenger.setting(ctx);
    // What is sent depends on whether Webex takes the agreed times.
    let moves = agreed_moves(ctx, inputs, &stored.state);
    let late = if args.dry_run { None } else { move_agreed(ctx, inputs, stored).err() };
    strike_out_late(ctx, &mut stored.state);
    let Gathered { due, outgoing, left, waiting } = gather(ctx, args, inputs, &messenger, stored);
    match outgoing.len() + left {
        0 => ctx.set_summary("nothing to send"),
        count => ctx.set_summary(format_args!("{count} to send")),
    }
    if !outgoing.is_empty() {
        tell_if_unheard(ctx, &inputs.config);
    }
    let timezone = inputs.config.meeting.timezone;
    show(ctx, args, &Shown { outgoing: &outgoing, left, waiting, moves: &moves, timezone })?;
    if args.dry_run {
        ctx.say("dry run: nothing is sent");
        return Ok(());
    }
    due.iter().for_each(|one| one.keep(&mut stored.state, setting));
    stored.state.outbox.extend(outgoing.into_iter().map(|outgoing| outgoing.message));
    stored.state.forget_conversation(ctx.now);
    if args.greet.is_some() || args.ask_silent.is_some() {
        stored.save()?;
    }
    if stored.state.outbox.iter().any(|message| message.is_due(ctx.now)) {
        stored.save()?;
        let client = ctx.webex(&inputs.config)?;
        report(ctx, messenger.deliver(ctx, &client, stored)?)?;
    }
    stored.save_if_changed()?;
    late.map_or(Ok(()), Err)
}

/// The meetings that are first moved to the times on which people agreed, as JSON; said before it is done.
fn agreed_moves(ctx: &Context<'_>, inputs: &Inputs, state: &State) -> Vec<Value> {
    let pending: Vec<_> = state.bookings.iter().filter(|booking| booking.is_move_pending(ctx.now)).collect();
    if pending.is_empty() {
        return Vec::new();
    }
    let people = People::new(state, &inputs.roster);
    let timezone = inputs.config.meeting.timezone;
    let moves = pending.into_iter().filter_map(|booking| booking.agreed.map(|agreed| (booking, agreed)));
    moves
        .map(|(booking, to)| {
            let meeting = meeting(booking, &people, timezone);
            ctx.say(harmless(&format!("to be moved to the agreed time first: {meeting} → {}", local(timezone, to))));
            let emails: Vec<_> = booking.people.people().iter().map(|id| state.email(*id)).collect();
            json!({ "people": emails, "from": booking.start.to_rfc3339(), "to": to.to_rfc3339() })
        })
        .collect()
}

/// A message that is sent by this run, and how it is shown.
struct Outgoing {
    kind: &'static str,
    /// Who gets it.
    to: String,
    message: OutgoingMessage,
}

/// What is due.
struct Gathered {
    due: Vec<Due>,
    outgoing: Vec<Outgoing>,
    /// How many messages from an earlier run are sent now.
    left: usize,
    waiting: Option<Waiting>,
}

/// Decides what is due, and says what the organizer must decide.
fn gather(
    ctx: &Context<'_>,
    args: &cli::Notify,
    inputs: &Inputs,
    messenger: &Messenger,
    stored: &mut StoredState,
) -> Gathered {
    let setting = messenger.setting(ctx);
    let written: Vec<Option<DateTime<Utc>>> =
        stored.state.outbox.iter().map(|message| waits_until(message, setting)).collect();
    let left = written.iter().filter(|waits| waits.is_none()).count();
    let is_yes = |answer| answer == cli::YesNo::Yes;
    let expired = args.kind.is_none().then(|| conversation::expire(&mut stored.state, setting).messages);
    let greeted = args.greet.map(|answer| conversation::greet(&mut stored.state, setting, is_yes(answer)));
    let asked = args.ask_silent.map(|answer| conversation::ask_silent(&mut stored.state, setting, is_yes(answer)));
    if inputs.config.meeting.attendance || how_heard(ctx, &inputs.config) != Hearing::Nothing {
        stored.changed |= conversation::note_heard(&mut stored.state, setting);
    }
    let state = &stored.state;
    if let Some((silent, of)) = conversation::silent_in_doubt(state, setting) {
        ctx.say(format_args!(
            "{silent} of {of} people have given no sign for a long time; they are asked whether to \
                go on only if you say so"
        ));
        ctx.say(format_args!("hint: roulette{} notify --ask-silent yes, or --ask-silent no", ctx.with_config()));
    }
    if let Some((new, of)) = conversation::newcomers_in_doubt(state, setting) {
        ctx.say(format_args!("{new} of {of} people are new at once; they are greeted only if you say so"));
        ctx.say(format_args!("hint: roulette{} notify --greet yes, or --greet no", ctx.with_config()));
    }
    let mut due = due::due(state, setting, args.kind, !inputs.config.webex.report_room.is_empty());
    due.extend(
        monthly::due(ctx, inputs, state, setting).into_iter().filter(|due| args.kind.is_none_or(|it| it == due.kind)),
    );
    let waiting = due::waiting(state, setting, args.kind).into_iter().chain(written.into_iter().flatten());
    let waiting = Waiting::new(&waiting.collect::<Vec<_>>());
    let mut outgoing = Vec::new();
    for (kind, all) in [("expired", expired), ("greeting", greeted), ("go-on", asked)] {
        for (number, addressed) in all.iter().flatten().enumerate() {
            let key = format!("{kind}:{}:{number}", ctx.now.timestamp());
            let message = messenger.outgoing(ctx, state, key, addressed);
            outgoing.extend(message.map(|message| Outgoing { kind, to: shown(state, addressed), message }));
        }
    }
    for one in &due {
        let (kind, message) = (one.kind.name(), messenger.outgoing_due(ctx, state, one));
        outgoing.extend(message.map(|message| Outgoing { kind, to: shown(state, &one.addressed), message }));
    }
    Gathered { due, outgoing, left, waiting }
}

/// Messages that wait until their readers are at work.
struct Waiting {
    messages: usize,
    /// When the first of them can be sent.
    until: DateTime<Utc>,
}

impl Waiting {
    fn new(times: &[DateTime<Utc>]) -> Option<Self> {
        times.iter().min().map(|until| Self { messages: times.len(), until: *until })
    }

    fn words(&self, zone: Zone) -> String {
        let messages = counted(self.messages, "message waits", "messages wait");
        let until = local(zone, self.until);
        let first = if self.messages == 1 { "until" } else { "the first until" };
        format!("{messages} for the recipients' working hours, {first} {until} ({zone})")
    }
}

/// What is due, and what is not sent yet.
struct Shown<'a> {
    outgoing: &'a [Outgoing],
    /// How many messages from an earlier run are sent now.
    left: usize,
    waiting: Option<Waiting>,
    /// The meetings that are moved before anything is sent, as JSON.
    moves: &'a [Value],
    timezone: Zone,
}

fn show(ctx: &Context<'_>, args: &cli::Notify, shown: &Shown<'_>) -> Result<()> {
    let Shown { outgoing, left, waiting, moves, timezone } = shown;
    let first = |message: &OutgoingMessage| message.text.lines().next().unwrap_or_default().to_owned();
    let is_text = args.format.is_text();
    let name = |kind| if is_text { Kind::title(kind) } else { kind };
    let row = |it: &Outgoing| vec![name(it.kind).to_owned(), it.to.clone(), first(&it.message)];
    let rows: Vec<Vec<String>> = outgoing.iter().map(row).collect();
    let json = json!({
        "left": left,
        "waiting": waiting.as_ref().map_or(0, |waiting| waiting.messages),
        "waiting_until": waiting.as_ref().map(|waiting| rfc3339(waiting.until)),
        "moves": moves,
        "messages": outgoing.iter().map(|Outgoing { kind, to, message }| json!({
            "kind": kind, "to": to, "text": message.text, "markdown": message.markdown, "card": message.card,
        })).collect::<Vec<_>>(),
    });
    let (mut out, width) = ctx.out();
    if rows.is_empty() && is_text {
        let now = if waiting.is_some() { " now" } else { "" };
        writeln!(out, "Nothing is due{now}.")?;
    } else {
        write_table(args.format, &["kind", "to", "text"], &rows, &json, width, &mut out)?;
    }
    if *left > 0 && is_text {
        let messages = counted(*left, "message is", "messages are");
        writeln!(out, "{messages} left from an earlier run.")?;
    }
    if let Some(waiting) = waiting.as_ref().filter(|_| is_text) {
        writeln!(out, "{}.", waiting.words(*timezone))?;
    }
    if args.dry_run && is_text {
        for Outgoing { kind, to, message } in *outgoing {
            writeln!(out, "\n{} ({})", harmless(to), name(kind))?;
            for line in message.text.lines() {
                writeln!(out, "{}", format!("    {}", harmless(line)).trim_end())?;
            }
        }
    }
    Ok(out.flush()?)
}
