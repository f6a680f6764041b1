//! How fast what people tell the bot is received and answered: the real listener over loopback HTTP, with `roulette
//! sandbox` as its Webex.
//!
//! `receive` sends 500 signed events a second, on as many connections, and measures how long each waits until it is
//! safe on the disk; then the same next to 200 silent connections. `socket` sends as many over the websocket, from a
//! Webex made for the purpose, and measures how long each waits until it is acknowledged. `answer` makes people in
//! companies of 400 and of 10,000 type a question, and measures how many are answered a second; and how long the answer
//! to a single question takes, from its event to the end of everything that follows from it. `cargo bench --bench
//! events` prints the table; `cargo bench --bench events -- minute` receives for a minute instead of ten seconds.

#![allow(clippy::print_stdout)] // the table is what it is for

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

#[path = "events/socket.rs"]
mod socket;

const SECRET: &str = "s3cret";
const A_SECOND: usize = 500;
/// Enough senders for that rate, each with one request at a time.
const SENDERS: usize = 32;
const QUESTIONS: usize = 400;
const ALONE: usize = 30;

fn main() {
    let seconds = if std::env::args().any(|arg| arg == "minute") { 60 } else { 10 };
    println!(
        "{:>8}  {:>24}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}",
        "task", "", "a second", "p50 ms", "p99 ms", "lost", "peak MB"
    );
    for idle in [0, 200] {
        receive(seconds, idle);
    }
    socket::receive(seconds);
    for people in [400, 10_000] {
        answer(people);
    }
}

/// A process that is ended when this is dropped.
struct Running {
    child: Child,
    /// Its address, such as `127.0.0.1:34567`.
    address: String,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("where it listens");
        // The websocket listener has no address to reach.
        let address = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}"));
        let address = address.strip_prefix("http://").unwrap_or(address).to_owned();
        Self { child, address }
    }

    /// The most memory the process has had so far, in megabytes.
    fn peak(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
        line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A company of that size, and a Webex that knows its people.
struct Company {
    dir: tempfile::TempDir,
    webex: Running,
}

impl Company {
    fn of(people: usize) -> Self {
        let dir = tempfile::tempdir().expect("a folder for the run");
        let mut staff = "email,name,department\n".to_owned();
        for i in 0..people {
            let _ = writeln!(staff, "p{i}@example.com,Person Number {i},Department {}", i % 7);
        }
        fs::write(dir.path().join("staff.csv"), staff).expect("a roster");
        let webex =
            Running::start(program(dir.path()).args(["sandbox", "--listen", "127.0.0.1:0", "--roster", "staff.csv"]));
        let config = format!(
            "[programme]\nroster = \"staff.csv\"\n[webex]\nbase_url = \"http://{}/v1\"\n\
             bot_token = {{ file = \"bot.txt\" }}\n[webhook]\nsecret = {{ file = \"hook.txt\" }}\n",
            webex.address
        );
        for (name, text) in [("config.toml", &*config), ("bot.txt", "sandbox-bot"), ("hook.txt", SECRET)] {
            fs::write(dir.path().join(name), text).expect("a file");
            private(&dir.path().join(name));
        }
        Self { dir, webex }
    }

    fn listener(&self) -> Running {
        Running::start(program(self.dir.path()).args(["handle-action", "--listen", "127.0.0.1:0"]))
    }

    /// How many answers Webex has taken.
    fn answers(&self) -> usize {
        let calls = request(&self.webex.address, "GET /sandbox/calls", "", "").expect("the calls");
        let calls: Vec<serde_json::Value> = serde_json::from_str(&calls).expect("a list of calls");
        calls.iter().filter(|call| call["method"] == "POST" && call["path"] == "/v1/messages").count()
    }

    fn waiting(&self) -> usize {
        let files = fs::read_dir(self.dir.path().join("roulette-state.json.inbox"));
        files
            .into_iter()
            .flatten()
            .flatten()
            .filter(|file| file.file_name().to_string_lossy().ends_with(".json"))
            .count()
    }
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("its owner's alone");
}

fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roulette"));
    command.current_dir(dir).env_clear();
    command
}

/// Sends events at a steady rate, and prints how long each waited.
fn receive(seconds: usize, idle: usize) {
    let company = Company::of(400);
    let listener = company.listener();
    let held: Vec<TcpStream> = (0..idle).filter_map(|_| TcpStream::connect(&listener.address).ok()).collect();
    let (begun, next, lost) = (Instant::now(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let (next, lost, address) = (Arc::clone(&next), Arc::clone(&lost), listener.address.clone());
            thread::spawn(move || {
                let mut waits = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= seconds * A_SECOND {
                        return waits;
                    }
                    let due =
                        begun + Duration::from_secs(1) * u32::try_from(number).expect("a number") / A_SECOND as u32;
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    // An event that waits for a sender counts as waiting, too.
                    if !deliver(&address, &event(&format!("M{number}"), "b", "b")) {
                        lost.fetch_add(1, Ordering::Relaxed);
                    }
                    waits.push(due.elapsed());
                }
            })
        })
        .collect();
    let mut waits: Vec<Duration> = senders.into_iter().flat_map(|sender| sender.join().expect("a sender")).collect();
    let took = begun.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |share: usize| waits[waits.len() * share / 100].as_secs_f64() * 1e3;
    println!(
        "{:>8}  {:>24}  {:>8.0}  {:>8.1}  {:>8.1}  {:>8}  {:>8.1}",
        "receive",
        if idle == 0 { "alone".to_owned() } else { format!("beside {} idle", held.len()) },
        waits.len() as f64 / took,
        at(50),
        at(99),
        lost.load(Ordering::Relaxed),
        listener.peak()
    );
}

/// Makes people ask something, and prints how many are answered a second.
fn answer(people: usize) {
    let company = Company::of(people);
    let mut draw = program(company.dir.path());
    draw.args(["--quiet", "pair", "--month", "--seed", "1"]).stdout(Stdio::null());
    assert!(draw.status().expect("a draw").success());
    let said: Vec<String> = (0..QUESTIONS).map(|i| question(&company, i * 7 % people)).collect();
    // They are all waiting when the listener starts.
    let first = company.listener();
    let begun = Instant::now();
    for body in &said {
        assert!(deliver(&first.address, body));
    }
    while company.waiting() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(300), "{} wait still", company.waiting());
        thread::sleep(Duration::from_millis(5));
    }
    let took = begun.elapsed().as_secs_f64();
    let mut waits: Vec<Duration> = (0..ALONE).map(|number| alone(&company, &first, number * 11 % people)).collect();
    waits.sort_unstable();
    let at = |share: usize| waits[waits.len() * share / 100].as_secs_f64() * 1e3;
    println!(
        "{:>8}  {:>24}  {:>8.0}  {:>8.1}  {:>8.1}  {:>8}  {:>8.1}",
        "answer",
        format!("{people} people"),
        QUESTIONS as f64 / took,
        at(50),
        at(99),
        (QUESTIONS + ALONE).saturating_sub(company.answers()),
        first.peak()
    );
}

/// How long it takes until a single question is answered.
fn alone(company: &Company, listener: &Running, person: usize) -> Duration {
    let body = question(company, person);
    let begun = Instant::now();
    assert!(deliver(&listener.address, &body));
    while company.waiting() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "it waits still");
        thread::sleep(Duration::from_micros(200));
    }
    begun.elapsed()
}

/// The event for somebody's question.
fn question(company: &Company, person: usize) -> String {
    let body = format!("{{\"email\":\"p{person}@example.com\",\"text\":\"status\"}}");
    let answer = request(&company.webex.address, "POST /sandbox/say", &body, "").expect("an answer");
    let said: serde_json::Value = serde_json::from_str(&answer).expect("a message");
    event(said["id"].as_str().expect("an id"), said["personId"].as_str().expect("a person"), "b")
}

fn event(id: &str, person: &str, bot: &str) -> String {
    format!(
        r#"{{"id":"w","resource":"messages","event":"created","createdBy":"{bot}","actorId":"{person}","data":{{"id":"{id}","roomId":"r","personId":"{person}"}}}}"#
    )
}

/// Delivers an event as Webex does; returns whether it was accepted.
fn deliver(address: &str, body: &str) -> bool {
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    let mut signature = "X-Spark-Signature: ".to_owned();
    for byte in mac.finalize().into_bytes() {
        let _ = write!(signature, "{byte:02x}");
    }
    signature += "\r\n";
    request(address, "POST /", body, &signature).is_some()
}

/// The body of a successful answer.
fn request(address: &str, call: &str, body: &str, headers: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let head = format!("{call} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n{headers}");
    write!(stream, "{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.starts_with("HTTP/1.1 200").then(|| body.to_owned())
}
