//! Collects what a command has done, until the next save of the state writes it to the journal.

use std::path::{Path, PathBuf};

use super::logging;
use crate::domain::journal::{Did, Entry};
use crate::domain::state::State;
use crate::show::text::harmless;
use crate::store::journal;

/// Entries that wait for the next save of the state.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    state: PathBuf,
    command: &'static str,
    /// Whether the state was blank when it was opened: its numbers belong to nobody yet.
    was_blank: bool,
    waiting: Vec<Entry>,
}

impl Journal {
    /// The journal of the command that opened this state.
    pub(crate) fn of(path: &Path, state: &State, command: &'static str) -> Self {
        Self { state: path.to_owned(), command, was_blank: state.people.is_empty(), waiting: Vec::new() }
    }

    /// Keeps entries until the next save.
    pub(crate) fn note(&mut self, entries: impl IntoIterator<Item = Entry>) {
        let by = self.command;
        self.waiting.extend(entries.into_iter().map(|entry| Entry { by: by.to_owned(), ..entry }));
    }

    /// Writes the waiting entries, now that the state is saved. If they cannot be written, that is only a warning:
    /// nothing depends on the journal.
    pub(crate) fn write(&mut self, state: &State) {
        let Some(first) = self.waiting.first() else { return };
        if self.was_blank && !state.people.is_empty() {
            let begun = Entry { by: self.command.to_owned(), ..Entry::new(first.at, Did::Begun) };
            self.waiting.insert(0, begun);
            self.was_blank = false;
        }
        if let Err(error) = journal::add(&self.state, &self.waiting) {
            logging::say(&harmless(&format!("warning: the journal is not complete: {error:#}")));
        }
        self.waiting.clear();
    }
}
