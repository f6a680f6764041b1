//! Who is in a space, and what is known about people, as far as the caller may see it. One odd item does not stop the
//! others. Knows the calls; knows no roster.

use serde_json::Value;

use super::calls::{self, Who};
use super::client::Client;
use super::error::Error;
use super::wire::{Membership, Person};
use crate::parallel::map_concurrently;

/// The members of a space. An item that cannot be read has no address: nobody is left out unnoticed.
///
/// # Errors
/// The caller is not in it, or may not look.
pub fn members(client: &Client<'_>, who: Who, room: &str) -> Result<Vec<Membership>, Error> {
    let items: Vec<Value> = client.list(&calls::memberships(who, room))?;
    Ok(items.into_iter().map(|item| serde_json::from_value(item).unwrap_or_default()).collect())
}

/// What is known about each of these accounts, `parallel` at once, in order.
pub fn people(client: &Client<'_>, who: Who, ids: &[String], parallel: usize) -> Vec<Result<Person, Error>> {
    map_concurrently(ids, parallel, |id| client.ask(&calls::person(who, id)))
}

/// Everybody in the organization.
///
/// # Errors
/// The organizer is not an admin, or did not grant permission.
pub fn organization(client: &Client<'_>) -> Result<Vec<Person>, Error> {
    client.list(&calls::organization())
}
