//! The cards' templates, and how one is filled: after parsing, in texts only, so that no name changes its structure.
//! Two conventions besides `${name}`: `$when` drops an object whose value is blank, `$each` repeats it for a list.
//! Knows which texts Adaptive Cards read as Markdown; knows no file and no word.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

/// The templates, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cards(BTreeMap<&'static str, Arc<Value>>);

/// A value for a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Shown as it is.
    Plain(String),
    /// Markdown, where the place has any.
    Markdown(String),
}

/// What a template is filled with: texts and lists of such.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    texts: BTreeMap<&'static str, Text>,
    lists: BTreeMap<&'static str, Vec<Values>>,
}

impl Values {
    /// With a text that is shown as it is.
    pub fn plain(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.texts.insert(name, Text::Plain(text.into()));
        self
    }

    /// With a text in Markdown.
    pub(super) fn markdown(mut self, name: &'static str, text: &str) -> Self {
        self.texts.insert(name, Text::Markdown(text.to_owned()));
        self
    }

    /// With a list.
    pub(super) fn list(mut self, name: &'static str, items: Vec<Self>) -> Self {
        self.lists.insert(name, items);
        self
    }

    /// The names of the texts.
    pub fn texts(&self) -> impl Iterator<Item = &'static str> {
        self.texts.keys().copied()
    }

    /// The items of a list.
    pub fn items(&self, list: &str) -> Option<&[Self]> {
        self.lists.get(list).map(Vec::as_slice)
    }
}

impl Cards {
    /// These templates, which are right.
    pub fn new(templates: BTreeMap<&'static str, Arc<Value>>) -> Self {
        Self(templates)
    }

    /// A card; none where there is no template of that name.
    pub fn fill(&self, name: &str, values: &Values) -> Option<Value> {
        filled(self.0.get(name)?, &[values], false)
    }
}

/// None where `$when` says so or nothing is left. `scopes`: the innermost last.
fn filled(template: &Value, scopes: &[&Values], in_facts: bool) -> Option<Value> {
    Some(match template {
        Value::Object(object) => Value::Object(object_filled(object, scopes, in_facts)?),
        Value::Array(items) => items.iter().flat_map(|item| repeated(item, scopes, in_facts)).collect(),
        Value::String(text) => Value::String(text_filled(text, scopes, false)),
        other => other.clone(),
    })
}

fn repeated(item: &Value, scopes: &[&Values], in_facts: bool) -> Vec<Value> {
    let Some(list) = item.get("$each").and_then(Value::as_str) else {
        return filled(item, scopes, in_facts).into_iter().collect();
    };
    let items = scopes.iter().rev().find_map(|scope| scope.items(list)).unwrap_or_default();
    items.iter().filter_map(|inner| filled(item, &[scopes, &[inner]].concat(), in_facts)).collect()
}

fn object_filled(object: &Map<String, Value>, scopes: &[&Values], in_facts: bool) -> Option<Map<String, Value>> {
    if object
        .get("$when")
        .and_then(Value::as_str)
        .is_some_and(|text| text_filled(text, scopes, false).trim().is_empty())
    {
        return None;
    }
    let is_block = object.get("type").and_then(Value::as_str) == Some("TextBlock");
    let mut result = Map::new();
    for (name, value) in object {
        let marked = (is_block && name == "text") || (in_facts && matches!(&**name, "title" | "value"));
        let value = match value {
            _ if name == "$when" || name == "$each" => continue,
            Value::String(text) => Value::String(text_filled(text, scopes, marked)),
            value => match filled(value, scopes, name == "facts") {
                Some(value) => value,
                None => continue,
            },
        };
        // Webex need not draw an element of which nothing is left.
        if value.as_array().is_some_and(Vec::is_empty) && matches!(&**name, "actions" | "columns" | "facts" | "items") {
            return None;
        }
        result.insert(name.clone(), value);
    }
    Some(result)
}

/// A value is put in once and not looked at again.
fn text_filled(template: &str, scopes: &[&Values], marked: bool) -> String {
    let mut parts = template.split("${");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        match scopes.iter().rev().find_map(|scope| scope.texts.get(name)) {
            Some(Text::Plain(text)) if marked => result += &escaped(text, result.is_empty()),
            Some(Text::Plain(text) | Text::Markdown(text)) => result += text,
            None => {}
        }
        result += rest;
    }
    result
}

/// The text in such a way that Markdown shows it as it is; `start`: it begins a line.
/// Backslashes only, which renderers of cards understand even where they know no HTML.
pub(super) fn escaped(text: &str, start: bool) -> String {
    let mut result = String::with_capacity(text.len() + 8);
    let mut starts = start;
    let mut number = start; // digits that begin a line, which a dot would make a list
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let escape = match c {
            '\\' | '*' | '_' | '[' | ']' | '~' | '<' | '`' => true,
            '&' => is_entity(rest),
            '#' | '-' | '+' | '=' | '>' | '|' => starts,
            '.' | ')' => number && !starts,
            _ => false,
        };
        if escape {
            result.push('\\');
        }
        result.push(c);
        let line = c == '\n' || (starts && c == ' ');
        number = line || (number && c.is_ascii_digit());
        starts = line;
    }
    result
}

/// Whether an ampersand before this begins an entity, such as `&lt;`.
fn is_entity(rest: &str) -> bool {
    rest.split_once(';')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fill(template: Value, values: &Values) -> Option<Value> {
        Cards::new(BTreeMap::from([("help", Arc::new(template))])).fill("help", values)
    }

    #[test]
    fn a_template_without_placeholders_stays_as_it_is() {
        let template =
            json!({ "type": "AdaptiveCard", "body": [{ "type": "TextBlock", "text": "}$ *a*", "wrap": true }] });
        assert_eq!(fill(template.clone(), &Values::default()), Some(template));
        assert_eq!(Cards::default().fill("help", &Values::default()), None);
    }

    #[test]
    fn a_value_is_put_in_once_and_escaped_where_markdown_is_read() {
        let values = Values::default().plain("name", "*${name}* <x>").markdown("text", "**b**");
        let template = json!({ "body": [
            { "type": "TextBlock", "id": "${name}", "text": "${name} ${text}" },
            { "type": "FactSet", "facts": [{ "title": "${name}", "value": "a ${name}" }] },
            { "type": "Action.Submit", "title": "${name}" },
        ] });
        let filled = json!({ "body": [
            { "type": "TextBlock", "id": "*${name}* <x>", "text": r"\*${name}\* \<x> **b**" },
            { "type": "FactSet", "facts": [{ "title": r"\*${name}\* \<x>", "value": r"a \*${name}\* \<x>" }] },
            { "type": "Action.Submit", "title": "*${name}* <x>" },
        ] });
        assert_eq!(fill(template, &values), Some(filled));
    }

    #[test]
    fn what_is_blank_is_left_out_and_a_list_is_repeated() {
        let item = |name: &str, more: &str| Values::default().plain("name", name).plain("more", more);
        let values = Values::default().plain("blank", " ").list("people", vec![item("a", "x"), item("b", "")]);
        let template = json!({ "body": [
            { "$when": "${blank}", "type": "TextBlock" },
            { "$each": "people", "$when": "${more}", "type": "TextBlock", "text": "${name}" },
            { "$each": "nobody", "type": "TextBlock" },
            { "type": "ActionSet", "actions": [{ "$when": "${blank}", "type": "Action.Submit" }] },
        ] });
        assert_eq!(fill(template, &values), Some(json!({ "body": [{ "type": "TextBlock", "text": "a" }] })));
    }

    #[test]
    fn nothing_that_begins_a_line_becomes_a_list_or_a_heading() {
        for (text, shown) in [
            ("1. a 2. b", r"1\. a 2. b"),
            ("- a - b", r"\- a - b"),
            ("# a # b", r"\# a # b"),
            ("&lt; R&D", r"\&lt; R&D"),
            ("O’Neil-Smith (IT), Jr.", "O’Neil-Smith (IT), Jr."),
        ] {
            assert_eq!(escaped(text, true), shown);
        }
        assert_eq!(escaped("1. a", false), "1. a");
    }
}
