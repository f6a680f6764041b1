//! What a sound state is: whatever contradicts itself is found before it is trusted, and before it is kept.
//! Knows the state's types; knows no file. Counts people from 1, as those who read the messages do.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::calendar::week_of;
use super::state::{PersonId, Reason, Round, State};

/// So many contradictions are told; of more, only the number.
const TOLD: usize = 20;

impl State {
    /// What contradicts itself in the state, a sentence each; none when it is sound.
    /// Takes one pass, and four bytes a person besides a table of the addresses.
    pub fn contradictions(&self) -> Vec<String> {
        let mut check =
            Check { people: &self.people, seen: vec![0; self.people.len()], turn: 0, told: vec![], more: 0 };
        check.addresses();
        for (at, round) in self.rounds.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| self.rounds[before].date);
            if let Some(before) = before {
                let date = round.date;
                if before == date {
                    check.tell(format_args!("round {date}: it is there twice"));
                } else if before > date {
                    check.tell(format_args!("round {date}: it stands after the round {before}"));
                }
            }
            check.round(round);
            if before.is_some_and(|before| before < round.date && week_of(before) == week_of(round.date)) {
                check.tell(format_args!("round {}: its week has another round", round.date));
            }
            for slot in &round.slots {
                if (slot.start.date_naive() - round.date).num_days().abs() > 1 {
                    check.tell(format_args!("round {}: a meeting starts at {}", round.date, slot.start));
                }
            }
        }
        for (at, groups) in self.season.iter().enumerate() {
            check.turn += 1;
            let place = format_args!("season, round {}", at + 1);
            for group in groups {
                check.group(place, group.people());
            }
        }
        check.bookings(self);
        if check.more > 0 {
            check.told.push(format!("and {} more", check.more));
        }
        check.told
    }
}

struct Check<'a> {
    people: &'a [Box<str>],
    /// For each person, the last turn in which they were seen. A turn is a round.
    seen: Vec<u32>,
    turn: u32,
    told: Vec<String>,
    more: usize,
}

impl<'a> Check<'a> {
    fn addresses(&mut self) {
        let mut owners: HashMap<&'a str, usize> = HashMap::with_capacity(self.people.len());
        for (person, email) in (1..).zip(self.people) {
            let email: &'a str = email;
            if email.trim().is_empty() {
                self.tell(format_args!("person {person}: no address"));
            } else if email.trim() != email || !is_lower_case(email) {
                self.tell(format_args!("person {person}: {email:?} is not trimmed and in lower case"));
            }
            if let Some(other) = owners.insert(email, person) {
                self.tell(format_args!("person {person}: {email} is already person {other}"));
            }
        }
    }

    fn round(&mut self, round: &Round) {
        self.turn += 1;
        let date = round.date;
        let mut before = None;
        for slot in &round.slots {
            let start = slot.start.to_rfc3339();
            if before.is_some_and(|before| before >= slot.start) {
                self.tell(format_args!("round {date}: the meetings at {start} do not stand after those before"));
            }
            before = Some(slot.start);
            if slot.pairs.is_empty() && slot.trios.is_empty() {
                self.tell(format_args!("round {date}: nobody meets at {start}"));
            }
            for pair in &slot.pairs {
                self.group(format_args!("round {date}"), pair);
            }
            for trio in &slot.trios {
                self.group(format_args!("round {date}"), trio);
            }
        }
        for left_out in &round.left_out {
            let people = &left_out.people;
            for &person in people {
                self.once(format_args!("round {date}"), person);
            }
            if !people.is_sorted() {
                let why = word(&left_out.reason);
                self.tell(format_args!("round {date}: the people left out ({why}) are not in ascending order"));
            }
        }
    }

    fn bookings(&mut self, state: &State) {
        let mut tags = HashSet::with_capacity(state.bookings.len());
        for booking in &state.bookings {
            self.turn += 1;
            let place = format_args!("the booking {}", booking.tag);
            self.group(place, booking.people.people());
            if !tags.insert(&*booking.tag) {
                self.tell(format_args!("{place}: it is there twice"));
            }
            let known = self.people.len();
            if let Some(host) = booking.host.filter(|host| *host as usize >= known) {
                self.tell(format_args!("{place}: there is no person {}, only {known}", host.wrapping_add(1)));
            }
        }
    }

    fn group(&mut self, place: fmt::Arguments<'_>, people: &[PersonId]) {
        if !people.is_sorted() {
            let people: Vec<_> = people.iter().map(|id| id.wrapping_add(1)).collect();
            self.tell(format_args!("{place}: {people:?} is not in ascending order"));
        }
        for &person in people {
            self.once(place, person);
        }
    }

    fn once(&mut self, place: fmt::Arguments<'_>, person: PersonId) {
        let index = person as usize;
        match self.seen.get_mut(index) {
            Some(turn) if *turn != self.turn => *turn = self.turn,
            Some(_) => {
                let email = &self.people[index];
                self.tell(format_args!("{place}: person {} ({email}) is there twice", index + 1));
            }
            None => {
                let known = self.people.len();
                self.tell(format_args!("{place}: there is no person {}, only {known}", person.wrapping_add(1)));
            }
        }
    }

    fn tell(&mut self, what: fmt::Arguments<'_>) {
        if self.told.len() < TOLD {
            self.told.push(what.to_string());
        } else {
            self.more += 1;
        }
    }
}

fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::OddNumber(_) => "odd number",
        Reason::NoPartner(_) => "no partner",
        Reason::Limit => "limit",
        Reason::Paused(_) => "paused",
        Reason::Cancelled(_) => "cancelled",
    }
}

fn is_lower_case(text: &str) -> bool {
    if text.is_ascii() { !text.bytes().any(|it| it.is_ascii_uppercase()) } else { text.to_lowercase() == text }
}
