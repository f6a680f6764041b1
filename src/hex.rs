//! Bytes as hexadecimal digits: digests that name things, and signatures in transit. Does not know what the bytes mean.

use std::fmt::Write as _;

/// Each byte as two digits in lower case.
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of a text of exactly `2 * N` digits, in either case.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |at: usize| char::from(digits[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_to_the_same() {
        assert_eq!(encode(&[]), "");
        assert_eq!(encode(&[0, 9, 10, 255]), "00090aff");
        assert_eq!(decode("00090aFF"), Some([0, 9, 10, 255]));
        let all: [u8; 256] = std::array::from_fn(|at| at as u8);
        assert_eq!(decode(&encode(&all)), Some(all));
    }

    #[test]
    fn anything_but_so_many_digits_is_refused() {
        for text in ["", "0", "012", "0g", "+1", " 1", "é", "0102"] {
            assert_eq!(decode::<1>(text), None, "{text}");
        }
    }
}
