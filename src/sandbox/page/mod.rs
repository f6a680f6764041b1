//! The page at `/`, compiled in. It gets everything that it shows from `/sandbox/model`, and nothing from elsewhere.
//! Knows file names and media types; the browser decides what is drawn.

use super::http::Answer;

/// Only from here, except pictures in cards, which may come from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILES: &[(&str, &str, &str)] = &[
    ("/", "text/html", include_str!("index.html")),
    ("/style.css", "text/css", include_str!("style.css")),
    ("/script.js", "text/javascript", include_str!("script.js")),
    ("/chat.js", "text/javascript", include_str!("chat.js")),
    ("/card.js", "text/javascript", include_str!("card.js")),
    ("/text.js", "text/javascript", include_str!("text.js")),
];

/// A file of the page.
pub(super) fn file(path: &str) -> Option<Answer> {
    let (_, media_type, text) = FILES.iter().find(|(name, ..)| *name == path)?;
    let answer = Answer::text(media_type, *text).header("x-content-type-options", "nosniff".to_owned());
    Some(answer.header("content-security-policy", POLICY.to_owned()))
}
