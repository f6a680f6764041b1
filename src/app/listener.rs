//! `handle-action --listen`: receives webhooks until it is told to end, and works through what came beside it.
//! Whoever delivers waits for the disk only, never for the work.

use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::context::{Clock, Context, stdout};
use super::exit_status::with_config;
use super::handle_event;
use super::inbox_worker::{Worker, work_through};
use super::leftovers;
use crate::secrets;
use crate::serve::webhook::{self, HEALTH, Hook};
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::config::secret::SecretString;
use crate::store::inbox::{Inbox, Putter};
use crate::webex::error::Kind;
use crate::webex::signature::verify;
use crate::webex::webhooks::{self, WebhookChange, WebhookReport};

/// At the latest after so long, what waits is looked at again: another receiver may have put it there.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Webex turns a webhook off after deliveries that fail: after so long, ours are looked at again.
const LOOK_AGAIN: TimeDelta = TimeDelta::hours(1);
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// So long an event may take when the program is to end. It is kept, and is done again.
const LAST_WORK: Duration = Duration::from_secs(10);
/// Anybody can send what is refused: no more than a line in so long.
const REFUSALS: Duration = Duration::from_secs(10);

pub(crate) fn run(ctx: &Context<'_>, config: &Config, inbox: &Inbox, listen: SocketAddr) -> Result<()> {
    let secret = secret(ctx, config)?;
    let receiver = webhook::Receiver::open(listen).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("{listen} is in use\nhint: end the program that has it, or name another address with --listen")
        }
        _ => anyhow!(error).context(format!("cannot listen on {listen}")),
    })?;
    let address = receiver.address()?;
    let (mut out, _) = stdout();
    writeln!(out, "listening on http://{address}").and_then(|()| out.flush()).context("cannot say where it listens")?;
    drop(out);
    if !address.ip().is_loopback() {
        ctx.say("warning: other machines reach it, unencrypted: better put a web server in front of it");
    }
    let path = Url::parse(&config.webhook.public_url).map_or("/".to_owned(), |url| url.path().to_owned());
    ctx.say(format_args!("webhooks come to {path}, and {HEALTH} says how many events wait"));

    let stop = AtomicBool::new(false);
    let (wake, woken) = mpsc::sync_channel(1);
    let (end, ended) = mpsc::channel::<()>();
    let doorkeeper = Arc::new(WebhookReceiver {
        secret: secret.clone(),
        inbox: inbox.clone(),
        wake: wake.clone(),
        clock: ctx.clock(),
        quiet: ctx.global.quiet,
        refusals: Mutex::default(),
        came: Mutex::default(),
        keeping: Mutex::new(Putter::new(inbox.clone())),
        counted: Mutex::default(),
    });
    thread::scope(|scope| {
        let stop = &stop;
        scope.spawn(move || {
            let _end = end;
            work(ctx, config, inbox, &secret, &woken, stop);
        });
        let served = receiver.serve(&path, doorkeeper);
        stop.store(true, Ordering::Relaxed);
        // Full is as good: it is woken already.
        let _ = wake.try_send(());
        if ended.recv_timeout(LAST_WORK) == Err(RecvTimeoutError::Timeout) {
            ctx.say("ended in the middle of the work: what waits is kept, and handled by the next run");
            process::exit(i32::from(served.is_err()));
        }
        served.context("cannot receive any more")
    })
}

/// Works for as long as the receiver runs: at once when something comes, and later again when something is in the way.
fn work(
    ctx: &Context<'_>,
    config: &Config,
    inbox: &Inbox,
    secret: &SecretString,
    woken: &Receiver<()>,
    stop: &AtomicBool,
) {
    let stopped = || stop.load(Ordering::Relaxed);
    let mut worker = Worker {
        handle: &mut |events| handle_event::handle(ctx, config, events),
        say: &|line| ctx.say(line),
        time: &|| ctx.time(),
        go_on: &|| !stopped(),
    };
    let holder = ctx.holder("handle-action --listen");
    let (mut lookout, mut wait, mut said) = (WebhookCheckTimer::default(), FIRST_WAIT, String::new());
    while !stopped() {
        let see = |first| unharmed(ctx, || see_to_webhooks(ctx, config, secret, first));
        lookout.look(ctx.time(), |first| see(first).unwrap_or(true));
        // Another process that is at it is asked again later, not waited for.
        let pass = unharmed(ctx, || work_through(inbox, &holder, Duration::ZERO, &mut worker));
        let (left, blocked) = match pass {
            Some(Ok(pass)) => (pass.left > 0, pass.blocked),
            Some(Err(error)) => {
                ctx.say(harmless(&format!("the inbox cannot be worked through: {error:#}")));
                (true, true)
            }
            None => (true, true),
        };
        let undone = !blocked && is_undone(ctx, config, &mut said);
        let delivered = lookout.last.is_some();
        let again = left || undone || !delivered;
        let until = Instant::now() + if again { wait } else { LONGEST_WAIT };
        wait = if again { (2 * wait).min(LONGEST_WAIT) } else { FIRST_WAIT };
        while woken.recv_timeout(until.saturating_duration_since(Instant::now())) != Err(RecvTimeoutError::Timeout) {
            // What comes while something is in everybody's way waits with the rest.
            if stopped() || (delivered && !blocked) {
                break;
            }
        }
    }
}

/// Sees to what earlier events left undone; whether something is left still. The same reason is `said` once.
fn is_undone(ctx: &Context<'_>, config: &Config, said: &mut String) -> bool {
    match unharmed(ctx, || leftovers::see_to(ctx, config)) {
        Some(Ok(())) => {
            said.clear();
            false
        }
        Some(Err(error)) => {
            let why = format!("not everything is done yet, and is tried again: {error:#}");
            if *said != why {
                ctx.say(harmless(&why));
                *said = why;
            }
            true
        }
        None => true,
    }
}

/// Does it. Where the program fails at it, that is said, and the rest goes on: that nobody works would go unnoticed.
fn unharmed<T>(ctx: &Context<'_>, work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    if done.is_none() {
        ctx.say("the program failed at its work: it is tried again later");
    }
    done
}

/// When the webhooks are looked at: until it is done or hopeless, and then from time to time.
#[derive(Default)]
struct WebhookCheckTimer {
    last: Option<DateTime<Utc>>,
}

impl WebhookCheckTimer {
    /// Looks if it is time to: `see` is told whether it is the first time, and says whether there is no more to do.
    fn look(&mut self, now: DateTime<Utc>, see: impl FnOnce(bool) -> bool) {
        let first = self.last.is_none();
        // A clock that is set back must not keep us from looking.
        let is_time = self.last.is_none_or(|last| (now - last).abs() >= LOOK_AGAIN);
        if is_time && (see(first) || !first) {
            self.last = Some(now);
        }
    }
}

/// Makes Webex deliver here: whether there is no more to do about it. Later than the `first` time, says only what is new.
fn see_to_webhooks(ctx: &Context<'_>, config: &Config, secret: &SecretString, first: bool) -> bool {
    let target = &config.webhook.public_url;
    if target.is_empty() {
        if first {
            ctx.say("webhook.public_url is not set: Webex is not asked to deliver here");
        }
        return true;
    }
    if let Err(why) = config.webex.bot_token.read() {
        ctx.say(format_args!("the webhooks cannot be looked at: {why:#}"));
        return true;
    }
    let tried = ctx.webex(config).and_then(|client| Ok(webhooks::ensure(&client, target, secret)?));
    match tried {
        Ok(done) => {
            done.iter().filter(|done| first || done.is_news()).for_each(|done| ctx.say(told(done)));
            true
        }
        Err(error) => {
            ctx.say(harmless(&format!("the webhooks cannot be looked at: {error:#}")));
            let kind = error.downcast_ref::<crate::webex::error::Error>().map(|error| error.kind);
            let helps =
                matches!(kind, Some(Kind::Busy(_) | Kind::NotDone | Kind::InDoubt | Kind::TimedOut | Kind::Gone));
            if !helps {
                let config = with_config(ctx.global);
                ctx.say(format_args!("hint: start it again when that is put right; see how the bot does with: roulette{config} auth --status"));
            }
            !helps
        }
    }
}

fn told(done: &WebhookReport) -> String {
    let WebhookReport { name, did } = done;
    match did {
        WebhookChange::Nothing => format!("webhook “{name}” is as it should be"),
        WebhookChange::Made => format!("webhook “{name}” is made"),
        WebhookChange::Repaired(faults) => format!("webhook “{name}” is put right: {}", faults.join("; ")),
        WebhookChange::RemovedDouble => format!("webhook “{name}” was there twice: one is removed"),
    }
}

/// Looks at what comes, and keeps it.
struct WebhookReceiver {
    secret: SecretString,
    inbox: Inbox,
    wake: SyncSender<()>,
    clock: Clock,
    quiet: bool,
    refusals: Mutex<Refusals>,
    /// What came and is not kept yet.
    came: Mutex<Vec<Came>>,
    /// Held by whoever keeps what came.
    keeping: Mutex<Putter>,
    /// How many waited when the inbox had last changed at that time.
    counted: Mutex<Option<(SystemTime, usize)>>,
}

/// A body that came, and who waits until it is kept.
struct Came {
    body: Vec<u8>,
    at: DateTime<Utc>,
    kept: mpsc::Sender<bool>,
}

/// A change of the inbox is seen by its time once that is so long ago: clocks of disks are coarse.
const TICK: Duration = Duration::from_millis(100);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Default)]
struct Refusals {
    /// Not told yet.
    count: u64,
    told: Option<Instant>,
}

impl WebhookReceiver {
    fn keep_all(&self, came: &[Came], putter: &mut Putter) {
        if came.is_empty() {
            return;
        }
        let bodies: Vec<_> = came.iter().map(|one| (&*one.body, one.at)).collect();
        let kept = putter.put_all(&bodies);
        // Full is as good: the worker has not looked yet.
        let _ = self.wake.try_send(());
        let cannot = |error: &anyhow::Error| {
            self.say(&format!("an event cannot be kept: {}", format!("{error:#}").replace('\n', "; ")));
        };
        kept.iter().flatten().filter_map(|kept| kept.as_ref().err()).for_each(cannot);
        kept.as_ref().err().into_iter().for_each(cannot);
        for (at, one) in came.iter().enumerate() {
            // Whoever is gone does not hear it.
            let _ = one.kept.send(kept.as_ref().is_ok_and(|kept| kept[at].is_ok()));
        }
    }

    fn say(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "{}", harmless(&secrets::strike_ours(line)));
        }
    }
}

impl Hook for WebhookReceiver {
    fn is_believed(&self, body: &[u8], signature: &str) -> bool {
        verify(&self.secret, body, signature)
    }

    fn keep(&self, body: &[u8]) -> bool {
        let (done, kept) = mpsc::channel();
        lock(&self.came).push(Came { body: body.to_vec(), at: self.clock.time(), kept: done });
        // Whoever gets in keeps all that came meanwhile: the disk is waited for once for many.
        let mut keeping = lock(&self.keeping);
        let came = std::mem::take(&mut *lock(&self.came));
        self.keep_all(&came, &mut keeping);
        kept.try_recv().unwrap_or(false)
    }

    fn waiting(&self) -> Option<usize> {
        let changed = self.inbox.changed();
        let known = *lock(&self.counted);
        if let Some((_, count)) = known.filter(|(at, _)| Some(*at) == changed) {
            return Some(count);
        }
        let count = self.inbox.list().ok()?.len();
        *lock(&self.counted) = changed.filter(|at| at.elapsed().is_ok_and(|since| since > TICK)).map(|at| (at, count));
        Some(count)
    }

    fn sent_away(&self, why: &'static str) {
        let mut refusals = lock(&self.refusals);
        refusals.count += 1;
        if refusals.told.is_none_or(|told| told.elapsed() >= REFUSALS) {
            let more = if refusals.count > 1 {
                format!(" ({} in all since the last one told)", refusals.count)
            } else {
                String::new()
            };
            self.say(&format!("a request is sent away: {why}{more}"));
            *refusals = Refusals { count: 0, told: Some(Instant::now()) };
        }
    }
}

/// The secret that webhooks are signed with.
pub(crate) fn secret(ctx: &Context<'_>, config: &Config) -> Result<SecretString> {
    const HINT: &str = "make up something long, and keep it where webhook.secret in the config says";
    let secret = config.webhook.secret.read();
    let secret = secret.map_err(|error| ctx.config_fault(None, format!("{error:#}"), HINT))?;
    secrets::remember(&secret);
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at these minutes: those at which it was seen to, and whether for the first time.
    fn looks(minutes: &[i64], mut see: impl FnMut(i64) -> bool) -> Vec<(i64, bool)> {
        let start: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().unwrap();
        let (mut lookout, mut seen) = (WebhookCheckTimer::default(), Vec::new());
        for minute in minutes {
            lookout.look(start + TimeDelta::minutes(*minute), |first| {
                seen.push((*minute, first));
                see(*minute)
            });
        }
        seen
    }

    #[test]
    fn webhooks_are_looked_at_until_they_are_right_and_then_every_hour() {
        let right_at_last = looks(&[0, 1, 2, 59, 60, 61, 62, 120, 121], |minute| minute > 0);
        assert_eq!(right_at_last, [(0, true), (1, true), (61, false), (121, false)]);
    }

    #[test]
    fn a_look_that_fails_later_waits_for_the_next_hour() {
        assert_eq!(looks(&[0, 60, 61, 119, 120], |minute| minute != 60), [(0, true), (60, false), (120, false)]);
    }

    #[test]
    fn a_clock_that_is_set_back_or_a_machine_that_slept_keeps_nobody_from_looking() {
        assert_eq!(looks(&[0, -90, -89, 600], |_| true), [(0, true), (-90, false), (600, false)]);
    }
}
