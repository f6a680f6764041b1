//! What is odd about the roster, reported in a few lines on stderr by every command that opens it. `roulette roster
//! check` shows everything.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Once};

use super::context::Context;
use crate::domain::managers::{Meant, Unclear};
use crate::domain::roster::Roster;
use crate::domain::state::addresses::{Readdressed, Suspect};
use crate::store::Faults;
use crate::store::roster::mapping::{Mapping, Options};
use crate::store::roster::reading;
use crate::store::roster::warnings::{Kind, Warning, Warnings};

/// How many warnings of each kind are shown in full.
const TOLD: usize = 3;
/// How many people with the same name are named one by one.
const SUSPECTS: usize = 10;
/// If this many people moved from one domain to another, the domain has moved.
const MANY: usize = 3;

/// Shows the first few of each kind, and how to see the others. That a column is empty is of use only to somebody who
/// checks the roster.
pub(crate) fn tell(ctx: &Context<'_>, file: &Path, warnings: &Warnings) {
    let mut hidden = false;
    let is_odd = |some: &[&Warning]| some.first().is_some_and(|warning| warning.kind != Kind::Blank);
    for (some, more) in warnings.short(TOLD).into_iter().filter(|(some, _)| is_odd(some)) {
        for warning in some {
            ctx.say(format_args!("warning: {}:{}", file.display(), crate::show::text::harmless(&warning.to_string())));
        }
        if more > 0 {
            hidden = true;
            ctx.say(format_args!("warning: {}: and {more} more like that", file.display()));
        }
    }
    if hidden {
        ctx.say(format_args!("hint: see them all with: roulette{} roster check", ctx.with_config()));
    }
}

/// The same, but only the first time that the program does it, however long it runs.
pub(crate) fn tell_once(ctx: &Context<'_>, file: &Path, warnings: &Warnings) {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| tell(ctx, file, warnings));
}

/// Reports whose address changed, once.
pub(crate) fn tell_moved(ctx: &Context<'_>, moved: &[Readdressed]) {
    for Readdressed { from, to, .. } in moved.iter().take(TOLD) {
        let what = "their history, choices and meetings are kept";
        ctx.say(crate::show::text::harmless(&format!("{from} is now {to}: {what}")));
    }
    if moved.len() > TOLD {
        ctx.say(format_args!("and {} more have a new address", moved.len() - TOLD));
    }
}

/// Reports who may be known under another address, with the line that says so: in the roster for a few people, in the
/// config if a domain has changed.
pub(crate) fn tell_suspects(ctx: &Context<'_>, file: &Path, suspects: &[Suspect]) {
    let domains = |one: &Suspect| {
        let ((own, old), (other, new)) = (one.gone.rsplit_once('@')?, one.new.rsplit_once('@')?);
        (own == other).then(|| (old.to_owned(), new.to_owned()))
    };
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    suspects.iter().filter_map(domains).for_each(|domains| *counts.entry(domains).or_default() += 1);
    counts.retain(|_, count| *count >= MANY);
    for ((old, new), count) in &counts {
        ctx.say(crate::show::text::harmless(&format!(
            "warning: {count} people at {old} have vanished from {}, and {count} with the same \
                names have appeared at {new}",
            file.display()
        )));
        let line = format!("former_domains = {{ \"{old}\" = \"{new}\" }}");
        ctx.say(crate::show::text::harmless(&format!(
            "hint: if they are the same people, write under [programme] in the config: {line}"
        )));
    }
    let few: Vec<&Suspect> =
        suspects.iter().filter(|one| domains(one).is_none_or(|domains| !counts.contains_key(&domains))).collect();
    for Suspect { name, gone, new, .. } in few.iter().take(SUSPECTS) {
        ctx.say(crate::show::text::harmless(&format!(
            "warning: {gone} has vanished from {}, and {new} has appeared with the same name, {name}",
            file.display()
        )));
        ctx.say(crate::show::text::harmless(&format!(
            "hint: if that is the same person, write {gone} into the column `formerly` in the row of {new}"
        )));
    }
    if few.len() > SUSPECTS {
        ctx.say(format_args!("warning: {}: and {} more like that", file.display(), few.len() - SUSPECTS));
    }
}

/// Adds the managers who are nobody on the roster, or could be several people: such a manager keeps nobody apart.
pub(crate) fn add_managers<'a>(warnings: &mut Warnings, unclear: impl Iterator<Item = &'a Unclear>, lines: &[u32]) {
    for Unclear { text, meant, first } in unclear {
        let line = lines.get(first.index()).map(|line| *line as usize);
        warnings.push(Kind::Manager, line, Some("manager"), || match meant {
            Meant::Several(count) => {
                format!("“{text}” could be {count} people, so it keeps nobody apart: write an address")
            }
            _ => format!("“{text}” is nobody on the roster, so it keeps nobody apart"),
        });
    }
}

/// Reads a roster that no config names, and reports what is odd about it.
///
/// # Errors
/// All faults of the file.
pub(crate) fn read(ctx: &Context<'_>, path: &Path) -> Result<Roster, Faults> {
    let columns = Mapping::default();
    let reading =
        reading::read(path, Options { columns: &columns, across: &["department".to_owned()], former_domains: &[] })?;
    tell(ctx, path, &reading.warnings);
    Ok(Arc::unwrap_or_clone(reading.roster))
}
