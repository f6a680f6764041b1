//! `simulate`: plays forward and keeps nothing.

use crate::support::world::World;

#[test]
fn simulate_plays_forward_and_keeps_nothing() {
    let world = World::of_departments("", &[4, 4, 4]);
    let run = world.run(&["simulate", "--seeds", "2"]);
    insta::assert_snapshot!(run.all(), @"
    seed   rounds   before a repeat   at most   pairs   distinct pairs   repeats   left out      sat out
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    1      9        8                 8         54      48               6         0.0 a round   0 to 0 times
    2      9        8                 8         54      48               6         0.0 a round   0 to 0 times

    At most 8 rounds are possible before a repeat, as long as the people of the first round take part.
    The first repeat comes in the round of 2027-01-27.

    Who met whom, of a hundred meetings:
    department   D0     D1     D2
    ───────────────────────────────
    D0           0.0    33.3   33.3
    D1           33.3   0.0    33.3
    D2           33.3   33.3   0.0
    --- stderr
    --- status 0
    ");
    assert_eq!(world.files().len(), 2);
    let json = world.json(&["simulate", "--rounds", "3"]);
    assert_eq!((&json["bound"], &json["games"][0]["rounds"]), (&8.into(), &3.into()));
    assert_eq!(json["games"][0]["rounds_before_repeat"], serde_json::Value::Null);
    assert_eq!(json["runs"], json["games"], "under both names");
    assert_eq!(json["runs"][0]["distinct_pairs"], json["runs"][0]["different_twos"]);
}
