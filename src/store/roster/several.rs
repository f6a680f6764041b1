//! Cells that hold several values, such as “Sales; Marketing”. A semicolon or a bar always separates two values. Other
//! characters do if each part stands alone in another row: “Research, Development and Sales” may be one department.

use hashbrown::HashSet;

use crate::domain::roster::Column;
use crate::domain::text::folded;

/// The values of a column that consist of several, each with its parts. Cost: linear in the distinct values.
pub(super) fn find(column: &Column) -> Vec<(u32, Vec<String>)> {
    let mut known: Option<HashSet<String>> = None;
    let mut found = Vec::new();
    for (value, index) in column.values.iter().zip(0..).skip(1) {
        let certain = split(value, &[';', '；', '|']);
        if certain.len() > 1 {
            found.push((index, certain));
            continue;
        }
        // A manager's name has its last part first: “Doe, Jane”.
        if column.name == "manager" || !value.contains([',', '/', '+', '،', '、', '，']) {
            continue;
        }
        let parts = split(value, &[',', '/', '+', '،', '、', '，']);
        let known = known.get_or_insert_with(|| column.values.iter().map(|value| folded(value)).collect());
        if parts.len() > 1 && parts.iter().all(|part| known.contains(&folded(part))) {
            found.push((index, parts));
        }
    }
    found
}

fn split(value: &str, signs: &[char]) -> Vec<String> {
    // SharePoint separates them with `;#`.
    let value = value.replace(";#", ";");
    value.split(signs).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, values: &[&str]) -> Vec<(u32, Vec<String>)> {
        let values = std::iter::once("").chain(values.iter().copied()).map(str::to_owned).collect();
        find(&Column { name: name.to_owned(), values, ..Column::default() })
    }

    #[test]
    fn one_value_has_no_parts() {
        for value in ["Sales", "Sales;", "Research & Development", "Research, Development and Sales", "R/D", "A+B"] {
            assert_eq!(found("department", &[value, "Sales"]), [], "{value}");
        }
        assert_eq!(found("manager", &["Doe, Jane", "Doe", "Jane"]), []);
    }

    #[test]
    fn several_values_are_told_apart() {
        for (value, parts) in [
            ("Sales; Marketing", &["Sales", "Marketing"][..]),
            ("Sales;Marketing;IT", &["Sales", "Marketing", "IT"]),
            ("Sales;#Marketing", &["Sales", "Marketing"]),
            ("Sales | Marketing", &["Sales", "Marketing"]),
            ("Finance; ; Büro ;", &["Finance", "Büro"]),
            ("sales, MARKETING", &["sales", "MARKETING"]),
            ("Sales / Marketing", &["Sales", "Marketing"]),
            ("Sales+Marketing", &["Sales", "Marketing"]),
        ] {
            let found = found("department", &[value, "Sales", "Marketing"]);
            assert_eq!(found, [(1, parts.iter().map(|part| (*part).to_owned()).collect())], "{value}");
        }
    }
}
