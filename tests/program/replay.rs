//! The content of an event is not trusted: Webex is asked who wrote, and when, once.

use serde_json::json;

use crate::support::chat::Chat;
use crate::support::world::Run;

impl Chat {
    fn lines_of(&self, act: impl FnOnce() -> Run) -> (Run, Vec<String>) {
        let before = self.booked.webex.lines().len();
        let run = act();
        (run, self.booked.webex.lines().split_off(before))
    }
}

#[test]
fn an_event_older_than_the_memory_is_not_carried_out() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.run(&["notify"]).status, 0);
    assert_eq!(chat.says("p0@example.com", "pause 2").status, 0);
    let typed = chat.booked.world.read("event.json");
    assert_eq!(chat.taps("p1@example.com", "suggest", &json!({})).status, 0);
    let tapped = chat.booked.world.read("event.json");
    let told = || [0, 1].map(|person| chat.told(&format!("p{person}@example.com")).len());
    let before = told();
    for (now, said) in [
        ("2026-12-02T09:00:00Z", ": done"),
        ("2026-12-15T08:59:00Z", ": done"),
        (
            "2026-12-15T09:00:01Z",
            ": not carried out: it is from 2026-12-01T09:00:00Z, and may have been handled before",
        ),
        (
            "2027-03-01T09:00:00Z",
            ": not carried out: it is from 2026-12-01T09:00:00Z, and may have been handled before",
        ),
    ] {
        *chat.now.borrow_mut() = now.to_owned();
        chat.booked.webex.clock(now);
        for event in [&typed, &tapped] {
            let run = chat.handle(event);
            assert!(run.status == 0 && run.stderr.contains(said), "{now}: {}", run.all());
            assert_eq!(told(), before, "{now}");
        }
        for fault in ["missing", "null", "number"] {
            chat.booked.webex.faults(&[&format!("odd=created/{fault}:GET:/attachment/actions")]);
            let run = chat.handle(&tapped);
            assert!(run.status == 0 && run.stderr.contains(said), "by its card, {now}: {}", run.all());
        }
        chat.booked.webex.faults(&[]);
    }
    assert_eq!(chat.says("p0@example.com", "help").status, 0, "what is new is answered");
    assert_eq!(told()[0], before[0] + 1);
}

#[test]
fn whoever_an_event_names_it_is_the_author_that_acts_and_is_asked_for_once() {
    let chat = Chat::new(4, "");
    let said = chat.booked.webex.say("p0@example.com", "pause 2");
    let other = chat.booked.webex.say("p1@example.com", "x");
    for person in [&other["personId"], &json!(null), &json!("nobody")] {
        let data = json!({ "id": said["id"], "personId": person, "personEmail": "p1@example.com" });
        let body = json!({ "resource": "messages", "event": "created", "actorId": person, "data": data }).to_string();
        let (run, lines) = chat.lines_of(|| chat.handle(&body));
        assert_eq!(run.status, 0, "{}", run.all());
        let asked = |path: &str| lines.iter().filter(|line| line.starts_with(&format!("GET /v1/{path}"))).count();
        assert_eq!((asked("messages/"), asked("people/")), (1, 1), "{lines:?}");
    }
    assert_eq!((chat.told("p0@example.com").len(), chat.told("p1@example.com").len()), (1, 0));
}
