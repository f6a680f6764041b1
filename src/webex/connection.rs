//! The way to Webex, and out of the house at all: one HTTP client for the whole process, so that the certificates that it trusts are read once and
//! connections are used again. It follows no redirect, and speaks plain HTTP to this machine only.
//! Knows addresses and deadlines; knows no call and no token.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::redirect::Policy;
use url::{Host, Url};

/// Longer than this nobody waits for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// An idle connection is kept shorter than the other side does: else a call could go into one that just closes.
const IDLE: Duration = Duration::from_secs(20);

/// The way to the Webex at an address.
#[derive(Clone, Debug)]
pub struct Connection {
    http: Client,
    root: Url,
    timeout: Duration,
}

/// The way to the Webex at `root`. Each call with all of its answer takes no longer than `timeout`.
///
/// # Errors
/// The root is no address, or is not safe to send a token to.
pub fn connection(root: &str, timeout: Duration) -> anyhow::Result<Connection> {
    let url = Url::parse(root).map_err(|error| anyhow::anyhow!("webex.base_url: {root}: {error}"))?;
    let here = is_here(&url);
    anyhow::ensure!(
        url.scheme() == "https" || here,
        "webex.base_url: {root} is not https: tokens would travel for all to read"
    );
    Ok(Connection { http: http(Kind::of(&url))?, root: url, timeout })
}

/// Fetches an address that is none of Webex's, without a token, and drops what it says.
///
/// # Errors
/// It is no address, or what answers is no success.
pub fn fetch(address: &str, timeout: Duration) -> anyhow::Result<()> {
    let url = Url::parse(address)?;
    let kind = Kind::of(&url);
    // The address may be a secret of its own, and is not repeated.
    let answer = http(kind)?.get(url).timeout(timeout).send().map_err(reqwest::Error::without_url)?;
    anyhow::ensure!(answer.status().is_success(), "the answer is {}", answer.status());
    Ok(())
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// What a client is for.
#[derive(Clone, Copy)]
enum Kind {
    /// Other machines.
    Far,
    /// This one.
    Here,
    /// This one without TLS, which takes no certificates.
    HereInPlain,
}

impl Kind {
    fn of(url: &Url) -> Self {
        match (is_here(url), url.scheme()) {
            (false, _) => Self::Far,
            (true, "https") => Self::Here,
            (true, _) => Self::HereInPlain,
        }
    }
}

/// The process's client of that kind.
fn http(kind: Kind) -> reqwest::Result<Client> {
    static CLIENTS: [OnceLock<Client>; 3] = [const { OnceLock::new() }; 3];
    let one = &CLIENTS[kind as usize];
    if let Some(client) = one.get() {
        return Ok(client.clone());
    }
    // Another part of the program may have chosen it already: it is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("roulette/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE);
    let client = match kind {
        Kind::Far => builder,
        Kind::Here => builder.no_proxy(),
        Kind::HereInPlain => builder.no_proxy().tls_certs_only([]),
    };
    let client = client.build()?;
    // Where two threads were first, either will do.
    Ok(one.get_or_init(|| client).clone())
}

impl Connection {
    /// The address of a path below the root.
    pub fn url(&self, path: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}{path}", self.root.path().trim_end_matches('/')));
        url
    }

    /// The root.
    pub fn root(&self) -> &str {
        self.root.as_str()
    }

    /// A request that ends in time, its answer included.
    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.http.request(method, url).timeout(self.timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_travel_encrypted_or_not_at_all() {
        let new = |root| connection(root, Duration::from_secs(1)).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(new("http://127.0.0.1:8800/v1"), Ok(()));
        assert_eq!(new("https://webexapis.com/v1"), Ok(()));
        assert_eq!(
            new("http://webexapis.com/v1").unwrap_err(),
            "webex.base_url: http://webexapis.com/v1 is not https: tokens would travel for all to read"
        );
    }
}
