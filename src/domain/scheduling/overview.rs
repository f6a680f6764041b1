//! Every meeting as it stands: still to be booked, booked, moved, off, or over and what became of it. Reads the rounds
//! brought in line with today; changes nothing. Only reasons that everybody may read are given, so never a wish.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, TimeDelta};

use super::Today;
use crate::domain::calendar::{local_start, week_of};
use crate::domain::rules::Rules;
use crate::domain::state::bookings::{Accounts, Booking, MeetingResult, OffReason, Proposal, Seen, Stage};
use crate::domain::state::{Group, PersonId, Reason, Round};

/// A meeting as it is shown to the organizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingView {
    /// The round's day, which names it.
    pub round: NaiveDate,
    /// The people who meet.
    pub people: Group,
    /// When it begins as it stands.
    pub start: DateTime<FixedOffset>,
    /// Its length in minutes.
    pub minutes: u16,
    /// Whether it will be booked, is booked, is off, or took place.
    pub standing: MeetingStanding,
    /// Who came, as Webex saw it.
    pub seen: Option<Seen>,
    /// What people say about it, if anything: whoever says that they met is believed.
    pub said: Option<MeetingResult>,
    /// When it was to begin before it was moved.
    pub moved_from: Option<DateTime<FixedOffset>>,
    /// The link with which people join.
    pub link: Option<String>,
}

/// How a meeting stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingStanding {
    /// It will be booked; the reason why it is not yet, unless its time simply has not come.
    ToBook(Option<String>),
    /// It stands at its original time.
    Booked,
    /// It stands at another time than originally.
    Moved,
    /// It stands at Webex at its old time, and will be moved.
    ToMove,
    /// It stands, and somebody suggests another time.
    Suggested(Proposal),
    /// It stands at Webex and will be cancelled, for this reason.
    ToCancel(String),
    /// It is off, for this reason.
    Cancelled(String),
    /// It took place: it was seen, or people say so.
    Held(Accounts),
    /// It did not take place, according to those who were to meet.
    NotHeld(Accounts),
    /// It is over, and it is not known whether it took place; with the reason, if there is one.
    Unknown(Option<String>),
}

impl MeetingStanding {
    /// Its name for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ToBook(_) => "to-book",
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::ToMove => "to-move",
            Self::ToCancel(_) => "to-cancel",
            Self::Suggested(_) => "suggested",
            Self::Cancelled(_) => "cancelled",
            Self::Held(_) => "held",
            Self::NotHeld(_) => "not-held",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// All meetings of the rounds that are `wanted`, by time. Cost: linear in the meetings.
pub fn meetings(today: Today<'_>, rules: &Rules, wanted: impl Fn(&Round) -> bool) -> Vec<MeetingView> {
    let overview = Overview { today, rules };
    let rounds = today.state.rounds.iter().filter(|round| wanted(round));
    let mut all: Vec<MeetingView> = rounds.flat_map(|round| overview.of_round(round)).collect();
    all.sort_by_key(|meeting| (meeting.start, meeting.round, meeting.people));
    all
}

struct Overview<'a> {
    today: Today<'a>,
    rules: &'a Rules,
}

impl Overview<'_> {
    fn of_round(&self, round: &Round) -> Vec<MeetingView> {
        let mut meetings: Vec<MeetingView> =
            round.groups().map(|(planned, people)| self.planned(round, planned, people)).collect();
        let mut shown: Vec<Group> = meetings.iter().map(|meeting| meeting.people).collect();
        shown.sort_unstable();
        let of_week = |booking: &&Booking| week_of(booking.round) == week_of(round.date);
        let mut off: Vec<MeetingView> = Vec::new();
        for booking in self.today.state.bookings.iter().filter(of_week) {
            let was_there = booking.at_webex().is_some() || !booking.is_open();
            if was_there && shown.binary_search(&booking.people).is_err() {
                off.push(self.off(round, booking));
            }
        }
        let begins = local_start(self.today.meeting, round.date).with_timezone(&self.today.meeting.timezone);
        let begins = begins.with_timezone(&begins.offset().fix());
        let called_off = self.today.state.called_off.iter().filter(|it| week_of(it.round) == week_of(round.date));
        let called_off = called_off.map(|it| (it.people, it.start, it.minutes));
        let minutes = self.today.meeting.minutes;
        let released = round.changes.released.iter().map(|released| (released.people, begins, minutes));
        for (people, start, minutes) in called_off.chain(released) {
            if shown.binary_search(&people).is_err() && off.iter().all(|meeting| meeting.people != people) {
                let standing = MeetingStanding::Cancelled(self.why_off(round, people));
                off.push(MeetingView {
                    round: round.date,
                    people,
                    start,
                    minutes,
                    standing,
                    seen: None,
                    said: None,
                    moved_from: None,
                    link: None,
                });
            }
        }
        meetings.extend(off);
        meetings
    }

    /// A meeting that the round has.
    fn planned(&self, round: &Round, planned: DateTime<FixedOffset>, people: Group) -> MeetingView {
        let Today { booked, meeting, now, .. } = self.today;
        let (mut start, mut minutes) = booked.time(round.date, people, (planned, meeting.minutes), now);
        let booking = booked.of(round.date, people);
        if let Some(deleted) = booking.filter(|booking| booking.stage == Stage::Deleted) {
            (start, minutes) = (deleted.start, deleted.minutes);
        }
        let is_over = start + TimeDelta::minutes(minutes.into()) <= now;
        let moved_from = booking.filter(|booking| booking.at_webex().is_some()).and_then(|booking| {
            // An older state does not say when a meeting was to begin originally.
            let drawn = booking.agreed.map(|_| planned);
            let known = Some(booking.start).filter(|at| *at != start);
            known.or(booking.moved_from).or(drawn).filter(|from| *from != start)
        });
        let standing = match booking {
            Some(booking) if !booking.is_open() => became(booking),
            Some(Booking { stage: Stage::Deleted, .. }) => {
                MeetingStanding::Cancelled("deleted at Webex by hand".to_owned())
            }
            Some(booking) if booking.at_webex().is_some() => match &booking.proposal {
                _ if is_over => MeetingStanding::Unknown(None),
                Some(proposal) if booking.start > now && proposal.expires > now => {
                    MeetingStanding::Suggested(proposal.clone())
                }
                _ if booking.start != start => MeetingStanding::ToMove,
                _ if moved_from.is_some() => MeetingStanding::Moved,
                _ => MeetingStanding::Booked,
            },
            Some(Booking { stage: Stage::Refused { why, .. }, .. }) if !is_over => {
                MeetingStanding::ToBook(Some(format!("Webex refused it: {why}")))
            }
            _ if !is_over => MeetingStanding::ToBook(None),
            Some(_) => MeetingStanding::Unknown(Some("it was never booked".to_owned())),
            // Its booking is forgotten, but not what became of it.
            None if round.outcomes.held.binary_search(&people).is_ok() => MeetingStanding::Held(Accounts::default()),
            None if round.outcomes.deleted.binary_search(&people).is_ok() => {
                MeetingStanding::Cancelled("deleted at Webex by hand".to_owned())
            }
            None => MeetingStanding::Unknown(None),
        };
        let (seen, said) = (booking.and_then(|it| it.seen), booking.and_then(|it| it.result));
        let link = booking.and_then(link);
        MeetingView { round: round.date, people, start, minutes, standing, seen, said, moved_from, link }
    }

    /// A meeting that the round no longer has.
    fn off(&self, round: &Round, booking: &Booking) -> MeetingView {
        let standing = match booking.is_open() {
            false => became(booking),
            true if booking.at_webex().is_some() && booking.stage != Stage::Deleted => {
                MeetingStanding::ToCancel(self.why_off(round, booking.people))
            }
            true => MeetingStanding::Cancelled(self.why_off(round, booking.people)),
        };
        let Booking { people, start, minutes, moved_from, seen, result: said, .. } = *booking;
        let link = link(booking);
        MeetingView { round: round.date, people, start, minutes, standing, seen, said, moved_from, link }
    }

    /// Why a group's meeting is off, as far as that is still known.
    fn why_off(&self, round: &Round, group: Group) -> String {
        let replan = self.today.replan;
        let off = replan.rounds.iter().filter(|it| it.round.date == round.date).flat_map(|round| &round.off);
        if let Some((_, why)) = { off }.find(|(people, _)| *people == group) {
            return why.why.clone();
        }
        let people = group.people();
        let gone: Vec<String> = people.iter().filter_map(|id| self.why_away(round, *id)).collect();
        if !gone.is_empty() {
            return gone.join("; ");
        }
        let positions: Vec<_> = people.iter().filter_map(|id| self.today.people.position(*id)).collect();
        let pairs = positions.iter().enumerate().flat_map(|(at, a)| positions[at + 1..].iter().map(move |b| (*a, *b)));
        if let Some(rule) = { pairs }.find_map(|(a, b)| self.rules.forbids(a, b)) {
            return rule.to_string();
        }
        let released = round.changes.released.iter().filter(|released| released.people == group).map(|it| &it.why);
        let of_week = self.today.state.called_off.iter().filter(|it| week_of(it.round) == week_of(round.date));
        let called_off = of_week.filter(|it| it.people == group).map(|it| &it.why);
        match released.chain(called_off).next_back() {
            Some(OffReason::Gone(gone)) if !gone.is_empty() => {
                let names: Vec<&str> = gone.iter().map(|id| self.today.people.view(*id).name).collect();
                format!("{} could not come", names.join(" · "))
            }
            Some(OffReason::Gone(_)) => "somebody could not come".to_owned(),
            Some(OffReason::DayOff) => "one of them had a day off".to_owned(),
            Some(OffReason::Rules) => "a rule kept them apart".to_owned(),
            Some(OffReason::WeekOff) => "the whole week is off".to_owned(),
            Some(OffReason::NoTime) => "their working hours do not overlap".to_owned(),
            Some(OffReason::ByHand) => "deleted at Webex by hand".to_owned(),
            Some(OffReason::NeverBooked) => "never booked".to_owned(),
            Some(OffReason::DrawnAgain) | None => "drawn again".to_owned(),
        }
    }

    fn why_away(&self, round: &Round, id: PersonId) -> Option<String> {
        let person = self.today.people.view(id);
        let Some(at) = self.today.people.position(id) else { return Some(format!("{} left the roster", person.name)) };
        let away = self.rules.away(at, round.date).filter(|why| *why != Reason::Unreachable);
        away.map(|why| why.of(person.name))
    }
}

fn link(booking: &Booking) -> Option<String> {
    booking.at_webex().map(|at| at.link.to_string()).filter(|link| !link.is_empty())
}

/// What became of a meeting that is over.
fn became(booking: &Booking) -> MeetingStanding {
    let said = booking.accounts.clone();
    match booking.result {
        _ if booking.is_held() => MeetingStanding::Held(said),
        Some(_) => MeetingStanding::NotHeld(said),
        None => MeetingStanding::Unknown(None),
    }
}

/// Whether a meeting is on one of the days from `from` to `to`, in the programme's zone.
pub fn is_within(
    meeting: &MeetingView,
    zone: crate::domain::zone::Zone,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> bool {
    let day = meeting.start.with_timezone(&zone).date_naive();
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}
