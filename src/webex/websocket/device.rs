//! The device: where Webex sends what concerns the bot. It is found by our own name, renewed, created, and removed.
//! Knows the two services that are asked; the token goes only to hosts of Webex, or from this machine to itself.

use std::time::Duration;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Opener, Trouble, unreached, words};
use crate::webex::connection::{is_trusted, is_webexs};
use crate::webex::error;
use crate::webex::lenient::{items, optional};

/// The name by which our devices are known.
const NAME: &str = "roulette";
/// Where Webex says where its services are.
const CATALOG: &str = "https://u2c.wbx2.com/u2c/api/v1/catalog";
/// Where devices are registered if Webex does not say so.
const SERVICE: &str = "https://wdm-a.wbx2.com/wdm/api/v1";
/// How often Webex is asked before that is used.
const PATIENCE: u32 = 3;
/// The longest answer, in bytes.
const LONGEST: usize = 4 << 20;
/// How long removing a device at the end may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// A device of the bot's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Device {
    /// The address that calls use.
    pub(super) url: Url,
    pub(super) socket: Url,
    /// The bot, as the socket names it.
    pub(super) owner: String,
}

/// A device in the form in which Webex describes it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    #[serde(deserialize_with = "optional")]
    url: String,
    #[serde(deserialize_with = "optional")]
    web_socket_url: String,
    #[serde(deserialize_with = "optional")]
    user_id: String,
    #[serde(deserialize_with = "optional")]
    name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct List {
    #[serde(deserialize_with = "items")]
    devices: Vec<Wire>,
}

/// The answer to a call, read completely.
struct Answer {
    status: u16,
    body: Vec<u8>,
    tracking: Option<String>,
}

impl Answer {
    /// The kind of trouble that the answer means.
    fn trouble(&self, call: &str) -> Trouble {
        let Self { status, body, tracking } = self;
        let is_webexs = error::is_webexs(*status, body, tracking.is_some());
        let why = format!("{call}: {}", words(*status, body, tracking.as_deref()));
        if *status == 401 && is_webexs { Trouble::Refused(why) } else { Trouble::Passing(why) }
    }

    fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn read<T: serde::de::DeserializeOwned>(&self, call: &str) -> Result<T, Trouble> {
        if !self.is_good() {
            return Err(self.trouble(call));
        }
        serde_json::from_slice(&self.body).map_err(|_| odd(call))
    }
}

fn odd(call: &str) -> Trouble {
    Trouble::Passing(format!("{call}: the answer is not understood"))
}

impl Opener {
    /// One of our devices: the existing one, renewed; or a new one.
    pub(super) async fn register(&mut self, token: &SecretString, anew: bool) -> Result<Device, Trouble> {
        let devices = format!("{}/devices", self.service(token).await?.as_str().trim_end_matches('/'));
        let answer = self.ask(token, Method::GET, &devices, None).await?;
        // A 404 means that there is no device.
        let there = if answer.status == 404 { List::default() } else { answer.read("GET /devices")? };
        let ours: Vec<&Wire> = there.devices.iter().filter(|device| device.name == NAME).collect();
        if anew {
            self.drop_all(token, &ours).await;
        } else if let Some(known) = ours.first() {
            let answer = self.ask(token, Method::PUT, &known.url, Some(&about())).await?;
            match answer.status {
                404 | 410 => {}
                _ => return self.device(&answer.read::<Wire>("PUT /devices")?, known),
            }
        }
        let mut answer = self.ask(token, Method::POST, &devices, Some(&about())).await?;
        if answer.status == 403 && !ours.is_empty() {
            // There are too many devices, and some of them are ours.
            self.drop_all(token, &ours).await;
            answer = self.ask(token, Method::POST, &devices, Some(&about())).await?;
        }
        self.device(&answer.read::<Wire>("POST /devices")?, &Wire::default())
    }

    /// Removes the device that was connected last. Whether it worked does not matter: Webex forgets it within a few
    /// days.
    pub async fn remove(&mut self, token: &SecretString) {
        if let Some(device) = self.device.take() {
            let _ = tokio::time::timeout(FAREWELL, self.ask(token, Method::DELETE, device.url.as_str(), None)).await;
        }
    }

    async fn drop_all(&self, token: &SecretString, devices: &[&Wire]) {
        for device in devices {
            // A device that stays does no harm.
            let _ = self.ask(token, Method::DELETE, &device.url, None).await;
        }
    }

    /// What an answer says about a device, or otherwise what was known before.
    fn device(&self, told: &Wire, known: &Wire) -> Result<Device, Trouble> {
        let one = |told: &str, known: &str| if told.is_empty() { known.to_owned() } else { told.to_owned() };
        Ok(Device {
            url: self.trusted(&one(&told.url, &known.url))?,
            socket: self.trusted(&one(&told.web_socket_url, &known.web_socket_url))?,
            owner: one(&told.user_id, &known.user_id),
        })
    }

    /// Where devices are registered: in the bot's region. In another region it would be let in, but hear nothing.
    async fn service(&mut self, token: &SecretString) -> Result<Url, Trouble> {
        if let Some(service) = &self.service {
            return Ok(service.clone());
        }
        let of_webex = is_webexs(&self.root);
        let catalog = if of_webex { CATALOG.to_owned() } else { self.here("/u2c/api/v1/catalog") };
        let answer = self.ask(token, Method::GET, &format!("{catalog}?format=hostmap"), None).await;
        let named = answer.and_then(|answer| {
            let read = answer.read::<Value>("GET /catalog")?;
            read["serviceLinks"]["wdm"].as_str().map(str::to_owned).ok_or_else(|| odd("GET /catalog"))
        });
        self.unsaid += 1;
        let service = match named {
            Ok(named) => self.trusted(&named)?,
            Err(Trouble::Passing(_)) if of_webex && self.unsaid >= PATIENCE => return self.trusted(SERVICE),
            Err(trouble) => return Err(trouble),
        };
        self.service = Some(service.clone());
        Ok(service)
    }

    /// A path on the host of the root.
    fn here(&self, path: &str) -> String {
        let mut url = self.root.clone();
        url.set_path(path);
        url.set_query(None);
        url.into()
    }

    fn trusted(&self, text: &str) -> Result<Url, Trouble> {
        let url = Url::parse(text).ok().filter(|url| is_trusted(&self.root, url));
        url.ok_or_else(|| {
            let host = Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
            Trouble::Passing(format!("Webex names an address that is not its own ({host}), which gets no token"))
        })
    }

    async fn ask(
        &self,
        token: &SecretString,
        method: Method,
        url: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Trouble> {
        let mut request = self.http.request(method, self.trusted(url)?).timeout(self.timeout);
        request = request.bearer_auth(token.expose_secret());
        if let Some(body) = body {
            request = request.json(body);
        }
        let passing = |error: reqwest::Error| Trouble::Passing(unreached(&error));
        let mut answer = request.send().await.map_err(passing)?;
        let status = answer.status().as_u16();
        let tracking = answer.headers().get("trackingid").and_then(|id| id.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        while let Some(bytes) = answer.chunk().await.map_err(passing)? {
            body.extend_from_slice(&bytes);
            if body.len() > LONGEST {
                return Err(Trouble::Passing("an answer of Webex is too long".to_owned()));
            }
        }
        Ok(Answer { status, body, tracking })
    }
}

/// The description of our device.
fn about() -> Value {
    json!({
        "deviceName": NAME,
        "name": NAME,
        "deviceType": "DESKTOP",
        "model": NAME,
        "localizedModel": NAME,
        "systemName": NAME,
        "systemVersion": env!("CARGO_PKG_VERSION"),
    })
}
