//! `/sandbox/…`: what tests and the page see and control. Not a part of Webex; needs no token, but works from this
//! computer only. Knows the state of the site; the rules of Webex are with the calls themselves.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::errors::Refusal;
use super::faults::Fault;
use super::http::{Answer, Call};
use super::model::Model;
use super::oauth::{self, CLIENT_ID, Grant, USUAL_SCOPES};
use super::shape::Kind::{Email, Free, List, Text};
use super::shape::{self, Field, may, must};
use super::site::SiteState;
use super::{meetings, messages, view};

/// Answers a call to `/sandbox`.
pub(super) fn answer(state: &mut SiteState, call: &mut Call) -> Answer {
    (call.now, call.uptime) = (state.now(), state.uptime());
    let answer = run(state, call);
    if call.path != "/sandbox/calls" {
        state.may_have_changed(call);
    }
    answer.unwrap_or_else(|refusal| refusal.answer(0))
}

fn run(state: &mut SiteState, call: &Call) -> Result<Answer, Refusal> {
    // A page from elsewhere cannot send JSON here without asking first.
    let json = call.media_type().as_deref() == Some("application/json");
    if ["POST", "PUT"].contains(&call.method.as_str()) && !json {
        return Err(Refusal::new(415, "Send JSON."));
    }
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/sandbox/calls") => {
            let from = call.query(&["from"])?.get("from").and_then(|from| from.parse().ok()).unwrap_or(0);
            Ok(Answer::json(&state.calls.json(from)))
        }
        ("DELETE", "/sandbox/calls") => {
            state.calls.clear();
            Ok(Answer::nothing())
        }
        ("PUT", "/sandbox/faults") => set_faults(state, call),
        ("PUT", "/sandbox/clock") => set_clock(state, call),
        ("GET", "/sandbox/model") => Ok(model(state, call)),
        ("POST", "/sandbox/login") => login(&mut state.model, call),
        ("PUT", "/sandbox/people") => person(&mut state.model, call),
        ("PUT", "/sandbox/rooms") => space(&mut state.model, call),
        ("POST", "/sandbox/say") => say(&mut state.model, call),
        ("POST", "/sandbox/press") => press(&mut state.model, call),
        ("POST", "/sandbox/join") => meetings::join(&mut state.model, call),
        _ => Err(Refusal::not_found(&format!("{} {}", call.method, call.path))),
    }
}

fn set_faults(state: &mut SiteState, call: &Call) -> Result<Answer, Refusal> {
    let specs: Vec<String> = serde_json::from_slice(&call.body).map_err(|error| Refusal::bad(error.to_string()))?;
    let faults: Result<Vec<Fault>, String> = specs.iter().map(|spec| spec.parse()).collect();
    state.faults = faults.map_err(Refusal::bad)?;
    Ok(Answer::nothing())
}

fn set_clock(state: &mut SiteState, call: &Call) -> Result<Answer, Refusal> {
    let body = shape::read(&[must("now", Text(64)).or_null()], &call.body)?;
    let now: Option<Result<DateTime<Utc>, _>> = body["now"].as_str().map(str::parse);
    let now = now.transpose().map_err(|_| Refusal::bad("“now” must be a time such as 2026-12-01T09:00:00Z"))?;
    state.pinned = now;
    Ok(Answer::nothing())
}

fn login(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    const LOGIN: &[Field] = &[must("email", Email), may("scopes", List(&Text(100), 50)), may("client", Text(100))];
    let body = shape::read(LOGIN, &call.body)?;
    let person = model.person(body["email"].as_str().unwrap_or_default()).filter(|person| !person.is_bot());
    let email = person.ok_or_else(|| Refusal::not_found("The person"))?.email.clone();
    let scopes = match body.get("scopes").and_then(Value::as_array) {
        Some(scopes) => scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        None => USUAL_SCOPES.join(" "),
    };
    let scopes = oauth::scopes(&scopes).map_err(Refusal::bad)?;
    let client = body.get("client").and_then(Value::as_str).unwrap_or(CLIENT_ID).to_owned();
    Ok(Answer::json(&oauth::grant(model, Grant { email, client, scopes }, call.now)))
}

/// Changes somebody's profile or address, or adds them.
fn person(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let body = shape::read(&[must("email", Email), may("profile", Free), may("was", Email)], &call.body)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let email = text("email").unwrap_or_default();
    if let Some(was) = text("was") {
        model.readdress(was, email);
    }
    model.profile(email, body.get("profile").and_then(Value::as_object).unwrap_or(&serde_json::Map::new()));
    Ok(Answer::nothing())
}

/// Creates a group space, or changes who is in it.
fn space(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let body = shape::read(&[must("title", Text(200)), must("members", List(&Email, 100_000))], &call.body)?;
    let members = body["members"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase);
    let id = model.space(body["title"].as_str().unwrap_or_default(), members.collect(), call.now);
    Ok(Answer::json(&serde_json::json!({ "id": id })))
}

fn say(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let fields = [must("email", Email), must("text", Text(7439)), may("room", Text(500)), may("parent", Text(500))];
    let body = shape::read(&fields, &call.body)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let (email, said) = (text("email").unwrap_or_default(), text("text").unwrap_or_default());
    Ok(Answer::json(&messages::say(model, email, said, [text("room"), text("parent")], call.now)?))
}

fn press(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let body = shape::read(&[must("email", Email), must("messageId", Text(500)), must("inputs", Free)], &call.body)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let inputs = body["inputs"].as_object().cloned().unwrap_or_default();
    Ok(Answer::json(&messages::act(model, text("email"), text("messageId"), inputs, call.now)?))
}

/// What the page shows; not sent again if the page already has it.
fn model(state: &SiteState, call: &Call) -> Answer {
    let tag = format!("\"{}-{}\"", *state.revision.borrow(), state.pinned.map_or(0, |now| now.timestamp()));
    let answer = if call.header("if-none-match") == Some(&tag) {
        Answer::nothing().status(304)
    } else {
        Answer::json(&view::model(&state.model, state.now(), state.pinned.is_some()))
    };
    answer.header("etag", tag)
}
