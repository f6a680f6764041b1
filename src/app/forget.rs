//! Forgets somebody: first their meetings are cancelled, then their name and address are removed from every file that
//! the program keeps. The state comes last, so that a run that ended halfway is completed by the next one.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use chrono::NaiveDate;

use super::apply_schedule::{Scope, reconcile};
use super::context::Context;
use super::deliver::Messenger;
use super::exit_status::{Partly, Refused};
use super::handle_event::tell_of_changes;
use super::session::{Session, StoredState};
use crate::domain::conversation::due;
use crate::domain::journal::{Did, Entry};
use crate::domain::pairing::replan::{self, Replan};
use crate::domain::roster::Roster;
use crate::domain::state::bookings::Booking;
use crate::domain::state::forgetting::{KnownBy, is_shared};
use crate::domain::state::outbox::OutgoingMessage;
use crate::domain::state::preferences::Choice;
use crate::domain::state::{PersonId, State};
use crate::domain::text::counted;
use crate::parallel::map_concurrently;
use crate::store::config::Config;
use crate::store::files::durable;
use crate::store::inbox::Inbox;
use crate::store::journal;
use crate::store::roster::edit::{self, Sheet};
use crate::store::roster::last_good::{self, LastGood, Written};
use crate::store::{Faults, members_file, run_file};
use crate::webex::calls::{self, Who};
use crate::webex::client::Client;
use crate::webex::error::Kind;
use crate::webex::wire::{Message, Person};

/// The person to forget: their addresses and names, and their number, if the state knows them.
pub(crate) struct Forgotten {
    pub(crate) email: String,
    pub(crate) known_by: KnownBy,
    /// Only the addresses, without the names.
    pub(crate) addresses: KnownBy,
    pub(crate) person: Option<PersonId>,
}

impl Forgotten {
    /// The person with that address, if anything is known about them.
    pub(crate) fn of(email: &str, state: &State, config: &Config, roster: &Roster) -> Self {
        let email = email.trim().to_lowercase();
        let kept = last_good::read(&config.programme.state).map(|kept| kept.roster);
        // Whoever is no longer on the roster may be known by a former address.
        let on_kept = kept.as_ref().map_or(&*email, |kept| kept.current(&email));
        let email = if roster.current(&email) == email { on_kept } else { roster.current(&email) }.to_owned();
        let person = state.find(&email);
        let on_roster = |roster: &Roster| roster.known_as(&email).map(|at| roster.employee(at).name.to_string());
        let inactive =
            |roster: &Roster| roster.inactive.iter().find(|one| *one.email == *email).map(|one| one.name.to_string());
        let left = person.and_then(|person| state.left.iter().find(|left| left.person == person));
        let rosters = || std::iter::once(roster).chain(kept.as_ref());
        let names = rosters().filter_map(on_roster).chain(rosters().filter_map(inactive));
        let mut texts: Vec<String> = names.chain(left.map(|left| left.name.to_string())).collect();
        texts.retain(|name| !is_shared(name, &email, roster));
        let mut addresses: Vec<String> =
            rosters().flat_map(|roster| roster.former_of(&email)).map(String::from).collect();
        addresses.push(email.clone());
        let all = texts.iter().chain(&addresses).map(String::as_str);
        let others = |known_by: KnownBy| {
            let people = rosters().flat_map(|roster| &roster.employees).map(|one| &*one.email);
            let people = people.chain(rosters().flat_map(|roster| &roster.inactive).map(|one| &*one.email));
            known_by.beside(people.chain(state.people.iter().map(|email| &**email)))
        };
        Self {
            known_by: others(KnownBy::new(all)),
            addresses: others(KnownBy::new(addresses.iter().map(String::as_str))),
            email,
            person,
        }
    }

    /// The same, also known by what was known of them before.
    pub(crate) fn also(self, before: &Self) -> Self {
        Self {
            known_by: self.known_by.and(&before.known_by),
            addresses: self.addresses.and(&before.addresses),
            // With their row, a former address is no longer known as theirs.
            email: before.email.clone(),
            person: self.person.or(before.person),
        }
    }

    /// Their upcoming meetings that are booked, or may be.
    pub(crate) fn ahead<'s>(&self, ctx: &Context<'_>, state: &'s State) -> Vec<&'s Booking> {
        let is_theirs = |booking: &&Booking| self.person.is_some_and(|person| booking.people.has(person));
        let ahead = state.bookings.iter().filter(|booking| booking.is_ahead(ctx.now) && booking.may_be_at_webex());
        ahead.filter(is_theirs).collect()
    }
}

/// Cancels their upcoming meetings, as if they were no longer on the roster.
///
/// # Errors
/// It is refused as unsafe; or a meeting could not be cancelled, so they are not forgotten yet.
pub(crate) fn cancel(ctx: &Context<'_>, session: &mut Session, whom: &Forgotten) -> Result<()> {
    let replan = match (session.bring_in_line(ctx, false), whom.person) {
        (Ok(replan), _) => replan,
        // With a roster that is not to be trusted, their own meetings are off, and nothing else changes.
        (Err(_), Some(person)) => {
            let state = &mut session.stored.state;
            state.choose(Choice { stopped: true, ..state.choice_of(person) });
            replan::release(state, &session.inputs.config.meeting, ctx.now);
            Replan::default()
        }
        (Err(refusal), None) => return Err(Refused(refusal).into()),
    };
    let Session { inputs, stored } = session;
    if stored.state.bookings.is_empty() && stored.state.outbox.is_empty() {
        return Ok(());
    }
    stored.save()?;
    let mut done = reconcile(ctx, inputs, stored, &replan, Scope::Everything);
    if let Some(person) = whom.person.filter(|_| !whom.ahead(ctx, &stored.state).is_empty()) {
        // Whatever else is refused, their own meetings are off.
        stored.state.choose(Choice { stopped: true, ..stored.state.choice_of(person) });
        done = reconcile(ctx, inputs, stored, &replan, Scope::Everything);
    }
    let left = whom.ahead(ctx, &stored.state).len();
    if left > 0 {
        done?;
        let meetings = if left == 1 { "a meeting of theirs".to_owned() } else { format!("{left} meetings of theirs") };
        let what = format!("{meetings} could not be cancelled, so {} is not forgotten yet", whom.email);
        let hint = "run it again: what is done is not done twice".to_owned();
        return Err(Partly { what, hint, organizers_know: false, about: None }.into());
    }
    let messenger = Messenger::open(inputs)?;
    let setting = messenger.setting(ctx);
    let without = |person| due::changes_without(&stored.state, setting, person);
    for due in whom.person.map(without).unwrap_or_default() {
        let message = messenger.outgoing_due(ctx, &stored.state, &due);
        due.keep(&mut stored.state, setting);
        // It does not wait for its reader's working hours, since their name would be gone from it by then.
        stored.state.outbox.extend(message.map(|it| OutgoingMessage { timed: None, not_before: None, ..it }));
    }
    tell_of_changes(ctx, &messenger, inputs, &mut stored.state, None);
    // Nobody is asked about a meeting that is off, whether or not the question was sent.
    let off: HashSet<Box<str>> = stored.state.called_off.iter().map(|off| off.tag.clone()).collect();
    stored.state.outbox.retain(|message| message.about_time_of().is_none_or(|tag| !off.contains(tag)));
    stored.save()?;
    if stored.state.outbox.is_empty() {
        return Ok(());
    }
    let Some(why) = messenger.deliver(ctx, &ctx.webex(&inputs.config)?, stored)?.why else { return Ok(()) };
    let waits = whom.person.is_some_and(|person| {
        let about = stored.state.waiting_about(person, &whom.known_by);
        let to_others = stored.state.waiting_for_partners(person);
        about.chain(to_others).any(|message| message.timed.is_none() && message.is_due(ctx.now))
    });
    // A bot that is gone will never tell them.
    if !waits || why.kind == Kind::Bot {
        ctx.say(format_args!("warning: not everybody is told yet that these meetings are off: {why}"));
        return Ok(());
    }
    let what = format!("not everybody is told yet what concerns {0}, so {0} is not forgotten yet: {why}", whom.email);
    let hint = "run it again: nothing is done or sent twice".to_owned();
    Err(Partly { what, hint, organizers_know: false, about: None }.into())
}

/// Deletes what the bot wrote to them; returns how many messages.
///
/// # Errors
/// Webex cannot be asked, or does not delete a message.
pub(crate) fn delete_messages(client: &Client<'_>, email: &str, parallel: usize) -> Result<usize> {
    let first = match client.page::<Message>(&calls::direct(email)) {
        Ok(messages) => messages,
        // They have never written to each other, or nobody has that address any more.
        Err(error) if matches!(error.kind, Kind::Gone | Kind::Refused) && error.status != Some(403) => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let Some(room) = first.iter().map(|message| &message.room_id).find(|room| !room.is_empty()) else { return Ok(0) };
    let me: Person = client.ask(&calls::me(Who::Bot))?;
    let all: Vec<Message> = client.list(&calls::messages_in(room))?;
    let own = all.iter().filter(|message| message.person_id == me.id && !message.id.is_empty());
    let own: Vec<&Message> = own.collect();
    let deleted = map_concurrently(&own, parallel, |message| match client.tell(&calls::delete_message(&message.id)) {
        Err(error) if error.kind != Kind::Gone => Err(error),
        _ => Ok(()),
    });
    let count = deleted.iter().filter(|deleted| deleted.is_ok()).count();
    deleted.into_iter().collect::<Result<(), _>>().map(|()| count).map_err(Into::into)
}

/// Removes them from every file, the state last. The inbox must be held. `deleted`: how many of the bot's messages to
/// them were deleted, if that was asked for.
///
/// # Errors
/// A file cannot be written: running it again completes the job.
pub(crate) fn forget(
    ctx: &Context<'_>,
    config: &Config,
    stored: &mut StoredState,
    whom: &Forgotten,
    deleted: Option<usize>,
) -> Result<()> {
    let state = &config.programme.state;
    let known_by = &whom.known_by;
    let inbox = Inbox::of(state)?;
    let nothing_waits = inbox.is_empty()? && inbox.failed()?.is_empty();
    // Before anything is removed: without it, the next run would know less.
    let accounts = if nothing_waits { Vec::new() } else { accounts(ctx, config, whom)? };
    from_last_good(config, whom, config.meeting.date_at(ctx.now))?;
    from_members(state, known_by)?;
    // Beside the config, if it could not be read and no run has read it since.
    for beside in [state, &ctx.config_path()?] {
        from_run_memory(beside, known_by)?;
    }
    inbox.forget(|body: &[u8]| {
        let text = String::from_utf8_lossy(body);
        known_by.is_in(&text) || accounts.iter().any(|id| text.contains(&**id))
    })?;
    journal::forget(state, known_by, whom.person.as_slice())?;
    edit::forget_previous(&config.programme.roster, known_by)?;
    from_state(ctx, config, stored, whom, deleted)
}

fn from_last_good(config: &Config, whom: &Forgotten, today: NaiveDate) -> Result<()> {
    let (state, known_by) = (&config.programme.state, &whom.known_by);
    last_good::forget(state, |texts| texts.iter().any(|text| known_by.is_in(text)))?;
    // A roster that has lost too many people does not take the place of the copy, which still has them.
    let Some(LastGood { roster, since }) = last_good::read(state) else { return Ok(()) };
    let people = |roster: &Roster| roster.employees.len() + roster.inactive.len();
    let before = people(&roster);
    let mut without = roster.without(&whom.email);
    if people(&without) == before {
        return Ok(());
    }
    for value in without.columns.iter_mut().flat_map(|column| &mut column.values) {
        *value = known_by.struck_out(value);
    }
    Written::of(&without).keep(state, since, &last_good::suspects(state, today))
}

fn from_members(state: &Path, known_by: &KnownBy) -> Result<()> {
    let mut members = members_file::read(state);
    let count = members.len();
    members.retain(|_, email| !known_by.is(email));
    if members.len() < count {
        members_file::write(state, &members)?;
    }
    Ok(())
}

fn from_run_memory(beside: &Path, known_by: &KnownBy) -> Result<()> {
    let memory = run_file::read(beside);
    let mut value = serde_json::to_value(&memory)?;
    known_by.strike_out_of(&mut value);
    let without = serde_json::from_value(value)?;
    if memory != without {
        run_file::write(beside, &without)?;
    }
    Ok(())
}

/// Removes them from the state and from the version before it.
fn from_state(
    ctx: &Context<'_>,
    config: &Config,
    stored: &mut StoredState,
    whom: &Forgotten,
    deleted: Option<usize>,
) -> Result<()> {
    let (state, known_by) = (&config.programme.state, &whom.known_by);
    if let Some(person) = whom.person {
        stored.state.forget_person(person, known_by);
        let about = deleted.map(|count| format!("{} deleted", counted(count, "message", "messages")));
        stored.journal.note([Entry { about, ..Entry::new(ctx.now, Did::Forgotten).person(person) }]);
        stored.save()?;
    } else if names(state, known_by)? {
        stored.state.strike_out(known_by);
        stored.save()?;
    }
    if names(&previous_of(state), known_by)? {
        stored.save()?;
    }
    Ok(())
}

/// The ids of their account at Webex: some events name nobody in any other way.
///
/// # Errors
/// Webex cannot be asked, so their events cannot be told from others.
fn accounts(ctx: &Context<'_>, config: &Config, whom: &Forgotten) -> Result<Vec<String>> {
    let found: Vec<Person> = match ctx.webex(config)?.list(&calls::people(&whom.email)) {
        Err(error) if error.kind == Kind::Gone => Vec::new(),
        found => found.context("which waiting events are theirs is not known yet")?,
    };
    Ok(found.into_iter().map(|person| person.id).filter(|id| !id.is_empty()).collect())
}

/// The files kept by the program that still name them.
///
/// # Errors
/// One of them cannot be read.
pub(crate) fn still_in(ctx: &Context<'_>, config: &Config, whom: &Forgotten) -> Result<Vec<PathBuf>> {
    let state = durable::target(&config.programme.state)?;
    let name = state.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut found = Vec::new();
    let mut folders = vec![durable::folder(&state).to_owned()];
    while let Some(folder) = folders.pop() {
        let files = match fs::read_dir(&folder) {
            Ok(files) => files,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(anyhow!(error).context(format!("cannot read {}", folder.display()))),
        };
        for file in files.flatten() {
            let path = file.path();
            let is_ours = folder != durable::folder(&state)
                || file.file_name().to_string_lossy().trim_start_matches('.').starts_with(&name);
            if !is_ours {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() && names(&path, &whom.known_by)? {
                found.push(path.strip_prefix(".").map(Path::to_owned).unwrap_or(path));
            }
        }
    }
    let of_run = run_file::path(&ctx.config_path()?)?;
    if names(&of_run, &whom.known_by)? {
        found.push(of_run);
    }
    found.extend(edit::previous_naming(&config.programme.roster, &whom.known_by)?);
    found.sort();
    Ok(found)
}

/// Whether a file names somebody; a missing file does not.
pub(crate) fn names(path: &Path, known_by: &KnownBy) -> Result<bool> {
    match fs::read(path) {
        Ok(bytes) => Ok(known_by.is_in(&String::from_utf8_lossy(&bytes))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(anyhow!(error).context(format!("cannot read {}", path.display()))),
    }
}

fn previous_of(file: &Path) -> PathBuf {
    durable::beside(&durable::target(file).unwrap_or_else(|_| file.to_owned()), ".previous")
}

/// Where the roster names somebody.
pub(crate) struct OnRoster {
    /// Whether they have a row, whether or not they take part.
    pub(crate) is_there: bool,
    /// The addresses of the other rows that name them.
    pub(crate) named_by: Vec<String>,
}

/// Where the roster names them; for a workbook, only whether it does.
pub(crate) fn on_roster(config: &Config, roster: &Roster, whom: &Forgotten) -> OnRoster {
    let is_inactive = || roster.inactive.iter().any(|one| *one.email == *whom.email);
    let is_there = roster.known_as(&whom.email).is_some() || is_inactive();
    let Ok(sheet) = sheet(config) else { return OnRoster { is_there, named_by: Vec::new() } };
    let own = rows_of(&sheet, whom);
    let names = |row: &usize| sheet.cells_of(*row).iter().any(|cell| whom.known_by.is_in(cell));
    let others = (0..sheet.rows().len()).filter(|row| !own.contains(row)).filter(names);
    let named_by = others.map(|row| sheet.rows()[row].email.to_string()).collect();
    OnRoster { is_there: is_there || !own.is_empty(), named_by }
}

/// The roster in a form that can be changed.
///
/// # Errors
/// All faults of the file; it is a workbook.
pub(crate) fn sheet(config: &Config) -> Result<Sheet<'_>, Faults> {
    Sheet::open(&config.programme.roster, config.roster_options())
}

/// The rows that belong to them.
pub(crate) fn rows_of(sheet: &Sheet<'_>, whom: &Forgotten) -> Vec<usize> {
    let is_theirs = |email: &str| email == whom.email || whom.addresses.is(email);
    (0..sheet.rows().len()).filter(|row| is_theirs(&sheet.rows()[*row].email)).collect()
}
