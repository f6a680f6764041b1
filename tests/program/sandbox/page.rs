//! The page: complete, loaded from here alone, and asking only for what is new.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::OLENA;
use crate::support::small_webex::{SmallWebex, read};

#[test]
fn the_page_is_served_with_all_that_it_needs() {
    let webex = SmallWebex::start(&[]);
    let mut wanted = vec!["/".to_owned()];
    let mut seen = Vec::new();
    while let Some(path) = wanted.pop() {
        let file = webex.get("", &path);
        assert_eq!(file.status, 200, "{path}");
        let policy = file.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        let text = file.body.as_str().unwrap().to_owned();
        seen.push(path);
        for quoted in text.split('"').filter(|it| it.starts_with('/') && (it.ends_with(".js") || it.ends_with(".css")))
        {
            if !seen.iter().chain(&wanted).any(|it| it == quoted) {
                wanted.push(quoted.to_owned());
            }
        }
    }
    seen.sort();
    assert_eq!(seen, ["/", "/card.js", "/chat.js", "/script.js", "/style.css", "/text.js"]);
    assert_eq!(webex.get("", "/elsewhere.js").status, 404);
    assert_eq!(webex.post("", "/", &json!({})).status, 404);
}

/// Says that a check is left out.
fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// The page as a browser shows it, as HTML; none where no browser is installed.
fn in_a_browser(address: &str) -> Option<String> {
    let profile = tempfile::tempdir().unwrap();
    for browser in ["chromium", "chromium-headless-shell", "google-chrome"] {
        let mut command = Command::new(browser);
        // Time in the page passes as fast as nothing is waited for.
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--dump-dom"]);
        command.arg(format!("--user-data-dir={}", profile.path().display())).arg(address);
        // One that is there may be a stub that only says how to install it.
        if let Ok(output) = command.output()
            && output.status.success()
        {
            return Some(String::from_utf8(output.stdout).unwrap());
        }
    }
    skipped("there is no browser that works; Debian's chromium would do");
    None
}

#[test]
fn no_text_on_the_page_becomes_markup() {
    const MARKUP: &str = "<img src=x onerror=alert(1)>";
    let folder = tempfile::tempdir().unwrap();
    let staff = folder.path().join("staff.csv");
    fs::write(&staff, format!("email,name,department\na@example.com,A {MARKUP},D {MARKUP}\n")).unwrap();
    let webex = SmallWebex::start(&["--roster", staff.to_str().unwrap()]);
    webex.say("a@example.com", &format!("said {MARKUP}"));
    let card = json!({
        "type": "AdaptiveCard", "version": "1.3",
        "body": [
            { "type": "TextBlock", "text": format!("block {MARKUP}") },
            { "type": "FactSet", "facts": [{ "title": format!("fact {MARKUP}"), "value": format!("value {MARKUP}") }] },
            { "type": "Input.Text", "id": "why", "label": format!("label {MARKUP}") },
        ],
        "actions": [{ "type": "Action.Submit", "title": format!("button {MARKUP}") }],
    });
    let card = json!([{ "contentType": "application/vnd.microsoft.card.adaptive", "content": card }]);
    for message in [
        json!({ "toPersonEmail": "a@example.com", "markdown": format!("marked {MARKUP}") }),
        json!({ "toPersonEmail": "a@example.com", "text": format!("plain {MARKUP}") }),
        json!({ "toPersonEmail": "a@example.com", "text": "A card", "attachments": card }),
    ] {
        webex.post("sandbox-bot", "/v1/messages", &message).ok();
    }
    for path in ["/card.js", "/chat.js", "/script.js", "/text.js"] {
        let file = webex.get("", path);
        for markup in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "DOMParser", "eval("] {
            assert!(!file.body.as_str().unwrap().contains(markup), "{path}: {markup}");
        }
    }
    let Some(page) = in_a_browser(&format!("{}/#a@example.com", webex.root)) else { return };
    assert!(!page.contains("<img"), "{page}");
    for what in ["A", "D", "said", "plain", "marked", "block", "fact", "value", "label", "button"] {
        assert!(page.contains(&format!("{what} &lt;img src=x onerror=alert(1)&gt;")), "{what}: {page}");
    }
}

#[test]
fn the_pages_scripts_have_none_of_the_mistakes_that_a_linter_finds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let eslint = "tests/page/node_modules/eslint/bin/eslint.js";
    if !root.join(eslint).is_file() {
        return skipped("eslint is not here; npm install --prefix tests/page brings it");
    }
    let lint = |scripts: &Path| {
        let mut node = Command::new("node");
        node.current_dir(root).args([eslint, "--config", "tests/page/eslint.config.mjs"]).arg(scripts).output()
    };
    let Ok(output) = lint(Path::new("src/sandbox/page")) else { return skipped("node is not on this machine") };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let made_up = tempfile::Builder::new().suffix(".js").tempfile_in(root.join("tests/page")).unwrap();
    fs::write(made_up.path(), "document.body.innerHTML = location.hash;\n").unwrap();
    let output = lint(made_up.path()).unwrap();
    assert_eq!(output.status.code(), Some(1), "text that becomes markup is found");
}

#[test]
fn the_page_is_told_only_what_is_new() {
    let webex = SmallWebex::start(&[]);
    let tag = webex.get("", "/sandbox/model").header("etag").unwrap().to_owned();
    let look = || read(webex.request("GET", "/sandbox/model").header("if-none-match", &tag)).status;
    assert_eq!(look(), 304);
    webex.say(OLENA, "help");
    assert_eq!(look(), 200);
}
