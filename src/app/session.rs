//! The files that a command reads, and what follows from them.

use std::path::PathBuf;

use anyhow::Result;
use chrono::TimeDelta;

use super::context::Context;
use crate::domain::roster::Roster;
use crate::domain::rules::{Mismatch, Rules};
use crate::domain::state::State;
use crate::domain::state::people::People;
use crate::store::config::Config;
use crate::store::{Fault, Faults};

/// The files that a command reads, and the rules that follow from them.
pub(crate) struct Office {
    pub(crate) config_path: PathBuf,
    pub(crate) config: Config,
    pub(crate) roster: Roster,
    pub(crate) rules: Rules,
}

impl Office {
    /// How long a call that got no answer in time may still be under way.
    pub(crate) fn after_silence(&self) -> TimeDelta {
        TimeDelta::from_std(2 * self.config.webex.timeout).unwrap_or(TimeDelta::minutes(20))
    }

    /// Adds to the rules what people told the bot.
    pub(crate) fn respect(&mut self, state: &State) {
        if !state.choices.is_empty() {
            let people = People::new(state, &self.roster);
            self.rules.respect(&state.choices, |id| people.position(id));
        }
    }

    pub(crate) fn check(&self, mismatches: &[Mismatch], ctx: &Context<'_>) -> Result<()> {
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
