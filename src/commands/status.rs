//! `status`: the rounds that are drawn, who is left out, and what is due next.

use std::io::Write;

use anyhow::Result;
use chrono::{Days, NaiveDate, TimeDelta};
use hashbrown::HashSet;
use serde_json::{Value, json};

use crate::app::context::{Context, stdout};
use crate::app::session::{Access, Inputs, Session};
use crate::cli;
use crate::domain::calendar::rounds_ahead::{Period, Rounds, is_ahead};
use crate::domain::calendar::{round_of_week, week_of};
use crate::domain::pairing::repeat_forecast;
use crate::domain::pairing::round_view::{self, RoundView};
use crate::domain::settings::Meeting;
use crate::domain::state::people::People;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::reports::Counts;
use crate::domain::state::rounds::why_off::COULD_NOT;
use crate::domain::state::{Joined, Reason, Round, State, people};
use crate::domain::text::counted;
use crate::show::table::write_table;
use crate::show::text::local;
use crate::show::{self, Format};
use crate::store::inbox::Inbox;

/// How many past rounds the table shows.
const OVER: usize = 5;
/// How long somebody is shown as new.
const LATELY: TimeDelta = TimeDelta::days(30);

/// How a round stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RoundStanding {
    /// None of it has begun.
    Ahead,
    /// A meeting of it was moved to a later day and has not begun.
    UnderWay,
    /// It does not take place.
    Off,
    Over,
}

impl RoundStanding {
    fn words(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::UnderWay => "under way",
            Self::Off => "off",
            Self::Over => "over",
        }
    }
}

/// A round in the list.
struct ListedRound<'a> {
    round: RoundView<'a>,
    standing: RoundStanding,
    is_ahead: bool,
}

/// Somebody who joined the roster recently.
struct Newcomer {
    email: String,
    on: NaiveDate,
    /// Their first round, if one with them is drawn.
    first_round: Option<NaiveDate>,
    /// The same in words.
    words: String,
}

/// What there is to show.
struct Shown<'a> {
    rounds: Vec<ListedRound<'a>>,
    state: &'a State,
    /// What comes next, in sentences.
    next: Vec<String>,
    joined: Vec<Newcomer>,
    /// When people will meet again, in sentences.
    expect: Vec<String>,
    /// How many events were set aside, and that in words.
    aside: Option<(usize, String)>,
}

pub(super) fn run(ctx: &Context<'_>, args: &cli::Status) -> Result<()> {
    let mut session = Session::open(ctx, Access::Look)?;
    let replan = session.look_in_line(ctx);
    show::replan::sentences(&replan, &session.people()).iter().for_each(|line| ctx.say(line));
    let Session { inputs, stored } = &session;
    let state = &stored.state;
    let Inputs { config, roster, .. } = inputs;
    let index = PersonIndex::new(roster, state);
    let people = people::people(state, roster, &index);
    let rounds = round_view::rounds(state, &people, (config.meeting.minutes, ctx.now), |_| true);
    let to_come: HashSet<NaiveDate> = state
        .bookings
        .iter()
        .filter(|booking| booking.at_webex().is_some() && booking.is_ahead(ctx.now))
        .map(|booking| booking.round)
        .collect();
    let listed = |round| {
        let round: RoundView = round;
        let is_ahead = is_ahead(&config.meeting, round.date, ctx.now);
        let is_off = state.rounds.iter().any(|one| one.date == round.date && one.is_off());
        let standing = if !is_ahead && to_come.contains(&round.date) {
            RoundStanding::UnderWay
        } else if is_off || is_ahead && is_week_off(&config.meeting, round.date) {
            RoundStanding::Off
        } else if is_ahead {
            RoundStanding::Ahead
        } else {
            RoundStanding::Over
        };
        ListedRound { round, standing, is_ahead }
    };
    let shown = Shown {
        rounds: rounds.into_iter().map(listed).collect(),
        state,
        next: due(ctx, inputs, state),
        joined: joined(ctx, inputs, state, &session.people()),
        expect: repeat_forecast::sentences(state, &config.meeting, state.season.len()),
        aside: set_aside(inputs)?,
    };
    let (mut out, width) = stdout();
    shown.write(args.format, width, &mut out)?;
    Ok(out.flush()?)
}

impl Shown<'_> {
    fn write(&self, format: Format, width: Option<u16>, out: &mut impl Write) -> Result<()> {
        let over = self.rounds.iter().filter(|it| !it.is_ahead).count();
        let recent = if format == Format::Table { over.saturating_sub(OVER) } else { 0 };
        let header = ["round", "when", "meetings", "repeats", "left out", "best possible"];
        let rows: Vec<Vec<String>> =
            self.rounds[recent..].iter().map(|it| row(&it.round, it.standing.words())).collect();
        if self.rounds.is_empty() && format == Format::Table {
            writeln!(out, "No round is drawn yet.")?;
        } else {
            write_table(format, &header, &rows, &self.document(), width, out)?;
        }
        if format != Format::Table {
            return Ok(());
        }
        if recent > 0 {
            writeln!(out, "{} not shown.", counted(recent, "earlier round is", "earlier rounds are"))?;
        }
        self.write_left_out(out)?;
        let joined = self.joined.iter().map(|joined| &joined.words);
        let aside = self.aside.iter().map(|(_, words)| words);
        joined.chain(&self.next).chain(&self.expect).chain(aside).try_for_each(|line| writeln!(out, "{line}"))?;
        Ok(())
    }

    /// Who is left out of the rounds ahead, and why.
    fn write_left_out(&self, out: &mut impl Write) -> Result<()> {
        let ahead = self.rounds.iter().filter(|it| it.standing == RoundStanding::Ahead).map(|it| &it.round);
        for round in ahead.filter(|round| !round.left_out.is_empty()) {
            writeln!(out, "\nLeft out on {}:", round.date)?;
            for (person, reason) in &round.left_out {
                writeln!(out, "  {} — {reason}", show::text::harmless(person.name))?;
            }
        }
        Ok(writeln!(out)?)
    }

    fn document(&self) -> Value {
        let rounds = self.rounds.iter().map(|ListedRound { round, is_ahead, .. }| {
            let left_out = round.left_out.iter();
            let left_out =
                left_out.map(|(person, reason)| json!({ "email": person.email, "reason": reason.to_string() }));
            json!({
                "id": round.date, "ahead": is_ahead, "seed": round.seed, "pairs": round.pairs.len(),
                "repeats": repeats(round), "best_possible_pairs": round.best_possible_pairs, "optimal": round.optimal,
                "left_out": left_out.collect::<Vec<_>>(),
                "became": became(self.state, round.date, *is_ahead),
            })
        });
        let joined = self.joined.iter();
        let joined = joined.map(|it| json!({ "email": it.email, "on": it.on, "first_round": it.first_round }));
        json!({
            "rounds": rounds.collect::<Vec<_>>(),
            "next": self.next,
            "joined": joined.collect::<Vec<_>>(),
            "expect": self.expect,
            "set_aside": self.aside.as_ref().map_or(0, |(count, _)| *count),
        })
    }
}

/// Who joined the roster recently.
fn joined(ctx: &Context<'_>, inputs: &Inputs, state: &State, people: &People<'_>) -> Vec<Newcomer> {
    let today = inputs.config.meeting.date_at(ctx.now);
    let is_new = |joined: &&Joined| today - joined.on < LATELY && people.position(joined.person).is_some();
    let new = state.joined.iter().flatten().filter(is_new);
    new.map(|joined| {
        let mut rounds = state.rounds.iter().filter(|round| round.date >= joined.on);
        let meets = |round: &&Round| round.groups().any(|(_, group)| group.has(joined.person));
        let first_round = rounds.find(meets).map(|round| round.date);
        let name = show::text::harmless(people.view(joined.person).name);
        let meets = first_round.map_or_else(|| "no round yet".to_owned(), |first| format!("first round {first}"));
        let words = format!("new: {name}, since {}, {meets}", joined.on);
        Newcomer { email: state.email(joined.person).to_owned(), on: joined.on, first_round, words }
    })
    .collect()
}

/// The outcome of a past round, as far as it is remembered: what was seen, separate from what people say.
fn became(state: &State, date: NaiveDate, is_ahead: bool) -> Option<Value> {
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
    let when = last.arrival().map(|at| format!(", the last of {}", local(zone, at))).unwrap_or_default();

    let folder = inbox.failed_folder();
    let words = format!("{events} set aside as unknown or not understood{when}: see {}", folder.display());
    Ok(Some((failed.len(), words)))
}

/// What comes next, in sentences.
fn due(ctx: &Context<'_>, inputs: &Inputs, state: &State) -> Vec<String> {
    let meeting = &inputs.config.meeting;
    let mut lines = Vec::new();
    // A week that is completely off no longer has a round, although one is drawn.
    let is_next = |round: &&Round| is_ahead(meeting, round.date, ctx.now) && !is_week_off(meeting, round.date);
    if let Some(round) = state.rounds.iter().find(is_next) {
        let meetings = counted(round.pair_count(), "meeting", "meetings");
        lines.push(format!("next round: {}, {meetings}", round.date));
    }
    let drawn = |date: &&NaiveDate| state.rounds.iter().any(|round| week_of(round.date) == week_of(**date));
    let missing = |period: &Rounds| period.dates.iter().filter(|date| !drawn(date)).count();
    let count = |missing| counted(missing, "round", "rounds");
    let pair = format!("roulette{} pair --month", ctx.with_config());
    // What `pair --month` would draw now or, once the last of these has begun, then.
    let now = Period::Month(None).rounds(meeting, ctx.now);
    if missing(&now) > 0 {
        let (rounds, month) = (count(missing(&now)), now.month);
        lines.push(format!("due: draw {rounds} of {month} with: {pair} {month}"));
        return lines;
    }
    let next = Period::Month(Some(now.month.next())).rounds(meeting, ctx.now);
    if missing(&next) > 0 {
        let (rounds, month) = (count(missing(&next)), next.month);
        let ahead = Days::new(inputs.config.programme.draw_days_ahead.into());
        let from = month.first().checked_sub_days(ahead).unwrap_or(month.first());
        lines.push(format!(
            "later: roulette run draws {rounds} of {month} from {from} on; to draw them now: {pair} {month}"
        ));
    }
    lines
}

/// Whether the whole week of a round is off.
fn is_week_off(meeting: &Meeting, date: NaiveDate) -> bool {
    round_of_week(meeting, date).is_none()
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
