//! The report for programs: one JSON document, and CSV with one figure per line. What is hidden or not known is null,
//! or an empty cell.

use serde_json::{Value, json};

use super::sections::department_name;
use crate::domain::report::{LeftOutPerson, Person, Report};

/// The report as a JSON document.
pub fn document(report: &Report) -> Value {
    let person = |one: &Person| json!({ "email": one.email, "name": one.name, "department": one.department });
    let left_out = |one: &LeftOutPerson| {
        let mut json = person(&one.person);
        json["times"] = one.times.into();
        json["reasons"] = one.reasons.iter().map(|(why, times)| (why.words().to_owned(), json!(times))).collect();
        json
    };
    let rounds = report.rounds.iter().map(|round| {
        json!({
            "date": round.date, "participants": round.participants, "met": round.met, "left_out": round.left_out,
            "away": round.away, "meetings": round.meetings, "held": round.outcomes.held,
            "not_held": round.outcomes.not_held, "unknown": round.outcomes.unknown,
        })
    });
    let points = report.network.points.iter().map(|point| {
        json!({ "date": point.date, "share": point.share, "shuffled": point.shuffled, "confirmed": point.confirmed })
    });
    let cells = report.departments.cells.iter().map(|cell| {
        let (a, b) = (department_name(&report.departments, cell.a), department_name(&report.departments, cell.b));
        json!({ "a": a, "b": b, "observed": cell.observed, "expected": cell.expected })
    });
    let partners = report.partners.iter().map(|it| json!({ "from": it.from, "to": it.to, "people": it.people }));
    let reasons = report.reasons.iter().map(|it| {
        json!({
            "reason": it.why.words(), "without_partner": it.why.is_a_turn(), "people": it.people, "times": it.times,
        })
    });
    let newcomers = report.newcomers.map(|new| {
        json!({
            "joined": new.joined, "met": new.met, "median_days_to_first_meeting": new.days_to_first,
            "after_90_days": new.settled, "median_departments_in_90_days": new.departments,
        })
    });
    let coverage = report.coverage;
    let distinct_pairs =
        coverage.map(|it| json!({ "met": it.met, "confirmed": it.confirmed, "admissible": it.admissible }));
    json!({
        "from": report.from,
        "to": report.to,
        "anonymous": report.anonymous,
        "rounds": report.round_count,
        "participants": report.participants,
        "meetings": report.meetings,
        "held": report.outcomes.held,
        "not_held": report.outcomes.not_held,
        "unknown": report.outcomes.unknown,
        "moved": report.moved,
        "moved_of": report.moved_of,
        "reach": report.reach,
        "evenness": report.evenness,
        "coverage": coverage.map(|it| it.share()),
        "distinct_pairs": distinct_pairs,
        // As it was called first.
        "twos": distinct_pairs,
        "within_two_steps_before": report.network.before,
        "within_two_steps": points.collect::<Vec<_>>(),
        "network_people": report.network.people,
        "network_sample": report.network.sample,
        "e_i_before": report.network.e_i_before,
        "e_i": report.network.e_i,
        "departments": cells.collect::<Vec<_>>(),
        "expected_from": if report.departments.by_size { "sizes" } else { "places" },
        "partners_each": report.partners_each,
        "partners": partners.collect::<Vec<_>>(),
        "newcomers": newcomers,
        "left_out": report.left_out.iter().map(left_out).collect::<Vec<_>>(),
        "met_nobody": report.met_nobody.iter().map(person).collect::<Vec<_>>(),
        "reasons": reasons.collect::<Vec<_>>(),
        "sat_out": report.sat_out.map(|(fewest, most)| json!({ "fewest": fewest, "most": most })),
        "repeats": report.repeats,
        "proven_best": report.proven_best,
        "by_round": rounds.collect::<Vec<_>>(),
    })
}

/// The header of the CSV.
pub(super) const CSV: [&str; 5] = ["figure", "date", "a", "b", "value"];

/// One figure per line.
pub(super) fn lines(report: &Report) -> Vec<Vec<String>> {
    let mut lines = Lines(Vec::new());
    let count = |count: Option<usize>| count.map(|count| count as f64);
    let whole = |name: &str, value: Option<f64>, lines: &mut Lines| lines.add([name, "", "", ""], value);
    let newcomers = report.newcomers;
    for (name, value) in [
        ("rounds", Some(report.round_count as f64)),
        ("participants", Some(report.participants as f64)),
        ("meetings", count(report.meetings)),
        ("held", count(report.outcomes.held)),
        ("not_held", count(report.outcomes.not_held)),
        ("unknown", count(report.outcomes.unknown)),
        ("moved", count(report.moved)),
        ("reach", report.reach),
        ("evenness", report.evenness),
        ("partners_each", report.partners_each),
        ("coverage", report.coverage.map(|it| it.share())),
        ("within_two_steps_before", report.network.before),
        ("e_i_before", report.network.e_i_before),
        ("e_i", report.network.e_i),
        ("newcomers", newcomers.map(|new| new.joined as f64)),
        ("median_days_to_first_meeting", newcomers.and_then(|new| new.days_to_first)),
        ("median_departments_in_90_days", newcomers.and_then(|new| new.departments)),
        ("sat_out_fewest", report.sat_out.map(|(fewest, _)| fewest as f64)),
        ("sat_out_most", report.sat_out.map(|(_, most)| most as f64)),
        ("repeats", count(report.repeats)),
        ("proven_best", Some(report.proven_best as f64)),
    ] {
        whole(name, value, &mut lines);
    }
    for round in &report.rounds {
        let date = round.date.to_string();
        for (name, value) in [
            ("participants", round.participants),
            ("met", Some(round.met)),
            ("left_out", round.left_out),
            ("away", round.away),
            ("meetings", Some(round.meetings)),
            ("held", round.outcomes.held),
            ("not_held", round.outcomes.not_held),
            ("unknown", round.outcomes.unknown),
        ] {
            lines.add([name, &date, "", ""], count(value));
        }
    }
    for point in &report.network.points {
        let date = point.date.to_string();
        lines.add(["within_two_steps", &date, "", ""], Some(point.share));
        lines.add(["within_two_steps_shuffled", &date, "", ""], Some(point.shuffled));
        lines.add(["within_two_steps_confirmed", &date, "", ""], point.confirmed);
    }
    for cell in &report.departments.cells {
        let (a, b) = (department_name(&report.departments, cell.a), department_name(&report.departments, cell.b));
        lines.add(["observed", "", a, b], count(cell.observed));
        lines.add(["expected", "", a, b], cell.expected);
    }
    for it in &report.partners {
        lines.add(["people_with_partners", "", &it.from.to_string(), &it.to.to_string()], Some(it.people as f64));
    }
    for it in &report.reasons {
        lines.add(["in_no_meeting", "", it.why.words(), ""], Some(it.times as f64));
    }
    for one in &report.left_out {
        lines.add(["left_out", "", &one.person.email, &one.person.department], Some(one.times as f64));
    }
    for one in &report.met_nobody {
        lines.add(["met_nobody", "", &one.email, &one.department], None);
    }
    lines.0
}

struct Lines(Vec<Vec<String>>);

impl Lines {
    fn add(&mut self, what: [&str; 4], value: Option<f64>) {
        let value = value.map_or_else(String::new, |value| value.to_string());
        self.0.push(what.map(str::to_owned).into_iter().chain([value]).collect());
    }
}
