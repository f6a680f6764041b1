//! Lists of pairs and trios in JSON, `[[1,2], [3,4,5]]`: nearly all of a large state's text, so read by hand.
//! Checks that the text is such a list and JSON; knows nothing around it.
//! One pass, and memory for the result alone: with it, a state is parsed in half the time.

use memchr::memchr_iter;

use crate::domain::state::{Group, PersonId};

/// What people's numbers can become that stand together in brackets.
pub(super) trait FromNumbers: Sized {
    /// What is expected, for messages.
    const WHAT: &'static str;
    /// Takes `count` numbers; of more than three, only three are there.
    fn from_numbers(numbers: [PersonId; 3], count: usize) -> Option<Self>;
}

impl FromNumbers for [PersonId; 2] {
    const WHAT: &'static str = "pairs such as [1,2]";

    fn from_numbers([a, b, _]: [PersonId; 3], count: usize) -> Option<Self> {
        (count == 2).then_some([a, b])
    }
}

impl FromNumbers for [PersonId; 3] {
    const WHAT: &'static str = "trios such as [1,2,3]";

    fn from_numbers(numbers: [PersonId; 3], count: usize) -> Option<Self> {
        (count == 3).then_some(numbers)
    }
}

impl FromNumbers for Group {
    const WHAT: &'static str = "pairs such as [1,2] and trios such as [1,2,3]";

    fn from_numbers([a, b, c]: [PersonId; 3], count: usize) -> Option<Self> {
        match count {
            2 => Some(Self::Pair([a, b])),
            3 => Some(Self::Trio([a, b, c])),
            _ => None,
        }
    }
}

/// Reads a list of groups of numbers that count from 1, into ids that count from 0; 0 becomes an id nobody has.
///
/// # Errors
/// The offset of the first thing in `text` that is not such a group.
pub(super) fn parse<T: FromNumbers>(text: impl AsRef<[u8]>) -> Result<Vec<T>, usize> {
    let text = text.as_ref();
    let mut cursor = Cursor { text, at: 0 };
    let brackets = memchr_iter(b'[', text).count();
    let mut list = Vec::with_capacity(brackets.saturating_sub(1));
    cursor.expect(b'[')?;
    if cursor.next() == Some(b']') {
        cursor.at += 1;
        return cursor.end().map(|()| list);
    }
    loop {
        let start = cursor.skip_blanks();
        let (mut people, mut count) = ([PersonId::NOBODY; 3], 0);
        cursor.expect(b'[')?;
        loop {
            let number = cursor.number().ok_or(start)?;
            if let Some(place) = people.get_mut(count) {
                *place = PersonId::from_number(number);
            }
            count += 1;
            if !cursor.comma() {
                break;
            }
        }
        cursor.expect(b']').map_err(|_| start)?;
        list.push(T::from_numbers(people, count).ok_or(start)?);
        if !cursor.comma() {
            return cursor.expect(b']').and_then(|()| cursor.end()).map(|()| list);
        }
    }
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn skip_blanks(&mut self) -> usize {
        while matches!(self.text.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.at
    }

    fn next(&mut self) -> Option<u8> {
        let at = self.skip_blanks();
        self.text.get(at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<(), usize> {
        // Mostly there are no blanks to look for.
        if self.text.get(self.at) != Some(&byte) && self.next() != Some(byte) {
            return Err(self.at);
        }
        self.at += 1;
        Ok(())
    }

    fn end(&mut self) -> Result<(), usize> {
        let at = self.skip_blanks();
        if at == self.text.len() { Ok(()) } else { Err(at) }
    }

    fn comma(&mut self) -> bool {
        self.expect(b',').is_ok()
    }

    fn number(&mut self) -> Option<u32> {
        let start = self.skip_blanks();
        let mut number = 0_u64;
        if let Some(Ok(eight)) = self.text.get(start..start + 8).map(TryInto::try_into) {
            let (few, digits) = leading(u64::from_le_bytes(eight));
            (number, self.at) = (few, start + digits);
        }
        while let Some(digit) = self.text.get(self.at).map(|it| it.wrapping_sub(b'0')).filter(|&it| it < 10) {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.at += 1;
        }
        let digits = self.at - start;
        let padded = digits > 1 && self.text[start] == b'0';
        // Ten digits cannot wrap around.
        ((1..=10).contains(&digits) && !padded).then(|| u32::try_from(number).ok()).flatten()
    }
}

/// The number with which eight letters begin, and how many digits it has; the first letter is the lowest byte.
/// All at once: each step joins neighbours, as D. Lemire, "Quickly parsing eight digits" (2018), has it.
fn leading(letters: u64) -> (u64, usize) {
    let high = |word: u64| word & 0xF0F0_F0F0_F0F0_F0F0 ^ 0x3030_3030_3030_3030;
    let others = high(letters) | high(letters.wrapping_add(0x0606_0606_0606_0606));
    let digits = others.trailing_zeros() / 8;
    // The digits come last, with zeros before them.
    let word = letters.checked_shl(64 - 8 * digits).unwrap_or(0) & 0x0F0F_0F0F_0F0F_0F0F;
    let twos = (word.wrapping_mul(10 << 8 | 1) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (twos.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_FFFF_0000_FFFF;
    (fours.wrapping_mul(10_000 << 32 | 1) >> 32, digits as usize)
}

/// Adds the digits of a number. All eight that most numbers have at once, and then as many letters as they are: to
/// divide a number digit by digit, and to copy a few letters, takes far longer. Source: P. Khuong, "How to print
/// integers really fast" (2017).
pub(super) fn add_number(text: &mut Vec<u8>, number: u32) {
    if number >= 100_000_000 {
        text.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        return;
    }
    // The first digits go to the lower places of the word.
    let fours = u64::from(number / 10_000) | u64::from(number % 10_000) << 32;
    let upper = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let twos = upper | (fours - 100 * upper) << 16;
    let upper = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
    let ones = upper | (twos - 10 * upper) << 8;
    let zeros = (ones.trailing_zeros() / 8).min(7);
    let letters = (ones | 0x3030_3030_3030_3030) >> (8 * zeros);
    text.extend_from_slice(&letters.to_le_bytes());
    text.truncate(text.len() - zeros as usize);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::rounds::ids;

    #[test]
    fn a_list_may_be_empty_and_have_blanks_anywhere() {
        assert_eq!(parse::<[PersonId; 2]>("[]"), Ok(vec![]));
        assert_eq!(parse::<[PersonId; 2]>("[ \n ]"), Ok(vec![]));
        assert_eq!(parse::<[PersonId; 2]>("[[1,2],[4294967295,10]]"), Ok(vec![ids([0, 1]), ids([4_294_967_294, 9])]));
        let long = [[1, 23], [345, 6789], [12_345, 678_901], [2_345_678, 90_123_456], [789_012_345, 6]];
        let people = long.map(|pair| pair.map(PersonId::from_number)).to_vec();
        assert_eq!(parse(format!("{long:?}")), Ok(people), "numbers of any length");
        let trio = Group::Trio(ids([2, 3, 4]));
        assert_eq!(parse("[ [ 1\t,\r\n2 ] , [3,4,5] ]"), Ok(vec![Group::Pair(ids([0, 1])), trio]));
    }

    #[test]
    fn a_number_is_written_with_its_digits_alone() {
        let edges = (0..10).flat_map(|power| {
            let ten = 10_u32.pow(power);
            [ten - 1, ten, ten + 1, ten.wrapping_mul(9), ten / 2]
        });
        let steps = (0..2_000_000).step_by(7);
        for number in edges.chain(steps).chain([99_999_999, 12_345_678, 90_000_009, u32::MAX]) {
            let mut text = b"x".to_vec();
            add_number(&mut text, number);
            assert_eq!(text, format!("x{number}").into_bytes());
        }
    }

    #[test]
    fn anything_else_is_refused_and_pointed_at() {
        for (text, at) in [
            ("7", 0),
            ("{}", 0),
            ("null", 0),
            ("[1,2]", 1),
            ("[[1,2], []]", 8),
            ("[[1,2], [3]]", 8),
            ("[[1,2], [3,4,5]]", 8),
            ("[[1,2], [3,4,5,6,7]]", 8),
            ("[[1,2], [3,-4]]", 8),
            ("[[1,2], [3,4.0]]", 8),
            ("[[1,2], [3,4e0]]", 8),
            ("[[1,2], [3,\"4\"]]", 8),
            ("[[1,2], [3,[4]]]", 8),
            ("[[1,2], [3,4294967296]]", 8),
            ("[[1,2], [3,18446744073709551617]]", 8),
            ("[[1,2], null]", 8),
            ("[[1,2], [3,04]]", 8),
            ("[[1,2]", 6),
            ("[[1,2]]]", 7),
            ("[] 1", 3),
        ] {
            assert_eq!(parse::<[PersonId; 2]>(text), Err(at), "{text}");
        }
    }
}
