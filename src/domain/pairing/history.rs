//! What happened to everybody on today's roster so far: whom they met, and how often they were left out. Reads the
//! state by position on the roster; draws nothing and changes neither.

use super::sit_outs::SitOuts;
use crate::domain::calendar::week_of;
use crate::domain::meeting_history::{MeetingGroup, MeetingHistory};
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{PersonId, Round, State};
use crate::parallel;

/// Who met and who sat out, by position on the roster.
#[derive(Clone, Debug)]
pub struct History {
    /// Whom everybody has met.
    pub met: MeetingHistory,
    /// How often everybody was left out.
    pub turns: SitOuts,
}

impl History {
    /// The history of these people in the state's rounds that `counts`, with room for `more` rounds. Cost: linear in
    /// the meetings, and in rounds times people.
    pub fn new(index: &PersonIndex, state: &State, more: usize, counts: impl Fn(&Round) -> bool) -> Self {
        let rounds: Vec<&Round> = state.rounds.iter().filter(|round| counts(round)).collect();
        let here = |group: &[PersonId]| {
            let person = |i: usize| group.get(i).and_then(|id| index.positions[id.index()]);
            MeetingGroup([person(0), person(1), person(2)])
        };
        let meetings = rounds.iter().map(|round| {
            let pairs = round.slots.iter().flat_map(|slot| &slot.pairs).map(|pair| here(pair));
            let trios = round.slots.iter().flat_map(|slot| &slot.trios).map(|trio| here(trio));
            (week_of(round.date), pairs.chain(trios))
        });
        let people = index.ids.len();
        let turns = || {
            let mut turns = SitOuts::new(people);
            // Before somebody is first left out nobody has a turn, so of those rounds only the last one matters.
            let first = rounds.iter().position(|round| SitOuts::left_out(round).next().is_some());
            let from = first.unwrap_or(rounds.len()).saturating_sub(1);
            rounds[from..].iter().for_each(|round| turns.hold(round, index));
            turns
        };
        let (turns, met) = parallel::both(people * rounds.len(), turns, || MeetingHistory::new(people, more, meetings));
        Self { met, turns }
    }
}
