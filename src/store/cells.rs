//! Single values that people write, in the roster as in the config: a zone.
//! Reads one value, or says in a sentence why it cannot; knows no file and no place in it.

use chrono_tz::{TZ_VARIANTS, Tz};

/// The value in quotation marks, short enough for a message and without control characters.
pub(super) fn quoted(value: &str) -> String {
    let mut shown: String = value.chars().take(60).flat_map(char::escape_debug).collect();
    shown = shown.replace("\\'", "'").replace("\\\"", "\"");
    if value.chars().nth(60).is_some() {
        shown.push('…');
    }
    format!("“{shown}”")
}

/// The candidate that is most like `word`, if one is like it.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro_winkler(&word, candidate), candidate));
    scored.filter(|(score, _)| *score >= 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, candidate)| candidate)
}

/// The IANA zone of that name, in any case.
pub(super) fn zone(text: &str) -> Option<Tz> {
    let any_case = || TZ_VARIANTS.iter().copied().find(|zone| zone.name().eq_ignore_ascii_case(text));
    text.parse().ok().or_else(any_case)
}

/// Why `text` is no zone, and which one may be meant.
pub(super) fn zone_fault(text: &str) -> String {
    let shown = quoted(text);
    if is_offset(text) {
        return format!("{shown} is an offset, which is wrong half the year: write a zone such as Europe/Kyiv");
    }
    match nearest_zone(text) {
        Some(zone) => format!("{shown} is not a time zone: did you mean {zone}?"),
        None => format!("{shown} is not a time zone such as Europe/Kyiv"),
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
    scored.filter(|(score, _)| *score >= 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_may_be_written_in_any_case() {
        assert_eq!(zone("Europe/Kyiv"), Some(Tz::Europe__Kyiv));
        assert_eq!(zone("america/new_york"), Some(Tz::America__New_York));
        assert_eq!(zone("Europe/Kiyv"), None);
    }

    #[test]
    fn an_unknown_zone_names_the_nearest() {
        assert_eq!(zone_fault("Europe/Kiyv"), "“Europe/Kiyv” is not a time zone: did you mean Europe/Kyiv?");
        assert_eq!(zone_fault("New York"), "“New York” is not a time zone: did you mean America/New_York?");
        assert_eq!(zone_fault("Berlin"), "“Berlin” is not a time zone: did you mean Europe/Berlin?");
        assert_eq!(zone_fault("?"), "“?” is not a time zone such as Europe/Kyiv");
    }

    #[test]
    fn an_offset_is_no_zone() {
        for offset in ["UTC+2", "+02:00", "gmt-5", "(UTC+02:00) Kyiv", "UTC −3"] {
            assert!(zone_fault(offset).contains("is an offset"), "{offset}");
        }
    }

    #[test]
    fn a_value_in_a_message_is_short_and_on_one_line() {
        assert_eq!(quoted("O'Neil"), "“O'Neil”");
        assert_eq!(quoted("a\nb\u{1b}"), "“a\\nb\\u{1b}”");
        assert_eq!(quoted(&"x".repeat(70)), format!("“{}…”", "x".repeat(60)));
    }
}
