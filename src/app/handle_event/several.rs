//! An event that may be for any of several programmes on one bot: it is for one of them, or the person is asked. Knows
//! whom to ask what; the domain says which programme is meant.

use anyhow::Result;

use super::{Conversing, EventResult, EventSource, Heard, Said, filled, result_of, source};
use crate::app::context::Context;
use crate::app::deliver::Messenger;
use crate::app::programmes::{Other, lock_to_hear};
use crate::app::session::{Access, Session};
use crate::domain::conversation::{Addressed, ProgrammeView, Spoken, addressed, of_card};
use crate::domain::message::render::{action, mark_of};
use crate::domain::state::last_said::LastSaid;
use crate::store::config::Config;
use crate::store::programmes::InUse;
use crate::store::state::file::StateError;
use crate::webex::wire::{Event, Person};

/// A programme that can be read.
struct Seen<'a> {
    ctx: Context<'a>,
    session: Session,
}

/// A programme that cannot be read, and why.
type Unseen<'a> = (&'a Other, String);

/// The programme that it is for, and what is said to it.
struct Meant {
    at: usize,
    heard: Heard,
}

/// Handles an event that came to the bot shared by this programme and the others. Only one process at a time does so,
/// and the event is recorded as handled in its programme, so that it is handled once, whichever of them received it.
///
/// # Errors
/// As [`super::handle`].
pub(super) fn handle(ctx: &Context<'_>, config: &Config, others: &[Other], event: &Event) -> Result<EventResult> {
    let heard = match source(&ctx.webex(config)?, event, ctx.now) {
        Ok(EventSource::Heard(heard)) => *heard,
        source => return result_of(source),
    };
    let (id, who) = (heard.id(event), heard.who.clone());
    let _lock = lock_to_hear(ctx, config, others)?;
    let (seen, unseen) = seen(ctx, others)?;
    let messengers: Vec<Messenger<'_>> = seen.iter().map(|one| Messenger::of_built_in(&one.session.inputs)).collect();
    let views: Vec<ProgrammeView<'_>> = seen
        .iter()
        .zip(&messengers)
        .map(|(one, messenger)| ProgrammeView {
            setting: messenger.setting(ctx),
            state: &one.session.stored.state,
            space: &one.session.inputs.config.webex.report_room,
        })
        .collect();
    let handled = views.iter().find_map(|view| view.state.handled_at(&id));
    if let Some(why) = unseen.iter().find(|(other, _)| other.may_know(&who.emails)).map(|(_, why)| why)
        && handled.is_none()
        && !is_surely_for(&views, &heard)
    {
        return Ok(EventResult::Waits(format!(
            "it may be for another programme on this bot, which has a fault: {why}"
        )));
    }
    let Meant { at, heard } = for_one(&views, heard);
    // If an event comes once more, it does not answer what was asked since.
    let is_before = |view: &ProgrammeView<'_>| {
        view.last_said(&who.emails).is_some_and(|last| handled.is_none_or(|handled| last.when() <= handled))
    };
    let asked: Vec<usize> = (0..views.len()).filter(|other| is_before(&views[*other])).collect();
    // What another programme said since was said last: then nothing answers what this one asked.
    let last = |at: usize| views[at].last_said(&who.emails).map(LastSaid::when);
    let is_overtaken =
        matches!(heard.said, Said::ChatCommand(..)) && (0..views.len()).any(|other| last(other) > last(at));
    drop(views);
    drop(messengers);
    let contexts: Vec<Context<'_>> = seen.into_iter().map(|one| one.ctx).collect();
    if handled.is_none() {
        if is_overtaken {
            close_question(&contexts[at], &who)?;
        }
        match hear_in(&contexts[at], event, heard) {
            Err(error) if is_in_use(&error) => return Ok(EventResult::Waits(format!("{error:#}"))),
            heard => {
                if let EventResult::Later(why) = heard? {
                    return Ok(EventResult::Later(why));
                }
            }
        }
    }
    // An answer refers to what was said last: earlier questions of other programmes are no longer open.
    for other in asked.into_iter().filter(|other| *other != at) {
        close_question(&contexts[other], &who)?;
    }
    Ok(EventResult::Done)
}

fn hear_in(ctx: &Context<'_>, event: &Event, heard: Heard) -> Result<EventResult> {
    let conversing = Conversing::begin(ctx, 0)?;
    if let Some(why) = conversing.cannot_hear() {
        return Ok(EventResult::Later(why));
    }
    let config = Config::load(&ctx.config_path()?)?;
    let client = ctx.webex(&config)?;
    conversing.hear(ctx, event, heard)?.end(ctx, &client)?;
    Ok(EventResult::Done)
}

fn close_question(ctx: &Context<'_>, who: &Person) -> Result<()> {
    let Session { inputs, mut stored } = Session::open(ctx, Access::Change("handle-action"))?;
    let messenger = Messenger::of_built_in(&inputs);
    let setting = messenger.setting(ctx);
    let person = ProgrammeView { setting, state: &stored.state, space: "" }.person(&who.emails);
    if let Some(person) = person {
        stored.state.take_last_said(person, ctx.now);
        stored.save()?;
    }
    Ok(())
}

/// Whether another process holds what is needed: other events need not wait for that.
fn is_in_use(error: &anyhow::Error) -> bool {
    let state = error.downcast_ref::<StateError>().is_some_and(StateError::is_in_use);
    state || error.is::<InUse>()
}

/// The programmes that can be read, always in the same order; and the others, with the reason.
///
/// # Errors
/// This very programme cannot be read.
fn seen<'c, 'o>(ctx: &Context<'c>, others: &'o [Other]) -> Result<(Vec<Seen<'c>>, Vec<Unseen<'o>>)> {
    let open = |ctx: Context<'c>| -> Result<Seen<'c>> {
        let session = Session::open(&ctx.stage().0, Access::Look)?;
        Ok(Seen { ctx, session })
    };
    let own = ctx.config_path()?;
    let mut seen = vec![(std::fs::canonicalize(&own)?, open(ctx.of_programme(&own))?)];
    let mut unseen = Vec::new();
    for other in others {
        let opened = match &other.config {
            Ok(_) => open(ctx.of_programme(&other.known.config)).map_err(|error| format!("{error:#}")),
            Err(why) => Err(why.clone()),
        };
        match opened {
            Ok(one) => seen.push((other.known.config.clone(), one)),
            Err(why) => unseen.push((other, why)),
        }
    }
    seen.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok((seen.into_iter().map(|(_, one)| one).collect(), unseen))
}

/// Whether it is certainly for one of these, whatever others there are: it was tapped on one of their cards, or names
/// one.
fn is_surely_for(views: &[ProgrammeView<'_>], heard: &Heard) -> bool {
    let mark = heard.mark.as_deref().filter(|mark| !mark.is_empty());
    let is_theirs = mark.is_some_and(|mark| views.iter().any(|view| mark_of(view.setting.programme) == mark));
    is_theirs && matches!(heard.said, Said::Tapped(_))
}

/// The programme that it is for, and what is said to it.
fn for_one(views: &[ProgrammeView<'_>], heard: Heard) -> Meant {
    let Heard { who, said, thread, mark, .. } = &heard;
    let typed = |text: &str, bot: &str, mark: Option<&str>| {
        let space = thread.as_ref().map(|thread| &*thread.room);
        addressed(views, Spoken { emails: &who.emails, text, bot, space, mark })
    };
    let addressed = match said {
        Said::ChatCommand(text, bot) => typed(text, bot, mark.as_deref()),
        Said::ToSeveral(..) => return Meant { at: 0, heard },
        Said::Tapped(inputs) => {
            if let Some(at) = of_card(views, mark.as_deref().unwrap_or_default(), &filled(inputs, "key", 200)) {
                return Meant { at, heard };
            }
            // A card from before cards were marked: as if they had typed it.
            match filled(inputs, "action", 200).as_str() {
                action::PAUSE => {
                    let weeks = filled(inputs, "weeks", 5).parse().unwrap_or(2);
                    typed(&format!("pause {weeks} weeks"), "", None)
                }
                _ => {
                    let at = views.iter().position(|view| view.knows(&who.emails)).unwrap_or(0);
                    return Meant { at, heard };
                }
            }
        }
    };
    match (addressed, &heard.said) {
        (Addressed::To(at, text), Said::ChatCommand(_, bot)) => {
            let said = Said::ChatCommand(text, bot.clone());
            Meant { at, heard: Heard { said, ..heard } }
        }
        (Addressed::To(at, _), _) => Meant { at, heard },
        (Addressed::Unclear(among, text), _) => {
            let names = among.iter().map(|at| views[*at].setting.programme.to_owned()).collect();
            let at = among.first().copied().unwrap_or(0);
            Meant { at, heard: Heard { said: Said::ToSeveral(names, text), ..heard } }
        }
    }
}
