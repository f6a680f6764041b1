//! Conversations, played through from what people type to what they are told.

mod beliefs;
mod changes;
mod in_words;
mod new_times;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::week_of;
use crate::domain::message::{Participation, Rejected, TimeProblem, WhatNext};
use crate::domain::scheduling::tests::{World, all_fine, none_done};
use crate::domain::starters::Starters;
use crate::domain::state::bookings::{MeetingResult, Stage};
use crate::domain::state::last_said::Question;
use crate::domain::state::outbox::Kind;
use crate::domain::state::preferences::Choice;
use crate::domain::state::{Draft, Group, Outcomes, Reason};

/// A company whose first rounds are booked.
struct Chat {
    world: World,
}

/// What is due, as it is told.
fn kept(due: Vec<due::Due>, state: &mut State, setting: Setting<'_>) -> Vec<AddressedMessage> {
    due.iter().for_each(|due| due.keep(state, setting));
    due.into_iter().map(|due| due.addressed).collect()
}

impl Chat {
    fn new(people: usize) -> Self {
        let mut world = World::new(people);
        all_fine(&mut world);
        Self { world }
    }

    /// The same, and everybody was introduced for the meetings that are booked.
    fn introduced(people: usize) -> Self {
        let mut chat = Self::new(people);
        chat.introduce();
        chat
    }

    fn introduce(&mut self) {
        let today = self.world.now.date_naive();
        for booking in self.world.state.bookings.clone() {
            let people = booking.people.people().iter();
            people.for_each(|id| self.world.state.mark_told(Kind::Intro, &booking.tag, Some(*id), today));
        }
    }

    fn effects(&mut self, act: impl FnOnce(&mut State, Setting<'_>) -> Effects) -> Effects {
        let World { roster, meeting, now, .. } = &self.world;
        let rules = self.world.rules();
        let (roster, meeting, now) = (roster.clone(), meeting.clone(), *now);
        let (programme, organizers) = ("Tea", &["boss@example.com".to_owned()][..]);
        let (language, looks) = (Language::English, meeting.attendance);
        let (starters, roster) = (&Starters::default(), &roster);
        let setting = Setting {
            programme,
            language,
            roster,
            rules: &rules,
            starters,
            meeting: &meeting,
            organizers,
            looks,
            silent_rounds: 0,
            now,
            said: now,
        };
        let effects = act(&mut self.world.state, setting);
        // It arrives at once.
        for AddressedMessage { to, message } in &effects.messages {
            let typed = || effects.asked_about.as_deref().unwrap_or_default().into();
            let asks = question_of(message, Language::English).map(|asks| Question { typed: typed(), ..asks });
            let asks = asks.or_else(|| effects.still_asks.clone());
            match to {
                Recipient::Person(person) => self.world.state.was_said(*person, asks, now),
                Recipient::Stranger(email) => note_arrived(&mut self.world.state, asks.as_ref(), email, now),
                Recipient::Organizers | Recipient::Thread(_) => {}
            }
        }
        effects
    }

    fn hear(&mut self, person: PersonId, heard: &UserAction) -> Vec<(PersonId, BotMessage)> {
        let email = self.world.state.email(person).to_owned();
        let effects = self.effects(|state, setting| hear(state, setting, &email, heard));
        self.follow(effects)
    }

    /// What somebody typed at that time, which may be read later: as it is understood after what they were asked.
    fn typed_at(&mut self, person: PersonId, text: &str, said: DateTime<Utc>) -> Vec<(PersonId, BotMessage)> {
        let email = self.world.state.email(person).to_owned();
        let effects = self.effects(|state, setting| hear_typed(state, Setting { said, ..setting }, &email, text, ""));
        self.follow(effects)
    }

    /// Somebody is asked what became of that meeting.
    fn ask_whether_they_met(&mut self, key: &str, person: PersonId) {
        let today = self.world.now.date_naive();
        self.world.state.mark_told(Kind::Asked, key, Some(person), today);
        let booking = self.booking(key);
        self.told(|state, setting| {
            let mut conversation = Conversation::new(setting, state);
            let question = conversation.view().question(&booking, person);
            conversation.say(person, question);
            conversation.effects.messages
        });
    }

    fn follow(&mut self, effects: Effects) -> Vec<(PersonId, BotMessage)> {
        if effects.rounds_change {
            self.world.bring_in_line();
        }
        let (back, agreed) = (effects.back, effects.agreed.is_some());
        let mut said = said(effects);
        if let Some((person, back)) = back {
            said.extend(self.told(|state, setting| welcome(state, setting, person, back)));
        }
        if agreed {
            all_fine(&mut self.world);
            said.extend(self.changes());
        }
        assert_eq!(self.world.state.contradictions(), [""; 0]);
        said
    }

    fn told(
        &mut self,
        tell: impl FnOnce(&mut State, Setting<'_>) -> Vec<AddressedMessage>,
    ) -> Vec<(PersonId, BotMessage)> {
        let effects = |state: &mut State, setting: Setting<'_>| {
            let messages = tell(state, setting);
            Effects { messages, ..Effects::default() }
        };
        said(self.effects(effects))
    }

    /// What people are told about meetings that moved, are off, or take place after all.
    fn changes(&mut self) -> Vec<(PersonId, BotMessage)> {
        self.told(|state, setting| kept(due::changes(state, setting, false), state, setting))
    }

    /// All that is due.
    fn due(&mut self) -> Vec<(PersonId, BotMessage)> {
        self.told(|state, setting| kept(due::due(state, setting, None, false), state, setting))
    }

    fn typed(&mut self, person: PersonId, text: &str) -> Vec<(PersonId, BotMessage)> {
        let today = self.world.now.date_naive();
        self.hear(
            person,
            &UserAction::ChatCommand(chat_command::understand(text, "Roulette", Language::English, today)),
        )
    }

    /// The first pair of the first round: its key and its two people.
    fn first(&self) -> (String, [PersonId; 2]) {
        let booking =
            self.world.state.bookings.iter().find(|booking| matches!(booking.people, Group::Pair(_))).unwrap();
        let Group::Pair(pair) = booking.people else { unreachable!() };
        (booking.tag.to_string(), pair)
    }

    fn booking(&self, key: &str) -> Booking {
        self.world.state.bookings.iter().find(|booking| *booking.tag == *key).unwrap().clone()
    }
}

fn said(effects: Effects) -> Vec<(PersonId, BotMessage)> {
    let person = |addressed: AddressedMessage| match addressed.to {
        Recipient::Person(person) => Some((person, addressed.message)),
        Recipient::Stranger(_) | Recipient::Organizers | Recipient::Thread(_) => None,
    };
    effects.messages.into_iter().filter_map(person).collect()
}

/// The person with the first number.
const FIRST: PersonId = PersonId::new(0);

fn send(key: &str, date: &str, time: &str) -> UserAction {
    UserAction::Send(key.to_owned(), date.to_owned(), time.to_owned())
}

#[test]
fn whatever_is_not_understood_is_said_to_be_so_and_changes_nothing() {
    let mut chat = Chat::new(8);
    let mut before = chat.world.state.clone();
    let said = chat.typed(FIRST, "Sing me a song");
    assert_eq!(said, [(FIRST, BotMessage::NotUnderstood("Sing me a song".into()))]);
    let said = chat.typed(FIRST, "hello");
    assert!(matches!(&said[..], [(FIRST, BotMessage::Help { meetings, .. })] if meetings.len() == 3), "{said:?}");
    // Only what was said to them last is another.
    before.last_said.clone_from(&chat.world.state.last_said);
    assert_eq!(chat.world.state, before);
}

#[test]
fn a_meeting_that_was_held_before_its_drawn_time_is_not_called_off() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-01", "16:00"));
    chat.hear(b, &UserAction::Yes(key.clone(), 1));
    all_fine(&mut chat.world);
    chat.world.now = "2026-12-01T16:00:00Z".parse().unwrap();
    let group = chat.booking(&key).people;
    let said = chat.typed(a, "skip");
    let next: NaiveDate = "2026-12-09".parse().unwrap();
    let asked = matches!(said.last(), Some((_, BotMessage::WhichRound { dates, .. })) if dates[0] == next);
    assert!(asked, "right after a meeting it is not clear which one is meant: {said:?}");
    let said = chat.typed(a, "skip 2026-12-09");
    assert!(matches!(said.last(), Some((_, BotMessage::Skipped { date, .. })) if *date == next), "{said:?}");
    chat.typed(a, "stop");
    all_fine(&mut chat.world);
    assert!(chat.world.state.rounds[0].groups().any(|(_, one)| one == group), "they did meet");
}

#[test]
fn who_met_after_all_is_back_in_the_round_wherever_the_meeting_moved() {
    let mut chat = Chat::new(8);
    chat.world.now = "2026-11-30T09:00:00Z".parse().unwrap();
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-11-30", "16:00"));
    chat.hear(b, &UserAction::Yes(key.clone(), 1));
    all_fine(&mut chat.world);
    chat.world.now = "2026-11-30T16:00:00Z".parse().unwrap();
    let group = chat.booking(&key).people;
    let is_there = |chat: &Chat| chat.world.state.rounds[0].groups().any(|(_, one)| one == group);
    assert_eq!(chat.hear(a, &UserAction::CouldNot(key.clone())), [(a, BotMessage::CouldNot { again: true })]);
    assert!(!is_there(&chat));
    assert_eq!(chat.hear(b, &UserAction::Met(key.clone())), [(b, BotMessage::Met)]);
    assert!(is_there(&chat));
}

#[test]
fn who_skips_frees_the_partner_for_somebody_who_is_left_out() {
    let mut chat = Chat::new(9);
    // It is too late to match anybody again for the first round.
    let date = chat.world.state.rounds[1].date;
    let free = chat.world.state.rounds[1].left_out[0].people[0];
    // People in even places belong to one department, those in odd places to the other.
    let departments = |a: PersonId, b: PersonId| {
        let at = |id: PersonId| {
            let email = chat.world.state.email(id);
            chat.world.roster.employees.iter().position(|one| *one.email == *email).unwrap() % 2
        };
        at(a) != at(b)
    };
    let booking = chat.world.state.bookings.iter().find(|booking| booking.round == date).unwrap();
    let [a, b] = booking.people.people() else { panic!() };
    let (gone, stays) = if departments(free, *b) { (*a, *b) } else { (*b, *a) };
    let key = booking.tag.to_string();
    let said = chat.hear(gone, &UserAction::Skip(key));
    assert!(
        matches!(&said[..], [(one, BotMessage::PartnerGone { next: WhatNext::Seeking, .. }), (two, BotMessage::Skipped { cancelled: true, .. })]
        if *one == stays && *two == gone),
        "{said:?}"
    );
    all_fine(&mut chat.world);
    let new = Group::Pair([free.min(stays), free.max(stays)]);
    let is_booked = |chat: &Chat| {
        let mut bookings = chat.world.state.bookings.iter().filter(|booking| booking.round == date);
        bookings.any(|booking| booking.people == new && booking.at_webex().is_some())
    };
    assert!(!is_booked(&chat), "a change of mind costs nothing");
    chat.world.now += TimeDelta::minutes(10);
    all_fine(&mut chat.world);
    assert!(is_booked(&chat));
    assert!(!chat.world.decide().0.changes());
}

#[test]
fn whom_webex_does_not_know_is_met_by_email_where_it_is_booked_and_not_drawn_where_it_is_not() {
    let mut chat = Chat::new(9);
    let free = chat.world.state.rounds[1].left_out[0].people[0];
    let (_, [lost, _]) = chat.first();
    let email = chat.world.state.people[lost.index()].clone();
    let group = |chat: &Chat, round: usize| {
        let mut groups = chat.world.state.rounds[round].groups().map(|(_, group)| group);
        groups.find(|group| group.has(lost)).map(|group| group.people().to_vec())
    };
    let [first, second] = [0, 1].map(|round| group(&chat, round).unwrap());
    let date = chat.world.state.rounds[1].date;
    chat.world.state.bookings.retain(|booking| booking.round < date);

    let effects = |chat: &mut Chat| {
        let messages = &mut None;
        chat.effects(|state, setting| {
            *messages = lose(state, setting, &email);
            Effects::default()
        });
        chat.world.bring_in_line();
        messages.take()
    };
    let messages = effects(&mut chat).unwrap();
    let partner = *first.iter().find(|id| **id != lost).unwrap();
    assert!(
        matches!(&messages[..], [AddressedMessage { to: Recipient::Person(to), message: BotMessage::PartnerUnreachable(_) }] if *to == partner),
        "{messages:?}"
    );
    assert_eq!(effects(&mut chat), None, "it is no news");
    assert_eq!(group(&chat, 0), Some(first), "they meet all the same");
    assert_eq!(group(&chat, 1), None);
    let round = &chat.world.state.rounds[1];
    let is_lost = |left_out: &&crate::domain::state::LeftOut| left_out.reason == Reason::Unreachable;
    assert_eq!(round.left_out.iter().find(is_lost).map(|left_out| &*left_out.people), Some(&[lost][..]));
    let other = *second.iter().find(|id| **id != lost).unwrap();
    let at = |id: PersonId| {
        let email = chat.world.state.email(id);
        chat.world.roster.employees.iter().position(|one| *one.email == *email).unwrap() % 2
    };
    let anew = Group::Pair([free.min(other), free.max(other)]);
    assert_eq!(round.groups().any(|(_, group)| group == anew), at(free) != at(other), "paired anew if the rules allow");
    assert!(!chat.world.rules().participants(date).iter().any(|at| { chat.world.roster.employee(*at).email == email }));

    assert!(matches!(&chat.typed(lost, "help")[..], [(_, BotMessage::Help { .. })]));
    assert_eq!(
        chat.world.state.choice_of(lost),
        Choice { person: lost, ..Choice::default() },
        "they are there after all"
    );
}

#[test]
fn a_pause_calls_off_what_it_covers_and_no_more_and_is_taken_back() {
    let mut chat = Chat::new(8);
    let said = chat.typed(FIRST, "pause until 2026-12-10");
    assert!(matches!(said.last(), Some((FIRST, BotMessage::Paused { cancelled: 2, .. }))), "{said:?}");
    assert_eq!(chat.typed(FIRST, "help").len(), 1);
    let status = chat.typed(FIRST, "status");
    let [(_, BotMessage::Status { part, meetings, .. })] = &status[..] else { panic!("{status:?}") };
    assert_eq!((*part, meetings.len()), (Participation::Paused("2026-12-10".parse().unwrap()), 1));
    chat.typed(FIRST, "resume");
    assert_eq!(chat.world.state.choice_of(FIRST), Choice::default());
}

#[test]
fn a_wish_keeps_both_apart_and_an_unknown_name_is_asked_about() {
    let mut chat = Chat::new(8);
    let said = chat.typed(FIRST, "not with Person 1");
    assert!(matches!(&said[..], [(FIRST, BotMessage::NotWith { name, .. })] if name == "Person 1"), "{said:?}");
    let rules = chat.world.rules();
    let (date, now) = ("2027-01-06".parse().unwrap(), chat.world.now);
    let day = Day::new(&chat.world.meeting, date, now, rules.schedules());
    let at = |email: &str| chat.world.roster.places().find(|(_, one)| *one.email == *email).unwrap().0;
    let me = at(&chat.world.state.people[0]);
    assert!(!rules.admits(&day, me, at("p1@example.com")) && !rules.admits(&day, at("p1@example.com"), me));
    let unknown = chat.typed(FIRST, "not with Persn");
    assert!(matches!(&unknown[..], [(FIRST, BotMessage::NotWithWhom { .. })]));
}

#[test]
fn who_could_not_meet_may_be_drawn_together_again() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.world.now = chat.booking(&key).end().to_utc() + TimeDelta::hours(1);
    let together = |chat: &Chat| chat.world.state.rounds[0].groups().any(|(_, group)| group.people() == [a, b]);
    assert!(together(&chat));
    assert!(matches!(
        &chat.hear(a, &UserAction::CouldNot(key.clone()))[..],
        [(_, BotMessage::CouldNot { again: true })]
    ));
    assert!(!together(&chat));
    assert!(
        matches!(&chat.hear(b, &UserAction::Met(key.clone()))[..], [(_, BotMessage::Met)]),
        "the other knows better"
    );
    assert!(together(&chat));
}

#[test]
fn each_is_told_once_what_is_due_and_in_working_hours() {
    let mut chat = Chat::new(8);
    let mut told = |now: &str| -> Vec<&'static str> {
        chat.world.now = now.parse().unwrap();
        let mut kinds = Vec::new();
        chat.effects(|state, setting| {
            for one in due::due(state, setting, None, true) {
                one.keep(state, setting);
                kinds.push(one.kind.name());
            }
            Effects::default()
        });
        kinds
    };
    assert_eq!(told("2026-11-29T09:00:00Z"), [""; 0], "on a Sunday nobody is written to");
    assert_eq!(told("2026-11-30T05:00:00Z"), ["summary"], "nor before work, but for the organizers' space");
    assert_eq!(told("2026-11-30T09:00:00Z"), vec!["intro"; 24], "of three rounds of four pairs");
    assert_eq!(told("2026-11-30T09:00:00Z"), [""; 0]);
    assert_eq!(told("2026-12-01T09:00:00Z"), vec!["reminder"; 8]);
    assert_eq!(told("2026-12-02T14:00:00Z"), [&["asked"; 8][..], &["summary"]].concat());
    assert_eq!(told("2026-12-04T09:00:00Z"), ["report"]);
}

#[test]
fn whoever_has_somebody_left_to_meet_is_never_told_that_they_met_everybody() {
    let mut chat = Chat::new(8);
    let one = chat.first().1[0];
    // Before the first round, after this week's round, and on the Sunday after it.
    for (now, left) in [("2026-12-01T09:00:00Z", 4), ("2026-12-02T18:00:00Z", 3), ("2026-12-06T12:00:00Z", 3)] {
        chat.world.now = now.parse().unwrap();
        let said = chat.typed(one, "why");
        assert!(matches!(said[..], [(_, BotMessage::Why { unmet, .. })] if unmet == left), "{now}: {said:?}");
    }
    // The people who are left pause for a while, and come back.
    let others: Vec<PersonId> = (0..8).map(PersonId::new).filter(|other| *other != one).collect();
    let until = Some("2026-12-20".parse().unwrap());
    others.iter().for_each(|person| {
        chat.world.state.choose(Choice { person: *person, paused_until: until, ..Choice::default() });
    });
    let said = chat.typed(one, "why");
    assert!(matches!(said[..], [(_, BotMessage::Why { unmet: 3, .. })]), "{said:?}");
}

#[test]
fn what_one_says_of_a_meeting_does_not_answer_for_the_other() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.world.now = "2026-12-02T15:00:00Z".parse().unwrap();
    assert_eq!(chat.hear(a, &UserAction::Met(key.clone())), [(a, BotMessage::Met)]);
    assert_eq!(chat.hear(b, &UserAction::CouldNot(key.clone())), [(b, BotMessage::CouldNot { again: false })]);
    let booking = chat.booking(&key);
    assert_eq!((booking.accounts.met, booking.accounts.could_not), (vec![a], vec![b]));
    assert_eq!(booking.result, Some(MeetingResult::Met), "who says that they met is believed");
    assert_eq!(chat.hear(a, &UserAction::CouldNot(key.clone())), [(a, BotMessage::CouldNot { again: true })]);
    assert_eq!(chat.booking(&key).result, Some(MeetingResult::CouldNot), "until they say otherwise themselves");
}

#[test]
fn an_answer_of_an_older_state_that_names_nobody_stands() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.world.now = "2026-12-02T15:00:00Z".parse().unwrap();
    let old = Booking { result: Some(MeetingResult::Met), ..chat.booking(&key) };
    chat.world.state.put_booking(old);
    assert_eq!(chat.hear(b, &UserAction::CouldNot(key.clone())), [(b, BotMessage::CouldNot { again: false })]);
    assert_eq!(chat.booking(&key).result, Some(MeetingResult::Met));
    assert_eq!(chat.hear(a, &UserAction::CouldNot(key.clone())), [(a, BotMessage::CouldNot { again: false })]);
}

#[test]
fn nothing_of_a_round_is_forgotten_before_its_report() {
    let mut chat = Chat::new(8);
    let bookings =
        |chat: &Chat| chat.world.state.bookings.iter().filter(|it| it.round.to_string() == "2026-12-02").count();
    let forget = |chat: &mut Chat, now: &str| {
        chat.world.state.forget_bookings(now.parse().unwrap());
        bookings(chat)
    };
    // One of the four is a week later: the others are kept for as long.
    let (key, _) = chat.first();
    let moved = chat.booking(&key);
    chat.world.state.put_booking(Booking { start: moved.start + TimeDelta::days(7), ..moved });
    assert_eq!(forget(&mut chat, "2026-12-17T09:00:00Z"), 4);
    let mut told = Chat::new(8);
    told.world.state = chat.world.state.clone();
    assert_eq!(forget(&mut chat, "2026-12-24T09:00:00Z"), 0);
    told.world.state.mark_told(Kind::Summary, "2026-11-30", None, "2026-12-01".parse().unwrap());
    assert_eq!(forget(&mut told, "2027-01-04T09:00:00Z"), 4, "the organizers have yet to hear of it");
    told.world.state.mark_told(Kind::Report, "2026-11-30", None, "2027-01-04".parse().unwrap());
    assert_eq!(forget(&mut told, "2027-01-05T09:00:00Z"), 0);
}

#[test]
fn what_became_of_meetings_stays_with_their_round_when_they_are_forgotten() {
    let mut chat = Chat::new(8);
    chat.world.now = "2026-12-02T15:00:00Z".parse().unwrap();
    let date = "2026-12-02".parse().unwrap();
    let booked: Vec<Booking> = chat.world.state.bookings.iter().filter(|it| it.round == date).cloned().collect();
    let [held, not_held, deleted, unknown] = &booked[..] else { panic!("{booked:?}") };
    chat.hear(held.people.people()[0], &UserAction::Met(held.tag.to_string()));
    chat.hear(not_held.people.people()[0], &UserAction::CouldNot(not_held.tag.to_string()));
    chat.world.state.put_booking(Booking { stage: Stage::Deleted, ..deleted.clone() });
    let moved_from = Some(unknown.start - TimeDelta::hours(1));
    chat.world.state.put_booking(Booking { moved_from, ..unknown.clone() });
    chat.world.state.forget_bookings("2026-12-24T09:00:00Z".parse().unwrap());
    let round = chat.world.state.rounds.iter().find(|round| round.date == date).unwrap();
    let expected =
        Outcomes { booked: 4, held: vec![held.people], not_held: 1, deleted: vec![deleted.people], moved: 1 };
    assert_eq!(round.outcomes, expected);
    assert_eq!(chat.world.state.contradictions(), [""; 0]);
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Send(u8),
    Yes,
    No,
    Skip,
    Pause(u8),
    Type(&'static str),
    Later(u8),
    Schedule,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..40_u8).prop_map(Act::Send),
        3 => Just(Act::Yes),
        1 => Just(Act::No),
        1 => Just(Act::Skip),
        1 => (1..4_u8).prop_map(Act::Pause),
        3 => proptest::sample::select(&["status", "skip", "unskip", "pause", "resume", "stop", "start", "why", "1",
            "not with Person 3"][..]).prop_map(Act::Type),
        1 => (1..30_u8).prop_map(Act::Later),
        2 => Just(Act::Schedule),
    ]
}

proptest! {
    #[test]
    fn whatever_people_say_the_state_is_sound_and_everyone_ends_with_one_meeting(
        people in 4..10_usize,
        acts in proptest::collection::vec((0..10_usize, 0..20_usize, act()), 0..40),
    ) {
        let mut chat = Chat::new(people);
        for (person, which, act) in acts {
            let person = PersonId::new(person % people);
            let bookings = &chat.world.state.bookings;
            let booking = (!bookings.is_empty()).then(|| bookings[which % bookings.len()].clone());
            let key = booking.as_ref().map_or(String::new(), |booking| booking.tag.to_string());
            let number = booking.map_or(0, |booking| booking.proposals);
            match act {
                Act::Send(hours) => {
                    let at = chat.world.now + TimeDelta::hours(i64::from(hours) * 5);
                    chat.hear(person, &send(&key, &at.format("%Y-%m-%d").to_string(), &at.format("%H:%M").to_string()));
                }
                Act::Yes => drop(chat.hear(person, &UserAction::Yes(key, number))),
                Act::No => drop(chat.hear(person, &UserAction::No(key, number))),
                Act::Skip => drop(chat.hear(person, &UserAction::Skip(key))),
                Act::Pause(weeks) => drop(chat.hear(person, &UserAction::Pause(weeks.into()))),
                Act::Type(text) => drop(chat.typed(person, text)),
                Act::Later(hours) => {
                    chat.world.now += TimeDelta::hours(hours.into());
                    chat.effects(expire);
                }
                Act::Schedule => all_fine(&mut chat.world),
            }
        }
        all_fine(&mut chat.world);
        let (schedule, wanted) = chat.world.decide();
        prop_assert!(!schedule.changes(), "{:?}", schedule);
        let now = chat.world.now;
        let bookings = &chat.world.state.bookings;
        for (_, people, _) in &wanted {
            prop_assert!(bookings.iter().any(|booking| booking.people == *people && booking.at_webex().is_some()));
        }
        let mut rounds: Vec<_> = bookings.iter().map(|booking| (week_of(booking.round), booking.people)).collect();
        rounds.sort_unstable();
        rounds.dedup();
        prop_assert_eq!(rounds.len(), bookings.len(), "nobody is booked twice");
        let ahead = bookings.iter().filter(|booking| booking.start > now).filter_map(Booking::at_webex);
        let mut booked: Vec<String> = ahead.map(|at| at.id.to_string()).collect();
        booked.sort_unstable();
        let there = chat.world.webex.iter().filter(|(_, found)| found.start > now).map(|(id, _)| id.clone());
        let mut there: Vec<String> = there.collect();
        there.sort_unstable();
        prop_assert_eq!(booked, there, "what is at Webex is what is known");
    }
}

/// Typed at 11:00 in Kyiv on Tuesday 1 December 2026; rounds are on Wednesdays. Which days are skipped, or `?` if
/// somebody is asked.
const SKIPS: &[(&str, &str)] = &[
    ("skip", "2026-12-02"),
    ("skip this week", "2026-12-02"),
    ("skip next week", "2026-12-09"),
    ("Skip next week's meeting, please", "2026-12-09"),
    ("пропустити наступного тижня", "2026-12-09"),
    ("skip 9 December", "2026-12-09"),
    ("skip 2026-12-09", "2026-12-09"),
    ("skip the round of 12/9/2026", "2026-12-09"),
    ("пропустити 9 грудня", "2026-12-09"),
    ("skip wednesday", "2026-12-02"),
    ("skip tomorrow", "2026-12-02"),
    ("skip the week after next", "2026-12-16"),
    ("skip the next two weeks", "2026-12-02 2026-12-09"),
    ("skip this and next week", "2026-12-02 2026-12-09"),
    ("pause next week", "2026-12-09"),
    ("skip in January", "2027-01-06 2027-01-13 2027-01-20"),
    ("skip until 12 December", "2026-12-02 2026-12-09"),
    ("skip until 4 December", "2026-12-02"),
    ("skip till the 10th", "2026-12-02 2026-12-09"),
    ("пропустити до 4 грудня", "2026-12-02"),
    ("pause 7–11.12", "2026-12-09"),
    ("skip 7-11 Dec", "2026-12-09"),
    ("skip until 9 December", "?"),
    ("skip until next week", "?"),
    ("skip from wednesday", "?"),
    ("пропустити з середи", "?"),
    ("skip the 2nd meeting", "?"),
    ("skip lunch", "?"),
    ("skip?", "?"),
    ("skip next wednesday", "?"),
    ("skip today", "?"),
    ("skip 8 December", "?"),
    ("skip everything but next week", "?"),
    ("skip 50 weeks", "?"),
];

#[test]
fn a_skip_is_of_the_round_that_was_said_and_asked_about_where_that_is_not_clear() {
    for (text, skipped) in SKIPS {
        let mut chat = Chat::new(8);
        let before = chat.world.state.clone();
        let said = chat.typed(FIRST, text);
        let own = |said: &Vec<(PersonId, BotMessage)>| {
            let date = |(to, message): &(PersonId, BotMessage)| match message {
                BotMessage::Skipped { date, .. } if *to == FIRST => Some(date.to_string()),
                BotMessage::WhichRound { dates, back: false } if *to == FIRST && dates.len() == 4 => {
                    Some("?".to_owned())
                }
                _ => None,
            };
            said.iter().filter_map(date).collect::<Vec<_>>().join(" ")
        };
        assert!(own(&said).starts_with(skipped), "{text}: {said:?}");
        if *skipped == "?" {
            chat.world.state.last_said.clear();
            assert_eq!(chat.world.state, before, "{text}");
        }
    }
}

/// What is offered to somebody who says that they cannot come, with what each button types.
const OFFERS: &[(&str, &str)] = &[
    ("can't make it tomorrow", "skip 2026-12-02"),
    ("away next week", "skip 2026-12-09"),
    ("I am ill this week", "skip 2026-12-02"),
    ("on vacation from 7 December to 20 December", "pause from 2026-12-07 to 2026-12-20"),
    ("я у відпустці до 20 грудня", "pause until 2026-12-20"),
    ("I can't come next wednesday", "skip 2026-12-02 | skip 2026-12-09"),
    ("can't make it", "four rounds"),
    ("хворію", "four rounds"),
    ("I can't come on Friday", "four rounds"),
];

#[test]
fn whoever_cannot_come_is_offered_what_they_may_mean_and_nothing_is_done() {
    let mut chat = Chat::new(8);
    let before = chat.world.state.clone();
    for (text, offered) in OFFERS {
        let said = chat.typed(FIRST, text);
        let shown = match &said[..] {
            [(FIRST, BotMessage::Absence { dates, breaks })] => {
                let rounds = dates.iter().map(|date| format!("skip {date}"));
                let breaks = breaks.iter().map(|one| match one.from {
                    Some(from) => format!("pause from {from} to {}", one.until),
                    None => format!("pause until {}", one.until),
                });
                rounds.chain(breaks).collect::<Vec<_>>().join(" | ")
            }
            [(FIRST, BotMessage::WhichRound { dates, back: false })] if dates.len() == 4 => "four rounds".to_owned(),
            _ => format!("{said:?}"),
        };
        assert_eq!(shown, *offered, "{text}");
        chat.world.state.last_said.clear();
        assert_eq!(chat.world.state, before, "{text}");
    }
}

#[test]
fn whoever_pauses_can_say_when_they_are_back() {
    let mut chat = Chat::new(8);
    let said = chat.typed(FIRST, "resume on 5 January");
    let day = "2027-01-04".parse().unwrap();
    assert!(
        matches!(&said[..], [(_, BotMessage::Absence { breaks, .. })] if breaks[0].until == day),
        "who takes part is asked: {said:?}"
    );
    assert_eq!(chat.world.state.choice_of(FIRST), Choice::default());
    chat.typed(FIRST, "pause until 2026-12-20");
    let said = chat.typed(FIRST, "resume on 5 January");
    assert!(matches!(said.last(), Some((_, BotMessage::Paused { until, .. })) if *until == day), "{said:?}");
    chat.typed(FIRST, "resume");
    assert_eq!(chat.world.state.choice_of(FIRST), Choice::default());
}

#[test]
fn what_is_said_of_time_counts_for_taking_a_skip_back_and_for_moving_too() {
    let mut chat = Chat::new(8);
    chat.typed(FIRST, "skip the next two weeks");
    let said = chat.typed(FIRST, "unskip this month");
    assert!(matches!(&said[..], [(_, BotMessage::WhichRound { dates, back: true })] if dates.len() == 2), "{said:?}");
    let said = chat.typed(FIRST, "unskip next week");
    let date: NaiveDate = "2026-12-09".parse().unwrap();
    assert!(matches!(&said[..], [.., (_, BotMessage::Unskipped(day, _))] if *day == date), "{said:?}");
    let skipped: Vec<String> = chat.world.state.choice_of(FIRST).skipped.iter().map(NaiveDate::to_string).collect();
    assert_eq!(skipped, ["2026-12-02"]);

    let mut chat = Chat::new(8);
    let mut meeting = |text: &str| match chat.typed(FIRST, text).as_slice() {
        [(_, BotMessage::SuggestTime { meeting, .. })] => meeting.start.date_naive().to_string(),
        [(_, BotMessage::WhichMeeting(meetings))] => format!("one of {}", meetings.len()),
        said => format!("{said:?}"),
    };
    assert_eq!(meeting("change next week"), "2026-12-09");
    assert_eq!(meeting("перенести зустріч 9 грудня"), "2026-12-09");
    assert_eq!(meeting("change this month"), "one of 3");
    assert_eq!(meeting("change the one with Bob"), "one of 3");
}
