//! Logging in: with a browser, from another device, and for how long.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::OLENA;
use crate::support::small_webex::{ORGANIZER, SmallWebex, read};

const REDIRECT: &str = "http://localhost:5000/webexoauth";
const VERIFIER: &str = "abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF";

fn asked() -> Vec<(&'static str, String)> {
    vec![
        ("response_type", "code".to_owned()),
        ("client_id", "roulette-sandbox".to_owned()),
        ("redirect_uri", REDIRECT.to_owned()),
        ("scope", "meeting:schedules_read meeting:schedules_write spark:kms".to_owned()),
        ("state", "s & <t>".to_owned()),
        ("code_challenge", URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))),
        ("code_challenge_method", "S256".to_owned()),
    ]
}

fn changed(name: &str, value: &str) -> Vec<(&'static str, String)> {
    asked().into_iter().map(|(it, old)| (it, if it == name { value.to_owned() } else { old })).collect()
}

/// Where the browser is sent after the decision, with the pairs of that address.
fn decide(webex: &SmallWebex, person: &str, decision: &str) -> Vec<(String, String)> {
    let asked = asked();
    let mut form: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.extend([("person", person), ("decision", decision)]);
    let reply = webex.form("/v1/authorize", &form);
    assert_eq!(reply.status, 302, "{}", reply.body);
    let url = Url::parse(reply.header("location").unwrap()).unwrap();
    assert!(url.as_str().starts_with(REDIRECT), "{url}");
    url.query_pairs().into_owned().collect()
}

fn exchange<'a>(code: &'a str, verifier: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", "roulette-sandbox"),
        ("client_secret", "sandbox-secret"),
        ("redirect_uri", REDIRECT),
        ("code", code),
        ("code_verifier", verifier),
    ]
}

fn code(webex: &SmallWebex) -> String {
    decide(webex, OLENA, "allow")[0].1.clone()
}

#[test]
fn a_person_logs_in_with_a_browser() {
    let webex = SmallWebex::start(&[]);
    let page = read(webex.request("GET", "/v1/authorize").query(&asked()));
    let html = page.body.as_str().unwrap();
    assert_eq!(page.status, 200);
    assert!(html.contains("<option value=\"organizer@example.com\" selected>"), "{html}");
    assert!(html.contains("value=\"s &amp; &lt;t&gt;\""), "{html}");

    let back = decide(&webex, OLENA, "allow");
    assert_eq!((back[0].0.as_str(), &back[1]), ("code", &("state".to_owned(), "s & <t>".to_owned())));
    let tokens = webex.form("/v1/access_token", &exchange(&back[0].1, VERIFIER)).ok();
    assert_eq!(tokens["expires_in"], 1_209_599);
    assert_eq!(tokens["refresh_token_expires_in"], 7_775_999);
    assert_eq!(tokens["token_type"], "Bearer");
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(webex.get(token, "/v1/people/me").ok()["emails"], json!([OLENA]));

    let again = webex.form("/v1/access_token", &exchange(&back[0].1, VERIFIER));
    assert_eq!((again.status, again.why()), (400, vec!["the code is not valid, was used already or has expired"]));
    assert!(!serde_json::to_string(&webex.calls()).unwrap().contains("sandbox-secret"));
}

#[test]
fn a_login_that_is_denied_or_wrong_goes_back_as_such() {
    let webex = SmallWebex::start(&[]);
    let back = decide(&webex, ORGANIZER, "deny");
    assert_eq!(back, [("error".to_owned(), "access_denied".to_owned()), ("state".to_owned(), "s & <t>".to_owned())]);
    for (name, value) in [("client_id", "other"), ("redirect_uri", "http://example.com/"), ("redirect_uri", "")] {
        let page = read(webex.request("GET", "/v1/authorize").query(&changed(name, value)));
        assert_eq!(page.status, 400, "{name}");
        assert!(page.body.as_str().unwrap().contains("This does not work"));
    }
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "spark:everything", "invalid_scope"),
        ("state", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
    ] {
        let reply = read(webex.request("GET", "/v1/authorize").query(&changed(name, value)));
        let location = reply.header("location").unwrap_or_default();
        assert!(
            reply.status == 302 && location.starts_with(&format!("{REDIRECT}?error={error}&")),
            "{name}: {location}"
        );
    }
}

#[test]
fn a_code_is_exchanged_only_by_who_asked_for_it_and_in_time() {
    let webex = SmallWebex::start(&[]);
    let other = "another-verifier-that-is-long-enough-for-this-test";
    assert_eq!(webex.form("/v1/access_token", &exchange(&code(&webex), other)).status, 400);
    let fresh = code(&webex);
    for (name, value, status) in
        [("client_secret", "wrong", 401), ("client_id", "wrong", 401), ("grant_type", "magic", 400), ("code", "", 400)]
    {
        let mut form = exchange(&fresh, VERIFIER);
        form.iter_mut().find(|(it, _)| *it == name).unwrap().1 = value;
        assert_eq!(webex.form("/v1/access_token", &form).status, status, "{name}");
    }
    webex.clock("2026-12-01T09:10:00Z");
    assert_eq!(webex.form("/v1/access_token", &exchange(&fresh, VERIFIER)).status, 400);
    let fresh = code(&webex);
    webex.clock("2026-12-01T09:19:59Z");
    webex.form("/v1/access_token", &exchange(&fresh, VERIFIER)).ok();
}

#[test]
fn tokens_expire_and_are_refreshed() {
    let webex = SmallWebex::start(&[]);
    let tokens = webex.post("", "/sandbox/login", &json!({ "email": ORGANIZER })).ok();
    let (first, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "roulette-sandbox"),
        ("client_secret", "sandbox-secret"),
        ("refresh_token", refresh),
    ];
    webex.clock("2026-12-14T09:00:00Z");
    let tokens = webex.form("/v1/access_token", &form).ok();
    let second = tokens["access_token"].as_str().unwrap();
    assert_eq!(tokens["refresh_token"], refresh);
    let works = |token: &str| webex.get(token, "/v1/people/me").status;
    assert_eq!((works(first), works(second)), (200, 200));
    webex.clock("2026-12-15T09:00:00Z");
    assert_eq!((works(first), works(second)), (401, 200));
    webex.clock("2027-03-14T08:59:00Z");
    webex.form("/v1/access_token", &form).ok();
    webex.clock("2027-06-12T09:00:00Z");
    assert_eq!(webex.form("/v1/access_token", &form).status, 400);
}

fn device(webex: &SmallWebex) -> (String, String) {
    let started = webex.form("/v1/device/authorize", &[("client_id", "roulette-sandbox"), ("scope", "spark:kms")]).ok();
    assert_eq!((&started["expires_in"], &started["interval"]), (&json!(300), &json!(2)));
    let (code, user_code) = (started["device_code"].as_str().unwrap(), started["user_code"].as_str().unwrap());
    assert_eq!(started["verification_uri_complete"], format!("{}/verify?userCode={user_code}", webex.root));
    (code.to_owned(), user_code.to_owned())
}

fn poll(webex: &SmallWebex, code: &str) -> (u16, String) {
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", code),
        ("client_id", "roulette-sandbox"),
    ];
    let request = webex.request("POST", "/v1/device/token").form(&form);
    let reply = read(request.basic_auth("roulette-sandbox", Some("sandbox-secret")));
    let said = if reply.status == 200 { String::new() } else { reply.why()[0].to_owned() };
    (reply.status, said)
}

#[test]
fn a_person_logs_in_from_another_device() {
    let webex = SmallWebex::start(&[]);
    let (code, user_code) = device(&webex);
    assert_eq!(poll(&webex, &code), (428, "authorization_pending".to_owned()));
    assert_eq!(poll(&webex, &code), (400, "slow_down".to_owned()));
    let page = webex.get("", &format!("/verify?userCode={user_code}"));
    assert!(page.body.as_str().unwrap().contains(&format!("value=\"{user_code}\"")));
    let decide = |user_code: &str, decision: &str| {
        webex.form("/verify", &[("userCode", user_code), ("person", OLENA), ("decision", decision)]).status
    };
    assert_eq!(decide("nonsense", "allow"), 400);
    assert_eq!(decide(&user_code.to_lowercase(), "allow"), 200);
    assert_eq!(poll(&webex, &code).0, 200);
    assert_eq!(poll(&webex, &code), (400, "invalid_grant".to_owned()));

    let (code, user_code) = device(&webex);
    decide(&user_code, "deny");
    assert_eq!(poll(&webex, &code), (400, "access_denied".to_owned()));
    let (code, user_code) = device(&webex);
    webex.clock("2026-12-01T09:05:00Z");
    assert_eq!(poll(&webex, &code), (400, "invalid_grant".to_owned()));
    assert_eq!(decide(&user_code, "allow"), 400);
    let unsigned = webex.form("/v1/device/token", &[("device_code", &code)]);
    assert_eq!(unsigned.status, 401);
}
