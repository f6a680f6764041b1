//! A programme whose organizer is logged in at a small Webex, and what is booked there.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::{Value, json};

use super::chat::handle_action;
use super::small_webex::{ORGANIZER, SmallWebex};
use super::world::{NOW, Run, World, roster, words};

/// The line of `[webex]` that names the organizers' space.
pub(crate) fn report_room() -> String {
    format!("report_room = \"{}\"\n", roulette::sandbox::organizers_space())
}

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

    pub(crate) fn log_in(&self) {
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

    /// Hands an event to the program, signed as by Webex.
    pub(crate) fn handle_at(&self, now: &str, event: &str) -> Run {
        self.run_at(now, &words(&handle_action(&self.world, "event.json", event)))
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_at(NOW, &[&["schedule"], args].concat())
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
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
    pub(crate) fn as_shown(&self, args: &[&str]) -> Vec<String> {
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
