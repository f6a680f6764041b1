//! Rounds as JSON, whose keys other programs rely on.
//! Borrows all it writes: nothing is copied but what is being written.

use std::rc::Rc;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Serialize, Serializer};

use super::Shown;
use crate::domain::calendar::Month;
use crate::domain::state::Reason;
use crate::domain::view::{PairView, PersonView, RoundView};

/// The whole text.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    #[serde(serialize_with = "month")]
    month: Option<Month>,
    seed: u64,
    #[serde(serialize_with = "rounds")]
    rounds: &'a [RoundView<'a>],
    expect: &'a [String],
}

impl<'a> Document<'a> {
    pub(super) fn new(shown: &Shown<'a>) -> Self {
        Self { month: shown.month, seed: shown.seed, rounds: shown.rounds, expect: shown.expect }
    }
}

#[derive(Serialize)]
struct Round<'a> {
    id: NaiveDate,
    date: NaiveDate,
    seed: u64,
    #[serde(serialize_with = "pairs")]
    pairs: &'a [PairView<'a>],
    #[serde(serialize_with = "left_out")]
    left_out: &'a [(PersonView<'a>, &'a Reason)],
    best_possible_pairs: usize,
    optimal: bool,
}

#[derive(Serialize)]
struct Pair<'a> {
    id: &'a str,
    #[serde(serialize_with = "emails")]
    people: &'a [PersonView<'a>],
    #[serde(serialize_with = "time")]
    start: Rc<str>,
    #[serde(serialize_with = "time")]
    end: Rc<str>,
    repeat: bool,
    last_met: Option<NaiveDate>,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    email: &'a str,
    #[serde(serialize_with = "text")]
    reason: &'a Reason,
}

fn month<S: Serializer>(month: &Option<Month>, to: S) -> Result<S::Ok, S::Error> {
    match month {
        Some(month) => to.collect_str(month),
        None => to.serialize_none(),
    }
}

fn rounds<S: Serializer>(rounds: &[RoundView], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(rounds.iter().map(|round| Round {
        id: round.date,
        date: round.date,
        seed: round.seed,
        pairs: &round.pairs,
        left_out: &round.left_out,
        best_possible_pairs: round.best_possible_pairs,
        optimal: round.optimal,
    }))
}

fn pairs<S: Serializer>(pairs: &[PairView], to: S) -> Result<S::Ok, S::Error> {
    // Pairs come by start, so that a time is put into words once for all who meet then.
    let mut times: Option<(DateTime<FixedOffset>, [Rc<str>; 2])> = None;
    to.collect_seq(pairs.iter().map(|pair| {
        let known = times.take().filter(|(start, _)| *start == pair.start);
        let (_, [start, end]) = times
            .insert(known.unwrap_or_else(|| (pair.start, [pair.start, pair.end].map(|time| time.to_rfc3339().into()))));
        Pair {
            id: &pair.id,
            people: &pair.people,
            start: Rc::clone(start),
            end: Rc::clone(end),
            repeat: pair.met_before.is_some(),
            last_met: pair.met_before,
        }
    }))
}

fn left_out<S: Serializer>(left_out: &[(PersonView, &Reason)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(left_out.iter().map(|(person, reason)| LeftOut { email: person.email, reason }))
}

fn emails<S: Serializer>(people: &[PersonView], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(people.iter().map(|person| person.email))
}

fn time<S: Serializer>(time: &Rc<str>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(time)
}

fn text<S: Serializer>(reason: &Reason, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(reason)
}
