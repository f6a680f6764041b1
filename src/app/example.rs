//! The example company, and the config for trying it on a sandbox. Knows what the sandbox accepts as secrets; starts
//! nothing.

use std::net::SocketAddr;
use std::path::Path;

use crate::domain::roster::{Employee, Roster, RosterIndex};
use crate::domain::zone::Zone;
use crate::sandbox::{BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, Person, organizers_space};

/// The example company's roster, as CSV.
pub(crate) const ROSTER: &str = include_str!("../../employees.example.csv");
/// The name of its file.
pub(crate) const NAME: &str = "employees.example.csv";

/// A roster's people as a sandbox has them.
pub(crate) fn people(roster: &Roster, timezone: Zone) -> Vec<Person> {
    let person = |(at, employee): (RosterIndex, &Employee)| Person {
        email: employee.email.to_string(),
        name: employee.name.to_string(),
        department: roster.department(at).to_owned(),
        timezone: employee.timezone.unwrap_or(timezone).id(),
        ..Person::default()
    };
    roster.places().map(person).collect()
}

/// What the sandbox accepts as secrets, as a line for a shell.
pub(crate) fn exports() -> String {
    format!("export ROULETTE_CLIENT_SECRET={CLIENT_SECRET} ROULETTE_BOT_TOKEN={BOT_TOKEN}")
}

/// A config for a sandbox that listens there, with that roster or the example's.
pub(crate) fn config(address: SocketAddr, roster: Option<&Path>) -> String {
    let (roster, get_roster) = match roster {
        Some(path) => (path.display().to_string(), ""),
        None => (NAME.to_owned(), "#   roulette sandbox --print-roster > employees.example.csv\n"),
    };
    let roster = toml::Value::String(roster);
    let exports = exports();
    let space = organizers_space();
    format!(
        "# Points roulette at the sandbox: `roulette sandbox --listen {address}`.\n\
         # Before you use it:\n\
         {get_roster}#   {exports}\n\
         \n\
         [programme]\n\
         roster = {roster}\n\
         \n\
         [webex]\n\
         base_url = \"http://{address}/v1\"\n\
         client_id = \"{CLIENT_ID}\"\n\
         client_secret = {{ env = \"ROULETTE_CLIENT_SECRET\" }}\n\
         redirect_uri = \"http://localhost:5000/webexoauth\"\n\
         bot_token = {{ env = \"ROULETTE_BOT_TOKEN\" }}\n\
         report_room = \"{space}\"\n\
         tokens = \"roulette-tokens.json\"\n"
    )
}
