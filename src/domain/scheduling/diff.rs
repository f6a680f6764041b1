//! The steps from what is booked to what is planned: book, move, cancel; the rest is kept. Decides; changes nothing.
//! What can be settled without a call is settled as a value.

use chrono::{DateTime, FixedOffset, Utc};
use hashbrown::{HashMap, HashSet};

use super::invitation::{Facts, Invitation, digest, invitation, name, tag};
use super::{Desired, DesiredMeeting, Invitee, Observed, ObservedMeeting, Today, quota};
use crate::domain::calendar::{local_start, round_of_week, week_of};
use crate::domain::limits;
use crate::domain::pairing::plan::Refusal;
use crate::domain::pairing::replan::Off;
use crate::domain::state::bookings::{AtWebex, Booking, MoveReason, OffReason, Stage};
use crate::domain::state::people::People;
use crate::domain::state::{PersonId, State};

/// What is to be done at Webex, and what is known without a call.
#[derive(Clone, Debug, Default)]
pub struct SchedulePlan {
    /// Bookings as they were found to be.
    pub settled: Vec<Booking>,
    /// Bookings of which nothing is left, with the reason.
    pub dropped: Vec<(Booking, OffReason)>,
    /// The calls, in order: first what is off, then what moves, then what is new, the most urgent first.
    pub steps: Vec<Step>,
    /// How many meetings stand as planned.
    pub kept: usize,
    /// What the organizer should know.
    pub notices: Vec<Notice>,
    /// How many meetings Webex's quota leaves for later, and when to run again.
    pub later: Option<(usize, DateTime<Utc>)>,
    /// How many meetings that have not begun were booked.
    pub booked: usize,
    /// How many of the cancellations are due to one of the people telling the bot so.
    pub chosen: usize,
    /// How many meetings that should stand are no longer at Webex, as far as this account can see.
    pub vanished: usize,
}

/// One change at Webex, with a single call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the call does.
    pub action: Action,
    /// The meeting: as it will be if it is booked or moved, as it is if it is cancelled.
    pub booking: Booking,
    /// The reason, if it is not obvious.
    pub why: String,
}

/// The action of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Books a meeting and invites its people.
    Book(Box<Invitation>),
    /// Moves a meeting from this start and length.
    Move(AtWebex, DateTime<FixedOffset>, u16, MoveReason),
    /// Cancels a meeting, for this reason.
    Cancel(AtWebex, OffReason),
    /// Cancels a meeting that is at Webex besides the one that counts.
    CancelDouble(AtWebex),
    /// Invites somebody at their current address.
    Invite(AtWebex, Guest),
    /// Removes an address from the list that no longer belongs to its owner; named by its id at Webex.
    Uninvite(AtWebex, Invitee),
}

/// Somebody who is to be invited to a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The address to invite, in lower case.
    pub email: Box<str>,
    /// The name, as the invitation shows it.
    pub name: String,
}

impl Action {
    /// The number of kinds to be counted.
    pub const KINDS: usize = 5;

    /// The index of the action's kind: books, moves, cancels, invites, takes off the list.
    pub fn kind(&self) -> usize {
        match self {
            Self::Book(_) => 0,
            Self::Move(..) => 1,
            Self::Cancel(..) | Self::CancelDouble(_) => 2,
            Self::Invite(..) => 3,
            Self::Uninvite(..) => 4,
        }
    }

    /// The phase in which it is carried out: bookings, moves and cancellations first, then invitations, then removals
    /// from a list: an address is taken off once the other one is on it.
    pub fn phase(&self) -> usize {
        match self {
            Self::Book(_) | Self::Move(..) | Self::Cancel(..) | Self::CancelDouble(_) => 0,
            Self::Invite(..) => 1,
            Self::Uninvite(..) => 2,
        }
    }
}

/// What the organizer should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The booking was begun and the meeting is at Webex: it counts as booked.
    Adopted(Booking),
    /// It was moved at Webex by hand: it stays there.
    MovedByHand(Booking),
    /// It was deleted at Webex by hand: it is not booked again.
    Deleted(Booking),
    /// Webex refused it before, and nothing changed since.
    Refused(Booking, String),
    /// Webex did not answer in time and may still book it: it is looked up again after this.
    Unanswered(Booking, DateTime<Utc>),
    /// It may be a meeting at Webex that cannot be read: it is looked up again by the next run.
    Unclear(Booking),
    /// This person is in another programme's meeting then, and no other time is free: the meeting is not booked.
    Elsewhere(Booking, PersonId),
}

impl Desired<'_> {
    /// The schedule, from what was seen at Webex, or from the state alone if nothing could be looked up.
    pub fn schedule(&self, observed: Option<&Observed>) -> SchedulePlan {
        let state = self.today.state;
        let known = state.bookings.iter().filter_map(|booking| Some(&*booking.at_webex()?.id)).collect();
        let mut work = Diff {
            desired: self,
            names: self.today.people,
            found: Index::new(observed, &known),
            looked: observed.is_some(),
            readdress: Vec::new(),
            hosted: HashMap::new(),
            moves: Vec::new(),
            books: Vec::new(),
            out: SchedulePlan {
                booked: self.ahead().filter(|booking| booking.at_webex().is_some()).count(),
                ..SchedulePlan::default()
            },
        };
        for host in state.bookings.iter().filter_map(|booking| booking.host) {
            *work.hosted.entry(host).or_default() += 1;
        }
        let mut matched: HashSet<&str> = HashSet::new();
        for wanted in &self.wanted {
            match self.today.booked.of(wanted.date, wanted.people) {
                Some(booking) => {
                    matched.insert(&booking.tag);
                    work.compare(booking, wanted);
                }
                None => work.adopt_or_book(wanted),
            }
        }
        for booking in self.ahead().filter(|booking| !matched.contains(&*booking.tag)) {
            work.cancel_unwanted(booking);
        }
        work.finish()
    }
}

impl SchedulePlan {
    /// Whether it changes the state, even without a call.
    pub fn changes(&self) -> bool {
        !(self.steps.is_empty() && self.settled.is_empty() && self.dropped.is_empty())
    }

    /// Books nobody who has another meeting in that week, which is not cancelled.
    pub fn keep_whoever_has_a_meeting(&mut self, state: &State, now: DateTime<Utc>) {
        let cancelled: HashSet<Box<str>> = self
            .steps
            .iter()
            .filter(|step| matches!(step.action, Action::Cancel(..)))
            .map(|step| step.booking.tag.clone())
            .collect();
        let stays = |booking: &&Booking| {
            booking.may_be_at_webex() && booking.is_ahead(now) && !cancelled.contains(&booking.tag)
        };
        let has_another = |new: &Booking| {
            state.bookings.iter().filter(stays).any(|booking| {
                let shares = new.people.people().iter().any(|id| booking.people.has(*id));
                booking.tag != new.tag && week_of(booking.round) == week_of(new.round) && shares
            })
        };
        self.steps.retain(|step| !matches!(step.action, Action::Book(_)) || !has_another(&step.booking));
    }

    /// How many meetings that stand would be cancelled.
    pub fn cancels(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step.action, Action::Cancel(..))).count()
    }

    /// How many meetings would be moved for a reason other than that their people agreed.
    fn moves(&self) -> usize {
        let moves = |step: &&Step| matches!(&step.action, Action::Move(.., reason) if !reason.is_of_people());
        self.steps.iter().filter(moves).count()
    }

    /// Whether it is safe. Apart from what those who meet cancelled or moved themselves, it cancels and moves no more of
    /// the booked meetings than [`limits::CHANGE_PERCENT`], or no more than [`limits::FEW_CHANGES`]; and no more of them
    /// are gone from Webex.
    ///
    /// # Errors
    /// Says how many meetings, and which option overrides the refusal.
    pub fn check(&self) -> Result<(), Refusal> {
        self.check_vanished()?;
        let hint = "check that the roster is complete; if you mean it, run: roulette schedule --allow-many-changes";
        if let Some(why) = limits::cancellations(self.booked, self.cancels() - self.chosen) {
            return Err(Refusal { why, hint: hint.to_owned() });
        }
        let hint = "check start, weekday and skip_dates in [meeting], and the working hours on the roster; if you mean \
                    it, run: roulette schedule --allow-many-changes";
        let why = limits::moves(self.booked, self.moves());
        why.map_or(Ok(()), |why| Err(Refusal { why, hint: hint.to_owned() }))
    }

    /// Whether it is likely that what is gone from Webex was deleted there. An account sees its own meetings alone:
    /// those of another one are all gone for it, though they stand.
    ///
    /// # Errors
    /// Says how many meetings are gone, and what to do.
    pub fn check_vanished(&self) -> Result<(), Refusal> {
        let hint = "log in with the account that booked them: roulette auth; if somebody deleted them all, run: \
                    roulette schedule --allow-many-changes";
        let why = limits::vanished(self.booked, self.vanished);
        why.map_or(Ok(()), |why| Err(Refusal { why, hint: hint.to_owned() }))
    }
}

/// What was found, by id and by tag.
struct Index<'a> {
    by_id: HashMap<&'a str, &'a ObservedMeeting>,
    by_tag: HashMap<&'a str, Vec<&'a ObservedMeeting>>,
    invitees: Option<&'a HashMap<Box<str>, Vec<Invitee>>>,
    gone: HashSet<&'a str>,
    /// The tags of meetings that are not completely readable.
    unclear: HashSet<&'a str>,
    /// Whether one of those has no readable tag and so may be anybody's.
    is_anybodys: bool,
}

impl<'a> Index<'a> {
    fn new(observed: Option<&'a Observed>, known: &HashSet<&str>) -> Self {
        let (by_id, by_tag, gone) = (HashMap::new(), HashMap::new(), HashSet::new());
        let invitees = observed.map(|observed| &observed.invitees);
        let mut index = Self { by_id, by_tag, invitees, gone, unclear: HashSet::new(), is_anybodys: false };
        for found in observed.iter().flat_map(|observed| &observed.meetings) {
            if index.by_id.insert(&found.at.id, found).is_none() {
                found.tags.iter().for_each(|tag| index.by_tag.entry(tag).or_default().push(found));
            }
        }
        // The same meeting must count in every run.
        index.by_tag.values_mut().for_each(|all| all.sort_by(|a, b| a.at.id.cmp(&b.at.id)));
        index.gone.extend(observed.iter().flat_map(|observed| &observed.gone).map(|id| &**id));
        if let Some(observed) = observed {
            index.unclear.extend(observed.unclear.iter().flat_map(|it| &it.tags).map(String::as_str));
            let untagged = observed.unclear.iter().filter(|it| it.tags.is_empty()).map(|it| &it.id);
            let unmarked = observed.meetings.iter().filter(|it| it.tags.is_empty()).map(|it| &it.at.id);
            index.is_anybodys = untagged.chain(unmarked).any(|id| !known.contains(&**id));
        }
        index
    }

    /// Whether a meeting with this tag may be among those that cannot be read; `begun`: it was requested before.
    fn is_unclear(&self, tag: &str, begun: bool) -> bool {
        self.unclear.contains(tag) || (begun && self.is_anybodys)
    }

    fn tagged(&self, tag: &str) -> &[&'a ObservedMeeting] {
        self.by_tag.get(tag).map_or(&[], Vec::as_slice)
    }
}

struct Diff<'a> {
    desired: &'a Desired<'a>,
    names: &'a People<'a>,
    found: Index<'a>,
    looked: bool,
    /// How many meetings each person hosts.
    hosted: HashMap<PersonId, usize>,
    moves: Vec<Step>,
    /// Who is invited under another address.
    readdress: Vec<Step>,
    books: Vec<(Booking, Invitation)>,
    out: SchedulePlan,
}

impl<'a> Diff<'a> {
    fn minutes(&self) -> u16 {
        self.desired.today.meeting.minutes
    }

    /// A planned meeting that the state does not know: it may be at Webex all the same.
    fn adopt_or_book(&mut self, wanted: &DesiredMeeting) {
        let tag = tag(self.desired.request.programme, wanted.date, &wanted.people, self.names);
        let time = (wanted.start, self.minutes());
        let begun = Booking::begun(tag, wanted.date, wanted.people, time);
        let Today { state, now, .. } = self.desired.today;
        let agreed = state.agreed_before(wanted.date, wanted.people, now);
        let booking = Booking { host: self.host(wanted), agreed, ..begun };
        self.continue_booking(booking, wanted);
    }

    /// The person who hosts the fewest meetings.
    fn host(&mut self, wanted: &DesiredMeeting) -> Option<PersonId> {
        let people = wanted.people.people().iter().copied();
        let least = people.min_by_key(|id| self.hosted.get(id).copied().unwrap_or(0));
        let host = least.filter(|_| self.desired.request.participants_host)?;
        *self.hosted.entry(host).or_default() += 1;
        Some(host)
    }

    /// A meeting that may or may not be at Webex: adopted if it is, otherwise booked.
    fn continue_booking(&mut self, booking: Booking, wanted: &DesiredMeeting) {
        match self.found.tagged(&booking.tag).first().copied() {
            Some(found) => {
                let booked = Booking {
                    start: found.start.with_timezone(&wanted.start.timezone()),
                    minutes: length(found),
                    stage: Stage::Booked(found.at.clone()),
                    ..booking
                };
                let mut booked = self.readdressed(booked, found);
                // Where the state has forgotten what it knew, somebody may have moved it.
                if !self.is_known(wanted) && booked.start != wanted.start && booked.agreed.is_none() {
                    booked.agreed = Some(booked.start);
                }
                self.out.notices.push(Notice::Adopted(booked.clone()));
                self.cancel_doubles(&booked, &found.at);
                self.reconcile(booked, wanted, true);
            }
            None if self.found.is_unclear(&booking.tag, self.is_known(wanted)) => {
                self.out.notices.push(Notice::Unclear(booking));
            }
            None => match booking.wait.filter(|until| *until > self.desired.today.now) {
                Some(until) => self.out.notices.push(Notice::Unanswered(booking, until)),
                None => self.book(booking, wanted),
            },
        }
    }

    /// Whether the state knows the meeting.
    fn is_known(&self, wanted: &DesiredMeeting) -> bool {
        self.desired.today.booked.of(wanted.date, wanted.people).is_some()
    }

    fn book(&mut self, booking: Booking, wanted: &DesiredMeeting) {
        // What is begun again is begun for the agreed time, or otherwise for today's, under its existing tag.
        let agreed = booking.agreed.filter(|agreed| *agreed > self.desired.today.now);
        let start = agreed.unwrap_or(wanted.start);
        let booking = Booking {
            start,
            minutes: self.minutes(),
            agreed,
            hosted_as: None,
            invited_as: Vec::new(),
            wait: None,
            stage: Stage::Begun,
            ..booking
        };
        let is_busy = |id: &PersonId| {
            self.desired.request.elsewhere.is_busy(self.names.view(*id).email, start.to_utc(), booking.minutes)
        };
        if let Some(person) = booking.people.people().iter().copied().find(is_busy) {
            return self.out.notices.push(Notice::Elsewhere(booking, person));
        }
        let beside = booking.people.people().iter().any(|id| {
            let busy = self.desired.request.elsewhere.busy(self.names.view(*id).email);
            busy.iter().any(|(from, _)| week_of(from.date_naive()) == week_of(booking.round))
        });
        let booking = Booking { beside, ..booking };
        let invitation = self.invitation(&booking);
        self.books.push((booking, invitation));
    }

    fn invitation(&self, booking: &Booking) -> Invitation {
        let (state, request) = (self.desired.today.state, &self.desired.request);
        let meeting = (booking.people, booking.round);
        let starter = request.starters.choose(request.language, meeting, (request.roster, self.names.positions()));
        let facts = Facts {
            date: booking.round,
            people: booking.people,
            start: booking.start,
            end: booking.end(),
            timezone: self.desired.today.meeting.timezone,
            tag: booking.tag.to_string(),
            host: booking.host.map(|id| state.people[id.index()].clone()),
            starter,
        };
        invitation(request.programme, request.language, facts, self.names)
    }

    /// A planned meeting that the state knows.
    fn compare(&mut self, booking: &'a Booking, wanted: &DesiredMeeting) {
        let Some(at) = booking.at_webex() else { return self.handle_missing(booking, wanted) };
        if !self.looked {
            self.readdress_unseen(booking, at);
            return self.reconcile(booking.clone(), wanted, false);
        }
        self.cancel_doubles(booking, at);
        let Some(found) = self.found.by_id.get(&*at.id) else { return self.handle_vanished(booking, at, wanted) };
        let observed = (found.start.with_timezone(&booking.start.timezone()), length(found));
        let mut now = Booking { stage: Stage::Booked(found.at.clone()), ..booking.clone() };
        if observed.0 != booking.start {
            now = now.moved_to(observed.0);
        }
        now.minutes = observed.1;
        let meant = match booking.stage {
            Stage::Moving(_, to, minutes) => Some((to, minutes)),
            _ => None,
        };
        let wanted_now = (booking.time(wanted.start, self.desired.today.now), self.minutes());
        if observed != (booking.start, booking.minutes) {
            let by_hand = Some(observed) != meant && observed != wanted_now;
            if by_hand {
                now.agreed = Some(observed.0);
                self.out.notices.push(Notice::MovedByHand(now.clone()));
            }
            let from = (booking.start, booking.minutes);
            let why = if by_hand { MoveReason::ByHand } else { self.why_moved(&now, from, observed) };
            now.untold = self.desired.today.state.untold_move(&now, from, why);
        }
        // Nobody is asked about the time that stands, as after an older state was put back.
        if now.proposal.as_ref().is_some_and(|proposal| proposal.start == now.start) {
            now.proposal = None;
        }
        let now = self.readdressed(now, found);
        let news = now != *booking;
        self.reconcile(now, wanted, news);
    }

    /// A meeting once the people whose address changed are taken care of: the current address is invited, and then the
    /// other one is taken off the list. The meeting is kept.
    fn readdressed(&mut self, mut booking: Booking, found: &ObservedMeeting) -> Booking {
        let state = self.desired.today.state;
        booking.hosted_as = booking.hosted_as.filter(|before| found.host.as_ref() == Some(before));
        let Some(invited) = self.found.invitees.and_then(|all| all.get(&found.at.id)) else { return booking };
        let on_list = |email: &str| invited.iter().find(|one| *one.email == *email);
        let mut steps: Vec<(Action, String)> = Vec::new();
        let why = |before: &str, id: PersonId| format!("{before} is now {}", state.email(id));
        for (at, (id, before)) in booking.invited_as.iter().enumerate() {
            let again = booking.invited_as[..at].iter().any(|(other, _)| other == id);
            if on_list(state.email(*id)).is_none() && !again {
                steps.push((Action::Invite(found.at.clone(), self.guest(*id)), why(before, *id)));
            }
        }
        for (id, before) in &booking.invited_as {
            // Whoever hosts a meeting cannot be taken off its list.
            if let Some(invitee) = on_list(before).filter(|_| booking.hosted_as.as_ref() != Some(before)) {
                steps.push((Action::Uninvite(found.at.clone(), invitee.clone()), why(before, *id)));
            }
        }
        if steps.is_empty() {
            booking.invited_as.clear();
        }
        self.readdress.extend(steps.into_iter().map(|(action, why)| Step { action, booking: booking.clone(), why }));
        booking
    }

    /// The same if nobody could look at Webex.
    fn readdress_unseen(&mut self, booking: &Booking, at: &AtWebex) {
        for (id, before) in &booking.invited_as {
            let why = format!("{before} is now {}", self.desired.today.state.email(*id));
            let action = Action::Invite(at.clone(), self.guest(*id));
            self.readdress.push(Step { action, booking: booking.clone(), why });
        }
    }

    fn guest(&self, id: PersonId) -> Guest {
        let view = self.names.view(id);
        Guest { email: view.email.into(), name: name(view.name) }
    }

    /// A meeting that should be at Webex but was not listed there.
    fn handle_vanished(&mut self, booking: &'a Booking, at: &AtWebex, wanted: &DesiredMeeting) {
        if !self.found.gone.contains(&*at.id) {
            // Nobody said that it is gone: it stays as it was.
            return self.reconcile(booking.clone(), wanted, false);
        }
        self.out.vanished += usize::from(booking.hosted_as.is_none());
        // If the host's former account is gone, its meetings went with it.
        let rebook = self.desired.request.rebook || booking.hosted_as.is_some();
        if matches!(booking.stage, Stage::Cancelling(_)) || rebook {
            return self.book(booking.clone(), wanted);
        }
        let deleted = Booking { stage: Stage::Deleted, ..booking.clone() };
        self.out.notices.push(Notice::Deleted(deleted.clone()));
        self.out.settled.push(deleted);
    }

    fn handle_missing(&mut self, booking: &Booking, wanted: &DesiredMeeting) {
        match &booking.stage {
            Stage::Deleted if !self.desired.request.rebook => self.out.notices.push(Notice::Deleted(booking.clone())),
            Stage::Refused { why, asked } if !self.desired.request.retry => {
                let today = Booking { start: wanted.start, minutes: self.minutes(), ..booking.clone() };
                if digest(&self.invitation(&today)) == *asked {
                    self.out.notices.push(Notice::Refused(booking.clone(), why.clone()));
                } else {
                    self.continue_booking(booking.clone(), wanted);
                }
            }
            _ => self.continue_booking(booking.clone(), wanted),
        }
    }

    /// A meeting that stands: moved if it is not when it should be. `news`: it is not as the state says.
    fn reconcile(&mut self, booking: Booking, wanted: &DesiredMeeting, news: bool) {
        let to = (booking.time(wanted.start, self.desired.today.now), self.minutes());
        let from = (booking.start, booking.minutes);
        // A length set by hand is as good as the start that came with it.
        if from == to || booking.agreed == Some(from.0) {
            self.out.kept += 1;
            // Anything other than a meeting that stands was begun and is done.
            if news || !matches!(booking.stage, Stage::Booked(_)) {
                let at = booking.at_webex().cloned();
                let stage = at.map_or(booking.stage.clone(), Stage::Booked);
                self.out.settled.push(Booking { stage, ..booking });
            }
            return;
        }
        if news {
            self.out.settled.push(booking.clone());
        }
        let reason = self.why_moved(&booking, from, to);
        if self.desired.request.as_drawn && !reason.is_of_people() {
            self.out.kept += 1;
            return;
        }
        let why = match reason {
            MoveReason::Agreed | MoveReason::ByHand => "agreed by those who meet",
            MoveReason::Length => "the length changed",
            _ if from.0.date_naive() != to.0.date_naive() => "the day changed",
            _ => "the time changed",
        };
        let Some(at) = booking.at_webex().cloned() else { return };
        let action = Action::Move(at, from.0, from.1, reason);
        self.moves.push(Step {
            action,
            booking: Booking { minutes: to.1, ..booking.moved_to(to.0) },
            why: why.to_owned(),
        });
    }

    /// Why a meeting moves, if nobody moved it by hand.
    fn why_moved(
        &self,
        booking: &Booking,
        from: (DateTime<FixedOffset>, u16),
        to: (DateTime<FixedOffset>, u16),
    ) -> MoveReason {
        let meeting = self.desired.today.meeting;
        let day = meeting.date_at(from.0);
        let programme = round_of_week(meeting, booking.round).map(|date| local_start(meeting, date));
        if booking.agreed == Some(to.0) {
            MoveReason::Agreed
        } else if from.0 == to.0 {
            MoveReason::Length
        } else if !meeting.is_working_day(day) {
            MoveReason::DayOff
        } else if programme == Some(to.0.to_utc()) {
            MoveReason::Programme
        } else {
            MoveReason::WorkingHours
        }
    }

    /// Meetings at Webex under the same tag besides the one that counts.
    fn cancel_doubles(&mut self, booking: &Booking, counts: &AtWebex) {
        for found in self.found.tagged(&booking.tag) {
            if found.at.id != counts.id {
                let double = Booking {
                    start: found.start.with_timezone(&booking.start.timezone()),
                    minutes: length(found),
                    ..booking.clone()
                };
                let why = "a second meeting of the same people".to_owned();
                self.out.steps.push(Step { action: Action::CancelDouble(found.at.clone()), booking: double, why });
            }
        }
    }

    /// A booked meeting that is no longer planned.
    fn cancel_unwanted(&mut self, booking: &'a Booking) {
        let at = match booking.at_webex() {
            Some(at) if self.looked && self.found.gone.contains(&*at.id) => None,
            Some(at) => Some(at.clone()),
            None => self.found.tagged(&booking.tag).first().map(|found| found.at.clone()),
        };
        let Some(at) = at else {
            // Unless it was looked up and everything could be read, nobody knows whether something begun is there.
            let is_clear = self.looked && !self.found.is_unclear(&booking.tag, true);
            if is_clear || booking.stage != Stage::Begun {
                let why = self.why_off(booking).reason;
                self.out.dropped.push((booking.clone(), why));
            }
            return;
        };
        let state = self.desired.today.state;
        let chosen = booking.people.people().iter().any(|id| state.choice_of(*id).away(booking.round).is_some());
        if self.desired.request.as_drawn && !chosen {
            return;
        }
        self.cancel_doubles(booking, &at);
        let Off { reason, why } = self.why_off(booking);
        self.out.chosen += usize::from(chosen);
        self.out.steps.push(Step { action: Action::Cancel(at, reason), booking: booking.clone(), why });
    }

    /// Why it is off, according to how the rounds were brought in line now or by an earlier run.
    fn why_off(&self, booking: &Booking) -> Off {
        let Today { state, replan, .. } = self.desired.today;
        let week = week_of(booking.round);
        let rounds = replan.rounds.iter().filter(|round| week_of(round.was) == week);
        let off = rounds.flat_map(|round| &round.off).find(|(group, _)| *group == booking.people);
        if let Some((_, off)) = off {
            return off.clone();
        }
        let people = booking.people.people().iter().copied();
        let left = people.filter(|id| self.names.position(*id).is_none()).collect::<Vec<_>>();
        if let Some(first) = left.first() {
            let why = format!("{} left the roster", state.name_of_who_left(*first));
            return Off { reason: OffReason::Gone(left), why };
        }
        let rounds = state.rounds.iter().filter(|round| week_of(round.date) == week);
        let released = rounds.flat_map(|round| &round.changes.released).find(|it| it.people == booking.people);
        let reason = released.map_or(OffReason::DrawnAgain, |released| released.why.clone());
        let why = match &reason {
            OffReason::Gone(_) => "somebody cannot come",
            OffReason::DayOff => "one of them has a day off",
            OffReason::Rules => "a rule keeps them apart",
            OffReason::WeekOff => "the whole week is off",
            OffReason::NoTime => "their working hours do not overlap",
            OffReason::DrawnAgain | OffReason::ByHand | OffReason::NeverBooked => "drawn again",
        };
        Off { reason, why: why.to_owned() }
    }

    /// Puts the steps in order, and leaves for later what the quota does not allow.
    fn finish(self) -> SchedulePlan {
        let Self { desired, mut moves, mut readdress, mut books, mut out, .. } = self;
        let order = |booking: &Booking| (booking.start.to_utc(), booking.people.people().to_vec());
        out.steps.sort_by_key(|step| order(&step.booking));
        moves.sort_by_key(|step| order(&step.booking));
        books.sort_by_key(|(booking, _)| order(booking));
        let asked = [&*desired.today.state.asked, desired.request.elsewhere.asked()];
        let now = desired.today.now;
        let left = quota::left(asked, desired.request.per_day, now);
        if books.len() > left {
            out.later = Some((books.len() - left, quota::again(asked, now)));
            books.truncate(left);
        }
        let book =
            |(booking, invitation)| Step { action: Action::Book(Box::new(invitation)), booking, why: String::new() };
        out.steps.extend(moves);
        out.steps.extend(books.into_iter().map(book));
        readdress.sort_by_key(|step| (step.action.phase(), order(&step.booking)));
        out.steps.extend(readdress);
        out
    }
}

pub(super) fn length(found: &ObservedMeeting) -> u16 {
    (found.end - found.start).num_minutes().clamp(0, i64::from(u16::MAX)) as u16
}
