//! Rounds as CSV for a spreadsheet: one row per pair, then one row for each person who is left out. No name, department
//! or address is taken for a formula.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::domain::pairing::round_view::RoundView;
use crate::domain::state::people::PersonView;
use crate::show::text::cell;

const HEADER: [&str; 16] = [
    "round",
    "pair",
    "start",
    "end",
    "timezone",
    "email_1",
    "name_1",
    "department_1",
    "email_2",
    "name_2",
    "department_2",
    "email_3",
    "name_3",
    "department_3",
    "repeat",
    "left_out_reason",
];

/// Writes the header and the rows.
pub(super) fn write(rounds: &[RoundView], out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(HEADER).map_err(fault)?;
    for round in rounds {
        let (date, zone) = (round.date.to_string(), round.timezone.name());
        for pair in &round.pairs {
            let repeat = if pair.met_before.is_some() { "true" } else { "false" };
            let (start, end) = (pair.start.to_rfc3339(), pair.end.to_rfc3339());
            let (id, mut members) = (pair.id.to_string(), round.members(pair));
            let [a, b, c] = [(); 3].map(|()| person(members.next()));
            let when = [&*date, &*id, &*start, &*end, zone];
            let people = a.iter().chain(&b).chain(&c).map(|text| &**text);
            out.write_record(when.into_iter().chain(people).chain([repeat, ""])).map_err(fault)?;
        }
        for (one, reason) in &round.left_out {
            let (who, reason) = (person(Some(*one)), reason.to_string());
            let who = who.iter().map(|text| &**text);
            let nobody = [""; 7];
            out.write_record([&*date, "", "", "", zone].into_iter().chain(who).chain(nobody).chain([&*cell(&reason)]))
                .map_err(fault)?;
        }
    }
    out.flush()
}

fn person(person: Option<PersonView<'_>>) -> [Cow<'_, str>; 3] {
    match person {
        Some(person) => [cell(person.email), cell(person.name), cell(person.department)],
        None => [Cow::default(), Cow::default(), Cow::default()],
    }
}

/// The writer's own error, so that a closed pipe can be told from other errors.
fn fault(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
