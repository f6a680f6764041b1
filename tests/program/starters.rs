//! The organizer's own conversation starters: what people get to talk about first.

use crate::support::booked::Booked;
use crate::support::chat::Chat;
use crate::support::world::NOW;

const STAFF: &str = "email,name,department,language,tags\n\
    ann@example.com,Ann,Sales,,\"chess, Tea\"\nbo@example.com,Bo,IT,uk,tea;hiking\n";

/// Two people who meet, with these starters.
fn two(staff: &str, starters: &str) -> Chat {
    let booked = Booked::new("", staff, &[]);
    let config = booked.world.read("config.toml");
    booked.world.write("config.toml", config.replace("[webex]", "starters = \"ours.txt\"\n[webex]"));
    booked.world.write("ours.txt", starters);
    booked.world.json(&["pair", "--week", "--seed", "1"]);
    Chat::at(booked, NOW)
}

fn introduced(chat: &Chat) -> [String; 2] {
    assert_eq!((chat.booked.run(&[]).status, chat.run(&["notify"]).status), (0, 0));
    ["ann@example.com", "bo@example.com"].map(|email| chat.told(email)[0]["text"].as_str().unwrap().to_owned())
}

#[test]
fn each_reads_a_starter_in_their_language_which_names_what_they_share() {
    let starters = "# Ours\n[en]\nWhat about {tag}?\nWhich book?\n[uk]\nЯка книжка?\n";
    let chat = two(STAFF, starters);
    let [ann, bo] = introduced(&chat);
    assert!(ann.contains("Something to begin with: What about Tea?"), "{ann}");
    // There is none of one's own for that in Ukrainian.
    assert!(bo.contains("У вас є дещо спільне: Tea."), "{bo}");
    let agenda = chat.booked.webex.model()["meetings"][0]["agenda"].to_string();
    assert!(agenda.contains("What about Tea?"), "{agenda}");

    let [ann, bo] = introduced(&two(&STAFF.replace("hiking", "").replace("tea;", "golf"), starters));
    assert!(ann.contains("Something to begin with: Which book?") && bo.contains("Яка книжка?"), "{ann}\n{bo}");
}

#[test]
fn what_is_wrong_with_the_file_is_told_before_anything_is_sent() {
    let chat = two(STAFF, "Which book?");
    chat.booked.world.write("ours.txt", "[en]\nHello {name}\n[de]\n");
    let files = chat.booked.world.files();
    let written = || chat.booked.webex.calls().iter().filter(|call| call["method"] != "GET").count();
    let before = written();
    for command in ["schedule", "notify", "run"] {
        let run = chat.run(&[command]);
        assert_eq!(run.status, 2, "{command}: {}", run.all());
        assert!(run.stderr.contains("ours.txt:2: ") && run.stderr.contains("ours.txt:3: "), "{command}: {}", run.all());
    }
    let changed =
        chat.booked.world.files().into_iter().filter(|file| !files.contains(file) && !file.0.contains(".run"));
    assert_eq!(changed.map(|(name, _)| name).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(written(), before, "nothing is booked or sent");
    chat.booked.world.write("ours.txt", "# nothing\n");
    assert!(chat.run(&["schedule"]).stderr.contains("ours.txt: has no starter"));
}
