//! Whether the system lets a run open as many files and connections as it needs: waiting for calls and signals is
//! impossible without them, and a run must not end halfway because of that.

use std::fs::File;
use std::path::Path;

use anyhow::{Result, bail};

/// How many files and connections a run has open at once, besides those that it starts with: eight calls, the files,
/// and what it waits for.
const NEEDED: usize = 24;

/// Checks whether enough can be opened.
///
/// # Errors
/// Not enough can be opened; says how to allow more.
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
            // Without such a device, nothing is known.
            Err(_) => break,
        }
    }
    Ok(())
}
