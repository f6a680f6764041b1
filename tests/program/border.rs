//! What Webex really answers, and whatever is between us and it: nothing is believed too soon, lost or done twice, and
//! no odd record stops the others.

use serde_json::{Value, json};

use crate::support::booked::Booked;
use crate::support::chat::Chat;
use crate::support::trouble::{CHANGES, LATER, ready};
use crate::support::world::{NOW, Run, roster};

/// When a day of the quota is over.
const TOMORROW: &str = "2026-12-02T09:00:01Z";

fn posts(booked: &Booked, path: &str) -> usize {
    booked.writes().iter().filter(|(call, _)| *call == format!("POST {path}")).count()
}

fn forget_calls(booked: &Booked) {
    booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
}

fn times(run: &Run, words: &str) -> usize {
    run.stderr.matches(words).count()
}

/// Everything that is kept.
fn kept(booked: &Booked) -> String {
    booked.world.read("roulette-state.json")
}

#[test]
fn a_page_of_a_portal_is_no_success() {
    for kind in ["no-answer", "no-answer-after"] {
        let booked = ready();
        booked.webex.faults(&[&format!("{kind}:PATCH"), &format!("{kind}:DELETE"), &format!("{kind}:POST")]);
        let run = booked.run_at(NOW, &CHANGES);
        let done = kind == "no-answer-after";
        assert_eq!(run.status, if done { 0 } else { 3 }, "{kind}: {}", run.all());
        assert_eq!(booked.meetings().values().any(|starts| starts[0].ends_with("T14:00:00Z")), done, "{kind}");
        booked.webex.faults(&[]);
        let run = booked.run_at(LATER, &CHANGES);
        assert_eq!(run.status, 0, "{kind}: {}", run.all());
        booked.everyone_has_exactly_one_meeting(kind);
        assert!(booked.meetings().values().any(|starts| starts[0].ends_with("T14:00:00Z")), "{kind}: it is moved");
    }
}

#[test]
fn what_a_gateway_refuses_is_done_later_and_never_refused_for_good() {
    for status in [302, 400, 401, 403, 404, 407, 408, 410, 421, 425, 499] {
        let booked = Booked::drawn(4, "parallel = 1");
        booked.webex.faults(&[&format!("gateway={status}")]);
        let run = booked.run(&[]);
        assert_eq!(run.status, 3, "{status}: {}", run.all());
        booked.webex.faults(&[&format!("gateway={status}:POST:/meetings")]);
        let run = booked.run(&[]);
        assert!(run.status == 3 && !kept(&booked).contains("refused"), "{status}: {}", run.all());
        booked.webex.faults(&[&format!("gateway={status}:POST:/messages"), &format!("gateway={status}:GET:/messages")]);
        let run = booked.run(&[]);
        assert_eq!(run.status, 0, "{status}: {}", run.all());
        booked.everyone_has_exactly_one_meeting("behind a gateway");
        let run = booked.run_at(NOW, &["notify"]);
        assert!(run.status == 3 && !kept(&booked).contains("unreachable"), "{status}: {}", run.all());
        booked.webex.faults(&[]);
        let run = booked.run_at(LATER, &["notify"]);
        assert_eq!(run.status, 0, "{status}: {}", run.all());
        assert_eq!(booked.webex.model()["messages"].as_array().unwrap().len(), 4, "{status}");
    }
}

#[test]
fn a_quota_that_is_used_up_stops_the_bookings_at_once_and_the_rest_is_for_later() {
    for refusal in ["says=403/You have booked enough for today", "429"] {
        let booked = Booked::drawn(20, "parallel = 1\nmeetings_per_day = 5");
        booked.webex.faults(&[&format!("{refusal}:POST:/meetings:3-99")]);
        let run = booked.run(&[]);
        assert_eq!((run.status, posts(&booked, "/meetings"), booked.meetings().len()), (3, 3, 2), "{}", run.all());
        assert!(run.stderr.contains("hint: run it again after 2026-12-02T09:00:00Z"), "{}", run.stderr);
        assert_eq!((times(&run, "not booked: "), kept(&booked).contains("refused")), (1, false), "{}", run.stderr);
        booked.webex.faults(&[]);
        let run = booked.run(&[]);
        assert_eq!((run.status, booked.meetings().len()), (3, 4), "refused requests count: {}", run.all());
        for day in [TOMORROW, TOMORROW] {
            booked.run_at(day, &["schedule"]);
        }
        assert_eq!(booked.meetings().len(), 9);
    }
}

#[test]
fn many_workers_stop_together_at_a_quota() {
    let booked = Booked::drawn(80, "");
    booked.webex.faults(&["says=403/Enough:POST:/meetings"]);
    let run = booked.run(&[]);
    assert!(run.status == 3 && posts(&booked, "/meetings") <= 8, "{} {}", posts(&booked, "/meetings"), run.all());
    booked.webex.faults(&[]);
    assert_eq!(booked.run(&[]).status, 0);
    booked.everyone_has_exactly_one_meeting("after the quota");
}

#[test]
fn three_bookings_refused_alike_stop_the_run_with_the_reason_once_and_are_asked_for_again() {
    let booked = Booked::drawn(20, "parallel = 1");
    booked.webex.faults(&["says=400/The site has no licence 17:POST:/meetings"]);
    let run = booked.run(&[]);
    assert_eq!((run.status, posts(&booked, "/meetings")), (3, 3), "{}", run.all());
    assert_eq!(times(&run, "The site has no licence"), 1, "{}", run.stderr);
    assert!(run.stderr.contains("3 meetings are left for later, all for the same reason: "), "{}", run.stderr);
    booked.webex.faults(&[]);
    let run = booked.run(&[]);
    assert_eq!(run.status, 0, "by itself: {}", run.all());
    booked.everyone_has_exactly_one_meeting("refused alike");
}

/// Forty colleagues whose meetings are booked.
fn forty() -> Booked {
    let booked = Booked::drawn(40, "");
    assert_eq!(booked.run(&[]).status, 0);
    booked
}

fn everybody_is_told_once(booked: &Booked, when: &str) {
    let run = booked.run_at(LATER, &["notify"]);
    assert_eq!(run.status, 0, "{when}: {}", run.all());
    let model = booked.webex.model();
    let mut rooms: Vec<&Value> = model["messages"].as_array().unwrap().iter().map(|message| &message["room"]).collect();
    rooms.sort_by_key(ToString::to_string);
    let all = rooms.len();
    rooms.dedup();
    assert_eq!((all, rooms.len()), (40, 40), "{when}");
}

#[test]
fn refusals_that_are_all_alike_make_nobody_unreachable() {
    for (refusal, tried) in [
        ("says=400/The card cannot be read", 3..=10),
        ("says=400/Bad request", 3..=10),
        ("says=403/The bot is blocked", 3..=10),
        ("404", 4..=11),
        ("says=400/Failed to get one on one conversation", 4..=11),
        ("says=403/Failed to get one on one conversation", 4..=11),
    ] {
        let booked = forty();
        booked.webex.faults(&[&format!("{refusal}:POST:/messages"), "other-organization:GET:/people"]);
        let run = booked.run_at(NOW, &["notify"]);
        assert_eq!(run.status, 3, "{refusal}: {}", run.all());
        let posts = posts(&booked, "/messages");
        assert!(tried.contains(&posts), "{refusal}: it stops, after {posts}");
        assert!(!kept(&booked).contains("unreachable"), "{refusal}");
        booked.webex.faults(&[]);
        everybody_is_told_once(&booked, refusal);
    }
}

#[test]
fn an_empty_list_of_people_proves_nothing_to_a_bot_of_another_organization() {
    let booked = forty();
    booked.webex.faults(&["says=400/Not possible:POST:/messages:1", "other-organization:GET:/people"]);
    let run = booked.run_at(NOW, &["notify"]);
    assert!(run.status == 3 && run.stderr.contains("1 message was refused by Webex"), "{}", run.all());
    assert!(!kept(&booked).contains("unreachable"));
}

#[test]
fn those_who_are_unknown_for_good_keep_nobody_from_being_told() {
    let booked = Booked::new("parallel = 1", &roster(&[10, 10]), &[]);
    let mut staff = booked.world.read("staff.csv");
    for person in 0..5 {
        staff = staff.replace(&format!("p{person}@"), &format!("ghost{person}@"));
    }
    booked.world.write("staff.csv", staff);
    booked.world.json(&["pair", "--week", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    let told = || booked.webex.model()["messages"].as_array().unwrap().len();
    for _ in 0..2 {
        let run = booked.run_at(NOW, &["notify"]);
        assert!(
            run.status == 3 && run.stderr.contains("Webex answers that it does not know 4 addresses"),
            "{}",
            run.all()
        );
    }
    assert_eq!((told(), kept(&booked).contains("unreachable")), (15, false));
}

#[test]
fn what_a_killed_run_may_have_sent_and_nobody_can_look_up_is_sent() {
    for look_up in ["says=403/Not for bots", "says=400/Not this", "says=400/Failed to get one on one conversation"] {
        let chat = Chat::new(4, "parallel = 1");
        chat.booked.webex.faults(&["drop-before:POST:/messages:1-3", "500:GET:/messages/direct"]);
        assert_eq!(chat.run(&["notify"]).status, 3);
        chat.booked.webex.faults(&[&format!("{look_up}:GET:/messages/direct")]);
        let run = chat.booked.run_at(LATER, &["notify"]);
        assert_eq!(run.status, 0, "{look_up}: {}", run.all());
        assert!((0..4).all(|person| chat.told(&format!("p{person}@example.com")).len() == 1), "{look_up}");
    }
}

#[test]
fn what_webex_does_not_grant_is_told_once() {
    for (option, granted, asked) in [
        ("enabledJoinBeforeHost", "false", "true"),
        ("joinBeforeHostMinutes", "0", "15"),
        ("allowAnyUserToBeCoHost", "false", "true"),
        ("unlockedMeetingJoinSecurity", "\"allowJoinWithLobby\"", "\"allowJoin\""),
    ] {
        let booked = Booked::drawn(8, "");
        booked.webex.faults(&[&format!("ungranted={option}:POST:/meetings")]);
        let run = booked.run(&[]);
        assert_eq!(run.status, 0, "{}", run.all());
        let words = format!("warning: Webex grants {option} = {granted} where {asked} was requested");
        assert_eq!((times(&run, &words), times(&run, "warning: ")), (1, 2), "{}", run.stderr);
        assert_eq!(times(&run, "Webex warns: 1001"), 1, "{}", run.stderr);
        booked.everyone_has_exactly_one_meeting(option);
    }
}

#[test]
fn an_option_that_webex_refuses_keeps_nobody_from_meeting() {
    let booked = Booked::drawn(8, "parallel = 1");
    booked.webex.faults(&["no-option=unlockedMeetingJoinSecurity:POST:/meetings"]);
    let run = booked.run(&[]);
    assert_eq!((run.status, posts(&booked, "/meetings")), (0, 5), "it is learned once: {}", run.all());
    assert_eq!(times(&run, "warning: Webex refuses an option"), 1, "{}", run.stderr);
    booked.everyone_has_exactly_one_meeting("without options");
}

#[test]
fn where_webexs_zones_are_others_than_ours_it_is_told_times_in_utc() {
    let booked = Booked::drawn(4, "parallel = 1");
    booked.webex.faults(&["says=400/timezone Europe and timezone offset +02 do not match:POST:/meetings:1"]);
    let run = booked.run(&[]);
    assert_eq!((run.status, times(&run, "warning: Webex's time zones differ")), (0, 1), "{}", run.all());
    let (_, body) = booked.writes().pop().unwrap();
    assert_eq!((&body["timezone"], &body["start"]), (&json!("UTC"), &json!("2026-12-02T13:10:00Z")));
    booked.everyone_has_exactly_one_meeting("in UTC");
}

#[test]
fn a_move_is_sent_as_json_with_its_zone_and_once_as_what_the_specification_says() {
    let booked = ready();
    booked.webex.faults(&["415:PATCH:/meetings:1"]);
    let run = booked.run_at(NOW, &CHANGES);
    assert_eq!(run.status, 0, "{}", run.all());
    let moves: Vec<_> = booked.writes().into_iter().filter(|(call, _)| call.starts_with("PATCH")).collect();
    assert_eq!((moves.len(), &moves[0].1["timezone"]), (2, &json!("Europe/Kyiv")));
    assert_eq!(moves[0], moves[1]);
    booked.everyone_has_exactly_one_meeting("as a patch");
}

#[test]
fn moves_at_the_same_time_are_all_sent_again_as_the_specification_says() {
    let booked = Booked::drawn(8, "");
    assert_eq!(booked.run(&[]).status, 0);
    let config = booked.world.read("config.toml");
    booked.world.write("config.toml", format!("{config}[meeting]\nstart = \"16:10\"\n"));
    booked.webex.faults(&["415:PATCH:/meetings:1-4"]);
    let run = booked.run(&["--allow-many-changes"]);
    assert!(run.status == 0 && run.stderr.contains("moved 4"), "{}", run.all());
    booked.everyone_has_exactly_one_meeting("as patches");
}

#[test]
fn a_meeting_in_progress_is_moved_or_cancelled_later() {
    let booked = ready();
    booked.webex.faults(&["in-progress"]);
    let run = booked.run_at(NOW, &CHANGES);
    assert_eq!((run.status, times(&run, "Meeting is in progress")), (3, 2), "{}", run.all());
    assert!(run.stderr.contains("hint: run it again"), "{}", run.stderr);
    booked.webex.faults(&[]);
    let run = booked.run_at(LATER, &CHANGES);
    assert_eq!(run.status, 0, "{}", run.all());
    booked.everyone_has_exactly_one_meeting("later");
}

#[test]
fn long_lists_are_read_to_their_end_over_links_with_a_stray_null() {
    let booked = Booked::drawn(204, "meetings_per_day = 3000");
    assert_eq!(booked.run(&[]).status, 0);
    forget_calls(&booked);
    booked.webex.faults(&["null-links"]);
    let run = booked.run(&[]);
    assert_eq!((run.status, booked.writes().len()), (0, 0), "{}", run.all());
    let lists = booked.webex.lines().into_iter().filter(|line| line.starts_with("GET /v1/meetings?")).count();
    assert!(lists >= 2, "{:?}", booked.webex.lines());
}

#[test]
fn answers_that_drip_or_never_end_are_cut_off() {
    let booked = Booked::drawn(4, "");
    assert_eq!(booked.run(&[]).status, 0);
    let before = booked.meetings();
    for (fault, words) in
        [("drip=300", "in time"), ("huge=9", "longer than 8 MB"), ("endless", "the list does not end")]
    {
        booked.webex.faults(&[&format!("{fault}:GET:/meetings")]);
        let run = booked.run(&[]);
        assert!(run.status != 0 && run.stderr.contains(words), "{fault}: {}", run.all());
    }
    booked.webex.faults(&[]);
    assert_eq!((booked.run(&[]).status, booked.meetings()), (0, before));
}

#[test]
fn a_webex_that_asks_to_wait_for_ever_ends_the_run_with_when_to_come_back() {
    let booked = Booked::drawn(8, "");
    booked.webex.faults(&["429=121"]);
    let run = booked.run(&[]);
    assert!(run.status == 3 && run.stderr.contains("hint: run it again in 121 s"), "{}", run.all());
    booked.webex.faults(&["429=121:POST"]);
    let run = booked.run(&[]);
    assert!(run.status == 3 && run.stderr.contains("hint: run it again after 2026-12-01T09:02:01Z"), "{}", run.all());
    booked.webex.faults(&[]);
    assert_eq!(booked.run(&[]).status, 0);
    booked.webex.faults(&["429=121"]);
    let run = booked.run_at(NOW, &["notify"]);
    assert!(run.status == 3 && run.stderr.contains("hint: run it again after 2026-12-01T09:02:01Z"), "{}", run.all());
}

#[test]
fn what_a_run_waits_for_adds_up() {
    // Each alone is borne, and both together are not: the second is not begun.
    for args in [&["schedule"][..], &["notify"]] {
        let booked = Booked::drawn(8, "");
        if args == ["notify"] {
            assert_eq!(booked.run(&[]).status, 0);
        }
        forget_calls(&booked);
        booked.webex.faults(&["429=1:::1", "429=120:::2-99"]);
        let run = booked.run_at(NOW, args);
        assert!(run.status == 3 && run.stderr.contains("hint: run it again "), "{}", run.all());
        let answered: Vec<Value> = booked.webex.calls().iter().map(|call| call["status"].clone()).collect();
        assert!(answered.len() >= 2 && answered.iter().all(|status| *status == 429), "{answered:?}");
        booked.webex.faults(&[]);
        assert_eq!(booked.run_at(LATER, args).status, 0);
    }
}

#[test]
fn no_secret_that_webex_repeats_is_told_or_kept() {
    let chat = Chat::new(4, "parallel = 1");
    let tokens: Value = serde_json::from_str(&chat.booked.world.read("roulette-tokens.json")).unwrap();
    let secrets = ["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned());
    chat.booked.world.json(&["pair", "--week", "2026-12-09", "--seed", "1"]);
    for calls in ["POST", "GET:/people", "GET:/meetings", "GET:/messages", "PATCH"] {
        chat.booked.webex.faults(&[&format!("echo=400:{calls}")]);
        let mut said = String::new();
        for args in [&["-v", "schedule", "--through", "2026-12-09"][..], &["-v", "notify"], &["auth", "--status"]] {
            said += &chat.run(args).all();
        }
        said += &chat.says("p0@example.com", "help").all();
        said += &kept(&chat.booked);
        for secret in secrets.iter().map(String::as_str).chain(["sandbox-bot"]) {
            assert!(!said.contains(secret), "{calls}: {said}");
        }
        assert!(said.contains("Bearer …"), "{calls}: {said}");
    }
}

/// How a member of an answer may be odd; where a text is expected, a text is none.
const ODD: [&str; 6] = ["missing", "null", "number", "flag", "list", "object"];

/// For each way to be odd, and a list of members: the faults that make the first such call odd in the first, and so on.
fn odd(members: &[&str], how: &str, calls: &str) -> Vec<String> {
    members.iter().zip(1..).map(|(member, nth)| format!("odd={member}/{how}:{calls}:{nth}")).collect()
}

fn faults(booked: &Booked, faults: &[String]) {
    booked.webex.faults(&faults.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn whatever_member_of_a_booking_s_answer_is_odd_everyone_has_exactly_one_meeting() {
    let members = [
        "id",
        "start",
        "end",
        "webLink",
        "integrationTags",
        "enabledJoinBeforeHost",
        "joinBeforeHostMinutes",
        "unlockedMeetingJoinSecurity",
        "password",
    ];
    for how in ODD.into_iter().chain(["extra"]) {
        let booked = Booked::drawn(2 * members.len(), "parallel = 1");
        faults(&booked, &odd(&members, how, "POST:/meetings"));
        let run = booked.run(&[]);
        assert!([0, 3].contains(&run.status), "{how}: {}", run.all());
        booked.everyone_has_exactly_one_meeting(how);
        booked.webex.faults(&[]);
        assert_eq!(booked.run_at(LATER, &["schedule"]).status, 0, "{how}");
        booked.everyone_has_exactly_one_meeting(how);
        assert_eq!(posts(&booked, "/meetings"), members.len(), "{how}: none is asked for twice");
    }
}

#[test]
fn whatever_member_of_a_listed_meeting_is_odd_nothing_is_changed_and_the_others_are_seen_to() {
    let booked = Booked::drawn(6, "");
    assert_eq!(booked.run(&[]).status, 0);
    forget_calls(&booked);
    let before = booked.world.files();
    for member in
        ["items.0", "items.0.id", "items.0.start", "items.0.end", "items.0.webLink", "items.0.integrationTags"]
    {
        for how in ODD {
            booked.webex.faults(&[&format!("odd={member}/{how}:GET:/meetings")]);
            let run = booked.run(&[]);
            assert_eq!((run.status, booked.writes().len()), (0, 0), "{member} {how}: {}", run.all());
        }
    }
    for how in ODD {
        booked.webex.faults(&[&format!("odd=items/{how}:GET:/meetings")]);
        let run = booked.run(&[]);
        assert!(run.status == 0 || run.stderr.contains("is not understood"), "{how}: {}", run.all());
        assert_eq!(booked.writes().len(), 0, "{how}");
    }
    booked.webex.faults(&[]);
    assert_eq!(booked.run(&[]).status, 0);
    booked.everyone_has_exactly_one_meeting("odd lists");
    let kept = |files: &[(String, Vec<u8>)]| files.iter().find(|(name, _)| name == "roulette-state.json").cloned();
    assert!(kept(&before) == kept(&booked.world.files()), "the door and the times stay known");
}

#[test]
fn a_meeting_in_doubt_that_is_listed_oddly_is_not_booked_again_and_the_others_are() {
    for member in ["items.0", "items.0.id", "items.0.start", "items.0.end", "items.0.integrationTags"] {
        for how in ["null", "list"] {
            let booked = Booked::drawn(6, "parallel = 1");
            booked.webex.faults(&["drop-after:POST:/meetings:1", "500:GET:/meetings:2-9"]);
            assert_eq!(booked.run(&[]).status, 3);
            booked.webex.faults(&[&format!("odd={member}/{how}:GET:/meetings")]);
            let run = booked.run_at(LATER, &["schedule"]);
            assert!(run.status == 3 && run.stdout.contains("cannot be read"), "{member} {how}: {}", run.all());
            assert_eq!(booked.meetings().len(), 3, "{member} {how}");
            booked.webex.faults(&[]);
            let run = booked.run_at(LATER, &["schedule"]);
            assert_eq!(run.status, 0, "{member} {how}: {}", run.all());
            booked.everyone_has_exactly_one_meeting(member);
        }
    }
}

#[test]
fn whatever_member_of_a_message_s_answer_is_odd_everybody_is_told_once() {
    let members = ["id", "created", "text", "markdown", "roomType", "attachments", "personEmail", "personId"];
    for how in ODD.into_iter().chain(["extra"]) {
        let chat = Chat::new(members.len(), "parallel = 1");
        faults(&chat.booked, &odd(&members, how, "POST:/messages"));
        let run = chat.run(&["notify"]);
        assert_eq!(run.status, 0, "{how}: {}", run.all());
        let listed: Vec<String> = members.iter().map(|member| format!("items.0.{member}")).collect();
        let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
        let chats = [chat, Chat::new(members.len(), "parallel = 1")];
        let looked_up = &chats[1];
        let mut all = odd(&listed, how, "GET:/messages/direct");
        all.push("drop-after:POST:/messages".to_owned());
        faults(&looked_up.booked, &all);
        let run = looked_up.run(&["notify"]);
        assert_eq!(run.status, 0, "{how}: {}", run.all());
        for chat in &chats {
            for person in 0..members.len() {
                let told = chat.headings(&format!("p{person}@example.com"));
                assert_eq!(told.len(), 1, "{how}: {told:?}");
            }
        }
    }
}

#[test]
fn whatever_member_of_what_somebody_did_is_odd_they_are_answered_once_and_nobody_waits() {
    let chat = Chat::new(4, "parallel = 1");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let answers = |person: &str| chat.told(person).len();
    let handled = |what: &str, before: usize| {
        chat.booked.webex.faults(&[]);
        let run = chat.booked.run_at("2026-12-01T09:03:00Z", &["handle-action"]);
        assert_eq!(run.status, 0, "{what}: {}", run.all());
        assert_eq!(answers("p0@example.com"), before + 1, "{what}");
        let others = answers("p1@example.com");
        assert_eq!(chat.says("p1@example.com", "help").status, 0, "{what}");
        assert_eq!(answers("p1@example.com"), others + 1, "{what}: the next one is answered");
    };
    let said = ["/people/Y:emails", "/people/Y:displayName", "/people/Y:type", "/people/Y:id", "/people/Y:orgId"];
    let said = said.into_iter().chain(["/messages/Y:roomType", "/messages/Y:created", "/messages/Y:personEmail"]);
    for what in said {
        let (path, member) = what.split_once(':').unwrap();
        for how in ODD {
            let before = answers("p0@example.com");
            chat.booked.webex.faults(&[&format!("odd={member}/{how}:GET:{path}")]);
            let run = chat.says("p0@example.com", "help");
            assert!([0, 3].contains(&run.status), "{what} {how}: {}", run.all());
            handled(&format!("{what} {how}"), before);
        }
    }
    for member in ["id", "personId", "inputs", "messageId", "type", "roomId", "created"] {
        for how in ODD.into_iter().filter(|how| member != "inputs" || *how != "object") {
            let before = answers("p0@example.com");
            chat.booked.webex.faults(&[&format!("odd={member}/{how}:GET:/attachment/actions")]);
            let run = chat.taps("p0@example.com", "suggest", &json!({}));
            assert!([0, 3].contains(&run.status), "{member} {how}: {}", run.all());
            handled(&format!("{member} {how}"), before);
        }
    }
}
