//! What an anonymous report hides, whatever the figures are. What the figures are is tested with the program itself.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::anonymous::{FEWEST, TooFew, put_together};
use super::*;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, day).unwrap()
}

fn known(held: usize, not_held: usize, unknown: usize) -> OutcomeCounts {
    OutcomeCounts { held: Some(held), not_held: Some(not_held), unknown: Some(unknown) }
}

fn person(name: &str) -> Person {
    Person { email: format!("{name}@example.com"), name: name.to_owned(), department: "Sales".to_owned() }
}

fn table(sizes: &[usize], observed: &[usize]) -> DepartmentTable {
    let departments = sizes.iter().enumerate().map(|(at, people)| DepartmentFigures {
        name: Some(format!("D{at}")),
        people: *people,
        seats: 0,
    });
    let cells = (0..sizes.len()).flat_map(|a| (a + 1..sizes.len()).map(move |b| (a, b)));
    let cells = cells.zip(observed.iter().cycle()).map(|((a, b), times)| DepartmentCell {
        a,
        b,
        observed: Some(*times),
        expected: Some(1.0),
        people: (2 * times).min(sizes[a] + sizes[b]),
        pairs: (sizes[a] * sizes[b]) as f64,
    });
    DepartmentTable { departments: departments.collect(), cells: cells.collect(), by_size: false }
}

/// A round of 40 people, all of whom met.
fn round(date: NaiveDate, outcomes: OutcomeCounts) -> RoundFigures {
    RoundFigures { date, participants: Some(40), met: 40, left_out: Some(0), away: Some(0), meetings: 20, outcomes }
}

fn report() -> Report {
    let why = (Why::OddNumber, 1);
    Report {
        from: day(1),
        to: day(31),
        anonymous: false,
        rounds: vec![round(day(6), known(10, 5, 5)), round(day(13), known(20, 0, 0))],
        round_count: 2,
        participants: 40,
        meetings: Some(40),
        outcomes: known(30, 5, 5),
        moved: Some(6),
        moved_of: Some(40),
        reach: Some(1.0),
        met_nobody: vec![person("nobody")],
        evenness: Some(1.0),
        partners_each: Some(2.0),
        partners: vec![PartnerCount { from: 2, to: 2, people: 40 }],
        coverage: Some(Coverage { met: 40, confirmed: Some(30), admissible: 600 }),
        departments: table(&[20, 20], &[40]),
        network: NetworkFigures { people: Some(40), ..NetworkFigures::default() },
        left_out: vec![LeftOutPerson { person: person("odd"), times: 1, reasons: vec![why] }],
        reasons: vec![ReasonFigures { why: Why::Skips, people: 5, times: 5 }],
        sat_out: Some((0, 1)),
        repeats: Some(0),
        proven_best: 2,
        newcomers: None,
    }
}

#[test]
fn what_shows_nobody_is_not_hidden() {
    let before = report();
    let after = before.clone().anonymous().unwrap();
    assert_eq!((after.left_out.len(), after.met_nobody.len()), (0, 0), "nobody is named");
    assert_eq!((after.outcomes, after.meetings, after.reach), (before.outcomes, before.meetings, before.reach));
    assert_eq!((after.partners, after.reasons, after.moved), (before.partners, before.reasons, before.moved));
    assert_eq!(after.rounds.len(), 2);
    assert_eq!(after.rounds[0].outcomes, before.rounds[0].outcomes);
    assert_eq!(after.departments.cells[0].observed, Some(40));
}

#[test]
fn few_people_are_shown_nowhere_and_nothing_tells_of_them() {
    let after = |change: &dyn Fn(&mut Report)| {
        let mut report = report();
        change(&mut report);
        report.anonymous().unwrap()
    };
    // The two meetings that did not take place are the difference to the total.
    let few = after(&|it| it.outcomes = known(33, 2, 5));
    assert_eq!((few.partners_each, few.evenness, few.coverage), (None, None, None), "the pairs that met would tell");
    // Two sums over numbers of partners that are put together would tell them apart.
    let bins = [(0, 2), (1, 16), (2, 22)].map(|(number, people)| PartnerCount { from: number, to: number, people });
    let together = after(&|it| it.partners = bins.to_vec());
    assert_eq!((together.partners_each, together.evenness), (None, None));
    assert_eq!(few.meetings, None);
    assert_eq!((few.outcomes.held, few.outcomes.not_held, few.outcomes.unknown), (Some(33), None, Some(5)));
    let unknown = after(&|it| it.outcomes = known(36, 0, 4));
    assert_eq!((unknown.meetings, unknown.outcomes), (None, OutcomeCounts::default()), "the pairs that met would tell");
    assert_eq!(few.rounds, [], "the sum of the rounds would tell");
    let one = after(&|it| it.rounds[1].outcomes = known(19, 1, 0));
    assert_eq!((one.rounds.len(), one.outcomes), (0, known(30, 5, 5)));
    // Of 40 people who took part, 39 met in one of the rounds: one did not.
    let absent = after(&|it| it.rounds[1].met = 39);
    assert_eq!((absent.rounds.len(), absent.meetings, absent.outcomes), (0, None, OutcomeCounts::default()));
    assert_eq!(after(&|it| it.reach = Some(39.0 / 40.0)).reach, None);
    assert_eq!(after(&|it| it.reach = Some(0.5)).reach, Some(0.5));
    assert_eq!(after(&|it| it.moved = Some(4)).moved, None);
    assert_eq!(after(&|it| it.moved = Some(37)).moved, None, "three were not");
    let again = after(&|it| it.repeats = Some(3));
    assert_eq!((again.repeats, again.coverage), (None, None), "the pairs that met would tell");
    assert_eq!(after(&|it| it.network.people = Some(38)).network.people, None, "two have left");
    assert_eq!(after(&|it| it.reasons[0].people = 4).reasons, []);
    assert_eq!(after(&|it| it.reasons[0].times = 6).reasons, [], "to one of them it happened twice");
    assert_eq!(after(&|it| it.reasons[0].times = 10).reasons.len(), 1);
    assert_eq!(after(&|it| (it.reasons[0].people, it.reasons[0].times) = (38, 38)).reasons, [], "two never had it");
    let shares = after(&|it| (it.evenness, it.reach) = (Some(184.0 / 246.0), Some(0.5)));
    assert_eq!((shares.evenness, shares.reach), (Some(0.75), Some(0.5)), "of how many it is one");
    let told = after(&|it| {
        it.outcomes = known(35, 3, 2);
        it.reasons[0] = ReasonFigures { why: Why::CouldNot, people: 6, times: 6 };
    });
    assert_eq!(told.reasons, [], "what is missing would be of four people");
    assert_eq!(after(&|_| {}).coverage.unwrap().confirmed, None);
    let new = Newcomers { joined: 8, met: Some(6), days_to_first: Some(3.0), settled: Some(0), departments: None };
    let newcomers = after(&|it| it.newcomers = Some(new)).newcomers.unwrap();
    assert_eq!((newcomers.joined, newcomers.met, newcomers.days_to_first), (8, None, None), "two have met nobody");
    assert_eq!(after(&|it| it.newcomers = Some(Newcomers { joined: 4, ..new })).newcomers, None);
    let mut few = report();
    few.participants = 4;
    assert_eq!(few.anonymous(), Err(TooFew));
    let mut few = report();
    few.reach = Some(0.1);
    assert_eq!(few.anonymous(), Err(TooFew), "only four met");
}

#[test]
fn small_departments_become_one_that_is_not_small() {
    let names = |sizes: &[usize]| -> Vec<(Option<String>, usize)> {
        let mut report = report();
        report.departments = table(sizes, &[30]);
        let table = report.anonymous().unwrap().departments;
        table.departments.into_iter().map(|one| (one.name, one.people)).collect()
    };
    let named = |at: usize, people| (Some(format!("D{at}")), people);
    assert_eq!(names(&[20, 10, 5]), [named(0, 20), named(1, 10), named(2, 5)]);
    assert_eq!(names(&[20, 10, 4]), [named(0, 20), (None, 14)], "four alone would be what is missing");
    assert_eq!(names(&[20, 10, 4, 3]), [named(0, 20), named(1, 10), (None, 7)]);
    assert_eq!(names(&[4, 4]), [(None, 8)]);
}

#[test]
fn two_departments_that_are_merged_do_not_tell_how_often_they_met_each_other() {
    let merged = |sizes: &[usize]| {
        let mut report = report();
        report.departments = table(sizes, &[30]);
        let table = report.anonymous().unwrap().departments;
        let last = table.departments.len() - 1;
        table.cells.iter().find(|cell| (cell.a, cell.b) == (last, last)).map(|cell| cell.observed)
    };
    assert_eq!(merged(&[20, 10, 4]), Some(None), "four people met those of one other department");
    assert_eq!(merged(&[20, 10, 4, 3, 2]), Some(Some(90)));
}

proptest! {
    #[test]
    fn no_cell_of_departments_is_small_and_none_is_what_is_missing_from_the_sum(
        mut sizes in proptest::collection::vec(1..12_usize, 2..8),
        observed in proptest::collection::vec(0..14_usize, 1..28),
    ) {
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let mut report = report();
        report.departments = table(&sizes, &observed);
        let before = report.departments.clone();
        let all: usize = report.departments.cells.iter().filter_map(|cell| cell.observed).sum();
        let table = report.anonymous().unwrap().departments;
        let shown: Vec<usize> = table.cells.iter().filter_map(|cell| cell.observed).collect();
        let hidden = table.cells.len() - shown.len();
        prop_assert!(shown.iter().all(|times| *times >= FEWEST));
        let missing = all - shown.iter().sum::<usize>();
        prop_assert!(shown.is_empty() || hidden == 0 && missing == 0 || hidden > 1 && missing >= FEWEST);
        prop_assert!(table.cells.iter().all(|cell| cell.expected.is_some() == cell.observed.is_some()));
        // How many meetings a department's people had may be known from elsewhere.
        let departments = if sizes.iter().all(|size| *size >= FEWEST) { sizes.len() } else { 0 };
        for department in 0..departments {
            let theirs = before.cells.iter().zip(&table.cells);
            let theirs = theirs.filter(|(cell, _)| cell.a == department || cell.b == department);
            let (shown, hidden): (Vec<_>, Vec<_>) = theirs.partition(|(_, after)| after.observed.is_some());
            let missing: usize = hidden.iter().filter_map(|(cell, _)| cell.observed).sum();
            prop_assert!(shown.is_empty() || hidden.is_empty() || hidden.len() > 1 && missing >= FEWEST);
        }
    }

    #[test]
    fn few_people_are_put_together_with_their_neighbours(people in proptest::collection::vec(1..9_usize, 1..20)) {
        let counts: Vec<PartnerCount> =
            people.iter().enumerate().map(|(at, people)| PartnerCount { from: at, to: at, people: *people }).collect();
        let together = put_together(&counts);
        let sum = |counts: &[PartnerCount]| counts.iter().map(|it| it.people).sum::<usize>();
        prop_assert_eq!(sum(&together), sum(&counts));
        prop_assert!(together.len() == 1 || together.iter().all(|it| it.people >= FEWEST));
        prop_assert!(together.is_sorted_by(|a, b| a.to < b.from));
    }
}
