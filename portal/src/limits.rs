//! Limits by capacity, never by visitor: with Tor and proxies thousands of people share one address, and the site
//! does not read addresses. Excess visits wait in line; attachments are refused long before text letters.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use rustix::fs::StatVfsMountFlags;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::config::Limits;

const MIB: u64 = 1024 * 1024;
/// Room on the disk for the database's write-ahead log.
const LOG: u64 = 16 * MIB;
/// How often the database is asked whether it can be written to, at most.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(3);
/// How long the site says that it takes no letters after one could not be stored.
const REMEMBERED_FOR: Duration = Duration::from_mins(1);

/// Current capacity of the site.
pub(crate) struct Capacity {
    visits: DefaultDirectRateLimiter,
    longest_wait: Duration,
    parts: Semaphore,
    folders: Vec<PathBuf>,
    keep_for_letters: u64,
    keep_free: u64,
    /// When a letter last could not be stored; none if the last one was.
    failed: Mutex<Option<Instant>>,
    /// Whether the database could be written to, and when that was asked.
    writable: Mutex<Option<(bool, Instant)>>,
}

impl Capacity {
    pub(crate) fn new(limits: Limits, folders: Vec<PathBuf>) -> Self {
        let a_second = NonZeroU32::new(limits.visits_per_second).unwrap_or(NonZeroU32::MIN);
        Self {
            visits: RateLimiter::direct(Quota::per_second(a_second)),
            longest_wait: Duration::from_secs(limits.longest_wait),
            parts: Semaphore::new(limits.parts_at_once),
            folders,
            keep_for_letters: limits.keep_for_letters * MIB,
            keep_free: limits.keep_free * MIB,
            failed: Mutex::new(None),
            writable: Mutex::new(None),
        }
    }

    /// Waits in line for a visit; false after the longest wait.
    pub(crate) async fn visit(&self) -> bool {
        tokio::time::timeout(self.longest_wait, self.visits.until_ready()).await.is_ok()
    }

    /// Waits for a turn to put one part on disk; none after the longest wait.
    pub(crate) async fn part(&self) -> Option<SemaphorePermit<'_>> {
        tokio::time::timeout(self.longest_wait, self.parts.acquire()).await.ok()?.ok()
    }

    /// Whether there is room for letters, with these bytes that are free inside the database.
    pub(crate) fn has_room_for_letters(&self, inside: u64) -> bool {
        let free = self.free();
        // What is free inside is written through the log, which needs room on the disk.
        free.saturating_add(inside) >= self.keep_free && free >= self.keep_free.min(LOG)
    }

    /// Whether enclosures are accepted: there is room beyond the reserve for letters. Asked again for every piece of a
    /// part, so that what many senders announce takes no room, and what arrives never takes that of letters.
    pub(crate) fn room_for_enclosures(&self) -> bool {
        self.free() >= self.keep_for_letters
    }

    /// Whether the last letter could be stored, or that was some time ago.
    pub(crate) fn stores(&self) -> bool {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_none_or(|failed| failed.elapsed() > REMEMBERED_FOR)
    }

    /// Notes whether a letter could be stored.
    pub(crate) fn note_storing(&self, stored: bool) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = (!stored).then(Instant::now);
    }

    /// Whether the database could be written to some seconds ago; none if that was not asked lately.
    pub(crate) fn known_writable(&self) -> Option<bool> {
        let (known, at) = (*self.writable.lock().unwrap_or_else(PoisonError::into_inner))?;
        (at.elapsed() < ASKED_AGAIN_AFTER).then_some(known)
    }

    /// Notes whether the database can be written to.
    pub(crate) fn note_writable(&self, writable: bool) {
        *self.writable.lock().unwrap_or_else(PoisonError::into_inner) = Some((writable, Instant::now()));
    }

    /// Smallest free space of all folders in bytes, 0 if one cannot be written to; unlimited if nothing is stored on
    /// this machine.
    fn free(&self) -> u64 {
        let free = |folder: &PathBuf| match rustix::fs::statvfs(folder) {
            Ok(stat) if !stat.f_flag.contains(StatVfsMountFlags::RDONLY) => stat.f_bavail.saturating_mul(stat.f_frsize),
            _ => 0,
        };
        self.folders.iter().map(free).min().unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_to_store_is_remembered_until_something_is_stored() {
        let capacity = Capacity::new(Limits::default(), Vec::new());
        assert!(capacity.stores());
        capacity.note_storing(false);
        assert!(!capacity.stores());
        capacity.note_storing(true);
        assert!(capacity.stores());
        assert!(capacity.has_room_for_letters(0), "nothing is stored on this machine");
    }
}
