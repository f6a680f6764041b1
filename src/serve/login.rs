//! The server to which the browser returns after the login: on this machine only, at the redirect address only, and
//! believing nobody who does not bring the `state`. Passes the code on and shows the result; knows no more about OAuth.
//! It closes when it is dropped.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use secrecy::SecretString;
use tokio::sync::{oneshot, watch};
use url::{Host, Url, form_urlencoded};

use super::page::page;

/// How long the last page may take to reach the browser.
const LAST_PAGE: Duration = Duration::from_secs(2);

/// Why the server could not be started.
#[derive(Debug)]
pub enum RedirectError {
    /// The redirect address is not one at which this machine can be reached; with the reason.
    NotHere(String),
    /// Another program listens on this port.
    InUse(u16),
    /// The port is not available.
    Failed(u16, io::Error),
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHere(why) => f.write_str(why),
            Self::InUse(port) => write!(f, "port {port} of this machine is in use by another program"),
            Self::Failed(port, error) => write!(f, "cannot listen on port {port} of this machine: {error}"),
        }
    }
}

impl std::error::Error for RedirectError {}

/// Who came to the redirect address.
#[derive(Debug)]
pub enum Visitor {
    /// The browser with a code, which waits for a page.
    Code(SecretString, Reply),
    /// The browser with a refusal: `error` and `error_description`. It has its page.
    Refused(String, String),
    /// Somebody who was turned away, with the reason.
    Stranger(&'static str),
}

/// The page to show in the browser.
#[derive(Debug)]
pub struct Reply(oneshot::Sender<(bool, String)>);

impl Reply {
    /// Shows whether the login worked, and a sentence.
    pub fn show(self, worked: bool, sentence: &str) {
        // A browser that went away has seen enough.
        let _ = self.0.send((worked, sentence.to_owned()));
    }
}

/// The server for one login, as the module describes.
#[derive(Debug)]
pub struct RedirectServer {
    visitors: mpsc::Receiver<Visitor>,
    close: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl RedirectServer {
    /// Starts the server at the redirect address, for a browser that brings this `state`.
    ///
    /// # Errors
    /// The address is not on this machine, or its port is not available.
    pub fn open(redirect_uri: &str, state: &str) -> Result<Self, RedirectError> {
        let place = RedirectAddress::of(redirect_uri).map_err(RedirectError::NotHere)?;
        let (arrived, visitors) = mpsc::channel();
        let (close, closed) = watch::channel(false);
        let listeners = listen(&place)?;
        let used = AtomicBool::new(false);
        let keeper = Arc::new(RedirectHandler { place, state: state.to_owned(), arrived, used });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| RedirectError::Failed(keeper.place.port, error))?;
        let thread = thread::spawn({
            let keeper = Arc::clone(&keeper);
            move || runtime.block_on(serve(listeners, &keeper, closed))
        });
        Ok(Self { visitors, close, thread: Some(thread) })
    }

    /// The next visitor; none if nobody comes before `deadline`.
    pub fn wait(&self, deadline: Instant) -> Option<Visitor> {
        self.visitors.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
    }
}

impl Drop for RedirectServer {
    fn drop(&mut self) {
        let _ = self.close.send(true);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// The address of the server.
#[derive(Debug, PartialEq, Eq)]
struct RedirectAddress {
    addresses: Vec<SocketAddr>,
    port: u16,
    path: String,
    /// The host names by which a browser that means us calls us.
    names: Vec<String>,
}

impl RedirectAddress {
    fn of(redirect_uri: &str) -> Result<Self, String> {
        let url = Url::parse(redirect_uri).map_err(|error| format!("{redirect_uri}: {error}"))?;
        let port = url.port_or_known_default().unwrap_or(0);
        if url.scheme() != "http" || port == 0 {
            return Err(format!("{redirect_uri} is not an http address with a port of this machine"));
        }
        let v4 = |ip: Ipv4Addr| SocketAddr::from((ip, port));
        let v6 = |ip: Ipv6Addr| SocketAddr::from((ip, port));
        let addresses = match url.host() {
            Some(Host::Domain("localhost")) => vec![v4(Ipv4Addr::LOCALHOST), v6(Ipv6Addr::LOCALHOST)],
            Some(Host::Ipv4(ip)) if ip.is_loopback() => vec![v4(ip)],
            Some(Host::Ipv6(ip)) if ip.is_loopback() => vec![v6(ip)],
            _ => return Err(format!("{redirect_uri} is not an address of this machine alone, such as localhost")),
        };
        let host = url.host_str().unwrap_or_default();
        let names = [Some(format!("{host}:{port}")), (port == 80).then(|| host.to_owned())];
        Ok(Self { addresses, port, path: url.path().to_owned(), names: names.into_iter().flatten().collect() })
    }
}

fn listen(place: &RedirectAddress) -> Result<Vec<TcpListener>, RedirectError> {
    let mut listeners = Vec::new();
    for address in &place.addresses {
        let bound = TcpListener::bind(address).and_then(|it| it.set_nonblocking(true).map(|()| it));
        match bound {
            Ok(listener) => listeners.push(listener),
            // The browser might go there first.
            Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(RedirectError::InUse(place.port)),
            // Many machines have no IPv6.
            Err(_) if !listeners.is_empty() => {}
            Err(error) => return Err(RedirectError::Failed(place.port, error)),
        }
    }
    Ok(listeners)
}

async fn serve(listeners: Vec<TcpListener>, keeper: &Arc<RedirectHandler>, mut closed: watch::Receiver<bool>) {
    let app = Router::new().fallback(visit).with_state(Arc::clone(keeper));
    let mut servers = tokio::task::JoinSet::new();
    for listener in listeners {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { continue };
        let (app, mut closed) = (app.clone(), closed.clone());
        let until = async move {
            let _ = closed.wait_for(|closed| *closed).await;
        };
        servers.spawn(axum::serve(listener, app).with_graceful_shutdown(until).into_future());
    }
    let _ = closed.wait_for(|closed| *closed).await;
    // A browser may keep a connection that it never uses.
    let _ = tokio::time::timeout(LAST_PAGE, servers.join_all()).await;
}

/// Answers each visitor, and passes on those who matter.
#[derive(Debug)]
struct RedirectHandler {
    place: RedirectAddress,
    state: String,
    arrived: mpsc::Sender<Visitor>,
    /// Whether a code has been brought.
    used: AtomicBool,
}

async fn visit(State(keeper): State<Arc<RedirectHandler>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    const SENT_AWAY: &str = "This is not the login that was started";
    let tell = |visitor| {
        // The waiting side may be gone.
        let _ = keeper.arrived.send(visitor);
    };
    let away = |why| {
        tell(Visitor::Stranger(why));
        page(StatusCode::BAD_REQUEST, SENT_AWAY, "Go back to the address that roulette printed, and log in there.")
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !keeper.place.names.iter().any(|name| name.eq_ignore_ascii_case(host)) {
        // Somebody else's page whose host name leads here: its reader needs to learn nothing.
        return page(StatusCode::MISDIRECTED_REQUEST, "Not here", "This address is not served.");
    }
    if uri.path() != keeper.place.path {
        return page(StatusCode::NOT_FOUND, "Not found", "Only the login is here.");
    }
    if method != Method::GET {
        return page(StatusCode::METHOD_NOT_ALLOWED, "Not allowed", "A browser comes here automatically.");
    }
    let query = uri.query().unwrap_or_default();
    let value = |name: &str| {
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        values.next().map(|(_, value)| value.into_owned()).filter(|_| values.next().is_none())
    };
    match value("state") {
        None => return away("it brought no state"),
        Some(state) if state != keeper.state => return away("its state is wrong"),
        Some(_) => {}
    }
    if let Some(error) = value("error") {
        let why = value("error_description").unwrap_or_default();
        let sentence = if why.is_empty() { error.clone() } else { format!("{why} ({error})") };
        tell(Visitor::Refused(error, why));
        return page(StatusCode::OK, "You are not logged in", &format!("Webex says: {sentence}"));
    }
    let Some(code) = value("code") else { return away("it brought no code") };
    if keeper.used.swap(true, Ordering::Relaxed) {
        return page(StatusCode::CONFLICT, "Once is enough", "This login is already being checked.");
    }
    let (reply, shown) = oneshot::channel();
    tell(Visitor::Code(code.into(), Reply(reply)));
    match shown.await {
        Ok((true, sentence)) => page(StatusCode::OK, "You are logged in", &sentence),
        Ok((false, sentence)) => page(StatusCode::BAD_GATEWAY, "You are not logged in", &sentence),
        Err(_) => page(StatusCode::GONE, "Too late", "roulette is no longer waiting for this login."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(redirect_uri: &str) -> Result<(Vec<String>, String, Vec<String>), String> {
        let place = RedirectAddress::of(redirect_uri)?;
        Ok((place.addresses.iter().map(SocketAddr::to_string).collect(), place.path, place.names))
    }

    #[test]
    fn the_door_is_on_this_machine_only() {
        let strings = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            place("http://localhost:5000/webexoauth").unwrap(),
            (strings(&["127.0.0.1:5000", "[::1]:5000"]), "/webexoauth".to_owned(), strings(&["localhost:5000"]))
        );
        assert_eq!(
            place("http://127.0.0.1").unwrap(),
            (strings(&["127.0.0.1:80"]), "/".to_owned(), strings(&["127.0.0.1:80", "127.0.0.1"]))
        );
        assert_eq!(place("http://[::1]:7/a").unwrap().2, strings(&["[::1]:7"]));
        for elsewhere in [
            "https://localhost:5000/",
            "http://example.com:5000/",
            "http://10.0.0.1/",
            "http://localhost:0/",
            "http://0.0.0.0/",
        ] {
            assert!(place(elsewhere).unwrap_err().starts_with(elsewhere), "{elsewhere}");
        }
    }
}
