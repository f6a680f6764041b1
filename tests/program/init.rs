//! `init`: a folder with a roster becomes a programme, through answers or options, and only what is answered
//! differently changes.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::small_webex::SmallWebex;
use crate::support::world::{NOW, Run, World, roster};

/// A folder with a roster and no config, and a Webex.
struct Empty {
    webex: SmallWebex,
    world: World,
}

impl Empty {
    fn new() -> Self {
        let (webex, world) = (SmallWebex::start(&[]), World::of_departments("", &[1, 1]));
        fs::remove_file(world.path("config.toml")).unwrap();
        world.write("staff.csv", roster(&[2, 2]));
        Self { webex, world }
    }

    fn init(&self, args: &[&str]) -> Command {
        let root = format!("{}/v1", self.webex.root);
        self.world.command(NOW, &[&["init", "--base-url", &root], args].concat())
    }

    fn answered(&self, args: &[&str], answers: &[&str]) -> Run {
        self.fed(&mut self.init(args), answers)
    }

    fn fed(&self, command: &mut Command, answers: &[&str]) -> Run {
        let mut stdin = tempfile::tempfile().unwrap();
        stdin.write_all(answers.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes()).unwrap();
        std::io::Seek::rewind(&mut stdin).unwrap();
        self.world.finish(command.stdin(Stdio::from(stdin)))
    }

    fn mode(&self, file: &str) -> u32 {
        fs::metadata(self.world.path(file)).unwrap().permissions().mode() & 0o777
    }
}

/// Everything that is asked of somebody who gives nothing as an option.
const ANSWERS: [&str; 13] = [
    "staf.csv",
    "staff.csv",
    "Tee & “Kaffee”",
    "english",
    "en",
    "Europe/Berlin",
    "monday",
    "10:00",
    "sandbox-bot",
    "roulette-sandbox",
    "sandbox-secret",
    "no",
    "1",
];

#[test]
fn answers_become_a_config_that_works_without_an_environment_and_another_time_only_what_is_answered_anew_changes() {
    let empty = Empty::new();
    let first = empty.answered(&[], &[&ANSWERS[..], &["yes"]].concat());
    assert_eq!(first.status, 0, "{}", first.all());
    for said in ["staf.csv: cannot be read", "staff.csv: 4 people in 2 departments", "language", "Roulette organizers"]
    {
        assert!(first.stderr.contains(said), "{said}: {}", first.stderr);
    }
    assert!(!first.all().contains("sandbox-secret") && !first.all().contains("sandbox-bot"), "{}", first.all());
    assert_eq!(
        ["config.toml", "bot-token.txt", "client-secret.txt"].map(|file| empty.mode(file)),
        [0o644, 0o600, 0o600]
    );
    let config: toml::Table = empty.world.read("config.toml").parse().unwrap();
    let keys = |section: &str| config[section].to_string();
    assert_eq!(keys("programme"), "{ language = \"en\", name = \"Tee & “Kaffee”\", roster = \"staff.csv\" }");
    assert_eq!(keys("meeting"), "{ start = \"10:00\", timezone = \"Europe/Berlin\", weekday = \"monday\" }");
    assert_eq!(config["webex"]["report_room"].as_str().unwrap(), roulette::sandbox::organizers_space());
    let said = empty.webex.texts_in_space();
    assert!(said.len() == 1 && said[0].contains("Tee & “Kaffee”"), "{said:?}");
    // As a timer runs it.
    let doctor = empty.world.run_at(NOW, &["doctor", "--format", "json"]);
    assert_eq!(doctor.status, 4, "nobody is logged in");
    let doctor: Value = serde_json::from_str(&doctor.stdout).unwrap();
    let bot = doctor["checks"].as_array().unwrap().iter().find(|check| check["name"] == "bot").unwrap();
    assert_eq!(bot["state"], "ok", "{doctor:#}");

    let commented =
        format!("# mine\n{}# the end\n", empty.world.read("config.toml").replace("10:00\"", "10:00\" # tea"));
    empty.world.write("config.toml", &commented);
    let kept = empty.answered(&[], &["", "", "", "", "", "", "", "", "", "no", ""]);
    assert_eq!((kept.status, empty.world.read("config.toml")), (0, commented.clone()), "{}", kept.stderr);
    let changed = empty.answered(&["--start", "11:30"], &["", "", "", "", "", "", "", "", "no", "none"]);
    assert_eq!(changed.status, 0, "{}", changed.stderr);
    let expected = commented.replace("10:00", "11:30").replace(&roulette::sandbox::organizers_space(), "");
    assert_eq!(empty.world.read("config.toml"), expected);
    assert_eq!(empty.webex.texts_in_space().len(), 1, "nobody is told twice");
}

#[test]
fn options_do_without_a_person_and_secrets_come_from_the_environment() {
    let empty = Empty::new();
    let room = roulette::sandbox::organizers_space();
    let given = ["--yes", "--roster", "staff.csv", "--timezone", "Asia/Tokyo", "--language", "uk", "--room", &room];
    let mut command = empty.init(&[&given[..], &["--client-id", "roulette-sandbox"]].concat());
    command.env("ROULETTE_BOT_TOKEN", "sandbox-bot").env("ROULETTE_CLIENT_SECRET", "sandbox-secret");
    let run = empty.world.finish(command.stdin(Stdio::null()));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("roulette auth") && run.stderr.contains("*/15 * * * *"), "{}", run.stderr);
    assert_eq!(empty.world.read("bot-token.txt"), "sandbox-bot\n");
    let said = empty.webex.texts_in_space();
    assert!(said.len() == 1 && said[0].contains("Відтепер"), "{said:?}");
    let files = empty.world.files();
    let again = empty.world.finish(empty.init(&["--yes"]).stdin(Stdio::null()));
    assert!(again.status == 0 && empty.world.files() == files, "{}", again.stderr);
}

#[test]
fn what_is_wrong_is_told_all_at_once_and_nothing_is_written() {
    let empty = Empty::new();
    let wrong = ["--yes", "--timezone", "Berlin/Europe", "--weekday", "someday", "--start", "25:00", "--name", " "];
    let run = empty.world.finish(empty.init(&wrong).stdin(Stdio::null()));
    assert_eq!(run.status, 2);
    for key in ["timezone", "weekday", "start", "name"] {
        assert!(run.stderr.contains(&format!("{key}: ")), "{key}: {}", run.stderr);
    }
    assert!(!empty.world.path("config.toml").exists());

    let ended = empty.answered(&[], &["staff.csv", "Tea"]);
    assert!(ended.status == 2 && ended.stderr.contains("--yes"), "{}", ended.stderr);
    assert!(empty.world.read("config.toml").contains("name = \"Tea\""), "what was answered is kept");

    empty.world.write("config.toml", "[programme]\nnane = \"Tea\"\n");
    let broken = empty.answered(&[], &[]);
    assert!(broken.status == 2 && broken.stderr.contains("nane"), "{}", broken.stderr);
    assert_eq!(empty.world.read("config.toml"), "[programme]\nnane = \"Tea\"\n");

    empty.world.write("config.toml", "");
    let refused = empty.answered(&["--yes"], &[]);
    assert_eq!(refused.status, 0, "{}", refused.stderr);
    let mut command = empty.init(&["--yes"]);
    let run = empty.world.finish(command.env("ROULETTE_BOT_TOKEN", "not the bot's").stdin(Stdio::null()));
    assert!(
        run.status == 3
            && run.stderr.contains(
                "Webex does not know that token: it was not \
        kept"
            ),
        "{}",
        run.stderr
    );
    assert!(!run.all().contains("not the bot's") && !empty.world.path("bot-token.txt").exists(), "{}", run.all());
}

#[test]
fn only_a_token_that_works_takes_the_place_of_one_that_does() {
    let empty = Empty::new();
    let given = ["--roster", "staff.csv", "--name", "Tea", "--language", "en", "--timezone", "Europe/Berlin"];
    let given = [&given[..], &["--weekday", "monday", "--start", "10:00", "--client-id", "roulette-sandbox"]].concat();
    // The environment's is no good: another is asked for, once.
    let mut command = empty.init(&given);
    let first =
        empty.fed(command.env("ROULETTE_BOT_TOKEN", "wrong"), &["mistyped", "sandbox-bot", "sandbox-secret", "no", ""]);
    assert_eq!(first.status, 0, "{}", first.stderr);
    assert_eq!(first.stderr.matches("does not know that token: it was not kept").count(), 2, "{}", first.stderr);
    assert_eq!(empty.world.read("bot-token.txt"), "sandbox-bot\n");
    // Whoever types nothing more keeps what was there.
    let person = empty.webex.login("olena.marchenko@example.com");
    for typed in ["mistyped", &person] {
        let again = empty.answered(&given, &[typed, "", "", "no", ""]);
        assert!(again.status == 0 && again.stderr.contains("it was not kept"), "{}", again.stderr);
        assert_eq!(empty.world.read("bot-token.txt"), "sandbox-bot\n", "{typed}");
    }
    // Nor does one that cannot be tried.
    empty.webex.faults(&["503::"]);
    let again = empty.answered(&given, &["untried", "", "no", ""]);
    assert!(again.stderr.contains("could not be tried"), "{}", again.stderr);
    assert_eq!(empty.world.read("bot-token.txt"), "sandbox-bot\n");
}

#[test]
fn a_space_without_the_bot_is_not_set_and_nothing_is_said_to_be_there() {
    let empty = Empty::new();
    let mut command = empty.init(&["--yes", "--roster", "staff.csv", "--room", "Y2lzY29zcGFyazovL3VzL1JPT00vMQ"]);
    let run = empty.world.finish(command.env("ROULETTE_BOT_TOKEN", "sandbox-bot").stdin(Stdio::null()));
    assert!(run.status == 3 && run.stderr.contains("the bot is not in that space"), "{}", run.stderr);
    assert!(!run.stderr.contains("a first message"), "{}", run.stderr);
    assert!(empty.world.read("config.toml").contains("report_room = \"\""));
}

#[test]
fn the_form_of_a_config_stays_as_it_was() {
    let empty = Empty::new();
    let config = "\u{feff}# mine\r\nprogramme.name = \"Tea\" # hot\r\n[webex.bot_token]\r\nenv = \"T\" # \
        tok\r\n[meeting]\r\nstart=\"10:00\"";
    empty.world.write("config.toml", config);
    let same = empty.world.finish(empty.world.command(NOW, &["init", "--yes", "--name", "Tea"]).stdin(Stdio::null()));
    assert_eq!((same.status, &*empty.world.read("config.toml")), (0, config), "{}", same.stderr);
    let other =
        empty.world.finish(empty.world.command(NOW, &["init", "--yes", "--start", "11:30"]).stdin(Stdio::null()));
    assert_eq!(other.status, 0, "{}", other.stderr);
    assert_eq!(empty.world.read("config.toml").trim_end(), config.replace("10:00", "11:30"));
}

#[test]
fn what_root_writes_in_another_users_folder_is_that_users() {
    const NOBODY: u32 = 65_534;
    let empty = Empty::new();
    if !rustix::process::geteuid().is_root() {
        writeln!(std::io::stderr(), "skipped: only root can give files away").unwrap();
        return;
    }
    chown(empty.world.path(""), Some(NOBODY), Some(NOBODY)).unwrap();
    let mut command = empty.init(&["--yes", "--roster", "staff.csv", "--timezone", "Europe/Berlin"]);
    let run = empty.world.finish(command.env("ROULETTE_BOT_TOKEN", "sandbox-bot").stdin(Stdio::null()));
    assert_eq!(run.status, 0, "{}", run.stderr);
    chown(empty.world.path("staff.csv"), Some(NOBODY), Some(NOBODY)).unwrap();
    assert_eq!(empty.world.run_at(NOW, &["pair", "--month"]).status, 0);
    for entry in fs::read_dir(empty.world.path("")).unwrap().flatten() {
        assert_eq!(entry.metadata().unwrap().uid(), NOBODY, "{}", entry.path().display());
    }
}

/// A crontab that is kept in a file, as cron's own is.
const CRONTAB: &str = r#"#!/bin/sh
file="$(dirname "$0")/crontab.txt"
case "$1" in
    -l) if [ -f "$file" ]; then cat "$file"; else echo "no crontab for me" >&2; exit 1; fi ;;
    -) cat > "$file" ;;
esac
"#;

#[test]
fn cron_gets_one_line_and_keeps_the_others() {
    let empty = Empty::new();
    empty.world.write("crontab", CRONTAB);
    fs::set_permissions(empty.world.path("crontab"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", empty.world.path("").display());
    let write = || {
        let mut command = empty.init(&["--yes", "--cron"]);
        empty.world.finish(command.env("PATH", &path).stdin(Stdio::null()))
    };
    assert_eq!(write().status, 0);
    let line = empty.world.read("crontab.txt");
    let config = empty.world.path("config.toml");
    assert!(line.starts_with("*/15 * * * * ") && line.ends_with(&format!("-q --config {} run\n", config.display())));
    let other = "0 1 * * * /usr/bin/backup\n# roulette -q --config x run\n";
    let old = line.replace("*/15", "0").replace(" -q", " -v -q");
    empty.world.write("crontab.txt", format!("{other}{old}"));
    for mine in [&*old, &line, &line.replace(" run", " run >> /dev/null 2>&1")] {
        empty.world.write("crontab.txt", format!("{other}{mine}"));
        assert!(write().stderr.contains("the crontab already runs it"), "{mine}");
        assert_eq!(empty.world.read("crontab.txt"), format!("{other}{mine}"), "nobody's line is changed");
    }
    let others =
        [other.trim_end(), &line.replace("config.toml", "config.toml2"), &format!("# {line}")].map(str::to_owned);
    for others in others {
        empty.world.write("crontab.txt", &others);
        assert_eq!(write().status, 0);
        let end = if others.ends_with('\n') { "" } else { "\n" };
        assert_eq!(empty.world.read("crontab.txt"), format!("{others}{end}{line}"));
    }
    // A config that is a link is named as it was: what lies beside it is not beside its target.
    fs::create_dir(empty.world.path("etc")).unwrap();
    fs::rename(&config, empty.world.path("etc/prod.toml")).unwrap();
    std::os::unix::fs::symlink("etc/prod.toml", &config).unwrap();
    empty.world.write("crontab.txt", "");
    assert_eq!(write().status, 0);
    assert_eq!(empty.world.read("crontab.txt"), line);
    // What cron runs is what it says.
    let mut words = line.trim_end().splitn(6, ' ');
    let command = words.nth(5).unwrap();
    let ran = empty.world.finish(Command::new("sh").args(["-c", command]).env_clear());
    assert_eq!(ran.status, 2, "the roster is missing still: {}", ran.stderr);
    assert!(ran.stderr.contains("employees.csv"), "{}", ran.stderr);

    let without = empty.world.finish(empty.init(&["--yes", "--cron"]).env("PATH", "/nowhere").stdin(Stdio::null()));
    assert!(without.status == 1 && without.stderr.contains("crontab -e"), "{}", without.stderr);
}

#[test]
fn systemd_gets_units_that_it_understands_and_those_of_another_config_stay() {
    let empty = Empty::new();
    let folder = empty.world.path("units");
    let write = || empty.world.finish(empty.init(&["--yes", "--systemd", "units"]).stdin(Stdio::null()));
    let written = write();
    assert_eq!(written.status, 0, "{}", written.stderr);
    let names = ["roulette.service", "roulette.timer", "roulette-listen.service"];
    let texts = names.map(|name| fs::read_to_string(folder.join(name)).unwrap());
    assert!(texts[0].contains("config.toml run\n") && texts[2].contains("handle-action --listen\n"));
    let documented = |name: &str| {
        let mut blocks = include_str!("../../docs/timers.md").split("```ini\n").skip(1);
        let block = blocks.find_map(|block| block.strip_prefix(&format!("# {name}\n"))).unwrap();
        block.split("```").next().unwrap()
    };
    assert_eq!(texts[1], documented(names[1]));
    if fs::metadata(folder.join(names[0])).unwrap().uid() == 0 {
        let there = empty.world.path("config.toml").parent().unwrap().display().to_string();
        let as_there = texts[0].replace(env!("CARGO_BIN_EXE_roulette"), "/usr/local/bin/roulette");
        assert_eq!(as_there.replace(&there, "/srv/roulette").replace("User=0", "User=1000"), documented(names[0]));
    }
    match Command::new("systemd-analyze").args(["verify"]).args(names.map(|name| folder.join(name))).output() {
        Ok(verified) => assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr)),
        Err(error) => writeln!(std::io::stderr(), "skipped: systemd-analyze: {error}").unwrap(),
    }
    fs::write(folder.join(names[0]), "[Service]\nExecStart=/bin/roulette -q --config /else/config.toml run\n").unwrap();
    let run = write();
    assert!(run.status == 1 && run.stderr.contains("left as it is: units/roulette.service\n"), "{}", run.stderr);
    assert!(fs::read_to_string(folder.join(names[0])).unwrap().contains("/else/"));
}
