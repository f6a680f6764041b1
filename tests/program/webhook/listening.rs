//! `handle-action --listen` as a child process, and what happens to its connections.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use super::{INBOX, Receiving, SECRET, another_at_it, event, sign, waiting};
use crate::support::until;
use crate::support::world::{NOW, World};

/// A receiver that runs until it is dropped.
pub(super) struct Listening {
    child: Child,
    /// Such as `127.0.0.1:34567`.
    pub(super) address: String,
    said: Arc<Mutex<String>>,
}

impl Listening {
    /// Listens there. Somebody else may have the port for a moment, who was given it by chance.
    pub(super) fn start(world: &World, address: &str) -> Self {
        for _ in 0..100 {
            match Self::try_start(world, address) {
                Err(said) if said.contains("is in use") && !address.ends_with(":0") => {
                    thread::sleep(Duration::from_millis(100));
                }
                started => return started.unwrap_or_else(|said| panic!("{said}")),
            }
        }
        panic!("{address} is in use all the time");
    }

    fn try_start(world: &World, address: &str) -> Result<Self, String> {
        let mut command = world.command(NOW, &["handle-action", "--listen", address]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (mut stderr, heard) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&said));
        thread::spawn(move || {
            let mut line = String::new();
            while stderr.read_line(&mut line).is_ok_and(|read| read > 0) {
                heard.lock().unwrap().push_str(&std::mem::take(&mut line));
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").unwrap_or_default().to_owned();
        let listening = Self { child, address, said };
        if listening.address.is_empty() {
            until("why", || !listening.said().is_empty());
            return Err(format!("{line}{}", listening.said()));
        }
        Ok(listening)
    }

    fn here(world: &World) -> Self {
        Self::start(world, "127.0.0.1:0")
    }

    pub(super) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub(super) fn until_said(&self, text: &str) {
        until(text, || self.said().contains(text));
    }

    pub(super) fn signal(&self, signal: &str) {
        Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
    }

    /// The exit status after a signal.
    pub(super) fn end(&mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.child.wait().unwrap().code()
    }

    /// The status of the answer to a signed event.
    fn deliver(&self, body: &str) -> u16 {
        send(&self.address, "/", &[("X-Spark-Signature", &sign(body.as_bytes()))], body.as_bytes()).unwrap().0
    }

    fn get(&self, path: &str) -> (u16, String) {
        exchange(&self.address, format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).unwrap()
    }

    fn waiting(&self) -> String {
        self.get("/health").1
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn request(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn send(address: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> std::io::Result<(u16, String)> {
    exchange(address, &request(path, headers, body))
}

/// Status and body of the answer to these bytes.
fn exchange(address: &str, bytes: &[u8]) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.write_all(bytes)?;
    read(stream)
}

fn read(mut stream: TcpStream) -> std::io::Result<(u16, String)> {
    let mut text = Vec::new();
    let end = stream.read_to_end(&mut text);
    let text = String::from_utf8(text).unwrap();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return Err(end.err().unwrap_or_else(|| ErrorKind::UnexpectedEof.into()));
    };
    Ok((head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned()))
}

#[test]
fn a_signed_event_is_kept_and_handled_with_one_line_of_log() {
    let world = Receiving::new();
    let mut listening = Listening::here(&world);
    assert_eq!(listening.waiting(), r#"{"waiting":0}"#);
    for id in ["M1", "M2"] {
        assert_eq!(listening.deliver(&event(id)), 200);
        listening.until_said(&format!("messages created {id}: done\n"));
    }
    until("all is handled", || waiting(&world).is_empty());
    assert_eq!(listening.end("TERM"), Some(0));
    let said = listening.said();
    assert!(said.contains("webhooks come to /, and /health says how many events are waiting"), "{said}");
    assert_eq!((said.matches("M1").count(), said.contains(SECRET)), (1, false), "{said}");
}

#[test]
fn what_is_wrong_is_sent_away_and_leaves_nothing() {
    let world = Receiving::new();
    let mut listening = Listening::here(&world);
    let address = listening.address.clone();
    let (body, huge) = (event("M1"), vec![b' '; (64 << 10) + 1]);
    let right = sign(body.as_bytes());
    let status = |path: &str, signature: &str, body: &[u8]| {
        send(&address, path, &[("x-spark-signature", signature)], body).unwrap().0
    };
    assert_eq!(status("/", &sign(b"another"), body.as_bytes()), 401);
    assert_eq!(status("/", &right, body.replace("M1", "M2").as_bytes()), 401, "a changed byte");
    assert_eq!(status("/", "nonsense", body.as_bytes()), 401);
    assert_eq!(send(&address, "/", &[], body.as_bytes()).unwrap().0, 401, "no signature");
    assert_eq!(status("/", &sign(&huge), &huge), 413);
    assert_eq!(status("/", &sign(b"a=b"), b"a=b"), 400);
    assert_eq!(status("/", &sign(b"{\"a\":\"\xff\"}"), b"{\"a\":\"\xff\"}"), 400);
    assert_eq!(status("/other", &right, body.as_bytes()), 404);
    assert_eq!(status("/health", &right, body.as_bytes()), 405);
    assert_eq!((listening.get("/").0, listening.get("/other").0), (405, 404));
    assert_eq!(exchange(&address, b"nonsense\r\n\r\n").unwrap().0, 400);
    assert!(!world.path(INBOX).exists());
    assert_eq!(status("/", &right, body.as_bytes()), 200);
    listening.until_said("M1: done");
    assert_eq!(listening.end("INT"), Some(0));
    let said = listening.said();
    assert!(said.contains("a request was turned away: the signature is wrong\n"), "{said}");
    assert_eq!(said.matches("turned away").count(), 1, "strangers do not fill the log: {said}");
}

#[test]
fn the_path_is_that_of_the_public_address() {
    let world = Receiving::at("https://roulette.example.com/hooks/webex/");
    let listening = Listening::here(&world);
    let (body, signature) = (event("M1"), sign(event("M1").as_bytes()));
    let status =
        |path: &str| send(&listening.address, path, &[("x-spark-signature", &signature)], body.as_bytes()).unwrap().0;
    assert_eq!([status("/"), status("/hooks"), status("/hooks/webex"), status("/hooks/webex/")], [404, 404, 200, 200]);
}

#[test]
fn slow_ones_are_cut_off_and_stop_nobody() {
    let world = Receiving::new();
    let mut listening = Listening::here(&world);
    let body = event("M1");
    let whole = request("/", &[("x-spark-signature", &sign(body.as_bytes()))], body.as_bytes());
    let slow = |bytes: &[u8]| {
        let mut stream = TcpStream::connect(&listening.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(bytes).unwrap();
        stream
    };
    let held = [slow(b""), slow(b"POST / HTTP/1.1\r\nhost"), slow(&whole[..whole.len() - 1])];
    assert_eq!(listening.deliver(&event("M2")), 200);
    for stream in held {
        let answer = read(stream);
        let is_open = |error: &std::io::Error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
        let is_cut = answer.as_ref().map_or_else(|error| !is_open(error), |(status, _)| *status == 400);
        assert!(is_cut, "{answer:?}");
    }
    // More than there are places for: the first of them have theirs taken away, and nobody waits for the others.
    let crowd: Vec<_> = (0..540).map(|_| slow(b"POST ")).collect();
    assert_eq!(listening.deliver(&event("M3")), 200);
    let is_open = |mut stream: &TcpStream| {
        stream.set_nonblocking(true).unwrap();
        stream.read(&mut [0; 100]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    };
    assert!(!is_open(&crowd[0]) && is_open(&crowd[400]));
    drop(crowd);
    listening.until_said("M3: done");
    let _idle = [slow(b""), slow(b"POST / HTTP/1.1\r\nhost")];
    assert_eq!(listening.end("TERM"), Some(0), "nobody keeps it from ending");
    assert!(!listening.said().contains("M1"));
}

#[test]
fn the_same_event_delivered_twice_waits_once() {
    let world = Receiving::new();
    let other = another_at_it(&world);
    let listening = Listening::here(&world);
    for body in [event("M1"), event("M1").replace("\"w\"", "\"w2\""), event("M2")] {
        assert_eq!(listening.deliver(&body), 200);
    }
    assert_eq!(listening.waiting(), r#"{"waiting":2}"#);
    drop(other);
    listening.until_said("M2: done");
    assert_eq!(listening.said().matches("M1: done").count(), 1, "{}", listening.said());
}

#[test]
fn killed_between_keeping_and_handling_it_is_handled_by_the_next_run() {
    let world = Receiving::new();
    let other = another_at_it(&world);
    let mut listening = Listening::here(&world);
    assert_eq!(listening.deliver(&event("M1")), 200);
    assert_eq!(listening.end("KILL"), None);
    drop(other);
    assert_eq!(waiting(&world), [event("M1")]);
    let run = world.run(&["handle-action"]);
    assert_eq!(run.all(), "--- stderr\n2026-12-01T09:00:00Z messages created M1: done\n--- status 0");
    assert_eq!(world.run(&["handle-action"]).stderr, "");
}

#[test]
fn told_to_end_in_a_burst_it_loses_none_that_it_answered() {
    ended_in_a_burst("TERM", Some(0));
}

#[test]
fn killed_in_a_burst_it_loses_none_that_it_answered() {
    ended_in_a_burst("KILL", None);
}

fn ended_in_a_burst(signal: &str, status: Option<i32>) {
    let world = Receiving::new();
    let _other = another_at_it(&world);
    let mut listening = Listening::here(&world);
    let (answered, heard) = mpsc::channel();
    let deliveries: Vec<_> = (0..6)
        .map(|thread| {
            let (address, answered) = (listening.address.clone(), answered.clone());
            thread::spawn(move || {
                for number in 0.. {
                    let body = event(&format!("M{thread}-{number}"));
                    match send(&address, "/", &[("x-spark-signature", &sign(body.as_bytes()))], body.as_bytes()) {
                        Ok((200, _)) => answered.send(body).unwrap(),
                        Ok((status, _)) => panic!("answered {status}"),
                        Err(_) => break,
                    }
                }
            })
        })
        .collect();
    drop(answered);
    let mut bodies: Vec<String> = heard.iter().take(100).collect();
    listening.signal(signal);
    bodies.extend(heard);
    deliveries.into_iter().for_each(|it| it.join().unwrap());
    assert_eq!(listening.child.wait().unwrap().code(), status, "{}", listening.said());
    let kept = waiting(&world);
    let lost: Vec<_> = bodies.iter().filter(|body| !kept.contains(body)).collect();
    assert!(lost.is_empty() && bodies.len() >= 100, "{} of {} lost: {lost:?}", lost.len(), bodies.len());
}

#[test]
fn a_full_inbox_says_so_until_there_is_room() {
    let world = Receiving::new();
    let other = another_at_it(&world);
    for number in 0..50_000 {
        fs::write(world.path(INBOX).join(format!("20261201T080000.000000Z-{number}.json")), event("M0")).unwrap();
    }
    let listening = Listening::here(&world);
    assert_eq!(listening.deliver(&event("M1")), 503);
    listening.until_said("is full: 50000 events are waiting; hint: handle them with: roulette handle-action\n");
    for number in 1..50_000 {
        fs::remove_file(world.path(INBOX).join(format!("20261201T080000.000000Z-{number}.json"))).unwrap();
    }
    assert_eq!(listening.deliver(&event("M1")), 200);
    drop(other);
    listening.until_said("M1: done");
}

#[test]
fn an_address_in_use_is_told_with_a_way_out() {
    let world = Receiving::new();
    let listening = Listening::here(&world);
    let run = world.run(&["handle-action", "--listen", &listening.address]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("is in use\nhint: "), "{}", run.stderr);
}
