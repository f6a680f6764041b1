//! Pages that load nothing: text made safe for HTML, and charts drawn here.

mod chart;
pub(super) mod report;

use super::text::harmless;

/// The text as it may stand in HTML, also between quotation marks: nothing in it is markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for c in harmless(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_markup() {
        assert_eq!(escaped("Zoë O’Neill"), "Zoë O’Neill");
        let shown = "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt;&amp;amp;\u{fffd}";
        assert_eq!(escaped("<img src=\"x\" onerror='y'>&amp;\u{1b}"), shown);
    }
}
