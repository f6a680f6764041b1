//! Rounds as the state keeps them: who meets when, and who is left out and why.
//! Knows people by their numbers only.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use smallvec::SmallVec;

use super::bookings::OffReason;
use super::preferences::NO_END;
use crate::domain::zone::Zone;

/// A person's number in the state: an index into [`super::State::people`]. It is never reused, and it is not a place on
/// the roster.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct PersonId(u32);

impl PersonId {
    /// The number that belongs to nobody.
    pub const NOBODY: Self = Self(u32::MAX);

    /// The person at this place of [`super::State::people`].
    pub const fn new(index: usize) -> Self {
        Self(index as u32)
    }

    /// The index into [`super::State::people`].
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The number that people read in files and in the names of pairs; it counts from 1.
    #[inline]
    pub const fn number(self) -> u32 {
        self.0.wrapping_add(1)
    }

    /// The person with a number that counts from 1; 0 is [`PersonId::NOBODY`].
    #[inline]
    pub const fn from_number(number: u32) -> Self {
        Self(number.wrapping_sub(1))
    }

    /// The first `count` people of the state.
    pub fn first(count: usize) -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..count).map(Self::new)
    }
}

/// People by their indices.
#[cfg(test)]
pub fn ids<const N: usize>(indices: [usize; N]) -> [PersonId; N] {
    indices.map(PersonId::new)
}

/// As the bare index: digests of plans are computed from it.
impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// One week's draw: who meets, when, and who is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The date, which names the round.
    pub date: NaiveDate,
    /// The seed of the draw that made it.
    pub seed: u64,
    /// The programme's zone when it was drawn.
    pub timezone: Zone,
    /// Who meets, by start, ascending.
    pub slots: Vec<Slot>,
    /// Who is left out, by reason.
    pub left_out: Vec<LeftOut>,
    /// No draw can have more pairs than this.
    pub best_possible_pairs: usize,
    /// Whether it is proven that no draw has more pairs, or as many pairs with fewer repeats.
    pub optimal: bool,
    /// How it has changed since it was drawn.
    pub changes: Changes,
    /// The outcome of its meetings, once their bookings are forgotten.
    pub outcomes: Outcomes,
}

/// The outcome of a round's meetings: it stays when their bookings are forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// About how many meetings anything was known.
    pub booked: usize,
    /// The groups that met, because it was seen or they say so; ascending.
    pub held: Vec<Group>,
    /// How many did not take place, according to those who were to meet.
    pub not_held: usize,
    /// Groups that stand in the round but whose meeting somebody deleted at Webex, ascending.
    pub deleted: Vec<Group>,
    /// How many of all these were moved to another time.
    pub moved: usize,
}

impl Outcomes {
    /// Whether nothing is known about any meeting.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How a round as it stands differs from the round as it was drawn. The draw itself is never forgotten, so that what
/// people undo is really undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Groups that were drawn but no longer stand, ascending.
    pub missing: Vec<Group>,
    /// Groups that stand but were not drawn, ascending.
    pub added: Vec<Group>,
    /// Who was left out by the draw although they took part, ascending; none if nothing changed.
    pub left_out: Vec<PersonId>,
    /// Meetings that were booked and called off because somebody cannot come, by time.
    pub released: Vec<Released>,
    /// What was known about the draw: the most pairs that any draw could have had, and whether it was proven the best;
    /// none if nothing changed.
    pub drawn: Option<(usize, bool)>,
}

/// A meeting that was booked and is called off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// Who was to meet.
    pub people: Group,
    /// When it was called off.
    pub at: DateTime<Utc>,
    /// Why it was called off.
    pub why: OffReason,
}

impl Changes {
    /// Whether the round is as it was drawn.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The pairs and trios of a round that meet at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The time at which they meet.
    pub start: DateTime<FixedOffset>,
    /// Two people each, the lower number first.
    pub pairs: Vec<[PersonId; 2]>,
    /// Three people each, ascending.
    pub trios: Vec<[PersonId; 3]>,
}

/// People who are left out of a round for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Why they are left out.
    pub reason: Reason,
    /// The people, ascending.
    pub people: Vec<PersonId>,
}

/// Why a meeting is off, in words that are kept, and so name nobody.
pub mod why_off {
    macro_rules! reasons {
        ($($(#[$doc:meta])* $name:ident = $words:literal;)*) => {
            $($(#[$doc])* pub const $name: &str = $words;)*
            const ALL: &[&str] = &[$($name),*];
        };
    }

    reasons! {
        /// The people who were to meet say that they could not.
        COULD_NOT = "they could not meet";
        /// Somebody else in it cannot come.
        PARTNER_GONE = "the partner cannot come";
        /// The reader could not come at first.
        SELF_GONE = "they could not come themselves at first";
        /// There is no round in its week after all.
        WEEK_OFF = "the whole week is off";
        /// The programme no longer meets in its week.
        NO_ROUND = "no round in that week";
        /// A rule has come to keep them apart.
        RULES = "a rule keeps them apart";
        /// One of them does not work on its day.
        DAY_OFF = "one of them has a day off";
        /// Their working hours have no time in common.
        NO_TIME = "their working hours do not overlap";
        /// Somebody deleted it.
        BY_HAND = "deleted at Webex by hand";
        /// Others are drawn in its place.
        DRAWN_AGAIN = "drawn again";
        /// Webex never took it.
        NEVER_BOOKED = "their meeting was never booked";
        /// Two who were drawn are one person.
        ONE_PERSON = "two meetings of one person";
    }

    /// The reason in a state: older versions wrote who it was that could not come.
    pub fn without_names(text: &str) -> &'static str {
        ALL.iter().find(|known| **known == text).copied().unwrap_or(PARTNER_GONE)
    }
}

/// Why somebody is left out of a round.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The number of participants is odd; the text gives more details if there are any.
    OddNumber(String),
    /// The rules leave no partner; the text names the rules.
    NoPartner(String),
    /// `max_pairs_per_round` is reached.
    Limit,
    /// They asked to pause, up to and including that day.
    Paused(NaiveDate),
    /// They are on a break because they gave no sign for a long time.
    Silent,
    /// They asked to skip it.
    Skips,
    /// They had a partner, but the meeting is off; the text says why.
    Cancelled(&'static str),
    /// Webex does not know their address.
    Unreachable,
    /// It is a holiday where they are.
    Holiday,
    /// They do not work on that day of the week.
    DayOff,
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
    /// The people who meet.
    pub fn people(&self) -> &[PersonId] {
        match self {
            Self::Pair(people) => people,
            Self::Trio(people) => people,
        }
    }

    /// Whether somebody is one of them.
    pub fn has(&self, person: PersonId) -> bool {
        self.people().contains(&person)
    }

    /// These people, if they are two or three.
    pub fn of(people: &[PersonId]) -> Option<Self> {
        match *people {
            [a, b] => Some(Self::Pair([a, b])),
            [a, b, c] => Some(Self::Trio([a, b, c])),
            _ => None,
        }
    }

    /// Those of its people for whom `stays` is true, if they are two or three.
    pub fn only(&self, stays: impl Fn(PersonId) -> bool) -> Option<Self> {
        let rest: SmallVec<[PersonId; 3]> = self.people().iter().copied().filter(|id| stays(*id)).collect();
        Self::of(&rest)
    }

    /// Whether this pair is two of those three people.
    pub fn is_rest_of(&self, trio: Group) -> bool {
        matches!((self, trio), (Self::Pair(pair), Self::Trio(trio)) if pair.iter().all(|id| trio.contains(id)))
    }
}

impl Slot {
    /// Its pairs and trios, each with its start.
    pub fn groups(&self) -> impl Iterator<Item = (DateTime<FixedOffset>, Group)> + '_ {
        let pairs = self.pairs.iter().copied().map(Group::Pair);
        pairs.chain(self.trios.iter().copied().map(Group::Trio)).map(|group| (self.start, group))
    }
}

impl Round {
    /// Whether it did not take place at all, because there is no round in its week after all.
    pub fn is_off(&self) -> bool {
        let is_off =
            |left_out: &LeftOut| matches!(left_out.reason, Reason::Cancelled(why_off::WEEK_OFF | why_off::NO_ROUND));
        self.groups().next().is_none() && self.left_out.iter().any(is_off)
    }

    /// The pairs and trios, each with its start, by start.
    pub fn groups(&self) -> impl Iterator<Item = (DateTime<FixedOffset>, Group)> + '_ {
        self.slots.iter().flat_map(Slot::groups)
    }

    /// The pairs and trios as they were drawn, in no particular order.
    pub fn drawn_groups(&self) -> impl Iterator<Item = Group> + '_ {
        let stands = self.groups().map(|(_, group)| group);
        let drawn = stands.filter(|group| self.changes.added.binary_search(group).is_err());
        drawn.chain(self.changes.missing.iter().copied())
    }

    /// The pairs and trios that stand, ascending.
    pub fn standing(&self) -> Vec<Group> {
        let mut standing: Vec<Group> = self.groups().map(|(_, group)| group).collect();
        standing.sort_unstable();
        standing
    }

    /// Who was left out by the draw although they took part, in no particular order.
    pub fn drawn_left_out(&self) -> Vec<PersonId> {
        if !self.changes.is_empty() {
            return self.changes.left_out.clone();
        }
        let turns = self.left_out.iter().filter(|left_out| left_out.reason.is_a_turn());
        turns.flat_map(|left_out| left_out.people.iter().copied()).collect()
    }

    /// Removes a group, and its slot if it was the last one there.
    pub fn remove(&mut self, group: Group) {
        for slot in &mut self.slots {
            match group {
                Group::Pair(pair) => slot.pairs.retain(|one| *one != pair),
                Group::Trio(trio) => slot.trios.retain(|one| *one != trio),
            }
        }
        self.slots.retain(|slot| !(slot.pairs.is_empty() && slot.trios.is_empty()));
    }

    /// What is known about the draw: the most pairs that any draw could have had, and whether it was proven the best.
    pub fn drawn_quality(&self) -> (usize, bool) {
        self.changes.drawn.unwrap_or((self.best_possible_pairs, self.optimal))
    }

    /// Removes a group whose meeting is off because somebody cannot come.
    pub fn take_apart(&mut self, group: Group, at: DateTime<Utc>, why: OffReason) {
        self.changes.drawn = Some(self.drawn_quality());
        self.changes.left_out = self.drawn_left_out();
        self.changes.left_out.sort_unstable();
        match self.changes.added.binary_search(&group) {
            Ok(place) => drop(self.changes.added.remove(place)),
            Err(_) => {
                self.changes.missing.push(group);
                self.changes.missing.sort_unstable();
            }
        }
        self.changes.released.push(Released { people: group, at, why });
        self.remove(group);
    }

    /// Puts a group into its place.
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

    /// Leaves somebody out, unless they are already left out for another reason.
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

    /// No longer leaves somebody out.
    pub fn take_in(&mut self, id: PersonId) {
        self.left_out.iter_mut().for_each(|left_out| left_out.people.retain(|one| *one != id));
        self.left_out.retain(|left_out| !left_out.people.is_empty());
    }

    /// The number of pairs, a trio counting as one.
    pub fn pair_count(&self) -> usize {
        self.slots.iter().map(|slot| slot.pairs.len() + slot.trios.len()).sum()
    }
}

impl Reason {
    /// Whether it was their turn to be left out: they took part but had nobody to meet.
    pub fn is_a_turn(&self) -> bool {
        !matches!(self, Self::Paused(_) | Self::Silent | Self::Skips | Self::Unreachable | Self::Holiday | Self::DayOff)
    }

    /// Why somebody of that name does not take part, as a sentence.
    pub fn of(&self, name: &str) -> String {
        match self {
            Self::Paused(until) if *until != NO_END => format!("{name} is {self}"),
            Self::Holiday => format!("{name} has a holiday"),
            why => format!("{name} {why}"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OddNumber(why) if why.is_empty() => f.write_str("odd number"),
            Self::OddNumber(why) => write!(f, "odd number: {why}"),
            Self::NoPartner(why) => write!(f, "no admissible partner: {why}"),
            Self::Limit => f.write_str("limit: max_pairs_per_round"),
            Self::Paused(until) if *until == NO_END => f.write_str("no longer takes part"),
            Self::Paused(until) => write!(f, "paused until {until}"),
            Self::Silent => f.write_str("is on a break after giving no sign for a long time"),
            Self::Skips => f.write_str("skips this round"),
            Self::Cancelled(why) => write!(f, "meeting cancelled: {why}"),
            Self::Unreachable => f.write_str("Webex does not know the address"),
            Self::Holiday => f.write_str("holiday"),
            Self::DayOff => f.write_str("does not work on that day"),
        }
    }
}
