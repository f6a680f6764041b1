//! What people believe about their meetings, judging by what they have read, is true: whatever happens, once everything
//! has been sent.

use std::collections::BTreeMap;

use chrono::FixedOffset;
use proptest::test_runner::TestCaseError;

use super::*;
use crate::domain::message::{Comeback, Meeting};
use crate::domain::state::bookings::Stage;

/// Something that somebody types or that the organizer changes.
#[derive(Clone, Copy, Debug)]
enum Act {
    Skip(usize),
    Unskip,
    Pause,
    Resume,
    Stop,
    Start,
    NotWith(usize),
    MeetAgain(usize),
    Move(usize, u32),
    NeverPair(usize),
    RosterPause,
    RosterBack,
    Leave,
    Schedule,
    Notify,
}

fn act() -> impl Strategy<Value = Act> {
    let date = || (0..3_usize).prop_map(Act::Skip);
    let whom = 0..12_usize;
    prop_oneof![
        Just(Act::Schedule),
        Just(Act::Notify),
        Just(Act::Notify),
        date(),
        date(),
        Just(Act::Unskip),
        Just(Act::Unskip),
        prop_oneof![Just(Act::Pause), Just(Act::Resume), Just(Act::Stop), Just(Act::Start)],
        prop_oneof![Just(Act::Pause), Just(Act::Resume), Just(Act::Stop), Just(Act::Start)],
        prop_oneof![whom.clone().prop_map(Act::NotWith), whom.clone().prop_map(Act::MeetAgain)],
        (0..3_usize, 9..15_u32).prop_map(|(which, hour)| Act::Move(which, hour)),
        whom.prop_map(Act::NeverPair),
        prop_oneof![Just(Act::RosterPause), Just(Act::RosterBack), Just(Act::Leave)],
    ]
}

/// For each reader and week, whom they think they meet, and when.
type Beliefs = BTreeMap<(PersonId, i32), (Vec<String>, DateTime<FixedOffset>)>;

/// The week of a meeting's round.
fn week(meeting: &Meeting) -> i32 {
    let round: NaiveDate = meeting.key.split(':').nth(1).unwrap().parse().unwrap();
    week_of(round)
}

struct Readers {
    chat: Chat,
    beliefs: Beliefs,
    /// Everything that was read, in order.
    letters: Vec<(PersonId, BotMessage)>,
}

impl Readers {
    fn read(&mut self, said: Vec<(PersonId, BotMessage)>) {
        for (to, message) in said {
            let mut meets = |meeting: &Meeting| {
                let mut names: Vec<String> = meeting.partners.iter().map(|it| it.name.to_string()).collect();
                names.sort();
                self.beliefs.insert((to, week(meeting)), (names, meeting.start.fixed_offset()));
            };
            match &message {
                BotMessage::Introduction { meeting, .. }
                | BotMessage::Moved { meeting, .. }
                | BotMessage::BackOn(meeting) => meets(meeting),
                BotMessage::Unskipped(_, Comeback::AfterAll(meeting))
                | BotMessage::Resumed(Comeback::AfterAll(meeting))
                | BotMessage::Started(Comeback::AfterAll(meeting)) => meets(meeting),
                BotMessage::PartnerGone { meeting, next: WhatNext::Rest(name) } => {
                    let still = (vec![name.to_string()], meeting.start.fixed_offset());
                    self.beliefs.insert((to, week(meeting)), still);
                }
                BotMessage::PartnerGone { meeting, .. } | BotMessage::CalledOff { meeting, .. } => {
                    self.beliefs.remove(&(to, week(meeting)));
                }
                BotMessage::Skipped { date, .. } => {
                    self.beliefs.remove(&(to, week_of(*date)));
                }

                BotMessage::Paused { until, .. } => {
                    self.beliefs.retain(|(who, week), _| *who != to || *week > week_of(*until));
                }
                BotMessage::Stopped(_) => self.beliefs.retain(|(who, _), _| *who != to),
                _ => {}
            }
            self.letters.push((to, message));
        }
    }

    /// Handles an event, and everything that follows from it at once.
    fn event(&mut self, person: PersonId, heard: &UserAction) {
        let said = self.chat.hear(person, heard);
        self.read(said);
        all_fine(&mut self.chat.world);
        let said = self.chat.changes();
        self.read(said);
    }

    fn types(&mut self, person: PersonId, text: &str) {
        let today = self.chat.world.now.date_naive();
        let command = chat_command::understand(text, "Roulette", Language::English, today);
        self.event(person, &UserAction::ChatCommand(command));
    }

    fn notify(&mut self) {
        let said = self.chat.told(|state, setting| {
            let mut messages = expire(state, setting).messages;
            let due = due::due(state, setting, None, false);
            due.iter().for_each(|due| due.keep(state, setting));
            messages.extend(due.into_iter().map(|due| due.addressed));
            messages
        });
        self.read(said);
    }

    /// Whether somebody is on the roster and has not left.
    fn listens(&self, person: PersonId) -> bool {
        let email = self.chat.world.state.email(person);
        !self.chat.world.state.choice_of(person).stopped
            && self.chat.world.roster.employees.iter().any(|one| *one.email == *email)
    }

    /// What is true, as the people who meet should believe it: the booked meetings and, if `also_unbooked`, those that
    /// are still to be booked.
    fn stands(&self, also_unbooked: bool) -> Beliefs {
        let world = &self.chat.world;
        let name = |id: &PersonId| {
            let email = world.state.email(*id);
            world.roster.employees.iter().find(|one| *one.email == *email).map_or(email, |one| &one.name).to_owned()
        };
        let mut stands = Beliefs::new();
        let drawn = world
            .state
            .rounds
            .iter()
            .flat_map(|round| round.groups().map(|(start, group)| (round.date, start, group)).collect::<Vec<_>>());
        let booked = world.state.bookings.iter().filter(|it| matches!(it.stage, Stage::Booked(_)));
        let booked = booked.map(|booking| (booking.round, booking.start, booking.people));
        let all = drawn.filter(|_| also_unbooked).chain(booked);
        for (round, start, people) in all.filter(|(_, start, _)| *start > world.now) {
            for reader in people.people().iter().filter(|id| self.listens(**id)) {
                let mut names: Vec<String> = people.people().iter().filter(|id| *id != reader).map(name).collect();
                names.sort();
                stands.insert((*reader, week_of(round)), (names, start));
            }
        }
        stands
    }

    fn take(&mut self, who: usize, act: Act) {
        let world = &mut self.chat.world;
        let person = PersonId::new(who % world.state.people.len());
        let date = |world: &World, which: usize| world.state.rounds[which % world.state.rounds.len()].date;
        let name =
            |world: &World, whom: usize| world.roster.employees[whom % world.roster.employees.len()].name.clone();
        match act {
            Act::Skip(which) => {
                let text = format!("skip {}", date(world, which));
                self.types(person, &text);
            }
            Act::Unskip => self.types(person, "unskip"),
            Act::Pause => self.types(person, "pause until 2026-12-11"),
            Act::Resume => self.types(person, "resume"),
            Act::Stop => self.types(person, "stop"),
            Act::Start => self.types(person, "start"),
            Act::NotWith(whom) => {
                let text = format!("not with {}", name(world, whom));
                self.types(person, &text);
            }
            Act::MeetAgain(whom) => {
                let text = format!("meet {} again", name(world, whom));
                self.types(person, &text);
            }
            Act::Move(which, hour) => {
                let theirs = |it: &&Booking| it.people.has(person) && it.start > world.now;
                let Some(booking) = world.state.bookings.iter().filter(theirs).nth(which).cloned() else { return };
                let time = format!("{hour}:00");
                self.event(person, &send(&booking.tag, &booking.start.date_naive().to_string(), &time));
                let number = booking.proposals + 1;
                for other in booking.people.people().iter().filter(|other| **other != person) {
                    self.event(*other, &UserAction::Yes(booking.tag.to_string(), number));
                }
            }
            Act::NeverPair(whom) => {
                let other = world.roster.employees[whom % world.roster.employees.len()].email.to_string();
                world.pairing.never_pair = vec![[world.state.email(person).to_owned(), other]];
            }
            Act::RosterPause | Act::RosterBack => {
                let until = matches!(act, Act::RosterPause).then(|| "2026-12-11".parse().unwrap());
                let at = who % world.roster.employees.len();
                world.roster.employees[at].paused_until = until;
            }
            Act::Leave if world.roster.employees.len() > 6 => {
                let at = who % world.roster.employees.len();
                world.roster.employees.remove(at);
                world.roster.columns[0].cells.remove(at);
            }
            Act::Leave => {}
            Act::Schedule => all_fine(world),
            Act::Notify => self.notify(),
        }
        self.chat.world.now += TimeDelta::minutes(4);
    }
}

/// Plays what happens in a company of that size, with pairs and a trio or without trios, and asserts that what people
/// have read is what stands in the end.
fn play(people: usize, acts: Vec<(usize, Act)>, trio: bool) -> Result<(), TestCaseError> {
    let mut world = if trio { World::without_departments(people) } else { World::new(people) };
    all_fine(&mut world);
    let mut readers = Readers { chat: Chat { world }, beliefs: Beliefs::new(), letters: Vec::new() };
    readers.notify();
    for (who, act) in acts {
        readers.take(who, act);
    }
    readers.chat.world.now += TimeDelta::minutes(11);
    all_fine(&mut readers.chat.world);
    let before = readers.letters.len();
    readers.notify();
    let last = readers.letters[before..].to_vec();
    for (at, letter) in last.iter().enumerate() {
        prop_assert!(!last[..at].contains(letter), "twice: {letter:?}");
        // Messages that say that there is nobody for somebody all look alike here.
        if let (to, BotMessage::LeftOut { date, .. }) = letter {
            let of_that_week = |(other, it): &&(PersonId, BotMessage)| match it {
                BotMessage::Introduction { meeting, .. }
                | BotMessage::PartnerGone { meeting, .. }
                | BotMessage::CalledOff { meeting, .. } => other == to && week(meeting) == week_of(*date),
                _ => false,
            };
            let contradicts = last.iter().find(of_that_week);
            prop_assert!(contradicts.is_none(), "{letter:?} beside {contradicts:?}");
        }
    }
    // Somebody who comes back also hears about a meeting that is still to be booked.
    let (stands, planned) = (readers.stands(false), readers.stands(true));
    let now = readers.chat.world.now;
    let mut beliefs = readers.beliefs.clone();
    beliefs.retain(|(reader, _), (_, start)| *start > now && readers.listens(*reader));
    let wrong: Vec<_> = beliefs.iter().filter(|(key, what)| planned.get(key) != Some(what)).collect();
    let unknown: Vec<_> = stands.iter().filter(|(key, what)| beliefs.get(key) != Some(what)).collect();
    let told = |person: PersonId| readers.letters.iter().filter(move |(to, _)| *to == person).map(|(_, it)| it);
    let whose = wrong.first().or(unknown.first()).map(|((person, _), _)| told(*person).collect::<Vec<_>>());
    prop_assert!(wrong.is_empty() && unknown.is_empty(), "believed: {wrong:?}\nstands: {unknown:?}\nread: {whose:#?}");
    readers.notify();
    prop_assert_eq!(readers.letters.len(), before + last.len(), "the second time there is nothing to say");
    Ok(())
}

proptest! {
    #[test]
    fn what_people_have_read_is_what_stands(
        people in 6..12_usize, acts in proptest::collection::vec((0..12_usize, act()), 1..16), trio in any::<bool>()
    ) {
        play(people, acts, trio)?;
    }
}

#[test]
fn whoever_agreed_on_a_time_before_they_were_introduced_hears_that_the_meeting_is_off() {
    // Two who were left without partners get each other, agree on another time, and one of them goes on holiday.
    let two_skip = [(8, Act::Skip(1)), (0, Act::Schedule), (0, Act::Schedule), (0, Act::Skip(0))];
    let acts = two_skip.into_iter().chain([(4, Act::Move(1, 9)), (4, Act::RosterPause)]);
    play(11, acts.collect(), false).unwrap();
}
