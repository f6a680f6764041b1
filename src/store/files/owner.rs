//! Who owns files: what root writes among another user's files is given to that user, because a service that runs as
//! that user could not continue with it otherwise.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, chown, fchown};
use std::path::Path;

use rustix::process::geteuid;

use super::durable::folder;

/// If root makes a file that is to become `path`: gives it to the owner of the existing file, or otherwise of the
/// folder.
///
/// # Errors
/// It cannot be given away.
pub(super) fn give(file: &File, path: &Path) -> io::Result<()> {
    owner(path).map_or(Ok(()), |(user, group)| fchown(file, Some(user), Some(group)))
}

/// Gives a file that root has just made to the owner of its folder.
///
/// # Errors
/// As [`give`].
pub(super) fn give_new(file: &File, path: &Path) -> io::Result<()> {
    let above = fs::metadata(folder(path))?;
    let is_roots = geteuid().is_root() && above.uid() != 0 && file.metadata()?.uid() == 0;
    if is_roots { fchown(file, Some(above.uid()), Some(above.gid())) } else { Ok(()) }
}

/// The same for a folder that root made.
///
/// # Errors
/// It cannot be given away.
pub fn give_folder(path: &Path) -> io::Result<()> {
    let above = fs::metadata(folder(path))?;
    if geteuid().is_root() && above.uid() != 0 { chown(path, Some(above.uid()), Some(above.gid())) } else { Ok(()) }
}

/// The other user to whom it belongs, and their group.
fn owner(path: &Path) -> Option<(u32, u32)> {
    if !geteuid().is_root() {
        return None;
    }
    let there = fs::metadata(path).or_else(|_| fs::metadata(folder(path))).ok()?;
    (there.uid() != 0).then(|| (there.uid(), there.gid()))
}
