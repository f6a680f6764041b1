//! The address of one person, as people write it in the roster and in the config. Two addresses that look alike must
//! not be two people: invisible characters, characters that turn the direction of writing, and letters of mixed scripts
//! are refused, each with its code point. Knows no file and no place in it.

use std::borrow::Cow;

use unicode_script::{Script, UnicodeScript};
use unicode_security::{GeneralSecurityProfile, MixedScript};

use crate::domain::text::{is_invisible, normalized};

/// The longest address that mail can carry, in bytes.
const LONGEST: usize = 254;

/// The address as it is kept: composed, in lower case, with plain letters instead of wide ones.
///
/// # Errors
/// Why it is not the bare address of one person; in the message, the sentence follows the address.
pub(super) fn address(text: &str) -> Result<Box<str>, Cow<'static, str>> {
    if text.is_ascii() {
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let refused = fault(text).map(Cow::Borrowed);
        return refused.map_or_else(|| Ok(if lower { text.into() } else { text.to_ascii_lowercase().into() }), Err);
    }
    let text: String = normalized(text).chars().map(narrow).collect();
    if let Some(refused) = unseen(&text).map(Cow::Owned).or_else(|| fault(&text).map(Cow::Borrowed)) {
        return Err(refused);
    }
    mixed(&text).map_or_else(|| Ok(normalized(&text.to_lowercase()).into()), |refused| Err(refused.into()))
}

/// Full-width letters, as keyboards for Chinese and similar scripts type them, become plain ones.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3002}' | '\u{ff61}' => '.',
        _ => c,
    }
}

/// Why the text does not have the shape of an address, if so.
fn fault(text: &str) -> Option<&'static str> {
    let Some((local, domain)) = text.split_once('@') else {
        return Some("has no @");
    };
    let common = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'.' | b'-' | b'_' | b'+');
    let alien = |c: char| c.is_whitespace() || c.is_control() || ",;:()[]\\\"".contains(c);
    let plain = text.bytes().all(common);
    Some(if !plain && text.contains(['<', '>']) {
        "has more than an address: leave out the name and the brackets"
    } else if !plain && text.contains(alien) {
        "has a space or a character that no address has"
    } else if local.is_empty() {
        "has nothing before the @"
    } else if domain.contains('@') {
        "has more than one @"
    } else if domain.split('.').any(str::is_empty) {
        "does not end in a domain such as example.com"
    } else if text.len() > LONGEST {
        "is longer than the 254 characters of an address"
    } else {
        return None;
    })
}

/// The first character that is invisible, or that looks like another and belongs in no address.
fn unseen(text: &str) -> Option<String> {
    let c =
        text.chars().find(|c| is_invisible(*c) || !c.is_ascii() && !c.is_alphanumeric() && !c.identifier_allowed())?;
    let place = 1 + text.chars().position(|other| other == c).unwrap_or_default();
    Some(format!("has {} (U+{:04X}) as its character {place}: type the address again", kind(c), c as u32))
}

fn kind(c: char) -> &'static str {
    match c {
        '\u{ad}' => "a soft hyphen",
        '\u{feff}' => "a byte order mark",
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a character that turns the direction of writing"
        }
        _ if is_invisible(c) => "an invisible character",
        _ if c.is_whitespace() => "a blank",
        _ if c.is_control() => "a control character",
        _ => "a character that no address has",
    }
}

/// If a part of the address, up to the @ or to a dot of the domain, mixes scripts: the first letter that is not in the
/// script of most letters.
fn mixed(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let part = std::iter::once(local).chain(domain.split('.')).find(|part| !part.is_single_script())?;
    let own = |c: char| c.script();
    let letters = || part.chars().filter(|c| !matches!(own(*c), Script::Common | Script::Inherited));
    let count = |script| letters().filter(|c| own(*c) == script).count();
    let most = letters().map(own).reduce(|most, next| if count(next) > count(most) { next } else { most })?;
    let c = letters().find(|c| own(*c) != most)?;
    Some(format!(
        "mixes {} and {} letters: “{c}” is U+{:04X}: type the address again",
        most.full_name(),
        own(c).full_name(),
        c as u32
    ))
}

/// The same result for addresses that look the same on a screen.
pub(super) fn looks(address: &str) -> String {
    unicode_security::skeleton(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        address(text).map_or_else(Cow::into_owned, String::from)
    }

    #[test]
    fn an_address_is_kept_composed_and_in_lower_case() {
        for (written, kept) in [
            ("ann@example.com", "ann@example.com"),
            ("Ann.Lee@EXAMPLE.com", "ann.lee@example.com"),
            ("o'neil+x@mail.example.com", "o'neil+x@mail.example.com"),
            ("зоя@приклад.укр", "зоя@приклад.укр"),
            ("Зоя@example.com", "зоя@example.com"),
            ("JOSE\u{301}@example.com", "josé@example.com"),
            ("jose\u{301}@example.com", "josé@example.com"),
            ("ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ann@example.com"),
            ("田中さん@例え.jp", "田中さん@例え.jp"),
            ("김민수7@example.kr", "김민수7@example.kr"),
        ] {
            assert_eq!(read(written), kept);
        }
    }

    #[test]
    fn what_is_not_an_address_says_why() {
        let long = format!("{}@example.com", "a".repeat(250));
        for (written, why) in [
            ("ann", "has no @"),
            ("@example.com", "has nothing before the @"),
            ("ann@", "does not end in a domain such as example.com"),
            ("ann@example..com", "does not end in a domain such as example.com"),
            ("ann@x@example.com", "has more than one @"),
            ("ann@exam ple.com", "has a space or a character that no address has"),
            ("ann@a.com,bo@b.com", "has a space or a character that no address has"),
            ("Ann <ann@example.com>", "has more than an address: leave out the name and the brackets"),
            ("Zoë <zoe@example.com>", "has more than an address: leave out the name and the brackets"),
            (&long, "is longer than the 254 characters of an address"),
        ] {
            assert_eq!(read(written), why);
        }
    }

    /// What is invisible, and what looks like something else; one line each.
    const DECEIVING: &[(&str, &str)] = &[
        ("an\u{ad}n@example.com", "a soft hyphen (U+00AD) as its character 3"),
        ("ann\u{200b}@example.com", "an invisible character (U+200B) as its character 4"),
        ("ann@exam\u{200d}ple.com", "an invisible character (U+200D)"),
        ("ann@exam\u{2060}ple.com", "an invisible character (U+2060)"),
        ("ann@example.com\u{feff}", "a byte order mark (U+FEFF)"),
        ("ann@example.com\u{200e}", "turns the direction of writing (U+200E)"),
        ("\u{202e}nna@example.com", "turns the direction of writing (U+202E) as its character 1"),
        ("ann@\u{2066}example.com", "turns the direction of writing (U+2066)"),
        ("ann\u{fe0f}@example.com", "an invisible character (U+FE0F)"),
        ("ann\u{e0041}@example.com", "an invisible character (U+E0041)"),
        ("ann\u{3164}@example.com", "an invisible character (U+3164)"),
        ("ann\u{a0}lee@example.com", "a blank (U+00A0)"),
        ("ann–lee@example.com", "a character that no address has (U+2013)"),
        ("“ann@example.com", "a character that no address has (U+201C)"),
        ("аnn@example.com", "mixes Latin and Cyrillic letters: “а” is U+0430"),
        ("а.lee@example.com", "mixes Latin and Cyrillic letters: “а” is U+0430"),
        ("ann@exаmple.com", "mixes Latin and Cyrillic letters: “а” is U+0430"),
        ("annο@example.com", "mixes Latin and Greek letters: “ο” is U+03BF"),
        ("оlена@example.com", "mixes Cyrillic and Latin letters: “l” is U+006C"),
    ];

    #[test]
    fn what_only_looks_like_an_address_is_refused_with_its_code_point() {
        for (written, why) in DECEIVING {
            assert!(read(written).contains(why), "{written:?}: {}", read(written));
        }
    }

    #[test]
    fn addresses_that_look_the_same_have_the_same_looks() {
        assert_eq!(looks("асе@example.com"), looks("ace@example.com"));
        assert_ne!(looks("зоя@example.com"), looks("zoya@example.com"));
    }
}
