//! What packages need beside the program: completions for shells, pages for `man`, units, and the container's recipe.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::booked::Booked;
use crate::support::world::{NOW, World};

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
        // A value name with a colon would be a command to zsh.
        assert!(!run.stdout.contains(":PORT") && !run.stdout.contains(":MM"), "{shell}");
        if !check.is_empty() && is_there(shell) {
            let mut child =
                Command::new(shell).args(check).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(run.stdout.as_bytes()).unwrap();
            let done = child.wait_with_output().unwrap();
            assert!(done.status.success(), "{shell}: {}", String::from_utf8_lossy(&done.stderr));
        }
    }
    assert_eq!(world.run(&["completions", "tcsh"]).status, 2);
    // Bash offers files for what is a file, and for nothing else.
    let script = world.run(&["completions", "bash"]).stdout;
    let offered = |words: &str| {
        let count = words.split(' ').count();
        let ask = format!(
            "{script}\nCOMP_WORDS=({words} ''); COMP_CWORD={count}; _roulette roulette '' '{}'; echo \"${{COMPREPLY[*]}}\"",
            words.rsplit(' ').next().unwrap()
        );
        let done = Command::new("bash").args(["-c", &ask]).current_dir(world.path(".")).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    if is_there("bash") {
        assert!(offered("roulette --config").contains("staff.csv"), "{}", offered("roulette --config"));
        assert_eq!(offered("roulette meetings --person").trim(), "");
    }
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
    let page = |name: &str| fs::read_to_string(world.path("pages").join(name)).unwrap();
    for heading in ["EXIT STATUS", "FILES", "ENVIRONMENT"] {
        assert!(
            page("roulette.1").contains(&format!(".SH \"{heading}\"\n"))
                || page("roulette.1").contains(&format!(".SH {heading}\n")),
            "{heading}"
        );
    }
    assert!(
        page("roulette-pair.1").contains(".SH EXAMPLES\n") && page("roulette-pair.1").contains(".SH \"SEE ALSO\"\n")
    );
    for page in pages.iter().filter(|_| is_there("groff")) {
        let done = Command::new("groff").args(["-man", "-Tascii", "-ww", "-z"]).arg(page).output().unwrap();
        assert!(done.status.success(), "{}: {}", page.display(), String::from_utf8_lossy(&done.stderr));
    }
}

/// The files of a folder of the repository whose names end so.
fn repository_files(folder: &str, end: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.to_string_lossy().ends_with(end)).collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());
    files
}

/// What a unit of a package must say, so that a fault of the program can do little harm.
const SHUT: [&str; 16] = [
    "UMask=0077",
    "StateDirectoryMode=0700",
    "NoNewPrivileges=yes",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectControlGroups=yes",
    "ProtectProc=invisible",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictSUIDSGID=yes",
    "MemoryDenyWriteExecute=yes",
    "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service",
];

#[test]
fn the_units_of_packages_are_understood_by_systemd_and_shut_everything_else_out() {
    let services = repository_files("deploy/systemd", ".service");
    let world = World::of_departments("", &[2, 2]);
    for service in &services {
        let text = fs::read_to_string(service).unwrap();
        let key = |name: &str| -> Vec<String> {
            let lines = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            lines.map(str::to_owned).collect()
        };
        assert_eq!((key("ProtectSystem"), key("User")), (vec!["strict".to_owned()], vec!["roulette".to_owned()]));
        let credentials = key("LoadCredential");
        assert!(!credentials.is_empty() && credentials.iter().all(|it| it.starts_with("ROULETTE_")), "{text}");
        for shut in SHUT {
            assert!(text.lines().any(|line| line == shut), "{}: {shut}", service.display());
        }
        // The command is one that the program has: all that is wrong is that there is no such config here.
        let command = key("ExecStart").remove(0);
        let args: Vec<&str> = command.split(' ').skip(1).collect();
        let run = world.run(&args);
        assert!(run.status == 2 && run.all().contains("/etc/roulette/config.toml"), "{command}: {}", run.all());
    }
    let timer = fs::read_to_string(&repository_files("deploy/systemd", ".timer")[0]).unwrap();
    assert!(timer.contains("RandomizedDelaySec=") && timer.contains("Persistent=true"), "{timer}");
    if is_there("systemd-analyze") {
        // It looks for the programs: here they are this one.
        let folder = world.path("units");
        fs::create_dir(&folder).unwrap();
        for unit in services.iter().chain(&repository_files("deploy/systemd", ".timer")) {
            let text = fs::read_to_string(unit).unwrap().replace("/usr/bin/roulette", env!("CARGO_BIN_EXE_roulette"));
            fs::write(folder.join(unit.file_name().unwrap()), text).unwrap();
        }
        let units = fs::read_dir(&folder).unwrap().map(|unit| unit.unwrap().path());
        let done = Command::new("systemd-analyze").arg("verify").args(units).output().unwrap();
        assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

#[test]
fn a_secret_that_systemd_hands_over_is_found_under_the_name_of_its_variable() {
    let booked = Booked::drawn(4, "");
    assert_eq!(booked.run(&[]).status, 0);
    let notify = |folder: &Path| {
        let mut command = booked.command(NOW, &["notify"]);
        booked.world.finish(command.env_remove("ROULETTE_BOT_TOKEN").env("CREDENTIALS_DIRECTORY", folder))
    };
    let folder = booked.world.path("credentials");
    fs::create_dir(&folder).unwrap();
    let without = notify(&folder);
    assert!(without.stderr.contains("the environment variable ROULETTE_BOT_TOKEN is not set"), "{}", without.all());
    fs::write(folder.join("ROULETTE_BOT_TOKEN"), "sandbox-bot\n").unwrap();
    let with = notify(&folder);
    assert!(with.status == 0 && with.stderr.contains("sent 4"), "{}", with.all());
}

#[test]
fn the_container_holds_the_program_and_runs_it_as_nobody() {
    let text = fs::read_to_string(&repository_files("deploy", "Containerfile")[0]).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let last = lines.iter().rposition(|line| line.starts_with("FROM")).unwrap();
    assert_eq!(lines[last], "FROM scratch");
    assert!(
        lines[last..].contains(&"USER 65534:65534") && lines[last..].contains(&"ENTRYPOINT [\"/roulette\"]"),
        "{text}"
    );
    for copied in [
        "COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
        "COPY target/x86_64-unknown-linux-musl/dist/roulette /roulette",
    ] {
        assert!(lines[last..].contains(&copied), "{copied}");
    }
    for line in &lines {
        let word = line.split(' ').next().unwrap();
        assert!(["FROM", "COPY", "WORKDIR", "ENV", "USER", "ENTRYPOINT", "CMD"].contains(&word), "{line}");
    }
}
