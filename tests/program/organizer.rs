//! The organizer in chat: the overview, who takes no part, and a pause for somebody else, confirmed and told.

use serde_json::{Value, json};

use crate::support::chat::{Chat, event, handle_action};
use crate::support::small_webex::ORGANIZER;
use crate::support::trouble::{LATER, all_troubles, strike};
use crate::support::world::{NOW, words};

const P0: &str = "p0@example.com";

fn last(chat: &Chat, email: &str) -> String {
    chat.told(email).last().map_or_else(String::new, |told| told["text"].as_str().unwrap().to_owned())
}

/// What the bot answers to what somebody types.
fn answer(chat: &Chat, email: &str, text: &str) -> String {
    let run = chat.says(email, text);
    assert_eq!(run.status, 0, "{text}: {}", run.all());
    last(chat, email)
}

fn choices(chat: &Chat) -> Value {
    let state: Value = serde_json::from_str(&chat.booked.world.read("roulette-state.json")).unwrap();
    state["choices"].clone()
}

#[test]
fn an_organizer_who_takes_no_part_asks_how_it_stands() {
    let chat = Chat::new(5, "");
    let said = ["hello", "overview", "report", "who stopped", "find Person 1", "find nobody", "огляд", "never mind"];
    let said: Vec<String> = said.iter().map(|text| format!("> {text}\n{}", answer(&chat, ORGANIZER, text))).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    > hello
    You organize Coffee Roulette
    You are not on its list yourself, so you have no meetings here. What you can type:
    “overview”: see this round, the last answers, who has no partner, and what is stuck
    “who stopped”: see who left and who pauses
    “find NAME”: see how somebody takes part
    “pause NAME until 20 December”: pause somebody; I ask you first, and tell them
    “report”: see how many meetings of the last round took place
    “announce”: write to everybody who takes part
    “greet”: greet the newcomers, if I asked; or: greet nobody
    > overview
    Coffee Roulette at a glance
    The round of Wednesday 2 December: 2 meetings, all booked.
    Without a partner: Person 4 (odd number: no pair that the rules let them join).
    No round is over yet, so there are no answers.
    Nothing is stuck.
    > report
    Nothing to report yet
    No round is over. Ask again after the first one.
    > who stopped
    Who takes no part
    Nobody has left, and nobody is paused.
    > find Person 1
    Person 1 (D0)
    p1@example.com takes part.
    They meet: Person 2, Wednesday 2 December, 15:10–15:40 (Kyiv).
    > find nobody
    Whom do you mean?
    I cannot find a colleague called “nobody”.
    Type “find” and the full name or the address.
    > огляд
    Coffee Roulette at a glance
    The round of Wednesday 2 December: 2 meetings, all booked.
    Without a partner: Person 4 (odd number: no pair that the rules let them join).
    No round is over yet, so there are no answers.
    Nothing is stuck.
    > never mind
    All right, nothing has changed.
    ");
    assert_eq!(chat.headings(P0), [""; 0], "nobody else hears of it");
}

#[test]
fn a_pause_for_somebody_else_is_confirmed_told_and_can_be_undone() {
    let chat = Chat::new(4, "");
    assert_eq!(chat.run(&["notify"]).status, 0);
    let other = chat.two()[1].clone();
    let before = choices(&chat);
    let asked = answer(&chat, ORGANIZER, "pause person 0 until 20 December");
    insta::assert_snapshot!(asked, @"
    Pause Person 0?
    That would be up to and including Sunday 20 December 2026.
    This cancels 1 meeting, and those concerned will be told.
    I have done nothing yet. Type “yes” or tap the button, and I will do it and tell Person 0; or type “no”.
    ");
    assert_eq!((choices(&chat), chat.headings(P0).len()), (before, 1), "nothing is done yet");

    assert!(answer(&chat, ORGANIZER, "no").starts_with("All right"), "{}", last(&chat, ORGANIZER));
    assert!(!answer(&chat, ORGANIZER, "yes").contains("pauses now"), "nothing is open any more");
    answer(&chat, ORGANIZER, "pause p0@example.com until 20 December");
    let confirmed = chat.says(ORGANIZER, "yes");
    assert!(
        confirmed.stderr.contains("organizer@example.com has p0@example.com pause until 2026-12-20"),
        "{}",
        confirmed.all()
    );
    insta::assert_snapshot!(format!("{}\n---\n{}", last(&chat, ORGANIZER), last(&chat, P0)), @"
    Person 0 is now paused
    The pause lasts up to and including Sunday 20 December 2026. I have told them.
    1 meeting is cancelled, and whoever was to meet them is told.
    ---
    You are on a break
    organizer@example.com, who organizes this, has paused you up to and including Sunday 20 December 2026. After that, you take part again.
    1 meeting is cancelled, and whoever you were to meet is told.
    If that is not what you want, type “resume”, and you take part again at once.
    ");
    assert_eq!(chat.headings(&other).last().unwrap(), "Your meeting is off");

    // Tapped or typed again, it is done already, and nobody hears of it twice.
    let told = chat.told(P0).len();
    assert_eq!(chat.taps(ORGANIZER, "type", &json!({})).status, 0);
    assert!(last(&chat, ORGANIZER).starts_with("Person 0 is already paused"), "{}", last(&chat, ORGANIZER));
    assert_eq!(chat.told(P0).len(), told);
    assert!(answer(&chat, ORGANIZER, "who stopped").contains("Person 0 until Sunday 20 December 2026"));
    assert!(answer(&chat, P0, "resume").starts_with("Welcome back"));
    assert!(answer(&chat, ORGANIZER, "who stopped").contains("nobody is paused"));
}

#[test]
fn who_or_until_when_is_asked_where_it_is_not_clear() {
    let staff = "email,name,department\np0@x.org,Ann Lee,A\np1@x.org,Ann Lee,B\np2@x.org,Bo Ek,C\np3@x.org,Di Wu,D\n";
    let chat = Chat::at(crate::support::booked::Booked::new("", staff, &[]), NOW);
    let asked = answer(&chat, ORGANIZER, "pause Ann until 20 December");
    assert!(asked.contains("Ann Lee (A): “pause p0@x.org until 2026-12-20”"), "{asked}");
    for (tap, heading) in [("type", "Pause Ann Lee?"), ("type", "Ann Lee is now paused")] {
        assert_eq!(chat.taps(ORGANIZER, tap, &json!({})).status, 0);
        assert!(last(&chat, ORGANIZER).starts_with(heading), "{}", last(&chat, ORGANIZER));
    }
    assert_eq!(chat.headings("p0@x.org"), ["You are on a break"]);
    assert_eq!(chat.headings("p1@x.org"), [""; 0]);
    assert!(
        answer(&chat, ORGANIZER, "pause Bo").starts_with("Until when should Bo Ek pause?"),
        "{}",
        last(&chat, ORGANIZER)
    );
    assert!(answer(&chat, ORGANIZER, "2 weeks").starts_with("Pause Bo Ek?"), "{}", last(&chat, ORGANIZER));
    assert!(answer(&chat, ORGANIZER, "так").starts_with("Bo Ek is now paused"), "{}", last(&chat, ORGANIZER));
    let found = answer(&chat, ORGANIZER, "find ann");
    assert!(found.contains("Ann Lee (B): “find p1@x.org”"), "{found}");
    assert!(answer(&chat, ORGANIZER, "2").starts_with("Ann Lee (B)"), "{}", last(&chat, ORGANIZER));
}

#[test]
fn an_organizer_may_take_part_and_pauses_themselves() {
    let chat = Chat::new(4, "");
    let config = chat.booked.world.read("config.toml");
    let named = config.replace("roster = ", "organizers = [\"P0@Example.com\"]\nroster = ");
    chat.booked.world.write("config.toml", named);
    assert!(answer(&chat, P0, "help").contains("overview"), "{}", last(&chat, P0));
    assert!(answer(&chat, P0, "overview").starts_with("Coffee Roulette at a glance"), "{}", last(&chat, P0));
    assert!(answer(&chat, P0, "pause until 20 December").starts_with("Enjoy the break"), "{}", last(&chat, P0));
    assert!(answer(&chat, P0, "resume").starts_with("Welcome back"), "{}", last(&chat, P0));
    assert!(answer(&chat, P0, "pause person 1 2 weeks").starts_with("Pause Person 1?"), "{}", last(&chat, P0));
    assert!(answer(&chat, P0, "yes").starts_with("Person 1 is now paused"), "{}", last(&chat, P0));
    assert!(
        last(&chat, "p1@example.com").contains("Person 0, who organizes this"),
        "{}",
        last(&chat, "p1@example.com")
    );
    // Whatever is unclear on the way, the same person is asked about.
    let shall = "Pause Person 1?";
    assert_eq!(chat.says("p1@example.com", "resume").status, 0);
    answer(&chat, P0, "pause p1@example.com");
    assert!(answer(&chat, P0, "until 20 December").starts_with(shall), "{}", last(&chat, P0));
    assert!(answer(&chat, P0, "hm, or later?").starts_with(shall), "{}", last(&chat, P0));
    assert!(answer(&chat, P0, "yes").starts_with("Person 1 is now paused"), "{}", last(&chat, P0));
    // With their own name they mean themselves.
    assert!(answer(&chat, P0, "pause person 0 2 weeks").starts_with("Pause Person 0?"), "{}", last(&chat, P0));
    assert!(answer(&chat, P0, "yes").starts_with("Enjoy the break"), "{}", last(&chat, P0));
}

#[test]
fn nobody_else_can_use_an_organizers_commands_or_learns_anything() {
    let chat = Chat::new(4, "");
    let before = choices(&chat);
    let odd = answer(&chat, P0, "gibberish");
    for typed in ["overview", "report", "find Person 1", "who stopped", "огляд", "звіт"] {
        assert_eq!(answer(&chat, P0, typed).replace(typed, "gibberish"), odd, "{typed}");
    }
    for typed in ["pause Person 1 until 20 December", "yes pause p1@example.com until 2026-12-20", "пауза Person 1"]
    {
        let said = answer(&chat, P0, typed);
        assert!(said.contains("I have done nothing yet") && !said.contains("Person 1 pauses"), "{typed}: {said}");
    }
    assert_eq!(choices(&chat), before);
    assert_eq!(chat.headings("p1@example.com"), [""; 0]);
    assert!(!answer(&chat, P0, "help").contains("overview"));
}

#[test]
fn in_a_space_nothing_of_it_is_said() {
    let chat = Chat::new(4, "");
    for typed in ["overview", "who stopped", "find person 0", "report", "pause person 0 until 20 December"] {
        let said = chat.booked.webex.say_in_space(ORGANIZER, &format!("@Roulette {typed}"));
        let run = chat.handle(&event("messages", &said));
        assert_eq!(run.status, 0, "{}", run.all());
    }
    let mut by_bot = chat.booked.webex.messages_in_space();
    by_bot.retain(|message| message["author"] != ORGANIZER);
    let by_bot: Vec<&str> = by_bot.iter().map(|message| message["text"].as_str().unwrap()).collect();
    assert_eq!(by_bot.len(), 5, "{by_bot:?}");
    assert!(by_bot.iter().all(|text| !text.contains("Person") && !text.contains("round")), "{by_bot:?}");
    assert_eq!(chat.told(ORGANIZER).len(), 5);
}

/// A yes to a pause lies in a file, and nobody has worked through it; the command line that does.
fn confirmed() -> (Chat, Vec<String>) {
    let chat = Chat::new(4, "parallel = 1");
    assert_eq!(chat.run(&["notify"]).status, 0);
    answer(&chat, ORGANIZER, "pause person 0 until 20 December");
    let said = event("messages", &chat.booked.webex.say(ORGANIZER, "yes"));
    chat.booked.webex.request("DELETE", "/sandbox/calls").send().unwrap();
    let args = handle_action(&chat.booked.world, "yes.json", &said);
    (chat, args)
}

#[test]
fn whatever_happens_at_any_call_of_a_pause_it_is_told_once() {
    let calls = {
        let (chat, yes) = confirmed();
        let run = chat.run(&words(&yes));
        assert_eq!(run.status, 0, "{}", run.all());
        chat.booked.webex.calls().len()
    };
    assert!(calls >= 6, "what, who, the meeting, and three messages: {calls}");
    all_troubles(calls, |call, trouble| {
        let (chat, yes) = confirmed();
        let when = format!("{trouble:?} at call {call}");
        strike(&chat.booked, call, trouble, &words(&yes));
        for again in ["handle-action", "schedule", "notify"] {
            let run = chat.booked.run_at(LATER, &[again]);
            assert_eq!(run.status, 0, "{when}: {again}: {}", run.all());
        }
        let count = |email: &str, heading: &str| chat.headings(email).iter().filter(|one| *one == heading).count();
        assert_eq!(count(P0, "You are on a break"), 1, "{when}: {:?}", chat.headings(P0));
        assert_eq!(count(ORGANIZER, "Person 0 is now paused"), 1, "{when}: {:?}", chat.headings(ORGANIZER));
        assert_eq!(chat.booked.meetings().len(), 1, "{when}");
    });
}
