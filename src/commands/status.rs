//! `status`: the rounds that are drawn, who is left out, and what is due next.

use std::io::Write;

use anyhow::Result;
use chrono::{Days, NaiveDate, TimeDelta};
use hashbrown::HashSet;
use serde_json::json;

use crate::app::context::{Context, stdout};
use crate::app::session::{Access, Inputs, Session};
use crate::cli;
use crate::domain::calendar::rounds_ahead::{Period, Rounds, is_ahead};
use crate::domain::calendar::{round_of_week, week_of};
use crate::domain::pairing::repeat_forecast;
use crate::domain::pairing::round_view::{self, RoundView};
use crate::domain::settings::Meeting;
use crate::domain::state::bookings::Booking;
use crate::domain::state::people::People;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::reports::Counts;
use crate::domain::state::rounds::why_off::COULD_NOT;
use crate::domain::state::{Joined, Reason, Round, State, people};
use crate::domain::text::counted;
use crate::show::table::write_table;
use crate::show::{self, Format};
use crate::store::inbox::Inbox;

/// How many past rounds the table shows.
const OVER: usize = 5;
/// How long somebody is shown as new.
const LATELY: TimeDelta = TimeDelta::days(30);

pub(super) fn run(ctx: &Context<'_>, args: &cli::Status) -> Result<()> {
    let mut session = Session::open(ctx, Access::Look)?;
    let replan = session.look_in_line(ctx);
    show::replan::sentences(&replan, &session.people()).iter().for_each(|line| ctx.say(line));
    let Session { inputs, stored } = &session;
    let state = &stored.state;
    let Inputs { config, roster, .. } = inputs;
    let ahead = |round: &RoundView| is_ahead(&config.meeting, round.date, ctx.now);
    let index = PersonIndex::new(roster, state);
    let people = people::people(state, roster, &index);
    let rounds = round_view::rounds(state, &people, (config.meeting.minutes, ctx.now), |_| true);
    // A meeting may have been moved to a later day.
    let is_to_come = |booking: &&Booking| booking.at_webex().is_some() && booking.is_ahead(ctx.now);
    let to_come: HashSet<NaiveDate> = state.bookings.iter().filter(is_to_come).map(|booking| booking.round).collect();
    let is_off = |round: &RoundView| state.rounds.iter().any(|one| one.date == round.date && one.is_off());
    let is_under_way = |round: &RoundView| !ahead(round) && to_come.contains(&round.date);
    let over = rounds.iter().filter(|round| !ahead(round)).count();
    let next = due(ctx, inputs, state);
    let aside = set_aside(inputs)?;
    let joined = joined(ctx, inputs, state, &session.people());
    let expect = repeat_forecast::sentences(state, &config.meeting, state.season.len());

    let recent = if args.format == Format::Table { over.saturating_sub(OVER) } else { 0 };
    let header = ["round", "when", "meetings", "repeats", "left out", "best possible"];
    let rows: Vec<Vec<String>> = rounds[recent..]
        .iter()
        .map(|round| {
            let off = is_off(round) || ahead(round) && round_of_week(&config.meeting, round.date).is_none();
            row(
                round,
                if is_under_way(round) {
                    "under way"
                } else if off {
                    "off"
                } else if !ahead(round) {
                    "over"
                } else {
                    "ahead"
                },
            )
        })
        .collect();
    let json = json!({
        "rounds": rounds.iter().map(|round| json!({
            "id": round.date, "ahead": ahead(round), "seed": round.seed, "pairs": round.pairs.len(),
            "repeats": repeats(round), "best_possible_pairs": round.best_possible_pairs, "optimal": round.optimal,
            "left_out": round.left_out.iter()
                .map(|(person, reason)| json!({ "email": person.email, "reason": reason.to_string() }))
                .collect::<Vec<_>>(),
            "became": became(state, round.date, ahead(round)),
        })).collect::<Vec<_>>(),
        "next": next,
        "joined": joined.iter().map(|(email, on, first, _)| json!({ "email": email, "on": on, "first_round": first }))
            .collect::<Vec<_>>(),
        "expect": expect,
        "set_aside": aside.as_ref().map_or(0, |(count, _)| *count),
    });
    let (mut out, width) = stdout();
    if rounds.is_empty() && args.format == Format::Table {
        writeln!(out, "No round is drawn yet.")?;
    } else {
        write_table(args.format, &header, &rows, &json, width, &mut out)?;
    }
    if args.format == Format::Table {
        if recent > 0 {
            writeln!(out, "{recent} earlier rounds are not shown.")?;
        }
        for round in rounds.iter().filter(|round| ahead(round) && !is_off(round) && !round.left_out.is_empty()) {
            writeln!(out, "\nLeft out on {}:", round.date)?;
            for (person, reason) in &round.left_out {
                writeln!(out, "  {} — {reason}", show::text::harmless(person.name))?;
            }
        }
        writeln!(out)?;
        let aside = aside.map(|(_, words)| words);
        let joined: Vec<String> = joined.into_iter().map(|(.., words)| words).collect();
        for line in joined.iter().chain(&next).chain(&expect).chain(&aside) {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Who joined the roster recently, when, and their first round ahead: as data and in words.
fn joined(
    ctx: &Context<'_>,
    inputs: &Inputs,
    state: &State,
    people: &People<'_>,
) -> Vec<(String, NaiveDate, Option<NaiveDate>, String)> {
    let today = inputs.config.meeting.date_at(ctx.now);
    let is_new = |joined: &&Joined| today - joined.on < LATELY && people.position(joined.person).is_some();
    let new = state.joined.iter().flatten().filter(is_new);
    new.map(|joined| {
        let mut rounds = state.rounds.iter().filter(|round| round.date >= joined.on);
        let meets = |round: &&Round| round.groups().any(|(_, group)| group.people().contains(&joined.person));
        let first = rounds.find(meets).map(|round| round.date);
        let name = show::text::harmless(people.view(joined.person).name);
        let meets = first.map_or_else(|| "no round yet".to_owned(), |first| format!("first round {first}"));
        let words = format!("new: {name}, since {}, {meets}", joined.on);
        (state.email(joined.person).to_owned(), joined.on, first, words)
    })
    .collect()
}

/// The outcome of a past round, as far as it is remembered: what was seen, separate from what people say.
fn became(state: &State, date: NaiveDate, is_ahead: bool) -> Option<serde_json::Value> {
    let is_remembered = || state.bookings.iter().any(|booking| week_of(booking.round) == week_of(date));
    let round = state.rounds.iter().find(|round| round.date == date && !is_ahead).filter(|_| is_remembered())?;
    let Counts { meetings, met, could_not, said_met, said_could_not, seen, .. } = state.counts(round);
    Some(json!({
        "meetings": meetings, "held": met, "not_held": could_not,
        "seen": { "both": seen.both, "one": seen.one, "nobody": seen.nobody },
        "said": { "met": said_met, "could_not": said_could_not },
    }))
}

/// How many events of people were set aside, and where they are.
fn set_aside(inputs: &Inputs) -> Result<Option<(usize, String)>> {
    let (inbox, zone) = (Inbox::of(&inputs.config.programme.state)?, inputs.config.meeting.timezone);
    let failed = inbox.failed()?;
    let Some(last) = failed.last() else { return Ok(None) };
    let events = counted(failed.len(), "event was", "events were");
    let when = last
        .arrival()
        .map(|at| format!(", the last of {}", at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M")))
        .unwrap_or_default();

    let folder = inbox.failed_folder();
    let words = format!("{events} set aside as unknown or not understood{when}: see {}", folder.display());
    Ok(Some((failed.len(), words)))
}

/// What comes next, in sentences.
fn due(ctx: &Context<'_>, inputs: &Inputs, state: &State) -> Vec<String> {
    let meeting = &inputs.config.meeting;
    let mut lines = Vec::new();
    // A week that is completely off no longer has a round, although one is drawn.
    let is_next = |round: &&Round| is_ahead(meeting, round.date, ctx.now) && !is_off(meeting, round);
    if let Some(round) = state.rounds.iter().find(is_next) {
        let meetings = counted(round.pair_count(), "meeting", "meetings");
        lines.push(format!("next round: {}, {meetings}", round.date));
    }
    let drawn = |date: &&NaiveDate| state.rounds.iter().any(|round| week_of(round.date) == week_of(**date));
    let missing = |period: &Rounds| period.dates.iter().filter(|date| !drawn(date)).count();
    let count = |missing| counted(missing, "round", "rounds");
    // What `pair --month` would draw now or, once the last of these has begun, then.
    let now = Period::Month(None).rounds(meeting, ctx.now);
    if missing(&now) > 0 {
        let (rounds, month) = (count(missing(&now)), now.month);
        lines.push(format!("due: draw {rounds} of {month} with: roulette pair --month {month}"));
        return lines;
    }
    let next = Period::Month(Some(now.month.next())).rounds(meeting, ctx.now);
    if missing(&next) > 0 {
        let (rounds, month) = (count(missing(&next)), next.month);
        let ahead = Days::new(inputs.config.programme.draw_days_ahead.into());
        let from = month.first().checked_sub_days(ahead).unwrap_or(month.first());
        lines.push(format!(
            "later: roulette run draws {rounds} of {month} from {from} on; to draw them now: roulette pair --month {month}"
        ));
    }
    lines
}

/// Whether the whole week of a round is off.
fn is_off(meeting: &Meeting, round: &Round) -> bool {
    round_of_week(meeting, round.date).is_none()
}

fn repeats(round: &RoundView) -> usize {
    round.pairs.iter().filter(|pair| pair.met_before.is_some()).count()
}

fn row(round: &RoundView, when: &str) -> Vec<String> {
    vec![
        round.date.to_string(),
        when.to_owned(),
        round.pairs.len().to_string(),
        repeats(round).to_string(),
        round.left_out.iter().filter(|(_, reason)| **reason != Reason::Cancelled(COULD_NOT)).count().to_string(),
        if round.optimal { "yes".to_owned() } else { format!("at most {}", round.best_possible_pairs) },
    ]
}
