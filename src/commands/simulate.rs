//! `simulate`: plays the roster and the rules forward, on a copy.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use serde_json::json;

use crate::app::context::{Context, stdout};
use crate::app::progress;
use crate::app::session::{Access, Inputs, Session};
use crate::cli;
use crate::domain::pairing::draw::Setting;
use crate::domain::pairing::simulate::{self, MOST_ROUNDS, SimulatedRun};
use crate::show::Format;
use crate::show::table::write_table;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Simulate) -> Result<()> {
    let session = Session::open_sound(ctx, Access::Look)?;
    let Session { inputs, stored } = &session;
    let state = &stored.state;
    let Inputs { config, rules, roster, .. } = inputs;
    let setting = Setting { rules, pairing: &config.pairing, meeting: &config.meeting, now: ctx.now };
    let bound = simulate::bound(state, roster, setting);
    let bar = progress::bar(
        args.seeds as usize * args.rounds.or(bound).unwrap_or(MOST_ROUNDS),
        "playing",
        ctx.global.draws_bars(),
    );
    let mut games = Vec::new();
    for seed in 1..=args.seeds {
        let before = bar.position();
        games.push(simulate::play(state, roster, setting, args.rounds, seed, &mut |rounds| {
            bar.set_position(before + rounds as u64);
        }));
    }
    bar.finish_and_clear();

    let header =
        ["seed", "rounds", "before a repeat", "at most", "pairs", "distinct pairs", "repeats", "left out", "sat out"];
    let rows: Vec<Vec<String>> = games.iter().map(|game| row(game, bound)).collect();
    let departments = departments(&games);
    let mix = mix(&games, &departments);
    let json = json!({
        "bound": bound,
        "games": games.iter().map(|game| json!({
            "seed": game.seed, "rounds": game.rounds, "rounds_before_repeat": game.before_repeat,
            "pairs": game.pairs, "distinct_pairs": game.met, "different_twos": game.met, "repeats": game.repeats,
            "left_out": game.left_out, "sat_out_fewest": game.sat_out.0, "sat_out_most": game.sat_out.1,
        })).collect::<Vec<_>>(),
        "department_mix": departments.iter().zip(&mix)
            .map(|(name, row)| (name.clone(), departments.iter().cloned().zip(row.iter().copied()).collect()))
            .collect::<BTreeMap<String, BTreeMap<String, f64>>>(),
    });
    let (mut out, width) = stdout();
    write_table(args.format, &header, &rows, &json, width, &mut out)?;
    if matches!(args.format, Format::Table | Format::Markdown) {
        if let Some(bound) = bound {
            let bounded = format!("At most {bound} rounds are possible before a repeat");
            writeln!(out, "\n{bounded}, as long as the people of the first round take part.")?;
        }
        let least = games.iter().filter_map(|game| game.before_repeat).min();
        if let Some(date) = least.and_then(|rounds| state.undrawn(&config.meeting, ctx.now).nth(rounds)) {
            writeln!(out, "The first repeat comes in the round of {date}.")?;
        }
        writeln!(out, "\nWho met whom, of a hundred meetings:")?;
        let names: Vec<&str> = std::iter::once("department").chain(departments.iter().map(|name| &**name)).collect();
        let cells = |row: &[f64]| row.iter().map(|share| format!("{share:.1}")).collect::<Vec<_>>();
        let rows: Vec<Vec<String>> = departments
            .iter()
            .zip(&mix)
            .map(|(name, row)| std::iter::once(name.clone()).chain(cells(row)).collect())
            .collect();
        write_table(args.format, &names, &rows, &json!(null), width, &mut out)?;
    }
    out.flush()?;
    Ok(())
}

fn row(game: &SimulatedRun, bound: Option<usize>) -> Vec<String> {
    let per_round = game.left_out as f64 / game.rounds.max(1) as f64;
    vec![
        game.seed.to_string(),
        game.rounds.to_string(),
        game.before_repeat.map_or_else(|| format!("all {}", game.rounds), |rounds| rounds.to_string()),
        bound.map_or_else(|| "not counted".to_owned(), |bound| bound.to_string()),
        game.pairs.to_string(),
        game.met.to_string(),
        game.repeats.to_string(),
        format!("{per_round:.1} a round"),
        format!("{} to {} times", game.sat_out.0, game.sat_out.1),
    ]
}

/// Above this number of departments, the table of who met whom shows those that met most.
const DEPARTMENTS: usize = 8;

fn departments(games: &[SimulatedRun]) -> Vec<String> {
    let mut count: BTreeMap<&String, usize> = BTreeMap::new();
    for ((a, b), times) in games.iter().flat_map(|game| &game.mix) {
        *count.entry(a).or_default() += times;
        *count.entry(b).or_default() += times;
    }
    let mut names: Vec<(&String, usize)> = count.into_iter().collect();
    names.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    names.into_iter().take(DEPARTMENTS).map(|(name, _)| name.clone()).collect()
}

/// For each pair of departments, their share of all meetings in percent.
fn mix(games: &[SimulatedRun], departments: &[String]) -> Vec<Vec<f64>> {
    let all: usize = games.iter().flat_map(|game| game.mix.values()).sum();
    let share = |a: &String, b: &String| {
        let key = (a.min(b).clone(), a.max(b).clone());
        let times: usize = games.iter().filter_map(|game| game.mix.get(&key)).sum();
        (times as f64 * 1000.0 / all.max(1) as f64).round() / 10.0
    };
    departments.iter().map(|a| departments.iter().map(|b| share(a, b)).collect()).collect()
}
