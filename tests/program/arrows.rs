//! The direction of the arrows: who may know whom.

use std::fs;
use std::path::Path;

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn forbids(folder: &str, words: &[&str]) {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder));
    assert!(!sources.is_empty());
    for (path, text) in sources {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let found = words.iter().find(|word| line.contains(*word));
            assert!(found.is_none(), "{path}:{}: {}", number + 1, line.trim());
        }
    }
}

#[test]
fn the_domain_knows_no_file_network_clock_environment_or_printing() {
    let outside = ["crate::store", "crate::commands", "crate::show", "crate::cli", "crate::webex", "crate::serve"];
    let effects = [
        "std::fs",
        "std::net",
        "std::env",
        "std::io",
        "std::process",
        "std::time",
        "std::thread",
        "::now()",
        "println!",
        "print!",
        "rand::rng()",
        "dbg!",
    ];
    forbids("domain", &[&outside[..], &effects[..]].concat());
}

#[test]
fn what_does_knows_the_domain_only() {
    let ours = ["cli", "commands", "sandbox", "serve", "show", "store", "webex"];
    for own in ["store", "webex", "serve"] {
        let others: Vec<String> =
            ours.iter().filter(|other| **other != own).map(|other| format!("crate::{other}")).collect();
        forbids(own, &others.iter().map(String::as_str).collect::<Vec<_>>());
    }
    forbids("show", &["crate::commands", "crate::store", "crate::cli", "crate::webex", "crate::serve", "std::fs"]);
}

#[test]
fn the_sandbox_knows_nothing_of_the_rest() {
    let rest = ["cli", "commands", "domain", "serve", "show", "store", "webex"].map(|name| format!("crate::{name}"));
    let rest: Vec<&str> = rest.iter().map(String::as_str).chain(["println!", "print!", "roulette::"]).collect();
    forbids("sandbox", &rest);
}

#[test]
fn no_command_knows_another() {
    let commands = ["auth", "demo", "handle_action", "pair", "sandbox", "schedule", "simulate", "status", "why"];
    for name in commands {
        let text = fs::read_to_string(format!("{}/src/commands/{name}.rs", env!("CARGO_MANIFEST_DIR"))).unwrap();
        for other in commands.iter().filter(|other| **other != name) {
            assert!(!text.contains(&format!("super::{other}")), "{name} knows {other}");
        }
    }
}
