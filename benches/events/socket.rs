//! A Webex made only for sending events over the websocket at a steady rate, and for answering immediately what is
//! asked about them: each was written by a bot, so that nothing follows from it.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Message, WebSocket, accept};

use crate::{A_SECOND, Running, private, program};

/// How long the last acknowledgements may take.
const PATIENCE: Duration = Duration::from_secs(30);
const UUID: &str = "00000000-0000-4000-8000-";

/// When each event was due, and how long each waited until it was acknowledged.
#[derive(Default)]
struct Waits {
    due: HashMap<String, Instant>,
    waits: Vec<Duration>,
}

/// Sends events at a steady rate, and prints how long each waited.
pub(crate) fn receive(seconds: usize) {
    let many = seconds * A_SECOND;
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("an address");
    let root = format!("http://{}", listener.local_addr().expect("the address"));
    let (waits, (done, ended)) = (Arc::<Mutex<Waits>>::default(), mpsc::channel::<f64>());
    let (town, known) = (root.clone(), Arc::clone(&waits));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (root, waits, done) = (town.clone(), Arc::clone(&known), done.clone());
            thread::spawn(move || serve(stream, &root, many, &waits, &done));
        }
    });
    let dir = tempfile::tempdir().expect("a folder for the run");
    let config = format!(
        "[programme]\nroster = \"staff.csv\"\n[webex]\nbase_url = \"{root}/v1\"\nbot_token = {{ file = \"bot.txt\" }}\n"
    );
    let staff = "email,name,department\np0@example.com,Ann Lee,A\np1@example.com,Bo Moss,B\n";
    for (name, text) in [("config.toml", &*config), ("bot.txt", "bench-bot"), ("staff.csv", staff)] {
        fs::write(dir.path().join(name), text).expect("a file");
        private(&dir.path().join(name));
    }
    let begun = Instant::now();
    let heard = Running::start(program(dir.path()).args(["handle-action", "--listen"]).stdin(Stdio::null()));
    let took = ended.recv().expect("it was connected");
    while waits.lock().expect("waits").waits.len() < many
        && begun.elapsed().as_secs_f64() < took + PATIENCE.as_secs_f64()
    {
        thread::sleep(Duration::from_millis(5));
    }
    let mut waits = waits.lock().expect("waits").waits.clone();
    waits.sort_unstable();
    let at = |share: usize| waits.get(waits.len() * share / 100).map_or(0.0, Duration::as_secs_f64) * 1e3;
    println!(
        "{:>8}  {:>24}  {:>8.0}  {:>8.1}  {:>8.1}  {:>8}  {:>8.1}",
        "socket",
        "alone",
        many as f64 / took,
        at(50),
        at(99),
        many - waits.len().min(many),
        heard.peak()
    );
}

/// Answers one connection, or becomes the websocket.
fn serve(stream: TcpStream, root: &str, many: usize, waits: &Arc<Mutex<Waits>>, done: &Sender<f64>) {
    let mut begin = [0; 12];
    while stream.peek(&mut begin).is_ok_and(|there| there > 0 && there < begin.len()) {}
    if begin.starts_with(b"GET /socket") {
        let socket = accept(stream.try_clone().expect("a connection")).expect("a websocket");
        drop(socket);
        return send(&stream, many, waits, done);
    }
    let mut reader = BufReader::new(stream.try_clone().expect("a connection"));
    let mut stream = stream;
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if !reader.read_line(&mut first).is_ok_and(|read| read > 0) {
            return;
        }
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).is_err() || header.trim().is_empty() {
                break;
            }
            if let Some(value) = header.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let _ = std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink());
        let path = first.split(' ').nth(1).unwrap_or_default();
        let answer = match path {
            path if path.starts_with("/u2c/") => json!({ "serviceLinks": { "wdm": format!("{root}/wdm") } }),
            path if path.starts_with("/wdm/") => json!({
                "devices": [], "url": format!("{root}/wdm/devices/1"), "userId": format!("{UUID}ffffffffffff"),
                "webSocketUrl": format!("{}/socket", root.replacen("http", "ws", 1)),
            }),
            path if path.starts_with("/v1/rooms") => json!({ "items": [] }),
            path if path.starts_with("/v1/people/") => json!({ "id": "b", "type": "bot", "emails": ["b@webex.bot"] }),
            path => json!({ "id": path.rsplit('/').next(), "personId": "b", "text": "done" }),
        };
        let body = answer.to_string();
        // The websocket comes on a connection of its own.
        let is_last = ["/u2c/", "/wdm/", "/v1/people/"].iter().any(|begin| path.starts_with(begin));
        let close = if is_last { "connection: close\r\n" } else { "" };
        let head = format!(
            "HTTP/1.1 200 OK\r\n{close}content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all((head + &body).as_bytes()).is_err() || is_last {
            return;
        }
    }
}

/// Sends all events, and records what is acknowledged.
fn send(stream: &TcpStream, many: usize, waits: &Arc<Mutex<Waits>>, done: &Sender<f64>) {
    let half = || WebSocket::from_raw_socket(stream.try_clone().expect("a connection"), Role::Server, None);
    stream.set_nodelay(true).expect("no delay");
    let (mut reader, mut writer) = (half(), half());
    let (pong, pongs) = mpsc::channel::<Value>();
    let known = Arc::clone(waits);
    thread::spawn(move || {
        while let Ok(message) = reader.read() {
            let Ok(frame) = serde_json::from_slice::<Value>(&message.into_data()) else { continue };
            match frame["type"].as_str() {
                Some("ack") => {
                    let mut waits = known.lock().expect("waits");
                    let due = waits.due.remove(frame["messageId"].as_str().unwrap_or_default());
                    waits.waits.extend(due.map(|due| due.elapsed()));
                }
                _ => drop(pong.send(frame)),
            }
        }
    });
    let say = |writer: &mut WebSocket<TcpStream>, frame: &Value| {
        writer.send(Message::text(frame.to_string())).expect("it is heard");
    };
    // The first is who it is.
    pongs.recv().expect("an authorization");
    say(&mut writer, &json!({ "id": "ready", "data": { "eventType": "mercury.buffer_state" } }));
    let begun = Instant::now();
    for number in 0..many {
        let due = begun + Duration::from_secs(1) * u32::try_from(number).expect("a number") / A_SECOND as u32;
        loop {
            match pongs.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(ping) => say(&mut writer, &json!({ "id": ping["id"], "type": "pong" })),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        let id = format!("{UUID}{number:012x}");
        waits.lock().expect("waits").due.insert(id.clone(), due);
        say(
            &mut writer,
            &json!({ "id": id, "data": { "eventType": "conversation.activity", "activity": {
            "id": id, "verb": "post", "actor": { "entryUUID": format!("{UUID}aaaaaaaaaaaa") },
            "target": { "id": format!("{UUID}bbbbbbbbbbbb"), "tags": ["ONE_ON_ONE"] },
        } } }),
        );
    }
    let _ = done.send(begun.elapsed().as_secs_f64());
    while let Ok(ping) = pongs.recv() {
        say(&mut writer, &json!({ "id": ping["id"], "type": "pong" }));
    }
}
