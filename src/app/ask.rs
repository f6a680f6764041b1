//! Asks a person, on stderr, and reads the answer from stdin, line by line: from a terminal, a pipe or a file.
//! Knows no question.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::Result;

use super::exit_status::Usage;
use crate::show::text::harmless;

/// Whoever is asked, if anybody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A person, or what stands for one.
    Somebody,
    /// Every answer is what stands in brackets.
    Nobody,
}

impl Asked {
    /// The answer to a question; what stands in brackets, where it is blank.
    ///
    /// # Errors
    /// There are no answers any more.
    pub(crate) fn text(self, question: &str, usual: &str) -> Result<String> {
        if self == Self::Nobody {
            return Ok(usual.to_owned());
        }
        prompt(question, usual)?;
        let line = line()?;
        Ok(if line.is_empty() { usual.to_owned() } else { line })
    }

    /// Whether it is so.
    ///
    /// # Errors
    /// As [`Asked::text`].
    pub(crate) fn yes(self, question: &str, usual: bool) -> Result<bool> {
        loop {
            let answer = self.text(question, if usual { "yes" } else { "no" })?.to_lowercase();
            match &*answer {
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => say("please answer yes or no"),
            }
        }
    }

    /// A secret, which is not shown as it is typed; `None` where the answer is blank.
    ///
    /// # Errors
    /// As [`Asked::text`].
    pub(crate) fn secret(self, question: &str, usual: &str) -> Result<Option<String>> {
        if self == Self::Nobody {
            return Ok(None);
        }
        prompt(question, usual)?;
        let line = if io::stdin().is_terminal() { rpassword::read_password()?.trim().to_owned() } else { line()? };
        Ok(Some(line).filter(|line| !line.is_empty()))
    }
}

fn prompt(question: &str, usual: &str) -> io::Result<()> {
    let mut err = io::stderr();
    write!(err, "{}", harmless(question))?;
    if !usual.is_empty() {
        write!(err, " [{}]", harmless(usual))?;
    }
    write!(err, ": ")?;
    err.flush()
}

fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn line() -> Result<String> {
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        say("");
        let hint = "answer all questions, or let those that are not given be as usual, with --yes";
        return Err(Usage(format!("the answers ended here; what was answered before is kept\nhint: {hint}")).into());
    }
    if !io::stdin().is_terminal() {
        say("");
    }
    Ok(line.trim().to_owned())
}
