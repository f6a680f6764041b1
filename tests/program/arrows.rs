//! The direction of the arrows: who may know whom. Sources are read as the paths that they name, in `use` trees and
//! elsewhere; code that is compiled for tests only may know anything.

mod paths;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use paths::{Named, Source, circle};

/// Whom of the crate each part of it may know; the longest beginning counts. A part always knows itself.
const MAY_KNOW: [(&str, &[&str]); 13] = [
    ("crate::main", &["cli", "commands"]),
    ("crate", &[]),
    ("crate::cli", &["domain", "show", "sandbox"]),
    ("crate::commands", &["app", "cli", "domain", "store", "webex", "serve", "show", "sandbox", "hex", "parallel"]),
    ("crate::app", &["cli", "domain", "store", "webex", "serve", "show", "parallel", "secrets"]),
    // The example company is tried on the sandbox.
    ("crate::app::example", &["domain", "sandbox"]),
    ("crate::domain", &["hex", "parallel"]),
    ("crate::store", &["domain", "hex", "parallel"]),
    ("crate::webex", &["domain", "hex", "parallel", "secrets"]),
    ("crate::serve", &["domain"]),
    ("crate::show", &["domain", "parallel"]),
    ("crate::sandbox", &["hex", "parallel"]),
    ("crate::secrets", &["parallel"]),
];

/// What the domain must not do, by path: it takes the time and the dice as arguments.
const EFFECTS: [&str; 18] = [
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time",
    "chrono::Local",
    "rand::random",
    "rand::rng",
    "rand::rngs",
    "rand::thread_rng",
    "dbg!",
    "eprint!",
    "eprintln!",
    "print!",
    "println!",
];

/// The crates that the domain may name: they compute, and do nothing else. What they could do besides is in [`EFFECTS`].
const PURE: [&str; 12] = [
    "chrono",
    "chrono_tz",
    "hashbrown",
    "jiff",
    "rand",
    "rand_chacha",
    "serde",
    "serde_json",
    "sha2",
    "smallvec",
    "strsim",
    "unicode_normalization",
];

/// The crates on which the program depends, as paths name them.
static DEPENDENCIES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_")).collect()
});

/// Whether `path` is `part` or within it.
fn is_within(path: &str, part: &str) -> bool {
    path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || part.is_empty())
}

/// Whether what a source names is `part`, within it, or everything of something that holds it.
fn reaches(path: &str, part: &str) -> bool {
    let path = path.strip_prefix("core").map_or_else(|| path.to_owned(), |rest| format!("std{rest}"));
    let all = path.strip_suffix("::*").is_some_and(|outer| is_within(part, outer));
    is_within(&path, part) || all || (part.ends_with('!') && path == format!("std::{part}"))
}

/// The part of the crate to which a path belongs: `store` of `crate::store::config`.
fn part(path: &str) -> Option<&str> {
    path.strip_prefix("crate::")?.split("::").next()
}

/// What is wrong with the crate's arrows where a path leads.
fn fault(module: &str, path: &str, commands: &BTreeSet<String>, parts: &BTreeSet<&str>) -> Option<String> {
    let own = part(module);
    let known = MAY_KNOW.iter().filter(|(from, _)| is_within(module, from)).max_by_key(|(from, _)| from.len());
    let may = |other: &str| Some(other) == own || known.is_some_and(|(_, known)| known.contains(&other));
    if let Some(other) = parts.iter().find(|other| !may(other) && reaches(path, &format!("crate::{other}"))) {
        return Some(format!("must not know {other}"));
    }
    if own == Some("domain") {
        let effect = EFFECTS.into_iter().find(|effect| reaches(path, effect));
        if effect.is_some() || path.ends_with("::now") {
            return Some("has an effect, which the domain must not have".to_owned());
        }
        let outer = path.split("::").next().unwrap_or_default();
        if DEPENDENCIES.contains(outer) && !PURE.contains(&outer) {
            return Some(format!("is of {outer}, which may have effects"));
        }
    }
    let is_foreign = |command: &&String| !is_within(module, command) && reaches(path, command);
    if own == Some("commands") && module != "crate::commands" {
        return commands.iter().find(is_foreign).map(|command| format!("must not know the command {command}"));
    }
    let prints = || EFFECTS.iter().any(|effect| effect.ends_with('!') && reaches(path, effect));
    (own == Some("sandbox") && prints()).then(|| "prints".to_owned())
}

/// All sources of the crate.
fn sources() -> Vec<Source> {
    fn read(folder: &Path, before: &str, found: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{before}{}", entry.file_name().display());
            if entry.path().is_dir() {
                read(&entry.path(), &format!("{name}/"), found);
            } else {
                found.push(Source::new(&name, &fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut found);
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found
}

/// What is read of the crate: every path that a source names, but for those that are compiled for tests only.
struct Crate {
    named: Vec<(String, String, Named)>,
    modules: BTreeSet<String>,
}

impl Crate {
    /// Of those sources, beside which there are those modules.
    fn new(sources: &[Source], modules: &BTreeSet<String>) -> Self {
        let own = sources.iter().map(|source| source.module.join("::"));
        let modules: BTreeSet<String> = modules.iter().cloned().chain(own).collect();
        let tests = sources.iter().flat_map(|source| {
            source.tests.iter().map(|name| format!("{}::{name}", source.module.join("::"))).collect::<Vec<_>>()
        });
        let tests: Vec<String> = tests.collect();
        let mut named = Vec::new();
        for source in sources {
            let module = source.module.join("::");
            if !tests.iter().any(|test| is_within(&module, test)) {
                let all = source.named(&modules).into_iter();
                named.extend(all.map(|one| (source.file.clone(), module.clone(), one)));
            }
        }
        Self { named, modules }
    }

    /// The commands, each a file or a folder beside `commands/mod.rs`.
    fn commands(&self) -> BTreeSet<String> {
        let depth = |module: &str| module.split("::").count();
        let modules = self.modules.iter();
        modules.filter(|module| module.starts_with("crate::commands::") && depth(module) == 3).cloned().collect()
    }

    fn faults(&self) -> Vec<String> {
        let commands = self.commands();
        let parts: BTreeSet<&str> = self.modules.iter().filter_map(|module| part(module)).collect();
        let faults = self.named.iter().filter_map(|(file, module, Named { line, path })| {
            let fault = fault(module, path, &commands, &parts)?;
            Some(format!("src/{file}:{line}: {path}: {fault}"))
        });
        faults.collect()
    }

    /// Which module of the domain knows which other.
    fn domain(&self) -> BTreeMap<String, BTreeSet<String>> {
        let child = |path: &str| Some(path.strip_prefix("crate::domain::")?.split("::").next()?.to_owned());
        let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, module, Named { path, .. }) in &self.named {
            let Some(from) = child(module) else { continue };
            let known = arrows.entry(from.clone()).or_default();
            known
                .extend(child(path).filter(|to| *to != from && self.modules.contains(&format!("crate::domain::{to}"))));
        }
        arrows
    }
}

/// The crate as it is.
static CRATE: LazyLock<Crate> = LazyLock::new(|| Crate::new(&sources(), &BTreeSet::new()));

/// Whether a made-up source of the crate is caught.
fn is_caught(file: &str, text: &str) -> bool {
    !Crate::new(&[Source::new(file, text)], &CRATE.modules).faults().is_empty()
}

#[test]
fn every_arrow_points_in_its_direction() {
    let known = |from: &str, to: &str| CRATE.named.iter().any(|(_, module, one)| module == from && one.path == to);
    assert!(known("crate::domain::state::people", "crate::domain::roster::Roster"), "a `use` tree is read");
    assert!(known("crate::commands", "crate::commands::pair::run"), "and so is a path elsewhere");
    let named = |outer: &str| {
        CRATE.named.iter().any(|(_, module, one)| is_within(module, "crate::domain") && is_within(&one.path, outer))
    };
    assert_eq!(PURE.iter().find(|pure| !named(pure)), None, "it is allowed and not used");
    let faults = CRATE.faults();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn no_module_of_the_domain_knows_another_that_knows_it() {
    let arrows = CRATE.domain();
    assert!(arrows["conversation"].contains("state"), "{arrows:?}");
    assert_eq!(circle(&arrows), None);
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/mod.rs")).unwrap();
    let order = text.lines().filter_map(|line| line.strip_prefix("//!")).flat_map(|line| line.split("[`").skip(1));
    let order: Vec<&str> = order.filter_map(|link| link.split('`').next()).collect();
    for (from, known) in &arrows {
        let at =
            |name: &str| order.iter().position(|one| *one == name).unwrap_or_else(|| panic!("{name} is not listed"));
        assert!(known.iter().all(|to| at(to) < at(from)), "{from} knows {known:?}, not only what is read before it");
    }
    let mut sources = sources();
    sources.push(Source::new("domain/calendar/made_up.rs", "use super::super::{roster, state::{self, State}};"));
    let circle = circle(&Crate::new(&sources, &BTreeSet::new()).domain()).unwrap();
    assert!(["calendar", "state"].iter().all(|name| circle.iter().any(|one| one == name)), "{circle:?}");
}

#[test]
fn an_effect_in_the_domain_is_caught_however_it_is_named() {
    for text in [
        "use std::{panic, thread};",
        "use std::{collections::{HashMap, hash_map::Entry}, fs::{self, File}};",
        "use std as outside;\nfn f() { outside::env::args(); }",
        "use std::*;",
        "use ::std::net::TcpStream;",
        "fn f() -> core::time::Duration { g() }",
        "fn f() { let at = Utc::now; }",
        "fn f() { chrono::Local.offset(); }",
        "fn f() { rand::rng() }",
        "use rand::{Rng, rng};",
        "fn f() { g(Rest { ..std::process::id() }) }",
        "use tempfile::NamedTempFile;",
        "fn f() { ::reqwest::blocking::get(\"\"); }",
        "fn f() { println!(\"so\"); }",
        "fn f() { std::eprintln!(\"so\"); }",
        "fn f() { assert!(std::path::Path::new(\"\").exists() || std::io::stdin().lines().next().is_none()); }",
    ] {
        assert!(is_caught("domain/made_up.rs", text), "{text}");
    }
}

#[test]
fn a_part_that_the_domain_must_not_know_is_caught_however_it_is_named() {
    for (file, text) in [
        ("domain/made_up.rs", "use super::super::store;"),
        ("domain/state/made_up.rs", "use super::super::super::{parallel, webex::client::Client};"),
        ("domain/made_up.rs", "use crate::{domain::state::State, show as tables};"),
        ("domain/made_up.rs", "fn f() { crate::serve::page::page(); }"),
        ("domain/made_up.rs", "mod inner { use super::super::super::app::context; }"),
        ("domain/made_up.rs", "use crate::*;"),
        ("domain/made_up.rs", "use crate as all;\nfn f() { all::cli::parse(); }"),
    ] {
        assert!(is_caught(file, text), "{file}: {text}");
    }
    assert!(!is_caught("domain/made_up.rs", "use super::super::parallel;\nuse crate::parallel::map;"));
}

#[test]
fn each_part_is_caught_that_knows_more_than_it_may() {
    for (file, text) in [
        ("main.rs", "use roulette::store::config::Config;"),
        ("cli/mod.rs", "use crate::store::config::Config;"),
        ("app/made_up.rs", "use crate::commands;"),
        ("app/made_up.rs", "use crate::sandbox::Sandbox;"),
        ("store/made_up.rs", "use crate::webex::wire::Person;"),
        ("store/made_up.rs", "fn f() { crate::app::context::open() }"),
        ("webex/made_up.rs", "use crate::{store, domain};"),
        ("webex/made_up.rs", "use super::super::cli;"),
        ("serve/made_up.rs", "use crate::show::text::harmless;"),
        ("show/made_up.rs", "use crate::{serve::page};"),
        ("sandbox/made_up.rs", "use crate::domain::roster::Roster;"),
        ("sandbox/made_up.rs", "fn f() { print!(\"so\"); }"),
        ("parallel.rs", "use crate::domain::state::State;"),
    ] {
        assert!(is_caught(file, text), "{file}: {text}");
    }
}

#[test]
fn a_command_that_knows_another_is_caught() {
    for (file, text) in [
        ("commands/status.rs", "use super::why;"),
        ("commands/status.rs", "use super::{notify::announce};"),
        ("commands/auth/made_up.rs", "use super::super::pair;"),
        ("commands/notify.rs", "fn f() { crate::commands::schedule::run() }"),
        ("commands/made_up.rs", "use super::*;"),
        ("commands/status.rs", "use super::super::commands::{why as other};"),
    ] {
        assert!(is_caught(file, text), "{file}: {text}");
    }
    assert!(!is_caught("commands/auth/made_up.rs", "use super::status;\nuse super::super::auth;"));
}

#[test]
fn what_is_no_path_or_is_for_tests_only_is_not_caught() {
    for text in [
        "// use std::fs;\n/* use std::fs; /* */ use std::fs; */",
        "const A: &str = \"std::fs \\\" std::fs\"; const B: &str = r#\"\"std::fs\"#; const C: char = '\"';",
        "#[cfg(test)]\nmod tests { use std::fs; fn f() { println!(); } }",
        "#[cfg(test)]\n#[allow(unused)]\nuse std::{fs, env};\nfn f<'a>(it: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {}",
        "fn f(fs: Fs) { fs.read(); fs.io.now(); }",
    ] {
        assert!(!is_caught("domain/made_up.rs", text), "{text}");
    }
}
