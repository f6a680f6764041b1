//! Brings drawn rounds in line with today's roster, rules, wishes and config: the plan lives.
//!
//! A round is provisional, pair by pair, until its meeting is booked. What is booked stays, unless it may not stand;
//! all others who take part are matched again, and among equally good rounds one is taken in which most of the drawn
//! pairs stay. Everything is decided from the round **as it was drawn** and from the world as it is now: what people
//! undo is undone, and what has been brought in line once does not change again.
//!
//! In reading order: [`Replan`] here (all rounds ahead, as a plan), `standing` (what of one round stands), `solve` (who
//! of the others meets whom), `past` (whom everybody met before it).

mod past;
mod solve;
mod standing;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use self::past::Past;
use self::standing::Standing;
use super::plan::Refusal;
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::calendar::week_of;
use crate::domain::limits;
use crate::domain::roster::{Roster, RosterIndex};
use crate::domain::rules::Rules;
use crate::domain::settings::{Meeting, Pairing};
use crate::domain::state::bookings::{Bookings, OffReason, Stage};
use crate::domain::state::outbox::Kind;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::rounds::why_off;
use crate::domain::state::{Group, Happened, Joined, PersonId, Reason, Round, State};
use crate::parallel;

/// Whoever is freed from a booked meeting is not matched again before this time has passed: a change of mind costs
/// nothing.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// How long ago a round may be for which it still matters whether its meetings were booked. Bookings are forgotten two
/// weeks after their end, which may be some days before the round's day if all of them moved.
const RECENT: TimeDelta = TimeDelta::days(9);

/// The key under which it is recorded that the organizers hear about somebody who left the roster.
const LEFT: &str = "left";

/// The world with which rounds are brought in line.
#[derive(Clone, Copy)]
pub struct ReplanInput<'a> {
    /// The state before it is brought in line.
    pub state: &'a State,
    /// The roster as it is today.
    pub roster: &'a Roster,
    /// Which person of the state is which employee on the roster, including newcomers.
    pub index: &'a PersonIndex,
    /// Who may meet whom, and who is away.
    pub rules: &'a Rules,
    /// What the organizer decides about pairs.
    pub pairing: &'a Pairing,
    /// What the organizer decides about meetings.
    pub meeting: &'a Meeting,
    /// The current time.
    pub now: DateTime<Utc>,
}

/// What changes in the rounds ahead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replan {
    /// Addresses to be added to the state.
    pub newcomers: Vec<Box<str>>,
    /// Who joined, if somebody has looked before; empty at the first look.
    pub joined: Vec<Joined>,
    /// Whether this is the first look at who is there.
    pub first_look: bool,
    /// The rounds that change, by date.
    pub rounds: Vec<ReplannedRound>,
    /// For how many rounds after the last one it is no longer certain that nobody has to meet the same person again.
    pub withdrawn: usize,
    /// People who were in the rounds ahead and are no longer on the roster.
    pub lost: Vec<PersonId>,
    /// How many people were in the rounds ahead.
    pub were_there: usize,
    /// Today, in the programme's zone.
    pub today: NaiveDate,
    /// How many employees the roster has.
    pub roster_size: usize,
}

/// A round ahead that changes, and what changes in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplannedRound {
    /// Its day in the state.
    pub was: NaiveDate,
    /// The round as it stands from now on.
    pub round: Round,
    /// The groups that do not meet after all, and why.
    pub off: Vec<(Group, Off)>,
    /// The groups that meet instead.
    pub new: Vec<Group>,
    /// The groups whose meeting was off and is on again because everybody is back.
    pub restored: Vec<Group>,
}

/// Why a group does not meet after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Off {
    /// What the people who were to meet are told.
    pub reason: OffReason,
    /// The reason in words for the organizer.
    pub why: String,
}

impl Replan {
    /// Decides what changes. Cost: linear in the rounds ahead and the roster if nothing changed; otherwise that of
    /// matching whoever is without a partner, and of reading the history once.
    pub fn new(input: ReplanInput<'_>) -> Self {
        let ReplanInput { state, index, meeting, now, .. } = input;
        let booked = Bookings::new(state);
        let first = first_ahead(state, &booked, meeting, now);
        let mut past = Past::new(input, first);
        let standing = parallel::map(state.places(), state.rounds[first..].iter().collect(), |round| {
            is_open(round, &booked, meeting, now).then(|| Standing::of(round, input, &booked))
        });
        let mut rounds = never_booked(&state.rounds[..first], input, &booked);
        for (round, standing) in state.rounds[first..].iter().zip(standing) {
            let new = standing.and_then(|standing| standing.settled(&mut past));
            past.advance(round, new.as_ref().map(|new| &new.round));
            rounds.extend(new);
        }
        let first_look = state.joined.is_none() && !state.rounds.is_empty();
        let (lost, were_there) = lost(state, index, first);
        let mut plan = Self {
            joined: if first_look { Vec::new() } else { joined(input) },
            newcomers: if state.rounds.is_empty() { Vec::new() } else { index.newcomers.clone() },
            first_look,
            lost,
            were_there,
            today: meeting.date_at(now),
            roster_size: index.ids.len(),
            rounds,
            withdrawn: 0,
        };
        plan.withdrawn = if plan.season_stands(input) { 0 } else { state.season.len() };
        plan
    }

    /// Whether nothing changes that anybody would see.
    pub fn is_empty(&self) -> bool {
        self.rounds.is_empty() && self.withdrawn == 0
    }

    /// Whether it changes the state.
    pub fn changes(&self) -> bool {
        !self.is_empty() || self.first_look || !self.newcomers.is_empty()
    }

    /// Whether it is safe: the roster has not lost more than three in ten of the people in the rounds ahead, as a
    /// half-exported file would have.
    ///
    /// # Errors
    /// Says how many are missing, and how to go on.
    pub fn check(&self) -> Result<(), Refusal> {
        let why = limits::people_lost(self.lost.len(), self.were_there).filter(|_| !self.rounds.is_empty());
        why.map_or(Ok(()), |why| {
            Err(Refusal {
                why,
                hint: "check that the roster is complete; if so many really left, run: roulette \
                        pair --allow-smaller-roster"
                    .to_owned(),
            })
        })
    }

    /// Carries out the plan on the state for which it was made.
    pub fn apply(&self, state: &mut State) {
        state.people.extend(self.newcomers.iter().cloned());
        for ReplannedRound { was, round, .. } in &self.rounds {
            if let Some(old) = state.rounds.iter_mut().find(|old| old.date == *was) {
                old.clone_from(round);
            }
        }
        state.rounds.sort_by_key(|round| round.date);
        if self.withdrawn > 0 {
            state.season.clear();
        }
        if self.first_look || state.joined.is_some() {
            state.joined.get_or_insert_default().extend(&self.joined);
        }
        for joined in &self.joined {
            state.record_news(joined.on, joined.person, Happened::Joined);
        }
        for person in &self.lost {
            // They may be in a round for longer than it takes to tell them.
            if state.was_told(Kind::News, LEFT, Some(*person)).is_none() {
                state.mark_told(Kind::News, LEFT, Some(*person), self.today);
                state.record_news(self.today, *person, Happened::Left);
            }
            // Whoever comes back is introduced as if for the first time: what they heard may be wrong by then.
            let ahead =
                state.bookings.iter().filter(|it| week_of(it.round) >= week_of(self.today) && it.people.has(*person));
            for tag in ahead.map(|booking| booking.tag.clone()).collect::<Vec<_>>() {
                state.unmark_told(Kind::Intro, &tag, *person);
            }
        }
    }

    /// The round of that day in the state, if it changes.
    pub fn round(&self, was: NaiveDate) -> Option<&ReplannedRound> {
        self.rounds.iter().find(|round| round.was == was)
    }

    /// Whether the rounds that are known to be possible still are: the same people take part, and nobody meets a
    /// partner from them earlier.
    fn season_stands(&self, input: ReplanInput<'_>) -> bool {
        let ReplanInput { state, index, rules, .. } = input;
        let (Some(season), Some(last)) = (state.season.first(), state.rounds.last()) else { return true };
        if self.rounds.is_empty() && self.newcomers.is_empty() {
            return true;
        }
        let mut people: Vec<PersonId> =
            rules.participants(last.date).into_iter().map(|person| index.ids[person.index()]).collect();
        people.sort_unstable();
        let mut planned: Vec<PersonId> = season.iter().flat_map(|group| group.people().to_vec()).collect();
        planned.sort_unstable();
        // In odd teams that rest, one of them is in no group.
        let same = planned.iter().all(|id| people.binary_search(id).is_ok()) && people.len() - planned.len() <= 1;
        let new: Vec<Group> = self.rounds.iter().flat_map(|round| round.new.iter().copied()).collect();
        let meets_before = |group: &Group| new.iter().any(|new| share_two(*new, *group));
        same && !state.season.iter().flatten().any(meets_before)
    }
}

/// Removes from the rounds ahead the groups of those who chose not to come, and nothing else: for a run that does not
/// trust the roster.
pub fn release(state: &mut State, meeting: &Meeting, now: DateTime<Utc>) {
    let choices = state.choices.clone();
    for round in state.rounds.iter_mut().filter(|round| is_ahead(meeting, round.date, now)) {
        let date = round.date;
        let away = |id: &PersonId| {
            let at = choices.binary_search_by_key(id, |choice| choice.person);
            at.ok().and_then(|at| choices[at].away(date))
        };
        let groups: Vec<Group> = round.groups().map(|(_, group)| group).collect();
        let off = groups.into_iter().filter(|group| group.people().iter().any(|id| away(id).is_some()));
        for group in off.collect::<Vec<_>>() {
            let gone: Vec<(PersonId, Option<Reason>)> = group.people().iter().map(|id| (*id, away(id))).collect();
            let absent = gone.iter().filter(|(_, why)| why.is_some()).map(|(id, _)| *id).collect();
            round.take_apart(group, now, OffReason::Gone(absent));
            for (id, away) in gone {
                round.leave_out(away.unwrap_or(Reason::Cancelled(why_off::PARTNER_GONE)), id);
            }
        }
    }
}

/// Past rounds as they were, but without groups whose meeting was never booked: nobody invited them, so they did not
/// meet, and may be drawn again. Rounds from before anything was booked are left as they are: whoever draws here but
/// books elsewhere is not known to have missed a booking.
fn never_booked(over: &[Round], input: ReplanInput<'_>, booked: &Bookings<'_>) -> Vec<ReplannedRound> {
    let ReplanInput { state, now, .. } = input;
    let booked_first = state.bookings.iter().map(|booking| booking.round).min();
    let Some(first) = booked_first.into_iter().chain(state.books_from).min() else { return Vec::new() };
    let recent = (now - RECENT).date_naive().max(first);
    let start = over.partition_point(|round| round.date < recent);
    let without = over[start..].iter().filter_map(|was| {
        // What may be at Webex, or was there and is deleted, was booked.
        let is_missed = |group: &Group| {
            let booking = booked.of(was.date, *group);
            let is_agreed = || state.agreed_before(was.date, *group, now).is_some();
            booking.is_none_or(|booking| matches!(booking.stage, Stage::Refused { .. })) && !is_agreed()
        };
        let missed: Vec<Group> = was.groups().map(|(_, group)| group).filter(is_missed).collect();
        let mut round = was.clone();
        for group in &missed {
            round.take_apart(*group, now, OffReason::NeverBooked);
            let why = || Reason::Cancelled(why_off::NEVER_BOOKED);
            group.people().iter().for_each(|id| round.leave_out(why(), *id));
        }
        let off = |group| (group, Off { reason: OffReason::NeverBooked, why: why_off::NEVER_BOOKED.to_owned() });
        let off: Vec<_> = missed.into_iter().map(off).collect();
        let (new, restored) = (Vec::new(), Vec::new());
        (!off.is_empty()).then_some(ReplannedRound { was: was.date, round, off, new, restored })
    });
    without.collect()
}

/// Whether two people are in both groups.
fn share_two(a: Group, b: Group) -> bool {
    a.people().iter().filter(|id| b.has(**id)).count() > 1
}

/// Who on the roster is new to the state, after the first draw.
fn joined(input: ReplanInput<'_>) -> Vec<Joined> {
    let ReplanInput { state, index, meeting, now, .. } = input;
    if state.rounds.is_empty() {
        return Vec::new();
    }
    let on = meeting.date_at(now);
    let first = state.people.len();
    let new = (first..first + index.newcomers.len()).map(PersonId::new);
    new.map(|person| Joined { person, on, greeted: false }).collect()
}

/// How many of the people in the rounds ahead are no longer on the roster, and out of how many.
pub fn lost_ahead(state: &State, index: &PersonIndex, meeting: &Meeting, now: DateTime<Utc>) -> (usize, usize) {
    let (lost, of) = lost(state, index, first_ahead(state, &Bookings::new(state), meeting, now));
    (lost.len(), of)
}

/// The place of the first round of which anything is still ahead.
fn first_ahead(state: &State, booked: &Bookings<'_>, meeting: &Meeting, now: DateTime<Utc>) -> usize {
    let open = state.rounds.iter().position(|round| is_open(round, booked, meeting, now));
    open.unwrap_or(state.rounds.len())
}

/// Whether anything of the round is ahead.
fn is_open(round: &Round, booked: &Bookings<'_>, meeting: &Meeting, now: DateTime<Utc>) -> bool {
    is_ahead(meeting, round.date, now)
        || round.groups().any(|(start, group)| booked.is_ahead(round.date, group, start, now))
}

/// Who in the rounds from `first` on is no longer on the roster, and how many people those rounds have.
fn lost(state: &State, index: &PersonIndex, first: usize) -> (Vec<PersonId>, usize) {
    let mut there = vec![false; state.people.len()];
    for round in &state.rounds[first..] {
        let groups =
            round.slots.iter().flat_map(|slot| slot.pairs.as_flattened().iter().chain(slot.trios.as_flattened()));
        let left_out = round.left_out.iter().flat_map(|left_out| &left_out.people);
        groups.chain(left_out).for_each(|id| there[id.index()] = true);
    }
    let people = PersonId::first(there.len()).zip(there).filter(|(_, there)| *there).map(|(id, _)| id);
    let people: Vec<PersonId> = people.collect();
    let lost = people.iter().copied().filter(|id| index.position(*id).is_none()).collect();
    (lost, people.len())
}

/// A group with the people's numbers instead of their positions.
fn group(people: &[RosterIndex], index: &PersonIndex) -> Group {
    super::plan::group(people, &index.ids)
}
