//! A plan in a file of its own, to be looked at, passed on, and applied exactly or not at all. Knows the form: what the
//! plan is based on, a digest of its rounds, and the rounds in the form of the state's file.

use std::fmt;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::files::{durable, regular};
use super::state::json::{self, ParseError};
use crate::domain::calendar::Month;
use crate::domain::pairing::fingerprint::{Basis, of_plan};
use crate::domain::pairing::plan::Plan;
use crate::domain::state::State;

const VERSION: u64 = 1;

/// A plan and what it is based on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFile {
    /// The month for which it was drawn.
    pub month: Month,
    /// What it was drawn from.
    pub basis: Basis,
    /// The rounds that were drawn, and what else they change in the state.
    pub plan: Plan,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    format: String,
    version: u64,
    month: String,
    based_on: Basis,
    digest: String,
    promised_rounds: usize,
    replaced: Vec<chrono::NaiveDate>,
    #[serde(borrow)]
    draw: &'a RawValue,
}

/// Whether a file may be overwritten: it is a plan, or does not exist.
///
/// # Errors
/// Says that the file is something else.
pub fn may_replace(path: &Path) -> Result<()> {
    let is_plan = |text: &[u8]| {
        let head = String::from_utf8_lossy(&text[..text.len().min(80)]).replace(char::is_whitespace, "");
        head.starts_with("{\"format\":\"roulette-plan\"")
    };
    match regular::read(path) {
        Ok(text) if is_plan(&text) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        _ => bail!("{} exists and is not a plan, so it is not overwritten", path.display()),
    }
}

/// Saves a plan durably, readable by its owner only; `people` are those of the state and its newcomers.
///
/// # Errors
/// Names the obstacle.
pub fn save(path: &Path, file: &PlanFile, people: &[Box<str>]) -> Result<()> {
    let PlanFile { month, basis, plan } = file;
    let draw = State {
        people: people.to_vec(),
        rounds: plan.rounds.clone(),
        season: plan.season.clone(),
        roster_size: plan.roster_size,
        ..State::default()
    };
    let head = serde_json::json!({ "based_on": basis, "replaced": plan.replaced });
    durable::write(path, |out| {
        writeln!(out, "{{\n  \"format\": \"roulette-plan\",\n  \"version\": {VERSION},\n  \"month\": \"{month}\",")?;
        writeln!(out, "  \"based_on\": {},\n  \"replaced\": {},", head["based_on"], head["replaced"])?;
        writeln!(out, "  \"digest\": \"{}\",", of_plan(&month.to_string(), people, plan))?;
        writeln!(out, "  \"promised_rounds\": {},\n  \"draw\":", plan.promised)?;
        json::write(&draw, out)?;
        writeln!(out, "}}")
    })
}

/// Reads a plan for a state that has `people`.
///
/// # Errors
/// Says what is wrong with the file: it is damaged, newer, not a plan, or was changed by hand.
pub fn read(path: &Path, people: usize) -> Result<PlanFile> {
    let name = path.display();
    let text = regular::read(path).with_context(|| format!("cannot read the plan {name}"))?;
    let wire: Wire<'_> = serde_json::from_slice(&text).with_context(|| format!("{name} is not a plan of roulette"))?;
    if wire.format != "roulette-plan" {
        bail!("{name} is not a plan of roulette: its format is “{}”", wire.format);
    }
    if wire.version > VERSION {
        bail!("{name} was written by a newer roulette (version {} of the plan format)", wire.version);
    }
    let draw = json::parse(wire.draw.get().as_bytes()).map_err(|error| match error {
        ParseError::Broken(error) => anyhow!("{name} is damaged: {error}"),
        ParseError::Foreign | ParseError::Newer(_) => anyhow!("{name} holds no rounds that this roulette can read"),
    })?;
    let problems = draw.contradictions();
    let State { people: all, rounds, season, roster_size, .. } = draw;
    let newcomers = all.iter().skip(people).cloned().collect();
    let plan = Plan { newcomers, replaced: wire.replaced, rounds, season, promised: wire.promised_rounds, roster_size };
    if !problems.is_empty() || wire.digest != of_plan(&wire.month, &all, &plan) {
        bail!(Edited(path.to_owned()));
    }
    Ok(PlanFile { month: wire.month.parse().map_err(anyhow::Error::msg)?, basis: wire.based_on, plan })
}

/// A plan that was changed since it was drawn.
#[derive(Debug)]
pub struct Edited(PathBuf);

impl fmt::Display for Edited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was changed since it was drawn", self.0.display())
    }
}

impl std::error::Error for Edited {}
