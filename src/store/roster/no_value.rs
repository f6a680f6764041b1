//! Cells that hold no value although they hold text: spreadsheet errors, in any of its languages, and “N/A”. A
//! department or person called `NA` or `Null` is a value.

use std::borrow::Cow;

use crate::domain::text::normalized;

/// What spreadsheets show for errors, except those in capitals between `#` and `!` or `?`.
const ERRORS: [&str; 12] =
    ["#N/A", "#N/A!", "#NA", "#NV", "#N/D", "#N.D", "#N.V.", "#Н/Д", "#NULL", "#GETTING_DATA", "#N/A N/A", "#¡REF!"];

/// Whether the cell, which has no surrounding white space, is not a value. Quick for most texts.
pub(super) fn is_no_value(cell: &str) -> bool {
    match cell.as_bytes() {
        [b'#', ..] => is_error(cell),
        [b'N' | b'n', rest @ ..] => matches!(rest, [b'/', b'A' | b'a'] | [b' ', b'/', b' ', b'A' | b'a']),
        [b'E', b'r', b'r', b':', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        [0xef, ..] => is_wide(cell),
        _ => false,
    }
}

/// Why it is not a value, as the end of a sentence.
pub(super) fn why(cell: &str) -> &'static str {
    if cell.starts_with(['#', 'E', '\u{ff03}']) { "is a spreadsheet error, not a value" } else { "is not a value" }
}

fn is_error(cell: &str) -> bool {
    let upper: Cow<'_, str> = normalized(cell).to_uppercase().into();
    let known = ["REF!", "VALUE!", "NAME?", "DIV/0!", "NULL!", "NUM!", "SPILL!", "CALC!"];
    if ERRORS.contains(&&*upper) || known.contains(&&upper[1..]) {
        return true;
    }
    if cell.bytes().all(|byte| byte == b'#') {
        return cell.len() >= 3;
    }
    let inside = cell[1..].trim_start_matches(['¡', '¿']);
    let Some(word) = inside.strip_suffix(['!', '?']) else { return false };
    word.chars().count() >= 3
        && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || "/_".contains(c))
        && word.chars().any(char::is_alphabetic)
}

/// The same in full-width letters.
fn is_wide(cell: &str) -> bool {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    let text: String = cell.chars().map(narrow).collect();
    text.is_ascii() && is_no_value(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_spreadsheets_are_no_values() {
        for cell in [
            "#N/A",
            "#n/a",
            "#REF!",
            "#ref!",
            "#VALUE!",
            "#NAME?",
            "#DIV/0!",
            "#NULL!",
            "#NUM!",
            "#SPILL!",
            "#CALC!",
            "#GETTING_DATA",
            "#FIELD!",
            "#BLOCKED!",
            "#CONNECT!",
            "#UNKNOWN!",
            "#BUSY!",
            "#ERROR!",
            "#NV",
            "#BEZUG!",
            "#WERT!",
            "#ZAHL!",
            "#ÜBERLAUF!",
            "#NOM?",
            "#VALEUR!",
            "#¡REF!",
            "#¿NOMBRE?",
            "#Н/Д",
            "#ЗНАЧ!",
            "#ССЫЛКА!",
            "#ПОСИЛАННЯ!",
            "########",
            "Err:502",
            "N/A",
            "n/a",
            "N/a",
            "N / A",
            "Ｎ／Ａ",
            "＃Ｎ／Ａ",
        ] {
            assert!(is_no_value(cell), "{cell}");
        }
    }

    #[test]
    fn what_could_be_a_name_is_a_value() {
        for cell in [
            "", "NA", "na", "Na", "Null", "NULL", "null", "None", "N.A.", "#1 Team", "#sales", "#Sales!", "C#", "#",
            "##", "N/A team", "Error", "Err:", "No", "N", "-", "Nan", "ＮＡ",
        ] {
            assert!(!is_no_value(cell), "{cell}");
        }
    }
}
