//! What is odd about the roster, told in few lines on stderr by every command that opens it.
//! `roulette roster check` shows it all.

use std::path::Path;
use std::sync::Once;

use super::context::Context;
use super::exit_status::with_config;
use crate::domain::managers::{Meant, Unclear};
use crate::domain::roster::Roster;
use crate::store::Faults;
use crate::store::roster::mapping::{Mapping, Options};
use crate::store::roster::reading;
use crate::store::roster::warnings::{Kind, Warnings};

/// How many of each kind are told with their words.
const TOLD: usize = 3;

/// Tells the first few of each kind, and how to see the others.
pub(crate) fn tell(ctx: &Context<'_>, file: &Path, warnings: &Warnings) {
    let mut hidden = false;
    for (some, more) in warnings.short(TOLD) {
        for warning in some {
            ctx.say(format_args!("warning: {}:{}", file.display(), crate::show::text::harmless(&warning.to_string())));
        }
        if more > 0 {
            hidden = true;
            ctx.say(format_args!("warning: {}: and {more} more like that", file.display()));
        }
    }
    if hidden {
        ctx.say(format_args!("hint: see them all with: roulette{} roster check", with_config(ctx.global)));
    }
}

/// The same, but only the first time that the program does it, however long it runs.
pub(crate) fn tell_once(ctx: &Context<'_>, file: &Path, warnings: &Warnings) {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| tell(ctx, file, warnings));
}

/// Adds the managers who are nobody on the roster, or several: such a manager keeps nobody apart from themselves.
pub(crate) fn add_managers<'a>(warnings: &mut Warnings, unclear: impl Iterator<Item = &'a Unclear>, lines: &[u32]) {
    for Unclear { text, meant, first } in unclear {
        let line = lines.get(first.index()).map(|line| *line as usize);
        warnings.push(Kind::Manager, line, Some("manager"), || match meant {
            Meant::Several(count) => {
                format!("“{text}” could be {count} people: write an address; nobody is kept apart from them")
            }
            _ => format!("“{text}” is nobody on the roster, so nobody is kept apart from them"),
        });
    }
}

/// Reads a roster that no config names, and tells what is odd about it.
///
/// # Errors
/// All faults of the file.
pub(crate) fn read(ctx: &Context<'_>, path: &Path) -> Result<Roster, Faults> {
    let columns = Mapping::default();
    let reading = reading::read(path, Options { columns: &columns, across: &["department".to_owned()] })?;
    tell(ctx, path, &reading.warnings);
    Ok(reading.roster)
}
