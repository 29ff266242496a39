//! The end of serving: SIGTERM or SIGINT.

use std::io;
use std::pin::pin;

use actix_web::dev::ServerHandle;
use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use futures_util::future::{join_all, select};

/// The signals that end the console. All listeners stop on this one: if each listened for itself, a signal that came
/// while they started would stop only some of them, and the process would run on.
pub(crate) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// From now on the signals no longer end the process by themselves.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the first signal, and lets all servers finish the requests that they have begun.
    pub(crate) async fn stop(mut self, servers: Vec<ServerHandle>) {
        select(pin!(self.terminate.recv()), pin!(self.interrupt.recv())).await;
        join_all(servers.iter().map(|server| server.stop(true))).await;
    }
}
