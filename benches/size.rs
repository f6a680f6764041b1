//! How time and memory grow with the company: the whole program, as a process of its own.
//!
//! Each run reads the roster, loads a state with 52 rounds, draws the four rounds of a month, checks them,
//! prints them as JSON and saves durably. `cargo bench` prints the table; `cargo bench -- million` adds a
//! million people, for which it needs about 2 GB of disk.

#![allow(clippy::print_stdout)] // the table is what it is for

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 5;

fn main() {
    let sizes: &[usize] = if std::env::args().any(|arg| arg == "million") {
        &[1_000, 10_000, 100_000, 1_000_000]
    } else {
        &[1_000, 10_000, 100_000]
    };
    println!("whole process, median of {RUNS} runs");
    println!("{:>10}  {:>10}  {:>12}  {:>14}  {:>15}", "people", "wall ms", "peak MB", "time growth", "memory growth");
    let mut before: Option<(f64, f64)> = None;
    for &people in sizes {
        let (wall, peak) = measure(people);
        let growth = |of: fn((f64, f64)) -> f64| {
            before.map_or(String::new(), |before| format!("× {:.1}", of((wall, peak)) / of(before)))
        };
        let (wall_growth, peak_growth) = (growth(|(wall, _)| wall), growth(|(_, peak)| peak));
        println!("{people:>10}  {wall:>10.1}  {peak:>12.1}  {wall_growth:>14}  {peak_growth:>15}");
        before = Some((wall, peak));
    }
}

/// The median wall time in milliseconds, and the peak memory in megabytes.
fn measure(people: usize) -> (f64, f64) {
    let dir = tempfile::tempdir().expect("a folder for the run");
    fs::write(dir.path().join("config.toml"), "[programme]\nroster = \"staff.csv\"\n").expect("a config");
    fs::write(dir.path().join("staff.csv"), roster(people)).expect("a roster");
    let state = dir.path().join("state");
    write_state(&state, people);
    let mut walls: Vec<f64> = (0..RUNS).map(|_| run(dir.path(), &state, false).0).collect();
    walls.sort_by(f64::total_cmp);
    // To look at its memory all the time would take time from the program.
    let (_, peak) = run(dir.path(), &state, true);
    (walls[RUNS / 2], peak)
}

/// The wall time of a run, and its peak memory if it is watched.
fn run(dir: &Path, state: &Path, watch: bool) -> (f64, f64) {
    let copy = dir.join("roulette-state.json");
    fs::copy(state, &copy).expect("a state");
    // As an earlier run leaves it: on the disk.
    File::open(&copy).and_then(|copy| copy.sync_all()).expect("a state on the disk");
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_roulette"))
        .args(["--quiet", "--now", "2027-02-01T00:00:00Z", "pair", "--month", "--seed", "1", "--format", "json"])
        .current_dir(dir)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut printed = child.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || {
        let (mut buffer, mut all) = (vec![0; 1 << 16], 0);
        while let Ok(bytes @ 1..) = printed.read(&mut buffer) {
            all += bytes;
        }
        all
    });
    let mut peak = 0.0;
    while watch && child.try_wait().expect("its status").is_none() {
        peak = f64::max(peak, peak_memory(child.id()));
        std::thread::sleep(Duration::from_millis(1));
    }
    let status = child.wait().expect("its status");
    let wall = begun.elapsed().as_secs_f64() * 1e3;
    assert!(status.success() && reader.join().expect("a reader") > 0);
    (wall, peak)
}

/// The most memory the process has had so far, in megabytes.
fn peak_memory(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Seven departments of different sizes, six time zones.
fn roster(people: usize) -> String {
    let zones = ["Europe/Kyiv", "Europe/Berlin", "America/New_York", "Asia/Singapore", "Europe/London", "Asia/Dubai"];
    let departments = [30, 20, 15, 12, 10, 8, 5];
    let mut text = "email,name,department,timezone\n".to_owned();
    for i in 0..people {
        let mut share = i * 7919 % 100;
        let department = departments.iter().position(|size| {
            let here = share < *size;
            share = share.saturating_sub(*size);
            here
        });
        let zone = zones[[0, 0, 1, 0, 4, 2, 0, 1, 4, 0, 3, 5, 1][i * 31 % 13]];
        let _ = writeln!(text, "person{i}@example.com,Person Number {i},Department {},{zone}", department.unwrap_or(0));
    }
    text
}

/// A year of rounds in which nobody meets twice: in round r, the two whose numbers add up to r.
fn write_state(path: &Path, people: usize) {
    let mut text = format!("{{\"format\":\"roulette-state\",\"version\":1,\"roster_size\":{people},\"people\":{{\n");
    for i in 0..people {
        let _ = write!(text, "{}\"{}\":\"person{i}@example.com\"", if i == 0 { "" } else { ",\n" }, i + 1);
    }
    text += "},\"rounds\":[\n";
    let first = chrono::NaiveDate::from_ymd_opt(2026, 2, 4).expect("a date");
    for round in 0..52 {
        let date = first + chrono::Days::new(7 * round as u64);
        let _ = write!(
            text,
            "{}{{\"date\":\"{date}\",\"seed\":1,\"timezone\":\"Europe/Kyiv\",\"best_possible_pairs\":{},\"optimal\":true,\
             \"meetings\":[{{\"start\":\"{date}T15:10:00+02:00\",\"pairs\":[",
            if round == 0 { "" } else { ",\n" },
            people / 2
        );
        let mut separator = "";
        for i in 0..people {
            let j = (people + round + 1 - i) % people;
            if i < j {
                let _ = write!(text, "{separator}[{},{}]", i + 1, j + 1);
                separator = ",";
            }
        }
        text += "]}],\"left_out\":[]}";
    }
    text += "\n]}\n";
    fs::write(path, text).expect("a state");
}
