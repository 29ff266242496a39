//! Connections that can be cut: a browser that stops reading a download would otherwise keep its content in memory, past
//! the lock of its session.

use std::any::Any;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::dev::Extensions;
use actix_web::rt::net::{TcpStream, UnixStream};
use console_services::accounts::sessions::Session;
use rustix::net::Shutdown;

use crate::http::request::RequestContext;

/// How often a running download is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// A download that no byte leaves for so long is given up.
const STALLED: Duration = Duration::from_mins(1);

/// The connection of a request.
#[derive(Clone)]
pub(crate) struct Connection(Arc<OwnedFd>);

/// Keeps a handle of each new connection for its requests.
pub(crate) fn on_connect(stream: &dyn Any, data: &mut Extensions) {
    let handle = match (stream.downcast_ref::<TcpStream>(), stream.downcast_ref::<UnixStream>()) {
        (Some(stream), _) => rustix::io::dup(stream),
        (_, Some(stream)) => rustix::io::dup(stream),
        _ => return,
    };
    if let Ok(handle) = handle {
        data.insert(Connection(Arc::new(handle)));
    }
}

/// What a download has sent so far, for the one that watches it.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Notes that a piece was taken for sending.
    pub(crate) fn went_on(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Cuts the connection of a download as soon as its session is over, or nothing was sent for a minute. Ends with the
    /// download, which drops its progress.
    pub(crate) fn watch(&self, at: &RequestContext, session: Arc<Session>) {
        let Some(connection) = at.request.conn_data::<Connection>().cloned() else { return };
        let (state, progress) = (at.state.clone(), Arc::downgrade(&self.0));
        actix_web::rt::spawn(async move {
            let (mut seen, mut since) = (0, Instant::now());
            loop {
                actix_web::rt::time::sleep(LOOK).await;
                let Some(progress) = progress.upgrade() else { return };
                let now = progress.load(Ordering::Relaxed);
                if now != seen {
                    (seen, since) = (now, Instant::now());
                }
                let is_open = state.console.authentication.sessions.holds(&session, Instant::now());
                if !is_open || since.elapsed() >= STALLED {
                    // Nothing is left to do if the browser has hung up meanwhile.
                    let _ = rustix::net::shutdown(&connection.0, Shutdown::Both);
                    return;
                }
            }
        });
    }
}
