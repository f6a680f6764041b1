//! A roster's column while it is read: each distinct value is interned, which means kept once, in the spelling seen first.
//! Two values are equal when they are once normalized: they may differ in case and in white space around or repeated.

use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::domain::roster::Column;

/// A column that grows row by row.
pub(super) struct Interner {
    column: Column,
    /// Indices into the column's values, by the spelling that is kept.
    spellings: HashTable<u32>,
    /// The same, by what makes two values equal.
    values: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    pub(super) fn new(name: &str) -> Self {
        let column = Column { name: name.to_owned(), values: vec![String::new()], cells: Vec::new() };
        Self { column, spellings: HashTable::new(), values: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }

    /// Adds the next employee's cell, which has no white space around it; O(1).
    pub(super) fn push(&mut self, cell: &str) {
        let index = if cell.is_empty() { 0 } else { self.index(cell) };
        self.column.cells.push(index);
    }

    fn index(&mut self, cell: &str) -> u32 {
        let Self { column: Column { values, .. }, hasher, .. } = self;
        let spelled = hasher.hash_one(cell);
        if let Some(&index) = self.spellings.find(spelled, |&index| values[index as usize] == cell) {
            return index;
        }
        let cell = normalized(cell);
        let folded = cell.to_lowercase();
        let hash = hasher.hash_one(&folded);
        if let Some(&index) = self.values.find(hash, |&index| values[index as usize].to_lowercase() == folded) {
            return index;
        }
        let index = values.len() as u32;
        let spelled = hasher.hash_one(&*cell);
        values.push(cell.into_owned());
        self.spellings.insert_unique(spelled, index, |&index| hasher.hash_one(&*values[index as usize]));
        self.values.insert_unique(hash, index, |&index| hasher.hash_one(values[index as usize].to_lowercase()));
        index
    }

    pub(super) fn into_column(self) -> Column {
        self.column
    }
}

/// The text, normalized: without white space around it, and with one blank for any white space within.
pub(super) fn normalized(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let mut before = b' ';
    let plain = text.bytes().all(|byte| {
        let fine = byte > b' ' && byte.is_ascii() || byte == b' ' && before != b' ';
        before = byte;
        fine
    });
    if plain { Cow::Borrowed(text) } else { Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::RosterIndex;

    fn column(cells: &[&str]) -> Column {
        let mut interner = Interner::new("department");
        for cell in cells {
            interner.push(cell.trim());
        }
        interner.into_column()
    }

    #[test]
    fn a_column_without_cells_knows_only_the_blank_value() {
        assert_eq!(column(&[]).values, [""]);
    }

    #[test]
    fn values_that_differ_only_in_case_and_white_space_are_one() {
        let column =
            column(&["People  Ops", " people ops ", "", "PEOPLE\u{a0}OPS", "Straße", "STRASSE", "СКЛАД", "склад"]);
        assert_eq!(column.values, ["", "People Ops", "Straße", "STRASSE", "СКЛАД"]);
        assert_eq!(column.cells, [1, 1, 0, 1, 2, 3, 4, 4]);
    }

    #[test]
    fn many_values_keep_their_numbers() {
        let texts: Vec<String> = (0..5000).map(|n| format!("Team {}", n % 2000)).collect();
        let column = column(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(column.values.len(), 2001);
        assert!(texts.iter().enumerate().all(|(row, text)| column.value(RosterIndex::new(row)) == text));
    }
}
