//! Finds the employee whom an organizer means by an address or a name.

use anyhow::Result;

use super::exit_status::Usage;
use crate::domain::pairing::meeting_history::Person;
use crate::domain::roster::Roster;

/// The one employee of that address, or of that name in any case.
pub(crate) fn find(roster: &Roster, who: &str) -> Result<Person> {
    let wanted = who.trim().to_lowercase();
    let all = || roster.employees.iter().zip(0..);
    if let Some((_, person)) = all().find(|(employee, _)| *employee.email == *wanted) {
        return Ok(person);
    }
    let named: Vec<_> = all().filter(|(employee, _)| employee.name.to_lowercase() == wanted).collect();
    match named[..] {
        [(_, person)] => Ok(person),
        [] => {
            let like = |text: &str| strsim::jaro_winkler(&wanted, &text.to_lowercase());
            let nearest = all()
                .map(|(one, _)| (like(&one.email).max(like(&one.name)), one))
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let hint =
                nearest.map_or(String::new(), |(_, one)| format!("\nhint: is {} <{}> meant?", one.name, one.email));
            Err(Usage(format!("“{who}” is not on the roster{hint}")).into())
        }
        _ => {
            let emails: Vec<&str> = named.iter().map(|(employee, _)| &*employee.email).collect();
            Err(Usage(format!("{} employees are called “{who}”: say {}", named.len(), emails.join(" or "))).into())
        }
    }
}
