//! What may be typed. The comments here are the help; what else it says, and in which order, is in [`help`].

pub mod help;

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Parser, Subcommand, ValueEnum};

use crate::domain::calendar::Month;
use crate::domain::language::Language;
use crate::domain::pairing::simulate::MOST_ROUNDS;
use crate::domain::state::outbox::Kind;
use crate::sandbox::Fault;
use crate::show::Format;

/// Draws pairs of colleagues who seldom meet, across departments, for short weekly Webex meetings
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command
    #[command(flatten, next_help_heading = "Options for every command")]
    pub global: Global,
    /// The command to run
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Debug, Default, Args)]
pub struct Global {
    /// The config file [default: config.toml here, then ~/.config/roulette/config.toml]; handle-action takes several
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Vec<PathBuf>,
    /// Act as if it were this time, such as 2026-12-01T09:00:00Z
    #[arg(long, global = true, value_name = "RFC3339", value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
    /// Continue even though the state is dated more than a week ahead, because the clock was wrong when it was saved
    #[arg(long, global = true)]
    pub trust_clock: bool,
    /// Write nothing but errors to stderr
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Write to stderr what is being done, and how long it took
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Format of stderr: for people, or one JSON object per line, including each change at Webex
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    /// How long to wait while another run is using the state
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 10, value_parser = whole(0..=u64::MAX))]
    pub wait: u64,
}

impl Global {
    /// Whether progress bars may be drawn on a terminal.
    pub fn draws_bars(&self) -> bool {
        !self.quiet && self.log_format == LogFormat::Text
    }
}

/// The form of what is written to stderr
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people to read
    #[default]
    Text,
    /// One JSON object per line
    Json,
}

/// The command to run
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set up a programme: ask what matters, write the config, log in, choose the organizers' space
    Init(Init),
    /// Log in to Webex as the organizer, see the state of that login, or end it
    Auth(Auth),
    /// See it work: all stages for an example company, against a small Webex inside this program
    Demo,
    /// Draw the rounds of a month or a week, show them, and keep them
    Pair(Pair),
    /// Book the meetings that are due, and move or cancel those that changed
    Schedule(Schedule),
    /// Send what is due: introductions, reminders, follow-ups and reports
    Notify(Notify),
    /// Receive and handle what people type and tap
    HandleAction(HandleAction),
    /// Do everything that is due, in order: one timer is enough
    Run(Run),
    /// Show each meeting: with whom, when, and what became of it
    Meetings(Meetings),
    /// Show the journal: what was drawn, booked, moved, sent and refused, when, and by whom
    Log(Log),
    /// Show the rounds that are drawn, who is left out, and what is due next
    Status(Status),
    /// Report how many meetings took place, who met whom, and how far people's networks reach
    Report(Report),
    /// Explain whether two people can meet, or whom one person can still meet
    Why(Why),
    /// Simulate the rounds ahead: how long until people meet again, who sits out, who meets whom
    Simulate(Simulate),
    /// Check everything that the programme depends on, and say how to fix it
    Doctor(Doctor),
    /// Check the roster, or bring it up to date with Webex
    #[command(subcommand)]
    Roster(Roster),
    /// Forget somebody for good: cancel their meetings, and remove their name and address
    Forget(Forget),
    /// Show everything that is kept about one person, as JSON
    Export(Export),
    /// Print completions for a shell
    Completions(Completions),
    /// Write manual pages
    Man(Man),
    /// Run a small Webex on this computer, to try everything without an account
    Sandbox(Sandbox),
}

/// The options of `init`
#[derive(Debug, Args)]
pub struct Init {
    /// Ask nothing: use what is given here, and otherwise the config or the defaults
    #[arg(short, long)]
    pub yes: bool,
    /// The roster: a CSV file or a workbook with everybody's email, name and department
    #[arg(long, value_name = "FILE")]
    pub roster: Option<String>,
    /// What colleagues read in invitations and cards
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// The language of the bot and of invitations: en or uk [default: this machine's]
    #[arg(long, value_name = "CODE", value_parser = Suggested(|| Language::ALL.map(|(code, _)| code).to_vec()))]
    pub language: Option<String>,
    /// Your time zone [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// The day of the week on which people meet
    #[arg(long, value_name = "DAY", value_parser = Suggested(|| WEEKDAYS.to_vec()))]
    pub weekday: Option<String>,
    /// The time at which they meet, such as 15:10
    #[arg(long, value_name = "TIME")]
    pub start: Option<String>,
    /// The client id of your integration
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// The space of the organizers, by its id
    #[arg(long, value_name = "ID")]
    pub room: Option<String>,
    /// The address of Webex, to try roulette against something else
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Let cron run everything: add the line to your crontab
    #[arg(long)]
    pub cron: bool,
    /// Let systemd run everything: write its units [default: for root to /etc/systemd/system, otherwise to your own folder]
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    pub systemd: Option<Option<PathBuf>>,
}

/// The options of `auth`
#[derive(Debug, Default, Args)]
pub struct Auth {
    /// Log in with a code on another device: for a host without a browser
    #[arg(long, group = "way")]
    pub device: bool,
    /// Print the address to open in a browser on this machine, instead of opening it
    #[arg(long, group = "way")]
    pub no_browser: bool,
    /// How long to wait for the login
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = whole(1..=86400))]
    pub timeout: u64,
    /// Show who is logged in and until when, and the state of the bot and its webhooks
    #[arg(long, conflicts_with = "way")]
    pub status: bool,
    /// Forget the login
    #[arg(long, conflicts_with_all = ["way", "status"])]
    pub logout: bool,
    /// Output format of the status
    #[arg(long, value_enum, default_value = "table", requires = "status")]
    pub format: Format,
}

/// The options of `pair`
#[derive(Debug, Default, Args)]
pub struct Pair {
    /// The rounds of a month [default: those still ahead this month, or the next month once none is]
    #[arg(long, value_name = "YYYY-MM", num_args = 0..=1, conflicts_with = "week")]
    pub month: Option<Option<Month>>,
    /// The round of one week, named by any of its days [default: this week, or the next once its round is over]
    #[arg(long, value_name = "YYYY-MM-DD", num_args = 0..=1, value_parser = day)]
    pub week: Option<Option<NaiveDate>>,
    /// Repeat the draw that had this seed [default: a new seed, which is printed]
    #[arg(long, value_name = "N", value_parser = whole(0..=u64::MAX))]
    pub seed: Option<u64>,
    /// Show what would be drawn, and keep nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Save the plan to this file, and change nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub out: Option<PathBuf>,
    /// Apply this saved plan, if the roster, the rules and the history are still the same
    #[arg(long, value_name = "FILE", conflicts_with_all = ["month", "week", "seed", "replace"])]
    pub plan: Option<PathBuf>,
    /// Redraw upcoming rounds, except those that have a booked meeting
    #[arg(long)]
    pub replace: bool,
    /// Redraw upcoming rounds even if meetings are booked: the next `schedule` then cancels their meetings and books new ones
    #[arg(long)]
    pub replace_booked: bool,
    /// Draw even if the roster has lost more than 30% of its people since the last draw
    #[arg(long)]
    pub allow_smaller_roster: bool,
    /// Draw nothing, but take back the upcoming rounds of that month or week that have no booked meeting
    #[arg(long, conflicts_with_all = ["seed", "out", "plan", "replace", "replace_booked", "allow_smaller_roster"])]
    pub undo: bool,
    /// Whether the seed follows from what the draw is based on: `run` draws what its dry run showed
    #[arg(skip)]
    pub seed_of_basis: bool,
}

/// The options of `schedule`
#[derive(Debug, Default, Args)]
pub struct Schedule {
    /// Book the rounds up to this day [default: today plus book_ahead_days]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub through: Option<NaiveDate>,
    /// Show what would be booked, moved and cancelled, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show the call to Webex for each step, too; JSON and CSV always do
    #[arg(long)]
    pub calls: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Cancel or move meetings even if they are more than 30% of those booked
    #[arg(long, alias = "allow-many-cancellations")]
    pub allow_many_changes: bool,
    /// Book meetings again that somebody deleted in Webex
    #[arg(long)]
    pub rebook: bool,
    /// Retry what Webex refused, even if nothing changed
    #[arg(long)]
    pub retry: bool,
    /// After the state was lost: take over the meetings that Webex still has, and book nothing
    #[arg(long, conflicts_with_all = ["through", "rebook", "retry", "allow_many_changes"])]
    pub adopt: bool,
}

/// The options of `notify`
#[derive(Debug, Default, Args)]
pub struct Notify {
    /// Only this kind: greeting, off, back-on, moved, intro, reminder, follow-up (or asked), go-on, left-out, summary,
    /// report, correction, month, month-page or news
    #[arg(long, value_name = "KIND", value_parser = kind(), hide_possible_values = true)]
    pub kind: Option<Kind>,
    /// Send this text (Markdown, up to 2,000 characters) to everybody who takes part, once
    #[arg(long, value_name = "FILE.md", conflicts_with_all = ["kind", "card"])]
    pub announce: Option<PathBuf>,
    /// Add the picture at this https:// address
    #[arg(long, value_name = "URL", requires = "announce")]
    pub image: Option<String>,
    /// Send it only to the organizer
    #[arg(long, requires = "announce")]
    pub test: bool,
    /// Send this Adaptive Card to one person
    #[arg(long, value_name = "FILE.json", requires = "to", conflicts_with_all = ["kind", "dry_run"])]
    pub card: Option<PathBuf>,
    /// The address of the person who gets the card
    #[arg(long, value_name = "EMAIL", requires = "card")]
    pub to: Option<String>,
    /// Whether to greet newcomers, if they are so many at once that the bot asks first
    #[arg(long, value_enum, value_name = "YES|NO", conflicts_with_all = ["kind", "card", "announce"])]
    pub greet: Option<YesNo>,
    /// Whether to ask silent people if they want to go on, if they are so many at once that the bot asks first
    #[arg(long, value_enum, value_name = "YES|NO", conflicts_with_all = ["kind", "card", "announce"])]
    pub ask_silent: Option<YesNo>,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The answer to a question that the bot would otherwise ask the organizer
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    /// Do it
    Yes,
    /// Do not do it
    No,
}

/// The options of `handle-action`
#[derive(Debug, Args)]
pub struct HandleAction {
    /// A file with a webhook's body, or - for stdin
    #[arg(value_name = "FILE|-", conflicts_with = "listen")]
    pub body: Option<PathBuf>,
    /// The value of the X-Spark-Signature header that came with it
    #[arg(long, value_name = "HEX", requires = "body")]
    pub signature: Option<String>,
    /// Receive what people type and tap, until stopped: over Webex's websocket, which needs no address; or as webhooks, if
    /// webhook.public_url is set or an address is given here [default: webhook.listen in the config]
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, value_parser = address)]
    pub listen: Option<Option<SocketAddr>>,
}

/// The options of `completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell to print completions for
    pub shell: clap_complete::Shell,
}

/// The options of `man`
#[derive(Debug, Args)]
pub struct Man {
    /// Where to write them: one file for each command
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
}

/// The options of `forget`
#[derive(Debug, Args)]
pub struct Forget {
    /// The address of the person
    #[arg(value_name = "EMAIL")]
    pub email: String,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Also remove their row from the roster
    #[arg(long)]
    pub from_roster: bool,
    /// Also delete what the bot wrote to them in Webex
    #[arg(long)]
    pub delete_messages: bool,
}

/// The options of `export`
#[derive(Debug, Args)]
pub struct Export {
    /// The address or the name of the person
    #[arg(long, value_name = "WHO")]
    pub person: String,
}

/// The options of `run`
#[derive(Debug, Args)]
pub struct Run {
    /// Show what would be done, stage by stage, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The options of `meetings`
#[derive(Debug, Args)]
pub struct Meetings {
    /// The meetings of the round in this day's week
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub round: Option<NaiveDate>,
    /// The meetings of one person: an address, or a name that only one employee has
    #[arg(long, value_name = "WHO")]
    pub person: Option<String>,
    /// The meetings on or after this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub from: Option<NaiveDate>,
    /// The meetings on or before this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub to: Option<NaiveDate>,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The options of `log`
#[derive(Debug, Args)]
pub struct Log {
    /// What one person did or was part of: an address, or a name that only one employee has
    #[arg(long, value_name = "WHO")]
    pub person: Option<String>,
    /// What belongs to the round in this day's week
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub round: Option<NaiveDate>,
    /// What was done on or after this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub since: Option<NaiveDate>,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The options of `status`
#[derive(Debug, Args)]
pub struct Status {
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The options of `report`
#[derive(Debug, Args)]
pub struct Report {
    /// The first round to include, by its day [default: the first round]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub from: Option<NaiveDate>,
    /// The last round to include, by its day [default: the last round that is over]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub to: Option<NaiveDate>,
    /// Write it to this file: if its name ends in .html, as a page to read, print and pass on
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Name nobody, and hide every figure about fewer than five people
    #[arg(long)]
    pub anonymous: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The options of `doctor`
#[derive(Debug, Args)]
pub struct Doctor {
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Only print the sample data of this card, for the designer of Adaptive Cards
    #[arg(long, value_name = "CARD", conflicts_with = "format")]
    pub card_data: Option<String>,
}

/// The options of `why`
#[derive(Debug, Args)]
pub struct Why {
    /// An address, or a name that only one employee has
    pub person: String,
    /// The other of the two
    pub other: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The options of `simulate`
#[derive(Debug, Args)]
pub struct Simulate {
    /// How many rounds to simulate [default: until repeats begin, at most 520]
    #[arg(long, value_name = "N", value_parser = rounds)]
    pub rounds: Option<usize>,
    /// How many times to simulate them, with the seeds 1 to K
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = whole(1..=1000))]
    pub seeds: u64,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The subcommands of `roster`
#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Show how each column is read, how many people there are of each kind, what looks wrong, and who cannot meet anybody
    Check(RosterCheck),
    /// Bring the roster up to date with a space at Webex: whoever joins it takes part, and whoever leaves it does not
    Pull(RosterPull),
}

/// The options of `roster pull`
#[derive(Debug, Default, Args)]
pub struct RosterPull {
    /// The id of the space [default: what `pull` in the config says]
    #[arg(long, value_name = "ID", conflicts_with = "org")]
    pub room: Option<String>,
    /// For admins: fill in missing departments, managers, time zones and locations from the directory
    #[arg(long)]
    pub org: bool,
    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Write it even if more than 30% of the roster has left the space
    #[arg(long)]
    pub allow_smaller_roster: bool,
}

/// The options of `roster check`
#[derive(Debug, Args)]
pub struct RosterCheck {
    /// The roster file [default: the one in the config]; name a sheet of a workbook as in staff.xlsx#People
    pub file: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

/// The options of `sandbox`
#[derive(Debug, Args)]
pub struct Sandbox {
    /// The address and port to listen on; port 0 takes any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8800", value_parser = address)]
    pub listen: SocketAddr,
    /// Keep everything in this folder for the next time [default: keep nothing]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The roster of the people at this Webex [default: an example company]
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// The time zone files to use [default: the system's]
    #[arg(long, value_name = "DIR")]
    pub zoneinfo: Option<PathBuf>,
    /// A fault to simulate, such as 500:POST:/meetings:3
    #[arg(long, value_name = "FAULT")]
    pub fail: Vec<Fault>,
    /// Accept at most N calls per second
    #[arg(long, value_name = "N", value_parser = pace)]
    pub pace: Option<NonZeroU32>,
    /// Print a config that points at it, and exit
    #[arg(long, conflicts_with = "print_roster")]
    pub print_config: bool,
    /// Print the example company, and exit
    #[arg(long)]
    pub print_roster: bool,
}

/// Years in which calendars and zones are known well enough.
const YEARS: RangeInclusive<i32> = 2000..=2199;

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let moment: DateTime<Utc> = text.parse().map_err(|_| "write it as 2026-12-01T09:00:00Z".to_owned())?;
    day(&moment.date_naive().to_string()).map(|_| moment)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let day: NaiveDate = text.parse().map_err(|_| "write it as 2026-12-01".to_owned())?;
    if YEARS.contains(&day.year()) { Ok(day) } else { Err("the year must be from 2000 to 2199".to_owned()) }
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Any text: shells complete these values, and whoever reads the text says what is wrong with it.
#[derive(Clone)]
struct Suggested(fn() -> Vec<&'static str>);

impl TypedValueParser for Suggested {
    type Value = String;

    fn parse_ref(&self, command: &clap::Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0().into_iter().map(PossibleValue::new)))
    }
}

/// The kinds of messages by which `notify` can be narrowed: by the names that people read, or as they are stored.
fn kind() -> impl TypedValueParser<Value = Kind> {
    let known = || Kind::ALL.into_iter().filter(|(kind, _)| kind.is_sent_by_time());
    let names = known().map(|(_, name)| PossibleValue::new(Kind::title(name)).alias(name));
    PossibleValuesParser::new(names.collect::<Vec<_>>()).try_map(move |text| {
        let found = known().find(|(_, name)| [*name, Kind::title(name)].contains(&&*text));
        found.map(|(kind, _)| kind).ok_or("not a kind of message")
    })
}

fn whole(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| match *range.end() {
            u64::MAX => "must be a whole number".to_owned(),
            most => format!("must be a whole number from {} to {most}", range.start()),
        })
    }
}

fn pace(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| "must be a whole number, 1 or more".to_owned())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "write it with a port, as 127.0.0.1:8800".to_owned())
}

fn rounds(text: &str) -> Result<usize, String> {
    let rounds = text.parse().ok().filter(|rounds| (1..=MOST_ROUNDS).contains(rounds));
    rounds.ok_or_else(|| format!("must be a whole number from 1 to {MOST_ROUNDS}"))
}
