//! One process at a time: an exclusive lock on a file that says who holds it. Knows nothing about what is guarded. Only
//! the lock counts, not the existence of the file: a killed process holds no lock.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};

use super::regular;
use crate::domain::text::rfc3339;

/// How the description of a holder, and a lock file, begin.
const OURS: &[u8] = b"process ";
const POLL: Duration = Duration::from_millis(50);

/// Who holds a lock, as described to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process id.
    pub process: u32,
    /// The subcommand, such as `pair`.
    pub command: String,
    /// When the command began.
    pub since: DateTime<FixedOffset>,
}

impl Holder {
    /// This process, which carries out `command` and began at `since`.
    pub fn this_process(command: &str, since: DateTime<FixedOffset>) -> Self {
        Self { process: std::process::id(), command: command.to_owned(), since }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { process, command, since } = self;
        let since = rfc3339(*since);
        write!(f, "process {process} (roulette {command}) since {since}")
    }
}

/// Why a lock was not obtained.
#[derive(Debug)]
pub enum LockError {
    /// Another process holds it; the text says which.
    InUse(String),
    /// The lock file cannot be made or locked.
    Failed(io::Error),
}

/// A lock that is held. It is released when dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Locks `path`, creating it if necessary, and waits for another holder for up to `wait`.
    ///
    /// # Errors
    /// Names the holder that did not release the lock in time.
    pub fn acquire(path: &Path, holder: &Holder, mut wait: Duration) -> Result<Self, LockError> {
        let mut file = regular::open_own(path).map_err(LockError::Failed)?;
        loop {
            match file.try_lock() {
                Ok(()) => {
                    let again = regular::open_own(path).map_err(LockError::Failed)?;
                    if same(&file, &again).map_err(LockError::Failed)? {
                        must_exclude(again.try_lock())?;
                        break;
                    }
                    // Somebody removed it in the meantime, and others would lock the new one.
                    file = again;
                }
                Err(TryLockError::Error(error)) => return Err(LockError::Failed(error)),
                Err(TryLockError::WouldBlock) if wait.is_zero() => return Err(LockError::InUse(read_holder(&file))),
                Err(TryLockError::WouldBlock) => {
                    let nap = wait.min(POLL);
                    thread::sleep(nap);
                    wait -= nap;
                }
            }
        }
        if !is_ours(&file) {
            return Err(LockError::Failed(io::Error::other("it holds something else, which is not overwritten")));
        }
        // A courtesy to others: a full disk must not stop a run that only frees space.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{holder}"));
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The next holder overwrites what remains.
        let _ = self.file.set_len(0);
    }
}

fn same(one: &File, other: &File) -> io::Result<bool> {
    let (one, other) = (one.metadata()?, other.metadata()?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

/// Tries to lock again what is locked: on some network shares two processes would hold the lock, and do everything
/// twice.
fn must_exclude(again: Result<(), TryLockError>) -> Result<(), LockError> {
    match again {
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(LockError::Failed(error)),
        Ok(()) => {
            let why = "locks do not work here, as on some network shares: put the file on a local disk";
            Err(LockError::Failed(io::Error::other(why)))
        }
    }
}

/// Whether the file contains a lock of ours, or nothing, or what a power cut leaves of it.
fn is_ours(file: &File) -> bool {
    let mut text = Vec::new();
    file.take(OURS.len() as u64).read_to_end(&mut text).is_ok() && (text == OURS || text.iter().all(|it| *it == 0))
}

/// The first line as plain text: it is printed to a terminal.
fn read_holder(file: &File) -> String {
    let mut text = Vec::new();
    let _ = file.take(200).read_to_end(&mut text);
    let text = String::from_utf8_lossy(&text);
    let line: String = text.lines().next().unwrap_or_default().chars().filter(|it| !it.is_control()).collect();
    if line.is_empty() { "another process".to_owned() } else { line }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Instant;

    use super::*;

    fn holder(command: &str) -> Holder {
        Holder { process: 1234, command: command.to_owned(), since: "2026-12-02T09:00:00+02:00".parse().unwrap() }
    }

    #[test]
    fn a_lock_that_nobody_holds_is_had_at_once_whatever_is_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json.lock");
        fs::write(&path, "process 1 (roulette schedule), killed long ago, with a longer line\n").unwrap();
        let _lock = Lock::acquire(&path, &holder("pair"), Duration::ZERO).unwrap();
        let said = fs::read_to_string(&path).unwrap();
        assert_eq!(said, "process 1234 (roulette pair) since 2026-12-02T09:00:00+02:00\n");
    }

    #[test]
    fn two_holders_exclude_each_other_and_the_second_learns_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json.lock");
        let first = Lock::acquire(&path, &holder("pair"), Duration::ZERO).unwrap();
        for wait in [Duration::ZERO, Duration::from_millis(1)] {
            let Err(LockError::InUse(who)) = Lock::acquire(&path, &holder("notify"), wait) else { panic!("both hold") };
            assert_eq!(who, "process 1234 (roulette pair) since 2026-12-02T09:00:00+02:00");
        }
        drop(first);
        Lock::acquire(&path, &holder("notify"), Duration::ZERO).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
    }

    /// Waits until this process has the file open so many times.
    fn until_opened(path: &Path, times: usize) {
        let path = path.canonicalize().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let is_it = |file: &fs::DirEntry| fs::read_link(file.path()).is_ok_and(|target| target == path);
        while fs::read_dir("/proc/self/fd").unwrap().flatten().filter(is_it).count() < times {
            assert!(Instant::now() < deadline, "it is never opened");
            thread::yield_now();
        }
    }

    #[test]
    fn one_who_waits_has_the_lock_when_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json.lock");
        let first = Lock::acquire(&path, &holder("pair"), Duration::ZERO).unwrap();
        thread::scope(|scope| {
            let second = scope.spawn(|| Lock::acquire(&path, &holder("notify"), Duration::from_secs(60)).is_ok());
            until_opened(&path, 2);
            drop(first);
            assert!(second.join().unwrap());
        });
    }

    #[test]
    fn a_lock_never_empties_what_it_does_not_own() {
        let folder = tempfile::tempdir().unwrap();
        let [path, other] = ["state.json.lock", "diary.txt"].map(|name| folder.path().join(name));
        fs::write(&other, "dear diary").unwrap();
        for lay in [std::os::unix::fs::symlink::<&Path, &Path>, |from, to| fs::hard_link(from, to)] {
            lay(&other, &path).unwrap();
            assert!(matches!(Lock::acquire(&path, &holder("pair"), Duration::ZERO), Err(LockError::Failed(_))));
            assert_eq!(fs::read_to_string(&other).unwrap(), "dear diary");
            fs::remove_file(&path).unwrap();
        }
        fs::write(&path, "\0\0\0").unwrap();
        Lock::acquire(&path, &holder("pair"), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_lock_that_two_can_hold_is_none() {
        assert!(must_exclude(Err(TryLockError::WouldBlock)).is_ok());
        let Err(LockError::Failed(why)) = must_exclude(Ok(())) else { panic!("it is taken for a lock") };
        assert!(why.to_string().starts_with("locks do not work here"), "{why}");
        assert!(must_exclude(Err(TryLockError::Error(io::ErrorKind::Unsupported.into()))).is_err());
    }

    #[test]
    fn a_lock_file_that_is_removed_while_one_waits_is_not_the_lock_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json.lock");
        let first = Lock::acquire(&path, &holder("pair"), Duration::ZERO).unwrap();
        thread::scope(|scope| {
            let second = scope.spawn(|| Lock::acquire(&path, &holder("notify"), Duration::from_secs(60)));
            until_opened(&path, 2);
            fs::remove_file(&path).unwrap();
            drop(first);
            let _second = second.join().unwrap().unwrap();
            assert!(matches!(Lock::acquire(&path, &holder("run"), Duration::ZERO), Err(LockError::InUse(_))));
        });
    }

    #[test]
    fn what_a_lock_file_says_cannot_play_tricks_on_a_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json.lock");
        let _first = Lock::acquire(&path, &holder("pair"), Duration::ZERO).unwrap();
        for (text, said) in [("", "another process"), ("\u{1b}[31mred\nmore", "[31mred"), ("\n", "another process")] {
            fs::write(&path, text).unwrap();
            let Err(LockError::InUse(who)) = Lock::acquire(&path, &holder("notify"), Duration::ZERO) else { panic!() };
            assert_eq!(who, said);
        }
    }
}
