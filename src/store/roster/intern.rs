//! A roster's column while it is read: each distinct value is kept once, in the spelling seen first.
//! Two values are equal when people take them for the same: see [`folded`]. A cell may hold several values.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::several;
use crate::domain::roster::Column;
use crate::domain::text::{folded, normalized, squeezed};

/// A column that grows row by row.
pub(super) struct Interner {
    column: Column,
    /// Indices into the column's values, by the spelling that is kept.
    spellings: HashTable<u32>,
    /// The same, by the key that makes two values equal.
    values: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    pub(super) fn new(name: &str, heading: &str) -> Self {
        let column = Column {
            name: name.to_owned(),
            heading: heading.to_owned(),
            values: vec![String::new()],
            ..Column::default()
        };
        Self { column, spellings: HashTable::new(), values: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }

    /// Adds the next employee's cell, which has no surrounding white space; O(1).
    pub(super) fn push(&mut self, cell: &str) {
        let index = if cell.is_empty() { 0 } else { self.index(cell) };
        self.column.cells.push(index);
    }

    /// Makes sure that there is a cell for each of that many employees: the last row may have given a cell to nobody,
    /// or none to somebody.
    pub(super) fn fit(&mut self, employees: usize) {
        self.column.cells.resize(employees, 0);
    }

    fn index(&mut self, cell: &str) -> u32 {
        let Self { column: Column { values, .. }, hasher, .. } = self;
        let spelled = hasher.hash_one(cell);
        if let Some(&index) = self.spellings.find(spelled, |&index| values[index as usize] == cell) {
            return index;
        }
        let cell = normalized(cell);
        let cell = squeezed(&cell);
        let key = folded(&cell);
        let hash = hasher.hash_one(&key);
        if let Some(&index) = self.values.find(hash, |&index| folded(&values[index as usize]) == key) {
            return index;
        }
        let index = values.len() as u32;
        let spelled = hasher.hash_one(&*cell);
        values.push(cell.into_owned());
        self.spellings.insert_unique(spelled, index, |&index| hasher.hash_one(&*values[index as usize]));
        self.values.insert_unique(hash, index, |&index| hasher.hash_one(folded(&values[index as usize])));
        index
    }

    pub(super) fn into_column(mut self) -> Column {
        // A value that only occurs together with others is also a value of the column.
        let several: Vec<(u32, Vec<String>)> = several::find(&self.column);
        for (index, parts) in several {
            let parts = parts.iter().map(|part| self.index(part)).collect();
            self.column.parts.insert(index, parts);
        }
        self.column
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::RosterIndex;

    fn column(cells: &[&str]) -> Column {
        let mut interner = Interner::new("department", "Department");
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
    fn values_that_differ_only_in_case_accents_and_white_space_are_one() {
        let column = column(&[
            "People  Ops",
            " people ops ",
            "",
            "PEOPLE\u{a0}OPS",
            "Straße",
            "STRASSE",
            "СКЛАД",
            "склад",
            "Bu\u{308}ro",
            "Büro",
            "buro",
            "Straßen",
        ]);
        assert_eq!(column.values, ["", "People Ops", "Straße", "СКЛАД", "Büro", "Straßen"]);
        assert_eq!(column.cells, [1, 1, 0, 1, 2, 2, 3, 3, 4, 4, 4, 5]);
    }

    #[test]
    fn a_cell_with_several_values_is_each_of_them() {
        let column = column(&["Sales", "Sales; Marketing", "Büro", "marketing;IT"]);
        assert_eq!(column.values, ["", "Sales", "Sales; Marketing", "Büro", "marketing;IT", "Marketing", "IT"]);
        assert_eq!((column.parts(&1), column.parts(&2), column.parts(&4)), (&[1][..], &[1, 5][..], &[5, 6][..]));
    }

    #[test]
    fn many_values_keep_their_numbers() {
        let texts: Vec<String> = (0..5000).map(|n| format!("Team {}", n % 2000)).collect();
        let column = column(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(column.values.len(), 2001);
        assert!(texts.iter().enumerate().all(|(row, text)| column.value(RosterIndex::new(row)) == text));
    }
}
