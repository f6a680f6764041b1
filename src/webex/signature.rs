//! Whether a webhook's body comes from Webex: it signs each one with a secret that only it and we know. Knows bytes;
//! the body is verified exactly as it came, before anything else reads it.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

use crate::hex;

/// The length of a SHA-1 hash, in bytes.
const LENGTH: usize = 20;

/// Whether `signature` is the hexadecimal HMAC-SHA1 of the body's bytes. Takes as long for a wrong one as for a right one.
pub fn verify(secret: &SecretString, body: &[u8], signature: &str) -> bool {
    // HMAC takes keys of any length.
    let (Some(signature), Ok(mut mac)) =
        (hex::decode::<LENGTH>(signature), Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes()))
    else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"The quick brown fox jumps over the lazy dog";
    const SIGNATURE: &str = "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9";

    fn is_authentic(secret: &str, body: &[u8], signature: &str) -> bool {
        verify(&secret.into(), body, signature)
    }

    #[test]
    fn a_signature_over_these_bytes_with_this_secret_is_believed() {
        assert!(is_authentic("key", BODY, SIGNATURE));
        assert!(is_authentic("key", BODY, &SIGNATURE.to_uppercase()));
        // From RFC 2202.
        assert!(is_authentic("Jefe", b"what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
    }

    #[test]
    fn any_other_secret_body_or_signature_is_refused() {
        assert!(!is_authentic("Key", BODY, SIGNATURE));
        assert!(!is_authentic("key", &BODY[1..], SIGNATURE));
        assert!(!is_authentic("key", BODY, &SIGNATURE.replace('d', "e")));
        let malformed = ["", "de7c", &SIGNATURE[2..], &format!("{SIGNATURE}00"), &SIGNATURE.replace('d', "g")];
        for hex in malformed.into_iter().chain(["ééééééééééééééééééé", "+e7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9"])
        {
            assert!(!is_authentic("key", BODY, hex), "{hex}");
        }
    }
}
