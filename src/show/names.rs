//! Names of people in a list, separated so that a comma in a name does not look like another person. Makes them
//! harmless for a terminal; each format adds what it needs.

use super::text::harmless;

/// The separator between the people of a list.
pub const APART: &str = " · ";

/// As in “Ann Lee · Bo Ek and Cy Roe”.
pub fn together<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| harmless(name.as_ref()).into_owned()).collect();
    match &names[..] {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(APART)),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_name_makes_no_further_person() {
        assert_eq!(together([""; 0]), "");
        assert_eq!(together(["Ann Lee"]), "Ann Lee");
        assert_eq!(together(["Kovalenko, Olena", "Ek, Bo"]), "Kovalenko, Olena and Ek, Bo");
        assert_eq!(together(["A, a", "B, b", "C\n"]), "A, a · B, b and C\u{fffd}");
    }
}
