//! Text in which every line ends in a single `\n`, whatever the file has: `\r\n`, `\r`, or nothing after the last line.
//! So a reader can number lines by counting, and recognize an open quotation mark at the end of the text.

use std::io::{self, Read};

/// A reader of such text.
pub(super) struct Lines<R> {
    inner: R,
    /// The last byte that was read was a `\r`.
    after_return: bool,
    /// The last byte that was passed on.
    last: u8,
    ended: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, after_return: false, last: b'\n', ended: false }
    }

    /// Whether the reader has been asked for more than there is.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Rewrites the line ends of `text` in place and returns the new length.
    fn rewrite(&mut self, text: &mut [u8]) -> usize {
        if !self.after_return && !text.contains(&b'\r') {
            return text.len();
        }
        let mut kept = 0;
        for index in 0..text.len() {
            let byte = text[index];
            let doubled = self.after_return && byte == b'\n';
            self.after_return = byte == b'\r';
            if !doubled {
                text[kept] = if self.after_return { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let read = self.inner.read(buffer)?;
            let kept = if read > 0 {
                self.rewrite(&mut buffer[..read])
            } else if self.last == b'\n' {
                self.ended = true;
                return Ok(0);
            } else {
                buffer[0] = b'\n';
                1
            };
            if kept > 0 {
                self.last = buffer[kept - 1];
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn through(text: &str, chunk: usize) -> String {
        let mut read = String::new();
        let chunks = BufReader::with_capacity(chunk, text.as_bytes());
        BufReader::with_capacity(chunk, Lines::new(chunks)).read_to_string(&mut read).unwrap();
        read
    }

    #[test]
    fn plain_lines_stay_as_they_are() {
        assert_eq!(through("", 9), "");
        assert_eq!(through("a\n\nb\n", 9), "a\n\nb\n");
    }

    #[test]
    fn every_line_end_becomes_one_newline_wherever_the_chunks_are_cut() {
        for chunk in 1..9 {
            assert_eq!(through("a\r\n\r\nb\rc\n\rd", chunk), "a\n\nb\nc\n\nd\n");
        }
    }
}
