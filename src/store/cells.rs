//! How a value that people wrote is shown in a message, and which known value it resembles. Knows no file and no place
//! in it.

/// The value in quotation marks, short enough for a message and without control characters.
pub(super) fn quoted(value: &str) -> String {
    let mut shown: String = value.chars().take(60).flat_map(char::escape_debug).collect();
    shown = shown.replace("\\'", "'").replace("\\\"", "\"");
    if value.chars().nth(60).is_some() {
        shown.push('…');
    }
    format!("“{shown}”")
}

/// The candidate that is most similar to `word`, if any is similar.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro_winkler(&word, candidate), candidate));
    scored.filter(|(score, _)| *score >= 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_a_message_is_short_and_on_one_line() {
        assert_eq!(quoted("O'Neil"), "“O'Neil”");
        assert_eq!(quoted("a\nb\u{1b}"), "“a\\nb\\u{1b}”");
        assert_eq!(quoted(&"x".repeat(70)), format!("“{}…”", "x".repeat(60)));
    }
}
