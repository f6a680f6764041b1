//! Everything the sandbox knows: people, meetings, mails, messages, logins. A plain value that is saved and loaded as a
//! whole. Changed only by the functions of the calls, which take the time as an argument; knows no clock and no socket,
//! and no file except zone files.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::devices::Device;
use super::meetings::{Mail, Meeting, Visit};
use super::messages::{self, Action, Message, Room};
use super::oauth::Logins;
use super::people::{BOT, ORGANIZER, Person, person_id};
use super::webhooks::{Notice, Webhook};
use super::zoneinfo::Zoneinfo;

/// The state of the small Webex.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Model {
    pub(super) people: Vec<Person>,
    pub(super) meetings: Vec<Meeting>,
    pub(super) mails: Vec<Mail>,
    /// Who was in which meeting.
    #[serde(default)]
    pub(super) visits: Vec<Visit>,
    pub(super) bookings: Vec<Booking>,
    pub(super) rooms: Vec<Room>,
    pub(super) messages: Vec<Message>,
    pub(super) actions: Vec<Action>,
    pub(super) webhooks: Vec<Webhook>,
    /// The devices to which websockets belong.
    #[serde(default)]
    pub(super) devices: Vec<Device>,
    pub(super) logins: Logins,
    /// How many ids have been given out.
    count: u64,
    /// The notices that are not on their way yet.
    #[serde(skip)]
    pub(super) notices: Vec<Notice>,
    /// The zone files from which offsets are read.
    #[serde(skip)]
    pub(super) zoneinfo: Zoneinfo,
}

/// A call that counts toward the quota.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Booking {
    pub(super) at: DateTime<Utc>,
    /// The caller's address.
    pub(super) caller: String,
    /// The host's address.
    pub(super) host: String,
}

impl Model {
    /// A model with these people, the organizer and the bot.
    pub(super) fn new(people: Vec<Person>, timezone: Tz) -> Self {
        let mut model = Self { rooms: vec![messages::organizers()], ..Self::default() };
        model.admit(people, timezone);
        model
    }

    /// Adds people who are not there yet, and updates the others. The organizer lives in `timezone`.
    pub(super) fn admit(&mut self, people: Vec<Person>, timezone: Tz) {
        let staff = |email: &str, name: &str, department: &str| Person {
            email: email.to_owned(),
            name: name.to_owned(),
            department: department.to_owned(),
            timezone,
            profile: Map::new(),
        };
        let own = [staff(ORGANIZER, "Nadia Organizer", "People"), staff(BOT, "Roulette", "")];
        for person in own.into_iter().chain(people) {
            match self.people.iter_mut().find(|it| it.email == person.email) {
                Some(known) => {
                    let profile = std::mem::take(&mut known.profile);
                    *known = Person { profile, ..person };
                }
                None => self.people.push(person),
            }
        }
    }

    /// Changes somebody's profile, under Webex's names; somebody who is not there yet is added.
    pub(super) fn profile(&mut self, email: &str, profile: &Map<String, Value>) {
        if self.person(email).is_none() {
            let name = profile.get("displayName").and_then(Value::as_str).unwrap_or(email).to_owned();
            let (email, timezone) = (email.to_lowercase(), Tz::UTC);
            self.people.push(Person { email, name, department: String::new(), timezone, profile: Map::new() });
        }
        let person = self.people.iter_mut().find(|person| person.email == email.to_lowercase());
        person.into_iter().for_each(|person| person.profile.extend(profile.clone()));
    }

    /// Gives somebody another address. The account is the same: it keeps its id, and stays wherever it is a member.
    pub(super) fn readdress(&mut self, from: &str, to: &str) {
        let (from, to) = (from.to_lowercase(), to.to_lowercase());
        for person in self.people.iter_mut().filter(|person| person.email == from) {
            person.profile.insert("id".to_owned(), Value::from(person.id()));
            person.email.clone_from(&to);
        }
        let members = self.rooms.iter_mut().flat_map(|room| &mut room.members);
        members.filter(|member| **member == from).for_each(|member| member.clone_from(&to));
    }

    pub(super) fn person(&self, email: &str) -> Option<&Person> {
        let email = email.trim().to_lowercase();
        self.people.iter().find(|person| person.email == email)
    }

    /// The id of the account with that address, which stays when the account gets another one; an address that nobody has
    /// now stands for the account that had it first.
    pub(super) fn id_of(&self, email: &str) -> String {
        self.person(email).map_or_else(|| person_id(email), Person::id)
    }

    pub(super) fn person_by_id(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id() == id)
    }

    /// The name that belongs to an address: the address itself if nobody has it.
    pub(super) fn name(&self, email: &str) -> String {
        self.person(email).map_or_else(|| email.to_owned(), |person| person.name.clone())
    }

    /// The next number for an id.
    pub(super) fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// Forgets what no longer counts toward the quota.
    pub(super) fn forget_bookings(&mut self, now: DateTime<Utc>) {
        self.bookings.retain(|booking| now - booking.at < Duration::hours(24));
    }
}
