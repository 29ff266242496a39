//! Changing one's own password.

use std::time::{Duration, Instant};

use opening::Password;
use recorder_protocol::Notice;

use crate::accounts::account_keys;
use crate::accounts::authentication::Authentication;
use crate::accounts::sessions::Session;
use crate::accounts::sign_in_limiter::AttemptSource;
use crate::error::ConsoleError;
use crate::resources::Resources;

/// Outcome of [`change_password`]: changed, or why not.
#[derive(Debug, PartialEq, Eq)]
pub enum PasswordChange {
    /// The password is changed. All sessions of the account have ended, including this one.
    Changed,
    /// The current password was typed wrong.
    Wrong,
    /// Too many failures: how long to wait before the next attempt.
    Wait(Duration),
    /// Another request changed the account in the meantime.
    Conflict,
}

/// Changes the password of the signed-in account. Blocks while both passwords are hashed.
pub fn change_password(
    resources: &Resources,
    authentication: &Authentication,
    session: &Session,
    old: &Password,
    new: &Password,
) -> Result<PasswordChange, ConsoleError> {
    let account = resources.register.account(&session.account)?.ok_or(ConsoleError::NotFound)?;
    // Limited too: somebody else may try passwords at a desk that was left unlocked.
    let attempt = match authentication.limiter.admit(AttemptSource::Session(&account.name), Instant::now()) {
        Ok(attempt) => attempt,
        Err(wait) => return Ok(PasswordChange::Wait(wait)),
    };
    let Some(slot) = account_keys::recognise(&account, old).map_err(ConsoleError::inside)? else {
        resources.recorder.notice(&Notice::SignInFailed { account: Some(account.name) })?;
        return Ok(PasswordChange::Wrong);
    };
    authentication.limiter.succeeded(&attempt);
    // From the register, not from the session: the post's keys may have been granted in the meantime.
    let keys = account_keys::open(&account, &slot).map_err(ConsoleError::inside)?;
    let renewed = account_keys::with_password(&account, new, &keys.signing, keys.post.as_ref());
    let mut renewed = renewed.map_err(ConsoleError::inside)?;
    renewed.must_change = false;
    resources.recorder.notice(&Notice::PasswordChanged { account: account.name.clone() })?;
    if resources.register.change_account(&account, &renewed)?.is_err() {
        return Ok(PasswordChange::Conflict);
    }
    // Every session, this one too: somebody who knew only the old password must not stay signed in.
    authentication.sessions.end_all_of(&account.name);
    Ok(PasswordChange::Changed)
}
