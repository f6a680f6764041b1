//! Answers in words: which question they refer to, and what they do when none fits.

use super::*;

/// The meeting of somebody after their first, and whom they meet there.
fn next_meeting(chat: &Chat, person: PersonId) -> (Booking, PersonId) {
    let mut theirs = chat.world.state.bookings.iter().filter(|booking| booking.people.has(person));
    let second = theirs.nth(1).unwrap().clone();
    let other = *second.people.people().iter().find(|id| **id != person).unwrap();
    (second, other)
}

#[test]
fn questions_are_answered_in_words_too() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    assert!(matches!(&chat.typed(b, "yes")[..], [(_, BotMessage::Help { .. })]), "nothing was asked");
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    assert!(matches!(&chat.typed(a, "yes")[..], [(_, BotMessage::Help { .. })]), "nobody agrees with themselves");
    assert!(matches!(&chat.typed(b, "No")[..], [(_, BotMessage::Declined { .. }), (_, BotMessage::DeclineNoted(_))]));
    chat.hear(a, &send(&key, "2026-12-03", "12:00"));
    let said = chat.typed(b, "yes");
    assert!(said.iter().all(|(_, message)| matches!(message, BotMessage::Moved { .. })) && said.len() == 2, "{said:?}");
    all_fine(&mut chat.world);

    // Nobody was asked before it was over.
    assert!(matches!(&chat.typed(b, "met")[..], [(_, BotMessage::Help { .. })]));
    chat.world.now = "2026-12-03T12:00:00Z".parse().unwrap();
    [a, b].into_iter().for_each(|person| chat.ask_whether_they_met(&key, person));
    assert!(matches!(&chat.typed(b, "not yet")[..], [(_, BotMessage::NotYet(_))]));
    assert!(matches!(&chat.typed(b, "no")[..], [(_, BotMessage::DidYouMeet(_))]), "not yet, or not at all?");
    assert_eq!(chat.booking(&key).result, None);
    assert_eq!(chat.typed(b, "could not"), [(b, BotMessage::CouldNot { again: true })]);
    assert_eq!(chat.typed(a, "yes"), [(a, BotMessage::Met)], "who says that they met is believed");
    chat.world.now += TimeDelta::days(9);
    assert!(matches!(&chat.typed(a, "yes")[..], [(_, BotMessage::Help { .. })]), "that was long ago");
}

#[test]
fn an_answer_is_to_what_was_asked_last_and_what_else_is_open_is_asked_again() {
    let mut chat = Chat::new(8);
    let (first, [a, _]) = chat.first();
    let (second, other) = next_meeting(&chat, a);
    chat.world.now = "2026-12-02T15:00:00Z".parse().unwrap();
    chat.ask_whether_they_met(&first, a);
    let day = second.round.succ_opt().unwrap().to_string();
    chat.hear(other, &send(&second.tag, &day, "11:00"));
    assert!(matches!(&chat.typed(a, "no")[..], [(_, BotMessage::Declined { .. }), (_, BotMessage::DeclineNoted(_))]));
    assert!(matches!(&chat.typed(a, "yes")[..], [(_, BotMessage::DidYouMeet(_))]));
    assert!(matches!(&chat.typed(a, "no")[..], [(_, BotMessage::DidYouMeet(_))]), "not yet, or not at all?");
    chat.hear(other, &send(&second.tag, &day, "12:00"));
    assert_eq!(chat.typed(a, "met"), [(a, BotMessage::Met)], "whatever was asked last");
    assert!(matches!(&chat.typed(a, "yes")[..], [(_, BotMessage::Proposal { number: 2, .. })]));
    assert!(matches!(&chat.typed(a, "yes")[..], [(_, BotMessage::Moved { .. }), (_, BotMessage::Moved { .. })]));
    assert!(matches!(&chat.typed(a, "yes")[..], [(_, BotMessage::Welcome)]), "nothing is open");
}

#[test]
fn of_two_suggestions_the_one_that_was_made_last_is_answered() {
    let mut chat = Chat::new(8);
    let (first, [a, b]) = chat.first();
    let (second, other) = next_meeting(&chat, a);
    chat.hear(other, &send(&second.tag, &second.round.succ_opt().unwrap().to_string(), "11:00"));
    chat.hear(b, &send(&first, "2026-12-03", "11:00"));
    let declined = |said: &[(PersonId, BotMessage)], from: PersonId| matches!(said, [(to, BotMessage::Declined { .. }), (_, BotMessage::DeclineNoted(_))] if *to == from);
    assert!(declined(&chat.typed(a, "no"), b));
    assert!(matches!(&chat.typed(a, "no")[..], [(_, BotMessage::Proposal { .. })]), "the other one is asked again");
    assert!(declined(&chat.typed(a, "no"), other));
}

#[test]
fn a_yes_after_something_else_makes_no_meeting_one_that_took_place() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.world.now = "2026-12-02T15:00:00Z".parse().unwrap();
    [a, b].into_iter().for_each(|person| chat.ask_whether_they_met(&key, person));
    let draft = Draft::new("Tea is free this week", "").unwrap();
    chat.told(|state, setting| announce(state, setting, &draft));
    for yes in ["yes", "ok"] {
        assert!(matches!(&chat.typed(a, yes)[..], [(_, BotMessage::DidYouMeet(_))]), "the announcement was meant");
        chat.typed(a, "status");
    }
    assert_eq!(chat.booking(&key).result, None);
    assert!(matches!(&chat.typed(a, "yes")[..], [(_, BotMessage::DidYouMeet(_))]), "the status was meant");
    assert_eq!(chat.typed(a, "yes"), [(a, BotMessage::Met)]);
    assert_eq!(chat.typed(a, "yes"), [(a, BotMessage::Welcome)]);
    assert_eq!(chat.typed(a, "no"), [(a, BotMessage::NothingChanged)]);
}

#[test]
fn what_was_typed_before_a_suggestion_is_no_answer_to_it() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    let before = chat.world.now;
    chat.world.now += TimeDelta::hours(1);
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    assert_eq!(chat.typed_at(b, "ok", before), [(b, BotMessage::Welcome)], "the introduction was meant");
    assert_eq!(chat.booking(&key).agreed, None);
    let between = chat.world.now + TimeDelta::minutes(5);
    chat.world.now += TimeDelta::hours(1);
    chat.hear(a, &send(&key, "2026-12-03", "12:00"));
    let said = chat.typed_at(b, "yes", between);
    assert!(matches!(&said[..], [(_, BotMessage::Proposal { number: 2, .. })]), "another time was meant: {said:?}");
    let now = chat.world.now;
    let said = chat.typed_at(b, "yes", now);
    assert!(said.iter().all(|(_, message)| matches!(message, BotMessage::Moved { .. })) && said.len() == 2, "{said:?}");
}

#[test]
fn what_is_read_late_refers_to_the_day_on_which_it_was_typed() {
    for text in ["skip", "skip tomorrow", "skip this week", "can't make it tomorrow"] {
        let mut chat = Chat::new(8);
        let said = chat.world.now;
        chat.world.now = "2026-12-08T09:00:00Z".parse().unwrap();
        let answer = chat.typed_at(FIRST, text, said);
        assert!(matches!(&answer[..], [(FIRST, BotMessage::WhichRound { back: false, .. })]), "{text}: {answer:?}");
        assert_eq!(chat.world.state.choice_of(FIRST).skipped, [] as [NaiveDate; 0], "{text}");
    }
    let mut chat = Chat::new(8);
    let said = chat.world.now;
    chat.world.now = "2026-12-11T09:00:00Z".parse().unwrap();
    for text in ["pause 1 week", "pause until friday"] {
        assert!(matches!(&chat.typed_at(FIRST, text, said)[..], [(FIRST, BotMessage::Status { .. })]), "{text}");
    }
    assert_eq!(chat.world.state.choice_of(FIRST).paused_until, None);
    chat.typed_at(FIRST, "pause 2 weeks", said);
    assert_eq!(chat.world.state.choice_of(FIRST).paused_until, "2026-12-15".parse().ok());
}

#[test]
fn a_question_that_something_else_closed_is_asked_again_and_not_answered() {
    let mut chat = Chat::new(8);
    let now = chat.world.now;
    chat.typed_at(FIRST, "I'm busy tomorrow", now);
    let draft = Draft::new("Tea is free this week", "").unwrap();
    chat.told(|state, setting| announce(state, setting, &draft));
    assert!(matches!(&chat.typed_at(FIRST, "yes", now)[..], [(_, BotMessage::Absence { .. })]));
    assert!(matches!(&chat.typed_at(FIRST, "yes", now).last(), Some((_, BotMessage::Skipped { .. }))));

    let mut chat = Chat::new(8);
    chat.told(|state, setting| {
        let mut conversation = Conversation::new(setting, state);
        conversation.say(FIRST, BotMessage::GoOn("Tea".into()));
        conversation.effects.messages
    });
    chat.told(|state, setting| announce(state, setting, &draft));
    assert!(matches!(&chat.typed(FIRST, "no")[..], [(_, BotMessage::GoOn(_))]));
    assert_eq!(chat.typed(FIRST, "no"), [(FIRST, BotMessage::StopHow)]);
}

#[test]
fn a_skip_that_is_asked_about_is_not_done_on_an_unclear_answer_once_the_round_is_over() {
    let mut chat = Chat::new(8);
    chat.world.now = "2026-12-03T09:00:00Z".parse().unwrap();
    let then = chat.world.now;
    assert!(matches!(&chat.typed_at(FIRST, "skip", then)[..], [(_, BotMessage::WhichRound { .. })]), "just met");
    chat.world.now = "2026-12-07T06:00:00Z".parse().unwrap();
    let now = chat.world.now;
    for text in ["hmm", "what?", "ok", "that was for last week"] {
        let said = chat.typed_at(FIRST, text, now);
        assert!(matches!(&said[..], [(_, BotMessage::WhichRound { .. })]), "{text}: {said:?}");
    }
    assert_eq!(chat.world.state.choice_of(FIRST).skipped, [] as [NaiveDate; 0]);
}

#[test]
fn what_is_typed_twice_before_the_bot_answers_is_done_once() {
    for (text, skipped) in [("skip", 1), ("пропустити", 1), ("skip tomorrow", 1)] {
        let mut chat = Chat::new(8);
        let then = chat.world.now;
        chat.world.now += TimeDelta::minutes(15);
        chat.typed_at(FIRST, text, then);
        let said = chat.typed_at(FIRST, text, then + TimeDelta::minutes(2));
        assert_eq!(chat.world.state.choice_of(FIRST).skipped.len(), skipped, "{text}: {said:?}");
    }
}

#[test]
fn numbers_are_those_of_the_list_when_they_were_typed() {
    for text in ["change 1 to 10 December 11:00", "1", "change 1"] {
        let mut chat = Chat::new(8);
        let then = "2026-12-02T12:59:00Z".parse().unwrap();
        chat.world.now = "2026-12-02T13:15:00Z".parse().unwrap();
        assert_eq!(chat.typed_at(FIRST, text, then), [(FIRST, BotMessage::Rejected(Rejected::Begun, None))], "{text}");
        assert!(chat.world.state.bookings.iter().all(|booking| booking.proposal.is_none()), "{text}");
    }
}

#[test]
fn of_three_people_one_can_take_back_their_yes_in_words() {
    for no in ["no", "sorry, can't"] {
        let mut chat = changes::with_trios();
        let is_trio = |booking: &&Booking| matches!(booking.people, Group::Trio(_));
        let trio = chat.world.state.bookings.iter().find(is_trio).unwrap().clone();
        let [a, b, c] = trio.people.people() else { unreachable!() };
        let day = trio.round.succ_opt().unwrap().to_string();
        chat.hear(*a, &send(&trio.tag, &day, "11:00"));
        assert!(matches!(&chat.typed(*b, "yes")[..], [(_, BotMessage::Waiting(_))]));
        let said = chat.typed(*b, no);
        let declined =
            |to: &PersonId| matches!(&said.iter().find(|(one, _)| one == to), Some((_, BotMessage::Declined { .. })));
        assert!(declined(a) && declined(c), "{no}: {said:?}");
        chat.typed(*c, "yes");
        assert_eq!(chat.booking(&trio.tag).agreed, None, "{no}");
    }
}

#[test]
fn whoever_suggested_a_time_can_take_it_back_in_words() {
    for text in ["never mind", "no", "forget it"] {
        let mut chat = Chat::new(8);
        let (key, [a, b]) = chat.first();
        chat.hear(a, &send(&key, "2026-12-03", "11:00"));
        let said = chat.typed(a, text);
        assert!(
            matches!(&said[..], [(to, BotMessage::Declined { .. }), (_, BotMessage::DeclineNoted(_))] if *to == b),
            "{text}: {said:?}"
        );
        chat.hear(b, &UserAction::Yes(key.clone(), 1));
        assert_eq!(chat.booking(&key).agreed, None, "{text}");
        assert_eq!(chat.typed(a, text).len(), 1, "nothing more is open");
    }
}

#[test]
fn who_answered_in_time_is_heard_even_if_that_is_read_late_and_so_is_who_comes_back() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    let expires = chat.booking(&key).proposal.unwrap().expires;
    chat.world.now = expires + TimeDelta::minutes(10);
    let then = expires - TimeDelta::minutes(10);
    let expired = chat.told(|state, setting| expire(state, Setting { said: then, ..setting }).messages);
    assert_eq!(expired, [], "their answer is read now");
    let said = chat.typed_at(b, "yes", then);
    assert!(said.iter().all(|(_, message)| matches!(message, BotMessage::Moved { .. })) && said.len() == 2, "{said:?}");

    let mut chat = Chat::new(8);
    let then = chat.world.now;
    chat.typed_at(FIRST, "pause until 2026-12-22", then);
    chat.world.now = "2026-12-08T09:00:00Z".parse().unwrap();
    let said = chat.typed_at(FIRST, "resume on monday", "2026-12-04T09:00:00Z".parse().unwrap());
    assert!(matches!(&said[..], [.., (_, BotMessage::Resumed(_))]), "{said:?}");
    assert_eq!(chat.world.state.choice_of(FIRST).paused_until, None);
}

#[test]
fn whoever_is_asked_whether_to_go_on_can_say_yes_or_no() {
    for (text, goes_on) in [("yes", true), ("ok", true), ("Yes, go on", true), ("no", false)] {
        let mut chat = Chat::new(8);
        chat.told(|state, setting| {
            let mut conversation = Conversation::new(setting, state);
            conversation.say(FIRST, BotMessage::GoOn("Tea".into()));
            conversation.effects.messages
        });
        let now = chat.world.now;
        let said = chat.typed_at(FIRST, text, now);
        match goes_on {
            true => assert!(matches!(&said[..], [(_, BotMessage::Status { .. })]), "{text}: {said:?}"),
            false => {
                assert_eq!(said, [(FIRST, BotMessage::StopHow)]);
                let now = chat.world.now;
                assert!(matches!(&chat.typed_at(FIRST, "yes", now).last(), Some((_, BotMessage::Stopped(_)))));
            }
        }
    }
}

#[test]
fn a_day_that_was_given_first_is_kept_when_the_time_follows_and_so_is_the_meeting() {
    let mut chat = Chat::new(8);
    let now = chat.world.now;
    let coming = |chat: &Chat| {
        let theirs = chat.world.state.bookings.iter().filter(|booking| booking.people.has(FIRST));
        theirs.map(|booking| booking.tag.to_string()).collect::<Vec<_>>()
    };
    let second = coming(&chat)[1].clone();
    chat.typed_at(FIRST, "change 2", now);
    let said = chat.typed_at(FIRST, "11 December", now);
    assert!(
        matches!(&said[..], [(_, BotMessage::SuggestTime { problem: Some(TimeProblem::NoTime), meeting, .. })] if meeting.key == second),
        "{said:?}"
    );
    chat.typed_at(FIRST, "11:00", now);
    let proposed = |chat: &Chat, key: &str| chat.booking(key).proposal.map(|proposal| proposal.start.to_rfc3339());
    assert_eq!(proposed(&chat, &second).as_deref(), Some("2026-12-11T11:00:00+02:00"));

    // And the other way round, after a time that cannot be had.
    let mut chat = Chat::new(8);
    let first = coming(&chat)[0].clone();
    chat.typed_at(FIRST, "change", now);
    let said = chat.typed_at(FIRST, "tomorrow 15:10", now);
    assert!(matches!(&said[..], [(_, BotMessage::SuggestTime { problem: Some(TimeProblem::Same), .. })]), "{said:?}");
    let said = chat.typed_at(FIRST, "today at 9:30", now);
    assert!(matches!(&said[..], [(_, BotMessage::SuggestTime { problem: Some(_), .. })]), "{said:?}");
    chat.typed_at(FIRST, "on Thursday", now);
    assert_eq!(proposed(&chat, &first).as_deref(), Some("2026-12-03T09:30:00+02:00"));
}

#[test]
fn what_is_not_understood_while_something_is_asked_repeats_the_question() {
    let mut chat = Chat::new(8);
    let (key, [a, b]) = chat.first();
    chat.hear(a, &send(&key, "2026-12-03", "11:00"));
    let said = chat.typed(b, "hm, let me look at my calendar");
    assert!(matches!(&said[..], [(to, BotMessage::Proposal { number: 1, .. })] if *to == b), "{said:?}");
    assert!(matches!(&chat.typed(b, "Thanks!")[..], [(_, BotMessage::Welcome)]), "that asks for nothing else");
    let said = chat.typed(b, "sorry, can't");
    assert!(matches!(&said[..], [(_, BotMessage::Declined { .. }), (_, BotMessage::DeclineNoted(_))]), "{said:?}");
    chat.hear(a, &send(&key, "2026-12-03", "12:00"));
    assert!(matches!(&chat.typed(b, "please stop sending me this")[..], [(_, BotMessage::StopHow)]));
    assert!(matches!(&chat.typed(b, "yes, works for me")[..], [(_, BotMessage::Proposal { number: 2, .. })]));
    assert!(matches!(&chat.typed(b, "yes, works for me")[..], [(_, BotMessage::Moved { .. }), _]));
    all_fine(&mut chat.world);

    chat.world.now = "2026-12-03T12:00:00Z".parse().unwrap();
    chat.ask_whether_they_met(&key, b);
    assert!(matches!(&chat.typed(b, "it was nice")[..], [(_, BotMessage::DidYouMeet(_))]));
    assert_eq!(chat.typed(b, "👍"), [(b, BotMessage::Met)]);
    assert!(matches!(&chat.typed(b, "it was nice")[..], [(_, BotMessage::NotUnderstood(_))]), "that is answered");
}

#[test]
fn right_after_another_introduction_this_one_may_be_either() {
    for text in ["skip this one", "cancel the meeting", "move it to Friday 15:00"] {
        let mut chat = Chat::introduced(8);
        let coming: Vec<String> = {
            let mut theirs: Vec<_> =
                chat.world.state.bookings.iter().filter(|it| it.people.has(FIRST)).cloned().collect();
            theirs.sort_by_key(|booking| booking.start);
            theirs.iter().map(|booking| booking.tag.to_string()).collect()
        };
        assert!(coming.len() > 1);
        let today = chat.world.now.date_naive();
        // Of their next meeting they knew the day before.
        let state = &mut chat.world.state;
        state.unmark_told(Kind::Intro, &coming[0], FIRST);
        state.mark_told(Kind::Intro, &coming[0], Some(FIRST), today.pred_opt().unwrap());
        state.mark_told(Kind::Intro, &coming[1], Some(FIRST), today);
        let now = chat.world.now;
        let said = chat.typed_at(FIRST, text, now);
        let asks = |message: &BotMessage| {
            matches!(message, BotMessage::WhichRound { back: false, .. } | BotMessage::WhichMeeting(_))
        };
        assert!(matches!(&said[..], [(FIRST, message)] if asks(message)), "{text}: {said:?}");
        assert!(chat.world.state.bookings.iter().all(|booking| booking.proposal.is_none()), "{text}");
    }
}

#[test]
fn whoever_says_that_a_meeting_was_cancelled_does_not_cancel_the_next() {
    for text in ["скасували", "пропустив", "відмінили зустріч", "перенесли", "rescheduled to friday", "we cancelled"]
    {
        let mut chat = Chat::introduced(8);
        let key = chat.first().0;
        chat.world.now = "2026-12-07T08:00:00Z".parse().unwrap();
        chat.ask_whether_they_met(&key, FIRST);
        chat.world.now += TimeDelta::minutes(5);
        let now = chat.world.now;
        let said = chat.typed_at(FIRST, text, now);
        assert_eq!(chat.world.state.choice_of(FIRST).skipped.len(), 0, "{text}: {said:?}");
        let moves = |message: &BotMessage| matches!(message, BotMessage::SuggestTime { .. });
        assert!(!said.iter().any(|(_, message)| moves(message)), "{text}: {said:?}");
    }
}

/// Two people agree on a new time, and Webex has it.
fn agree(chat: &mut Chat, booking: &Booking, day: &str) {
    let [a, b] = booking.people.people()[..] else { panic!("{booking:?}") };
    chat.hear(a, &send(&booking.tag, day, "11:00"));
    chat.typed(b, "yes");
    all_fine(&mut chat.world);
    assert!(chat.booking(&booking.tag).agreed.is_some_and(|at| at.to_string().starts_with(day)));
}

#[test]
fn a_pause_counts_for_the_day_on_which_people_meet() {
    // To a day after the pause, and from a day after it into it.
    for (round, day, stands) in [("2026-12-02", "2026-12-08", true), ("2026-12-09", "2026-12-04", false)] {
        let mut chat = Chat::introduced(8);
        let booking = |it: &&Booking| it.round.to_string() == round && it.people.has(FIRST);
        let booking = chat.world.state.bookings.iter().find(booking).unwrap().clone();
        agree(&mut chat, &booking, day);
        chat.world.now = "2026-12-03T09:00:00Z".parse().unwrap();
        let now = chat.world.now;
        let said = chat.typed_at(FIRST, "pause until 7 december", now);
        chat.world.bring_in_line();
        let of_round = chat.world.state.rounds.iter().find(|it| it.date.to_string() == round).unwrap();
        assert_eq!(of_round.groups().any(|(_, group)| group == booking.people), stands, "{round}: {said:?}");
        let off = said.iter().any(|(reader, _)| *reader != FIRST);
        assert_eq!(off, !stands, "{round}: {said:?}");
        chat.world.now = "2026-12-03T10:00:00Z".parse().unwrap();
        all_fine(&mut chat.world);
        assert_eq!(chat.world.state.bookings.iter().any(|it| it.tag == booking.tag), stands, "{round}");
    }
}

#[test]
fn a_week_from_which_the_meeting_moved_away_is_asked_about() {
    let mut chat = Chat::introduced(8);
    let booking = |it: &&Booking| it.round.to_string() == "2026-12-09" && it.people.has(FIRST);
    let booking = chat.world.state.bookings.iter().find(booking).unwrap().clone();
    agree(&mut chat, &booking, "2026-12-04");
    let now = chat.world.now;
    let said = chat.typed_at(FIRST, "skip next week", now);
    assert!(matches!(&said[..], [(FIRST, BotMessage::WhichRound { back: false, .. })]), "{said:?}");
}

#[test]
fn a_yes_with_praise_says_that_they_met_and_one_with_a_but_does_not() {
    for (text, met) in [
        ("Yes, it was great", true),
        ("yes we did, great!", true),
        ("Так, було чудово", true),
        ("Yes, but only for a minute", false),
        ("yes, we will next week", false),
        ("Yes, tomorrow", false),
        ("yes, on Friday", false),
        ("yes, cancel it", false),
        ("yes, we’ll meet", false),
        ("yeah, it didn't happen", false),
        ("yes?", false),
    ] {
        let mut chat = Chat::introduced(8);
        let key = chat.first().0;
        chat.world.now = "2026-12-02T15:00:00Z".parse().unwrap();
        chat.ask_whether_they_met(&key, FIRST);
        chat.world.now += TimeDelta::minutes(5);
        let now = chat.world.now;
        let said = chat.typed_at(FIRST, text, now);
        assert_eq!(chat.booking(&key).accounts.met.contains(&FIRST), met, "{text}: {said:?}");
    }
}

#[test]
fn an_organizer_who_names_somebody_called_like_a_month_means_that_person() {
    for (name, text) in
        [("Jan Novak", "pause Jan"), ("Sun Pine", "pause Sun until 20 December"), ("Ann May", "pause May")]
    {
        let mut chat = Chat::new(8);
        chat.world.roster.employees[5].name = name.into();
        let effects = chat.effects(|state, setting| hear_typed(state, setting, "boss@example.com", text, ""));
        let asks = |message: &BotMessage| matches!(message, BotMessage::PauseOther { .. });
        assert!(effects.messages.iter().any(|it| asks(&it.message)), "{text}: {:?}", effects.messages);
    }
}
