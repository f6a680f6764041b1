//! Trouble on request, and the log that records it.

use serde_json::{Value, json};

use super::meeting;
use crate::support::small_webex::{ORGANIZER, SmallWebex};
use crate::support::world::World;

#[test]
fn a_fault_that_is_none_is_told_with_what_is_one() {
    let run = World::of_departments("", &[]).run(&["sandbox", "--fail", "boom:POST"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("“boom” is not a fault; it is written KIND[=VALUE]"), "{}", run.stderr);
    let webex = SmallWebex::start(&[]);
    assert_eq!(webex.call("", "PUT", "/sandbox/faults", &json!(["boom"])).status, 400);
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
