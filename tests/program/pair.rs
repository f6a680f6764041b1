//! `pair`: shown as it will be, kept once, redrawn only on request.

use crate::support::world::{NOW, World, pairs, pairs_within, strings};

#[test]
fn nobody_on_the_roster_is_an_empty_month() {
    let world = World::new("", "email,name,department\n");
    let run = world.run(&["pair", "--month", "--seed", "1", "--dry-run"]);
    insta::assert_snapshot!(run.all(), @"
    Coffee Roulette · December 2026 · planned · seed 1

    Wednesday 2 December 2026 · no pairs · best possible

    Wednesday 9 December 2026 · no pairs · best possible

    Wednesday 16 December 2026 · no pairs · best possible

    Wednesday 23 December 2026 · no pairs · best possible

    Wednesday 30 December 2026 · no pairs · best possible
    --- stderr
    the roster is empty: nothing is kept
    --- status 0
    ");
    assert_eq!(world.files().len(), 2, "nothing is written");
}

#[test]
fn a_month_is_shown_and_kept() {
    let world = World::of_departments("", &[2, 2, 1]);
    let run = world.run(&["pair", "--month", "2027-02", "--seed", "5"]);
    insta::assert_snapshot!(run.all(), @"
    Coffee Roulette · February 2027 · seed 5

    Wednesday 3 February 2027 · times in Europe/Kyiv · 1 pair, 1 trio · best possible

    time    person     department   person       department
    ───────────────────────────────────────────────────────
    15:10   Person 1   D0           Person 3     D1
    15:10   Person 0   D0           Person 2     D1
                                    + Person 4   D2

    Wednesday 10 February 2027 · times in Europe/Kyiv · 1 pair, 1 trio · 1 repeat · best possible

    time    person     department   person       department   repeat
    ──────────────────────────────────────────────────────────────────────────────
    15:10   Person 1   D0           Person 2     D1
    15:10   Person 0   D0           Person 3     D1           drawn for 2027-02-03
                                    + Person 4   D2

    Wednesday 17 February 2027 · times in Europe/Kyiv · 1 pair, 1 trio · 2 repeats · best possible

    time    person     department   person       department   repeat
    ──────────────────────────────────────────────────────────────────────────────
    15:10   Person 0   D0           Person 2     D1           drawn for 2027-02-03
    15:10   Person 1   D0           Person 3     D1           drawn for 2027-02-10
                                    + Person 4   D2

    Wednesday 24 February 2027 · times in Europe/Kyiv · 1 pair, 1 trio · 2 repeats · best possible

    time    person     department   person       department   repeat
    ──────────────────────────────────────────────────────────────────────────────
    15:10   Person 0   D0           Person 3     D1           drawn for 2027-02-10
    15:10   Person 1   D0           Person 2     D1           drawn for 2027-02-17
                                    + Person 4   D2
    --- stderr
    kept in roulette-state.json
    --- status 0
    ");
    insta::assert_snapshot!(world.read("roulette-state.json"), @r#"
    {
      "format": "roulette-state",
      "version": 1,
      "roster_size": 5,
      "people": {
        "1": "p0@example.com",
        "2": "p1@example.com",
        "3": "p2@example.com",
        "4": "p3@example.com",
        "5": "p4@example.com"
      },
      "rounds": [
        {
          "date": "2027-02-03",
          "seed": 5,
          "timezone": "Europe/Kyiv",
          "best_possible_pairs": 2,
          "optimal": true,
          "meetings": [
            {
              "start": "2027-02-03T15:10:00+02:00",
              "pairs": [[2,4]],
              "trios": [[1,3,5]]
            }
          ],
          "left_out": []
        },
        {
          "date": "2027-02-10",
          "seed": 5,
          "timezone": "Europe/Kyiv",
          "best_possible_pairs": 2,
          "optimal": true,
          "meetings": [
            {
              "start": "2027-02-10T15:10:00+02:00",
              "pairs": [[2,3]],
              "trios": [[1,4,5]]
            }
          ],
          "left_out": []
        },
        {
          "date": "2027-02-17",
          "seed": 5,
          "timezone": "Europe/Kyiv",
          "best_possible_pairs": 2,
          "optimal": true,
          "meetings": [
            {
              "start": "2027-02-17T15:10:00+02:00",
              "pairs": [[1,3]],
              "trios": [[2,4,5]]
            }
          ],
          "left_out": []
        },
        {
          "date": "2027-02-24",
          "seed": 5,
          "timezone": "Europe/Kyiv",
          "best_possible_pairs": 2,
          "optimal": true,
          "meetings": [
            {
              "start": "2027-02-24T15:10:00+02:00",
              "pairs": [[1,4]],
              "trios": [[2,3,5]]
            }
          ],
          "left_out": []
        }
      ],
      "joined": [],
      "saved": "2026-12-01T09:00:00Z"
    }
    "#);
}

#[test]
fn the_dry_run_shows_what_the_same_command_then_does() {
    let world = World::of_departments("", &[9, 7, 6, 5]);
    let preview = world.run(&["pair", "--month", "--dry-run", "--format", "json"]);
    assert_eq!(world.files().len(), 2, "a dry run writes nothing");
    let json: serde_json::Value = serde_json::from_str(&preview.stdout).unwrap();
    let seed = json["seed"].to_string();
    assert!(preview.stderr.contains(&format!("--seed {seed}")), "{}", preview.stderr);
    let done = world.run(&["pair", "--month", "--seed", &seed, "--format", "json"]);
    assert_eq!(preview.stdout, done.stdout);
    let shown = world.run(&["pair", "--month", "--format", "json"]);
    assert_eq!(preview.stdout, shown.stdout, "a month that is drawn is shown, not drawn again");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_another_month() {
    let draw = |seed: &str| {
        let world = World::of_departments("", &[9, 7, 6, 5]);
        let run = world.run(&["pair", "--month", "--seed", seed, "--format", "csv"]);
        (run.stdout, world.read("roulette-state.json"))
    };
    assert_eq!(draw("1"), draw("1"));
    assert_ne!(draw("1").0, draw("2").0);
}

#[test]
fn a_second_run_changes_no_byte() {
    let world = World::of_departments("", &[5, 5]);
    world.json(&["pair"]);
    let before = world.files();
    let run = world.run(&["pair"]);
    assert_eq!((run.status, world.files() == before), (0, true), "{}", run.stderr);
    assert!(run.stderr.contains("nothing to draw: 5 rounds are already drawn"), "{}", run.stderr);
}

#[test]
fn the_month_alone_is_what_is_left_of_this_one_or_the_next() {
    let world = World::of_departments("", &[3, 3]);
    let dates = |now: &str, args: &[&str]| {
        let month = world.json_at(now, &[&["pair", "--dry-run", "--seed", "1"], args].concat());
        let rounds = month["rounds"].as_array().unwrap().iter().map(|round| round["id"].as_str().unwrap().to_owned());
        (month["month"].as_str().unwrap().to_owned(), rounds.collect::<Vec<_>>())
    };
    let of =
        |month: &str, dates: &[&str]| (month.to_owned(), dates.iter().map(|d| (*d).to_owned()).collect::<Vec<_>>());
    assert_eq!(dates("2026-12-20T09:00:00Z", &["--month"]), of("2026-12", &["2026-12-23", "2026-12-30"]));
    assert_eq!(
        dates("2026-12-30T13:09:00Z", &["--month"]),
        of("2026-12", &["2026-12-30"]),
        "a minute before it begins"
    );
    assert_eq!(
        dates("2026-12-30T13:10:00Z", &["--month"]),
        of("2027-01", &["2027-01-06", "2027-01-13", "2027-01-20", "2027-01-27"])
    );
    assert_eq!(dates(NOW, &["--week"]), of("2026-12", &["2026-12-02"]));
    assert_eq!(dates(NOW, &["--week", "2027-03-29"]), of("2027-03", &["2027-03-31"]));
    assert_eq!(dates(NOW, &["--month", "2026-10"]), of("2026-10", &[]), "nothing is drawn for what is over");
}

#[test]
fn a_holiday_moves_its_round_and_a_week_off_has_none() {
    let week_off =
        "skip_dates = [\"2026-12-02\", \"2026-12-21\", \"2026-12-22\", \"2026-12-23\", \"2026-12-24\", \"2026-12-25\"]";
    let world = World::of_departments(&format!("\n\n[meeting]\n{week_off}\n"), &[3, 3]);
    let month = world.json(&["pair", "--seed", "1"]);
    let dates: Vec<&str> =
        month["rounds"].as_array().unwrap().iter().map(|round| round["id"].as_str().unwrap()).collect();
    assert_eq!(dates, ["2026-12-03", "2026-12-09", "2026-12-16", "2026-12-30"]);
    let run = world.run(&["pair", "--week", "2026-12-23"]);
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains("nothing to draw: no round falls in that time"), "{}", run.stderr);
}

#[test]
fn a_month_in_progress_is_completed_without_touching_what_is_drawn() {
    let world = World::of_departments("", &[4, 4, 4]);
    let week = world.json(&["pair", "--week", "--seed", "3"]);
    let month = world.json(&["pair", "--month", "--seed", "4"]);
    assert_eq!(month["rounds"][0], week["rounds"][0]);
    assert_eq!(month["rounds"].as_array().unwrap().len(), 5);
    let all: Vec<_> =
        month["rounds"].as_array().unwrap().iter().flat_map(pairs).flat_map(|people| pairs_within(&people)).collect();
    let different: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(all.len(), different.len(), "nobody meets twice in the month");
}

#[test]
fn replace_draws_rounds_ahead_again_and_leaves_the_rest() {
    let world = World::of_departments("", &[6, 6, 6]);
    let first = world.json(&["pair", "--month", "--seed", "1"]);
    let later = "2026-12-10T09:00:00Z";
    let second = world.json_at(later, &["pair", "--month", "2026-12", "--replace", "--seed", "2"]);
    assert_eq!(first["rounds"].as_array().unwrap()[..2], second["rounds"].as_array().unwrap()[..2]);
    assert_ne!(first["rounds"][2], second["rounds"][2]);
    assert_eq!(second["rounds"][2]["seed"], 2);
}

#[test]
fn a_saved_plan_is_applied_to_the_letter() {
    let world = World::of_departments("", &[6, 5, 4]);
    let planned = world.run(&["pair", "--month", "--out", "plan.json", "--format", "csv"]);
    assert_eq!(planned.status, 0, "{}", planned.stderr);
    assert!(!world.path("roulette-state.json").exists());
    let shown = world.run(&["pair", "--plan", "plan.json", "--dry-run", "--format", "csv"]);
    let applied = world.run(&["pair", "--plan", "plan.json", "--format", "csv"]);
    assert_eq!((&planned.stdout, &planned.stdout), (&shown.stdout, &applied.stdout), "{}", applied.stderr);
    let before = world.files();
    let again = world.run(&["pair", "--plan", "plan.json", "--format", "csv"]);
    assert_eq!((again.status, &again.stdout), (0, &applied.stdout));
    insta::assert_snapshot!(again.stderr, @"
    nothing to draw: 5 rounds are already drawn
    hint: --replace redraws those ahead
    ");
    assert!(world.files() == before);
}

#[test]
fn a_month_that_was_drawn_by_mistake_is_taken_back() {
    let world = World::of_departments("", &[6, 5, 4]);
    world.json(&["pair", "--month", "2026-12", "--seed", "1"]);
    let before = world.json(&["status"]);
    world.json(&["pair", "--month", "2027-12", "--seed", "1"]);
    let dry = world.run(&["pair", "--month", "2027-12", "--undo", "--dry-run"]);
    assert_eq!(world.json(&["status"])["rounds"].as_array().unwrap().len(), 10, "nothing is changed");
    insta::assert_snapshot!(dry.stderr, @"
    5 rounds are taken back: 2027-12-01, 2027-12-08, 2027-12-15, 2027-12-22, 2027-12-29
    dry run: nothing is changed
    ");
    let undone = world.run(&["pair", "--month", "2027-12", "--undo"]);
    insta::assert_snapshot!(undone.all(), @"
    Coffee Roulette · December 2027

    No rounds drawn.
    --- stderr
    5 rounds are taken back: 2027-12-01, 2027-12-08, 2027-12-15, 2027-12-22, 2027-12-29
    kept in roulette-state.json
    --- status 0
    ");
    assert_eq!(world.json(&["status"])["rounds"], before["rounds"]);
    let log = world.run(&["log", "--round", "2027-12-08"]).stdout;
    assert!(log.contains("withdrew") || log.contains("the draw was taken back"), "{log}");
    let files = world.files();
    let again = world.run(&["pair", "--month", "2027-12", "--undo"]);
    assert_eq!((again.status, &*again.stderr), (0, "nothing to take back in 2027-12\n"));
    assert!(world.files() == files);
    // Whom they would have met then can be met sooner again.
    let january = world.json(&["pair", "--month", "2027-01", "--seed", "1"]);
    for round in 0..2 {
        let pairs = january["rounds"][round]["pairs"].as_array().unwrap();
        assert!(pairs.len() == 7 && pairs.iter().all(|pair| pair["repeat"] == false), "{january}");
    }
}

#[test]
fn a_saved_plan_is_refused_once_what_it_rests_on_has_changed() {
    let plan = |change: &dyn Fn(&World), now: &str| {
        let world = World::of_departments("", &[6, 5, 4]);
        world.json(&["pair", "--week", "2027-01-06"]);
        assert_eq!(world.run(&["pair", "--month", "--out", "plan.json"]).status, 0);
        change(&world);
        let before = world.files();
        let run = world.run_at(now, &["pair", "--plan", "plan.json"]);
        assert_eq!(world.files() == before, run.status != 0, "a refusal writes nothing");
        format!("{} {}", run.status, run.stderr.lines().next().unwrap_or_default())
    };
    let edit = |name: &'static str, from: &'static str, to: &'static str| {
        move |world: &World| world.write(name, world.read(name).replacen(from, to, 1))
    };
    insta::assert_snapshot!(plan(&|_| (), NOW), @"0 kept in roulette-state.json");
    insta::assert_snapshot!(plan(&edit("staff.csv", "D1", "D2"), NOW), @"5 error: refused: plan.json: the roster changed since the plan was drawn");
    insta::assert_snapshot!(plan(&edit("config.toml", "[pairing]", "[pairing]\nmax_pairs_per_round = 3"), NOW), @"5 error: refused: plan.json: the rules changed since the plan was drawn");
    insta::assert_snapshot!(plan(&|world| drop(world.json(&["pair", "--week", "2027-01-13"])), NOW), @"5 error: refused: plan.json: the history changed since the plan was drawn");
    insta::assert_snapshot!(plan(&|_| (), "2026-12-02T14:00:00Z"), @"5 error: refused: plan.json: the round of 2026-12-02 is no longer ahead");
    insta::assert_snapshot!(plan(&edit("plan.json", "\"optimal\": true", "\"optimal\": false"), NOW), @"5 error: refused: plan.json was changed since it was drawn");
}

#[test]
fn a_roster_that_shrank_by_more_than_a_third_or_so_is_refused() {
    let world = World::of_departments("", &[5, 5]);
    world.json(&["pair", "--week"]);
    world.write("staff.csv", crate::support::world::roster(&[3, 3]));
    let before = world.files();
    for args in [&["pair"][..], &["pair", "--dry-run"]] {
        let run = world.run(args);
        assert_eq!((run.status, world.files() == before), (5, true));
        insta::allow_duplicates! { insta::assert_snapshot!(run.stderr, @"
        error: refused: 4 of the 10 people in the rounds ahead are no longer on the roster, 40% (limit 30%): no round is changed
        hint: check that the roster is complete; if so many really left, run: roulette pair --allow-smaller-roster
        "); }
    }
    assert_eq!(world.run(&["pair", "--allow-smaller-roster"]).status, 0);
    world.write("staff.csv", crate::support::world::roster(&[3, 2]));
    assert_eq!(world.run(&["pair", "--month", "2027-01"]).status, 0, "five of six are enough");
}

#[test]
fn whoever_is_left_out_is_told_why() {
    let world = World::new(
        "never_pair = [[\"ann@example.com\", \"bo@example.com\"]]\nodd_one_out = \"rest\"\n",
        "email,name,department,timezone,paused_until\n\
         ann@example.com,Ann,Sales,,\nbo@example.com,Bo,Finance,,\ncy@example.com,Cy,Sales,,2026-12-24\n\
         di@example.com,Di,Sales,Pacific/Auckland,\nel@example.com,El,Finance,,\n",
    );
    let run = world.run(&["pair", "--week", "--seed", "1"]);
    insta::assert_snapshot!(run.stdout, @"
    Coffee Roulette · December 2026 · seed 1

    Wednesday 2 December 2026 · times in Europe/Kyiv · 1 pair · best possible

    time    person   department   person   department
    ─────────────────────────────────────────────────
    15:10   Ann      Sales        El       Finance

    left out                                                                                                                people
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    no admissible partner: with no common working hours, with the same department (Finance), or kept apart by other rules   Bo (Finance)
    no admissible partner: with no common working hours, with the same department (Sales), or kept apart by other rules     Di (Sales)
    paused until 2026-12-24                                                                                                 Cy (Sales)
    ");
}

#[test]
fn with_a_limit_turns_at_being_left_out_are_fair() {
    let world = World::of_departments("max_pairs_per_round = 3", &[4, 4, 4]);
    let month = world.json(&["pair", "--month", "--seed", "1"]);
    let rounds = month["rounds"].as_array().unwrap();
    let left_out = |round: &serde_json::Value| -> Vec<String> {
        let list = round["left_out"].as_array().unwrap();
        list.iter().map(|one| one["email"].as_str().unwrap().to_owned()).collect()
    };
    for two in rounds[..4].chunks(2) {
        let mut both = [left_out(&two[0]), left_out(&two[1])].concat();
        both.sort();
        both.dedup();
        assert_eq!(both.len(), 12, "half are left out in one round, the other half in the next");
    }
    assert!(rounds.iter().all(|round| pairs(round).len() == 3 && round["best_possible_pairs"] == 3));
    assert_eq!(rounds[0]["left_out"][0]["reason"], "limit: max_pairs_per_round");
}

#[test]
fn a_trio_joins_three_people_who_may_all_meet() {
    let world = World::of_departments("", &[2, 2, 1]);
    let month = world.json(&["pair", "--seed", "1"]);
    assert_eq!(month["rounds"].as_array().unwrap().len(), 5);
    for round in month["rounds"].as_array().unwrap() {
        let pairs = pairs(round);
        let trios: Vec<_> = pairs.iter().filter(|people| people.len() == 3).collect();
        assert_eq!((pairs.len(), trios.len()), (2, 1));
        assert!(trios[0].contains(&"p4@example.com".to_owned()), "nobody else is in a third department");
        assert_eq!(round["left_out"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn a_pair_keeps_its_id_and_its_zone() {
    let world = World::new(
        "\n\n[meeting]\ntimezone = \"Europe/Kyiv\"\n",
        "email,name,department,timezone\nann@example.com,Ann,Sales,Asia/Singapore\nbo@example.com,Bo,Finance,\n",
    );
    let month = world.json(&["pair", "--month", "2027-03", "--seed", "1"]);
    let pair = &month["rounds"][4]["pairs"][0];
    assert_eq!(strings(&pair["people"]), ["ann@example.com", "bo@example.com"]);
    assert_eq!(pair["id"], "2027-03-31/1-2");
    assert_eq!(
        (&pair["start"], &pair["end"]),
        (&"2027-03-31T12:00:00+03:00".into(), &"2027-03-31T12:30:00+03:00".into())
    );
    assert_eq!(pair["repeat"], true, "there is nobody else to meet");
}

#[test]
fn a_plan_is_not_written_over_anything_but_a_plan() {
    let world = World::of_departments("", &[4, 4]);
    world.json(&["pair", "--week"]);
    let before = world.files();
    for name in ["roulette-state.json", "staff.csv", "config.toml"] {
        let run = world.run(&["pair", "--month", "--out", name]);
        assert_eq!((run.status, world.files() == before), (2, true), "{name}");
        assert!(run.stderr.contains(&format!("{name} exists and is not a plan")), "{}", run.stderr);
    }
    for _ in 0..2 {
        assert_eq!(world.run(&["pair", "--month", "--out", "plan.json"]).status, 0, "a plan may replace a plan");
    }
}

#[test]
fn no_part_of_a_saved_plan_can_be_changed() {
    let world = World::of_departments("", &[4, 4]);
    world.json(&["pair", "--week", "--seed", "1"]);
    assert_eq!(world.run(&["pair", "--month", "2027-01", "--out", "plan.json"]).status, 0);
    let (plan, before) = (world.read("plan.json"), world.read("roulette-state.json"));
    for (from, to) in [
        ("\"replaced\": []", "\"replaced\": [\"2026-12-02\"]"),
        ("p0@example.com", "mallory@example.net"),
        ("\"promised_rounds\": ", "\"promised_rounds\": 9"),
        ("\"roster_size\": 8", "\"roster_size\": 0"),
        ("\"month\": \"2027-01\"", "\"month\": \"2027-02\""),
        ("[1,", "[2,"),
    ] {
        assert!(plan.contains(from), "{from}");
        world.write("plan.json", plan.replacen(from, to, 1));
        let run = world.run(&["pair", "--plan", "plan.json"]);
        assert!(run.status != 0 && world.read("roulette-state.json") == before, "{from} -> {to}: {}", run.stderr);
    }
    world.write("plan.json", &plan);
    assert_eq!(world.run(&["pair", "--plan", "plan.json"]).status, 0);
}

#[test]
fn a_forbidden_repeat_is_forbidden_before_rounds_that_are_drawn_too() {
    let world = World::of_departments("across = []\navoid_repeats_weeks = 1", &[4]);
    let draw = |week: &str| pairs(&world.json_at("2027-03-01T00:00:00Z", &["pair", "--week", week])["rounds"][0]);
    let later: Vec<_> = ["2027-03-10", "2027-03-17", "2027-03-24", "2027-03-31"].map(draw).into();
    let first = draw("2027-03-03");
    assert_eq!(first.len(), 2);
    assert!(first.iter().all(|people| !later[0].contains(people)), "{first:?} {later:?}");
}

#[test]
fn the_hint_of_a_dry_run_is_the_command_that_keeps_it() {
    let world = World::of_departments("", &[4, 4]);
    world.json(&["pair", "--month", "--seed", "1"]);
    let preview =
        world.run(&["--config", "config.toml", "pair", "--week", "--replace", "--dry-run", "--format", "csv"]);
    let (_, hint) = preview.stderr.split_once("keep exactly this with: roulette ").unwrap();
    let args: Vec<&str> = hint.split_whitespace().chain(["--format", "csv"]).collect();
    let kept = world.run(&args);
    assert_eq!((kept.stdout, kept.status), (preview.stdout, 0));
}

#[test]
fn whoever_has_left_or_pauses_is_taken_out_of_the_rounds_ahead_and_that_is_said_once() {
    let world = World::of_departments("", &[2, 2]);
    world.json(&["pair", "--month", "--seed", "1"]);
    world.write(
        "staff.csv",
        "email,name,department,paused_until\np0@example.com,P0,D0,\np1@example.com,P1,D0,2026-12-10\np2@example.com,P2,D1,\n",
    );
    let changes = |args: &[&str]| -> Vec<String> {
        let told = world.run(args).stderr;
        told.lines().filter(|line| line.starts_with("round of ")).map(str::to_owned).collect()
    };
    let shown = changes(&["status"]);
    insta::assert_snapshot!(shown.join("\n"), @"
    round of 2026-12-02: P1 and Person 3 do not meet: P1 is paused until 2026-12-10; Person 3 left the roster
    round of 2026-12-09: P0 and Person 3 do not meet: Person 3 left the roster
    round of 2026-12-09: P1 and P2 do not meet: P1 is paused until 2026-12-10
    round of 2026-12-09: P0 and P2 meet
    round of 2026-12-16: P1 and Person 3 do not meet: Person 3 left the roster
    round of 2026-12-23: P0 and Person 3 do not meet: Person 3 left the roster
    round of 2026-12-30: P1 and Person 3 do not meet: Person 3 left the roster
    ");
    assert_eq!(changes(&["pair", "--dry-run"]), shown, "the preview is what happens");
    assert_eq!(changes(&["pair"]), shown);
    assert_eq!(changes(&["pair"]), [""; 0], "once");
    assert_eq!(changes(&["status"]), [""; 0]);
}

#[test]
fn turns_at_resting_are_fair_for_as_long_as_the_season_lasts() {
    let world = World::of_departments("odd_one_out = \"rest\"", &[8, 6, 5, 5, 3]);
    let mut rested = std::collections::HashSet::new();
    for month in 1..=4 {
        let now = format!("2027-{month:02}-01T00:00:00Z");
        for round in world.json_at(&now, &["pair", "--seed", "1"])["rounds"].as_array().unwrap() {
            let who = round["left_out"][0]["email"].as_str().unwrap().to_owned();
            assert!(rested.insert(who.clone()), "{who} rests twice before everybody rested once");
            assert!(round["pairs"].as_array().unwrap().iter().all(|pair| pair["repeat"] == false));
        }
    }
    assert!(rested.len() >= 16);
}

#[test]
fn a_round_drawn_again_when_all_pause_is_taken_back_as_shown() {
    let world = World::of_departments("", &[2, 2]);
    world.json(&["pair", "--week", "--seed", "1"]);
    let paused = "email,name,department,paused_until\np0@example.com,P,A,2026-12-31\np1@example.com,P,B,2026-12-31\n\
                  p2@example.com,P,C,2026-12-31\n";
    world.write("staff.csv", paused);
    let run = world.run(&["pair", "--week", "--replace"]);
    assert!(run.stdout.contains("no pairs") && run.stderr.contains("is taken back"), "{}{}", run.stdout, run.stderr);
    assert_eq!(world.json(&["status"])["rounds"].as_array().unwrap().len(), 0);
}

#[test]
fn a_round_of_which_a_meeting_has_begun_is_not_drawn_again() {
    let world = World::new(
        "",
        "email,name,department,timezone\na@example.com,A,X,Asia/Singapore\nb@example.com,B,Y,\n\
         c@example.com,C,X,\nd@example.com,D,Z,\n",
    );
    let first = world.json(&["pair", "--week", "--seed", "1"]);
    assert_eq!(first["rounds"][0]["pairs"][0]["start"], "2026-12-02T11:00:00+02:00");
    let later = world.json_at("2026-12-02T10:00:00Z", &["pair", "--week", "2026-12-02", "--replace", "--seed", "2"]);
    assert_eq!(later["rounds"], first["rounds"]);
}

#[test]
fn a_trio_needs_one_time_for_all_three() {
    // In UTC, Ann works from 19:00 to 03:30: each two share a slot of the day, all three do not.
    let world = World::new(
        "\n\n[meeting]\ntimezone = \"UTC\"\n",
        "email,name,department,timezone,working_hours\na@example.com,Ann,1,Pacific/Kiritimati,09:00-17:30\n\
         b@example.com,Bo,2,UTC,00:00-10:00\nc@example.com,Cy,3,UTC,09:00-24:00\n",
    );
    let round = &world.json(&["pair", "--week", "--seed", "1"])["rounds"][0];
    assert_eq!(pairs(round).iter().map(Vec::len).collect::<Vec<_>>(), [2]);
    assert_eq!(round["left_out"][0]["reason"], "odd number: no pair that the rules let them join");
    for [one, other] in [["Ann", "Bo"], ["Ann", "Cy"], ["Bo", "Cy"]] {
        assert_eq!(world.json(&["why", one, other])["allowed"], true, "{one} and {other}");
    }
}
