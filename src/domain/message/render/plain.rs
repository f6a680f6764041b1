//! A message without a card: paragraphs and lists, in Markdown and in plain text. Knows Webex's Markdown and its limit;
//! knows no language. The texts that it escapes are already short and on one line.

use super::LONGEST;
use super::card_values::{coming, left_out, listed, pairs};
use super::template::escaped;
use crate::domain::message::language::{RenderedText, Words, starter_of};
use crate::domain::message::{BotMessage, Meeting};

/// A part of a message; in sentences, what is to be typed is in backticks.
#[derive(Debug)]
pub(super) enum Block {
    Heading(String),
    Line(String),
    Bullets(Vec<String>),
    /// A list that is numbered from 1.
    Numbered(Vec<String>),
    /// A list of commands, each with what it does.
    Commands(&'static [(&'static str, &'static str)]),
    Link(&'static str, String),
    /// Markdown that the organizer wrote.
    Markdown(String),
}

use Block::{Bullets, Commands, Heading, Line, Link, Markdown, Numbered};

/// The parts of a message, in order.
pub(super) fn blocks(message: &BotMessage, rendered: &RenderedText, words: &dyn Words) -> Vec<Block> {
    let labels = words.labels();
    let mut blocks = Vec::new();
    if !rendered.heading.is_empty() {
        blocks.push(Heading(rendered.heading.clone()));
    }
    blocks.extend(rendered.lines.iter().cloned().map(Line));
    match message {
        BotMessage::Introduction { meeting, starter, .. } => {
            meets(meeting, words, &mut blocks);
            blocks.push(Line(format!("{}: {}", labels.starter, starter_of(words, starter))));
        }
        BotMessage::Reminder(meeting)
        | BotMessage::PartnerUnreachable(meeting)
        | BotMessage::Moved { meeting, .. }
        | BotMessage::Declined { meeting, .. }
        | BotMessage::DeclineNoted(meeting)
        | BotMessage::Expired(meeting)
        | BotMessage::BackOn(meeting)
        | BotMessage::NotMoved { meeting, .. }
        | BotMessage::Rejected(_, Some(meeting)) => meets(meeting, words, &mut blocks),
        BotMessage::Help { meetings, .. }
        | BotMessage::Status { meetings, .. }
        | BotMessage::WhichMeeting(meetings) => {
            if !meetings.is_empty() {
                blocks.push(Line(format!("{}:", labels.coming)));
                blocks.push(Numbered(coming(meetings, words).collect()));
            }
            if let BotMessage::Help { organizes, .. } = message {
                blocks.push(Line(format!("{}:", labels.typing)));
                blocks.push(Commands(words.commands()));
                blocks.extend(organizes.then(|| Commands(words.organizers_commands())));
            }
        }
        BotMessage::Organizing(_) => blocks.push(Commands(words.organizers_commands())),
        BotMessage::Summary { pairs: groups, left_out: people, .. } => {
            blocks.push(Bullets(pairs(groups, words)));
            if !people.is_empty() {
                blocks.push(Line(format!("{}:", labels.left_out)));
                blocks.push(Bullets(left_out(people, words)));
            }
        }
        BotMessage::News { news, .. } => {
            let news = news.iter().map(|news| words.organizers_news(news)).collect();
            blocks.push(Bullets(listed(news, words)));
        }
        BotMessage::Unreachable(people) => {
            let people: Vec<_> = people.iter().map(|one| format!("{}: {}", one.name, one.email)).collect();
            blocks.push(Bullets(listed(people, words)));
        }
        BotMessage::RosterFault { faults, .. } => {
            blocks.push(Bullets(faults.iter().map(ToString::to_string).collect()));
        }
        BotMessage::RefusedAlike { why, .. } => blocks.push(Bullets(vec![why.to_string()])),
        BotMessage::RunFaults { faults, fixed } => {
            let told = if faults.is_empty() { fixed } else { faults };
            blocks.push(Bullets(told.iter().map(ToString::to_string).collect()));
        }
        BotMessage::Announcement { text, image, .. } | BotMessage::AnnouncementTest { text, image, .. } => {
            blocks.push(Markdown(text.clone()));
            blocks.extend(image.clone().map(|image| Link(labels.picture, image.to_string())));
        }
        _ => {}
    }
    blocks.extend(rendered.hint.clone().map(Line));
    blocks
}

fn meets(meeting: &Meeting, words: &dyn Words, blocks: &mut Vec<Block>) {
    blocks.push(Line(words.meets(meeting)));
    blocks.extend(meeting.link.clone().map(|link| Link(words.labels().join, link.to_string())));
}

/// The parts as Markdown.
pub(super) fn markdown(blocks: &[Block]) -> String {
    let parts: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Heading(text) => format!("**{}**", marked(text)),
            Line(text) => marked(text),
            Bullets(items) => list(items.iter().map(|item| format!("- {}", marked(item)))),
            Numbered(items) => list(items.iter().enumerate().map(|(at, item)| format!("{}. {}", at + 1, marked(item)))),
            Commands(commands) => list(commands.iter().map(|(typed, does)| format!("- `{typed}`: {}", marked(does)))),
            Link(label, link) => {
                let link = link.replace('(', "%28").replace(')', "%29");
                format!("[{}]({link})", marked(label))
            }
            Markdown(text) => text.clone(),
        })
        .collect();
    fitting(&parts.join("\n\n"))
}

/// The parts as plain text.
pub(super) fn text(blocks: &[Block], words: &dyn Words) -> String {
    let said = |text: &str| spoken(text, words);
    let parts: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Heading(text) | Line(text) => said(text),
            Bullets(items) => list(items.iter().map(|item| format!("- {}", said(item)))),
            Numbered(items) => list(items.iter().enumerate().map(|(at, item)| format!("{}. {}", at + 1, said(item)))),
            Commands(commands) => list(commands.iter().map(|(typed, does)| format!("{}: {does}", words.quoted(typed)))),
            Link(label, link) => format!("{label}: {link}"),
            Markdown(text) => text.clone(),
        })
        .collect();
    fitting(&parts.join("\n"))
}

/// A sentence for a place without Markdown: what is to be typed is in quotation marks.
pub(super) fn spoken(text: &str, words: &dyn Words) -> String {
    text.split('`')
        .enumerate()
        .map(|(at, part)| if at % 2 == 1 { words.quoted(part) } else { part.to_owned() })
        .collect()
}

fn marked(text: &str) -> String {
    let part = |(at, part): (usize, &str)| match at % 2 {
        1 => format!("`{part}`"),
        _ => escaped(part, at == 0),
    };
    text.split('`').enumerate().map(part).collect()
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("\n")
}

/// As many whole lines as Webex accepts; if the first one is longer than that, its beginning.
fn fitting(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let room = LONGEST - "\n…".len();
    let end = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    match text[..end].rfind('\n') {
        Some(line) if line > room / 2 => format!("{}\n…", text[..line].trim_end()),
        _ => format!("{}…", text[..end].trim_end_matches('\\')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_and_what_does_not_ends_with_a_whole_line() {
        assert_eq!(fitting("a\nb"), "a\nb");
        let line = "ї".repeat(50);
        let cut = fitting(&vec![line.clone(); 100].join("\n"));
        assert!(cut.len() <= LONGEST && cut.ends_with(&format!("\n{line}\n…")), "{cut}");
        let cut = fitting(&"ї".repeat(5_000));
        assert!(cut.len() <= LONGEST && cut.len() > LONGEST - 8);
    }

    #[test]
    fn what_is_to_be_typed_is_marked_and_the_rest_is_not() {
        let words = crate::domain::language::Language::English.words();
        assert_eq!(marked("1. Type `a_b` or *c*"), r"1\. Type `a_b` or \*c\*");
        assert_eq!(spoken("Type `a_b` or *c*", words), "Type “a_b” or *c*");
    }
}
