//! The way to Webex, and out of the house at all: one HTTP client for the whole process, so that the certificates that it trusts are read once and
//! connections are used again. It follows no redirect, and speaks plain HTTP to this machine only.
//! Knows addresses and deadlines; knows no call and no token.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::{Client, ClientBuilder, RequestBuilder};
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
        "webex.base_url: {root} is not https: everybody on the way could read the tokens"
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

/// Hosts of Webex, and all below them.
const WEBEXS: [&str; 4] = ["webex.com", "wbx2.com", "ciscospark.com", "webexapis.com"];

/// Whether that is an address of Webex's own.
pub(super) fn is_webexs(url: &Url) -> bool {
    let is_below =
        |host: &str, of: &str| host.strip_suffix(of).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    matches!(url.host(), Some(Host::Domain(host)) if WEBEXS.iter().any(|of| is_below(host, of)))
}

/// Whether the bot's token may go to an address that an answer names: over TLS to a host of Webex or to that of `root`,
/// or to this machine where `root` is on it.
pub(super) fn is_trusted(root: &Url, url: &Url) -> bool {
    let is_safe = ["https", "wss"].contains(&url.scheme());
    let is_here = is_here(root) && is_here_too(url);
    is_here || (is_safe && (is_webexs(url) || (url.host() == root.host() && root.scheme() == "https")))
}

fn is_here_too(url: &Url) -> bool {
    ["http", "https", "ws", "wss"].contains(&url.scheme()) && is_here(url)
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
    let client = ClientBuilder::from(builder(kind)).build()?;
    // Where two threads were first, either will do.
    Ok(one.get_or_init(|| client).clone())
}

fn builder(kind: Kind) -> reqwest::ClientBuilder {
    // Another part of the program may have chosen it already: it is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("roulette/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE);
    match kind {
        Kind::Far => builder,
        Kind::Here => builder.no_proxy(),
        Kind::HereInPlain => builder.no_proxy().tls_certs_only([]),
    }
}

/// A client like the process's for addresses such as `root`, for who waits for several things at once.
pub(super) fn waiting_client(root: &Url) -> reqwest::Result<reqwest::Client> {
    builder(Kind::of(root)).build()
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
            "webex.base_url: http://webexapis.com/v1 is not https: everybody on the way could read the tokens"
        );
    }

    #[test]
    fn a_token_goes_to_webex_or_stays_here() {
        let trusts = |root: &str, url: &str| is_trusted(&Url::parse(root).unwrap(), &Url::parse(url).unwrap());
        let (webex, here, proxy) = ("https://webexapis.com/v1", "http://127.0.0.1:8800/v1", "https://proxy.example/v1");
        for good in ["https://wdm-a.wbx2.com/x", "wss://m.wbx2.com/", "https://webex.com", "https://a.b.ciscospark.com"]
        {
            assert!([webex, here, proxy].iter().all(|root| trusts(root, good)), "{good}");
        }
        for bad in [
            "http://wdm-a.wbx2.com/",
            "ws://wdm-a.wbx2.com/",
            "https://evilwbx2.com/",
            "https://wbx2.com.evil.example/",
            "https://wbx2.com@evil.example/",
            "https://10.0.0.1/",
            "ftp://webex.com/",
        ] {
            assert!([webex, here, proxy].iter().all(|root| !trusts(root, bad)), "{bad}");
        }
        for local in ["http://127.0.0.1:1/", "ws://localhost:8800/", "ws://[::1]:8800/"] {
            assert!(trusts(here, local) && !trusts(webex, local) && !trusts(proxy, local), "{local}");
        }
        assert!(trusts(proxy, "wss://proxy.example/m") && !trusts(webex, "wss://proxy.example/m"));
        assert!(!trusts(proxy, "ws://proxy.example/m"));
    }
}
