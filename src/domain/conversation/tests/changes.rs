//! What people hear about meetings that change after they were introduced, and when they come back.

use super::*;
use crate::domain::message::Meeting;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{Comeback, NextMeeting, OrganizerNews, WhyOff};
use crate::domain::state::bookings::{CalledOff, MoveReason, OffReason, Stage};
use crate::domain::state::outbox::{Address, OutgoingMessage, Timed};

/// A company of nine people who may all meet each other: each round has a trio.
pub(super) fn with_trios() -> Chat {
    let mut world = World::without_departments(9);
    all_fine(&mut world);
    let mut chat = Chat { world };
    chat.introduce();
    chat
}

/// The trio of the second round, and its three people.
fn second_trio(chat: &Chat) -> (Booking, [PersonId; 3]) {
    let date = chat.world.state.rounds[1].date;
    let trio = |booking: &&Booking| booking.round == date && matches!(booking.people, Group::Trio(_));
    let booking = chat.world.state.bookings.iter().find(trio).unwrap().clone();
    let Group::Trio(trio) = booking.people else { unreachable!() };
    (booking, trio)
}

/// Somebody is no longer on the roster of a company without departments.
fn leave_roster(chat: &mut Chat, person: PersonId) {
    let World { roster, state, .. } = &mut chat.world;
    roster.employees.retain(|one| *one.email != *state.email(person));
    roster.columns[0].cells.truncate(roster.employees.len());
}

/// A pair of the second round, which is far enough ahead: its key and its two people.
fn second(chat: &Chat) -> (String, [PersonId; 2]) {
    let date = chat.world.state.rounds[1].date;
    let pair = |booking: &&Booking| booking.round == date && matches!(booking.people, Group::Pair(_));
    let booking = chat.world.state.bookings.iter().find(pair).unwrap();
    let Group::Pair(pair) = booking.people else { unreachable!() };
    (booking.tag.to_string(), pair)
}

#[test]
fn nothing_changed_is_nothing_to_tell() {
    let mut chat = Chat::introduced(8);
    all_fine(&mut chat.world);
    assert_eq!(chat.changes(), []);
}

#[test]
fn a_skip_that_is_taken_back_at_once_leaves_all_as_it_was_and_both_hear_it() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = second(&chat);
    let before = chat.world.state.rounds.clone();
    chat.hear(a, &UserAction::Skip(key.clone()));
    all_fine(&mut chat.world);
    assert!(!chat.world.state.bookings.iter().any(|booking| *booking.tag == *key), "it is cancelled at Webex");
    assert_eq!(chat.changes(), [], "both know");
    let said = chat.typed(a, "unskip");
    assert!(
        matches!(&said[..], [(to, BotMessage::Unskipped(_, Comeback::AfterAll(meeting)))]
        if *to == a && *meeting.partners[0].name == *chat.world.roster.employees[b.index()].name),
        "{said:?}"
    );
    assert_eq!(chat.world.state.rounds, before);
    all_fine(&mut chat.world);
    let said = chat.changes();
    assert!(matches!(&said[..], [(to, BotMessage::BackOn(_))] if *to == b), "only the other one: {said:?}");
    assert_eq!(chat.changes(), [], "once");
    assert!(matches!(chat.booking(&key).stage, Stage::Booked(_)));
}

#[test]
fn who_comes_back_late_hears_who_has_another_partner_and_what_is_next() {
    let mut chat = Chat::introduced(9);
    let date = chat.world.state.rounds[1].date;
    let free = chat.world.state.rounds[1].left_out[0].people[0];
    let team = |id: PersonId| {
        chat.world.roster.columns[0].cells
            [chat.world.roster.employees.iter().position(|one| *one.email == *chat.world.state.email(id)).unwrap()]
    };
    let could_meet =
        |booking: &&Booking| booking.round == date && booking.people.people().iter().any(|id| team(*id) != team(free));
    let booking = chat.world.state.bookings.iter().find(could_meet).unwrap();
    let b = *booking.people.people().iter().find(|id| team(**id) != team(free)).unwrap();
    let a = *booking.people.people().iter().find(|id| **id != b).unwrap();
    let key = booking.tag.to_string();
    chat.hear(a, &UserAction::Skip(key));
    all_fine(&mut chat.world);
    chat.world.now += TimeDelta::minutes(10);
    all_fine(&mut chat.world);
    assert!(chat.world.state.rounds[1].groups().any(|(_, group)| group == Group::Pair([b.min(free), b.max(free)])));
    let name = Sanitized::from(&*chat.world.roster.employees[b.index()].name);
    let said = chat.typed(a, "unskip");
    assert!(
        matches!(&said[..], [(_, BotMessage::Unskipped(day, Comeback::Taken(names, NextMeeting::Meeting(_))))]
        if *day == date && *names == [name.clone()]),
        "{said:?}"
    );
}

#[test]
fn stop_and_start_are_as_if_nothing_had_happened() {
    let mut chat = Chat::introduced(8);
    let before = chat.world.state.rounds.clone();
    let (_, [a, _]) = second(&chat);
    chat.typed(a, "stop");
    all_fine(&mut chat.world);
    let said = chat.typed(a, "start");
    assert!(matches!(&said[..], [(_, BotMessage::Started(Comeback::AfterAll(_)))]), "{said:?}");
    assert_eq!(chat.world.state.rounds, before);
    assert_eq!(chat.world.state.news, [], "which the organizers need not hear");
    all_fine(&mut chat.world);
    let said = chat.changes();
    assert!(said.iter().all(|(_, message)| matches!(message, BotMessage::BackOn(_))), "{said:?}");
    let theirs = said.iter().filter(|(to, _)| *to == a).count();
    assert_eq!((theirs, said.len() - theirs), (2, 3), "all whom they meet in booked rounds, and of which they meet");
}

#[test]
fn a_wish_about_a_booked_partner_offers_to_call_it_off_and_can_be_seen_and_taken_back() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = chat.first();
    let name = Sanitized::from(&*chat.world.roster.employees[b.index()].name);
    let said = chat.typed(a, &format!("not with {name}"));
    assert!(
        matches!(&said[..], [(_, BotMessage::NotWith { booked: Some(meeting), .. })] if meeting.key == key),
        "{said:?}"
    );
    all_fine(&mut chat.world);
    assert!(matches!(chat.booking(&key).stage, Stage::Booked(_)), "it stands");
    let wishes = |chat: &mut Chat, who| match &chat.typed(who, "status")[..] {
        [(_, BotMessage::Status { not_with, .. })] => not_with.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((wishes(&mut chat, a), wishes(&mut chat, b)), (vec![name.clone()], vec![]));
    let said = chat.typed(a, "meet nobody again");
    assert!(matches!(&said[..], [(_, BotMessage::NoSuchWish { wishes, .. })] if *wishes == [name.clone()]), "{said:?}");
    let said = chat.typed(a, &format!("meet {name} again"));
    assert!(matches!(&said[..], [(_, BotMessage::MeetAgain(_))]), "{said:?}");
    assert_eq!(wishes(&mut chat, a), [""; 0]);
}

#[test]
fn what_the_organizer_moves_is_told_with_the_reason_to_those_who_were_introduced() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = second(&chat);
    chat.world.state.unmark_told(Kind::Intro, &key, b);
    chat.world.meeting.start = chrono::NaiveTime::from_hms_opt(11, 0, 0).unwrap();
    assert_eq!(chat.changes(), [], "not before Webex has moved it");
    all_fine(&mut chat.world);
    let said = chat.changes();
    let of = |who: PersonId| said.iter().filter(|(to, _)| *to == who).count();
    assert_eq!((of(a), of(b)), (3, 2), "who is not introduced yet is introduced to the new time");
    let programme = |message: &BotMessage| matches!(message, BotMessage::Moved { why: MoveReason::Programme, from, .. } if from.format("%H:%M").to_string() == "15:10");
    assert!(said.iter().all(|(_, message)| programme(message)), "{said:?}");
    assert_eq!(chat.changes(), [], "once");
}

#[test]
fn a_time_that_comes_back_before_anybody_heard_of_the_other_is_no_news() {
    let mut chat = Chat::introduced(8);
    let start = chat.world.meeting.start;
    chat.world.meeting.start = chrono::NaiveTime::from_hms_opt(11, 0, 0).unwrap();
    all_fine(&mut chat.world);
    chat.world.meeting.start = start;
    all_fine(&mut chat.world);
    assert_eq!(chat.changes(), []);
}

#[test]
fn a_holiday_moves_a_meeting_to_another_day_and_its_reminder_with_it() {
    let mut chat = Chat::introduced(8);
    let (key, [a, _]) = second(&chat);
    chat.world.state.mark_told(Kind::Reminder, &key, Some(a), chat.world.now.date_naive());
    let day = chat.world.state.rounds[1].date;
    chat.world.meeting.skip_dates = vec![day];
    all_fine(&mut chat.world);
    let said = chat.changes();
    let dayoff = |message: &BotMessage| matches!(message, BotMessage::Moved { why: MoveReason::DayOff, .. });
    assert!(said.len() == 8 && said.iter().all(|(_, message)| dayoff(message)), "{said:?}");
    assert_eq!(chat.world.state.was_told(Kind::Reminder, &key, Some(a)), None);
}

#[test]
fn whoever_is_left_by_one_who_left_the_roster_hears_it_and_so_do_the_organizers() {
    let mut chat = Chat::introduced(8);
    chat.world.now = "2026-12-02T15:00:00Z".parse().unwrap(); // the first round is over
    let (key, [a, b]) = second(&chat);
    let gone = chat.world.roster.employees[a.index()].email.clone();
    let place = chat.world.roster.employees.iter().position(|one| one.email == gone).unwrap();
    chat.world.roster.employees.remove(place);
    chat.world.roster.columns[0].cells.remove(place);
    all_fine(&mut chat.world);
    let to_b: Vec<_> = chat
        .changes()
        .into_iter()
        .filter(|(to, message)| {
            assert_ne!(*to, a, "who left hears nothing");
            *to == b && matches!(message, BotMessage::PartnerGone { meeting, .. } if meeting.key == key)
        })
        .collect();
    assert!(matches!(&to_b[..], [(_, BotMessage::PartnerGone { next: WhatNext::Seeking, .. })]), "{to_b:?}");
    chat.world.now = "2026-12-03T09:00:00Z".parse().unwrap();
    let due = |chat: &mut Chat| {
        let found = &mut Vec::new();
        chat.effects(|state, setting| {
            *found = due::due(state, setting, Some(Kind::News), true);
            found.iter().for_each(|due| due.keep(state, setting));
            Effects::default()
        });
        std::mem::take(found)
    };
    let found = due(&mut chat);
    let [
        due::Due {
            addressed: AddressedMessage { to: Recipient::Organizers, message: BotMessage::News { news, .. } },
            ..
        },
    ] = &found[..]
    else {
        panic!("{found:?}")
    };
    assert!(matches!(news[0], OrganizerNews::Left(_)), "{news:?}");
    assert!(news[1..].iter().all(|one| matches!(one, OrganizerNews::Cancelled(..))) && news.len() == 3, "{news:?}");
    assert_eq!(due(&mut chat), [], "once a day, and nothing twice");
    chat.world.now += TimeDelta::days(1);
    assert_eq!(due(&mut chat), []);
}

#[test]
fn whoever_meets_another_before_they_heard_that_the_first_is_off_reads_both_in_one_message() {
    let mut chat = Chat::introduced(8);
    chat.world.pairing.never_pair = vec![];
    let (key, [a, b]) = second(&chat);
    let emails = [a, b].map(|id| chat.world.state.email(id).to_owned());
    chat.world.pairing.never_pair = vec![emails];
    all_fine(&mut chat.world);
    assert!(!chat.world.state.bookings.iter().any(|booking| *booking.tag == *key));
    let off =
        chat.told(|state, setting| due::changes(state, setting, false).into_iter().map(|it| it.addressed).collect());
    let plan = |message: &BotMessage| matches!(message, BotMessage::CalledOff { why: WhyOff::Plan, .. });
    assert!(off.len() == 2 && off.iter().all(|(_, message)| plan(message)), "{off:?}");
    // Two people of each department are free now, and meet across departments; nobody has been told yet.
    let date = chat.world.state.rounds[1].date;
    let other = chat.world.state.bookings.iter().find(|it| it.round == date && *it.tag != *key).unwrap().clone();
    let emails: Vec<String> = other.people.people().iter().map(|id| chat.world.state.email(*id).to_owned()).collect();
    chat.world.pairing.never_pair.push([emails[0].clone(), emails[1].clone()]);
    all_fine(&mut chat.world);
    chat.world.now += TimeDelta::minutes(11);
    all_fine(&mut chat.world);
    let intros = chat.told(|state, setting| {
        let due = due::due(state, setting, Some(Kind::Intro), false);
        due.iter().for_each(|due| due.keep(state, setting));
        due.into_iter().map(|it| it.addressed).collect()
    });
    let both = |message: &BotMessage| matches!(message, BotMessage::Introduction { instead: Some(it), .. } if it.why == WhyOff::Plan && it.names.len() == 1);
    assert!(intros.len() == 4 && intros.iter().all(|(_, message)| both(message)), "{intros:?}");
    assert_eq!(chat.changes(), [], "nothing contradicts it afterwards");
}

#[test]
fn a_time_that_webex_never_had_is_given_up_in_time_and_the_one_agreed_before_stands() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = second(&chat);
    let day = chat.booking(&key).round.to_string();
    chat.hear(a, &send(&key, &day, "16:00"));
    chat.hear(b, &UserAction::Yes(key.clone(), 1));
    let agreed = chat.booking(&key).start;
    assert_eq!(agreed.to_rfc3339(), format!("{day}T16:00:00+02:00"));
    chat.hear(a, &send(&key, &day, "17:00"));
    let email = chat.world.state.email(b).to_owned();
    // Everybody agrees, and Webex cannot be asked.
    let effects = chat.effects(|state, setting| hear(state, setting, &email, &UserAction::Yes(key.clone(), 2)));
    assert_eq!((effects.agreed.clone(), said(effects)), (Some(key.clone()), vec![]));
    let waits = chat.told(|state, setting| move_waits(state, setting, &key));
    assert!(waits.len() == 2 && waits.iter().all(|(_, it)| matches!(it, BotMessage::MoveWaits { .. })), "{waits:?}");
    let expire = |chat: &mut Chat| said(chat.effects(expire));
    assert_eq!(expire(&mut chat), [], "it stays due");
    chat.world.now = agreed.to_utc() - TimeDelta::minutes(30);
    let told = expire(&mut chat);
    assert!(
        told.len() == 2 && told.iter().all(|(_, it)| matches!(it, BotMessage::NotMoved { why: None, .. })),
        "{told:?}"
    );
    let booking = chat.booking(&key);
    assert_eq!((booking.start, booking.agreed, booking.fallback), (agreed, Some(agreed), None));
    all_fine(&mut chat.world);
    assert_eq!(chat.booking(&key).start, agreed, "and there it stays");
    assert_eq!(chat.changes(), []);
}

/// Adds this many people to the roster.
fn grow(chat: &mut Chat, more: usize) {
    for _ in 0..more {
        let number = chat.world.roster.employees.len();
        let like = chat.world.roster.employees[0].clone();
        let (email, name) = (format!("p{number}@example.com").into(), format!("Person {number}").into());
        chat.world.roster.employees.push(crate::domain::roster::Employee { email, name, ..like });
        chat.world.roster.columns[0].cells.push(1 + number as u32 % 2);
    }
}

fn greetings(chat: &mut Chat) -> Vec<AddressedMessage> {
    let found = &mut Vec::new();
    chat.effects(|state, setting| {
        let due = due::due(state, setting, Some(Kind::Greeting), true);
        due.iter().for_each(|due| due.keep(state, setting));
        *found = due.into_iter().map(|due| due.addressed).collect();
        Effects::default()
    });
    std::mem::take(found)
}

#[test]
fn newcomers_are_greeted_once_and_nobody_else_is() {
    let mut chat = Chat::introduced(8);
    assert_eq!(greetings(&mut chat), [], "whoever was there at the first draw");
    grow(&mut chat, 2);
    all_fine(&mut chat.world);
    let greeted = greetings(&mut chat);
    assert_eq!(greeted.len(), 2);
    let meets = |message: &BotMessage| matches!(message, BotMessage::Greeting { next: NextMeeting::Meeting(_), .. });
    assert!(greeted.iter().all(|it| meets(&it.message)), "{greeted:?}");
    assert_eq!(greetings(&mut chat), []);
}

#[test]
fn where_very_many_are_new_the_organizer_is_asked_once_and_decides() {
    for (answer, number) in [("greet", 4), ("greet nobody", 0)] {
        let mut chat = Chat::introduced(8);
        grow(&mut chat, 4);
        all_fine(&mut chat.world);
        let asked = greetings(&mut chat);
        assert!(
            matches!(
                &asked[..],
                [AddressedMessage { to: Recipient::Organizers, message: BotMessage::ManyNewcomers(4, 12) }]
            ),
            "{asked:?}"
        );
        assert_eq!(greetings(&mut chat), []);
        let said = chat.typed(FIRST, answer);
        assert!(matches!(&said[..], [(FIRST, BotMessage::Help { .. })]), "only the organizer may: {said:?}");
        let action = UserAction::ChatCommand(chat_command::understand(
            answer,
            "",
            Language::English,
            chat.world.now.date_naive(),
        ));
        let effects = chat.effects(|state, setting| hear(state, setting, "boss@example.com", &action));
        let greets = |it: &&AddressedMessage| matches!(it.message, BotMessage::Greeting { .. });
        assert_eq!(effects.messages.iter().filter(greets).count(), number, "{effects:?}");
        let greeted = number > 0;
        let answers = BotMessage::Greeted { waiting: 4, greeted };
        assert!(effects.messages.iter().any(|it| it.message == answers), "{effects:?}");
        assert_eq!(greetings(&mut chat), []);
        let effects = chat.effects(|state, setting| hear(state, setting, "boss@example.com", &action));
        let answers = BotMessage::Greeted { waiting: 0, greeted };
        assert!(matches!(&effects.messages[..], [one] if one.message == answers), "{effects:?}");
    }
}

#[test]
fn a_time_on_which_they_had_agreed_comes_back_with_them() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = second(&chat);
    chat.hear(a, &send(&key, "2026-12-10", "12:00"));
    chat.hear(b, &UserAction::Yes(key.clone(), 1));
    all_fine(&mut chat.world);
    let agreed = chat.booking(&key).start;
    chat.typed(a, "skip 2026-12-10");
    all_fine(&mut chat.world);
    let said = chat.typed(a, "unskip");
    let at = |meeting: &Meeting| meeting.start == agreed;
    assert!(
        matches!(&said[..], [(_, BotMessage::Unskipped(_, Comeback::AfterAll(meeting)))] if at(meeting)),
        "{said:?}"
    );
    all_fine(&mut chat.world);
    assert_eq!(chat.booking(&key).start, agreed);
    let said = chat.changes();
    assert!(matches!(&said[..], [(to, BotMessage::BackOn(meeting))] if *to == b && at(meeting)), "{said:?}");
}

#[test]
fn three_who_were_two_for_a_moment_are_three_again() {
    let mut chat = with_trios();
    let before = chat.world.state.rounds.clone();
    let trio = |booking: &&Booking| matches!(booking.people, Group::Trio(_)) && booking.round == before[1].date;
    let trio = chat.world.state.bookings.iter().find(trio).unwrap().clone();
    let [a, b, c] = trio.people.people() else { unreachable!() };
    let (a, b, c) = (*a, *b, *c);
    chat.hear(a, &UserAction::Skip(trio.tag.to_string()));
    all_fine(&mut chat.world);
    assert!(chat.world.state.bookings.iter().any(|booking| booking.people == Group::Pair([b, c])), "two meet");
    chat.typed(a, "unskip");
    assert_eq!(chat.world.state.rounds, before);
    all_fine(&mut chat.world);
    assert!(matches!(chat.booking(&trio.tag).stage, Stage::Booked(_)));
    let pair = |booking: &Booking| booking.people == Group::Pair([b, c]) && booking.round == trio.round;
    assert!(!chat.world.state.bookings.iter().any(pair), "the two of them alone do not");
    let mut said = chat.changes();
    said.sort_by_key(|(to, _)| *to);
    assert!(
        matches!(&said[..], [(one, BotMessage::BackOn(_)), (other, BotMessage::BackOn(_))] if [*one, *other] == [b, c]),
        "{said:?}"
    );
}

#[test]
fn two_of_three_are_introduced_each_time_the_third_is_gone() {
    let mut chat = with_trios();
    let (trio, [a, b, c]) = second_trio(&chat);
    for _ in 0..2 {
        let mut said = chat.hear(a, &UserAction::Skip(trio.tag.to_string()));
        said.retain(|(to, _)| *to != a);
        let rest = |message: &BotMessage| matches!(message, BotMessage::PartnerGone { next: WhatNext::Rest(_), .. });
        assert!(said.len() == 2 && said.iter().all(|(_, message)| rest(message)), "{said:?}");
        all_fine(&mut chat.world);
        let mut said = chat.due();
        said.sort_by_key(|(to, _)| *to);
        let is_new = |message: &BotMessage| matches!(message, BotMessage::Introduction { instead: None, .. });
        assert!(
            said.iter().map(|(to, _)| *to).eq([b, c]) && said.iter().all(|(_, message)| is_new(message)),
            "{said:?}"
        );
        chat.typed(a, "unskip");
        all_fine(&mut chat.world);
        assert_eq!(chat.changes().len(), 2);
    }
}

#[test]
fn two_of_three_whose_meeting_was_off_hear_that_the_third_is_gone_when_it_takes_place() {
    let mut chat = with_trios();
    let (trio, [a, b, c]) = second_trio(&chat);
    chat.hear(a, &UserAction::Skip(trio.tag.to_string()));
    all_fine(&mut chat.world);
    chat.due();
    chat.typed(a, "unskip");
    all_fine(&mut chat.world);
    assert_eq!(chat.changes().len(), 2);
    // The third leaves the roster, which nobody says to the others.
    leave_roster(&mut chat, a);
    all_fine(&mut chat.world);
    let mut said = chat.changes();
    let is_about = |meeting: &Meeting| meeting.start.date_naive() == trio.start.date_naive();
    said.retain(|(_, message)| match message {
        BotMessage::Introduction { meeting, .. } | BotMessage::BackOn(meeting) => is_about(meeting),
        _ => false,
    });
    said.sort_by_key(|(to, _)| *to);
    let is_instead = |message: &BotMessage| matches!(message, BotMessage::Introduction { instead: Some(_), .. });
    assert!(said.iter().map(|(to, _)| *to).eq([b, c]) && said.iter().all(|(_, it)| is_instead(it)), "{said:?}");
    assert_eq!(chat.changes(), [], "once");
}

#[test]
fn whoever_skips_does_not_hear_later_that_an_earlier_meeting_of_that_week_is_off() {
    let mut chat = with_trios();
    let (trio, [a, b, _]) = second_trio(&chat);
    chat.hear(a, &UserAction::Skip(trio.tag.to_string()));
    all_fine(&mut chat.world);
    chat.due();
    // The three meet after all, but nobody is at work to hear it before one of the others skips.
    chat.typed(a, "unskip");
    all_fine(&mut chat.world);
    chat.hear(b, &UserAction::Skip(trio.tag.to_string()));
    all_fine(&mut chat.world);
    let said = chat.due();
    assert!(said.iter().all(|(to, _)| *to != b), "{said:?}");
}

#[test]
fn two_of_three_do_not_meet_alone_if_one_of_them_has_wished_not_to() {
    for leaves in [false, true] {
        let mut chat = with_trios();
        let (trio, [a, b, c]) = second_trio(&chat);
        let name = chat.world.roster.employees[b.index()].name.clone();
        chat.typed(a, &format!("not with {name}"));
        all_fine(&mut chat.world);
        assert!(matches!(chat.booking(&trio.tag).stage, Stage::Booked(_)), "what is booked stands");
        if leaves {
            leave_roster(&mut chat, c);
        } else {
            chat.hear(c, &UserAction::Skip(trio.tag.to_string()));
        }
        all_fine(&mut chat.world);
        chat.world.now += TimeDelta::minutes(10);
        all_fine(&mut chat.world);
        let together = |booking: &Booking| [a, b].iter().all(|id| booking.people.has(*id));
        assert!(!chat.world.state.bookings.iter().any(together), "leaves: {leaves}");
        assert!(chat.world.webex.values().filter(|it| it.start.date_naive() == trio.start.date_naive()).count() > 0);
    }
}

#[test]
fn two_of_three_meet_when_all_three_agreed_also_if_the_third_leaves_or_the_drawn_time_is_over() {
    for (leaves, is_over) in [(false, true), (true, false), (true, true)] {
        let mut chat = with_trios();
        let (trio, [a, b, c]) = second_trio(&chat);
        chat.hear(a, &send(&trio.tag, "2026-12-10", "12:00"));
        chat.hear(b, &UserAction::Yes(trio.tag.to_string(), 1));
        chat.hear(c, &UserAction::Yes(trio.tag.to_string(), 1));
        all_fine(&mut chat.world);
        if is_over {
            // The hour for which the meeting was drawn.
            chat.world.now = trio.start.to_utc() + TimeDelta::hours(2);
        }
        if leaves {
            leave_roster(&mut chat, c);
            // As a run does, before it books.
            chat.world.bring_in_line();
        } else {
            let mut said = chat.hear(c, &UserAction::Skip(trio.tag.to_string()));
            said.retain(|(to, _)| *to != c);
            let rest =
                |message: &BotMessage| matches!(message, BotMessage::PartnerGone { next: WhatNext::Rest(_), .. });
            assert!(said.len() == 2 && said.iter().all(|(_, message)| rest(message)), "{said:?}");
        }
        all_fine(&mut chat.world);
        all_fine(&mut chat.world);
        let pair = |booking: &&Booking| booking.people == Group::Pair([a, b]) && booking.round == trio.round;
        let case = format!("leaves: {leaves}, over: {is_over}");
        let booking = chat.world.state.bookings.iter().find(pair).unwrap_or_else(|| panic!("{case}"));
        assert_eq!(booking.start.to_rfc3339(), "2026-12-10T12:00:00+02:00", "{case}");
        assert!(matches!(booking.stage, Stage::Booked(_)), "{booking:?}");
    }
}

#[test]
fn what_two_of_three_agreed_on_is_agreed_once_the_third_is_gone() {
    for both in [true, false] {
        let mut chat = with_trios();
        let (trio, [a, b, c]) = second_trio(&chat);
        let date = trio.round;
        chat.hear(a, &send(&trio.tag, "2026-12-10", "12:00"));
        if both {
            chat.hear(b, &UserAction::Yes(trio.tag.to_string(), 1));
        }
        let said = chat.hear(c, &UserAction::Skip(trio.tag.to_string()));
        all_fine(&mut chat.world);
        let pair = |booking: &&Booking| booking.people == Group::Pair([a, b]) && booking.round == date;
        let start = chat.world.state.bookings.iter().find(pair).unwrap().start.to_rfc3339();
        let declined = said.iter().any(|(to, message)| *to == a && matches!(message, BotMessage::Declined { .. }));
        let expected = if both { "2026-12-10T12:00:00+02:00" } else { "2026-12-09T15:10:00+02:00" };
        assert_eq!((&*start, declined), (expected, !both), "{said:?}");
    }
}

#[test]
fn a_third_who_is_back_joins_at_the_time_on_which_the_other_two_agreed_or_stays_away() {
    for can_come in [true, false] {
        let mut chat = with_trios();
        let (trio, [a, b, c]) = second_trio(&chat);
        chat.hear(c, &UserAction::Skip(trio.tag.to_string()));
        all_fine(&mut chat.world);
        let pair = Group::Pair([a, b]);
        let booked = |chat: &Chat, people: Group| {
            let mut bookings = chat.world.state.bookings.iter();
            bookings.find(|it| it.people == people && it.round == trio.round).map(|it| it.start.to_rfc3339())
        };
        let key = chat.world.state.bookings.iter().find(|it| it.people == pair).unwrap().tag.to_string();
        chat.hear(a, &send(&key, "2026-12-10", "12:00"));
        chat.hear(b, &UserAction::Yes(key, 1));
        all_fine(&mut chat.world);
        if !can_come {
            chat.world.roster.employees[c.index()].working_hours = Some("Mon-Wed 09:00-18:00".parse().unwrap());
        }
        let said = chat.typed(c, "unskip 2026-12-09");
        all_fine(&mut chat.world);
        let thursday = Some("2026-12-10T12:00:00+02:00".to_owned());
        let [(_, BotMessage::Unskipped(_, comeback))] = &said[..] else { panic!("{said:?}") };
        match comeback {
            Comeback::AfterAll(meeting) => {
                assert!(can_come && Some(meeting.start.to_rfc3339()) == thursday, "{meeting:?}");
                assert_eq!((booked(&chat, trio.people), booked(&chat, pair)), (thursday, None));
            }
            Comeback::WithoutYou(names, _) => {
                assert!(!can_come && names.len() == 2, "{said:?}");
                assert_eq!((booked(&chat, trio.people), booked(&chat, pair)), (None, thursday));
            }
            _ => panic!("{said:?}"),
        }
    }
}

#[test]
fn after_the_last_moment_two_of_three_are_put_together_in_whatever_order_the_others_left() {
    let mut chat = with_trios();
    let (trio, [a, b, c]) = second_trio(&chat);
    chat.world.now = "2026-12-08T08:00:00Z".parse().unwrap();
    for away in [a, b] {
        chat.typed(away, "skip 2026-12-09");
        all_fine(&mut chat.world);
    }
    let of_c = |chat: &Chat| {
        let mut bookings = chat.world.state.bookings.iter();
        bookings.find(|it| it.people.has(c) && it.round == trio.round).map(|it| it.people)
    };
    assert_eq!(of_c(&chat), None);
    chat.typed(a, "unskip 2026-12-09");
    all_fine(&mut chat.world);
    assert_eq!(of_c(&chat), Some(Group::Pair([a.min(c), a.max(c)])));
    chat.typed(b, "unskip 2026-12-09");
    all_fine(&mut chat.world);
    assert_eq!(of_c(&chat), Some(trio.people));
}

#[test]
fn the_time_of_two_of_three_outlasts_a_booking_that_is_not_made() {
    let mut chat = with_trios();
    let (trio, [a, b, c]) = second_trio(&chat);
    let date = trio.round;
    chat.hear(a, &send(&trio.tag, "2026-12-10", "12:00"));
    chat.hear(b, &UserAction::Yes(trio.tag.to_string(), 1));
    chat.hear(c, &UserAction::Skip(trio.tag.to_string()));
    none_done(&mut chat.world);
    all_fine(&mut chat.world);
    let pair = |booking: &&Booking| booking.people == Group::Pair([a, b]) && booking.round == date;
    let start = chat.world.state.bookings.iter().find(pair).unwrap().start.to_rfc3339();
    assert_eq!(start, "2026-12-10T12:00:00+02:00");
}

#[test]
fn a_meeting_that_is_off_for_a_rule_is_called_off_though_webex_has_deleted_it_already() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = second(&chat);
    chat.world.pairing.never_pair = vec![[a, b].map(|id| chat.world.state.email(id).to_owned())];
    // As a run leaves it that is killed after the call.
    let booking = chat.booking(&key);
    let at = booking.at_webex().unwrap().clone();
    chat.world.webex.remove(&*at.id);
    chat.world.state.put_booking(Booking { stage: Stage::Cancelling(at), ..booking });
    all_fine(&mut chat.world);
    let off = chat.world.state.called_off.iter().map(|off| (&*off.tag, &off.why)).collect::<Vec<_>>();
    assert_eq!(off, [(&*key, &OffReason::Rules)]);
    let told = chat
        .told(|state, setting| due::due(state, setting, None, false).into_iter().map(|due| due.addressed).collect());
    for person in [a, b] {
        let of_it = told.iter().filter(|(to, message)| {
            let off = matches!(message, BotMessage::CalledOff { meeting, .. } if meeting.key == key);
            let instead = matches!(message, BotMessage::Introduction { instead: Some(_), .. });
            *to == person && (off || instead)
        });
        assert_eq!(of_it.count(), 1, "{told:?}");
    }
}

#[test]
fn who_could_not_meet_is_not_drawn_for_the_same_round_again() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = second(&chat);
    chat.hear(a, &send(&key, "2026-12-03", "12:00"));
    chat.hear(b, &UserAction::Yes(key.clone(), 1));
    all_fine(&mut chat.world);
    chat.world.now = "2026-12-03T11:00:00Z".parse().unwrap();
    let today = chat.world.now.date_naive();
    [a, b].iter().for_each(|person| chat.world.state.mark_told(Kind::Asked, &key, Some(*person), today));
    chat.typed(a, "could not");
    chat.world.now += TimeDelta::hours(1);
    for _ in 0..2 {
        all_fine(&mut chat.world);
        let again = |(_, group): (_, Group)| group.has(a) || group.has(b);
        assert!(!chat.world.state.rounds[1].groups().any(again), "{:?}", chat.world.state.rounds[1]);
    }
}

#[test]
fn a_nod_is_no_account_of_a_meeting() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = chat.first();
    chat.world.now = "2026-12-02T14:00:00Z".parse().unwrap();
    let today = chat.world.now.date_naive();
    [a, b].iter().for_each(|person| chat.world.state.mark_told(Kind::Asked, &key, Some(*person), today));
    assert!(matches!(&chat.typed(a, "ok")[..], [(_, BotMessage::DidYouMeet(_))]));
    chat.typed(a, "we could not");
    for nod in ["ok", "great, thanks", "yes", "👍", "thanks"] {
        assert_eq!(chat.typed(a, nod), [(a, BotMessage::Welcome)], "{nod}");
    }
    assert_eq!(chat.booking(&key).result, Some(MeetingResult::CouldNot));
}

#[test]
fn whoever_left_and_resumes_is_back_and_the_organizers_hear_only_what_is_so() {
    let mut chat = Chat::introduced(8);
    chat.typed(FIRST, "stop");
    assert!(chat.world.state.choice_of(FIRST).stopped);
    assert_eq!(chat.world.state.news.len(), 1);
    let said = chat.typed(FIRST, "resume");
    assert!(matches!(&said[..], [(_, BotMessage::Started(_))]), "{said:?}");
    assert!(!chat.world.state.choice_of(FIRST).stopped && chat.world.state.news.is_empty());
}

#[test]
fn nobody_hears_that_they_are_left_out_while_a_partner_is_looked_for() {
    let mut chat = Chat::introduced(8);
    // In the week of the round, before its last moment.
    chat.world.now = "2026-12-07T09:00:00Z".parse().unwrap();
    let (key, [a, b]) = second(&chat);
    let said = chat.hear(a, &UserAction::Skip(key));
    assert!(matches!(&said[0], (to, BotMessage::PartnerGone { next: WhatNext::Seeking, .. }) if *to == b), "{said:?}");
    all_fine(&mut chat.world);
    let left_out = |chat: &mut Chat| {
        let told = chat.told(|state, setting| {
            due::due(state, setting, None, false).into_iter().map(|due| due.addressed).collect()
        });
        told.into_iter().filter(|(to, message)| *to == b && matches!(message, BotMessage::LeftOut { .. })).count()
    };
    assert_eq!(left_out(&mut chat), 0, "somebody may be found yet");
    chat.world.now = "2026-12-08T08:00:00Z".parse().unwrap();
    assert_eq!(left_out(&mut chat), 1, "now it is too late");
}

#[test]
fn whoever_is_left_out_hears_of_the_next_round_in_which_they_take_part() {
    let mut chat = Chat::introduced(8);
    chat.world.now = "2026-12-07T09:00:00Z".parse().unwrap();
    let (key, [a, b]) = second(&chat);
    chat.typed(b, "skip 2026-12-16");
    chat.hear(a, &UserAction::Skip(key));
    all_fine(&mut chat.world);
    chat.world.now = "2026-12-08T08:00:00Z".parse().unwrap();
    let told = chat
        .told(|state, setting| due::due(state, setting, None, false).into_iter().map(|due| due.addressed).collect());
    let next = told.iter().find_map(|(to, message)| match message {
        BotMessage::LeftOut { next, .. } if *to == b => Some(*next),
        _ => None,
    });
    assert_eq!(next, Some("2026-12-23".parse().ok()), "{told:?}");
}

#[test]
fn what_had_no_buttons_is_not_asked_again() {
    for (bare, times) in [(TimeDelta::minutes(-1), 0), (TimeDelta::zero(), 2)] {
        let mut chat = Chat::introduced(8);
        let (key, [a, b]) = chat.first();
        let asked = chat.world.now;
        chat.hear(a, &send(&key, "2026-12-03", "11:00"));
        chat.world.now += TimeDelta::hours(1);
        let said = chat.told(|state, setting| ask_again(state, setting, asked - TimeDelta::hours(1), asked + bare));
        assert_eq!(said.iter().filter(|(to, _)| *to == b).count(), times, "{said:?}");
    }
}

#[test]
fn a_newcomer_who_writes_first_is_greeted_all_the_same() {
    let mut chat = Chat::introduced(8);
    let mut joiner = chat.world.roster.employees[0].clone();
    (joiner.email, joiner.name) = ("new@example.com".into(), "New One".into());
    chat.world.roster.employees.push(joiner);
    chat.world.roster.columns[0].cells.push(2);
    let heard = UserAction::ChatCommand(ChatCommand::Help);
    chat.effects(|state, setting| hear(state, setting, "new@example.com", &heard));
    chat.world.bring_in_line();
    let id = chat.world.state.person_or_insert("new@example.com");
    let joined: Vec<PersonId> = chat.world.state.joined.iter().flatten().map(|joined| joined.person).collect();
    assert_eq!(joined, [id], "once");
    assert_eq!(chat.world.state.news.iter().filter(|news| news.person == id).count(), 1);
}

#[test]
fn whoever_leaves_while_somebody_of_the_same_name_joins_may_be_one_person() {
    let mut chat = Chat::introduced(8);
    let mut joiner = chat.world.roster.employees[FIRST.index()].clone();
    let former = joiner.email.to_string();
    joiner.email = "another@example.com".into();
    let before = chat.world.roster.clone();
    leave_roster(&mut chat, FIRST);
    chat.world.roster.employees.push(joiner);
    chat.world.roster.columns[0].cells.push(1);
    chat.world.state.name_who_left(&chat.world.roster, Some(&before));
    all_fine(&mut chat.world);
    chat.world.now = "2026-12-03T09:00:00Z".parse().unwrap();
    let mut emails = Vec::new();
    chat.effects(|state, setting| {
        for due in due::due(state, setting, Some(Kind::News), true) {
            let BotMessage::News { news, .. } = due.addressed.message else { panic!("{due:?}") };
            emails.extend(news.into_iter().filter_map(|one| match one {
                OrganizerNews::OnePerson(_, email) => Some(email.to_string()),
                _ => None,
            }));
        }
        Effects::default()
    });
    assert_eq!(emails, [former]);
}

#[test]
fn a_time_that_was_agreed_on_and_is_over_is_given_up_with_a_word() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = second(&chat);
    let booking = chat.booking(&key);
    let agreed = booking.start - TimeDelta::hours(4);
    // Nothing ran in the last half hour before the meeting.
    chat.world.state.put_booking(Booking { agreed: Some(agreed), ..booking.clone() });
    chat.world.now = agreed.to_utc() + TimeDelta::minutes(5);
    let told = said(chat.effects(expire));
    let to: Vec<PersonId> = told.iter().map(|(to, _)| *to).collect();
    assert!(to == [a, b] && told.iter().all(|(_, it)| matches!(it, BotMessage::NotMoved { .. })), "{told:?}");
    assert_eq!(chat.booking(&key).agreed, None);
    assert_eq!(said(chat.effects(expire)), [], "once");
}

#[test]
fn a_meeting_that_comes_back_on_another_day_is_no_second_introduction() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = second(&chat);
    let pause = |chat: &mut Chat, until: Option<NaiveDate>| {
        let email = chat.world.state.email(a).to_owned();
        let at = chat.world.roster.employees.iter().position(|one| *one.email == *email).unwrap();
        chat.world.roster.employees[at].paused_until = until;
        all_fine(&mut chat.world);
    };
    pause(&mut chat, Some("2026-12-11".parse().unwrap()));
    assert!(chat.changes().iter().any(|(to, it)| *to == b && matches!(it, BotMessage::PartnerGone { .. })));
    chat.world.meeting.weekday = chrono::Weekday::Thu;
    pause(&mut chat, None);
    let again = chat
        .world
        .state
        .bookings
        .iter()
        .find(|it| it.people == Group::Pair([a, b]) && it.start.to_rfc3339() == "2026-12-10T15:10:00+02:00");
    assert!(again.is_some_and(|again| *again.tag != *key), "{:?}", chat.world.state.bookings);
    let told = chat
        .told(|state, setting| due::due(state, setting, None, false).into_iter().map(|due| due.addressed).collect());
    let of_it: Vec<&BotMessage> = told.iter().filter(|(to, _)| *to == b).map(|(_, it)| it).collect();
    let day = "2026-12-10T15:10:00+02:00";
    let is_back = |it: &&&BotMessage| matches!(it, BotMessage::BackOn(meeting) if meeting.start.to_rfc3339() == day);
    assert_eq!(of_it.iter().filter(is_back).count(), 1, "{of_it:?}");
    assert!(!of_it.iter().any(|it| matches!(it, BotMessage::Introduction { .. })), "{of_it:?}");
}

#[test]
fn a_round_that_is_over_is_nobodys_next() {
    let mut chat = Chat::introduced(8);
    chat.typed(FIRST, "stop");
    // Friday, after this week's round.
    chat.world.now = "2026-12-04T10:00:00Z".parse().unwrap();
    chat.world.state.rounds.clear();
    chat.world.state.bookings.clear();
    let said = chat.typed(FIRST, "start");
    let next: NaiveDate = "2026-12-09".parse().unwrap();
    assert!(
        matches!(&said[..], [(_, BotMessage::Started(Comeback::Next(NextMeeting::Draw(date))))] if *date == next),
        "{said:?}"
    );
}

#[test]
fn whoever_does_not_get_an_introduction_after_all_hears_that_their_former_meeting_is_off() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = chat.first();
    let today = chat.world.now.date_naive();
    let World { state, .. } = &mut chat.world;
    // Another meeting of theirs is off, and they are to hear it from the introduction to the one that they meet instead.
    let (booking, other) = (state.bookings.iter().find(|it| *it.tag == *key).unwrap().clone(), PersonId::new(7));
    assert!(other != a && other != b);
    let Booking { round, start, minutes, .. } = booking.clone();
    let (tag, people) = ("former".into(), Group::Pair([b, other]));
    let former = CalledOff { tag, round, people, start, minutes, agreed: false, why: OffReason::DrawnAgain };
    state.called_off.push(former);
    state.mark_told(Kind::Intro, "former", Some(b), today);
    state.unmark_told(Kind::Intro, &key, b);
    let mut told = |only| {
        chat.told(|state, setting| {
            let due = due::due(state, setting, Some(only), false);
            due.iter().for_each(|due| due.keep(state, setting));
            due.into_iter().map(|due| due.addressed).collect()
        })
    };
    let said = told(Kind::Intro);
    assert!(matches!(&said[..], [(to, BotMessage::Introduction { instead: Some(_), .. })] if *to == b), "{said:?}");
    assert_eq!(told(Kind::Off), []);
    // Before it could be sent, the new meeting is off, too.
    let (state, now) = (&mut chat.world.state, chat.world.now);
    let until = booking.start.to_utc();
    state.outbox.push(OutgoingMessage {
        key: "k".to_owned(),
        to: Address::Person(state.email(b).into()),
        at: now,
        not_before: None,
        asks: None,
        timed: Some(Timed { kind: Kind::Intro, about: key.as_str().into(), until }),
        begun: false,
        markdown: String::new(),
        text: String::new(),
        card: None,
        parent: None,
    });
    state.rounds[0].remove(booking.people);
    state.call_off(&booking, OffReason::Gone(vec![a]));
    assert_eq!(due::strike_out(state, now), 1);
    let said = chat.told(|state, setting| {
        due::due(state, setting, Some(Kind::Off), false).into_iter().map(|due| due.addressed).collect()
    });
    let of_b: Vec<&BotMessage> = said.iter().filter(|(to, _)| *to == b).map(|(_, message)| message).collect();
    assert!(matches!(&of_b[..], [BotMessage::CalledOff { meeting, .. }] if meeting.key == "former"), "{said:?}");
}
