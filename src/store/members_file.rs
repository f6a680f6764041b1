//! The address under which each account was known at the last pull of the roster, so that whoever gets another address
//! stays the same person. In a file beside the state. Without it, such people count as one who left and one who joined,
//! and nothing else is lost: a damaged file counts as none.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::files::{durable, regular};

const FORMAT: &str = "roulette-members";
const VERSION: u32 = 1;

/// Addresses by the ids of accounts.
pub type Known = BTreeMap<String, Box<str>>;

#[derive(Serialize, Deserialize)]
struct Wire {
    format: String,
    version: u32,
    members: Known,
}

fn beside(state: &Path) -> io::Result<PathBuf> {
    Ok(durable::beside(&durable::target(state)?, ".members"))
}

/// What is remembered beside the state at that path.
pub fn read(state: &Path) -> Known {
    let text = beside(state).and_then(|path| regular::read(&path)).unwrap_or_default();
    let wire = serde_json::from_slice::<Wire>(&text).ok();
    wire.filter(|wire| wire.format == FORMAT && wire.version == VERSION).map(|wire| wire.members).unwrap_or_default()
}

/// Remembers it beside the state at that path. Only for the holder of the state's lock.
///
/// # Errors
/// Names the file and the obstacle.
pub fn write(state: &Path, members: &Known) -> Result<()> {
    let path = beside(state)?;
    durable::sweep(&path);
    let wire = Wire { format: FORMAT.to_owned(), version: VERSION, members: members.clone() };
    durable::write(&path, |out| {
        serde_json::to_writer_pretty(&mut *out, &wire)?;
        out.write_all(b"\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_read_again_and_what_is_damaged_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        assert_eq!(read(&state), Known::new());
        let members = Known::from([("id".to_owned(), "a@x.org".into())]);
        write(&state, &members).unwrap();
        assert_eq!(read(&state), members);
        for text in ["", "{}", "{\"format\":\"diary\",\"version\":1,\"members\":{}}", "\0\0"] {
            std::fs::write(folder.path().join("state.json.members"), text).unwrap();
            assert_eq!(read(&state), Known::new(), "{text}");
        }
    }
}
