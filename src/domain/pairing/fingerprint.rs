//! What a plan is based on, as digests: if one of them has changed, the plan is out of date. Knows nothing about files:
//! the same values have the same digests wherever they come from.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::draw::SEEDS;
use super::plan::Plan;
use crate::domain::calendar::Month;
use crate::domain::roster::Roster;
use crate::domain::settings::{Meeting, Pairing};
use crate::domain::state::{Round, State};
use crate::hex;

/// The digests of everything on which a draw depends except the seed and the time.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The digest of the roster.
    pub roster: String,
    /// The digest of `[pairing]` and `[meeting]`.
    pub rules: String,
    /// The digest of the state.
    pub history: String,
}

impl Basis {
    /// Computes the digests. Cost: linear in all of them.
    pub fn of(roster: &Roster, pairing: &Pairing, meeting: &Meeting, state: &State) -> Self {
        let mut text = String::new();
        for (at, one) in roster.places() {
            let cells: Vec<&str> = roster.columns.iter().map(|column| column.value(at)).collect();
            let _ = writeln!(text, "{one:?}{cells:?}");
        }
        let names: Vec<&String> = roster.columns.iter().map(|column| &column.name).collect();
        // The round from which the weeks are counted is history, not a rule.
        let meeting = Meeting { first_drawn: None, ..meeting.clone() };
        let rules = format!("{pairing:?}{meeting:?}");
        let mut history = Sha256::new();
        for email in &state.people {
            history.update(email.as_bytes());
            history.update(b"\n");
        }
        history.update(format!("{} {:?}", state.roster_size, state.season).as_bytes());
        update(&mut history, &state.rounds);
        if !state.choices.is_empty() {
            history.update(format!("{:?}", state.choices).as_bytes());
        }
        Self {
            roster: digest(format!("{names:?}{text}").as_bytes()),
            rules: digest(rules.as_bytes()),
            history: short_hex(&history.finalize()),
        }
    }

    /// The seed of a draw for which nobody gave one, if it is to be the same each time until something changes: of at
    /// most twelve digits, as [`super::draw::seed`] has them.
    pub fn seed(&self, month: Month) -> u64 {
        let Self { roster, rules, history } = self;
        let hash = Sha256::digest(format!("{month} {roster} {rules} {history}").as_bytes());
        hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)) % SEEDS
    }

    /// What differs from the basis of a plan, in words.
    pub fn differs_from(&self, other: &Self) -> Vec<&'static str> {
        let each = [
            (self.roster == other.roster, "the roster"),
            (self.rules == other.rules, "the rules"),
            (self.history == other.history, "the history"),
        ];
        each.into_iter().filter(|(same, _)| !same).map(|(_, what)| what).collect()
    }
}

/// The digest of a plan and of the people in it, which shows whether it is as it was drawn.
pub fn of_plan(month: &str, people: &[Box<str>], plan: &Plan) -> String {
    let Plan { newcomers: _, replaced, rounds, season, promised, roster_size } = plan;
    let mut hash = Sha256::new();
    hash.update(format!("{month}{people:?}{replaced:?}{season:?}{promised} {roster_size}").as_bytes());
    update(&mut hash, rounds);
    short_hex(&hash.finalize())
}

fn update(hash: &mut Sha256, rounds: &[Round]) {
    for round in rounds {
        // The outcome of the meetings does not affect a draw.
        let Round { date, seed, timezone, slots, left_out, best_possible_pairs, optimal, changes, outcomes: _ } = round;
        hash.update(format!("{date} {seed} {timezone} {left_out:?} {best_possible_pairs} {optimal}").as_bytes());
        if !changes.is_empty() {
            hash.update(format!("{changes:?}").as_bytes());
        }
        for slot in slots {
            hash.update(format!("{} {} ", slot.start.to_rfc3339(), slot.pairs.len()).as_bytes());
            for id in slot.pairs.as_flattened().iter().chain(slot.trios.as_flattened()) {
                hash.update((id.index() as u32).to_le_bytes());
            }
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    short_hex(&Sha256::digest(bytes))
}

/// The first half of a digest, in hexadecimal.
pub(in crate::domain) fn short_hex(digest: &[u8]) -> String {
    hex::encode(&digest[..digest.len() / 2])
}
