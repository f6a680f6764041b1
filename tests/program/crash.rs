//! If the program is killed at any moment, the state is the old one or the new one; two runs at once take turns.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::booked::Booked;
use crate::support::chat::told;
use crate::support::kill::{End, kill_at, killed_until_done};
use crate::support::world::{NOW, World};

#[test]
fn a_run_that_is_killed_leaves_the_old_state_or_the_new_one() {
    let world = World::of_departments("", &[120, 120, 120]);
    world.json(&["pair", "--week", "--seed", "1"]);
    let old = world.read("roulette-state.json");
    let args = ["pair", "--month", "--seed", "2", "--format", "json"];
    let mut left = Vec::new();
    for at in 1.. {
        world.write("roulette-state.json", &old);
        let end = kill_at(&world.command(NOW, &args), at);
        left.push(world.read("roulette-state.json"));
        if end != End::Killed {
            assert_eq!(end, End::Ended(0));
            break;
        }
    }
    let new = left.last().unwrap();
    assert!(*new != old, "what is reported as kept is kept");
    assert!(left.iter().all(|state| [&old, new].contains(&state)), "the state is whole");
    let kept = left.iter().position(|state| state == new).unwrap();
    assert!(kept > 0 && kept + 1 < left.len(), "killed before and after the state was replaced");
    assert!(left[kept..].iter().all(|state| state == new), "later kills find it replaced, too");
    let left: Vec<_> = world.files().into_iter().map(|(name, _)| name).filter(|name| name.ends_with(".tmp")).collect();
    assert!(left.is_empty(), "leftovers of killed runs are swept: {left:?}");
}

#[test]
fn runs_that_are_killed_ever_later_book_and_tell_each_thing_once() {
    let booked = Booked::drawn(4, "");
    for stage in ["schedule", "notify"] {
        let command = booked.command(NOW, &[stage]);
        let killed = killed_until_done(&command, 1);
        assert!(killed > 10, "{stage}: only {killed} were killed");
    }
    booked.everyone_has_exactly_one_meeting("after the last run");
    let people: Vec<String> = (0..4).map(|person| format!("p{person}@example.com")).collect();
    for person in &people {
        let told = told(&booked, person);
        let [introduction] = &told[..] else { panic!("{person}: {told:?}") };
        assert!(introduction["text"].as_str().unwrap().starts_with("Meet "), "{introduction}");
    }
}

#[test]
fn two_runs_at_once_draw_the_month_once() {
    let world = World::of_departments("", &[30, 30]);
    let start = |seed: &str| {
        let mut command = world.command(NOW, &["pair", "--month", "--seed", seed, "--format", "json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs = [start("1"), start("2")].map(|child| child.wait_with_output().unwrap());
    assert!(runs.iter().all(|run| run.status.success()));
    assert_eq!(runs[0].stdout, runs[1].stdout, "the second shows what the first drew");
}

#[test]
fn a_second_run_names_who_holds_the_state() {
    let world = World::of_departments("", &[3, 3]);
    world.json(&["pair", "--week"]);
    let lock = std::fs::File::options().write(true).open(world.path("roulette-state.json.lock")).unwrap();
    lock.lock().unwrap();
    (&lock).write_all(b"process 4321 (roulette pair) since 2026-12-01T09:00:00Z").unwrap();
    let run = world.run(&["pair", "--month", "--wait", "0"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("in use by process 4321 (roulette pair) since 2026-12-01T09:00:00Z"), "{}", run.stderr);
    let look = world.run(&["pair", "--month", "--dry-run", "--wait", "0"]);
    assert_eq!(look.status, 0, "a dry run needs no lock: {}", look.stderr);
}

#[test]
fn the_state_is_for_its_owner_only_and_the_one_before_is_kept() {
    let world = World::of_departments("", &[3, 3]);
    world.json(&["pair", "--week"]);
    let first = world.read("roulette-state.json");
    world.json(&["pair", "--month"]);
    assert_eq!(world.read("roulette-state.json.previous"), first);
    for name in ["roulette-state.json", "roulette-state.json.previous"] {
        let mode = std::fs::metadata(world.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_reader_that_stops_reading_is_no_fault() {
    let world = World::of_departments("", &[300, 300]);
    let mut command = world.command(NOW, &["pair", "--month", "--seed", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().ends_with("kept in roulette-state.json\n"));
    let kept = world.json(&["status"]);
    assert_eq!(kept["rounds"].as_array().unwrap().len(), 5);
}

#[test]
fn what_is_asked_for_is_done_also_if_nobody_reads_what_is_shown() {
    let booked = Booked::drawn(4, "");
    let unread = |args: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = booked.command(NOW, args);
        let output = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    unread(&["schedule"]);
    assert_eq!(booked.standing().len(), 2);
    unread(&["notify"]);
    assert_eq!(told(&booked, "p0@example.com").len(), 1);
    unread(&["forget", "p0@example.com", "--from-roster"]);
    assert!(!booked.world.read("roulette-state.json").contains("p0@example.com"));
    assert!(!booked.world.read("staff.csv").contains("p0@example.com"));
}
