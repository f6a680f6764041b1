//! What an event means: what somebody typed to the bot or tapped on a card, and what is done about it. Does not know
//! how events arrive or where they wait.

mod several;

use anyhow::Result;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::apply_schedule::{Scope, reconcile};
use super::context::Context;
use super::deliver::Messenger;
use super::exit_status::not_known;
use super::programmes;
use super::roster_fault;
use super::session::{Access, Inputs, Session, StoredState};
use crate::domain::conversation::{self, AddressedMessage, Effects, Recipient, Setting, UserAction, due};
use crate::domain::journal::{of_agreement, of_answers};
use crate::domain::message::BotMessage;
use crate::domain::message::render::{MARK, action};
use crate::domain::pairing::replan::{self, Replan};
use crate::domain::state::State;
use crate::domain::state::outbox::{Address, HandledEvent, KNOWN, OutgoingMessage};
use crate::domain::text::{normalized, rfc3339, typed};
use crate::parallel::map_concurrently;
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::webex::calls::{self, Call, Who};
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::wire::{Action, Event, Message, Person};

/// The most characters of an announcement that are kept to be shown again; that may be more than can be sent.
const LONGEST: usize = 4_000;
/// The clock at Webex, by which it says when people wrote, may be ahead of ours by so much; more is no time to rely on.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::hours(1);

/// The result of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventResult {
    /// It is done, and forgotten.
    Done,
    /// It is to be tried again, after the other waiting events; with the reason.
    Later(String),
    /// It is to be tried again once what it waits for is there, which holds up no other event; with the reason.
    Waits(String),
    /// What it names is not there, or not as it should be, perhaps only for a moment: it is tried again for some
    /// minutes, and then set aside; with the reason.
    Missing(String),
    /// It is so old that it may have been handled and forgotten: it is not carried out, and forgotten; with the reason.
    TooOld(String),
    /// It can never be done: it is set aside; with the reason.
    Never(String),
}

/// Handles events in order: everything in this file serves this function. Returns the results of the first ones, at
/// least of one; no event is tried after one that failed. Events that do not affect meetings are saved and answered
/// together, because the disk takes longer than everything else.
///
/// The same event may come again after it was done, and after a crash halfway: nothing is done twice. An error means
/// that there is an obstacle. The event is tried again; if the obstacle is a lock, or a token that Webex refuses, the
/// other waiting events are not tried before that is over.
pub(crate) fn handle(ctx: &Context<'_>, config: &Config, events: &[Event]) -> Vec<Result<EventResult>> {
    // The listener runs for weeks, and its roster and config change in the meantime.
    let ctx = &ctx.afresh();
    let others = programmes::on_the_same_bot(ctx, config);
    if let (Some(first), false) = (events.first(), others.is_empty()) {
        return vec![several::handle(ctx, config, &others, first)];
    }
    let client = match ctx.webex(config) {
        Ok(client) => client,
        Err(error) => return vec![Err(error)],
    };
    let source = map_concurrently(events, config.webex.parallel, |event| source(&client, event, ctx.now));
    let mut results = Vec::new();
    let mut open: Option<Conversing> = None;
    for (event, source) in events.iter().zip(source) {
        let heard = match source {
            Ok(EventSource::Heard(heard)) => heard,
            source => {
                let result = result_of(source);
                let is_done = matches!(result, Ok(EventResult::Done));
                results.push(result);
                if is_done {
                    continue;
                }
                break;
            }
        };
        let conversing = match open.take().map_or_else(|| Conversing::begin(ctx, results.len()), Ok) {
            Ok(conversing) => conversing,
            Err(error) => {
                results.push(Err(error));
                break;
            }
        };
        if let Some(why) = conversing.cannot_hear() {
            results.push(Ok(EventResult::Later(why)));
            break;
        }
        let begun = conversing.begun;
        let heard = conversing.hear(ctx, event, *heard).and_then(|conversing| match conversing.is_over {
            true => conversing.end(ctx, &client).map(|()| None),
            false => Ok(Some(conversing)),
        });
        match heard {
            Ok(conversing) => open = conversing,
            Err(error) => return cut_off(results, begun, error),
        }
        results.push(Ok(EventResult::Done));
    }
    if let Some(conversing) = open {
        let begun = conversing.begun;
        if let Err(error) = conversing.end(ctx, &client) {
            return cut_off(results, begun, error);
        }
    }
    results
}

/// If events were to be saved together, none of them is done.
fn cut_off(mut results: Vec<Result<EventResult>>, begun: usize, error: anyhow::Error) -> Vec<Result<EventResult>> {
    results.truncate(begun);
    results.push(Err(error));
    results
}

/// The result of an event that was not acted on.
fn result_of(source: Result<EventSource, Error>) -> Result<EventResult> {
    let error = match source {
        Ok(EventSource::Heard(_) | EventSource::Bot) => return Ok(EventResult::Done),
        Ok(EventSource::Unasked(what)) => {
            return Ok(EventResult::Never(format!("it reports {what}, which nobody asked for")));
        }
        Ok(EventSource::TooOld(at)) => {
            let at = rfc3339(at);
            return Ok(EventResult::TooOld(format!("it is from {at}, and may have been handled before")));
        }
        Err(error) => error,
    };
    match error.kind {
        // It was deleted before it was read, or has not reached all of Webex yet.
        Kind::Gone | Kind::NotYet => Ok(EventResult::Missing(error.to_string())),
        Kind::Refused => Ok(EventResult::Never(error.to_string())),
        _ => Err(error.into()),
    }
}

/// The state while several people are heard, one after another.
struct Conversing {
    session: Session,
    /// How many events were done before its first one.
    begun: usize,
    /// What the last event changed in the rounds.
    replan: Replan,
    /// The meeting whose new time it agreed on, and the event.
    agreed: Option<(String, String)>,
    meetings_change: bool,
    /// Whether what was heard must be saved before anything else is.
    is_over: bool,
}

impl Conversing {
    fn begin(ctx: &Context<'_>, begun: usize) -> Result<Self> {
        let mut session = Session::open(ctx, Access::Event)?;
        roster_fault::tell_organizers(ctx, &session.inputs, &mut session.stored)?;
        let (replan, agreed) = (Replan::default(), None);
        Ok(Self { session, begun, replan, agreed, meetings_change: false, is_over: false })
    }

    /// Why nobody can be heard: whoever writes would be told that they do not take part.
    fn cannot_hear(&self) -> Option<String> {
        let Inputs { roster, config, .. } = &self.session.inputs;
        roster.employees.is_empty().then(|| format!("the roster {} is empty", config.programme.roster.display()))
    }

    /// Applies what somebody said, in memory.
    fn hear(mut self, ctx: &Context<'_>, event: &Event, heard: Heard) -> Result<Self> {
        let id = heard.id(event);
        let Heard { who, said, at, thread, .. } = heard;
        if self.session.stored.state.is_handled(&id) {
            return Ok(self);
        }
        let mut effects = {
            let Session { inputs, stored } = &mut self.session;
            let messenger = Messenger::open(inputs)?;
            let at = at.unwrap_or(ctx.now).min(ctx.now + CLOCKS_DIFFER);
            let setting = Setting { said: at, ..messenger.setting(ctx) };
            let effects = effects(&mut stored.state, setting, &who, &said);
            note(ctx, setting, &who, stored, &effects);
            effects
        };
        self.replan = follow(ctx, &mut self.session, &effects);
        self.meetings_change = effects.meetings_change || !self.replan.is_empty();
        self.is_over = self.meetings_change || effects.agreed.is_some();
        self.agreed = effects.agreed.clone().map(|tag| (id.clone(), tag));
        let Session { inputs, stored } = &mut self.session;
        let messenger = Messenger::open(inputs)?;
        if let Some((person, back)) = effects.back {
            let said = conversation::welcome(&mut stored.state, messenger.setting(ctx), person, back);
            effects.messages.extend(said);
        }
        let in_space = thread.and_then(|thread| {
            let message = in_space(&stored.state, messenger.setting(ctx), &who, &mut effects)?;
            let addressed = AddressedMessage { to: Recipient::Thread(thread.room.into()), message };
            let outgoing = messenger.outgoing(ctx, &stored.state, format!("{id}:space"), &addressed)?;
            Some(OutgoingMessage { parent: Some(thread.parent.into()), ..outgoing })
        });
        keep(ctx, &messenger, &mut stored.state, (&id, &who), &effects);
        stored.state.outbox.extend(in_space);
        Ok(self)
    }

    /// Saves what was heard, changes the meetings, and answers.
    fn end(self, ctx: &Context<'_>, client: &Client<'_>) -> Result<()> {
        let Self { session: Session { inputs, mut stored }, replan, agreed, meetings_change, .. } = self;
        if meetings_change {
            // From here on the event is done: what is left is recorded in the state, for this or any later run.
            stored.save()?;
            if let Err(error) = reconcile(ctx, &inputs, &mut stored, &replan, Scope::Everything) {
                let command = if not_known(&error).is_some() { "auth" } else { "schedule" };
                ctx.say(harmless(&format!(
                    "warning: the meetings are not changed at Webex yet: {error:#}; change them with: roulette{} {command}",
                    ctx.with_config()
                )));
            }
        }
        let messenger = Messenger::open(&inputs)?;
        let agreed = agreed.as_ref().map(|(id, tag)| (&**id, tag.clone()));
        tell_of_changes(ctx, &messenger, &inputs, &mut stored.state, agreed);
        // Saves it before anything is sent.
        messenger.deliver(ctx, client, &mut stored)?;
        Ok(())
    }
}

/// Tells those who meet what became of their meetings at Webex; and that an agreed time has to wait.
pub(super) fn tell_of_changes(
    ctx: &Context<'_>,
    messenger: &Messenger<'_>,
    inputs: &Inputs,
    state: &mut State,
    agreed: Option<(&str, String)>,
) {
    let setting = messenger.setting(ctx);
    if let Some((id, tag)) = agreed {
        let waits = conversation::move_waits(state, setting, &tag);
        messenger.queue(ctx, state, &format!("{id}:waits"), &waits);
    }
    for due in due::changes(state, setting, !inputs.config.webex.report_room.is_empty()) {
        let message = messenger.outgoing_due(ctx, state, &due);
        due.keep(state, setting);
        state.outbox.extend(message);
    }
}

/// Brings the rounds ahead in line with what people chose.
fn follow(ctx: &Context<'_>, session: &mut Session, effects: &Effects) -> Replan {
    if !effects.rounds_change {
        return Replan::default();
    }
    session.follow_choices(ctx).unwrap_or_else(|refusal| {
        ctx.say(harmless(&format!("warning: {}; only what people chose themselves is carried out", refusal.why)));
        replan::release(&mut session.stored.state, &session.inputs.config.meeting, ctx.now);
        Replan::default()
    })
}

/// Notes in the journal what somebody had done.
fn note(ctx: &Context<'_>, setting: Setting<'_>, who: &Person, stored: &mut StoredState, effects: &Effects) {
    let email = address(setting, who).to_lowercase();
    let email = setting.roster.current(&email);
    let Some(person) = stored.state.find(email) else { return };
    let agreed = effects.agreed.as_ref().and_then(|tag| of_agreement(tag, person, &stored.state, ctx.now));
    let answered = of_answers(&effects.messages, person, &stored.state, ctx.now);
    stored.journal.note(answered.into_iter().chain(agreed));
}

/// Records what follows from an event, and that it is handled.
fn keep(
    ctx: &Context<'_>,
    messenger: &Messenger<'_>,
    state: &mut State,
    (id, who): (&str, &Person),
    effects: &Effects,
) {
    effects.log.iter().for_each(|line| ctx.say(harmless(line)));
    messenger.queue(ctx, state, id, &effects.messages);
    let setting = messenger.setting(ctx);
    let email = address(setting, who).to_lowercase();
    answer_at_once(state, &Address::Person(setting.roster.current(&email).into()), id, effects, ctx.now);
    state.handled.push(HandledEvent { id: id.into(), at: ctx.now });
    state.forget_conversation(ctx.now);
}

/// Prepares what the writer is answered, under keys that begin with `id`: it knows what they had typed, nothing is asked
/// twice, and what waits for a working day need not wait, since they are there.
fn answer_at_once(state: &mut State, writer: &Address, id: &str, effects: &Effects, now: DateTime<Utc>) {
    let is_new = |message: &OutgoingMessage| message.to == *writer && message.key.starts_with(id);
    let is_old = |message: &OutgoingMessage| message.to == *writer && !message.begun && !message.key.starts_with(id);
    let asked = state.outbox.iter().filter(|message| is_new(message) && message.asks.is_some());
    let asked: Vec<String> = asked.map(|message| message.text.clone()).collect();
    state.outbox.retain(|message| !(is_old(message) && asked.contains(&message.text)));
    // What may be there already is looked up, and stays.
    let doubtful = state.outbox.iter().filter(|message| message.to == *writer && message.begun);
    let doubtful: Vec<String> = doubtful.map(|message| message.text.clone()).collect();
    state.outbox.retain(|it| !(is_new(it) && asked.contains(&it.text) && doubtful.contains(&it.text)));
    for message in state.outbox.iter_mut().filter(|message| is_new(message)) {
        match (&mut message.asks, &effects.asked_about) {
            (Some(question), Some(typed)) if question.is_of_words() || question.is_of_programmes() => {
                question.typed = typed.as_str().into();
            }
            (Some(_), _) => {}
            (nothing, _) => nothing.clone_from(&effects.still_asks),
        }
    }
    // The answer comes first, but not before the introduction to whom it may be about.
    let waits =
        |message: &OutgoingMessage| is_old(message) && message.not_before.is_some() && message.introduces().is_none();
    let (waiting, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut state.outbox).into_iter().partition(waits);
    state.outbox = rest.into_iter().chain(waiting).collect();
    for message in state.outbox.iter_mut().filter(|message| message.to == *writer) {
        // What is in doubt is not looked up sooner: Webex may still be working on it.
        if !message.begun && message.not_before.is_some() {
            message.not_before = Some(now);
        } else if message.introduces().is_some() {
            message.not_before.get_or_insert(now);
        }
    }
}

/// Somebody's address by which they are known here.
fn address<'a>(setting: Setting<'_>, who: &'a Person) -> &'a str {
    let known = |email: &&String| {
        let email = email.to_lowercase();
        setting.organizes(setting.roster.current(&email)) || setting.roster.known_as(&email).is_some()
    };
    who.emails.iter().find(known).or(who.emails.first()).map_or("", String::as_str)
}

/// What is said in the space in which somebody spoke to the bot: the parts that everybody may read are taken from what
/// is said to that person alone; for the rest, it only says that there is more.
fn in_space(state: &State, setting: Setting<'_>, who: &Person, effects: &mut Effects) -> Option<BotMessage> {
    let email = address(setting, who).to_lowercase();
    let email = setting.roster.current(&email);
    let is_writer = |to: &Recipient| match to {
        Recipient::Person(person) => *state.people[person.index()] == *email,
        Recipient::Stranger(stranger) => **stranger == *email,
        Recipient::Organizers | Recipient::Thread(_) => false,
    };
    let (theirs, others): (Vec<_>, Vec<_>) = effects.messages.drain(..).partition(|one| is_writer(&one.to));
    let public = theirs.iter().find_map(|one| one.message.in_public());
    let private: Vec<_> = theirs.into_iter().filter(|one| one.message.in_public().is_none()).collect();
    let is_private = !private.is_empty();
    effects.messages = private.into_iter().chain(others).collect();
    public.or(is_private.then_some(BotMessage::AnsweredPrivately))
}

fn effects(state: &mut State, setting: Setting<'_>, who: &Person, said: &Said) -> Effects {
    let email = address(setting, who);
    let mut effects = conversation::expire(state, setting);
    effects.extend(match said {
        Said::Tapped(inputs) => conversation::hear(state, setting, email, &meant(inputs)),
        Said::ChatCommand(text, bot) => conversation::hear_typed(state, setting, email, text, bot),
        Said::ToSeveral(names, text) => conversation::ask_which(state, setting, &who.emails, names, text),
    });
    effects
}

/// Something that somebody said to the bot, and where.
struct Heard {
    /// Its id, which may differ from the event's.
    id: String,
    who: Person,
    said: Said,
    /// When it was said, if Webex says so.
    at: Option<DateTime<Utc>>,
    /// The thread, if it was not said to the bot alone.
    thread: Option<Thread>,
    /// The mark on the card that was tapped, if there was one.
    mark: Option<String>,
}

impl Heard {
    /// The id by which it is known whether it was handled.
    fn id(&self, event: &Event) -> String {
        format!("{}:{}", event.resource, self.id)
    }
}

/// A place in a space.
struct Thread {
    room: String,
    /// The message that is answered, or the one with which its thread begins.
    parent: String,
}

/// What somebody said, and how.
enum Said {
    /// The text, and the bot's name if it may come first.
    ChatCommand(String, String),
    /// What the card sends back.
    Tapped(Map<String, Value>),
    /// What may be said to any of several programmes: their names, and the text.
    ToSeveral(Vec<String>, String),
}

/// What is behind an event: Webex is asked, because the event itself may be replayed, or be made up by anybody who has
/// the secret.
enum EventSource {
    Heard(Box<Heard>),
    /// It was said by a bot.
    Bot,
    /// It is from then, which is too long ago.
    TooOld(DateTime<Utc>),
    /// It is of a kind that none of our webhooks is for.
    Unasked(String),
}

/// Finds out who is behind an event, and what they said.
fn source(client: &Client<'_>, event: &Event, now: DateTime<Utc>) -> Result<EventSource, Error> {
    match (event.resource.as_str(), event.event.as_str()) {
        ("messages" | "attachmentActions", "created") if event.is_our_own() => Ok(EventSource::Bot),
        ("messages", "created") => message(client, event, now),
        ("attachmentActions", "created") => tapped(client, event, now),
        (resource, event) => Ok(EventSource::Unasked(format!("{resource} {event}"))),
    }
}

/// Who wrote what to the bot, and when.
fn message(client: &Client<'_>, event: &Event, now: DateTime<Utc>) -> Result<EventSource, Error> {
    let asked = calls::message(&event.data.id);
    let (known_as, message): (_, Message) = found(client, event, &asked, calls::message)?;
    if let Some(at) = too_old(message.created, now) {
        return Ok(EventSource::TooOld(at));
    }
    if message.person_id.is_empty() {
        return Err(Error::new(Kind::NotYet, asked.name(), "Webex does not say who wrote"));
    }
    let asked = calls::person(Who::Bot, &message.person_id);
    let mut author: Person = client.ask(&asked)?;
    if author.kind == "bot" {
        return Ok(EventSource::Bot);
    }
    if author.emails.is_empty() {
        author.emails.extend(Some(message.person_email).filter(|email| !email.is_empty()));
    }
    require_address(&author, &asked)?;
    let Message { id, text, room_id: room, room_type, parent_id, .. } = message;
    let is_group = room_type == "group";
    let bot = if is_group { client.ask::<Person>(&calls::me(Who::Bot))?.display_name } else { String::new() };
    let parent = if parent_id.is_empty() { id } else { parent_id };
    let thread = (is_group && !room.is_empty()).then_some(Thread { room, parent });
    Ok(EventSource::Heard(Box::new(Heard {
        id: known_as,
        who: author,
        said: Said::ChatCommand(text, bot),
        at: message.created.map(|at| at.to_utc()),
        thread,
        mark: None,
    })))
}

/// The resource that an event names, and its id; if it is not known by the event's id, by the one that another of
/// Webex's services uses for it.
fn found<T: DeserializeOwned>(
    client: &Client<'_>,
    event: &Event,
    asked: &Call,
    call: impl Fn(&str) -> Call,
) -> Result<(String, T), Error> {
    match client.ask(asked) {
        Err(error) if error.kind == Kind::Gone && !event.data.url.is_empty() => {
            // If that is not there either, the first refusal is the one to report.
            let id = client.id_at(&event.data.url, Who::Bot).map_err(|other| match other.kind {
                Kind::Gone | Kind::Refused => error,
                _ => other,
            })?;
            client.ask(&call(&id)).map(|found| (id, found))
        }
        answer => answer.map(|found| (event.data.id.clone(), found)),
    }
}

/// When it happened, if an event of that time may have been handled and forgotten by now.
fn too_old(at: Option<DateTime<FixedOffset>>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    at.map(|at| at.to_utc()).filter(|at| now - *at > KNOWN)
}

/// Who tapped what, and when: if Webex does not say that, when the card was sent.
fn tapped(client: &Client<'_>, event: &Event, now: DateTime<Utc>) -> Result<EventSource, Error> {
    let asked = calls::action(&event.data.id);
    let (id, action): (_, Action) = found(client, event, &asked, calls::action)?;
    let card = |id: &str| client.ask::<Message>(&calls::message(id)).map(|card| card.created);
    let at = match action.created {
        // If the card is no longer there, the time is unknown.
        None if !action.message_id.is_empty() => match card(&action.message_id) {
            Err(error) if matches!(error.kind, Kind::Gone | Kind::Refused) => None,
            at => at?,
        },
        at => at,
    };
    if let Some(at) = too_old(at, now) {
        return Ok(EventSource::TooOld(at));
    }
    let (person, Some(inputs)) = (action.person_id, action.inputs) else {
        return Err(Error::new(Kind::NotYet, asked.name(), "Webex does not say what was tapped"));
    };
    if person.is_empty() {
        return Err(Error::new(Kind::NotYet, asked.name(), "Webex does not say who tapped"));
    }
    let asked = calls::person(Who::Bot, &person);
    let who: Person = client.ask(&asked)?;
    if who.kind == "bot" {
        return Ok(EventSource::Bot);
    }
    require_address(&who, &asked)?;
    let mark = Some(filled(&inputs, MARK, 100));
    let said = match inputs.get("action").and_then(Value::as_str) {
        Some(action::TYPE) => Said::ChatCommand(filled(&inputs, "key", 400), String::new()),
        _ => Said::Tapped(inputs),
    };
    Ok(EventSource::Heard(Box::new(Heard { id, who, said, at: at.map(|at| at.to_utc()), thread: None, mark })))
}

/// Somebody without an address can neither be recognized nor answered.
fn require_address(who: &Person, asked: &Call) -> Result<(), Error> {
    if who.emails.is_empty() {
        return Err(Error::new(Kind::NotYet, asked.name(), "Webex does not say what the person's address is"));
    }
    Ok(())
}

/// What was filled in on a card, or belongs to a button: composed like the names on the roster.
fn filled(inputs: &Map<String, Value>, name: &str, most: usize) -> String {
    match inputs.get(name) {
        Some(Value::String(text)) => normalized(&text.chars().take(most).collect::<String>()).into_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// What the inputs of a card mean. They come from outside: a key into our own state, and what was filled in.
fn meant(inputs: &Map<String, Value>) -> UserAction {
    let at_most = |most: usize, name: &str| filled(inputs, name, most);
    let text = |name: &str| at_most(200, name);
    // They may have been typed if a client has no calendar.
    let typed = |name: &str| typed(&text(name));
    let announcement = || (at_most(LONGEST, "text"), at_most(2_000, "image"));
    let key = text("key");
    let number = || text("number").parse().unwrap_or(0);
    match text("action").as_str() {
        action::SUGGEST => UserAction::Suggest(key),
        action::SEND => UserAction::Send(key, typed("date"), typed("time")),
        action::YES => UserAction::Yes(key, number()),
        action::NO => UserAction::No(key, number()),
        action::SKIP => UserAction::Skip(key),
        action::PAUSE => UserAction::Pause(typed("weeks").parse().unwrap_or(2)),
        action::MET => UserAction::Met(key),
        action::NOT_YET => UserAction::NotYet(key),
        action::COULD_NOT => UserAction::CouldNot(key),
        action::ANNOUNCE => UserAction::Announce(key),
        action::TEST => {
            let (text, image) = announcement();
            UserAction::Test(text, image)
        }
        action::TELL_ALL => {
            let (text, image) = announcement();
            UserAction::TellAll(text, image)
        }
        _ => UserAction::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::outbox::{Kind, Timed};

    #[test]
    fn whoever_writes_gets_what_waits_but_what_is_in_doubt_is_not_looked_up_sooner() {
        let now: DateTime<Utc> = "2026-12-05T10:00:00Z".parse().unwrap();
        let (soon, monday) = (now + TimeDelta::seconds(10), now + TimeDelta::days(2));
        let writer = Address::Person("a@x.org".into());
        let waiting = |to: &Address, introduces: bool, begun, not_before| OutgoingMessage {
            key: "k".to_owned(),
            to: to.clone(),
            at: now,
            not_before,
            timed: introduces.then(|| Timed { kind: Kind::Intro, about: "m".into(), until: monday }),
            parent: None,
            begun,
            markdown: String::new(),
            text: String::new(),
            card: None,
            asks: None,
        };
        let other = Address::Person("b@x.org".into());
        for (to, introduces, begun, before, after) in [
            (&writer, false, false, Some(monday), Some(now)),
            (&writer, false, false, None, None),
            (&writer, false, true, Some(soon), Some(soon)),
            (&writer, true, false, None, Some(now)),
            (&writer, true, false, Some(monday), Some(now)),
            (&writer, true, true, None, Some(now)),
            (&writer, true, true, Some(soon), Some(soon)),
            (&other, true, false, Some(monday), Some(monday)),
        ] {
            let mut state = State::default();
            state.outbox.push(waiting(to, introduces, begun, before));
            answer_at_once(&mut state, &writer, "event", &Effects::default(), now);
            assert_eq!(state.outbox[0].not_before, after, "{to:?} {introduces} {begun} {before:?}");
        }
    }
}
