//! Somebody says that they do not want to be paired with somebody. Knows words; knows nobody.

use chrono::NaiveDate;

use super::chat_command::ChatCommand;
use super::time_phrase::{self, TimePhrase};
use crate::domain::language::Language;

/// Words with which such a sentence may begin.
const OPENING: [&str; 11] = ["i", "i'd", "so", "please", "prefer", "to", "я", "прошу", "ми", "we", "just"];

/// Phrases before the name, each as its words.
const BEFORE: [&str; 76] = [
    "not with",
    "never with",
    "never again with",
    "no more with",
    "anyone but",
    "anybody but",
    "not to meet with",
    "not to meet",
    "never to meet",
    "do not pair me with",
    "don't pair me with",
    "dont pair me with",
    "do not match me with",
    "don't match me with",
    "do not put me with",
    "don't put me with",
    "don't put me together with",
    "do not put me together with",
    "don't set me up with",
    "do not set me up with",
    "don't let me meet",
    "do not let me meet",
    "don't pair me up with",
    "do not pair me up with",
    "never pair me with",
    "never pair me up with",
    "never match me with",
    "never put me with",
    "never meet with",
    "never meet",
    "don't meet with",
    "don't want to meet with",
    "do not want to meet with",
    "don't want to meet",
    "do not want to meet",
    "don't wanna meet",
    "never want to meet",
    "don't want to be paired with",
    "do not want to be paired with",
    "don't want to be matched with",
    "do not want to be matched with",
    "don't want to be with",
    "don't want to talk to",
    "do not want to talk to",
    "don't want to see",
    "do not want to see",
    "rather not meet with",
    "rather not meet",
    "would rather not meet",
    "would rather not be paired with",
    "rather not be paired with",
    "would like not to meet",
    "не з",
    "тільки не з",
    "більше не з",
    "ніколи з",
    "ніколи не з",
    "ніколи більше з",
    "не треба з",
    "не хочу з",
    "не хочу більше з",
    "більше не хочу з",
    "don't want to get paired with",
    "don't want to be put with",
    "don't match me up with",
    "don't schedule me with",
    "do not schedule me with",
    "don't book me with",
    "keep me away from",
    "no meetings with",
    "no more meetings with",
    "don't ever pair me with",
    "avoid pairing me with",
    "stop pairing me with",
    "stop matching me with",
    "stop putting me with",
];

/// Phrases that are a wish by themselves, but only a statement after “I”.
const STATED: [&str; 6] =
    ["never meet", "never meet with", "don't meet with", "no meetings with", "no more meetings with", "never with"];

/// Ukrainian verbs for it, after «не» or «не хочу» and before «з».
const VERBS: [&str; 46] = [
    "зводьте мене",
    "зводь мене",
    "зводити мене",
    "мене зводьте",
    "зводьте нас",
    "паруйте мене",
    "ставте мене",
    "ставте мене в пару",
    "ставте мене у пару",
    "ставте в пару",
    "ставте у пару",
    "ставити в пару",
    "поєднуйте мене",
    "єднайте мене",
    "призначайте мені зустріч",
    "призначайте мені зустрічі",
    "зустрічатися",
    "зустрічатись",
    "зустрітися",
    "зустрітись",
    "бачитися",
    "бачитись",
    "спілкуватися",
    "спілкуватись",
    "говорити",
    "розмовляти",
    "бути в парі",
    "бути у парі",
    "бути в одній парі",
    "мати зустріч",
    "мати зустрічі",
    "потрапляти в пару",
    "потрапити в пару",
    "хочу",
    "зводьте",
    "зводь",
    "паруйте",
    "ставте",
    "ставити мене",
    "ставити мене в пару",
    "щоб мене зводили",
    "щоб ви мене зводили",
    "щоб мене ставили",
    "щоб мене ставили в пару",
    "зустрічей",
    "мати справу",
];

/// Words after the name that do not belong to it.
const AFTER: [&str; 21] = [
    "again",
    "anymore",
    "any",
    "more",
    "ever",
    "in",
    "future",
    "next",
    "time",
    "please",
    "thanks",
    "thank",
    "you",
    "sorry",
    "ніколи",
    "знову",
    "більше",
    "надалі",
    "дякую",
    "вибачте",
    "прошу",
];

/// Words for nobody in particular.
const ANYBODY: [&str; 9] = ["anyone", "anybody", "people", "everyone", "nobody", "ніким", "нікого", "усіма", "всіма"];

/// The wish, if it is one.
pub(super) fn understand(words: &[&str], language: Language, today: NaiveDate) -> Option<ChatCommand> {
    let opening = words.iter().take_while(|word| OPENING.contains(word)).count();
    let is_told = words[..opening].iter().any(|word| !["please", "прошу", "just", "prefer", "to"].contains(word));
    let words = &words[opening..];
    let (said, name) = name_in(words)?;
    // “I never meet Ann” is a complaint.
    if is_told && STATED.contains(&&*said.join(" ")) {
        return None;
    }
    let after = name.iter().rev().take_while(|word| AFTER.contains(word)).count();
    let name = &name[..name.len() - after];
    // Whoever wants to meet nobody perhaps wants to leave.
    if name.is_empty() || name.iter().all(|word| ANYBODY.contains(word)) {
        return said.ends_with(&["meet"]).then_some(ChatCommand::StopHow).filter(|_| words.len() > 2);
    }
    // About days, it says when somebody cannot come; May, though a month, may be a colleague.
    let is_with = |word: &&&str| ["with", "з", "із", "зі", "to", "see", "but"].contains(*word);
    let is_name = said.last().filter(is_with).is_some() || matches!(name, [one] if time_phrase::is_month(one));
    match time_phrase::understand(name, language, today) {
        phrase @ (TimePhrase::Days(_) | TimePhrase::Long(_) | TimePhrase::Next) if !is_name => {
            Some(ChatCommand::Away(phrase))
        }
        _ => Some(ChatCommand::NotWith(name.join(" "))),
    }
}

/// The phrase before a name, and the name.
fn name_in<'a, 'w>(words: &'w [&'a str]) -> Option<(&'w [&'a str], &'w [&'a str])> {
    // “Not Ann again” has the name in the middle.
    if let ["not" | "never", name @ .., "again"] = words
        && !matches!(name, [] | ["with" | "meet" | "pair" | "match" | "put" | "this" | "that" | "now" | "yet", ..])
    {
        return Some((&words[..1], name));
    }
    let with = |word: &&str| ["з", "із", "зі"].contains(word);
    let is = |at: usize, said: &str| {
        let said: Vec<&str> = said.split_whitespace().collect();
        said.len() == at
            && words.len() >= at
            && words[..at].iter().zip(&said).all(|(one, other)| one == other || *other == "з" && with(one))
    };
    let longest = words.len().min(10);
    let plain = (1..=longest).rev().find(|at| BEFORE.iter().any(|said| is(*at, said)));
    let ukrainian = || {
        let opened = words.iter().take_while(|word| ["більше", "ніколи", "мене", "мені"].contains(word)).count();
        let not = words.get(opened).filter(|word| **word == "не").map(|_| opened + 1)?;
        let skip = |at: usize, of: &[&str]| words[at..].iter().take_while(|word| of.contains(word)).count();
        let verb = not + skip(not, &["хочу", "хотіла", "хотів", "хотілося", "б", "би", "більше", "треба"]);
        let end = verb + words[verb..].iter().position(with)?;
        let said = words[verb..end].join(" ");
        let said = said.strip_suffix(" більше").or(said.strip_suffix(" знову")).unwrap_or(&said);
        VERBS.contains(&said).then_some(end + 1)
    };
    let at = plain.or_else(ukrainian)?;
    Some((&words[..at], &words[at..]))
}
