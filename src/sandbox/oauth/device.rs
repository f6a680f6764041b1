//! A login from another device: the code that a person types there, and the waiting for it. Knows logins; draws no
//! page. A clock that nobody sets measures how often the client asks.

use std::time::Duration as Uptime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CLIENT_ID, Grant, client, grant, pages, scopes};
use crate::sandbox::errors::Refusal;
use crate::sandbox::http::{Answer, Call};
use crate::sandbox::ids;
use crate::sandbox::model::Model;

const EXPIRES_SECONDS: i64 = 300;
const INTERVAL_SECONDS: u64 = 2;
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A login on another device that is in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Device {
    user_code: String,
    scopes: Vec<String>,
    until: DateTime<Utc>,
    decision: Decision,
    #[serde(skip)]
    asked: Option<Uptime>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Decision {
    Pending,
    Denied,
    Allowed(String),
}

/// `POST /device/authorize`
pub(in crate::sandbox) fn authorize(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let form = call.form()?;
    if form.must("client_id")? != CLIENT_ID {
        return Err(Refusal::new(400, "Client Id is invalid"));
    }
    let scopes = scopes(form.must("scope")?).map_err(Refusal::bad)?;
    let count = model.next();
    let device_code = ids::token("device", count);
    let user_code = ids::hex("user code", &count.to_string(), 6).to_uppercase();
    let until = call.now + Duration::seconds(EXPIRES_SECONDS);
    let answer = json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": format!("{}/verify", call.root),
        "verification_uri_complete": format!("{}/verify?userCode={user_code}", call.root),
        "expires_in": EXPIRES_SECONDS,
        "interval": INTERVAL_SECONDS,
    });
    let device = Device { user_code, scopes, until, decision: Decision::Pending, asked: None };
    model.logins.devices.insert(device_code, device);
    Ok(Answer::json(&answer))
}

/// `POST /device/token`
pub(in crate::sandbox) fn token(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let form = call.form()?;
    let basic = call.header("authorization").and_then(|header| header.strip_prefix("Basic "));
    let decoded = basic.and_then(|it| STANDARD.decode(it).ok()).and_then(|it| String::from_utf8(it).ok());
    let (id, secret) = decoded.as_deref().and_then(|it| it.split_once(':')).unwrap_or_default();
    client(id, secret)?;
    if form.must("grant_type")? != GRANT_TYPE || form.must("client_id")? != CLIENT_ID {
        return Err(Refusal::bad(format!("“grant_type” must be {GRANT_TYPE} and “client_id” {CLIENT_ID}")));
    }
    let code = form.must("device_code")?;
    let device = model.logins.devices.get_mut(code).ok_or_else(|| Refusal::bad("invalid_grant"))?;
    if device.until <= call.now {
        return Err(Refusal::bad("invalid_grant"));
    }
    match &device.decision {
        Decision::Denied => Err(Refusal::bad("access_denied")),
        Decision::Pending => {
            let hasty = device.asked.is_some_and(|before| call.uptime < before + Uptime::from_secs(INTERVAL_SECONDS));
            device.asked = Some(call.uptime);
            Err(if hasty { Refusal::bad("slow_down") } else { Refusal::new(428, "authorization_pending") })
        }
        Decision::Allowed(email) => {
            let (email, scopes) = (email.clone(), device.scopes.clone());
            model.logins.devices.remove(code);
            Ok(Answer::json(&grant(model, Grant { email, client: CLIENT_ID.to_owned(), scopes }, call.now)))
        }
    }
}

/// `GET /verify`: the page for the other device.
pub(in crate::sandbox) fn verify(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["userCode"])?;
    Ok(pages::verify(&model.people, pairs.get("userCode").unwrap_or_default()))
}

/// `POST /verify`: what the person decided there.
pub(in crate::sandbox) fn decide(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let form = call.form()?;
    let code = form.must("userCode")?.trim().to_uppercase();
    let person = model.person(form.must("person")?).filter(|person| !person.is_bot());
    let email = person.ok_or_else(|| Refusal::not_found("The person"))?.email.clone();
    let waits = |device: &&mut Device| {
        device.user_code == code && device.until > call.now && matches!(device.decision, Decision::Pending)
    };
    let Some(device) = model.logins.devices.values_mut().find(waits) else {
        return Ok(pages::wrong("No device waits for this code. It may have expired: start the login again."));
    };
    let allowed = form.must("decision")? == "allow";
    device.decision = if allowed { Decision::Allowed(email) } else { Decision::Denied };
    Ok(pages::done(allowed))
}
