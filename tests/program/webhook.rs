//! Receiving webhooks: real HTTP, real signals, and nothing lost that was answered with 200.

mod listening;
mod refused;
mod webhooks;

use std::fs::{self, File};
use std::io::Write;
use std::ops::Deref;
use std::process::Stdio;

use crate::support::chat::signature;
use crate::support::small_webex::SmallWebex;
use crate::support::world::{NOW, Run, World};

const BOT: &str = "sandbox-bot";
const SECRET: &str = "s3cret";
const INBOX: &str = "roulette-state.json.inbox";

/// A small Webex, and a config that points at it.
struct Receiving {
    webex: SmallWebex,
    world: World,
}

impl Receiving {
    fn new() -> Self {
        let webex = SmallWebex::start(&[]);
        let config = format!(
            "\n\n[webex]\nbase_url = \"{}/v1\"\nbot_token = {{ file = \"bot.txt\" }}\n\
            [webhook]\nsecret = {{ file = \"hook.txt\" }}",
            webex.root
        );
        let world = World::of_departments(&config, &[2, 2]);
        world.write("hook.txt", format!("{SECRET}\n"));
        world.write("bot.txt", BOT);
        Self { webex, world }
    }

    /// With the address at which Webex reaches it.
    fn at(public_url: &str) -> Self {
        let receiving = Self::new();
        let config = receiving.read("config.toml");
        receiving.write("config.toml", format!("{config}public_url = \"{public_url}\"\n"));
        receiving
    }
}

impl Deref for Receiving {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

/// Of what the bot wrote itself: there is nothing to answer.
fn event(id: &str) -> String {
    somebodys(id).replace("\"actorId\":\"p\"", "\"actorId\":\"b\"")
}

/// Of a message that is not there.
fn somebodys(id: &str) -> String {
    format!(
        r#"{{"id":"w","resource":"messages","event":"created","createdBy":"b","actorId":"p","data":{{"id":"{id}","roomId":"r","personId":"p"}}}}"#
    )
}

fn sign(body: &[u8]) -> String {
    signature(SECRET, body)
}

/// The bodies that wait.
fn waiting(world: &World) -> Vec<String> {
    let Ok(files) = fs::read_dir(world.path(INBOX)) else { return Vec::new() };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "json"));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// As if another process worked through the inbox, until it is dropped.
fn another_at_it(world: &World) -> File {
    fs::create_dir_all(world.path(INBOX)).unwrap();
    let path = world.path(INBOX).join(".desk");
    let lock = File::options().write(true).create(true).truncate(false).open(path).unwrap();
    lock.lock().unwrap();
    lock
}

/// `handle-action -` with this on stdin.
fn pipe(world: &World, body: &[u8], more: &[&str]) -> Run {
    let args = [&["handle-action", "-", "--wait", "0"], more].concat();
    let mut command = world.command(NOW, &args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may have seen enough before the end.
    let _ = child.stdin.take().unwrap().write_all(body);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap().replace(&format!("{}/", world.dir.path().display()), "");
    Run { stdout: text(output.stdout), stderr: text(output.stderr), status: output.status.code().unwrap_or(-1) }
}

#[test]
fn where_nothing_was_received_there_is_nothing_to_do() {
    let world = Receiving::new();
    assert_eq!(world.run(&["handle-action"]).all(), "--- stderr\n--- status 0");
    assert!(!world.path(INBOX).exists());
}

#[test]
fn a_signed_body_is_taken_from_a_file_or_from_stdin() {
    let world = Receiving::new();
    let body = event("M1");
    world.write("body.json", &body);
    let run = world.run(&["handle-action", "body.json", "--signature", &sign(body.as_bytes())]);
    insta::assert_snapshot!(run.all(), @r"
    --- stderr
    2026-12-01T09:00:00Z messages created M1: done
    --- status 0
    ");
    let body = event("M2").replace("messages", "attachmentActions");
    let run = pipe(&world, body.as_bytes(), &["--signature", &sign(body.as_bytes()).to_uppercase()]);
    insta::assert_snapshot!(run.all(), @r"
    --- stderr
    2026-12-01T09:00:00Z attachmentActions created M2: done
    --- status 0
    ");
    assert_eq!(waiting(&world), [""; 0]);
    let quiet = pipe(&world, event("M3").as_bytes(), &["-q", "--signature", &sign(event("M3").as_bytes())]);
    assert_eq!(quiet.all(), "--- stderr\n--- status 0");
}

#[test]
fn what_cannot_be_handled_is_set_aside_for_a_person_to_look_at() {
    let world = Receiving::new();
    for body in [event("M1").replace("messages", "rooms"), "[]".to_owned()] {
        let run = pipe(&world, body.as_bytes(), &["--signature", &sign(body.as_bytes())]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stderr.contains(&format!(": set aside as {INBOX}/failed/20261201T0900")), "{}", run.stderr);
    }
    assert_eq!(waiting(&world), [""; 0]);
    assert_eq!(fs::read_dir(world.path(INBOX).join("failed")).unwrap().count(), 2);
}

#[test]
fn what_cannot_be_handled_now_is_kept_for_the_next_run() {
    let world = Receiving::new();
    let other = another_at_it(&world);
    let body = event("M1");
    let run = pipe(&world, body.as_bytes(), &["--signature", &sign(body.as_bytes())]);
    insta::assert_snapshot!(run.all(), @r"
    --- stderr
    error: 1 event is left for later: another process is already at work
    hint: handle what is left with: roulette handle-action
    --- status 3
    ");
    let again = pipe(&world, body.as_bytes(), &["--signature", &sign(body.as_bytes())]);
    assert!(again.stderr.starts_with("this event is already waiting\n"), "{}", again.stderr);
    assert_eq!(waiting(&world), [body]);
    drop(other);
    let run = world.run(&["handle-action"]);
    assert!(run.status == 0 && run.stderr.ends_with(" M1: done\n"), "{}", run.all());
    assert_eq!(waiting(&world), [""; 0]);
}

#[test]
fn a_bot_that_webex_does_not_know_ends_the_run_and_loses_no_event() {
    let world = Receiving::new();
    world.write("bot.txt", "a-token-of-yesterday");
    let body = somebodys("M1");
    let run = pipe(&world, body.as_bytes(), &["--signature", &sign(body.as_bytes())]);
    insta::assert_snapshot!(run.all().replace(&world.webex.root, "http://webex"), @"
    --- stderr
    2026-12-01T09:00:00Z messages created M1: left for later: GET /messages/M1: The request needs a valid access token: this one is not known. (401) (tracking id SANDBOX_00000001)
    error: GET /messages/M1: The request needs a valid access token: this one is not known. (401) (tracking id SANDBOX_00000001)
    hint: put the bot's token where webex.bot_token in the config says; you can make a new one at https://developer.webex.com/my-apps
    --- status 4
    ");
    assert_eq!(waiting(&world), [body]);
    world.write("bot.txt", BOT);
    assert_eq!(world.run(&["handle-action"]).status, 3, "it is known now, and the message is looked for");
}

#[test]
fn what_an_event_names_and_is_not_there_is_looked_for_some_minutes_and_shown_by_status() {
    let world = Receiving::new();
    let body = somebodys("M1");
    let run = pipe(&world, body.as_bytes(), &["--signature", &sign(body.as_bytes())]);
    assert!(run.status == 3 && run.stderr.contains(" M1: left for later: GET /messages/M1: "), "{}", run.all());
    let run = world.run_at("2026-12-01T09:04:00Z", &["handle-action"]);
    assert!(run.status == 3 && waiting(&world) == [body], "{}", run.all());
    assert!(!world.run(&["status"]).stdout.contains("set aside"));
    let run = world.run_at("2026-12-01T09:06:00Z", &["handle-action"]);
    assert!(run.status == 0 && run.stderr.contains(" M1: set aside as "), "{}", run.all());
    assert_eq!(waiting(&world), [""; 0]);
    let status = world.run(&["status"]).stdout;
    let line = "1 event was set aside as unknown or not understood, the last of Tue 2026-12-01 11:00: \
        see roulette-state.json.inbox/failed\n";
    assert!(status.ends_with(line), "{status}");
    assert_eq!(world.json(&["status"])["set_aside"], 1);
}

#[test]
fn what_the_bot_wrote_itself_costs_no_call() {
    let world = Receiving::new();
    let body = event("M1");
    let run = pipe(&world, body.as_bytes(), &["--signature", &sign(body.as_bytes())]);
    assert_eq!(run.all(), "--- stderr\n2026-12-01T09:00:00Z messages created M1: done\n--- status 0");
    assert_eq!(world.webex.lines(), [""; 0]);
}

#[test]
fn what_only_a_batch_has_after_the_power_failed_is_handled_by_whatever_runs_next() {
    let world = Receiving::new();
    fs::create_dir_all(world.path(INBOX)).unwrap();
    let lines: String = [1, 2]
        .iter()
        .map(|at| format!("20261201T085900.00000{at}Z-{at}.json\n{}\n", event(&format!("M{at}"))))
        .collect();
    fs::write(world.path(INBOX).join(".batch-20261201T085900.000001Z-1.json"), lines).unwrap();
    insta::assert_snapshot!(world.run(&["handle-action"]).all(), @"
    --- stderr
    2026-12-01T09:00:00Z messages created M1: done
    2026-12-01T09:00:00Z messages created M2: done
    --- status 0
    ");
    assert_eq!(world.run(&["handle-action"]).all(), "--- stderr\n--- status 0");
}
