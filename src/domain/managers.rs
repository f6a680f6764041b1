//! Whom the text in a `manager` cell means, as directories and HR systems write it: an address, a name in either order,
//! with a number or remark in brackets, a login, a distinguished name. The text must mean exactly one person; otherwise
//! the result says whether nobody or several people fit.

use hashbrown::{HashMap, HashSet};

use super::roster::{Column, Roster, RosterIndex};
use super::text::folded;

/// The person whom a text in the `manager` column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// An employee on the roster.
    One(RosterIndex),
    /// Somebody in the file who does not take part, by their place there.
    Inactive(usize),
    /// Nobody on the roster.
    Nobody,
    /// Several people: how many.
    Several(usize),
}

/// A text that means nobody, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// The text, as written.
    pub text: String,
    /// Nobody, or how many people.
    pub meant: Meant,
    /// The first employee whose manager it is.
    pub first: RosterIndex,
}

/// For each value of the column, whom each of its parts means; for 0, the blank value, nobody. Cost: linear in the
/// employees and the distinct values.
pub fn meant(roster: &Roster, column: &Column) -> Vec<Meant> {
    let wanted: Vec<Vec<String>> = column.values.iter().map(|text| keys(text)).collect();
    let mut fitting: HashMap<&str, Vec<usize>> =
        wanted.iter().flatten().map(|key| (key.as_str(), Vec::new())).collect();
    let employees = roster.employees.iter().map(|one| (&*one.email, &*one.name));
    let inactive = roster.inactive.iter().map(|one| (&*one.email, &*one.name));
    let number = roster.columns.iter().find(|column| is_number(&column.name));
    for (at, (email, name)) in employees.chain(inactive).enumerate() {
        let number =
            number.filter(|column| at < column.cells.len()).map_or("", |column| column.value(RosterIndex::new(at)));
        for key in own_keys(email, name, number) {
            if let Some(list) = fitting.get_mut(key.as_str())
                && !list.contains(&at)
            {
                list.push(at);
            }
        }
    }
    // A former address still means the person who had it, even if the old account is still in the file.
    for (email, at) in &roster.former {
        if let Some(list) = fitting.get_mut(format!("a:{email}").as_str()) {
            *list = vec![at.index()];
        }
    }
    let people = roster.employees.len();
    let one = |keys: &Vec<String>| {
        // The surest sign comes first: what fits several people is decided by a less certain one.
        let found: Vec<&Vec<usize>> = keys.iter().filter_map(|key| fitting.get(key.as_str())).collect();
        match found.iter().find(|list| list.len() == 1) {
            Some(list) if list[0] < people => Meant::One(RosterIndex::new(list[0])),
            Some(list) => Meant::Inactive(list[0] - people),
            None => found.iter().find(|list| !list.is_empty()).map_or(Meant::Nobody, |list| Meant::Several(list.len())),
        }
    };
    wanted.iter().map(one).collect()
}

/// The texts of the column that mean nobody or several people, in the order of the roster.
pub fn unclear(column: &Column, meant: &[Meant]) -> Vec<Unclear> {
    let mut told = HashSet::new();
    let mut found = Vec::new();
    for (person, cell) in RosterIndex::first(column.cells.len()).zip(&column.cells) {
        for &value in column.parts(cell).iter().filter(|value| **value != 0) {
            let meant = meant[value as usize];
            if matches!(meant, Meant::Nobody | Meant::Several(_)) && told.insert(value) {
                found.push(Unclear { text: column.values[value as usize].clone(), meant, first: person });
            }
        }
    }
    found
}

/// The key by which two texts that mean nobody count as the same person.
pub fn same(text: &str) -> String {
    keys(text).pop().unwrap_or_default()
}

/// Whether the column holds the numbers that an HR system gives people.
fn is_number(name: &str) -> bool {
    let name: String = folded(name).chars().filter(|c| c.is_alphanumeric()).collect();
    const NAMES: [&str; 14] = [
        "employeeid",
        "employeenumber",
        "employeeno",
        "employeeidnumber",
        "workerid",
        "workernumber",
        "personnelnumber",
        "personnelno",
        "staffid",
        "staffnumber",
        "personalnummer",
        "personid",
        "userid",
        "id",
    ];
    NAMES.contains(&&*name)
}

/// How a person can be known: the address, its part before the @, the name as written, its words in order, the number.
fn own_keys(email: &str, name: &str, number: &str) -> Vec<String> {
    let login = email.split_once('@').map_or(email, |(login, _)| login);
    let mut keys = vec![format!("a:{email}"), format!("l:{}", folded(login)), format!("n:{}", folded(name))];
    let bare = without_brackets(name);
    for name in [name, &bare] {
        let words = words(&swapped(name));
        keys.push(format!("o:{}", words.join(" ")));
        keys.push(sorted(&words, 1));
        keys.push(sorted(&words, 2));
    }
    if !number.is_empty() {
        keys.push(format!("#:{}", plain_number(number)));
    }
    keys
}

/// How a text may name a person, the surest way first.
fn keys(text: &str) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    let mut keys = Vec::new();
    if let Some(address) = address(text) {
        keys.push(format!("a:{address}"));
        if address.len() == text.len() {
            return keys;
        }
    }
    keys.push(format!("n:{}", folded(text)));
    let common = distinguished(text).unwrap_or_else(|| text.to_owned());
    let bare = without_brackets(&common);
    for number in numbers(text) {
        keys.push(format!("#:{number}"));
    }
    let words_of = |text: &str| words(&swapped(text));
    for candidate in [&common, &bare] {
        let words = words_of(candidate);
        if !words.is_empty() {
            keys.push(format!("o:{}", words.join(" ")));
        }
    }
    if !bare.contains(char::is_whitespace) {
        let login = bare.rsplit('\\').next().unwrap_or(&bare);
        keys.push(format!("l:{}", folded(login)));
    }
    for shortest in [1, 2] {
        for candidate in [&common, &bare] {
            let words = words_of(candidate);
            if words.iter().any(|word| word.chars().count() >= shortest) {
                keys.push(sorted(&words, shortest));
            }
        }
    }
    keys
}

/// The address in the text, wherever it is: alone, in brackets, after `mailto:`.
fn address(text: &str) -> Option<String> {
    let sign = |c: char| c.is_whitespace() || "<>()[],;\"'".contains(c);
    let found = text
        .split(sign)
        .find(|word| word.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.')))?;
    let found = found.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:")).map_or(found, |_| &found[7..]);
    Some(super::text::normalized(found).to_lowercase())
}

/// The common name in a directory entry: `CN=Doe\, Jane,OU=Sales,DC=example,DC=com`.
fn distinguished(text: &str) -> Option<String> {
    let start = text.get(..3).filter(|start| start.eq_ignore_ascii_case("cn="))?;
    let (mut name, mut escaped) = (String::new(), false);
    for c in text[start.len()..].chars() {
        match c {
            '\\' if !escaped => escaped = true,
            ',' if !escaped => break,
            c => {
                name.push(c);
                escaped = false;
            }
        }
    }
    Some(name)
}

fn without_brackets(text: &str) -> String {
    let (mut plain, mut depth) = (String::new(), 0_usize);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain.trim().trim_matches(['-', '–', '/', '|', ',']).trim().to_owned()
}

/// “Doe, Jane” as “Jane Doe”; also “Doe, Jane, Dr.”.
fn swapped(text: &str) -> String {
    match text.split_once(',') {
        Some((last, first)) if !first.trim().is_empty() => format!("{} {last}", first.replace(',', " ")),
        _ => text.to_owned(),
    }
}

/// The words of a name, without numbers, titles and full stops.
fn words(text: &str) -> Vec<String> {
    const TITLES: [&str; 18] = [
        "dr", "prof", "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "ing", "dipl", "mba", "phd", "jr", "sr", "пан",
        "пані", "msc",
    ];
    let text = folded(text);
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\''));
    let is_word = |word: &&str| !word.is_empty() && !word.chars().any(|c| c.is_ascii_digit()) && !TITLES.contains(word);
    words.filter(is_word).map(str::to_owned).collect()
}

/// The words in alphabetical order, without the short ones.
fn sorted(words: &[String], shortest: usize) -> String {
    let mut words: Vec<&str> =
        words.iter().filter(|word| word.chars().count() >= shortest).map(String::as_str).collect();
    words.sort_unstable();
    format!("s{shortest}:{}", words.join(" "))
}

fn numbers(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let is_number = |word: &&str| word.len() >= 2 && word.chars().any(|c| c.is_ascii_digit());
    words.filter(is_number).map(plain_number).collect()
}

/// Without leading zeros, which spreadsheets lose.
fn plain_number(number: &str) -> String {
    folded(number).trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::{Employee, Inactive};

    const PEOPLE: [(&str, &str, &str); 9] = [
        ("jane.doe@example.com", "Jane Doe", "00123"),
        ("jose.nunez@example.com", "José Núñez", "124"),
        ("delaney@example.com", "Delaney, Tom", "125"),
        ("bo.ek@example.com", "Bo Ek", "126"),
        ("bo.ek2@example.com", "Bo Ek", "127"),
        ("anna.lee@example.com", "Dr. Anna M. Lee (Sales)", "128"),
        ("zoe@example.com", "Zoë O’Neil-Łuczak", "129"),
        ("null@example.com", "Null", "130"),
        ("y.tkach@example.com", "Юлія Ткач", "131"),
    ];

    fn roster(managers: &[&str]) -> (Roster, Column) {
        let employee = |&(email, name, _): &(&str, &str, &str)| Employee {
            email: email.into(),
            name: name.into(),
            timezone: None,
            working_hours: None,
            workdays: None,
            paused_until: None,
            language: None,
        };
        let values: Vec<String> =
            std::iter::once("").chain(PEOPLE.iter().map(|one| one.2)).map(str::to_owned).collect();
        let number = Column { name: "employee id".into(), values, cells: (1..=9).collect(), ..Column::default() };
        let inactive = vec![Inactive { email: "gone@example.com".into(), name: "Gone Girl".into() }];
        let roster = Roster {
            employees: PEOPLE.iter().map(employee).collect(),
            columns: vec![number],
            inactive,
            ..Roster::default()
        };
        let values = std::iter::once("").chain(managers.iter().copied()).map(str::to_owned).collect();
        (roster, Column { name: "manager".into(), values, ..Column::default() })
    }

    /// The text in the column, and the address of the person whom it means: "" for nobody, "2" for two people, "-" for
    /// somebody inactive.
    const MANAGERS: &[(&str, &str)] = &[
        ("jane.doe@example.com", "jane.doe@example.com"),
        ("Jane.DOE@Example.com", "jane.doe@example.com"),
        ("mailto:Jane.Doe@example.com", "jane.doe@example.com"),
        ("Jane Doe <jane.doe@example.com>", "jane.doe@example.com"),
        ("Bo Ek (bo.ek2@example.com)", "bo.ek2@example.com"),
        ("Jane Doe", "jane.doe@example.com"),
        ("JANE  DOE", "jane.doe@example.com"),
        ("Doe, Jane", "jane.doe@example.com"),
        ("Doe Jane", "jane.doe@example.com"),
        ("Doe, Jane (12345)", "jane.doe@example.com"),
        ("Jane Doe (12345)", "jane.doe@example.com"),
        ("Jane Doe [12345]", "jane.doe@example.com"),
        ("Jane Doe - 12345", "jane.doe@example.com"),
        ("12345 - Jane Doe", "jane.doe@example.com"),
        ("12345 Jane Doe", "jane.doe@example.com"),
        ("Jane Doe / 12345", "jane.doe@example.com"),
        ("Jane Doe (On Leave)", "jane.doe@example.com"),
        ("Jane Doe (Sales) (12345)", "jane.doe@example.com"),
        ("Dr. Jane Doe", "jane.doe@example.com"),
        ("Jane Q. Doe", "jane.doe@example.com"),
        ("jane.doe", "jane.doe@example.com"),
        ("EXAMPLE\\jane.doe", "jane.doe@example.com"),
        ("CN=Jane Doe,OU=Sales,DC=example,DC=com", "jane.doe@example.com"),
        ("CN=Doe\\, Jane,OU=Sales,DC=example,DC=com", "jane.doe@example.com"),
        ("123", "jane.doe@example.com"),
        ("00123", "jane.doe@example.com"),
        ("Jose Nunez", "jose.nunez@example.com"),
        ("NÚÑEZ, José", "jose.nunez@example.com"),
        ("Jose\u{301} Nu\u{301}n\u{303}ez", "jose.nunez@example.com"),
        ("Tom Delaney", "delaney@example.com"),
        ("Delaney, Tom", "delaney@example.com"),
        ("Bo Ek", "2"),
        ("Ek, Bo (127)", "bo.ek2@example.com"),
        ("Anna Lee", "anna.lee@example.com"),
        ("Lee, Anna", "anna.lee@example.com"),
        ("Zoe O'Neil-Luczak", "zoe@example.com"),
        ("O'Neil Luczak, Zoë", "zoe@example.com"),
        ("Null", "null@example.com"),
        ("Ткач Юлія", "y.tkach@example.com"),
        ("ТКАЧ, Юлія (131)", "y.tkach@example.com"),
        ("gone@example.com", "-"),
        ("Girl, Gone (9)", "-"),
        ("Jane", ""),
        ("Jane Dow", ""),
        ("nobody@example.com", ""),
        ("99999", ""),
        ("(12345)", ""),
        ("-", ""),
    ];

    #[test]
    fn a_manager_is_known_however_an_hr_system_writes_them() {
        let texts: Vec<&str> = MANAGERS.iter().map(|(text, _)| *text).collect();
        let (roster, column) = roster(&texts);
        for ((text, expected), meant) in MANAGERS.iter().zip(&meant(&roster, &column)[1..]) {
            let found = match meant {
                Meant::One(person) => roster.employee(*person).email.to_string(),
                Meant::Inactive(_) => "-".to_owned(),
                Meant::Nobody => String::new(),
                Meant::Several(count) => count.to_string(),
            };
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn a_blank_manager_is_nobody() {
        let (roster, column) = roster(&[]);
        assert_eq!(meant(&roster, &column), [Meant::Nobody]);
    }
}
