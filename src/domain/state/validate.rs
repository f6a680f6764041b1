//! What makes a state sound: contradictions are found before a state is trusted, and before it is saved. Knows the
//! state's types; knows no file. Counts people from 1, as the messages do.

use std::collections::HashSet;
use std::fmt;
use std::hash::BuildHasher;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use hashbrown::{DefaultHashBuilder, HashTable};

use super::bookings::{OffReason, Seen, Stage};
use super::preferences::NO_END;
use super::reports::Counts;
use super::{Happened, Outcomes, PersonId, Reason, Round, State};
use crate::domain::calendar::week_of;
use crate::domain::local_time::is_plausible;
use crate::parallel;

/// The most contradictions that are reported one by one; of the others, only the number is.
const TOLD: usize = 20;
/// No count in the state is as large as this: calculations with more could overflow.
const MOST: usize = 100_000_000;
/// No count for one person, meeting or call is as large as this.
const MOST_OF_ONE: u32 = 1_000_000;

impl State {
    /// The contradictions in the state, a sentence each; none if it is sound. Takes one pass in two threads, and two
    /// bits per person besides a table of the addresses.
    pub fn contradictions(&self) -> Vec<String> {
        self.contradictions_after(0, 0)
    }

    /// The same for a state whose first `people` and `rounds` are known not to contradict each other.
    pub fn contradictions_after(&self, people: usize, rounds: usize) -> Vec<String> {
        let seen = || vec![0; self.people.len().div_ceil(64)];
        let check = || Check { people: &self.people, seen: seen(), told: vec![], more: 0 };
        let half = rounds + (self.rounds.len() - rounds) / 2;
        let (later, mut check) = parallel::both(
            self.places(),
            || {
                let mut check = check();
                self.check_rounds(half..self.rounds.len(), &mut check);
                self.check_season(&mut check);
                check.bookings(self);
                check.preferences(self);
                check.times_of_bookings(self);
                check.times_of_people(self);
                check.numbers(self);
                check
            },
            || {
                let mut check = check();
                if self.people.len() > people {
                    check.addresses();
                }
                self.check_rounds(rounds..half, &mut check);
                check
            },
        );
        later.told.iter().for_each(|what| check.tell(format_args!("{what}")));
        check.more += later.more;
        if check.more > 0 {
            check.told.push(format!("and {} more", check.more));
        }
        check.told
    }

    fn check_rounds(&self, places: Range<usize>, check: &mut Check<'_>) {
        for at in places {
            let round = &self.rounds[at];
            if !check.times_of_round(round) {
                // Nothing can be calculated with such days.
                continue;
            }
            let before = at.checked_sub(1).map(|before| self.rounds[before].date);
            if let Some(before) = before {
                let date = round.date;
                if before == date {
                    check.tell(format_args!("round {date}: it is there twice"));
                } else if before > date {
                    check.tell(format_args!("round {date}: it stands after the round {before}"));
                }
            }
            check.round(round);
            check.outcomes(round);
            if before.is_some_and(|before| before < round.date && week_of(before) == week_of(round.date)) {
                check.tell(format_args!("round {}: its week has another round", round.date));
            }
            for slot in &round.slots {
                // Meetings may be spread over the week.
                if (slot.start.date_naive() - round.date).num_days().abs() > 6 {
                    check.tell(format_args!("round {}: a meeting starts at {}", round.date, slot.start));
                }
            }
        }
    }

    fn check_season(&self, check: &mut Check<'_>) {
        for (at, groups) in self.season.iter().enumerate() {
            check.seen.fill(0);
            let place = format_args!("season, round {}", at + 1);
            for group in groups {
                check.group(place, group.people());
            }
        }
    }
}

struct Check<'a> {
    people: &'a [Box<str>],
    /// A bit for each person: whether they were seen in this round. The bits are few enough for the processor's cache.
    seen: Vec<u64>,
    told: Vec<String>,
    more: usize,
}

impl Check<'_> {
    fn addresses(&mut self) {
        let people = self.people;
        let hasher = DefaultHashBuilder::default();
        let hash = |id: &PersonId| hasher.hash_one(&*people[id.index()]);
        let mut owners: HashTable<PersonId> = HashTable::with_capacity(people.len());
        for (id, email) in PersonId::first(people.len()).zip(people) {
            let (person, email): (u32, &str) = (id.number(), email);
            if email.trim().is_empty() {
                self.tell(format_args!("person {person}: no address"));
            } else if email.trim() != email || !is_lower_case(email) {
                self.tell(format_args!("person {person}: {email:?} is not trimmed and in lower case"));
            }
            let hash_here = hash(&id);
            if let Some(other) = owners.find(hash_here, |other| *people[other.index()] == *email) {
                self.tell(format_args!("person {person}: {email} is already person {}", other.number()));
            } else {
                owners.insert_unique(hash_here, id, hash);
            }
        }
    }

    fn round(&mut self, round: &Round) {
        self.seen.fill(0);
        let date = round.date;
        let mut before = None;
        for slot in &round.slots {
            let start = slot.start.to_rfc3339();
            if before.is_some_and(|before| before >= slot.start) {
                self.tell(format_args!("round {date}: the meetings at {start} do not stand after those before"));
            }
            before = Some(slot.start);
            if slot.pairs.is_empty() && slot.trios.is_empty() {
                self.tell(format_args!("round {date}: nobody meets at {start}"));
            }
            for pair in &slot.pairs {
                self.group(format_args!("round {date}"), pair);
            }
            for trio in &slot.trios {
                self.group(format_args!("round {date}"), trio);
            }
        }
        let changes = &round.changes;
        let groups = [&changes.missing, &changes.added].into_iter().flatten();
        let groups = groups.chain(changes.released.iter().map(|released| &released.people));
        let mentioned = groups.flat_map(super::Group::people).chain(&changes.left_out);
        let gone = changes.released.iter().flat_map(|released| gone(&released.why));
        self.mentioned(format_args!("round {date}, its changes"), mentioned.chain(gone).copied());
        for left_out in &round.left_out {
            let people = &left_out.people;
            for &person in people {
                self.once(format_args!("round {date}"), person);
            }
            if !people.is_sorted() {
                let why = word(&left_out.reason);
                self.tell(format_args!("round {date}: the people left out ({why}) are not in ascending order"));
            }
        }
    }

    /// Nobody meets twice in a round.
    fn outcomes(&mut self, round: &Round) {
        let Outcomes { booked, held, not_held, deleted, moved } = &round.outcomes;
        let date = round.date;
        if round.outcomes.is_empty() {
            return;
        }
        for groups in [held, deleted] {
            self.seen.fill(0);
            groups.iter().for_each(|group| self.group(format_args!("round {date}, its outcomes"), group.people()));
        }
        for count in [booked, not_held, moved] {
            self.number(format_args!("round {date}, its outcomes"), *count, MOST);
        }
        if held.len() + not_held + deleted.len() > *booked || moved > booked {
            self.tell(format_args!("round {date}, its outcomes: they are of more meetings than there were"));
        }
    }

    fn bookings(&mut self, state: &State) {
        self.seen.fill(0);
        let mut tags = HashSet::with_capacity(state.bookings.len());
        for booking in &state.bookings {
            let place = format_args!("the booking {}", booking.tag);
            self.group(place, booking.people.people());
            booking.people.people().iter().for_each(|person| self.forget(*person));
            if !tags.insert(&*booking.tag) {
                self.tell(format_args!("{place}: it is there twice"));
            }
            let accounts = booking.accounts.met.iter().chain(&booking.accounts.could_not);
            if let Some(other) = { accounts }.find(|id| !booking.people.has(**id)) {
                self.tell(format_args!("{place}: person {} says what became of it, and is not in it", other.number()));
            }
            if let Some(Seen::One(other)) = booking.seen
                && !booking.people.has(other)
            {
                self.tell(format_args!("{place}: person {} was there alone, and is not in it", other.number()));
            }
            let untold = booking.untold.iter().flat_map(|untold| &untold.people);
            let proposal = booking.proposal.iter().flat_map(|it| it.agreed.iter().chain([&it.by]));
            let invited = booking.invited_as.iter().map(|(id, _)| id);
            self.mentioned(place, booking.host.iter().chain(invited).chain(untold).chain(proposal).copied());
        }
        for off in &state.called_off {
            let place = format_args!("the meeting {} that is off", off.tag);
            self.mentioned(place, off.people.people().iter().chain(gone(&off.why)).copied());
        }
    }

    /// People who are not listed in any particular order: their numbers must exist.
    fn preferences(&mut self, state: &State) {
        let choices = state.choices.iter().flat_map(|choice| choice.not_with.iter().chain([&choice.person]));
        self.mentioned(format_args!("choices"), choices.copied());
        self.mentioned(format_args!("told"), state.told.iter().flat_map(|told| &told.people).copied());
        let joined = state.joined.iter().flatten().map(|joined| joined.person);
        self.mentioned(format_args!("joined"), joined);
        self.mentioned(format_args!("questions"), state.last_said.iter().map(|one| one.person));
        self.mentioned(format_args!("left"), state.left.iter().map(|left| left.person));
        self.mentioned(format_args!("news"), state.news.iter().map(|news| news.person));
    }

    fn mentioned(&mut self, place: fmt::Arguments<'_>, people: impl Iterator<Item = PersonId>) {
        let known = self.people.len();
        if let Some(person) = { people }.find(|person| person.index() >= known) {
            self.tell(format_args!("{place}: there is no person {}, only {known}", person.number()));
        }
    }

    /// Whether it is possible to calculate with all times of a round.
    fn times_of_round(&mut self, round: &Round) -> bool {
        let date = round.date;
        let place = format_args!("round {date}");
        let mut fine = self.time(place, &date);
        for slot in &round.slots {
            fine &= self.time(place, &slot.start);
        }
        for released in &round.changes.released {
            fine &= self.time(place, &released.at);
        }
        for left_out in &round.left_out {
            if let Reason::Paused(until) = left_out.reason {
                fine &= self.pause(place, until);
            }
        }
        let best = [Some(round.best_possible_pairs), round.changes.drawn.map(|(best, _)| best)];
        best.into_iter().flatten().for_each(|best| self.number(place, best, MOST));
        fine
    }

    fn times_of_bookings(&mut self, state: &State) {
        for booking in &state.bookings {
            let place = format_args!("the booking {}", booking.tag);
            self.time(place, &booking.round);
            let to = if let Stage::Moving(_, to, _) = &booking.stage { Some(*to) } else { None };
            let (untold, proposal) = (booking.untold.as_ref().map(|it| it.from), booking.proposal.as_ref());
            let all = [Some(booking.start), booking.agreed, booking.fallback, booking.moved_from, to, untold];
            for at in all.into_iter().flatten().chain(proposal.map(|it| it.start)) {
                self.time(place, &at);
            }
            for at in booking.wait.into_iter().chain(proposal.map(|it| it.expires)) {
                self.time(place, &at);
            }
            for number in proposal.map(|it| it.number).into_iter().chain([booking.proposals]) {
                self.number(place, number, MOST_OF_ONE);
            }
        }
        for off in &state.called_off {
            let place = format_args!("the meeting {} that is off", off.tag);
            self.time(place, &off.round);
            self.time(place, &off.start);
        }
        for asked in &state.asked {
            self.time(format_args!("asked"), &asked.at);
            self.number(format_args!("asked"), asked.count, MOST_OF_ONE);
        }
    }

    fn times_of_people(&mut self, state: &State) {
        for choice in &state.choices {
            let place = format_args!("choices, person {}", choice.person.number());
            for until in choice.paused_until.iter().chain(&choice.skipped) {
                self.pause(place, *until);
            }
            if let Some(on) = &choice.unreachable {
                self.time(place, on);
            }
        }
        for told in state.told.iter() {
            self.time(format_args!("told"), &told.on);
            self.about(&told.about);
        }
        for message in &state.outbox {
            let place = format_args!("outbox, {}", message.key);
            let until = message.timed.as_ref().map(|timed| timed.until);
            message.timed.iter().for_each(|timed| self.about(&timed.about));
            for at in [Some(message.at), message.not_before, until].into_iter().flatten() {
                self.time(place, &at);
            }
        }
        if let Some(saved) = &state.saved {
            self.time(format_args!("saved"), saved);
        }
        for day in state.books_from.iter().chain(&state.heard).chain(&state.unknown_at_webex) {
            self.time(format_args!("books_from, heard and unknown_at_webex"), day);
        }
        for choice in &state.choices {
            if let Some(on) = &choice.last_sign {
                self.time(format_args!("choices"), on);
            }
        }
        for arrived in &state.arrived {
            self.time(format_args!("arrived"), &arrived.at);
        }
        for handled in &state.handled {
            self.time(format_args!("handled"), &handled.at);
        }
        for joined in state.joined.iter().flatten() {
            self.time(format_args!("joined"), &joined.on);
        }
        for one in &state.last_said {
            self.time(format_args!("questions"), &one.at);
            if let Some(closed) = &one.closed {
                self.time(format_args!("questions"), closed);
            }
        }
        for news in &state.news {
            self.time(format_args!("news"), &news.on);
            if let Happened::Paused(until) = news.what {
                self.pause(format_args!("news"), until);
            }
        }
    }

    fn numbers(&mut self, state: &State) {
        self.number(format_args!("roster_size"), state.roster_size, MOST);
        for report in &state.reports {
            let place = format_args!("the report on {}", report.about);
            self.about(&report.about);
            if let Some(changed) = &report.changed {
                self.time(place, changed);
            }
            let Counts { meetings, met, could_not, said_met, said_could_not, seen, .. } = report.counts;
            for count in [meetings, met, could_not, said_met, said_could_not, seen.both, seen.one, seen.nobody] {
                self.number(place, count, MOST);
            }
        }
    }

    fn time(&mut self, place: fmt::Arguments<'_>, when: &(impl Datelike + fmt::Display)) -> bool {
        let fine = is_plausible(when);
        if !fine {
            self.tell(format_args!("{place}: {when} cannot be"));
        }
        fine
    }

    /// What is told about a round names its day.
    fn about(&mut self, about: &str) {
        if let Ok(day) = about.parse::<NaiveDate>() {
            self.time(format_args!("told of a round"), &day);
        }
    }

    /// A pause may be without end.
    fn pause(&mut self, place: fmt::Arguments<'_>, until: NaiveDate) -> bool {
        let fine = until.year() >= 1970 && until <= NO_END;
        if !fine {
            self.tell(format_args!("{place}: until {until} cannot be"));
        }
        fine
    }

    fn number<N: Copy + PartialOrd + fmt::Display>(&mut self, place: fmt::Arguments<'_>, number: N, most: N) {
        if number > most {
            self.tell(format_args!("{place}: there are no {number}, at most {most}"));
        }
    }

    fn group(&mut self, place: fmt::Arguments<'_>, people: &[PersonId]) {
        if !people.is_sorted() {
            let people: Vec<_> = people.iter().map(|id| id.number()).collect();
            self.tell(format_args!("{place}: {people:?} is not in ascending order"));
        }
        for &person in people {
            self.once(place, person);
        }
    }

    fn once(&mut self, place: fmt::Arguments<'_>, person: PersonId) {
        let (index, known) = (person.index(), self.people.len());
        if index >= known {
            self.tell(format_args!("{place}: there is no person {}, only {known}", person.number()));
            return;
        }
        let (word, bit) = (&mut self.seen[index / 64], 1 << (index % 64));
        if *word & bit == 0 {
            *word |= bit;
        } else {
            let email = &self.people[index];
            self.tell(format_args!("{place}: person {} ({email}) is there twice", person.number()));
        }
    }

    fn forget(&mut self, person: PersonId) {
        if let Some(word) = self.seen.get_mut(person.index() / 64) {
            *word &= !(1 << (person.index() % 64));
        }
    }

    fn tell(&mut self, what: fmt::Arguments<'_>) {
        if self.told.len() < TOLD {
            self.told.push(what.to_string());
        } else {
            self.more += 1;
        }
    }
}

/// The people who cannot come, if that is why a meeting is off.
fn gone(why: &OffReason) -> &[PersonId] {
    if let OffReason::Gone(people) = why { people } else { &[] }
}

fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::OddNumber(_) => "odd number",
        Reason::NoPartner(_) => "no partner",
        Reason::Limit => "limit",
        Reason::Paused(_) => "paused",
        Reason::Skips => "skips",
        Reason::Cancelled(_) => "cancelled",
        Reason::Silent => "silent",
        Reason::Unreachable => "unreachable",
        Reason::Holiday => "holiday",
        Reason::DayOff => "day off",
    }
}

fn is_lower_case(text: &str) -> bool {
    if text.is_ascii() { !text.bytes().any(|it| it.is_ascii_uppercase()) } else { text.to_lowercase() == text }
}
