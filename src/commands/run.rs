//! `run`: whatever is due, stage by stage, by one run at a time. If one stage fails, the others still run.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, anyhow};
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::app::context::{Context, stdout};
use crate::app::deliver::{Hearing, how_heard};
use crate::app::exit_status::{AlreadyReported, Partly, left_for_later};
use crate::app::login::{FreshLogin, keep_fresh};
use crate::app::run_faults::{self, RunFault};
use crate::app::session::{Access, Session};
use crate::app::stages::due::DueStages;
use crate::app::stages::{attendance, bookings, draw, events, messages, roster, rounds};
use crate::cli;
use crate::domain::calendar::Month;
use crate::domain::text::rfc3339;
use crate::show::Format;
use crate::show::table::write_table;
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::files::lock::LockError;
use crate::store::heard;
use crate::store::inbox::Inbox;
use crate::store::run_file::{self, Pulled, RunMemory};
use crate::webex::connection::fetch;

/// The longest wait for the heartbeat.
const HEARTBEAT: Duration = Duration::from_secs(5);

pub(super) fn run(ctx: &Context<'_>, args: &cli::Run) -> Result<()> {
    let path = ctx.config_path()?;
    // Nobody knows where a config that cannot be read has its state: the memory is kept beside the config.
    let config = match Config::load(&path) {
        Ok(config) => config,
        Err(faults) => {
            let mut memory = run_file::read(&path);
            let fault = RunFault::new(ctx, None, "config", faults.into());
            return end(ctx, None, (&path, &mut memory), &[fault], (args.dry_run, false));
        }
    };
    let state = &config.programme.state;
    let _lock = match (!args.dry_run).then(|| run_file::lock(state, &ctx.holder("run"))).transpose() {
        Ok(lock) => lock,
        Err(LockError::InUse(who)) => {
            ctx.say(format_args!("nothing to do: {who} is already at work"));
            return Ok(());
        }
        Err(LockError::Failed(error)) => return Err(anyhow!(error).context("cannot lock out other runs")),
    };
    let mut memory = run_file::read(state);
    if !args.dry_run {
        memory.faults.extend(run_file::read(&path).faults);
        run_file::forget(&path)?;
    }
    let mut stages = Stages { ctx, config: &config, args, lines: Vec::new(), faults: Vec::new() };
    let today = config.meeting.date_at(ctx.now);
    let before = memory.clone();
    let is_whole = stages.run(&mut memory, today);
    let Stages { lines, faults, .. } = stages;
    let faults = run_faults::merged(faults);
    let is_news = args.dry_run || faults.iter().any(|fault| !run_faults::is_told(&before, fault, today));
    let mut said: Vec<&String> = Vec::new();
    for line in lines.iter().filter(|line| line.status == 0 || is_news || ctx.global.verbose) {
        // That nothing is done is said once, at the end.
        for text in line.said.iter().filter(|text| !text.starts_with("dry run: ")) {
            if !said.contains(&text) {
                said.push(text);
                ctx.say(text);
            }
        }
    }
    show(ctx, args, &lines, run_faults::worst(faults.iter().map(|fault| fault.status)))?;
    if args.dry_run {
        ctx.say("dry run: nothing is done");
    }
    end(ctx, Some(&config), (state, &mut memory), &faults, (args.dry_run, is_whole && !args.dry_run))
}

/// Reports the faults that must be reported, remembers them, and ends with the worst status.
fn end(
    ctx: &Context<'_>,
    config: Option<&Config>,
    (state, memory): (&Path, &mut RunMemory),
    faults: &[RunFault],
    (dry_run, is_whole): (bool, bool),
) -> Result<()> {
    let status = run_faults::worst(faults.iter().map(|fault| fault.status));
    if dry_run {
        faults.iter().for_each(RunFault::tell);
    } else {
        let before = run_file::read(state);
        let told = run_faults::tell_once(ctx, config, memory, faults, is_whole);
        if *memory != before {
            // If it cannot be saved, it is reported once more; the config's own fault comes first.
            let kept = run_file::write(state, memory);
            if config.is_some() {
                kept?;
            }
        }
        told?;
        let heartbeat = config.map(|config| &*config.programme.heartbeat).filter(|it| status == 0 && !it.is_empty());
        if let Some(Err(error)) = heartbeat.map(|address| fetch(address, HEARTBEAT)) {
            ctx.say(harmless(&format!("warning: the heartbeat could not be sent: {error:#}")));
        }
    }
    if status == 0 { Ok(()) } else { Err(AlreadyReported(status).into()) }
}

/// A line about a stage.
struct Line {
    stage: &'static str,
    /// The result, in a few words.
    says: String,
    /// What it wrote to stderr on its way.
    said: Vec<String>,
    /// What it wrote to stdout.
    shown: String,
    status: u8,
}

/// The stages of a run, and their results.
struct Stages<'a> {
    ctx: &'a Context<'a>,
    config: &'a Config,
    args: &'a cli::Run,
    lines: Vec<Line>,
    faults: Vec<RunFault>,
}

/// The session on which the stages after the first two work: in a dry run, one session for all that is never saved.
enum SessionSource {
    Pretended(Box<Session>),
    Opened,
}

impl SessionSource {
    fn with_session(
        &mut self,
        ctx: &Context<'_>,
        open: impl FnOnce() -> Result<Session>,
        body: impl FnOnce(&Context<'_>, &mut Session) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Pretended(session) => body(ctx, session),
            Self::Opened => body(ctx, &mut open()?),
        }
    }
}

impl Stages<'_> {
    /// Carries out what is due; returns whether everything could be checked.
    fn run(&mut self, memory: &mut RunMemory, today: NaiveDate) -> bool {
        self.tokens();
        self.roster(memory, today);
        let Some((due, said)) = self.look(memory) else { return false };
        let mut is_busy = self.events(due.leftovers);
        let mut source = SessionSource::Opened;
        if self.args.dry_run {
            match Session::open_to_pretend(&self.ctx.stage().0) {
                Ok(session) => source = SessionSource::Pretended(Box::new(session)),
                Err(error) => return self.fail("state", error),
            }
        }
        // The first stage that opens it has said the same.
        if let Some(line) = self.lines.last_mut() {
            line.said.extend(said);
        }
        is_busy |= self.rounds(&mut source, due.rounds || is_busy);
        is_busy |= self.draw(&mut source, due.months);
        is_busy |= self.bookings(&mut source, due.bookings || is_busy, (memory, today));
        is_busy |= self.attendance(&mut source, due.attendance);
        self.messages(&mut source, due.messages || is_busy);
        true
    }

    /// Looks at what is due, and what was said on the way. If it cannot, no later stage has anything to do.
    fn look(&mut self, memory: &RunMemory) -> Option<(DueStages, Vec<String>)> {
        let mut due = DueStages::default();
        let is_seen = self.stage("look", |ctx| {
            due = DueStages::look(ctx, memory.looked)?;
            Ok(())
        });
        let line = self.lines.pop()?;
        if !is_seen {
            for stage in ["events", "rounds", "draw", "bookings", "messages"] {
                self.idle(stage, &line.says);
            }
            return None;
        }
        Some((due, line.said))
    }

    /// The rounds ahead, which follow roster and config. This and the stages after it return whether they did anything.
    fn rounds(&mut self, source: &mut SessionSource, is_due: bool) -> bool {
        if is_due {
            let open = |ctx: &Context<'_>| Session::open(ctx, Access::Change("run"));
            self.stage("rounds", |ctx| source.with_session(ctx, || open(ctx), rounds::bring_in_line));
        } else {
            self.idle("rounds", "in line");
        }
        is_due
    }

    fn draw(&mut self, source: &mut SessionSource, months: Vec<Month>) -> bool {
        let (dry_run, format) = (self.args.dry_run, self.args.format);
        if months.is_empty() {
            self.idle("draw", "nothing to draw");
            return false;
        }
        for month in months {
            let pair = pair_of(month, dry_run, format);
            self.stage("draw", |ctx| {
                let open = || Session::open_sound(ctx, if dry_run { Access::Look } else { Access::Change("run") });
                if matches!(&*source, SessionSource::Pretended(session) if session.inputs.roster_fault.is_some()) {
                    open()?;
                }
                source.with_session(ctx, open, |ctx, session| draw::draw(ctx, &pair, session))
            });
        }
        true
    }

    fn bookings(
        &mut self,
        source: &mut SessionSource,
        is_due: bool,
        (memory, today): (&mut RunMemory, NaiveDate),
    ) -> bool {
        let (dry_run, format) = (self.args.dry_run, self.args.format);
        if is_due {
            let schedule = cli::Schedule { dry_run, format, ..cli::Schedule::default() };
            let open = |ctx: &Context<'_>| Session::open(ctx, Access::Book("run"));
            self.stage("bookings", |ctx| {
                let booked =
                    source.with_session(ctx, || open(ctx), |ctx, session| bookings::book(ctx, &schedule, session));
                if booked.as_ref().err().is_none_or(anyhow::Error::is::<Partly>) {
                    memory.looked = Some(today);
                }
                booked
            });
        } else {
            self.idle("bookings", "as planned");
        }
        is_due
    }

    /// Who came to the meetings, as far as Webex tells.
    fn attendance(&mut self, source: &mut SessionSource, is_due: bool) -> bool {
        let dry_run = self.args.dry_run;
        if is_due {
            let open = |ctx: &Context<'_>| Session::open(ctx, Access::Act("run"));
            self.stage("attendance", |ctx| {
                source.with_session(ctx, || open(ctx), |ctx, session| attendance::look(ctx, session, dry_run))
            });
        } else if self.config.meeting.attendance {
            self.idle("attendance", "nothing to check");
        }
        let in_the_way = attendance::in_the_way(self.ctx, &self.config.webex);
        self.faults.extend(in_the_way.map(|(why, hint)| RunFault::warning("attendance", anyhow!("{why}"), hint)));
        is_due
    }

    fn messages(&mut self, source: &mut SessionSource, is_due: bool) {
        if is_due {
            let notify = cli::Notify { dry_run: self.args.dry_run, format: self.args.format, ..cli::Notify::default() };
            let open = |ctx: &Context<'_>| Session::open(ctx, Access::Act("run"));
            self.stage("messages", |ctx| {
                source.with_session(ctx, || open(ctx), |ctx, session| messages::tell(ctx, &notify, session))
            });
        } else {
            self.idle("messages", "nothing to send");
        }
    }

    /// The login, which is renewed before it ends.
    fn tokens(&mut self) {
        let (webex, dry_run) = (&self.config.webex, self.args.dry_run);
        let (mut ends, mut not_renewed) = (None, None);
        self.stage("tokens", |ctx| {
            let Some(fresh) = keep_fresh(ctx, webex, dry_run)? else {
                ctx.set_summary("nobody is logged in");
                return Ok(());
            };
            let FreshLogin { login, ends_soon, not_renewed: error } = fresh;
            let until = rfc3339(login.access.expires);
            ctx.set_summary(format_args!("good until {until}"));
            not_renewed = error.map(|error| error.context(format!("the login is valid only until {until}")));
            ends =
                ends_soon.then(|| anyhow!("the login of {} ends at {}", login.email, rfc3339(login.refresh.expires)));
            Ok(())
        });
        let config = self.ctx.with_config();
        let hint = format!("see what is wrong with: roulette{config} doctor");
        self.faults.extend(not_renewed.map(|error| RunFault::warning("the login's renewal", error, hint)));
        let hint = format!("log in again with: roulette{config} auth");
        self.faults.extend(ends.map(|error| RunFault::warning("the login's end", error, hint)));
    }

    /// The roster, which is brought up to date once a day, if the config says from where.
    fn roster(&mut self, memory: &mut RunMemory, today: NaiveDate) {
        let (config, dry_run, format) = (self.config, self.args.dry_run, self.args.format);
        if config.webex.pull.is_none() {
            memory.pulled = None;
            return;
        }
        if memory.pulled.as_ref().is_some_and(|pulled| pulled.on == today) {
            self.idle("roster", "pulled today");
        } else {
            let args = cli::RosterPull { dry_run, format, ..cli::RosterPull::default() };
            self.stage("roster", |ctx| {
                let waiting = roster::pull(ctx, config, &args)?;
                memory.pulled = Some(Pulled { on: today, waiting });
                Ok(())
            });
        }
        // Those who were waiting are still waiting in runs that do not check.
        let waiting = memory.pulled.as_ref().and_then(|pulled| pulled.waiting.clone());
        self.faults.extend(waiting.map(|(who, hint)| RunFault::warning("not added", anyhow!(who), hint)));
    }

    /// What people typed and tapped; returns whether there was anything.
    fn events(&mut self, leftovers: bool) -> bool {
        let (config, dry_run) = (self.config, self.args.dry_run);
        // If people are heard at once, there is nothing to look for.
        let is_heard = how_heard(self.ctx, config) == Hearing::Everything
            && !heard::is_quiet(&config.programme.state, self.ctx.now);
        let looks = !dry_run && !is_heard;
        let looks = looks && config.webex.bot_token.read().is_ok();
        let inbox = match Inbox::of(&config.programme.state).and_then(|inbox| Ok((inbox.is_empty()?, inbox))) {
            Ok((true, _)) if !leftovers && !looks => {
                self.idle("events", "none waiting");
                return false;
            }
            inbox => inbox,
        };
        let mut found = leftovers || !inbox.as_ref().is_ok_and(|(is_empty, _)| *is_empty);
        self.stage("events", |ctx| {
            let (_, inbox) = inbox?;
            if dry_run {
                ctx.set_summary(format_args!("{} to handle", inbox.list()?.len()));
                return Ok(());
            }
            if looks {
                found |= events::look_and_handle(ctx, config, &inbox)?;
                return Ok(());
            }
            events::handle(ctx, config, &inbox)
        });
        found
    }

    /// A stage that has nothing to do, or cannot do anything.
    fn idle(&mut self, stage: &'static str, says: &str) {
        let (said, shown, status) = (Vec::new(), String::new(), 0);
        self.lines.push(Line { stage, says: says.to_owned(), said, shown, status });
    }

    /// A stage that cannot start: it ends the run.
    fn fail(&mut self, stage: &'static str, error: anyhow::Error) -> bool {
        self.stage(stage, |_| Err(error));
        false
    }

    /// Carries out a stage; returns whether it could do everything.
    fn stage(&mut self, stage: &'static str, body: impl FnOnce(&Context<'_>) -> Result<()>) -> bool {
        let (ctx, transcript) = self.ctx.stage();
        let summary = body(&ctx).map_err(left_for_later);
        let mut says: Vec<String> = transcript.summary().into_iter().collect();
        let fault = summary.err().map(|error| {
            says.push(format!("{error:#}").lines().next().unwrap_or_default().to_owned());
            RunFault::new(&ctx, Some(self.config), stage, error)
        });
        let is_good = fault.is_none();
        let roster = ctx.end().err().map(|error| RunFault::of_roster(&ctx, error));
        let faults = fault.into_iter().chain(roster).collect::<Vec<_>>();
        let status = run_faults::worst(faults.iter().map(|fault| fault.status));
        let says = if says.is_empty() { "done".to_owned() } else { says.join("; ") };
        self.lines.push(Line { stage, says, said: transcript.said(), shown: transcript.shown(), status });
        self.faults.extend(faults);
        is_good
    }
}

fn pair_of(month: Month, dry_run: bool, format: Format) -> cli::Pair {
    cli::Pair { month: Some(Some(month)), seed_of_basis: true, dry_run, format, ..cli::Pair::default() }
}

/// Shows a line for each stage; in a dry run, with what each would do. With `--quiet`, there is nothing to read if
/// nobody asked.
fn show(ctx: &Context<'_>, args: &cli::Run, lines: &[Line], status: u8) -> Result<()> {
    if ctx.global.quiet && !args.dry_run && args.format == Format::Table {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = lines.iter().map(|line| vec![line.stage.to_owned(), line.says.clone()]).collect();
    let plan = |line: &Line| serde_json::from_str::<Value>(&line.shown).ok().filter(|_| args.dry_run);
    let stages: Vec<Value> = lines
        .iter()
        .map(|line| json!({ "stage": line.stage, "status": line.status, "says": line.says, "plan": plan(line) }))
        .collect();
    let (mut out, width) = stdout();
    write_table(
        args.format,
        &["stage", "what"],
        &rows,
        &json!({ "status": status, "stages": stages }),
        width,
        &mut out,
    )?;
    let is_text = args.format.is_text();
    for line in lines.iter().filter(|line| args.dry_run && is_text && !line.shown.is_empty()) {
        let heading = if args.format == Format::Markdown { "## " } else { "" };
        write!(out, "\n{heading}{}\n\n{}", line.stage, line.shown)?;
    }
    Ok(out.flush()?)
}
