//! Somebody is forgotten: their name and address are removed from everything that is remembered. That one number met
//! another stays, and so do all counts, but nobody can tell any more whose number it was.

use chrono::NaiveDate;
use serde_json::Value;

use super::bookings::{Booking, Stage};
use super::last_said::Question;
use super::outbox::{Address, OutgoingMessage};
use super::person_index::PersonIndex;
use super::{PersonId, Reason, State};
use crate::domain::text;

/// Replaces a name or an address in what somebody else is to read.
const NOBODY: &str = "…";
/// The beginning of the placeholder for the address of somebody who is forgotten: no real address begins like that.
const FORGOTTEN: &str = "forgotten-";

/// What somebody is known by and what is to be removed from texts: addresses and names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownBy(Vec<String>);

impl KnownBy {
    /// These addresses and names, except those too short to be told from other words.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all: Vec<String> = texts.into_iter().map(|text| text::folded(text.trim())).collect();
        all.retain(|text| text.chars().count() > 2);
        all.sort_by_key(|text| std::cmp::Reverse(text.len()));
        all.dedup();
        Self(all)
    }

    /// Known by both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::new(self.0.iter().chain(&other.0).map(String::as_str))
    }

    /// Whether a text names them, in whole words and regardless of case.
    pub fn is_in(&self, text: &str) -> bool {
        self.struck_out(text) != text
    }

    /// The text without their names and addresses.
    pub fn struck_out(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, known| strike_out(&text, known))
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

/// The text without each place at which `known`, which is folded, occurs as whole words.
fn strike_out(text: &str, known: &str) -> String {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_begun = is_letter(out.chars().next_back()) || out.ends_with(['@', '.']) && known.contains('@');
        // Folded, a letter may be longer or shorter.
        let end = (!is_begun).then(|| {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
            { ends }.take_while(|end| *end <= 4 * known.len() + 8).find(|end| text::folded(&rest[..*end]) == known)
        });
        match end.flatten().filter(|end| !is_letter(rest[*end..].chars().next())) {
            Some(end) => {
                out.push_str(NOBODY);
                rest = &rest[end..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

impl State {
    /// Whether it is no longer known who that was.
    pub fn is_forgotten(&self, person: PersonId) -> bool {
        self.email(person).starts_with(FORGOTTEN)
    }

    /// Forgets who somebody is, what they chose and what they were to be told. Their upcoming meetings must be
    /// cancelled first. Cost: linear in the state.
    pub fn forget_person(&mut self, person: PersonId, known_by: &KnownBy) {
        let email =
            std::mem::replace(&mut self.people[person.index()], format!("{FORGOTTEN}{}", person.number()).into());
        self.choices.retain(|choice| choice.person != person);
        self.left.retain(|left| left.person != person);
        self.news.retain(|news| news.person != person);
        let names = |texts: &[Box<str>]| texts.iter().any(|text| known_by.is_in(text));
        self.last_said.retain(|one| {
            one.person != person
                && !names(&one.question.choices)
                && !names(&one.question.patterns)
                && !known_by.is_in(&one.question.typed)
        });
        self.outbox.retain(|message| message.to != Address::Person(email.clone()));
        for message in &mut self.outbox {
            let OutgoingMessage { markdown, text, card, asks, .. } = message;
            let is_named =
                |asks: &Question| names(&asks.choices) || names(&asks.patterns) || known_by.is_in(&asks.typed);
            *asks = asks.take().filter(|asks| !is_named(asks));
            (*markdown, *text) = (known_by.struck_out(markdown), known_by.struck_out(text));
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
        for booking in &mut self.bookings {
            let Booking { invited_as, hosted_as, host, stage, .. } = booking;
            invited_as.retain(|(id, _)| *id != person);
            if *host == Some(person) {
                *hosted_as = None;
            }
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
        for (text, struck_out) in [
            ("You meet Ann Lee (IT).", "You meet … (IT)."),
            ("ANN LÉE", "…"),
            ("Ann Leery and Joann Lee", "Ann Leery and Joann Lee"),
            ("write to Ann@Example.com, or ann@example.com.", "write to …, or …."),
            ("joann@example.com ann@example.community", "joann@example.com ann@example.community"),
            ("x.ann@example.com", "x.ann@example.com"),
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
