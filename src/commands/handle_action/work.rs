//! Works through the inbox: one event after the other, in order of arrival, by one process at a time.
//! Knows what to do with an event that fails; not what an event means.

use std::time::Duration;

use anyhow::{Result, anyhow};
use chrono::{DateTime, SecondsFormat, Utc};

use super::super::conversation::Handled;
use crate::show::text::harmless;
use crate::store::inbox::{Entry, Inbox, LONGEST};
use crate::store::lock::{Holder, LockError};
use crate::store::state_file::StateError;
use crate::webex::error::{Error, Kind, NotKnown};
use crate::webex::wire::Event;

/// So many events in a row that fail are no accident: the others would fail as well.
const IN_A_ROW: usize = 3;
/// Of an id that is told.
const LONGEST_ID: usize = 120;

/// What the work is done with.
pub(super) struct Worker<'a> {
    /// Handles an event.
    pub(super) handle: &'a mut dyn FnMut(&Event) -> Result<Handled>,
    /// Tells a line about one.
    pub(super) say: &'a dyn Fn(&str),
    /// What time it is.
    pub(super) time: &'a dyn Fn() -> DateTime<Utc>,
    /// Whether to begin another.
    pub(super) go_on: &'a dyn Fn() -> bool,
}

/// How it went.
#[derive(Debug, Default)]
pub(super) struct Pass {
    /// So many events wait still.
    pub(super) left: usize,
    /// Whether some were not tried, for something is in everybody's way.
    pub(super) blocked: bool,
    /// Why, if something was in the way.
    pub(super) why: Option<anyhow::Error>,
}

/// Works through the inbox once.
///
/// # Errors
/// The inbox itself cannot be used.
pub(super) fn work_through(inbox: &Inbox, holder: &Holder, wait: Duration, worker: &mut Worker<'_>) -> Result<Pass> {
    if inbox.list()?.is_empty() {
        return Ok(Pass::default());
    }
    let _desk = match inbox.lock(holder, wait) {
        Ok(lock) => lock,
        Err(LockError::InUse(who)) => {
            return Ok(Pass { left: inbox.list()?.len(), blocked: true, why: Some(anyhow!("{who} is at it")) });
        }
        Err(LockError::Failed(error)) => return Err(anyhow!(error).context("cannot lock the inbox")),
    };
    let mut pass = Pass::default();
    let mut in_a_row = 0;
    for entry in inbox.list()? {
        if !(worker.go_on)() {
            break;
        }
        let Some(trouble) = one(inbox, &entry, worker)? else {
            in_a_row = 0;
            continue;
        };
        in_a_row += 1;
        pass.blocked = in_a_row == IN_A_ROW || is_in_everybodys_way(&trouble);
        pass.why = Some(trouble);
        if pass.blocked {
            break;
        }
    }
    pass.left = inbox.list()?.len();
    Ok(pass)
}

/// Handles one event: why it is left for later, if it is.
fn one(inbox: &Inbox, entry: &Entry, worker: &mut Worker<'_>) -> Result<Option<anyhow::Error>> {
    let parse = |body: Vec<u8>| (body.len() <= LONGEST).then(|| serde_json::from_slice::<Event>(&body).ok()).flatten();
    let (name, handled) = match inbox.read(entry).map(parse) {
        Ok(Some(event)) => (name(&event), (worker.handle)(&event)),
        Ok(None) => ("an event".to_owned(), Ok(Handled::Never("it is none of Webex's".to_owned()))),
        Err(error) => ("an event".to_owned(), Err(error)),
    };
    let say = |came: &str| {
        let time = (worker.time)().to_rfc3339_opts(SecondsFormat::Secs, true);
        (worker.say)(&harmless(&format!("{time} {name}: {came}")));
    };
    let trouble = match handled {
        Ok(Handled::Done) => {
            inbox.remove(entry)?;
            say("done");
            return Ok(None);
        }
        Ok(Handled::Never(why)) => {
            let aside = inbox.set_aside(entry)?;
            say(&format!("set aside as {}: {why}", aside.display()));
            return Ok(None);
        }
        Ok(Handled::Later(why)) => anyhow!(why),
        Err(error) => error,
    };
    // The first line: what follows is a hint, for the end of a run.
    say(&format!("left for later: {}", format!("{trouble:#}").lines().next().unwrap_or_default()));
    Ok(Some(trouble))
}

/// An event as the log has it: what, and which.
fn name(event: &Event) -> String {
    let id: String = event.data.id.chars().take(LONGEST_ID).collect();
    format!("{} {} {id}", cut(&event.resource), cut(&event.event))
}

fn cut(word: &str) -> String {
    word.chars().take(30).collect()
}

/// Whether the other events would fail for the same reason.
fn is_in_everybodys_way(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let call = cause.downcast_ref::<Error>();
        cause.is::<StateError>()
            || cause.is::<NotKnown>()
            || call.is_some_and(|error| matches!(error.kind, Kind::Login | Kind::Bot | Kind::Busy(_)))
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
                inbox.put(body.as_bytes(), now() + chrono::TimeDelta::seconds(at)).unwrap();
            }
            Self { _folder: folder, inbox, said: RefCell::default() }
        }

        /// Works through it: the ids that were tried, and how it went.
        fn pass(&self, mut handle: impl FnMut(&str) -> Result<Handled>) -> (Vec<String>, Pass) {
            let mut tried = Vec::new();
            let holder = Holder::this_process("handle-action", now().fixed_offset());
            let mut worker = Worker {
                handle: &mut |event| {
                    tried.push(event.data.id.clone());
                    handle(&event.data.id)
                },
                say: &|line| self.said.borrow_mut().push(line.to_owned()),
                time: &now,
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
        let (tried, pass) = world.pass(|_| Ok(Handled::Done));
        assert_eq!((tried, pass.left), (vec!["a".to_owned(), "b".to_owned()], 0));
        assert_eq!(world.pass(|_| Ok(Handled::Done)).0, [""; 0]);
        let line = |id| format!("2026-12-01T09:00:00Z messages created {id}: done");
        assert_eq!(*world.said.borrow(), [line("a"), line("b")]);
    }

    #[test]
    fn an_event_that_waits_does_not_stop_the_others_and_is_tried_again() {
        let world = World::with(&["a", "b", "c"]);
        let later = |id: &str| Ok(if id == "a" { Handled::Later("not yet".to_owned()) } else { Handled::Done });
        let (tried, pass) = world.pass(later);
        assert_eq!((tried.len(), pass.left, pass.why.unwrap().to_string()), (3, 1, "not yet".to_owned()));
        assert_eq!(world.pass(|_| Ok(Handled::Done)).0, ["a"]);
    }

    #[test]
    fn what_can_never_be_done_is_set_aside() {
        let world = World::with(&["a"]);
        world.inbox.put(b"[]", now()).unwrap();
        let (tried, pass) = world.pass(|_| Ok(Handled::Never("too\nodd".to_owned())));
        assert_eq!((tried.len(), pass.left), (1, 0));
        let said = world.said.borrow();
        assert!(
            said[0].contains(" an event: set aside as ") && said[0].ends_with(": it is none of Webex's"),
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
    fn after_three_failures_in_a_row_the_rest_waits() {
        let world = World::with(&["a", "b", "c", "d", "e"]);
        assert_eq!(world.pass(|_| Err(anyhow!("Webex is away"))).0.len(), 3);
        let (tried, pass) = world.pass(|id| if id == "c" { Ok(Handled::Done) } else { Err(anyhow!("odd")) });
        assert_eq!((tried.len(), pass.left), (5, 4));
    }

    #[test]
    fn while_another_process_is_at_it_nothing_is_handled_twice() {
        let world = World::with(&["a"]);
        let other = Holder::this_process("handle-action", now().fixed_offset());
        let _desk = world.inbox.lock(&other, Duration::ZERO).unwrap();
        let (tried, pass) = world.pass(|_| Ok(Handled::Done));
        assert_eq!((tried.len(), pass.left), (0, 1));
        assert!(pass.why.unwrap().to_string().ends_with(" is at it"));
    }
}
