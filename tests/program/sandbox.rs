//! The small Webex itself: it keeps to the specification, refuses what does not fit it, and makes trouble on request.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::small_webex::{ORGANIZER, SmallWebex, read};
use crate::world::{NOW, World};

const OLENA: &str = "olena.marchenko@example.com";
const TARAS: &str = "taras.hrytsenko@example.com";

fn meeting() -> Value {
    json!({
        "title": "Coffee Roulette",
        "start": "2026-12-02T15:10:00+02:00",
        "end": "2026-12-02T15:40:00+02:00",
        "timezone": "Europe/Kyiv",
        "invitees": [{ "email": OLENA }, { "email": TARAS, "displayName": "Taras" }],
        "integrationTags": ["roulette", "2026-12-02/1"],
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn book(webex: &SmallWebex, token: &str, body: &Value) -> Value {
    webex.post(token, "/v1/meetings", body).ok()
}

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|meeting| meeting["title"].as_str().unwrap()).collect()
}

fn mails(webex: &SmallWebex) -> Vec<String> {
    let model = webex.model();
    let mail = |mail: &Value| format!("{} {}", mail["about"].as_str().unwrap(), mail["to"].as_str().unwrap());
    model["emails"].as_array().unwrap().iter().map(mail).collect()
}

#[test]
fn it_says_where_it_listens_and_ends_when_told_to() {
    for signal in ["INT", "TERM"] {
        let mut webex = SmallWebex::start(&[]);
        let root = webex.root.clone();
        let (status, said) = webex.end(signal);
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains(&format!("{root}/")) && said.contains("--print-config > config.toml"), "{said}");
    }
}

#[test]
fn a_port_in_use_is_told_with_a_way_out() {
    let webex = SmallWebex::start(&[]);
    let address = webex.root.strip_prefix("http://").unwrap();
    let port = address.rsplit_once(':').unwrap().1;
    let run = World::of_departments("", &[]).run(&["sandbox", "--listen", address]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains(&format!("port {port} is in use\n")) && run.stderr.contains("hint:"), "{}", run.stderr);
}

#[test]
fn it_listens_on_this_computer_only() {
    let run = World::of_departments("", &[]).run(&["sandbox", "--listen", "0.0.0.0:8800"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr, @"error: the sandbox is for this computer only: --listen 127.0.0.1:8800, not 0.0.0.0:8800");

    let webex = SmallWebex::start(&[]);
    let reply = read(webex.request("GET", "/sandbox/model").header("host", "evil.example.com"));
    assert_eq!(reply.status, 421);
    let reply = read(webex.request("POST", "/sandbox/login").body(format!("{{\"email\":\"{ORGANIZER}\"}}")));
    assert_eq!(reply.status, 415);
}

#[test]
fn a_fault_that_is_none_is_told_with_what_is_one() {
    let run = World::of_departments("", &[]).run(&["sandbox", "--fail", "boom:POST"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("“boom” is not a fault; it is written KIND[=VALUE]"), "{}", run.stderr);
    let webex = SmallWebex::start(&[]);
    assert_eq!(webex.call("", "PUT", "/sandbox/faults", &json!(["boom"])).status, 400);
}

#[test]
fn the_printed_config_and_roster_are_ones_that_the_program_takes() {
    let world = World::of_departments("", &[]);
    let config = world.run(&["sandbox", "--listen", "127.0.0.1:8801", "--print-config"]);
    assert_eq!((config.status, config.stderr.as_str()), (0, ""));
    assert!(config.stdout.contains("\"http://127.0.0.1:8801/v1\""), "{}", config.stdout);
    world.write("config.toml", &config.stdout);
    let roster = world.run(&["sandbox", "--print-roster"]);
    world.write("employees.example.csv", &roster.stdout);
    let run = world.run(&["pair", "--month", "--dry-run"]);
    assert_eq!(run.status, 0, "{}", run.stderr);

    let config = world.run(&["sandbox", "--roster", "staff.csv", "--print-config"]);
    assert!(config.stdout.contains("\nroster = \"staff.csv\"\n"), "{}", config.stdout);
}

#[test]
fn people_are_those_of_the_roster_with_the_organizer_and_the_bot() {
    let world = World::of_departments("", &[2]);
    let roster = world.path("staff.csv").display().to_string();
    let webex = SmallWebex::start(&["--roster", &roster]);
    let model = webex.model();
    let emails: Vec<&str> =
        model["people"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["p0@example.com", "p1@example.com", ORGANIZER, "roulette@webex.bot"]);

    let bot = webex.get("sandbox-bot", "/v1/people/me").ok();
    assert_eq!((&bot["type"], &bot["emails"]), (&json!("bot"), &json!(["roulette@webex.bot"])));
    let token = webex.login("p0@example.com");
    let me = webex.get(&token, "/v1/people/me").ok();
    assert_eq!(
        (&me["displayName"], &me["type"], &me["department"]),
        (&json!("Person 0"), &json!("person"), &Value::Null)
    );
    let id = me["id"].as_str().unwrap();
    assert_eq!(webex.get("sandbox-bot", &format!("/v1/people/{id}")).ok(), me);
    let found = webex.get("sandbox-bot", "/v1/people?email=P0@example.com").ok();
    assert_eq!(found, json!({ "items": [me] }));
    assert_eq!(webex.get("sandbox-bot", "/v1/people?email=nobody@example.com").ok(), json!({ "items": [] }));
    assert_eq!(webex.get("sandbox-bot", "/v1/people/nobody").status, 404);
    assert_eq!(webex.get("sandbox-bot", "/v1/people").status, 400);
    let narrow = webex.login_with(&json!({ "email": ORGANIZER, "scopes": ["meeting:schedules_read"] }));
    assert_eq!(webex.get(&narrow, "/v1/people?email=p0@example.com").status, 403);
}

#[test]
fn what_is_no_call_of_webex_is_refused() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    assert_eq!(webex.get(&token, "/v1/meeting").status, 404);
    assert_eq!(webex.get(&token, "/v1/meetings/a/b").status, 404);
    let wrong = webex.call(&token, "PUT", "/v1/meetings", &meeting());
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST, GET")));
    for token in ["", "wrong"] {
        let refused = webex.get(token, "/v1/meetings");
        assert_eq!(refused.status, 401, "{:?}", refused.why());
    }
    let post = || webex.request("POST", "/v1/meetings").bearer_auth(&token);
    assert_eq!(read(post().body(meeting().to_string())).status, 415);
    let json = |body: &str| read(post().header("content-type", "application/json").body(body.to_owned()));
    for body in ["", "{", "[]", "null", "{\"title\":\"\\ud800\"}"] {
        assert_eq!(json(body).status, 400, "{body}");
    }
    assert_eq!(json(&"[".repeat(100_000)).status, 400);
    assert_eq!(json(&"x".repeat(2 << 20)).status, 413);
    assert_eq!(webex.get(&token, "/v1/meetings?mx=5").why(), ["“mx” is not a parameter of this call"]);
}

#[test]
fn a_booked_meeting_is_in_the_calendars_and_mailboxes_of_all_it_concerns() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    assert_eq!(webex.get(&token, "/v1/meetings").ok(), json!({ "items": [] }));
    let booked = book(&webex, &token, &meeting());
    let id = booked["id"].as_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    for (name, value) in [
        ("title", json!("Coffee Roulette")),
        ("start", json!("2026-12-02T15:10:00+02:00")),
        ("end", json!("2026-12-02T15:40:00+02:00")),
        ("timezone", json!("Europe/Kyiv")),
        ("meetingType", json!("meetingSeries")),
        ("state", json!("active")),
        ("hostEmail", json!(ORGANIZER)),
        ("hostDisplayName", json!("Olena Organizer")),
        ("siteUrl", json!("sandbox.webex.com")),
        ("enabledJoinBeforeHost", json!(false)),
        ("integrationTags", json!(["roulette", "2026-12-02/1"])),
    ] {
        assert_eq!(booked[name], value, "{name}");
    }
    assert!(booked["webLink"].as_str().unwrap().starts_with("https://sandbox.webex.com/"));

    let read_at = |timezone: Option<&str>| {
        let mut request = webex.request("GET", &format!("/v1/meetings/{id}")).bearer_auth(&token);
        if let Some(timezone) = timezone {
            request = request.header("timezone", timezone);
        }
        read(request)
    };
    assert_eq!(read_at(None).ok()["start"], "2026-12-02T13:10:00Z");
    assert_eq!(read_at(Some("America/New_York")).ok()["start"], "2026-12-02T08:10:00-05:00");
    assert_eq!(read_at(Some("Atlantis/Centre")).status, 400);

    for email in [OLENA, TARAS] {
        let token = webex.login(email);
        assert_eq!(titles(&webex.get(&token, "/v1/meetings").ok()), ["Coffee Roulette"]);
        assert_eq!(webex.get(&token, &format!("/v1/meetings/{id}")).ok()["hostKey"], "");
    }
    let stranger = webex.login("sofiia.bondar@example.com");
    assert_eq!(titles(&webex.get(&stranger, "/v1/meetings").ok()).len(), 0);
    assert_eq!(webex.get(&stranger, &format!("/v1/meetings/{id}")).status, 404);

    let invited = webex.get(&token, &format!("/v1/meetingInvitees?meetingId={id}")).ok();
    let names: Vec<&Value> = invited["items"].as_array().unwrap().iter().map(|it| &it["displayName"]).collect();
    assert_eq!(names, ["Olena Marchenko", "Тарас Гриценко"]);
    let all = [ORGANIZER, OLENA, TARAS].map(|email| format!("invitation {email}"));
    assert_eq!(mails(&webex), all);
}

#[test]
fn a_meeting_that_webex_would_not_book_is_refused() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    let long = |letters: usize| json!("x".repeat(letters));
    let invitees = |invitee: Value| with(meeting(), "invitees", json!([invitee]));
    let until = |end: &str| with(meeting(), "end", json!(end));
    let cases: [(Value, &str); 22] = [
        (json!({}), "“title” is missing"),
        (with(meeting(), "title", json!("")), "“title” must not be empty"),
        (with(meeting(), "title", long(129)), "“title” must be at most 128 characters long"),
        (with(meeting(), "title", json!(7)), "“title” must be a text"),
        (with(meeting(), "agenda", long(1301)), "“agenda” must be at most 1300 characters long"),
        (
            with(meeting(), "integrationTags", json!(["a", "b", "c", "d"])),
            "“integrationTags” must hold at most 3 items",
        ),
        (
            with(meeting(), "integrationTags", json!([long(65)])),
            "“integrationTags[0]” must be at most 64 characters long",
        ),
        (
            with(meeting(), "timezone", json!("Kyiv")),
            "“timezone” must be a zone of the IANA database, such as Europe/Kyiv",
        ),
        (with(meeting(), "joinBeforeHostMinutes", json!(7)), "“joinBeforeHostMinutes” must be 0, 5, 10 or 15"),
        (with(meeting(), "joinBeforeHostMinutes", json!("5")), "“joinBeforeHostMinutes” must be a whole number"),
        (with(meeting(), "sendEmail", json!("yes")), "“sendEmail” must be true or false"),
        (with(meeting(), "sendEmail", Value::Null), "“sendEmail” must be true or false"),
        (with(meeting(), "invitee", json!([])), "“invitee” is not a field of this request"),
        (with(meeting(), "recurrence", json!("FREQ=DAILY")), "“recurrence” is not something that the sandbox can do"),
        (invitees(json!({ "email": "olena" })), "“invitees[0].email” must be an email address"),
        (
            invitees(json!({ "email": OLENA, "displayName": long(129) })),
            "“invitees[0].displayName” must be at most 128 characters long",
        ),
        (invitees(json!({ "mail": OLENA })), "“invitees[0].mail” is not a field of this request"),
        (with(meeting(), "start", json!("Wednesday")), "“start” must be a time such as 2026-12-02T15:10:00+02:00"),
        (with(meeting(), "start", json!("2026-12-01T10:59:00+02:00")), "“start” must not be in the past"),
        (until("2026-12-02T15:10:00+02:00"), "“end” must be after “start”"),
        (until("2026-12-02T15:19:59+02:00"), "a meeting takes from 10 minutes to 23 hours 59 minutes"),
        (until("2026-12-03T15:10:00+02:00"), "a meeting takes from 10 minutes to 23 hours 59 minutes"),
    ];
    for (body, why) in cases {
        let refused = webex.post(&token, "/v1/meetings", &body);
        assert_eq!((refused.status, refused.why()[0]), (400, why), "{body}");
    }
    let refused = webex.post(&token, "/v1/meetings", &json!({ "titel": "x", "start": 1 }));
    assert_eq!(refused.why().len(), 4, "all at once: {}", refused.body);
    assert_eq!(webex.model()["meetings"], json!([]));
    assert_eq!(mails(&webex).len(), 0);

    let bot = webex.post("sandbox-bot", "/v1/meetings", &meeting());
    assert_eq!((bot.status, bot.why()), (403, vec!["A bot cannot schedule meetings."]));
    let reader = webex.login_with(&json!({ "email": ORGANIZER, "scopes": ["meeting:schedules_read"] }));
    assert_eq!(webex.post(&reader, "/v1/meetings", &meeting()).status, 403);
    assert_eq!(webex.post(&token, "/v1/meetings", &with(meeting(), "hostEmail", json!(OLENA))).status, 403);
}

#[test]
fn the_largest_meeting_that_webex_takes_is_booked() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    let mut body = meeting();
    body["title"] = json!("ї".repeat(128));
    body["agenda"] = json!("ї".repeat(1300));
    body["integrationTags"] = json!(["a".repeat(64), "b".repeat(64), "c".repeat(64)]);
    body["end"] = json!("2026-12-03T15:09:00+02:00");
    body["recurrence"] = Value::Null;
    body["joinBeforeHostMinutes"] = json!(15);
    body["invitees"] = (0..1000).map(|i| json!({ "email": format!("p{i}@example.com") })).collect();
    let booked = book(&webex, &token, &body);
    assert_eq!(booked["agenda"], body["agenda"]);
    let now = with(with(meeting(), "start", json!(NOW)), "end", json!("2026-12-01T09:10:00Z"));
    assert_eq!(book(&webex, &token, &now)["state"], "inProgress");
}

#[test]
fn a_meeting_is_moved_and_cancelled_by_its_host() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    let quiet = with(with(meeting(), "sendEmail", json!(false)), "agenda", json!("Talk"));
    let id = book(&webex, &token, &quiet)["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/meetings/{id}");
    assert_eq!(mails(&webex).len(), 0);

    let moved = json!({ "start": "2026-12-03T10:00:00+02:00", "end": "2026-12-03T10:30:00+02:00" });
    let patched = webex.call(&token, "PATCH", &path, &moved).ok();
    assert_eq!((&patched["id"], &patched["start"]), (&json!(id), &json!("2026-12-03T10:00:00+02:00")));
    assert_eq!((&patched["agenda"], &patched["integrationTags"][0]), (&json!("Talk"), &json!("roulette")));
    let patch = webex.request("PATCH", &path).bearer_auth(&token).header("content-type", "application/json-patch+json");
    let patched = read(patch.body(json!({ "agenda": null, "title": "Tea", "sendEmail": false }).to_string())).ok();
    assert_eq!((&patched["agenda"], &patched["title"]), (&Value::Null, &json!("Tea")));
    assert_eq!(mails(&webex), [ORGANIZER, OLENA, TARAS].map(|email| format!("update {email}")));
    assert_eq!(webex.model()["meetings"][0]["movedFrom"], "2026-12-02T13:10:00Z");

    for (body, why) in [
        (json!({ "invitees": [] }), "“invitees” is not a field of this request"),
        (json!({ "title": null }), "“title” must be a text"),
        (json!({ "start": "2026-11-30T10:00:00Z" }), "“start” must not be in the past"),
        (json!({ "end": "2026-12-03T10:05:00+02:00" }), "a meeting takes from 10 minutes to 23 hours 59 minutes"),
    ] {
        let refused = webex.call(&token, "PATCH", &path, &body);
        assert_eq!((refused.status, refused.why()[0]), (400, why), "{body}");
    }
    let invitee = webex.login(OLENA);
    assert_eq!(webex.call(&invitee, "PATCH", &path, &moved).status, 403);
    assert_eq!(webex.call(&invitee, "DELETE", &path, &Value::Null).status, 403);

    assert_eq!(webex.call(&token, "DELETE", &path, &Value::Null).status, 204);
    assert_eq!(webex.get(&token, &path).status, 404);
    assert_eq!(webex.call(&token, "DELETE", &path, &Value::Null).status, 404);
    assert_eq!(webex.call(&token, "PATCH", &path, &moved).status, 404);
    assert_eq!(titles(&webex.get(&token, "/v1/meetings").ok()).len(), 0);
    assert_eq!(mails(&webex)[3..], [ORGANIZER, OLENA, TARAS].map(|email| format!("cancellation {email}")));
    assert_eq!(webex.model()["meetings"][0]["cancelled"], NOW);
}

#[test]
fn invitees_come_and_go() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    let id = book(&webex, &token, &with(meeting(), "sendEmail", json!(false)))["id"].as_str().unwrap().to_owned();
    let invite = json!({ "meetingId": id, "email": "sofiia.bondar@example.com" });
    let invited = webex.post(&token, "/v1/meetingInvitees", &invite).ok();
    assert_eq!((&invited["displayName"], &invited["meetingId"]), (&json!("Sofiia Bondar"), &json!(id)));
    assert_eq!(webex.post(&token, "/v1/meetingInvitees", &invite).status, 409);
    assert_eq!(webex.post(&token, "/v1/meetingInvitees", &json!({ "email": OLENA })).status, 400);
    let path = format!("/v1/meetingInvitees/{}", invited["id"].as_str().unwrap());
    assert_eq!(webex.call(&token, "DELETE", &format!("{path}?sendEmail=false"), &Value::Null).status, 204);
    assert_eq!(webex.call(&token, "DELETE", &path, &Value::Null).status, 404);
    assert_eq!(mails(&webex), ["invitation sofiia.bondar@example.com"]);

    let first = webex.get(&token, &format!("/v1/meetingInvitees?meetingId={id}&max=1"));
    let next = first.header("link").unwrap().strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    let next = next.strip_prefix(&webex.root).unwrap().to_owned();
    assert_eq!(first.ok()["items"][0]["email"], OLENA);
    let second = webex.get(&token, &next);
    assert_eq!(second.header("link"), None);
    assert_eq!(second.ok()["items"][0]["email"], TARAS);
}

#[test]
fn a_list_shows_seven_days_unless_told_otherwise() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    for day in ["02", "08", "09", "20"] {
        let at = |time: &str| json!(format!("2026-12-{day}T{time}:00Z"));
        let body = with(with(meeting(), "start", at("10:00")), "end", at("10:30"));
        book(&webex, &token, &with(body, "title", json!(day)));
    }
    let list = |query: &str| {
        let list = webex.get(&token, &format!("/v1/meetings{query}")).ok();
        titles(&list).join(" ")
    };
    assert_eq!(list(""), "02");
    assert_eq!(list("?from=2026-12-08T00:00:00Z"), "08 09");
    assert_eq!(list("?to=2026-12-09T10:00:00Z"), "02 08");
    assert_eq!(list("?from=2026-12-01&to=2027-01-01"), "02 08 09 20");
    assert_eq!(list("?from=2026-12-02T10:29:00Z&to=2026-12-03"), "02");
    assert_eq!(list("?from=2026-12-02T10:30:00Z&to=2026-12-03"), "");
    assert_eq!(list("?state=active"), "02");
    assert_eq!(list("?state=expired"), "");
    for wrong in
        ["from=soon", "from=2026-12-09&to=2026-12-08", "max=0", "max=101", "state=odd", "current=1", "max=5&max=6"]
    {
        assert_eq!(webex.get(&token, &format!("/v1/meetings?{wrong}")).status, 400, "{wrong}");
    }
    webex.clock("2026-12-09T10:00:00Z");
    assert_eq!(list("?from=2026-12-01&to=2027-01-01&state=expired"), "02 08");
    assert_eq!(list("?state=inProgress"), "09");
}

#[test]
fn long_lists_come_in_pages_that_link_to_the_next() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    for i in 0..25 {
        let start = json!(format!("2026-12-02T10:{:02}:00Z", 59 - i));
        let body = with(with(meeting(), "start", start), "end", json!("2026-12-02T12:00:00Z"));
        book(&webex, &token, &with(body, "title", json!(i.to_string())));
    }
    let mut found = Vec::new();
    let mut path = Some("/v1/meetings?from=2026-12-02T00%3A00%3A00%2B02%3A00&to=2026-12-03".to_owned());
    let mut pages = 0;
    while let Some(next) = path {
        let reply = webex.get(&token, &next);
        path = reply.header("link").map(|link| {
            let link = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
            link.strip_prefix(&webex.root).unwrap().to_owned()
        });
        found.extend(titles(&reply.ok()).into_iter().map(|title| title.parse::<u32>().unwrap()));
        pages += 1;
    }
    assert_eq!((found, pages), ((0..25).rev().collect(), 3));
}

#[test]
fn a_tag_is_seen_by_the_client_that_set_it_and_no_other() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    let id = book(&webex, &token, &meeting())["id"].as_str().unwrap().to_owned();
    book(&webex, &token, &with(meeting(), "integrationTags", json!(["roulette"])));
    let count = |token: &str, tag: &str| {
        let list = webex.get(token, &format!("/v1/meetings?integrationTag={tag}")).ok();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((count(&token, "roulette"), count(&token, "2026-12-02/1"), count(&token, "other")), (2, 1, 0));
    let other = webex.login_with(&json!({ "email": ORGANIZER, "client": "another" }));
    assert_eq!(count(&other, "roulette"), 0);
    assert_eq!(webex.get(&other, &format!("/v1/meetings/{id}")).ok().get("integrationTags"), None);
    webex.call(&token, "PATCH", &format!("/v1/meetings/{id}"), &json!({ "integrationTags": [] })).ok();
    assert_eq!(count(&token, "2026-12-02/1"), 0);
}

#[test]
fn an_admin_books_on_behalf_of_others() {
    let webex = SmallWebex::start(&[]);
    let scopes = json!([
        "meeting:schedules_read",
        "meeting:schedules_write",
        "meeting:admin_schedule_read",
        "meeting:admin_schedule_write"
    ]);
    let admin = webex.login_with(&json!({ "email": ORGANIZER, "scopes": scopes }));
    let id = book(&webex, &admin, &with(meeting(), "hostEmail", json!(OLENA)))["id"].as_str().unwrap().to_owned();
    assert_eq!(titles(&webex.get(&admin, "/v1/meetings").ok()).len(), 0);
    let list = webex.get(&admin, &format!("/v1/meetings?hostEmail={OLENA}")).ok();
    assert_eq!((&list["items"][0]["hostEmail"], &list["items"][0]["id"]), (&json!(OLENA), &json!(id)));
    let path = format!("/v1/meetings/{id}");
    assert_eq!(webex.call(&admin, "PATCH", &path, &json!({ "title": "Tea" })).status, 404);
    webex.call(&admin, "PATCH", &path, &json!({ "title": "Tea", "hostEmail": OLENA })).ok();
    assert_eq!(webex.get(&admin, &format!("{path}?hostEmail={OLENA}")).ok()["title"], "Tea");
    webex.call(&admin, "DELETE", &format!("{path}?hostEmail={OLENA}"), &Value::Null).ok();
    for nobody in ["nobody@example.com", "roulette@webex.bot"] {
        assert_eq!(webex.post(&admin, "/v1/meetings", &with(meeting(), "hostEmail", json!(nobody))).status, 404);
    }
}

#[test]
fn a_regular_user_books_a_hundred_meetings_in_a_day_and_failures_count() {
    let webex = SmallWebex::start(&["--fail", "500:POST:/meetings:2"]);
    let token = webex.login(ORGANIZER);
    book(&webex, &token, &meeting());
    webex.clock("2026-12-01T10:00:00Z");
    assert_eq!(webex.post(&token, "/v1/meetings", &meeting()).status, 500);
    assert_eq!(webex.post(&token, "/v1/meetings", &json!({})).status, 400);
    for _ in 3..100 {
        book(&webex, &token, &meeting());
    }
    let refused = webex.post(&token, "/v1/meetings", &meeting());
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("82800")));
    assert_eq!(refused.why(), ["At most 100 meetings can be scheduled in 24 hours."]);
    book(&webex, &webex.login(OLENA), &meeting());
    webex.clock("2026-12-02T09:00:00Z");
    book(&webex, &token, &meeting());
    let refused = webex.post(&token, "/v1/meetings", &meeting());
    assert_eq!(refused.header("retry-after"), Some("3600"));
}

#[test]
fn an_admin_books_more_but_not_for_one_host() {
    let webex = SmallWebex::start(&[]);
    let admin = webex.login_with(&json!({ "email": ORGANIZER, "scopes": ["meeting:admin_schedule_write"] }));
    let invalid = json!({ "hostEmail": OLENA });
    for _ in 0..800 {
        assert_eq!(webex.post(&admin, "/v1/meetings", &invalid).status, 400);
    }
    let refused = webex.post(&admin, "/v1/meetings", &with(meeting(), "hostEmail", json!(OLENA)));
    assert_eq!(refused.why(), ["At most 800 meetings can be scheduled in 24 hours for one host."]);
    book(&webex, &admin, &with(meeting(), "hostEmail", json!(TARAS)));
}

#[test]
fn calls_fail_as_they_are_asked_to_and_the_log_tells_it() {
    let webex = SmallWebex::start(&["--fail", "429=2:GET:/people:1", "--fail", "503:GET:/people:2-3"]);
    let people = || webex.get("sandbox-bot", "/v1/people/me");
    let first = people();
    assert_eq!((first.status, first.header("retry-after")), (429, Some("2")));
    assert_eq!([people().status, people().status, people().status], [503, 503, 200]);

    let token = webex.login(ORGANIZER);
    webex.faults(&["drop-before:POST:/meetings:1", "drop-after:POST:/meetings:2", "500:POST:/meetings:3"]);
    let booked = || webex.model()["meetings"].as_array().unwrap().len();
    let post = || webex.request("POST", "/v1/meetings").bearer_auth(&token).json(&meeting()).send();
    assert!(post().is_err());
    assert_eq!(booked(), 0);
    assert!(post().is_err());
    assert_eq!(booked(), 1);
    assert_eq!(post().unwrap().status(), 500);
    assert_eq!(booked(), 1);
    webex.faults(&[]);
    assert_eq!(post().unwrap().status(), 200);
    assert_eq!(
        webex.lines(),
        [
            "GET /v1/people/me 429",
            "GET /v1/people/me 503",
            "GET /v1/people/me 503",
            "GET /v1/people/me 200",
            "POST /v1/meetings dropped",
            "POST /v1/meetings dropped",
            "POST /v1/meetings 500",
            "POST /v1/meetings 200",
        ]
    );
    let calls = webex.calls();
    assert_eq!((&calls[0]["body"], &calls[4]["body"], &calls[7]["number"]), (&Value::Null, &meeting(), &json!(8)));
    assert!(!serde_json::to_string(&calls).unwrap().contains(&token));
    webex.call("", "DELETE", "/sandbox/calls", &Value::Null).ok();
    assert_eq!(webex.calls(), [Value::Null; 0]);
}

#[test]
fn a_client_that_gives_up_waiting_has_had_its_effect_or_not() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    let impatient = std::time::Duration::from_secs(1);
    let post = || webex.request("POST", "/v1/meetings").bearer_auth(&token).json(&meeting()).timeout(impatient).send();
    for (fault, booked) in [("hang-before=600000", 0), ("hang-after=600000", 1)] {
        webex.faults(&[fault]);
        assert!(post().unwrap_err().is_timeout());
        assert_eq!(webex.model()["meetings"].as_array().unwrap().len(), booked, "{fault}");
    }
    webex.faults(&["latency=1", "hang-after=1", "hang-before=1"]);
    assert_eq!(webex.get(&token, "/v1/meetings").status, 200);
}

#[test]
fn more_calls_than_the_pace_allows_are_sent_away() {
    let webex = SmallWebex::start(&["--pace", "1"]);
    let mut statuses: Vec<u16> = (0..20).map(|_| webex.get("sandbox-bot", "/v1/people/me").status).collect();
    assert_eq!(statuses[0], 200);
    statuses.retain(|status| *status == 429);
    assert!(statuses.len() > 10, "{statuses:?}");
    assert_eq!(webex.get("", "/sandbox/model").status, 200);
}

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
    assert_eq!(poll(&webex, &code), (400, "expired_token".to_owned()));
    assert_eq!(decide(&user_code, "allow"), 400);
    let unsigned = webex.form("/v1/device/token", &[("device_code", &code)]);
    assert_eq!(unsigned.status, 401);
}
