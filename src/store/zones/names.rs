//! How people, offices and other programs write a time zone: what is understood, what misleads, and what is refused.
//! Knows names and offsets; its parent module knows which rules are used.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::windows::windows;
use super::zone;
use crate::domain::text::folded;
use crate::domain::zone::Zone;
use crate::store::cells::quoted;

/// The zone that is written: by its IANA name in any case, with spaces or underscores, by its Windows name, or as
/// exports show it, `(UTC+02:00) Helsinki, Kyiv, Riga`.
pub(in crate::store) fn named(text: &str) -> Option<Zone> {
    let written = || {
        let wanted = key(text);
        let spelled = TZ_VARIANTS.iter().copied().find(|zone| key(zone.name()) == wanted);
        spelled.or_else(|| windows(&plain(text).replace("daylight time", "standard time"))).or_else(|| shown(text))
    };
    text.parse().ok().or_else(written).map(zone)
}

/// Why a zone that is understood may not be the intended one.
pub(in crate::store) fn doubt(zone: Zone) -> Option<String> {
    const CHANGING: [&str; 8] = ["CET", "EET", "MET", "WET", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"];
    const FIXED: [&str; 3] = ["EST", "HST", "MST"];
    const GREENWICH: [&str; 5] = ["GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich"];
    let name = zone.name();
    let bare = name.strip_prefix("Etc/").unwrap_or(name);
    let turned = bare.starts_with("GMT") && name != bare && !GREENWICH.contains(&bare);
    let what = if CHANGING.contains(&name) {
        "is not a place, and its clocks may not change when those of a place do"
    } else if FIXED.contains(&name) || GREENWICH.contains(&bare) {
        "all year, in summer too"
    } else if turned {
        "all year, in summer too: its sign is reversed"
    } else {
        return None;
    };
    let offset = winter(zone.id());
    let what = if what.starts_with("is") { what.to_owned() } else { format!("is {} {what}", utc(offset)) };
    let instead = match PLACES.iter().find(|(hours, ..)| hours * 3600 == offset) {
        Some((_, changes, stays)) if changes == stays => format!("such as {changes}"),
        Some((_, changes, stays)) => format!("such as {changes}, or {stays} where clocks do not change"),
        None => "such as Europe/Kyiv".to_owned(),
    };
    Some(format!("{} {what}; write the zone of a place, {instead}", quoted(name)))
}

/// Why `text` is not a zone, and which one may be meant.
pub(in crate::store) fn why_not(text: &str) -> String {
    let shown = quoted(text);
    if is_offset(text) {
        return format!("{shown} is an offset, which is wrong half the year: write a zone such as Europe/Kyiv");
    }
    if let Some((_, meant)) = ABBREVIATIONS.iter().find(|(short, _)| short.eq_ignore_ascii_case(text.trim())) {
        return format!("{shown} is an abbreviation, not a time zone: write {}", meant.join(" or "));
    }
    match nearest_zone(text) {
        Some(zone) => format!("{shown} is not a time zone: did you mean {zone}?"),
        None => format!("{shown} is not a time zone such as Europe/Kyiv"),
    }
}

fn plain(text: &str) -> String {
    folded(text).replace('_', " ")
}

/// A name in a form in which it does not matter how its words are separated.
fn key(text: &str) -> String {
    let plain = folded(text);
    let mut key = String::with_capacity(plain.len());
    let mut signs = plain.chars().peekable();
    while let Some(sign) = signs.next() {
        let parts = sign == '-' && signs.peek().is_some_and(|next| next.is_alphabetic());
        if !(parts || matches!(sign, ' ' | '_' | '.' | '\'')) {
            key.push(sign);
        }
    }
    key
}

/// The zone for a list of places with their offset from UTC in front.
fn shown(text: &str) -> Option<Tz> {
    let text = plain(text);
    let (offset, places) = text.strip_prefix('(')?.split_once(')')?;
    let offset = offset.trim().strip_prefix("utc").or_else(|| offset.trim().strip_prefix("gmt"))?;
    let offset = seconds(offset.trim())?;
    let fits = |zone: &Tz| standard(*zone) == offset;
    places.split([',', ';']).flat_map(|part| part.split(" - ")).find_map(|place| {
        let place = place.split('(').next().unwrap_or_default().trim();
        let place = key(place.strip_prefix("city of ").unwrap_or(place));
        let known = SHOWN.iter().find(|(name, _)| key(name) == place).and_then(|(_, zone)| zone.parse().ok());
        let city = |zone: &Tz| zone.name().rsplit_once('/').is_some_and(|(_, city)| key(city) == place);
        known.filter(fits).or_else(|| TZ_VARIANTS.iter().copied().find(|zone| city(zone) && fits(zone)))
    })
}

/// The seconds of `+02:00`, or of an empty text.
fn seconds(offset: &str) -> Option<i32> {
    if offset.is_empty() {
        return Some(0);
    }
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+" | "±", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    Some(sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60))
}

/// The built-in offsets from UTC of a zone in the winter and in the summer of a year.
fn offsets(zone: Tz) -> [i32; 2] {
    // 1 January and 1 July 2025.
    [1_735_689_600, 1_751_328_000].map(|at| {
        let at = DateTime::from_timestamp(at, 0).unwrap_or_default().naive_utc();
        zone.offset_from_utc_datetime(&at).fix().local_minus_utc()
    })
}

fn winter(zone: Tz) -> i32 {
    offsets(zone)[0]
}

/// The offset while clocks are not put forward.
fn standard(zone: Tz) -> i32 {
    let [january, july] = offsets(zone);
    january.min(july)
}

fn utc(offset: i32) -> String {
    match offset {
        0 => "UTC".to_owned(),
        _ => {
            format!("UTC{}{:02}:{:02}", if offset < 0 { '−' } else { '+' }, offset.abs() / 3600, offset.abs() / 60 % 60)
        }
    }
}

fn is_offset(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    let rest = text.trim_start_matches(['(', ' ']).trim_start_matches("UTC").trim_start_matches("GMT");
    let mut signs = rest.trim_start().chars();
    signs.next().is_some_and(|sign| "+-−".contains(sign)) && signs.next().is_some_and(|digit| digit.is_ascii_digit())
}

/// Compares with whole names and with the city alone.
fn nearest_zone(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase().replace(' ', "_");
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        let city = name.rsplit('/').next().unwrap_or_default();
        strsim::jaro(&text, &name).max(strsim::jaro(&text, city))
    };
    let scored = TZ_VARIANTS.iter().map(|zone| (likeness(zone.name()), zone.name()));
    scored
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| if name == "Europe/Kiev" { "Europe/Kyiv" } else { name })
}

/// For each offset from UTC in hours, a place whose clocks change and one whose clocks do not, if both exist.
const PLACES: [(i32, &str, &str); 26] = [
    (-11, "Pacific/Pago_Pago", "Pacific/Pago_Pago"),
    (-10, "Pacific/Honolulu", "Pacific/Honolulu"),
    (-9, "America/Anchorage", "Pacific/Gambier"),
    (-8, "America/Los_Angeles", "Pacific/Pitcairn"),
    (-7, "America/Denver", "America/Phoenix"),
    (-6, "America/Chicago", "America/Mexico_City"),
    (-5, "America/New_York", "America/Bogota"),
    (-4, "America/Halifax", "America/Caracas"),
    (-3, "America/Sao_Paulo", "America/Sao_Paulo"),
    (-2, "America/Nuuk", "America/Noronha"),
    (-1, "Atlantic/Azores", "Atlantic/Cape_Verde"),
    (0, "Europe/London", "Africa/Abidjan"),
    (1, "Europe/Berlin", "Africa/Lagos"),
    (2, "Europe/Kyiv", "Africa/Johannesburg"),
    (3, "Europe/Istanbul", "Europe/Istanbul"),
    (4, "Asia/Dubai", "Asia/Dubai"),
    (5, "Asia/Karachi", "Asia/Karachi"),
    (6, "Asia/Dhaka", "Asia/Dhaka"),
    (7, "Asia/Bangkok", "Asia/Bangkok"),
    (8, "Asia/Singapore", "Asia/Singapore"),
    (9, "Asia/Tokyo", "Asia/Tokyo"),
    (10, "Australia/Sydney", "Australia/Brisbane"),
    (11, "Pacific/Norfolk", "Pacific/Noumea"),
    (12, "Pacific/Auckland", "Pacific/Fiji"),
    (13, "Pacific/Tongatapu", "Pacific/Tongatapu"),
    (14, "Pacific/Kiritimati", "Pacific/Kiritimati"),
];

/// Names that Windows and Outlook show but that are not names of zones, with the zone.
const SHOWN: [(&str, &str); 37] = [
    ("abu dhabi", "Asia/Dubai"),
    ("alaska", "America/Anchorage"),
    ("arizona", "America/Phoenix"),
    ("astana", "Asia/Almaty"),
    ("atlantic time", "America/Halifax"),
    ("baja california", "America/Tijuana"),
    ("beijing", "Asia/Shanghai"),
    ("brasilia", "America/Sao_Paulo"),
    ("central america", "America/Guatemala"),
    ("central time", "America/Chicago"),
    ("chatham islands", "Pacific/Chatham"),
    ("coordinated universal time", "UTC"),
    ("easter island", "Pacific/Easter"),
    ("eastern time", "America/New_York"),
    ("ekaterinburg", "Asia/Yekaterinburg"),
    ("greenland", "America/Nuuk"),
    ("greenwich mean time", "Europe/London"),
    ("hawaii", "Pacific/Honolulu"),
    ("indiana", "America/Indiana/Indianapolis"),
    ("islamabad", "Asia/Karachi"),
    ("kiritimati island", "Pacific/Kiritimati"),
    ("mountain time", "America/Denver"),
    ("new delhi", "Asia/Kolkata"),
    ("newfoundland", "America/St_Johns"),
    ("nuku'alofa", "Pacific/Tongatapu"),
    ("osaka", "Asia/Tokyo"),
    ("pacific time", "America/Los_Angeles"),
    ("petropavlovsk-kamchatsky", "Asia/Kamchatka"),
    ("samoa", "Pacific/Apia"),
    ("saskatchewan", "America/Regina"),
    ("seattle", "America/Los_Angeles"),
    ("sri jayawardenepura", "Asia/Colombo"),
    ("st. petersburg", "Europe/Moscow"),
    ("west central africa", "Africa/Lagos"),
    ("wellington", "Pacific/Auckland"),
    ("yangon (rangoon)", "Asia/Yangon"),
    ("yukon", "America/Whitehorse"),
];

/// Abbreviations that are not names, with the zones that may be meant.
const ABBREVIATIONS: [(&str, &[&str]); 46] = [
    ("ACDT", &["Australia/Adelaide"]),
    ("ACST", &["Australia/Adelaide", "Australia/Darwin"]),
    ("ADT", &["America/Halifax"]),
    ("AEDT", &["Australia/Sydney"]),
    ("AEST", &["Australia/Sydney", "Australia/Brisbane"]),
    ("AKDT", &["America/Anchorage"]),
    ("AKST", &["America/Anchorage"]),
    ("ART", &["America/Argentina/Buenos_Aires"]),
    ("AST", &["America/Halifax", "Asia/Riyadh"]),
    ("AWST", &["Australia/Perth"]),
    ("BRT", &["America/Sao_Paulo"]),
    ("BST", &["Europe/London", "Asia/Dhaka"]),
    ("CAT", &["Africa/Maputo"]),
    ("CDT", &["America/Chicago"]),
    ("CEST", &["Europe/Berlin"]),
    ("COT", &["America/Bogota"]),
    ("CST", &["America/Chicago", "Asia/Shanghai"]),
    ("EAT", &["Africa/Nairobi"]),
    ("EDT", &["America/New_York"]),
    ("EEST", &["Europe/Kyiv"]),
    ("GST", &["Asia/Dubai"]),
    ("HKT", &["Asia/Hong_Kong"]),
    ("ICT", &["Asia/Bangkok"]),
    ("IDT", &["Asia/Jerusalem"]),
    ("IST", &["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
    ("JST", &["Asia/Tokyo"]),
    ("KST", &["Asia/Seoul"]),
    ("MDT", &["America/Denver"]),
    ("MESZ", &["Europe/Berlin"]),
    ("MEZ", &["Europe/Berlin"]),
    ("MSK", &["Europe/Moscow"]),
    ("NST", &["America/St_Johns"]),
    ("NZDT", &["Pacific/Auckland"]),
    ("NZST", &["Pacific/Auckland"]),
    ("OESZ", &["Europe/Kyiv"]),
    ("OEZ", &["Europe/Kyiv"]),
    ("PDT", &["America/Los_Angeles"]),
    ("PHT", &["Asia/Manila"]),
    ("PKT", &["Asia/Karachi"]),
    ("PST", &["America/Los_Angeles", "Asia/Manila"]),
    ("SAST", &["Africa/Johannesburg"]),
    ("SGT", &["Asia/Singapore"]),
    ("TRT", &["Europe/Istanbul"]),
    ("WAT", &["Africa/Lagos"]),
    ("WEST", &["Europe/Lisbon"]),
    ("WIB", &["Asia/Jakarta"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written, and the zone that it means.
    const UNDERSTOOD: &[(&str, &str)] = &[
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("Europe/Kiev", "Europe/Kiev"),
        ("europe/kyiv", "Europe/Kyiv"),
        ("EUROPE / KYIV", "Europe/Kyiv"),
        ("america/new_york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("America/New-York", "America/New_York"),
        ("America/São Paulo", "America/Sao_Paulo"),
        ("america/port au prince", "America/Port-au-Prince"),
        ("Ａｓｉａ／Ｔｏｋｙｏ", "Asia/Tokyo"),
        ("utc", "UTC"),
        ("etc/gmt+5", "Etc/GMT+5"),
        ("Etc/GMT-5", "Etc/GMT-5"),
        ("est", "EST"),
        ("FLE Standard Time", "Europe/Kyiv"),
        ("fle standard time", "Europe/Kyiv"),
        ("FLE_Standard_Time", "Europe/Kyiv"),
        ("GMT Standard Time", "Europe/London"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Daylight Time", "America/New_York"),
        ("(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius", "Europe/Helsinki"),
        ("(UTC+02:00) Kyiv", "Europe/Kyiv"),
        ("(GMT+02:00) Eastern European Time - Kyiv", "Europe/Kyiv"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC−08:00) Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("(UTC-07:00) Chihuahua, La Paz, Mazatlan", "America/Mazatlan"),
        ("(UTC-03:00) City of Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
        ("(UTC+05:45) Kathmandu", "Asia/Kathmandu"),
        ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "Europe/Dublin"),
        ("(UTC+10:00) Canberra, Melbourne, Sydney", "Australia/Canberra"),
        ("(UTC) Coordinated Universal Time", "UTC"),
    ];

    #[test]
    fn a_zone_is_understood_as_people_and_programs_write_it() {
        for (written, meant) in UNDERSTOOD {
            assert_eq!(named(written).map(Zone::name), Some(*meant), "{written}");
        }
    }

    /// What misleads, and the warning.
    const MISLEADING: &[(&str, &str)] = &[
        (
            "EST",
            "“EST” is UTC−05:00 all year, in summer too; write the zone of a place, such as America/New_York, \
             or America/Bogota where clocks do not change",
        ),
        (
            "MST",
            "“MST” is UTC−07:00 all year, in summer too; write the zone of a place, such as America/Denver, \
             or America/Phoenix where clocks do not change",
        ),
        ("HST", "“HST” is UTC−10:00 all year, in summer too; write the zone of a place, such as Pacific/Honolulu"),
        (
            "EET",
            "“EET” is not a place, and its clocks may not change when those of a place do; write the zone of a place, \
             such as Europe/Kyiv, or Africa/Johannesburg where clocks do not change",
        ),
        (
            "Etc/GMT+5",
            "“Etc/GMT+5” is UTC−05:00 all year, in summer too: its sign is reversed; write the zone of a \
             place, such as America/New_York, or America/Bogota where clocks do not change",
        ),
        (
            "GMT",
            "“GMT” is UTC all year, in summer too; write the zone of a place, such as Europe/London, \
             or Africa/Abidjan where clocks do not change",
        ),
    ];

    #[test]
    fn a_name_that_misleads_is_warned_of_with_the_right_one() {
        for (name, says) in MISLEADING {
            assert_eq!(doubt(named(name).unwrap()).as_deref(), Some(*says));
        }
        for name in ["MET", "CET", "WET", "EST5EDT", "PST8PDT", "Etc/GMT-14", "Etc/GMT0", "Greenwich", "Etc/GMT+12"] {
            assert!(doubt(named(name).unwrap()).is_some(), "{name}");
        }
        for name in ["UTC", "Etc/UTC", "Zulu", "Universal", "Europe/Kyiv", "GB", "US/Eastern", "Japan"] {
            assert_eq!(doubt(named(name).unwrap()), None, "{name}");
        }
    }

    /// What is refused, and why.
    const REFUSED: &[(&str, &str)] = &[
        ("Europe/Kiyv", "“Europe/Kiyv” is not a time zone: did you mean Europe/Kyiv?"),
        ("New York", "“New York” is not a time zone: did you mean America/New_York?"),
        ("Kiev", "“Kiev” is not a time zone: did you mean Europe/Kyiv?"),
        ("Berlin", "“Berlin” is not a time zone: did you mean Europe/Berlin?"),
        ("?", "“?” is not a time zone such as Europe/Kyiv"),
        ("cst", "“cst” is an abbreviation, not a time zone: write America/Chicago or Asia/Shanghai"),
        ("CEST", "“CEST” is an abbreviation, not a time zone: write Europe/Berlin"),
        ("UTC+2", "“UTC+2” is an offset, which is wrong half the year: write a zone such as Europe/Kyiv"),
        (
            "(UTC+03:00) Kyiv",
            "“(UTC+03:00) Kyiv” is an offset, which is wrong half the year: write a zone such as Europe/Kyiv",
        ),
    ];

    #[test]
    fn what_is_no_zone_is_refused_with_what_may_be_meant() {
        for (written, why) in REFUSED {
            assert_eq!(named(written), None, "{written}");
            assert_eq!(why_not(written), *why);
        }
        for offset in ["+02:00", "gmt-5", "UTC −3", "UTC+12"] {
            assert!(named(offset).is_none() && why_not(offset).contains("is an offset"), "{offset}");
        }
    }

    #[test]
    fn every_zone_of_the_tables_is_one() {
        let names = PLACES.iter().flat_map(|(_, one, other)| [*one, *other]);
        let shown = SHOWN.iter().map(|(_, zone)| *zone);
        for name in names.chain(shown).chain(ABBREVIATIONS.iter().flat_map(|(_, zones)| zones.iter().copied())) {
            assert!(name.parse::<Tz>().is_ok(), "{name}");
        }
        for (hours, changes, stays) in PLACES {
            let zones: [Tz; 2] = [changes, stays].map(|name| name.parse().unwrap());
            assert_eq!(zones.map(standard), [hours * 3600; 2], "{changes} {stays}");
            let [from, to] = offsets(zones[1]);
            assert_eq!(from, to, "{stays}");
        }
    }
}
