//! Asks a person, on stderr, and reads the answer from stdin, line by line: from a terminal, a pipe or a file.
//! Knows no question.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::OnceLock;
use std::{process, thread};

use anyhow::Result;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};

use super::exit_status::Usage;
use crate::show::text::harmless;

/// Who is asked, if anybody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A person, or a program that answers for one.
    Somebody,
    /// Nobody: every answer is the one in brackets.
    Nobody,
}

impl Asked {
    /// The answer to a question, or the one in brackets if the answer is blank.
    ///
    /// # Errors
    /// There are no more answers.
    pub(crate) fn text(self, question: &str, usual: &str) -> Result<String> {
        if self == Self::Nobody {
            return Ok(usual.to_owned());
        }
        prompt(question, usual)?;
        let line = line()?;
        Ok(if line.is_empty() { usual.to_owned() } else { line })
    }

    /// The answer to a yes-or-no question.
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

    /// Shows something that belongs to a question.
    pub(crate) fn show(self, text: &str) {
        if self == Self::Somebody {
            text.lines().for_each(|line| say(&harmless(line)));
        }
    }

    /// A secret, which is not shown while it is typed; `None` if the answer is blank.
    ///
    /// # Errors
    /// As [`Asked::text`].
    pub(crate) fn secret(self, question: &str, usual: &str) -> Result<Option<String>> {
        if self == Self::Nobody {
            return Ok(None);
        }
        prompt(question, usual)?;
        let line = if io::stdin().is_terminal() { unseen(line)? } else { line()? };
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

/// Reads what a person types without the terminal showing it. If the program is ended in the meantime, the terminal is
/// restored.
fn unseen(read: impl FnOnce() -> Result<String>) -> Result<String> {
    static SEEN: OnceLock<Termios> = OnceLock::new();
    let before = tcgetattr(io::stdin())?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    if SEEN.set(before.clone()).is_ok() {
        thread::spawn(|| restored_at_the_end(&SEEN));
    }
    tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
    let typed = read();
    tcsetattr(io::stdin(), OptionalActions::Now, &before)?;
    say("");
    typed
}

fn restored_at_the_end(seen: &OnceLock<Termios>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            return;
        };
        let status = tokio::select! {
            _ = interrupt.recv() => 130,
            _ = terminate.recv() => 143,
        };
        if let Some(seen) = seen.get() {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, seen);
        }
        say("");
        process::exit(status);
    });
}

fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn line() -> Result<String> {
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        say("");
        let hint = "answer all questions, or accept the usual answers with --yes";
        return Err(Usage(format!("the answers ended here; what is already written stays\nhint: {hint}")).into());
    }
    if !io::stdin().is_terminal() {
        say("");
    }
    Ok(line.trim().to_owned())
}
