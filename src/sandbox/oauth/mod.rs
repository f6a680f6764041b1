//! Who may call: the one integration, the tokens it was given, and what they allow. Knows people only by their address.
//! `code` is the browser's way to a token, `device` that of another device.

mod code;
mod device;
mod pages;

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) use code::{access_token, authorize, decide};
pub(super) use device::{authorize as device_authorize, decide as device_decide, token as device_token, verify};
pub(super) use pages::not_here;

use super::errors::Refusal;
use super::http::Call;
use super::ids;
use super::model::Model;
use super::people::BOT;

/// The id of the integration that the sandbox knows.
pub const CLIENT_ID: &str = "roulette-sandbox";
/// The integration's secret.
pub const CLIENT_SECRET: &str = "sandbox-secret";
/// The bot's token, which never expires.
pub const BOT_TOKEN: &str = "sandbox-bot";

const ACCESS_SECONDS: i64 = 1_209_599;
const REFRESH_SECONDS: i64 = 7_775_999;

/// The scopes that can be asked for.
const SCOPES: &[&str] = &[
    "meeting:admin_participants_read",
    "meeting:admin_preferences_read",
    "meeting:admin_schedule_read",
    "meeting:admin_schedule_write",
    "meeting:participants_read",
    "meeting:preferences_read",
    "meeting:schedules_read",
    "meeting:schedules_write",
    "spark-admin:people_read",
    "spark:all",
    "spark:kms",
    "spark:memberships_read",
    "spark:messages_read",
    "spark:messages_write",
    "spark:people_read",
    "spark:rooms_read",
];

/// The scopes that a login gets if it requests none in particular.
pub(super) const USUAL_SCOPES: &[&str] =
    &["meeting:schedules_read", "meeting:schedules_write", "spark:kms", "spark:people_read"];

/// Everybody's codes, grants and tokens.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Logins {
    access: BTreeMap<String, Token>,
    refresh: BTreeMap<String, Token>,
    codes: BTreeMap<String, code::Code>,
    devices: BTreeMap<String, device::Device>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Token {
    grant: Grant,
    until: DateTime<Utc>,
}

/// What somebody allowed a client to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) email: String,
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
}

/// The caller, identified by their token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) email: String,
    pub(super) client: String,
    scopes: Vec<String>,
}

impl Caller {
    pub(super) fn is_bot(&self) -> bool {
        self.email == BOT
    }

    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|it| it == scope)
    }

    /// Refuses with 403 unless the token has one of these scopes.
    pub(super) fn needs(&self, scopes: &[&str]) -> Result<(), Refusal> {
        if scopes.iter().any(|scope| self.has(scope)) {
            return Ok(());
        }
        let needed = scopes.join(" or ");
        Err(Refusal::forbidden(format!("The access token lacks a scope that this request needs: {needed}.")))
    }

    /// Refuses bots with 403.
    pub(super) fn is_user(&self, what: &str) -> Result<(), Refusal> {
        if self.is_bot() { Err(Refusal::forbidden(format!("A bot cannot {what}."))) } else { Ok(()) }
    }
}

/// The caller, if the call carries a valid token.
pub(super) fn caller(model: &Model, call: &Call) -> Result<Caller, Refusal> {
    let header = call.header("authorization").ok_or_else(|| Refusal::unauthorized("it carries none"))?;
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::unauthorized("it carries none"));
    }
    if token == BOT_TOKEN {
        return Ok(Caller { email: BOT.to_owned(), client: BOT.to_owned(), scopes: Vec::new() });
    }
    let found = model.logins.access.get(token).ok_or_else(|| Refusal::unauthorized("this one is not known"))?;
    if found.until <= call.now {
        return Err(Refusal::unauthorized("this one has expired"));
    }
    let Grant { email, client, scopes } = found.grant.clone();
    Ok(Caller { email, client, scopes })
}

/// The scopes of a space-separated list, if all are known.
pub(super) fn scopes(text: &str) -> Result<Vec<String>, String> {
    let scopes: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    match scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
        Some(unknown) => Err(format!("the scope “{unknown}” is not known")),
        None if scopes.is_empty() => Err("“scope” is missing".to_owned()),
        None => Ok(scopes),
    }
}

/// New tokens for what was granted, in the form in which `/access_token` answers.
pub(super) fn grant(model: &mut Model, grant: Grant, now: DateTime<Utc>) -> Value {
    let refresh = ids::token("refresh", model.next());
    let until = now + Duration::seconds(REFRESH_SECONDS);
    model.logins.refresh.insert(refresh.clone(), Token { grant: grant.clone(), until });
    answer(model, grant, &refresh, now)
}

/// A new access token for an old refresh token, which is valid for as long as a new one.
fn refresh(model: &mut Model, refresh: &str, client: &str, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let known = model.logins.refresh.get_mut(refresh).filter(|it| it.until > now && it.grant.client == client);
    let token = known.ok_or_else(|| Refusal::bad("the refresh token is not valid or has expired"))?;
    token.until = now + Duration::seconds(REFRESH_SECONDS);
    let grant = token.grant.clone();
    Ok(answer(model, grant, refresh, now))
}

fn answer(model: &mut Model, grant: Grant, refresh: &str, now: DateTime<Utc>) -> Value {
    let access = ids::token("access", model.next());
    let scope = grant.scopes.join(" ");
    let until = now + Duration::seconds(ACCESS_SECONDS);
    model.logins.access.insert(access.clone(), Token { grant, until });
    json!({
        "access_token": access,
        "expires_in": ACCESS_SECONDS,
        "refresh_token": refresh,
        "refresh_token_expires_in": REFRESH_SECONDS,
        "token_type": "Bearer",
        "scope": scope,
    })
}

/// Refuses with 401 unless these are the integration's own.
fn client(id: &str, secret: &str) -> Result<(), Refusal> {
    if id == CLIENT_ID && secret == CLIENT_SECRET {
        Ok(())
    } else {
        Err(Refusal::new(401, "The client id or the client secret is wrong."))
    }
}
