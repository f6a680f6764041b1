//! What follows from what somebody typed or tapped.
//! Decides, changes the state, and collects what is said; knows no words.

use chrono::{Days, NaiveDate, TimeDelta};

use super::Conversation;
use super::chat_command::ChatCommand;
use super::colleagues::{self, Colleague, Found};
use super::comeback::Return;
use super::time_phrase::TimePhrase;
use super::view::Rejection;
use crate::domain::calendar::week_of;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{BotMessage, Break, Namesake, Rejected};
use crate::domain::roster::RosterIndex;
use crate::domain::state::bookings::{Booking, MeetingResult, Seen};
use crate::domain::state::last_said::Topic;
use crate::domain::state::people::PersonView;
use crate::domain::state::preferences::NO_END;
use crate::domain::state::{Group, Happened, PersonId};

/// Something that somebody typed or tapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserAction {
    /// They typed a command.
    ChatCommand(ChatCommand),
    /// They tapped *Suggest a new time* for that meeting.
    Suggest(String),
    /// They sent a date and a time, as the card has them, for that meeting.
    Send(String, String, String),
    /// They said yes to that proposal for that meeting.
    Yes(String, u32),
    /// They said no to that proposal for that meeting.
    No(String, u32),
    /// They tapped *Skip this one*.
    Skip(String),
    /// They tapped *Pause*, for that number of weeks.
    Pause(u32),
    /// They say that they met.
    Met(String),
    /// They say that they will still meet.
    NotYet(String),
    /// They say that they could not meet.
    CouldNot(String),
    /// The organizer wants to preview that announcement, a text and a picture's address.
    Test(String, String),
    /// The organizer sends it to everybody.
    TellAll(String, String),
    /// The organizer sends everybody the announcement with that key, which they have previewed.
    Announce(String),
    /// They tapped something that none of our cards has.
    Unknown,
}

/// The longest pause from a card, in weeks.
const MOST_WEEKS: u32 = 52;
/// The organizers are told about a pause that is longer than this.
const LONG: TimeDelta = TimeDelta::weeks(4);

fn namesake(colleague: Colleague<'_>) -> Namesake {
    let Colleague { name, department, email } = colleague;
    Namesake { name: name.into(), department: department.into(), email: email.to_owned() }
}

impl Conversation<'_> {
    pub(super) fn answer(&mut self, person: PersonId, action: &UserAction) {
        let result = match action {
            UserAction::ChatCommand(command) => self.obey(person, command),
            UserAction::Suggest(key) => {
                self.view().find_ahead(key, person).map(|booking| self.ask_for_time(person, &booking))
            }
            UserAction::Send(key, date, time) => {
                self.view().find_ahead(key, person).map(|booking| self.suggest_written(person, &booking, date, time))
            }
            UserAction::Yes(key, number) => self.agree(person, key, *number),
            UserAction::No(key, number) => self.decline(person, key, *number),
            UserAction::Skip(key) => {
                self.view().find_ahead(key, person).map(|booking| self.skip(person, booking.round))
            }
            UserAction::Pause(weeks) => {
                let days = Days::new(7 * u64::from((*weeks).clamp(1, MOST_WEEKS)));
                let until = self.view().spoke_on(person).checked_add_days(days).unwrap_or(NO_END);
                self.pause(person, until);
                Ok(())
            }
            UserAction::Met(key) => self.became(person, key, MeetingResult::Met),
            UserAction::CouldNot(key) => self.became(person, key, MeetingResult::CouldNot),
            UserAction::NotYet(key) => self.view().find(key, person).map(|booking| {
                let meeting = self.view().meeting(&booking, person);
                self.say(person, BotMessage::NotYet(meeting));
            }),
            // Not from them: nobody else has these cards.
            UserAction::Test(..) | UserAction::TellAll(..) | UserAction::Announce(_) => {
                let who = self.state.email(person);
                let log = Some(format!("{who} tried to announce something, which only the organizer may"));
                Err(Rejection { why: Rejected::Unknown, log })
            }
            UserAction::Unknown => Err(Rejected::Unknown.into()),
        };
        if let Err(Rejection { why, log }) = result {
            self.effects.log.extend(log);
            self.reject(person, action, why);
        }
    }

    /// Says why an answer had no effect, and how the meeting stands if the reader is in it.
    fn reject(&mut self, person: PersonId, action: &UserAction, why: Rejected) {
        let key = match action {
            UserAction::Suggest(key) | UserAction::Send(key, ..) | UserAction::Yes(key, _) | UserAction::No(key, _) => {
                Some(key)
            }
            _ => None,
        };
        let stands =
            key.filter(|_| why == Rejected::OutOfDate).and_then(|key| self.view().find_ahead(key, person).ok());
        let meeting = stands.map(|booking| self.view().meeting(&booking, person));
        self.say(person, BotMessage::Rejected(why, meeting));
    }

    /// What follows from a command.
    fn obey(&mut self, person: PersonId, command: &ChatCommand) -> Result<(), Rejection> {
        match command {
            // Only organizers are understood like this: for others these are just words.
            ChatCommand::Organize(_) => self.say(person, BotMessage::NotUnderstood(Sanitized::default())),
            ChatCommand::Help | ChatCommand::Announce | ChatCommand::Greet(_) => {
                self.say(person, self.view().help(person));
            }
            ChatCommand::Unknown(text) => {
                let message = self.view().open_question(person);
                self.say(person, message.unwrap_or_else(|| BotMessage::NotUnderstood(text.clone().into())));
            }
            ChatCommand::SmallTalk => {
                self.say(person, self.view().open_question(person).unwrap_or(BotMessage::Welcome));
            }
            ChatCommand::Away(phrase) => {
                let open = self.view().open_question(person);
                open.into_iter().for_each(|question| self.say(person, question));
                self.say(person, self.view().offer(person, phrase));
            }
            ChatCommand::Thanks => self.say(person, BotMessage::Welcome),
            ChatCommand::NeverMind => match self.topic().cloned() {
                Some(Topic::Suggested(key)) => self.take_back(person, &key),
                _ => self.say(person, BotMessage::NothingChanged),
            },
            // Whoever left has nothing to skip or to pause: they are told how to come back.
            ChatCommand::Skip(_) | ChatCommand::Cancel | ChatCommand::Pause(_) | ChatCommand::PauseHow(..)
                if self.state.choice_of(person).stopped =>
            {
                self.say(person, self.view().status(person));
            }
            // “Cancel” may refer to a suggestion, a pause or what was just said.
            ChatCommand::Cancel => return self.obey(person, &ChatCommand::Skip(TimePhrase::Unclear)),
            ChatCommand::StopHow => self.say(person, BotMessage::StopHow),
            ChatCommand::Change(number) => {
                match number.checked_sub(1).and_then(|at| self.coming_then(person).into_iter().nth(at)) {
                    Some(booking) if booking.start <= self.setting.now => return Err(Rejected::Begun.into()),
                    Some(booking) => self.ask_for_time(person, &booking),
                    None => self.say(person, BotMessage::NothingToMove),
                }
            }
            ChatCommand::ChangeOn(phrase) => self.change_on(person, phrase),
            ChatCommand::ChangeTo(which, phrase, time) => self.change_to(person, which, phrase, *time),
            ChatCommand::Status => self.say(person, self.view().status(person)),
            // They had not read what was said to them meanwhile: they may have said the same before.
            ChatCommand::Skip(TimePhrase::Nothing | TimePhrase::Next) if self.crossed() => {
                return self.obey(person, &ChatCommand::Skip(TimePhrase::Unclear));
            }
            ChatCommand::Unskip(TimePhrase::Nothing | TimePhrase::Next) if self.crossed() => {
                return self.obey(person, &ChatCommand::Unskip(TimePhrase::Unclear));
            }
            ChatCommand::Skip(phrase) => match self.view().rounds_meant(person, phrase, false) {
                Ok(dates) => dates.into_iter().for_each(|date| self.skip(person, date)),
                Err(message) => self.say(person, *message),
            },
            ChatCommand::Unskip(phrase) => match self.view().rounds_meant(person, phrase, true) {
                Ok(dates) => dates.into_iter().for_each(|date| self.unskip(person, date)),
                Err(message) => self.say(person, *message),
            },
            ChatCommand::Pause(until) => self.pause(person, *until),
            ChatCommand::PauseHow(typed, breaks) => {
                self.say(person, BotMessage::PauseHow { typed: typed.clone().into(), breaks: breaks.clone() });
            }
            ChatCommand::ResumeOn(phrase) => self.resume_on(person, phrase),
            ChatCommand::Resume => self.resume(person, Return::Resume),
            ChatCommand::Start => self.resume(person, Return::Start),
            ChatCommand::Stop => self.stop(person),
            ChatCommand::NotWith(name) => self.not_with(person, name),
            ChatCommand::MeetAgain(name) => self.meet_again(person, name),
            ChatCommand::Why => self.say(person, self.view().why(person)),
            ChatCommand::Yes
            | ChatCommand::Agreed
            | ChatCommand::No
            | ChatCommand::Cannot
            | ChatCommand::Met
            | ChatCommand::NotYet
            | ChatCommand::CouldNot => return self.in_words(person, command),
        }
        Ok(())
    }

    /// Somebody takes part again after a break, or after they left; whoever takes part already is told how.
    fn resume(&mut self, person: PersonId, back: Return) {
        let mut choice = self.state.choice_of(person);
        let today = self.view().today(person);
        if !choice.stopped && choice.paused_until.is_none_or(|until| until < today) {
            self.say(person, self.view().status(person));
            return;
        }
        // Whoever left for good and wants to go on comes back.
        let back = if choice.stopped { Return::Start } else { back };
        (choice.stopped, choice.paused_until) = (false, None);
        self.state.choose(choice);
        self.come_back(person, back);
    }

    /// Somebody leaves the programme.
    fn stop(&mut self, person: PersonId) {
        let mut choice = self.state.choice_of(person);
        if !choice.stopped {
            self.state.record_news(self.view().today(person), person, Happened::Stopped);
        }
        choice.stopped = true;
        self.state.choose(choice);
        let cancelled = self.call_off(person, |_| true);
        self.say(person, BotMessage::Stopped(cancelled));
    }

    /// An answer without a card: to what the bot asked last, if it is one.
    fn in_words(&mut self, person: PersonId, command: &ChatCommand) -> Result<(), Rejection> {
        let says_yes = matches!(command, ChatCommand::Yes | ChatCommand::Agreed);
        let is_account = matches!(command, ChatCommand::Met | ChatCommand::CouldNot | ChatCommand::NotYet);
        match self.topic().cloned() {
            Some(Topic::Proposal(key, number)) if says_yes => return self.agree(person, &key, number),
            Some(Topic::Proposal(key, number)) if !is_account => return self.decline(person, &key, number),
            Some(Topic::Suggested(key)) if *command == ChatCommand::No => self.take_back(person, &key),
            // They gave a sign by saying so.
            Some(Topic::GoOn) if says_yes => self.say(person, self.view().status(person)),
            Some(Topic::GoOn) if *command == ChatCommand::No => self.say(person, BotMessage::StopHow),
            // They cannot make the new time, or could not meet.
            Some(Topic::Proposal(key, number)) if *command == ChatCommand::CouldNot => {
                let open = self.view().open(person, &key, number).map(|(booking, _)| booking);
                let question = open.ok().and_then(|_| self.view().open_question(person));
                self.say(person, question.unwrap_or_else(|| self.view().help(person)));
            }
            topic if is_account => return self.account(person, command, topic.as_ref()),
            Some(Topic::Outcome(key)) if *command == ChatCommand::Yes && !self.was_missed(person, &key) => {
                return self.became(person, &key, MeetingResult::Met);
            }
            // Not yet, or not at all?
            Some(Topic::Outcome(key)) => match self.state.booking(&key).cloned() {
                Some(booking) => self.say(person, self.view().question(&booking, person)),
                None => return Err(Rejected::Unknown.into()),
            },
            _ => return self.unasked(person, command),
        }
        Ok(())
    }

    /// A yes or no that answers nothing that was asked last. If anything is open, it is asked again: then an answer is
    /// clear.
    fn unasked(&mut self, person: PersonId, command: &ChatCommand) -> Result<(), Rejection> {
        let open = self.view().open_question(person);
        let was_asked = self.view().asked_of(person).is_some();
        // “OK” to something else crossed with the question.
        let crossed = self.crossed() && self.last_said.as_ref().is_some_and(|last| last.closed.is_none());
        let agreed_to = self.view().agreed_to(person);
        if matches!(command, ChatCommand::No | ChatCommand::Cannot)
            && let (Some((key, number)), None) = (agreed_to, &open)
        {
            // They take back their yes.
            return self.decline(person, &key, number);
        }
        // They answer a suggestion that was settled, withdrawn or not answered in time.
        let about = self.last_said.as_ref().and_then(|last| last.question.about.as_ref());
        if let (Some(Topic::Proposal(key, _)), None, ChatCommand::Yes | ChatCommand::No, false) =
            (about, &open, command, was_asked)
        {
            let view = self.view();
            let booking = view.find_ahead(key, person).or_else(|why| view.instead(key, person).ok_or(why))?;
            let meeting = self.view().meeting(&booking, person);
            self.say(person, BotMessage::Rejected(Rejected::OutOfDate, Some(meeting)));
            return Ok(());
        }
        let asked_to_go_on = self.last_said.as_ref().is_some_and(|last| last.question.about == Some(Topic::GoOn));
        let message = match (command, open) {
            _ if asked_to_go_on && !crossed => BotMessage::GoOn(self.setting.programme.into()),
            (ChatCommand::Agreed, _) if crossed => BotMessage::Welcome,
            (ChatCommand::Cannot, open) => {
                open.into_iter().for_each(|question| self.say(person, question));
                self.view().offer(person, &TimePhrase::Nothing)
            }
            (_, Some(open)) => open,
            (ChatCommand::Agreed, None) => BotMessage::Welcome,
            (ChatCommand::Yes, None) if was_asked => BotMessage::Welcome,
            (ChatCommand::No, None) if was_asked => BotMessage::NothingChanged,
            _ => self.view().help(person),
        };
        self.say(person, message);
        Ok(())
    }

    /// Whether something was said to whoever speaks after they had typed this.
    fn crossed(&self) -> bool {
        self.last_said.as_ref().is_some_and(|last| last.when() > self.setting.said)
    }

    /// Whether somebody was seen not to come while another waited: they are asked why, and a yes does not say that.
    fn was_missed(&self, person: PersonId, key: &str) -> bool {
        let mut bookings = self.state.bookings.iter();
        bookings.any(|it| *it.tag == *key && matches!(it.seen, Some(Seen::One(one)) if one != person))
    }

    /// Somebody says in words of their own what became of a meeting: the last one, even before they are asked, unless
    /// they have been asked about another since.
    fn account(&mut self, person: PersonId, command: &ChatCommand, topic: Option<&Topic>) -> Result<(), Rejection> {
        let view = self.view();
        let key = topic.and_then(Topic::meeting);
        let named = key.and_then(|key| view.state.booking(key));
        let named = named.filter(|booking| booking.end() <= self.setting.said);
        let asked = named.or_else(|| view.asked_of(person)).cloned();
        let begun = view.last_begun(person).filter(|_| *command != ChatCommand::NotYet);
        let begun = begun.filter(|begun| {
            asked.as_ref().is_none_or(|asked| begun.start > asked.start)
                && !(named.is_some() && begun.accounts.has(person))
        });
        let Some(booking) = begun.or(asked) else {
            self.say(person, self.view().help(person));
            return Ok(());
        };
        match command {
            ChatCommand::Met => self.became(person, &booking.tag, MeetingResult::Met),
            ChatCommand::CouldNot => self.became(person, &booking.tag, MeetingResult::CouldNot),
            _ => {
                let meeting = self.view().meeting(&booking, person);
                self.say(person, BotMessage::NotYet(meeting));
                Ok(())
            }
        }
    }

    fn skip(&mut self, person: PersonId, date: NaiveDate) {
        let mut choice = self.state.choice_of(person);
        let today = self.view().today(person);
        choice.skipped.retain(|day| *day + TimeDelta::weeks(1) >= today && week_of(*day) != week_of(date));
        choice.skipped.push(date);
        choice.skipped.sort_unstable();
        self.state.choose(choice);
        let cancelled = self.call_off(person, |round| week_of(round) == week_of(date)) > 0;
        let date = self.view().day_of(date);
        self.say(person, BotMessage::Skipped { date, cancelled });
    }

    fn unskip(&mut self, person: PersonId, date: NaiveDate) {
        let mut choice = self.state.choice_of(person);
        choice.skipped.retain(|day| week_of(*day) != week_of(date));
        self.state.choose(choice);
        self.come_back(person, Return::Unskip(date));
    }

    /// Somebody takes part again, unless the roster pauses them.
    fn come_back(&mut self, person: PersonId, back: Return) {
        self.effects.rounds_change = true;
        if !matches!(back, Return::Unskip(_)) {
            self.state.withdraw_news(person, Happened::Stopped);
        }
        match self.view().on_roster(person) {
            Some(until) => self.say(person, BotMessage::PausedByRoster(until)),
            None => self.effects.back = Some((person, back)),
        }
    }

    /// Somebody wants to be back on a day: whoever is paused stays so until the day before; whoever takes part is
    /// asked.
    fn resume_on(&mut self, person: PersonId, phrase: &TimePhrase) {
        let today = self.view().today(person);
        let readings = phrase.readings(self.view().spoke_on(person));
        let ends: Vec<NaiveDate> = readings.iter().filter_map(|span| span.from.pred_opt()).collect();
        let pauses = self.state.choice_of(person).paused_until.is_some_and(|until| until >= today);
        match ends[..] {
            [until] if pauses && until >= today => self.pause(person, until),
            // It was read on that day, or later.
            [_] if pauses && self.setting.said < self.setting.now => drop(self.obey(person, &ChatCommand::Resume)),
            _ => {
                let ends = ends.into_iter().filter(|until| *until >= today);
                let breaks: Vec<Break> = ends.map(|until| Break { from: None, until }).collect();
                self.say(
                    person,
                    match breaks.is_empty() {
                        true => BotMessage::PauseHow { typed: Sanitized::default(), breaks },
                        false => BotMessage::Absence { dates: Vec::new(), breaks },
                    },
                );
            }
        }
    }

    fn pause(&mut self, person: PersonId, until: NaiveDate) {
        if until < self.view().today(person) {
            // It was read too late.
            return self.say(person, self.view().status(person));
        }
        let cancelled = self.keep_pause(person, until);
        self.say(person, BotMessage::Paused { until, cancelled });
    }

    /// Records that somebody pauses, and tells those whom they would meet; returns how many meetings that cancels.
    pub(super) fn keep_pause(&mut self, person: PersonId, until: NaiveDate) -> usize {
        // What counts is the day on which they meet, which may be in another week than the round's.
        let view = self.view();
        let day = |date: NaiveDate, group: Group| {
            let agreed = view.booked(date, group).and_then(|booking| booking.agreed);
            agreed.map_or(date, |agreed| view.setting.meeting.date_at(agreed))
        };
        let ahead = view.ahead(person).into_iter();
        let off: Vec<NaiveDate> =
            ahead.filter(|(date, group)| day(*date, *group) <= until).map(|(date, _)| date).collect();
        let mut choice = self.state.choice_of(person);
        choice.paused_until = Some(until);
        choice.skipped.extend(off.iter().filter(|date| **date > until));
        choice.skipped.sort_unstable();
        choice.skipped.dedup();
        self.state.choose(choice);
        let today = self.view().today(person);
        match until - today > LONG {
            true => self.state.record_news(today, person, Happened::Paused(until)),
            false => self.state.withdraw_news(person, Happened::Paused(until)),
        }
        self.call_off(person, |round| off.contains(&round))
    }

    fn not_with(&mut self, person: PersonId, typed: &str) {
        let roster = self.setting.roster;
        let own = self.positions[person.index()];
        let colleague = |at: RosterIndex| {
            let one = roster.employee(at);
            Colleague { name: &one.name, department: roster.department(at), email: &one.email }
        };
        let lower = typed.trim().to_lowercase();
        let typed_of_today = if lower.contains('@') { roster.current(&lower) } else { typed };
        let others = roster.places().map(|(at, _)| at).filter(|at| own != Some(*at));
        let others: Vec<_> = others.map(|at| (at, colleague(at))).collect();
        match colleagues::find(typed_of_today, others.iter().copied()) {
            Found::One(at) => {
                let other = self.state.person_or_insert(&roster.employee(at).email);
                let name = roster.employee(at).name.to_string();
                let mut choice = self.state.choice_of(person);
                if let Err(place) = choice.not_with.binary_search(&other) {
                    choice.not_with.insert(place, other);
                }
                // The rounds follow with the next run: if they did at once, the journal would tell whose wish it is.
                self.state.choose(choice);
                let coming = self.view().coming(person);
                let booked = coming.iter().find(|booking| booking.people.has(other));
                let booked = booked.map(|booking| self.view().meeting(booking, person));
                self.say(person, BotMessage::NotWith { name: name.into(), booked });
            }
            Found::Several(several) => {
                let near = several.into_iter().map(|at| namesake(colleague(at))).collect();
                self.say(person, BotMessage::NotWithWhom { typed: typed.into(), near, again: false });
            }
            Found::Nobody => {
                let message = BotMessage::NotWithWhom { typed: typed.into(), near: Vec::new(), again: false };
                self.say(person, message);
            }
        }
    }

    /// Withdraws the wish not to meet somebody.
    fn meet_again(&mut self, person: PersonId, typed: &str) {
        let mut choice = self.state.choice_of(person);
        let view = self.view();
        let colleague = |other: PersonId| {
            let PersonView { name, department, email } = view.person_view(other);
            Colleague { name, department, email }
        };
        let message = match colleagues::find(typed, choice.not_with.iter().map(|other| (*other, colleague(*other)))) {
            Found::One(other) => {
                let name = view.name(other);
                choice.not_with.retain(|one| *one != other);
                self.state.choose(choice);
                BotMessage::MeetAgain(name)
            }
            Found::Several(several) => {
                let near = several.into_iter().map(|other| namesake(colleague(other))).collect();
                BotMessage::NotWithWhom { typed: typed.into(), near, again: true }
            }
            Found::Nobody => {
                let wishes = choice.not_with.iter().map(|other| view.name(*other)).collect();
                BotMessage::NoSuchWish { typed: typed.into(), wishes }
            }
        };
        self.say(person, message);
    }

    /// Records what became of a meeting. People who could not meet may be drawn together again.
    fn became(&mut self, person: PersonId, key: &str, became: MeetingResult) -> Result<(), Rejection> {
        let known = self.state.booking(key).cloned();
        let already = known.as_ref().and_then(|booking| booking.result);
        let booking = match known.filter(|_| already.is_some()) {
            Some(booking) if booking.people.has(person) => booking,
            _ => self.view().find(key, person)?,
        };
        if booking.start > self.setting.now {
            let meeting = self.view().meeting(&booking, person);
            self.say(person, BotMessage::NotYet(meeting));
            return Ok(());
        }
        let mut accounts = booking.accounts.clone();
        accounts.put(person, became);
        // Whoever says that they met is believed over whoever says that they did not; an older state does not say who
        // said so.
        let by_somebody = already == Some(MeetingResult::Met) && booking.accounts.met.is_empty();
        let result = if by_somebody || !accounts.met.is_empty() { MeetingResult::Met } else { MeetingResult::CouldNot };
        let told = Booking { result: Some(result), accounts, ..booking.clone() };
        // What was seen stays, whatever people say.
        let held = told.is_held();
        self.state.put_booking(told);
        self.hold(&booking, held);
        self.state.change_report(booking.round, self.setting.meeting.date_at(self.setting.now));
        self.say(
            person,
            match became {
                MeetingResult::Met => BotMessage::Met,
                MeetingResult::CouldNot => BotMessage::CouldNot { again: !held },
            },
        );
        Ok(())
    }
}
