//! A small Webex on this computer, for trying and for our own tests: what this program uses of it, as a model with
//! state, over HTTP. It checks what it receives as the specification has it, and makes trouble on request.
//!
//! Knows nothing else of this program. In reading order: `server` reads calls and `site` lets them meet the faults and
//! the model; `api` is the table of the calls, `http` and `shape` what they are read with, `errors` how they are
//! refused; `model` is everything there is; `oauth`, `people` and `meetings` are the calls; `control` steers it all.

mod api;
mod calls;
mod control;
mod door;
mod errors;
mod faults;
mod http;
mod ids;
mod meetings;
mod model;
mod oauth;
mod people;
mod server;
mod shape;
mod site;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};
use std::thread::{self, JoinHandle};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio::sync::oneshot;

pub use faults::{Fault, GRAMMAR};
pub use oauth::{BOT_TOKEN, CLIENT_ID, CLIENT_SECRET};
pub use people::{BOT, ORGANIZER, Person};

/// The id of the space where the organizer and the bot are.
pub static ORGANIZERS_SPACE: LazyLock<String> = LazyLock::new(|| ids::spark("ROOM", "organizers"));

/// What a sandbox is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Who is there besides the organizer and the bot.
    pub people: Vec<Person>,
    /// Where the organizer and the bot live.
    pub timezone: Tz,
    /// Where its clock stands; `None` lets it run.
    pub now: Option<DateTime<Utc>>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// How many calls it takes in a second.
    pub pace: Option<NonZeroU32>,
}

/// A sandbox that runs, until it is stopped or dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts one on a thread of its own. It answers as soon as this returns.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let model = model::Model::new(options.people, options.timezone);
        let site = Arc::new(site::Site::new(model, options.faults, options.now, options.pace));
        let (stop, stopped) = oneshot::channel();
        let serve = async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            let service = server::router(site).into_make_service_with_connect_info::<door::Line>();
            tokio::select! {
                _ = axum::serve(door::Door(listener), service) => {}
                _ = stopped => {}
            }
        };
        let thread = thread::Builder::new().name("sandbox".to_owned()).spawn(move || runtime.block_on(serve))?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it, whatever it is doing.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It does not panic; and if it did, there is nothing to save.
            let _ = thread.join();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.end();
    }
}
