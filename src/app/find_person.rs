//! Finds the employee whom an organizer means by an address or a name.

use anyhow::Result;

use super::exit_status::Usage;
use crate::domain::conversation::colleagues::{self, Colleague, Found};
use crate::domain::roster::{Employee, Inactive, Roster, RosterIndex};
use crate::domain::state::{PersonId, State};
use crate::domain::text;

/// The one employee with that address, or whom that name means, as in chat: the whole name or parts of it, regardless
/// of case and accents.
pub(crate) fn find(roster: &Roster, who: &str) -> Result<RosterIndex> {
    let wanted = text::normalized(who.trim()).to_lowercase();
    if let Some(person) = roster.known_as(&wanted) {
        return Ok(person);
    }
    let colleagues = roster
        .places()
        .map(|(at, one)| (at, Colleague { name: &one.name, department: roster.department(at), email: &one.email }));
    let is_nearer = |name: &str| text::folded(name) == text::folded(who);
    let name = |one: &Employee| format!("{} <{}>", one.name, one.email);
    match colleagues::find(who, colleagues) {
        Found::One(person) => Ok(person),
        Found::Several(people) if people.iter().all(|at| is_nearer(&roster.employee(*at).name)) => {
            let emails: Vec<&str> = people.iter().map(|at| &*roster.employee(*at).email).collect();
            Err(Usage(format!("{} employees are called “{who}”: say {}", people.len(), emails.join(" or "))).into())
        }
        Found::Several(people) if people.iter().all(|at| is_part(&wanted, &roster.employee(*at).name)) => {
            let names: Vec<String> = people.iter().map(|at| name(roster.employee(*at))).collect();
            Err(Usage(format!("“{who}” may be several people\nhint: do you mean {}?", names.join(" or "))).into())
        }
        Found::Several(_) | Found::Nobody => {
            let is_meant = |one: &&Inactive| *one.email == wanted || is_nearer(&one.name);
            if let Some(one) = roster.inactive.iter().find(is_meant) {
                let who = if one.name.is_empty() { &one.email } else { &one.name };
                return Err(Usage(format!(
                    "{who} does not take part: on the roster they are inactive\nhint: see the line with: roulette \
                     roster check"
                ))
                .into());
            }
            let like = |text: &str| strsim::jaro_winkler(&wanted, &text.to_lowercase());
            let nearest = roster
                .employees
                .iter()
                .map(|one| (like(&one.email).max(like(&one.name)), one))
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = nearest.map_or(String::new(), |(_, one)| format!("\nhint: do you mean {}?", name(one)));
            Err(Usage(format!("“{who}” is not on the roster{hint}")).into())
        }
    }
}

/// Somebody whom the state knows but the roster does not, by their address or their whole name.
pub(crate) fn find_who_left(state: &State, who: &str) -> Option<PersonId> {
    let wanted = text::normalized(who.trim()).to_lowercase();
    let by_address = state.find(&wanted);
    let mut by_name = state.left.iter().filter(|left| text::folded(&left.name) == text::folded(&wanted));
    by_address.or_else(|| by_name.next().map(|left| left.person))
}

/// Whether all words of the input, in lower case, are in a name.
fn is_part(wanted: &str, name: &str) -> bool {
    let name = text::folded(name);
    text::folded(wanted).split_whitespace().all(|word| name.split_whitespace().any(|part| part.starts_with(word)))
}
