//! Which columns of a roster hold what, according to the config: `[programme.columns]`. Knows the names that may be
//! mapped; whether a file has the columns turns out when it is read.

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

/// What a reader of the roster needs to know besides the file.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Which columns hold what, if the config says so.
    pub columns: &'a Mapping,
    /// The columns that keep people apart, which the file must have.
    pub across: &'a [String],
    /// Former domains of everybody's addresses, each with the current one.
    pub former_domains: &'a [[String; 2]],
}

impl Options<'_> {
    /// Whether everybody needs a department.
    pub fn needs_department(&self) -> bool {
        self.across.iter().any(|column| crate::domain::text::alike(column, "department"))
    }
}
