//! The organizer's login, in a file of its own that only its owner may read: written completely or not at all, and only
//! by the holder of its lock; refused unless it is ours and sound. Knows the file; knows no Webex, and no clock except
//! what the file says. The content of a broken file is never shown: it may be a token.

use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::files::durable;
use super::files::lock::{Holder, Lock, LockError};
use super::files::regular;
use crate::domain::local_time::is_plausible;

const FORMAT: &str = "roulette-tokens";
const VERSION: u32 = 1;

/// The organizer's login: whose it is, and its tokens.
#[derive(Clone, Debug)]
pub struct Login {
    /// The organizer's address.
    pub email: String,
    /// The organizer's name.
    pub name: String,
    /// The scopes that the organizer granted.
    pub scopes: Vec<String>,
    /// When the tokens were received.
    pub received: DateTime<Utc>,
    /// The access token, which is sent with each call.
    pub access: Token,
    /// The token for getting new tokens.
    pub refresh: Token,
}

/// A token with its lifetime.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token, as it is sent.
    pub secret: SecretString,
    /// When the token expires.
    pub expires: DateTime<Utc>,
}

/// The right to change the login.
#[derive(Debug)]
pub struct Locked {
    /// The path as the user wrote it.
    shown: PathBuf,
    /// The file itself, symbolic links followed.
    path: PathBuf,
    _lock: Lock,
}

/// Reads the login at `path`; none if there is no file.
///
/// # Errors
/// Says what is wrong with the file, which is left as it is.
pub fn read(path: &Path) -> Result<Option<Login>, TokensError> {
    let fault = |fault| TokensError { path: path.to_owned(), fault };
    match regular::read(path) {
        Ok(text) => parse(&text).map(Some).map_err(fault),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fault(Fault::Unreadable(error))),
    }
}

/// Whether anybody other than its owner may read the file.
pub fn is_exposed(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

/// Locks the login at `path`, and waits for another holder for up to `wait`.
///
/// # Errors
/// Says who holds the lock, or why there is none.
pub fn lock(path: &Path, holder: &Holder, wait: Duration) -> Result<Locked, TokensError> {
    let shown = path.to_owned();
    let lock = || {
        let path = durable::target(path).map_err(Fault::Unreadable)?;
        let lock = Lock::acquire(&durable::beside(&path, ".lock"), holder, wait).map_err(|error| match error {
            LockError::InUse(who) => Fault::InUse(who),
            LockError::Failed(error) => Fault::NotLocked(error),
        })?;
        Ok((path, lock))
    };
    match lock() {
        Ok((path, lock)) => Ok(Locked { shown, path, _lock: lock }),
        Err(fault) => Err(TokensError { path: shown, fault }),
    }
}

impl Locked {
    /// Reads the login as it is now.
    ///
    /// # Errors
    /// As [`read()`].
    pub fn read(&self) -> Result<Option<Login>, TokensError> {
        read(&self.path).map_err(|error| TokensError { path: self.shown.clone(), ..error })
    }

    /// Saves `login`, completely or not at all, readable by its owner only.
    ///
    /// # Errors
    /// Names the obstacle; the file is as it was.
    pub fn save(&self, login: &Login) -> Result<()> {
        durable::sweep(&self.path);
        durable::write(&self.path, |out| {
            serde_json::to_writer_pretty(&mut *out, &Wire::from(login))?;
            out.write_all(b"\n")
        })
    }

    /// Removes the login; false if there is none. Also removes what a killed run left of it.
    ///
    /// # Errors
    /// Names the obstacle.
    pub fn remove(&self) -> Result<bool> {
        durable::sweep(&self.path);
        match fs::remove_file(&self.path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(anyhow!("cannot remove {}: {error}", self.shown.display())),
        }
        File::open(durable::folder(&self.path)).and_then(|folder| folder.sync_all())?;
        Ok(true)
    }
}

/// The JSON in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    version: u32,
    email: String,
    name: String,
    scopes: Vec<String>,
    received: DateTime<Utc>,
    access_token: String,
    access_expires: DateTime<Utc>,
    refresh_token: String,
    refresh_expires: DateTime<Utc>,
}

impl From<&Login> for Wire {
    fn from(login: &Login) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            email: login.email.clone(),
            name: login.name.clone(),
            scopes: login.scopes.clone(),
            received: login.received,
            access_token: login.access.secret.expose_secret().to_owned(),
            access_expires: login.access.expires,
            refresh_token: login.refresh.secret.expose_secret().to_owned(),
            refresh_expires: login.refresh.expires,
        }
    }
}

/// What comes first in every version of the file.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

fn parse(text: &[u8]) -> Result<Login, Fault> {
    let head: Head = serde_json::from_slice(text).map_err(|error| {
        // An empty file is what some crashes leave; anything else that does not say it is ours is not ours.
        let ours = text.windows(FORMAT.len()).any(|it| it == FORMAT.as_bytes()) || text.trim_ascii().is_empty();
        if ours { Fault::Damaged(error.line()) } else { Fault::Foreign }
    })?;
    match head {
        Head { format, .. } if format != FORMAT => return Err(Fault::Foreign),
        Head { version, .. } if version > VERSION => return Err(Fault::Newer(version)),
        _ => {}
    }
    let wire: Wire = serde_json::from_slice(text).map_err(|error| Fault::Damaged(error.line()))?;
    if ![wire.received, wire.access_expires, wire.refresh_expires].iter().all(is_plausible) {
        return Err(Fault::Damaged(1));
    }
    Ok(Login {
        email: wire.email,
        name: wire.name,
        scopes: wire.scopes,
        received: wire.received,
        access: Token { secret: wire.access_token.into(), expires: wire.access_expires },
        refresh: Token { secret: wire.refresh_token.into(), expires: wire.refresh_expires },
    })
}

/// A login that cannot be used. Says what is wrong, where, and what to do next.
#[derive(Debug)]
pub struct TokensError {
    path: PathBuf,
    fault: Fault,
}

#[derive(Debug)]
enum Fault {
    InUse(String),
    NotLocked(io::Error),
    Unreadable(io::Error),
    /// The file is damaged at this line.
    Damaged(usize),
    Newer(u32),
    Foreign,
}

impl TokensError {
    /// Whether the file was ours and is of no use to anybody: a new login may replace it.
    pub fn is_damaged(&self) -> bool {
        matches!(self.fault, Fault::Damaged(_))
    }

    /// What is wrong, without what to do next.
    pub fn what(&self) -> String {
        let path = self.path.display();
        match &self.fault {
            Fault::InUse(who) => format!("the tokens {path} are in use by {who}"),
            Fault::NotLocked(error) if error.kind() == ErrorKind::NotFound => {
                format!("cannot lock the tokens {path}: the folder {} does not exist", {
                    durable::folder(&self.path).display()
                })
            }
            Fault::NotLocked(error) => format!("cannot lock the tokens {path} with {path}.lock: {error}"),
            Fault::Unreadable(error) => format!("cannot read the tokens {path}: {error}"),
            Fault::Damaged(line) => format!("the tokens {path} are damaged at line {line}"),
            Fault::Newer(version) => {
                format!("the tokens {path} are of version {version}; this roulette knows version {VERSION}")
            }
            Fault::Foreign => {
                format!("{path} does not hold tokens of roulette: it does not say \"format\": \"{FORMAT}\"")
            }
        }
    }
}

impl fmt::Display for TokensError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what())?;
        let hint = match self.fault {
            Fault::InUse(_) => "try again when it is done, or end it if it hangs",
            Fault::NotLocked(_) | Fault::Unreadable(_) => return Ok(()),
            Fault::Damaged(_) => "a new login takes their place",
            Fault::Newer(_) => "run the version of roulette that wrote them, or a later one",
            Fault::Foreign => "[webex] tokens in the config names the file for the login",
        };
        write!(f, "\nhint: {hint}")
    }
}

impl Error for TokensError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Login {
        let token = |secret: &str, expires: &str| Token { secret: secret.into(), expires: expires.parse().unwrap() };
        Login {
            email: "ada@example.com".to_owned(),
            name: "Ada".to_owned(),
            scopes: vec!["spark:kms".to_owned()],
            received: "2026-12-01T09:00:00Z".parse().unwrap(),
            access: token("hush-access", "2026-12-15T09:00:00Z"),
            refresh: token("hush-refresh", "2027-03-01T09:00:00Z"),
        }
    }

    fn locked(path: &Path) -> Locked {
        let holder = Holder::this_process("auth", "2026-12-02T09:00:00+02:00".parse().unwrap());
        lock(path, &holder, Duration::ZERO).unwrap()
    }

    #[test]
    fn without_a_file_nobody_is_logged_in() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(&folder.path().join("tokens.json")).unwrap().is_none());
    }

    #[test]
    fn a_login_is_read_as_it_was_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        locked(&path).save(&login()).unwrap();
        let read = locked(&path).read().unwrap().unwrap();
        assert_eq!(serde_json::to_string(&Wire::from(&read)).unwrap(), {
            serde_json::to_string(&Wire::from(&login())).unwrap()
        });
        assert!(fs::read_to_string(&path).unwrap().starts_with("{\n  \"format\": \"roulette-tokens\",\n"));
    }

    #[test]
    fn a_file_that_others_may_read_is_noticed_and_closed_by_the_next_save() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        locked(&path).save(&login()).unwrap();
        assert!(!is_exposed(&path));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(is_exposed(&path));
        locked(&path).save(&login()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_was_removed_is_gone_and_removing_it_again_is_no_fault() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        locked(&path).save(&login()).unwrap();
        assert!(locked(&path).remove().unwrap());
        assert!(!locked(&path).remove().unwrap());
        assert!(read(&path).unwrap().is_none());
    }

    #[test]
    fn no_debug_shows_a_token() {
        let shown = format!("{:?}", login());
        assert!(!shown.contains("hush"), "{shown}");
    }

    #[test]
    fn a_broken_file_is_refused_without_telling_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        locked(&path).save(&login()).unwrap();
        let good = fs::read_to_string(&path).unwrap();
        let said = |text: &str| {
            fs::write(&path, text).unwrap();
            let error = read(&path).unwrap_err();
            assert!(!format!("{error:?} {error}").contains("hush"));
            assert_eq!(error.is_damaged(), error.to_string().contains("damaged"));
            error.to_string().replace(path.to_str().unwrap(), "FILE")
        };
        let damaged = "the tokens FILE are damaged";
        let new = "\nhint: a new login takes their place";
        assert_eq!(said(""), format!("{damaged} at line 1{new}"));
        assert_eq!(said(&good[..good.len() - 10]), format!("{damaged} at line 13{new}"));
        assert_eq!(said(&good.replace("2026-12-15T09:00:00Z", "hush")), format!("{damaged} at line 11{new}"));
        assert_eq!(
            said(&good.replace("\"version\": 1", "\"version\": 2")),
            "the tokens FILE are of version 2; this roulette knows version 1\n\
            hint: run the version of roulette that wrote them, or a later one"
        );
        for foreign in ["hush", "{\"format\": \"roulette-state\", \"version\": 1}", "{\"a\": 1}", "[]"] {
            assert_eq!(
                said(foreign),
                "FILE does not hold tokens of roulette: it does not say \"format\": \"roulette-tokens\"\n\
                hint: [webex] tokens in the config names the file for the login"
            );
        }
    }
}
