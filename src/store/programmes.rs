//! Which programmes have a login or a bot in common: their configs, in a file beside the login's; and one at a time of
//! those that book.
//! Knows paths; reads no config.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::files::lock::{Holder, Lock, LockError};
use super::files::{durable, regular};

const FORMAT: &str = "roulette-programmes";

/// The programmes of one login.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Programmes {
    file: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
struct Wire {
    format: String,
    configs: Vec<PathBuf>,
}

impl Programmes {
    /// Those of the login at `tokens`.
    ///
    /// # Errors
    /// Its symbolic links lead nowhere.
    pub fn of(tokens: &Path) -> io::Result<Self> {
        let target = durable::target(tokens)?;
        let folder = fs::canonicalize(durable::folder(&target))?;
        let name = target.file_name().unwrap_or_default();
        Ok(Self { file: durable::beside(&folder.join(name), ".programmes") })
    }

    /// Their configs, those that were there first before the others; none where nobody kept any, or the file cannot be
    /// read: it is written anew then.
    pub fn configs(&self) -> Vec<PathBuf> {
        let text = regular::read(&self.file).unwrap_or_default();
        let wire: Wire = serde_json::from_slice(&text).unwrap_or_default();
        let is_there = |config: &PathBuf| fs::symlink_metadata(config).is_ok();
        if wire.format == FORMAT { wire.configs.into_iter().filter(is_there).collect() } else { Vec::new() }
    }

    /// Keeps that these are some of them. Nothing is written where that is known.
    ///
    /// # Errors
    /// The file cannot be written, or another process is at it for longer than `wait`.
    pub fn add(&self, configs: &[PathBuf], holder: &Holder, wait: Duration) -> Result<()> {
        let configs: Vec<PathBuf> = configs.iter().map(fs::canonicalize).collect::<io::Result<_>>()?;
        let are_known = |known: &[PathBuf]| configs.iter().all(|config| known.contains(config));
        if are_known(&self.configs()) {
            return Ok(());
        }
        let _lock = self.lock(holder, wait)?;
        let mut known = self.configs();
        for config in configs {
            if !known.contains(&config) {
                known.push(config);
            }
        }
        let wire = Wire { format: FORMAT.to_owned(), configs: known };
        durable::sweep(&self.file);
        durable::write(&self.file, |out| Ok(serde_json::to_writer_pretty(&mut *out, &wire)?))
            .with_context(|| format!("cannot keep which programmes share {}", self.file.display()))
    }

    /// Keeps the other programmes from booking.
    ///
    /// # Errors
    /// Another has been at it for longer than `wait`.
    pub fn lock(&self, holder: &Holder, wait: Duration) -> Result<Lock> {
        let path = durable::beside(&self.file, ".lock");
        Lock::acquire(&path, holder, wait).map_err(|error| match error {
            LockError::InUse(who) => InUse(who).into(),
            LockError::Failed(error) => anyhow::Error::new(error).context(format!("cannot lock {}", path.display())),
        })
    }
}

/// Another programme is being booked.
#[derive(Clone, Debug)]
pub struct InUse(String);

impl fmt::Display for InUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "another programme of the same organizer or bot is in use by {}", self.0)?;
        f.write_str("hint: try again when it is done, or end it if it hangs")
    }
}

impl Error for InUse {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programmes_are_known_once_in_the_order_in_which_they_came_and_for_as_long_as_their_configs_are_there() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a.toml", "b.toml"].map(|name| fs::canonicalize(folder.path()).unwrap().join(name));
        [&a, &b].iter().for_each(|path| fs::write(path, "").unwrap());
        let programmes = Programmes::of(&folder.path().join("tokens.json")).unwrap();
        let holder = Holder::this_process("run", "2026-12-01T09:00:00+02:00".parse().unwrap());
        let add = |config: &PathBuf| programmes.add(std::slice::from_ref(config), &holder, Duration::ZERO);
        assert_eq!(programmes.configs(), [""; 0].map(PathBuf::from));
        [&b, &a, &b].into_iter().for_each(|config| add(config).unwrap());
        assert_eq!(programmes.configs(), [b.clone(), a.clone()]);
        fs::remove_file(&b).unwrap();
        assert_eq!(programmes.configs(), std::slice::from_ref(&a));
        let held = programmes.lock(&holder, Duration::ZERO).unwrap();
        let error = programmes.lock(&holder, Duration::ZERO).unwrap_err();
        assert!(error.is::<InUse>(), "{error:#}");
        // What is known need not be written.
        add(&a).unwrap();
        drop(held);
        fs::write(&programmes.file, "no JSON").unwrap();
        assert_eq!(programmes.configs(), [""; 0].map(PathBuf::from));
    }
}
