//! What the README and the examples say is so.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::world::NOW;

/// A command of a shell block of the README, and the lines shown below it.
struct Shown<'a> {
    command: &'a str,
    output: Vec<&'a str>,
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The fenced blocks of this kind, without their fences.
fn blocks<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let blocks = text.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    blocks.filter(|(first, _)| *first == kind).map(|(_, block)| block).collect()
}

fn shown(readme: &str) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = Vec::new();
    for block in blocks(readme, "console") {
        assert!(block.starts_with("$ "), "a shell block begins with a command: {block}");
        for line in block.lines() {
            match (line.strip_prefix("$ "), all.last_mut()) {
                (Some(command), _) => all.push(Shown { command, output: Vec::new() }),
                (None, Some(last)) => last.output.push(line),
                (None, None) => {}
            }
        }
    }
    all
}

/// What follows the program's name, for a command that runs it.
fn arguments(command: &str) -> Option<&str> {
    command.strip_prefix("roulette ").or_else(|| command.strip_prefix("cargo run --release -- "))
}

/// Whether the lines are those shown, where `…` stands for any number of lines.
fn agree(real: &[&str], shown: &[&str]) -> bool {
    match shown {
        [] => real.is_empty(),
        ["…", rest @ ..] => (0..=real.len()).any(|skipped| agree(&real[skipped..], rest)),
        [line, rest @ ..] => real.first() == Some(line) && agree(&real[1..], rest),
    }
}

#[test]
fn a_transcript_may_leave_out_lines_where_it_says_so() {
    let real = ["a", "b", "c", "d"];
    for good in [&["a", "b", "c", "d"][..], &["…"], &["a", "…", "d"], &["…", "b", "c", "d", "…"]] {
        assert!(agree(&real, good), "{good:?}");
    }
    for bad in [&[][..], &["a", "b", "c"], &["a", "c", "…"], &["…", "c", "b", "…"], &["…", "e"]] {
        assert!(!agree(&real, bad), "{bad:?}");
    }
}

#[test]
fn every_command_of_the_readme_works_on_the_example_and_prints_what_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["config.example.toml", "employees.example.csv"] {
        fs::write(dir.path().join(name), read(name)).unwrap();
    }
    let readme = read("README.md");
    let mut ran = 0;
    for Shown { command, output } in shown(&readme) {
        let Some(arguments) = arguments(command) else { continue };
        let pinned = arguments.contains("--now ");
        assert!(pinned || output.is_empty(), "what is shown depends on --now: {command}");
        let now = if pinned { String::new() } else { format!("--now {NOW}") };
        let line = format!("\"{}\" {now} {arguments}", env!("CARGO_BIN_EXE_roulette"));
        let run = Command::new("sh").args(["-c", &line]).current_dir(dir.path()).env_clear().output().unwrap();
        let [stdout, stderr] = [run.stdout, run.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(run.status.success(), "{command}: {stderr}");
        let real: Vec<&str> = stdout.lines().map(str::trim_end).collect();
        assert!(output.is_empty() || agree(&real, &output), "this is what {command} prints:\n{stdout}");
        if ran == 0 {
            fs::copy(dir.path().join("config.example.toml"), dir.path().join("config.toml")).unwrap();
        }
        ran += 1;
    }
    assert!(ran >= 8, "only {ran} commands were found in the README");
}

#[test]
fn the_roster_and_the_config_of_the_readme_are_good() {
    let dir = tempfile::tempdir().unwrap();
    let readme = read("README.md");
    for (kind, name) in [("csv", "employees.csv"), ("toml", "config.toml")] {
        let [block] = blocks(&readme, kind)[..] else { panic!("one {kind} block") };
        fs::write(dir.path().join(name), block).unwrap();
    }
    let mut roulette = Command::new(env!("CARGO_BIN_EXE_roulette"));
    let run = roulette.args(["--now", NOW, "pair"]).current_dir(dir.path()).env_clear().output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    let odd: Vec<&str> = said.lines().filter(|line| !line.starts_with("note: ")).collect();
    assert_eq!(odd, ["kept in roulette-state.json"]);
}

#[test]
fn every_file_to_which_the_readme_links_is_there() {
    let readme = read("README.md");
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    for link in links.filter(|link| !link.starts_with("https://")) {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(link).is_file(), "{link}");
    }
}
