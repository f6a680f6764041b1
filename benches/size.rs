//! How time and memory grow with the company: the whole program, as a process of its own.
//!
//! Each run reads the roster and loads a state with 52 rounds. `draw` then draws the four rounds of a month; `follow`
//! finds them drawn and brings them in line with 200 changes: people who joined, left, pause, or may no longer meet.
//! Both check the rounds, print them as JSON and save durably. `cargo bench --bench size` prints the table; `--
//! million` adds a million people, which takes about 2 GB of disk.

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
    println!(
        "{:>7}  {:>10}  {:>10}  {:>12}  {:>14}  {:>15}",
        "task", "people", "wall ms", "peak MB", "time growth", "memory growth"
    );
    let mut before: Option<[Measured; 2]> = None;
    for &people in sizes {
        let now = measure(people);
        for (task, name) in ["draw", "follow"].into_iter().enumerate() {
            let growth = |of: fn(Measured) -> f64| {
                before.map_or(String::new(), |before| format!("× {:.1}", of(now[task]) / of(before[task])))
            };
            println!(
                "{name:>7}  {people:>10}  {:>10.1}  {:>12.1}  {:>14}  {:>15}",
                now[task].wall,
                now[task].peak,
                growth(|measured| measured.wall),
                growth(|measured| measured.peak)
            );
        }
        before = Some(now);
    }
}

#[derive(Clone, Copy)]
struct Measured {
    /// The median wall time in milliseconds.
    wall: f64,
    /// The peak memory in megabytes.
    peak: f64,
}

/// The cost of drawing, and then of following the changes.
fn measure(people: usize) -> [Measured; 2] {
    let dir = tempfile::tempdir().expect("a folder for the run");
    let dir = dir.path();
    fs::write(dir.join("config.toml"), "[programme]\nroster = \"staff.csv\"\n").expect("a config");
    fs::write(dir.join("staff.csv"), roster(0..people)).expect("a roster");
    write_state(&dir.join("history"), people);
    let draw = measure_on(dir, "history");
    // As the draw left it, with a month ahead.
    fs::rename(dir.join(STATE), dir.join("drawn")).expect("a drawn month");
    change(dir, people);
    [draw, measure_on(dir, "drawn")]
}

const STATE: &str = "roulette-state.json";

/// 50 people each who left, who joined and who pause, and 25 pairs who may no longer meet.
fn change(dir: &Path, people: usize) {
    let mut rows = roster(50..people + 50);
    rows = rows.replacen("timezone\n", "timezone,paused_until\n", 1);
    let mut paused = 0;
    let rows: String = rows
        .lines()
        .map(|line| match line.strip_prefix("person") {
            Some(rest) if paused < 50 && rest.starts_with('7') => {
                paused += 1;
                format!("{line},2027-03-31\n")
            }
            Some(_) => format!("{line},\n"),
            None => format!("{line}\n"),
        })
        .collect();
    fs::write(dir.join("staff.csv"), rows).expect("a roster");
    let pairs = drawn_pairs(dir);
    let mut config = "[programme]\nroster = \"staff.csv\"\n[pairing]\nnever_pair = [\n".to_owned();
    for [one, other] in pairs.iter().rev().take(25) {
        let _ = writeln!(config, "  [\"person{}@example.com\", \"person{}@example.com\"],", one - 1, other - 1);
    }
    fs::write(dir.join("config.toml"), config + "]\n").expect("a config");
}

/// The pairs of the last drawn round, as numbers of people.
fn drawn_pairs(dir: &Path) -> Vec<[usize; 2]> {
    let state = File::open(dir.join("drawn")).expect("a drawn month");
    let state: serde_json::Value = serde_json::from_reader(std::io::BufReader::new(state)).expect("a state");
    let round = state["rounds"].as_array().and_then(|rounds| rounds.last()).expect("a round");
    let pairs = round["meetings"].as_array().into_iter().flatten();
    pairs
        .flat_map(|meeting| meeting["pairs"].as_array().into_iter().flatten())
        .map(|pair| serde_json::from_value(pair.clone()).expect("two people"))
        .collect()
}

/// Measures runs that each begin with this state.
fn measure_on(dir: &Path, state: &str) -> Measured {
    let mut walls: Vec<f64> = (0..RUNS).map(|_| run(dir, &dir.join(state), false).0).collect();
    walls.sort_by(f64::total_cmp);
    // Watching its memory all the time would slow the program down.
    let (_, peak) = run(dir, &dir.join(state), true);
    Measured { wall: walls[RUNS / 2], peak }
}

/// The wall time of a run, and its peak memory if it is watched.
fn run(dir: &Path, state: &Path, watch: bool) -> (f64, f64) {
    let copy = dir.join(STATE);
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
fn roster(people: std::ops::Range<usize>) -> String {
    let zones = ["Europe/Kyiv", "Europe/Berlin", "America/New_York", "Asia/Singapore", "Europe/London", "Asia/Dubai"];
    let departments = [30, 20, 15, 12, 10, 8, 5];
    let mut text = "email,name,department,timezone\n".to_owned();
    for i in people {
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

/// A year of rounds in which nobody meets twice: in round r, the two people whose numbers add up to r.
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
