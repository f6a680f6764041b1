//! Webex's websocket: opened, kept open, and reopened, until the program is to end. An event is acknowledged once it is
//! on the disk, so that one that is lost on the way comes again. Knows how events arrive; what they mean and where they
//! wait is decided elsewhere.

use std::future::pending;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep, timeout};

use super::{EventRecorder, HEARD, Programme, Programmes, run_with_worker};
use crate::app::context::{Context, stdout};
use crate::show::text::harmless;
use crate::store::config::Config;
use crate::store::config::secret::SecretString;
use crate::webex::calls::Who;
use crate::webex::error::NotKnown;
use crate::webex::websocket::{Incoming, KeepAlive, Opener, Trouble, Websocket};

/// The wait before the first reconnection; it doubles after each further attempt.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(32);
/// How many events are read before the first of them are on the disk.
const MOST: usize = 1024;
/// How long the last events may take to be stored: a disk may hang for ever.
const LAST_KEEPING: Duration = Duration::from_secs(10);

pub(super) fn run(programmes: &Programmes<'_>) -> Result<()> {
    let Programme { ctx, config, .. } = &programmes.first;
    // Nothing needs to be checked here: problems show when the connection is opened.
    run_with_worker(programmes, || false, |recorder| listen(ctx, config, &recorder))
}

fn listen(ctx: &Context<'_>, config: &Config, recorder: &Arc<EventRecorder>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let opener = Opener::new(&config.webex.base_url, config.webex.timeout, KeepAlive::default())?;
    let ended = runtime.block_on(async {
        let [mut terminate, mut interrupt] = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
        let (end, ending) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            end.send_replace(true);
            // This is awaited for as long as the program runs.
            pending::<()>().await;
        });
        let listener = Listener { ctx, config, recorder, ending, opener, said: String::new(), was_ready: false };
        listener.listen().await
    });
    runtime.shutdown_timeout(FIRST_WAIT);
    ended
}

struct Listener<'a> {
    ctx: &'a Context<'a>,
    config: &'a Config,
    recorder: &'a Arc<EventRecorder>,
    /// Whether the program is to end.
    ending: watch::Receiver<bool>,
    opener: Opener,
    /// The last problem that was reported: it is reported only once.
    said: String,
    /// Whether Webex has ever said that it sends.
    was_ready: bool,
}

/// The outcome of a connection.
struct ConnectionEnd {
    /// Since when it was ready, if it was.
    ready: Option<Instant>,
    trouble: Trouble,
}

impl Listener<'_> {
    async fn listen(mut self) -> Result<()> {
        let (mut wait, mut anew, mut refused) = (FIRST_WAIT, false, false);
        loop {
            let token = self.token()?;
            let Some(ConnectionEnd { ready, trouble }) = self.live(&token, anew).await else {
                self.opener.remove(&token).await;
                return Ok(());
            };
            // A connection that breaks as soon as it is opened is not reopened at once.
            if ready.is_some_and(|since| since.elapsed() >= wait) {
                wait = FIRST_WAIT;
            }
            refused &= ready.is_none();
            anew = trouble == Trouble::Stale;
            match trouble {
                Trouble::Passing(why) => self.say(&why, wait),
                Trouble::Stale => self.say("Webex no longer knows this device, so it is registered again", wait),
                // The token may have changed, or Webex may be wrong.
                Trouble::Refused(why) if !refused => {
                    refused = true;
                    self.say(&why, wait);
                }
                Trouble::Refused(why) => return Err(NotKnown { who: Who::Bot, why }.into()),
                Trouble::Replaced => {
                    return Err(anyhow!(
                        "another connection has taken the place of this one at Webex's websocket \
                            (4000), so this one ends\n\
                         hint: a bot can have only one listener; find out where else roulette handle-action --listen \
                         runs: one can serve several programmes, with a --config for each"
                    ));
                }
                Trouble::Unwanted(why) => {
                    return Err(anyhow!(
                        "{why}, and asks roulette not to connect again\nhint: webhooks do the same job: set \
                            webhook.public_url in the config"
                    ));
                }
            }
            let mut ending = self.ending.clone();
            tokio::select! {
                () = sleep(wait) => {}
                _ = ending.wait_for(|ending| *ending) => {
                    self.opener.remove(&token).await;
                    return Ok(());
                }
            }
            wait = (2 * wait).min(LONGEST_WAIT);
        }
    }

    /// The bot's token, which may have changed.
    fn token(&self) -> Result<SecretString> {
        let token = self.config.webex.bot_token.read();
        token.map_err(|error| NotKnown { who: Who::Bot, why: format!("{error:#}") }.into())
    }

    /// Reports a problem, unless it was the last one to be reported.
    fn say(&mut self, why: &str, wait: Duration) {
        if self.said != why {
            self.ctx.say(harmless(&format!("the websocket: {why}; connecting again in {} s", wait.as_secs())));
            why.clone_into(&mut self.said);
        }
    }

    /// Opens a connection, and receives events until it ends; none if the program is to end.
    async fn live(&mut self, token: &SecretString, anew: bool) -> Option<ConnectionEnd> {
        let mut ending = self.ending.clone();
        let opened = tokio::select! {
            opened = self.opener.open(token, anew) => opened,
            _ = ending.wait_for(|ending| *ending) => return None,
        };
        let mut ready = None;
        let trouble = match opened {
            Ok(mut socket) => match self.hear(&mut socket, &mut ready).await {
                Ok(()) => {
                    self.keep_last(socket.close().await).await;
                    return None;
                }
                Err(trouble) => trouble,
            },
            Err(trouble) => trouble,
        };
        Some(ConnectionEnd { ready, trouble })
    }

    /// Receives events, and acknowledges what is stored, until the program is to end.
    async fn hear(&mut self, socket: &mut Websocket, ready: &mut Option<Instant>) -> Result<(), Trouble> {
        let mut ending = self.ending.clone();
        let (mut is_ending, mut keeping) = (false, PendingWrites::default());
        let mut alive = tokio::time::interval(HEARD);
        loop {
            keeping.begin(self.recorder);
            if is_ending && keeping.under_way.is_none() {
                return Ok(());
            }
            tokio::select! {
                kept = keeping.kept() => socket.acknowledge(&kept?).await?,
                came = socket.next(), if !is_ending && keeping.bodies.len() < MOST => match came? {
                    Incoming::Ready => {
                        *ready = Some(Instant::now());
                        self.recorder.pauses();
                        let recorder = Arc::clone(self.recorder);
                        drop(spawn_blocking(move || recorder.begins()));
                        self.tell_ready(socket.host());
                    }
                    Incoming::Event(body, id) => keeping.add(body, id, self.recorder.clock.time()),
                    Incoming::Other(id) => socket.acknowledge(&[id]).await?,
                    Incoming::Odd(id) => {
                        self.ctx.say("the websocket: an event was not understood and was skipped");
                        socket.acknowledge(&[id]).await?;
                    }
                },
                _ = alive.tick(), if ready.is_some() => {
                    let recorder = Arc::clone(self.recorder);
                    drop(spawn_blocking(move || recorder.record_heard()));
                }
                _ = ending.wait_for(|ending| *ending), if !is_ending => is_ending = true,
            }
        }
    }

    /// Stores what was on its way when the program was to end: it is no longer acknowledged.
    async fn keep_last(&self, bodies: Vec<Vec<u8>>) {
        let mut keeping = PendingWrites::default();
        bodies.into_iter().for_each(|body| keeping.add(body, String::new(), self.recorder.clock.time()));
        keeping.begin(self.recorder);
        if keeping.under_way.is_some() && keeping.kept().await.is_err() {
            self.ctx.say("the websocket: the last events to arrive cannot be saved");
        }
    }

    fn tell_ready(&mut self, host: &str) {
        if self.was_ready {
            self.ctx.say("the websocket: connected again");
        } else {
            let (mut out, _) = stdout();
            // Whoever reads it may be gone.
            let _ = writeln!(out, "listening on Webex's websocket at {host}").and_then(|()| out.flush());
        }
        self.was_ready = true;
        self.said.clear();
    }
}

/// What was read but is not on the disk yet.
#[derive(Default)]
struct PendingWrites {
    bodies: Vec<(Vec<u8>, DateTime<Utc>)>,
    /// When the last one arrived: events wait in the order of their times.
    last: Option<DateTime<Utc>>,
    ids: Vec<String>,
    under_way: Option<(JoinHandle<bool>, Vec<String>)>,
}

impl PendingWrites {
    fn add(&mut self, body: Vec<u8>, id: String, at: DateTime<Utc>) {
        let at = self.last.map_or(at, |last| at.max(last + TimeDelta::microseconds(1)));
        self.last = Some(at);
        self.bodies.push((body, at));
        self.ids.push(id);
    }

    /// Has the available events stored, unless the disk is already busy.
    fn begin(&mut self, recorder: &Arc<EventRecorder>) {
        if self.under_way.is_none() && !self.bodies.is_empty() {
            let (bodies, ids) = (std::mem::take(&mut self.bodies), std::mem::take(&mut self.ids));
            let recorder = Arc::clone(recorder);
            self.under_way = Some((spawn_blocking(move || recorder.record_all(bodies)), ids));
        }
    }

    /// Waits for the disk, for ever if nothing is being stored; returns what can be acknowledged.
    async fn kept(&mut self) -> Result<Vec<String>, Trouble> {
        let Some((task, _)) = &mut self.under_way else { return pending().await };
        let kept = timeout(LAST_KEEPING, task).await;
        let ids = self.under_way.take().map(|(_, ids)| ids).unwrap_or_default();
        match kept {
            Ok(Ok(true)) => Ok(ids),
            // It comes again on the next connection.
            _ => Err(Trouble::Passing("what arrived cannot be saved, so it is not acknowledged".to_owned())),
        }
    }
}
