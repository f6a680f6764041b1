//! What a pull changes in the roster, a line for each person. As CSV it can be the start of a roster: it has the same
//! columns.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Format;
use super::table::write_table;
use crate::domain::roster_pull::{Change, Field, Line, NotAdded, PullPlan};
use crate::domain::text::counted;

/// Writes the changes in the requested format.
///
/// # Errors
/// The errors of `out`.
pub fn write(plan: &PullPlan, format: Format, width: Option<u16>, out: &mut impl Write) -> io::Result<()> {
    let is_text = format.is_text();
    if plan.lines.is_empty() && is_text {
        writeln!(out, "Nothing changes: {} on the roster.", people(plan.before))?;
    } else {
        let rows: Vec<Vec<String>> = plan.lines.iter().map(row).collect();
        write_table(format, &["email", "name", "department", "change"], &rows, &as_json(plan), width, out)?;
    }
    let others = [
        (plan.bots, "bot", "bots"),
        (plan.strangers, "person of another organization", "people of other organizations"),
    ];
    let others: Vec<String> = others
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    if !others.is_empty() && is_text {
        writeln!(out, "Also in the space, and not on the roster: {}.", others.join(" and "))?;
    }
    Ok(())
}

fn people(count: usize) -> String {
    counted(count, "person is", "people are")
}

fn row(line: &Line) -> Vec<String> {
    let department = match &line.change {
        Change::Joined(values) => value(values, Field::Department),
        _ => "",
    };
    vec![line.email.to_string(), line.name.clone(), department.to_owned(), words(&line.change)]
}

fn value(values: &[(Field, String)], field: Field) -> &str {
    values.iter().find(|(other, _)| *other == field).map_or("", |(_, value)| value)
}

fn words(change: &Change) -> String {
    match change {
        Change::Joined(_) => "joins".to_owned(),
        Change::Left => "leaves".to_owned(),
        Change::Back => "is back".to_owned(),
        Change::Readdressed(from, false) => format!("has a new address, formerly {from}"),
        Change::Readdressed(from, true) => format!("is back, with a new address, formerly {from}"),
        Change::Filled(values) => {
            let values: Vec<String> = values.iter().map(|(field, value)| format!("{} {value}", field.name())).collect();
            format!("gets {}", values.join(", "))
        }
        Change::NotAdded(NotAdded::NoDepartment) => "not added: no department".to_owned(),
        Change::NotAdded(NotAdded::Because(why)) => format!("not added: {why}"),
    }
}

fn as_json(plan: &PullPlan) -> Value {
    let line = |line: &Line| {
        let mut json = json!({ "email": line.email, "name": line.name });
        let fields = |values: &[(Field, String)]| -> Value {
            values.iter().map(|(field, value)| (field.name().to_owned(), json!(value))).collect()
        };
        json["change"] = json!(match &line.change {
            Change::Joined(_) => "joins",
            Change::Left => "leaves",
            Change::Back | Change::Readdressed(_, true) => "back",
            Change::Readdressed(_, false) => "new-address",
            Change::Filled(_) => "filled",
            Change::NotAdded(_) => "not-added",
        });
        match &line.change {
            Change::Joined(values) | Change::Filled(values) => json["values"] = fields(values),
            Change::Readdressed(from, _) => json["formerly"] = json!(from),
            Change::NotAdded(NotAdded::NoDepartment) => json["why"] = json!("no department"),
            Change::NotAdded(NotAdded::Because(why)) => json["why"] = json!(why),
            Change::Left | Change::Back => {}
        }
        json
    };
    json!({
        "before": plan.before,
        "changes": plan.lines.iter().map(line).collect::<Vec<_>>(),
        "bots": plan.bots,
        "other_organizations": plan.strangers,
        "unreadable": plan.unreadable,
    })
}
