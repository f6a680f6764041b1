//! What people read, language by language: from the bot, on its cards and in invitations.
//! A language is one file that fills `Labels` and implements `Words`; the compiler says what it lacks.
//! Here is what all of them share; what is said when is in `when`, so that a language holds sentences alone. Pure functions from values to plain text: nothing here knows Markdown or cards.
//! In a sentence, `` `word` `` is something to type; what comes from people never holds that sign.

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

/// The longest title that Webex takes, in characters.
const TITLE: usize = 128;
/// The longest agenda that Webex takes, in characters.
const AGENDA: usize = 1_300;
/// What sets people apart: a name may hold a comma.
const APART: &str = " · ";
/// So many are named in a line.
const SOME: usize = 15;

impl Language {
    pub(super) fn words(self) -> &'static dyn Words {
        match self {
            Self::English => &en::English,
            Self::Ukrainian => &uk::Ukrainian,
        }
    }
}

/// Something told, in one language: what a card and a plain message have in common.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RenderedText {
    /// What it is about; may be "".
    pub(super) heading: String,
    /// A paragraph each.
    pub(super) lines: Vec<String>,
    /// What to type, where no card shows buttons.
    pub(super) hint: Option<String>,
}

/// What is said of a message.
pub(super) fn told(message: &BotMessage, words: &dyn Words) -> RenderedText {
    let Sentences { heading, lines, hint } = words.tell(message);
    let said = |(when, text)| is_said(message, when).then_some(text);
    RenderedText { heading, lines: lines.into_iter().filter_map(said).collect(), hint: hint.and_then(said) }
}

/// All sentences of a message, each with when it is said.
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
            /// Each with the name that a card calls it by.
            pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
                [$((concat!("label.", stringify!($name)), self.$name)),+].into_iter()
            }
        }
    };
}

labels! {
    /// Opens the meeting.
    join,
    /// Opens the card for a new time.
    suggest,
    /// Opens that card in answer to a proposal.
    another,
    /// Not this meeting.
    skip,
    /// Not for some weeks.
    pause,
    /// Asks for how long.
    pause_how,
    /// Where nothing is chosen.
    pause_wrong,
    /// A length of a pause that can be chosen.
    weeks_1,
    /// A length of a pause that can be chosen.
    weeks_2,
    /// A length of a pause that can be chosen.
    weeks_4,
    /// A length of a pause that can be chosen.
    weeks_8,
    /// They agree to the new time.
    yes,
    /// They do not agree to it.
    no,
    /// They met.
    met,
    /// They did not meet yet.
    not_yet,
    /// They will not meet.
    could_not,
    /// Sends the suggestion.
    send,
    /// Sends the announcement.
    send_to_all,
    /// Shows the announcement to its writer first.
    test,
    /// Beside the input of an announcement.
    announcement,
    /// Where there is no announcement yet.
    announcement_wrong,
    /// Beside the input of a picture's address.
    image,
    /// Before whom they meet.
    with,
    /// Before a department.
    department,
    /// Before the time of a meeting.
    when,
    /// Before the same time in the partner's zone.
    their_time,
    /// Before the time that a meeting has.
    old_time,
    /// Before the time that it might get.
    new_time,
    /// Before a conversation starter.
    starter,
    /// Beside the input of a day.
    day,
    /// Where that is blank or not among the days.
    day_wrong,
    /// Beside the input of a time.
    time,
    /// Where the time is blank or not among those offered.
    time_wrong,
    /// Before the list of coming meetings.
    coming,
    /// Before the list of what one can type.
    typing,
    /// Before those who have no partner.
    left_out,
    /// Below the number of meetings.
    meetings_count,
    /// Below how many took place.
    met_count,
    /// Below how many did not.
    could_not_count,
    /// Below how many nobody has answered for.
    unknown_count,
    /// Below how many meetings of a month took place.
    month_held,
    /// Below how many people met somebody in a month.
    month_met,
    /// Below the share of colleagues whom people reach.
    month_reach,
    /// What the picture of an announcement is, for whoever cannot see it.
    picture,
}

/// What a language file implements. Names in what is told are short and harmless already.
pub(super) trait Words: Sync {
    fn labels(&self) -> &'static Labels;

    /// What one can type, and what it does.
    fn commands(&self) -> &'static [(&'static str, &'static str)];

    /// What the organizer can type besides.
    fn organizers_commands(&self) -> &'static [(&'static str, &'static str)];

    /// What one types to skip the round of a day, or to take that back.
    fn typed_of_round(&self, date: NaiveDate, back: bool) -> String;

    /// What one types not to meet somebody, or to meet them again.
    fn typed_of_wish(&self, email: &str, again: bool) -> String;

    /// What one types to pause, with what it is called.
    fn typed_of_break(&self, one: &Break) -> (String, String);

    /// The same for some usual lengths, beginning today.
    fn usual_breaks(&self) -> [(&'static str, &'static str); 4];

    /// What can be answered to whether to go on, and what is typed for it.
    fn go_on(&self) -> [(&'static str, &'static str); 3];

    /// What an organizer types to see how somebody takes part.
    fn typed_of_find(&self, email: &str) -> String;

    /// What an organizer types to have somebody pause; or to confirm it, if they are `sure`.
    fn typed_of_pause(&self, email: &str, until: Option<NaiveDate>, sure: bool) -> String;

    /// What confirms a pause of somebody else is called.
    fn sure(&self) -> &'static str;

    /// Something that the organizers read in their daily message.
    fn organizers_news(&self, news: &OrganizerNews) -> String;

    /// Conversation starters.
    fn starters(&self) -> &'static [&'static str; STARTERS];

    /// A conversation starter for those who share a tag.
    fn shared(&self, tag: &str) -> String;

    /// The agenda of a meeting, but for the starter.
    fn agenda(&self, programme: &str, people: &str) -> String;

    /// As in “Ann and Bo”.
    fn and(&self) -> &'static str;

    /// What can be typed where a card's buttons and forms cannot work.
    fn by_typing(&self, message: &BotMessage) -> &'static str;

    /// That nobody hears of an answer here, and to whom to write; "" where nobody is known.
    fn nobody_hears(&self, email: &str) -> String;

    /// In quotation marks.
    fn quoted(&self, text: &str) -> String;

    /// As in “Wednesday 2 December”.
    fn day(&self, date: NaiveDate) -> String;

    /// Heading, lines and hint: all that can be said of the message. What is said when is decided in `when`.
    fn tell(&self, message: &BotMessage) -> Sentences;

    /// Whom the reader meets and when, in a sentence.
    fn meets(&self, meeting: &Meeting) -> String;

    /// How many more are not listed.
    fn more(&self, count: usize) -> String;

    /// Names as in a sentence.
    fn together(&self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} {} {last}", first.join(APART), self.and()),
        }
    }

    /// The names of whom the reader meets.
    fn partners(&self, meeting: &Meeting) -> String {
        self.together(&meeting.partners.iter().map(|partner| &*partner.name).collect::<Vec<_>>())
    }

    /// The same with departments.
    fn partners_in_full(&self, meeting: &Meeting) -> String {
        let full: Vec<String> = meeting.partners.iter().map(with_department).collect();
        self.together(&full.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// As in “Wednesday 2 December, 15:10”.
    fn moment(&self, at: DateTime<Zone>) -> String {
        format!("{}, {}", self.day(at.date_naive()), at.format("%H:%M"))
    }

    /// As in “Wednesday 2 December, 15:10–15:40 (Kyiv)”.
    fn span(&self, at: DateTime<Zone>, minutes: u16) -> String {
        format!("{}, {}", self.day(at.date_naive()), clock(at, minutes))
    }

    /// When a meeting is for the partner, where that is not what the reader's clock says.
    fn theirs(&self, meeting: &Meeting, partner: &Partner) -> Option<String> {
        let (ours, theirs) = (meeting.start.naive_local(), partner.start.naive_local());
        let differs = ours != theirs;
        differs.then(|| match ours.date() == theirs.date() {
            true => clock(partner.start, meeting.minutes),
            false => self.span(partner.start, meeting.minutes),
        })
    }
}

/// Somebody who meets: name and department.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their department.
    pub department: &'a str,
}

/// The title of a meeting.
pub fn title(language: Language, programme: &str, people: &[Who<'_>]) -> String {
    let names: Vec<String> = people.iter().map(|who| short(who.name, NAME / 2)).collect();
    let names = language.words().together(&names.iter().map(String::as_str).collect::<Vec<_>>());
    cut(format!("{}{names}", beginning_of_title(programme)), TITLE)
}

/// How the titles of a programme's meetings begin.
pub fn beginning_of_title(programme: &str) -> String {
    format!("{}: ", short(programme, NAME))
}

/// The agenda of a meeting, with the conversation starter of that number.
pub fn agenda(language: Language, programme: &str, people: &[Who<'_>], starter: &Starter) -> String {
    let words = language.words();
    let who = |who: &Who<'_>| in_full(&short(who.name, NAME), &short(who.department, NAME));
    let names: Vec<String> = people.iter().map(who).collect();
    let names = words.together(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let agenda = words.agenda(&short(programme, NAME), &names);
    cut(format!("{agenda}\n{}", starter_of(words, starter)), AGENDA)
}

/// How many conversation starters there are.
const STARTERS: usize = 41;

/// A conversation starter as it is said: numbers that follow each other give different ones.
pub(super) fn starter_of<Text: AsRef<str>>(words: &dyn Words, starter: &Starter<Text>) -> String {
    match starter {
        Starter::BuiltIn(number) => words.starters()[(number % STARTERS as u64) as usize].to_owned(),
        Starter::Own(text) => text.as_ref().to_owned(),
        Starter::Shared(tag) => words.shared(tag.as_ref()),
    }
}

/// As in “Bo Ek (IT)”.
pub(super) fn with_department(partner: &Partner) -> String {
    in_full(&partner.name, &partner.department)
}

fn in_full(name: &str, department: &str) -> String {
    if department.is_empty() { name.to_owned() } else { format!("{name} ({department})") }
}

/// What can be chosen, as it is called and as it is typed: by a button, or by hand. Empty where nothing is asked so.
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

/// The first of these, with the number of the others: what an organizer reads in a line.
fn some(items: impl ExactSizeIterator<Item = String>, words: &dyn Words) -> String {
    let more = items.len().saturating_sub(SOME);
    let some = items.take(SOME).chain((more > 0).then(|| words.more(more)));
    some.collect::<Vec<_>>().join(APART)
}

fn joined(texts: &[Sanitized], between: &str) -> String {
    texts.iter().map(|text| &**text).collect::<Vec<_>>().join(between)
}

/// What can be chosen, each as it is typed in that language.
pub fn typed_choices(message: &BotMessage, language: Language) -> Vec<String> {
    choices(message, language.words()).into_iter().map(|(_, typed)| typed).collect()
}

/// The choices in a line.
fn each_choice(message: &BotMessage, words: &dyn Words) -> String {
    let each = choices(message, words);
    // An address may hold a backtick, which would end what is to be typed.
    each.iter().map(|(said, typed)| format!("{said}: `{}`", typed.replace('`', "’"))).collect::<Vec<_>>().join(APART)
}

/// As in “15:10–15:40 (Kyiv)”.
pub(super) fn clock(at: DateTime<Zone>, minutes: u16) -> String {
    let end = at + TimeDelta::minutes(minutes.into());
    format!("{}–{} ({})", at.format("%H:%M"), end.format("%H:%M"), place(at))
}

/// The zone as people call it: its city, or else its distance from UTC.
pub(super) fn place(at: DateTime<Zone>) -> String {
    match at.timezone().name().rsplit_once('/') {
        // The sign in `Etc/GMT+2` is the other way round.
        Some((area, city)) if area != "Etc" => city.replace('_', " "),
        _ => at.format("UTC%:z").to_string(),
    }
}

/// One of the forms for 1, 2–4 and 5 as Slavic languages have them.
fn slavic(count: usize, forms: [&'static str; 3]) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=14) => forms[2],
        (1, _) => forms[0],
        (2..=4, _) => forms[1],
        _ => forms[2],
    }
}

/// Index of a day in a list that begins on Monday.
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
        Ann Lee (Sales) and Bo Ek (IT) meet in Coffee Roulette: a short talk among colleagues who seldom meet.

        There is nothing to prepare. If you like something to begin with:
        Which small thing made your week better?
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
