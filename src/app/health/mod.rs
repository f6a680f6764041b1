//! The health of a programme, check by check: what `doctor` reports, and what `auth --status` says about Webex. Looks
//! at everything and changes nothing; each check says what it found and how to fix it.

mod at_webex;
mod files;
mod on_disk;
mod work;

use std::path::Path;

use anyhow::Error;

pub(crate) use at_webex::{Bot, bot, missing_scopes};

use super::context::Context;
use super::exit_status::status_and_hint;
use crate::store::config::Config;

/// The state of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// There is nothing to do.
    Ok,
    /// It works, but somebody should look at it.
    Warn,
    /// It does not work: somebody has to fix it.
    Fault,
}

impl Health {
    /// The word for it in the output and in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fault => "fault",
        }
    }
}

/// The result of one check.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) health: Health,
    pub(crate) says: String,
    /// The command or the setting that fixes it.
    pub(crate) fix: Option<String>,
    /// The exit status of a command that depends on it; 0 unless it is a fault.
    pub(crate) status: u8,
}

impl Check {
    fn ok(name: &'static str, says: impl Into<String>) -> Self {
        Self { name, health: Health::Ok, says: says.into(), fix: None, status: 0 }
    }

    fn warn(name: &'static str, says: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, health: Health::Warn, says: says.into(), fix: Some(fix.into()), status: 0 }
    }

    fn fault(name: &'static str, status: u8, says: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, health: Health::Fault, says: says.into(), fix: Some(fix.into()), status }
    }

    /// The check for the error with which a command would have ended.
    fn of_error(ctx: &Context<'_>, name: &'static str, error: &Error) -> Self {
        let (status, hint) = status_and_hint(ctx.config.as_ref(), error);
        let text = format!("{error:#}");
        let (says, own_hint) = text.split_once("\nhint: ").map_or((&*text, None), |(says, hint)| (says, Some(hint)));
        let says = says.replace('\n', "; ");
        let usual = match status {
            2 => "change what is named, and check again",
            _ => "make sure that Webex and the files can be reached from here, and check again",
        };
        let fix = hint.or_else(|| own_hint.map(str::to_owned)).or_else(|| Some(usual.to_owned()));
        Self { name, health: Health::Fault, says, fix, status }
    }

    /// A check that depends on another one that has a fault.
    fn not_looked(name: &'static str, first: &str) -> Self {
        Self::warn(name, "not checked", format!("see to {first} first"))
    }

    /// The check for something that works but makes a command print warnings on stderr: the first warning, and how many
    /// there are.
    fn of_warnings(name: &'static str, said: &[String], well: String, fix: &str) -> Self {
        let mut warnings = said.iter().filter_map(|text| text.strip_prefix("warning: "));
        let Some(first) = warnings.next() else { return Self::ok(name, well) };
        let more = match warnings.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let (says, hint) = first.split_once("\nhint: ").map_or((first, None), |(says, hint)| (says, Some(hint)));
        Self::warn(name, format!("{says}{more}"), hint.unwrap_or(fix))
    }
}

/// Checks everything, in the order in which one thing depends on another.
pub(crate) fn examine(ctx: &Context<'_>) -> Vec<Check> {
    let (path, config) = match ctx.config_path().and_then(|path| Ok((Config::load(&path)?, path))) {
        Ok((config, path)) => (path, config),
        Err(error) => return vec![Check::of_error(ctx, "config", &error)],
    };
    let mut checks = vec![on_disk::config(&config, &path)];
    checks.extend([on_disk::roster(ctx, &config), on_disk::cards(ctx, &config), on_disk::state(ctx, &config)]);
    checks.push(files::check(&config, Path::new(&path)));
    checks.push(on_disk::zones(ctx, &config));
    checks.extend(at_webex::checks(ctx, &config));
    checks.extend(work::checks(ctx, &config));
    checks
}
