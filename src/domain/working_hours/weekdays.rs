//! Days of the week as people write them: `Sun-Thu`, `Mo, Mi, Fr`, `пн–пт`; short or long, in English, German and
//! Ukrainian. A range may cross the end of the week. Knows names and sets of days; knows no hours and no date.

use std::fmt;
use std::str::FromStr;

use chrono::Weekday;

use super::lexer::{Token, tokens};

/// The days, in the order of a week that begins on Monday.
pub const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// A set of days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Monday to Friday.
    pub const MONDAY_TO_FRIDAY: Self = Self(0b001_1111);
    /// All seven days of the week.
    pub const ALL: Self = Self(0b111_1111);

    /// The days from the first to the last, across the end of the week if the last comes first.
    pub fn range(first: Weekday, last: Weekday) -> Self {
        let days = 1 + (last.num_days_from_monday() + 7 - first.num_days_from_monday()) % 7;
        let at = |day: u32| 1 << ((first.num_days_from_monday() + day) % 7);
        Self((0..days).map(at).sum())
    }

    /// Whether the day is among them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 >> day.num_days_from_monday() & 1 == 1
    }

    /// The days of both sets together.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The days that are in both.
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// These days without the others.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The days, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        WEEK.into_iter().filter(move |day| self.contains(*day))
    }
}

impl From<Weekday> for Weekdays {
    fn from(day: Weekday) -> Self {
        Self(1 << day.num_days_from_monday())
    }
}

impl FromStr for Weekdays {
    type Err = String;

    /// Parses days and ranges of days, with any usual separator.
    fn from_str(text: &str) -> Result<Self, String> {
        let read = tokens(text).and_then(|tokens| match take_days(&tokens) {
            (Some(days), []) => Ok(days),
            (None, []) => Err("no day is named".to_owned()),
            (_, [first, ..]) => Err(format!("{first} is not a day of the week")),
        });
        read.map_err(|why| format!("{why}: write days as Mon-Fri or Mon, Wed, Fri"))
    }
}

/// The days at the beginning of the tokens, and the rest of the tokens.
pub(super) fn take_days(tokens: &[Token]) -> (Option<Weekdays>, &[Token]) {
    let (mut days, mut rest) = (None::<Weekdays>, tokens);
    loop {
        let (more, after) = match rest {
            [Token::Days(first), Token::Dash, Token::Days(last), after @ ..] => match (first.single(), last.single()) {
                (Some(first), Some(last)) => (Weekdays::range(first, last), after),
                _ => (first.union(*last), after),
            },
            [Token::Days(one), after @ ..] => (*one, after),
            [Token::Comma, Token::Days(_), ..] if days.is_some() => {
                rest = &rest[1..];
                continue;
            }
            _ => return (days, rest),
        };
        days = Some(days.unwrap_or_default().union(more));
        rest = after;
    }
}

impl Weekdays {
    fn single(self) -> Option<Weekday> {
        let mut days = self.iter();
        days.next().filter(|_| days.next().is_none())
    }
}

impl fmt::Display for Weekdays {
    /// As `Mon-Thu, Sat`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut separator = "";
        while rest != 0 {
            let first = rest.trailing_zeros();
            let count = (rest >> first).trailing_ones();
            let [from, to] = [first, first + count - 1].map(|day| WEEK[day as usize % 7]);
            match count {
                1 => write!(f, "{separator}{from}")?,
                _ => write!(f, "{separator}{from}-{to}")?,
            }
            rest &= !(((1_u16 << count) - 1) << first) as u8;
            separator = ", ";
        }
        Ok(())
    }
}

/// Beginnings of the days' names; the rest of a word must match the rest of the name.
const NAMES: [[&str; 3]; 7] = [
    ["mondays", "montags", "понеділка"],
    ["tuesdays", "dienstags", "вівторка"],
    ["wednesdays", "mittwochs", "середа"],
    ["thursdays", "donnerstags", "четверга"],
    ["fridays", "freitags", "п'ятниця"],
    ["saturdays", "samstags", "субота"],
    ["sundays", "sonntags", "неділя"],
];

/// Abbreviations and forms that are not the beginning of a name.
const FORMS: [(&str, u8); 27] = [
    ("m", 0),
    ("w", 2),
    ("f", 4),
    ("пн", 0),
    ("вт", 1),
    ("ср", 2),
    ("чт", 3),
    ("пт", 4),
    ("сб", 5),
    ("нд", 6),
    ("понеділок", 0),
    ("понеділки", 0),
    ("вівторок", 1),
    ("вівторки", 1),
    ("середу", 2),
    ("середи", 2),
    ("четверги", 3),
    ("п'ятницю", 4),
    ("п'ятниці", 4),
    ("суботу", 5),
    ("суботи", 5),
    ("неділю", 6),
    ("неділі", 6),
    ("weds", 2),
    ("thr", 3),
    ("sonnabend", 5),
    ("sonnabends", 5),
];

const SETS: [(&str, Weekdays); 14] = [
    ("weekdays", Weekdays::MONDAY_TO_FRIDAY),
    ("weekday", Weekdays::MONDAY_TO_FRIDAY),
    ("werktags", Weekdays::MONDAY_TO_FRIDAY),
    ("werktage", Weekdays::MONDAY_TO_FRIDAY),
    ("wochentags", Weekdays::MONDAY_TO_FRIDAY),
    ("будні", Weekdays::MONDAY_TO_FRIDAY),
    ("daily", Weekdays::ALL),
    ("everyday", Weekdays::ALL),
    ("täglich", Weekdays::ALL),
    ("щодня", Weekdays::ALL),
    ("weekends", Weekdays(0b110_0000)),
    ("weekend", Weekdays(0b110_0000)),
    ("wochenende", Weekdays(0b110_0000)),
    ("вихідні", Weekdays(0b110_0000)),
];

/// The days that a word in lower case means, if it means any.
pub(super) fn days_named(word: &str) -> Option<Weekdays> {
    let word = word.replace(['’', 'ʼ', '`', '‘'], "'");
    let word = word.trim_end_matches('.');
    if let Some((_, days)) = SETS.iter().find(|(name, _)| *name == word) {
        return Some(*days);
    }
    if let Some((_, day)) = FORMS.iter().find(|(name, _)| *name == word || name.replace('\'', "") == word) {
        return Some(Weekdays(1 << day));
    }
    let letters = word.chars().count();
    let begins = |name: &&str| name.starts_with(word) || name.replace('\'', "").starts_with(word);
    // “Mo” and “Di” are days, “п” is not: a Ukrainian name is cut to three letters or more.
    let enough = if word.is_ascii() { letters >= 2 } else { letters >= 3 };
    let day = NAMES.iter().position(|names| enough && names.iter().any(&begins))?;
    Some(Weekdays(1 << day))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written, and which days it means. One line per case.
    const CASES: &[(&str, &str)] = &[
        ("Mon-Fri", "Mon-Fri"),
        ("Sun-Thu", "Mon-Thu, Sun"),
        ("sunday to thursday", "Mon-Thu, Sun"),
        ("Sat–Wed", "Mon-Wed, Sat-Sun"),
        ("Mon-Wed", "Mon-Wed"),
        ("Mo,Mi,Fr", "Mon, Wed, Fri"),
        ("Mo. / Mi. / Fr.", "Mon, Wed, Fri"),
        ("Mo bis Do", "Mon-Thu"),
        ("Montag, Mittwoch und Freitag", "Mon, Wed, Fri"),
        ("Di Do", "Tue, Thu"),
        ("Sonntag - Donnerstag", "Mon-Thu, Sun"),
        ("Sa; So", "Sat-Sun"),
        ("Sonnabend", "Sat"),
        ("пн-пт", "Mon-Fri"),
        ("Пн, Ср, Пт", "Mon, Wed, Fri"),
        ("понеділок – четвер", "Mon-Thu"),
        ("з понеділка до п’ятниці", "Mon-Fri"),
        ("вівторок та п'ятниця", "Tue, Fri"),
        ("вівт., пятн.", "Tue, Fri"),
        ("нд-чт", "Mon-Thu, Sun"),
        ("Tues, Weds & Thurs", "Tue-Thu"),
        ("Mondays and Fridays", "Mon, Fri"),
        ("M-F", "Mon-Fri"),
        ("M/W/F", "Mon, Wed, Fri"),
        ("M-Th", "Mon-Thu"),
        ("Mon..Thu", "Mon-Thu"),
        ("mon - wed, fri", "Mon-Wed, Fri"),
        ("FRI", "Fri"),
        ("weekdays", "Mon-Fri"),
        ("daily", "Mon-Sun"),
        ("Fri-Fri", "Fri"),
        ("Mon-Sun", "Mon-Sun"),
    ];

    #[test]
    fn days_are_read_as_people_write_them() {
        for (written, meant) in CASES {
            let days = written.parse::<Weekdays>().map(|days| days.to_string());
            assert_eq!(days.as_deref(), Ok(*meant), "{written}");
        }
    }

    #[test]
    fn what_names_no_day_says_so() {
        for written in ["", "x", "T", "S-S", "Mon-", "5", "Mon-Fri 9-17", "Monnday", "1-5", "п"] {
            let why = written.parse::<Weekdays>().unwrap_err();
            assert!(why.contains("write days as Mon-Fri"), "{written}: {why}");
        }
    }
}
