//! The rosters as they were last read by this process: a listener opens the same file for every few events, and a run
//! for every stage. Compares all bytes, so that a change is never missed, whatever the clock of the file system says.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use super::last_good::Written;
use super::mapping::{Mapping, Options};
use super::reading::{self, Attempt, Reading};
use crate::domain::roster::Roster;
use crate::parallel::lock;
use crate::store::faults::Faults;
use crate::store::files::regular;

/// A longer file is read again each time, instead of being kept in memory; in bytes. Some 50,000 people fit.
const LONGEST: u64 = 4 << 20;

/// What was read, by path.
#[derive(Debug, Default)]
pub struct RosterCache(Mutex<HashMap<PathBuf, Entry>>);

#[derive(Debug)]
struct Entry {
    content: Vec<u8>,
    columns: Mapping,
    across: Vec<String>,
    former_domains: Vec<[String; 2]>,
    reading: Reading,
    written: OnceLock<Arc<Written>>,
}

impl RosterCache {
    /// Reads the roster, or returns what was read before from the same bytes with the same options. Cost: linear in the
    /// file; comparing it is some hundred times as fast as reading it.
    ///
    /// # Errors
    /// All faults of the file, which are not kept.
    pub fn read(&self, path: &Path, options: Options<'_>) -> Result<Reading, Faults> {
        let (file, sheet) = reading::sheet_of(path);
        let is_short = std::fs::metadata(&file).is_ok_and(|file| file.len() <= LONGEST);
        let Some(content) = is_short.then(|| regular::read(&file).ok()).flatten() else {
            return reading::read(path, options);
        };
        if let Some(entry) = self.entries().get(path)
            && entry.content == content
            && entry.was_read_with(options)
        {
            return Ok(entry.reading.clone());
        }
        let reading = reading::parse(path, sheet.as_deref(), &*content, options);
        let reading = Attempt::into_result(reading)?;
        let entry = Entry {
            content,
            columns: options.columns.clone(),
            across: options.across.to_vec(),
            former_domains: options.former_domains.to_vec(),
            reading: reading.clone(),
            written: OnceLock::new(),
        };
        self.entries().insert(path.to_owned(), entry);
        Ok(reading)
    }

    /// The roster in the form of the last good copy: prepared once for a roster that was read here.
    pub fn written(&self, roster: &Arc<Roster>) -> Arc<Written> {
        let of = || Arc::new(Written::of(roster));
        let entries = self.entries();
        let entry = entries.values().find(|entry| Arc::ptr_eq(&entry.reading.roster, roster));
        entry.map_or_else(of, |entry| Arc::clone(entry.written.get_or_init(of)))
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Entry>> {
        lock(&self.0)
    }
}

impl Entry {
    fn was_read_with(&self, options: Options<'_>) -> bool {
        let Options { columns, across, former_domains } = options;
        self.columns == *columns && self.across == across && self.former_domains == former_domains
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const STAFF: &str = "email,name,department\na@x.org,Ann,Sales\nb@x.org,Bo,IT\n";

    fn read(cache: &RosterCache, path: &Path, across: &str, former: &[[String; 2]]) -> Result<Reading, Faults> {
        let across = [across.to_owned()];
        cache.read(path, Options { columns: &Mapping::default(), across: &across, former_domains: former })
    }

    #[test]
    fn the_same_bytes_are_read_once_and_any_change_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("staff.csv");
        fs::write(&path, STAFF).unwrap();
        let cache = RosterCache::default();
        let first = read(&cache, &path, "department", &[]).unwrap();
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let again = read(&cache, &path, "department", &[]).unwrap();
        assert!(Arc::ptr_eq(&first.roster, &again.roster));
        assert!(Arc::ptr_eq(&cache.written(&first.roster), &cache.written(&again.roster)));
        // As long as before, and of the same time.
        fs::write(&path, STAFF.replace("Bo,IT", "Cy,IT")).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        let changed = read(&cache, &path, "department", &[]).unwrap();
        assert_eq!(&*changed.roster.employees[1].name, "Cy");
        assert!(!cache.written(&changed.roster).is_same(&Written::of(&first.roster)));
        let with_domain = read(&cache, &path, "department", &[["old.org".to_owned(), "x.org".to_owned()]]).unwrap();
        assert!(!Arc::ptr_eq(&changed.roster, &with_domain.roster));
        // A fault is told each time, and what was good before does not hide it.
        fs::write(&path, format!("{STAFF}c,Cy,IT\n")).unwrap();
        for _ in 0..2 {
            read(&cache, &path, "department", &[]).unwrap_err();
        }
        fs::remove_file(&path).unwrap();
        read(&cache, &path, "department", &[]).unwrap_err();
    }
}
