//! Signing in. Passwords are checked with a slow hash, few at a time. Failures and successes are sent to the recorder
//! before the client gets its answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use human_text::plain;
use opening::Password;
use recorder_protocol::Notice;
use register::Account;
use tokio::sync::{Semaphore, SemaphorePermit};
use zeroize::Zeroizing;

use crate::accounts::account_keys::{self, AccountKeys};
use crate::accounts::audience::Audience;
use crate::accounts::sessions::{Session, Sessions};
use crate::accounts::sign_in_limiter::{AttemptSource, SignInLimiter, hash, new_device};
use crate::error::ConsoleError;
use crate::resources::Resources;

/// Passwords that the post's listener checks at the same time; each other listener checks one.
const HASHING: usize = 2;

/// Open sessions, and the limits on attempts to open one.
pub struct Authentication {
    /// All open sessions, in memory only.
    pub sessions: Sessions,
    pub(crate) limiter: SignInLimiter,
    /// Permits to hash, for each audience: wrong passwords at one listener delay nobody at another.
    hashing: [Semaphore; Audience::ALL.len()],
}

/// Outcome of an attempt to sign in.
pub enum SignedIn {
    /// The password was right.
    In {
        /// The session that was opened.
        session: Arc<Session>,
        /// The token for the session cookie: 256 bits in hexadecimal.
        token: Zeroizing<String>,
        /// A new device cookie, if the browser sent none that is valid for this account.
        device: Option<Zeroizing<String>>,
    },
    /// Unknown account, wrong password, an account of another listener, or one that changed during the attempt. The
    /// caller cannot tell which.
    Wrong,
    /// Too many failures: how long to wait before the next attempt.
    Wait(Duration),
    /// The audience has as many sessions as it may, or there were no random bytes for another.
    Full,
}

/// Request to sign in.
pub struct SignInAttempt {
    /// The audience of the listener that received it.
    pub audience: Audience,
    /// The account name as typed.
    pub name: String,
    /// The password as typed.
    pub password: Password,
    /// The browser's device cookie, if it sent one.
    pub device: Option<String>,
}

impl Authentication {
    /// Starts without sessions. `idle` and `longest` limit each session: time without a request, and time in all.
    pub(crate) fn new(idle: Duration, longest: Duration) -> Self {
        Self {
            sessions: Sessions::new(idle, longest),
            limiter: SignInLimiter::default(),
            hashing: Audience::ALL.map(|audience| Semaphore::new(if audience == Audience::Post { HASHING } else { 1 })),
        }
    }

    /// Waits for a permit to check a password. Permits are few because each check takes 64 MiB.
    pub async fn hashing_turn(&self, audience: Audience) -> Result<SemaphorePermit<'_>, ConsoleError> {
        self.hashing[audience as usize].acquire().await.map_err(ConsoleError::inside)
    }

    /// Signs in. Blocks while the password is hashed.
    pub fn sign_in(&self, resources: &Resources, attempt: &SignInAttempt) -> Result<SignedIn, ConsoleError> {
        let SignInAttempt { audience, name, password, device } = attempt;
        // Names have small letters only; a telephone's keyboard begins with a capital.
        let name = plain(name);
        let name = name.trim();
        let now = Instant::now();
        let account = resources.register.account(name)?;
        let desk = match (&account, device.as_deref().map(hash)) {
            (Some(account), Some(hash)) if resources.register.is_device(hash, &account.name)? => Some(hash),
            _ => None,
        };
        let source = match (&account, desk) {
            (Some(_), Some(hash)) => AttemptSource::Desk(hash),
            (Some(account), None) => AttemptSource::Anywhere(&account.name),
            (None, _) => AttemptSource::Nobody,
        };
        let admitted = match self.limiter.admit(source, now) {
            Ok(admitted) => admitted,
            Err(wait) => return Ok(SignedIn::Wait(wait)),
        };
        let Some((account, keys)) = recognise(resources, account, password)? else { return Ok(SignedIn::Wrong) };
        // At the wrong listener the answer does not reveal whether the password was right.
        if !audience.admits(&account.roles) {
            resources.recorder.notice(&Notice::Refused { account: account.name.clone() })?;
            return Ok(SignedIn::Wrong);
        }
        self.limiter.succeeded(&admitted);
        resources.recorder.notice(&Notice::SignedIn { account: account.name.clone() })?;
        let Ok((token, session)) = self.sessions.open(&account, *audience, keys, now) else {
            return Ok(SignedIn::Full);
        };
        // The account was closed, reset or changed while the password was being checked: end the new session.
        if resources.register.account(name)?.is_none_or(|after| after.verifier != account.verifier) {
            self.sessions.end_all_of(&account.name);
            return Ok(SignedIn::Wrong);
        }
        let device = match (desk, new_device()) {
            (None, Some((device, hash))) => {
                resources.register.remember_device(hash, &account.name)?;
                Some(device)
            }
            _ => None,
        };
        Ok(SignedIn::In { session, token, device })
    }
}

/// Sends the recorder a notice that a user locked the console, which ended the session.
pub fn note_locked(resources: &Resources, account: String) -> Result<(), ConsoleError> {
    Ok(resources.recorder.notice(&Notice::SignedOut { account, by_itself: false })?)
}

/// Sends the recorder a notice that a session ended at a time limit.
pub fn note_session_over(resources: &Resources, account: String) -> Result<(), ConsoleError> {
    Ok(resources.recorder.notice(&Notice::SignedOut { account, by_itself: true })?)
}

/// Sends the recorder a notice that an account requested something that it may not see.
pub fn note_refused(resources: &Resources, account: String) -> Result<(), ConsoleError> {
    Ok(resources.recorder.notice(&Notice::Refused { account })?)
}

/// Signs in for one command. The session ends with the command. The recorder gets a notice, as for a sign-in on the
/// site.
pub fn sign_in_for_command(
    resources: &Resources,
    name: &str,
    password: &Password,
) -> Result<Arc<Session>, Box<dyn std::error::Error>> {
    let account = resources.register.account(name)?;
    let Some((account, keys)) = recognise(resources, account, password)? else {
        return Err("no such account, or the password is wrong".into());
    };
    if account.must_change {
        return Err("the first password must be changed on the site before it is used here".into());
    }
    resources.recorder.notice(&Notice::SignedIn { account: account.name.clone() })?;
    Ok(Arc::new(Session::for_command(&account, keys)?))
}

/// The account with its keys, if the password is right; the recorder gets a notice of a failure. Takes equally long for
/// an unknown name. Post keys that are not those that the root has signed were put there by somebody else, and are not
/// used.
fn recognise(
    resources: &Resources,
    account: Option<Account>,
    password: &Password,
) -> Result<Option<(Account, AccountKeys)>, ConsoleError> {
    let slot = match &account {
        Some(account) => account_keys::recognise(account, password),
        None => account_keys::pretend(password).map(|()| None),
    };
    let (Some(account), Some(slot)) = (&account, slot.map_err(ConsoleError::inside)?) else {
        // An unknown name is not recorded: people type passwords into the wrong field.
        resources.recorder.notice(&Notice::SignInFailed { account: account.map(|account| account.name) })?;
        return Ok(None);
    };
    let mut keys = account_keys::open(account, &slot).map_err(ConsoleError::inside)?;
    if keys.post.as_ref().is_some_and(|post| post.statement.public() != resources.statement_key) {
        tracing::error!(
            code = "post-keys.foreign",
            "post keys of an account are not those that the root signed; they are not used"
        );
        keys.post = None;
    }
    Ok(Some((account.clone(), keys)))
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn wrong_passwords_at_one_listener_keep_nobody_at_another_waiting() {
        let authentication = Authentication::new(Duration::from_mins(1), Duration::from_mins(2));
        let turn = |audience| {
            let mut turn = pin!(authentication.hashing_turn(audience));
            match turn.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(turn) => Some(turn.expect("a turn")),
                Poll::Pending => None,
            }
        };
        for audience in Audience::ALL {
            let held: Vec<_> = std::iter::from_fn(|| turn(audience)).take(10).collect();
            assert!((1..=HASHING).contains(&held.len()), "{audience:?} has {} turns", held.len());
            for other in Audience::ALL.into_iter().filter(|other| *other != audience) {
                assert!(turn(other).is_some(), "{audience:?} keeps {other:?} waiting");
            }
        }
    }
}
