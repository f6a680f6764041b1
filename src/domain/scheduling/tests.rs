//! The schedule, carried out against a Webex that does what it is told but does not always say so.

use std::collections::BTreeMap;

use chrono::{NaiveTime, Weekday};
use hashbrown::{HashMap, HashSet};
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::rounds_ahead::Period;
use crate::domain::calendar::week_of;
use crate::domain::pairing::draw::Setting;
use crate::domain::pairing::plan::{self, Replace};
use crate::domain::pairing::replan;
use crate::domain::roster::{Column, Employee, Roster};
use crate::domain::rules::Rules;
use crate::domain::settings::{Meeting, OddOneOut, Pairing};
use crate::domain::starters::Starters;
use crate::domain::state::State;
use crate::domain::state::bookings::{Bookings, Proposal, Stage};
use crate::domain::state::outbox::Kind;
use crate::domain::state::people::People;
use crate::domain::state::person_index::PersonIndex;

/// A company, its state, and a Webex that is just a map.
pub(in crate::domain) struct World {
    pub(in crate::domain) roster: Roster,
    pub(in crate::domain) pairing: Pairing,
    pub(in crate::domain) meeting: Meeting,
    pub(in crate::domain) state: State,
    pub(in crate::domain) now: DateTime<Utc>,
    pub(in crate::domain) webex: BTreeMap<String, ObservedMeeting>,
    next: usize,
    /// The times on which people agreed, by week and group.
    agreed: HashMap<(i32, Group), DateTime<FixedOffset>>,
    /// The groups whose meetings took place, with their weeks.
    held: HashSet<(i32, Group)>,
}

impl World {
    pub(in crate::domain) fn new(people: usize) -> Self {
        let employee = |number: usize| Employee {
            email: format!("p{number}@example.com").into(),
            name: format!("Person {number}").into(),
            timezone: None,
            working_hours: None,
            workdays: None,
            paused_until: None,
            language: None,
        };
        let departments = Column {
            name: "department".to_owned(),
            values: vec![String::new(), "A".to_owned(), "B".to_owned()],
            cells: (0..people as u32).map(|at| 1 + at % 2).collect(),
            ..Column::default()
        };
        let meeting = Meeting {
            weekday: Weekday::Wed,
            start: NaiveTime::from_hms_opt(15, 10, 0).unwrap(),
            minutes: 30,
            timezone: crate::domain::zone::Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv),
            ..Meeting::default()
        };
        let pairing = Pairing {
            across: vec!["department".to_owned()],
            avoid_repeats_weeks: 0,
            odd_one_out: OddOneOut::Trio,
            max_pairs_per_round: 0,
            never_pair: vec![],
        };
        let mut world = Self {
            roster: Roster {
                employees: (0..people).map(employee).collect(),
                columns: vec![departments],
                ..Roster::default()
            },
            pairing,
            meeting,
            state: State::default(),
            now: "2026-12-01T09:00:00Z".parse().unwrap(),
            webex: BTreeMap::new(),
            next: 0,
            agreed: HashMap::new(),
            held: HashSet::new(),
        };
        world.draw(1, Replace::None);
        world
    }

    /// A company in which everybody may meet everybody: with an odd number of people, each round has a trio.
    pub(in crate::domain) fn without_departments(people: usize) -> Self {
        let mut world = Self::new(people);
        world.pairing.across.clear();
        world.draw(1, Replace::All);
        world
    }

    pub(in crate::domain) fn rules(&self) -> Rules {
        Rules::new(&self.roster, &self.pairing, &self.meeting, &self.state).0
    }

    pub(in crate::domain) fn draw(&mut self, seed: u64, replace: Replace) {
        let rules = self.rules();
        let setting = Setting { rules: &rules, pairing: &self.pairing, meeting: &self.meeting, now: self.now };
        let dates = Period::Month(Some("2026-12".parse().unwrap())).rounds(&self.meeting, self.now).dates;
        let request = plan::DrawRequest { dates: &dates, seed, replace };
        let index = PersonIndex::new(&self.roster, &self.state);
        let plan = plan::plan_rounds(&self.state, &index, setting, request, &mut |_| {});
        plan.apply(&mut self.state);
        plan::drop_empty_rounds(&mut self.state);
    }

    /// Brings the rounds ahead in line.
    pub(in crate::domain) fn bring_in_line(&mut self) -> Replan {
        let rules = self.rules();
        let index = PersonIndex::new(&self.roster, &self.state);
        let Self { state, roster, pairing, meeting, now, .. } = self;
        let world = replan::ReplanInput { state, roster, index: &index, rules: &rules, pairing, meeting, now: *now };
        let replan = Replan::new(world);
        replan.apply(state);
        replan
    }

    /// The steps that are decided now, with everything at Webex looked up.
    pub(in crate::domain) fn decide(&mut self) -> (SchedulePlan, Vec<(NaiveDate, Group, DateTime<FixedOffset>)>) {
        let replan = self.bring_in_line();
        let (people, booked) = (&People::new(&self.state, &self.roster), &Bookings::new(&self.state));
        let (state, meeting, now) = (&self.state, &self.meeting, self.now);
        let today = Today { state, people, booked, meeting, now, replan: &replan };
        let request = ScheduleRequest {
            programme: "Tea",
            language: Language::English,
            elsewhere: &Elsewhere::default(),
            starters: &Starters::default(),
            roster: &self.roster,
            through: "2026-12-16".parse().unwrap(),
            per_day: 100,
            participants_host: false,
            rebook: false,
            retry: false,
            as_drawn: false,
        };
        let desired = Desired::new(today, request);
        let listed = |found: &&ObservedMeeting| {
            desired.lookups().iter().any(|lookup| {
                found.tags.contains(&lookup.tag) && lookup.from <= found.start && found.start.to_utc() < lookup.to
            })
        };
        let mut observed =
            Observed { meetings: self.webex.values().filter(listed).cloned().collect(), ..Observed::default() };
        for (at, _) in desired.missing(&observed) {
            match self.webex.get(&*at.id) {
                Some(found) => observed.meetings.push(found.clone()),
                None => observed.gone.push(at.id),
            }
        }
        let wanted = desired.wanted.iter().map(|wanted| (wanted.date, wanted.people, wanted.start)).collect();
        (desired.schedule(Some(&observed)), wanted)
    }

    /// What Webex does when the call of a step reaches it.
    fn effect(&mut self, step: &Step) -> StepResult {
        match &step.action {
            Action::Book(invitation) => {
                self.next += 1;
                let id = format!("m{}", self.next);
                let at = AtWebex { id: id.clone().into(), link: "https://example.com".into() };
                let (start, end, tags) = (invitation.start, invitation.end, invitation.tags.clone());
                let title = invitation.title.as_str().into();
                self.webex.insert(id, ObservedMeeting { at: at.clone(), start, end, title, tags, host: None });
                StepResult::Done(Some(at))
            }
            // Nobody's address changes here.
            Action::Invite(..) | Action::Uninvite(..) => StepResult::NotDone,
            Action::Move(at, ..) => match self.webex.get_mut(&*at.id) {
                Some(found) => {
                    (found.start, found.end) = (step.booking.start, step.booking.end());
                    StepResult::Done(None)
                }
                None => StepResult::Gone,
            },
            Action::Cancel(at, _) | Action::CancelDouble(at) => match self.webex.remove(&*at.id) {
                Some(_) => StepResult::Done(None),
                None => StepResult::Gone,
            },
        }
    }

    /// A run in which each call ends as the next of the `fates` says; the run ends with the last of them.
    fn run(&mut self, fates: &[Fate]) {
        let (schedule, _) = self.decide();
        schedule.settle(&mut self.state, self.now);
        let mut fates = fates.iter();
        for batch in schedule.steps.chunks(3) {
            batch.iter().for_each(|step| step.begin(&mut self.state, self.now));
            // From here on, this is what is on the disk, until the next save.
            let saved = self.state.clone();
            for step in batch {
                let outcome = match fates.next() {
                    Some(Fate::Fine) => self.effect(step),
                    Some(Fate::NotDone) => StepResult::NotDone,
                    Some(Fate::DoubtNothing) => StepResult::InDoubt,
                    Some(Fate::DoubtDone) => {
                        self.effect(step);
                        StepResult::InDoubt
                    }
                    Some(Fate::KilledAfter) => {
                        self.effect(step);
                        self.state = saved;
                        return;
                    }
                    None => {
                        self.state = saved;
                        return;
                    }
                };
                step.finish(&mut self.state, &outcome, 1, self.now);
            }
        }
    }

    fn change(&mut self, change: Change) {
        let people = self.roster.employees.len();
        match change {
            Change::Pause(at) => {
                self.roster.employees[at % people].paused_until = Some("2026-12-10".parse().unwrap());
            }
            Change::Resume(at) => self.roster.employees[at % people].paused_until = None,
            Change::Leave(at) if people > 4 => {
                self.roster.employees.remove(at % people);
                self.roster.columns[0].cells.remove(at % people);
            }
            Change::Nothing | Change::Leave(_) => {}
            Change::Hours(at) => {
                self.roster.employees[at % people].working_hours = Some("16:00-20:00".parse().unwrap());
            }
            Change::Holiday => self.meeting.skip_dates = vec!["2026-12-09".parse().unwrap()],
            Change::Start => self.meeting.start = NaiveTime::from_hms_opt(10, 0, 0).unwrap(),
            Change::Length => self.meeting.minutes = 45,
            Change::DrawAgain(seed) => {
                self.draw(seed, Replace::All);
                // Whoever is drawn together once more still meets when they agreed to.
                let planned = self.planned();
                self.agreed.retain(|group, _| planned.contains(group));
            }
            Change::Agree(at, hours) => self.agree(at, hours),
            Change::Pass(hours) => self.pass(hours),
        }
    }

    /// People agree on another time that Webex does not have yet.
    fn agree(&mut self, at: usize, hours: i64) {
        let planned = self.planned();
        let stands = |booking: &&Booking| {
            matches!(booking.stage, Stage::Booked(_))
                && booking.start > self.now
                && planned.contains(&(week_of(booking.round), booking.people))
        };
        let standing: Vec<Booking> = self.state.bookings.iter().filter(stands).cloned().collect();
        let Some(booking) = standing.get(at % standing.len().max(1)) else { return };
        let to = booking.start + TimeDelta::hours(hours);
        if to > self.now {
            self.agreed.insert((week_of(booking.round), booking.people), to);
            // Everybody who agrees on a time was introduced.
            for person in booking.people.people() {
                self.state.mark_told(Kind::Intro, &booking.tag, Some(*person), self.now.date_naive());
            }
            self.state.put_booking(Booking { agreed: Some(to), ..booking.clone() });
        }
    }

    fn pass(&mut self, hours: i64) {
        self.now += TimeDelta::hours(hours);
        let planned = self.planned();
        for found in self.webex.values().filter(|found| found.start <= self.now) {
            let booking = self.state.bookings.iter().find(|booking| found.tags.contains(&booking.tag.to_string()));
            let group = booking.map(|booking| (week_of(booking.round), booking.people));
            // People who agreed on a later time meet at that time, even if Webex has not heard about it.
            let is_held = |group: &(i32, Group)| {
                planned.contains(group) && self.agreed.get(group).is_none_or(|agreed| *agreed <= self.now)
            };
            self.held.extend(group.filter(is_held));
        }
    }

    fn planned(&self) -> HashSet<(i32, Group)> {
        let rounds = self.state.rounds.iter();
        rounds.flat_map(|round| round.groups().map(|(_, group)| (week_of(round.date), group))).collect()
    }
}

#[derive(Clone, Copy, Debug)]
enum Fate {
    Fine,
    NotDone,
    DoubtNothing,
    DoubtDone,
    KilledAfter,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Nothing,
    Pause(usize),
    Resume(usize),
    Leave(usize),
    Hours(usize),
    Holiday,
    Start,
    Length,
    DrawAgain(u64),
    /// The people of that booking agree to meet this number of hours later, or earlier if it is negative.
    Agree(usize, i64),
    /// This number of hours passes.
    Pass(i64),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Fine),
        1 => Just(Fate::NotDone),
        1 => Just(Fate::DoubtNothing),
        1 => Just(Fate::DoubtDone),
        1 => Just(Fate::KilledAfter),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Nothing),
        (0..20_usize).prop_map(Change::Pause),
        (0..20_usize).prop_map(Change::Resume),
        (0..20_usize).prop_map(Change::Leave),
        (0..20_usize).prop_map(Change::Hours),
        Just(Change::Holiday),
        Just(Change::Start),
        Just(Change::Length),
        (1..9_u64).prop_map(Change::DrawAgain),
        (0..20_usize, -60..100_i64).prop_map(|(at, hours)| Change::Agree(at, hours)),
        (0..20_usize, -60..100_i64).prop_map(|(at, hours)| Change::Agree(at, hours)),
        (0..80_i64).prop_map(Change::Pass),
    ]
}

pub(in crate::domain) fn all_fine(world: &mut World) {
    world.run(&[Fate::Fine; 100]);
}

/// Webex is away.
pub(in crate::domain) fn none_done(world: &mut World) {
    world.run(&[Fate::NotDone; 100]);
}

#[test]
fn a_second_run_with_nothing_new_has_nothing_to_do() {
    let mut world = World::new(9);
    let (first, wanted) = world.decide();
    assert_eq!((first.steps.len(), wanted.len(), first.kept), (12, 12, 0), "three rounds of four");
    all_fine(&mut world);
    let (second, _) = world.decide();
    assert!(!second.changes(), "{second:?}");
    assert_eq!((second.kept, second.notices.len()), (12, 0));
}

#[test]
fn a_meeting_deleted_by_hand_is_told_and_not_booked_again() {
    let mut world = World::new(8);
    all_fine(&mut world);
    let id = world.webex.keys().next().unwrap().clone();
    world.webex.remove(&id);
    for _ in 0..2 {
        let (schedule, _) = world.decide();
        assert!(schedule.steps.is_empty());
        assert!(matches!(&schedule.notices[..], [Notice::Deleted(_)]), "{:?}", schedule.notices);
        all_fine(&mut world);
    }
}

#[test]
fn meetings_that_this_account_does_not_see_are_not_taken_for_deleted() {
    let mut world = World::new(8);
    all_fine(&mut world);
    assert!(world.decide().0.check_vanished().is_ok());
    world.webex.clear();
    let refusal = world.decide().0.check().unwrap_err();
    assert!(refusal.why.contains("does not see 12 of 12 booked meetings"), "{}", refusal.why);
}

#[test]
fn a_meeting_moved_by_hand_is_told_once_and_stays_where_it_is() {
    let mut world = World::new(8);
    all_fine(&mut world);
    let hour = TimeDelta::hours(1);
    let found = world.webex.values_mut().next().unwrap();
    (found.start, found.end) = (found.start + hour, found.end + hour);
    let (schedule, _) = world.decide();
    assert!(schedule.steps.is_empty());
    assert!(matches!(&schedule.notices[..], [Notice::MovedByHand(_)]), "{:?}", schedule.notices);
    all_fine(&mut world);
    world.change(Change::Start);
    let (schedule, _) = world.decide();
    assert_eq!((schedule.steps.len(), schedule.kept, schedule.notices.len()), (11, 1, 0));
}

#[test]
fn nobody_is_asked_about_the_time_at_which_the_meeting_already_is() {
    let mut world = World::new(8);
    all_fine(&mut world);
    let hour = TimeDelta::hours(1);
    let booking = world.state.bookings[0].clone();
    let proposal = Proposal {
        number: 1,
        by: booking.people.people()[0],
        start: booking.start + hour,
        agreed: Vec::new(),
        expires: booking.start.to_utc() - hour,
    };
    world.state.put_booking(Booking { proposal: Some(proposal), ..booking.clone() });
    all_fine(&mut world);
    assert!(world.state.bookings[0].proposal.is_some(), "the meeting is where it was");
    let found = world.webex.values_mut().find(|found| found.tags.iter().any(|tag| **tag == *booking.tag)).unwrap();
    (found.start, found.end) = (found.start + hour, found.end + hour);
    all_fine(&mut world);
    assert_eq!((world.state.bookings[0].start, &world.state.bookings[0].proposal), (booking.start + hour, &None));
}

#[test]
fn a_meeting_that_the_state_does_not_know_stays_at_the_time_at_which_it_is_found() {
    let mut world = World::new(8);
    all_fine(&mut world);
    let moved = world.state.bookings[0].clone();
    let found = world.webex.values_mut().find(|found| found.tags.iter().any(|tag| **tag == *moved.tag)).unwrap();
    let later = TimeDelta::days(9);
    (found.start, found.end) = (found.start + later, found.end + later);
    // An older state is put back, from before anything was booked.
    world.state.bookings.clear();
    all_fine(&mut world);
    let booking = world.state.bookings.iter().find(|booking| booking.tag == moved.tag).unwrap();
    assert_eq!((booking.start, booking.agreed), (moved.start + later, Some(moved.start + later)));
    assert!(!world.decide().0.changes());
}

#[test]
fn what_webex_refused_is_asked_again_only_when_it_is_something_else() {
    let mut world = World::new(4);
    let (schedule, _) = world.decide();
    let step = &schedule.steps[0];
    step.begin(&mut world.state, world.now);
    step.finish(&mut world.state, &StepResult::Refused("no licence".to_owned()), 1, world.now);
    let (schedule, _) = world.decide();
    assert_eq!(schedule.steps.len(), 5);
    assert!(matches!(&schedule.notices[..], [Notice::Refused(_, why)] if why == "no licence"));
    world.change(Change::Length);
    let (schedule, _) = world.decide();
    assert_eq!((schedule.steps.len(), schedule.notices.len()), (6, 0));
}

#[test]
fn the_quota_books_the_most_urgent_first_and_says_when_to_go_on() {
    let mut world = World::new(8);
    world.state.count_requests(94, world.now - TimeDelta::hours(3));
    let (schedule, _) = world.decide();
    assert_eq!(schedule.later, Some((6, world.now + TimeDelta::hours(21))));
    let first: Vec<String> = schedule.steps.iter().map(|step| step.booking.round.to_string()).collect();
    assert_eq!(first, [["2026-12-02"; 4].as_slice(), &["2026-12-09"; 2]].concat());
}

#[test]
fn what_webex_was_not_asked_for_after_all_does_not_count() {
    let mut world = World::new(8);
    let (schedule, _) = world.decide();
    schedule.steps.iter().for_each(|step| step.begin(&mut world.state, world.now));
    assert_eq!(quota::left([&world.state.asked, &[]], 100, world.now), 88);
    schedule.steps.iter().for_each(|_| world.state.count_requests(-1, world.now));
    assert_eq!(quota::left([&world.state.asked, &[]], 100, world.now), 100);
    assert_eq!(world.state.asked, []);
}

#[test]
fn more_than_three_in_ten_are_not_cancelled_unless_it_is_meant() {
    let mut world = World::new(8);
    all_fine(&mut world);
    assert!(world.decide().0.check().is_ok());
    (0..3).for_each(|_| world.change(Change::Leave(0)));
    let refusal = world.decide().0.check().unwrap_err();
    assert!(refusal.why.contains("of 12 booked meetings would be cancelled"), "{}", refusal.why);
}

#[test]
fn of_a_trio_that_loses_one_two_still_meet() {
    let mut world = World::without_departments(5);
    all_fine(&mut world);
    let trio = |state: &State| state.rounds[0].slots[0].trios.first().copied();
    let lost = trio(&world.state).unwrap()[0];
    let email = world.state.people[lost.index()].clone();
    let at = world.roster.employees.iter().position(|one| one.email == email).unwrap();
    world.change(Change::Leave(at));
    all_fine(&mut world);
    assert_eq!(trio(&world.state), None);
    assert_eq!(world.state.rounds[0].pair_count(), 2);
    let (schedule, wanted) = world.decide();
    assert!(!schedule.changes());
    assert_eq!(world.webex.len(), wanted.len());
}

fn everyone_ends_with_one_meeting_at_the_right_time(people: usize, runs: Vec<(Change, Vec<Fate>)>) {
    let mut world = World::new(people);
    for (change, fates) in runs {
        world.change(change);
        world.run(&fates);
        assert_eq!(world.state.contradictions(), [""; 0]);
    }
    all_fine(&mut world);
    let (schedule, wanted) = world.decide();
    assert!(!schedule.changes(), "{schedule:?}");
    assert_eq!(schedule.notices.len(), 0);
    let ahead = world.webex.values().filter(|found| found.start > world.now).count();
    assert_eq!(ahead, wanted.len());
    for (date, people, start) in wanted {
        let week = week_of(date);
        let of = |booking: &&Booking| booking.people == people && week_of(booking.round) == week;
        let booking = world.state.bookings.iter().find(of).unwrap();
        let Stage::Booked(at) = &booking.stage else { panic!("not booked: {booking:?}") };
        let found = &world.webex[&*at.id];
        assert_eq!((found.start, found.end), (booking.start, booking.end()));
        let agreed = world.agreed.get(&(week, people)).filter(|agreed| **agreed > world.now);
        match agreed {
            Some(agreed) => assert_eq!(found.start, *agreed),
            None => assert!(found.start == start || booking.agreed.is_some() || start <= world.now),
        }
    }
    let planned = world.planned();
    for (group, agreed) in &world.agreed {
        if *agreed > world.now && planned.contains(group) {
            let of = |booking: &Booking| (week_of(booking.round), booking.people) == *group;
            assert!(world.state.bookings.iter().any(of), "what was agreed on is cancelled: {group:?}");
        }
    }
    assert!(world.held.is_subset(&planned), "who met did meet");
}

proptest! {
    #[test]
    fn whatever_happens_everyone_ends_with_exactly_one_meeting_at_the_right_time(
        people in 4..12_usize,
        runs in proptest::collection::vec((change(), proptest::collection::vec(fate(), 0..16)), 1..8),
    ) {
        everyone_ends_with_one_meeting_at_the_right_time(people, runs);
    }
}

#[test]
fn a_time_agreed_on_stands_when_somebody_is_away_for_a_moment_before_it_is_at_webex() {
    let fine = || vec![Fate::Fine; 3];
    let runs = vec![
        (Change::Resume(0), fine()),
        (Change::Agree(0, 0), vec![Fate::Fine]),
        (Change::Agree(2, -1), vec![]),
        (Change::Pause(4), fine()),
        (Change::Resume(12), vec![]),
    ];
    everyone_ends_with_one_meeting_at_the_right_time(4, runs);
}

#[test]
fn a_time_agreed_on_stands_when_somebody_is_away_for_a_moment_before_anybody_is_told_that_it_moved() {
    let fine = || vec![Fate::Fine; 3];
    let runs = vec![
        (Change::Resume(0), fine()),
        (Change::Agree(2, 1), fine()),
        (Change::Pause(0), fine()),
        (Change::Resume(0), vec![]),
    ];
    everyone_ends_with_one_meeting_at_the_right_time(4, runs);
}

#[test]
fn a_time_agreed_on_stands_when_the_same_pair_is_drawn_again() {
    let fine = |n| vec![Fate::Fine; n];
    let runs = vec![
        (Change::Hours(3), fine(1)),
        (Change::Hours(3), fine(4)),
        (Change::Agree(1, 12), vec![Fate::NotDone, Fate::Fine, Fate::Fine]),
        (Change::DrawAgain(3), vec![]),
        (Change::Pass(29), vec![]),
        (Change::Leave(1), vec![]),
    ];
    everyone_ends_with_one_meeting_at_the_right_time(9, runs);
}
