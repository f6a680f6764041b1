//! Removes from a card what nobody would hear about: the buttons that send something, and the inputs that belong to
//! them. Links stay. Knows Adaptive Cards; knows no word.

use serde_json::{Value, json};

use super::template::escaped;

/// A card without its buttons.
pub(super) struct Bare {
    pub(super) card: Value,
    /// Whether the card had any buttons that send something.
    pub(super) had_buttons: bool,
}

/// The card without its buttons; none if nothing is left of it.
pub(super) fn without(card: &Value) -> Option<Bare> {
    let mut had_buttons = false;
    let card = stripped(card, &mut had_buttons)?;
    Some(Bare { card, had_buttons })
}

impl Bare {
    /// The card with one more line at its end, in which Markdown has no meaning.
    pub(super) fn with_line(mut self, line: &str) -> Value {
        if let Some(body) = self.card["body"].as_array_mut() {
            body.push(json!({ "type": "TextBlock", "text": escaped(line, true), "wrap": true, "spacing": "large" }));
        }
        self.card
    }
}

fn stripped(value: &Value, had_buttons: &mut bool) -> Option<Value> {
    match value {
        Value::Object(fields) => {
            let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
            if matches!(kind, "Action.Submit" | "Action.Execute" | "Action.ShowCard") || kind.starts_with("Input.") {
                *had_buttons = true;
                return None;
            }
            let mut left = serde_json::Map::new();
            for (name, value) in fields {
                let had_some = value.as_array().is_some_and(|items| !items.is_empty());
                match stripped(value, had_buttons) {
                    // An element whose list becomes empty is removed; a card only loses the list.
                    Some(Value::Array(items)) if items.is_empty() && had_some && kind != "AdaptiveCard" => return None,
                    Some(Value::Array(items)) if items.is_empty() && had_some => {}
                    Some(value) => drop(left.insert(name.clone(), value)),
                    None => {}
                }
            }
            Some(Value::Object(left))
        }
        Value::Array(items) => Some(items.iter().filter_map(|item| stripped(item, had_buttons)).collect()),
        other => Some(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_and_what_sends_something_goes_with_what_is_filled_in() {
        let link = json!({ "type": "Action.OpenUrl", "url": "https://a" });
        let submit = json!({ "type": "Action.Submit", "data": {} });
        let text = json!({ "type": "TextBlock", "text": "x" });
        let card = json!({ "type": "AdaptiveCard", "body": [
            text,
            { "type": "ActionSet", "actions": [submit, { "type": "Action.ShowCard", "card": { "body": [text] } }] },
            { "type": "ActionSet", "actions": [link, submit] },
            { "type": "Container", "items": [{ "type": "Input.Date", "id": "date" }] },
            { "type": "ColumnSet", "columns": [{ "type": "Column", "items": [text], "selectAction": submit }] },
        ], "actions": [submit] });
        let bare = without(&card).unwrap();
        assert!(bare.had_buttons);
        assert_eq!(
            bare.card,
            json!({ "type": "AdaptiveCard", "body": [
            text,
            { "type": "ActionSet", "actions": [link] },
            { "type": "ColumnSet", "columns": [{ "type": "Column", "items": [text] }] },
        ] })
        );
        let bare = without(&bare.card).unwrap();
        assert!(!bare.had_buttons);
        assert_eq!(bare.with_line("1. so")["body"][3]["text"], "1\\. so");
    }
}
