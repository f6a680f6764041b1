//! Whatever is broken gets its message and exit status, and every file stays as it was.

use crate::support::world::World;

/// Runs `pair` on a good world with one file changed.
fn told(file: &str, text: impl AsRef<[u8]>) -> String {
    let world = World::of_departments("", &[3, 3]);
    world.json(&["pair", "--week"]);
    world.write(file, text);
    let before = world.files();
    let run = world.run(&["pair", "--month"]);
    assert!(world.files() == before, "{file} and all others stay as they were");
    assert_eq!(run.stdout, "");
    format!("{} {}", run.status, run.stderr)
}

#[test]
fn a_good_world_has_no_faults() {
    let world = World::of_departments("", &[3, 3]);
    assert_eq!(world.run(&["pair", "--month"]).status, 0);
}

#[test]
fn every_fault_of_a_roster_is_told_at_once() {
    insta::assert_snapshot!(told("staff.csv", "email,name,department,timezone,working_hours,paused_until\n\
        ann,Ann,Sales,,,\nbo@example.com,Bo,,,,\nBO@example.com,Bo,Sales,Europe/Kyev,17:00-9:00,soon\n"), @"
    2 error: staff.csv:2: email: “ann” has no @
    staff.csv:3: department: is blank
    staff.csv:4: timezone: “Europe/Kyev” is not a time zone: did you mean Europe/Kyiv?
    staff.csv:4: working_hours: “17:00-9:00”: the hours end before they begin
    staff.csv:4: paused_until: “soon” is not a date such as 2026-12-10
    staff.csv:4: email: “bo@example.com” is already on line 3
    ");
    insta::assert_snapshot!(told("staff.csv", "mail,name\nann@example.com,Ann\n"), @r#"
    2 error: staff.csv:1: no column `department`; the header has “mail, name”
    hint: write across = [] under [pairing] to let anybody meet anybody, or say which column holds the department: department = "Team" under [programme.columns]
    "#);
    insta::assert_snapshot!(told("staff.csv", b"email,name,department\nann@example.com,Zo\xeb,Sales\n"), @"
    2 error: staff.csv:2: name: “Zo�” is not UTF-8 text: save the file as “CSV UTF-8”
    hint: the file looks like windows-1252; Excel calls UTF-8 “CSV UTF-8 (comma delimited)”
    ");
    insta::assert_snapshot!(told("staff.csv", ""), @"2 error: staff.csv: is empty: its first line must name the columns email, name and department");
}

#[test]
fn every_fault_of_a_config_is_told_at_once() {
    insta::assert_snapshot!(told("config.toml", "[pairing]\nacros = []\n[meeting]\nminutes = 5\nstart = \"25:00\"\n"), @"
    2 error: config.toml:2: unknown key `pairing.acros`: did you mean `across`?
    config.toml:4: meeting.minutes: must be a whole number from 10 to 1439, not `5`
    config.toml:5: meeting.start: “25:00” is not a time such as 15:10
    ");
    insta::assert_snapshot!(told("config.toml", "[pairing\n"), @"2 error: config.toml:1: not TOML at character 9: unclosed table, expected `]`");
    insta::assert_snapshot!(
        told("config.toml", "[programme]\nroster = \"staff.csv\"\n[pairing]\nacross = [\"team\"]\n"), @"2 error: config.toml: pairing.across: “team” is not a column of staff.csv that can be named here; there are: department");
    insta::assert_snapshot!(told("config.toml", "[programme]\nroster = \"nowhere.csv\"\n"), @"
    2 error: nowhere.csv: cannot be read: No such file or directory (os error 2)
    hint: `roster` in the config names the file
    ");
}

#[test]
fn a_state_that_is_damaged_newer_or_foreign_is_refused() {
    insta::assert_snapshot!(told("roulette-state.json", ""), @"
    1 error: the state roulette-state.json is damaged: it is empty, which not even a new state is
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    ");
    insta::assert_snapshot!(told("roulette-state.json", "{\"format\": \"roulette-state\", \"ver"), @"
    1 error: the state roulette-state.json is cut short: EOF while parsing a string at line 1 column 33
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    ");
    insta::assert_snapshot!(told("roulette-state.json", "{\"format\": \"roulette-state\", \"version\": 99}"), @"
    1 error: the state roulette-state.json is of version 99; this roulette knows version 1
    hint: run the version of roulette that wrote it, or a later one
    ");
    insta::assert_snapshot!(told("roulette-state.json", "{\"hello\": 1}"), @r#"
    1 error: roulette-state.json is not a state of roulette: it does not say "format": "roulette-state"
    hint: [programme] state in the config names the state's file
    "#);
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    let world = World::of_departments("", &[3, 3]);
    for args in
        [&["pair", "--month", "2026-13"][..], &["pair", "--week", "tomorrow"], &["pairs"], &["--now", "noon", "pair"]]
    {
        assert_eq!(world.run(args).status, 2, "{args:?}");
    }
    assert_eq!(world.files().len(), 2);
}

#[test]
fn without_a_config_the_places_are_named() {
    let world = World::of_departments("", &[1, 1]);
    std::fs::remove_file(world.path("config.toml")).unwrap();
    insta::assert_snapshot!(world.run(&["pair"]).all(), @"
    --- stderr
    error: config.toml: there is none here, and no .config/roulette/config.toml either
    hint: write one with: roulette init, or name one with --config
    --- status 2
    ");
}

#[test]
fn somebody_on_a_blocklist_who_left_is_only_a_warning() {
    let world = World::of_departments("never_pair = [[\"p0@example.com\", \"gone@example.com\"]]", &[2, 2]);
    let run = world.run(&["pair", "--week"]);
    assert_eq!(run.status, 0);
    assert!(
        run.stderr.contains("warning: never_pair names gone@example.com, who is not on the roster"),
        "{}",
        run.stderr
    );
}
