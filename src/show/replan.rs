//! What changes in the rounds ahead, in sentences and as JSON: who does not meet after all, and who meets instead. Only
//! reasons that everybody may read are given; nothing here reveals a wish.

use serde_json::{Value, json};

use super::names::together;
use super::text::harmless;
use crate::domain::pairing::replan::{Replan, ReplannedRound};
use crate::domain::state::Group;
use crate::domain::state::people::People;
use crate::domain::text::counted;

/// How many changes of a round are listed one by one; of more, only the numbers are given.
const TOLD: usize = 12;

/// What changes, a sentence each.
pub fn sentences(replan: &Replan, people: &People<'_>) -> Vec<String> {
    let mut lines: Vec<String> = replan.rounds.iter().flat_map(|round| of_round(round, people)).collect();
    if replan.withdrawn > 0 {
        lines.push("people may meet the same colleague again sooner than was promised".to_owned());
    }
    lines
}

fn of_round(round: &ReplannedRound, people: &People<'_>) -> Vec<String> {
    let (was, date) = (round.was, round.round.date);
    let mut lines = Vec::new();
    if was != date {
        lines.push(format!("round of {was}: it is now on {date}"));
    }
    if round.off.len() + round.new.len() > TOLD {
        let (off, new) = (round.off.len(), round.new.len());
        let off = (off > 0).then(|| format!("{} not meet after all", counted(off, "group does", "groups do")));
        let new = (new > 0).then(|| format!("{} new", counted(new, "group is", "groups are")));
        let both = off.into_iter().chain(new).collect::<Vec<_>>().join(", and ");
        lines.push(format!("round of {date}: {both}"));
        return lines;
    }
    let off =
        round.off.iter().map(|(group, off)| format!("{} do not meet: {}", names(*group, people), harmless(&off.why)));
    let new = round.new.iter().map(|group| {
        let again = if round.restored.contains(group) { "meet after all" } else { "meet" };
        format!("{} {again}", names(*group, people))
    });
    lines.extend(off.chain(new).map(|line| format!("round of {date}: {line}")));
    lines
}

/// The people of a group, separated so that a comma in a name does not look like another person.
pub fn names(group: Group, people: &People<'_>) -> String {
    together(group.people().iter().map(|id| people.view(*id).name))
}

/// The same for other programs.
pub fn json(replan: &Replan, people: &People<'_>) -> Value {
    let emails = |group: &Group| group.people().iter().map(|id| people.view(*id).email).collect::<Vec<_>>();
    let rounds = replan.rounds.iter().map(|round| {
        json!({
            "round": round.was,
            "date": round.round.date,
            "off": round.off.iter().map(|(group, off)| json!({ "people": emails(group), "why": off.why })).collect::<Vec<_>>(),
            "new": round.new.iter().map(emails).collect::<Vec<_>>(),
            "restored": round.restored.iter().map(emails).collect::<Vec<_>>(),
        })
    });
    rounds.collect()
}
