//! What the programme came to: how many meetings took place, who met whom across departments, how fair it was, and how
//! far people's network reaches by now.
//! Reads the state, the roster and the rules; changes nothing, and guesses nothing: what is not known is unknown.
//!
//! In reading order: [`Report`] and what is in it, `figures` (how each is counted), `network` (whom one reaches through
//! one colleague), `anonymous` (the same without anybody who could be told from it).

mod anonymous;
mod figures;
mod network;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

use super::roster::Roster;
use super::rules::Rules;
use super::settings::{Meeting, Pairing};
use super::state::rounds::COULD_NOT;
use super::state::{Reason, State};

pub use anonymous::{FEWEST, TooFew};

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// What is remembered.
    pub state: &'a State,
    /// Who is there today.
    pub roster: &'a Roster,
    /// Who may meet whom.
    pub rules: &'a Rules,
    /// What the organizer decides about pairs.
    pub pairing: &'a Pairing,
    /// When rounds are.
    pub meeting: &'a Meeting,
    /// What has begun by then counts.
    pub now: DateTime<Utc>,
}

/// The figures of a span of days. Where a figure is none, it is not known, or hidden since it would show few people.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Whether nobody can be told from it.
    pub anonymous: bool,
    /// Its rounds, by date; none where they would show few people.
    pub rounds: Vec<RoundFigures>,
    /// How many rounds there were.
    pub round_count: usize,
    /// How many people took part: they met somebody, or would have.
    pub participants: usize,
    /// How many meetings there were, a trio's counting as one.
    pub meetings: Option<usize>,
    /// What became of them.
    pub outcomes: OutcomeCounts,
    /// How many meetings were moved to another time.
    pub moved: Option<usize>,
    /// Of how many it is known whether they were.
    pub moved_of: Option<usize>,
    /// The share of participants who met somebody.
    pub reach: Option<f64>,
    /// Those on the roster who took part and met nobody.
    pub met_nobody: Vec<Person>,
    /// How evenly partners are spread, from near 0 to 1: everybody has as many.
    pub evenness: Option<f64>,
    /// How many partners people have, on average.
    pub partners_each: Option<f64>,
    /// How many people have how many partners.
    pub partners: Vec<PartnerCount>,
    /// How many of the twos who may meet have, since the first round.
    pub coverage: Option<Coverage>,
    /// Which departments met.
    pub departments: DepartmentTable,
    /// Whom people reach.
    pub network: NetworkFigures,
    /// Who took part and was left without a partner, most often first.
    pub left_out: Vec<LeftOutPerson>,
    /// Why people were in no meeting.
    pub reasons: Vec<ReasonFigures>,
    /// How often whoever sat out least, and most often, did.
    pub sat_out: (usize, usize),
    /// How many twos met who had met before.
    pub repeats: Option<usize>,
    /// How many rounds are proven to be the best that could be drawn.
    pub proven_best: usize,
    /// How those came in who are new.
    pub newcomers: Option<Newcomers>,
}

/// Somebody who is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The department, or "".
    pub department: String,
}

/// How many meetings took place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// Those that did: it was seen, or somebody says so.
    pub held: Option<usize>,
    /// Those that did not, as is said.
    pub not_held: Option<usize>,
    /// Those of which nobody knows.
    pub unknown: Option<usize>,
}

impl OutcomeCounts {
    /// The share that was held if none of the unknown ones was, and if all were.
    pub fn held_band(&self) -> Option<(f64, f64)> {
        let (held, not_held, unknown) = (self.held? as f64, self.not_held? as f64, self.unknown? as f64);
        let all = held + not_held + unknown;
        (all > 0.0).then(|| (held / all, (held + unknown) / all))
    }
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundFigures {
    /// Its day.
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
    /// What became of them.
    pub outcomes: OutcomeCounts,
}

/// So many people have between so many and so many partners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerCount {
    /// The fewest partners.
    pub from: usize,
    /// The most.
    pub to: usize,
    /// How many people.
    pub people: usize,
}

/// How far through all the twos who may meet the programme is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    /// How many twos may meet and have.
    pub met: usize,
    /// The same of those of whom it is known.
    pub confirmed: Option<usize>,
    /// How many twos may meet.
    pub admissible: usize,
}

impl Coverage {
    /// The share.
    pub fn share(&self) -> f64 {
        self.met as f64 / self.admissible as f64
    }
}

/// Who met across which departments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DepartmentTable {
    /// The departments, the largest first.
    pub departments: Vec<DepartmentFigures>,
    /// How often people of two departments met, by their places in `departments`, the first not after the second.
    pub cells: Vec<DepartmentCell>,
    /// Whether what is expected rests on how many people the departments have, and not on how often those met.
    pub by_size: bool,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentFigures {
    /// Its name; of several small ones that are put together none.
    pub name: Option<String>,
    /// How many participants it has.
    pub people: usize,
    /// How many places in meetings of two its people had.
    pub seats: usize,
}

/// Two departments.
#[derive(Clone, Debug, PartialEq)]
pub struct DepartmentCell {
    /// One of them.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// How often people of them met.
    pub observed: Option<usize>,
    /// How often they would have, if it had been by chance.
    pub expected: Option<f64>,
    /// How many different people did, at least.
    pub people: usize,
    /// How many twos of people there are.
    pub twos: f64,
}

/// How far people's network reaches, of those who are on the roster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkFigures {
    /// How many people it is of.
    pub people: Option<usize>,
    /// Of how many people it is counted whom they reach, where not of all.
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

/// How far the network reaches after a round: shares of colleagues in other departments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkPoint {
    /// The round.
    pub date: NaiveDate,
    /// Those within two steps.
    pub share: f64,
    /// The same if those who met in each round had been put together at random.
    pub shuffled: f64,
    /// The same by meetings alone of which it is known that they took place.
    pub confirmed: Option<f64>,
}

/// Somebody who was left without a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOutPerson {
    /// Who.
    pub person: Person,
    /// In how many rounds.
    pub times: usize,
    /// Why, and how often.
    pub reasons: Vec<(Why, usize)>,
}

/// How many people were in no meeting for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonFigures {
    /// Why.
    pub why: Why,
    /// How many different people.
    pub people: usize,
    /// How often, over all rounds.
    pub times: usize,
}

/// Why somebody is in no meeting of a round, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The number of participants is odd.
    OddNumber,
    /// The rules leave no partner.
    NoPartner,
    /// `max_pairs_per_round` is reached.
    Limit,
    /// They had a partner, and the meeting is off.
    Cancelled,
    /// They had a partner, and say that they could not meet.
    CouldNot,
    /// They pause, or take part no more.
    Paused,
    /// They have a break, since they gave no sign for long.
    Silent,
    /// They skipped it.
    Skips,
    /// Webex does not know them.
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
            Reason::Cancelled(why) if why == COULD_NOT => Self::CouldNot,
            Reason::Cancelled(_) => Self::Cancelled,
            Reason::Paused(_) => Self::Paused,
            Reason::Silent => Self::Silent,
            Reason::Skips => Self::Skips,
            Reason::Unreachable => Self::Unreachable,
            Reason::Holiday => Self::Holiday,
            Reason::DayOff => Self::DayOff,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::OddNumber => "odd number",
            Self::NoPartner => "no admissible partner",
            Self::Limit => "limit on pairs",
            Self::Cancelled => "meeting cancelled",
            Self::CouldNot => "could not meet",
            Self::Paused => "paused",
            Self::Silent => "on a break after giving no sign",
            Self::Skips => "skipped the round",
            Self::Unreachable => "Webex does not know the address",
            Self::Holiday => "holiday",
            Self::DayOff => "day off",
        }
    }

    /// Whether they took part, and had nobody to meet.
    pub fn is_a_turn(self) -> bool {
        matches!(self, Self::OddNumber | Self::NoPartner | Self::Limit | Self::Cancelled)
    }
}

/// Who came to the roster in the span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Newcomers {
    /// How many came.
    pub joined: usize,
    /// How many of them have met somebody.
    pub met: Option<usize>,
    /// The median of the days from when they came to the round of their first meeting.
    pub days_to_first: Option<f64>,
    /// Of how many the first 90 days are over.
    pub settled: Option<usize>,
    /// The median of how many departments those met in their first 90 days.
    pub departments: Option<f64>,
}

/// That no round of the span is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRounds {
    /// The first round of all that is over, and the last.
    pub known: Option<(NaiveDate, NaiveDate)>,
}
