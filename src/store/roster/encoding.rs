//! The bytes of a roster as UTF-8: text in UTF-16, with or without a byte order mark, is converted; for text in another
//! encoding, the likely one is named. Knows no CSV.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// The kind of file that it turned out to be.
pub(super) enum Text<R: Read> {
    /// UTF-8, or assumed to be.
    Plain(BufReader<R>),
    /// Converted to UTF-8.
    Converted(Cursor<Vec<u8>>),
    /// A complete Excel workbook.
    Workbook(Vec<u8>),
    /// A file that is refused, for this reason.
    Refused(String),
}

/// Looks at the beginning of the file.
pub(super) fn open<R: Read>(file: R, buffer: usize) -> io::Result<Text<R>> {
    let mut file = BufReader::with_capacity(buffer, file);
    let start = file.fill_buf()?;
    if start.starts_with(b"PK\x03\x04") {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(Text::Workbook(bytes));
    }
    let refused = |why: &str| Ok(Text::Refused(why.to_owned()));
    if start.starts_with(b"\xd0\xcf\x11\xe0") {
        return refused("is an old Excel workbook, or one with a password: save it as .xlsx or as “CSV UTF-8”");
    }
    if start.starts_with(b"\xff\xfe\0\0") || start.starts_with(b"\0\0\xfe\xff") {
        return refused("is in UTF-32: save it as “CSV UTF-8”");
    }
    if start.starts_with(b"%PDF") {
        return refused("is a PDF: save the roster as “CSV UTF-8”");
    }
    let Some(encoding) = utf16(start) else { return Ok(Text::Plain(file)) };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let (text, _, damaged) = encoding.decode(&bytes);
    if damaged || bytes.len() % 2 == 1 {
        let message = format!("is in {}, but damaged: save it as “CSV UTF-8”", encoding.name());
        return Ok(Text::Refused(message));
    }
    Ok(Text::Converted(Cursor::new(text.into_owned().into_bytes())))
}

/// Which UTF-16 it is: judged by its mark, or by the zeros next to the ASCII characters that a roster has in its
/// header.
pub(super) fn utf16(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let start = &start[..start.len().min(512)];
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = start.len() / 16;
    if odd > even && odd > enough {
        Some(UTF_16LE)
    } else if even > odd && even > enough {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The likely encoding of these bytes, which are not UTF-8.
pub(super) fn likely(bytes: &[u8]) -> &'static str {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny).name()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "email\tname\nzoe@example.com\tZoë Ґудзь 😀\n";

    fn read(bytes: &[u8]) -> String {
        match open(bytes, 1 << 10).unwrap() {
            Text::Plain(mut file) => {
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                text
            }
            Text::Converted(text) => String::from_utf8(text.into_inner()).unwrap(),
            Text::Workbook(_) => "a workbook".to_owned(),
            Text::Refused(why) => why,
        }
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn utf_8_stays_as_it_is() {
        assert_eq!(read(b""), "");
        assert_eq!(read(TEXT.as_bytes()), TEXT);
    }

    #[test]
    fn utf_16_is_read_in_either_order_and_without_a_mark() {
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(read(&utf16(TEXT, order)), TEXT);
            assert_eq!(read(&utf16(&format!("\u{feff}{TEXT}"), order)), TEXT);
        }
        let damaged = [&utf16(TEXT, u16::to_le_bytes)[..], b"\0"].concat();
        assert_eq!(read(&damaged), "is in UTF-16LE, but damaged: save it as “CSV UTF-8”");
    }

    #[test]
    fn what_is_no_text_is_named() {
        assert_eq!(read(b"PK\x03\x04..."), "a workbook");
        assert!(read(b"\xd0\xcf\x11\xe0\xa1\xb1").contains("old Excel workbook"));
        assert!(read(b"\xff\xfe\0\0e\0\0\0").contains("UTF-32"));
    }

    #[test]
    fn the_likely_encoding_is_named() {
        assert_eq!(likely(b"Zo\xeb M\xfcller"), "windows-1252");
        assert_eq!(likely(b"\xce\xeb\xe5\xed\xe0 \xcc\xe0\xf0\xf7\xe5\xed\xea\xee"), "windows-1251");
    }
}
