//! Limits incoming connections: only a certain number at once, and each only for a certain time, whoever is at the
//! other end. If all places are taken, a new connection replaces the oldest one: webhooks are short, so that one is
//! somebody who says nothing. Knows bytes and time; knows no HTTP.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{Sleep, sleep};

/// A listener that limits its connections, as the module describes.
#[derive(Debug)]
pub(super) struct ConnectionLimit {
    listener: TcpListener,
    places: usize,
    patience: Duration,
    /// One entry for each connection, the oldest first: dropping it ends the connection.
    inside: VecDeque<oneshot::Sender<Infallible>>,
}

impl ConnectionLimit {
    /// Admits `places` connections at once, each for no longer than `patience`.
    pub(super) fn new(listener: TcpListener, places: usize, patience: Duration) -> Self {
        Self { listener, places, patience, inside: VecDeque::new() }
    }

    /// Makes room for one more.
    fn place(&mut self) -> oneshot::Receiver<Infallible> {
        if self.inside.len() >= self.places {
            self.inside.retain(|place| !place.is_closed());
        }
        if self.inside.len() >= self.places {
            self.inside.pop_front();
        }
        let (place, taken) = oneshot::channel();
        self.inside.push_back(place);
        taken
    }
}

impl Listener for ConnectionLimit {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let (patience, place) = (Box::pin(sleep(self.patience)), self.place());
        (Wire { stream, patience, place, is_over: false }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection. Nothing more comes from it once its time is over, or its place is taken.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    patience: Pin<Box<Sleep>>,
    place: oneshot::Receiver<Infallible>,
    is_over: bool,
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        // Neither is asked again once it has answered.
        if !self.is_over {
            self.is_over = self.patience.as_mut().poll(cx).is_ready() || Pin::new(&mut self.place).poll(cx).is_ready();
        }
        if self.is_over {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
