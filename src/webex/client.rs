//! Sends calls and reads answers: as often as the policy in `retry` says, and never a token to anybody else. Knows
//! HTTP; does not know what the calls are for, nor where tokens are kept. What comes back is limited: in size, in
//! pages, and in the time for its body.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::{CONTENT_TYPE, DATE, LINK, RETRY_AFTER, WARNING};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use tracing::field;
use url::Url;

use super::calls::{self, Call, File, Method, Who};
use super::clock::ClockCheck;
use super::connection::{Connection, connection, is_trusted};
use super::error::{Error, Kind, NotKnown, is_webexs, said};
use super::retry::{self, Attempt, Effect, Next, Outcome};
use super::throttle::{Patience, Throttle};
use crate::parallel::lock;
use crate::secrets;

/// The most pages of a list that are read: a list that never ends is an error of the other side.
const MOST_PAGES: usize = 500;
/// This many pages in a row without an item are not a list.
const MOST_EMPTY_PAGES: usize = 5;
/// The longest answer that is accepted, in bytes.
const LONGEST_ANSWER: usize = 8 << 20;
/// The longest list, in bytes of all its pages.
const LONGEST_LIST: usize = 64 << 20;
/// Once a run's patience is over, Webex is not asked again sooner than this.
const COME_BACK: Duration = Duration::from_secs(60);

/// A provider of tokens. Its errors are meant for people; only a [`NotKnown`] among their causes means that somebody
/// must deal with the login, all others that it can be tried again later.
pub trait Tokens: Send + Sync {
    /// A token that is valid, as far as is known.
    ///
    /// # Errors
    /// Nobody is logged in, or the token cannot be read.
    fn token(&self, who: Who) -> anyhow::Result<SecretString>;

    /// A different token than the one that Webex refused; none if there is no way to get one.
    ///
    /// # Errors
    /// Webex cannot be reached for it, or it cannot be saved.
    fn renew(&self, who: Who, refused: &SecretString) -> anyhow::Result<Option<SecretString>>;
}

/// The target of the event that reports a change at Webex: the call, and the ids of what it changed.
pub const CHANGE: &str = "roulette::change";

/// Where a client sends its log lines and warnings.
pub struct Voice<'a> {
    /// Told about every call, for those who want to know; contains no secret.
    pub told: Box<dyn Fn(&str) + Send + Sync + 'a>,
    /// Told what a person should know although the call succeeded.
    pub warn: Box<dyn Fn(&str) + Send + Sync + 'a>,
}

/// The connection to Webex. Many threads may use it: they share the waiting for the rate limit.
pub struct Client<'a> {
    connection: Connection,
    tokens: Box<dyn Tokens + 'a>,
    throttle: Throttle,
    patience: Arc<Patience>,
    clock: Arc<ClockCheck>,
    voice: Voice<'a>,
    /// The kinds of warnings that were given once.
    warned: Mutex<BTreeSet<String>>,
    /// Whether changes are sent with the media type of Webex's specification, because it rejected plain JSON.
    as_patch: AtomicBool,
}

impl<'a> Client<'a> {
    /// A client for the Webex at `root`, such as `https://webexapis.com/v1`, that waits no longer than `patience`
    /// allows, and changes nothing while our clock is wrong.
    ///
    /// # Errors
    /// The errors of [`connection`].
    pub fn new(
        root: &str,
        timeout: Duration,
        tokens: impl Tokens + 'a,
        voice: Voice<'a>,
        (patience, clock): (Arc<Patience>, Arc<ClockCheck>),
    ) -> anyhow::Result<Self> {
        let (connection, tokens, throttle) = (connection(root, timeout)?, Box::new(tokens), Throttle::default());
        let (warned, as_patch) = (Mutex::default(), AtomicBool::default());
        Ok(Self { connection, tokens, throttle, patience, clock, voice, warned, as_patch })
    }

    /// Makes a call and reads its answer.
    ///
    /// # Errors
    /// Reports what Webex says, and what that means.
    pub fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        self.ask_counting(call, &mut 0)
    }

    /// The same; also adds up how many requests reached Webex, or may have.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn ask_counting<T: DeserializeOwned>(&self, call: &Call, requests: &mut u32) -> Result<T, Error> {
        let answer = self.send(call, &self.url(call), requests)?;
        read(call, &answer.body)
    }

    /// The id of the resource at an address of Webex's own.
    ///
    /// # Errors
    /// As [`Client::ask`]; the address may not get a token, or nothing with an id is there.
    pub fn id_at(&self, address: &str, who: Who) -> Result<String, Error> {
        let root = Url::parse(self.connection.root()).ok();
        let url = Url::parse(address).ok().filter(|url| root.is_some_and(|root| is_trusted(&root, url)));
        let call = calls::elsewhere(url.as_ref().map_or("", |url| url.path()), who);
        let url = url.ok_or_else(|| Error::new(Kind::Gone, call.name(), "the address does not belong to Webex"))?;
        let found: Value = read(&call, &self.send(&call, &url, &mut 0)?.body)?;
        let id = found["id"].as_str().filter(|id| !id.is_empty()).map(str::to_owned);
        id.ok_or_else(|| Error::new(Kind::Gone, call.name(), "Webex does not say what its id is"))
    }

    /// Makes a call that has an empty answer.
    ///
    /// # Errors
    /// As [`Client::ask`]; any content in the answer means that it is not Webex's.
    pub fn tell(&self, call: &Call) -> Result<(), Error> {
        let answer = self.send(call, &self.url(call), &mut 0)?;
        match answer.outcome {
            Outcome::Answered(204, _) => Ok(()),
            _ => Err(no_answer(call, &format!("Webex answers this call with 204, and not with {}", answer.words()))),
        }
    }

    /// Reads a list to its end. Items that cannot be read are left out, and reported.
    ///
    /// # Errors
    /// As [`Client::ask`]; also if the list does not end, or a page is said to be on another host.
    pub fn list<T: DeserializeOwned>(&self, call: &Call) -> Result<Vec<T>, Error> {
        let (all, is_whole) = self.list_while(call, MOST_PAGES, |_| true)?;
        if is_whole { Ok(all) } else { Err(fault(call, "the list does not end")) }
    }

    /// Reads a list page by page, as long as it should continue after a page, up to a number of pages; also returns
    /// whether that was everything that was to be read.
    ///
    /// # Errors
    /// As [`Client::ask`]; also if the list does not end, or a page is said to be on another host.
    pub fn list_while<T: DeserializeOwned>(
        &self,
        call: &Call,
        pages: usize,
        mut goes_on: impl FnMut(&[T]) -> bool,
    ) -> Result<(Vec<T>, bool), Error> {
        let (mut all, mut bytes, mut empty) = (Vec::new(), 0, 0);
        let mut url = self.url(call);
        for _ in 0..pages {
            let answer = self.send(call, &url, &mut 0)?;
            let items = self.items(call, &answer.body)?;
            let is_over = !goes_on(&items);
            bytes += answer.body.len();
            empty = if items.is_empty() { empty + 1 } else { 0 };
            all.extend(items);
            let Some(next) = answer.next.filter(|_| !is_over) else { return Ok((all, true)) };
            let next = url.join(&next).ok().filter(|next| next.origin() == url.origin());
            let next = next.ok_or_else(|| fault(call, "Webex names a next page at another address"))?;
            let next = without_null(next);
            if next == url || empty >= MOST_EMPTY_PAGES || bytes > LONGEST_LIST {
                break;
            }
            url = next;
        }
        Ok((all, false))
    }

    /// The items of a list that comes in one piece. Items that cannot be read are left out, and reported.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn page<T: DeserializeOwned>(&self, call: &Call) -> Result<Vec<T>, Error> {
        let answer = self.send(call, &self.url(call), &mut 0)?;
        self.items(call, &answer.body)
    }

    fn items<T: DeserializeOwned>(&self, call: &Call, body: &[u8]) -> Result<Vec<T>, Error> {
        let page: Value = read(call, body)?;
        let Some(items) = page.get("items").and_then(Value::as_array) else {
            return Err(fault(call, "Webex's answer is not understood: it is not a list"));
        };
        let (mut read, mut odd) = (Vec::with_capacity(items.len()), 0);
        for item in items {
            match T::deserialize(item) {
                Ok(item) => read.push(item),
                Err(_) => odd += 1,
            }
        }
        if odd > 0 {
            let text = format!("{}: {odd} of {} items cannot be read, and are left out", call.name(), items.len());
            self.warn_once(&format!("unreadable {}", call.path), &text);
        }
        Ok(read)
    }

    /// Reports something that a person should know, once for each kind.
    pub fn warn_once(&self, kind: &str, text: &str) {
        if lock(&self.warned).insert(kind.to_owned()) {
            (self.voice.warn)(&secrets::strike(text));
        }
    }

    /// Checks our clock against Webex's: asks it without a token if no answer in this run has said.
    ///
    /// # Errors
    /// It is wrong, or Webex cannot be asked.
    pub fn check_clock(&self) -> Result<(), Error> {
        let call = calls::me(Who::Bot);
        let wrong = |why: String| Error::new(Kind::Clock, call.name(), why);
        let mut attempt = Attempt { number: 1, renewed: true, counted: false, jitter: 0.5 };
        loop {
            if let Some(found) = self.clock.found() {
                return found.map_err(wrong);
            }
            self.throttle.pass();
            let sent = Instant::now();
            let answer = self.attempt(&call, &self.url(&call), None, false);
            self.hear(&call, &answer, sent);
            if self.clock.found().is_none() {
                attempt.jitter = rand::random();
                match retry::next(call.effect, answer.outcome, attempt) {
                    Next::Wait(wait) if self.wait(wait) => attempt.number += 1,
                    _ => return Err(answer.error(call.name(), Kind::NotDone)),
                }
            }
        }
    }

    /// Waits, if the run's patience allows it.
    pub fn wait(&self, wait: Duration) -> bool {
        let bears = self.patience.bears(Instant::now(), wait);
        if bears {
            thread::sleep(wait);
        }
        bears
    }

    fn url(&self, call: &Call) -> Url {
        let mut url = self.connection.url(&call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        url
    }

    /// Sends a call as often as makes sense, and adds up how many requests reached Webex.
    fn send(&self, call: &Call, url: &Url, requests: &mut u32) -> Result<Answer, Error> {
        let no_token = |error: &anyhow::Error| {
            let unknown = error.chain().find_map(|cause| cause.downcast_ref::<NotKnown>());
            let later = error.chain().find_map(|cause| Some(cause.downcast_ref::<Error>()?.kind));
            let later =
                later.map_or(Kind::Here, |kind| if matches!(kind, Kind::Busy(_)) { kind } else { Kind::NotDone });
            Error::new(unknown.map_or(later, |unknown| not_known(unknown.who)), call.name(), format!("{error:#}"))
        };
        if self.patience.is_over() {
            return Err(Error::new(
                Kind::Busy(COME_BACK),
                call.name(),
                "Webex has already made this run wait too long",
            ));
        }
        if call.effect != Effect::Read {
            self.check_clock()?;
        }
        let mut token = self.tokens.token(call.who).map_err(|error| no_token(&error))?;
        let mut attempt = Attempt { number: 1, renewed: false, counted: call.counted, jitter: 0.5 };
        loop {
            self.throttle.pass();
            let sent = Instant::now();
            let as_patch = call.method == Method::Patch && self.as_patch.load(Ordering::Relaxed);
            let answer = self.attempt(call, url, Some(&token), as_patch);
            self.hear(call, &answer, sent);
            if let Some(Err(why)) = self.clock.found() {
                self.warn_once("clock", &why);
            }
            *requests += u32::from(!matches!(answer.outcome, Outcome::NotSent | Outcome::Gateway(_)));
            if call.method == Method::Patch && !as_patch && matches!(answer.outcome, Outcome::Answered(415, _)) {
                // It accepts changes only with the media type of its specification: from now on it gets that.
                self.as_patch.store(true, Ordering::Relaxed);
                continue;
            }
            attempt.jitter = rand::random();
            match retry::next(call.effect, answer.outcome, attempt) {
                Next::Done => {
                    self.throttle.answered();
                    return answer.whole(call);
                }
                Next::WaitAll(wait) if self.patience.bears(Instant::now(), wait) => self.throttle.refused(sent, wait),
                Next::WaitAll(wait) => return Err(answer.error(call.name(), Kind::Busy(wait))),
                Next::Wait(wait) if self.wait(wait) => {}
                Next::Wait(_) => {
                    attempt.number = retry::ATTEMPTS;
                    let kind = match retry::next(call.effect, answer.outcome, attempt) {
                        Next::Fail(kind) => kind,
                        _ => Kind::NotDone,
                    };
                    return Err(answer.error(call.name(), kind));
                }
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

    /// Reports what is worth reporting about an answer.
    fn hear(&self, call: &Call, answer: &Answer, sent: Instant) {
        let now = Instant::now();
        if answer.outcome == Outcome::TimedOut {
            self.patience.waited_in_vain(sent, now);
        }
        if matches!(answer.outcome, Outcome::Answered(..)) {
            self.clock.hear(answer.date);
        }
        let words = format!("{} → {} in {} ms", call.name(), answer.words(), (now - sent).as_millis());
        (self.voice.told)(&secrets::strike(&words));
        // What is sent again after a while, or with a new token, is told then.
        let is_again = matches!(answer.outcome, Outcome::Answered(401 | 429, _));
        if call.effect != Effect::Read && !is_again {
            let (status, trouble) = match answer.outcome {
                // Webex answers a change with what was changed, and a deletion with nothing.
                Outcome::Answered(status @ 200..=299, _) if answer.body.is_empty() || answer.is_json() => {
                    (Some(status), None)
                }
                Outcome::Answered(status @ 200..=299, _) | Outcome::Gateway(status) => {
                    (Some(status), Some("not from Webex"))
                }
                Outcome::Answered(status, _) => (Some(status), Some("refused")),
                Outcome::NotSent => (None, Some("not sent")),
                Outcome::Broke | Outcome::TimedOut => (None, Some("no answer")),
            };
            let id = answer.id().or_else(|| call.id().map(str::to_owned)).map(field::display);
            let tracking_id = answer.tracking_id.as_deref();
            tracing::info!(target: CHANGE, status, id, tracking_id, trouble, "{}", secrets::strike(&call.name()));
        }
        for warning in &answer.warnings {
            let code = warning.split_whitespace().next().unwrap_or_default();
            self.warn_once(
                &format!("warning {code} {}", call.path),
                &format!("{}: Webex warns: {warning}", call.name()),
            );
        }
    }

    fn attempt(&self, call: &Call, url: &Url, token: Option<&SecretString>, as_patch: bool) -> Answer {
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = self.connection.request(method, url.clone());
        if let Some(token) = token {
            secrets::remember(token);
            request = request.bearer_auth(token.expose_secret());
        }
        if let Some(file) = &call.file {
            match form(call.body.as_ref(), file) {
                Ok(form) => request = request.multipart(form),
                Err(error) => return Answer::none(&error),
            }
        } else if let Some(body) = &call.body {
            let kind = if as_patch { "application/json-patch+json" } else { "application/json" };
            request = request.header(CONTENT_TYPE, kind).body(body.to_string());
        }
        Answer::of(request)
    }
}

/// A body and a file as a form.
fn form(body: Option<&Value>, file: &File) -> reqwest::Result<Form> {
    let part = Part::bytes(file.bytes.clone()).file_name(file.name.clone()).mime_str(file.media_type)?;
    let members = body.and_then(Value::as_object).into_iter().flatten();
    let texts = members.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    Ok(texts.fold(Form::new(), |form, (name, text)| form.text(name, text)).part("files", part))
}

fn not_known(who: Who) -> Kind {
    match who {
        Who::Organizer => Kind::Login,
        Who::Bot => Kind::Bot,
    }
}

fn fault(call: &Call, message: &str) -> Error {
    Error::new(Kind::NotDone, call.name(), message)
}

/// The call was made, but the answer is not Webex's: only a lookup can tell whether it took effect.
pub(super) fn no_answer(call: &Call, message: &str) -> Error {
    Error::new(if call.effect == Effect::Read { Kind::NotDone } else { Kind::InDoubt }, call.name(), message)
}

/// The result of one attempt.
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    next: Option<String>,
    pub(super) body: Vec<u8>,
    tracking_id: Option<String>,
    warnings: Vec<String>,
    /// The time at the other side.
    date: Option<DateTime<Utc>>,
    is_too_long: bool,
    /// What went wrong, if nothing came back.
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
        let after = header(RETRY_AFTER.as_str()).and_then(|text| retry_after(&text, header(DATE.as_str()).as_deref()));
        let next = response.headers().get_all(LINK).iter().find_map(|link| next_page(link.to_str().ok()?));
        let warnings = response.headers().get_all(WARNING).iter().filter_map(|it| Some(it.to_str().ok()?.to_owned()));
        let date = header(DATE.as_str()).and_then(|date| Some(DateTime::parse_from_rfc2822(&date).ok()?.to_utc()));
        let (tracking_id, warnings) = (header("trackingid"), warnings.collect());
        let status = response.status().as_u16();
        let mut body = Vec::new();
        let end = response.take(LONGEST_ANSWER as u64 + 1).read_to_end(&mut body);
        let is_too_long = body.len() > LONGEST_ANSWER;
        let (outcome, trouble) = match end {
            Ok(_) | Err(_) if status >= 300 => {
                let webexs = is_webexs(status, &body, tracking_id.is_some());
                (if webexs { Outcome::Answered(status, after) } else { Outcome::Gateway(status) }, String::new())
            }
            Ok(_) => (Outcome::Answered(status, after), String::new()),
            Err(error) if is_late(&error) => (Outcome::TimedOut, "the answer was not complete in time".to_owned()),
            Err(_) => (Outcome::Broke, "the connection broke in the middle of the answer".to_owned()),
        };
        Self { outcome, next, body, tracking_id, warnings, date, is_too_long, trouble }
    }

    fn none(error: &reqwest::Error) -> Self {
        let (outcome, trouble) = if error.is_connect() || error.is_builder() {
            (Outcome::NotSent, format!("Webex cannot be reached: {}", root_cause(error)))
        } else if error.is_timeout() {
            (Outcome::TimedOut, "no answer came in time".to_owned())
        } else {
            (Outcome::Broke, format!("the connection broke: {}", root_cause(error)))
        };
        let (next, body, tracking_id, warnings, date) = (None, Vec::new(), None, Vec::new(), None);
        Self { outcome, next, body, tracking_id, warnings, date, is_too_long: false, trouble }
    }

    /// The answer, if it was read to its end.
    fn whole(self, call: &Call) -> Result<Self, Error> {
        if self.is_too_long {
            return Err(no_answer(call, &format!("the answer is longer than {} MB", LONGEST_ANSWER >> 20)));
        }
        Ok(self)
    }

    fn is_json(&self) -> bool {
        serde_json::from_slice::<IgnoredAny>(&self.body).is_ok()
    }

    /// The id of what the answer is about.
    fn id(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Named {
            id: String,
        }
        serde_json::from_slice(&self.body).ok().map(|Named { id }| id)
    }

    pub(super) fn words(&self) -> String {
        match self.outcome {
            Outcome::Answered(status, _) | Outcome::Gateway(status) => status.to_string(),
            Outcome::NotSent | Outcome::Broke | Outcome::TimedOut => self.trouble.clone(),
        }
    }

    /// The error of the call of this name.
    pub(super) fn error(&self, call: String, kind: Kind) -> Error {
        match self.outcome {
            Outcome::Answered(status, _) => {
                let (message, tracking_id) = said(status, &self.body, self.tracking_id.as_deref());
                Error { tracking_id, status: Some(status), ..Error::new(kind, call, message) }
            }
            Outcome::Gateway(status) => {
                let message = format!("something on the way to Webex, such as a proxy, answered {status} in its place");
                Error { status: Some(status), ..Error::new(kind, call, message) }
            }
            Outcome::NotSent | Outcome::Broke | Outcome::TimedOut => Error::new(kind, call, self.trouble.clone()),
        }
    }
}

/// Whether the time ran out while a body was being read.
fn is_late(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    error.kind() == std::io::ErrorKind::TimedOut || inner.is_some_and(reqwest::Error::is_timeout)
}

/// The innermost cause: the outer ones repeat the address.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    secrets::strike(&cause.to_string())
}

/// The content of an answer that is not understood is not reported: it may be anything.
fn read<T: DeserializeOwned>(call: &Call, body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("at line {}, character {}", error.line(), error.column());
        no_answer(call, &format!("Webex's answer is not understood {place}"))
    })
}

/// How long to wait: a number of seconds, or a moment by the other side's clock.
fn retry_after(text: &str, date: Option<&str>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let (until, now) = (DateTime::parse_from_rfc2822(text).ok()?, DateTime::parse_from_rfc2822(date?).ok()?);
    Some((until - now).to_std().unwrap_or_default())
}

/// The address that a `Link` header gives for the next page (RFC 8288).
fn next_page(link: &str) -> Option<String> {
    let mut rest = link;
    while let Some((address, after)) = rest.split_once('<').and_then(|(_, after)| after.split_once('>')) {
        // A comma in quotation marks, or in the address, ends no link.
        let mut is_quoted = false;
        let end = after.find(|c| {
            is_quoted ^= c == '"';
            c == ',' && !is_quoted
        });
        let (parameters, others) = after.split_at(end.unwrap_or(after.len()));
        let is_next = |parameter: &str| {
            let (name, relations) = parameter.split_once('=').unwrap_or_default();
            let mut relations = relations.trim().trim_matches('"').split_whitespace();
            name.trim().eq_ignore_ascii_case("rel") && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
        };
        if parameters.split(';').any(is_next) {
            return Some(address.to_owned());
        }
        rest = others;
    }
    None
}

/// The address without the parameters that Webex fills with a stray `null`, and with which it would refuse its own
/// link.
fn without_null(mut url: Url) -> Url {
    let is_null = |value: &str| value == "null";
    if url.query_pairs().any(|(_, value)| is_null(&value)) {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(_, value)| !is_null(value))
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_the_one_that_webex_names() {
        assert_eq!(next_page(r#"<https://a/b?c=1>; rel="first""#), None);
        let two = r#"<https://a/b?c=1>; rel="first", <https://a/b?c=2>; rel="next""#;
        assert_eq!(next_page(two).as_deref(), Some("https://a/b?c=2"));
        for one in [
            r#"<https://a/b?x=1,2>; rel="next""#,
            r#"<https://a/b?x=1,2>; title="a, <b>"; REL=Next"#,
            r#"<https://a/z>; rel="prev first", <https://a/b?x=1,2> ; rel = "last next""#,
        ] {
            assert_eq!(next_page(one).as_deref(), Some("https://a/b?x=1,2"), "{one}");
        }
    }

    #[test]
    fn a_stray_null_is_taken_out_of_a_link() {
        let clean = |url: &str| without_null(Url::parse(url).unwrap()).to_string();
        assert_eq!(clean("https://a/b?max=null&cursor=7&from=x%20y"), "https://a/b?cursor=7&from=x+y");
        assert_eq!(clean("https://a/b?tag=%20null"), "https://a/b?tag=%20null");
    }

    #[test]
    fn webex_says_how_long_to_wait_in_seconds_or_until_when() {
        let date = Some("Tue, 01 Dec 2026 09:00:00 GMT");
        assert_eq!(retry_after(" 7 ", date), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Tue, 01 Dec 2026 09:01:30 GMT", date), Some(Duration::from_secs(90)));
        assert_eq!(retry_after("Tue, 01 Dec 2026 08:00:00 GMT", date), Some(Duration::ZERO));
        assert_eq!((retry_after("soon", date), retry_after("-1", None)), (None, None));
    }
}
