//! Somebody is forgotten: their name and address are removed from everything that is remembered. That one number met
//! another stays, and so do all counts, but nobody can tell any more whose number it was.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::NaiveDate;
use serde_json::Value;

use super::bookings::{Booking, Stage};
use super::last_said::Question;
use super::outbox::{Address, OutgoingMessage};
use super::person_index::PersonIndex;
use super::{PersonId, Reason, State};
use crate::domain::roster::Roster;
use crate::domain::text;

/// Replaces a name or an address in what somebody else is to read.
const NOBODY: &str = "…";
/// The beginning of the placeholder for the address of somebody who is forgotten: no real address begins like that.
const FORGOTTEN: &str = "forgotten-";

/// What somebody is known by and what is to be removed from texts: addresses and names. Looking for them costs time
/// linear in the text, however many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownBy {
    /// Each of them folded, the longest first.
    all: Vec<Known>,
    /// Those that begin with a letter, by their places.
    beginning: HashMap<char, Vec<usize>>,
    /// Other people's addresses that contain one of theirs, folded.
    others: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    folded: String,
    /// Its letters alone, by which most places in a text are told apart from it at once.
    letters: Vec<char>,
}

impl KnownBy {
    /// These addresses and names, except those too short to be told from other words.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all: Vec<String> = texts.into_iter().map(|text| text::folded(text.trim())).collect();
        all.retain(|text| text.chars().count() > 2);
        all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.dedup();
        let known = |folded: String| Known { letters: text::letters(&folded).collect(), folded };
        let all: Vec<Known> = all.into_iter().map(known).collect();
        let mut beginning: HashMap<char, Vec<usize>> = HashMap::new();
        for (at, known) in all.iter().enumerate() {
            known.letters.first().into_iter().for_each(|first| beginning.entry(*first).or_default().push(at));
        }
        Self { all, beginning, others: Vec::new() }
    }

    /// Known by the same, and not by these addresses of other people. Cost: linear in the addresses.
    #[must_use]
    pub fn beside<'a>(mut self, others: impl IntoIterator<Item = &'a str>) -> Self {
        let contains = |other: &str| self.all.iter().any(|known| other.contains(&known.folded));
        let is_near = |other: &String| contains(other) && !self.is(other);
        let near: Vec<String> = others.into_iter().map(text::folded).filter(is_near).collect();
        self.others.extend(near);
        self
    }

    /// Whatever either of the two knows them by.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::all([self, other])
    }

    /// Known by any of these.
    #[must_use]
    pub fn all<'a>(known_by: impl IntoIterator<Item = &'a Self>) -> Self {
        let known_by: Vec<&Self> = known_by.into_iter().collect();
        let all = Self::new(known_by.iter().flat_map(|one| &one.all).map(|known| &*known.folded));
        all.beside(known_by.iter().flat_map(|one| &one.others).map(String::as_str))
    }

    /// Whether a text is one of their addresses or names, and nothing else.
    pub fn is(&self, text: &str) -> bool {
        let folded = text::folded(text.trim());
        self.all.iter().any(|known| known.folded == folded)
    }

    /// Whether a text names them, in whole words and regardless of case.
    pub fn is_in(&self, text: &str) -> bool {
        self.next_in(text, 0).is_some()
    }

    /// The text without their names and addresses.
    pub fn struck_out(&self, text: &str) -> String {
        let (mut out, mut from) = (String::with_capacity(text.len()), 0);
        while let Some(found) = self.next_in(text, from) {
            out.push_str(&text[from..found.start]);
            out.push_str(NOBODY);
            from = found.end;
        }
        out.push_str(&text[from..]);
        out
    }

    /// The next place at or after `from` at which they are named.
    fn next_in(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let mut before = if from == 0 { None } else { NOBODY.chars().next() };
        for (at, c) in text[from..].char_indices().map(|(at, c)| (from + at, c)) {
            let is_begun = is_letter(before);
            before = Some(c);
            let rest = &text[at..];
            let first = if is_begun { None } else { text::letters(&rest[..c.len_utf8()]).next() };
            let Some(begin) = first.and_then(|first| self.beginning.get(&first)) else { continue };
            let begin = begin.iter().map(|at| &self.all[*at]);
            let found = begin.filter_map(|known| Some((known, at..at + known.end_in(rest)?)));
            let mut whole =
                found.filter(|(known, found)| !known.goes_on(text, found) && !self.is_of_others(known, text, found));
            if let Some((_, found)) = whole.next() {
                return Some(found);
            }
        }
        None
    }

    /// Whether what was found at that place is a part of somebody else's address there.
    fn is_of_others(&self, known: &Known, text: &str, found: &Range<usize>) -> bool {
        self.others.iter().any(|other| {
            other.match_indices(&known.folded).any(|(offset, _)| {
                let start = found.start.checked_sub(offset);
                let there = start.and_then(|start| text.get(start..start + other.len()));
                there.is_some_and(|there| text::folded(there) == *other)
            })
        })
    }

    /// Removes them from all texts in a document.
    pub fn strike_out_of(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.struck_out(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.strike_out_of(item)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.strike_out_of(value)),
            _ => {}
        }
    }
}

impl Known {
    /// Whether the word or address at that place is longer: `mary-ann@example.com` is not `ann@example.com`.
    fn goes_on(&self, text: &str, found: &Range<usize>) -> bool {
        let (mut before, mut after) = (text[..found.start].chars().rev(), text[found.end..].chars());
        let (before, after) = ([before.next(), before.next()], [after.next(), after.next()]);
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let joins = |sides: [Option<char>; 2], signs: &str| {
            is_letter(sides[0]) || sides[0].is_some_and(|sign| signs.contains(sign)) && is_letter(sides[1])
        };
        match self.folded.contains('@') {
            true => before[0] == Some('@') || joins(before, "._+-") || joins(after, ".-"),
            false => joins(before, "-") || joins(after, "-"),
        }
    }

    /// Where it ends in a text that begins with it.
    fn end_in(&self, text: &str) -> Option<usize> {
        let mut letters = text::letters(text);
        if !self.letters.iter().all(|letter| letters.next() == Some(*letter)) {
            return None;
        }
        // Folded, a letter may be longer or shorter.
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let most = 4 * self.folded.len() + 8;
        { ends }.take_while(|end| *end <= most).find(|end| text::folded(&text[..*end]) == self.folded)
    }
}

/// Whether a name is somebody else's on the roster, too, alone or as a part of theirs: then it identifies nobody, and
/// they keep it. Cost: linear in the roster.
pub fn is_shared(name: &str, email: &str, roster: &Roster) -> bool {
    let known_by = KnownBy::new([name]);
    let employees = roster.employees.iter().map(|one| (&one.email, &one.name));
    let mut all = employees.chain(roster.inactive.iter().map(|one| (&one.email, &one.name)));
    all.any(|(other, name)| **other != *email && known_by.is_in(name))
}

impl State {
    /// Whether it is no longer known who that was.
    pub fn is_forgotten(&self, person: PersonId) -> bool {
        self.email(person).starts_with(FORGOTTEN)
    }

    /// Forgets who somebody is, what they chose and what they were to be told, and removes their names from everything
    /// else. Their upcoming meetings must be cancelled first. Cost: linear in the state.
    pub fn forget_person(&mut self, person: PersonId, known_by: &KnownBy) {
        let email =
            std::mem::replace(&mut self.people[person.index()], format!("{FORGOTTEN}{}", person.number()).into());
        self.choices.retain(|choice| choice.person != person);
        self.left.retain(|left| left.person != person);
        self.news.retain(|news| news.person != person);
        self.last_said.retain(|one| one.person != person);
        // Whoever was to meet them has been told. Without a name, nothing else about them makes sense.
        let about: Vec<String> = self.waiting_about(person, known_by).map(|message| message.key.clone()).collect();
        self.outbox.retain(|message| message.to != Address::Person(email.clone()) && !about.contains(&message.key));
        self.called_off.retain(|off| !off.people.has(person));
        for booking in &mut self.bookings {
            booking.invited_as.retain(|(id, _)| *id != person);
            if booking.host == Some(person) {
                booking.hosted_as = None;
            }
        }
        self.strike_out(known_by);
    }

    /// What waits to be sent to others and names somebody, or is about a meeting of theirs. Cost: linear in what waits.
    pub fn waiting_about(&self, person: PersonId, known_by: &KnownBy) -> impl Iterator<Item = &OutgoingMessage> {
        let booked = self.bookings.iter().filter(move |booking| booking.people.has(person)).map(|it| &*it.tag);
        let off = self.called_off.iter().filter(move |off| off.people.has(person)).map(|off| &*off.tag);
        let tags: HashSet<&str> = booked.chain(off).collect();
        self.outbox.iter().filter(move |message| {
            let OutgoingMessage { markdown, text, card, .. } = message;
            let is_named = || known_by.is_in(markdown) || known_by.is_in(text);
            let is_on_card = || card.as_ref().is_some_and(|card| known_by.is_in(&card.to_string()));
            let is_theirs = matches!(&message.to, Address::Person(email) if known_by.is(email));
            !is_theirs && (message.meetings().any(|tag| tags.contains(tag)) || is_named() || is_on_card())
        })
    }

    /// What waits to be sent to those who were to meet somebody in the last weeks: it may name them by a name that others
    /// have, too.
    pub fn waiting_for_partners(&self, person: PersonId) -> impl Iterator<Item = &OutgoingMessage> {
        let groups =
            self.bookings.iter().map(|booking| booking.people).chain(self.called_off.iter().map(|off| off.people));
        let partners = groups.filter(|group| group.has(person)).flat_map(|group| group.people().to_vec());
        let partners: HashSet<&str> = partners.filter(|id| *id != person).map(|id| self.email(id)).collect();
        self.outbox.iter().filter(move |message| match &message.to {
            Address::Person(email) => partners.contains(&**email),
            Address::Space(_) | Address::Thread(_) => false,
        })
    }

    /// Removes names and addresses from everything that others are told, and what was to be sent there. Cost: linear in
    /// the state.
    pub fn strike_out(&mut self, known_by: &KnownBy) {
        let names = |texts: &[Box<str>]| texts.iter().any(|text| known_by.is_in(text));
        self.last_said.retain(|one| {
            !names(&one.question.choices) && !names(&one.question.patterns) && !known_by.is_in(&one.question.typed)
        });
        self.outbox.retain(|message| !matches!(&message.to, Address::Person(email) if known_by.is(email)));
        for message in &mut self.outbox {
            let OutgoingMessage { key, markdown, text, card, asks, .. } = message;
            let is_named =
                |asks: &Question| names(&asks.choices) || names(&asks.patterns) || known_by.is_in(&asks.typed);
            *asks = asks.take().filter(|asks| !is_named(asks));
            (*key, *markdown, *text) =
                (known_by.struck_out(key), known_by.struck_out(markdown), known_by.struck_out(text));
            card.iter_mut().for_each(|card| known_by.strike_out_of(card));
        }
        for draft in &mut self.drafts {
            draft.text = known_by.struck_out(&draft.text);
        }
        for left_out in self.rounds.iter_mut().flat_map(|round| &mut round.left_out) {
            if let Reason::OddNumber(why) | Reason::NoPartner(why) = &mut left_out.reason {
                *why = known_by.struck_out(why);
            }
        }
        for Booking { stage, .. } in &mut self.bookings {
            if let Stage::Refused { why, .. } = stage {
                *why = known_by.struck_out(why);
            }
        }
    }

    /// Those who left, whose last round was before that day, who have no meeting ahead, and who are not forgotten yet.
    pub fn long_gone(&self, index: &PersonIndex, before: NaiveDate) -> Vec<PersonId> {
        // Most programmes are younger than that.
        if self.first_round().is_none_or(|first| first >= before) {
            return Vec::new();
        }
        let is_there = |person: PersonId| index.position(person).is_some();
        let mut is_gone: Vec<bool> =
            PersonId::first(self.people.len()).map(|person| !is_there(person) && !self.is_forgotten(person)).collect();
        for round in self.rounds.iter().filter(|round| round.date >= before) {
            let left_out = round.left_out.iter().flat_map(|left_out| left_out.people.iter().copied());
            let meet = round.groups().flat_map(|(_, group)| group.people().to_vec());
            meet.chain(left_out).for_each(|person| is_gone[person.index()] = false);
        }
        let recent = self.bookings.iter().flat_map(|booking| booking.people.people().to_vec());
        let joined = self.joined.iter().flatten().filter(|joined| joined.on >= before).map(|joined| joined.person);
        recent.chain(joined).for_each(|person| is_gone[person.index()] = false);
        PersonId::first(self.people.len()).filter(|person| is_gone[person.index()]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_and_addresses_are_struck_out_and_nothing_else_is() {
        let ann = KnownBy::new(["ann@example.com", "Ann Lée", "Al"]);
        let ann = ann.beside(["O'Ann@example.com", "x/ann@example.com", "bo@example.com"]);
        for (text, struck_out) in [
            ("You meet Ann Lee (IT).", "You meet … (IT)."),
            ("ANN LÉE", "…"),
            ("Ann Leery and Joann Lee", "Ann Leery and Joann Lee"),
            ("write to Ann@Example.com, or ann@example.com.", "write to …, or …."),
            ("joann@example.com ann@example.community", "joann@example.com ann@example.community"),
            ("x.ann@example.com, x-ann@example.com", "x.ann@example.com, x-ann@example.com"),
            ("x_ann@example.com, x+ann@example.com", "x_ann@example.com, x+ann@example.com"),
            ("ann@example.com.ua ann@example.com-x.de", "ann@example.com.ua ann@example.com-x.de"),
            ("<ann@example.com> 'ann@example.com' mailto:ann@example.com", "<…> '…' mailto:…"),
            ("- ann@example.com: ann@example.com-", "- …: …-"),
            ("Mary-Ann Lee and Ann Lee-Moss know Ann Lee's cat", "Mary-Ann Lee and Ann Lee-Moss know …'s cat"),
            ("o'ann@example.com, x/ann@example.com; 'ann@example.com'", "o'ann@example.com, x/ann@example.com; '…'"),
            ("Al knows Ann", "Al knows Ann"),
            ("", ""),
        ] {
            assert_eq!(ann.struck_out(text), struck_out);
            assert_eq!(ann.is_in(text), text != struck_out, "{text}");
        }
        let mut card = serde_json::json!({ "body": [{ "text": "Meet Ann Lee" }, 3], "to": ["ann@example.com"] });
        ann.strike_out_of(&mut card);
        assert_eq!(card, serde_json::json!({ "body": [{ "text": "Meet …" }, 3], "to": ["…"] }));
    }
}
