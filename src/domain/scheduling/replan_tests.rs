//! Rounds brought in line while people join, leave, pause, skip and wish, and take it back.

use proptest::prelude::*;

use super::tests::{World, all_fine};
use super::*;
use crate::domain::calendar::{Day, last_moment, week_of};
use crate::domain::roster::RosterIndex;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Reason, Round};

/// Something that people do, with its undoing.
#[derive(Clone, Copy, Debug)]
enum Act {
    Skip(usize, usize),
    Pause(usize),
    Stop(usize),
    Wish(usize, usize),
    RosterPause(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..30_usize, 0..3_usize).prop_map(|(who, round)| Act::Skip(who, round)),
        (0..30_usize).prop_map(Act::Pause),
        (0..30_usize).prop_map(Act::Stop),
        (0..30_usize, 0..30_usize).prop_map(|(who, whom)| Act::Wish(who, whom)),
        (0..30_usize).prop_map(Act::RosterPause),
    ]
}

/// Does it.
fn take(world: &mut World, act: Act) {
    let count = world.roster.employees.len();
    let date = |round: usize| world.state.rounds[round % world.state.rounds.len()].date;
    let (who, date) = match act {
        Act::Skip(who, round) => (who, date(round)),
        Act::Pause(who) | Act::Stop(who) | Act::Wish(who, _) | Act::RosterPause(who) => (who, date(0)),
    };
    if let Act::RosterPause(_) = act {
        world.roster.employees[who % count].paused_until = Some("2026-12-20".parse().unwrap());
        return;
    }
    let email = world.roster.employees[who % count].email.clone();
    let person = world.state.person(&email);
    let mut choice = world.state.choice_of(person);
    match act {
        Act::Skip(..) => choice.skipped = vec![date],
        Act::Pause(_) => choice.paused_until = Some("2026-12-10".parse().unwrap()),
        Act::Stop(_) => choice.stopped = true,
        Act::Wish(_, whom) => {
            let other = world.state.person(&world.roster.employees[whom % count].email.clone());
            choice.not_with = if other == person { vec![] } else { vec![other] };
        }
        Act::RosterPause(_) => {}
    }
    world.state.choose(choice);
}

/// The rounds of which everybody may still be matched anew.
fn open(world: &World) -> Vec<&Round> {
    world.state.rounds.iter().filter(|round| world.now < last_moment(&world.meeting, round.date)).collect()
}

/// Nobody meets whom a rule or a wish forbids, and no two are left out who could meet.
fn holds(world: &World) -> Result<(), TestCaseError> {
    let rules = world.rules();
    let index = PersonIndex::new(&world.roster, &world.state);
    for round in open(world) {
        let day = Day::new(&world.meeting, round.date, DateTime::UNIX_EPOCH, rules.schedules());
        let at = |id| index.position(id);
        let booked = |people| {
            let of = |booking: &&Booking| booking.people == people && week_of(booking.round) == week_of(round.date);
            world.state.bookings.iter().any(|booking| of(&booking))
        };
        for (_, group) in round.groups().filter(|(_, group)| !booked(*group)) {
            // What people told the bot is judged by what is kept of it, not by the rules that are made from it.
            for id in group.people() {
                let choice = world.state.choice_of(*id);
                let pauses = choice.paused_until.is_some_and(|until| round.date <= until);
                prop_assert!(!choice.stopped && !pauses, "{id:?} is in the round of {}", round.date);
                prop_assert!(!choice.skipped.contains(&round.date), "{id:?} skips {}", round.date);
                let unwished = group.people().iter().find(|other| choice.not_with.contains(other));
                prop_assert!(unwished.is_none(), "{id:?} is not to meet {unwished:?} on {}", round.date);
            }
            let people: Vec<RosterIndex> = group.people().iter().filter_map(|id| at(*id)).collect();
            prop_assert_eq!(people.len(), group.people().len(), "{:?} of {} are not all there", group, round.date);
            for (place, a) in people.iter().enumerate() {
                prop_assert!(rules.away(*a, round.date).is_none(), "{:?} is away on {}", a, round.date);
                let admitted = people[place + 1..].iter().all(|b| rules.admits(&day, *a, *b));
                prop_assert!(admitted, "{:?} of {} may not meet", group, round.date);
            }
        }
        let waits = |reason: &Reason| matches!(reason, Reason::Cancelled(_));
        let free = round.left_out.iter().filter(|it| it.reason.is_a_turn() && !waits(&it.reason));
        let free: Vec<RosterIndex> = free.flat_map(|it| &it.people).filter_map(|id| at(*id)).collect();
        for (place, a) in free.iter().enumerate() {
            let could = free[place + 1..].iter().find(|b| rules.admits(&day, *a, **b));
            prop_assert!(could.is_none(), "{a:?} and {could:?} sit alone on {}", round.date);
        }
    }
    prop_assert_eq!(world.state.contradictions(), Vec::<String>::new());
    Ok(())
}

fn standing(world: &World) -> Vec<Round> {
    world.state.rounds.clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn nobody_sits_alone_who_could_meet_and_nobody_meets_who_may_not(
        people in 4..24_usize, acts in prop::collection::vec(act(), 1..6), book in any::<bool>()
    ) {
        let mut world = World::new(people);
        if book {
            all_fine(&mut world);
        }
        for act in acts {
            take(&mut world, act);
            world.bring_in_line();
            holds(&world)?;
            let once = standing(&world);
            let again = world.bring_in_line();
            prop_assert!(!again.changes(), "{again:?}");
            prop_assert_eq!(standing(&world), once);
            world.now += TimeDelta::minutes(11);
            world.bring_in_line();
            holds(&world)?;
        }
    }

    #[test]
    fn what_people_undo_is_undone(people in 4..24_usize, acts in prop::collection::vec(act(), 1..5), book in any::<bool>()) {
        let mut world = World::new(people);
        if book {
            all_fine(&mut world);
        }
        world.bring_in_line();
        let before = standing(&world);
        let (choices, roster) = (world.state.choices.clone(), world.roster.clone());
        for act in acts {
            take(&mut world, act);
            world.bring_in_line();
        }
        (world.state.choices, world.roster) = (choices, roster);
        world.bring_in_line();
        prop_assert_eq!(standing(&world), before);
    }
}

#[test]
fn a_round_that_nothing_happened_to_stands_as_it_was_drawn() {
    for people in 3..40 {
        let mut world = World::new(people);
        let before = standing(&world);
        world.bring_in_line();
        assert_eq!(standing(&world), before, "{people} people");
    }
}

#[test]
fn whoever_joins_is_in_the_next_round_that_is_not_booked() {
    let mut world = World::new(9);
    all_fine(&mut world);
    let mut joiner = world.roster.employees[0].clone();
    (joiner.email, joiner.name) = ("new@example.com".into(), "New One".into());
    world.roster.employees.push(joiner);
    world.roster.columns[0].cells.push(2);
    let replan = world.bring_in_line();
    assert_eq!((replan.joined.len(), replan.newcomers.len()), (1, 1));
    let id = world.state.person("new@example.com");
    let with = |round: &&Round| round.groups().any(|(_, group)| group.people().contains(&id));
    let first = world.state.rounds.iter().find(with).unwrap();
    assert_eq!(first.date.to_string(), "2026-12-09", "where somebody sat out of a booked round");
}

#[test]
fn a_booked_pair_that_newly_shares_one_of_several_departments_does_not_meet() {
    let mut world = World::new(8);
    all_fine(&mut world);
    let column = &mut world.roster.columns[0];
    // The first works for both departments by now.
    column.values.push("A; B".to_owned());
    column.parts.insert(3, vec![1, 2]);
    column.cells[0] = 3;
    let replan = world.bring_in_line();
    let off: Vec<&str> = replan.rounds.iter().flat_map(|round| &round.off).map(|(_, off)| &*off.why).collect();
    assert!(off.contains(&"the same department (B)"), "{off:?}");
}
