//! `schedule` against a small Webex: each meeting exactly once, whatever happens on the way.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};

use crate::small_webex::{ORGANIZER, SmallWebex};
use crate::world::{NOW, Run, World, roster};

/// A world whose organizer is logged in at a small Webex.
pub(crate) struct Booked {
    pub(crate) world: World,
    pub(crate) webex: SmallWebex,
}

impl Booked {
    /// `config` is added to `[webex]`, and sections may follow it.
    pub(crate) fn new(config: &str, staff: &str, args: &[&str]) -> Self {
        let world = World::new("", staff);
        let staff = world.path("staff.csv");
        let webex = SmallWebex::start(&[&["--roster", staff.to_str().unwrap()], args].concat());
        let booked = Self { world, webex };
        booked.configure(config);
        booked.log_in();
        booked
    }

    /// 2 departments of people; the first round of December is drawn.
    pub(crate) fn drawn(people: usize, config: &str) -> Self {
        let booked = Self::new(config, &roster(&[people / 2, people - people / 2]), &[]);
        booked.world.json(&["pair", "--week", "--seed", "1"]);
        booked
    }

    pub(crate) fn configure(&self, config: &str) {
        let root = &self.webex.root;
        // Else nobody would be heard, and cards have no buttons.
        let reached = "[webhook]\npublic_url = \"https://roulette.example.com\"\n";
        let reached = if config.contains("[webhook]") { "" } else { reached };
        self.world.write(
            "config.toml",
            format!(
                "[programme]\nroster = \"staff.csv\"\n[webex]\nbase_url = \"{root}/v1\"\n\
                 client_id = \"roulette-sandbox\"\ntimeout_seconds = 1\n{config}\n{reached}"
            ),
        );
    }

    fn log_in(&self) {
        let scopes = "meeting:schedules_read meeting:schedules_write meeting:admin_schedule_read \
                      meeting:admin_schedule_write spark:people_read spark:kms";
        self.log_in_with(scopes);
    }

    /// With these scopes beside the usual ones.
    pub(crate) fn log_in_with(&self, scopes: &str) {
        let usual = "meeting:schedules_read meeting:schedules_write spark:people_read spark:kms";
        let scopes: std::collections::BTreeSet<&str> = scopes.split_whitespace().chain(usual.split(' ')).collect();
        let login = json!({ "email": ORGANIZER, "scopes": scopes });
        let tokens = self.webex.post("", "/sandbox/login", &login).ok();
        let file = json!({
            "format": "roulette-tokens", "version": 1, "email": ORGANIZER, "name": "Nadia Organizer",
            "scopes": scopes, "received": NOW,
            "access_token": tokens["access_token"], "access_expires": "2026-12-15T09:00:00Z",
            "refresh_token": tokens["refresh_token"], "refresh_expires": "2027-03-01T09:00:00Z",
        });
        self.world.write("roulette-tokens.json", file.to_string());
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(self.world.path("roulette-tokens.json"), private).unwrap();
    }

    /// The program, with the secrets that the small Webex knows.
    pub(crate) fn command(&self, now: &str, args: &[&str]) -> Command {
        let mut command = self.world.command(now, args);
        command.env("ROULETTE_BOT_TOKEN", "sandbox-bot").env("ROULETTE_WEBHOOK_SECRET", "hush");
        command.env("ROULETTE_CLIENT_SECRET", "sandbox-secret");
        command
    }

    pub(crate) fn run_at(&self, now: &str, args: &[&str]) -> Run {
        self.world.finish(&mut self.command(now, args))
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_at(NOW, &[&["schedule"], args].concat())
    }

    fn json(&self, args: &[&str]) -> Value {
        self.world.json(&[&["schedule"], args].concat())
    }

    /// The meetings at Webex that are not cancelled.
    pub(crate) fn standing(&self) -> Vec<Value> {
        let meetings = self.webex.model()["meetings"].as_array().unwrap().clone();
        meetings.into_iter().filter(|meeting| meeting["cancelled"].is_null()).collect()
    }

    /// For the people of each meeting at Webex: when it begins.
    pub(crate) fn meetings(&self) -> BTreeMap<Vec<String>, Vec<String>> {
        let mut meetings: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
        for meeting in self.standing() {
            let mut people: Vec<String> =
                meeting["invitees"].as_array().unwrap().iter().map(|it| it["email"].as_str().unwrap().into()).collect();
            people.sort();
            meetings.entry(people).or_default().push(meeting["start"].as_str().unwrap().to_owned());
        }
        meetings
    }

    /// The people of each pair that is planned.
    pub(crate) fn planned(&self) -> Vec<Vec<String>> {
        let state: Value = serde_json::from_str(&self.world.read("roulette-state.json")).unwrap();
        let mut planned = Vec::new();
        for slot in state["rounds"].as_array().unwrap().iter().flat_map(|round| round["meetings"].as_array().unwrap()) {
            let groups = ["pairs", "trios"].map(|kind| slot[kind].as_array().cloned().unwrap_or_default()).concat();
            for group in groups {
                let email = |id: &Value| state["people"][id.to_string()].as_str().unwrap().to_owned();
                let mut people: Vec<String> = group.as_array().unwrap().iter().map(email).collect();
                people.sort();
                planned.push(people);
            }
        }
        planned.sort();
        planned
    }

    pub(crate) fn everyone_has_exactly_one_meeting(&self, when: &str) {
        let meetings = self.meetings();
        let people: Vec<Vec<String>> = meetings.keys().cloned().collect();
        assert_eq!(people, self.planned(), "{when}");
        assert!(meetings.values().all(|starts| starts.len() == 1), "{when}: {meetings:?}");
    }

    /// The calls so far that change something: method, path and body.
    pub(crate) fn writes(&self) -> Vec<(String, Value)> {
        let calls = self.webex.calls();
        let writes = calls.iter().filter(|call| call["method"] != "GET");
        let line = |call: &Value| {
            let path = call["path"].as_str().unwrap().strip_prefix("/v1").unwrap().to_owned();
            (format!("{} {path}", call["method"].as_str().unwrap()), call["body"].clone())
        };
        writes.map(line).collect()
    }

    /// A dry run and then the run: that which was shown is called, to the letter.
    fn as_shown(&self, args: &[&str]) -> Vec<String> {
        let shown = self.json(&[args, &["--dry-run"]].concat());
        self.webex.request("DELETE", "/sandbox/calls").send().unwrap();
        let done = self.json(args);
        assert_eq!(shown, done, "the preview is what the run shows");
        let mut shown: Vec<(String, Value)> = shown["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| (step["call"].as_str().unwrap().to_owned(), step["body"].clone()))
            .collect();
        let mut called = self.writes();
        let verbs = shown.iter().map(|(call, _)| call.split(' ').next().unwrap().to_owned()).collect();
        // Eight are under way at once, so that their order is not fixed.
        shown.sort_by_key(|(call, body)| (call.clone(), body.to_string()));
        called.sort_by_key(|(call, body)| (call.clone(), body.to_string()));
        assert_eq!(shown, called);
        verbs
    }
}

#[test]
fn nothing_drawn_is_nothing_to_schedule_and_needs_no_login() {
    let world = World::of_departments("", &[2, 2]);
    insta::assert_snapshot!(world.run(&["schedule"]).all(), @"
    Nothing to book, move or cancel: no meeting is due.
    --- stderr
    hint: no round is drawn yet; draw with: roulette pair --month
    --- status 0
    ");
    assert_eq!(world.files().len(), 2, "nothing is kept");
}

#[test]
fn what_is_due_is_shown_with_its_calls_and_booked() {
    let booked = Booked::drawn(5, "");
    insta::assert_snapshot!(booked.run(&["--dry-run"]).all(), @"
    do     when                   who                     why
    ─────────────────────────────────────────────────────────
    book   Wed 2026-12-02 15:10   Person 0 and Person 3
    book   Wed 2026-12-02 15:10   Person 1 and Person 2

    2 to book, 0 to keep
    --- stderr
    dry run: nothing is done
    --- status 0
    ");
    insta::assert_snapshot!(booked.run(&[]).all(), @"
    do     when                   who                     why
    ─────────────────────────────────────────────────────────
    book   Wed 2026-12-02 15:10   Person 0 and Person 3
    book   Wed 2026-12-02 15:10   Person 1 and Person 2

    2 booked, 0 kept
    --- stderr
    booked 2
    --- status 0
    ");
    booked.everyone_has_exactly_one_meeting("booked");
    // Both are booked at once, in whichever order.
    let of_person_0 = |(_, body): &(String, Value)| body["invitees"][0]["displayName"] == "Person 0";
    let (call, body) = booked.writes().into_iter().find(of_person_0).unwrap();
    assert_eq!(call, "POST /meetings");
    insta::assert_snapshot!(serde_json::to_string_pretty(&body).unwrap(), @r#"
    {
      "agenda": "Person 0 (D0) and Person 3 (D1) meet in Coffee Roulette: a short talk among colleagues who seldom meet.\n\nThere is nothing to prepare. If you like something to begin with:\nWhich colleague helped you lately, and how?",
      "allowAnyUserToBeCoHost": true,
      "enableConnectAudioBeforeHost": true,
      "enabledAutoRecordMeeting": false,
      "enabledJoinBeforeHost": true,
      "end": "2026-12-02T15:40:00+02:00",
      "integrationTags": [
        "roulette:2026-12-02:6662a5db5015eab8fd170c1442091cb6",
        "roulette:2026-12-02"
      ],
      "invitees": [
        {
          "displayName": "Person 0",
          "email": "p0@example.com"
        },
        {
          "displayName": "Person 3",
          "email": "p3@example.com"
        }
      ],
      "joinBeforeHostMinutes": 15,
      "publicMeeting": false,
      "sendEmail": true,
      "start": "2026-12-02T15:10:00+02:00",
      "timezone": "Europe/Kyiv",
      "title": "Coffee Roulette: Person 0 and Person 3",
      "unlockedMeetingJoinSecurity": "allowJoin"
    }
    "#);
}

#[test]
fn a_second_run_makes_no_call_that_changes_anything() {
    let booked = Booked::drawn(8, "");
    assert_eq!(booked.run(&[]).status, 0);
    let before = booked.world.files();
    let writes = booked.writes().len();
    insta::assert_snapshot!(booked.run(&[]).all(), @"
    Nothing to book, move or cancel: 4 meetings stand as planned.
    --- stderr
    --- status 0
    ");
    assert_eq!(booked.writes().len(), writes);
    assert!(booked.world.files() == before, "and changes no file");
}

#[test]
fn who_is_not_logged_in_is_told_how_to() {
    let booked = Booked::drawn(4, "");
    std::fs::remove_file(booked.world.path("roulette-tokens.json")).unwrap();
    let before = booked.world.files();
    insta::assert_snapshot!(booked.run(&[]).all(), @"
    --- stderr
    error: GET /meetings: nobody is logged in
    hint: log in with: roulette auth
    --- status 4
    ");
    let dry = booked.run(&["--dry-run"]);
    assert_eq!(dry.status, 0);
    assert!(dry.stderr.starts_with("warning: nobody is logged in"), "{}", dry.stderr);
    assert!(booked.world.files() == before);
    assert_eq!(booked.writes().len(), 0);
}

#[test]
fn a_month_is_booked_moved_and_cancelled_just_as_the_dry_run_shows() {
    let booked = Booked::new("", &roster(&[13, 14, 13]), &[]);
    booked.world.json(&["pair", "--month", "2026-12", "--seed", "7"]);
    let through = ["--through", "2026-12-31"];
    let verbs = booked.as_shown(&through);
    assert_eq!(verbs, vec!["POST"; 100], "five rounds of twenty");
    assert_eq!(booked.meetings().len(), 100);

    // Somebody works late, somebody else leaves, and a holiday comes up.
    let staff = booked.world.read("staff.csv").replace('\n', ",\n").replace("department,", "department,working_hours");
    let staff = staff.replace("p1@example.com,Person 1,D0,", "p1@example.com,Person 1,D0,16:00-17:30");
    let staff = staff.replace("p2@example.com,Person 2,D0,\n", "");
    booked.world.write("staff.csv", staff);
    booked.configure("[meeting]\nskip_dates = [\"2026-12-16\"]");
    let verbs = booked.as_shown(&through);
    let count = |verb: &str| verbs.iter().filter(|one| *one == verb).count();
    assert_eq!((count("DELETE"), count("PATCH"), count("POST")), (5, 23, 0), "{verbs:?}");
    let late = booked.meetings().into_iter().filter(|(people, _)| people.contains(&"p1@example.com".to_owned()));
    assert!(late.flat_map(|(_, starts)| starts).all(|start| start.contains("T14:00")), "16:00 in Kyiv");
    assert_eq!(booked.as_shown(&through).len(), 0);

    // Everybody leaves.
    booked.world.write("staff.csv", "email,name,department,working_hours\n");
    let refused = booked.run(&through);
    assert_eq!(refused.status, 5);
    insta::assert_snapshot!(refused.stderr, @"
    error: refused: 39 of the 39 people in the rounds ahead are no longer on the roster, 100 % (limit 30 %): no round is changed
    hint: check that the roster is complete; if so many really left, run: roulette pair --allow-smaller-roster
    ");
    let verbs = booked.as_shown(&[&through[..], &["--allow-many-cancellations"]].concat());
    assert_eq!(verbs, vec!["DELETE"; 95]);
    assert_eq!(booked.meetings().len(), 0);
}

#[test]
fn one_pair_that_fails_does_not_stop_the_others_and_is_not_asked_again_in_vain() {
    let booked = Booked::drawn(8, "parallel = 1");
    booked.webex.faults(&["400:POST:/meetings:2"]);
    insta::assert_snapshot!(booked.run(&["--format", "csv"]).all(), @r#"
    do,when,who,call,why
    book,Wed 2026-12-02 15:10,Person 0 and Person 5,POST /meetings,
    book,Wed 2026-12-02 15:10,Person 1 and Person 4,POST /meetings,
    book,Wed 2026-12-02 15:10,Person 2 and Person 7,POST /meetings,
    book,Wed 2026-12-02 15:10,Person 3 and Person 6,POST /meetings,
    --- stderr
    note: 4 meetings of one host are in progress at 2026-12-02 15:10: Webex may allow a host only one or two at a time, and people could not join the others
    hint: test it first: start three meetings of this account and join all of them; if that does not work, set at_once = 1 or 2 in [webex], which spreads them, or host = "participant"
    booked 3
    not booked: Person 1 and Person 4 on Wed 2026-12-02 15:10: POST /meetings: This fault was requested. (400) (tracking id SANDBOX_00000003)
    error: 1 meeting is left to do
    hint: change what Webex refuses; to ask again for exactly the same, add --retry
    --- status 3
    "#);
    assert_eq!(booked.meetings().len(), 3);
    booked.webex.faults(&[]);
    let writes = booked.writes().len();
    let again = booked.run(&[]);
    assert_eq!(again.status, 3);
    insta::assert_snapshot!(again.all(), @"
    Nothing to book, move or cancel: 3 meetings stand as planned.
    refused by Webex before, and not asked again without --retry: Person 1 and Person 4 on Wed 2026-12-02 15:10: This fault was requested. (400)
    --- stderr
    error: 1 meeting is left to do
    hint: change what Webex refuses; to ask again for exactly the same, add --retry
    --- status 3
    ");
    assert_eq!(booked.writes().len(), writes, "nothing changed, so that it is not asked again");
    assert_eq!(booked.run(&["--retry"]).status, 0);
    booked.everyone_has_exactly_one_meeting("retried");
}

#[test]
fn the_quota_is_kept_and_the_rest_booked_a_day_later() {
    let booked = Booked::drawn(8, "meetings_per_day = 3");
    let first = booked.run(&["--format", "csv"]);
    assert_eq!(first.status, 3);
    insta::assert_snapshot!(first.stderr, @r#"
    note: 3 meetings of one host are in progress at 2026-12-02 15:10: Webex may allow a host only one or two at a time, and people could not join the others
    hint: test it first: start three meetings of this account and join all of them; if that does not work, set at_once = 1 or 2 in [webex], which spreads them, or host = "participant"
    booked 3
    error: 1 meeting is left to do: as many were requested in the last 24 hours as Webex lets one account book (meetings_per_day in [webex])
    hint: run it again after 2026-12-02T09:00:00Z
    "#);
    assert_eq!(booked.meetings().len(), 3);
    let soon = booked.world.run_at("2026-12-01T20:00:00Z", &["schedule"]);
    assert_eq!((soon.status, booked.meetings().len()), (3, 3));
    let later = booked.world.run_at("2026-12-02T09:00:01Z", &["schedule"]);
    assert_eq!((later.status, booked.meetings().len()), (0, 4), "{}", later.stderr);
}

#[test]
fn pair_warns_at_once_of_a_round_that_cannot_be_booked_in_time() {
    let world = World::of_departments("\n\n[webex]\nmeetings_per_day = 1", &[3, 3]);
    let run = world.run(&["pair", "--week", "--seed", "1", "--format", "csv"]);
    insta::assert_snapshot!(run.stderr, @"
    warning: not all meetings can be booked in time: Webex allows 1 a day, and booking begins 7 days ahead; these would be booked too late: 2 of 3 on 2026-12-02
    hint: book as an admin, who may book 3000 a day (meetings_per_day in [webex])
    kept in roulette-state.json
    ");
}

#[test]
fn a_meeting_deleted_by_hand_is_told_and_booked_again_only_if_asked_for() {
    let booked = Booked::drawn(4, "");
    assert_eq!(booked.run(&[]).status, 0);
    let model = booked.webex.model();
    let of_person_0 = |meeting: &&Value| meeting["title"].as_str().unwrap().contains("Person 0");
    let id = model["meetings"].as_array().unwrap().iter().find(of_person_0).unwrap()["id"].as_str().unwrap();
    let token = booked.webex.login(ORGANIZER);
    assert_eq!(booked.webex.call(&token, "DELETE", &format!("/v1/meetings/{id}"), &Value::Null).status, 204);
    insta::assert_snapshot!(booked.run(&[]).all(), @"
    Nothing to book, move or cancel: 1 meeting stands as planned.
    deleted at Webex by hand, and not booked again without --rebook: Person 0 and Person 2 on Wed 2026-12-02 15:10
    --- stderr
    --- status 0
    ");
    assert_eq!(booked.meetings().len(), 1);
    assert_eq!(booked.run(&["--rebook"]).status, 0);
    booked.everyone_has_exactly_one_meeting("booked again");
}

#[test]
fn participants_can_be_hosts_and_share_that_load() {
    let booked = Booked::drawn(12, "host = \"participant\"\nmeetings_per_day = 3000");
    booked.world.json(&["pair", "--month", "2026-12", "--seed", "1"]);
    assert_eq!(booked.run(&["--through", "2026-12-31"]).status, 0);
    let mut hosted: BTreeMap<String, usize> = BTreeMap::new();
    for meeting in booked.standing() {
        *hosted.entry(meeting["host"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(hosted.values().sum::<usize>(), 30);
    assert!(hosted.len() == 12 && hosted.values().all(|meetings| (2..=3).contains(meetings)), "{hosted:?}");
    let writes = booked.writes().len();
    assert_eq!(booked.run(&["--through", "2026-12-31"]).status, 0);
    assert_eq!(booked.writes().len(), writes);
    booked.everyone_has_exactly_one_meeting("hosted by participants");
}

#[test]
fn two_runs_at_the_same_moment_book_each_pair_once() {
    let booked = Booked::drawn(20, "");
    booked.webex.faults(&["latency=50"]);
    let runs: Vec<_> = (0..2)
        .map(|_| {
            let mut command = booked.world.command(NOW, &["schedule"]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(0));
    }
    booked.everyone_has_exactly_one_meeting("two at once");
    assert_eq!(booked.writes().len(), 10);
}

#[test]
fn a_webex_that_asks_to_wait_is_called_at_a_pace_it_bears() {
    let staff = roster(&[30, 30]);
    let booked = Booked::new("", &staff, &["--pace", "40"]);
    booked.world.json(&["pair", "--month", "2026-12", "--seed", "1"]);
    let run = booked.run(&["--through", "2026-12-09"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let calls = booked.webex.calls();
    let refused = calls.iter().filter(|call| call["status"] == 429).count();
    assert!(refused * 4 < calls.len(), "{refused} of {} were refused", calls.len());
    assert_eq!(booked.meetings().len(), 60);
}

/// When what got no answer in time is asked for again.
pub(crate) const LATER: &str = "2026-12-01T09:01:00Z";

/// What can happen to a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    KilledBefore,
    KilledAfter,
    Fault(&'static str),
    /// From that call on, until somebody sees to it.
    ForEver(&'static str),
}

pub(crate) const TROUBLES: [Trouble; 15] = [
    Trouble::KilledBefore,
    Trouble::KilledAfter,
    Trouble::Fault("drop-before"),
    Trouble::Fault("drop-after"),
    Trouble::Fault("hang-before=1500"),
    Trouble::Fault("hang-after=1500"),
    Trouble::Fault("500"),
    Trouble::Fault("429=1"),
    Trouble::Fault("no-answer"),
    Trouble::Fault("no-answer-after"),
    Trouble::Fault("drip=100"),
    Trouble::Fault("gateway=403"),
    Trouble::Fault("endless"),
    Trouble::ForEver("429=121"),
    Trouble::ForEver("gateway=403"),
];

/// Every call of a run that books, moves and cancels, and everything that can happen to it.
#[test]
fn whatever_happens_at_any_call_everyone_ends_with_exactly_one_meeting() {
    let calls = {
        let booked = ready();
        let run = booked.world.run(&CHANGES);
        assert_eq!(run.status, 0, "{}", run.all());
        let writes = booked.writes();
        let count = |verb: &str| writes.iter().filter(|(call, _)| call.starts_with(verb)).count();
        assert_eq!((count("DELETE"), count("PATCH"), count("POST")), (1, 1, 3), "{writes:?}");
        booked.webex.calls().len()
    };
    all_troubles(calls, survives);
}

pub(crate) const CHANGES: [&str; 4] = ["schedule", "--through", "2026-12-09", "--allow-many-cancellations"];

/// Three meetings are booked; one is to be cancelled, one to be moved, and three more are to be booked.
pub(crate) fn ready() -> Booked {
    let staff = "email,name,department,working_hours\n".to_owned();
    let row = |person: usize, hours: &str| {
        format!("p{person}@example.com,Person {person},D{},{hours}\n", usize::from(person % 6 > 2))
    };
    let six: String = (0..6).map(|person| row(person, "")).collect();
    let booked = Booked::new("parallel = 1", &(staff.clone() + &six), &[]);
    booked.world.json(&["pair", "--week", "2026-12-02", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    let planned = booked.planned();
    let of = |pair: usize, person: usize| planned[pair][0] == format!("p{person}@example.com");
    let now: String = (0..7)
        .filter(|person| !of(0, *person))
        .map(|person| row(person, if of(1, person) { "16:00-17:30" } else { "" }))
        .collect();
    booked.world.write("staff.csv", staff + &now);
    booked.world.json(&["pair", "--week", "2026-12-09", "--seed", "2"]);
    booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
    booked
}

fn survives(call: usize, trouble: Trouble) {
    let booked = ready();
    let when = format!("{trouble:?} at call {call}");
    strike(&booked, call, trouble, &CHANGES);
    let run = booked.run_at(LATER, &CHANGES);
    assert_eq!(run.status, 0, "{when}: {}", run.all());
    booked.everyone_has_exactly_one_meeting(&when);
    let writes = booked.writes().len();
    assert_eq!(booked.run_at(LATER, &CHANGES).status, 0, "{when}");
    assert_eq!(booked.writes().len(), writes, "{when}: a run more changes nothing");
}

/// Lets trouble come over one call of a run. Afterwards there is none.
pub(crate) fn strike(booked: &Booked, call: usize, trouble: Trouble, args: &[&str]) {
    match trouble {
        Trouble::Fault(kind) | Trouble::ForEver(kind) => {
            let until = if matches!(trouble, Trouble::ForEver(_)) { 1_000_000 } else { call };
            booked.webex.faults(&[&format!("{kind}:::{call}-{until}")]);
            let run = booked.run_at(NOW, args);
            assert!([0, 1, 3].contains(&run.status), "{trouble:?} at call {call}: {}", run.all());
        }
        Trouble::KilledBefore | Trouble::KilledAfter => {
            let kind = if matches!(trouble, Trouble::KilledBefore) { "hang-before" } else { "hang-after" };
            booked.webex.faults(&[&format!("{kind}=60000:::{call}")]);
            let mut command = booked.command(NOW, args);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // Its log tells when the call has come, or has been made.
            while booked.webex.calls().len() < call {
                thread::yield_now();
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
    booked.webex.faults(&[]);
}

/// Every call, and everything that can happen to it, a few at a time.
pub(crate) fn all_troubles(calls: usize, survives: impl Fn(usize, Trouble) + Sync) {
    let cases: Vec<(usize, Trouble)> = (1..=calls).flat_map(|call| TROUBLES.map(|trouble| (call, trouble))).collect();
    thread::scope(|scope| {
        for part in cases.chunks(cases.len().div_ceil(4)) {
            let survives = &survives;
            scope.spawn(move || part.iter().for_each(|(call, trouble)| survives(*call, *trouble)));
        }
    });
}

#[test]
fn the_calls_are_shown_on_request() {
    let booked = Booked::drawn(5, "");
    let run = booked.run(&["--dry-run", "--calls"]);
    let first = "book   Wed 2026-12-02 15:10   Person 0 and Person 3   POST /meetings\n";
    assert!(run.stdout.contains(first), "{}", run.all());
    let run = booked.run(&["--dry-run", "--format", "csv"]);
    assert!(run.stdout.contains("POST /meetings"), "{}", run.all());
    let run = booked.run(&["--dry-run"]);
    assert!(!run.stdout.contains("POST") && run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.all());
}
