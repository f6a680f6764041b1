//! Draws the rounds of a month or a week, shows them, and saves them. Knows what a draw is made from and when it is
//! refused; the domain draws.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use chrono::NaiveDate;

use crate::app::context::Context;
use crate::app::deliver::Messenger;
use crate::app::exit_status::Refused;
use crate::app::host_limit;
use crate::app::progress;
use crate::app::session::{Inputs, Session, StoredState};
use crate::domain::calendar::rounds_ahead::{Period, Rounds, is_ahead};
use crate::domain::calendar::{Month, week_of};
use crate::domain::conversation;
use crate::domain::journal::{of_draw, of_undo};
use crate::domain::pairing::draw::{self, Setting};
use crate::domain::pairing::fingerprint::Basis;
use crate::domain::pairing::plan::{self, DrawRequest, Plan, Refusal, Replace};
use crate::domain::pairing::replan::Replan;
use crate::domain::pairing::{repeat_forecast, round_view};
use crate::domain::scheduling::{Today, quota};
use crate::domain::state::bookings::Bookings;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Round, State, people};
use crate::domain::text::counted;
use crate::show;
use crate::show::rounds::{self, Shown};
use crate::store::plan_file::{self, Edited, PlanFile};
use crate::store::state::json::Beginning;
use crate::{cli, parallel};

/// What is drawn, now or earlier, and is to be shown.
struct Draw {
    month: Month,
    dates: Vec<NaiveDate>,
    seed: u64,
    plan: Plan,
}

impl Draw {
    /// What is drawn, in a few words.
    fn in_words(&self) -> String {
        let pairs = counted(self.plan.rounds.iter().map(Round::pair_count).sum(), "pair", "pairs");
        match self.plan.rounds.len() {
            0 => format!("nothing to draw in {}", self.month),
            rounds => format!("{} in {}, {pairs}", counted(rounds, "round", "rounds"), self.month),
        }
    }
}

/// Draws what is requested and not drawn yet. A dry run leaves the session as if that were saved.
///
/// # Errors
/// It is refused as unsafe, or cannot be saved.
pub(crate) fn draw(ctx: &Context<'_>, args: &cli::Pair, session: &mut Session) -> Result<()> {
    session.warn_of_suspects(ctx);
    rest_silent(ctx, args, session)?;
    // A plan that is only looked at must stay the same: it is based on the state as it is saved.
    let replan = if args.plan.is_some() || args.out.is_some() {
        Replan::default()
    } else {
        session.bring_in_line(ctx, args.allow_smaller_roster).map_err(Refused)?
    };
    let index = PersonIndex::new(&session.inputs.roster, &session.stored.state);
    let Session { inputs, stored } = &*session;
    let state = &stored.state;
    let begin = || Some(stored.locked()?.begin(&beginning(ctx, inputs, args, state, &index)?));
    let (begun, draw) = parallel::both(state.places(), begin, || match &args.plan {
        Some(file) => saved(ctx, inputs, args, (file, &basis(inputs, state)), state),
        None => Ok(drawn(ctx, inputs, args, state, &index)),
    });
    let draw = draw?;
    ctx.detail("drew");
    let checked = if args.allow_smaller_roster { Ok(()) } else { draw.plan.check(state) };
    let file = args.out.as_ref();
    let file = file.map(|_| PlanFile { month: draw.month, basis: basis(inputs, state), plan: draw.plan.clone() });

    let is_undone = |round: &&Round| args.undo && draw.plan.replaced.contains(&round.date);
    let undone: Vec<Round> = state.rounds.iter().filter(is_undone).cloned().collect();
    draw.plan.apply(&mut session.stored.state);
    session.stored.journal.note(of_undo(&undone, ctx.now));
    session.stored.journal.note(of_draw(&draw.plan.rounds, ctx.now));
    let Session { inputs, stored } = &*session;
    let meets = draw.plan.rounds.iter().any(|round| round.pair_count() > 0);
    let locked = stored
        .locked()
        .filter(|_| checked.is_ok() && (meets || !draw.plan.replaced.is_empty() || replan.changes() || stored.changed));
    let kept = plan::without_empty_rounds(&stored.state);
    let (prepared, shown) = parallel::both(
        stored.state.places(),
        || locked.map(|locked| locked.prepare(&kept, begun.transpose()?)),
        || show(ctx, inputs, args, &draw, (&stored.state, &index)),
    );
    shown?;
    ctx.detail("showed");
    checked.map_err(Refused)?;
    show::replan::sentences(&replan, &session.people()).iter().for_each(|line| ctx.say(line));
    ctx.set_summary(draw.in_words());
    tell(ctx, session, args, &draw, &replan);
    if args.dry_run {
        return Ok(());
    }
    if let (Some(path), Some(file)) = (&args.out, file) {
        plan_file::save(path, &file, &stored.state.people)?;
        ctx.say(format_args!(
            "saved the plan in {0}; nothing else is kept\nhint: apply it with: roulette{1} pair --plan {0}{2}",
            path.display(),
            ctx.with_config(),
            if args.replace_booked { " --replace-booked" } else { "" },
        ));
    }
    inputs.keep_as_last_good(ctx, stored)?;
    if let Some(prepared) = prepared {
        prepared?.replace()?;
        let StoredState { state, journal, .. } = &mut session.stored;
        journal.write(state);
        ctx.detail("saved");
        ctx.say(format_args!("kept in {}", session.inputs.config.programme.state.display()));
        if args.replace_booked {
            let config = ctx.with_config();
            ctx.say(format_args!(
                "hint: meetings that are booked are still at Webex; see what becomes of them with: \
                 roulette{config} schedule --dry-run"
            ));
        }
    }
    Ok(())
}

/// Puts those on a break who were asked whether to go on and did not answer. The next messages tell them.
fn rest_silent(ctx: &Context<'_>, args: &cli::Pair, session: &mut Session) -> Result<()> {
    if args.plan.is_some() || args.out.is_some() || session.inputs.config.programme.silent_rounds == 0 {
        return Ok(());
    }
    let Session { inputs, stored } = &mut *session;
    let messenger = Messenger::open(inputs)?;
    let told = conversation::rest_silent(&mut stored.state, messenger.setting(ctx));
    if told.is_empty() {
        return Ok(());
    }
    messenger.queue(ctx, &mut stored.state, &format!("rests:{}", ctx.now.timestamp()), &told);
    stored.changed = true;
    session.make_rules();
    Ok(())
}

/// What a draw is based on.
fn basis(inputs: &Inputs, state: &State) -> Basis {
    Basis::of(&inputs.roster, &inputs.config.pairing, &inputs.config.meeting, state)
}

/// The rounds of the requested period.
fn asked(ctx: &Context<'_>, inputs: &Inputs, args: &cli::Pair) -> Rounds {
    let period = args.week.map_or(Period::Month(args.month.flatten()), Period::Week);
    period.rounds(&inputs.config.meeting, ctx.now)
}

/// What is requested for these days.
fn request<'a>(args: &cli::Pair, dates: &'a [NaiveDate], seed: u64) -> DrawRequest<'a> {
    let replace = match args {
        cli::Pair { undo: true, .. } => Replace::ByNone,
        cli::Pair { replace_booked: true, .. } => Replace::All,
        cli::Pair { replace: true, .. } => Replace::Unbooked,
        _ => Replace::None,
    };
    DrawRequest { dates, seed, replace }
}

fn setting<'a>(ctx: &Context<'_>, inputs: &'a Inputs) -> Setting<'a> {
    let Inputs { config, rules, .. } = inputs;
    Setting { rules, pairing: &config.pairing, meeting: &config.meeting, now: ctx.now }
}

/// The beginning of the state as it will be once the draw is saved; none if the whole state is written quickly.
fn beginning<'a>(
    ctx: &Context<'_>,
    inputs: &Inputs,
    args: &cli::Pair,
    state: &'a State,
    index: &'a PersonIndex,
) -> Option<Beginning<'a>> {
    if args.plan.is_some() || args.undo || !parallel::is_worth(state.places()) {
        return None;
    }
    let dates = asked(ctx, inputs, args).dates;
    let first = week_of(*plan::due(state, setting(ctx, inputs), request(args, &dates, 0)).first()?);
    let stays = |round: &&Round| week_of(round.date) < first && round.pair_count() > 0;
    Some(Beginning {
        roster_size: index.ids.len(),
        people: [&state.people, &index.newcomers],
        rounds: state.rounds.iter().filter(stays).collect(),
    })
}

/// Draws what is due in the requested period.
fn drawn(ctx: &Context<'_>, inputs: &Inputs, args: &cli::Pair, state: &State, index: &PersonIndex) -> Draw {
    let Rounds { month, dates } = asked(ctx, inputs, args);
    let seed = args.seed.unwrap_or_else(|| match args.seed_of_basis {
        true => basis(inputs, state).seed(month),
        false => draw::seed(&mut rand::rng()),
    });
    let setting = setting(ctx, inputs);
    let request = request(args, &dates, seed);
    let bar = progress::bar(plan::due(state, setting, request).len(), "drawing", ctx.global.draws_bars());
    let plan = plan::plan_rounds(state, index, setting, request, &mut |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    Draw { month, dates, seed, plan }
}

/// Reads a saved plan, and refuses it if it is out of date.
fn saved(
    ctx: &Context<'_>,
    inputs: &Inputs,
    args: &cli::Pair,
    (file, basis): (&Path, &Basis),
    state: &State,
) -> Result<Draw> {
    let hint = "draw a new plan with --out".to_owned();
    let read = plan_file::read(file, state.people.len());
    let PlanFile { month, basis: of_plan, plan } = match read {
        Err(error) if error.is::<Edited>() => return Err(Refused(Refusal { why: error.to_string(), hint }).into()),
        read => read?,
    };
    let draw = |plan: Plan| {
        let dates = plan.rounds.iter().map(|round| round.date).collect();
        Draw { month, dates, seed: plan.rounds.first().map_or(0, |round| round.seed), plan }
    };
    if plan.is_applied(state) {
        return Ok(Draw { plan: Plan::nothing(state), ..draw(plan) });
    }
    let changed = basis.differs_from(&of_plan);
    let bookings = Bookings::new(state);
    let begun = plan.rounds.iter().find(|round| !bookings.is_untouched(&inputs.config.meeting, round, ctx.now));
    let booked = plan.replaced.iter().find(|date| state.is_booked(**date));
    let why = if !changed.is_empty() {
        format!("{} changed since the plan was drawn", changed.join(" and "))
    } else if let Some(round) = begun {
        format!("the round of {} is no longer ahead", round.date)
    } else if let Some(date) = booked.filter(|_| !args.replace_booked) {
        format!("meetings of the round of {date} are booked, and --replace-booked was not given")
    } else {
        return Ok(draw(plan));
    };
    Err(Refused(Refusal { why: format!("{}: {why}", file.display()), hint }).into())
}

fn show(
    ctx: &Context<'_>,
    inputs: &Inputs,
    args: &cli::Pair,
    draw: &Draw,
    (state, index): (&State, &PersonIndex),
) -> Result<()> {
    let wanted = |round: &Round| draw.dates.iter().any(|date| week_of(*date) == week_of(round.date));
    let people = people::people(state, &inputs.roster, index);
    let views = round_view::rounds(state, &people, (inputs.config.meeting.minutes, ctx.now), wanted);
    let shown = Shown {
        title: &inputs.config.programme.name,
        month: Some(draw.month),
        seed: views.first().filter(|_| draw.plan.is_empty()).map_or(draw.seed, |round| round.seed),
        rounds: &views,
        expect: &if views.is_empty() {
            Vec::new()
        } else {
            repeat_forecast::sentences(state, &inputs.config.meeting, draw.plan.promised)
        },
        planned: !draw.plan.is_empty() && (args.dry_run || args.out.is_some()),
    };
    let (mut out, width) = ctx.out();
    rounds::write(&shown, args.format, width, &mut out)?;
    Ok(out.flush()?)
}

/// Says on stderr what was drawn and what was not, and how to repeat it.
fn tell(ctx: &Context<'_>, session: &Session, args: &cli::Pair, draw: &Draw, replan: &Replan) {
    let Session { inputs, stored } = session;
    let state = &stored.state;
    let Draw { month, plan, dates, .. } = draw;
    let asked = |round: &Round| dates.iter().find(|date| week_of(**date) == week_of(round.date));
    let is_new = |round: &Round| plan.rounds.iter().any(|new| new.date == round.date);
    let old: Vec<&Round> = state.rounds.iter().filter(|round| asked(round).is_some() && !is_new(round)).collect();
    for round in &old {
        if let Some(date) = asked(round).filter(|date| **date != round.date) {
            ctx.say(format_args!("warning: the round of {} would fall on {date} under today's config", round.date));
        }
    }
    if state.rounds.iter().all(is_new) {
        tell_of_zones(ctx, inputs);
    }
    if args.undo {
        return tell_of_undo(ctx, args, draw, &old);
    }
    warn_of_quota(ctx, inputs, state);
    let (people, booked, meeting) = (session.people(), Bookings::new(state), &inputs.config.meeting);
    let today = Today { state, people: &people, booked: &booked, meeting, now: ctx.now, replan };
    host_limit::warn(ctx, today, None);
    if inputs.roster.employees.is_empty() {
        ctx.say("the roster is empty: nothing is kept");
    } else if dates.is_empty() {
        ctx.say("nothing to draw: no round falls in that time, or all its days are in skip_dates");
    } else if plan.is_empty() && old.is_empty() {
        ctx.say(format_args!("nothing to draw: no round of {month} is ahead"));
    } else if plan.is_empty() {
        let booked = old.iter().filter(|round| state.is_booked(round.date)).count();
        let hint = if booked == old.len() {
            "their meetings are booked; --replace-booked redraws those ahead, and schedule then \
                moves or cancels meetings"
        } else {
            "--replace redraws those ahead"
        };
        ctx.say(format_args!("nothing to draw: {} already drawn\nhint: {hint}", are(old.len())));
    } else if plan.rounds.iter().all(|round| round.pair_count() == 0) {
        let before = if plan.replaced.is_empty() { "" } else { ", and the earlier draw is taken back" };
        ctx.say(format_args!("nobody can meet, so nothing is kept{before}"));
    } else {
        if !old.is_empty() {
            ctx.say(format_args!("{} already drawn and left as before", are(old.len())));
        }
        if args.dry_run {
            let command = again(ctx, args, draw);
            ctx.say(format_args!("dry run: nothing is kept\nhint: keep exactly this with: {command}"));
        }
    }
}

/// Says which rounds are taken back, and which cannot be: the `left`.
fn tell_of_undo(ctx: &Context<'_>, args: &cli::Pair, draw: &Draw, left: &[&Round]) {
    let back = &draw.plan.replaced;
    let dates: Vec<String> = back.iter().map(NaiveDate::to_string).collect();
    match back.len() {
        0 => ctx.say(format_args!("nothing to take back in {}", draw.month)),
        1 => ctx.say(format_args!("1 round is taken back: {}", dates[0])),
        rounds => ctx.say(format_args!("{rounds} rounds are taken back: {}", dates.join(", "))),
    }
    if !left.is_empty() {
        let rounds = counted(left.len(), "round", "rounds");
        ctx.say(format_args!("left as before, because a meeting is booked or has begun: {rounds}"));
    }
    if args.dry_run {
        ctx.say("dry run: nothing is changed");
    }
}

/// If the roster names the time zones of some people, those of the others are a guess.
fn tell_of_zones(ctx: &Context<'_>, inputs: &Inputs) {
    let employees = &inputs.roster.employees;
    let blank = employees.iter().filter(|employee| employee.timezone.is_none()).count();
    if blank > 0 && blank < employees.len() {
        let (zone, of) = (inputs.config.meeting.timezone, employees.len());
        ctx.say(format_args!(
            "note: {blank} of {of} employees have no time zone in the roster: they get {zone} (timezone in [meeting])"
        ));
    }
}

/// Warns about rounds that cannot be booked in time, and says what helps.
pub(crate) fn warn_of_quota(ctx: &Context<'_>, inputs: &Inputs, state: &State) {
    let (meeting, per_day) = (&inputs.config.meeting, inputs.config.webex.meetings_per_day);
    let ahead = state.rounds.iter().filter(|round| is_ahead(meeting, round.date, ctx.now));
    let unbooked = ahead.filter(|round| !state.is_booked(round.date));
    let rounds: Vec<(NaiveDate, usize)> = unbooked.map(|round| (round.date, round.pair_count())).collect();
    let today = meeting.date_at(ctx.now);
    let left = quota::left([&state.asked, inputs.rules.elsewhere().asked()], per_day, ctx.now);
    let late = quota::late(&rounds, today, meeting.book_ahead_days, left, per_day);
    let late = rounds.iter().zip(late).filter(|(_, late)| *late > 0);
    let late: Vec<String> = late.map(|((date, meetings), late)| format!("{late} of {meetings} on {date}")).collect();
    if late.is_empty() {
        return;
    }
    ctx.say(format_args!(
        "warning: not all meetings can be booked in time: Webex allows {per_day} a day, and booking begins {} days \
         ahead; these would be booked too late: {}",
        meeting.book_ahead_days,
        late.join(", ")
    ));
    let further = quota::enough(&rounds, today, left, per_day).filter(|days| *days > meeting.book_ahead_days);
    let further = further.map(|days| format!("set book_ahead_days = {days} or more, or ")).unwrap_or_default();
    ctx.say(format_args!("hint: {further}book as an admin, who may book 3000 a day (meetings_per_day in [webex])"));
}

/// The command that keeps what a dry run shows.
fn again(ctx: &Context<'_>, args: &cli::Pair, draw: &Draw) -> String {
    let mut words = format!("roulette{} pair", ctx.with_config());
    match (&args.plan, args.week, args.month.flatten()) {
        (Some(plan), ..) => words += &format!(" --plan {}", plan.display()),
        (None, Some(Some(day)), _) => words += &format!(" --week {day} --seed {}", draw.seed),
        (None, Some(None), _) => words += &format!(" --week --seed {}", draw.seed),
        (None, None, Some(month)) => words += &format!(" --month {month} --seed {}", draw.seed),
        (None, None, None) => words += &format!(" --month --seed {}", draw.seed),
    }
    if args.replace_booked {
        words += " --replace-booked";
    } else if args.replace {
        words += " --replace";
    }
    if args.allow_smaller_roster {
        words += " --allow-smaller-roster";
    }
    words
}

fn are(rounds: usize) -> String {
    counted(rounds, "round is", "rounds are")
}
