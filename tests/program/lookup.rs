//! What may already have been sent is looked up before it is sent again: plain text answers, and messages for the
//! organizers' space, each exactly once.

use crate::support::booked::{Booked, report_room};
use crate::support::chat::Chat;
use crate::support::trouble::{LATER, all_troubles, strike};
use crate::support::world::{NOW, roster};

const ME: &str = "p0@example.com";

#[test]
fn of_two_equal_answers_neither_is_swallowed_and_none_is_sent_twice() {
    for fault in ["drop-before", "drop-after", "500", "no-answer", "no-answer-after", "hang-after=1500"] {
        for clock in ["2026-12-01T09:00:00Z", "2026-12-01T09:06:00Z", "2026-12-01T08:54:00Z"] {
            let chat = Chat::new(4, "");
            // The clock of this machine is wrong; Webex's is not.
            *chat.now.borrow_mut() = clock.to_owned();
            for times in 1..=3 {
                chat.booked.webex.faults(&[&format!("{fault}:POST:/messages:1")]);
                // The answer to thanks has no card, whose key would tell it from others.
                let run = chat.says(ME, "thanks");
                chat.booked.webex.faults(&[]);
                assert!([0, 3].contains(&run.status), "{fault} {clock}: {}", run.all());
                *chat.now.borrow_mut() = later(clock);
                let run = chat.run(&["handle-action"]);
                assert_eq!(run.status, 0, "{fault} {clock}: {}", run.all());
                assert_eq!(chat.told(ME).len(), times, "{fault} {clock}");
            }
            assert!(chat.told(ME).iter().all(|message| message["card"].is_null()), "{:?}", chat.told(ME));
        }
    }
}

fn later(clock: &str) -> String {
    clock.replace(":00Z", ":30Z")
}

#[test]
fn what_somebody_wrote_in_the_bots_own_words_is_none_of_the_bots() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.says(ME, "thanks").status, 0);
    let words = chat.told(ME)[0]["text"].as_str().unwrap().to_owned();
    chat.says(ME, &words);
    chat.booked.webex.faults(&["drop-before:POST:/messages:1"]);
    assert_eq!(chat.says(ME, "thanks").status, 0);
    assert_eq!(chat.told(ME).iter().filter(|message| message["text"] == *words).count(), 2);
}

/// Six who are booked, with a space of the organizers: a summary is due.
fn organized() -> Booked {
    let booked = Booked::new("parallel = 1", &roster(&[3, 3]), &[]);
    booked.configure(&format!("parallel = 1\n{}", report_room()));
    booked.world.json(&["pair", "--week", "--seed", "1"]);
    assert_eq!(booked.run(&[]).status, 0);
    booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
    booked
}

#[test]
fn whatever_happens_at_any_call_the_organizers_space_hears_everything_exactly_once() {
    let notify = ["notify", "--kind", "summary"];
    let (calls, told) = {
        let booked = organized();
        let run = booked.run_at(NOW, &notify);
        assert_eq!(run.status, 0, "{}", run.all());
        (booked.webex.calls().len(), booked.webex.texts_in_space())
    };
    assert_eq!(told.len(), 1, "{told:?}");
    all_troubles(calls, |call, trouble| {
        let booked = organized();
        strike(&booked, call, trouble, &notify);
        for _ in 0..2 {
            let run = booked.run_at(LATER, &notify);
            assert_eq!(run.status, 0, "{trouble:?} at call {call}: {}", run.all());
            assert_eq!(booked.webex.texts_in_space(), told, "{trouble:?} at call {call}");
        }
    });
}

#[test]
fn a_summary_that_is_refused_once_is_sent_by_the_next_run_and_the_others_do_not_wait() {
    for refusal in ["400", "says=400/The text cannot be read", "403", "404", "409"] {
        let booked = organized();
        booked.webex.faults(&[&format!("{refusal}:POST:/messages:1")]);
        let run = booked.run_at(NOW, &["notify", "--kind", "summary"]);
        assert_eq!(run.status, 3, "{refusal}: {}", run.all());
        assert!(booked.webex.texts_in_space().is_empty(), "{refusal}");
        booked.webex.faults(&[]);
        let run = booked.run_at(LATER, &["notify"]);
        assert_eq!((run.status, booked.webex.texts_in_space().len()), (0, 1), "{refusal}: {}", run.all());
    }
}

#[test]
fn where_the_space_cannot_be_looked_at_it_is_sent_again_and_said() {
    let booked = organized();
    booked.webex.faults(&["drop-after:POST:/messages:1", "500:GET:/messages"]);
    let run = booked.run_at(NOW, &["notify", "--kind", "summary"]);
    assert_eq!(run.status, 3, "{}", run.all());
    booked.webex.faults(&["says=403/Not for bots:GET:/messages"]);
    let run = booked.run_at(LATER, &["notify", "--kind", "summary"]);
    assert!(run.status == 0 && run.stderr.contains("where it may be twice now"), "{}", run.all());
    assert_eq!(booked.webex.texts_in_space().len(), 2);
}

#[test]
fn what_stops_a_run_is_told_to_the_organizers_space_once() {
    let booked = organized();
    let heard = |what: &str| booked.webex.texts_in_space().iter().filter(|it| it.starts_with(what)).count();
    for _ in 0..2 {
        // Of five, the fourth is the one to the space.
        booked.webex.faults(&["says=400/The card cannot be read:POST:/messages:1-3"]);
        let run = booked.run_at(NOW, &["notify", "--kind", "intro"]);
        assert_eq!((run.status, heard("I stopped trying to send messages")), (3, 1), "{}", run.all());
    }
    booked.webex.faults(&[]);
    assert_eq!(booked.run_at(LATER, &["notify"]).status, 0);
    booked.webex.faults(&["says=400/The card cannot be read:POST:/messages"]);
    booked.world.write("news.md", "Tea");
    assert_eq!(booked.run_at(LATER, &["notify", "--announce", "news.md"]).status, 3);
    booked.webex.faults(&[]);
    assert_eq!(booked.run_at(LATER, &["notify", "--announce", "news.md"]).status, 0);
    assert_eq!(heard("I stopped trying to send messages"), 2, "once more, since it went well meanwhile");
    booked.world.json(&["pair", "--week", "2026-12-09", "--seed", "2"]);
    for _ in 0..2 {
        booked.webex.faults(&["says=400/The site has no licence:POST:/meetings"]);
        let run = booked.run_at(LATER, &["schedule", "--through", "2026-12-09"]);
        assert_eq!((run.status, heard("I stopped trying to book meetings")), (3, 1), "{}", run.all());
    }
    assert!(booked.webex.texts_in_space().iter().any(|it| it.contains("The site has no licence")));
    booked.webex.faults(&[]);
    assert_eq!(booked.run_at(LATER, &["schedule", "--through", "2026-12-09"]).status, 0);
    booked.world.json(&["pair", "--week", "2026-12-16", "--seed", "2"]);
    booked.webex.faults(&["says=400/The site has no licence:POST:/meetings"]);
    let run = booked.run_at("2026-12-03T09:00:00Z", &["schedule", "--through", "2026-12-16"]);
    assert_eq!((run.status, heard("I stopped trying to book meetings")), (3, 2), "{}", run.all());
}

#[test]
fn whatever_member_of_what_is_looked_up_in_the_space_is_odd_it_hears_everything_once() {
    for member in ["id", "created", "text", "markdown", "roomType", "attachments", "personEmail", "personId"] {
        for how in ["missing", "null", "number", "list", "object", "extra"] {
            let booked = organized();
            booked.webex.faults(&["drop-after:POST:/messages:1", &format!("odd=items.0.{member}/{how}:GET:/messages")]);
            let run = booked.run_at(NOW, &["notify", "--kind", "summary"]);
            assert_eq!((run.status, booked.webex.texts_in_space().len()), (0, 1), "{member} {how}: {}", run.all());
        }
    }
    for how in ["missing", "null", "number", "object"] {
        let booked = organized();
        booked.webex.faults(&["drop-after:POST:/messages:1", &format!("odd=items/{how}:GET:/messages")]);
        assert_eq!(booked.run_at(NOW, &["notify", "--kind", "summary"]).status, 3, "{how}");
        booked.webex.faults(&[]);
        let run = booked.run_at(LATER, &["notify", "--kind", "summary"]);
        assert_eq!((run.status, booked.webex.texts_in_space().len()), (0, 1), "{how}: {}", run.all());
    }
}
