//! A call as it arrived and the answer to it, as plain values. Knows no socket, no model and no rule, only how to read
//! the parts of a request.

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::form_urlencoded;

use super::errors::Refusal;
use super::oauth::Caller;

/// A complete request, as it was read.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: String,
    /// The path, including `/v1` if it has that.
    pub(super) path: String,
    /// The query as sent, without the `?`.
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// The name and the text of the file in the request, if there is one: then the rest of the form is the body, as
    /// JSON.
    pub(super) file: Option<(String, String)>,
    /// The time by the sandbox's clock.
    pub(super) now: DateTime<Utc>,
    /// How long the sandbox has been running, by a clock that nobody sets.
    pub(super) uptime: Duration,
    /// The address at which the caller finds the sandbox, such as `http://127.0.0.1:8800`.
    pub(super) root: String,
    /// The caller, once they are known.
    pub(super) caller: Option<Caller>,
    /// The value of `{id}` in the path.
    pub(super) id: String,
}

impl Call {
    /// The value of the header with that name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// The caller, or a refusal if the call carries no valid token.
    pub(super) fn caller(&self) -> Result<&Caller, Refusal> {
        self.caller.as_ref().ok_or_else(|| Refusal::unauthorized("there is none"))
    }

    /// The query, if every parameter is one of these and none occurs twice.
    pub(super) fn query(&self, known: &[&str]) -> Result<Pairs, Refusal> {
        let pairs = Pairs::read(self.query.as_bytes())?;
        match pairs.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(Refusal::bad(format!("“{name}” is not a parameter of this call"))),
            None => Ok(pairs),
        }
    }

    /// The body as a form.
    pub(super) fn form(&self) -> Result<Pairs, Refusal> {
        Pairs::read(&self.body)
    }

    /// The media type of the body, without parameters, in lower case.
    pub(super) fn media_type(&self) -> Option<String> {
        let header = self.header("content-type")?;
        Some(header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}

/// The decoded pairs of a query or form; every name occurs once.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn read(text: &[u8]) -> Result<Self, Refusal> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text) {
            if pairs.iter().any(|(it, _)| *it == name) {
                return Err(Refusal::bad(format!("“{name}” is there twice")));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn must(&self, name: &str) -> Result<&str, Refusal> {
        let value = self.get(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| Refusal::bad(format!("“{name}” is missing")))
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::bad(format!("“{name}” must be true or false"))),
        }
    }

    /// A whole number from 1 to `most`.
    pub(super) fn max(&self, default: usize, most: usize) -> Result<usize, Refusal> {
        let Some(text) = self.get("max") else { return Ok(default) };
        let max = text.parse().ok().filter(|max| (1..=most).contains(max));
        max.ok_or_else(|| Refusal::bad(format!("“max” must be a number from 1 to {most}")))
    }
}

/// The answer to a call.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(body: &serde_json::Value) -> Self {
        let headers = vec![("content-type", "application/json;charset=UTF-8".to_owned())];
        Self { status: 200, headers, body: body.to_string().into_bytes() }
    }

    pub(super) fn text(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", format!("{media_type}; charset=utf-8"))];
        Self { status: 200, headers, body: body.into() }
    }

    /// An empty answer with status 204.
    pub(super) fn nothing() -> Self {
        Self { status: 204, headers: Vec::new(), body: Vec::new() }
    }

    /// A redirect with status 302.
    pub(super) fn redirect(to: &str) -> Self {
        Self { status: 302, headers: vec![("location", to.to_owned())], body: Vec::new() }
    }

    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// One page of `all` as `{"items": […]}`, with a link to the next one if there is more.
pub(super) fn page(call: &Call, pairs: &Pairs, max: usize, all: Vec<serde_json::Value>) -> Result<Answer, Refusal> {
    let from: usize = match pairs.get("cursor") {
        None => 0,
        Some(text) => text.parse().map_err(|_| Refusal::bad("“cursor” comes from a link to the next page"))?,
    };
    let more = all.len() > from.saturating_add(max);
    let items: Vec<serde_json::Value> = all.into_iter().skip(from).take(max).collect();
    let answer = Answer::json(&serde_json::json!({ "items": items }));
    if !more {
        return Ok(answer);
    }
    let kept = pairs.0.iter().filter(|(name, _)| name != "cursor");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept).append_pair("cursor", &(from + max).to_string());
    let link = format!("<{}{}?{}>; rel=\"next\"", call.root, call.path, query.finish());
    Ok(answer.header("link", link))
}
