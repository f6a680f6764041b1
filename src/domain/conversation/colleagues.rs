//! Whom somebody means by a name: the whole name or parts of it in any order, ignoring case and diacritics, in the
//! grammatical case that a Ukrainian sentence needs; an address or its part before the @; and namesakes told apart by
//! department. Compares words; changes nothing.

use crate::domain::text::folded;

/// A colleague, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub struct Colleague<'a> {
    /// Their whole name.
    pub name: &'a str,
    /// Their department; may be "".
    pub department: &'a str,
    /// Their address, in lower case.
    pub email: &'a str,
}

/// How certain it is that somebody is meant, the most certain first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Address,
    WholeName,
    Parts,
    Beginnings,
}

/// The most candidates that are offered.
const OFFERED: usize = 5;

/// The colleagues who are meant by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// Exactly one person.
    One(T),
    /// Several people may be meant, or somebody whose name is only similar.
    Several(Vec<T>),
    /// Nobody's name is similar.
    Nobody,
}

/// Looks among those colleagues for the person whom somebody means.
pub fn find<'a, T: Copy>(typed: &str, among: impl Iterator<Item = (T, Colleague<'a>)> + Clone) -> Found<T> {
    let wanted = Wanted::new(typed);
    if wanted.words.iter().all(|word| PRONOUNS.contains(&&**word)) {
        return Found::Nobody;
    }
    let (mut best, mut found) = (Likeness::Beginnings, Vec::new());
    for (at, colleague) in among.clone() {
        let Some(likeness) = wanted.likeness(colleague) else { continue };
        if likeness < best || found.is_empty() {
            (best, found) = (likeness, vec![at]);
        } else if likeness == best {
            found.push(at);
        }
    }
    match found[..] {
        [one] => return Found::One(one),
        [] => {}
        _ => {
            found.truncate(OFFERED);
            return Found::Several(found);
        }
    }
    // A typo is asked about, whoever it is.
    let near: Vec<T> = among.filter(|(_, one)| wanted.is_near(one.name)).map(|(at, _)| at).take(OFFERED).collect();
    if near.is_empty() { Found::Nobody } else { Found::Several(near) }
}

/// What was typed, in the forms in which it is compared.
struct Wanted {
    address: String,
    /// All its letters and digits.
    letters: String,
    words: Vec<String>,
}

impl Wanted {
    fn new(typed: &str) -> Self {
        let folded = folded(typed);
        let address = folded.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        Self { address, letters: letters(&folded), words: words(&folded) }
    }

    fn likeness(&self, colleague: Colleague<'_>) -> Option<Likeness> {
        let local = colleague.email.split('@').next().unwrap_or_default();
        if self.address == colleague.email || self.address == local {
            return Some(Likeness::Address);
        }
        if self.address.contains('@') {
            return None;
        }
        let name = folded(colleague.name);
        if !self.letters.is_empty() && self.letters == letters(&name) {
            return Some(Likeness::WholeName);
        }
        let name = words(&name);
        // A name in another alphabet is often in the address in the spelling that people use.
        let in_address: Vec<String> =
            words(&folded(local)).into_iter().filter(|part| part.chars().count() >= 3).collect();
        let is_part = |word: &String| {
            name.iter().any(|part| part == word || stem(word) == Some(bare(part))) || in_address.contains(word)
        };
        let begins = |word: &String| {
            word.chars().count() >= 3 && name.iter().any(|part| part.starts_with(&**word)) || is_part(word)
        };
        let likeness = |fits: &dyn Fn(&String) -> bool| {
            let rest: Vec<&String> = self.words.iter().filter(|word| !fits(word)).collect();
            if rest.len() == self.words.len() {
                return false;
            }
            // Words that are not part of the name tell namesakes apart.
            let department = words(&folded(colleague.department));
            let said = words(&folded(local));
            rest.into_iter().all(|word| {
                let same = |other: &String| other == word || stem(word) == Some(bare(other)) || is_bent(word, other);
                AROUND.contains(&&**word) || department.iter().any(same) || said.contains(word)
            })
        };
        if likeness(&is_part) {
            Some(Likeness::Parts)
        } else if likeness(&begins) {
            Some(Likeness::Beginnings)
        } else {
            None
        }
    }

    fn is_near(&self, name: &str) -> bool {
        let name = words(&folded(name));
        let near = |word: &String, part: &String| {
            word == part || word.chars().count() >= 4 && strsim::osa_distance(word, part) <= 1
        };
        self.words.iter().any(|word| name.iter().any(|part| near(word, part)))
    }
}

/// Words for somebody who was mentioned before, which is not known here. Folded.
const PRONOUNS: [&str; 26] = [
    "her",
    "him",
    "them",
    "she",
    "he",
    "they",
    "me",
    "us",
    "it",
    "this",
    "that",
    "these",
    "those",
    "any",
    "one",
    "someone",
    "somebody",
    "the",
    "нею",
    "ним",
    "ними",
    "цим",
    "цією",
    "тим",
    "тією",
    "кимось",
];

/// Words between a name and a department.
const AROUND: [&str; 18] = [
    "from",
    "in",
    "of",
    "the",
    "at",
    "department",
    "team",
    "with",
    "mr",
    "mrs",
    "ms",
    "dr",
    "please",
    "будь",
    "ласка",
    "з",
    "із",
    "відділу",
];

fn letters(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Words of letters and digits; an apostrophe does not separate words, and is often left out.
fn words(folded: &str) -> Vec<String> {
    let words = folded.split(|c: char| !c.is_alphanumeric() && c != '\'').map(|word| word.replace('\'', ""));
    words.filter(|word| !word.is_empty()).collect()
}

fn is_cyrillic(word: &str) -> bool {
    word.chars().any(|c| matches!(c, '\u{400}'..='\u{4ff}'))
}

/// The stem of a Ukrainian name in the instrumental case, as in «з Оленою Гриценко»; in folded letters, й is и.
fn stem(word: &str) -> Option<&str> {
    const ENDINGS: [&str; 8] = ["ом", "ем", "єм", "им", "ім", "ою", "ею", "єю"];
    let ending = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
    ending.filter(|stem| is_cyrillic(word) && stem.chars().count() >= 2)
}

/// The stem of a name in the nominative case.
fn bare(part: &str) -> &str {
    const ENDINGS: [&str; 6] = ["ии", "о", "а", "я", "ь", "и"];
    let ending = ENDINGS.iter().find_map(|ending| part.strip_suffix(ending));
    ending.filter(|_| is_cyrillic(part)).unwrap_or(part)
}

/// Whether two Ukrainian words differ only in their endings, as names of departments do.
fn is_bent(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let longest = one.chars().count().max(other.chars().count());
    is_cyrillic(one) && common >= 4 && longest - common <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAFF: &[(&str, &str, &str)] = &[
        ("Ann Lee", "Sales", "ann.lee@x.org"),
        ("Ann Lee", "IT", "ann.lee2@x.org"),
        ("Luis Herrera", "HR", "luis@x.org"),
        ("José Núñez", "Finance", "jose@x.org"),
        ("Ito, Cy", "Legal", "c.ito@x.org"),
        ("Олена Гриценко", "Продажі", "olena@x.org"),
        ("Сергій Коваль", "Право", "s.koval@x.org"),
        ("Марія Ковальська", "Право", "maria@x.org"),
        ("Anne-Marie O’Neil", "Legal", "am@x.org"),
        ("Katerina Bondar", "Legal", "kb@x.org"),
        ("Robert Downey Jr.", "Legal", "rd@x.org"),
        ("Ann Please", "Legal", "ap@x.org"),
        ("Lee Chang", "IT", "lee.chang@x.org"),
        ("Андрій Шевченко", "IT", "andrii.shevchenko@x.org"),
        ("Shevchenko, Olha", "Legal", "o.shev@x.org"),
        ("Ira Melnyk", "Legal", "ira.melnyk@x.org"),
        ("Ira Melnyk", "Legal", "ira_melnyk2@x.org"),
    ];

    fn found(typed: &str) -> String {
        let staff = STAFF.iter().map(|&(name, department, email)| (email, Colleague { name, department, email }));
        match find(typed, staff) {
            Found::One(one) => one.to_owned(),
            Found::Several(several) => format!("? {}", several.join(" ")),
            Found::Nobody => "nobody".to_owned(),
        }
    }

    /// What is typed, and who is found.
    const EACH: &[(&str, &str)] = &[
        ("ann.lee@x.org", "ann.lee@x.org"),
        ("ANN.LEE2@x.org.", "ann.lee2@x.org"),
        ("ann.lee2", "ann.lee2@x.org"),
        ("her", "nobody"),
        ("him", "nobody"),
        ("herr", "luis@x.org"),
        ("Ann Lee", "? ann.lee@x.org ann.lee2@x.org"),
        ("lee ann", "? ann.lee@x.org ann.lee2@x.org"),
        ("Ann Lee (Sales)", "ann.lee@x.org"),
        ("ann lee from it", "ann.lee2@x.org"),
        ("Ann, IT", "ann.lee2@x.org"),
        ("ann", "? ann.lee@x.org ann.lee2@x.org ap@x.org"),
        ("jose nunez", "jose@x.org"),
        ("NÚÑEZ", "jose@x.org"),
        ("Jose\u{301}", "jose@x.org"),
        ("cy ito", "c.ito@x.org"),
        ("Ito", "c.ito@x.org"),
        ("Оленою Гриценко", "olena@x.org"),
        ("олена", "olena@x.org"),
        ("Сергієм Ковалем", "s.koval@x.org"),
        ("Сергій", "s.koval@x.org"),
        ("марією ковальською", "maria@x.org"),
        ("Марією з відділу права", "maria@x.org"),
        ("ann marie oneil", "am@x.org"),
        ("O'Neil", "am@x.org"),
        ("anne marie", "am@x.org"),
        ("kate", "kb@x.org"),
        ("robert downey", "rd@x.org"),
        ("ann please", "ap@x.org"),
        ("chang", "lee.chang@x.org"),
        ("Shevchenko, Andrii", "andrii.shevchenko@x.org"),
        ("andrii shevchenko", "andrii.shevchenko@x.org"),
        ("andrii.shevchenko", "andrii.shevchenko@x.org"),
        ("andrii", "andrii.shevchenko@x.org"),
        ("shevchenko", "? andrii.shevchenko@x.org o.shev@x.org"),
        ("Shevchenko, Olha", "o.shev@x.org"),
        ("Шевченком Андрієм", "andrii.shevchenko@x.org"),
        ("Шевченко", "andrii.shevchenko@x.org"),
        ("Melnyk, Ira", "? ira.melnyk@x.org ira_melnyk2@x.org"),
        ("koval", "s.koval@x.org"),
        ("boncar", "? kb@x.org"),
        ("Nobody Here", "nobody"),
        ("nobody@x.org", "nobody"),
        ("kate bush", "nobody"),
        ("?", "nobody"),
        ("", "nobody"),
    ];

    #[test]
    fn colleagues_are_found_as_people_name_them() {
        for (typed, who) in EACH {
            assert_eq!(found(typed), *who, "{typed}");
        }
    }
}
