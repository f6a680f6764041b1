//! How the roster changes, given who is in a space at Webex and what is known about those people: a plan as a value,
//! which can refuse. Joining the space means joining the programme, and leaving it means leaving; what a person wrote
//! stays. Knows no call and no file: rows come with their contents, members with what Webex says about them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::limits;
use super::text::folded;

/// Where the roster is pulled from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The members of the space of this id.
    Room(String),
    /// The organization's directory, which fills in what is blank.
    Organization,
}

/// A field that a pull may write for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The current address.
    Email,
    /// The name that colleagues know.
    Name,
    /// The department, as Webex names it.
    Department,
    /// The time zone, under its IANA name.
    Timezone,
    /// Where they work: a town or city.
    Location,
    /// The manager's name or address.
    Manager,
    /// Their former addresses.
    Formerly,
    /// Whether they take part.
    Status,
}

impl Field {
    /// The fields that the directory fills in.
    pub const FILLED: [Self; 4] = [Self::Department, Self::Manager, Self::Timezone, Self::Location];

    /// The name of the column in the roster.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Department => "department",
            Self::Timezone => "timezone",
            Self::Location => "location",
            Self::Manager => "manager",
            Self::Formerly => "formerly",
            Self::Status => "status",
        }
    }
}

/// The status of whoever left the space; somebody with another status that keeps them out is left alone.
pub const LEFT: &str = "left the space";
/// The status of whoever was gone and is back.
pub const BACK: &str = "active";

/// Whether a row of the roster takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They take part, whether or not their row has a status.
    Active,
    /// An earlier pull saw that they left.
    LeftSpace,
    /// A person or another program wrote that they do not take part.
    Inactive,
}

/// A row of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The address, in lower case.
    pub email: Box<str>,
    /// The name as the roster has it.
    pub name: String,
    /// Whether they take part.
    pub standing: Standing,
    /// The blank fields that the directory can fill in.
    pub blank: Vec<Field>,
}

/// An account at Webex, as far as it is known and usable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The id that stays when the address changes; "" if Webex does not say.
    pub id: String,
    /// The main address, in the form that the roster uses.
    pub email: Box<str>,
    /// Its other addresses.
    pub others: Vec<Box<str>>,
    /// The name as Webex shows it.
    pub name: String,
    /// Whether it belongs to a bot.
    pub is_bot: bool,
    /// The organization; "" if Webex does not say.
    pub organization: String,
    /// Department, manager, zone and location, as far as Webex says.
    pub values: Vec<(Field, String)>,
}

impl Account {
    fn value(&self, field: Field) -> Option<&str> {
        self.values.iter().find(|(other, _)| *other == field).map(|(_, value)| value.as_str())
    }
}

/// The roster before the pull.
pub struct Before<'a> {
    /// Its rows, in the order of the file.
    pub rows: &'a [Row],
    /// The row of whoever has or had an address.
    pub place_of: &'a dyn Fn(&str) -> Option<usize>,
    /// Whether everybody needs a department.
    pub needs_department: bool,
}

/// The members of a space.
pub struct Space<'a> {
    /// Those that can be read, each once.
    pub members: &'a [Account],
    /// How many members cannot be read.
    pub unreadable: usize,
    /// The organization whose people take part.
    pub organization: &'a str,
    /// The address under which each account was known at the last pull.
    pub known: &'a BTreeMap<String, Box<str>>,
}

/// What changes for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Their row, if they have one.
    pub row: Option<usize>,
    /// Their current address.
    pub email: Box<str>,
    /// Their name, as Webex or the roster has it.
    pub name: String,
    /// The change for this person.
    pub change: Change,
}

/// A change for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// They joined, and get a row with these values.
    Joined(Vec<(Field, String)>),
    /// They left the space.
    Left,
    /// They left once, and joined again.
    Back,
    /// The account used to have this address and now has another; and whether they are back at the same time.
    Readdressed(Box<str>, bool),
    /// Blank fields were filled in.
    Filled(Vec<(Field, String)>),
    /// They are in the space but cannot be added, for this reason.
    NotAdded(NotAdded),
}

/// Why somebody in the space is not added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAdded {
    /// Everybody needs a department, and Webex does not give one.
    NoDepartment,
    /// Another reason, in words for the organizer.
    Because(String),
}

/// What a pull changes in the roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullPlan {
    /// The people for whom something changes: first those who have a row, in the order of the roster.
    pub lines: Vec<Line>,
    /// How many take part before the pull.
    pub before: usize,
    /// How many bots are in the space.
    pub bots: usize,
    /// How many people from other organizations are in the space.
    pub strangers: usize,
    /// How many members cannot be read: as long as there are any, nobody counts as having left.
    pub unreadable: usize,
}

/// The row of a member: under this address, or under the one that the account had at the last pull. `there`: the
/// addresses of all members.
fn row_among(before: &Before<'_>, space: &Space<'_>, member: &Account, there: &HashSet<&str>) -> Option<usize> {
    let known = space.known.get(&member.id);
    // An address that somebody else in the space has belongs to that person.
    let mut old = known.into_iter().chain(&member.others).filter(|old| !there.contains(&***old));
    (before.place_of)(&member.email).or_else(|| old.find_map(|old| (before.place_of)(old)))
}

/// Whether a member is kept out by what Webex already says: a bot by its address, or somebody from another
/// organization.
fn is_out(space: &Space<'_>, member: &Account) -> Option<bool> {
    let is_bot = member.is_bot || member.email.ends_with("@webex.bot") || member.email.ends_with("@sparkbot.io");
    let foreign =
        !member.organization.is_empty() && !space.organization.is_empty() && member.organization != space.organization;
    (is_bot || foreign).then_some(is_bot)
}

/// The members who are not on the roster and may be added: more must be found out about them.
pub fn newcomers<'a>(before: &Before<'_>, space: &Space<'a>) -> Vec<&'a Account> {
    let there: HashSet<&str> = space.members.iter().map(|other| &*other.email).collect();
    let is_new =
        |member: &&Account| is_out(space, member).is_none() && row_among(before, space, member, &there).is_none();
    space.members.iter().filter(is_new).collect()
}

/// What the roster becomes, given who is in the space. `details`: for newcomers, by id, what Webex says, or why it says
/// nothing. Cost: linear in rows and members.
pub fn of_space(
    before: &Before<'_>,
    space: &Space<'_>,
    details: &HashMap<String, Result<Account, String>>,
) -> PullPlan {
    let mut plan = PullPlan {
        before: before.rows.iter().filter(|row| row.standing == Standing::Active).count(),
        unreadable: space.unreadable,
        ..PullPlan::default()
    };
    let there: HashSet<&str> = space.members.iter().map(|other| &*other.email).collect();
    let mut present: HashMap<usize, &Account> = HashMap::new();
    let mut new = Vec::new();
    for member in space.members {
        let told = details.get(&member.id).and_then(|told| told.as_ref().ok());
        let place = row_among(before, space, member, &there)
            .or_else(|| told.and_then(|told| row_among(before, space, told, &there)));
        match (place, is_out(space, member).or_else(|| told.and_then(|told| is_out(space, told)))) {
            // Of two accounts of one person, the one that the roster names counts.
            (Some(place), _) if present.contains_key(&place) && before.rows[place].email != member.email => {}
            (Some(place), _) => drop(present.insert(place, member)),
            (None, Some(true)) => plan.bots += 1,
            (None, Some(false)) => plan.strangers += 1,
            (None, None) => new.push(line_of(before, space, member, details.get(&member.id))),
        }
    }
    for (place, row) in before.rows.iter().enumerate() {
        let left = row.standing == Standing::LeftSpace;
        let change = match present.get(&place) {
            Some(member) if (before.place_of)(&member.email).is_none() => Change::Readdressed(row.email.clone(), left),
            Some(_) if left => Change::Back,
            None if row.standing == Standing::Active && space.unreadable == 0 => Change::Left,
            _ => continue,
        };
        let email = match &change {
            Change::Readdressed(..) => present[&place].email.clone(),
            _ => row.email.clone(),
        };
        plan.lines.push(Line { row: Some(place), email, name: row.name.clone(), change });
    }
    // Two accounts must not get rows with the same address.
    let mut seen = HashSet::new();
    new.retain(|line: &Line| seen.insert(line.email.clone()));
    new.sort_by_key(|line| matches!(line.change, Change::NotAdded(_)));
    plan.lines.extend(new);
    plan
}

fn line_of(before: &Before<'_>, space: &Space<'_>, member: &Account, told: Option<&Result<Account, String>>) -> Line {
    let because = |why: &str| Change::NotAdded(NotAdded::Because(why.to_owned()));
    let (name, change) = match told {
        None if member.id.is_empty() => (&member.name, because("Webex does not say which account that is")),
        None => (&member.name, because("arrived just now: pull again")),
        Some(Err(why)) => (&member.name, because(why)),
        Some(Ok(told)) => {
            let name = if told.name.is_empty() { &member.name } else { &told.name };
            let is_ours = [&told.organization, &member.organization].iter().any(|one| *one == space.organization);
            let change = if !is_ours {
                because("Webex does not say which organization that is")
            } else if name.is_empty() {
                because("has no name at Webex")
            } else if before.needs_department && told.value(Field::Department).is_none() {
                Change::NotAdded(NotAdded::NoDepartment)
            } else {
                let own = [(Field::Email, member.email.to_string()), (Field::Name, name.clone())];
                Change::Joined(own.into_iter().chain(told.values.iter().cloned()).collect())
            };
            (name, change)
        }
    };
    Line { row: None, email: member.email.clone(), name: name.clone(), change }
}

/// What the directory fills in. Nobody without a row gets one.
pub fn of_organization(before: &Before<'_>, people: &[Account]) -> PullPlan {
    let mut accounts: HashMap<usize, &Account> = HashMap::new();
    for person in people {
        let place = std::iter::once(&person.email).chain(&person.others).find_map(|email| (before.place_of)(email));
        if let Some(place) = place {
            accounts.entry(place).or_insert(person);
        }
    }
    let mut plan = PullPlan::default();
    for (place, row) in before.rows.iter().enumerate() {
        plan.before += usize::from(row.standing == Standing::Active);
        let Some(account) = accounts.get(&place) else { continue };
        let filled = row.blank.iter().filter_map(|field| Some((*field, account.value(*field)?.to_owned())));
        let filled: Vec<(Field, String)> = filled.collect();
        if !filled.is_empty() {
            let (email, name) = (row.email.clone(), row.name.clone());
            plan.lines.push(Line { row: Some(place), email, name, change: Change::Filled(filled) });
        }
    }
    plan
}

impl PullPlan {
    /// How many lines are of this kind.
    pub fn count(&self, is: impl Fn(&Change) -> bool) -> usize {
        self.lines.iter().filter(|line| is(&line.change)).count()
    }

    /// Whether any row changes or is added.
    pub fn changes(&self) -> bool {
        self.lines.iter().any(|line| !matches!(line.change, Change::NotAdded(_)))
    }

    /// How many people have left the space.
    pub fn left(&self) -> usize {
        self.count(|change| *change == Change::Left)
    }

    /// Why the plan is unsafe, if it is.
    pub fn is_unsafe(&self) -> Option<String> {
        limits::members_lost(self.left(), self.before)
    }

    /// Those in the space who are not added, and why.
    pub fn not_added(&self) -> impl Iterator<Item = (&Line, &NotAdded)> {
        self.lines.iter().filter_map(|line| match &line.change {
            Change::NotAdded(why) => Some((line, why)),
            _ => None,
        })
    }
}

/// The address under which each member with a row is known once the plan is carried out.
pub fn known(before: &Before<'_>, space: &Space<'_>, plan: &PullPlan) -> BTreeMap<String, Box<str>> {
    let new: HashSet<&str> = plan
        .lines
        .iter()
        .filter(|line| matches!(line.change, Change::Joined(_) | Change::Readdressed(..)))
        .map(|line| &*line.email)
        .collect();
    let here = |email: &str| new.contains(email) || (before.place_of)(email).is_some();
    let members = space.members.iter().filter(|member| !member.id.is_empty() && here(&member.email));
    let members = members.map(|member| (member.id.clone(), member.email.clone()));
    // Whoever left may come back under another address.
    let before = space.known.iter().filter(|(_, email)| here(email)).map(|(id, email)| (id.clone(), email.clone()));
    before.chain(members).collect()
}

/// Whether a row's status is one that a pull wrote.
pub fn is_left(status: &str) -> bool {
    folded(status) == LEFT
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORG: &str = "ours";

    fn row(email: &str, standing: Standing) -> Row {
        Row { email: email.into(), name: email.to_uppercase(), standing, blank: vec![] }
    }

    fn account(email: &str) -> Account {
        let values = vec![(Field::Department, "Sales".to_owned())];
        let (id, name) = (format!("id-{email}"), email.to_uppercase());
        Account { id, email: email.into(), name, organization: ORG.to_owned(), values, ..Account::default() }
    }

    fn planned(rows: &[Row], members: &[Account], known: &[(&str, &str)], unreadable: usize) -> PullPlan {
        let place_of = |email: &str| rows.iter().position(|row| *row.email == *email);
        let before = Before { rows, place_of: &place_of, needs_department: true };
        let known = known.iter().map(|(id, email)| ((*id).to_owned(), (*email).into())).collect();
        let bare: Vec<Account> = members.iter().map(|one| Account { values: vec![], ..one.clone() }).collect();
        let space = Space { members: &bare, unreadable, organization: ORG, known: &known };
        let told = |id: &str| members.iter().find(|one| one.id == id).cloned().ok_or_else(|| "gone".to_owned());
        let details = newcomers(&before, &space).iter().map(|one| (one.id.clone(), told(&one.id))).collect();
        of_space(&before, &space, &details)
    }

    fn said(plan: &PullPlan) -> Vec<String> {
        let word = |change: &Change| match change {
            Change::Joined(_) => "joined".to_owned(),
            Change::Left => "left".to_owned(),
            Change::Back => "back".to_owned(),
            Change::Readdressed(from, back) => format!("was {from}{}", if *back { ", back" } else { "" }),
            Change::Filled(filled) => format!("filled {}", filled.len()),
            Change::NotAdded(NotAdded::NoDepartment) => "no department".to_owned(),
            Change::NotAdded(NotAdded::Because(why)) => why.clone(),
        };
        plan.lines.iter().map(|line| format!("{} {}", line.email, word(&line.change))).collect()
    }

    #[test]
    fn who_is_in_both_stays_as_they_are() {
        let plan = planned(&[row("a@x.org", Standing::Active)], &[account("a@x.org")], &[], 0);
        assert_eq!((said(&plan), plan.changes(), plan.is_unsafe()), (vec![], false, None));
    }

    #[test]
    fn joining_is_coming_and_leaving_is_going() {
        let rows = [
            row("a@x.org", Standing::Active),
            row("b@x.org", Standing::LeftSpace),
            row("c@x.org", Standing::Inactive),
            row("d@x.org", Standing::Inactive),
            row("e@x.org", Standing::LeftSpace),
        ];
        let plan = planned(&rows, &[account("b@x.org"), account("c@x.org"), account("n@x.org")], &[], 0);
        assert_eq!(said(&plan), ["a@x.org left", "b@x.org back", "n@x.org joined"]);
    }

    #[test]
    fn nobody_is_taken_to_have_left_while_a_member_cannot_be_read() {
        let plan = planned(&[row("a@x.org", Standing::Active)], &[], &[], 1);
        assert_eq!((said(&plan), plan.is_unsafe()), (vec![], None));
    }

    #[test]
    fn bots_and_people_of_others_are_only_counted_but_a_row_that_somebody_wrote_stays() {
        let bot = Account { is_bot: true, ..account("helper@x.org") };
        let by_address = account("roulette@webex.bot");
        let foreign = Account { organization: "theirs".to_owned(), ..account("f@y.org") };
        let written = Account { organization: "theirs".to_owned(), ..account("w@y.org") };
        let plan = planned(&[row("w@y.org", Standing::Active)], &[bot, by_address, foreign, written], &[], 0);
        assert_eq!((said(&plan), plan.bots, plan.strangers), (vec![], 2, 1));
    }

    #[test]
    fn who_has_no_department_or_name_or_organization_is_listed() {
        let plain = Account { values: vec![], ..account("a@x.org") };
        let nameless = Account { name: String::new(), ..account("b@x.org") };
        let nowhere = Account { organization: String::new(), ..account("c@x.org") };
        let plan = planned(&[], &[plain, nameless, nowhere, account("d@x.org")], &[], 0);
        assert_eq!(
            said(&plan),
            [
                "d@x.org joined",
                "a@x.org no department",
                "b@x.org has no name at Webex",
                "c@x.org Webex does not say which organization that is"
            ]
        );
    }

    #[test]
    fn the_account_is_the_person_and_not_the_address() {
        let rows = [row("old@x.org", Standing::Active), row("gone@x.org", Standing::LeftSpace)];
        let new = Account { id: "1".to_owned(), ..account("new@x.org") };
        let other = Account { id: "2".to_owned(), others: vec!["gone@x.org".into()], ..account("other@x.org") };
        let plan = planned(&rows, &[new.clone(), other], &[("1", "old@x.org")], 0);
        assert_eq!(said(&plan), ["new@x.org was old@x.org", "other@x.org was gone@x.org, back"]);
        // Somebody else has the old address now.
        let plan = planned(&rows[..1], &[new, account("old@x.org")], &[("1", "old@x.org")], 0);
        assert_eq!(said(&plan), ["new@x.org joined"]);
    }

    #[test]
    fn more_than_three_in_ten_do_not_leave_unasked() {
        let rows: Vec<Row> = (0..10).map(|at| row(&format!("p{at}@x.org"), Standing::Active)).collect();
        let members: Vec<Account> = rows.iter().map(|row| account(&row.email)).collect();
        assert_eq!(planned(&rows, &members[3..], &[], 0).is_unsafe(), None);
        let why = planned(&rows, &members[4..], &[], 0).is_unsafe().unwrap();
        assert_eq!(why, "4 of the 10 people on the roster are no longer in the space, 40% (limit 30%)");
        assert!(planned(&rows, &[], &[], 0).is_unsafe().is_some());
    }

    #[test]
    fn the_directory_fills_in_what_is_blank_in_rows_that_are_there() {
        let blank = vec![Field::Department, Field::Timezone];
        let rows = [Row { blank, ..row("a@x.org", Standing::Active) }, row("b@x.org", Standing::Active)];
        let place_of = |email: &str| rows.iter().position(|row| *row.email == *email);
        let before = Before { rows: &rows, place_of: &place_of, needs_department: true };
        let plan = of_organization(&before, &[account("a@x.org"), account("b@x.org"), account("n@x.org")]);
        assert_eq!(said(&plan), ["a@x.org filled 1"]);
    }
}
