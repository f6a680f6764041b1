//! The log of calls, and of websocket frames: what arrived, and the result. It never contains a token or another
//! secret. Knows no model.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::faults::FRAME;
use super::http::Call;

/// How many calls are kept; older ones are forgotten.
const KEPT: usize = 20_000;

/// The calls and frames so far, with their results.
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
    /// Logs that a call arrived, and returns its number.
    pub(super) fn arrived(&mut self, call: &Call) -> u64 {
        let path = if call.query.is_empty() { call.path.clone() } else { format!("{}?{}", call.path, call.query) };
        self.note(call.method.clone(), path, body(call))
    }

    /// Logs a websocket frame by its kind, and returns its number.
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

    /// Logs the result of a call.
    pub(super) fn answered(&mut self, number: u64, status: Value) {
        if let Some(entry) = self.kept.iter_mut().rfind(|entry| entry.number == number) {
            entry.status = status;
        }
    }

    /// Forgets all calls. Numbers continue.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }

    /// The calls with that number and later ones.
    pub(super) fn json(&self, from: u64) -> Value {
        let entry = |entry: &Entry| {
            let Entry { number, method, path, body, status } = entry;
            json!({ "number": number, "method": method, "path": path, "body": body, "status": status })
        };
        self.kept.iter().filter(|entry| entry.number >= from).map(entry).collect()
    }
}

/// The body if it is JSON, without secrets.
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
