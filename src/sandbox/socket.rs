//! The websocket: a client first says who it is, and then gets each activity once it happens and until it is
//! acknowledged. Knows frames and faults; does not know what an activity says.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};

use super::connection::Line;
use super::devices;
use super::faults::{FaultKind, Injected, OddAnswer};
use super::http::{Answer, Call};
use super::site::Site;
use super::{ids, oauth, odd_answers};

/// Clients that have not said who they are by then are disconnected.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the connection ends.
enum End {
    /// The connection is cut, or gone.
    Cut,
    /// It is closed with this code and reason.
    Close(u16, String),
}

impl End {
    fn close(code: u16, reason: &str) -> Self {
        Self::Close(code, reason.to_owned())
    }
}

/// A websocket of a device.
pub(super) struct Session {
    site: Arc<Site>,
    line: Line,
    device: String,
    call: Call,
    /// Whether frames are text frames.
    is_text: bool,
    /// Whether the client is told how much is waiting.
    buffers: bool,
    /// Whether nothing is sent any more.
    is_silent: bool,
    /// Its number among the device's connections, once it belongs to the device.
    own: u64,
    /// The number of the last activity that was sent.
    sent: u64,
    frames: u64,
}

impl Session {
    pub(super) fn new(site: Arc<Site>, line: Line, device: String, call: &Call) -> Self {
        let has = |pair: &str| call.query.split('&').any(|it| it == pair);
        let (is_text, buffers) = (has("outboundWireFormat=text"), has("bufferStates=true"));
        Self { site, line, device, call: call.clone(), is_text, buffers, is_silent: false, own: 0, sent: 0, frames: 0 }
    }

    /// Serves the connection until it ends.
    pub(super) async fn run(mut self, mut socket: WebSocket) {
        let Err(end) = self.live(&mut socket).await else { return };
        match end {
            End::Cut | End::Close(1006, _) => self.line.cut(),
            End::Close(1005, _) => drop(socket.send(Message::Close(None)).await),
            End::Close(code, reason) => {
                let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
                // The other side closes as well, or is gone.
                let gone = async { while let Some(Ok(_)) = socket.recv().await {} };
                let _ = tokio::time::timeout(Duration::from_secs(2), gone).await;
            }
        }
    }

    async fn live(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        match tokio::time::timeout(PATIENCE, self.authorize(socket)).await {
            Ok(authorized) => authorized?,
            Err(_) => return Err(End::close(4401, "no authorization in time")),
        }
        let mut revision = self.site.lock().revision.subscribe();
        loop {
            self.deliver(socket).await?;
            tokio::select! {
                frame = socket.recv() => self.hear(socket, frame).await?,
                changed = revision.changed() => changed.map_err(|_| End::Cut)?,
            }
        }
    }

    /// Waits for the client to say who it is, and then says that it is ready.
    async fn authorize(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let frame = loop {
            let frame = read(socket.recv().await)?;
            if frame["type"] == "authorization" {
                break frame;
            }
            if frame["type"] != "ping" && !frame.is_null() {
                return Err(End::close(4401, "authorize first"));
            }
        };
        let (number, kind) = self.meet("/authorization").await;
        self.before(kind.as_ref(), number)?;
        if kind == Some(FaultKind::Lost) {
            std::future::pending::<()>().await;
        }
        let owner = {
            let mut state = self.site.lock();
            let token = frame["data"]["token"].as_str().unwrap_or_default();
            let call = Call { headers: vec![("authorization".to_owned(), token.to_owned())], ..self.call.clone() };
            let call = Call { now: state.now(), ..call };
            let owner = oauth::caller(&state.model, &call).ok().map(|caller| caller.email);
            let device = state.model.devices.iter().find(|it| it.id == self.device).map(|it| it.owner.clone());
            let is_theirs = owner.is_some() && owner == device;
            if is_theirs {
                self.own = state.own(&self.device);
            }
            state.answered(number, Some(if is_theirs { 200 } else { 401 }));
            is_theirs
        };
        if !owner {
            return Err(End::close(4401, "unauthorized"));
        }
        self.after(kind.as_ref())?;
        let id = self.frame_id();
        let ready = if self.buffers {
            json!({ "id": id, "data": { "eventType": "mercury.buffer_state", "bufferState": {} } })
        } else {
            json!({ "id": id, "data": { "eventType": "mercury.registration_status", "localClusterServiceUrls": {} } })
        };
        let (number, kind) = self.meet("/ready").await;
        self.send(socket, number, kind, ready).await.map(|_| ())
    }

    /// Handles what the other side says.
    async fn hear(&mut self, socket: &mut WebSocket, frame: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let frame = read(frame)?;
        match frame["type"].as_str() {
            Some("ping") => {
                let (number, kind) = self.meet("/ping").await;
                let pong = json!({ "id": frame["id"], "type": "pong" });
                self.send(socket, number, kind, pong).await.map(|_| ())
            }
            Some("ack") => {
                let (number, kind) = self.meet("/ack").await;
                self.before(kind.as_ref(), number)?;
                if kind != Some(FaultKind::Lost) {
                    let id = frame["messageId"].as_str().unwrap_or_default().to_owned();
                    let device = self.device.clone();
                    let mut state = self.site.lock();
                    state.model.devices.iter_mut().filter(|it| it.id == device).for_each(|it| it.acknowledged(&id));
                    state.answered(number, Some(200));
                }
                self.after(kind.as_ref())
            }
            _ => Ok(()),
        }
    }

    /// Sends what is waiting and was not sent on this connection.
    async fn deliver(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        loop {
            let next = {
                let mut state = self.site.lock();
                let now = state.now();
                if !state.owns(&self.device, self.own) {
                    return Err(End::close(4000, "replaced"));
                }
                let sent = self.sent;
                let Some(device) = state.model.devices.iter_mut().find(|it| it.id == self.device) else {
                    return Err(End::Cut);
                };
                device.forget_old(now);
                let at = device.waiting.partition_point(|it| it.number <= sent);
                device.waiting.get(at).map(|it| (it.number, it.id.clone(), it.frame(&self.call.root)))
            };
            let Some((activity, id, frame)) = next else { return Ok(()) };
            self.sent = activity;
            let (number, kind) = self.meet("/activity").await;
            if !self.send(socket, number, kind, frame).await? {
                let device = self.device.clone();
                self.site.lock().change(|model| {
                    model.devices.iter_mut().filter(|it| it.id == device).for_each(|it| it.acknowledged(&id));
                });
            }
        }
    }

    /// Sends a frame according to its fate; returns whether it was not lost.
    async fn send(
        &mut self,
        socket: &mut WebSocket,
        number: u64,
        kind: Option<FaultKind>,
        mut frame: Value,
    ) -> Result<bool, End> {
        self.before(kind.as_ref(), number)?;
        if kind == Some(FaultKind::Silence) {
            self.is_silent = true;
        }
        if let Some(FaultKind::OddAnswer(odd_answer @ OddAnswer::Odd(..))) = &kind {
            let answer = odd_answers::altered(&self.call, odd_answer, Answer::json(&frame));
            frame = serde_json::from_slice(&answer.body).unwrap_or(frame);
        }
        let lost = kind == Some(FaultKind::Lost);
        let times = if lost || self.is_silent { 0 } else { 1 + usize::from(kind == Some(FaultKind::Twice)) };
        for _ in 0..times {
            let text = frame.to_string();
            let message = if self.is_text { Message::text(text) } else { Message::binary(text) };
            socket.send(message).await.map_err(|_| End::Cut)?;
        }
        if times > 0 {
            self.site.lock().answered(number, Some(200));
        }
        self.after(kind.as_ref())?;
        Ok(!lost)
    }

    /// Logs a frame, and waits for as long as required.
    async fn meet(&mut self, what: &str) -> (u64, Option<FaultKind>) {
        let (number, Injected { latency, kind }) = self.site.lock().frame(what);
        tokio::time::sleep(latency).await;
        if let Some(FaultKind::HangBefore(long) | FaultKind::HangAfter(long)) = kind {
            tokio::time::sleep(long).await;
        }
        (number, kind)
    }

    /// What happens instead of a frame.
    fn before(&self, kind: Option<&FaultKind>, number: u64) -> Result<(), End> {
        let end = match kind {
            Some(FaultKind::DropBefore) => End::Cut,
            Some(FaultKind::Close(code, reason)) => End::close(*code, reason),
            Some(FaultKind::Stale) => {
                self.site.lock().change(|model| devices::forget(model, &self.device));
                End::Cut
            }
            _ => return Ok(()),
        };
        self.site.lock().answered(number, None);
        Err(end)
    }

    /// What happens after a frame.
    #[allow(clippy::unused_self)] // reads as the other half of `before`
    fn after(&self, kind: Option<&FaultKind>) -> Result<(), End> {
        if kind == Some(&FaultKind::DropAfter) { Err(End::Cut) } else { Ok(()) }
    }

    fn frame_id(&mut self) -> String {
        self.frames += 1;
        ids::uuid("FRAME", &format!("{} {} {}", self.device, self.own, self.frames))
    }
}

/// The content of a frame; null if it is not JSON.
fn read(frame: Option<Result<Message, axum::Error>>) -> Result<Value, End> {
    match frame {
        Some(Ok(Message::Text(text))) => Ok(serde_json::from_str(&text).unwrap_or_default()),
        Some(Ok(Message::Binary(bytes))) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Value::Null),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Cut),
    }
}
