//! Which programmes share a login or a bot: their configs, in a file beside the login's; and a lock so that only one of
//! them books at a time. Knows paths; reads no config.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::files::lock::{Holder, Lock, LockError};
use super::files::{durable, regular};
use crate::hex;

const FORMAT: &str = "roulette-programmes";

/// The programmes of one login.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Programmes {
    file: PathBuf,
}

/// What is known about one of them without its config.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// The path of its config.
    pub config: PathBuf,
    /// The path of its state.
    pub state: PathBuf,
    /// The programme's name.
    pub name: String,
    /// The fingerprint of its bot's token, if it was known.
    pub bot: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
struct Wire {
    format: String,
    programmes: Vec<Known>,
}

impl Programmes {
    /// The programmes of the login at `tokens`.
    ///
    /// # Errors
    /// The path's symbolic links lead nowhere.
    pub fn of(tokens: &Path) -> io::Result<Self> {
        let target = durable::target(tokens)?;
        let folder = fs::canonicalize(durable::folder(&target))?;
        let name = target.file_name().unwrap_or_default();
        Ok(Self { file: durable::beside(&folder.join(name), ".programmes") })
    }

    /// The programmes, the oldest first; none if none were recorded or the file cannot be read: it is then written
    /// again. A programme whose config is gone is left out.
    pub fn all(&self) -> Vec<Known> {
        let text = regular::read(&self.file).unwrap_or_default();
        let wire: Wire = serde_json::from_slice(&text).unwrap_or_default();
        let is_there = |known: &Known| fs::symlink_metadata(&known.config).is_ok();
        if wire.format == FORMAT { wire.programmes.into_iter().filter(is_there).collect() } else { Vec::new() }
    }

    /// Records that these programmes belong to the login. Nothing is written if that is already known.
    ///
    /// # Errors
    /// The file cannot be written, or another process has held it for longer than `wait`.
    pub fn add(&self, programmes: &[Known], holder: &Holder, wait: Duration) -> Result<()> {
        let absolute = |known: &Known| -> io::Result<Known> {
            Ok(Known { config: fs::canonicalize(&known.config)?, state: place(&known.state), ..known.clone() })
        };
        let programmes: Vec<Known> = programmes.iter().map(absolute).collect::<io::Result<_>>()?;
        let are_known = |known: &[Known]| {
            programmes.iter().all(|one| known.iter().any(|it| it == one || (one.bot.is_none() && it.is_like(one))))
        };
        if are_known(&self.all()) {
            return Ok(());
        }
        let _lock = Lock::acquire(&durable::beside(&self.file, ".writing"), holder, wait).map_err(in_use)?;
        let mut known = self.all();
        for one in programmes {
            match known.iter_mut().find(|it| it.config == one.config) {
                // What is not known now was known before.
                Some(before) => *before = Known { bot: one.bot.clone().or(before.bot.take()), ..one },
                None => known.push(one),
            }
        }
        let wire = Wire { format: FORMAT.to_owned(), programmes: known };
        durable::sweep(&self.file);
        durable::write(&self.file, |out| Ok(serde_json::to_writer_pretty(&mut *out, &wire)?))
            .with_context(|| format!("cannot record in {} that this programme uses the login", self.file.display()))
    }

    /// Keeps the other programmes from booking.
    ///
    /// # Errors
    /// Another programme has been booking for longer than `wait`.
    pub fn lock(&self, holder: &Holder, wait: Duration) -> Result<Lock> {
        Lock::acquire(&durable::beside(&self.file, ".lock"), holder, wait).map_err(in_use)
    }

    /// Keeps others from handling events that may be for any of them.
    ///
    /// # Errors
    /// Another process has held the lock for longer than `wait`.
    pub fn lock_to_hear(&self, holder: &Holder, wait: Duration) -> Result<Lock> {
        Lock::acquire(&durable::beside(&self.file, ".heard"), holder, wait).map_err(in_use)
    }
}

impl Known {
    fn is_like(&self, other: &Self) -> bool {
        (&self.config, &self.state, &self.name) == (&other.config, &other.state, &other.name)
    }
}

fn in_use(error: LockError) -> anyhow::Error {
    match error {
        LockError::InUse(who) => InUse(who).into(),
        LockError::Failed(error) => {
            anyhow::Error::new(error).context("cannot lock the list of programmes that share the login")
        }
    }
}

/// A fingerprint that distinguishes tokens without revealing them.
pub fn fingerprint(token: &SecretString) -> String {
    hex::encode(&Sha256::digest(token.expose_secret())[..8])
}

/// The actual path of a file, whichever way leads to it.
pub fn place(path: &Path) -> PathBuf {
    let target = durable::target(path).unwrap_or_else(|_| path.to_owned());
    let folder = fs::canonicalize(durable::folder(&target)).unwrap_or_default();
    folder.join(target.file_name().unwrap_or_default())
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
        let known = |config: &PathBuf, bot: Option<&str>| Known {
            config: config.clone(),
            state: config.with_extension("json"),
            name: "Tea".to_owned(),
            bot: bot.map(str::to_owned),
        };
        let add = |config: &PathBuf, bot| programmes.add(&[known(config, bot)], &holder, Duration::ZERO);
        assert_eq!(programmes.all(), []);
        for (config, bot) in [(&b, Some("1")), (&a, None), (&b, None), (&a, Some("2"))] {
            add(config, bot).unwrap();
        }
        assert_eq!(programmes.all(), [known(&b, Some("1")), known(&a, Some("2"))]);
        fs::remove_file(&b).unwrap();
        assert_eq!(programmes.all(), [known(&a, Some("2"))]);
        let held = programmes.lock(&holder, Duration::ZERO).unwrap();
        let error = programmes.lock(&holder, Duration::ZERO).unwrap_err();
        assert!(error.is::<InUse>(), "{error:#}");
        // What is already known need not be written.
        add(&a, None).unwrap();
        drop(held);
        fs::write(&programmes.file, "no JSON").unwrap();
        assert_eq!(programmes.all(), []);
    }
}
