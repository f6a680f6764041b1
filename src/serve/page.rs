//! A small page for a browser: a heading and a sentence, in light or dark colours, loading nothing from elsewhere.
//! Texts never become markup.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A page with this heading and sentence.
pub(super) fn page(status: StatusCode, heading: &str, sentence: &str) -> Response {
    let (heading, sentence) = (escaped(heading), escaped(sentence));
    let body = format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{heading}</title>
<style>
  :root {{ color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }}
  main {{ max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }}
  h1 {{ font-size: 1.5rem }}
  p {{ overflow-wrap: anywhere }}
</style>
<main>
<h1>{heading}</h1>
<p>{sentence}</p>
</main>
</html>
"#
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
        // The page's address holds a code.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(escaped("Zoë O’Neill"), "Zoë O’Neill");
        assert_eq!(escaped("<b a='\"'>&amp;"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;amp;");
    }
}
