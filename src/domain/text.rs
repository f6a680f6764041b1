//! Text of any length, made short enough for where it is to stand.
//! Knows no language and no format.

/// On one line, and at most `most` characters.
pub fn short(text: &str, most: usize) -> String {
    let line: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    cut(line, most)
}

/// At most `most` characters, the last one a sign that something is missing.
pub fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        text.truncate(last);
        text.push('…');
    }
    text
}
