//! What a webhook's body is, as far as HTTP goes.
//! Knows bytes; knows no event.

/// Whether a body is JSON in UTF-8, whatever it says and however deep.
pub fn is_json(body: &[u8]) -> bool {
    str::from_utf8(body).is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
}
