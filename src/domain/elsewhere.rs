//! What other programmes that share people, a bot or an organizer with this one have at Webex: when people meet there,
//! and how much that leaves of what Webex allows one organizer. Knows their states; does not know which programmes
//! there are, and changes nothing.

use chrono::{DateTime, TimeDelta, Utc};
use hashbrown::{HashMap, HashSet};

use super::calendar::spread::Taken;
use super::roster::Roster;
use super::state::State;
use super::state::bookings::{Booking, BookingRequests};

/// What the other programmes of the same people and organizer have booked; by default there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// When people meet in other programmes, by address.
    busy: HashMap<Box<str>, Vec<Taken>>,
    /// When the organizer's own meetings in other programmes are.
    hosted: Vec<Taken>,
    /// The requests that other programmes made to Webex as the same organizer.
    asked: Vec<BookingRequests>,
    /// The names of messages of other programmes that arrived and that no key distinguishes from others.
    arrived: HashSet<Box<str>>,
    /// Whether there are programmes that cannot be read.
    pub is_partly_unseen: bool,
}

impl Elsewhere {
    /// Adds another programme, with its own roster if that is known. On the `roster` of this programme, people are
    /// known by their current addresses; the other programme may know them by former ones.
    pub fn add(&mut self, other: &State, theirs: Option<&Roster>, roster: &Roster, same_organizer: bool) {
        for booking in other.bookings.iter().filter(|booking| booking.may_be_at_webex()) {
            for person in booking.people.people() {
                let email = other.email(*person);
                let mut all: Vec<Box<str>> = theirs.map(|theirs| theirs.former_of(email)).unwrap_or_default();
                all.push(email.into());
                all.iter_mut().for_each(|email| *email = roster.current(email).into());
                all.sort_unstable();
                all.dedup();
                all.into_iter().for_each(|email| self.busy.entry(email).or_default().extend(booking.taken()));
            }
        }
        self.arrived.extend(other.arrived.iter().map(|arrived| arrived.id.clone()));
        if same_organizer {
            let hosted = |booking: &&Booking| booking.may_be_at_webex() && booking.host.is_none();
            self.hosted.extend(other.bookings.iter().filter(hosted).flat_map(Booking::taken));
            self.asked.extend(&other.asked);
        }
    }

    /// Whether other programmes have nothing at Webex.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// When whoever has that address meets somebody in another programme.
    pub fn busy(&self, email: &str) -> &[Taken] {
        self.busy.get(email).map_or(&[], Vec::as_slice)
    }

    /// Whether whoever has that address meets somebody in another programme during these minutes from `start` on.
    pub fn is_busy(&self, email: &str, start: DateTime<Utc>, minutes: u16) -> bool {
        self.busy(email).iter().any(|taken| overlaps(*taken, start, minutes))
    }

    /// Whether a message of that id belongs to another programme.
    pub fn has_arrived(&self, id: &str) -> bool {
        self.arrived.contains(id)
    }

    /// When the organizer's own meetings in other programmes are.
    pub fn hosted(&self) -> &[Taken] {
        &self.hosted
    }

    /// The requests that other programmes made to Webex as the same organizer in the last 24 hours.
    pub fn asked(&self) -> &[BookingRequests] {
        &self.asked
    }
}

/// Whether any of the taken times overlaps these minutes from `start` on.
pub fn overlaps((from, to): Taken, start: DateTime<Utc>, minutes: u16) -> bool {
    from < start + TimeDelta::minutes(minutes.into()) && start < to
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::state::bookings::Stage;
    use crate::domain::state::{Group, PersonId};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn booking(start: &str, stage: Stage) -> Booking {
        let round: NaiveDate = "2026-12-02".parse().unwrap();
        let pair = Group::Pair([0, 1].map(PersonId::new));
        let start = at(start).fixed_offset();
        Booking { stage, ..Booking::begun("tag".to_owned(), round, pair, (start, 30)) }
    }

    #[test]
    fn who_meets_elsewhere_is_busy_then_and_before_and_after_it_they_are_not() {
        let mut other = State { people: vec!["ada@example.com".into(), "ben@example.com".into()], ..State::default() };
        let moved = Booking {
            agreed: Some(at("2026-12-03T12:00:00Z").fixed_offset()),
            ..booking("2026-12-02T15:00:00Z", Stage::Begun)
        };
        other.bookings = vec![moved, booking("2026-12-02T09:00:00Z", Stage::Deleted)];
        other.asked = vec![BookingRequests { at: at("2026-12-01T09:00:00Z"), count: 2 }];
        let mut elsewhere = Elsewhere::default();
        elsewhere.add(&other, None, &Roster::default(), false);
        assert_eq!((elsewhere.hosted().len(), elsewhere.asked().len()), (0, 0));
        elsewhere.add(&State::default(), None, &Roster::default(), true);
        let busy = |email: &str, start: &str| elsewhere.is_busy(email, at(start), 30);
        for (start, is_busy) in [
            ("2026-12-02T14:30:00Z", false),
            ("2026-12-02T14:31:00Z", true),
            ("2026-12-02T15:29:00Z", true),
            ("2026-12-02T15:30:00Z", false),
            ("2026-12-03T12:10:00Z", true),
            ("2026-12-02T09:00:00Z", false),
        ] {
            assert_eq!(busy("ada@example.com", start), is_busy, "{start}");
            assert_eq!(busy("ben@example.com", start), is_busy, "{start}");
            assert!(!busy("cid@example.com", start));
        }
        elsewhere.add(&other, None, &Roster::default(), true);
        assert_eq!((elsewhere.hosted().len(), elsewhere.asked().len()), (2, 1));
    }
}
