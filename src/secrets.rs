//! The secrets that this process has used, and how they are removed from what is printed or stored: the other side may
//! repeat what it was sent. Knows texts only, not what a secret is for.

use crate::parallel::lock;
use std::sync::Mutex;

use base64::prelude::{BASE64_STANDARD, Engine};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::byte_serialize;

/// The replacement for a secret.
pub const STRUCK: &str = "…";

/// Shorter ones would be found in every other word.
const SHORTEST: usize = 4;
/// Shorter ones are no real secrets, and would be found in words of our own.
const SHORTEST_OF_OURS: usize = 8;

static KNOWN: Mutex<Vec<SecretString>> = Mutex::new(Vec::new());

/// Remembers a secret, in every form in which a request may contain it.
pub fn remember(secret: &SecretString) {
    let text = secret.expose_secret();
    let encoded: String = byte_serialize(text.as_bytes()).collect();
    let quoted = serde_json::Value::from(text).to_string();
    let ways = [text, &encoded, &encoded.replace('+', "%20"), quoted.trim_matches('"')];
    let mut known = lock(&KNOWN);
    for way in ways.into_iter().filter(|way| way.len() >= SHORTEST) {
        if !known.iter().any(|one| one.expose_secret() == way) {
            known.push(way.into());
        }
    }
    // One may be a part of another.
    known.sort_by_key(|one| std::cmp::Reverse(one.expose_secret().len()));
}

/// Remembers a name and a secret in the form of a basic authentication header.
pub fn remember_basic(name: &str, secret: &SecretString) {
    let pair = SecretString::from(format!("{name}:{}", secret.expose_secret()));
    remember(&BASE64_STANDARD.encode(pair.expose_secret()).into());
}

/// Somebody else's text without the secrets.
pub fn strike(text: &str) -> String {
    struck(text, SHORTEST)
}

/// Our own text, which may contain others' texts, without the secrets.
pub fn strike_ours(text: &str) -> String {
    struck(text, SHORTEST_OF_OURS)
}

fn struck(text: &str, shortest: usize) -> String {
    let known = lock(&KNOWN);
    let mut struck = text.to_owned();
    for secret in known.iter().map(ExposeSecret::expose_secret).filter(|secret| secret.len() >= shortest) {
        if struck.contains(secret) {
            struck = struck.replace(secret, STRUCK);
        }
    }
    struck
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_struck_out_in_every_way_in_which_it_was_sent() {
        remember(&"pa ss/w\"ord-7".into());
        remember_basic("id", &"pa ss/w\"ord-7".into());
        for text in [
            "pa ss/w\"ord-7",
            "pa+ss%2Fw%22ord-7",
            "pa%20ss%2Fw%22ord-7",
            r#"pa ss/w\"ord-7"#,
            &BASE64_STANDARD.encode("id:pa ss/w\"ord-7"),
        ] {
            assert_eq!(strike(&format!("<{text}> and <{text}>")), "<…> and <…>", "{text}");
        }
    }

    #[test]
    fn of_two_secrets_the_longer_one_is_struck_out_whole() {
        remember(&"horse-staple".into());
        remember(&"horse-staple-battery".into());
        assert_eq!(strike("horse-staple-battery horse-staple horse"), "… … horse");
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_harms_no_text() {
        remember(&"abc".into());
        remember(&"another".into());
        let ours = "abc was another";
        assert_eq!((&*strike(ours), &*strike_ours(ours)), ("abc was …", ours));
    }
}
