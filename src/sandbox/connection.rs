//! Incoming connections, which can be cut without an answer, and which are cut when a request takes too long to arrive.
//! Knows bytes and time; knows no HTTP.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

/// How soon after the connection was made or last answered a request must be complete. Longer than clients keep an idle
/// connection, so that it is they who close it.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the code that answers knows about the connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Arc<Switches>);

#[derive(Debug, Default)]
struct Switches {
    cut: AtomicBool,
    busy: AtomicBool,
    /// It no longer carries a call, and stays open.
    stays: AtomicBool,
    /// The time between two bytes of a body, in milliseconds.
    drip: AtomicU64,
}

impl Line {
    /// Closes the connection instead of answering.
    pub(super) fn cut(&self) {
        self.0.cut.store(true, Ordering::Relaxed);
    }

    /// The request is complete, and is being answered: however long that takes.
    pub(super) fn busy(&self) {
        self.0.busy.store(true, Ordering::Relaxed);
    }

    /// It becomes a websocket, which may be silent for a long time.
    pub(super) fn stay(&self) {
        self.0.stays.store(true, Ordering::Relaxed);
    }

    /// The body of the answer is sent byte by byte, at this interval.
    pub(super) fn drip(&self, long: Duration) {
        self.0.drip.store(long.as_millis().try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, Incoming>> for Line {
    fn connect_info(stream: IncomingStream<'_, Incoming>) -> Self {
        stream.io().line.clone()
    }
}

/// The listener, from which each connection comes as a [`Wire`].
#[derive(Debug)]
pub(super) struct Incoming(pub(super) TcpListener);

impl Listener for Incoming {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let [patience, drop] = [PATIENCE, Duration::ZERO].map(|long| Box::pin(sleep(long)));
        (Wire { stream, line: Line::default(), patience, drop }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection that can be cut at any time.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    line: Line,
    patience: Pin<Box<Sleep>>,
    /// When the next byte may be sent, if they are sent one by one.
    drop: Pin<Box<Sleep>>,
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let busy = self.line.0.busy.load(Ordering::Relaxed) || self.line.0.stays.load(Ordering::Relaxed);
        if !busy && self.patience.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.line.0.cut.load(Ordering::Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let drip = self.line.0.drip.load(Ordering::Relaxed);
        let buf = if drip == 0 {
            buf
        } else {
            ready!(self.drop.as_mut().poll(cx));
            self.drop.as_mut().reset(Instant::now() + Duration::from_millis(drip));
            // The head is sent at once.
            let head = buf.windows(4).position(|four| four == b"\r\n\r\n").map_or(1, |at| at + 4);
            &buf[..head.min(buf.len())]
        };
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, buf))?;
        self.line.0.busy.store(false, Ordering::Relaxed);
        self.patience.as_mut().reset(Instant::now() + PATIENCE);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
