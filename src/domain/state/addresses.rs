//! A person is not their address: whoever gets a new one keeps their number, and with it everything that is remembered.
//! Knows the roster's former addresses; makes no call. What is at Webex under an old address is noted in the bookings.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use hashbrown::{HashMap, HashSet};

use super::outbox::Address;
use super::preferences::Choice;
use super::rounds::why_off;
use super::{Group, PersonId, Reason, Round, State};
use crate::domain::roster::{Employee, Roster, RosterIndex};
use crate::domain::state::bookings::{Accounts, OffReason, Seen, Stage};
use crate::domain::text::folded;

/// Somebody who is known under a new address from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readdressed {
    /// The person whose address changed.
    pub person: PersonId,
    /// The address that they had in the state.
    pub from: Box<str>,
    /// Their current address.
    pub to: Box<str>,
}

/// Two addresses that may belong to one person: one vanished from the roster when the other appeared with the same
/// name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// The name that both have.
    pub name: Box<str>,
    /// The address that vanished.
    pub gone: Box<str>,
    /// The address that appeared.
    pub new: Box<str>,
    /// The day on which the new address appeared.
    pub on: NaiveDate,
}

/// The pairs of addresses for which nobody has said yet whether they belong to one person, each once.
pub fn still_open(mut suspects: Vec<Suspect>, roster: &Roster) -> Vec<Suspect> {
    if suspects.is_empty() {
        return suspects;
    }
    let here = emails(roster);
    suspects
        .retain(|one| here.contains(&*one.new) && !here.contains(&*one.gone) && roster.formerly(&one.gone).is_none());
    suspects.sort_by(|a, b| (&a.new, &a.gone, a.on).cmp(&(&b.new, &b.gone, b.on)));
    suspects.dedup_by(|a, b| (&a.new, &a.gone) == (&b.new, &b.gone));
    suspects
}

/// The addresses of everybody in the file, including those who do not take part.
fn emails(roster: &Roster) -> HashSet<&str> {
    let inactive = roster.inactive.iter().map(|one| &*one.email);
    roster.employees.iter().map(|one| &*one.email).chain(inactive).collect()
}

/// Who on the roster may have been there before under another address. Cost: linear in the people.
pub fn suspects(before: &Roster, now: &Roster, state: &State, on: NaiveDate) -> Vec<Suspect> {
    let (there, here) = (emails(before), emails(now));
    let gone = before.employees.iter().filter(|one| !here.contains(&*one.email) && now.formerly(&one.email).is_none());
    let mut by_name: HashMap<String, Vec<&Employee>> = HashMap::new();
    gone.for_each(|one| by_name.entry(folded(&one.name)).or_default().push(one));
    if by_name.is_empty() {
        return Vec::new();
    }
    // Whoever the programme already knows is no newcomer.
    let known: HashSet<&str> = state.emails().map(|(_, email)| email).collect();
    let is_new = |one: &&Employee| !there.contains(&*one.email) && !known.contains(&*one.email);
    let like = |new: &Employee| -> Vec<Suspect> {
        let gone = by_name.get(&folded(&new.name)).into_iter().flatten();
        let of = |gone: &&Employee| {
            let (gone, name, new) = (gone.email.clone(), new.name.clone(), new.email.clone());
            Suspect { name, gone, new, on }
        };
        gone.map(of).collect()
    };
    now.employees.iter().filter(is_new).flat_map(like).collect()
}

impl State {
    /// Follows people whose address changed: their number stays and gets the current address. Somebody who counted as a
    /// new person for a while becomes one person again: that person met everybody whom either met, and the last choice
    /// counts. Cost: linear in the people if anybody had another address before, otherwise none; the rounds are read
    /// only if two become one.
    pub fn follow_addresses(&mut self, roster: &Roster, now: DateTime<Utc>) -> Vec<Readdressed> {
        if roster.former.is_empty() {
            return Vec::new();
        }
        let before = self.people.clone();
        let numbers = PersonId::first(before.len());
        let known: HashMap<&str, PersonId> = before.iter().map(|email| &**email).zip(numbers).collect();
        let mut same: BTreeMap<RosterIndex, Vec<PersonId>> = BTreeMap::new();
        for (former, at) in &roster.former {
            if let Some(id) = known.get(&**former) {
                same.entry(*at).or_default().push(*id);
            }
        }
        if same.is_empty() {
            return Vec::new();
        }
        let mut mentioned = None;
        let (mut to, mut told, mut people) = (HashMap::new(), Vec::new(), before.clone());
        for (at, mut ids) in same {
            let today = &roster.employee(at).email;
            let newest = known.get(&**today).copied();
            // A number about which nothing is remembered is what is left of somebody who was united with another.
            if newest.is_some() {
                let mentioned = mentioned.get_or_insert_with(|| self.mentioned());
                ids.retain(|id| mentioned[id.index()]);
            }
            let Some(first) = ids.iter().copied().chain(newest).min().filter(|_| !ids.is_empty()) else { continue };
            let from = newest.and(ids.iter().copied().max()).unwrap_or(first);
            told.push(Readdressed { person: first, from: people[from.index()].clone(), to: today.clone() });
            match newest {
                Some(newest) => people.swap(first.index(), newest.index()),
                None => people[first.index()].clone_from(today),
            }
            let others = ids.into_iter().chain(newest).filter(|id| *id != first);
            to.extend(others.map(|id| (id, first)));
        }
        if told.is_empty() {
            return told;
        }
        self.people = people;
        let moves = Moves { before: before.clone(), to };
        self.note_what_is_at_webex(&moves, now);
        self.unite(&moves);
        for message in &mut self.outbox {
            if let Address::Person(email) = &mut message.to {
                *email = roster.current(email).into();
            }
        }
        // Webex may already know the new one.
        for Readdressed { person, .. } in &told {
            let choice = self.choice_of(*person);
            self.choose(Choice { unreachable: None, ..choice });
        }
        told
    }

    /// People about whom anything besides the address is remembered.
    fn mentioned(&self) -> Vec<bool> {
        let mut mentioned = vec![false; self.people.len()];
        let mut see = |id: &PersonId| {
            if let Some(one) = mentioned.get_mut(id.index()) {
                *one = true;
            }
        };
        for round in &self.rounds {
            round.slots.iter().for_each(|slot| {
                slot.pairs.as_flattened().iter().chain(slot.trios.as_flattened()).for_each(&mut see);
            });
            round.left_out.iter().flat_map(|left_out| &left_out.people).for_each(&mut see);
            let changes = &round.changes;
            changes.missing.iter().chain(&changes.added).flat_map(Group::people).for_each(&mut see);
            changes.released.iter().flat_map(|released| released.people.people()).for_each(&mut see);
            changes.left_out.iter().for_each(&mut see);
            let outcomes = &round.outcomes;
            outcomes.held.iter().chain(&outcomes.deleted).flat_map(Group::people).for_each(&mut see);
        }
        self.season.iter().flatten().flat_map(Group::people).for_each(&mut see);
        for booking in &self.bookings {
            booking.people.people().iter().chain(&booking.host).for_each(&mut see);
        }
        for choice in &self.choices {
            choice.not_with.iter().chain([&choice.person]).for_each(&mut see);
        }
        self.told.iter().flat_map(|told| &told.people).for_each(&mut see);
        self.joined.iter().flatten().for_each(|joined| see(&joined.person));
        self.called_off.iter().flat_map(|off| off.people.people()).for_each(&mut see);
        self.news.iter().for_each(|news| see(&news.person));
        mentioned
    }

    /// Notes in the bookings under which addresses people are at Webex.
    fn note_what_is_at_webex(&mut self, moves: &Moves, now: DateTime<Utc>) {
        let people = &self.people;
        for booking in &mut self.bookings {
            let may_be_there = booking.at_webex().is_some() || booking.stage == Stage::Begun;
            if !may_be_there || !booking.is_ahead(now) {
                continue;
            }
            for id in booking.people.people() {
                let (before, person) = (&moves.before[id.index()], moves.of(*id));
                if **before != *people[person.index()] {
                    booking.invited_as.push((person, before.clone()));
                }
            }
            booking.invited_as.iter_mut().for_each(|(id, _)| *id = moves.of(*id));
            booking.invited_as.retain(|(id, before)| **before != *people[id.index()]);
            booking.invited_as.sort();
            booking.invited_as.dedup();
            if let Some(host) = booking.host {
                let before = booking.hosted_as.take().unwrap_or_else(|| moves.before[host.index()].clone());
                booking.hosted_as = Some(before).filter(|before| **before != *people[moves.of(host).index()]);
            }
        }
    }

    /// Unites those who are one person.
    fn unite(&mut self, moves: &Moves) {
        if moves.to.is_empty() {
            return;
        }
        for (other, first) in &moves.to {
            self.rounds.iter_mut().for_each(|round| make_room(round, *first, *other));
        }
        self.rounds.iter_mut().for_each(|round| moves.unite_in(round));
        let season = self.season.iter().map(|groups| moves.groups(groups)).collect::<Option<Vec<_>>>();
        // Somebody who was two people has too many rounds in it.
        let twice = |groups: &Vec<Group>| {
            let mut people: Vec<PersonId> = groups.iter().flat_map(|group| group.people().to_vec()).collect();
            let count = people.len();
            people.sort_unstable();
            people.dedup();
            people.len() < count
        };
        self.season = season.filter(|season| !season.iter().any(twice)).unwrap_or_default();
        for booking in &mut self.bookings {
            // A meeting of somebody with themselves is called off by the next schedule.
            if let Some(group) = moves.group(booking.people) {
                booking.people = group;
                booking.host = booking.host.map(|id| moves.of(id));
                moves.all(&mut booking.accounts.met);
                moves.all(&mut booking.accounts.could_not);
                // If one person gave two answers, the kinder one counts.
                let Accounts { met, could_not } = &mut booking.accounts;
                could_not.retain(|id| !met.contains(id));
                if let Some(Seen::One(person)) = &mut booking.seen {
                    *person = moves.of(*person);
                }
                if let Some(untold) = &mut booking.untold {
                    moves.all(&mut untold.people);
                }
                if let Some(proposal) = &mut booking.proposal {
                    proposal.by = moves.of(proposal.by);
                    moves.all(&mut proposal.agreed);
                }
            }
        }
        self.bookings.sort_by(|a, b| (a.round, a.people.people(), &a.tag).cmp(&(b.round, b.people.people(), &b.tag)));
        self.called_off.retain_mut(|off| moves.group(off.people).map(|people| off.people = people).is_some());
        for off in &mut self.called_off {
            if let OffReason::Gone(people) = &mut off.why {
                moves.all(people);
            }
        }
        self.news.retain(|news| !moves.to.contains_key(&news.person));
        // Of two addresses, what was said to either last counts.
        self.last_said.iter_mut().for_each(|one| one.person = moves.of(one.person));
        self.last_said.sort_by_key(|one| (one.person, std::cmp::Reverse(one.when())));
        self.last_said.dedup_by_key(|one| one.person);
        self.left.retain(|left| !moves.to.contains_key(&left.person));
        self.unite_choices(moves);
        self.told.people_of_all().for_each(|people| moves.all(people));
        if let Some(joined) = &mut self.joined {
            joined.retain(|joined| !moves.to.contains_key(&joined.person));
        }
    }

    /// The last choice counts; no wish is forgotten, nor that they left or paused.
    fn unite_choices(&mut self, moves: &Moves) {
        let mut united: BTreeMap<PersonId, Choice> = BTreeMap::new();
        for choice in std::mem::take(&mut self.choices) {
            let person = moves.of(choice.person);
            let earlier = united.remove(&person).unwrap_or_default();
            let mut both = Choice { person, ..choice };
            both.stopped |= earlier.stopped;
            both.paused_until = both.paused_until.max(earlier.paused_until);
            both.last_sign = both.last_sign.max(earlier.last_sign);
            both.skipped.extend(earlier.skipped);
            both.skipped.sort_unstable();
            both.skipped.dedup();
            both.not_with.extend(earlier.not_with);
            moves.all(&mut both.not_with);
            both.not_with.retain(|other| *other != person);
            united.insert(person, both);
        }
        united.into_values().for_each(|choice| self.choose(choice));
    }
}

/// Who becomes whom.
struct Moves {
    /// The addresses before the move.
    before: Vec<Box<str>>,
    /// For each number that ends, the number that continues.
    to: HashMap<PersonId, PersonId>,
}

impl Moves {
    fn of(&self, id: PersonId) -> PersonId {
        self.to.get(&id).copied().unwrap_or(id)
    }

    fn all(&self, people: &mut Vec<PersonId>) {
        people.iter_mut().for_each(|id| *id = self.of(*id));
        people.sort_unstable();
        people.dedup();
    }

    /// The group as it is now; none if nobody is left to meet. A trio that contains one person twice becomes a pair.
    fn group(&self, group: Group) -> Option<Group> {
        let mut people = group.people().to_vec();
        self.all(&mut people);
        Group::of(&people)
    }

    fn groups(&self, groups: &[Group]) -> Option<Vec<Group>> {
        groups.iter().map(|group| self.group(*group)).collect()
    }

    fn unite_in(&self, round: &mut Round) {
        let standing: Vec<_> = round.groups().collect();
        for (start, group) in standing {
            if group.people().iter().any(|id| self.to.contains_key(id)) {
                round.remove(group);
                if let Some(group) = self.group(group) {
                    round.add(start, group);
                }
            }
        }
        let changes = &mut round.changes;
        for groups in [&mut changes.missing, &mut changes.added] {
            *groups = groups.iter().filter_map(|group| self.group(*group)).collect();
            groups.sort_unstable();
            groups.dedup();
        }
        for groups in [&mut round.outcomes.held, &mut round.outcomes.deleted] {
            *groups = groups.iter().filter_map(|group| self.group(*group)).collect();
            groups.sort_unstable();
            groups.dedup();
        }
        // If one of the two was drawn and the other stands, the group is as it was drawn.
        let both: Vec<Group> = changes.missing.iter().copied().filter(|group| changes.added.contains(group)).collect();
        changes.missing.retain(|group| !both.contains(group));
        changes.added.retain(|group| !both.contains(group));
        self.all(&mut changes.left_out);
        changes
            .released
            .retain_mut(|released| self.group(released.people).map(|people| released.people = people).is_some());
        round.left_out.iter_mut().for_each(|left_out| self.all(&mut left_out.people));
        let met: Vec<PersonId> = round.groups().flat_map(|(_, group)| group.people().to_vec()).collect();
        let (mut seen, moved): (Vec<PersonId>, Vec<PersonId>) = (Vec::new(), self.to.values().copied().collect());
        for left_out in &mut round.left_out {
            left_out.people.retain(|id| {
                let first = !moved.contains(id) || !(met.contains(id) || seen.contains(id));
                seen.extend(Some(*id).filter(|id| moved.contains(id)));
                first
            });
        }
        round.left_out.retain(|left_out| !left_out.people.is_empty());
    }
}

/// Removes one of the two groups from a round in which both stand: nobody meets two groups at a time. The later one
/// stays.
fn make_room(round: &mut Round, first: PersonId, other: PersonId) {
    let of = |round: &Round, id: PersonId| round.groups().map(|(_, group)| group).find(|it| it.has(id));
    let (Some(old), Some(new)) = (of(round, first), of(round, other)) else {
        // Of two groups that were drawn but do not stand, the later one is remembered.
        let missing = |id: PersonId| round.changes.missing.iter().any(|group| group.has(id));
        if missing(first) && missing(other) {
            round.changes.missing.retain(|group| !group.has(first));
        }
        return;
    };
    if old == new {
        return;
    }
    round.remove(old);
    round.changes.added.retain(|group| *group != old);
    for partner in old.people().iter().filter(|id| **id != first) {
        round.leave_out(Reason::Cancelled(why_off::ONE_PERSON), *partner);
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::zone::Zone;

    use super::*;
    use crate::domain::roster::places;
    use crate::domain::state::bookings::{AtWebex, Booking};
    use crate::domain::state::outbox::{Kind, OutgoingMessage};
    use crate::domain::state::rounds::ids;
    use crate::domain::state::{Changes, Joined, LeftOut, Outcomes};

    fn now() -> DateTime<Utc> {
        "2026-12-01T09:00:00Z".parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Employees by address and name, and the owners of former addresses.
    fn roster(people: &[(&str, &str)], former: &[(&str, usize)]) -> Roster {
        let employee = |(email, name): &(&str, &str)| Employee {
            email: (*email).into(),
            name: (*name).into(),
            timezone: None,
            working_hours: None,
            workdays: None,
            paused_until: None,
            language: None,
        };
        let mut former: Vec<_> = former.iter().map(|(email, at)| ((*email).into(), places([*at])[0])).collect();
        former.sort();
        Roster { employees: people.iter().map(employee).collect(), former, ..Roster::default() }
    }

    fn round(date: &str, pairs: &[[usize; 2]], left_out: &[usize]) -> Round {
        let start = format!("{date}T13:10:00Z").parse().unwrap();
        let mut round = Round {
            date: day(date),
            seed: 1,
            timezone: Zone::UTC,
            slots: Vec::new(),
            left_out: Vec::new(),
            best_possible_pairs: pairs.len(),
            optimal: true,
            changes: Changes::default(),
            outcomes: Outcomes::default(),
        };
        pairs.iter().for_each(|pair| round.add(start, Group::Pair(ids(*pair))));
        if !left_out.is_empty() {
            let people = left_out.iter().map(|it| PersonId::new(*it)).collect();
            round.left_out.push(LeftOut { reason: Reason::Limit, people });
        }
        round
    }

    fn booking(date: &str, pair: [usize; 2]) -> Booking {
        let start = format!("{date}T13:10:00Z").parse().unwrap();
        let tag = format!("roulette:{date}:{}{}", pair[0], pair[1]);
        let stage = Stage::Booked(AtWebex { id: "m".into(), link: "".into() });
        Booking { stage, ..Booking::begun(tag, day(date), Group::Pair(ids(pair)), (start, 30)) }
    }

    fn state(people: &[&str]) -> State {
        State { people: people.iter().map(|it| (*it).into()).collect(), ..State::default() }
    }

    fn pairs(state: &State) -> Vec<Vec<usize>> {
        let of = |round: &Round| -> Vec<usize> {
            round
                .groups()
                .flat_map(|(_, group)| group.people().iter().map(|id| id.index()).collect::<Vec<_>>())
                .collect()
        };
        state.rounds.iter().map(of).collect()
    }

    #[test]
    fn where_nobody_had_another_address_nothing_changes() {
        let before = State { rounds: vec![round("2026-11-25", &[[0, 1]], &[])], ..state(&["a@x", "b@x"]) };
        for former in [&[][..], &[("c@x", 0)]] {
            let mut state = before.clone();
            assert_eq!(state.follow_addresses(&roster(&[("a@x", "A"), ("b@x", "B")], former), now()), []);
            assert_eq!(state, before);
        }
    }

    #[test]
    fn whoever_has_a_new_address_keeps_the_number_and_all_that_hangs_on_it() {
        let mut state = state(&["a@old", "b@x", "c@x"]);
        state.rounds = vec![round("2026-11-25", &[[0, 1]], &[2]), round("2026-12-02", &[[0, 2]], &[1])];
        state.bookings = vec![booking("2026-11-25", [0, 1]), booking("2026-12-02", [0, 2])];
        state.choose(Choice {
            person: PersonId::new(0),
            stopped: true,
            unreachable: Some(day("2026-11-01")),
            ..Choice::default()
        });
        state.choose(Choice { person: PersonId::new(1), not_with: ids([0]).to_vec(), ..Choice::default() });
        state.mark_told(Kind::Intro, "roulette:x", Some(PersonId::new(0)), day("2026-12-01"));
        state.outbox = vec![OutgoingMessage {
            key: "k".to_owned(),
            to: Address::Person("a@old".into()),
            at: now(),
            not_before: None,
            asks: None,
            timed: None,
            begun: false,
            markdown: String::new(),
            text: String::new(),
            card: None,
            parent: None,
        }];
        let before = state.clone();
        let roster = roster(&[("c@x", "C"), ("a@new", "A"), ("b@x", "B")], &[("a@old", 1), ("a@older", 1)]);
        let told = state.follow_addresses(&roster, now());
        let moved = Readdressed { person: PersonId::new(0), from: "a@old".into(), to: "a@new".into() };
        assert_eq!(told, [moved]);
        assert_eq!(&*state.people[0], "a@new");
        assert_eq!((&state.rounds, &state.told), (&before.rounds, &before.told));
        assert_eq!(state.outbox[0].to, Address::Person("a@new".into()));
        let choice = state.choice_of(PersonId::new(0));
        assert_eq!((choice.stopped, choice.unreachable), (true, None));
        assert_eq!(state.choices[1], before.choices[1]);
        // What is over stays as it was at Webex.
        assert_eq!(state.bookings[0], before.bookings[0]);
        assert_eq!(state.bookings[1].invited_as, [(PersonId::new(0), "a@old".into())]);
        assert_eq!(state.follow_addresses(&roster, now()), []);
        assert_eq!(state.contradictions(), [""; 0]);
    }

    #[test]
    fn whoever_changes_twice_before_webex_knows_is_on_the_list_as_at_first_and_whoever_changes_back_as_ever() {
        let mut state = state(&["a@1", "b@x"]);
        state.bookings = vec![Booking { host: Some(PersonId::new(0)), ..booking("2026-12-02", [0, 1]) }];
        state.follow_addresses(&roster(&[("a@2", "A"), ("b@x", "B")], &[("a@1", 0)]), now());
        assert_eq!(state.bookings[0].hosted_as.as_deref(), Some("a@1"));
        state.follow_addresses(&roster(&[("a@3", "A"), ("b@x", "B")], &[("a@1", 0), ("a@2", 0)]), now());
        let person = PersonId::new(0);
        assert_eq!(state.bookings[0].invited_as, [(person, "a@1".into()), (person, "a@2".into())]);
        assert_eq!(state.bookings[0].hosted_as.as_deref(), Some("a@1"));
        state.follow_addresses(&roster(&[("a@1", "A"), ("b@x", "B")], &[("a@3", 0)]), now());
        assert_eq!(state.bookings[0].hosted_as, None);
        assert_eq!(state.bookings[0].invited_as, [(person, "a@2".into()), (person, "a@3".into())]);
    }

    /// Before the change, a@old (0) counted for a while as a@new (3).
    fn two_of_one() -> (State, Roster) {
        let people = [("a@new", "A"), ("b@x", "B"), ("c@x", "C")];
        (state(&["a@old", "b@x", "c@x", "a@new"]), roster(&people, &[("a@old", 0)]))
    }

    #[test]
    fn who_was_two_for_a_while_is_one_again_with_the_history_of_both() {
        let (mut state, roster) = two_of_one();
        state.rounds = vec![round("2026-11-18", &[[0, 1]], &[2]), round("2026-11-25", &[[2, 3]], &[1])];
        state.bookings = vec![booking("2026-12-02", [1, 3])];
        state.joined = Some(vec![Joined { person: PersonId::new(3), on: day("2026-11-20"), greeted: false }]);
        state.choose(Choice {
            person: PersonId::new(0),
            stopped: true,
            not_with: ids([2]).to_vec(),
            paused_until: Some(day("2027-01-10")),
            last_sign: Some(day("2026-11-19")),
            ..Choice::default()
        });
        state.choose(Choice { person: PersonId::new(1), not_with: ids([0, 3]).to_vec(), ..Choice::default() });
        state.choose(Choice {
            person: PersonId::new(3),
            skipped: vec![day("2026-12-02")],
            paused_until: Some(day("2026-11-30")),
            ..Choice::default()
        });
        state.mark_told(Kind::Intro, "t", Some(PersonId::new(0)), day("2026-12-01"));
        state.mark_told(Kind::Intro, "t", Some(PersonId::new(3)), day("2026-12-01"));
        state.season = vec![vec![Group::Pair(ids([1, 3]))]];
        assert_eq!(state.follow_addresses(&roster, now()).len(), 1);
        assert_eq!(pairs(&state), [vec![0, 1], vec![0, 2]]);
        assert_eq!(state.bookings[0].people, Group::Pair(ids([0, 1])));
        assert_eq!(state.bookings[0].invited_as, [], "it was booked under the address of today");
        assert_eq!(state.joined, Some(vec![]));
        let choice = state.choice_of(PersonId::new(0));
        assert_eq!(
            (choice.stopped, choice.skipped, choice.not_with),
            (true, vec![day("2026-12-02")], ids([2]).to_vec()),
            "whoever left has not come back by having another address"
        );
        assert_eq!((choice.paused_until, choice.last_sign), (Some(day("2027-01-10")), Some(day("2026-11-19"))));
        assert_eq!(state.choice_of(PersonId::new(1)).not_with, ids([0]));
        assert_eq!(state.told[0].people, ids([0]));
        assert_eq!(state.season, [[Group::Pair(ids([0, 1]))]]);
        assert_eq!(state.contradictions(), [""; 0]);
        let once = state.clone();
        assert_eq!(state.follow_addresses(&roster, now()), []);
        assert_eq!(state, once);
    }

    #[test]
    fn who_was_drawn_twice_in_a_round_meets_once() {
        // The drawn pairs and who is left out; then who meets and who is left out, once the two are one person.
        type Case = (&'static [[usize; 2]], &'static [usize], &'static [usize], &'static [usize]);
        let cases: [Case; 5] = [
            (&[[0, 1], [2, 3]], &[], &[0, 2], &[1]),
            (&[[0, 3]], &[1, 2], &[], &[1, 2]),
            (&[[0, 1]], &[2, 3], &[0, 1], &[2]),
            (&[[1, 3]], &[0, 2], &[0, 1], &[2]),
            (&[[1, 2]], &[0, 3], &[1, 2], &[0]),
        ];
        for (drawn, left_out, meet, alone) in cases {
            let (mut state, roster) = two_of_one();
            state.rounds = vec![round("2026-12-02", drawn, left_out)];
            state.follow_addresses(&roster, now());
            let out: Vec<usize> =
                state.rounds[0].left_out.iter().flat_map(|it| it.people.iter().map(|id| id.index())).collect();
            assert_eq!((&*pairs(&state)[0], &*out), (meet, alone), "{drawn:?} {left_out:?}");
            assert_eq!(state.contradictions(), [""; 0], "{drawn:?} {left_out:?}");
        }
    }

    #[test]
    fn what_was_drawn_for_one_and_stands_for_the_other_is_as_it_was_drawn() {
        let (mut state, roster) = two_of_one();
        let mut changed = round("2026-12-02", &[[1, 3]], &[]);
        changed.changes = Changes {
            missing: vec![Group::Pair(ids([0, 1]))],
            added: vec![Group::Pair(ids([1, 3]))],
            ..Changes::default()
        };
        state.rounds = vec![changed];
        state.follow_addresses(&roster, now());
        assert_eq!(state.rounds, [round("2026-12-02", &[[0, 1]], &[])]);
    }

    #[test]
    fn a_new_address_of_the_same_name_is_suspicious_as_long_as_nobody_says_more() {
        let before = roster(&[("ann@x", "Ann Lee"), ("bo@x", "Bo Ek"), ("cy@x", "Cy")], &[]);
        let found = |now: &Roster, known: &[&str]| -> Vec<String> {
            let suspects = suspects(&before, now, &state(known), day("2026-12-01"));
            suspects.iter().map(|it| format!("{} {}", it.gone, it.new)).collect()
        };
        let after = |ann: &str, name: &str| roster(&[(ann, name), ("bo@x", "Bo Ek"), ("cy@x", "Cy")], &[]);
        assert_eq!(found(&before, &[]), [""; 0]);
        assert_eq!(found(&after("ann@y", "ANN  Lée"), &["ann@x"]), ["ann@x ann@y"]);
        assert_eq!(found(&after("ann@y", "Ann Roe"), &["ann@x"]), [""; 0]);
        assert_eq!(found(&after("ann@y", "Ann Lee"), &["ann@y"]), [""; 0], "an old acquaintance");
        let told = roster(&[("ann@y", "Ann Lee"), ("bo@x", "Bo Ek"), ("cy@x", "Cy")], &[("ann@x", 0)]);
        assert_eq!(found(&told, &["ann@x"]), [""; 0]);
        let suspects = suspects(&before, &after("ann@y", "Ann Lee"), &State::default(), day("2026-12-01"));
        let open = |roster: &Roster| still_open([suspects.clone(), suspects.clone()].concat(), roster).len();
        assert_eq!(open(&after("ann@y", "Ann Lee")), 1);
        assert_eq!((open(&told), open(&before), open(&after("ann@z", "Ann Lee"))), (0, 0, 0));
    }
}
