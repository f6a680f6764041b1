//! A new time for a meeting: suggested, agreed to or not, in words and on cards.

use super::*;

#[test]
fn a_new_time_that_the_other_agrees_to_moves_the_same_meeting() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = chat.first();
    let (webex, id) = (chat.world.webex.len(), chat.booking(&key).at_webex().unwrap().id.clone());
    let said = chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    assert!(
        matches!(&said[..], [(to, BotMessage::Proposal { number: 1, outside: false, .. }), (by, BotMessage::Suggested { .. })]
        if *to == b && *by == a),
        "{said:?}"
    );
    let said = chat.hear(b, &UserAction::Yes(key.clone(), 1));
    assert!(said.iter().all(|(_, message)| matches!(message, BotMessage::Moved { .. })) && said.len() == 2, "{said:?}");
    all_fine(&mut chat.world);
    let booking = chat.booking(&key);
    assert_eq!(booking.start.to_rfc3339(), "2026-12-03T11:00:00+02:00");
    assert_eq!((chat.world.webex.len(), &booking.at_webex().unwrap().id), (webex, &id), "the same meeting");
    assert_eq!(chat.world.webex[&*id].start, booking.start);
    assert!(!chat.world.decide().0.changes(), "and there it stays");
}

#[test]
fn a_suggestion_is_open_until_before_the_meeting_where_the_organizer_moved_it() {
    let mut chat = Chat::new(8);
    let (key, [a, _]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-04", "11:00"));
    assert_eq!(chat.booking(&key).proposal.unwrap().expires.to_rfc3339(), "2026-12-02T12:10:00+00:00");
    chat.world.meeting.start = "10:00:00".parse().unwrap();
    all_fine(&mut chat.world);
    let booking = chat.booking(&key);
    assert_eq!(booking.start.to_rfc3339(), "2026-12-02T10:00:00+02:00");
    let expires = booking.proposal.unwrap().expires;
    assert_eq!(expires.to_rfc3339(), "2026-12-02T07:00:00+00:00");
    chat.world.now = expires;
    let told = said(chat.effects(expire));
    assert!(told.len() == 2 && told.iter().all(|(_, it)| matches!(it, BotMessage::Expired(_))), "{told:?}");
}

#[test]
fn a_meeting_that_moved_behind_its_drawn_time_stands_and_can_be_called_off() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    chat.hear(b, &UserAction::Yes(key.clone(), 1));
    all_fine(&mut chat.world);
    let id = chat.booking(&key).at_webex().unwrap().id.to_string();
    chat.world.now = "2026-12-02T14:00:00Z".parse().unwrap(); // behind 15:10 in Kyiv
    assert!(!chat.world.decide().0.changes(), "nothing is cancelled");
    let said = chat.typed(a, "skip");
    assert!(
        matches!(&said[..], [(_, BotMessage::PartnerGone { .. }), (_, BotMessage::Skipped { cancelled: true, .. })]),
        "{said:?}"
    );
    all_fine(&mut chat.world);
    assert!(!chat.world.webex.contains_key(&id));
}

#[test]
fn two_of_a_trio_keep_the_time_of_all_three() {
    let mut world = World::without_departments(9);
    all_fine(&mut world);
    let mut chat = Chat { world };
    let booking =
        chat.world.state.bookings.iter().find(|booking| matches!(booking.people, Group::Trio(_))).unwrap().clone();
    let (key, people) = (booking.tag.to_string(), booking.people.people().to_vec());
    let day = booking.round.succ_opt().unwrap().to_string();
    chat.hear(people[0], &send(&key, &day, "11:00"));
    chat.hear(people[1], &UserAction::Yes(key.clone(), 1));
    chat.hear(people[2], &UserAction::Yes(key.clone(), 1));
    all_fine(&mut chat.world);
    let said = chat.hear(people[0], &UserAction::Skip(key));
    let rest = |message: &BotMessage| matches!(message, BotMessage::PartnerGone { next: WhatNext::Rest(_), .. });
    assert_eq!(said.iter().filter(|(_, message)| rest(message)).count(), 2, "{said:?}");
    all_fine(&mut chat.world);
    let two = Group::Pair([people[1], people[2]]);
    let booking = chat.world.state.bookings.iter().find(|booking| booking.people == two).unwrap();
    assert_eq!(booking.start.to_rfc3339(), format!("{day}T11:00:00+02:00"));
    assert_eq!(chat.world.webex[&*booking.at_webex().unwrap().id].start, booking.start);
}

#[test]
fn nobody_agrees_to_two_meetings_at_once() {
    let mut chat = Chat::new(8);
    let (_, [person, _]) = chat.first();
    let theirs = |booking: &&Booking| booking.people.has(person);
    let two: Vec<Booking> = chat.world.state.bookings.iter().filter(theirs).take(2).cloned().collect();
    let [other, another] = [0, 1].map(|at| *two[at].people.people().iter().find(|id| **id != person).unwrap());
    let keys = [0, 1].map(|at| two[at].tag.to_string());
    keys.iter().for_each(|key| drop(chat.hear(person, &send(key, "2026-12-04", "11:00"))));
    let said = chat.hear(other, &UserAction::Yes(keys[0].clone(), 1));
    assert!(said.iter().all(|(_, message)| matches!(message, BotMessage::Moved { .. })), "{said:?}");
    let said = chat.hear(another, &UserAction::Yes(keys[1].clone(), 1));
    assert!(
        matches!(&said[..], [(by, BotMessage::Declined { .. }), (who, BotMessage::SuggestTime { problem: Some(TimeProblem::PartnerBusy(_)), .. })]
        if *by == person && *who == another),
        "{said:?}"
    );
    assert_eq!(chat.booking(&keys[1]).agreed, None);
}

#[test]
fn no_leaves_the_old_time_and_tells_the_proposer() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    let said = chat.hear(b, &UserAction::No(key.clone(), 1));
    assert!(
        matches!(&said[..], [(one, BotMessage::Declined { .. }), (other, BotMessage::DeclineNoted(_))] if *one == a && *other == b)
    );
    assert!(!chat.world.decide().0.changes());
}

#[test]
fn nobody_is_asked_twice_about_one_time_and_who_suggests_it_too_agrees() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    let said = chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    assert!(matches!(&said[..], [(to, BotMessage::Suggested { .. })] if *to == a), "{said:?}");
    assert_eq!(chat.booking(&key).proposals, 1);
    let said = chat.hear(b, &send(&key, "2026-12-03", "11:00"));
    assert!(said.len() == 2 && said.iter().all(|(_, it)| matches!(it, BotMessage::Moved { .. })), "{said:?}");
    all_fine(&mut chat.world);
    assert_eq!(chat.booking(&key).start.to_rfc3339(), "2026-12-03T11:00:00+02:00");
}

#[test]
fn whoever_answers_too_late_hears_how_it_stands() {
    for answer in ["yes", "no"] {
        let mut chat = Chat::introduced(8);
        let (key, [a, b]) = chat.first();
        chat.hear(a, &send(&key, "2026-12-03", "11:00"));
        chat.world.now = chat.booking(&key).proposal.unwrap().expires;
        chat.told(|state, setting| expire(state, setting).messages);
        let said = chat.typed(b, answer);
        let is_late = |message: &BotMessage| matches!(message, BotMessage::Rejected(Rejected::OutOfDate, Some(_)));
        assert!(matches!(&said[..], [(to, message)] if *to == b && is_late(message)), "{answer}: {said:?}");
    }
}

#[test]
fn proposals_go_back_and_forth_and_only_the_last_counts() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    chat.hear(b, &send(&key, "2026-12-03", "12:00"));
    let missed = |said: Vec<(PersonId, BotMessage)>| {
        matches!(&said[..], [(_, BotMessage::Rejected(Rejected::OutOfDate, Some(_)))])
    };
    assert!(missed(chat.hear(b, &UserAction::Yes(key.clone(), 1))), "the first is out of date");
    assert!(missed(chat.hear(b, &UserAction::Yes(key.clone(), 2))), "nobody agrees with themselves");
    assert_eq!(chat.hear(a, &UserAction::Yes(key.clone(), 2)).len(), 2);
    assert!(missed(chat.hear(a, &UserAction::Yes(key.clone(), 2))), "a double tap");
    assert_eq!(chat.booking(&key).agreed.unwrap().to_rfc3339(), "2026-12-03T12:00:00+02:00");
}

#[test]
fn a_time_that_does_not_do_is_asked_for_again_with_what_was_filled_in() {
    let mut chat = Chat::new(8);
    let (key, [a, _]) = chat.first();
    chat.world.meeting.skip_dates = vec!["2026-12-04".parse().unwrap()];
    let each = [
        ("", "11:00", TimeProblem::NoTime),
        ("2026-12-03", "25:00", TimeProblem::NoTime),
        ("2026-02-30", "11:00", TimeProblem::NoTime),
        ("2026-11-30", "11:00", TimeProblem::Past),
        ("2026-12-01", "11:30", TimeProblem::TooSoon(60)),
        ("2027-03-03", "11:00", TimeProblem::TooLate("2026-12-16".parse().unwrap())),
        ("2026-12-04", "11:00", TimeProblem::Holiday),
        ("2026-12-02", "15:10", TimeProblem::Same),
        ("2026-12-09", "15:00", TimeProblem::Busy),
    ];
    for (date, time, wrong) in each {
        let said = chat.hear(a, &send(&key, date, time));
        let [(to, BotMessage::SuggestTime { problem, .. })] = &said[..] else { panic!("{date} {time}: {said:?}") };
        assert_eq!((*to, problem.as_ref()), (a, Some(&wrong)), "{date} {time}");
    }
    assert_eq!(chat.booking(&key).proposal, None);
}

#[test]
fn a_time_outside_working_hours_is_warned_of_and_left_to_the_two() {
    let mut chat = Chat::introduced(8);
    let (key, [a, _]) = chat.first();
    let said = chat.hear(a, &send(&key, "2026-12-03", "19:00"));
    let [(_, BotMessage::Proposal { outside: true, .. }), (_, BotMessage::Suggested { outside, .. })] = &said[..]
    else {
        panic!()
    };
    assert_eq!(outside.len(), 2);
}

#[test]
fn a_proposal_nobody_answers_expires_before_the_old_time_and_both_are_told() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    assert_eq!(chat.effects(expire), Effects::default(), "not yet");
    chat.world.now = chat.booking(&key).start.to_utc() - TimeDelta::minutes(59);
    let told = said(chat.effects(expire));
    assert!(told.iter().all(|(_, message)| matches!(message, BotMessage::Expired(_))) && told.len() == 2, "{told:?}");
    assert_eq!(chat.effects(expire), Effects::default(), "once");
    let late = chat.hear(b, &UserAction::Yes(key, 1));
    assert!(matches!(&late[..], [(_, BotMessage::Rejected(Rejected::OutOfDate, _))]));
}

#[test]
fn of_a_trio_all_others_must_agree() {
    let mut world = World::without_departments(5);
    all_fine(&mut world);
    let mut chat = Chat { world };
    let booking =
        chat.world.state.bookings.iter().find(|booking| matches!(booking.people, Group::Trio(_))).unwrap().clone();
    let key = booking.tag.to_string();
    let [a, b, c] = booking.people.people() else { panic!() };
    chat.hear(*a, &send(&key, "2026-12-03", "11:00"));
    assert!(matches!(&chat.hear(*b, &UserAction::Yes(key.clone(), 1))[..], [(_, BotMessage::Waiting(_))]));
    assert!(
        matches!(&chat.hear(*b, &UserAction::Yes(key.clone(), 1))[..], [(_, BotMessage::Waiting(_))]),
        "a double tap"
    );
    assert_eq!(chat.booking(&key).agreed, None);
    assert_eq!(chat.hear(*c, &UserAction::Yes(key.clone(), 1)).len(), 3);
    assert!(chat.booking(&key).agreed.is_some());
}

#[test]
fn nobody_answers_for_others_and_old_cards_do_nothing() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    let other = PersonId::first(8).find(|person| ![a, b].contains(person)).unwrap();
    let mut before = chat.world.state.clone();
    let email = chat.world.state.email(other).to_owned();
    let effects = chat.effects(|state, setting| hear(state, setting, &email, &UserAction::Yes(key.clone(), 1)));
    assert_eq!(effects.log.len(), 1, "and the log says so");
    assert!(matches!(&said(effects)[..], [(_, BotMessage::Rejected(Rejected::NotYours, None))]));
    let unknown = chat.hear(a, &UserAction::Suggest("roulette:2025-01-01:00".to_owned()));
    assert!(matches!(&unknown[..], [(_, BotMessage::Rejected(Rejected::Unknown, None))]));
    // Only what was said to them last is another.
    before.last_said.clone_from(&chat.world.state.last_said);
    assert_eq!(chat.world.state, before);
    chat.world.now = chat.booking(&key).start.to_utc();
    assert!(matches!(&chat.hear(b, &UserAction::Yes(key, 1))[..], [(_, BotMessage::Rejected(Rejected::Begun, None))]));
}

#[test]
fn a_date_on_a_card_that_can_be_two_days_is_asked_about() {
    let mut chat = Chat::new(8);
    let (key, [a, _]) = chat.first();
    let said = chat.hear(a, &send(&key, "01/02/2027", "15:00"));
    let days: Vec<NaiveDate> = ["2027-02-01", "2027-01-02"].map(|day| day.parse().unwrap()).to_vec();
    assert!(
        matches!(&said[..], [(_, BotMessage::SuggestTime { problem: Some(TimeProblem::WhichDay(which)), .. })] if *which == days),
        "{said:?}"
    );
    // Of two readings, the possible one is meant.
    let said = chat.hear(a, &send(&key, "03/12/2026", "15:00"));
    assert!(said.iter().any(|(_, message)| matches!(message, BotMessage::Suggested { .. })), "{said:?}");
}

#[test]
fn a_new_time_can_be_typed() {
    let mut chat = Chat::introduced(8);
    let (key, [a, _]) = chat.first();
    for (text, at) in [
        ("change to 16:30", "2026-12-02T16:30:00+02:00"),
        ("change to Friday 3pm", "2026-12-04T15:00:00+02:00"),
        ("перенести на четвер о 11:00", "2026-12-03T11:00:00+02:00"),
        ("move 1 to 12/3/2026 at 12", "2026-12-03T12:00:00+02:00"),
        ("change to 5.12. 10:00", "2026-12-05T10:00:00+02:00"),
        ("change to Friday at 3", "2026-12-04T15:00:00+02:00"),
        ("change to Friday at 9:30", "2026-12-04T09:30:00+02:00"),
        ("перенести на п’ятницю о 4:30", "2026-12-04T16:30:00+02:00"),
        ("change to Thursday at 03:30", "2026-12-03T03:30:00+02:00"),
    ] {
        let said = chat.typed(a, text);
        assert!(matches!(&said[..], [_, (_, BotMessage::Suggested { .. })]), "{text}: {said:?}");
        assert_eq!(chat.booking(&key).proposal.unwrap().start.to_rfc3339(), at, "{text}");
    }
    let mut chat = Chat::introduced(8);
    let said = chat.typed(a, "change to friday");
    assert!(matches!(&said[..], [(_, BotMessage::SuggestTime { problem: Some(TimeProblem::NoTime), .. })]), "{said:?}");
}

#[test]
fn a_time_of_one_or_two_figures_is_when_its_writer_works() {
    for (hours, text, at) in [
        ("14:00-22:00", "change to Friday 10:00", "10:00"),
        ("14:00-22:00", "change to Friday at 9", "21:00"),
        ("09:00-12:00", "change to Friday at 3", "15:00"),
        ("09:00-12:00", "change to Friday at 8", "08:00"),
        ("22:00-06:00", "change to Friday at 11", "23:00"),
        ("22:00-06:00", "change to Friday at 3", "03:00"),
        ("06:00-14:00", "change to Friday at 4", "16:00"),
    ] {
        let mut chat = Chat::introduced(8);
        let (key, [a, _]) = chat.first();
        let email = chat.world.state.email(a).to_owned();
        let one = chat.world.roster.employees.iter_mut().find(|one| *one.email == email).unwrap();
        one.working_hours = Some(hours.parse().unwrap());
        chat.typed(a, text);
        let start = chat.booking(&key).proposal.map(|proposal| proposal.start.to_rfc3339());
        assert_eq!(start, Some(format!("2026-12-04T{at}:00+02:00")), "{hours}: {text}");
    }
}

#[test]
fn a_time_alone_refers_to_what_was_suggested_last() {
    let mut chat = Chat::introduced(8);
    let (key, [a, b]) = chat.first();
    let start = |chat: &Chat| chat.booking(&key).proposal.unwrap().start.to_rfc3339();
    chat.typed(a, "change to Friday 15:00");
    chat.typed(b, "change to 16:00");
    assert_eq!(start(&chat), "2026-12-04T16:00:00+02:00");
    chat.typed(b, "change to 17:00");
    assert_eq!(start(&chat), "2026-12-04T17:00:00+02:00");
    chat.typed(a, "change to Thursday");
    assert_eq!(start(&chat), "2026-12-03T17:00:00+02:00");
}

/// Somebody types something when they have read what was said before.
fn after_a_minute(chat: &mut Chat, person: PersonId, text: &str) -> Vec<(PersonId, BotMessage)> {
    chat.world.now += TimeDelta::minutes(1);
    let now = chat.world.now;
    chat.typed_at(person, text, now)
}

#[test]
fn whoever_leaves_it_as_it_is_says_no_to_a_suggestion() {
    for text in ["leave it as it is", "не треба", "Keep it as it is."] {
        let mut chat = Chat::introduced(8);
        let (key, [a, b]) = chat.first();
        chat.typed(a, "change to Friday 15:00");
        let said = after_a_minute(&mut chat, b, text);
        assert!(said.iter().any(|(_, message)| matches!(message, BotMessage::Declined { .. })), "{text}: {said:?}");
        assert_eq!(chat.booking(&key).proposal, None, "{text}");
    }
}

#[test]
fn an_hour_answers_at_what_time() {
    let mut chat = Chat::introduced(8);
    let (key, [a, _]) = chat.first();
    chat.typed(a, "change to friday");
    // That may be the second meeting.
    after_a_minute(&mut chat, a, "2");
    assert_eq!(chat.booking(&key).proposal, None);
    let mut chat = Chat::introduced(8);
    chat.typed(a, "change to friday");
    after_a_minute(&mut chat, a, "15");
    let start = chat.booking(&key).proposal.map(|proposal| proposal.start.to_rfc3339());
    assert_eq!(start.as_deref(), Some("2026-12-04T15:00:00+02:00"));
}

#[test]
fn a_card_may_send_dates_and_times_in_other_forms() {
    let each = [
        ("2026-12-03", "3:20 PM"),
        ("12/03/2026", "15:20"),
        ("2026-12-03T00:00:00Z", "15:20:00"),
        ("03.12.2026", "15.20"),
        ("2026-12-03 00:00:00", "2026-12-03T15:20:00Z"),
    ];
    for (date, time) in each {
        let mut chat = Chat::new(8);
        let (key, [a, _]) = chat.first();
        chat.hear(a, &send(&key, date, time));
        let start = chat.booking(&key).proposal.map(|proposal| proposal.start.to_rfc3339());
        assert_eq!(start.as_deref(), Some("2026-12-03T15:20:00+02:00"), "{date} {time}");
    }
}

#[test]
fn a_weekday_is_asked_about_if_the_meeting_that_is_named_is_in_a_later_week() {
    let mut chat = Chat::introduced(8);
    let [a, _] = chat.first().1;
    let said = chat.typed(a, "change 2 to Friday 15:00");
    let days = ["2026-12-04", "2026-12-11"].map(|day| day.parse().unwrap()).to_vec();
    let asks = |message: &BotMessage| matches!(message, BotMessage::SuggestTime { problem: Some(TimeProblem::WhichDay(these)), .. } if *these == days);
    assert!(matches!(&said[..], [(_, message)] if asks(message)), "{said:?}");
    for text in ["change 1 to Friday 15:00", "change 2 to 4 December 15:00"] {
        let said = chat.typed(a, text);
        let to = |message: &BotMessage| matches!(message, BotMessage::Suggested { .. });
        assert!(said.iter().any(|(_, message)| to(message)), "{text}: {said:?}");
    }
}
