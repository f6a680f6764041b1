//! `handle-action --listen`: receives events until it is told to end, and handles them at the same time. They arrive
//! over Webex's websocket, or as webhooks if Webex can reach us. The sender waits only for the disk, never for the
//! handling.

mod socket;
mod webhooks;

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::context::{Clock, Context};
use super::handle_event;
use super::inbox_worker::{Worker, work_through};
use super::leftovers;
use super::logging;
use super::look_back::{ask_again, look_back};
use crate::parallel::lock;
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::heard::{self, Mark};
use crate::store::inbox::{Inbox, InboxWriter};

pub(crate) use webhooks::secret;

/// The longest time until waiting events are checked again: another receiver may have put them there.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// How long an event may take when the program is to end. It is stored, and will be handled again.
const LAST_WORK: Duration = Duration::from_secs(10);

/// Receives events: as webhooks if Webex can reach us, or if an address to listen on is given; otherwise over Webex's
/// websocket.
///
/// # Errors
/// It cannot listen, or can no longer listen.
pub(crate) fn run(programmes: &Programmes<'_>, listen: Option<SocketAddr>) -> Result<()> {
    let config = &programmes.first.config;
    let is_reached = !config.webhook.public_url.is_empty();
    match listen {
        None if !is_reached => socket::run(programmes),
        listen => webhooks::run(programmes, listen.unwrap_or(config.webhook.listen)),
    }
}

/// A programme for which events are received.
pub(crate) struct Programme<'a> {
    pub(crate) ctx: Context<'a>,
    pub(crate) config: Config,
    pub(crate) inbox: Inbox,
}

/// The programmes on one bot. Events wait in the inbox of the first one.
pub(crate) struct Programmes<'a> {
    pub(crate) first: Programme<'a>,
    pub(crate) more: Vec<Programme<'a>>,
}

impl<'a> Programmes<'a> {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Programme<'a>> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

/// Handles events while they are received: `see` is called before each pass, and returns whether that must happen again
/// soon. `hear` returns when the program is to end.
fn run_with_worker(
    programmes: &Programmes<'_>,
    see: impl FnMut() -> bool + Send,
    hear: impl FnOnce(Arc<EventRecorder>) -> Result<()>,
) -> Result<()> {
    let Programme { ctx, inbox, .. } = &programmes.first;
    let stop = AtomicBool::new(false);
    let (wake, woken) = mpsc::sync_channel(1);
    let (end, ended) = mpsc::channel::<()>();
    let recorder = Arc::new(EventRecorder {
        inbox: inbox.clone(),
        wake: wake.clone(),
        clock: ctx.clock(),
        quiet: ctx.global.quiet,
        pending: Mutex::default(),
        writing: Mutex::new(InboxWriter::new(inbox.clone())),
        states: programmes.all().map(|one| one.config.programme.state.clone()).collect(),
        heard: Mutex::default(),
        is_open: AtomicBool::default(),
        missed: Mutex::default(),
        gap_until: Mutex::default(),
    });
    let recorder_of_worker = Arc::clone(&recorder);
    thread::scope(|scope| {
        let stop = &stop;
        scope.spawn(move || {
            let _end = end;
            work(programmes, see, &recorder_of_worker, &woken, stop);
        });
        let heard = hear(recorder);
        stop.store(true, Ordering::Relaxed);
        // If the channel is full, the worker has already been woken.
        let _ = wake.try_send(());
        if ended.recv_timeout(LAST_WORK) == Err(RecvTimeoutError::Timeout) {
            ctx.say("ended in the middle of its work: what waits is kept, and the next run handles it");
            process::exit(i32::from(heard.is_err()));
        }
        heard
    })
}

/// Handles events for as long as the receiver runs: at once when something arrives, and again later when something
/// prevents it.
fn work(
    programmes: &Programmes<'_>,
    mut see: impl FnMut() -> bool,
    recorder: &EventRecorder,
    woken: &Receiver<()>,
    stop: &AtomicBool,
) {
    let Programme { ctx, config, .. } = &programmes.first;
    let stopped = || stop.load(Ordering::Relaxed);
    let holder = ctx.holder("handle-action --listen");
    let (mut wait, mut said) = (FIRST_WAIT, vec![String::new(); 1 + programmes.more.len()]);
    let is_reached = !config.webhook.public_url.is_empty();
    if is_reached {
        recorder.begins();
    }
    while !stopped() {
        let delivered = !see();
        if is_reached && delivered {
            // Webex delivers here, if there is anything to deliver.
            recorder.record_heard();
        }
        let unread = recorder.look_back(&programmes.first);
        let (mut left, mut blocked, mut undone) = (false, false, false);
        for (one, said) in programmes.all().zip(&mut said) {
            let Programme { ctx, config, inbox } = one;
            let mut worker = Worker {
                handle: &mut |events| handle_event::handle(ctx, config, events),
                say: &|line| ctx.say(line),
                time: &|| ctx.time(),
                go_on: &|| !stopped(),
            };
            // If another process is at work, we try again later instead of waiting.
            let pass = catch_panic(ctx, || work_through(inbox, &holder, Duration::ZERO, &mut worker));
            let (is_left, is_blocked) = match pass {
                Some(Ok(pass)) => (pass.left > 0, pass.blocked),
                Some(Err(error)) => {
                    ctx.say(harmless(&format!("the inbox cannot be processed: {error:#}")));
                    (true, true)
                }
                None => (true, true),
            };
            left |= is_left;
            blocked |= is_blocked;
            undone |= !is_blocked && is_undone(ctx, config, said);
        }
        let unasked = recorder.ask_again(programmes);
        let again = left || undone || unread || unasked || !delivered;
        let until = Instant::now() + if again { wait } else { LONGEST_WAIT };
        wait = if again { (2 * wait).min(LONGEST_WAIT) } else { FIRST_WAIT };
        while woken.recv_timeout(until.saturating_duration_since(Instant::now())) != Err(RecvTimeoutError::Timeout) {
            // What arrives while something blocks everything waits with the rest.
            if stopped() || (delivered && !blocked) {
                break;
            }
        }
    }
}

/// Finishes what earlier events left undone; returns whether something is still left. The same reason is reported once.
fn is_undone(ctx: &Context<'_>, config: &Config, said: &mut String) -> bool {
    match catch_panic(ctx, || leftovers::see_to(ctx, config)) {
        Some(Ok(())) => {
            said.clear();
            false
        }
        Some(Err(error)) => {
            let why = format!("not everything is done yet, and the rest is tried again: {error:#}");
            if *said != why {
                ctx.say(harmless(&why));
                *said = why;
            }
            true
        }
        None => true,
    }
}

/// Does the work. If it panics, that is reported and everything else continues: otherwise nobody would notice that
/// nothing is handled.
fn catch_panic<T>(ctx: &Context<'_>, work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    if done.is_none() {
        ctx.say("the program failed at its work: it tries again later");
    }
    done
}

/// A body that arrived, and the sender who waits until it is stored.
struct PendingBody {
    body: Vec<u8>,
    at: DateTime<Utc>,
    kept: mpsc::Sender<bool>,
}

/// Stores what arrives, and wakes the worker.
struct EventRecorder {
    inbox: Inbox,
    wake: SyncSender<()>,
    clock: Clock,
    quiet: bool,
    /// What arrived and is not stored yet.
    pending: Mutex<Vec<PendingBody>>,
    /// Held by whoever is storing what arrived.
    writing: Mutex<InboxWriter>,
    /// The states of all programmes for which events are received, and when it was last recorded that events arrive.
    states: Vec<PathBuf>,
    heard: Mutex<Option<Instant>>,
    /// Whether events arrive and it is known since when they did not.
    is_open: AtomicBool,
    /// Whether to look for what was typed while nobody listened, and until when somebody listened for each programme.
    missed: Mutex<Option<Vec<Option<DateTime<Utc>>>>>,
    /// Until when somebody listened, once that was looked for: then whoever has an open question is asked again.
    gap_until: Mutex<Vec<Option<DateTime<Utc>>>>,
}

/// How often it is recorded that events arrive, while they do.
const HEARD: Duration = Duration::from_secs(60);

impl EventRecorder {
    /// Stores a body; returns whether it is safe. Bodies that arrive in the meantime share the wait for the disk.
    fn keep(&self, body: &[u8]) -> bool {
        self.record_all(vec![(body.to_vec(), self.clock.time())])
    }

    /// Stores bodies, each with its time of arrival; returns whether all are safe.
    fn record_all(&self, bodies: Vec<(Vec<u8>, DateTime<Utc>)>) -> bool {
        let (done, kept) = mpsc::channel();
        let many = bodies.len();
        lock(&self.pending).extend(bodies.into_iter().map(|(body, at)| PendingBody { body, at, kept: done.clone() }));
        // Whoever gets the lock stores everything that arrived in the meantime: one wait for the disk serves many.
        let mut writing = lock(&self.writing);
        let pending = std::mem::take(&mut *lock(&self.pending));
        self.keep_all(&pending, &mut writing);
        kept.try_iter().take(many).filter(|kept| *kept).count() == many
    }

    /// From here on events arrive: what was typed before is to be looked for.
    fn begins(&self) {
        // If an earlier gap is not completely made good, that one counts: the program may have ended in the meantime.
        let of = |state: &PathBuf| heard::last(state, Mark::Missed).or_else(|| heard::last(state, Mark::Heard));
        let last: Vec<_> = self.states.iter().map(of).collect();
        // Before anything is written: what is heard from here on does not make good what was missed.
        lock(&self.missed).get_or_insert_with(|| last.clone());
        for (state, last) in self.states.iter().zip(last) {
            if let Some(Err(error)) = last.map(|last| heard::keep(state, Mark::Missed, last)) {
                self.say(&format!("the time since which nobody has listened cannot be saved: {error:#}"));
            }
        }
        *lock(&self.heard) = None;
        self.is_open.store(true, Ordering::SeqCst);
        self.record_heard();
        let _ = self.wake.try_send(());
    }

    /// Looks for what was typed while nobody listened, if necessary; returns whether that has to be tried again.
    fn look_back(&self, Programme { ctx, config, inbox }: &Programme<'_>) -> bool {
        let missed = lock(&self.missed).clone();
        let Some(last) = missed else { return false };
        match catch_panic(ctx, || look_back(ctx, config, inbox)) {
            Some(Ok(_)) => {
                *lock(&self.missed) = None;
                *lock(&self.gap_until) = last;
                false
            }
            Some(Err(error)) => {
                self.say(
                    &format!("what was typed while nobody listened cannot be read yet: {error:#}").replace('\n', "; "),
                );
                true
            }
            None => true,
        }
    }

    /// Asks whoever has an open question again, once what was typed is handled; returns whether that has to be tried
    /// again.
    fn ask_again(&self, programmes: &Programmes<'_>) -> bool {
        let gap_until = lock(&self.gap_until).clone();
        let mut is_left = false;
        for (at, one) in programmes.all().enumerate() {
            let Some(last) = gap_until.get(at).copied().flatten() else { continue };
            if !self.inbox.is_empty().unwrap_or(false) {
                return true;
            }
            let Programme { ctx, config, .. } = one;
            let asked = catch_panic(ctx, || ask_again(ctx, config, last));
            if let Some(Err(error)) = &asked {
                self.say(&format!("nobody can be asked again yet: {error:#}").replace('\n', "; "));
            }
            if matches!(asked, Some(Ok(()))) {
                heard::forget(&config.programme.state, Mark::Missed);
                if let Some(gap_until) = lock(&self.gap_until).get_mut(at) {
                    *gap_until = None;
                }
            } else {
                is_left = true;
            }
        }
        is_left
    }

    /// Events arrived until now, and will again: until receiving starts, nothing that is heard counts as complete.
    fn pauses(&self) {
        self.is_open.store(false, Ordering::SeqCst);
    }

    /// Records that events arrive, or would arrive if there were any.
    fn record_heard(&self) {
        if !self.is_open.load(Ordering::SeqCst) {
            return;
        }
        let mut heard = lock(&self.heard);
        if heard.is_none_or(|at| at.elapsed() >= HEARD) {
            *heard = Some(Instant::now());
            let now = self.clock.time();
            // What arrives while events are received need not be looked for later.
            let is_all_read = lock(&self.missed).is_none() && lock(&self.gap_until).iter().all(Option::is_none);
            let covered: &[Mark] = if is_all_read { &[Mark::Looked, Mark::Read, Mark::Heard] } else { &[Mark::Heard] };
            let mut all = self.states.iter().flat_map(|state| covered.iter().map(move |mark| (state, *mark)));
            if let Err(error) = all.try_for_each(|(state, mark)| heard::keep(state, mark, now)) {
                self.say(&format!("roulette cannot save that events arrive: {error:#}"));
            }
        }
    }

    fn keep_all(&self, pending: &[PendingBody], writer: &mut InboxWriter) {
        if pending.is_empty() {
            return;
        }
        let bodies: Vec<_> = pending.iter().map(|one| (&*one.body, one.at)).collect();
        let kept = writer.put_all(&bodies);
        self.record_heard();
        // If the channel is full, the worker has not looked yet.
        let _ = self.wake.try_send(());
        let cannot = |error: &anyhow::Error| {
            self.say(&format!("an event cannot be saved: {}", format!("{error:#}").replace('\n', "; ")));
        };
        kept.iter().flatten().filter_map(|kept| kept.as_ref().err()).for_each(cannot);
        kept.as_ref().err().into_iter().for_each(cannot);
        for (at, one) in pending.iter().enumerate() {
            // A sender who is gone does not hear it.
            let _ = one.kept.send(kept.as_ref().is_ok_and(|kept| kept[at].is_ok()));
        }
    }

    fn say(&self, line: &str) {
        if !self.quiet {
            logging::say(&harmless(line));
        }
    }
}
