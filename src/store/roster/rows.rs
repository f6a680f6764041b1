//! The roster's rows, whatever file they come from: each becomes an employee, or is a fault, or does not take part.
//! Knows what a single cell may hold; knows no file format and no rule about who meets whom.

use std::hash::BuildHasher;
use std::sync::Arc;

use csv::StringRecord;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::activity::{Said, is_guest, said};
use super::header::{Header, Role, is_number, not_utf8};
use super::intern::Interner;
use super::mapping::Options;
use super::no_value::{is_no_value, why};
use super::reading::Reading;
use super::warnings::{Kind, Warnings};
use crate::domain::roster::{Employee, Inactive, Roster, RosterIndex};
use crate::domain::text::{folded, normalized, squeezed};
use crate::domain::working_hours::Hours;
use crate::domain::zone::Zone;
use crate::store::address::{address, looks};
use crate::store::cells::quoted;
use crate::store::dates::{date, date_fault};
use crate::store::faults::Faults;
use crate::store::zones;

/// The roster as far as it has been read.
pub(super) struct Rows<'a> {
    options: Options<'a>,
    header: Header,
    begun: bool,
    warnings: Warnings,
    /// For each column, how many of its cells are filled.
    filled: Vec<u32>,
    employees: Vec<Employee>,
    /// For each employee, the line of the file.
    lines: Vec<u32>,
    /// Indices of employees by address; each with its hash, so that growing the table reads no address.
    addresses: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
    /// Each zone with whether its name misleads.
    zones: HashMap<Box<str>, (Zone, bool)>,
    hours: HashMap<Box<str>, Hours>,
    inactive: Vec<Inactive>,
    /// The former addresses in the row that is being read.
    formerly: Vec<Box<str>>,
    /// Former addresses as given in the rows, each with an index into `employees`.
    former: Vec<(Box<str>, u32)>,
    /// Why people do not take part, with their lines.
    reasons: Vec<(&'static str, Vec<usize>)>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(options: Options<'a>) -> Self {
        Self {
            options,
            header: Header::default(),
            begun: false,
            warnings: Warnings::default(),
            filled: Vec::new(),
            employees: Vec::new(),
            lines: Vec::new(),
            addresses: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            zones: HashMap::new(),
            hours: HashMap::new(),
            inactive: Vec::new(),
            formerly: Vec::new(),
            former: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// The options with which the roster is read.
    pub(super) fn options(&self) -> Options<'a> {
        self.options
    }

    /// Warns about this many lines above the header.
    pub(super) fn skip_titles(&mut self, lines: usize) {
        let told = match lines {
            0 => return,
            1 => "the line above the headings is not read".to_owned(),
            lines => format!("the {lines} lines above the headings are not read"),
        };
        self.warnings.push(Kind::Column, Some(1), None, || told);
    }

    /// Whether the header is read.
    pub(super) fn is_begun(&self) -> bool {
        self.begun
    }

    /// Reads the header, which says what the following rows contain.
    pub(super) fn begin<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>, line: usize, faults: &mut Faults) {
        self.header = Header::read(cells, line, self.options, faults, &mut self.warnings);
        self.filled = vec![0; self.header.roles.len()];
        self.begun = true;
    }

    /// Reads a row; in a garbled one, everything that was not UTF-8 is a replacement character.
    pub(super) fn add(&mut self, record: &StringRecord, garbled: bool, line: usize, faults: &mut Faults) {
        let (fields, expected) = (record.len(), self.header.roles.len());
        if fields != expected {
            faults.push(line, None, || {
                let why = if fields > expected {
                    ": is there a value with a separator that is not in quotation marks?"
                } else {
                    ""
                };
                format!("has {fields} fields where the header has {expected}{why}")
            });
            return;
        }
        if let Some(what) = self.absence(record, line) {
            self.set_aside(what, record, line);
            return;
        }
        self.formerly.clear();
        let mut employee = Employee {
            email: Box::default(),
            name: Box::default(),
            timezone: None,
            working_hours: None,
            workdays: None,
            paused_until: None,
            language: None,
        };
        for (place, cell) in record.iter().enumerate() {
            if garbled && cell.contains(char::REPLACEMENT_CHARACTER) {
                faults.push(line, Some(&self.header.names[place]), || not_utf8(cell));
                continue;
            }
            let written = trimmed(cell);
            let mut cell = if is_no_value(written) { "" } else { written };
            if cell.is_empty() && !self.header.instead.is_empty() {
                cell = self.header.instead_of(place, record);
            }
            let role = self.header.roles[place];
            let joined = if role == Role::Name { self.header.joined_name(record) } else { None };
            let cell = joined.as_deref().unwrap_or(cell);
            self.filled[place] += u32::from(!cell.is_empty());
            if is_no_value(written) && !(cell.is_empty() && role.is_required()) {
                let heading = &self.header.headings[place];
                self.warnings
                    .push(Kind::NoValue, Some(line), Some(heading), || format!("{} {}", quoted(written), why(written)));
            }
            self.read_cell(place, cell, written, &mut employee, line, faults);
        }
        if let (Some(hours), Some(days)) = (&employee.working_hours, employee.workdays)
            && hours.days().is_some_and(|named| named.intersection(days).is_empty())
        {
            faults.push(line, Some("workdays"), || {
                format!("works on {days}, but has working hours only on {}", hours.days().unwrap_or_default())
            });
        }
        if !employee.email.is_empty() {
            self.admit(employee, line, faults);
        }
        // What is read from a row with faults is shown, but not used.
        let Self { header, employees, .. } = self;
        header.columns.iter_mut().for_each(|column| column.fit(employees.len()));
    }

    fn read_cell(
        &mut self,
        place: usize,
        cell: &str,
        written: &str,
        employee: &mut Employee,
        line: usize,
        faults: &mut Faults,
    ) {
        let Header { names, headings, roles, columns, lenient_department, .. } = &mut self.header;
        let name = names[place].as_str();
        let blank = || match written {
            "" => "is blank".to_owned(),
            written => format!("{} {}", quoted(written), why(written)),
        };
        match &mut roles[place] {
            Role::Email | Role::Name if cell.is_empty() => faults.push(line, Some(name), blank),
            Role::Email => match address(cell) {
                Ok(address) => employee.email = address,
                Err(why) => faults.push(line, Some(name), || format!("{} {why}", quoted(cell))),
            },
            Role::Name if is_number(cell) => {
                faults.push(line, Some(name), || format!("{} is a number, not a name", quoted(cell)));
            }
            Role::Name => employee.name = squeezed(&normalized(cell)).into(),
            Role::Column { index, required } => {
                if cell.is_empty() && *required {
                    faults.push(line, Some(name), blank);
                } else if cell.is_empty() && *lenient_department == Some(place) {
                    self.warnings.push(Kind::Department, Some(line), Some(&headings[place]), || {
                        "is blank, so it keeps nobody apart from them".to_owned()
                    });
                }
                columns[*index].push(cell);
            }
            Role::Blank if !cell.is_empty() => {
                let place = place + 1;
                faults.push(line, None, || format!("{} is in column {place}, which has no header", quoted(cell)));
                roles[place - 1] = Role::Ignored;
            }
            Role::Timezone
            | Role::WorkingHours
            | Role::Workdays
            | Role::PausedUntil
            | Role::Language
            | Role::Formerly
                if cell.is_empty() => {}
            Role::Timezone => {
                let read = |cell: &str| zones::named(cell).map(|zone| (zone, zones::doubt(zone).is_some()));
                match remembered(&mut self.zones, cell, read) {
                    None => faults.push(line, Some(name), || zones::why_not(cell)),
                    Some((zone, misleads)) => {
                        if misleads {
                            let says = || zones::doubt(zone).unwrap_or_default();
                            self.warnings.push(Kind::Zone, Some(line), Some(&headings[place]), says);
                        }
                        employee.timezone = Some(zone);
                    }
                }
            }
            Role::WorkingHours => match remembered(&mut self.hours, cell, |cell| cell.parse().ok()) {
                None => faults.push(line, Some(name), || {
                    let why = cell.parse::<Hours>().err().unwrap_or_default();
                    format!("{}: {why}", quoted(cell))
                }),
                found => employee.working_hours = found,
            },
            Role::Workdays => match cell.parse() {
                Ok(days) => employee.workdays = Some(days),
                Err(why) => faults.push(line, Some(name), || format!("{}: {why}", quoted(cell))),
            },
            Role::PausedUntil => match date(cell) {
                None => faults.push(line, Some(name), || date_fault(cell)),
                found => employee.paused_until = found,
            },
            Role::Language => match cell.parse() {
                Ok(language) => employee.language = Some(language),
                Err(why) => faults.push(line, Some(name), || why),
            },
            Role::Formerly => {
                let parts = cell.split([';', '；', ',', '|']).flat_map(str::split_whitespace);
                for part in parts {
                    match address(part) {
                        Ok(address) => self.formerly.push(address),
                        Err(why) => faults.push(line, Some(name), || format!("{} {why}", quoted(part))),
                    }
                }
            }
            Role::Blank | Role::Ignored => {}
        }
    }

    fn admit(&mut self, employee: Employee, line: usize, faults: &mut Faults) {
        let Self { employees, lines, addresses, hasher, formerly, former, .. } = self;
        let hash = hasher.hash_one(&employee.email) as u32;
        let same = |&(other, index): &(u32, u32)| other == hash && employees[index as usize].email == employee.email;
        if let Some(&(_, first)) = addresses.find(spread(hash), same) {
            let first = lines[first as usize];
            faults.push(line, Some("email"), || format!("{} is already on line {first}", quoted(&employee.email)));
            return;
        }
        addresses.insert_unique(spread(hash), (hash, employees.len() as u32), |&(hash, _)| spread(hash));
        former.extend(formerly.drain(..).map(|address| (address, employees.len() as u32)));
        employees.push(employee);
        lines.push(line as u32);
    }

    /// Why somebody does not take part, if they do not.
    fn absence(&mut self, record: &StringRecord, line: usize) -> Option<&'static str> {
        let email = self.header.roles.iter().position(|role| *role == Role::Email);
        if email.is_some_and(|email| is_guest(&record[email])) {
            return Some("guest");
        }
        let mut unknown = None;
        for &(place, test) in &self.header.activity {
            let cell = trimmed(&record[place]);
            match said(test, if is_no_value(cell) { "" } else { cell }) {
                Said::Not(what) => return Some(what),
                Said::Unknown => unknown = Some(place),
                Said::TakesPart => {}
            }
        }
        if let Some(place) = unknown {
            let heading = &self.header.headings[place];
            self.warnings.push(Kind::Status, Some(line), Some(heading), || {
                format!("{} is not understood: they take part", quoted(trimmed(&record[place])))
            });
        }
        None
    }

    fn set_aside(&mut self, what: &'static str, record: &StringRecord, line: usize) {
        match self.reasons.iter_mut().find(|(other, _)| *other == what) {
            Some((_, lines)) => lines.push(line),
            None => self.reasons.push((what, vec![line])),
        }
        let cell = |role: Role| self.header.roles.iter().position(|other| *other == role).map(|place| &record[place]);
        let email = address(cell(Role::Email).unwrap_or_default().trim()).unwrap_or_default();
        let joined = self.header.joined_name(record);
        let name = joined.as_deref().or(cell(Role::Name)).unwrap_or_default();
        self.inactive.push(Inactive { email, name: squeezed(&normalized(name)).into() });
    }

    /// The result of reading, whatever is wrong with it.
    pub(super) fn finish(mut self, faults: &mut Faults) -> Reading {
        self.warn_of_inactive();
        self.warn_of_blank_columns();
        self.complain_of_doubles(faults);
        let former = self.former_addresses(faults);
        let Self { header, employees, lines, inactive, warnings, filled, .. } = self;
        let columns = header.all(&filled);
        let columns_of_roster = header.columns.into_iter().map(Interner::into_column).collect();
        let roster = Roster { employees, columns: columns_of_roster, inactive, former };
        Reading { roster: Arc::new(roster), lines, columns, warnings }
    }

    fn warn_of_inactive(&mut self) {
        let reasons = std::mem::take(&mut self.reasons);
        for (what, lines) in &reasons {
            let mut shown: Vec<String> = lines.iter().take(3).map(usize::to_string).collect();
            if lines.len() > 3 {
                shown.push("…".to_owned());
            }
            let (who, noun) = match lines.len() {
                1 => ("1 person does".to_owned(), "line"),
                n => (format!("{n} people do"), "lines"),
            };
            self.warnings.push(Kind::Inactive, None, None, || {
                format!("{who} not take part: {what} ({noun} {})", shown.join(", "))
            });
        }
    }

    fn warn_of_blank_columns(&mut self) {
        for (name, places) in &self.header.known {
            let blank = places.iter().all(|place| self.filled[*place] == 0);
            let told = self.header.lenient_department.is_some() && *name == "department";
            if blank && !places.is_empty() && !self.employees.is_empty() && !told && !matches!(*name, "email" | "name")
            {
                let heading = &self.header.headings[places[0]];
                let is_so_named = folded(heading).replace(' ', "_") == *name;
                let kind = if is_so_named { Kind::Blank } else { Kind::Column };
                self.warnings.push(kind, None, Some(heading), || match is_so_named {
                    true => "is blank in every row".to_owned(),
                    false => format!("is read as `{name}`, and is blank in every row"),
                });
            }
        }
    }

    /// Whose address each former one was, by address: as given in the rows, and by `former_domains`. An address
    /// belonged to one person only, and is nobody's current address.
    fn former_addresses(&self, faults: &mut Faults) -> Vec<(Box<str>, RosterIndex)> {
        let mut claims: HashMap<Box<str>, u32> = HashMap::new();
        let line = |at: u32| self.lines[at as usize] as usize;
        for (address, at) in &self.former {
            let why = if *self.employees[*at as usize].email == **address {
                "is their own current address".to_owned()
            } else if let Some(other) = self.place_of(address) {
                format!("is the current address of somebody else, on line {}", line(other))
            } else {
                match claims.insert(address.clone(), *at).filter(|other| other != at) {
                    None => continue,
                    Some(other) => format!("is already a former address of the person on line {}", line(other)),
                }
            };
            faults.push(line(*at), Some("formerly"), || format!("{} {why}", quoted(address)));
        }
        for [old, new] in self.options.former_domains {
            let at_old = |address: &str| moved(address, new, old);
            for (employee, at) in self.employees.iter().zip(0..) {
                let Some(former) = at_old(&employee.email) else { continue };
                if let Some(other) = self.place_of(&former) {
                    faults.push(line(other), Some("email"), || {
                        let today = quoted(&employee.email);
                        format!(
                            "{} is now {today}, on line {}, as [programme] former_domains says: \
                                remove one of the two rows",
                            quoted(&former),
                            line(at)
                        )
                    });
                } else {
                    claims.entry(former).or_insert(at);
                }
            }
            // An address from long ago may have moved with the domain too.
            for (address, at) in &self.former {
                for other in at_old(address).into_iter().chain(moved(address, old, new)) {
                    if self.place_of(&other).is_none() {
                        claims.entry(other).or_insert(*at);
                    }
                }
            }
        }
        let mut former: Vec<(Box<str>, RosterIndex)> =
            claims.into_iter().map(|(address, at)| (address, RosterIndex::new(at as usize))).collect();
        former.sort_unstable();
        former
    }

    /// The index of the employee with that address.
    fn place_of(&self, email: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(Box::<str>::from(email)) as u32;
        let same = |&(other, index): &(u32, u32)| other == hash && *self.employees[index as usize].email == *email;
        self.addresses.find(spread(hash), same).map(|(_, index)| *index)
    }

    /// Two addresses that look the same on a screen belong to one person.
    fn complain_of_doubles(&self, faults: &mut Faults) {
        if self.employees.iter().all(|employee| employee.email.is_ascii()) {
            return;
        }
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (at, employee) in self.employees.iter().enumerate() {
            let first = *seen.entry(looks(&employee.email)).or_insert(at);
            let other = &self.employees[first].email;
            if first != at && !(employee.email.is_ascii() && other.is_ascii()) {
                let odd = if employee.email.is_ascii() { other } else { &employee.email };
                let letter = odd.chars().find(|c| !c.is_ascii()).unwrap_or_default();
                faults.push(self.lines[at] as usize, Some("email"), || {
                    format!(
                        "{} looks the same as {} on line {}: “{letter}” is U+{:04X}",
                        quoted(&employee.email),
                        quoted(other),
                        self.lines[first],
                        letter as u32
                    )
                });
            }
        }
    }
}

/// The address in the domain `to`, if it is in the domain `from`.
fn moved(address: &str, from: &str, to: &str) -> Option<Box<str>> {
    let (local, domain) = address.rsplit_once('@')?;
    (domain == from).then(|| format!("{local}@{to}").into())
}

/// The cell without surrounding white space; quick if there is none.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [] => cell,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim(),
    }
}

/// A hash table takes bits from both ends of a hash.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

/// The value that `read` makes of the cell. The same few values occur often, so each is read once.
fn remembered<T: Clone>(known: &mut HashMap<Box<str>, T>, cell: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    if let Some(value) = known.get(cell) {
        return Some(value.clone());
    }
    let value = read(cell)?;
    known.insert(cell.into(), value.clone());
    Some(value)
}
