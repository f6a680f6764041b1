//! Which columns of a roster hold what, as the config says it: `[programme.columns]`.
//! Knows the names that may be mapped; whether a file has the columns is seen when it is read.

use super::aliases::KNOWN;

/// Known columns, each with the headers that hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(pub Vec<(String, Vec<String>)>);

impl Mapping {
    /// The headers that hold the known column of that name, if the config says so.
    pub(super) fn of(&self, name: &str) -> Option<&[String]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, headers)| &headers[..])
    }

    /// The names of the columns that can be mapped.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        KNOWN.iter().map(|known| known.name).chain(["status"])
    }
}

/// What a reader of the roster goes by, beside the file.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Which columns hold what, where the config says so.
    pub columns: &'a Mapping,
    /// The columns that keep people apart, which the file must have.
    pub across: &'a [String],
    /// Domains that everybody's addresses had before, each with the one of today.
    pub former_domains: &'a [[String; 2]],
}

impl Options<'_> {
    /// Whether nobody can do without a department.
    pub fn needs_department(&self) -> bool {
        self.across.iter().any(|column| crate::domain::text::alike(column, "department"))
    }
}
