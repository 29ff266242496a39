//! Signing in: a password is checked, slowly and in turn; the failure is an entry before it is an answer, and so is the
//! success.

use std::sync::Arc;
use std::time::{Duration, Instant};

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

/// Passwords of the post that are checked at once.
const HASHING: usize = 2;

/// Sessions, and what stands before them.
pub struct Authentication {
    /// Everybody who is signed in.
    pub sessions: Sessions,
    pub(crate) limiter: SignInLimiter,
    /// Turns of each audience: wrong passwords at one listener keep nobody at another waiting.
    hashing: [Semaphore; Audience::ALL.len()],
}

/// How an attempt to sign in ended.
pub enum SignedIn {
    /// The password was right.
    In {
        /// The session.
        session: Arc<Session>,
        /// The token for its cookie.
        token: Zeroizing<String>,
        /// A device cookie, where this desk has none yet.
        device: Option<Zeroizing<String>>,
    },
    /// There is no such account, it is another listener's, or the password is wrong.
    Wrong,
    /// Too many failures: how long to wait.
    Wait(Duration),
    /// Too many sessions.
    Full,
}

/// An attempt to sign in.
pub struct SignInAttempt {
    /// Through which listener.
    pub audience: Audience,
    /// The name that was typed.
    pub name: String,
    /// The password that was typed.
    pub password: Password,
    /// The device cookie of this desk.
    pub device: Option<String>,
}

impl Authentication {
    /// Nobody is signed in. `idle` and `longest` are the limits of a session.
    pub(crate) fn new(idle: Duration, longest: Duration) -> Self {
        Self {
            sessions: Sessions::new(idle, longest),
            limiter: SignInLimiter::default(),
            hashing: Audience::ALL.map(|audience| Semaphore::new(if audience == Audience::Post { HASHING } else { 1 })),
        }
    }

    /// Waits for a turn to check a password: each takes 64 MiB.
    pub async fn hashing_turn(&self, audience: Audience) -> Result<SemaphorePermit<'_>, ConsoleError> {
        self.hashing[audience as usize].acquire().await.map_err(ConsoleError::inside)
    }

    /// Signs in. Blocks for as long as checking a password takes.
    pub fn sign_in(&self, resources: &Resources, attempt: &SignInAttempt) -> Result<SignedIn, ConsoleError> {
        let SignInAttempt { audience, name, password, device } = attempt;
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
        // Whether the password was right is not told at the wrong listener.
        if !audience.admits(&account.roles) {
            resources.recorder.notice(&Notice::Refused { account: account.name.clone() })?;
            return Ok(SignedIn::Wrong);
        }
        self.limiter.succeeded(&admitted);
        resources.recorder.notice(&Notice::SignedIn { account: account.name.clone() })?;
        let Ok((token, session)) = self.sessions.open(&account, *audience, keys, now) else {
            return Ok(SignedIn::Full);
        };
        // Closed, reset or changed while the password was being checked: that session must not stay.
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

/// Tells the recorder that somebody has locked: their session has ended.
pub fn note_locked(resources: &Resources, account: String) -> Result<(), ConsoleError> {
    Ok(resources.recorder.notice(&Notice::SignedOut { account, by_itself: false })?)
}

/// Tells the recorder that a session ended because its time was over.
pub fn note_session_over(resources: &Resources, account: String) -> Result<(), ConsoleError> {
    Ok(resources.recorder.notice(&Notice::SignedOut { account, by_itself: true })?)
}

/// Tells the recorder that somebody asked for what is not theirs.
pub fn note_refused(resources: &Resources, account: String) -> Result<(), ConsoleError> {
    Ok(resources.recorder.notice(&Notice::Refused { account })?)
}

/// Signs in for one command, which ends with it: told to the recorder like a sign-in of the site.
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

/// The account with its keys, if the password is right; a failure is told to the recorder. Takes the same time for a
/// name that is nobody's. Post's keys that are not those that the root has signed for were put there by somebody else,
/// and are not used.
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
        // A name that is nobody's is not kept: people type passwords into the wrong field.
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
