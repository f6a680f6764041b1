//! What packages need beside the program: completions for shells, and pages for `man`.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::world::World;

/// Whether a tool is on this machine; where it is not, that is said aloud.
fn is_there(tool: &str) -> bool {
    let there = Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        let _ = writeln!(std::io::stderr(), "skipped: {tool} is not on this machine");
    }
    there
}

#[test]
fn shells_can_complete_each_command() {
    let world = World::of_departments("", &[2, 2]);
    for (shell, check) in
        [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["--no-execute"]), ("elvish", &[]), ("powershell", &[])]
    {
        let run = world.run(&["completions", shell]);
        assert!(run.status == 0 && run.stderr.is_empty(), "{shell}: {}", run.all());
        for command in ["handle-action", "schedule", "forget", "dry-run"] {
            assert!(run.stdout.contains(command), "{shell}: {command}");
        }
        if !check.is_empty() && is_there(shell) {
            let mut child =
                Command::new(shell).args(check).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(run.stdout.as_bytes()).unwrap();
            let done = child.wait_with_output().unwrap();
            assert!(done.status.success(), "{shell}: {}", String::from_utf8_lossy(&done.stderr));
        }
    }
    assert_eq!(world.run(&["completions", "tcsh"]).status, 2);
}

#[test]
fn each_command_has_a_page_that_man_can_read() {
    let world = World::of_departments("", &[2, 2]);
    let run = world.run(&["man", "pages"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let pages = world.path("pages").read_dir().unwrap().map(|page| page.unwrap().path());
    let mut pages: Vec<_> = pages.collect();
    pages.sort();
    assert!(pages.len() > 20, "{pages:?}");
    for name in ["roulette.1", "roulette-pair.1", "roulette-forget.1", "roulette-roster-check.1"] {
        assert!(pages.iter().any(|page| page.ends_with(name)), "{name}: {pages:?}");
    }
    for page in pages.iter().filter(|_| is_there("groff")) {
        let done = Command::new("groff").args(["-man", "-Tascii", "-ww", "-z"]).arg(page).output().unwrap();
        assert!(done.status.success(), "{}: {}", page.display(), String::from_utf8_lossy(&done.stderr));
    }
}
