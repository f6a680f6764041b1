//! Texts from other people, made harmless once, where they enter a message: from there on, the type guarantees it.
//! Knows what Markdown, cards and chats make of a text; knows no message and no language.

use std::fmt;
use std::ops::Deref;

use crate::domain::text::cut;

/// The longest name in a text, in characters.
pub(super) const NAME: usize = 60;
/// The longest sentence written by somebody else, in characters.
const SENTENCE: usize = 400;

/// A text that a person or another program wrote, made fit for a sentence: short, on one line, without invisible
/// characters, without backticks, and without anything that a chat turns into a link or a date by itself. Markdown is
/// escaped where it is written, because a card's button has none.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sanitized(String);

impl Sanitized {
    /// A text that may be as long as a sentence; [`From`] makes one that is at most as long as a name.
    pub fn sentence(text: &str) -> Self {
        Self::of(text, SENTENCE)
    }

    fn of(text: &str, most: usize) -> Self {
        let mut clean = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '`' => clean.push('’'),
                '\u{200c}' | '\u{200d}' => clean.push(c), // some scripts cannot be written without
                c if c.is_control() || c.is_whitespace() => {
                    if !clean.is_empty() && !clean.ends_with(' ') {
                        clean.push(' ');
                    }
                }
                '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {}
                c => clean.push(c),
            }
        }
        let clean = cut(clean.trim_end().to_owned(), most);
        let mut harmless = String::with_capacity(clean.len());
        for (at, c) in clean.char_indices() {
            let (before, rest) = clean.split_at(at);
            if c == '.' && before.len() >= 3 && before.as_bytes()[at - 3..].eq_ignore_ascii_case(b"www") {
                harmless.push('\u{200b}');
            }
            harmless.push(c);
            if rest.starts_with("://") || rest.starts_with("{{") {
                harmless.push('\u{200b}');
            }
        }
        Self(harmless)
    }
}

impl From<&str> for Sanitized {
    fn from(text: &str) -> Self {
        Self::of(text, NAME)
    }
}

impl From<String> for Sanitized {
    fn from(text: String) -> Self {
        Self::from(&*text)
    }
}

impl Deref for Sanitized {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Sanitized {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Display for Sanitized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Sanitized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialEq<str> for Sanitized {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Sanitized {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

/// An address that opens a page and does nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// The address; none if it is not such an address.
    pub fn of(text: &str) -> Option<Self> {
        let is_link = (text.starts_with("https://") || text.starts_with("http://"))
            && text
                .chars()
                .all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '`' | '\\'));
        is_link.then(|| Self(text.to_owned()))
    }
}

impl Deref for Link {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_name_stays_as_it_is_and_a_hostile_one_becomes_harmless() {
        for name in ["", "Zoë O’Neill-Łuczak", "山田 太郎", "Dr. Ann Lee (R&D 2.0), Jr."] {
            assert_eq!(Sanitized::from(name), name);
        }
        assert_eq!(Sanitized::from(" Ann\r\n\tLee \u{202e}`x`\u{feff}"), "Ann Lee ’x’");
        assert_eq!(Sanitized::from("http://x www.y {{DATE(z)}}"), "http:\u{200b}//x www\u{200b}.y {\u{200b}{DATE(z)}}");
        assert_eq!(Sanitized::from("wWw.x {{{DATE(z)}}"), "wWw\u{200b}.x {\u{200b}{\u{200b}{DATE(z)}}");
        assert_eq!(Sanitized::from("x".repeat(500)).chars().count(), NAME);
        assert_eq!(Sanitized::sentence(&"x".repeat(500)).chars().count(), SENTENCE);
    }

    #[test]
    fn what_is_harmless_stays_as_it_is() {
        let once = Sanitized::sentence("`a` http://x www.www.y {{{{ \u{200b}{{b}} WWW.c \u{200d}");
        assert_eq!(Sanitized::sentence(&once), once);
    }

    #[test]
    fn only_an_address_of_a_page_is_a_link() {
        for text in ["javascript:alert(1)", "http://x y", "https://x\"y", "https://x`y", "https://a\nb", ""] {
            assert_eq!(Link::of(text), None);
        }
        assert_eq!(Link::of("https://example.com/a?b=c#d").as_deref(), Some("https://example.com/a?b=c#d"));
    }
}
