//! The state: who met whom, and what is drawn, as the programme remembers it.
//! Knows the types and what they mean; knows no file and no JSON.

use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Tz;

use super::booking::{Asked, Booking};

/// A person's number in the state: an index into [`State::people`]. Never reused.
pub type PersonId = u32;

/// Everything that is remembered between two runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

impl Round {
    /// The pairs and trios, each with its start, by start.
    pub fn groups(&self) -> impl Iterator<Item = (DateTime<FixedOffset>, Group)> + '_ {
        self.slots.iter().flat_map(|slot| {
            let pairs = slot.pairs.iter().copied().map(Group::Pair);
            pairs.chain(slot.trios.iter().copied().map(Group::Trio)).map(|group| (slot.start, group))
        })
    }

    /// The number of pairs, a trio counting as one.
    pub fn pair_count(&self) -> usize {
        self.slots.iter().map(|slot| slot.pairs.len() + slot.trios.len()).sum()
    }
}
