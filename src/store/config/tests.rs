//! Configs that are right, and every kind of fault.

use super::*;
use crate::domain::zone::Zone;

fn parsed(text: &str) -> Result<Config, Faults> {
    Config::parse(Path::new("there/config.toml"), text)
}

fn faults(text: &str) -> String {
    parsed(text).unwrap_err().to_string().replace("there/config.toml:", "")
}

#[test]
fn an_empty_config_has_every_default() {
    let env = |key, name: &str| Secret { key, place: Place::Env(name.to_owned()) };
    let expected = Config {
        programme: Programme {
            name: "Coffee Roulette".to_owned(),
            language: Language::English,
            cards: None,
            starters: None,
            silent_rounds: 0,
            roster: "there/employees.csv".into(),
            columns: Mapping::default(),
            former_domains: Vec::new(),
            state: "there/roulette-state.json".into(),
            organizers: Vec::new(),
            draw_days_ahead: 7,
            heartbeat: String::new(),
            keep_months: 24,
        },
        pairing: Pairing {
            across: vec!["department".to_owned()],
            avoid_repeats_weeks: 0,
            odd_one_out: OddOneOut::Trio,
            max_pairs_per_round: 0,
            never_pair: Vec::new(),
        },
        meeting: Meeting {
            weekday: Weekday::Wed,
            start: clock_time("15:10").unwrap(),
            minutes: 30,
            timezone: Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv),
            working_hours: "09:00-17:30".parse().unwrap(),
            workdays: Weekdays::MONDAY_TO_FRIDAY,
            every_weeks: 1,
            first_round: None,
            first_drawn: None,
            skip_dates: Vec::new(),
            holidays: None,
            book_ahead_days: 7,
            attendance: false,
            at_once: 0,
        },
        webex: Webex {
            base_url: "https://webexapis.com/v1".to_owned(),
            client_id: String::new(),
            client_secret: env("webex.client_secret", "ROULETTE_CLIENT_SECRET"),
            redirect_uri: "http://localhost:5000/webexoauth".to_owned(),
            bot_token: env("webex.bot_token", "ROULETTE_BOT_TOKEN"),
            tokens: "there/roulette-tokens.json".into(),
            report_room: String::new(),
            meetings_per_day: 100,
            at_once: 0,
            host: Host::Organizer,
            parallel: 8,
            timeout: Duration::from_secs(30),
            pull: None,
            attendance: false,
        },
        webhook: Webhook {
            public_url: String::new(),
            listen: "127.0.0.1:56733".parse().unwrap(),
            secret: env("webhook.secret", "ROULETTE_WEBHOOK_SECRET"),
        },
        warnings: Vec::new(),
    };
    assert_eq!(parsed(""), Ok(expected.clone()));
    assert_eq!(parsed("\u{feff}[meeting]\r\n[webhook]\r\n"), Ok(expected));
}

#[test]
fn the_example_has_every_key_with_its_default() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml");
    let folder = path.parent().unwrap();
    let mut config = Config::load(&path).unwrap();
    assert_eq!(config.programme.roster, folder.join("employees.example.csv"));
    config.programme.roster = folder.join("employees.csv");
    assert_eq!(config, Config::parse(&path, "").unwrap());

    let table: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
    let mut keys: Vec<String> = Vec::new();
    for (section, values) in &table {
        keys.extend(values.as_table().unwrap().keys().map(|key| format!("{section}.{key}")));
    }
    let design = "\
        meeting.attendance meeting.book_ahead_days meeting.every_weeks meeting.first_round meeting.holidays meeting.minutes meeting.skip_dates meeting.start meeting.timezone meeting.weekday \
        meeting.workdays meeting.working_hours meeting.zoneinfo pairing.across pairing.avoid_repeats_weeks pairing.max_pairs_per_round \
        pairing.never_pair pairing.odd_one_out privacy.keep_months programme.cards programme.columns programme.draw_days_ahead programme.former_domains programme.heartbeat programme.language programme.name programme.organizers \
        programme.roster programme.silent_rounds programme.starters programme.state roster.pull webex.at_once webex.base_url webex.bot_token webex.client_id webex.client_secret webex.host webex.meetings_per_day webex.parallel \
        webex.redirect_uri webex.report_room webex.timeout_seconds webex.tokens webhook.listen \
        webhook.public_url webhook.secret";
    keys.sort_unstable();
    assert_eq!(keys.join(" "), design);
}

#[test]
fn every_key_can_be_changed() {
    let config = parsed(
        r#"
        [programme]
        name = " Tea "
        language = "UK"
        cards = "our-cards"
        starters = "ours.txt"
        roster = "/srv/people.csv"
        state = "data/state.json"
        organizers = ["Ann@Example.com"]
        columns = { email = "Mail" }
        former_domains = { "Old.example" = "new.example" }
        silent_rounds = 4
        draw_days_ahead = 10
        heartbeat = "https://example.com/alive"
        [pairing]
        across = ["Department", "location"]
        avoid_repeats_weeks = 8
        odd_one_out = "Rest"
        max_pairs_per_round = 20
        never_pair = [["Ann@example.com", "bo@example.com"]]
        [meeting]
        weekday = "Thursday"
        workdays = ["Sunday", "mon", "Di-Do"]
        start = "9:05"
        minutes = 1439
        timezone = "europe/berlin"
        working_hours = "08:00-16:00"
        every_weeks = 2
        first_round = "2026-12-16"
        skip_dates = [2027-01-01, "2026-12-25 00:00", "2027-01-01..2027-01-03"]
        holidays = { column = "Country", Ukraine = ["2026-12-25", 2026-12-24], "Sri  Lanka" = ["01.01.2027 00:00"] }
        book_ahead_days = 0
        attendance = true
        [webex]
        base_url = "http://127.0.0.1:4000/"
        client_id = "C1"
        client_secret = { file = "secret.txt" }
        redirect_uri = "https://example.com/back/"
        bot_token = { env = "BOT" }
        tokens = "t.json"
        report_room = "R1"
        meetings_per_day = 3000
        at_once = 2
        host = "participant"
        parallel = 3
        timeout_seconds = 5
        [roster]
        pull = "room: Y2lz"
        [privacy]
        keep_months = 6
        [webhook]
        public_url = "https://roulette.example.com/"
        listen = "[::1]:80"
        secret = { file = "/run/hook" }
        "#,
    )
    .unwrap();
    let programme = Programme {
        name: "Tea".to_owned(),
        language: Language::Ukrainian,
        cards: Some("there/our-cards".into()),
        starters: Some("there/ours.txt".into()),
        roster: "/srv/people.csv".into(),
        columns: Mapping(vec![("email".to_owned(), vec!["Mail".to_owned()])]),
        former_domains: vec![["old.example".to_owned(), "new.example".to_owned()]],
        state: "there/data/state.json".into(),
        organizers: vec!["ann@example.com".to_owned()],
        silent_rounds: 4,
        draw_days_ahead: 10,
        heartbeat: "https://example.com/alive".to_owned(),
        keep_months: 6,
    };
    assert_eq!(config.programme, programme);
    let pairing = Pairing {
        across: vec!["department".to_owned(), "location".to_owned()],
        avoid_repeats_weeks: 8,
        odd_one_out: OddOneOut::Rest,
        max_pairs_per_round: 20,
        never_pair: vec![["ann@example.com".to_owned(), "bo@example.com".to_owned()]],
    };
    assert_eq!(config.pairing, pairing);
    let meeting = Meeting {
        weekday: Weekday::Thu,
        start: clock_time("09:05").unwrap(),
        minutes: 1439,
        timezone: Zone::compiled_in(chrono_tz::Tz::Europe__Berlin),
        working_hours: "08:00-16:00".parse().unwrap(),
        workdays: "Sun-Thu".parse().unwrap(),
        every_weeks: 2,
        first_round: date("2026-12-16"),
        first_drawn: None,
        holidays: Some(Holidays {
            column: "country".to_owned(),
            days: vec![
                ("Sri Lanka".to_owned(), vec![date("2027-01-01").unwrap()]),
                ("Ukraine".to_owned(), vec![date("2026-12-24").unwrap(), date("2026-12-25").unwrap()]),
            ],
        }),
        skip_dates: ["2026-12-25", "2027-01-01", "2027-01-02", "2027-01-03"].map(|day| date(day).unwrap()).to_vec(),
        book_ahead_days: 0,
        attendance: true,
        at_once: 0,
    };
    assert_eq!(config.meeting, meeting);
    let webex = Webex {
        base_url: "http://127.0.0.1:4000".to_owned(),
        client_id: "C1".to_owned(),
        client_secret: Secret { key: "webex.client_secret", place: Place::File("there/secret.txt".into()) },
        redirect_uri: "https://example.com/back/".to_owned(),
        bot_token: Secret { key: "webex.bot_token", place: Place::Env("BOT".to_owned()) },
        tokens: "there/t.json".into(),
        report_room: "R1".to_owned(),
        meetings_per_day: 3000,
        at_once: 2,
        host: Host::Participant,
        parallel: 3,
        timeout: Duration::from_secs(5),
        pull: Some(Source::Room("Y2lz".to_owned())),
        attendance: true,
    };
    assert_eq!(config.webex, webex);
    let webhook = Webhook {
        public_url: "https://roulette.example.com".to_owned(),
        listen: "[::1]:80".parse().unwrap(),
        secret: Secret { key: "webhook.secret", place: Place::File("/run/hook".into()) },
    };
    assert_eq!(config.webhook, webhook);
}

#[test]
fn all_faults_come_at_once_each_with_its_line_and_key() {
    let text = r#"minutes = 5
[programme]
name = " "
roster = 7
language = "ua"
[pairing]
across = ["department", 3, ""]
avoid_repeats_weeks = -1
odd_one_out = "solo"
max_pairs_per_round = "20"
never_pair = [
  ["a@example.com", "A@example.com"],
  ["a@example.com"],
  ["ann", "bo@example.com"],
]
[meeting]
weekday = "wensday"
start = "25:00"
minutes = 5
timezone = "Europe/Kiyv"
working_hours = "17:30-09:00"
skip_dates = ["12.25.2026", true]
"#;
    insta::assert_snapshot!(faults(text), @r#"
    1: unknown key `minutes`: it belongs in [meeting]
    3: programme.name: must not be blank
    4: programme.roster: must be a file in quotation marks, not `7`
    5: programme.language: must be en or uk, not `"ua"`
    7: pairing.across: must be a column of the roster in quotation marks, not `3`
    7: pairing.across: must not be blank
    8: pairing.avoid_repeats_weeks: must be a whole number, 0 or more, not `-1`
    9: pairing.odd_one_out: must be trio or rest, not `"solo"`
    10: pairing.max_pairs_per_round: must be a whole number, 0 or more, not `"20"`
    12: pairing.never_pair: needs two different addresses, not “a@example.com” twice
    13: pairing.never_pair: needs two addresses, not 1
    14: pairing.never_pair: “ann” has no @
    17: meeting.weekday: “wensday” is unknown: did you mean wednesday?
    18: meeting.start: “25:00” is not a time such as 15:10
    19: meeting.minutes: must be a whole number from 10 to 1439, not `5`
    20: meeting.timezone: “Europe/Kiyv” is not a time zone: did you mean Europe/Kyiv?
    21: meeting.working_hours: “17:30-09:00”: the hours end before they begin
    22: meeting.skip_dates: “12.25.2026” is not a date such as 2026-12-10
    22: meeting.skip_dates: must be a date such as 2026-12-25 in quotation marks, not `true`
    "#);
}

#[test]
fn a_password_in_an_address_is_refused_and_not_repeated() {
    for address in
        ["https://ann:hush@example.com", "http://hush@127.0.0.1:1/v1", "ann:hush@example.com", "ftp://a:hush@b"]
    {
        for key in ["[webex]\nbase_url", "[webex]\nredirect_uri", "[webhook]\npublic_url"] {
            let said = faults(&format!("{key} = \"{address}\"\n"));
            assert!(said.contains("has a name or password before an @") && !said.contains("hush"), "{said}");
        }
    }
}

#[test]
fn the_other_sections_tell_their_faults_too() {
    let text = r#"
[webex]
base_url = "webexapis.com"
meetings_per_day = 0
at_once = 1001
host = "me"
tokens = ""
[webhook]
public_url = "example.com"
listen = "localhost"
"#;
    insta::assert_snapshot!(faults(text), @r#"
    3: webex.base_url: “webexapis.com” is not an address such as https://example.com
    4: webex.meetings_per_day: must be a whole number, 1 or more, not `0`
    5: webex.at_once: must be a whole number from 0 to 1000, not `1001`
    6: webex.host: must be organizer or participant, not `"me"`
    7: webex.tokens: must not be blank
    9: webhook.public_url: “example.com” is not an address such as https://example.com
    10: webhook.listen: “localhost” is not an address and port such as 127.0.0.1:56733
    "#);
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let text = r#"
webhook = 3
weekday = "monday"
pairing.acros = []
pairing.minuts = 3
programme.xyz = 3
[meetings]
start = "15:10"
[xyz]
"#;
    insta::assert_snapshot!(faults(text), @"
    2: webhook: must be a section: write [webhook] on a line of its own
    3: unknown key `weekday`: it belongs in [meeting]
    4: unknown key `pairing.acros`: did you mean `across`?
    5: unknown key `pairing.minuts`: did you mean `minutes` in [meeting]?
    6: unknown key `programme.xyz`: the keys of [programme] are name, language, cards, starters, roster, columns, former_domains, state, organizers, silent_rounds, draw_days_ahead, heartbeat
    7: unknown section [meetings]: did you mean [meeting]?
    9: unknown section “xyz”: the sections are programme, pairing, meeting, webex, webhook, roster, privacy
    ");
}

#[test]
fn columns_of_the_roster_can_be_named() {
    let text = "[programme.columns]\nemail = \"Work Email\"\nname = [\"First\", \" Last \"]\nstatus = \"Zustand\"\n";
    let named = |known: &str, headers: &[&str]| {
        (known.to_owned(), headers.iter().map(|header| (*header).to_owned()).collect::<Vec<_>>())
    };
    let mut columns = parsed(text).unwrap().programme.columns.0;
    columns.sort();
    assert_eq!(
        columns,
        [named("email", &["Work Email"]), named("name", &["First", "Last"]), named("status", &["Zustand"])]
    );
    let wrong = "[programme.columns]\nemial = \"Work Email\"\nname = 3\nxyz = \"A\"\ntags = []\nlocation = \" \"\n";
    insta::assert_snapshot!(faults(wrong), @r#"
    2: programme.columns: unknown key “emial”: did you mean `email`?
    3: programme.columns: must be a list such as ["First", "Last"], not `3`
    4: programme.columns: unknown key “xyz”: the columns are email, name, department, timezone, location, manager, working_hours, workdays, paused_until, language, formerly, tags, status
    5: programme.columns: must name a header of the roster
    6: programme.columns: must not be blank
    "#);
    insta::assert_snapshot!(faults("[programme]\ncolumns = \"email\"\n"), @r#"2: programme.columns: must be a table such as { email = "Work Email", name = ["First", "Last"] }"#);
}

#[test]
fn former_domains_lead_to_where_people_are_now() {
    let domains =
        |text: &str| parsed(&format!("[programme]\nformer_domains = {text}\n")).unwrap().programme.former_domains;
    let pair = |old: &str, new: &str| [old.to_owned(), new.to_owned()];
    assert!(domains("{}").is_empty());
    assert_eq!(
        domains(r#"{ "OLD.example" = "@new.example", "older.example" = "New.example" }"#),
        [pair("old.example", "new.example"), pair("older.example", "new.example")]
    );
    for (wrong, why) in [
        ("3", r#"must be a table such as { "old.example" = "new.example" }"#),
        (r#"{ old.example = "new.example" }"#, "must name domains in quotation marks"),
        (r#"{ "old.example" = 3 }"#, "must name domains in quotation marks"),
        (r#"{ "old example" = "new.example" }"#, "“old example” is not a domain such as example.com"),
        (r#"{ "a.example" = "A.example" }"#, "“a.example” is the same domain twice"),
        (r#"{ "a.example" = "b.example", "A.example" = "c.example" }"#, "“a.example” is there twice"),
        (
            r#"{ "a.example" = "b.example", "b.example" = "c.example" }"#,
            "“b.example” is itself a former domain, followed by “c.example”: write the current domain after each",
        ),
        (r#"{ "a.example" = "b.example", "b.example" = "a.example" }"#, "“b.example” is itself a former domain"),
    ] {
        let faults = faults(&format!("[programme]\nformer_domains = {wrong}\n"));
        assert!(faults.starts_with("2: programme.former_domains: ") && faults.contains(why), "{wrong}: {faults}");
    }
}

#[test]
fn what_is_typed_in_two_ways_is_read_in_one() {
    let text =
        "[programme]\nname = \"Cafe\u{301}\"\nroster = \"Bu\u{308}ro.csv\"\n[pairing]\nacross = [\"Bu\u{308}ro\"]\n";
    let config = parsed(text).unwrap();
    assert_eq!((&*config.programme.name, &*config.pairing.across[0]), ("Café", "büro"));
    assert_eq!(config.programme.roster, Path::new("there/Bu\u{308}ro.csv"), "a file is called as it is called");
}

#[test]
fn an_address_in_the_config_has_nothing_that_nobody_sees() {
    let text = "[pairing]\nnever_pair = [[\"ann@example.com\", \"bo\u{200b}@example.com\"], [\"аnn@example.com\", \"b@x.org\"]]\n";
    insta::assert_snapshot!(faults(text), @r"
    2: pairing.never_pair: “bo\u{200b}@example.com” has an invisible character (U+200B) as its character 3: type the address again
    2: pairing.never_pair: “аnn@example.com” mixes Latin and Cyrillic letters: “а” is U+0430: type the address again
    ");
}

#[test]
fn a_secret_in_the_config_is_refused_and_not_repeated() {
    let text = r#"
[webex]
client_secret = "hush-hush"
bot_token = { env = "hush-hush" }
[webhook]
secret = { fil = "hush-hush" }
"#;
    let message = faults(text);
    assert!(!message.contains("hush"));
    insta::assert_snapshot!(message, @r#"
    3: webex.client_secret: a secret does not belong in this file: write { env = "ROULETTE_CLIENT_SECRET" } or { file = "client_secret.txt" }
    4: webex.bot_token: `env` must be the name of an environment variable
    6: webhook.secret: unknown key “fil”: did you mean `file`?
    "#);
    let other = "[webex]\nclient_secret = {}\nbot_token = { env = 'A', file = 'b' }\n[webhook]\nsecret.file = ''\n";
    insta::assert_snapshot!(faults(other), @r#"
    2: webex.client_secret: write { env = "ROULETTE_CLIENT_SECRET" } or { file = "client_secret.txt" }
    3: webex.bot_token: write { env = "ROULETTE_BOT_TOKEN" } or { file = "bot_token.txt" }
    5: webhook.secret: `file` must name a file
    "#);
}

#[test]
fn what_is_not_toml_says_where() {
    insta::assert_snapshot!(faults("[meeting]\nweekday = monday\n"), @"2: not TOML at character 11: string values must be quoted, expected literal string");
    insta::assert_snapshot!(faults("[meeting]\nname = \"Ось\" x\n"), @"2: not TOML at character 14: unexpected key or value, expected newline, `#`");
    insta::assert_snapshot!(faults("[meeting]\nminutes = 30\nminutes = 40\n"), @"3: not TOML at character 1: this key or table is there already, further up: put what you add there");
    insta::assert_snapshot!(faults("[meeting\nminutes = 30\n"), @"1: not TOML at character 9: unclosed table, expected `]`");
    insta::assert_snapshot!(faults("[programme]\nname = \"Tea\nstate = 1"), @"2: not TOML at character 12: the closing quotation mark is missing");
}

#[test]
fn the_config_here_comes_before_the_one_at_home() {
    let folder = tempfile::tempdir().unwrap();
    let (here, home) = (folder.path().join("here"), folder.path().join("home"));
    let found = |given: Option<&str>| find_in(given.map(Path::new), &here, Some(&home));
    assert_eq!(found(Some("x.toml")), Ok("x.toml".into()));
    let fault = found(None).unwrap_err().to_string().replace(&folder.path().display().to_string(), "");
    assert_eq!(
        fault,
        "/here/config.toml: there is none here, and no /home/.config/roulette/config.toml either\n\
         hint: write one with: roulette init, or name one with --config"
    );
    let own = home.join(".config/roulette/config.toml");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, "").unwrap();
    assert_eq!(found(None), Ok(own));
    fs::create_dir(&here).unwrap();
    fs::write(here.join("config.toml"), "").unwrap();
    assert_eq!(found(None), Ok(here.join("config.toml")));
}

#[test]
fn a_config_that_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let fault = || Config::load(&path).unwrap_err().to_string().replace(&path.display().to_string(), "");
    assert_eq!(
        fault(),
        ": cannot be read: No such file or directory (os error 2)\n\
         hint: write one with: roulette init, or name another with --config"
    );
    fs::write(&path, b"[programme]\nname = \"\xff\"\n").unwrap();
    assert_eq!(fault(), ":2: is not UTF-8 text: save the file as UTF-8");
}

#[test]
fn work_days_are_those_that_are_written_or_follow_from_the_rest() {
    let cases = [
        ("", "Mon-Fri"),
        ("weekday = \"saturday\"", "Mon-Sat"),
        ("working_hours = \"Sun-Thu 9-17\"\nweekday = \"sunday\"", "Mon-Thu, Sun"),
        ("workdays = \"Sun-Thu\"", "Mon-Thu, Sun"),
        ("workdays = [\"mon-wed\", \"П'ятниця\"]", "Mon-Wed, Fri"),
    ];
    for (text, days) in cases {
        let config = parsed(&format!("[meeting]\n{text}")).unwrap();
        assert_eq!(config.meeting.workdays.to_string(), days, "{text}");
        assert_eq!(config.warnings, [], "{text}");
    }
}

#[test]
fn a_round_on_a_day_that_is_no_work_day_is_warned_of() {
    let config = parsed("[meeting]\nweekday = \"friday\"\nworkdays = [\"sun\", \"mon-thu\"]\n").unwrap();
    let warnings: Vec<String> = config.warnings.iter().map(|one| one.in_file(Path::new("config.toml"))).collect();
    assert_eq!(
        warnings,
        ["config.toml:2: meeting.weekday: nobody works on Fri (the working days are Mon-Thu, Sun): rounds move to \
                the nearest working day"]
    );
}

#[test]
fn work_days_that_are_none_or_have_no_hours_are_refused() {
    let text = r#"[meeting]
working_hours = "Mon-Thu 09:00-17:30"
workdays = ["mon", "fri"]
"#;
    assert_eq!(faults(text), "3: meeting.workdays: `working_hours` has no hours for Fri");
    assert_eq!(faults("[meeting]\nworkdays = []"), "2: meeting.workdays: must name a day");
    let wrong = "“noday” is not understood: write days as Mon-Fri or Mon, Wed, Fri";
    assert_eq!(faults("[meeting]\nworkdays = [\"noday\"]"), format!("2: meeting.workdays: “noday”: {wrong}"));
}

#[test]
fn holidays_say_what_is_wrong_with_them() {
    let text = r#"[meeting]
every_weeks = 9
first_round = "soon"
skip_dates = ["2027-01-03..2026-12-21"]
[meeting.holidays]
Kyiv = ["2027-01-01", "1 Jan"]
Berlin = "2027-01-01"
"#;
    insta::assert_snapshot!(faults(text), @r#"
    2: meeting.every_weeks: must be a whole number from 1 to 8, not `9`
    3: meeting.first_round: “soon” is not a date such as 2026-12-10
    4: meeting.skip_dates: “2027-01-03..2026-12-21” ends before it begins
    6: meeting.holidays: “1 Jan” is not a date such as 2026-12-10
    7: meeting.holidays: must be a list such as ["2026-12-25", "2026-12-28..2027-01-03"], not `"2027-01-01"`
    "#);
    let column = parsed("[meeting]\nholidays = { Kyiv = [\"2027-01-01\"] }").unwrap_err().to_string();
    assert!(column.contains("must say which column has these values"), "{column}");
    let none = parsed("[meeting]\nholidays = {}").unwrap();
    assert_eq!(none.meeting.holidays, None);
}
