//! What people read about a round: its heading, its pairs and who is left out. Produces plain texts, as they come from
//! outside; knows no format and makes nothing safe.

use chrono::NaiveDate;

use super::Shown;
use crate::domain::pairing::round_view::{PairView, RoundView};
use crate::domain::state::Group;
use crate::domain::state::people::PersonView;
use crate::show::names::APART;

/// The programme, the month, whether it is only a plan, and the seed that replays it.
pub(super) fn title(shown: &Shown<'_>) -> String {
    let mut parts = vec![shown.title.to_owned()];
    parts.extend(shown.month.map(|month| month.first().format("%B %Y").to_string()));
    if !shown.rounds.is_empty() {
        parts.extend(shown.planned.then(|| "planned".to_owned()));
        parts.push(format!("seed {}", shown.seed));
    }
    parts.join(" · ")
}

/// The text that replaces rounds if there are none.
pub(super) fn no_rounds(shown: &Shown<'_>) -> &'static str {
    if shown.planned { "No rounds to draw." } else { "No rounds drawn." }
}

/// The day, the time zone, how many meet, and how close that is to the best.
pub(super) fn heading(round: &RoundView) -> String {
    let trios = round.pairs.iter().filter(|pair| matches!(pair.id.group, Group::Trio(_))).count();
    let repeats = round.pairs.iter().filter(|pair| pair.met_before.is_some()).count();
    let mut parts = vec![round.date.format("%A %-d %B %Y").to_string()];
    if !round.pairs.is_empty() {
        parts.push(format!("times in {}", round.timezone));
    }
    let (all, best) = (round.pairs.len(), round.best_possible_pairs);
    if round.optimal || all >= best {
        parts.push(meets(all - trios, trios));
        parts.extend((repeats > 0).then(|| count(repeats, "repeat")));
        parts.push(if round.optimal { "best possible" } else { "most pairs possible" }.to_owned());
    } else {
        let among = if trios > 0 { format!(" ({} among them)", count(trios, "trio")) } else { String::new() };
        parts.push(format!("{all} of at most {}{among}", count(best, "pair")));
        parts.extend((repeats > 0).then(|| count(repeats, "repeat")));
    }
    parts.join(" · ")
}

fn meets(pairs: usize, trios: usize) -> String {
    match (pairs, trios) {
        (0, 0) => "no pairs".to_owned(),
        (_, 0) => count(pairs, "pair"),
        (0, _) => count(trios, "trio"),
        _ => format!("{}, {}", count(pairs, "pair"), count(trios, "trio")),
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The columns of [`rows`].
pub(super) fn columns(round: &RoundView) -> Vec<&'static str> {
    let mut columns = vec!["time", "person", "department", "person", "department"];
    columns.extend(has_repeats(round).then_some("repeat"));
    columns
}

/// One row per pair; a trio's third person is below the second.
pub(super) fn rows(round: &RoundView) -> Vec<Vec<String>> {
    let repeats = has_repeats(round);
    let mut rows = Vec::with_capacity(round.pairs.len() + 1);
    for pair in &round.pairs {
        let mut row = vec![time(round, pair)];
        row.extend(round.members(pair).take(2).flat_map(|one| [one.name.to_owned(), one.department.to_owned()]));
        if repeats {
            row.push(pair.met_before.map_or_else(String::new, before));
        }
        rows.push(row);
        for third in round.members(pair).skip(2) {
            let blank = String::new;
            let mut row = vec![blank(), blank(), blank(), format!("+ {}", third.name), third.department.to_owned()];
            row.extend(repeats.then(blank));
            rows.push(row);
        }
    }
    rows
}

/// When two people of a pair meet or met before.
fn before((date, is_over): (NaiveDate, bool)) -> String {
    if is_over { format!("met {date}") } else { format!("drawn for {date}") }
}

fn has_repeats(round: &RoundView) -> bool {
    round.pairs.iter().any(|pair| pair.met_before.is_some())
}

/// When a pair meets, with the day if it is not the round's.
fn time(round: &RoundView, pair: &PairView) -> String {
    let start = pair.start.with_timezone(&round.timezone);
    start.format(if start.date_naive() == round.date { "%H:%M" } else { "%-d %b %H:%M" }).to_string()
}

/// Each reason, with the people whom it leaves out.
pub(super) fn left_out<'a>(round: &'a RoundView<'_>) -> impl Iterator<Item = [String; 2]> + 'a {
    let groups = round.left_out.chunk_by(|(_, a), (_, b)| a == b);
    groups.map(|group| {
        let people: Vec<String> = group.iter().map(|(person, _)| named(person)).collect();
        [group[0].1.to_string(), people.join(APART)]
    })
}

fn named(person: &PersonView) -> String {
    match person.department {
        "" => person.name.to_owned(),
        department => format!("{} ({department})", person.name),
    }
}
