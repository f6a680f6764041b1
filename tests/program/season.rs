//! Whole seasons: month after month through the real program and its state.

use std::collections::HashSet;

use crate::support::world::{World, pairs, pairs_within, strings};

/// Draws month after month; how many rounds came before the first repeat, and every two that met.
fn play(world: &World, months: u32) -> (usize, HashSet<(String, String)>) {
    play_from(world, months, 0)
}

/// The same, with another seed for each month from this one on.
fn play_from(world: &World, months: u32, seed: u32) -> (usize, HashSet<(String, String)>) {
    let (mut rounds, mut met) = (0, HashSet::new());
    for month in 0..months {
        let now = format!("{}-{:02}-01T00:00:00Z", 2027 + month / 12, month % 12 + 1);
        let drawn = world.json_at(&now, &["pair", "--month", "--seed", &(seed + month).to_string()]);
        for round in drawn["rounds"].as_array().unwrap() {
            let two_by_two: Vec<_> = pairs(round).iter().flat_map(|people| pairs_within(people)).collect();
            let new = two_by_two.iter().all(|two| !met.contains(two));
            let told = round["pairs"].as_array().unwrap().iter().all(|pair| pair["repeat"] == false);
            assert_eq!(new, told);
            if !new {
                return (rounds, met);
            }
            assert_eq!(round["optimal"], true);
            met.extend(two_by_two);
            rounds += 1;
        }
    }
    (rounds, met)
}

#[test]
fn fifty_people_meet_everybody_once_in_49_rounds() {
    let world = World::of_departments("across = []", &[50]);
    let first = world.json_at("2027-01-01T00:00:00Z", &["pair", "--dry-run", "--seed", "1"]);
    assert_eq!(strings(&first["expect"]), ["no repeat before the round of 2027-12-15, if the same people take part"]);
    let (rounds, met) = play(&world, 13);
    assert_eq!((rounds, met.len()), (49, 1225));
}

#[test]
fn an_odd_team_that_rests_in_turns_has_as_many_rounds_as_people() {
    for n in [5, 9, 13] {
        let world = World::of_departments("across = []\nodd_one_out = \"rest\"", &[n]);
        let (rounds, met) = play(&world, 5);
        assert_eq!((rounds, met.len()), (n, n * (n - 1) / 2));
    }
}

#[test]
fn small_even_teams_meet_everybody_once_too() {
    for n in [2, 4, 6, 8, 10, 12, 14] {
        let world = World::of_departments("across = []", &[n]);
        assert_eq!(play(&world, 5).0, n - 1, "{n} people");
    }
}

#[test]
fn thirteen_people_of_three_departments_have_eight_rounds_or_nine() {
    // 54 pairs across the departments, 6 in a round: at most 9 rounds before a repeat.
    for seed in 0..5 {
        let world = World::of_departments("odd_one_out = \"rest\"", &[6, 4, 3]);
        let (rounds, met) = play_from(&world, 4, seed);
        assert!((8..=9).contains(&rounds), "{rounds}");
        assert_eq!(met.len(), 6 * rounds, "six pairs in each round, never the same");
        let number = |email: &str| email[1..].split('@').next().unwrap().parse::<usize>().unwrap();
        let department = |email: &str| [0, 6, 10].iter().rposition(|first| *first <= number(email));
        assert!(met.iter().all(|(a, b)| department(a) != department(b)), "{met:?}");
    }
}

#[test]
fn the_season_goes_on_when_people_join_leave_and_pause() {
    let world = World::of_departments("across = []", &[20]);
    let mut met = HashSet::new();
    let mut rounds = 0;
    for month in 1..=4 {
        let mut people: Vec<String> =
            (0..20).filter(|i| *i != month * 3).map(|i| format!("p{i}@example.com,P {i},D,")).collect();
        people.extend((0..month).map(|i| format!("new{i}@example.com,New {i},D,")));
        people[month] += &format!("2027-{month:02}-10");
        world.write("staff.csv", format!("email,name,department,paused_until\n{}\n", people.join("\n")));
        let now = format!("2027-{month:02}-01T00:00:00Z");
        let drawn = world.json_at(&now, &["pair", "--month", "--seed", "1"]);
        for round in drawn["rounds"].as_array().unwrap() {
            for two in pairs(round).iter().flat_map(|people| pairs_within(people)) {
                assert!(met.insert(two.clone()), "{} meet twice in {rounds} rounds", two.0);
            }
            rounds += 1;
        }
    }
    assert!(rounds >= 16);
}
