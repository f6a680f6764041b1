//! Text as people see it: what looks the same is the same, however it was typed. [`normalized`] is for what is kept and
//! shown, [`folded`] for comparing; both are quick for plain ASCII. [`short`] and [`cut`] make text of any length fit
//! the place where it is shown. Knows no language and no format. Pure, so that roster, config and chat compare names in
//! the same way. Source: Unicode Standard Annex #15.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, SecondsFormat, TimeZone};
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text in Unicode's composed form (NFC), in which a letter and its accent are one character if there is one.
pub fn normalized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The same result for two texts that people take for the same: without case, diacritics, invisible characters, and
/// surrounding or repeated white space; wide, narrow and ornate letters become plain ones, and all apostrophes or
/// dashes count as the same.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return squeezed(text).to_ascii_lowercase().replace('`', "'");
    }
    let plain: String = text.nfkd().flat_map(char::to_lowercase).filter(|c| !is_dropped(*c)).collect();
    let mut folded = String::with_capacity(plain.len());
    for c in plain.nfc() {
        match twin(c) {
            Some(twin) => folded.push_str(twin),
            None => folded.push(c),
        }
    }
    squeezed(&folded).into_owned()
}

/// The letters and signs of a folded text, one by one: without white space, and without vowel signs that are characters
/// of their own. Texts that are folded alike have the same; reading stops where the reader stops.
pub fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    let plain = text.nfkd().flat_map(char::to_lowercase).filter(|c| !is_dropped(*c));
    let plain = plain.flat_map(|c| {
        let twin = twin(c).unwrap_or_default();
        twin.chars().chain(twin.is_empty().then_some(c))
    });
    plain.filter(|c| !c.is_whitespace() && !is_combining_mark(*c))
}

/// “1 pair”, “2 pairs”.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// An instant for programs and logs, in RFC 3339 and whole seconds, as in `2026-12-02T13:10:00Z`.
pub fn rfc3339<Z: TimeZone<Offset: fmt::Display + Copy>>(at: DateTime<Z>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What was typed, as its writer sees it: without invisible characters, and with plain letters, digits and spaces
/// instead of wide ones and the like. For text that is to be understood; text that is to be kept as it was written goes
/// through [`normalized`].
pub fn typed(text: &str) -> String {
    let shown: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    shown.trim().to_owned()
}

/// Whether the two are the same to people.
pub fn alike(one: &str, other: &str) -> bool {
    one == other || folded(one) == folded(other)
}

/// The text without surrounding white space, and with a single space for any white space within.
pub fn squeezed(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let mut before = b' ';
    let plain = text.bytes().all(|byte| {
        let fine = byte > b' ' && byte.is_ascii() || byte == b' ' && before != b' ';
        before = byte;
        fine
    });
    if plain { Cow::Borrowed(text) } else { Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" ")) }
}

/// Whether the character is invisible: joiners, fillers, soft hyphens, byte order marks, and whatever turns the
/// direction of writing.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Accents of Latin, Greek and Cyrillic letters, vowel points that Hebrew and Arabic mostly do without, and invisible
/// characters. The vowel signs of other scripts make a different word, and stay.
fn is_dropped(c: char) -> bool {
    let optional = matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}');
    optional && is_combining_mark(c) || is_invisible(c)
}

/// What people type in place of a letter or sign that cannot be decomposed.
fn twin(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'þ' => "th",
        'ı' => "i",
        'ŋ' => "n",
        'ς' => "σ",
        'ґ' => "г",
        '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | 'ʹ' | '`' | '´' | '′' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '⁄' | '∕' => "/",
        _ => return None,
    })
}

/// The text on one line, with at most `most` characters.
pub fn short(text: &str, most: usize) -> String {
    let line: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    cut(line, most)
}

/// The text without characters that turn the direction of writing, and with spaces instead of control characters other
/// than line ends: other programs read it, and such characters would change the text next to it.
pub fn undirected(text: &str) -> String {
    let directs =
        |c: &char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    text.chars().filter(|c| !directs(c)).map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

/// At most `most` characters, the last of them an ellipsis if something is missing.
pub fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        text.truncate(last);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        for text in ["", "Ann Lee", "Büro", "Юлія"] {
            assert!(matches!(normalized(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_is_typed_in_two_ways_is_kept_in_one() {
        for (typed, kept) in [("Bu\u{308}ro", "Büro"), ("Юлі\u{308}я", "Юлїя"), ("\u{212b}ke", "Åke"), ("가", "가")]
        {
            assert_eq!(normalized(typed), kept);
        }
    }

    /// Each line is one text to people.
    const ALIKE: &[&[&str]] = &[
        &["Büro", "Bu\u{308}ro", "BÜRO", "buro", "  Büro\u{a0}", "Bü\u{ad}ro", "Bü\u{200b}ro"],
        &["José Núñez", "jose nunez", "JOSÉ  NÚÑEZ", "Jose\u{301} Nu\u{301}n\u{303}ez"],
        &["Straße", "STRASSE", "strasse"],
        &["Łuczak", "luczak"],
        &["Søren Ærø", "soren aero"],
        &["İnci Yıldız", "inci yildiz"],
        &["Ｓａｌｅｓ", "Sales", "ｓａｌｅｓ"],
        &["ﬁnance", "Finance"],
        &["O’Neil", "O'Neil", "O`Neil", "OʼNeil"],
        &["Мар’яна", "Мар'яна", "Марʼяна"],
        &["R – D", "R - D"],
        &["Юлія", "ЮЛІЯ", "Юлі\u{200d}я"],
        &["Ёлкин", "елкин"],
        &["ΟΔΟΣ", "οδός", "οδοσ"],
        &["ｶﾞﾗｽ", "ガラス"],
        &["서울", "\u{1109}\u{1165}\u{110b}\u{116e}\u{11af}"],
    ];

    #[test]
    fn what_looks_the_same_is_the_same() {
        for texts in ALIKE {
            for text in *texts {
                assert!(alike(texts[0], text), "{text}: {} is not {}", folded(text), folded(texts[0]));
            }
        }
    }

    #[test]
    fn nothing_turns_the_writing_of_other_programs() {
        assert_eq!(undirected("\u{202e}nnA\u{2066} \u{200f}Lee\u{1b}[1m\n\u{61c}b"), "nnA Lee [1m\nb");
        for text in ["חנה כהן", "می\u{200c}خواهم", "👩\u{200d}💻 Ann"] {
            assert_eq!(undirected(text), text);
        }
    }

    #[test]
    fn what_is_typed_has_nothing_that_nobody_sees() {
        let each = [
            ("\u{200b}skip\u{200b}", "skip"),
            ("ｓｋｉｐ　９", "skip 9"),
            ("skip\u{a0}9", "skip 9"),
            ("\u{feff}Бо\u{301}й", "Бо\u{301}й"),
            ("и\u{306}", "й"),
            ("❤\u{fe0f}", "❤"),
        ];
        for (text, shown) in each {
            assert_eq!(typed(text), shown);
        }
    }

    #[test]
    fn what_is_another_word_stays_so() {
        for (one, other) in
            [("Sales", "Sale"), ("バス", "パス"), ("की", "का"), ("R&D", "RD"), ("", "-"), ("А-1", "А-2")]
        {
            assert!(!alike(one, other), "{one} {other}");
        }
    }
}
