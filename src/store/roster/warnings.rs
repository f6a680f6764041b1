//! What is odd about a roster that is otherwise right: it is reported, and stops nobody. Warnings are reported by kind,
//! so that a thousand of one kind do not hide one of another. Knows no other file.

use std::fmt;

/// How many warnings of each kind are kept with their words; the others are only counted.
const KEPT: usize = 100;

/// The kinds of warnings, in the order in which they are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A column is not read, or may not be the one that is meant.
    Column,
    /// A column is empty, as where nobody needs it.
    Blank,
    /// Some people do not take part.
    Inactive,
    /// A status is not understood.
    Status,
    /// Somebody has no department.
    Department,
    /// A cell holds a spreadsheet error, or “N/A”.
    NoValue,
    /// A time zone has a name that misleads.
    Zone,
    /// A manager is nobody on the roster, or could be several people.
    Manager,
}

/// One thing that is odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The kind of warning.
    pub kind: Kind,
    /// The line of the file, from 1, if it concerns one.
    pub line: Option<usize>,
    /// The column, as written in the file.
    pub column: Option<String>,
    /// What is odd, and what follows from it.
    pub says: String,
}

/// Everything that is odd about a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    list: Vec<Warning>,
    counts: Vec<(Kind, usize)>,
}

impl Warnings {
    /// Adds a warning; its words are only made if they are kept.
    pub fn push(&mut self, kind: Kind, line: Option<usize>, column: Option<&str>, says: impl FnOnce() -> String) {
        let at = self.counts.iter().position(|(other, _)| *other == kind).unwrap_or_else(|| {
            self.counts.push((kind, 0));
            self.counts.len() - 1
        });
        self.counts[at].1 += 1;
        if self.counts[at].1 <= KEPT {
            self.list.push(Warning { kind, line, column: column.map(str::to_owned), says: says() });
        }
    }

    /// The kept warnings, kind by kind, each kind in the order of the file.
    pub fn sorted(&self) -> Vec<&Warning> {
        let mut sorted: Vec<&Warning> = self.list.iter().collect();
        sorted.sort_by_key(|warning| (warning.kind, warning.line));
        sorted
    }

    /// The first few of each kind, and how many more there are.
    pub fn short(&self, most: usize) -> Vec<(Vec<&Warning>, usize)> {
        let mut counts = self.counts.clone();
        counts.sort_unstable();
        let of = |(kind, count): (Kind, usize)| {
            let mut kept: Vec<&Warning> = self.sorted().into_iter().filter(|warning| warning.kind == kind).collect();
            kept.truncate(most);
            let more = count - kept.len();
            (kept, more)
        };
        counts.into_iter().map(of).collect()
    }

    /// How many warnings were not kept.
    pub fn more(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum::<usize>() - self.list.len()
    }

    /// Whether nothing is odd.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if let Some(column) = &self.column {
            write!(f, " {column}:")?;
        }
        write!(f, " {}", self.says)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_odd_is_no_warning() {
        assert!(Warnings::default().is_empty());
        assert_eq!(Warnings::default().short(3), []);
    }

    #[test]
    fn a_thousand_of_one_kind_do_not_hide_another() {
        let mut warnings = Warnings::default();
        for line in 2..1002 {
            warnings.push(Kind::NoValue, Some(line), Some("manager"), || "“#N/A” is no value".to_owned());
        }
        warnings.push(Kind::Column, None, Some("tz"), || "is blank in every row".to_owned());
        let short = warnings.short(2);
        assert_eq!((short[0].0.len(), short[0].1, short[1].0.len(), short[1].1), (1, 0, 2, 998));
        assert_eq!(short[0].0[0].to_string(), " tz: is blank in every row");
        assert_eq!(short[1].0[0].to_string(), "2: manager: “#N/A” is no value");
        assert_eq!((warnings.sorted().len(), warnings.more()), (101, 900));
    }
}
