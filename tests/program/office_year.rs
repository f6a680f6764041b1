//! Ten months of an office unlike the author's: zones whose rules changed, two kinds of weekends, part-timers, several
//! spans of hours, holidays of two places, and a round every second week, with daily timers. What happened is read from
//! the small Webex, and compared with what this test knows about the people.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use petgraph::graph::UnGraph;
use serde_json::Value;

use crate::support::booked::{Booked, report_room};
use crate::support::chat::Chat;
use crate::support::world::pairs_within;
use crate::zones::{folder, shown, zone_file};

/// When a timer runs `notify`, in minutes of the day in UTC.
const RUNS: [i64; 2] = [490, 1230];

const BOT: &str = "roulette@webex.bot";

/// Hours as the roster has them, and as they are: days (0 is Monday), from, to, in minutes.
#[allow(clippy::type_complexity)] // a table, read here only
const HOURS: &[(&str, &[(&str, i64, i64)])] = &[
    ("", &[("0123456", 540, 1050)]),
    ("9-17", &[("0123456", 540, 1020)]),
    ("09:00-12:00,13:00-17:00", &[("0123456", 540, 720), ("0123456", 780, 1020)]),
    ("9:00 AM - 5:30 PM", &[("0123456", 540, 1050)]),
    ("Mon-Thu 09:00-17:30, Fri 09:00-13:00", &[("0123", 540, 1050), ("4", 540, 780)]),
    ("Sun-Wed 08:00-17:00; Thu 08:00-12:00", &[("6012", 480, 1020), ("3", 480, 720)]),
    ("06:00-14:00", &[("0123456", 360, 840)]),
    ("06:00:00-10:00:00, 12-15", &[("0123456", 360, 600), ("0123456", 720, 900)]),
    ("22:00-06:00", &[("0123456", 1320, 1800)]),
];

/// Days as the roster has them, and as they are.
const WORKDAYS: &[(&str, &str)] = &[
    ("", "01234"),
    ("Sun-Thu", "60123"),
    ("Mon-Fri", "01234"),
    ("Mon-Wed", "012"),
    ("Mo,Mi,Fr", "024"),
    ("Wed", "2"),
    ("Thu-Fri", "34"),
];

/// Days off by location, from and to.
const HOLIDAYS: &[(&str, &str, &str)] = &[
    ("Kyiv", "2027-03-15", "2027-03-16"),
    ("Kyiv", "2027-05-12", "2027-05-12"),
    ("Kyiv", "2027-07-05", "2027-07-07"),
    ("Kyiv", "2027-08-31", "2027-08-31"),
    ("Haifa", "2027-04-28", "2027-05-05"),
    ("Haifa", "2027-09-12", "2027-09-14"),
];
const OFF_FOR_ALL: &[(&str, &str)] = &[("2026-12-21", "2027-01-03"), ("2027-03-31", "2027-03-31")];

/// Name, department, location, zone, hours, workdays.
const PEOPLE: &[[&str; 6]] = &[
    ["ada", "Sales", "Kyiv", "", "", ""],
    ["bob", "Sales", "Haifa", "Asia/Jerusalem", "Sun-Wed 08:00-17:00; Thu 08:00-12:00", "Sun-Thu"],
    ["cem", "Sales", "Berlin", "Europe/Berlin", "9:00 AM - 5:30 PM", "Mon-Fri"],
    ["dan", "Sales", "Vancouver", "America/Vancouver", "06:00-14:00", ""],
    ["eva", "Sales", "Kyiv", "Europe/Kyiv", "09:00-12:00,13:00-17:00", "Mon-Wed"],
    ["fay", "Sales", "Dubai", "Asia/Dubai", "9-17", ""],
    ["gus", "IT", "Kyiv", "", "9-17", ""],
    ["hal", "IT", "Haifa", "Asia/Jerusalem", "9-17", "Sun-Thu"],
    ["ian", "IT", "Berlin", "Europe/Berlin", "Mon-Thu 09:00-17:30, Fri 09:00-13:00", ""],
    ["jan", "IT", "Vancouver", "America/Vancouver", "06:00:00-10:00:00, 12-15", "Mo,Mi,Fr"],
    ["kim", "IT", "Kyiv", "", "22:00-06:00", ""],
    ["leo", "IT", "Berlin", "Europe/Berlin", "09:00-12:00,13:00-17:00", "Wed"],
    ["mia", "Legal", "Kyiv", "", "", "Mon-Wed"],
    ["ned", "Legal", "Haifa", "Asia/Jerusalem", "Sun-Wed 08:00-17:00; Thu 08:00-12:00", "Sun-Thu"],
    ["oda", "Legal", "Haifa", "Asia/Jerusalem", "", "Sun-Thu"],
    ["pia", "Legal", "Dubai", "Asia/Dubai", "", "Mon-Fri"],
    ["quy", "Legal", "Vancouver", "America/Vancouver", "06:00-14:00", ""],
    ["ron", "Legal", "Berlin", "Europe/Berlin", "", "Thu-Fri"],
    ["sue", "HR", "Kyiv", "", "Mon-Thu 09:00-17:30, Fri 09:00-13:00", ""],
    ["tom", "HR", "Haifa", "Asia/Jerusalem", "09:00-12:00,13:00-17:00", "Sun-Thu"],
    ["uma", "HR", "Berlin", "Europe/Berlin", "", "Mon-Wed"],
    ["vic", "HR", "Vancouver", "America/Vancouver", "06:00-14:00", ""],
    ["wim", "HR", "Kyiv", "", "9-17", ""],
    ["zoe", "HR", "Dubai", "Asia/Dubai", "9-17", ""],
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn email(name: &str) -> String {
    format!("{name}@example.com")
}

fn shown_name(name: &str) -> String {
    format!("{}{}", name[..1].to_uppercase(), &name[1..])
}

fn is_within(date: NaiveDate, from: &str, to: &str) -> bool {
    (day(from)..=day(to)).contains(&date)
}

/// How far a zone is ahead of UTC, by the rules that changed, in minutes.
fn ahead(zone: &str, at: DateTime<Utc>) -> i64 {
    match zone {
        // No summer time any more.
        "" | "Europe/Kyiv" => 120,
        // Summer time all year.
        "America/Vancouver" => -420,
        // Summer time from the second Sunday of April to that of September, at two o'clock.
        "Asia/Jerusalem" => {
            let summer = moment("2027-04-11T00:00:00Z")..moment("2027-09-11T23:00:00Z");
            if summer.contains(&at) { 180 } else { 120 }
        }
        "Asia/Dubai" => 240,
        other => {
            let zone: chrono_tz::Tz = other.parse().unwrap();
            i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc() / 60)
        }
    }
}

fn folder_of_zones() -> tempfile::TempDir {
    let kyiv = zone_file(2, &[], &[(7200, false, "EET")], "EET-2");
    let jerusalem = zone_file(3, &[], &[(7200, false, "IST")], "IST-2IDT,M4.2.0,M9.2.0");
    let vancouver = zone_file(2, &[], &[(-25200, false, "MST")], "MST7");
    folder(&[("Europe/Kyiv", &kyiv), ("Asia/Jerusalem", &jerusalem), ("America/Vancouver", &vancouver)])
}

/// Somebody, as they are.
type Person = [&'static str; 6];

fn is_off(person: &Person, date: NaiveDate) -> bool {
    OFF_FOR_ALL.iter().any(|(from, to)| is_within(date, from, to))
        || HOLIDAYS.iter().any(|(place, from, to)| *place == person[2] && is_within(date, from, to))
}

/// When somebody works on that day of theirs, as instants.
fn spans(person: &Person, date: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let weekday = date.weekday().num_days_from_monday().to_string();
    let [_, _, _, zone, hours, days] = *person;
    let days = WORKDAYS.iter().find(|(text, _)| *text == days).unwrap().1;
    if is_off(person, date) || !days.contains(&weekday) {
        return Vec::new();
    }
    let hours = HOURS.iter().find(|(text, _)| *text == hours).unwrap().1;
    let instant = |minute: i64| {
        let local = date.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute);
        // None of these people works while clocks change.
        local - TimeDelta::minutes(ahead(zone, local - TimeDelta::minutes(ahead(zone, local))))
    };
    // A night ends at midnight where the next day is off.
    let last = if is_off(person, date + Days::new(1)) { 1440 } else { 2880 };
    let of_day = hours.iter().filter(|(days, ..)| days.contains(&weekday));
    of_day.map(|(_, from, to)| (instant(*from), instant((*to).min(last)))).collect()
}

fn works(person: &Person, start: DateTime<Utc>, minutes: i64) -> bool {
    let today = (start + TimeDelta::minutes(ahead(person[3], start))).date_naive();
    let end = start + TimeDelta::minutes(minutes);
    let all = [today - Days::new(1), today].into_iter().flat_map(|date| spans(person, date));
    all.into_iter().any(|(from, to)| from <= start && end <= to)
}

/// When that day begins in Kyiv.
fn midnight(round: NaiveDate) -> DateTime<Utc> {
    round.and_time(NaiveTime::MIN).and_utc() - TimeDelta::minutes(120)
}

/// For each minute of that day in Kyiv: whether somebody can meet from then on.
fn starts(person: &Person, round: NaiveDate) -> Vec<bool> {
    (0..1440).map(|minute| works(person, midnight(round) + TimeDelta::minutes(minute), 30)).collect()
}

/// When people of these starts meet: as near to 15:10 in Kyiv as all of them work; the earlier of two.
fn best_start(people: &[&[bool]], round: NaiveDate) -> Option<DateTime<Utc>> {
    let target = 15 * 60 + 10;
    let fits = |minute: &i64| people.iter().all(|one| one[usize::try_from(*minute).unwrap()]);
    let best = (0..1440).filter(fits).min_by_key(|minute| ((minute - target).abs(), *minute));
    best.map(|minute| midnight(round) + TimeDelta::minutes(minute))
}

/// The days on which there is to be a round.
fn rounds() -> Vec<NaiveDate> {
    let wednesdays = (0..21).map(|fortnight| day("2026-12-09") + Days::new(14 * fortnight));
    let moved = |date: NaiveDate| match &*date.to_string() {
        "2026-12-23" => None,
        "2027-03-31" => Some(day("2027-04-01")),
        _ => Some(date),
    };
    wednesdays.filter_map(moved).collect()
}

/// The office, and what happened in it.
struct Office {
    chat: Chat,
    staff: Vec<Person>,
    /// Who takes no part, from and until.
    away: Vec<(&'static str, NaiveDate, NaiveDate)>,
    met: HashSet<(String, String)>,
    faults: RefCell<BTreeSet<String>>,
    zones: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let zones = folder_of_zones();
        let staff: Vec<Person> = PEOPLE.to_vec();
        let booked = Booked::new("", &csv(&staff), &["--zoneinfo", &shown(&zones)]);
        let mut config =
            format!("{}[meeting]\nevery_weeks = 2\nzoneinfo = \"{}\"\nskip_dates = [", report_room(), shown(&zones));
        config += &OFF_FOR_ALL.iter().map(|(from, to)| format!("\"{from}..{to}\",")).collect::<String>();
        config += "]\n[meeting.holidays]\ncolumn = \"location\"\n";
        for place in ["Kyiv", "Haifa"] {
            let days = HOLIDAYS.iter().filter(|(of, ..)| *of == place);
            let days: String = days.map(|(_, from, to)| format!("\"{from}..{to}\",")).collect();
            config += &format!("{place} = [{days}]\n");
        }
        booked.configure(&config);
        let mut office = Self {
            chat: Chat::at(booked, ""),
            staff,
            away: Vec::new(),
            met: HashSet::new(),
            faults: RefCell::default(),
            zones,
        };
        office.staff.retain(|one| one[0] != "zoe");
        office.save();
        office
    }

    fn save(&self) {
        self.chat.booked.world.write("staff.csv", csv(&self.staff));
    }

    fn fault(&self, fault: String) {
        self.faults.borrow_mut().insert(fault);
    }

    fn person(&self, email: &str) -> Option<&Person> {
        self.staff.iter().find(|one| self::email(one[0]) == email)
    }

    fn change(&mut self, name: &str, column: usize, to: &'static str) {
        self.staff.iter_mut().find(|one| one[0] == name).unwrap()[column] = to;
    }

    fn at(&self, now: &str) -> DateTime<Utc> {
        self.chat.booked.webex.clock(now);
        *self.chat.now.borrow_mut() = now.to_owned();
        moment(now)
    }

    /// Runs a command, and looks at whom the bot wrote to.
    fn run(&self, date: NaiveDate, time: &str, args: &[&str]) {
        let now = self.at(&format!("{date}T{time}:00Z"));
        let run = self.chat.run(args);
        assert_eq!(run.status, 0, "{date} {time} {args:?}: {}", run.all());
        self.look(now, "");
    }

    /// Somebody types something, and is answered at once.
    fn says(&self, date: NaiveDate, name: &str, text: &str) -> String {
        let now = self.at(&format!("{date}T12:00:00Z"));
        let run = self.chat.says(&email(name), text);
        assert_eq!(run.status, 0, "{}", run.all());
        self.look(now, &email(name));
        self.chat.told(&email(name)).last().unwrap()["text"].as_str().unwrap().to_owned()
    }

    /// Nobody is written to while they do not work, but for whoever is answered.
    fn look(&self, now: DateTime<Utc>, answered: &str) {
        let webex = &self.chat.booked.webex;
        for call in webex.calls().iter().filter(|call| call["path"] == "/v1/messages" && call["method"] == "POST") {
            let text = call["body"]["markdown"].as_str().unwrap_or_default().lines().next().unwrap_or_default();
            match call["body"]["toPersonEmail"].as_str() {
                Some(to) if to == answered => {}
                Some(to) => {
                    let person = self.person(to).unwrap_or_else(|| panic!("{now}: {to} is not there: {text}"));
                    if !works(person, now, 0) {
                        self.fault(format!("{now}: {person:?} is told “{text}” while off"));
                    }
                }
                None => {
                    let date = (now + TimeDelta::minutes(120)).date_naive();
                    if date.weekday().number_from_monday() > 5
                        || OFF_FOR_ALL.iter().any(|(from, to)| is_within(date, from, to))
                    {
                        self.fault(format!("{now}: the organizers are told “{text}” on a day off"));
                    }
                }
            }
        }
        webex.request("DELETE", "/sandbox/calls").send().unwrap();
    }

    /// Looks at the round that is over.
    fn check(&mut self, round: NaiveDate) {
        let mut seen = HashSet::new();
        let (mut pairs, mut again, mut trio, mut now_met) = (0, 0, false, Vec::new());
        for meeting in self.chat.booked.standing() {
            let start: DateTime<Utc> = meeting["start"].as_str().unwrap().parse().unwrap();
            if (start + TimeDelta::minutes(120)).date_naive() != round {
                continue;
            }
            let people = invitees(&meeting);
            let all: Option<Vec<&Person>> = people.iter().map(|one| self.person(one)).collect();
            let Some(all) = all else {
                self.fault(format!("{round}: somebody of {people:?} has left"));
                continue;
            };
            for one in &all {
                if !seen.insert(email(one[0])) {
                    self.fault(format!("{round}: {one:?} meets twice"));
                }
                if !works(one, start, 30) {
                    self.fault(format!("{start}: {one:?} is booked while off"));
                }
                if self.is_away(one, round) {
                    self.fault(format!("{start}: {one:?} is booked though away"));
                }
            }
            let of_all: Vec<Vec<bool>> = all.iter().map(|one| starts(one, round)).collect();
            let best = best_start(&of_all.iter().map(|one| &**one).collect::<Vec<_>>(), round);
            if best != Some(start) {
                self.fault(format!("{start}: {people:?} could meet at {best:?}"));
            }
            pairs += 1;
            trio |= people.len() == 3;
            for two in pairs_within(&people) {
                let [a, b] = [&two.0, &two.1].map(|one| self.person(one).unwrap());
                if a[1] == b[1] {
                    self.fault(format!("{round}: {two:?} are of one department"));
                }
                again += usize::from(self.met.contains(&two));
                now_met.push(two);
            }
        }
        let here: Vec<&Person> = self.staff.iter().filter(|one| !self.is_away(one, round)).collect();
        let possible = possible(&here, round);
        let most = largest(&here, &possible, &HashSet::new());
        if pairs != most {
            self.fault(format!("{round}: {pairs} meetings of {most}"));
        }
        // Where somebody cannot come, what else is booked stands.
        let is_whole = !self.away.iter().any(|(_, from, until)| from == until && *from == round);
        if is_whole && largest(&here, &possible, &self.met) == most && again > if trio { 2 } else { 0 } {
            self.fault(format!("{round}: {again} meet again, and need not"));
        }
        self.met.extend(now_met);
    }

    fn is_away(&self, person: &Person, round: NaiveDate) -> bool {
        self.away.iter().any(|(name, from, until)| *name == person[0] && (*from..=*until).contains(&round))
    }

    /// Everybody is invited, introduced and reminded once of each meeting, and hears nothing twice.
    fn check_letters(&self) {
        let model = self.chat.booked.webex.model();
        let mut mails: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for mail in model["emails"].as_array().unwrap() {
            let key = ["meeting", "to", "about"].map(|key| mail[key].as_str().unwrap().to_owned());
            *mails.entry(key.into()).or_default() += 1;
        }
        let space = roulette::sandbox::organizers_space();
        let mut rooms: BTreeMap<&str, String> = BTreeMap::new();
        for room in model["rooms"].as_array().unwrap().iter().filter(|room| room["id"] != *space) {
            let members = room["members"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
            let other = { members }.find(|it| *it != BOT).unwrap();
            rooms.insert(room["id"].as_str().unwrap(), other.to_owned());
        }
        let mut told: BTreeMap<String, Vec<(DateTime<Utc>, String)>> = BTreeMap::new();
        for message in model["messages"].as_array().unwrap().iter().filter(|it| it["author"] == BOT) {
            let Some(to) = rooms.get(message["room"].as_str().unwrap()) else { continue };
            let [text, created] = ["text", "created"].map(|key| message[key].as_str().unwrap());
            told.entry(to.clone()).or_default().push((moment(created), text.to_owned()));
        }
        for meeting in model["meetings"].as_array().unwrap() {
            let (people, start) = (invitees(meeting), moment(meeting["start"].as_str().unwrap()));
            let stands = meeting["cancelled"].is_null();
            for one in &people {
                let count = |about: &str| {
                    let key = (meeting["id"].as_str().unwrap().to_owned(), one.clone(), about.to_owned());
                    mails.get(&key).copied().unwrap_or_default()
                };
                let mailed = ["invitation", "update", "cancellation"].map(count);
                if mailed != [1, 0, usize::from(!stands)] {
                    self.fault(format!("{start}: {one} is mailed {mailed:?}"));
                }
                let others: Vec<String> =
                    people.iter().filter(|other| *other != one).map(|it| shown_name(&it[..3])).collect();
                let told: Vec<&(DateTime<Utc>, String)> = told[one]
                    .iter()
                    .filter(|(at, text)| {
                        let heading = text.lines().next().unwrap();
                        (start - TimeDelta::days(13)..start).contains(at)
                            && others.iter().all(|other| heading.contains(&**other))
                    })
                    .collect();
                let of = |heading: &str| told.iter().filter(|it| it.1.starts_with(heading)).collect::<Vec<_>>();
                let (introduced, reminded) = (of("Meet "), of("Coming up: "));
                // Whoever is at work on a later day than that on which they heard of it, while a timer runs.
                let due = introduced.first().is_some_and(|(at, _)| {
                    let person = PEOPLE.iter().find(|person| email(person[0]) == *one).unwrap();
                    let later = (at.date_naive() + Days::new(1)).iter_days().take(14);
                    let runs = later.flat_map(|day| {
                        RUNS.map(|minute| day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute))
                    });
                    runs.take_while(|run| *run < start).any(|run| works(person, run, 0))
                });
                let expected =
                    if stands { [1, usize::from(due)] } else { [introduced.len().min(1), reminded.len().min(1)] };
                if [introduced.len(), reminded.len()] != expected {
                    self.fault(format!("{start}: {one} with {others:?} is introduced and reminded {told:?}"));
                }
            }
        }
        let mut seen = BTreeSet::new();
        for message in model["messages"].as_array().unwrap().iter().filter(|it| it["author"] == BOT) {
            if !seen.insert((message["room"].to_string(), message["text"].to_string())) {
                self.fault(format!("twice: {} {}", message["created"], message["text"]));
            }
        }
    }
}

fn csv(staff: &[Person]) -> String {
    let row = |[name, department, location, zone, hours, days]: &Person| {
        let shown = shown_name(name);
        format!("{name}@example.com,{shown},{department},{location},{zone},\"{hours}\",\"{days}\"\n")
    };
    let rows: String = staff.iter().map(row).collect();
    format!("email,name,department,location,timezone,working_hours,workdays\n{rows}")
}

fn invitees(meeting: &Value) -> Vec<String> {
    let emails = meeting["invitees"].as_array().unwrap().iter();
    let mut emails: Vec<String> = emails.map(|it| it["email"].as_str().unwrap().to_owned()).collect();
    emails.sort();
    emails
}

/// Who can meet whom on that day.
fn possible(people: &[&Person], round: NaiveDate) -> Vec<(usize, usize)> {
    let starts: Vec<Vec<bool>> = people.iter().map(|one| starts(one, round)).collect();
    let all = (0..people.len()).flat_map(|i| (i + 1..people.len()).map(move |j| (i, j)));
    let may = |(i, j): &(usize, usize)| {
        people[*i][1] != people[*j][1] && best_start(&[&starts[*i], &starts[*j]], round).is_some()
    };
    all.filter(may).collect()
}

/// The largest number of these pairs, without those who met, by a solver that shares nothing with the program.
fn largest(people: &[&Person], possible: &[(usize, usize)], met: &HashSet<(String, String)>) -> usize {
    let mut graph = UnGraph::<(), ()>::new_undirected();
    let nodes: Vec<_> = people.iter().map(|_| graph.add_node(())).collect();
    for (i, j) in possible {
        if !met.contains(&pairs_within(&[email(people[*i][0]), email(people[*j][0])])[0]) {
            graph.add_edge(nodes[*i], nodes[*j], ());
        }
    }
    petgraph::algo::maximum_matching(&graph).edges().count()
}

#[test]
fn ten_months_of_an_office_with_a_calendar_of_its_own() {
    let mut office = Office::new();
    let rounds = rounds();
    let first = day("2026-12-01");
    for today in first.iter_days().take_while(|today| *today <= day("2027-09-21")) {
        match &*today.to_string() {
            "2027-02-08" => {
                let said = office.says(today, "gus", "pause until 2027-03-08");
                assert!(said.contains("Monday 8 March"), "{said}");
                office.away.push(("gus", today, day("2027-03-08")));
            }
            "2027-04-15" => {
                office.staff.push(*PEOPLE.last().unwrap());
                office.staff.retain(|one| one[0] != "bob");
            }
            // It is Friday, on which Haifa does not work: whoever asks is answered.
            "2027-05-14" => {
                let said = office.says(today, "oda", "my meetings");
                assert!(said.starts_with("How you take part"), "{said}");
            }
            "2027-06-17" => {
                let said = office.says(today, "sue", "skip 2027-06-23");
                assert!(said.contains("Wednesday 23 June"), "{said}");
                office.away.push(("sue", day("2027-06-23"), day("2027-06-23")));
            }
            "2027-07-22" => {
                office.change("cem", 5, "Mon-Wed");
                office.change("ada", 5, "Thu-Fri");
            }
            "2027-08-19" => {
                office.change("wim", 2, "Vancouver");
                office.change("wim", 3, "America/Vancouver");
                office.change("wim", 4, "06:00-14:00");
            }
            _ => {}
        }
        office.save();
        if today == first {
            office.run(today, "07:50", &["pair", "--week", "2026-12-09", "--seed", "5"]);
        } else if today.day() == 22 {
            let month = (today + Days::new(12)).format("%Y-%m").to_string();
            office.run(today, "07:50", &["pair", "--month", &month, "--seed", "5"]);
        }
        office.run(today, "08:00", &["schedule"]);
        for minute in RUNS {
            office.run(today, &format!("{:02}:{:02}", minute / 60, minute % 60), &["notify"]);
        }
        if rounds.contains(&today) {
            office.check(today);
        }
    }
    office.check_letters();
    let days: BTreeSet<NaiveDate> = office
        .chat
        .booked
        .standing()
        .iter()
        .map(|it| (moment(it["start"].as_str().unwrap()) + TimeDelta::minutes(120)).date_naive())
        .collect();
    assert_eq!(days.into_iter().collect::<Vec<_>>(), rounds, "by {}", shown(&office.zones));
    let faults = office.faults.take();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.into_iter().collect::<Vec<_>>().join("\n"));
}
