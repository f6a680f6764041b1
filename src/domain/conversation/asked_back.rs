//! What people type, understood in the light of what the bot asked them: “tomorrow” after “which round do you mean?”.
//! Nothing is done on a guess: an unclear answer makes the bot ask again.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};

use super::chat_command::organizer::{self, OrganizerCommand};
use super::chat_command::{self, ChatCommand};
use super::time_phrase::TimePhrase;
use super::{Effects, Setting, UserAction, hear, reply};
use crate::domain::language::Language;
use crate::domain::message::language::{typed_choices, ways_to_go_on};
use crate::domain::message::{BotMessage, Break, Then};
use crate::domain::state::State;
use crate::domain::state::last_said::{LastSaid, OF_PROGRAMMES, Question, Topic};
use crate::domain::text;

/// The most characters that are kept of what somebody typed.
const LONGEST: usize = 400;
/// Hours that nobody takes for the number of a meeting.
const HOURS: Range<usize> = 7..24;
/// The command for leaving the programme.
const STOP: &str = "stop";

/// What follows from what somebody typed, with the bot's name if it may come first.
pub fn hear_typed(state: &mut State, setting: Setting<'_>, email: &str, typed: &str, bot: &str) -> Effects {
    let lower = email.to_lowercase();
    let writer = setting.roster.known_as(&lower).map(|at| setting.roster.employee(at));
    let zone = writer.and_then(|one| one.timezone).unwrap_or(setting.meeting.timezone);
    let today = setting.said.with_timezone(&zone).date_naive();
    let language = writer.and_then(|one| one.language).unwrap_or(setting.language);
    let organizes = setting.organizes(setting.roster.current(&lower));
    let is_called = |word: &str| {
        let words = |name: &str| name.split_whitespace().any(|part| text::folded(part) == text::folded(word));
        setting.roster.employees.iter().any(|one| words(&one.name))
    };
    let organizer = organizes.then_some(&is_called as &dyn Fn(&str) -> bool);
    let understand = |text: &str, bot: &str| meaning(text, bot, organizer, language, today);
    let command = understand(typed, bot);
    let last = state.last_said_to(setting.roster.current(&lower), setting.now);
    let go_on = last.filter(|last| last.is_heard_by(setting.said));
    let go_on = go_on.filter(|last| last.question.about == Some(Topic::GoOn)).and_then(|_| {
        let said = |label: &str| text::folded(label) == text::folded(text::typed(typed).trim_end_matches(['.', '!']));
        ways_to_go_on(language).iter().find(|(label, _)| said(label)).map(|(_, typed)| understand(typed, ""))
    });
    let is_suggested =
        |last: &LastSaid| last.is_heard_by(setting.said) && matches!(last.question.about, Some(Topic::Proposal(..)));
    let command = match go_on {
        Some(command) => command,
        // To somebody who was asked whether they met, a glad “yes” means that they did.
        None if matches!(command, ChatCommand::Unknown(_))
            && last.is_some_and(|last| last.is_heard_by(setting.said) && asks_whether_they_met(last))
            && reply::is_glad_yes(typed) =>
        {
            ChatCommand::Met
        }
        // To somebody who was asked whether another time suits them, that is an answer.
        None if command == ChatCommand::NeverMind && last.is_some_and(is_suggested) && leaves_as_is(typed) => {
            ChatCommand::No
        }
        None => command,
    };
    let found = last.and_then(|last| {
        let question = Some(&last.question).filter(|question| question.is_of_words())?;
        let is_yes = matches!(command, ChatCommand::Yes | ChatCommand::Agreed);
        let found = if last.is_heard_by(setting.said) {
            answered(question, typed, &command, &|text: &str| understand(text, ""))
        } else if last.closed.is_some() && is_yes {
            // They may not have noticed what came in between.
            Answered::Again
        } else if last.closed.is_none() && matches!(command, ChatCommand::Unknown(_)) {
            // It came only after they had typed this.
            Answered::Again
        } else {
            return None;
        };
        Some(match found {
            Answered::Command(command) => (UserAction::ChatCommand(command), typed.to_owned()),
            Answered::Part(command, whole) => (UserAction::ChatCommand(command), whole),
            Answered::Again => (anew(question, &|text: &str| understand(text, "")), question.typed.to_string()),
        })
    });
    let (action, asked) = found.unwrap_or_else(|| (UserAction::ChatCommand(command), typed.to_owned()));
    let asked_about = text::typed(&asked).chars().take(LONGEST).collect();
    Effects { asked_about: Some(asked_about), ..hear(state, setting, email, &action) }
}

fn asks_whether_they_met(last: &LastSaid) -> bool {
    matches!(last.question.about, Some(Topic::Outcome(_)))
}

/// Whether somebody wants to leave it as it is.
fn leaves_as_is(typed: &str) -> bool {
    let typed = text::typed(typed).to_lowercase();
    let typed = typed.trim_end_matches(['.', '!']);
    ["leave it as it is", "leave it", "keep it as it is", "не треба", "залиш як є", "залиште як є"].contains(&typed)
}

/// What a text means; for an organizer, who knows who is called so, also what nobody else is understood to want. A pause
/// of their own comes first, unless the month or the day in it is somebody's name.
fn meaning(
    text: &str,
    bot: &str,
    organizer: Option<&dyn Fn(&str) -> bool>,
    language: Language,
    today: NaiveDate,
) -> ChatCommand {
    let own = chat_command::understand(text, bot, language, today);
    let is_told = own.is_clear() && !matches!(own, ChatCommand::Away(_) | ChatCommand::SmallTalk);
    match organizer::understand(text, bot, language, today) {
        Some(OrganizerCommand::Pause { name, .. })
            if is_told && !organizer.is_some_and(|is_called| name.split(' ').any(is_called)) =>
        {
            own
        }
        Some(command) if organizer.is_some() => ChatCommand::Organize(command),
        // Somebody who asks who left does not want to leave.
        Some(OrganizerCommand::WhoStopped) => ChatCommand::Unknown(text::typed(text).trim().to_owned()),
        _ => own,
    }
}

/// What a message asks, if anything; its choices are in that language.
pub fn question_of(message: &BotMessage, language: Language) -> Option<Question> {
    let patterns = all_patterns(message)?;
    Some(Question {
        about: topic(message),
        typed: Box::default(),
        patterns: patterns.into_iter().map(Box::from).collect(),
        choices: choices(message, language),
    })
}

/// Records that a message to that address arrived at that time: what it asks is open, and nothing that was asked before.
pub fn note_arrived(state: &mut State, question: Option<&Question>, email: &str, at: DateTime<Utc>) {
    let known = state.find(email);
    // Organizers can be asked something even if they are not on the roster.
    let Some(person) = known.or_else(|| question.is_some().then(|| state.person_or_insert(email))) else { return };
    state.was_said(person, question.cloned(), at);
}

/// What a message offers, each choice as it can be typed.
fn choices(message: &BotMessage, language: Language) -> Vec<Box<str>> {
    match message {
        BotMessage::StopHow => vec![STOP.into()],
        // They are answered by what they are about.
        BotMessage::Proposal { .. }
        | BotMessage::DidYouMeet(_)
        | BotMessage::WhatHappened { .. }
        | BotMessage::Suggested { .. }
        | BotMessage::GoOn(_) => Vec::new(),
        message => typed_choices(message, language).into_iter().map(Into::into).collect(),
    }
}

/// What a message asks about.
fn topic(message: &BotMessage) -> Option<Topic> {
    Some(match message {
        BotMessage::Proposal { meeting, number, .. } => Topic::Proposal(meeting.key.as_str().into(), *number),
        BotMessage::DidYouMeet(meeting) | BotMessage::WhatHappened { meeting, .. } => {
            Topic::Outcome(meeting.key.as_str().into())
        }
        BotMessage::Suggested { meeting, .. } => Topic::Suggested(meeting.key.as_str().into()),
        BotMessage::GoOn(_) => Topic::GoOn,
        BotMessage::SuggestTime { meeting, date, time, .. } => {
            Topic::NewTime(meeting.key.as_str().into(), *date, *time)
        }
        _ => return None,
    })
}

/// The same, including what organizers are asked.
fn all_patterns(message: &BotMessage) -> Option<Vec<String>> {
    match message {
        BotMessage::Whom { then: Then::Find, .. } => Some(vec!["find {}".to_owned()]),
        BotMessage::Whom { then: Then::Pause(Some(until)), .. } => Some(vec![format!("pause {{}} until {until}")]),
        BotMessage::Whom { then: Then::Pause(None), .. } => Some(vec!["pause {}".to_owned()]),
        BotMessage::PauseOther { email, until: None, .. } => {
            Some(["until {}", "{}"].map(|pattern| format!("pause {email} {pattern}")).to_vec())
        }
        BotMessage::PauseOther { .. } => Some(Vec::new()),
        message => patterns(message).map(|patterns| patterns.iter().map(|it| (*it).to_owned()).collect()),
    }
}

/// The patterns that an answer to a message completes; none if it asks nothing.
fn patterns(message: &BotMessage) -> Option<&'static [&'static str]> {
    let begins_later = |breaks: &[Break]| breaks.iter().any(|one| one.from.is_some());
    Some(match message {
        BotMessage::WhichRound { back: false, .. } => &["skip {}"],
        BotMessage::WhichRound { back: true, .. } => &["unskip {}"],
        // “2 weeks” would be from today on.
        BotMessage::PauseHow { breaks, .. } if begins_later(breaks) => &[],
        BotMessage::PauseHow { .. } => &["pause until {}", "pause {}"],
        BotMessage::Absence { breaks, .. } if breaks.is_empty() || begins_later(breaks) => &["skip {}"],
        BotMessage::Absence { dates, .. } if dates.is_empty() => &["pause until {}", "pause {}"],
        BotMessage::Absence { .. } => &["skip {}", "pause until {}", "pause {}"],
        BotMessage::NotWithWhom { again: false, .. } => &["not with {}"],
        BotMessage::NotWithWhom { again: true, .. } => &["meet {} again"],
        BotMessage::WhichMeeting(_) => &["change {}"],
        BotMessage::SuggestTime { .. } => &["change to {}"],
        BotMessage::WhichProgramme { .. } => &[OF_PROGRAMMES],
        BotMessage::Proposal { .. }
        | BotMessage::DidYouMeet(_)
        | BotMessage::WhatHappened { .. }
        | BotMessage::Suggested { .. }
        | BotMessage::GoOn(_)
        | BotMessage::StopHow => &[],
        _ => return None,
    })
}

/// What a text is that was typed after a question.
#[derive(Debug, PartialEq, Eq)]
enum Answered {
    /// A command of its own, or a choice.
    Command(ChatCommand),
    /// The missing part of a command, with the whole of it as it could be typed.
    Part(ChatCommand, String),
    /// No clear answer: it is asked again.
    Again,
}

/// Asks the same again, and does nothing: what was unclear when it was typed may be clear, and wrong, by now.
fn anew(question: &Question, understand: &dyn Fn(&str) -> ChatCommand) -> UserAction {
    if let Some(Topic::NewTime(tag, ..)) = &question.about {
        return UserAction::Suggest(tag.to_string());
    }
    UserAction::ChatCommand(match understand(&question.typed) {
        ChatCommand::Skip(_) => ChatCommand::Skip(TimePhrase::Unclear),
        ChatCommand::Unskip(_) => ChatCommand::Unskip(TimePhrase::Unclear),
        ChatCommand::Pause(_) => ChatCommand::PauseHow(question.typed.to_string(), Vec::new()),
        ChatCommand::Stop => ChatCommand::StopHow,
        command => command,
    })
}

/// What a text means that was typed after a question.
fn answered(
    question: &Question,
    typed: &str,
    command: &ChatCommand,
    understand: &dyn Fn(&str) -> ChatCommand,
) -> Answered {
    let this = |command: &ChatCommand| Answered::Command(command.clone());
    let can_ask_again = !question.typed.is_empty() || question.about.is_some();
    let again = || if can_ask_again { Answered::Again } else { this(command) };
    let choice = |at: usize| question.choices.get(at).map(|choice| Answered::Command(understand(choice)));
    let leaves = question.choices.iter().any(|choice| **choice == *STOP);
    let plain = text::typed(typed).to_lowercase();
    let words: Vec<&str> =
        plain.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    match command {
        // After “at what time?”, a number is an hour, unless it is more likely that of another meeting.
        ChatCommand::Change(hour) if asks_for_time(question) && words.len() == 1 && HOURS.contains(hour) => {
            let whole = format!("change to at {hour}");
            return Answered::Part(understand(&whole), whole);
        }
        ChatCommand::No | ChatCommand::Cancel | ChatCommand::NeverMind => return this(&ChatCommand::NeverMind),
        // “I'll be there” does not say yes to “shall I leave you out?”.
        ChatCommand::Yes | ChatCommand::Agreed if question.choices.len() == 1 && reply::is_plain_yes(&plain) => {
            let is_sure = !leaves || *command == ChatCommand::Yes;
            return if is_sure { choice(0).unwrap_or_else(again) } else { again() };
        }
        ChatCommand::Yes | ChatCommand::Agreed => return again(),
        ChatCommand::Change(number) if words.len() == 1 && words[0].parse() == Ok(*number) => {
            if let Some(chosen) = number.checked_sub(1).and_then(choice) {
                return chosen;
            }
        }
        ChatCommand::Away(_) | ChatCommand::SmallTalk => {}
        clear if clear.is_clear() => return this(clear),
        _ => {}
    }
    if let Some(chosen) = ordinal(&words, question.choices.len()).and_then(choice) {
        return chosen;
    }
    // A kind word is not a name.
    let is_kind = matches!(command, ChatCommand::Away(_) | ChatCommand::SmallTalk);
    let is_name = |pattern: &str| pattern.starts_with("not with") || pattern.starts_with("meet");
    let patterns = question.patterns.iter().filter(|pattern| !(is_kind && is_name(pattern)));
    let wholes = patterns.map(|pattern| pattern.replace("{}", plain.trim_end_matches(['.', '!'])));
    // Whoever is asked whom they have pause does not pause themselves.
    let of_others = question.patterns.len() == 1 && *question.patterns[0] == *"pause {}";
    let is_meant = |command: &ChatCommand| !of_others || matches!(command, ChatCommand::Organize(_));
    let found = wholes
        .map(|whole| (understand(&whole), whole))
        .filter(|(part, _)| part.is_clear() && !matches!(part, ChatCommand::Away(_)) && is_meant(part))
        .find(|(part, _)| part != command);
    match (found, command) {
        (Some((found, whole)), _) => Answered::Part(found, whole),
        (None, ChatCommand::Unknown(_)) => again(),
        (None, _) => this(command),
    }
}

fn asks_for_time(question: &Question) -> bool {
    matches!(question.about, Some(Topic::NewTime(..)))
}

/// The index, among so many, of what is called the first, the second or the last one.
pub(super) fn ordinal(words: &[&str], count: usize) -> Option<usize> {
    let said: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !["the", "one", "option", "please", "варіант", "будь", "ласка"].contains(word))
        .collect();
    match said[..] {
        ["first" | "1st" | "перший" | "перша" | "перше" | "першу"] => Some(0),
        ["second" | "2nd" | "другий" | "друга" | "друге" | "другу"] => Some(1),
        ["third" | "3rd" | "третій" | "третя" | "третє" | "третю"] => Some(2),
        ["fourth" | "4th" | "четвертий" | "четверта" | "четверте" | "четверту"] => {
            Some(3)
        }
        ["last" | "останній" | "остання" | "останнє" | "останню"] => count.checked_sub(1),
        _ => None,
    }
    .filter(|at| *at < count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was asked, what is answered, and as what that is understood; "again" has the question asked again.
    const ANSWERS: &[(&str, &str, &str)] = &[
        ("rounds", "2 December", "skip 2 december"),
        ("rounds", "tomorrow", "skip tomorrow"),
        ("rounds", "next week", "skip next week"),
        ("rounds", "1", "skip 2026-12-02"),
        ("rounds", "the second one", "skip 2026-12-09"),
        ("rounds", "остання", "skip 2026-12-09"),
        ("rounds", "yes", "again"),
        ("rounds", "7", "change 7"),
        ("rounds", "blah", "again"),
        ("rounds", "cancel", "never mind"),
        ("rounds", "скасувати", "never mind"),
        ("rounds", "no", "never mind"),
        ("rounds", "ні", "never mind"),
        ("rounds", "status", "status"),
        ("one round", "yes", "skip 2026-12-02"),
        ("one round", "так", "skip 2026-12-02"),
        ("one round", "sure", "skip 2026-12-02"),
        ("one round", "yes, please", "skip 2026-12-02"),
        ("one round", "I'll be there", "again"),
        ("one round", "I can make it", "again"),
        ("one round", "ok, I can", "again"),
        ("one round", "я буду", "again"),
        ("one round", "sorry, I can", "again"),
        ("stop", "yes, I'm in", "again"),
        ("stop", "так, буду", "again"),
        ("one round", "no", "never mind"),
        ("pause", "2 weeks", "pause 2 weeks"),
        ("pause", "10 January", "pause until 10 january"),
        ("pause", "until 10 January", "pause until 10 january"),
        ("pause", "a month", "pause a month"),
        ("pause", "2 тижні", "пауза 2 тижні"),
        ("later pause", "2 weeks", "again"),
        ("later pause", "20 March", "again"),
        ("later pause", "the first", "pause from 2026-12-07 to 2026-12-13"),
        ("stop", "yes", "stop"),
        ("stop", "так", "stop"),
        ("stop", "sure", "again"),
        ("stop", "no", "never mind"),
        ("stop", "maybe", "again"),
        ("name", "Marcus", "not with marcus"),
        ("name", "2", "not with b@example.com"),
        ("time", "Friday 11:00", "change to friday 11:00"),
        ("time", "3pm", "change to 3pm"),
        ("time", "cancel", "never mind"),
        ("others", "until 20 December", "again"),
        ("others", "2 weeks", "again"),
    ];

    fn question(of: &str) -> Question {
        let (typed, patterns, choices): (&str, &[&str], &[&str]) = match of {
            "rounds" => ("skip some day", &["skip {}"], &["skip 2026-12-02", "skip 2026-12-09"]),
            "one round" => ("I'm busy tomorrow", &["skip {}"], &["skip 2026-12-02"]),
            "pause" => ("pause until spring", &["pause until {}", "pause {}"], &["pause 1 week", "pause 2 weeks"]),
            "later pause" => ("pause from monday", &[], &["pause from 2026-12-07 to 2026-12-13", "pause 9 weeks"]),
            "stop" => ("stop please", &[], &["stop"]),
            "name" => ("not with M", &["not with {}"], &["not with a@example.com", "not with b@example.com"]),
            "time" => ("change", &["change to {}"], &[]),
            "others" => ("pause Person", &["pause {}"], &[]),
            of => panic!("{of}"),
        };
        let all = |texts: &[&str]| texts.iter().map(|text| Box::from(*text)).collect();
        Question { about: None, typed: typed.into(), patterns: all(patterns), choices: all(choices) }
    }

    #[test]
    fn an_answer_is_understood_by_what_was_asked() {
        let today = "2026-12-01".parse().unwrap();
        let understand = |text: &str| chat_command::understand(text, "", Language::English, today);
        for (of, answer, meant) in ANSWERS {
            let question = question(of);
            let found = match answered(&question, answer, &understand(answer), &understand) {
                Answered::Part(command, _) => Answered::Command(command),
                found => found,
            };
            let meant = match *meant {
                "again" => Answered::Again,
                meant => Answered::Command(understand(meant)),
            };
            assert_eq!(found, meant, "{of}: {answer}");
        }
    }

    #[test]
    fn what_is_asked_again_does_nothing_though_it_may_be_clear_by_now() {
        for typed in ["skip", "skip tomorrow", "unskip", "unskip next week", "pause until friday", "stop", "resume"] {
            let today = "2026-12-08".parse().unwrap();
            let understand = |text: &str| chat_command::understand(text, "", Language::English, today);
            let action = anew(&Question { typed: typed.into(), ..Question::default() }, &understand);
            let UserAction::ChatCommand(command) = action else { panic!("{typed}: {action:?}") };
            let asks = matches!(
                command,
                ChatCommand::Skip(TimePhrase::Unclear)
                    | ChatCommand::Unskip(TimePhrase::Unclear)
                    | ChatCommand::PauseHow(..)
                    | ChatCommand::StopHow
                    | ChatCommand::Resume
            );
            assert!(asks, "{typed}: {command:?}");
        }
    }

    #[test]
    fn a_length_is_no_answer_to_from_when_to_when() {
        let today = "2026-12-01".parse().unwrap();
        let patterns_of = |text: &str| match chat_command::understand(text, "", Language::English, today) {
            ChatCommand::PauseHow(typed, breaks) => patterns(&BotMessage::PauseHow { typed: typed.into(), breaks }),
            command => panic!("{command:?}"),
        };
        assert_eq!(patterns_of("pause from monday"), Some(&[][..]));
        assert_eq!(patterns_of("pause until spring"), Some(&["pause until {}", "pause {}"][..]));
    }
}
