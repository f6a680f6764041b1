//! Opens files that are regular files: no pipe that waits for a writer, no device and no folder, so that nothing hangs.
//! Symbolic links are followed if the file is only read. Knows nothing about the content of a file.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::owner;

/// Opens a file for reading.
///
/// # Errors
/// It cannot be opened, or is something else.
pub fn open(path: &Path) -> io::Result<File> {
    regular(OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?)
}

/// The bytes of a file.
///
/// # Errors
/// As [`open()`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a file.
///
/// # Errors
/// As [`open()`], or it is not UTF-8.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text)?;
    Ok(text)
}

/// Opens one of our own files that is to be locked, and creates it if necessary, for its owner only. A symbolic link is
/// refused: whoever made it would decide where we write.
///
/// # Errors
/// It cannot be opened or created, or is something else.
pub fn open_own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    match options.custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW).open(path) {
        Err(error) if error.raw_os_error() == Some(libc::ELOOP) => Err(io::Error::other("it is a symbolic link")),
        opened => {
            let file = regular(opened?)?;
            owner::give_new(&file, path)?;
            Ok(file)
        }
    }
}

fn regular(file: File) -> io::Result<File> {
    let kind = file.metadata()?;
    if kind.is_file() {
        return Ok(file);
    }
    let what = if kind.is_dir() { "it is a folder" } else { "it is not a file" };
    Err(io::Error::new(ErrorKind::InvalidInput, what))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn only_a_file_is_opened_and_nothing_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let [file, pipe, link, ring] = ["file", "pipe", "link", "ring"].map(|name| folder.path().join(name));
        fs::write(&file, "text").unwrap();
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        symlink("file", &link).unwrap();
        symlink("pipe", &ring).unwrap();
        assert_eq!(read(&file).unwrap(), b"text");
        assert_eq!(read_to_string(&link).unwrap(), "text");
        for path in [&pipe, &ring, Path::new("/dev/zero"), folder.path()] {
            assert!(read(path).unwrap_err().to_string().starts_with("it is"), "{}", path.display());
        }
        for path in [&pipe, &link, &ring, Path::new("/dev/zero")] {
            assert!(open_own(path).unwrap_err().to_string().starts_with("it is"), "{}", path.display());
        }
        open_own(&file).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "text");
    }
}
