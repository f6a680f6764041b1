//! The four rounds of a month of a thousand people, drawn in the same run by the program and by two crates that
//! find largest matchings on the full graph, after a year of rounds: one finds the number alone, the other also
//! the fewest repeats and the longest since people met, as the program does. Prints how long each took, as
//! ratios, and that all have as many pairs.
//!
//! Run it with: cargo run --release --manifest-path benches/oracles/Cargo.toml

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, NaiveTime, Weekday};
use petgraph::graph::UnGraph;
use roulette::domain::pairing::draw::Setting;
use roulette::domain::pairing::plan::{self, DrawRequest, Replace};
use roulette::domain::roster::{Column, Employee, Roster};
use roulette::domain::rules::Rules;
use roulette::domain::settings::{Meeting, OddOneOut, Pairing};
use roulette::domain::state::person_index::PersonIndex;
use roulette::domain::state::{PersonId, Round, Slot, State};
use rustworkx_core::max_weight_matching::max_weight_matching;

/// Those who may meet; an edge's weight is the more, the less a meeting is a repeat.
type Graph = UnGraph<(), i32>;

const PEOPLE: usize = 1_000;
const ROUNDS: usize = 4;
const YEAR: u64 = 52;
/// The median of so many draws counts.
const RUNS: usize = 25;

/// A year in which nobody meets twice: in round r, the two whose numbers add up to r.
fn year() -> impl Iterator<Item = (u64, Vec<(usize, usize)>)> {
    let round =
        |r: usize| (0..PEOPLE).map(move |i| (i, (PEOPLE + r + 1 - i) % PEOPLE)).filter(|(i, j)| i < j).collect();
    (0..YEAR).map(move |r| (r, round(r as usize)))
}

fn main() {
    let departments: Vec<u32> = (0..PEOPLE).map(|i| [1, 1, 1, 2, 2, 3, 3, 4, 5, 6][i * 7 % 10]).collect();
    let (draw, pairs) = ours(&departments);
    println!("roulette: {ROUNDS} rounds of {PEOPLE} people in {:.1} ms, {pairs} pairs", draw.as_secs_f64() * 1e3);
    for (name, crate_) in
        [("petgraph", by_petgraph as fn(&Graph) -> Vec<(usize, usize)>), ("rustworkx-core", by_rustworkx)]
    {
        let (took, count) = timed(|| theirs(&departments, crate_));
        assert_eq!(count, pairs, "{name} finds as many pairs");
        let ratio = took.as_secs_f64() / draw.as_secs_f64();
        println!("{name}: {:.0} ms, {count} pairs: {ratio:.0} times as long", took.as_secs_f64() * 1e3);
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let result = work();
    (begun.elapsed(), result)
}

/// The program's draw, with all rules, wishes and proofs: the median of [`RUNS`].
fn ours(departments: &[u32]) -> (Duration, usize) {
    let employee = |i: usize| Employee {
        email: format!("p{i}@example.com").into(),
        name: format!("P{i}").into(),
        timezone: None,
        working_hours: None,
        workdays: None,
        paused_until: None,
        language: None,
    };
    let values = (0..=6).map(|d| format!("d{d}")).collect();
    let column = Column { name: "department".into(), values, cells: departments.to_vec(), ..Column::default() };
    let roster = Roster { employees: (0..departments.len()).map(employee).collect(), columns: vec![column], ..Roster::default() };
    let pairing = Pairing {
        across: vec!["department".into()],
        avoid_repeats_weeks: 0,
        odd_one_out: OddOneOut::Trio,
        max_pairs_per_round: 0,
        never_pair: vec![],
    };
    let meeting = Meeting {
        weekday: Weekday::Wed,
        start: NaiveTime::from_hms_opt(15, 10, 0).expect("a time"),
        minutes: 30,
        timezone: roulette::domain::zone::Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv),
        ..Meeting::default()
    };
    let first = NaiveDate::from_ymd_opt(2027, 2, 3).expect("a date");
    let dates: Vec<NaiveDate> = (0..ROUNDS as u64).map(|week| first + chrono::Days::new(7 * week)).collect();
    let state = State {
        people: roster.employees.iter().map(|employee| employee.email.clone()).collect(),
        rounds: year().map(|(week, pairs)| past(first - chrono::Days::new(7 * (YEAR - week)), &pairs)).collect(),
        roster_size: PEOPLE,
        ..State::default()
    };
    let (rules, _) = Rules::new(&roster, &pairing, &meeting, &state);
    let setting = Setting { rules: &rules, pairing: &pairing, meeting: &meeting, now: DateTime::UNIX_EPOCH };
    let request = DrawRequest { dates: &dates, seed: 1, replace: Replace::None };
    let draw = || plan::plan_rounds(&state, &PersonIndex::new(&roster, &state), setting, request, &mut |_| {});
    // So short a time is measured more than once.
    let mut runs: Vec<_> = (0..RUNS).map(|_| timed(draw)).collect();
    runs.sort_by_key(|(took, _)| *took);
    let (took, plan) = &runs[RUNS / 2];
    (*took, plan.rounds.iter().map(Round::pair_count).sum())
}

fn past(date: NaiveDate, pairs: &[(usize, usize)]) -> Round {
    let start = DateTime::UNIX_EPOCH.fixed_offset();
    let pairs = pairs.iter().map(|(a, b)| [*a, *b].map(PersonId::new)).collect();
    Round {
        date,
        seed: 0,
        timezone: roulette::domain::zone::Zone::UTC,
        slots: vec![Slot { start, pairs, trios: Vec::new() }],
        left_out: Vec::new(),
        best_possible_pairs: PEOPLE / 2,
        optimal: true,
        changes: Default::default(),
        outcomes: Default::default(),
    }
}

/// Round after round on the full graph of those who may meet and have not met.
fn theirs(departments: &[u32], matching: fn(&Graph) -> Vec<(usize, usize)>) -> usize {
    let mut met: HashMap<(usize, usize), u64> = HashMap::new();
    year().for_each(|(week, pairs)| met.extend(pairs.into_iter().map(|pair| (pair, week))));
    let mut pairs = 0;
    for week in YEAR..YEAR + ROUNDS as u64 {
        let mut graph = Graph::new_undirected();
        let nodes: Vec<_> = departments.iter().map(|_| graph.add_node(())).collect();
        for i in 0..departments.len() {
            for j in 0..i {
                if departments[i] != departments[j] {
                    let weight = met.get(&(j, i)).map_or(2_000, |met| 1_000 - 1_000 / (week - met) as i32);
                    graph.add_edge(nodes[j], nodes[i], weight);
                }
            }
        }
        let round = matching(&graph);
        pairs += round.len();
        met.extend(round.into_iter().map(|(a, b)| ((a.min(b), a.max(b)), week)));
    }
    pairs
}

fn by_petgraph(graph: &Graph) -> Vec<(usize, usize)> {
    petgraph::algo::maximum_matching(graph).edges().map(|(a, b)| (a.index(), b.index())).collect()
}

fn by_rustworkx(graph: &Graph) -> Vec<(usize, usize)> {
    let found = max_weight_matching(
        graph,
        true,
        |edge| Ok::<i128, std::convert::Infallible>(i128::from(*edge.weight())),
        false,
    );
    found.into_iter().flatten().collect()
}
