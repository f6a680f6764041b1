//! `why`: whether two people can meet and which rules forbid it, or whom one can still meet.

use std::io::Write;

use anyhow::Result;
use chrono::NaiveDate;
use serde_json::json;

use crate::app::context::{Context, stdout};
use crate::app::exit_status::Usage;
use crate::app::find_person;
use crate::app::session::{Access, Inputs, Session};
use crate::cli;
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::pairing::draw::Setting;
use crate::domain::pairing::explain::{self, PairExplanation, PersonExplanation};
use crate::domain::roster::RosterIndex;
use crate::domain::state::Reason;
use crate::domain::state::bookings::Progress;
use crate::show::Format;
use crate::show::table::write_table;
use crate::show::text::harmless;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Why) -> Result<()> {
    let mut session = Session::open(ctx, Access::Look)?;
    let _ = session.look_in_line(ctx);
    let Session { inputs, stored } = &session;
    let state = &stored.state;
    let Inputs { config, roster, rules, .. } = inputs;
    let setting = Setting { rules, pairing: &config.pairing, meeting: &config.meeting, now: ctx.now };
    let one = find_person::find(roster, &args.person)?;
    let (rows, json) = match &args.other {
        None => alone(ctx, inputs, one, &explain::one(state, roster, setting, one)),
        Some(other) => {
            let other = find_person::find(roster, other)?;
            if one == other {
                return Err(Usage(format!("both are {}: name two different people", name(inputs, one))).into());
            }
            together(inputs, [one, other], &explain::two(state, roster, setting, [one, other]))
        }
    };
    let (mut out, width) = stdout();
    if args.format == Format::Table {
        for [what, value] in &rows {
            writeln!(out, "{what:<15} {value}")?;
        }
    } else {
        let rows: Vec<Vec<String>> = rows.into_iter().map(Vec::from).collect();
        write_table(args.format, &["what", "answer"], &rows, &json, width, &mut out)?;
    }
    out.flush()?;
    Ok(())
}

fn name(inputs: &Inputs, person: RosterIndex) -> String {
    let employee = inputs.roster.employee(person);
    format!("{} <{}>", harmless(&employee.name), employee.email)
}

fn named(inputs: &Inputs, person: RosterIndex) -> String {
    let department = inputs.roster.department(person);
    let name = harmless(&inputs.roster.employee(person).name);
    if department.is_empty() { name.into_owned() } else { format!("{name} ({})", harmless(department)) }
}

fn email(inputs: &Inputs, person: RosterIndex) -> &str {
    &inputs.roster.employee(person).email
}

fn dates(dates: &[NaiveDate]) -> String {
    if dates.is_empty() {
        return "never".to_owned();
    }
    dates.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(", ")
}

/// A label and the answer.
type Row = [String; 2];

fn row(what: &str, value: impl Into<String>) -> Row {
    [what.to_owned(), value.into()]
}

fn together(inputs: &Inputs, people: [RosterIndex; 2], two: &PairExplanation) -> (Vec<Row>, serde_json::Value) {
    let away = two.away.iter().map(|(who, why)| format!("{}: {why}", name(inputs, *who)));
    let forbidden: Vec<String> = two.rules.iter().map(ToString::to_string).chain(away).collect();
    let allowed = forbidden.is_empty();
    let verdict = match two.date {
        Some(date) if allowed => format!("yes, in the round of {date}"),
        Some(date) => format!("no, not in the round of {date}"),
        None => "there is no round ahead".to_owned(),
    };
    let mut rows =
        vec![row("people", people.map(|person| name(inputs, person)).join(" and ")), row("met", dates(&two.met))];
    rows.extend((!two.booked.is_empty()).then(|| row("booked for", dates(&two.booked))));
    rows.extend((!two.drawn.is_empty()).then(|| row("drawn for", dates(&two.drawn))));
    rows.push(row("can meet", verdict));
    rows.extend(forbidden.iter().map(|rule| row("forbidden by", rule.clone())));
    let json = json!({
        "people": people.map(|person| email(inputs, person)),
        "met": two.met,
        "booked": two.booked,
        "drawn": two.drawn,
        "round": two.date,
        "allowed": allowed,
        "forbidden_by": forbidden,
    });
    (rows, json)
}

fn alone(
    ctx: &Context<'_>,
    inputs: &Inputs,
    person: RosterIndex,
    one: &PersonExplanation,
) -> (Vec<Row>, serde_json::Value) {
    let (sits_out, sat_out): (Vec<_>, Vec<_>) =
        one.sat_out.iter().partition(|(date, _)| is_ahead(&inputs.config.meeting, *date, ctx.now));
    let mut rows = vec![row("person", name(inputs, person))];
    let is_later = |date| one.away.last().is_some_and(|(missed, _)| *missed != date);
    let round = |date: NaiveDate| {
        let takes_part = if is_later(date) { "in which they take part and " } else { "" };
        format!("{date}, the next one {takes_part}that is not drawn yet")
    };
    rows.extend(one.away.iter().map(|(date, why)| row("not drawn", format!("{date}: {why}"))));
    rows.extend(one.date.map(|date| row("in the round of", round(date))));
    rows.push(row("can still meet", format!("{} new", one.new.len())));
    rows.extend(one.new.iter().map(|other| row("", named(inputs, *other))));
    rows.push(row("can meet again", one.again.len().to_string()));
    rows.extend(one.again.iter().map(|(other, date, progress)| {
        let how = match progress {
            Progress::Drawn => "drawn for",
            Progress::Booked => "booked for",
            Progress::Met => "met",
        };
        row("", format!("{}, {how} {date}", named(inputs, *other)))
    }));
    rows.push(row("cannot meet", one.kept.values().sum::<usize>().to_string()));
    rows.extend(one.kept.iter().map(|(rule, count)| row("", format!("{count} {rule}"))));
    for (what, rounds) in [("sat out", &sat_out), ("sits out", &sits_out)] {
        if what == "sat out" || !rounds.is_empty() {
            rows.push(row(what, rounds.len().to_string()));
        }
        rows.extend(rounds.iter().map(|(date, reason)| row("", format!("{date}: {reason}"))));
    }
    let rounds = |rounds: &[&(NaiveDate, Reason)]| -> Vec<serde_json::Value> {
        rounds.iter().map(|(date, reason)| json!({ "round": date, "reason": reason.to_string() })).collect()
    };
    let json = json!({
        "person": email(inputs, person),
        "round": one.date,
        "away": one.away.iter().find(|(date, _)| Some(*date) == one.date).map(|(_, why)| why.to_string()),
        "not_drawn": rounds(&one.away.iter().collect::<Vec<_>>()),
        "new": one.new.iter().map(|other| email(inputs, *other)).collect::<Vec<_>>(),
        "again": one.again.iter().map(|(who, date, progress)| {
            json!({ "email": email(inputs, *who), "last": date, "met": *progress == Progress::Met })
        }).collect::<Vec<_>>(),
        "cannot": one.kept,
        "sat_out": rounds(&sat_out),
        "sits_out": rounds(&sits_out),
    });
    (rows, json)
}
