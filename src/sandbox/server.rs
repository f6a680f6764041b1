//! HTTP: reads a complete request, passes it to the state, and sends the answer, or does the requested harm. Knows axum
//! and tokio; knows no rule of Webex.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Multipart, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use reqwest::Client;

use super::api::is_webexs;
use super::connection::Line;
use super::errors::Refusal;
use super::faults::FaultKind;
use super::http::{Answer, Call};
use super::site::Site;
use super::{control, delivery, devices, oauth, page, socket};

/// More than the largest request that Webex accepts.
const MOST_BYTES: usize = 1 << 20;

/// What is needed to answer a request.
#[derive(Clone)]
pub(super) struct AppState {
    pub(super) site: Arc<Site>,
    /// The client that sends notices.
    pub(super) client: Client,
}

/// All paths of the server.
pub(super) fn router(app: AppState) -> Router {
    Router::new().fallback(receive).with_state(app)
}

async fn receive(State(app): State<AppState>, ConnectInfo(line): ConnectInfo<Line>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await.ok();
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return response(Refusal::new(413, "The request is too large or came in parts.").answer(0));
    };
    line.busy();
    let mut call = call(&parts, body.clone().into());
    if call.media_type().is_some_and(|it| it == "multipart/form-data") {
        let request = Request::from_parts(parts.clone(), Body::from(body));
        if let Err(refusal) = read_form(&mut call, request).await {
            return response(refusal.answer(0));
        }
    }
    if call.root.is_empty() {
        return response(Refusal::new(421, "The sandbox is for this computer only.").answer(0));
    }
    match call.path.as_str() {
        path if path.starts_with(devices::SOCKETS) => socket(&app, &line, call, upgrade).await,
        path if is_webexs(path) => api(&app, &line, call).await,
        path if path.starts_with("/sandbox/") => {
            let answer = control::answer(&mut app.site.lock(), &mut call);
            delivery::deliver(&app.site, &app.client);
            response(answer)
        }
        "/verify" => response(device_page(&app.site, &mut call)),
        path => response(page::file(path).filter(|_| call.method == "GET").unwrap_or_else(oauth::not_here)),
    }
}

fn call(parts: &Parts, body: Vec<u8>) -> Call {
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let host = headers.iter().find(|(name, _)| name == "host").map_or("", |(_, host)| host);
    // A page from elsewhere whose host name was made to point to this computer is not let in.
    let own = ["localhost", "127.0.0.1", "[::1]"].contains(&host.rsplit_once(':').map_or(host, |(name, _)| name));
    Call {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        root: if own { format!("http://{host}") } else { String::new() },
        headers,
        body,
        file: None,
        now: chrono::DateTime::UNIX_EPOCH,
        uptime: Duration::ZERO,
        caller: None,
        id: String::new(),
    }
}

/// Reads a form with a file: its texts become a body of JSON.
async fn read_form(call: &mut Call, request: Request) -> Result<(), Refusal> {
    let wrong = |_| Refusal::bad("the form cannot be read");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::bad("the form has no boundary"))?;
    let mut body = serde_json::Map::new();
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        let (name, file) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        let text = String::from_utf8_lossy(&field.bytes().await.map_err(wrong)?).into_owned();
        match file {
            Some(file) if name == "files" && call.file.is_none() => {
                body.insert(name, serde_json::json!([format!("{}/v1/contents/{file}", call.root)]));
                call.file = Some((file, text));
            }
            None if !body.contains_key(&name) => drop(body.insert(name, text.into())),
            _ => return Err(Refusal::bad(format!("“{name}” is there twice, or is not a file"))),
        }
    }
    call.body = serde_json::Value::Object(body).to_string().into_bytes();
    call.headers.retain(|(name, _)| name != "content-type");
    call.headers.push(("content-type".to_owned(), "application/json".to_owned()));
    Ok(())
}

fn response(answer: Answer) -> Response {
    let mut response = Response::builder().status(answer.status).header("cache-control", "no-store");
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    // Fails if a header contains a character that headers cannot contain.
    response.body(Body::from(answer.body)).unwrap_or_default()
}

fn device_page(site: &Site, call: &mut Call) -> Answer {
    let mut state = site.lock();
    (call.now, call.uptime) = (state.now(), state.uptime());
    let answer = match call.method.as_str() {
        "GET" => oauth::verify(&mut state.model, call),
        "POST" => oauth::device_decide(&mut state.model, call),
        _ => return oauth::not_here(),
    };
    state.may_have_changed(call);
    answer.unwrap_or_else(|refusal| refusal.answer(0))
}

/// A call that is being answered. If the caller goes away in the meantime, it counts as dropped.
struct CallGuard<'a> {
    site: &'a Site,
    number: u64,
    status: Option<u16>,
}

impl Drop for CallGuard<'_> {
    fn drop(&mut self) {
        self.site.lock().answered(self.number, self.status);
    }
}

async fn api(app: &AppState, line: &Line, mut call: Call) -> Response {
    let site = &*app.site;
    let (number, injected) = site.lock().arrive(&call);
    let mut guard = CallGuard { site, number, status: None };
    if !injected.latency.is_zero() {
        tokio::time::sleep(injected.latency).await;
    }
    match injected.kind {
        Some(FaultKind::DropBefore) => return dropped(line),
        Some(FaultKind::HangBefore(long)) => tokio::time::sleep(long).await,
        Some(FaultKind::Drip(long)) => line.drip(long),
        _ => {}
    }
    let answer = match &injected.kind {
        Some(FaultKind::NoAnswer) => portal(200),
        Some(FaultKind::Gateway(status)) => portal(*status),
        Some(kind) => site.lock().kind(&mut call, number, kind),
        None => site.lock().answer(&mut call, number),
    };
    delivery::deliver(&app.site, &app.client);
    let answer = match injected.kind {
        Some(FaultKind::DropAfter) => return dropped(line),
        Some(FaultKind::NoAnswerAfter) => portal(200),
        Some(FaultKind::HangAfter(long)) => {
            tokio::time::sleep(long).await;
            answer
        }
        _ => answer,
    };
    guard.status = Some(answer.status);
    response(answer)
}

/// Opens a websocket, unless the device is unknown or a fault prevents it.
async fn socket(app: &AppState, line: &Line, mut call: Call, upgrade: Option<WebSocketUpgrade>) -> Response {
    let site = &*app.site;
    let (number, injected) = site.lock().arrive(&call);
    let mut guard = CallGuard { site, number, status: None };
    tokio::time::sleep(injected.latency).await;
    let device = devices::of_socket(&call.path).to_owned();
    if injected.kind == Some(FaultKind::Stale) {
        site.lock().change(|model| devices::forget(model, &device));
    }
    let is_known = site.lock().model.devices.iter().any(|it| it.id == device);
    let answer = match (&injected.kind, upgrade) {
        (Some(FaultKind::DropBefore | FaultKind::DropAfter), _) => return dropped(line),
        (Some(FaultKind::Gateway(status)), _) => portal(*status),
        (Some(FaultKind::NoAnswer | FaultKind::NoAnswerAfter), _) => portal(200),
        (Some(kind @ (FaultKind::Status(..) | FaultKind::Says(..) | FaultKind::Echo(_))), _) => {
            site.lock().kind(&mut call, number, kind)
        }
        (_, None) => Refusal::bad("a websocket is opened here").answer(number),
        (_, Some(_)) if !is_known => Refusal::not_found("The device").answer(number),
        (_, Some(upgrade)) => {
            guard.status = Some(101);
            line.stay();
            let session = socket::Session::new(app.site.clone(), line.clone(), device, &call);
            return upgrade.on_upgrade(move |socket| session.run(socket));
        }
    };
    guard.status = Some(answer.status);
    response(answer)
}

/// What a hotel's network answers to every request until somebody has paid.
fn portal(status: u16) -> Answer {
    let page = "<html><body>Please log in to this network.</body></html>";
    let answer = Answer::text("text/html", page).status(status);
    if (300..400).contains(&status) { answer.header("location", "http://portal.invalid/".to_owned()) } else { answer }
}

fn dropped(line: &Line) -> Response {
    line.cut();
    Response::default()
}
