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
        self.free().saturating_add(inside) >= self.keep_free && self.free() > 0
    }

    /// Whether enclosures are accepted: there is room beyond the reserve for letters.
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
