//! The rest of the help: the commands in groups and, for each of them, notes and examples. A test checks that every
//! command is here.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory, ValueHint};

use super::Cli;

/// The help of one command below its options.
pub struct Help {
    /// The command, such as `roster check`.
    pub command: &'static str,
    /// What else a user should know; may be "".
    pub note: &'static str,
    /// Command lines to copy, one per line.
    pub examples: &'static str,
}

/// The commands in the groups in which `--help` lists them.
pub const GROUPS: [(&str, &[Help]); 6] = [
    ("Try it", &[DEMO, SANDBOX]),
    ("Set up", &[INIT, AUTH, DOCTOR, ROSTER_CHECK, ROSTER_PULL]),
    ("Do what is due", &[RUN, PAIR, SCHEDULE, NOTIFY, HANDLE_ACTION]),
    ("See how it goes", &[STATUS, MEETINGS, WHY, SIMULATE, REPORT, LOG]),
    ("Privacy", &[EXPORT, FORGET]),
    ("Your shell", &[COMPLETIONS, MAN]),
];

/// The command line, with all of its help. `cards`: the names of the cards.
pub fn command(cards: &[&'static str]) -> Command {
    let bare = Cli::command();
    let groups = GROUPS.map(|(heading, helps)| {
        let mut names: Vec<&str> = helps.iter().map(|help| top(help.command)).collect();
        names.dedup();
        let lines = names.iter().map(|name| {
            let about = bare.find_subcommand(name).and_then(Command::get_about).map(ToString::to_string);
            format!("  {name:<14} {}\n", about.unwrap_or_default())
        });
        format!("{heading}:\n{}", lines.collect::<String>())
    });
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}\n\
         Options for every command:\n{{options}}\n\n\
         See what a command can do, with an example: roulette COMMAND --help\n",
        groups.join("\n")
    );
    let helps = GROUPS.iter().flat_map(|(_, helps)| helps.iter());
    let command = helps.fold(bare.help_template(template), |command, help| {
        let text = help.text();
        match help.command.split_once(' ') {
            None => command.mut_subcommand(help.command, |it| it.after_help(text)),
            Some((outer, inner)) => {
                command.mut_subcommand(outer, |it| it.mut_subcommand(inner, |it| it.after_help(text)))
            }
        }
    });
    let cards = PossibleValuesParser::new(cards);
    let of_card = |arg: Arg| arg.value_parser(cards).hide_possible_values(true);
    let command = command.mut_subcommand("doctor", |it| it.mut_arg("card_data", of_card));
    let roster =
        [ROSTER_CHECK, ROSTER_PULL].map(|help| format!("  {}", help.examples.lines().next().unwrap_or_default()));
    let command = command.mut_subcommand("roster", |it| it.after_help(format!("Examples:\n{}", roster.join("\n"))));
    with_value_hints(command)
}

/// Tells the completions which values are files, by the names of the values: otherwise shells offer files for each.
fn with_value_hints(command: Command) -> Command {
    let hint = |arg: Arg| {
        let name =
            arg.get_value_names().and_then(<[_]>::first).map_or_else(|| arg.get_id().as_str(), |name| name.as_str());
        let hint = match name {
            "DIR" | "FOLDER" => ValueHint::DirPath,
            name if name.contains("FILE") || name == "file" => ValueHint::FilePath,
            _ => ValueHint::Other,
        };
        if arg.get_action().takes_values() { arg.value_hint(hint) } else { arg }
    };
    command.mut_args(hint).mut_subcommands(with_value_hints)
}

fn top(command: &str) -> &str {
    command.split(' ').next().unwrap_or(command)
}

impl Help {
    /// Of a command, such as `roster check`; none for one that only has commands of its own.
    pub fn of(command: &str) -> Option<&'static Self> {
        GROUPS.iter().flat_map(|(_, helps)| helps.iter()).find(|help| help.command == command)
    }

    /// The paragraphs of the note, each of them one line; those with indented lines, such as tables, stay as they are.
    pub fn paragraphs(&self) -> impl Iterator<Item = String> {
        let paragraphs = self.note.split("\n\n").filter(|text| !text.is_empty());
        paragraphs.map(|text| if text.contains("\n  ") { text.to_owned() } else { text.replace('\n', " ") })
    }

    fn text(&self) -> String {
        let note: Vec<String> = self.paragraphs().collect();
        let examples: Vec<String> = self.examples.lines().map(|line| format!("  {line}")).collect();
        let heading = if examples.len() == 1 { "Example" } else { "Examples" };
        let blank = if self.note.is_empty() { "" } else { "\n\n" };
        format!("{}{blank}{heading}:\n{}", note.join("\n\n"), examples.join("\n"))
    }
}

/// What the manual page of the program says beside its help: sections of entries, each with its explanation.
pub const MANUAL: [(&str, &[(&str, &str)]); 3] = [
    (
        "EXIT STATUS",
        &[
            ("0", "Done, or nothing to do."),
            ("1", "A fault: a file cannot be read or written, or the state is in use or damaged."),
            ("2", "The command line, the config or the roster is wrong."),
            ("3", "Partly done, and safe to run again; the output says what is left and why."),
            ("4", "Nobody is logged in at Webex, or Webex refuses the bot's token."),
            ("5", "Refused as unsafe; nothing has changed."),
        ],
    ),
    (
        "FILES",
        &[
            ("config.toml", "The config, here or in ~/.config/roulette; paths in it are relative to its folder."),
            ("employees.csv", "The roster: who can take part."),
            ("bot-token.txt, client-secret.txt", "The secrets that init keeps."),
            (
                "roulette-state.json",
                "Who meets whom and when, what people told the bot, and messages that wait. Back it up.",
            ),
            ("roulette-state.json.previous", "The state before its last change."),
            ("roulette-state.json.journal", "What was done, for roulette log."),
            ("roulette-tokens.json", "The login: whoever has it can book and cancel meetings in your name."),
        ],
    ),
    (
        "ENVIRONMENT",
        &[
            (
                "ROULETTE_CLIENT_SECRET, ROULETTE_BOT_TOKEN",
                "The secrets, if the config names these variables; init takes them from here, too.",
            ),
            (
                "CREDENTIALS_DIRECTORY",
                "Set by systemd: a secret that the config names as a variable is also found there.",
            ),
            ("TZDIR", "The folder of the time zone files."),
            ("TZ, LC_ALL, LC_MESSAGES, LANG", "What init suggests as the zone and as the language of the bot."),
            ("XDG_CONFIG_HOME", "Where init --systemd puts the units, in systemd/user below it; otherwise ~/.config."),
            ("NO_COLOR", "If it is set, nothing is coloured."),
        ],
    ),
];

const DEMO: Help = Help { command: "demo", note: "It needs no account, and keeps nothing.", examples: "roulette demo" };

const INIT: Help = Help {
    command: "init",
    note: "\
It asks for what you do not give; press Enter to keep the value in brackets. Secrets are never options: init asks for
them, or takes them from ROULETTE_CLIENT_SECRET and ROULETTE_BOT_TOKEN, and keeps them in files that only you can read.
Run it again whenever you like: it changes only what you answer differently.",
    examples: "\
roulette init
roulette init --yes --roster staff.csv --timezone Europe/Berlin --cron",
};

const AUTH: Help = Help {
    command: "auth",
    note: "Without options, it opens a browser on this machine and waits for you to come back.",
    examples: "\
roulette auth
roulette auth --device
roulette auth --status",
};

const DOCTOR: Help = Help {
    command: "doctor",
    note: "\
It changes nothing, except that it renews a login that is due. It prints one line per check: ok, warn (it works, but
somebody should look at it) or fault, and how to fix it. The exit status is 0 if there is no fault; otherwise it is the
status with which a command would end at the first fault (2: config or roster, 4: login or bot, 5: the clock).",
    examples: "roulette doctor",
};

const ROSTER_CHECK: Help = Help {
    command: "roster check",
    note: "It changes nothing. It ends with status 2 if something in the roster is wrong.",
    examples: "\
roulette roster check
roulette roster check staff.xlsx#People",
};

const ROSTER_PULL: Help = Help {
    command: "roster pull",
    note: "\
It keeps everything that a person wrote in the roster, and saves the previous file beside it as NAME.previous. It adds
nobody whose department is unknown, no bots, and nobody from another organization. Whoever left the space gets the
status “left the space”. The bot must be in the space; otherwise the organizer must be, and the login needs the scope
spark:memberships_read.",
    examples: "roulette roster pull --dry-run",
};

const RUN: Help = Help {
    command: "run",
    note: "\
It renews the login; pulls the roster, if the config says where from; handles what people typed and tapped; brings the
upcoming rounds in line; draws this month, and the next month draw_days_ahead days before it begins; books meetings;
and sends what is due. A stage that fails does not stop the others. A fault is reported once, then once a day, and once
more when it is fixed.",
    examples: "\
roulette run --dry-run
roulette -q --config /srv/roulette/config.toml run",
};

const PAIR: Help = Help {
    command: "pair",
    note: "\
Without --month or --week, it draws the month. A month that is already drawn is shown, not drawn again.",
    examples: "\
roulette pair --month --dry-run
roulette pair --month 2027-01 --seed 7",
};

const SCHEDULE: Help = Help {
    command: "schedule",
    note: "Run it as often as you like: it keeps what is already booked.",
    examples: "roulette schedule --dry-run",
};

const NOTIFY: Help = Help {
    command: "notify",
    note: "Run it as often as you like: nobody gets the same message twice.",
    examples: "\
roulette notify --dry-run
roulette notify --announce news.md --test",
};

const HANDLE_ACTION: Help = Help {
    command: "handle-action",
    note: "\
Without FILE and --listen, it handles what was received, and exits.

With --listen, it opens Webex's websocket, unless webhook.public_url is set or you give an address: nothing has to
reach this machine from outside. Cisco documents and supports webhooks, but not the websocket. It ends with status 4 if
Webex refuses the bot's token, and with status 1 if another listener took its place or Webex does not want it.

Several programmes can share one bot: name the config of each, and each answer goes to the programme of its card.

FILE is one body from any other receiver, such as a web server's script. It must be exactly as it came, byte for byte:
--signature is checked against it, and no body is accepted without one. With status 3, the event is kept and waits for
the next run.",
    examples: "\
roulette handle-action --listen
roulette handle-action --listen --config coffee.toml --config mentoring.toml
roulette handle-action - --signature \"$HTTP_X_SPARK_SIGNATURE\"",
};

const STATUS: Help = Help { command: "status", note: "", examples: "roulette status" };

const MEETINGS: Help = Help {
    command: "meetings",
    note: "",
    examples: "\
roulette meetings --person ann@example.com
roulette meetings --from 2026-12-01 --to 2026-12-31 --format csv",
};

const WHY: Help = Help {
    command: "why",
    note: "",
    examples: "\
roulette why ann@example.com bo@example.com
roulette why \"Ann Lee\"",
};

const SIMULATE: Help = Help { command: "simulate", note: "", examples: "roulette simulate --rounds 12 --seeds 20" };

const REPORT: Help = Help {
    command: "report",
    note: "What is not known is reported as unknown, never guessed. The formulas are in docs/report.md.",
    examples: "\
roulette report --out report.html
roulette report --from 2026-10-01 --to 2026-12-31 --anonymous --out quarter.html",
};

const LOG: Help = Help {
    command: "log",
    note: "\
The journal is kept beside the state. It contains no texts of messages, and people only as numbers, so that
nobody who was forgotten is named in it.",
    examples: "\
roulette log --person ann@example.com
roulette log --since 2026-12-01 --format json",
};

const EXPORT: Help = Help {
    command: "export",
    note: "It does not show what others asked for about this person: that belongs to those others.",
    examples: "roulette export --person ann@example.com > ann.json",
};

const FORGET: Help = Help {
    command: "forget",
    note: "\
All counts stay, and so does the record that two numbers met, but nobody can tell any longer whose they were. Somebody
who is on the roster again later counts as a new person.",
    examples: "roulette forget ann@example.com --dry-run",
};

const COMPLETIONS: Help = Help {
    command: "completions",
    note: "zsh reads ~/.zfunc if ~/.zshrc says: fpath+=(~/.zfunc); autoload -Uz compinit; compinit",
    examples: "\
mkdir -p ~/.local/share/bash-completion/completions
roulette completions bash > ~/.local/share/bash-completion/completions/roulette
mkdir -p ~/.zfunc && roulette completions zsh > ~/.zfunc/_roulette
mkdir -p ~/.config/fish/completions
roulette completions fish > ~/.config/fish/completions/roulette.fish",
};

const MAN: Help = Help { command: "man", note: "", examples: "roulette man ~/.local/share/man/man1" };

const SANDBOX: Help = Help {
    command: "sandbox",
    note: "\
It is a toy: its passwords are known, and it listens only on this computer.

With --now, its clock stands still at that time. Move it with:
  curl -X PUT --json '{\"now\": \"2026-12-02T15:00:00Z\"}' ADDRESS/sandbox/clock

A fault is KIND[=VALUE]:[METHOD]:[PATH-PREFIX]:[NTH or A-B]. A part that is left out means all.
  500:POST:/meetings:3        the third booking is answered with 500; any status from 400 to 599
  429=2::/meetings:1-2        the first two calls to /meetings are told to wait 2 seconds
  drop-before:POST:/meetings  the connection breaks before a booking takes effect; drop-after: after it
  hang-before=5000            nothing happens for so many milliseconds; hang-after: only the answer is late
  latency=150, drip=20        calls take so much longer; the answer comes byte by byte, so far apart
  gateway=502                 a gateway answers in Webex's place
  no-answer                   a portal answers 200 in its place; no-answer-after: after the call took effect
  echo=400                    it is refused, and the refusal repeats the request
  says=400/no licence         it is refused in these words
  odd=id/missing:GET:/rooms   this member of the answer is missing, null, number, text, flag, list or object; or extra
  endless, null-links         every page of a list links to another; links to pages have a stray max=null
  huge=5:GET:/rooms           so many megabytes of spaces come before the one that is meant
  date=-3                     the date of the answer is so many days off
  ungranted=OPTION            the site does not grant this option of a meeting; no-option: it refuses the request
  in-progress                 a meeting can be neither moved nor cancelled: somebody came early
  host-limit=3                a host can have so many meetings at one time
  other-organization          the bot belongs to another organization, and finds nobody

The paths of the websocket begin with /u2c, /wdm, /conversation and /mercury. Its frames have the method FRAME, with the
paths /authorization, /ping and /ack for those that the bot sends, and /ready and /activity for those that it receives:
  close=1001:FRAME:/activity:2      it closes with this code instead of the second activity; also close=1000/idle
  drop-before:FRAME:/ack:1          it breaks before this frame counts; drop-after: after it
  lost:FRAME:/ping                  no ping is answered; a lost activity never arrives
  twice:FRAME:/activity:1           the first activity arrives twice
  silence:FRAME:/ready:1            nothing more arrives on that connection, which stays open
  stale:FRAME:/activity:1           the device is forgotten; stale:GET:/mercury: when it is about to connect
  odd=id/text:FRAME:/ping           the answer is to another ping",
    examples: "\
roulette sandbox
roulette sandbox --fail 500:POST:/meetings:3",
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Every command that does something, such as `roster check`.
    fn commands(command: &Command, before: &str) -> Vec<String> {
        let inner = command.get_subcommands().filter(|it| it.get_name() != "help");
        let paths = inner.flat_map(|it| {
            let path = format!("{before} {}", it.get_name());
            if it.has_subcommands() { commands(it, &path) } else { vec![path.trim().to_owned()] }
        });
        paths.collect()
    }

    #[test]
    fn every_command_is_in_one_group_and_its_examples_are_understood() {
        let mut known: Vec<&str> = GROUPS.iter().flat_map(|(_, helps)| helps.iter().map(|it| it.command)).collect();
        let mut all = commands(&Cli::command(), "");
        known.sort_unstable();
        all.sort_unstable();
        assert_eq!(known, all);
        for help in GROUPS.iter().flat_map(|(_, helps)| helps.iter()) {
            for example in help.examples.lines().filter(|line| line.contains("roulette ")) {
                let line = example.split_once("roulette ").unwrap_or_else(|| panic!("{example}")).1;
                let line = line.split(" > ").next().unwrap_or(line);
                let (bare, name) = line.split_once('"').map_or((line, None), |(bare, name)| (bare, Some(name)));
                let name = name.map(|name| name.trim_end_matches('"'));
                let words = std::iter::once("roulette").chain(bare.split_whitespace()).chain(name);
                let read = command(&["reminder"]).try_get_matches_from(words);
                assert!(read.is_ok(), "{example}: {}", read.unwrap_err());
                let is_its = line.starts_with(help.command) || help.command == "run" && line.ends_with(" run");
                assert!(is_its, "{}: {example}", help.command);
            }
        }
    }

    #[test]
    fn the_readme_and_the_manual_give_the_same_exit_statuses() {
        let readme = include_str!("../../README.md");
        let (_, statuses) = MANUAL.iter().find(|(section, _)| *section == "EXIT STATUS").unwrap();
        let row = |line: &str| {
            let (status, meaning) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
            status.parse::<u8>().is_ok().then(|| (status.to_owned(), meaning.to_lowercase()))
        };
        let of_readme: Vec<(String, String)> = readme.lines().filter_map(row).collect();
        let of_manual = statuses.iter().map(|(status, meaning)| (status.to_string(), meaning.to_lowercase()));
        let of_manual: Vec<(String, String)> =
            of_manual.map(|(status, meaning)| (status, meaning.trim_end_matches('.').to_owned())).collect();
        assert_eq!(of_readme, of_manual);
    }

    #[test]
    fn the_help_of_the_sandbox_names_every_kind_of_fault() {
        let grammar = crate::sandbox::GRAMMAR.replace("close=CODE[/REASON]", "close");
        let (_, kinds) = grammar.split_once("drop-before").unwrap();
        let (kinds, _) = kinds.split_once("; for METHOD FRAME").unwrap();
        let kinds = kinds.replace(" or ", ",");
        let kinds: Vec<&str> = { kinds.split(',') }
            .map(|kind| kind.trim().split('=').next().unwrap_or_default())
            .filter(|kind| !kind.is_empty())
            .collect();
        assert!(kinds.len() > 15, "{kinds:?}");
        for kind in kinds.iter().chain(&["close", "lost", "twice", "silence", "stale", "drop-before"]) {
            assert!(SANDBOX.note.contains(kind), "{kind}");
        }
    }

    #[test]
    fn no_line_of_the_help_is_longer_than_a_terminal_of_120_columns() {
        let mut command = command(&["reminder"]);
        let top = command.render_long_help().to_string();
        let inner: Vec<String> = command.get_subcommands_mut().map(|it| it.render_long_help().to_string()).collect();
        for line in std::iter::once(&top).chain(&inner).flat_map(|text| text.lines()) {
            assert!(line.chars().count() <= 120, "{line}");
        }
    }
}
