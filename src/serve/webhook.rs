//! Receives webhooks: an HTTP server that answers 200 only when its caller has stored the body, and that ends at
//! SIGTERM or SIGINT without losing one. Knows HTTP; [`Hook`] decides whom to believe and where to store. Encryption is
//! left to the web server in front of it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::connection_limit::ConnectionLimit;

/// The path that reports its health.
pub const HEALTH: &str = "/health";
/// The header in which Webex sends the signature.
const SIGNATURE: &str = "x-spark-signature";
/// The longest body, in bytes.
const LONGEST: usize = 64 << 10;
/// The most connections at once: more than Webex and silent clients have together.
const PLACES: usize = 512;
/// The longest time from the start of a connection to the end of its request: webhooks are small.
const PATIENCE: Duration = Duration::from_secs(5);

/// The caller that takes what arrives.
pub trait Hook: Send + Sync + 'static {
    /// Whether this is Webex's signature of the body.
    fn is_authentic(&self, body: &[u8], signature: &str) -> bool;

    /// Stores a body; returns whether it is safe. May take a while.
    fn keep(&self, body: &[u8]) -> bool;

    /// How many bodies are waiting to be handled, if that can be known.
    fn waiting(&self) -> Option<usize>;

    /// Called for each request that is refused.
    fn sent_away(&self, why: &'static str);
}

/// A receiver that listens, and serves once it is given a [`Hook`].
#[derive(Debug)]
pub struct Receiver {
    runtime: Runtime,
    listener: tokio::net::TcpListener,
    signals: [Signal; 2],
}

impl Receiver {
    /// Starts listening: connections wait from now on, and a signal to end is not lost.
    ///
    /// # Errors
    /// The address is not available.
    pub fn open(listen: SocketAddr) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let inside = runtime.enter();
        let signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        drop(inside);
        Ok(Self { runtime, listener, signals })
    }

    /// The address on which it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until a signal arrives; requests in progress are still answered.
    ///
    /// # Errors
    /// The server failed.
    pub fn serve(self, path: &str, hook: Arc<dyn Hook>) -> io::Result<()> {
        let Self { runtime, listener, signals: [mut terminate, mut interrupt] } = self;
        let server = ServerState { path: path.trim_end_matches('/').to_owned(), hook };
        let app = Router::new().fallback(visit).layer(DefaultBodyLimit::max(LONGEST)).with_state(Arc::new(server));
        let (close, mut closed) = watch::channel(false);
        let until = async move {
            let _ = closed.wait_for(|closed| *closed).await;
        };
        let gate = ConnectionLimit::new(listener, PLACES, PATIENCE);
        let ended = runtime.block_on(async {
            let mut server = tokio::spawn(axum::serve(gate, app).with_graceful_shutdown(until).into_future());
            tokio::select! {
                ended = &mut server => return ended.map_err(io::Error::other)?,
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            let _ = close.send(true);
            // A disk may hang for ever.
            tokio::time::timeout(2 * PATIENCE, server).await.map_or(Ok(()), |ended| ended.map_err(io::Error::other)?)
        });
        runtime.shutdown_timeout(PATIENCE);
        ended
    }
}

/// Whether a body is JSON in UTF-8, whatever its content and depth.
pub fn is_json(body: &[u8]) -> bool {
    str::from_utf8(body).is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
}

struct ServerState {
    path: String,
    hook: Arc<dyn Hook>,
}

async fn visit(State(server): State<Arc<ServerState>>, request: Request) -> Response {
    let path = request.uri().path();
    let (is_hook, is_health) = (path.trim_end_matches('/') == server.path, path == HEALTH);
    let answer = match *request.method() {
        Method::POST if is_hook => match receive(&server, request).await {
            Ok(()) => StatusCode::OK.into_response(),
            Err((status, why)) => {
                server.hook.sent_away(why);
                (status, format!("{why}\n")).into_response()
            }
        },
        Method::GET if is_health => health(&server).await,
        _ if is_hook || is_health => {
            let allowed = [is_hook.then_some("POST"), is_health.then_some("GET")];
            let allowed = allowed.into_iter().flatten().collect::<Vec<_>>().join(", ");
            (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, allowed)]).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    };
    // One request per connection: its time is measured from the beginning.
    ([(header::CONNECTION, "close")], answer).into_response()
}

/// Takes one webhook; returns the reason if it is refused.
async fn receive(server: &ServerState, request: Request) -> Result<(), (StatusCode, &'static str)> {
    const WRONG: &str = "the signature is wrong";
    let signature = request.headers().get(SIGNATURE).cloned();
    let Some(signature) = signature else { return Err((StatusCode::UNAUTHORIZED, "there is no signature")) };
    let body = Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
        _ => (StatusCode::BAD_REQUEST, "the body is incomplete"),
    })?;
    if !signature.to_str().is_ok_and(|signature| server.hook.is_authentic(&body, signature)) {
        return Err((StatusCode::UNAUTHORIZED, WRONG));
    }
    if !is_json(&body) {
        return Err((StatusCode::BAD_REQUEST, "the body is not JSON"));
    }
    let hook = Arc::clone(&server.hook);
    let kept = tokio::task::spawn_blocking(move || hook.keep(&body)).await;
    if kept.unwrap_or(false) { Ok(()) } else { Err((StatusCode::SERVICE_UNAVAILABLE, "it cannot be saved now")) }
}

async fn health(server: &ServerState) -> Response {
    let hook = Arc::clone(&server.hook);
    let waiting = tokio::task::spawn_blocking(move || hook.waiting()).await.ok().flatten();
    match waiting {
        Some(waiting) => axum::Json(serde_json::json!({ "waiting": waiting })).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_json_however_deep_and_nothing_else_is() {
        let deep = "[".repeat(30_000) + &"]".repeat(30_000);
        for good in ["{}", " [] ", "\"ü\"", &deep] {
            assert!(is_json(good.as_bytes()));
        }
        for bad in [&b""[..], b"{", b"{} {}", b"\"\xff\"", b"\xef\xbb\xbf{}", &deep.as_bytes()[1..]] {
            assert!(!is_json(bad));
        }
    }
}
