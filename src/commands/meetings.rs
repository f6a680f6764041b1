//! `meetings`: each meeting as it stands, with its people, its time and what became of it.

use std::io::Write;

use anyhow::Result;

use super::in_order;
use crate::app::context::{Context, stdout};
use crate::app::find_person;
use crate::app::session::{Access, Session};
use crate::cli;
use crate::domain::calendar::week_of;
use crate::domain::roster::RosterIndex;
use crate::domain::scheduling::Today;
use crate::domain::scheduling::overview::{self, MeetingView};
use crate::domain::state::PersonId;
use crate::domain::state::bookings::Bookings;
use crate::show::meetings::{self, Shown};

/// Whose meetings are requested.
#[derive(Clone, Copy)]
enum Sought {
    OnRoster(RosterIndex),
    /// Somebody who is no longer on the roster.
    Left(PersonId),
}

pub(super) fn run(ctx: &Context<'_>, args: &cli::Meetings) -> Result<()> {
    let mut session = Session::open(ctx, Access::Look)?;
    in_order(args.from, args.to)?;
    let roster = &session.inputs.roster;
    let state = &session.stored.state;
    let find = |who: &str| match find_person::find(roster, who) {
        Ok(person) => Ok(Sought::OnRoster(person)),
        Err(error) => find_person::find_who_left(state, who).map(Sought::Left).ok_or(error),
    };
    let person = args.person.as_deref().map(find).transpose()?;
    let replan = session.look_in_line(ctx);
    let people = session.people();
    let (inputs, state) = (&session.inputs, &session.stored.state);
    let meeting = &inputs.config.meeting;
    if let Some(date) = args.round
        && !state.rounds.iter().any(|round| week_of(round.date) == week_of(date))
    {
        ctx.say(format_args!("no round is drawn for the week of {date}"));
    }
    let today = Today { state, people: &people, booked: &Bookings::new(state), meeting, now: ctx.now, replan: &replan };
    let wanted = |date| args.round.is_none_or(|round| week_of(round) == week_of(date));
    let mut found = overview::meetings(today, &inputs.rules, |round| wanted(round.date));
    let is_theirs = |meeting: &MeetingView| {
        let mut those = meeting.people.people().iter();
        match person {
            None => true,
            Some(Sought::OnRoster(person)) => those.any(|id| people.position(*id) == Some(person)),
            Some(Sought::Left(person)) => those.any(|id| *id == person),
        }
    };
    let days = (args.from, args.to);
    found.retain(|meeting| is_theirs(meeting) && overview::is_within(meeting, inputs.config.meeting.timezone, days));
    let shown = Shown { meetings: &found, people: &people, timezone: inputs.config.meeting.timezone };
    let (mut out, width) = stdout();
    meetings::write(&shown, args.format, width, &mut out)?;
    Ok(out.flush()?)
}
