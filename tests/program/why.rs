//! `why`: whether two people can meet, and whom it does not know.

use crate::support::world::World;

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
    in the round of 2026-12-09, the next one that is not drawn yet
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
