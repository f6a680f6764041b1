//! What people type to the bot, understood: any case, small typos, English or Ukrainian.
//! Knows words; knows nobody and decides nothing.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate};

/// What somebody wants who typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatCommand {
    /// Anything else.
    Help,
    /// To suggest a new time for the meeting of that number, from 1.
    Change(usize),
    /// How they take part.
    Status,
    /// Not to meet this week.
    Skip,
    /// To meet this week after all.
    Unskip,
    /// To pause up to and including that day.
    Pause(NaiveDate),
    /// To pause, but it is not clear until when.
    PauseHow(String),
    /// To take part again.
    Resume,
    /// To leave for good.
    Stop,
    /// To come back.
    Start,
    /// Not to be paired with whoever has that name.
    NotWith(String),
    /// To be paired again with whoever has that name.
    MeetAgain(String),
    /// Why they meet whom they meet.
    Why,
    /// Yes to what they were asked last.
    Yes,
    /// No to it.
    No,
    /// They met.
    Met,
    /// They will meet yet.
    NotYet,
    /// They could not meet.
    CouldNot,
    /// To write to everybody, which the organizer may.
    Announce,
    /// To have newcomers greeted or not, which the organizer may.
    Greet(bool),
}

/// What answers a question, said in full.
const ANSWERS: [(&str, ChatCommand); 19] = [
    ("yes", ChatCommand::Yes),
    ("y", ChatCommand::Yes),
    ("ok", ChatCommand::Yes),
    ("okay", ChatCommand::Yes),
    ("так", ChatCommand::Yes),
    ("no", ChatCommand::No),
    ("n", ChatCommand::No),
    ("ні", ChatCommand::No),
    ("met", ChatCommand::Met),
    ("we met", ChatCommand::Met),
    ("yes we met", ChatCommand::Met),
    ("відбулася", ChatCommand::Met),
    ("так відбулася", ChatCommand::Met),
    ("not yet", ChatCommand::NotYet),
    ("ще ні", ChatCommand::NotYet),
    ("could not", ChatCommand::CouldNot),
    ("we could not", ChatCommand::CouldNot),
    ("не вийшло", ChatCommand::CouldNot),
    ("не вдалося", ChatCommand::CouldNot),
];

/// Words that mean nothing here.
const POLITE: [&str; 4] = ["please", "будь", "ласка", "будь-ласка"];

/// Without a date, a pause is two weeks.
const WEEKS: u64 = 2;
/// No pause is longer, in weeks.
const MOST_WEEKS: u64 = 104;
/// What else is read as a year is a slip, or mischief.
const YEARS: RangeInclusive<i32> = 2000..=2199;

/// Understands `text`, written on `today` in the writer's zone. `name` is the bot's own: in a space with others, a
/// message begins with it.
pub fn understand(text: &str, name: &str, today: NaiveDate) -> ChatCommand {
    let text = text.trim();
    let mention = text.get(..name.len()).is_some_and(|start| !name.is_empty() && start.eq_ignore_ascii_case(name));
    let text = if mention { &text[name.len()..] } else { text };
    let polite = |it: char| it.is_whitespace() || ".,;:!?…\"'«»“”()".contains(it);
    let text = text.trim_matches(polite).to_lowercase();
    let mut words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(polite)).collect();
    words.retain(|word| !word.is_empty() && !POLITE.contains(word));
    let Some((first, rest)) = words.split_first() else { return ChatCommand::Help };
    let first = first.trim_start_matches('/');
    if let Ok(number) = first.parse() {
        return if rest.is_empty() { ChatCommand::Change(number) } else { ChatCommand::Help };
    }
    let typed = |word: &str, meant: &[&str]| meant.iter().any(|meant| is_near(word, meant));
    let about_whom = |skip: usize| ChatCommand::NotWith(rest[skip..].join(" "));
    match rest.first() {
        Some(with) if first == "not" && *with == "with" && rest.len() > 1 => return about_whom(1),
        Some(with) if first == "не" && ["з", "із", "зі"].contains(with) && rest.len() > 1 => {
            return about_whom(1);
        }
        _ => {}
    }
    match (first, rest) {
        ("meet" | "with", [name @ .., "again"]) if !name.is_empty() => {
            let name = if name[0] == "with" && name.len() > 1 { &name[1..] } else { name };
            return ChatCommand::MeetAgain(name.join(" "));
        }
        ("знову" | "знов", ["з" | "із" | "зі", name @ ..]) if !name.is_empty() => {
            return ChatCommand::MeetAgain(name.join(" "));
        }
        _ => {}
    }
    if typed(first, &["change", "move", "reschedule", "перенести", "змінити"]) {
        let number = rest.first().and_then(|word| word.parse().ok());
        return ChatCommand::Change(number.unwrap_or(1));
    }
    if typed(first, &["pause", "пауза"]) {
        return until(rest, today).map_or_else(|| ChatCommand::PauseHow(text.clone()), ChatCommand::Pause);
    }
    if let Some((_, answer)) = ANSWERS.iter().find(|(said, _)| words.join(" ") == *said) {
        return answer.clone();
    }
    // Beyond a command and a word or two, it is a letter to somebody: nothing is done by mistake.
    let alone = rest.len() <= 2;
    if first == "greet" && matches!(rest, [] | ["nobody"]) {
        ChatCommand::Greet(rest.is_empty())
    } else if alone && typed(first, &["status", "статус"]) {
        ChatCommand::Status
    } else if alone && typed(first, &["unskip", "повернути"]) {
        ChatCommand::Unskip
    } else if alone && typed(first, &["skip", "пропустити"]) {
        ChatCommand::Skip
    } else if alone && typed(first, &["resume", "продовжити"]) {
        ChatCommand::Resume
    } else if rest.is_empty() && typed(first, &["stop", "unsubscribe", "стоп", "вийти"]) {
        ChatCommand::Stop
    } else if rest.is_empty() && typed(first, &["start", "subscribe", "старт", "почати"]) {
        ChatCommand::Start
    } else if rest.is_empty() && typed(first, &["announce", "оголосити"]) {
        ChatCommand::Announce
    } else if alone && (first == "why" || first == "чому") {
        ChatCommand::Why
    } else {
        ChatCommand::Help
    }
}

/// Until when a pause is.
fn until(rest: &[&str], today: NaiveDate) -> Option<NaiveDate> {
    let before = ["until", "till", "to", "for", "до", "на"];
    let rest = if rest.first().is_some_and(|word| before.contains(word)) { &rest[1..] } else { rest };
    let weeks = |weeks: u64| {
        let in_range = (1..=MOST_WEEKS).contains(&weeks);
        if in_range { today.checked_add_days(Days::new(7 * weeks)) } else { None }
    };
    match rest {
        [] => weeks(WEEKS),
        ["a" | "one", unit] if is_week(unit) => weeks(1),
        [unit] if is_week(unit) => weeks(1),
        [number, unit] if is_week(unit) => weeks(number.parse().ok()?),
        [day] => date(day).filter(|day| *day >= today && Some(*day) <= weeks(MOST_WEEKS)),
        _ => None,
    }
}

fn is_week(word: &str) -> bool {
    ["week", "weeks", "тиждень", "тижні", "тижнів"].iter().any(|week| is_near(word, week))
}

/// A date as 2027-01-10 or 10.01.2027.
pub fn date(text: &str) -> Option<NaiveDate> {
    let forms = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"];
    let date = forms.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
    date.filter(|date| YEARS.contains(&date.year()))
}

/// Whether two people's names are the same but for capitals, blanks, marks, and the words of politeness that
/// [`understand`] leaves out.
pub fn same_name(a: &str, b: &str) -> bool {
    let bare = |name: &str| {
        let lower = name.to_lowercase();
        let words = lower.split(|it: char| !it.is_alphanumeric() && it != '-').filter(|word| !POLITE.contains(word));
        words.flat_map(str::chars).filter(|it| it.is_alphanumeric()).collect::<String>()
    };
    let (a, b) = (bare(a), bare(b));
    !a.is_empty() && a == b
}

/// The same word, or one typo away where it is long enough to be sure.
fn is_near(word: &str, meant: &str) -> bool {
    word == meant || (meant.chars().count() >= 5 && strsim::osa_distance(word, meant) <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> ChatCommand {
        understand(text, "Roulette", "2026-12-01".parse().unwrap())
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn whatever_is_not_known_is_a_question_for_help() {
        for text in
            ["", "  ", "help", "hello there", "???", "12 monkeys", "I would like to stop by your office", "stop it"]
        {
            assert_eq!(typed(text), ChatCommand::Help, "{text:?}");
        }
    }

    #[test]
    fn commands_are_understood_in_any_case_with_small_typos_and_after_a_mention() {
        let each = [
            ("STATUS", ChatCommand::Status),
            ("staus", ChatCommand::Status),
            ("Roulette status", ChatCommand::Status),
            ("/change", ChatCommand::Change(1)),
            ("change 2", ChatCommand::Change(2)),
            ("2", ChatCommand::Change(2)),
            ("12", ChatCommand::Change(12)),
            ("Skip this week, please", ChatCommand::Skip),
            ("unskip", ChatCommand::Unskip),
            ("Resume!", ChatCommand::Resume),
            ("stop.", ChatCommand::Stop),
            ("start", ChatCommand::Start),
            ("Why?", ChatCommand::Why),
            ("not with Ann Lee", ChatCommand::NotWith("ann lee".to_owned())),
            ("не з Ann Lee", ChatCommand::NotWith("ann lee".to_owned())),
            ("meet Ann Lee again", ChatCommand::MeetAgain("ann lee".to_owned())),
            ("with Ann Lee again, please", ChatCommand::MeetAgain("ann lee".to_owned())),
            ("Знову з Ann Lee", ChatCommand::MeetAgain("ann lee".to_owned())),
            ("пропустити", ChatCommand::Skip),
            ("Чому?", ChatCommand::Why),
            ("/announce", ChatCommand::Announce),
            ("greet", ChatCommand::Greet(true)),
            ("Greet nobody.", ChatCommand::Greet(false)),
            ("Yes!", ChatCommand::Yes),
            ("Так", ChatCommand::Yes),
            ("no, please", ChatCommand::No),
            ("Yes, we met.", ChatCommand::Met),
            ("Not yet", ChatCommand::NotYet),
            ("We could not :)", ChatCommand::CouldNot),
            ("could not", ChatCommand::CouldNot),
        ];
        for (text, meant) in each {
            assert_eq!(typed(text), meant, "{text:?}");
        }
    }

    #[test]
    fn a_pause_has_an_end_or_is_asked_for_one() {
        assert_eq!(typed("pause"), ChatCommand::Pause(day("2026-12-15")));
        assert_eq!(typed("pause until 2027-01-10"), ChatCommand::Pause(day("2027-01-10")));
        assert_eq!(typed("Pause till 10.01.2027"), ChatCommand::Pause(day("2027-01-10")));
        assert_eq!(typed("pause 3 weeks"), ChatCommand::Pause(day("2026-12-22")));
        assert_eq!(typed("pause for a week"), ChatCommand::Pause(day("2026-12-08")));
        assert_eq!(typed("пауза на 2 тижні"), ChatCommand::Pause(day("2026-12-15")));
        for text in [
            "pause until 2026-11-30",
            "pause until spring",
            "pause 0 weeks",
            "pause 5000 weeks",
            "pause 9999999999999999999 weeks",
            "pause until +262142-12-31",
        ] {
            assert_eq!(typed(text), ChatCommand::PauseHow(text.to_owned()));
        }
    }

    #[test]
    fn a_name_that_was_typed_is_known_whatever_marks_it_has() {
        let each = [
            ("Ito, Cy", "not with Ito, Cy"),
            ("Ann Lee (Sales)", "not with ann lee (sales)"),
            ("Ann Lee (Sales)", "Not with Ann Lee Sales, please"),
            ("Robert Downey Jr.", "not with Robert Downey Jr."),
            ("Ann Please", "not with Ann Please"),
            ("Ann-Marie O\u{2019}Neil", "not with ann marie o'neil"),
            ("Тарас Гриценко", "не з ТАРАС гриценко, будь ласка"),
        ];
        for (name, text) in each {
            let ChatCommand::NotWith(wanted) = typed(text) else { panic!("{text}") };
            assert!(same_name(&wanted, name) && same_name(name, &wanted), "{text}");
        }
        for (a, b) in
            [("Ann Lee", "Ann Leigh"), ("Ann", "Ann Lee"), ("Лев", "Лева"), ("", ""), ("...", "!"), ("Please", "")]
        {
            assert!(!same_name(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_date_is_of_our_times() {
        for text in ["2000-01-01", "31.12.2199", "10/01/2027"] {
            assert!(date(text).is_some(), "{text}");
        }
        for text in
            ["1999-12-31", "2200-01-01", "-262143-01-01", "+262142-12-31", "0027-01-10", "10.01.27", "2027-02-30"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
