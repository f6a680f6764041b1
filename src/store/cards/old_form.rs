//! Templates as organizers wrote them before the program read Microsoft's Adaptive Card Templating: with `$each` for a
//! list, and with `$when` for a text that is not blank. They are converted to today's form.

use serde_json::Value;

use crate::domain::message::render::{DATA, ROOT, Values, WHEN, condition_of};

/// The old key that repeated an object for each item of the list that it names.
pub(super) const EACH: &str = "$each";

/// The template in today's form, and whether it had to be converted.
pub(super) fn renewed(template: &Value, values: &Values) -> (Value, bool) {
    let mut renewed = template.clone();
    let is_old = renew(&mut renewed, values, None);
    (renewed, is_old)
}

/// `item`: an item of the surrounding list, if that is in the old form, in which the names of the whole card could be
/// used as well.
fn renew(value: &mut Value, values: &Values, item: Option<&Values>) -> bool {
    match value {
        Value::Array(items) => items.iter_mut().map(|one| renew(one, values, item)).fold(false, |some, one| some | one),
        Value::Object(object) => {
            let list = object.get(EACH).and_then(Value::as_str).map(str::to_owned);
            let found = list.and_then(|list| Some((values.items(&list)?, list)));
            let inner = found.as_ref().map_or(item, |(items, _)| items.first());
            let mut is_old = found.is_some();
            if let Some((_, list)) = found {
                object.remove(EACH);
                let list = if item.is_some() { format!("{ROOT}{list}") } else { list };
                object.insert(DATA.to_owned(), format!("${{{list}}}").into());
            }
            for (name, value) in object.iter_mut() {
                match value {
                    Value::String(text) if name != DATA => {
                        if let Some(inner) = inner {
                            *text = of_whole(text, values, inner);
                        }
                        if name == WHEN && condition_of(text).is_none() && text.contains("${") {
                            *text = condition(text);
                            is_old = true;
                        }
                    }
                    value => is_old |= renew(value, values, inner),
                }
            }
            is_old
        }
        _ => false,
    }
}

/// The text, in which names that do not belong to the item are marked as names of the whole card.
fn of_whole(text: &str, values: &Values, item: &Values) -> String {
    let mut parts = text.split("${");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.split(['}', ' ', '!']).next().unwrap_or_default();
        let has = |values: &Values| values.texts().any(|text| text == name);
        let root = if !has(item) && has(values) { ROOT } else { "" };
        result += &format!("${{{root}{part}");
    }
    result
}

/// The condition that at least one of the placeholders is not blank.
fn condition(text: &str) -> String {
    let names = text.split("${").skip(1).filter_map(|part| part.split_once('}'));
    let each: Vec<String> = names.map(|(name, _)| format!("{name} != ''")).collect();
    format!("${{{}}}", each.join(" || "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_template_in_the_old_form_becomes_what_it_would_be_today() {
        let values = crate::domain::message::render::sample("introduction").unwrap();
        let old = json!({ "body": [
            { "$when": "${link}", "type": "TextBlock", "text": "${link}" },
            { "$each": "partners", "$when": "${theirs}", "title": "${label.with}", "value": "${who} ${$root.when}" },
            { "$each": "partners", "type": "Container", "items": [
                { "$when": "${when}${theirs}", "$each": "lines", "type": "TextBlock", "text": "${line}" },
            ] },
            { "$each": "nobody", "type": "TextBlock", "text": "${who}" },
        ] });
        let new = json!({ "body": [
            { "$when": "${link != ''}", "type": "TextBlock", "text": "${link}" },
            { "$data": "${partners}", "$when": "${theirs != ''}", "title": "${$root.label.with}", "value": "${who} ${$root.when}" },
            { "$data": "${partners}", "type": "Container", "items": [
                { "$when": "${$root.when != '' || theirs != ''}", "$data": "${$root.lines}", "type": "TextBlock", "text": "${line}" },
            ] },
            { "$each": "nobody", "type": "TextBlock", "text": "${who}" },
        ] });
        assert_eq!(renewed(&old, &values), (new.clone(), true));
        // What is already in today's form stays as it is.
        assert_eq!(renewed(&new["body"][0], &values), (new["body"][0].clone(), false));
        assert_eq!(renewed(&new["body"][1], &values), (new["body"][1].clone(), false));
        assert_eq!(renewed(&new["body"][3], &values), (new["body"][3].clone(), false));
    }
}
