//! Reports what went wrong on stderr, and determines the exit status for its kind. Knows the kinds of errors; knows no
//! command.

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::logging;
use crate::cli::Global;
use crate::domain::pairing::plan::Refusal;
use crate::show::text::{harmless, shell_word};
use crate::store::Faults;
use crate::webex;
use crate::webex::calls::Who;
use crate::webex::error::{Kind, NotKnown};

/// Reports what went wrong on stderr, and returns the exit status for its kind.
pub fn fail(global: &Global, error: &anyhow::Error) -> ExitCode {
    if let Some(AlreadyReported(status)) = error.downcast_ref::<AlreadyReported>() {
        return ExitCode::from(*status);
    }
    let (status, hint) = status_and_hint(global.config.first(), error);
    tell("error", error, hint.as_deref());
    ExitCode::from(status)
}

/// Reports what went wrong on stderr; the line begins with `what`.
pub(crate) fn tell(what: &str, error: &anyhow::Error, hint: Option<&str>) {
    // Files are always named: what has no name is what the command writes.
    let is_bare =
        error.downcast_ref::<std::io::Error>().is_some_and(|of_output| of_output.to_string() == error.to_string());
    let output = if is_bare { "cannot write the output: " } else { "" };
    let told = format!("{what}: {output}{error:#}");
    let told: Vec<String> = told.lines().map(|line| harmless(line).into_owned()).collect();
    let hint = hint.map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    logging::say(&format!("{}{hint}", told.join("\n")));
}

/// The exit status for the error's kind, and what to do about it in the programme of that config.
pub(crate) fn status_and_hint(config: Option<&PathBuf>, error: &anyhow::Error) -> (u8, Option<String>) {
    let refused = error.downcast_ref::<Refused>().map(|Refused(refusal)| refusal);
    let of_future = || error.downcast_ref::<FutureState>().map(|FutureState(refusal)| refusal);
    if let Some(refusal) = refused.or_else(of_future) {
        // What decides knows no config.
        let roulette = format!("roulette{} ", with_config(config));
        return (5, Some(refusal.hint.replace("roulette ", &roulette)));
    }
    if is_clock(error) {
        let hint = "correct the clock of this machine, and have it synchronized over the network; nothing was changed";
        return (5, Some(hint.to_owned()));
    }
    if let Some(who) = not_known(error) {
        let hint = match who {
            Who::Organizer => format!("log in with: roulette{} auth", with_config(config)),
            Who::Bot => "put the bot's token where webex.bot_token in the config says; you can make a new one at \
                https://developer.webex.com/my-apps"
                .to_owned(),
        };
        return (4, Some(hint));
    }
    if let Some(again) = later(error) {
        return (3, Some(again));
    }
    if let Some(partly) = error.downcast_ref::<Partly>() {
        return (3, Some(partly.hint.clone()));
    }
    let wrong = error.is::<Faults>() || error.is::<Usage>();
    (if wrong { 2 } else { 1 }, None)
}

/// Whether our clock differs from Webex's, or from the one by which the state was saved.
pub(crate) fn is_clock(error: &anyhow::Error) -> bool {
    let of_webex = |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<webex::error::Error>().cloned();
    error.is::<FutureState>() || error.chain().filter_map(of_webex).any(|error| error.kind == Kind::Clock)
}

/// Whether it is refused as unsafe, or because of a wrong clock: then the status is 5.
pub(crate) fn is_unsafe(error: &anyhow::Error) -> bool {
    error.is::<Refused>() || is_clock(error)
}

/// The end of a run that books, tells or answers but could not reach Webex: it is safe to run again.
pub(crate) fn left_for_later(error: anyhow::Error) -> anyhow::Error {
    let of_webex = error.chain().find_map(|cause| cause.downcast_ref::<webex::error::Error>());
    match of_webex.and_then(about_webex) {
        about @ Some(_) if !error.is::<Partly>() => {
            let hint = "run it again later: nothing is done twice".to_owned();
            Partly { what: format!("{error:#}"), hint, organizers_know: false, about }.into()
        }
        _ => error,
    }
}

/// The subject of an error that means that Webex cannot be asked: it is the same fault, whatever stage it occurred in.
pub(crate) fn about_webex(error: &webex::error::Error) -> Option<&'static str> {
    let is_webex =
        matches!(error.kind, Kind::NotDone | Kind::NotYet | Kind::Exhausted | Kind::InDoubt | Kind::TimedOut);
    is_webex.then_some(WEBEX)
}

/// When to come back, if Webex only asks to wait.
fn later(error: &anyhow::Error) -> Option<String> {
    match error.chain().find_map(|cause| cause.downcast_ref::<webex::error::Error>())?.kind {
        Kind::Busy(wait) => {
            let seconds = wait.max(SOONEST).as_secs();
            Some(format!("run it again in {seconds} s: nothing is done twice"))
        }
        _ => None,
    }
}

/// When Webex asks to wait, coming back sooner than this makes no sense.
const SOONEST: Duration = Duration::from_secs(60);

/// When to come back if Webex asks to wait this long.
pub(crate) fn come_back(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(wait.max(SOONEST)).unwrap_or(TimeDelta::days(1))
}

/// The account that Webex does not know, if that is what went wrong.
pub(crate) fn not_known(error: &anyhow::Error) -> Option<Who> {
    error.chain().find_map(|cause| {
        if let Some(unknown) = cause.downcast_ref::<NotKnown>() {
            return Some(unknown.who);
        }
        match cause.downcast_ref::<webex::error::Error>()?.kind {
            Kind::Login => Some(Who::Organizer),
            Kind::Bot => Some(Who::Bot),
            _ => None,
        }
    })
}

/// The option that commands in hints need: the config, if it was named.
pub(crate) fn with_config(config: Option<&PathBuf>) -> String {
    config.map_or(String::new(), |config| format!(" --config {}", shell_word(&config.to_string_lossy())))
}

/// A plan that is refused as unsafe.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) Refusal);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {}", self.0.why)
    }
}

impl std::error::Error for Refused {}

/// A state that was saved long after now: the clock was wrong then, or is wrong now.
#[derive(Debug)]
pub(crate) struct FutureState(pub(crate) Refusal);

impl fmt::Display for FutureState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {}", self.0.why)
    }
}

impl std::error::Error for FutureState {}

/// Something is left to do, and it is safe to run again.
#[derive(Clone, Debug)]
pub(crate) struct Partly {
    pub(crate) what: String,
    pub(crate) hint: String,
    /// Whether the organizers' space is told by other means.
    pub(crate) organizers_know: bool,
    /// The subject, if it is not the stage in which it occurred.
    pub(crate) about: Option<&'static str>,
}

/// The subject if Webex does not know somebody: that has been reported, and is no longer a fault.
pub(crate) const ADDRESSES: &str = "addresses";

/// The subject of a fault that prevents asking Webex.
const WEBEX: &str = "Webex";

impl fmt::Display for Partly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Partly {}

/// A run that ends with this status and has already reported everything.
#[derive(Debug)]
pub(crate) struct AlreadyReported(pub(crate) u8);

impl fmt::Display for AlreadyReported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the run ends with status {}", self.0)
    }
}

impl std::error::Error for AlreadyReported {}

/// Something on the command line that cannot be meant.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}
