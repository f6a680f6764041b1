//! The log of calls, and of frames of the websocket: what came, and what became of it. Never a token or another secret.
//! Knows no model.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::faults::FRAME;
use super::http::Call;

/// Older calls are forgotten.
const KEPT: usize = 20_000;

/// The calls so far.
#[derive(Debug, Default)]
pub(super) struct Calls {
    kept: VecDeque<Entry>,
    count: u64,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    method: String,
    path: String,
    body: Value,
    status: Value,
}

impl Calls {
    /// Notes that a call came, and gives its number.
    pub(super) fn arrived(&mut self, call: &Call) -> u64 {
        let path = if call.query.is_empty() { call.path.clone() } else { format!("{}?{}", call.path, call.query) };
        self.note(call.method.clone(), path, body(call))
    }

    /// Notes a frame of a websocket by what it is, and gives its number.
    pub(super) fn frame(&mut self, what: &str) -> u64 {
        self.note(FRAME.to_owned(), what.to_owned(), Value::Null)
    }

    fn note(&mut self, method: String, path: String, body: Value) -> u64 {
        self.count += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        let number = self.count;
        self.kept.push_back(Entry { number, method, path, body, status: Value::Null });
        number
    }

    /// Notes what became of it.
    pub(super) fn answered(&mut self, number: u64, status: Value) {
        if let Some(entry) = self.kept.iter_mut().rfind(|entry| entry.number == number) {
            entry.status = status;
        }
    }

    /// Forgets all. Numbers go on.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }

    /// From the call with that number on.
    pub(super) fn json(&self, from: u64) -> Value {
        let entry = |entry: &Entry| {
            let Entry { number, method, path, body, status } = entry;
            json!({ "number": number, "method": method, "path": path, "body": body, "status": status })
        };
        self.kept.iter().filter(|entry| entry.number >= from).map(entry).collect()
    }
}

/// The body where it is JSON, without secrets.
fn body(call: &Call) -> Value {
    if ["/v1/access_token", "/v1/authorize"].contains(&call.path.as_str()) || call.path.starts_with("/v1/device/") {
        return Value::Null;
    }
    let mut body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    if let Some(secret) = body.get_mut("secret") {
        *secret = json!("…");
    }
    body
}
