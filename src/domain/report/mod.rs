//! How the programme has gone: how many meetings took place, who met whom across departments, how fair it was, and how
//! far people's network reaches by now. Reads the state, the roster and the rules; changes nothing, and guesses
//! nothing: what is not known is unknown.
//!
//! In reading order: [`Report`] and what is in it, `figures` (how each figure is computed), `network` (whom people
//! reach through one colleague), `anonymous` (the same, but nobody can be identified).

mod anonymous;
mod figures;
mod network;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

use super::roster::Roster;
use super::rules::Rules;
use super::settings::{Meeting, Pairing};
use super::state::preferences::NO_END;
use super::state::rounds::why_off::COULD_NOT;
use super::state::{Reason, State};

pub use anonymous::{FEWEST, TooFew};

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The state: rounds, bookings, and what people said.
    pub state: &'a State,
    /// The roster as it is today.
    pub roster: &'a Roster,
    /// The rules as they are today.
    pub rules: &'a Rules,
    /// What the organizer decides about pairs.
    pub pairing: &'a Pairing,
    /// What the organizer decides about meetings.
    pub meeting: &'a Meeting,
    /// The current time: what has begun by then counts.
    pub now: DateTime<Utc>,
}

/// The figures for a span of days. A figure that is none is not known, or hidden because it would be about few people.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The first day of the span.
    pub from: NaiveDate,
    /// The last day of the span.
    pub to: NaiveDate,
    /// Whether nobody can be identified in it.
    pub anonymous: bool,
    /// Its rounds, by date; none if they would be about few people.
    pub rounds: Vec<RoundFigures>,
    /// How many rounds there were.
    pub round_count: usize,
    /// How many people took part: they met somebody, or could have.
    pub participants: usize,
    /// How many meetings there were, a trio's counting as one.
    pub meetings: Option<usize>,
    /// The outcomes of the meetings.
    pub outcomes: OutcomeCounts,
    /// How many meetings were moved to another time.
    pub moved: Option<usize>,
    /// For how many meetings it is known whether they were moved.
    pub moved_of: Option<usize>,
    /// The share of participants who met somebody.
    pub reach: Option<f64>,
    /// People on the roster who took part and met nobody.
    pub met_nobody: Vec<Person>,
    /// How evenly partners are distributed, from near 0 to 1: everybody has the same number.
    pub evenness: Option<f64>,
    /// How many partners people have, on average.
    pub partners_each: Option<f64>,
    /// How many people have how many partners.
    pub partners: Vec<PartnerCount>,
    /// How many of the pairs who may meet have met since the first round.
    pub coverage: Option<Coverage>,
    /// How often people of which departments met.
    pub departments: DepartmentTable,
    /// How far the network of colleagues reaches.
    pub network: NetworkFigures,
    /// Who took part but was left without a partner, most often first.
    pub left_out: Vec<LeftOutPerson>,
    /// Why people were in no meeting.
    pub reasons: Vec<ReasonFigures>,
    /// The fewest and the most times that anybody sat out.
    pub sat_out: Option<(usize, usize)>,
    /// How often two people met who had met before; a trio can count up to three times.
    pub repeats: Option<usize>,
    /// How many rounds are proven to be the best that could be drawn.
    pub proven_best: usize,
    /// How newcomers settled in.
    pub newcomers: Option<Newcomers>,
}

/// Somebody who is named in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The address, in lower case.
    pub email: String,
    /// The name; the address if it is not known.
    pub name: String,
    /// The department; "" if it is not known.
    pub department: String,
}

/// How many meetings took place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// Meetings that took place: it was seen, or somebody says so.
    pub held: Option<usize>,
    /// Meetings that did not take place, according to those who were to meet.
    pub not_held: Option<usize>,
    /// Meetings about which nobody knows.
    pub unknown: Option<usize>,
}

impl OutcomeCounts {
    /// The share that took place if none of the unknown ones did, and if all of them did.
    pub fn held_band(&self) -> Option<(f64, f64)> {
        let (held, not_held, unknown) = (self.held? as f64, self.not_held? as f64, self.unknown? as f64);
        let all = held + not_held + unknown;
        (all > 0.0).then(|| (held / all, (held + unknown) / all))
    }
}

/// The figures for a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundFigures {
    /// The date of the round.
    pub date: NaiveDate,
    /// How many people took part: they were in a meeting, or had nobody to meet.
    pub participants: Option<usize>,
    /// How many people were in a meeting that stands.
    pub met: usize,
    /// How many people had nobody to meet.
    pub left_out: Option<usize>,
    /// How many people did not take part: they paused, skipped it, or had a day off.
    pub away: Option<usize>,
    /// How many meetings there were.
    pub meetings: usize,
    /// The outcomes of the meetings.
    pub outcomes: OutcomeCounts,
}

/// How many people have between `from` and `to` partners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerCount {
    /// The lower end of the range of partners.
    pub from: usize,
    /// The upper end of the range of partners, included.
    pub to: usize,
    /// The number of these people.
    pub people: usize,
}

/// How many of all the pairs who may meet have met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    /// How many pairs may meet and have met.
    pub met: usize,
    /// How many of these are known to have met.
    pub confirmed: Option<usize>,
    /// How many pairs may meet.
    pub admissible: usize,
}

impl Coverage {
    /// The share of pairs who have met.
    pub fn share(&self) -> f64 {
        self.met as f64 / self.admissible as f64
    }
}

/// Who met across which departments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DepartmentTable {
    /// The departments, the largest first.
    pub departments: Vec<DepartmentFigures>,
    /// How often people of two departments met, by their indices in `departments`, the first not after the second.
    pub cells: Vec<DepartmentCell>,
    /// Whether the expected numbers depend on how many people the departments have, and not on how often those met.
    pub by_size: bool,
}

/// The figures for a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentFigures {
    /// Its name; none for several small ones that are merged.
    pub name: Option<String>,
    /// How many participants it has.
    pub people: usize,
    /// How many places in meetings of two people its people had.
    pub seats: usize,
}

/// How often people of two departments met, or of one among themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct DepartmentCell {
    /// The index of one of them in `departments`.
    pub a: usize,
    /// The index of the other one, not before the first; the same for meetings within a department.
    pub b: usize,
    /// How often people of the two met.
    pub observed: Option<usize>,
    /// How often they would have met by chance.
    pub expected: Option<f64>,
    /// At least how many different people met.
    pub people: usize,
    /// How many pairs of people there are between the two departments, or within the one.
    pub pairs: f64,
}

/// How far the network of people on the roster reaches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkFigures {
    /// The number of people in the network: those on the roster who ever took part.
    pub people: Option<usize>,
    /// For how many people it is counted whom they reach, if not for all.
    pub sample: Option<usize>,
    /// The share of colleagues in other departments whom people reach through one colleague, before the first round.
    pub before: Option<f64>,
    /// The same after each round.
    pub points: Vec<NetworkPoint>,
    /// The E-I index before the first round.
    pub e_i_before: Option<f64>,
    /// The E-I index after the last round.
    pub e_i: Option<f64>,
}

/// How far the network reaches after a round, as shares of colleagues in other departments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkPoint {
    /// The date of the round.
    pub date: NaiveDate,
    /// The share within two steps.
    pub share: f64,
    /// The same if the people who met in each round had been paired at random: the mean of several draws.
    pub shuffled: f64,
    /// The same counting only meetings that are known to have taken place.
    pub confirmed: Option<f64>,
}

/// Somebody who was left without a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOutPerson {
    /// The person who was left out.
    pub person: Person,
    /// The number of rounds without a partner.
    pub times: usize,
    /// The reasons, and how often each applied.
    pub reasons: Vec<(Why, usize)>,
}

/// How many people were in no meeting for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonFigures {
    /// The reason, without details.
    pub why: Why,
    /// The number of different people.
    pub people: usize,
    /// How often it applied, over all rounds.
    pub times: usize,
}

/// Why somebody is in no meeting in a round, without details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The number of participants is odd.
    OddNumber,
    /// The rules leave no partner.
    NoPartner,
    /// `max_pairs_per_round` is reached.
    Limit,
    /// They had a partner, but the meeting is off.
    Cancelled,
    /// They had a partner, but say that they could not meet.
    CouldNot,
    /// They are paused.
    Paused,
    /// They said that they no longer take part.
    Stopped,
    /// They are on a break because they gave no sign for a long time.
    Silent,
    /// They skipped it.
    Skips,
    /// Webex does not know their address.
    Unreachable,
    /// It is a holiday.
    Holiday,
    /// They do not work on that day.
    DayOff,
}

impl Why {
    /// The kind of a reason.
    pub fn of(reason: &Reason) -> Self {
        match reason {
            Reason::OddNumber(_) => Self::OddNumber,
            Reason::NoPartner(_) => Self::NoPartner,
            Reason::Limit => Self::Limit,
            Reason::Cancelled(COULD_NOT) => Self::CouldNot,
            Reason::Cancelled(_) => Self::Cancelled,
            Reason::Paused(NO_END) => Self::Stopped,
            Reason::Paused(_) => Self::Paused,
            Reason::Silent => Self::Silent,
            Reason::Skips => Self::Skips,
            Reason::Unreachable => Self::Unreachable,
            Reason::Holiday => Self::Holiday,
            Reason::DayOff => Self::DayOff,
        }
    }

    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::OddNumber => "odd number",
            Self::NoPartner => "no admissible partner",
            Self::Limit => "limit on pairs",
            Self::Cancelled => "meeting cancelled",
            Self::CouldNot => "could not meet",
            Self::Paused => "paused",
            Self::Stopped => "no longer takes part",
            Self::Silent => "on a break after giving no sign",
            Self::Skips => "skipped the round",
            Self::Unreachable => "Webex does not know the address",
            Self::Holiday => "holiday",
            Self::DayOff => "day off",
        }
    }

    /// Whether they took part but had nobody to meet.
    pub fn is_a_turn(self) -> bool {
        matches!(self, Self::OddNumber | Self::NoPartner | Self::Limit | Self::Cancelled)
    }
}

/// Those who joined the roster in the span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Newcomers {
    /// How many people joined the roster in the span.
    pub joined: usize,
    /// How many of them have met somebody.
    pub met: Option<usize>,
    /// The median of the days from joining to the round of their first meeting.
    pub days_to_first: Option<f64>,
    /// How many of them have completed their first 90 days.
    pub settled: Option<usize>,
    /// The median of the number of departments that these people met in their first 90 days.
    pub departments: Option<f64>,
}

/// No round in the span is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRounds {
    /// The first and the last of all rounds that are over.
    pub known: Option<(NaiveDate, NaiveDate)>,
}
