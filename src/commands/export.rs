//! `export`: everything that is kept about one person, as JSON.

use std::io::Write;

use anyhow::Result;
use serde_json::{Value, json};

use crate::app::context::{Context, stdout};
use crate::app::find_person;
use crate::app::forget::{self, Forgotten};
use crate::app::session::{Access, Session};
use crate::cli;
use crate::domain::language::Language;
use crate::domain::roster::{Roster, RosterIndex};
use crate::domain::state::bookings::{Booking, OffReason, Seen};
use crate::domain::state::forgetting::KnownBy;
use crate::domain::state::last_said::Topic;
use crate::domain::state::outbox::{Address, OutgoingMessage};
use crate::domain::state::{Group, Happened, PersonId, Round, State};
use crate::show::journal::{Shown, of_entry};
use crate::store::inbox::Inbox;
use crate::store::journal;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Export) -> Result<()> {
    let session = Session::open(ctx, Access::Look)?;
    let (inputs, state) = (&session.inputs, &session.stored.state);
    let email = match find_person::find(&inputs.roster, &args.person) {
        Ok(at) => inputs.roster.employee(at).email.to_string(),
        Err(error) => match find_person::find_who_left(state, &args.person) {
            Some(person) => state.email(person).to_owned(),
            None => return Err(error),
        },
    };
    let whom = Forgotten::of(&email, state, &inputs.config, &inputs.roster);
    let files = forget::still_in(ctx, &inputs.config, &whom)?;
    let inbox = Inbox::of(&inputs.config.programme.state)?;
    let waiting: Vec<Value> = inbox
        .list()?
        .iter()
        .filter_map(|entry| inbox.read(entry).ok())
        .filter(|body| whom.addresses.is_in(&String::from_utf8_lossy(body)))
        .filter_map(|body| serde_json::from_slice(&body).ok())
        .collect();
    let (mut entries, _) = journal::read(&inputs.config.programme.state)?;
    entries.retain_mut(|entry| whom.person.is_some_and(|person| entry.narrow_to(person)));
    let people = session.people();
    let shown = Shown { entries: &entries, people: &people, timezone: inputs.config.meeting.timezone };
    let document = json!({
        "email": email,
        "roster": inputs.roster.known_as(&email).map(|at| row(&inputs.roster, at)),
        "state": whom.person.map(|person| of_state(state, person, &whom.known_by)),
        "journal": entries.iter().map(|entry| of_entry(&shown, entry)).collect::<Vec<_>>(),
        "waiting_events": waiting,
        "named_in": files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
        "at_webex": "meetings that are booked or not long over, the chat with the bot, and the invitations in people's mailboxes",
    });
    let (mut out, _) = stdout();
    serde_json::to_writer_pretty(&mut out, &document)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// What the roster says about them.
fn row(roster: &Roster, at: RosterIndex) -> Value {
    let one = roster.employee(at);
    let columns = roster.columns.iter().map(|column| {
        let value = column.cells.get(at.index()).and_then(|cell| column.values.get(*cell as usize));
        (column.heading.clone(), json!(value))
    });
    json!({
        "name": one.name,
        "timezone": one.timezone.map(|zone| zone.name().to_owned()),
        "working_hours": one.working_hours.as_ref().map(ToString::to_string),
        "workdays": one.workdays.map(|days| days.to_string()),
        "paused_until": one.paused_until,
        "language": one.language.map(Language::code),
        "formerly": roster.former_of(&one.email),
        "columns": columns.collect::<serde_json::Map<_, _>>(),
    })
}

/// What the state says about them. What others told the bot about them is not theirs.
fn of_state(state: &State, person: PersonId, known_by: &KnownBy) -> Value {
    let bookings = state.bookings.iter().filter(|booking| booking.people.has(person));
    let called_off = state.called_off.iter().filter(|it| it.people.has(person)).map(|it| {
        json!({
            "round": it.round, "with": others(state, it.people, person), "start": it.start.to_rfc3339(),
            "minutes": it.minutes, "why": why_off(&it.why, person),
        })
    });
    let choice = state.choice_of(person);
    let told = state.told.iter().filter(|told| told.people.contains(&person));
    let told = told.map(|told| json!({ "what": told.kind.name(), "about": told.about, "on": told.on }));
    let asked = state.last_said.iter().filter(|it| it.person == person).map(|it| {
        let about = it.question.about.as_ref().map(asked_about);
        json!({ "at": it.at, "about": about, "typed": it.question.typed, "choices": it.question.choices })
    });
    let theirs = Address::Person(state.email(person).into());
    let waits = |message: &OutgoingMessage| json!({ "written": message.at, "text": message.text });
    let news = state.news.iter().filter(|news| news.person == person);
    let news = news.map(|news| json!({ "on": news.on, "what": happened(news.what) }));
    json!({
        "number": person.number(),
        "rounds": rounds(state, person),
        "meetings": bookings.map(|booking| meeting(state, booking, person)).collect::<Vec<_>>(),
        "called_off": called_off.collect::<Vec<_>>(),
        "choices": {
            "paused_until": choice.paused_until,
            "stopped": choice.stopped,
            "skipped": choice.skipped,
            "not_with": choice.not_with.iter().map(|other| state.email(*other)).collect::<Vec<_>>(),
            "unreachable_since": choice.unreachable,
            "last_sign": choice.last_sign,
            "has_a_break_for_silence": choice.silent,
        },
        "told": told.collect::<Vec<_>>(),
        "asked_back": asked.collect::<Vec<_>>(),
        "waiting_messages":
            state.outbox.iter().filter(|message| message.to == theirs).map(waits).collect::<Vec<_>>(),
        "waiting_messages_that_name_them": state.waiting_about(person, known_by).map(waits).collect::<Vec<_>>(),
        "told_to_organizers_next": news.collect::<Vec<_>>(),
        "joined": state.joined.iter().flatten().find(|joined| joined.person == person).map(|joined| joined.on),
        "left_as": state.left.iter().find(|left| left.person == person).map(|left| &left.name),
    })
}

/// The addresses of the others in a group.
fn others(state: &State, group: Group, person: PersonId) -> Vec<&str> {
    group.people().iter().filter(|id| **id != person).map(|id| state.email(*id)).collect()
}

/// The rounds in which they take part, are left out, or lost their partner.
fn rounds(state: &State, person: PersonId) -> Vec<Value> {
    let of_round = |round: &Round| {
        let meeting = round.groups().find(|(_, group)| group.has(person)).map(|(start, group)| {
            let mut json = json!({ "start": start.to_rfc3339(), "with": others(state, group, person) });
            if round.outcomes.held.binary_search(&group).is_ok() {
                json["took_place"] = true.into();
            }
            json
        });
        let left_out = round.left_out.iter().find(|left_out| left_out.people.contains(&person));
        let left_out = left_out.map(|left_out| left_out.reason.to_string());
        let released = round.changes.released.iter().filter(|it| it.people.has(person)).map(
            |it| json!({ "with": others(state, it.people, person), "at": it.at, "why": why_off(&it.why, person) }),
        );
        let released: Vec<Value> = released.collect();
        let drawn = round.changes.missing.iter().find(|group| group.has(person));
        let drawn = drawn.map(|group| others(state, *group, person));
        let is_theirs = meeting.is_some() || left_out.is_some() || drawn.is_some() || !released.is_empty();
        is_theirs.then(|| {
            json!({
                "round": round.date, "meeting": meeting, "left_out": left_out, "drawn_with_at_first": drawn,
                "released_from": released,
            })
        })
    };
    state.rounds.iter().filter_map(of_round).collect()
}

/// A booking of theirs.
fn meeting(state: &State, booking: &Booking, person: PersonId) -> Value {
    let seen = booking.seen.map(|seen| match seen {
        Seen::One(who) if who == person => "they were there, and waited alone",
        Seen::One(_) => "somebody else waited alone",
        Seen::Both => "both were there",
        Seen::Nobody => "nobody was there",
        Seen::Unclear => "it is unclear who was there",
    });
    let says = match (booking.accounts.met.contains(&person), booking.accounts.could_not.contains(&person)) {
        (true, _) => Some("met"),
        (_, true) => Some("could not"),
        _ => None,
    };
    let suggestion = booking.proposal.as_ref().map(|suggestion| {
        json!({
            "number": suggestion.number, "by": state.email(suggestion.by), "start": suggestion.start.to_rfc3339(),
            "expires": suggestion.expires, "they_agree": suggestion.agreed.contains(&person),
        })
    });
    let is_host = booking.host == Some(person);
    let invited_as = booking.invited_as.iter().find(|(invited, _)| *invited == person).map(|(_, address)| address);
    json!({
        "round": booking.round, "with": others(state, booking.people, person), "start": booking.start.to_rfc3339(),
        "minutes": booking.minutes, "seen": seen, "they_say": says,
        "agreed_time": booking.agreed.map(|time| time.to_rfc3339()),
        "moved_from": booking.moved_from.map(|time| time.to_rfc3339()),
        "suggestion": suggestion, "they_host": is_host,
        "hosted_as": booking.hosted_as.as_ref().filter(|_| is_host), "invited_as": invited_as,
    })
}

/// Why a meeting of theirs is off; of the others, not who it was.
fn why_off(why: &OffReason, person: PersonId) -> &'static str {
    match why {
        OffReason::Gone(gone) if gone.contains(&person) => "they could not come",
        OffReason::Gone(_) => "somebody else could not come",
        OffReason::DayOff => "a day off",
        OffReason::Rules => "a rule",
        OffReason::WeekOff => "the week is off",
        OffReason::NoTime => "no time in everybody's working hours",
        OffReason::ByHand => "deleted at Webex",
        OffReason::DrawnAgain => "drawn again",
        OffReason::NeverBooked => "never booked",
    }
}

/// Something that happened to them, and of which the organizers are yet to hear.
fn happened(what: Happened) -> String {
    match what {
        Happened::Joined => "joined".to_owned(),
        Happened::Left => "left".to_owned(),
        Happened::Stopped => "stopped".to_owned(),
        Happened::Paused(until) => format!("paused until {until}"),
        Happened::Silent => "put on a break, after no sign for a long time".to_owned(),
        Happened::NewAddress => "has a new address".to_owned(),
    }
}

/// What a question is about.
fn asked_about(topic: &Topic) -> Value {
    match topic {
        Topic::Proposal(meeting, _) => json!({ "new_time_of": meeting }),
        Topic::Suggested(meeting) => json!({ "suggested_a_time_for": meeting }),
        Topic::Outcome(meeting) => json!({ "outcome_of": meeting }),
        Topic::GoOn => json!("whether they want to go on"),
        Topic::NewTime(meeting, date, time) => json!({ "new_time_of": meeting, "day": date, "time": time }),
    }
}
