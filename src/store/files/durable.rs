//! Writes a file completely or not at all: under another name in the same folder, then renamed. Knows files, and
//! nothing about their content. At every instant a reader finds either the old file or the new one.

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::{Builder, NamedTempFile, TempPath};

use super::owner;

/// What a new file is written through.
pub type Out<'a> = BufWriter<&'a File>;

/// The number of random letters between `.NAME.` and `.tmp` in the name of a file that is being written.
const RANDOM_LETTERS: usize = 6;

/// A file that cannot be written: which one, and the obstacle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotWritten(String);

impl fmt::Display for NotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for NotWritten {}

/// Replaces the content of `path` by what `fill` writes, readable by its owner only. A symbolic link is followed.
///
/// # Errors
/// Names the file and the obstacle; the file is as it was.
pub fn write(path: &Path, fill: impl FnOnce(&mut Out<'_>) -> io::Result<()>) -> Result<()> {
    let put = || prepare_new(path, fill)?.put(|_| Ok(()));
    put().map_err(|error| explain(path, &error))
}

/// Writes new files with these names into a folder, each completely or not at all, without waiting for the disk: they
/// are lost if the power fails. Existing files with these names are replaced.
///
/// # Errors
/// Names the folder and the obstacle; some of the files may be there.
pub fn write_loosely(folder: &Path, files: &[(String, &[u8])]) -> Result<()> {
    let put = |(name, text): &(String, &[u8])| -> io::Result<()> {
        let path = folder.join(name);
        let file = temporary(&prefix(&path)).tempfile_in(folder)?;
        owner::give(file.as_file(), &path)?;
        file.as_file().write_all(text)?;
        file.persist(path)?;
        Ok(())
    };
    files.iter().try_for_each(put).map_err(|error| explain(folder, &error))
}

/// A new version of a file: its content is on the disk, but not yet in its place. If dropped, it is discarded.
#[derive(Debug)]
pub struct Prepared {
    path: PathBuf,
    new: NamedTempFile,
}

/// Does most of [`write()`], so that [`Prepared::replace`] takes hardly any time.
///
/// # Errors
/// As [`write()`].
pub fn prepare(path: &Path, fill: impl FnOnce(&mut Out<'_>) -> io::Result<()>) -> Result<Prepared> {
    prepare_new(path, fill).map_err(|error| explain(path, &error))
}

impl Prepared {
    /// Appends what `fill` writes to the new version.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn add(&self, fill: impl FnOnce(&mut Out<'_>) -> io::Result<()>) -> Result<()> {
        append(self.new.as_file(), fill).map_err(|error| explain(&self.path, &error))
    }

    /// Gives the new version the owner and the permissions of the old one.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn keep_mode(&mut self) -> Result<()> {
        let keep = || {
            let (old, new) = (fs::metadata(&self.path)?, self.new.as_file().metadata()?);
            if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
                // Only root may give a file away: anybody else's file becomes their own.
                let _ = fchown(self.new.as_file(), Some(old.uid()), Some(old.gid()));
            }
            self.new.as_file().set_permissions(old.permissions())
        };
        keep().map_err(|error| explain(&self.path, &error))
    }

    /// Puts the new version in its place; the previous version stays beside it as `NAME.previous`.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn replace(self) -> Result<()> {
        let path = self.path.clone();
        self.put(keep_previous).map_err(|error| explain(&path, &error))
    }

    fn put(self, before: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
        before(&self.path)?;
        self.new.persist(&self.path)?;
        File::open(folder(&self.path))?.sync_all()
    }
}

/// Removes what killed runs left of their unfinished writes to `path`. Only for the holder of the file's lock:
/// otherwise it could remove somebody else's unfinished file.
pub fn sweep(path: &Path) {
    let Ok(path) = target(path) else { return };
    let Ok(entries) = fs::read_dir(folder(&path)) else { return };
    let prefix = prefix(&path);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let random = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        let random = random.and_then(|name| name.strip_suffix(b".tmp"));
        if random.is_some_and(|it| it.len() == RANDOM_LETTERS && it.iter().all(u8::is_ascii_alphanumeric)) {
            // A file that cannot be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// `path` with a suffix after its name: `beside("a.json", ".lock")` is `a.json.lock`.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The file that `path` means once symbolic links are followed; it need not exist.
///
/// # Errors
/// The links form a ring.
pub fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        if !fs::symlink_metadata(&path).is_ok_and(|it| it.is_symlink()) {
            return Ok(path);
        }
        path = folder(&path).join(fs::read_link(&path)?);
    }
    Err(io::Error::other("its symbolic links lead to each other"))
}

/// The folder that holds `path`.
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn prepare_new(path: &Path, fill: impl FnOnce(&mut Out<'_>) -> io::Result<()>) -> io::Result<Prepared> {
    let path = target(path)?;
    if fs::metadata(&path).is_ok_and(|it| !it.is_file()) {
        return Err(io::Error::other("it is not a file"));
    }
    let new = temporary(&prefix(&path)).tempfile_in(folder(&path))?;
    owner::give(new.as_file(), &path)?;
    append(new.as_file(), fill)?;
    Ok(Prepared { path, new })
}

fn append(file: &File, fill: impl FnOnce(&mut Out<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    fill(&mut out)?;
    out.flush()?;
    file.sync_all()
}

fn keep_previous(path: &Path) -> io::Result<()> {
    let previous = beside(path, ".previous");
    let inode = |path| fs::symlink_metadata(path).ok().map(|it| (it.dev(), it.ino()));
    match (inode(path), inode(&previous)) {
        (None, _) => return Ok(()),
        // A run was killed between the two renames; renaming one link onto another one of the same file does nothing.
        (now, before) if now == before => return Ok(()),
        _ => {}
    }
    let link = temporary(&prefix(path)).make_in(folder(path), |link| fs::hard_link(path, link));
    let old: TempPath = match link {
        Ok(link) => link.into_temp_path(),
        Err(_) => copy(path)?,
    };
    old.persist(previous)?;
    Ok(())
}

/// For file systems without hard links.
fn copy(path: &Path) -> io::Result<TempPath> {
    let mut copy = temporary(&prefix(path)).tempfile_in(folder(path))?;
    io::copy(&mut File::open(path)?, copy.as_file_mut())?;
    copy.as_file().sync_all()?;
    Ok(copy.into_temp_path())
}

fn prefix(path: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    prefix
}

fn temporary(prefix: &OsStr) -> Builder<'_, 'static> {
    let mut builder = Builder::new();
    builder.prefix(prefix).suffix(".tmp").rand_bytes(RANDOM_LETTERS);
    builder
}

fn explain(path: &Path, error: &io::Error) -> anyhow::Error {
    let folder = folder(path).display();
    let what = match error.kind() {
        ErrorKind::NotFound => format!("the folder {folder} does not exist"),
        ErrorKind::NotADirectory => format!("{folder} is not a folder"),
        ErrorKind::PermissionDenied => format!("no permission to write in the folder {folder}"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "no space is left".to_owned(),
        ErrorKind::ReadOnlyFilesystem => format!("the folder {folder} is read-only"),
        _ => error.to_string(),
    };
    NotWritten(format!("cannot write {}: {what}", path.display())).into()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn write_text(path: &Path, text: &str) {
        prepare(path, |out| out.write_all(text.as_bytes())).unwrap().replace().unwrap();
    }

    #[test]
    fn a_first_version_has_no_previous_one_and_leaves_nothing_else_behind() {
        let folder = tempfile::tempdir().unwrap();
        write_text(&folder.path().join("state.json"), "one");
        assert_eq!(names(folder.path()), ["state.json"]);
    }

    #[test]
    fn the_version_before_is_kept_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        for text in ["one", "two", "three"] {
            write_text(&path, text);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(fs::read_to_string(beside(&path, ".previous")).unwrap(), "two");
        assert_eq!(names(folder.path()), ["state.json", "state.json.previous"]);
    }

    #[test]
    fn a_run_killed_between_the_two_renames_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        write_text(&path, "one");
        fs::hard_link(&path, beside(&path, ".previous")).unwrap();
        write_text(&path, "two");
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_to_string(beside(&path, ".previous")).unwrap(), "one");
        assert_eq!(names(folder.path()), ["state.json", "state.json.previous"]);
    }

    #[test]
    fn only_the_owner_may_read_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        write_text(&path, "one");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        write_text(&path, "two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_write_that_fails_midway_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        write_text(&path, "one");
        let error = prepare(&path, |out| {
            out.write_all(b"half")?;
            Err(ErrorKind::StorageFull.into())
        });
        assert_eq!(error.unwrap_err().to_string(), format!("cannot write {}: no space is left", path.display()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(names(folder.path()), ["state.json"]);
    }

    #[test]
    fn a_symbolic_link_stays_a_link_to_the_new_version() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        let link = folder.path().join("link.json");
        symlink("real/state.json", &link).unwrap();
        write_text(&link, "one");
        write_text(&link, "two");
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(folder.path().join("real/state.json")).unwrap(), "two");
        assert_eq!(names(&folder.path().join("real")), ["state.json", "state.json.previous"]);
        assert_eq!(names(folder.path()), ["link.json", "real"]);
    }

    #[test]
    fn what_is_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        symlink("b", folder.path().join("a")).unwrap();
        symlink("a", folder.path().join("b")).unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let said = |name: &str| {
            let error = write(&folder.path().join(name), |_| Ok(())).unwrap_err();
            error.to_string().replace(folder.path().to_str().unwrap(), "")
        };
        assert_eq!(said("none/state.json"), "cannot write /none/state.json: the folder /none does not exist");
        assert_eq!(said("file/state.json"), "cannot write /file/state.json: /file is not a folder");
        assert_eq!(said(""), "cannot write /: it is not a file");
        assert_eq!(said("a"), "cannot write /a: its symbolic links lead to each other");
        assert_eq!(names(folder.path()), ["a", "b", "file"]);
    }

    #[test]
    fn leftovers_of_killed_runs_are_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let others = [".a.b.Abc123.tmp", ".a.json", ".a.Abc12.tmp", ".a.Abc1-3.tmp", "a", "a.Abc123.tmp"];
        for name in others.iter().chain(&[".a.Abc123.tmp", ".a.zzzzzz.tmp"]) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        sweep(&folder.path().join("a"));
        let mut others = others.map(str::to_owned);
        others.sort();
        assert_eq!(names(folder.path()), others);
    }

    #[test]
    fn the_name_of_an_unfinished_file_is_one_that_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        let unfinished = temporary(&prefix(&path)).tempfile_in(folder.path()).unwrap();
        unfinished.keep().unwrap();
        sweep(&path);
        assert_eq!(names(folder.path()), [""; 0]);
    }
}
