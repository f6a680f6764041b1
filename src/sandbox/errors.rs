//! Refusals, with the body that Webex gives every error: `message`, `errors[].description`, `trackingId`. Knows HTTP
//! statuses and words; does not know what was requested.

use serde_json::{Value, json};

use super::http::Answer;

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    message: String,
    details: Vec<String>,
    retry_after: Option<u64>,
    allow: Option<String>,
}

/// The tracking id of the call with this number.
pub(super) fn tracking_id(number: u64) -> String {
    format!("SANDBOX_{number:08X}")
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: Vec::new(), retry_after: None, allow: None }
    }

    /// A refusal with 400 that lists everything that is wrong.
    pub(super) fn invalid(details: Vec<String>) -> Self {
        Self { details, ..Self::new(400, "The request is not valid.") }
    }

    /// A refusal with 400 for one reason.
    pub(super) fn bad(detail: impl Into<String>) -> Self {
        Self::invalid(vec![detail.into()])
    }

    pub(super) fn unauthorized(why: &str) -> Self {
        Self::new(401, format!("The request needs a valid access token: {why}."))
    }

    pub(super) fn forbidden(why: impl Into<String>) -> Self {
        Self::new(403, why)
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(404, format!("{what} was not found."))
    }

    pub(super) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(super) fn allow(mut self, methods: String) -> Self {
        self.allow = Some(methods);
        self
    }

    /// The answer; `number` is the call's, which its tracking id shows.
    pub(super) fn answer(&self, number: u64) -> Answer {
        let tracking = tracking_id(number);
        let descriptions = if self.details.is_empty() { std::slice::from_ref(&self.message) } else { &self.details };
        let errors: Vec<Value> = descriptions.iter().map(|it| json!({ "description": it })).collect();
        let body = json!({ "message": self.message, "errors": errors, "trackingId": tracking });
        let mut answer = Answer::json(&body).status(self.status).header("trackingid", tracking);
        if let Some(seconds) = self.retry_after {
            answer = answer.header("retry-after", seconds.to_string());
        }
        if let Some(methods) = &self.allow {
            answer = answer.header("allow", methods.clone());
        }
        answer
    }
}
