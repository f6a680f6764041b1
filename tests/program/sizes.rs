//! The smallest rosters, and those in which nobody can meet.

use crate::support::world::{World, pairs};

fn answer(pairing: &str, roster: &str) -> String {
    let world = World::new(pairing, roster);
    let round = &world.json(&["pair", "--week", "--seed", "1"])["rounds"][0];
    let left_out = round["left_out"].as_array().unwrap().iter();
    let left_out: Vec<&str> = left_out.map(|one| one["reason"].as_str().unwrap()).collect();
    assert_eq!(round["optimal"], true);
    let pairs: Vec<usize> = pairs(round).iter().map(Vec::len).collect();
    let again = world.run(&["pair", "--week"]);
    assert_eq!(again.status, 0, "{}", again.stderr);
    format!("{pairs:?} {left_out:?}")
}

fn people(departments: &[&str]) -> String {
    let rows = departments.iter().enumerate().map(|(i, d)| format!("p{i}@example.com,P{i},{d}\n"));
    std::iter::once("email,name,department\n".to_owned()).chain(rows).collect()
}

#[test]
fn each_of_the_smallest_rosters_has_a_sensible_answer() {
    insta::assert_snapshot!(answer("", &people(&[])), @"[] []");
    insta::assert_snapshot!(answer("", &people(&["A"])), @r#"[] ["no admissible partner: nobody else takes part"]"#);
    insta::assert_snapshot!(answer("", &people(&["A", "B"])), @"[2] []");
    insta::assert_snapshot!(answer("", &people(&["A", "B", "C"])), @"[3] []");
    insta::assert_snapshot!(answer("", &people(&["A", "B", "B"])), @r#"[2] ["odd number: no pair that the rules let them join"]"#);
    insta::assert_snapshot!(answer("odd_one_out = \"rest\"", &people(&["A", "B", "C"])), @r#"[2] ["odd number"]"#);
    insta::assert_snapshot!(answer("", &people(&["A", "B", "C", "D"])), @"[2, 2] []");
    insta::assert_snapshot!(answer("", &people(&["A", "A", "A", "B"])), @r#"[2] ["no admissible partner: with the same department (A), or kept apart by other rules; all others meet someone else", "no admissible partner: with the same department (A), or kept apart by other rules; all others meet someone else"]"#);
}

#[test]
fn one_department_and_a_paused_company_leave_everybody_out() {
    insta::assert_snapshot!(answer("", &people(&["A", "A", "A"])), @r#"[] ["no admissible partner: with the same department (A), or kept apart by other rules", "no admissible partner: with the same department (A), or kept apart by other rules", "no admissible partner: with the same department (A), or kept apart by other rules"]"#);
    let paused = "email,name,department,paused_until\na@example.com,A,X,2026-12-31\nb@example.com,B,Y,2026-12-02\n";
    insta::assert_snapshot!(answer("", paused), @r#"[] ["paused until 2026-12-02", "paused until 2026-12-31"]"#);
}

#[test]
fn a_round_in_which_nobody_meets_is_not_kept() {
    let world = World::new("", &people(&["A", "A", "A"]));
    let run = world.run(&["pair", "--week"]);
    assert!(run.stderr.contains("nobody can meet, so nothing is kept"), "{}", run.stderr);
    assert!(!world.path("roulette-state.json").exists());
}
