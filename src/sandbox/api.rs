//! One table of the calls that the sandbox answers, and the checks that apply to all of them: path, method, token,
//! media type, quota.

use super::errors::Refusal;
use super::http::{Answer, Call};
use super::model::Model;
use super::{devices, meetings, messages, oauth, people, webhooks};

type Handler = fn(&mut Model, &Call) -> Result<Answer, Refusal>;

/// What kind of body a call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    None,
    Json,
    /// JSON, or what Webex's specification calls a JSON patch although it is plain JSON.
    Patch,
    Form,
}

struct Route {
    method: &'static str,
    /// The path below `/v1`; for Webex's other services, the whole path.
    path: &'static str,
    body: Body,
    /// Whether it needs no token.
    open: bool,
    run: Handler,
}

const fn route(method: &'static str, path: &'static str, body: Body, run: Handler) -> Route {
    Route { method, path, body, open: false, run }
}

const fn open(method: &'static str, path: &'static str, body: Body, run: Handler) -> Route {
    Route { method, path, body, open: true, run }
}

/// In this order: the first path that matches is meant.
const ROUTES: &[Route] = &[
    open("GET", "/authorize", Body::None, oauth::authorize),
    open("POST", "/authorize", Body::Form, oauth::decide),
    open("POST", "/access_token", Body::Form, oauth::access_token),
    open("POST", "/device/authorize", Body::Form, oauth::device_authorize),
    open("POST", "/device/token", Body::Form, oauth::device_token),
    route("GET", "/people/me", Body::None, people::me),
    route("GET", "/people/{id}", Body::None, people::one),
    route("GET", "/people", Body::None, people::list),
    route("POST", "/meetings", Body::Json, meetings::create),
    route("GET", "/meetings", Body::None, meetings::list),
    route("GET", "/meetings/{id}", Body::None, meetings::one),
    route("PATCH", "/meetings/{id}", Body::Patch, meetings::update),
    route("DELETE", "/meetings/{id}", Body::None, meetings::delete),
    route("GET", "/meetingInvitees", Body::None, meetings::invitees),
    route("POST", "/meetingInvitees", Body::Json, meetings::invite),
    route("DELETE", "/meetingInvitees/{id}", Body::None, meetings::uninvite),
    route("GET", "/meetingParticipants", Body::None, meetings::participants),
    route("POST", "/messages", Body::Json, messages::create),
    route("GET", "/messages", Body::None, messages::list),
    route("GET", "/messages/direct", Body::None, messages::direct),
    route("GET", "/messages/{id}", Body::None, messages::one),
    route("DELETE", "/messages/{id}", Body::None, messages::delete),
    route("POST", "/attachment/actions", Body::Json, messages::create_action),
    route("GET", "/attachment/actions/{id}", Body::None, messages::action),
    route("GET", "/rooms", Body::None, messages::rooms),
    route("GET", "/rooms/{id}", Body::None, messages::room),
    route("GET", "/memberships", Body::None, messages::memberships),
    route("POST", "/webhooks", Body::Json, webhooks::create),
    route("GET", "/webhooks", Body::None, webhooks::list),
    route("GET", "/webhooks/{id}", Body::None, webhooks::one),
    route("PUT", "/webhooks/{id}", Body::Json, webhooks::update),
    route("DELETE", "/webhooks/{id}", Body::None, webhooks::delete),
    route("GET", "/u2c/api/v1/catalog", Body::None, devices::catalog),
    route("GET", "/wdm/api/v1/devices", Body::None, devices::list),
    route("POST", "/wdm/api/v1/devices", Body::Json, devices::create),
    route("GET", "/wdm/api/v1/devices/{id}", Body::None, devices::one),
    route("PUT", "/wdm/api/v1/devices/{id}", Body::None, devices::renew),
    route("DELETE", "/wdm/api/v1/devices/{id}", Body::None, devices::delete),
    route("GET", "/conversation/api/v1/messages/{id}", Body::None, devices::message),
    route("GET", "/conversation/api/v1/attachment/actions/{id}", Body::None, devices::action),
];

/// The services beside `/v1`, through which the websocket is found.
const SERVICES: [&str; 3] = ["/u2c/", "/wdm/", "/conversation/"];

/// Whether a path belongs to Webex.
pub(super) fn is_webexs(path: &str) -> bool {
    path.starts_with("/v1/") || SERVICES.iter().any(|service| path.starts_with(service))
}

/// Checks a call, lets it take effect, and answers it.
pub(super) fn answer(model: &mut Model, call: &mut Call) -> Result<Answer, Refusal> {
    let (route, id) = find(&call.method, &call.path)?;
    call.id = id;
    if !route.open {
        call.caller = Some(oauth::caller(model, call)?);
    }
    count(model, call)?;
    let media_type = call.media_type().unwrap_or_default();
    let fits = match route.body {
        Body::None => true,
        Body::Json => media_type == "application/json",
        Body::Patch => ["application/json", "application/json-patch+json"].contains(&media_type.as_str()),
        Body::Form => media_type == "application/x-www-form-urlencoded",
    };
    if !fits {
        return Err(Refusal::new(415, format!("The media type “{media_type}” is not one that this call takes.")));
    }
    (route.run)(model, call)
}

/// Counts a booking that is going to fail, because Webex counts those too.
pub(super) fn count_failed(model: &mut Model, call: &mut Call) {
    call.caller = oauth::caller(model, call).ok();
    // If it is also over the quota, it fails all the same.
    let _ = count(model, call);
}

fn count(model: &mut Model, call: &Call) -> Result<(), Refusal> {
    if call.method == "POST" && call.path == "/v1/meetings" { meetings::take_from_quota(model, call) } else { Ok(()) }
}

fn find(method: &str, path: &str) -> Result<(&'static Route, String), Refusal> {
    let below = path.strip_prefix("/v1").unwrap_or(path);
    let fitting: Vec<(&Route, String)> =
        ROUTES.iter().filter_map(|route| fits(route.path, below).map(|id| (route, id))).collect();
    let methods = fitting.iter().map(|(route, _)| route.method).collect::<Vec<_>>().join(", ");
    if methods.is_empty() {
        return Err(Refusal::not_found(&format!("The path {path}")));
    }
    let found = fitting.into_iter().find(|(route, _)| route.method == method);
    found.ok_or_else(|| Refusal::new(405, format!("{path} takes {methods} only.")).allow(methods))
}

/// The value of `{id}`, if the path matches.
fn fits(pattern: &str, path: &str) -> Option<String> {
    let Some(before) = pattern.strip_suffix("{id}") else { return (pattern == path).then(String::new) };
    let id = path.strip_prefix(before)?;
    (!id.is_empty() && !id.contains('/')).then(|| id.to_owned())
}
