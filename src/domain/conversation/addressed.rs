//! Which of several programmes on one bot somebody speaks to: the one that they name, otherwise the one that waits for
//! their answer, otherwise the only one in which they take part. If that is unclear, they are asked. Knows the
//! programmes' states and rosters; changes none of them.

use super::asked_back::ordinal;
use super::chat_command::organizer;
use super::chat_command::{self, ChatCommand};
use super::spoken_to::{is_mark, without_any, without_name};
use super::view::{ConversationView, positions};
use super::{AddressedMessage, Effects, Recipient, Setting};
use crate::domain::message::BotMessage;
use crate::domain::message::render::mark_of;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::state::last_said::{LastSaid, Question};
use crate::domain::state::preferences::Choice;
use crate::domain::state::{PersonId, State};
use crate::domain::text;

/// A programme that somebody who speaks to the bot may mean.
#[derive(Clone, Copy)]
pub struct ProgrammeView<'a> {
    /// The roster, the organizers, and the other settings.
    pub setting: Setting<'a>,
    /// The programme's state, as it was read last.
    pub state: &'a State,
    /// The organizers' space, by id; "" if there is none.
    pub space: &'a str,
}

/// Something that was said to the bot: by whom, and where.
#[derive(Clone, Copy, Debug)]
pub struct Spoken<'a> {
    /// The addresses of whoever said it.
    pub emails: &'a [String],
    /// The text that they typed.
    pub text: &'a str,
    /// The bot's name if it may come before the text, otherwise "".
    pub bot: &'a str,
    /// The id of the space, if they did not write to the bot alone.
    pub space: Option<&'a str>,
    /// The programme's mark on the card that was tapped, if one was; "" on a card from before there were marks.
    pub mark: Option<&'a str>,
}

/// Which programme something is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addressed {
    /// The programme at that place, and what is said to it.
    To(usize, String),
    /// Any of the programmes at these places; the first one asks which is meant.
    Unclear(Vec<usize>, String),
}

impl<'a> ProgrammeView<'a> {
    /// Somebody's address by which they are known here; none if they neither take part nor organize.
    fn known(&self, emails: &[String]) -> Option<&'a str> {
        let roster = self.setting.roster;
        let known = |email: &String| {
            let lower = email.to_lowercase();
            let at = roster.known_as(&lower).map(|at| &*roster.employee(at).email);
            at.or_else(|| self.setting.organizers.iter().find(|one| **one == lower).map(String::as_str))
        };
        emails.iter().find_map(known)
    }

    /// Their number, if the state has them.
    pub fn person(&self, emails: &[String]) -> Option<PersonId> {
        let email = self.known(emails)?;
        self.state.find(email)
    }

    /// Whether whoever has these addresses takes part or organizes.
    pub fn knows(&self, emails: &[String]) -> bool {
        self.known(emails).is_some()
    }

    /// Whether they are on the roster.
    fn has(&self, emails: &[String]) -> bool {
        emails.iter().any(|email| self.setting.roster.known_as(&email.to_lowercase()).is_some())
    }

    /// What they chose; nothing if they are not known.
    fn choice(&self, emails: &[String]) -> Option<Choice> {
        self.person(emails).map(|person| self.state.choice_of(person))
    }

    /// Whether they told the bot that they leave for good.
    fn has_left(&self, emails: &[String]) -> bool {
        self.choice(emails).is_some_and(|choice| choice.stopped)
    }

    /// Whether they pause or have left.
    fn is_away(&self, emails: &[String]) -> bool {
        let today = self.setting.now.date_naive();
        let is_away = |choice: &Choice| choice.stopped || choice.silent || choice.paused_until >= Some(today);
        self.choice(emails).as_ref().is_some_and(is_away)
    }

    fn organizes(&self, emails: &[String]) -> bool {
        emails.iter().any(|email| self.setting.organizes(self.setting.roster.current(&email.to_lowercase())))
    }

    /// What was said to them last.
    pub fn last_said(&self, emails: &[String]) -> Option<&'a LastSaid> {
        self.state.last_said_to(self.known(emails)?, self.setting.now)
    }

    /// Whether somebody was asked about a new time, or whether they met, and has not answered.
    fn waits_for(&self, emails: &[String]) -> bool {
        let Some(person) = self.person(emails) else { return false };
        let positions = positions(self.state, self.setting);
        let view = ConversationView { setting: self.setting, state: self.state, positions: &positions, planned: None };
        view.open_question(person).is_some()
    }
}

/// Which programme a text is for.
pub fn addressed(programmes: &[ProgrammeView<'_>], spoken: Spoken<'_>) -> Addressed {
    let Some(first) = programmes.first().map(|one| one.setting) else {
        return Addressed::To(0, spoken.text.to_owned());
    };
    let typed = text::typed(spoken.text);
    let typed = without_name(&typed, &text::typed(spoken.bot)).trim_start_matches(is_mark);
    let command = chat_command::understand(typed, "", first.language, first.now.date_naive());
    // If another programme has said something since, that is what was said last.
    let said = programmes.iter().enumerate().filter_map(|(at, one)| Some((at, one.last_said(spoken.emails)?)));
    let asked = said.max_by_key(|(_, last)| (last.when(), last.closed.is_none()));
    let asked = asked.filter(|(_, last)| last.closed.is_none());
    let is_of_space = |at: &usize| spoken.space.is_some_and(|space| programmes[*at].space == space);
    let of_space = (0..programmes.len()).filter(is_of_space).collect();
    let address = Address { programmes, spoken, typed, command, asked, of_space };
    let answered = address.of_what_was_asked().or_else(|| address.of_what_is_named());
    answered.unwrap_or_else(|| address.of_where_they_take_part())
}

/// A text whose programme is looked for.
struct Address<'a> {
    programmes: &'a [ProgrammeView<'a>],
    spoken: Spoken<'a>,
    /// What was typed, without the bot's name.
    typed: &'a str,
    command: ChatCommand,
    /// What is asked of them and not answered, and by which programme.
    asked: Option<(usize, &'a LastSaid)>,
    /// The programmes whose organizers' space it was typed in.
    of_space: Vec<usize>,
}

impl Address<'_> {
    fn to(&self, at: usize) -> Addressed {
        Addressed::To(at, self.spoken.text.to_owned())
    }

    fn unclear(&self, among: &[usize]) -> Addressed {
        Addressed::Unclear(among.to_vec(), self.spoken.text.to_owned())
    }

    /// Those programmes, of the space's if it has any.
    fn among(&self, is_one: impl Fn(&ProgrammeView<'_>) -> bool) -> Vec<usize> {
        let places =
            if self.of_space.is_empty() { (0..self.programmes.len()).collect() } else { self.of_space.clone() };
        places.into_iter().filter(|at| is_one(&self.programmes[*at])).collect()
    }

    /// The only programme that waits for an answer of theirs.
    fn only_one_that_waits(&self) -> Option<usize> {
        match self.among(|one| one.waits_for(self.spoken.emails))[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// “Yes” to a question, or an answer to which programme they mean.
    fn of_what_was_asked(&self) -> Option<Addressed> {
        // “Yes” answers a suggestion, whatever else was asked.
        let is_yes = is_reply(&self.command) && !matches!(self.command, ChatCommand::No | ChatCommand::Cannot);
        let Some((asker, last)) = self.asked else {
            return is_yes.then(|| self.only_one_that_waits())?.map(|only| self.to(only));
        };
        if is_yes && last.question.about.is_some() {
            return Some(self.to(asker));
        }
        let chosen = programme_chosen(self.programmes, &last.question, self.typed, &self.command)?;
        Some(match chosen {
            Chosen::This(at, said) => Addressed::To(at, said),
            Chosen::None => Addressed::To(asker, "never mind".to_owned()),
            Chosen::Unclear(among, said) => Addressed::Unclear(among, said),
        })
    }

    /// The programme that they name, or whose button they tapped.
    fn of_what_is_named(&self) -> Option<Addressed> {
        let named = named(self.programmes, self.typed).filter(|(_, rest)| !rest.is_empty());
        if let Some((at, rest)) = named {
            // The button of a question that was already answered: what it said may have been done.
            return Some(if self.spoken.mark.is_some() {
                Addressed::Unclear((0..self.programmes.len()).collect(), rest.to_owned())
            } else {
                Addressed::To(at, rest.to_owned())
            });
        }
        let mark = self.spoken.mark?;
        let marked = self.programmes.iter().position(|one| mark_of(one.setting.programme) == mark);
        marked.map(|at| self.to(at))
    }

    /// The programme in which they take part, or which they organize, if it is the only one that can be meant.
    fn of_where_they_take_part(&self) -> Addressed {
        let Spoken { emails, .. } = self.spoken;
        let known = self.among(|one| one.knows(emails));
        match known[..] {
            [] => return self.to(self.of_space.first().copied().unwrap_or(0)),
            [only] => return self.to(only),
            _ => {}
        }
        let organized = || self.among(|one| one.organizes(emails));
        let Setting { language, now, .. } = self.programmes[0].setting;
        if organizer::understand(self.typed, "", language, now.date_naive()).is_some() {
            match organized()[..] {
                [only] => return self.to(only),
                [] => {}
                ref several => return self.unclear(several),
            }
        }
        if let Some((asker, _)) = self.asked.filter(|_| is_answer(&self.command)) {
            return self.to(asker);
        }
        if is_reply(&self.command)
            && let Some(only) = self.only_one_that_waits()
        {
            return self.to(only);
        }
        let taking_part = self.taking_part();
        match &self.command {
            // It means the same everywhere.
            ChatCommand::Help | ChatCommand::Thanks | ChatCommand::SmallTalk | ChatCommand::NeverMind => {
                self.to(known[0])
            }
            ChatCommand::Unknown(_) => self.to(taking_part.first().copied().unwrap_or(known[0])),
            ChatCommand::Announce | ChatCommand::Greet(_) => match organized()[..] {
                [] => self.to(known[0]),
                [only] => self.to(only),
                ref several => self.unclear(several),
            },
            _ => match taking_part[..] {
                [] => self.unclear(&known),
                [only] => self.to(only),
                _ => self.unclear(&taking_part),
            },
        }
    }

    /// The programmes to which they may speak. Whoever comes back, comes back to where they were away; everybody else
    /// speaks to the programmes that they did not leave.
    fn taking_part(&self) -> Vec<usize> {
        let Spoken { emails, .. } = self.spoken;
        let is_return = matches!(self.command, ChatCommand::Start | ChatCommand::Resume | ChatCommand::ResumeOn(_));
        let is_meant = |one: &ProgrammeView<'_>| if is_return { one.is_away(emails) } else { !one.has_left(emails) };
        let on_roster = self.among(|one| one.has(emails));
        let meant: Vec<usize> = on_roster.iter().copied().filter(|at| is_meant(&self.programmes[*at])).collect();
        if meant.is_empty() { on_roster } else { meant }
    }
}

/// The programme whose card sends this back: identified by its mark, or otherwise by what it is about.
pub fn of_card(programmes: &[ProgrammeView<'_>], mark: &str, key: &str) -> Option<usize> {
    let is_marked = |one: &ProgrammeView<'_>| mark_of(one.setting.programme) == mark;
    let knows = |one: &ProgrammeView<'_>| {
        let State { bookings, drafts, .. } = one.state;
        bookings.iter().any(|booking| *booking.tag == *key) || drafts.iter().any(|draft| draft.key == key)
    };
    programmes.iter().position(is_marked).or_else(|| programmes.iter().position(knows))
}

/// Asks somebody which programme they mean by what they typed. The answer is heard by [`addressed`].
pub fn ask_which(state: &mut State, setting: Setting<'_>, emails: &[String], names: &[String], typed: &str) -> Effects {
    let programme = ProgrammeView { setting, state, space: "" };
    let email = programme.known(emails).or(emails.first().map(String::as_str)).unwrap_or_default().to_lowercase();
    let person = state.find(&email);
    let to = person.map_or_else(|| Recipient::Stranger(email.as_str().into()), Recipient::Person);
    let message = BotMessage::WhichProgramme {
        names: names.iter().map(|name| Sanitized::sentence(name)).collect(),
        typed: Sanitized::sentence(&text::typed(typed)),
    };
    let asked_about = Some(text::typed(typed));
    Effects { messages: vec![AddressedMessage { to, message }], asked_about, ..Effects::default() }
}

/// The programme that a text begins or ends with, and the rest of the text: identified by its whole name (the longest,
/// if several fit), otherwise by a first word that no other programme has.
fn named<'t>(programmes: &[ProgrammeView<'_>], typed: &'t str) -> Option<(usize, &'t str)> {
    let rest_of = |at: usize, name: &str| {
        let rest = without_any(typed, &[name]);
        (rest != typed).then(|| (at, rest.trim_matches(|c: char| is_mark(c) || c == '-' || c == '–')))
    };
    let name = |at: usize| programmes[at].setting.programme;
    let first = |at: usize| name(at).split_whitespace().next().unwrap_or_default();
    let whole = (0..programmes.len()).filter_map(|at| rest_of(at, name(at)));
    let whole = whole.min_by_key(|(_, rest)| rest.len());
    let is_alone = |at: &usize| {
        let word = first(*at).to_lowercase();
        (0..programmes.len()).filter(|other| name(*other).to_lowercase().starts_with(&word)).count() == 1
    };
    whole.or_else(|| (0..programmes.len()).filter(is_alone).find_map(|at| rest_of(at, first(at))))
}

/// How somebody answered who was asked which programme they mean.
enum Chosen {
    /// The programme at that place, and what they had typed.
    This(usize, String),
    /// None of the programmes.
    None,
    /// It is unclear: the programmes that it may be, and what they had typed.
    Unclear(Vec<usize>, String),
}

/// What somebody answers who was asked which programme they mean; none if they were asked something else, or say
/// something new.
fn programme_chosen(
    programmes: &[ProgrammeView<'_>],
    question: &Question,
    typed: &str,
    command: &ChatCommand,
) -> Option<Chosen> {
    if !question.is_of_programmes() {
        return None;
    }
    let of = |choice: &'_ str| {
        let of = (0..programmes.len()).filter_map(|at| {
            let name = programmes[at].setting.programme;
            let rest = choice.strip_prefix(&*Sanitized::sentence(name)).or_else(|| choice.strip_prefix(name))?;
            let rest = rest.strip_prefix(": ")?;
            Some((at, choice.len() - rest.len()))
        });
        of.max_by_key(|(_, begin)| *begin)
    };
    let found = question.choices.iter().filter_map(|choice| of(choice).map(|(at, begin)| (at, &choice[begin..])));
    let choices: Vec<(usize, &str)> = found.collect();
    let (_, said) = *choices.first()?;
    let lower = typed.trim_matches(is_mark).to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_among = |words: &[&str]| {
        choices.iter().any(|(at, rest)| {
            let name = programmes[*at].setting.programme.to_lowercase();
            words.iter().all(|word| name.contains(word) || rest.to_lowercase().contains(word))
        })
    };
    // The button says all of it.
    if let Some(found) = choices.iter().find(|(at, rest)| {
        let whole = format!("{}: {rest}", programmes[*at].setting.programme);
        text::folded(&whole) == text::folded(typed)
    }) {
        return Some(Chosen::This(found.0, found.1.to_owned()));
    }
    if matches!(command, ChatCommand::No | ChatCommand::NeverMind | ChatCommand::Cancel) && words.len() < 3 {
        return Some(Chosen::None);
    }
    let is_command = !is_answer(command) && !is_reply(command) && !matches!(command, ChatCommand::Help);
    if is_command && !is_among(&words) {
        return None;
    }
    let this = |at: usize| Chosen::This(choices[at].0, choices[at].1.to_owned());
    let again = || Chosen::Unclear(choices.iter().map(|(at, _)| *at).collect(), said.to_owned());
    // “Not the first” is none of them.
    const NOT: [&str; 12] = ["not", "no", "don", "except", "but", "both", "all", "and", "не", "ні", "обидві", "і"];
    let by_name = || {
        let name = named(programmes, typed).filter(|(_, rest)| rest.is_empty()).map(|(at, _)| at);
        name.and_then(|name| choices.iter().position(|(at, _)| *at == name))
    };
    if let Some(at) = by_name() {
        return Some(this(at));
    }
    if words.iter().any(|word| NOT.contains(word)) {
        return Some(again());
    }
    let numbers: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let number = match numbers[..] {
        [number] if words.len() <= 2 => number.checked_sub(1),
        _ => None,
    };
    let plain: Vec<&str> = words.iter().copied().filter(|word| word.parse::<usize>().is_err()).collect();
    let at = number.or_else(|| ordinal(&plain, choices.len())).filter(|at| *at < choices.len());
    // A word that occurs in one name only, possibly in another form.
    let stem = |word: &str| word.chars().take(word.chars().count().saturating_sub(2).max(4)).collect::<String>();
    let called = |at: &usize| {
        let name = programmes[choices[*at].0].setting.programme.to_lowercase();
        let others = |word: &str| {
            let other = |(other, (place, _)): (usize, &(usize, &str))| {
                other != *at && programmes[*place].setting.programme.to_lowercase().contains(word)
            };
            choices.iter().enumerate().any(other)
        };
        let own = name.split(|c: char| !c.is_alphanumeric()).filter(|own| own.chars().count() > 3);
        { own }.any(|own| !others(own) && words.iter().any(|word| word.starts_with(&*stem(own))))
    };
    let called: Vec<usize> = (0..choices.len()).filter(called).collect();
    match (at, &called[..]) {
        (Some(at), []) => Some(this(at)),
        (None, [at]) => Some(this(*at)),
        _ => Some(again()),
    }
}

/// Whether it may answer the bot's question: it is not a command that stands by itself.
fn is_answer(command: &ChatCommand) -> bool {
    !command.is_clear()
        || matches!(
            command,
            ChatCommand::Yes
                | ChatCommand::Agreed
                | ChatCommand::No
                | ChatCommand::NeverMind
                | ChatCommand::Cancel
                | ChatCommand::Change(_)
                | ChatCommand::Away(_)
                | ChatCommand::SmallTalk
        )
}

/// Whether it may answer what a programme asked somebody: a new time, or whether they met.
fn is_reply(command: &ChatCommand) -> bool {
    matches!(
        command,
        ChatCommand::Yes
            | ChatCommand::Agreed
            | ChatCommand::No
            | ChatCommand::Cannot
            | ChatCommand::Met
            | ChatCommand::NotYet
            | ChatCommand::CouldNot
    )
}
