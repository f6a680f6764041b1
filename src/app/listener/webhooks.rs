//! Webhooks: received by our own server, created and repaired at Webex, and verified by their signature. Knows how they
//! arrive; what they mean and where they wait is decided elsewhere.

use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::{EventRecorder, Programme, Programmes, catch_panic, run_with_worker};
use crate::app::context::{Context, stdout};
use crate::parallel::lock;
use crate::secrets;
use crate::serve::webhook::{self, HEALTH, Hook};
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::config::secret::SecretString;
use crate::store::inbox::Inbox;
use crate::webex::error::Kind;
use crate::webex::signature::verify;
use crate::webex::webhooks::{self, Elsewhere, WebhookChange, WebhookReport};

/// Webex turns off a webhook after failed deliveries: ours are checked again after this time.
const LOOK_AGAIN: TimeDelta = TimeDelta::hours(1);
/// Anybody can send requests that are refused: at most one line is written within this time.
const REFUSALS: Duration = Duration::from_secs(10);
/// A change of the inbox is recognized by its time only once it is this old: file system clocks are coarse.
const TICK: Duration = Duration::from_millis(100);

pub(super) fn run(programmes: &Programmes<'_>, listen: SocketAddr) -> Result<()> {
    let Programme { ctx, config, inbox } = &programmes.first;
    let secret = secret(ctx, config)?;
    let receiver = webhook::Receiver::open(listen).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("{listen} is in use\nhint: end the program that uses it, or name another address with --listen")
        }
        _ => anyhow!(error).context(format!("cannot listen on {listen}")),
    })?;
    let address = receiver.address()?;
    let (mut out, _) = stdout();
    writeln!(out, "listening on http://{address}").and_then(|()| out.flush()).context("cannot say where it listens")?;
    drop(out);
    if !address.ip().is_loopback() {
        ctx.say("warning: other machines can reach it, unencrypted: put a web server in front of it");
    }
    let path = Url::parse(&config.webhook.public_url).map_or("/".to_owned(), |url| url.path().to_owned());
    ctx.say(format_args!("webhooks come to {path}, and {HEALTH} says how many events are waiting"));

    let mut timer = WebhookCheckTimer::default();
    let see = || {
        let see = |first| catch_panic(ctx, || see_to_webhooks(ctx, config, &secret, first));
        timer.look(ctx.time(), |first| see(first).unwrap_or(true));
        timer.last.is_none()
    };
    run_with_worker(programmes, see, |recorder| {
        let (secret, inbox) = (secret.clone(), inbox.clone());
        let (refusals, counted) = (Mutex::default(), Mutex::default());
        let hook = Arc::new(WebhookReceiver { secret, inbox, recorder, refusals, counted });
        receiver.serve(&path, hook).context("cannot receive any more events")
    })
}

/// When the webhooks are checked: until that succeeds or is hopeless, and then from time to time.
#[derive(Default)]
struct WebhookCheckTimer {
    last: Option<DateTime<Utc>>,
}

impl WebhookCheckTimer {
    /// Checks if it is time: `see` is told whether it is the first time, and returns whether there is nothing more to
    /// do.
    fn look(&mut self, now: DateTime<Utc>, see: impl FnOnce(bool) -> bool) {
        let first = self.last.is_none();
        // A clock that is set back must not prevent the check.
        let is_time = self.last.is_none_or(|last| (now - last).abs() >= LOOK_AGAIN);
        if is_time && (see(first) || !first) {
            self.last = Some(now);
        }
    }
}

/// Makes Webex deliver here; returns whether there is nothing more to do about it. After the `first` time, it reports
/// only what is new.
fn see_to_webhooks(ctx: &Context<'_>, config: &Config, secret: &SecretString, first: bool) -> bool {
    let target = &config.webhook.public_url;
    if target.is_empty() {
        if first {
            ctx.say("webhook.public_url is not set: Webex is not asked to deliver here");
        }
        return true;
    }
    if let Err(why) = config.webex.bot_token.read() {
        ctx.say(format_args!("the webhooks cannot be checked: {why:#}"));
        return true;
    }
    let elsewhere = if first { Elsewhere::Lead } else { Elsewhere::Leave };
    let tried = ctx.webex(config).and_then(|client| Ok(webhooks::ensure(&client, target, secret, elsewhere)?));
    match tried {
        Ok(done) => {
            done.iter().filter(|done| first || done.is_news()).for_each(|done| ctx.say(told(done)));
            true
        }
        Err(error) => {
            ctx.say(harmless(&format!("the webhooks cannot be checked: {error:#}")));
            let kind = error.downcast_ref::<crate::webex::error::Error>().map(|error| error.kind);
            let helps =
                matches!(kind, Some(Kind::Busy(_) | Kind::NotDone | Kind::InDoubt | Kind::TimedOut | Kind::Gone));
            if !helps {
                let config = ctx.with_config();
                ctx.say(format_args!(
                    "hint: start it again when that is fixed; check the bot with: roulette{config} auth --status"
                ));
            }
            !helps
        }
    }
}

fn told(done: &WebhookReport) -> String {
    let WebhookReport { name, did } = done;
    match did {
        WebhookChange::Nothing => format!("webhook “{name}” is as it should be"),
        WebhookChange::Made => format!("webhook “{name}” was created"),
        WebhookChange::Repaired(faults) => format!("webhook “{name}” was repaired: {}", faults.join("; ")),
        WebhookChange::Taken(url) => format!(
            "webhook “{name}” now delivers to {url} instead of here: another listener has taken it, and keeps it\n\
             hint: one listener can serve several programmes: roulette handle-action --listen, with a --config for each"
        ),
        WebhookChange::RemovedDouble => format!("webhook “{name}” was there twice: one was removed"),
    }
}

/// Checks what arrives, and has it stored.
struct WebhookReceiver {
    secret: SecretString,
    inbox: Inbox,
    recorder: Arc<EventRecorder>,
    refusals: Mutex<Refusals>,
    /// How many events were waiting when the inbox had last changed at that time.
    counted: Mutex<Option<(SystemTime, usize)>>,
}

#[derive(Default)]
struct Refusals {
    /// Refusals that were not reported yet.
    count: u64,
    told: Option<Instant>,
}

impl Hook for WebhookReceiver {
    fn is_authentic(&self, body: &[u8], signature: &str) -> bool {
        verify(&self.secret, body, signature)
    }

    fn keep(&self, body: &[u8]) -> bool {
        self.recorder.keep(body)
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
                format!(" ({} in all since the last one reported)", refusals.count)
            } else {
                String::new()
            };
            self.recorder.say(&format!("a request was turned away: {why}{more}"));
            *refusals = Refusals { count: 0, told: Some(Instant::now()) };
        }
    }
}

/// The secret with which webhooks are signed.
pub(crate) fn secret(ctx: &Context<'_>, config: &Config) -> Result<SecretString> {
    const HINT: &str = "make up a long secret, and keep it where webhook.secret in the config says";
    let secret = config.webhook.secret.read();
    let secret = secret.map_err(|error| ctx.config_fault(None, format!("{error:#}"), HINT))?;
    secrets::remember(&secret);
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks at these minutes; returns when it was done, and whether for the first time.
    fn looks(minutes: &[i64], mut see: impl FnMut(i64) -> bool) -> Vec<(i64, bool)> {
        let start: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().unwrap();
        let (mut timer, mut seen) = (WebhookCheckTimer::default(), Vec::new());
        for minute in minutes {
            timer.look(start + TimeDelta::minutes(*minute), |first| {
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
