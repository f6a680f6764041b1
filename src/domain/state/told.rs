//! Who was told what: a list in chronological order, searched by kind and subject in constant time, because every
//! person is looked up whenever the program looks at what is due. Knows no message.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::OnceLock;

use smallvec::SmallVec;

use super::outbox::{Kind, Notified};

/// Who was told what. Can be read as a slice.
#[derive(Clone, Debug, Default)]
pub struct Told {
    list: Vec<Notified>,
    /// By kind and subject, their places in the list; built on the first query.
    places: OnceLock<HashMap<u64, SmallVec<[u32; 1]>>>,
}

impl Told {
    /// All entries of that kind about that subject, in order. Cost: constant, after a first pass over the list.
    pub(super) fn about<'a>(&'a self, kind: Kind, about: &'a str) -> impl Iterator<Item = &'a Notified> {
        let places = self.places().get(&key(kind, about)).map_or(&[][..], SmallVec::as_slice);
        let all = places.iter().map(|place| &self.list[*place as usize]);
        all.filter(move |told| told.kind == kind && *told.about == *about)
    }

    /// The entry of that kind, subject and day, created if there is none.
    pub(super) fn entry(&mut self, new: Notified) -> &mut Notified {
        let key = key(new.kind, &new.about);
        let same = |told: &Notified| told.kind == new.kind && told.about == new.about && told.on == new.on;
        let places = self.places().get(&key).map_or(&[][..], SmallVec::as_slice);
        let found = places.iter().map(|place| *place as usize).find(|place| same(&self.list[*place]));
        let place = found.unwrap_or(self.list.len());
        if found.is_none() {
            self.list.push(new);
            if let Some(places) = self.places.get_mut() {
                places.entry(key).or_default().push(place as u32);
            }
        }
        &mut self.list[place]
    }

    /// Forgets the entries that are not to be kept.
    pub fn retain(&mut self, keep: impl FnMut(&Notified) -> bool) {
        self.list.retain(keep);
        self.places = OnceLock::new();
    }

    /// Who was told may be changed; what they were told may not.
    pub(super) fn people_of_all(&mut self) -> impl Iterator<Item = &mut Vec<super::PersonId>> {
        self.list.iter_mut().map(|told| &mut told.people)
    }

    fn places(&self) -> &HashMap<u64, SmallVec<[u32; 1]>> {
        self.places.get_or_init(|| {
            let mut places: HashMap<u64, SmallVec<[u32; 1]>> = HashMap::with_capacity(self.list.len());
            for (place, told) in (0..).zip(&self.list) {
                places.entry(key(told.kind, &told.about)).or_default().push(place);
            }
            places
        })
    }
}

fn key(kind: Kind, about: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, about).hash(&mut hasher);
    hasher.finish()
}

impl Deref for Told {
    type Target = [Notified];

    fn deref(&self) -> &[Notified] {
        &self.list
    }
}

impl From<Vec<Notified>> for Told {
    fn from(list: Vec<Notified>) -> Self {
        Self { list, places: OnceLock::new() }
    }
}

impl PartialEq for Told {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::PersonId;

    fn told(kind: Kind, about: &str, on: &str) -> Notified {
        Notified { kind, about: about.into(), on: on.parse().unwrap(), people: Vec::new() }
    }

    #[test]
    fn what_is_added_or_forgotten_after_somebody_asked_is_found_or_not() {
        let mut log = Told::from(vec![told(Kind::Intro, "a", "2026-12-01")]);
        let count = |log: &Told, kind, about| log.about(kind, about).count();
        assert_eq!((count(&log, Kind::Intro, "a"), count(&log, Kind::Asked, "a")), (1, 0));
        log.entry(told(Kind::Intro, "b", "2026-12-01")).people.push(PersonId::new(1));
        log.entry(told(Kind::Intro, "b", "2026-12-01")).people.push(PersonId::new(2));
        log.entry(told(Kind::Intro, "b", "2026-12-02"));
        assert_eq!((log.len(), count(&log, Kind::Intro, "b")), (3, 2));
        assert_eq!(log.about(Kind::Intro, "b").next().unwrap().people.len(), 2);
        log.retain(|told| *told.about != *"a");
        assert_eq!((count(&log, Kind::Intro, "a"), count(&log, Kind::Intro, "b")), (0, 2));
    }
}
