//! A config that is being changed, key by key: what a person wrote around the keys stays as it is. Knows the text;
//! [`Config`] knows whether it is right.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use toml_edit::{DocumentMut, InlineTable, Item, Value};

use super::Config;
use crate::store::faults::Faults;
use crate::store::files::{durable, regular};

/// What a new config says.
const NEW: &str = include_str!("new.toml");

/// A config that is being changed.
#[derive(Clone, Debug)]
pub struct Draft {
    path: PathBuf,
    document: DocumentMut,
    /// The text in the file, if the file exists.
    saved: Option<String>,
    /// Whether anything must be written: a difference in form alone is no reason.
    changed: bool,
}

impl Draft {
    /// The config in that file, or a new one if there is none.
    ///
    /// # Errors
    /// All faults of the file: it is not changed before they are corrected.
    pub fn open(path: &Path) -> Result<Self> {
        let is_there = fs::symlink_metadata(path).is_ok();
        let saved =
            is_there.then(|| Config::load(path).map(|_| regular::read_to_string(path))).transpose()?.transpose()?;
        let text = saved.as_deref().unwrap_or(NEW);
        let document = text.trim_start_matches('\u{feff}').parse().map_err(|error| anyhow!("{error}"))?;
        Ok(Self { path: path.to_owned(), document, changed: saved.is_none(), saved })
    }

    /// Whether there is no such file yet.
    pub fn is_new(&self) -> bool {
        self.saved.is_none()
    }

    /// The value of a key, if it is there and a text.
    pub fn text(&self, [section, key]: [&str; 2]) -> Option<&str> {
        self.document.get(section)?.get(key)?.as_str()
    }

    /// Changes the value of a key.
    ///
    /// # Errors
    /// All faults that the config would then have; it stays as it was.
    pub fn set(&mut self, place: [&str; 2], text: &str) -> Result<(), Faults> {
        if self.text(place) == Some(text) { Ok(()) } else { self.replace(place, text.into()) }
    }

    /// Puts a secret into a file of its own: the key names the file.
    ///
    /// # Errors
    /// As [`Draft::set`].
    pub fn set_file(&mut self, place: [&str; 2], file: &str) -> Result<(), Faults> {
        let mut table = InlineTable::new();
        table.insert("file", file.into());
        table.fmt();
        self.replace(place, Value::InlineTable(table))
    }

    fn replace(&mut self, [section, key]: [&str; 2], mut value: Value) -> Result<(), Faults> {
        let before = self.document.clone();
        let table = self.document.entry(section).or_insert(Item::Table(toml_edit::Table::new()));
        if let Some(old) = table.get(key).and_then(Item::as_value) {
            *value.decor_mut() = old.decor().clone();
        }
        table[key] = Item::Value(value);
        self.config().map(|_| ()).inspect_err(|_| self.document = before)?;
        self.changed = true;
        Ok(())
    }

    /// The config that the text describes.
    ///
    /// # Errors
    /// All its faults.
    pub fn config(&self) -> Result<Config, Faults> {
        Config::parse(&self.path, &self.document.to_string())
    }

    /// Writes it, completely or not at all; returns whether anything changed.
    ///
    /// # Errors
    /// Names the file and the obstacle.
    pub fn save(&mut self) -> Result<bool> {
        if !self.changed {
            return Ok(false);
        }
        let mut text = self.document.to_string();
        if let Some(saved) = &self.saved {
            if saved.contains("\r\n") {
                text = text.replace("\r\n", "\n").replace('\n', "\r\n");
            }
            if saved.starts_with('\u{feff}') {
                text.insert(0, '\u{feff}');
            }
        }
        durable::sweep(&self.path);
        // It holds no secret, and a service of another user may have to read it.
        let mode = fs::metadata(&self.path).map_or_else(|_| Permissions::from_mode(0o644), |it| it.permissions());
        durable::write(&self.path, |out| {
            out.get_ref().set_permissions(mode)?;
            out.write_all(text.as_bytes())
        })?;
        (self.saved, self.changed) = (Some(text), false);
        Ok(true)
    }
}
