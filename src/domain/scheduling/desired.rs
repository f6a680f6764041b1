//! A drawn round by today's roster and config: people leave and pause, hours and holidays change.
//! Decides who still meets and when; draws nobody anew.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};

use crate::domain::calendar::{Day, round_of_week};
use crate::domain::roster::{Roster, RosterIndex};
use crate::domain::rules::Rules;
use crate::domain::settings::Meeting;
use crate::domain::state::bookings::Bookings;
use crate::domain::state::preferences::NO_END;
use crate::domain::state::{Group, PersonId, Reason, Round, State};

/// What a round is judged by.
#[derive(Clone, Copy)]
pub struct Today<'a> {
    /// The state whose numbers the rounds have.
    pub state: &'a State,
    /// Who is there.
    pub roster: &'a Roster,
    /// Who pauses, and who works when.
    pub rules: &'a Rules,
    /// When rounds are.
    pub meeting: &'a Meeting,
    /// What has begun by now stays as it is.
    pub now: DateTime<Utc>,
    /// By number: the position on the roster.
    pub positions: &'a [Option<RosterIndex>],
    /// What is booked: its time counts, not that of the draw.
    pub booked: &'a Bookings<'a>,
}

/// A round as it is today.
#[derive(Clone, Debug)]
pub struct DesiredRound {
    /// The round; as it was if nothing changed.
    pub round: Round,
    /// Who does not meet after all, and why.
    pub dissolved: Vec<(Group, String)>,
}

impl DesiredRound {
    /// The round as it was drawn.
    pub fn same(round: &Round) -> Self {
        Self { round: round.clone(), dissolved: Vec::new() }
    }
}

/// The round as it is today. Meetings that began before `now` stay; of a trio that loses one, two still meet.
pub fn desired_round(round: &Round, today: Today<'_>) -> DesiredRound {
    let date = round_of_week(today.meeting, round.date);
    let day = date.map(|date| Day::new(today.meeting, date, DateTime::UNIX_EPOCH, today.rules.schedules()));
    let mut groups: Vec<(DateTime<FixedOffset>, Group)> = Vec::new();
    let mut dissolved = Vec::new();
    let mut left_out: Vec<(Reason, PersonId)> = Vec::new();
    let mut begun = false;
    for (start, group) in round.groups() {
        if !today.booked.is_ahead(round.date, group, start, today.now) {
            groups.push((start, group));
            begun = true;
            continue;
        }
        match meets(group, day.as_ref(), today) {
            Ok((new, planned)) => {
                // A time that is over already cannot be met any more.
                groups.push((if planned <= today.now { start } else { planned }, new));
                left_out.extend(gone(group, day.as_ref(), today).into_iter().filter_map(Absentee::left_out));
            }
            Err(why) => {
                let gone = gone(group, day.as_ref(), today);
                let away = |id: &PersonId| gone.iter().any(|gone| gone.id == *id);
                let stays = group.people().iter().filter(|id| !away(id));
                left_out.extend(stays.map(|id| (Reason::Cancelled(why.clone()), *id)));
                left_out.extend(gone.iter().copied().filter_map(Absentee::left_out));
                dissolved.push((group, why));
            }
        }
    }
    let same = groups.iter().copied().eq(round.groups());
    if same && date.is_none_or(|date| date == round.date) {
        return DesiredRound { round: round.clone(), dissolved };
    }
    begun |= groups.iter().any(|(start, _)| *start <= today.now);
    let mut new = Round { slots: Vec::new(), ..round.clone() };
    groups.iter().for_each(|(start, group)| new.add(*start, *group));
    // A round that has begun keeps its name.
    new.date = date.filter(|_| !begun).unwrap_or(round.date);
    for (reason, id) in left_out {
        new.leave_out(reason, id);
    }
    DesiredRound { round: new, dissolved }
}

/// Who of a group still meets, and when; or why nobody does.
fn meets(group: Group, day: Option<&Day>, today: Today<'_>) -> Result<(Group, DateTime<FixedOffset>), String> {
    let Some(day) = day else { return Err("the whole week is off".to_owned()) };
    let gone = gone(group, Some(day), today);
    let stays = |id: &&PersonId| !gone.iter().any(|gone| gone.id == **id);
    let here: Vec<PersonId> = group.people().iter().filter(stays).copied().collect();
    let new = match here[..] {
        [a, b] => Group::Pair([a, b]),
        [a, b, c] => Group::Trio([a, b, c]),
        _ => return Err(gone.iter().map(|gone| gone.words(today)).collect::<Vec<_>>().join(", ")),
    };
    let mut schedules: Vec<u16> =
        here.iter().filter_map(|id| today.positions[id.index()]).map(|person| today.rules.schedule(person)).collect();
    schedules.sort_unstable();
    let start = day.start(&schedules).ok_or_else(|| "their working hours share no time".to_owned())?;
    Ok((new, start.with_timezone(&start.offset().fix())))
}

/// Somebody who cannot meet.
#[derive(Clone, Copy)]
struct Absentee {
    id: PersonId,
    paused: Option<NaiveDate>,
}

impl Absentee {
    fn left_out(self) -> Option<(Reason, PersonId)> {
        Some((Reason::Paused(self.paused?), self.id))
    }

    fn words(&self, today: Today<'_>) -> String {
        let email = today.state.email(self.id);
        let name = today.positions[self.id.index()].map(|at| &*today.roster.employee(at).name);
        match self.paused {
            Some(NO_END) => format!("{} does not take part any more", name.unwrap_or(email)),
            Some(until) => format!("{} is paused until {until}", name.unwrap_or(email)),
            None => format!("{email} left the roster"),
        }
    }
}

fn gone(group: Group, day: Option<&Day>, today: Today<'_>) -> Vec<Absentee> {
    let away = |id: &PersonId| match today.positions[id.index()] {
        None => Some(Absentee { id: *id, paused: None }),
        Some(person) => {
            let paused = day.and_then(|day| today.rules.paused(person, day.date()))?;
            Some(Absentee { id: *id, paused: Some(paused) })
        }
    };
    group.people().iter().filter_map(away).collect()
}
