//! The only way to the state: config, roster, rules and state are opened together, to look or to change. Rules are made
//! from the roster and from what people told the bot, so that no command can forget either.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use chrono::{Months, NaiveDate, SubsecRound, TimeDelta};

use super::context::Context;
use super::exit_status::{FutureState, Partly};
use super::journal::Journal;
use super::programmes;
use super::roster_fault::{self, RosterFault};
use super::roster_warnings;
use crate::domain::elsewhere::Elsewhere;
use crate::domain::journal::{Did, Entry, of_replan};
use crate::domain::limits;
use crate::domain::pairing::plan::Refusal;
use crate::domain::pairing::replan::{Replan, ReplanInput, lost_ahead};
use crate::domain::roster::Roster;
use crate::domain::rules::{Mismatch, Rules};
use crate::domain::starters::Starters;
use crate::domain::state::addresses::{Readdressed, Suspect, still_open, suspects};
use crate::domain::state::forgetting::{KnownBy, is_shared};
use crate::domain::state::people::People;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Happened, State};
use crate::domain::text::{counted, rfc3339};
use crate::parallel;
use crate::store::config::Config;
use crate::store::files::lock::Lock;
use crate::store::journal;
use crate::store::roster::edit;
use crate::store::roster::last_good::{self, LastGood, Written};
use crate::store::roster::reading::Reading;
use crate::store::roster::warnings::Warnings;
use crate::store::state::file::{self, Locked};
use crate::store::{Fault, Faults};

/// No state was saved further in the future than this.
pub(crate) const MOST_AHEAD: TimeDelta = TimeDelta::weeks(1);

/// What a command opens the state for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// Only to look: nothing is locked, and nothing can be saved.
    Look,
    /// To change it, by the command with this name: nobody else can in the meantime.
    Change(&'static str),
    /// The same for a command that also writes to Webex: not while the clock is wrong.
    Act(&'static str),
    /// The same for a command that books: not while another programme that shares people or an organizer does.
    Book(&'static str),
    /// To change it, for one of many events: what is odd about the roster is reported at the first one.
    Event,
}

impl Access {
    /// This access, or only to look in a dry run.
    pub(crate) fn unless(self, dry_run: bool) -> Self {
        if dry_run { Self::Look } else { self }
    }

    fn command(self) -> Option<&'static str> {
        match self {
            Self::Look => None,
            Self::Change(command) | Self::Act(command) | Self::Book(command) => Some(command),
            Self::Event => Some("handle-action"),
        }
    }
}

/// Everything that a command works on.
pub(crate) struct Session {
    /// What the organizer provides.
    pub(crate) inputs: Inputs,
    /// What the programme remembers.
    pub(crate) stored: StoredState,
}

/// The files that a command only reads, and the rules that follow from them and from what people told the bot.
pub(crate) struct Inputs {
    pub(crate) config: Config,
    pub(crate) roster: Arc<Roster>,
    pub(crate) rules: Rules,
    /// The organizer's own conversation starters.
    pub(crate) starters: Starters,
    /// What is wrong with the roster's file, if the last good roster is used.
    pub(crate) roster_fault: Option<RosterFault>,
    /// The roster as a copy of it would be written, once anything is drawn.
    written: Option<Arc<Written>>,
    /// Who may have another address by now, if that was determined before newcomers joined the state.
    suspects: Option<Vec<Suspect>>,
}

/// The state, and the right to save it if it was opened to be changed.
pub(crate) struct StoredState {
    pub(crate) state: State,
    locked: Option<Locked>,
    /// What was done since it was last saved.
    pub(crate) journal: Journal,
    /// The right to book beside other programmes.
    beside: Vec<Lock>,
    /// Why nothing may be booked next to them, if so.
    cannot_book: Option<String>,
    /// Whether it differs from what was read: somebody's address changed, or the roster is fixed.
    pub(crate) changed: bool,
    /// Whether somebody was forgotten since it was last saved.
    has_forgotten: bool,
}

impl Session {
    /// Opens config, roster and state, and warns about what does not fit. If the roster has a fault, the last good one
    /// is used, if there is one: a fault in a file makes nobody wait, and nobody leave. What follows from the roster
    /// alone is saved at once.
    ///
    /// # Errors
    /// All faults of the first file that has any; the state is in use.
    pub(crate) fn open(ctx: &Context<'_>, access: Access) -> Result<Self> {
        let mut session = Self::open_with(ctx, access, FallBack::AlsoIfHalf)?;
        // The copy of the roster may be the only place that still knows the names of those who left.
        session.stored.save_if_changed()?;
        session.inputs.keep_as_last_good(ctx, &session.stored)?;
        Ok(session)
    }

    /// The same for a dry run of `run`, which looks at what [`Session::open`] would give it.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub(crate) fn open_to_pretend(ctx: &Context<'_>) -> Result<Self> {
        Self::open_with(ctx, Access::Look, FallBack::EvenToLook)
    }

    /// The same for something that may still be refused: nothing is saved before that is known.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub(crate) fn open_to_decide(ctx: &Context<'_>, access: Access) -> Result<Self> {
        Self::open_with(ctx, access, FallBack::IfAtFault)
    }

    /// The same for something that depends on the roster as it is: a fault in it is an error.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub(crate) fn open_sound(ctx: &Context<'_>, access: Access) -> Result<Self> {
        Self::open_with(ctx, access, FallBack::Never)
    }

    fn open_with(ctx: &Context<'_>, access: Access, falls_back: FallBack) -> Result<Self> {
        let config_path = ctx.config_path()?;
        let mut config = Config::load(&config_path)?;
        let starters = Starters::load(config.programme.starters.as_deref())?;
        let file = &config.programme.roster;
        let read = || ctx.rosters.read(file, config.roster_options());
        let (read, stored) = parallel::both(parallel::UNKNOWN, read, || StoredState::open(ctx, &config, access));
        let read = read.and_then(|reading| match no_column(&config_path, &config, &reading.roster) {
            Some(faults) => Err(faults),
            None => Ok(reading),
        });
        let mut stored = stored?;
        let half = read.as_ref().ok().filter(|_| falls_back.may_be_half(access));
        let half = half.and_then(|reading| half_read(ctx, &config, &reading.roster, &stored.state));
        let (reading, fault) = match (read, half) {
            (Ok(reading), None) => (reading, None),
            (Ok(reading), Some(faults)) => last_good_instead(&config_path, &config, faults, falls_back)
                .map_or((reading, None), |(kept, fault)| (kept, Some(fault))),
            (Err(faults), _) => match last_good_instead(&config_path, &config, faults, falls_back) {
                Ok((kept, fault)) => (kept, Some(fault)),
                Err(faults) => return Err(faults.into()),
            },
        };
        stored.check_stamp(ctx)?;
        if matches!(access, Access::Act(_) | Access::Book(_) | Access::Event) {
            ctx.check_clock(&config)?;
        }
        let Reading { roster, lines, mut warnings, .. } = reading;
        let moved = stored.follow_roster(ctx, &config, &roster);
        config.meeting = config.meeting.counted_from(stored.state.first_round());
        let written = (fault.is_none() && !stored.state.rounds.is_empty()).then(|| ctx.rosters.written(&roster));
        if let Some(written) = &written {
            stored.see_who_left(ctx, &config, &roster, (written, access));
        }
        let (rules, mismatches) = Rules::new(&roster, &config.pairing, &config.meeting, &stored.state);
        let managers = mismatches.iter().filter_map(|mismatch| match mismatch {
            Mismatch::Manager(unclear) => Some(unclear),
            Mismatch::NoColumn(_)
            | Mismatch::NotOnRoster(_)
            | Mismatch::NoHolidayColumn(_)
            | Mismatch::NobodyThere(..) => None,
        });
        roster_warnings::add_managers(&mut warnings, managers, &lines);
        let rules = rules.beside(stored.lock_other_programmes(ctx, access, (&config_path, &config), &roster)?, &roster);
        let inputs = Inputs { config, roster, rules, starters, roster_fault: fault, written, suspects: None };
        inputs.tell(ctx, &config_path, access, (&mismatches, &warnings, &moved));
        if inputs.roster_fault.is_none() {
            stored.changed |= roster_fault::clear_reported(&mut stored.state);
        }
        ctx.detail("read config, roster and state");
        Ok(Self { inputs, stored })
    }
}

/// The last good roster instead of one that has these faults.
///
/// # Errors
/// The same faults: there is none, or it is not to be used.
fn last_good_instead(
    config_path: &Path,
    config: &Config,
    faults: Faults,
    falls_back: FallBack,
) -> Result<(Reading, RosterFault), Faults> {
    let kept = (falls_back != FallBack::Never).then(|| last_good::read(&config.programme.state)).flatten();
    match kept.filter(|kept| no_column(config_path, config, &kept.roster).is_none()) {
        Some(LastGood { roster, since }) => {
            Ok((Reading { roster: Arc::new(roster), ..Reading::default() }, RosterFault { faults, since }))
        }
        None => Err(faults),
    }
}

/// Forgets people who left and whose last round was as long ago as the config says.
fn forget_long_gone(ctx: &Context<'_>, config: &Config, roster: &Roster, stored: &mut StoredState) {
    let state = &mut stored.state;
    let today = config.meeting.date_at(ctx.now);
    let months = config.programme.keep_months;
    let Some(before) = today.checked_sub_months(Months::new(months)).filter(|_| months > 0) else { return };
    if state.first_round().is_none_or(|first| first >= before) {
        return;
    }
    let gone = state.long_gone(&PersonIndex::new(roster, state), before);
    if gone.is_empty() {
        return;
    }
    let known_by: Vec<KnownBy> = gone
        .iter()
        .map(|person| {
            let (email, name) = (state.email(*person), state.name_of_who_left(*person));
            let name = Some(name).filter(|name| !is_shared(name, email, roster));
            let people = roster.employees.iter().map(|one| &one.email).chain(&state.people);
            KnownBy::new([Some(email), name].into_iter().flatten()).beside(people.map(|email| &**email))
        })
        .collect();
    for (person, known_by) in gone.iter().zip(&known_by) {
        state.forget_person(*person, known_by);
    }
    let entries = gone.iter().map(|person| Entry::new(ctx.now, Did::Forgotten).person(*person));
    stored.journal.note(entries.collect::<Vec<_>>());
    (stored.changed, stored.has_forgotten) = (true, true);
    let all = KnownBy::all(&known_by);
    let forgotten = journal::forget(&config.programme.state, &all, &gone);
    if let Err(error) = forgotten.and_then(|()| edit::forget_previous(&config.programme.roster, &all)) {
        ctx.say(format_args!("warning: {error:#}"));
    }
    let people = counted(gone.len(), "person", "people");
    let are = if gone.len() == 1 { "is" } else { "are" };
    ctx.say(format_args!("{people} who left {months} months ago or longer {are} forgotten (keep_months in [privacy])"));
}

/// When the last good roster is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FallBack {
    Never,
    /// If the roster has a fault.
    IfAtFault,
    /// Also if so many people are gone that it may be half of a file: people are answered and written to all the same.
    AlsoIfHalf,
    /// The same, though nothing is done.
    EvenToLook,
}

impl FallBack {
    /// Whether a roster that lacks many people counts as half of a file.
    fn may_be_half(self, access: Access) -> bool {
        match self {
            Self::Never | Self::IfAtFault => false,
            Self::AlsoIfHalf => !matches!(access, Access::Look),
            Self::EvenToLook => true,
        }
    }
}

/// Whether the roster has lost so many of the people in the rounds ahead that it may be half of a file.
fn half_read(ctx: &Context<'_>, config: &Config, roster: &Roster, state: &State) -> Option<Faults> {
    let loss = |state: &State| {
        let index = PersonIndex::new(roster, state);
        let (lost, of) = lost_ahead(state, &index, &config.meeting, ctx.now);
        limits::people_lost(lost, of)
    };
    // Somebody with a new address is not lost.
    let with_addresses = || {
        let mut state = state.clone();
        state.follow_addresses(roster, ctx.now);
        loss(&state)
    };
    let why = loss(state).and_then(|_| with_addresses())?;
    Some(Faults {
        file: config.programme.roster.clone(),
        faults: vec![Fault { line: None, column: None, message: why }],
        more: 0,
        hint: Some(format!("if so many really left, run: roulette{} pair --allow-smaller-roster", ctx.with_config())),
    })
}

/// Columns that the config names and the roster does not have.
fn no_column(config_path: &Path, config: &Config, roster: &Roster) -> Option<Faults> {
    let across = config.pairing.across.iter().map(|name| (name, "pairing.across"));
    let holidays = config.meeting.holidays.iter().map(|holidays| (&holidays.column, "meeting.holidays"));
    let missing = across.chain(holidays).filter(|(name, _)| roster.column(name).is_none());
    let fault = |(name, key): (&String, &str)| {
        let columns: Vec<&str> = roster.columns.iter().map(|column| &*column.name).collect();
        let file = config.programme.roster.display();
        let columns = columns.join(", ");
        let message = format!("“{name}” is not a column of {file} that can be named here; there are: {columns}");
        Fault { line: None, column: Some(key.to_owned()), message }
    };
    let faults: Vec<Fault> = missing.map(fault).collect();
    (!faults.is_empty()).then(|| Faults { file: config_path.to_owned(), faults, more: 0, hint: None })
}

impl Session {
    /// Brings the rounds ahead in line with today's roster, rules, wishes and config: in memory, saved with what
    /// follows.
    ///
    /// # Errors
    /// The roster has lost too many people, unless `anyway`: then no round is changed.
    pub(crate) fn bring_in_line(&mut self, ctx: &Context<'_>, anyway: bool) -> Result<Replan, Refusal> {
        let replan = self.replan(ctx);
        if !anyway {
            replan.check()?;
        }
        replan.apply(&mut self.stored.state);
        self.stored.journal.note(of_replan(&replan, ctx.now));
        ctx.detail("brought the rounds ahead in line");
        Ok(replan)
    }

    /// The same for a command that only looks: if the roster is not to be trusted, the rounds are shown as they were.
    pub(crate) fn look_in_line(&mut self, ctx: &Context<'_>) -> Replan {
        self.bring_in_line(ctx, false).unwrap_or_else(|refusal| {
            ctx.say(format_args!("warning: {}\nhint: {}", refusal.why, refusal.hint));
            Replan::default()
        })
    }

    /// The same after people told the bot something: the rules are made again.
    pub(crate) fn follow_choices(&mut self, ctx: &Context<'_>) -> Result<Replan, Refusal> {
        self.make_rules();
        self.bring_in_line(ctx, false)
    }

    /// Makes the rules again, after people's choices have changed.
    pub(crate) fn make_rules(&mut self) {
        let Inputs { config, roster, .. } = &self.inputs;
        let elsewhere = self.inputs.rules.elsewhere().clone();
        let rules = Rules::new(roster, &config.pairing, &config.meeting, &self.stored.state).0;
        self.inputs.rules = rules.beside(elsewhere, roster);
    }

    fn replan(&self, ctx: &Context<'_>) -> Replan {
        let Inputs { config, roster, rules, .. } = &self.inputs;
        let state = &self.stored.state;
        let index = &PersonIndex::new(roster, state);
        let (pairing, meeting) = (&config.pairing, &config.meeting);
        Replan::new(ReplanInput { state, roster, index, rules, pairing, meeting, now: ctx.now })
    }
}

impl Session {
    /// Warns about people who may be known under another address, with the line that says so.
    pub(crate) fn warn_of_suspects(&mut self, ctx: &Context<'_>) {
        let new = self.inputs.suspects(ctx, &self.stored.state);
        self.inputs.suspects = Some(new.clone());
        let Inputs { config, roster, .. } = &self.inputs;
        let mut all = last_good::suspects(&config.programme.state, self.inputs.today(ctx));
        all.extend(new);
        let all = still_open(all, roster);
        roster_warnings::tell_suspects(ctx, &config.programme.roster, &all);
    }

    /// Everybody in the state, with their names.
    pub(crate) fn people(&self) -> People<'_> {
        People::new(&self.stored.state, &self.inputs.roster)
    }
}

impl StoredState {
    fn open(ctx: &Context<'_>, config: &Config, access: Access) -> Result<Self> {
        let path = &config.programme.state;
        let (locked, state) = match access.command() {
            None => (None, file::read(path)?),
            Some(command) => {
                let (locked, state) = file::open_locked(path, &ctx.holder(command), ctx.wait())?;
                (Some(locked), state)
            }
        };
        let journal = Journal::of(path, &state, access.command().unwrap_or_default());
        Ok(Self { state, locked, journal, beside: Vec::new(), cannot_book: None, changed: false, has_forgotten: false })
    }

    /// Takes over the addresses by which the roster now knows people; returns who has another one.
    fn follow_roster(&mut self, ctx: &Context<'_>, config: &Config, roster: &Roster) -> Vec<Readdressed> {
        let moved = self.state.follow_addresses(roster, ctx.now);
        let today = config.meeting.date_at(ctx.now);
        moved.iter().for_each(|moved| self.state.record_news(today, moved.person, Happened::NewAddress));
        self.changed |= !moved.is_empty();
        moved
    }

    /// Keeps the names of those who left, and forgets who left long ago.
    fn see_who_left(
        &mut self,
        ctx: &Context<'_>,
        config: &Config,
        roster: &Roster,
        (written, access): (&Written, Access),
    ) {
        if !written.is_kept(&config.programme.state) {
            let before = last_good::read(&config.programme.state);
            self.changed |= self.state.name_who_left(roster, before.as_ref().map(|before| &before.roster));
        } else if !matches!(access, Access::Look) {
            // A roster that was read like this only once may be cut.
            forget_long_gone(ctx, config, roster, self);
        }
    }

    /// What other programmes that share people or an organizer with this one have at Webex; if this command books, none
    /// of them does so before it is done.
    fn lock_other_programmes(
        &mut self,
        ctx: &Context<'_>,
        access: Access,
        (path, config): (&Path, &Config),
        roster: &Roster,
    ) -> Result<Elsewhere> {
        let books = matches!(access, Access::Book(_) | Access::Event);
        // A programme that has drawn nothing, or never logged in, books nothing.
        let may_book = !self.state.rounds.is_empty() && config.webex.tokens.exists();
        if let Some(command) = access.command().filter(|_| may_book) {
            match programmes::keep_together(ctx, &[(path.to_owned(), config)]) {
                Ok(()) if books => {
                    self.beside = programmes::lock(ctx, command, matches!(access, Access::Book(_)), config)?;
                }
                Ok(()) => {}
                // A programme that shares nothing can do without.
                Err(error) if programmes::others(ctx, config).is_empty() => {
                    ctx.say(format_args!("warning: other programmes cannot learn about this one: {error:#}"));
                }
                Err(error) => return Err(error),
            }
        }
        let others = programmes::others(ctx, config);
        self.cannot_book = if books { programmes::cannot_book(config, &others) } else { None };
        Ok(programmes::elsewhere(ctx, config, &others, roster))
    }

    /// Whether the state can be from the past. A state that was saved long after now was saved by a wrong clock, or the
    /// clock is wrong now: a command that only looks reports it, one that changes is refused.
    fn check_stamp(&mut self, ctx: &Context<'_>) -> Result<()> {
        if let Some(saved) = self.state.saved.filter(|saved| *saved - ctx.now > MOST_AHEAD) {
            let why = format!("the state was saved at {}, but now it is only {}", rfc3339(saved), rfc3339(ctx.now));
            let hint = "correct the clock of this machine; if it is right, and was wrong when the state was saved, \
                look at what that run did, and go on with --trust-clock";
            match (&self.locked, ctx.global.trust_clock) {
                (None, _) => ctx.say(format_args!("warning: {why}\nhint: {hint}")),
                (Some(_), true) => ctx.say(format_args!("warning: {why}")),
                (Some(_), false) => return Err(FutureState(Refusal { why, hint: hint.to_owned() }).into()),
            }
        }
        if self.locked.is_some() {
            self.state.saved = Some(ctx.now.trunc_subsecs(0));
        }
        Ok(())
    }

    /// Checks whether anything may be booked next to other programmes.
    ///
    /// # Errors
    /// The reason why not: it is safe to run again.
    pub(crate) fn may_book(&self) -> Result<()> {
        let Some(why) = &self.cannot_book else { return Ok(()) };
        let hint =
            "fix that, and run it again; a programme that is over is forgotten once its config is deleted".to_owned();
        let what = format!("nothing is booked or moved: {why}");
        Err(Partly { what, hint, organizers_know: false, about: None }.into())
    }

    /// The right to save, if there is one.
    pub(crate) fn locked(&self) -> Option<&Locked> {
        self.locked.as_ref()
    }

    /// Saves what follows from the roster alone, if it may be saved.
    ///
    /// # Errors
    /// As [`Locked::save`].
    pub(crate) fn save_if_changed(&mut self) -> Result<()> {
        if !self.changed || self.locked.is_none() {
            return Ok(());
        }
        self.changed = false;
        self.save()
    }

    /// Saves the state, completely or not at all.
    ///
    /// # Errors
    /// As [`Locked::save`]; or the state was opened only to look.
    pub(crate) fn save(&mut self) -> Result<()> {
        let locked = self.locked.as_ref().ok_or_else(|| anyhow!("the state was opened read-only, and is not saved"))?;
        locked.save(&self.state)?;
        if std::mem::take(&mut self.has_forgotten) {
            // The version before this one still names them.
            locked.save(&self.state)?;
        }
        self.journal.write(&self.state);
        Ok(())
    }
}

impl Inputs {
    /// How long a call that got no answer in time may still be in progress.
    pub(crate) fn after_silence(&self) -> TimeDelta {
        TimeDelta::from_std(2 * self.config.webex.timeout).unwrap_or(TimeDelta::minutes(20))
    }

    /// Says what is odd about the config and the roster, who has another address, and what is wrong with the roster.
    fn tell(
        &self,
        ctx: &Context<'_>,
        config_path: &Path,
        access: Access,
        (mismatches, warnings, moved): (&[Mismatch], &Warnings, &[Readdressed]),
    ) {
        for warning in &self.config.warnings {
            ctx.say(format_args!("warning: {}", warning.in_file(config_path)));
        }
        for mismatch in mismatches {
            match mismatch {
                Mismatch::NobodyThere(column, value) => {
                    let file = self.config.programme.roster.display();
                    ctx.say(format_args!("warning: holidays names {value}, which nobody has as {column} in {file}"));
                }
                Mismatch::NotOnRoster(email) => {
                    ctx.say(format_args!("warning: never_pair names {email}, who is not on the roster"));
                }
                // A missing column was reported before.
                Mismatch::NoColumn(_) | Mismatch::NoHolidayColumn(_) | Mismatch::Manager(_) => {}
            }
        }
        let file = &self.config.programme.roster;
        match access {
            Access::Look | Access::Change(_) | Access::Act(_) | Access::Book(_) => {
                roster_warnings::tell(ctx, file, warnings);
            }
            Access::Event => roster_warnings::tell_once(ctx, file, warnings),
        }
        roster_warnings::tell_moved(ctx, moved);
        if let Some(fault) = &self.roster_fault {
            fault.tell(ctx, access);
        }
    }

    /// Who may have another address by now, judging by the differences from the last good roster.
    fn suspects(&self, ctx: &Context<'_>, state: &State) -> Vec<Suspect> {
        let before = last_good::read(&self.config.programme.state);
        before.map_or_else(Vec::new, |before| suspects(&before.roster, &self.roster, state, self.today(ctx)))
    }

    pub(crate) fn today(&self, ctx: &Context<'_>) -> NaiveDate {
        self.config.meeting.date_at(ctx.now)
    }

    /// Whether the roster, if it has no fault, is not yet stored as the last good one.
    pub(crate) fn is_new(&self) -> bool {
        self.written.as_ref().is_some_and(|written| !written.is_kept(&self.config.programme.state))
    }

    /// Stores a roster without a fault as the last good one, unless it has lost so many people that no round follows
    /// it; and with it who may have another address by now. Before the first draw there is nothing to fall back on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn keep_as_last_good(&self, ctx: &Context<'_>, stored: &StoredState) -> Result<()> {
        let state = &stored.state;
        if stored.locked.is_none() || self.roster_fault.is_some() || state.rounds.is_empty() {
            return Ok(());
        }
        let path = &self.config.programme.state;
        let read;
        let written = match &self.written {
            Some(written) => written,
            // The first draw is not saved yet when the roster is read.
            None => {
                read = ctx.rosters.written(&self.roster);
                &read
            }
        };
        if written.is_kept(path) || !self.is_whole(ctx, state) {
            return Ok(());
        }
        let mut suspects = last_good::suspects(path, self.today(ctx));
        suspects.extend(self.suspects.clone().unwrap_or_else(|| self.suspects(ctx, state)));
        written.keep(path, ctx.now, &suspects)
    }

    /// Whether the roster has not lost more people than plausible: of those in the rounds ahead, or otherwise of those
    /// at the last draw.
    fn is_whole(&self, ctx: &Context<'_>, state: &State) -> bool {
        let (lost, of) = lost_ahead(state, &PersonIndex::new(&self.roster, state), &self.config.meeting, ctx.now);
        let smaller = || limits::roster_loss(state.roster_size, self.roster.employees.len());
        let is_fewer = if of > 0 { limits::people_lost(lost, of) } else { smaller() };
        !self.roster.employees.is_empty() && is_fewer.is_none()
    }
}
