//! Sends calls and reads answers: as often as the policy in `retry` says, and never a token elsewhere.
//! Knows HTTP; knows nothing of what the calls are for, nor where tokens are kept.

use std::thread;
use std::time::{Duration, Instant};

use reqwest::blocking::{self, RequestBuilder, Response};
use reqwest::header::{CONTENT_TYPE, LINK, RETRY_AFTER};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use url::Url;

use super::calls::{Call, Method, Who};
use super::error::{Error, Kind, NotKnown, said};
use super::retry::{self, Attempt, Effect, Next, Outcome};
use super::throttle::Throttle;
use super::wire::Page;

/// Pages of a list that are read at most: a list that never ends is a fault of the other side.
const MOST_PAGES: usize = 1_000;
/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: u64 = 16 << 20;

/// Whoever has the tokens. Errors are those that a person reads; only a [`NotKnown`] among their causes means that
/// somebody must see to the login, all others that it can be tried later.
pub trait Tokens: Send + Sync {
    /// A token that is good for all that is known.
    ///
    /// # Errors
    /// Nobody is logged in, or the token cannot be read.
    fn token(&self, who: Who) -> anyhow::Result<SecretString>;

    /// Another token than the one that Webex refused; none where there is no way to get one.
    ///
    /// # Errors
    /// Webex cannot be reached for it, or it cannot be kept.
    fn renew(&self, who: Who, refused: &SecretString) -> anyhow::Result<Option<SecretString>>;
}

/// The connection to Webex. Many threads may use it: they wait together.
pub struct Client<'a> {
    http: blocking::Client,
    root: Url,
    tokens: Box<dyn Tokens + 'a>,
    throttle: Throttle,
    told: Box<dyn Fn(&str) + Send + Sync + 'a>,
}

/// An HTTP client that keeps what is secret: it follows no redirect and speaks plain HTTP to this machine only.
///
/// # Errors
/// The root is no address, or is not safe to send a token to.
pub fn http(root: &str, timeout: Duration) -> anyhow::Result<(blocking::Client, Url)> {
    let url = Url::parse(root).map_err(|error| anyhow::anyhow!("webex.base_url: {root}: {error}"))?;
    let here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    anyhow::ensure!(
        url.scheme() == "https" || here,
        "webex.base_url: {root} is not https: tokens would travel for all to read"
    );
    // Another part of the program may have chosen it already: it is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = blocking::Client::builder()
        .user_agent(concat!("roulette/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(timeout.min(Duration::from_secs(10)))
        .timeout(timeout);
    let builder = if here { builder.no_proxy() } else { builder };
    Ok((builder.build()?, url))
}

impl<'a> Client<'a> {
    /// A client of the Webex at `root`, such as `https://webexapis.com/v1`. `told` hears of every call, but no secret.
    ///
    /// # Errors
    /// Those of [`http`].
    pub fn new(
        root: &str,
        timeout: Duration,
        tokens: impl Tokens + 'a,
        told: impl Fn(&str) + Send + Sync + 'a,
    ) -> anyhow::Result<Self> {
        let (http, root) = http(root, timeout)?;
        Ok(Self { http, root, tokens: Box::new(tokens), throttle: Throttle::default(), told: Box::new(told) })
    }

    /// Makes a call and reads its answer.
    ///
    /// # Errors
    /// Says what Webex says, and what that means.
    pub fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let (_, body) = self.send(call, &self.url(call))?;
        read(call, &body)
    }

    /// Makes a call whose answer does not matter.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn tell(&self, call: &Call) -> Result<(), Error> {
        self.send(call, &self.url(call)).map(|_| ())
    }

    /// Reads a list to its end.
    ///
    /// # Errors
    /// As [`Client::ask`]; also where a page is said to be at another host.
    pub fn list<T: DeserializeOwned>(&self, call: &Call) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        let mut url = self.url(call);
        for _ in 0..MOST_PAGES {
            let (next, body) = self.send(call, &url)?;
            items.extend(read::<Page<T>>(call, &body)?.items);
            let Some(next) = next else { return Ok(items) };
            let next = url.join(&next).ok().filter(|next| next.origin() == self.root.origin());
            url = next.ok_or_else(|| self.fault(call, "Webex names a next page at another address"))?;
        }
        Err(self.fault(call, "the list does not end"))
    }

    #[allow(clippy::unused_self)] // reads as the client's own words
    fn fault(&self, call: &Call, message: &str) -> Error {
        Error { kind: Kind::NotDone, call: call.name(), message: message.to_owned(), tracking_id: None }
    }

    fn url(&self, call: &Call) -> Url {
        let mut url = self.root.clone();
        let path = format!("{}{}", self.root.path().trim_end_matches('/'), call.path);
        url.set_path(&path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        url
    }

    /// Sends a call as often as makes sense: the address of the next page, if there is one, and the body.
    fn send(&self, call: &Call, url: &Url) -> Result<(Option<String>, Vec<u8>), Error> {
        let no_token = |error: &anyhow::Error| {
            let unknown = error.chain().find_map(|cause| cause.downcast_ref::<NotKnown>());
            let kind = unknown.map_or(Kind::NotDone, |unknown| not_known(unknown.who));
            Error { kind, call: call.name(), message: format!("{error:#}"), tracking_id: None }
        };
        let mut token = self.tokens.token(call.who).map_err(|error| no_token(&error))?;
        let mut attempt = Attempt { number: 1, renewed: false, jitter: 0.5 };
        loop {
            self.throttle.pass();
            let sent = Instant::now();
            let answer = self.attempt(call, url, &token);
            (self.told)(&format!("{} → {} in {} ms", call.name(), answer.words(), sent.elapsed().as_millis()));
            attempt.jitter = rand::random();
            match retry::next(call.effect, answer.outcome, attempt) {
                Next::Done => {
                    self.throttle.answered();
                    return Ok((answer.next, answer.body));
                }
                Next::WaitAll(wait) => self.throttle.refused(sent, wait),
                Next::Wait(wait) => thread::sleep(wait),
                Next::Renew => {
                    let renewed = self.tokens.renew(call.who, &token).map_err(|error| no_token(&error))?;
                    token = renewed.ok_or_else(|| answer.error(call.name(), not_known(call.who)))?;
                    attempt.renewed = true;
                    continue;
                }
                Next::Fail(Kind::Login) => return Err(answer.error(call.name(), not_known(call.who))),
                Next::Fail(kind) => return Err(answer.error(call.name(), kind)),
            }
            attempt.number += 1;
        }
    }

    fn attempt(&self, call: &Call, url: &Url, token: &SecretString) -> Answer {
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = self.http.request(method, url.clone()).bearer_auth(token.expose_secret());
        if let Some(body) = &call.body {
            // The one that Webex's specification names for changes.
            let patch = call.method == Method::Patch;
            let kind = if patch { "application/json-patch+json" } else { "application/json" };
            request = request.header(CONTENT_TYPE, kind).body(body.to_string());
        }
        Answer::of(request)
    }
}

fn not_known(who: Who) -> Kind {
    match who {
        Who::Organizer => Kind::Login,
        Who::Bot => Kind::Bot,
    }
}

/// What came back of one attempt.
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    next: Option<String>,
    pub(super) body: Vec<u8>,
    tracking_id: Option<String>,
    /// What was in the way, where nothing came back.
    trouble: String,
}

impl Answer {
    pub(super) fn of(request: RequestBuilder) -> Self {
        match request.send() {
            Ok(response) => Self::read(response),
            Err(error) => Self::none(&error),
        }
    }

    fn read(response: Response) -> Self {
        use std::io::Read;

        let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let after = header(RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        let next = response.headers().get_all(LINK).iter().find_map(|link| next_page(link.to_str().ok()?));
        let tracking_id = header("trackingid");
        let status = response.status().as_u16();
        let mut body = Vec::new();
        let (outcome, trouble) = match response.take(LONGEST_ANSWER).read_to_end(&mut body) {
            Ok(_) => (Outcome::Answered(status, after), String::new()),
            Err(_) if status >= 400 => (Outcome::Answered(status, after), String::new()),
            Err(_) => (Outcome::Broke, "the connection broke in the middle of the answer".to_owned()),
        };
        Self { outcome, next, body, tracking_id, trouble }
    }

    fn none(error: &reqwest::Error) -> Self {
        let (outcome, trouble) = if error.is_connect() || error.is_builder() {
            (Outcome::NotSent, format!("Webex cannot be reached: {}", root_cause(error)))
        } else if error.is_timeout() {
            (Outcome::TimedOut, "no answer came in time".to_owned())
        } else {
            (Outcome::Broke, format!("the connection broke: {}", root_cause(error)))
        };
        Self { outcome, next: None, body: Vec::new(), tracking_id: None, trouble }
    }

    pub(super) fn words(&self) -> String {
        match self.outcome {
            Outcome::Answered(status, _) => status.to_string(),
            Outcome::NotSent | Outcome::Broke | Outcome::TimedOut => self.trouble.clone(),
        }
    }

    /// The error of the call of this name.
    pub(super) fn error(&self, call: String, kind: Kind) -> Error {
        let (message, tracking_id) = match self.outcome {
            Outcome::Answered(status, _) => said(status, &self.body, self.tracking_id.as_deref()),
            Outcome::NotSent | Outcome::Broke | Outcome::TimedOut => (self.trouble.clone(), None),
        };
        Error { kind, call, message, tracking_id }
    }
}

/// The innermost cause: the outer ones repeat the address.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn read<T: DeserializeOwned>(call: &Call, body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error {
        // The call was made: only its answer is lost.
        kind: if call.effect == Effect::Read { Kind::NotDone } else { Kind::InDoubt },
        call: call.name(),
        message: format!("Webex's answer is not understood: {error}"),
        tracking_id: None,
    })
}

/// The address that a `Link` header gives for the next page (RFC 8288).
fn next_page(link: &str) -> Option<String> {
    link.split(',').find_map(|link| {
        let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let next = parameters.split(';').any(|it| matches!(it.trim(), "rel=\"next\"" | "rel=next"));
        next.then(|| address.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_the_one_that_webex_names() {
        assert_eq!(next_page(r#"<https://a/b?c=1>; rel="first""#), None);
        let two = r#"<https://a/b?c=1>; rel="first", <https://a/b?c=2>; rel="next""#;
        assert_eq!(next_page(two).as_deref(), Some("https://a/b?c=2"));
    }

    #[test]
    fn tokens_travel_encrypted_or_not_at_all() {
        let new = |root| http(root, Duration::from_secs(1)).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(new("http://127.0.0.1:8800/v1"), Ok(()));
        assert_eq!(new("https://webexapis.com/v1"), Ok(()));
        assert_eq!(
            new("http://webexapis.com/v1").unwrap_err(),
            "webex.base_url: http://webexapis.com/v1 is not https: tokens would travel for all to read"
        );
    }
}
