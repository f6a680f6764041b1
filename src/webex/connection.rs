//! The way to Webex and to the internet in general: one HTTP client for the whole process, so that the trusted
//! certificates are read once and connections are reused. It follows no redirect, and speaks plain HTTP to this machine
//! only. Knows addresses and deadlines; knows no call and no token.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::{Client, ClientBuilder, RequestBuilder};
use reqwest::redirect::Policy;
use url::{Host, Url};

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// An idle connection is kept for less time than the other side keeps it: otherwise a call could go into one that is
/// just closing.
const IDLE: Duration = Duration::from_secs(20);

/// The way to the Webex at an address.
#[derive(Clone, Debug)]
pub struct Connection {
    http: Client,
    root: Url,
    timeout: Duration,
}

/// The connection to the Webex at `root`. Each call, including its whole answer, takes no longer than `timeout`.
///
/// # Errors
/// The root is not an address, or it is not safe to send a token there.
pub fn connection(root: &str, timeout: Duration) -> anyhow::Result<Connection> {
    let url = Url::parse(root).map_err(|error| anyhow::anyhow!("webex.base_url: {root}: {error}"))?;
    let here = is_here(&url);
    anyhow::ensure!(
        url.scheme() == "https" || here,
        "webex.base_url: {root} is not https: everybody on the way could read the tokens"
    );
    Ok(Connection { http: http(Kind::of(&url))?, root: url, timeout })
}

/// Fetches an address outside Webex, without a token, and ignores the content.
///
/// # Errors
/// It is not an address, or the answer is not a success.
pub fn fetch(address: &str, timeout: Duration) -> anyhow::Result<()> {
    let url = Url::parse(address)?;
    let kind = Kind::of(&url);
    // The address may itself be a secret, and is not repeated.
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

/// Hosts of Webex, including all their subdomains.
const WEBEXS: [&str; 4] = ["webex.com", "wbx2.com", "ciscospark.com", "webexapis.com"];

/// Whether that address belongs to Webex.
pub(super) fn is_webexs(url: &Url) -> bool {
    let is_below =
        |host: &str, of: &str| host.strip_suffix(of).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    matches!(url.host(), Some(Host::Domain(host)) if WEBEXS.iter().any(|of| is_below(host, of)))
}

/// Whether the bot's token may be sent to an address that an answer names: over TLS to a host of Webex or to that of
/// `root`, or to this machine if `root` is on it.
pub(super) fn is_trusted(root: &Url, url: &Url) -> bool {
    let is_safe = ["https", "wss"].contains(&url.scheme());
    let is_here = is_here(root) && is_here_too(url);
    is_here || (is_safe && (is_webexs(url) || (url.host() == root.host() && root.scheme() == "https")))
}

fn is_here_too(url: &Url) -> bool {
    ["http", "https", "ws", "wss"].contains(&url.scheme()) && is_here(url)
}

/// The machines to which a client connects.
#[derive(Clone, Copy)]
enum Kind {
    /// Other machines, over TLS.
    Far,
    /// This machine, over TLS.
    Here,
    /// This machine without TLS; needs no certificates.
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
    // If two threads were first, either client will do.
    Ok(one.get_or_init(|| client).clone())
}

fn builder(kind: Kind) -> reqwest::ClientBuilder {
    // Another part of the program may already have chosen it: it is the same one.
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

/// A client like the process's for addresses such as `root`, for code that waits for several things at once.
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

    /// The root address, without a slash at the end.
    pub fn root(&self) -> &str {
        self.root.as_str()
    }

    /// A request that ends in time, including its answer.
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
