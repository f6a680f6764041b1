//! The model as a file: read at the start, written soon after every change, completely or not at all. Knows files; does
//! not know what is in the model.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::model::Model;

const VERSION: u32 = 1;

/// A folder that only this sandbox uses.
#[derive(Debug)]
pub(super) struct Data {
    folder: PathBuf,
    _lock: File,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    model: &'a Model,
}

#[derive(Deserialize)]
struct Read {
    version: u32,
    model: Model,
}

impl Data {
    /// Opens the folder, creating it if necessary.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
        fs::create_dir_all(folder).map_err(named)?;
        let lock = File::options().append(true).create(true).open(folder.join("sandbox.lock")).map_err(named)?;
        lock.try_lock().map_err(|_| io::Error::other(format!("{}: another sandbox uses it", folder.display())))?;
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    fn path(&self) -> PathBuf {
        self.folder.join("sandbox.json")
    }

    /// What was saved, if anything.
    pub(super) fn read(&self) -> io::Result<Option<Model>> {
        let path = self.path();
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {why}", path.display()));
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(error.to_string())),
        };
        let read: Read = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        if read.version != VERSION {
            return Err(wrong(format!("is of version {}, and this program knows {VERSION}", read.version)));
        }
        Ok(Some(read.model))
    }

    /// The text in which the model is saved.
    pub(super) fn text(model: &Model) -> io::Result<Vec<u8>> {
        Ok(serde_json::to_vec(&Written { version: VERSION, model })?)
    }

    pub(super) fn write(&self, text: &[u8]) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist(self.path())?;
        Ok(())
    }
}
