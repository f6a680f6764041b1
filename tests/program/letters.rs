//! Everything that people read from the bot, in every language, with ordinary names and with hostile ones. Knows what a
//! message consists of; whether a card is valid is tested where templates are read.

use std::fmt::Write as _;

use roulette::domain::language::Language;
use roulette::domain::message::BotMessage;
use roulette::domain::message::render::samples::{samples, samples_with};
use roulette::domain::message::render::{Answers, Cards, RenderedMessage, key_of, render, render_for};
use roulette::domain::message::sanitized::{Link, Sanitized};
use serde_json::Value;

const LIMIT: usize = 7_439;

fn letters(says: &[BotMessage], language: Language) -> Vec<RenderedMessage> {
    let cards = Cards::load(None).unwrap();
    says.iter().map(|say| render(say, language, &cards, "L1")).collect()
}

fn all_in(language: Language) -> String {
    let says = samples();
    let mut shown = String::new();
    for (say, rendered) in says.iter().zip(letters(&says, language)) {
        let what = format!("{say:?}");
        let name = what.split(|c: char| !c.is_alphanumeric()).next().unwrap();
        let card = if rendered.card.is_some() { " (card)" } else { "" };
        let _ = write!(shown, "===== {name}{card}\n{}\n-----\n{}\n", rendered.markdown, rendered.text);
    }
    shown
}

#[test]
fn all_that_is_said_in_english() {
    insta::assert_snapshot!(all_in(Language::English));
}

#[test]
fn all_that_is_said_in_ukrainian() {
    insta::assert_snapshot!(all_in(Language::Ukrainian));
}

fn card_of(language: Language, wanted: fn(&BotMessage) -> bool) -> String {
    let say = samples().into_iter().find(wanted).unwrap();
    serde_json::to_string_pretty(&letters(&[say], language)[0].card).unwrap()
}

#[test]
fn the_card_of_an_introduction() {
    insta::assert_snapshot!(card_of(Language::English, |say| matches!(say, BotMessage::Introduction { .. })));
}

#[test]
fn the_card_for_a_new_time() {
    insta::assert_snapshot!(card_of(Language::Ukrainian, |say| matches!(say, BotMessage::SuggestTime { .. })));
}

#[test]
fn the_card_of_a_proposal() {
    insta::assert_snapshot!(card_of(Language::English, |say| matches!(say, BotMessage::Proposal { .. })));
}

#[test]
fn a_letter_is_known_by_the_key_on_its_card() {
    for card in letters(&samples(), Language::English).iter().filter_map(|rendered| rendered.card.as_ref()) {
        assert_eq!(key_of(card), Some("L1"));
    }
    assert_eq!(key_of(&Value::Null), None);
    assert_eq!(key_of(&serde_json::json!({ "body": [{ "id": 7 }] })), None);
}

/// The texts of a card that are read as Markdown, and the card without its texts.
fn taken_apart(card: &Value) -> (Vec<String>, Value) {
    let mut marked = Vec::new();
    let mut bare = card.clone();
    strip(&mut bare, &mut marked, false);
    (marked, bare)
}

fn strip(value: &mut Value, marked: &mut Vec<String>, in_facts: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, marked, in_facts)),
        Value::Object(object) => {
            let block = object.get("type").is_some_and(|kind| kind == "TextBlock");
            for (name, value) in object {
                match value {
                    Value::String(text) if (block && name == "text") || (in_facts && name != "type") => {
                        marked.push(std::mem::take(text));
                    }
                    Value::String(text) if matches!(&**name, "title" | "fallbackText" | "label") => text.clear(),
                    value => strip(value, marked, name == "facts"),
                }
            }
        }
        _ => {}
    }
}

/// How many of each sign of Markdown are not escaped.
fn signs(text: &str) -> Vec<usize> {
    let mut rest = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else {
            rest.push(c);
        }
    }
    let mut counts: Vec<usize> = "*_`[]<~".chars().map(|sign| rest.matches(sign).count()).collect();
    counts.push(rest.matches("://").count());
    counts.push(rest.lines().filter(|line| line.starts_with(['#', '>', '-', '+'])).count());
    counts
}

#[test]
fn no_name_changes_a_card_or_becomes_markup() {
    let hostile = [
        "**bold** _x_ ~~y~~ `code`",
        "${key} ${rendered} ${",
        "x](http://x) [a](https://b) www.c.org",
        "\"},{\"type\":\"Input.Text\"",
        "a\r\n# b\n\n- c\n1. d\u{2028}> e",
        "<b>x</b> &lt;i&gt; <@all> <http://x>",
        "\\ \\\\ *\\",
        "{{DATE(2026-12-02T10:00:00Z)}}",
        &"Ж".repeat(500),
        &"*".repeat(500),
    ];
    for (_, language) in Language::ALL {
        let plain = letters(&samples(), language);
        for name in hostile {
            let says = samples_with(&|_| name.to_owned());
            for (plain, hostile) in plain.iter().zip(letters(&says, language)) {
                assert_eq!(signs(&plain.markdown), signs(&hostile.markdown), "{}", hostile.markdown);
                assert!(hostile.markdown.len() <= LIMIT && hostile.text.len() <= LIMIT);
                assert!(!hostile.text.contains("{{") && !hostile.text.contains(['\r', '\u{2028}']));
                let (Some(one), Some(other)) = (&plain.card, &hostile.card) else {
                    assert_eq!(plain.card.is_some(), hostile.card.is_some());
                    continue;
                };
                let ((one_marked, one), (other_marked, other)) = (taken_apart(one), taken_apart(other));
                assert_eq!(one, other);
                for (one, other) in one_marked.iter().zip(&other_marked) {
                    assert_eq!(signs(one), signs(other), "{other}");
                }
            }
        }
    }
}

#[test]
fn no_placeholder_is_left() {
    for (_, language) in Language::ALL {
        for rendered in letters(&samples(), language) {
            let all = format!("{}{}{:?}", rendered.markdown, rendered.text, rendered.card);
            assert!(!all.contains("${") && !all.contains("$when") && !all.contains("$each"), "{all}");
        }
    }
}

#[test]
fn a_link_that_opens_no_page_is_left_out() {
    let Some(BotMessage::Introduction { mut meeting, starter, instead, after_all }) = samples().into_iter().next()
    else {
        panic!()
    };
    for link in ["javascript:alert(1)", "http://x y", "https://x\"y", ""] {
        meeting.link = Link::of(link);
        let rendered = &letters(
            &[BotMessage::Introduction {
                meeting: meeting.clone(),
                starter: starter.clone(),
                instead: instead.clone(),
                after_all,
            }],
            Language::English,
        )[0];
        assert!(!rendered.text.contains("Join"), "{}", rendered.text);
        assert!(!rendered.card.as_ref().unwrap().to_string().contains("OpenUrl"));
    }
}

#[test]
fn what_is_very_long_is_cut_to_what_webex_takes() {
    let (date, programme) = ("2026-12-02".parse().unwrap(), Sanitized::from("Tea"));
    let pairs =
        vec![vec!["Зоряна-Мирослава Забашта-Перебийніс".repeat(9).into(); 3]; 700];
    let says = [
        BotMessage::Summary { programme: programme.clone(), date, pairs, not_booked: 0, left_out: vec![] },
        BotMessage::Announcement { programme, text: "слово ".repeat(2_000), image: None },
    ];
    for rendered in letters(&says, Language::Ukrainian) {
        assert!(rendered.markdown.len() <= LIMIT && rendered.text.len() <= LIMIT);
        assert!(rendered.markdown.ends_with('…') && rendered.text.ends_with('…'));
    }
}

#[test]
fn where_nobody_hears_what_is_tapped_nothing_asks_for_it() {
    let cards = Cards::load(None).unwrap();
    let mut asked = 0;
    for (_, language) in Language::ALL {
        for say in samples() {
            // Of buttons that were there before, or that an organizer's listener lost.
            if matches!(say, BotMessage::AskedAgain | BotMessage::ListenerGap { .. }) {
                continue;
            }
            let tapping = render(&say, language, &cards, "L1").markdown;
            let typing = render_for(&say, language, &cards, "L1", &Answers::ByTyping);
            let all = format!("{} {} {}", typing.markdown, typing.text, typing.card.unwrap_or_default());
            let all = all.replace("Buttons do not work here", "").replace("Кнопки тут зараз не працюють", "");
            for word in ["button", "tap ", "tap,", "кнопк", "натисн"] {
                asked += usize::from(tapping.to_lowercase().contains(word));
                assert!(!all.to_lowercase().contains(word), "{word}: {all}");
            }
        }
    }
    assert!(asked > 10, "{asked}");
}
