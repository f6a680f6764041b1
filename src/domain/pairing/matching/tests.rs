//! The methods of the draw, compared with each other and with plain counting.

use std::collections::HashMap;

use chrono::{DateTime, NaiveTime, Weekday};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::domain::calendar::{Day, week_of};
use crate::domain::meeting_history::{MeetingGroup, MeetingHistory};
use crate::domain::roster::{Column, Employee, Roster, RosterIndex, places};
use crate::domain::rules::Rules;
use crate::domain::settings::{Meeting, OddOneOut, Pairing};
use crate::domain::state::State;

const DATE: &str = "2027-03-03";

pub(crate) fn meeting() -> Meeting {
    Meeting {
        weekday: Weekday::Wed,
        start: NaiveTime::from_hms_opt(15, 10, 0).unwrap(),
        minutes: 30,
        timezone: crate::domain::zone::Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv),
        ..Meeting::default()
    }
}

pub(crate) fn pairing() -> Pairing {
    Pairing {
        across: vec!["department".into()],
        avoid_repeats_weeks: 0,
        odd_one_out: OddOneOut::Rest,
        max_pairs_per_round: 0,
        never_pair: vec![],
    }
}

/// People p0, p1, … of these departments.
pub(crate) fn roster(departments: &[u32]) -> Roster {
    let employee = |i: usize| Employee {
        email: format!("p{i}@example.com").into(),
        name: format!("P{i}").into(),
        timezone: None,
        working_hours: None,
        workdays: None,
        paused_until: None,
        language: None,
    };
    let values = (0..=departments.iter().copied().max().unwrap_or(0)).map(|d| format!("d{d}")).collect();
    let column = Column { name: "department".into(), values, cells: departments.to_vec(), ..Column::default() };
    Roster { employees: (0..departments.len()).map(employee).collect(), columns: vec![column], ..Roster::default() }
}

#[test]
fn of_rounds_that_are_as_good_nobody_new_meets_whoever_gave_no_sign() {
    use crate::domain::state::preferences::Choice;
    use crate::domain::state::{Changes, Joined, Outcomes, PersonId, Round, Slot};
    let roster = roster(&[1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    let people: Vec<Box<str>> = roster.employees.iter().map(|one| one.email.clone()).collect();
    let id = PersonId::new;
    let date = "2027-02-24".parse().unwrap();
    // Everybody met last week; p0 and p6 have said nothing since. p1 and p7 joined.
    let pairs = (0..5).map(|at| [id(at), id(at + 5)]).collect();
    let start = "2027-02-24T15:10:00+02:00".parse().unwrap();
    let slots = vec![Slot { start, pairs, trios: vec![] }];
    let mut state = State { people, heard: vec![date], ..State::default() };
    state.rounds = vec![Round {
        date,
        seed: 1,
        timezone: meeting().timezone,
        slots,
        left_out: vec![],
        best_possible_pairs: 5,
        optimal: true,
        changes: Changes::default(),
        outcomes: Outcomes::default(),
    }];
    for person in (0..10).filter(|person| ![0, 6].contains(person)) {
        state.choose(Choice { person: id(person), last_sign: Some(date), ..Choice::default() });
    }
    let joined = |person| Joined { person: id(person), on: "2027-02-20".parse().unwrap(), greeted: true };
    let hard = [[RosterIndex::new(0), RosterIndex::new(7)], [RosterIndex::new(1), RosterIndex::new(6)]];
    let mut met = [0, 0];
    for (case, count) in met.iter_mut().enumerate() {
        state.joined = Some(if case == 0 { vec![] } else { vec![joined(1), joined(7)] });
        let team = Team::of(Rules::new(&roster, &pairing(), &meeting(), &state).0);
        for seed in 0..200 {
            let drawn = solve(&team.problem(), &mut ChaCha8Rng::seed_from_u64(seed)).matching.sorted();
            assert_eq!(drawn.pairs.len(), 5);
            *count += drawn.pairs.iter().filter(|pair| hard.contains(pair)).count();
        }
    }
    assert!(met[0] > 40 && met[1] == 0, "{met:?}");
}

/// A random team for each seed: departments, blocks, history, turns.
pub(crate) struct Team {
    rules: Rules,
    met: MeetingHistory,
    day: Day,
    people: Vec<RosterIndex>,
    turns: Vec<u32>,
    trio: bool,
    limit: usize,
}

impl Team {
    /// A team of people who have never met.
    fn of(rules: Rules) -> Self {
        let (date, people) = (DATE.parse().unwrap(), rules.people());
        Self {
            met: MeetingHistory::new(people, 1, std::iter::empty::<(i32, std::iter::Empty<_>)>()),
            day: Day::new(&meeting(), date, DateTime::UNIX_EPOCH, rules.schedules()),
            people: rules.participants(date),
            turns: vec![0; people],
            rules,
            trio: false,
            limit: usize::MAX,
        }
    }

    fn new(departments: &[u32], apart: &[[usize; 2]], met: &[(i32, [RosterIndex; 2])]) -> Self {
        let never_pair = apart.iter().map(|pair| pair.map(|i| format!("p{i}@example.com"))).collect();
        let (rules, mismatches) =
            Rules::new(&roster(departments), &Pairing { never_pair, ..pairing() }, &meeting(), &State::default());
        assert_eq!(mismatches, []);
        let date = DATE.parse().unwrap();
        let weeks = met.iter().map(|(ago, pair)| (week_of(date) - ago, std::iter::once(MeetingGroup::all(pair))));
        Self {
            met: MeetingHistory::new(departments.len(), 4, weeks),
            day: Day::new(&meeting(), date, DateTime::UNIX_EPOCH, rules.schedules()),
            people: rules.participants(date),
            turns: vec![0; departments.len()],
            rules,
            trio: false,
            limit: usize::MAX,
        }
    }

    pub(crate) fn random(seed: u64, most: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = rng.random_range(0..=most);
        let kinds = rng.random_range(1..=6);
        let departments: Vec<u32> = (0..n).map(|_| rng.random_range(1..=kinds)).collect();
        let pairs = (0..n).flat_map(|i| (0..i).map(move |j| [j, i]));
        let (blocks, past) = ([0.0, 0.1, 0.4][seed as usize % 3], [0.0, 0.3, 0.7, 1.0][seed as usize / 3 % 4]);
        let apart: Vec<[usize; 2]> = pairs.clone().filter(|_| rng.random_bool(blocks)).collect();
        let mut met: Vec<(i32, [RosterIndex; 2])> = pairs
            .filter_map(|pair| {
                let ago = rng.random_bool(past).then(|| rng.random_range(1..=30))?;
                Some((ago, pair.map(RosterIndex::new)))
            })
            .collect();
        met.sort_by_key(|(ago, _)| -ago);
        let mut team = Self::new(&departments, &apart, &met);
        team.turns.fill_with(|| rng.random_range(0..=[0, 1, 3][seed as usize / 12 % 3]));
        team.trio = seed.is_multiple_of(2);
        if seed.is_multiple_of(5) {
            team.limit = rng.random_range(1..=4);
        }
        team
    }

    pub(crate) fn problem(&self) -> Problem<'_> {
        Problem {
            rules: &self.rules,
            met: &self.met,
            day: &self.day,
            people: &self.people,
            turns: &self.turns,
            trio: self.trio,
            limit: self.limit,
            cost_table: None,
            drawn: None,
        }
    }
}

fn check(problem: &Problem<'_>, drawn: &Drawn) {
    let seated = drawn.matching.meetings().flatten().chain(&drawn.matching.left_out).copied();
    let mut seated: Vec<RosterIndex> = seated.collect();
    seated.sort_unstable();
    assert_eq!(seated, problem.people, "everybody once");
    assert_eq!(drawn.cost, problem.cost(&drawn.matching));
    assert_eq!(drawn.cost.forbidden, 0);
    assert!(drawn.matching.groups() <= problem.limit);
}

#[test]
fn the_search_is_as_good_as_counting_every_round() {
    let mut unproven = 0;
    for seed in 0..3000 {
        let team = Team::random(seed, enumerate::MOST);
        let problem = team.problem();
        let best = solve(&problem, &mut ChaCha8Rng::seed_from_u64(seed));
        check(&problem, &best);
        let found = search(&problem, &mut ChaCha8Rng::seed_from_u64(seed));
        check(&problem, &found);
        let rank = |drawn: &Drawn| (drawn.cost.left_out, drawn.cost.repeats);
        assert_eq!(found.cost.left_out, best.cost.left_out, "seed {seed}");
        if !problem.odd_joins() {
            assert!(found.cost == best.cost, "seed {seed}: {:?} {:?}", found.cost, best.cost);
        }
        if found.optimal {
            assert_eq!(rank(&found), rank(&best), "seed {seed}");
        } else {
            unproven += 1;
        }
    }
    assert!(unproven < 150, "{unproven} of 3000 are not proven");
}

/// Checks that each best round is drawn as often as any other: Pearson's chi-square against the list of all of them.
fn chi_square(team: &Team, ways: u64, mut draw: impl FnMut(u64) -> Matching) -> f64 {
    let draws = 60 * ways;
    let mut count: HashMap<Seating, u64> = HashMap::new();
    for seed in 0..draws {
        let round = draw(seed).sorted();
        *count.entry((round.pairs, round.trio)).or_default() += 1;
    }
    assert_eq!(count.len() as u64, ways, "every best round of {} people comes up", team.people.len());
    let expected = draws as f64 / ways as f64;
    let chi: f64 = count.values().map(|seen| (*seen as f64 - expected).powi(2) / expected).sum();
    // Wilson and Hilferty: the cube root of chi-square over its degrees of freedom is nearly normal.
    let freedom = (ways - 1).max(1) as f64;
    let spread = 2.0 / (9.0 * freedom);
    ((chi / freedom).cbrt() - (1.0 - spread)) / spread.sqrt()
}

type Seating = (Vec<[RosterIndex; 2]>, Option<[RosterIndex; 3]>);

#[test]
fn every_best_round_of_a_small_team_is_as_likely() {
    let met = [(3, [0, 4]), (2, [1, 5]), (2, [0, 5]), (1, [2, 3])].map(|(ago, pair)| (ago, places(pair)));
    let teams: [(&[u32], bool); 6] = [
        (&[1, 1, 2, 2, 3, 3], false),
        (&[1, 1, 1, 2, 2, 3], false),
        (&[1, 1, 2, 2, 3], true),
        (&[1, 2, 3, 4, 5, 6, 7], true),
        (&[1, 1, 1, 2, 2, 2, 3], false),
        (&[1, 1, 1, 1, 2, 2, 2, 3], false),
    ];
    for (departments, trio) in teams {
        for met in [&[][..], &met] {
            let met: Vec<_> = met.iter().copied().filter(|(_, pair)| pair[1].index() < departments.len()).collect();
            let mut team = Team::new(departments, &[[0, departments.len() - 1]], &met);
            team.trio = trio;
            let problem = team.problem();
            let (_, ways) = enumerate::solve(&problem, &mut ChaCha8Rng::seed_from_u64(0));
            let counted =
                chi_square(&team, ways, |seed| solve(&problem, &mut ChaCha8Rng::seed_from_u64(seed)).matching);
            assert!(counted.abs() < 4.0, "{departments:?}: {counted}");
        }
    }
}

#[test]
fn mixing_makes_every_best_round_as_likely() {
    let team = Team::new(&[1, 1, 2, 2, 3, 3, 4, 4], &[[0, 3]], &[(2, places([0, 4])), (2, places([1, 5]))]);
    let problem = team.problem();
    let (first, ways) = enumerate::solve(&problem, &mut ChaCha8Rng::seed_from_u64(0));
    let mixed = chi_square(&team, ways, |seed| {
        let mut seated = LocalSearch::of(&problem, &first);
        seated.mix(&mut ChaCha8Rng::seed_from_u64(seed));
        seated.matching()
    });
    assert!(mixed.abs() < 4.0, "{mixed}");
}
