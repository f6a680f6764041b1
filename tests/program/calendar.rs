//! An office's own calendar: weekends, hours, holidays of some people, and how often there is a round.

use serde_json::{Value, json};

use crate::support::world::{World, pairs, strings};

fn reasons(round: &Value) -> Vec<(String, String)> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    round["left_out"].as_array().unwrap().iter().map(|one| (text(one, "email"), text(one, "reason"))).collect()
}

fn dates(month: &Value) -> Vec<String> {
    month["rounds"].as_array().unwrap().iter().map(|round| round["date"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn who_is_off_that_day_is_not_drawn_and_the_others_meet() {
    let world = World::new(
        "across = []\n\n[meeting]\nskip_dates = [\"2026-12-21..2027-01-03\"]\n[meeting.holidays]\ncolumn = \"Location\"\n\
         Kyiv = [\"2026-12-09 00:00:00\"]\nLviv = [\"2026-12-09\"]\n",
        "email,name,department,location,workdays\na@x.org,A,1,Kyiv,\nb@x.org,B,1,kyiv,\nc@x.org,C,1,Berlin,\n\
         d@x.org,D,1,Berlin,\ne@x.org,E,1,Berlin,Mon-Tue\n",
    );
    let run = world.run(&["pair", "--month", "2026-12", "--seed", "1", "--dry-run"]);
    assert!(
        run.stderr.contains("warning: holidays names Lviv, which nobody has as location in staff.csv"),
        "{}",
        run.stderr
    );
    let month = world.json(&["pair", "--month", "2026-12", "--seed", "1"]);
    assert_eq!(dates(&month), ["2026-12-02", "2026-12-09", "2026-12-16"]);
    let off = ("e@x.org".to_owned(), "does not work on that day".to_owned());
    assert_eq!(reasons(&month["rounds"][0]), std::slice::from_ref(&off));
    let holiday = |who: &str| (who.to_owned(), "holiday".to_owned());
    assert_eq!(reasons(&month["rounds"][1]), [holiday("a@x.org"), holiday("b@x.org"), off]);
    assert_eq!(pairs(&month["rounds"][1]), [["c@x.org", "d@x.org"]]);
    assert_eq!(month["rounds"][1]["best_possible_pairs"], 1);
    // The state that keeps these reasons is read again.
    assert_eq!(world.json(&["pair", "--month", "2026-12"])["rounds"], month["rounds"]);
}

#[test]
fn a_holiday_that_comes_after_the_draw_takes_its_people_out_of_the_round() {
    let config = "across = []\n\n[meeting]\n";
    let world = World::new(config, "email,name,department,location\na@x.org,A,1,Kyiv\nb@x.org,B,1,Berlin\n");
    world.json(&["pair", "--week", "2026-12-09", "--seed", "1"]);
    let holidays = "[meeting.holidays]\ncolumn = \"location\"\nKyiv = [\"2026-12-09\"]\n";
    world.write("config.toml", format!("{}{holidays}", world.read("config.toml")));
    let round = &world.json(&["status"])["rounds"][0];
    assert_eq!(round["pairs"], 0, "{round}");
    assert_eq!(reasons(round)[1], ("a@x.org".to_owned(), "holiday".to_owned()));
    // What is undone is undone.
    world.write("config.toml", world.read("config.toml").replace("2026-12-09", "2026-12-10"));
    assert_eq!(world.json(&["status"])["rounds"][0]["pairs"], 1);
}

#[test]
fn why_somebody_meets_whom_is_told_about_the_next_round_in_which_they_take_part() {
    let config = "across = []\n\n[meeting.holidays]\ncolumn = \"location\"\nKyiv = [\"2026-12-02\", \"2026-12-09\"]\n";
    let world = World::new(config, "email,name,department,location\na@x.org,A,1,Kyiv\nb@x.org,B,1,Berlin\n");
    insta::assert_snapshot!(world.run(&["why", "a@x.org"]).stdout, @"
    person          A <a@x.org>
    not drawn       2026-12-02: holiday
    not drawn       2026-12-09: holiday
    in the round of 2026-12-16, the next one in which they take part and that is not drawn yet
    can still meet  1 new
                    B (1)
    can meet again  0
    cannot meet     0
    sat out         0
    ");
    let of_b = world.json(&["why", "b@x.org"]);
    assert_eq!((&of_b["round"], &of_b["not_drawn"]), (&json!("2026-12-02"), &json!([])));
}

#[test]
fn holidays_by_a_column_that_is_not_there_are_refused() {
    let world =
        World::of_departments("\n\n[meeting.holidays]\ncolumn = \"office\"\nKyiv = [\"2026-12-09\"]\n", &[2, 2]);
    let run = world.run(&["pair", "--month"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("config.toml: meeting.holidays: “office” is not a column of staff.csv"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_round_every_second_week_is_drawn_promised_and_simulated_every_second_week() {
    let world = World::of_departments("\n\n[meeting]\nevery_weeks = 2\n", &[6, 6]);
    let december = world.json(&["pair", "--month", "2026-12", "--seed", "1"]);
    assert_eq!(dates(&december), ["2026-12-02", "2026-12-16", "2026-12-30"]);
    // Six rounds without a repeat: three are drawn, and three follow.
    assert_eq!(
        strings(&december["expect"]),
        ["no repeat before the round of 2027-02-24, if the same people take part"]
    );
    let january = world.json(&["pair", "--month", "2027-01", "--seed", "1"]);
    assert_eq!(dates(&january), ["2027-01-13", "2027-01-27"]);
    let off = world.run(&["pair", "--week", "2027-02-03"]);
    assert!(off.stderr.contains("nothing to draw: no round falls in that time"), "{}", off.stderr);
    let simulated = world.run(&["simulate", "--seeds", "1"]);
    assert!(simulated.stdout.contains("The first repeat comes in the round of 2027-02-24."), "{}", simulated.stdout);
}

#[test]
fn how_often_can_change_and_what_is_drawn_stays() {
    let world = World::of_departments("\n\n[meeting]\nevery_weeks = 1\n", &[6, 6]);
    let before = dates(&world.json(&["pair", "--month", "2026-12", "--seed", "1"]));
    assert_eq!(before.len(), 5);
    let config = world.read("config.toml");
    world.write("config.toml", config.replace("every_weeks = 1", "every_weeks = 3\nfirst_round = \"2026-12-30\""));
    let status = world.json(&["status"]);
    let kept: Vec<&str> =
        status["rounds"].as_array().unwrap().iter().map(|round| round["id"].as_str().unwrap()).collect();
    assert_eq!(kept, before);
    assert_eq!(dates(&world.json(&["pair", "--month", "2027-01", "--seed", "1"])), ["2027-01-20"]);
}

#[test]
fn who_works_on_the_day_meets_whatever_their_weekend_and_a_night_worker_meets_nobody() {
    let world = World::new(
        "across = []\n\n[meeting]\nweekday = \"sunday\"\nworkdays = [\"sun-thu\"]\n",
        "email,name,department,timezone,working_hours,workdays\na@x.org,A,1,Asia/Jerusalem,8-16,\n\
         b@x.org,B,1,Asia/Jerusalem,\"Sun-Wed 10:00 AM - 7:00 PM, Thu 9-13\",\nc@x.org,C,1,Europe/Berlin,,Mo-Fr\n\
         d@x.org,D,1,Europe/Berlin,22:00-06:00,Sa; So\n",
    );
    let month = world.json(&["pair", "--month", "2026-12", "--seed", "1"]);
    assert_eq!(month["rounds"].as_array().unwrap().len(), 4);
    for round in month["rounds"].as_array().unwrap() {
        assert_eq!(pairs(round), [["a@x.org", "b@x.org"]], "{round}");
        let absent = reasons(round);
        assert_eq!(absent[0].0, "d@x.org", "works on that day, and with nobody: {absent:?}");
        assert_eq!(absent[1], ("c@x.org".to_owned(), "does not work on that day".to_owned()));
    }
}
