//! Rooms and who is in them: `/rooms` and `/memberships`.
//! Knows people by address; knows no message.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::time;
use crate::sandbox::errors::Refusal;
use crate::sandbox::http::{Answer, Call, page};
use crate::sandbox::ids;
use crate::sandbox::model::Model;
use crate::sandbox::people::{BOT, ORGANIZER, Person, org_id};

/// A room: for two people, or a group space.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::sandbox) struct Room {
    pub(in crate::sandbox) id: String,
    /// The title; only a group space has one.
    pub(in crate::sandbox) title: Option<String>,
    /// The addresses of the members.
    pub(in crate::sandbox) members: Vec<String>,
    created: DateTime<Utc>,
}

/// The id of the organizers' space.
pub(in crate::sandbox) fn organizers_id() -> String {
    ids::spark("ROOM", "organizers")
}

/// The organizers' space.
pub(in crate::sandbox) fn organizers() -> Room {
    Room {
        id: organizers_id(),
        title: Some("Roulette organizers".to_owned()),
        members: vec![ORGANIZER.to_owned(), BOT.to_owned()],
        created: DateTime::UNIX_EPOCH,
    }
}

/// The id of the room for two people, which need not exist yet.
pub(in crate::sandbox) fn direct_id(one: &str, other: &str) -> String {
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    ids::spark("ROOM", &format!("{first} {second}"))
}

impl Room {
    pub(in crate::sandbox) fn is_group(&self) -> bool {
        self.title.is_some()
    }

    pub(in crate::sandbox) fn has(&self, email: &str) -> bool {
        self.members.iter().any(|member| member == email)
    }

    pub(super) fn kind(&self) -> &'static str {
        if self.is_group() { "group" } else { "direct" }
    }

    fn json(&self, model: &Model, who: &str, last: DateTime<Utc>) -> Value {
        let other = || self.members.iter().find(|member| *member != who).map(|member| model.name(member));
        json!({
            "id": self.id,
            "title": self.title.clone().or_else(other),
            "type": self.kind(),
            "isLocked": false,
            "creatorId": self.members.first().map(|member| model.id_of(member)),
            "created": time(self.created),
            "lastActivity": time(last),
            "ownerId": org_id(),
        })
    }
}

impl Model {
    pub(in crate::sandbox) fn room(&self, id: &str) -> Option<&Room> {
        self.rooms.iter().find(|room| room.id == id)
    }

    /// The id of the group space with that title, created if necessary; from now on these are its members.
    pub(in crate::sandbox) fn space(&mut self, title: &str, members: Vec<String>, now: DateTime<Utc>) -> String {
        if let Some(room) = self.rooms.iter_mut().find(|room| room.title.as_deref() == Some(title)) {
            room.members = members;
            return room.id.clone();
        }
        let id = ids::spark("ROOM", title);
        self.rooms.push(Room { id: id.clone(), title: Some(title.to_owned()), members, created: now });
        id
    }

    /// The id of the room for two people, created if necessary.
    pub(super) fn direct_room(&mut self, one: &str, other: &str, now: DateTime<Utc>) -> String {
        let id = direct_id(one, other);
        if self.room(&id).is_none() {
            let members = vec![one.to_owned(), other.to_owned()];
            self.rooms.push(Room { id: id.clone(), title: None, members, created: now });
        }
        id
    }
}

fn may_see(call: &Call, scope: &str) -> Result<(), Refusal> {
    let caller = call.caller()?;
    if caller.is_bot() { Ok(()) } else { caller.needs(&[scope, "spark:all"]) }
}

/// `GET /rooms`
pub(in crate::sandbox) fn list(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["type", "sortBy", "max", "cursor"])?;
    may_see(call, "spark:rooms_read")?;
    let me = &call.caller()?.email;
    let max = pairs.max(100, 1000)?;
    let kind = pairs.get("type");
    if kind.is_some_and(|kind| !["direct", "group"].contains(&kind)) {
        return Err(Refusal::bad("“type” must be direct or group"));
    }
    let sort = pairs.get("sortBy");
    if sort.is_some_and(|sort| !["id", "lastactivity", "created"].contains(&sort)) {
        return Err(Refusal::bad("“sortBy” must be id, lastactivity or created"));
    }
    let mine = model.rooms.iter().filter(|room| room.has(me) && kind.is_none_or(|kind| room.kind() == kind));
    let last: HashMap<&str, DateTime<Utc>> = model.messages.iter().map(|it| (&*it.room, it.created)).collect();
    let mut mine: Vec<(&Room, DateTime<Utc>)> =
        mine.map(|room| (room, last.get(&*room.id).copied().unwrap_or(room.created))).collect();
    match sort {
        Some("lastactivity") => mine.sort_by_key(|(_, last)| Reverse(*last)),
        Some("created") => mine.sort_by_key(|(room, _)| Reverse(room.created)),
        _ => {}
    }
    page(call, &pairs, max, mine.into_iter().map(|(room, last)| room.json(model, me, last)).collect())
}

/// `GET /rooms/{id}`
pub(in crate::sandbox) fn one(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    call.query(&[])?;
    may_see(call, "spark:rooms_read")?;
    let me = &call.caller()?.email;
    let room = model.room(&call.id).filter(|room| room.has(me)).ok_or_else(|| Refusal::not_found("The room"))?;
    let last = model.messages.iter().rfind(|message| message.room == room.id).map_or(room.created, |it| it.created);
    Ok(Answer::json(&room.json(model, me, last)))
}

/// `GET /memberships`
pub(in crate::sandbox) fn memberships(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["roomId", "personId", "personEmail", "max", "cursor"])?;
    may_see(call, "spark:memberships_read")?;
    let me = &call.caller()?.email;
    let max = pairs.max(100, 1000)?;
    let (room, id, email) = (pairs.get("roomId"), pairs.get("personId"), pairs.get("personEmail"));
    if room.is_none() && id.or(email).is_some() {
        return Err(Refusal::bad("“personId” and “personEmail” need a “roomId”"));
    }
    if room.is_some_and(|id| !model.room(id).is_some_and(|room| room.has(me))) {
        return Err(Refusal::not_found("The room"));
    }
    let rooms = model.rooms.iter().filter(|it| it.has(me) && room.is_none_or(|id| it.id == id));
    let both = rooms.flat_map(|room| room.members.iter().map(move |member| (room, member)));
    let wanted = both.filter(|(_, member)| {
        id.is_none_or(|id| model.id_of(member) == id) && email.is_none_or(|email| **member == email.to_lowercase())
    });
    let membership = |(room, member): (&Room, &String)| {
        json!({
            "id": ids::spark("MEMBERSHIP", &format!("{} {member}", room.id)),
            "roomId": room.id,
            "roomType": room.kind(),
            "personId": model.id_of(member),
            "personEmail": member,
            "personDisplayName": model.name(member),
            "personOrgId": model.person(member).map_or_else(org_id, Person::org),
            "isModerator": false,
            "isMonitor": false,
            "created": time(room.created),
        })
    };
    page(call, &pairs, max, wanted.map(membership).collect())
}
