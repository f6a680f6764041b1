//! `status`: the rounds that are drawn, who is left out, and what is due.

use crate::support::world::World;

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
    round        when    meetings   repeats   left out   best possible
    ──────────────────────────────────────────────────────────────────
    2026-12-02   over    1          0         1          yes
    2026-12-09   over    1          1         1          yes
    2026-12-16   ahead   1          1         0          yes
    2026-12-23   ahead   1          1         0          yes
    2026-12-30   ahead   1          1         0          yes

    next round: 2026-12-16, 1 meeting
    later: roulette run draws 4 rounds of 2027-01 from 2026-12-25 on; to draw them now: roulette pair --month 2027-01
    --- stderr
    --- status 0
    ");
    let json = world.json_at("2026-12-12T09:00:00Z", &["status"]);
    assert_eq!(json["rounds"][0]["ahead"], false);
    assert_eq!(json["rounds"][0]["left_out"][0]["reason"], "paused until 2026-12-10");
}
