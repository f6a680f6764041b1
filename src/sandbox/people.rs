//! Who is at the sandbox, and `/people`.
//! Knows names, addresses and ids; knows nothing of meetings and messages.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::errors::Refusal;
use super::http::{Answer, Call, page};
use super::ids;
use super::model::Model;

/// The organizer's address: who logs in unless somebody else is chosen.
pub const ORGANIZER: &str = "organizer@example.com";
/// The bot's address.
pub const BOT: &str = "roulette@webex.bot";

/// A person at the sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The address, in lower case: it is the person's identity.
    pub email: String,
    /// The name that others see.
    pub name: String,
    /// The department that admins see; "" if there is none.
    pub department: String,
    /// Their own time zone.
    pub timezone: Tz,
    /// Everything else in their profile, under Webex's names: another organization, for example, or another account's
    /// id.
    #[serde(default)]
    pub profile: Map<String, Value>,
}

/// The members that only admins see.
const ADMINS: [&str; 6] = ["department", "manager", "managerId", "title", "addresses", "loginEnabled"];

impl Person {
    pub(super) fn id(&self) -> String {
        self.told("id").unwrap_or_else(|| person_id(&self.email))
    }

    pub(super) fn is_bot(&self) -> bool {
        self.email == BOT || self.told("type").is_some_and(|kind| kind == "bot")
    }

    /// The id of the organization.
    pub(super) fn org(&self) -> String {
        self.told("orgId").unwrap_or_else(org_id)
    }

    fn told(&self, member: &str) -> Option<String> {
        Some(self.profile.get(member)?.as_str()?.to_owned())
    }

    fn json(&self, admin: bool) -> Value {
        let (first, last) = self.name.rsplit_once(' ').unwrap_or((&self.name, ""));
        let mut json = json!({
            "id": self.id(),
            "emails": [self.email],
            "displayName": self.name,
            "nickName": first,
            "firstName": first,
            "lastName": last,
            "orgId": org_id(),
            "created": "2026-01-01T08:00:00.000Z",
            "timezone": self.timezone.name(),
            "status": "active",
            "type": if self.is_bot() { "bot" } else { "person" },
        });
        if admin {
            json["department"] = json!(self.department);
            json["loginEnabled"] = json!("true");
        }
        for (member, value) in self.profile.iter().filter(|(member, _)| admin || !ADMINS.contains(&member.as_str())) {
            json[member] = value.clone();
        }
        json
    }
}

/// Derived from the address alone, so that it survives a change of the roster.
pub(super) fn person_id(email: &str) -> String {
    ids::spark("PEOPLE", email)
}

pub(super) fn org_id() -> String {
    ids::spark("ORGANIZATION", "sandbox")
}

fn sees_all(call: &Call) -> Result<bool, Refusal> {
    let caller = call.caller()?;
    Ok(caller.has("spark-admin:people_read"))
}

fn may_look(call: &Call) -> Result<(), Refusal> {
    let caller = call.caller()?;
    if caller.is_bot() { Ok(()) } else { caller.needs(&["spark:people_read", "spark:all", "spark-admin:people_read"]) }
}

/// `GET /people/me`
pub(super) fn me(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&["callingData"])?;
    let person = model.person(&call.caller()?.email).ok_or_else(|| Refusal::not_found("The person"))?;
    Ok(Answer::json(&person.json(sees_all(call)?)))
}

/// `GET /people/{id}`
pub(super) fn one(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&["callingData"])?;
    may_look(call)?;
    let person = model.person_by_id(&call.id).ok_or_else(|| Refusal::not_found("The person"))?;
    Ok(Answer::json(&person.json(sees_all(call)?)))
}

/// `GET /people`
pub(super) fn list(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs =
        call.query(&["email", "displayName", "id", "orgId", "callingData", "max", "excludeStatus", "cursor"])?;
    may_look(call)?;
    let max = pairs.max(100, 1000)?;
    let (email, name, ids) = (pairs.get("email"), pairs.get("displayName"), pairs.get("id"));
    let own = model.person(&call.caller()?.email).map(Person::org);
    let admin = sees_all(call)?;
    if email.or(name).or(ids).is_none() && !admin {
        return Err(Refusal::bad("one of “email”, “displayName” and “id” is needed"));
    }
    let ids: Option<Vec<&str>> = ids.map(|ids| ids.split(',').collect());
    if ids.as_ref().is_some_and(|ids| ids.len() > 85) {
        return Err(Refusal::bad("“id” takes at most 85 ids"));
    }
    let wanted = |person: &&Person| {
        own.as_ref() == Some(&person.org())
            && email.is_none_or(|email| person.email == email.to_lowercase())
            && name.is_none_or(|name| person.name.to_lowercase().starts_with(&name.to_lowercase()))
            && ids.as_ref().is_none_or(|ids| ids.contains(&person.id().as_str()))
    };
    // As in Webex: people who are requested by id are shown without what only admins see.
    let shown = admin && ids.is_none();
    page(call, &pairs, max, model.people.iter().filter(wanted).map(|person| person.json(shown)).collect())
}
