//! The browser's way to a token: the page that asks, the code it gives, and the exchange with PKCE.
//! Knows logins; draws no page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::{CLIENT_ID, Grant, client, pages, refresh, scopes};
use crate::sandbox::errors::Refusal;
use crate::sandbox::http::{Answer, Call, Pairs};
use crate::sandbox::ids;
use crate::sandbox::model::Model;

/// A code that can be exchanged once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Code {
    grant: Grant,
    redirect: String,
    challenge: String,
    until: DateTime<Utc>,
}

/// The parameters of the page, in the order in which it passes them on.
pub(super) const PARAMETERS: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

/// What is requested of the page.
struct AuthorizationRequest {
    redirect: String,
    state: String,
    scopes: Vec<String>,
    challenge: String,
}

/// Either the request, or the answer that says what is wrong with it.
fn read(pairs: &Pairs) -> Result<AuthorizationRequest, Answer> {
    let get = |name| pairs.get(name).unwrap_or_default();
    if get("client_id") != CLIENT_ID {
        return Err(pages::wrong(&format!(
            "There is no integration with this client id. The sandbox's is {CLIENT_ID}."
        )));
    }
    let redirect = get("redirect_uri");
    if !is_own_address(redirect) {
        return Err(pages::wrong(
            "This redirect address is not one of the integration's: here it must be on this computer.",
        ));
    }
    let state = get("state");
    let back = |error: &str, why: &str| back(redirect, state, &[("error", error), ("error_description", why)]);
    if get("response_type") != "code" {
        return Err(back("unsupported_response_type", "response_type must be code"));
    }
    let scopes = scopes(get("scope")).map_err(|why| back("invalid_scope", &why))?;
    if state.is_empty() {
        return Err(back("invalid_request", "state is missing"));
    }
    let challenge = get("code_challenge");
    if get("code_challenge_method") != "S256" || challenge.len() != 43 || !challenge.bytes().all(is_unreserved) {
        return Err(back("invalid_request", "code_challenge with the method S256 is missing"));
    }
    Ok(AuthorizationRequest {
        redirect: redirect.to_owned(),
        state: state.to_owned(),
        scopes,
        challenge: challenge.to_owned(),
    })
}

/// `GET /authorize`: the page that asks.
pub(in crate::sandbox) fn authorize(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&PARAMETERS)?;
    Ok(read(&pairs).map_or_else(|answer| answer, |asked| pages::login(&model.people, &pairs, &asked.scopes)))
}

/// `POST /authorize`: what the person decided there.
pub(in crate::sandbox) fn decide(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.form()?;
    let AuthorizationRequest { redirect, state, scopes, challenge } = match read(&pairs) {
        Ok(asked) => asked,
        Err(answer) => return Ok(answer),
    };
    if pairs.must("decision")? != "allow" {
        return Ok(back(&redirect, &state, &[("error", "access_denied")]));
    }
    let person = model.person(pairs.must("person")?).filter(|person| !person.is_bot());
    let email = person.ok_or_else(|| Refusal::not_found("The person"))?.email.clone();
    let code = ids::token("code", model.next());
    let until = call.now + Duration::minutes(10);
    let grant = Grant { email, client: CLIENT_ID.to_owned(), scopes };
    let answer = back(&redirect, &state, &[("code", &code)]);
    model.logins.codes.insert(code, Code { grant, redirect, challenge, until });
    Ok(answer)
}

/// `POST /access_token`
pub(in crate::sandbox) fn access_token(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let form = call.form()?;
    let kind = form.must("grant_type")?;
    client(form.must("client_id")?, form.must("client_secret")?)?;
    let tokens = match kind {
        "authorization_code" => {
            let grant = exchange(model, &form, call.now)?;
            super::grant(model, grant, call.now)
        }
        "refresh_token" => refresh(model, form.must("refresh_token")?, form.must("client_id")?, call.now)?,
        _ => return Err(Refusal::bad("“grant_type” must be authorization_code or refresh_token")),
    };
    Ok(Answer::json(&tokens))
}

fn exchange(model: &mut Model, form: &Pairs, now: DateTime<Utc>) -> Result<Grant, Refusal> {
    let (code, redirect) = (form.must("code")?, form.must("redirect_uri")?);
    let verifier = form.must("code_verifier")?;
    let found = model.logins.codes.remove(code).filter(|code| code.until > now);
    let found = found.ok_or_else(|| Refusal::bad("the code is not valid, was used already or has expired"))?;
    if found.redirect != redirect {
        return Err(Refusal::bad("“redirect_uri” is not the one that the code was asked for with"));
    }
    let fits = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved);
    if !fits || URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != found.challenge {
        return Err(Refusal::bad("“code_verifier” does not fit the “code_challenge”"));
    }
    Ok(found.grant)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Whether a browser on this computer would stay on it.
fn is_own_address(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn back(redirect: &str, state: &str, pairs: &[(&str, &str)]) -> Answer {
    let Ok(mut url) = Url::parse(redirect) else { return pages::wrong("The redirect address cannot be read.") };
    url.query_pairs_mut().extend_pairs(pairs).append_pair("state", state);
    Answer::redirect(url.as_str())
}
