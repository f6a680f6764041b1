//! Meetings: what is booked, who can see it, and what Webex would refuse to book.

use serde_json::{Value, json};

use super::{OLENA, TARAS, book, meeting, with};
use crate::support::small_webex::{ORGANIZER, SmallWebex, read};
use crate::support::world::NOW;

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|meeting| meeting["title"].as_str().unwrap()).collect()
}

fn mails(webex: &SmallWebex) -> Vec<String> {
    let model = webex.model();
    let mail = |mail: &Value| format!("{} {}", mail["about"].as_str().unwrap(), mail["to"].as_str().unwrap());
    model["emails"].as_array().unwrap().iter().map(mail).collect()
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
        ("hostDisplayName", json!("Nadia Organizer")),
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
fn a_list_is_of_the_kind_of_meeting_that_is_asked_for() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    book(&webex, &token, &meeting());
    let list = |kind: &str| webex.get(&token, &format!("/v1/meetings?meetingType={kind}")).ok()["items"].clone();
    for kind in ["meetingSeries", "scheduledMeeting"] {
        assert_eq!((list(kind).as_array().unwrap().len(), &list(kind)[0]["meetingType"]), (1, &json!(kind)));
    }
    assert_eq!(list("meeting"), json!([]));
    assert_eq!(webex.get(&token, "/v1/meetings?meetingType=party").status, 400);
}

#[test]
fn an_offset_that_is_not_its_zone_s_is_refused_by_the_system_s_rules() {
    let webex = SmallWebex::start(&[]);
    let token = webex.login(ORGANIZER);
    let refused = webex.post(&token, "/v1/meetings", &with(meeting(), "start", json!("2026-12-02T15:10:00+03:00")));
    assert_eq!(refused.why(), ["timezone Europe/Kyiv and timezone offset +03:00 do not match"]);
    let summer =
        with(with(meeting(), "start", json!("2027-07-07T15:10:00+03:00")), "end", json!("2027-07-07T15:40:00+03:00"));
    let id = book(&webex, &token, &summer)["id"].as_str().unwrap().to_owned();
    let moved =
        json!({ "start": "2027-07-07T16:10:00+02:00", "end": "2027-07-07T16:40:00+02:00", "timezone": "Europe/Kyiv" });
    assert_eq!(webex.call(&token, "PATCH", &format!("/v1/meetings/{id}"), &moved).status, 400);
    let zulu = with(with(meeting(), "start", json!("2026-12-02T13:10:00Z")), "end", json!("2026-12-02T13:40:00Z"));
    book(&webex, &token, &zulu);
}

#[test]
fn a_host_can_have_a_limit_of_meetings_at_one_time_on_request() {
    let webex = SmallWebex::start(&["--fail", "host-limit=2:POST:/meetings"]);
    let token = webex.login(ORGANIZER);
    let statuses = [(), (), ()].map(|()| webex.post(&token, "/v1/meetings", &meeting()).status);
    assert_eq!(statuses, [200, 200, 400]);
    let later =
        with(with(meeting(), "start", json!("2026-12-02T15:40:00+02:00")), "end", json!("2026-12-02T16:10:00+02:00"));
    book(&webex, &token, &later);
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

/// Somebody was in a meeting from minute to minute after its start; still is, where there is no end.
fn joined(webex: &SmallWebex, meeting: &Value, email: Option<&str>, minutes: (u32, Option<u32>), device: &str) {
    let time = |minute: u32| format!("2026-12-02T13:{:02}:00Z", 10 + minute);
    let mut join = json!({ "meeting": meeting, "joined": time(minutes.0), "device": device });
    if let Some(email) = email {
        join["email"] = json!(email);
    }
    if let Some(left) = minutes.1 {
        join["left"] = json!(time(left));
    }
    let reply = webex.post("", "/sandbox/join", &join);
    assert_eq!(reply.status, 204, "{:?}", reply.why());
}

#[test]
fn who_was_in_a_meeting_is_seen_by_its_host_and_by_admins_with_the_scope() {
    let webex = SmallWebex::start(&[]);
    let with = |email: &str, scopes: &[&str]| webex.login_with(&json!({ "email": email, "scopes": scopes }));
    let host = with(ORGANIZER, &["meeting:schedules_write", "meeting:participants_read"]);
    let id = book(&webex, &host, &meeting())["id"].clone();
    let path = format!("/v1/meetingParticipants?meetingId={}", id.as_str().unwrap());
    assert_eq!(webex.get(&host, &path).ok(), json!({ "items": [] }));
    assert_eq!(webex.get(&webex.login(ORGANIZER), &path).status, 403, "without the scope");
    assert_eq!(webex.get("sandbox-bot", &path).status, 403);
    assert_eq!(webex.get(&with(OLENA, &["meeting:participants_read"]), &path).status, 403, "who is no host");
    let admin = with(TARAS, &["meeting:admin_participants_read"]);
    assert_eq!(webex.get(&admin, &path).status, 200);
    assert_eq!(webex.get(&admin, &format!("{path}&hostEmail={ORGANIZER}")).status, 200);
    assert_eq!(webex.get(&host, &format!("{path}&hostEmail={ORGANIZER}")).status, 403);
    assert_eq!(webex.get(&host, "/v1/meetingParticipants?meetingId=none").status, 404);
    assert_eq!(webex.get(&host, "/v1/meetingParticipants").status, 400);
    webex.call(&host, "DELETE", &format!("/v1/meetings/{}", id.as_str().unwrap()), &Value::Null).ok();
    assert_eq!(webex.get(&host, &path).status, 404);
}

#[test]
fn a_meeting_that_all_have_left_begins_anew_and_one_that_goes_on_shows_who_is_there() {
    let webex = SmallWebex::start(&[]);
    let token = webex
        .login_with(&json!({ "email": ORGANIZER, "scopes": ["meeting:schedules_write", "meeting:participants_read"] }));
    let id = book(&webex, &token, &meeting())["id"].clone();
    joined(&webex, &id, Some(OLENA), (0, Some(5)), "desk");
    joined(&webex, &id, Some(OLENA), (10, Some(25)), "desk");
    joined(&webex, &id, Some(OLENA), (12, Some(20)), "phone");
    joined(&webex, &id, Some(TARAS), (11, Some(14)), "desk");
    joined(&webex, &id, Some(TARAS), (16, Some(30)), "desk");
    joined(&webex, &id, None, (15, Some(18)), "desk");
    assert_eq!(webex.model()["meetings"][0]["came"], json!([OLENA, TARAS]));
    let path = format!("/v1/meetingParticipants?meetingId={}", id.as_str().unwrap());
    let shown = |now: &str, more: &str| {
        webex.clock(now);
        let list = webex.get(&token, &format!("{path}{more}")).ok();
        let one = |one: &Value| {
            let time = |name: &str| one[name].as_str().unwrap_or("                ")[11..16].to_owned();
            let email = one["email"].as_str().unwrap().split('@').next().unwrap();
            let devices = one["devices"].as_array().unwrap().len();
            format!("{email} {} {}-{} {devices}", one["state"], time("joinedTime"), time("leftTime"))
        };
        list["items"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    let over = "2026-12-02T13:55:00Z";
    let last = [
        "olena.marchenko \"end\" 13:20-13:35 2",
        "taras.hrytsenko \"end\" 13:21-13:24 1",
        " \"end\" 13:25-13:28 1",
        "taras.hrytsenko \"end\" 13:26-13:40 1",
    ];
    assert_eq!(shown(over, ""), last);
    assert_eq!(shown(over, "&meetingStartTimeTo=2026-12-02T13:20:00Z"), ["olena.marchenko \"end\" 13:10-13:15 1"]);
    assert_eq!(shown(over, "&meetingStartTimeTo=2026-12-02T13:10:00Z"), [""; 0]);
    let going_on = ["olena.marchenko \"joined\" 13:20-      1", "taras.hrytsenko \"joined\" 13:26-      1"];
    assert_eq!(shown("2026-12-02T13:31:00Z", "").iter().map(|it| it.trim()).collect::<Vec<_>>(), going_on);
    webex.clock(over);
    let first = webex.get(&token, &format!("{path}&max=3"));
    assert!(first.header("link").is_some_and(|link| link.contains("cursor=3")), "{:?}", first.header("link"));
}
