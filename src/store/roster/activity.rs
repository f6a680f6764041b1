//! Who in a user export takes part: nobody who is suspended, blocked, inactive, archived or a guest. Knows the columns
//! in which directories and HR systems say so, and their words.

use super::aliases::rank;
use crate::domain::text::folded;

/// How a column says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// By a word, such as “Suspended”.
    Status,
    /// By yes for people who take part.
    Yes,
    /// By yes for people who do not, and who are called this.
    No(&'static str),
    /// By an address that an invited guest has.
    Address,
}

/// What one cell says about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    TakesPart,
    /// They do not take part, because they are this.
    Not(&'static str),
    Unknown,
}

/// The test of the column of that key, if it has one.
pub(super) fn test(key: &str) -> Option<Test> {
    let any = |keys: &str| rank(keys, key).is_some();
    if any("status userstatus accountstatus employeestatus workerstatus employmentstatus currentstatus memberstatus \
        personstatus loginstatus userstate accountstate usertype userstype typeofuser identitytype \
        employmentstate lifecyclestatus lifecyclestate lifecycle beschaftigungsstatus mitarbeiterstatus статус стан")
    {
        Some(Test::Status)
    } else if any(
        "accountenabled enabled isenabled active isactive activestatus useractive activeuser aktiv isemployed signinallowed активний",
    ) {
        Some(Test::Yes)
    } else if any("blocked isblocked blockcredential blocksignin signinblocked blockedcredential locked islocked") {
        Some(Test::No("blocked"))
    } else if any("suspended issuspended") {
        Some(Test::No("suspended"))
    } else if any("archived isarchived") {
        Some(Test::No("archived"))
    } else if any("disabled isdisabled accountdisabled inactive isinactive deactivated isdeactivated") {
        Some(Test::No("inactive"))
    } else if any("deleted isdeleted terminated isterminated") {
        Some(Test::No("deleted"))
    } else if any("left hasleft isleaver leaver") {
        Some(Test::No("left"))
    } else if any("onleave isonleave onleavenow") {
        Some(Test::No("on leave"))
    } else if any("optedout optout hasoptedout isoptedout") {
        Some(Test::No("opted out"))
    } else if any("takespart participates participating isparticipating") {
        Some(Test::Yes)
    } else if any("guest isguest isguestuser") {
        Some(Test::No("guest"))
    } else if any("userprincipalname upn") {
        Some(Test::Address)
    } else {
        None
    }
}

/// What the cell says about the person.
pub(super) fn said(test: Test, cell: &str) -> Said {
    if cell.is_empty() {
        return Said::TakesPart;
    }
    match (test, affirmed(cell)) {
        (Test::Address, _) if is_guest(cell) => Said::Not("guest"),
        (Test::No(what), Some(true)) => Said::Not(what),
        (Test::Address, _) | (Test::No(_), Some(false)) | (Test::Yes, Some(true)) => Said::TakesPart,
        (Test::Yes, Some(false)) => Said::Not("inactive"),
        (_, _) => status(cell),
    }
}

/// Whether the address is that of a guest in a Microsoft directory.
pub(super) fn is_guest(address: &str) -> bool {
    address.contains('#') && address.to_ascii_uppercase().contains("#EXT#")
}

fn affirmed(cell: &str) -> Option<bool> {
    let word = folded(cell);
    if ["true", "yes", "y", "1", "x", "on", "wahr", "ja", "oui", "vrai", "si", "так", "да", "істина"].contains(&&*word)
    {
        Some(true)
    } else if ["false", "no", "n", "0", "off", "falsch", "nein", "non", "faux", "ні", "нет", "хибність"]
        .contains(&&*word)
    {
        Some(false)
    } else {
        None
    }
}

/// The beginnings of words, and what they say about a person. Active comes last, because “inactive” must match first.
const WORDS: &[(&str, &str)] = &[
    ("suspend", "suspended"),
    ("block", "blocked"),
    ("locked", "blocked"),
    ("archiv", "archived"),
    ("inactiv", "inactive"),
    ("inaktiv", "inactive"),
    ("unactiv", "inactive"),
    ("nonactiv", "inactive"),
    ("deactivat", "inactive"),
    ("deaktiv", "inactive"),
    ("disabl", "inactive"),
    ("deprovision", "inactive"),
    ("gesperrt", "blocked"),
    ("delet", "deleted"),
    ("geloscht", "deleted"),
    ("terminat", "left"),
    ("resign", "left"),
    ("retire", "left"),
    ("left", "left"),
    ("leaver", "left"),
    ("former", "left"),
    ("departed", "left"),
    ("dismiss", "left"),
    ("separated", "left"),
    ("exited", "left"),
    ("offboard", "left"),
    ("deceased", "left"),
    ("ausgeschieden", "left"),
    ("ausgetreten", "left"),
    ("gekundigt", "left"),
    ("baja", "left"),
    ("звільнен", "left"),
    ("неактивн", "inactive"),
    ("заблокован", "blocked"),
    ("вимкнен", "inactive"),
    ("guest", "guest"),
    ("invit", "invited"),
    ("pending", "invited"),
    ("unverified", "invited"),
    ("prehire", "invited"),
    ("prestart", "invited"),
    ("elternzeit", "on leave"),
    ("mutterschutz", "on leave"),
    ("beurlaubt", "on leave"),
    ("krank", "on leave"),
    ("furlough", "on leave"),
    ("декрет", "on leave"),
    ("відпустк", "on leave"),
];

/// The beginnings of words that say that something is over.
const OVER: &[&str] = &["back", "return", "beend", "zuruck", "complet", "ended", "поверн", "заверш"];

/// The beginnings of words for people who take part.
const ACTIVE: &[&str] = &[
    "active",
    "aktiv",
    "activ",
    "actif",
    "enabled",
    "current",
    "employ",
    "member",
    "verified",
    "licensed",
    "permanent",
    "regular",
    "full",
    "part",
    "temporary",
    "contract",
    "intern",
    "probation",
    "onboard",
    "working",
    "normal",
    "hired",
    "staff",
    "активн",
    "працю",
    "синхронізован",
];

fn status(cell: &str) -> Said {
    let text = folded(cell);
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if let ["not" | "no" | "non" | "never" | "nicht" | "не", rest, ..] = words[..]
        && !["blocked", "suspended", "archived", "deleted", "disabled"].contains(&rest)
    {
        return Said::Not("inactive");
    }
    if words.first().is_some_and(|word| matches!(*word, "not" | "no" | "non" | "nicht" | "не")) {
        return Said::TakesPart;
    }
    let out = words.iter().find_map(|word| WORDS.iter().find(|(start, _)| word.starts_with(start)));
    let leave =
        words.iter().any(|word| matches!(*word, "leave" | "loa" | "sabbatical" | "absent") || words[..] == ["ltd"]);
    let is_over = words.iter().any(|word| OVER.iter().any(|start| word.starts_with(start)));
    match out {
        // Who is back from a leave is there.
        Some((_, "on leave" | "invited")) | None if is_over && (leave || out.is_some()) => Said::Unknown,
        Some((_, what)) => Said::Not(what),
        None if leave && words.first() != Some(&"no") => Said::Not("on leave"),
        None if words.iter().any(|word| ACTIVE.iter().any(|start| word.starts_with(start))) => Said::TakesPart,
        None => Said::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::roster::aliases::key;

    /// A header, a cell, and what that makes a person; "" takes part, "?" is not understood.
    const CELLS: &[(&str, &str, &str)] = &[
        ("Status [READ ONLY]", "Active", ""),
        ("Status [READ ONLY]", "Suspended", "suspended"),
        ("Status [READ ONLY]", "Archived", "archived"),
        ("User Status", "Inactive", "inactive"),
        ("User Status", "Not Verified", "inactive"),
        ("User Status", "Invite Pending", "invited"),
        ("Employment Status", "Full-Time", ""),
        ("Employment Status", "Terminated", "left"),
        ("Status", "On leave", "on leave"),
        ("Status", "not active", "inactive"),
        ("Status", "Not suspended", ""),
        ("Status", "inaktiv", "inactive"),
        ("Статус", "Звільнена", "left"),
        ("Статус", "Активна", ""),
        ("Status", "Remote", "?"),
        ("Status", "Elternzeit", "on leave"),
        ("Status", "Pre-start", "?"),
        ("Status", "LTD", "on leave"),
        ("Employment status", "Umbrella (Ltd)", "?"),
        ("Status", "Back from furlough", "?"),
        ("Status", "Returned from leave", "?"),
        ("Status", "Offboarding completed", "left"),
        ("Status", "Elternzeit beendet", "?"),
        ("Статус", "Повернулась з декрету", "?"),
        ("Статус", "Декретна відпустка", "on leave"),
        ("Status", "DEPROVISIONED", "inactive"),
        ("Status", "true", "?"),
        ("Lifecycle status", "Terminated", "left"),
        ("Left", "Yes", "left"),
        ("On leave", "no", ""),
        ("Opted out", "x", "opted out"),
        ("Takes part", "No", "inactive"),
        ("Status", "", ""),
        ("accountEnabled", "True", ""),
        ("accountEnabled", "FALSE", "inactive"),
        ("Account enabled", "0", "inactive"),
        ("Block credential", "True", "blocked"),
        ("Block credential", "False", ""),
        ("Active Status", "No", "inactive"),
        ("Suspended", "yes", "suspended"),
        ("userType", "Guest", "guest"),
        ("User type", "Member", ""),
        ("userPrincipalName", "ann_gmail.com#EXT#@example.onmicrosoft.com", "guest"),
        ("userPrincipalName", "ann@example.com", ""),
    ];

    #[test]
    fn whoever_is_not_active_does_not_take_part() {
        for (heading, cell, what) in CELLS {
            let said = match said(test(&key(heading)).unwrap(), cell) {
                Said::TakesPart => "",
                Said::Not(what) => what,
                Said::Unknown => "?",
            };
            assert_eq!(said, *what, "{heading}: {cell}");
        }
    }
}
