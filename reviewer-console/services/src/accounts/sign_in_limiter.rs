//! Slows down password guessing, without locking an officer out because of a stranger.
//!
//! After a sign-in the browser stores a device cookie. Attempts that send one are counted separately: a stranger who
//! guesses at an account delays only other strangers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The longest wait: long enough to make guessing hopeless, short enough for somebody at a new desk to get in while a
/// stranger tries.
const LONGEST: Duration = Duration::from_secs(30);
/// Failures after which waiting begins; typing errors before cost nothing.
const FREE: u32 = 3;
/// After this time without a failure a count starts again.
const FORGET: Duration = Duration::from_mins(30);
/// Names and devices that are counted at the same time; the oldest are dropped first.
const MOST: usize = 1000;

/// Identifies the attempts that are counted together: a SHA-256 digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Bucket([u8; 32]);

struct Failures {
    count: u32,
    last: Instant,
}

/// Counts failures, in memory. The devices that have signed in are stored in the register.
#[derive(Default)]
pub(crate) struct SignInLimiter(Mutex<HashMap<Bucket, Failures>>);

/// Where an attempt comes from.
#[derive(Clone, Copy)]
pub(crate) enum AttemptSource<'a> {
    /// A browser that has signed in to this account before, by the hash of its device cookie.
    Desk([u8; 32]),
    /// Any other browser, trying this account.
    Anywhere(&'a str),
    /// Any browser, trying an unknown name; all of these are counted together.
    Nobody,
    /// A signed-in user, typing the current password.
    Session(&'a str),
}

impl AttemptSource<'_> {
    fn bucket(self) -> Bucket {
        match self {
            Self::Desk(hash) => Bucket(hash),
            Self::Anywhere(account) => Bucket(hash(&format!("anywhere {account}"))),
            Self::Nobody => Bucket(hash("nobody")),
            Self::Session(account) => Bucket(hash(&format!("session {account}"))),
        }
    }
}

/// An admitted attempt, from [`SignInLimiter::admit`]; needed to report its success.
#[derive(Debug)]
#[must_use]
pub(crate) struct Attempt(Bucket);

impl SignInLimiter {
    /// Admits an attempt, or returns how long to wait.
    pub(crate) fn admit(&self, from: AttemptSource<'_>, now: Instant) -> Result<Attempt, Duration> {
        let bucket = from.bucket();
        let mut failures = lock(&self.0);
        failures.retain(|_, one| now.duration_since(one.last) < FORGET);
        if let Some(one) = failures.get(&bucket) {
            let wait = wait_after(one.count).saturating_sub(now.duration_since(one.last));
            if !wait.is_zero() {
                return Err(wait);
            }
        }
        // Counted as a failure until it succeeds, so that attempts at the same moment cannot all pass.
        if failures.len() >= MOST
            && let Some(oldest) = oldest(&failures)
        {
            failures.remove(&oldest);
        }
        let one = failures.entry(bucket).or_insert(Failures { count: 0, last: now });
        (one.count, one.last) = (one.count + 1, now);
        Ok(Attempt(bucket))
    }

    /// Clears the count of an attempt that succeeded.
    pub(crate) fn succeeded(&self, attempt: &Attempt) {
        lock(&self.0).remove(&attempt.0);
    }
}

/// A new device cookie, and the hash by which the register knows it; none without random bytes.
pub(crate) fn new_device() -> Option<(Zeroizing<String>, [u8; 32])> {
    let bytes = random::secret::<32>().ok()?;
    let device = Zeroizing::new(hex::encode(*bytes));
    let hash = hash(&device);
    Some((device, hash))
}

fn oldest(failures: &HashMap<Bucket, Failures>) -> Option<Bucket> {
    failures.iter().min_by_key(|(_, one)| one.last).map(|(bucket, _)| *bucket)
}

/// No wait up to the second failure, one second after the third, then doubling up to [`LONGEST`].
fn wait_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(beyond) => Duration::from_secs(1 << beyond.min(5)).min(LONGEST),
    }
}

/// SHA-256 of a device cookie, or of the text that names a bucket.
pub(crate) fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_who_guesses_slows_down_strangers_and_nobody_else() {
        let (guessing, start) = (SignInLimiter::default(), Instant::now());
        let admitted = (0..100).filter(|_| guessing.admit(AttemptSource::Anywhere("zhou"), start).is_ok()).count();
        assert_eq!(admitted, 3, "free mistypes, then waiting");
        assert!(guessing.admit(AttemptSource::Desk([1; 32]), start).is_ok(), "the officer's own desk");
        assert!(guessing.admit(AttemptSource::Anywhere("wu"), start).is_ok(), "another account");
        let admitted = (0..100).filter(|_| guessing.admit(AttemptSource::Nobody, start).is_ok()).count();
        assert_eq!(admitted, 3, "made-up names wait together");
    }

    #[test]
    fn waiting_doubles_ends_and_is_forgotten() {
        let (guessing, start) = (SignInLimiter::default(), Instant::now());
        let mut now = start;
        let mut waits = Vec::new();
        for _ in 0..12 {
            if let Err(wait) = guessing.admit(AttemptSource::Session("zhou"), now) {
                waits.push(wait.as_secs());
                now += wait;
            }
        }
        assert_eq!(waits, [1, 2, 4, 8, 16]);
        assert_eq!(wait_after(u32::MAX), LONGEST);
        assert!(guessing.admit(AttemptSource::Session("zhou"), now + FORGET).is_ok());
    }

    #[test]
    fn a_right_password_begins_anew() {
        let (guessing, now) = (SignInLimiter::default(), Instant::now());
        for _ in 0..10 {
            let attempt = guessing.admit(AttemptSource::Anywhere("zhou"), now).expect("admitted");
            guessing.succeeded(&attempt);
        }
    }
}
