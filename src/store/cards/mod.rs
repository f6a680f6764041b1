//! The cards' templates: the built-in ones, and a folder of the organizer's own whose files replace those of the same
//! name. Either all of them are valid, or all faults are reported, each with its file and its place in it. Knows files;
//! `schema` knows what a template may contain, `old_form` how templates were written before, and the domain the values
//! that fill them. The built-in ones are not checked again: a test checks them.

mod old_form;
mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::cells::{nearest, quoted};
use super::faults::{Fault, Faults};
use super::files::regular;
use crate::domain::message::render::{self, Cards};

macro_rules! built_in {
    ($($name:literal),+) => {
        [$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/cards/", $name, ".json")))),+]
    };
}

/// The built-in templates, by name.
const BUILT_IN: [(&str, &str); 19] = built_in![
    "introduction",
    "reminder",
    "did-you-meet",
    "left-out",
    "partner-gone",
    "partner-unreachable",
    "call-off",
    "choose",
    "help",
    "suggest-time",
    "proposal",
    "moved",
    "still-on",
    "summary",
    "report",
    "month",
    "write-announcement",
    "announcement",
    "announcement-test"
];

/// The names of the cards.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.into_iter().map(|(name, _)| name)
}

/// The built-in templates, parsed once: a test checks that they are valid.
static READ: LazyLock<BTreeMap<&'static str, Arc<Value>>> = LazyLock::new(|| {
    BUILT_IN.into_iter().filter_map(|(name, text)| Some((name, Arc::new(serde_json::from_str(text).ok()?)))).collect()
});

impl Cards {
    /// The built-in templates.
    pub fn built_in() -> Self {
        Self::new(READ.clone())
    }

    /// The built-in templates, except those that the folder replaces.
    ///
    /// # Errors
    /// All faults of the folder's files.
    pub fn load(folder: Option<&Path>) -> Result<Self, Faults> {
        Self::load_and_see(folder).map(|(cards, _)| cards)
    }

    /// The same, with the names of those that are written in the old form.
    ///
    /// # Errors
    /// All faults of the folder's files.
    pub fn load_and_see(folder: Option<&Path>) -> Result<(Self, Vec<&'static str>), Faults> {
        let Some(folder) = folder else { return Ok((Self::built_in(), Vec::new())) };
        let mut reader = Reader { faults: Faults::new(folder), found: READ.clone(), old: Vec::new() };
        reader.folder(folder);
        let Reader { faults, found, old } = reader;
        faults.unless((Self::new(found), old))
    }
}

struct Reader {
    faults: Faults,
    found: BTreeMap<&'static str, Arc<Value>>,
    /// The names of those that are written in the old form.
    old: Vec<&'static str>,
}

impl Reader {
    fn fault(&mut self, place: String, message: String) {
        self.faults.push_fault(Fault { line: None, column: Some(place), message });
    }

    fn folder(&mut self, folder: &Path) {
        let files = fs::read_dir(folder).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<Vec<_>, _>>()
        });
        let mut files = match files {
            Ok(files) => files,
            Err(error) => {
                let message = format!("cannot be read: {error}");
                self.faults = Faults::whole(folder, message, Some("`cards` in the config names the folder"));
                return;
            }
        };
        files.sort_unstable();
        for file in files {
            let shown = file.to_string_lossy().into_owned();
            let Some(stem) = shown.strip_suffix(".json") else { continue };
            let names = BUILT_IN.map(|(name, _)| name);
            let Some(name) = names.into_iter().find(|name| *name == stem) else {
                let meant = match nearest(stem, names) {
                    Some(meant) => format!("did you mean {meant}.json?"),
                    None => format!("the cards are {}", names.join(", ")),
                };
                self.fault(quoted(&shown), format!("is not the name of a card: {meant}"));
                continue;
            };
            match regular::read_to_string(&folder.join(&file)) {
                Ok(text) => self.template(name, &text),
                Err(error) => self.fault(shown, format!("cannot be read: {error}")),
            }
        }
    }

    fn template(&mut self, name: &'static str, text: &str) {
        let template: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(template) => template,
            Err(error) => return self.fault(format!("{name}.json"), format!("is not JSON: {error}")),
        };
        let values = render::sample(name).unwrap_or_default();
        let (template, is_old) = old_form::renewed(&template, &values);
        if is_old {
            self.old.push(name);
        }
        for (at, message) in schema::faults(&template, &values) {
            let place = if at.is_empty() { format!("{name}.json") } else { format!("{name}.json: {at}") };
            self.fault(place, message);
        }
        self.found.insert(name, Arc::new(template));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::domain::message::render::{Values, samples};

    fn load(files: &[(&str, &str)]) -> Result<Cards, String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Cards::load(Some(folder.path()))
            .map_err(|faults| faults.to_string().replace(&folder.path().display().to_string(), "our"))
    }

    fn built_in(name: &str) -> &'static str {
        BUILT_IN.iter().find(|(other, _)| *other == name).unwrap().1
    }

    #[test]
    fn the_templates_of_the_program_are_all_there_and_right() {
        let cards = Cards::load(None).unwrap();
        let mut reader = Reader { faults: Faults::new(Path::new("cards")), found: BTreeMap::new(), old: Vec::new() };
        BUILT_IN.into_iter().for_each(|(name, text)| reader.template(name, text));
        assert_eq!(reader.old, [""; 0]);
        assert_eq!(
            reader.faults.unless(Cards::new(reader.found)).map_err(|faults| faults.to_string()),
            Ok(cards.clone())
        );
        assert_eq!(load(&[]), Ok(cards.clone()));
        assert_eq!(load(&[("README.md", "#"), ("left-out.json", built_in("left-out"))]), Ok(cards));
        assert!(BUILT_IN.into_iter().all(|(name, _)| render::sample(name).is_some()));
    }

    #[test]
    fn every_card_that_is_sent_is_right_in_every_language() {
        let cards = Cards::load(None).unwrap();
        // What is inserted is not searched for placeholders again: these stay, so that the check finds them.
        let written = |text: &str| format!("{text} ${{odl}}");
        for (_, language) in Language::ALL {
            for say in samples::samples_with(&written) {
                let Some(card) = render::render(&say, language, &cards, "${letter}").card else { continue };
                let card = card.to_string().replace("\"m1\"", "\"${key}\"").replace("\"m2\"", "\"${key}\"");
                let card = card
                    .replace("\"a1\"", "\"${key}\"")
                    .replace("\"new\"", "\"${key}\"")
                    .replace("\"3\"", "\"${number}\"");
                // The text that a button types is its key.
                let mut parts = card.split("\"action\":\"type\",\"key\":\"");
                let first = parts.next().unwrap_or_default().to_owned();
                let typed = parts.map(|part| part.split_once('"').unwrap().1);
                let card = typed.fold(first, |card, rest| card + "\"action\":\"type\",\"key\":\"${key}\"" + rest);
                let card: Value = serde_json::from_str(&card).unwrap();
                let known = Values::default().plain("odl", "").plain("letter", "").plain("key", "");
                assert_eq!(schema::faults(&card, &known), [], "{say:?}");
            }
        }
    }

    #[test]
    fn every_action_is_on_a_card() {
        let sent = |action: &&str| BUILT_IN.iter().any(|(_, text)| text.contains(&format!("\"action\": \"{action}\"")));
        assert_eq!(render::action::ALL.iter().find(|action| !sent(action)), None);
    }

    #[test]
    fn a_template_of_ones_own_replaces_that_of_the_same_name() {
        let own = built_in("left-out").replace("\"large\"", "\"extraLarge\"");
        let cards = load(&[("left-out.json", &own)]).unwrap();
        let mut replaced = 0;
        for say in samples::samples() {
            let [ours, theirs] = [&cards, &Cards::built_in()]
                .map(|cards| render::render(&say, Language::English, cards, "L1").card.map(|card| card.to_string()));
            let is_it = render::card_of(&say, Language::English, "L1").is_some_and(|(name, _)| name == "left-out");
            let expected = if is_it { theirs.map(|card| card.replace("\"large\"", "\"extraLarge\"")) } else { theirs };
            assert_eq!(ours, expected, "{say:?}");
            replaced += usize::from(is_it && ours.is_some_and(|card| card.contains("extraLarge")));
        }
        assert!(replaced > 0);
    }

    #[test]
    fn a_template_in_the_old_form_counts_and_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        for (name, _) in BUILT_IN {
            let old = built_in(name).replace(" != ''}", "}").replace("$root.", "");
            let lists = old.split("\"$data\": \"${").enumerate().map(|(at, part)| match at {
                0 => part.to_owned(),
                _ => "\"$each\": \"".to_owned() + &part.replacen('}', "", 1),
            });
            fs::write(folder.path().join(format!("{name}.json")), lists.collect::<String>()).unwrap();
        }
        let (cards, old) = Cards::load_and_see(Some(folder.path())).unwrap();
        assert_eq!((cards, old.len()), (Cards::built_in(), BUILT_IN.len()));
    }

    #[test]
    fn a_folder_that_is_not_there_says_so() {
        let told = Cards::load(Some(Path::new("no-such-folder"))).unwrap_err().to_string();
        assert!(told.starts_with("no-such-folder: cannot be read: "), "{told}");
        assert!(told.ends_with("\nhint: `cards` in the config names the folder"), "{told}");
    }

    #[test]
    fn all_faults_of_all_files_come_at_once_each_with_its_place() {
        let proposal =
            built_in("proposal").replace("${old}", "${odl}").replace("\"number\": \"${number}\"", "\"n\": 1");
        let introduction = r#"{
            "type": "AdaptiveCard", "version": "1.4", "lang": "en", "fallbackText": "${text",
            "body": [
                { "type": "TextBlock", "text": 7, "wrap": "yes", "siez": "large" },
                { "type": "Table" },
                { "$each": "people", "type": "TextBlock", "text": "" },
                { "$data": "${partners}", "type": "TextBlock", "text": "${who} ${whom}" },
                { "type": "FactSet", "facts": [{ "title": "a" }] },
                { "type": "Input.Time", "id": "x", "label": "y" },
                { "type": "Input.Text", "id": "x" },
                { "type": "Container", "items": {}, "style": "loud" }
            ],
            "actions": [
                { "type": "Action.Submit", "data": { "action": "send", "key": "m1" } },
                { "type": "Action.Submit", "data": { "action": "delete", "who": 1 } }
            ]
        }"#;
        insta::assert_snapshot!(load(&[("introduction.json", introduction)]).unwrap_err(), @"
        our: introduction.json: actions[0].data.key: must be “${key}”
        our: introduction.json: actions[1].data.action: must be one of suggest, send, yes, no, skip, pause, met, not-yet, could-not, type, announce, test, tell-all
        our: introduction.json: actions[1].data: needs “key”: “${key}”
        our: introduction.json: actions[1].data.who: must not be here: only action, key and number are sent back
        our: introduction.json: body[0].siez: TextBlock has no such property in version 1.3: did you mean “size”?
        our: introduction.json: body[0].text: must be a text
        our: introduction.json: body[0].wrap: must be true or false
        our: introduction.json: body[1].type: “Table” cannot stand here; what can: TextBlock, RichTextBlock, Image, ImageSet, Container, ColumnSet, FactSet, ActionSet, Input.Text, Input.Date, Input.Time, Input.Number, Input.Toggle, Input.ChoiceSet
        our: introduction.json: body[2].$each: “people” is not a list that this card has
        our: introduction.json: body[3].text: ${whom} is not a value of this card in that list: did you mean ${who}?
        our: introduction.json: body[4].facts[0]: Fact needs “value”
        our: introduction.json: body[6]: Input.Text needs “label”
        our: introduction.json: body[6].id: another element is called “x” too
        our: introduction.json: body[7].items: must be a list
        our: introduction.json: body[7].style: must be default or emphasis or good or attention or warning or accent
        our: introduction.json: fallbackText: has a “${” without its “}”
        our: introduction.json: version: must be 1.3
        our: introduction.json: body[0]: must be a Container with the id “${letter}”, by which roulette finds the card that people tapped
        our: introduction.json: actions[0].data: needs an input with the id “date” on this card
        our: introduction.json: actions[0].data: needs an input with the id “time” on this card
        ");
        let files = [
            ("left-out.json", "[]"),
            ("moved.json", "{"),
            ("proposal.json", &proposal),
            ("remider.json", "{}"),
            ("xyz.json", "{}"),
        ];
        insta::assert_snapshot!(load(&files).unwrap_err(), @"
        our: left-out.json: must be an object
        our: moved.json: is not JSON: EOF while parsing an object at line 1 column 1
        our: proposal.json: body[1].facts[1].value: ${odl} is not a value of this card
        our: proposal.json: body[3].actions[0].data: needs “number”: “${number}”
        our: proposal.json: body[3].actions[0].data.n: must not be here: only action, key and number are sent back
        our: proposal.json: body[3].actions[1].data: needs “number”: “${number}”
        our: proposal.json: body[3].actions[1].data.n: must not be here: only action, key and number are sent back
        our: “remider.json”: is not the name of a card: did you mean reminder.json?
        our: “xyz.json”: is not the name of a card: the cards are introduction, reminder, did-you-meet, left-out, partner-gone, partner-unreachable, call-off, choose, help, suggest-time, proposal, moved, still-on, summary, report, month, write-announcement, announcement, announcement-test
        ");
    }

    #[test]
    fn a_list_or_a_condition_that_is_none_is_told_of() {
        let own = r#"{
            "type": "AdaptiveCard", "version": "1.3", "fallbackText": "${text}",
            "body": [
                { "type": "Container", "id": "${letter}", "items": [] },
                { "$data": "${partners}", "type": "TextBlock", "text": "${who} ${when} ${$root.when}" },
                { "$data": "partners", "type": "TextBlock", "text": "" },
                { "$data": "${partners}", "type": "Container", "items": [
                    { "$data": "${partners}", "type": "TextBlock", "text": "" },
                    { "$data": "${$root.partners}", "$when": "${$root.link != ''}", "type": "TextBlock", "text": "" }
                ] },
                { "$when": "${lnk != '' || link != ''}", "type": "TextBlock", "text": "" },
                { "$when": "${link == 'x'}", "type": "TextBlock", "text": "" },
                { "$when": true, "type": "TextBlock", "text": "" }
            ]
        }"#;
        insta::assert_snapshot!(load(&[("introduction.json", own)]).unwrap_err(), @"
        our: introduction.json: body[1].text: ${when} is not a value of this card in that list: did you mean ${$root.when}?
        our: introduction.json: body[2].$data: “partners” is not a list that this card has
        our: introduction.json: body[3].items[0].$data: “${partners}” is not a list that this card has
        our: introduction.json: body[4].$when: ${lnk} is not a value of this card: did you mean ${link}?
        our: introduction.json: body[5].$when: must be a condition such as “${link != ''}” or “${link != '' || image != ''}”
        our: introduction.json: body[6].$when: must be a condition such as “${link != ''}” or “${link != '' || image != ''}”
        ");
    }

    #[test]
    fn a_button_cannot_send_back_without_the_inputs_that_it_needs() {
        let without = built_in("suggest-time").replace("\"id\": \"time\"", "\"id\": \"clock\"");
        let told = load(&[("suggest-time.json", &without)]).unwrap_err();
        assert!(told.ends_with(".data: needs an input with the id “time” on this card"), "{told}");
    }
}
