//! The inbox: webhook bodies that wait to be handled, one file each, in a folder beside the state. What is put here is
//! on the disk when [`Inbox::put`] returns. If several arrive at once, the disk is waited for only once: until they are
//! handled they are also kept together in one more file, a batch, from which they are restored if the power fails.
//! Knows only as much about a body as distinguishes two events; who may put one here, and what it means, is decided
//! elsewhere.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::files::durable;
use super::files::lock::{Holder, Lock, LockError};
use super::files::owner;
use super::files::regular;
use crate::domain::local_time::is_plausible;
use crate::hex;

/// The longest body, in bytes.
pub const LONGEST: usize = 64 << 10;
/// The most events that wait: a disk must not fill up while nobody looks.
pub const MOST: usize = 50_000;
/// After this time, the folder is checked again for waiting events.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How many events that cannot be handled are kept: the newest ones.
pub const MOST_FAILED: usize = 1_000;

/// The lock for writing: the same event twice is one file.
const WRITE_LOCK: &str = ".door";
/// The lock for handling: one process at a time handles the inbox.
const HANDLE_LOCK: &str = ".desk";
/// The folder for events that cannot be handled.
const FAILED: &str = "failed";
/// The beginning of the name of the file that says since when something that an event names is missing.
const MISSING: &str = ".missing-";
/// The beginning of the name of a batch: for each event, a line with the name of its own file, and a line with its
/// body.
const BATCH: &str = ".batch-";
/// Such as `20261201T090000.000000Z`: names sort by it.
const ARRIVAL: &str = "%Y%m%dT%H%M%S%.6fZ";
const SUFFIX: &str = ".json";

/// A folder of events that wait, each in a file of its own. It is made when the first event comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    folder: PathBuf,
}

/// A waiting event, by the name of its file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry(String);

impl Inbox {
    /// The inbox that belongs to the state at `state`.
    ///
    /// # Errors
    /// The path's symbolic links lead nowhere.
    pub fn of(state: &Path) -> Result<Self> {
        let target = durable::target(state).with_context(|| format!("cannot follow {}", state.display()))?;
        Ok(Self { folder: durable::beside(&target, ".inbox") })
    }

    /// Stores a body that arrived `now`, durably. `false`: the same event is already waiting.
    ///
    /// # Errors
    /// The body is too long, too many events are waiting, or the disk refuses it.
    pub fn put(&self, body: &[u8], now: DateTime<Utc>) -> Result<bool> {
        InboxWriter::new(self.clone()).put_all(&[(body, now)])?.pop().unwrap_or_else(|| Ok(false))
    }

    /// When an event last arrived or was removed; none if there is no folder. It may miss changes within a moment of
    /// each other.
    pub fn changed(&self) -> Option<SystemTime> {
        fs::metadata(&self.folder).and_then(|folder| folder.modified()).ok()
    }

    /// The waiting events, in order of arrival.
    ///
    /// # Errors
    /// The folder cannot be read; a missing folder is not an error.
    pub fn list(&self) -> Result<Vec<Entry>> {
        list(&self.folder)
    }

    /// Whether nothing is waiting, nor anything that must be restored from a batch.
    ///
    /// # Errors
    /// As [`Inbox::list`].
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.list()?.is_empty() && self.batches().is_empty())
    }

    /// The body of a waiting event, as it came; of a file that somebody else put here, only as much as proves that it
    /// is too long.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self, entry: &Entry) -> Result<Vec<u8>> {
        let path = self.folder.join(&entry.0);
        let mut body = Vec::new();
        let read = regular::open(&path).and_then(|file| file.take(LONGEST as u64 + 1).read_to_end(&mut body));
        read.with_context(|| format!("cannot read {}", path.display())).map(|_| body)
    }

    /// Forgets a handled event.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove(&self, entry: &Entry) -> Result<()> {
        let path = self.folder.join(&entry.0);
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        // If the disk forgets that it is gone, it is handled again: the state knows that it was handled.
        self.forget_missing(entry);
        Ok(())
    }

    /// Since when something that an event names is missing: since `now`, if this is the first time that anybody asks.
    ///
    /// # Errors
    /// The time cannot be saved.
    pub fn missing_since(&self, entry: &Entry, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        let path = self.missing(entry);
        let known = regular::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok()).filter(is_plausible);
        if let Some(since) = known {
            return Ok(since);
        }
        durable::write(&path, |out| write!(out, "{}", now.to_rfc3339()))?;
        Ok(now)
    }

    fn forget_missing(&self, entry: &Entry) {
        // What is left of it does no harm.
        let _ = fs::remove_file(self.missing(entry));
    }

    fn missing(&self, entry: &Entry) -> PathBuf {
        self.folder.join(format!("{MISSING}{}", entry.0.trim_end_matches(SUFFIX)))
    }

    /// The events that were set aside, in order of arrival.
    ///
    /// # Errors
    /// The folder cannot be read; a missing folder is not an error.
    pub fn failed(&self) -> Result<Vec<Entry>> {
        list(&self.failed_folder())
    }

    /// The folder of events that were set aside.
    pub fn failed_folder(&self) -> PathBuf {
        self.folder.join(FAILED)
    }

    /// Sets aside an event that can never be handled, for a person to look at; returns its file. If there are too many,
    /// the oldest are deleted.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn set_aside(&self, entry: &Entry) -> Result<PathBuf> {
        let failed = self.failed_folder();
        make(&failed)?;
        let (from, to) = (self.folder.join(&entry.0), failed.join(&entry.0));
        fs::rename(&from, &to).with_context(|| format!("cannot move {} to {}", from.display(), to.display()))?;
        thin_out(&failed, entry);
        self.forget_missing(entry);
        synced(&failed)?;
        synced(&self.folder)?;
        Ok(to)
    }

    /// The right to handle the inbox, which one process at a time has.
    ///
    /// # Errors
    /// Another process has had it for longer than `wait`.
    pub fn lock(&self, holder: &Holder, wait: Duration) -> Result<Lock, LockError> {
        self.make().map_err(|error| LockError::Failed(io::Error::other(format!("{error:#}"))))?;
        let lock = Lock::acquire(&self.folder.join(HANDLE_LOCK), holder, wait)?;
        self.sweep();
        self.restore().map_err(|error| LockError::Failed(io::Error::other(format!("{error:#}"))))?;
        Ok(lock)
    }

    /// Restores the events of batches that are missing: the power failed, or whoever handled them was killed.
    fn restore(&self) -> Result<()> {
        let _lock = self.write_lock()?;
        for batch in self.batches() {
            let text = batch.text();
            let lines = batch_lines(&text).filter(|(name, _)| !self.folder.join(name).exists());
            let lines: Vec<(String, &[u8])> = lines.map(|(name, body)| (name.to_owned(), body)).collect();
            durable::write_loosely(&self.folder, &lines)?;
        }
        Ok(())
    }

    /// The existing batches. Those whose events are handled are to be dropped.
    pub fn batches(&self) -> Vec<Batch> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let is_batch = |name: &str| name.starts_with(BATCH) && name.ends_with(SUFFIX);
        files.filter(|file| file.file_name().to_str().is_some_and(is_batch)).map(|file| Batch(file.path())).collect()
    }

    /// Drops these batches, except those of which nothing is handled yet. What is still waiting is then on the disk by
    /// itself.
    ///
    /// # Errors
    /// The disk refuses it.
    pub fn drop_handled(&self, batches: &[Batch]) -> Result<()> {
        if batches.is_empty() {
            return Ok(());
        }
        let files = |batch: &Batch| -> Vec<PathBuf> {
            batch_lines(&batch.text()).map(|(name, _)| self.folder.join(name)).collect()
        };
        let is_there = |path: &PathBuf| path.exists();
        // Not while some of it is still being put here.
        let lock = self.write_lock()?;
        let all = batches.iter().map(|batch| (batch, files(batch)));
        let handled: Vec<(&Batch, Vec<PathBuf>)> = all.filter(|(_, files)| !files.iter().all(is_there)).collect();
        drop(lock);
        for path in handled.iter().flat_map(|(_, files)| files).filter(|path| is_there(path)) {
            regular::open(path)
                .and_then(|file| file.sync_all())
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        if !handled.is_empty() {
            synced(&self.folder)?;
        }
        // A batch that cannot be removed is read again, and its events are known to be handled.
        handled.into_iter().for_each(|(batch, _)| drop(fs::remove_file(&batch.0)));
        Ok(())
    }

    /// The right to handle the inbox, if there is one. Whoever also locks the state locks the inbox first, as those do
    /// who handle events.
    ///
    /// # Errors
    /// Another process handles the inbox for longer than `wait`.
    pub fn hold(&self, holder: &Holder, wait: Duration) -> Result<Option<Lock>> {
        if !self.folder.exists() {
            return Ok(None);
        }
        let lock = self.lock(holder, wait).map_err(|error| match error {
            LockError::InUse(who) => anyhow!("the inbox is in use by {who}\nhint: try again when it is done"),
            LockError::Failed(error) => anyhow!(error).context("cannot lock the inbox"),
        })?;
        Ok(Some(lock))
    }

    /// Removes what belongs to somebody, waiting or set aside. Nobody else may handle the inbox meanwhile.
    ///
    /// # Errors
    /// A file cannot be read or removed.
    pub fn forget(&self, is_theirs: impl Fn(&[u8]) -> bool) -> Result<()> {
        if !self.folder.exists() {
            return Ok(());
        }
        for entry in self.list()? {
            if is_theirs(&self.read(&entry)?) {
                self.remove(&entry)?;
            }
        }
        self.drop_handled(&self.batches())?;
        let failed = Self { folder: self.failed_folder() };
        for entry in failed.list()? {
            if is_theirs(&failed.read(&entry)?) {
                failed.remove(&entry)?;
            }
        }
        Ok(())
    }

    /// Removes what killed runs left half written.
    fn sweep(&self) {
        let (Ok(_lock), Ok(files)) = (self.write_lock(), fs::read_dir(&self.folder)) else { return };
        for file in files.flatten() {
            let name = file.file_name();
            if name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(".tmp")) {
                // A file that cannot be removed does no harm.
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// Held only while one file is written, so nobody asks who holds it.
    fn write_lock(&self) -> Result<File> {
        let path = self.folder.join(WRITE_LOCK);
        let open = || -> io::Result<File> {
            let file = regular::open_own(&path)?;
            file.lock()?;
            Ok(file)
        };
        open().with_context(|| format!("cannot lock {}", path.display()))
    }

    fn make(&self) -> Result<()> {
        make(&self.folder)
    }
}

/// Waits until the names in a folder are on the disk.
fn synced(folder: &Path) -> Result<()> {
    sync(folder).with_context(|| format!("cannot write {}", folder.display()))
}

/// A file that holds several events until they are handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch(PathBuf);

impl Batch {
    /// Its content; nothing if it cannot be read.
    fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        // Written completely or not at all, and by nobody else.
        let read = regular::open(&self.0).and_then(|mut file| file.read_to_end(&mut text));
        if read.is_ok() { text } else { Vec::new() }
    }
}

/// JSON has line ends only between its parts, where spaces serve as well.
fn write_line(out: &mut durable::Out<'_>, name: &str, body: &[u8]) -> io::Result<()> {
    let line: Vec<u8> = body.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect();
    writeln!(out, "{name}").and_then(|()| out.write_all(&line)).and_then(|()| out.write_all(b"\n"))
}

/// The names and the bodies in a batch.
fn batch_lines(text: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    let mut lines = text.split(|byte| *byte == b'\n');
    std::iter::from_fn(move || Some((str::from_utf8(lines.next()?).ok()?, lines.next()?)))
        .filter(|(name, _)| is_entry(name) && !name.contains('/'))
}

/// Puts one event after another into an inbox, and checks only from time to time what others do with it.
#[derive(Debug)]
pub struct InboxWriter {
    inbox: Inbox,
    /// The events that were waiting when it looked, and those that it put since: some may be handled by now.
    known: HashSet<String>,
    looked: Option<Instant>,
}

impl InboxWriter {
    /// A writer for that inbox.
    pub fn new(inbox: Inbox) -> Self {
        Self { inbox, known: HashSet::new(), looked: None }
    }

    /// Stores bodies that arrived at about the same time, as [`Inbox::put`] does: the disk is waited for only once. An
    /// event that was put and handled a moment ago may still count as waiting.
    ///
    /// # Errors
    /// The disk refuses them.
    pub fn put_all(&mut self, bodies: &[(&[u8], DateTime<Utc>)]) -> Result<Vec<Result<bool>>> {
        let inbox = self.inbox.clone();
        inbox.make()?;
        let _lock = inbox.write_lock()?;
        let is_time = self.looked.is_none_or(|looked| looked.elapsed() >= LOOK_AGAIN);
        if is_time || self.known.len() + bodies.len() > MOST {
            self.known = inbox.list()?.iter().map(|entry| entry.digest().to_owned()).collect();
            self.looked = Some(Instant::now());
        }
        let (folder, mut new, mut names) = (inbox.folder.display(), Vec::new(), Vec::new());
        let mut kept = Vec::with_capacity(bodies.len());
        for (body, now) in bodies {
            let digest = digest(body);
            kept.push(if body.len() > LONGEST {
                Err(anyhow!(
                    "an event of {} bytes is longer than any real one: those have at most {LONGEST}",
                    body.len()
                ))
            } else if self.known.contains(&digest) || names.contains(&digest) {
                Ok(false)
            } else if self.known.len() + new.len() >= MOST {
                Err(anyhow!(
                    "{folder} is full: {MOST} events are waiting\nhint: handle them with: roulette handle-action"
                ))
            } else {
                new.push((format!("{}-{digest}{SUFFIX}", now.format(ARRIVAL)), *body));
                names.push(digest);
                Ok(true)
            });
        }
        match &new[..] {
            // Whoever stored what is already waiting may have been killed before the disk had its name.
            [] => synced(&inbox.folder)?,
            [(name, body)] => durable::write(&inbox.folder.join(name), |out| out.write_all(body))?,
            [(first, _), ..] => {
                let batch = inbox.folder.join(format!("{BATCH}{first}"));
                durable::write(&batch, |out| new.iter().try_for_each(|(name, body)| write_line(out, name, body)))?;
                durable::write_loosely(&inbox.folder, &new)?;
            }
        }
        self.known.extend(names);
        Ok(kept)
    }
}

impl Entry {
    /// When it arrived; none if somebody else named the file.
    pub fn arrival(&self) -> Option<DateTime<Utc>> {
        let (arrival, _) = self.0.split_once('-')?;
        Some(chrono::NaiveDateTime::parse_from_str(arrival, ARRIVAL).ok().filter(is_plausible)?.and_utc())
    }

    fn digest(&self) -> &str {
        let name = self.0.strip_suffix(SUFFIX).unwrap_or(&self.0);
        name.split_once('-').map_or(name, |(_, digest)| digest)
    }
}

/// The fields of a body that distinguish two events.
#[derive(Deserialize)]
struct Identity<'a> {
    #[serde(borrow)]
    resource: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    event: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
}

/// The hash of what identifies the event, or otherwise of the whole body, as 32 hexadecimal digits.
fn digest(body: &[u8]) -> String {
    let mut hash = Sha256::new();
    match serde_json::from_slice::<Identity<'_>>(body) {
        Ok(Identity { resource, event, data }) => {
            for part in [&resource, &event, &data.id] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part.as_bytes());
            }
        }
        Err(_) => hash.update(body),
    }
    hex::encode(&hash.finalize()[..16])
}

fn list(folder: &Path) -> Result<Vec<Entry>> {
    let unreadable = || format!("cannot read {}", folder.display());
    let files = match fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(unreadable),
    };
    let mut entries = Vec::new();
    for file in files {
        let name = file.with_context(unreadable)?.file_name();
        entries.extend(name.to_str().filter(|name| is_entry(name)).map(|name| Entry(name.to_owned())));
    }
    entries.sort_unstable();
    Ok(entries)
}

/// Deletes the oldest events that cannot be handled, but never `new`.
fn thin_out(failed: &Path, new: &Entry) {
    let Ok(entries) = list(failed) else { return };
    let too_many = entries.len().saturating_sub(MOST_FAILED);
    for entry in entries.iter().filter(|entry| *entry != new).take(too_many) {
        // A file that cannot be deleted does no harm yet.
        let _ = fs::remove_file(failed.join(&entry.0));
    }
}

fn is_entry(name: &str) -> bool {
    !name.starts_with('.') && name.ends_with(SUFFIX)
}

fn make(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let make = || match DirBuilder::new().mode(0o700).create(folder).and_then(|()| owner::give_folder(folder)) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync(durable::folder(folder)),
    };
    make().with_context(|| format!("cannot make the folder {}", folder.display()))
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use chrono::TimeDelta;

    use super::*;

    fn inbox() -> (tempfile::TempDir, Inbox) {
        let folder = tempfile::tempdir().unwrap();
        let inbox = Inbox::of(&folder.path().join("state.json")).unwrap();
        (folder, inbox)
    }

    fn now() -> DateTime<Utc> {
        "2026-12-01T09:00:00Z".parse().unwrap()
    }

    fn event(id: &str, more: &str) -> String {
        format!(r#"{{"resource":"messages","event":"created","data":{{"id":"{id}"}}{more}}}"#)
    }

    fn bodies(inbox: &Inbox) -> Vec<String> {
        inbox.list().unwrap().iter().map(|entry| String::from_utf8(inbox.read(entry).unwrap()).unwrap()).collect()
    }

    #[test]
    fn an_inbox_that_nothing_came_to_is_empty_and_makes_no_folder() {
        let (folder, inbox) = inbox();
        assert_eq!(inbox.list().unwrap(), []);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    /// Puts these events into the inbox together.
    fn put_together(inbox: &Inbox, first: i64, ids: &[&str]) {
        let events: Vec<String> = ids.iter().map(|id| event(id, "\n,\r\n \"more\": 1")).collect();
        let times = (first..).map(|second| now() + TimeDelta::seconds(second));
        let bodies: Vec<_> = events.iter().map(String::as_bytes).zip(times).collect();
        let kept = InboxWriter::new(inbox.clone()).put_all(&bodies).unwrap();
        assert!(kept.into_iter().all(|kept| kept.unwrap()));
    }

    fn ids(inbox: &Inbox) -> Vec<String> {
        bodies(inbox)
            .iter()
            .map(|body| serde_json::from_str::<serde_json::Value>(body).unwrap()["data"]["id"].to_string())
            .collect()
    }

    #[test]
    fn what_came_together_is_made_again_where_the_power_failed_and_forgotten_once_it_is_handled() {
        let (_folder, inbox) = inbox();
        let holder = Holder::this_process("test", now().fixed_offset());
        put_together(&inbox, 0, &["a", "b", "c"]);
        put_together(&inbox, 3, &["d", "e"]);
        let all = ["\"a\"", "\"b\"", "\"c\"", "\"d\"", "\"e\""];
        assert_eq!((ids(&inbox), inbox.batches().len()), (all.map(str::to_owned).to_vec(), 2));
        // The disk never had them by themselves.
        inbox.list().unwrap().iter().for_each(|entry| fs::remove_file(inbox.folder.join(&entry.0)).unwrap());
        assert!(inbox.list().unwrap().is_empty() && !inbox.is_empty().unwrap());
        let lock = inbox.lock(&holder, Duration::ZERO).unwrap();
        assert_eq!(ids(&inbox), all);
        let entries = inbox.list().unwrap();
        inbox.remove(&entries[0]).unwrap();
        let batches = inbox.batches();
        inbox.drop_handled(&batches).unwrap();
        assert_eq!((ids(&inbox), inbox.batches().len()), (all[1..].iter().map(|id| (*id).to_owned()).collect(), 1));
        drop(lock);
        let _lock = inbox.lock(&holder, Duration::ZERO).unwrap();
        assert_eq!(ids(&inbox), all[1..], "what is handled is not made again");
        inbox.list().unwrap().iter().for_each(|entry| inbox.remove(entry).unwrap());
        inbox.drop_handled(&inbox.batches()).unwrap();
        assert!(inbox.is_empty().unwrap());
    }

    #[test]
    fn one_that_puts_and_puts_sees_what_others_did_meanwhile() {
        let (_folder, inbox) = inbox();
        let mut writer = InboxWriter::new(inbox.clone());
        let mut put = |id: &str, looked: Instant| {
            // When it looked last, however long this test takes.
            writer.looked = writer.looked.map(|_| looked);
            writer.put_all(&[(event(id, "").as_bytes(), now())]).unwrap().remove(0).unwrap()
        };
        let (just_now, long_ago) = (Instant::now() + LOOK_AGAIN * 30, Instant::now() - LOOK_AGAIN);
        assert!(put("a", just_now) && !put("a", just_now) && put("b", just_now));
        inbox.list().unwrap().iter().for_each(|entry| inbox.remove(entry).unwrap());
        assert!(!put("a", just_now), "a moment later it is still taken for one that waits");
        assert!(put("a", long_ago));
    }

    #[test]
    fn events_wait_in_order_of_arrival_until_they_are_removed() {
        let (folder, inbox) = inbox();
        for (id, seconds) in [("b", 2), ("c", 3), ("a", 1)] {
            assert!(inbox.put(event(id, "").as_bytes(), now() + TimeDelta::seconds(seconds)).unwrap());
        }
        assert_eq!(bodies(&inbox), ["a", "b", "c"].map(|id| event(id, "")));
        let entries = inbox.list().unwrap();
        assert_eq!(entries[0].arrival(), Some(now() + TimeDelta::seconds(1)));
        inbox.remove(&entries[0]).unwrap();
        let aside = inbox.set_aside(&entries[1]).unwrap();
        assert_eq!(fs::read_to_string(aside).unwrap(), event("b", ""));
        assert_eq!(bodies(&inbox), [event("c", "")]);
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode("state.json.inbox"), mode("state.json.inbox/failed")], [0o700; 2]);
    }

    #[test]
    fn the_same_event_waits_once_however_it_is_written() {
        let (_folder, inbox) = inbox();
        assert!(inbox.put(event("a", "").as_bytes(), now()).unwrap());
        let later = now() + TimeDelta::minutes(1);
        assert!(!inbox.put(event("a", r#","orgId":"o""#).as_bytes(), later).unwrap());
        assert_eq!(bodies(&inbox), [event("a", "")]);
        for other in ["", "{}", "\u{feff}", &event("a\\u0000", ""), &event("a", "").replace("messages", "rooms")] {
            assert!(inbox.put(other.as_bytes(), later).unwrap(), "{other}");
            assert!(!inbox.put(other.as_bytes(), later).unwrap(), "{other}");
        }
    }

    #[test]
    fn of_the_same_event_at_the_same_time_one_is_kept() {
        let (_folder, inbox) = inbox();
        let new = thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| inbox.put(event("a", "").as_bytes(), Utc::now()).unwrap())).collect();
            threads.into_iter().filter_map(|it| it.join().unwrap().then_some(())).count()
        });
        assert_eq!((new, inbox.list().unwrap().len()), (1, 1));
    }

    #[test]
    fn what_is_too_long_or_too_much_is_refused() {
        let (_folder, inbox) = inbox();
        inbox.put(&vec![b'x'; LONGEST], now()).unwrap();
        assert!(inbox.put(&vec![b'x'; LONGEST + 1], now()).is_err());
        for number in 1..MOST {
            fs::write(inbox.folder.join(format!("20261201T090000.000000Z-{number}.json")), "").unwrap();
        }
        let error = inbox.put(event("a", "").as_bytes(), now()).unwrap_err().to_string();
        assert!(error.contains("is full: 50000 events are waiting\nhint: "), "{error}");
        assert!(!inbox.put(&vec![b'x'; LONGEST], now()).unwrap(), "what waits already needs no room");
    }

    #[test]
    fn of_what_cannot_be_handled_the_newest_thousand_are_kept() {
        let (_folder, inbox) = inbox();
        let failed = inbox.folder.join(FAILED);
        fs::create_dir_all(&failed).unwrap();
        for number in 0..MOST_FAILED + 5 {
            fs::write(failed.join(format!("20261201T080000.000000Z-{number:04}.json")), "").unwrap();
        }
        fs::write(failed.join("notes.txt"), "").unwrap();
        let left = |inbox: &Inbox, at| {
            inbox.put(event(&format!("{at}"), "").as_bytes(), at).unwrap();
            let aside = inbox.set_aside(&inbox.list().unwrap()[0]).unwrap();
            assert!(aside.exists(), "the one that was put there just now stays");
            list(&failed).unwrap()
        };
        let newest = left(&inbox, now());
        assert_eq!((newest.len(), &*newest[0].0), (MOST_FAILED, "20261201T080000.000000Z-0006.json"));
        let waited_long = left(&inbox, now() - TimeDelta::days(3));
        assert_eq!((waited_long.len(), &*waited_long[1].0), (MOST_FAILED, "20261201T080000.000000Z-0007.json"));
        assert!(failed.join("notes.txt").exists());
    }

    #[test]
    fn what_a_killed_run_left_half_written_is_no_event_and_is_swept() {
        let (_folder, inbox) = inbox();
        inbox.put(event("a", "").as_bytes(), now()).unwrap();
        let half = inbox.folder.join(".20261201T090000.000000Z-ab.json.a1B2c3.tmp");
        fs::write(&half, "{").unwrap();
        assert_eq!(inbox.list().unwrap().len(), 1);
        let holder = Holder::this_process("handle-action", now().fixed_offset());
        let held = inbox.lock(&holder, Duration::ZERO).unwrap();
        assert!(!half.exists());
        assert!(matches!(inbox.lock(&holder, Duration::ZERO), Err(LockError::InUse(_))));
        drop(held);
        assert_eq!(bodies(&inbox), [event("a", "")]);
    }
}
