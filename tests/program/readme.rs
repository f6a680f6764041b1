//! The README, the pages of `docs` and the examples are true.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::world::NOW;

/// A command of a shell block, and the lines shown below it.
struct Shown<'a> {
    command: &'a str,
    output: Vec<&'a str>,
}

/// A file that people read, by its path from the repository's root.
struct Page {
    path: PathBuf,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The README, the pages for contributors, and all pages of `docs`.
fn pages() -> Vec<Page> {
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|file| Path::new("docs").join(file.unwrap().file_name()));
    let mut paths: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    paths.sort_unstable();
    paths.splice(0..0, ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map(PathBuf::from));
    assert!(paths.len() >= 10, "only {paths:?} are there");
    paths.into_iter().map(|path| Page { text: read(&path), path }).collect()
}

/// The fenced blocks, each with its kind.
fn fenced(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'))
}

/// The fenced blocks of this kind, without their fences.
fn blocks<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    fenced(text).filter(|(first, _)| *first == kind).map(|(_, block)| block).collect()
}

fn shown(text: &str) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = Vec::new();
    for block in blocks(text, "console") {
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

/// Runs the program by a shell in that folder, without an environment.
fn run(dir: &TempDir, arguments: &str) -> Output {
    let line = format!("\"{}\" {arguments}", env!("CARGO_BIN_EXE_roulette"));
    Command::new("sh").args(["-c", &line]).current_dir(dir.path()).env_clear().output().unwrap()
}

#[test]
fn every_command_of_a_page_works_on_the_example_and_prints_what_is_shown() {
    let mut ran = 0;
    for Page { path, text } in pages() {
        let (dir, page) = (tempfile::tempdir().unwrap(), path.display());
        for (name, example) in [
            ("config.toml", "config.example.toml"),
            ("config.example.toml", "config.example.toml"),
            ("employees.example.csv", "employees.example.csv"),
        ] {
            fs::write(dir.path().join(name), read(example)).unwrap();
        }
        for Shown { command, output } in shown(&text) {
            let Some(arguments) = arguments(command) else { continue };
            let pinned = arguments.contains("--now ");
            assert!(pinned || output.is_empty(), "{page}: what is shown depends on --now: {command}");
            let now = if pinned { String::new() } else { format!("--now {NOW} ") };
            let run = run(&dir, &format!("{now}{arguments}"));
            let [stdout, stderr] = [run.stdout, run.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
            assert!(run.status.success(), "{page}: {command}: {stderr}");
            let real: Vec<&str> = stdout.lines().map(str::trim_end).collect();
            let is_so = output.is_empty() || agree(&real, &output);
            assert!(is_so, "{page}: this is what {command} prints:\n{stdout}");
            ran += 1;
        }
    }
    assert!(ran >= 20, "only {ran} commands were found");
}

/// What a page names and what only looks like a command: names of webhooks.
const NO_COMMANDS: [&str; 2] = ["roulette cards", "roulette messages"];

/// Every command of the program that a page names, in a line of a block or within a sentence, as it is typed.
fn named(text: &str) -> Vec<String> {
    let lines = fenced(text).filter(|(kind, _)| ["console", "sh"].contains(kind)).flat_map(|(_, block)| block.lines());
    let lines = lines.map(|line| line.strip_prefix("$ ").unwrap_or(line).trim_start_matches("sudo ").to_owned());
    let prose: String = text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n").replace('\n', " ");
    let spans: Vec<String> = prose.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let is_one = |command: &String| command.starts_with("roulette ") && !command.contains('…');
    lines.chain(spans).filter(is_one).filter(|it| !NO_COMMANDS.contains(&it.as_str())).collect()
}

#[test]
fn every_command_that_a_page_names_can_be_typed() {
    let mut count = 0;
    for Page { path, text } in pages() {
        for command in named(&text) {
            // As a shell reads it: without what follows as a comment or goes to a file.
            let typed = command.split(" #").next().unwrap_or_default().split(" > ").next().unwrap_or_default();
            let words = typed.split('"').enumerate().flat_map(|(at, part)| match at % 2 {
                0 => part.split_whitespace().collect::<Vec<_>>(),
                _ => vec![part],
            });
            let read = roulette::cli::help::command(&["introduction", "reminder"]).try_get_matches_from(words);
            let is_right = read.as_ref().is_err_and(|error| {
                // Help and version are no faults, and a sentence may name a command without what it is about.
                use clap::error::ErrorKind::{DisplayHelp, DisplayVersion, MissingRequiredArgument};
                [DisplayHelp, DisplayVersion, MissingRequiredArgument].contains(&error.kind())
            });
            assert!(read.is_ok() || is_right, "{}: {command}: {}", path.display(), read.unwrap_err());
            count += 1;
        }
    }
    assert!(count > 100, "only {count} were found");
}

#[test]
fn the_roster_and_the_config_of_the_readme_are_good() {
    let dir = tempfile::tempdir().unwrap();
    let readme = read("README.md");
    for (kind, name) in [("csv", "employees.csv"), ("toml", "config.toml")] {
        let [block] = blocks(&readme, kind)[..] else { panic!("one {kind} block") };
        fs::write(dir.path().join(name), block).unwrap();
    }
    let run = run(&dir, &format!("--now {NOW} pair"));
    let said = String::from_utf8(run.stderr).unwrap();
    let odd: Vec<&str> = said.lines().filter(|line| !line.starts_with("note: ")).collect();
    assert_eq!(odd, ["kept in roulette-state.json"]);
}

/// Whether a draw takes this roster by this config, without a word about either.
fn check(page: &Path, roster: &str, config: &str) {
    let (dir, page) = (tempfile::tempdir().unwrap(), page.display());
    fs::write(dir.path().join("employees.csv"), roster).unwrap();
    fs::write(dir.path().join("config.toml"), config).unwrap();
    let run = run(&dir, &format!("--now {NOW} pair --dry-run"));
    let stderr = String::from_utf8(run.stderr).unwrap();
    let is_good = run.status.success() && !stderr.contains("warning: ");
    assert!(is_good, "{page}: {stderr}\nwith the config\n{config}\nand the roster\n{roster}");
}

/// A roster is read by each config that follows it before the next roster, or else by an empty one; a config before all
/// rosters is tried on the example's.
#[test]
fn every_roster_and_config_of_a_page_is_good() {
    for Page { path, text } in pages() {
        let (mut roster, mut is_read) = (read("employees.example.csv"), true);
        for (kind, block) in fenced(&text).chain([("csv", "")]) {
            if kind == "csv" {
                if !is_read {
                    check(&path, &roster, "");
                }
                (roster, is_read) = (block.to_owned(), false);
            } else if kind == "toml" {
                check(&path, &roster, block);
                is_read = true;
            }
        }
    }
}

/// What leads to a heading: its letters, digits and hyphens in lower case, and a hyphen for each blank.
fn anchor(heading: &str) -> String {
    let plain = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    plain.chars().filter(|c| c.is_alphanumeric() || ['-', '_'].contains(c)).collect()
}

#[test]
fn every_file_and_heading_to_which_a_page_links_is_there() {
    for Page { path, text } in pages() {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.starts_with("https://")) {
            let (file, heading) = link.split_once('#').map_or((link, None), |(file, heading)| (file, Some(heading)));
            let file = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            assert!(root().join(&file).exists(), "{}: {link}", path.display());
            let Some(heading) = heading else { continue };
            let there = read(&file);
            let mut headings = there.lines().filter(|line| line.starts_with('#')).map(anchor);
            assert!(headings.any(|it| it == heading), "{}: {link}", path.display());
        }
    }
}
