//! `log`: the journal of what was drawn, booked, moved, sent and refused.

use std::io::Write;

use anyhow::Result;

use crate::app::context::{Context, stdout};
use crate::app::find_person;
use crate::app::session::{Access, Session};
use crate::cli;
use crate::domain::calendar::week_of;
use crate::domain::journal::Entry;
use crate::domain::state::PersonId;
use crate::domain::text::counted;
use crate::show::journal::{self as show, Shown};
use crate::store::journal;

pub(super) fn run(ctx: &Context<'_>, args: &cli::Log) -> Result<()> {
    let session = Session::open(ctx, Access::Look)?;
    let inputs = &session.inputs;
    let state = &inputs.config.programme.state;
    let person = args.person.as_deref().map(|who| find(&session, who)).transpose()?;
    let (mut entries, odd) = journal::read(state)?;
    if odd > 0 {
        let lines = counted(odd, "line is", "lines are");
        ctx.say(format_args!("warning: {}: {lines} not understood", journal::path(state).display()));
    }
    let timezone = inputs.config.meeting.timezone;
    entries.retain_mut(|entry: &mut Entry| {
        let is_of_round = args.round.is_none_or(|day| entry.round.is_some_and(|round| week_of(round) == week_of(day)));
        let is_since = args.since.is_none_or(|day| entry.at.with_timezone(&timezone).date_naive() >= day);
        is_of_round && is_since && person.is_none_or(|person| entry.narrow_to(person))
    });
    let people = session.people();
    let shown = Shown { entries: &entries, people: &people, timezone };
    let (mut out, width) = stdout();
    show::write(&shown, args.format, width, &mut out)?;
    Ok(out.flush()?)
}

/// The person with that address or name, whether or not they are still on the roster.
fn find(session: &Session, who: &str) -> Result<PersonId> {
    let (roster, state) = (&session.inputs.roster, &session.stored.state);

    match find_person::find(roster, who) {
        Ok(at) => {
            let email = &*roster.employee(at).email;
            // Somebody who was never in a draw has no number, and no entries.
            Ok(state.find(email).unwrap_or(PersonId::NOBODY))
        }
        Err(error) => find_person::find_who_left(state, who).ok_or(error),
    }
}
