//! An event that may be for any of several programmes on one bot: it is for one of them, or whoever said it is asked.
//! Knows whom to ask what; which programme is meant, the domain says.

use anyhow::Result;

use super::{Behind, Conversing, EventResult, Heard, Said, behind, filled, result_of};
use crate::app::context::Context;
use crate::app::deliver::Messenger;
use crate::app::programmes::Other;
use crate::app::session::{Access, Session};
use crate::domain::conversation::{Addressed, ProgrammeView, Spoken, addressed, of_card};
use crate::domain::message::render::action;
use crate::store::config::Config;
use crate::webex::wire::Event;

/// Handles an event that came to the bot of this programme and the others. It is known as handled where it was: of
/// several processes with the same event, one handles it.
///
/// # Errors
/// As [`super::handle`].
pub(super) fn handle(ctx: &Context<'_>, config: &Config, others: &[Other], event: &Event) -> Result<EventResult> {
    let heard = match behind(&ctx.webex(config)?, event, ctx.now) {
        Ok(Behind::Heard(heard)) => *heard,
        behind => return result_of(behind),
    };
    let own = ctx.config_path()?;
    let contexts: Vec<Context<'_>> = std::iter::once(&own)
        .chain(others.iter().map(|other| &other.path))
        .map(|path| ctx.of_programme(path))
        .collect();
    let sessions: Vec<Result<Session>> =
        contexts.iter().map(|ctx| Session::open(&ctx.stage().0, Access::Look)).collect();
    let open: Vec<usize> = (0..sessions.len()).filter(|at| sessions[*at].is_ok()).collect();
    let id = heard.id(event);
    if sessions.iter().flatten().any(|session| session.stored.state.is_handled(&id)) {
        return Ok(EventResult::Done);
    }
    let messengers: Vec<(&Session, Messenger<'_>)> = sessions
        .iter()
        .flatten()
        .map(|session| Ok((session, Messenger::open(&session.inputs)?)))
        .collect::<Result<_>>()?;
    let views: Vec<ProgrammeView<'_>> = messengers
        .iter()
        .map(|(session, messenger)| ProgrammeView {
            setting: messenger.setting(ctx),
            state: &session.stored.state,
            space: &session.inputs.config.webex.report_room,
        })
        .collect();
    let is_known = views.iter().any(|view| view.knows(&heard.who.emails));
    if let (false, Some(error)) = (is_known, sessions.iter().find_map(|session| session.as_ref().err())) {
        // They may take part in the one that cannot be read.
        return Ok(EventResult::Later(format!("one of several programmes cannot be read: {error:#}")));
    }
    let (at, heard) = for_one(&views, heard);
    let at = open[at];
    drop(views);
    drop(messengers);
    drop(sessions);
    let ctx = &contexts[at];
    let conversing = Conversing::begin(ctx, 0)?;
    if let Some(why) = conversing.cannot_hear() {
        return Ok(EventResult::Later(why));
    }
    let client = ctx.webex(at.checked_sub(1).map_or(config, |at| &others[at].config))?;
    conversing.hear(ctx, event, heard)?.end(ctx, &client)?;
    Ok(EventResult::Done)
}

/// For which programme it is, and what is said to it.
fn for_one(views: &[ProgrammeView<'_>], heard: Heard) -> (usize, Heard) {
    let Heard { who, said, thread, mark, .. } = &heard;
    let typed = |text: &str, bot: &str, mark: Option<&str>| {
        let space = thread.as_ref().map(|thread| &*thread.room);
        addressed(views, Spoken { emails: &who.emails, text, bot, space, mark })
    };
    let (addressed, asked) = match said {
        Said::ChatCommand(text, bot) => (typed(text, bot, mark.as_deref()), text.clone()),
        Said::ToSeveral(..) => return (0, heard),
        Said::Tapped(inputs) => {
            if let Some(at) = of_card(views, mark.as_deref().unwrap_or_default(), &filled(inputs, "key", 200)) {
                return (at, heard);
            }
            // A card of before cards were marked: it is as if they had typed it.
            match filled(inputs, "action", 200).as_str() {
                action::PAUSE => {
                    let text = format!("pause {} weeks", filled(inputs, "weeks", 5).parse().unwrap_or(2));
                    (typed(&text, "", None), text)
                }
                _ => {
                    let at = views.iter().position(|view| view.knows(&who.emails)).unwrap_or(0);
                    return (at, heard);
                }
            }
        }
    };
    match (addressed, &heard.said) {
        (Addressed::To(at, text), Said::ChatCommand(_, bot)) => {
            let said = Said::ChatCommand(text, bot.clone());
            (at, Heard { said, ..heard })
        }
        (Addressed::To(at, _), _) => (at, heard),
        (Addressed::Unclear(among), _) => {
            let names = among.iter().map(|at| views[*at].setting.programme.to_owned()).collect();
            let asker = among.first().copied().unwrap_or(0);
            (asker, Heard { said: Said::ToSeveral(names, asked), ..heard })
        }
    }
}
