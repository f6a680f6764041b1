//! The state: who met whom, and what is drawn, as the programme remembers it.
//! Knows the types and what they mean; knows no file and no JSON.

use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Tz;

use super::booking::{Asked, Booking};
use super::choice::Choice;
use super::conversation::outbox::{Handled, Parcel, Told};

/// A person's number in the state: an index into [`State::people`]. Never reused.
pub type PersonId = u32;

/// Everything that is remembered between two runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The addresses (lower case) of everybody who was ever in a round, by [`PersonId`].
    pub people: Vec<Box<str>>,
    /// The rounds, by date.
    pub rounds: Vec<Round>,
    /// Rounds that are known to be possible after the last one without a repeat, in no particular order:
    /// the proof that the season can be finished. Empty where none is kept.
    pub season: Vec<Vec<Group>>,
    /// How many employees the roster had at the last draw; 0 before the first.
    pub roster_size: usize,
    /// The meetings at Webex that are ahead or not long over, by round and people.
    pub bookings: Vec<Booking>,
    /// What was asked of Webex in the last 24 hours, by time: it allows so many meetings a day.
    pub asked: Vec<Asked>,
    /// How people take part, as they told the bot, by person.
    pub choices: Vec<Choice>,
    /// Who was told what.
    pub told: Vec<Told>,
    /// What is to be sent, in the order in which it was written.
    pub outbox: Vec<Parcel>,
    /// Events that were worked through, by time.
    pub handled: Vec<Handled>,
    /// Announcements that the organizer looked at, and may send to all.
    pub drafts: Vec<Draft>,
}

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Names it: the same text and picture have the same.
    pub key: String,
    /// The text, in Markdown.
    pub text: String,
    /// The picture's address.
    pub image: Option<String>,
}

/// One week's draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The day, which names the round.
    pub date: NaiveDate,
    /// The seed of the draw that made it.
    pub seed: u64,
    /// The programme's zone when it was drawn.
    pub timezone: Tz,
    /// Who meets, by start, ascending.
    pub slots: Vec<Slot>,
    /// Who does not, by reason.
    pub left_out: Vec<LeftOut>,
    /// The most pairs that anyone could have drawn.
    pub best_possible_pairs: usize,
    /// Whether it is proven that no draw has more pairs, or as many with fewer repeats.
    pub optimal: bool,
}

/// The pairs and trios of a round that meet at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When they meet.
    pub start: DateTime<FixedOffset>,
    /// Two people each, the lower number first.
    pub pairs: Vec<[PersonId; 2]>,
    /// Three people each, ascending.
    pub trios: Vec<[PersonId; 3]>,
}

/// People who are left out of a round for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Why.
    pub reason: Reason,
    /// Who, ascending.
    pub people: Vec<PersonId>,
}

/// Why somebody is left out of a round.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The number of participants is odd; the text says more where there is more to say.
    OddNumber(String),
    /// The rules leave no partner; the text names the rules.
    NoPartner(String),
    /// `max_pairs_per_round` is reached.
    Limit,
    /// They asked to pause, up to and including that day.
    Paused(NaiveDate),
    /// They had a partner, and the meeting is off; the text says why.
    Cancelled(String),
    /// Webex does not know their address.
    Unreachable,
}

/// Two people, or three, who meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Two people, the lower number first.
    Pair([PersonId; 2]),
    /// Three people, ascending.
    Trio([PersonId; 3]),
}

impl Group {
    /// Who meets.
    pub fn people(&self) -> &[PersonId] {
        match self {
            Self::Pair(people) => people,
            Self::Trio(people) => people,
        }
    }
}

impl State {
    /// How many places there are in all its rounds: what work on it is measured by.
    pub fn places(&self) -> usize {
        self.people.len() * self.rounds.len()
    }
}

impl Round {
    /// The pairs and trios, each with its start, by start.
    pub fn groups(&self) -> impl Iterator<Item = (DateTime<FixedOffset>, Group)> + '_ {
        self.slots.iter().flat_map(|slot| {
            let pairs = slot.pairs.iter().copied().map(Group::Pair);
            pairs.chain(slot.trios.iter().copied().map(Group::Trio)).map(|group| (slot.start, group))
        })
    }

    /// Takes a group out.
    pub fn remove(&mut self, group: Group) {
        for slot in &mut self.slots {
            match group {
                Group::Pair(pair) => slot.pairs.retain(|one| *one != pair),
                Group::Trio(trio) => slot.trios.retain(|one| *one != trio),
            }
        }
        self.slots.retain(|slot| !(slot.pairs.is_empty() && slot.trios.is_empty()));
    }

    /// Puts a group in its place.
    pub fn add(&mut self, start: DateTime<FixedOffset>, group: Group) {
        let at = self.slots.partition_point(|slot| slot.start < start);
        if self.slots.get(at).is_none_or(|slot| slot.start != start) {
            self.slots.insert(at, Slot { start, pairs: Vec::new(), trios: Vec::new() });
        }
        let slot = &mut self.slots[at];
        match group {
            Group::Pair(pair) => {
                slot.pairs.push(pair);
                slot.pairs.sort_unstable();
            }
            Group::Trio(trio) => {
                slot.trios.push(trio);
                slot.trios.sort_unstable();
            }
        }
    }

    /// Leaves somebody out, who is not left out for another reason.
    pub fn leave_out(&mut self, reason: Reason, id: PersonId) {
        let at = self.left_out.iter().position(|left_out| left_out.reason == reason).unwrap_or_else(|| {
            self.left_out.push(LeftOut { reason, people: Vec::new() });
            self.left_out.len() - 1
        });
        let people = &mut self.left_out[at].people;
        if let Err(at) = people.binary_search(&id) {
            people.insert(at, id);
        }
        self.left_out.sort_by(|a, b| a.reason.cmp(&b.reason));
    }

    /// Leaves somebody out no more.
    pub fn take_in(&mut self, id: PersonId) {
        self.left_out.iter_mut().for_each(|left_out| left_out.people.retain(|one| *one != id));
        self.left_out.retain(|left_out| !left_out.people.is_empty());
    }

    /// The number of pairs, a trio counting as one.
    pub fn pair_count(&self) -> usize {
        self.slots.iter().map(|slot| slot.pairs.len() + slot.trios.len()).sum()
    }
}
