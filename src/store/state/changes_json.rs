//! What became of a round since it was drawn, a line of JSON, people counted from 1.
//! Knows the form and both ways through it; knows no file.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::booking_json::OffReasonJson;
use super::person_number::{PersonNumber, group, ids, numbers};
use crate::domain::state::bookings::OffReason;
use crate::domain::state::{Changes, Group, PersonId, Released};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangesJson {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Vec<PersonNumber>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    added: Vec<Vec<PersonNumber>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<PersonNumber>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    released: Vec<ReleasedJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drawn: Option<(usize, bool)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleasedJson {
    people: Vec<PersonNumber>,
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<OffReasonJson>,
}

impl From<&Changes> for ChangesJson {
    fn from(changes: &Changes) -> Self {
        let groups = |groups: &[Group]| groups.iter().map(|group| numbers(group.people())).collect();
        let released = |it: &Released| ReleasedJson {
            people: numbers(it.people.people()),
            at: it.at,
            why: (it.why != OffReason::Gone(Vec::new())).then(|| (&it.why).into()),
        };
        Self {
            missing: groups(&changes.missing),
            added: groups(&changes.added),
            left_out: numbers(&changes.left_out),
            released: changes.released.iter().map(released).collect(),
            drawn: changes.drawn,
        }
    }
}

impl TryFrom<ChangesJson> for Changes {
    type Error = String;

    fn try_from(json: ChangesJson) -> Result<Self, String> {
        let groups = |groups: Vec<Vec<PersonNumber>>| -> Result<Vec<Group>, String> {
            let mut groups = groups.into_iter().map(group).collect::<Result<Vec<_>, _>>()?;
            groups.sort_unstable();
            Ok(groups)
        };
        let released = |it: ReleasedJson| {
            let why = it.why.map_or(OffReason::Gone(Vec::new()), Into::into);
            Ok::<_, String>(Released { people: group(it.people)?, at: it.at, why })
        };
        let mut left_out: Vec<PersonId> = ids(json.left_out);
        left_out.sort_unstable();
        Ok(Self {
            missing: groups(json.missing)?,
            added: groups(json.added)?,
            left_out,
            released: json.released.into_iter().map(released).collect::<Result<_, _>>()?,
            drawn: json.drawn,
        })
    }
}
