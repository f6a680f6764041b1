//! Who is in a space, and what is known of people: as much as whoever asks may see. One odd item stops no other.
//! Knows the calls; knows no roster.

use serde_json::Value;

use super::calls::{self, Who};
use super::client::Client;
use super::error::Error;
use super::meetings::all;
use super::wire::{Membership, Person};

/// Who is in a space. An item that cannot be read is one without an address: nobody is left out unseen.
///
/// # Errors
/// Whoever asks is not in it, or may not look.
pub fn members(client: &Client<'_>, who: Who, room: &str) -> Result<Vec<Membership>, Error> {
    let items: Vec<Value> = client.list(&calls::memberships(who, room))?;
    Ok(items.into_iter().map(|item| serde_json::from_value(item).unwrap_or_default()).collect())
}

/// What is known of each of these accounts, `parallel` at once, in their order.
pub fn people(client: &Client<'_>, who: Who, ids: &[String], parallel: usize) -> Vec<Result<Person, Error>> {
    all(ids, parallel, |id| client.ask(&calls::person(who, id)))
}

/// Everybody in the organization.
///
/// # Errors
/// The organizer is no admin, or did not allow to look.
pub fn organization(client: &Client<'_>) -> Result<Vec<Person>, Error> {
    client.list(&calls::organization())
}
