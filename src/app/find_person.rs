//! Finds the employee whom an organizer means by an address or a name.

use anyhow::Result;

use super::exit_status::Usage;
use crate::domain::roster::{Roster, RosterIndex};
use crate::domain::text;

/// The one employee of that address, or of that name, without regard to case and accents.
pub(crate) fn find(roster: &Roster, who: &str) -> Result<RosterIndex> {
    let wanted = text::normalized(who.trim()).to_lowercase();
    if let Some(person) = roster.known_as(&wanted) {
        return Ok(person);
    }
    let folded = text::folded(who);
    let named: Vec<_> = roster.places().filter(|(_, employee)| text::folded(&employee.name) == folded).collect();
    match named[..] {
        [(person, _)] => Ok(person),
        [] => {
            let like = |text: &str| strsim::jaro_winkler(&wanted, &text.to_lowercase());
            let nearest = roster
                .employees
                .iter()
                .map(|one| (like(&one.email).max(like(&one.name)), one))
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let hint =
                nearest.map_or(String::new(), |(_, one)| format!("\nhint: is {} <{}> meant?", one.name, one.email));
            Err(Usage(format!("“{who}” is not on the roster{hint}")).into())
        }
        _ => {
            let emails: Vec<&str> = named.iter().map(|(_, employee)| &*employee.email).collect();
            Err(Usage(format!("{} employees are called “{who}”: say {}", named.len(), emails.join(" or "))).into())
        }
    }
}
