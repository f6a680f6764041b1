//! The cards beside Microsoft's own libraries: what their templating makes of a template is what is sent, and their
//! renderer and their schema know all of it in version 1.3. Skipped aloud where these are not here.
//! Knows what our rendering does besides: it escapes Markdown in values, and drops an element that is emptied.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use roulette::domain::language::Language;
use roulette::domain::message::render::samples::samples;
use roulette::domain::message::render::{Cards, card_of, render};
use serde_json::{Value, json};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/adaptivecards");
const CARDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/cards");

fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {what}; CONTRIBUTING.md says how to get it");
}

/// What Microsoft's libraries say; none where they are not here.
fn asked(cases: &Value) -> Option<Vec<Value>> {
    let modules = Path::new(FOLDER).join("node_modules");
    if let Some(missing) = ["adaptivecards-templating", "ajv"].iter().find(|name| !modules.join(name).is_dir()) {
        skipped(&format!("{missing} is not here"));
        return None;
    }
    let node = Command::new("node")
        .arg(Path::new(FOLDER).join("oracle.cjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut node) = node else {
        skipped("node is not on this machine");
        return None;
    };
    let mut stdin = node.stdin.take().unwrap();
    let cases = cases.to_string();
    let writes = std::thread::spawn(move || stdin.write_all(cases.as_bytes()));
    let done = node.wait_with_output().unwrap();
    writes.join().unwrap().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(serde_json::from_slice(&done.stdout).unwrap())
}

/// The card with texts as they are without Markdown, and without elements that were emptied.
fn bare(value: &Value) -> Option<Value> {
    Some(match value {
        Value::String(text) => unescaped(text).into(),
        Value::Array(items) => items.iter().filter_map(bare).collect(),
        Value::Object(fields) => {
            let mut left = serde_json::Map::new();
            for (name, value) in fields {
                let value = bare(value)?;
                let is_emptied = value.as_array().is_some_and(Vec::is_empty);
                if is_emptied && matches!(&**name, "actions" | "columns" | "facts" | "items") {
                    return None;
                }
                left.insert(name.clone(), value);
            }
            left.into()
        }
        other => other.clone(),
    })
}

fn unescaped(text: &str) -> String {
    let mut chars = text.chars();
    let mut plain = String::new();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

#[test]
fn microsofts_own_libraries_make_the_same_cards_of_the_templates_and_know_all_that_is_in_them() {
    let cards = Cards::built_in();
    let mut cases = Vec::new();
    for (_, language) in Language::ALL {
        for message in samples() {
            let Some((name, values)) = card_of(&message, language, "L1") else { continue };
            let template = fs::read_to_string(format!("{CARDS}/{name}.json")).unwrap();
            let template: Value = serde_json::from_str(&template).unwrap();
            let card = render(&message, language, &cards, "L1").card.unwrap();
            cases.push(json!({ "name": name, "template": template, "data": values.to_json(), "card": card }));
        }
    }
    assert!(cases.len() > 100, "{}", cases.len());
    let Some(answers) = asked(&cases.clone().into()) else { return };
    assert_eq!(answers.len(), cases.len());
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(bare(&answer["filled"]), bare(&case["card"]), "{}", case["name"]);
        assert_eq!(answer["faults"], json!([]), "{}", case["card"]);
    }
    if !Path::new(FOLDER).join("adaptive-card.json").is_file() {
        return skipped("Microsoft's schema of cards is not here");
    }
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["breaches"], json!([]), "{}", case["card"]);
    }
}

#[test]
fn microsofts_own_libraries_tell_where_a_card_differs() {
    let template = json!({ "type": "AdaptiveCard", "version": "1.3", "body": [
        { "$data": "${list}", "$when": "${a != '' || $root.b != ''}", "type": "TextBlock", "text": "${a}${$root.b}${b}" },
        { "$when": "${b}", "type": "TextBlock", "text": "never" },
    ] });
    let card = json!({ "type": "AdaptiveCard", "version": "1.3", "body": [{ "type": "Table" }] });
    let data = json!({ "b": "y", "list": [{ "a": "x" }, { "a": "" }] });
    let Some(answers) = asked(&json!([{ "template": template, "data": data, "card": card }])) else { return };
    let texts = ["xy${b}", "y${b}"].map(|text| json!({ "type": "TextBlock", "text": text }));
    assert_eq!(answers[0]["filled"]["body"], json!(texts));
    assert!(answers[0]["faults"][0].as_str().unwrap().contains("Table"), "{answers:?}");
    if let Some(breaches) = answers[0]["breaches"].as_array() {
        assert!(breaches[0].as_str().unwrap().starts_with("/body/0/type "), "{breaches:?}");
    }
}
