//! What may be typed. The comments here are the help.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::domain::calendar::Month;
use crate::domain::pairing::simulate::MOST_ROUNDS;
use crate::domain::state::outbox::Kind;
use crate::sandbox::Fault;
use crate::show::Format;

/// Draws pairs of colleagues who seldom meet, across departments, for short weekly Webex meetings
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command
    #[command(flatten)]
    pub global: Global,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Debug, Default, Args)]
pub struct Global {
    /// The config [default: config.toml here, then ~/.config/roulette/config.toml]; handle-action takes several
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Vec<PathBuf>,
    /// Act as if it were this time, such as 2026-12-01T09:00:00Z
    #[arg(long, global = true, value_name = "RFC3339", value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
    /// Go on where the state was saved more than a week later than it is now: the clock was wrong then
    #[arg(long, global = true)]
    pub trust_clock: bool,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say on stderr what is done, and how long it took
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// How stderr is written: for people, or as one JSON object a line, each change at Webex among them
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    /// How long to wait for another run that holds the state
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 10)]
    pub wait: u64,
}

impl Global {
    /// Whether bars are drawn on a terminal.
    pub fn draws_bars(&self) -> bool {
        !self.quiet && self.log_format == LogFormat::Text
    }
}

/// How stderr is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set up a programme: ask what matters, write the config, log in, and choose the organizers' space
    Init(Init),
    /// Log in to Webex as the organizer, see how that login stands, or end it
    Auth(Auth),
    /// See it work: the whole story on an example company, against a small Webex inside this program
    Demo,
    /// Draw the rounds of a month or a week, show them, and keep them
    Pair(Pair),
    /// Book the meetings that are due, and move or cancel those that changed
    Schedule(Schedule),
    /// Send everybody what is due: introductions, reminders, the question after, and reports
    Notify(Notify),
    /// Receive what people typed and tapped, and handle it
    HandleAction(HandleAction),
    /// Do whatever is due of all that, in order: one timer is enough
    Run(Run),
    /// Show each meeting as it stands: with whom, when, and what became of it
    Meetings(Meetings),
    /// Show the journal: what was drawn, booked, moved, sent and refused, when, and by whom
    Log(Log),
    /// Show the rounds that are drawn, who is left out, and what is due next
    Status(Status),
    /// Report how many meetings took place, who met across departments, and how far people's network reaches
    Report(Report),
    /// Explain whether two people can meet, or whom one can still meet
    Why(Why),
    /// Play the roster and rules forward: how long until people meet again, who sits out, who meets whom
    Simulate(Simulate),
    /// Check everything that the programme rests on, and say what mends it
    Doctor(Doctor),
    /// See how the roster is read, and what is odd or wrong in it
    #[command(subcommand)]
    Roster(Roster),
    /// Forget somebody for good: cancel their meetings, and take their name and address out of all that is kept
    Forget(Forget),
    /// Show all that is kept of somebody, as JSON
    Export(Export),
    /// Print what a shell needs to complete this command line
    Completions(Completions),
    /// Write pages for man
    Man(Man),
    /// Run a small Webex on this computer, to try everything without an account
    Sandbox(Sandbox),
}

const INIT_HELP: &str = "It asks what is not given; Enter keeps what stands in brackets. Secrets are never options: they are asked for, or taken
from ROULETTE_CLIENT_SECRET and ROULETTE_BOT_TOKEN, and kept in files of their own that only you can read.
Run it again whenever you like: it changes only what is answered anew.
  ROULETTE_BOT_TOKEN=… roulette init --yes --roster staff.csv --timezone Europe/Berlin --cron";

/// `init`
#[derive(Debug, Args)]
#[command(after_help = INIT_HELP)]
pub struct Init {
    /// Ask nothing: take what is given, and for the rest what stands in the config or is usual
    #[arg(short, long)]
    pub yes: bool,
    /// The roster: a CSV file or a workbook with everybody's email, name and department
    #[arg(long, value_name = "FILE")]
    pub roster: Option<String>,
    /// What colleagues read in invitations and cards
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// The language of the bot and of invitations: en or uk [default: this machine's]
    #[arg(long, value_name = "CODE")]
    pub language: Option<String>,
    /// Your time zone [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// The day of the week on which people meet
    #[arg(long, value_name = "DAY")]
    pub weekday: Option<String>,
    /// The time at which they meet
    #[arg(long, value_name = "HH:MM")]
    pub start: Option<String>,
    /// The client id of your integration
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// The space of the organizers, by its id
    #[arg(long, value_name = "ID")]
    pub room: Option<String>,
    /// Where Webex is, to try roulette against something else
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Have cron do the work by itself: write its line into your crontab
    #[arg(long)]
    pub cron: bool,
    /// Have systemd do it: write its units [default: for root into /etc/systemd/system, else into your own]
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    pub systemd: Option<Option<PathBuf>>,
}

/// `auth`
#[derive(Debug, Default, Args)]
#[command(after_help = "Without options: opens a browser on this machine, and waits for it to come back.")]
pub struct Auth {
    /// Log in on another device, with a code: for a host without a browser
    #[arg(long, group = "way")]
    pub device: bool,
    /// Print the address to open in a browser on this machine, and open none
    #[arg(long, group = "way")]
    pub no_browser: bool,
    /// How long to wait for the login
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub timeout: u64,
    /// Show who is logged in and until when, and how bot and webhooks do
    #[arg(long, conflicts_with = "way")]
    pub status: bool,
    /// Forget the login
    #[arg(long, conflicts_with_all = ["way", "status"])]
    pub logout: bool,
    /// How to print the status
    #[arg(long, value_enum, default_value = "table", requires = "status")]
    pub format: Format,
}

/// `pair`
#[derive(Debug, Default, Args)]
#[command(
    after_help = "Without --month or --week: the month.\nA month that is drawn already is shown, not drawn again."
)]
pub struct Pair {
    /// The rounds of a month [default: those still ahead in this one, or the next once none is]
    #[arg(long, value_name = "YYYY-MM", num_args = 0..=1, conflicts_with = "week")]
    pub month: Option<Option<Month>>,
    /// The round of the week of a day [default: this week, or the next once its round is over]
    #[arg(long, value_name = "YYYY-MM-DD", num_args = 0..=1, value_parser = day)]
    pub week: Option<Option<NaiveDate>>,
    /// Draw by this seed, to repeat a draw [default: a new one, which is printed]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Show what would be drawn, and keep nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Save the plan to this file instead of keeping it
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub out: Option<PathBuf>,
    /// Apply this saved plan, if roster, rules and history are still the same
    #[arg(long, value_name = "FILE", conflicts_with_all = ["month", "week", "seed", "replace"])]
    pub plan: Option<PathBuf>,
    /// Draw rounds that are still ahead again, but those of which a meeting is booked
    #[arg(long)]
    pub replace: bool,
    /// Draw those again too: the next `schedule` then cancels what is booked and books anew
    #[arg(long)]
    pub replace_booked: bool,
    /// Draw although the roster has lost more than 30 % since the last draw
    #[arg(long)]
    pub allow_smaller_roster: bool,
}

/// `schedule`
#[derive(Debug, Default, Args)]
#[command(after_help = "Run it as often as you like: what is booked already is kept.")]
pub struct Schedule {
    /// Book the rounds up to this day [default: book_ahead_days from today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub through: Option<NaiveDate>,
    /// Show what would be booked, moved and cancelled, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show for each step the call to Webex, too; JSON and CSV always do
    #[arg(long)]
    pub calls: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Cancel although it is more than 30 % of the booked meetings
    #[arg(long)]
    pub allow_many_cancellations: bool,
    /// Book meetings again that somebody deleted at Webex
    #[arg(long)]
    pub rebook: bool,
    /// Ask Webex again for what it refused, although nothing changed
    #[arg(long)]
    pub retry: bool,
    /// After the state was lost: take over the meetings that Webex still lists, and book nothing
    #[arg(long, conflicts_with_all = ["through", "rebook", "retry", "allow_many_cancellations"])]
    pub adopt: bool,
}

/// `notify`
#[derive(Debug, Default, Args)]
#[command(after_help = "Run it as often as you like: nobody is told the same thing twice.")]
pub struct Notify {
    /// Only this kind: greeting, off, back-on, moved, intro, reminder, asked, left-out, summary, report, correction or news
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub kind: Option<Kind>,
    /// Send this text (Markdown, up to 2,000 letters) to everybody who takes part, once
    #[arg(long, value_name = "FILE.md", conflicts_with_all = ["kind", "card"])]
    pub announce: Option<PathBuf>,
    /// With a picture from this https:// address
    #[arg(long, value_name = "URL", requires = "announce")]
    pub image: Option<String>,
    /// To the organizer alone first
    #[arg(long, requires = "announce")]
    pub test: bool,
    /// Send this Adaptive Card to one person
    #[arg(long, value_name = "FILE.json", requires = "to", conflicts_with_all = ["kind", "dry_run"])]
    pub card: Option<PathBuf>,
    /// To whom
    #[arg(long, value_name = "EMAIL", requires = "card")]
    pub to: Option<String>,
    /// Whether newcomers are greeted who are so many at once that the bot asks first
    #[arg(long, value_enum, value_name = "YES|NO", conflicts_with_all = ["kind", "card", "announce"])]
    pub greet: Option<YesNo>,
    /// Whether people are asked whether to go on who gave no sign for long and are so many at once that the bot asks first
    #[arg(long, value_enum, value_name = "YES|NO", conflicts_with_all = ["kind", "card", "announce"])]
    pub ask_silent: Option<YesNo>,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

const ACTION_HELP: &str = "Without FILE and --listen: handles what was received, and ends.

With --listen, where webhook.public_url is not set and no address is given, Webex's websocket is opened: nothing has to
reach this machine from outside. Cisco documents and supports webhooks, not the websocket. With status 4 Webex refuses the
bot's token; with status 1 another listener took this one's place, or Webex does not want it.

Several programmes can share one bot: name the config of each, and each answer goes to the programme of its card.
  roulette handle-action --listen --config coffee.toml --config mentoring.toml

FILE takes one body from any other receiver, such as a web server's script. It must be as it came, to the byte:
--signature is checked over it, and nothing is believed without.
  roulette handle-action - --signature \"$HTTP_X_SPARK_SIGNATURE\"
With status 3 the event is kept, and waits for the next run.";

/// `handle-action`
#[derive(Debug, Args)]
#[command(after_help = ACTION_HELP)]
pub struct HandleAction {
    /// A webhook's body in this file, or - for stdin
    #[arg(value_name = "FILE|-", conflicts_with = "listen")]
    pub body: Option<PathBuf>,
    /// What came with it in the header X-Spark-Signature
    #[arg(long, value_name = "HEX", requires = "body")]
    pub signature: Option<String>,
    /// Receive what people type and tap, until it is told to end: over Webex's websocket, which needs no address; or, where
    /// webhook.public_url is set or an address is given, webhooks [default: at what webhook.listen in the config says]
    #[arg(long, value_name = "ADDRESS:PORT", num_args = 0..=1)]
    pub listen: Option<Option<SocketAddr>>,
}

const RUN_HELP: &str = "The stages: the login is renewed; the roster is pulled, where the config says from where; what people typed and tapped
is handled; the rounds ahead are brought in line; this month is drawn, and the next so many days before it begins as
draw_days_ahead says; meetings are booked; everybody is told what is due. What one stage cannot do stops no other. A
fault is told once, then once a day, then when it is mended.
  */15 * * * *  roulette -q run";

/// `completions`
#[derive(Debug, Args)]
#[command(
    after_help = "  roulette completions bash > ~/.local/share/bash-completion/completions/roulette\n  roulette completions zsh > ~/.zfunc/_roulette\n  roulette completions fish > ~/.config/fish/completions/roulette.fish"
)]
pub struct Completions {
    /// Which shell
    pub shell: clap_complete::Shell,
}

/// `man`
#[derive(Debug, Args)]
#[command(after_help = "  roulette man ~/.local/share/man/man1")]
pub struct Man {
    /// Where to write them, one file for each command
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
}

const FORGET_HELP: &str =
    "That a number met another one stays, and so do all counts; nobody knows any more whose number it was.
Whoever is on the roster again later is somebody new.
  roulette forget ann@example.com --dry-run";

/// `forget`
#[derive(Debug, Args)]
#[command(after_help = FORGET_HELP)]
pub struct Forget {
    /// Their address
    #[arg(value_name = "EMAIL")]
    pub email: String,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take their line out of the roster too
    #[arg(long)]
    pub from_roster: bool,
    /// Delete what the bot wrote to them at Webex too
    #[arg(long)]
    pub delete_messages: bool,
}

/// `export`
#[derive(Debug, Args)]
#[command(
    after_help = "What others asked for about them is theirs, and not shown.\n  roulette export --person ann@example.com > ann.json"
)]
pub struct Export {
    /// Their address, or their name
    #[arg(long, value_name = "WHO")]
    pub person: String,
}

/// `run`
#[derive(Debug, Args)]
#[command(after_help = RUN_HELP)]
pub struct Run {
    /// Show what would be done, stage by stage, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// `meetings`
#[derive(Debug, Args)]
pub struct Meetings {
    /// Those of the round of this day's week
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub round: Option<NaiveDate>,
    /// Those of one person: an address, or a name that only one employee has
    #[arg(long, value_name = "WHO")]
    pub person: Option<String>,
    /// Those on this day or later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub from: Option<NaiveDate>,
    /// Those on this day or earlier
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub to: Option<NaiveDate>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// `log`
#[derive(Debug, Args)]
pub struct Log {
    /// What one person did or was part of: an address, or a name that only one employee has
    #[arg(long, value_name = "WHO")]
    pub person: Option<String>,
    /// What belongs to the round of this day's week
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub round: Option<NaiveDate>,
    /// What was done on this day or later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub since: Option<NaiveDate>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// `status`
#[derive(Debug, Args)]
pub struct Status {
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

const REPORT_HELP: &str =
    "A figure that is not known is told as unknown, never guessed. The formulas are in docs/report.md.
  roulette report --out report.html
  roulette report --from 2026-10-01 --to 2026-12-31 --anonymous --out quarter.html";

/// `report`
#[derive(Debug, Args)]
#[command(after_help = REPORT_HELP)]
pub struct Report {
    /// From the rounds on this day on [default: from the first]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub from: Option<NaiveDate>,
    /// To the rounds on this day [default: to the last that is over]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub to: Option<NaiveDate>,
    /// Write it to this file; if its name ends in .html, as a page to read, to print and to pass on
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Name nobody, and show no figure of fewer than five people
    #[arg(long)]
    pub anonymous: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

const DOCTOR_HELP: &str = "It changes nothing, but renews a login that is due. A line each: ok, warn (it works, and somebody should look at it) or fault, and what mends it.
The status is 0 without a fault, else that with which a command would end that meets the first of them (2: config or
roster, 4: login or bot, 5: the clock).";

/// `doctor`
#[derive(Debug, Args)]
#[command(after_help = DOCTOR_HELP)]
pub struct Doctor {
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// `why`
#[derive(Debug, Args)]
pub struct Why {
    /// An address, or a name that only one employee has
    pub person: String,
    /// The other of the two
    pub other: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// `simulate`
#[derive(Debug, Args)]
pub struct Simulate {
    /// How many rounds to play [default: until repeats begin, at most 520]
    #[arg(long, value_name = "N", value_parser = rounds)]
    pub rounds: Option<usize>,
    /// How many times to play them, with the seeds 1 to K
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub seeds: u64,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// `roster`
#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Show which column is read as what, how many people there are of each kind, what is odd or wrong, and who can meet
    /// nobody
    Check(RosterCheck),
    /// Bring the roster up to date with a space at Webex: whoever joins it takes part, and whoever leaves it does not
    Pull(RosterPull),
}

const PULL_HELP: &str = "Nothing that a person wrote in the roster changes, and the file before stays beside it as NAME.previous. Nobody comes \
without a department, a bot or somebody of another organization never. Whoever left has the status “left the space”.
The bot must be in the space, or else the organizer, whose login then needs the scope spark:memberships_read.";

/// `roster pull`
#[derive(Debug, Default, Args)]
#[command(after_help = PULL_HELP)]
pub struct RosterPull {
    /// The id of the space [default: what `pull` in the config says]
    #[arg(long, value_name = "ID", conflicts_with = "org")]
    pub room: Option<String>,
    /// For admins: fill in from the directory what is blank of department, manager, timezone and location
    #[arg(long)]
    pub org: bool,
    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Write it although more than 30 % of the roster have left the space
    #[arg(long)]
    pub allow_smaller_roster: bool,
}

/// `roster check`
#[derive(Debug, Args)]
#[command(after_help = "It changes nothing. With status 2 something in the roster is wrong.")]
pub struct RosterCheck {
    /// The roster [default: that of the config]; a sheet of a workbook is named as in staff.xlsx#People
    pub file: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

const SANDBOX_HELP: &str = "It is a toy: its passwords are known, and it listens on this computer only.

With --now its clock stands still at that time. Move it with:
  curl -X PUT -H 'Content-Type: application/json' -d '{\"now\": \"2026-12-02T15:00:00Z\"}' ADDRESS/sandbox/clock

A fault is KIND[=VALUE]:[METHOD]:[PATH]:[NTH or A-B]. What is left out means all.
  500:POST:/meetings:3        the third booking is answered 500; any status from 400 to 599
  429=2::/meetings:1-2        the first two calls to /meetings are sent away for 2 seconds
  drop-before:POST:/meetings  bookings are cut off before they take effect; drop-after: after
  hang-before=5000, hang-after=5000, latency=150: milliseconds

The paths of the websocket begin with /u2c, /wdm, /conversation and /mercury. Its frames are those of the method FRAME, with
the paths /authorization, /ping and /ack, which the bot sends, and /ready and /activity, which it gets:
  close=1001:FRAME:/activity:2      it is closed with this code in place of the second activity; also close=1000/idle
  drop-before:FRAME:/ack:1          it is cut before this frame counts; drop-after: after
  lost:FRAME:/ping                  no ping is answered; a lost activity never comes
  twice:FRAME:/activity:1           the first activity comes twice
  silence:FRAME:/ready:1            from there on nothing comes on that connection, which stays open
  stale:FRAME:/activity:1           the device is forgotten; stale:GET:/mercury: when it is to be connected
  odd=id/text:FRAME:/ping           another ping is answered than was asked";

/// `sandbox`
#[derive(Debug, Args)]
#[command(after_help = SANDBOX_HELP)]
pub struct Sandbox {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8800")]
    pub listen: SocketAddr,
    /// Keep everything in this folder, for the next time [default: forget it]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Whose colleagues are there [default: those of an example company]
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// Zone files that it goes by [default: the system's]
    #[arg(long, value_name = "DIR")]
    pub zoneinfo: Option<PathBuf>,
    /// What goes wrong, such as 500:POST:/meetings:3
    #[arg(long, value_name = "FAULT")]
    pub fail: Vec<Fault>,
    /// Take at most N calls in a second
    #[arg(long, value_name = "N")]
    pub pace: Option<NonZeroU32>,
    /// Print a config that points at it, and end
    #[arg(long, conflicts_with = "print_roster")]
    pub print_config: bool,
    /// Print the example company, and end
    #[arg(long)]
    pub print_roster: bool,
}

/// Years in which calendars and zones are known well enough.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let moment: DateTime<Utc> = text.parse().map_err(|_| "write it as 2026-12-01T09:00:00Z".to_owned())?;
    day(&moment.date_naive().to_string()).map(|_| moment)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let day: NaiveDate = text.parse().map_err(|_| "write it as 2026-12-01".to_owned())?;
    if YEARS.contains(&day.year()) { Ok(day) } else { Err("the year must be from 2000 to 2199".to_owned()) }
}

fn kind(text: &str) -> Result<Kind, String> {
    let known = Kind::ALL.iter().find(|(_, name)| *name == text).map(|(kind, _)| *kind);
    known.ok_or_else(|| format!("there are: {}", Kind::ALL.map(|(_, name)| name).join(", ")))
}

fn rounds(text: &str) -> Result<usize, String> {
    let rounds = text.parse().ok().filter(|rounds| (1..=MOST_ROUNDS).contains(rounds));
    rounds.ok_or_else(|| format!("must be a number from 1 to {MOST_ROUNDS}"))
}
