//! `roulette sandbox` as a child process, and calls to it over real HTTP.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Once;

use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::support::world::{NO_FOLDER, NOW};

pub(crate) const ORGANIZER: &str = "organizer@example.com";

/// A sandbox that runs until it is dropped.
pub(crate) struct SmallWebex {
    child: Child,
    /// Such as `http://127.0.0.1:34567`.
    pub(crate) root: String,
    client: Client,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    headers: reqwest::header::HeaderMap,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body of an answer that must be good.
    pub(crate) fn ok(self) -> Value {
        assert!(self.status < 300, "{}: {}", self.status, self.body);
        self.body
    }

    /// What an error says is wrong.
    pub(crate) fn why(&self) -> Vec<&str> {
        assert!(self.status >= 400, "{}: {}", self.status, self.body);
        assert!(self.body["message"].is_string() && self.body["trackingId"].is_string(), "{}", self.body);
        let errors = self.body["errors"].as_array().unwrap();
        errors.iter().map(|error| error["description"].as_str().unwrap()).collect()
    }
}

impl SmallWebex {
    /// With the example company, at the moment of the tests.
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roulette"));
        command.env_clear().env("TZDIR", NO_FOLDER).current_dir(std::env::temp_dir()).args([
            "--now",
            NOW,
            "sandbox",
            "--listen",
            "127.0.0.1:0",
        ]);
        Self::run(command.args(args))
    }

    /// Any command line that starts one.
    pub(crate) fn run(command: &mut Command) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(root) = line.trim_end().strip_prefix("listening on ") else {
            panic!("{line}{}", said(child.stderr.take()));
        };
        let client = Client::builder().redirect(Policy::none()).pool_max_idle_per_host(0).build().unwrap();
        Self { child, root: root.to_owned(), client }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal, and waits for the end: the exit status, and what was said on stderr.
    pub(crate) fn end(&mut self, signal: &str) -> (Option<i32>, String) {
        Command::new("kill").args(["-s", signal, &self.id().to_string()]).status().unwrap();
        let status = self.child.wait().unwrap().code();
        (status, said(self.child.stderr.take()))
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.parse().unwrap();
        self.client.request(method, format!("{}{path}", self.root))
    }

    /// Any call; `token` may be empty, `body` null.
    pub(crate) fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> Reply {
        let mut request = self.request(method, path);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        read(request)
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Reply {
        self.call(token, "GET", path, &Value::Null)
    }

    pub(crate) fn post(&self, token: &str, path: &str, body: &Value) -> Reply {
        self.call(token, "POST", path, body)
    }

    pub(crate) fn form(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        read(self.request("POST", path).form(form))
    }

    /// An access token of that person.
    pub(crate) fn login(&self, email: &str) -> String {
        self.login_with(&json!({ "email": email }))
    }

    pub(crate) fn login_with(&self, login: &Value) -> String {
        let tokens = self.post("", "/sandbox/login", login).ok();
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    /// Somebody types something to the bot: the message.
    pub(crate) fn say(&self, email: &str, text: &str) -> Value {
        self.post("", "/sandbox/say", &json!({ "email": email, "text": text })).ok()
    }

    /// Somebody types something in the organizers' space.
    pub(crate) fn say_in_space(&self, email: &str, text: &str) -> Value {
        let said = json!({ "email": email, "text": text, "room": roulette::sandbox::organizers_space() });
        self.post("", "/sandbox/say", &said).ok()
    }

    /// Somebody taps a button of a message, with what they filled in: what Webex keeps of it.
    pub(crate) fn press(&self, email: &str, message: &Value, inputs: &Value) -> Value {
        let press = json!({ "email": email, "messageId": message, "inputs": inputs });
        self.post("", "/sandbox/press", &press).ok()
    }

    pub(crate) fn faults(&self, specs: &[&str]) {
        self.call("", "PUT", "/sandbox/faults", &json!(specs)).ok();
    }

    pub(crate) fn clock(&self, now: &str) {
        self.call("", "PUT", "/sandbox/clock", &json!({ "now": now })).ok();
    }

    /// Every call to `/v1` so far.
    pub(crate) fn calls(&self) -> Vec<Value> {
        self.get("", "/sandbox/calls").ok().as_array().unwrap().clone()
    }

    /// Method, path and status of every call to `/v1` so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = |value: &Value| value.to_string().trim_matches('"').to_owned();
        let line =
            |call: &Value| format!("{} {} {}", text(&call["method"]), text(&call["path"]), text(&call["status"]));
        self.calls().iter().map(line).collect()
    }

    pub(crate) fn model(&self) -> Value {
        self.get("", "/sandbox/model").ok()
    }

    /// What was written in the organizers' space, in order.
    pub(crate) fn messages_in_space(&self) -> Vec<Value> {
        let space = roulette::sandbox::organizers_space();
        let messages = self.model()["messages"].as_array().unwrap().clone();
        messages.into_iter().filter(|message| message["room"] == space.as_str()).collect()
    }

    /// The texts of what was written in the organizers' space, in order.
    pub(crate) fn texts_in_space(&self) -> Vec<String> {
        let messages = self.messages_in_space();
        messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for SmallWebex {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn read(request: RequestBuilder) -> Reply {
    let reply: Response = request.send().unwrap();
    let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
    let text = reply.text().unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Reply { status, body, headers }
}

fn said(stderr: Option<ChildStderr>) -> String {
    let mut text = String::new();
    stderr.unwrap().read_to_string(&mut text).unwrap();
    text
}
