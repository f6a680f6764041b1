//! `status`, `why` and `simulate`.

use crate::world::World;

#[test]
fn before_the_first_draw_there_is_nothing_to_look_at() {
    let world = World::of_departments("", &[2, 2]);
    insta::assert_snapshot!(world.run(&["status"]).all(), @"
    No round is drawn yet.

    due: draw 5 rounds of 2026-12 with: roulette pair --month 2026-12
    --- stderr
    --- status 0
    ");
}

#[test]
fn status_shows_rounds_who_is_left_out_and_what_is_due() {
    let world = World::new(
        "",
        "email,name,department,paused_until\na@example.com,Ann,X,\nb@example.com,Bo,Y,\nc@example.com,Cy,Z,2026-12-10\n",
    );
    world.json(&["pair", "--month", "--seed", "1"]);
    insta::assert_snapshot!(world.run_at("2026-12-12T09:00:00Z", &["status"]).all(), @"
    round        when    pairs   repeats   left out   best possible
    ───────────────────────────────────────────────────────────────
    2026-12-02   over    1       0         1          yes
    2026-12-09   over    1       1         1          yes
    2026-12-16   ahead   1       1         0          yes
    2026-12-23   ahead   1       1         0          yes
    2026-12-30   ahead   1       1         0          yes

    next round: 2026-12-16, 1 pair
    later: draw 4 rounds of 2027-01; roulette pair --month does so once the round of 2026-12-30 has begun
    --- stderr
    --- status 0
    ");
    let json = world.json_at("2026-12-12T09:00:00Z", &["status"]);
    assert_eq!(json["rounds"][0]["ahead"], false);
    assert_eq!(json["rounds"][0]["left_out"][0]["reason"], "paused until 2026-12-10");
}

#[test]
fn why_explains_two_people() {
    let world = World::new(
        "across = [\"department\", \"manager\"]\nnever_pair = [[\"ann@example.com\", \"bo@example.com\"]]\n",
        "email,name,department,manager,timezone\nann@example.com,Ann,Sales,,\nbo@example.com,Bo,Finance,,\n\
         cy@example.com,Cy,Sales,ann@example.com,\ndi@example.com,Di,People,ann@example.com,America/Los_Angeles\n",
    );
    world.json(&["pair", "--week", "--seed", "1"]);
    insta::assert_snapshot!(world.run(&["why", "Ann", "bo@example.com"]).all(), @"
    people          Ann <ann@example.com> and Bo <bo@example.com>
    met             never
    can meet        no, not in the round of 2026-12-09
    forbidden by    never_pair
    --- stderr
    --- status 0
    ");
    insta::assert_snapshot!(world.run(&["why", "cy", "BO@example.com"]).all(), @"
    people          Cy <cy@example.com> and Bo <bo@example.com>
    met             never
    drawn for       2026-12-02
    can meet        yes, in the round of 2026-12-09
    --- stderr
    --- status 0
    ");
    insta::assert_snapshot!(world.run(&["why", "di", "cy"]).stdout, @"
    people          Di <di@example.com> and Cy <cy@example.com>
    met             never
    can meet        no, not in the round of 2026-12-09
    forbidden by    the same manager (ann@example.com)
    forbidden by    no common working hours
    ");
    insta::assert_snapshot!(world.run(&["why", "ann"]).stdout, @"
    person          Ann <ann@example.com>
    can still meet  0 new
    can meet again  0
    cannot meet     3
                    1 in never_pair
                    1 manager or report
                    1 with the same department (Sales)
    sat out         0
    sits out        1
                    2026-12-02: no admissible partner: manager or report, with the same department (Sales), or kept apart by other rules
    ");
}

#[test]
fn why_asks_back_whom_it_does_not_know() {
    let world = World::of_departments("", &[2, 2]);
    insta::assert_snapshot!(world.run(&["why", "Persom 2"]).all(), @"
    --- stderr
    error: “Persom 2” is not on the roster
    hint: do you mean Person 2 <p2@example.com>?
    --- status 2
    ");
    insta::assert_snapshot!(world.run(&["why", "p1@example.com", "Person 1"]).all(), @"
    --- stderr
    error: both are Person 1 <p1@example.com>: name two different people
    --- status 2
    ");
}

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
}

#[test]
fn the_demo_tells_its_story_to_the_end() {
    let run = World::of_departments("", &[]).run(&["demo"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let (_, end) = run.stdout.rsplit_once("notify --kind report").unwrap();
    assert!(end.contains("Who met in the round of Wednesday 2 December"), "{end}");
    assert!(!run.stdout.contains("Nothing is due"), "every step of the story has something to show");
}
