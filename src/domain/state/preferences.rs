//! How somebody takes part, as they told the bot: pauses, skipped weeks, leaving, and wishes about others; and whether
//! the bot can reach them at all. Kept in the state, separate from the roster, which is the organizer's.

use chrono::{Days, NaiveDate};

use super::{PersonId, Reason, State};
use crate::domain::calendar::week_of;

/// What one person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Who made the choices.
    pub person: PersonId,
    /// The last day on which they do not take part.
    pub paused_until: Option<NaiveDate>,
    /// Whether they left for good.
    pub stopped: bool,
    /// A day in each of the weeks that they skip, ascending.
    pub skipped: Vec<NaiveDate>,
    /// The people with whom they do not want to be paired, ascending. Nobody is told.
    pub not_with: Vec<PersonId>,
    /// The day on which Webex did not know their address.
    pub unreachable: Option<NaiveDate>,
    /// The day of their last sign, if that is kept.
    pub last_sign: Option<NaiveDate>,
    /// Whether they are on a break because they gave no sign for a long time.
    pub silent: bool,
}

/// How long somebody who cannot be reached is not drawn; then it is tried again.
const UNREACHABLE: Days = Days::new(60);

/// A sign within this time before a round counts for that round: it is introduced a week ahead.
pub const OF_ROUND: Days = Days::new(7);

/// The last day of a pause that has no end.
pub const NO_END: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

impl Choice {
    /// Whether they skip the round in that day's week.
    pub fn skips(&self, round: NaiveDate) -> bool {
        self.skipped.iter().any(|day| week_of(*day) == week_of(round))
    }

    /// Why they do not take part on that date, if they do not.
    pub fn away(&self, date: NaiveDate) -> Option<Reason> {
        let until = if self.stopped { Some(NO_END) } else { self.paused_until.filter(|until| date <= *until) };
        let paused = until.map(Reason::Paused).or_else(|| self.silent.then_some(Reason::Silent));
        paused.or_else(|| self.skips(date).then_some(Reason::Skips))
    }

    /// Whether they cannot be reached on that day, as far as is known.
    pub fn is_unreachable(&self, date: NaiveDate) -> bool {
        self.unreachable.and_then(|on| on.checked_add_days(UNREACHABLE)).is_some_and(|end| date < end)
    }

    fn says_something(&self) -> bool {
        *self != Self { person: self.person, ..Self::default() }
    }
}

impl State {
    /// The number of an address, which is added to the state if it is new there.
    pub fn person_or_insert(&mut self, email: &str) -> PersonId {
        let known = self.people.iter().position(|one| **one == *email);
        PersonId::new(known.unwrap_or_else(|| {
            self.people.push(email.into());
            self.people.len() - 1
        }))
    }

    /// What a person chose; nothing if they have not said anything yet.
    pub fn choice_of(&self, person: PersonId) -> Choice {
        let at = self.choices.binary_search_by_key(&person, |choice| choice.person);
        at.map_or_else(|_| Choice { person, ..Choice::default() }, |at| self.choices[at].clone())
    }

    /// Records that somebody gave a sign on that day; returns whether that ends a break they were given for giving
    /// none.
    pub fn give_sign(&mut self, person: PersonId, on: NaiveDate) -> bool {
        let choice = self.choice_of(person);
        let was_silent = choice.silent;
        self.choose(Choice { last_sign: choice.last_sign.max(Some(on)), silent: false, ..choice });
        was_silent
    }

    /// By person: for how many of the most recent rounds in a row in which people could be heard they gave no sign.
    /// Cost: linear in the places of those rounds.
    pub fn rounds_without_sign(&self) -> Vec<u32> {
        let mut rounds_without = vec![0_u32; self.people.len()];
        let mut gave_one = vec![false; self.people.len()];
        let heard = |date: NaiveDate| self.heard.iter().any(|one| week_of(*one) == week_of(date));
        for round in self.rounds.iter().rev().filter(|round| heard(round.date)) {
            let since = round.date.checked_sub_days(OF_ROUND).unwrap_or(round.date);
            for person in round.groups().flat_map(|(_, group)| group.people().to_vec()) {
                let sign = self.choice_of(person).last_sign;
                gave_one[person.index()] |= sign.is_some_and(|sign| since <= sign);
                rounds_without[person.index()] += u32::from(!gave_one[person.index()]);
            }
        }
        rounds_without
    }

    /// Stores what a person chose.
    pub fn choose(&mut self, choice: Choice) {
        let at = self.choices.binary_search_by_key(&choice.person, |choice| choice.person);
        match at {
            Ok(at) if choice.says_something() => self.choices[at] = choice,
            Ok(at) => drop(self.choices.remove(at)),
            Err(at) if choice.says_something() => self.choices.insert(at, choice),
            Err(_) => {}
        }
    }
}
