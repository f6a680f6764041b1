//! The config: what the organizer decides, read from a TOML file in which every key is optional. Either all of it is
//! right or all its faults are reported. Knows every key, its default and its possible values; holds no secret, only
//! where each is kept.

pub mod draft;
pub mod secret;
mod toml_reader;

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{NaiveDate, Weekday};

use self::secret::{Place, Secret};
use self::toml_reader::{Document, Problem, Section, Value, choice, flag, line_of, list, text, text_as_written, whole};
use super::address::address;
use super::cells::{nearest, quoted};
use super::dates::{date, date_fault, dates};
use super::faults::{Fault, Faults};
use super::files::regular;
use super::roster::mapping::Mapping;
use super::zones;
use crate::domain::language::Language;
use crate::domain::local_time::clock_time;
use crate::domain::roster_pull::Source;
use crate::domain::settings::{Holidays, Meeting, OddOneOut, Pairing};
use crate::domain::text::squeezed;
use crate::domain::working_hours::Hours;
use crate::domain::working_hours::weekdays::Weekdays;
use crate::store::roster::mapping::Options;

/// The state's file in the config's folder, if the config names none.
pub const STATE: &str = "roulette-state.json";

/// Everything in the config. Paths are as written, or relative to the config's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// What the programme is and who takes part: `[programme]`.
    pub programme: Programme,
    /// Who may meet whom: `[pairing]`.
    pub pairing: Pairing,
    /// When meetings are: `[meeting]`.
    pub meeting: Meeting,
    /// How Webex is used: `[webex]`.
    pub webex: Webex,
    /// How webhooks are received: `[webhook]`.
    pub webhook: Webhook,
    /// What is allowed but odd.
    pub warnings: Vec<Fault>,
}

/// What the programme is and who takes part: `[programme]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// What people read in titles and cards; never blank.
    pub name: String,
    /// The language of the bot and of meeting titles, unless the roster names another for an employee.
    pub language: Language,
    /// A folder of cards that replace the built-in ones of the same name.
    pub cards: Option<PathBuf>,
    /// A file of the organizer's own conversation starters.
    pub starters: Option<PathBuf>,
    /// The path of the roster's file.
    pub roster: PathBuf,
    /// Which columns of the roster hold what, if they have unusual names.
    pub columns: Mapping,
    /// Former domains (lower case) of everybody's addresses, each with the current one.
    pub former_domains: Vec<[String; 2]>,
    /// The path of the state's file.
    pub state: PathBuf,
    /// Addresses (lower case) of those who may command the bot, besides the login's account.
    pub organizers: Vec<String>,
    /// After this many rounds without a sign, somebody is asked whether to go on; 0: never.
    pub silent_rounds: u32,
    /// How many days before the beginning of a month `run` draws it.
    pub draw_days_ahead: u32,
    /// The address that `run` fetches after it went well, or "".
    pub heartbeat: String,
    /// `[privacy]`: how many months after their last round the names of people who left are forgotten; 0: never.
    pub keep_months: u32,
}

/// How Webex is used: `[webex]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webex {
    /// The root of every call, without a slash at the end.
    pub base_url: String,
    /// The integration's id; "" until the organizer has one.
    pub client_id: String,
    /// Where the integration's secret is kept.
    pub client_secret: Secret,
    /// The address to which the browser returns after the login.
    pub redirect_uri: String,
    /// Where the bot's token is kept.
    pub bot_token: Secret,
    /// The file of the organizer's tokens.
    pub tokens: PathBuf,
    /// The id of the organizers' room, or "".
    pub report_room: String,
    /// How many meetings Webex lets the organizer book in a day; at least 1.
    pub meetings_per_day: u32,
    /// How many meetings of one host may be in progress at once; 0: no limit is known.
    pub at_once: usize,
    /// Who hosts the meetings.
    pub host: Host,
    /// How many calls may be in progress at once; at least 1.
    pub parallel: usize,
    /// How long an answer may take.
    pub timeout: Duration,
    /// `[roster] pull`: where the roster is pulled from, if it is pulled.
    pub pull: Option<Source>,
    /// `[meeting] attendance`: whether the login must allow the program to see who came.
    pub attendance: bool,
}

/// The account that hosts the meetings, and so is limited in how many it can have at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// The organizer, who is logged in.
    Organizer,
    /// One of the people who meet; only an admin can book such meetings.
    Participant,
}

/// How webhooks are received: `[webhook]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The address at which Webex can reach the listener, without a slash at the end, or "".
    pub public_url: String,
    /// The address and port to listen on.
    pub listen: SocketAddr,
    /// The secret with which Webex signs its calls.
    pub secret: Secret,
}

/// The config to use: `given`, or else `config.toml` here, or else the one in the user's config folder.
///
/// # Errors
/// Names both places if nothing was given and neither has a config.
pub fn find(given: Option<&Path>) -> Result<PathBuf, Faults> {
    find_in(given, Path::new(""), env::home_dir().as_deref())
}

fn find_in(given: Option<&Path>, here: &Path, home: Option<&Path>) -> Result<PathBuf, Faults> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    let here = here.join("config.toml");
    let own = home.map(|home| home.join(".config/roulette/config.toml"));
    // Whatever is there is meant, and is refused if it is not a file.
    let is_there = |path: &Path| fs::symlink_metadata(path).is_ok();
    if is_there(&here) {
        return Ok(here);
    }
    match own {
        Some(own) if is_there(&own) => Ok(own),
        own => {
            let own = own.map_or_else(|| "~/.config/roulette/config.toml".into(), |own| own.display().to_string());
            let message = format!("there is none here, and no {own} either");
            Err(Faults::whole(&here, message, Some("write one with: roulette init, or name one with --config")))
        }
    }
}

impl Default for Config {
    /// The values of an empty config.
    fn default() -> Self {
        Self::of(&mut Document::default(), Path::new(""))
    }
}

impl Config {
    /// What a reader of the roster needs to know.
    pub fn roster_options(&self) -> Options<'_> {
        let Programme { columns, former_domains, .. } = &self.programme;
        Options { columns, across: &self.pairing.across, former_domains }
    }

    /// Reads the config, and makes the time zone rules that it names apply.
    ///
    /// # Errors
    /// All faults of the file.
    pub fn load(path: &Path) -> Result<Self, Faults> {
        let bytes = regular::read(path).map_err(|error| {
            let hint = "write one with: roulette init, or name another with --config";
            Faults::whole(path, format!("cannot be read: {error}"), Some(hint))
        })?;
        let text = str::from_utf8(&bytes).map_err(|error| {
            let mut faults = Faults::new(path);
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            faults.push(line, None, || "is not UTF-8 text: save the file as UTF-8".to_owned());
            faults
        })?;
        Self::parse(path, text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Faults> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut faults = Faults::new(path);
        let mut document = match Document::parse(text) {
            Ok(document) => document,
            Err((span, message)) => {
                let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
                let letter = 1 + text[start..span.start].chars().count();
                faults.push(line_of(text, span.start), None, || {
                    format!("not TOML at character {letter}: {}", plain(&message))
                });
                return Err(faults);
            }
        };
        let mut config = Self::of(&mut document, folder);
        config.warnings = document
            .warnings()
            .into_iter()
            .map(|(line, key, message)| Fault { line: Some(line), column: Some(key), message })
            .collect();
        for (line, key, message) in document.finish() {
            faults.push(line, key.as_deref(), || message);
        }
        faults.unless(config)
    }

    fn of(document: &mut Document<'_>, folder: &Path) -> Self {
        let mut config = Self {
            programme: document.section("programme", |section| programme(section, folder)),
            pairing: document.section("pairing", pairing),
            meeting: document.section("meeting", |section| meeting(section, folder)),
            webex: document.section("webex", |section| webex(section, folder)),
            webhook: document.section("webhook", |section| webhook(section, folder)),
            warnings: Vec::new(),
        };
        config.webex.pull =
            document.section("roster", |section| section.key("pull", None, text(r#""room:ID" or "org""#, pull)));
        config.programme.keep_months =
            document.section("privacy", |section| section.key("keep_months", 24, whole(0, 600)));
        config.webex.attendance = config.meeting.attendance;
        // Only the organizer hosts several meetings of a round.
        if config.webex.host == Host::Organizer {
            config.meeting.at_once = config.webex.at_once;
        }
        config
    }
}

fn programme(section: &mut Section<'_, '_>, folder: &Path) -> Programme {
    let path_or_none = |text: &str| Ok(if text.is_empty() { None } else { Some(folder.join(text)) });
    Programme {
        name: section.key("name", "Coffee Roulette".to_owned(), text("a name", filled)),
        language: section.key("language", Language::English, choice(&Language::ALL)),
        cards: section.key("cards", None, text_as_written("a folder", path_or_none)),
        starters: section.key("starters", None, text_as_written("a file", path_or_none)),
        roster: section.key("roster", folder.join("employees.csv"), path(folder)),
        columns: section.key("columns", Mapping::default(), mapping),
        former_domains: section.key("former_domains", Vec::new(), former_domains),
        state: section.key("state", folder.join(STATE), path(folder)),
        organizers: section.key("organizers", Vec::new(), list(r#"["ann@example.com"]"#, one_address())),
        silent_rounds: section.key("silent_rounds", 0, whole(0, 52)),
        draw_days_ahead: section.key("draw_days_ahead", 7, whole(0, 31)),
        heartbeat: section.key("heartbeat", String::new(), text("an address", url_or_none)),
        keep_months: 0,
    }
}

/// Headers by the known columns that they hold: `{ email = "Work Email", name = ["First", "Last"] }`.
fn mapping(value: &Value<'_>) -> Result<Mapping, Vec<Problem>> {
    const EXAMPLE: &str = r#"{ email = "Work Email", name = ["First", "Last"] }"#;
    let Some(entries) = value.entries() else { return value.problem(format!("must be a table such as {EXAMPLE}")) };
    let header = || text("a header of the roster", |text| filled(text).map(|text| squeezed(&text).into_owned()));
    let (mut mapping, mut problems) = (Mapping::default(), Vec::new());
    for (key, value) in entries {
        let known = Mapping::names().find(|name| *name == key);
        let headers = match value.str() {
            Some(_) => header()(&value).map(|one| vec![one]),
            None => list(r#"["First", "Last"]"#, header())(&value),
        };
        match (known, headers) {
            (Some(_), Ok(headers)) if headers.is_empty() => {
                problems.extend(value.problem::<()>("must name a header of the roster").err().unwrap_or_default());
            }
            (Some(known), Ok(headers)) => mapping.0.push((known.to_owned(), headers)),
            (Some(_), Err(wrong)) => problems.extend(wrong),
            (None, _) => {
                let message = match nearest(key, Mapping::names()) {
                    Some(meant) => format!("unknown key {}: did you mean `{meant}`?", quoted(key)),
                    None => {
                        let names: Vec<&str> = Mapping::names().collect();
                        format!("unknown key {}: the columns are {}", quoted(key), names.join(", "))
                    }
                };
                problems.extend(value.problem::<()>(message).err().unwrap_or_default());
            }
        }
    }
    if problems.is_empty() { Ok(mapping) } else { Err(problems) }
}

/// Former domains with the current ones: `{ "old.example" = "new.example" }`. Each leads to where people are now.
fn former_domains(value: &Value<'_>) -> Result<Vec<[String; 2]>, Vec<Problem>> {
    const EXAMPLE: &str = r#"{ "old.example" = "new.example" }"#;
    let Some(entries) = value.entries() else { return value.problem(format!("must be a table such as {EXAMPLE}")) };
    let domain = |text: &str| {
        let address = address(&format!("a@{}", text.trim_start_matches('@')));
        address
            .map(|it| it[2..].to_owned())
            .map_err(|_| format!("{} is not a domain such as example.com", quoted(text)))
    };
    let (mut domains, mut problems) = (Vec::<[String; 2]>::new(), Vec::new());
    let mut problem = |value: &Value<'_>, message: String| {
        problems.extend(value.problem::<()>(message).err().unwrap_or_default());
    };
    for (key, value) in &entries {
        match (domain(key), text("a domain", |text| domain(text))(value)) {
            (Ok(old), Ok(new)) if old == new => problem(value, format!("{} is the same domain twice", quoted(&old))),
            (Ok(old), Ok(_)) if domains.iter().any(|[other, _]| *other == old) => {
                problem(value, format!("{} is there twice", quoted(&old)));
            }
            (Ok(old), Ok(new)) => domains.push([old, new]),
            (Err(why), Ok(_)) => problem(value, why),
            (_, Err(_)) => problem(value, format!("must name domains in quotation marks, such as {EXAMPLE}")),
        }
    }
    for (key, value) in &entries {
        let Some([_, new]) = domains.iter().find(|[old, _]| domain(key).as_ref() == Ok(old)) else { continue };
        if let Some([_, next]) = domains.iter().find(|[old, _]| old == new) {
            problem(
                value,
                format!(
                    "{} is itself a former domain, followed by {}: write the current domain after each former one",
                    quoted(new),
                    quoted(next)
                ),
            );
        }
    }
    if problems.is_empty() { Ok(domains) } else { Err(problems) }
}

fn pairing(section: &mut Section<'_, '_>) -> Pairing {
    let column = text("a column of the roster", |text| filled(text).map(|text| text.to_lowercase()));
    Pairing {
        across: section.key("across", vec!["department".to_owned()], list(r#"["department"]"#, column)),
        avoid_repeats_weeks: section.key("avoid_repeats_weeks", 0, whole(0, u32::MAX.into())),
        odd_one_out: section.key(
            "odd_one_out",
            OddOneOut::Trio,
            choice(&[("trio", OddOneOut::Trio), ("rest", OddOneOut::Rest)]),
        ),
        max_pairs_per_round: section.key("max_pairs_per_round", 0, whole(0, u32::MAX.into())),
        never_pair: section.key("never_pair", Vec::new(), list(r#"[["a@example.com", "b@example.com"]]"#, two_people)),
    }
}

fn meeting(section: &mut Section<'_, '_>, folder: &Path) -> Meeting {
    zone_files(section, folder);
    let default = Meeting::default();
    let read_hours = |text: &str| text.parse::<Hours>().map_err(|why| format!("{}: {why}", quoted(text)));
    let zone = |text: &str| zones::named(text).ok_or_else(|| zones::why_not(text));
    let zone = text("a zone such as Europe/Kyiv", zone);
    let timezone = section.key("timezone", zones::zone(default.timezone.id()), zone);
    if let Some(doubt) = zones::doubt(timezone) {
        section.warn(["timezone"; 2], doubt);
    }
    let weekday = section.key("weekday", default.weekday, choice(&WEEKDAYS));
    let hours = text("hours such as 09:00-17:30", read_hours);
    let working_hours = section.key("working_hours", default.working_hours, hours);
    let workdays = workdays(section, weekday, &working_hours);
    Meeting {
        weekday,
        start: section.key("start", default.start, text("a time such as 15:10", clock_time)),
        minutes: section.key("minutes", default.minutes, whole(10, 1439)),
        timezone,
        working_hours,
        workdays,
        skip_dates: section.key("skip_dates", default.skip_dates, days),
        book_ahead_days: section.key("book_ahead_days", default.book_ahead_days, whole(0, u32::MAX.into())),
        every_weeks: section.key("every_weeks", default.every_weeks, whole(1, 8)),
        first_round: section.key("first_round", default.first_round, |value| match value.str() {
            Some("") => Ok(None),
            _ => day(value).map(Some),
        }),
        attendance: section.key("attendance", default.attendance, flag),
        at_once: 0,
        first_drawn: None,
        holidays: section.key("holidays", default.holidays, holidays),
    }
}

/// Makes the time zone rules apply that the config names, before any zone is read.
fn zone_files(section: &mut Section<'_, '_>, folder: &Path) {
    let wanted = section.key("zoneinfo", None, |value| {
        let path = |text: &str| Ok(Some(text).filter(|text| !text.is_empty()).map(|text| folder.join(text)));
        let path = text_as_written("a folder", path)(value)?;
        match zones::use_folder(path.as_deref()) {
            Ok(()) => Ok(path),
            Err(whys) => {
                Err(whys.into_iter().flat_map(|why| value.problem::<()>(why).err().unwrap_or_default()).collect())
            }
        }
    });
    if wanted.is_none() {
        // The system's rules can always be used.
        let _ = zones::use_folder(None);
    }
}

/// The days on which people work: those that are written, otherwise those that the hours name, otherwise Monday to
/// Friday and the day of the rounds.
fn workdays(section: &mut Section<'_, '_>, weekday: Weekday, hours: &Hours) -> Weekdays {
    let with_hours = |days: Weekdays| match hours.days().map(|named| days.without(named)) {
        Some(missing) if !missing.is_empty() => Err(format!("`working_hours` has no hours for {missing}")),
        _ if days.is_empty() => Err("must name a day".to_owned()),
        _ => Ok(days),
    };
    let name = text("days", |text| text.parse::<Weekdays>().map_err(|why| format!("{}: {why}", quoted(text))));
    let names = list(r#"["mon", "tue"]"#, &name);
    let written = section.key("workdays", None, |value| {
        let days = if value.str().is_some() { vec![name(value)?] } else { names(value)? };
        let days = days.into_iter().fold(Weekdays::default(), Weekdays::union);
        with_hours(days).map(Some).or_else(|why| value.problem(why))
    });
    let days = written.or(hours.days()).unwrap_or(Weekdays::MONDAY_TO_FRIDAY.union(weekday.into()));
    if !days.contains(weekday) {
        let message =
            format!("nobody works on {weekday} (the working days are {days}): rounds move to the nearest working day");
        section.warn(["weekday", "workdays"], message);
    }
    days
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

fn webex(section: &mut Section<'_, '_>, folder: &Path) -> Webex {
    let default = |text: &str| text.to_owned();
    let any = |text: &str| Ok(text.to_owned());
    Webex {
        base_url: section.key("base_url", default("https://webexapis.com/v1"), text("an address", root)),
        client_id: section.key("client_id", String::new(), text("an id", any)),
        client_secret: secret(section, "client_secret", "webex.client_secret", "ROULETTE_CLIENT_SECRET", folder),
        redirect_uri: section.key("redirect_uri", default("http://localhost:5000/webexoauth"), text("an address", url)),
        bot_token: secret(section, "bot_token", "webex.bot_token", "ROULETTE_BOT_TOKEN", folder),
        tokens: section.key("tokens", folder.join("roulette-tokens.json"), path(folder)),
        report_room: section.key("report_room", String::new(), text("a room's id", any)),
        meetings_per_day: section.key("meetings_per_day", 100, whole(1, u32::MAX.into())),
        at_once: section.key("at_once", 0, whole(0, 1000)),
        host: section.key(
            "host",
            Host::Organizer,
            choice(&[("organizer", Host::Organizer), ("participant", Host::Participant)]),
        ),
        parallel: section.key("parallel", 8, whole(1, 64)),
        timeout: Duration::from_secs(section.key("timeout_seconds", 30, whole(1, 600))),
        pull: None,
        attendance: false,
    }
}

fn webhook(section: &mut Section<'_, '_>, folder: &Path) -> Webhook {
    let root_or_none = |text: &str| if text.is_empty() { Ok(String::new()) } else { root(text) };
    let listen = |text: &str| {
        text.parse().map_err(|_| format!("{} is not an address and port such as 127.0.0.1:56733", quoted(text)))
    };
    Webhook {
        public_url: section.key("public_url", String::new(), text("an address", root_or_none)),
        listen: section.key("listen", SocketAddr::from(([127, 0, 0, 1], 56733)), text("an address and port", listen)),
        secret: secret(section, "secret", "webhook.secret", "ROULETTE_WEBHOOK_SECRET", folder),
    }
}

fn pull(text: &str) -> Result<Option<Source>, String> {
    match (text.trim(), text.trim().split_once(':')) {
        ("", _) => Ok(None),
        ("org", _) => Ok(Some(Source::Organization)),
        (_, Some(("room", id))) if !id.trim().is_empty() => Ok(Some(Source::Room(id.trim().to_owned()))),
        _ => Err(format!(r#"{} is neither "room:ID", with the id of a space, nor "org""#, quoted(text))),
    }
}

fn filled(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("must not be blank".to_owned()) } else { Ok(text.to_owned()) }
}

fn path(folder: &Path) -> impl Fn(&Value<'_>) -> Result<PathBuf, Vec<Problem>> {
    text_as_written("a file", |text| filled(text).map(|text| folder.join(text)))
}

fn url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    // What comes before it is a name and a password, and is not repeated.
    let host = rest.or(text.split_once("//").map(|(_, rest)| rest)).unwrap_or(text);
    if host.split(['/', '?', '#', '\\']).next().is_some_and(|host| host.contains('@')) {
        return Err("has a name or password before an @, which is not allowed: write the address without it".to_owned());
    }
    match rest {
        Some(rest) if !rest.starts_with('/') && !rest.is_empty() && !rest.contains(char::is_whitespace) => {
            Ok(text.to_owned())
        }
        _ => Err(format!("{} is not an address such as https://example.com", quoted(text))),
    }
}

fn url_or_none(text: &str) -> Result<String, String> {
    if text.is_empty() { Ok(String::new()) } else { url(text) }
}

fn root(text: &str) -> Result<String, String> {
    url(text).map(|url| url.trim_end_matches('/').to_owned())
}

/// A date, with or without quotation marks as TOML allows.
fn day(value: &Value<'_>) -> Result<NaiveDate, Vec<Problem>> {
    let read = |text: &str| date(text).ok_or_else(|| date_fault(text));
    match value.toml_date() {
        Some(text) => read(&text).or_else(|message| value.problem(message)),
        None => text("a date such as 2026-12-25", read)(value),
    }
}

/// Dates and ranges of them, ascending.
fn days(value: &Value<'_>) -> Result<Vec<NaiveDate>, Vec<Problem>> {
    let some = |value: &Value<'_>| match value.toml_date() {
        Some(_) => day(value).map(|day| vec![day]),
        None => text("a date such as 2026-12-25", dates)(value),
    };
    let mut days = list(r#"["2026-12-25", "2026-12-28..2027-01-03"]"#, some)(value)?.concat();
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// A table of holidays: the column, and the days off for its values.
fn holidays(value: &Value<'_>) -> Result<Option<Holidays>, Vec<Problem>> {
    let form = r#"{ column = "location", Kyiv = ["2027-01-01"] }"#;
    let Some(entries) = value.entries() else { return value.problem(format!("must be a table such as {form}")) };
    let (mut column, mut by_value, mut problems) = (None, Vec::<(String, Vec<NaiveDate>)>::new(), Vec::new());
    for (key, value) in &entries {
        if *key == "column" {
            match text("a column of the roster", filled)(value) {
                Ok(name) => column = Some(name.to_lowercase()),
                Err(mut wrong) => problems.append(&mut wrong),
            }
            continue;
        }
        match days(value) {
            Ok(days) => {
                let key = key.split_whitespace().collect::<Vec<_>>().join(" ");
                match by_value.iter_mut().find(|(other, _)| other.to_lowercase() == key.to_lowercase()) {
                    Some((_, all)) => all.extend(days),
                    None => by_value.push((key, days)),
                }
            }
            Err(mut wrong) => problems.append(&mut wrong),
        }
    }
    by_value.iter_mut().for_each(|(_, days)| {
        days.sort_unstable();
        days.dedup();
    });
    match column {
        _ if !problems.is_empty() => Err(problems),
        None if by_value.is_empty() => Ok(None),
        None => value.problem(format!("must say which column has these values: {form}")),
        Some(column) => Ok(Some(Holidays { column, days: by_value })),
    }
}

fn one_address() -> impl Fn(&Value<'_>) -> Result<String, Vec<Problem>> {
    text("an address", |text| match address(text) {
        Ok(address) => Ok(address.into_string()),
        Err(why) => Err(format!("{} {why}", quoted(text))),
    })
}

fn two_people(value: &Value<'_>) -> Result<[String; 2], Vec<Problem>> {
    let people = list(r#"["a@example.com", "b@example.com"]"#, one_address())(value)?;
    match <[String; 2]>::try_from(people) {
        Ok([one, other]) if one == other => {
            value.problem(format!("needs two different addresses, not {} twice", quoted(&one)))
        }
        Ok(two) => Ok(two),
        Err(people) => value.problem(format!("needs two addresses, not {}", people.len())),
    }
}

/// Reads where a secret is kept. No message repeats what is written there: it may be the secret itself.
fn secret(section: &mut Section<'_, '_>, key: &'static str, full: &'static str, env: &str, folder: &Path) -> Secret {
    let place = section.key(key, Place::Env(env.to_owned()), |value| {
        let forms = format!(r#"write {{ env = "{env}" }} or {{ file = "{key}.txt" }}"#);
        if value.str().is_some() {
            return value.problem(format!("a secret does not belong in this file: {forms}"));
        }
        let entries = value.entries().unwrap_or_default();
        let [(form, place)] = &entries[..] else { return value.problem(forms) };
        let text = place.str().unwrap_or_default().trim();
        match *form {
            "env" if is_variable(text) => Ok(Place::Env(text.to_owned())),
            "env" => place.problem("`env` must be the name of an environment variable"),
            "file" if !text.is_empty() => Ok(Place::File(folder.join(text))),
            "file" => place.problem("`file` must name a file"),
            other => match nearest(other, ["env", "file"]) {
                Some(meant) => value.problem(format!("unknown key {}: did you mean `{meant}`?", quoted(other))),
                None => value.problem(forms),
            },
        }
    });
    Secret { key: full, place }
}

fn is_variable(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The parser's message, with what to do where it does not say so.
fn plain(message: &str) -> String {
    match message {
        "duplicate key" => "this key or table is there already, further up: put what you add there".to_owned(),
        "invalid basic string, expected `\"`" => "the closing quotation mark is missing".to_owned(),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
