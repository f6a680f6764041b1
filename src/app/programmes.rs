//! The other programmes that share a login or a bot with this one: what they have at Webex, and the right to book beside
//! them.
//! Reads their configs and states; changes none of them.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::context::Context;
use crate::domain::elsewhere::Elsewhere;
use crate::domain::roster::Roster;
use crate::store::config::Config;
use crate::store::config::secret::ExposeSecret;
use crate::store::files::durable;
use crate::store::files::lock::Lock;
use crate::store::programmes::Programmes;
use crate::store::state::file;

/// Another programme.
pub(crate) struct Other {
    pub(crate) path: PathBuf,
    pub(crate) config: Config,
}

/// The programmes that are known to share a login, or a listener, with this one, and of which the configs can be read.
pub(crate) fn others(ctx: &Context<'_>, config: &Config) -> Vec<Other> {
    let Ok(programmes) = Programmes::of(&config.webex.tokens) else { return Vec::new() };
    let mut known = vec![place(&config.programme.state)];
    let mut others = Vec::new();
    for path in programmes.configs() {
        if is_same(&path, ctx) {
            continue;
        }
        match Config::load(&path) {
            Ok(config) if known.contains(&place(&config.programme.state)) => {}
            Ok(config) => {
                known.push(place(&config.programme.state));
                others.push(Other { path, config });
            }
            Err(faults) => ctx.say(format_args!(
                "warning: another programme is not seen, nor its meetings: {}",
                faults.to_string().lines().next().unwrap_or_default()
            )),
        }
    }
    others
}

fn is_same(path: &Path, ctx: &Context<'_>) -> bool {
    ctx.config_path().and_then(|own| Ok(fs::canonicalize(own)?)).is_ok_and(|own| own == path)
}

/// A file, whichever way leads to it.
fn place(path: &Path) -> PathBuf {
    let target = durable::target(path).unwrap_or_else(|_| path.to_owned());
    let folder = fs::canonicalize(durable::folder(&target)).unwrap_or_default();
    folder.join(target.file_name().unwrap_or_default())
}

/// Of those, the ones that people reach by the same bot.
pub(crate) fn on_the_same_bot(ctx: &Context<'_>, config: &Config) -> Vec<Other> {
    let mut others = others(ctx, config);
    if others.is_empty() {
        return others;
    }
    let Ok(token) = config.webex.bot_token.read() else { return Vec::new() };
    let is_same = |other: &Config| {
        other.webex.base_url == config.webex.base_url
            && other.webex.bot_token.read().is_ok_and(|other| other.expose_secret() == token.expose_secret())
    };
    others.retain(|other| is_same(&other.config));
    others
}

/// What the others have at Webex.
pub(crate) fn elsewhere(ctx: &Context<'_>, config: &Config, others: &[Other], roster: &Roster) -> Elsewhere {
    let mut elsewhere = Elsewhere::default();
    for other in others {
        let is_same_organizer = place(&other.config.webex.tokens) == place(&config.webex.tokens);
        match file::read(&other.config.programme.state) {
            Ok(state) => elsewhere.add(&state, roster, is_same_organizer),
            Err(error) => ctx.say(format_args!(
                "warning: another programme's meetings are not seen: {}",
                error.to_string().lines().next().unwrap_or_default()
            )),
        }
    }
    elsewhere
}

/// Why these programmes cannot be reached by one bot, all of it.
pub(crate) fn cannot_be_together(all: &[(PathBuf, &Config)]) -> Vec<String> {
    let mut faults = Vec::new();
    let token = |config: &Config| config.webex.bot_token.read().ok().map(|token| token.expose_secret().to_owned());
    let name = |config: &Config| config.programme.name.trim().to_lowercase();
    for (number, (path, config)) in all.iter().enumerate() {
        for (before, first) in &all[..number] {
            let mut is_so = |is_so: bool, what: &str| {
                if is_so {
                    faults.push(format!("{}: {what} {}", path.display(), before.display()));
                }
            };
            let are_both =
                |config: &Config, first: &Config| place(&config.programme.state) == place(&first.programme.state);
            is_so(are_both(config, first), "[programme] state is the same as in");
            is_so(
                name(config) == name(first),
                "[programme] name is the same, and people could not tell it from that in",
            );
            if number > 1 && before != &all[0].0 {
                continue;
            }
            is_so(config.webex.base_url != first.webex.base_url, "[webex] base_url is another than in");
            is_so(token(config) != token(first), "[webex] bot_token is another bot's than in");
            let (own, other) = (&config.webhook.public_url, &first.webhook.public_url);
            is_so(own != other, "[webhook] public_url is another than in");
        }
    }
    faults
}

/// Keeps that the programmes of these configs share what they share: each is found from the login of each.
///
/// # Errors
/// It cannot be kept.
pub(crate) fn keep_together(ctx: &Context<'_>, all: &[(PathBuf, &Config)]) -> Result<()> {
    let paths: Vec<PathBuf> = all.iter().map(|(path, _)| path.clone()).collect();
    for (_, config) in all {
        let programmes = match Programmes::of(&config.webex.tokens) {
            // Who never logged in has booked nothing.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            programmes => programmes?,
        };
        programmes.add(&paths, &ctx.holder("the programmes"), ctx.wait())?;
    }
    Ok(())
}

/// The right to book beside the others: none of them does meanwhile.
///
/// # Errors
/// One of them has been at it for too long.
pub(crate) fn lock(ctx: &Context<'_>, command: &str, config: &Config, others: &[Other]) -> Result<Vec<Lock>> {
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let all = others.iter().map(|other| &other.config).chain([config]);
    // In one order, so that no two wait for each other.
    let files: BTreeSet<Programmes> = all.filter_map(|config| Programmes::of(&config.webex.tokens).ok()).collect();
    files.iter().map(|programmes| programmes.lock(&ctx.holder(command), ctx.wait())).collect()
}
