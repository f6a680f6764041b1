//! Which stages have something to do: judged from the files alone, without a lock and without a call. Knows when each
//! stage would do nothing; carries out none of them.

use anyhow::Result;
use chrono::{Datelike, Days, NaiveDate};

use crate::app::apply_schedule::{ScheduleOptions, desired};
use crate::app::context::Context;
use crate::app::deliver::{Messenger, waits_until};
use crate::app::leftovers::is_left;
use crate::app::monthly;
use crate::app::session::{Access, Inputs, Session};
use crate::app::stages::attendance;
use crate::domain::calendar::Month;
use crate::domain::calendar::rounds_ahead::Period;
use crate::domain::conversation::due;
use crate::domain::pairing::draw::Setting;
use crate::domain::pairing::plan::{self, DrawRequest, Refusal, Replace};
use crate::domain::pairing::replan::Replan;
use crate::domain::scheduling::Notice;
use crate::domain::state::State;
use crate::domain::state::bookings::{Bookings, Stage};
use crate::domain::state::outbox::Kind;
use crate::domain::state::people::People;

#[derive(Debug, Default)]
pub(crate) struct DueStages {
    /// Whether events left something undone.
    pub(crate) leftovers: bool,
    /// Whether rounds must be brought in line, or something else follows from the roster.
    pub(crate) rounds: bool,
    /// The months whose rounds must be drawn.
    pub(crate) months: Vec<Month>,
    /// Whether meetings must be booked, moved or cancelled, or looked up.
    pub(crate) bookings: bool,
    /// Whether to check who came to meetings.
    pub(crate) attendance: bool,
    /// Whether anybody is to be told something.
    pub(crate) messages: bool,
    /// Why rounds or bookings are refused as unsafe, if they are.
    pub(crate) refused: Option<Refusal>,
}

impl DueStages {
    /// Finds out what is due. `looked`: the day on which the bookings were last compared with Webex.
    ///
    /// # Errors
    /// Config, roster or state cannot be read.
    pub(crate) fn look(ctx: &Context<'_>, looked: Option<NaiveDate>) -> Result<Self> {
        let mut session = Session::open(ctx, Access::Look)?;
        let follows = session.stored.changed || session.inputs.is_new() || session.inputs.roster_fault.is_some();
        let replan = session.bring_in_line(ctx, false);
        let rounds = follows || replan.as_ref().map_or(true, Replan::changes);
        let Session { inputs, stored } = &session;
        let state = &stored.state;
        let (messages, reminds) = messages(ctx, inputs, state);
        let is_today = looked == Some(today(ctx, inputs));
        let refused = replan.as_ref().err().cloned().or_else(|| {
            let (people, booked) = (People::new(state, &inputs.roster), Bookings::new(state));
            let replan = replan.as_ref().ok()?;
            let desired = desired(ctx, ScheduleOptions::default(), inputs, state, (&people, &booked, replan));
            desired.schedule(None).check().err()
        });
        Ok(Self {
            leftovers: is_left(ctx, state),
            rounds,
            months: months(ctx, inputs, state),
            bookings: bookings(ctx, inputs, state, &replan.unwrap_or_default(), is_today && !reminds),
            attendance: attendance::is_due(ctx, inputs, state),
            messages,
            refused,
        })
    }
}

fn today(ctx: &Context<'_>, inputs: &Inputs) -> NaiveDate {
    inputs.config.meeting.date_at(ctx.now)
}

/// This month, and the next once it begins soon, if they have rounds ahead that are not drawn.
fn months(ctx: &Context<'_>, inputs: &Inputs, state: &State) -> Vec<Month> {
    let Inputs { config, rules, .. } = inputs;
    let today = today(ctx, inputs);
    let soon = today.checked_add_days(Days::new(config.programme.draw_days_ahead.into())).unwrap_or(today);
    let this = Month::of(today);
    let is_soon = (soon.year(), soon.month()) > (today.year(), today.month());
    let setting = Setting { rules, pairing: &config.pairing, meeting: &config.meeting, now: ctx.now };
    let is_due = |month: &Month| {
        let dates = Period::Month(Some(*month)).rounds(&config.meeting, ctx.now).dates;
        !plan::due(state, setting, DrawRequest { dates: &dates, seed: 0, replace: Replace::None }).is_empty()
    };
    std::iter::once(this).chain(is_soon.then(|| this.next())).filter(is_due).collect()
}

/// Whether there is something to do at Webex, as far as is known here; and once a day, to see what somebody did there.
fn bookings(ctx: &Context<'_>, inputs: &Inputs, state: &State, replan: &Replan, was_looked_at: bool) -> bool {
    let (people, booked) = (People::new(state, &inputs.roster), Bookings::new(state));
    let desired = desired(ctx, ScheduleOptions::default(), inputs, state, (&people, &booked, replan));
    let schedule = desired.schedule(None);
    let waits = |notice: &Notice| {
        matches!(notice, Notice::Refused(..) | Notice::Unanswered(..) | Notice::Unclear(..) | Notice::Elsewhere(..))
    };
    let mut ahead = state.bookings.iter().filter(|booking| booking.is_ahead(ctx.now)).peekable();
    (ahead.peek().is_some() && !was_looked_at)
        || schedule.changes()
        || schedule.later.is_some()
        || schedule.notices.iter().any(waits)
        || ahead.any(|booking| matches!(booking.stage, Stage::Begun | Stage::Moving(..) | Stage::Cancelling(_)))
}

/// Whether somebody is to be told something now; and whether people are reminded of times, which should be right.
fn messages(ctx: &Context<'_>, inputs: &Inputs, state: &State) -> (bool, bool) {
    // The stage reports what is wrong with the cards.
    let Ok(messenger) = Messenger::open(inputs) else { return (true, false) };
    let setting = messenger.setting(ctx);
    let due = due::due(state, setting, None, !inputs.config.webex.report_room.is_empty());
    let waits = state.outbox.iter().any(|message| waits_until(message, setting).is_none());
    let is_due = !due.is_empty() || !monthly::due(ctx, inputs, state, setting).is_empty();
    (waits || is_left(ctx, state) || is_due, due.iter().any(|due| due.kind == Kind::Reminder))
}
