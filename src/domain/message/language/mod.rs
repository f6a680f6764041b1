//! What people read, in each language: from the bot, on its cards and in invitations. A language is one file that fills
//! `Labels` and implements `Words`; the compiler says what is missing. What all languages share is here, and `when`
//! decides which sentences are said, so that a language file contains only sentences. Pure functions from values to
//! plain text: nothing here knows Markdown or cards. In a sentence, `` `word` `` is something to type; texts from
//! people never contain a backtick.

mod en;
mod uk;
mod when;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};

use self::when::{When, is_said};
use super::sanitized::{NAME, Sanitized};
use super::{BotMessage, Break, Meeting, Namesake, OrganizerNews, Partner, Then};
use crate::domain::language::Language;
use crate::domain::starters::Starter;
use crate::domain::text::{cut, short};
use crate::domain::zone::Zone;

/// The longest title that Webex accepts, in characters.
const TITLE: usize = 128;
/// The longest agenda that Webex accepts, in characters.
const AGENDA: usize = 1_300;
/// The separator between people: a name may contain a comma.
const APART: &str = " · ";
/// How many are named in one line.
const SOME: usize = 15;

impl Language {
    pub(super) fn words(self) -> &'static dyn Words {
        match self {
            Self::English => &en::English,
            Self::Ukrainian => &uk::Ukrainian,
        }
    }
}

/// A message in one language: what its card and its plain text have in common.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RenderedText {
    /// The subject; may be "".
    pub(super) heading: String,
    /// The paragraphs.
    pub(super) lines: Vec<String>,
    /// What to type if no card shows buttons.
    pub(super) hint: Option<String>,
}

/// The sentences of a message that are said.
pub(super) fn told(message: &BotMessage, words: &dyn Words) -> RenderedText {
    let Sentences { heading, lines, hint } = words.tell(message);
    let said = |(when, text)| is_said(message, when).then_some(text);
    RenderedText { heading, lines: lines.into_iter().filter_map(said).collect(), hint: hint.and_then(said) }
}

impl RenderedText {
    /// The same for somebody whose taps nobody hears: it only says what to type.
    pub(super) fn by_typing(mut self, words: &dyn Words) -> Self {
        for text in self.lines.iter_mut().chain(&mut self.hint) {
            for (tapping, typing) in words.without_tapping() {
                if text.contains(tapping) {
                    *text = text.replace(tapping, typing);
                }
            }
        }
        self
    }
}

/// All sentences of a message, each with the condition under which it is said.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    heading: String,
    lines: Vec<(When, String)>,
    hint: Option<(When, String)>,
}

impl Sentences {
    fn new<const N: usize>(heading: impl Into<String>, lines: [&str; N]) -> Self {
        let lines = lines.map(|line| (When::Always, line.to_owned())).to_vec();
        Self { heading: heading.into(), lines, hint: None }
    }

    fn line(self, line: impl Into<String>) -> Self {
        let line = line.into();
        self.line_if(When::Always, || line)
    }

    fn line_if(mut self, when: When, line: impl FnOnce() -> String) -> Self {
        self.lines.push((when, line()));
        self
    }

    fn hint(self, hint: &str) -> Self {
        self.hint_if(When::Always, hint)
    }

    fn hint_if(mut self, when: When, hint: &str) -> Self {
        self.hint = Some((when, hint.to_owned()));
        self
    }
}

macro_rules! labels {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// Words that are always the same: on buttons, beside inputs, before facts.
        #[derive(Debug)]
        pub(super) struct Labels {
            $($(#[$doc])+ pub(super) $name: &'static str,)+
        }

        impl Labels {
            /// Every label, with the name under which a card refers to it.
            pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
                [$((concat!("label.", stringify!($name)), self.$name)),+].into_iter()
            }
        }
    };
}

labels! {
    /// Button: opens the meeting's link.
    join,
    /// Button: opens the card for a new time.
    suggest,
    /// Button: opens that card in answer to a proposal.
    another,
    /// Button: skips the round of this meeting.
    skip,
    /// Button: opens the choice of how long to pause.
    pause,
    /// Beside the choice of how long to pause.
    pause_how,
    /// Error: no length of the pause is chosen.
    pause_wrong,
    /// A length of a pause that can be chosen.
    weeks_1,
    /// A length of a pause that can be chosen.
    weeks_2,
    /// A length of a pause that can be chosen.
    weeks_4,
    /// A length of a pause that can be chosen.
    weeks_8,
    /// Button: agrees to the suggested time.
    yes,
    /// Button: declines the suggested time.
    no,
    /// Button: they met.
    met,
    /// Button: they have not met yet.
    not_yet,
    /// Button: they could not meet.
    could_not,
    /// Button: sends the suggestion of a new time.
    send,
    /// Button: sends the announcement to everybody.
    send_to_all,
    /// Button: shows the announcement to its writer alone.
    test,
    /// Beside the input of an announcement.
    announcement,
    /// Error: the announcement is blank.
    announcement_wrong,
    /// Beside the input of a picture's address.
    image,
    /// Before the names of those whom the reader meets.
    with,
    /// Before a department.
    department,
    /// Before the time of a meeting.
    when,
    /// Before the same time in the partner's zone, if that is a different one.
    their_time,
    /// Before the current time of a meeting.
    old_time,
    /// Before the time that is suggested for it.
    new_time,
    /// Before a conversation starter.
    starter,
    /// Beside the input of a day.
    day,
    /// Error: the day is missing, or is not one of those offered.
    day_wrong,
    /// Beside the input of a time.
    time,
    /// Error: the time is missing, or is not one of those offered.
    time_wrong,
    /// Before the list of upcoming meetings.
    coming,
    /// Before the list of what one can type.
    typing,
    /// Before the list of people without a partner.
    left_out,
    /// Below the number of meetings of a round.
    meetings_count,
    /// Below the number of meetings that took place.
    met_count,
    /// Below the number of meetings that did not take place.
    could_not_count,
    /// Below the number of meetings about which nobody said anything.
    unknown_count,
    /// Below the number of meetings of a month that took place.
    month_held,
    /// Below the number of people who met somebody in a month.
    month_met,
    /// What follows the figure of a percentage, with the space that the language puts there.
    percent_sign,
    /// Below the share of colleagues whom people reach within two steps.
    month_reach,
    /// The description of an announcement's picture for people who cannot see it.
    picture,
}

/// What a language file implements. Names in messages are already short and harmless.
pub(super) trait Words: Sync {
    fn labels(&self) -> &'static Labels;

    /// The commands that everybody can type, each with what it does.
    fn commands(&self) -> &'static [(&'static str, &'static str)];

    /// The commands that only an organizer can type, each with what it does.
    fn organizers_commands(&self) -> &'static [(&'static str, &'static str)];

    /// The command to skip the round on a day, or to take part in it after all.
    fn typed_of_round(&self, date: NaiveDate, back: bool) -> String;

    /// The command not to be paired with somebody, or to be paired with them again.
    fn typed_of_wish(&self, email: &str, again: bool) -> String;

    /// The words for a pause, and the command for it.
    fn typed_of_break(&self, one: &Break) -> (String, String);

    /// The same for some usual lengths that begin today.
    fn usual_breaks(&self) -> [(&'static str, &'static str); 4];

    /// The possible answers to whether somebody wants to go on, each with the command for it.
    fn go_on(&self) -> [(&'static str, &'static str); 3];

    /// The command with which an organizer looks somebody up.
    fn typed_of_find(&self, email: &str) -> String;

    /// The command with which an organizer pauses somebody, or confirms it, if they are `sure`.
    fn typed_of_pause(&self, email: &str, until: Option<NaiveDate>, sure: bool) -> String;

    /// The button with which an organizer confirms that somebody is to pause.
    fn sure(&self) -> &'static str;

    /// One line of the organizers' daily message.
    fn organizers_news(&self, news: &OrganizerNews) -> String;

    /// The built-in conversation starters.
    fn starters(&self) -> &'static [&'static str; STARTERS];

    /// A conversation starter for people who share a tag.
    fn shared(&self, tag: &str) -> String;

    /// The agenda of a meeting, except the conversation starter.
    fn agenda(&self, programme: &str, people: &str) -> String;

    /// The word between the last two names, as in “Ann and Bo”.
    fn and(&self) -> &'static str;

    /// Phrases that speak of buttons, each with the one that takes its place where there are none.
    fn without_tapping(&self) -> &'static [(&'static str, &'static str)];

    /// What to type instead if the buttons and forms of a card cannot work.
    fn by_typing(&self, message: &BotMessage) -> &'static str;

    /// Says that nobody reads answers here, and to whom to write; `email` is "" if nobody is known.
    fn nobody_hears(&self, email: &str) -> String;

    /// The text in the quotation marks of the language.
    fn quoted(&self, text: &str) -> String;

    /// A day, as in “Wednesday 2 December”.
    fn day(&self, date: NaiveDate) -> String;

    /// The heading, lines and hint: everything that can be said about the message. `when` decides what is said.
    fn tell(&self, message: &BotMessage) -> Sentences;

    /// Says in a sentence whom the reader meets, and when.
    fn meets(&self, meeting: &Meeting) -> String;

    /// Says how many more there are than are listed.
    fn more(&self, count: usize) -> String;

    /// Names as part of a sentence, as in “Ann · Bo and Cy”.
    fn together(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} {} {last}", first.join(APART), self.and()),
        }
    }

    /// The names of the reader's partners.
    fn partners(&self, meeting: &Meeting) -> String {
        self.together(&meeting.partners.iter().map(|partner| &*partner.name).collect::<Vec<_>>())
    }

    /// The names of the reader's partners, with their departments.
    fn partners_in_full(&self, meeting: &Meeting) -> String {
        let full: Vec<String> = meeting.partners.iter().map(with_department).collect();
        self.together(&full.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// A time, as in “Wednesday 2 December, 15:10”.
    fn moment(&self, at: DateTime<Zone>) -> String {
        format!("{}, {}", self.day(at.date_naive()), at.format("%H:%M"))
    }

    /// From when to when, as in “Wednesday 2 December, 15:10–15:40 (Kyiv)”.
    fn span(&self, at: DateTime<Zone>, minutes: u16) -> String {
        format!("{}, {}", self.day(at.date_naive()), clock(at, minutes))
    }

    /// When the meeting is for the partner, if their clock shows another time than the reader's.
    fn theirs(&self, meeting: &Meeting, partner: &Partner) -> Option<String> {
        let (ours, theirs) = (meeting.start.naive_local(), partner.start.naive_local());
        let differs = ours != theirs;
        differs.then(|| match ours.date() == theirs.date() {
            true => clock(partner.start, meeting.minutes),
            false => self.span(partner.start, meeting.minutes),
        })
    }
}

/// Somebody who meets, as titles and agendas name them.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// The person's name.
    pub name: &'a str,
    /// The person's department; may be "".
    pub department: &'a str,
}

/// The title of a meeting.
pub fn title(language: Language, programme: &str, people: &[Who<'_>]) -> String {
    let names: Vec<String> = people.iter().map(|who| short(who.name, NAME / 2)).collect();
    let names = language.words().together(&names.iter().map(String::as_str).collect::<Vec<_>>());
    cut(format!("{}{names}", beginning_of_title(programme)), TITLE)
}

/// The beginning of all titles of a programme's meetings.
pub fn beginning_of_title(programme: &str) -> String {
    format!("{}: ", short(programme, NAME))
}

/// The agenda of a meeting, with this conversation starter.
pub fn agenda(language: Language, programme: &str, people: &[Who<'_>], starter: &Starter) -> String {
    let words = language.words();
    let names: Vec<String> =
        people.iter().map(|who| in_full(&short(who.name, NAME), &short(who.department, NAME))).collect();
    let names = words.together(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let agenda = words.agenda(&short(programme, NAME), &names);
    cut(format!("{agenda}\n{}", starter_of(words, starter)), AGENDA)
}

/// The number of built-in conversation starters.
const STARTERS: usize = 41;

/// A conversation starter as text: successive numbers give different ones.
pub(super) fn starter_of<Text: AsRef<str>>(words: &dyn Words, starter: &Starter<Text>) -> String {
    match starter {
        Starter::BuiltIn(number) => words.starters()[(number % STARTERS as u64) as usize].to_owned(),
        Starter::Own(text) => text.as_ref().to_owned(),
        Starter::Shared(tag) => words.shared(tag.as_ref()),
    }
}

/// Somebody's name and department, as in “Bo Ek (IT)”.
pub(super) fn with_department(partner: &Partner) -> String {
    in_full(&partner.name, &partner.department)
}

fn in_full(name: &str, department: &str) -> String {
    if department.is_empty() { name.to_owned() } else { format!("{name} ({department})") }
}

/// The choices that a message offers, each as it is shown and as it is typed, by a button or by hand. Empty if it
/// offers none.
pub(super) fn choices(message: &BotMessage, words: &dyn Words) -> Vec<(String, String)> {
    let round = |date: &NaiveDate, back: bool| (words.day(*date), words.typed_of_round(*date, back));
    match message {
        BotMessage::WhichRound { dates, back } => dates.iter().map(|date| round(date, *back)).collect(),
        BotMessage::WhichProgramme { names, typed } => {
            names.iter().map(|name| (name.to_string(), format!("{name}: {typed}"))).collect()
        }
        BotMessage::Absence { dates, breaks } => {
            let rounds = dates.iter().map(|date| round(date, false));
            rounds.chain(breaks.iter().map(|one| words.typed_of_break(one))).collect()
        }
        BotMessage::PauseHow { breaks, .. } if breaks.is_empty() => {
            words.usual_breaks().iter().map(|(said, typed)| ((*said).to_owned(), (*typed).to_owned())).collect()
        }
        BotMessage::PauseHow { breaks, .. } => breaks.iter().map(|one| words.typed_of_break(one)).collect(),
        BotMessage::GoOn(_) => {
            words.go_on().iter().map(|(said, typed)| ((*said).to_owned(), (*typed).to_owned())).collect()
        }
        BotMessage::NotWithWhom { near, again, .. } => {
            near.iter().map(|one| (one.told_apart(near), words.typed_of_wish(&one.email, *again))).collect()
        }
        BotMessage::Whom { near, then, .. } => {
            let typed = |one: &Namesake| match then {
                Then::Find => words.typed_of_find(&one.email),
                Then::Pause(until) => words.typed_of_pause(&one.email, *until, false),
            };
            near.iter().map(|one| (one.told_apart(near), typed(one))).collect()
        }
        BotMessage::PauseOther { email, until: Some(until), .. } => {
            vec![(words.sure().to_owned(), words.typed_of_pause(email, Some(*until), true))]
        }
        BotMessage::PauseOther { email, until: None, .. } => {
            let usual = words.usual_breaks();
            let typed = |typed: &str| typed.replacen(' ', &format!(" {email} "), 1);
            usual.iter().map(|(said, how_long)| ((*said).to_owned(), typed(how_long))).collect()
        }
        _ => Vec::new(),
    }
}

/// The first of these, and how many more there are: in one line, for organizers.
fn some(items: impl ExactSizeIterator<Item = String>, words: &dyn Words) -> String {
    let more = items.len().saturating_sub(SOME);
    let some = items.take(SOME).chain((more > 0).then(|| words.more(more)));
    some.collect::<Vec<_>>().join(APART)
}

fn joined(texts: &[Sanitized], between: &str) -> String {
    texts.iter().map(|text| &**text).collect::<Vec<_>>().join(between)
}

/// What the help tells people to type, and what it tells organizers besides.
#[cfg(test)]
pub fn typed_commands(language: Language) -> [Vec<&'static str>; 2] {
    let words = language.words();
    [words.commands(), words.organizers_commands()].map(|all| all.iter().map(|(typed, _)| *typed).collect())
}

/// The choices that a message offers, each as it is typed in that language.
pub fn typed_choices(message: &BotMessage, language: Language) -> Vec<String> {
    choices(message, language.words()).into_iter().map(|(_, typed)| typed).collect()
}

/// Each answer to “do you want to go on?”, as its button says it and as it is typed.
pub fn ways_to_go_on(language: Language) -> [(&'static str, &'static str); 3] {
    language.words().go_on()
}

/// The choices that a message offers, in one line.
fn each_choice(message: &BotMessage, words: &dyn Words) -> String {
    let each = choices(message, words);
    // An address may contain a backtick, which would end what is to be typed.
    each.iter().map(|(said, typed)| format!("{said}: `{}`", typed.replace('`', "’"))).collect::<Vec<_>>().join(APART)
}

/// From when to when on one day, as in “15:10–15:40 (Kyiv)”.
pub(super) fn clock(at: DateTime<Zone>, minutes: u16) -> String {
    let end = at + TimeDelta::minutes(minutes.into());
    format!("{}–{} ({})", at.format("%H:%M"), end.format("%H:%M"), place(at))
}

/// What people call the zone: its city, or otherwise its offset from UTC.
pub(super) fn place(at: DateTime<Zone>) -> String {
    match at.timezone().name().rsplit_once('/') {
        // The sign in `Etc/GMT+2` has the opposite meaning.
        Some((area, city)) if area != "Etc" => city.replace('_', " "),
        _ => at.format("UTC%:z").to_string(),
    }
}

/// The form for a count, among those for 1, for 2–4 and for 5, as Slavic languages have them.
fn slavic(count: usize, forms: [&'static str; 3]) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=14) => forms[2],
        (1, _) => forms[0],
        (2..=4, _) => forms[1],
        _ => forms[2],
    }
}

/// The index of a day in a list that begins with Monday.
fn weekday(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: [Who<'_>; 2] = [Who { name: "Ann Lee", department: "Sales" }, Who { name: "Bo Ek", department: "IT" }];

    #[test]
    fn a_meeting_says_who_meets_and_gives_them_a_start() {
        assert_eq!(title(Language::English, "Coffee Roulette", &TWO), "Coffee Roulette: Ann Lee and Bo Ek");
        insta::assert_snapshot!(agenda(Language::English, "Coffee Roulette", &TWO, &Starter::BuiltIn(1)), @r"
        Ann Lee (Sales) and Bo Ek (IT) meet in Coffee Roulette: a short chat between colleagues who seldom meet.

        There is nothing to prepare. If you would like something to begin with:
        What small thing made your week better?
        ");
    }

    #[test]
    fn long_names_are_cut_so_that_webex_takes_the_text() {
        let long = "Ä".repeat(500);
        let three = [Who { name: &long, department: &long }; 3];
        for (_, language) in Language::ALL {
            let title = title(language, &long, &three);
            assert_eq!(title.chars().count(), TITLE);
            assert!(title.ends_with('…'));
            assert!(agenda(language, &long, &three, &Starter::BuiltIn(7)).chars().count() <= AGENDA);
        }
    }

    #[test]
    fn no_name_breaks_a_line() {
        let odd = [Who { name: "Ann\r\u{1b}[31m", department: "" }, TWO[1]];
        assert_eq!(title(Language::English, "P", &odd), "P: Ann  [31m and Bo Ek");
    }

    #[test]
    fn each_language_has_the_same_sentences_that_are_not_always_said() {
        for message in crate::domain::message::render::samples::samples() {
            let shape = |language: Language| {
                let Sentences { heading, lines, hint } = language.words().tell(&message);
                let mut whens: Vec<When> = lines.into_iter().map(|(when, _)| when).collect();
                whens.retain(|when| *when != When::Always);
                (heading.is_empty(), whens, hint.map(|(when, _)| when))
            };
            for (_, language) in Language::ALL {
                assert_eq!(shape(language), shape(Language::English), "{language:?}: {message:?}");
            }
        }
    }

    #[test]
    fn starters_are_all_different() {
        for (_, language) in Language::ALL {
            let mut all = language.words().starters().to_vec();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), STARTERS);
        }
    }

    #[test]
    fn a_language_is_named_by_its_code_in_any_case() {
        for (code, language) in Language::ALL {
            assert_eq!((language.code(), code.to_uppercase().parse()), (code, Ok(language)));
        }
        let fault = "ua".parse::<Language>().unwrap_err();
        assert_eq!(fault, "“ua” is not a language that the bot speaks: write en or uk");
    }

    #[test]
    fn numbers_have_their_plurals() {
        let form = |count| slavic(count, ["one", "few", "many"]);
        assert_eq!([1, 21, 101].map(form), ["one"; 3]);
        assert_eq!([2, 4, 22, 104].map(form), ["few"; 4]);
        assert_eq!([0, 5, 11, 12, 14, 20, 111, 112].map(form), ["many"; 8]);
    }

    #[test]
    fn a_zone_is_called_by_its_city_or_by_its_distance_from_utc() {
        let at = |zone: Zone| place(DateTime::UNIX_EPOCH.with_timezone(&zone));
        assert_eq!(at(Zone::compiled_in(chrono_tz::Tz::America__New_York)), "New York");
        assert_eq!(at(Zone::compiled_in(chrono_tz::Tz::America__Argentina__Buenos_Aires)), "Buenos Aires");
        assert_eq!([at(Zone::UTC), at(Zone::compiled_in(chrono_tz::Tz::Etc__GMTMinus2))], ["UTC+00:00", "UTC+02:00"]);
    }
}
