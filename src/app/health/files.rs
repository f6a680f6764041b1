//! The health of the program's files: whether those who may read and write them are the right ones. What root began,
//! a service's user must be able to go on with; what is secret is for one pair of eyes.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use super::Check;
use crate::store::config::Config;
use crate::store::config::secret::Place;
use crate::store::files::durable::{folder, target};

const NAME: &str = "files";

pub(super) fn check(config: &Config, path: &Path) -> Vec<Check> {
    let me = geteuid().as_raw();
    let mut checks = Vec::new();
    let (state, tokens) = (&config.programme.state, &config.webex.tokens);
    let kept: Vec<PathBuf> = [state, tokens].into_iter().flat_map(|file| family(file)).collect();
    checks.extend(foreign(&kept, me));
    for folder in folders([state, tokens]) {
        checks.extend(closed_folder(&folder, me));
    }
    let webex = [&config.webex.client_secret, &config.webex.bot_token, &config.webhook.secret];
    let secrets = webex.into_iter().filter_map(|secret| match &secret.place {
        Place::File(file) => Some(file.clone()),
        Place::Env(_) => None,
    });
    let exposed: Vec<PathBuf> = secrets.chain([tokens.clone()]).filter(|file| mode(file) & 0o077 != 0).collect();
    if !exposed.is_empty() {
        let says = format!("others than you may read {}", named(&exposed));
        checks.push(Check::fault(NAME, 1, says, format!("chmod 600 {}", typed(&exposed))));
    }
    let open: Vec<PathBuf> = [path, state].into_iter().filter(|file| mode(file) & 0o002 != 0).map(Into::into).collect();
    if !open.is_empty() {
        let says = format!("everybody on this machine may change {}", named(&open));
        checks.push(Check::fault(NAME, 1, says, format!("chmod o-w {}", typed(&open))));
    }
    if checks.is_empty() {
        checks.push(Check::ok(NAME, "only you can change them and read what is secret"));
    }
    checks
}

/// Files of somebody else: a fault for a user who cannot write them, and worth a look for root, who can.
fn foreign(kept: &[PathBuf], me: u32) -> Option<Check> {
    let owner = |file: &PathBuf| fs::metadata(file).ok().map(|file| file.uid()).filter(|owner| *owner != me);
    let foreign: Vec<PathBuf> = kept.iter().filter(|file| owner(file).is_some()).cloned().collect();
    let owner = foreign.first().and_then(owner)?;
    let says = format!("{} belong to {}, and this runs as {}", named(&foreign), user(owner), user(me));
    if me == 0 {
        let mend = format!("run roulette as {} only: what root writes, that user cannot change", user(owner));
        return Some(Check::warn(NAME, says, mend));
    }
    Some(Check::fault(NAME, 1, says, format!("sudo chown {me} {}", typed(&foreign))))
}

/// Files are replaced whole, for which the folder must be open to us.
fn closed_folder(folder: &Path, me: u32) -> Option<Check> {
    let Ok(there) = fs::metadata(folder) else {
        let says = format!("the folder {} does not exist", folder.display());
        return Some(Check::fault(NAME, 1, says, format!("mkdir -p {}", typed(&[folder.to_owned()]))));
    };
    let mode = there.permissions().mode();
    let is_mine = there.uid() == me && mode & 0o200 != 0;
    let is_open = me == 0 || is_mine || tempfile::tempfile_in(folder).is_ok();
    let says = format!("{} cannot write in the folder {}", user(me), folder.display());
    (!is_open).then(|| Check::fault(NAME, 1, says, format!("sudo chown {me} {}", typed(&[folder.to_owned()]))))
}

/// A file and all that is kept beside it under its name.
fn family(file: &Path) -> Vec<PathBuf> {
    let file = target(file).unwrap_or_else(|_| file.to_owned());
    let Some(name) = file.file_name().map(|name| name.to_string_lossy().into_owned()) else { return Vec::new() };
    let entries = fs::read_dir(folder(&file)).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = entries
        .filter(|entry| {
            let other = entry.file_name().to_string_lossy().into_owned();
            other == name || other.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'))
        })
        .map(|entry| entry.path())
        .collect();
    all.sort_unstable();
    all
}

fn folders<const N: usize>(files: [&PathBuf; N]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = files.map(|file| folder(file).to_owned()).into();
    folders.sort_unstable();
    folders.dedup();
    folders
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).map(|file| file.permissions().mode()).unwrap_or_default()
}

fn named(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// As a shell takes them.
fn typed(files: &[PathBuf]) -> String {
    let quoted = |file: &PathBuf| {
        let text = file.display().to_string();
        let is_plain = text.chars().all(|it| it.is_alphanumeric() || "/._-+".contains(it));
        if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
    };
    files.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// A user's name, as this machine knows it.
fn user(id: u32) -> String {
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let mut named = account.filter(|fields| fields.get(2).and_then(|it| it.parse().ok()) == Some(id));
    named.next().and_then(|fields| fields.first().map(|it| (*it).to_owned())).unwrap_or_else(|| format!("user {id}"))
}
