//! The health of the work itself: whether meetings can be booked in time, whether something runs it, what is due, and
//! what is stuck.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

use super::Check;
use crate::app::apply_schedule::{ScheduleOptions, desired};
use crate::app::context::Context;
use crate::app::host_limit;
use crate::app::session::{Access, Session};
use crate::app::stages::draw::warn_of_quota;
use crate::app::stages::due::DueStages;
use crate::domain::pairing::plan::Refusal;
use crate::domain::pairing::replan::Replan;
use crate::domain::scheduling::quota;
use crate::domain::state::State;
use crate::domain::state::bookings::{Booking, Bookings, Stage};
use crate::domain::state::people::People;
use crate::domain::text::{counted, rfc3339};
use crate::store::config::Config;
use crate::store::config::secret::Place;
use crate::store::heard::{self, Mark};
use crate::store::inbox::Inbox;
use crate::store::run_file;

pub(super) fn checks(ctx: &Context<'_>, config: &Config) -> Vec<Check> {
    let listener = listener(ctx, config);
    let (stage, _) = ctx.stage();
    let Ok(mut session) = Session::open(&stage, Access::Look) else {
        let rest = ["quota", "host limits", "timer", "due", "stuck"];
        let rest = rest.map(|name| Check::not_looked(name, "roster and state"));
        return std::iter::once(listener).chain(rest).collect();
    };
    session.look_in_line(&stage);
    vec![
        listener,
        in_time(ctx, &session),
        at_once(ctx, &session),
        last_run(ctx, config),
        due(ctx, config),
        stuck(ctx, config, &session.stored.state),
    ]
}

/// When people were last heard, in whatever way: events arrived, or somebody looked at what was typed.
fn listener(ctx: &Context<'_>, config: &Config) -> Check {
    const NAME: &str = "listener";
    let last = |mark| heard::last(&config.programme.state, mark);
    let ago = |at: DateTime<Utc>| in_words((ctx.now - at).abs().to_std().unwrap_or_default());
    let listen = format!("start roulette{} handle-action --listen", ctx.with_config());
    let is_quiet = config.webhook.public_url.is_empty() && heard::is_quiet(&config.programme.state, ctx.now);
    match (how_lately(ctx, config), last(Mark::Heard), last(Mark::Looked)) {
        (Some(Mark::Heard), Some(at), looked) if is_quiet && looked.is_none_or(|looked| looked <= at) => {
            let says = format!("nobody has listened for {}: what is typed waits for the next run", ago(at));
            Check::warn(NAME, says, listen)
        }
        (Some(Mark::Heard), Some(at), _) => Check::ok(NAME, format!("people were last heard {} ago", ago(at))),
        (Some(_), _, Some(at)) => {
            Check::ok(NAME, format!("a timer checks what is typed, last {} ago; what is tapped is not heard", ago(at)))
        }
        (_, None, None) => Check::warn(NAME, "nothing that people typed or tapped has arrived here yet", listen),
        (_, heard, looked) => {
            let at = heard.max(looked).unwrap_or(ctx.now);
            Check::warn(NAME, format!("nobody was heard for {}: what people type and tap waits", ago(at)), listen)
        }
    }
}

/// In which way people were heard within the last day.
fn how_lately(ctx: &Context<'_>, config: &Config) -> Option<Mark> {
    [Mark::Heard, Mark::Looked].into_iter().find(|mark| heard::lately(&config.programme.state, *mark, ctx.now))
}

/// Whether Webex's quota lets all meetings ahead be booked before they begin.
fn in_time(ctx: &Context<'_>, session: &Session) -> Check {
    let (stage, transcript) = ctx.stage();
    let (inputs, state) = (&session.inputs, &session.stored.state);
    warn_of_quota(&stage, inputs, state);
    let per_day = inputs.config.webex.meetings_per_day;
    let asked = [&*state.asked, inputs.rules.elsewhere().asked()];
    let left = quota::left(asked, per_day, ctx.now);
    if left == 0 && transcript.said().is_empty() {
        let again = rfc3339(quota::again(asked, ctx.now));
        let full = format!("as many meetings were requested in the last 24 hours as one account may book: {per_day}");
        return Check::warn("quota", full, format!("run again after {again}; see docs/booking.md"));
    }
    let well = format!("{left} of {per_day} meetings can still be booked today");
    Check::of_warnings("quota", &joined(transcript.said()), well, "see docs/booking.md")
}

/// Whether each meeting has a time at which its host can have it.
fn at_once(ctx: &Context<'_>, session: &Session) -> Check {
    let (stage, transcript) = ctx.stage();
    let (inputs, state) = (&session.inputs, &session.stored.state);
    let (people, booked) = (People::new(state, &inputs.roster), Bookings::new(state));
    let as_it_is = Replan::default();
    let desired = desired(ctx, ScheduleOptions::default(), inputs, state, (&people, &booked, &as_it_is));
    host_limit::warn(&stage, desired.today(), None);
    let well = match inputs.config.webex.at_once {
        0 => "no limit is set: all meetings of a round may be in progress at once (at_once in [webex])".to_owned(),
        most => format!("at most {most} meetings are in progress at once"),
    };
    Check::of_warnings("host limits", &transcript.said(), well, "see docs/booking.md")
}

/// A hint that was printed on its own belongs to the warning before it.
fn joined(said: Vec<String>) -> Vec<String> {
    said.into_iter().fold(Vec::new(), |mut all: Vec<String>, text| {
        match all.last_mut().filter(|_| text.starts_with("hint: ")) {
            Some(warning) => *warning = format!("{warning}\n{text}"),
            None => all.push(text),
        }
        all
    })
}

/// A timer that has not run for this long no longer runs.
const SILENT: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether a timer calls `run`.
fn last_run(ctx: &Context<'_>, config: &Config) -> Check {
    const NAME: &str = "timer";
    let fix = format!("roulette{} init --cron, or --systemd", ctx.with_config());
    let webex = &config.webex;
    let in_environment = [&webex.bot_token, &webex.client_secret].iter().any(|it| matches!(it.place, Place::Env(_)));
    let fix = if in_environment {
        format!("{fix}; a timer does not have your environment: roulette init keeps secrets in files")
    } else {
        fix
    };
    let began = run_file::last_began(&config.programme.state);
    let Some(began) = began else {
        return Check::warn(
            NAME,
            "roulette run has never run here: nothing happens automatically until a timer runs it",
            fix,
        );
    };
    let Ok(ago) = SystemTime::now().duration_since(began) else {
        return Check::warn(
            NAME,
            "roulette run last began in the future: the clock was wrong",
            "wait for the next run",
        );
    };
    let says = format!("roulette run last began {} ago", in_words(ago));
    if ago > SILENT { Check::warn(NAME, says, fix) } else { Check::ok(NAME, says) }
}

fn in_words(ago: Duration) -> String {
    let minutes = ago.as_secs() / 60;
    let (count, one, many) = match minutes {
        0..60 => (minutes, "minute", "minutes"),
        60..2880 => (minutes / 60, "hour", "hours"),
        _ => (minutes / 1440, "day", "days"),
    };
    counted(count as usize, one, many)
}

/// What the next `run` will do.
fn due(ctx: &Context<'_>, config: &Config) -> Check {
    const NAME: &str = "due";
    let (stage, _) = ctx.stage();
    let memory = run_file::read(&config.programme.state);
    let due = match DueStages::look(&stage, memory.looked) {
        Ok(due) => due,
        Err(error) => return Check::of_error(ctx, NAME, &error),
    };
    if let Some(Refusal { why, hint }) = due.refused {
        return Check::fault(NAME, 5, format!("the next run will refuse: {why}"), hint);
    }
    let months: Vec<String> = due.months.iter().map(|month| format!("draw {month}")).collect();
    let rest = [
        (due.leftovers, "finish what answers left undone"),
        (due.rounds, "bring rounds in line with the roster"),
        (due.bookings, "check the bookings"),
        (due.messages, "send messages"),
    ];
    let rest = rest.into_iter().filter(|(is_due, _)| *is_due).map(|(_, what)| what.to_owned());
    let all: Vec<String> = months.into_iter().chain(rest).collect();
    Check::ok(NAME, if all.is_empty() { "nothing".to_owned() } else { format!("the next run will {}", all.join(", ")) })
}

/// What needs a person to look at it.
fn stuck(ctx: &Context<'_>, config: &Config, state: &State) -> Check {
    const NAME: &str = "stuck";
    let refused = |booking: &&Booking| matches!(booking.stage, Stage::Refused { .. }) && booking.is_ahead(ctx.now);
    let refused: Vec<&Booking> = state.bookings.iter().filter(refused).collect();
    let (inbox, mut stuck, mut fixes) = (Inbox::of(&config.programme.state), Vec::new(), Vec::new());
    if let Some(Stage::Refused { why, .. }) = refused.first().map(|booking| &booking.stage) {
        stuck.push(format!("Webex refuses {}: {why}", counted(refused.len(), "meeting", "meetings")));
        fixes.push(format!("roulette{} schedule --retry, once that is fixed", ctx.with_config()));
    }
    let waits = state.outbox.iter().filter(|message| message.is_due(ctx.now) && message.at < ctx.now - LONG).count();
    if waits > 0 {
        stuck.push(format!("{} could not be sent for a day", counted(waits, "message", "messages")));
        fixes.push(format!("roulette{} notify says why", ctx.with_config()));
    }
    let (waiting, aside) = inbox.map_or((0, 0), |inbox| {
        let aside = inbox.failed().map_or(0, |failed| failed.len());
        (inbox.list().map_or(0, |waiting| waiting.len()), aside)
    });
    if aside > 0 {
        let were = if aside == 1 { "was" } else { "were" };
        stuck.push(format!("{} {were} set aside", counted(aside, "event", "events")));
        fixes.push(format!("roulette{} status names their folder", ctx.with_config()));
    }
    match (stuck.is_empty(), waiting) {
        (true, 0) => Check::ok(NAME, "nothing"),
        (true, waiting) => {
            Check::ok(NAME, format!("nothing; waiting for the next run: {}", counted(waiting, "event", "events")))
        }
        (false, _) => Check::warn(NAME, stuck.join("; "), fixes.join("; ")),
    }
}

/// A message that has been waiting for this long is not just late.
const LONG: chrono::TimeDelta = chrono::TimeDelta::days(1);
