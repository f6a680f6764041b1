//! `report`: the figures are those that a count by hand gives, each format contains them, the page loads nothing, and
//! an anonymous report identifies nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::meetings::{notify, six, taps, two};
use crate::support::chat::Chat;
use crate::support::world::{World, pairs, pairs_within, roster, strings};

/// After the rounds of January and February 2027.
const AFTER: &str = "2027-03-01T09:00:00Z";
/// Departments of the company that most tests are about, which has an odd number of people.
const SIZES: [usize; 4] = [9, 7, 6, 3];

/// Eight rounds of an odd number of people, one of whom is left out of each: the company, and who meets whom.
fn drawn() -> (World, Vec<Vec<Vec<String>>>) {
    let world = World::of_departments("odd_one_out = \"rest\"\n\n[meeting]\ntimezone = \"UTC\"", &SIZES);
    let mut rounds = Vec::new();
    for (now, month) in [("2027-01-01T00:00:00Z", "2027-01"), ("2027-02-01T00:00:00Z", "2027-02")] {
        let drawn = world.json_at(now, &["pair", "--month", month, "--seed", "5"]);
        rounds.extend(drawn["rounds"].as_array().unwrap().iter().map(pairs));
    }
    assert_eq!(rounds.len(), 8);
    (world, rounds)
}

fn department(email: &str) -> usize {
    let person: usize = email[1..email.find('@').unwrap()].parse().unwrap();
    let ends = SIZES.iter().scan(0, |sum, size| {
        *sum += size;
        Some(*sum)
    });
    ends.take_while(|end| person >= *end).count()
}

fn close(value: &Value, expected: f64) {
    let value = value.as_f64().unwrap();
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

/// The share of people in other departments whom a search from everybody finds within two steps.
fn within_two_steps(people: &[String], met: &BTreeSet<(String, String)>) -> f64 {
    let knows = |a: &String, b: &String| {
        a != b
            && (department(a) == department(b)
                || met.contains(&(a.clone(), b.clone()))
                || met.contains(&(b.clone(), a.clone())))
    };
    let (mut found, mut of) = (0, 0);
    for (a, b) in people.iter().flat_map(|a| people.iter().map(move |b| (a, b))) {
        if department(a) != department(b) {
            of += 1;
            found += u32::from(knows(a, b) || people.iter().any(|c| knows(a, c) && knows(c, b)));
        }
    }
    f64::from(found) / f64::from(of)
}

#[test]
fn before_a_round_is_over_there_is_nothing_to_report() {
    let january = "2027-01-01T00:00:00Z";
    let world = World::of_departments("", &SIZES);
    world.json_at(january, &["pair", "--month", "--seed", "5"]);
    insta::assert_snapshot!(world.run_at(january, &["report"]).all(), @"
    --- stderr
    no round is over yet: there is nothing to report
    hint: see what is drawn with: roulette status
    --- status 0
    ");
    let (world, _) = drawn();
    insta::assert_snapshot!(world.run_at(AFTER, &["report", "--from", "2027-03-02"]).all(), @"
    --- stderr
    error: no round in these days is over
    hint: the first round that is over was on 2027-01-06, and the last on 2027-02-24
    --- status 2
    ");
    insta::assert_snapshot!(world.run_at(AFTER, &["report", "--from", "2027-02-01", "--to", "2027-01-01"]).all(), @"
    --- stderr
    error: --from 2027-02-01 is after --to 2027-01-01
    --- status 2
    ");
}

#[test]
fn the_figures_are_those_that_one_counts_by_hand() {
    let (world, rounds) = drawn();
    let report = world.json_at(AFTER, &["report"]);
    let people: Vec<String> = (0..SIZES.iter().sum()).map(|at| format!("p{at}@example.com")).collect();
    let all: Vec<(String, String)> = rounds.iter().flatten().flat_map(|pair| pairs_within(pair)).collect();
    let met: BTreeSet<(String, String)> = all.iter().cloned().collect();
    assert_eq!((&report["rounds"], &report["participants"]), (&json!(8), &json!(people.len())));
    assert_eq!((&report["from"], &report["to"]), (&json!("2027-01-06"), &json!("2027-03-01")));
    assert_eq!((&report["held"], &report["not_held"], &report["unknown"]), (&json!(0), &json!(0), &json!(all.len())));
    let partners = |email: &String| met.iter().filter(|(a, b)| a == email || b == email).count();
    let counts: Vec<f64> = people.iter().map(|email| partners(email) as f64).collect();
    let (sum, squares): (f64, f64) = (counts.iter().sum(), counts.iter().map(|k| k * k).sum());
    close(&report["reach"], 1.0);
    close(&report["evenness"], sum * sum / (people.len() as f64 * squares));
    let admissible: usize =
        SIZES.iter().enumerate().map(|(at, size)| SIZES[at + 1..].iter().sum::<usize>() * size).sum();
    close(&report["coverage"], met.len() as f64 / admissible as f64);
    assert_eq!(report["repeats"], all.len() - met.len());
    close(&report["within_two_steps_before"], 0.0);
    for (at, point) in report["within_two_steps"].as_array().unwrap().iter().enumerate() {
        let met = rounds[..=at].iter().flatten().flat_map(|pair| pairs_within(pair)).collect();
        close(&point["share"], within_two_steps(&people, &met));
        let shuffled = point["shuffled"].as_f64().unwrap();
        assert!(shuffled > 0.0 && shuffled <= 1.0 && point["confirmed"] == 0.0, "{point}");
    }
    let internal: usize = SIZES.iter().map(|size| size * (size - 1) / 2).sum();
    let (external, internal) = (met.len() as f64, internal as f64);
    close(&report["e_i"], (external - internal) / (external + internal));
    let mut observed: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut places = [0.0; 4];
    for (a, b) in &all {
        let (a, b) = (department(a), department(b));
        *observed.entry((a.min(b), a.max(b))).or_default() += 1;
        places[a] += 1.0;
        places[b] += 1.0;
    }
    let cells = (0..4).flat_map(|a| (a + 1..4).map(move |b| (a, b)));
    let weights: f64 = cells.clone().map(|(a, b)| places[a] * places[b]).sum();
    let departments = report["departments"].as_array().unwrap();
    assert_eq!(departments.len(), 6);
    for ((a, b), shown) in cells.zip(departments) {
        assert_eq!((&shown["a"], &shown["b"]), (&json!(format!("D{a}")), &json!(format!("D{b}"))));
        assert_eq!(shown["observed"], observed.get(&(a, b)).copied().unwrap_or(0));
        close(&shown["expected"], all.len() as f64 * places[a] * places[b] / weights);
    }
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    for round in &rounds {
        let here: BTreeSet<&String> = round.iter().flatten().collect();
        people.iter().filter(|email| !here.contains(email)).for_each(|email| {
            *left_out.entry(email.clone()).or_default() += 1;
        });
    }
    let shown = report["left_out"].as_array().unwrap().iter();
    let shown: BTreeMap<String, usize> =
        shown.map(|one| (one["email"].as_str().unwrap().to_owned(), one["times"].as_u64().unwrap() as usize)).collect();
    assert_eq!(shown, left_out);
    assert_eq!(report["sat_out"], json!({ "fewest": 0, "most": left_out.values().max() }));
    // Days that leave out rounds at both ends: who met is of those, how far it reaches is since the first.
    let some = world.json_at(AFTER, &["report", "--from", "2027-01-13", "--to", "2027-02-17"]);
    assert_eq!((&some["rounds"], some["by_round"].as_array().unwrap().len()), (&json!(6), 6));
    let of_some = rounds[1..7].iter().flatten().count();
    assert_eq!(some["unknown"], of_some);
    assert_eq!(some["within_two_steps"].as_array().unwrap()[..], report["within_two_steps"].as_array().unwrap()[1..7]);
    assert_eq!(world.json_at(AFTER, &["report"]), report, "it is the same every time");
}

#[test]
fn a_round_reaches_as_far_in_a_report_about_any_days() {
    let world = World::of_departments("\n\n[meeting]\ntimezone = \"UTC\"", &SIZES);
    // The smallest department pauses in January.
    let paused = |row: &str| if row.ends_with(",D3") { "2027-01-31" } else { "" };
    let rows = roster(&SIZES);
    let rows = rows.lines().skip(1).map(|row| format!("{row},{}\n", paused(row)));
    let staff = format!("email,name,department,paused_until\n{}", rows.collect::<String>());
    world.write("staff.csv", staff);
    for (now, month) in [("2027-01-01T00:00:00Z", "2027-01"), ("2027-02-01T00:00:00Z", "2027-02")] {
        world.json_at(now, &["pair", "--month", month, "--seed", "5"]);
    }
    let all = world.json_at(AFTER, &["report"]);
    assert_eq!(all["network_people"], 25);
    for (at, point) in all["within_two_steps"].as_array().unwrap().iter().enumerate() {
        let day = point["date"].as_str().unwrap();
        let one = world.json_at(AFTER, &["report", "--from", day, "--to", day]);
        assert_eq!((&one["rounds"], &one["within_two_steps"][0]), (&json!(1), point), "{day}");
        let people = if at < 4 { 22 } else { 25 };
        assert_eq!((&one["network_people"], &one["participants"]), (&json!(people), &json!(people)), "{day}");
    }
}

#[test]
fn meetings_that_nobody_booked_are_none_and_what_is_ahead_is_not_told() {
    let chat = six();
    // For two weeks, nothing runs.
    let report = chat.booked.world.json_at("2026-12-17T09:00:00Z", &["report", "--to", "2027-12-31"]);
    let by_round: Vec<(&str, u64, u64)> = { report["by_round"].as_array().unwrap().iter() }
        .map(|it| (it["date"].as_str().unwrap(), it["meetings"].as_u64().unwrap(), it["unknown"].as_u64().unwrap()))
        .collect();
    assert_eq!(by_round, [("2026-12-02", 3, 3), ("2026-12-09", 0, 0), ("2026-12-16", 0, 0)]);
    assert_eq!((&report["unknown"], &report["to"]), (&json!(3), &json!("2026-12-17")));
}

#[test]
fn who_moved_their_meeting_to_a_later_day_has_not_yet_met_nobody() {
    let chat = six();
    let [a, b] = two(&chat);
    assert_eq!(chat.says(&a, "change to 2026-12-11 12:00").status, 0);
    assert_eq!(chat.says(&b, "yes").status, 0);
    let report = |now: &str| chat.booked.world.json_at(now, &["report", "--to", "2026-12-02"]);
    let before = report("2026-12-03T09:00:00Z");
    assert_eq!((&before["participants"], &before["met_nobody"]), (&json!(4), &json!([])), "{before}");
    let after = report("2026-12-12T09:00:00Z");
    assert_eq!((&after["participants"], &after["unknown"]), (&json!(6), &json!(3)), "{after}");
}

#[test]
fn newcomers_are_followed_beyond_the_last_day_and_when_they_leave_again() {
    let world = World::of_departments("\n\n[meeting]\ntimezone = \"UTC\"", &[4, 4, 4]);
    world.json_at("2027-01-01T00:00:00Z", &["pair", "--month", "2027-01", "--seed", "5"]);
    let before = world.read("staff.csv");
    world.write("staff.csv", format!("{before}new@example.com,New One,D9\n"));
    // Who is new is seen by a run that draws.
    world.json_at("2027-01-21T09:00:00Z", &["pair", "--month", "2027-02", "--seed", "5"]);
    let newcomers =
        |now: &str| world.json_at(now, &["report", "--from", "2027-01-18", "--to", "2027-01-26"])["newcomers"].clone();
    let known = newcomers("2027-03-01T09:00:00Z");
    assert_eq!((&known["joined"], &known["met"], &known["after_90_days"]), (&json!(1), &json!(1), &json!(0)));
    world.write("staff.csv", &before);
    let left = newcomers("2027-05-03T09:00:00Z");
    assert_eq!((&left["joined"], &left["met"], &left["after_90_days"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(left["median_days_to_first_meeting"], known["median_days_to_first_meeting"]);
    assert!(left["median_departments_in_90_days"].as_f64().unwrap() >= 2.0, "{left}");
}

#[test]
fn what_people_say_is_counted_and_stays_when_the_bookings_are_forgotten() {
    let chat = six();
    let world = &chat.booked.world;
    assert_eq!(chat.run(&["notify"]).status, 0);
    let thursday = "2026-12-03T09:00:00Z";
    notify(&chat, thursday);
    let [a, b] = two(&chat);
    taps(&chat, thursday, &a, "met", &json!({}));
    let others: Vec<String> = (0..6).map(|at| format!("p{at}@example.com")).filter(|it| *it != a && *it != b).collect();
    taps(&chat, thursday, &others[0], "could-not", &json!({}));
    let counts = |report: &Value| ["held", "not_held", "unknown"].map(|name| report[name].as_u64().unwrap());
    let of = |now: &str| world.json_at(now, &["report", "--to", "2026-12-02"]);
    let before = of(thursday);
    assert_eq!(counts(&before), [1, 1, 1]);
    assert_eq!(before["distinct_pairs"]["met"], 2, "whoever could not has not met");
    assert_eq!(before["distinct_pairs"]["confirmed"], 1);
    assert_eq!(before["left_out"], json!([]), "whoever could not was not left without a partner");
    let reasons = json!([{ "reason": "could not meet", "without_partner": false, "people": 2, "times": 2 }]);
    assert_eq!(before["reasons"], reasons);
    // The organizers hear of it, and a month later its bookings are forgotten.
    notify(&chat, "2026-12-04T09:30:00Z");
    let later = "2027-01-18T09:00:00Z";
    chat.booked.webex.clock(later);
    world.json_at(later, &["pair", "--week", "--seed", "3"]);
    let run = chat.booked.run_at(later, &["schedule"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let state: Value = serde_json::from_str(&world.read("roulette-state.json")).unwrap();
    let bookings = state["bookings"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(bookings.iter().all(|booking| booking["round"] != "2026-12-02"), "{bookings:?}");
    assert_eq!(state["rounds"][0]["outcomes"]["booked"], 3);
    let after = of(later);
    for figure in
        ["held", "not_held", "unknown", "distinct_pairs", "twos", "moved", "moved_of", "reach", "by_round", "reasons"]
    {
        assert_eq!(after[figure], before[figure], "{figure}");
    }
    let shown = world.json_at(later, &["meetings", "--round", "2026-12-02"]);
    let states: BTreeSet<&str> =
        shown["meetings"].as_array().unwrap().iter().map(|it| it["state"].as_str().unwrap()).collect();
    assert_eq!(states, BTreeSet::from(["held", "unknown"]), "{shown}");
}

/// A company whose names are markup, and in which one has left.
fn hostile() -> World {
    let (world, _) = drawn();
    let staff = roster(&SIZES)
        .replace("Person ", "<script>alert(1)</script>")
        .replace(",D2", ",R&D <b>|*")
        .replace("p24@example.com,Person 24,D3\n", "");
    world.write("staff.csv", staff);
    world
}

#[test]
fn the_page_loads_nothing_and_no_name_becomes_markup() {
    let world = hostile();
    let run = world.run_at(AFTER, &["report", "--out", "report.html"]);
    assert_eq!((run.status, &*run.stdout), (0, ""), "{}", run.all());
    assert!(run.stderr.ends_with("the report is in report.html\n"), "{}", run.stderr);
    let page = world.read("report.html");
    for load in [
        "http://",
        "https://",
        "src=",
        "href=",
        "url(http",
        "@import",
        "<script",
        "<link",
        "<img",
        "<iframe",
        "onerror=\"",
        "<b>",
    ] {
        assert!(!page.contains(load), "{load}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("R&amp;D &lt;b&gt;|*"));
    let count = |what: &str| page.matches(what).count();
    assert_eq!(count("<figure>"), 5);
    assert_eq!(count("<figure>"), count("<figcaption>"));
    assert_eq!(count("<figure>"), count("role=\"img\" aria-label="));
    assert!(count("<table>") >= 6 && count("<h1>") == 1 && count("scope=\"col\"") > 10);
    for tag in ["div", "section", "figure", "table", "tr", "td", "th", "svg", "p", "h2", "ul", "li", "tbody", "text"] {
        let opened = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
        assert_eq!(opened, count(&format!("</{tag}>")), "{tag}");
    }
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
    for (format, shown) in [("table", "<script>alert(1)</script>"), ("markdown", "&lt;script&gt;"), ("csv", "value")] {
        let run = world.run_at(AFTER, &["report", "--format", format]);
        assert!(run.status == 0 && run.stdout.contains(shown), "{}", run.all());
    }
    let markdown = world.run_at(AFTER, &["report", "--format", "markdown"]).stdout;
    let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 20 && rows.iter().all(|row| row.ends_with(" |")), "{markdown}");
}

#[test]
fn an_anonymous_report_names_nobody_and_shows_no_figure_of_few_people() {
    let world = hostile();
    let run = |args: &[&str]| world.run_at(AFTER, &[&["report", "--anonymous"], args].concat());
    assert_eq!(run(&["--out", "report.html"]).status, 0);
    let mut all = vec![world.read("report.html")];
    all.extend(["table", "json", "csv", "markdown"].map(|format| run(&["--format", format]).stdout));
    for text in &all {
        assert!(!text.is_empty() && !text.replace("@media", "").replace("@page", "").contains('@'), "{text}");
        assert!(!text.contains("example.com") && !text.contains("Person ") && !text.contains("alert"), "{text}");
        assert!(!text.contains("D3"), "a department of two is not told from others: {text}");
    }
    let report: Value = serde_json::from_str(&all[2]).unwrap();
    for cell in report["departments"].as_array().unwrap() {
        assert!(cell["observed"].is_null() || cell["observed"].as_u64().unwrap() >= 5, "{cell}");
    }
    for bin in report["partners"].as_array().unwrap() {
        assert!(bin["people"].as_u64().unwrap() >= 5, "{bin}");
    }
    // One is left out in each round, which how many met, of how many, would tell.
    assert_eq!((&report["by_round"], &report["left_out"]), (&json!([]), &json!([])));
    assert_eq!(report["sat_out"], Value::Null, "those who were left out most often may be one");
    let names: BTreeSet<String> = { report["departments"].as_array().unwrap().iter() }
        .flat_map(|cell| strings(&json!([cell["a"], cell["b"]])))
        .collect();
    assert!(names.contains("Smaller departments"), "{names:?}");
}

#[test]
fn four_people_have_no_anonymous_report() {
    let world = World::of_departments("\n\n[meeting]\ntimezone = \"UTC\"", &[2, 2]);
    world.json_at("2027-01-01T00:00:00Z", &["pair", "--month", "--seed", "1"]);
    insta::assert_snapshot!(world.run_at(AFTER, &["report", "--anonymous"]).all(), @"
    --- stderr
    error: refused: fewer than five people met: anything in an anonymous report would show who they are
    hint: choose a longer period with --from and --to, or leave out --anonymous
    --- status 5
    ");
}

/// A wish is confidential: no number tells that there is one.
#[test]
fn a_wish_changes_no_figure() {
    let chat = Chat::new(8, "");
    chat.set_now("2026-12-05T09:00:00Z");
    chat.booked.webex.clock("2026-12-05T09:00:00Z");
    let report = |args: &[&str]| {
        let run = chat.run(&[&["report", "--format", "json"], args].concat());
        assert_eq!(run.status, 0, "{}", run.all());
        run.stdout
    };
    let before = [report(&[]), report(&["--anonymous"])];
    assert!(before[0].contains("\"admissible\""), "{}", before[0]);
    let partner = chat.booked.planned().into_iter().find(|pair| pair.contains(&"p0@example.com".to_owned())).unwrap();
    let other = partner.iter().find(|email| *email != "p0@example.com").unwrap();
    let number = other.trim_start_matches('p').split('@').next().unwrap();
    for who in [number, "5", "6", "7"] {
        assert_eq!(chat.says("p0@example.com", &format!("not with Person {who}")).status, 0);
    }
    assert!(chat.booked.world.read("roulette-state.json").contains("not_with"));
    assert_eq!([report(&[]), report(&["--anonymous"])], before);
}

#[test]
fn a_report_is_written_whole_and_over_no_file_of_the_programme() {
    let (world, _) = drawn();
    let run = |file: &str| world.run_at(AFTER, &["report", "--out", file, "--format", "json"]);
    assert_eq!(run("report.json").status, 0);
    let written: Value = serde_json::from_str(&world.read("report.json")).unwrap();
    assert_eq!(written, world.json_at(AFTER, &["report"]));
    assert_eq!(run("report.json").status, 0, "an earlier one is replaced");
    // Its name says what it is.
    for (file, format) in
        [("report.json", "json"), ("report.csv", "csv"), ("Report.MD", "markdown"), ("report.txt", "table")]
    {
        assert_eq!(world.run_at(AFTER, &["report", "--out", file]).status, 0);
        assert_eq!(world.read(file), world.run_at(AFTER, &["report", "--format", format]).stdout, "{file}");
    }
    let before = world.files();
    for ours in ["staff.csv", "config.toml", "roulette-state.json", "./staff.csv"] {
        let run = run(ours);
        assert_eq!(run.status, 2, "{}", run.all());
        assert!(run.stderr.contains("is a file of the programme and is not overwritten"), "{}", run.stderr);
    }
    assert_eq!(world.files(), before);
    assert_eq!(run("nowhere/report.html").status, 1);
    fs::create_dir(world.path("folder")).unwrap();
    let folder = run("folder");
    assert_eq!(folder.status, 1, "{}", folder.all());
    assert!(folder.stderr.contains("the report was not written"), "{}", folder.stderr);
}

#[test]
fn as_long_as_nobody_answers_the_report_says_that_nothing_is_known() {
    let (world, rounds) = drawn();
    let meetings: usize = rounds.iter().map(Vec::len).sum();
    let shown = world.run_at(AFTER, &["report"]).stdout;
    let says = format!("There were {meetings} meetings in 8 rounds. Nobody has said yet whether they took place.");
    assert!(shown.contains(&says), "{shown}");
}
