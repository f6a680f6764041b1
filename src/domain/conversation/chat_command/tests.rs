//! What people type, and what is understood: one table for each kind, easy to extend.

use chrono::NaiveTime;

use super::*;
use crate::domain::message::language::typed_commands;

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
    for text in ["hi", "hello there", "Good morning!", "Привіт"] {
        assert_eq!(typed(text), ChatCommand::Help, "{text:?}");
    }
    let others = |texts: &[&str], meant: fn(&ChatCommand) -> bool| {
        let wrong = texts.iter().map(|text| (*text, typed(text))).filter(|(_, command)| !meant(command));
        wrong.map(|(text, command)| format!("{text}: {command:?}")).collect::<Vec<_>>()
    };
    assert_eq!(others(NOT_UNDERSTOOD, |command| matches!(command, ChatCommand::Unknown(_))), [""; 0]);
    assert_eq!(others(LEAVE, |command| *command == ChatCommand::StopHow), [""; 0]);
}

/// Texts from which nothing follows except that they are not understood.
const NOT_UNDERSTOOD: &[&str] = &[
    "12 monkeys",
    "am I back on 4 January?",
    "will I be back on 4 January",
    "back on Monday?",
    "I never meet Marcus",
    "we never meet Marcus",
    "I don't meet with Marcus",
    "so no meetings with Marcus",
    "no meeting with Halyna, sorry",
    "star",
    "yes, sorry",
    "ok, sorry",
    "blah blah",
    "Мені досить зручно",
    "resume writing help",
    "resume my project",
    "resume?",
    "start the meeting",
    "start over",
    "start?",
    "smart!",
    "paused",
    "cause I like it",
    "unstop it all",
    "met my wife",
    "met them all?",
    "why is the sky blue",
    "why not?",
    "status of the weather",
    "help with my homework",
    "meet again",
    "meet Ann again on Friday",
    "don't skip",
    "don't skip next week",
    "do not pause",
    "if I skip next week?",
    "when I skip, who is told?",
    "не пропускати",
    "якщо пропустити",
    "not today",
    "продовжити роботу",
    "старт проекту",
    "почати зустріч",
    "статус проекту",
    "I'm not sick",
    "are there holidays?",
    "I'm back from vacation",
    "can't open the link of the other bot",
    "не хворію",
    "не можу відкрити посилання бота",
];

/// Texts that may come from people who want to leave, or from others: they are asked.
const LEAVE: &[&str] = &[
    "stop it",
    "stop please",
    "please stop",
    "stop?",
    "stop, bot",
    "досить!",
    "Please stop sending me this",
    "I want to unsubscribe",
    "unsubscribe me",
    "unsubscrbe",
    "cancel my subscription",
    "скасувати підписку",
    "opt out",
    "remove me",
    "don't stop",
    "I don't want to meet anymore",
    "I don't want to take part",
    "припиніть це, будь ласка",
    "стоп, будь ласка",
    "відписатися",
    "відпишіть мене",
    "видаліть мене",
    "не хочу брати участь",
    "більше не хочу зустрічатися",
];

/// Texts that say that somebody is away, typed on 1 December 2026, with the days that are meant.
const AWAY: &[(&str, &str)] = &[
    ("can't make it tomorrow", "2026-12-02"),
    ("I can't come on Wednesday", "2026-12-02"),
    ("I cannot attend next week", "2026-12-07..2026-12-13"),
    ("I won't be there on 9 December", "2026-12-09"),
    ("on vacation from 7 December to 20 December", "2026-12-07..2026-12-20"),
    ("I’m on vacation until 20 December", "2026-12-01..2026-12-20"),
    ("on holiday 7-11 Dec", "2026-12-07..2026-12-11"),
    ("I'm sick", ""),
    ("Sorry, I'm sick today", "2026-12-01"),
    ("I am ill this week", "2026-11-30..2026-12-06"),
    ("away next week", "2026-12-07..2026-12-13"),
    ("I'm on leave next week", "2026-12-07..2026-12-13"),
    ("out of office until the 10th", "2026-12-01..2026-12-10"),
    ("I'm out next week", "2026-12-07..2026-12-13"),
    ("I have another meeting tomorrow", "2026-12-02"),
    ("мене немає завтра", "2026-12-02"),
    ("I'm off next week", "2026-12-07..2026-12-13"),
    ("busy tomorrow", "2026-12-02"),
    ("I'm not available tomorrow", "2026-12-02"),
    ("I want to skip next week", "2026-12-07..2026-12-13"),
    ("can I skip next week?", "2026-12-07..2026-12-13"),
    ("Kava, skip next week", "2026-12-07..2026-12-13"),
    ("Tomorrow, skip", "2026-12-02"),
    ("I need a break until 20 December", "2026-12-01..2026-12-20"),
    ("I don't want to meet next week", "2026-12-07..2026-12-13"),
    ("не зможу завтра", "2026-12-02"),
    ("завтра мене не буде", "2026-12-02"),
    ("я у відпустці до 20 грудня", "2026-12-01..2026-12-20"),
    ("відпустка до 20.12", "2026-12-01..2026-12-20"),
    ("у відпустці з 7 до 20 грудня", "2026-12-07..2026-12-20"),
    ("хворію", ""),
    ("Захворіла, цього тижня не зможу", "2026-11-30..2026-12-06"),
    ("у відрядженні наступного тижня", "2026-12-07..2026-12-13"),
    ("хочу пропустити наступний тиждень", "2026-12-07..2026-12-13"),
];

#[test]
fn whoever_says_that_they_cannot_come_is_asked_and_nothing_is_done() {
    let mut wrong = Vec::new();
    for (text, days) in AWAY {
        let ChatCommand::Away(phrase) = typed(text) else {
            wrong.push(format!("{text}: {:?}", typed(text)));
            continue;
        };
        let readings = phrase.readings(day("2026-12-01"));
        let shown = |span: &Span| {
            if span.from == span.to { span.from.to_string() } else { format!("{}..{}", span.from, span.to) }
        };
        let readings = readings.iter().map(shown).collect::<Vec<_>>().join("|");
        if readings != *days {
            wrong.push(format!("{text}: {readings}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
    for text in ["sorry, can't", "can't make it", "не зможу", "не зможу прийти", "I can't"] {
        assert_eq!(typed(text), ChatCommand::Cannot, "{text}");
    }
    for text in
        ["back on 5 January", "I'm back next week", "resume on 5 January", "resume next week", "resume from Monday"]
    {
        assert!(matches!(typed(text), ChatCommand::ResumeOn(_)), "{text}: {:?}", typed(text));
    }
}

/// Texts that say whom somebody does not want to meet, with the name.
const WISHES: &[(&str, &str)] = &[
    ("not with Ann Lee", "ann lee"),
    ("Not with Shevchenko, Andrii", "shevchenko andrii"),
    ("not with andrii.shevchenko", "andrii.shevchenko"),
    ("don't pair me with Ann Lee", "ann lee"),
    ("Please don’t pair me with Ann Lee again", "ann lee"),
    ("do not match me with Ann", "ann"),
    ("I do not want to meet Ann Lee", "ann lee"),
    ("I don't want to be paired with Ann any more", "ann"),
    ("I'd rather not meet Ann", "ann"),
    ("never with Ann Lee", "ann lee"),
    ("please stop pairing me with Ann", "ann"),
    ("no meetings with Ann", "ann"),
    ("не хочу, щоб мене зводили з Олею", "олею"),
    ("прошу більше не ставити мене з Олею", "олею"),
    ("never pair me with Ann again, please", "ann"),
    ("never meet Ann again", "ann"),
    ("please not Ann Lee again", "ann lee"),
    ("not with Ann, thanks", "ann"),
    ("I don't want to meet April", "april"),
    ("не з Олею", "олею"),
    ("не зводьте мене з Олею Коваль", "олею коваль"),
    ("Не зводьте мене більше з Олею", "олею"),
    ("більше не зводьте мене з Олею, будь ласка", "олею"),
    ("не хочу з Олею", "олею"),
    ("Я не хочу зустрічатися з Олею", "олею"),
    ("не хочу більше бачитися із Олею", "олею"),
    ("тільки не з Олею", "олею"),
    ("більше не з Олею", "олею"),
    ("не хочу бути в парі з Олею", "олею"),
];

#[test]
fn a_wish_is_understood_in_many_words() {
    for (text, name) in WISHES {
        assert_eq!(typed(text), ChatCommand::NotWith((*name).to_owned()), "{text}");
    }
}

/// Texts with words around a command, and what is left of them.
const VOCATIVES: &[(&str, &str)] = &[
    ("Roulette, skip next week", "skip next week"),
    ("@roulette status", "status"),
    ("hey roulette, status", "status"),
    ("Hi bot! Pause 2 weeks", "pause 2 weeks"),
    ("good morning, status", "status"),
    ("skip next week, bot", "skip next week"),
    ("status, roulette", "status"),
    ("skip next week, thanks", "skip next week"),
    ("ok, skip next week", "skip next week"),
    ("coffeebot, why", "why"),
    ("hey, yes", "yes"),
    ("бот, статус", "статус"),
    ("Привіт, пропустити наступного тижня", "пропустити наступного тижня"),
    ("статус, боте", "статус"),
    ("добрий день, пауза на 2 тижні", "пауза на 2 тижні"),
];

#[test]
fn the_bot_is_spoken_to_without_a_name_of_its_own() {
    let today = day("2026-12-01");
    for (text, left) in VOCATIVES {
        let direct = understand(text, "", Language::English, today);
        assert_eq!(direct, typed(left), "{text}");
    }
    assert_eq!(understand("hey roulette, stop", "", Language::English, today), ChatCommand::StopHow);
}

#[test]
fn a_question_asks_and_a_kind_word_is_none() {
    for text in ["pause?", "skip?", "skip next week?", "stop?", "not with Ann?"] {
        assert!(!typed(text).is_clear(), "{text}: {:?}", typed(text));
    }
    for text in ["Thanks, that was great", "дякую, було цікаво"] {
        assert_eq!(typed(text), ChatCommand::SmallTalk, "{text}");
    }
    assert_eq!(typed("thank you so much!"), ChatCommand::Thanks);
    assert_eq!(typed("cancel my pause"), ChatCommand::Resume);
    assert_eq!(typed("unstop"), ChatCommand::Start);
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
        ("відмініть зустріч", ChatCommand::Skip(TimePhrase::Next)),
        ("відмініть", ChatCommand::Cancel),
        ("з ким зустріч?", ChatCommand::Status),
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
        ("no, we didn't", ChatCommand::CouldNot),
        ("It didn’t work out, sorry", ChatCommand::CouldNot),
        ("We could not meet", ChatCommand::CouldNot),
        ("ми не зустрілися", ChatCommand::CouldNot),
    ];
    for (text, meant) in each {
        assert_eq!(typed(text), meant, "{text:?}");
    }
}

/// Texts that are typed in a space with others, to a bot of that name.
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
    assert!(matches!(other, ChatCommand::Away(_)), "it may be somebody else's: {other:?}");
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

/// Texts typed on 1 December 2026, with the first and the last day that are meant.
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
    ("pause from 7 December to 20 December", "2026-12-07", "2026-12-20"),
    ("pause from monday to friday", "2026-12-07", "2026-12-11"),
    ("pause from next week for 2 weeks", "2026-12-07", "2026-12-20"),
    ("пауза з понеділка на тиждень", "2026-12-07", "2026-12-13"),
    ("pause 7–11.12", "2026-12-07", "2026-12-11"),
    ("pause 7-11 Dec", "2026-12-07", "2026-12-11"),
];

#[test]
fn from_one_day_to_another_is_what_is_skipped() {
    let long = typed("pause from monday for 300 weeks");
    assert!(matches!(&long, ChatCommand::PauseHow(_, breaks) if breaks.is_empty()), "{long:?}");
    for (text, from, to) in RANGES {
        let ChatCommand::Skip(TimePhrase::Days(spans)) = typed(text) else { panic!("{text}: {:?}", typed(text)) };
        assert_eq!(spans.iter().map(|span| [span.from, span.to]).collect::<Vec<_>>(), [[day(from), day(to)]], "{text}");
    }
    for text in ["pause from 1 to 12 December", "pause from 25 November to 12 December", "пауза з 1 по 12 грудня"]
    {
        assert_eq!(typed(text), ChatCommand::Pause(day("2026-12-12")), "{text}: it has begun");
    }
    for text in ["pause from 12 to 7 December", "pause from 12", "pause from 40 to 50 December", "pause 2 to 3 weeks"] {
        assert!(matches!(typed(text), ChatCommand::PauseHow(..)), "{text}: {:?}", typed(text));
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
        ("pause from today for 2 weeks", "2026-12-14"),
        ("пауза на 2 тижні", "2026-12-15"),
        ("pause for two months", "2027-02-01"),
        ("pause this week", "2026-12-06"),
        ("pause this month", "2026-12-31"),
        ("pause until the end of the year", "2026-12-31"),
        ("пауза до кінця місяця", "2026-12-31"),
        ("пауза до кінця року", "2026-12-31"),
        ("пауза до кінця тижня", "2026-12-06"),
        ("pause until the 10th", "2026-12-10"),
        ("pause until 10th", "2026-12-10"),
        ("пауза до 10-го", "2026-12-10"),
        ("pause till the 3rd", "2026-12-03"),
        ("pause 2w", "2026-12-15"),
        ("pause 2 wks", "2026-12-15"),
        ("pause me for 2 weeks", "2026-12-15"),
        ("пауза 2 тиж", "2026-12-15"),
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
    for (text, breaks) in PAUSES_ASKED {
        let ChatCommand::PauseHow(shown, meant) = typed(text) else { panic!("{text}: {:?}", typed(text)) };
        assert_eq!(shown, *text);
        let meant = meant.iter().map(|one| match one.from {
            Some(from) => format!("{from}..{}", one.until),
            None => one.until.to_string(),
        });
        assert_eq!(meant.collect::<Vec<_>>().join("|"), *breaks, "{text}");
    }
}

/// Pauses that are unclear, with what they can mean.
const PAUSES_ASKED: &[(&str, &str)] = &[
    ("pause until", ""),
    ("pause until 11/12", "2026-12-11|2027-11-12"),
    ("pause until next week", "2026-12-06|2026-12-13"),
    ("pause until january", "2026-12-31|2027-01-31"),
    ("pause until tuesday", "2026-12-01|2026-12-08"),
    ("pause until 01/10/2027", "2027-10-01|2027-01-10"),
    ("pause 12 december", "2026-12-12"),
    ("pause from monday", "2026-12-07..2026-12-13|2026-12-07..2026-12-20|2026-12-07..2027-01-03"),
    ("pause from 10 january", "2027-01-10..2027-01-16|2027-01-10..2027-01-23|2027-01-10..2027-02-06"),
    ("пауза з понеділка", "2026-12-07..2026-12-13|2026-12-07..2026-12-20|2026-12-07..2027-01-03"),
    ("пауза до січня", "2026-12-31|2027-01-31"),
    ("pause until 2026-11-30", ""),
    ("pause until spring", ""),
    ("pause lunch", ""),
    ("pause 0 weeks", ""),
    ("pause 5000 weeks", ""),
    ("pause 9999999999999999999 weeks", ""),
    ("pause until +262142-12-31", ""),
];

#[test]
fn a_change_is_of_a_number_of_a_day_or_to_a_time() {
    let at = |text: &str| {
        let time = NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        Some(TypedTime { time, or_after_noon: false })
    };
    let eleven = Some(TypedTime { time: NaiveTime::from_hms_opt(11, 0, 0).unwrap(), or_after_noon: true });
    let days = |text: &str| time_phrase::understand(&[text], Language::English, day("2026-12-01"));
    let of = |text: &str| WhichMeeting::On(days(text));
    let either = |a: &str, b: &str| TimePhrase::Days([a, b].map(|it| Span { from: day(it), to: day(it) }).to_vec());
    let each = [
        ("change", ChatCommand::Change(1)),
        ("change the meeting", ChatCommand::Change(1)),
        ("move 2", ChatCommand::Change(2)),
        ("перенести зустріч", ChatCommand::Change(1)),
        ("change 2026-12-09", ChatCommand::ChangeOn(days("2026-12-09"))),
        ("change 9 December", ChatCommand::ChangeOn(days("2026-12-09"))),
        ("move next week's meeting", ChatCommand::ChangeOn(week_after("2026-12-07"))),
        ("перенести зустріч наступного тижня", ChatCommand::ChangeOn(week_after("2026-12-07"))),
        ("change to Friday 3pm", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("friday"), at("15:00"))),
        ("move 2 to 10 December at 11", ChatCommand::ChangeTo(WhichMeeting::Number(2), days("2026-12-10"), eleven)),
        (
            "change meeting 2 to Friday 16:00",
            ChatCommand::ChangeTo(WhichMeeting::Number(2), either("2026-12-04", "2026-12-11"), at("16:00")),
        ),
        (
            "move next week's meeting to Friday 15:00",
            ChatCommand::ChangeTo(
                WhichMeeting::On(week_after("2026-12-07")),
                either("2026-12-04", "2026-12-11"),
                at("15:00"),
            ),
        ),
        (
            "перенести зустріч наступного тижня на четвер о 16",
            ChatCommand::ChangeTo(
                WhichMeeting::On(week_after("2026-12-07")),
                either("2026-12-03", "2026-12-10"),
                at("16:00"),
            ),
        ),
        (
            "move 9 December to 10 December 15:00",
            ChatCommand::ChangeTo(of("2026-12-09"), days("2026-12-10"), at("15:00")),
        ),
        ("change the time to 16:00", ChatCommand::ChangeTo(WhichMeeting::Unnamed, TimePhrase::Nothing, at("16:00"))),
        ("зміни на 3.12 14:00", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("2026-12-03"), at("14:00"))),
        ("змінити час на 16:00", ChatCommand::ChangeTo(WhichMeeting::Unnamed, TimePhrase::Nothing, at("16:00"))),
        ("change 3 pm", ChatCommand::ChangeTo(WhichMeeting::Unnamed, TimePhrase::Nothing, at("15:00"))),
        ("перенести на п’ятницю о 15:30", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("friday"), at("15:30"))),
        ("change to 2026-12-03T10:30", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("2026-12-03"), at("10:30"))),
        ("change to 2026-12-03T10:30Z", ChatCommand::ChangeTo(WhichMeeting::Unnamed, TimePhrase::Unclear, None)),
        ("change to 3.12. 14h", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("2026-12-03"), at("14:00"))),
        ("change to 3.12. 14h30", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("2026-12-03"), at("14:30"))),
        ("change to tomorrow", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("tomorrow"), None)),
        ("change to 09.12.26", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("2026-12-09"), None)),
        ("change to 09.12.2026 11:00", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("2026-12-09"), at("11:00"))),
        ("move the meeting to Friday", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("friday"), None)),
        ("move it to Friday 3pm", ChatCommand::ChangeTo(WhichMeeting::Unnamed, days("friday"), at("15:00"))),
        ("reschedule to some other day", ChatCommand::ChangeTo(WhichMeeting::Unnamed, TimePhrase::Unclear, None)),
    ];
    for (text, meant) in each {
        assert_eq!(typed(text), meant, "{text}");
    }
}

fn week_after(monday: &str) -> TimePhrase {
    TimePhrase::Days(vec![Span { from: day(monday), to: day(monday) + Days::new(6) }])
}

#[test]
fn it_may_be_anything() {
    for text in ["cancel", "cancel it", "Cancel that!", "скасуй це"] {
        assert_eq!(typed(text), ChatCommand::Cancel, "{text}");
    }
    assert!(matches!(typed("pause it"), ChatCommand::PauseHow(_, breaks) if breaks.is_empty()));
    assert_eq!(typed("cancel my break"), ChatCommand::Resume);
    assert_eq!(typed("cancel coffee break"), typed("skip coffee break"), "a break with coffee is no pause");
}

#[test]
fn what_the_help_tells_people_to_type_is_understood_in_every_language() {
    let today = "2026-12-01".parse().unwrap();
    for (code, language) in Language::ALL {
        let [everybody, organizers] = typed_commands(language);
        for typed in everybody.iter().flat_map(|typed| typed.split(", ")) {
            let command = understand(typed.trim_end_matches(" …"), "", language, today);
            assert!(command.is_clear(), "{code}: {typed}: {command:?}");
        }
        for typed in organizers {
            let is_known = organizer::understand(typed, "", language, today).is_some()
                || matches!(understand(typed, "", language, today), ChatCommand::Announce | ChatCommand::Greet(_));
            assert!(is_known, "{code}: {typed}");
        }
    }
}
