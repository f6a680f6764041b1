//! `doctor`: checks everything on which the programme depends, a line each, and says how to fix what is wrong; and prints
//! the sample data of a card.

use std::io::Write;

use anyhow::Result;
use serde_json::{Value, json};

use crate::app::context::{Context, stdout};
use crate::app::exit_status::{AlreadyReported, Usage};
use crate::app::health::{Check, Health, examine};
use crate::cli;
use crate::domain::message::render;
use crate::show::Format;
use crate::show::table::write_table;
use crate::show::text::harmless;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Doctor) -> Result<()> {
    if let Some(card) = &args.card_data {
        return card_data(card);
    }
    let checks = examine(ctx);
    let row = |check: &Check| {
        let fix = check.fix.clone().unwrap_or_default();
        vec![check.health.name().to_owned(), check.name.to_owned(), check.says.clone(), fix]
    };
    let rows: Vec<Vec<String>> = checks.iter().map(row).collect();
    let one = |check: &Check| {
        let mut one = json!({ "name": check.name, "state": check.health.name(), "says": check.says });
        if let Some(fix) = &check.fix {
            one["fix"] = json!(fix);
            // As it was called first.
            one["mend"] = json!(fix);
        }
        one
    };
    let json = json!({ "checks": checks.iter().map(one).collect::<Vec<Value>>() });
    let (mut out, width) = stdout();
    if args.format == Format::Table {
        for check in &checks {
            writeln!(out, "{:5}  {}: {}", check.health.name(), check.name, harmless(&check.says))?;
            for line in check.fix.iter().flat_map(|fix| fix.lines()) {
                writeln!(out, "       fix: {}", harmless(line))?;
            }
        }
    } else {
        write_table(args.format, &["state", "check", "what", "fix"], &rows, &json, width, &mut out)?;
    }
    out.flush()?;
    let status = checks.iter().find(|check| check.health == Health::Fault).map_or(0, |check| check.status);
    if status == 0 { Ok(()) } else { Err(AlreadyReported(status).into()) }
}

/// Prints an example of what a card is filled with.
fn card_data(card: &str) -> Result<()> {
    // The command line lets only the names of cards through.
    let values =
        render::sample(card).ok_or_else(|| Usage(format!("“{}” is not the name of a card", harmless(card))))?;
    let (mut out, _) = stdout();
    writeln!(out, "{:#}", values.to_json())?;
    Ok(out.flush()?)
}
