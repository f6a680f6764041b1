//! What goes wrong with a call, in a form for the caller and for people. Contains no token and no header; a secret that
//! Webex repeats is removed.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::calls::Who;
use crate::secrets;

/// What a failed call means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Webex does not know us: a person must log in.
    Login,
    /// Webex does not know the bot, or its token is missing: the config must be corrected.
    Bot,
    /// Webex will not do it, however often it is asked.
    Refused,
    /// What the call was about is not there.
    Gone,
    /// Something on this machine prevents every call, such as a file that cannot be read.
    Here,
    /// Our clock differs from Webex's: it changes nothing at Webex.
    Clock,
    /// Webex asks for a longer wait than a run may take.
    Busy(Duration),
    /// Webex accepts no more of these for now, and does not say until when: a quota is used up.
    Exhausted,
    /// Nothing happened at Webex: it was not reached, or said so. It can be done later.
    NotDone,
    /// The same, for a reason that concerns only this one thing.
    NotYet,
    /// It may or may not have happened: look it up.
    InDoubt,
    /// The same, and it may even happen later.
    TimedOut,
}

/// What became of the thing for which Webex was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Webex will not do it.
    Refused,
    /// What it is about is not there.
    Gone,
    /// Nothing happened; it can be done later.
    NotDone,
    /// It may or may not have happened.
    InDoubt,
}

impl Kind {
    /// What became of it, according to the kind of error.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Refused => Outcome::Refused,
            Self::Gone => Outcome::Gone,
            Self::Login
            | Self::Bot
            | Self::Here
            | Self::Clock
            | Self::Busy(_)
            | Self::Exhausted
            | Self::NotDone
            | Self::NotYet => Outcome::NotDone,
            Self::InDoubt | Self::TimedOut => Outcome::InDoubt,
        }
    }
}

/// A call that failed, and what that means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What the failure means for the caller.
    pub kind: Kind,
    /// The call: its method and path.
    pub call: String,
    /// What Webex says, or what the obstacle is.
    pub message: String,
    /// The tracking id that Cisco's support asks for.
    pub tracking_id: Option<String>,
    /// The status of Webex's answer, if there was one.
    pub status: Option<u16>,
}

impl Error {
    /// An error that is not Webex's own answer.
    pub fn new(kind: Kind, call: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind, call: call.into(), message: message.into(), tracking_id: None, status: None }
    }

    /// The same with another meaning.
    #[must_use]
    pub fn meaning(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// The failure without Webex's own words, which may repeat what was sent to it.
    pub fn brief(&self) -> String {
        let tracked = self.tracking_id.as_ref().map(|id| format!(" (tracking id {id})")).unwrap_or_default();
        self.status.map_or_else(|| self.message.clone(), |status| format!("Webex answered {status}{tracked}"))
    }

    /// Whether its words contain one of these, in any case.
    pub fn says(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|word| message.contains(word))
    }

    /// Whether every further call of the run would fail as well.
    pub fn affects_all_calls(&self) -> bool {
        matches!(self.kind, Kind::Login | Kind::Bot | Kind::Here | Kind::Clock | Kind::Busy(_) | Kind::Exhausted)
    }

    /// What it has in common with similar errors for others: its words without numbers and addresses.
    pub fn likeness(&self) -> String {
        let word = |word: &str| {
            let word: String = word.chars().map(|it| if it.is_ascii_digit() { '#' } else { it }).collect();
            if word.contains('@') { "@".to_owned() } else { word }
        };
        self.message.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.message)?;
        match &self.tracking_id {
            Some(id) => write!(f, " (tracking id {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// Webex does not know the caller, or would not: nobody is logged in, the login ended, or the bot has no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKnown {
    /// The caller who is not known.
    pub who: Who,
    /// The reason, for people to read.
    pub why: String,
}

impl fmt::Display for NotKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for NotKnown {}

/// The longest message that is passed on, in characters.
const LONGEST: usize = 500;

/// The members of an error's body that hold words, in the order in which they are reported.
const WORDS: [&str; 5] = ["message", "error_description", "error", "errors", "description"];

/// What the body of an error answer says, and its tracking id: one line, without repetitions. Whatever the rest of the
/// body looks like, everything readable in it is used.
pub fn said(status: u16, body: &[u8], header: Option<&str>) -> (String, Option<String>) {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut parts: Vec<String> = Vec::new();
    words(&body, &mut parts);
    let said: String = parts.join("; ").chars().take(LONGEST).collect();
    let message = if said.is_empty() { format!("Webex answered {status}") } else { format!("{said} ({status})") };
    let id = text(&body["trackingId"]).filter(|id| !id.trim().is_empty());
    let id = id.or_else(|| header.map(str::to_owned));
    (message, id.map(|id| secrets::strike(&id).chars().take(LONGEST).collect()))
}

/// All distinct words of a body.
fn words(body: &Value, parts: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            WORDS.iter().filter_map(|name| fields.get(*name)).for_each(|value| words(value, parts));
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, parts)),
        other => {
            let Some(text) = text(other) else { return };
            // Before the text is cut, so that no half of a secret remains.
            let part = secrets::strike(&text).split_whitespace().collect::<Vec<_>>().join(" ");
            if !part.is_empty() && !parts.iter().any(|known| known.contains(&part)) {
                parts.push(part);
            }
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Statuses that gateways between us and Webex return by themselves.
const OF_GATEWAYS: [u16; 6] = [403, 407, 408, 421, 425, 499];

/// Whether an answer with an error status is Webex's own, and not that of a proxy, a portal or a firewall on the way.
/// Webex's errors are JSON with a message, and have a tracking id.
pub fn is_webexs(status: u16, body: &[u8], has_tracking_id: bool) -> bool {
    if status >= 500 || status == 429 || has_tracking_id {
        return true;
    }
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else { return false };
    let has = |names: &[&str]| names.iter().any(|name| fields.contains_key(*name));
    let by_gateways = OF_GATEWAYS.contains(&status) || status < 400;
    has(&["trackingId", "errors", "error"]) || (!by_gateways && has(&["message"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_a_body_still_says_its_status() {
        assert_eq!(said(502, b"", None), ("Webex answered 502".to_owned(), None));
        assert_eq!(said(502, b"<html>", Some("ROUTER_1")).1.as_deref(), Some("ROUTER_1"));
    }

    #[test]
    fn webex_s_words_are_told_once_on_one_line_with_its_tracking_id() {
        let body = br#"{"message":"Bad\nrequest.","errors":[{"description":"Bad request."},{"description":"`start` is in the past"}],
            "trackingId":"ROUTER_2"}"#;
        let (message, id) = said(400, body, None);
        assert_eq!(message, "Bad request.; `start` is in the past (400)");
        assert_eq!(id.as_deref(), Some("ROUTER_2"));
    }

    #[test]
    fn message_and_tracking_id_survive_whatever_the_rest_looks_like() {
        for rest in [
            r#""errors":null"#,
            r#""errors":[]"#,
            r#""errors":true"#,
            r#""errors":[null,{},{"description":null},[]]"#,
            r#""errors":{"description":null}"#,
            r#""error":null,"error_description":{"a":1}"#,
            r#""unknown":true"#,
        ] {
            let body = format!(r#"{{"message":"No.","trackingId":"R_1",{rest}}}"#);
            let expected = ("No. (400)".to_owned(), Some("R_1".to_owned()));
            assert_eq!(said(400, body.as_bytes(), None), expected, "{rest}");
        }
        let listed = br#"{"message":null,"errors":["`start` is over","`end` too"],"trackingId":null}"#;
        assert_eq!(said(400, listed, Some("R_2")), ("`start` is over; `end` too (400)".into(), Some("R_2".into())));
    }

    #[test]
    fn a_secret_that_is_repeated_is_struck_out_before_the_words_are_cut() {
        secrets::remember(&"Bearer-of-very-bad-news".into());
        let long = format!("{}Bearer-of-very-bad-news", "x".repeat(LONGEST - 5));
        let body = serde_json::json!({ "message": long, "trackingId": "Bearer-of-very-bad-news" }).to_string();
        let (message, id) = said(400, body.as_bytes(), None);
        assert!(!message.contains("Beare") && id.as_deref() == Some("…"), "{message}");
    }

    #[test]
    fn what_stands_between_us_and_webex_is_not_webex() {
        let webexs = br#"{"message":"No.","errors":null,"trackingId":"R_1"}"#;
        for status in [302, 400, 401, 403, 404, 407, 408, 410, 421, 425, 499] {
            assert!(is_webexs(status, webexs, false), "{status}");
            assert!(is_webexs(status, b"", true), "{status}");
            for body in [&b""[..], b"<html>", b"Forbidden", b"[]", b"null", b"{}"] {
                assert!(!is_webexs(status, body, false), "{status}");
            }
        }
        let short = br#"{"message":"Forbidden"}"#;
        assert!(is_webexs(400, short, false) && !is_webexs(403, short, false));
        assert!(is_webexs(503, b"<html>", false), "it is short of something, whoever says so");
    }

    #[test]
    fn errors_are_alike_that_differ_in_numbers_and_addresses_only() {
        let error = |message| Error::new(Kind::Refused, "POST /meetings", message).likeness();
        assert_eq!(error("a@b.c may not, 17 is too many"), error("long@example.com may not, 42 is too many"));
        assert_ne!(error("one"), error("another"));
    }
}
