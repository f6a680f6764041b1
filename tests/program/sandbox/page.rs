//! The page: complete, loaded from here alone, and asking only for what is new.

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

#[test]
fn no_text_on_the_page_becomes_markup() {
    let webex = SmallWebex::start(&[]);
    for path in ["/card.js", "/chat.js", "/script.js", "/text.js"] {
        let file = webex.get("", path);
        for markup in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "DOMParser", "eval("] {
            assert!(!file.body.as_str().unwrap().contains(markup), "{path}: {markup}");
        }
    }
}

#[test]
fn the_page_is_told_only_what_is_new() {
    let webex = SmallWebex::start(&[]);
    let tag = webex.get("", "/sandbox/model").header("etag").unwrap().to_owned();
    let look = || read(webex.request("GET", "/sandbox/model").header("if-none-match", &tag)).status;
    assert_eq!(look(), 304);
    webex.post("", "/sandbox/say", &json!({ "email": OLENA, "text": "help" })).ok();
    assert_eq!(look(), 200);
}
