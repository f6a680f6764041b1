//! The roster's first line: which column is which, and what separates them. Knows the names of the columns and nothing
//! about the rows.

use csv::StringRecord;

use super::activity::{self, Test};
use super::aliases::{self, FIRST_NAME, KNOWN, LAST_NAME, key, rank};
use super::intern::Interner;
use super::mapping::Options;
use super::no_value::is_no_value;
use super::reading::Column;
use super::warnings::{Kind, Warnings};
use crate::domain::text::{folded, normalized, squeezed};
use crate::store::cells::{nearest, quoted};
use crate::store::faults::Faults;

/// The columns that a roster must have; the last one only if it keeps people apart.
const REQUIRED: [&str; 3] = ["email", "name", "department"];
/// Settings of a person: a column with a similar name may be one of them.
const OPTIONAL: [&str; 9] =
    ["timezone", "location", "manager", "working_hours", "workdays", "paused_until", "language", "formerly", "tags"];

/// Words in headings that may be those of a known column, written as one word.
const HINTS: &[(&str, &str)] = &[
    (
        "outofoffice ooo absence absent leave return returndate backon vacation vacations holiday holidays pause paused \
         termination terminated lastday offboarding austritt austrittsdatum enddate відпустка відпустці відпустки перерва",
        "paused_until",
    ),
    ("workschedule schedule workinghours officehours workhours hours shift графік години", "working_hours"),
    ("utcoffset gmtoffset zone пояс", "timezone"),
    ("daysworked workdays workingdays weekdays", "workdays"),
    ("preferredlanguage locale", "language"),
];

/// Words that show that a heading is about something else.
const NO_HINTS: [&str; 15] = [
    "entitlement",
    "balance",
    "allowance",
    "remaining",
    "quota",
    "supervisor",
    "lead",
    "manager",
    "type",
    "policy",
    "reason",
    "code",
    "country",
    "count",
    "total",
];

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Email,
    Name,
    Timezone,
    WorkingHours,
    Workdays,
    PausedUntil,
    Language,
    /// Former addresses of the person.
    Formerly,
    /// An index into [`Header::columns`].
    Column {
        index: usize,
        required: bool,
    },
    /// A column without a header: blank in every row.
    Blank,
    /// Already reported as a fault, or read together with another column.
    Ignored,
}

/// The columns, in the order of the file.
#[derive(Default)]
pub(super) struct Header {
    /// The names in lower case; "" if there is none. A known column has its known name.
    pub(super) names: Vec<String>,
    /// The same, as written in the file.
    pub(super) headings: Vec<String>,
    /// The role of each column.
    pub(super) roles: Vec<Role>,
    /// The columns that can keep people apart, still without cells.
    pub(super) columns: Vec<Interner>,
    /// If a column is blank, these others are read instead, in this order.
    pub(super) instead: Vec<(usize, Vec<usize>)>,
    /// The columns from which a person's full name is joined, if it is in several columns: those before it, and after
    /// it.
    pub(super) name_parts: Option<NameParts>,
    /// The columns that say who takes part at all.
    pub(super) activity: Vec<(usize, Test)>,
    /// Whether another program wrote the file, or the config says what its columns are.
    pub(super) foreign: bool,
    /// The department's column, if somebody may have no department although it keeps people apart.
    pub(super) lenient_department: Option<usize>,
    /// The known columns, and where each is read from.
    pub(super) known: Vec<(&'static str, Vec<usize>)>,
}

/// The places of a person's names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NameParts {
    /// The whole name, if there is a column for it.
    pub(super) full: Option<usize>,
    /// The parts to join if the whole name is blank.
    pub(super) parts: Vec<usize>,
    /// `full` may be only one part of the name: the other part is joined to it unless it is already in there.
    pub(super) partial: Option<(usize, bool)>,
}

impl Role {
    /// Whether a blank cell is a fault.
    pub(super) fn is_required(self) -> bool {
        matches!(self, Self::Email | Self::Name | Self::Column { required: true, .. })
    }
}

impl Header {
    /// Reads the header, which is on `line`, and adds what is wrong with it to `faults` and what is odd to `warnings`.
    pub(super) fn read<'a>(
        cells: impl Iterator<Item = &'a [u8]>,
        line: usize,
        options: Options<'_>,
        faults: &mut Faults,
        warnings: &mut Warnings,
    ) -> Self {
        let mut header = Self::default();
        for cell in cells {
            let cell = String::from_utf8_lossy(cell);
            if cell.contains(char::REPLACEMENT_CHARACTER) {
                faults.push(line, None, || not_utf8(&cell));
            }
            let heading = squeezed(&normalized(&cell)).into_owned();
            header.names.push(column_name(&heading));
            header.headings.push(heading);
        }
        header.find_known(line, options, faults);
        let taken = header.rename_known();
        for place in 0..header.names.len() {
            let name = header.names[place].clone();
            let first = header.names[..place].iter().position(|other| *other == name && !name.is_empty());
            if let Some(first) = first {
                let second = place + 1;
                faults.push(line, Some(&name), || {
                    format!("is in the header twice, as column {} and column {second}", first + 1)
                });
            }
            let beside = taken.contains(&place) && !is_known(&name);
            let role = if first.is_some() || beside { Role::Ignored } else { header.role(place, options) };
            header.roles.push(role);
        }
        header.find_activity(line, options, faults);
        header.complain_of_missing(line, options, faults);
        header.warn_of_near(&taken, warnings);
        header
    }

    /// Finds where each known column is read from: where the config says, or under its own name, or under a usual one.
    fn find_known(&mut self, line: usize, options: Options<'_>, faults: &mut Faults) {
        let keys: Vec<String> = self.headings.iter().map(|heading| key(heading)).collect();
        for known in KNOWN {
            if let Some(headings) = options.columns.of(known.name) {
                let places = self.mapped(known.name, headings, line, faults);
                self.foreign = true;
                if known.name == "name" && places.len() > 1 {
                    self.name_parts = Some(NameParts { parts: places.clone(), ..NameParts::default() });
                } else if let [place, others @ ..] = &places[..]
                    && !others.is_empty()
                {
                    self.instead.push((*place, others.to_vec()));
                }
                self.known.push((known.name, places));
                continue;
            }
            let own = self.names.iter().position(|name| name == known.name);
            let ranked = || keys.iter().zip(0..).filter_map(|(key, at)| Some((rank(known.aliases, key)?, at)));
            let best = own.or_else(|| ranked().min().map(|(_, at)| at));
            if own.is_none() && best.is_some() && REQUIRED.contains(&known.name) {
                self.foreign = true;
            }
            match (known.name, best) {
                ("name", best) => self.find_name(best, own.is_some(), &keys),
                ("email", Some(at)) if own.is_none() => {
                    let login = |key: &&String| matches!(key.as_str(), "userprincipalname" | "upn");
                    let others: Vec<usize> = keys
                        .iter()
                        .zip(0..)
                        .filter(|(key, other)| login(key) && *other != at)
                        .map(|(_, at)| at)
                        .collect();
                    if !others.is_empty() {
                        self.instead.push((at, others.clone()));
                    }
                    self.known.push((known.name, [vec![at], others].concat()));
                }
                (name, Some(at)) => self.known.push((name, vec![at])),
                (_, None) => {}
            }
        }
    }

    /// A name is complete in one column, or its parts are in two; many files have all three.
    fn find_name(&mut self, full: Option<usize>, own: bool, keys: &[String]) {
        let part = |aliases: &str| {
            let ranked = keys.iter().zip(0..).filter_map(|(key, at)| Some((rank(aliases, key)?, at)));
            ranked.min().map(|(_, at)| at).filter(|at| Some(*at) != full)
        };
        let (first, last) = (part(FIRST_NAME), part(LAST_NAME));
        let parts: Vec<usize> = first.into_iter().chain(last).collect();
        let places: Vec<usize> = full.into_iter().chain(parts.iter().copied()).collect();
        let plain = full.is_some_and(|at| matches!(keys[at].as_str(), "name"));
        let partial = match (first, last) {
            (Some(first), None) if plain => Some((first, true)),
            (None, Some(last)) if plain => Some((last, false)),
            _ => None,
        };
        if full.is_none() && parts.is_empty() {
            return;
        }
        if full.is_none() {
            self.foreign = true;
        }
        // Next to the roster's own name column, columns for parts of a name belong to the organizer too.
        if own && partial.is_none() {
            self.known.push(("name", full.into_iter().collect()));
        } else {
            self.known.push(("name", places));
            if !parts.is_empty() {
                self.name_parts = Some(NameParts { full, parts, partial });
            }
        }
    }

    /// The places of the headers that the config names.
    fn mapped(&self, name: &str, headings: &[String], line: usize, faults: &mut Faults) -> Vec<usize> {
        let mut places = Vec::new();
        for wanted in headings {
            let exact = self.headings.iter().position(|heading| heading == wanted);
            let like = || self.headings.iter().position(|heading| aliases::same_heading(heading, wanted));
            match exact.or_else(like) {
                Some(place) => places.push(place),
                None => faults.push(line, None, || {
                    let lower: Vec<String> = self.headings.iter().map(|heading| heading.to_lowercase()).collect();
                    let meant = nearest(wanted, lower.iter().map(String::as_str))
                        .and_then(|meant| lower.iter().position(|other| other == meant))
                        .map_or(String::new(), |at| format!("; do you mean {}?", quoted(&self.headings[at])));
                    format!(
                        "no column {}, which [programme.columns] names for `{name}`; the header has {}{meant}",
                        quoted(wanted),
                        quoted(&self.found())
                    )
                }),
            }
        }
        places
    }

    /// Gives known columns their known names, and returns all places that are read as such.
    fn rename_known(&mut self) -> Vec<usize> {
        let known = std::mem::take(&mut self.known);
        let taken: Vec<usize> = known.iter().flat_map(|(_, places)| places.iter().copied()).collect();
        for (name, places) in &known {
            // Another column with this name is not the one that is meant.
            for (place, other) in self.names.iter_mut().enumerate() {
                if other == name && !places.is_empty() && !places.contains(&place) && self.foreign {
                    *other = format!("{name} (not read)");
                }
            }
            if let Some(first) = places.first() {
                (*name).clone_into(&mut self.names[*first]);
            }
        }
        self.known = known;
        taken
    }

    fn role(&mut self, place: usize, options: Options<'_>) -> Role {
        let name = self.names[place].as_str();
        match name {
            "" => Role::Blank,
            "email" => Role::Email,
            "name" => Role::Name,
            "timezone" => Role::Timezone,
            "working_hours" => Role::WorkingHours,
            "workdays" => Role::Workdays,
            "paused_until" => Role::PausedUntil,
            "language" => Role::Language,
            "formerly" => Role::Formerly,
            other => {
                let required = other == "department" && !self.foreign && options.needs_department();
                if other == "department" && self.foreign && options.needs_department() {
                    self.lenient_department = Some(place);
                }
                self.columns.push(Interner::new(other, &self.headings[place]));
                Role::Column { index: self.columns.len() - 1, required }
            }
        }
    }

    fn find_activity(&mut self, line: usize, options: Options<'_>, faults: &mut Faults) {
        let mapped = options.columns.of("status");
        let mapped = mapped.map_or_else(Vec::new, |headings| self.mapped("status", headings, line, faults));
        for (heading, place) in self.headings.iter().zip(0..) {
            let test = activity::test(&key(heading)).or_else(|| mapped.contains(&place).then_some(Test::Status));
            self.activity.extend(test.map(|test| (place, test)));
        }
    }

    /// The replacement for the blank cell at `place`, or "".
    pub(super) fn instead_of<'r>(&self, place: usize, record: &'r StringRecord) -> &'r str {
        let others = self.instead.iter().find(|(other, _)| *other == place).map_or(&[][..], |(_, others)| others);
        others.iter().map(|other| value(&record[*other])).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    /// The name of a person whose name is in several columns.
    pub(super) fn joined_name(&self, record: &StringRecord) -> Option<String> {
        let NameParts { full, parts, partial } = self.name_parts.as_ref()?;
        let full = full.map_or("", |full| value(&record[full]));
        if let Some((part, before)) = partial {
            let part = value(&record[*part]);
            let within = format!(" {} ", folded(full)).contains(&format!(" {} ", folded(part)));
            let joined = if *before { format!("{part} {full}") } else { format!("{full} {part}") };
            return Some(if within || part.is_empty() { full.to_owned() } else { joined.trim().to_owned() });
        }
        if !full.is_empty() && !is_number(full) {
            return Some(full.to_owned());
        }
        let parts: Vec<&str> = parts.iter().map(|part| value(&record[*part])).filter(|part| !part.is_empty()).collect();
        Some(parts.join(" "))
    }

    /// Each column of the roster, and where it is read from.
    pub(super) fn all(&self, filled: &[u32]) -> Vec<Column> {
        let mut all: Vec<(usize, Column)> = Vec::new();
        let heading = |place: &usize| self.headings[*place].clone();
        for (name, places) in self.known.iter().filter(|(_, places)| !places.is_empty()) {
            let (headings, filled) = (places.iter().map(heading).collect(), places.iter().map(|at| filled[*at]).max());
            all.push((places[0], Column { name: (*name).to_owned(), headings, filled: filled.unwrap_or(0) }));
        }
        let status: Vec<usize> = self.activity.iter().map(|(place, _)| *place).collect();
        if let Some(&first) = status.first() {
            let filled = status.iter().map(|at| filled[*at]).max().unwrap_or(0);
            let headings = status.iter().map(heading).collect();
            all.push((first, Column { name: "status".to_owned(), headings, filled }));
        }
        for (place, role) in self.roles.iter().enumerate() {
            let read = all.iter().any(|(_, column)| column.headings.contains(&self.headings[place]));
            if matches!(role, Role::Column { .. }) && !read {
                let name = self.names[place].clone();
                all.push((place, Column { name, headings: vec![heading(&place)], filled: filled[place] }));
            }
        }
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, column)| column).collect()
    }

    fn found(&self) -> String {
        let found: Vec<&str> = self.headings.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        found.join(", ")
    }

    fn complain_of_missing(&self, line: usize, options: Options<'_>, faults: &mut Faults) {
        let has = |name: &str| self.known.iter().any(|(known, _)| *known == name);
        let strangers = || self.names.iter().map(String::as_str).filter(|name| !is_known(name));
        for missing in REQUIRED.into_iter().filter(|name| !has(name)) {
            if missing == "department" && !options.needs_department() {
                continue;
            }
            faults.push(line, None, || {
                let meant = nearest(missing, strangers()).map(|name| format!("; do you mean {}?", quoted(name)));
                format!("no column `{missing}`; the header has {}{}", quoted(&self.found()), meant.unwrap_or_default())
            });
        }
        let lacks = |name: &str| !has(name) && options.columns.of(name).is_none();
        if lacks("department") && options.needs_department() && !self.names.is_empty() {
            let like = |key: &str| {
                ["team", "division", "unit", "group", "costcent", "section", "area", "organi", "bereich"]
                    .iter()
                    .any(|word| key.contains(word))
            };
            let candidate = self.headings.iter().find(|heading| like(&key(heading)));
            let example = candidate.map_or("Team", String::as_str);
            faults.hint = Some(format!(
                "write across = [] under [pairing] to let anybody meet anybody, or say which column holds the department: \
                 department = \"{example}\" under [programme.columns]"
            ));
        } else if lacks("email") || lacks("name") {
            faults.hint = Some(
                "say which columns they are: email = \"Work Email\" or name = [\"First\", \"Last\"] under [programme.columns]"
                    .to_owned(),
            );
        }
    }

    /// Warns about columns that have nearly the name of a known one, or exactly that name without being read.
    fn warn_of_near(&self, taken: &[usize], warnings: &mut Warnings) {
        for (place, heading) in self.headings.iter().enumerate().filter(|(place, _)| !taken.contains(place)) {
            let key = key(heading);
            let near = |name: &&str| is_near(&key, name);
            let by_word = || hint(heading);
            let is_address = KNOWN.iter().any(|known| known.name == "email" && rank(known.aliases, &key).is_some());
            let is_activity = || self.activity.iter().any(|(at, _)| *at == place);
            let name = OPTIONAL.iter().copied().find(near).or(is_address.then_some("email"));
            let Some(name) = name.or_else(|| by_word().filter(|_| !is_activity())) else {
                continue;
            };
            let read = self.known.iter().find(|(known, _)| *known == name).and_then(|(_, places)| places.first());
            let says = match read {
                Some(_) if matches!(name, "manager" | "location") => continue,
                Some(read) if *read == place => continue,
                Some(read) => format!("is not read: `{name}` is read from {}", quoted(&self.headings[*read])),
                None => format!("is not read; if it holds the `{name}`, give it that name"),
            };
            warnings.push(Kind::Column, None, Some(heading), || says);
        }
    }
}

/// The known column that this heading may mean, judged by one or two of its words.
fn hint(heading: &str) -> Option<&'static str> {
    let folded = folded(heading);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| NO_HINTS.contains(word)) {
        return None;
    }
    let joined: Vec<String> = (1..=3).flat_map(|length| words.windows(length).map(<[&str]>::concat)).collect();
    let has = |hints: &str| hints.split_ascii_whitespace().any(|hint| joined.iter().any(|word| word == hint));
    HINTS.iter().find(|(hints, _)| has(hints)).map(|(_, name)| *name)
}

/// Whether the key of a header is a known name with a typo, or contains one.
fn is_near(key: &str, name: &str) -> bool {
    let Some(known) = KNOWN.iter().find(|known| known.name == name) else { return false };
    let long = matches!(name, "timezone" | "working_hours" | "workdays" | "paused_until");
    known.aliases.split_ascii_whitespace().any(|alias| {
        let letters = alias.chars().count();
        let slips = if letters >= 8 { 2 } else { usize::from(letters >= 5) };
        key == alias
            || letters >= 5
                && key.chars().count().abs_diff(letters) <= slips
                && strsim::osa_distance(key, alias) <= slips
            || long && letters >= 8 && key.contains(alias)
    })
}

fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|known| known.name == name)
}

/// The cell's value, if it holds one.
fn value(cell: &str) -> &str {
    let cell = cell.trim();
    if is_no_value(cell) { "" } else { cell }
}

/// In lower case; a known name may be written with spaces, as in “Working hours”.
fn column_name(heading: &str) -> String {
    let name = heading.to_lowercase();
    let joined = name.replace(' ', "_");
    if is_known(&joined) { joined } else { name }
}

pub(super) fn not_utf8(cell: &str) -> String {
    format!("{} is not UTF-8 text: save the file as “CSV UTF-8”", quoted(cell))
}

/// The separator of the cells, and whether the first line that is not blank only names it, as Excel's `sep=;` does.
pub(super) struct Separator {
    pub(super) byte: u8,
    pub(super) is_told: bool,
}

/// Among the possible separators, the one that occurs most often outside quotation marks in the first line that is not
/// blank.
pub(super) fn separator(text: &[u8]) -> Separator {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // A tab is white space, but it may be the first character of a header.
    let start = text.iter().position(|b| !matches!(b, b' ' | b'\n' | b'\r')).unwrap_or(0);
    if let Some(byte) = told(&text[start..]) {
        return Separator { byte, is_told: true };
    }
    const SIGNS: [u8; 4] = *b",;\t|";
    let (mut counts, mut inside) = ([0; SIGNS.len()], false);
    for byte in &text[start..] {
        match byte {
            b'"' => inside = !inside,
            b'\n' if !inside => break,
            byte if !inside => {
                SIGNS.iter().zip(&mut counts).for_each(|(sign, count)| *count += usize::from(sign == byte));
            }
            _ => {}
        }
    }
    // If several are equally frequent, the first.
    let most = counts.iter().zip(SIGNS).rev().max_by_key(|(count, _)| **count);
    Separator { byte: most.map_or(b',', |(_, sign)| sign), is_told: false }
}

/// The most lines that there may be above the header.
pub(super) const TITLES: usize = 20;

/// For a text that begins with a title, as reports do: how many bytes and lines come before the first line that names
/// the columns. None if that is the first line, or if there is none.
pub(super) fn title(text: &[u8], options: Options<'_>) -> Option<(usize, usize)> {
    let (mut before, mut has_title) = (0, false);
    for (number, line) in text.split_inclusive(|byte| *byte == b'\n').take(TITLES).enumerate() {
        // A heading continues in the next line.
        if line.iter().filter(|byte| **byte == b'"').count() % 2 == 1 {
            return None;
        }
        let byte = separator(line).byte;
        let cells = line.split(|it| *it == byte).map(|cell| cell.trim_ascii().trim_ascii_start());
        let cells = cells.map(|cell| String::from_utf8_lossy(cell).trim_matches(['"', '\u{feff}']).to_owned());
        if names_columns(cells, options) {
            return has_title.then_some((before, number));
        }
        let plain = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        has_title |= !plain.trim_ascii().is_empty() && told(plain).is_none();
        before += line.len();
    }
    None
}

/// Whether a row is the header: one of several cells has a name of the address column, and none is an address.
pub(super) fn names_columns(cells: impl Iterator<Item = impl AsRef<str>>, options: Options<'_>) -> bool {
    let cells: Vec<_> = cells.filter(|cell| !cell.as_ref().trim().is_empty()).collect();
    let known = KNOWN.iter().find(|known| known.name == "email").map_or("", |known| known.aliases);
    let is_email = |cell: &str| match options.columns.of("email") {
        Some(headings) => headings.iter().any(|heading| aliases::same_heading(heading, cell)),
        None => rank(known, &key(cell)).is_some(),
    };
    cells.len() > 1
        && cells.iter().any(|cell| is_email(cell.as_ref()))
        && !cells.iter().any(|cell| cell.as_ref().contains('@'))
}

/// The separator that a line such as `sep=;` names.
fn told(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let [s, e, p, b'=', byte, rest @ ..] = line else { return None };
    let ends = matches!(rest, [] | [b'\n' | b'\r', ..] | [b'"', b'\n' | b'\r', ..] | [b'"']);
    ([s, e, p].map(u8::to_ascii_lowercase) == *b"sep" && ends && !byte.is_ascii_alphanumeric()).then_some(*byte)
}

/// Whether a cell is a person's number rather than their name.
pub(super) fn is_number(cell: &str) -> bool {
    cell.chars().any(char::is_numeric) && !cell.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_separates_unless_others_do() {
        for (text, byte) in [
            ("", b','),
            ("email,name;x,department\n;;;;;", b','),
            ("\n\n\"a,b,c\";name;department\n,,,,,", b';'),
            ("email\tname\tdepartment, team\n", b'\t'),
            ("\temail\tname\n", b'\t'),
            ("email|name|department\n", b'|'),
            ("\u{feff}email;name,x;department\n", b';'),
        ] {
            let separator = separator(text.as_bytes());
            assert_eq!((separator.byte, separator.is_told), (byte, false), "{text}");
        }
    }

    #[test]
    fn a_first_line_may_say_what_separates() {
        for (text, byte) in [
            ("sep=;\nemail,name", b';'),
            ("\u{feff}SEP=,\nemail;name", b','),
            ("sep=\t\nemail", b'\t'),
            ("\"sep=;\"\nemail", b';'),
            ("\nsep=|\n", b'|'),
        ] {
            let separator = separator(text.as_bytes());
            assert_eq!((separator.byte, separator.is_told), (byte, true), "{text}");
        }
        assert!(!separator(b"sep=name,email\n").is_told);
    }

    #[test]
    fn a_name_is_near_that_has_a_slip_or_a_word_more() {
        for (heading, name) in [
            ("paused_utnil", "paused_until"),
            ("pause-untl", "paused_until"),
            ("Time zne", "timezone"),
            ("my timezone", "timezone"),
            ("Wroking hours", "working_hours"),
            ("languge", "language"),
            ("mangaer", "manager"),
            ("locaton", "location"),
        ] {
            assert!(is_near(&key(heading), name), "{heading}");
        }
        for heading in ["Floor", "Team", "Hours", "Zone", "State", "usageLocation", "Job title", "Stage"] {
            assert!(!OPTIONAL.iter().any(|name| is_near(&key(heading), name)), "{heading}");
        }
    }
}
