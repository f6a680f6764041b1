//! A new time goes back and forth: suggested, checked, agreed to or not, or never answered.
//! The meeting itself moves by the schedule, once all agree.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta};

use super::chat_command::WhichMeeting;
use super::due::Due;
use super::time_phrase::{self, Span, TimePhrase, TypedTime};
use super::view::Rejection;
use super::{AddressedMessage, Conversation, Recipient};
use crate::domain::calendar::week_of;
use crate::domain::language::Language;
use crate::domain::local_time::instant;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::message::{BotMessage, Rejected, TimeProblem};
use crate::domain::state::PersonId;
use crate::domain::state::bookings::{Booking, Proposal, Stage};
use crate::domain::state::last_said::Topic;
use crate::domain::state::outbox::{Address, Kind};

/// This long before a meeting, at the latest, its people hear that it cannot be moved.
const IN_TIME: TimeDelta = TimeDelta::minutes(30);

impl Conversation<'_> {
    /// Shows the card for choosing a new time, filled in with what they gave so far or with the current time.
    pub(super) fn ask_for_time(&mut self, person: PersonId, booking: &Booking) {
        let start = booking.start.with_timezone(&self.view().zone(person));
        let (date, time) = match self.last_said.as_ref().and_then(|last| last.question.about.as_ref()) {
            Some(Topic::NewTime(tag, date, time)) if **tag == *booking.tag => (*date, *time),
            _ => (start.date_naive(), start.time()),
        };
        self.time_card(person, booking, date, time, None);
    }

    fn time_card(
        &mut self,
        person: PersonId,
        booking: &Booking,
        date: NaiveDate,
        time: NaiveTime,
        problem: Option<TimeProblem>,
    ) {
        let from = self.view().today(person);
        let to = self.view().latest(person, booking);
        let meeting = self.view().meeting(booking, person);
        let times = self.view().times(person, booking);
        self.say(person, BotMessage::SuggestTime { meeting, from, to, times, date, time, problem });
    }

    /// Somebody wants to move the meeting on the days that they named.
    pub(super) fn change_on(&mut self, person: PersonId, phrase: &TimePhrase) {
        match self.view().meeting_meant(person, phrase) {
            Ok(booking) => self.ask_for_time(person, &booking),
            Err(message) => self.say(person, *message),
        }
    }

    /// Somebody wants to move a meeting to a day and a time; whatever of these is unclear is asked.
    ///
    /// If they do not name it, it is the one that was spoken of last, with the day or time that was suggested for it or
    /// that they gave.
    pub(super) fn change_to(
        &mut self,
        person: PersonId,
        which: &WhichMeeting,
        phrase: &TimePhrase,
        time: Option<TypedTime>,
    ) {
        let coming = self.coming_then(person);
        let topic = self.topic().filter(|_| *which == WhichMeeting::Unnamed);
        let spoken_of = topic.and_then(Topic::meeting).and_then(|tag| coming.iter().find(|it| *it.tag == *tag));
        let topic = topic.filter(|_| spoken_of.is_some());
        let booking = match which {
            WhichMeeting::On(days) => match self.view().meeting_meant(person, days) {
                Ok(booking) => Some(booking),
                Err(message) => return self.say(person, *message),
            },
            WhichMeeting::Number(number) => number.checked_sub(1).and_then(|at| coming.get(at)).cloned(),
            WhichMeeting::Unnamed if spoken_of.is_none() && self.view().is_another_new(person) => {
                let meetings = self.view().coming_as_read(person);
                return self.say(person, BotMessage::WhichMeeting(meetings));
            }
            WhichMeeting::Unnamed => spoken_of.or(coming.first()).cloned(),
        };
        let Some(booking) = booking else { return self.say(person, BotMessage::NothingToMove) };
        if booking.start <= self.setting.now {
            return self.say(person, BotMessage::Rejected(Rejected::Begun, None));
        }
        let zone = self.view().zone(person);
        let known = booking.start.with_timezone(&zone);
        let suggested = booking.proposal.as_ref().map(|proposal| proposal.start.with_timezone(&zone));
        let (date, clock) = match (topic, suggested) {
            (Some(Topic::NewTime(_, date, clock)), _) => (*date, Some(*clock).filter(|clock| *clock != known.time())),
            (Some(Topic::Proposal(..) | Topic::Suggested(_)), Some(start)) => (start.date_naive(), Some(start.time())),
            _ => (known.date_naive(), None),
        };
        let mut readings = phrase.readings(self.view().spoke_on(person));
        // “Friday” is the next one, unless the meeting is in a later week.
        if let [first, later] = readings[..]
            && first.in_a_week() == Some(later)
            && week_of(known.date_naive()) <= week_of(first.from)
            && matches!(which, WhichMeeting::Number(_) | WhichMeeting::On(_))
        {
            readings.truncate(1);
        }
        let day = match phrase {
            // A time alone means the same day.
            TimePhrase::Nothing | TimePhrase::Next => Some(date),
            _ => self.possible(person, &booking, &readings),
        };
        let works = |clock: NaiveTime| {
            let start = instant(zone, day.unwrap_or(date).and_time(clock));
            self.view().works(person, start.to_utc(), booking.minutes)
        };
        let time = time.map(|typed| typed.meant(works)).or(clock);
        if day.is_none() && self.ask_which_day(person, &booking, &readings, time) {
            return;
        }
        self.suggest(person, &booking, day, time);
    }

    /// Somebody's upcoming meetings, numbered as they were when they spoke.
    pub(super) fn coming_then(&self, person: PersonId) -> Vec<Booking> {
        self.view().when_they_spoke().coming(person)
    }

    /// The only day among several readings that can be suggested, or the only reading.
    fn possible(&self, person: PersonId, booking: &Booking, readings: &[Span]) -> Option<NaiveDate> {
        let days: Vec<NaiveDate> = readings.iter().filter(|span| span.from == span.to).map(|span| span.from).collect();
        let offered = self.view().today(person)..=self.view().latest(person, booking);
        let fit: Vec<NaiveDate> = days.iter().copied().filter(|day| offered.contains(day)).collect();
        match (&fit[..], &days[..]) {
            ([day], _) => Some(*day),
            ([], [day]) if readings.len() == 1 => Some(*day),
            _ => None,
        }
    }

    /// Somebody suggests a date and a time, in the form that a card sends.
    pub(super) fn suggest_written(&mut self, person: PersonId, booking: &Booking, date: &str, time: &str) {
        let today = self.view().spoke_on(person);
        // If the day is over, people are told so.
        let iso = date.trim().get(..10).and_then(|date| date.parse::<NaiveDate>().ok());
        let days = time_phrase::dates(date, Language::English, today);
        let days: Vec<Span> = days.into_iter().map(|day| Span { from: day, to: day }).collect();
        let day = iso.or_else(|| self.possible(person, booking, &days));
        let time = time_phrase::time_of_day(time);
        if day.is_none() && self.ask_which_day(person, booking, &days, time) {
            return;
        }
        self.suggest(person, booking, day, time);
    }

    /// Asks which day is meant, if there are several; returns whether it asks.
    fn ask_which_day(&mut self, person: PersonId, booking: &Booking, read: &[Span], time: Option<NaiveTime>) -> bool {
        let days: Vec<NaiveDate> = read.iter().filter(|span| span.from == span.to).map(|span| span.from).collect();
        if days.len() < 2 || days.len() != read.len() {
            return false;
        }
        let known = booking.start.with_timezone(&self.view().zone(person));
        let problem = TimeProblem::WhichDay(days);
        self.time_card(person, booking, known.date_naive(), time.unwrap_or(known.time()), Some(problem));
        true
    }

    /// Somebody suggests a day and a time: the others are told if it is possible; otherwise the person hears why not.
    pub(super) fn suggest(
        &mut self,
        person: PersonId,
        booking: &Booking,
        day: Option<NaiveDate>,
        clock: Option<NaiveTime>,
    ) {
        let known = booking.start.with_timezone(&self.view().zone(person));
        let start = match self.view().check(person, booking, day, clock) {
            Ok(start) => start,
            Err(problem) => {
                let (day, clock) = (day.unwrap_or(known.date_naive()), clock.unwrap_or(known.time()));
                return self.time_card(person, booking, day, clock, Some(problem));
            }
        };
        let open = booking.proposal.as_ref().filter(|open| open.start == start && open.expires > self.setting.now);
        match open.map(|open| (open.by == person, open.number)) {
            // They have said so already: nobody is asked twice.
            Some((true, _)) => return self.say_suggested(person, booking, start),
            Some((false, number)) => {
                if let Err(rejection) = self.agree(person, &booking.tag, number) {
                    self.say(person, BotMessage::Rejected(rejection.why, None));
                }
                return;
            }
            None => {}
        }
        self.introduce(booking);
        let number = booking.proposals + 1;
        let expires = Proposal::deadline(booking.start, start, self.setting.now);
        let proposal = Proposal { number, by: person, start, agreed: Vec::new(), expires };
        let booking = Booking { proposal: Some(proposal), proposals: number, ..booking.clone() };
        self.put(booking.clone());
        let by = self.view().name(person);
        for other in booking.people.people().iter().filter(|other| **other != person) {
            let message = BotMessage::Proposal {
                meeting: self.view().meeting(&booking, *other),
                number,
                by: by.clone(),
                to: start.with_timezone(&self.view().zone(*other)),
                outside: !self.view().works(*other, start.to_utc(), booking.minutes),
            };
            self.say(*other, message);
        }
        self.say_suggested(person, &booking, start);
    }

    /// Tells whoever suggests a new time that the others are asked.
    fn say_suggested(&mut self, person: PersonId, booking: &Booking, start: DateTime<FixedOffset>) {
        let works = |who: &&PersonId| self.view().works(**who, start.to_utc(), booking.minutes);
        let outside = booking.people.people().iter().filter(|who| !works(who));
        let outside = outside.map(|who| self.view().name(*who)).collect();
        let meeting = self.view().meeting(booking, person);
        let to = start.with_timezone(&self.view().zone(person));
        self.say(person, BotMessage::Suggested { meeting, to, outside });
    }

    /// Introduces all who have not been yet: nobody is to decide on the time of a meeting of which they know nothing, and
    /// whoever does is told if it is off.
    fn introduce(&mut self, booking: &Booking) {
        // If somebody has left the roster, the next schedule calls it off.
        if !booking.people.people().iter().all(|person| self.view().listens(*person)) {
            return;
        }
        for person in booking.people.people() {
            if self.state.was_told(Kind::Intro, &booking.tag, Some(*person)).is_none() {
                let message = self.view().introduction(booking, *person);
                let addressed = AddressedMessage { to: Recipient::Person(*person), message };
                let introduction = Due::new(Kind::Intro, booking.tag.to_string(), addressed, None);
                introduction.keep(self.state, self.setting);
                self.effects.messages.push(introduction.addressed);
            }
        }
    }

    /// Somebody says yes: once all others agree, the meeting moves.
    pub(super) fn agree(&mut self, person: PersonId, key: &str, number: u32) -> Result<(), Rejection> {
        let (booking, mut proposal) = self.view().open(person, key, number)?;
        if let Some(problem) = self.view().hindrance(person, &booking, proposal.start) {
            self.overtaken(person, &booking, &proposal, problem);
            return Ok(());
        }
        if let Err(at) = proposal.agreed.binary_search(&person) {
            proposal.agreed.insert(at, person);
        }
        if proposal.agreed.len() + 1 < booking.people.people().len() {
            self.put(Booking { proposal: Some(proposal), ..booking.clone() });
            let meeting = self.view().meeting(&booking, person);
            self.say(person, BotMessage::Waiting(meeting));
            return Ok(());
        }
        // Everybody hears about the new time once Webex has it.
        let fallback = if booking.agreed == Some(booking.start) { booking.agreed } else { booking.fallback };
        self.put(Booking { agreed: Some(proposal.start), fallback, proposal: None, ..booking.clone() });
        self.effects.meetings_change = true;
        self.effects.agreed = Some(booking.tag.to_string());
        Ok(())
    }

    /// Drops agreed times that Webex does not have although the old or the new hour is near: everybody hears in time
    /// that the old time stands. What may already have been moved is looked up first.
    pub(super) fn give_up_moves(&mut self) {
        let now = self.setting.now;
        let is_late = |booking: &&Booking| {
            let agreed =
                booking.agreed.filter(|_| booking.is_move_pending(now) && matches!(booking.stage, Stage::Booked(_)));
            booking.is_move_void(now)
                || agreed.is_some_and(|agreed| booking.start > now && booking.start.min(agreed) - IN_TIME <= now)
        };
        let late: Vec<Booking> = self.state.bookings.iter().filter(is_late).cloned().collect();
        for booking in late {
            let booking = booking.without_agreement();
            self.put(booking.clone());
            self.tell_not_moved(&booking, None);
        }
    }

    /// Tells everybody that the meeting's old time stands although they agreed on another, and why Webex refused it.
    pub(super) fn tell_not_moved(&mut self, booking: &Booking, why: Option<&str>) {
        for person in booking.people.people() {
            let meeting = self.view().meeting(booking, *person);
            self.say(*person, BotMessage::NotMoved { meeting, why: why.map(Sanitized::from) });
        }
    }

    /// The suggested time has become impossible in the meantime: whoever said yes may suggest another.
    fn overtaken(&mut self, person: PersonId, booking: &Booking, proposal: &Proposal, problem: TimeProblem) {
        self.put(Booking { proposal: None, ..booking.clone() });
        let to = proposal.start.with_timezone(&self.view().zone(proposal.by));
        let meeting = self.view().meeting(booking, proposal.by);
        self.say(proposal.by, BotMessage::Declined { meeting, by: self.view().name(person), to });
        let start = proposal.start.with_timezone(&self.view().zone(person));
        self.time_card(person, booking, start.date_naive(), start.time(), Some(problem));
    }

    /// Somebody says no: the old time stands, and whoever suggested another is told.
    pub(super) fn decline(&mut self, person: PersonId, key: &str, number: u32) -> Result<(), Rejection> {
        let (booking, proposal) = self.view().open(person, key, number)?;
        self.drop_proposal(person, &booking, &proposal);
        Ok(())
    }

    /// Whoever suggested a time takes it back.
    pub(super) fn take_back(&mut self, person: PersonId, key: &str) {
        let booking = self.view().find_ahead(key, person).ok();
        let own = booking.and_then(|booking| Some((booking.proposal.clone()?, booking)));
        match own.filter(|(proposal, _)| proposal.by == person) {
            Some((proposal, booking)) => self.drop_proposal(person, &booking, &proposal),
            None => self.say(person, BotMessage::NothingChanged),
        }
    }

    /// The old time stands because one person cannot make the new one: everybody is told.
    fn drop_proposal(&mut self, person: PersonId, booking: &Booking, proposal: &Proposal) {
        self.put(Booking { proposal: None, ..booking.clone() });
        // Whoever has not got the suggestion yet gets neither.
        let is_read = |other: &PersonId| self.has_got(booking, proposal, *other);
        let others = booking.people.people().iter().filter(|other| **other != person && is_read(other));
        for other in others.collect::<Vec<_>>() {
            let message = BotMessage::Declined {
                meeting: self.view().meeting(booking, *other),
                by: self.view().name(person),
                to: proposal.start.with_timezone(&self.view().zone(*other)),
            };
            self.say(*other, message);
        }
        let meeting = self.view().meeting(booking, person);
        self.say(person, BotMessage::DeclineNoted(meeting));
    }

    /// Whether a suggestion does not wait to be sent to that person any more, or never had to be.
    fn has_got(&self, booking: &Booking, proposal: &Proposal, person: PersonId) -> bool {
        let about = Some(Topic::Proposal(booking.tag.clone(), proposal.number));
        let to = Address::Person(self.state.email(person).into());
        let mut unsent = self.state.outbox.iter().filter(|message| message.to == to && !message.begun);
        !unsent.any(|message| message.asks.as_ref().is_some_and(|question| question.about == about))
    }

    /// Drops proposals that nobody answered in time, and tells everybody that the old time stands.
    pub(super) fn expire(&mut self) {
        let now = self.setting.now;
        // Whoever answered in time is heard, even if that is read late.
        let said = self.setting.said;
        let late = |booking: &&Booking| booking.proposal.as_ref().is_some_and(|proposal| proposal.expires <= said);
        let late: Vec<Booking> = self.state.bookings.iter().filter(late).cloned().collect();
        for booking in late {
            self.put(Booking { proposal: None, ..booking.clone() });
            if booking.start > now && self.view().is_planned(&booking) {
                let got = |who: &PersonId| booking.proposal.as_ref().is_none_or(|it| self.has_got(&booking, it, *who));
                let knew: Vec<PersonId> = booking.people.people().iter().copied().filter(got).collect();
                for who in knew {
                    let meeting = self.view().meeting(&booking, who);
                    self.say(who, BotMessage::Expired(meeting));
                }
            }
        }
    }
}
