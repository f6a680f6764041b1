//! The websocket, tested against the sandbox, which plays each kind of trouble, with shorter waits than Webex's.

use std::sync::mpsc;

use tokio::runtime::Runtime;

use super::*;
use crate::sandbox::{BOT_TOKEN, Options, Person, Sandbox};

const SOON: KeepAlive = KeepAlive {
    ready: Duration::from_millis(500),
    every: Duration::from_millis(100),
    within: Duration::from_millis(400),
};
const ANN: &str = "ann@example.com";

struct FakeWebex {
    sandbox: Sandbox,
    runtime: Runtime,
    http: Client,
}

impl FakeWebex {
    fn new() -> Self {
        let person = Person {
            email: ANN.to_owned(),
            name: "Ann Lee".to_owned(),
            department: "Sales".to_owned(),
            timezone: chrono_tz::UTC,
            profile: serde_json::Map::new(),
        };
        let sandbox = Sandbox::start(Options {
            listen: ([127, 0, 0, 1], 0).into(),
            people: vec![person],
            timezone: chrono_tz::UTC,
            zoneinfo: None,
            now: None,
            data: None,
            faults: Vec::new(),
            pace: None,
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let sandbox = sandbox.unwrap();
        let http = waiting_client(&Url::parse(&format!("http://{}", sandbox.address())).unwrap()).unwrap();
        Self { sandbox, runtime, http }
    }

    fn with(faults: &[&str]) -> Self {
        let webex = Self::new();
        webex.put("faults", &json!(faults));
        webex
    }

    fn opener(&self) -> Opener {
        let root = format!("http://{}/v1", self.sandbox.address());
        Opener::new(&root, Duration::from_secs(5), SOON).unwrap()
    }

    fn call(&self, method: &str, path: &str, token: &str, body: &Value) -> Value {
        let url = format!("http://{}{path}", self.sandbox.address());
        let request = self.http.request(method.parse().unwrap(), url).bearer_auth(token).json(body);
        self.runtime.block_on(async {
            let text = request.send().await.unwrap().text().await.unwrap();
            serde_json::from_str(&text).unwrap_or_default()
        })
    }

    fn put(&self, what: &str, body: &Value) {
        assert_eq!(self.call("PUT", &format!("/sandbox/{what}"), "", body), Value::Null, "{body}");
    }

    fn say(&self, text: &str) -> String {
        let said = self.call("POST", "/sandbox/say", "", &json!({ "email": ANN, "text": text }));
        said["id"].as_str().unwrap().to_owned()
    }

    fn calls(&self) -> Vec<String> {
        let calls = self.call("GET", "/sandbox/calls", "", &Value::Null);
        let line = |call: &Value| {
            let path = call["path"].as_str().unwrap().split(['?']).next().unwrap();
            format!("{} {path} {}", call["method"].as_str().unwrap(), call["status"])
        };
        calls.as_array().unwrap().iter().map(line).collect()
    }

    fn open(&self, opener: &mut Opener) -> Result<Websocket, Trouble> {
        self.runtime.block_on(opener.open(&BOT_TOKEN.into(), false))
    }

    fn next(&self, socket: &mut Websocket) -> Result<Incoming, Trouble> {
        self.runtime.block_on(socket.next())
    }

    /// The trouble that ends a connection on which nobody says anything.
    fn trouble(&self) -> Trouble {
        let mut socket = match self.open(&mut self.opener()) {
            Ok(socket) => socket,
            Err(trouble) => return trouble,
        };
        loop {
            if let Err(trouble) = self.next(&mut socket) {
                return trouble;
            }
        }
    }
}

fn id_of(came: &Incoming) -> String {
    let Incoming::Event(body, _) = came else { panic!("{came:?}") };
    serde_json::from_slice::<Value>(body).unwrap()["data"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_event_comes_until_it_is_acknowledged() {
    let webex = FakeWebex::new();
    let mut opener = webex.opener();
    let mut socket = webex.open(&mut opener).unwrap();
    assert_eq!(webex.next(&mut socket), Ok(Incoming::Ready));
    let id = webex.say("status");
    let came = webex.next(&mut socket).unwrap();
    assert_eq!(id_of(&came), id);
    drop(socket);
    let mut socket = webex.open(&mut opener).unwrap();
    assert_eq!(webex.next(&mut socket), Ok(Incoming::Ready));
    let again = webex.next(&mut socket).unwrap();
    assert_eq!(again, came);
    let Incoming::Event(_, frame) = again else { panic!() };
    webex.runtime.block_on(socket.acknowledge(&[frame])).unwrap();
    let other = webex.say("help");
    assert_eq!(id_of(&webex.next(&mut socket).unwrap()), other, "the first does not come again");
    webex.runtime.block_on(async {
        socket.close().await;
        opener.remove(&BOT_TOKEN.into()).await;
    });
    let calls = webex.calls();
    assert_eq!(calls.iter().filter(|call| call.starts_with("POST /wdm")).count(), 1, "it is renewed: {calls:#?}");
    assert!(calls.last().unwrap().starts_with("DELETE /wdm/api/v1/devices/"), "{calls:#?}");
}

#[test]
fn a_connection_on_which_nobody_speaks_is_kept_by_pings() {
    let webex = FakeWebex::new();
    let mut socket = webex.open(&mut webex.opener()).unwrap();
    assert_eq!(webex.next(&mut socket), Ok(Incoming::Ready));
    let (done, id) = mpsc::channel();
    let later = async {
        while webex.sandbox_pings().await < 3 {}
        let url = format!("http://{}/sandbox/say", webex.sandbox.address());
        let said = webex.http.post(url).json(&json!({ "email": ANN, "text": "status" })).send().await.unwrap();
        let said: Value = serde_json::from_str(&said.text().await.unwrap()).unwrap();
        done.send(said["id"].as_str().unwrap().to_owned()).unwrap();
    };
    let came = webex.runtime.block_on(async { tokio::join!(socket.next(), later) }).0.unwrap();
    assert_eq!(id_of(&came), id.recv().unwrap());
}

impl FakeWebex {
    async fn sandbox_pings(&self) -> usize {
        let url = format!("http://{}/sandbox/calls", self.sandbox.address());
        let calls = self.http.get(url).send().await.unwrap().text().await.unwrap();
        calls.matches("/ping").count()
    }
}

#[test]
fn each_way_in_which_a_connection_fails_is_told_from_the_others() {
    let passing = |why: &str| Trouble::Passing(why.to_owned());
    for (fault, expected) in [
        ("lost:FRAME:/ping", passing("Webex did not answer on it in time")),
        ("silence:FRAME:/ping", passing("Webex did not answer on it in time")),
        ("odd=id/text:FRAME:/ping", passing("it answered something that nobody asked")),
        ("lost:FRAME:/ready", passing("it was opened, but Webex did not say that it is ready")),
        ("silence:FRAME:/ready", passing("it was opened, but Webex did not say that it is ready")),
        ("lost:FRAME:/authorization", passing("it was opened, but Webex did not say that it is ready")),
        ("stale:GET:/mercury", Trouble::Stale),
        ("404:GET:/mercury", Trouble::Stale),
        ("500:GET:/mercury", passing("it cannot be opened: the answer is 500")),
        ("gateway=302:GET:/mercury", passing("it cannot be opened: the answer is 302")),
        ("401:GET:/mercury", Trouble::Refused("Webex does not let the bot in (401)".to_owned())),
    ] {
        assert_eq!(FakeWebex::with(&[fault]).trouble(), expected, "{fault}");
    }
    for cut in
        ["drop-before:FRAME:/authorization", "drop-before:FRAME:/ready", "drop-after:FRAME:/ping", "stale:FRAME:/ready"]
    {
        let trouble = FakeWebex::with(&[cut]).trouble();
        assert!(matches!(&trouble, Trouble::Passing(why) if why.starts_with("it broke: ")), "{cut}: {trouble:?}");
    }
    for call in ["GET:/u2c", "GET:/wdm", "POST:/wdm"] {
        let refused = FakeWebex::with(&[&format!("401:{call}")]).trouble();
        assert!(matches!(refused, Trouble::Refused(_)), "{call}: {refused:?}");
        for fault in ["500", "429=1", "503", "403", "drop-before", "no-answer", "gateway=401", "gateway=302"] {
            let trouble = FakeWebex::with(&[&format!("{fault}:{call}")]).trouble();
            assert!(matches!(trouble, Trouble::Passing(_)), "{fault} {call}: {trouble:?}");
        }
    }
}

#[test]
fn each_close_code_of_webex_has_its_meaning() {
    let passing = |told: &str| Trouble::Passing(format!("Webex closed it ({told})"));
    for (close, expected) in [
        ("1000/idle", passing("1000 “idle”")),
        ("1000/done (forced)", passing("1000 “done (forced)”")),
        ("1000/pong not received", passing("1000 “pong not received”")),
        ("1000/pong mismatch", passing("1000 “pong mismatch”")),
        ("1000", passing("1000")),
        ("1001", passing("1001")),
        ("1005", passing("1005")),
        ("1011/internal", passing("1011 “internal”")),
        ("3050", passing("3050")),
        ("4000/replaced", Trouble::Replaced),
        ("4401", Trouble::Refused("Webex refuses the bot's token on the websocket (4401)".to_owned())),
        ("1003", Trouble::Unwanted("Webex refuses this connection (1003)".to_owned())),
        ("4400/bad", Trouble::Unwanted("Webex refuses this connection (4400 “bad”)".to_owned())),
        ("4403", Trouble::Unwanted("Webex refuses this connection (4403)".to_owned())),
    ] {
        for at in ["/authorization", "/ready", "/ping"] {
            let fault = format!("close={close}:FRAME:{at}");
            assert_eq!(FakeWebex::with(&[&fault]).trouble(), expected, "{fault}");
        }
    }
    let cut = FakeWebex::with(&["close=1006:FRAME:/ready"]).trouble();
    assert!(matches!(&cut, Trouble::Passing(why) if why.starts_with("it broke: ")), "{cut:?}");
}

#[test]
fn a_second_connection_takes_the_place_of_the_first() {
    let webex = FakeWebex::new();
    let mut first = webex.open(&mut webex.opener()).unwrap();
    assert_eq!(webex.next(&mut first), Ok(Incoming::Ready));
    let mut second = webex.open(&mut webex.opener()).unwrap();
    assert_eq!(webex.next(&mut second), Ok(Incoming::Ready));
    assert_eq!(webex.next(&mut first), Err(Trouble::Replaced));
}

#[test]
fn a_device_that_webex_forgot_is_made_anew_and_where_there_are_too_many_ours_make_room() {
    let webex = FakeWebex::new();
    let mut opener = webex.opener();
    drop(webex.open(&mut opener).unwrap());
    let anew = webex.runtime.block_on(opener.open(&BOT_TOKEN.into(), true)).map(drop);
    assert_eq!(anew, Ok(()));
    let calls = webex.calls();
    let made = |calls: &[String]| calls.iter().filter(|call| *call == "POST /wdm/api/v1/devices 200").count();
    assert_eq!(
        (made(&calls), calls.iter().filter(|call| call.starts_with("DELETE /wdm")).count()),
        (2, 1),
        "{calls:#?}"
    );

    // Other people's devices fill the rest, and Webex does not know ours when it is to be renewed.
    for number in 0..99 {
        let other = json!({ "name": format!("other {number}"), "deviceType": "DESKTOP" });
        webex.call("POST", "/wdm/api/v1/devices", BOT_TOKEN, &other);
    }
    webex.put("faults", &json!(["404:PUT:/wdm"]));
    assert_eq!(webex.open(&mut opener).map(drop), Ok(()));
    let calls = webex.calls();
    assert!(calls.contains(&"POST /wdm/api/v1/devices 403".to_owned()), "{calls:#?}");
}

#[test]
fn what_is_lost_does_not_come_and_what_comes_twice_is_the_same() {
    let webex = FakeWebex::with(&["lost:FRAME:/activity:1", "twice:FRAME:/activity:2"]);
    let mut socket = webex.open(&mut webex.opener()).unwrap();
    assert_eq!(webex.next(&mut socket), Ok(Incoming::Ready));
    let ids = ["one", "two", "three"].map(|text| webex.say(text));
    let came: Vec<Incoming> = (0..3).map(|_| webex.next(&mut socket).unwrap()).collect();
    assert_eq!(came.iter().map(id_of).collect::<Vec<_>>(), [&*ids[1], &ids[1], &ids[2]]);
    assert_eq!(came[0], came[1]);
}

#[test]
fn no_secret_is_sent_where_an_answer_leads_elsewhere() {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    for (catalog, device) in [
        ("https://wdm-a.wbx2.com.evil.example/wdm/api/v1", ""),
        ("http://wdm-a.wbx2.com/wdm/api/v1", ""),
        ("HERE/wdm/api/v1", "wss://evil.example/socket"),
        ("HERE/wdm/api/v1", "ws://mercury-a.wbx2.com/socket"),
    ] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let here = format!("http://{}", listener.local_addr().unwrap());
        let (catalog, root) = (catalog.replace("HERE", &here), format!("{here}/v1"));
        let device = json!({ "devices": [], "url": format!("{here}/wdm/api/v1/devices/1"), "webSocketUrl": device });
        let catalog = json!({ "serviceLinks": { "wdm": catalog } });
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut line = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                reader.read_line(&mut line).unwrap();
                let mut header = line.clone();
                while header.trim() != "" {
                    header.clear();
                    reader.read_line(&mut header).unwrap();
                }
                let body = if line.contains("/u2c/") { catalog.to_string() } else { device.to_string() };
                let length = body.len();
                let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
                let _ = stream.write_all((head + &body).as_bytes());
            }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut opener = Opener::new(&root, Duration::from_secs(5), SOON).unwrap();
        let trouble = runtime.block_on(opener.open(&BOT_TOKEN.into(), false)).map(drop).unwrap_err();
        let Trouble::Passing(why) = trouble else { panic!("{trouble:?}") };
        assert!(why.starts_with("Webex names an address that is not its own ("), "{why}");
    }
}
