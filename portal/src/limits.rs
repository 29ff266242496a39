//! Limits by capacity, never by visitor: with Tor and proxies thousands of people share one address, and the site
//! does not read addresses. Excess visits wait in line; attachments are refused long before text letters.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::config::Limits;

const MIB: u64 = 1024 * 1024;

/// Current capacity of the site.
pub(crate) struct Capacity {
    visits: DefaultDirectRateLimiter,
    longest_wait: Duration,
    parts: Semaphore,
    folders: Vec<PathBuf>,
    keep_for_letters: u64,
    keep_free: u64,
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
        }
    }

    /// Waits in line for a visit; false after the longest wait.
    pub(crate) async fn visit(&self) -> bool {
        tokio::time::timeout(self.longest_wait, self.visits.until_ready()).await.is_ok()
    }

    /// Waits for a place for one part in memory; none after the longest wait.
    pub(crate) async fn part(&self) -> Option<SemaphorePermit<'_>> {
        tokio::time::timeout(self.longest_wait, self.parts.acquire()).await.ok()?.ok()
    }

    /// Whether letters are accepted.
    pub(crate) fn room_for_letters(&self) -> bool {
        self.free() >= self.keep_free
    }

    /// Whether enclosures are accepted: there is room beyond the reserve for letters.
    pub(crate) fn room_for_enclosures(&self) -> bool {
        self.free() >= self.keep_for_letters
    }

    /// Smallest free space of all folders in bytes; unlimited if nothing is stored on this machine.
    fn free(&self) -> u64 {
        let free = |folder: &PathBuf| {
            rustix::fs::statvfs(folder).map_or(0, |stat| stat.f_bavail.saturating_mul(stat.f_frsize))
        };
        self.folders.iter().map(free).min().unwrap_or(u64::MAX)
    }
}
