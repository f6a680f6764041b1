//! How tokens are obtained: with a code that the browser brings back (RFC 6749 with PKCE, RFC 7636), from another
//! device (RFC 8628), and by refreshing. Knows the wire only: not where tokens are kept, nor how people are asked. No
//! secret is in an error, in `Debug`, or in a log line.
//!
//! No OAuth crate is used, because little would be left for it to do: Webex answers a poll in its own way (428 while
//! the person decides) and gives lifetimes as numbers or texts, and every request goes through our blocking connection,
//! with its retries and waits. Nor would a crate keep two processes from renewing at the same time: the caller's lock
//! does.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use reqwest::{Method, blocking};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::client::Answer;
use super::connection::{Connection, connection};
use super::error::{Error, Kind};
use super::lenient;
use super::retry::{self, Attempt, Effect, Next, Outcome};
use super::throttle::Patience;
use crate::secrets;

/// The scopes that the organizer grants.
const SCOPES: [&str; 4] = ["spark:kms", "spark:people_read", "meeting:schedules_read", "meeting:schedules_write"];
/// The additional scopes that an admin grants, who books on behalf of others.
const ADMIN_SCOPES: [&str; 2] = ["meeting:admin_schedule_read", "meeting:admin_schedule_write"];

/// The scope for seeing who came to one's own meetings.
const ATTENDANCE_SCOPE: &str = "meeting:participants_read";
/// The same for other people's meetings, as an admin.
const ADMIN_ATTENDANCE_SCOPE: &str = "meeting:admin_participants_read";

/// The scope for seeing who is in a space in which the bot is not.
pub const MEMBERS_SCOPE: &str = "spark:memberships_read";
/// The scope for seeing the whole directory, as an admin.
pub const DIRECTORY_SCOPE: &str = "spark-admin:people_read";

/// The scopes that are needed; more of them for booking `on_behalf` of others.
pub fn scopes(on_behalf: bool) -> Vec<&'static str> {
    SCOPES.into_iter().chain(ADMIN_SCOPES.into_iter().filter(|_| on_behalf)).collect()
}

/// The scope for seeing who came, including to meetings `on_behalf` of others.
pub fn attendance_scope(on_behalf: bool) -> &'static str {
    if on_behalf { ADMIN_ATTENDANCE_SCOPE } else { ATTENDANCE_SCOPE }
}

/// 32 random bytes as 43 characters that need no escaping: a `state`, or a verifier.
pub fn letters(random: [u8; 32]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(random)
}

/// The proof that whoever brings a code is the one who asked for it.
#[derive(Clone, Debug)]
pub struct Verifier(SecretString);

impl Verifier {
    /// A verifier made of 32 random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(letters(random).into())
    }

    /// The public part of the verifier (S256), which is sent first.
    pub fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose_secret()))
    }
}

/// Tokens, fresh from Webex.
#[derive(Debug)]
pub struct Grant {
    /// The access token, which is sent with each call.
    pub access: SecretString,
    /// How long the access token lasts.
    pub access_life: Duration,
    /// The token for getting the next tokens; absent if the previous one remains valid.
    pub refresh: Option<SecretString>,
    /// How long the refresh token lasts from now.
    pub refresh_life: Option<Duration>,
    /// The granted scopes, if Webex says so; otherwise those that were requested.
    pub scopes: Option<Vec<String>>,
}

/// What a person is shown to log in on another device.
#[derive(Debug)]
pub struct Device {
    code: SecretString,
    /// The code that the person types.
    pub user_code: String,
    /// The address at which they type it.
    pub address: String,
    /// The address including the code.
    pub full_address: String,
    /// How long the code is valid.
    pub life: Duration,
    /// How long to wait between two polls.
    pub interval: Duration,
}

/// The progress of a login on another device.
#[derive(Debug)]
pub enum Poll {
    /// The person has not decided yet.
    Pending,
    /// The same, and we are asking too often.
    SlowDown,
    /// The person said no.
    Denied,
    /// The code is no longer valid.
    Expired,
    /// The person said yes.
    Granted(Grant),
}

/// The integration that is registered at Webex.
pub struct Integration<'a> {
    connection: Connection,
    patience: Arc<Patience>,
    id: String,
    secret: SecretString,
    told: Box<dyn Fn(&str) + Send + Sync + 'a>,
}

impl fmt::Debug for Integration<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Integration")
            .field("root", &self.connection.root())
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl<'a> Integration<'a> {
    /// The integration `id` at the Webex at `root`. `told` gets every call, but no secret.
    ///
    /// # Errors
    /// The errors of [`connection`].
    pub fn new(
        root: &str,
        timeout: Duration,
        id: &str,
        secret: SecretString,
        told: impl Fn(&str) + Send + Sync + 'a,
        patience: Arc<Patience>,
    ) -> anyhow::Result<Self> {
        secrets::remember(&secret);
        secrets::remember_basic(id, &secret);
        Ok(Self { connection: connection(root, timeout)?, patience, id: id.to_owned(), secret, told: Box::new(told) })
    }

    /// The address at which a person decides.
    pub fn authorize_url(&self, redirect_uri: &str, scopes: &[&str], state: &str, verifier: &Verifier) -> Url {
        let mut url = self.url("/authorize");
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", redirect_uri),
            ("scope", &scopes.join(" ")),
            ("state", state),
            ("code_challenge", &verifier.challenge()),
            ("code_challenge_method", "S256"),
        ]);
        url
    }

    /// Tokens for the code that the browser brought back. A code can be used once.
    ///
    /// # Errors
    /// Webex refuses the code or the integration, or cannot be reached.
    pub fn exchange(&self, code: &SecretString, redirect_uri: &str, verifier: &Verifier) -> Result<Grant, Error> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", redirect_uri),
            ("client_id", &self.id),
            ("client_secret", self.secret.expose_secret()),
            ("code_verifier", verifier.0.expose_secret()),
        ];
        self.post("/access_token", &form, Effect::NotIdempotent)
    }

    /// New tokens for a refresh token, which stays valid and is extended: done twice, nothing is lost.
    ///
    /// # Errors
    /// Webex refuses the token or the integration ([`Kind::Refused`]), or cannot be reached.
    pub fn refresh(&self, token: &SecretString) -> Result<Grant, Error> {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.id),
            ("client_secret", self.secret.expose_secret()),
            ("refresh_token", token.expose_secret()),
        ];
        self.post("/access_token", &form, Effect::Idempotent)
    }

    /// Starts a login on another device.
    ///
    /// # Errors
    /// Webex refuses the integration, or cannot be reached.
    pub fn device(&self, scopes: &[&str]) -> Result<Device, Error> {
        let form = [("client_id", self.id.as_str()), ("scope", &scopes.join(" "))];
        self.post("/device/authorize", &form, Effect::Idempotent)
    }

    /// Asks once about the progress of that login.
    ///
    /// # Errors
    /// Webex refuses the integration, or cannot be reached.
    pub fn poll(&self, device: &Device) -> Result<Poll, Error> {
        const PATH: &str = "/device/token";
        secrets::remember(&device.code);
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device.code.expose_secret()),
            ("client_id", &self.id),
        ];
        let request = self.request(PATH).basic_auth(&self.id, Some(self.secret.expose_secret()));
        let answer = self.send(PATH, request.form(&form));
        match answer.outcome {
            Outcome::Answered(200, _) => read(PATH, &answer.body).map(Poll::Granted),
            Outcome::Answered(428, _) => Ok(Poll::Pending),
            Outcome::Answered(429, _) => Ok(Poll::SlowDown),
            Outcome::Answered(status, _) => {
                let error = answer.error(name(PATH), Kind::Refused);
                let says = |word| status == 400 && error.message.contains(word);
                match () {
                    () if says("authorization_pending") => Ok(Poll::Pending),
                    () if says("slow_down") => Ok(Poll::SlowDown),
                    () if says("access_denied") => Ok(Poll::Denied),
                    // One is the standard's word; the other is Webex's for a code that is too old.
                    () if says("expired_token") || says("invalid_grant") => Ok(Poll::Expired),
                    () if status >= 500 => Err(Error { kind: Kind::NotDone, ..error }),
                    () => Err(error),
                }
            }
            Outcome::Gateway(_) | Outcome::NotSent | Outcome::Broke | Outcome::TimedOut => {
                Err(answer.error(name(PATH), Kind::NotDone))
            }
        }
    }

    fn url(&self, path: &str) -> Url {
        self.connection.url(path)
    }

    fn request(&self, path: &str) -> blocking::RequestBuilder {
        self.connection.request(Method::POST, self.url(path))
    }

    /// Posts a form as often as makes sense.
    fn post<T>(&self, path: &str, form: &[(&str, &str)], effect: Effect) -> Result<T, Error>
    where
        T: for<'de> Deserialize<'de>,
    {
        form.iter().filter(|(key, _)| SECRET.contains(key)).for_each(|(_, value)| secrets::remember(&(*value).into()));
        // There is no token to renew.
        let mut attempt = Attempt { number: 1, renewed: true, counted: false, jitter: 0.5 };
        loop {
            let answer = self.send(path, self.request(path).form(form));
            attempt.jitter = rand::random();
            match retry::next(effect, answer.outcome, attempt) {
                Next::Done => return read(path, &answer.body),
                Next::WaitAll(wait) | Next::Wait(wait) if self.patience.bears(Instant::now(), wait) => {
                    thread::sleep(wait);
                }
                Next::WaitAll(wait) | Next::Wait(wait) => return Err(answer.error(name(path), Kind::Busy(wait))),
                Next::Renew | Next::Fail(Kind::Login) => return Err(answer.error(name(path), Kind::Refused)),
                Next::Fail(kind) => return Err(answer.error(name(path), kind)),
            }
            attempt.number += 1;
        }
    }

    fn send(&self, path: &str, request: blocking::RequestBuilder) -> Answer {
        let sent = Instant::now();
        let answer = Answer::of(request);
        let now = Instant::now();
        if answer.outcome == Outcome::TimedOut {
            self.patience.waited_in_vain(sent, now);
        }
        let words = format!("{} → {} in {} ms", name(path), answer.words(), (now - sent).as_millis());
        (self.told)(&secrets::strike(&words));
        answer
    }
}

/// The parts of a form that must stay secret.
const SECRET: [&str; 4] = ["code", "code_verifier", "refresh_token", "device_code"];

fn name(path: &str) -> String {
    format!("POST {path}")
}

/// The content of an answer that cannot be read is not reported: it may be a token.
fn read<T: for<'de> Deserialize<'de>>(path: &str, body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("Webex's answer is not understood, from character {} on", error.column());
        Error::new(Kind::InDoubt, name(path), message)
    })
}

/// The longest lifetime that is accepted, so that no date arithmetic fails, whatever the other side says.
const LONGEST_LIFE: u64 = 10 * 365 * 24 * 60 * 60;

/// How long a token lasts if Webex does not say: as long as it says elsewhere.
const ACCESS_LIFE: u64 = 14 * 24 * 60 * 60;
/// How long a code for another device is valid if Webex does not say.
const CODE_LIFE: u64 = 300;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds.min(LONGEST_LIFE))
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            access_token: String,
            #[serde(default, deserialize_with = "lenient::seconds")]
            expires_in: Option<u64>,
            #[serde(default, deserialize_with = "lenient::optional")]
            refresh_token: Option<String>,
            #[serde(default, deserialize_with = "lenient::seconds")]
            refresh_token_expires_in: Option<u64>,
            #[serde(default, deserialize_with = "lenient::optional")]
            scope: Option<String>,
        }
        let wire = Wire::deserialize(from)?;
        if wire.access_token.is_empty() {
            return Err(serde::de::Error::custom("the token is empty"));
        }
        Ok(Self {
            access: wire.access_token.into(),
            access_life: seconds(wire.expires_in.unwrap_or(ACCESS_LIFE)),
            refresh: wire.refresh_token.filter(|token| !token.is_empty()).map(SecretString::from),
            refresh_life: wire.refresh_token_expires_in.map(seconds),
            scopes: wire.scope.map(|scopes| scopes.split_whitespace().map(str::to_owned).collect()),
        })
    }
}

impl<'de> Deserialize<'de> for Device {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            device_code: String,
            user_code: String,
            verification_uri: String,
            #[serde(default, deserialize_with = "lenient::optional")]
            verification_uri_complete: Option<String>,
            #[serde(default, deserialize_with = "lenient::seconds")]
            expires_in: Option<u64>,
            #[serde(default, deserialize_with = "lenient::seconds")]
            interval: Option<u64>,
        }
        let wire = Wire::deserialize(from)?;
        Ok(Self {
            code: wire.device_code.into(),
            user_code: wire.user_code,
            full_address: wire.verification_uri_complete.unwrap_or_else(|| wire.verification_uri.clone()),
            address: wire.verification_uri,
            life: seconds(wire.expires_in.unwrap_or(CODE_LIFE)),
            // What the standard says if nothing is given.
            interval: seconds(wire.interval.unwrap_or(5).max(1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integration() -> Integration<'static> {
        let secret = SecretString::from("hush-secret");
        Integration::new("https://webexapis.com/v1/", Duration::from_secs(1), "C 1", secret, |_| (), Arc::default())
            .unwrap()
    }

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        let random = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = Verifier::new(random);
        assert_eq!(verifier.0.expose_secret(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_person_decides_at_an_address_that_holds_no_secret() {
        let verifier = Verifier::new([7; 32]);
        let url = integration().authorize_url("http://localhost:5000/x?y=1", &["a:b", "c"], "st/ate", &verifier);
        let expected = "https://webexapis.com/v1/authorize?response_type=code&client_id=C+1\
            &redirect_uri=http%3A%2F%2Flocalhost%3A5000%2Fx%3Fy%3D1&scope=a%3Ab+c&state=st%2Fate&code_challenge=";
        let challenge = verifier.challenge();
        assert_eq!(url.as_str(), format!("{expected}{challenge}&code_challenge_method=S256"));
        assert!(!url.as_str().contains(verifier.0.expose_secret()));
    }

    #[test]
    fn an_admin_allows_more() {
        assert!(!scopes(false).iter().any(|scope| scope.contains("admin")));
        assert_eq!(scopes(true)[..4], scopes(false)[..]);
        assert_eq!(scopes(true).len(), 6);
    }

    #[test]
    fn no_debug_shows_a_secret() {
        let grant: Grant = read(
            "/x",
            br#"{"access_token": "hush-access", "expires_in": 9, "refresh_token": "hush-refresh",
                "refresh_token_expires_in": 99999999999999, "scope": "a b"}"#,
        )
        .unwrap();
        assert_eq!(grant.scopes.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
        assert_eq!(grant.refresh_life, Some(Duration::from_secs(LONGEST_LIFE)));
        let device: Device = read(
            "/x",
            br#"{"device_code": "hush-device", "user_code": "1", "verification_uri": "u", "expires_in": 300}"#,
        )
        .unwrap();
        let verifier = Verifier::new([7; 32]);
        let shown = format!("{grant:?} {device:?} {verifier:?} {:?}", integration());
        assert!(!shown.contains("hush") && !shown.contains(verifier.0.expose_secret()), "{shown}");
    }

    #[test]
    fn an_answer_that_is_not_understood_is_not_repeated() {
        let error = read::<Grant>("/access_token", br#"{"access_token": 7, "refresh_token": "hush"}"#).unwrap_err();
        assert_eq!(error.to_string(), "POST /access_token: Webex's answer is not understood, from character 18 on");
    }
}
