//! The cards' templates, and how one is filled: after parsing, and only within texts, so that no name changes its
//! structure. Templates are written in a subset of Microsoft's Adaptive Card Templating, with the same results as
//! Microsoft's own library: `${name}` and, within a list, `${$root.name}`; `"$data": "${list}"` repeats an object for
//! each item of a list, `"$when": "${name != ''}"` drops it if there is nothing to show. In addition, an element of
//! which nothing is left is dropped. Knows which texts Adaptive Cards read as Markdown; knows no file and no word.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

/// The key that repeats an object for each item of a list.
pub const DATA: &str = "$data";
/// The key that drops an object unless a condition holds.
pub const WHEN: &str = "$when";
/// The prefix of a name that belongs to the whole card, not to an item of the list.
pub const ROOT: &str = "$root.";

/// The templates, by the names of their cards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cards(BTreeMap<&'static str, Arc<Value>>);

/// A text with which a template is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Plain text, shown exactly as it is.
    Plain(String),
    /// Markdown, in a place that supports it.
    Markdown(String),
}

/// The values with which a template is filled: texts, and lists of such values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    texts: BTreeMap<&'static str, Text>,
    lists: BTreeMap<&'static str, Vec<Values>>,
}

impl Values {
    /// Adds a text that is shown exactly as it is.
    pub fn plain(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.texts.insert(name, Text::Plain(text.into()));
        self
    }

    /// Adds a text in Markdown.
    pub(super) fn markdown(mut self, name: &'static str, text: &str) -> Self {
        self.texts.insert(name, Text::Markdown(text.to_owned()));
        self
    }

    /// Adds a list.
    pub(super) fn list(mut self, name: &'static str, items: Vec<Self>) -> Self {
        self.lists.insert(name, items);
        self
    }

    /// The names of the texts.
    pub fn texts(&self) -> impl Iterator<Item = &'static str> {
        self.texts.keys().copied()
    }

    /// The names of the lists.
    pub fn lists(&self) -> impl Iterator<Item = &'static str> {
        self.lists.keys().copied()
    }

    /// The data with which the designer of Adaptive Cards previews a template: `label.join` is `join` in `label`.
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        for (name, Text::Plain(text) | Text::Markdown(text)) in &self.texts {
            match name.split_once('.') {
                Some((outer, inner)) => {
                    let within = json.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                    within[inner] = text.as_str().into();
                }
                None => drop(json.insert((*name).to_owned(), text.as_str().into())),
            }
        }
        for (name, items) in &self.lists {
            json.insert((*name).to_owned(), items.iter().map(Self::to_json).collect());
        }
        Value::Object(json)
    }

    /// The items of a list.
    pub fn items(&self, list: &str) -> Option<&[Self]> {
        self.lists.get(list).map(Vec::as_slice)
    }
}

impl Cards {
    /// Cards with these templates, which must be valid.
    pub fn new(templates: BTreeMap<&'static str, Arc<Value>>) -> Self {
        Self(templates)
    }

    /// The card of that name, filled in; none if there is no such template.
    pub fn fill(&self, name: &str, values: &Values) -> Option<Value> {
        filled(self.0.get(name)?, Scope { root: values, here: values }, false)
    }
}

/// Where the value of a placeholder is looked up.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The values of the card.
    pub root: &'a Values,
    /// The item of the surrounding list, or the values of the card.
    pub here: &'a Values,
}

impl<'a> Scope<'a> {
    /// The values to which a name refers, and the name within them.
    pub fn of<'n>(self, name: &'n str) -> (&'a Values, &'n str) {
        name.strip_prefix(ROOT).map_or((self.here, name), |name| (self.root, name))
    }

    /// Whether the name refers to a text.
    pub fn has(self, name: &str) -> bool {
        let (values, name) = self.of(name);
        values.texts().any(|text| text == name)
    }

    fn text(self, name: &str) -> Option<&'a Text> {
        let (values, name) = self.of(name);
        values.texts.get(name)
    }

    /// The list to which the name refers; none if it refers to none.
    pub fn items(self, name: &str) -> Option<&'a [Values]> {
        let (values, name) = self.of(name);
        values.items(name)
    }

    fn is_there(self, name: &str) -> bool {
        self.text(name).is_some_and(|(Text::Plain(text) | Text::Markdown(text))| !text.is_empty())
    }
}

/// The filled template; none if `$when` says so, or if nothing is left of it.
fn filled(template: &Value, scope: Scope<'_>, in_facts: bool) -> Option<Value> {
    Some(match template {
        Value::Object(object) => Value::Object(object_filled(object, scope, in_facts)?),
        Value::Array(items) => items.iter().flat_map(|item| repeated(item, scope, in_facts)).collect(),
        Value::String(text) => Value::String(text_filled(text, scope, false)),
        other => other.clone(),
    })
}

fn repeated(item: &Value, scope: Scope<'_>, in_facts: bool) -> Vec<Value> {
    let Some(list) = item.get(DATA).and_then(Value::as_str).and_then(name_of) else {
        return filled(item, scope, in_facts).into_iter().collect();
    };
    let items = scope.items(list).unwrap_or_default().iter();
    items.filter_map(|here| filled(item, Scope { here, ..scope }, in_facts)).collect()
}

fn object_filled(object: &Map<String, Value>, scope: Scope<'_>, in_facts: bool) -> Option<Map<String, Value>> {
    let when = object.get(WHEN).and_then(Value::as_str).and_then(condition_of);
    if when.is_some_and(|names| !names.iter().any(|name| scope.is_there(name))) {
        return None;
    }
    let is_block = object.get("type").and_then(Value::as_str) == Some("TextBlock");
    let mut result = Map::new();
    for (name, value) in object {
        let marked = (is_block && name == "text") || (in_facts && matches!(&**name, "title" | "value"));
        let value = match value {
            _ if name == WHEN || name == DATA => continue,
            Value::String(text) => Value::String(text_filled(text, scope, marked)),
            value => match filled(value, scope, name == "facts") {
                Some(value) => value,
                None => continue,
            },
        };
        // Webex may not be able to draw an element of which nothing is left.
        if value.as_array().is_some_and(Vec::is_empty) && matches!(&**name, "actions" | "columns" | "facts" | "items") {
            return None;
        }
        result.insert(name.clone(), value);
    }
    Some(result)
}

/// A value is inserted once, and not searched for placeholders again.
fn text_filled(template: &str, scope: Scope<'_>, marked: bool) -> String {
    let mut parts = template.split("${");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        match scope.text(name) {
            Some(Text::Plain(text)) if marked => result += &escaped(text, result.is_empty()),
            Some(Text::Plain(text) | Text::Markdown(text)) => result += text,
            None => {}
        }
        result += rest;
    }
    result
}

/// The name in a text that consists of exactly one placeholder.
pub fn name_of(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|name| is_name(name))
}

/// The names in a condition such as `${a != ''}` or `${a != '' || b != ''}`: at least one of them must not be blank.
pub fn condition_of(text: &str) -> Option<Vec<&str>> {
    let inside = text.strip_prefix("${")?.strip_suffix('}')?;
    inside
        .split("||")
        .map(|part| {
            let name = part.trim().strip_suffix("''")?.trim_end().strip_suffix("!=")?.trim_end();
            is_name(name).then_some(name)
        })
        .collect()
}

fn is_name(text: &str) -> bool {
    let name = text.strip_prefix(ROOT).unwrap_or(text);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

/// The text, escaped so that Markdown shows it as it is; `start` means that it begins a line. Only backslashes are
/// used, which renderers of cards understand even if they know no HTML.
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

/// Whether the text after an ampersand makes it an entity, such as `&lt;`.
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
        let people = vec![item("a", "x"), item("b", "")];
        let values = Values::default().plain("blank", "").plain("some", "y").list("people", people);
        let template = json!({ "body": [
            { "$when": "${blank != ''}", "type": "TextBlock" },
            { "$when": "${ blank!='' || some != '' }", "type": "TextBlock", "text": "either" },
            { "$data": "${people}", "$when": "${more != ''}", "type": "TextBlock", "text": "${name}${$root.some}${some}" },
            { "$data": "${people}", "$when": "${$root.blank != ''}", "type": "TextBlock" },
            { "$data": "${nobody}", "type": "TextBlock" },
            { "$data": "${people}", "type": "Container", "items": [
                { "$data": "${$root.people}", "type": "TextBlock", "text": "${name}" },
            ] },
            { "type": "ActionSet", "actions": [{ "$when": "${blank != ''}", "type": "Action.Submit" }] },
        ] });
        let block = |text: &str| json!({ "type": "TextBlock", "text": text });
        let both = json!({ "type": "Container", "items": [block("a"), block("b")] });
        let filled = json!({ "body": [block("either"), block("ay"), both, both] });
        assert_eq!(fill(template, &values), Some(filled));
    }

    #[test]
    fn only_what_the_program_understands_is_a_condition_or_a_name() {
        assert_eq!(condition_of("${a != ''}"), Some(vec!["a"]));
        assert_eq!(condition_of("${$root.label.a!='' || b != ''}"), Some(vec!["$root.label.a", "b"]));
        for odd in
            ["${a}", "${a == ''}", "${a != '' && b != ''}", "${a != ''} ", "a != ''", "${ != ''}", "${a != '' ||}"]
        {
            assert_eq!(condition_of(odd), None, "{odd}");
        }
        assert_eq!(["${a}", "${$root.a_b.c}"].map(name_of), [Some("a"), Some("$root.a_b.c")]);
        assert_eq!(["a", "${a", "${a b}", "${}", "${$root.}", "${a}${b}"].map(name_of), [None; 6]);
    }

    #[test]
    fn values_are_data_for_the_designer() {
        let values = Values::default().plain("a", "x").plain("label.b", "y").plain("label.c", "z");
        let values = values.list("d", vec![Values::default().plain("e", "*")]);
        assert_eq!(values.to_json(), json!({ "a": "x", "label": { "b": "y", "c": "z" }, "d": [{ "e": "*" }] }));
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
