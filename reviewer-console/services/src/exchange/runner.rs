//! Runs exchanges: one at a time, in this process and on this machine.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use register::ExchangeTotals;

pub use super::run::SLOTS_WAIT;

use super::run::Exchange;
use crate::accounts::sessions::Session;
use crate::resources::Resources;

/// Runs exchanges, one at a time.
pub struct ExchangeRunner {
    exchange: Exchange,
    lock: PathBuf,
    running: AtomicBool,
    /// Whether the last exchange left slots waiting for an officer to sign in.
    slots_wait: AtomicBool,
}

impl ExchangeRunner {
    pub(crate) fn new(resources: Arc<Resources>, lock: PathBuf) -> Self {
        let exchange = Exchange { resources };
        Self { exchange, lock, running: AtomicBool::new(false), slots_wait: AtomicBool::new(false) }
    }

    /// Whether an exchange is running in this process.
    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::SeqCst)
    }

    /// Whether slots wait for an officer to sign in, since the last exchange.
    pub fn slots_wait(&self) -> bool {
        self.slots_wait.load(Ordering::SeqCst)
    }

    /// Runs an exchange, unless one is running. Its totals are in the register too; none if they could not be stored,
    /// or another exchange is running. With an officer's session slots are renewed too.
    pub async fn run(&self, session: Option<Arc<Session>>) -> Option<ExchangeTotals> {
        if self.running.swap(true, Ordering::SeqCst) {
            return None;
        }
        // Clears the flag however this ends, also when the future is dropped.
        let _running = Running(&self.running);
        // Another process may be running an exchange: its slots must not be written after ours.
        let lock = fs::File::create(&self.lock).inspect_err(|error| {
            tracing::error!(code = "exchange.lock-failed", "lock file of the exchange failed: {error}");
        });
        let Some(_lock) = lock.ok().filter(|lock| lock.try_lock().is_ok()) else {
            tracing::warn!(code = "exchange.running", "another exchange is running");
            return None;
        };
        let with_keys = session.is_some();
        match self.exchange.run(session).await {
            Ok(done) => {
                self.slots_wait.store(!with_keys, Ordering::SeqCst);
                Some(done)
            }
            Err(error) => {
                tracing::error!(
                    code = "exchange.not-recorded",
                    "end of the exchange not recorded: {}",
                    program::chain(&error)
                );
                None
            }
        }
    }
}

struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}
