//! The programme's meetings at Webex that the state does not know, as after it was lost: which they are, and the rounds
//! and bookings that follow from them. Decides from what was found there; makes no call. What people told the bot is
//! not at Webex, and stays lost.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::{Action, Observed, ObservedMeeting, Step};
use crate::domain::calendar::rounds_ahead::is_ahead;
use crate::domain::calendar::{Day, local_start, week_of};
use crate::domain::message::language;
use crate::domain::pairing::fingerprint::short_hex;
use crate::domain::roster::Roster;
use crate::domain::rules::Rules;
use crate::domain::settings::Meeting;
use crate::domain::state::bookings::{Booking, Stage};
use crate::domain::state::outbox::Kind;
use crate::domain::state::people::People;
use crate::domain::state::person_index::PersonIndex;
use crate::domain::state::reports::about_week;
use crate::domain::state::{Changes, Group, Outcomes, PersonId, Round, State};

/// A meeting at Webex that carries a tag of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedMeeting {
    /// The meeting as it is at Webex.
    pub meeting: ObservedMeeting,
    /// Who hosts the meeting, if not the organizer.
    pub host: Option<Box<str>>,
    /// The addresses of those invited, once they have been looked up.
    pub invitees: Vec<Box<str>>,
}

/// A meeting that is taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptedMeeting {
    /// The round's day, from the tag.
    pub round: NaiveDate,
    /// The addresses of those who meet.
    pub people: Vec<Box<str>>,
    /// The tag of their meeting, by which the schedule will find it again.
    pub tag: String,
    /// The meeting as it is at Webex.
    pub found: TaggedMeeting,
}

/// What is taken over: a plan, to be shown and then carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// The meetings that are taken over, ordered by time.
    pub meetings: Vec<AdoptedMeeting>,
    /// Meetings for which it is unclear who meets: they stay as they are.
    pub unclear: Vec<TaggedMeeting>,
    /// Rounds ahead that were drawn without knowing of these meetings: they must be drawn again.
    pub taken_back: Vec<NaiveDate>,
}

/// The most people who are tried as those who meet, if more are invited.
const MOST_INVITEES: usize = 8;
/// How long after its end a meeting is still something to talk about: after that it is history.
const RECENT: TimeDelta = TimeDelta::days(14);

impl State {
    /// Whether the state, as far as it knows, never booked anything.
    pub fn has_booked_nothing(&self) -> bool {
        self.bookings.is_empty() && self.asked.is_empty()
    }
}

/// Among meetings that are ahead, those whose titles show that they belong to the programme, if there are any that no
/// group of the state would have. Another programme of the same organizer has its own tags and titles.
pub fn unknown<'a>(
    state: &State,
    roster: &Roster,
    programme: &str,
    found: &'a [TaggedMeeting],
) -> Vec<&'a ObservedMeeting> {
    let known = tags(state, roster, programme);
    let meetings = found.iter().map(|one| &one.meeting);
    let ours: Vec<&ObservedMeeting> = meetings.filter(|meeting| is_of(programme, &meeting.title)).collect();
    let has_place = |meeting: &&ObservedMeeting| meeting.tags.iter().any(|tag| known.contains(tag));
    if ours.iter().all(has_place) { Vec::new() } else { ours }
}

/// Whether a programme's meetings are among those looked up although the state never booked any: then a closer look is
/// worthwhile.
pub fn sees_any(observed: &Observed) -> bool {
    observed.meetings.iter().any(is_tagged)
}

/// Among meetings at Webex, those of the programme that are ahead and have no place in the state: as after
/// an older state was put back. Cost: that of a lookup for each; if there may be any, linear in the rounds.
pub fn strays<'a>(
    state: &State,
    roster: &Roster,
    programme: &str,
    meetings: impl IntoIterator<Item = &'a ObservedMeeting>,
    now: DateTime<Utc>,
) -> Vec<&'a ObservedMeeting> {
    let booked = state.bookings.iter().map(|booking| &*booking.tag);
    let of_state: HashSet<&str> = booked.chain(state.called_off.iter().map(|off| &*off.tag)).collect();
    let is_stray = |meeting: &&ObservedMeeting| {
        let is_known = meeting.tags.iter().any(|tag| of_state.contains(&**tag));
        meeting.start > now && is_tagged(meeting) && is_of(programme, &meeting.title) && !is_known
    };
    let mut strays: Vec<&ObservedMeeting> = meetings.into_iter().filter(is_stray).collect();
    if !strays.is_empty() {
        let drawn = tags(state, roster, programme);
        strays.retain(|meeting| !meeting.tags.iter().any(|tag| drawn.contains(tag)));
    }
    strays
}

/// What is taken over if the state knows other meetings: those ahead, in the weeks in which there are any that it does
/// not know. All other rounds stay as they are.
pub fn adopt_strays(
    state: &State,
    roster: &Roster,
    (meeting, programme): (&Meeting, &str),
    mut found: Vec<TaggedMeeting>,
    now: DateTime<Utc>,
) -> Adoption {
    let all = found.iter().map(|found| &found.meeting);
    let weeks = strays(state, roster, programme, all, now).into_iter().filter_map(round_of).map(week_of);
    let weeks: HashSet<i32> = weeks.collect();
    let is_there = |round: NaiveDate| weeks.contains(&week_of(round));
    found.retain(|one| one.meeting.start > now && round_of(&one.meeting).is_some_and(is_there));
    Adoption { taken_back: Vec::new(), ..adopt(state, meeting, programme, found, now) }
}

/// Whether a step books somebody in a week in which there are such meetings: they may be theirs.
pub fn is_beside(step: &Step, strays: &[&ObservedMeeting]) -> bool {
    let mut rounds = strays.iter().filter_map(|meeting| round_of(meeting));
    matches!(step.action, Action::Book(_)) && rounds.any(|round| week_of(round) == week_of(step.booking.round))
}

/// The rounds to which meetings belong, ascending.
pub fn rounds_of<'a>(meetings: impl IntoIterator<Item = &'a ObservedMeeting>) -> Vec<NaiveDate> {
    let rounds: BTreeSet<NaiveDate> = meetings.into_iter().filter_map(round_of).collect();
    rounds.into_iter().collect()
}

/// The round's day in a meeting's tag.
fn round_of(meeting: &ObservedMeeting) -> Option<NaiveDate> {
    meeting.tags.iter().find_map(|tag| parts(tag)).map(|(date, _)| date)
}

/// The tags of all meetings that the state has.
fn tags(state: &State, roster: &Roster, programme: &str) -> HashSet<String> {
    let names = People::new(state, roster);
    let groups = state.rounds.iter().flat_map(|round| round.groups().map(|(_, group)| (round.date, group)));
    groups.map(|(date, group)| super::tag(programme, date, &group, &names)).collect()
}

/// Whether a title is one of the programme's.
fn is_of(programme: &str, title: &str) -> bool {
    title.starts_with(&language::beginning_of_title(programme))
}

/// The round and the hash in a meeting's tag.
fn parts(tag: &str) -> Option<(NaiveDate, &str)> {
    let (date, hash) = tag.strip_prefix("roulette:")?.split_once(':')?;
    Some((date.parse().ok()?, hash))
}

/// Whether a meeting has a tag made by this program, for whichever programme.
pub fn is_tagged(meeting: &ObservedMeeting) -> bool {
    meeting.tags.iter().any(|tag| parts(tag).is_some())
}

/// What is taken over among the meetings found, whose invitees are known.
pub fn adopt(
    state: &State,
    meeting: &Meeting,
    programme: &str,
    found: Vec<TaggedMeeting>,
    now: DateTime<Utc>,
) -> Adoption {
    let mut adoption = Adoption::default();
    for found in found {
        let Some((tag, round, hash)) =
            found.meeting.tags.iter().find_map(|tag| parts(tag).map(|(round, hash)| (tag, round, hash)))
        else {
            continue;
        };
        // The host may not be listed as invited.
        let mut invited = found.invitees.clone();
        invited.extend(found.host.iter().filter(|host| !found.invitees.contains(host)).cloned());
        let by_title = || is_of(programme, &found.meeting.title) && (2..=3).contains(&invited.len());
        match who_meets(programme, hash, &invited).or_else(|| by_title().then(|| invited.clone())) {
            Some(people) => {
                let tag = tag.clone();
                adoption.meetings.push(AdoptedMeeting { round, people, tag, found });
            }
            None if is_of(programme, &found.meeting.title) => adoption.unclear.push(found),
            // Another programme's.
            None => {}
        }
    }
    adoption.meetings.sort_by(|a, b| {
        (a.found.meeting.start, &a.tag, &a.found.meeting.at.id).cmp(&(
            b.found.meeting.start,
            &b.tag,
            &b.found.meeting.at.id,
        ))
    });
    let mut seen: HashSet<String> = HashSet::new();
    // If a meeting is there twice, the first one counts; `schedule` cancels the other.
    adoption.meetings.retain(|meeting| seen.insert(meeting.tag.clone()));
    let adopted = |date: NaiveDate| adoption.meetings.iter().any(|meeting| week_of(meeting.round) == week_of(date));
    let ahead = |round: &&Round| is_ahead(meeting, round.date, now);
    if !adoption.meetings.is_empty() {
        adoption.taken_back =
            state.rounds.iter().filter(ahead).map(|round| round.date).filter(|date| !adopted(*date)).collect();
    }
    adoption
}

/// The invited people for whom the tag was made, whoever else was invited since.
fn who_meets(programme: &str, hash: &str, invited: &[Box<str>]) -> Option<Vec<Box<str>>> {
    let invited = &invited[..invited.len().min(MOST_INVITEES)];
    let fits = |people: &[&str]| {
        let mut sha = Sha256::new();
        sha.update(programme.as_bytes());
        for email in people {
            sha.update(b"\n");
            sha.update(email.as_bytes());
        }
        short_hex(&sha.finalize()) == hash
    };
    // In the tag, people are in the order of the state that is lost.
    for a in invited {
        for b in invited.iter().filter(|b| *b != a) {
            if fits(&[&**a, &**b]) {
                return Some(vec![a.clone(), b.clone()]);
            }
            for c in invited.iter().filter(|c| *c != a && *c != b) {
                if fits(&[&**a, &**b, &**c]) {
                    return Some(vec![a.clone(), b.clone(), c.clone()]);
                }
            }
        }
    }
    None
}

impl Adoption {
    /// Carries out the adoption. The rounds of these weeks have exactly these meetings; who else could meet in them is
    /// found when the rounds are brought in line. Their people were already invited, and are not introduced again.
    pub fn apply(&self, state: &mut State, roster: &Roster, rules: &Rules, meeting: &Meeting, now: DateTime<Utc>) {
        state.rounds.retain(|round| !self.taken_back.contains(&round.date));
        state.unknown_at_webex.clear();
        if !self.meetings.is_empty() {
            state.season.clear();
        }
        let newcomers = PersonIndex::new(roster, state).newcomers;
        state.people.extend(newcomers);
        state.roster_size = roster.employees.len();
        let mut rounds: BTreeMap<NaiveDate, Vec<(Group, &AdoptedMeeting)>> = BTreeMap::new();
        for meeting in &self.meetings {
            let mut people: Vec<PersonId> = meeting.people.iter().map(|email| state.person_or_insert(email)).collect();
            people.sort_unstable();
            let is_twice = people.windows(2).any(|two| two[0] == two[1]);
            let Some(group) = Group::of(&people).filter(|_| !is_twice) else { continue };
            rounds.entry(meeting.round).or_default().push((group, meeting));
        }
        let today = meeting.date_at(now);
        for (date, groups) in rounds {
            adopt_round(state, (date, &groups), (roster, rules, meeting), now);
            let about = about_week(date);
            let is_reported = today > meeting.working_day_after(meeting.working_day_after(date));
            state.mark_told(Kind::Summary, &about, None, today);
            if is_reported {
                state.mark_told(Kind::Report, &about, None, today);
            }
        }
        state.rounds.sort_by_key(|round| round.date);
    }
}

fn adopt_round(
    state: &mut State,
    (date, groups): (NaiveDate, &[(Group, &AdoptedMeeting)]),
    (roster, rules, meeting): (&Roster, &Rules, &Meeting),
    now: DateTime<Utc>,
) {
    let today = meeting.date_at(now);
    let day = Day::new(meeting, date, DateTime::UNIX_EPOCH, rules.schedules());
    let index = PersonIndex::new(roster, state);
    let old = state.rounds.iter().position(|round| week_of(round.date) == week_of(date));
    let seed = old.map_or(0, |at| state.rounds.remove(at).seed);
    let mut round = Round {
        date,
        seed,
        timezone: meeting.timezone,
        slots: Vec::new(),
        left_out: Vec::new(),
        best_possible_pairs: 0,
        optimal: false,
        changes: Changes::default(),
        outcomes: Outcomes::default(),
    };
    let mut seated: Vec<PersonId> = Vec::new();
    for (group, adopted) in groups {
        let found = &adopted.found.meeting;
        // Nobody is in two groups of a round: if somebody has two meetings, the later one is left out.
        if group.people().iter().any(|id| seated.contains(id)) {
            continue;
        }
        seated.extend(group.people());
        let positions = group.people().iter().map(|id| index.position(*id)).collect::<Option<Vec<_>>>();
        let planned = positions.and_then(|positions| {
            let mut schedules: Vec<u16> = positions.iter().map(|at| rules.schedule(*at)).collect();
            schedules.sort_unstable();
            day.start(&schedules)
        });
        let fixed = |at: DateTime<crate::domain::zone::Zone>| at.with_timezone(&at.offset().fix());
        let found_at = fixed(found.start.with_timezone(&meeting.timezone));
        let planned = planned.map_or_else(|| fixed(local_start(meeting, date).with_timezone(&meeting.timezone)), fixed);
        round.add(planned, *group);
        let is_known = state.bookings.iter().any(|booking| *booking.tag == *adopted.tag);
        if found.end + RECENT <= now || is_known {
            continue;
        }
        let booking = booking(state, adopted, *group, (found_at, planned));
        for person in group.people() {
            state.mark_told(Kind::Intro, &booking.tag, Some(*person), today);
            if found.end <= now {
                state.mark_told(Kind::Asked, &booking.tag, Some(*person), today);
            }
        }
        state.put_booking(booking);
    }
    round.best_possible_pairs = round.pair_count();
    state.rounds.push(round);
    state.rounds.sort_by_key(|round| round.date);
}

/// The booking of a meeting that is taken over: it stays at its time.
fn booking(
    state: &mut State,
    adopted: &AdoptedMeeting,
    people: Group,
    (start, planned): (DateTime<FixedOffset>, DateTime<FixedOffset>),
) -> Booking {
    let found = &adopted.found.meeting;
    let host = adopted.found.host.as_ref().map(|email| state.person_or_insert(email));
    let time = (start, super::diff::length(found));
    Booking {
        agreed: (start != planned).then_some(start),
        host,
        stage: Stage::Booked(found.at.clone()),
        ..Booking::begun(adopted.tag.as_str(), adopted.round, people, time)
    }
}
