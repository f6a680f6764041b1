//! A person as files name them: by a number that counts from 1.
//! Knows that the program's own [`PersonId`] counts from 0, so that nothing else in this folder need know it.

use serde::{Deserialize, Serialize};

use crate::domain::state::{Group, PersonId};

/// A person's number in a file.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct PersonNumber(u32);

impl From<PersonId> for PersonNumber {
    fn from(id: PersonId) -> Self {
        Self(id.number())
    }
}

impl From<PersonNumber> for PersonId {
    fn from(PersonNumber(number): PersonNumber) -> Self {
        Self::from_number(number)
    }
}

/// People as a file names them.
pub(super) fn numbers(ids: &[PersonId]) -> Vec<PersonNumber> {
    ids.iter().copied().map(Into::into).collect()
}

/// People as a file named them.
pub(super) fn ids(numbers: Vec<PersonNumber>) -> Vec<PersonId> {
    numbers.into_iter().map(Into::into).collect()
}

/// Two or three people who meet.
///
/// # Errors
/// There are fewer or more.
pub(super) fn group(people: Vec<PersonNumber>) -> Result<Group, String> {
    let mut people = ids(people);
    people.sort_unstable();
    Group::of(&people).ok_or_else(|| format!("a group of {} people", people.len()))
}
