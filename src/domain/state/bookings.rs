//! A meeting at Webex as the state remembers it: recorded as begun before the call, settled after it. Knows which
//! change may follow which; makes no call and knows no file.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use hashbrown::HashMap;

use super::outbox::Kind;
use super::{Group, PersonId, Round, State};
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::calendar::spread::Taken;
use crate::domain::calendar::week_of;
use crate::domain::settings::Meeting;

/// A meeting that is at Webex, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// The tag that marks it at Webex; no two bookings have the same.
    pub tag: Box<str>,
    /// The round for which it was booked, which names the round's own tag.
    pub round: NaiveDate,
    /// The two or three people who meet.
    pub people: Group,
    /// When it begins, as far as is known.
    pub start: DateTime<FixedOffset>,
    /// How long it is, in minutes.
    pub minutes: u16,
    /// When it is to begin instead of at the round's time: agreed by those who meet, or set at Webex by hand.
    pub agreed: Option<DateTime<FixedOffset>>,
    /// The time agreed on before that, to which it returns if Webex refuses the new one.
    pub fallback: Option<DateTime<FixedOffset>>,
    /// How it changed since the people who were introduced last heard about it.
    pub untold: Option<UntoldMove>,
    /// When it was to begin originally, if it was moved since.
    pub moved_from: Option<DateTime<FixedOffset>>,
    /// A new time that somebody suggests.
    pub proposal: Option<Proposal>,
    /// How many proposals were made so far.
    pub proposals: u32,
    /// What became of it: whoever says that they met is believed.
    pub result: Option<MeetingResult>,
    /// What each of those who met says.
    pub accounts: Accounts,
    /// Who was there, as Webex saw it: kept separate from what people say.
    pub seen: Option<Seen>,
    /// Who hosts the meeting, if not the organizer.
    pub host: Option<PersonId>,
    /// The host's address at Webex, if it is not the current one.
    pub hosted_as: Option<Box<str>>,
    /// Who is invited at Webex under an address that is no longer theirs, and which address that is.
    pub invited_as: Vec<(PersonId, Box<str>)>,
    /// Whether those who had not said what became of it were asked again, after a time in which nobody could be heard.
    pub asked_again: bool,
    /// Whether its start was chosen around another programme's meetings: it stays there, whatever becomes of those.
    pub beside: bool,
    /// Until then it is not requested again: the call got no answer in time, and Webex may still be working on it.
    pub wait: Option<DateTime<Utc>>,
    /// How far the booking has got.
    pub stage: Stage,
}

/// A new time that one of those who meet suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The number of the proposal within the meeting, from 1.
    pub number: u32,
    /// The person who suggests the time.
    pub by: PersonId,
    /// When the meeting would begin.
    pub start: DateTime<FixedOffset>,
    /// Who said yes, ascending; all but the proposer must.
    pub agreed: Vec<PersonId>,
    /// When the proposal expires; from then on the old time stands.
    pub expires: DateTime<Utc>,
}

impl Proposal {
    /// Until when a proposal made now can be answered: an hour before the earlier of the current and the proposed
    /// start, or halfway there.
    pub fn deadline(
        stands: DateTime<FixedOffset>,
        proposed: DateTime<FixedOffset>,
        now: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let first = stands.min(proposed).to_utc();
        let hour_before = first - TimeDelta::hours(1);
        if hour_before > now { hour_before } else { now + (first - now) / 2 }
    }
}

/// A new time or length of a meeting that not everybody who was introduced has heard about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntoldMove {
    /// When it was to begin, as they know it.
    pub from: DateTime<FixedOffset>,
    /// How long it was, in minutes, as they know it.
    pub minutes: u16,
    /// Why it has another time or length.
    pub why: MoveReason,
    /// Who has not heard about it yet, ascending.
    pub people: Vec<PersonId>,
    /// Whether the organizers have not heard about it yet.
    pub organizers: bool,
}

/// Why a meeting has a new time or length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveReason {
    /// Those who meet agreed on it.
    Agreed,
    /// Somebody moved it at Webex by hand.
    ByHand,
    /// The day became a day off.
    DayOff,
    /// The programme meets on another day or at another hour.
    Programme,
    /// Somebody's working hours changed.
    WorkingHours,
    /// Only its length changed.
    Length,
}

impl MoveReason {
    /// Whether those who meet wanted it.
    pub fn is_of_people(self) -> bool {
        matches!(self, Self::Agreed | Self::ByHand)
    }
}

/// A booked meeting that is off; those who were introduced are told unless they know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledOff {
    /// What it was marked with at Webex.
    pub tag: Box<str>,
    /// The round for which it was booked.
    pub round: NaiveDate,
    /// Who was to meet.
    pub people: Group,
    /// When it was to begin.
    pub start: DateTime<FixedOffset>,
    /// Its length in minutes.
    pub minutes: u16,
    /// Whether they had agreed on that time.
    pub agreed: bool,
    /// Why they do not meet.
    pub why: OffReason,
}

/// Why a booked meeting is off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OffReason {
    /// These people cannot come, ascending.
    Gone(Vec<PersonId>),
    /// It is a day off for one of them.
    DayOff,
    /// A rule of the organizer's keeps them apart.
    Rules,
    /// There is no round in that week.
    WeekOff,
    /// Their working hours no longer overlap.
    NoTime,
    /// The round was drawn again.
    DrawnAgain,
    /// Somebody deleted it at Webex by hand.
    ByHand,
    /// Its time came, but it was never booked.
    NeverBooked,
}

/// What became of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeetingResult {
    /// They say that they met.
    Met,
    /// They say that they could not meet.
    CouldNot,
}

/// What became of a meeting that is over, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It took place: it was seen, or somebody says so.
    Held,
    /// It did not take place, according to those who were to meet.
    NotHeld,
    /// Nobody said anything.
    Unknown,
    /// Somebody deleted it at Webex.
    Deleted,
}

/// Who came to a meeting, as Webex saw it. Nothing is kept about how long, with which device, or about guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Both were there together; of three people, at least two.
    Both,
    /// One person waited alone for the others.
    One(PersonId),
    /// Nobody came, or nobody stayed long enough.
    Nobody,
    /// It is unclear: somebody was there whose address Webex does not know or does not give.
    Unclear,
}

/// What each of those who were to meet says became of it. For meetings from an older state, it is not known who said
/// it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    /// Who says that they met, ascending.
    pub met: Vec<PersonId>,
    /// Who says that they could not, ascending.
    pub could_not: Vec<PersonId>,
}

impl Accounts {
    /// Records what somebody says; their last word counts.
    pub fn put(&mut self, person: PersonId, said: MeetingResult) {
        self.met.retain(|id| *id != person);
        self.could_not.retain(|id| *id != person);
        let list = if said == MeetingResult::Met { &mut self.met } else { &mut self.could_not };
        list.push(person);
        list.sort_unstable();
    }

    /// Whether that person said anything.
    pub fn has(&self, person: PersonId) -> bool {
        self.met.contains(&person) || self.could_not.contains(&person)
    }

    /// Whether one says that they met, and another that they could not.
    pub fn differ(&self) -> bool {
        !self.met.is_empty() && !self.could_not.is_empty()
    }
}

/// How far a booking has got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is about to be booked: nobody knows whether it is at Webex.
    Begun,
    /// It is booked.
    Booked(AtWebex),
    /// It is about to be moved to this start and length.
    Moving(AtWebex, DateTime<FixedOffset>, u16),
    /// It is about to be cancelled.
    Cancelling(AtWebex),
    /// Webex refused it; the digest shows whether the same request would be made again.
    Refused {
        /// The reason that Webex gave.
        why: String,
        /// The digest of the request.
        asked: String,
    },
    /// Somebody deleted it at Webex.
    Deleted,
}

/// A meeting's id and link at Webex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtWebex {
    /// The id that calls use.
    pub id: Box<str>,
    /// The link with which people join.
    pub link: Box<str>,
}

/// How many meetings were requested from Webex at a time: Webex counts them, including those it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookingRequests {
    /// When they were requested.
    pub at: DateTime<Utc>,
    /// How many were requested.
    pub count: u32,
}

impl Booking {
    /// A meeting that is about to be booked, about which nothing else is known.
    pub fn begun(
        tag: impl Into<Box<str>>,
        round: NaiveDate,
        people: Group,
        (start, minutes): (DateTime<FixedOffset>, u16),
    ) -> Self {
        Self {
            tag: tag.into(),
            round,
            people,
            start,
            minutes,
            agreed: None,
            fallback: None,
            untold: None,
            moved_from: None,
            proposal: None,
            proposals: 0,
            result: None,
            accounts: Accounts::default(),
            seen: None,
            host: None,
            hosted_as: None,
            asked_again: false,
            beside: false,
            invited_as: Vec::new(),
            wait: None,
            stage: Stage::Begun,
        }
    }

    /// Whether it took place: it was seen, or somebody says so.
    pub fn is_held(&self) -> bool {
        self.seen == Some(Seen::Both) || self.result == Some(MeetingResult::Met)
    }

    /// Whether to ask what became of it: nobody said so, and it was not seen to take place.
    pub fn is_open(&self) -> bool {
        self.result.is_none() && self.seen != Some(Seen::Both)
    }

    /// What became of it, if it is over; none for what never was at Webex.
    pub fn outcome(&self) -> Option<Outcome> {
        match &self.stage {
            _ if self.is_held() => Some(Outcome::Held),
            _ if self.result.is_some() => Some(Outcome::NotHeld),
            Stage::Deleted => Some(Outcome::Deleted),
            Stage::Begun | Stage::Refused { .. } => None,
            Stage::Booked(_) | Stage::Moving(..) | Stage::Cancelling(_) => Some(Outcome::Unknown),
        }
    }

    /// Whether it begins at another time than originally.
    pub fn is_moved(&self) -> bool {
        self.moved_from.is_some_and(|from| from != self.start)
    }

    /// Where it is at Webex, if that is known.
    pub fn at_webex(&self) -> Option<&AtWebex> {
        match &self.stage {
            Stage::Booked(at) | Stage::Moving(at, ..) | Stage::Cancelling(at) => Some(at),
            Stage::Begun | Stage::Refused { .. } | Stage::Deleted => None,
        }
    }

    /// Whether it has not begun: at the time that is known, or at a later one to which it is to move or may have moved.
    pub fn is_ahead(&self, now: DateTime<Utc>) -> bool {
        let moves_later = matches!(self.stage, Stage::Moving(_, to, _) if to > now);
        self.start > now || moves_later || self.agreed.is_some_and(|agreed| agreed > now)
    }

    /// The address under which its host is known at Webex, if it is not the organizer's.
    pub fn host_email<'a>(&'a self, state: &'a State) -> Option<&'a str> {
        let host = self.host?;
        Some(self.hosted_as.as_deref().unwrap_or_else(|| state.email(host)))
    }

    /// Whether those who meet agreed on a time that is over and that Webex never had, while the old one is still ahead.
    pub fn is_move_void(&self, now: DateTime<Utc>) -> bool {
        matches!(self.stage, Stage::Booked(_))
            && self.start > now
            && self.agreed.is_some_and(|agreed| agreed != self.start && agreed <= now)
    }

    /// Whether those who meet agreed on a time that Webex does not have yet.
    pub fn is_move_pending(&self, now: DateTime<Utc>) -> bool {
        let stands = matches!(self.stage, Stage::Booked(_) | Stage::Moving(..));
        stands && self.agreed.is_some_and(|agreed| agreed != self.start && agreed > now)
    }

    /// The meeting as it stands after all: the agreed time cannot be had.
    pub fn without_agreement(self) -> Self {
        Self { agreed: self.fallback, fallback: None, ..self }
    }

    /// When it begins as it stands, if its round plans it for `planned`: at the agreed time, unless that was over
    /// before the meeting moved there; no meeting moves to a time that is over.
    pub fn time(&self, planned: DateTime<FixedOffset>, now: DateTime<Utc>) -> DateTime<FixedOffset> {
        let agreed = self.agreed.filter(|agreed| *agreed > now || *agreed == self.start);
        agreed.unwrap_or(if planned > now { planned } else { self.start })
    }

    /// The same booking with the start to which it is moved.
    pub fn moved_to(self, start: DateTime<FixedOffset>) -> Self {
        let moved_from = self.moved_from.or(Some(self.start)).filter(|from| *from != start);
        Self { start, moved_from, ..self }
    }

    /// Whether somebody said what became of it but it is not known who, because an older state does not say.
    pub fn is_answered_by_somebody(&self) -> bool {
        self.result.is_some() && self.accounts == Accounts::default()
    }

    /// Whether it is at Webex, or may be.
    pub fn may_be_at_webex(&self) -> bool {
        !matches!(self.stage, Stage::Refused { .. } | Stage::Deleted)
    }

    /// The time at which it is, and the time to which it is to move.
    pub fn taken(&self) -> impl Iterator<Item = Taken> + use<> {
        let length = TimeDelta::minutes(self.minutes.into());
        let to = match self.stage {
            Stage::Moving(_, to, _) => Some(to),
            _ => self.agreed,
        };
        let starts = [Some(self.start), to.filter(|to| *to != self.start)];
        starts.into_iter().flatten().map(move |start| (start.to_utc(), start.to_utc() + length))
    }

    /// When it ends.
    pub fn end(&self) -> DateTime<FixedOffset> {
        self.start + TimeDelta::minutes(i64::from(self.minutes))
    }
}

/// How far two people who are together in a round have got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// They are drawn.
    Drawn,
    /// Their meeting is booked.
    Booked,
    /// Their meeting has begun, as far as is known.
    Met,
}

/// The bookings of a state, by the week of their round and by their people.
pub struct Bookings<'a>(HashMap<(i32, Group), &'a Booking>);

impl<'a> Bookings<'a> {
    /// The bookings of the state. Cost: linear in their number.
    pub fn new(state: &'a State) -> Self {
        let mut index = HashMap::with_capacity(state.bookings.len());
        for booking in &state.bookings {
            index.entry((week_of(booking.round), booking.people)).or_insert(booking);
        }
        Self(index)
    }

    /// The booking of those people in the week of that round.
    pub fn of(&self, round: NaiveDate, people: Group) -> Option<&'a Booking> {
        self.0.get(&(week_of(round), people)).copied()
    }

    /// Whether a group's meeting has not begun: people may have agreed on a time before or after the drawn one.
    pub fn is_ahead(&self, round: NaiveDate, people: Group, drawn: DateTime<FixedOffset>, now: DateTime<Utc>) -> bool {
        // Two of a trio may have yet to get the meeting for which an agreed time is kept.
        let is_kept = |booking: &Booking| booking.stage == Stage::Begun && booking.agreed.is_some_and(|at| at > now);
        let booking = self.of(round, people).filter(|booking| booking.at_webex().is_some() || is_kept(booking));
        booking.map_or(drawn > now, |booking| booking.is_ahead(now))
    }

    /// When a group's meeting begins as it stands, and for how many minutes, if the round plans it for `planned`.
    pub fn time(
        &self,
        round: NaiveDate,
        people: Group,
        (planned, minutes): (DateTime<FixedOffset>, u16),
        now: DateTime<Utc>,
    ) -> (DateTime<FixedOffset>, u16) {
        let Some(booking) = self.of(round, people) else { return (planned, minutes) };
        if booking.at_webex().is_none() {
            return (booking.agreed.filter(|agreed| *agreed > now).unwrap_or(planned), minutes);
        }
        // What has begun is no longer moved.
        if !booking.is_ahead(now) {
            return (booking.start, booking.minutes);
        }
        // A length set by hand is as good as the start that came with it.
        let by_hand = booking.agreed == Some(booking.start);
        (booking.time(planned, now), if by_hand { booking.minutes } else { minutes })
    }

    /// How far a group has got whose round plans its meeting for `planned`.
    pub fn progress(
        &self,
        round: NaiveDate,
        people: Group,
        planned: DateTime<FixedOffset>,
        now: DateTime<Utc>,
    ) -> Progress {
        if !self.is_ahead(round, people, planned, now) {
            return Progress::Met;
        }
        let booking = self.of(round, people).filter(|booking| booking.at_webex().is_some());
        if booking.is_some() { Progress::Booked } else { Progress::Drawn }
    }

    /// Whether neither a round nor any of its meetings has begun.
    pub fn is_untouched(&self, meeting: &Meeting, round: &Round, now: DateTime<Utc>) -> bool {
        let mut groups = round.groups();
        is_ahead(meeting, round.date, now)
            && groups.all(|(start, people)| self.is_ahead(round.date, people, start, now))
    }
}

/// How long after its end a meeting is forgotten: the round remembers who met.
const REMEMBERED: TimeDelta = TimeDelta::days(14);
/// The same, if the organizers have yet to get the report about its round: holidays may be long.
const OWED: TimeDelta = TimeDelta::days(60);

impl State {
    /// The booking with that tag. Cost: linear in the bookings.
    pub fn booking(&self, tag: &str) -> Option<&Booking> {
        self.bookings.iter().find(|booking| &*booking.tag == tag)
    }

    /// The same, to change it.
    pub fn booking_mut(&mut self, tag: &str) -> Option<&mut Booking> {
        self.bookings.iter_mut().find(|booking| &*booking.tag == tag)
    }

    /// Whether a meeting of the round of that week is at Webex, or may be.
    pub fn is_booked(&self, round: NaiveDate) -> bool {
        let may_be = |booking: &&Booking| !matches!(booking.stage, Stage::Refused { .. } | Stage::Deleted);
        self.bookings.iter().filter(may_be).any(|booking| week_of(booking.round) == week_of(round))
    }

    /// Puts a booking in its place: bookings are in the order of their rounds and people.
    pub fn put_booking(&mut self, booking: Booking) {
        self.drop_booking(&booking.tag.clone());
        let key = |it: &Booking| (it.round, it.people.people().to_vec(), it.tag.clone());
        let at = self.bookings.partition_point(|other| key(other) < key(&booking));
        self.bookings.insert(at, booking);
    }

    /// What is to be told about a meeting that has moved from that start and length: to whoever agreed on it, otherwise
    /// to those who were introduced.
    pub fn untold_move(
        &self,
        booking: &Booking,
        (from, minutes): (DateTime<FixedOffset>, u16),
        why: MoveReason,
    ) -> Option<UntoldMove> {
        let before = booking.untold.as_ref().filter(|untold| !untold.people.is_empty());
        let (from, minutes) = before.map_or((from, minutes), |untold| (untold.from, untold.minutes));
        let people = booking.people.people().iter().copied();
        let introduced = |person: &PersonId| self.was_told(Kind::Intro, &booking.tag, Some(*person)).is_some();
        let people: Vec<PersonId> = people.filter(|it| why == MoveReason::Agreed || introduced(it)).collect();
        let is_news = (from, minutes) != (booking.start, booking.minutes) && !people.is_empty();
        is_news.then_some(UntoldMove { from, minutes, why, people, organizers: why == MoveReason::Agreed })
    }

    /// Forgets the booking of a meeting that is off, and remembers who was introduced until they know.
    pub fn call_off(&mut self, booking: &Booking, why: OffReason) {
        self.drop_booking(&booking.tag);
        self.called_off.retain(|off| off.tag != booking.tag);
        self.keep_who_goes_on(booking);
        let people = booking.people.people();
        if people.iter().any(|person| self.was_told(Kind::Intro, &booking.tag, Some(*person)).is_some()) {
            let Booking { tag, round, people, start, minutes, agreed, .. } = booking.clone();
            // They know what they agreed on, even if Webex does not have it yet; a move that they have not heard about
            // they need not hear about now.
            let known = booking.untold.as_ref().filter(|it| !it.people.is_empty()).map_or(start, |it| it.from);
            let (start, agreed) = (agreed.unwrap_or(known), agreed.is_some());
            self.called_off.push(CalledOff { tag, round, people, start, minutes, agreed, why });
        }
    }

    /// Two people who read that they meet without the third know about their meeting as if they had been introduced for
    /// it.
    fn keep_who_goes_on(&mut self, booking: &Booking) {
        let is_of_them =
            |off: &&CalledOff| booking.people.is_rest_of(off.people) && week_of(off.round) == week_of(booking.round);
        let Some(trio) = self.called_off.iter().find(is_of_them).map(|off| off.tag.clone()) else { return };
        for person in booking.people.people() {
            if let Some(on) = self.was_told(Kind::Off, &trio, Some(*person))
                && self.was_told(Kind::Intro, &booking.tag, Some(*person)).is_none()
            {
                self.mark_told(Kind::Intro, &booking.tag, Some(*person), on);
            }
        }
    }

    /// The meeting of those people in that week that was called off and may take place after all.
    pub fn called_off_of(&self, round: NaiveDate, people: Group) -> Option<&CalledOff> {
        self.called_off.iter().rev().find(|off| off.people == people && week_of(off.round) == week_of(round))
    }

    /// The time on which people agreed whose meeting is not booked yet: for the one that they have as three, or as two of
    /// the three, or for the last one that was called off.
    pub fn agreed_before(&self, round: NaiveDate, people: Group, now: DateTime<Utc>) -> Option<DateTime<FixedOffset>> {
        let is_near = |one: Group| people.is_rest_of(one) || one.is_rest_of(people);
        let of_week = |one: NaiveDate| week_of(one) == week_of(round);
        let agreed = match self.bookings.iter().find(|it| of_week(it.round) && is_near(it.people)) {
            Some(booking) => booking.agreed,
            None => {
                let off = self.called_off.iter().rev().filter(|off| of_week(off.round));
                let mut off = off.filter(|off| off.people == people || is_near(off.people));
                off.next().filter(|off| off.agreed).map(|off| off.start)
            }
        };
        agreed.filter(|at| *at > now)
    }

    /// A meeting that was called off is booked again under another tag, on another day: what people were told about the
    /// one counts as told about the other.
    pub fn take_up(&mut self, booking: &Booking, today: NaiveDate) {
        let Some(off) = self.called_off_of(booking.round, booking.people).filter(|off| off.tag != booking.tag) else {
            return;
        };
        let off = off.clone();
        self.called_off.retain(|one| one.tag != off.tag);
        for person in off.people.people() {
            let knew = self.was_told(Kind::Intro, &off.tag, Some(*person)).is_some();
            for kind in [Kind::Intro, Kind::Off] {
                if let Some(on) = self.was_told(kind, &off.tag, Some(*person)) {
                    self.unmark_told(kind, &off.tag, *person);
                    self.mark_told(kind, &booking.tag, Some(*person), on);
                }
            }
            // Whoever has not heard that it was off will read that it takes place at another time.
            if knew && off.start != booking.start {
                self.mark_told(Kind::Off, &booking.tag, Some(*person), today);
            }
        }
    }

    /// Forgets the booking with that tag.
    pub fn drop_booking(&mut self, tag: &str) {
        self.bookings.retain(|booking| &*booking.tag != tag);
    }

    /// Forgets meetings that are long over, a whole week at a time, and requests to Webex from more than a day ago. If
    /// the organizers have yet to hear about a round, nothing about it is forgotten for some weeks. What became of the
    /// meetings stays with their round.
    pub fn forget_bookings(&mut self, now: DateTime<Utc>) {
        let over = now - REMEMBERED;
        self.called_off.retain(|off| off.start > over);
        self.asked.retain(|asked| asked.at > now - TimeDelta::hours(24));
        if self.bookings.iter().all(|booking| booking.end() > now - REMEMBERED) {
            return;
        }
        let mut weeks: HashMap<i32, DateTime<FixedOffset>> = HashMap::new();
        for booking in &self.bookings {
            let end = weeks.entry(week_of(booking.round)).or_insert(booking.end());
            *end = booking.end().max(*end);
        }
        let owed: Vec<i32> =
            self.rounds.iter().map(|round| round.date).filter(|date| self.owes_report(*date)).map(week_of).collect();
        let is_kept = |booking: &Booking| {
            let week = week_of(booking.round);
            let last = weeks.get(&week).copied().unwrap_or_else(|| booking.end());
            last > now - REMEMBERED || (owed.contains(&week) && last > now - OWED)
        };
        let (kept, forgotten) = std::mem::take(&mut self.bookings).into_iter().partition(is_kept);
        self.bookings = kept;
        self.keep_outcomes(forgotten);
    }

    /// Records with their rounds what became of these meetings, which are over.
    fn keep_outcomes(&mut self, forgotten: Vec<Booking>) {
        for booking in forgotten {
            let week = week_of(booking.round);
            let Some(round) = self.rounds.iter_mut().find(|round| week_of(round.date) == week) else { continue };
            let outcomes = &mut round.outcomes;
            match booking.outcome() {
                Some(Outcome::Held) => outcomes.held.push(booking.people),
                Some(Outcome::NotHeld) => outcomes.not_held += 1,
                Some(Outcome::Unknown) => {}
                Some(Outcome::Deleted) => outcomes.deleted.push(booking.people),
                None => continue,
            }
            outcomes.booked += 1;
            outcomes.moved += usize::from(booking.is_moved());
        }
        for outcomes in self.rounds.iter_mut().map(|round| &mut round.outcomes) {
            outcomes.held.sort_unstable();
            outcomes.deleted.sort_unstable();
        }
    }

    /// Counts requests to book at `now`; a negative number takes back requests that were counted but not made.
    pub fn count_requests(&mut self, change: i64, now: DateTime<Utc>) {
        if self.asked.last().is_none_or(|last| last.at != now) && change > 0 {
            self.asked.push(BookingRequests { at: now, count: 0 });
        }
        if let Some(asked) = self.asked.iter_mut().rfind(|asked| asked.at == now) {
            asked.count = u32::try_from(i64::from(asked.count) + change).unwrap_or(0);
        }
        self.asked.retain(|asked| asked.count > 0);
    }
}
