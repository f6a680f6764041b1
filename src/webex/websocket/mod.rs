//! Webex's websocket: events come over a connection that we open ourselves, so that nobody needs a public address. The
//! protocol is undocumented and not supported by Cisco; several public clients rely on it.
//!
//! `device` is the address to which Webex sends, `frame` what a frame says. An event has the same form as the body of a
//! webhook. The caller must store it, and only then have it acknowledged: what is not acknowledged may come again.
//! Prints nothing, stores nothing, and waits for nothing but Webex.

mod device;
mod frame;

use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use futures_util::{SinkExt, StreamExt};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Client, Upgraded};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use url::Url;

use self::device::Device;
use self::frame::{Frame, Kind};
use super::connection::waiting_client;
use super::error::said;
use crate::secrets;

/// The longest frame, in bytes.
const LONGEST: usize = 4 << 20;
/// What the other side adds to our key (RFC 6455).
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// How long closing the connection may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why there is no websocket, or none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A temporary trouble: try again after a while.
    Passing(String),
    /// Webex no longer knows the device: register it again.
    Stale,
    /// Webex refuses the bot's token.
    Refused(String),
    /// Another connection took this one's place.
    Replaced,
    /// Webex refuses the connection, and says so.
    Unwanted(String),
}

/// When a silent connection is given up.
#[derive(Clone, Copy, Debug)]
pub struct KeepAlive {
    /// How long after opening Webex may take to say that it is ready.
    pub ready: Duration,
    /// How often we ask whether it is still there.
    pub every: Duration,
    /// How soon it must answer.
    pub within: Duration,
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self { ready: Duration::from_secs(30), every: Duration::from_secs(15), within: Duration::from_secs(14) }
    }
}

/// What comes over the connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    /// Webex has begun to send.
    Ready,
    /// An event in the form of a webhook, and the id with which it is acknowledged.
    Event(Vec<u8>, String),
    /// Nothing that concerns us; it must be acknowledged all the same.
    Other(String),
    /// Something that should be an event but cannot be read.
    Odd(String),
}

/// Opens websockets for the bot.
#[derive(Debug)]
pub struct Opener {
    http: Client,
    root: Url,
    timeout: Duration,
    alive: KeepAlive,
    /// Where devices are registered, once Webex has said so.
    service: Option<Url>,
    /// How many times in a row it has not said so.
    unsaid: u32,
    device: Option<Device>,
}

impl Opener {
    /// For the Webex at `root`; each call takes no longer than `timeout`.
    ///
    /// # Errors
    /// The root is not an address.
    pub fn new(root: &str, timeout: Duration, alive: KeepAlive) -> anyhow::Result<Self> {
        let root = Url::parse(root)?;
        let http = waiting_client(&root)?;
        Ok(Self { http, root, timeout, alive, service: None, unsaid: 0, device: None })
    }

    /// Registers or renews the device, again if necessary, and connects. [`Incoming::Ready`] confirms it.
    ///
    /// # Errors
    /// The reason why it failed.
    pub async fn open(&mut self, token: &SecretString, anew: bool) -> Result<Websocket, Trouble> {
        secrets::remember(token);
        let device = self.register(token, anew).await?;
        let stream = self.connect(&device.socket).await?;
        let now = Instant::now();
        let mut socket = Websocket {
            stream,
            own: device.owner.clone(),
            root: self.root.clone(),
            host: device.socket.host_str().unwrap_or_default().to_owned(),
            alive: self.alive,
            ready_by: Some(now + self.alive.ready),
            ping_at: now + self.alive.every,
            awaited: None,
        };
        self.device = Some(device);
        let token = format!("Bearer {}", token.expose_secret());
        let authorization = json!({ "id": uuid(), "type": "authorization", "data": { "token": token } });
        socket.send(&authorization).await?;
        Ok(socket)
    }

    /// Makes the connection with the same client as every other call: it knows the proxies and the certificates.
    async fn connect(&self, to: &Url) -> Result<WebSocketStream<Upgraded>, Trouble> {
        let mut url = to.clone();
        let scheme = if to.scheme() == "wss" { "https" } else { "http" };
        if url.set_scheme(scheme).is_err() {
            return Err(Trouble::Passing("the address of the websocket is not valid".to_owned()));
        }
        for pair in [("outboundWireFormat", "text"), ("bufferStates", "true"), ("aliasHttpStatus", "true")] {
            url.query_pairs_mut().append_pair(pair.0, pair.1);
        }
        let key = BASE64_STANDARD.encode(rand::random::<[u8; 16]>());
        let headers = [("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13")];
        let mut all: HeaderMap =
            headers.into_iter().map(|(name, value)| (name_of(name), HeaderValue::from_static(value))).collect();
        all.extend(HeaderValue::from_str(&key).ok().map(|key| (name_of("sec-websocket-key"), key)));
        let answer = self.http.get(url).headers(all).timeout(self.timeout).send().await;
        let answer = answer.map_err(|error| Trouble::Passing(unreached(&error)))?;
        let status = answer.status().as_u16();
        let accept = BASE64_STANDARD.encode(Sha1::digest(format!("{key}{MAGIC}")));
        match status {
            101 if answer.headers().get("sec-websocket-accept").is_some_and(|it| *it == *accept) => {}
            404 | 410 => return Err(Trouble::Stale),
            401 => return Err(Trouble::Refused("Webex does not let the bot in (401)".to_owned())),
            _ => return Err(Trouble::Passing(format!("it cannot be opened: the answer is {status}"))),
        }
        let stream = answer.upgrade().await.map_err(|error| Trouble::Passing(unreached(&error)))?;
        let config = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
        Ok(WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await)
    }
}

fn name_of(name: &'static str) -> reqwest::header::HeaderName {
    reqwest::header::HeaderName::from_static(name)
}

/// A connection that events come over.
#[derive(Debug)]
pub struct Websocket {
    stream: WebSocketStream<Upgraded>,
    /// The bot, as the socket names it; "" if that is not known.
    own: String,
    root: Url,
    host: String,
    alive: KeepAlive,
    /// When Webex must have said that it is ready; none once it has.
    ready_by: Option<Instant>,
    ping_at: Instant,
    /// The ping that is not answered yet, and when it must be.
    awaited: Option<(String, Instant)>,
}

impl Websocket {
    /// The host at the other end.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Waits for what comes next, and meanwhile asks whether the other side is still there. Nothing is lost if the wait
    /// is abandoned.
    ///
    /// # Errors
    /// The reason why nothing comes any more.
    pub async fn next(&mut self) -> Result<Incoming, Trouble> {
        loop {
            let by = self.awaited.as_ref().map_or(self.ping_at, |(_, by)| *by);
            let by = self.ready_by.map_or(by, |ready| ready.min(by));
            let message = tokio::select! {
                message = self.stream.next() => message,
                () = sleep_until(by) => {
                    self.late().await?;
                    continue;
                }
            };
            let bytes = match message {
                Some(Ok(Message::Text(text))) => text.as_bytes().to_vec(),
                Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
                Some(Ok(Message::Close(frame))) => return Err(closed(frame.as_ref())),
                Some(Ok(_)) => continue,
                Some(Err(error)) => {
                    return Err(Trouble::Passing(format!("it broke: {}", secrets::strike(&error.to_string()))));
                }
                None => return Err(Trouble::Passing("it broke: it ended without a reason".to_owned())),
            };
            if let Some(came) = self.read(&bytes)? {
                return Ok(came);
            }
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<Option<Incoming>, Trouble> {
        let Ok(frame) = serde_json::from_slice::<Frame>(bytes) else { return Ok(Some(Incoming::Odd(String::new()))) };
        Ok(Some(match frame.kind(&self.root, &self.own) {
            Kind::Pong => {
                match self.awaited.take() {
                    Some((id, _)) if id != frame.id => {
                        return Err(Trouble::Passing("it answered something that nobody asked".to_owned()));
                    }
                    Some(_) => self.ping_at = Instant::now() + self.alive.every,
                    None => {}
                }
                return Ok(None);
            }
            Kind::Ready if self.ready_by.take().is_some() => Incoming::Ready,
            Kind::Event(body) => Incoming::Event(body, frame.id),
            Kind::Odd => Incoming::Odd(frame.id),
            Kind::Ready | Kind::Other if frame.id.is_empty() => return Ok(None),
            Kind::Ready | Kind::Other => Incoming::Other(frame.id),
        }))
    }

    /// Something is overdue: an answer, or our next question.
    async fn late(&mut self) -> Result<(), Trouble> {
        let now = Instant::now();
        if self.ready_by.is_some_and(|by| by <= now) {
            return Err(Trouble::Passing("it was opened, but Webex did not say that it is ready".to_owned()));
        }
        if self.awaited.as_ref().is_some_and(|(_, by)| *by <= now) {
            return Err(Trouble::Passing("Webex did not answer on it in time".to_owned()));
        }
        let id = uuid();
        let ping = json!({ "id": id, "type": "ping" });
        self.awaited = Some((id, now + self.alive.within));
        self.send(&ping).await
    }

    /// Tells Webex that these events need not come again.
    ///
    /// # Errors
    /// The reason why it could not be told.
    pub async fn acknowledge(&mut self, ids: &[String]) -> Result<(), Trouble> {
        for id in ids.iter().filter(|id| !id.is_empty()) {
            let ack = Message::text(json!({ "type": "ack", "messageId": id }).to_string());
            self.stream.feed(ack).await.map_err(|error| broke(&error))?;
        }
        self.stream.flush().await.map_err(|error| broke(&error))
    }

    /// Closes the connection; returns the events that were on their way.
    pub async fn close(mut self) -> Vec<Vec<u8>> {
        let farewell = CloseFrame { code: CloseCode::Normal, reason: "done".into() };
        let mut last = Vec::new();
        let close = async {
            let _ = self.stream.close(Some(farewell)).await;
            while let Ok(came) = self.next().await {
                if let Incoming::Event(body, _) = came {
                    last.push(body);
                }
            }
        };
        let _ = timeout(FAREWELL, close).await;
        last
    }

    async fn send(&mut self, frame: &Value) -> Result<(), Trouble> {
        self.stream.send(Message::text(frame.to_string())).await.map_err(|error| broke(&error))
    }
}

fn broke(error: &tokio_tungstenite::tungstenite::Error) -> Trouble {
    Trouble::Passing(format!("it broke: {}", secrets::strike(&error.to_string())))
}

/// What it means that Webex closed it.
fn closed(frame: Option<&CloseFrame>) -> Trouble {
    let code = frame.map_or(1005, |frame| u16::from(frame.code));
    let reason = frame.map(|frame| frame.reason.trim()).filter(|reason| !reason.is_empty());
    let reason = reason.map_or(String::new(), |reason| format!(" “{}”", secrets::strike(reason)));
    match code {
        4000 => Trouble::Replaced,
        4401 => Trouble::Refused(format!("Webex refuses the bot's token on the websocket ({code}{reason})")),
        4404 | 4410 => Trouble::Stale,
        1003 | 4400 | 4403 => Trouble::Unwanted(format!("Webex refuses this connection ({code}{reason})")),
        _ => Trouble::Passing(format!("Webex closed it ({code}{reason})")),
    }
}

/// The reason why Webex was not reached.
fn unreached(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer came in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    format!("Webex cannot be reached: {}", secrets::strike(&cause.to_string()))
}

/// Webex's words for a refusal.
fn words(status: u16, body: &[u8], tracking: Option<&str>) -> String {
    let (message, tracking) = said(status, body, tracking);
    tracking.map_or(message.clone(), |id| format!("{message} (tracking id {id})"))
}

/// A number that names a frame.
fn uuid() -> String {
    let mut bytes = rand::random::<[u8; 16]>();
    // Of random numbers (RFC 9562).
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = crate::hex::encode(&bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests;
