//! A small Webex on this computer, for trying things and for our own tests: the part of it that this program uses, as a
//! model with state, over HTTP. It checks what it receives against the specification, and makes trouble on request.
//!
//! Knows nothing else of this program. In reading order: `server` reads calls and `site` lets them meet the faults and
//! the model; `api` is the table of the calls, `http` and `shape` read them, `errors` refuses them; `model` is
//! everything there is; `oauth`, `people`, `meetings`, `messages` and `webhooks` are the calls, and `delivery` sends
//! notices to webhooks; `devices` are where `socket` sends the same; `control` controls it all; `data` saves it; `page`
//! shows it.

mod api;
mod calls;
mod connection;
mod control;
mod data;
mod delivery;
mod devices;
mod errors;
mod faults;
mod http;
mod ids;
mod meetings;
mod messages;
mod model;
mod oauth;
mod odd_answers;
mod page;
mod people;
mod server;
mod shape;
mod site;
mod socket;
mod view;
mod webhooks;
mod zoneinfo;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio::sync::oneshot;

use self::connection::Incoming;
use self::data::Data;
use self::model::Model;
use self::server::AppState;
use self::site::Site;
use self::zoneinfo::Zoneinfo;

pub use faults::{Fault, GRAMMAR};
pub use oauth::{BOT_TOKEN, CLIENT_ID, CLIENT_SECRET};
pub use people::{BOT, ORGANIZER, Person};

const SOON: Duration = Duration::from_millis(20);

/// The id of the space that contains the organizer and the bot.
pub fn organizers_space() -> String {
    messages::organizers().id
}

/// The options with which a sandbox is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address on which it listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The people besides the organizer and the bot.
    pub people: Vec<Person>,
    /// The time zone of the organizer and the bot.
    pub timezone: Tz,
    /// A folder of zone files that it uses; `None`: the system's.
    pub zoneinfo: Option<PathBuf>,
    /// The time at which its clock stands still; `None` lets it run.
    pub now: Option<DateTime<Utc>>,
    /// The folder in which it saves everything; `None` forgets everything at the end.
    pub data: Option<PathBuf>,
    /// The faults that are to happen from the start.
    pub faults: Vec<Fault>,
    /// How many calls it accepts per second.
    pub pace: Option<NonZeroU32>,
}

/// A running sandbox, until it is stopped or dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Sandbox {
    /// Starts one on a thread of its own. It answers as soon as this returns.
    ///
    /// # Errors
    /// It cannot listen on the address, or what was saved cannot be read or written.
    pub fn start(options: Options) -> io::Result<Self> {
        let Options { listen, people, timezone, zoneinfo, now, data, faults, pace } = options;
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let data = data.map(|folder| Data::open(&folder)).transpose()?;
        let kept = data.as_ref().map(Data::read).transpose()?.flatten();
        let mut model = kept.unwrap_or_else(|| Model::new(Vec::new(), timezone));
        model.admit(people, timezone);
        model.zoneinfo = Zoneinfo::new(zoneinfo);
        if let Some(data) = &data {
            data.write(&Data::text(&model)?)?;
        }
        let site = Arc::new(Site::new(model, faults, now, pace));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = delivery::client().map_err(io::Error::other)?;
        let (stop, stopped) = oneshot::channel();
        let serve = async move {
            let listener = Incoming(tokio::net::TcpListener::from_std(listener)?);
            let app = AppState { site: site.clone(), client };
            let service = server::router(app).into_make_service_with_connect_info::<connection::Line>();
            tokio::select! {
                ended = axum::serve(listener, service) => ended?,
                () = keep(&site, data.as_ref()) => {}
                _ = stopped => {}
            }
            data.map_or(Ok(()), |data| data.write(&Data::text(&site.lock().model)?))
        };
        let thread = thread::Builder::new().name("sandbox".to_owned()).spawn(move || runtime.block_on(serve))?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it, whatever it is doing.
    ///
    /// # Errors
    /// What it knows cannot be saved.
    pub fn stop(mut self) -> io::Result<()> {
        self.end()
    }

    fn end(&mut self) -> io::Result<()> {
        drop(self.stop.take());
        let Some(thread) = self.thread.take() else { return Ok(()) };
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the sandbox broke")))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Whoever wants to know the result calls `stop`.
        let _ = self.end();
    }
}

/// Saves the model soon after each change, for ever.
async fn keep(site: &Site, data: Option<&Data>) {
    let mut revision = site.lock().revision.subscribe();
    while revision.changed().await.is_ok() {
        let Some(data) = data else { continue };
        // More changes often follow at once.
        tokio::time::sleep(SOON).await;
        revision.mark_unchanged();
        let text = Data::text(&site.lock().model);
        // What cannot be saved now is tried again after the next change, and reported at the end.
        let _ = text.and_then(|text| data.write(&text));
    }
}
