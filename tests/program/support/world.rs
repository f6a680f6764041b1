//! A folder of its own for each test, with a config and a roster, and the program run in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The moment at which tests take place, unless they say otherwise: before the first round of December 2026.
pub(crate) const NOW: &str = "2026-12-01T09:00:00Z";

/// Here the system has no zone files, so that those compiled in count on every machine.
pub(crate) const NO_FOLDER: &str = "/nowhere/zoneinfo";

pub(crate) struct World {
    pub(crate) dir: TempDir,
}

/// What a run printed, and its exit status.
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

impl World {
    /// Config lines such as `across = []` go to `[pairing]`; an empty line ends that section.
    pub(crate) fn new(pairing: &str, roster: &str) -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap() };
        let (pairing, rest) = pairing.split_once("\n\n").unwrap_or((pairing, ""));
        world.write("config.toml", format!("[programme]\nroster = \"staff.csv\"\n[pairing]\n{pairing}\n{rest}\n"));
        world.write("staff.csv", roster);
        world
    }

    /// People p0, p1, … in departments of these sizes.
    pub(crate) fn of_departments(pairing: &str, sizes: &[usize]) -> Self {
        Self::new(pairing, &roster(sizes))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Every file of the folder with its bytes, but for locks.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let files = fs::read_dir(self.dir.path()).unwrap().map(|file| file.unwrap());
        let mut files: Vec<_> = files
            .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
            .filter(|(name, _)| !name.ends_with(".lock"))
            .collect();
        files.sort();
        files
    }

    pub(crate) fn command(&self, now: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roulette"));
        command
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("TZDIR", NO_FOLDER)
            .args(["--now", now])
            .args(args);
        command
    }

    pub(crate) fn run_at(&self, now: &str, args: &[&str]) -> Run {
        self.finish(&mut self.command(now, args))
    }

    /// Runs the command to its end.
    pub(crate) fn finish(&self, command: &mut Command) -> Run {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| self.shortened(&String::from_utf8(bytes).unwrap());
        Run { stdout: text(stdout), stderr: text(stderr), status: status.code().unwrap_or(-1) }
    }

    /// The text without the names of the folder.
    pub(crate) fn shortened(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.dir.path().display()), "")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_at(NOW, args)
    }

    /// Runs a command that must succeed, and reads its JSON.
    pub(crate) fn json_at(&self, now: &str, args: &[&str]) -> Value {
        let run = self.run_at(now, &[args, &["--format", "json"]].concat());
        assert_eq!(run.status, 0, "{args:?}: {}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap()
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        self.json_at(NOW, args)
    }
}

impl Run {
    /// Everything a person sees, for one snapshot.
    pub(crate) fn all(&self) -> String {
        format!("{}--- stderr\n{}--- status {}", self.stdout, self.stderr, self.status)
    }
}

pub(crate) fn roster(sizes: &[usize]) -> String {
    let people = sizes.iter().enumerate().flat_map(|(department, size)| vec![department; *size]);
    let rows = people.enumerate().map(|(i, department)| format!("p{i}@example.com,Person {i},D{department}\n"));
    std::iter::once("email,name,department\n".to_owned()).chain(rows).collect()
}

/// The people of each pair of a round, as addresses.
pub(crate) fn pairs(round: &Value) -> Vec<Vec<String>> {
    let people = |pair: &Value| strings(&pair["people"]);
    round["pairs"].as_array().unwrap().iter().map(people).collect()
}

pub(crate) fn strings(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// A command line as it is run.
pub(crate) fn words(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

/// All pairs of people among the two or three of a group, in order.
pub(crate) fn pairs_within(people: &[String]) -> Vec<(String, String)> {
    let mut people = people.to_vec();
    people.sort();
    let two = |(i, a): (usize, &String)| people[i + 1..].iter().map(|b| (a.clone(), b.clone())).collect::<Vec<_>>();
    people.iter().enumerate().flat_map(two).collect()
}
