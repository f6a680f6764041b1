//! Draws a round after which the season has as many rounds left as possible.
//!
//! A round is drawn from all the best ones, and kept if the rest of the season can still be found afterwards
//! ([`hill_climb`]); after some failed tries, one of the rounds that are known to be possible is taken. In odd teams
//! that rest, the season has a resting place that everybody has once: turns stay fair.

pub mod hill_climb;

use rand::Rng;
use rand::seq::SliceRandom;

use self::hill_climb::{Open, Planned};
use super::matching::problem::{Cost, Matching, Problem};
use super::matching::{self, Drawn};
use crate::domain::roster::RosterIndex;

/// Up to this number of participants the season is planned.
pub const MOST: usize = 120;

/// How hard the season is searched for, in steps per participant: for a new plan, and to check whether a round keeps it
/// possible.
const PLAN_STEPS: u64 = 6_000;
const KEEP_STEPS: u64 = 600;

/// How many draws are tried before a round of the plan is taken.
const TRIES: usize = 4;

/// Draws a round; `season` holds the rounds known to be possible before it, and then those after it. Cost: at most a few
/// draws, and a number of hill-climbing steps that is linear in the participants, of whom there are at most [`MOST`].
pub fn draw_round(problem: &Problem<'_>, season: &mut Vec<Matching>, rng: &mut impl Rng) -> Drawn {
    let n = problem.people.len();
    let known = std::mem::take(season);
    let drawn = matching::solve(problem, rng);
    if !(2..=MOST).contains(&n) || n / 2 > problem.limit || drawn.matching.groups() == 0 {
        return drawn;
    }
    let team = Team::new(problem, &drawn.matching);
    let Some(plan) = team.plan(&known, rng) else { return drawn };
    let mut plan = team.possible(plan);
    if plan.is_empty() {
        return drawn;
    }
    let mut candidate = drawn.clone();
    for _ in 0..TRIES {
        if candidate.cost.repeats == 0
            && let Some(rest) = team.keep(&plan, &candidate.matching, rng)
        {
            *season = team.possible(rest).iter().map(|planned| team.seated(planned)).collect();
            return candidate;
        }
        candidate = matching::solve(problem, rng);
    }
    plan.shuffle(rng);
    let mut plan: Vec<Matching> = plan.iter().map(|planned| team.seated(planned)).collect();
    let fairest = (0..plan.len()).min_by_key(|at| problem.cost(&plan[*at]));
    let Some(chosen) = fairest.map(|at| plan.swap_remove(at)) else { return drawn };
    *season = plan;
    let cost = problem.cost(&chosen);
    // How many people can meet is always certain, except if a trio was searched for among more people than can be
    // enumerated.
    let certain = drawn.optimal || n <= matching::enumerate::MOST || !problem.odd_joins();
    let as_many = certain && cost.left_out == drawn.cost.left_out;
    let optimal = cost.repeats == 0 && (cost.left_out == 0 || as_many);
    Drawn { cost, matching: chosen, optimal, ..drawn }
}

/// The most rounds like this one that are possible without a repeat, by counting.
pub fn bound(problem: &Problem<'_>, like: &Matching) -> usize {
    Team::new(problem, like).open.bound()
}

/// The people of a problem, as the season knows them.
struct Team<'q> {
    problem: &'q Problem<'q>,
    open: Open,
}

impl<'q> Team<'q> {
    /// Who may still meet somebody new, in rounds like this one.
    fn new(problem: &'q Problem<'q>, like: &Matching) -> Self {
        let people = problem.people;
        let n = people.len();
        let rests = like.left_out.len() == 1 && like.trio.is_none();
        let left_out = if rests { 0 } else { like.left_out.len() };
        let mut open = Open::new(n + usize::from(rests), left_out, like.trio.is_some());
        for (a, i) in people.iter().zip(0..) {
            for (b, j) in people.iter().zip(0..i) {
                open.set(i, j, problem.pair(*a, *b) == Cost::default());
            }
        }
        if rests {
            // Those whose turn it is rest first; if they are too few for a season, those with the next turn too.
            let turns = |person: &RosterIndex| problem.turns[person.index()];
            let fewest = people.iter().map(turns).min().unwrap_or(0);
            let mut let_rest = |most: u32| {
                for (person, i) in people.iter().zip(0..) {
                    open.set(i, n as u16, turns(person) <= most);
                }
                open.bound()
            };
            let longest = let_rest(fewest + 1);
            let first = people.iter().filter(|person| turns(person) == fewest).count();
            if first >= longest {
                let_rest(fewest);
            }
        }
        Self { problem, open }
    }

    fn rests(&self) -> bool {
        self.open.people() > self.problem.people.len()
    }

    /// As many rounds as can be found: the known ones, if they still hold; otherwise as close to the bound as possible.
    /// None if there is not a single one.
    fn plan(&self, known: &[Matching], rng: &mut impl Rng) -> Option<Vec<Planned>> {
        let known: Vec<Planned> = known.iter().map(|matching| self.planned(matching)).collect();
        if !known.is_empty()
            && let Some(plan) = hill_climb::find(&self.open, known.len(), &known, 0, rng)
        {
            return Some(plan);
        }
        let steps = PLAN_STEPS * self.problem.people.len() as u64;
        (1..=self.open.bound()).rev().find_map(|rounds| hill_climb::find(&self.open, rounds, &known, steps, rng))
    }

    /// Without the rounds whose trio has no common slot although each two of its people do: the season knows only
    /// pairs.
    fn possible(&self, mut plan: Vec<Planned>) -> Vec<Planned> {
        plan.retain(|planned| self.problem.cost(&self.seated(planned)).forbidden == 0);
        plan
    }

    /// The rest of the season after this round, if all of it can still be found.
    fn keep(&self, plan: &[Planned], round: &Matching, rng: &mut impl Rng) -> Option<Vec<Planned>> {
        let mut left = self.open.clone();
        for [a, b] in self.planned(round).pairings() {
            if !left.get(a, b) {
                return None;
            }
            left.set(a, b, false);
        }
        let shares = |planned: &Planned| planned.pairings().filter(|[a, b]| !left.get(*a, *b)).count();
        let mut known = plan.to_vec();
        known.sort_by_cached_key(|planned| std::cmp::Reverse(shares(planned)));
        let steps = KEEP_STEPS * self.problem.people.len() as u64;
        hill_climb::find(&left, plan.len() - 1, &known[1..], steps, rng)
    }

    fn planned(&self, matching: &Matching) -> Planned {
        let people = self.problem.people;
        let place = |person: &RosterIndex| people.binary_search(person).ok().map(|at| at as u16);
        let trio = |[a, b, c]: [RosterIndex; 3]| Some([place(&a)?, place(&b)?, place(&c)?]);
        let mut pairs: Vec<[u16; 2]> =
            matching.pairs.iter().filter_map(|[a, b]| Some([place(a)?, place(b)?])).collect();
        if self.rests() {
            let mut alone = (0..people.len() as u16).filter(|at| !pairs.as_flattened().contains(at));
            if let (Some(rester), None) = (alone.next(), alone.next()) {
                pairs.push([rester, people.len() as u16]);
            }
        }
        Planned { pairs, trio: matching.trio.and_then(trio) }
    }

    fn seated(&self, planned: &Planned) -> Matching {
        let people = self.problem.people;
        let person = |at: u16| people[usize::from(at)];
        let both = |pair: &&[u16; 2]| pair.iter().all(|at| usize::from(*at) < people.len());
        let pairs: Vec<[RosterIndex; 2]> = planned.pairs.iter().filter(both).map(|pair| pair.map(person)).collect();
        let trio = planned.trio.map(|trio| trio.map(person));
        let mut left_out = people.to_vec();
        left_out.retain(|one| !pairs.as_flattened().contains(one) && !trio.is_some_and(|trio| trio.contains(one)));
        Matching { pairs, trio, left_out }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::calendar::Day;
    use crate::domain::meeting_history::MeetingHistory;
    use crate::domain::pairing::matching::tests::{meeting, pairing, roster};
    use crate::domain::roster::places;
    use crate::domain::rules::Rules;
    use crate::domain::settings::Meeting;
    use crate::domain::state::State;

    #[test]
    fn a_planned_trio_without_a_time_for_all_three_is_given_up() {
        let mut staff = roster(&[1, 2, 3]);
        let hours = [("Pacific/Kiritimati", "09:00-17:30"), ("UTC", "00:00-10:00"), ("UTC", "09:00-24:00")];
        for (employee, (zone, hours)) in staff.employees.iter_mut().zip(hours) {
            (employee.timezone, employee.working_hours) =
                (Some(crate::domain::zone::Zone::compiled_in(zone.parse().unwrap())), Some(hours.parse().unwrap()));
        }
        let meeting = Meeting { timezone: crate::domain::zone::Zone::UTC, ..meeting() };
        let (rules, _) = Rules::new(&staff, &pairing(), &meeting, &State::default());
        let day = Day::new(&meeting, "2027-03-03".parse().unwrap(), DateTime::UNIX_EPOCH, rules.schedules());
        let met = MeetingHistory::new(3, 1, std::iter::empty::<(i32, std::iter::Empty<_>)>());
        let problem = Problem {
            rules: &rules,
            met: &met,
            day: &day,
            people: &places([0, 1, 2]),
            turns: &[0; 3],
            trio: true,
            limit: usize::MAX,
            cost_table: None,
            drawn: None,
        };
        let like = Matching { trio: Some(places([0, 1, 2])), ..Matching::default() };
        let team = Team::new(&problem, &like);
        let trio = Planned { pairs: vec![], trio: Some([0, 1, 2]) };
        assert!(trio.pairings().all(|[a, b]| team.open.get(a, b)), "each two may meet");
        assert_eq!(team.possible(vec![trio]), []);
    }
}
