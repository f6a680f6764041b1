//! Conversation starters: which one the people of a meeting get (one of the organizer's own, or a built-in one), and
//! what they have in common. Knows texts and the roster's tags; knows no file and no sentence.

use super::calendar::week_of;
use super::language::Language;
use super::roster::{Roster, RosterIndex};
use super::state::Group;
use super::text::folded;

/// The placeholder in a starter for the tag that the people share.
pub const TAG: &str = "{tag}";

/// A starter of the organizer's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnStarter {
    /// The language that it is in; none if it serves for all.
    pub language: Option<Language>,
    /// One or two sentences, which may have a place for a shared tag.
    pub text: String,
}

/// All starters of the organizer's own; the built-in ones are used if there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Starters(pub Vec<OwnStarter>);

/// What the people of a meeting may talk about first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Starter<Text = String> {
    /// A built-in one, by number.
    BuiltIn(u64),
    /// The text of one of the organizer's own.
    Own(Text),
    /// They share this tag.
    Shared(Text),
}

impl<Text> Starter<Text> {
    /// The same with another kind of text.
    pub fn map<Other>(self, change: impl FnOnce(Text) -> Other) -> Starter<Other> {
        match self {
            Self::BuiltIn(number) => Starter::BuiltIn(number),
            Self::Own(text) => Starter::Own(change(text)),
            Self::Shared(tag) => Starter::Shared(change(tag)),
        }
    }
}

impl Starters {
    /// What the people of a meeting get, in the language of whoever reads it: if they share a tag, a starter that names
    /// it. Tags are not used unless the organizer gave starters. Each week brings another one, so that the same two
    /// people get a new one when they meet again.
    pub fn choose(
        &self,
        language: Language,
        (people, round): (Group, chrono::NaiveDate),
        (roster, positions): (&Roster, &[Option<RosterIndex>]),
    ) -> Starter {
        let week = u64::from(week_of(round).unsigned_abs());
        let number = people.people().iter().fold(week, |sum, id| sum.wrapping_add(7 * id.index() as u64));
        if self.0.is_empty() {
            return Starter::BuiltIn(number);
        }
        let one_of = |list: &[&str]| -> Option<String> {
            let place = number.checked_rem(list.len() as u64)?;
            list.get(place as usize).map(|one| (*one).to_owned())
        };
        let own = |with_tag: bool| -> Vec<&str> {
            let fits =
                |one: &&OwnStarter| one.language.is_none_or(|it| it == language) && one.text.contains(TAG) == with_tag;
            self.0.iter().filter(fits).map(|one| &*one.text).collect()
        };
        let people: Option<Vec<RosterIndex>> = people.people().iter().map(|id| positions[id.index()]).collect();
        let shared = people.map(|people| shared_tags(roster, &people)).unwrap_or_default();
        if let Some(tag) = one_of(&shared) {
            let named = one_of(&own(true)).map(|text| Starter::Own(text.replace(TAG, &tag)));
            return named.unwrap_or(Starter::Shared(tag));
        }
        one_of(&own(false)).map_or(Starter::BuiltIn(number), Starter::Own)
    }
}

/// The tags that all of these have, as the first of them spells them.
fn shared_tags<'a>(roster: &'a Roster, people: &[RosterIndex]) -> Vec<&'a str> {
    let column = roster.columns.iter().find(|column| column.name == "tags");
    let tags = |at: &RosterIndex| -> Vec<&'a str> {
        let text = column.map_or("", |column| column.value(*at));
        text.split([';', ',', '|', '\n']).map(str::trim).filter(|tag| !tag.is_empty()).collect()
    };
    let Some((first, others)) = people.split_first() else { return Vec::new() };
    let has = |at: &RosterIndex, tag: &str| tags(at).into_iter().any(|other| folded(other) == folded(tag));
    tags(first).into_iter().filter(|tag| others.iter().all(|other| has(other, tag))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::Column;
    use crate::domain::state::rounds::ids;

    fn roster(tags: &[&str]) -> Roster {
        let column = Column {
            name: "tags".to_owned(),
            heading: "Tags".to_owned(),
            values: tags.iter().map(|it| (*it).to_owned()).collect(),
            cells: (0..tags.len() as u32).collect(),
            parts: Default::default(),
        };
        Roster { columns: vec![column], ..Roster::default() }
    }

    fn chosen(starters: &[(Option<Language>, &str)], tags: &[&str], people: &[usize]) -> Starter {
        let own = starters.iter().map(|(language, text)| OwnStarter { language: *language, text: (*text).to_owned() });
        let people = match people {
            [a, b] => Group::Pair(ids([*a, *b])),
            [a, b, c] => Group::Trio(ids([*a, *b, *c])),
            _ => panic!("{people:?}"),
        };
        let positions: Vec<_> = (0..tags.len()).map(|at| Some(RosterIndex::new(at))).collect();
        let round = (people, "2026-12-02".parse().unwrap());
        Starters(own.collect()).choose(Language::English, round, (&roster(tags), &positions))
    }

    #[test]
    fn a_shared_tag_is_named_by_a_starter_that_has_a_place_for_it() {
        let own = [(None, "Both like {tag}."), (None, "Talk."), (Some(Language::Ukrainian), "Поговоріть.")];
        let own_of = |text: &str| Starter::Own(text.to_owned());
        for (tags, people, expected) in [
            (["Chess; hiking", "HIKING, Tea", ""], &[0, 1][..], own_of("Both like hiking.")),
            (["chess", "tea", ""], &[0, 1], own_of("Talk.")),
            (["", "", ""], &[0, 1], own_of("Talk.")),
            (["a|b", "b", "a"], &[0, 1, 2], own_of("Talk.")),
            (["a|b", "b", "b; c"], &[0, 1, 2], own_of("Both like b.")),
        ] {
            assert_eq!(chosen(&own, &tags, people), expected, "{tags:?}");
        }
        assert_eq!(chosen(&[(None, "Talk.")], &["tea", "Tea"], &[0, 1]), Starter::Shared("tea".to_owned()));
    }

    #[test]
    fn without_starters_of_ones_own_those_of_the_program_are_taken_and_tags_are_nobodys_business() {
        let is_built_in = |it: &Starter| matches!(it, Starter::BuiltIn(_));
        assert!(is_built_in(&chosen(&[], &["tea", "tea"], &[0, 1])));
        assert!(is_built_in(&chosen(&[(Some(Language::Ukrainian), "Поговоріть.")], &["", ""], &[0, 1])));
    }
}
