//! What people type to the bot, understood: any case, small typos, English or Ukrainian.
//! Knows words; knows nobody and decides nothing.

use chrono::{Days, NaiveDate, NaiveTime};

use super::reply;
use super::time_phrase::{self, TimePhrase};
use crate::domain::language::Language;
use crate::domain::text;

/// What somebody wants who typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatCommand {
    /// What one can say.
    Help,
    /// Something that is not understood.
    Unknown,
    /// A word of thanks.
    Thanks,
    /// To suggest a new time for the meeting of that number, from 1.
    Change(usize),
    /// To suggest a new time for the meeting of those days.
    ChangeOn(TimePhrase),
    /// To suggest that day and time for the meeting of that number.
    ChangeTo(usize, TimePhrase, Option<NaiveTime>),
    /// How they take part.
    Status,
    /// Not to meet in those days.
    Skip(TimePhrase),
    /// To meet in those days after all.
    Unskip(TimePhrase),
    /// To pause up to and including that day.
    Pause(NaiveDate),
    /// To pause, but it is not clear until when.
    PauseHow(String),
    /// To take part again.
    Resume,
    /// To leave for good.
    Stop,
    /// Perhaps to leave: something is said around it.
    StopHow,
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
    /// Yes to what was suggested to them.
    Agreed,
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

/// Words that mean nothing here.
const POLITE: [&str; 4] = ["please", "будь", "ласка", "будь-ласка"];

/// Words of those who want to leave, with whatever else they say.
const STOPS: [&str; 13] = [
    "stop",
    "unsubscribe",
    "quit",
    "leave",
    "remove",
    "стоп",
    "вийти",
    "припиніть",
    "припини",
    "зупиніть",
    "відпишіть",
    "відписатися",
    "годі",
];

/// That somebody is there again, in the very words.
const BACK: [&str; 9] = [
    "back",
    "i'm back",
    "i’m back",
    "i am back",
    "back again",
    "я повернулась",
    "я повернулася",
    "я повернувся",
    "я знову тут",
];

/// Without a date, a pause is two weeks.
const WEEKS: u64 = 2;
/// No pause is longer, in weeks.
const MOST_WEEKS: u64 = 104;

/// Understands `text`, written on `today` in the writer's zone. `name` is the bot's own, with which one speaks to it in a
/// space with others: all of it or its first word, at either end, with an @ or without. Either language is understood; the writer's decides how a date is read.
pub fn understand(text: &str, name: &str, language: Language, today: NaiveDate) -> ChatCommand {
    let text = text::typed(text);
    let text = without_name(&text, &text::typed(name));
    let polite = |it: char| it.is_whitespace() || ".,;:!?…\"'«»“”()".contains(it);
    let original = text.to_lowercase();
    let text = text.trim_matches(polite).to_lowercase();
    let mut words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(polite)).collect();
    words.retain(|word| !word.is_empty() && !POLITE.contains(word));
    let language = time_phrase::language_of(&text, language);
    let Some((first, rest)) = words.split_first() else {
        return reply::understand(&original).unwrap_or(ChatCommand::Help);
    };
    if let Some(answer) = reply::understand(&original) {
        return answer;
    }
    let first = first.trim_start_matches('/');
    if let Ok(number) = first.parse() {
        return if rest.is_empty() { ChatCommand::Change(number) } else { ChatCommand::Unknown };
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
    if typed(first, &["change", "move", "reschedule", "перенести", "перенеси", "перенесіть", "змінити"])
    {
        return change(rest, language, today);
    }
    if typed(first, &["pause", "пауза", "паузу"]) {
        return pause(rest, language, today).unwrap_or_else(|| ChatCommand::PauseHow(text.clone()));
    }
    if typed(first, &["unskip", "повернути"]) {
        return ChatCommand::Unskip(time_phrase::understand(rest, language, today));
    }
    if typed(
        first,
        &[
            "skip",
            "cancel",
            "скасувати",
            "скасуй",
            "скасуйте",
            "відмінити",
            "пропустити",
            "пропускаю",
            "пропущу",
            "пропусти",
            "пропустіть",
        ],
    ) {
        return ChatCommand::Skip(time_phrase::understand(rest, language, today));
    }
    // Beyond a command and a word or two, it is a letter to somebody: nothing is done by mistake. Whoever is on leave
    // does not leave.
    let leaves = |word: &&str| STOPS.contains(word) && !(*word == "leave" && words.contains(&"on"));
    let alone = rest.len() <= 2;
    if first == "greet" && matches!(rest, [] | ["nobody"]) {
        ChatCommand::Greet(rest.is_empty())
    } else if alone && (typed(first, &["status", "статус"]) || is_about_meetings(&words)) {
        ChatCommand::Status
    } else if alone
        && (typed(first, &["resume", "unpause", "продовжити", "відновити"]) || BACK.contains(&&*words.join(" ")))
    {
        ChatCommand::Resume
    } else if rest.is_empty() && typed(first, &["stop", "unsubscribe", "стоп", "вийти"]) {
        ChatCommand::Stop
    } else if rest.is_empty() && typed(first, &["start", "subscribe", "старт", "почати"]) {
        ChatCommand::Start
    } else if rest.is_empty() && typed(first, &["announce", "оголосити"]) {
        ChatCommand::Announce
    } else if alone && (first == "why" || first == "чому") {
        ChatCommand::Why
    } else if alone && typed(first, &["help", "допомога", "допоможіть", "довідка"]) {
        ChatCommand::Help
    } else if words.iter().any(leaves) || words[..] == ["досить"] {
        ChatCommand::StopHow
    } else {
        ChatCommand::Unknown
    }
}

/// Whether all that is said is that somebody asks for their meetings.
fn is_about_meetings(words: &[&str]) -> bool {
    match words {
        [word]
        | ["my" | "show" | "list" | "next" | "мої" | "моя" | "наступна", word]
        | ["show" | "list", "my", word] => {
            ["list", "meeting", "meetings", "список", "зустріч", "зустрічі"].contains(word)
        }
        _ => false,
    }
}

/// What is said to the bot of that name.
fn without_name<'a>(text: &'a str, name: &str) -> &'a str {
    let first = name.split_whitespace().next().unwrap_or_default();
    // A letter may have another length in the other case.
    let begun = |text: &'a str, name: &str| {
        let mut letters = text.char_indices();
        let fits =
            name.chars().all(|c| letters.next().is_some_and(|(_, other)| c.to_lowercase().eq(other.to_lowercase())));
        let rest = letters.as_str();
        (fits && !name.is_empty() && !rest.starts_with(|c: char| c.is_alphanumeric())).then_some(rest)
    };
    let ended = |text: &'a str, name: &str| {
        let start = text.char_indices().rev().nth(name.chars().count().checked_sub(1)?)?.0;
        let alone = text[..start].ends_with(|c: char| c.is_whitespace() || c == '@' || c == ',');
        (alone && text[start..].to_lowercase() == name.to_lowercase()).then_some(&text[..start])
    };
    let addressed = text.trim_start_matches('@');
    let trimmed = text.trim_end_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace());
    let at_start = [name, first].into_iter().find_map(|name| begun(addressed, name));
    let at_end =
        || [name, first].into_iter().find_map(|name| ended(trimmed, name)).map(|rest| rest.trim_end_matches('@'));
    at_start.or_else(at_end).unwrap_or(text)
}

/// Which meeting somebody wants to move, or to when.
fn change(rest: &[&str], language: Language, today: NaiveDate) -> ChatCommand {
    // “9 December” is a day.
    let is_day = rest.get(1).is_some_and(|word| time_phrase::is_month(word));
    let number = rest.first().filter(|_| !is_day).and_then(|word| word.parse().ok());
    let rest = &rest[usize::from(number.is_some())..];
    let (time, day) = time_phrase::without_time(rest);
    let is_to = |word: &&str| ["to", "на", "for", "until"].contains(word);
    // “The meeting” before it says nothing.
    let named = day.iter().take_while(|word| !is_to(word) && time_phrase::is_filler(word)).count();
    let day = if day.get(named).is_some_and(is_to) { &day[named..] } else { &day[..] };
    let to = day.first().is_some_and(is_to);
    let phrase = time_phrase::understand(&day[usize::from(to)..], language, today);
    match (number, time, phrase) {
        (number, None, TimePhrase::Nothing | TimePhrase::Next) => ChatCommand::Change(number.unwrap_or(1)),
        (None, None, phrase) if !to => ChatCommand::ChangeOn(phrase),
        (number, time, phrase) => ChatCommand::ChangeTo(number.unwrap_or(1), phrase, time),
    }
}

/// How long a pause is; none where that is not clear. What begins later than today leaves out the rounds of those days.
fn pause(rest: &[&str], language: Language, today: NaiveDate) -> Option<ChatCommand> {
    let until =
        rest.first().is_some_and(|word| ["until", "till", "til", "to", "through", "thru", "до", "по"].contains(word));
    let on = rest.first().is_some_and(|word| ["on", "в", "у"].contains(word));
    let rest = if until { &rest[1..] } else { rest };
    if until && rest.is_empty() {
        return None;
    }
    let phrase = time_phrase::understand(rest, language, today);
    // A day alone is no end: whoever pauses on it leaves out its round.
    if let (Some(day), false) = (phrase.one_day(), until) {
        let is_near = today.checked_add_days(Days::new(1)).is_some_and(|tomorrow| day <= tomorrow);
        return (on || is_near).then_some(ChatCommand::Skip(phrase));
    }
    let last = match &phrase {
        TimePhrase::Nothing => today.checked_add_days(Days::new(7 * WEEKS))?,
        TimePhrase::Long(days) => today.checked_add_days(Days::new(*days))?,
        TimePhrase::Days(readings) => match readings[..] {
            [span] if span.from == span.to || !until && span.from <= today => span.to,
            // “Until next week” has no end.
            [_] if !until => return Some(ChatCommand::Skip(phrase)),
            _ => return None,
        },
        TimePhrase::Next if !until => return Some(ChatCommand::Skip(phrase)),
        TimePhrase::Next | TimePhrase::Unclear => return None,
    };
    let latest = today.checked_add_days(Days::new(7 * MOST_WEEKS))?;
    (last <= latest).then_some(ChatCommand::Pause(last))
}

/// The same word, or one typo away where it is long enough to be sure.
fn is_near(word: &str, meant: &str) -> bool {
    word == meant || (meant.chars().count() >= 5 && strsim::osa_distance(word, meant) <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> ChatCommand {
        understand(text, "Roulette", Language::English, "2026-12-01".parse().unwrap())
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn whatever_is_not_known_is_known_to_be_so() {
        for text in ["", "  ", "help", "Help, please", "???", "допомога"] {
            assert_eq!(typed(text), ChatCommand::Help, "{text:?}");
        }
        for text in ["hello there", "12 monkeys"] {
            assert_eq!(typed(text), ChatCommand::Unknown, "{text:?}");
        }
        for text in ["I'm on leave next week", "Мені досить зручно"] {
            assert_eq!(typed(text), ChatCommand::Unknown, "nobody wants to leave: {text:?}");
        }
        for text in
            ["stop it", "досить!", "Please stop sending me this", "I want to unsubscribe", "припиніть це, будь ласка"]
        {
            assert_eq!(typed(text), ChatCommand::StopHow, "{text:?}");
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
            ("Skip this one, please", ChatCommand::Skip(TimePhrase::Next)),
            ("cancel my meeting", ChatCommand::Skip(TimePhrase::Next)),
            ("скасуй зустріч", ChatCommand::Skip(TimePhrase::Next)),
            ("unskip", ChatCommand::Unskip(TimePhrase::Nothing)),
            ("unpause", ChatCommand::Resume),
            ("I'm back!", ChatCommand::Resume),
            ("Я повернулася", ChatCommand::Resume),
            ("відновити", ChatCommand::Resume),
            ("Пропустіть, будь ласка", ChatCommand::Skip(TimePhrase::Nothing)),
            ("пропущу", ChatCommand::Skip(TimePhrase::Nothing)),
            ("перенесіть зустріч", ChatCommand::Change(1)),
            ("Так, зустрілись!", ChatCommand::Met),
            ("my meetings", ChatCommand::Status),
            ("Show my meetings", ChatCommand::Status),
            ("list", ChatCommand::Status),
            ("Мої зустрічі", ChatCommand::Status),
            ("next meeting?", ChatCommand::Status),
            ("Resume!", ChatCommand::Resume),
            ("stop.", ChatCommand::Stop),
            ("start", ChatCommand::Start),
            ("Why?", ChatCommand::Why),
            ("not with Ann Lee", ChatCommand::NotWith("ann lee".to_owned())),
            ("не з Ann Lee", ChatCommand::NotWith("ann lee".to_owned())),
            ("meet Ann Lee again", ChatCommand::MeetAgain("ann lee".to_owned())),
            ("with Ann Lee again, please", ChatCommand::MeetAgain("ann lee".to_owned())),
            ("Знову з Ann Lee", ChatCommand::MeetAgain("ann lee".to_owned())),
            ("пропустити", ChatCommand::Skip(TimePhrase::Nothing)),
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

    /// What is typed to a bot of that name, in a space with others.
    const SPOKEN_TO: &[(&str, &str)] = &[
        ("Coffee Roulette skip", "Coffee Roulette"),
        ("coffee roulette: skip", "Coffee Roulette"),
        ("Coffee skip", "Coffee Roulette"),
        ("@Coffee skip", "Coffee Roulette"),
        ("@Coffee Roulette skip", "Coffee Roulette"),
        ("Coffee, skip please!", "Coffee Roulette"),
        ("skip @Coffee", "Coffee Roulette"),
        ("skip, Coffee Roulette!", "Coffee Roulette"),
        ("skip", "Coffee Roulette"),
        ("КАВА пропустити", "Кава Рулетка"),
        ("İstanbul skip", "İstanbul Kahve"),
        ("Cafe\u{301} skip", "Café Roulette"),
        ("Ｃｏｆｆｅｅ　ｓｋｉｐ", "Coffee Roulette"),
        ("\u{200b}Coffee\u{a0}skip\u{200b}", "Coffee Roulette"),
    ];

    #[test]
    fn the_bot_is_spoken_to_by_its_name_or_its_first_name() {
        for (text, name) in SPOKEN_TO {
            let today = "2026-12-01".parse().unwrap();
            let command = understand(text, name, Language::English, today);
            assert_eq!(command, ChatCommand::Skip(TimePhrase::Nothing), "{text}");
        }
        assert_eq!(understand("@Coffee", "Coffee Roulette", Language::English, day("2026-12-01")), ChatCommand::Help);
        let other = understand("coffeehouse skip", "Coffee Roulette", Language::English, day("2026-12-01"));
        assert_eq!(other, ChatCommand::Unknown);
    }

    #[test]
    fn what_nobody_sees_does_not_make_it_another_command() {
        for text in [
            "\u{200b}skip",
            "skip\u{200d}",
            "ｓｋｉｐ",
            "ＳＫＩＰ！",
            "skip\u{a0}",
            "\u{feff}s\u{ad}kip",
            "\u{202a}skip\u{202c}",
        ] {
            assert_eq!(typed(text), ChatCommand::Skip(TimePhrase::Nothing), "{text:?}");
        }
        assert_eq!(typed("чому\u{200b}?"), ChatCommand::Why);
        assert_eq!(typed("status\u{a0}please"), ChatCommand::Status);
        assert_eq!(typed("и\u{306}"), typed("й"));
        assert_eq!(typed("１２"), ChatCommand::Change(12));
        assert_eq!(typed("👍\u{fe0f}"), ChatCommand::Yes);
    }

    /// What is typed on 1 December 2026, with the first and the last day that are meant.
    const RANGES: &[(&str, &str, &str)] = &[
        ("pause from 7 to 12 December", "2026-12-07", "2026-12-12"),
        ("pause 7-12 December", "2026-12-07", "2026-12-12"),
        ("skip 7–12 December", "2026-12-07", "2026-12-12"),
        ("pause December 7 to 12", "2026-12-07", "2026-12-12"),
        ("skip between 7 and 12 December", "2026-12-07", "2026-12-12"),
        ("skip 7 December - 12 December", "2026-12-07", "2026-12-12"),
        ("skip 07.12-12.12", "2026-12-07", "2026-12-12"),
        ("skip 2026-12-07..2026-12-12", "2026-12-07", "2026-12-12"),
        ("skip 2026-12-07 to 2026-12-12", "2026-12-07", "2026-12-12"),
        ("pause from 28 December till 3 January", "2026-12-28", "2027-01-03"),
        ("пропустити з 7 по 12 грудня", "2026-12-07", "2026-12-12"),
        ("пауза з 7 до 12 грудня", "2026-12-07", "2026-12-12"),
        ("пауза від 7 грудня до 12 грудня", "2026-12-07", "2026-12-12"),
        ("skip from tomorrow to Friday", "2026-12-02", "2026-12-04"),
    ];

    #[test]
    fn from_one_day_to_another_is_what_is_skipped() {
        for (text, from, to) in RANGES {
            let ChatCommand::Skip(TimePhrase::Days(spans)) = typed(text) else { panic!("{text}: {:?}", typed(text)) };
            assert_eq!(
                spans.iter().map(|span| [span.from, span.to]).collect::<Vec<_>>(),
                [[day(from), day(to)]],
                "{text}"
            );
        }
        for text in ["pause from 1 to 12 December", "pause from 25 November to 12 December", "пауза з 1 по 12 грудня"]
        {
            assert_eq!(typed(text), ChatCommand::Pause(day("2026-12-12")), "{text}: it has begun");
        }
        for text in
            ["pause from 12 to 7 December", "pause from 12", "pause from 40 to 50 December", "pause 2 to 3 weeks"]
        {
            assert!(matches!(typed(text), ChatCommand::PauseHow(_)), "{text}: {:?}", typed(text));
        }
    }

    #[test]
    fn a_pause_has_an_end_or_is_asked_for_one() {
        let each = [
            ("pause", "2026-12-15"),
            ("pause until 2027-01-10", "2027-01-10"),
            ("Pause till 10.01.2027", "2027-01-10"),
            ("pause until 10 January, please", "2027-01-10"),
            ("пауза до 10 січня", "2027-01-10"),
            ("pause till Friday", "2026-12-04"),
            ("пауза до п’ятниці", "2026-12-04"),
            ("pause 3 weeks", "2026-12-22"),
            ("pause for three weeks", "2026-12-22"),
            ("pause for a week", "2026-12-08"),
            ("пауза на 2 тижні", "2026-12-15"),
            ("pause for two months", "2027-02-01"),
            ("pause this week", "2026-12-06"),
            ("pause this month", "2026-12-31"),
            ("pause until the end of the year", "2026-12-31"),
            ("пауза до кінця місяця", "2026-12-31"),
            ("pause until 12/03/2026", "2026-12-03"),
            ("пауза до 01/10/2027", "2027-10-01"),
        ];
        for (text, until) in each {
            assert_eq!(typed(text), ChatCommand::Pause(day(until)), "{text}");
        }
        for (text, day_of) in
            [("pause on 16 December", "2026-12-16"), ("pause tomorrow", "2026-12-02"), ("pause today", "2026-12-01")]
        {
            let ChatCommand::Skip(phrase) = typed(text) else { panic!("{text}") };
            assert_eq!(phrase.one_day(), Some(day(day_of)), "a day alone is no end: {text}");
        }
        for (text, from) in [("pause next week", "2026-12-07"), ("пауза на наступний тиждень", "2026-12-07")]
        {
            let ChatCommand::Skip(TimePhrase::Days(spans)) = typed(text) else { panic!("{text}") };
            assert_eq!(spans[0].from, day(from), "what begins later does not begin now");
        }
        for text in [
            "pause until",
            "pause until next week",
            "pause until january",
            "pause until tuesday",
            "pause until 01/10/2027",
            "pause from 10 january",
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
    fn a_change_is_of_a_number_of_a_day_or_to_a_time() {
        let at = |text: &str| Some(NaiveTime::parse_from_str(text, "%H:%M").unwrap());
        let days = |text: &str| time_phrase::understand(&[text], Language::English, day("2026-12-01"));
        let each = [
            ("change", ChatCommand::Change(1)),
            ("change the meeting", ChatCommand::Change(1)),
            ("move 2", ChatCommand::Change(2)),
            ("перенести зустріч", ChatCommand::Change(1)),
            ("change 2026-12-09", ChatCommand::ChangeOn(days("2026-12-09"))),
            ("change 9 December", ChatCommand::ChangeOn(days("2026-12-09"))),
            ("move next week's meeting", ChatCommand::ChangeOn(week_after("2026-12-07"))),
            ("перенести зустріч наступного тижня", ChatCommand::ChangeOn(week_after("2026-12-07"))),
            ("change to Friday 3pm", ChatCommand::ChangeTo(1, days("friday"), at("15:00"))),
            ("move 2 to 10 December at 11", ChatCommand::ChangeTo(2, days("2026-12-10"), at("11:00"))),
            ("перенести на п’ятницю о 15:30", ChatCommand::ChangeTo(1, days("friday"), at("15:30"))),
            ("change to tomorrow", ChatCommand::ChangeTo(1, days("tomorrow"), None)),
            ("change to 09.12.26", ChatCommand::ChangeTo(1, days("2026-12-09"), None)),
            ("change to 09.12.2026 11:00", ChatCommand::ChangeTo(1, days("2026-12-09"), at("11:00"))),
            ("move the meeting to Friday", ChatCommand::ChangeTo(1, days("friday"), None)),
            ("move it to Friday 3pm", ChatCommand::ChangeTo(1, days("friday"), at("15:00"))),
            ("reschedule to some other day", ChatCommand::ChangeTo(1, TimePhrase::Unclear, None)),
        ];
        for (text, meant) in each {
            assert_eq!(typed(text), meant, "{text}");
        }
    }

    fn week_after(monday: &str) -> TimePhrase {
        TimePhrase::Days(vec![time_phrase::Span { from: day(monday), to: day(monday) + Days::new(6) }])
    }
}
