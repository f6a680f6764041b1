//! The one door to the state: config, roster, rules and state are opened together, to look or to change.
//! Rules are made of the roster and of what people told the bot, so that no command can forget either.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use chrono::TimeDelta;

use super::context::Context;
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::pairing::explain;
use crate::domain::roster::Roster;
use crate::domain::rules::{Mismatch, Rules};
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Round, State};
use crate::parallel;
use crate::store::config::Config;
use crate::store::roster::csv;
use crate::store::state::file::{self, Locked};
use crate::store::{Fault, Faults};

/// What a command opens the state for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// Only to look: nothing is locked, and nothing can be saved.
    Look,
    /// To change it, by the command of this name: nobody else can meanwhile.
    Change(&'static str),
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
        let config = Config::load(&config_path)?;
        let roster = || csv::read(&config.programme.roster);
        let (roster, stored) = parallel::both(parallel::UNKNOWN, roster, || StoredState::open(ctx, &config, access));
        let (roster, stored) = (roster?, stored?);
        let (rules, mismatches) = Rules::new(&roster, &config.pairing, &config.meeting, &stored.state);
        let inputs = Inputs { config_path, config, roster, rules };
        inputs.check(&mismatches, ctx)?;
        ctx.detail("read config, roster and state");
        Ok(Self { inputs, stored })
    }

    /// Warns of people in rounds ahead who have left the roster since, or pause then.
    /// In those that were `drawn` just now, nobody is.
    pub(crate) fn warn_of_absent(&self, ctx: &Context<'_>, index: &PersonIndex, drawn: &[Round]) {
        let Inputs { config, rules, .. } = &self.inputs;
        let is_new = |date| drawn.iter().any(|round| round.date == date);
        let ahead = |date| is_ahead(&config.meeting, date, ctx.now) && !is_new(date);
        for absent in explain::absent(&self.stored.state, index, rules, ahead) {
            let explain::Absent { email, date, why } = absent;
            ctx.say(format_args!("warning: {email} is in the round of {date}, but {why}; --replace draws it again"));
        }
    }
}

impl StoredState {
    fn open(ctx: &Context<'_>, config: &Config, access: Access) -> Result<Self> {
        let path = &config.programme.state;
        let (locked, state) = match access {
            Access::Look => (None, file::read(path)?),
            Access::Change(command) => {
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

    fn check(&self, mismatches: &[Mismatch], ctx: &Context<'_>) -> Result<()> {
        let mut faults = Vec::new();
        for mismatch in mismatches {
            match mismatch {
                Mismatch::NoColumn(name) => {
                    let columns: Vec<&str> = self.roster.columns.iter().map(|column| &*column.name).collect();
                    let file = self.config.programme.roster.display();
                    let message = format!(
                        "“{name}” is not a column of {file} that can be named here; there are: {}",
                        columns.join(", ")
                    );
                    faults.push(Fault { line: None, column: Some("pairing.across".to_owned()), message });
                }
                Mismatch::NotOnRoster(email) => {
                    ctx.say(format_args!("warning: never_pair names {email}, who is not on the roster"));
                }
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Faults { file: self.config_path.clone(), faults, more: 0, hint: None }.into())
    }
}
