//! The file with the organizer's own conversation starters: one on each line, `[en]` or `[uk]` before those in a
//! language, `{tag}` where a shared tag goes; blank lines and lines that begin with `#` mean nothing. Knows the form of
//! the file; the domain decides which starter is used.

use std::path::Path;

use super::faults::{Fault, Faults};
use super::files::regular;
use crate::domain::language::Language;
use crate::domain::starters::{OwnStarter, Starters, TAG};
use crate::domain::text::short;

/// The longest starter, in characters.
const LONGEST: usize = 300;
/// How much of a faulty line is shown, in characters.
const SHOWN: usize = 40;

impl Starters {
    /// The starters in the file; none if there is no file.
    ///
    /// # Errors
    /// The file cannot be read, or all its faults, each with its line.
    pub fn load(file: Option<&Path>) -> Result<Self, Faults> {
        let Some(file) = file else { return Ok(Self::default()) };
        let text = regular::read_to_string(file).map_err(|error| {
            Faults::whole(file, format!("cannot be read: {error}"), Some("`starters` in the config names the file"))
        })?;
        let (mut starters, mut language, mut faults) = (Vec::new(), None, Faults::new(file));
        for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let mut fault = |message| faults.push_fault(Fault { line: Some(number), column: None, message });
            let line = line.trim();
            let section = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
            if line.is_empty() || line.starts_with('#') {
                continue;
            } else if let Some(code) = section {
                match code.parse() {
                    Ok(named) => language = Some(named),
                    Err(why) => fault(why),
                }
            } else if line.chars().count() > LONGEST {
                fault(format!("a starter may have at most {LONGEST} characters"));
            } else if line.replace(TAG, "").contains(['{', '}']) {
                fault(format!("“{}” has braces, but only {TAG} means something", short(line, SHOWN)));
            } else {
                starters.push(OwnStarter { language, text: line.to_owned() });
            }
        }
        if starters.is_empty() && faults.faults.is_empty() {
            let message = format!("has no starter: write one on each line, under [{}]", codes().join("] or ["));
            faults.push_fault(Fault { line: None, column: None, message });
        }
        faults.unless(Self(starters))
    }
}

fn codes() -> Vec<&'static str> {
    Language::ALL.iter().map(|(code, _)| *code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Starters, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("starters.txt");
        std::fs::write(&file, text).unwrap();
        Starters::load(Some(&file))
            .map_err(|faults| faults.to_string().replace(&format!("{}/", folder.path().display()), ""))
    }

    #[test]
    fn no_file_is_no_starters() {
        assert_eq!(Starters::load(None).unwrap(), Starters::default());
    }

    #[test]
    fn starters_are_read_by_language() {
        let starters = read("\u{feff}# Ours\r\nHi {tag}\r\n\r\n[en]\nTalk.\n[UK]\n  Поговоріть.  \n").unwrap();
        let own = |language, text: &str| OwnStarter { language, text: text.to_owned() };
        assert_eq!(
            starters.0,
            [
                own(None, "Hi {tag}"),
                own(Some(Language::English), "Talk."),
                own(Some(Language::Ukrainian), "Поговоріть."),
            ]
        );
    }

    #[test]
    fn all_faults_are_told_with_their_lines() {
        let text = format!("[de]\nHi {{name}}\n{}\n", "x".repeat(LONGEST + 1));
        insta::assert_snapshot!(read(&text).unwrap_err(), @"
        starters.txt:1: “de” is not a language that the bot speaks: write en or uk
        starters.txt:2: “Hi {name}” has braces, but only {tag} means something
        starters.txt:3: a starter may have at most 300 characters
        ");
        let none = "starters.txt: has no starter: write one on each line, under [en] or [uk]";
        assert_eq!(read("# nothing\n").unwrap_err().trim_end(), none);
    }
}
