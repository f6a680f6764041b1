//! What people type to the bot, understood: any case, small typos, English or Ukrainian.
//! Knows words; knows nobody and decides nothing.

use chrono::{Days, NaiveDate, NaiveTime};

use super::spoken_to::{is_greeting, is_mark, without_name, without_vocatives};
use super::time_phrase::{self, Span, TimePhrase};
use super::{absence, reply, wish};
use crate::domain::language::Language;
use crate::domain::message::Break;
use crate::domain::text;

/// What somebody wants who typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatCommand {
    /// What one can say.
    Help,
    /// Something that is not understood: the text.
    Unknown(String),
    /// None of what was asked.
    NeverMind,
    /// To cancel something; what, is not said.
    Cancel,
    /// A word of thanks.
    Thanks,
    /// Thanks among other words, to which there is nothing to say.
    SmallTalk,
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
    /// To pause, but it is not clear until when: the text, and what it can mean.
    PauseHow(String, Vec<Break>),
    /// They cannot come in those days: nothing is done before they say which round is meant.
    Away(TimePhrase),
    /// To take part again.
    Resume,
    /// To take part again from those days on.
    ResumeOn(TimePhrase),
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
    /// That they cannot: no to what was suggested, or to the next meeting.
    Cannot,
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
const STOPS: [&str; 30] = [
    "stop",
    "stopp",
    "unsubscribe",
    "unsubscribed",
    "unenroll",
    "unenrol",
    "subscription",
    "quit",
    "leave",
    "remove",
    "opt",
    "opt-out",
    "стоп",
    "вийти",
    "виходжу",
    "припиніть",
    "припини",
    "зупиніть",
    "зупини",
    "відпишіть",
    "відпиши",
    "відписатися",
    "відписатись",
    "відписка",
    "видаліть",
    "приберіть",
    "годі",
    "підписку",
    "підписки",
    "підписка",
];

/// What one is on who is away for a while, and who does not leave.
const LEAVES: [&str; 8] = ["on", "annual", "parental", "maternity", "paternity", "sick", "study", "unpaid"];

/// The same in several words.
const LEAVING: [&str; 9] = [
    "don't want to take part",
    "do not want to take part",
    "don't want to participate",
    "do not want to participate",
    "don't write to me",
    "не хочу брати участь",
    "не хочу брати участі",
    "не хочу зустрічатися",
    "не пишіть мені",
];

/// Words that are near a command's, and mean something else.
const NO_SLIPS: [&str; 20] = [
    "cause", "paused", "pauses", "smart", "stare", "stark", "stars", "starts", "state", "statue", "skips", "skipped",
    "resumes", "resumed", "presume", "cancels", "moved", "changes", "changed", "lists",
];

/// What is stopped by whoever does not want to pause any more.
const PAUSES: [&str; 5] = ["pause", "pausing", "break", "паузу", "перерву"];

/// That somebody wants none of what was asked, in the very words.
const NEVER_MIND: [&str; 20] = [
    "never mind",
    "nevermind",
    "nothing",
    "none",
    "none of them",
    "none of these",
    "neither",
    "forget it",
    "forget about it",
    "leave it",
    "leave it as it is",
    "нічого",
    "нічого не треба",
    "не треба",
    "не важливо",
    "неважливо",
    "забудь",
    "забудьте",
    "жодного",
    "залиш як є",
];

/// What this is, as people ask it.
const HOW: [&str; 10] = [
    "how does this work",
    "how does it work",
    "what is this",
    "what's this",
    "what can you do",
    "who are you",
    "як це працює",
    "що це",
    "що ти вмієш",
    "хто ти",
];

/// Whom and when somebody meets, as they ask it.
const MEETING_QUESTIONS: [&str; 28] = [
    "who am i meeting",
    "who do i meet",
    "whom do i meet",
    "who is my partner",
    "who's my partner",
    "who am i meeting next",
    "who am i meeting this week",
    "when is my meeting",
    "when's my meeting",
    "when is my next meeting",
    "when's my next meeting",
    "when is the meeting",
    "when is the next meeting",
    "when do i meet",
    "when do we meet",
    "what's the link",
    "what is the link",
    "where is the link",
    "where's the link",
    "what's the status of my meeting",
    "what is the status of my meeting",
    "з ким я зустрічаюся",
    "з ким я зустрічаюсь",
    "з ким у мене зустріч",
    "коли зустріч",
    "коли моя зустріч",
    "коли наступна зустріч",
    "яке посилання",
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
    let typed = text::typed(text);
    let typed = without_name(&typed, &text::typed(name));
    let said = Said::new(typed, language);
    let command = said.command(today);
    if command.is_clear() {
        return command;
    }
    for rest in without_vocatives(typed) {
        let command = Said::new(rest, language).command(today);
        match command {
            // Whoever says anything around it is asked.
            ChatCommand::Stop => return ChatCommand::StopHow,
            _ if command.is_clear() => return command,
            _ => {}
        }
    }
    match command {
        ChatCommand::Unknown(text) => said.in_other_words(today).unwrap_or(ChatCommand::Unknown(text)),
        command => command,
    }
}

impl ChatCommand {
    /// Whether it is known what is wanted: not, where that has to be asked.
    pub(super) fn is_clear(&self) -> bool {
        !matches!(
            self,
            Self::Unknown(_)
                | Self::StopHow
                | Self::PauseHow(..)
                | Self::Skip(TimePhrase::Unclear)
                | Self::Unskip(TimePhrase::Unclear)
                | Self::ChangeOn(TimePhrase::Unclear)
                | Self::ChangeTo(_, TimePhrase::Unclear, _)
        )
    }

    /// The same, asked rather than told: “pause?” does not pause.
    fn asked(self, text: &str) -> Self {
        match self {
            Self::Skip(_) => Self::Skip(TimePhrase::Unclear),
            Self::Unskip(_) => Self::Unskip(TimePhrase::Unclear),
            Self::Pause(until) => Self::PauseHow(text.to_owned(), vec![Break { from: None, until }]),
            Self::Stop => Self::StopHow,
            Self::Start | Self::Resume | Self::ResumeOn(_) | Self::NotWith(_) | Self::MeetAgain(_) => {
                Self::Unknown(text.to_owned())
            }
            command => command,
        }
    }
}

/// A text, taken apart.
struct Said {
    /// As it is shown.
    shown: String,
    /// In lower case.
    text: String,
    /// Without marks around them, and without those that are only polite.
    words: Vec<String>,
    /// Whether there is no other word at all.
    alone: bool,
    language: Language,
}

impl Said {
    fn new(text: &str, language: Language) -> Self {
        let shown = text.trim_matches(is_mark).to_owned();
        let text = text.to_lowercase().replace(['’', 'ʼ', '‘', '`', '´'], "'");
        let all = text.split_whitespace().map(|word| word.trim_matches(is_mark)).filter(|word| !word.is_empty());
        let words: Vec<String> = all.clone().filter(|word| !POLITE.contains(word)).map(str::to_owned).collect();
        let alone = all.count() == 1;
        let language = time_phrase::language_of(&text, language);
        Self { shown, text, words, alone, language }
    }

    fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }

    /// What is wanted, if it is said as a command or an answer.
    fn command(&self, today: NaiveDate) -> ChatCommand {
        let words = self.words();
        if let Some(answer) = reply::understand(&self.text) {
            return if answer == ChatCommand::No && absence::is_cannot(&words) { ChatCommand::Cannot } else { answer };
        }
        if words.is_empty() || is_greeting(&words) {
            return ChatCommand::Help;
        }
        let command = self.told(&words, today);
        if self.text.contains('?') { command.asked(&self.shown) } else { command }
    }

    fn told(&self, words: &[&str], today: NaiveDate) -> ChatCommand {
        let unknown = || ChatCommand::Unknown(self.shown.clone());
        let (language, rest) = (self.language, &words[1..]);
        let first = words[0].trim_start_matches('/');
        if let Ok(number) = first.parse() {
            return if rest.is_empty() { ChatCommand::Change(number) } else { unknown() };
        }
        let typed = |meant: &[&str]| meant.iter().any(|meant| is_near(first, meant));
        let only = |known: &[&str]| rest.iter().all(|word| known.contains(word) || time_phrase::is_filler(word));
        if let Some(wish) = wish::understand(words, language, today) {
            return wish;
        }
        match (first, rest) {
            ("meet" | "with", [name @ .., "again"]) if !name.is_empty() => {
                let name = if name[0] == "with" && name.len() > 1 { &name[1..] } else { name };
                return ChatCommand::MeetAgain(name.join(" "));
            }
            ("знову" | "знов", ["з" | "із" | "зі", name @ ..]) if !name.is_empty() => {
                return ChatCommand::MeetAgain(name.join(" "));
            }
            // What is cancelled may be no meeting.
            ("cancel" | "end" | "скасувати" | "скасуй" | "скасуйте", rest)
                if matches!(rest, [.., "pause" | "break" | "паузу" | "перерву"]) && rest.len() <= 2 =>
            {
                return ChatCommand::Resume;
            }
            ("opt", ["out"]) => return ChatCommand::StopHow,
            ("cancel" | "скасувати" | "скасуй" | "скасуйте" | "відмінити" | "відміна", []) =>
            {
                return ChatCommand::Cancel;
            }
            ("stop" | "remove" | "lift" | "зніміть" | "зняти" | "зніми", rest)
                if rest.len() <= 2 && rest.last().is_some_and(|word| PAUSES.contains(word)) =>
            {
                return ChatCommand::Resume;
            }
            _ if NEVER_MIND.contains(&&*words.join(" ")) => return ChatCommand::NeverMind,
            _ => {}
        }
        let leaves = |at: &usize| {
            STOPS.contains(&words[*at])
                && !(words[*at] == "leave" && *at > 0 && LEAVES.contains(&words[*at - 1]))
                && !(words[*at] == "leave" && words.iter().skip(at + 1).take(2).any(|word| *word == "out"))
                && !(words[*at] == "opt" && words.get(at + 1) != Some(&"out"))
        };
        let leaves = (0..words.len()).any(|at| leaves(&at)) || words[..] == ["досить"];
        let leaves = leaves || LEAVING.iter().any(|said| words.join(" ").contains(said));
        if typed(&["change", "move", "reschedule", "перенести", "перенеси", "перенесіть", "змінити"])
        {
            return change(rest, language, today);
        }
        if typed(&["pause", "пауза", "паузу"]) {
            return pause(rest, &self.shown, language, today);
        }
        if typed(&["unskip", "повернути"]) {
            return ChatCommand::Unskip(time_phrase::understand(rest, language, today));
        }
        if typed(&[
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
        ]) && !(leaves && first != "skip")
        {
            return ChatCommand::Skip(skipped(rest, language, today));
        }
        if first == "greet" && matches!(rest, [] | ["nobody"]) || words == ["нікого", "не", "вітати"] {
            ChatCommand::Greet(rest.is_empty())
        } else if rest.is_empty() && typed(&["привітати"]) {
            ChatCommand::Greet(true)
        } else if HOW.contains(&&*words.join(" ")) {
            ChatCommand::Help
        } else if typed(&["status", "статус"]) && only(&OWN) || is_about_meetings(words) {
            ChatCommand::Status
        } else if BACK.contains(&&*words.join(" ")) {
            ChatCommand::Resume
        } else if typed(&["resume", "unpause", "продовжити", "відновити"]) {
            match time_phrase::understand(rest, language, today) {
                _ if only(&OWN) => ChatCommand::Resume,
                phrase @ TimePhrase::Days(_) => ChatCommand::ResumeOn(phrase),
                _ => unknown(),
            }
        } else if self.alone && ["stop", "unsubscribe", "стоп", "вийти"].contains(&first) {
            ChatCommand::Stop
        } else if matches!(rest, [] | ["again" | "знову"])
            && typed(&["start", "unstop", "subscribe", "старт", "почати"])
        {
            ChatCommand::Start
        } else if rest.is_empty() && typed(&["announce", "оголосити"]) {
            ChatCommand::Announce
        } else if (first == "why" || first == "чому") && (rest.len() <= 1 && rest != ["not"] || only(&WHOM)) {
            ChatCommand::Why
        } else if typed(&["help", "допомога", "допоможіть", "довідка"]) && only(&OWN) {
            ChatCommand::Help
        } else if leaves || typed(&["unsubscribe"]) {
            ChatCommand::StopHow
        } else {
            unknown()
        }
    }

    /// What is not said as a command: that one cannot come, or a kind word.
    fn in_other_words(&self, today: NaiveDate) -> Option<ChatCommand> {
        let words = self.words();
        if let Some(phrase) = absence::back(&words, self.language, today) {
            return Some(ChatCommand::ResumeOn(phrase));
        }
        let is_question = self.text.contains('?');
        if let Some(phrase) = absence::understand(&words, is_question, self.language, today) {
            return Some(ChatCommand::Away(phrase));
        }
        (!is_question && reply::is_small_talk(&words)).then_some(ChatCommand::SmallTalk)
    }
}

/// Words after a command that is about oneself, and now.
const OWN: [&str; 22] = [
    "now",
    "today",
    "again",
    "me",
    "my",
    "i",
    "myself",
    "participation",
    "taking",
    "part",
    "out",
    "now",
    "there",
    "commands",
    "зараз",
    "знову",
    "вже",
    "мій",
    "моя",
    "мені",
    "участь",
    "мою",
];

/// Of whom one asks why.
const WHOM: [&str; 30] = [
    "him",
    "her",
    "them",
    "me",
    "us",
    "this",
    "these",
    "that",
    "those",
    "they",
    "person",
    "people",
    "partner",
    "colleague",
    "pair",
    "do",
    "did",
    "am",
    "i",
    "get",
    "meet",
    "meeting",
    "with",
    "саме",
    "він",
    "вона",
    "вони",
    "ця",
    "ці",
    "люди",
];

/// The days of a skip. What goes on until a day begins today; whether the round of that day is meant too is asked. What
/// begins on a day and has no end is not clear.
fn skipped(rest: &[&str], language: Language, today: NaiveDate) -> TimePhrase {
    match (time_phrase::understand(rest, language, today), rest) {
        (phrase, [until, rest @ ..]) if absence::is_until(until) => {
            let TimePhrase::Days(days) = time_phrase::understand(rest, language, today) else {
                return if rest.is_empty() { TimePhrase::Unclear } else { phrase };
            };
            let [day] = days[..] else { return TimePhrase::Unclear };
            if day.from != day.to {
                return TimePhrase::Unclear;
            }
            let before = day.to.pred_opt().filter(|before| *before >= today);
            let ends = before.into_iter().chain([day.to]);
            TimePhrase::Days(ends.map(|to| Span { from: today, to }).collect())
        }
        (TimePhrase::Days(_), [from, ..]) if is_from(from) && !time_phrase::is_range(rest, language, today) => {
            TimePhrase::Unclear
        }
        (phrase, _) => phrase,
    }
}

/// Whether the word says when something begins.
fn is_from(word: &str) -> bool {
    ["from", "since", "starting", "від", "з", "із", "зі", "починаючи"].contains(&word)
}

/// Whether all that is said is that somebody asks for their meetings.
fn is_about_meetings(words: &[&str]) -> bool {
    if MEETING_QUESTIONS.contains(&&*words.join(" ")) {
        return true;
    }
    match words {
        [word]
        | ["my" | "show" | "list" | "next" | "мої" | "моя" | "наступна", word]
        | ["show" | "list", "my", word] => {
            ["list", "meeting", "meetings", "список", "зустріч", "зустрічі"].contains(word)
        }
        _ => false,
    }
}

/// The beginnings of lengths of time.
const LENGTHS: [&str; 8] = ["min", "hour", "hrs", "day", "week", "хв", "год", "дні"];

/// Which meeting somebody wants to move, or to when.
fn change(rest: &[&str], language: Language, today: NaiveDate) -> ChatCommand {
    // “9 December” is a day.
    let is_day = rest.get(1).is_some_and(|word| time_phrase::is_month(word));
    // “30 minutes later” is no meeting's number.
    let is_length = rest.get(1).is_some_and(|word| LENGTHS.iter().any(|start| word.starts_with(start)));
    if is_length && rest[0].parse::<u64>().is_ok() {
        return ChatCommand::ChangeTo(1, TimePhrase::Unclear, None);
    }
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

/// How long a pause is, or what is asked where that is not clear. What begins later than today leaves out the rounds of
/// those days.
fn pause(rest: &[&str], text: &str, language: Language, today: NaiveDate) -> ChatCommand {
    let how = |breaks: Vec<Break>| ChatCommand::PauseHow(text.to_owned(), breaks);
    let in_weeks = |from: NaiveDate, weeks: u64| from.checked_add_days(Days::new(7 * weeks));
    let is_short = |until: &NaiveDate| in_weeks(today, MOST_WEEKS).is_some_and(|latest| *until <= latest);
    let ended = |ends: Vec<NaiveDate>| {
        let ends = ends.into_iter().filter(is_short);
        how(ends.map(|until| Break { from: None, until }).collect())
    };
    // “Me” and “my meetings” are what is paused.
    let named =
        rest.iter().take_while(|word| ["me", "my", "meetings", "мене", "мої", "зустрічі"].contains(word)).count();
    let rest = &rest[named..];
    if matches!(rest, ["weeks" | "days" | "months" | "тижні" | "тижнів" | "днів" | "місяців"]) {
        return how(Vec::new());
    }
    if let Some((until, rest)) = rest.split_first()
        && (absence::is_until(until) || *until == "to")
    {
        let ends = time_phrase::ends(rest, language, today);
        let is_day = matches!(time_phrase::understand(rest, language, today), TimePhrase::Days(spans)
            if spans.iter().all(|span| span.from == span.to));
        return match ends[..] {
            [until] if is_day && is_short(&until) => ChatCommand::Pause(until),
            _ => ended(ends),
        };
    }
    let phrase = time_phrase::understand(rest, language, today);
    if let Some((from, day)) = rest.split_first()
        && is_from(from)
        && !time_phrase::is_range(rest, language, today)
        && let TimePhrase::Days(days) = time_phrase::understand(day, language, today)
    {
        // It begins, and has no end yet.
        let of = |from: NaiveDate, weeks: u64| {
            let until = in_weeks(from, weeks)?.pred_opt()?;
            Some(Break { from: Some(from).filter(|from| *from > today), until })
        };
        let breaks = days.iter().flat_map(|day| [1, 2, 4].map(|weeks| of(day.from, weeks))).flatten();
        return how(breaks.filter(|one| is_short(&one.until)).collect());
    }
    // A day alone is no end: whoever pauses on it leaves out its round.
    if let Some(day) = phrase.one_day() {
        let on = rest.first().is_some_and(|word| ["on", "в", "у"].contains(word));
        let is_near = today.checked_add_days(Days::new(1)).is_some_and(|tomorrow| day <= tomorrow);
        return if on || is_near { ChatCommand::Skip(phrase) } else { ended(vec![day]) };
    }
    let last = match &phrase {
        TimePhrase::Nothing => in_weeks(today, WEEKS),
        TimePhrase::Long(days) => today.checked_add_days(Days::new(*days)),
        TimePhrase::Days(readings) => match readings[..] {
            [span] if span.from <= today => Some(span.to),
            [_] => return ChatCommand::Skip(phrase),
            _ => return ended(readings.iter().map(|span| span.to).collect()),
        },
        TimePhrase::Next => return ChatCommand::Skip(phrase),
        TimePhrase::Unclear => None,
    };
    last.filter(is_short).map_or_else(|| how(Vec::new()), ChatCommand::Pause)
}

/// The same word, or one typo away where it is long enough to be sure.
fn is_near(word: &str, meant: &str) -> bool {
    let is_slip = || meant.chars().count() >= 5 && !NO_SLIPS.contains(&word) && strsim::osa_distance(word, meant) <= 1;
    word == meant || is_slip()
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

    /// Nothing follows from these but that they are not understood.
    const NOT_UNDERSTOOD: &[&str] = &[
        "12 monkeys",
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

    /// These may be of people who want to leave, or of others: they are asked.
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

    /// What is said to be away, on 1 December 2026, with the days of it.
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
        for text in ["back on 5 January", "I'm back next week", "resume on 5 January", "resume next week"] {
            assert!(matches!(typed(text), ChatCommand::ResumeOn(_)), "{text}: {:?}", typed(text));
        }
    }

    /// Who is not to be met.
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

    /// What is said around a command, with what is left of it.
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
        ("pause from 7 December to 20 December", "2026-12-07", "2026-12-20"),
        ("pause from monday to friday", "2026-12-07", "2026-12-11"),
        ("pause 7–11.12", "2026-12-07", "2026-12-11"),
        ("pause 7-11 Dec", "2026-12-07", "2026-12-11"),
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

    /// Pauses that are asked about, with what they can mean.
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
        TimePhrase::Days(vec![Span { from: day(monday), to: day(monday) + Days::new(6) }])
    }
}
