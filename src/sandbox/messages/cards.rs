//! What is wrong with an Adaptive Card, as far as Webex would object: versions up to 1.3, known elements and actions,
//! and what each of them requires. Knows the format; fills in and draws nothing.

use serde_json::{Map, Value};

/// Something that an element of a card must have.
#[derive(Clone, Copy)]
enum Need {
    Text(&'static str),
    Elements(&'static str),
    Actions(&'static str),
    /// A list of objects, each of this type.
    Only(&'static str, &'static str),
    /// A list of objects with these texts.
    Texts(&'static str, &'static [&'static str]),
    Card(&'static str),
}

use Need::{Actions, Card, Elements, Only, Text, Texts};

const ELEMENTS: &[(&str, &[Need])] = &[
    ("TextBlock", &[Text("text")]),
    ("RichTextBlock", &[Only("inlines", "TextRun")]),
    ("Image", &[Text("url")]),
    ("ImageSet", &[Only("images", "Image")]),
    ("Container", &[Elements("items")]),
    ("ColumnSet", &[Only("columns", "Column")]),
    ("FactSet", &[Texts("facts", &["title", "value"])]),
    ("ActionSet", &[Actions("actions")]),
    ("Input.Text", &[Text("id")]),
    ("Input.Number", &[Text("id")]),
    ("Input.Date", &[Text("id")]),
    ("Input.Time", &[Text("id")]),
    ("Input.Toggle", &[Text("id"), Text("title")]),
    ("Input.ChoiceSet", &[Text("id"), Texts("choices", &["title", "value"])]),
];

const PARTS: &[(&str, &[Need])] =
    &[("TextRun", &[Text("text")]), ("Column", &[Elements("items")]), ("Image", &[Text("url")])];

const ACTIONS: &[(&str, &[Need])] =
    &[("Action.Submit", &[]), ("Action.OpenUrl", &[Text("url")]), ("Action.ShowCard", &[Card("card")])];

/// Everything that is wrong with a card, each fault with its place.
pub(super) fn faults(card: &Value) -> Vec<String> {
    let mut check = Check { faults: Vec::new(), inputs: Vec::new() };
    check.card(card, "card", true);
    check.faults
}

struct Check {
    faults: Vec<String>,
    inputs: Vec<String>,
}

impl Check {
    fn fault(&mut self, at: &str, what: &str) {
        self.faults.push(format!("{at}: {what}"));
    }

    fn card(&mut self, card: &Value, at: &str, outermost: bool) {
        if card["type"] != "AdaptiveCard" {
            return self.fault(at, "“type” must be AdaptiveCard");
        }
        let version = card["version"].as_str().and_then(|version| version.split_once('.'));
        let minor = version.filter(|(major, _)| *major == "1").and_then(|(_, minor)| minor.parse::<u32>().ok());
        // A card within a card may do without.
        if minor.is_none_or(|minor| minor > 3) && (outermost || !card["version"].is_null()) {
            self.fault(at, "“version” must be 1.0 to 1.3");
        }
        for (name, kinds) in [("body", ELEMENTS), ("actions", ACTIONS)] {
            if !card[name].is_null() {
                self.list(&card[name], &format!("{at}.{name}"), kinds);
            }
        }
    }

    fn list(&mut self, list: &Value, at: &str, kinds: &[(&str, &[Need])]) {
        let Some(list) = list.as_array() else { return self.fault(at, "must be a list") };
        for (index, item) in list.iter().enumerate() {
            self.item(item, &format!("{at}[{index}]"), kinds);
        }
    }

    fn item(&mut self, item: &Value, at: &str, kinds: &[(&str, &[Need])]) {
        let Some(item) = item.as_object() else { return self.fault(at, "must be an object") };
        let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
        let Some((_, needs)) = kinds.iter().find(|(name, _)| *name == kind) else {
            let known: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
            return self.fault(
                at,
                &format!("“type” is “{kind}”, which Webex does not draw here; it draws {}", known.join(", ")),
            );
        };
        for need in *needs {
            self.need(item, at, *need);
        }
        if kind.starts_with("Input.")
            && let Some(id) = item.get("id").and_then(Value::as_str)
        {
            if self.inputs.iter().any(|it| it == id) {
                self.fault(at, &format!("another input has the id “{id}” too"));
            }
            self.inputs.push(id.to_owned());
        }
        if let Some(action) = item.get("selectAction") {
            self.item(action, &format!("{at}.selectAction"), ACTIONS);
        }
    }

    fn need(&mut self, item: &Map<String, Value>, at: &str, need: Need) {
        let get = |name: &str| item.get(name).cloned().unwrap_or_default();
        match need {
            Text(name) => self.text(&get(name), &format!("{at}.{name}")),
            Elements(name) => self.list(&get(name), &format!("{at}.{name}"), ELEMENTS),
            Actions(name) => self.list(&get(name), &format!("{at}.{name}"), ACTIONS),
            Only(name, kind) => {
                let kinds: Vec<(&str, &[Need])> = PARTS.iter().copied().filter(|(it, _)| *it == kind).collect();
                // The items of a list may omit their type.
                let mut list = get(name);
                for part in list.as_array_mut().into_iter().flatten() {
                    if let Value::Object(part) = part {
                        part.entry("type").or_insert_with(|| kind.into());
                    }
                }
                self.list(&list, &format!("{at}.{name}"), &kinds);
            }
            Texts(name, texts) => {
                let list = get(name);
                let at = format!("{at}.{name}");
                let Some(list) = list.as_array() else { return self.fault(&at, "must be a list") };
                for (index, part) in list.iter().enumerate() {
                    for text in texts {
                        self.text(&part[*text], &format!("{at}[{index}].{text}"));
                    }
                }
            }
            Card(name) => self.card(&get(name), &format!("{at}.{name}"), false),
        }
    }

    fn text(&mut self, value: &Value, at: &str) {
        if !value.is_string() {
            self.fault(at, "must be a text");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn card(body: &Value) -> Value {
        json!({ "type": "AdaptiveCard", "version": "1.3", "body": body })
    }

    #[test]
    fn a_card_of_everything_that_webex_draws_is_right() {
        let inner = json!({ "type": "AdaptiveCard", "body": [{ "type": "Input.Text", "id": "inner" }] });
        let mut whole = card(&json!([
            { "type": "TextBlock", "text": "Hello" },
            { "type": "RichTextBlock", "inlines": [{ "type": "TextRun", "text": "a" }] },
            { "type": "Image", "url": "https://example.com/a.png", "selectAction": { "type": "Action.Submit" } },
            { "type": "ImageSet", "images": [{ "url": "https://example.com/a.png" }] },
            { "type": "Container", "items": [{ "type": "FactSet", "facts": [{ "title": "a", "value": "b" }] }] },
            { "type": "ColumnSet", "columns": [{ "items": [] }, { "type": "Column", "items": [] }] },
            { "type": "ActionSet", "actions": [{ "type": "Action.OpenUrl", "url": "https://example.com/" }] },
            { "type": "Input.Date", "id": "date" }, { "type": "Input.Time", "id": "time" },
            { "type": "Input.Number", "id": "number" }, { "type": "Input.Toggle", "id": "toggle", "title": "t" },
            { "type": "Input.ChoiceSet", "id": "choice", "choices": [{ "title": "a", "value": "b" }] },
        ]));
        whole["actions"] =
            json!([{ "type": "Action.Submit", "data": {} }, { "type": "Action.ShowCard", "card": inner }]);
        assert_eq!(faults(&whole), Vec::<String>::new());
    }

    #[test]
    fn all_that_is_wrong_with_a_card_is_told_with_its_place() {
        assert_eq!(faults(&json!({ "type": "Card" })), ["card: “type” must be AdaptiveCard"]);
        for version in [json!("1.4"), json!("2.0"), json!(1.3), Value::Null] {
            let mut card = card(&json!([]));
            card["version"] = version;
            assert_eq!(faults(&card), ["card: “version” must be 1.0 to 1.3"]);
        }
        let mut wrong = card(&json!([
            { "type": "TextBlock" },
            { "type": "Container", "items": [{ "type": "Input.Date" }] },
            { "type": "Input.Text", "id": "a" },
            { "type": "Input.Text", "id": "a" },
            7,
        ]));
        wrong["actions"] = json!({});
        let expected = [
            "card.body[0].text: must be a text",
            "card.body[1].items[0].id: must be a text",
            "card.body[3]: another input has the id “a” too",
            "card.body[4]: must be an object",
            "card.actions: must be a list",
        ];
        assert_eq!(faults(&wrong), expected);
        let table = faults(&card(&json!([{ "type": "Table" }])));
        assert!(table[0].starts_with("card.body[0]: “type” is “Table”, which Webex does not draw here"), "{table:?}");
    }
}
