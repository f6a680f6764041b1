//! `--data`: what the sandbox knows survives the process.

use std::fs;

use serde_json::{Value, json};

use super::{OLENA, book, meeting};
use crate::support::small_webex::{ORGANIZER, SmallWebex};
use crate::support::until;
use crate::support::world::World;

#[test]
fn a_sandbox_with_a_folder_goes_on_where_it_ended() {
    let world = World::of_departments("", &[]);
    let folder = world.path("data").display().to_string();
    let mut webex = SmallWebex::start(&["--data", &folder]);
    let token = webex.login(ORGANIZER);
    let booked = book(&webex, &token, &meeting());
    webex.post("sandbox-bot", "/v1/messages", &json!({ "toPersonEmail": OLENA, "text": "Hello" })).ok();
    let known = webex.model();
    assert_eq!(webex.end("TERM").0, Some(0));

    let webex = SmallWebex::start(&["--data", &folder]);
    assert_eq!(webex.model(), known);
    assert_eq!(webex.get(&token, &format!("/v1/meetings/{}", booked["id"].as_str().unwrap())).status, 200);
    assert_ne!(book(&webex, &token, &meeting())["id"], booked["id"]);
    let second = world.run(&["sandbox", "--listen", "127.0.0.1:0", "--data", &folder]);
    assert_eq!(second.status, 1);
    assert!(second.stderr.contains("another sandbox uses it"), "{}", second.stderr);
}

#[test]
fn every_change_is_kept_soon_even_if_it_is_killed() {
    let world = World::of_departments("", &[]);
    let folder = world.path("data").display().to_string();
    let mut webex = SmallWebex::start(&["--data", &folder]);
    webex.say(OLENA, "remember me");
    let file = world.path("data/sandbox.json");
    until("it is kept", || fs::read_to_string(&file).unwrap().contains("remember me"));
    webex.end("KILL");
    let webex = SmallWebex::start(&["--data", &folder]);
    assert_eq!(webex.model()["messages"][0]["text"], "remember me");
}

#[test]
fn without_a_folder_everything_is_forgotten() {
    let mut webex = SmallWebex::start(&[]);
    webex.say(OLENA, "forget me");
    webex.end("TERM");
    assert_eq!(SmallWebex::start(&[]).model()["messages"], Value::Array(Vec::new()));
}

#[test]
fn a_damaged_or_newer_file_is_told_and_left_as_it_is() {
    let world = World::of_departments("", &[]);
    fs::create_dir(world.path("data")).unwrap();
    for (text, why) in [("{", "EOF"), ("{\"version\":2,\"model\":{}}", "")] {
        world.write("data/sandbox.json", text);
        let run = world.run(&["sandbox", "--listen", "127.0.0.1:0", "--data", "data"]);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""));
        assert!(run.stderr.contains("data/sandbox.json: ") && run.stderr.contains(why), "{}", run.stderr);
        assert_eq!(world.read("data/sandbox.json"), text);
    }
}
