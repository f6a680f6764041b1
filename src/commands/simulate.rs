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
use crate::domain::text::counted;
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
    let mut runs = Vec::new();
    for seed in 1..=args.seeds {
        let before = bar.position();
        runs.push(simulate::play(state, roster, setting, args.rounds, seed, &mut |rounds| {
            bar.set_position(before + rounds as u64);
        }));
    }
    bar.finish_and_clear();

    let header =
        ["seed", "rounds", "before a repeat", "at most", "pairs", "distinct pairs", "repeats", "left out", "sat out"];
    let rows: Vec<Vec<String>> = runs.iter().map(|run| row(run, bound)).collect();
    let departments = departments(&runs);
    let mix = mix(&runs, &departments);
    let each = { runs.iter() }
        .map(|run| {
            json!({
                "seed": run.seed, "rounds": run.rounds, "rounds_before_repeat": run.before_repeat,
                "pairs": run.pairs, "distinct_pairs": run.met, "different_twos": run.met, "repeats": run.repeats,
                "left_out": run.left_out, "sat_out_fewest": run.sat_out.0, "sat_out_most": run.sat_out.1,
            })
        })
        .collect::<Vec<_>>();
    // `games` and `different_twos` are older names.
    let json = json!({
        "bound": bound,
        "runs": each,
        "games": each,
        "department_mix": departments.iter().zip(&mix)
            .map(|(name, row)| (name.clone(), departments.iter().cloned().zip(row.iter().copied()).collect()))
            .collect::<BTreeMap<String, BTreeMap<String, f64>>>(),
    });
    let (mut out, width) = stdout();
    write_table(args.format, &header, &rows, &json, width, &mut out)?;
    if args.format.is_text() {
        if let Some(bound) = bound {
            let rounds = counted(bound, "round is", "rounds are");
            let bounded = format!("At most {rounds} possible before a repeat");
            writeln!(out, "\n{bounded}, as long as the people of the first round take part.")?;
        }
        let least = runs.iter().filter_map(|run| run.before_repeat).min();
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

fn row(run: &SimulatedRun, bound: Option<usize>) -> Vec<String> {
    let per_round = run.left_out as f64 / run.rounds.max(1) as f64;
    vec![
        run.seed.to_string(),
        run.rounds.to_string(),
        run.before_repeat.map_or_else(|| format!("all {}", run.rounds), |rounds| rounds.to_string()),
        bound.map_or_else(|| "not counted".to_owned(), |bound| bound.to_string()),
        run.pairs.to_string(),
        run.met.to_string(),
        run.repeats.to_string(),
        format!("{per_round:.1} a round"),
        format!("{} to {} times", run.sat_out.0, run.sat_out.1),
    ]
}

/// Above this number of departments, the table of who met whom shows those that met most.
const DEPARTMENTS: usize = 8;

fn departments(runs: &[SimulatedRun]) -> Vec<String> {
    let mut count: BTreeMap<&String, usize> = BTreeMap::new();
    for ((a, b), times) in runs.iter().flat_map(|run| &run.mix) {
        *count.entry(a).or_default() += times;
        *count.entry(b).or_default() += times;
    }
    let mut names: Vec<(&String, usize)> = count.into_iter().collect();
    names.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    names.into_iter().take(DEPARTMENTS).map(|(name, _)| name.clone()).collect()
}

/// For each pair of departments, their share of all meetings in percent.
fn mix(runs: &[SimulatedRun], departments: &[String]) -> Vec<Vec<f64>> {
    let all: usize = runs.iter().flat_map(|run| run.mix.values()).sum();
    let share = |a: &String, b: &String| {
        let key = (a.min(b).clone(), a.max(b).clone());
        let times: usize = runs.iter().filter_map(|run| run.mix.get(&key)).sum();
        (times as f64 * 1000.0 / all.max(1) as f64).round() / 10.0
    };
    departments.iter().map(|a| departments.iter().map(|b| share(a, b)).collect()).collect()
}
