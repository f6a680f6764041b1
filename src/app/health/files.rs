//! The health of the program's files: whether the right users can read and write them. A service's user must be able to
//! continue what root began; secrets are for one user only.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use super::{Check, Health};
use crate::show::text::shell_word;
use crate::store::config::Config;
use crate::store::config::secret::Place;
use crate::store::files::durable::{folder, target};

const NAME: &str = "files";

/// Checks owners and permissions of the programme's files: all that is wrong goes into one line.
pub(super) fn check(config: &Config, path: &Path) -> Check {
    let me = geteuid().as_raw();
    let (state, tokens, roster) = (&config.programme.state, &config.webex.tokens, &config.programme.roster);
    let webex = [&config.webex.client_secret, &config.webex.bot_token, &config.webhook.secret];
    let secrets = webex.into_iter().filter_map(|secret| match &secret.place {
        Place::File(file) => Some(file.clone()),
        Place::Env(_) => None,
    });
    let secrets: Vec<PathBuf> = secrets.chain([tokens.clone()]).filter(|file| file.is_file()).collect();
    let mut all: Vec<PathBuf> = [state, tokens].into_iter().flat_map(|file| family(file)).collect();
    all.extend(secrets.iter().cloned());
    all.sort_unstable();
    all.dedup();
    let kept = folders([state, tokens]);

    let mut wrong: Vec<Check> = foreign(&all, me).into_iter().collect();
    wrong.extend(kept.iter().filter_map(|folder| closed_folder(folder, me)));
    let exposed: Vec<PathBuf> = secrets.into_iter().filter(|file| mode(file) & 0o077 != 0).collect();
    if !exposed.is_empty() {
        let says = format!("people other than you can read {}", named(&exposed));
        wrong.push(Check::fault(NAME, 1, says, format!("chmod 600 -- {}", typed(&exposed))));
    }
    let is_sticky = |file: &PathBuf| mode(file) & 0o1000 != 0;
    let open_files = [path, state, roster].into_iter().map(Path::to_owned);
    let open_folders = folders([state, tokens, path]).into_iter().filter(|folder| !is_sticky(folder));
    let open: Vec<PathBuf> = open_files.chain(open_folders).filter(|file| mode(file) & 0o002 != 0).collect();
    if !open.is_empty() {
        let says = format!("everybody on this machine can change {}", named(&open));
        wrong.push(Check::fault(NAME, 1, says, format!("chmod o-w -- {}", typed(&open))));
    }
    wrong
        .into_iter()
        .reduce(both)
        .unwrap_or_else(|| Check::ok(NAME, "only you can change them and read what is secret"))
}

fn folders<const N: usize>(files: [&Path; N]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = files.map(|file| folder(file).to_owned()).into();
    folders.sort_unstable();
    folders.dedup();
    folders
}

/// Merges two problems into one.
fn both(a: Check, b: Check) -> Check {
    let fixes: Vec<String> = [a.fix, b.fix].into_iter().flatten().collect();
    let health = if [a.health, b.health].contains(&Health::Fault) { Health::Fault } else { Health::Warn };
    Check {
        name: NAME,
        health,
        says: format!("{}; {}", a.says, b.says),
        fix: Some(fixes.join("\n")),
        status: a.status.max(b.status),
    }
}

/// Files that belong to somebody else: a fault for a user who cannot write them, and worth a look for root, who can.
fn foreign(files: &[PathBuf], me: u32) -> Option<Check> {
    let owner = |file: &PathBuf| fs::metadata(file).ok().map(|file| file.uid()).filter(|owner| *owner != me);
    let foreign: Vec<PathBuf> = files.iter().filter(|file| owner(file).is_some()).cloned().collect();
    let owner = foreign.first().and_then(owner)?;
    let belong = if foreign.len() == 1 { "belongs" } else { "belong" };
    let says = format!("{} {belong} to {}, but this runs as {}", named(&foreign), user(owner), user(me));
    if me == 0 {
        return Some(Check::warn(NAME, says, format!("run roulette as {}, who usually runs it", user(owner))));
    }
    Some(Check::fault(NAME, 1, says, format!("sudo chown {me} -- {}", typed(&foreign))))
}

/// Files are replaced completely, so we must be able to write to the folder.
fn closed_folder(folder: &Path, me: u32) -> Option<Check> {
    let place = typed(&[folder.to_owned()]);
    let Ok(there) = fs::metadata(folder) else {
        let says = format!("the folder {} does not exist", folder.display());
        return Some(Check::fault(NAME, 1, says, format!("mkdir -p -- {place}")));
    };
    if me == 0 || tempfile::tempfile_in(folder).is_ok() {
        return None;
    }
    let says = format!("{} cannot write in the folder {}", user(me), folder.display());
    let fix = if there.uid() == me { format!("chmod u+w -- {place}") } else { format!("sudo chown {me} -- {place}") };
    Some(Check::fault(NAME, 1, says, fix))
}

/// A file and everything that is kept beside it under its name.
fn family(file: &Path) -> Vec<PathBuf> {
    let file = target(file).unwrap_or_else(|_| file.to_owned());
    let Some(name) = file.file_name().map(|name| name.to_string_lossy().into_owned()) else { return Vec::new() };
    let entries = fs::read_dir(folder(&file)).into_iter().flatten().flatten();
    let is_ours = |entry: &fs::DirEntry| {
        let other = entry.file_name().to_string_lossy().into_owned();
        other == name || other.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'))
    };
    entries.filter(is_ours).map(|entry| entry.path()).collect()
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).map(|file| file.permissions().mode()).unwrap_or_default()
}

/// How many files are named in one line.
const SHOWN: usize = 4;

fn named(files: &[PathBuf]) -> String {
    let shown: Vec<String> = files.iter().take(SHOWN).map(|file| file.display().to_string()).collect();
    let more = files.len().saturating_sub(SHOWN);
    shown.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
}

/// The names as a shell takes them.
fn typed(files: &[PathBuf]) -> String {
    files.iter().map(|file| shell_word(&file.to_string_lossy()).into_owned()).collect::<Vec<_>>().join(" ")
}

/// A user's name, if this machine knows it.
fn user(id: u32) -> String {
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let mut named = account.filter(|fields| fields.get(2).and_then(|it| it.parse().ok()) == Some(id));
    named.next().and_then(|fields| fields.first().map(|it| (*it).to_owned())).unwrap_or_else(|| format!("user {id}"))
}
