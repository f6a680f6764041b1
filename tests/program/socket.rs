//! Hearing people without a public address: the real listener on the small Webex's websocket, and whatever can happen
//! to it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::support::booked::Booked;
use crate::support::chat::{Chat, data};
use crate::support::until;
use crate::support::world::{NOW, roster};

/// Webex cannot reach it.
pub(crate) const UNREACHED: &str = "[webhook]\npublic_url = \"\"";
/// What it prints once it hears.
const READY: &str = "listening on Webex's websocket at 127.0.0.1";

/// `handle-action --listen` until it is dropped.
pub(crate) struct Listening {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Listening {
    /// Starts it, and waits until it hears; none where it ends before that.
    pub(crate) fn start(chat: &Chat, log: &Arc<Mutex<String>>) -> Option<Self> {
        Self::of(&chat.booked, &chat.now.borrow(), &[], log)
    }

    /// The same with more options.
    pub(crate) fn of(booked: &Booked, now: &str, args: &[&str], log: &Arc<Mutex<String>>) -> Option<Self> {
        let mut command = booked.command(now, &[&["handle-action", "--listen"], args].concat());
        // Nothing is signed here.
        command.env_remove("ROULETTE_WEBHOOK_SECRET");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::clone(log);
        let (mut stderr, heard) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&said));
        thread::spawn(move || {
            let mut line = String::new();
            while stderr.read_line(&mut line).is_ok_and(|read| read > 0) {
                heard.lock().unwrap().push_str(&std::mem::take(&mut line));
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let listening = Self { child, said };
        assert!(line.is_empty() || line.trim_end() == READY, "{line}");
        (!line.is_empty()).then_some(listening)
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    fn is_over(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// The exit status, once it ends by itself.
    fn status(&mut self) -> Option<i32> {
        until("it ends", || self.is_over());
        self.child.wait().unwrap().code()
    }

    /// The exit status after a signal.
    pub(crate) fn end(&mut self, signal: &str) -> Option<i32> {
        Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code()
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What happens while somebody is heard.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    None,
    /// This fault, once it listens.
    Fault(&'static str),
    /// This fault before it listens.
    Before(&'static str),
    /// It is killed once this many frames of the kind were there.
    Killed(&'static str),
    /// It is killed once the event is handled.
    KilledAfter,
}

/// What somebody does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    Says(&'static str, &'static str),
    /// Who has it, taps a button of that name, with what is filled in.
    Taps(&'static str, &'static str),
}

impl Does {
    /// Does it, and gives the id of what was done.
    fn act(self, chat: &Chat) -> String {
        let webex = &chat.booked.webex;
        let done = match self {
            Self::Says(email, text) => webex.say(email, text),
            Self::Taps(action, inputs) => {
                let (email, message, mut data) = button(chat, action);
                let inputs: Value = serde_json::from_str(inputs).unwrap();
                data.as_object_mut().unwrap().extend(inputs.as_object().unwrap().clone());
                webex.press(&email, &message, &data)
            }
        };
        done["id"].as_str().unwrap().to_owned()
    }
}

/// The first who has a button, with the message and what the button says.
fn button(chat: &Chat, action: &str) -> (String, Value, Value) {
    let emails = (0..4).map(|person| format!("p{person}@example.com"));
    let found = emails.into_iter().find_map(|email| {
        let told = chat.told(&email);
        let (message, data) =
            told.iter().rev().find_map(|message| Some((message["id"].clone(), data(&message["card"], action)?)))?;
        Some((email, message, data))
    });
    found.unwrap_or_else(|| panic!("nobody has “{action}”"))
}

/// Calls and frames whose method and path begin so.
fn count(chat: &Chat, line: &str) -> usize {
    chat.booked.webex.lines().iter().filter(|it| it.starts_with(line)).count()
}

/// Somebody does something while trouble comes over the listener; in the end it is handled.
pub(crate) fn heard(chat: &Chat, does: Does, trouble: Trouble) {
    let log = Arc::<Mutex<String>>::default();
    if let Trouble::Before(fault) = trouble {
        chat.booked.webex.faults(&[fault]);
    }
    let start = || {
        let started = Listening::start(chat, &log);
        // It may have ended at the fault.
        started.unwrap_or_else(|| Listening::start(chat, &log).unwrap_or_else(|| panic!("{}", log.lock().unwrap())))
    };
    let looked = || {
        let recorded = fs::metadata(chat.booked.world.path("roulette-state.json.looked"));
        recorded.ok().map(|file| file.modified().unwrap())
    };
    let before = looked();
    let mut listening = start();
    if let Trouble::Fault(fault) = trouble {
        // What is said from here on is not what it looks back at.
        until("it looked back", || looked() > before);
        chat.booked.webex.faults(&[fault]);
    }
    let before = |kind: &str| count(chat, &format!("FRAME {kind}"));
    let seen = if let Trouble::Killed(kind) = trouble { before(kind) } else { 0 };
    let id = does.act(chat);
    let done = format!(" {id}: done\n");
    if let Trouble::Killed(kind) = trouble {
        until("the frame", || before(kind) > seen);
        listening.kill();
    }
    if let Trouble::KilledAfter = trouble {
        until("it is handled", || listening.said().contains(&done));
        listening.kill();
    }
    until("it is handled", || {
        if listening.is_over() {
            listening = start();
        }
        log.lock().unwrap().contains(&done) || handled(chat, &id)
    });
    // What comes again is known.
    until("nothing waits", || {
        chat.booked
            .world
            .path("roulette-state.json.inbox")
            .read_dir()
            .is_ok_and(|files| files.flatten().all(|file| file.path().extension().is_none_or(|it| it != "json")))
    });
    chat.booked.webex.faults(&[]);
    let ended = listening.end("TERM");
    // The fault may have ended it a moment before.
    let ended = if ended == Some(0) { ended } else { start().end("TERM") };
    assert_eq!(ended, Some(0), "{trouble:?}: {}", log.lock().unwrap());
    the_device_is_deleted(chat);
    let said = log.lock().unwrap().clone();
    assert!(!said.contains("panicked") && !said.contains("set aside"), "{trouble:?}: {said}");
}

fn the_device_is_deleted(chat: &Chat) {
    let lines = chat.booked.webex.lines();
    let last = lines.iter().rposition(|line| line.starts_with("DELETE /wdm") && line.ends_with(" 204"));
    let last = last.unwrap_or_else(|| panic!("{lines:#?}"));
    assert!(lines[last..].iter().all(|line| !line.starts_with("POST /wdm")), "{lines:#?}");
}

/// Whether the state knows that it was.
fn handled(chat: &Chat, id: &str) -> bool {
    chat.booked.world.path("roulette-state.json").exists() && chat.booked.world.read("roulette-state.json").contains(id)
}

/// A month: when, what runs before, and what somebody does.
const MONTH: [(&str, &[&str], Does); 9] = [
    (NOW, &["schedule", "notify"], Does::Says("p0@example.com", "status")),
    (NOW, &[], Does::Taps("suggest", "{}")),
    (NOW, &[], Does::Taps("send", r#"{"date":"2026-12-03","time":"11:00"}"#)),
    (NOW, &[], Does::Taps("yes", "{}")),
    ("2026-12-04T10:00:00Z", &["notify"], Does::Taps("met", "{}")),
    ("2026-12-07T09:00:00Z", &["schedule", "notify"], Does::Says("p1@example.com", "skip")),
    ("2026-12-14T09:00:00Z", &["schedule", "notify"], Does::Says("p3@example.com", "pause 1 week")),
    ("2026-12-14T10:00:00Z", &["notify"], Does::Says("p2@example.com", "help")),
    ("2026-12-18T10:00:00Z", &["schedule", "notify"], Does::Says("p3@example.com", "resume")),
];

/// What everybody was told by the end of a month, and the meetings that stand.
fn month(trouble: Trouble) -> Vec<String> {
    let booked = Booked::new(UNREACHED, &roster(&[2, 2]), &[]);
    booked.world.json(&["pair", "--month", "--seed", "1"]);
    let chat = Chat::at(booked, NOW);
    for (now, runs, does) in MONTH {
        chat.set_now(now);
        chat.booked.webex.clock(now);
        // Somebody listens all the time, as far as the cards know.
        assert_eq!(Listening::start(&chat, &Arc::default()).unwrap().end("TERM"), Some(0));
        for run in runs {
            let run = chat.run(&[run]);
            assert_eq!(run.status, 0, "{now} {trouble:?}: {}", run.all());
        }
        heard(&chat, does, trouble);
        // As the timer does: what a killed listener did not change at Webex is changed by then.
        assert_eq!(chat.run(&["schedule"]).status, 0, "{now} {trouble:?}");
    }
    let told = (0..4).map(|person| {
        let headings = chat.headings(&format!("p{person}@example.com"));
        // Between the steps nobody listens; whether somebody is asked again before or after they answer, is chance.
        let mut said = headings.into_iter();
        let mut once = Vec::new();
        while let Some(heading) = said.next() {
            match &*heading {
                "I could not hear you" => drop(said.next()),
                _ => once.push(heading),
            }
        }
        format!("p{person}: {once:?}")
    });
    told.chain(chat.booked.meetings().into_iter().map(|meeting| format!("{meeting:?}"))).collect()
}

#[test]
fn whatever_happens_to_the_listener_in_a_month_nothing_is_lost_or_done_twice() {
    let calm = month(Trouble::None);
    assert!(calm.iter().any(|line| line.contains("2026-12-03T09:00:00Z")), "it was moved: {calm:#?}");
    let troubles = [
        "drop-before:FRAME:/activity:1",
        "drop-after:FRAME:/activity:1",
        "drop-before:FRAME:/ack:1",
        "drop-after:FRAME:/ack:1",
        "lost:FRAME:/ack:1",
        "twice:FRAME:/activity",
        "close=1000/idle:FRAME:/activity:1",
        "close=1001:FRAME:/activity:1",
        "close=1003:FRAME:/activity:1",
        "close=1005:FRAME:/ack:1",
        "close=1006:FRAME:/activity:1",
        "close=1011:FRAME:/activity:1",
        "close=4000/replaced:FRAME:/activity:1",
        "close=4400:FRAME:/activity:1",
        "close=4401:FRAME:/ack:1",
        "close=4403:FRAME:/activity:1",
    ]
    .map(Trouble::Fault);
    let before =
        ["stale:GET:/mercury:1", "500::/wdm:1", "close=4401:FRAME:/authorization:1", "drop-after:FRAME:/ready:1"];
    let killed = ["/activity", "/ack"].map(Trouble::Killed);
    let all: Vec<Trouble> =
        troubles.into_iter().chain(before.map(Trouble::Before)).chain(killed).chain([Trouble::KilledAfter]).collect();
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(4)) {
            let calm = &calm;
            scope.spawn(move || part.iter().for_each(|trouble| assert_eq!(month(*trouble), *calm, "{trouble:?}")));
        }
    });
}

#[test]
fn whatever_happens_at_any_call_or_frame_somebody_is_answered_once() {
    let chat = || {
        let chat = Chat::new(4, &format!("parallel = 1\n{UNREACHED}"));
        chat.booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
        chat
    };
    let status = Does::Says("p0@example.com", "status");
    let calm = chat();
    heard(&calm, status, Trouble::None);
    let lines = calm.booked.webex.lines();
    let frames = lines.iter().filter(|line| line.starts_with("FRAME ")).count();
    // Not the last, by which the device is deleted.
    let calls = lines.len() - frames - 1;
    assert!(frames >= 4 && calls >= 7, "{lines:#?}");
    let of_calls = (1..=calls).flat_map(|at| {
        ["500", "drop-before", "drop-after", "no-answer-after", "401"].map(|kind| format!("{kind}:::{at}"))
    });
    let of_frames = (1..=frames).flat_map(|at| {
        ["drop-before", "drop-after", "twice", "close=1001", "close=4000"].map(|kind| format!("{kind}:FRAME::{at}"))
    });
    let all: Vec<&'static str> = of_calls.chain(of_frames).map(|fault| &*fault.leak()).collect();
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(4)) {
            scope.spawn(move || {
                for fault in part {
                    let chat = chat();
                    heard(&chat, status, Trouble::Before(fault));
                    assert_eq!(chat.told("p0@example.com").len(), 1, "{fault}");
                }
            });
        }
    });
}

#[test]
fn each_end_of_the_websocket_has_its_line_and_its_status() {
    for (fault, status, line) in [
        (
            "close=4000/replaced",
            1,
            "error: another connection has taken the place of this one at Webex's websocket (4000)",
        ),
        (
            "close=4403",
            1,
            "error: Webex refuses this connection (4403), and asks roulette not to connect again\nhint: ",
        ),
        (
            "close=1003/odd",
            1,
            "error: Webex refuses this connection (1003 “odd”), and asks roulette not to connect again\n",
        ),
        ("close=4401", 4, "error: Webex refuses the bot's token on the websocket (4401)\nhint: put the bot's token"),
    ] {
        let chat = Chat::new(4, UNREACHED);
        chat.booked.webex.faults(&[&format!("{fault}:FRAME:/ready")]);
        let run = chat.run(&["handle-action", "--listen"]);
        assert!(run.status == status && run.stderr.contains(line), "{fault}: {}", run.all());
    }
    let chat = Chat::new(4, UNREACHED);
    let log = Arc::<Mutex<String>>::default();
    let mut first = Listening::start(&chat, &log).unwrap();
    let _second = Listening::start(&chat, &Arc::default()).unwrap();
    assert_eq!(first.status(), Some(1));
    until("it says why", || log.lock().unwrap().contains("(4000)"));

    let chat = Chat::new(4, UNREACHED);
    let run = chat.booked.world.finish(
        chat.booked.command(NOW, &["handle-action", "--listen"]).env("ROULETTE_BOT_TOKEN", "a-token-of-yesterday"),
    );
    assert!(run.status == 4 && run.stderr.contains("hint: put the bot's token where"), "{}", run.all());
    let run = chat
        .booked
        .world
        .finish(chat.booked.command(NOW, &["handle-action", "--listen"]).env_remove("ROULETTE_BOT_TOKEN"));
    assert!(run.status == 4 && run.stderr.contains("ROULETTE_BOT_TOKEN is not set"), "{}", run.all());
}

#[test]
fn what_the_websocket_does_not_know_is_asked_of_another_cluster() {
    let chat = Chat::new(4, UNREACHED);
    for (does, fault) in [
        (Does::Says("p0@example.com", "status"), "404:GET:/messages/:1"),
        (Does::Says("p0@example.com", "status"), "404:GET:/messages/:1-2"),
    ] {
        let before = chat.told("p0@example.com").len();
        let asked = count(&chat, "GET /conversation/api/v1/messages/");
        heard(&chat, does, Trouble::Fault(fault));
        assert_eq!(chat.told("p0@example.com").len(), before + 1, "{fault}");
        assert!(count(&chat, "GET /conversation/api/v1/messages/") > asked, "{fault}");
    }
}
