//! The rules of time zones: the built-in ones, or those of zone files (RFC 9636) from a later release or in a folder
//! that the config names. Reads each file once per run; knows what is built in, and nothing about who lives where.

mod names;
mod windows;

use std::collections::HashMap;
use std::env;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use chrono_tz::{IANA_TZDB_VERSION, TZ_VARIANTS, Tz};
use jiff::tz::TimeZone as Rules;

use super::files::regular;
use crate::domain::zone::Zone;
use crate::parallel::lock;

pub(in crate::store) use names::{doubt, named, why_not};

/// Where systems keep their zone files, unless `TZDIR` says otherwise.
const SYSTEM: &str = "/usr/share/zoneinfo";

/// The rules that are used in this run.
static CURRENT: Mutex<Option<Zones>> = Mutex::new(None);

/// Where rules come from, and what is known about them so far.
struct Zones {
    /// The folder that the config names.
    folder: Option<Folder>,
    /// The system's folder, if its release is later than the built-in one.
    system: Option<Folder>,
    known: HashMap<Tz, Zone>,
}

/// A folder of zone files.
struct Folder {
    path: PathBuf,
    /// The release, such as “2026a”, if the folder says so.
    release: Option<String>,
}

/// Which rules are used, for people to read: “2026a (/usr/share/zoneinfo)”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The release, such as “2026a”; “unknown” if a folder does not say it.
    pub release: String,
    /// A folder, or “compiled in”.
    pub from: String,
    /// The same for the zones for which the folder has no file.
    pub others: Option<Box<Release>>,
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.release, self.from)?;
        self.others.as_ref().map_or(Ok(()), |others| write!(f, ", others {others}"))
    }
}

/// The zone with the rules that are used.
pub fn zone(name: Tz) -> Zone {
    current().get_or_insert_with(|| Zones::open(None)).zone(name)
}

/// Which rules are used in this run.
pub fn release() -> Release {
    current().get_or_insert_with(|| Zones::open(None)).release()
}

/// Uses the files of this folder from now on, or with `None` only the system's.
///
/// # Errors
/// It is not a folder, has no zone file, or has files that cannot be used: each in a sentence.
pub(super) fn use_folder(folder: Option<&Path>) -> Result<(), Vec<String>> {
    let mut current = current();
    if current.as_ref().is_some_and(|zones| zones.folder.as_ref().map(|it| it.path.as_path()) == folder) {
        return Ok(());
    }
    let mut zones = Zones::open(folder);
    if let Some(folder) = folder {
        zones.check(folder)?;
    }
    *current = Some(zones);
    Ok(())
}

fn current() -> MutexGuard<'static, Option<Zones>> {
    lock(&CURRENT)
}

impl Zones {
    fn open(folder: Option<&Path>) -> Self {
        let system = env::var_os("TZDIR").filter(|it| !it.is_empty()).map_or_else(|| SYSTEM.into(), PathBuf::from);
        let system = Folder::open(system);
        let later = system.release.as_deref().is_some_and(|it| age(it) > age(IANA_TZDB_VERSION));
        let folder = folder.map(|path| Folder::open(path.to_owned()));
        Self { folder, system: later.then_some(system), known: HashMap::new() }
    }

    fn zone(&mut self, name: Tz) -> Zone {
        if let Some(zone) = self.known.get(&name) {
            return *zone;
        }
        let by_files = [&self.folder, &self.system].into_iter().flatten().find_map(|folder| folder.rules(name.name()));
        let zone = by_files.map_or(Zone::compiled_in(name), |rules| Zone::with_rules(name, Box::leak(rules.into())));
        self.known.insert(name, zone);
        zone
    }

    /// Reads every file of the config's folder, so that a broken one is reported before anything is done with the
    /// others.
    fn check(&mut self, path: &Path) -> Result<(), Vec<String>> {
        let shown = path.display();
        if let Err(error) = fs::read_dir(path) {
            return Err(vec![format!("{shown} cannot be read: {error}")]);
        }
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        for name in TZ_VARIANTS {
            match read(&path.join(name.name()), name.name()) {
                Ok(None) => {}
                Ok(Some(rules)) => found.push((name, rules)),
                Err(why) => wrong.push(format!("{shown}/{} {why}", name.name())),
            }
        }
        if found.is_empty() && wrong.is_empty() {
            wrong.push(format!("{shown} has no zone file, such as Europe/Kyiv in it"));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let zones = found.into_iter().map(|(name, rules)| (name, Zone::with_rules(name, Box::leak(rules.into()))));
        self.known.extend(zones);
        Ok(())
    }

    fn release(&self) -> Release {
        let compiled_in =
            Release { release: IANA_TZDB_VERSION.to_owned(), from: "compiled in".to_owned(), others: None };
        let of = |folder: &Folder, others| Release {
            release: folder.release.clone().unwrap_or_else(|| "unknown".to_owned()),
            from: folder.path.display().to_string(),
            others,
        };
        let rest = self.system.as_ref().map_or(compiled_in, |system| of(system, None));
        match &self.folder {
            Some(folder) => of(folder, Some(Box::new(rest))),
            None => rest,
        }
    }
}

impl Folder {
    fn open(path: PathBuf) -> Self {
        let text = |name: &str| regular::read_to_string(&path.join(name)).ok();
        let first = |text: String| text.lines().next().map(|line| line.trim().to_owned());
        let compact = || first(text("tzdata.zi")?)?.strip_prefix("# version ").map(str::to_owned);
        let plain = || first(text("+VERSION")?);
        let release = compact().or_else(plain).filter(|it| age(it).is_some());
        Self { path, release }
    }

    /// The rules of a zone; nothing if there is no such file, or none that can be used.
    fn rules(&self, name: &str) -> Option<Rules> {
        match read(&self.path.join(name), name) {
            Ok(Some(rules)) => Some(rules),
            // Some systems have old names in a package of their own.
            Ok(None) => read(&self.path.join(self.target_of(name)?), name).ok().flatten(),
            Err(_) => None,
        }
    }

    /// The name that replaced an old one.
    fn target_of(&self, name: &str) -> Option<String> {
        let text = regular::read_to_string(&self.path.join("tzdata.zi")).ok()?;
        let links = text.lines().filter_map(|line| line.strip_prefix("L ")?.split_once(' '));
        links.into_iter().find(|(_, link)| *link == name).map(|(target, _)| target.to_owned())
    }
}

/// The content of a file; nothing if there is none.
fn read(path: &Path, name: &str) -> Result<Option<Rules>, String> {
    let bytes = match regular::read(path) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(format!("cannot be read: {error}")),
    };
    Rules::tzif(name, &bytes).map(Some).map_err(|error| format!("is not a zone file, or a broken one: {error}"))
}

/// The order of releases: the year and the letters of “2026a”.
fn age(release: &str) -> Option<(u32, usize, &str)> {
    let (year, letters) = release.split_at_checked(4)?;
    let letters = letters.split_once(|c: char| !c.is_ascii_lowercase()).map_or(letters, |(letters, _)| letters);
    Some((year.parse().ok()?, letters.len(), letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_release_is_told_from_an_earlier_one() {
        let ascending = ["2024b", "2025b", "2025c-dirty", "2026", "2026a", "2026z", "2026za"];
        assert!(ascending.is_sorted_by_key(|release| age(release).unwrap()), "{ascending:?}");
        assert_eq!(age(IANA_TZDB_VERSION).map(|(year, ..)| year >= 2025), Some(true));
        assert_eq!([age("unknown"), age("")], [None; 2]);
    }
}
