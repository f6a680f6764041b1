//! The one door to the state: config, roster, rules and state are opened together, to look or to change.
//! Rules are made of the roster and of what people told the bot, so that no command can forget either.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use chrono::TimeDelta;

use super::context::Context;
use super::roster_warnings;
use crate::domain::pairing::plan::Refusal;
use crate::domain::pairing::replan::{Replan, World};
use crate::domain::roster::Roster;
use crate::domain::rules::{Mismatch, Rules};
use crate::domain::state::State;
use crate::domain::state::people::People;
use crate::domain::state::person_index::PersonIndex;
use crate::parallel;
use crate::store::config::Config;
use crate::store::roster::mapping::Options;
use crate::store::roster::reading::{self, Reading};
use crate::store::state::file::{self, Locked};
use crate::store::{Fault, Faults};

/// What a command opens the state for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// Only to look: nothing is locked, and nothing can be saved.
    Look,
    /// To change it, by the command of this name: nobody else can meanwhile.
    Change(&'static str),
    /// To change it, for one event of many: what is odd about the roster is told at the first.
    Event,
}

impl Access {
    /// To look in a dry run, else to change.
    pub(crate) fn unless(dry_run: bool, command: &'static str) -> Self {
        if dry_run { Self::Look } else { Self::Change(command) }
    }
}

/// Everything that a command works on.
pub(crate) struct Session {
    /// What the organizer gives.
    pub(crate) inputs: Inputs,
    /// What the programme remembers.
    pub(crate) stored: StoredState,
}

/// The files that a command only reads, and the rules that follow from them and from what people told the bot.
pub(crate) struct Inputs {
    config_path: PathBuf,
    pub(crate) config: Config,
    pub(crate) roster: Roster,
    pub(crate) rules: Rules,
}

/// The state, and the right to save it where it was opened to be changed.
pub(crate) struct StoredState {
    pub(crate) state: State,
    locked: Option<Locked>,
}

impl Session {
    /// Opens config, roster and state, and warns of what does not fit.
    ///
    /// # Errors
    /// All faults of the first file that has some; the state is in use.
    pub(crate) fn open(ctx: &Context<'_>, access: Access) -> Result<Self> {
        let config_path = ctx.config_path()?;
        let mut config = Config::load(&config_path)?;
        let options = Options { columns: &config.programme.columns, across: &config.pairing.across };
        let roster = || reading::read(&config.programme.roster, options);
        let (roster, stored) = parallel::both(parallel::UNKNOWN, roster, || StoredState::open(ctx, &config, access));
        let (Reading { roster, lines, mut warnings, .. }, stored) = (roster?, stored?);
        config.meeting = config.meeting.counted_from(stored.state.first_round());
        let (rules, mismatches) = Rules::new(&roster, &config.pairing, &config.meeting, &stored.state);
        for warning in &config.warnings {
            ctx.say(format_args!("warning: {}", warning.in_file(&config_path)));
        }
        let inputs = Inputs { config_path, config, roster, rules };
        inputs.check(&mismatches, ctx)?;
        let managers = mismatches.iter().filter_map(|mismatch| match mismatch {
            Mismatch::Manager(unclear) => Some(unclear),
            Mismatch::NoColumn(_)
            | Mismatch::NotOnRoster(_)
            | Mismatch::NoHolidayColumn(_)
            | Mismatch::NobodyThere(..) => None,
        });
        roster_warnings::add_managers(&mut warnings, managers, &lines);
        let file = &inputs.config.programme.roster;
        match access {
            Access::Look | Access::Change(_) => roster_warnings::tell(ctx, file, &warnings),
            Access::Event => roster_warnings::tell_once(ctx, file, &warnings),
        }
        ctx.detail("read config, roster and state");
        Ok(Self { inputs, stored })
    }
}

impl Session {
    /// Brings the rounds ahead in line with today's roster, rules, wishes and config: in memory, saved with what follows.
    ///
    /// # Errors
    /// The roster has lost too many people, unless `anyway`: then no round is changed.
    pub(crate) fn bring_in_line(&mut self, ctx: &Context<'_>, anyway: bool) -> Result<Replan, Refusal> {
        let replan = self.replan(ctx);
        if !anyway {
            replan.check()?;
        }
        replan.apply(&mut self.stored.state);
        ctx.detail("brought the rounds ahead in line");
        Ok(replan)
    }

    /// The same for a command that only looks: where the roster is not to be trusted, the rounds are shown as they were.
    pub(crate) fn look_in_line(&mut self, ctx: &Context<'_>) -> Replan {
        self.bring_in_line(ctx, false).unwrap_or_else(|refusal| {
            ctx.say(format_args!("warning: {}\nhint: {}", refusal.why, refusal.hint));
            Replan::default()
        })
    }

    /// The same after people told something to the bot: the rules are made anew.
    pub(crate) fn follow_choices(&mut self, ctx: &Context<'_>) -> Result<Replan, Refusal> {
        let Inputs { config, roster, .. } = &self.inputs;
        self.inputs.rules = Rules::new(roster, &config.pairing, &config.meeting, &self.stored.state).0;
        self.bring_in_line(ctx, false)
    }

    fn replan(&self, ctx: &Context<'_>) -> Replan {
        let Inputs { config, roster, rules, .. } = &self.inputs;
        let state = &self.stored.state;
        let index = &PersonIndex::new(roster, state);
        let (pairing, meeting) = (&config.pairing, &config.meeting);
        Replan::new(World { state, roster, index, rules, pairing, meeting, now: ctx.now })
    }
}

impl Session {
    /// Everybody in the state, with their names.
    pub(crate) fn people(&self) -> People<'_> {
        People::new(&self.stored.state, &self.inputs.roster)
    }
}

impl StoredState {
    fn open(ctx: &Context<'_>, config: &Config, access: Access) -> Result<Self> {
        let path = &config.programme.state;
        let (locked, state) = match access {
            Access::Look => (None, file::read(path)?),
            Access::Change(_) | Access::Event => {
                let command = if let Access::Change(command) = access { command } else { "handle-action" };
                let (locked, state) = file::open_locked(path, &ctx.holder(command), ctx.wait())?;
                (Some(locked), state)
            }
        };
        Ok(Self { state, locked })
    }

    /// The right to save, where there is one.
    pub(crate) fn locked(&self) -> Option<&Locked> {
        self.locked.as_ref()
    }

    /// Saves the state, whole or not at all.
    ///
    /// # Errors
    /// As [`Locked::save`]; or the state was opened only to look.
    pub(crate) fn save(&self) -> Result<()> {
        let locked =
            self.locked.as_ref().ok_or_else(|| anyhow!("the state was opened only to look, and is not saved"))?;
        locked.save(&self.state)
    }
}

impl Inputs {
    /// How long a call that got no answer in time may still be under way.
    pub(crate) fn after_silence(&self) -> TimeDelta {
        TimeDelta::from_std(2 * self.config.webex.timeout).unwrap_or(TimeDelta::minutes(20))
    }

    fn no_column(&self, name: &str) -> String {
        let columns: Vec<&str> = self.roster.columns.iter().map(|column| &*column.name).collect();
        let file = self.config.programme.roster.display();
        format!("“{name}” is not a column of {file} that can be named here; there are: {}", columns.join(", "))
    }

    fn check(&self, mismatches: &[Mismatch], ctx: &Context<'_>) -> Result<()> {
        let mut faults = Vec::new();
        for mismatch in mismatches {
            match mismatch {
                Mismatch::NoColumn(name) => {
                    let message = self.no_column(name);
                    faults.push(Fault { line: None, column: Some("pairing.across".to_owned()), message });
                }
                Mismatch::NoHolidayColumn(name) => {
                    let message = self.no_column(name);
                    faults.push(Fault { line: None, column: Some("meeting.holidays".to_owned()), message });
                }
                Mismatch::NobodyThere(column, value) => {
                    let file = self.config.programme.roster.display();
                    ctx.say(format_args!("warning: holidays names {value}, which nobody has as {column} in {file}"));
                }
                Mismatch::NotOnRoster(email) => {
                    ctx.say(format_args!("warning: never_pair names {email}, who is not on the roster"));
                }
                Mismatch::Manager(_) => {}
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Faults { file: self.config_path.clone(), faults, more: 0, hint: None }.into())
    }
}
