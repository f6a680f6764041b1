//! The other programmes that share a login or a bot with this one: what they have at Webex, and the right to book and
//! to handle events next to them. Reads their configs and states; changes none of them.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use super::context::Context;
use crate::domain::elsewhere::Elsewhere;
use crate::domain::roster::Roster;
use crate::domain::state::State;
use crate::store::config::Config;
use crate::store::files::lock::Lock;
use crate::store::programmes::{Known, Programmes, fingerprint, place};
use crate::store::roster::last_good;
use crate::store::state::file::{self, StateError};

/// How long a run that books waits for another programme that is booking: each meeting takes a moment.
const TO_BOOK: Duration = Duration::from_secs(120);

/// Another programme that shares a login or a listener with this one.
pub(crate) struct Other {
    pub(crate) known: Known,
    /// Its config, or why it cannot be read.
    pub(crate) config: Result<Config, String>,
}

impl Other {
    /// Its state, from the file that its config names, or named earlier.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn state(&self) -> Result<State, StateError> {
        file::read(self.state_path())
    }

    fn state_path(&self) -> &PathBuf {
        self.config.as_ref().map_or(&self.known.state, |config| &config.programme.state)
    }

    /// Whether whoever has one of these addresses may take part in it, as far as can be told without its config or its
    /// state: from whatever is left, the state or its copy of the roster.
    pub(crate) fn may_know(&self, emails: &[String]) -> bool {
        let (state, kept) = (self.state().ok(), last_good::read(self.state_path()));
        let is_known = |email: &String| {
            let email = email.to_lowercase();
            let in_state = state.as_ref().is_some_and(|state| state.emails().any(|(_, known)| *known == email));
            in_state || kept.as_ref().is_none_or(|kept| kept.roster.known_as(&email).is_some())
        };
        emails.iter().any(is_known)
    }
}

/// The fingerprint of a bot's token.
fn bot_of(config: &Config) -> Option<String> {
    config.webex.bot_token.read().ok().map(|token| fingerprint(&token))
}

/// The programmes that are known to share a login, or a listener, with this one.
pub(crate) fn others(ctx: &Context<'_>, config: &Config) -> Vec<Other> {
    let Ok(programmes) = Programmes::of(&config.webex.tokens) else { return Vec::new() };
    let all = programmes.all();
    if all.is_empty() {
        return Vec::new();
    }
    let own = ctx.config_path().ok().and_then(|own| fs::canonicalize(own).ok());
    let mut seen = vec![place(&config.programme.state)];
    let mut others = Vec::new();
    for known in all.into_iter().filter(|known| Some(&known.config) != own.as_ref()) {
        let config = Config::load(&known.config);
        let config = config.map_err(|faults| faults.to_string().lines().next().unwrap_or_default().to_owned());
        let other = Other { known, config };
        let state = place(other.state_path());
        if !seen.contains(&state) {
            seen.push(state);
            others.push(other);
        }
    }
    others
}

/// Among those, the ones that people reach through the same bot.
pub(crate) fn on_the_same_bot(ctx: &Context<'_>, config: &Config) -> Vec<Other> {
    let mut others = others(ctx, config);
    if others.is_empty() {
        return others;
    }
    let Some(own) = bot_of(config) else { return Vec::new() };
    others.retain(|other| {
        let same_root = other.config.as_ref().map_or(true, |other| other.webex.base_url == config.webex.base_url);
        let bot = other.config.as_ref().ok().and_then(bot_of).or_else(|| other.known.bot.clone());
        same_root && bot.as_deref() == Some(&*own)
    });
    others
}

/// What the others have at Webex, as far as it can be read.
pub(crate) fn elsewhere(ctx: &Context<'_>, config: &Config, others: &[Other], roster: &Roster) -> Elsewhere {
    let mut elsewhere = Elsewhere::default();
    let tokens = place(&config.webex.tokens);
    for other in others {
        // Without its config, it counts because it is in the list of this login.
        let is_same_organizer = other.config.as_ref().map_or(true, |other| place(&other.webex.tokens) == tokens);
        if let Err(why) = &other.config {
            ctx.say(format_args!("warning: another programme has a fault: {why}"));
        }
        match other.state() {
            Ok(state) => {
                let theirs = last_good::read(other.state_path()).map(|kept| kept.roster);
                elsewhere.add(&state, theirs.as_ref(), roster, is_same_organizer);
            }
            Err(error) => {
                elsewhere.is_partly_unseen = true;
                ctx.say(format_args!(
                    "warning: another programme's meetings cannot be seen: {}",
                    error.to_string().lines().next().unwrap_or_default()
                ));
            }
        }
    }
    elsewhere
}

/// Why nothing may be booked next to the others: their meetings cannot be seen, or they have the same name.
pub(crate) fn cannot_book(config: &Config, others: &[Other]) -> Option<String> {
    let name = |name: &str| name.trim().to_lowercase();
    others.iter().find_map(|other| {
        let known = other.config.as_ref().map_or(&other.known.name, |config| &config.programme.name);
        if name(known) == name(&config.programme.name) {
            let path = other.known.config.display();
            return Some(format!(
                "{path} is a programme with the same organizer and the same name, “{known}”, so their meetings \
                    could not be told apart"
            ));
        }
        let error = other.state().err()?;
        Some(format!("another programme's meetings cannot be seen: {error}"))
    })
}

/// All the reasons why these programmes cannot share one bot.
pub(crate) fn cannot_be_together(all: &[(PathBuf, &Config)]) -> Vec<String> {
    let mut faults = Vec::new();
    let name = |config: &Config| config.programme.name.trim().to_lowercase();
    for (number, (path, config)) in all.iter().enumerate() {
        for (before, first) in &all[..number] {
            let mut is_so = |is_so: bool, what: &str| {
                if is_so {
                    faults.push(format!("{}: {what} {}", path.display(), before.display()));
                }
            };
            let state = |config: &Config| place(&config.programme.state);
            is_so(state(config) == state(first), "[programme] state is the same as in");
            is_so(
                name(config) == name(first),
                "[programme] name is the same, so people could not tell it from the one in",
            );
            if number > 1 && before != &all[0].0 {
                continue;
            }
            is_so(config.webex.base_url != first.webex.base_url, "[webex] base_url is not the same as in");
            is_so(bot_of(config) != bot_of(first), "[webex] bot_token is not the same bot's as in");
            let (own, other) = (&config.webhook.public_url, &first.webhook.public_url);
            is_so(own != other, "[webhook] public_url is not the same as in");
        }
    }
    faults
}

/// Records that the programmes of these configs belong together: each can be found from the login of each.
///
/// # Errors
/// It cannot be saved.
pub(crate) fn keep_together(ctx: &Context<'_>, all: &[(PathBuf, &Config)]) -> Result<()> {
    let known: Vec<Known> = all
        .iter()
        .map(|(path, config)| Known {
            config: path.clone(),
            state: config.programme.state.clone(),
            name: config.programme.name.clone(),
            bot: bot_of(config),
        })
        .collect();
    for (_, config) in all {
        let programmes = match Programmes::of(&config.webex.tokens) {
            // A programme that never logged in has booked nothing.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            programmes => programmes?,
        };
        programmes.add(&known, &ctx.holder("the programmes"), ctx.wait())?;
    }
    Ok(())
}

/// The right to book next to the others: none of them books in the meantime, nor any that joins them.
///
/// # Errors
/// One of them has been booking for too long.
pub(crate) fn lock(ctx: &Context<'_>, command: &str, is_patient: bool, config: &Config) -> Result<Vec<Lock>> {
    let others = others(ctx, config);
    let wait = if is_patient { ctx.wait().max(TO_BOOK) } else { ctx.wait() };
    files(config, &others).iter().map(|programmes| programmes.lock(&ctx.holder(command), wait)).collect()
}

/// The right to handle events that may be for any of them.
///
/// # Errors
/// Another process has held it for too long.
pub(crate) fn lock_to_hear(ctx: &Context<'_>, config: &Config, others: &[Other]) -> Result<Vec<Lock>> {
    let holder = ctx.holder("handle-action");
    files(config, others).iter().map(|programmes| programmes.lock_to_hear(&holder, ctx.wait())).collect()
}

/// Always in the same order, so that no two wait for each other.
fn files(config: &Config, others: &[Other]) -> BTreeSet<Programmes> {
    let all = others.iter().filter_map(|other| other.config.as_ref().ok()).chain([config]);
    all.filter_map(|config| Programmes::of(&config.webex.tokens).ok()).collect()
}
