//! Texts from outside, such as names and departments, made safe for where they are shown.
//! Each function knows one place: a terminal, Markdown, a spreadsheet.

use std::borrow::Cow;

use chrono::{DateTime, TimeZone};

use crate::domain::zone::Zone;

/// The text for a terminal: whatever would move the cursor, break the line or turn the direction of writing
/// becomes U+FFFD.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.contains(is_harmful) { text.replace(is_harmful, "\u{fffd}").into() } else { text.into() }
}

fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text as one word for a shell.
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@=,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.into()
    } else {
        format!("'{}'", text.replace('\'', r"'\''")).into()
    }
}

/// The text for one line of Markdown: no emphasis, link, picture, HTML, cell border, mention or reference to
/// an issue. An invisible space ends what GitHub would link after the Markdown is rendered, which escaping
/// cannot: `@ann`, `#1`, `https://…` and `www.…`.
pub fn markdown(text: &str) -> String {
    let text = harmless(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '|' => escaped.push_str("&#124;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' | '$' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
        let next = &text[at + c.len_utf8()..];
        let links = match c {
            '@' | '#' => next.starts_with(|c: char| !c.is_whitespace()),
            ':' => next.starts_with(|c: char| !c.is_whitespace() && !c.is_ascii_digit()),
            'w' | 'W' if next.starts_with('.') => {
                at.checked_sub(2).is_some_and(|from| text.as_bytes()[from..at].eq_ignore_ascii_case(b"ww"))
            }
            _ => false,
        };
        if links {
            escaped.push('\u{200b}');
        }
    }
    escaped
}

/// The text for a spreadsheet's cell, and for the terminal to which it may be printed: text that the spreadsheet would
/// take for a formula gets a leading apostrophe, numbers do not. If lists are separated by semicolons, a cell begins
/// after each of them, and some spreadsheets treat full-width characters like plain ones.
pub fn cell(text: &str) -> Cow<'_, str> {
    let begins = |text: &str| text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let text = harmless(text);
    let divided = [';', '；'].iter().any(|sign| text.contains(*sign));
    if !divided && (!begins(&text) || text.parse::<f64>().is_ok()) {
        return text;
    }
    let mut guarded = String::with_capacity(text.len() + 2);
    for part in text.split_inclusive([';', '；']) {
        if begins(part) && text.parse::<f64>().is_err() {
            guarded.push('\'');
        }
        guarded.push_str(part);
    }
    guarded.into()
}

/// A day and time of day as the organizer reads it, as in `Wed 2026-12-02 15:10`.
pub fn local(zone: Zone, at: DateTime<impl TimeZone<Offset: Copy>>) -> String {
    at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_name_stays_as_it_is() {
        for name in ["", "Zoë O’Neill-Łuczak", "山田 太郎", "Dr. Ann Lee (R 2.0), Jr.", "חנה \u{200f}כהן"]
        {
            assert_eq!((&*harmless(name), &*markdown(name), &*cell(name)), (name, name, name));
        }
    }

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_writing() {
        assert_eq!(harmless("a\u{1b}[2Jb\nc\td\u{7f}e\u{9b}f"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}f");
        assert_eq!(harmless("\u{202e}nnA\u{2066}\u{2069}\u{2028}"), "\u{fffd}nnA\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn no_name_becomes_markup() {
        for (name, shown) in [
            ("*_`~", r"\*\_\`\~"),
            ("![x](y)", r"\!\[x\](y)"),
            ("<b>&lt;", "&lt;b&gt;&amp;lt;"),
            ("a|b", "a&#124;b"),
            (r"a\|b", r"a\\&#124;b"),
            ("a\r\n# b", "a\u{fffd}\u{fffd}\\# b"),
        ] {
            assert_eq!(markdown(name), shown);
        }
    }

    #[test]
    fn no_name_becomes_a_mention_or_a_link() {
        for (name, shown) in [
            ("@ann", "@\u{200b}ann"),
            ("ann@example.com", "ann@\u{200b}example.com"),
            ("org/repo#1", "org/repo\\#\u{200b}1"),
            ("https://example.com", "https:\u{200b}//example.com"),
            ("WWW.example.com", "WWW\u{200b}.example.com"),
            ("whom they know.", "whom they know."),
            ("odd number: 15:10", "odd number: 15:10"),
        ] {
            assert_eq!(markdown(name), shown);
        }
    }

    #[test]
    fn no_cell_becomes_a_formula() {
        for name in ["=1+1", "+cmd", "-A1", "@SUM(1)", "＝1+1", "＋cmd", "－A1", "＠SUM(1)", " =1", "\u{3000}=1"] {
            assert_eq!(cell(name), format!("'{name}"));
        }
        for (name, shown) in [("R&D;=1", "R&D;'=1"), ("a; +1;b", "a;' +1;b"), ("a；＝1", "a；'＝1"), ("a;b", "a;b")]
        {
            assert_eq!(cell(name), shown);
        }
        for name in ["\t=1", "\r=1", "\u{1b}[31m=1", "\n@a"] {
            assert!(cell(name).starts_with('\u{fffd}'), "{name:?}");
        }
        assert_eq!([cell("-1.5"), cell("a=1")], ["-1.5", "a=1"]);
    }
}
