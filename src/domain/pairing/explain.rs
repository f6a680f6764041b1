//! Why two people meet or do not meet, and what holds for one person: the answers to the organizer's questions. Reads
//! roster, rules and state; changes nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::draw::Setting;
use super::history::History;
use super::sit_outs::sat_out;
use crate::domain::calendar::Day;
use crate::domain::roster::{Roster, RosterIndex};
use crate::domain::rules::{Obstacle, Rule, Rules};
use crate::domain::state::bookings::{Bookings, Progress};
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::{Reason, Round, State};

/// What is known about two people and whether they can meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairExplanation {
    /// The rounds in which they met.
    pub met: Vec<NaiveDate>,
    /// The rounds ahead in which their meeting is booked.
    pub booked: Vec<NaiveDate>,
    /// The rounds ahead for which they are drawn but not booked yet.
    pub drawn: Vec<NaiveDate>,
    /// The next round that is not drawn yet: the rest is about that round.
    pub date: Option<NaiveDate>,
    /// Which of them do not take part then, and why.
    pub away: Vec<(RosterIndex, Reason)>,
    /// The rules that forbid them to meet.
    pub rules: Vec<Rule>,
}

/// What is known about one person and all the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonExplanation {
    /// The next round that is not drawn yet in which they take part, or the next one if they take part in none of the
    /// next few: the rest is about that round.
    pub date: Option<NaiveDate>,
    /// The rounds until then, and that one, in which they do not take part, and why.
    pub away: Vec<(NaiveDate, Reason)>,
    /// People whom they can meet and have not met.
    pub new: Vec<RosterIndex>,
    /// People whom they can meet again, the last round in which they met or are to meet, and how far that meeting has
    /// got.
    pub again: Vec<(RosterIndex, NaiveDate, Progress)>,
    /// How many others the first rule that applies keeps from them, and how many are paused.
    pub kept: BTreeMap<String, usize>,
    /// The rounds that they sat out.
    pub sat_out: Vec<(NaiveDate, Reason)>,
}

/// What both questions are answered from.
struct Basis<'a> {
    state: &'a State,
    rules: &'a Rules,
    index: PersonIndex,
    history: History,
    day: Option<Day>,
}

impl<'a> Basis<'a> {
    fn new(state: &'a State, roster: &Roster, setting: Setting<'a>, date: Option<NaiveDate>) -> Self {
        let index = PersonIndex::new(roster, state);
        let history = History::new(&index, state, 0, |_| true);
        let day = date.map(|date| Day::new(setting.meeting, date, setting.now, setting.rules.schedules()));
        Self { state, rules: setting.rules, index, history, day }
    }

    /// The rounds that have both in one group, each with how far their meeting has got.
    fn rounds(&self, a: RosterIndex, b: RosterIndex, now: DateTime<Utc>) -> Vec<(NaiveDate, Progress)> {
        let ids = [a, b].map(|person| self.index.ids[person.index()]);
        let booked = Bookings::new(self.state);
        let both = |round: &Round| {
            let (start, group) = round.groups().find(|(_, group)| ids.iter().all(|id| group.has(*id)))?;
            Some((round.date, booked.progress(round.date, group, start, now)))
        };
        self.state.rounds.iter().filter_map(both).collect()
    }

    fn against(&self, a: RosterIndex, b: RosterIndex) -> Vec<Rule> {
        self.day.as_ref().map_or_else(Vec::new, |day| self.rules.against(day, &self.history.met, a, b))
    }

    fn obstacle(&self, a: RosterIndex, b: RosterIndex) -> Option<Obstacle> {
        self.rules.obstacle(self.day.as_ref()?, &self.history.met, a, b)
    }

    fn date(&self) -> Option<NaiveDate> {
        self.day.as_ref().map(Day::date)
    }

    fn away(&self, person: RosterIndex) -> Option<Reason> {
        self.rules.away(person, self.date()?)
    }
}

/// Explains whether two people can meet, and what they have to do with each other so far.
pub fn two(state: &State, roster: &Roster, setting: Setting<'_>, [a, b]: [RosterIndex; 2]) -> PairExplanation {
    let ground = Basis::new(state, roster, setting, state.undrawn(setting.meeting, setting.now).next());
    let rounds = ground.rounds(a, b, setting.now);
    let [drawn, booked, met] = [Progress::Drawn, Progress::Booked, Progress::Met]
        .map(|progress| rounds.iter().filter(|(_, it)| *it == progress).map(|(date, _)| *date).collect());
    let away = [a, b].into_iter().filter_map(|person| Some((person, ground.away(person)?)));
    PairExplanation { met, booked, drawn, date: ground.date(), away: away.collect(), rules: ground.against(a, b) }
}

/// How many rounds somebody may miss and still be explained by the first one in which they take part.
const MISSED: usize = 8;

/// Explains one person among all others. Cost: linear in the roster and the history.
pub fn one(state: &State, roster: &Roster, setting: Setting<'_>, person: RosterIndex) -> PersonExplanation {
    let undrawn = || state.undrawn(setting.meeting, setting.now).take(MISSED);
    let missed = undrawn().map_while(|date| Some((date, setting.rules.away(person, date)?)));
    let mut away: Vec<(NaiveDate, Reason)> = missed.collect();
    let takes_part = undrawn().nth(away.len());
    if takes_part.is_none() {
        away.truncate(1);
    }
    let ground = Basis::new(state, roster, setting, takes_part.or_else(|| undrawn().next()));
    let mut last: BTreeMap<RosterIndex, (NaiveDate, Progress)> = BTreeMap::new();
    let booked = Bookings::new(state);
    let id = ground.index.ids[person.index()];
    for round in &state.rounds {
        for (start, group) in round.groups().filter(|(_, group)| group.has(id)) {
            let known = (round.date, booked.progress(round.date, group, start, setting.now));
            let others = group.people().iter().filter(|other| **other != id);
            last.extend(others.filter_map(|other| ground.index.position(*other)).map(|other| (other, known)));
        }
    }
    let mut one = PersonExplanation {
        date: ground.date(),
        away,
        new: Vec::new(),
        again: Vec::new(),
        kept: BTreeMap::new(),
        sat_out: sat_out(state, id).into_iter().map(|(date, reason)| (date, reason.clone())).collect(),
    };
    let away_on = ground.date().map(|date| setting.rules.away_on(date));
    for other in RosterIndex::first(roster.employees.len()).filter(|other| *other != person) {
        let first = match away_on.as_ref().and_then(|away| away(other)) {
            Some(Reason::Silent) => Some("who are on a break after giving no sign for a long time".to_owned()),
            Some(Reason::Unreachable) => Some("with an address that Webex does not know".to_owned()),
            Some(Reason::Holiday) => Some("on holiday".to_owned()),
            Some(Reason::DayOff) => Some("not working on that day".to_owned()),
            Some(_) => Some("paused".to_owned()),
            None => ground.obstacle(person, other).map(|obstacle| setting.rules.words(obstacle, person)),
        };
        match (first, last.get(&other)) {
            (Some(rule), _) => *one.kept.entry(rule).or_default() += 1,
            (None, Some((date, progress))) => one.again.push((other, *date, *progress)),
            (None, None) => one.new.push(other),
        }
    }
    one
}
