//! What came before a round that is brought in line: whom everybody met, and how often they were left out. Read once,
//! when the first round needs it; most runs need none of it.

use super::ReplanInput;
use crate::domain::calendar::week_of;
use crate::domain::meeting_history::{MeetingGroup, MeetingHistory};
use crate::domain::pairing::sit_outs::SitOuts;
use crate::domain::state::{Group, Round};

/// The history before the next round, and who was drawn for the rounds after it.
pub(super) struct Past<'a> {
    input: ReplanInput<'a>,
    /// The place of the first round ahead.
    first: usize,
    /// The rounds from there on that were looked at: as they now stand, if that has changed.
    looked_at: Vec<Option<Round>>,
    read: Option<(MeetingHistory, SitOuts)>,
}

impl<'a> Past<'a> {
    /// The past before the round at that place.
    pub(super) fn new(input: ReplanInput<'a>, first: usize) -> Self {
        Self { input, first, looked_at: Vec::new(), read: None }
    }

    /// Whom everybody met or is to meet, including rounds to come; and how often everybody was left out before the next
    /// round. Cost: at the first call, that of reading all rounds.
    pub(super) fn read(&mut self) -> (&MeetingHistory, &SitOuts) {
        let Self { input, first, looked_at, read } = self;
        let (history, sit_outs) = read.get_or_insert_with(|| {
            let ReplanInput { state, index, .. } = *input;
            let before = *first + looked_at.len();
            let stands = |at: usize| {
                let new = at.checked_sub(*first).and_then(|at| looked_at.get(at)).and_then(Option::as_ref);
                new.unwrap_or(&state.rounds[at])
            };
            let rounds = (0..state.rounds.len()).map(|at| {
                let round = stands(at);
                let groups: Vec<Group> = if at < before {
                    round.groups().map(|(_, group)| group).collect()
                } else {
                    round.drawn_groups().collect()
                };
                let input = *input;
                (week_of(round.date), groups.into_iter().map(move |group| met(input, group)))
            });
            let history = MeetingHistory::new(index.ids.len(), state.rounds.len() - before, rounds);
            let mut sit_outs = SitOuts::new(index.ids.len());
            (0..before).for_each(|at| sit_outs.hold(stands(at), index));
            (history, sit_outs)
        });
        (history, sit_outs)
    }

    /// The next round was looked at: it stands as it was, or as given.
    pub(super) fn advance(&mut self, was: &Round, new: Option<&Round>) {
        let stands = new.unwrap_or(was);
        if let Some((history, sit_outs)) = &mut self.read {
            let week = week_of(stands.date);
            let changes = &stands.changes;
            changes.missing.iter().for_each(|group| history.remove(week, met(self.input, *group)));
            if !changes.added.is_empty() {
                history.add(week, changes.added.iter().map(|group| met(self.input, *group)));
            }
            sit_outs.hold(stands, self.input.index);
        }
        self.looked_at.push(new.cloned());
    }
}

/// A group by positions; people who have left are left out.
fn met(input: ReplanInput<'_>, group: Group) -> MeetingGroup {
    let place = |at: usize| group.people().get(at).and_then(|id| input.index.position(*id));
    MeetingGroup([place(0), place(1), place(2)])
}
