//! Who is in a space and in the directory, in a form that the roster can use: requested by whoever may look. Says what
//! is needed and missing. Knows no row of the roster.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::context::Context;
use super::exit_status::Usage;
use crate::domain::roster_pull::{Account, Field};
use crate::store::config::Config;
use crate::store::members_file::Known;
use crate::store::roster::edit::{cell, email, is_zone};
use crate::webex::calls::{self, Who};
use crate::webex::client::Client;
use crate::webex::directory;
use crate::webex::error::{Error, Kind, NotKnown};
use crate::webex::oauth::{DIRECTORY_SCOPE, MEMBERS_SCOPE};
use crate::webex::wire::{Membership, Person};

/// The members of a space.
pub(crate) struct Members {
    /// Those that can be read, each once.
    pub(crate) members: Vec<Account>,
    /// How many of them cannot be read.
    pub(crate) unreadable: usize,
    /// The organization whose people take part.
    pub(crate) organization: String,
    /// Who may ask for more details about them.
    asks: Who,
}

impl Members {
    /// The members of the space, as the bot sees them if it is in it, otherwise as the organizer does.
    ///
    /// # Errors
    /// Neither of them is in it, or may look; or Webex cannot be asked.
    pub(crate) fn of(ctx: &Context<'_>, config: &Config, client: &Client<'_>, room: &str) -> Result<Self> {
        let (who, memberships) = seen(ctx, config, client, room)?;
        let me: Person = client.ask(&calls::me(who))?;
        let is_me = |one: &Membership| {
            (!me.id.is_empty() && one.person_id == me.id)
                || me.emails.iter().any(|own| own.eq_ignore_ascii_case(&one.person_email))
        };
        if !memberships.iter().any(is_me) {
            // A team's space shows its moderators to members of the team who are not in it.
            let name = me.emails.first().map_or("nobody", String::as_str);
            let text = format!("{name} is not in the space, so Webex shows only a part of it\nhint: add {name} to it");
            return Err(Usage(text).into());
        }
        let asks = if ctx.is_logged_in(config) { Who::Organizer } else { who };
        let organization = if asks == who { me.org_id } else { client.ask::<Person>(&calls::me(asks))?.org_id };
        let mut members = Self { members: Vec::new(), unreadable: 0, organization, asks };
        members.admit(config, client, memberships)?;
        Ok(members)
    }

    /// Adds those that can be read. If one has no address, Webex is asked for it.
    fn admit(&mut self, config: &Config, client: &Client<'_>, memberships: Vec<Membership>) -> Result<()> {
        let (whole, bare): (Vec<_>, Vec<_>) =
            memberships.into_iter().partition(|one| email(&one.person_email).is_some());
        let ids: Vec<String> = bare.iter().map(|one| one.person_id.clone()).filter(|id| !id.is_empty()).collect();
        self.unreadable = bare.len() - ids.len();
        let account = |one: Membership| Account {
            email: email(&one.person_email).unwrap_or_default(),
            id: one.person_id,
            name: cell(&one.person_display_name),
            organization: one.person_org_id,
            ..Account::default()
        };
        self.members.extend(whole.into_iter().map(account));
        for person in directory::people(client, self.asks, &ids, config.webex.parallel) {
            match person {
                Ok(person) if person.emails.iter().any(|one| email(one).is_some()) => {
                    self.members.push(of_person(&person, &|_| None, &mut Vec::new()));
                }
                Err(error) if error.affects_all_calls() => return Err(error.into()),
                Ok(_) | Err(_) => self.unreadable += 1,
            }
        }
        let mut seen = HashSet::new();
        self.members.retain(|one| seen.insert(one.email.clone()));
        Ok(())
    }

    /// What is known about each of these, by id, or why it is not known. What is odd is added to `odd`.
    ///
    /// # Errors
    /// Webex cannot be asked about anybody.
    pub(crate) fn details(
        &self,
        config: &Config,
        client: &Client<'_>,
        newcomers: &[&Account],
        (known, odd): (&Known, &mut Vec<String>),
    ) -> Result<HashMap<String, Result<Account, String>>> {
        let ids: Vec<String> = newcomers.iter().map(|one| one.id.clone()).filter(|id| !id.is_empty()).collect();
        let addresses: HashMap<&str, &str> = self.members.iter().map(|one| (one.id.as_str(), &*one.email)).collect();
        let address = |id: &str| {
            let now = addresses.get(id).copied();
            now.or_else(|| known.get(id).map(|email| &**email)).map(str::to_owned)
        };
        let mut details = HashMap::new();
        for (id, told) in ids.iter().zip(directory::people(client, self.asks, &ids, config.webex.parallel)) {
            let told = match told {
                Ok(person) => Ok(of_person(&person, &address, odd)),
                Err(error) if error.affects_all_calls() => return Err(error.into()),
                Err(error) if matches!(error.kind, Kind::Gone | Kind::Refused) => {
                    Err("Webex does not say who that is".to_owned())
                }
                Err(error) => Err(format!("not known yet: {error}")),
            };
            details.insert(id.clone(), told);
        }
        Ok(details)
    }
}

/// The members of the space, and who could see them.
fn seen(ctx: &Context<'_>, config: &Config, client: &Client<'_>, room: &str) -> Result<(Who, Vec<Membership>)> {
    let is_no = |error: &Error| matches!(error.kind, Kind::Gone | Kind::Refused);
    let bots = match directory::members(client, Who::Bot, room) {
        Ok(members) => return Ok((Who::Bot, members)),
        Err(error) if is_no(&error) || (error.kind == Kind::Bot && ctx.is_logged_in(config)) => error,
        Err(error) => return Err(error.into()),
    };
    let bot = client.ask::<Person>(&calls::me(Who::Bot)).ok();
    let bot =
        bot.and_then(|bot| bot.emails.first().cloned()).map_or("the bot".to_owned(), |it| format!("the bot, {it}"));
    let add = format!("add {bot}, to the space");
    if !ctx.is_logged_in(config) {
        return Err(Usage(format!("the bot sees no space of this id: {bots}\nhint: {add}, or check the id")).into());
    }
    match directory::members(client, Who::Organizer, room) {
        Ok(members) => Ok((Who::Organizer, members)),
        Err(error) if error.status == Some(403) => {
            let why = format!(
                "the bot is not in the space, and the organizer's login may not see its members: \
                 {error}\nhint: {add}; or give the integration the scope {MEMBERS_SCOPE}, and log in with \
                 `[roster] pull = \"room:…\"` in the config"
            );
            Err(NotKnown { who: Who::Organizer, why }.into())
        }
        Err(error) if is_no(&error) => {
            let text = format!(
                "neither the bot nor the organizer is in a space of this id: {error}\nhint: {add}, or check the id"
            );
            Err(Usage(text).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Everybody in the directory. What is odd is added to `odd`.
///
/// # Errors
/// The organizer is not an admin, or did not grant permission.
pub(crate) fn of_organization(client: &Client<'_>, odd: &mut Vec<String>) -> Result<Vec<Account>> {
    let people = directory::organization(client).map_err(|error| match error.status {
        Some(400 | 403) => {
            let why = format!(
                "only an admin's login may see the directory: {error}\nhint: give the integration the \
                 scope {DIRECTORY_SCOPE}, and have an admin log in with `[roster] pull = \"org\"` in the config"
            );
            anyhow::Error::from(NotKnown { who: Who::Organizer, why })
        }
        _ => error.into(),
    })?;
    let addresses: HashMap<&str, Box<str>> =
        people.iter().filter_map(|one| Some((one.id.as_str(), email(one.emails.first()?)?))).collect();
    let address = |id: &str| addresses.get(id).map(ToString::to_string);
    let accounts = people.iter().map(|person| of_person(person, &address, odd));
    Ok(accounts.filter(|account| !account.email.is_empty() && !account.is_bot).collect())
}

/// What the roster can use about a person. `address`: the address of an account, if it is known.
fn of_person(person: &Person, address: &dyn Fn(&str) -> Option<String>, odd: &mut Vec<String>) -> Account {
    let mut emails = person.emails.iter().filter_map(|one| email(one));
    let main = emails.next().unwrap_or_default();
    let named = |name: &str| Some(cell(name)).filter(|name| name.chars().any(char::is_alphabetic));
    let name = named(&person.display_name).or_else(|| named(&format!("{} {}", person.first_name, person.last_name)));
    let zone = cell(&person.timezone);
    if !zone.is_empty() && !is_zone(&zone) {
        odd.push(format!("{main} has “{zone}” as time zone at Webex, which is not one: it is left blank"));
    }
    let place =
        person.addresses.iter().find(|one| one.kind.eq_ignore_ascii_case("work")).or_else(|| person.addresses.first());
    // The id of an unknown account means nothing to anybody.
    let written = Some(cell(&person.manager)).filter(|manager| manager.contains(['@', ' ']));
    let values = [
        (Field::Department, cell(&person.department)),
        (Field::Manager, address(&person.manager_id).or(written).unwrap_or_default()),
        (Field::Timezone, if is_zone(&zone) { zone } else { String::new() }),
        (Field::Location, place.map(|place| cell(&place.locality)).unwrap_or_default()),
    ];
    Account {
        id: person.id.clone(),
        others: emails.collect(),
        email: main,
        name: name.unwrap_or_default(),
        is_bot: person.kind == "bot",
        organization: person.org_id.clone(),
        values: values.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
    }
}
