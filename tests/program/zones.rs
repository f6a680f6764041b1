//! Time zone rules that are newer than the built-in ones, and the names that offices write for zones.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::booked::Booked;
use crate::support::world::World;

/// A zone file (RFC 9636): changes of the clocks, each with the type of time that begins; types of time, each with
/// seconds from UTC, whether it is summer time, and an abbreviation; and the rule that holds afterwards.
pub(crate) fn zone_file(version: u8, changes: &[(i64, u8)], types: &[(i32, bool, &str)], rule: &str) -> Vec<u8> {
    let letters: Vec<u8> = types.iter().flat_map(|(.., name)| [name.as_bytes(), b"\0"].concat()).collect();
    let block = |width: usize, changes: &[(i64, u8)]| {
        let counts = [0, 0, 0, changes.len(), types.len(), letters.len()];
        let mut block = [b"TZif", [if version == 1 { 0 } else { b'0' + version }].as_slice(), &[0; 15]].concat();
        block.extend(counts.iter().flat_map(|count| (*count as u32).to_be_bytes()));
        block.extend(changes.iter().flat_map(|(at, _)| at.to_be_bytes()[8 - width..].to_vec()));
        block.extend(changes.iter().map(|(_, kind)| kind));
        let mut start = 0;
        for (east, summer, name) in types {
            block.extend(east.to_be_bytes());
            block.extend([u8::from(*summer), start]);
            start += name.len() as u8 + 1;
        }
        [block, letters.clone()].concat()
    };
    if version == 1 {
        return block(4, changes);
    }
    [block(4, &[]), block(8, changes), format!("\n{rule}\n").into_bytes()].concat()
}

/// 8 March 2026, 10:00 UTC: the last time that British Columbia put its clocks forward.
const FORWARD: i64 = 1_772_964_000;
const PACIFIC: [(i32, bool, &str); 2] = [(-8 * 3600, false, "PST"), (-7 * 3600, false, "MST")];

/// British Columbia stays on summer time from 2026 on.
fn vancouver(version: u8) -> Vec<u8> {
    zone_file(version, &[(FORWARD, 1)], &PACIFIC, "MST7")
}

pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

pub(crate) fn shown(folder: &TempDir) -> String {
    folder.path().display().to_string()
}

const STAFF: &str = "email,name,department,timezone\np0@example.com,P 0,A,\np1@example.com,P 1,B,America/Vancouver\n";

/// The start of the round of 20 January 2027 in Vancouver; the config's `[meeting]` may have more.
fn start(world: &World, meeting: &str, system: Option<&Path>) -> Value {
    world.write(
        "config.toml",
        format!("[programme]\nroster = \"staff.csv\"\n[meeting]\ntimezone = \"America/Vancouver\"\n{meeting}\n"),
    );
    let args = ["pair", "--week", "2027-01-20", "--seed", "1", "--dry-run", "--format", "json"];
    let mut command = world.command("2027-01-11T09:00:00Z", &args);
    if let Some(system) = system {
        command.env("TZDIR", system);
    }
    let run = world.finish(&mut command);
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str::<Value>(&run.stdout).unwrap()["rounds"][0]["pairs"][0]["start"].clone()
}

const OLD: &str = "2027-01-20T15:10:00-08:00";
const NEW: &str = "2027-01-20T15:10:00-07:00";

#[test]
fn the_systems_rules_count_where_they_are_of_a_later_release() {
    let world = World::new("", STAFF);
    assert_eq!(start(&world, "", None), OLD, "those compiled in");
    for (name, release, expected) in [
        ("tzdata.zi", "# version 2099a\nL America/Vancouver Canada/Pacific\n", NEW),
        ("tzdata.zi", "# version 2099b-dirty\n", NEW),
        ("+VERSION", "2099a\n", NEW),
        ("tzdata.zi", "# version 2020a\n", OLD),
        ("tzdata.zi", "# This zic input file is in the public domain.\n", OLD),
    ] {
        let bytes = vancouver(2);
        let system = folder(&[("America/Vancouver", &bytes), (name, release.as_bytes())]);
        assert_eq!(start(&world, "", Some(system.path())), expected, "{name}: {release}");
    }
    // An old name that the system has in another package follows its new one.
    let bytes = vancouver(2);
    let system = folder(&[
        ("America/Vancouver", &bytes),
        ("tzdata.zi", b"# version 2099a\nL America/Vancouver Canada/Pacific\n"),
    ]);
    assert_eq!(start(&world, "", Some(system.path())), NEW);
    world.write("staff.csv", STAFF.replace("America/Vancouver", "Canada/Pacific"));
    assert_eq!(start(&world, "", Some(system.path())), NEW);
}

#[test]
fn a_folder_that_the_config_names_wins_file_by_file() {
    let world = World::new("", STAFF);
    fs::create_dir_all(world.path("zones/America")).unwrap();
    for version in [1, 2, 3] {
        fs::write(world.path("zones/America/Vancouver"), vancouver(version)).unwrap();
        assert_eq!(start(&world, "zoneinfo = \"zones\"", None), NEW, "version {version}");
    }
    // The system's is later still, and does not count for this zone.
    let pacific = zone_file(2, &[], &PACIFIC[..1], "PST8");
    let system = folder(&[("America/Vancouver", &pacific), ("tzdata.zi", b"# version 2099a\n")]);
    assert_eq!(start(&world, "zoneinfo = \"zones\"", Some(system.path())), NEW);
    fs::rename(world.path("zones/America/Vancouver"), world.path("zones/America/Boise")).unwrap();
    assert_eq!(start(&world, "zoneinfo = \"zones\"", Some(system.path())), OLD, "no file for it there");
}

#[test]
fn a_rule_at_the_end_of_a_file_holds_for_all_years_after() {
    let world = World::new("", STAFF);
    fs::create_dir_all(world.path("zones/America")).unwrap();
    // Clocks that go forward for January alone.
    let rule = "PST8PDT,J1,J32";
    fs::write(world.path("zones/America/Vancouver"), zone_file(3, &[], &PACIFIC[..1], rule)).unwrap();
    assert_eq!(start(&world, "zoneinfo = \"zones\"", None), NEW);
}

#[test]
fn a_time_that_clocks_skip_or_show_twice_is_the_same_by_either_rules() {
    // The rules of Berlin, from a file; and a round at half past two on the Sundays of its clock changes.
    let berlin = zone_file(2, &[], &[(3600, false, "CET")], "CET-1CEST,M3.5.0,M10.5.0/3");
    let zones = folder(&[("Europe/Berlin", &berlin)]);
    let staff = STAFF.replace("America/Vancouver", "");
    for (week, start) in [("2027-03-28", "2027-03-28T03:30:00+02:00"), ("2027-10-31", "2027-10-31T02:30:00+02:00")] {
        for zoneinfo in ["", &shown(&zones)] {
            let world = World::new(
                &format!(
                    "\n\n[meeting]\ntimezone = \"Europe/Berlin\"\nweekday = \"sunday\"\nstart = \"02:30\"\n\
                     workdays = [\"sun\"]\nworking_hours = \"00:00-12:00\"\nzoneinfo = \"{zoneinfo}\"\n"
                ),
                &staff,
            );
            let round = &world.json_at("2027-03-01T09:00:00Z", &["pair", "--week", week, "--seed", "1"])["rounds"][0];
            assert_eq!(round["pairs"][0]["start"], start, "{zoneinfo}");
        }
    }
}

#[test]
fn a_webex_of_the_same_rules_takes_the_offset() {
    let bytes = vancouver(2);
    let zones = folder(&[("America/Vancouver", &bytes)]);
    let now = "2027-01-18T09:00:00Z";
    let config = |zoneinfo: &str| {
        format!("[meeting]\ntimezone = \"America/Vancouver\"\nbook_ahead_days = 7\nzoneinfo = \"{zoneinfo}\"\n")
    };
    for (zoneinfo, start) in [(shown(&zones), "2027-01-20T22:10:00Z"), (String::new(), "2027-01-20T23:10:00Z")] {
        let office = Booked::new(&config(&zoneinfo), STAFF, &["--zoneinfo", &shown(&zones)]);
        office.world.json_at(now, &["pair", "--week", "2027-01-20", "--seed", "1"]);
        let run = office.run_at(now, &["schedule"]);
        assert_eq!(office.standing()[0]["start"], start, "{}", run.all());
        let refused = run.stderr.contains("timezone America/Vancouver and timezone offset -08:00 do not match");
        assert_eq!(refused, zoneinfo.is_empty(), "{}", run.stderr);
    }
}

#[test]
fn broken_zone_files_are_all_told_before_anything_is_done() {
    let whole = vancouver(2);
    let world = World::new("\n\n[meeting]\nzoneinfo = \"zones\"\n", STAFF);
    let run = world.run(&["pair", "--month"]);
    insta::assert_snapshot!(run.all(), @"
    --- stderr
    error: config.toml:6: meeting.zoneinfo: zones cannot be read: No such file or directory (os error 2)
    --- status 2
    ");
    fs::create_dir_all(world.path("zones/America")).unwrap();
    let run = world.run(&["pair", "--month"]);
    insta::assert_snapshot!(run.all(), @"
    --- stderr
    error: config.toml:6: meeting.zoneinfo: zones has no zone file, such as Europe/Kyiv in it
    --- status 2
    ");
    fs::write(world.path("zones/America/Vancouver"), &whole[..60]).unwrap();
    fs::write(world.path("zones/America/Boise"), "not a zone\n").unwrap();
    fs::write(world.path("zones/America/Bogota"), &whole).unwrap();
    let run = world.run(&["pair", "--month"]);
    insta::assert_snapshot!(run.all(), @"
    --- stderr
    error: config.toml:6: meeting.zoneinfo: zones/America/Boise is not a zone file, or a broken one: invalid 32-bit TZif header: too short
    config.toml:6: meeting.zoneinfo: zones/America/Vancouver is not a zone file, or a broken one: expected bytes for 'v1 TZifdata block', but did not find enough bytes
    --- status 2
    ");
}

#[test]
fn the_release_that_counts_is_told() {
    let world = World::new("\n\n[meeting]\nzoneinfo = \"\"\n", STAFF);
    let told = |system: Option<&TempDir>| {
        let mut command = world.command(crate::support::world::NOW, &["--version"]);
        if let Some(system) = system {
            command.env("TZDIR", system.path());
        }
        world.finish(&mut command).stdout
    };
    insta::assert_snapshot!(told(None), @"
    roulette 0.1.0
    time zones 2025b (compiled in)
    ");
    let bytes = vancouver(2);
    let system = folder(&[("America/Vancouver", &bytes), ("tzdata.zi", b"# version 2099a\n")]);
    assert!(told(Some(&system)).ends_with(&format!("\ntime zones 2099a ({})\n", shown(&system))));
    world.write("config.toml", format!("[meeting]\nzoneinfo = \"{}\"\n", shown(&system)));
    assert!(told(None).contains(&format!("\ntime zones 2099a ({}), others 20", shown(&system))), "{}", told(None));
}

#[test]
fn a_name_that_misleads_is_warned_of_in_roster_and_config() {
    let world = World::new(
        "across = []\n\n[meeting]\ntimezone = \"EET\"\n",
        "email,name,department,timezone\na@x.org,A,1,EST\nb@x.org,B,1,FLE Standard Time\nc@x.org,C,1,UTC\n\
         d@x.org,D,1,(UTC-05:00) Eastern Time (US & Canada)\ne@x.org,E,1,europe / kyiv\n",
    );
    let check = world.json(&["roster", "check"]);
    let warnings = check["warnings"].as_array().unwrap();
    assert_eq!(
        warnings[0],
        json!({
            "line": 2, "column": "timezone",
            "says": "“EST” is UTC−05:00 all year, in summer too; write the zone of a place, such as America/New_York, \
                     or America/Bogota where clocks do not change",
        })
    );
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let run = world.run(&["pair", "--month", "--dry-run"]);
    assert!(run.stderr.contains("config.toml:6: meeting.timezone: “EET” is not a place"), "{}", run.stderr);
    assert!(run.stderr.contains("staff.csv:2: timezone: “EST” is UTC−05:00 all year"), "{}", run.stderr);
}
