//! Warns about meetings that Webex may not allow one host to have at one time, and says what helps.

use chrono::NaiveDate;

use super::context::Context;
use super::session::Inputs;
use crate::domain::scheduling::{SchedulePlan, Today, at_once};
use crate::domain::state::State;
use crate::store::config::Host;

/// Warns about rounds in which not every meeting has a time of its own.
pub(crate) fn warn(ctx: &Context<'_>, today: Today<'_>, through: Option<NaiveDate>) {
    let rounds = at_once::too_many_ahead(today, through);
    if rounds.is_empty() {
        return;
    }
    let rounds: Vec<String> = rounds.iter().map(|(date, over, of)| format!("{over} of {of} on {date}")).collect();
    ctx.say(format_args!(
        "warning: not every meeting has a time of its own: at most {} may be in progress at once (at_once in \
            [webex]), and the hours that people share are full on every working day of the week; Webex may refuse {}\n\
         hint: set host = \"participant\" in [webex], allow more days (workdays in [meeting]), or draw fewer pairs \
         (max_pairs_per_round in [pairing])",
        today.meeting.at_once,
        rounds.join(", ")
    ));
}

/// If no limit is known, says before the first such meetings are booked what may happen and how to test it.
pub(crate) fn warn_of_first_crowd(ctx: &Context<'_>, inputs: &Inputs, schedule: &SchedulePlan, state: &State) {
    let webex = &inputs.config.webex;
    if webex.at_once > 0 || webex.host == Host::Participant {
        return;
    }
    let Some((count, start)) = at_once::first_crowd(schedule, &state.bookings) else { return };
    ctx.say(format_args!(
        "note: {count} meetings of one host are in progress at {}: Webex may allow a host only one or two at a time, \
            and people could not join the others\n\
         hint: test it first: start three meetings of this account and join all of them; if that does not work, set \
         at_once = 1 or 2 in [webex], which spreads them, or host = \"participant\"",
        start.format("%Y-%m-%d %H:%M")
    ));
}
