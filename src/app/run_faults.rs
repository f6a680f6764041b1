//! The faults of a run: each is reported once, on stderr and to the organizers' space, then once a day while it lasts,
//! and once when it is fixed. What was reported is remembered beside the state, because the state itself may have a
//! fault.

use std::path::Path;

use anyhow::Result;
use chrono::NaiveDate;

use super::context::Context;
use super::exit_status::{ADDRESSES, Partly, Refused, is_clock, not_known, status_and_hint, tell};
use super::logging;
use super::tell_space::{SpaceTold, to_space};
use crate::domain::message::BotMessage;
use crate::domain::message::sanitized::Sanitized;
use crate::domain::settings::Meeting;
use crate::store::Faults;
use crate::store::config::Config;
use crate::store::programmes::InUse;
use crate::store::run_file::{RunMemory, ToldFault};
use crate::store::state::file::StateError;
use crate::webex::calls::Who;

/// The subject of a fault in the roster.
pub(crate) const ROSTER: &str = "roster";
/// The subject of a failed pull of the roster, although the file may be good.
const PULL: &str = "roster pull";
/// The longest description of a fault that the organizers' space gets, in characters.
const TOLD: usize = 500;

/// A fault of this run.
#[derive(Debug)]
pub(crate) struct RunFault {
    /// The subject: faults about the same thing count as one.
    pub(crate) about: String,
    pub(crate) error: anyhow::Error,
    pub(crate) status: u8,
    hint: Option<String>,
    /// Whether the organizers' space is told by other means.
    organizers_know: bool,
    /// What else failed for the same reason.
    also: Vec<String>,
}

impl RunFault {
    /// What went wrong in a stage.
    pub(crate) fn new(ctx: &Context<'_>, config: Option<&Config>, stage: &str, error: anyhow::Error) -> Self {
        let (status, hint) = status_and_hint(ctx.config.as_ref(), &error);
        let partly = error.downcast_ref::<Partly>();
        let organizers_know = partly.is_some_and(|partly| partly.organizers_know);
        Self { about: about(config, stage, &error), error, status, hint, organizers_know, also: Vec::new() }
    }

    /// The end of a stage that did what it could with the last good roster.
    pub(crate) fn of_roster(ctx: &Context<'_>, error: anyhow::Error) -> Self {
        Self { about: ROSTER.to_owned(), ..Self::new(ctx, None, ROSTER, error) }
    }

    /// A warning, which is reported like a fault but does not change the status.
    pub(crate) fn warning(about: &str, error: anyhow::Error, hint: String) -> Self {
        Self { about: about.to_owned(), error, status: 0, hint: Some(hint), organizers_know: false, also: Vec::new() }
    }

    /// Reports the fault on stderr, with its hint.
    pub(crate) fn tell(&self) {
        tell(if self.status == 0 { "warning" } else { "error" }, &self.error, self.hint.as_deref());
    }

    /// What the words of a fault have in common each time it occurs: the words without their numbers.
    fn likeness(&self) -> String {
        let text = format!("{:#}", self.error);
        text.lines().next().unwrap_or_default().chars().filter(|it| !it.is_ascii_digit()).take(TOLD).collect()
    }

    /// In words for the organizers' space, which need not know where a file is.
    fn says(&self, folder: &Path) -> String {
        let text = match self.error.downcast_ref::<Faults>() {
            Some(Faults { file, faults, .. }) => {
                let name = file.file_name().map_or_else(|| file.display().to_string(), |it| it.display().to_string());
                faults.first().map_or(name.clone(), |fault| fault.in_file(Path::new(&name)))
            }
            None => format!("{:#}", self.error),
        };
        let mut lines = text.lines();
        let mut line = lines.next().unwrap_or_default().to_owned();
        // What is wrong stands in the next line.
        if let Some(next) = lines.next().filter(|_| line.ends_with(':')) {
            line = format!("{line} {}", next.trim());
        }
        let line = match folder.to_str() {
            Some(folder) if !folder.is_empty() => line.replace(&format!("{folder}/"), ""),
            _ => line,
        };
        let line: String = line.chars().take(TOLD).collect();
        let is_said = self.about == ROSTER || line.starts_with(&self.about);
        if is_said { line } else { format!("{}: {line}", self.about) }
    }
}

/// The subject of an error: something on which several stages depend, or the stage alone.
fn about(config: Option<&Config>, stage: &str, error: &anyhow::Error) -> String {
    if let Some(Faults { file, .. }) = error.downcast_ref::<Faults>() {
        let is_roster = config.is_some_and(|config| config.programme.roster == *file);
        let name = || file.file_name().map(|name| name.display().to_string());
        return if is_roster { ROSTER.to_owned() } else { name().unwrap_or_else(|| stage.to_owned()) };
    }
    if let Some(about) = error.downcast_ref::<Partly>().and_then(|partly| partly.about) {
        return about.to_owned();
    }
    match not_known(error) {
        Some(Who::Organizer) => "login".to_owned(),
        Some(Who::Bot) => "bot".to_owned(),
        None if error.is::<StateError>() || error.is::<InUse>() => "state".to_owned(),
        None if is_clock(error) => "clock".to_owned(),
        None if stage == ROSTER => PULL.to_owned(),
        None => stage.to_owned(),
    }
}

/// The exit status of all of these: the worst one, which is not the greatest number.
pub(crate) fn worst(statuses: impl IntoIterator<Item = u8>) -> u8 {
    const FROM_THE_WORST: [u8; 5] = [1, 2, 4, 5, 3];
    let place = |status: u8| FROM_THE_WORST.iter().position(|one| *one == status).unwrap_or(FROM_THE_WORST.len());
    statuses.into_iter().min_by_key(|status| place(*status)).unwrap_or(0)
}

/// The faults of a run, with faults about the same thing merged; what is refused because of a fault in the roster is
/// not another fault.
pub(crate) fn merged(faults: Vec<RunFault>) -> Vec<RunFault> {
    let is_roster = faults.iter().any(|fault| fault.about == ROSTER);
    let mut merged: Vec<RunFault> = Vec::new();
    for mut fault in faults {
        if is_roster && fault.error.is::<Refused>() {
            ROSTER.clone_into(&mut fault.about);
        }
        let text = fault.error.to_string();
        let same = |other: &&mut RunFault| other.about == fault.about || other.error.to_string() == text;
        match merged.iter_mut().find(same) {
            Some(other) => {
                other.status = worst([other.status, fault.status]);
                other.organizers_know |= fault.organizers_know;
                other.also.push(fault.about);
            }
            None => merged.push(fault),
        }
    }
    merged
}

/// A fault, as far as it matters for whether it is reported.
#[derive(Debug)]
struct Seen {
    about: String,
    likeness: String,
    /// Whether the organizers' space is told by other means.
    organizers_know: bool,
    /// Whether it is in a file, and so reads the same as long as it is the same.
    is_in_file: bool,
    /// What else failed for the same reason, and so is not fixed.
    also: Vec<String>,
}

impl Seen {
    fn of(fault: &RunFault) -> Self {
        let RunFault { about, organizers_know, also, error, .. } = fault;
        Self {
            about: about.clone(),
            likeness: fault.likeness(),
            organizers_know: *organizers_know,
            is_in_file: about == ROSTER || error.is::<Faults>(),
            also: also.clone(),
        }
    }
}

/// What is reported in one place, by its subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct FaultNews {
    faults: Vec<String>,
    fixed: Vec<String>,
}

/// What is to be reported now.
#[derive(Debug, Default, PartialEq, Eq)]
struct Telling {
    /// On stderr.
    printed: FaultNews,
    /// To the organizers' space.
    space: FaultNews,
}

impl Telling {
    /// Which of these faults are reported on a day; for stderr, this is recorded at once. If not everything in the run
    /// could be checked, nothing counts as fixed.
    fn of(memory: &mut RunMemory, faults: &[Seen], today: NaiveDate, is_whole: bool) -> Self {
        let mut telling = Self::default();
        memory.faults.retain(|told| {
            told.lasts || told.space_waits || told.printed.max(told.space).max(told.fixed) >= Some(today)
        });
        for Seen { about, likeness, organizers_know, is_in_file, .. } in faults {
            if !memory.faults.iter().any(|told| told.about == *about) {
                memory.faults.push(ToldFault { about: about.clone(), ..ToldFault::default() });
            }
            let Some(told) = memory.faults.iter_mut().find(|told| told.about == *about) else { continue };
            if (!told.lasts || *is_in_file) && told.likeness.as_ref() != Some(likeness) {
                // It was fixed, and this is another one.
                (told.printed, told.space, told.fixed) = (None, None, None);
            }
            told.likeness = Some(likeness.clone());
            (told.lasts, told.space_waits) = (about != ADDRESSES, false);
            if told.printed != Some(today) {
                told.printed = Some(today);
                telling.printed.faults.push(about.clone());
            }
            // They hear about these each time by other means; about everything else, only the first time.
            let always = [ROSTER, ADDRESSES].contains(&&**about);
            if *organizers_know && (always || told.space.is_none()) {
                told.space = Some(today);
            } else if told.space != Some(today) {
                telling.space.faults.push(about.clone());
            }
        }
        let is_here =
            |told: &ToldFault| faults.iter().any(|seen| seen.about == told.about || seen.also.contains(&told.about));
        for told in memory.faults.iter_mut().filter(|told| is_whole && told.lasts && !is_here(told)) {
            told.lasts = false;
            // What comes and goes is reported once a day.
            if told.fixed != Some(today) {
                told.fixed = Some(today);
                telling.printed.fixed.push(told.about.clone());
                told.space_waits = told.space.is_some();
            }
        }
        let waits = memory.faults.iter().filter(|told| told.space_waits);
        telling.space.fixed = waits.map(|told| told.about.clone()).collect();
        telling
    }

    /// Records that the organizers' space was told; until then the next run tells it again.
    fn record_space_told(&self, memory: &mut RunMemory, today: NaiveDate) {
        for told in &mut memory.faults {
            if self.space.faults.contains(&told.about) {
                told.space = Some(today);
            }
            told.space_waits &= !self.space.fixed.contains(&told.about);
        }
    }
}

/// Reports those faults of a run that were not reported today, and records it.
///
/// # Errors
/// A message cannot be made.
pub(crate) fn tell_once(
    ctx: &Context<'_>,
    config: Option<&Config>,
    memory: &mut RunMemory,
    faults: &[RunFault],
    is_whole: bool,
) -> Result<()> {
    let zone = config.map_or_else(Meeting::default, |config| config.meeting.clone()).timezone;
    let today = ctx.now.with_timezone(&zone).date_naive();
    let seen: Vec<Seen> = faults.iter().map(Seen::of).collect();
    let telling = Telling::of(memory, &seen, today, is_whole);
    for fault in faults.iter().filter(|fault| telling.printed.faults.contains(&fault.about)) {
        fault.tell();
    }
    for about in &telling.printed.fixed {
        logging::say(&format!("fixed: {about}"));
    }
    let Some(config) = config.filter(|config| !config.webex.report_room.is_empty()) else { return Ok(()) };
    let FaultNews { faults: new, fixed } = telling.space.clone();
    let folder = config.programme.state.parent().unwrap_or(Path::new(""));
    if new.is_empty() && fixed.is_empty() {
        return Ok(());
    }
    let told = faults.iter().filter(|fault| new.contains(&fault.about));
    let message = BotMessage::RunFaults {
        faults: told.map(|fault| Sanitized::sentence(&fault.says(folder))).collect(),
        fixed: fixed.into_iter().map(Sanitized::from).collect(),
    };
    let may_be_there = memory.space_doubt == Some(today);
    let told = to_space(ctx, config, &message, ("run", may_be_there))?;
    memory.space_doubt = Some(today).filter(|_| told == SpaceTold::InDoubt);
    if matches!(told, SpaceTold::Yes | SpaceTold::Refused) {
        telling.record_space_told(memory, today);
    }
    Ok(())
}

/// Whether everything about a fault was already reported today.
pub(crate) fn is_told(memory: &RunMemory, fault: &RunFault, today: NaiveDate) -> bool {
    Telling::of(&mut memory.clone(), &[Seen::of(fault)], today, false).printed.faults.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(about: &str, organizers_know: bool) -> Seen {
        let (about, likeness, also) = (about.to_owned(), String::new(), Vec::new());
        Seen { about, likeness, organizers_know, is_in_file: false, also }
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn a_fault_is_told_once_then_daily_then_once_that_it_is_fixed() {
        let mut memory = RunMemory::default();
        let none: &[&str] = &[];
        let all = [
            ("2026-12-01", none, none, none),
            ("2026-12-01", &["login"][..], &["login"][..], none),
            ("2026-12-01", &["login"][..], none, none),
            ("2026-12-01", &["login", "bookings"][..], &["bookings"][..], none),
            ("2026-12-02", &["login", "bookings"][..], &["login", "bookings"][..], none),
            ("2026-12-02", &["login"][..], none, &["bookings"][..]),
            // It comes and goes.
            ("2026-12-02", &["login", "bookings"][..], none, none),
            ("2026-12-02", &["login"][..], none, none),
            ("2026-12-03", none, none, &["login"][..]),
        ];
        for (day, faults, told, fixed) in all {
            let faults: Vec<Seen> = faults.iter().map(|it| seen(it, true)).collect();
            let telling = Telling::of(&mut memory, &faults, day.parse().unwrap(), true);
            assert_eq!(telling.printed, FaultNews { faults: words(told), fixed: words(fixed) }, "{day} {faults:?}");
            telling.record_space_told(&mut memory, day.parse().unwrap());
        }
        Telling::of(&mut memory, &[], "2026-12-04".parse().unwrap(), true);
        assert_eq!(memory, RunMemory::default(), "it is forgotten");
    }

    #[test]
    fn what_fails_now_for_another_reason_is_not_fixed() {
        let fault = |about: &str, text: &str| RunFault {
            about: about.to_owned(),
            error: anyhow::anyhow!("{text}"),
            status: 3,
            hint: None,
            organizers_know: false,
            also: Vec::new(),
        };
        let mut memory = RunMemory::default();
        let away = "Webex cannot be reached";
        for (day, faults) in [
            ("2026-12-01", vec![fault("bookings", "1 meeting is left to do")]),
            ("2026-12-02", vec![fault("events", away), fault("bookings", away)]),
        ] {
            let seen: Vec<Seen> = merged(faults).iter().map(Seen::of).collect();
            let telling = Telling::of(&mut memory, &seen, day.parse().unwrap(), true);
            assert_eq!(telling.printed.fixed, [""; 0], "{day}");
        }
        let telling = Telling::of(&mut memory, &[], "2026-12-03".parse().unwrap(), true);
        assert_eq!(telling.printed.fixed, ["bookings", "events"]);
    }

    #[test]
    fn what_the_organizers_space_hears_by_itself_is_not_told_again_that_day() {
        for (about, next_day) in [(ROSTER, &[][..]), ("bookings", &["bookings"])] {
            let mut memory = RunMemory::default();
            for (day, told) in [("2026-12-01", &[][..]), ("2026-12-02", next_day), ("2026-12-03", next_day)] {
                let telling = Telling::of(&mut memory, &[seen(about, true)], day.parse().unwrap(), true);
                assert_eq!(telling.space.faults, words(told), "{about} {day}");
                memory.faults[0].space = Some(day.parse().unwrap());
            }
        }
    }

    #[test]
    fn what_the_organizers_space_did_not_hear_is_told_again() {
        let (mut memory, day) = (RunMemory::default(), "2026-12-01".parse().unwrap());
        let fault = [seen("login", false)];
        for _ in 0..2 {
            assert_eq!(Telling::of(&mut memory, &fault, day, true).space.faults, words(&["login"]));
        }
        Telling::of(&mut memory, &fault, day, true).record_space_told(&mut memory, day);
        assert_eq!(Telling::of(&mut memory, &fault, day, true).space, Default::default());
        let next = "2026-12-05".parse().unwrap();
        for _ in 0..2 {
            assert_eq!(Telling::of(&mut memory, &[], next, true).space.fixed, words(&["login"]));
        }
        Telling::of(&mut memory, &[], next, true).record_space_told(&mut memory, next);
        assert_eq!(Telling::of(&mut memory, &[], next, true).space, Default::default());
    }

    #[test]
    fn another_fault_after_one_that_was_fixed_is_told_on_the_same_day_and_what_is_told_only_is_never_fixed() {
        let (mut memory, day) = (RunMemory::default(), "2026-12-01".parse().unwrap());
        let mut tells = |about: &str, likeness: &str| {
            let fault = Seen { likeness: likeness.to_owned(), ..seen(about, true) };
            let faults: &[Seen] = if about.is_empty() { &[] } else { &[fault] };
            let told = Telling::of(&mut memory, faults, day, true).printed;
            (told.faults.len(), told.fixed.len())
        };
        let all =
            [("roster", "a zone"), ("", ""), ("roster", "half"), ("roster", "half"), ("", ""), ("roster", "half")];
        assert_eq!(all.map(|(about, text)| tells(about, text)), [(1, 0), (0, 1), (1, 0), (0, 0), (0, 1), (0, 0)]);
        assert_eq!(
            [(ADDRESSES, "x"), ("", ""), (ADDRESSES, "x")].map(|(about, text)| tells(about, text)).map(|it| it.1),
            [0, 0, 0]
        );
    }

    #[test]
    fn another_fault_in_a_file_is_told_at_once_and_other_words_of_webex_are_not() {
        for (is_in_file, told) in [(true, [1, 0, 1, 0]), (false, [1, 0, 0, 0])] {
            let (mut memory, day) = (RunMemory::default(), "2026-12-01".parse().unwrap());
            let tells = ["a zone", "a zone", "an address", "an address"].map(|likeness| {
                let fault = Seen { likeness: likeness.to_owned(), is_in_file, ..seen("config.toml", false) };
                Telling::of(&mut memory, &[fault], day, true).printed.faults.len()
            });
            assert_eq!(tells, told, "in a file: {is_in_file}");
        }
    }

    #[test]
    fn what_could_not_be_looked_at_is_not_fixed() {
        let (mut memory, day) = (RunMemory::default(), "2026-12-01".parse().unwrap());
        Telling::of(&mut memory, &[seen("bookings", false)], day, true);
        let telling = Telling::of(&mut memory, &[seen("state", false)], day, false);
        assert_eq!(telling.printed, FaultNews { faults: words(&["state"]), fixed: Vec::new() });
    }

    #[test]
    fn the_worst_status_is_that_of_what_stops_most() {
        assert_eq!(
            [worst([]), worst([0, 3]), worst([3, 5]), worst([5, 4]), worst([4, 2, 3]), worst([1, 2])],
            [0, 3, 5, 4, 2, 1]
        );
    }
}
