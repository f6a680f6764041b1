//! Brings the roster up to date with a space or the directory at Webex: shown first, then written, completely or not at
//! all. Knows the order of these steps; `domain::roster_pull` decides who joins and leaves, and the store writes the
//! file.

use std::collections::HashMap;

use anyhow::{Result, anyhow};

use crate::app::accounts::{Members, of_organization};
use crate::app::context::Context;
use crate::app::exit_status::{Partly, Refused, Usage};
use crate::cli;
use crate::domain::pairing::plan::Refusal;
use crate::domain::roster_pull::{
    self, Account, BACK, Before, Change, Field, LEFT, NotAdded, PullPlan, Source, Space, known, newcomers, of_space,
};
use crate::domain::text::counted;
use crate::show::roster_pull::write;
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::members_file::{self, Known};
use crate::store::roster::edit::{NotSaved, Sheet, looks};
use crate::store::state::file;

/// How many odd values are reported.
const TOLD: usize = 3;

/// The people in the space who wait for the organizer, and what to do about it, if there are any.
pub(crate) type Waiting = Option<(String, String)>;

/// What Webex says: who is in a space, or everybody in the directory.
enum Told {
    Space(Members, HashMap<String, Result<Account, String>>, Known),
    Directory(Vec<Account>),
}

/// Brings the roster up to date; returns who is waiting.
///
/// # Errors
/// The roster has a fault, or is not a CSV; too many people left; somebody changed the file in the meantime; Webex
/// cannot be asked.
pub(crate) fn pull(ctx: &Context<'_>, config: &Config, args: &cli::RosterPull) -> Result<Waiting> {
    let source = source(config, args)?;
    let open = || Sheet::open(&config.programme.roster, config.roster_options());
    let mut sheet = open()?;
    let told = ask(ctx, config, &source, &sheet)?;
    let holder = ctx.holder("roster pull");
    let lock = (!args.dry_run).then(|| file::lock(&config.programme.state, &holder, ctx.wait())).transpose()?;
    if lock.is_some() {
        // Start from what may have been saved while Webex was asked.
        sheet = open()?;
    }
    let (plan, after) = planned(config, &sheet, &told);
    ctx.set_summary(summary(&plan));
    let (mut out, width) = ctx.out();
    write(&plan, args.format, width, &mut out)?;
    std::io::Write::flush(&mut out)?;
    drop(out);
    if plan.unreadable > 0 {
        let members = counted(plan.unreadable, "member", "members");
        ctx.say(format_args!("warning: {members} of the space cannot be read: this time nobody counts as having left"));
    }
    if let Some(why) = plan.is_unsafe().filter(|_| !args.allow_smaller_roster) {
        let hint = format!(
            "if so many really left the space, run: roulette{} roster pull{} --allow-smaller-roster",
            ctx.with_config(),
            args.room.as_ref().map_or(String::new(), |room| format!(" --room {room}"))
        );
        return Err(Refused(Refusal { why: format!("{why}: nothing is written"), hint }).into());
    }
    let waiting = waiting(&plan, &sheet, &source, &ctx.with_config());
    if args.dry_run {
        ctx.say("dry run: nothing is written");
        return Ok(waiting);
    }
    if plan.changes() {
        apply(&plan, &mut sheet);
        save(config, sheet)?;
    }
    if let Some(after) = after.filter(|after| *after != members_file::read(&config.programme.state)) {
        members_file::write(&config.programme.state, &after)?;
    }
    Ok(waiting)
}

/// The source on the command line, or otherwise the one in the config.
fn source(config: &Config, args: &cli::RosterPull) -> Result<Source> {
    let asked = args.room.clone().map(Source::Room).or(args.org.then_some(Source::Organization));
    let missing = || {
        let text = "nothing says where to pull from: name a space with --room ID, or the directory with --org\n\
            hint: in the config, it is pull = \"room:ID\" or \"org\" under [roster]";
        Usage(text.to_owned()).into()
    };
    asked.or_else(|| config.webex.pull.clone()).ok_or_else(missing)
}

fn ask(ctx: &Context<'_>, config: &Config, source: &Source, sheet: &Sheet<'_>) -> Result<Told> {
    let client = ctx.webex(config)?;
    let mut odd = Vec::new();
    let told = match source {
        Source::Organization => Told::Directory(of_organization(&client, &mut odd)?),
        Source::Room(room) => {
            let members = Members::of(ctx, config, &client, room)?;
            let known = members_file::read(&config.programme.state);
            let new = with(config, sheet, &members, &known, |before, space| newcomers(before, space));
            let mut details = members.details(config, &client, &new, (&known, &mut odd))?;
            let mut seen = HashMap::new();
            let is_odd = |one: &&&Account| {
                let other = seen.insert(looks(&one.email), one.email.is_ascii());
                let among_new = other.is_some_and(|is_ascii| !(is_ascii && one.email.is_ascii()));
                among_new || sheet.looks_like_another(&one.email)
            };
            for one in new.iter().filter(is_odd) {
                details
                    .insert(one.id.clone(), Err("the address looks the same as another one on the roster".to_owned()));
            }
            Told::Space(members, details, known)
        }
    };
    odd.iter().take(TOLD).for_each(|text| ctx.say(harmless(&format!("warning: {text}"))));
    if odd.len() > TOLD {
        ctx.say(format_args!("warning: and {} more like that", odd.len() - TOLD));
    }
    Ok(told)
}

fn before<'s>(config: &Config, sheet: &'s Sheet<'_>, place_of: &'s dyn Fn(&str) -> Option<usize>) -> Before<'s> {
    let needs_department = config.pairing.across.iter().any(|column| crate::domain::text::alike(column, "department"));
    Before { rows: sheet.rows(), place_of, needs_department }
}

/// The domain's plan for the roster and the members.
fn with<'m, T>(
    config: &Config,
    sheet: &Sheet<'_>,
    members: &'m Members,
    known: &'m Known,
    body: impl FnOnce(&Before<'_>, &Space<'m>) -> T,
) -> T {
    let place_of = |email: &str| sheet.place_of(email);
    let Members { members, unreadable, organization, .. } = members;
    body(&before(config, sheet, &place_of), &Space { members, unreadable: *unreadable, organization, known })
}

/// The plan, and the address under which each member is known after it.
fn planned(config: &Config, sheet: &Sheet<'_>, told: &Told) -> (PullPlan, Option<Known>) {
    match told {
        Told::Directory(people) => {
            let place_of = |email: &str| sheet.place_of(email);
            (roster_pull::of_organization(&before(config, sheet, &place_of), people), None)
        }
        Told::Space(members, details, remembered) => with(config, sheet, members, remembered, |before, space| {
            let plan = of_space(before, space, details);
            let after = known(before, space, &plan);
            (plan, Some(after))
        }),
    }
}

fn apply(plan: &PullPlan, sheet: &mut Sheet<'_>) {
    for line in &plan.lines {
        match (&line.change, line.row) {
            (Change::Joined(values), _) => {
                let is_kept = |(field, _): &&(Field, String)| sheet.is_new() || sheet.has(*field);
                let values: Vec<(Field, String)> = values.iter().filter(is_kept).cloned().collect();
                sheet.append(&values);
            }
            (Change::Left, Some(row)) => sheet.set(row, Field::Status, LEFT),
            (Change::Back, Some(row)) => sheet.set(row, Field::Status, BACK),
            (Change::Readdressed(from, is_back), Some(row)) => {
                sheet.set(row, Field::Email, &line.email);
                sheet.add_former(row, from);
                if *is_back {
                    sheet.set(row, Field::Status, BACK);
                }
            }
            (Change::Filled(values), Some(row)) => {
                values.iter().for_each(|(field, value)| sheet.set(row, *field, value));
            }
            (_, None) | (Change::NotAdded(_), _) => {}
        }
    }
}

fn save(config: &Config, sheet: Sheet<'_>) -> Result<()> {
    let name = config.programme.roster.display();
    sheet.save().map_err(|error| match error {
        NotSaved::Changed => {
            let what = format!("{name} was changed by somebody else just now: nothing is written");
            Partly { what, hint: "run it again".to_owned(), organizers_know: false, about: None }.into()
        }
        NotSaved::Unsound(faults) => anyhow!("the result would not be a valid roster, so nothing is written: {faults}"),
        NotSaved::Failed(error) => error,
    })
}

fn people(count: usize) -> String {
    counted(count, "person", "people")
}

/// What changes, in a few words.
fn summary(plan: &PullPlan) -> String {
    let count = |is: fn(&Change) -> bool, what: &str| {
        let count = plan.count(is);
        (count > 0).then(|| format!("{count} {what}"))
    };
    let parts = [
        count(|change| matches!(change, Change::Joined(_)), "joined"),
        count(|change| matches!(change, Change::Left), "left"),
        count(|change| matches!(change, Change::Back | Change::Readdressed(_, true)), "back"),
        count(|change| matches!(change, Change::Readdressed(_, false)), "with a new address"),
        count(|change| matches!(change, Change::Filled(_)), "filled in"),
        count(|change| matches!(change, Change::NotAdded(_)), "not added"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "up to date".to_owned() } else { parts.join(", ") }
}

/// The people in the space who are not added, and what to do about it.
fn waiting(plan: &PullPlan, sheet: &Sheet<'_>, source: &Source, config: &str) -> Waiting {
    let waits: Vec<&str> = plan.not_added().map(|(line, _)| &*line.email).collect();
    let first = waits.first()?;
    let others = waits.len() - 1;
    let who = if others == 0 { (*first).to_owned() } else { format!("{first} and {} more", people(others)) };
    let lack = plan.not_added().filter(|(_, why)| **why == NotAdded::NoDepartment).count();
    let why = match lack {
        0 => String::new(),
        _ if lack == waits.len() => ": Webex does not show their department".to_owned(),
        _ => format!(": Webex does not tell the department of {lack} of them"),
    };
    let verb = if others == 0 { "is" } else { "are" };
    let text = format!("{who} {verb} in the space, but not added to the roster{why}");
    let by_hand = match source {
        Source::Room(room) if sheet.is_new() && !plan.changes() => format!(
            "begin the roster with: roulette{config} roster pull --room {room} --dry-run --format csv > {}, and \
                fill in the departments",
            "employees.csv"
        ),
        _ => "add a row for each by hand".to_owned(),
    };
    let hint = match lack {
        0 => by_hand,
        _ => format!(
            "{by_hand}; or let anybody meet anybody, with across = [] under [pairing]; or have an admin log in, since \
                Webex tells admins the departments"
        ),
    };
    Some((text, hint))
}
