//! What is wrong with a file that people write: the config or the roster. All faults of a file are reported together,
//! each with its place. Knows neither format; the caller of the program maps this type to exit status 2.

use std::fmt;
use std::path::{Path, PathBuf};

/// Faults beyond this number are only counted.
const SHOWN: usize = 20;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line of the file, from 1; `None` if the fault concerns the whole file.
    pub line: Option<usize>,
    /// The roster's column, the config's key such as `meeting.minutes`, or the card and the place in it.
    pub column: Option<String>,
    /// What is wrong and what is expected.
    pub message: String,
}

/// Everything that is wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults {
    /// The file, under the name that was given.
    pub file: PathBuf,
    /// The first twenty faults, in the order of the file.
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub more: usize,
    /// What the user should do next, if that can be said.
    pub hint: Option<String>,
}

impl Fault {
    /// The fault with its file and place in front.
    pub fn in_file(&self, file: &Path) -> String {
        let line = self.line.map(|line| format!("{line}:")).unwrap_or_default();
        let column = self.column.as_ref().map(|column| format!(" {column}:")).unwrap_or_default();
        format!("{}:{line}{column} {}", file.display(), self.message)
    }
}

impl Faults {
    /// The faults of that file, of which there are none yet.
    pub(super) fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), faults: Vec::new(), more: 0, hint: None }
    }

    /// A single fault of the whole file.
    pub(super) fn whole(file: &Path, message: String, hint: Option<&str>) -> Self {
        let fault = Fault { line: None, column: None, message };
        Self { file: file.to_owned(), faults: vec![fault], more: 0, hint: hint.map(str::to_owned) }
    }

    /// Adds a fault; its message is made only if it will be shown.
    pub(super) fn push(&mut self, line: usize, column: Option<&str>, message: impl FnOnce() -> String) {
        if self.faults.len() < SHOWN {
            let column = column.map(str::to_owned);
            self.faults.push(Fault { line: Some(line), column, message: message() });
        } else {
            self.more += 1;
        }
    }

    /// Adds a fault that has no line.
    pub(super) fn push_fault(&mut self, fault: Fault) {
        if self.faults.len() < SHOWN {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// `value`, if there is no fault.
    pub(super) fn unless<T>(self, value: T) -> Result<T, Self> {
        if self.faults.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            f.write_str(&fault.in_file(&self.file))?;
        }
        if self.more > 0 {
            write!(f, "\n{}: and {} more", self.file.display(), self.more)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_fault_the_value_is_handed_on() {
        assert_eq!(Faults::new(Path::new("a.csv")).unless(7), Ok(7));
    }

    #[test]
    fn each_fault_is_a_line_with_its_place() {
        let mut faults = Faults::new(Path::new("a.csv"));
        faults.push(3, Some("email"), || "is blank".to_owned());
        faults.push(4, None, || "is short".to_owned());
        faults.hint = Some("look".to_owned());
        assert_eq!(faults.to_string(), "a.csv:3: email: is blank\na.csv:4: is short\nhint: look");
        assert_eq!(faults.clone().unless(()), Err(faults));
    }

    #[test]
    fn of_very_many_faults_the_first_twenty_are_shown() {
        let mut faults = Faults::new(Path::new("a.csv"));
        for line in 1..=23 {
            faults.push(line, None, || "is wrong".to_owned());
        }
        let text = faults.to_string();
        assert_eq!(text.lines().count(), 21);
        assert!(text.ends_with("a.csv:20: is wrong\na.csv: and 3 more"), "{text}");
    }
}
