//! How a month went, for the organizers' space: a message with the three figures that matter, and the page about it.
//! Knows the report and the conversation; the conversation decides when it is due, the report what it says.

use chrono::{Days, Months, NaiveDate};

use super::context::Context;
use super::session::Inputs;
use crate::domain::conversation::due::{self, Due, about_month};
use crate::domain::conversation::{AddressedMessage, Recipient, Setting};
use crate::domain::message::BotMessage;
use crate::domain::report::{self, Report};
use crate::domain::state::State;
use crate::domain::state::outbox::{Kind, OutgoingMessage};
use crate::show::report::{Shown, write_page};
use crate::webex::calls::File;

/// What the organizers should hear now about the last month; nothing if they have no space.
pub(crate) fn due(ctx: &Context<'_>, inputs: &Inputs, state: &State, setting: Setting<'_>) -> Vec<Due> {
    if inputs.config.webex.report_room.is_empty() {
        return Vec::new();
    }
    let Some(month) = due::month(state, setting) else { return Vec::new() };
    let Some(message) = report(ctx, inputs, state, month).and_then(|report| message(inputs, month, &report)) else {
        return Vec::new();
    };
    let due = |kind, message| {
        Due::new(kind, about_month(month), AddressedMessage { to: Recipient::Organizers, message }, None)
    };
    vec![due(Kind::Month, message), due(Kind::MonthPage, BotMessage::MonthPage(month))]
}

/// The page that goes with a message; none with most.
pub(crate) fn page(ctx: &Context<'_>, inputs: &Inputs, state: &State, message: &OutgoingMessage) -> Option<File> {
    let (kind, about) = message.key.split_once(':')?;
    let about = about.split(':').next().filter(|_| kind == Kind::MonthPage.name())?;
    let month: NaiveDate = format!("{about}-01").parse().ok()?;
    let report = report(ctx, inputs, state, month)?;
    let mut bytes = Vec::new();
    write_page(Shown { programme: &inputs.config.programme.name, report: &report }, &mut bytes).ok()?;
    Some(File { name: format!("report-{about}.html"), media_type: "text/html", bytes })
}

/// The report about the month that begins on that day; none if it had no round that is over.
fn report(ctx: &Context<'_>, inputs: &Inputs, state: &State, month: NaiveDate) -> Option<Report> {
    let last = month.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?;
    let Inputs { config, roster, rules, .. } = inputs;
    let (pairing, meeting) = (&config.pairing, &config.meeting);
    let setting = report::Setting { state, roster, rules, pairing, meeting, now: ctx.now };
    Report::new(setting, Some(month), Some(last)).ok()
}

fn message(inputs: &Inputs, month: NaiveDate, report: &Report) -> Option<BotMessage> {
    // What is nearly everybody is not everybody.
    let percent = |share: f64| (share * 100.0).round().clamp(0.0, if share < 1.0 { 99.0 } else { 100.0 }) as u8;
    let now = report.network.points.last().map(|point| point.share);
    let met = (report.reach? * report.participants as f64).round() as usize;
    Some(BotMessage::Month {
        programme: inputs.config.programme.name.as_str().into(),
        month,
        meetings: report.meetings?,
        held: report.outcomes.held?,
        unknown: report.outcomes.unknown?,
        met: (met, report.participants),
        reach: report.network.before.zip(now).map(|(before, now)| (percent(before), percent(now))),
    })
}
