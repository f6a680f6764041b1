//! Whether the system lets a run open as many files and connections as it needs: what waits for calls and signals cannot
//! go on without, and a run must not end half way for that.

use std::fs::File;
use std::path::Path;

use anyhow::{Result, bail};

/// So many a run has open at a time, besides those that it is started with: eight calls, the files, and what waits.
const NEEDED: usize = 24;

/// Sees whether enough can be had.
///
/// # Errors
/// They cannot; says how to get more.
pub fn check() -> Result<()> {
    let nothing = Path::new("/dev/null");
    let mut open = Vec::with_capacity(NEEDED);
    while open.len() < NEEDED {
        match File::open(nothing) {
            Ok(file) => open.push(file),
            Err(error) if error.raw_os_error() == Some(libc::EMFILE) || error.raw_os_error() == Some(libc::ENFILE) => {
                bail!(
                    "only {} files and connections can be opened, but a run needs {NEEDED}: {error}\nhint: allow more \
                     with: ulimit -n 256, or LimitNOFILE=256 in a unit of systemd",
                    open.len()
                );
            }
            // Where there is no such device, nothing is known.
            Err(_) => break,
        }
    }
    Ok(())
}
