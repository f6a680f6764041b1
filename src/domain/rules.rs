//! The rules: who may meet whom, and if not, why not. They are the constraints of a draw. Knows the roster, the
//! organizer's rules and each person's schedule; draws nothing.

use std::fmt;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use hashbrown::{HashMap, HashSet};

use super::calendar::spread::Taken;
use super::calendar::{Day, has_time_on, local_start, week_of};
use super::elsewhere::Elsewhere;
use super::managers::{self, Meant, Unclear};
use super::meeting_history::MeetingHistory;
use super::roster::{Column, Employee, Roster, RosterIndex};
use super::settings::{Holidays, Meeting, Pairing};
use super::state::person_index::PersonIndex;
use super::state::preferences::Choice;
use super::state::{PersonId, Reason, State};
use super::working_hours::Hours;
use super::working_hours::schedule::Schedule;
use super::working_hours::weekdays::Weekdays;
use crate::domain::zone::Zone;

/// A rule that keeps two people apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Both have this value in this column of `across`.
    Same(String, String),
    /// One is the other's manager.
    Manager,
    /// `never_pair` names them.
    NeverPair,
    /// One of them wishes it; it is never said which.
    Wish,
    /// Their working hours have no slot in common on the round's day.
    Hours,
    /// They meet this number of weeks before or after, within `avoid_repeats_weeks`.
    Recent(u32),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same(column, value) => write!(f, "the same {column} ({value})"),
            Self::Manager => f.write_str("manager and report"),
            Self::NeverPair => f.write_str("never_pair"),
            Self::Wish => f.write_str("a confidential wish"),
            Self::Hours => f.write_str("no common working hours"),
            Self::Recent(1) => f.write_str("they meet a week before or after"),
            Self::Recent(weeks) => write!(f, "they meet {weeks} weeks before or after"),
        }
    }
}

/// What determines a schedule: the person's own zone, hours and days, and the place of their holidays.
type ScheduleKey<'a> = (Zone, Option<&'a Hours>, Option<Weekdays>, usize);

/// The rules for a roster, in the form in which draws need them: everything by a person's position.
#[derive(Clone, Debug)]
pub struct Rules {
    names: Vec<String>,
    values: Vec<Vec<String>>,
    columns: Vec<Vec<u32>>,
    /// The columns in which some cell holds several values: the column, and for each value its parts, ascending. Most
    /// companies have none.
    several: Vec<(usize, Vec<Box<[u32]>>)>,
    schedules: Vec<Schedule>,
    profiles: Vec<Profile>,
    /// Who is kept apart from whom by name. Most people are in no such list: their profiles say who is.
    apart: HashMap<RosterIndex, Vec<(RosterIndex, PersonalRule)>>,
    paused_until: Vec<Option<NaiveDate>>,
    /// What people told the bot; few people did.
    choices: HashMap<RosterIndex, Choice>,
    /// Who gave no sign after the last round in which people could be heard.
    silent: HashSet<RosterIndex>,
    /// Who joined after the first draw, and when.
    joined: HashMap<RosterIndex, NaiveDate>,
    avoid_weeks: u32,
    /// What the organizer decides about meetings.
    meeting: Meeting,
    elsewhere: Elsewhere,
    /// When people on the roster are in meetings of other programmes. Most people are in none.
    busy: HashMap<RosterIndex, Vec<Taken>>,
}

/// How long somebody counts as a newcomer.
const NEWCOMER: Days = Days::new(90);

/// Why two people are kept apart by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PersonalRule {
    Manager,
    NeverPair,
    Wish,
}

impl PersonalRule {
    fn rule(self) -> Rule {
        match self {
            Self::Manager => Rule::Manager,
            Self::NeverPair => Rule::NeverPair,
            Self::Wish => Rule::Wish,
        }
    }
}

/// The first obstacle that keeps two people apart, without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// Equal values in this column of `across`, by its place there.
    Column(usize),
    /// One is the other's manager.
    Manager,
    /// `never_pair` names them.
    NeverPair,
    /// One of them wishes it.
    Wish,
    /// Their working hours have no slot in common.
    Hours,
    /// They met within `avoid_repeats_weeks`.
    Recent,
}

/// A person and what is asked about them most often, side by side in memory: with very many people, fetching it from
/// elsewhere takes longer than everything else.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// The person, by their place on the roster.
    pub person: RosterIndex,
    /// The value in the first column of `across`; 0 means none.
    value: u32,
    schedule: u16,
    named: bool,
}

/// A contradiction between the rules and the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// `across` names a column that the roster does not have.
    NoColumn(String),
    /// `never_pair` names an address that is not on the roster.
    NotOnRoster(String),
    /// A manager is nobody on the roster, or could be several people.
    Manager(Unclear),
    /// `holidays` names a column that the roster does not have.
    NoHolidayColumn(String),
    /// `holidays` names a value that nobody has in that column.
    NobodyThere(String, String),
}

impl Rules {
    /// The rules for this roster, and where the two contradict each other. If `across` names `manager`, a manager
    /// (given by address, name or number, as [`managers`] reads it) and their report are kept apart too.
    ///
    /// This includes what people told the bot: there are no rules without the state's preferences.
    pub fn new(roster: &Roster, pairing: &Pairing, meeting: &Meeting, state: &State) -> (Self, Vec<Mismatch>) {
        let mut mismatches = Vec::new();
        let mut rules = Self {
            names: Vec::new(),
            values: Vec::new(),
            columns: Vec::new(),
            several: Vec::new(),
            schedules: Vec::new(),
            profiles: Vec::with_capacity(roster.employees.len()),
            apart: HashMap::new(),
            paused_until: roster.employees.iter().map(|employee| employee.paused_until).collect(),
            choices: HashMap::new(),
            silent: HashSet::new(),
            joined: HashMap::new(),
            avoid_weeks: pairing.avoid_repeats_weeks,
            meeting: meeting.clone(),
            elsewhere: Elsewhere::default(),
            busy: HashMap::new(),
        };
        rules.assign_schedules(roster, &mut mismatches);
        for name in &pairing.across {
            let Some(column) = roster.column(name) else {
                mismatches.push(Mismatch::NoColumn(name.clone()));
                continue;
            };
            if column.name == "manager" {
                mismatches.extend(rules.manager_column(roster, column).into_iter().map(Mismatch::Manager));
            } else {
                rules.several_values(column, |value| value);
                rules.values.push(column.values.clone());
                rules.columns.push(column.cells.clone());
            }
            rules.names.push(column.name.clone());
        }
        if let Some(first) = rules.columns.first() {
            rules.profiles.iter_mut().zip(first).for_each(|(profile, value)| profile.value = *value);
        }
        let wanted: Vec<&String> = pairing.never_pair.iter().flatten().collect();
        let mut position = HashMap::new();
        if !wanted.is_empty() {
            position.extend(roster.former.iter().map(|(email, at)| (&**email, *at)));
            position.extend(roster.places().map(|(at, employee)| (&*employee.email, at)));
        }
        for [a, b] in &pairing.never_pair {
            match (position.get(a.as_str()), position.get(b.as_str())) {
                (Some(&a), Some(&b)) => rules.keep_apart(a, b, PersonalRule::NeverPair),
                (a_at, b_at) => {
                    let absent = [(a, a_at), (b, b_at)].into_iter().filter(|(_, at)| at.is_none());
                    mismatches.extend(absent.map(|(email, _)| Mismatch::NotOnRoster(email.clone())));
                }
            }
        }
        mismatches.dedup();
        rules.apply_choices(roster, state);
        (rules, mismatches)
    }

    /// The same rules next to other programmes, in whose meetings people may be.
    #[must_use]
    pub fn beside(self, elsewhere: Elsewhere, roster: &Roster) -> Self {
        let people = if elsewhere.is_empty() { None } else { Some(roster.places()) };
        let busy = |(at, one): (RosterIndex, &Employee)| Some((at, elsewhere.busy(&one.email).to_vec()));
        let busy = people.into_iter().flatten().filter_map(busy).filter(|(_, busy)| !busy.is_empty()).collect();
        Self { elsewhere, busy, ..self }
    }

    /// When somebody is in meetings of other programmes.
    pub fn busy(&self, person: RosterIndex) -> &[Taken] {
        self.busy.get(&person).map_or(&[], Vec::as_slice)
    }

    /// What other programmes have at Webex.
    pub fn elsewhere(&self) -> &Elsewhere {
        &self.elsewhere
    }

    /// Fills in everybody's profile with when they work; people with the same hours share a schedule.
    fn assign_schedules(&mut self, roster: &Roster, mismatches: &mut Vec<Mismatch>) {
        let meeting = self.meeting.clone();
        let off = DaysOff::new(roster, &meeting, mismatches);
        let mut known: HashMap<ScheduleKey<'_>, u16> = HashMap::new();
        let mut numbers: HashMap<Schedule, u16> = HashMap::new();
        for (person, employee) in roster.places() {
            let zone = employee.timezone.unwrap_or(meeting.timezone);
            let own = (zone, employee.working_hours.as_ref(), employee.workdays, off.of(person));
            let schedule = *known.entry(own).or_insert_with(|| {
                let (zone, hours, days, off_at) = own;
                let schedule = schedule(&meeting, zone, hours, days, off.lists[off_at].clone());
                let next = numbers.len() as u16;
                let number = *numbers.entry(schedule.clone()).or_insert(next);
                if usize::from(number) == self.schedules.len() {
                    self.schedules.push(schedule);
                }
                number
            });
            self.profiles.push(Profile { person, value: 0, schedule, named: false });
        }
    }

    /// Adds what people told the bot.
    fn apply_choices(&mut self, roster: &Roster, state: &State) {
        let index = (!state.choices.is_empty()).then(|| PersonIndex::new(roster, state));
        for (choice, index) in state.choices.iter().zip(index.iter().cycle()) {
            let Some(person) = index.position(choice.person) else { continue };
            for other in choice.not_with.iter().filter_map(|other| index.position(*other)) {
                self.keep_apart(person, other, PersonalRule::Wish);
            }
            self.choices.insert(person, choice.clone());
        }
        self.apart.values_mut().for_each(|list| {
            list.sort_unstable();
            list.dedup();
        });
        let joined = state.joined.iter().flatten().peekable();
        if state.heard.is_empty() || { joined }.peek().is_none() {
            return;
        }
        let index = PersonIndex::new(roster, state);
        let joined = state.joined.iter().flatten();
        self.joined.extend(joined.filter_map(|joined| Some((index.position(joined.person)?, joined.on))));
        let silent = PersonId::first(state.people.len()).zip(state.rounds_without_sign());
        let silent = silent.filter(|(_, rounds)| *rounds > 0).filter_map(|(person, _)| index.position(person));
        self.silent.extend(silent);
    }

    /// Whether one of these two is a newcomer on that day, and the other gave no sign after the last round.
    pub fn pairs_newcomer_with_silent(&self, date: NaiveDate, a: RosterIndex, b: RosterIndex) -> bool {
        let is_new = |person| self.joined.get(&person).is_some_and(|on| date < *on + NEWCOMER);
        let is_so = |silent, new| self.silent.contains(&silent) && is_new(new);
        !self.silent.is_empty() && (is_so(a, b) || is_so(b, a))
    }

    /// Makes one value of each manager, however they are written, and keeps managers and their reports apart. Returns
    /// the managers who are nobody on the roster, or several people.
    fn manager_column(&mut self, roster: &Roster, column: &Column) -> Vec<Unclear> {
        let meant = managers::meant(roster, column);
        let (mut people, mut strangers) = (HashMap::new(), HashMap::new());
        let same = |(at, meant): (usize, &Meant)| match *meant {
            _ if column.parts.contains_key(&(at as u32)) => at as u32,
            Meant::One(person) => *people.entry(person.index()).or_insert(at as u32),
            Meant::Inactive(place) => *people.entry(roster.employees.len() + place).or_insert(at as u32),
            Meant::Nobody | Meant::Several(_) if at == 0 => 0,
            Meant::Nobody | Meant::Several(_) => {
                *strangers.entry(managers::same(&column.values[at])).or_insert(at as u32)
            }
        };
        let merged: Vec<u32> = meant.iter().enumerate().map(same).collect();
        for (report, cell) in RosterIndex::first(column.cells.len()).zip(&column.cells) {
            for value in column.parts(cell) {
                if let Meant::One(manager) = meant[*value as usize]
                    && manager != report
                {
                    self.keep_apart(manager, report, PersonalRule::Manager);
                }
            }
        }
        self.several_values(column, |value| merged[value as usize]);
        self.columns.push(column.cells.iter().map(|&cell| merged[cell as usize]).collect());
        self.values.push(column.values.clone());
        managers::unclear(column, &meant)
    }

    /// Keeps the parts of each value of the next column, if any value has several.
    fn several_values(&mut self, column: &Column, same: impl Fn(u32) -> u32) {
        if column.parts.is_empty() {
            return;
        }
        let parts = |value: u32| {
            let mut parts: Vec<u32> = column.parts(&value).iter().map(|part| same(*part)).collect();
            parts.sort_unstable();
            parts.into_boxed_slice()
        };
        self.several.push((self.columns.len(), (0..column.values.len() as u32).map(parts).collect()));
    }

    /// A value that two cells of the column have in common, if any; most cells hold one value.
    fn shared_value(&self, column: usize, a: u32, b: u32) -> Option<u32> {
        if a == 0 || b == 0 {
            return None;
        }
        if a == b {
            return Some(a);
        }
        let parts = self.several.iter().find(|(other, _)| *other == column).map(|(_, parts)| parts)?;
        let of_b = &parts[b as usize];
        parts[a as usize].iter().copied().find(|part| of_b.binary_search(part).is_ok())
    }

    /// Whether people with these values, one for each column of `across`, are kept apart by them.
    pub fn values_collide(&self, a: &[u32], b: &[u32]) -> bool {
        a.iter().zip(b).enumerate().any(|(column, (a, b))| self.shared_value(column, *a, *b).is_some())
    }

    /// Whether two people have one of several values of a cell in common.
    #[cold]
    fn share_one_of_several(&self, i: usize, j: usize) -> bool {
        let shared = |(column, _): &(usize, Vec<Box<[u32]>>)| {
            let cells = &self.columns[*column];
            self.shared_value(*column, cells[i], cells[j]).is_some()
        };
        self.several.iter().any(shared)
    }

    fn keep_apart(&mut self, a: RosterIndex, b: RosterIndex, why: PersonalRule) {
        for (a, b) in [(a, b), (b, a)] {
            self.profiles[a.index()].named = true;
            self.apart.entry(a).or_default().push((b, why));
        }
    }

    /// How many people there are.
    pub fn people(&self) -> usize {
        self.profiles.len()
    }

    /// Who takes part on that date, in roster order.
    pub fn participants(&self, date: NaiveDate) -> Vec<RosterIndex> {
        let away = self.away_on(date);
        RosterIndex::first(self.people()).filter(|&person| away(person).is_none()).collect()
    }

    /// Why somebody does not take part on that date, if they do not.
    pub fn away(&self, person: RosterIndex, date: NaiveDate) -> Option<Reason> {
        self.away_by_choice(person, date).or_else(|| self.day_off(person, date))
    }

    /// The same for many people: what people with the same schedule have in common is looked up once.
    pub fn away_on(&self, date: NaiveDate) -> impl Fn(RosterIndex) -> Option<Reason> + '_ {
        let days_off = self.days_off(date);
        move |person| self.away_among(&days_off, person, date)
    }

    /// By schedule: why people with that schedule do not work during a round of that date. Empty if all work.
    pub fn days_off(&self, date: NaiveDate) -> Vec<Option<Reason>> {
        let off: Vec<Option<Reason>> = self.schedules.iter().map(|schedule| self.off(schedule, date)).collect();
        if off.iter().any(Option::is_some) { off } else { Vec::new() }
    }

    /// Like [`Rules::away`], with the days off of that date already looked up.
    pub fn away_among(&self, days_off: &[Option<Reason>], person: RosterIndex, date: NaiveDate) -> Option<Reason> {
        self.away_by_choice(person, date)
            .or_else(|| days_off.get(usize::from(self.schedule(person))).cloned().flatten())
    }

    fn away_by_choice(&self, person: RosterIndex, date: NaiveDate) -> Option<Reason> {
        let on_roster = self.paused_on_roster(person, date);
        let choice = if self.choices.is_empty() { None } else { self.choices.get(&person) };
        let chosen = choice.and_then(|choice| choice.away(date));
        let of_both = match (on_roster, chosen) {
            (Some(day), Some(Reason::Paused(until))) => Some(Reason::Paused(day.max(until))),
            (Some(day), _) => Some(Reason::Paused(day)),
            (None, chosen) => chosen,
        };
        let is_unreachable = || choice.is_some_and(|choice| choice.is_unreachable(date));
        of_both.or_else(|| is_unreachable().then_some(Reason::Unreachable))
    }

    /// Why somebody does not work during a round of that date, if they do not: a holiday or their working week.
    pub fn day_off(&self, person: RosterIndex, date: NaiveDate) -> Option<Reason> {
        self.off(self.schedule_of(person), date)
    }

    fn off(&self, schedule: &Schedule, date: NaiveDate) -> Option<Reason> {
        // If everybody has the day off, the round moves to another day.
        if self.meeting.skip_dates.binary_search(&date).is_ok() {
            return None;
        }
        let here = schedule.today(local_start(&self.meeting, date));
        if schedule.is_holiday(here) {
            return Some(Reason::Holiday);
        }
        if has_time_on(&self.meeting, date, schedule) {
            return None;
        }
        let only_off = has_time_on(&self.meeting, date, &schedule.without_days_off());
        Some(if only_off { Reason::Holiday } else { Reason::DayOff })
    }

    /// The last day of a pause in the roster that covers that date.
    pub fn paused_on_roster(&self, person: RosterIndex, date: NaiveDate) -> Option<NaiveDate> {
        self.paused_until[person.index()].filter(|until| date <= *until)
    }

    /// The distinct schedules, for [`Day::new`].
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    /// A person's schedule, as an index into [`Rules::schedules`].
    pub fn schedule(&self, person: RosterIndex) -> u16 {
        self.profile(person).schedule
    }

    /// When a person works.
    pub fn schedule_of(&self, person: RosterIndex) -> &Schedule {
        &self.schedules[usize::from(self.schedule(person))]
    }

    /// For each column of `across`, each person's value; 0 means none.
    pub fn columns(&self) -> &[Vec<u32>] {
        &self.columns
    }

    /// The people from whom `person` is kept apart by name.
    pub fn apart(&self, person: RosterIndex) -> impl Iterator<Item = RosterIndex> + '_ {
        self.list(person).iter().map(|(other, _)| *other)
    }

    /// The same without those who are apart only because one of them wishes it.
    pub fn apart_by_rule(&self, person: RosterIndex) -> impl Iterator<Item = RosterIndex> + '_ {
        let by_rule = self.list(person).iter().filter(|(_, why)| !matches!(why, PersonalRule::Wish));
        by_rule.map(|(other, _)| *other)
    }

    fn list(&self, person: RosterIndex) -> &[(RosterIndex, PersonalRule)] {
        let list = if self.profile(person).named { self.apart.get(&person) } else { None };
        list.map_or(&[], Vec::as_slice)
    }

    /// The reasons why the two are kept apart by name.
    fn named(&self, a: RosterIndex, b: RosterIndex) -> &[(RosterIndex, PersonalRule)] {
        let list = self.list(a);
        let from = list.partition_point(|(other, _)| *other < b);
        let len = list[from..].partition_point(|(other, _)| *other == b);
        &list[from..from + len]
    }

    /// Whether the two are kept apart by name, also by a wish.
    pub fn apart_by_name(&self, a: RosterIndex, b: RosterIndex) -> bool {
        !self.named(a, b).is_empty()
    }

    /// Within how many weeks a repeat is forbidden.
    pub fn avoid_weeks(&self) -> u32 {
        self.avoid_weeks
    }

    /// What is asked most often about that person.
    #[inline]
    pub fn profile(&self, person: RosterIndex) -> Profile {
        self.profiles[person.index()]
    }

    /// Whether the two may meet on that day, apart from their history.
    pub fn admits(&self, day: &Day, a: RosterIndex, b: RosterIndex) -> bool {
        self.admits_both(day, self.profile(a), self.profile(b))
    }

    /// The same for two people whose profiles are at hand.
    #[inline]
    pub fn admits_both(&self, day: &Day, a: Profile, b: Profile) -> bool {
        self.admits_kind(day, a, b) && !(a.named && b.named && !self.named(a.person, b.person).is_empty())
    }

    /// Whether the two may meet on that day, apart from their history and from being kept apart by name.
    #[inline]
    pub fn admits_kind(&self, day: &Day, a: Profile, b: Profile) -> bool {
        let (i, j) = (a.person.index(), b.person.index());
        (a.value != b.value || a.value == 0)
            && !self.columns.iter().skip(1).any(|column| column[i] == column[j] && column[i] != 0)
            && (self.several.is_empty() || !self.share_one_of_several(i, j))
            && day.shared(a.schedule, b.schedule)
            && i != j
    }

    /// The rule that forbids a meeting that is already booked: any rule except a wish (its owner is asked about it),
    /// the hours (which may have been agreed on), and repeats.
    pub fn forbids(&self, a: RosterIndex, b: RosterIndex) -> Option<Rule> {
        let (i, j) = (a.index(), b.index());
        if let Some((at, value)) = (0..self.columns.len())
            .find_map(|at| Some((at, self.shared_value(at, self.columns[at][i], self.columns[at][j])?)))
        {
            return Some(Rule::Same(self.names[at].clone(), self.values[at][value as usize].clone()));
        }
        let named = self.named(a, b).iter().map(|(_, why)| why);
        named.filter(|why| **why != PersonalRule::Wish).map(|why| why.rule()).next()
    }

    /// What keeps the two apart on that day, if anything does.
    pub fn obstacle(&self, day: &Day, met: &MeetingHistory, a: RosterIndex, b: RosterIndex) -> Option<Obstacle> {
        let (i, j) = (a.index(), b.index());
        let same =
            |column: &usize| self.shared_value(*column, self.columns[*column][i], self.columns[*column][j]).is_some();
        if let Some(column) = (0..self.columns.len()).find(same) {
            Some(Obstacle::Column(column))
        } else if let Some((_, why)) = self.named(a, b).first() {
            Some(match why {
                PersonalRule::Manager => Obstacle::Manager,
                PersonalRule::NeverPair => Obstacle::NeverPair,
                PersonalRule::Wish => Obstacle::Wish,
            })
        } else if !day.shared(self.schedule(a), self.schedule(b)) {
            Some(Obstacle::Hours)
        } else {
            let weeks = met.weeks_from(week_of(day.date()), a, b);
            weeks.is_some_and(|weeks| weeks <= self.avoid_weeks).then_some(Obstacle::Recent)
        }
    }

    /// What others whom the obstacle keeps away are to `person`: “with the same department (Sales)”.
    pub fn words(&self, obstacle: Obstacle, person: RosterIndex) -> String {
        match obstacle {
            Obstacle::Column(column) => {
                let value = &self.values[column][self.columns[column][person.index()] as usize];
                format!("with {}", Rule::Same(self.names[column].clone(), value.clone()))
            }
            Obstacle::Manager => "manager or report".to_owned(),
            Obstacle::NeverPair => "in never_pair".to_owned(),
            Obstacle::Wish => format!("with {}", Rule::Wish),
            Obstacle::Hours => format!("with {}", Rule::Hours),
            Obstacle::Recent => "met too recently".to_owned(),
        }
    }

    /// Every rule that keeps the two apart on that day; empty if they may meet.
    pub fn against(&self, day: &Day, met: &MeetingHistory, a: RosterIndex, b: RosterIndex) -> Vec<Rule> {
        let mut rules = self.against_ever(day, a, b);
        if let Some(weeks) = met.weeks_from(week_of(day.date()), a, b).filter(|weeks| *weeks <= self.avoid_weeks) {
            rules.push(Rule::Recent(weeks));
        }
        rules
    }

    /// Every rule that keeps the two apart on that day, whenever they met last.
    pub fn against_ever(&self, day: &Day, a: RosterIndex, b: RosterIndex) -> Vec<Rule> {
        let (i, j) = (a.index(), b.index());
        let mut rules = Vec::new();
        for (at, ((name, values), column)) in self.names.iter().zip(&self.values).zip(&self.columns).enumerate() {
            if let Some(value) = self.shared_value(at, column[i], column[j]) {
                rules.push(Rule::Same(name.clone(), values[value as usize].clone()));
            }
        }
        rules.extend(self.named(a, b).iter().map(|(_, why)| why.rule()));
        if !day.shared(self.schedule(a), self.schedule(b)) {
            rules.push(Rule::Hours);
        }
        rules.dedup();
        rules
    }
}

/// The schedule of somebody with their own hours and days, if they have any.
fn schedule(
    meeting: &Meeting,
    zone: Zone,
    hours: Option<&Hours>,
    days: Option<Weekdays>,
    off: Arc<[NaiveDate]>,
) -> Schedule {
    match (hours, days) {
        (Some(hours), days) => Schedule::new(zone, days.or(hours.days()).unwrap_or(meeting.workdays), hours, off),
        (None, days) => Schedule::with_usual_hours(zone, days.unwrap_or(meeting.workdays), &meeting.working_hours, off),
    }
}

/// The days off of the programme, combined with those of each value of the column of `holidays`.
struct DaysOff<'a> {
    cells: Option<&'a [u32]>,
    /// For each value of the column, a place in `lists`.
    values: Vec<usize>,
    /// The first list is everybody's.
    lists: Vec<Arc<[NaiveDate]>>,
}

impl<'a> DaysOff<'a> {
    fn new(roster: &'a Roster, meeting: &Meeting, mismatches: &mut Vec<Mismatch>) -> Self {
        let mut off = Self { cells: None, values: Vec::new(), lists: vec![meeting.skip_dates.as_slice().into()] };
        let Some(Holidays { column: name, days }) = &meeting.holidays else { return off };
        let Some(column) = roster.column(name) else {
            mismatches.push(Mismatch::NoHolidayColumn(name.clone()));
            return off;
        };
        off.cells = Some(&column.cells);
        off.values = vec![0; column.values.len()];
        for (value, days) in days {
            let wanted = value.to_lowercase();
            let Some(at) = column.values.iter().skip(1).position(|value| value.to_lowercase() == wanted) else {
                mismatches.push(Mismatch::NobodyThere(name.clone(), value.clone()));
                continue;
            };
            let mut all: Vec<NaiveDate> = meeting.skip_dates.iter().chain(days).copied().collect();
            all.sort_unstable();
            all.dedup();
            off.values[at + 1] = off.lists.len();
            off.lists.push(all.into());
        }
        off
    }

    fn of(&self, person: RosterIndex) -> usize {
        self.cells.map_or(0, |cells| self.values[cells[person.index()] as usize])
    }
}
