//! What people type to the bot, understood: in any case, with small typos, in English or Ukrainian. Knows words; knows
//! nobody and decides nothing.

pub mod organizer;
#[cfg(test)]
mod tests;
mod words;

use chrono::{Days, NaiveDate};

use self::organizer::OrganizerCommand;
use self::words::{
    APOLOGIES, BACK, CANCEL, HOW, LEAVES, LEAVING, LENGTHS, MEETING_QUESTIONS, MOVE, NEVER_MIND, NO_SLIPS, OWN, PAUSES,
    POLITE, SKIP, STOPS, WHOM,
};
use super::spoken_to::{is_greeting, is_mark, without_name, without_vocatives};
use super::time_phrase::{self, Span, TimePhrase, TypedTime};
use super::{absence, reply, wish};
use crate::domain::language::Language;
use crate::domain::message::Break;
use crate::domain::text;

/// What somebody who typed wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatCommand {
    /// Asks what they can say.
    Help,
    /// Something that is not understood, with the text.
    Unknown(String),
    /// Nothing of what the bot offered.
    NeverMind,
    /// To cancel something, without saying what.
    Cancel,
    /// To say thanks.
    Thanks,
    /// Thanks among other words that need no answer.
    SmallTalk,
    /// To suggest a new time for the meeting with that number, from 1.
    Change(usize),
    /// To suggest a new time for the meeting on those days.
    ChangeOn(TimePhrase),
    /// To suggest that day and time for a meeting.
    ChangeTo(WhichMeeting, TimePhrase, Option<TypedTime>),
    /// To know how they take part.
    Status,
    /// Not to meet on those days.
    Skip(TimePhrase),
    /// To meet on those days after all.
    Unskip(TimePhrase),
    /// To pause up to and including that day.
    Pause(NaiveDate),
    /// To pause, but it is unclear until when: the text, and what it can mean.
    PauseHow(String, Vec<Break>),
    /// They cannot come on those days: nothing is done until they say which round is meant.
    Away(TimePhrase),
    /// To take part again.
    Resume,
    /// To take part again from those days on.
    ResumeOn(TimePhrase),
    /// To leave for good.
    Stop,
    /// Perhaps to leave: there are other words around it.
    StopHow,
    /// To come back.
    Start,
    /// Not to be paired with whoever has that name.
    NotWith(String),
    /// To be paired again with whoever has that name.
    MeetAgain(String),
    /// To know why they meet whom they meet.
    Why,
    /// Yes to the last question.
    Yes,
    /// Yes to a suggestion.
    Agreed,
    /// No to the last question.
    No,
    /// They cannot: no to a suggestion, or to the next meeting.
    Cannot,
    /// To say that they met.
    Met,
    /// They will still meet.
    NotYet,
    /// They could not meet.
    CouldNot,
    /// To write to everybody; only the organizer may.
    Announce,
    /// To have newcomers greeted or not; only the organizer decides.
    Greet(bool),
    /// Something that only an organizer is understood to want.
    Organize(OrganizerCommand),
}

/// The length of a pause without a date, in weeks.
const WEEKS: u64 = 2;
/// The longest pause, in weeks.
const MOST_WEEKS: u64 = 104;

/// Understands `text`, written on `today` in the writer's zone. `name` is the bot's own, by which it is addressed in a
/// space with others: the whole name or its first word, at either end, with or without an @. Both languages are
/// understood; the writer's language decides how a date is read.
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
            // Whoever says anything around it is asked first.
            ChatCommand::Stop => return ChatCommand::StopHow,
            // “Yes, sorry” is not an answer.
            ChatCommand::Yes | ChatCommand::Agreed if said.words.iter().any(|word| APOLOGIES.contains(&&**word)) => {}
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
    /// Whether it is clear what is wanted, so that nothing has to be asked.
    pub(super) fn is_clear(&self) -> bool {
        !matches!(
            self,
            Self::Unknown(_)
                | Self::Organize(OrganizerCommand::Pause { until: None, .. })
                | Self::StopHow
                | Self::PauseHow(..)
                | Self::Skip(TimePhrase::Unclear)
                | Self::Unskip(TimePhrase::Unclear)
                | Self::ChangeOn(TimePhrase::Unclear)
                | Self::ChangeTo(_, TimePhrase::Unclear, _)
        )
    }

    /// The same as a question: “pause?” does not pause.
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

/// A typed text, taken apart.
struct Said {
    /// The text as it is shown.
    shown: String,
    /// The text in lower case.
    text: String,
    /// The words without surrounding marks, and without those that are only polite.
    words: Vec<String>,
    /// Whether there are no other words at all.
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

    /// What the words tell the bot to do.
    fn told(&self, words: &[&str], today: NaiveDate) -> ChatCommand {
        let (language, rest) = (self.language, &words[1..]);
        let first = words[0].trim_start_matches('/');
        if let Ok(number) = first.parse() {
            return if rest.is_empty() { ChatCommand::Change(number) } else { self.unknown() };
        }
        if let Some(command) = wish::understand(words, language, today).or_else(|| whole_phrase(first, words)) {
            return command;
        }
        let typed = |meant: &[&str]| meant.iter().any(|meant| is_near(first, meant));
        let leaves = wants_to_leave(words);
        if typed(&MOVE) {
            change(rest, language, today)
        } else if typed(&["pause", "пауза", "паузу"]) {
            pause(rest, &self.shown, language, today)
        } else if typed(&["unskip", "повернути"]) {
            ChatCommand::Unskip(time_phrase::understand(rest, language, today))
        } else if (typed(&SKIP) || typed(&CANCEL)) && (first == "skip" || !leaves) {
            ChatCommand::Skip(skipped(rest, language, today))
        } else if let Some(command) = self.about_taking_part(first, words, today) {
            command
        } else if leaves || typed(&["unsubscribe"]) {
            ChatCommand::StopHow
        } else {
            self.unknown()
        }
    }

    fn unknown(&self) -> ChatCommand {
        ChatCommand::Unknown(self.shown.clone())
    }

    /// What is said about the whole of taking part: to know of it, to come back, to stop; not about one meeting.
    fn about_taking_part(&self, first: &str, words: &[&str], today: NaiveDate) -> Option<ChatCommand> {
        let rest = &words[1..];
        let typed = |meant: &[&str]| meant.iter().any(|meant| is_near(first, meant));
        let only = |known: &[&str]| rest.iter().all(|word| known.contains(word) || time_phrase::is_filler(word));
        let whole = &*words.join(" ");
        if first == "greet" && matches!(rest, [] | ["nobody"]) || words == ["нікого", "не", "вітати"] {
            Some(ChatCommand::Greet(rest.is_empty()))
        } else if rest.is_empty() && typed(&["привітати"]) {
            Some(ChatCommand::Greet(true))
        } else if HOW.contains(&whole) {
            Some(ChatCommand::Help)
        } else if typed(&["status", "статус"]) && only(&OWN) || is_about_meetings(words) {
            Some(ChatCommand::Status)
        } else if BACK.contains(&whole) {
            Some(ChatCommand::Resume)
        } else if typed(&["resume", "unpause", "продовжити", "відновити"]) {
            let from = usize::from(rest.first().is_some_and(|word| is_from(word)));
            Some(match time_phrase::understand(&rest[from..], self.language, today) {
                _ if only(&OWN) => ChatCommand::Resume,
                phrase @ TimePhrase::Days(_) => ChatCommand::ResumeOn(phrase),
                _ => self.unknown(),
            })
        } else if self.alone && ["stop", "unsubscribe", "стоп", "вийти"].contains(&first) {
            Some(ChatCommand::Stop)
        } else if matches!(rest, [] | ["again" | "знову"])
            && typed(&["start", "unstop", "subscribe", "старт", "почати"])
        {
            Some(ChatCommand::Start)
        } else if rest.is_empty() && typed(&["announce", "оголосити"]) {
            Some(ChatCommand::Announce)
        } else if (first == "why" || first == "чому") && (rest.len() <= 1 && rest != ["not"] || only(&WHOM)) {
            Some(ChatCommand::Why)
        } else {
            (typed(&["help", "допомога", "допоможіть", "довідка"]) && only(&OWN)).then_some(ChatCommand::Help)
        }
    }

    /// What is not said as a command: that somebody cannot come, or a kind word.
    fn in_other_words(&self, today: NaiveDate) -> Option<ChatCommand> {
        let words = self.words();
        let is_question = self.text.contains('?');
        if let Some(phrase) = absence::back(&words, self.language, today).filter(|_| !is_question) {
            return Some(ChatCommand::ResumeOn(phrase));
        }
        if let Some(phrase) = absence::understand(&words, is_question, self.language, today) {
            return Some(ChatCommand::Away(phrase));
        }
        (!is_question && reply::is_small_talk(&words)).then_some(ChatCommand::SmallTalk)
    }
}

/// What is understood only as a whole: a name around which there is more, or words that are taken for no other command.
fn whole_phrase(first: &str, words: &[&str]) -> Option<ChatCommand> {
    match (first, &words[1..]) {
        ("meet" | "with", [name @ .., "again"]) if !name.is_empty() => {
            let name = if name[0] == "with" && name.len() > 1 { &name[1..] } else { name };
            Some(ChatCommand::MeetAgain(name.join(" ")))
        }
        ("знову" | "знов", ["з" | "із" | "зі", name @ ..]) if !name.is_empty() => {
            Some(ChatCommand::MeetAgain(name.join(" ")))
        }
        // What is cancelled need not be a meeting.
        (
            "cancel" | "end" | "скасувати" | "скасуй" | "скасуйте",
            ["pause" | "break" | "паузу" | "перерву"]
            | ["my" | "the" | "this" | "мою" | "цю", "pause" | "break" | "паузу" | "перерву"],
        ) => Some(ChatCommand::Resume),
        ("stop" | "remove" | "lift" | "зніміть" | "зняти" | "зніми", rest)
            if rest.len() <= 2 && rest.last().is_some_and(|word| PAUSES.contains(word)) =>
        {
            Some(ChatCommand::Resume)
        }
        ("opt", ["out"]) => Some(ChatCommand::StopHow),
        (cancel, [] | ["it" | "this" | "that" | "це"]) if CANCEL.contains(&cancel) => Some(ChatCommand::Cancel),
        _ => NEVER_MIND.contains(&&*words.join(" ")).then_some(ChatCommand::NeverMind),
    }
}

/// Whether somebody says that they leave the programme, among whatever other words.
fn wants_to_leave(words: &[&str]) -> bool {
    let leaves = |at: &usize| match words[*at] {
        "leave" => {
            let is_noun = *at > 0 && LEAVES.contains(&words[*at - 1]);
            !is_noun && words.iter().skip(at + 1).take(2).all(|word| *word != "out")
        }
        "opt" => words.get(at + 1) == Some(&"out"),
        word => STOPS.contains(&word),
    };
    let whole = words.join(" ");
    (0..words.len()).any(|at| leaves(&at)) || whole == "досить" || LEAVING.iter().any(|said| whole.contains(said))
}

/// The days of a skip. What lasts until a day begins today; whether that day's round is included is asked. What begins
/// on a day and has no end is unclear.
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

/// Whether somebody only asks about their meetings.
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

/// The meeting that somebody wants to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhichMeeting {
    /// They do not say.
    Unnamed,
    /// The one with that number.
    Number(usize),
    /// The one on those days.
    On(TimePhrase),
}

/// Which meeting somebody wants to move, or to when.
fn change(rest: &[&str], language: Language, today: NaiveDate) -> ChatCommand {
    // “9 December” is a day.
    let is_day = rest.get(1).is_some_and(|word| time_phrase::is_month(word));
    // “30 minutes later” is not a meeting's number.
    let is_length = rest.get(1).is_some_and(|word| LENGTHS.iter().any(|start| word.starts_with(start)));
    if is_length && rest[0].parse::<u64>().is_ok() {
        return ChatCommand::ChangeTo(WhichMeeting::Unnamed, TimePhrase::Unclear, None);
    }
    let number = rest.first().filter(|_| !is_day && !time_phrase::follows_an_hour(&rest[1..]));
    let number: Option<usize> = number.and_then(|word| word.parse().ok());
    let rest = &rest[usize::from(number.is_some())..];
    let (time, day) = time_phrase::without_time(rest);
    let is_to = |word: &&str| ["to", "на", "for", "until"].contains(word);
    // “The meeting” in front of it means nothing.
    let named = day.iter().take_while(|word| !is_to(word) && time_phrase::is_filler(word)).count();
    let (which, named) = match day.iter().position(is_to).filter(|to| *to > named && number.is_none()) {
        // “The meeting of next week to Friday”, “meeting 2 to Friday”.
        Some(to) => (source(&day[named..to], language, today), to),
        None => (number.map_or(WhichMeeting::Unnamed, WhichMeeting::Number), named),
    };
    let day = if day.get(named).is_some_and(is_to) { &day[named..] } else { &day[..] };
    let to = day.first().is_some_and(is_to);
    let day = &day[usize::from(to)..];
    let phrase = match time_phrase::understand(day, language, today) {
        // “Friday” may be in the week of the meeting that they name.
        TimePhrase::Days(days) if time_phrase::is_weekday_alone(day) && which != WhichMeeting::Unnamed => {
            let later = days.last().and_then(Span::in_a_week);
            TimePhrase::Days(days.into_iter().chain(later).collect())
        }
        phrase => phrase,
    };
    match (which, time, phrase) {
        (WhichMeeting::Number(number), None, TimePhrase::Nothing | TimePhrase::Next) => ChatCommand::Change(number),
        (WhichMeeting::Unnamed, None, TimePhrase::Nothing | TimePhrase::Next) => ChatCommand::Change(1),
        (WhichMeeting::Unnamed, None, phrase) if !to => ChatCommand::ChangeOn(phrase),
        (which, time, phrase) => ChatCommand::ChangeTo(which, phrase, time),
    }
}

/// The meeting that is named in front of the time to which it is to move.
fn source(words: &[&str], language: Language, today: NaiveDate) -> WhichMeeting {
    match words {
        [number] if number.parse::<usize>().is_ok() => WhichMeeting::Number(number.parse().unwrap_or(1)),
        ["time" | "час" | "it" | "її"] => WhichMeeting::Unnamed,
        words => match time_phrase::understand(words, language, today) {
            TimePhrase::Nothing | TimePhrase::Next => WhichMeeting::Unnamed,
            phrase => WhichMeeting::On(phrase),
        },
    }
}

/// How long a pause is, or what to ask if that is unclear. A pause that begins later than today leaves out the rounds
/// on those days.
fn pause(rest: &[&str], text: &str, language: Language, today: NaiveDate) -> ChatCommand {
    let how = |breaks: Vec<Break>| ChatCommand::PauseHow(text.to_owned(), breaks);
    let in_weeks = |from: NaiveDate, weeks: u64| from.checked_add_days(Days::new(7 * weeks));
    let is_short = |until: &NaiveDate| in_weeks(today, MOST_WEEKS).is_some_and(|latest| *until <= latest);
    let ended = |ends: Vec<NaiveDate>| {
        let ends = ends.into_iter().filter(is_short);
        how(ends.map(|until| Break { from: None, until }).collect())
    };
    // “Me” and “my meetings” say what is paused.
    let named =
        rest.iter().take_while(|word| ["me", "my", "meetings", "мене", "мої", "зустрічі"].contains(word)).count();
    let rest = &rest[named..];
    if matches!(
        rest,
        ["it" | "this" | "that" | "це"] | ["weeks" | "days" | "months" | "тижні" | "тижнів" | "днів" | "місяців"]
    ) {
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
    if let Some(span) = for_so_long(rest, language, today) {
        return match (is_short(&span.to), span.from <= today) {
            (false, _) => how(Vec::new()),
            (true, true) => ChatCommand::Pause(span.to),
            (true, false) => ChatCommand::Skip(TimePhrase::Days(vec![span])),
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
    // A day alone is not an end: whoever pauses on it leaves out its round.
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

/// “From Monday for two weeks”: the days from the first one on.
fn for_so_long(words: &[&str], language: Language, today: NaiveDate) -> Option<Span> {
    let (_, words) = words.split_first().filter(|(word, _)| is_from(word))?;
    let at = words.iter().position(|word| ["for", "на"].contains(word))?;
    let readings = |words| time_phrase::understand(words, language, today);
    let (TimePhrase::Days(first), TimePhrase::Long(days)) = (readings(&words[..at]), readings(&words[at..])) else {
        return None;
    };
    let [Span { from, .. }] = first[..] else { return None };
    Some(Span { from, to: from.checked_add_days(Days::new(days - 1))? })
}

/// The same word, or one typo away if it is long enough to be sure.
fn is_near(word: &str, meant: &str) -> bool {
    let is_other = || NO_SLIPS.contains(&word) || is_other_form(word, meant);
    let is_slip = || meant.chars().count() >= 5 && !is_other() && strsim::osa_distance(word, meant) <= 1;
    word == meant || is_slip()
}

/// Whether a word is another form of a command, such as its past: who says that they cancelled does not ask for it.
fn is_other_form(word: &str, meant: &str) -> bool {
    let ends = |end: &&str| word.ends_with(*end) && !meant.ends_with(*end);
    let is_past = ["ли", "ла", "ло", "ив", "ав", "ів"].iter().any(ends);
    is_past || word.strip_prefix(meant).is_some_and(|end| matches!(end, "d" | "s" | "ed"))
}
