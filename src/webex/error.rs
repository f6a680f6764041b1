//! What goes wrong with a call, as the one who called needs to know it, and as a person reads it.
//! Holds no token and no header.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use super::calls::Who;

/// What a failed call means for the one who made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Webex does not know us: a person must log in.
    Login,
    /// Webex does not know the bot, or its token is missing: the config must be put right.
    Bot,
    /// Webex will not do it, however often it is asked.
    Refused,
    /// What the call was about is not there.
    Gone,
    /// Webex asks to wait longer than a run may take.
    Busy(Duration),
    /// Nothing happened at Webex: it was not reached, or said so. It can be done later.
    NotDone,
    /// It may have happened or not: look it up.
    InDoubt,
    /// The same, and it may even happen yet.
    TimedOut,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What it means.
    pub kind: Kind,
    /// The call: its method and path.
    pub call: String,
    /// What Webex says, or what is in the way.
    pub message: String,
    /// What Cisco's support asks for.
    pub tracking_id: Option<String>,
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

/// Webex does not know us, or would not: nobody is logged in, the login ended, or the bot has no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKnown {
    /// Who is not known.
    pub who: Who,
    /// Why, as a person reads it.
    pub why: String,
}

impl fmt::Display for NotKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for NotKnown {}

/// The body of Webex's errors.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    message: String,
    errors: Vec<Described>,
    #[serde(rename = "trackingId")]
    tracking_id: Option<String>,
    /// Of the addresses for logging in, after the OAuth standard.
    error: String,
    error_description: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Described {
    description: String,
}

/// The longest message that is passed on, in characters.
const LONGEST: usize = 500;

/// What the body of an error answer says, and its tracking id: one line, of all that differs.
pub fn said(status: u16, body: &[u8], header: Option<&str>) -> (String, Option<String>) {
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    let mut parts: Vec<String> = Vec::new();
    let described = body.errors.into_iter().map(|it| it.description);
    for part in [body.message, body.error_description, body.error].into_iter().chain(described) {
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if !part.is_empty() && !parts.iter().any(|known| known.contains(&part)) {
            parts.push(part);
        }
    }
    let said: String = parts.join("; ").chars().take(LONGEST).collect();
    let message = if said.is_empty() { format!("Webex answered {status}") } else { format!("{said} ({status})") };
    (message, body.tracking_id.or_else(|| header.map(str::to_owned)))
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
}
