//! What lies where a file should be: a pipe, a device, a folder, a link to nowhere, the way back to a lost state.
//! Nothing hangs, nothing is emptied, nothing begins anew in silence.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::world::{NOW, Run, World};

/// What may lie there, besides a file.
const ODD: [&str; 3] = ["pipe", "device", "folder"];

fn lay(odd: &str, path: &Path) {
    let _ = fs::remove_file(path);
    match odd {
        "pipe" => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        "device" => symlink("/dev/zero", path).unwrap(),
        _ => fs::create_dir(path).unwrap(),
    }
}

fn take_away(path: &Path) {
    if fs::symlink_metadata(path).unwrap().is_dir() {
        fs::remove_dir(path).unwrap()
    } else {
        fs::remove_file(path).unwrap()
    }
}

/// Runs a command that must end by itself.
fn soon(world: &World, args: &[&str]) -> Run {
    let mut command = world.command(NOW, args);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("{args:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    world.run(args)
}

#[test]
fn what_is_no_file_is_refused_at_once_wherever_a_file_is_read() {
    let world =
        World::of_departments("\n\n[webex]\nbot_token = { file = \"token\" }\ntokens = \"tokens.json\"\n", &[3, 3]);
    for odd in ODD {
        for (name, args, status) in [
            ("roulette-state.json", &["pair", "--week"][..], 1),
            ("roulette-state.json", &["status"], 1),
            ("roulette-state.json.lock", &["pair", "--week"], 1),
            ("staff.csv", &["pair", "--week"], 2),
            ("config.toml", &["pair", "--week"], 2),
            ("tokens.json", &["schedule"], 1),
            ("tokens.json.lock", &["auth", "--logout"], 1),
        ] {
            let path = world.path(name);
            let before = fs::read(&path).ok();
            lay(odd, &path);
            let run = soon(&world, args);
            assert_eq!(run.status, status, "{odd} as {name}: {}", run.all());
            let why = if odd == "folder" {
                ["it is a folder", "is a directory"]
            } else {
                ["it is not a file", "it is a symbolic link"]
            };
            assert!(why.iter().any(|why| run.stderr.to_lowercase().contains(why)), "{odd} as {name}: {}", run.all());
            take_away(&path);
            if let Some(before) = before {
                world.write(name, before);
            }
        }
    }
}

#[test]
fn a_state_whose_version_before_is_there_is_not_begun_anew() {
    let world = World::of_departments("", &[3, 3]);
    world.json(&["pair", "--week", "2026-12-02"]);
    world.json(&["pair", "--week", "2026-12-09"]);
    let state = world.read("roulette-state.json");
    fs::remove_file(world.path("roulette-state.json")).unwrap();
    for args in [&["pair", "--month"][..], &["pair", "--month", "--dry-run"], &["status"], &["meetings"], &["schedule"]]
    {
        let run = world.run(args);
        assert_eq!(run.status, 1, "{args:?}: {}", run.all());
        assert!(run.stderr.contains("cp -p roulette-state.json.previous roulette-state.json"), "{}", run.all());
        assert!(!world.path("roulette-state.json").exists());
    }
    fs::create_dir(world.path("share")).unwrap();
    fs::rename(world.path("roulette-state.json.previous"), world.path("kept")).unwrap();
    symlink("share/state.json", world.path("roulette-state.json")).unwrap();
    let run = world.run(&["pair", "--month"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(run.stderr.contains("symbolic link to ./share/state.json, which is missing"), "{}", run.all());
    world.write("share/state.json", state);
    assert_eq!(world.run(&["pair", "--month"]).status, 0);
    assert!(world.path("roulette-state.json").is_symlink());
}

#[test]
fn a_lock_that_is_a_link_leaves_what_it_leads_to() {
    let world = World::of_departments("", &[3, 3]);
    world.write("diary.txt", "dear diary");
    symlink("diary.txt", world.path("roulette-state.json.lock")).unwrap();
    let run = world.run(&["pair", "--week"]);
    assert_eq!((run.status, &*world.read("diary.txt")), (1, "dear diary"), "{}", run.all());
    assert!(run.stderr.contains("it is a symbolic link"), "{}", run.all());
}
