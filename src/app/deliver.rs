//! Turns what is to be said into messages, and sends messages: they are written into the state first and removed
//! afterwards. Knows the outbox; does not decide what is said.

use std::collections::HashSet;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::context::Context;
use super::exit_status::{ADDRESSES, Partly, about_webex, come_back};
use super::login;
use super::monthly;
use super::session::{Inputs, StoredState};
use crate::domain::conversation::due::{self, Due, rests_until, strike_out, waits, works_from};
use crate::domain::conversation::{self, AddressedMessage, Recipient, Setting};
use crate::domain::journal::of_message;
use crate::domain::language::Language;
use crate::domain::message::render::{Answers, Cards, mark_of, render_for, with_mark};
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{BotMessage, Meeting, Named};
use crate::domain::state::bookings::MoveReason;
use crate::domain::state::outbox::{self, Address, Arrived, OutgoingMessage, Timed};
use crate::domain::state::{PersonId, State};
use crate::domain::text::{counted, rfc3339};
use crate::show::names::APART;
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::heard::{self, Mark};
use crate::webex::brake::Brake;
use crate::webex::client::Client;
use crate::webex::error::{Error, Kind};
use crate::webex::messages::{self, Known, SendResult, Sent};

/// How many messages are started between two saves of the state.
const BATCH: usize = 64;
/// How many of the addresses that Webex does not know are named, if it knows too few.
const NAMED: usize = 5;

/// This long after the beginning of their day, people hear more about those whom they meet.
const AFTER_INTRODUCTION: TimeDelta = TimeDelta::minutes(15);
/// How long messages to the organizers' space that Webex refuses are tried again.
const TRIED: TimeDelta = TimeDelta::weeks(1);
/// The subject of a run that stopped while sending messages.
pub(crate) const MESSAGES: &str = "messages";
/// The subject of a run that stopped while booking.
pub(crate) const BOOKINGS: &str = "bookings";

/// Everything that is needed to turn what is said into a message.
pub(crate) struct Messenger<'a> {
    inputs: &'a Inputs,
    cards: Cards,
    /// Who may organize by chat: the login's account, and the people in the config.
    organizers: Vec<String>,
    /// Whether the program checks who came to meetings, and the login allows it.
    looks: bool,
}

/// Which answers of people are received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hearing {
    Everything,
    /// What they type, once a timer checks.
    Typing,
    Nothing,
}

/// Which answers of people are received, as far as that is known.
pub(crate) fn how_heard(ctx: &Context<'_>, config: &Config) -> Hearing {
    let lately = |way| heard::lately(&config.programme.state, way, ctx.now);
    if !config.webhook.public_url.is_empty() || lately(Mark::Heard) {
        Hearing::Everything
    } else if lately(Mark::Looked) {
        Hearing::Typing
    } else {
        Hearing::Nothing
    }
}

/// Says once in a run how people can be heard, if they are not.
pub(crate) fn tell_if_unheard(ctx: &Context<'_>, config: &Config) {
    let (what, more) = match how_heard(ctx, config) {
        Hearing::Everything => return,
        Hearing::Typing => ("what people tap is not heard, only what they type", ""),
        Hearing::Nothing => ("what people tap and type is not heard", ", or let a timer run roulette run"),
    };
    let config = ctx.with_config();
    ctx.say(format_args!("{what}, so the cards have no buttons for it"));
    ctx.say(format_args!("hint: keep this running: roulette{config} handle-action --listen{more}"));
}

#[derive(Debug, Default)]
pub(crate) struct DeliverySummary {
    /// How many messages arrived.
    pub(crate) sent: usize,
    /// How many messages are left for later.
    pub(crate) later: usize,
    /// How many wait until their readers are at work.
    waiting: usize,
    /// What prevented the first of those.
    pub(crate) why: Option<Error>,
    /// What Webex refused, or for whom it knew no recipient: judged together at the end.
    held: Vec<(OutgoingMessage, Error, bool)>,
    /// Why the run stopped early, if it did.
    stopped: Option<String>,
    /// How many Webex refused although it knows the recipients.
    refused: usize,
    /// The people whom Webex does not know, in the order in which that turned out.
    unknown: Vec<String>,
    /// For how many of them the others have been told.
    told: usize,
    /// Whether Webex does not know the organizers' space.
    no_space: bool,
}

impl<'a> Messenger<'a> {
    /// Uses the cards that the config names.
    ///
    /// # Errors
    /// All faults of the organizer's own cards.
    pub(crate) fn open(inputs: &'a Inputs) -> Result<Self> {
        Ok(Self::with(inputs, Cards::load(inputs.config.programme.cards.as_deref())?))
    }

    /// Uses the built-in cards: for messages that are only judged.
    pub(crate) fn of_built_in(inputs: &'a Inputs) -> Self {
        Self::with(inputs, Cards::built_in())
    }

    fn with(inputs: &'a Inputs, cards: Cards) -> Self {
        // Without a login, only the people in the config can organize by chat, and everything else goes on.
        let login = login::read(&inputs.config.webex).ok();
        let webex = &inputs.config.webex;
        let looks =
            webex.attendance && login.as_ref().is_some_and(|it| login::missing_attendance_scope(webex, it).is_none());
        let organizer = login.map(|login| login.email.trim().to_lowercase());
        // Without an address it is nobody, and not somebody else who has none either.
        let organizer = organizer.filter(|email| email.contains('@'));
        let named = inputs.config.programme.organizers.iter().cloned();
        let organizers = organizer.into_iter().chain(named).map(|email| inputs.roster.current(&email).to_owned());
        Self { inputs, cards, organizers: organizers.collect(), looks }
    }

    /// What the conversation depends on.
    pub(crate) fn setting(&self, ctx: &Context<'_>) -> Setting<'_> {
        let Inputs { config, roster, rules, starters, .. } = self.inputs;
        let (programme, organizers) = (&*config.programme.name, &self.organizers[..]);
        let (language, silent_rounds) = (config.programme.language, config.programme.silent_rounds);
        Setting {
            programme,
            language,
            roster,
            rules,
            starters,
            meeting: &config.meeting,
            organizers,
            looks: self.looks,
            silent_rounds,
            now: ctx.now,
            said: ctx.now,
        }
    }

    /// Turns it into a message; none if the organizers have no space.
    pub(crate) fn outgoing(
        &self,
        ctx: &Context<'_>,
        state: &State,
        key: String,
        addressed: &AddressedMessage,
    ) -> Option<OutgoingMessage> {
        let config = &self.inputs.config;
        let to = match &addressed.to {
            Recipient::Person(person) => Address::Person(state.people[person.index()].clone()),
            Recipient::Stranger(email) => Address::Person(email.clone()),
            Recipient::Organizers if config.webex.report_room.is_empty() => return None,
            Recipient::Organizers => Address::Space(config.webex.report_room.as_str().into()),
            Recipient::Thread(space) => Address::Thread(space.clone()),
        };
        let answers = self.answers(ctx, &to);
        let mark = mark_of(&config.programme.name);
        let id = format!("{key}@{mark}");
        let rendered = render_for(&addressed.message, self.language(&to), &self.cards, &id, &answers);
        let (markdown, text) = (rendered.markdown, rendered.text);
        let card = rendered.card.map(|card| with_mark(card, &mark));
        let not_before = match (&addressed.message, &to) {
            (BotMessage::Announcement { .. } | BotMessage::Greeting { .. }, Address::Person(email)) => {
                works_from(self.setting(ctx), email)
            }
            (BotMessage::Proposal { meeting, .. }, Address::Person(email)) => {
                rests_until(self.setting(ctx), email, meeting.start.to_utc())
            }
            // They wait for it, whether they are at work or not.
            (BotMessage::Moved { why: MoveReason::Agreed, .. }, _) => Some(ctx.now),
            // After the introduction, which may wait for the same morning.
            (BotMessage::PartnerUnreachable(meeting), Address::Person(email)) => {
                let morning = works_from(self.setting(ctx), email).map(|at| at + AFTER_INTRODUCTION);
                morning.filter(|at| *at < meeting.start.to_utc())
            }
            _ => None,
        };
        let (timed, parent, begun) = (None, None, false);
        let asks = conversation::question_of(&addressed.message, self.language(&to));
        Some(OutgoingMessage { key, to, at: ctx.now, not_before, timed, parent, begun, markdown, text, card, asks })
    }

    /// How a message can be answered: whether people can be heard.
    fn answers(&self, ctx: &Context<'_>, to: &Address) -> Answers {
        match how_heard(ctx, &self.inputs.config) {
            Hearing::Everything => Answers::ByTapping,
            Hearing::Typing => Answers::ByTyping,
            Hearing::Nothing if matches!(to, Address::Person(_)) => {
                Answers::Elsewhere(self.organizers.first().cloned().unwrap_or_default())
            }
            Hearing::Nothing => Answers::Elsewhere(String::new()),
        }
    }

    /// Puts messages into the outbox, under keys that begin with this prefix.
    pub(crate) fn queue(&self, ctx: &Context<'_>, state: &mut State, key: &str, messages: &[AddressedMessage]) {
        for (number, addressed) in messages.iter().enumerate() {
            let message = self.outgoing(ctx, state, format!("{key}:{number}"), addressed);
            state.outbox.extend(message.map(|message| match (&addressed.message, &addressed.to) {
                (BotMessage::Introduction { meeting, .. }, Recipient::Person(person)) => {
                    self.before_suggestion(ctx, message, meeting, state.email(*person))
                }
                _ => message,
            }));
        }
    }

    /// An introduction that comes before a suggested time: both wait for the same day, and it is one like any other.
    fn before_suggestion(
        &self,
        ctx: &Context<'_>,
        message: OutgoingMessage,
        meeting: &Meeting,
        email: &str,
    ) -> OutgoingMessage {
        let until = meeting.start.to_utc();
        let not_before = rests_until(self.setting(ctx), email, until).or(Some(ctx.now));
        let timed = Some(Timed { kind: outbox::Kind::Intro, about: meeting.key.as_str().into(), until });
        OutgoingMessage { not_before, timed, ..message }
    }

    /// Turns something that is due into a message.
    pub(crate) fn outgoing_due(&self, ctx: &Context<'_>, state: &State, due: &Due) -> Option<OutgoingMessage> {
        let message = self.outgoing(ctx, state, key(ctx, due), &due.addressed);
        let timed = due.until.map(|until| Timed { kind: due.kind, about: due.about.clone().into(), until });
        message.map(|it| OutgoingMessage { timed, parent: due.parent.clone(), ..it })
    }

    fn language(&self, to: &Address) -> Language {
        let own = match to {
            Address::Person(email) => self.inputs.roster.employees.iter().find(|one| one.email == *email),
            Address::Space(_) | Address::Thread(_) => None,
        };
        own.and_then(|one| one.language).unwrap_or(self.inputs.config.programme.language)
    }

    /// Sends what is in the outbox. The organizers are told about refusals, and so are those who would meet that
    /// person.
    pub(crate) fn deliver(
        &self,
        ctx: &Context<'_>,
        client: &Client<'_>,
        stored: &mut StoredState,
    ) -> Result<DeliverySummary> {
        let mut delivery = DeliverySummary::default();
        let mut tried: HashSet<String> = HashSet::new();
        strike_out_late(ctx, &mut stored.state);
        self.readdress(&mut stored.state);
        let waiting = waiting(&stored.state, self.setting(ctx));
        let due = stored.state.outbox.iter().filter(|message| !waiting.contains(&message.key));
        let brake = Brake::for_addresses(due.map(|message| &message.to).collect::<HashSet<_>>().len());
        loop {
            let batch = batch(&stored.state, &waiting, &tried);
            if delivery.is_over() || brake.is_on() {
                delivery.put_off(&mut stored.state, &brake);
                break;
            }
            if batch.is_empty() {
                if delivery.held.is_empty() {
                    break;
                }
                delivery.judge(ctx, stored);
                self.tell_of_unknown(ctx, &mut stored.state, &mut delivery);
                continue;
            }
            tried.extend(batch.iter().map(|message| message.key.clone()));
            self.send(ctx, (client, &brake), stored, batch, &mut delivery)?;
        }
        self.tell_of_stop(ctx, client, stored, &mut delivery)?;
        let is_left = |message: &&OutgoingMessage| {
            let is_held = delivery.no_space && matches!(message.to, Address::Space(_));
            !waiting.contains(&message.key) && !is_held
        };
        let due = stored.state.outbox.iter().filter(is_left).count();
        (delivery.later, delivery.waiting) = (due, waiting.len());
        stored.save()?;
        Ok(delivery)
    }

    /// Sends these messages, and records the results.
    fn send(
        &self,
        ctx: &Context<'_>,
        (client, brake): (&Client<'_>, &Brake),
        stored: &mut StoredState,
        batch: Vec<OutgoingMessage>,
        delivery: &mut DeliverySummary,
    ) -> Result<()> {
        for message in stored.state.outbox.iter_mut().filter(|message| batch.iter().any(|one| one.key == message.key)) {
            message.begun = true;
        }
        stored.save()?;
        let former = |email: &str| self.inputs.roster.former_of(email);
        let elsewhere = self.inputs.rules.elsewhere();
        let has_arrived = |id: &str| stored.state.has_arrived(id) || elsewhere.has_arrived(id);
        let file = |message: &OutgoingMessage| monthly::page(ctx, self.inputs, &stored.state, message);
        let known = Known { former: &former, has_arrived: &has_arrived, file: &file };
        let sent = messages::send_all(client, &batch, self.inputs.config.webex.parallel, brake, &known);
        let today = self.today(ctx);
        for (message, sent) in batch.into_iter().zip(sent) {
            delivery.count(ctx, (self.inputs.after_silence(), today), stored, &message, sent);
        }
        Ok(())
    }

    fn today(&self, ctx: &Context<'_>) -> NaiveDate {
        self.inputs.config.meeting.date_at(ctx.now)
    }

    /// Tells the organizers' space once that a run stopped, if this one did; otherwise it will be told again when one
    /// does.
    fn tell_of_stop(
        &self,
        ctx: &Context<'_>,
        client: &Client<'_>,
        stored: &mut StoredState,
        delivery: &mut DeliverySummary,
    ) -> Result<()> {
        let Some(why) = &delivery.stopped else {
            if delivery.sent > 0 {
                went_well(&mut stored.state, MESSAGES);
            }
            return Ok(());
        };
        let Some(message) = self.stop(ctx, &mut stored.state, MESSAGES, why) else { return Ok(()) };
        // Whatever is wrong with the other messages, the space can still be told.
        let mut told = DeliverySummary::default();
        self.send(ctx, (client, &Brake::default()), stored, vec![message], &mut told)?;
        told.judge(ctx, stored);
        delivery.sent += told.sent;
        Ok(())
    }

    /// Records for the organizers' space that a run stopped because of Webex's refusals, unless it was told about that.
    pub(crate) fn stop(
        &self,
        ctx: &Context<'_>,
        state: &mut State,
        of_what: &'static str,
        why: &str,
    ) -> Option<OutgoingMessage> {
        let kind = outbox::Kind::RefusedAlike;
        if state.was_told(kind, of_what, None).is_some() {
            return None;
        }
        let message = BotMessage::RefusedAlike { bookings: of_what == BOOKINGS, why: Sanitized::sentence(why) };
        let addressed = AddressedMessage { to: Recipient::Organizers, message };
        let key = format!("{}:{of_what}:{}", kind.name(), ctx.now.timestamp());
        let message = self.outgoing(ctx, state, key, &addressed)?;
        state.mark_told(kind, of_what, None, self.today(ctx));
        state.outbox.push(message.clone());
        Some(message)
    }

    /// Messages for the organizers go to the space that the config names today; if it names none, nowhere.
    fn readdress(&self, state: &mut State) {
        let room = &*self.inputs.config.webex.report_room;
        state.outbox.retain(|message| !(room.is_empty() && matches!(message.to, Address::Space(_))));
        for message in &mut state.outbox {
            if let Address::Space(known) = &mut message.to
                && **known != *room
            {
                *known = room.into();
                // The message that it answers is in the other space.
                (message.begun, message.parent) = (false, None);
            }
        }
    }

    /// Tells the organizers whom Webex does not know, and tells those who would meet them.
    fn tell_of_unknown(&self, ctx: &Context<'_>, state: &mut State, delivery: &mut DeliverySummary) {
        let mut unknown: Vec<Named> = Vec::new();
        let new = &delivery.unknown[delivery.told..];
        for email in new {
            let Some(messages) = conversation::lose(state, self.setting(ctx), email) else { continue };
            let name = self.inputs.roster.employees.iter().find(|one| *one.email == **email).map(|one| &one.name);
            unknown.push(Named {
                name: name.map_or_else(|| email.clone(), ToString::to_string).into(),
                email: email.clone().into(),
            });
            // A key stays readable when somebody is forgotten.
            self.queue(ctx, state, &format!("lost:{}:{}", ctx.now.timestamp(), number_of(state, email)), &messages);
        }
        delivery.told = delivery.unknown.len();
        if let Some(first) = unknown.first() {
            let key = format!("unreachable:{}:{}", ctx.now.timestamp(), number_of(state, &first.email));
            let addressed = AddressedMessage { to: Recipient::Organizers, message: BotMessage::Unreachable(unknown) };
            state.outbox.extend(self.outgoing(ctx, state, key, &addressed));
        }
    }
}

/// Their number, for what may not name them; "-" for somebody who is not in the state.
fn number_of(state: &State, email: &str) -> String {
    state.find(email).map_or_else(|| "-".to_owned(), |person| person.number().to_string())
}

/// Webex accepted what it refused before: if it refuses again, that is reported again. Returns whether that is news.
pub(crate) fn went_well(state: &mut State, of_what: &str) -> bool {
    let before = state.told.len();
    state.told.retain(|told| !(told.kind == outbox::Kind::RefusedAlike && *told.about == *of_what));
    state.told.len() < before
}

/// The key of a message: the same thing is told to the same person only once, but each change of a meeting again, and
/// whom they meet and when anew after such a change.
fn key(ctx: &Context<'_>, due: &Due) -> String {
    let to = match &due.addressed.to {
        Recipient::Person(person) => person.index().to_string(),
        Recipient::Stranger(_) | Recipient::Organizers | Recipient::Thread(_) => "organizers".to_owned(),
    };
    let key = format!("{}:{}:{to}", due.kind.name(), due.about);
    use outbox::Kind;
    match due.kind {
        Kind::Off | Kind::BackOn | Kind::Moved | Kind::Intro | Kind::Reminder => {
            format!("{key}:{}", ctx.now.timestamp())
        }
        _ => key,
    }
}

/// Removes from the outbox what comes too late or is no longer true.
pub(crate) fn strike_out_late(ctx: &Context<'_>, state: &mut State) {
    let struck = strike_out(state, ctx.now);
    if struck > 0 {
        ctx.detail(&format!("{struck} no longer sent: they come too late, or their meeting is off"));
    }
}

/// The keys of waiting messages: what is left from an earlier run may wait for the next morning, and with an introduction
/// waits whatever is said about that meeting's time.
fn waiting(state: &State, setting: Setting<'_>) -> HashSet<String> {
    let waits = |message: &&OutgoingMessage| waits_until(message, setting).is_some();
    let introductions: HashSet<(&Address, &str)> =
        state.outbox.iter().filter(waits).filter_map(|message| Some((&message.to, message.introduces()?))).collect();
    let follows = |message: &&OutgoingMessage| {
        message.about_time_of().is_some_and(|tag| introductions.contains(&(&message.to, tag)))
    };
    state
        .outbox
        .iter()
        .filter(|message| waits(message) || follows(message))
        .map(|message| message.key.clone())
        .collect()
}

/// Until when an already written message waits, if it does.
pub(crate) fn waits_until(message: &OutgoingMessage, setting: Setting<'_>) -> Option<DateTime<Utc>> {
    let rests = || match (&message.timed, &message.to) {
        (Some(timed), Address::Person(email)) => waits(setting, email, timed.kind, timed.until),
        _ => None,
    };
    match message.not_before {
        Some(from) => Some(from).filter(|from| *from > setting.now),
        None => rests(),
    }
}

/// The next messages, one for each recipient so that they arrive in order.
fn batch(state: &State, waiting: &HashSet<String>, tried: &HashSet<String>) -> Vec<OutgoingMessage> {
    let mut seen: HashSet<&Address> = HashSet::new();
    let first = state.outbox.iter().filter(|message| !waiting.contains(&message.key) && seen.insert(&message.to));
    first.filter(|message| !tried.contains(&message.key)).take(BATCH).cloned().collect()
}

impl DeliverySummary {
    /// Whether nothing more will be accepted in this run.
    fn is_over(&self) -> bool {
        self.why.as_ref().is_some_and(Error::affects_all_calls)
    }

    fn count(
        &mut self,
        ctx: &Context<'_>,
        (wait, today): (TimeDelta, NaiveDate),
        stored: &mut StoredState,
        message: &OutgoingMessage,
        sent: SendResult,
    ) {
        let StoredState { state, journal, .. } = stored;
        match sent {
            SendResult::Yes(Sent { id, at }) => {
                self.sent += 1;
                journal.note([of_message(message, Ok(id.clone()), state, ctx.now)]);
                if let (Address::Space(_), Some(about), Some(id)) = (&message.to, due::report_of(&message.key), &id) {
                    state.set_report_message(about, id);
                }
                let has_key = message.mark().is_some();
                state.arrived.extend(id.filter(|_| !has_key).map(|id| Arrived { id, at: ctx.now }));
                if let Address::Person(email) = &message.to {
                    conversation::find_again(state, email);
                    conversation::note_arrived(state, message.asks.as_ref(), email, at.unwrap_or(ctx.now));
                    due::arrived(state, message, email, today);
                }
            }
            SendResult::Refused(error) => return self.held.push((message.clone(), error, false)),
            SendResult::Nobody(error) => return self.held.push((message.clone(), error, true)),
            SendResult::Later(error, begun) => {
                // After a time-out, Webex may still be working on it.
                let wait = (error.kind == Kind::TimedOut).then(|| ctx.now + wait);
                for one in state.outbox.iter_mut().filter(|one| one.key == message.key) {
                    (one.begun, one.not_before) = (begun, wait.or(one.not_before));
                }
                self.why.get_or_insert(error);
                return;
            }
            SendResult::Untried => {
                // What an earlier run left in doubt stays in doubt.
                for one in state.outbox.iter_mut().filter(|one| one.key == message.key) {
                    one.begun = message.begun;
                }
                return;
            }
        }
        state.outbox.retain(|one| one.key != message.key);
    }

    /// If only a few messages were refused, the fault is their own: they are not sent again, and unknown addresses are
    /// marked.
    fn judge(&mut self, ctx: &Context<'_>, stored: &mut StoredState) {
        let StoredState { state, journal, .. } = stored;
        for (message, error, is_nobody) in std::mem::take(&mut self.held) {
            let whom = whom(&message.to);
            // The config has to be corrected: nothing that the organizers should read is lost in the meantime.
            if matches!(message.to, Address::Space(_)) && matches!(error.status, Some(403 | 404)) {
                ctx.say(harmless(&format!("warning: Webex does not know the organizers' space: {error}")));
                self.no_space = true;
                for one in state.outbox.iter_mut().filter(|one| one.key == message.key) {
                    one.begun = message.begun;
                }
                continue;
            }
            // One refusal loses nothing there; what follows does not wait for it.
            if matches!(message.to, Address::Space(_)) && ctx.now - message.at < TRIED {
                ctx.say(harmless(&format!("warning: not sent to {whom} yet: {error}")));
                let (last, first): (Vec<_>, Vec<_>) = state.outbox.drain(..).partition(|one| one.key == message.key);
                state.outbox = first;
                state.outbox.extend(last.into_iter().map(|one| OutgoingMessage { begun: false, ..one }));
                continue;
            }
            if is_nobody {
                ctx.say(harmless(&format!("warning: Webex does not know {whom}: {error}")));
                if !self.unknown.iter().any(|known| known == whom) {
                    self.unknown.push(whom.to_owned());
                }
            } else {
                self.refused += 1;
                ctx.say(harmless(&format!("warning: not sent to {whom}: {error}")));
            }
            journal.note([of_message(&message, Err(error.brief()), state, ctx.now)]);
            state.outbox.retain(|one| one.key != message.key);
        }
    }

    /// What was refused in a run that stopped is sent by the next run, after what the others wait for.
    fn put_off(&mut self, state: &mut State, brake: &Brake) {
        let held = std::mem::take(&mut self.held);
        for one in state.outbox.iter_mut().filter(|one| held.iter().any(|(message, ..)| message.key == one.key)) {
            one.begun = false;
        }
        let is_last = |one: &OutgoingMessage| held.iter().any(|(message, ..)| message.to == one.to);
        let (last, mut first): (Vec<_>, Vec<_>) = state.outbox.drain(..).partition(is_last);
        first.extend(last);
        state.outbox = first;
        let alike = held.iter().find(|(_, error, is_nobody)| !is_nobody && brake.is_alike(error));
        self.stopped = match (brake.too_many_unknown(), alike) {
            (Some(count), _) => {
                let first = held.iter().find(|(_, _, is_nobody)| *is_nobody);
                let why = first.map(|(_, error, _)| format!(": {error}")).unwrap_or_default();
                let mut unknown: Vec<&str> = held.iter().filter(|it| it.2).map(|(one, ..)| whom(&one.to)).collect();
                unknown.dedup();
                let more = unknown.len().saturating_sub(NAMED);
                let and = if more > 0 { format!("{APART}and {more} more") } else { String::new() };
                unknown.truncate(NAMED);
                Some(format!(
                    "Webex answers that it does not know {count} addresses, which is too many to be true: nobody is \
                        marked as unreachable. These are {}{and}{why}",
                    unknown.join(APART)
                ))
            }
            (None, Some((_, error, _))) => Some(format!("Webex refuses several messages for the same reason: {error}")),
            (None, None) => None,
        };
    }
}

fn whom(to: &Address) -> &str {
    match to {
        Address::Person(email) => email,
        Address::Space(_) => "the organizers' space",
        Address::Thread(_) => "a space in which somebody spoke to the bot",
    }
}

/// Somebody's name for a table.
pub(crate) fn shown(state: &State, addressed: &AddressedMessage) -> String {
    let email = |person: &PersonId| state.email(*person).to_string();
    match &addressed.to {
        Recipient::Person(person) => email(person),
        Recipient::Stranger(email) => email.to_string(),
        Recipient::Organizers => "the organizers' space".to_owned(),
        Recipient::Thread(_) => "a space".to_owned(),
    }
}

/// Says what was sent, and what is left.
///
/// # Errors
/// Something is left or did not arrive, or Webex does not know the bot.
pub(crate) fn report(ctx: &Context<'_>, delivery: DeliverySummary) -> Result<()> {
    let DeliverySummary { sent, waiting, .. } = delivery;
    ctx.say(format_args!("sent {}", counted(sent, "message", "messages")));
    ctx.set_summary(format_args!("sent {sent}"));
    if waiting > 0 {
        let wait = counted(waiting, "message waits", "messages wait");
        ctx.say(format_args!("{wait} for the recipients' working hours: notify sends them then"));
    }
    if let Some(error) = &delivery.why
        && error.kind == Kind::Bot
    {
        return Err(error.clone().into());
    }
    let organizers_know = delivery.stopped.is_some() || delivery.is_only_unknown();
    // If nothing else is wrong, the messages have no fault of their own.
    let is_only_later = delivery.stopped.is_none() && delivery.refused == 0 && delivery.unknown.is_empty();
    let why = delivery.why.as_ref().filter(|_| is_only_later && !delivery.no_space);
    let about = if delivery.is_only_unknown() { ADDRESSES } else { why.and_then(about_webex).unwrap_or(MESSAGES) };
    let (what, hints): (Vec<String>, Vec<String>) = delivery.troubles(ctx.now).into_iter().unzip();
    if what.is_empty() {
        return Ok(());
    }
    Err(Partly { what: what.join("; "), hint: hints.join("; "), organizers_know, about: Some(about) }.into())
}

impl DeliverySummary {
    /// Whether the only problem is that Webex does not know somebody.
    fn is_only_unknown(&self) -> bool {
        !self.unknown.is_empty() && self.refused == 0 && self.later == 0 && !self.no_space
    }

    /// What is left or did not arrive, each with what to do about it.
    fn troubles(self, now: DateTime<Utc>) -> Vec<(String, String)> {
        let count = |number: usize, of: &str| format!("{number} message{} {of}", if number == 1 { "" } else { "s" });
        let are = |number: usize| if number == 1 { "is" } else { "are" };
        let were = |number: usize| if number == 1 { "was" } else { "were" };
        let Self { later, why, refused, unknown, stopped, no_space, .. } = self;
        let mut troubles = Vec::new();
        if let Some(stopped) = stopped {
            let hint = "nothing is lost: check what Webex says, the bot, and the addresses that are named; the next run tries again";
            troubles.push((stopped, hint.to_owned()));
        }
        if no_space {
            let hint = "report_room under [webex] in the config must be the id of the space, and the bot must be in \
                the space; what waits for it is sent once that is fixed";
            troubles.push(("Webex does not know the organizers' space".to_owned(), hint.to_owned()));
        }
        if later > 0 {
            let again = match why.as_ref().map(|error| error.kind) {
                Some(Kind::Busy(wait)) => {
                    let at = rfc3339(come_back(now, wait));
                    format!("run it again after {at}: nothing that arrived is sent twice")
                }
                _ => "run it again: nothing that arrived is sent twice".to_owned(),
            };
            let why = why.map(|error| format!(": {error}")).unwrap_or_default();
            let what = count(later, &format!("{} left to send{why}", are(later)));
            troubles.push((what, again));
        }
        if refused > 0 {
            let what = count(refused, &format!("{} refused by Webex", were(refused)));
            troubles.push((what, "the reasons are given above; they are not sent again".to_owned()));
        }
        if !unknown.is_empty() {
            let hint = "check the roster; the people who were to meet them are told".to_owned();
            troubles.push((format!("Webex does not know {}", unknown.join(APART)), hint));
        }
        troubles
    }
}
