//! Handles the events in the inbox: one after the other, in order of arrival, by one process at a time. Knows what to
//! do with an event that fails; does not know what an event means.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::{Result, anyhow};
use chrono::{DateTime, TimeDelta, Utc};

use super::exit_status::Refused;
use super::handle_event::EventResult;
use crate::domain::text::rfc3339;
use crate::show::text::harmless;
use crate::store::Faults;
use crate::store::files::durable::NotWritten;
use crate::store::files::lock::{Holder, LockError};
use crate::store::inbox::{Entry, Inbox, LONGEST};
use crate::store::programmes::InUse;
use crate::store::state::file::{Contradiction, StateError};
use crate::webex::error::{Error, NotKnown};
use crate::webex::wire::Event;

/// The most events that are handled together.
const TOGETHER: usize = 16;
/// Three events in a row that fail are no coincidence: the others would fail as well.
const IN_A_ROW: usize = 3;
/// An event that has waited longer than this may have a fault of its own: it does not keep the others from being tried.
const LONG: TimeDelta = TimeDelta::hours(1);
/// This many such events in a row that fail are enough for a pass: the others wait for the next.
const OLD_IN_A_ROW: usize = 6;
/// An event that has waited longer than this and fails while a later one succeeds is given up.
const TOO_LONG: TimeDelta = TimeDelta::days(1);
/// How long something that an event names may be missing before the event is set aside.
const MISSING: TimeDelta = TimeDelta::minutes(5);
/// The longest part of an id that is shown, in characters.
const LONGEST_ID: usize = 120;

/// The functions with which the work is done.
pub(crate) struct Worker<'a> {
    /// Handles events in order: returns the results of the first ones, at least of one.
    pub(crate) handle: &'a mut dyn FnMut(&[Event]) -> Vec<Result<EventResult>>,
    /// Writes a log line about an event.
    pub(crate) say: &'a dyn Fn(&str),
    pub(crate) time: &'a dyn Fn() -> DateTime<Utc>,
    /// Whether to start another event.
    pub(crate) go_on: &'a dyn Fn() -> bool,
}

/// The result of the work.
#[derive(Debug, Default)]
pub(crate) struct WorkSummary {
    /// How many events are still waiting.
    pub(crate) left: usize,
    /// Whether some were not tried because something prevents all of them.
    pub(crate) blocked: bool,
    /// The reason, if something prevented them.
    pub(crate) why: Option<anyhow::Error>,
}

/// Handles the inbox once.
///
/// # Errors
/// The inbox itself cannot be used.
pub(crate) fn work_through(
    inbox: &Inbox,
    holder: &Holder,
    wait: Duration,
    worker: &mut Worker<'_>,
) -> Result<WorkSummary> {
    if inbox.is_empty()? {
        return Ok(WorkSummary::default());
    }
    let _lock = match inbox.lock(holder, wait) {
        Ok(lock) => lock,
        Err(LockError::InUse(who)) => {
            return Ok(WorkSummary {
                left: inbox.list()?.len(),
                blocked: true,
                why: Some(anyhow!("{who} is already at work")),
            });
        }
        Err(LockError::Failed(error)) => return Err(anyhow!(error).context("cannot lock the inbox")),
    };
    let mut pass = WorkSummary::default();
    let (mut in_a_row, mut old_in_a_row) = (0, 0);
    let mut hopeless: Vec<FailedEntry> = Vec::new();
    let mut waiting = VecDeque::from(inbox.list()?);
    // Later than those: what arrives in the meantime is not handled in this pass.
    let batches = inbox.batches();
    // If one fails, the next are tried one by one.
    let mut together = 1;
    while !waiting.is_empty() && !pass.blocked && (worker.go_on)() {
        let first: Vec<&Entry> = waiting.iter().take(together).collect();
        let handled = first_of(inbox, &first, worker);
        if handled.is_empty() {
            break;
        }
        let is_good = |handled: &NamedResult| matches!(handled.result, Ok(EventResult::Done));
        together = if handled.iter().all(is_good) { TOGETHER.min(2 * together) } else { 1 };
        for handled in handled {
            let Some(entry) = waiting.pop_front() else { break };
            match record_result(inbox, &entry, handled, worker)? {
                EntryResult::Done => {
                    (in_a_row, old_in_a_row) = (0, 0);
                    hopeless.drain(..).try_for_each(|failed| give_up(inbox, &failed, worker))?;
                }
                EntryResult::Aside => (in_a_row, old_in_a_row) = (0, 0),
                // The fault is its own.
                EntryResult::Missing(why) => pass.why = Some(why),
                EntryResult::Later { name, why } => {
                    let waited = entry.arrival().map(|arrival| (worker.time)() - arrival);
                    let is_old = waited.is_none_or(|it| it > LONG);
                    in_a_row += usize::from(!is_old);
                    old_in_a_row += usize::from(is_old);
                    pass.blocked = in_a_row >= IN_A_ROW || blocks_all_events(&why);
                    if waited.is_some_and(|it| it > TOO_LONG) {
                        hopeless.push(FailedEntry { entry, name, why: first_line(&why) });
                    }
                    pass.why = Some(why);
                }
            }
            if pass.blocked {
                break;
            }
            if old_in_a_row >= OLD_IN_A_ROW {
                let now = (worker.time)();
                waiting.retain(|entry| entry.arrival().is_some_and(|arrival| now - arrival <= LONG));
                break;
            }
        }
    }
    inbox.drop_handled(&batches)?;
    pass.left = inbox.list()?.len();
    Ok(pass)
}

/// The result of an event.
enum EntryResult {
    Done,
    /// It can never be handled, and is set aside.
    Aside,
    /// What it names is not there yet, or no longer there.
    Missing(anyhow::Error),
    /// It is left for later: its name, and the reason.
    Later {
        name: String,
        why: anyhow::Error,
    },
}

/// An event that has failed for too long.
struct FailedEntry {
    entry: Entry,
    name: String,
    why: String,
}

/// The result of an event, and how it is named in log lines.
struct NamedResult {
    name: String,
    result: Result<EventResult>,
}

/// Handles the first of these events, at least one.
fn first_of(inbox: &Inbox, entries: &[&Entry], worker: &mut Worker<'_>) -> Vec<NamedResult> {
    let parse = |body: Vec<u8>| (body.len() <= LONGEST).then(|| serde_json::from_slice::<Event>(&body).ok()).flatten();
    let mut events: Vec<Event> = Vec::new();
    for entry in entries {
        let odd = match inbox.read(entry).map(parse) {
            Ok(Some(event)) => {
                events.push(event);
                continue;
            }
            Ok(None) => Ok(EventResult::Never("it is not from Webex".to_owned())),
            Err(error) => Err(error),
        };
        if events.is_empty() {
            return vec![NamedResult { name: "an event".to_owned(), result: odd }];
        }
        break;
    }
    let results = guarded(worker, &events);
    events.iter().zip(results).map(|(event, result)| NamedResult { name: name(event), result }).collect()
}

/// Records the result of an event.
fn record_result(inbox: &Inbox, entry: &Entry, handled: NamedResult, worker: &Worker<'_>) -> Result<EntryResult> {
    let NamedResult { name, result: handled } = handled;
    let why = match handled {
        Ok(EventResult::Done) => {
            inbox.remove(entry)?;
            tell(worker, &name, "done");
            return Ok(EntryResult::Done);
        }
        Ok(EventResult::TooOld(why)) => {
            inbox.remove(entry)?;
            tell(worker, &name, &format!("not carried out: {why}"));
            return Ok(EntryResult::Aside);
        }
        Ok(EventResult::Never(why)) => {
            set_aside(inbox, entry, worker, &name, &why)?;
            return Ok(EntryResult::Aside);
        }
        Ok(EventResult::Missing(why)) => {
            let now = (worker.time)();
            let since = inbox.missing_since(entry, now)?;
            // A clock that was set back does not keep it for ever.
            if (now - since).abs() >= MISSING {
                set_aside(inbox, entry, worker, &name, &why)?;
                return Ok(EntryResult::Aside);
            }
            tell(worker, &name, &format!("left for later: {why}"));
            return Ok(EntryResult::Missing(anyhow!(why)));
        }
        Ok(EventResult::Waits(why)) => {
            tell(worker, &name, &format!("left for later: {}", why.lines().next().unwrap_or_default()));
            return Ok(EntryResult::Missing(anyhow!(why)));
        }
        Ok(EventResult::Later(why)) => anyhow!(why),
        Err(error) => error,
    };
    tell(worker, &name, &format!("left for later: {}", first_line(&why)));
    Ok(EntryResult::Later { name, why })
}

/// Handles events, even if the program fails on one: that is the fault of this event alone.
fn guarded(worker: &mut Worker<'_>, events: &[Event]) -> Vec<Result<EventResult>> {
    let handled = catch_unwind(AssertUnwindSafe(|| (worker.handle)(events)));
    let is_at_fault = |result: &Result<EventResult>| result.as_ref().is_err_and(|error| !blocks_all_events(error));
    match handled {
        // It may be any of them.
        Err(_) if events.len() > 1 => guarded(worker, &events[..1]),
        Ok(mut results) if events.len() > 1 && results.iter().any(is_at_fault) => {
            results.truncate(results.iter().position(Result::is_err).unwrap_or_default());
            if results.is_empty() { guarded(worker, &events[..1]) } else { results }
        }
        Err(panic) => vec![Ok(EventResult::Never(format!("the program failed on it: {}", words(&*panic))))],
        Ok(results) => {
            let never = |error: anyhow::Error| {
                EventResult::Never(format!("{error:#}").lines().map(str::trim).collect::<Vec<_>>().join(" "))
            };
            let judged = |result: Result<EventResult>| match result {
                Err(error) if error.is::<Contradiction>() => Ok(never(error)),
                result => result,
            };
            results.into_iter().map(judged).collect()
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it gave no reason")
}

/// Sets aside an event that fails although Webex is there and others succeed.
fn give_up(inbox: &Inbox, failed: &FailedEntry, worker: &Worker<'_>) -> Result<()> {
    let FailedEntry { entry, name, why } = failed;
    set_aside(inbox, entry, worker, name, &format!("it failed for longer than a day, while others did not: {why}"))
}

fn set_aside(inbox: &Inbox, entry: &Entry, worker: &Worker<'_>, name: &str, why: &str) -> Result<()> {
    let aside = inbox.set_aside(entry)?;
    tell(worker, name, &format!("set aside as {}: {why}", aside.display()));
    Ok(())
}

/// Writes a log line about an event.
fn tell(worker: &Worker<'_>, name: &str, came: &str) {
    let time = rfc3339((worker.time)());
    (worker.say)(&harmless(&format!("{time} {name}: {came}")));
}

/// The first line of the error: a hint that follows it is for the end of a run.
fn first_line(why: &anyhow::Error) -> String {
    format!("{why:#}").lines().next().unwrap_or_default().to_owned()
}

/// An event as the log names it: what it is, and which.
fn name(event: &Event) -> String {
    let id: String = event.data.id.chars().take(LONGEST_ID).collect();
    format!("{} {} {id}", cut(&event.resource), cut(&event.event))
}

fn cut(word: &str) -> String {
    word.chars().take(30).collect()
}

/// Whether the other events would fail for the same reason.
fn blocks_all_events(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let call = cause.downcast_ref::<Error>();
        cause.is::<StateError>()
            || cause.is::<InUse>()
            || cause.is::<NotWritten>()
            || cause.is::<Faults>()
            || cause.is::<NotKnown>()
            || cause.is::<Refused>()
            || call.is_some_and(Error::affects_all_calls)
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::webex::calls::Who;

    struct World {
        _folder: tempfile::TempDir,
        inbox: Inbox,
        said: RefCell<Vec<String>>,
    }

    fn now() -> DateTime<Utc> {
        "2026-12-01T09:00:00Z".parse().unwrap()
    }

    impl World {
        fn with(ids: &[&str]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let inbox = Inbox::of(&folder.path().join("state.json")).unwrap();
            for (id, at) in ids.iter().zip(1..) {
                let body = format!(r#"{{"resource":"messages","event":"created","data":{{"id":"{id}"}}}}"#);
                inbox.put(body.as_bytes(), now() - TimeDelta::minutes(1) + TimeDelta::seconds(at)).unwrap();
            }
            Self { _folder: folder, inbox, said: RefCell::default() }
        }

        /// An inbox with events that have waited for this long.
        fn waited(events: &[(&str, TimeDelta)]) -> Self {
            let world = Self::with(&[]);
            for (id, waited) in events {
                let body = format!(r#"{{"resource":"messages","event":"created","data":{{"id":"{id}"}}}}"#);
                world.inbox.put(body.as_bytes(), now() - *waited).unwrap();
            }
            world
        }

        /// Handles the inbox; returns the ids that were tried, and the result.
        fn pass(&self, handle: impl FnMut(&str) -> Result<EventResult>) -> (Vec<String>, WorkSummary) {
            self.pass_at(now(), handle)
        }

        fn pass_at(
            &self,
            at: DateTime<Utc>,
            mut handle: impl FnMut(&str) -> Result<EventResult>,
        ) -> (Vec<String>, WorkSummary) {
            let mut tried = Vec::new();
            let holder = Holder::this_process("handle-action", now().fixed_offset());
            let mut worker = Worker {
                handle: &mut |events| {
                    let mut results = Vec::new();
                    for event in events {
                        tried.push(event.data.id.clone());
                        results.push(handle(&event.data.id));
                        if !matches!(results.last(), Some(Ok(EventResult::Done))) {
                            break;
                        }
                    }
                    results
                },
                say: &|line| self.said.borrow_mut().push(line.to_owned()),
                time: &|| at,
                go_on: &|| true,
            };
            let pass = work_through(&self.inbox, &holder, Duration::ZERO, &mut worker).unwrap();
            (tried, pass)
        }
    }

    #[test]
    fn an_empty_inbox_is_no_work() {
        let (tried, pass) = World::with(&[]).pass(|_| panic!("nothing to handle"));
        assert!(tried.is_empty() && pass.left == 0 && pass.why.is_none());
    }

    #[test]
    fn each_event_is_handled_once_in_order_with_a_line_of_log() {
        let world = World::with(&["a", "b"]);
        let (tried, pass) = world.pass(|_| Ok(EventResult::Done));
        assert_eq!((tried, pass.left), (vec!["a".to_owned(), "b".to_owned()], 0));
        assert_eq!(world.pass(|_| Ok(EventResult::Done)).0, [""; 0]);
        let line = |id| format!("2026-12-01T09:00:00Z messages created {id}: done");
        assert_eq!(*world.said.borrow(), [line("a"), line("b")]);
    }

    #[test]
    fn an_event_that_waits_does_not_stop_the_others_and_is_tried_again() {
        let world = World::with(&["a", "b", "c"]);
        let later = |id: &str| Ok(if id == "a" { EventResult::Later("not yet".to_owned()) } else { EventResult::Done });
        let (tried, pass) = world.pass(later);
        assert_eq!((tried.len(), pass.left, pass.why.unwrap().to_string()), (3, 1, "not yet".to_owned()));
        assert_eq!(world.pass(|_| Ok(EventResult::Done)).0, ["a"]);
    }

    #[test]
    fn what_an_event_names_and_is_missing_is_looked_for_some_minutes_and_stops_nobody() {
        let world = World::with(&["a", "b", "c", "d", "e"]);
        let missing =
            |id: &str| Ok(if id == "e" { EventResult::Done } else { EventResult::Missing("not found".to_owned()) });
        for minutes in [0, 1, 4] {
            let (tried, pass) = world.pass_at(now() + TimeDelta::minutes(minutes), missing);
            assert_eq!((tried.len(), pass.left, pass.blocked), (if minutes == 0 { 5 } else { 4 }, 4, false));
        }
        let (_, pass) = world.pass_at(now() + TimeDelta::minutes(5), missing);
        assert_eq!((pass.left, world.inbox.failed().unwrap().len()), (0, 4));
    }

    #[test]
    fn of_events_that_fail_together_none_is_forgotten_and_each_is_tried_again() {
        let world = World::with(&["a", "b", "c", "d", "e", "f", "g"]);
        let holder = Holder::this_process("handle-action", now().fixed_offset());
        let mut groups = Vec::new();
        let mut fails = true;
        let mut worker = Worker {
            handle: &mut |events| {
                groups.push(events.len());
                // Like a group of events whose results cannot be saved.
                if events.len() > 2 && std::mem::take(&mut fails) {
                    return vec![Err(anyhow!("the disk is full"))];
                }
                events.iter().map(|_| Ok(EventResult::Done)).collect()
            },
            say: &|line| world.said.borrow_mut().push(line.to_owned()),
            time: &now,
            go_on: &|| true,
        };
        let pass = work_through(&world.inbox, &holder, Duration::ZERO, &mut worker).unwrap();
        assert_eq!(pass.left, 0);
        assert_eq!(groups, [1, 2, 4, 1, 3]);
        let said = world.said.borrow();
        let done = said.iter().filter(|line| line.ends_with(": done")).count();
        assert_eq!((done, said.iter().filter(|line| line.contains("left for later")).count()), (7, 0), "{said:?}");
    }

    #[test]
    fn an_event_that_fails_is_not_laid_on_those_that_were_to_be_saved_with_it() {
        // They are handled as one, two and four: that which fails is not the first of its group.
        let names = ["a", "b", "c", "d", "bad", "e", "f"];
        let events = names.iter().zip(1..).map(|(id, at)| (*id, TimeDelta::days(2) - TimeDelta::seconds(at)));
        let world = World::waited(&events.collect::<Vec<_>>());
        let holder = Holder::this_process("handle-action", now().fixed_offset());
        let mut worker = Worker {
            handle: &mut |events| match events.iter().position(|event| event.data.id == "bad") {
                Some(_) => vec![Err(anyhow!("it cannot be answered"))],
                None => events.iter().map(|_| Ok(EventResult::Done)).collect(),
            },
            say: &|line| world.said.borrow_mut().push(line.to_owned()),
            time: &now,
            go_on: &|| true,
        };
        let pass = work_through(&world.inbox, &holder, Duration::ZERO, &mut worker).unwrap();
        let failed: Vec<String> =
            world.said.borrow().iter().filter(|line| !line.ends_with(": done")).cloned().collect();
        assert_eq!((pass.left, world.inbox.failed().unwrap().len()), (0, 1), "{failed:?}");
        assert!(failed.iter().all(|line| line.contains(" bad: ")), "{failed:?}");
    }

    #[test]
    fn what_can_never_be_done_is_set_aside() {
        let world = World::with(&["a"]);
        world.inbox.put(b"[]", now() - TimeDelta::minutes(2)).unwrap();
        let (tried, pass) = world.pass(|_| Ok(EventResult::Never("too\nodd".to_owned())));
        assert_eq!((tried.len(), pass.left), (1, 0));
        let said = world.said.borrow();
        assert!(
            said[0].contains(" an event: set aside as ") && said[0].ends_with(": it is not from Webex"),
            "{said:?}"
        );
        assert!(said[1].ends_with(": too\u{fffd}odd"), "{said:?}");
    }

    #[test]
    fn what_is_in_everybody_s_way_stops_the_work() {
        let world = World::with(&["a", "b"]);
        let unknown = || anyhow!(NotKnown { who: Who::Bot, why: "no token".to_owned() }).context("cannot answer");
        let (tried, pass) = world.pass(|_| Err(unknown()));
        assert_eq!((tried.len(), pass.left), (1, 2));
        assert!(pass.why.unwrap().is::<NotKnown>());
    }

    #[test]
    fn of_old_events_that_fail_a_pass_tries_six_and_still_those_that_are_new() {
        let old: Vec<String> = (0..20).map(|at| format!("OLD{at}")).collect();
        let mut events: Vec<(&str, TimeDelta)> = old.iter().map(|id| (&**id, TimeDelta::hours(2))).collect();
        events.push(("NEW", TimeDelta::minutes(1)));
        let world = World::waited(&events);
        let (tried, pass) = world.pass(|id| match id {
            "NEW" => Ok(EventResult::Done),
            _ => Err(anyhow!("it fails")),
        });
        assert_eq!((tried.len(), tried.last().map(String::as_str)), (OLD_IN_A_ROW + 1, Some("NEW")), "{tried:?}");
        assert_eq!((pass.left, pass.blocked), (20, false));
    }

    #[test]
    fn after_three_failures_in_a_row_the_rest_waits() {
        let world = World::with(&["a", "b", "c", "d", "e"]);
        assert_eq!(world.pass(|_| Err(anyhow!("Webex is away"))).0.len(), 3);
        let (tried, pass) = world.pass(|id| if id == "c" { Ok(EventResult::Done) } else { Err(anyhow!("odd")) });
        // Of those that are tried together, the first that fails is tried alone: the fault may be another's.
        assert_eq!((tried, pass.left), (["a", "b", "c", "d", "d", "e"].map(str::to_owned).to_vec(), 4));
    }

    #[test]
    fn an_event_on_which_the_program_fails_is_set_aside_and_the_others_are_handled() {
        let world = World::with(&["a", "b", "c"]);
        let (tried, pass) = world.pass(|id| match id {
            "a" => panic!("no such person: {id}"),
            "b" => panic!("fixed words"),
            _ => Ok(EventResult::Done),
        });
        assert_eq!((tried.len(), pass.left), (3, 0));
        let said = world.said.borrow();
        assert!(said[0].ends_with(": the program failed on it: no such person: a"), "{said:?}");
        assert!(said[1].contains(" b: set aside as ") && said[1].ends_with(": fixed words"), "{said:?}");
    }

    #[test]
    fn an_event_after_which_the_state_would_contradict_itself_is_set_aside() {
        let world = World::with(&["a", "b"]);
        let folder = tempfile::tempdir().unwrap();
        let holder = Holder::this_process("handle-action", now().fixed_offset());
        let contradiction = || -> Result<EventResult> {
            let path = folder.path().join("state.json");
            let (locked, mut state) = crate::store::state::file::open_locked(&path, &holder, Duration::ZERO)?;
            state.people = vec!["a@b".into(), "a@b".into()];
            locked.save(&state)?;
            Ok(EventResult::Done)
        };
        let (tried, pass) = world.pass(|id| if id == "a" { contradiction() } else { Ok(EventResult::Done) });
        assert_eq!((tried.len(), pass.left), (2, 0));
        let said = world.said.borrow();
        let why = ": the new state contradicts itself and is not saved: person 2: a@b is already person 1";
        assert!(said[0].contains(" a: set aside as ") && said[0].ends_with(why), "{said:?}");
    }

    #[test]
    fn a_state_or_roster_that_cannot_be_used_stops_the_work() {
        let folder = tempfile::tempdir().unwrap();
        let damaged = folder.path().join("state.json");
        std::fs::write(&damaged, "").unwrap();
        let [none, deep] = ["none.csv", "none/state.json"].map(|name| folder.path().join(name));
        let in_the_way: [&dyn Fn() -> anyhow::Error; 3] = [
            &|| crate::store::state::file::read(&damaged).unwrap_err().into(),
            &|| crate::store::files::durable::write(&deep, |_| Ok(())).unwrap_err(),
            &|| crate::store::config::Config::load(&none).unwrap_err().into(),
        ];
        for error in in_the_way {
            let world = World::waited(&[("a", TimeDelta::days(3)), ("b", TimeDelta::zero())]);
            let (tried, pass) = world.pass(|_| Err(error()));
            assert_eq!((tried.len(), pass.left, pass.blocked), (1, 2, true));
        }
    }

    #[test]
    fn events_that_fail_for_long_do_not_keep_the_others_from_being_tried() {
        let long = TimeDelta::minutes(61);
        let mut events = vec![("a", long), ("b", long), ("c", long), ("d", long)];
        events.extend([("w", 4), ("x", 3), ("y", 2), ("z", 1)].map(|(id, minutes)| (id, TimeDelta::minutes(minutes))));
        for (at, (_, waited)) in (1..).zip(&mut events) {
            *waited -= TimeDelta::seconds(at);
        }
        let world = World::waited(&events);
        let is_old = |id: &str| ["a", "b", "c", "d"].contains(&id);
        let (tried, pass) = world.pass(|_| Err(anyhow!("odd")));
        assert_eq!((tried.concat(), pass.left, pass.blocked), ("abcdwxy".to_owned(), 8, true));
        let (tried, pass) = world.pass(|id| if is_old(id) { Err(anyhow!("odd")) } else { Ok(EventResult::Done) });
        assert_eq!((tried.len(), pass.left, pass.blocked), (8, 4, false));
    }

    #[test]
    fn what_fails_for_longer_than_a_day_is_given_up_once_a_later_event_is_done() {
        let (day, hour) = (TimeDelta::days(1), TimeDelta::hours(1));
        let world = World::waited(&[("a", day + hour), ("b", day - hour), ("c", TimeDelta::zero())]);
        let (_, pass) = world.pass(|_| Err(anyhow!("Webex is away")));
        assert_eq!(pass.left, 3, "it may have been away for days");
        let first = |id: &str| if id == "a" { Ok(EventResult::Done) } else { Err(anyhow!("odd")) };
        let before = World::waited(&[("a", day * 2), ("b", day + hour), ("c", TimeDelta::zero())]);
        assert_eq!(before.pass(first).1.left, 2, "only an earlier one was done");
        let last = |id: &str| if id == "c" { Ok(EventResult::Done) } else { Err(anyhow!("odd")) };
        assert_eq!((world.pass(last).1.left, world.pass(last).0.concat()), (1, "b".to_owned()));
        let said = world.said.borrow();
        let given_up: Vec<_> = said.iter().filter(|line| line.contains("set aside")).collect();
        assert!(
            given_up.len() == 1
                && given_up[0].contains(" a: set aside as ")
                && given_up[0].ends_with(": it failed for longer than a day, while others did not: odd"),
            "{given_up:?}"
        );
    }

    #[test]
    fn while_another_process_is_at_it_nothing_is_handled_twice() {
        let world = World::with(&["a"]);
        let other = Holder::this_process("handle-action", now().fixed_offset());
        let _lock = world.inbox.lock(&other, Duration::ZERO).unwrap();
        let (tried, pass) = world.pass(|_| Ok(EventResult::Done));
        assert_eq!((tried.len(), pass.left), (0, 1));
        assert!(pass.why.unwrap().to_string().ends_with(" is already at work"));
    }
}
