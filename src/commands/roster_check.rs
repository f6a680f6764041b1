//! `roster check`: how the roster is read: its columns, its people by department, zone and language, what is odd, what
//! is wrong, and who cannot meet anybody.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use crate::app::context::{Context, stdout};
use crate::app::roster_warnings::add_managers;
use crate::cli;
use crate::domain::calendar::Day;
use crate::domain::managers;
use crate::domain::pairing::lonely::lonely;
use crate::domain::roster::{Roster, RosterIndex};
use crate::domain::rules::{Mismatch, Rules};
use crate::domain::state::State;
use crate::show::Format;
use crate::show::table::write_table;
use crate::show::text::harmless;
use crate::store::Fault;
use crate::store::config::Config;
use crate::store::roster::mapping::Mapping;
use crate::store::roster::reading::{self, Attempt, Column, Reading};
use crate::store::roster::warnings::{Kind, Warning, Warnings};

/// How many people and values the table names; JSON has them all.
const SHOWN: usize = 20;

/// What the command reports.
struct Check {
    file: PathBuf,
    reading: Reading,
    faults: Vec<Fault>,
    more_faults: usize,
    /// How to fix what is wrong.
    hint: Option<String>,
    departments: Vec<(String, usize)>,
    zones: Vec<(String, usize)>,
    /// How many people have no zone of their own, and the config's, which they get.
    without_zone: (usize, String),
    languages: Vec<(String, usize)>,
    /// Addresses of people who cannot meet anybody, each with the reason.
    meet_nobody: Vec<(String, String)>,
}

pub(super) fn run(ctx: &Context<'_>, args: &cli::RosterCheck) -> Result<()> {
    let config = match (&args.file, ctx.config_path()) {
        (_, Ok(path)) => Config::load(&path)?,
        // A file can be checked before there is a config.
        (Some(_), Err(_)) if ctx.config.is_none() => Config::default(),
        (_, Err(error)) => return Err(error),
    };
    let file = args.file.clone().unwrap_or_else(|| config.programme.roster.clone());
    let Attempt { reading, faults } = reading::attempt(&file, config.roster_options());
    let mut check = Check {
        file,
        departments: counted(departments(&reading.roster)),
        zones: counted(
            reading
                .roster
                .employees
                .iter()
                .map(|one| one.timezone.unwrap_or(config.meeting.timezone).name().to_owned()),
        ),
        without_zone: (
            reading.roster.employees.iter().filter(|one| one.timezone.is_none()).count(),
            config.meeting.timezone.to_string(),
        ),
        languages: counted(
            reading
                .roster
                .employees
                .iter()
                .map(|one| one.language.unwrap_or(config.programme.language).code().to_owned()),
        ),
        faults: faults.faults.clone(),
        more_faults: faults.more,
        hint: faults.hint.clone(),
        meet_nobody: Vec::new(),
        reading,
    };
    check.apply_rules(&config, ctx);
    let (mut out, width) = stdout();
    check.show(args.format, width, &mut out)?;
    out.flush()?;
    drop(out);
    if faults.faults.is_empty() && check.faults.is_empty() {
        return Ok(());
    }
    let mut faults = faults;
    faults.faults = check.faults;
    Err(faults.into())
}

fn departments(roster: &Roster) -> impl Iterator<Item = String> + '_ {
    let column = roster.column("department");
    RosterIndex::first(roster.employees.len()).map(move |at| column.map_or("", |column| column.value(at)).to_owned())
}

/// How often each value occurs, the most frequent first.
fn counted(values: impl Iterator<Item = String>) -> Vec<(String, usize)> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

impl Check {
    /// Adds what only the rules reveal: managers, columns of `across`, and who cannot meet anybody.
    fn apply_rules(&mut self, config: &Config, ctx: &Context<'_>) {
        let Reading { roster, lines, warnings, .. } = &mut self.reading;
        let state = State::default();
        let (rules, mismatches) = Rules::new(roster, &config.pairing, &config.meeting, &state);
        let across = &config.pairing.across;
        if let Some(column) = roster.column("manager")
            && !across.iter().any(|name| roster.column(name).is_some_and(|named| named.name == "manager"))
        {
            let unclear = managers::unclear(column, &managers::meant(roster, column));
            add_managers(warnings, unclear.iter(), lines);
        }
        for mismatch in &mismatches {
            match mismatch {
                Mismatch::Manager(unclear) => add_managers(warnings, std::iter::once(unclear), lines),
                Mismatch::NotOnRoster(email) => warnings
                    .push(Kind::Column, None, None, || format!("never_pair names {email}, who is not on the roster")),
                Mismatch::NoColumn(name) if self.faults.is_empty() => {
                    let message = format!("[pairing] across names “{name}”, but there is no such column");
                    self.faults.push(Fault { line: None, column: None, message });
                }
                Mismatch::NoHolidayColumn(name) if self.faults.is_empty() => {
                    let message = format!("[meeting] holidays names the column “{name}”, but there is no such column");
                    self.faults.push(Fault { line: None, column: None, message });
                }
                Mismatch::NobodyThere(column, value) => warnings
                    .push(Kind::Column, None, None, || format!("holidays names {value}, which nobody has as {column}")),
                Mismatch::NoColumn(_) | Mismatch::NoHolidayColumn(_) => {}
            }
        }
        if self.faults.is_empty()
            && let Some(date) = state.undrawn(&config.meeting, ctx.now).next()
        {
            let day = Day::new(&config.meeting, date, ctx.now, rules.schedules());
            let email = |person: RosterIndex| roster.employee(person).email.to_string();
            self.meet_nobody = lonely(&rules, &day).into_iter().map(|(person, why)| (email(person), why)).collect();
        }
    }

    fn show(&self, format: Format, width: Option<u16>, out: &mut impl Write) -> Result<()> {
        let people = self.reading.roster.employees.len() as u32;
        let rows: Vec<Vec<String>> = self.reading.columns.iter().map(|column| row(column, people)).collect();
        if format == Format::Table {
            writeln!(
                out,
                "{}: {people} {} part\n",
                self.file.display(),
                if people == 1 { "person takes" } else { "people take" }
            )?;
        }
        write_table(format, &["column", "is read as", "filled"], &rows, &self.json(), width, out)?;
        if format != Format::Table {
            return Ok(());
        }
        for (what, counts) in [("department", &self.departments), ("zone", &self.zones), ("language", &self.languages)]
        {
            if !counts.is_empty() {
                let blank = |value: &str| if value.is_empty() { "(none)".to_owned() } else { value.to_owned() };
                let mut rows: Vec<Vec<String>> =
                    counts.iter().take(SHOWN).map(|(value, count)| vec![blank(value), count.to_string()]).collect();
                let rest: usize = counts.iter().skip(SHOWN).map(|(_, count)| count).sum();
                if rest > 0 {
                    rows.push(vec![format!("({} others)", counts.len() - SHOWN), rest.to_string()]);
                }
                writeln!(out)?;
                write_table(format, &[what, "people"], &rows, &(), width, out)?;
            }
        }
        if let (blank @ 1.., zone) = &self.without_zone {
            writeln!(out, "\nWithout a time zone of their own: {blank}. They get {zone} (timezone in [meeting]).")?;
        }
        self.show_lists(out)
    }

    fn show_lists(&self, out: &mut impl Write) -> Result<()> {
        if !self.meet_nobody.is_empty() {
            writeln!(out, "\nCannot meet anybody:")?;
            for (email, why) in self.meet_nobody.iter().take(SHOWN) {
                writeln!(out, "  {email}: {}", harmless(why))?;
            }
            if self.meet_nobody.len() > SHOWN {
                writeln!(out, "  and {} more", self.meet_nobody.len() - SHOWN)?;
            }
        }
        let warnings: &Warnings = &self.reading.warnings;
        if !warnings.is_empty() {
            writeln!(out, "\nWarnings:")?;
            for warning in warnings.sorted() {
                writeln!(out, "  {}", harmless(&place_and_words(warning)))?;
            }
            if warnings.more() > 0 {
                writeln!(out, "  and {} more", warnings.more())?;
            }
        }
        if self.faults.is_empty() && warnings.is_empty() {
            writeln!(out, "\nNothing is wrong or odd.")?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let columns: serde_json::Map<String, Value> =
            self.reading.columns.iter().map(|column| (column.name.clone(), headings(column))).collect();
        let counts = |counts: &[(String, usize)]| -> serde_json::Map<String, Value> {
            counts.iter().map(|(value, count)| (value.clone(), json!(count))).collect()
        };
        let place = |line: Option<usize>, column: Option<&String>, says: &str| {
            let mut told = serde_json::Map::new();
            told.extend(line.map(|line| ("line".to_owned(), json!(line))));
            told.extend(column.map(|column| ("column".to_owned(), json!(column))));
            told.insert("says".to_owned(), json!(says));
            Value::Object(told)
        };
        let warnings = self.reading.warnings.sorted();
        let mut warnings: Vec<Value> = warnings.iter().map(|it| place(it.line, it.column.as_ref(), &it.says)).collect();
        let more = self.reading.warnings.more();
        if more > 0 {
            warnings.push(place(None, None, &format!("and {more} more")));
        }
        let mut faults: Vec<Value> =
            self.faults.iter().map(|it| place(it.line, it.column.as_ref(), &it.message)).collect();
        if self.more_faults > 0 {
            faults.push(place(None, None, &format!("and {} more", self.more_faults)));
        }
        let nobody: Vec<Value> =
            self.meet_nobody.iter().map(|(email, why)| json!({ "email": email, "why": why })).collect();
        json!({
            "employees": self.reading.roster.employees.len(),
            "columns": columns,
            "warnings": warnings,
            "faults": faults,
            "hint": self.hint,
            "inactive": self.reading.roster.inactive.len(),
            "departments": counts(&self.departments),
            "zones": counts(&self.zones),
            "without_zone": self.without_zone.0,
            "languages": counts(&self.languages),
            "meet_nobody": nobody,
        })
    }
}

fn headings(column: &Column) -> Value {
    match &column.headings[..] {
        [one] => json!(one),
        several => json!(several),
    }
}

fn row(column: &Column, people: u32) -> Vec<String> {
    let filled = if column.filled >= people && people > 0 { "all".to_owned() } else { column.filled.to_string() };
    let plain = column.headings.len() == 1 && column.headings[0].to_lowercase() == column.name;
    let own = plain && !Mapping::names().any(|name| name == column.name);
    // Any other column can be named in `across`, and has no other use.
    let name = if own { "–".to_owned() } else { column.name.clone() };
    vec![column.headings.join(" + "), name, filled]
}

fn place_and_words(warning: &Warning) -> String {
    let line = warning.line.map_or(String::new(), |line| format!("line {line}: "));
    let column = warning.column.as_ref().map_or(String::new(), |column| format!("{column}: "));
    format!("{line}{column}{}", warning.says)
}
