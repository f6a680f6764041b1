//! The health of what the organizer writes and the program stores: config, roster, cards, state, and zone rules.

use std::path::Path;

use chrono::Datelike;

use super::Check;
use crate::app::context::Context;
use crate::app::session::{Access, MOST_AHEAD, Session};
use crate::domain::message::render::Cards;
use crate::domain::text::counted;
use crate::store::config::Config;
use crate::store::state::file;
use crate::store::zones;

pub(super) fn config(config: &Config, path: &Path) -> Check {
    let shown = path.display();
    match &config.warnings[..] {
        [] => Check::ok("config", shown.to_string()),
        warnings => {
            let all: Vec<String> = warnings.iter().map(|warning| warning.in_file(path).to_string()).collect();
            Check::warn("config", all.join("; "), format!("change it in {shown}"))
        }
    }
}

/// Reads the roster as every command does, with the state that it belongs to.
pub(super) fn roster(ctx: &Context<'_>, config: &Config) -> Check {
    let (stage, transcript) = ctx.stage();
    match Session::open(&stage, Access::Look) {
        // It is the state's fault, and reported as that.
        Err(_) if file::read(&config.programme.state).is_err() => {
            Check::warn("roster", "cannot be compared with the state", "fix the state first")
        }
        Err(error) => Check::of_error(ctx, "roster", &error),
        Ok(session) => {
            let roster = &session.inputs.roster;
            if let Some(fault) = &session.inputs.roster_fault {
                let error = anyhow::Error::new(fault.faults.clone());
                return Check::of_error(ctx, "roster", &error);
            }
            let (state, meeting) = (&session.stored.state, &session.inputs.config.meeting);
            let today = session.inputs.today(ctx);
            let ahead = state.rounds.iter().map(|round| round.date).find(|date| *date >= today);
            let next = ahead.or_else(|| state.undrawn(meeting, ctx.now).next()).unwrap_or(today);
            let taking_part = session.inputs.rules.participants(next).len();
            let well = format!("{} employees, of whom {taking_part} take part on {next}", roster.employees.len());
            Check::of_warnings(
                "roster",
                &transcript.said(),
                well,
                &format!("see roulette{} roster check", ctx.with_config()),
            )
        }
    }
}

pub(super) fn cards(ctx: &Context<'_>, config: &Config) -> Check {
    match (&config.programme.cards, Cards::load_and_see(config.programme.cards.as_deref())) {
        (_, Err(faults)) => Check::of_error(ctx, "cards", &faults.into()),
        (None, Ok(_)) => Check::ok("cards", "the built-in ones"),
        (Some(folder), Ok((_, old))) if old.is_empty() => {
            Check::ok("cards", format!("those in {} are used", folder.display()))
        }
        (Some(folder), Ok((_, old))) => {
            let files: Vec<String> = old.iter().map(|name| format!("{name}.json")).collect();
            let says = format!(
                "those in {} are used, but these are in the older form: {}",
                folder.display(),
                files.join(", ")
            );
            let fix = "write \"$data\": \"${partners}\" for \"$each\": \"partners\", \"$when\": \"${link != ''}\" for \
                        \"${link}\", and within a list ${$root.label.with} for ${label.with}: cards/README.md says more";
            Check::warn("cards", says, fix)
        }
    }
}

pub(super) fn state(ctx: &Context<'_>, config: &Config) -> Check {
    let path = &config.programme.state;
    match file::read(path) {
        Err(error) => Check::of_error(ctx, "state", &error.into()),
        Ok(state) if state.saved.is_some_and(|saved| saved - ctx.now > MOST_AHEAD) => {
            let says = "it was saved more than a week in the future: the clock was wrong then, or is wrong now";
            Check::fault(
                "state",
                5,
                says,
                "correct the clock of this machine; if it is right, go on with --trust-clock",
            )
        }
        Ok(state) if state.rounds.is_empty() => Check::ok("state", "no round is drawn yet"),
        Ok(state) => {
            let rounds = counted(state.rounds.len(), "round", "rounds");
            let at_webex = state.bookings.iter().filter(|booking| booking.at_webex().is_some()).count();
            let meetings = counted(at_webex, "booked meeting", "booked meetings");
            Check::ok("state", format!("{} holds {rounds} and {meetings}", path.display()))
        }
    }
}

/// Rules older than this may be out of date for some country.
const YEARS: i32 = 1;

pub(super) fn zones(ctx: &Context<'_>, config: &Config) -> Check {
    let release = zones::release();
    let zone = config.meeting.timezone.name();
    let year = release.release.get(..4).and_then(|year| year.parse::<i32>().ok());
    let says = format!("{release}; yours is {zone}");
    match year {
        Some(year) if ctx.now.year() - year > YEARS => Check::warn(
            "zone rules",
            format!("{says}: countries may have changed their clocks since"),
            "update the system's tzdata, or roulette",
        ),
        _ => Check::ok("zone rules", says),
    }
}
