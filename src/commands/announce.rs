//! `notify --announce` and `notify --card`: what the organizer says to everybody, or shows to one.
//! Everybody gets an announcement once, however often it is sent.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::mailroom::{Mailroom, report};
use super::{Desk, Usage, login};
use crate::cli;
use crate::domain::conversation::outbox::{Parcel, To};
use crate::domain::conversation::{self, Ear, Mail};
use crate::domain::say::Say;
use crate::domain::state::{Draft, State};
use crate::store::state_file;

/// The longest announcement, in characters.
const LONGEST: usize = 2_000;

/// Sends an announcement, to the organizer alone or to all.
pub(super) fn announce(desk: &Desk<'_>, args: &cli::Notify, file: &Path) -> Result<()> {
    let draft = draft(file, args.image.as_deref())?;
    let (mut office, opened) =
        desk.open_with(|config| state_file::open_locked(&config.programme.state, &desk.holder("notify"), desk.wait()))?;
    let (locked, mut state) = opened?;
    office.respect(&state);
    let mailroom = Mailroom::open(&office)?;
    let before = state.clone();
    let mails = if args.test {
        let organizer = login::read(&office.config.webex)?.email;
        vec![test(&mut state, &office.config.programme.name, &draft, &organizer)]
    } else {
        conversation::announce(&mut state, mailroom.setting(desk), &draft)
    };
    desk.say(format_args!("{} to send it to", mails.len()));
    if args.dry_run {
        desk.say("dry run: nothing is sent");
        return Ok(());
    }
    let stamp = if args.test { desk.now.timestamp() } else { 0 };
    for mail in &mails {
        let to = super::mailroom::shown(&state, mail);
        let parcel = mailroom.parcel(desk, &state, format!("announced:{}:{stamp}:{to}", draft.key), mail);
        state.outbox.extend(parcel);
    }
    if state == before {
        return Ok(());
    }
    locked.save(&state)?;
    let client = desk.webex(&office.config)?;
    report(desk, mailroom.deliver(desk, &client, &locked, &mut state)?)
}

/// How an announcement looks, for the organizer, who sends it on from there.
fn test(state: &mut State, programme: &str, draft: &Draft, organizer: &str) -> Mail {
    state.drafts.retain(|one| one.key != draft.key);
    state.drafts.push(draft.clone());
    let Draft { key, text, image } = draft.clone();
    let programme = programme.to_owned();
    Mail { to: Ear::Stranger(organizer.into()), say: Say::AnnouncementTest { programme, key, text, image } }
}

fn draft(file: &Path, image: Option<&str>) -> Result<Draft> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = text.trim().to_owned();
    let length = text.chars().count();
    if length == 0 || length > LONGEST {
        let name = file.display();
        return Err(Usage(format!("{name} has {length} letters; an announcement has 1 to {LONGEST}")).into());
    }
    if let Some(image) = image.filter(|image| !image.starts_with("https://")) {
        return Err(Usage(format!("--image {image}: Webex fetches pictures from https:// addresses only")).into());
    }
    let image = image.map(str::to_owned);
    let hash = Sha256::digest(format!("{text}\n{image:?}").as_bytes());
    let key = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(Draft { key, text, image })
}

/// Sends a card of one's own to one person.
pub(super) fn card(desk: &Desk<'_>, file: &Path, email: &str) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let card: Value =
        serde_json::from_str(&text).map_err(|error| anyhow!("{} is not JSON: {error}", file.display()))?;
    if card["type"] != "AdaptiveCard" {
        return Err(Usage(format!("{} is not an Adaptive Card: its type is not AdaptiveCard", file.display())).into());
    }
    let (office, opened) =
        desk.open_with(|config| state_file::open_locked(&config.programme.state, &desk.holder("notify"), desk.wait()))?;
    let (locked, mut state) = opened?;
    let says = card["fallbackText"].as_str().unwrap_or("A card for you.").to_owned();
    state.outbox.push(Parcel {
        key: format!("card:{}:{email}", desk.now.timestamp()),
        to: To::Person(email.into()),
        at: desk.now,
        begun: false,
        markdown: says.clone(),
        text: says,
        card: Some(card),
    });
    locked.save(&state)?;
    let client = desk.webex(&office.config)?;
    report(desk, Mailroom::open(&office)?.deliver(desk, &client, &locked, &mut state)?)
}
