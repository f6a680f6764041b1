//! Which languages the bot can speak, and how files name them. Knows no word of any of them.

use std::str::FromStr;

use super::text::short;

/// The longest wrong name that is shown in a message, in characters.
const NAME: usize = 60;

/// A language that the bot speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, `en`.
    #[default]
    English,
    /// Ukrainian, `uk`.
    Ukrainian,
}

impl Language {
    /// Every language and its code (ISO 639-1), as config and roster name it.
    pub const ALL: [(&'static str, Self); 2] = [Self::English.named(), Self::Ukrainian.named()];

    /// The code (ISO 639-1), such as `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Ukrainian => "uk",
        }
    }

    const fn named(self) -> (&'static str, Self) {
        (self.code(), self)
    }
}

impl FromStr for Language {
    type Err = String;

    /// Reads a code, in any case.
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(code, _)| text.trim().eq_ignore_ascii_case(code));
        found.map(|(_, language)| *language).ok_or_else(|| {
            let codes: Vec<&str> = Self::ALL.iter().map(|(code, _)| *code).collect();
            format!("“{}” is not a language that the bot speaks: write {}", short(text, NAME), codes.join(" or "))
        })
    }
}
