//! Reads a TOML document key by key and collects everything that is wrong with it, each fault with its line. A fault
//! never stops the reading: the key's default is used instead. Knows which sections and keys were asked for, so that
//! others can be refused; knows no key itself.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::text::normalized;
use crate::store::cells::{nearest, quoted};

/// Where in the text something is wrong, and what is wrong.
pub(super) type Problem = (Range<usize>, String);
type Table<'t> = DeTable<'t>;

/// A whole document.
#[derive(Default)]
pub(super) struct Document<'t> {
    text: &'t str,
    root: Table<'t>,
    /// The sections and keys that were asked for.
    known: Vec<(&'static str, Vec<&'static str>)>,
    /// What remains in a section once everything was read.
    strangers: Vec<(&'static str, Table<'t>)>,
    problems: Vec<(Range<usize>, Option<String>, String)>,
    warnings: Vec<(Range<usize>, String, String)>,
}

impl<'t> Document<'t> {
    /// Parses the text; if it is not TOML, says where and why not.
    pub(super) fn parse(text: &'t str) -> Result<Self, Problem> {
        match DeTable::parse(text) {
            Ok(root) => {
                let root = root.into_inner();
                Ok(Self {
                    text,
                    root,
                    known: Vec::new(),
                    strangers: Vec::new(),
                    problems: Vec::new(),
                    warnings: Vec::new(),
                })
            }
            Err(error) => Err((error.span().unwrap_or(0..0), error.message().to_owned())),
        }
    }

    /// Reads a section with `read`; a missing section is empty.
    pub(super) fn section<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Section<'_, 't>) -> T) -> T {
        let table = match self.root.remove_entry(name) {
            None => Table::new(),
            Some((key, value)) => match value.into_inner() {
                DeValue::Table(table) => table,
                _ => {
                    let message = format!("must be a section: write [{name}] on a line of its own");
                    self.problems.push((key.span(), Some(name.to_owned()), message));
                    Table::new()
                }
            },
        };
        let mut section = Section { document: self, name, table, keys: Vec::new(), places: Vec::new() };
        let value = read(&mut section);
        let Section { table, keys, .. } = section;
        self.known.push((name, keys));
        self.strangers.push((name, table));
        value
    }

    /// What is allowed but odd, in the order of the text: line, key and message.
    pub(super) fn warnings(&mut self) -> Vec<(usize, String, String)> {
        let mut warnings = std::mem::take(&mut self.warnings);
        warnings.sort_by_key(|(place, ..)| place.start);
        warnings.into_iter().map(|(place, key, message)| (line_of(self.text, place.start), key, message)).collect()
    }

    /// Everything that is wrong, in the order of the text: line, key and message.
    pub(super) fn finish(mut self) -> Vec<(usize, Option<String>, String)> {
        for (key, value) in &self.root {
            let name = key.get_ref().as_ref();
            let message = if matches!(value.get_ref(), DeValue::Table(_)) {
                let sections: Vec<_> = self.known.iter().map(|(section, _)| *section).collect();
                match nearest(name, sections.iter().copied()) {
                    Some(meant) => format!("unknown section [{name}]: did you mean [{meant}]?"),
                    None => format!("unknown section {}: the sections are {}", quoted(name), sections.join(", ")),
                }
            } else {
                self.unknown_key(None, name)
            };
            self.problems.push((key.span(), None, message));
        }
        for (section, table) in &self.strangers {
            for key in table.keys() {
                let message = self.unknown_key(Some(section), key.get_ref());
                self.problems.push((key.span(), None, message));
            }
        }
        self.problems.sort_by_key(|(span, ..)| span.start);
        let text = self.text;
        self.problems.into_iter().map(|(span, key, message)| (line_of(text, span.start), key, message)).collect()
    }

    /// Looks for the intended key in the same section first, then in the others.
    fn unknown_key(&self, section: Option<&str>, key: &str) -> String {
        let full = section.map_or_else(|| key.to_owned(), |section| format!("{section}.{key}"));
        let own = self.known.iter().filter(|(name, _)| Some(*name) == section);
        if let Some(meant) = nearest(key, own.flat_map(|(_, keys)| keys.iter().copied())) {
            return format!("unknown key `{full}`: did you mean `{meant}`?");
        }
        if let Some((name, _)) = self.known.iter().find(|(_, keys)| keys.contains(&key)) {
            return format!("unknown key `{full}`: it belongs in [{name}]");
        }
        for (name, keys) in &self.known {
            if let Some(meant) = nearest(key, keys.iter().copied()) {
                return format!("unknown key `{full}`: did you mean `{meant}` in [{name}]?");
            }
        }
        let known = self.known.iter().find(|(name, _)| Some(*name) == section);
        match known {
            Some((name, keys)) => format!("unknown key `{full}`: the keys of [{name}] are {}", keys.join(", ")),
            None => format!("unknown key `{full}`"),
        }
    }
}

/// The line, from 1, of a byte of the text.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// A section that is being read.
pub(super) struct Section<'d, 't> {
    document: &'d mut Document<'t>,
    name: &'static str,
    table: Table<'t>,
    keys: Vec<&'static str>,
    /// The places in the text of the keys that were read.
    places: Vec<(&'static str, Range<usize>)>,
}

impl Section<'_, '_> {
    /// Records that the value of a key is allowed but odd; if the key is not there, another one's line is used.
    pub(super) fn warn(&mut self, keys: [&'static str; 2], message: String) {
        let place = keys.iter().find_map(|key| self.places.iter().find(|(name, _)| name == key));
        if let Some((key, place)) = place {
            self.document.warnings.push((place.clone(), format!("{}.{key}", self.name), message));
        }
    }

    /// The key's value as `read` understands it, or the default if it is missing or wrong.
    pub(super) fn key<T>(
        &mut self,
        key: &'static str,
        default: T,
        read: impl FnOnce(&Value<'_>) -> Result<T, Vec<Problem>>,
    ) -> T {
        self.keys.push(key);
        let Some(value) = self.table.remove(key) else { return default };
        self.places.push((key, value.span()));
        let read = read(&Value { text: self.document.text, value: &value });
        read.unwrap_or_else(|problems| {
            let full = format!("{}.{key}", self.name);
            let problems = problems.into_iter().map(|(span, message)| (span, Some(full.clone()), message));
            self.document.problems.extend(problems);
            default
        })
    }
}

/// A value and its place in the text.
pub(super) struct Value<'a> {
    text: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    /// The value is wrong, for that reason.
    pub(super) fn problem<T>(&self, message: impl Into<String>) -> Result<T, Vec<Problem>> {
        Err(vec![(self.value.span(), message.into())])
    }

    /// The value is wrong; the message shows it as it was written.
    fn unlike<T>(&self, expected: &str) -> Result<T, Vec<Problem>> {
        let written = quoted(&self.text[self.value.span()]);
        self.problem(format!("must be {expected}, not `{}`", written.trim_matches(['“', '”'])))
    }

    pub(super) fn str(&self) -> Option<&'a str> {
        self.value.get_ref().as_str()
    }

    /// The keys of an inline table with their values.
    pub(super) fn entries(&self) -> Option<Vec<(&'a str, Value<'a>)>> {
        let table = self.value.get_ref().as_table()?;
        Some(table.iter().map(|(key, value)| (key.get_ref().as_ref(), Value { text: self.text, value })).collect())
    }

    /// A date, written as TOML's own.
    pub(super) fn toml_date(&self) -> Option<String> {
        self.value.get_ref().as_datetime().map(ToString::to_string)
    }
}

/// A text that `read` accepts, composed as in Unicode's NFC; in the message, its refusal follows the value.
pub(super) fn text<T>(
    expected: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> impl Fn(&Value<'_>) -> Result<T, Vec<Problem>> {
    text_as_written(expected, move |text| read(&normalized(text)))
}

/// The same without any change, for the names of files.
pub(super) fn text_as_written<T>(
    expected: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> impl Fn(&Value<'_>) -> Result<T, Vec<Problem>> {
    move |value| match value.str() {
        Some(text) => read(text.trim()).or_else(|message| value.problem(message)),
        None => value.unlike(&format!("{expected} in quotation marks")),
    }
}

/// A whole number from `least` to `most`; `most` is not mentioned if it is simply the largest number that fits.
pub(super) fn whole<T: TryFrom<i64>>(least: i64, most: i64) -> impl Fn(&Value<'_>) -> Result<T, Vec<Problem>> {
    let expected = if most >= i64::from(u32::MAX) {
        format!("a whole number, {least} or more")
    } else {
        format!("a whole number from {least} to {most}")
    };
    move |value| {
        let integer = value.value.get_ref().as_integer();
        let number = integer.and_then(|integer| i64::from_str_radix(integer.as_str(), integer.radix()).ok());
        let fitting = number.filter(|number| (least..=most).contains(number));
        fitting.and_then(|number| T::try_from(number).ok()).map_or_else(|| value.unlike(&expected), Ok)
    }
}

/// `true` or `false`.
pub(super) fn flag(value: &Value<'_>) -> Result<bool, Vec<Problem>> {
    value.value.get_ref().as_bool().map_or_else(|| value.unlike("true or false"), Ok)
}

/// One of a few words, in any case.
pub(super) fn choice<T: Copy>(choices: &[(&str, T)]) -> impl Fn(&Value<'_>) -> Result<T, Vec<Problem>> {
    move |value| {
        let names = choices.iter().map(|(name, _)| *name);
        let all = names.clone().collect::<Vec<_>>();
        let expected = if all.len() > 2 { format!("one of {}", all.join(", ")) } else { all.join(" or ") };
        let Some(text) = value.str() else {
            return value.unlike(&format!("{expected}, in quotation marks"));
        };
        let found = choices.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim()));
        match (found, nearest(text.trim(), names)) {
            (Some((_, choice)), _) => Ok(*choice),
            (None, Some(meant)) => value.problem(format!("{} is unknown: did you mean {meant}?", quoted(text))),
            (None, None) => value.unlike(&expected),
        }
    }
}

/// A list; reports what is wrong with each of its items.
pub(super) fn list<T>(
    expected: &str,
    item: impl Fn(&Value<'_>) -> Result<T, Vec<Problem>>,
) -> impl Fn(&Value<'_>) -> Result<Vec<T>, Vec<Problem>> {
    move |value| {
        let Some(array) = value.value.get_ref().as_array() else {
            return value.unlike(&format!("a list such as {expected}"));
        };
        let (mut items, mut problems) = (Vec::new(), Vec::new());
        for inner in array {
            match item(&Value { text: value.text, value: inner }) {
                Ok(read) => items.push(read),
                Err(mut wrong) => problems.append(&mut wrong),
            }
        }
        if problems.is_empty() { Ok(items) } else { Err(problems) }
    }
}
