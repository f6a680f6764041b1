//! States that are there, missing, damaged, newer or not ours, and what saving leaves behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::domain::state::rounds::ids;
use crate::domain::state::{Changes, Outcomes, PersonId, Round, Slot};

fn holder(command: &str) -> Holder {
    Holder { process: 1234, command: command.to_owned(), since: "2026-12-02T09:00:00+02:00".parse().unwrap() }
}

fn open(path: &Path) -> (Locked, State) {
    open_locked(path, &holder("pair"), Duration::ZERO).unwrap()
}

fn one_round() -> State {
    let round = Round {
        date: "2026-12-02".parse().unwrap(),
        seed: 42,
        timezone: crate::domain::zone::Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv),
        slots: vec![Slot {
            start: "2026-12-02T15:10:00+02:00".parse().unwrap(),
            pairs: vec![ids([0, 1]), ids([2, 3])],
            trios: vec![],
        }],
        left_out: vec![],
        best_possible_pairs: 2,
        optimal: true,
        changes: Changes::default(),
        outcomes: Outcomes::default(),
    };
    let people = ["ana", "ben", "chi", "dov"].map(|it| format!("{it}@example.com").into());
    State { people: people.to_vec(), rounds: vec![round], roster_size: 4, ..State::default() }
}

fn text_of(state: &State) -> String {
    let mut text = Vec::new();
    json::write(state, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_missing_state_is_empty_and_reading_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(read(&folder.path().join("state.json")).unwrap(), State::default());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_state_that_was_there_is_not_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let [path, link, lost] = ["state.json", "link.json", "lost.json"].map(|name| folder.path().join(name));
    fs::write(durable::beside(&path, ".previous"), text_of(&one_round())).unwrap();
    std::os::unix::fs::symlink("state.json", &link).unwrap();
    std::os::unix::fs::symlink("share/state.json", &lost).unwrap();
    let mut all = String::new();
    for path in [&path, &link, &lost] {
        let error = said(&read(path).unwrap_err(), folder.path());
        assert_eq!(said(&open_locked(path, &holder("pair"), Duration::ZERO).unwrap_err(), folder.path()), error);
        all += &format!("{error}\n");
    }
    assert!(!path.exists());
    insta::assert_snapshot!(all, @"
    the state state.json is missing, and the version before it is there
    hint: go back to the version before the last save with: cp -p state.json.previous state.json; if that version is of no use, move it away, too, and take over what is booked with: roulette schedule --adopt
    the state link.json is a symbolic link to state.json, which is missing
    hint: go back to the version before the last save with: cp -p state.json.previous state.json
    the state lost.json is a symbolic link to share/state.json, which is missing
    hint: repair the link, or remove it and start over, as if nobody had met yet
    ");
}

#[test]
fn an_unchanged_state_is_saved_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    fs::write(&path, text_of(&one_round())).unwrap();
    let (locked, state) = open(&path);
    assert_eq!(state, one_round());
    locked.save(&state).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text_of(&one_round()));
}

#[test]
fn a_saved_state_is_private_and_the_one_before_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let (locked, mut state) = open(&path);
    state.roster_size = 7;
    locked.save(&state).unwrap();
    locked.save(&one_round()).unwrap();
    assert_eq!(read(&path).unwrap(), one_round());
    assert_eq!(read(&durable::beside(&path, ".previous")).unwrap(), state);
    for name in ["state.json", "state.json.previous", "state.json.lock"] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_save_sweeps_what_a_killed_run_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let leftover = folder.path().join(".state.json.a1B2c3.tmp");
    fs::write(&leftover, "{").unwrap();
    let (locked, state) = open(&path);
    assert!(leftover.exists());
    locked.save(&state).unwrap();
    assert!(!leftover.exists());
}

#[test]
fn a_state_that_is_begun_is_gone_on_with_unless_it_turns_out_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let (locked, _) = open(&path);
    let mut state = one_round();
    state.rounds.push(Round { date: "2026-12-09".parse().unwrap(), ..state.rounds[0].clone() });
    state.rounds[1].slots[0].start += chrono::TimeDelta::days(7);
    let people = [&state.people[..3], &state.people[3..]];
    for (roster_size, rounds, goes_on) in [(4, 0..0, true), (4, 0..1, true), (4, 1..2, false), (5, 0..1, false)] {
        let rounds: Vec<&Round> = state.rounds[rounds].iter().collect();
        let begun = locked.begin(&Beginning { roster_size, people, rounds }).unwrap();
        assert_eq!(begun.begins(&state), goes_on);
        locked.prepare(&state, Some(begun)).unwrap().replace().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text_of(&state));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_state_in_use_is_read_by_others_but_not_opened_to_be_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink("state.json", &link).unwrap();
    let (locked, empty) = open(&path);
    locked.save(&empty).unwrap();
    for path in [&path, &link] {
        let error = open_locked(path, &holder("notify"), Duration::ZERO).unwrap_err();
        assert!(error.is_in_use());
        insta::allow_duplicates! {
            insta::assert_snapshot!(said(&error, folder.path()).replace("link.json", "state.json"), @r#"
            the state state.json is in use by process 1234 (roulette pair) since 2026-12-02T09:00:00+02:00
            hint: try again when it is done, or end it if it hangs
            "#);
        }
        assert_eq!(read(path).unwrap(), State::default());
    }
    drop(locked);
    open(&link);
}

#[test]
fn a_state_that_contradicts_itself_is_not_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    fs::write(&path, text_of(&one_round())).unwrap();
    let (locked, mut state) = open(&path);
    state.rounds[0].slots[0].pairs.push(ids([3, 4]));
    insta::assert_snapshot!(locked.save(&state).unwrap_err(), @r#"
    the new state contradicts itself and is not saved:
      round 2026-12-02: person 4 (dov@example.com) is there twice
      round 2026-12-02: there is no person 5, only 4
    "#);
    assert_eq!(fs::read_to_string(&path).unwrap(), text_of(&one_round()));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none/state.json");
    let error = open_locked(&path, &holder("pair"), Duration::ZERO).unwrap_err();
    insta::assert_snapshot!(said(&error, folder.path()), @"cannot lock the state none/state.json: the folder none does not exist");
}

fn said(error: &StateError, folder: &Path) -> String {
    error.to_string().replace(&format!("{}/", folder.display()), "")
}

/// What is said of each text, which is left as it was by reading and by opening.
fn refusals(cases: &[(&str, String)], previous: bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    if previous {
        fs::write(durable::beside(&path, ".previous"), text_of(&one_round())).unwrap();
    }
    let mut all = String::new();
    for (name, text) in cases {
        fs::write(&path, text).unwrap();
        let error = said(&read(&path).unwrap_err(), folder.path());
        let locked = open_locked(&path, &holder("pair"), Duration::ZERO).unwrap_err();
        assert_eq!(said(&locked, folder.path()), error);
        assert_eq!(&fs::read_to_string(&path).unwrap(), text, "{name}");
        all += &format!("{name}: {error}\n");
    }
    all
}

fn with(from: &str, to: &str) -> String {
    let text = text_of(&one_round());
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn a_broken_state_is_refused_and_left_as_it_was() {
    let whole = text_of(&one_round());
    let cases = [
        ("empty", String::new()),
        ("zeros", "\0\0\0\0".to_owned()),
        ("cut short", whole[..whole.len() / 2].to_owned()),
        ("two states", whole.repeat(2)),
        ("a comma lost", with("\"seed\": 42,", "\"seed\": 42")),
        ("no JSON", "email,name,department\n".to_owned()),
        ("another file", "{\"access_token\": \"…\"}".to_owned()),
        ("a list", "[]".to_owned()),
        ("a newer state", with("\"version\": 1", "\"version\": 2, \"colour\": \"red\"")),
        ("version 0", with("\"version\": 1", "\"version\": 0")),
        ("an unknown field", with("\"seed\"", "\"colour\": 1, \"seed\"")),
        ("a field twice", with("\"seed\": 42", "\"seed\": 42, \"seed\": 43")),
        ("a field lost", with("\"seed\": 42,", "")),
        ("a gap in the people", with("\"2\"", "\"5\"")),
        ("a zone of fantasy", with("Europe/Kyiv", "Europe/Atlantis")),
        ("a pair of three", with("[3,4]", "[3,4,5]")),
        ("a pair of none", with("[3,4]", "[]")),
        ("a reason of fantasy", with("\"left_out\": []", "\"left_out\": [{ \"reason\": \"rain\", \"people\": [] }]")),
        (
            "a reason with too much",
            with("\"left_out\": []", "\"left_out\": [{ \"reason\": \"limit\", \"why\": \"\", \"people\": [] }]"),
        ),
    ];
    insta::assert_snapshot!(refusals(&cases, false), @r#"
    empty: the state state.json is damaged: it is empty, which not even a new state is
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    zeros: the state state.json is not whole JSON: expected value at line 1 column 1
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    cut short: the state state.json is cut short: EOF while parsing an object at line 14 column 12
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    two states: the state state.json is not whole JSON: trailing characters at line 28 column 1
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a comma lost: the state state.json is not whole JSON: expected `,` or `}` at line 15 column 7
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    no JSON: the state state.json is not whole JSON: expected value at line 1 column 1
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    another file: state.json is not a state of roulette: it does not say "format": "roulette-state"
    hint: [programme] state in the config names the state's file
    a list: state.json is not a state of roulette: it does not say "format": "roulette-state"
    hint: [programme] state in the config names the state's file
    a newer state: the state state.json is of version 2; this roulette knows version 1
    hint: run the version of roulette that wrote it, or a later one
    version 0: the state state.json is damaged: there is no such version
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    an unknown field: the state state.json is damaged: unknown field `colour`, expected one of `date`, `seed`, `timezone`, `best_possible_pairs`, `optimal`, `meetings`, `left_out`, `changes`, `outcomes` at line 14 column 14
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a field twice: the state state.json is damaged: duplicate field `seed` at line 14 column 24
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a field lost: the state state.json is damaged: missing field `seed` at line 25 column 5
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a gap in the people: the state state.json is damaged: person 5 where person 2 is due at line 7 column 7
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a zone of fantasy: the state state.json is damaged: failed to parse timezone: 'Europe/Atlantis' at line 15 column 35
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a pair of three: the state state.json is damaged: expected pairs such as [1,2] at line 21 column 28
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a pair of none: the state state.json is damaged: expected pairs such as [1,2] at line 21 column 28
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a reason of fantasy: the state state.json is damaged: unknown reason “rain” at line 24 column 54
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    a reason with too much: the state state.json is damaged: “limit” has a “why” or “until” that does not belong to it at line 24 column 66
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    "#);
}

#[test]
fn a_state_that_contradicts_itself_is_refused_with_all_that_is_wrong() {
    let mut state = one_round();
    state.people[1] = "Ben@Example.com".into();
    state.people[2] = "ana@example.com".into();
    state.people[3] = " ".into();
    let slots = &mut state.rounds[0].slots;
    slots[0].pairs = vec![ids([1, 0]), ids([2, 2]), ids([3, 4]), [PersonId::NOBODY, PersonId::new(3)]];
    slots.push(Slot { start: slots[0].start, pairs: vec![], trios: vec![] });
    state.rounds.push(one_round().rounds.remove(0));
    state.rounds.push(Round { date: "2026-11-25".parse().unwrap(), ..one_round().rounds.remove(0) });
    state.season = vec![vec![crate::domain::state::Group::Trio(ids([0, 1, 1]))]];
    insta::assert_snapshot!(refusals(&[("many faults", text_of(&state))], false), @r#"
    many faults: the state state.json contradicts itself:
      person 2: "Ben@Example.com" is not trimmed and in lower case
      person 3: ana@example.com is already person 1
      person 4: no address
      round 2026-12-02: [2, 1] is not in ascending order
      round 2026-12-02: person 3 (ana@example.com) is there twice
      round 2026-12-02: there is no person 5, only 4
      round 2026-12-02: [0, 4] is not in ascending order
      round 2026-12-02: there is no person 0, only 4
      round 2026-12-02: person 4 ( ) is there twice
      round 2026-12-02: the meetings at 2026-12-02T15:10:00+02:00 do not stand after those before
      round 2026-12-02: nobody meets at 2026-12-02T15:10:00+02:00
      round 2026-12-02: it is there twice
      round 2026-11-25: it stands after the round 2026-12-02
      round 2026-11-25: a meeting starts at 2026-12-02 15:10:00 +02:00
      season, round 1: person 2 (Ben@Example.com) is there twice
    hint: put it back from a backup, or move it away and start over, as if nobody had met yet
    "#);
    state.rounds[0].slots[0].pairs = vec![ids([0, 1]); 30];
    let told = refusals(&[("more than are told", text_of(&state))], false);
    assert!(told.contains("\n  and 4"), "{told}");
}

#[test]
fn the_way_back_to_the_version_before_is_shown_where_there_is_one() {
    let cases = [
        ("empty", String::new()),
        ("another file", "{}".to_owned()),
        ("a newer state", with("\"version\": 1", "\"version\": 2")),
        ("a person too many", with("[3,4]", "[3,5]")),
    ];
    insta::assert_snapshot!(refusals(&cases, true), @r#"
    empty: the state state.json is damaged: it is empty, which not even a new state is
    hint: go back to the version before the last save with: cp -p state.json.previous state.json
    another file: state.json is not a state of roulette: it does not say "format": "roulette-state"
    hint: go back to the version before the last save with: cp -p state.json.previous state.json
    a newer state: the state state.json is of version 2; this roulette knows version 1
    hint: run the version of roulette that wrote it, or a later one
    a person too many: the state state.json contradicts itself:
      round 2026-12-02: there is no person 5, only 4
    hint: go back to the version before the last save with: cp -p state.json.previous state.json
    "#);
}
