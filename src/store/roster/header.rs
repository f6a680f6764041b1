//! The roster's first line: which column is which, and what separates them.
//! Knows the names of the columns and nothing of the rows.

use super::intern::{Interner, normalized};
use crate::store::cells::{nearest, quoted};
use crate::store::faults::Faults;

/// The columns that a roster must have.
const REQUIRED: [&str; 3] = ["email", "name", "department"];
/// The other columns whose meaning is known.
const KNOWN: [&str; 7] = ["timezone", "location", "manager", "working_hours", "paused_until", "language", "tags"];

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Email,
    Name,
    Timezone,
    WorkingHours,
    PausedUntil,
    Language,
    /// An index into [`Header::columns`].
    Column {
        index: usize,
        required: bool,
    },
    /// No header: blank, all the way down.
    Blank,
    /// Already a fault.
    Ignored,
}

/// The columns, in the order of the file.
pub(super) struct Header {
    /// The names in lower case; "" where there is none.
    pub(super) names: Vec<String>,
    /// One for each name.
    pub(super) roles: Vec<Role>,
    /// The columns that can keep people apart, still without cells.
    pub(super) columns: Vec<Interner>,
}

impl Header {
    /// Reads the header, which is on `line`, and adds what is wrong with it to `faults`.
    pub(super) fn read<'a>(cells: impl Iterator<Item = &'a [u8]>, line: usize, faults: &mut Faults) -> Self {
        let mut header = Self { names: Vec::new(), roles: Vec::new(), columns: Vec::new() };
        for cell in cells {
            let cell = String::from_utf8_lossy(cell);
            if cell.contains(char::REPLACEMENT_CHARACTER) {
                faults.push(line, None, || not_utf8(&cell));
            }
            let name = column_name(&cell);
            let first = header.names.iter().position(|other| *other == name && !name.is_empty());
            if let Some(first) = first {
                let second = header.names.len() + 1;
                faults.push(line, Some(&name), || {
                    format!("comes twice in the header, as column {} and column {second}", first + 1)
                });
            }
            let role = if first.is_some() { Role::Ignored } else { header.role(&name) };
            header.roles.push(role);
            header.names.push(name);
        }
        header.complain_of_missing(line, faults);
        header
    }

    fn role(&mut self, name: &str) -> Role {
        match name {
            "" => Role::Blank,
            "email" => Role::Email,
            "name" => Role::Name,
            "timezone" => Role::Timezone,
            "working_hours" => Role::WorkingHours,
            "paused_until" => Role::PausedUntil,
            "language" => Role::Language,
            other => {
                self.columns.push(Interner::new(other));
                Role::Column { index: self.columns.len() - 1, required: REQUIRED.contains(&other) }
            }
        }
    }

    fn complain_of_missing(&self, line: usize, faults: &mut Faults) {
        let has = |name: &str| self.names.iter().any(|other| other == name);
        let strangers = || self.names.iter().map(String::as_str).filter(|name| !is_known(name));
        for missing in REQUIRED.into_iter().filter(|name| !has(name)) {
            faults.push(line, None, || {
                let found: Vec<&str> = self.names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
                let found = quoted(&found.join(", "));
                let meant = nearest(missing, strangers()).map(|name| format!("; is it {}?", quoted(name)));
                format!("no column `{missing}`; the header has {found}{}", meant.unwrap_or_default())
            });
        }
    }
}

fn is_known(name: &str) -> bool {
    REQUIRED.contains(&name) || KNOWN.contains(&name)
}

/// In lower case; a known name may be written with blanks, as in “Working hours”.
fn column_name(cell: &str) -> String {
    let name = normalized(cell).to_lowercase();
    let joined = name.replace(' ', "_");
    if is_known(&joined) { joined } else { name }
}

pub(super) fn not_utf8(cell: &str) -> String {
    format!("{} is not UTF-8 text: save the file as “CSV UTF-8”", quoted(cell))
}

/// The separator: `;` where the first line that is not blank has more of them outside quotation marks than commas.
pub(super) fn separator(text: &[u8]) -> u8 {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let start = text.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    let (mut commas, mut semicolons, mut inside) = (0, 0, false);
    for byte in &text[start..] {
        match byte {
            b'"' => inside = !inside,
            b'\n' if !inside => break,
            b',' if !inside => commas += 1,
            b';' if !inside => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { b';' } else { b',' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_separates_unless_semicolons_do() {
        assert_eq!(separator(b""), b',');
        assert_eq!(separator(b"email,name;x,department\n;;;;;"), b',');
        assert_eq!(separator(b"\n\n\"a,b,c\";name;department\n,,,,,"), b';');
    }
}
