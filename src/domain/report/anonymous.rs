//! The report in a form in which nobody can be identified: nobody is named, no figure is about fewer than five people,
//! and no such figure can be computed from the others by subtraction. Works on the report alone.

use super::{
    DepartmentCell, DepartmentFigures, DepartmentTable, NetworkFigures, OutcomeCounts, PartnerCount, ReasonFigures,
    Report, RoundFigures, Why,
};

/// No figure is shown about fewer people than this.
pub const FEWEST: usize = 5;

/// The report would be about fewer people than a figure may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew;

fn is_few(count: usize) -> bool {
    count > 0 && count < FEWEST
}

fn unless_few(count: Option<usize>) -> Option<usize> {
    count.filter(|count| !is_few(*count))
}

impl Report {
    /// The same report, anonymous.
    ///
    /// # Errors
    /// So few people took part that every figure would be about them.
    pub fn anonymous(mut self) -> Result<Self, TooFew> {
        let met = self.reach.map_or(0, |reach| (reach * self.participants as f64).round() as usize);
        if self.participants < FEWEST || met < FEWEST {
            return Err(TooFew);
        }
        self.anonymous = true;
        self.left_out.clear();
        self.met_nobody.clear();
        self.sat_out = None;
        if is_few(self.participants - met) {
            self.reach = None;
            self.hide_pairs();
        }
        let all_moved = self.moved_of.zip(self.moved).map(|(of, moved)| of - moved);
        self.moved = unless_few(self.moved).filter(|_| unless_few(all_moved).is_some());
        self.moved_of = None;
        self.repeats = unless_few(self.repeats);
        if self.repeats.is_none() {
            // Less the pairs that have met, the meetings would tell how many met again.
            self.coverage = None;
        }
        if self.network.people.is_some_and(is_few) {
            (self.network, self.coverage) = (NetworkFigures::default(), None);
        }
        self.network.people = self.network.people.filter(|here| !is_few(self.participants.abs_diff(*here)));
        self.network.points.iter_mut().for_each(|point| point.confirmed = None);
        self.coverage.iter_mut().for_each(|coverage| coverage.confirmed = None);
        let partners = put_together(&self.partners);
        if partners != self.partners {
            // Two sums over the bins would tell what was put together.
            (self.partners_each, self.evenness) = (None, None);
        }
        self.partners = partners;
        // What the times are more than the people are those of few to whom it happened again.
        let is_again = |reason: &ReasonFigures| is_few(reason.times.saturating_sub(reason.people));
        let spares_few = |reason: &ReasonFigures| is_few(self.participants.saturating_sub(reason.people));
        self.reasons.retain(|reason| {
            reason.people >= FEWEST && reason.times >= FEWEST && !is_again(reason) && !spares_few(reason)
        });
        self.newcomers = self.newcomers.filter(|new| new.joined >= FEWEST).map(|mut new| {
            let is_safe = |count: Option<usize>| count.is_some_and(|it| !is_few(it) && !is_few(new.joined - it));
            let (met, settled) = (is_safe(new.met), is_safe(new.settled));
            new.days_to_first = new.days_to_first.filter(|_| met);
            new.departments = new.departments.filter(|_| settled);
            new.met = new.met.filter(|_| met);
            new.settled = new.settled.filter(|_| settled);
            new
        });
        self.departments = self.departments.anonymous();
        self.hide_meetings();
        self.round_shares();
        Ok(self)
    }

    /// In a round in which everybody is in one meeting, the pairs that met tell who was in none.
    fn hide_pairs(&mut self) {
        (self.coverage, self.partners_each, self.evenness) = (None, None, None);
    }

    /// A share to sixteen digits tells of how many it is one.
    fn round_shares(&mut self) {
        let network = &mut self.network;
        let points = network.points.iter_mut().flat_map(|point| [&mut point.share, &mut point.shuffled]);
        let figures = [&mut network.e_i, &mut network.e_i_before, &mut self.reach, &mut self.evenness];
        for share in points.chain(figures.into_iter().flatten()) {
            let rounded = (*share * 100.0).round() / 100.0;
            // What is nearly everybody is not everybody.
            *share = if *share < 1.0 { rounded.min(0.99) } else { rounded };
        }
    }

    /// For each round, only how many people met and the outcomes are shown: what remains of those who took part may be
    /// few people. If they are few in any round, or few meetings of any round had an outcome, no round is shown,
    /// because the sum would reveal it. The number of meetings is not shown either if few people were in none.
    fn hide_meetings(&mut self) {
        let participants = self.participants;
        let absent = |round: &RoundFigures| participants.abs_diff(round.met);
        let is_safe = |round: &RoundFigures| !is_few(round.met) && !is_few(absent(round)) && is_shown(round.outcomes);
        let are_safe = is_shown(self.outcomes) && self.rounds.iter().all(is_safe);
        if !is_shown(self.outcomes) {
            // Together with the pairs that have met, their number would tell how many did not take place.
            self.meetings = None;
            self.hide_pairs();
            let OutcomeCounts { held, unknown, .. } = self.outcomes;
            let only_these = OutcomeCounts { held, not_held: None, unknown };
            let is_safe = !held.is_some_and(is_few) && !unknown.is_some_and(is_few);
            self.outcomes = if is_safe { only_these } else { OutcomeCounts::default() };
        }
        if is_few(self.rounds.iter().map(absent).sum()) {
            (self.meetings, self.outcomes) = (None, OutcomeCounts::default());
        }
        if !are_safe {
            self.rounds.clear();
        }
        // People who could not meet are those in the meetings that were not held.
        let is_known = self.outcomes.not_held.is_some();
        self.reasons.retain(|reason| is_known || reason.why != Why::CouldNot);
        for round in &mut self.rounds {
            (round.participants, round.left_out, round.away) = (None, None, None);
        }
    }
}

/// Whether none of the counts is of few meetings.
fn is_shown(outcomes: OutcomeCounts) -> bool {
    let OutcomeCounts { held, not_held, unknown } = outcomes;
    [held, not_held, unknown].into_iter().flatten().all(|count| !is_few(count))
}

/// Merges counts of few people with their neighbours.
pub(super) fn put_together(partners: &[PartnerCount]) -> Vec<PartnerCount> {
    let mut all: Vec<PartnerCount> = Vec::new();
    for next in partners {
        match all.last_mut().filter(|last| last.people < FEWEST) {
            Some(last) => *last = PartnerCount { to: next.to, people: last.people + next.people, ..*last },
            None => all.push(*next),
        }
    }
    if all.len() > 1 && all.last().is_some_and(|last| last.people < FEWEST) {
        let last = all.pop();
        for (before, last) in all.last_mut().into_iter().zip(last) {
            *before = PartnerCount { to: last.to, people: before.people + last.people, ..*before };
        }
    }
    all
}

impl DepartmentTable {
    /// Departments with few people are merged, together with the next smallest, until they are large enough. The
    /// expected number depends on the departments' sizes, which say nothing about who met. Cells about few people are
    /// hidden, and others with them, until the hidden ones are large enough together, in all and for each department:
    /// nothing but their sums can be computed. Cost: cubic in the departments.
    fn anonymous(&self) -> Self {
        // The largest come first.
        let mut kept = self.departments.iter().filter(|one| one.people >= FEWEST).count();
        let rest = |kept: usize| self.departments[kept..].iter().map(|one| one.people).sum::<usize>();
        while kept > 0 && is_few(rest(kept)) {
            kept -= 1;
        }
        let mut departments: Vec<DepartmentFigures> = self.departments[..kept].to_vec();
        if kept < self.departments.len() {
            let seats = self.departments[kept..].iter().map(|one| one.seats).sum();
            departments.push(DepartmentFigures { name: None, people: rest(kept), seats });
        }
        let mut cells: Vec<DepartmentCell> = Vec::new();
        let mut places = hashbrown::HashMap::new();
        for cell in &self.cells {
            let (a, b) = (cell.a.min(kept), cell.b.min(kept));
            let place = *places.entry((a, b)).or_insert_with(|| {
                cells.push(DepartmentCell { a, b, observed: Some(0), expected: None, people: 0, pairs: 0.0 });
                cells.len() - 1
            });
            let sum = &mut cells[place];
            sum.observed = sum.observed.zip(cell.observed).map(|(a, b)| a + b);
            sum.people = sum.people.max(cell.people);
            sum.pairs += cell.pairs;
        }
        let mut table = Self { departments, cells, by_size: true };
        if self.departments.len() == kept + 2 && self.departments[kept + 1].people < FEWEST {
            // Of two departments that are merged, it is known how often the people of the one met those of the other.
            table.cells.iter_mut().filter(|cell| (cell.a, cell.b) == (kept, kept)).for_each(|cell| cell.people = 0);
        }
        let pairs: Vec<f64> = table.cells.iter().map(|cell| cell.pairs).collect();
        table.share_out(&pairs);
        table.hide();
        // How often each department's people met would reveal what is hidden.
        table.departments.iter_mut().for_each(|one| one.seats = 0);
        table
    }

    fn hide(&mut self) {
        let is_few = |cell: &DepartmentCell| cell.observed.is_none_or(|it| it < FEWEST) || cell.people < FEWEST;
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        order.sort_by_key(|at| (!is_few(&self.cells[*at]), self.cells[*at].observed));
        let mut hidden: Vec<bool> = self.cells.iter().map(is_few).collect();
        // The sum of all may be known, and that of each department: how many meetings its people had.
        let mut sums: Vec<Vec<usize>> = vec![Vec::new(); self.departments.len()];
        for at in &order {
            let DepartmentCell { a, b, .. } = self.cells[*at];
            sums[a].push(*at);
            if a != b {
                sums[b].push(*at);
            }
        }
        sums.push(order);
        let next = |hidden: &[bool], sum: &Vec<usize>| {
            let theirs = sum.iter().filter(|at| hidden[**at]);
            let (count, times) =
                theirs.fold((0, 0), |(count, times), at| (count + 1, times + self.cells[*at].observed.unwrap_or(0)));
            let tells = count > 0 && (count < 2 || times < FEWEST);
            sum.iter().copied().find(|at| !hidden[*at]).filter(|_| tells)
        };
        while let Some(at) = sums.iter().find_map(|sum| next(&hidden, sum)) {
            hidden[at] = true;
        }
        for (cell, _) in self.cells.iter_mut().zip(hidden).filter(|(_, hidden)| *hidden) {
            (cell.observed, cell.expected) = (None, None);
        }
    }
}
