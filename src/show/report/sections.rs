//! What a report says, in plain sentences and tables: the same for a terminal, for Markdown and for a page. If figures
//! are hidden, it says so.

use chrono::NaiveDate;

use crate::domain::report::{
    Coverage, DepartmentCell, DepartmentTable, FEWEST, NetworkPoint, Newcomers, OutcomeCounts, PartnerCount, Report,
    RoundFigures, Why,
};
use crate::domain::text::counted;

/// The name for the small departments that are merged.
pub(super) const SMALL: &str = "Smaller departments";
/// How many pairs of departments that met least, and as many that met most, the tables for people show.
const PAIRS: usize = 15;

/// A section of a report.
pub struct Section {
    /// The subject, by which a page finds the section's chart.
    pub topic: Topic,
    /// The heading, as people read it.
    pub title: &'static str,
    /// What there is to say, in sentences.
    pub says: Vec<String>,
    /// The tables with the figures, in order.
    pub tables: Vec<Table>,
}

/// The subjects of sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// How many meetings took place.
    Meetings,
    /// How far the network reaches.
    Network,
    /// Which departments met.
    Departments,
    /// Who takes part.
    Participation,
    /// How many different colleagues people met.
    Partners,
    /// How newcomers settled in.
    Newcomers,
    /// Who was in no meeting.
    LeftOut,
}

/// A table, all of whose cells are texts.
pub struct Table {
    /// The headings of the columns.
    pub header: Vec<&'static str>,
    /// The rows, each with as many texts as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// One of the three figures that matter.
pub struct Key {
    /// What the figure is about.
    pub title: &'static str,
    /// The figure as text, such as “75%”.
    pub value: String,
    /// The figure in a sentence, which says what it means.
    pub sentence: String,
}

/// A share as a percentage; a share of less than all is never shown as all, and one of more than none never as none.
pub(in crate::show) fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    match share {
        _ if share > 0.0 && share < 0.01 => "under 1%".to_owned(),
        _ if share < 1.0 && rounded >= 100.0 => "over 99%".to_owned(),
        _ => format!("{rounded}%"),
    }
}

/// A count with separated thousands.
pub(in crate::show) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn of(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

fn cell(count: Option<usize>) -> String {
    count.map_or_else(|| "hidden".to_owned(), number)
}

fn decimal(value: f64) -> String {
    format!("{value:.1}")
}

fn signed(value: f64) -> String {
    format!("{value:+.2}").replace('-', "−")
}

fn half(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { decimal(value) }
}

pub(in crate::show) fn department_name(table: &DepartmentTable, at: usize) -> &str {
    table.departments[at].name.as_deref().unwrap_or(SMALL)
}

/// How often two departments met, relative to how often they would have met by chance.
pub(in crate::show) fn ratio(observed: usize, expected: f64) -> Option<f64> {
    (expected > 0.0).then(|| observed as f64 / expected)
}

/// The three figures that matter.
pub fn headline(report: &Report) -> [Key; 3] {
    [held(report), reach(report), within_two_steps(report)]
}

fn held(report: &Report) -> Key {
    let title = "Meetings that took place";
    let rounds = of(report.round_count, "round", "rounds");
    let OutcomeCounts { held, not_held, unknown } = report.outcomes;
    let (Some(meetings), Some(held), Some(not_held), Some(unknown), Some((least, most))) =
        (report.meetings, held, not_held, unknown, report.outcomes.held_band())
    else {
        let Some(held) = held else {
            let sentence = "How many meetings took place is not shown, because it would say something about only a few \
                people.";
            return Key { title, value: "–".to_owned(), sentence: sentence.to_owned() };
        };
        let sentence = format!(
            "{} took place in {rounds}. Out of how many is not shown, because it would say something about only a few \
                people.",
            of(held, "meeting", "meetings")
        );
        return Key { title, value: number(held), sentence };
    };
    let all = of(meetings, "meeting", "meetings");
    let told = |share: f64| percent(share);
    match (held, unknown) {
        (_, 0) => {
            Key { title, value: told(least), sentence: format!("Of {all} in {rounds}, {} took place.", number(held)) }
        }
        (0, unknown) if unknown == meetings => Key {
            title,
            value: "not known".to_owned(),
            sentence: format!("There were {all} in {rounds}. Nobody has said yet whether they took place."),
        },
        _ => Key {
            title,
            value: format!("{}–{}", told(least).trim_end_matches('%'), told(most)),
            sentence: format!(
                "Of {all} in {rounds}, {} took place and {} did not; what became of {} is not known.",
                number(held),
                number(not_held),
                number(unknown)
            ),
        },
    }
}

fn reach(report: &Report) -> Key {
    let title = "People who met somebody";
    let all = of(report.participants, "participant", "participants");
    // An anonymous report may hide it.
    let partners = report.partners_each.map_or_else(String::new, |each| {
        let each = half((each * 10.0).round() / 10.0);
        format!(": {each} different {} each on average", if each == "1" { "colleague" } else { "colleagues" })
    });
    // As long as nobody has said what became of them, these are meetings and no more.
    let met = if report.outcomes.unknown == Some(0) { "met somebody" } else { "had somebody to meet" };
    match report.reach {
        None => {
            let sentence = format!("Nearly all of {all} {met}{partners}.");
            Key { title, value: "nearly all".to_owned(), sentence }
        }
        Some(share) if share >= 1.0 => {
            let sentence = format!("All {all} {met}{partners}.");
            Key { title, value: "100%".to_owned(), sentence }
        }
        Some(share) => {
            let count = (share * report.participants as f64).round() as usize;
            let sentence = format!("Of {all}, {} {met}{partners}.", number(count));
            Key { title, value: percent(share), sentence }
        }
    }
}

fn within_two_steps(report: &Report) -> Key {
    let title = "Colleagues within two steps";
    let Some(NetworkPoint { share, shuffled, .. }) = report.network.points.last() else {
        let sentence = "There are no two departments between which people could meet.".to_owned();
        return Key { title, value: "–".to_owned(), sentence };
    };
    let before = report.network.before.unwrap_or(0.0);
    let sentence = format!(
        "Through one colleague, people reach {} of those in other departments. Before the first round it was {}; the same \
        meetings put together at random would have come to {}.",
        percent(*share),
        percent(before),
        percent(*shuffled)
    );
    Key { title, value: percent(*share), sentence }
}

/// Everything else, in order.
pub fn sections(report: &Report) -> Vec<Section> {
    let all = [
        Some(meetings(report)),
        network(report),
        departments(report),
        participation(report),
        Some(partners(report)),
        report.newcomers.map(newcomers),
        Some(left_out(report)),
    ];
    all.into_iter().flatten().collect()
}

fn date(date: NaiveDate) -> String {
    date.to_string()
}

fn meetings(report: &Report) -> Section {
    let mut says = Vec::new();
    if let Some((least, most)) = report.outcomes.held_band() {
        says.push(match least < most {
            true if least == 0.0 && most >= 1.0 => "It is not known whether any of the meetings took place.".to_owned(),
            true => format!(
                "Between {0} and {1} of the meetings took place: {0} if none of those that nobody reported on did, {1} \
                    if all of them did.",
                percent(least),
                percent(most)
            ),
            false => format!("{} of the meetings took place.", percent(least)),
        });
    }
    if let (Some(moved), Some(of_all)) = (report.moved, report.moved_of.filter(|it| *it > 0)) {
        says.push(format!(
            "{} of the {} booked meetings that roulette itself did not call off {} moved to another time.",
            number(moved),
            number(of_all),
            if moved == 1 { "was" } else { "were" }
        ));
    } else if let Some(moved) = report.moved.filter(|_| report.anonymous) {
        says.push(format!("{} were moved to another time.", of(moved, "meeting", "meetings")));
    }
    if report.rounds.is_empty() {
        says.push(format!(
            "Some of the figures for each round would concern fewer than {FEWEST} people: they are not shown."
        ));
    }
    let header = vec!["round", "meetings", "took place", "did not", "unknown"];
    let mut rows: Vec<Vec<String>> = { report.rounds.iter() }
        .map(|round| {
            let OutcomeCounts { held, not_held, unknown } = round.outcomes;
            vec![date(round.date), number(round.meetings), cell(held), cell(not_held), cell(unknown)]
        })
        .collect();
    let OutcomeCounts { held, not_held, unknown } = report.outcomes;
    rows.push(vec!["all".to_owned(), cell(report.meetings), cell(held), cell(not_held), cell(unknown)]);
    Section { topic: Topic::Meetings, title: "Meetings, round by round", says, tables: vec![Table { header, rows }] }
}

/// Whether the figures by confirmed meetings alone are worth showing: some meetings are confirmed, but not all.
pub(in crate::show) fn shows_confirmed(report: &Report) -> bool {
    let points = &report.network.points;
    let is_some = points.last().is_some_and(|it| it.confirmed.is_some_and(|confirmed| confirmed > 0.0));
    is_some && points.iter().any(|it| it.confirmed != Some(it.share))
}

fn network(report: &Report) -> Option<Section> {
    let network = &report.network;
    network.points.last()?;
    let mut says = vec![
        "The share of colleagues in other departments whom people know, or who know somebody they know. Colleagues of one \
        department know each other; so do two who met."
            .to_owned(),
    ];
    if let Some(sample) = network.sample {
        says.push(format!("It is an estimate, from the network of {} people.", number(sample)));
    }
    if let (Some(before), Some(now)) = (network.e_i_before, network.e_i) {
        says.push(format!(
            "The E-I index went from {} to {}. It is −1 where all ties are within departments, and +1 where \
            all are between them.",
            signed(before),
            signed(now)
        ));
    }
    if let Some(Coverage { met, admissible, .. }) = report.coverage {
        says.push(format!(
            "Of {} pairs of people who may meet, {} have had a meeting since the first round: {}.",
            number(admissible),
            number(met),
            percent(met as f64 / admissible as f64)
        ));
    }
    let with_confirmed = shows_confirmed(report);
    let mut header = vec!["after the round", "within two steps", "if put together at random"];
    header.extend(with_confirmed.then_some("by confirmed meetings"));
    let first =
        vec!["before".to_owned(), percent(network.before.unwrap_or(0.0)), percent(network.before.unwrap_or(0.0))];
    let first = first.into_iter().chain(with_confirmed.then(|| percent(network.before.unwrap_or(0.0)))).collect();
    let rows = network.points.iter().map(|point| {
        let row = [date(point.date), percent(point.share), percent(point.shuffled)].into_iter();
        row.chain(with_confirmed.then(|| percent(point.confirmed.unwrap_or(0.0)))).collect()
    });
    let table = Table { header, rows: std::iter::once(first).chain(rows).collect() };
    Some(Section { topic: Topic::Network, title: "How far the network reaches", says, tables: vec![table] })
}

fn departments(report: &Report) -> Option<Section> {
    let table = &report.departments;
    if table.cells.is_empty() {
        return None;
    }
    let chance = if table.by_size {
        "if meetings were shared out by the departments’ sizes"
    } else {
        "if the same people had met across departments by chance"
    };
    let mut says = vec![format!(
        "How often people of two departments met, compared with how often they would have {chance}. 1.0 means equally \
            often, 0.5 half as often."
    )];
    let hidden = table.cells.iter().filter(|cell| cell.observed.is_none()).count();
    if hidden > 0 {
        says.push(format!(
            "{} hidden, because {} of fewer than {FEWEST} people, or would reveal others that are.",
            counted(hidden, "pair of departments is", "pairs of departments are"),
            if hidden == 1 { "it is" } else { "they are" },
        ));
    }
    let mut shown: Vec<(f64, &DepartmentCell)> =
        { table.cells.iter() }.filter_map(|cell| Some((ratio(cell.observed?, cell.expected?)?, cell))).collect();
    // Among pairs that met equally rarely for their size, the largest come first.
    let expected = |cell: &DepartmentCell| cell.expected.unwrap_or(0.0);
    shown.sort_by(|(a, one), (b, other)| {
        a.total_cmp(b).then(expected(other).total_cmp(&expected(one))).then((one.a, one.b).cmp(&(other.a, other.b)))
    });
    if shown.len() > 2 * PAIRS {
        let (all, most) = (shown.len(), shown.split_off(shown.len() - PAIRS));
        shown.truncate(PAIRS);
        shown.extend(most);
        says.push(format!(
            "Of {} pairs of departments the table shows the {PAIRS} that met least for their size, and the {PAIRS} that met \
            most.",
            number(all)
        ));
    }
    let row = |(ratio, cell): &(f64, &DepartmentCell)| {
        vec![
            department_name(table, cell.a).to_owned(),
            department_name(table, cell.b).to_owned(),
            self::cell(cell.observed),
            cell.expected.map_or_else(String::new, decimal),
            decimal(*ratio),
        ]
    };
    let header = vec!["department", "and", "met", "expected", "ratio"];
    let rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    let tables = if rows.is_empty() { Vec::new() } else { vec![Table { header, rows }] };
    Some(Section { topic: Topic::Departments, title: "Who met across which departments", says, tables })
}

fn participation(report: &Report) -> Option<Section> {
    if report.rounds.is_empty() {
        return None;
    }
    let header = match report.anonymous {
        true => vec!["round", "in a meeting"],
        false => vec!["round", "took part", "in a meeting", "without a partner", "away"],
    };
    let row = |round: &RoundFigures| match report.anonymous {
        true => vec![date(round.date), number(round.met)],
        false => {
            vec![date(round.date), cell(round.participants), number(round.met), cell(round.left_out), cell(round.away)]
        }
    };
    let rows = report.rounds.iter().map(row).collect();
    let says = vec![match report.anonymous {
        true => "How many people were in a meeting.".to_owned(),
        false => "How many people took part, and how many were in a meeting that took place, or may have.".to_owned(),
    }];
    Some(Section { topic: Topic::Participation, title: "Who takes part", says, tables: vec![Table { header, rows }] })
}

pub(in crate::show) fn partners_words(it: &PartnerCount) -> String {
    if it.from == it.to { number(it.from) } else { format!("{} to {}", number(it.from), number(it.to)) }
}

fn partners(report: &Report) -> Section {
    let mut says = Vec::new();
    if let Some(evenness) = report.evenness {
        says.push(format!("The evenness is {evenness:.2}: 1 means that everybody has met equally many colleagues."));
    }
    match report.repeats {
        Some(0) => says.push("Nobody met the same colleague twice.".to_owned()),
        Some(repeats) => says.push(format!(
            "Two people who had met before met again {}. {} of {} {} proven to be the best that could be drawn.",
            times(repeats),
            number(report.proven_best),
            of(report.round_count, "round", "rounds"),
            if report.proven_best == 1 { "is" } else { "are" }
        )),
        None => {}
    }
    let rows = report.partners.iter().map(|it| vec![partners_words(it), number(it.people)]).collect();
    let mut tables = vec![Table { header: vec!["different colleagues met", "people"], rows }];
    if !report.met_nobody.is_empty() {
        says.push(format!("{} took part and met nobody yet.", of(report.met_nobody.len(), "person", "people")));
        let rows = report.met_nobody.iter().map(|one| vec![one.name.clone(), one.department.clone()]).collect();
        tables.push(Table { header: vec!["met nobody yet", "department"], rows });
    }
    Section { topic: Topic::Partners, title: "How many colleagues people met", says, tables }
}

fn newcomers(new: Newcomers) -> Section {
    let mut says = vec![format!("{} the roster.", of(new.joined, "person joined", "people joined"))];
    if let (Some(met), Some(days)) = (new.met, new.days_to_first) {
        let of_them = if met == new.joined { "All of them".to_owned() } else { format!("{} of them", number(met)) };
        says.push(format!(
            "{of_them} met somebody; half of those within {} of joining.",
            if days == 1.0 { "a day".to_owned() } else { format!("{} days", half(days)) }
        ));
    }
    if let (Some(settled), Some(departments)) = (new.settled.filter(|it| *it > 0), new.departments) {
        says.push(format!(
            "In their first 90 days they met people of {} other {} (the median of {}).",
            half(departments),
            if departments == 1.0 { "department" } else { "departments" },
            number(settled)
        ));
    }
    Section { topic: Topic::Newcomers, title: "Newcomers", says, tables: Vec::new() }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { of(count, "time", "times") }
}

fn left_out(report: &Report) -> Section {
    let mut says = Vec::new();
    if let Some((fewest, most)) = report.sat_out {
        says.push(match (fewest, most) {
            (_, 0) => "Nobody who took part was left without a partner.".to_owned(),
            (0, _) => format!("Nobody was left without a partner more than {}, and some never.", times(most)),
            _ => format!(
                "Nobody was left without a partner more than {}, and everybody at least {}.",
                times(most),
                times(fewest)
            ),
        });
    }
    let header = vec!["why somebody was in no meeting", "people", "times"];
    let rows: Vec<Vec<String>> = { report.reasons.iter() }
        .map(|it| vec![it.why.words().to_owned(), number(it.people), number(it.times)])
        .collect();
    if report.anonymous {
        says.push(format!("Reasons of fewer than {FEWEST} people are not shown."));
    }
    let mut tables = Vec::new();
    if !rows.is_empty() {
        tables.push(Table { header, rows });
    }
    if !report.left_out.is_empty() {
        let why = |reasons: &[(Why, usize)]| {
            reasons.iter().map(|(why, times)| format!("{} ({times}×)", why.words())).collect::<Vec<_>>().join(", ")
        };
        let rows = report.left_out.iter().map(|one| {
            vec![one.person.name.clone(), one.person.department.clone(), number(one.times), why(&one.reasons)]
        });
        tables
            .push(Table { header: vec!["left without a partner", "department", "times", "why"], rows: rows.collect() });
    }
    Section { topic: Topic::LeftOut, title: "Who was left out", says, tables }
}
