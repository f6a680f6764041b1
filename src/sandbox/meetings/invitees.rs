//! `/meetingInvitees`: who is invited to a meeting.
//! Knows the meeting's invitees and their mails.

use serde_json::{Value, json};

use super::{
    ADMIN_READ, ADMIN_WRITE, About, Invitee, Mail, Meeting, acting_for, find, find_hosted, may_read, may_write,
    sends_email, text,
};
use crate::sandbox::errors::Refusal;
use crate::sandbox::http::{Answer, Call, page};
use crate::sandbox::model::Model;
use crate::sandbox::shape::Kind::{Email, Flag, Text};
use crate::sandbox::shape::{self, Field, may, must};

const ADD: &[Field] = &[
    must("meetingId", Text(200)),
    must("email", Email),
    may("displayName", Text(128)),
    may("coHost", Flag),
    may("hostEmail", Email),
    may("sendEmail", Flag),
    may("panelist", Flag),
];

/// A person as named in a request.
pub(super) fn read(model: &mut Model, meeting: &Meeting, invitee: &Value) -> Invitee {
    let email = invitee["email"].as_str().unwrap_or_default().trim().to_lowercase();
    let given = invitee["displayName"].as_str();
    Invitee {
        id: format!("{}_{}", meeting.id, 2_000_000 + model.next()),
        name: model.person(&email).map(|it| it.name.as_str()).or(given).unwrap_or(&email).to_owned(),
        co_host: invitee["coHost"].as_bool().unwrap_or(false),
        email,
    }
}

fn answer(meeting: &Meeting, invitee: &Invitee) -> Value {
    json!({
        "id": invitee.id,
        "email": invitee.email,
        "displayName": invitee.name,
        "coHost": invitee.co_host,
        "panelist": false,
        "meetingId": meeting.id,
    })
}

/// `GET /meetingInvitees`
pub(in crate::sandbox) fn list(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["meetingId", "max", "hostEmail", "panelist", "cursor"])?;
    let caller = call.caller()?;
    may_read(caller)?;
    let who = acting_for(model, caller, pairs.get("hostEmail"), ADMIN_READ)?;
    let max = pairs.max(10, 100)?;
    let meeting = &model.meetings[find(model, pairs.must("meetingId")?, &who)?];
    let mut invitees: Vec<&Invitee> = meeting.invitees.iter().collect();
    invitees.sort_by(|a, b| a.email.cmp(&b.email));
    page(call, &pairs, max, invitees.into_iter().map(|it| answer(meeting, it)).collect())
}

/// `POST /meetingInvitees`
pub(in crate::sandbox) fn add(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let caller = call.caller()?;
    may_write(caller)?;
    let body = shape::read(ADD, &call.body)?;
    let who = acting_for(model, caller, text(&body, "hostEmail"), ADMIN_WRITE)?;
    let index = find_hosted(model, text(&body, "meetingId").unwrap_or_default(), &who)?;
    let sends_email = sends_email(&body);
    let meeting = model.meetings[index].clone();
    let invitee = read(model, &meeting, &Value::Object(body));
    if meeting.invitees.iter().any(|it| it.email == invitee.email) {
        return Err(Refusal::new(409, "This person is invited already."));
    }
    if sends_email {
        model.mails.push(meeting.mail(&invitee.email, About::Invitation, call.now));
    }
    let answer = answer(&meeting, &invitee);
    model.meetings[index].invitees.push(invitee);
    Ok(Answer::json(&answer))
}

/// `DELETE /meetingInvitees/{id}`
pub(in crate::sandbox) fn remove(model: &mut Model, call: &Call) -> Result<Answer, Refusal> {
    let pairs = call.query(&["hostEmail", "sendEmail"])?;
    let caller = call.caller()?;
    may_write(caller)?;
    let who = acting_for(model, caller, pairs.get("hostEmail"), ADMIN_WRITE)?;
    let sends_email = pairs.flag("sendEmail")?.unwrap_or(true);
    let not_found = || Refusal::not_found("The invitee");
    let meeting = call.id.rsplit_once('_').map(|(meeting, _)| meeting).ok_or_else(not_found)?;
    let index = find_hosted(model, meeting, &who)?;
    let meeting = &mut model.meetings[index];
    let place = meeting.invitees.iter().position(|it| it.id == call.id).ok_or_else(not_found)?;
    let gone = meeting.invitees.remove(place);
    if sends_email {
        let mail: Mail = meeting.mail(&gone.email, About::Cancellation, call.now);
        model.mails.push(mail);
    }
    Ok(Answer::nothing())
}
