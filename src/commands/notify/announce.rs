//! `notify --announce` and `notify --card`: what the organizer says to everybody, or shows to one person. Everybody
//! gets an announcement once, however often it is sent.

use std::path::Path;

use anyhow::{Result, anyhow};
use serde_json::Value;
use url::Url;

use crate::app::context::Context;
use crate::app::deliver::{Messenger, report, shown};
use crate::app::exit_status::Usage;
use crate::app::login;
use crate::app::roster_fault;
use crate::app::session::{Access, Session};
use crate::cli;
use crate::domain::conversation;
use crate::domain::message::DraftProblem;
use crate::domain::state::Draft;
use crate::domain::state::outbox::{Address, OutgoingMessage};
use crate::store::files::regular;

/// Sends an announcement, to the organizer alone or to everybody.
pub(super) fn announce(ctx: &Context<'_>, args: &cli::Notify, file: &Path) -> Result<()> {
    let draft = draft(file, args.image.as_deref())?;
    let Session { inputs, mut stored } = Session::open(ctx, Access::Act("notify").unless(args.dry_run))?;
    roster_fault::tell_organizers(ctx, &inputs, &mut stored)?;
    let messenger = Messenger::open(&inputs)?;
    let state = &mut stored.state;
    let before = state.clone();
    let messages = if args.test {
        let organizer = login::read(&inputs.config.webex)?.email;
        if !organizer.contains('@') {
            return Err(Usage("the tokens do not say who logged in: log in again with roulette auth".to_owned()).into());
        }
        conversation::show_draft(state, messenger.setting(ctx), draft.clone(), &organizer)
    } else {
        conversation::announce(state, messenger.setting(ctx), &draft)
    };
    let people = if messages.len() == 1 { "person" } else { "people" };
    ctx.say(format_args!("{} {people} to send it to, each in their working hours", messages.len()));
    if args.dry_run {
        ctx.say("dry run: nothing is sent");
        return Ok(());
    }
    let stamp = if args.test { ctx.now.timestamp() } else { 0 };
    for addressed in &messages {
        let to = shown(state, addressed);
        let message = messenger.outgoing(ctx, state, format!("announced:{}:{stamp}:{to}", draft.key), addressed);
        state.outbox.extend(message);
    }
    // An earlier run may have left some of it.
    let waits = state.outbox.iter().any(|message| message.is_due(ctx.now));
    if *state == before && !waits {
        return Ok(());
    }
    stored.save()?;
    let client = ctx.webex(&inputs.config)?;
    report(ctx, messenger.deliver(ctx, &client, &mut stored)?)
}

fn draft(file: &Path, image: Option<&str>) -> Result<Draft> {
    let text = read(file)?;
    let name = file.display();
    let image = image.unwrap_or_default().trim();
    let is_somewhere = Url::parse(image).is_ok_and(|image| image.host().is_some());
    if image.starts_with("https://") && (!is_somewhere || image.starts_with("https:///")) {
        let why = format!("--image {image}: this is not an address such as https://example.com/garden.png");
        return Err(Usage(why).into());
    }
    Draft::new(&text, image).map_err(|problem| {
        let why = match problem {
            DraftProblem::Blank => format!("{name} is empty"),
            DraftProblem::TooLong(length, most) => {
                format!("{name} has {length} characters; an announcement may have at most {most}")
            }
            DraftProblem::Image(image) => {
                format!("--image {image}: Webex fetches pictures from https:// addresses only")
            }
        };
        Usage(why).into()
    })
}

fn read(file: &Path) -> Result<String, Usage> {
    regular::read_to_string(file).map_err(|error| Usage(format!("cannot read {}: {error}", file.display())))
}

/// Sends one of the organizer's own cards to one person.
pub(super) fn card(ctx: &Context<'_>, file: &Path, email: &str) -> Result<()> {
    let text = read(file)?;
    let card: Value =
        serde_json::from_str(&text).map_err(|error| anyhow!("{} is not JSON: {error}", file.display()))?;
    if card["type"] != "AdaptiveCard" {
        return Err(Usage(format!("{} is not an Adaptive Card: its type is not AdaptiveCard", file.display())).into());
    }
    let Session { inputs, mut stored } = Session::open(ctx, Access::Act("notify"))?;
    roster_fault::tell_organizers(ctx, &inputs, &mut stored)?;
    let says = card["fallbackText"].as_str().unwrap_or("A card for you.").to_owned();
    stored.state.outbox.push(OutgoingMessage {
        key: format!("card:{}:{email}", ctx.now.timestamp()),
        to: Address::Person(email.into()),
        at: ctx.now,
        not_before: None,
        timed: None,
        parent: None,
        begun: false,
        markdown: says.clone(),
        text: says,
        card: Some(card),
        asks: None,
    });
    stored.save()?;
    let client = ctx.webex(&inputs.config)?;
    report(ctx, Messenger::open(&inputs)?.deliver(ctx, &client, &mut stored)?)
}
