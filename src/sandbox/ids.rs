//! Ids that look like Webex's: opaque to clients, and the same in every run. Knows no model: the caller gives the kind
//! and a number or name that is unique within it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The first `digits` hexadecimal digits, at most 64.
pub(super) fn hex(kind: &str, key: &str, digits: usize) -> String {
    let digest = Sha256::digest(format!("{kind}\n{key}"));
    let mut text = crate::hex::encode(&digest);
    text.truncate(digits);
    text
}

/// The first `digits` decimal digits.
pub(super) fn number(kind: &str, key: &str, digits: usize) -> String {
    let digest = Sha256::digest(format!("{kind}\n{key}"));
    digest.iter().cycle().map(|byte| char::from(b'0' + byte % 10)).take(digits).collect()
}

/// The id of a person, room, message or the like.
pub(super) fn spark(kind: &str, key: &str) -> String {
    of_uuid(kind, &uuid(kind, key))
}

/// The content of such an id, which names the thing on the websocket.
pub(super) fn uuid(kind: &str, key: &str) -> String {
    let hex = hex(kind, key, 32);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// The id of the thing that a UUID names.
pub(super) fn of_uuid(kind: &str, uuid: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("ciscospark://us/{kind}/{uuid}"))
}

/// The UUID within an id.
pub(super) fn uuid_of(id: &str) -> String {
    let text = URL_SAFE_NO_PAD.decode(id).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    text.rsplit('/').next().unwrap_or_default().to_owned()
}

/// A token or code. It is made from a counter, so anyone could guess it: good enough for a toy on this computer.
pub(super) fn token(kind: &str, count: u64) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{kind}\n{count}")))
}
