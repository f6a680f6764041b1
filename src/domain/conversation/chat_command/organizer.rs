//! What an organizer can type in addition to everybody's commands: how the programme stands, and a pause for somebody
//! else. Nobody else is understood like this. Knows words; knows nobody and decides nothing.

use chrono::NaiveDate;

use super::{ChatCommand, Said, pause};
use crate::domain::conversation::absence::is_until;
use crate::domain::conversation::spoken_to::{without_name, without_vocatives};
use crate::domain::language::Language;
use crate::domain::text;

/// What an organizer wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganizerCommand {
    /// Wants to know how this round stands.
    Overview,
    /// Wants to know who left, and who is paused.
    WhoStopped,
    /// Wants to know how many met in the last round.
    Report,
    /// Wants to know how somebody of that name takes part.
    Find(String),
    /// Wants to pause somebody.
    Pause {
        /// The name or address of that person.
        name: String,
        /// The last day of the pause, if it is given.
        until: Option<NaiveDate>,
        /// Whether it is confirmed; otherwise the bot asks first.
        is_sure: bool,
    },
}

const OVERVIEW: [&str; 3] = ["overview", "огляд", "загальний огляд"];
const STOPPED: [&str; 8] = [
    "who stopped",
    "who has stopped",
    "who left",
    "who has left",
    "хто вийшов",
    "хто зупинився",
    "хто пішов",
    "хто не бере участі",
];
const REPORT: [&str; 4] = ["report", "the report", "звіт", "покажи звіт"];
const FIND: [&str; 5] = ["find", "знайти", "знайди", "знайдіть", "шукати"];
const PAUSE: [&str; 5] = ["pause", "пауза", "паузу", "призупинити", "призупини"];
/// Words before a name that mean nothing.
const FOR: [&str; 4] = ["for", "для", "у", "в"];

/// Understands what an organizer typed, as [`super::understand`] does for everybody's commands.
pub fn understand(text: &str, name: &str, language: Language, today: NaiveDate) -> Option<OrganizerCommand> {
    let typed = text::typed(text);
    let typed = without_name(&typed, &text::typed(name));
    std::iter::once(typed).chain(without_vocatives(typed)).find_map(|rest| told(&Said::new(rest, language), today))
}

fn told(said: &Said, today: NaiveDate) -> Option<OrganizerCommand> {
    let words = said.words();
    let (first, rest) = words.split_first()?;
    let first = first.trim_start_matches('/');
    let whole = words.join(" ");
    let is = |known: &[&str]| known.contains(&whole.trim_start_matches('/'));
    if is(&OVERVIEW) {
        return Some(OrganizerCommand::Overview);
    }
    if is(&STOPPED) {
        return Some(OrganizerCommand::WhoStopped);
    }
    if is(&REPORT) {
        return Some(OrganizerCommand::Report);
    }
    if FIND.contains(&first) && !rest.is_empty() {
        return Some(OrganizerCommand::Find(rest.join(" ")));
    }
    if PAUSE.contains(&first) {
        let (name, until) = whose(rest, said, today)?;
        return Some(OrganizerCommand::Pause { name, until, is_sure: false });
    }
    // As the button sends it, which confirms.
    let is_sure = ["yes", "так"].contains(&first) && rest.first().is_some_and(|word| PAUSE.contains(word));
    let (name, until) = is_sure.then(|| whose(&rest[1..], said, today)).flatten()?;
    Some(OrganizerCommand::Pause { name, until, is_sure: until.is_some() })
}

/// Who is to pause, and until when, if that is clear: the name is what comes before the time.
fn whose(rest: &[&str], said: &Said, today: NaiveDate) -> Option<(String, Option<NaiveDate>)> {
    let rest = if rest.len() > 1 && FOR.contains(&rest[0]) { &rest[1..] } else { rest };
    let until = |at: usize| match pause(&rest[at..], &said.shown, said.language, today) {
        ChatCommand::Pause(until) => Some(until),
        _ => None,
    };
    let says_when = |word: &&str| is_until(word) || word.starts_with(|c: char| c.is_ascii_digit());
    // The name ends there at the latest.
    let most = rest.iter().position(|word| is_until(word)).map_or(rest.len(), |at| at + 1).min(rest.len());
    let told = (1..most).find_map(|at| Some((at, until(at)?)));
    let name = told.map_or_else(|| rest.iter().take_while(|word| !says_when(word)).count(), |(at, _)| at);
    let words = if ["for", "на"].contains(rest.get(name.checked_sub(1)?)?) { name - 1 } else { name };
    (words > 0).then(|| (rest[..words].join(" "), told.map(|(_, until)| until)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is typed, and how it is understood; "" if it is not an organizer's command.
    const TYPED: &[(&str, &str)] = &[
        ("overview", "overview"),
        ("/Overview!", "overview"),
        ("hi bot, overview please", "overview"),
        ("огляд", "overview"),
        ("who stopped?", "who stopped"),
        ("Who left", "who stopped"),
        ("хто вийшов?", "who stopped"),
        ("report", "report"),
        ("звіт", "report"),
        ("find Ann Lee", "find ann lee"),
        ("find ann@example.com", "find ann@example.com"),
        ("знайди Олену", "find олену"),
        ("find", ""),
        ("pause Bo until 20 December", "pause bo until 2026-12-20"),
        ("pause Bo Ek until 2026-12-20", "pause bo ek until 2026-12-20"),
        ("pause bo.ek@example.com until 2026-12-20", "pause bo.ek@example.com until 2026-12-20"),
        ("pause Bo Ek 2 weeks", "pause bo ek until 2026-12-15"),
        ("pause Bo for 2 weeks", "pause bo until 2026-12-15"),
        ("pause for Bo until 20 December", "pause bo until 2026-12-20"),
        ("pause Bo", "pause bo"),
        ("pause Bo until spring", "pause bo"),
        ("pause Bo until 2 weeks", "pause bo"),
        ("пауза Олені до 20 грудня", "pause олені until 2026-12-20"),
        ("пауза для Олени на 2 тижні", "pause олени until 2026-12-15"),
        ("yes pause bo@example.com until 2026-12-20", "pause bo@example.com until 2026-12-20, surely"),
        ("так пауза bo@example.com до 2026-12-20", "pause bo@example.com until 2026-12-20, surely"),
        ("yes pause bo@example.com", "pause bo@example.com"),
        ("pause", ""),
        ("yes", ""),
        ("status", ""),
        ("reports are boring", ""),
    ];

    #[test]
    fn what_an_organizer_types_is_understood() {
        let today = "2026-12-01".parse().unwrap();
        let said = |command: OrganizerCommand| match command {
            OrganizerCommand::Overview => "overview".to_owned(),
            OrganizerCommand::WhoStopped => "who stopped".to_owned(),
            OrganizerCommand::Report => "report".to_owned(),
            OrganizerCommand::Find(name) => format!("find {name}"),
            OrganizerCommand::Pause { name, until, is_sure } => {
                let until = until.map_or_else(String::new, |until| format!(" until {until}"));
                format!("pause {name}{until}{}", if is_sure { ", surely" } else { "" })
            }
        };
        for (typed, meant) in TYPED {
            let found = understand(typed, "Roulette", Language::English, today).map_or_else(String::new, said);
            assert_eq!(found, *meant, "{typed}");
        }
    }
}
